"""A scenario made ready to be played: its scenes as nodes, its responses as moves, and one `step`.

Session, explorer and random tester all move by this `step`; there is no second account of what a
response does.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache, reduce
from operator import or_
from typing import NamedTuple

from scoring.scorecard import Award
from simulator.move import Awards, Move, Routes, Rules, Several, Shift
from simulator.paths import interrupting
from simulator.scenario import (
    BACK,
    Ending,
    Interrupt,
    MarkRule,
    Next,
    Option,
    Ranking,
    Response,
    Scenario,
    Scene,
    Selection,
    Task,
    Text,
    Variant,
)
from simulator.state import PHASES, Field, Layout, Predicate, State

LOT = 4
"""Bytes that draw a response's place among the others."""
RETURNING = -1
"""What stands for a node where an interrupt leads back: which one is known only by where it broke in."""


class Step(NamedTuple):
    """What one decision led to."""

    state: State
    awards: Awards = ()
    """Marks of the response first, then those of scenes left on the way."""
    criticals: tuple[str, ...] = ()


class Due(NamedTuple):
    """A task, as the machine sees it."""

    task: Task
    flag: int
    """The bit that says it has been looked at whether it was done."""
    missed: int
    """The bit that says it was not."""
    at: int
    """The minute by which it should be done; -1: before the case ends."""
    there: Predicate | None
    done: Predicate
    awards: Awards


class Break(NamedTuple):
    """An interrupt, as the machine sees it."""

    interrupt: Interrupt
    flag: int
    """The bit that says it has broken in."""
    at: int
    """The minute from which it can."""
    holds: Predicate | None
    phases: frozenset[int]
    """The phases in which it can, as they stand in the state; empty: it does not ask."""
    to: int
    """The node where it begins."""

    def comes(self, bits: int, phase: int, scene: str) -> bool:
        """Whether it breaks in at such a moment, once its time has come."""
        here = not self.phases or phase in self.phases or scene in self.interrupt.scenes
        return here and (self.holds is None or self.holds(bits))


