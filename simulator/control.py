"""What may follow what: the scenes of a case, told apart by the doors that have closed behind somebody.

A hub that everything returns to would make one great circle of a case, in which nothing is ever over.
It is not one: `when: not visited(envelope)` and responses that can be taken once are doors that open once.
So a control node is a scene together with the doors that somebody has gone through; what follows it is
worked out with those known and everything else left open. Where a day has tasks that fall due and interrupts,
these are doors as well: which have come already, and where the one that is going on broke in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import NamedTuple

from simulator.condition import All, Compare, Condition, Not, Some, Term, leaves
from simulator.machine import Break, Due, Machine, Node
from simulator.move import Move
from simulator.scenario import BACK, MarkRule, Next, Outcome, Scene

MOST_CONTROL_NODES = 2000
"""With more than this, doors cost more than they save."""
MOST_DAYS = 60_000
"""Control nodes of a case that time brings something to; those cannot be fewer."""

Table = tuple[int, ...]
"""What becomes of each value of a feeling, both counted from its lowest."""


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that may be done in a node, without its wording and marks."""

    when: Condition | None = None
    """Whether it can be done."""
    sets: int = 0
    """Bits it sets for sure."""
    clears: int = -1
    """Bits it leaves alone."""
    feels: Mapping[str, Table] | None = None
    """How it moves feelings."""
    minutes: int = 0
    to: Next | None = None
    """Where it leads; None: it stays."""
    once: int = 0
    """The bit that keeps it from being done again; 0: it can be."""


class TooMany(Exception):
    """Interrupts and tasks can come in more ways than can be told apart."""


class Control(NamedTuple):
    """A scene or an ending, and the doors that were gone through before."""

    node: int
    doors: int


class Way(NamedTuple):
    """One of those that an act may lead to."""

    to: int
    """The number of the control node; the act's own where it stays."""
    entered: int | None = None
    """The node that is entered by it; None where it stays, or comes back from an interrupt."""
    looked: tuple[Break, ...] = ()
    """The interrupts that may then have been asked whether they break in."""
    broke: int | None = None
    """The node that is entered because the last of them does."""

    def passed(self) -> tuple[int, ...]:
        """Return the nodes that are entered, in order."""
        return tuple([each for each in (self.entered, self.broke) if each is not None])


@dataclass(frozen=True, slots=True)
class Follow:
    """An act at a control node, and what it may lead to."""

    act: Act
    ways: tuple[Way, ...]

    @property
    def to(self) -> tuple[int, ...]:
        """The control nodes that it may lead to."""
        return tuple([way.to for way in self.ways])


