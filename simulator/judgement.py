"""Where marks contradict what they are worth: judgements about a case that its author may well decide otherwise.

A response marked best should be the right thing at some moment, and a harmful one should cost something. What
a response costs is known exactly once a case has been explored, so both can be asked at every moment.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from scoring.rubric import DIMENSIONS, Level, Mark, dimension_of
from simulator.dead_ends import minutes_of
from simulator.decidable import Points
from simulator.explore import Exploration
from simulator.flaw import Flaw, Where, place_of
from simulator.future import Outlook
from simulator.machine import Node
from simulator.problem import Severity
from simulator.scenario import MarkRule, Response, Scenario
from simulator.watched import read_anywhere

FARMED_FROM = 3
"""So many responses of a scene with the same mark, and without any consequence, are more than chance."""


class Judgement:
    """What the marks of a case come to."""

    def __init__(self, exploration: Exploration, met: Iterable[int]) -> None:
        """Judge by all states, and by the bits in which plays ended."""
        self._exploration = exploration
        self._scenario = exploration.scenario
        self._rubric = exploration.rubric
        self._met = tuple(met)

    def flaws(self) -> Iterator[Flaw]:
        """Yield what is worth a look."""
        yield from self._ranges()
        yield from self._contradictions()
        yield from self._farms()

    # -- ranges -------------------------------------------------------------------------------

    def _ranges(self) -> Iterator[Flaw]:
        """Yield dimensions that are marked and come out the same, or hang on a single response."""
        exploration = self._exploration
        outlook = exploration.ahead_of(exploration.machine.start.state)
        if outlook is None:
            return
        givers: dict[str, dict[Where, bool]] = {name: {} for name in DIMENSIONS}
        nodes = exploration.machine.nodes
        reached = {nodes[exploration.graph.nodes[at].node].name for at in set(exploration.at)}
        own: dict[str, Where] = {}
        for scene, where, alone, marks in _given(self._scenario):
            # Of shared scenes all come along, and what they are marked on is not for this case to decide.
            for mark in marks if scene in reached or "." not in scene else ():
                givers[dimension_of(mark.indicator)][where] = alone
                if "." not in scene:
                    own.setdefault(dimension_of(mark.indicator), where)
        for number, name in enumerate(DIMENSIONS):
            if name not in own:
                continue
            where, alone = own[name], givers[name][own[name]]
            if outlook.low[number] == outlook.high[number]:
                hint = "mark something on it that a trainee can do well or badly, or leave these marks out"
                message = f"everybody gets the same on {name}, whatever they do, so it cannot be assessed"
                yield Flaw("no-range", where, message, hint, Severity.ADVICE)
            elif len(givers[name]) == 1 and alone:
                message = f"`{where[-1]}` alone decides on {name}: nothing else in the case is marked on it"
                hint = f"mark other responses on {name} as well, so that one slip is not the whole result"
                yield Flaw("decides-alone", where, message, hint, Severity.ADVICE)

    # -- what a response costs ----------------------------------------------------------------

    def _contradictions(self) -> Iterator[Flaw]:
        states: dict[int, list[int]] = {}
        nodes = self._exploration.graph.nodes
        for state, at in enumerate(self._exploration.at):
            states.setdefault(nodes[at].node, []).append(state)
        for node in self._exploration.machine.nodes:
            scene = node.scene
            if scene is None or "." in scene.id or node.index not in states:
                continue
            for response in scene.responses.values():
                levels = {mark.level for rule in response.marks for mark in rule.marks}
                if levels == {Level.BEST}:
                    yield from self._costly(node, response, states[node.index])
                elif Level.HARMFUL in levels:
                    yield from self._free(node, response, states[node.index])

    def _costly(self, node: Node, response: Response, states: Iterable[int]) -> Iterator[Flaw]:
        """Yield a flaw if a response that is only marked best costs something whenever it can be taken."""
        least: Points | None = None
        for bits, regrets in self._moments(node, response, states):
            if not node.moves[response.id].awards(bits):
                continue
            mine = regrets[response.id]
            kept = min(max(each) for each in regrets.values())
            # What costs no more than from best to acceptable is called good, and contradicts nothing.
            if max(mine) - kept <= self._rubric.labels.good:
                return
            if least is None or max(mine) < max(least):
                least = mine
        if least is None:
            return
        costs = [f"{points} of {name}" for name, points in zip(DIMENSIONS, least, strict=True) if points > 0]
        message = f"`{response.id}` is marked best, and still costs {' and '.join(costs)} whenever it can be taken"
        hint = "something else on offer there is worth more in the end: look at its marks, and at what this leads to"
        where = ("scenes", node.name, "responses", response.id)
        yield Flaw("best-that-costs", where, message, hint, Severity.ADVICE)

    def _free(self, node: Node, response: Response, states: Iterable[int]) -> Iterator[Flaw]:
        """Yield a flaw if a response that is marked harmful costs nothing on that dimension at any moment."""
        dimensions: set[str] | None = None
        for bits, regrets in self._moments(node, response, states):
            given = [mark for award in node.moves[response.id].awards(bits) for mark in award.marks]
            harmed = {dimension_of(mark.indicator) for mark in given if mark.level is Level.HARMFUL}
            if not harmed:
                continue
            free = {name for name, points in zip(DIMENSIONS, regrets[response.id], strict=True) if points <= 0}
            dimensions = (harmed if dimensions is None else dimensions) & free
            if not dimensions:
                return
        for name in DIMENSIONS:
            if name in (dimensions or ()):
                message = f"`{response.id}` is marked harmful on {name}, and costs nothing there"
                hint = "whoever takes it can still get the best result: offer something better, or look at the marks"
                where = ("scenes", node.name, "responses", response.id)
                yield Flaw("harmful-that-is-free", where, message, hint, Severity.ADVICE)

    def _moments(
        self, node: Node, response: Response, states: Iterable[int]
    ) -> Iterator[tuple[int, dict[str, Points]]]:
        """Yield moments at which a response is one of several: the bits, and what each of these costs."""
        exploration = self._exploration
        bit = exploration.places.bit[node.name, response.id]
        names = {exploration.places.bit[node.name, name]: name for name in node.moves}
        shift = exploration.machine.layout.minutes
        taken = node.moves[response.id].taken
        for state in states:
            bits = exploration.bits[state] | exploration.graph.nodes[exploration.at[state]].doors
            edges = [(to, label) for to, label in exploration.edges_of(state) if label.offers in names]
            if bits & taken or all(label.offers != bit for _, label in edges):
                continue
            for minute in minutes_of(exploration, state):
                best = self._outlook(state, minute)
                regrets: dict[str, Points] = {}
                for to, label in edges if best is not None else ():
                    if best is None or not label.start <= minute < label.stop:
                        continue
                    behind = self._outlook(to, exploration.then(to, minute, label.spent))
                    if behind is not None:
                        regrets[names[label.offers]] = tuple(
                            [a - b - c for a, b, c in zip(best.high, label.high, behind.high, strict=True)]
                        )
                if response.id in regrets and len(regrets) > 1:
                    yield bits | minute << shift, regrets

    def _outlook(self, state: int, minute: int) -> Outlook | None:
        futures = self._exploration.futures
        return futures.outlooks[futures.outlook_number(self._exploration.future[state], minute)]

    # -- going round --------------------------------------------------------------------------

    def _farms(self) -> Iterator[Flaw]:
        """Yield scenes in which the same mark is collected by response after response, with no other consequence."""
        chosen = {each.name for each in read_anywhere(self._scenario) if each.kind == "chose"}
        layout = self._exploration.machine.layout
        clock = any(self._exploration.live.timed)
        for scene in self._scenario.scenes.values():
            alike: dict[Mark, list[str]] = {}
            for response in scene.responses.values() if "." not in scene.id else ():
                idle = not (response.when or response.sets or response.clears or response.feels)
                idle = idle and response.times in (1, None) and not (clock and response.minutes)
                if not idle or f"{scene.id}/{response.id}" in chosen:
                    continue
                for mark in _always(response.marks):
                    if mark.level in (Level.BEST, Level.ACCEPTABLE):
                        alike.setdefault(mark, []).append(response.id)
            for mark, names in alike.items():
                bits = sum(layout.chose[scene.id, name].mask << layout.chose[scene.id, name].shift for name in names)
                if len(names) < FARMED_FROM or not any(_has_all(met, bits) for met in self._met):
                    continue
                shown = ", ".join(f"`{name}`" for name in names)
                message = f"`{mark.indicator}: {mark.level}` is given {len(names)} times for coming back: by {shown}"
                hint = "nothing else comes of these: give the mark once, for what they come to together"
                yield Flaw("farmed-marks", ("scenes", place_of(scene.id)), message, hint, Severity.ADVICE)


def _has_all(bits: int, wanted: int) -> bool:
    return bits & wanted == wanted


def _always(rules: tuple[MarkRule, ...]) -> tuple[Mark, ...]:
    return rules[0].marks if rules and rules[0].when is None else ()


def _given(scenario: Scenario) -> Iterator[tuple[str, Where, bool, tuple[Mark, ...]]]:
    """Yield everything that gives marks: in which scene, where, whether it is a response, and the marks."""
    for name, scene in scenario.scenes.items():
        here: Where = ("scenes", name)
        for each, response in scene.responses.items():
            yield from ((name, (*here, "responses", each), True, rule.marks) for rule in response.marks)
        for each, option in scene.select.options.items() if scene.select else ():
            where = (*here, "select", "options", each)
            yield from ((name, where, False, rule.marks) for rule in (*option.marks, *option.left))
        # Either way round stands in one entry, so they are not counted apart.
        for pair in scene.rank.pairs if scene.rank else ():
            yield name, (*here, "rank", "pairs"), False, pair.marks
        for number, outcome in enumerate(scene.outcomes):
            yield name, (*here, "outcomes", number), False, outcome.marks
    for name, ending in scenario.endings.items():
        for number, outcome in enumerate(ending.outcomes):
            yield name, ("endings", name, "outcomes", number), False, outcome.marks
