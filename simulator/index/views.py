"""Who is where: completion, growth, levels by indicator, criticals, how sure people are, what nobody has practised.

Only first attempts count; repeats stand apart, because whoever repeats has seen the debrief. What was begun again
from a decision, what is damaged and what is unfinished never counts. Practice attempts count like others and are
never named one by one. Under `few` first attempts there are counts and nothing else: `enough` says which it is.

What cases show, scene by scene, is in `case_views`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Row, and_, case, func, select

from scoring.rubric import DIMENSIONS
from simulator.cohort.assigned import Tried
from simulator.index import filling
from simulator.index.outcomes import COLUMNS, JOINED, OUTCOME, Result, result, results_of, with_cases
from simulator.index.schema import (
    IN_FIRST,
    IN_REPEATS,
    LEVELS,
    cases,
    choices,
    person_confidence,
    person_critical,
    person_indicator,
    raised,
    results,
    sessions,
    standings,
    wordings,
)
from simulator.index.store import Index
from simulator.index.walking import CRITICAL
from simulator.journal import PRACTICE
from simulator.settings import FEW

TIME = len("2026-01-01T00:00:00.000Z")
"""Characters of a time, as journals write it."""
AT_ONCE = 500
"""Ids that one statement names, and rows that one takes at a time."""


class Last(NamedTuple):
    """The last attempt of somebody at a case; a tuple, because an agency has thousands."""

    session: str
    attempt: int
    ended: str
    ending: str
    """Its title."""
    results: tuple[Result, ...]
    criticals: int
    purpose: str
    review_state: str


class Completed(NamedTuple):
    """How far somebody is with a case; a tuple, because an agency has thousands."""

    person: str
    scenario: str
    attempts: int
    """Finished ones."""
    assigned: int
    """Those of them that are assigned attempts."""
    practice: int
    """Those of them that are practice attempts."""
    unfinished: int
    again: int
    """Begun again from a decision."""
    damaged: int
    """Journals that cannot be used."""
    touched: str
    """When anything was done last."""
    last: Last | None = None

    @property
    def state(self) -> str:
        """finished, unfinished, or damaged where there is nothing else."""
        if self.attempts:
            return filling.FINISHED
        return filling.UNFINISHED if self.unfinished or self.again else filling.DAMAGED


def completion(index: Index, people: Collection[str] = (), scenarios: Collection[str] = ()) -> tuple[Completed, ...]:
    """Return how far people are with cases they began, by person and case; everybody and every case unless named.

    Raises:
        IndexTrouble: as all views.
    """
    stands, of = standings.c, sessions.c
    counted = [stands[name] for name in Completed._fields if name != "last"]
    last = [of[name] for name in ("session", "attempt", "ended", "purpose", "review_state")]
    found = (
        select(*counted, *last, *OUTCOME)
        .select_from(with_cases(standings.outerjoin(sessions, of.session == stands.last)))
        .where(*_among(stands.person, people), *_among(stands.scenario, scenarios))
        .order_by(stands.person, stands.scenario)
    )
    with index.read() as connection:
        return tuple(
            Completed._make((*row[: len(counted)], None if row.session is None else _last(row)))
            for rows in connection.execute(found).partitions(AT_ONCE)
            for row in rows
        )


def _last(row: Row[Any]) -> Last:
    return Last(
        *(row.session, row.attempt, row.ended, row.ending_title or "", results_of(row)),
        *(row.criticals, row.purpose, row.review_state),
    )


def tried(index: Index, people: Collection[str] = ()) -> list[Tried]:
    """Return what decides how far people are with what is assigned to them; raises IndexTrouble.

    Of everything alike (a person, a case, what it was for, finished or not) only the last: the others decide nothing.
    What was begun again from a decision is left out, and practice, for the same reason.
    """
    of = sessions.c
    counts = and_(of.state.in_((filling.FINISHED, filling.UNFINISHED)), of.again == "", of.purpose != PRACTICE)
    # In one word, so that what belongs to the last one comes along: times are written alike, and ids follow them.
    finished, begun = func.max(of.ended + of.session), func.max(of.started + of.session)
    last = select(case((of.state == filling.FINISHED, finished), else_=begun)).where(counts, *_among(of.person, people))
    alike = last.group_by(of.person, of.scenario, of.purpose, of.state)
    found = select(of.session, of.person, of.scenario, of.started, of.ended, of.purpose, of.sent_back)
    with index.read() as connection:
        ids = [word[TIME:] for word in connection.scalars(alike)]
        rows: list[Row[Any]] = []
        for first in range(0, len(ids), AT_ONCE):
            rows += connection.execute(found.where(of.session.in_(ids[first : first + AT_ONCE])))
    return [
        Tried(
            *(row.session, row.person, row.scenario, row.started, row.ended, row.purpose),
            sent_back=bool(row.sent_back),
        )
        for row in sorted(rows, key=lambda row: row.session)
    ]


# -- growth -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Step:
    """One attempt of somebody, as it stands among their others."""

    session: str
    """Empty for a practice attempt: it is a summary."""
    scenario: str
    title: str
    attempt: int
    ended: str
    results: tuple[Result, ...]
    criticals: int
    purpose: str


@dataclass(frozen=True, slots=True)
class Attempts:
    """All attempts of one number: what people came to the first time, the second time."""

    attempt: int
    n: int
    criticals: int
    """Those of them with a critical."""
    means: Mapping[str, float | None]
    """The mean result of each dimension in percent, without those a critical takes the place of; None: too few."""
    counted: Mapping[str, int]
    """How many results each mean is made of."""
    enough: bool
    """Whether there are enough to say a mean."""


def growth_of(index: Index, person: str, scenario: str = "") -> tuple[Step, ...]:
    """Return the attempts of one person in the order in which they came to their endings; raises IndexTrouble."""
    of = sessions.c
    found = select(*COLUMNS).select_from(JOINED).where(of.person == person, of.attempt > 0)
    found = found.where(of.scenario == scenario) if scenario else found
    with index.read() as connection:
        return tuple(
            Step(
                *("" if row.purpose == PRACTICE else row.session, row.scenario, row.title or row.scenario, row.attempt),
                *(row.ended, results_of(row), row.criticals, row.purpose),
            )
            for row in connection.execute(found.order_by(of.decided, of.started, of.session))
        )


def growth(index: Index, scenario: str = "", few: int = FEW) -> tuple[Attempts, ...]:
    """Return what everybody came to at the first attempt, the second and so on; raises IndexTrouble.

    Whoever makes a third attempt is not whoever made one only, so these do not show what practice does; they show
    where people stand who are at that attempt.
    """
    of = results.c
    found = select(of.scenario_hash, of.rubric_hash, of.attempt, of.dimension, of.raw, of.critical, of.n)
    found = found.where(*([of.scenario == scenario] if scenario else []))
    made: dict[int, _Sum] = {}
    with index.read() as connection:
        bounds = {
            (row.scenario_hash, row.rubric_hash): {
                name: (row._mapping[f"{name}_worst"], row._mapping[f"{name}_best"]) for name in DIMENSIONS
            }
            for row in connection.execute(select(cases))
        }
        for scenario_hash, rubric_hash, attempt, dimension, raw, critical, n in connection.execute(found):
            known = bounds.get((scenario_hash, rubric_hash), {}).get(dimension, (None, None))
            made.setdefault(attempt, _Sum()).add(dimension, raw, known, bool(critical), n)
    return tuple(total.told(attempt, few) for attempt, total in sorted(made.items()))


@dataclass(slots=True)
class _Sum:
    n: int = 0
    criticals: int = 0
    counted: dict[str, int] = field(default_factory=lambda: dict.fromkeys(DIMENSIONS, 0))
    percents: dict[str, int] = field(default_factory=lambda: dict.fromkeys(DIMENSIONS, 0))

    def add(self, dimension: str, raw: int, bounds: tuple[int | None, int | None], critical: bool, n: int) -> None:
        if dimension == DIMENSIONS[0]:
            self.n += n
            self.criticals += n if critical else 0
        share = result(dimension, raw, bounds, critical=critical).percent
        if share is not None:
            self.counted[dimension] += n
            self.percents[dimension] += n * share

    def told(self, attempt: int, few: int) -> Attempts:
        means = {
            name: self.percents[name] / counted if counted >= max(1, few) else None
            for name, counted in self.counted.items()
        }
        return Attempts(attempt, self.n, self.criticals, means, self.counted, self.n >= few)


# -- marks and criticals ------------------------------------------------------------------------------


class Heat(NamedTuple):
    """How somebody was marked on one indicator; a tuple, because an agency has tens of thousands."""

    person: str
    indicator: str
    first: Mapping[str, int]
    """How often at each level, worst first, in first attempts."""
    repeats: Mapping[str, int]


def heat(index: Index, people: Collection[str] = ()) -> tuple[Heat, ...]:
    """Return how people were marked on every indicator that was marked, by person; raises IndexTrouble."""
    of = person_indicator.c
    found = select(of.person, of.indicator, *(of[name] for name in (*IN_FIRST, *IN_REPEATS)))
    found = found.where(*_among(of.person, people)).order_by(of.person, of.indicator)
    with index.read() as connection:
        return tuple(
            Heat(row[0], row[1], _by_level(row[2:6]), _by_level(row[6:]))
            for rows in connection.execute(found).partitions(AT_ONCE)
            for row in rows
        )


# Most people were marked a few times on an indicator, and so the same counts come again and again.
@lru_cache(maxsize=8192)
def _by_level(counts: tuple[int, ...]) -> Mapping[str, int]:
    return MappingProxyType(dict(zip(LEVELS, counts, strict=True)))


def unpractised(index: Index, people: Iterable[str], indicators: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return which of these indicators no attempt of each person was ever marked on; raises IndexTrouble."""
    asked, wanted = tuple(people), tuple(indicators)
    of = person_indicator.c
    with index.read() as connection:
        found = connection.execute(select(of.person, of.indicator).where(*_among(of.person, asked)))
        seen = {(row.person, row.indicator) for row in found}
    return {person: tuple(each for each in wanted if (person, each) not in seen) for person in asked}