class ControlGraph:
    """Everything that may follow everything."""

    def __init__(self, machine: Machine) -> None:
        """Build it with every scene as one control node, but for what time brings.

        Raises:
            TooMany: time can bring it in too many ways.
        """
        self.machine = machine
        layout = machine.layout
        self._timely = sum(layout.due.values()) | sum(layout.fired.values()) | layout.back.mask << layout.back.shift
        """What is told apart in any case: else coming back from an interrupt would lead everywhere."""
        if not machine.scenario.interrupts:
            self._timely &= ~(layout.back.mask << layout.back.shift)
        self.acts = [acts(machine, node) for node in machine.nodes]
        self.doors = [self._timely] * len(machine.nodes)
        """The flags that are doors, for each scene or ending: those that something ahead of it asks for."""
        self._build()

    def split(self, live: Sequence[int]) -> None:
        """Tell scenes apart by doors, as long as that does not make too many of them.

        `live` are the flags that matter at each control node, before anything is told apart.
        """
        matters = self._kept([_union(live[each] for each in known.values()) for known in self.number])
        for wanted in (self._found_doors(once=True), self._found_doors(once=False), 0):
            self.doors = [(wanted | self._timely) & each for each in matters]
            if self._build(most=MOST_CONTROL_NODES if wanted else None):
                break

    def _kept(self, matters: list[int]) -> list[int]:
        """Let a flag matter wherever it can still be told later, at any control node of the scenes that follow.

        What time has brought is known at some control nodes of a scene and asked at others, and all have one mask.
        """
        if not self._timely:
            return matters
        kept = [~(node.enter | ~node.keep) for node in self.machine.nodes]
        ways = {
            (self.nodes[at].node, self.nodes[way.to].node, self._lets_through(follow.act, way, kept))
            for at, follows in enumerate(self.follows)
            for follow in follows
            for way in follow.ways
        }
        changed = True
        while changed:
            changed = False
            for index, to, through in ways:
                more = matters[index] | matters[to] & through
                changed |= more != matters[index]
                matters[index] = more
        return matters

    @staticmethod
    def _lets_through(act: Act, way: Way, kept: Sequence[int]) -> int:
        """Return the flags that are behind a way as they were before it."""
        through = act.clears & ~act.sets
        for each in way.passed():
            through &= kept[each]
        return through

    def _found_doors(self, *, once: bool) -> int:
        """Return flags by which going round in circles ends: scenes that are asked for, responses taken once."""
        layout = self.machine.layout
        circling = {self.nodes[each].node for group in self.groups if len(group) > 1 for each in group}
        names = {self.machine.nodes[index].name for index in circling}
        found = 0
        for index in circling:
            for act in self.acts[index]:
                for condition in (act.when, *(route.when for route in act.to or ())):
                    for leaf in leaves(condition) if condition else ():
                        if isinstance(leaf, Term) and leaf.kind == "visited":
                            found |= layout.visited[leaf.name]
            scene = self.machine.nodes[index].scene
            if scene is None or not once:
                continue
            for response in scene.responses.values():
                if response.times == 1 and any(route.to in names and route.to != scene.id for route in response.next):
                    place = layout.chose[scene.id, response.id]
                    found |= place.mask << place.shift
        return found

    def _build(self, most: int | None = None) -> bool:
        """Find every control node that may be reached; return whether there are few enough."""
        start = self.machine.nodes[self.machine.number[self.machine.scenario.start]]
        self.nodes: list[Control] = []
        self.follows: list[list[Follow]] = []
        self.number: list[dict[int, int]] = [{} for _ in self.machine.nodes]
        """The number of each control node, by its node and its doors."""
        for _ in self._come(start, 0):
            # Where a case begins, something may break in at once.
            pass
        for index, doors in self.nodes:
            if most is not None and len(self.nodes) > most:
                return False
            if len(self.nodes) > MOST_DAYS and self._timely:
                raise TooMany
            may = [
                act for act in self.acts[index] if act.when is None or self._judge(act.when, index, doors) is not False
            ]
            self.follows.append([self._follow(index, doors, act) for act in may])
        self.groups = components([[way.to for follow in each for way in follow.ways] for each in self.follows])
        """Control nodes that can come back to each other; whatever leads on comes before what it leads to."""
        return True

    def _follow(self, index: int, doors: int, act: Act) -> Follow:
        ways: dict[Way, None] = {}
        for due in self._passed(index, doors, act.minutes):
            ways |= dict.fromkeys(self._ways(index, doors & act.clears | act.sets | due, act))
        return Follow(act, tuple(ways))

    def _ways(self, index: int, after: int, act: Act) -> Iterator[Way]:
        """Yield what an act may lead to, by what has been gone through when it is done."""
        if act.to is None:
            yield from self._stand(index, after)
            return
        for route in act.to:
            held = True if route.when is None else self._judge(route.when, index, after)
            if held is False:
                continue
            if route.to == BACK and route.to not in self.machine.number:
                yield from self._return(after)
            else:
                to = self.machine.nodes[self.machine.number[route.to]]
                if to.index == index and not (to.scene and to.scene.junction):
                    yield from self._stand(index, after)
                else:
                    yield from self._come(to, after)
            if held:
                break

    def _passed(self, index: int, doors: int, minutes: int) -> Iterator[int]:
        """Yield what may have fallen due when so many minutes have passed: flags of tasks."""
        yield 0
        first, found = None, 0
        for due in self.pending(index, doors) if minutes else ():
            first = due.at if first is None else first
            if due.at - first >= minutes:
                break
            found |= due.flag
            yield found

    def pending(self, index: int, doors: int) -> Iterator[Due]:
        """Yield the tasks of which it is not known yet at a control node whether they were done in time."""
        for due in self.machine.due_in_time:
            if due.flag & self.doors[index] & ~doors:
                yield due

    def _come(self, node: Node, doors: int) -> Iterator[Way]:
        """Yield where somebody may stand who comes to a node."""
        yield from self._stand(node.index, doors & node.keep | node.enter, node.index)

    def _return(self, doors: int) -> Iterator[Way]:
        """Yield where somebody may stand when an interrupt is over."""
        back = self.machine.layout.back
        at = back.read(doors)
        if at:
            yield from self._stand(at - 1, doors & ~(back.mask << back.shift))

    def _stand(self, index: int, doors: int, entered: int | None = None) -> Iterator[Way]:
        """Yield where somebody may stand who has come to a node: there, or where an interrupt takes them first."""
        machine = self.machine
        back, breaks = machine.layout.back, machine.nodes[index].breaks
        may: list[Break] = []
        for each in breaks if not back.read(doors) else ():
            if doors & each.flag:
                continue
            may.append(each)
            if each.holds is None and not each.phases:
                # As long as this has not broken in, none that comes later can.
                break
        yield Way(self._find(index, doors), entered, tuple(may))
        for number, each in enumerate(may):
            start = machine.nodes[each.to]
            inside = (doors | each.flag | back.put(index + 1)) & start.keep | start.enter
            yield Way(self._find(each.to, inside), entered, tuple(may[: number + 1]), each.to)

    def _find(self, index: int, doors: int) -> int:
        """Return the number of the control node at which somebody stands there."""
        known = self.number[index]
        doors &= self.doors[index]
        if doors not in known:
            known[doors] = len(self.nodes)
            self.nodes.append(Control(index, doors))
        return known[doors]

    def _judge(self, condition: Condition, index: int, doors: int) -> bool | None:
        """Say whether a condition of a node holds, by the doors alone; None: that cannot be said by them."""
        match condition:
            case Term():
                mask = 0 if condition.kind == "before" else self.machine.layout.mask(condition)
                if doors & mask:
                    return True
                return False if mask and not mask & ~self.doors[index] else None
            case Compare():
                return None
            case Not(part):
                held = self._judge(part, index, doors)
                return None if held is None else not held
            case All(parts):
                return _all([self._judge(part, index, doors) for part in parts])
            case Some(parts):
                none = _all([_not(self._judge(part, index, doors)) for part in parts])
                return _not(none)

    def at(self, node: int, bits: int) -> int:
        """Return the control node that a state stands at."""
        return self.number[node][bits & self.doors[node]]


