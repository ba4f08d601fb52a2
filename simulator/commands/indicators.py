"""`caseload indicators`: which indicators cases mark, how often and at which levels."""

from __future__ import annotations

import argparse
import os
from typing import TYPE_CHECKING

from simulator.commands.console import (
    CLEAN,
    Failed,
    add_rubric,
    add_size,
    library_folders,
    place,
    print_json,
    put,
    rubric_meant,
    tell_problems,
)
from simulator.commands.found import case_meant

if TYPE_CHECKING:
    from pathlib import Path

    from scoring.rubric import Rubric
    from simulator.scenario import Scenario
    from simulator.settings import Settings

INDICATORS = (
    "Count in how many places a case marks each indicator of the rubric, and at which level; and how many things to "
    "write may be rated on it. Without a name, every case of the library is counted, and what none of them marks is "
    "said. How often trainees come to these places is what `caseload play --random` tells."
)


def add_indicators(parser: argparse.ArgumentParser) -> None:
    """Say which cases can be counted."""
    parser.add_argument(
        "scenarios", nargs="*", metavar="SCENARIO", help="ids from the library, files, or folders of them"
    )
    parser.add_argument("--format", choices=("text", "json"), default="text", help="how to print what was counted")
    add_rubric(parser)
    add_size(parser)
    parser.set_defaults(run=_indicators)


def _indicators(given: argparse.Namespace) -> int:
    from simulator.teaching.telling import indicators_json, indicators_text

    _, settings = place()
    rubric, _ = rubric_meant(given.rubric or settings.rubric)
    if given.scenarios:
        found = [case for name in given.scenarios for case in _named(name, settings, rubric, given.max_size)]
    else:
        found = _those_in(library_folders(settings), rubric)
    # Somebody may name a folder, and a case in it once more.
    cases = list({case.hash: case for case in found}.values())
    if given.format == "json":
        print_json(indicators_json(cases, rubric))
    else:
        put(indicators_text(cases, rubric))
    return CLEAN


def _named(name: str, settings: Settings, rubric: Rubric, mebibytes: int) -> list[Scenario]:
    """Return the cases that are meant by a name; raises Failed."""
    from simulator.settings import expanded

    path = expanded(name)
    if os.path.isdir(path):  # noqa: PTH112 - pathlib raises where this account may not look
        return _those_in((path,), rubric)
    return [case_meant(name, settings, rubric, mebibytes).scenario]


def _those_in(folders: tuple[Path, ...], rubric: Rubric) -> list[Scenario]:
    """Return the cases of some folders; what is wrong with the others is told."""
    from simulator.library import cases

    known, problems = cases(folders, rubric)
    tell_problems(tuple(problems))
    if not known:
        raise Failed(f"there is no case in {', '.join(str(folder) for folder in folders)}")
    return [case.scenario for case in known]
