"""`caseload graph`: a case as a picture, or in words."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from simulator.commands.console import (
    CLEAN,
    MIB,
    add_rubric,
    add_size,
    place,
    put,
    rubric_meant,
    whole,
)
from simulator.commands.found import case_meant
from simulator.commands.output import deliver, must_be_free, output_meant

if TYPE_CHECKING:
    from scoring.rubric import Rubric
    from simulator.drawing.told import Drawing
    from simulator.library import Case

GRAPH = (
    "Draw a case: its phases as columns, a box for every scene and ending, and where each leads. Arrows are as thick "
    "as what is at stake along them, endings show how well they can go, and signs show where `caseload check` finds "
    "problems. SVG opens in every browser and prints; Mermaid is for wikis that draw it; text tells the same in words. "
    "It goes to the screen, or with -o to a file. Exit 0: drawn, 2: could not run."
)
FORMATS = {".svg": "svg", ".mmd": "mermaid", ".mermaid": "mermaid", ".txt": "text"}
"""What a file's name says that it holds."""
MOST_SECONDS = 100_000
_seconds = whole(1, MOST_SECONDS, f"seconds are a whole number from 1 to {MOST_SECONDS}")


def add_graph(parser: argparse.ArgumentParser) -> None:
    """Say how a case is drawn."""
    parser.add_argument("case", metavar="CASE", help="an id from the library, or a file")
    parser.add_argument(
        "--format", choices=("svg", "mermaid", "text"), help="what to make of it (as FILE's name ends, or text)"
    )
    parser.add_argument(
        "-o", "--output", type=Path, metavar="FILE", help="write it to a file; one that is there is kept"
    )
    parser.add_argument("--force", action="store_true", help="write over a file that is there")
    parser.add_argument("--no-solve", action="store_true", help="only where it leads, without exploring it")
    parser.add_argument("--seconds", type=_seconds, metavar="N", help="how long exploring may take (30)")
    add_rubric(parser)
    add_size(parser)
    parser.set_defaults(run=_graph)


def _graph(given: argparse.Namespace) -> int:
    from simulator.drawing.mermaid import mermaid
    from simulator.drawing.outline import outline
    from simulator.drawing.svg import svg

    where, settings = place()
    output, kind = output_meant(given, FORMATS)
    must_be_free(output, where, force=given.force)
    rubric, _ = rubric_meant(given.rubric or settings.rubric)
    case = case_meant(given.case, settings, rubric, given.max_size)
    solve = False if given.no_solve else given.seconds or True
    drawing = _drawing(case, rubric, given.max_size * MIB, solve)
    text = {"svg": svg, "mermaid": mermaid, "text": outline}[kind](drawing)
    if output is None:
        put(text.rstrip("\n"))
    else:
        deliver(text.encode(), output, where, force=given.force)
    return CLEAN


def _drawing(case: Case, rubric: Rubric, limit: int, solve: bool | float) -> Drawing:
    """Find out everything that is drawn of a case."""
    from simulator.check import check_scenario
    from simulator.drawing.graph import graph_of
    from simulator.drawing.stakes import stakes_of
    from simulator.drawing.told import Drawing
    from simulator.drawing.trouble import troubles_of
    from simulator.problem import stops

    checked = check_scenario(case.source, rubric, limit, solve=solve)
    scenario = checked.scenario or case.scenario
    stakes = stakes_of(checked.exploration, rubric) if checked.exploration is not None else None
    why_not = ""
    if stakes is None and solve is not False:
        has_errors = stops(checked.problems)
        why_not = "the case has errors" if has_errors else "it has more states than could be looked at in time"
    return Drawing(graph_of(scenario), stakes, why_not, troubles_of(checked.problems, case.source))
