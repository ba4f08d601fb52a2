"""Something that was found out about a case, named by what it is about: whoever has the file finds the line.

Proofs look at a scenario, which knows no lines. What they find names a part of the case by the keys that lead
to it, as an author would.
"""

from __future__ import annotations

from dataclasses import dataclass

from simulator.problem import Severity

Where = tuple[str | int, ...]
"""The keys that lead to a part of a case, from the top of its file; the entries of a list by number, from 0."""


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing that an author should know about a case."""

    code: str
    """A stable name such as `no-way-on`."""
    where: Where
    message: str
    """What is wrong, in a sentence without a full stop."""
    hint: str = ""
    """What to do about it."""
    severity: Severity = Severity.WARNING
    about: str = ""
    """What an answer may name: an id, or `scene/response`. Empty: what `where` leads to, or the whole case."""
    also: tuple[tuple[Where, str], ...] = ()
    """Other parts that belong to it, and a few words on each."""

    @property
    def subject(self) -> str:
        """What it is about, as an answer names it; empty: the whole case."""
        return self.about or _named(self.where)


def _named(where: Where) -> str:
    """Return what the keys that lead to a part name: an id, or two if it is something in a scene."""
    match where:
        case ("scenes", scene, "responses", name, *_) | ("scenes", scene, "select", "options", name, *_):
            return f"{scene}/{name}"
        case (_, str(name), *_):
            return name
    return ""


def place_of(name: str) -> str:
    """Return the scene in the case's own file that a scene belongs to: of a visit, the one that visits."""
    return name.partition(".")[0]
