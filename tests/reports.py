"""A session with every kind of decision in it, the same with something hostile in every text, and pages taken apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from html.parser import HTMLParser
from pathlib import Path
from types import MappingProxyType
from typing import Any

from scoring.rubric import Level
from simulator.archive import Archive, Logged
from simulator.people import People, Person
from simulator.play import Play
from simulator.review.writing import Comment, Judgement, Overall, Override, Rating, SentBack
from simulator.session import replay
from simulator.settings import Home
from tests.cases import rubric, written
from tests.journals import ANA, case_in, rubric_source

PEOPLE = People({ANA: Person(ANA, "Ana Silva"), "p-sup": Person("p-sup", "Ines Calloway")})
COMMENTS = (
    Comment("p-sup", 3, "Why this one?", "2026-03-04T12:00:00.000Z", signed=True),
    Comment("p-sup", 0, "Let us talk.\n\nBring the letter.", "2026-03-04T12:01:00.000Z", signed=False),
)

JUDGEMENT = Judgement(
    COMMENTS,
    overrides=(
        Override(
            "p-sup",
            4,
            0,
            "rapport.limits",
            Level.HARMFUL,
            Level.POOR,
            "She put it right.",
            "2026-03-04T12:02:00.000Z",
            signed=True,
        ),
    ),
    ratings=(
        Rating(
            "p-sup",
            7,
            "organization.records",
            Level.ACCEPTABLE,
            "Short.",
            "2026-03-04T12:03:00.000Z",
            signed=True,
        ),
    ),
    overall=(Overall("p-sup", "rapport", Level.POOR, "Warm.", "2026-03-04T12:04:00.000Z", signed=False),),
    sent_back=(SentBack("p-sup", "2026-03-04T12:05:00.000Z", "a" * 64, ("small-case",), "Promise less."),),
)

EVERYTHING = written(
    """
    gate:
      outcomes: [{marks: {ethics.safety: poor}, why: The door stood open.}]
      next: desk
    desk:
      phase: preparation
      text: Her file is on your desk.
      offers: [documents, directory, consult]
      consult: Ask her what she needs.
      responses:
        invite: {do: Ask her to come in., next: meeting}
    meeting:
      phase: meeting
      text: |
        The room is small.

        Nobody sits.
      says: Good morning.
      voices: [{who: gus, says: She has not slept.}]
      responses:
        promise:
          say: I will get you the money.
          then: She looks up.
          marks: {rapport.limits: harmful, ethics.fairness: poor}
          why: It is not yours to give.
          sets: promised
          next: calls
        explain:
          say: Here is how it was decided.
          marks: {rapport.limits: best}
          next: calls
        wait:
          do: Wait until she speaks.
          next: calls
    calls:
      phase: wrap-up
      select:
        prompt: Whom do you call?
        least: 1
        options:
          landlord: {do: The landlord., marks: {organization.referral: best}, why: The rent is due.}
          paper: {do: The newspaper., marks: {ethics.privacy: harmful}, why: It is her story.}
          clinic:
            do: The clinic.
            left-out: {marks: {organization.referral: poor}, why: Her knee was swollen.}
        then: You hang up.
      next: day
    day:
      rank:
        prompt: What comes first?
        items: {note: Write the note., call: Call her sister., tea: Make tea.}
        pairs:
          - {this: note, before: tea, marks: {organization.priorities: best}, why: Words fade.}
      next: note
    note:
      write:
        prompt: Write the note.
        rated-on: [organization.records]
        model: |
          10:07 met R.A.
          Next: a call.
      next: end
    """,
    start="gate",
    people="""
        ruth: {name: Ruth Adeyemi, called: Ms. Adeyemi, feelings: {trust: 4, tension: 7}}
        gus: {name: Gus Brandt}
        """,
    clock='{start: "10:00", points: {due: "10:20"}}',
    facts="{promised: Something was promised.}",
    documents="""
        letter: {title: A letter, minutes: 4, text: We are sorry to say no.}
        lease: {title: The lease, minutes: 2, text: Two years.}
        """,
    directory="""
        entries:
          pantry: {service: Food pantry, eligibility: Anybody, contact: 555-0100, last-verified: 2026-01-02}
        """,
    criticals="""
        broken-promise: {cue: desk, when: promised, standard: NASW 1.07, why: Nobody may promise that.}
        """,
)
"""A case in which every kind of decision comes, and marks from before the first one."""


def played(folder: Path, note: str = "She asked.\n- I promised.", *, unfinished: bool = False) -> Logged:
    """Play that case: seven decisions to the end, and a reflection; or three, with a look into the directory."""
    where = Home(folder)
    case = case_in(folder / "cases", EVERYTHING)
    play = Play.begin(where, case, rubric(), rubric_source(), ANA, seed=7, feedback="each", confidence=True)
    play.read("directory" if unfinished else "letter")
    play.consult()
    play.choose("invite")
    if not unfinished:
        play.choose("promise", 4)
        play.select(["landlord", "paper"], 2)
        play.rank(["note", "call", "tea"], 1)
        play.write(note)
        play.reflect("Never again.")
    play.close()
    return Archive(where).load(play.path)


# -- something hostile in every text --------------------------------------------------------------

HOSTILE = (
    "<script>alert(1)</script>",
    "</style></title></textarea><img src=x onerror=alert(1)>",
    "javascript:alert(1)",
    "\"' onmouseover='alert(1)' x=\"",
    "{{ 7 * 7 }}{% raw %}{#",
    "&lt;b&gt;&#60;",
    "<!-- ]]> -->",
    "=cmd|' /C calc'!A0",
    "@SUM(1+9)*cmd|' /C calc'!A0",
    "\t=1+1",
    "\r\n-2+3",
    "＝1+1",
    'a";=1+1;"',
    "a\u202eb\u2066c\x00d\x1b]52;c;eA==\x07e\x85f\u2028g\udc80h",
)
"""What would do harm if something took it for more than text."""
_TEXTS = frozenset(
    (
        *("title", "text", "say", "name", "called", "why", "prompt", "model", "standard", "author", "reviewed_by"),
        *("version", "program", "message", "trouble", "service", "eligibility", "contact", "verified"),
    )
)
_TEXTS_BY_NAME = frozenset({"items", "facts"})


def poisoned(logged: Logged, poison: str) -> Logged:
    """Return a session with something put before every text of its case, rubric and journal."""
    scenario = _poisoned(logged.scenario, poison)
    recorded = _poisoned(logged.recorded, poison)
    session = replay(scenario, recorded.header.seed, recorded.events)
    return Logged(recorded, scenario, _poisoned(logged.rubric, poison), session, f"{poison} Entry 9 is wrong.")


def poisoned_people(poison: str) -> People:
    """Return people whose names are no names."""
    return People({each.id: Person(each.id, poison + each.name) for each in PEOPLE.everybody.values()})


def poisoned_comments(poison: str) -> list[Comment]:
    """Return comments that begin with something."""
    return [replace(each, text=poison + each.text) for each in COMMENTS]


def poisoned_judgement(poison: str) -> Judgement:
    """Return everything that supervisors say, each text of it beginning with something."""
    return replace(
        JUDGEMENT,
        comments=tuple(poisoned_comments(poison)),
        overrides=tuple(replace(each, reason=poison + each.reason) for each in JUDGEMENT.overrides),
        ratings=tuple(replace(each, text=poison + each.text) for each in JUDGEMENT.ratings),
        overall=tuple(replace(each, text=poison + each.text) for each in JUDGEMENT.overall),
        sent_back=tuple(replace(each, text=poison + each.text) for each in JUDGEMENT.sent_back),
    )


def _poisoned(value: Any, poison: str, name: str = "") -> Any:
    if isinstance(value, str):
        return poison + value if name in _TEXTS and value else value
    if isinstance(value, tuple) and not hasattr(value, "_fields"):
        return tuple(_poisoned(each, poison, name) for each in value)
    if isinstance(value, Mapping) and not isinstance(value, MappingProxyType):
        inner = "text" if name in _TEXTS_BY_NAME else name
        return {key: _poisoned(each, poison, inner) for key, each in value.items()}
    if is_dataclass(value) and not isinstance(value, type) and "condition" not in type(value).__module__:
        changed = {
            each.name: _poisoned(getattr(value, each.name), poison, each.name) for each in fields(value) if each.init
        }
        return replace(value, **changed)
    return value


# -- pages taken apart ----------------------------------------------------------------------------

VOID = frozenset({"meta", "br", "hr", "img", "input", "link", "base", "source", "embed"})


@dataclass
class Element:
    """An element of a page."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    inside: list[Element | str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All text in it."""
        return "".join(each if isinstance(each, str) else each.text for each in self.inside)

    @property
    def words(self) -> str:
        """All text in it, on one line."""
        return " ".join(self.text.split())

    def all(self, *tags: str) -> list[Element]:
        """Return every element of these kinds in it, in order; of every kind if none is named."""
        return [each for each in self._walk() if not tags or each.tag in tags]

    def one(self, tag: str, **attributes: str) -> Element:
        """Return the only element of this kind with these attributes."""
        (found,) = (
            each
            for each in self.all(tag)
            if all(each.attributes.get(key) == value for key, value in attributes.items())
        )
        return found

    def _walk(self) -> Iterator[Element]:
        for each in self.inside:
            if isinstance(each, Element):
                yield each
                yield from each._walk()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open = [Element("page")]
        self.declared: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(set(names)) == len(names), f"<{tag}> has an attribute twice"
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].inside.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1].tag == tag, f"</{tag}> closes <{self.open[-1].tag}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].inside.append(data)

    def handle_decl(self, decl: str) -> None:
        self.declared.append(decl)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")

    def handle_pi(self, data: str) -> None:
        raise AssertionError(f"an instruction: {data}")


def taken_apart(html: str) -> Element:
    """Parse a page; every element must be closed where it was opened."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    assert [each.tag for each in reader.open] == ["page"], "something was left open"
    assert reader.declared == ["doctype html"]
    return reader.open[0]
