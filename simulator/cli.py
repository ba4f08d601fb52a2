"""The `caseload` command. It and its `commands` alone decide what goes to stderr, and the exit codes.

0: done, nothing wrong. 1: something was found to be wrong. 2: it could not be done.

Everything is imported where it is needed: `caseload --help` starts in the time it takes to read it.
"""

from __future__ import annotations

import argparse
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

from simulator.commands.author import CHECK, SCHEMA, add_check, add_schema
from simulator.commands.author_desk import AUTHOR, add_author
from simulator.commands.backup import BACKUP, add_backup
from simulator.commands.cohort import COHORT, add_cohort
from simulator.commands.console import CLEAN, FAILED, Failed, tell
from simulator.commands.explain import EXPLAIN, add_explain
from simulator.commands.export import EXPORT, add_export
from simulator.commands.forget import FORGET, RETENTION, add_forget, add_retention
from simulator.commands.graph import GRAPH, add_graph
from simulator.commands.hand_in import COLLECT, HAND_IN, add_collect, add_hand_in
from simulator.commands.index import INDEX, add_index
from simulator.commands.indicators import INDICATORS, add_indicators
from simulator.commands.library import LIBRARY, add_library
from simulator.commands.new import NEW, add_new
from simulator.commands.play import add_play, app
from simulator.commands.preview import PREVIEW, add_preview
from simulator.commands.progress import COMPARE, PROGRESS, add_compare, add_progress
from simulator.commands.read import READ, add_read
from simulator.commands.rescore import RESCORE, add_rescore
from simulator.commands.review import REVIEW, add_review
from simulator.commands.sessions import REPORT, add_report, add_sessions, add_verify
from simulator.commands.solve import SOLVE, add_solve
from simulator.text import clean


def main(arguments: list[str] | None = None) -> int:
    """Run the command and return its exit code."""
    _open_streams()
    try:
        code = _run(arguments)
        # While it can still be noticed that nobody takes it.
        sys.stdout.flush()
    except Failed as error:
        tell(f"caseload: {error}")
    except KeyboardInterrupt:
        tell("caseload: stopped")
    except BrokenPipeError:
        # Whoever read our output has left; that is their right.
        _drop_output()
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        tell(f"caseload: {where}{error.strerror or error}")
        _drop_output()
    else:
        return code
    return FAILED


def _run(arguments: list[str] | None) -> int:
    try:
        given = _parser().parse_args(arguments)
    except SystemExit as left:
        # Help was asked for, or the command was not understood.
        return left.code if isinstance(left.code, int) else CLEAN
    return int(given.run(given))


def _open_streams() -> None:
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        stream = getattr(sys, name)
        if stream is None:
            # Whoever started us closed it; nothing else may come to lie in its place.
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 - open for good
        elif hasattr(stream, "reconfigure"):
            # Text from outside may hold what an encoding has no sign for, or be in another one.
            stream.reconfigure(errors="replace")


def _drop_output() -> None:
    """Give up on output that nobody takes, so that it does not fail once more when the program ends."""
    try:
        sys.stdout.flush()
    except (OSError, ValueError):
        with suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        super().error(clean(message))


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="caseload",
        description="A flight simulator for case managers. Without a command it opens the app.",
        epilog="CASELOAD_HOME names the folder that holds all of your data.",
    )
    parser.add_argument("--version", action="store_true", help="print the version and exit")
    parser.set_defaults(run=app)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    add_play(commands.add_parser("play", help="play a case", description="Play a case."))
    add_library(commands.add_parser("library", help="what there is to play, and in which order", description=LIBRARY))
    add_new(commands.add_parser("new", help="a case to begin with", description=NEW))
    add_check(commands.add_parser("check", help="find what is wrong with cases", description=CHECK))
    add_explain(commands.add_parser("explain", help="what a problem's code means", description=EXPLAIN))
    add_author(commands.add_parser("author", help="write a case", description=AUTHOR))
    add_preview(commands.add_parser("preview", help="see a case while you write it", description=PREVIEW))
    add_solve(commands.add_parser("solve", help="what a case makes possible", description=SOLVE))
    add_graph(commands.add_parser("graph", help="draw a case", description=GRAPH))
    add_read(commands.add_parser("read", help="the lines of a case, to be read aloud", description=READ))
    add_indicators(commands.add_parser("indicators", help="what cases are marked on", description=INDICATORS))
    add_schema(commands.add_parser("schema", help="print help for editors", description=SCHEMA))
    add_sessions(commands.add_parser("sessions", help="list sessions", description="List sessions, newest first."))
    add_report(commands.add_parser("report", help="print a session", description=REPORT))
    add_verify(commands.add_parser("verify", help="replay journals", description="Replay journals and say what holds."))
    add_review(commands.add_parser("review", help="review sessions", description=REVIEW))
    add_cohort(commands.add_parser("cohort", help="who has finished what, and what it shows", description=COHORT))
    add_rescore(commands.add_parser("rescore", help="old sessions by a corrected case", description=RESCORE))
    add_progress(commands.add_parser("progress", help="what somebody's attempts show", description=PROGRESS))
    add_compare(commands.add_parser("compare", help="attempts side by side", description=COMPARE))
    add_forget(commands.add_parser("forget", help="erase somebody", description=FORGET))
    add_retention(commands.add_parser("retention", help="delete old sessions", description=RETENTION))
    add_export(commands.add_parser("export", help="write all sessions to a file", description=EXPORT))
    add_hand_in(commands.add_parser("hand-in", help="copy sessions to the shared folder", description=HAND_IN))
    add_collect(commands.add_parser("collect", help="bring what was handed in", description=COLLECT))
    add_index(commands.add_parser("index", help="what reviewers look sessions up in", description=INDEX))
    add_backup(commands.add_parser("backup", help="keep what cannot be made again", description=BACKUP))
    return parser
