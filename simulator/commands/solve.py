"""`caseload solve`: what a case makes possible, and the proof of it."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from simulator.commands.console import (
    CLEAN,
    FOUND,
    add_rubric,
    add_size,
    exploring,
    place,
    print_json,
    put,
    rubric_meant,
    tell,
    whole,
)
from simulator.commands.found import case_meant

if TYPE_CHECKING:
    from scoring.rubric import Rubric
    from simulator.hindsight import Foreseen
    from simulator.scenario import Scenario
    from simulator.settings import Home

SOLVE = (
    "Explore every state of a case, and tell the exact range of each dimension, every ending with the shortest way to "
    "it, one balanced way through, and what nobody can take. Exit 0: solved, 1: solved, and there is no way on "
    "somewhere, an ending that nobody comes to, or something that nobody can take, 2: could not run. Beyond "
    "the budget it samples instead, says so, and exits 1."
)
_number = whole(1, 10**9, "a budget is a whole number from 1 to 1000000000")


def add_solve(parser: argparse.ArgumentParser) -> None:
    """Say how a case is solved."""
    parser.add_argument("scenario", metavar="SCENARIO", help="an id from the library, or a file")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="how to print what was found")
    parser.add_argument("--states", type=_number, default=None, metavar="N", help="the budget in states (2000000)")
    parser.add_argument("--seconds", type=_number, default=None, metavar="N", help="the budget in seconds (30)")
    parser.add_argument("--fresh", action="store_true", help="explore it even if that was done before")
    add_rubric(parser)
    add_size(parser)
    parser.set_defaults(run=_solve)


def _solve(given: argparse.Namespace) -> int:
    from simulator.explore import MOST_SECONDS, MOST_STATES
    from simulator.solution_telling import solution_json, solution_text
    from simulator.solved import solved

    where, settings = place()
    rubric, _ = rubric_meant(given.rubric or settings.rubric)
    case = case_meant(given.scenario, settings, rubric, given.max_size)
    with exploring() as report:
        solution, _ = solved(
            None if given.fresh else where,
            case.scenario,
            rubric,
            most=given.states or MOST_STATES,
            seconds=given.seconds or MOST_SECONDS,
            report=report,
        )
    if given.format == "json":
        print_json(solution_json(solution))
    else:
        put(solution_text(solution))
    if solution.proof is None:
        tell("caseload: not proven within this budget; --states and --seconds raise it")
        return FOUND
    lost = [each for each in solution.endings if each.way is None]
    return FOUND if lost or solution.stuck or solution.never_taken or solution.never_met else CLEAN


def foresight_of(where: Home, scenario: Scenario, rubric: Rubric) -> Foreseen:
    """Return what is known of a case, and let somebody who waits for it see how far it is."""
    from simulator.solved import foresight

    with exploring() as report:
        return foresight(where, scenario, rubric, report)
