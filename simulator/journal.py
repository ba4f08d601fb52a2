"""A session's journal: what the trainee did, on a chain, and back again as events.

The header names everything that replaying needs: the scenario and the rubric by their hashes, the seed,
the person by id. After it comes one entry for each thing the trainee did. Scores are not in it; they are
what replaying gives.

A session that was begun again from a decision of another is a journal of its own: its header says where it
comes from, and its first entries are the decisions that were taken over. Replaying it needs nothing else.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from simulator import chain, durable
from simulator.chain import Chain, ChainError, Entry, Reading
from simulator.deed import body_of, event_of
from simulator.durable import NotSaved
from simulator.session import Event
from simulator.text import one_line

KIND = "session"
SUFFIX = ".jsonl"
MARKS = ("reflected", "suspended", "resumed")
"""Entries that are no decision of the case."""
ASSIGNED, PRACTICE = "assigned", "practice"
PURPOSES = (ASSIGNED, PRACTICE)
"""Whether somebody reviews a session in full, or sees no more than a summary of it."""

HEADER_BYTES = 4096
"""A journal's first line is shorter."""

_SESSION_ID = re.compile(r"[a-z0-9][a-z0-9-]{3,63}\Z")
_HASH = re.compile(r"[0-9a-f]{64}\Z")
_NAME = re.compile(r"[a-z][a-z0-9-]{0,63}\Z")


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a session comes from that was begun again from a decision of another."""

    session: str
    """The id of the session it comes from."""
    decision: int
    """The decision that was tried again, from 1; all before it were taken over."""

    @property
    def taken_over(self) -> int:
        """How many decisions were taken over; they are the first that the new journal holds."""
        return self.decision - 1


@dataclass(frozen=True, slots=True)
class Header:
    """What a journal begins with."""

    session: str
    """The session's own id, which is also its file's name."""
    scenario: str
    version: str
    scenario_hash: str
    rubric_hash: str
    seed: int
    person: str
    """The id of who played; names are kept elsewhere."""
    feedback: str
    """Whether marks were shown after `each` response or at the `end`."""
    program: str
    """The version of Caseload that began it."""
    confidence: bool = False
    """Whether the trainee was asked how sure they were."""
    again: Origin | None = None
    """Where it comes from; None: it was begun at the start of its case, and is an attempt at the whole of it."""
    purpose: str = ""
    """One of `PURPOSES`, where a cohort names who plays; empty: nobody said, and it is read in full."""

    @property
    def taken_over(self) -> int:
        """How many of its decisions, the first ones, were made in the session it comes from."""
        return 0 if self.again is None else self.again.taken_over


@dataclass(frozen=True, slots=True)
class Record:
    """One entry after the header."""

    seq: int
    time: str
    """UTC, ISO 8601."""
    event: Event | None = None
    """A decision of the case; None for one of `MARKS`."""
    mark: str = ""
    text: str | None = None
    """What was reflected; None where there is no text, or it was erased."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """A journal as it lies on disk."""

    path: Path
    header: Header
    records: tuple[Record, ...]
    """The longest good part."""
    reading: Reading
    """What the chain itself had to say: damage, a torn end, notices."""

    @property
    def events(self) -> tuple[Event, ...]:
        """The decisions, oldest first."""
        return tuple(record.event for record in self.records if record.event is not None)

    @property
    def started(self) -> str:
        """When it began."""
        return self.reading.entries[0].time

    @property
    def touched(self) -> str:
        """When the last entry was written."""
        return self.reading.entries[-1].time

    def seq_of(self, number: int) -> int:
        """Return the entry in which decision `number` (from 1) stands; 0 for the header."""
        decided = [record.seq for record in self.records if record.event is not None]
        return decided[number - 1] if number else 0

    def reflections(self) -> tuple[str, ...]:
        """Return what the trainee thought about it afterwards, oldest first; what was erased is left out."""
        return tuple(record.text for record in self.records if record.mark == "reflected" and record.text)


class NotASession(ChainError):
    """A sound chain that does not hold a session's journal."""


