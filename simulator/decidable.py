"""What can be decided at a moment, each with what it gains by itself: what exploring a case goes by.

A response is one way on. Picking several things, or putting things in order, is many: those that nothing
ahead can tell apart are one way here, with the least and the most that can be gained by it.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import NamedTuple

from scoring.offer import SomeOf
from scoring.rubric import DIMENSIONS, Mark, Rubric
from simulator.machine import Machine, Node
from simulator.move import Awards, Move, Several
from simulator.scenario import Ranking
from simulator.session import Chose, Consulted, Event, Ranked, Read, Selected, Wrote

Points = tuple[int, ...]
"""Raw points, one number for each of `DIMENSIONS`."""
NOTHING: Points = (0,) * len(DIMENSIONS)
MOST_KEPT = 10_000
"""Moments for which what can be decided in a node is remembered."""
MOST_PICKED_FROM = 12
"""Of more options than this, picking is not looked at one by one."""


class Way(NamedTuple):
    """One thing that can be decided, or several that nothing ahead can tell apart."""

    move: Move
    low: Points
    """The least it gains by itself."""
    high: Points
    offers: int
    """The responses and options that are taken by it, or could be; bits by `Places`."""
    event: Event
    """The first of them."""
    spent: int
    """Minutes."""
    given: int
    """How many awards it gives by itself."""


class Places:
    """A bit for every response and option of a case, in the author's order."""

    def __init__(self, machine: Machine) -> None:
        self.names = [(node.name, move) for node in machine.nodes for move in (*node.moves, *node.options)]
        self.bit = {name: 1 << number for number, name in enumerate(self.names)}


