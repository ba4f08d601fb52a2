"""`caseload progress` and `caseload compare`: what attempts show together, and side by side."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from simulator.commands.console import (
    CLEAN,
    Failed,
    json_text,
    library_folders,
    place,
    print_json,
    put,
    rubric_meant,
    tell,
    tell_problems,
)
from simulator.commands.found import session_meant
from simulator.commands.output import add_output, deliver, output_meant
from simulator.commands.solve import foresight_of
from simulator.commands.who import whose_progress
from simulator.text import clean

if TYPE_CHECKING:
    from simulator.comparison import Comparison
    from simulator.settings import Home


PROGRESS = (
    "Tell what somebody's attempts show: criticals, what to practise next and why, the weakest indicators with the "
    "decisions they show in, every case. First attempts count; repeats stand apart; unfinished sessions do not "
    "count, nor does what was tried again from a decision."
)


COMPARE = (
    "Set attempts of one person at one case side by side: what each was worth, where they part, where they meet again, "
    "how each was marked. As text, as an HTML page that needs nothing but itself, or as JSON; to the screen, or with "
    "--output to a file."
)


FORMATS = {".html": "html", ".htm": "html", ".json": "json"}
"""What a file's name says that it holds."""


def add_progress(parser: argparse.ArgumentParser) -> None:
    """Say whose progress is told."""
    parser.add_argument(
        "--as", dest="person", metavar="PERSON", help="whose: an id or a name; who played last if left out"
    )
    parser.add_argument("--format", choices=("text", "json"), default="text", help="how to print it")
    parser.set_defaults(run=_progress)


def _progress(given: argparse.Namespace) -> int:
    from simulator import people
    from simulator.archive import Archive, Logged
    from simulator.learning_path import load as load_path
    from simulator.library import cases
    from simulator.progress import progress
    from simulator.progress_telling import progress_json, progress_text
    from simulator.wording import counted

    where, settings = place()
    rows = list(Archive(where).sessions())
    sessions = [row for row in rows if isinstance(row, Logged)]
    known = people.load(where.people)
    tell_problems(known.problems)
    person = whose_progress(where, known, given.person, {row.person for row in sessions})
    rubric, _ = rubric_meant(settings.rubric)
    shelf, _ = cases(library_folders(settings), rubric)
    path, _ = load_path(library_folders(settings))
    if unreadable := len(rows) - len(sessions):
        # Whose they are cannot be told either.
        tell(f"{counted(unreadable, 'session')} cannot be read, so not counted; `caseload sessions` says why.")
    found = progress(person, sessions, [case.scenario for case in shelf], path)
    if given.format == "json":
        print_json(progress_json(found, known.name(person)))
    else:
        put(progress_text(found, known.name(person)))
    return CLEAN


def add_compare(parser: argparse.ArgumentParser) -> None:
    """Say which attempts are compared."""
    parser.add_argument("session", metavar="SESSION", help="a session's id, its beginning, or a journal file")
    parser.add_argument("others", nargs="+", metavar="SESSION", help="one or more to set beside it")
    parser.add_argument(
        "--format", choices=("text", "html", "json"), help="what to make of it (as FILE's name ends, or text)"
    )
    add_output(parser)
    parser.add_argument(
        "--no-solve", dest="solve", action="store_false", help="leave out what each was worth, and what decisions cost"
    )
    parser.set_defaults(run=_compare)


def _compare(given: argparse.Namespace) -> int:
    from simulator.comparison import NotComparable, compare, measured

    where, _ = place()
    try:
        found = compare([session_meant(where, name) for name in (given.session, *given.others)])
    except NotComparable as error:
        raise Failed(str(error)) from error
    if given.solve:
        found = measured(found, lambda logged: foresight_of(where, logged.scenario, logged.rubric).ahead)
    output, kind = output_meant(given, FORMATS)
    if output is None and kind == "text":
        put(_as_text(found, where))
    else:
        deliver(_compared_as(kind, found, where), output, where, force=given.force)
    return CLEAN


def _compared_as(kind: str, found: Comparison, where: Home) -> bytes:
    if kind == "html":
        from simulator import people
        from simulator.comparison_page import comparison_page

        return comparison_page(found, people.load(where.people)).encode()
    if kind == "json":
        from simulator.comparison_telling import comparison_json

        return f"{json_text(comparison_json(found))}\n".encode()
    return f"{clean(_as_text(found, where))}\n".encode()


def _as_text(found: Comparison, where: Home) -> str:
    from simulator import people
    from simulator.comparison_telling import comparison_text

    return comparison_text(found, people.load(where.people).name(found.attempts[0].person))
