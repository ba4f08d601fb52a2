"""Small tables of counts, so that a view over two hundred thousand sessions reads a few thousand rows.

Each is defined once, by what it selects from the rows of sessions. Where few sessions changed, what everybody they
concern had added is subtracted, and added again afterwards: a new attempt may shift the numbers of others. Where
many did, it is made anew. A test holds the two to give the same.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import (
    ColumnClause,
    ColumnElement,
    Connection,
    Select,
    Table,
    and_,
    case,
    delete,
    func,
    insert,
    literal_column,
    select,
    tuple_,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from scoring.rubric import DIMENSIONS
from simulator.index.filling import FINISHED, UNFINISHED
from simulator.index.schema import (
    LEVELS,
    SUMMARIES,
    choices,
    decisions,
    judgements,
    levels,
    overridden,
    person_confidence,
    person_critical,
    person_indicator,
    queues,
    raised,
    results,
    sessions,
    standings,
)
from simulator.journal import ASSIGNED, PRACTICE

Group = tuple[str, str]
"""A person, and the case that they played: what numbers attempts."""
MOST_AT_ONCE = 400
"""Groups that one statement names."""

# Numbers are written out: PostgreSQL takes two parameters for two different things, even where both are 1.
_ONE: ColumnClause[int] = literal_column("1")
_ZERO: ColumnClause[int] = literal_column("0")
_FIRST = case((sessions.c.attempt == _ONE, _ONE), else_=_ZERO)
_GOT = [f"{dimension}_{what}" for dimension in DIMENSIONS for what in ("got", "span")]


def _of_decisions(*columns: ColumnElement[Any]) -> Select[Any]:
    joined = sessions.join(decisions, decisions.c.session == sessions.c.session)
    return select(*columns).select_from(joined).where(sessions.c.attempt > 0)


def _definitions(sign: int) -> Iterator[tuple[Table, Select[Any], int]]:
    """Yield each table, what it counts, and how many of its columns are its key."""
    n = func.count() * sign
    of, at = sessions.c, decisions.c
    key: list[ColumnElement[Any]] = [of.scenario, of.scenario_hash, at.scene, at.kind, at.response]
    key += [at.bucket, at.confidence, at.marks, at.worst, _FIRST]
    more = [func.sum(of.reviews) * sign, *(func.sum(at[name]) * sign for name in _GOT)]
    yield choices, _of_decisions(*key, n, *more), len(key)
    key = [of.person, at.confidence, at.worst, _FIRST]
    yield person_confidence, _of_decisions(*key, n).where(at.confidence > 0), len(key)

    key = [of.person, levels.c.indicator]
    joined = sessions.join(levels, levels.c.session == of.session)
    each = [
        func.sum(case((and_(levels.c.level == level, which), levels.c.n), else_=0)) * sign
        for which in (of.attempt == 1, of.attempt > 1)
        for level in LEVELS
    ]
    counted = select(*key, func.sum(levels.c.n) * sign, *each).select_from(joined).where(of.attempt > 0)
    yield person_indicator, counted, len(key)

    key = [of.person, of.scenario, raised.c.critical, _FIRST]
    joined = sessions.join(raised, raised.c.session == of.session)
    yield person_critical, select(*key, n).select_from(joined).where(of.attempt > 0), len(key)

    critical = case((of.criticals > _ZERO, _ONE), else_=_ZERO)
    for dimension in DIMENSIONS:
        key = [
            of.scenario,
            of.scenario_hash,
            of.rubric_hash,
            of.attempt,
            literal_column(f"'{dimension}'"),
            of[dimension],
            critical,
        ]
        yield results, select(*key, n).where(of.attempt > 0), len(key)

    said = judgements.c
    key = [of.scenario, said.scene, said.response, said.indicator, said.was, said.now]
    joined = sessions.join(judgements, said.session == of.session)
    signed = and_(said.kind == "overrode", said.signed == 1, of.attempt > 0)
    yield overridden, select(*key, n).select_from(joined).where(signed), len(key)

    key = [of.queue, of.urgency]
    yield queues, select(*key, n), len(key)


def _add(connection: Connection, sign: int, groups: Collection[Group] | None) -> None:
    make = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    for table, counted, keys in _definitions(sign):
        alike = [
            each
            for each in list(counted.selected_columns)[:keys]
            if not isinstance(each, ColumnClause) or each.table is not None
        ]
        counted = counted.group_by(*alike)
        names = [column.name for column in table.columns]
        for some in _some(groups):
            # Without a condition SQLite would read ON CONFLICT as that of a join.
            chosen = counted.where(sessions.c.session != "" if some is None else _in(some))
            added = make(table).from_select(names, chosen)
            changed = {name: table.c[name] + added.excluded[name] for name in names[keys:]}
            connection.execute(added.on_conflict_do_update(index_elements=names[:keys], set_=changed))


def _some(groups: Collection[Group] | None) -> Iterator[list[Group] | None]:
    if groups is None:
        yield None
        return
    ordered = sorted(groups)
    for first in range(0, len(ordered), MOST_AT_ONCE):
        yield ordered[first : first + MOST_AT_ONCE]


def _in(groups: list[Group]) -> ColumnElement[bool]:
    return tuple_(sessions.c.person, sessions.c.scenario).in_(groups)


def subtract(connection: Connection, groups: Collection[Group]) -> None:
    """Take out what these had added, before anything of theirs changes."""
    _add(connection, -1, groups)


def add(connection: Connection, groups: Collection[Group]) -> None:
    """Number the attempts of these, and add what they bring."""
    _number(connection, groups)
    _add(connection, 1, groups)
    for table in SUMMARIES:
        connection.execute(delete(table).where(table.c.n == 0))
    _stand(connection, groups)


def anew(connection: Connection) -> None:
    """Number all attempts, and count everything from the beginning."""
    _number(connection, None)
    for table in (*SUMMARIES, standings):
        connection.execute(delete(table))
    _add(connection, 1, None)
    _stand(connection, None)


def _number(connection: Connection, groups: Collection[Group] | None) -> None:
    """Number attempts in the order in which they came to their endings, as `progress.in_order` has it."""
    of = sessions.c
    row = func.row_number().over(partition_by=(of.person, of.scenario), order_by=(of.decided, of.started, of.session))
    for some in _some(groups):
        counts = [of.state == FINISHED, of.again == ""] + ([] if some is None else [_in(some)])
        ranked = select(of.session, row.label("place")).where(*counts).subquery()
        connection.execute(
            update(sessions)
            .where(of.session == ranked.c.session, of.attempt != ranked.c.place)
            .values(attempt=ranked.c.place)
        )


def _stand(connection: Connection, groups: Collection[Group] | None) -> None:
    of = sessions.c
    whole = of.state.in_((FINISHED, UNFINISHED))
    for some in _some(groups):
        if some is not None:
            connection.execute(delete(standings).where(tuple_(standings.c.person, standings.c.scenario).in_(some)))
        found = select(
            of.person,
            of.scenario,
            _count(of.attempt > 0),
            _count(and_(of.attempt > 0, of.purpose == ASSIGNED)),
            _count(and_(of.attempt > 0, of.purpose == PRACTICE)),
            _count(and_(of.state == UNFINISHED, of.again == "")),
            _count(and_(whole, of.again != "")),
            _count(~whole),
            literal_column("''"),
            func.max(of.touched),
        ).where(of.person != "", *([] if some is None else [_in(some)]))
        names = [column.name for column in standings.columns]
        connection.execute(insert(standings).from_select(names, found.group_by(of.person, of.scenario)))
    stands = standings.c
    last = and_(of.person == stands.person, of.scenario == stands.scenario, of.attempt == stands.attempts)
    for some in _some(groups):
        only = [] if some is None else [tuple_(stands.person, stands.scenario).in_(some)]
        connection.execute(update(standings).where(last, stands.attempts > 0, *only).values(last=of.session))


def _count(which: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((which, 1), else_=0))
