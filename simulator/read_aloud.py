"""A case to be read aloud: what people say along one way through it, as its author would speak it at a table.

What reads well is often not what can be said. An author who speaks the client's lines, or has a colleague speak them,
hears it at once; so the lines stand alone here, in the wording that this way shows, and what the trainee says is a
short stage line between them.
"""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from simulator.scenario import Phase
from simulator.session import Consulted, Ranked, Read, Selected, Session, Wrote
from simulator.transcript import Moment, moments, tells_something_new
from simulator.wording import counted, document_text, spoken

WIDTH = 76
WORDS_A_MINUTE = 150
"""How fast somebody reads aloud who means it."""
_QUOTES = frozenset('"“”„«»「」')
"""What happens at once is read aloud where somebody speaks in it."""
SHORT = 100
"""Characters of what the trainee says that a short stage line has."""


class Kind(StrEnum):
    """What becomes of a line."""

    SAID = "said"
    """It is read aloud, by whoever speaks it."""
    STAGE = "stage"
    """It says what happens between."""
    PART = "part"
    """It says where a part of the appointment begins."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the script."""

    kind: Kind
    text: str
    who: str = ""
    """How the case speaks of who says it."""


def lines_of(session: Session, *, everything: bool = False) -> Iterator[Line]:
    """Yield what is said along a session, and what happens between.

    With `everything` also what is seen, read and advised, and every word of the trainee.
    """
    phase: Phase | None = None
    for moment in moments(session):
        if moment.phase is not phase:
            phase = moment.phase
            yield Line(Kind.PART, str(phase))
        if tells_something_new(moment.session):
            yield from _told(moment.session, everything)
        yield Line(Kind.STAGE, _done(moment, everything))
        if everything and moment.document is not None:
            yield Line(Kind.STAGE, document_text(moment.session, moment.document))
        if everything and moment.advice:
            yield Line(Kind.STAGE, moment.advice)
        if moment.reaction:
            spoken_in = any(sign in _QUOTES for sign in moment.reaction)
            yield Line(Kind.SAID if spoken_in else Kind.STAGE, moment.reaction)
    if session.ending is None and tells_something_new(session):
        yield from _told(session, everything)
    if session.ending is not None:
        yield Line(Kind.PART, f"ending: {session.ending.title or session.ending.id}")
        if everything and session.narration:
            yield Line(Kind.STAGE, session.narration)


def _told(session: Session, everything: bool) -> Iterator[Line]:
    if everything and session.narration:
        yield Line(Kind.STAGE, session.narration)
    for person, text in session.speeches:
        yield Line(Kind.SAID, text, session.scenario.called(person))


def _done(moment: Moment, everything: bool) -> str:
    """Say what the trainee does, as a stage line."""
    if moment.chosen is not None:
        said = spoken(moment.chosen.text if everything else _short(moment.chosen.text), moment.chosen.spoken)
        return f"You: {said}" if moment.chosen.spoken else said
    match moment.event:
        case Selected():
            picked = "; ".join(each.text if everything else _short(each.text) for each in moment.picked)
            return f"You pick: {picked or 'nothing'}"
        case Ranked():
            return f"You put in order: {'; '.join(moment.order)}"
        case Read():
            return f"You read: {moment.document.title if moment.document else ''}"
        case Consulted():
            return "You ask your supervisor."
        case Wrote():
            return "You write."
    return moment.what


def _short(text: str) -> str:
    return textwrap.shorten(text, SHORT, placeholder=" …")


def words_in(text: str) -> int:
    """Count the words of a text; two signs of a script without blanks between words count as one."""
    wide = sum(unicodedata.east_asian_width(sign) in "WF" for sign in text)
    other = "".join(" " if unicodedata.east_asian_width(sign) in "WF" else sign for sign in text)
    return len(other.split()) + (wide + 1) // 2


def how_long(words: int) -> str:
    """Say how long so many words take aloud."""
    minutes = words / WORDS_A_MINUTE
    if minutes < 1:
        return f"about {counted(max(5, 5 * round(minutes * 12)), 'second')}"
    return f"about {counted(round(minutes), 'minute')}"


def script(session: Session, way: str, *, everything: bool = False, width: int = WIDTH) -> str:
    """Write a session as a script; `way` says which way through the case it is."""
    lines = list(lines_of(session, everything=everything))
    written = "\n\n".join(_wrapped(line, width) for line in lines)
    head = [session.scenario.title, _fill(way, width)]
    people = _people(session, lines)
    if people:
        head.append(_fill(f"Who speaks: {people}", width))
    return "\n\n".join(["\n".join(head), written, _fill(_length(lines), width)]) + "\n"


def _people(session: Session, lines: Iterable[Line]) -> str:
    speaking = {line.who for line in lines if line.who}
    found = [person for person in session.scenario.people.values() if (person.called or person.name) in speaking]
    return ", ".join(f"{each.name}{f' ({each.pronouns})' if each.pronouns else ''}" for each in found)


def _length(lines: Iterable[Line]) -> str:
    """Say how much is to be read aloud, by whom, and how long that takes."""
    counts: dict[str, int] = {}
    for line in lines:
        if line.kind is Kind.SAID:
            counts[line.who] = counts.get(line.who, 0) + words_in(line.text)
    words = sum(counts.values())
    if not words:
        return "Nobody says anything on this way."
    shares = [f"{who or 'what happens at once'} {count}" for who, count in counts.items()]
    return f"Aloud: {counted(words, 'word')}, {how_long(words)} ({', '.join(shares)})."


def _wrapped(line: Line, width: int) -> str:
    if line.kind is Kind.PART:
        return _fill(f"== {line.text} ==", width)
    if line.kind is Kind.STAGE:
        return "\n".join(_fill(each, width, "    ") for each in f"[{line.text}]".split("\n"))
    text = f"{line.who}: {line.text}" if line.who else line.text
    return "\n".join(_fill(each, width) for each in text.split("\n"))


def _fill(text: str, width: int, indent: str = "") -> str:
    """Wrap a text by what it takes up, wide signs twice as much."""
    rows: list[str] = []
    for word in text.split():
        if rows and _columns(rows[-1]) + 1 + _columns(word) <= width - len(indent):
            rows[-1] += f" {word}"
        else:
            rows.append(word)
        while _columns(rows[-1]) > width - len(indent):
            # A script without blanks can be broken anywhere.
            kept = rows[-1]
            cut = len(kept)
            while cut > 1 and _columns(kept[:cut]) > width - len(indent):
                cut -= 1
            rows[-1:] = [kept[:cut], kept[cut:]]
            if cut == len(kept):
                break
    return "\n".join(f"{indent}{row}" for row in rows if row)


def _columns(text: str) -> int:
    return sum(
        0 if unicodedata.combining(sign) else 2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text
    )
