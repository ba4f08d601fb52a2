"""What the responses of a scene are worth beside each other, at every moment at which somebody chooses between them.

A response is worth what it gains and the best that can come after it. Where a case has not been played in every
way, its own marks are all there is to go by.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from scoring.rubric import DIMENSIONS, Rubric
from simulator.fairness.chance import mean
from simulator.scenario import MarkRule, Response, Scenario, Scene

if TYPE_CHECKING:
    from simulator.explore import Exploration

Points = tuple[float, ...]
"""A number for each of `DIMENSIONS`."""
MOST_STATES = 200_000
"""States that are looked at. Of a larger case these are enough to tell best from worse, and not enough to say
what holds in every one of them."""
_ALIKE = 6
"""Digits by which two costs are told apart."""


class Worth(NamedTuple):
    """What a response comes to at one moment."""

    gained: Points
    """By itself."""
    lost: Points
    """What it, and the best that can come after it, falls behind the best that was open, on each dimension."""


Moment = Mapping[str, Worth]
"""What each response is worth that is on offer, by its id; at least two."""


@dataclass(frozen=True, eq=False)
class Choice:
    """The responses of one scene."""

    scene: Scene
    moments: tuple[Moment, ...]
    """Every different one."""
    whole: bool
    """Whether these are all there are."""

    @property
    def responses(self) -> Mapping[str, Response]:
        """The responses that are ever on offer beside another one, in the author's order."""
        return {name: each for name, each in self.scene.responses.items() if name in self.costs}

    @cached_property
    def costs(self) -> Mapping[str, tuple[float, float]]:
        """What each response costs on average: on the dimension on which it costs most, and on all of them.

        The second only tells apart what the first leaves equal. Nobody is shown either.
        """
        found: dict[str, list[tuple[float, float]]] = {}
        for moment in self.moments:
            least = min(max(worth.lost) for worth in moment.values())
            for name, worth in moment.items():
                found.setdefault(name, []).append((max(worth.lost) - least, sum(worth.lost)))
        return {
            name: (round(mean([cost for cost, _ in each]), _ALIKE), round(mean([cost for _, cost in each]), _ALIKE))
            for name, each in found.items()
        }

    @cached_property
    def best(self) -> frozenset[str]:
        """The responses that cost least; several, if they cost the same."""
        least = min(self.costs.values())
        return frozenset(name for name, cost in self.costs.items() if cost == least)

    @property
    def decides(self) -> bool:
        """Whether it matters which one is taken."""
        return len(self.best) < len(self.costs)

    @cached_property
    def stakes(self) -> tuple[int, ...]:
        """The numbers of the dimensions on which it matters."""
        return tuple(
            number
            for number in range(len(DIMENSIONS))
            if any(worth.lost[number] for moment in self.moments for worth in moment.values())
        )


def choices(scenario: Scenario, rubric: Rubric, explored: Exploration | None) -> list[Choice]:
    """Return every scene of a case's own in which one of several responses is taken, and it matters which."""
    found = _by_states(scenario, explored) if explored is not None else _by_marks(scenario, rubric)
    return [choice for choice in found if choice.moments and choice.decides]


def _own(scenario: Scenario) -> Iterator[Scene]:
    """Yield the scenes with responses; those of a visit are not for this case to mend."""
    return (scene for name, scene in scenario.scenes.items() if "." not in name and len(scene.responses) > 1)


def _by_marks(scenario: Scenario, rubric: Rubric) -> Iterator[Choice]:
    for scene in _own(scenario):
        points = {name: usual_points(response.marks, rubric) for name, response in scene.responses.items()}
        yield Choice(scene, (_compared((name, each, each) for name, each in points.items()),), whole=False)


def _compared(worths: Iterable[tuple[str, Points, Points]]) -> Moment:
    """Return what responses are worth beside each other, by what each gains and comes to."""
    known = list(worths)
    top = [max(each) for each in zip(*(worth for _, _, worth in known), strict=True)]
    return {
        name: Worth(gained, tuple([best - mine for best, mine in zip(top, worth, strict=True)]))
        for name, gained, worth in known
    }


