"""One balanced way through a case: because all three bests are usually not to be had together.

Beginnings of plays are gone on with in the order of what they must lose in the end at least (A*: Hart, Nilsson and
Raphael 1968), so that few of them are looked at that lead nowhere better.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from heapq import heappop, heappush
from math import lcm
from operator import mul
from typing import NamedTuple

from scoring.rubric import Rubric
from simulator.decidable import NOTHING, Decidable, Points, plus
from simulator.explore import Exploration
from simulator.future import Label, Outlook
from simulator.session import Event, start
from simulator.state import State

MOST_LABELS = 400_000
MOST_SECONDS = 60.0
"""Beginnings of plays that are looked at, and seconds; with more, none is found."""
PARTS = 6
"""How finely dimensions are mixed to see what must be lost: finer finds it sooner, and each takes time of its own."""


class Model(NamedTuple):
    """What looking for one balanced way came to."""

    way: tuple[Event, ...] | None
    sought: bool = True
    """Whether it was looked for to the end: if none was found then, there is none."""


def model_path(explored: Exploration, rubric: Rubric) -> Model:
    """Find one balanced way: a complete play without a critical whose largest regret is smallest.

    Each dimension's regret counts as a share of its span; then the next largest, then fewer decisions, then the
    author's order. A beginning that another has come to with no more regret on any dimension is dropped.
    """
    first = start(explored.scenario)
    outlook = explored.ahead(first)
    begun = explored.find(first.state)
    if outlook is None or begun is None or first.criticals:
        return Model(None)
    spans = [high - low for low, high in zip(outlook.low, outlook.high, strict=True)]
    whole = lcm(*(span or 1 for span in spans))
    weights = tuple(whole // (span or 1) for span in spans)
    least = _Least(explored, weights)
    every = [Decidable(explored.machine, rubric, node, explored.places) for node in explored.machine.nodes]

    def key(regrets: Points) -> tuple[int, ...]:
        shares = [regret * weight for regret, weight in zip(regrets, weights, strict=True)]
        return tuple(sorted(shares, reverse=True))

    waiting: list[tuple[int, tuple[int, ...], int, tuple[int, ...], Points, State, tuple[Event, ...]]] = []
    heappush(waiting, (0, key(NOTHING), 0, (), NOTHING, first.state, ()))
    reached: dict[tuple[int, int], list[Points]] = {}
    gone_on: dict[tuple[int, int], list[_On]] = {}
    looked_at = 0
    until = time.monotonic() + MOST_SECONDS
    while waiting:
        if looked_at >= MOST_LABELS or (looked_at % 256 == 0 and time.monotonic() > until):
            return Model(None, sought=False)
        before, _, count, order, regrets, state, events = heappop(waiting)
        looked_at += 1
        if explored.machine.nodes[state.at].ending is not None:
            return Model(events)
        found = explored.find(state)
        here = explored.ahead_of(state)
        if found is None or here is None:
            continue
        others = reached.setdefault(found, [])
        if any(all(one <= other for one, other in zip(each, regrets, strict=True)) for each in others):
            continue
        others.append(regrets)
        if found not in gone_on:
            gone_on[found] = list(_ways_on(explored, every[state.at], state, here))
        for number, event, after, to, lost, high in gone_on[found]:
            total = plus(regrets, lost)
            bound = least.of(to, total, high)
            if bound is not None:
                so_far = (*order, number), total, after, (*events, event)
                heappush(waiting, (max(before, bound), key(total), count + 1, *so_far))
    return Model(None)


_On = tuple[int, Event, State, int, Points, Points]
"""A way on: its place, the event, where it leads (the state and its number), what it loses, the best from there."""


def _ways_on(explored: Exploration, decidable: Decidable, state: State, here: Outlook) -> Iterator[_On]:
    """Yield the ways on from a state that raise no critical; of those that lead to the same, none that loses more."""
    known: dict[tuple[int, int], list[Points]] = {}
    for number, way in enumerate(decidable.every(state.bits)):
        after, awards, criticals = explored.machine.step(state, way.move)
        ahead = explored.ahead_of(after)
        to = explored.find(after)
        if criticals or ahead is None or to is None:
            continue
        gain = plus(way.low, decidable.gain(awards[way.given :])) if awards else NOTHING
        lost = tuple([best - got - then for best, got, then in zip(here.high, gain, ahead.high, strict=True)])
        others = known.setdefault(to, [])
        if not any(all(one <= other for one, other in zip(each, lost, strict=True)) for each in others):
            others.append(lost)
            yield number, way.event, after, to[0], lost, ahead.high


class _Least:
    """What the largest share is at least, whatever is decided from a state on.

    However the dimensions are mixed, no more of the mixture can be had than one way on gives of it, so the rest of it
    is lost, and the largest share is at least that. The best of many mixtures comes near to what is to be had.
    """

    def __init__(self, explored: Exploration, weights: Sequence[int]) -> None:
        self._weights = weights
        # Of three dimensions, so many parts of each.
        self._mixed = [(a, b, PARTS - a - b) for a in range(PARTS + 1) for b in range(PARTS + 1 - a)]
        self._most = self._found(explored)
        self._rests: dict[tuple[int, Points], list[tuple[int, int, int, int]]] = {}

    def of(self, number: int, regrets: Points, high: Points) -> int | None:
        """Return that for a state, after these regrets, with these bests ahead; None: no way without a critical."""
        rests = self._rests.get((number, high))
        if rests is None:
            rests = self._rests[number, high] = self._rest(number, high)
        if not rests:
            return None
        first, second, third = [regret * weight for regret, weight in zip(regrets, self._weights, strict=True)]
        rest = max([a * first + b * second + c * third + more for a, b, c, more in rests])
        return max(first, second, third, -(-rest // PARTS))

    def _rest(self, number: int, high: Points) -> list[tuple[int, int, int, int]]:
        """Return each mixture, and what of it cannot be had from a state on; empty: no way without a critical."""
        most = self._most[number]
        ahead = [best * weight for best, weight in zip(high, self._weights, strict=True)]
        return [
            (a, b, c, sum(map(mul, (a, b, c), ahead)) - had)
            for (a, b, c), had in zip(self._mixed, most or (), strict=most is not None)
        ]

    def _found(self, explored: Exploration) -> list[tuple[int, ...] | None]:
        """Return the most that can be had from each state on, of each mixture of dimensions, without a critical."""
        nodes = explored.machine.nodes
        most: list[tuple[int, ...] | None] = [None] * len(explored.at)
        nothing = (0,) * len(self._mixed)
        ways: dict[int, list[tuple[int, tuple[int, ...]]]] = {}
        known: dict[Label, tuple[int, ...]] = {}
        order = list(_backward(explored))
        for number in order:
            if nodes[explored.graph.nodes[explored.at[number]].node].ending is not None:
                most[number] = nothing
            free = ((to, label) for to, label in explored.edges_of(number) if not label.raised)
            ways[number] = [(to, self._gains(label, known)) for to, label in free]
        changed = True
        while changed:
            # Mostly in one go, because what lies ahead comes first; loops take another.
            changed = False
            for number in order:
                best = most[number]
                for to, gains in ways[number]:
                    then = most[to]
                    if then is not None:
                        had = tuple(map(int.__add__, gains, then))
                        best = had if best is None else tuple(map(max, best, had))
                if best != most[number]:
                    most[number], changed = best, True
        return most

    def _gains(self, label: Label, known: dict[Label, tuple[int, ...]]) -> tuple[int, ...]:
        found = known.get(label)
        if found is None:
            high = [points * weight for points, weight in zip(label.high, self._weights, strict=True)]
            found = known[label] = tuple(sum(map(mul, mixed, high)) for mixed in self._mixed)
        return found


def _backward(explored: Exploration) -> Iterator[int]:
    """Yield every state, those that it leads to before itself as far as there are no loops."""
    seen = bytearray(len(explored.at))
    for root in range(len(explored.at)):
        if seen[root]:
            continue
        seen[root] = 1
        trail = [(root, explored.edges_of(root))]
        while trail:
            number, edges = trail[-1]
            for to, _ in edges:
                if not seen[to]:
                    seen[to] = 1
                    trail.append((to, explored.edges_of(to)))
                    break
            else:
                trail.pop()
                yield number
