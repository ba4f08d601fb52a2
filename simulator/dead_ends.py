"""Moments from which no ending can be reached any more: nothing is left to do, or only going round in circles.

Both are proven by the states of a case, and told with the shortest way to one of them: an author who can play
a mistake has half mended it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator

from simulator.control import strong_components
from simulator.explore import Exploration
from simulator.flaw import Flaw, place_of
from simulator.future import NO_WAY
from simulator.problem import Severity
from simulator.session import Event
from simulator.state import State
from simulator.wording import said

Moment = tuple[int, int]
"""The number of a state, and a minute in which it is reached; 0 where minutes do not matter."""


class DeadEnds:
    """The moments of a case from which no ending can be reached."""

    def __init__(self, exploration: Exploration) -> None:
        self._exploration = exploration
        futures = exploration.futures
        hopeless = {number for number, row in enumerate(futures.rows) if any(outlook == NO_WAY for _, outlook in row)}
        self._lost: set[Moment] = {
            (state, minute)
            for state, future in enumerate(exploration.future)
            if future in hopeless
            for minute in minutes_of(exploration, state)
            if futures.outlook_number(future, minute) == NO_WAY
        }

    def flaws(self) -> Iterator[Flaw]:
        """Yield a flaw for each scene in which nothing is left to do, and for each circle without a way out."""
        if not self._lost:
            return
        ways = {moment: self._ways_on(moment) for moment in self._lost}
        stuck = {moment for moment in self._lost if not ways[moment]}
        from_stuck = self._leading_to(stuck, ways)
        around = self._lost - from_stuck
        before = self._shortest_ways()
        told: set[int] = set()
        for moment in before:
            if moment in stuck and self._node(moment) not in told:
                told.add(self._node(moment))
                yield self._nothing_left(moment, before)
        yield from self._circles(around, ways, before)

    def _nothing_left(self, moment: Moment, before: dict[Moment, Moment | None]) -> Flaw:
        name = self._name(moment)
        message = f"in {_scenes([name])} nothing can be done any more{self._way(moment, before)}"
        hint = "give it a response that is always on offer, such as one with `again: true` that leads on"
        return Flaw("no-way-on", ("scenes", place_of(name)), message, hint, Severity.ERROR)

    def _circles(
        self, around: set[Moment], ways: dict[Moment, list[Moment]], before: dict[Moment, Moment | None]
    ) -> Iterator[Flaw]:
        scenes = list(self._exploration.scenario.scenes)
        listed = sorted(around)
        number = {moment: place for place, moment in enumerate(listed)}
        parts = strong_components(range(len(listed)), lambda place: [number[to] for to in ways[listed[place]]])
        groups = [[listed[place] for place in part] for part in parts]
        circles = {moment: place for place, group in enumerate(groups) for moment in group}
        last = {
            place
            for place, group in enumerate(groups)
            if all(circles[to] == place for each in group for to in ways[each])
        }
        told: set[frozenset[str]] = set()
        for moment in before:
            if circles.get(moment) not in last:
                continue
            names = frozenset(self._name(each) for each in groups[circles[moment]])
            if names in told:
                continue
            told.add(names)
            inside = sorted(names, key=scenes.index)
            message = f"whoever is in {_scenes(inside)} now can never leave{self._way(moment, before)}"
            hint = "give one of them a way on that is open however often somebody has been there"
            yield Flaw("endless-loop", ("scenes", place_of(inside[0])), message, hint, Severity.ERROR)

    # -- finding the way ----------------------------------------------------------------------

    def _shortest_ways(self) -> dict[Moment, Moment | None]:
        """Return every moment that can be reached, nearest first, and the one before it on a shortest way."""
        exploration = self._exploration
        first = exploration.start, next(minutes_of(exploration, exploration.start))
        before: dict[Moment, Moment | None] = {first: None}
        waiting = deque([first])
        while waiting:
            moment = waiting.popleft()
            for to in self._ways_on(moment):
                if to not in before:
                    before[to] = moment
                    waiting.append(to)
        return before

    def _way(self, moment: Moment, before: dict[Moment, Moment | None]) -> str:
        events = ", ".join(said(event) for event in self._events(moment, before))
        return f"; the shortest way there: {events}" if events else ", from the very beginning"

    def _events(self, moment: Moment, before: dict[Moment, Moment | None]) -> Iterator[Event]:
        """Yield what has to be done to come to a moment."""
        exploration = self._exploration
        way: list[Moment] = []
        at: Moment | None = moment
        while at is not None:
            way.append(at)
            at = before[at]
        state: State = exploration.machine.start.state
        for to in reversed(way[:-1]):
            for each in exploration.decidable(exploration.graph.at(*state)).ways(state.bits):
                after = exploration.machine.step(state, each.move).state
                if exploration.find(after) == to:
                    yield each.event
                    state = after
                    break

    @staticmethod
    def _leading_to(stuck: set[Moment], ways: dict[Moment, list[Moment]]) -> set[Moment]:
        """Return the moments from which one of these can be reached, these included."""
        backwards: dict[Moment, list[Moment]] = {}
        for moment, following in ways.items():
            for to in following:
                backwards.setdefault(to, []).append(moment)
        found, waiting = set(stuck), list(stuck)
        while waiting:
            for each in backwards.get(waiting.pop(), ()):
                if each not in found:
                    found.add(each)
                    waiting.append(each)
        return found

    def _ways_on(self, moment: Moment) -> list[Moment]:
        return [(to, minute) for to, _, minute in self._exploration.ways_on(*moment)]

    def _node(self, moment: Moment) -> int:
        return self._exploration.graph.nodes[self._exploration.at[moment[0]]].node

    def _name(self, moment: Moment) -> str:
        return self._exploration.machine.nodes[self._node(moment)].name


def minutes_of(exploration: Exploration, state: int) -> Iterator[int]:
    """Yield the minutes in which a state is reached; only 0 where they do not matter."""
    minutes = exploration.minutes_at(state)
    while minutes:
        lowest = minutes & -minutes
        yield lowest.bit_length() - 1
        minutes ^= lowest


def _scenes(names: Iterable[str]) -> str:
    """Name scenes in a sentence; one of a visit by the scene that visits."""
    shown = [f"`{name}`" for name in names]
    return ", ".join(shown[:-1]) + (" and " if len(shown) > 1 else "") + shown[-1]