@dataclass(frozen=True, slots=True)
class CriticalCount:
    """How often a critical was raised."""

    scenario: str
    critical: str
    title: str
    first: int
    repeats: int
    people: int
    """How many people raised it."""


@dataclass(frozen=True, slots=True)
class CriticalSeen:
    """A critical, where it was raised; never in a practice attempt."""

    session: str
    person: str
    scenario: str
    critical: str
    number: int
    """The decision."""
    attempt: int
    """0: unfinished, damaged, or begun again from a decision."""
    decided: str


@dataclass(frozen=True, slots=True)
class Criticals:
    """The criticals of attempts, counted, and where they were raised last."""

    counts: tuple[CriticalCount, ...]
    seen: tuple[CriticalSeen, ...]
    """Newest first."""


def criticals(index: Index, people: Collection[str] = (), scenario: str = "", limit: int = 200) -> Criticals:
    """Return which criticals were raised how often, the most frequent first, and where; raises IndexTrouble."""
    of, at = sessions.c, raised.c
    with index.read() as connection:
        seen = (
            select(of.session, of.person, of.scenario, at.critical, at.number, of.attempt, of.decided)
            .select_from(sessions.join(raised, at.session == of.session))
            .where(of.criticals > 0, of.purpose != PRACTICE, *_among(of.person, people))
            .where(*([of.scenario == scenario] if scenario else []))
            .order_by(of.decided.desc(), of.session.desc(), at.number)
            .limit(limit)
        )
        return Criticals(
            tuple(_critical_counts(connection, people, scenario)),
            tuple(CriticalSeen(*row) for row in connection.execute(seen)),
        )


