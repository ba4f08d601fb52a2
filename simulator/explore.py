"""Every state that a case can reach, and exactly what lies ahead of each.

Moves by the session's own `step`. A state is a control node and what still matters of the packed number
(`liveness`); the minutes that have passed are carried along as a set, for what is the same at ten minutes and
at eleven. Control nodes are walked in the order in which they lead on, and futures handed back in the opposite
one, so that a state is looked at once each way. Marks count once, so going round in circles gains nothing:
what can come back to each other has one and the same future.
"""

from __future__ import annotations

import gc
import time
from array import array
from collections.abc import Callable, Iterator
from typing import NamedTuple

from scoring.rubric import Rubric
from simulator.control import ControlGraph, strong_components
from simulator.decidable import NOTHING, Decidable, Places, Points, Way
from simulator.future import NO_WAY, Futures, Label, Outlook
from simulator.liveness import Liveness, Reductions
from simulator.machine import Machine, machine_of
from simulator.scenario import Scenario
from simulator.session import Session
from simulator.state import State

MOST_STATES = 2_000_000
MOST_SECONDS = 30.0
_LOOK_AT_CLOCK = 1024
"""States between two looks at the clock, and two reports of how far it is."""

Report = Callable[[int], None]
"""Is told how many states were found so far; may raise to stop."""


class Unfinished(Exception):
    """The budget ran out: nothing that was asked is proven."""

    def __init__(self, states: int, costly: tuple[str, ...]) -> None:
        super().__init__(f"there are more than {states:,} states, or walking them takes too long")
        self.states = states
        """How many were found."""
        self.costly = costly
        """What multiplied them most, in words, the worst first."""


class Edge(NamedTuple):
    """A way on from a state that was reached, in the minutes that it was reached in."""

    to: int
    label: int
    minutes: int
    """A bit for each minute in which it is taken."""


