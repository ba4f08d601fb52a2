"""Sessions that have been kept for as long as they were to be kept are deleted whole.

Age ends the purpose of all of it, not only of the words: journal, texts, reviews of it, and their copies in the shared
folder. What is left is a tombstone with the session's id, the number of its entries and its head, so that receipts
find their journal gone on purpose, and collecting never brings it back. The tombstone comes first: where deleting was
interrupted, the next time finishes it.

    NotKept    nothing was deleted; the text says why, and what to do
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from simulator import chain, durable, people
from simulator.archive import Archive
from simulator.chain import ChainError, Held
from simulator.durable import NotRead, NotSaved
from simulator.erasure.belongings import Remains, header_of, remains
from simulator.erasure.forgetting import shared_now
from simulator.journal import SUFFIX
from simulator.people import People
from simulator.review.reading import reviews_of
from simulator.settings import Home, Settings
from simulator.sharing import tombstones
from simulator.sharing.collected import Busy, alone

AT_ONCE = 100
"""Sessions that are held while one entry tells that they are deleted."""


class NotKept(Exception):
    """Nothing can be said about what is to be deleted, or nothing was. Its text says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Old:
    """A session that has been kept long enough."""

    session: str
    person: str
    last: str
    """When its last entry was written: UTC, ISO 8601, as the clock said."""


@dataclass(frozen=True, slots=True)
class Retention:
    """What there is to delete."""

    before: date
    """Sessions whose last entry is older than that day have been kept long enough."""
    old: tuple[Old, ...]
    """Those that go, oldest first."""
    kept: tuple[tuple[Old, str], ...]
    """Those that are as old and stay, with why."""
    unclear: tuple[tuple[Path, str], ...]
    """What cannot be judged, with why."""
    unfinished: tuple[str, ...]
    """Sessions whose deletion was interrupted: they go as well."""
    away: str = ""
    """Why the shared folder cannot be reached; empty: it can, or there is none."""


@dataclass(frozen=True, slots=True)
class Deleted:
    """What became of it."""

    retention: Retention
    sessions: tuple[str, ...]
    """Those that were deleted."""
    left: tuple[str, ...]
    """What could not be deleted just now, and why."""


def months_before(today: date, months: int) -> date:
    """Return the same day so many months earlier, or the last of that month where it has no such day."""
    year, month = divmod(today.year * 12 + today.month - 1 - months, 12)
    if year < 1:
        return date.min
    for day in range(today.day, 27, -1):
        with suppress(ValueError):
            return date(year, month + 1, day)
    return date(year, month + 1, min(today.day, 28))


def look(where: Home, settings: Settings, today: date) -> Retention:
    """Find the sessions that have been kept long enough. Writes nothing.

    Raises:
        NotKept: nobody said how long that is, or it cannot be told who is on hold, or what was deleted before.
    """
    if settings.keep is None:
        raise NotKept(f"for how long are sessions kept? Say so in {where.settings}, in months: `keep: 24`")
    known = people.load(where.people)
    if known.problems:
        raise NotKept(
            f"{where.people} cannot be read in full, so nobody can tell who is on hold; mend what is reported about it"
        )
    before = months_before(today, settings.keep)
    try:
        shared, away = shared_now(where, settings)
        interrupted = remains(where, shared, tombstones.deleted(where))[0]
    except (NotRead, ChainError) as problem:
        raise NotKept(str(problem)) from problem
    found, unclear, origins = _aged(where, interrupted)
    cut = before.isoformat()
    old = sorted((each for each in found if each.last < cut), key=lambda each: (each.last, each.session))
    kept = dict(_on_hold(old, known)) | dict(_needed(where, {each.session for each in old}, origins))
    kept |= {each.session: why for each in old if each.session not in kept and (why := _in_use(where, each.session))}
    unclear += [
        (_journal(where, each.session), f"its last entry says {each.last[:10]}, which is still to come")
        for each in found
        if each.last[:10] > date.fromordinal(today.toordinal() + 1).isoformat()
    ]
    return Retention(
        before,
        tuple(each for each in old if each.session not in kept),
        tuple((each, kept[each.session]) for each in old if each.session in kept),
        tuple(unclear),
        tuple(sorted(interrupted)),
        away,
    )


