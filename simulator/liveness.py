"""What of a state still matters at each control node: nothing that no condition ahead can tell apart.

Two states that differ only in that have the same future, so one of them is enough. Flags are dropped where
nothing reads them before they are set anew; of a feeling only so much is kept as comparisons ahead can tell;
the clock stops at the last minute that anything reads. What only chooses wording is no future: it stays out.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import chain
from operator import or_

from simulator.condition import All, Compare, Condition, Not, Some, Term, leaves
from simulator.control import ControlGraph, Follow, Table, Way, asked_before, asked_on_leaving, entering
from simulator.machine import Due, Node
from simulator.paths import once
from simulator.scenario import BACK, Next

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
        self._compared = [each for condition in self._conditions() for each in compares(condition)]
        self._pending = [tuple(self._pending_at(at)) for at in range(len(graph.nodes))]
        """Tasks that may fall due by a decision at each control node; at an ending, that are looked at there."""
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
            for way in follow.ways:
                bits |= self.masks[way.to] | (1 << self.minutes if self.timed[way.to] else 0)
                bits |= self._asked_breaking(way) | (1 << self.minutes if way.looked else 0)
        return bits

    def asked_here(self, at: int) -> int:
        """Return the bits that tell what can be decided at a control node, and what it would be marked."""
        index = self._graph.nodes[at].node
        bits = self._asked(self._asked_at(at)) | self._own(self._machine.nodes[index])
        # All minutes lie above.
        return bits | -1 << self.minutes if bits >> self.minutes else bits

    def stretches(self, at: int) -> tuple[list[int], list[int]]:
        """Return the minutes at which something asked at a control node changes: before, and after a decision."""
        graph = self._graph
        index = graph.nodes[at].node
        after = list(self._leaving[index])
        at_once: set[int] = {due.at + 1 for due in self._pending[at] if due.at >= 0}
        passed: set[int] = set()
        waiting = [at]
        while waiting:
            for follow in graph.follows[waiting.pop()]:
                after += _routes(follow.act.to)
                for way in follow.ways:
                    after += _breaking(way)
                    at_once |= {each.at for each in way.looked}
                    node = self._machine.nodes[graph.nodes[way.to].node]
                    if way.to not in passed and (node.ending or _junction(node)):
                        # Nobody stands there: what it asks is asked in the same step.
                        passed.add(way.to)
                        after += self._asked_at(way.to)
                        waiting.append(way.to)
        changes = sorted({*self._changes(after), *(minute for minute in at_once if minute > 0)})
        return self._changes(self._asked_at(at)), changes

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

    # -- what time brings ---------------------------------------------------------------------

    def _pending_at(self, at: int) -> Iterator[Due]:
        index, doors = self._graph.nodes[at]
        node = self._machine.nodes[index]
        if node.ending is not None:
            yield from (due for due in self._machine.dues if not due.flag & doors)
        elif not _junction(node):
            yield from self._graph.pending(index, doors)

    def _asked_at(self, at: int) -> list[Condition]:
        """Return what is asked while somebody stands at a control node, of what falls due by going on as well."""
        asked = [each for due in self._pending[at] for each in (due.task.when, due.task.done) if each is not None]
        return [*self._before[self._graph.nodes[at].node], *asked]

    def _asked_breaking(self, way: Way) -> int:
        """Return the bits by which interrupts decide whether they break in on a way."""
        bits = self._asked(_breaking(way))
        layout = self._machine.layout
        for each in self._machine.nodes[self._graph.nodes[way.to].node].breaks if way.broke is None else ():
            # Also of those that have broken in on every way: else they would be forgotten, and come again.
            bits |= each.flag | (layout.phase.mask << layout.phase.shift if each.phases else 0)
        return bits

    def _comes_back(self, follow: Follow) -> bool:
        return any(route.to == BACK for route in follow.act.to or ())

    # -- flags --------------------------------------------------------------------------------

    def _flags(self) -> list[int]:
        graph, nodes, layout = self._graph, self._machine.nodes, self._machine.layout
        own = list(map(self._own, nodes))
        # What has fallen due must not do so again, also where it has on every way.
        dues = reduce(or_, (due.flag for due in self._machine.dues), 0)
        before = [self._flags_of(self._asked_at(at)) | own[index] | dues for at, (index, _) in enumerate(graph.nodes)]
        back = layout.back.mask << layout.back.shift
        leaving = [self._flags_of(each) | self._given(node) for each, node in zip(self._leaving, nodes, strict=True)]
        entered = [~(node.enter | ~node.keep) for node in nodes]
        for name in once(self._machine.scenario):
            # Whoever comes there has taken nothing of it yet.
            node = nodes[self._machine.number[name]]
            entered[node.index] &= ~self._own_alone(node)
        routes = [
            [
                (
                    follow,
                    self._flags_of(_routes(follow.act.to)) | (back if self._comes_back(follow) else 0),
                    [(way, self._below(self._asked_breaking(way))) for way in follow.ways],
                )
                for follow in follows
            ]
            for follows in graph.follows
        ]
        live = [0] * len(graph.nodes)
        for group in reversed(graph.groups):
            changed = True
            while changed:
                changed = False
                for at in group:
                    index = graph.nodes[at].node
                    bits = before[at]
                    for follow, asked, ways in routes[at]:
                        after = asked | leaving[index]
                        for way, breaking in ways:
                            there = live[way.to] if way.broke is None else live[way.to] & entered[way.broke]
                            there |= breaking
                            after |= there if way.entered is None else there & entered[way.entered]
                        bits |= after & follow.act.clears & ~follow.act.sets
                    changed |= bits != live[at]
                    live[at] = bits
        return live

    def _below(self, bits: int) -> int:
        """Return bits without those of feelings and of the clock, which are looked at by themselves."""
        layout = self._machine.layout
        for place in layout.feeling.values():
            bits &= ~(place.mask << place.shift)
        return bits & (1 << self.minutes) - 1

    def _flags_of(self, conditions: Iterable[Condition]) -> int:
        bits = 0
        for condition in conditions:
            for leaf in leaves(condition):
                if isinstance(leaf, Term) and leaf.kind != "before":
                    bits |= self._machine.layout.mask(leaf)
        return bits

    def _own(self, node: Node) -> int:
        """Return the flags by which a node knows what has been taken, read and asked here."""
        bits = self._own_alone(node)
        for move in node.reads.values():
            bits |= move.sets
        return bits | (self._given(node) if node.ending or _junction(node) else 0)

    def _own_alone(self, node: Node) -> int:
        """Return those of them that nothing else sets."""
        bits = node.ranked
        for move in chain(node.moves.values(), node.options.values(), node.left.values()):
            bits |= move.taken if move.rules else 0
        for response in node.scene.responses.values() if node.scene else ():
            if response.times is not None:
                place = self._machine.layout.chose[node.name, response.id]
                bits |= place.mask << place.shift
        if node.consult is not None:
            bits |= node.consult.sets
        return bits

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
        if not any((each.left.kind, each.left.name) == ("feeling", name) for each in self._compared):
            return [[0] * len(same)] * len(graph.nodes)
        first: dict[tuple[int, tuple[Due, ...]], list[int]] = {}
        kinds: list[list[int]] = []
        for at, (index, _) in enumerate(graph.nodes):
            asked = index, self._pending[at]
            if asked not in first:
                first[asked] = _numbered(tests(self._asked_at(at)))
            kinds.append(first[asked])
        leaving = [tests(each) for each in self._leaving]
        enters = [entering(machine, node).get(name, same) for node in machine.nodes]
        # By identity: there are few of them, and each is asked at many control nodes.
        ways_on = {id(follow.act.to): follow.act.to for follows in graph.follows for follow in follows}
        routes = {each: tests(_routes(to)) for each, to in ways_on.items()}
        for group in reversed(graph.groups):
            changed = True
            while changed:
                changed = False
                for at in group:
                    index = graph.nodes[at].node
                    columns: dict[tuple[object, ...], None] = {tuple(kinds[at]): None}
                    for follow in graph.follows[at]:
                        table = (follow.act.feels or {}).get(name, same)
                        if follow.act.to is not None:
                            after = routes[id(follow.act.to)]
                            columns[
                                tuple([(after[table[value]], leaving[index][table[value]]) for value in values])
                            ] = None
                        for way in follow.ways:
                            moved: Sequence[int] = table
                            if way.entered is not None:
                                moved = [enters[way.entered][value] for value in moved]
                            if way.looked:
                                looked = tests(_breaking(way))
                                columns[tuple([looked[value] for value in moved])] = None
                            if way.broke is not None:
                                moved = [enters[way.broke][value] for value in moved]
                            columns[tuple([kinds[way.to][value] for value in moved])] = None
                    found = _numbered(zip(*columns, strict=True))
                    changed |= max(found) != max(kinds[at])
                    kinds[at] = found
        return kinds

    # -- the clock ----------------------------------------------------------------------------

    def _conditions(self) -> Iterator[Condition]:
        for asked in (*self._before, *self._leaving):
            yield from asked
        seen: set[Next] = set()
        for follows in self._graph.follows:
            for follow in follows:
                if follow.act.to is not None and follow.act.to not in seen:
                    seen.add(follow.act.to)
                    yield from _routes(follow.act.to)
        scenario = self._machine.scenario
        for task in scenario.tasks.values():
            yield from (each for each in (task.when, task.done) if each is not None)
        yield from (each.when for each in scenario.interrupts.values() if each.when is not None)

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
        machine = self._machine
        times = [*self._changes(self._conditions()), *(due.at + 1 for due in machine.due_in_time)]
        times += [each.at for node in machine.nodes for each in node.breaks]
        return max(times, default=0)

    def _timed(self) -> list[bool]:
        graph = self._graph
        own = [_asks_clock(chain(one, other)) for one, other in zip(self._before, self._leaving, strict=True)]
        timed = [False] * len(graph.nodes)
        for group in reversed(graph.groups):
            found = any(
                own[graph.nodes[at].node]
                or any(due.at >= 0 for due in self._pending[at])
                or _asks_clock(self._asked_at(at) if self._pending[at] else ())
                or any(
                    _asks_clock(_routes(follow.act.to)) or any(way.looked or timed[way.to] for way in follow.ways)
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


def _breaking(way: Way) -> Iterator[Condition]:
    """Yield what interrupts ask on a way before they break in."""
    yield from (each.interrupt.when for each in way.looked if each.interrupt.when is not None)


def _asks_clock(conditions: Iterable[Condition]) -> bool:
    return any(leaf.kind in ("before", "minutes_left") for condition in conditions for leaf in leaves(condition))


def _routes(to: Next | None) -> Iterator[Condition]:
    yield from (route.when for route in to or () if route.when is not None)


def _junction(node: Node) -> bool:
    return node.scene is not None and node.scene.junction


def _numbered(kinds: Iterable[object]) -> list[int]:
    known: dict[object, int] = {}
    return [known.setdefault(kind, len(known)) for kind in kinds]
