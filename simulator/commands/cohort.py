"""`caseload cohort`: who has finished what, and what a cohort shows."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from simulator.commands.console import (
    CLEAN,
    Failed,
    at_terminal,
    json_text,
    library_folders,
    place,
    put,
    rubric_meant,
    tell_problems,
)
from simulator.commands.gathering import case_meant, cohorts_known, gathering, person_meant
from simulator.commands.output import add_output, deliver, must_be_free, output_meant
from simulator.commands.play import open_app

if TYPE_CHECKING:
    from simulator.cohort.cohort_file import Cohort
    from simulator.cohort.cohort_files import Cohorts
    from simulator.cohort_sheets import Viewpoint
    from simulator.index.store import Index
    from simulator.settings import Home, Settings

COHORT = (
    "Say who has finished what, and what a cohort shows: growth, levels by indicator, criticals, how sure people were, "
    "who chose what, what nobody picks, which marks reviewers override, what has not been practised. On a terminal, "
    "without options, it opens in the app."
)
FORMATS = {".html": "html", ".htm": "html", ".csv": "csv", ".json": "json"}
SHEETS = (
    *("completion", "growth", "indicators", "criticals", "confidence"),
    *("responses", "never", "overrides", "unpractised"),
)
"""As in `cohort_sheets`, which takes too long to import for `--help`; a test compares them."""


def add_cohort(parser: argparse.ArgumentParser) -> None:
    """Say what is looked at."""
    parser.add_argument("cohort", nargs="?", metavar="COHORT", help="a cohort's id or file; all cohorts, or everybody")
    parser.add_argument("--sheet", choices=SHEETS, help="what to show (completion; a page has all of them)")
    parser.add_argument("--person", metavar="PERSON", help="only this person: an id or a name")
    parser.add_argument("--case", metavar="CASE", help="only this case, by its id")
    parser.add_argument(
        "--format", choices=("text", "csv", "json", "html"), help="what to make of it (as FILE's name ends, or text)"
    )
    add_output(parser)
    parser.add_argument("--plain", action="store_true", help="print, do not open the app")
    parser.set_defaults(run=_cohort)


def _cohort(given: argparse.Namespace) -> int:
    chosen = given.cohort or given.sheet or given.person or given.case or given.format or given.output
    if at_terminal() and not (given.plain or chosen):
        return open_app(desk="cohort")
    where, settings = place()
    output, kind = output_meant(given, FORMATS)
    must_be_free(output, where, force=given.force)
    data = _made(given, where, settings, kind)
    if output is None and kind == "text":
        put(data.rstrip("\n"))
    else:
        # Spreadsheets read it as UTF-8 only if it begins so.
        deliver(data.encode("utf-8-sig" if kind == "csv" else "utf-8"), output, where, force=given.force)
    return CLEAN


def _made(given: argparse.Namespace, where: Home, settings: Settings, kind: str) -> str:
    from simulator.cohort_sheets import SHEETS as MADE
    from simulator.cohort_sheets import all_sheets
    from simulator.sheet import sheet_csv, sheet_json, sheet_text

    with gathering(where, settings) as (index, _):
        at = _viewpoint(given, where, settings, index)
        if kind == "html":
            from simulator.cohort_page import cohort_page

            sheets = [MADE[given.sheet](at)] if given.sheet else list(all_sheets(at))
            return cohort_page(_title(at), _facts(at), sheets)
        sheet = MADE[given.sheet or "completion"](at)
    if kind == "csv":
        return sheet_csv(sheet)
    return f"{json_text(sheet_json(sheet)) if kind == 'json' else sheet_text(sheet)}\n"


def _viewpoint(given: argparse.Namespace, where: Home, settings: Settings, index: Index) -> Viewpoint:
    from datetime import date

    from simulator import people
    from simulator.cohort_sheets import Viewpoint
    from simulator.library import cases

    rubric, _ = rubric_meant(settings.rubric)
    shelf, _ = cases(library_folders(settings), rubric)
    library = {case.scenario.id: case.scenario for case in shelf}
    names = people.load(where.people)
    tell_problems(names.problems)
    known = cohorts_known(where, settings)
    return Viewpoint(
        index,
        names,
        library,
        rubric,
        date.today(),
        settings.few,
        _meant(given.cohort, known),
        person_meant(given.person, names, index) if given.person else "",
        case_meant(given.case, library, index) if given.case else "",
    )


def _meant(name: str | None, known: Cohorts) -> tuple[Cohort, ...]:
    """Return the cohorts that are meant: the one named by its id or file, or all there are."""
    import os
    from pathlib import Path

    from simulator.cohort import cohort_file as cohort

    if not name:
        return known.cohorts
    found = known.get(name)
    if found is not None:
        return (found,)
    if not os.path.exists(name):  # noqa: PTH110 - pathlib raises for names that no file can have
        ids = ", ".join(each.id for each in known.cohorts)
        raise Failed(f"there is no cohort and no file `{name}`; " + (f"there are: {ids}" if ids else "there are none"))
    loaded = cohort.load(Path(name))
    tell_problems(loaded.problems)
    if loaded.value is None:
        raise Failed(f"the cohort file {name} cannot be used as it is")
    return (loaded.value,)


def _title(at: Viewpoint) -> str:
    return " · ".join(each.title for each in at.cohorts) or "Everybody"


def _facts(at: Viewpoint) -> list[tuple[str, str]]:
    facts = [("As of", f"{at.today}")]
    if at.people:
        facts.append(("People", f"{len(at.people)}"))
    if at.person:
        facts.append(("Only", at.names.name(at.person)))
    if at.scenario:
        facts.append(("Case", at.title(at.scenario)))
    return facts
