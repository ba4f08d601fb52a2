"""Hints on what a trainee wrote, for the supervisor who rates it: they are hints, and nothing is scored by them.

A program that looks for words, dates and amounts understands no note. It can say that a date of the letter is not in
it, or that it speaks of somebody's character; whether that matters, only who reads it knows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from enum import StrEnum

from simulator.review.judging_words import JUDGING_WORDS
from simulator.scenario import Document, Scenario
from simulator.session import Session
from simulator.text import LONGEST_NOTE, one_line

ONLY_HINTS = (
    "Hints only: a program looked for words, dates and amounts. It does not understand the note, and it overlooks and "
    "mistakes things; what the note is worth, you decide."
)
MOST_FACTS = 8
"""Facts of one document that are named."""


class Kind(StrEnum):
    """What a hint is about."""

    HAS = "in the note"
    MISSES = "not in the note"
    UNKNOWN = "nowhere in the case"
    WORD = "judging word"
    STEP = "next step"
    LOOK_FOR = "look for"


@dataclass(frozen=True, slots=True)
class Hint:
    """One thing to look at."""

    kind: Kind
    text: str
    """A sentence, for people."""
    found: str = ""
    """The words of the note it is about; empty: it is about something that is not there."""

    def __str__(self) -> str:
        return self.text


def hints(session: Session, note: str) -> tuple[Hint, ...]:
    """Return what there is to look at in a note; `session` stands at the scene that asked for it.

    What the case's author says to look for comes first, then what judges, then steps, then facts of documents.
    """
    writing = session.scene.write if session.scene is not None else None
    looked = [Hint(Kind.LOOK_FOR, each) for each in (writing.look_for if writing is not None else ())]
    if not note.strip():
        return tuple(looked)
    text = note[:LONGEST_NOTE]
    return (*looked, *_judging(text), *_steps(text, session.scenario), *_facts(text, session))


# -- words that judge -------------------------------------------------------------------------------

_QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"|«[^»]*»|„[^“]*“")


def _judging(note: str) -> Iterator[Hint]:
    # Blanked, not cut: places stay where they are.
    own = _QUOTED.sub(lambda match: " " * len(match[0]), note)
    for word in JUDGING_WORDS:
        if match := word.pattern.search(own):
            found = one_line(match[0], 60)
            yield Hint(Kind.WORD, f"“{found}”: {word.why}. Perhaps {word.instead}.", found)


# -- next steps -------------------------------------------------------------------------------------

_STEP = re.compile(
    r"\b(?:next steps?|open|to do|follow[- ]?up|plan|will|going to|am to|is to|are to|needs? to|must|due|not got to"
    r"|I(?:'ll| call| send| ask| check| bring| write| visit| meet)|calls? (?:him|her|them|back)|confirms?"
    r"|by (?:noon|\d)"
    r"|(?:today|tonight|tomorrow))\b",
    re.IGNORECASE,
)
_WHEN = re.compile(
    r"\b(?:mon|tues?|wednes|thurs?|fri|satur|sun)(?:day)?\b|\b(?:today|tonight|tomorrow|noon|midday|this (?:afternoon|"
    r"evening|week)|next (?:week|month)|within|end of (?:the )?(?:day|week|month)|same day|before the)\b"
    r"|\b\d{1,2}(?::\d\d)?\s*[ap]\.?m\b|\b\d{1,2}:\d\d\b|\b(?:at|by|until) \d{1,2}\b|\b\d{1,2}[/.]\d{1,2}\b",
    re.IGNORECASE,
)
_WHO = re.compile(r"\b(?:I|me|we|my|myself|he|she|they|client|supervisor|worker)\b|\bI'll\b", re.IGNORECASE)
_INITIAL = re.compile(r"\b[A-Z]\. ?[A-Z][a-z]+|\b(?:Mr|Ms|Mrs|Dr)\. ?[A-Z]|\b[A-Z]\.(?= )")
_SENTENCE = re.compile(r"(?<=[a-z0-9)”\"][.;!?])\s+|\n+")


def _steps(note: str, scenario: Scenario) -> Iterator[Hint]:
    steps = [sentence for sentence in _SENTENCE.split(note) if _STEP.search(sentence)]
    if not steps:
        yield Hint(Kind.STEP, "No next step was found: what is open, who does it, until when?")
        return
    names = _names(scenario)
    if not any(_WHO.search(each) or _INITIAL.search(each) or names.search(each) for each in steps):
        yield Hint(Kind.STEP, "There seems to be a next step, and nobody who is to do it.", one_line(steps[0], 60))
    if not any(_WHEN.search(each) or _dates(each) for each in steps):
        yield Hint(Kind.STEP, "There seems to be a next step, and no day or hour for it.", one_line(steps[0], 60))


def _names(scenario: Scenario) -> re.Pattern[str]:
    """Match any part of the name of anybody in the case."""
    parts = {part for each in scenario.people.values() for part in each.name.split() if len(part) > 2}
    return re.compile("|".join(rf"\b{re.escape(part)}\b" for part in sorted(parts)) or r"(?!)")


# -- facts of the documents ---------------------------------------------------------------------------

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
_DATE = re.compile(
    rf"\b(\d{{1,2}})(?:st|nd|rd|th)?(?: and \d{{1,2}})? (?:of )?{_MONTH}\b|\b{_MONTH}\.? (\d{{1,2}})(?:st|nd|rd|th)?\b",
    re.IGNORECASE,
)
_AMOUNT = re.compile(r"\$ ?(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d\d))?|\b(\d{1,3}(?:,\d{3})+|\d+) dollars\b", re.IGNORECASE)
_PHONE = re.compile(r"\b(?:\d{3}-)?\d{3}-\d{4}\b")


@dataclass(frozen=True, slots=True)
class Fact:
    """Something in a document that can be found again however it is written."""

    key: str
    """What it comes to: the same for `4 March` and `March 4`."""
    shown: str
    """As the document has it."""


def _facts(note: str, session: Session) -> Iterator[Hint]:
    scenario = session.scenario
    has = {fact.key for fact in facts_in(note, scenario)}
    known = {fact.key for fact in facts_in(_everything(scenario), scenario)}
    read = {document.id for document in session.documents}
    named: set[str] = set()
    for document in scenario.documents.values():
        # Many papers name the same; it is told with the first of them.
        found = [fact for fact in facts_in(_text_of(document), scenario) if fact.key not in named]
        named.update(fact.key for fact in found)
        opened = "" if document.id in read else ", which was not opened"
        for kind, facts in (
            (Kind.HAS, [fact for fact in found if fact.key in has]),
            (Kind.MISSES, [fact for fact in found if fact.key not in has]),
        ):
            if facts:
                yield Hint(kind, f"{kind.capitalize()}, from “{document.title}”{opened}: {_listed(facts)}.")
    strange = [fact for fact in facts_in(note, scenario) if fact.key not in known and not fact.key.startswith("name")]
    if strange:
        text = f"In the note, and nowhere in the case: {_listed(strange)}. A slip, or the writer's own?"
        yield Hint(Kind.UNKNOWN, text, strange[0].shown)


def _listed(facts: list[Fact]) -> str:
    more = f", and {len(facts) - MOST_FACTS} more" if len(facts) > MOST_FACTS else ""
    return ", ".join(fact.shown for fact in facts[:MOST_FACTS]) + more


def facts_in(text: str, scenario: Scenario) -> list[Fact]:
    """Return the dates, amounts, numbers to call and names of the case's people in a text, each once."""
    found = {fact.key: fact for fact in (*_names_in(text, scenario), *_dates(text), *_amounts(text), *_phones(text))}
    return list(found.values())


