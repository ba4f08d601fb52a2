"""`caseload rescore`: old sessions under a corrected case or rubric, as a comparison."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from simulator.commands.console import (
    CLEAN,
    FOUND,
    Failed,
    add_rubric,
    counting,
    place,
    print_json,
    put,
    rubric_meant,
    tell,
)
from simulator.commands.found import case_meant, session_meant
from simulator.commands.solve import foresight_of

if TYPE_CHECKING:
    from scoring.rubric import Rubric
    from simulator.archive import Logged
    from simulator.hindsight import Solved
    from simulator.rescoring import Rescored
    from simulator.scenario import Scenario
    from simulator.settings import Home, Settings


RESCORE = (
    "Score sessions anew by a corrected case or rubric, and set that beside what they were scored as. Nothing is "
    "written. Exit code 1 if a session would be scored otherwise."
)


def add_rescore(parser: argparse.ArgumentParser) -> None:
    """Say what is scored anew, and by what."""
    parser.add_argument(
        "session", nargs="*", metavar="SESSION", help="sessions; none: all that were played at the case of --case"
    )
    parser.add_argument(
        "--case", metavar="CASE", help="the corrected case, by id or file (what the library has now of what was played)"
    )
    add_rubric(parser)
    parser.add_argument("--format", choices=("text", "json"), default="text", help="how to print what was found")
    parser.add_argument(
        "--no-solve", dest="solve", action="store_false", help="points instead of results in percent, without waiting"
    )
    parser.set_defaults(run=_rescore)


def _rescore(given: argparse.Namespace) -> int:
    from simulator import people
    from simulator.rescoring_telling import rescored_json, rescored_text

    where, settings = place()
    rubric, _ = rubric_meant(given.rubric or settings.rubric)
    corrected = case_meant(given.case, settings, rubric).scenario if given.case else None
    sessions = [session_meant(where, name) for name in given.session] or _played(where, corrected)
    found = _compared(given, where, settings, rubric, corrected, sessions)
    if given.format == "json":
        print_json(rescored_json(found))
    elif found:
        put(rescored_text(found, people.load(where.people)))
    else:
        put("No session was played at that case.")
    return CLEAN if all(each.same for each in found) else FOUND


def _compared(
    given: argparse.Namespace,
    where: Home,
    settings: Settings,
    rubric: Rubric,
    corrected: Scenario | None,
    sessions: list[Logged],
) -> list[Rescored]:
    from simulator.rescoring import OtherCase, rescore

    library: dict[str, Scenario] = {}
    known: dict[tuple[str, str], Solved] = {}

    def solved(scenario: Scenario, by: Rubric) -> Solved | None:
        if not given.solve:
            return None
        key = (scenario.hash, by.hash)
        if key not in known:
            known[key] = foresight_of(where, scenario, by).ahead
        return known[key]

    found = []
    with counting("session", len(sessions)) as count:
        for logged in sessions:
            count()
            case = corrected or library.get(logged.scenario.id)
            if case is None:
                case = library[logged.scenario.id] = case_meant(logged.scenario.id, settings, rubric).scenario
            try:
                found.append(
                    rescore(logged, case, rubric, solved(logged.scenario, logged.rubric), solved(case, rubric))
                )
            except OtherCase as error:
                raise Failed(str(error)) from error
    return found


def _played(where: Home, case: Scenario | None) -> list[Logged]:
    """Return every session that was played at a case, newest first."""
    from simulator.archive import Archive, Logged

    if case is None:
        raise Failed("which sessions? Name them, or the corrected case: `caseload rescore --case FILE`")
    rows = Archive(where).sessions()
    found = [row for row in rows if isinstance(row, Logged) and row.scenario.id == case.id]
    if damaged := sum(bool(each.trouble) for each in found):
        tell(f"{damaged} of them are damaged, and scored only as far as they can be used.")
    return found
