"""`caseload author`: writing a case in the app."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from simulator.commands.console import (
    CLEAN,
    MIB,
    Failed,
    add_rubric,
    add_size,
    at_terminal,
    place,
    rubric_meant,
    tell_problems,
    whole,
)
from simulator.commands.play import open_app

AUTHOR = (
    "Write a case: an editor with an outline, with what is wrong beside each line as you type, with everything that "
    "can stand where the cursor is, and with forms that write scenes and responses. Your own editor is a key away. "
    "Without a file it opens the library, where `a` opens a case for writing."
)
_line = whole(1, 10**7, "a line is named by its number, from 1")


def add_author(parser: argparse.ArgumentParser) -> None:
    """Say what can be written."""
    parser.add_argument("file", nargs="?", type=Path, metavar="FILE", help="a case; it need not be there yet")
    parser.add_argument("--line", type=_line, default=1, metavar="N", help="where the cursor stands")
    add_rubric(parser)
    add_size(parser)
    parser.set_defaults(run=_author)


def _author(given: argparse.Namespace) -> int:
    if given.file is not None and os.path.isdir(given.file):  # noqa: PTH112 - pathlib raises where it may not look
        raise Failed(f"{given.file} is a folder; name the file of a case in it")
    if not at_terminal():
        raise Failed(
            "the author's desk needs a terminal, and this is none. Use any editor: `caseload schema` gives it help, "
            "and `caseload check FILE` says what is wrong with a case"
        )
    if given.file is None:
        return open_app(rubric=given.rubric, limit=given.max_size * MIB)
    from simulator.authoring.saving import cannot_be_written, open_file
    from simulator.problem import Problem

    where, settings = place()
    rubric, source = rubric_meant(given.rubric or settings.rubric)
    limit = given.max_size * MIB
    opened = open_file(given.file, limit)
    if isinstance(opened, Problem):
        tell_problems((opened,))
        raise Failed(f"{given.file} cannot be opened for writing")
    if why := cannot_be_written(given.file):
        raise Failed(f"{why}; `caseload new NAME --from ID` makes a copy that is yours")
    from simulator.tui.author.author_app import AuthorApp
    from simulator.tui.author.checking import Writing
    from simulator.tui.author.desk import AuthorScreen

    writing = Writing(rubric, source, limit, settings.feedback)
    return AuthorApp(where, settings, AuthorScreen(writing, opened, given.line - 1)).run() or CLEAN
