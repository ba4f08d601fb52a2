"""What exploring a case shows its author: ranges, endings and the shortest way to each, one balanced way through."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from scoring.rubric import Rubric
from simulator.balanced import model_path
from simulator.coverage import Tally
from simulator.decidable import NOTHING, Decidable, Places, Points
from simulator.explore import MOST_SECONDS, MOST_STATES, Exploration, Report, Unfinished
from simulator.outlooks import Outlooks
from simulator.random_plays import Player, seed_of
from simulator.scenario import Scenario
from simulator.session import Event, Session, start
from simulator.state import State

PLAYS = 2000
"""Random plays that shares are counted in, unless they take too long."""
MOST_SECONDS_PLAYED = 3.0
SEED = 1


@dataclass(frozen=True, slots=True)
class Reached:
    """An ending, and how one comes to it."""

    ending: str
    way: tuple[Event, ...] | None
    """The fewest decisions that lead to it; None: none do, or, in a case that was only sampled, none was met."""
    share: float
    """Of random plays, from 0 to 1."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What was looked at, all of it."""

    states: int
    edges: int
    control_nodes: int
    futures: int


@dataclass(frozen=True, slots=True)
class Solution:
    """What is known of a case as a whole."""

    scenario: Scenario
    proof: Proof | None
    """None: the budget ran out. What is below was sampled, and proves nothing."""
    found: int
    """States that were found before the budget ran out, or all of them."""
    costly: tuple[str, ...]
    """What multiplied states most, where the budget ran out."""
    low: Points
    """The least raw points; sampled: the least that was met."""
    high: Points
    endings: tuple[Reached, ...]
    never_taken: tuple[tuple[str, str], ...]
    """Scenes and responses or options of them that nobody can take; sampled: that nobody took."""
    never_met: tuple[str, ...]
    """Scenes that nobody can come to; sampled: that nobody came to."""
    stuck: tuple[tuple[Event, ...], ...]
    """The shortest way to each scene in which there is no way on."""
    model: tuple[Event, ...] | None
    """One balanced way; None: there is none without a critical, or it was not found."""
    model_sought: bool
    """Whether it was looked for to the end: if there is no model path then, every play raises a critical."""
    plays: int
    """Random plays that shares were counted in."""


def solve(
    scenario: Scenario,
    rubric: Rubric,
    *,
    most: int = MOST_STATES,
    seconds: float = MOST_SECONDS,
    report: Report | None = None,
) -> tuple[Solution, Outlooks | None]:
    """Explore a case, or beyond the budget play it at random; also returns what lies ahead of each state."""
    player = Player(scenario)
    tally = Tally(player, rubric)
    until = time.monotonic() + min(MOST_SECONDS_PLAYED, seconds)
    for number in range(PLAYS):
        tally.add(player.play(seed_of(SEED, number)))
        if time.monotonic() > until:
            break
    plays = tally.played
    counted = tally.coverage(SEED, plays)
    shares = {name: count / plays for name, count in counted.endings.items()}
    try:
        explored = Exploration(scenario, rubric, most=most, seconds=seconds, report=report)
    except Unfinished as error:
        met = {each.scene for each in (*counted.responses, *counted.options) if each.offered}
        points = [sorted(each) or [0] for each in counted.points.values()]
        sampled = Solution(
            scenario,
            None,
            error.states,
            error.costly,
            tuple(each[0] for each in points),
            tuple(each[-1] for each in points),
            tuple(Reached(name, None, shares.get(name, 0.0)) for name in scenario.endings),
            tuple((each.scene, each.name) for each in counted.missing),
            tuple(name for name, scene in scenario.scenes.items() if _decided(name, scenario) and name not in met),
            (),
            None,
            False,
            plays,
        )
        return sampled, None
    ways = Ways(explored)
    outlook = explored.ahead(start(scenario))
    taken = explored.taken_somewhere()
    nodes = {explored.graph.nodes[at].node for at in explored.at}
    names = {explored.machine.nodes[index].name for index in nodes}
    known = Places(explored.machine)
    model = model_path(explored, rubric)
    solution = Solution(
        scenario,
        Proof(explored.states, explored.edges, len(explored.graph.nodes), len(explored.futures.rows)),
        explored.states,
        (),
        outlook.low if outlook else NOTHING,
        outlook.high if outlook else NOTHING,
        tuple(Reached(name, ways.to_node(name), shares.get(name, 0.0)) for name in scenario.endings),
        tuple(name for name, bit in known.bit.items() if name[0] in names and not taken & bit),
        tuple(
            name
            for name, scene in scenario.scenes.items()
            # A visit brings all scenes of the shared file along, and need not come to each.
            # Nobody stands in a junction.
            if name not in names and "." not in name and not scene.junction
        ),
        tuple(way for name in _stuck_at(explored) for way in (ways.to_stuck(name),) if way is not None),
        model.way,
        model.sought,
        plays,
    )
    return solution, explored