def _dates(text: str) -> list[Fact]:
    found = []
    for match in _DATE.finditer(text):
        day, month = (match[1], match[2]) if match[1] else (match[4], match[3])
        number = _MONTHS.index(month[:3].lower()) + 1
        if 1 <= int(day) <= 31:
            found.append(Fact(f"date {number}-{int(day)}", one_line(match[0], 40)))
    return found


def _amounts(text: str) -> Iterator[Fact]:
    for match in _AMOUNT.finditer(text):
        whole = (match[1] or match[3]).replace(",", "").lstrip("0") or "0"
        cents = match[2] if match[2] and match[2] != "00" else ""
        yield Fact(f"amount {whole}.{cents}", one_line(match[0], 40))


def _phones(text: str) -> Iterator[Fact]:
    for match in _PHONE.finditer(text):
        yield Fact(f"phone {match[0]}", match[0])


def _names_in(text: str, scenario: Scenario) -> Iterator[Fact]:
    """Yield the people of the case who are named: by the family name, an initial before it or not."""
    for person in scenario.people.values():
        parts = person.name.split()
        if any(re.search(rf"\b{re.escape(part)}\b", text) for part in parts if len(part) > 2) or (
            # A note calls its client by an initial.
            person.id == scenario.client and any(re.search(rf"\b{re.escape(part[0])}\.(?=\s)", text) for part in parts)
        ):
            yield Fact(f"name {person.id}", person.name)


def _text_of(document: Document) -> str:
    lines = [variant.say for variant in document.text]
    for each in document.referrals:
        lines += [each.service, each.eligibility, each.contact, each.note]
    return "\n".join(lines)


def _everything(value: object) -> str:
    """Return every text of a case, one a line: what was said in it may be in a note as well."""
    return "\n".join(_strings(value))


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _strings(each)
    elif isinstance(value, tuple | list):
        yield from _strings_in(value)
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from _strings(getattr(value, field.name))


def _strings_in(values: Iterable[object]) -> Iterator[str]:
    for each in values:
        yield from _strings(each)
