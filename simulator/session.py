"""A session: one trainee's way through one case. Pure, frozen, deterministic.

    session = start(scenario, seed=7)
    session = session.read("decision").choose("invite")
    session.scene.id, [response.id for response in session.responses]

Every decision gives a new `Session` that knows the one before it. The events alone (what the trainee
did) lead to the same session again, on every machine: that is what a journal keeps, and how resuming,
debriefing and verifying work.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b

from scoring.rubric import Mark
from scoring.scorecard import Decision
from simulator.machine import LOT, Awards, Machine, Move, Node, machine_of
from simulator.scenario import Document, Ending, Phase, Response, Scenario, Scene, Text
from simulator.state import PHASES, State
from simulator.text import LONGEST_NOTE, clean


@dataclass(frozen=True, slots=True)
class Chose:
    """The trainee took a response."""

    scene: str
    response: str


@dataclass(frozen=True, slots=True)
class Read:
    """The trainee opened a document for the first time."""

    scene: str
    document: str


@dataclass(frozen=True, slots=True)
class Consulted:
    """The trainee asked the supervisor, for the first time in this scene."""

    scene: str


@dataclass(frozen=True, slots=True)
class Wrote:
    """The trainee wrote what the scene asked for."""

    scene: str
    text: str | None
    """None: it has been erased since."""


Event = Chose | Read | Consulted | Wrote


class NotOffered(ValueError):
    """Something was decided that could not be decided at that moment."""


@dataclass(frozen=True, slots=True)
class Session:
    """One moment of a session, and everything that led to it."""

    machine: Machine = field(repr=False)
    seed: int
    """Draws the order in which responses are shown."""
    state: State
    events: tuple[Event, ...] = ()
    """What the trainee did, oldest first."""
    awards: Awards = ()
    """The marks that the last event brought."""
    criticals: tuple[str, ...] = ()
    """The criticals that the last event raised."""
    previous: Session | None = field(default=None, repr=False, compare=False)
    """The moment before the last event."""

    # -- what can be decided ------------------------------------------------------------------

    def choose(self, response: str) -> Session:
        """Take a response of this scene, by its id.

        Raises:
            NotOffered: it is not among `responses` now.
        """
        node = self._node
        move = node.moves.get(response)
        if move is not None and _can(move, self.state.bits):
            return self._after(move, Chose(node.name, response))
        offered = ", ".join(each.id for each in self.responses) or "none"
        raise NotOffered(f"`{response}` cannot be chosen in `{self._here}` now (on offer: {offered})")

    def read(self, document: str) -> Session:
        """Open a document for the first time; its minutes pass.

        Raises:
            NotOffered: it is not among `unread` now.
        """
        move = self._node.reads.get(document)
        if move is None or not _can(move, self.state.bits):
            raise NotOffered(f"document `{document}` cannot be opened in `{self._here}` now")
        return self._after(move, Read(self._here, document))

    def consult(self) -> Session:
        """Ask the supervisor about this scene.

        Raises:
            NotOffered: nobody can be asked here, or the question has been asked.
        """
        move = self._node.consult
        if move is None or not _can(move, self.state.bits):
            raise NotOffered(f"nobody can be consulted in `{self._here}` now")
        return self._after(move, Consulted(self._here))

    def write(self, text: str) -> Session:
        """Hand in what the scene asks to be written. The text passes the gate for outside text.

        Raises:
            NotOffered: this scene asks for nothing to be written.
        """
        return self.act(Wrote(self._here, clean(text, LONGEST_NOTE)))

    def act(self, event: Event) -> Session:
        """Do what an event says; replaying a journal is doing this for each of its events.

        Raises:
            NotOffered: the event does not fit this moment.
        """
        if event.scene != self._here:
            raise NotOffered(f"this happened in `{event.scene}`, but the session stands in `{self._here}`")
        match event:
            case Chose(_, response):
                return self.choose(response)
            case Read(_, document):
                return self.read(document)
            case Consulted():
                return self.consult()
            case Wrote():
                if self._node.write is None:
                    raise NotOffered(f"nothing is to be written in `{self._here}`")
                return self._after(self._node.write, event)

    def _after(self, move: Move, event: Event) -> Session:
        step = self.machine.step(self.state, move)
        return Session(self.machine, self.seed, step.state, (*self.events, event), step.awards, step.criticals, self)

    # -- where it stands ----------------------------------------------------------------------

    @property
    def scenario(self) -> Scenario:
        """The case that is played."""
        return self.machine.scenario

    @property
    def _node(self) -> Node:
        return self.machine.nodes[self.state.at]

    @property
    def _here(self) -> str:
        return self._node.name

    @property
    def scene(self) -> Scene | None:
        """The scene it stands in; None when it has ended."""
        return self._node.scene

    @property
    def ending(self) -> Ending | None:
        """The ending it came to; None while it goes on."""
        return self._node.ending

    @property
    def stuck(self) -> bool:
        """Whether there is no way on: a mistake of the case, not of the trainee."""
        node, bits = self._node, self.state.bits
        return not (node.ending or node.write or node.offers(bits) or self.can_consult or self.unread)

    @property
    def responses(self) -> tuple[Response, ...]:
        """The responses on offer, in the order they are shown: drawn from the seed, once a scene."""
        node = self._node
        scene = node.scene
        if scene is None:
            return ()
        moves: Sequence[Move] = node.offers(self.state.bits)
        if len(moves) > 1:
            lots = _lots(self.seed, scene)
            moves = sorted(moves, key=lambda move: lots[move.lot])
        return tuple([scene.responses[move.name] for move in moves])

    @property
    def unread(self) -> tuple[Document, ...]:
        """The documents that can be opened here and have not been."""
        reads = self._node.reads
        return tuple(
            document
            for document in self.scenario.documents.values()
            if document.id in reads and _can(reads[document.id], self.state.bits)
        )

    @property
    def documents(self) -> tuple[Document, ...]:
        """The documents that have been read; they can be looked at again anywhere."""
        flags = self.machine.layout.read
        return tuple(document for document in self.scenario.documents.values() if self.state.bits & flags[document.id])

    @property
    def can_consult(self) -> bool:
        """Whether somebody can be asked about this scene and has not been."""
        move = self._node.consult
        return move is not None and _can(move, self.state.bits)

    @property
    def advice(self) -> str:
        """What the supervisor said about this scene; empty if nobody was asked."""
        flag = self.machine.layout.consulted.get(self._here, 0)
        return self.say(self.scene.consult) if self.scene and self.state.bits & flag else ""

    # -- what is seen and heard ---------------------------------------------------------------

    def say(self, text: Text) -> str:
        """Return the wording of a text that fits this moment; empty if none does."""
        return self.machine.say(text, self.state.bits)

    @property
    def narration(self) -> str:
        """What the scene, or the ending, tells."""
        here = self._node.scene or self._node.ending
        return self.say(here.text) if here else ""

    @property
    def speech(self) -> str:
        """What the person the scene is with says."""
        scene = self._node.scene
        return self.say(scene.says) if scene else ""

    @property
    def person(self) -> str:
        """The id of the person the scene is with."""
        return self.scene.person if self.scene else self.scenario.client

    @property
    def taken(self) -> Response | None:
        """The response that led here, if the last event was one."""
        event = self.events[-1] if self.events else None
        if isinstance(event, Chose):
            return self.machine.scenario.scenes[event.scene].responses[event.response]
        return None

    @property
    def reaction(self) -> str:
        """The immediate reaction to the response that led here, before this scene; may be empty."""
        taken, before = self.taken, self.previous
        if taken is None or before is None or not taken.then:
            return ""
        if taken.then[0].when is None:
            return taken.then[0].say
        bits = before._node.moves[taken.id].effect(before.state.bits)
        return self.machine.say(taken.then, bits)

    @property
    def phase(self) -> Phase:
        """The part of the appointment it is in."""
        return PHASES[self.machine.layout.phase.read(self.state.bits)]

    @property
    def minutes(self) -> int:
        """Minutes that have passed."""
        return self.state.bits >> self.machine.layout.minutes

    @property
    def now(self) -> int | None:
        """Minutes after midnight; None if the case has no clock."""
        clock = self.scenario.clock
        return None if clock is None else clock.start + self.minutes

    @property
    def next_point(self) -> tuple[str, int] | None:
        """The next time that matters and the minutes left until it; the last one when all have passed."""
        clock = self.scenario.clock
        if clock is None or not clock.points:
            return None
        left = sorted((at - clock.start - self.minutes, name) for name, at in clock.points.items())
        minutes, name = next((each for each in left if each[0] >= 0), left[-1])
        return name, minutes

    @property
    def feelings(self) -> Mapping[str, int]:
        """Every feeling, by `person.feeling`."""
        bits = self.state.bits
        return {name: place.read(bits) for name, place in self.machine.layout.feeling.items()}

    @property
    def facts(self) -> tuple[str, ...]:
        """The facts that have become true."""
        return tuple(fact for fact, flag in self.machine.layout.fact.items() if self.state.bits & flag)

    # -- what led here ------------------------------------------------------------------------

    @property
    def trail(self) -> tuple[Session, ...]:
        """Every moment from the start to this one."""
        moments = [self]
        while moments[-1].previous is not None:
            moments.append(moments[-1].previous)
        return tuple(reversed(moments))

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """What the scorecard is made of: the start, then every event, oldest first."""
        return tuple(_decision(number, moment) for number, moment in enumerate(self.trail))


def start(scenario: Scenario, seed: int = 0) -> Session:
    """Begin a session. The same scenario, seed and decisions give the same session everywhere."""
    machine = machine_of(scenario)
    step = machine.start
    return Session(machine, seed, step.state, awards=step.awards, criticals=step.criticals)


def replay(scenario: Scenario, seed: int, events: Iterable[Event]) -> Session:
    """Return the session that these events lead to.

    Raises:
        NotOffered: an event does not fit.
    """
    session = start(scenario, seed)
    for event in events:
        session = session.act(event)
    return session


def _decision(number: int, moment: Session) -> Decision:
    taken, before = moment.taken, moment.previous
    if taken is None or before is None:
        return Decision(number, moment.awards, moment.criticals)
    node, bits = before._node, before.state.bits
    return Decision(
        number,
        moment.awards,
        moment.criticals,
        taken=_marks(node.moves[taken.id].awards(bits)),
        options=tuple(_marks(move.awards(bits)) for move in node.offers(bits)),
    )


def _marks(awards: Awards) -> tuple[Mark, ...]:
    return tuple(mark for award in awards for mark in award.marks)


def _can(move: Move, bits: int) -> bool:
    return move.open is None or move.open(bits)


def _lots(seed: int, scene: Scene) -> bytes:
    """Draw a lot for every response of a scene, on offer or not.

    A hash, because random generators may differ between versions.
    """
    lots = blake2b(f"{seed}/{scene.id}".encode()).digest()
    while len(lots) < LOT * len(scene.responses):
        lots += blake2b(lots).digest()
    return lots
