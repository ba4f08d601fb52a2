"""A scenario made ready to be played: its scenes as nodes, its responses as moves, and one `step`.

Session, explorer and random tester all move by this `step`; there is no second account of what a
response does.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache, reduce
from operator import or_
from typing import NamedTuple

from scoring.scorecard import Award
from simulator.scenario import Ending, Next, Response, Scenario, Scene, Text
from simulator.state import PHASES, Field, Layout, Predicate, State

Awards = tuple[Award, ...]
Routes = tuple[tuple[Predicate | None, int], ...]
"""Conditions and the nodes they lead to; the first that holds is taken."""
LOT = 4
"""Bytes that draw a response's place among the others."""


class Step(NamedTuple):
    """What one decision led to."""

    state: State
    awards: Awards = ()
    """Marks of the response first, then those of scenes left on the way."""
    criticals: tuple[str, ...] = ()


class Move:
    """Something that can be decided in a node: a response, opening a document, consulting, writing."""

    __slots__ = ("clears", "count", "feels", "lot", "name", "open", "route", "rules", "sets", "spent", "taken", "to")

    def __init__(self, name: str, sets: int = 0, spent: int = 0) -> None:
        self.name = name
        """The id of the response, document or scene it is about."""
        self.sets = sets
        """Bits it sets."""
        self.clears = -1
        """Bits it leaves alone."""
        self.spent = spent
        """The minutes it takes, at their place."""
        self.open: Predicate | None = None
        """Whether it can be taken; None: always."""
        self.feels: tuple[tuple[int, int, tuple[int, ...]], ...] = ()
        """How it moves feelings; see `Layout.shift_feeling`."""
        self.rules: tuple[tuple[Predicate | None, Awards], ...] = ()
        """The marks it gives, by the first rule that holds."""
        self.taken = 0
        """The bits that tell whether it was taken before: marks count once."""
        self.count = 0
        """One time taken, at its place, where times are counted."""
        self.to: int | None = None
        """The node it leads to, where that depends on nothing; None: see `route`."""
        self.route: Routes = ()
        """Where it leads, if that depends; empty: it stays where it is."""
        self.lot = slice(0)
        """Where, among the lots that are drawn for a scene, its own stands."""

    def awards(self, bits: int) -> Awards:
        """Return the marks that taking it now would give."""
        if self.rules and not bits & self.taken:
            for holds, awards in self.rules:
                if holds is None or holds(bits):
                    return awards
        return ()

    def effect(self, bits: int) -> int:
        """Return what taking it changes, before anything is left or entered."""
        for shift, mask, table in self.feels:
            bits += table[bits >> shift & mask]
        return (bits & self.clears | self.sets) + self.count + self.spent


class Node:
    """A scene or an ending, as the machine sees it."""

    __slots__ = (
        "_always", "consult", "criticals", "ending", "enter", "index", "keep",
        "moves", "name", "outcomes", "quiet", "reads", "route", "scene", "write",
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
        self.route: Routes = ()
        """Where a junction leads; empty: not a junction."""
        self.outcomes: tuple[tuple[Predicate | None, int, Award], ...] = ()
        self.criticals: tuple[tuple[Predicate, int, int, str], ...] = ()
        """Condition, cues, the bit that says it was raised, and the id."""
        self.quiet = True
        """Whether leaving (or, for an ending, reaching) it has no consequences."""
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
        first = self.nodes[self.number[scenario.start]]
        self.start = self._arrive(first, self.layout.begin(), (), ())
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
        if scene.documents:
            for document in self.scenario.documents.values():
                read = layout.read[document.id]
                move = Move(document.id, read, document.minutes << layout.minutes)
                move.open = _unless(read)
                node.reads[document.id] = move
        if scene.consult:
            asked = layout.consulted[scene.id]
            node.consult = Move(scene.id, asked, scene.consult_minutes << layout.minutes)
            node.consult.open = _unless(asked)
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
        layout = self.layout
        place = layout.chose[scene.id, response.id]
        move = Move(
            response.id,
            _union(layout.fact[fact] for fact in response.sets),
            response.minutes << layout.minutes,
        )
        move.clears = ~_union(layout.fact[fact] for fact in response.clears)
        move.feels = tuple(layout.shift_feeling(name, change) for name, change in response.feels.items())
        move.rules = tuple(
            (layout.predicate(rule.when), (Award(rule.marks, rule.why, scene.id, response.id),))
            for rule in response.marks
        )
        move.taken = place.mask << place.shift
        if response.times is None or response.times == 1:
            move.sets |= 1 << place.shift
        else:
            move.count = 1 << place.shift
        move.open = _opening(layout.predicate(response.when), place, response.times)
        return move

    def _routes(self, routes: Next) -> Routes:
        return tuple((self.layout.predicate(route.when), self.number[route.to]) for route in routes)

    def _lead(self, move: Move, routes: Next) -> Move:
        """Tell a move where it leads."""
        if routes[0].when is None:
            move.to = self.number[routes[0].to]
        else:
            move.route = self._routes(routes)
        return move

    def step(self, state: State, move: Move) -> Step:
        """Return what a decision leads to. Pure: the same state and move give the same step, always.

        A response's marks look at the moment it is taken; where it leads sees what it changed; outcomes of
        a scene are looked at on leaving it, with those changes made.
        """
        at, bits = state
        awards = move.awards(bits)
        bits = move.effect(bits)
        to = move.to
        if to is None:
            to = _first(move.route, bits) if move.route else at
        if to == at:
            return Step(State(at, bits), awards)
        left, entered = self.nodes[at], self.nodes[to]
        criticals: tuple[str, ...] = ()
        if not left.quiet:
            bits, more, criticals = left.verdict(bits)
            awards += more
        return self._arrive(entered, bits, awards, criticals)

    def _arrive(self, node: Node, bits: int, awards: Awards, criticals: tuple[str, ...]) -> Step:
        """Enter a node, pass every junction, and stop where there is something to decide or an end."""
        bits = bits & node.keep | node.enter
        while node.route:
            if not node.quiet:
                bits, more, raised = node.verdict(bits)
                awards, criticals = awards + more, criticals + raised
            node = self.nodes[_first(node.route, bits)]
            bits = bits & node.keep | node.enter
        if node.ending is not None and not node.quiet:
            bits, more, raised = node.verdict(bits)
            awards, criticals = awards + more, criticals + raised
        return Step(State(node.index, bits), awards, criticals)

    def say(self, text: Text, bits: int) -> str:
        """Return the wording of a text that fits the moment; empty if none does."""
        for each in text:
            if each.when is None or self.layout.holds(each.when, bits):
                return each.say
        return ""


def _first(routes: Routes, bits: int) -> int:
    for holds, to in routes:
        if holds is None or holds(bits):
            return to
    raise AssertionError("the last of several routes has no condition; the loader sees to that")


def _always(_bits: int) -> bool:
    return True


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
