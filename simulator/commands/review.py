"""`caseload review`: the supervisor's desk without the app."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from simulator.commands.console import CLEAN, Failed, at_terminal, place, print_json, put
from simulator.commands.found import session_meant
from simulator.commands.play import open_app
from simulator.commands.sessions import print_report
from simulator.commands.who import who_reviews
from simulator.text import clean, whole_number

if TYPE_CHECKING:
    from simulator.archive import Logged
    from simulator.settings import Home


REVIEW = (
    "Review sessions: without a session, list them, criticals first; with one, print it, comment on it, sign it off. "
    "On a terminal, without options, it opens the review desk of the app."
)


def add_review(parser: argparse.ArgumentParser) -> None:
    """Say how a session is reviewed."""
    parser.add_argument("session", nargs="?", metavar="SESSION", help="a session's id, or its beginning")
    parser.add_argument("--as", dest="person", metavar="PERSON", help="who reviews: an id or a name")
    parser.add_argument(
        "--comment", action="append", nargs=2, metavar=("DECISION", "TEXT"), help="say something; 0 is the whole"
    )
    parser.add_argument("--sign-off", action="store_true", help="let the trainee see what was said")
    parser.add_argument("--plain", action="store_true", help="print, do not open the app")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="how to print the list")
    parser.set_defaults(run=_review)


def _review(given: argparse.Namespace) -> int:
    from simulator import people
    from simulator.archive import Archive
    from simulator.listing import as_json, as_lines, most_urgent_first
    from simulator.review import reviews_of

    deciding = given.comment or given.sign_off
    if at_terminal() and not given.plain and not deciding and given.format == "text":
        return open_app(desk="review", session=given.session or "", who=given.person or "")
    where, _ = place()
    if given.session is None:
        if deciding:
            raise Failed('which session? `caseload review SESSION --comment 3 "…" --sign-off`')
        rows = most_urgent_first(where, Archive(where).sessions())
        if given.format == "json":
            print_json([as_json(row) for row in rows])
        else:
            put("\n".join(as_lines(rows, people.load(where.people), where)) or "No sessions to review yet.")
        return CLEAN
    logged = session_meant(where, given.session)
    if deciding:
        _judge(given, where, logged)
        return CLEAN
    comments = [comment for review in reviews_of(where, logged.id) for comment in review.comments]
    print_report(where, logged, comments, 80)
    return CLEAN


def _judge(given: argparse.Namespace, where: Home, logged: Logged) -> None:
    """Comment and sign off, as the command line says."""
    from simulator.chain import ChainError
    from simulator.durable import NotSaved
    from simulator.review import Reviewing
    from simulator.wording import counted

    last = len(logged.session.events)
    for number, text in given.comment or ():
        if whole_number(number, 0, last) is None:
            raise Failed(f"`{number}` is no decision of this session; it has 1 to {last}, and 0 is the whole")
        if not clean(text).strip():
            raise Failed("a comment needs words")
    reviewer = who_reviews(where, given.person)
    try:
        with Reviewing.open(where, logged, reviewer.id) as reviewing:
            for number, text in given.comment or ():
                reviewing.comment(int(number), text)
            if given.sign_off:
                reviewing.sign_off(logged.recorded.reading.entries[-1].hash)
    except (ChainError, NotSaved) as error:
        raise Failed(str(error)) from error
    said = f"{counted(len(given.comment), 'comment')} kept, " if given.comment else ""
    signed = f"signed off by {reviewer.name}" if given.sign_off else "not signed off yet, so only reviewers see it"
    put(f"{logged.id}: {said}{signed}.")
