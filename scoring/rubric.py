"""What good work is: dimensions, indicators, and four written anchors for each.

Authors never invent points. They mark a response on an indicator at one of four levels, each
level is described in words that a supervisor can rate by, and points belong to the level alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

DIMENSIONS = ("rapport", "organization", "ethics")
"""The three profiles, always in this order and never added up."""

CRITICAL_DIMENSION = "ethics"
"""The dimension whose number a critical takes the place of."""


class Level(StrEnum):
    """How well something was done, from worst to best."""

    HARMFUL = "harmful"
    POOR = "poor"
    """Wrong, but recoverable."""
    ACCEPTABLE = "acceptable"
    BEST = "best"


@dataclass(frozen=True, slots=True)
class Mark:
    """One level on one indicator, such as `rapport.empathy: best`."""

    indicator: str
    level: Level

    def __str__(self) -> str:
        return f"{self.indicator}: {self.level}"


@dataclass(frozen=True, slots=True)
class Indicator:
    """Something observable that good work shows."""

    id: str
    """`dimension.name`, as marks give it."""
    title: str
    about: str
    standard: str
    """The published standard it rests on."""
    anchors: Mapping[Level, str]
    """What each level looks like, one sentence each."""


@dataclass(frozen=True, slots=True)
class Dimension:
    """One of the three profiles."""

    id: str
    title: str
    about: str
    indicators: tuple[Indicator, ...]


@dataclass(frozen=True, slots=True)
class Labels:
    """What a decision may cost, in points, and still be called so; see `label`."""

    good: int
    """The most a `good` decision cost."""
    slip: int
    """A `slip` cost less than this."""
    mistake: int
    """A `mistake` cost less than this; from here on it is `serious`."""

    def label(self, cost: int) -> str:
        """Name a cost against the best still reachable: kept, good, slip, mistake or serious."""
        if cost <= 0:
            return "kept"
        if cost <= self.good:
            return "good"
        if cost < self.slip:
            return "slip"
        return "mistake" if cost < self.mistake else "serious"


@dataclass(frozen=True, slots=True, eq=False)
class Rubric:
    """Everything marks are made of."""

    id: str
    title: str
    version: str
    points: Mapping[Level, int]
    labels: Labels
    dimensions: Mapping[str, Dimension]
    indicators: Mapping[str, Indicator]
    """Every indicator by its full id, in the file's order."""
    hash: str
    """SHA-256 of the file it was read from: journals name it."""

    def points_of(self, marks: tuple[Mark, ...]) -> tuple[int, ...]:
        """Add up marks into raw points, one number for each of `DIMENSIONS`."""
        totals = dict.fromkeys(DIMENSIONS, 0)
        for mark in marks:
            totals[dimension_of(mark.indicator)] += self.points[mark.level]
        return tuple(totals.values())


def dimension_of(indicator: str) -> str:
    """Return the dimension that an indicator's id names."""
    return indicator.partition(".")[0]
