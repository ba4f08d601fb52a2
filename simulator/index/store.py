"""The database of the index: one file in the home, or a server that an agency names.

It can be made again from the journals at any time, so nothing in here is mended: what is damaged, cut short,
written by something else, or no database at all goes, and is made again. Beside the file lies a note of what it
looked like when it was last written; whatever does not look like that is not believed. Power cuts, kills and other
programs all end there.

    IndexTrouble   the index cannot be used just now; its text says why, for people
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from simulator import durable
from simulator.index import migrations
from simulator.index.schema import metadata
from simulator.settings import Home
from simulator.text import one_line

if TYPE_CHECKING:
    from simulator.archive import Archive
    from simulator.index.updating import Updated

BUSY = 15
"""Seconds that one waits for another to finish writing."""
LOCK = 0x63617365
"""What stands for the lock on a server."""
CACHE = 64 * 1024
"""KiB of the database that one reader keeps in memory."""
_DAMAGED = (
    "malformed",
    "not a database",
    "file is encrypted",
    "unsupported file format",
    "no such table",
    "no such col",
)
_LOCKED = ("locked", "busy")


class IndexTrouble(Exception):
    """The index cannot be used. Its text says why and what to do, for a person."""

    def __init__(self, message: str, *, damaged: bool = False) -> None:
        super().__init__(message)
        self.damaged = damaged
        """Whether making it again is what helps; the next `update` does."""


class Index:
    """The index of a home, open. Methods may raise `IndexTrouble`; several threads and processes may use it."""

    def __init__(self, where: Home, url: str) -> None:
        """Use `open`."""
        self.where = where
        self.notices: list[str] = []
        """What whoever opened it should know, in sentences."""
        self._url = _meant(where, url)
        self._engine: Engine | None = None

    @classmethod
    def open(cls, where: Home, url: str = "") -> Self:
        """Open the index of a home, in its folder or on the server that `url` names; make an empty one if need be.

        What is damaged, or was written by something else, is taken away, with a notice; `update` makes it again.

        Raises:
            IndexTrouble: it cannot be used, cannot be reached, or a newer version of Caseload made it.
        """
        index = cls(where, url)
        with index.lock() as mine:
            index._begin(mine)
        return index

    # -- what it is -----------------------------------------------------------------------------

    @property
    def file(self) -> Path | None:
        """The file it lies in; None where it lies on a server."""
        return None if self.on_server else Path(str(self._url.database))

    @property
    def on_server(self) -> bool:
        """Whether it lies on a server."""
        return self._url.get_backend_name() != "sqlite"

    @property
    def place(self) -> str:
        """Where it is, for people; never a password."""
        return one_line(str(self.file) if not self.on_server else self._url.render_as_string(hide_password=True), 400)

    @property
    def home_mark(self) -> str:
        """What stands for this home in an index that several could share; says nothing about where it is."""
        return hashlib.sha256(f"{platform.node()}\n{self.where.root.absolute()}".encode()).hexdigest()[:16]

    # -- making, and making again ---------------------------------------------------------------

    def _begin(self, mine: bool) -> None:
        self._must_be_plain()
        if mine and self.file is not None and durable.exists(self.file) and not self._as_left():
            self.discard()
            self.notices.append("The index was left half written, or changed by something else; it is made again.")
        try:
            self._step_up(mine)
        except IndexTrouble as trouble:
            if not (trouble.damaged and mine):
                raise
            self.discard()
            self.notices.append("The index was damaged; it is made again from the journals.")
            self._step_up(mine)

    def _must_be_plain(self) -> None:
        try:
            if self.file is not None and durable.exists(self.file):
                durable.must_be_plain(self.file)
        except durable.NotRead as error:
            raise IndexTrouble(f"The index cannot be used. {error} Move it away; the index is made there.") from error

    def _step_up(self, mine: bool) -> None:
        reached, newest, tries = 0, max(migrations.STEPS), 50
        while reached < newest:
            with self.write() as connection:
                version = migrations.version_of(connection)
                if not mine and version < newest:
                    # Whoever holds the lock is just making it.
                    reached = -1
                else:
                    reached = migrations.step_from(connection, version)
            if reached < 0:
                tries -= 1
                if not tries:
                    raise IndexTrouble(f"The index at {self.place} is being made by another program. Try again soon.")
                time.sleep(0.1)

    def clear(self) -> None:
        """Make it empty; the caller holds the lock."""
        if self.file is not None:
            self.discard()
        else:
            with self.write() as connection:
                metadata.drop_all(connection)
        self._step_up(True)

    def discard(self) -> None:
        """Take the file away; raises IndexTrouble where that cannot be done."""
        self.close()
        if self.file is None:
            return
        try:
            # The note first: what is left of a file without one is not believed.
            for ending in (".seen", "-journal", "-wal", "-shm", ""):
                durable.remove(self.file.with_name(self.file.name + ending))
        except durable.NotSaved as error:
            raise IndexTrouble(
                f"The index is to be made again, and the old one cannot be taken away. {error}"
            ) from error

    @property
    def _note(self) -> Path:
        assert self.file is not None  # noqa: S101 - whoever asks knows
        return self.file.with_name(f"{self.file.name}.seen")

    def _looks(self) -> dict[str, int] | None:
        try:
            found = (self.file or self.where.index).stat()
        except OSError:
            return None
        return {"size": found.st_size, "mtime_ns": found.st_mtime_ns}

    def _as_left(self) -> bool:
        """Whether the file is what was written last, by one of us."""
        try:
            return bool(json.loads(durable.read_file(self._note, 4096)) == self._looks())
        except (durable.NotRead, ValueError, RecursionError):
            return False

    # -- reading and writing ----------------------------------------------------------------------

    def read(self) -> AbstractContextManager[Connection]:
        """Open it for reading: everything that is asked in one `with` is of one moment."""
        return self._connected(writes=False)

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Open it for writing: all that is done in one `with`, or nothing."""
        with self._connected(writes=True) as connection:
            yield connection
        self._remember_looks()

    def _remember_looks(self) -> None:
        if self.file is not None and (looks := self._looks()):
            durable.jot(self._note, json.dumps(looks).encode("ascii"))

    @contextmanager
    def _connected(self, *, writes: bool) -> Iterator[Connection]:
        with self._telling():
            connection = self._open_engine().connect().execution_options(caseload_writes=writes)
            with connection, connection.begin():
                yield connection

    @contextmanager
    def _telling(self) -> Iterator[None]:
        try:
            yield
        except migrations.Newer as error:
            raise IndexTrouble(
                f"The index at {self.place} cannot be used: {error}. Update Caseload, or remove the index; "
                "it is made again from the journals."
            ) from error
        except (SQLAlchemyError, OSError) as error:
            trouble = self._trouble(error)
            if trouble.damaged and self.file is not None:
                # Whoever opens it next makes it again.
                durable.discard(self._note)
            raise trouble from error

    def _trouble(self, error: Exception) -> IndexTrouble:
        said = one_line(str(error.orig) if isinstance(error, DBAPIError) else str(error), 300)
        if self.on_server:
            return IndexTrouble(
                f"The index at {self.place} cannot be used just now: {said.rstrip('.')}. Journals and reviews are not "
                "touched by that; see that the server runs, and try again."
            )
        if any(word in said for word in _DAMAGED):
            return IndexTrouble(
                f"The index at {self.place} is damaged ({said}). It is made again from the journals by "
                "`caseload index rebuild`.",
                damaged=True,
            )
        if any(word in said for word in _LOCKED):
            return IndexTrouble("The index is being written by another program just now. Try again in a moment.")
        return IndexTrouble(
            f"The index at {self.place} cannot be used: {said.rstrip('.')}. Journals are not touched by that."
        )

    def _open_engine(self) -> Engine:
        if self._engine is None:
            self._engine = self._server() if self.on_server else self._sqlite()
        return self._engine

    def _sqlite(self) -> Engine:
        assert self.file is not None  # noqa: S101 - this is the engine of a file
        try:
            durable.make_folder(self.file.parent)
            self._must_be_plain()
            if not durable.exists(self.file):
                os.close(durable.create_private(self.file))
        except durable.NotSaved as error:
            # Another made it just now.
            if not os.path.lexists(self.file):
                raise IndexTrouble(str(error)) from error
        except durable.NotRead as error:
            raise IndexTrouble(f"The index cannot be used. {error}") from error
        # A file that is replaced must not go on being read: every connection opens it anew.
        engine = create_engine(self._url, poolclass=NullPool, connect_args={"timeout": BUSY})

        @event.listens_for(engine, "connect")
        def _prepare(connection: Any, _record: object) -> None:
            # `begin` below says when a transaction begins; the driver would leave statements out of it.
            connection.isolation_level = None
            for pragma in (
                "journal_mode=TRUNCATE",
                "synchronous=FULL",
                "secure_delete=ON",
                "foreign_keys=ON",
                "trusted_schema=OFF",
                f"cache_size=-{CACHE}",
                "temp_store=MEMORY",
            ):
                connection.execute(f"PRAGMA {pragma}")

        @event.listens_for(engine, "begin")
        def _begin(connection: Connection) -> None:
            writes = connection.get_execution_options().get("caseload_writes")
            connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

        return engine

    def _server(self) -> Engine:
        try:
            return create_engine(self._url, pool_pre_ping=True, pool_size=2, connect_args={"connect_timeout": 5})
        except (ImportError, SQLAlchemyError) as error:
            raise IndexTrouble(
                f"The index at {self.place} cannot be used: {one_line(str(error))}. For PostgreSQL install "
                "`caseload-simulator[postgresql]`."
            ) from error

    @contextmanager
    def lock(self) -> Iterator[bool]:
        """Be the one who fills it, if nobody else does: gives whether that is so."""
        if self.on_server:
            with self._telling():
                connection = self._open_engine().connect().execution_options(isolation_level="AUTOCOMMIT")
                with connection:
                    got = bool(connection.scalar(text(f"SELECT pg_try_advisory_lock({LOCK})")))
                    try:
                        yield got
                    finally:
                        if got:
                            with suppress(SQLAlchemyError):
                                connection.execute(text(f"SELECT pg_advisory_unlock({LOCK})"))
            return
        assert self.file is not None  # noqa: S101 - it lies in a file
        try:
            durable.make_folder(self.file.parent)
            held = durable.take_lock(self.file.with_name(f"{self.file.name}.lock"))
        except durable.NotSaved as error:
            raise IndexTrouble(f"The index cannot be written. {error}") from error
        try:
            yield held is not None
        finally:
            if held is not None:
                with suppress(OSError):
                    held.release()

    def vacuum(self) -> None:
        """Give back the room of what was taken out; nothing of it stays in the file."""
        if self.file is None:
            # A server gives the room back by itself, sooner or later; where this account may ask for it, now.
            with suppress(SQLAlchemyError), self._open_engine().connect() as connection:
                connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("VACUUM FULL texts"))
            return
        with self._telling():
            with self._open_engine().connect() as connection:
                raw = connection.connection.driver_connection
                assert raw is not None  # noqa: S101 - it has just been opened
                raw.execute("ROLLBACK") if raw.in_transaction else None
                raw.execute("VACUUM")
            self._remember_looks()

    # -- filling ------------------------------------------------------------------------------------

    def update(
        self,
        archive: Archive,
        library: frozenset[str] | None = None,
        *,
        progress: Callable[[str, int, int], None] | None = None,
        stopped: Callable[[], bool] | None = None,
        solve: bool = True,
        processes: int | None = None,
    ) -> Updated:
        """Bring it up to date with the files; see `updating.update`."""
        from simulator.index import updating

        return updating.update(self, archive, library, progress, stopped, solve=solve, processes=processes)

    def rebuild(
        self,
        archive: Archive,
        library: frozenset[str] | None = None,
        *,
        progress: Callable[[str, int, int], None] | None = None,
        stopped: Callable[[], bool] | None = None,
        solve: bool = True,
        processes: int | None = None,
    ) -> Updated:
        """Make it again from the files; see `updating.rebuild`."""
        from simulator.index import updating

        return updating.rebuild(self, archive, library, progress, stopped, solve=solve, processes=processes)

    def close(self) -> None:
        """Give everything back; it opens again by itself when it is used."""
        if self._engine is not None:
            self._engine.dispose()
        self._engine = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _meant(where: Home, url: str) -> URL:
    if not url:
        return URL.create("sqlite", database=str(where.index.absolute()))
    try:
        meant = make_url(url)
        backend = meant.get_backend_name()
    except (ArgumentError, SQLAlchemyError, ValueError) as error:
        # A port that is no number is a ValueError of its own.
        raise IndexTrouble(_NO_URL) from error
    if backend == "postgresql":
        return meant.set(drivername="postgresql+psycopg")
    if backend == "sqlite" and meant.database and meant.database != ":memory:":
        return URL.create("sqlite", database=str((where.root / meant.database).absolute()))
    raise IndexTrouble(_NO_URL)


_NO_URL = (
    "The setting `index:` does not name a database that can be used. Leave it out, or write it as "
    "postgresql://user@host/name."
)
