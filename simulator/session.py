"""A session: one trainee's way through one case. Pure, frozen, deterministic.

    session = start(scenario, seed=7)
    session = session.read("decision").choose("invite")
    session.scene.id, [response.id for response in session.responses]

Every decision gives a new `Session` that knows the one before it. The events alone (what the trainee
did) lead to the same session again, on every machine: that is what a journal keeps, and how resuming,
debriefing and verifying work.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b

from scoring.offer import InOrder, Offer, OneOf, SomeOf
from scoring.rubric import Mark
from scoring.scorecard import Decision
from simulator.machine import LOT, Machine, Node, machine_of
from simulator.move import Awards, Move
from simulator.open_work import Standing, Work, listed, names, told
from simulator.scenario import Document, Ending, Interrupt, Option, Phase, Response, Scenario, Scene, Task, Text
from simulator.state import PHASES, State
from simulator.text import LONGEST_NOTE, clean


@dataclass(frozen=True, slots=True)
class Chose:
    """The trainee took a response."""

    scene: str
    response: str
    confidence: int = 0
    """How sure the trainee was before seeing what came of it, from 1 to 4; 0: not asked."""


@dataclass(frozen=True, slots=True)
class Selected:
    """The trainee picked several options."""

    scene: str
    options: tuple[str, ...]
    """In the author's order."""
    confidence: int = 0


@dataclass(frozen=True, slots=True)
class Ranked:
    """The trainee put things in order."""

    scene: str
    order: tuple[str, ...]
    """First to last."""
    confidence: int = 0


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