def _not(held: bool | None) -> bool | None:
    return None if held is None else not held


def _all(held: Sequence[bool | None]) -> bool | None:
    if False in held:
        return False
    return None if None in held else True


def _union(masks: Iterable[int]) -> int:
    return reduce(or_, masks, 0)


# -- what can be done in a node -------------------------------------------------------------------


def acts(machine: Machine, node: Node) -> list[Act]:
    """Return everything that may be done in a node, conditions left open."""
    scene = node.scene
    if scene is None:
        return []
    if scene.junction:
        return [Act(to=scene.next)]
    found = [
        _act(machine, move, response.when, response.next, move.sets & move.taken if response.times == 1 else 0)
        for response in scene.responses.values()
        for move in (node.moves[response.id],)
    ]
    found += [_act(machine, move, None, None, move.sets) for move in node.reads.values()]
    if node.consult is not None:
        found.append(_act(machine, node.consult, None, None, node.consult.sets))
    if node.write is not None:
        found.append(_act(machine, node.write, None, scene.next))
    if node.base is not None:
        found += _several(machine, node, scene)
    return found


def _act(machine: Machine, move: Move, when: Condition | None, to: Next | None, once: int = 0) -> Act:
    minutes = move.spent >> machine.layout.minutes
    return Act(when, move.sets, move.clears, _tables(machine, move), minutes, to, once)


