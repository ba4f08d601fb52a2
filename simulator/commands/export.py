"""`caseload export`: all sessions of the home at once, for a spreadsheet, a program or a learning record store."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from simulator.commands.console import CLEAN, Failed, counting, place, tell, tell_problems
from simulator.commands.output import add_output, deliver_pieces, output_meant
from simulator.commands.solve import foresight_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from simulator.exported import Ahead, Exported
    from simulator.people import People
    from simulator.settings import Home

EXPORT = (
    "Write all sessions as CSV for a spreadsheet, as JSON lines that lose nothing, or as xAPI statements for a "
    "learning record store; oldest first, to the screen, or with --output to a file. Of practice attempts there is "
    "only the result, unless they are your own (--as)."
)
FORMATS = {".csv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl"}
"""What a file's name says that it holds."""


def add_export(parser: argparse.ArgumentParser) -> None:
    """Say what is exported, and how."""
    parser.add_argument(
        "--format", choices=("csv", "jsonl", "xapi"), help="what to make of them (as FILE's name ends, or csv)"
    )
    add_output(parser)
    whose = parser.add_mutually_exclusive_group()
    whose.add_argument("--person", metavar="PERSON", help="only sessions of this person: an id or a name")
    whose.add_argument(
        "--as", dest="own", metavar="PERSON", help="your own sessions, practice attempts in full: your id or name"
    )
    parser.add_argument("--case", metavar="ID", help="only sessions of this case")
    parser.add_argument(
        "--since", type=_day, metavar="DATE", help="only sessions begun on this day or later: 2026-11-21 (UTC)"
    )
    parser.add_argument("--until", type=_day, metavar="DATE", help="only sessions begun on this day or earlier (UTC)")
    parser.add_argument(
        "--pseudonymous", action="store_true", help="leave out names of people; what they wrote may hold some"
    )
    parser.add_argument(
        "--texts", action="store_true", help="xapi: with what people wrote, which the other formats always hold"
    )
    parser.add_argument(
        "--home-page", metavar="URL", help="xapi: a page of your agency; accounts and cases are named by it"
    )
    parser.add_argument(
        "--no-solve", dest="solve", action="store_false", help="leave out what the cases made possible, so any score"
    )
    parser.set_defaults(run=_export)


def _day(text: str) -> date:
    from datetime import date

    try:
        found = date.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.isoformat() != text:
        raise argparse.ArgumentTypeError("a day is written 2026-11-21")
    return found


def _export(given: argparse.Namespace) -> int:
    from simulator import people
    from simulator.archive import Archive
    from simulator.exported import Exported, Wanted, csv_data, json_lines_data, xapi_data
    from simulator.wording import counted

    output, kind = output_meant(given, FORMATS, "csv")
    page = _home_page(given.home_page, kind)
    if given.since and given.until and given.since > given.until:
        raise Failed(f"no day is both after {given.since} and before {given.until}; change --since or --until")
    where, _ = place()
    known = people.load(where.people)
    tell_problems(known.problems)
    wanted = Wanted(
        _person(known, given.own or given.person), given.case or "", given.since, given.until, own=bool(given.own)
    )
    archive = Archive(where)
    shown = people.People({}) if given.pseudonymous else known
    exported = Exported(archive, wanted, _ahead(where) if given.solve else None)
    if kind == "csv":
        data = csv_data(exported, shown)
    elif kind == "jsonl":
        data = json_lines_data(exported, shown)
    else:
        data = xapi_data(exported, page, texts=given.texts)
    # Counting on a screen that shows the result would stand in the middle of it.
    on_screen = output is None and sys.stdout.isatty()
    if not on_screen:
        data = _counted(exported, data, len(archive.paths()))
    deliver_pieces(data, output, where, force=given.force)
    for why, number in sorted(exported.left_out.items()):
        tell(f"Left out: {counted(number, 'session')} ({why}).")
    if not exported.number and not exported.left_out:
        tell("There are no such sessions. `caseload sessions` lists all there are.")
    return CLEAN


def _counted(exported: Exported, data: Iterator[bytes], of: int) -> Iterator[bytes]:
    with counting("exporting session", of) as count:
        exported.report = count
        yield from data


def _ahead(where: Home) -> Ahead:
    return lambda logged: foresight_of(where, logged.scenario, logged.rubric).ahead


def _home_page(url: str | None, kind: str) -> str:
    from simulator.xapi import HOME_PAGE, home_page

    if url is None:
        return HOME_PAGE
    if kind != "xapi":
        raise Failed("--home-page is for --format xapi; the other formats name no page")
    try:
        return home_page(url)
    except ValueError as error:
        raise Failed(
            "--home-page takes the address of a web page, without `?`, `#` and blanks, such as "
            "https://training.example.org/"
        ) from error


def _person(known: People, who: str | None) -> str:
    """Return the id of somebody by id or name; empty for everybody. Journals may have come without names."""
    from simulator import journal

    if who is None:
        return ""
    found = known.find(who)
    if found is not None:
        return found.id
    if alike := known.called(who):
        raise Failed(f"several people are called {who}; name one by id: {', '.join(each.id for each in alike)}")
    if not journal.good_person_id(who):
        raise Failed(f"nobody here is called `{who}`; `caseload sessions` lists who played")
    return who
