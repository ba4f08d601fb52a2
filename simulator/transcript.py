"""A session as it went, moment by moment: what was shown, what could be done, what was done, what came of it.

App, plain mode and reports all tell a session from this one account.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from scoring.scorecard import Award
from simulator.scenario import Critical, Document, Option, Phase, Response, clock_text
from simulator.session import Chose, Consulted, Event, Ranked, Read, Selected, Session, Wrote


@dataclass(frozen=True, slots=True)
class Moment:
    """One decision."""

    number: int
    """Its place in the session, from 1."""
    event: Event
    phase: Phase
    time: str
    """What the clock showed; empty if the case has none."""
    person: str
    """How the case speaks of whom the scene was with."""
    narration: str
    """What was told; empty where it had been told already."""
    speech: str
    """What was said to the trainee; empty where it had been said already."""
    voices: tuple[tuple[str, str], ...]
    """What others said then: how the case speaks of them, and their words."""
    offered: tuple[Response, ...]
    """The responses on offer, as they were shown."""
    chosen: Response | None
    picked: tuple[Option, ...]
    """What was picked together."""
    left: tuple[Option, ...]
    """What could have been picked as well."""
    order: tuple[str, ...]
    """What was put in order, first to last."""
    confidence: int
    """How sure the trainee was, from 1 to 4; 0: not asked."""
    document: Document | None
    advice: str
    """What the supervisor said, if asked."""
    written: str | None
    """What the trainee wrote; None if nothing, or if it has been erased."""
    reaction: str
    awards: tuple[Award, ...]
    """Marks of the response, then of outcomes on the way to the next scene."""
    criticals: tuple[Critical, ...]
    session: Session
    """The session before the decision."""

    @property
    def skipped(self) -> tuple[Response | Option, ...]:
        """What was on offer and not taken."""
        return self.left or tuple(each for each in self.offered if each is not self.chosen)

    @property
    def decided(self) -> bool:
        """Whether there was something to decide, and it was."""
        return len(self.offered) > 1 or isinstance(self.event, Selected | Ranked)

    @property
    def what(self) -> str:
        """What the trainee did, in one line."""
        if self.chosen is not None:
            return f"“{self.chosen.text}”" if self.chosen.spoken else self.chosen.text
        if self.document is not None:
            return f"Read: {self.document.title}"
        if isinstance(self.event, Selected):
            picked = [f"“{each.text}”" if each.spoken else each.text for each in self.picked]
            return f"Picked: {_in_a_row(picked) or 'nothing'}"
        if isinstance(self.event, Ranked):
            return f"In order: {_in_a_row([f'{number}. {text}' for number, text in enumerate(self.order, 1)])}"
        return "Asked the supervisor" if isinstance(self.event, Consulted) else "Wrote"


def _in_a_row(sentences: Sequence[str]) -> str:
    """Put sentences behind each other: only the last has its full stop."""
    return "; ".join([*(each.removesuffix(".") for each in sentences[:-1]), *sentences[-1:]])


def moments(session: Session, since: int = 0) -> tuple[Moment, ...]:
    """Tell a session from its start to where it stands, or only what came after so many decisions."""
    trail = session.trail[since:]
    return tuple(_moment(number, before, after) for number, (before, after) in enumerate(pairwise(trail), since + 1))


def _moment(number: int, before: Session, after: Session) -> Moment:
    event = after.events[-1]
    new = tells_something_new(before)
    scenario = before.scenario
    return Moment(
        number=number,
        event=event,
        phase=before.phase,
        time="" if before.now is None else clock_text(before.now),
        person=scenario.called(before.person),
        narration=before.narration if new else "",
        speech=before.speech if new else "",
        voices=_voices(before) if new else (),
        offered=before.responses if isinstance(event, Chose) else (),
        chosen=after.taken,
        picked=after.picked,
        left=tuple(each for each in before.options if each not in after.picked) if isinstance(event, Selected) else (),
        order=after.order,
        confidence=after.confidence,
        document=scenario.documents[event.document] if isinstance(event, Read) else None,
        advice=after.just_said,
        written=event.text if isinstance(event, Wrote) else None,
        reaction=after.reaction,
        awards=after.awards,
        criticals=tuple(scenario.criticals[each] for each in after.criticals),
        session=before,
    )


def tells_something_new(session: Session) -> bool:
    """Whether what the scene tells was new to the trainee at this moment."""
    before = session.previous
    return (
        before is None
        or not isinstance(session.events[-1], Read | Consulted)
        or (session.narration, session.speeches) != (before.narration, before.speeches)
    )


def _voices(session: Session) -> tuple[tuple[str, str], ...]:
    """Return what others say, besides the person whom the scene is with."""
    said = session.speeches[1:] if session.speech else session.speeches
    return tuple((session.scenario.called(person), text) for person, text in said)


def unread(session: Session) -> tuple[Document, ...]:
    """Return the documents of the case that the trainee has not opened."""
    known = {document.id for document in session.documents}
    return tuple(each for each in session.scenario.documents.values() if each.id not in known)