class Node:
    """A scene or an ending, as the machine sees it."""

    __slots__ = (
        "_always", "base", "breaks", "consult", "criticals", "ending", "enter", "index", "keep", "left", "moves",
        "name", "options", "outcomes", "quiet", "ranked", "reads", "route", "scene", "stirs", "write",
    )  # fmt: skip

    def __init__(self, index: int, name: str, scene: Scene | None = None, ending: Ending | None = None) -> None:
        self.index = index
        self.name = name
        """The id of the scene or ending."""
        self.scene = scene
        self.ending = ending
        self.enter = 0
        """Bits that entering it sets."""
        self.keep = -1
        """Bits that entering it leaves alone."""
        self.moves: dict[str, Move] = {}
        """Responses, by id."""
        self.reads: dict[str, Move] = {}
        """Documents that can be opened here."""
        self.consult: Move | None = None
        self.write: Move | None = None
        self.base: Move | None = None
        """What picking several here, or putting in order, takes and leads to, whatever is picked."""
        self.options: dict[str, Move] = {}
        """What can be picked together."""
        self.left: dict[str, Move] = {}
        """What it means to leave one of these out, where it means something."""
        self.ranked = 0
        """The bit that says things were put in order here."""
        self.stirs: tuple[Shift, ...] = ()
        """How entering it moves feelings."""
        self.route: Routes = ()
        """Where a junction leads; empty: not a junction."""
        self.outcomes: tuple[tuple[Predicate | None, int, Award], ...] = ()
        self.criticals: tuple[tuple[Predicate, int, int, str], ...] = ()
        """Condition, cues, the bit that says it was raised, and the id."""
        self.quiet = True
        """Whether leaving (or, for an ending, reaching) it has no consequences."""
        self.breaks: tuple[Break, ...] = ()
        """What may break in here, earliest first."""
        self._always: tuple[Move, ...] | None = None

    def settle(self) -> None:
        """Remember what never changes, once everything is in place."""
        self.quiet = not (self.outcomes or self.criticals)
        if all(move.open is None for move in self.moves.values()):
            self._always = tuple(self.moves.values())

    def offers(self, bits: int) -> tuple[Move, ...]:
        """Return the responses that can be taken now, in the author's order."""
        if self._always is not None:
            return self._always
        return tuple([move for move in self.moves.values() if move.open is None or move.open(bits)])

    def on_offer(self, bits: int) -> tuple[Move, ...]:
        """Return what can be picked together now, in the author's order."""
        return tuple([move for move in self.options.values() if move.open is None or move.open(bits)])

    def limits(self, bits: int) -> tuple[int, int]:
        """Return how many must and how many can be picked now."""
        offered = len(self.on_offer(bits))
        select = self.scene.select if self.scene else None
        if select is None:
            return 0, 0
        return min(select.least, offered), min(select.most or offered, offered)

    def several(self, picked: Collection[str], bits: int) -> Several:
        """Return the move of picking these, out of what is on offer now."""
        assert self.base is not None  # noqa: S101 - whoever asks knows that there is something to pick from
        offered = self.on_offer(bits)
        return Several(
            self.base,
            [move for move in offered if move.name in picked],
            [self.left[move.name] for move in offered if move.name not in picked and move.name in self.left],
        )

    def ordered(self, sets: int, awards: Awards) -> Move:
        """Return the move of an order that sets these bits and is worth these marks, once."""
        assert self.base is not None  # noqa: S101 - as above
        move = Move(self.name, self.base.sets | self.ranked | sets, self.base.spent)
        move.to, move.route, move.taken = self.base.to, self.base.route, self.ranked
        move.rules = ((None, awards),) if awards else ()
        return move

    def verdict(self, bits: int) -> tuple[int, Awards, tuple[str, ...]]:
        """Return what leaving it (or reaching the ending) brings: bits, marks, criticals."""
        awards, criticals = [], []
        for holds, given, award in self.outcomes:
            if not bits & given and (holds is None or holds(bits)):
                awards.append(award)
                bits |= given
        for holds, cues, raised, critical in self.criticals:
            if bits & cues and not bits & raised and holds(bits):
                criticals.append(critical)
                bits |= raised
        return bits, tuple(awards), tuple(criticals)