class NotWritten(NotSaved):
    """An entry could not be written for what the chain found; to whoever plays that is one and the same."""

    def __init__(self, problem: ChainError) -> None:
        Exception.__init__(self, str(problem))
        self.path = problem.path
        self.reason = None


def new_session_id(clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> str:
    """Make an id that sorts by time and that no other machine makes as well."""
    now = clock()
    return f"{now:%Y%m%d-%H%M%S}-{now.microsecond // 1000:03}{secrets.token_hex(3)}"


def good_session_id(name: str) -> bool:
    """Whether this can be a session's id, and so a file's name."""
    return bool(_SESSION_ID.match(name))


def good_person_id(name: str) -> bool:
    """Whether this can be the id of somebody who plays or reviews, and so a folder's name."""
    return bool(_NAME.match(name))


def may_name(path: Path, *ids: str) -> bool:
    """Whether the first line of a journal may name some ids: quick, because there may be many journals.

    Ids have nothing in them that would be written otherwise. Journals that cannot be read name nobody.
    """
    try:
        start = durable.read_start(path, HEADER_BYTES).partition(b"\n")[0]
    except durable.NotRead:
        return False
    return all(f'"{each}"'.encode() in start for each in ids)


def read(path: Path) -> Recorded:
    """Read a journal that anybody may have made.

    Raises:
        ChainError: it cannot be read at all; its text says why.
    """
    reading = chain.read(path)
    if not reading.entries:
        assert reading.damage is not None  # noqa: S101 - `chain.read` raises where there is nothing at all
        raise NotASession(
            path,
            f"{one_line(path.name)} is no session's journal, or was altered at its start. {reading.damage.message}",
        )
    return recorded(path, reading)


def recorded(path: Path, reading: Reading) -> Recorded:
    """Make of what a chain holds, an entry at least, what a session's journal says.

    Raises:
        ChainError: it is no session's.
    """
    return _recorded(path, reading)


class Journal:
    """A journal open for the one who plays. Every method is durable before it returns.

    Each may raise `NotSaved`; the journal is then as before, and the same call can be made again.
    """

    def __init__(self, opened: Chain, header: Header, before: Recorded | None = None) -> None:
        """Use `create` or `open`."""
        self.header = header
        self.before = before
        """What `open` found in it."""
        self._chain = opened

    @classmethod
    def create(cls, folder: Path, header: Header, taken_over: Iterable[Event] = ()) -> Self:
        """Begin a journal in a folder, with the decisions that are taken over from another: all at once, or not at all.

        Raises:
            NotSaved: it cannot be written; nothing is left of it then.
            ChainError: there is one already, or it would hold more than a journal can.
        """
        body: dict[str, object] = {"kind": KIND, **{_key(name): getattr(header, name) for name in _HEADER}}
        if header.confidence:
            body["confidence"] = True
        if header.again is not None:
            body["again"] = {"session": header.again.session, "decision": header.again.decision}
        if header.purpose:
            body["purpose"] = header.purpose
        path = folder / f"{header.session}{SUFFIX}"
        return cls(Chain.create(path, body, person=header.person, entries=map(body_of, taken_over)), header)

    @classmethod
    def open(cls, path: Path, person: str = "") -> Self:
        """Open a journal to go on with it.

        Raises:
            ChainError: it is damaged, held by somebody else, or no session's journal.
        """
        opened = Chain.open(path, person=person)
        try:
            reading = opened.reading
            assert reading is not None  # noqa: S101 - `Chain.open` always reads
            recorded = _recorded(path, reading)
        except ChainError:
            opened.close()
            raise
        return cls(opened, recorded.header, recorded)

    @property
    def path(self) -> Path:
        """Where it lies."""
        return self._chain.path

    def add(self, event: Event) -> None:
        """Write down a decision."""
        self._append(*body_of(event))

    def reflect(self, text: str) -> None:
        """Write down what the trainee thinks about it afterwards."""
        self._append({"event": "reflected"}, text)

    def suspend(self) -> None:
        """Write down that the trainee left."""
        self._append({"event": "suspended"})

    def resume(self, edited: bool) -> None:
        """Write down that the trainee came back, and whether the case had been edited meanwhile."""
        self._append({"event": "resumed", "edited": edited})

    def _append(self, body: Mapping[str, object], text: str | None = None) -> None:
        try:
            self._chain.append(body, text)
        except ChainError as problem:
            raise NotWritten(problem) from problem

    def close(self) -> None:
        """Let others open it."""
        self._chain.close()


_HEADER = tuple(name for name in Header.__slots__ if name not in ("confidence", "again", "purpose"))
"""What every header has had from the first version on."""


def _key(name: str) -> str:
    return name.replace("_", "-")


def _recorded(path: Path, reading: Reading) -> Recorded:
    first, *rest = reading.entries
    header = _header(path, first.body)
    records = tuple(_record(path, entry) for entry in rest)
    _must_hold(path, header.taken_over, records, whole=reading.damage is None)
    return Recorded(path, header, records, reading)


def _header(path: Path, body: Mapping[str, Any]) -> Header:
    values = {name: body.get(_key(name)) for name in _HEADER}
    words = {
        "session": _SESSION_ID,
        "scenario": _NAME,
        "person": _NAME,
        "scenario_hash": _HASH,
        "rubric_hash": _HASH,
    }
    good = body.get("kind") == KIND and all(
        type(value) is (int if name == "seed" else str) for name, value in values.items()
    )
    if not good or not all(pattern.match(str(values[name])) for name, pattern in words.items()):
        raise NotASession(
            path, f"{one_line(path.name)} is not a session's journal: its first line does not say what was played."
        )
    asked = body.get("confidence") is True
    purpose = body.get("purpose", "")
    if purpose not in ("", *PURPOSES):
        raise NotASession(path, f"Entry 0 of {one_line(path.name)} does not say what the session was played for.")
    return Header(**values, confidence=asked, again=_origin(path, body), purpose=purpose)  # type: ignore[arg-type]


def _origin(path: Path, body: Mapping[str, Any]) -> Origin | None:
    if "again" not in body:
        return None
    match body["again"]:
        case {"session": str(session), "decision": int(decision), **rest} if not rest:
            other = _SESSION_ID.match(session) and session != body["session"]
            if other and type(decision) is int and decision >= 1:
                return Origin(session, decision)
    raise NotASession(
        path,
        f"Entry 0 of {one_line(path.name)} does not say from which decision of which other session it was begun again.",
    )


def _must_hold(path: Path, taken_over: int, records: Sequence[Record], *, whole: bool) -> None:
    """Refuse a journal that does not hold the decisions it says were taken over, before anything else.

    They were written with the header, in one go; only damage, which is told apart, can have cost some of them.
    """
    for record in records[:taken_over]:
        if record.event is None:
            raise NotASession(
                path,
                f"Entry {record.seq} of {one_line(path.name)} is no decision, though the header says that the first "
                f"{taken_over} entries were taken over.",
            )
    if whole and len(records) < taken_over:
        raise NotASession(
            path,
            f"Entry 0 of {one_line(path.name)} says that more decisions were taken over ({taken_over}) than there are "
            f"({len(records)}).",
        )


def _record(path: Path, entry: Entry) -> Record:
    body = entry.body
    if body.get("event") in MARKS:
        return Record(entry.seq, entry.time, mark=str(body["event"]), text=entry.text)
    event = event_of(body, entry.text)
    if event is None:
        raise NotASession(path, f"Entry {entry.seq} of {one_line(path.name)} is none that a session has.")
    return Record(entry.seq, entry.time, event)
