"""Everything that can be told about a text while its author types, found out in one look, off the screen's thread.

Nothing is explored here: what playing a case in every way proves takes seconds, and is asked for.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from scoring.rubric import Rubric
from simulator.authoring.completion import Offers, known_now
from simulator.authoring.draft import Draft, Version, as_if_at
from simulator.authoring.layout import Layout, layout
from simulator.authoring.outline import Entry, marked, outline
from simulator.check import check_scenario
from simulator.loader import check_shared
from simulator.problem import Problem
from simulator.schema import Known
from simulator.source import LARGEST, Source


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen of one text."""

    text: str
    """The text, as it stood in the editor."""
    source: Source
    seen: Layout
    entries: tuple[Entry, ...] = ()
    problems: tuple[Problem, ...] = ()
    known: Known = field(default_factory=Known)
    shared: bool = False
    """Whether it is a file of shared pieces."""

    def offers(self, rubric: Rubric) -> Offers:
        """Return what can be offered in this text."""
        return Offers.of(rubric, self.known, shared=self.shared)


def look(path: Path, text: str, plain: str, rubric: Rubric, before: Look | None = None, limit: int = LARGEST) -> Look:
    """Look at a text of the editor; `plain` is the same as the file would hold it.

    A text that is not YAML just now keeps what was known `before` where the text itself cannot tell.
    """
    source = as_if_at(path, plain)
    seen = layout(text.split("\n"))
    shared = seen.top.find("shared") is not None and seen.top.find("scenario") is None
    if not text.strip():
        return Look(text, source, seen)
    problems = check_shared(source, rubric) if shared else check_scenario(source, rubric, limit, solve=False).problems
    entries = marked(outline(seen), problems, source.name)
    return Look(text, source, seen, entries, problems, known_now(source, before.known if before else None), shared)


class Typed(Draft):
    """A case as it stands in an editor, not on the disk. Nobody else changes it."""

    def __init__(self, path: Path, plain: str, rubric: Rubric, limit: int = LARGEST) -> None:
        """With the text as the file would hold it."""
        self._typed = as_if_at(path, plain)
        super().__init__(path, rubric, limit)

    def look(self, *, at_once: bool = False) -> Version | None:
        """It stays as it is."""
        del at_once
        return None

    def _read(self) -> Source | Problem:
        return self._typed