Event = Chose | Selected | Ranked | Read | Consulted | Wrote
Decided = Chose | Selected | Ranked
"""Events that decide among what is on offer."""
SURE = range(1, 5)
"""How sure one can be: a guess, not very, fairly, quite."""


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

    def choose(self, response: str, confidence: int = 0) -> Session:
        """Take a response of this scene, by its id.

        Raises:
            NotOffered: it is not among `responses` now.
        """
        return self.act(Chose(self._here, response, confidence))

    def select(self, options: Iterable[str], confidence: int = 0) -> Session:
        """Pick several of `options`, by their ids, in any order.

        Raises:
            NotOffered: one of them is not on offer now, or these are too few or too many.
        """
        picked = set(options)
        return self.act(Selected(self._here, self._in_authors_order(picked), confidence))

    def rank(self, order: Iterable[str], confidence: int = 0) -> Session:
        """Put the `items` of this scene in order, by their ids, first to last.

        Raises:
            NotOffered: these are not all of them, each once.
        """
        return self.act(Ranked(self._here, tuple(order), confidence))

    def _in_authors_order(self, picked: set[str]) -> tuple[str, ...]:
        known = [option for option in self._node.options if option in picked]
        return (*known, *sorted(picked - set(known)))

    def read(self, document: str) -> Session:
        """Open a document for the first time; its minutes pass.

        Raises:
            NotOffered: it is not among `unread` now.
        """
        return self.act(Read(self._here, document))

    def consult(self) -> Session:
        """Ask the supervisor about this scene.

        Raises:
            NotOffered: nobody can be asked here, or the question has been asked.
        """
        return self.act(Consulted(self._here))

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
        step = self.machine.step(self.state, self._move(event))
        return Session(self.machine, self.seed, step.state, (*self.events, event), step.awards, step.criticals, self)

    def _move(self, event: Event) -> Move:
        """Return the move that an event makes here and now; raises NotOffered."""
        node, bits = self._node, self.state.bits
        move: Move | None = None
        if event.scene == node.name:
            match event:
                case Chose():
                    move = node.moves.get(event.response)
                case Selected():
                    move = node.several(event.options, bits) if self._can_pick(event.options) else None
                case Ranked():
                    rank = node.scene.rank if node.scene else None
                    fits = rank is not None and sorted(event.order) == sorted(rank.items)
                    move = self.machine.order(node, rank, event.order) if rank is not None and fits else None
                case Read():
                    move = node.reads.get(event.document)
                case Consulted():
                    move = node.consult
                case Wrote():
                    move = node.write
        if move is not None and (move.open is None or move.open(bits)):
            return move
        raise NotOffered(self._why_not(event))

    def _can_pick(self, options: tuple[str, ...]) -> bool:
        node, bits = self._node, self.state.bits
        least, most = node.limits(bits)
        in_turn = tuple([move.name for move in node.on_offer(bits) if move.name in options])
        return node.base is not None and in_turn == options and least <= len(options) <= most

    def _why_not(self, event: Event) -> str:
        here = self._here
        if event.scene != here:
            return f"this happened in `{event.scene}`, but the session stands in `{here}`"
        match event:
            case Chose(_, response):
                return f"`{response}` cannot be chosen in `{here}` now (on offer: {_listed(self.responses)})"
            case Selected(_, options):
                least, most = self.limits
                wanted = f"{least} to {most} of: {_listed(self.options)}"
                return f"{', '.join(options) or 'nothing'} cannot be picked in `{here}` now ({wanted})"
            case Ranked():
                return f"in `{here}` this cannot be put in order (all of these, once each: {', '.join(self.items)})"
            case Read(_, document):
                return f"document `{document}` cannot be opened in `{here}` now"
            case Consulted():
                return f"nobody can be consulted in `{here}` now"
            case Wrote():
                return f"nothing is to be written in `{here}`"

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
        return not (node.ending or node.write or node.base or node.offers(bits) or self.can_consult or self.unread)

    @property
    def responses(self) -> tuple[Response, ...]:
        """The responses on offer, in the order they are shown: drawn from the seed, once a scene."""
        node = self._node
        scene = node.scene
        if scene is None:
            return ()
        return tuple([scene.responses[move.name] for move in self._drawn(scene, node.offers(self.state.bits))])

    def _drawn(self, scene: Scene, moves: Sequence[Move]) -> Sequence[Move]:
        if len(moves) < 2:
            return moves
        lots = _lots(self.seed, scene)
        return sorted(moves, key=lambda move: lots[move.lot])

    @property
    def options(self) -> tuple[Option, ...]:
        """What can be picked together here, in the order it is shown: drawn from the seed, once a scene."""
        node = self._node
        if node.scene is None or node.scene.select is None:
            return ()
        known = node.scene.select.options
        return tuple([known[move.name] for move in self._drawn(node.scene, node.on_offer(self.state.bits))])

    @property
    def limits(self) -> tuple[int, int]:
        """How many of `options` must be picked, and how many can be."""
        return self._node.limits(self.state.bits)

    @property
    def items(self) -> Mapping[str, str]:
        """What is to be put in order here, by id, in an order drawn from the seed."""
        scene = self._node.scene
        if scene is None or scene.rank is None:
            return {}
        lots = _lots(self.seed, scene)
        drawn = sorted(enumerate(scene.rank.items), key=lambda item: lots[LOT * item[0] : LOT * (item[0] + 1)])
        return {name: scene.rank.items[name] for _, name in drawn}

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
    def away(self) -> str:
        """Why nobody can be asked about this scene just now; empty if somebody can, or never could."""
        scene = self._node.scene
        if scene is None or not scene.consult or self.can_consult or self.advice:
            return ""
        wording = self.machine.wording(scene.consult, self.state.bits)
        return wording.say if wording and wording.away else ""

    @property
    def advice(self) -> str:
        """What the supervisor said about this scene when asked; empty if nobody was asked."""
        scene = self._node.scene
        if scene is None or not self.state.bits & self.machine.layout.consulted.get(scene.id, 0):
            return ""
        asked = Consulted(scene.id)
        # What was said stays said, whatever has changed since.
        moment = next((each for each in self._back() if each.events and each.events[-1] == asked), None)
        if moment is None:
            # An author let the session begin after that was said.
            return self.say(scene.consult)
        return moment.just_said

    @property
    def just_said(self) -> str:
        """What the supervisor said, if the last event was asking; wherever that has led."""
        before = self.previous
        if before is None or before.scene is None or not isinstance(self.events[-1], Consulted):
            return ""
        return before.say(before.scene.consult)

    # -- what is seen and heard ---------------------------------------------------------------

    def say(self, text: Text) -> str:
        """Return the wording of a text that fits this moment; empty if none does."""
        return self.machine.say(text, self.state.bits)

    @property
    def narration(self) -> str:
        """What the scene, or the ending, tells: a hub also what work is open, an ending what became of whom."""
        scene, ending = self._node.scene, self._node.ending
        if ending is not None:
            became = (
                text if names(self.scenario, person, text) else f"{self.scenario.called(person)}: {text}"
                for person, text in self.aftermath
            )
            return told([self.say(ending.text), *became])
        if scene is None:
            return ""
        work = self.work if scene.hub else ()
        return told([self.say(scene.text), listed(self.scenario, work) if work else ""])

    @property
    def speech(self) -> str:
        """What the person the scene is with says."""
        scene = self._node.scene
        return self.say(scene.says) if scene else ""

    @property
    def speeches(self) -> tuple[tuple[str, str], ...]:
        """Everything that is said, in order: the ids of persons, and what they say."""
        scene = self._node.scene
        if scene is None:
            return ()
        said = [(scene.person, self.speech), *((voice.person, self.say(voice.says)) for voice in scene.voices)]
        return tuple((person, text) for person, text in said if text)

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
    def picked(self) -> tuple[Option, ...]:
        """The options that led here, if the last event picked some."""
        event = self.events[-1] if self.events else None
        select = self.scenario.scenes[event.scene].select if isinstance(event, Selected) else None
        return tuple(select.options[each] for each in event.options) if isinstance(event, Selected) and select else ()

    @property
    def order(self) -> tuple[str, ...]:
        """What was put in order to get here, first to last, in words."""
        event = self.events[-1] if self.events else None
        rank = self.scenario.scenes[event.scene].rank if isinstance(event, Ranked) else None
        return tuple(rank.items[each] for each in event.order) if isinstance(event, Ranked) and rank else ()

    @property
    def confidence(self) -> int:
        """How sure the trainee was of the decision that led here; 0: not asked."""
        event = self.events[-1] if self.events else None
        return event.confidence if isinstance(event, Decided) else 0

    @property
    def reaction(self) -> str:
        """The immediate reaction to the decision that led here, and what fell due by it; may be empty."""
        return told([self._reaction, *(text for _, text in self.fell_due)])

    @property
    def _reaction(self) -> str:
        taken, before = self.taken, self.previous
        scene = before.scene if before else None
        if before is None or scene is None:
            return ""
        event = self.events[-1]
        texts: Sequence[Text] = ()
        if taken:
            texts = (taken.then,)
        elif isinstance(event, Selected) and scene.select:
            texts = (*(option.then for option in self.picked), scene.select.then)
        elif isinstance(event, Ranked) and scene.rank:
            texts = (scene.rank.then,)
        if not any(texts):
            return ""
        if len(texts) == 1 and texts[0][0].when is None:
            return texts[0][0].say
        bits = before._move(event).effect(before.state.bits)
        return "\n\n".join(said for said in (self.machine.say(text, bits) for text in texts) if said)

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
    def work(self) -> Work:
        """The tasks that are there, in the author's order, and how each stands."""
        machine, bits = self.machine, self.state.bits
        found = []
        for due in machine.dues:
            if bits & due.missed:
                found.append((due.task, Standing.MISSED))
            elif due.there is None or due.there(bits):
                found.append((due.task, Standing.DONE if due.done(bits) else Standing.OPEN))
        return tuple(found)

    @property
    def fell_due(self) -> tuple[tuple[Task, str], ...]:
        """The tasks that the last event let be missed, and what comes of each, in words."""
        before = self.previous.state.bits if self.previous else 0
        bits = self.state.bits & ~before
        return tuple((due.task, self.say(due.task.comes)) for due in self.machine.dues if bits & due.missed)

    @property
    def interrupt(self) -> Interrupt | None:
        """The interrupt that is going on, if one is."""
        layout, bits = self.machine.layout, self.state.bits
        if not layout.back.read(bits):
            return None
        # The last that broke in: only one goes on at a time.
        for moment in self._back():
            before = moment.previous.state.bits if moment.previous else 0
            for each in self.scenario.interrupts.values():
                if moment.state.bits & ~before & layout.fired[each.id]:
                    return each
        return None

    @property
    def broke_in(self) -> bool:
        """Whether an interrupt broke in just now."""
        before = self.previous.state.bits if self.previous else 0
        return any(self.state.bits & ~before & flag for flag in self.machine.layout.fired.values())

    @property
    def aftermath(self) -> tuple[tuple[str, str], ...]:
        """What became of whom: ids of persons, and words; only at an ending."""
        if self.ending is None:
            return ()
        told = ((person, self.say(text)) for person, text in self.scenario.aftermath.items())
        return tuple((person, text) for person, text in told if text)

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
        return tuple(reversed(list(self._back())))

    def _back(self) -> Iterator[Session]:
        """Yield every moment from this one back to the start."""
        moment: Session | None = self
        while moment is not None:
            yield moment
            moment = moment.previous

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