def usual_points(rules: tuple[MarkRule, ...], rubric: Rubric) -> Points:
    """Return what marks come to: where they depend, on average."""
    if not rules:
        return (0.0,) * len(DIMENSIONS)
    return tuple(mean(each) for each in zip(*(rubric.points_of(rule.marks) for rule in rules), strict=True))


def _by_states(scenario: Scenario, explored: Exploration) -> Iterator[Choice]:
    every = _Moments(explored)
    for scene in _own(scenario):
        moments = every.of(scene)
        yield Choice(scene, moments, whole=every.whole)


class _Moments:
    """The moments of an explored case, each different one once."""

    def __init__(self, explored: Exploration) -> None:
        self._explored = explored
        self.whole = len(explored.bits) <= MOST_STATES
        """Whether all of them are looked at."""
        nodes = explored.graph.nodes
        step = 1 + len(explored.bits) // MOST_STATES
        self._states: dict[int, list[int]] = {}
        for state in range(0, len(explored.bits), step):
            self._states.setdefault(nodes[explored.at[state]].node, []).append(state)

    def of(self, scene: Scene) -> tuple[Moment, ...]:
        """Return the moments of a scene at which there are at least two responses."""
        explored = self._explored
        names = {explored.places.bit[scene.id, name]: name for name in scene.responses}
        # Few states differ in what comes after each response, so that is what is kept of them.
        minutes: dict[tuple[tuple[int, int], ...], int] = {}
        labels = explored.labels
        for state in self._states.get(explored.machine.number[scene.id], ()):
            ways = tuple([way for way in explored.futures_of(state) if labels[way[0]].offers in names])
            if len(ways) > 1:
                minutes[ways] = minutes.get(ways, 0) | explored.minutes_at(state)
        told: dict[tuple[tuple[str, int, int], ...], None] = {}
        for ways, reached in minutes.items():
            taken = [(names[labels[label].offers], label, future) for label, future in ways]
            told.update((tuple(self._at(taken, minute)), None) for minute in self._stretches(taken, reached))
        found: dict[tuple[tuple[str, Worth], ...], None] = {}
        for open_ones in told:
            if len(open_ones) > 1:
                found[tuple(_compared(map(self._worth, open_ones)).items())] = None
        return tuple(dict(moment) for moment in found)

    def _stretches(self, ways: list[tuple[str, int, int]], reached: int) -> Iterator[int]:
        """Yield a minute of each stretch that is reached, within which nothing changes."""
        if reached == 1:
            yield 0
            return
        explored = self._explored
        cuts = {0}
        for _, number, future in ways:
            label = explored.labels[number]
            cuts |= {label.start, label.stop}
            cuts |= {minute - label.spent for minute, _ in explored.futures.rows[future] if minute > label.spent}
        bounds = sorted(cuts)
        for first, last in zip(bounds, (*bounds[1:], max(bounds[-1], reached.bit_length()) + 1), strict=True):
            within = reached & ((1 << last) - (1 << first))
            if within:
                yield (within & -within).bit_length() - 1

    def _at(self, ways: list[tuple[str, int, int]], minute: int) -> Iterator[tuple[str, int, int]]:
        """Yield the responses that are open at a minute, with their labels and the outlooks behind them."""
        explored = self._explored
        for name, number, future in ways:
            label = explored.labels[number]
            if label.start <= minute < label.stop:
                behind = explored.futures.outlook_number(future, minute + label.spent)
                if explored.futures.outlooks[behind] is not None:
                    yield name, number, behind

    def _worth(self, way: tuple[str, int, int]) -> tuple[str, Points, Points]:
        name, number, behind = way
        gained, outlook = self._explored.labels[number].high, self._explored.futures.outlooks[behind]
        assert outlook is not None  # noqa: S101 - no way on is left out before
        return name, tuple(gained), tuple([a + b for a, b in zip(gained, outlook.high, strict=True)])
