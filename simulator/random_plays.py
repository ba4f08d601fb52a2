"""A case played at random, decision by decision with the `step` that trainees play with.

A play is drawn from its seed alone, and the same seed gives the same play everywhere: of Python's random
generators only `random()` promises that between versions, so nothing else is asked of them. What comes up shows
what can happen; what never comes up is not proven to be impossible.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from random import Random
from typing import NamedTuple, TypeVar

from simulator.machine import Node, Step, machine_of
from simulator.move import Awards, Move
from simulator.paths import unreached
from simulator.scenario import Scenario, Scene, Text
from simulator.session import Chose, Consulted, Event, Ranked, Read, Selected, Wrote
from simulator.state import Predicate, State

MOST = 1000
"""Decisions after which a play is given up; a day at work has not a tenth of them."""
SEEDS = 2**32
"""Seeds are whole numbers below this."""
_STRIDE = 0x9E3779B1
"""From one seed to the next: odd, so that no seed comes twice, and wide, so that runs begun side by side differ."""
NOTE = "Written at random."
"""What is written where something is to be written; it changes nothing."""

T = TypeVar("T")
KEPT = 2000
"""Moments that are kept to be come back to: the first ones of a case, a few megabytes."""
Draw = Callable[[], float]
Found = tuple[Sequence[Move], Sequence[Move], Collection[int]]
"""What can be drawn, what counts as being on offer, and the wordings that are shown."""
Watched = tuple[tuple[Predicate | None, int], ...]
"""The wordings of a text, each with its number; the first whose condition holds is shown."""


class End(StrEnum):
    """How a play came to its end."""

    ENDED = "ended"
    """At an ending."""
    STUCK = "stuck"
    """Where nothing could be decided."""
    ENDLESS = "never ended"
    """Given up after too many decisions."""


@dataclass(frozen=True, slots=True)
class Wording:
    """One wording of a text that has several, or that is not always there."""

    where: str
    """The scene, ending, document or person; `scene/response` for what comes of a response; empty: the whole case."""
    what: str
    """The key that holds the text, as `says`."""
    number: int
    """Its place among the wordings of the text, from 1."""
    of: int
    """How many wordings the text has."""
    say: str


class Play(NamedTuple):
    """One play, and everything that came up in it."""

    seed: int
    end: End
    last: Node
    """Where it ended, or stood last."""
    moves: list[Move]
    """What was decided, in order."""
    several: dict[Move, Event]
    """What was picked or put in order, by its move."""
    offered: set[Move]
    """Everything that was on offer: responses, options, consulting, and for a document its first move of all."""
    picked: set[Move]
    """Options that were picked."""
    awards: list[Awards]
    criticals: list[str]
    shown: set[int]
    """Wordings that came up, by their numbers."""


class Moment:
    """One of the first moments of a case, which come up in nearly every play."""

    __slots__ = ("found", "led", "state")

    def __init__(self, state: State, found: Found) -> None:
        self.state = state
        self.found = found
        self.led: dict[Move, Way] = {}
        """Where moves have led: `step` is pure, so each has to be made only once."""


class Way(NamedTuple):
    """What a move led to from a moment."""

    to: Moment | None
    """None: a moment that is not kept."""
    step: Step
    told: Collection[int]
    """Wordings that were shown on the way."""


class Player:
    """Plays one case at random. A play depends on its seed alone, whatever was played before."""

    def __init__(self, scenario: Scenario, most: int = MOST, kept: int = KEPT) -> None:
        self.machine = machine_of(scenario)
        self.most = most
        """Decisions after which a play is given up."""
        # A visit brings all scenes of a shared file along, and need not come to each.
        aside = {name for name in unreached(scenario) if "." in name}
        self.nodes = [node for node in self.machine.nodes if node.name not in aside]
        """Scenes and endings that count."""
        self.documents: dict[str, Move] = {}
        """The first move of all that opens a document; it stands for the others."""
        for node in self.nodes:
            for name, move in node.reads.items():
                self.documents.setdefault(name, move)
        self.wordings: list[Wording] = []
        self._furnished = {
            node.index for node in self.nodes if node.reads or node.consult or node.base is not None or node.write
        }
        self._seen: list[tuple[Watched, ...]] = [()] * len(self.machine.nodes)
        """Texts that are shown while a session stands in a scene, or at an ending."""
        self._asked: dict[Move, Watched] = {}
        """What the supervisor says when asked, or why nobody is there."""
        self._after: dict[Move, Watched] = {}
        """What comes of a move, told with what it changed."""
        self._watch()
        self._telling = frozenset({*self._asked, *self._after})
        """Moves that can be told in several ways."""
        self._bare = [node.index not in self._furnished and not self._seen[node.index] for node in self.machine.nodes]
        """Whether a node has nothing but responses, and is told in one way."""
        self._kept = kept
        self._moments: dict[State, Moment] = {}

    def _watch(self) -> None:
        """Number every wording that is not always shown."""
        scenario = self.machine.scenario
        shows = {name: self._wordings(name, "shows", person.shows) for name, person in scenario.people.items()}
        texts = {name: self._wordings(name, "text", each.text) for name, each in scenario.documents.items()}
        debrief = self._wordings("", "debrief", scenario.debrief)
        for node in self.nodes:
            seen: list[Watched] = []
            if node.scene is not None:
                seen = [*self._spoken(node.scene), shows[node.scene.person]]
                self._watch_moves(node, node.scene)
                for name, move in node.reads.items():
                    self._react(move, texts[name])
            elif node.ending is not None:
                seen = [self._wordings(node.name, "text", node.ending.text), debrief]
            self._seen[node.index] = tuple(each for each in seen if each)

    def _spoken(self, scene: Scene) -> Iterator[Watched]:
        yield self._wordings(scene.id, "text", scene.text)
        yield self._wordings(scene.id, "says", scene.says)
        for voice in scene.voices:
            yield self._wordings(scene.id, f"says, {voice.person}", voice.says)

    def _watch_moves(self, node: Node, scene: Scene) -> None:
        if node.consult is not None and (asked := self._wordings(scene.id, "consult", scene.consult)):
            self._asked[node.consult] = asked
        for name, response in scene.responses.items():
            self._react(node.moves[name], self._wordings(f"{scene.id}/{name}", "then", response.then))
        if scene.select is not None:
            for name, option in scene.select.options.items():
                self._react(node.options[name], self._wordings(f"{scene.id}/{name}", "then", option.then))
        together = scene.select or scene.rank
        if together is not None and node.base is not None:
            self._react(node.base, self._wordings(scene.id, "then", together.then))

    def _react(self, move: Move, watched: Watched) -> None:
        if watched:
            self._after[move] = watched

    def _wordings(self, where: str, what: str, text: Text) -> Watched:
        """Number the wordings of a text; nothing for one that is always the same."""
        if not text or text[0].when is None:
            return ()
        first = len(self.wordings)
        self.wordings += [
            Wording(where, what, number, len(text), each.say) for number, each in enumerate(text, start=1)
        ]
        return tuple((self.machine.layout.predicate(each.when), first + number) for number, each in enumerate(text))

    # -- playing ------------------------------------------------------------------------------

    def play(self, seed: int) -> Play:
        """Play once: at each moment, everything that can be decided is as likely as anything else."""
        draw = Random(seed).random  # noqa: S311 - chance, not secrets
        nodes, bare, step, most = self.machine.nodes, self._bare, self.machine.step, self.most
        state, won, raised = self.machine.start
        moment = self._moment(state)
        moves: list[Move] = []
        several: dict[Move, Event] = {}
        picked: set[Move] = set()
        offered: list[Sequence[Move]] = []
        shown: set[int] = set()
        awards, criticals = [won], [*raised]
        while True:
            node = nodes[state.at]
            if moment is not None:
                ways, offer, told = moment.found
            elif bare[state.at]:
                ways = offer = node.offers(state.bits)
                told = ()
            else:
                ways, offer, told = self._look(state)
            offered.append(offer)
            if told:
                shown.update(told)
            if not ways or len(moves) >= most:
                break
            move = ways[int(draw() * len(ways))]
            way = moment.led.get(move) if moment is not None else None
            if way is not None:
                moment, (state, won, raised), told = way
                if told:
                    shown.update(told)
            else:
                told = ()
                if move is node.base:
                    move, event, taken = self._several(node, state.bits, draw)
                    several[move] = event
                    picked.update(taken)
                    told = self._told(state, move, (*taken, node.base))
                    shown.update(told)
                elif move in self._telling:
                    told = self._told(state, move, (move,))
                    shown.update(told)
                made = step(state, move)
                if moment is not None:
                    to = self._moment(made.state)
                    if move not in several:
                        moment.led[move] = Way(to, made, told)
                    moment = to
                state, won, raised = made
            moves.append(move)
            if won:
                awards.append(won)
            if raised:
                criticals += raised
        end = End.ENDED if node.ending else End.ENDLESS if ways else End.STUCK
        offers = set[Move]().union(*offered)
        return Play(seed, end, node, moves, several, offers, picked, awards, criticals, shown)

    def _moment(self, state: State) -> Moment | None:
        """Return the moment at a state, if it is one of those that are kept."""
        found = self._moments.get(state)
        if found is None and len(self._moments) < self._kept:
            found = self._moments[state] = Moment(state, self._look(state))
        return found

    def _look(self, state: State) -> Found:
        """Return what can be drawn, what counts as being on offer, and which wordings are shown."""
        at, bits = state
        node = self.machine.nodes[at]
        shown = _showing(self._seen[at], bits)
        responses = node.offers(bits)
        if at not in self._furnished:
            return responses, responses, shown
        ways, offered = list(responses), [*responses, *node.on_offer(bits)]
        for name, move in node.reads.items():
            if move.open is None or move.open(bits):
                ways.append(move)
                offered.append(self.documents[name])
        consult = node.consult
        if consult is not None:
            if consult.open is None or consult.open(bits):
                ways.append(consult)
                offered.append(consult)
            elif consult in self._asked and not bits & consult.sets:
                # Nobody is there, and why is told without asking.
                shown += _showing([self._asked[consult]], bits)
        ways += [move for move in (node.base, node.write) if move is not None]
        return ways, offered, shown

    def _told(self, state: State, move: Move, done: Iterable[Move]) -> list[int]:
        """Return which wordings tell what comes of a move, by everything that was done in it."""
        if move in self._asked:
            return _showing([self._asked[move]], state.bits)
        told = [self._after[each] for each in done if each in self._after]
        return _showing(told, move.effect(state.bits)) if told else []

    def _several(self, node: Node, bits: int, draw: Draw) -> tuple[Move, Event, list[Move]]:
        """Draw what is picked together, or in which order things are put: the move, the event, what was picked."""
        rank = node.scene.rank if node.scene else None
        if rank is not None:
            order = _drawn(list(rank.items), len(rank.items), draw)
            return self.machine.order(node, rank, order), Ranked(node.name, tuple(order)), []
        least, most = node.limits(bits)
        options = node.on_offer(bits)
        taken = _drawn(options, least + int(draw() * (most - least + 1)), draw)
        names = tuple([each.name for each in options if each in taken])
        return node.several(names, bits), Selected(node.name, names), taken

    def events(self, play: Play) -> Iterator[Event]:
        """Yield what was done in a play, as a session takes it."""
        state = self.machine.start.state
        for move in play.moves:
            node = self.machine.nodes[state.at]
            yield play.several.get(move) or _event(node, move)
            state = self.machine.step(state, move).state


def seed_of(seed: int, number: int) -> int:
    """Return the seed of a run's play, counted from 0; the first has the run's own, so that it can be played alone."""
    return (seed + number * _STRIDE) % SEEDS


def _event(node: Node, move: Move) -> Event:
    if node.moves.get(move.name) is move:
        return Chose(node.name, move.name)
    if node.reads.get(move.name) is move:
        return Read(node.name, move.name)
    return Consulted(node.name) if move is node.consult else Wrote(node.name, NOTE)


def _showing(texts: Iterable[Watched], bits: int) -> list[int]:
    """Return which wording of each text fits the moment, if one does."""
    found = []
    for text in texts:
        for holds, number in text:
            if holds is None or holds(bits):
                found.append(number)
                break
    return found


def _drawn(things: Sequence[T], count: int, draw: Draw) -> list[T]:
    """Draw so many of some things, in an order of chance."""
    left = list(things)
    for place in range(count):
        other = place + int(draw() * (len(left) - place))
        left[place], left[other] = left[other], left[place]
    return left[:count]
