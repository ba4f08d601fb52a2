"""Bringing the index up to date: what changed among the files is read, and nothing else.

Few changes go in as one transaction, with everything that depends on them. Many go in a hundred sessions at a
time, so that others can read in between; what depends on all of them is made at the end, and until then the index
remembers that it is not.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Table, delete, func, or_, select
from sqlalchemy import update as change

from simulator.archive import Archive
from simulator.index import cases as known_cases
from simulator.index import migrations, summing
from simulator.index.cases import BOUNDS, NOT_YET, CaseRow, Pair, Range, WordingRow
from simulator.index.filling import FILLING, ROWS, UNREADABLE, Filled
from simulator.index.reading import Chunk, read
from simulator.index.scanning import COPY, Seen, Unit, changed, scan, units
from simulator.index.schema import (
    OF_SESSIONS,
    cases,
    files,
    metadata,
    sessions,
    with_lookups,
    without_lookups,
    wordings,
)
from simulator.index.store import Index, IndexTrouble
from simulator.solved import EXPLORER

MANY = 500
"""Sessions; where more changed, small tables are made anew."""
LOT = 5
"""Chunks that are written in one transaction."""
AT_ONCE = 500
"""Ids that one statement names."""
STALE, IN_STEP = "stale", "in step"
READING, EXPLORING = "Reading sessions", "Exploring cases"
"""What takes its time."""

Progress = Callable[[str, int, int], None]
"""Told what is done, and how many of how many."""
Stopped = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Updated:
    """What bringing the index up to date came to."""

    read: int = 0
    """Sessions that were read."""
    gone: int = 0
    """Sessions that are no longer there."""
    sessions: int = 0
    """Sessions that the index holds now."""
    rebuilt: bool = False
    """Whether all of it was made again."""
    busy: bool = False
    """Whether nothing was done because another program is just doing it."""
    stopped: bool = False
    """Whether it was stopped before its end; the next time goes on from there."""
    notices: tuple[str, ...] = ()
    """What people should know, in sentences."""


def update(
    index: Index,
    archive: Archive,
    library: frozenset[str] | None,
    progress: Progress | None,
    stopped: Stopped | None,
    *,
    solve: bool,
    processes: int | None,
) -> Updated:
    """Bring an index up to date with the journals, reviews and copies of a home.

    `library` holds the hashes of the scenarios that the library has now; None: nobody says. `progress` is told what is
    done, and how many of how many; `stopped` is asked now and then. Without `solve`, cases that nobody
    has explored yet stay without a range.

    Raises:
        IndexTrouble: it cannot be used just now.
    """
    job = _Job(index, archive, library, progress or _nothing, stopped or _never, solve, processes)
    with index.lock() as mine:
        if not mine:
            return Updated(busy=True, notices=("Another program is bringing the index up to date just now.",))
        try:
            return job.update()
        except IndexTrouble as trouble:
            if not trouble.damaged:
                raise
            index.clear()
            done = job.update()
            notice = "The index was damaged; it was made again from the journals."
            return replace(done, rebuilt=True, notices=(notice, *done.notices))


def rebuild(
    index: Index,
    archive: Archive,
    library: frozenset[str] | None,
    progress: Progress | None,
    stopped: Stopped | None,
    *,
    solve: bool,
    processes: int | None,
) -> Updated:
    """Make an index again from nothing; what it takes and raises is as with `update`."""
    job = _Job(index, archive, library, progress or _nothing, stopped or _never, solve, processes)
    with index.lock() as mine:
        if not mine:
            return Updated(busy=True, notices=("Another program is bringing the index up to date just now.",))
        index.clear()
        return replace(job.update(), rebuilt=True)


def _nothing(_what: str, _done: int, _of: int) -> None:
    return


def _never() -> bool:
    return False


@dataclass(slots=True)
class _Job:
    index: Index
    archive: Archive
    library: frozenset[str] | None
    progress: Progress
    stopped: Stopped
    solve: bool
    processes: int | None

    def update(self) -> Updated:
        # Read anew: a copy that was replaced meanwhile is another one.
        self.archive = Archive(self.archive.where)
        filled_by = f"{FILLING}.{EXPLORER}"
        rebuilt = False
        with self.index.read() as connection:
            last, mark = (migrations.remembered(connection, name) for name in ("filled_by", "home"))
            whole = migrations.remembered(connection, "counts") != STALE
        if mark and mark != self.index.home_mark:
            if self.index.on_server:
                raise IndexTrouble(
                    f"The index at {self.index.place} is filled from another computer or folder; here it can be read. "
                    "To fill it from here instead, run `caseload index rebuild`."
                )
            rebuilt = True
        if (last and last != filled_by) or rebuilt:
            self.index.clear()
            rebuilt, whole = True, True
        now = scan(self.archive.where)
        with self.index.write() as connection:
            counts = IN_STEP if whole else STALE
            migrations.remember(connection, filled_by=filled_by, home=self.index.home_mark, counts=counts)
            before = {row.path: Seen(*row) for row in connection.execute(select(files))}
            some, copies = changed(now, before)
            some |= _played_with(connection, copies)
        there = units(now)
        reading = [there[each] for each in sorted(some & there.keys())]
        gone = sorted(some - there.keys())
        done = Updated(rebuilt=rebuilt)
        if whole and len(some) <= MANY:
            done = self._few(done, now, reading, gone, copies)
        else:
            done = self._many(done, now, reading, gone)
        if done.stopped:
            return done
        self._cases()
        with self.index.read() as connection:
            held = connection.scalar(select(func.count()).select_from(sessions)) or 0
        return replace(done, sessions=held)

    def _few(
        self,
        done: Updated,
        now: dict[str, Seen],
        reading: Sequence[Unit],
        gone: Sequence[str],
        copies: Collection[str],
    ) -> Updated:
        if not reading and not gone and not copies:
            return done
        found: list[Filled | None] = []
        for chunk, filled in read(self.archive, reading, self.processes):
            found += filled
            if len(found) < len(reading):
                self.progress(READING, len(found), len(reading))
                if self.stopped():
                    return replace(done, stopped=True)
            del chunk
        ids = [*(unit.session for unit in reading), *gone]
        with self.index.write() as connection:
            groups = _groups(connection, ids)
            groups |= {(each.session.person, each.session.scenario) for each in found if each is not None}
            summing.subtract(connection, groups)
            _note_copies(connection, now)
            left = _replace(connection, now, ids, found)
            summing.add(connection, groups)
        # Whoever is told that all were read may look them up.
        self.progress(READING, len(reading), len(reading))
        return replace(done, read=len(reading), gone=left)

    def _many(self, done: Updated, now: dict[str, Seen], reading: Sequence[Unit], gone: Sequence[str]) -> Updated:
        with self.index.write() as connection:
            migrations.remember(connection, counts=STALE)
            if connection.scalar(select(sessions.c.session).limit(1)) is None:
                without_lookups(connection)
            # What is to be read is unknown from here on, whatever happens before it has been.
            _forget(connection, [unit.session for unit in reading])
            _note_copies(connection, now)
            left = 0
            for first in range(0, len(gone), AT_ONCE):
                left += _replace(connection, now, gone[first : first + AT_ONCE], ())
        by_session: dict[str, list[Seen]] = {}
        for seen in now.values():
            by_session.setdefault(seen.session, []).append(seen)
        number = 0
        chunks = read(self.archive, reading, self.processes)
        for some in _together(chunks):
            ids = [unit.session for chunk, _ in some for unit in chunk]
            theirs = {seen.path: seen for each in ids for seen in by_session.get(each, ())}
            with self.index.write() as connection:
                left += _replace(connection, theirs, ids, [each for _, filled in some for each in filled])
            number += len(ids)
            self.progress(READING, number, len(reading))
            if self.stopped() and number < len(reading):
                return replace(done, read=number, gone=left, stopped=True)
        with self.index.write() as connection:
            with_lookups(connection)
            summing.anew(connection)
            migrations.remember(connection, counts=IN_STEP)
        return replace(done, read=len(reading), gone=left)

    # -- cases ------------------------------------------------------------------------------------

    def _cases(self) -> None:
        """Know every case that was played, and none besides."""
        with self.index.read() as connection:
            played = set(map(tuple, connection.execute(_PLAYED)))
            known = {(row.scenario_hash, row.rubric_hash): row for row in connection.execute(select(cases))}
        rows, words = [], []
        ranges: dict[Pair, Range] = {}
        unexplored: list[Pair] = []
        for pair in sorted(played):
            row = known.get(pair)
            if row is not None and row.proven != NOT_YET:
                continue
            ranges[pair] = known_cases.kept_range(self.archive, pair)
            if ranges[pair].proven == NOT_YET and self.solve:
                unexplored.append(pair)
        if unexplored:
            self.progress(EXPLORING, 0, len(unexplored))
            apart = known_cases.explored_apart(self.archive, unexplored, self.processes)
            for number, (pair, found) in enumerate(apart, 1):
                ranges[pair] = found
                self.progress(EXPLORING, number, len(unexplored))
        spoken = {row.scenario_hash for row in known.values()}
        for pair in sorted(played - known.keys()):
            case = known_cases.loaded(self.archive, pair)
            if case is not None:
                there = self.library is None or pair[0] in self.library
                rows.append(known_cases.row_of(pair, case[0], ranges[pair], there))
                if pair[0] not in spoken:
                    spoken.add(pair[0])
                    words += list(known_cases.wordings_of(case[0]))
        with self.index.write() as connection:
            for pair in known.keys() - played:
                which = (cases.c.scenario_hash == pair[0]) & (cases.c.rubric_hash == pair[1])
                connection.execute(delete(cases).where(which))
            insert_rows(connection, cases, CaseRow, rows)
            insert_rows(connection, wordings, WordingRow, words)
            for pair, found in ranges.items():
                if pair in known and found.proven != NOT_YET:
                    which = (cases.c.scenario_hash == pair[0]) & (cases.c.rubric_hash == pair[1])
                    values = {"proven": found.proven, **dict(zip(BOUNDS, found.bounds, strict=True))}
                    connection.execute(change(cases).where(which).values(values))
            connection.execute(delete(wordings).where(wordings.c.scenario_hash.not_in(select(cases.c.scenario_hash))))
            if self.library is not None:
                held = cases.c.scenario_hash.in_(sorted(self.library))
                connection.execute(change(cases).where(held, cases.c.in_library == 0).values(in_library=1))
                connection.execute(change(cases).where(~held, cases.c.in_library == 1).values(in_library=0))


_PLAYED = select(sessions.c.scenario_hash, sessions.c.rubric_hash).where(sessions.c.state != UNREADABLE).distinct()


def _note_copies(connection: Connection, now: dict[str, Seen]) -> None:
    connection.execute(delete(files).where(files.c.kind == COPY))
    insert_rows(connection, files, Seen, [seen for seen in now.values() if seen.kind == COPY])


def _forget(connection: Connection, ids: Sequence[str]) -> None:
    for first in range(0, len(ids), AT_ONCE):
        some = files.c.session.in_(ids[first : first + AT_ONCE])
        connection.execute(delete(files).where(some, files.c.kind != COPY))


def _played_with(connection: Connection, copies: Collection[str]) -> set[str]:
    """Return the sessions that were played with copies that came, went or changed."""
    found: set[str] = set()
    hashes = sorted(copies)
    for first in range(0, len(hashes), AT_ONCE):
        some = hashes[first : first + AT_ONCE]
        with_these = or_(sessions.c.scenario_hash.in_(some), sessions.c.rubric_hash.in_(some))
        found |= set(connection.scalars(select(sessions.c.session).where(with_these)))
    return found


def _groups(connection: Connection, ids: Sequence[str]) -> set[summing.Group]:
    found: set[summing.Group] = set()
    for first in range(0, len(ids), AT_ONCE):
        which = sessions.c.session.in_(ids[first : first + AT_ONCE])
        found |= {(row.person, row.scenario) for row in connection.execute(select(sessions).where(which))}
    return found


def _together(chunks: Iterable[Chunk]) -> Iterator[list[Chunk]]:
    """Yield lots that are written at once: each costs the disk the same, however much is in it."""
    lot: list[Chunk] = []
    for chunk in chunks:
        lot.append(chunk)
        if len(lot) == LOT:
            yield lot
            lot = []
    if lot:
        yield lot


def _replace(connection: Connection, now: dict[str, Seen], ids: Sequence[str], found: Iterable[Filled | None]) -> int:
    """Put what was read of sessions in the place of what was there; return how many are gone for good."""
    before: set[str] = set()
    for first in range(0, len(ids), AT_ONCE):
        some = ids[first : first + AT_ONCE]
        before |= set(connection.scalars(select(sessions.c.session).where(sessions.c.session.in_(some))))
        for table in OF_SESSIONS:
            connection.execute(delete(table).where(table.c.session.in_(some)))
    _forget(connection, ids)
    rows: dict[str, list[tuple[Any, ...]]] = {name: [] for name in ROWS}
    for filled in found:
        for name, more in filled.rows() if filled is not None else ():
            rows[name].extend(more)
    for name, some_rows in rows.items():
        insert_rows(connection, metadata.tables[name], ROWS[name], some_rows)
    wanted = set(ids)
    insert_rows(
        connection, files, Seen, [each for each in now.values() if each.session in wanted and each.kind != COPY]
    )
    return len(before - {row[0] for row in rows["sessions"]})


def insert_rows(
    connection: Connection, table: Table, kind: type[tuple[Any, ...]], rows: Sequence[tuple[Any, ...]]
) -> None:
    """Insert many rows that are tuples in the order of the table's columns.

    Written out, because going through one dictionary for each of millions of rows takes as long as reading them.
    """
    if not rows:
        return
    names: tuple[str, ...] = kind._fields  # type: ignore[attr-defined]
    mark = "?" if connection.dialect.paramstyle == "qmark" else "%s"
    places = ", ".join([mark] * len(names))
    # Names are those of `schema`, and nothing of anybody's.
    statement = f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({places})"  # noqa: S608
    connection.exec_driver_sql(statement, list(rows))
