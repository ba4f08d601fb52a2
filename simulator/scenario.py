"""A case as its author wrote it: frozen, plain, every name resolved.

Ids are the author's own and stable, because journals name them. Nothing in here plays a case;
`session` does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from scoring.rubric import Mark
from simulator.condition import Condition

LOWEST, HIGHEST = 0, 10
"""The range of a feeling in a scenario file."""


class Phase(StrEnum):
    """The three parts of an appointment."""

    PREPARATION = "preparation"
    MEETING = "meeting"
    WRAP_UP = "wrap-up"


@dataclass(frozen=True, slots=True)
class Variant:
    """One wording of a text, and when it is used."""

    say: str
    when: Condition | None = None
    """None: always."""
    away: bool = False
    """For what a supervisor says: that nobody can be asked now, and why."""


Text = tuple[Variant, ...]
"""Wordings in the author's order; the first whose condition holds is shown. Empty: no text."""


@dataclass(frozen=True, slots=True)
class Feeling:
    """Where a feeling starts and how far it can go."""

    start: int
    low: int = LOWEST
    high: int = HIGHEST
    words: tuple[str, ...] = ()
    """Words from lowest to highest, if the author chose some."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in a case."""

    id: str
    name: str
    called: str = ""
    """How the case speaks of them, such as `Ms. Adeyemi`; the name unless said."""
    pronouns: str = ""
    role: str = ""
    feelings: Mapping[str, Feeling] = field(default_factory=dict)
    """Who has feelings is a client."""
    shows: Text = ()
    """What one would see of how they feel."""


@dataclass(frozen=True, slots=True)
class Clock:
    """When a case starts, and the times that matter in it."""

    start: int
    """Minutes after midnight."""
    points: Mapping[str, int]
    """Minutes after midnight, in the author's order."""
    step: int = 1
    """Minutes that it moves at a time: everything takes that many, or twice, or none."""


@dataclass(frozen=True, slots=True)
class Referral:
    """An entry of the referral directory: somebody who can help, as far as the directory knows."""

    id: str
    service: str
    eligibility: str = ""
    contact: str = ""
    verified: str = ""
    """When somebody last made sure of it; what is old may be wrong."""
    note: str = ""


DIRECTORY = "directory"
"""The document that the referral directory is."""


@dataclass(frozen=True, slots=True)
class Document:
    """Something on the desk that takes time to read."""

    id: str
    title: str
    text: Text
    minutes: int
    """What the first reading costs; opening it again is free."""
    referrals: tuple[Referral, ...] = ()
    """What the referral directory lists; it has no other text."""


@dataclass(frozen=True, slots=True)
class MarkRule:
    """Marks that are given, and why, when the condition holds."""

    marks: tuple[Mark, ...]
    why: str = ""
    when: Condition | None = None


@dataclass(frozen=True, slots=True)
class Route:
    """Where it goes on, if the condition holds."""

    to: str
    """A scene or an ending."""
    when: Condition | None = None


Next = tuple[Route, ...]
"""Routes in the author's order; the first whose condition holds is taken."""
BACK = "back"
"""Where an interrupt leads when it is over: to where it broke in. No scene or ending is called so."""


@dataclass(frozen=True, slots=True)
class Response:
    """Something a trainee can say or do in a scene."""

    id: str
    text: str
    next: Next
    spoken: bool = False
    """Whether `text` is said aloud, rather than done."""
    when: Condition | None = None
    then: Text = ()
    """The immediate reaction, before the next scene."""
    marks: tuple[MarkRule, ...] = ()
    """The first rule that holds counts, once."""
    feels: Mapping[str, int] = field(default_factory=dict)
    """Changes of feelings, by `person.feeling`."""
    minutes: int = 1
    sets: tuple[str, ...] = ()
    clears: tuple[str, ...] = ()
    times: int | None = 1
    """How often it can be taken; None: as often as one likes."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Marks for what was not done, or done in time; looked at on leaving a scene or at an ending."""

    marks: tuple[Mark, ...]
    why: str = ""
    when: Condition | None = None


@dataclass(frozen=True, slots=True)
class Writing:
    """A case note, or the trainee's own words. Never scored by machine."""

    prompt: str
    rated_on: tuple[str, ...] = ()
    """Indicators that a supervisor may rate it on."""
    look_for: tuple[str, ...] = ()
    """Hints for the reviewer."""
    model: str = ""
    """One good example, shown in the debrief."""
    minutes: int = 5


@dataclass(frozen=True, slots=True)
class Option:
    """Something that can be picked together with others."""

    id: str
    text: str
    spoken: bool = False
    when: Condition | None = None
    marks: tuple[MarkRule, ...] = ()
    """For picking it: the first rule that holds counts, once."""
    left: tuple[MarkRule, ...] = ()
    """For leaving it out though it was on offer: the first rule that holds counts, once."""
    then: Text = ()
    """What comes of it at once, told before the reaction to all that was picked."""
    feels: Mapping[str, int] = field(default_factory=dict)
    minutes: int = 0
    sets: tuple[str, ...] = ()
    clears: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Selection:
    """Several things to pick from, in one decision."""

    prompt: str
    options: Mapping[str, Option]
    least: int = 1
    most: int = 0
    """How many can be picked; of what is on offer, if that is less."""
    minutes: int = 1
    """What deciding takes, besides the minutes of what is picked."""
    then: Text = ()
    """The immediate reaction, before the next scene."""


