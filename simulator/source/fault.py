"""One mistake in a YAML file, before it is known what the file is called.

The guard and the words for libyaml's complaints both make these; `Source` turns them into Problems.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


class Mark(Protocol):
    """A position as libyaml gives it: rows and columns before it, in characters."""

    @property
    def line(self) -> int: ...  # noqa: D102

    @property
    def column(self) -> int: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class At:
    """A position found here."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Mend:
    """How to blank a mistake out, so that the rest of the file can still be looked at."""

    first: int
    """The first row that is replaced."""
    end: int
    """The row after the last one that is replaced."""
    line: str
    """What stands in the first row instead; the other rows become empty."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One mistake in a file; rows and columns are counted from 0, as libyaml does."""

    code: str
    message: str
    row: int
    column: int
    hint: str = ""
    mend: Mend | None = None
    """None where nobody can say for certain what was meant, so that what follows would prove nothing."""


def several(row: int, sign: str = "---") -> Fault:
    """Describe a file that goes on after its end."""
    hint = f"take the line `{sign}` away; in a text, put the text in a block and indent all of it"
    return Fault("several-documents", f"to YAML `{sign}` ends the file here, and another one begins", row, 0, hint)


def directive(row: int) -> Fault:
    """Describe a line such as `%YAML 1.1`."""
    hint = "take it away; in a text, put the text in a block and indent all of it"
    return Fault("directive", "a line that begins with % is a command to YAML, and none is needed", row, 0, hint)
