"""Everything in a case that a trainee reads or hears, in the order of the file, each with where it stands.

Checks on teaching are about words, wherever these stand. Here is the one account of where words stand, of who
says them, and of what has to have happened for somebody to meet them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from simulator.condition import Condition
from simulator.flaw import Where, place_of
from simulator.scenario import DIRECTORY, Scenario, Scene, Text


class Kind(StrEnum):
    """What a text is for whoever plays."""

    FRONT = "front"
    """Title, summary and briefing: read before the case begins."""
    DOCUMENT = "document"
    DIRECTORY = "directory"
    SCENE = "scene"
    """What is seen."""
    SPEECH = "speech"
    """What somebody says."""
    CONSULT = "consult"
    OFFER = "offer"
    """A response, an option, an item: what can be decided, and the question."""
    THEN = "then"
    """What comes of a decision at once."""
    ENDING = "ending"
    DEBRIEF = "debrief"


@dataclass(frozen=True, slots=True)
class Told:
    """One wording of one text."""

    kind: Kind
    where: Where
    about: str
    """Where it stands as messages print it: an id, or `scene/response`; empty: the case."""
    say: str
    scene: str = ""
    """The scene or ending in which it is met; empty: in none by itself."""
    person: str = ""
    """Who says it; empty: nobody in particular."""
    when: Condition | None = None
    number: int = 0
    """Its place among the wordings of its text, from 0."""
    done: str = ""
    """The response or option that it belongs to; the document, for what stands in one."""

    @property
    def own(self) -> bool:
        """Whether it stands in the case's own file, and not in one of shared scenes."""
        return "." not in self.scene


def told(scenario: Scenario) -> Iterator[Told]:
    """Yield every wording of a case."""
    for key, text in (("title", scenario.title), ("summary", scenario.summary), ("briefing", scenario.briefing)):
        yield Told(Kind.FRONT, (key,), "", text)
    for each in _wordings(("debrief",), scenario.debrief):
        yield Told(Kind.DEBRIEF, each[0], "", each[2], when=each[3], number=each[1])
    for name, document in scenario.documents.items():
        if name == DIRECTORY:
            for entry in document.referrals:
                said = ". ".join((entry.service, entry.eligibility, entry.contact, entry.note))
                yield Told(Kind.DIRECTORY, (DIRECTORY, "entries", entry.id), DIRECTORY, said, done=DIRECTORY)
            continue
        yield Told(Kind.DOCUMENT, ("documents", name, "title"), name, document.title, done=name)
        for where, number, say, when in _wordings(("documents", name, "text"), document.text):
            yield Told(Kind.DOCUMENT, where, name, say, when=when, number=number, done=name)
    for scene in scenario.scenes.values():
        yield from _of_scene(scene)
    for name, ending in scenario.endings.items():
        yield Told(Kind.ENDING, ("endings", name, "title"), name, ending.title, name)
        for where, number, say, when in _wordings(("endings", name, "text"), ending.text):
            yield Told(Kind.ENDING, where, name, say, name, when=when, number=number)


def _of_scene(scene: Scene) -> Iterator[Told]:
    place = place_of(scene.id)
    here: Where = ("scenes", place)
    texts = [
        (Kind.SCENE, (*here, "text"), scene.text, ""),
        (Kind.SPEECH, (*here, "says"), scene.says, scene.person),
        *(
            (Kind.SPEECH, (*here, "voices", number, "says"), voice.says, voice.person)
            for number, voice in enumerate(scene.voices)
        ),
        (Kind.CONSULT, (*here, "consult"), scene.consult, ""),
    ]
    for kind, at, text, person in texts:
        for where, number, say, when in _wordings(at, text):
            yield Told(kind, where, place, say, scene.id, person, when, number)
    offers = [
        *(((*here, "responses", name), name, each.text, each.then) for name, each in scene.responses.items()),
        *(
            ((*here, "select", "options", name), name, each.text, each.then)
            for name, each in (scene.select.options.items() if scene.select else ())
        ),
    ]
    for at, name, said, then in offers:
        yield Told(Kind.OFFER, at, f"{place}/{name}", said, scene.id, done=name)
        for where, number, say, when in _wordings((*at, "then"), then):
            yield Told(Kind.THEN, where, f"{place}/{name}", say, scene.id, when=when, number=number, done=name)
    for key, asked in (("select", scene.select), ("rank", scene.rank), ("write", scene.write)):
        if asked is not None:
            yield Told(Kind.OFFER, (*here, key, "prompt"), place, asked.prompt, scene.id)
    for name, item in scene.rank.items.items() if scene.rank else ():
        yield Told(Kind.OFFER, (*here, "rank", "items", name), place, item, scene.id)
    for key, together in (("select", scene.select), ("rank", scene.rank)):
        for where, number, say, when in _wordings((*here, key, "then"), together.then) if together else ():
            yield Told(Kind.THEN, where, place, say, scene.id, when=when, number=number)


def _wordings(where: Where, text: Text) -> Iterator[tuple[Where, int, str, Condition | None]]:
    """Yield each wording of a text: where it stands, its number, what it says, and when it is shown."""
    for number, each in enumerate(text):
        yield (*where, number), number, each.say, each.when
