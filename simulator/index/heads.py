"""What receipts and cohorts ask of the index: how far each journal goes, and who has finished what."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date

from sqlalchemy import select

from simulator.cohort.assigned import Tried
from simulator.cohort.cohort_file import Cohort
from simulator.index.schema import sessions
from simulator.index.store import Index
from simulator.journal import PRACTICE


def heads(index: Index) -> list[tuple[str, int, str]]:
    """Return every session whose journal can be read, with its number of entries and the hash of the last of them.

    Raises:
        IndexTrouble: the index cannot be used just now.
    """
    of = sessions.c
    with index.read() as connection:
        rows = connection.execute(select(of.session, of.entries, of.head).where(of.head != "").order_by(of.session))
        return [(row.session, row.entries, row.head) for row in rows]


def finished(index: Index, cohorts: Iterable[Cohort], today: date) -> frozenset[tuple[str, str]]:
    """Return who has finished what was due before today, as `assigned` has it: ids of people and of cases.

    Raises:
        IndexTrouble: the index cannot be used just now.
    """
    late = [
        (cohort, person, each.case)
        for cohort in cohorts
        for each in cohort.assigned
        if each.due < today
        for person in each.people
    ]
    done: dict[tuple[str, str], list[Tried]] = {}
    for each in _ended(index, {person for _, person, _ in late}, {case for *_, case in late}):
        done.setdefault((each.person, each.scenario), []).append(each)
    # Whoever is late for one cohort is late, whatever they finished for another.
    open_still = {
        (person, case)
        for cohort, person, case in late
        if not any(each.counts(cohort.begins) for each in done.get((person, case), ()))
    }
    return frozenset(done.keys() - open_still)


def _ended(index: Index, people: Collection[str], scenarios: Collection[str]) -> Iterator[Tried]:
    """Yield the attempts of some people at some cases that came to their endings."""
    of = sessions.c
    query = select(of.session, of.person, of.scenario, of.started, of.ended, of.purpose).where(of.attempt > 0)
    query = query.where(of.purpose != PRACTICE, of.scenario.in_(sorted(scenarios)))
    with index.read() as connection:
        for row in connection.execute(query):
            # Names of people are compared here: there may be more of them than a statement takes.
            if row.person in people:
                yield Tried(row.session, row.person, row.scenario, row.started, row.ended, row.purpose)