class Machine:
    """A scenario ready to be played; make one with `machine_of`."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.layout = Layout(scenario)
        names = [*scenario.scenes, *scenario.endings]
        self.number = {name: index for index, name in enumerate(names)}
        """The node of each scene and ending."""
        self.nodes = [self._node(index, name) for index, name in enumerate(names)]
        self.dues = tuple(map(self._due, scenario.tasks.values()))
        """Tasks, in the author's order."""
        self.due_in_time = in_time(self.dues)
        """Those that are due at some time, the earliest first."""
        self._let_break_in()
        self._disturbed = bool(scenario.interrupts)
        """Whether anything can break in."""
        first = self.nodes[self.number[scenario.start]]
        self.start = self.enter(first, self.layout.begin())
        """Where a session begins; a junction at the start has been passed already."""

    def _node(self, index: int, name: str) -> Node:
        node = (
            Node(index, name, scene=self.scenario.scenes[name])
            if name in self.scenario.scenes
            else Node(index, name, ending=self.scenario.endings[name])
        )
        if node.scene is not None:
            self._furnish(node, node.scene)
        elif node.ending is not None:
            node.outcomes = tuple(
                (self.layout.predicate(outcome.when), 0, Award(outcome.marks, outcome.why, name))
                for outcome in node.ending.outcomes
            )
        node.criticals = tuple(
            (
                self.layout.predicate(critical.when) or _always,
                _union(map(self.layout.cue, critical.cue)),
                self.layout.raised[critical.id],
                critical.id,
            )
            for critical in self.scenario.criticals.values()
            if (name in critical.at if critical.at else node.ending is not None)
        )
        node.settle()
        return node

    def _due(self, task: Task) -> Due:
        layout, clock, undone = self.layout, self.scenario.clock, task.undone
        return Due(
            task=task,
            flag=layout.due[task.id],
            missed=layout.missed[task.id],
            at=clock.points[task.due] - clock.start if clock is not None and task.due else -1,
            there=layout.predicate(task.when),
            done=layout.predicate(task.done) or _always,
            awards=(Award(undone.marks, undone.why, task.id),) if undone is not None and undone.marks else (),
        )

    def _let_break_in(self) -> None:
        """Tell nodes what may break in: never where an ending is, in shared scenes, or in an interrupt's own."""
        scenario, clock = self.scenario, self.scenario.clock
        if clock is None:
            return
        breaks = [
            Break(
                interrupt=each,
                flag=self.layout.fired[each.id],
                at=each.at - clock.start,
                holds=self.layout.predicate(each.when),
                phases=frozenset(PHASES.index(phase) for phase in each.phases),
                to=self.number[each.scene],
            )
            for each in sorted(scenario.interrupts.values(), key=lambda each: each.at)
        ]
        aside = interrupting(scenario) if breaks else frozenset()
        for node in self.nodes:
            if node.scene is None or node.scene.junction or "." in node.name or node.name in aside:
                continue
            node.breaks = tuple(
                each
                for each in breaks
                if node.name in each.interrupt.scenes or each.phases or not each.interrupt.scenes
            )

    def _furnish(self, node: Node, scene: Scene) -> None:
        layout = self.layout
        node.enter = layout.visited[scene.id] | _union(layout.fact[fact] for fact in scene.sets)
        node.keep = ~_union(layout.fact[fact] for fact in scene.clears)
        if scene.phase is not None:
            node.keep &= ~(layout.phase.mask << layout.phase.shift)
            node.enter |= layout.phase.put(PHASES.index(scene.phase))
        for number, response in enumerate(scene.responses.values()):
            move = node.moves[response.id] = self._lead(self._respond(scene, response), response.next)
            move.lot = slice(LOT * number, LOT * (number + 1))
        node.stirs = tuple(layout.shift_feeling(name, change) for name, change in scene.feels.items())
        for document in scene.documents:
            read = layout.read[document]
            move = Move(document, read, self.scenario.documents[document].minutes << layout.minutes)
            move.open = _unless(read)
            node.reads[document] = move
        if scene.consult:
            asked = layout.consulted[scene.id]
            node.consult = Move(scene.id, asked, scene.consult_minutes << layout.minutes)
            node.consult.open = _unless(asked) if _always_there(scene.consult) else self._while_there(scene, asked)
        if scene.select is not None:
            node.base = self._lead(Move(scene.id, spent=scene.select.minutes << layout.minutes), scene.next)
            self._lay_out(node, scene, scene.select)
        if scene.rank is not None:
            node.base = self._lead(Move(scene.id, spent=scene.rank.minutes << layout.minutes), scene.next)
            node.ranked = layout.ranked[scene.id]
        if scene.write is not None:
            node.write = self._lead(Move(scene.id, spent=scene.write.minutes << layout.minutes), scene.next)
        if scene.junction:
            node.route = self._routes(scene.next)
        node.outcomes = tuple(
            (
                layout.predicate(outcome.when),
                layout.given[scene.id, number],
                Award(outcome.marks, outcome.why, scene.id),
            )
            for number, outcome in enumerate(scene.outcomes)
        )

    def _respond(self, scene: Scene, response: Response) -> Move:
        move, place = self._act(scene, response), self.layout.chose[scene.id, response.id]
        if response.times is None or response.times == 1:
            move.sets |= 1 << place.shift
        else:
            move.count = 1 << place.shift
        move.open = _opening(self.layout.predicate(response.when), place, response.times)
        return move

    def _act(self, scene: Scene, what: Response | Option) -> Move:
        """Return what taking a response or picking an option takes, changes and is worth."""
        layout = self.layout
        place = layout.chose[scene.id, what.id]
        move = Move(what.id, _union(layout.fact[fact] for fact in what.sets), what.minutes << layout.minutes)
        move.clears = ~_union(layout.fact[fact] for fact in what.clears)
        move.feels = tuple(layout.shift_feeling(name, change) for name, change in what.feels.items())
        move.rules = self._rules(what.marks, scene, what.id)
        move.taken = place.mask << place.shift
        return move

    def _rules(self, rules: Iterable[MarkRule], scene: Scene, name: str) -> Rules:
        return tuple(
            (self.layout.predicate(rule.when), (Award(rule.marks, rule.why, scene.id, name),)) for rule in rules
        )

    def _lay_out(self, node: Node, scene: Scene, select: Selection) -> None:
        """Make the moves that picking several here is made of."""
        for number, option in enumerate(select.options.values()):
            move = node.options[option.id] = self._act(scene, option)
            move.sets |= move.taken
            move.open = self.layout.predicate(option.when)
            move.lot = slice(LOT * number, LOT * (number + 1))
            if option.left:
                flag = self.layout.left[scene.id, option.id]
                left = node.left[option.id] = Move(option.id, flag)
                left.taken = flag
                left.rules = self._rules(option.left, scene, option.id)

    def _while_there(self, scene: Scene, asked: int) -> Predicate:
        """Return when the supervisor can be asked: until asked, and not while away."""
        return lambda bits: not bits & asked and self.can_be_asked(scene, bits)

    def can_be_asked(self, scene: Scene, bits: int) -> bool:
        """Whether somebody is there to say something."""
        wording = self.wording(scene.consult, bits)
        return wording is not None and not wording.away

    def _routes(self, routes: Next) -> Routes:
        return tuple((self.layout.predicate(route.when), self._number(route.to)) for route in routes)

    def _number(self, to: str) -> int:
        return RETURNING if to == BACK and to not in self.number else self.number[to]

    def _lead(self, move: Move, routes: Next) -> Move:
        """Tell a move where it leads."""
        if routes[0].when is None:
            move.to = self._number(routes[0].to)
        else:
            move.route = self._routes(routes)
        return move

    def step(self, state: State, move: Move) -> Step:
        """Return what a decision leads to. Pure: the same state and move give the same step, always.

        A response's marks look at the moment it is taken; where it leads sees what it changed; outcomes of
        a scene are looked at on leaving it, with those changes made. What has become due by then was done if it was
        before the decision.
        """
        at, before = state
        awards = move.awards(before)
        bits = move.effect(before)
        if self.due_in_time:
            bits, more = self._fall_due(before, bits)
            awards += more
        to = move.to
        if to is None:
            to = _first(move.route, bits) if move.route else at
        criticals: tuple[str, ...] = ()
        if to == at:
            step = Step(State(at, bits), awards)
        else:
            left = self.nodes[at]
            if not left.quiet:
                bits, more, criticals = left.verdict(bits)
                awards += more
            if to == RETURNING:
                step = Step(self._returned(bits), awards, criticals)
            else:
                step = self._arrive(self.nodes[to], bits, awards, criticals)
        return self._break_in(step) if self._disturbed else step

    def _fall_due(self, before: int, bits: int) -> tuple[int, Awards]:
        """Look at what has become due between two moments: missed is what was there and not done at the first."""
        awards: Awards = ()
        now = bits >> self.layout.minutes
        for due in self.due_in_time:
            if due.at >= now:
                break
            if not bits & due.flag:
                bits, awards = self._judged(due, before, bits | due.flag, awards)
        return bits, awards

    @staticmethod
    def _judged(due: Due, moment: int, bits: int, awards: Awards) -> tuple[int, Awards]:
        """Judge one task by how a moment was."""
        if (due.there is None or due.there(moment)) and not due.done(moment):
            return bits | due.missed, awards + due.awards
        return bits, awards

    def _returned(self, bits: int) -> State:
        """Return the moment at which an interrupt broke in, as it is now."""
        back = self.layout.back
        # An author may have begun in the middle of one: then it leads to where the case begins.
        at = back.read(bits) - 1 if back.read(bits) else self.number[self.scenario.start]
        bits &= ~(back.mask << back.shift)
        scene = self.nodes[at].scene
        if scene is not None and scene.phase is not None:
            # What broke in may have been another part of the work.
            phase = self.layout.phase
            bits = bits & ~(phase.mask << phase.shift) | phase.put(PHASES.index(scene.phase))
        return State(at, bits)

    def _break_in(self, step: Step) -> Step:
        """Let the first interrupt break in whose time has come; look no further where one is going on."""
        at, bits = step.state
        breaks, layout = self.nodes[at].breaks, self.layout
        if not breaks or layout.back.read(bits):
            return step
        now, phase = bits >> layout.minutes, layout.phase.read(bits)
        for each in breaks:
            if each.at > now:
                break
            if not bits & each.flag and each.comes(bits, phase, self.nodes[at].name):
                bits |= each.flag | layout.back.put(at + 1)
                return self._arrive(self.nodes[each.to], bits, step.awards, step.criticals)
        return step

    def enter(self, node: Node, bits: int) -> Step:
        """Begin at a node, as if one came to it from nowhere."""
        return self._break_in(self._arrive(node, bits, (), ()))

    def _arrive(self, node: Node, bits: int, awards: Awards, criticals: tuple[str, ...]) -> Step:
        """Enter a node, pass every junction, and stop where there is something to decide or an end."""
        bits = bits & node.keep | node.enter
        for shift, mask, table in node.stirs:
            bits += table[bits >> shift & mask]
        while node.route:
            if not node.quiet:
                bits, more, raised = node.verdict(bits)
                awards, criticals = awards + more, criticals + raised
            to = _first(node.route, bits)
            if to == RETURNING:
                return Step(self._returned(bits), awards, criticals)
            node = self.nodes[to]
            bits = bits & node.keep | node.enter
            for shift, mask, table in node.stirs:
                bits += table[bits >> shift & mask]
        if node.ending is not None:
            for due in self.dues:
                if not bits & due.flag:
                    bits, awards = self._judged(due, bits, bits, awards)
            if not node.quiet:
                bits, more, raised = node.verdict(bits)
                awards, criticals = awards + more, criticals + raised
        return Step(State(node.index, bits), awards, criticals)

    def say(self, text: Text, bits: int) -> str:
        """Return the wording of a text that fits the moment; empty if none does."""
        wording = self.wording(text, bits)
        return wording.say if wording else ""

    def wording(self, text: Text, bits: int) -> Variant | None:
        """Return the variant of a text that fits the moment."""
        for each in text:
            if each.when is None or self.layout.holds(each.when, bits):
                return each
        return None

    def order(self, node: Node, ranking: Ranking, order: Sequence[str]) -> Move:
        """Return the move of putting things in this order."""
        place = {item: number for number, item in enumerate(order)}
        shown = [pair for pair in ranking.pairs if place[pair.first] < place[pair.second]]
        awards = tuple(
            Award(pair.marks, pair.why, node.name, f"{pair.first} before {pair.second}") for pair in shown if pair.marks
        )
        sets = _union(self.layout.fact[fact] for pair in shown for fact in pair.sets)
        return node.ordered(sets, awards)


def in_time(dues: Iterable[Due]) -> tuple[Due, ...]:
    """Return the tasks that are due at some time, the earliest first."""
    return tuple(sorted((due for due in dues if due.at >= 0), key=lambda due: due.at))


def _first(routes: Routes, bits: int) -> int:
    for holds, to in routes:
        if holds is None or holds(bits):
            return to
    raise AssertionError("the last of several routes has no condition; the loader sees to that")


def _always(_bits: int) -> bool:
    return True


def _always_there(consult: Text) -> bool:
    return consult[0].when is None and not consult[0].away


def _unless(flag: int) -> Predicate:
    return lambda bits: not bits & flag


def _opening(when: Predicate | None, place: Field, times: int | None) -> Predicate | None:
    """Return when a response can be taken: while its condition holds and its times are not used up."""
    if times is None:
        return when
    used = place.mask << place.shift
    limit = times << place.shift
    if when is None:
        return lambda bits: bits & used < limit
    return lambda bits: bits & used < limit and when(bits)


def _union(masks: Iterable[int]) -> int:
    return reduce(or_, masks, 0)


@lru_cache(maxsize=64)
def machine_of(scenario: Scenario) -> Machine:
    """Return the machine of a scenario, made once."""
    return Machine(scenario)
