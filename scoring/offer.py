"""What a decision offered, and the least and the most that could be had from it, dimension by dimension.

One of several responses; some of several options; one order of several things. Each is solved exactly and
by itself: that is what opportunity quality stands on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scoring.rubric import Mark, Rubric

Marks = tuple[Mark, ...]
Span = tuple[int, int]
"""The least and the most points."""


@dataclass(frozen=True, slots=True)
class OneOf:
    """One response out of those on offer."""

    options: tuple[Marks, ...]
    """The marks that each would give."""

    @property
    def open(self) -> bool:
        """Whether there was anything to decide."""
        return len(self.options) > 1

    def spans(self, rubric: Rubric) -> tuple[Span, ...]:
        """Return the span of each dimension, in the order of `DIMENSIONS`."""
        points = [rubric.points_of(marks) for marks in self.options]
        return tuple((min(each), max(each)) for each in zip(*points, strict=True))


@dataclass(frozen=True, slots=True)
class SomeOf:
    """Some of several options, at least so many and at most so many."""

    options: tuple[tuple[Marks, Marks], ...]
    """The marks that each would give picked, and left out."""
    least: int
    most: int

    @property
    def open(self) -> bool:
        """Whether there was anything to decide."""
        return bool(self.options) and not self.least == self.most == len(self.options)

    def spans(self, rubric: Rubric) -> tuple[Span, ...]:
        """Return the span of each dimension: everything left out, then the dearest or cheapest picked instead."""
        picked = [rubric.points_of(marks) for marks, _ in self.options]
        left = [rubric.points_of(marks) for _, marks in self.options]
        spans = []
        for index in range(len(rubric.points_of(()))):
            outs = sum(each[index] for each in left)
            gains = sorted(one[index] - other[index] for one, other in zip(picked, left, strict=True))
            spans.append((outs + self._sum(gains), outs - self._sum([-gain for gain in reversed(gains)])))
        return tuple(spans)

    def _sum(self, gains: Sequence[int]) -> int:
        """Add up the smallest gains: as many as must be picked, and further ones as long as they lower the sum."""
        return sum(gains[: self.least]) + sum(gain for gain in gains[self.least : self.most] if gain < 0)


@dataclass(frozen=True, slots=True)
class InOrder:
    """Several things in one order."""

    items: tuple[str, ...]
    pairs: Mapping[tuple[str, str], Marks]
    """The marks for putting the first of two before the second."""

    @property
    def open(self) -> bool:
        """Whether there was anything to decide."""
        return len(self.items) > 1

    def spans(self, rubric: Rubric) -> tuple[Span, ...]:
        """Return the span of each dimension, over all orders."""
        points = {pair: rubric.points_of(marks) for pair, marks in self.pairs.items()}
        nothing = rubric.points_of(())
        return tuple(self._span({pair: each[index] for pair, each in points.items()}) for index in range(len(nothing)))

    def _span(self, worth: Mapping[tuple[str, str], int]) -> Span:
        """Return the least and most for one dimension.

        What a set of things that stand first is worth at best does not depend on what follows it
        (Held and Karp 1962), so 2**n sets are looked at instead of n! orders.
        """
        count = len(self.items)
        table: list[Span] = [(0, 0)] * (1 << count)
        for placed in range(1, 1 << count):
            found = []
            for last in range(count):
                if placed >> last & 1:
                    before = placed & ~(1 << last)
                    gain = sum(
                        worth.get((self.items[each], self.items[last]), 0)
                        for each in range(count)
                        if before >> each & 1
                    )
                    low, high = table[before]
                    found.append((low + gain, high + gain))
            table[placed] = (min(low for low, _ in found), max(high for _, high in found))
        return table[-1]


Offer = OneOf | SomeOf | InOrder
