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
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from functools import reduce
from itertools import pairwise
from operator import or_

from scoring.rubric import Rubric
from simulator.control import TooMany, strong_components
from simulator.cost import costly
from simulator.decidable import Decidable, Places, Way, plus
from simulator.future import NO_WAY, Label
from simulator.liveness import ALL, Reductions
from simulator.move import Awards
from simulator.outlooks import Outlooks
from simulator.scenario import Scenario
from simulator.state import State

MOST_STATES = 2_000_000
MOST_SECONDS = 30.0
_LOOK_AT_CLOCK = 1024
"""States between two looks at the clock, and two reports of how far it is."""

Led = tuple[int, int, int, int]
"""A way on that was taken in time: its place among those on offer, from which minute on, the state, the label."""
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


class Exploration(Outlooks):
    """A case, walked to its last state."""

    def __init__(
        self,
        scenario: Scenario,
        rubric: Rubric,
        *,
        most: int = MOST_STATES,
        seconds: float = MOST_SECONDS,
        made: Reductions = ALL,
        report: Report | None = None,
    ) -> None:
        """Walk it.

        Raises:
            Unfinished: that takes more states or seconds than allowed.
        """
        try:
            super().__init__(scenario, made)
        except TooMany:
            raise Unfinished(0, ("what time brings: interrupts and tasks that fall due",)) from None
        self.rubric = rubric
        self.places = Places(self.machine)
        self._made = made
        self._sets = made.clock and scenario.clock is not None
        """Whether minutes are carried along as a set."""
        self._shift = self.machine.layout.minutes
        # Looked up once here: these are asked for at every step.
        self._masks, self._merges, self._doors = self.live.masks, self.live.merges, self.graph.doors
        self._only = [known.get(0, 0) for known in self.graph.number]
        self._last = self.live.last_minute
        self._stretches: dict[int, tuple[list[int], list[int]]] = {}
        """The minutes at which something changes that is asked at a control node, before and after a decision."""
        self._decidable: dict[int, Decidable] = {}
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
        self._plain: dict[tuple[int, int, int] | int, int] = {}
        """The number of a way's label where it leads past nothing, by identity: ways are kept as long as this is."""
        self._criticals = {name: 1 << number for number, name in enumerate(scenario.criticals)}
        self._endings = {name: number for number, name in enumerate(scenario.endings)}
        self._report = report
        self._deadline = time.monotonic() + seconds
        self._most = most
        self.stuck: list[int] = []
        """States with no way on, in some minute that they are reached in."""
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
        self._circles = [self._is_circle(group) for group in graph.groups]
        for number, (group, waiting) in enumerate(zip(graph.groups, self._waiting, strict=True)):
            settles = self._circles[number] and self._sets and self.live.timed[group[0]]
            led = self._settle(waiting) if settles else {}
            for count, state in enumerate(self._in_turn(group, waiting, self._circles[number])):
                self._go_on(state, led.pop(state, None))
                if count % _LOOK_AT_CLOCK == 0:
                    self._look_at_budget()

    def _is_circle(self, group: tuple[int, ...]) -> bool:
        """Whether the states of a group may come back to each other; doing what can be done once is no way back."""
        if len(group) > 1:
            return True
        (at,) = group
        return any(at in follow.to and not follow.act.once & self.live.masks[at] for follow in self.graph.follows[at])

    def _in_turn(self, group: tuple[int, ...], waiting: list[int], circle: bool) -> Iterator[int]:
        """Yield the states of a group, each when everything that leads to it has been; of a circle, as they come."""
        once = 0
        for follow in self.graph.follows[group[0]]:
            once |= follow.act.once if group[0] in follow.to else 0
        if circle or not once:
            yield from waiting
            return
        # What can be done once leads from states in which less of it is done to those in which more is.
        bits, seen = self.bits, 0
        turns: list[list[int]] = [[] for _ in range(once.bit_count() + 1)]
        for turn in turns:
            for state in waiting[seen:]:
                turns[(bits[state] & once).bit_count()].append(state)
            seen = len(waiting)
            yield from turn
        waiting[:] = [state for turn in turns for state in turn]

    def _settle(self, waiting: list[int]) -> dict[int, set[Led]]:
        """Find all minutes in which the states of a circle are reached, and where each leads in these."""
        changed = list(waiting)
        done: dict[int, int] = {}
        led: dict[int, set[Led]] = {}
        for count, state in enumerate(changed):
            fresh = self._minutes.get(state, 1) & ~done.get(state, 0)
            if not fresh:
                continue
            done[state] = self._minutes.get(state, 1)
            place = self._place[self.at[state]]
            found = self._steps_in_time(state, fresh)
            led.setdefault(state, set()).update(found)
            for _, _, to, _ in found:
                if self._place[self.at[to]] == place:
                    changed.append(to)
            if count % _LOOK_AT_CLOCK == 0:
                self._look_at_budget()
        return led

    def _go_on(self, state: int, led: set[Led] | None = None) -> None:
        """Note every way on from a state; `led` are those that are known already."""
        begin = len(self._to)
        if self._sets and self.live.timed[self.at[state]]:
            shut = self._minutes[state]
            # In the author's order, and earlier before later.
            found = sorted(led) if led is not None else self._steps_in_time(state, shut)
            self._to.extend([to for _, _, to, _ in found])
            self._label.extend([label for _, _, _, label in found])
            # A way on may be open in some of these minutes only.
            for label in {label for _, _, _, label in found}:
                shut &= -1 << self.labels[label].stop | (1 << self.labels[label].start) - 1
        else:
            self._steps(state)
            shut = begin == len(self._to)
        self._begin[state], self._end[state] = begin, len(self._to)
        if shut and self.machine.nodes[self.graph.nodes[self.at[state]].node].ending is None:
            self.stuck.append(state)

    def _steps(self, state: int) -> None:
        """Note every way on from a state in which the clock does not matter."""
        at = self.at[state]
        index, doors = self.graph.nodes[at]
        # Doors that nothing asks for any more are not kept with the state.
        bits = self.bits[state] | doors
        here = State(index, bits)
        decidable = self._decidable.get(at) or self.decidable(at)
        step, find, plain, sets = self.machine.step, self._find, self._plain, self._sets
        for way in decidable.ways(bits):
            after, awards, criticals = step(here, way.move)
            label = plain.get(id(way))
            if label is None or criticals or len(awards) != way.given:
                label = self._labelled(way, decidable, awards, criticals, 0, self._last + 1)
            to = find(after)
            if sets:
                self._minutes[to] = 1
            self._to.append(to)
            self._label.append(label)

    def _steps_in_time(self, state: int, minutes: int) -> list[Led]:
        """Return where a state leads in these minutes, and by which labels; note when that is reached."""
        at = self.at[state]
        index, doors = self.graph.nodes[at]
        bits = self.bits[state] | doors
        decidable = self._decidable.get(at) or self.decidable(at)
        before, after = self._stretches[at]
        step, find, plain, shift, end = self.machine.step, self._find, self._plain, self._shift, self._last + 1
        known, later, several = self._minutes, self._later, len(after)
        found = []
        for start, stop in _between((0, *before, end)):
            here = minutes & ((1 << stop) - (1 << start))
            if not here:
                continue
            for turn, way in enumerate(decidable.ways(bits | _first(here) << shift)):
                spent, left = way.spent, here
                while left:
                    # The minutes from here to where something asked after the decision changes are one.
                    minute = _first(left)
                    cut = bisect_right(after, minute + spent)
                    first = max(start, after[cut - 1] - spent) if cut else start
                    last = min(stop, after[cut] - spent) if cut < several else stop
                    now = left & ((1 << last) - 1)
                    left ^= now
                    stood, awards, criticals = step(State(index, bits | minute << shift), way.move)
                    to = find(stood)
                    label = plain.get((id(way), first, last) if last - first < end else id(way))
                    if label is None or criticals or len(awards) != way.given:
                        label = self._labelled(way, decidable, awards, criticals, first, last)
                    found.append((turn, first, to, label))
                    known[to] = known.get(to, 0) | later(to, now, spent)
        return found

    def _labelled(
        self,
        way: Way,
        decidable: Decidable,
        awards: Awards,
        criticals: tuple[str, ...],
        start: int,
        stop: int,
    ) -> int:
        """Return the number of the label of a way; it depends on what was led past."""
        past = decidable.gain(awards[way.given :])
        raised = 0
        for critical in criticals:
            raised |= self._criticals[critical]
        label = Label(plus(way.low, past), plus(way.high, past), way.offers, raised, start, stop, way.spent)
        number = self._numbers.get(label)
        if number is None:
            number = self._numbers[label] = len(self.labels)
            self.labels.append(label)
        if not raised and len(awards) == way.given:
            self._plain[(id(way), start, stop) if stop - start <= self._last else id(way)] = number
        return number

    def _arrive(self, state: State, minutes: int) -> int:
        number = self._find(state)
        if self._sets:
            self._minutes[number] = minutes if self.live.timed[self.at[number]] else 1
        return number

    def _find(self, state: State) -> int:
        """Return the number of a state, a new one if it is new."""
        node, bits = state
        doors = self._doors[node]
        at = self._only[node] if not doors else self.graph.number[node][bits & doors]
        low = bits & self._masks[at]
        for shift, mask, table in self._merges[at]:
            low += table[low >> shift & mask]
        if not self._sets and self.live.timed[at]:
            # The clock stops at the last minute that anything reads.
            low |= min(bits >> self._shift, self._last) << self._shift
        known = self.known[at]
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

    def decidable(self, at: int) -> Decidable:
        """Return what can be decided at a control node."""
        found = self._decidable.get(at)
        if found is None:
            node = self.machine.nodes[self.graph.nodes[at].node]
            self._stretches[at] = self.live.stretches(at)
            matters = self.live.told_apart(at) if self._made.options else -1
            asked = self.live.asked_here(at)
            found = Decidable(self.machine, self.rubric, node, self.places, asked=asked, matters=matters)
            self._decidable[at] = found
        return found

    def _look_at_budget(self) -> None:
        states = len(self.bits)
        if self._report is not None:
            self._report(states)
        if states > self._most or time.monotonic() > self._deadline:
            raise Unfinished(states, self._costly())

    def _costly(self) -> tuple[str, ...]:
        """Return what most states differ in: scenes with most states, and what varies most there."""
        return costly(self.machine, self.graph.nodes, self.at, self.bits)

    # -- handing back -------------------------------------------------------------------------

    def _hand_back(self) -> array[int]:
        """Return the future of every state."""
        future = array("I", bytes(4 * len(self.bits)))
        futures, labels, begin, end = self.futures, self.labels, self._begin, self._end
        to, label, fold = self._to, self._label, self.futures.fold
        every = (1 << len(self._criticals)) - 1
        walked = list(zip(self.graph.groups, self._waiting, self._circles, strict=True))
        for group, states, circle in reversed(walked):
            node = self.machine.nodes[self.graph.nodes[group[0]].node]
            if node.ending is not None:
                number = futures.ending(self._endings[node.name], every)
                for state in states:
                    future[state] = number
                continue
            if not circle:
                for state in reversed(states):
                    low, high = begin[state], end[state]
                    future[state] = fold(tuple([(label[edge], future[to[edge]]) for edge in range(low, high)]), labels)
                continue
            for ring in strong_components(states, self._follows_within(set(states))):
                first = ring[0]
                if len(ring) == 1 and first not in to[begin[first] : end[first]]:
                    future[first] = fold(
                        tuple([(label[edge], future[to[edge]]) for edge in range(begin[first], end[first])]), labels
                    )
                else:
                    self._round(ring, future)
        return future

    def _follows_within(self, states: set[int]) -> Callable[[int], list[int]]:
        """Return which of some states a state leads to."""
        to, begin, end = self._to, self._begin, self._end
        return lambda state: [each for each in to[begin[state] : end[state]] if each in states]

    def _round(self, circle: tuple[int, ...], future: array[int]) -> None:
        """Find the future of states that can come back to each other, minute by minute from the last.

        Only minutes in which a state is reached are looked at: between them nobody asks.
        """
        to, label, labels, futures = self._to, self._label, self.labels, self.futures
        within = set(circle)
        timed = self._sets and self.live.timed[self.at[circle[0]]]
        ways = {
            state: [
                (label[edge], labels[label[edge]], to[edge], to[edge] in within)
                for edge in range(self._begin[state], self._end[state])
            ]
            for state in circle
        }
        reached = {state: self._minutes.get(state, 1) if timed else 1 for state in circle}
        rests = any(inside and not each.spent for listed in ways.values() for _, each, _, inside in listed)
        rows: dict[int, list[tuple[int, int]]] = {state: [] for state in circle}
        latest: dict[tuple[int, int], int] = {}
        for minute in _descending(reduce(or_, reached.values())):
            standing = [state for state in circle if reached[state] >> minute & 1]

            def still(state: int, minute: int = minute) -> list[int]:
                return [
                    after
                    for _, each, after, inside in ways[state]
                    if inside
                    and each.start <= minute < each.stop
                    and (not timed or min(minute + each.spent, self._last) == minute)
                ]

            # Where time passes on every way, nobody comes back in the same minute, unless the clock has stopped.
            turns = rests or not timed or minute == self._last
            for part in strong_components(standing, still) if turns else ((state,) for state in standing):
                members = set(part)
                joined: set[tuple[int, int]] = set()
                for state in part:
                    for number, each, after, inside in ways[state]:
                        if not each.start <= minute < each.stop:
                            continue
                        then = min(minute + each.spent, self._last) if timed else 0
                        if after in members and then == minute:
                            continue
                        outlook = latest[after, then] if inside else futures.outlook_number(future[after], then)
                        joined.add((number, outlook))
                outlook = futures.join(tuple(sorted(joined)), labels)
                for state in part:
                    latest[state, minute] = outlook
                    rows[state].append((minute, outlook))
        for state in circle:
            runs = rows[state][::-1]
            future[state] = futures.row([(0, runs[0][1]), *runs])

    # -- what is known ------------------------------------------------------------------------

    @property
    def edges(self) -> int:
        """How many ways on the states have."""
        return len(self._to)

    def offers_ahead(self, state: State) -> int:
        """Return the responses and options that can still be taken on some way to an ending; bits by `places`."""
        found = self.find(state)
        if found is None:
            return 0
        offers, seen, waiting = 0, {found}, [found]
        while waiting:
            for to, label, then in self.ways_on(*waiting.pop()):
                if self.futures.outlook_number(self.future[to], then) == NO_WAY:
                    continue
                offers |= label.offers
                if (to, then) not in seen:
                    seen.add((to, then))
                    waiting.append((to, then))
        return offers

    def edges_of(self, number: int) -> Iterator[tuple[int, Label]]:
        """Yield where a state leads, by which label."""
        for edge in range(self._begin[number], self._end[number]):
            yield self._to[edge], self.labels[self._label[edge]]

    def futures_of(self, number: int) -> tuple[tuple[int, int], ...]:
        """Return the ways on of a state: the number of the label of each, and of the future that it leads to."""
        to, label, future = self._to, self._label, self.future
        return tuple([(label[edge], future[to[edge]]) for edge in range(self._begin[number], self._end[number])])

    def ways_on(self, number: int, minute: int) -> Iterator[tuple[int, Label, int]]:
        """Yield where a state leads at a minute, by which label, and the minute then."""
        for to, label in self.edges_of(number):
            if label.start <= minute < label.stop:
                yield to, label, self.then(to, minute, label.spent)

    def then(self, to: int, minute: int, spent: int) -> int:
        """Return the minute in which a state is reached, where it matters there."""
        return min(minute + spent, self._last) if self._sets and self.live.timed[self.at[to]] else 0

    def minutes_at(self, number: int) -> int:
        """Return the minutes in which a state is reached, a bit each."""
        return self._minutes.get(number, 1)

    def later(self, to: int, minutes: int, spent: int) -> int:
        """Return the minutes in which a state is reached from these, so much later."""
        return self._later(to, minutes, spent) if self._sets else 1

    def taken_somewhere(self) -> int:
        """Return the responses and options that are taken by some way on from some state; bits by `places`."""
        return reduce(or_, (label.offers for label in self.labels), 0)


def _between(bounds: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield each bound with the next."""
    return pairwise(bounds)


def _descending(minutes: int) -> Iterator[int]:
    """Yield minutes from a set of them, the last first."""
    while minutes:
        last = minutes.bit_length() - 1
        yield last
        minutes ^= 1 << last


def _first(minutes: int) -> int:
    return (minutes & -minutes).bit_length() - 1
