"""`caseload sessions`, `report` and `verify`: what was played, told and replayed."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from simulator.commands.console import (
    CLEAN,
    FOUND,
    Failed,
    exploring,
    library_hashes,
    place,
    print_json,
    put,
    whole,
)
from simulator.commands.found import journal_path, session_meant
from simulator.commands.ledger import ledger_if_any
from simulator.commands.output import add_output, deliver, output_meant
from simulator.commands.solve import foresight_of
from simulator.text import clean

if TYPE_CHECKING:
    from scoring.rubric import Rubric
    from simulator.archive import Logged
    from simulator.hindsight import Foreseen
    from simulator.review.events import Judgement
    from simulator.review.reviewed import Spans
    from simulator.scenario import Scenario
    from simulator.settings import Home


REPORT = (
    "Tell a whole session: as text, as an HTML page that needs nothing but itself, as CSV for a spreadsheet, or as "
    "JSON lines that lose nothing. It goes to the screen, or with --output to a file."
)


FORMATS = {".html": "html", ".htm": "html", ".csv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl"}
"""What a file's name says that it holds."""
_width = whole(40, 500, "a width is a number of columns from 40 to 500")


def add_sessions(parser: argparse.ArgumentParser) -> None:
    """Say how sessions are listed."""
    parser.add_argument("--format", choices=("text", "json"), default="text", help="how to print the list")
    parser.set_defaults(run=_sessions)


def _sessions(given: argparse.Namespace) -> int:
    from simulator import people
    from simulator.archive import Archive
    from simulator.listing import as_json, as_lines

    where, _ = place()
    rows = list(Archive(where).sessions())
    if given.format == "json":
        print_json([as_json(row) for row in rows])
    elif rows:
        put("\n".join(as_lines(rows, people.load(where.people))))
    else:
        put("No sessions yet. `caseload` opens the app; `caseload play SCENARIO` plays a case.")
    return CLEAN


def add_report(parser: argparse.ArgumentParser) -> None:
    """Say how a session is told."""
    parser.add_argument("session", metavar="SESSION", help="a session's id, its beginning, or a journal file")
    parser.add_argument(
        "--format", choices=("text", "html", "csv", "jsonl"), help="what to make of it (as FILE's name ends, or text)"
    )
    add_output(parser)
    parser.add_argument("--width", type=_width, default=80, metavar="N", help="columns of text (80)")
    parser.add_argument(
        "--no-solve", dest="solve", action="store_false", help="leave out what the case made possible, and what it cost"
    )
    parser.set_defaults(run=_report_session)


def _report_session(given: argparse.Namespace) -> int:
    from simulator.practice import is_practice
    from simulator.review.writing import signed_judgement
    from simulator.sharing.collected import from_others

    where, _ = place()
    logged = session_meant(where, given.session)
    said = signed_judgement(where, logged.id)
    output, kind = output_meant(given, FORMATS)
    if is_practice(logged) and logged.id in from_others(where):
        raise Failed(
            f"{logged.id} is somebody else's practice attempt: there is a summary for supervisors, and no report. "
            f"`caseload review {logged.id}` prints it"
        )
    found = foresight_of(where, logged.scenario, logged.rubric) if given.solve and kind != "csv" else None
    spans = spans_of(where) if given.solve else None
    data = report_as(kind, where, logged, said, given.width, found, spans)
    if output is None and kind == "text":
        put(data.decode().rstrip("\n"))
        return CLEAN
    deliver(data, output, where, force=given.force)
    return CLEAN


def spans_of(where: Home) -> Spans:
    """Return who finds what a case makes possible with the marks that a supervisor overrode."""
    from simulator.solved import span

    def spans(scenario: Scenario, rubric: Rubric) -> tuple[tuple[int, ...], tuple[int, ...]] | None:
        with exploring() as report:
            return span(where, scenario, rubric, report=report)

    return spans


def report_as(
    kind: str,
    where: Home,
    logged: Logged,
    said: Judgement,
    width: int,
    found: Foreseen | None,
    spans: Spans | None = None,
) -> bytes:
    """Return a session told as html, csv, jsonl or text, with what supervisors said.

    Without `spans`, reviewed results are told in percent only where the page or report has percents.
    """
    from simulator import people
    from simulator.review.reviewed import not_looked

    known = people.load(where.people)
    solved = found.ahead if found else None
    reach = spans or (spans_of(where) if found else not_looked)
    if kind == "html":
        from simulator.page import page

        return page(logged, known, said, solved, found.model if found else None, reach).encode()
    if kind == "csv":
        from simulator.tables import as_csv

        # Spreadsheets read it as UTF-8 only if it begins so.
        return as_csv([logged], known, lambda _: said, reach).encode("utf-8-sig")
    if kind == "jsonl":
        from simulator.records import as_json_lines

        return "".join(
            f"{line}\n" for line in as_json_lines([logged], known, lambda _: said, lambda _: solved, spans=reach)
        ).encode()
    from simulator.report import report

    return f"{clean(report(logged, known, said, width, solved, spans=reach))}\n".encode()


def add_verify(parser: argparse.ArgumentParser) -> None:
    """Say what can be verified."""
    parser.add_argument("sessions", nargs="+", metavar="SESSION|FILE", help="session ids, or journal files")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="how to print what was found")
    parser.set_defaults(run=_verify)


def _verify(given: argparse.Namespace) -> int:
    from simulator.archive import Archive
    from simulator.verify import verify

    where, settings = place()
    archive = Archive(where)
    library = library_hashes(settings)
    paths = [journal_path(archive, name) for name in given.sessions]
    with ledger_if_any(where, settings) as receipts:
        findings = [verify(archive, path, library, receipts) for path in paths]
    if given.format == "json":
        print_json(
            [
                {
                    "file": str(each.path),
                    "session": each.session,
                    "verdict": each.verdict.value,
                    "message": each.message,
                    "notices": list(each.notices),
                }
                for each in findings
            ]
        )
    else:
        for each in findings:
            put(f"{each.path.name}: {each.verdict}. {each.message}")
            for notice in each.notices:
                put(f"  note: {notice}")
    return CLEAN if all(each.sound for each in findings) else FOUND