def _several(machine: Machine, node: Node, scene: Scene) -> Iterator[Act]:
    """Yield an act for each way in which picking, or ordering, may move feelings and the clock."""
    assert node.base is not None  # noqa: S101 - asked only where there is something to pick or to order
    ways: dict[tuple[tuple[tuple[str, Table], ...], int], None] = {((), 0): None}
    for move in node.options.values():
        tables, minutes = _tables(machine, move), move.spent >> machine.layout.minutes
        for feels, spent in list(ways):
            ways[tuple(sorted(_after(dict(feels), tables).items())), spent + minutes] = None
    base = node.base.spent >> machine.layout.minutes
    for feels, spent in ways:
        yield Act(None, node.ranked, -1, dict(feels), base + spent, scene.next)


def _tables(machine: Machine, move: Move) -> dict[str, Table]:
    """Return what a move makes of each value of the feelings it moves."""
    found: dict[str, Table] = {}
    for name, place in machine.layout.feeling.items():
        for shift, _, table in move.feels:
            if shift == place.shift:
                found[name] = tuple(value + (table[value] >> shift) for value in range(place.mask + 1))
    return found


def _after(feels: dict[str, Table], more: Mapping[str, Table]) -> dict[str, Table]:
    for name, table in more.items():
        feels[name] = tuple(table[value] for value in feels[name]) if name in feels else table
    return feels


def entering(machine: Machine, node: Node) -> Mapping[str, Table]:
    """Return what entering a node makes of each value of the feelings it moves."""
    move = Move(node.name)
    move.feels = node.stirs
    return _tables(machine, move)


# -- what is asked in a node ----------------------------------------------------------------------


def asked_before(machine: Machine, node: Node) -> Iterator[Condition]:
    """Yield what is asked while somebody stands in a node: what is on offer, and what it would be marked."""
    scene = node.scene
    if scene is None or scene.junction:
        yield from asked_on_leaving(machine, node)
        return
    yield from (variant.when for variant in scene.consult if variant.when is not None)
    for response in scene.responses.values():
        yield from _of((response.when,), response.marks)
    for option in scene.select.options.values() if scene.select else ():
        yield from _of((option.when,), (*option.marks, *option.left))


def asked_on_leaving(machine: Machine, node: Node) -> Iterator[Condition]:
    """Yield what is asked when a decision has been made: outcomes and criticals. At an ending, on coming there."""
    here = node.scene or node.ending
    yield from _of((), here.outcomes if here else ())
    for _, _, _, critical in node.criticals:
        yield machine.scenario.criticals[critical].when


def _of(conditions: Iterable[Condition | None], rules: Iterable[MarkRule | Outcome]) -> Iterator[Condition]:
    for condition in (*conditions, *(rule.when for rule in rules)):
        if condition is not None:
            yield condition


# -- circles --------------------------------------------------------------------------------------


def components(follows: Sequence[Iterable[int]]) -> list[tuple[int, ...]]:
    """Return groups of nodes that can come back to each other; whatever leads on comes before what it leads to."""
    return list(strong_components(range(len(follows)), follows.__getitem__))[::-1]


def strong_components(nodes: Iterable[int], follows: Callable[[int], Iterable[int]]) -> Iterator[tuple[int, ...]]:
    """Yield groups that can come back to each other; whatever a group leads to is yielded before it.

    Tarjan's algorithm (SIAM J. Comput. 1, 1972), with a list instead of recursion.
    """
    index: dict[int, int] = {}
    low: dict[int, int] = {}
    stack: list[int] = []
    stacked: set[int] = set()
    for root in nodes:
        if root in index:
            continue
        work = [(root, iter(follows(root)))]
        index[root] = low[root] = len(index)
        stack.append(root)
        stacked.add(root)
        while work:
            node, rest = work[-1]
            for to in rest:
                if to not in index:
                    index[to] = low[to] = len(index)
                    stack.append(to)
                    stacked.add(to)
                    work.append((to, iter(follows(to))))
                    break
                if to in stacked:
                    low[node] = min(low[node], index[to])
            else:
                work.pop()
                if work:
                    before = work[-1][0]
                    low[before] = min(low[before], low[node])
                if low[node] == index[node]:
                    cut = stack.index(node)
                    group = tuple(stack[cut:])
                    del stack[cut:]
                    stacked.difference_update(group)
                    yield group
