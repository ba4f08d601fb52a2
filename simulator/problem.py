"""What is wrong with something a person wrote, where, and what to do about it.

Loading returns problems instead of raising: an author gets all of them at once, each with a code that
stays the same from version to version.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

WIDEST_EXCERPT = 100
"""Characters of a source line that are shown; a longer line is cut around the caret."""
MANY = 10
"""With so many problems, a summary counts them by their codes."""


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
class Also:
    """Another place that a problem is about."""

    place: Place
    label: str
    """What is there, in a few words."""
    excerpt: str = ""
    end: int = 0


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
    end: int = 0
    """The column behind the last character that it is about; 0 where only the first is known."""
    also: tuple[Also, ...] = ()
    """Other places that it is about."""
    about: str = ""
    """What an answer to it may name: an id, or `scene/response`. Empty: the whole file."""
    answer: str = ""
    """Why the author decided otherwise; empty: not answered."""

    def __str__(self) -> str:
        return f"{self.place}: {self.severity}[{self.code}]: {self.message}"


def stops(problems: Iterable[Problem]) -> bool:
    """Whether any of these keeps the file from being used."""
    return any(problem.severity is Severity.ERROR for problem in problems)


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """Sort problems as somebody reads a file: from the top down."""
    return sorted(problems, key=lambda problem: (problem.place, problem.code))


Paint = Callable[[str, str], str]
"""Puts a piece of text into the looks of a part: a severity, `place`, `code`, `message`, `margin` or `text`."""


def _unpainted(_: str, text: str) -> str:
    return text


def show(problem: Problem, paint: Paint = _unpainted) -> str:
    """Print a problem with its source line, what it is about underlined, other places, and the hint."""
    severity = problem.severity.value
    head = f"{severity}[{problem.code}]"
    parts = [f"{paint('place', str(problem.place))}: {paint(severity, head)}: {paint('message', problem.message)}"]
    width = max(len(str(each.line)) for each in (problem.place, *(other.place for other in problem.also)))
    parts += _excerpt(problem.place, problem.excerpt, problem.end, "", width, severity, paint)
    before = problem.place
    for other in problem.also:
        if other.place.file != before.file:
            parts.append(f"  {paint('margin', ' ' * width + '-->')} {paint('place', str(other.place))}")
        elif other.place.line > before.line + 1 or other.place.line < before.line:
            parts.append(f"  {paint('margin', '.' * 3)}")
        parts += _excerpt(other.place, other.excerpt, other.end, other.label, width, "margin", paint)
        before = other.place
    if problem.hint:
        parts.append(f"  {paint('margin', 'hint:')} {paint('text', problem.hint)}")
    if problem.answer:
        parts.append(f"  {paint('margin', 'answered:')} {paint('text', ' '.join(problem.answer.split()))}")
    return "\n".join(parts)


def _excerpt(place: Place, excerpt: str, end: int, label: str, width: int, looks: str, paint: Paint) -> list[str]:
    """Print a source line, and a line that underlines a part of it."""
    if not excerpt.strip():
        return []
    line, column = _window(excerpt, place.column)
    # Tabs stay tabs under the line, so that the caret lands where a terminal puts the text.
    lead = "".join("\t" if c == "\t" else " " for c in line[: column - 1])
    length = max(1, min(end - place.column, len(line) - column + 1))
    under = "^" * length + (f" {label}" if label else "")
    return [
        f"  {paint('margin', f'{place.line:>{width}} |')} {paint('text', line)}",
        f"  {paint('margin', ' ' * width + ' |')} {lead}{paint(looks, under)}",
    ]


def summary(problems: Iterable[Problem], files: int) -> list[str]:
    """Say in a few lines what was found in so many files; how often each code, where there are many."""
    found = list(problems)
    open_ones = [each for each in found if not each.answer]
    settled = len(found) - len(open_ones)
    severities = Counter(each.severity for each in open_ones)
    parts = [_counted(severities[each], each.value) for each in Severity if severities[each]]
    line = f"{_counted(files, 'file')} checked: {', '.join(parts) or 'no problems'}"
    if settled:
        line += f"; {_counted(settled, Severity.ADVICE.value)} answered by the author"
    codes = Counter(each.code for each in sorted(open_ones, key=lambda each: list(Severity).index(each.severity)))
    if len(open_ones) < MANY or len(codes) == 1:
        return [line]
    width = len(str(max(codes.values())))
    return [line, *(f"  {count:>{width}} {code}" for code, count in codes.most_common())]


def _counted(number: int, what: str) -> str:
    """Say how many there are; advice comes in pieces."""
    what = "piece" if what == Severity.ADVICE.value else what
    of = " of advice" if what == "piece" else ""
    return f"{number:,} {what}{'' if number == 1 else 's'}{of}"


def as_json(problem: Problem) -> dict[str, object]:
    """Return a problem as tools read it; the keys are stable."""
    return {
        "file": problem.place.file,
        "line": problem.place.line,
        "column": problem.place.column,
        "end_column": max(problem.end, problem.place.column + 1),
        "severity": problem.severity.value,
        "code": problem.code,
        "message": problem.message,
        "hint": problem.hint,
        "about": problem.about,
        "also": [
            {"file": each.place.file, "line": each.place.line, "column": each.place.column, "label": each.label}
            for each in problem.also
        ],
        "answered": problem.answer,
    }


def _window(line: str, column: int) -> tuple[str, int]:
    """Cut a long line around the column; the column moves with the cut."""
    if len(line) <= WIDEST_EXCERPT:
        return line, column
    start = max(0, min(column - 1 - WIDEST_EXCERPT // 2, len(line) - WIDEST_EXCERPT))
    cut = line[start : start + WIDEST_EXCERPT]
    return ("…" + cut[1:] if start else cut), column - start