class Decidable:
    """What can be decided in one node."""

    def __init__(
        self, machine: Machine, rubric: Rubric, node: Node, places: Places, *, asked: int = -1, matters: int = -1
    ) -> None:
        """Make it ready; what is on offer depends on the bits `asked`, and `matters` are those asked for ahead."""
        self._machine, self._rubric, self._node = machine, rubric, node
        self._places = places
        self._bits = {name: places.bit[node.name, name] for name in (*node.moves, *node.options)}
        self._asked = asked
        self._gains: dict[tuple[int, ...], tuple[Points, Awards]] = {}
        self._ways: dict[int, tuple[Way, ...]] = {}
        self._known: dict[tuple[object, ...], Way] = {}
        """Every way, once: those who ask know them by identity."""
        self._clock = machine.layout.minutes
        self._telling = {
            name: _tells(move, matters, self._clock) or bool(node.left.get(name, Move("")).sets & matters)
            for name, move in node.options.items()
        }
        rank = node.scene.rank if node.scene else None
        self._orders = self._order(rank, matters) if rank is not None else {}

    def ways(self, bits: int) -> tuple[Way, ...]:
        """Return what can be decided now; one way for all that nothing ahead can tell apart."""
        key = bits & self._asked
        known = self._ways.get(key)
        if known is None:
            if len(self._ways) >= MOST_KEPT:
                self._ways.clear()
            known = self._ways[key] = tuple(self._found(bits))
        return known

    def _found(self, bits: int) -> Iterator[Way]:
        node = self._node
        yield from self._responses(bits)
        if node.options and node.base is not None:
            yield from self._selections(bits)
        if node.ranked:
            yield from self._rankings(bits, whole=False)
        yield from self._beside(bits)

    def _responses(self, bits: int) -> Iterator[Way]:
        for move in self._node.offers(bits):
            awards = move.awards(bits)
            points = self.gain(awards)
            event = Chose(self._node.name, move.name)
            yield self._way(move, points, points, self._bits[move.name], event, len(awards))

    def _way(self, move: Move, low: Points, high: Points, offers: int, event: Event, given: int = 0) -> Way:
        left = tuple([each.name for each in move.left]) if isinstance(move, Several) else ()
        key = (event, low, high, offers, given, left)
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = Way(move, low, high, offers, event, move.effect(0) >> self._clock, given)
        return known

    def every(self, bits: int) -> Iterator[Way]:
        """Yield everything that can be decided now, one by one; of orders, one for each thing they may gain."""
        node = self._node
        yield from self._responses(bits)
        if node.options and node.base is not None:
            offered = node.on_offer(bits)
            if len(offered) > MOST_PICKED_FROM:
                yield from self._selections(bits)
            else:
                least, most = node.limits(bits)
                for count in range(least, most + 1):
                    for picked in combinations(offered, count):
                        names = tuple(move.name for move in picked)
                        several = node.several(names, bits)
                        awards = several.awards(bits)
                        points = self.gain(awards)
                        taken = sum(self._bits[each] for each in names)
                        yield self._way(several, points, points, taken, Selected(node.name, names), len(awards))
        if node.ranked:
            yield from self._rankings(bits, whole=True)
        yield from self._beside(bits)

    def _beside(self, bits: int) -> Iterator[Way]:
        """Yield what can be done beside deciding."""
        node = self._node
        if node.write is not None:
            yield self._way(node.write, NOTHING, NOTHING, 0, Wrote(node.name, ""))
        for move in node.reads.values():
            if move.open is None or move.open(bits):
                yield self._way(move, NOTHING, NOTHING, 0, Read(node.name, move.name))
        if node.consult is not None and (node.consult.open is None or node.consult.open(bits)):
            yield self._way(node.consult, NOTHING, NOTHING, 0, Consulted(node.name))

    def gain(self, awards: Awards) -> Points:
        """Return the points of marks."""
        if not awards:
            return NOTHING
        key = tuple([id(award) for award in awards])
        known = self._gains.get(key)
        if known is None:
            points = self._rubric.points_of(_marks(awards))
            # Holding on to the awards keeps their identities their own.
            known = self._gains[key] = points, awards
        return known[0]

    def _selections(self, bits: int) -> Iterator[Way]:
        node = self._node
        offered = node.on_offer(bits)
        least, most = node.limits(bits)
        telling = [move for move in offered if self._telling[move.name]]
        silent = [move for move in offered if not self._telling[move.name]]
        worth = {
            move.name: (
                _marks(move.awards(bits)),
                _marks(node.left[move.name].awards(bits)) if move.name in node.left else (),
            )
            for move in offered
        }
        rest = tuple(worth[move.name] for move in silent)
        could = sum(self._bits[move.name] for move in silent)
        for count in range(min(most, len(telling)) + 1):
            fewest, highest = max(0, least - count), min(most - count, len(silent))
            if fewest > highest:
                continue
            spans = SomeOf(rest, fewest, highest).spans(self._rubric)
            low, high = tuple(span[0] for span in spans), tuple(span[1] for span in spans)
            for picked in combinations(telling, count):
                names = {move.name for move in picked}
                own = tuple(mark for move in telling for mark in worth[move.name][0 if move.name in names else 1])
                gain = self._rubric.points_of(own)
                taken = sum(self._bits[name] for name in names) | (could if highest else 0)
                names |= {move.name for move in silent[:fewest]}
                event = Selected(node.name, tuple(name for name in node.options if name in names))
                several = node.several(names, bits)
                given = len(several.awards(bits))
                yield self._way(several, plus(gain, low), plus(gain, high), taken, event, given)

    def _rankings(self, bits: int, *, whole: bool) -> Iterator[Way]:
        node = self._node
        rank = node.scene.rank if node.scene else None
        assert rank is not None  # noqa: S101 - asked only where there is something to put in order
        again = bool(bits & node.ranked)
        for orders in self._orders.values():
            gains = {NOTHING: next(iter(orders.values()))} if again else orders
            if whole:
                for gain, order in gains.items():
                    move = self._machine.order(node, rank, order)
                    yield self._way(move, gain, gain, 0, Ranked(node.name, order), len(move.awards(bits)))
                continue
            order = next(iter(gains.values()))
            low, high = (tuple(map(pick, zip(*gains, strict=True))) for pick in (min, max))
            move = self._machine.order(node, rank, order)
            yield self._way(move, low, high, 0, Ranked(node.name, order), len(move.awards(bits)))

    def _order(self, rank: Ranking, matters: int) -> dict[int, dict[Points, tuple[str, ...]]]:
        """Return what orders set that matters, and for each of those what they gain, with one order that does.

        What stands first gains the same whatever follows (Held and Karp 1962), so sets are looked at, not orders.
        """
        layout, items = self._machine.layout, tuple(rank.items)
        worth: dict[tuple[str, str], tuple[Points, int]] = {}
        for pair in rank.pairs:
            facts = 0
            for fact in pair.sets:
                facts |= layout.fact[fact] & matters
            worth[pair.first, pair.second] = self._rubric.points_of(pair.marks), facts
        table: list[dict[tuple[int, Points], tuple[str, ...]]] = [{} for _ in range(1 << len(items))]
        table[0] = {(0, NOTHING): ()}
        for placed in range(1, 1 << len(items)):
            for number, last in enumerate(items):
                if not placed >> number & 1:
                    continue
                before = placed & ~(1 << number)
                gain, sets = NOTHING, 0
                for each, item in enumerate(items):
                    if before >> each & 1 and (item, last) in worth:
                        more, facts = worth[item, last]
                        gain, sets = plus(gain, more), sets | facts
                for (facts, points), order in table[before].items():
                    table[placed].setdefault((facts | sets, plus(points, gain)), (*order, last))
        found: dict[int, dict[Points, tuple[str, ...]]] = {}
        for (facts, points), order in table[-1].items():
            found.setdefault(facts, {})[points] = order
        return found


def plus(one: Points, other: Points) -> Points:
    """Add points, dimension by dimension."""
    return tuple([a + b for a, b in zip(one, other, strict=True)])


def _tells(move: Move, matters: int, clock: int) -> bool:
    """Whether anything that matters is changed by a move."""
    changed = move.sets | ~move.clears
    for shift, mask, _ in move.feels:
        changed |= mask << shift
    return bool(changed & matters or (move.spent and matters >> clock))


def _marks(awards: Awards) -> tuple[Mark, ...]:
    return tuple(mark for award in awards for mark in award.marks)
