"""How sure somebody was, set against what the decisions were worth.

Being unsure and right is learning; being sure and harmful is what a supervisor wants to see first.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from scoring.rubric import Level
from simulator.transcript import Moment
from simulator.wording import SURENESS, counted


@dataclass(frozen=True, slots=True)
class Certainty:
    """The decisions that somebody was equally sure of."""

    confidence: int
    """From 1 to 4."""
    decisions: tuple[int, ...]
    """Their numbers."""
    poor: tuple[int, ...]
    """Those of them with a poor mark, and none that is harmful."""
    harmful: tuple[int, ...]
    """Those of them with a harmful mark, or a critical."""


def certainties(told: Iterable[Moment]) -> tuple[Certainty, ...]:
    """Return the decisions that were made with a word on how sure, surest first."""
    asked = [moment for moment in told if moment.confidence]
    found = []
    for confidence in sorted({moment.confidence for moment in asked}, reverse=True):
        same = [moment for moment in asked if moment.confidence == confidence]
        harmful = [moment.number for moment in same if moment.criticals or Level.HARMFUL in _levels(moment)]
        poor = [moment.number for moment in same if Level.POOR in _levels(moment) and moment.number not in harmful]
        found.append(Certainty(confidence, tuple(moment.number for moment in same), tuple(poor), tuple(harmful)))
    return tuple(found)


def certainty_lines(found: Iterable[Certainty]) -> list[str]:
    """Write them as lines: `quite sure: 5 decisions; harmful at 7`."""
    lines = []
    for each in found:
        parts = [f"{SURENESS[each.confidence - 1]}: {counted(len(each.decisions), 'decision')}"]
        parts += [f"harmful at {_listed(each.harmful)}"] if each.harmful else []
        parts += [f"poor at {_listed(each.poor)}"] if each.poor else []
        lines.append("; ".join(parts))
    return lines


def _levels(moment: Moment) -> set[Level]:
    """The levels of the decision itself, and of what it led past."""
    return {mark.level for award in moment.awards for mark in award.marks}


def _listed(numbers: Iterable[int]) -> str:
    return ", ".join(map(str, numbers))
