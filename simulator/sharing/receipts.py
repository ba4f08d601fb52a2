"""The heads of journals as they were first seen here: the only thing that shows a rewrite of a whole journal.

Whoever holds a laptop can write a journal anew, with right hashes. They cannot change what somebody else took
down about it before. So each head is taken down when a journal is collected and when a supervisor looks at it,
and rows are only ever added: triggers in the database refuse to change one or to take one away. The ledger
cannot be made again from anything; it is what `caseload backup` is for. It is a file in the home, or a table in
an agency's database.

Importing this takes a quarter of a second, because of SQLAlchemy: it is imported where it is needed.

    LedgerError    the ledger cannot be used; its text says why, and what to do
"""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Integer,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    and_,
    bindparam,
    create_engine,
    event,
    exists,
    func,
    inspect,
    select,
    text,
)
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError

from simulator import durable
from simulator.settings import Home, remember, remembered
from simulator.text import one_line

BEGUN = "receipts"
"""Under this name the home remembers since when there has been a ledger: one that is gone is then noticed."""
PATIENCE = 5
"""Seconds to wait for a server, or for somebody else who is writing."""
LONGEST_ID = 64
_WRITES = "caseload_writes"
_SPOILT = ("malformed", "no such", "not a database")
"""What SQLite says of a file that is not what was written, among errors that also have other causes."""

_META = MetaData()
_RECEIPTS = Table(
    "receipts",
    _META,
    Column("number", Integer, primary_key=True),
    Column("session", String(LONGEST_ID), nullable=False),
    Column("entries", Integer, nullable=False),
    Column("head", String(LONGEST_ID), nullable=False),
    Column("first_seen", String(32), nullable=False),
    Column("source", String(200), nullable=False),
    UniqueConstraint("session", "entries", "head", "first_seen"),
    sqlite_autoincrement=True,
)

_SQLITE_TRIGGERS = (
    """CREATE TRIGGER receipts_stay BEFORE UPDATE ON receipts
       BEGIN SELECT RAISE(ABORT, 'receipts are never changed'); END""",
    """CREATE TRIGGER receipts_last BEFORE DELETE ON receipts
       BEGIN SELECT RAISE(ABORT, 'receipts are never taken away'); END""",
    # `INSERT OR REPLACE` takes rows away without asking the trigger above.
    """CREATE TRIGGER receipts_once BEFORE INSERT ON receipts
       WHEN EXISTS (SELECT 1 FROM receipts WHERE number = NEW.number OR (session = NEW.session
           AND entries = NEW.entries AND head = NEW.head AND first_seen = NEW.first_seen))
       BEGIN SELECT RAISE(ABORT, 'receipts are never replaced'); END""",
)
_POSTGRESQL_TRIGGERS = (
    """CREATE OR REPLACE FUNCTION receipts_refuse() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN RAISE EXCEPTION 'receipts are never changed or taken away'; END $$""",
    """CREATE TRIGGER receipts_stay BEFORE UPDATE OR DELETE ON receipts
       FOR EACH ROW EXECUTE FUNCTION receipts_refuse()""",
    """CREATE TRIGGER receipts_last BEFORE TRUNCATE ON receipts
       FOR EACH STATEMENT EXECUTE FUNCTION receipts_refuse()""",
)


class LedgerError(Exception):
    """The ledger of receipts cannot be used. Its text says why, and what to do."""

    def __init__(self, message: str, *, lost: bool = False) -> None:
        super().__init__(message)
        self.lost = lost
        """Whether it is damaged or gone, so that only a backup helps."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A journal as somebody sees it."""

    session: str
    entries: int
    """How many entries it has, the header among them."""
    head: str
    """The hash of the last of them."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """That a journal was seen."""

    session: str
    entries: int
    head: str
    first_seen: str
    """When, here: UTC, ISO 8601."""
    source: str
    """Where it was seen."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a journal stands to its receipts."""

    receipts: tuple[Receipt, ...]
    """All of its session, those of the fewest entries first."""
    rewritten: Receipt | None = None
    """The first one that says another hash for an entry that the journal has."""
    shortened: Receipt | None = None
    """The longest one that says more entries than the journal has."""

    @property
    def first_seen(self) -> str:
        """When its session was seen first; empty: never."""
        return min((each.first_seen for each in self.receipts), default="")