class Exploration:
    """A case, walked to its last state."""

    def __init__(
        self,
        scenario: Scenario,
        rubric: Rubric,
        *,
        most: int = MOST_STATES,
        seconds: float = MOST_SECONDS,
        made: Reductions = Reductions(),
        report: Report | None = None,
    ) -> None:
        """Walk it.

        Raises:
            Unfinished: that takes more states or seconds than allowed.
        """
        self.scenario, self.rubric = scenario, rubric
        self.machine: Machine = machine_of(scenario)
        self.places = Places(self.machine)
        self.graph = ControlGraph(self.machine)
        if made.doors:
            self.graph.split(Liveness(self.graph, made).flags)
        self.live = Liveness(self.graph, made)
        self._made = made
        self._sets = made.clock and scenario.clock is not None
        """Whether minutes are carried along as a set."""
        self._shift = self.machine.layout.minutes
        self._below = (1 << self._shift) - 1
        self._last = self.live.last_minute
        self._thresholds = self.live.thresholds()
        self._decidable: dict[int, Decidable] = {}
        self._known: list[dict[int, int]] = [{} for _ in self.graph.nodes]
        """The number of every state, by control node and what matters of its bits."""
        self.at = array("I")
        """The control node of each state."""
        self.bits: list[int] = []
        self._minutes: dict[int, int] = {}
        """The minutes in which a state was reached, a bit each, where that is not just minute 0."""
        self._begin, self._end = array("I"), array("I")
        """Where the edges of each state begin and end."""
        self._to, self._label = array("I"), array("I")
        self.labels: list[Label] = []
        self._numbers: dict[Label, int] = {}
        self.futures = Futures(self._last)
        self._criticals = {name: 1 << number for number, name in enumerate(scenario.criticals)}
        self._endings = {name: number for number, name in enumerate(scenario.endings)}
        self._report = report
        self._deadline = time.monotonic() + seconds
        self._most = most
        self.stuck: list[int] = []
        """States with no way on."""
        collecting = gc.isenabled()
        gc.disable()
        try:
            self._walk()
            self.future = self._hand_back()
        finally:
            if collecting:
                gc.enable()

    # -- walking ------------------------------------------------------------------------------

    def _walk(self) -> None:
        graph = self.graph
        place = {at: number for number, group in enumerate(graph.groups) for at in group}
        self._place = [place[at] for at in range(len(graph.nodes))]
        self._waiting: list[list[int]] = [[] for _ in graph.groups]
        """The states of each group of control nodes; what is found on the way is appended."""
        self.start = self._arrive(self.machine.start.state, 1 << (self.machine.start.state.bits >> self._shift))
        for group, waiting in zip(graph.groups, self._waiting, strict=True):
            circles = len(group) > 1 or any(group[0] in follow.to for follow in graph.follows[group[0]])
            if circles and self._sets and self.live.timed[group[0]]:
                self._settle(waiting)
            for count, state in enumerate(waiting):
                self._go_on(state)
                if count % _LOOK_AT_CLOCK == 0:
                    self._look_at_budget()

    def _settle(self, waiting: list[int]) -> None:
        """Find all minutes in which the states of a circle are reached, before any of them is gone on from."""
        changed = list(waiting)
        done: dict[int, int] = {}
        for count, state in enumerate(changed):
            fresh = self._minutes.get(state, 1) & ~done.get(state, 0)
            if not fresh:
                continue
            done[state] = self._minutes.get(state, 1)
            for to, _, before, after in self._steps(state, fresh):
                self._minutes[to] = before | after
                if before | after != before and self._place[self.at[to]] == self._place[self.at[state]]:
                    changed.append(to)
            if count % _LOOK_AT_CLOCK == 0:
                self._look_at_budget()

    def _go_on(self, state: int) -> None:
        """Note every way on from a state."""
        begin = len(self._to)
        minutes = self._minutes.get(state, 1)
        to_all, label_all, numbers, labels = self._to, self._label, self._numbers, self.labels
        for to, label, before, after in self._steps(state, minutes):
            if before | after != before:
                self._minutes[to] = before | after
            number = numbers.get(label)
            if number is None:
                number = numbers[label] = len(labels)
                labels.append(label)
            to_all.append(to)
            label_all.append(number)
        self._begin[state], self._end[state] = begin, len(to_all)
        if begin == len(to_all) and self.machine.nodes[self.graph.nodes[self.at[state]].node].ending is None:
            self.stuck.append(state)

    def _steps(self, state: int, minutes: int) -> Iterator[tuple[int, Label, int, int]]:
        """Yield where a state leads, by which label, and the minutes known there before and after."""
        at = self.at[state]
        index, doors = self.graph.nodes[at]
        # Doors that nothing asks for any more are not kept with the state.
        bits = self.bits[state] | doors
        decidable = self._decidable.get(at)
        if decidable is None:
            decidable = self._decidable[at] = self._decide(at)
        step = self.machine.step
        shift, sets = self._shift, self._sets
        for start, stop in self._segments(minutes) if sets and self.live.timed[at] else ((0, self._last + 1),):
            here = minutes & ((1 << stop) - (1 << start)) if sets else 1
            moment = bits | _first(here) << shift if sets else bits
            for way in decidable.ways(moment):
                spent = (way.move.effect(moment) >> shift) - (moment >> shift) if sets else 0
                for first, last in self._parts(start, stop, spent) if sets and self.live.timed[at] else ((start, stop),):
                    now = here & ((1 << last) - (1 << first))
                    if not now:
                        continue
                    then = bits | _first(now) << shift if sets else bits
                    after, awards, criticals = step(State(index, then), way.move)
                    raised = 0
                    for critical in criticals:
                        raised |= self._criticals[critical]
                    low, high = way.low, way.high
                    if awards:
                        own = way.move.awards(then)
                        if len(own) != len(awards):
                            past = decidable.gain(awards[len(own) :])
                            low = tuple([a + b for a, b in zip(low, past, strict=True)])
                            high = tuple([a + b for a, b in zip(high, past, strict=True)])
                    to = self._find(after)
                    before = self._minutes.get(to, 1 if not sets else 0)
                    yield (
                        to,
                        Label(low, high, way.offers, raised, first, last, spent),
                        before,
                        before | self._later(to, now, spent) if sets else before,
                    )

    def _arrive(self, state: State, minutes: int) -> int:
        number = self._find(state)
        if self._sets:
            self._minutes[number] = minutes if self.live.timed[self.at[number]] else 1
        return number

    def _find(self, state: State) -> int:
        """Return the number of a state, a new one if it is new."""
        node, bits = state
        at = self.graph.at(node, bits)
        low = self.live.low(at, bits)
        if not self._sets and self.live.timed[at]:
            # The clock stops at the last minute that anything reads.
            low |= min(bits >> self._shift, self._last) << self._shift
        known = self._known[at]
        number = known.get(low)
        if number is None:
            number = known[low] = len(self.bits)
            self.at.append(at)
            self.bits.append(low)
            self._begin.append(0)
            self._end.append(0)
            self._waiting[self._place[at]].append(number)
        return number

    def _later(self, to: int, minutes: int, spent: int) -> int:
        """Return a set of minutes, so many later; the clock stops at the last minute that anything reads."""
        if not self.live.timed[self.at[to]]:
            return 1
        later = minutes << spent
        beyond = later >> self._last
        return later & ((1 << self._last) - 1) | (1 << self._last if beyond else 0)

    def _segments(self, minutes: int) -> Iterator[tuple[int, int]]:
        """Yield stretches of minutes within which no comparison changes, where any of these lie."""
        bounds = [*self._thresholds, self._last + 1]
        for start, stop in zip(bounds, bounds[1:], strict=False):
            if minutes & ((1 << stop) - (1 << start)):
                yield start, stop

    def _parts(self, start: int, stop: int, spent: int) -> Iterator[tuple[int, int]]:
        """Cut a stretch where a comparison changes when so many minutes have passed."""
        cuts = [start, *(each - spent for each in self._thresholds if start < each - spent < stop), stop]
        yield from zip(cuts, cuts[1:], strict=False)

    def _decide(self, at: int) -> Decidable:
        node = self.machine.nodes[self.graph.nodes[at].node]
        live = self.live if self._made.options else None
        return Decidable(self.machine, self.rubric, node, self.places, live, self.live.told_apart(at))

    def _look_at_budget(self) -> None:
        states = len(self.bits)
        if self._report is not None:
            self._report(states)
        if states > self._most or time.monotonic() > self._deadline:
            raise Unfinished(states, self._costly())

    def _costly(self) -> tuple[str, ...]:
        """Return what most states differ in: scenes with most states, and what varies most there."""
        from simulator.cost import costly

        return costly(self)

    # -- handing back -------------------------------------------------------------------------

    def _hand_back(self) -> array[int]:
        """Return the future of every state."""
        future = array("I", bytes(4 * len(self.bits)))
        futures, labels, begin, end = self.futures, self.labels, self._begin, self._end
        to, label, fold = self._to, self._label, self.futures.fold
        every = (1 << len(self._criticals)) - 1
        for group, states in zip(reversed(self.graph.groups), reversed(self._waiting), strict=True):
            node = self.machine.nodes[self.graph.nodes[group[0]].node]
            if node.ending is not None:
                number = futures.ending(self._endings[node.name], every)
                for state in states:
                    future[state] = number
                continue
            circles = len(group) > 1 or any(group[0] in follow.to for follow in self.graph.follows[group[0]])
            if not circles:
                for state in states:
                    low, high = begin[state], end[state]
                    future[state] = fold(
                        tuple([(label[edge], future[to[edge]]) for edge in range(low, high)]), labels
                    )
                continue
            mine = set(states)
            for circle in strong_components(
                states, lambda state: [each for each in to[begin[state] : end[state]] if each in mine]
            ):
                first = circle[0]
                if len(circle) == 1 and first not in to[begin[first] : end[first]]:
                    future[first] = fold(
                        tuple([(label[edge], future[to[edge]]) for edge in range(begin[first], end[first])]), labels
                    )
                else:
                    self._round(circle, future)
        return future

    def _round(self, circle: tuple[int, ...], future: array[int]) -> None:
        """Find the future of states that can come back to each other, minute by minute from the last."""
        to, label, labels, futures = self._to, self._label, self.labels, self.futures
        within = set(circle)
        timed = self._sets and self.live.timed[self.at[circle[0]]]
        rows: dict[int, list[tuple[int, int]]] = {state: [] for state in circle}
        latest: dict[tuple[int, int], int] = {}
        for minute in reversed([each for each in self._cuts()] if timed else [0]):

            def ways(state: int, minute: int = minute) -> Iterator[tuple[int, int, int]]:
                for edge in range(self._begin[state], self._end[state]):
                    if labels[label[edge]].start <= minute < labels[label[edge]].stop:
                        yield edge, to[edge], min(minute + labels[label[edge]].spent, self._last) if timed else 0

            def still(state: int, minute: int = minute) -> list[int]:
                return [after for _, after, then in ways(state) if after in within and then == minute]

            for part in strong_components(circle, still):
                members = set(part)
                joined = tuple(
                    sorted(
                        {
                            (
                                label[edge],
                                latest[after, then] if after in within else futures.outlook_number(future[after], then),
                            )
                            for state in part
                            for edge, after, then in ways(state)
                            if not (after in members and then == minute)
                        }
                    )
                )
                outlook = futures.join(joined, labels)
                if len(part) > 1 and outlook != NO_WAY:
                    outlook = futures.with_offers(outlook, self._offers_within(part, members, minute, ways))
                for state in part:
                    latest[state, minute] = outlook
                    rows[state].append((minute, outlook))
        for state in circle:
            future[state] = futures.row(reversed(rows[state]))

    def _offers_within(
        self, part: tuple[int, ...], members: set[int], minute: int, ways: Callable[[int], Iterator[tuple[int, int, int]]]
    ) -> int:
        """Return what can be taken while going round."""
        offers = 0
        for state in part:
            for edge, after, then in ways(state):
                if after in members and then == minute:
                    offers |= self.labels[self._label[edge]].offers
        return offers

    def _cuts(self) -> range:
        return range(self._last + 1)

    # -- what is known ------------------------------------------------------------------------

    @property
    def states(self) -> int:
        """How many states there are, of those that differ in what matters."""
        return len(self.bits)

    @property
    def edges(self) -> int:
        """How many ways on they have."""
        return len(self._to)

    def find(self, state: State) -> tuple[int, int] | None:
        """Return the number of a session's state, and its minute; None for one that cannot be reached."""
        at = self.graph.number[state.at].get(state.bits & self.graph.doors[state.at])
        if at is None:
            return None
        minute = min(state.bits >> self._shift, self._last)
        low = self.live.low(at, state.bits)
        if not self._sets and self.live.timed[at]:
            low |= minute << self._shift
        number = self._known[at].get(low)
        return None if number is None else (number, minute if self.live.timed[at] else 0)

    def ahead_of(self, state: State) -> Outlook | None:
        """Return what lies ahead of a state; None where no ending can be reached."""
        found = self.find(state)
        if found is None:
            return None
        number, minute = found
        return self.futures.outlooks[self.futures.outlook_number(self.future[number], minute)]

    def ahead(self, session: Session) -> Outlook | None:
        """Return what lies ahead of a moment of a session; None where no ending can be reached."""
        return self.ahead_of(session.state)


def _first(minutes: int) -> int:
    return (minutes & -minutes).bit_length() - 1
