"""Everything that can become of a small case, found by playing all of it: what exploring it is compared with.

Plays on the format as it is written a second time (`naive_play`), one thing after another, and remembers whole
worlds by name: nothing is left out because it might not matter, and nothing is shared with the explorer. What
lies ahead is then handed back from move to move until nothing changes any more.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass, field
from itertools import combinations, permutations
from typing import NamedTuple

from scoring.rubric import DIMENSIONS, Level, Mark, Rubric
from simulator.explore import Exploration
from simulator.scenario import Scenario
from simulator.session import Chose, Consulted, Event, Ranked, Read, Selected, Session, Wrote, start
from simulator.state import State
from tests.naive_play import World

BEYOND = 10
"""No condition of a case that is played here asks for a time later than so many minutes after its last point."""


class TooMany(Exception):
    """There are more worlds than were allowed."""


class Ahead(NamedTuple):
    """What can still become of a world, over all plays that come to an ending; by name."""

    low: tuple[int, ...]
    high: tuple[int, ...]
    endings: frozenset[str]
    offers: frozenset[tuple[str, str]]
    """Responses and options that can still be taken, with their scene."""
    kept_out: frozenset[str]
    """The criticals that some way to an ending does not raise."""


class Done(NamedTuple):
    """One thing that was done in a world."""

    event: Event
    to: int
    gain: tuple[int, ...]
    taken: frozenset[tuple[str, str]]
    raised: frozenset[str]


@dataclass
class Played:
    """A case, played in every way there is."""

    worlds: list[World] = field(default_factory=list)
    """Every world that can be reached, the first one first."""
    done: list[list[Done]] = field(default_factory=list)
    """What can be done in each."""
    ahead: list[Ahead | None] = field(default_factory=list)
    """What lies ahead of each; None: no ending can be reached."""
    sessions: list[Session] = field(default_factory=list)
    """A session that stands at each."""

    @property
    def stuck(self) -> list[bool]:
        """Whether there is nothing to do in each, though it is not over."""
        return [not done and world.scene is not None for world, done in zip(self.worlds, self.done, strict=True)]

    def has_circle(self) -> bool:
        """Whether one can come back to a world."""
        before: list[set[int]] = [set() for _ in self.worlds]
        ways = [{each.to for each in done} for done in self.done]
        for number, each in enumerate(ways):
            for to in each:
                before[to].add(number)
        over = [number for number, each in enumerate(ways) if not each]
        for number in over:
            for source in before[number]:
                ways[source].discard(number)
                if not ways[source]:
                    over.append(source)
        return len(over) < len(ways)


def play_all(scenario: Scenario, rubric: Rubric, most: int) -> Played:
    """Play a case in every way.

    Raises:
        TooMany: it has more than `most` worlds.
    """
    first = World(scenario)
    first.begin()
    played = Played([first])
    known = {_whole(first): 0}
    worth = _worth(rubric)
    for world in played.worlds:
        done: list[Done] = []
        played.done.append(done)
        for event in _events(world):
            after = _copy(world)
            taken = _do(after, event)
            whole = _whole(after)
            number = known.setdefault(whole, len(played.worlds))
            if number == len(played.worlds):
                if number == most:
                    raise TooMany
                played.worlds.append(after)
            gains = [worth[mark] for _, _, marks, _ in after.given for mark in marks]
            gain = tuple(map(sum, zip(*gains, strict=True))) if gains else (0,) * len(DIMENSIONS)
            done.append(Done(event, number, gain, taken, frozenset(after.criticals)))
    played.ahead = _hand_back(scenario, played)
    played.sessions = _sessions(scenario, played)
    return played


# -- playing --------------------------------------------------------------------------------------


def _events(world: World) -> Iterator[Event]:
    """Yield everything that can be done."""
    here, scene = world.at, world.scene
    if scene is None:
        return
    yield from (Chose(here, name) for name in sorted(world.offered()))
    yield from (Read(here, name) for name in sorted(world.unread()))
    if world.can_consult():
        yield Consulted(here)
    if scene.write:
        yield Wrote(here, "")
    if scene.select:
        least, most = world.limits()
        offered = [name for name in scene.select.options if name in world.options()]
        for count in range(least, most + 1):
            yield from (Selected(here, picked) for picked in combinations(offered, count))
    if scene.rank:
        yield from (Ranked(here, order) for order in permutations(scene.rank.items))


def _do(world: World, event: Event) -> frozenset[tuple[str, str]]:
    """Do it; return the responses and options that were taken."""
    world.do(event)
    match event:
        case Chose(scene, name):
            return frozenset({(scene, name)})
        case Selected(scene, names):
            return frozenset((scene, name) for name in names)
        case _:
            return frozenset()


def _copy(world: World) -> World:
    other = copy(world)
    other.facts, other.read, other.visited = set(world.facts), set(world.read), set(world.visited)
    other.consulted, other.left_out, other.ordered = set(world.consulted), set(world.left_out), set(world.ordered)
    other.counted, other.raised = set(world.counted), set(world.raised)
    other.judged, other.missed, other.broken_in = set(world.judged), set(world.missed), set(world.broken_in)
    other.feelings, other.chosen = dict(world.feelings), dict(world.chosen)
    return other


def _whole(world: World) -> tuple[object, ...]:
    """Return everything that a world is.

    Two things would go on for ever, and are counted only as far as anything can ask: minutes, and how often
    something was taken that can be taken without end.
    """
    clock = world.scenario.clock
    latest = max(clock.points.values()) - clock.start + BEYOND if clock else 0
    chosen = []
    for name, count in world.chosen.items():
        scene, _, response = name.rpartition("/")
        found = world.scenario.scenes[scene].responses.get(response)
        chosen.append((name, 1 if found and found.times is None else count))
    sets = [world.facts, world.read, world.visited, world.consulted, world.left_out, world.ordered, world.counted]
    sets += [world.judged, world.missed, world.broken_in]
    return (
        world.at,
        world.back,
        world.phase,
        min(world.minutes, latest),
        *map(frozenset, sets),
        frozenset(world.raised),
        frozenset(chosen),
        tuple(world.feelings.items()),
    )


def _worth(rubric: Rubric) -> dict[str, tuple[int, ...]]:
    """Return the points of every mark that a rubric knows."""
    marks = [Mark(indicator, level) for indicator in rubric.indicators for level in Level]
    return {str(mark): rubric.points_of((mark,)) for mark in marks}


def _sessions(scenario: Scenario, played: Played) -> list[Session]:
    """Do the same in sessions; each that is compared with these worlds is asked about all of them."""
    sessions = {0: start(scenario)}
    for number, done in enumerate(played.done):
        for each in done:
            if each.to not in sessions:
                sessions[each.to] = sessions[number].act(each.event)
    return [sessions[number] for number in range(len(played.worlds))]


# -- handing back ---------------------------------------------------------------------------------


def _hand_back(scenario: Scenario, played: Played) -> list[Ahead | None]:
    """Return what lies ahead of every world: from the endings back, until nothing changes."""
    ahead: list[Ahead | None] = [None] * len(played.worlds)
    before: list[set[int]] = [set() for _ in played.worlds]
    for number, each in enumerate(played.done):
        for done in each:
            before[done.to].add(number)
    nothing = (0,) * len(DIMENSIONS)
    waiting: deque[int] = deque()
    for number, world in enumerate(played.worlds):
        if world.at in scenario.endings:
            ahead[number] = Ahead(nothing, nothing, frozenset({world.at}), frozenset(), frozenset(scenario.criticals))
            waiting.extend(before[number])
    while waiting:
        number = waiting.popleft()
        found = ahead[number]
        for done in played.done[number]:
            behind = ahead[done.to]
            if behind is not None:
                found = _either(found, _through(done, behind))
        if found != ahead[number]:
            ahead[number] = found
            waiting.extend(before[number])
    return ahead


def _through(done: Done, behind: Ahead) -> Ahead:
    return Ahead(
        tuple(gain + rest for gain, rest in zip(done.gain, behind.low, strict=True)),
        tuple(gain + rest for gain, rest in zip(done.gain, behind.high, strict=True)),
        behind.endings,
        behind.offers | done.taken,
        behind.kept_out - done.raised,
    )


def _either(one: Ahead | None, other: Ahead) -> Ahead:
    if one is None:
        return other
    return Ahead(
        tuple(map(min, one.low, other.low)),
        tuple(map(max, one.high, other.high)),
        one.endings | other.endings,
        one.offers | other.offers,
        one.kept_out | other.kept_out,
    )


# -- comparing ------------------------------------------------------------------------------------


def compared(played: Played, exploration: Exploration) -> Iterator[str]:
    """Yield everything in which exploring a case differs from playing all of it, in words."""
    met: set[int] = set()
    stuck: set[int] = set()
    for number, session in enumerate(played.sessions):
        place = exploration.find(session.state)
        way = " ".join(map(str, session.events)) or "the start"
        if place is None:
            yield f"it does not know the state after {way}"
            continue
        met.add(place[0])
        told = in_words(exploration, session.state)
        if told != played.ahead[number]:
            yield f"after {way} there lies {told} ahead instead of {played.ahead[number]}"
        if played.stuck[number]:
            stuck.add(place[0])
    if len(met) != exploration.states:
        yield f"it has {exploration.states} states, of which {len(met)} can be reached"
    if stuck != set(exploration.stuck):
        yield f"there is no way on from {sorted(stuck)}, and it says so of {sorted(exploration.stuck)}"


def in_words(exploration: Exploration, state: State) -> Ahead | None:
    """Return what lies ahead of a state, by name."""
    outlook = exploration.ahead_of(state)
    if outlook is None:
        return None
    scenario, offers = exploration.scenario, exploration.offers_ahead(state)
    return Ahead(
        outlook.low,
        outlook.high,
        frozenset(name for number, name in enumerate(scenario.endings) if outlook.endings >> number & 1),
        frozenset(name for name, bit in exploration.places.bit.items() if offers & bit),
        frozenset(name for number, name in enumerate(scenario.criticals) if outlook.kept_out >> number & 1),
    )


def every_way_compared(played: Played, exploration: Exploration) -> Iterator[str]:
    """Yield where what can be decided at a moment, and its worth, is not what playing finds.

    Orders are not told apart by name: there is one for each thing that they may set and gain.
    """
    machine = exploration.machine
    told: dict[State, Ahead | None] = {}
    for session, done in zip(played.sessions, played.done, strict=True):
        state = session.state
        expected = set()
        for each in done:
            name = "order" if isinstance(each.event, Ranked) else str(each.event)
            expected.add((name, each.gain, each.raised, played.ahead[each.to]))
        found = set()
        for way in exploration.decidable(exploration.graph.at(*state)).every(state.bits):
            step = machine.step(state, way.move)
            past = step.awards[len(way.move.awards(state.bits)) :]
            more = exploration.rubric.points_of(tuple(mark for award in past for mark in award.marks))
            gain = tuple(one + other for one, other in zip(way.low, more, strict=True))
            name = "order" if isinstance(way.event, Ranked) else str(way.event)
            if step.state not in told:
                told[step.state] = in_words(exploration, step.state)
            found.add((name, gain, frozenset(step.criticals), told[step.state]))
            if way.low != way.high:
                yield f"{way.event} gains from {way.low} to {way.high} after {session.events}"
        if found != expected:
            yield f"after {session.events} there is {found ^ expected} in one of them only"