def _critical_counts(connection: Connection, people: Collection[str], scenario: str) -> list[CriticalCount]:
    by = person_critical.c
    found = select(by.scenario, by.critical, by.first, by.person, by.n).where(*_among(by.person, people))
    found = found.where(by.scenario == scenario) if scenario else found
    counted: dict[tuple[str, str], list[int]] = {}
    who: dict[tuple[str, str], set[str]] = {}
    for row in connection.execute(found):
        key = (row.scenario, row.critical)
        counted.setdefault(key, [0, 0])[row.first] += row.n
        who.setdefault(key, set()).add(row.person)
    titles = _critical_titles(connection)
    rows = [
        CriticalCount(*key, titles.get(key, key[1]), first, repeats, len(who[key]))
        for key, (repeats, first) in counted.items()
    ]
    return sorted(rows, key=lambda row: (-row.first - row.repeats, row.scenario, row.critical))


def _critical_titles(connection: Connection) -> dict[tuple[str, str], str]:
    known = cases.join(wordings, wordings.c.scenario_hash == cases.c.scenario_hash)
    found = select(cases.c.scenario, wordings.c.scene, wordings.c.text).select_from(known)
    rows = connection.execute(
        found.where(wordings.c.kind == "critical").order_by(cases.c.version, cases.c.scenario_hash)
    )
    return {(scenario, critical): title for scenario, critical, title in rows}


