"""Playing with a journal: every decision is on the disk before anybody sees what comes of it.

Both front ends play through this one class, so neither can show a scene that a power cut would undo.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Self

from scoring.rubric import Rubric
from simulator import durable, journal
from simulator.archive import Archive, keep
from simulator.chain import ChainError
from simulator.journal import Header, Journal, Origin
from simulator.library import Case
from simulator.session import Session, start
from simulator.settings import Home
from simulator.sharing.collected import from_others
from simulator.source import Source
from simulator.text import LONGEST_NOTE, clean
from simulator.version import VERSION

MOST_SEEDS = 2**32


class NoSuchDecision(ChainError):
    """A session has no decision of that number to try again from."""


class Play:
    """One session, open to go on with.

    Every deciding method may raise `NotOffered`, and `NotSaved`: the session then stands where it stood, and
    the same call can be made again.
    """

    def __init__(self, where: Home, opened: Journal, session: Session, rubric: Rubric, edited: bool = False) -> None:
        """Use `begin`, `again_from` or `resume`."""
        self.session = session
        self.rubric = rubric
        self.edited = edited
        """Whether the case has been edited since this session began, or since the one it comes from was played; it
        goes on with the copy it began with."""
        self._where = where
        self._journal = opened

    @classmethod
    def begin(
        cls,
        where: Home,
        case: Case,
        rubric: Rubric,
        rubric_source: Source,
        person: str,
        *,
        seed: int | None,
        feedback: str,
        confidence: bool = False,
        purpose: str = "",
    ) -> Self:
        """Begin a session; `purpose` is what `purpose_of` says of who plays.

        Raises:
            NotSaved: its journal, or the copies of scenario and rubric, cannot be written.
        """
        keep(where, case.source)
        keep(where, rubric_source)
        header = Header(
            session=journal.new_session_id(),
            scenario=case.scenario.id,
            version=case.scenario.version,
            scenario_hash=case.source.hash,
            rubric_hash=rubric.hash,
            seed=secrets.randbelow(MOST_SEEDS) if seed is None else seed,
            person=person,
            feedback=feedback,
            program=VERSION,
            confidence=confidence,
            purpose=purpose,
        )
        return cls(where, Journal.create(where.journals, header), start(case.scenario, header.seed), rubric)

    @classmethod
    def again_from(
        cls,
        archive: Archive,
        path: Path,
        decision: int,
        current: str | None = None,
        *,
        feedback: str = "",
        confidence: bool | None = None,
        purpose: str = "",
    ) -> Self:
        """Begin a new session that stands where a decision of another was made, from 1, and has everything before it.

        It goes on with the copy of the case that was played, whatever the library has now; `current` is the hash that
        the case has there, if it is there. Feedback, and whether it is asked how sure one is, are as they were unless
        given. The other session stays as it is. It is practice where a cohort names who plays, now or when they played
        the other one.

        Raises:
            NoSuchDecision: the session has no decision of that number.
            ChainError: the other journal cannot be used to its end, or its scenario is not here.
            NotSaved: the new journal cannot be written; nothing is left of it then.
        """
        logged = archive.load(path)
        before = logged.recorded.header
        if logged.trouble:
            raise ChainError(path, logged.trouble)
        if not 1 <= decision <= len(logged.session.events):
            raise NoSuchDecision(path, _no_such_decision(logged.id, decision, len(logged.session.events)))
        session = logged.session.trail[decision - 1]
        header = replace(
            before,
            session=journal.new_session_id(),
            feedback=feedback or before.feedback,
            confidence=before.confidence if confidence is None else confidence,
            program=VERSION,
            again=Origin(before.session, decision),
            purpose=journal.PRACTICE if purpose or before.purpose else "",
        )
        edited = current is not None and current != logged.scenario.hash
        opened = Journal.create(archive.where.journals, header, session.events)
        return cls(archive.where, opened, session, logged.rubric, edited)

    @classmethod
    def resume(cls, archive: Archive, path: Path, current: str | None = None) -> Self:
        """Go on with a session; `current` is the hash that its case has in the library now, if it is there.

        Raises:
            ChainError: it is damaged, held or handed in by somebody else, or its scenario is not here.
            NotSaved: its journal cannot be written.
        """
        recorded = journal.read(path)
        if recorded.header.session in from_others(archive.where):
            raise ChainError(
                path,
                f"Session {recorded.header.session} was handed in by somebody else. Only they go on with it, on their "
                f"own machine; `caseload review {recorded.header.session}` opens it for review.",
            )
        opened = Journal.open(path, person=recorded.header.person)
        try:
            assert opened.before is not None  # noqa: S101 - `open` always reads
            logged = archive.replay(opened.before)
            if logged.trouble:
                raise ChainError(path, logged.trouble)
            edited = current is not None and current != logged.scenario.hash
            # Looking back at a session that is over adds nothing to it: what was signed off stays signed off.
            if not logged.over:
                opened.resume(edited)
        except BaseException:
            opened.close()
            raise
        return cls(archive.where, opened, logged.session, logged.rubric, edited)

    @property
    def where(self) -> Home:
        """The home that it is kept in."""
        return self._where

    @property
    def reflections(self) -> tuple[str, ...]:
        """What the trainee thought about it when it was open before."""
        return self._journal.before.reflections() if self._journal.before else ()

    @property
    def header(self) -> Header:
        """What the journal begins with."""
        return self._journal.header

    @property
    def path(self) -> Path:
        """The journal's file."""
        return self._journal.path

    def asks_how_sure(self) -> bool:
        """Whether to ask, now, how sure the trainee is: where there is something to decide, and it is wanted."""
        session = self.session
        least, _ = session.limits
        several = len(session.responses) > 1 or len(session.options) > least or session.items
        return self.header.confidence and bool(several)

    def choose(self, response: str, confidence: int = 0) -> Session:
        """Take a response."""
        return self._go(self.session.choose(response, confidence))

    def select(self, options: Iterable[str], confidence: int = 0) -> Session:
        """Pick several options."""
        return self._go(self.session.select(options, confidence))

    def rank(self, order: Iterable[str], confidence: int = 0) -> Session:
        """Put things in order."""
        return self._go(self.session.rank(order, confidence))

    def read(self, document: str) -> Session:
        """Open a document for the first time."""
        return self._go(self.session.read(document))

    def consult(self) -> Session:
        """Ask the supervisor."""
        return self._go(self.session.consult())

    def write(self, text: str) -> Session:
        """Hand in what the scene asks to be written; its draft is done with."""
        session = self._go(self.session.write(text))
        durable.discard(self._draft)
        return session

    def _go(self, after: Session) -> Session:
        self._journal.add(after.events[-1])
        self.session = after
        return after

    def reflect(self, text: str) -> None:
        """Keep what the trainee thinks about it afterwards."""
        self._journal.reflect(clean(text, LONGEST_NOTE))
        durable.discard(self._draft)

    def suspend(self) -> None:
        """Leave it, to be gone on with later; it is saved already, so a full disk does not hold anybody."""
        try:
            if self.session.ending is None:
                self._journal.suspend()
        except durable.NotSaved:
            pass
        finally:
            self.close()

    def close(self) -> None:
        """Let others open the journal."""
        self._journal.close()

    # -- what is being typed ------------------------------------------------------------------

    @property
    def _draft(self) -> Path:
        return self.path.with_suffix(".draft")

    @property
    def _topic(self) -> str:
        scene = self.session.scene
        return scene.id if scene is not None else ""

    def save_draft(self, text: str) -> None:
        """Keep what is being typed, so that nothing is lost if the lights go out.

        Raises:
            NotSaved: it cannot be written.
        """
        kept = {"scene": self._topic, "text": clean(text, LONGEST_NOTE)}
        durable.replace(self._draft, json.dumps(kept).encode())

    def draft(self) -> str:
        """Return what was being typed here; empty if nothing was."""
        try:
            kept = json.loads(durable.read_file(self._draft, LONGEST_NOTE * 8))
        except (durable.NotRead, ValueError, RecursionError):
            return ""
        if not isinstance(kept, dict) or kept.get("scene") != self._topic:
            return ""
        return clean(str(kept.get("text", "")), LONGEST_NOTE)


def _no_such_decision(session: str, decision: int, known: int) -> str:
    if not known:
        return f"Nothing has been decided in session {session} yet, so there is nothing to try again; go on with it."
    which = "its only one is 1" if known == 1 else f"its decisions are 1 to {known}"
    return f"Session {session} has no decision {decision} to try again from; {which}."
