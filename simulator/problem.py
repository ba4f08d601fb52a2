"""What is wrong with something a person wrote, where, and what to do about it.

Loading returns problems instead of raising: an author gets all of them at once, each with a code that
stays the same from version to version.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

WIDEST_EXCERPT = 100
"""Characters of a source line that are shown; a longer line is cut around the caret."""


class Severity(StrEnum):
    """How much a problem matters to whoever wrote the file."""

    ERROR = "error"
    """The file cannot be used until this is mended."""
    WARNING = "warning"
    """The file can be used, but does not do what its author most likely meant."""
    ADVICE = "advice"
    """Worth a look; the author may well decide otherwise."""


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A position in a file, counted from 1, in characters, as editors count."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a file."""

    code: str
    """A stable name such as `unknown-key`."""
    message: str
    """What is wrong, in a sentence without a full stop."""
    place: Place
    hint: str = ""
    """What to do about it, where that is known."""
    excerpt: str = ""
    """The source line that `place` points into."""
    severity: Severity = Severity.ERROR

    def __str__(self) -> str:
        return f"{self.place}: {self.severity}[{self.code}]: {self.message}"


def stops(problems: Iterable[Problem]) -> bool:
    """Whether any of these keeps the file from being used."""
    return any(problem.severity is Severity.ERROR for problem in problems)


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """Sort problems as somebody reads a file: from the top down."""
    return sorted(problems, key=lambda problem: (problem.place, problem.code))


def show(problem: Problem) -> str:
    """Print a problem with its source line, a caret under the place, and the hint."""
    parts = [str(problem)]
    if problem.excerpt.strip():
        line, column = _window(problem.excerpt, problem.place.column)
        number = str(problem.place.line)
        margin = " " * len(number)
        # Tabs stay tabs under the line, so that the caret lands where a terminal puts the text.
        lead = "".join("\t" if c == "\t" else " " for c in line[: column - 1])
        parts += [f"  {number} | {line}", f"  {margin} | {lead}^"]
    if problem.hint:
        parts.append(f"  hint: {problem.hint}")
    return "\n".join(parts)


def as_json(problem: Problem) -> dict[str, str | int]:
    """Return a problem as tools read it; the keys are stable."""
    return {
        "file": problem.place.file,
        "line": problem.place.line,
        "column": problem.place.column,
        "severity": problem.severity.value,
        "code": problem.code,
        "message": problem.message,
        "hint": problem.hint,
    }


def _window(line: str, column: int) -> tuple[str, int]:
    """Cut a long line around the column; the column moves with the cut."""
    if len(line) <= WIDEST_EXCERPT:
        return line, column
    start = max(0, min(column - 1 - WIDEST_EXCERPT // 2, len(line) - WIDEST_EXCERPT))
    cut = line[start : start + WIDEST_EXCERPT]
    return ("…" + cut[1:] if start else cut), column - start