# -- how sure people are ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Calibration:
    """How sure people were, against what their decisions were marked."""

    rows: Mapping[int, Mapping[str, int]]
    """For each confidence from 1 to 4: decisions by the worst that they were marked: critical, a level, or nothing."""
    decisions: int
    attempts: int
    """First attempts that are in it."""
    enough: bool
    """Whether a share may be said."""

    def share(self, confidence: int, *worst: str) -> float | None:
        """Return the share of decisions of a confidence that came to one of these; None: too few."""
        row = self.rows.get(confidence, {})
        total = sum(row.values())
        return sum(row.get(each, 0) for each in worst) / total if self.enough and total else None


WORST = (CRITICAL, *LEVELS, "")
"""What a decision can come to, worst first; empty: it was not marked."""


def calibration(
    index: Index, people: Collection[str] = (), scenario: str = "", few: int = FEW, *, repeats: bool = False
) -> Calibration:
    """Set how sure people were of decisions against their marks, in first attempts, or in repeats; raises IndexTrouble.

    Of some people, or of a case; a case is of everybody.
    """
    first = 0 if repeats else 1
    by = choices.c if scenario else person_confidence.c
    among = [by.scenario == scenario, by.confidence > 0] if scenario else _among(by.person, people)
    found = select(by.confidence, by.worst, func.sum(by.n)).where(by.first == first, *among)
    rows = {confidence: dict.fromkeys(WORST, 0) for confidence in range(1, 5)}
    with index.read() as connection:
        for confidence, worst, n in connection.execute(found.group_by(by.confidence, by.worst)):
            rows[confidence][worst] += n
        attempts = _attempts(connection, people, scenario, repeats=repeats)
    total = sum(sum(row.values()) for row in rows.values())
    return Calibration(rows, total, attempts, attempts >= few)


def _attempts(connection: Connection, people: Collection[str], scenario: str, *, repeats: bool) -> int:
    """Count first attempts, or repeats: whoever has attempts at a case has one first attempt at it."""
    stands = standings.c
    n = func.sum(stands.attempts - 1) if repeats else func.count()
    found = select(n).where(stands.attempts > 0, *([] if scenario else _among(stands.person, people)))
    return int(connection.scalar(found.where(stands.scenario == scenario) if scenario else found) or 0)


def _among(column: ColumnElement[str], wanted: Collection[str]) -> list[ColumnElement[bool]]:
    return [column.in_(sorted(wanted))] if wanted else []
