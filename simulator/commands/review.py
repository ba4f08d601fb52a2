"""`caseload review`: the supervisor's desk without the app."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from simulator.commands.console import (
    CLEAN,
    Failed,
    at_terminal,
    library_folders,
    place,
    print_json,
    put,
    rubric_meant,
    tell,
    whole,
)
from simulator.commands.forget import tell_unfinished
from simulator.commands.found import session_meant
from simulator.commands.gathering import case_meant, cohorts_known, gathering, person_meant
from simulator.commands.hand_in import add_collecting, collect_first, hand_in_by_itself
from simulator.commands.judging import Judging, add_judging, wants_to_say
from simulator.commands.ledger import looked_at
from simulator.commands.output import add_output, deliver, output_meant
from simulator.commands.play import open_app
from simulator.commands.sessions import FORMATS, report_as, spans_of
from simulator.commands.solve import foresight_of
from simulator.commands.who import who_reviews
from simulator.text import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simulator.archive import Logged
    from simulator.cohort.cohort_file import Due
    from simulator.index.inbox import Wanted
    from simulator.index.store import Index
    from simulator.people import People
    from simulator.settings import Home, Settings


DIMENSIONS = ("rapport", "organization", "ethics")
"""As in `scoring.rubric`; the test compares these as well."""
STATES = ("open", "signed off", "sent back", "practice", "unfinished", "damaged", "all")
"""As in `index.inbox`, which takes too long to import for `--help`; a test compares them."""
NARROWED = ("state", "person", "case", "dimension", "since", "search")
"""What narrows down the list."""
REVIEW = (
    "Review sessions: without a session, list what waits, criticals first; with one, print it (or write it as a page), "
    "comment on it, override marks, rate what was written, sign it off or send it back. On a terminal, without "
    "options, it opens the review desk of the app."
)
_limit = whole(1, 100_000, "a limit is a whole number from 1 to 100,000")


def add_review(parser: argparse.ArgumentParser) -> None:
    """Say how a session is reviewed."""
    parser.add_argument("session", nargs="?", metavar="SESSION", help="a session's id, or its beginning")
    parser.add_argument("--as", dest="reviewer", metavar="PERSON", help="who reviews: an id or a name")
    add_judging(parser)
    add_collecting(parser)
    _add_narrowing(parser)
    parser.add_argument("--plain", action="store_true", help="print, do not open the app")
    parser.add_argument(
        "--format",
        choices=("text", "json", "html"),
        help="how to print the list (text, json) or the session (text, html); as FILE's name ends, or text",
    )
    add_output(parser)
    parser.set_defaults(run=_review)


def _add_narrowing(parser: argparse.ArgumentParser) -> None:
    listed = parser.add_argument_group("without a session, what is listed")
    listed.add_argument(
        "--state", choices=[each.replace(" ", "-") for each in STATES], help="in which state (open: what waits)"
    )
    listed.add_argument("--person", metavar="PERSON", help="whose sessions: an id or a name")
    listed.add_argument("--case", metavar="CASE", help="of which case, by its id")
    listed.add_argument("--dimension", choices=DIMENSIONS, help="only what has low marks there, or a critical")
    listed.add_argument("--since", type=_day, metavar="DAY", help="decided on that day or later, as 2026-11-21")
    listed.add_argument("--search", metavar="WORDS", help="in which this was written, or said, in any state")
    listed.add_argument("--limit", type=_limit, default=200, metavar="N", help="so many lines at most (200)")


def _day(text: str) -> str:
    from datetime import date

    try:
        return str(date.fromisoformat(text))
    except ValueError:
        raise argparse.ArgumentTypeError("a day is written as 2026-11-21") from None


def _review(given: argparse.Namespace) -> int:
    from simulator.practice import is_practice, summary

    collect_first(given)
    deciding = wants_to_say(given)
    narrowed = [name for name in NARROWED if getattr(given, name)]
    if at_terminal() and not (given.plain or deciding or given.format or given.output or narrowed):
        return open_app(desk="review", session=given.session or "", who=given.reviewer or "")
    where, settings = place()
    if narrowed and (deciding or given.session is not None):
        raise Failed(f"--{narrowed[0]} narrows down the list; it says nothing about a session")
    if given.session is None:
        return _list(given, where, settings, deciding)
    output, kind = output_meant(given, {name: kind for name, kind in FORMATS.items() if kind == "html"})
    if kind == "json":
        raise Failed("the list is there as json; a session is there as text or html, and `caseload report` has more")
    if deciding and (given.format or given.output):
        raise Failed("first say it, then write the page: two commands")
    logged = session_meant(where, given.session)
    looked_at(where, settings, [logged])
    if deciding:
        _judge(given, where, settings, logged)
        hand_in_by_itself(where, settings)
        return CLEAN
    if is_practice(logged):
        from simulator import people

        if kind == "html" or output is not None:
            raise Failed(f"{logged.id} is a practice attempt: there is a summary of it for supervisors, and no page")
        solved = foresight_of(where, logged.scenario, logged.rubric).ahead
        put(summary(logged, people.load(where.people), solved))
        return CLEAN
    _show(given, where, logged, kind)
    return CLEAN


def _list(given: argparse.Namespace, where: Home, settings: Settings, deciding: bool) -> int:
    """List what needs eyes, in the order of the inbox."""
    from simulator import people
    from simulator.inbox_telling import item_json, item_lines
    from simulator.index.inbox import inbox

    if deciding:
        raise Failed('which session? `caseload review SESSION --comment 3 "…" --sign-off`')
    if given.format == "html" or given.output is not None:
        raise Failed("which session? `caseload review SESSION --format html --output FILE`")
    names = people.load(where.people)
    with gathering(where, settings) as (index, intake):
        wanted, late = _wanted(given, where, settings, names, index)
        found = inbox(index, wanted, late)
    against = intake.contradicted
    for session in sorted(against):
        tell(f"{session} is not what was seen here before: `caseload verify {session}` says why.")
    tell_unfinished(where)
    if given.format == "json":
        print_json([item_json(item, against) for item in found.items])
    else:
        put("\n".join(item_lines(found.items, names, against)) or _nothing(given))
    if found.more:
        tell(f"There are more than {given.limit}; `--limit` shows more of them.")
    return CLEAN


def _wanted(
    given: argparse.Namespace, where: Home, settings: Settings, names: People, index: Index
) -> tuple[Wanted, Sequence[Due]]:
    """Return what is looked for, and what is overdue."""
    from datetime import date

    from simulator.cohort.cohort_file import overdue
    from simulator.index.heads import finished
    from simulator.index.inbox import Wanted
    from simulator.library import cases

    shelf, _ = cases(library_folders(settings), rubric_meant(settings.rubric)[0])
    titles = {case.scenario.id: case.scenario.title for case in shelf}
    words = one_line(given.search or "")
    known, today = cohorts_known(where, settings).cohorts, date.today()
    late = overdue(known, finished(index, known, today), today, titles)
    wanted = Wanted(
        person=person_meant(given.person, names, index) if given.person else "",
        scenario=case_meant(given.case, titles, index) if given.case else "",
        dimension=given.dimension or "",
        since=given.since or "",
        # Whoever looks for words looks everywhere, not only among what waits.
        state=(given.state or "").replace("-", " ") or ("all" if words else "open"),
        words=words,
        limit=given.limit,
    )
    return wanted, late


def _nothing(given: argparse.Namespace) -> str:
    """Say that there is nothing, and where there might be something."""
    if any(getattr(given, name) for name in NARROWED):
        return "Nothing found."
    return "No sessions to review. `--state signed-off` lists what is done, `--state all` lists everything."


def _show(given: argparse.Namespace, where: Home, logged: Logged, kind: str) -> None:
    """Tell a session with everything that supervisors said about it."""
    from simulator import people
    from simulator.review.telling import entry_lines
    from simulator.review.writing import judgement_of

    said = judgement_of(where, logged.id)
    if kind == "html":
        found = foresight_of(where, logged.scenario, logged.rubric)
        deliver(report_as(kind, where, logged, said, 80, found), given.output, where, force=given.force)
        return
    data = report_as("text", where, logged, said, 80, None, spans_of(where))
    if given.output is not None:
        deliver(data, given.output, where, force=given.force)
        return
    put(data.decode().rstrip("\n"))
    if told := _hints(logged):
        put("\n".join(["\nHINTS ON WHAT WAS WRITTEN", *told]))
    if entries := entry_lines(said, logged.rubric, people.load(where.people)):
        put("\nWHAT CAN BE WITHDRAWN, BY WHO SAID IT\n" + "\n".join(entries))


def _hints(logged: Logged) -> list[str]:
    """Return what there is to look at in what the trainee wrote, for who rates it."""
    from simulator.report import wrap
    from simulator.review.note_hints import ONLY_HINTS, hints
    from simulator.transcript import moments

    lines = []
    for moment in moments(logged.session):
        if moment.written and (found := hints(moment.session, moment.written)):
            lines += ["", f"Decision {moment.number}", *(wrap(str(each), indent="  - ", hanging=2) for each in found)]
    return [wrap(ONLY_HINTS), *lines] if lines else []


def _judge(given: argparse.Namespace, where: Home, settings: Settings, logged: Logged) -> None:
    """Say about a session what the command line says."""
    from simulator.chain import ChainError
    from simulator.durable import NotSaved
    from simulator.practice import is_practice
    from simulator.review.writing import NotPossible, Reviewing

    judging = Judging(given, logged)
    if judging.decisions and is_practice(logged):
        raise Failed(
            f"{logged.id} is a practice attempt: supervisors see a summary of it, not its decisions. "
            '`--comment 0 "…"` says something about the whole'
        )
    reviewer = who_reviews(where, given.reviewer)
    try:
        with Reviewing.open(where, logged, reviewer.id) as reviewing:
            told = judging.write(reviewing)
    except (ChainError, NotSaved, NotPossible) as error:
        raise Failed(str(error)) from error
    signed = "not signed off yet, so only reviewers see it"
    if given.sign_off:
        signed = f"signed off by {reviewer.name}"
    elif given.send_back is not None:
        signed = f"sent back by {reviewer.name}"
    put(f"{logged.id}: {', '.join([*told, signed])}.")
    for case in _not_here(given.practise or (), settings, logged):
        tell(f"caseload: the library here has no case `{case}`; the trainee is told to practise it all the same")


def _not_here(named: Sequence[str], settings: Settings, logged: Logged) -> list[str]:
    """Return the cases to practise that the library here does not have: misspelt, perhaps."""
    from simulator.library import NoSuchCase, find

    missing = []
    for case in named:
        try:
            find(case, library_folders(settings), logged.rubric)
        except NoSuchCase:
            missing.append(case)
    return missing
