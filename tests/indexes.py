"""Indexes taken apart: everything that one holds, and every answer that it gives."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import column, insert, select, table, text

from simulator.archive import Archive
from simulator.cohort.cohort_file import Due
from simulator.index import case_views, migrations, views
from simulator.index.inbox import Wanted, inbox, people_of
from simulator.index.schema import metadata
from simulator.index.store import Index
from simulator.index.updating import Updated
from simulator.library import Case, find
from simulator.settings import Home
from tests.cases import rubric
from tests.journals import case_in
from tests.trainees import Agency
from tests.trainees import Wanted as Trainees

SEVERAL = Path(__file__).parent / "golden" / "several.yaml"
OVERDUE = (Due("p-00001", "small-case", "A small case", date(2026, 1, 2), "spring"),)


def agency(where: Home, library: list[Case] | None = None, **wanted: Any) -> Agency:
    """Return a small agency: five people, two small cases, a little of everything."""
    made = {"people": 5, "sessions": 0, "again": 0.1, "practice": 0.2, "reviews": 0.5, **wanted}
    return Agency(where, Trainees(**made), library=small_library(where) if library is None else library)


def small_library(where: Home) -> list[Case]:
    """Return two small cases; one has several things to pick from, and something to put in order."""
    return [case_in(where.root / "cases"), find(str(SEVERAL), (), rubric())]


def filled(index: Index, **how: Any) -> Updated:
    """Bring an index up to date, in this process; no case is explored unless asked: that takes its time."""
    return index.update(Archive(index.where), None, **{"processes": 0, "solve": False, **how})


def dump(index: Index) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of every table."""
    with index.read() as connection:
        return {
            table.name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
            for table in metadata.sorted_tables
            if table.name != "meta"
        }


def as_in_second_version(index: Index) -> None:
    """Put the tables of an index back to those of the second version: a row for first attempts, one for repeats."""
    columns = ("person", "indicator", "first", "n", "harmful", "poor", "acceptable", "best")
    rows = [
        dict(zip(columns, (*row[:2], first, sum(counts), *counts), strict=True))
        for row in dump(index)["person_indicator"]
        for first, counts in ((1, row[3:7]), (0, row[7:]))
        if sum(counts)
    ]
    with index.write() as connection:
        connection.execute(text("DROP TABLE person_indicator"))
        connection.execute(
            text(
                "CREATE TABLE person_indicator (person VARCHAR, indicator VARCHAR, first SMALLINT, n INTEGER, "
                "harmful INTEGER, poor INTEGER, acceptable INTEGER, best INTEGER)"
            )
        )
        connection.execute(insert(table("person_indicator", *map(column, columns))), rows)
        migrations.remember(connection, version="2")


def answers(index: Index) -> dict[str, Any]:
    """Return what every view says, asked in every way."""
    return {name: ask() for name, ask in questions(index)}


def questions(index: Index) -> Iterator[tuple[str, Callable[[], Any]]]:
    """Yield every view, asked in the ways in which it is asked."""
    people = sorted(people_of(index))
    scenario = "small-case" if not (known := case_views.seen_cases(index)) else known[0][0]
    wanted = [
        Wanted(),
        Wanted(state="all", limit=5, offset=3),
        Wanted(state="signed off"),
        Wanted(state="damaged"),
        Wanted(person=people[0]),
        Wanted(scenario=scenario, dimension="ethics", state="all"),
        Wanted(since="2026-01-05T10:00:00.000Z", until="2026-01-05", state="all"),
        Wanted(words="Landlord", state="all"),
        Wanted(words="it is over", state="all"),
        Wanted(words="100% of_nothing", state="all"),
    ]
    for number, each in enumerate(wanted):
        yield f"inbox {number}", lambda each=each: inbox(index, each, OVERDUE)  # type: ignore[misc]
    yield "completion", lambda: views.completion(index)
    yield "completion of some", lambda: views.completion(index, people[:2], [scenario])
    yield "tried", lambda: views.tried(index, people[:2])
    yield "growth", lambda: views.growth(index, few=3)
    yield "growth at a case", lambda: views.growth(index, scenario)
    yield "growth of somebody", lambda: views.growth_of(index, people[0])
    yield "heat", lambda: views.heat(index)
    yield "heat of some", lambda: views.heat(index, people[:2])
    yield "criticals", lambda: views.criticals(index)
    yield "calibration", lambda: views.calibration(index, few=3)
    yield "calibration at a case", lambda: views.calibration(index, scenario=scenario, repeats=True)
    yield "unpractised", lambda: views.unpractised(index, people, ["rapport.limits", "ethics.safety"])
    yield "seen", lambda: case_views.seen_cases(index)
    yield "shown", lambda: case_views.shown(index, scenario, few=3)
    yield "shown to few", lambda: case_views.shown(index, scenario, few=10_000)
    for scene in case_views.shown(index, scenario).scenes:
        for pick in scene.picks:
            yield (
                f"behind {scene.scene}/{pick.response}",
                lambda scene=scene, pick=pick: case_views.behind(  # type: ignore[misc]
                    index, scenario, scene.scene, pick.response
                ),
            )
    yield "difficulty", lambda: case_views.difficulty(index, few=3)
    yield "never picked", lambda: case_views.never_picked(index)
    yield "overrides", lambda: case_views.overrides(index)