class Receipts:
    """The ledger, open. Close it, or use it in a `with`."""

    def __init__(self, engine: Engine, place: str) -> None:
        """Use `open`."""
        self._engine = engine
        self._place = place

    @classmethod
    def open(cls, where: Home, url: str = "") -> Self:
        """Open the ledger of a home, or the one in the database at `url`; begin it where there has not been one yet.

        Raises:
            LedgerError: it cannot be used as it is, or is gone. It is never begun anew in its place.
        """
        engine = _server(url) if url else _file(where)
        opened = cls(engine, _shown(engine.url) if url else one_line(str(where.receipts), 400))
        try:
            with opened._working() as connection:
                begun = opened._is_begun(connection)
            if not begun:
                with opened._working(write=True) as connection:
                    opened._begin(connection)
        except BaseException:
            engine.dispose()
            raise
        if not url and not remembered(where).get(BEGUN):
            remember(where, **{BEGUN: _now()})
        return opened

    def _is_begun(self, connection: Connection) -> bool:
        """Whether there is a table to go on with; raises LedgerError where there is something else."""
        sqlite = connection.dialect.name == "sqlite"
        if sqlite and (wrong := connection.execute(text("PRAGMA quick_check(1)")).scalar()) != "ok":
            raise _spoilt(self._place, one_line(str(wrong)))
        tables = inspect(connection).get_table_names()
        if _RECEIPTS.name in tables:
            connection.execute(select(_RECEIPTS).limit(1))
            return True
        if sqlite and tables:
            raise _spoilt(self._place, "it holds something else")
        return False

    def _begin(self, connection: Connection) -> None:
        """Make the table, with what guards it."""
        sqlite = connection.dialect.name == "sqlite"
        if not sqlite:
            # Two that begin at once would each find nothing and make it.
            connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('caseload receipts'))"))
        if _RECEIPTS.name in inspect(connection).get_table_names():
            return
        _META.create_all(connection)
        for trigger in _SQLITE_TRIGGERS if sqlite else _POSTGRESQL_TRIGGERS:
            connection.execute(text(trigger))

    def add(self, seen: Iterable[Seen], source: str) -> int:
        """Take down journals as they are seen now, all of them or none, durably; return how many are new.

        What was taken down before keeps its time.

        Raises:
            LedgerError: nothing was taken down.
        """
        now = _now()
        return self.put_back(
            (Receipt(each.session, each.entries, each.head, now, source) for each in seen), same_time=False
        )

    def take_down(self, seen: Sequence[tuple[str, int, str]], source: str) -> int:
        """Do the same as `add`, for who must not import this: a session, how many entries it has, and its head."""
        return self.add((Seen(*each) for each in seen), source)

    def saw(self, journals: Iterable[tuple[str, Sequence[str]]], source: str) -> tuple[str, ...]:
        """Take down journals that somebody looks at: their sessions, each with the hashes of all its entries.

        One that contradicts a receipt is not taken down: it would make the real one look false. Returns the sessions
        of those. Raises LedgerError.
        """
        known: dict[str, list[Receipt]] = {}
        for each in self.all():
            known.setdefault(each.session, []).append(each)
        new, against = [], []
        for session, hashes in journals:
            standing = _standing(known.get(session, ()), hashes)
            if standing.rewritten or standing.shortened:
                against.append(session)
            elif hashes and not any(each.entries == len(hashes) for each in standing.receipts):
                new.append(Seen(session, len(hashes), hashes[-1]))
        self.add(new, source)
        return tuple(against)

    def put_back(self, receipts: Iterable[Receipt], *, same_time: bool = True) -> int:
        """Take down receipts with the time they have, as a backup brings them; return how many are new.

        With `same_time` one is known only if it was taken down at the same time.
        """
        rows = [
            {
                "of": each.session,
                "length": each.entries,
                "hash": each.head,
                "at": each.first_seen,
                "whence": one_line(each.source),
            }
            for each in dict.fromkeys(receipts)
        ]
        if not rows:
            return 0
        given = [
            bindparam("of", type_=String),
            bindparam("length", type_=Integer),
            bindparam("hash", type_=String),
            bindparam("at", type_=String),
            bindparam("whence", type_=String),
        ]
        kept = (_RECEIPTS.c.session, _RECEIPTS.c.entries, _RECEIPTS.c.head, _RECEIPTS.c.first_seen, _RECEIPTS.c.source)
        compared = list(zip(kept, given, strict=True))[: 4 if same_time else 3]
        columns: list[Any] = list(given)
        known = exists().where(and_(*(column == value for column, value in compared)))
        new = _RECEIPTS.insert().from_select([column.name for column in kept], select(*columns).where(~known))
        with self._working(write=True) as connection:
            before = _count(connection)
            connection.execute(new, rows)
            return _count(connection) - before

    def of(self, session: str) -> tuple[Receipt, ...]:
        """Return every receipt of a session, those of the fewest entries first; raises LedgerError."""
        kept = _RECEIPTS.c
        query = select(_RECEIPTS).where(kept.session == session)
        with self._working() as connection:
            rows = connection.execute(query.order_by(kept.entries, kept.first_seen, kept.number)).all()
        return tuple(map(_receipt, rows))

    def all(self) -> tuple[Receipt, ...]:
        """Return every receipt, as of one moment; raises LedgerError."""
        with self._working() as connection:
            return tuple(map(_receipt, connection.execute(select(_RECEIPTS).order_by(_RECEIPTS.c.number)).all()))

    def first_seen(self, session: str) -> str:
        """Return when a session was seen here first, UTC; empty: never; raises LedgerError."""
        return Standing(self.of(session)).first_seen

    def check(self, session: str, hashes: Sequence[str]) -> Standing:
        """Set a journal against its receipts; `hashes` are those of its entries, the header's first.

        Raises:
            LedgerError: the ledger cannot be read.
        """
        return _standing(self.of(session), hashes)

    @contextmanager
    def _working(self, *, write: bool = False) -> Iterator[Connection]:
        """Work in one transaction; what the database has to say comes out as a LedgerError."""
        try:
            with self._engine.connect().execution_options(**{_WRITES: write}) as connection, connection.begin():
                yield connection
        except (SQLAlchemyError, sqlite3.Error) as error:
            raise _failed(self._place, error) from error

    def close(self) -> None:
        """Let go of the file or the server."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _standing(found: Sequence[Receipt], hashes: Sequence[str]) -> Standing:
    rewritten = next((each for each in found if not _lies_on(each, hashes)), None)
    longest = max(found, key=lambda each: each.entries, default=None)
    shortened = longest if longest is not None and longest.entries > len(hashes) else None
    return Standing(tuple(found), rewritten, shortened)


def _lies_on(receipt: Receipt, hashes: Sequence[str]) -> bool:
    return not 1 <= receipt.entries <= len(hashes) or hashes[receipt.entries - 1] == receipt.head


def _count(connection: Connection) -> int:
    return int(connection.execute(select(func.count()).select_from(_RECEIPTS)).scalar() or 0)


def _receipt(row: Any) -> Receipt:
    return Receipt(row.session, row.entries, row.head, row.first_seen, row.source)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


# -- where it lies --------------------------------------------------------------------------------


def _file(where: Home) -> Engine:
    path = where.receipts
    try:
        there = durable.exists(path)
        if there:
            durable.must_be_plain(path)
        else:
            _must_be_new(where)
            durable.make_folder(path.parent)
        if not there or not os.path.getsize(path):  # noqa: PTH202 - one module for names, one for bytes
            _must_be_new(where)
            if not there:
                # Made here, because SQLite would let everybody read it.
                _make_private(path)
    except (durable.NotRead, durable.NotSaved) as error:
        raise LedgerError(str(error)) from error
    except OSError as error:
        raise LedgerError(f"Could not read {one_line(str(path), 400)}: {error.strerror or error}.") from error
    engine = create_engine(URL.create("sqlite", database=str(path)), connect_args={"timeout": PATIENCE})
    event.listen(engine, "connect", _durably)
    event.listen(engine, "begin", _by_turns)
    return engine


def _make_private(path: Path) -> None:
    try:
        durable.write_new(path, b"")
    except durable.NotSaved as problem:
        # Somebody else begins it just now.
        if problem.reason != errno.EEXIST:
            raise


def _must_be_new(where: Home) -> None:
    since = remembered(where).get(BEGUN)
    if since:
        raise LedgerError(
            f"The ledger of receipts, {one_line(str(where.receipts), 400)}, is gone, though one was begun on "
            f"{one_line(since)[:10]}. Put it back with `caseload backup --restore FILE`. Without a backup, take "
            f"`{BEGUN}` out of {one_line(str(where.remembered), 400)} to begin a new one; what was seen before then "
            "cannot be told any more.",
            lost=True,
        )


def _durably(connection: Any, _: object) -> None:
    # Transactions are begun below, where the lock is taken at once.
    connection.isolation_level = None
    cursor = connection.cursor()
    # After the write-ahead log and NORMAL, commits were lost in power cuts; after this, none.
    for pragma in ("journal_mode = DELETE", "synchronous = EXTRA", "trusted_schema = OFF", "cell_size_check = ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _by_turns(connection: Connection) -> None:
    # Whoever is going to write waits for its turn at the start: later, two could wait for each other.
    writes = connection.get_execution_options().get(_WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _server(url: str) -> Engine:
    try:
        address = make_url(url)
        if address.get_backend_name() == "postgresql" and "+" not in address.drivername:
            address = address.set(drivername="postgresql+psycopg")
        if address.get_backend_name() != "postgresql":
            raise LedgerError(
                "`index:` in the settings names a database that receipts cannot be kept in. Write "
                "`index: postgresql://user@server/database`, or leave it out to keep them in a file."
            )
        return create_engine(address, connect_args={"connect_timeout": PATIENCE})
    except (ArgumentError, NoSuchModuleError, ValueError) as error:
        raise LedgerError(
            "`index:` in the settings is no address of a database. Write `index: postgresql://user@server/database`."
        ) from error
    except ImportError as error:
        raise LedgerError(
            "The settings name a PostgreSQL database, but what is needed to reach one is not installed: "
            "`pip install 'caseload-simulator[postgresql]'`."
        ) from error


def _shown(url: URL) -> str:
    return one_line(url.render_as_string(hide_password=True), 400)


def _failed(place: str, error: Exception) -> LedgerError:
    cause = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    said = one_line(str(cause)) or type(cause).__name__
    operational = isinstance(cause, sqlite3.OperationalError)
    if operational and ("locked" in said or "busy" in said):
        return LedgerError(
            f"The ledger of receipts, {place}, is being written by another program. Try again in a moment."
        )
    if operational and ("unable to open" in said or "readonly" in said):
        return LedgerError(
            f"The ledger of receipts, {place}, cannot be opened ({said}). Check who may read and write it."
        )
    if operational and ("full" in said or "disk I/O" in said):
        return LedgerError(
            f"The ledger of receipts, {place}, could not be written ({said}). Free some space, then try again."
        )
    if isinstance(cause, sqlite3.IntegrityError):
        return LedgerError(f"The ledger of receipts, {place}, refused it: {said}.")
    if isinstance(cause, sqlite3.DatabaseError) and (not operational or any(sign in said for sign in _SPOILT)):
        return _spoilt(place, said)
    return LedgerError(
        f"The ledger of receipts at {place} cannot be used just now: {said}. Nothing is lost; try again later."
    )


def _spoilt(place: str, said: str) -> LedgerError:
    return LedgerError(
        f"The ledger of receipts, {place}, is damaged ({said}). It cannot be made again from anything else: put it "
        "back with `caseload backup --restore FILE`.",
        lost=True,
    )


def set_aside(where: Home) -> str:
    """Make room for a ledger from a backup where the one in the home is lost; return the name under which it is kept.

    Nothing of it is deleted. Empty: there was no file any more. Raises LedgerError.
    """
    kept = ""
    stamp = f"{datetime.now(UTC):%Y%m%d-%H%M%S}"
    try:
        # What SQLite was in the middle of belongs to that file alone.
        for end in ("", "-journal", "-wal", "-shm"):
            path = where.receipts.with_name(where.receipts.name + end)
            if durable.exists(path):
                aside = path.with_name(f"{where.receipts.name}.damaged-{stamp}{end}")
                path.rename(aside)
                kept = kept or aside.name
        durable.sync_folder(where.root)
    except OSError as error:
        raise LedgerError(f"Could not move {one_line(str(where.receipts), 400)} away: {error.strerror}.") from error
    except (durable.NotRead, durable.NotSaved) as error:
        raise LedgerError(str(error)) from error
    remember(where, **{BEGUN: ""})
    return kept
