"""Which indicators a case marks, how often, and at which levels: what a trainee can show in it at all.

Counted are places in the file where a mark is given, not times that it is given: an author sees what is there to be
met. How often trainees meet it is what random plays tell (`coverage`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from scoring.rubric import Level, Mark, Rubric
from simulator.names import RETURN
from simulator.scenario import Scenario, Scene


@dataclass(frozen=True, slots=True)
class Marked:
    """One indicator, and the places that mark it."""

    indicator: str
    levels: tuple[int, ...]
    """How many places, for each level from harmful to best."""
    written: int = 0
    """Things to write that a supervisor may rate on it."""

    @property
    def total(self) -> int:
        """How many places mark it, whatever the level."""
        return sum(self.levels)

    @property
    def counts(self) -> bool:
        """Whether it can be shown in the case at all, if only in what a supervisor rates."""
        return bool(self.total or self.written)


def marked(scenario: Scenario, rubric: Rubric) -> tuple[Marked, ...]:
    """Return every indicator of the rubric in its order, also those that nothing in the case marks."""
    counts = Counter((mark.indicator, mark.level) for mark in _marks(scenario))
    rated = Counter(name for scene in _once(scenario) if scene.write for name in scene.write.rated_on)
    return tuple(Marked(name, tuple(counts[name, level] for level in Level), rated[name]) for name in rubric.indicators)


def _once(scenario: Scenario) -> Iterator[Scene]:
    """Yield every scene, and each shared one once; how a visit comes back belongs to the case."""
    known: set[str] = set()
    for name, scene in scenario.scenes.items():
        shared = name.partition(".")[2]
        if shared and shared != RETURN and shared in known:
            continue
        known.add(shared)
        yield scene


def _marks(scenario: Scenario) -> Iterator[Mark]:
    """Yield the mark of every place; one response that gives the same mark under several conditions is one place.

    A shared scene is one place however often it is visited.
    """
    for scene in _once(scenario):
        for response in scene.responses.values():
            yield from {mark: None for rule in response.marks for mark in rule.marks}
        for option in scene.select.options.values() if scene.select else ():
            yield from {mark: None for rule in option.marks for mark in rule.marks}
            yield from {mark: None for rule in option.left for mark in rule.marks}
        for pair in scene.rank.pairs if scene.rank else ():
            yield from pair.marks
        for outcome in scene.outcomes:
            yield from outcome.marks
    for ending in scenario.endings.values():
        for outcome in ending.outcomes:
            yield from outcome.marks
