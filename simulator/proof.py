"""What can never happen in a case, what always does, and what nobody can get out of: proven, or not claimed.

Random plays come first and show most of what can happen, cheaply. What they never showed is looked for in every
state that the case can reach; only what is in none of them is reported. Where that would take too long, nothing
is claimed but that it is not proven.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from scoring.rubric import Rubric
from simulator.builder import USUAL_FEELINGS
from simulator.condition import Compare, Condition, Quantity, Term, leaves
from simulator.dead_ends import DeadEnds
from simulator.decidable import Decidable
from simulator.explore import MOST_SECONDS, MOST_STATES, Exploration, Unfinished
from simulator.flaw import Flaw, Where
from simulator.judgement import Judgement
from simulator.paths import exits, unreached
from simulator.probes import with_probes
from simulator.problem import Severity
from simulator.random_plays import Player, seed_of
from simulator.scenario import DIRECTORY, HIGHEST, LOWEST, Scenario
from simulator.state import State
from simulator.watched import Asked, Kind, Watched, read_anywhere, timely

PLAYS = 2000
MOST_DECISIONS = 60_000
"""Decisions in all those plays; a long case is played less often."""
_AT_ONCE = 100
"""Plays between two looks at what has been seen."""
MOST_MOMENTS = 20_000
"""Moments of those plays at which a cue was met that are remembered."""
_LOOK_AT_CLOCK = 256
_LONGER = "what else was found is true, and more may be wrong; `--seconds 600` looks for longer"


class Budget(NamedTuple):
    """How much may be spent on proving."""

    states: int = MOST_STATES
    seconds: float = MOST_SECONDS


STANDARD = Budget()


class Proven(NamedTuple):
    """What came of proving."""

    flaws: tuple[Flaw, ...]
    exploration: Exploration | None
    """Every state; None where there are too many, or where somebody cannot get to an ending."""
    finished: bool
    """Whether everything was looked at that is looked for."""


def prove(scenario: Scenario, rubric: Rubric, budget: Budget = STANDARD) -> Proven:
    """Return everything that is surely wrong with a case, or that it could not be proven."""
    flaws = list(_never_read(scenario))
    plays = Plays(scenario)
    exploration: Exploration | None = None
    try:
        exploration = Exploration(scenario, rubric, most=budget.states, seconds=budget.seconds)
        flaws += Proof(exploration, plays, budget).flaws()
    except Unfinished as unfinished:
        flaws.append(_not_proven(unfinished))
    if any(flaw.severity is Severity.ERROR for flaw in flaws):
        exploration = None
    finished = exploration is not None and all(flaw.code != "not-proven" for flaw in flaws)
    return Proven(tuple(flaws), exploration, finished)


def _not_proven(unfinished: Unfinished) -> Flaw:
    message = f"not proven what can be reached and left: after {unfinished.states:,} states there were more to look at"
    if unfinished.costly:
        message += f"; what makes them so many: {unfinished.costly[0]}"
    return Flaw("not-proven", ("scenario",), message, _LONGER, Severity.ADVICE)


def _never_read(scenario: Scenario) -> Iterator[Flaw]:
    """Yield facts and feelings that nothing ever asks about."""
    read = {(each.kind, each.name) for each in read_anywhere(scenario)}
    for fact in scenario.facts:
        if ("fact", fact) not in read:
            message = f"no condition asks for the fact `{fact}`"
            hint = "ask for it where it should matter, or take it out"
            yield Flaw("never-read", ("facts", fact), message, hint, Severity.ADVICE)
    moved = {
        name
        for scene in scenario.scenes.values()
        for feels in (
            scene.feels,
            *(response.feels for response in scene.responses.values()),
            *(option.feels for option in (scene.select.options.values() if scene.select else ())),
        )
        for name in feels
    }
    for person in scenario.people.values():
        for name, feeling in person.feelings.items():
            full = f"{person.id}.{name}"
            # A feeling that moves is seen, and so is one that the author has found words for.
            if ("feeling", full) not in read and full not in moved and not feeling.words and name not in USUAL_FEELINGS:
                message = f"nothing moves the feeling `{full}`, and no condition asks for it"
                hint = "let responses move it with `feels:`, or take it out"
                where: Where = ("people", person.id, "feelings", name)
                yield Flaw("never-read", where, message, hint, Severity.ADVICE, about=full)


@dataclass
class Plays:
    """What random plays of a case showed."""

    scenario: Scenario
    watched: Watched = field(init=False)
    met: dict[int, None] = field(default_factory=dict, init=False)
    """The bits in which plays ended."""
    cued: dict[tuple[str, State], bool] = field(default_factory=dict, init=False)
    """Moments at which a cue of a critical was met first, and whether it was raised by then."""

    def __post_init__(self) -> None:
        self.watched = Watched(self.scenario)
        player = Player(self.scenario)
        decisions = 0
        for number in range(PLAYS):
            decisions += self._play(player, seed_of(0, number))
            if (number + 1) % _AT_ONCE == 0:
                self.watched.forget_settled()
            if decisions > MOST_DECISIONS:
                break
        self.watched.forget_settled()

    def _play(self, player: Player, seed: int) -> int:
        watched = self.watched
        layout = watched.machine.layout
        cues = {name: sum({layout.cue(each) for each in each.cue}) for name, each in self.scenario.criticals.items()}
        state, _, raised = watched.start
        count = 0
        self._look_at_cues(cues, state, raised)
        watched.stand(state)
        for event in player.events(player.play(seed)):
            state, _, raised = watched.go(state, watched.move(state, event))
            watched.stand(state)
            self._look_at_cues(cues, state, raised)
            count += 1
        self.met[state.bits] = None
        return count

    def _look_at_cues(self, cues: dict[str, int], state: State, raised: Iterable[str]) -> None:
        """Note where cues were met for the first time in a play; look for these no further."""
        for name in [name for name, cue in cues.items() if state.bits & cue]:
            del cues[name]
            if len(self.cued) < MOST_MOMENTS:
                self.cued[name, state] = self.cued.get((name, state), False) or name in raised


class Proof:
    """Everything that follows from all states of a case."""

    def __init__(self, exploration: Exploration, plays: Plays, budget: Budget) -> None:
        self._exploration = exploration
        self._scenario = exploration.scenario
        self._plays = plays
        self.watched = plays.watched
        self._budget = budget
        self._deadline = time.monotonic() + budget.seconds
        """Looking through the states may take as long again as finding them."""
        self._nodes = {exploration.graph.nodes[at].node for at in set(exploration.at)}
        """The scenes and endings that a session can stand in."""
        self._wordings_proven = False

    def flaws(self) -> Iterator[Flaw]:
        """Yield them all.

        Raises:
            Unfinished: looking through the states takes longer than allowed.
        """
        self._look_for_the_rest()
        yield from DeadEnds(self._exploration).flaws()
        yield from self._unreachable()
        never = list(self._never_offered())
        yield from never
        yield from self._never_opened()
        yield from self._criticals()
        yield from self._conditions({flaw.where for flaw in never})
        yield from Judgement(self._exploration, self._plays.met).flaws()
        if not self._wordings_proven:
            message = "not proven that every wording can be shown: telling takes too many states or too long"
            yield Flaw("not-proven", ("scenario",), message, _LONGER, Severity.ADVICE)

    # -- looking ------------------------------------------------------------------------------

    def _look_for_the_rest(self) -> None:
        """Look through the states for what random plays did not show."""
        pending = [each for each in self.watched.asked.values() if not each.settled]
        machine = self.watched.machine
        lost = {machine.number[name] for name in self._not_seen()}
        rest = [each for each in pending if each.kind is not Kind.WORDING]
        stand = {node for each in rest if not each.after for node in each.nodes}
        go = {node for each in rest if each.after for node in each.nodes}
        go |= {node for each in lost for node in self.watched.leading(each)}
        self._look_through(self._exploration, self.watched, stand, go, whole=False)
        wordings = [each for each in pending if each.kind is Kind.WORDING]
        if not wordings:
            self._wordings_proven = True
        else:
            self._look_for_wordings(wordings)

    def _look_for_wordings(self, wordings: list[Asked]) -> None:
        """Look for wordings in states that keep what these ask about."""
        names = [node.name for node in self.watched.machine.nodes]
        extra: dict[str, dict[Condition, None]] = {}
        for asked in wordings:
            wanted = [each for each in asked.conditions if each is not None]
            if asked.after:
                wanted += _each_value(wanted)
            if asked.where[0] == "documents":
                wanted.append(Term("read", str(asked.where[1])))
            for node in asked.nodes:
                extra.setdefault(names[node], {}).update(dict.fromkeys(wanted))
        probed = with_probes(self._scenario, {name: tuple(wanted) for name, wanted in extra.items()})
        watched = Watched(probed)
        stand = {node for each in wordings if not each.after for node in each.nodes}
        go = {node for each in wordings if each.after for node in each.nodes}
        try:
            exploration = Exploration(
                probed, self._exploration.rubric, most=self._budget.states, seconds=self._budget.seconds
            )
            self._look_through(exploration, watched, stand, go, whole=True)
        except Unfinished:
            return
        for asked in wordings:
            asked.add(watched.asked[asked.where])
        self._wordings_proven = True

    def _look_through(
        self, exploration: Exploration, watched: Watched, stand: set[int], go: set[int], *, whole: bool
    ) -> None:
        """Stand in every state of some nodes, and go on from those of others in every way."""
        live = exploration.live
        # What only wordings ask about is not in the state otherwise.
        watched.wordings = whole
        cuts: dict[int, tuple[list[int], list[int]]] = {}
        decidable: dict[int, Decidable] = {}
        for state, at in enumerate(exploration.at if stand or go else ()):
            index, doors = exploration.graph.nodes[at]
            if index not in stand and index not in go:
                continue
            if state % _LOOK_AT_CLOCK == 0 and time.monotonic() > self._deadline:
                raise Unfinished(exploration.states, ())
            if at not in cuts:
                cuts[at] = live.stretches(at) if live.timed[at] else ([], [])
                decidable[at] = _decide(exploration, watched, at, whole=whole)
            before, after = cuts[at] if not whole else (sorted({*cuts[at][0], *cuts[at][1]}),) * 2
            bits = exploration.bits[state] | doors
            minutes = exploration.minutes_at(state)
            for start, stop, moment in _stretches(minutes, 0, before, minutes.bit_length()):
                here = State(index, bits | moment << live.minutes)
                watched.stand(here)
                for way in (decidable[at].every if whole else decidable[at].ways)(here.bits) if index in go else ():
                    for _, _, now in _stretches(minutes, start, [each - way.spent for each in after], stop):
                        watched.go(State(index, bits | now << live.minutes), way.move)

    # -- what is never reached ----------------------------------------------------------------

    def _not_seen(self) -> list[str]:
        """Return scenes and endings that something leads to, and that no session was seen in."""
        machine, seen = self.watched.machine, self.watched.seen
        aside = set(unreached(self._scenario))
        return [
            node.name
            for node in machine.nodes
            if node.name not in aside
            and node.index not in self._nodes
            and not (node.scene is not None and seen & machine.layout.visited[node.name])
        ]

    def _unreachable(self) -> Iterator[Flaw]:
        """Yield the first scene or ending on each way that nobody can go; what lies behind it is not told again."""
        lost = set(self._not_seen())
        entered: dict[str, set[str]] = {}
        for name, scene in self._scenario.scenes.items():
            for to in exits(scene):
                entered.setdefault(to, set()).add(name)
        for interrupt in self._scenario.interrupts.values():
            if interrupt.scene in lost:
                message = f"interrupt `{interrupt.id}` never breaks in: nobody is where it can from its time on"
                hint = "look at its `at:`, `in:` and `when:`, and at how late anybody still is there"
                yield Flaw("interrupt-never", ("interrupts", interrupt.id), message, hint)
        for name in (*self._scenario.scenes, *self._scenario.endings):
            if name not in lost or "." in name:
                continue
            if not any(each not in lost or "." in each for each in entered.get(name, ())):
                continue
            what = "ending" if name in self._scenario.endings else "scene"
            section = "endings" if what == "ending" else "scenes"
            message = f"nobody can come to {what} `{name}`: what leads there never holds"
            hint = "look at the conditions of every `next:` and response on the way"
            yield Flaw("unreachable", (section, name), message, hint)

    def _never_offered(self) -> Iterator[Flaw]:
        """Yield responses and options of scenes that are reached, and that are never on offer there."""
        offered = 0
        for label in self._exploration.labels:
            offered |= label.offers
        for (scene, name), bit in self._exploration.places.bit.items():
            node = self.watched.machine.nodes[self.watched.machine.number[scene]]
            if offered & bit or "." in scene or node.index not in self._nodes:
                continue
            what, keys = ("response", ("responses",)) if name in node.moves else ("option", ("select", "options"))
            message = f"{what} `{name}` is never on offer: its condition does not hold for anybody who comes here"
            hint = "look at its `when:`, and at what has to be done before"
            yield Flaw("never-offered", ("scenes", scene, *keys, name), message, hint)

    def _never_opened(self) -> Iterator[Flaw]:
        """Yield documents that nobody can open."""
        nodes = [node for node in self.watched.machine.nodes if node.scene and not node.scene.junction]
        for name in self._scenario.documents:
            if any(name in node.reads for node in nodes):
                # If only in a scene that nobody comes to, that is told.
                continue
            where: Where = (DIRECTORY,) if name == DIRECTORY else ("documents", name)
            offer = DIRECTORY if name == DIRECTORY else "documents"
            message = f"no scene lets anybody open `{name}`"
            yield Flaw("never-opened", where, message, f"give a scene `offers: [{offer}]`, or take it out")

    # -- criticals ----------------------------------------------------------------------------

    def _criticals(self) -> Iterator[Flaw]:
        exploration = self._exploration
        start = exploration.machine.start
        raised = 0
        for label in exploration.labels:
            raised |= label.raised
        outlook = exploration.ahead_of(start.state)
        for number, critical in enumerate(self._scenario.criticals.values()):
            where = ("criticals", critical.id)
            at_once = critical.id in start.criticals
            if not raised >> number & 1 and not at_once:
                if any(self._met(cue) for cue in critical.cue):
                    message = f"`{critical.id}` can never be raised: it never holds for anybody who has met its cue"
                    hint = "look at its `when:`, and at the scenes where it is looked at"
                else:
                    message = f"`{critical.id}` can never be raised: nobody can meet its cue"
                    hint = "name a scene or a document as `cue:` that can be come to"
                yield Flaw("critical-never", where, message, hint)
            elif at_once or (outlook is not None and not outlook.kept_out >> number & 1):
                message = f"`{critical.id}` is raised on every way to an ending: nobody can keep out of it"
                hint = "leave a way open that is right, or let it depend on what the trainee does"
                yield Flaw("critical-unavoidable", where, message, hint)
            elif outlook is not None and self._too_late(number, critical.id):
                message = f"somebody can meet the cue of `{critical.id}` only when it cannot be kept out of any more"
                hint = "name what is seen before, so that the right way is still open when the cue is met"
                yield Flaw("critical-cued-late", where, message, hint)

    def _met(self, cue: str) -> bool:
        layout, seen = self.watched.machine.layout, self.watched.seen
        if cue in layout.visited:
            number = self.watched.machine.number[cue]
            return number in self._nodes or bool(seen & layout.visited[cue])
        return any(cue in self.watched.machine.nodes[number].reads for number in self._nodes)

    def _too_late(self, number: int, name: str) -> bool:
        """Whether a play met the cue first when the critical was raised, or could not be kept out of."""
        for (critical, state), raised in self._plays.cued.items():
            if critical != name:
                continue
            outlook = self._exploration.ahead_of(state)
            if raised or (outlook is not None and not outlook.kept_out >> number & 1):
                return True
        return False

    # -- conditions ---------------------------------------------------------------------------

    def _conditions(self, told: set[Where]) -> Iterator[Flaw]:
        for asked in self.watched.asked.values():
            if not asked.looked or asked.settled or asked.where[:-1] in told:
                continue
            if asked.kind is Kind.WORDING:
                yield from self._wordings(asked) if self._wordings_proven else ()
            else:
                yield from self._one_by_one(asked)

    def _one_by_one(self, asked: Asked) -> Iterator[Flaw]:
        for number, condition in enumerate(asked.conditions):
            if condition is None:
                continue
            if not asked.first >> number & 1:
                yield self._never_holds(asked, number)
            elif not asked.failed >> number & 1:
                yield _always_holds(asked, number)
                return

    @staticmethod
    def _never_holds(asked: Asked, number: int) -> Flaw:
        held = asked.held >> number & 1
        message = "this condition never holds when it is asked"
        if held:
            message = "this never counts: whenever it holds, one above it does as well"
        hint = "put it above the other, or take it out" if held else "look at what has to be done before it can hold"
        return Flaw("never-holds", asked.place(number), message, hint)

    @staticmethod
    def _wordings(asked: Asked) -> Iterator[Flaw]:
        last = len(asked.conditions) - 1
        for number, condition in enumerate(asked.conditions):
            if not asked.first >> number & 1:
                never = condition is not None and not asked.held >> number & 1
                message = "this wording is never shown: "
                message += "its condition never holds here" if never else "whenever it could be, one above it holds"
                hint = (
                    "look at what has to be done before it can hold"
                    if never
                    else "put it above the other, or take it out"
                )
                yield Flaw("never-shown", asked.place(number), message, hint)
            elif condition is not None and number == last and not asked.failed >> number & 1 and not timely(condition):
                yield _always_holds(asked, number)


def _always_holds(asked: Asked, number: int) -> Flaw:
    message = "this condition always holds when it is asked"
    hint = "leave it out if that is meant, or ask for something that can be otherwise"
    if number + 1 < len(asked.conditions):
        return Flaw("always-holds", asked.place(number), f"{message}, and nothing below it counts", hint)
    # Nothing is lost by it, and it may be there for the reader.
    return Flaw("always-holds", asked.place(number), message, hint, Severity.ADVICE)


def _decide(exploration: Exploration, watched: Watched, at: int, *, whole: bool) -> Decidable:
    """Return what can be decided; with `whole`, everything that wordings could tell apart as well."""
    machine, live = watched.machine, exploration.live
    node = machine.nodes[exploration.graph.nodes[at].node]
    asked, matters = (-1, -1) if whole else (live.asked_here(at), live.told_apart(at))
    return Decidable(machine, exploration.rubric, node, exploration.places, asked=asked, matters=matters)


def _each_value(conditions: Iterable[Condition]) -> Iterator[Condition]:
    """Yield conditions that tell every value of the feelings apart that some ask about.

    What is asked after a decision sees feelings that the decision has moved.
    """
    names = {each.name for condition in conditions for each in leaves(condition) if each.kind == "feeling"}
    for name in sorted(names):
        yield from (Compare(Quantity("feeling", name), ">=", value) for value in range(LOWEST + 1, HIGHEST + 1))


def _stretches(minutes: int, start: int, cuts: Iterable[int], stop: int) -> Iterator[tuple[int, int, int]]:
    """Yield the stretches between cuts that some of these minutes lie in: start, stop and the first of them."""
    bounds = [start, *sorted({each for each in cuts if start < each < stop}), stop]
    for first, last in pairwise(bounds):
        within = minutes & ((1 << last) - (1 << first))
        if within:
            yield first, last, (within & -within).bit_length() - 1
