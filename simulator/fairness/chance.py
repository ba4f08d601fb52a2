"""What would happen by chance: so that an author is told of a pattern, and not of an accident.

In a case in which nothing gives the best responses away, they are now and then the longest. A pattern is what
would hardly come about if the best responses had been drawn by lot in every scene.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import comb, sqrt

HARDLY = 0.02
"""A pattern this improbable by chance is told. Hits are whole numbers, so most limits lie well below this; of fair
cases about one in twenty is told of an accident, which its author can answer. With less, somebody who gives away seven
scenes of ten, of three responses each, would not hear of it."""
OFTENER = 1.5
"""And it must come up so many times as often as by chance: with many scenes a trifle is improbable, too."""
FEWEST_SCENES = 4
"""Of fewer scenes no pattern is told: three of three are soon an accident."""


def mean(numbers: Sequence[float]) -> float:
    """Return the mean of some numbers."""
    return sum(numbers) / len(numbers)


def correlated(pairs: Sequence[tuple[float, float]]) -> float:
    """Return how closely two things go together, from -1 to 1; 0 if one of them never changes."""
    one, other = mean([a for a, _ in pairs]), mean([b for _, b in pairs])
    spread = sum((a - one) ** 2 for a, _ in pairs) * sum((b - other) ** 2 for _, b in pairs)
    return sum((a - one) * (b - other) for a, b in pairs) / sqrt(spread) if spread else 0.0


def any_of(drawn: int, marked: int, of: int) -> float:
    """Return how probable it is that, of so many drawn by lot, at least one is marked."""
    return 1 - comb(of - marked, drawn) / comb(of, drawn)


def pattern(hits: int, chances: Sequence[float]) -> bool:
    """Whether so many hits are clearly more than chance would have, in enough scenes."""
    enough = len(chances) >= FEWEST_SCENES and hits >= OFTENER * sum(chances)
    return enough and at_least(hits, chances) <= HARDLY


def at_least(hits: int, chances: Sequence[float]) -> float:
    """Return how probable so many hits or more are, if each chance comes up by itself."""
    return sum(_spread(chances)[hits:])


def at_most(hits: int, chances: Sequence[float]) -> float:
    """Return how probable so many hits or fewer are."""
    return sum(_spread(chances)[: hits + 1])


def _spread(chances: Sequence[float]) -> list[float]:
    """Return how probable each number of hits is, from none to all."""
    spread = [1.0]
    for chance in chances:
        missed = [each * (1 - chance) for each in (*spread, 0.0)]
        spread = [each + hit * chance for each, hit in zip(missed, (0.0, *spread), strict=True)]
    return spread
