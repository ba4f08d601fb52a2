"""`caseload preview`: a case as a trainee will see it, while it is being written."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from simulator.commands.console import CLEAN, MIB, Failed, add_rubric, add_size, at_terminal, place, rubric_meant
from simulator.commands.play import seed_number

PREVIEW = (
    "Show a case as a trainee sees it, and what is wrong with it, while you edit its file elsewhere: every save that "
    "can be played is shown at once, where you stood. Nothing that is played here is kept. `--at` begins at any scene, "
    "and `--with` says how things are there."
)


def add_preview(parser: argparse.ArgumentParser) -> None:
    """Say what can be previewed."""
    parser.add_argument("file", type=Path, metavar="FILE", help="the file of a case; it need not be there yet")
    parser.add_argument("--at", default="", metavar="SCENE", help="begin at this scene, or at this ending")
    parser.add_argument(
        "--with",
        dest="given",
        default="",
        metavar="WHAT",
        help='how things are there, such as "trust=7, promised, read(letter), time=10:20"',
    )
    parser.add_argument("--seed", type=seed_number, default=0, metavar="N", help="draw the order of responses from it")
    parser.add_argument(
        "--feedback", choices=("each", "end"), default="", help="show marks after each response, or not"
    )
    add_rubric(parser)
    add_size(parser)
    parser.set_defaults(run=_preview)


def _preview(given: argparse.Namespace) -> int:
    if os.path.isdir(given.file):  # noqa: PTH112 - pathlib raises where this account may not look
        raise Failed(f"{given.file} is a folder; name the file of a case in it")
    if not at_terminal():
        raise Failed(
            "preview needs a terminal, and this is none. `caseload check FILE` says what is wrong with a case, and "
            "`caseload play FILE --plain` plays it line by line"
        )
    from simulator.authoring.beginning import CannotBegin, beginning_from
    from simulator.authoring.draft import Draft
    from simulator.tui.author.app import PreviewApp, Previewed, PreviewScreen

    where, settings = place()
    rubric, source = rubric_meant(given.rubric or settings.rubric)
    limit = given.max_size * MIB
    draft = Draft(given.file, rubric, limit)
    if draft.good is not None and draft.good.scenario is not None:
        try:
            beginning_from(draft.good.scenario, given.at, given.given)
        except CannotBegin as error:
            raise Failed(str(error)) from error
    feedback = given.feedback or settings.feedback
    previewed = Previewed(given.file, rubric, source, limit, given.at, given.given, given.seed, feedback)
    return PreviewApp(where, settings, PreviewScreen(previewed, draft)).run() or CLEAN
