"""What of a state still matters at each control node: nothing that no condition ahead can tell apart.

Two states that differ only in that have the same future, so one of them is enough. Flags are dropped where
nothing reads them before they are set anew; of a feeling only so much is kept as comparisons ahead can tell;
the clock stops at the last minute that anything reads. What only chooses wording is no future: it stays out.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from simulator.condition import All, Compare, Condition, Not, Some, Term, leaves
from simulator.control import ControlGraph, Table, asked_before, asked_on_leaving, entering
from simulator.machine import Node
from simulator.scenario import Next

_OPERATORS: dict[str, Callable[[int, int], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "==": operator.eq, "!=": operator.ne,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reductions:
    """Which of them are made; each can be left out, and nothing but the number of states may change."""

    doors: bool = True
    """Scenes are told apart by the doors behind them, so that flags die earlier."""
    flags: bool = True
    """Flags that nothing reads any more are dropped."""
    feelings: bool = True
    """Values of a feeling that no comparison ahead can tell apart are one."""
    clock: bool = True
    """Minutes are carried along as a set, not in the state."""
    options: bool = True
    """What is picked, or put in order, is decided by its own optimum where nothing ahead can tell."""


ALL = Reductions()
NONE = Reductions(doors=False, flags=False, feelings=False, clock=False, options=False)


class Liveness:
    """What matters at each control node."""

    def __init__(self, graph: ControlGraph, made: Reductions) -> None:
        self._graph, self._machine = graph, graph.machine
        machine, layout = graph.machine, graph.machine.layout
        self._before = [list(asked_before(machine, node)) for node in machine.nodes]
        self._leaving = [list(asked_on_leaving(machine, node)) for node in machine.nodes]
        self.last_minute = self._last_minute() if machine.scenario.clock else 0
        """From this minute on, no comparison anywhere depends on the clock."""
        self.minutes = layout.minutes
        below = (1 << layout.minutes) - 1
        feelings = 0
        for place in layout.feeling.values():
            feelings |= place.mask << place.shift
        self.flags = self._flags()
        """The flags that matter at each control node."""
        self.timed = self._timed()
        """Whether the clock matters at each control node."""
        self.merges: list[list[tuple[int, int, Table]]] = [[] for _ in graph.nodes]
        """For each control node and feeling that matters: shift, mask, and what to add to each value."""
        self.masks = list(self.flags) if made.flags else [below & ~feelings] * len(graph.nodes)
        """What is kept of the bits below the clock."""
        for name, place in layout.feeling.items():
            for at, kinds in enumerate(self._kinds(name)):
                if not made.feelings or max(kinds):
                    self.masks[at] |= place.mask << place.shift
                if made.feelings and max(kinds) and max(kinds) < place.mask:
                    first = [kinds.index(kind) for kind in kinds]
                    self.merges[at].append(
                        (place.shift, place.mask, tuple(f - v << place.shift for v, f in enumerate(first)))
                    )

    def low(self, at: int, bits: int) -> int:
        """Return what matters of a state besides the clock."""
        bits &= self.masks[at]
        for shift, mask, table in self.merges[at]:
            bits += table[bits >> shift & mask]
        return bits

    def told_apart(self, at: int) -> int:
        """Return the bits that anything asks about once something was picked, or put in order, at a control node."""
        graph = self._graph
        index = graph.nodes[at].node
        bits = self._asked(self._leaving[index]) | self._given(self._machine.nodes[index])
        for follow in graph.follows[at]:
            if follow.act.to is None:
                # Reading and consulting pick nothing.
                continue
            bits |= self._asked(_routes(follow.act.to))
            for to in follow.to:
                bits |= self.masks[to] | (1 << self.minutes if self.timed[to] else 0)
        return bits

    def asked_here(self, at: int) -> int:
        """Return the bits that tell what can be decided at a control node, and what it would be marked."""
        index = self._graph.nodes[at].node
        bits = self._asked(self._before[index]) | self._own(self._machine.nodes[index])
        # All minutes lie above.
        return bits | -1 << self.minutes if bits >> self.minutes else bits

    def stretches(self, at: int) -> tuple[list[int], list[int]]:
        """Return the minutes at which something asked at a control node changes: before, and after a decision."""
        graph = self._graph
        index = graph.nodes[at].node
        after = list(self._leaving[index])
        passed: set[int] = set()
        waiting = [at]
        while waiting:
            for follow in graph.follows[waiting.pop()]:
                after += _routes(follow.act.to)
                for to in follow.to:
                    node = self._machine.nodes[graph.nodes[to].node]
                    if to not in passed and (node.ending or _junction(node)):
                        # Nobody stands there: what it asks is asked in the same step.
                        passed.add(to)
                        after += self._before[node.index]
                        waiting.append(to)
        return self._changes(self._before[index]), self._changes(after)

    def _asked(self, conditions: Iterable[Condition]) -> int:
        """Return the bits that conditions ask about, those of the clock as one."""
        layout, bits = self._machine.layout, 0
        for condition in conditions:
            bits |= self._flags_of((condition,))
            for each in compares(condition):
                if each.left.kind == "feeling":
                    place = layout.feeling[each.left.name]
                    bits |= place.mask << place.shift
            bits |= 1 << self.minutes if _asks_clock((condition,)) else 0
        return bits

    # -- flags --------------------------------------------------------------------------------

    def _flags(self) -> list[int]:
        graph, nodes = self._graph, self._machine.nodes
        before = [self._flags_of(each) | self._own(node) for each, node in zip(self._before, nodes, strict=True)]
        leaving = [self._flags_of(each) | self._given(node) for each, node in zip(self._leaving, nodes, strict=True)]
        entered = [~(node.enter | ~node.keep) for node in nodes]
        routes = [[(follow, self._flags_of(_routes(follow.act.to))) for follow in follows] for follows in graph.follows]
        live = [0] * len(graph.nodes)
        for group in reversed(graph.groups):
            changed = True
            while changed:
                changed = False
                for at in group:
                    index = graph.nodes[at].node
                    junction = _junction(nodes[index])
                    bits = before[index]
                    for follow, asked in routes[at]:
                        after = asked | leaving[index]
                        for to in follow.to:
                            there = graph.nodes[to].node
                            after |= live[to] if there == index and not junction else live[to] & entered[there]
                        bits |= after & follow.act.clears & ~follow.act.sets
                    changed |= bits != live[at]
                    live[at] = bits
        return live

    def _flags_of(self, conditions: Iterable[Condition]) -> int:
        bits = 0
        for condition in conditions:
            for leaf in leaves(condition):
                if isinstance(leaf, Term) and leaf.kind != "before":
                    bits |= self._machine.layout.mask(leaf)
        return bits

    def _own(self, node: Node) -> int:
        """Return the flags by which a node knows what has been taken, read and asked here."""
        bits = node.ranked
        for move in chain(node.moves.values(), node.options.values(), node.left.values()):
            bits |= move.taken if move.rules else 0
        for response in node.scene.responses.values() if node.scene else ():
            if response.times is not None:
                place = self._machine.layout.chose[node.name, response.id]
                bits |= place.mask << place.shift
        for move in node.reads.values():
            bits |= move.sets
        if node.consult is not None:
            bits |= node.consult.sets
        return bits | (self._given(node) if node.ending or _junction(node) else 0)

    @staticmethod
    def _given(node: Node) -> int:
        """Return the flags by which it is known what has counted on leaving it, and which cues were met."""
        bits = 0
        for _, given, _ in node.outcomes:
            bits |= given
        for _, cues, raised, _ in node.criticals:
            bits |= cues | raised
        return bits

    # -- numbers ------------------------------------------------------------------------------

    def _kinds(self, name: str) -> list[list[int]]:
        """Return, for each control node, the kind of each value of a feeling; those of a kind are never told apart.

        The coarsest partition that comparisons and changes respect (Moore 1956), group by group from the end.
        """
        graph, machine = self._graph, self._machine
        place = machine.layout.feeling[name]
        values = range(place.mask + 1)

        def tests(conditions: Iterable[Condition]) -> list[tuple[bool, ...]]:
            asked = [
                each
                for condition in conditions
                for each in compares(condition)
                if (each.left.kind, each.left.name) == ("feeling", name)
            ]
            return [
                tuple(_OPERATORS[each.operator](value + place.low, each.right) for each in asked) for value in values
            ]

        same = tuple(values)
        first = [_numbered(tests(each)) for each in self._before]
        leaving = [tests(each) for each in self._leaving]
        enters = [entering(machine, node).get(name, same) for node in machine.nodes]
        kinds = [first[index] for index, _ in graph.nodes]
        if (
            not any(map(max, first))
            and not any(any(map(any, tests(_routes(follow.act.to)))) for follows in graph.follows for follow in follows)
            and not any(any(map(any, each)) for each in leaving)
        ):
            return kinds
        for group in reversed(graph.groups):
            changed = True
            while changed:
                changed = False
                for at in group:
                    index = graph.nodes[at].node
                    junction = _junction(machine.nodes[index])
                    columns: dict[tuple[object, ...], None] = {tuple(kinds[at]): None}
                    for follow in graph.follows[at]:
                        table = (follow.act.feels or {}).get(name, same)
                        after = tests(_routes(follow.act.to))
                        if follow.act.to is not None:
                            columns[
                                tuple([(after[table[value]], leaving[index][table[value]]) for value in values])
                            ] = None
                        for to in follow.to:
                            there = graph.nodes[to].node
                            enter = same if there == index and not junction else enters[there]
                            columns[tuple([kinds[to][enter[table[value]]] for value in values])] = None
                    found = _numbered(zip(*columns, strict=True))
                    changed |= max(found) != max(kinds[at])
                    kinds[at] = found
        return kinds

    # -- the clock ----------------------------------------------------------------------------

    def _conditions(self) -> Iterator[Condition]:
        for asked in (*self._before, *self._leaving):
            yield from asked
        for follows in self._graph.follows:
            for follow in follows:
                yield from _routes(follow.act.to)

    def _changes(self, conditions: Iterable[Condition]) -> list[int]:
        """Return the minutes at which some comparison with the clock changes, ascending."""
        clock = self._machine.scenario.clock
        found: set[int] = set()
        if clock is None:
            return []
        for condition in conditions:
            for leaf in leaves(condition):
                if isinstance(leaf, Term) and leaf.kind == "before":
                    found.add(clock.points[leaf.name] - clock.start)
            for each in compares(condition):
                if each.left.kind == "minutes_left":
                    at = clock.points[each.left.name] - clock.start - each.right
                    found |= {at, at + 1}
        return sorted(minute for minute in found if minute > 0)

    def _last_minute(self) -> int:
        return max(self._changes(self._conditions()), default=0)

    def _timed(self) -> list[bool]:
        graph = self._graph
        own = [_asks_clock(chain(one, other)) for one, other in zip(self._before, self._leaving, strict=True)]
        timed = [False] * len(graph.nodes)
        for group in reversed(graph.groups):
            found = any(
                own[graph.nodes[at].node]
                or any(
                    _asks_clock(_routes(follow.act.to)) or any(timed[to] for to in follow.to)
                    for follow in graph.follows[at]
                )
                for at in group
            )
            for at in group:
                timed[at] = found
        return timed


def compares(condition: Condition) -> Iterator[Compare]:
    """Yield every comparison in a condition."""
    match condition:
        case Compare():
            yield condition
        case Not(part):
            yield from compares(part)
        case All(parts) | Some(parts):
            for part in parts:
                yield from compares(part)
        case Term():
            return


def _asks_clock(conditions: Iterable[Condition]) -> bool:
    return any(leaf.kind in ("before", "minutes_left") for condition in conditions for leaf in leaves(condition))


def _routes(to: Next | None) -> Iterator[Condition]:
    yield from (route.when for route in to or () if route.when is not None)


def _junction(node: Node) -> bool:
    return node.scene is not None and node.scene.junction


def _numbered(kinds: Iterable[object]) -> list[int]:
    known: dict[object, int] = {}
    return [known.setdefault(kind, len(known)) for kind in kinds]
