"""What hangs on a scene, on an arrow, and how well each ending can go: from every state that the case can reach.

What hangs on something is the largest regret that can be had by it: the points that are lost on the dimension that
loses most, against the best that was still to be had.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from scoring.rubric import Rubric
from simulator.control import strong_components
from simulator.decidable import NOTHING, Points, plus
from simulator.drawing.graph import routes_of
from simulator.explore import Exploration
from simulator.flaw import place_of
from simulator.future import Label
from simulator.paths import interrupting
from simulator.scenario import Scenario
from simulator.session import start

WELL, BADLY = 75, 40
"""Percent of a range: an ending that can have at least so much on every dimension can go well; one that has less than
the other on some dimension, whatever is done, goes badly."""


@dataclass(frozen=True, slots=True)
class Stake:
    """The most that can be lost by what is decided somewhere."""

    points: int = 0
    """On the dimension that loses most, in the points of the rubric."""
    criticals: frozenset[str] = frozenset()
    """Those that can be raised by it."""

    def and_also(self, other: Stake) -> Stake:
        """Return what hangs on both."""
        return Stake(max(self.points, other.points), self.criticals | other.criticals)


@dataclass(frozen=True, slots=True)
class Prospect:
    """How well an ending can go."""

    best: tuple[int | None, ...]
    """Percent of each dimension's range, in the order of `DIMENSIONS`, that no play which ends so has more than; None:
    a dimension without a range."""
    some: frozenset[str]
    """The criticals that may be raised on the way to it; no others are."""
    every: frozenset[str]
    """Those that are raised on every way."""

    @property
    def word(self) -> str:
        """Say in words how well it can go."""
        if self.every:
            return "always critical"
        found = [each for each in self.best if each is not None]
        if not found or min(found) >= WELL:
            return "can go well"
        return "goes badly" if min(found) < BADLY else "middling at best"


@dataclass(frozen=True, slots=True)
class Stakes:
    """What exploring says about a case, box by box and arrow by arrow."""

    scenes: Mapping[str, Stake]
    arrows: Mapping[tuple[str, str], Stake]
    """By the ids of the boxes that an arrow leads from and to."""
    endings: Mapping[str, Prospect]
    """Those that somebody can come to."""


def stakes_of(explored: Exploration, rubric: Rubric) -> Stakes:
    """Return what hangs on each scene and arrow, and how well each ending can go."""
    found = _Stakes(explored)
    found.look()
    return Stakes(found.scenes, found.arrows, dict(_prospects(explored, rubric)))


class _Edge(NamedTuple):
    """A way on from a state."""

    to: int
    label: Label
    bound: int
    """More than that it does not cost, whatever the time is."""


Act = tuple[int, int, int]
"""A node, the responses and options that can be taken by a way on from it (bits by `Places`), and the next node."""


@dataclass
class _Stakes:
    """Looks for the most that everything costs."""

    explored: Exploration
    scenes: dict[str, Stake] = field(default_factory=dict)
    arrows: dict[tuple[str, str], Stake] = field(default_factory=dict)
    _bounds: dict[tuple[int, int, int], int] = field(default_factory=dict)
    _reach: dict[int, tuple[Points, Points] | None] = field(default_factory=dict)

    def look(self) -> None:
        """Find the most that can be lost everywhere."""
        explored = self.explored
        nodes = explored.graph.nodes
        acts: dict[Act, list[tuple[int, _Edge]]] = {}
        raised: dict[Act, int] = {}
        for state in range(explored.states):
            at = nodes[explored.at[state]].node
            for edge in self._edges(state):
                then = nodes[explored.at[edge.to]].node
                if at != then or edge.label.offers:
                    # Else a document was read, or the supervisor asked.
                    act = at, edge.label.offers, then
                    acts.setdefault(act, []).append((state, edge))
                    raised[act] = raised.get(act, 0) | edge.label.raised
        passes = _Passes(explored.scenario)
        for act, found in acts.items():
            self._note(act, Stake(self._worst(found), self._criticals(raised[act])), passes)

    def _worst(self, found: list[tuple[int, _Edge]]) -> int:
        """Return the most that something costs, looking first where it may cost most."""
        worst = 0
        for state, edge in sorted(found, key=lambda each: -each[1].bound):
            if edge.bound <= worst:
                break
            worst = max(worst, self._cost(state, edge))
        return worst

    def _note(self, act: Act, stake: Stake, passes: _Passes) -> None:
        explored = self.explored
        at, offers, then = act
        scene, to = explored.machine.nodes[at].name, explored.machine.nodes[then].name
        taken = [name for (where, name), bit in explored.places.bit.items() if bit & offers and where == scene]
        responses = explored.scenario.scenes[scene].responses
        response = taken[0] if len(taken) == 1 and taken[0] in responses else ""
        place = place_of(scene)
        self.scenes[place] = self.scenes.get(place, Stake()).and_also(stake)
        for arrow in passes.arrows(scene, response, to):
            self.arrows[arrow] = self.arrows.get(arrow, Stake()).and_also(stake)

    def _criticals(self, bits: int) -> frozenset[str]:
        return frozenset(name for number, name in enumerate(self.explored.scenario.criticals) if bits >> number & 1)

    def _edges(self, state: int) -> Iterator[_Edge]:
        """Yield the ways on from a state that lead to an ending."""
        explored = self.explored
        here = explored.future[state]
        for to, label in explored.edges_of(state):
            then = explored.future[to]
            key = here, id(label), then
            bound = self._bounds.get(key)
            if bound is None:
                bound = self._bounds[key] = self._bound(here, label, then)
            yield _Edge(to, label, bound)

    def _bound(self, here: int, label: Label, then: int) -> int:
        now, later = self._high(here), self._high(then)
        if now is None or later is None:
            return 0
        return _most(now[1], label.low, later[0])

    def _high(self, future: int) -> tuple[Points, Points] | None:
        """Return the least and the most that the best of a future is, of all minutes."""
        if future not in self._reach:
            outlooks = [self.explored.futures.outlooks[number] for _, number in self.explored.futures.rows[future]]
            highs = list(zip(*(each.high for each in outlooks if each is not None), strict=True))
            self._reach[future] = (tuple(map(min, highs)), tuple(map(max, highs))) if highs else None
        return self._reach[future]

    def _cost(self, state: int, edge: _Edge) -> int:
        """Return the most that a way on from a state loses, in any minute in which it is there."""
        explored, futures, label = self.explored, self.explored.futures, edge.label
        here, then = explored.future[state], explored.future[edge.to]
        minutes = explored.minutes_at(state)
        shifts = [minute for minute, _ in futures.rows[here]]
        shifts += [minute - label.spent for minute, _ in futures.rows[then]]
        cuts = {label.start, *(each for each in shifts if label.start < each < label.stop)}
        most = 0
        for first, stop in pairwise([*sorted(cuts), label.stop]):
            if not minutes & ((1 << stop) - (1 << first)):
                continue
            now = futures.outlooks[futures.outlook_number(here, first)]
            later = explored.then(edge.to, first, label.spent)
            after = futures.outlooks[futures.outlook_number(then, later)]
            if now is not None and after is not None:
                most = max(most, _most(now.high, label.low, after.high))
        return most


def _most(best: Points, gain: Points, ahead: Points) -> int:
    """Return what is lost on the dimension that loses most."""
    return max([a - b - c for a, b, c in zip(best, gain, ahead, strict=True)])


class _Passes:
    """Finds the arrows that a decision goes along: past junctions, to where there is something to decide again."""

    def __init__(self, scenario: Scenario) -> None:
        self._scenario = scenario
        self._inside = interrupting(scenario)
        self._known: dict[tuple[str, str, str], frozenset[tuple[str, str]]] = {}

    def arrows(self, scene: str, response: str, to: str) -> frozenset[tuple[str, str]]:
        """Return the arrows between boxes on the ways from a response to where it came out."""
        key = scene, response, to
        if key not in self._known:
            self._known[key] = frozenset(self._along(*key))
        return self._known[key]

    def _along(self, scene: str, response: str, to: str) -> Iterator[tuple[str, str]]:
        scenes = self._scenario.scenes
        first = [
            route.to
            for name, routes in routes_of(scenes[scene])
            if not response or name == response
            for route in routes
        ]
        if to in self._inside and scene not in self._inside:
            # Something broke in on the way: it was gone to where that happened.
            yield from ((place_of(scene), place_of(each)) for each in first if place_of(each) != place_of(scene))
            return
        leads: dict[str, bool] = {}

        def comes_to(name: str) -> bool:
            if name == to:
                return True
            if name not in leads:
                leads[name] = False
                if name in scenes and scenes[name].junction:
                    leads[name] = any(comes_to(route.to) for route in scenes[name].next)
            return leads[name]

        waiting = [(scene, name) for name in first]
        seen: set[tuple[str, str]] = set()
        while waiting:
            before, name = waiting.pop()
            if (before, name) in seen or not comes_to(name):
                continue
            seen.add((before, name))
            source, target = place_of(before), place_of(name)
            if source != target or before == name:
                yield source, target
            if name != to:
                waiting += [(name, route.to) for route in scenes[name].next]


Sofar = tuple[Points, int, int]
"""No more points than that can be had on the way to a state; the criticals that may have been raised, and must have."""


def _prospects(explored: Exploration, rubric: Rubric) -> Iterator[tuple[str, Prospect]]:
    """Yield how well each ending can go that somebody can come to."""
    session = start(explored.scenario)
    ahead = explored.ahead(session)
    if ahead is None:
        return
    names = tuple(explored.scenario.criticals)
    arrived: dict[str, Sofar] = {}
    for state, sofar in _on_the_way(explored, sum(1 << names.index(each) for each in session.criticals)):
        node = explored.machine.nodes[explored.graph.nodes[explored.at[state]].node]
        if node.ending is not None:
            known = arrived.get(node.name)
            arrived[node.name] = sofar if known is None else _either(known, sofar)
    for name, (high, some, every) in arrived.items():
        yield (
            name,
            Prospect(
                tuple(
                    None if top == low else min(100, round(100 * (most - low) / (top - low)))
                    for most, low, top in zip(high, ahead.low, ahead.high, strict=True)
                ),
                frozenset(each for number, each in enumerate(names) if some >> number & 1),
                frozenset(each for number, each in enumerate(names) if every >> number & 1),
            ),
        )


def _on_the_way(explored: Exploration, raised: int) -> Iterator[tuple[int, Sofar]]:
    """Yield every state with what can be had on the way to it.

    Whether the ways to it are all open in one and the same play is left aside: that would take as long as exploring
    once more. So nothing can be better than is said here, and what is said to be raised always is.
    """
    edges = [list(explored.edges_of(state)) for state in range(explored.states)]
    order = list(strong_components(range(explored.states), lambda state: [to for to, _ in edges[state]]))
    first = explored.find(explored.machine.start.state)
    assert first is not None  # noqa: S101 - exploring begins there
    known: list[Sofar | None] = [None] * len(edges)
    known[first[0]] = (NOTHING, raised, raised)
    for ring in reversed(order):
        waiting = list(ring)
        members = set(ring) if len(ring) > 1 else set()
        while waiting:
            state = waiting.pop()
            sofar = known[state]
            if sofar is None:
                continue
            for to, label in edges[state]:
                then = plus(sofar[0], label.high), sofar[1] | label.raised, sofar[2] | label.raised
                before = known[to]
                after = then if before is None else _either(before, then)
                if after != before:
                    known[to] = after
                    if to in members:
                        waiting.append(to)
    for state, sofar in enumerate(known):
        if sofar is not None:
            yield state, sofar


def _either(one: Sofar, other: Sofar) -> Sofar:
    high = tuple([max(a, b) for a, b in zip(one[0], other[0], strict=True)])
    return high, one[1] | other[1], one[2] & other[2]
