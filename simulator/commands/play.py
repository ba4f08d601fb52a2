"""`caseload` and `caseload play`: the app, or line by line."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from simulator.commands.at_random import add_random, must_fit, play_at_random
from simulator.commands.console import (
    CLEAN,
    MIB,
    Failed,
    add_rubric,
    add_size,
    at_terminal,
    library_folders,
    place,
    rubric_meant,
    tell,
    tell_problems,
    whole,
)
from simulator.commands.found import case_meant, session_path
from simulator.commands.hand_in import hand_in_by_itself
from simulator.commands.solve import foresight_of
from simulator.commands.who import who_plays

if TYPE_CHECKING:
    from simulator.archive import Archive
    from simulator.cohort.assigned import Terms
    from simulator.cohort.cohort_file import Cohort
    from simulator.play import Play
    from simulator.settings import Home, Settings

SOON = 3.0
"""Seconds that the shared folder has to answer before a session begins with what is known already."""
seed_number = whole(0, 2**32 - 1, "a seed is a whole number from 0 to 4294967295")
"""Read a seed as somebody types it."""
_decision = whole(1, 10**6, "a decision is named by its number, from 1, as the debrief shows it")


def add_play(parser: argparse.ArgumentParser) -> None:
    """Say how a case is played."""
    parser.add_argument("scenario", nargs="?", metavar="SCENARIO", help="an id from the library, or a file")
    parser.add_argument("--plain", action="store_true", help="line by line: for screen readers and pipes")
    parser.add_argument("--resume", metavar="SESSION", help="go on with a session")
    parser.add_argument("--again", metavar="SESSION", help="try again from a decision of a session")
    parser.add_argument("--from", dest="decision", type=_decision, metavar="N", help="the number of that decision")
    drawn = "draw the order of responses, or random plays, from it"
    parser.add_argument("--seed", type=seed_number, metavar="N", help=drawn)
    parser.add_argument("--as", dest="person", metavar="PERSON", help="who plays: an id or a name")
    parser.add_argument("--feedback", choices=("each", "end"), help="show marks after each response, or at the end")
    parser.add_argument(
        "--confidence",
        action=argparse.BooleanOptionalAction,
        default=None,
        help="ask how sure you are before you see what comes of it",
    )
    add_rubric(parser)
    add_size(parser)
    add_random(parser)
    parser.set_defaults(run=_play)


def app(given: argparse.Namespace) -> int:
    """Open the app, or print the version."""
    if given.version:
        from simulator.version import VERSION

        print(f"caseload {VERSION}")
        return CLEAN
    if not at_terminal():
        raise Failed(
            "the app needs a terminal, and this is none. Play line by line with `caseload play SCENARIO --plain`; "
            "`caseload --help` lists what else works without one"
        )
    return open_app()


def open_app(**begin: object) -> int:
    """Open the app at what is asked for."""
    from simulator.tui.app import CaseloadApp

    where, settings = place()
    return CaseloadApp(where, settings, **begin).run() or CLEAN  # type: ignore[arg-type]


def _play(given: argparse.Namespace) -> int:
    must_fit(given)
    _must_go_together(given)
    if given.random is not None:
        return _play_at_random(given)
    if not given.plain and at_terminal():
        return open_app(
            scenario=given.scenario or "",
            resume=given.resume or "",
            again=given.again or "",
            decision=given.decision or 0,
            who=given.person or "",
            seed=given.seed,
            feedback=given.feedback or "",
            confidence=given.confidence,
            rubric=given.rubric,
            limit=given.max_size * MIB,
        )
    if not given.scenario and not given.resume and not given.again:
        raise Failed("which case? Name one: `caseload play SCENARIO --plain`; " + _known())
    from simulator.chain import ChainError
    from simulator.durable import NotSaved
    from simulator.plain import Plain
    from simulator.play import Play
    from simulator.wording import shared_line

    where, settings = place()
    try:
        if given.resume:
            play = _resumed(where, settings, given.resume)
        elif given.again:
            play = _again(where, settings, given)
        else:
            rubric, source = rubric_meant(given.rubric or settings.rubric)
            case = case_meant(given.scenario, settings, rubric, given.max_size)
            player = who_plays(where, given.person)
            terms = _terms(where, settings, player.id, case.scenario.id, given)
            play = Play.begin(
                where,
                case,
                rubric,
                source,
                player.id,
                seed=given.seed,
                feedback=terms.feedback,
                confidence=terms.confidence,
                purpose=terms.purpose,
            )
    except (ChainError, NotSaved) as error:
        raise Failed(str(error)) from error
    try:
        Plain(
            play,
            sys.stdin,
            sys.stdout,
            solve=lambda: foresight_of(where, play.session.scenario, play.rubric),
            also_kept=shared_line(settings.shared) if settings.shared else "",
        ).run()
    finally:
        play.close()
    hand_in_by_itself(where, settings)
    return CLEAN


def _terms(where: Home, settings: Settings, person: str, case: str, given: argparse.Namespace) -> Terms:
    """Find out what an attempt that begins now is for; what its assignment says comes before what was asked for."""
    from datetime import date

    from simulator.archive import Archive
    from simulator.cohort.assigned import due_line, terms_of
    from simulator.text import one_line

    feedback = given.feedback or settings.feedback
    confidence = settings.confidence if given.confidence is None else given.confidence
    terms = terms_of(
        Archive(where),
        _cohorts(where, settings),
        person,
        case,
        feedback=feedback,
        confidence=confidence,
        today=date.today(),
    )
    if terms.assigned is not None:
        tell(f"For you in {one_line(terms.assigned.cohort.title)}: {due_line(terms.assigned)}.")
    if given.feedback and terms.feedback != feedback:
        tell(f"The assignment says when marks are shown, so --feedback {given.feedback} is left out.")
    if given.confidence is not None and terms.confidence != confidence:
        tell("The assignment says whether you are asked how sure you are, so what you asked for is left out.")
    return terms


def _cohorts(where: Home, settings: Settings) -> Sequence[Cohort]:
    """Return the cohorts that are known here, with what is new in the shared folder if that answers soon."""
    from threading import Thread

    from simulator.cohort import cohort_files

    if settings.shared is not None:
        looking = Thread(target=cohort_files.fetch, args=(where, settings.shared), daemon=True)
        looking.start()
        looking.join(SOON)
    found = cohort_files.load(where, settings.shared)
    tell_problems(found.problems)
    return found.cohorts


def _play_at_random(given: argparse.Namespace) -> int:
    if not given.scenario:
        raise Failed("which case? Name one: `caseload play SCENARIO --random 1000`; " + _known())
    _, settings = place()
    rubric, _ = rubric_meant(given.rubric or settings.rubric)
    return play_at_random(given, case_meant(given.scenario, settings, rubric, given.max_size), rubric)


def _must_go_together(given: argparse.Namespace) -> None:
    """Refuse what says two things about what is to be played, or half of one."""
    if given.decision and not given.again:
        raise Failed("--from names a decision; name its session as well: --again SESSION")
    if not given.again:
        return
    if not given.decision:
        raise Failed("--again names a session; name the decision as well, by its number in the debrief: --from N")
    others = {
        "SCENARIO": given.scenario,
        "--resume": given.resume,
        "--as": given.person,
        "--seed": given.seed is not None,
        "--rubric": given.rubric,
        "--random": given.random is not None,
    }
    if said := [name for name, value in others.items() if value]:
        raise Failed(
            f"{', '.join(said)} and --again do not go together: case, seed, rubric and who plays are those of the "
            "session that is tried again"
        )


def _resumed(where: Home, settings: Settings, session: str) -> Play:
    from simulator.play import Play

    archive, path = _session(where, session)
    return Play.resume(archive, path, _current(archive, path, settings))


def _again(where: Home, settings: Settings, given: argparse.Namespace) -> Play:
    from simulator import journal
    from simulator.play import Play

    archive, path = _session(where, given.again)
    current = _current(archive, path, settings)
    person = journal.read(path).header.person
    named = any(person in each.people for each in _cohorts(where, settings))
    return Play.again_from(
        archive,
        path,
        given.decision,
        current,
        feedback=given.feedback or "",
        confidence=given.confidence,
        purpose=journal.PRACTICE if named else "",
    )


def _session(where: Home, session: str) -> tuple[Archive, Path]:
    from simulator.archive import Archive

    archive = Archive(where)
    path = session_path(archive, session)
    if path is None:
        raise Failed(f"there is no session `{session}`; `caseload sessions` lists them")
    return archive, path


def _current(archive: Archive, path: Path, settings: Settings) -> str | None:
    """Return the hash that the library has now for the case of a session."""
    from simulator import journal
    from simulator.library import NoSuchCase, find

    recorded = journal.read(path)
    try:
        rubric = archive.rubric(path, recorded.header.rubric_hash)
        return find(recorded.header.scenario, library_folders(settings), rubric).source.hash
    except NoSuchCase as error:
        # One that has mistakes by now has been edited.
        return "" if error.problems else None


def _known() -> str:
    from simulator.library import cases, listed

    _, settings = place()
    rubric, _ = rubric_meant(settings.rubric)
    return f"the library has {listed(*cases(library_folders(settings), rubric))}. `caseload library` tells about each"
