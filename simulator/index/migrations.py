"""How an index that an older version made becomes today's: numbered steps, each with its number in one transaction.

The index can always be made again; steps are for those that are too large to be made again at every new version.
A step that changes what rows say raises `FILLING` in `filling` instead, and the rows are made again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlalchemy import Column, Connection, Integer, MetaData, SmallInteger, Table, func, insert, inspect, select
from sqlalchemy.dialects import postgresql, sqlite

from simulator.index.schema import LEVELS, VERSION, Word, meta, metadata, person_indicator

Step = Callable[[Connection], None]


class Newer(Exception):
    """A newer version of Caseload made this index."""

    def __init__(self, version: int) -> None:
        super().__init__(f"it was made by a newer version of Caseload (its tables are version {version})")


def _first(connection: Connection) -> None:
    metadata.create_all(connection)


def _second(connection: Connection) -> None:
    """Marks are counted in one row for all levels, and nothing looks single levels up any more."""
    connection.exec_driver_sql("DROP INDEX IF EXISTS levels_on")
    person_indicator.drop(connection)
    _APART.create(connection)


_APART = Table(
    person_indicator.name,
    MetaData(),
    *(Column(name, Word, primary_key=True, nullable=False) for name in ("person", "indicator")),
    Column("first", SmallInteger, primary_key=True, nullable=False, autoincrement=False),
    *(Column(name, Integer, nullable=False) for name in ("n", *LEVELS)),
    sqlite_with_rowid=False,
)
"""What the second version counted marks in: first attempts and repeats in a row each."""


def _third(connection: Connection) -> None:
    """Marks in first attempts and in repeats are counted in one row; what is counted stays."""
    of = _APART.c
    firsts = [func.sum(of.first * of[level]).label(f"first_{level}") for level in LEVELS]
    repeats = [func.sum((1 - of.first) * of[level]).label(f"repeat_{level}") for level in LEVELS]
    counted = select(of.person, of.indicator, func.sum(of.n).label("n"), *firsts, *repeats)
    rows = connection.execute(counted.group_by(of.person, of.indicator)).mappings().all()
    person_indicator.drop(connection)
    person_indicator.create(connection)
    if rows:
        connection.execute(insert(person_indicator), [dict(row) for row in rows])


STEPS: Mapping[int, Step] = {1: _first, 2: _second, 3: _third}
"""What leads to each version from the one before it."""


def version_of(connection: Connection) -> int:
    """Return the version of the tables; 0: there are none."""
    if not inspect(connection).has_table(meta.name):
        return 0
    found = remembered(connection, "version")
    return int(found) if found.isdecimal() else 0


def step_from(connection: Connection, version: int) -> int:
    """Take one step up and return the version reached; raises Newer. The caller commits each step by itself."""
    newest = max(STEPS)
    if version > newest:
        raise Newer(version)
    if version == newest:
        return version
    STEPS[version + 1](connection)
    remember(connection, version=str(version + 1))
    return version + 1


def remembered(connection: Connection, name: str) -> str:
    """Return what the index remembers of itself; empty if nothing."""
    return connection.scalar(select(meta.c.value).where(meta.c.name == name)) or ""


def remember(connection: Connection, **what: str) -> None:
    """Let the index remember something of itself."""
    make = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    for name, value in what.items():
        statement = make(meta).values(name=name, value=value)
        connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_={"value": value}))


assert max(STEPS) == VERSION  # noqa: S101 - whoever changes the tables says how to get there