@dataclass(frozen=True, slots=True)
class Pair:
    """What it shows that one thing is put before another."""

    first: str
    second: str
    marks: tuple[Mark, ...]
    why: str = ""
    sets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ranking:
    """Things to put in order, in one decision; marked by pairs."""

    prompt: str
    items: Mapping[str, str]
    pairs: tuple[Pair, ...]
    """Each way round that shows something is a pair of its own."""
    minutes: int = 1
    then: Text = ()


@dataclass(frozen=True, slots=True)
class Voice:
    """What somebody says besides the person whom a scene is with."""

    person: str
    says: Text


@dataclass(frozen=True, slots=True)
class Scene:
    """A moment of the case: what is seen and heard, and what can be done about it."""

    id: str
    person: str
    """Whom it is with."""
    phase: Phase | None = None
    """None: the phase goes on."""
    text: Text = ()
    says: Text = ()
    voices: tuple[Voice, ...] = ()
    """What others say after that."""
    consult: Text = ()
    """What the supervisor says when asked here; empty: nobody to ask."""
    consult_minutes: int = 2
    documents: tuple[str, ...] = ()
    """What can be opened here if it has not been read."""
    sets: tuple[str, ...] = ()
    clears: tuple[str, ...] = ()
    feels: Mapping[str, int] = field(default_factory=dict)
    """Changes of feelings on entering, by `person.feeling`."""
    responses: Mapping[str, Response] = field(default_factory=dict)
    select: Selection | None = None
    rank: Ranking | None = None
    write: Writing | None = None
    outcomes: tuple[Outcome, ...] = ()
    next: Next = ()
    hub: bool = False
    """Whether open work is listed here."""

    @property
    def junction(self) -> bool:
        """Whether it only routes: nothing to see, nothing to do."""
        seen = self.text or self.says or self.voices or self.consult or self.documents
        return not (seen or self.responses or self.select or self.rank or self.write)


@dataclass(frozen=True, slots=True)
class Ending:
    """How a case can end."""

    id: str
    title: str
    text: Text
    outcomes: tuple[Outcome, ...] = ()


@dataclass(frozen=True, slots=True)
class Critical:
    """A failure that a person must look at; it is never averaged away."""

    id: str
    title: str
    when: Condition
    cue: tuple[str, ...]
    """Scenes or documents where it was there to be seen; it applies only to who met one of them."""
    at: tuple[str, ...] = ()
    """Scenes on leaving which it is looked at; empty: when the session ends."""
    standard: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Task:
    """Work that is open until it is done: listed in hubs, and judged when it is due."""

    id: str
    title: str
    done: Condition
    """When it is done."""
    owner: str = ""
    """Whose it is: a person of the case; empty: nobody's in particular."""
    due: str = ""
    """The point by which it should be done; empty: before the case ends."""
    when: Condition | None = None
    """From when on it is there; None: from the start. Nobody misses what is not there yet."""
    undone: Outcome | None = None
    """What it shows that it was not done in time; None: nothing."""
    comes: Text = ()
    """What comes of that, told when it is missed."""


@dataclass(frozen=True, slots=True)
class Interrupt:
    """Something that breaks in between two decisions, once, and leads back to where it broke in."""

    id: str
    scene: str
    """Where it begins."""
    at: int
    """Minutes after midnight: it breaks in at the first decision from then on."""
    when: Condition | None = None
    phases: tuple[Phase, ...] = ()
    scenes: tuple[str, ...] = ()
    """Where it can break in: in one of these phases, or one of these scenes; neither: anywhere."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Advice about a case that its author has thought about, and decided otherwise."""

    to: str
    """The code of the advice."""
    because: str
    at: str = ""
    """An id, or `scene/response`; empty: everything of that code."""


@dataclass(frozen=True, slots=True, eq=False)
class Scenario:
    """A whole case. Two are equal only if they are the same object; compare `hash` otherwise."""

    id: str
    title: str
    version: str
    summary: str
    people: Mapping[str, Person]
    client: str
    start: str
    scenes: Mapping[str, Scene]
    endings: Mapping[str, Ending]
    clock: Clock | None = None
    facts: Mapping[str, str] = field(default_factory=dict)
    """What became true, by id."""
    documents: Mapping[str, Document] = field(default_factory=dict)
    criticals: Mapping[str, Critical] = field(default_factory=dict)
    tasks: Mapping[str, Task] = field(default_factory=dict)
    interrupts: Mapping[str, Interrupt] = field(default_factory=dict)
    aftermath: Mapping[str, Text] = field(default_factory=dict)
    """What became of each person, told at the end."""
    setting: str = ""
    process: tuple[str, ...] = ()
    stage: str = ""
    duration: int = 0
    """Minutes a trainee should expect; 0: not said."""
    author: str = ""
    reviewed_by: str = ""
    facts_checked: str = ""
    content_note: str = ""
    briefing: str = ""
    reflect: str = ""
    debrief: Text = ()
    answers: tuple[Answer, ...] = ()
    hash: str = ""
    """SHA-256 of the file it was read from; journals name it."""

    @property
    def names_client(self) -> bool:
        """Whether it is told beforehand who comes: on a day with many, that would say who matters most."""
        return not any(scene.hub for scene in self.scenes.values())

    def called(self, person: str) -> str:
        """Return how the case speaks of a person."""
        someone = self.people[person]
        return someone.called or someone.name


def clock_text(minutes: int) -> str:
    """Write minutes after midnight as people read a clock: `10:05`."""
    hours, rest = divmod(minutes, 60)
    return f"{hours % 24:02}:{rest:02}"