def apply(where: Home, settings: Settings, today: date) -> Deleted:
    """Delete the sessions that have been kept long enough; what is left is named, and goes the next time.

    Raises:
        NotKept: nothing was deleted.
    """
    try:
        with alone(where):
            found = look(where, settings, today)
            left: list[str] = [found.away] if found.away else []
            gone: list[str] = []
            shared, _ = shared_now(where, settings)
            there, beyond = remains(where, shared, {each.session for each in found.old} | set(found.unfinished))
            left += [f"{path} is not touched: {why}." for path, why in beyond]
            sessions = [*found.unfinished, *(each.session for each in found.old)]
            told = frozenset(found.unfinished)
            for start in range(0, len(sessions), AT_ONCE):
                some = [there[each] for each in sessions[start : start + AT_ONCE] if each in there]
                gone += _delete(where, some, told, settings.keep or 0, left)
            if gone:
                # Late: most who look at what is old need no database.
                from simulator.index.erasing import erase_texts

                if why := erase_texts(where, settings.index, gone):
                    left.append(why)
    except (Busy, ChainError, NotSaved, NotRead) as problem:
        raise NotKept(str(problem)) from problem
    return Deleted(found, tuple(gone), tuple(left))


# -- what is old ----------------------------------------------------------------------------------


def _aged(where: Home, interrupted: Collection[str]) -> tuple[list[Old], list[tuple[Path, str]], dict[str, str]]:
    """Return every session with when it was last played, what cannot be told, and what was begun again from what."""
    found: list[Old] = []
    unclear: list[tuple[Path, str]] = []
    origins: dict[str, str] = {}
    for path in Archive(where).paths():
        if path.stem in interrupted:
            continue
        said = header_of(path)
        last = _last_time(path)
        if not said or not last:
            unclear.append((path, "it does not say when it was played"))
            continue
        found.append(Old(path.stem, str(said.get("person", "")), last))
        again = said.get("again")
        if isinstance(again, dict) and isinstance(again.get("session"), str):
            origins[path.stem] = again["session"]
    return found, unclear, origins


def _last_time(path: Path) -> str:
    """Return when the last entry was written. Only the end is read; where that is damaged, all of it."""
    with suppress(NotRead, ValueError, RecursionError, IndexError, KeyError, TypeError):
        last = json.loads(durable.read_file(path, chain.LARGEST).rstrip(b"\n").rsplit(b"\n", 1)[-1])
        return str(last["time"]) if last["hash"] else ""
    with suppress(ChainError):
        entries = chain.read(path).entries
        return entries[-1].time if entries else ""
    return ""


def _on_hold(old: Sequence[Old], known: People) -> Iterator[tuple[str, str]]:
    for each in old:
        person = known.everybody.get(each.person)
        if person is not None and person.hold:
            yield each.session, f"{person.name} is on hold: {person.hold}"


def _needed(where: Home, old: set[str], origins: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Yield what still says that a text is redacted which a session that is kept has taken over."""
    for session in origins.keys() - old:
        line, each = [], origins.get(session)
        while each is not None and each not in line:
            line.append(each)
            each = origins.get(each)
        if any(review.redacted for one in line for review in reviews_of(where, one)):
            yield from ((one, f"{session} was begun again from it, and texts were redacted in it") for one in line)


def _in_use(where: Home, session: str) -> str:
    try:
        return "somebody is in it just now" if chain.is_held(_journal(where, session)) else ""
    except NotSaved as problem:
        return str(problem)


def _journal(where: Home, session: str) -> Path:
    return where.journals / f"{session}{SUFFIX}"


# -- deleting -------------------------------------------------------------------------------------


def _delete(where: Home, some: Sequence[Remains], told: Collection[str], keep: int, left: list[str]) -> list[str]:
    """Delete a few sessions, each while nobody else can open it; return their ids."""
    gone, locks = [], []
    with ExitStack() as held:
        mine = []
        for each in some:
            try:
                held.enter_context(chain.held(each.journal))
                mine.append((each, _head(each.journal, each.journal.stem in told)))
            except (Held, ChainError, NotSaved) as problem:
                left.append(str(problem))
        new = [(each.journal.stem, *head) for each, head in mine if head is not None]
        tombstones.tell_deleted(where, new, keep)
        for each, _ in mine:
            try:
                durable.remove_all((*each.shared, *each.reviews, *_but_the_lock(each)), each.folders)
            except NotSaved as problem:
                left.append(str(problem))
                continue
            gone.append(each.journal.stem)
            locks.append(each.journal)
    for journal in locks:
        # Once nobody can want it: a lock of a session that is there must stay where it is.
        durable.discard(journal.with_name(f"{journal.name}.lock"))
    return gone


def _head(journal: Path, told: bool) -> tuple[int, str] | None:
    """Return how many entries a journal has, and its head; None where its tombstone says so already."""
    if told:
        return None
    reading = chain.read(journal)
    return len(reading.entries), reading.head


def _but_the_lock(each: Remains) -> list[Path]:
    """Return what lies beside a journal, the journal last: while that is there, it says what the rest belongs to."""
    return [path for path in each.own if path.name != f"{each.journal.name}.lock"]
