"""`caseload check` and `caseload schema`: what an author is told."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING

from simulator.commands.console import (
    CLEAN,
    FOUND,
    MIB,
    Failed,
    add_rubric,
    add_size,
    counting,
    library_folders,
    place,
    print_json,
    rubric_meant,
    tell_problems,
    whole,
)

if TYPE_CHECKING:
    from simulator.check import Around
    from simulator.problem import Problem
    from simulator.settings import Home, Settings

CHECK = (
    "Find every problem of scenarios (files, or folders of them; the library if none is named), of what they share, of "
    "the path through the library and of cohort files, with file:line:column, code and hint. A case without errors is "
    "also played in every way there is, which proves what nobody can reach or leave. Exit 0: clean, or advice only, "
    "1: problems, 2: could not run."
)
LONGEST = 100_000
"""Seconds that playing a case in every way may take: a day."""


SCHEMA = (
    "Print a JSON Schema of cases, by which an editor with yaml-language-server completes keys, levels and ids, says "
    "what they mean and underlines mistakes. Keep it in a file beside your cases: `caseload schema > schema.json`, and "
    "begin a case with the line `# yaml-language-server: $schema=schema.json`. With `--for cohort` it is one of cohort "
    "files."
)
_seconds = whole(1, LONGEST, f"seconds are a whole number from 1 to {LONGEST}")


def add_check(parser: argparse.ArgumentParser) -> None:
    """Say what can be checked."""
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="scenario files, or folders of them")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="how to print what was found")
    parser.add_argument(
        "--no-solve", action="store_true", help="only what can be seen without playing every case in every way"
    )
    parser.add_argument("--seconds", type=_seconds, metavar="N", help="how long that may take for each case (30)")
    parser.add_argument(
        "--answered", action="store_true", help="also show advice that the author has answered, and why"
    )
    parser.add_argument("--strict", action="store_true", help="exit 1 also where advice is not answered")
    add_rubric(parser)
    add_size(parser)
    parser.set_defaults(run=_check)


def _check(given: argparse.Namespace) -> int:
    from simulator.check import check
    from simulator.library import files as files_of
    from simulator.library import shadowed
    from simulator.problem import Severity, as_json

    where, settings = place()
    paths = given.paths or _everything(where, settings)
    rubric, _ = rubric_meant(given.rubric or settings.rubric)
    around = _around(where, settings)
    files, missing = _scenario_files(paths)
    if missing:
        raise Failed("; ".join(missing))
    solve = False if given.no_solve else given.seconds or True
    found: list[Problem] = []
    with counting("checking", len(files)) as show_next:
        for path in files:
            show_next()
            found += check(path, rubric, given.max_size * MIB, solve=solve, around=around)
    found += shadowed(files_of(tuple(paths)), rubric, given.max_size * MIB)
    # What is wrong in a shared file is found by itself, and once more in every case that names it.
    problems = list(dict.fromkeys(found))
    matter = [each for each in problems if each.severity is not Severity.ADVICE or (given.strict and not each.answer)]
    if given.format == "json":
        print_json([as_json(problem) for problem in problems])
    else:
        _print(problems, len(files), answered=given.answered)
    return FOUND if matter else CLEAN


def _print(problems: list[Problem], files: int, *, answered: bool) -> None:
    """Print problems for somebody who mends them, and what they come to."""
    from simulator.commands.painting import painter
    from simulator.problem import show, summary

    paint = painter()
    shown = [problem for problem in problems if answered or not problem.answer]
    for problem in shown:
        print(show(problem, paint) + "\n")
    print("\n".join(paint("text", line) for line in summary(problems, files)))
    if shown:
        print(f"More about a code, with an example: `caseload explain {shown[0].code}`")


def _everything(where: Home, settings: Settings) -> list[Path]:
    """Return what is checked where nothing is named: the library, and who is to play what of it."""
    from simulator.cohort.cohort_files import FOLDER, files_in

    shared = files_in(settings.shared / FOLDER) if settings.shared else []
    people = [where.people] if os.path.lexists(where.people) else []
    return [*library_folders(settings), *people, *files_in(where.cohorts), *shared]


def _around(where: Home, settings: Settings) -> Around:
    """Return whom and what a cohort file may name here."""
    from simulator import people
    from simulator.check import Around
    from simulator.library import ids

    known = {each.id: each.name for each in people.load(where.people).everybody.values()}
    return Around(known, ids(library_folders(settings)))


def _scenario_files(paths: list[Path]) -> tuple[list[Path], list[str]]:
    """Return the files that some paths name, and what is wrong with the paths."""
    from simulator.library import ENDINGS

    files: list[Path] = []
    wrong: list[str] = []
    for path in paths:
        if os.path.isdir(path):  # noqa: PTH112 - pathlib raises where this account may not look
            within = sorted(each for ending in ENDINGS for each in path.rglob(f"*{ending}"))
            files += within
            if not within:
                wrong.append(f"there is no scenario in {path}")
        else:
            files.append(path)
    return files, wrong


def add_schema(parser: argparse.ArgumentParser) -> None:
    """Say what a schema is printed of."""
    parser.add_argument("--for", dest="what", choices=("case", "cohort"), default="case", help="which kind of file")
    parser.add_argument("--case", type=Path, metavar="FILE", help="offer the ids of this case as well")
    add_rubric(parser)
    parser.set_defaults(run=_schema)


def _schema(given: argparse.Namespace) -> int:
    from simulator.problem import Problem
    from simulator.schema import cohort_schema, ids_of, schema
    from simulator.source import LARGEST, read

    where, settings = place()
    if given.what == "cohort":
        if given.case is not None:
            raise Failed("--case is about the ids of a case; a cohort file names whole cases, and those are offered")
        around = _around(where, settings)
        print_json(cohort_schema(around.people or (), around.cases or ()))
        return CLEAN
    rubric, _ = rubric_meant(given.rubric or settings.rubric)
    known = None
    if given.case is not None:
        source = read(given.case, LARGEST)
        found = source if isinstance(source, Problem) else ids_of(source)
        if isinstance(found, Problem):
            tell_problems((found,))
            raise Failed(f"the ids of {given.case} cannot be read")
        known = found
    print_json(schema(rubric, known))
    return CLEAN