def follow(session: Session, events: Iterable[Event]) -> Session:
    """Return the session that these events lead to, as far as they fit."""
    for event in events:
        try:
            session = session.act(event)
        except NotOffered:
            break
    return session


def _decision(number: int, moment: Session) -> Decision:
    before = moment.previous
    if before is None or not isinstance(moment.events[-1], Decided):
        return Decision(number, moment.awards, moment.criticals)
    taken = before._move(moment.events[-1]).awards(before.state.bits)
    return Decision(number, moment.awards, moment.criticals, _marks(taken), _offer(before))


def _offer(moment: Session) -> Offer | None:
    """Return what could be decided at a moment, and the marks it would give."""
    node, bits, scene = moment._node, moment.state.bits, moment.scene
    if scene is None:
        return None
    if scene.select is not None:
        left = {name: _marks(move.awards(bits)) for name, move in node.left.items()}
        offered = [(_marks(move.awards(bits)), left.get(move.name, ())) for move in node.on_offer(bits)]
        return SomeOf(tuple(offered), *node.limits(bits))
    if scene.rank is not None:
        # Things put in order before are worth nothing the second time.
        pairs = () if bits & node.ranked else scene.rank.pairs
        return InOrder(tuple(scene.rank.items), {(pair.first, pair.second): pair.marks for pair in pairs})
    return OneOf(tuple(_marks(move.awards(bits)) for move in node.offers(bits)))


def _marks(awards: Awards) -> tuple[Mark, ...]:
    return tuple(mark for award in awards for mark in award.marks)


def _listed(things: Iterable[Response | Option]) -> str:
    return ", ".join(each.id for each in things) or "none"


def _can(move: Move, bits: int) -> bool:
    return move.open is None or move.open(bits)


def _lots(seed: int, scene: Scene) -> bytes:
    """Draw a lot for every response of a scene, on offer or not.

    A hash, because random generators may differ between versions.
    """
    lots = blake2b(f"{seed}/{scene.id}".encode()).digest()
    things = scene.responses or (scene.select.options if scene.select else scene.rank.items if scene.rank else ())
    while len(lots) < LOT * len(things):
        lots += blake2b(lots).digest()
    return lots