def _decided(name: str, scenario: Scenario) -> bool:
    scene = scenario.scenes[name]
    return bool("." not in name and (scene.responses or scene.select))


def _stuck_at(explored: Exploration) -> list[str]:
    """Return the scenes in which there may be no way on."""
    nodes = {explored.graph.nodes[explored.at[state]].node for state in explored.stuck}
    return [explored.machine.nodes[index].name for index in sorted(nodes)]


class Ways:
    """The shortest ways to all that can be reached."""

    def __init__(self, explored: Exploration) -> None:
        """Walk from the start, decision by decision; minutes as sets, as exploring does."""
        self._explored = explored
        first = explored.find(explored.machine.start.state)
        assert first is not None  # noqa: S101 - exploring begins there
        self._layers: list[dict[int, int]] = [{first[0]: 1 << first[1]}]
        seen = dict(self._layers[0])
        while self._layers[-1]:
            layer: dict[int, int] = {}
            for state, minutes in self._layers[-1].items():
                for to, label in explored.edges_of(state):
                    now = minutes & ((1 << label.stop) - (1 << label.start))
                    if not now:
                        continue
                    fresh = explored.later(to, now, label.spent) & ~seen.get(to, 0)
                    if fresh:
                        seen[to] = seen.get(to, 0) | fresh
                        layer[to] = layer.get(to, 0) | fresh
            self._layers.append(layer)

    def to_node(self, name: str) -> tuple[Event, ...] | None:
        """Return the fewest decisions that lead to a scene or an ending; None: none do."""
        index = self._explored.machine.number[name]
        return self._to(lambda state: self._explored.graph.nodes[self._explored.at[state]].node == index)

    def to_state(self, wanted: int) -> tuple[Event, ...] | None:
        """Return the fewest decisions that lead to a state."""
        return self._to(lambda state: state == wanted)

    def to_stuck(self, name: str) -> tuple[Event, ...] | None:
        """Return the fewest decisions that lead to where there is no way on from a scene."""
        explored, index = self._explored, self._explored.machine.number[name]
        stuck = {each for each in explored.stuck if explored.graph.nodes[explored.at[each]].node == index}
        return self._to(stuck.__contains__, stuck=True)

    def _to(self, wanted: Callable[[int], bool], *, stuck: bool = False) -> tuple[Event, ...] | None:
        for depth, layer in enumerate(self._layers):
            for state, minutes in layer.items():
                if wanted(state):
                    for minute in _each(minutes):
                        if not stuck or not any(True for _ in self._explored.ways_on(state, minute)):
                            return self._back(state, minute, depth)
        return None

    def _back(self, state: int, minute: int, depth: int) -> tuple[Event, ...]:
        """Follow the layers back to the start, then play what was found."""
        trail = [(state, minute)]
        for layer in reversed(self._layers[:depth]):
            trail.append(next(self._before(layer, *trail[-1])))
        trail.reverse()
        session = start(self._explored.scenario)
        for step in trail[1:]:
            session = self._play(session, step)
        return session.events

    def _before(self, layer: Mapping[int, int], state: int, minute: int) -> Iterator[tuple[int, int]]:
        for before, minutes in layer.items():
            for to, label in self._explored.edges_of(before):
                if to != state:
                    continue
                now = minutes & ((1 << label.stop) - (1 << label.start))
                for each in _each(now):
                    if self._explored.then(to, each, label.spent) == minute:
                        yield before, each

    def _play(self, session: Session, wanted: tuple[int, int]) -> Session:
        """Decide what leads to a state."""
        explored = self._explored
        for way in deciding(explored, session.state).ways(session.state.bits):
            if explored.find(explored.machine.step(session.state, way.move).state) == wanted:
                return session.act(way.event)
        raise AssertionError("what was walked can be played")


def deciding(explored: Exploration, state: State) -> Decidable:
    """Return what can be decided where a state stands."""
    found = explored.find(state)
    assert found is not None  # noqa: S101 - asked of states that were reached
    return explored.decidable(explored.at[found[0]])


def _each(minutes: int) -> Iterator[int]:
    while minutes:
        low = minutes & -minutes
        yield low.bit_length() - 1
        minutes ^= low


def model_session(solution: Solution) -> Session | None:
    """Return the model path, played."""
    if solution.model is None:
        return None
    session = start(solution.scenario)
    for event in solution.model:
        session = session.act(event)
    return session
