"""What every command needs: where things are, how results and complaints are told, what an exit code means.

Only this package and `cli` decide what goes to stderr, and the exit codes.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from simulator.text import clean, whole_number

if TYPE_CHECKING:
    from scoring.rubric import Rubric
    from simulator.problem import Problem
    from simulator.settings import Home, Settings
    from simulator.source import Source


CLEAN, FOUND, FAILED = 0, 1, 2
"""Exit codes: nothing wrong; something was found to be wrong; it could not be done."""
MIB = 1024 * 1024
OFTEN = 0.2
"""Seconds between two looks of a counter."""


class Failed(Exception):
    """It cannot be done; the text says why, for a person."""


def put(text: str) -> None:
    """Print a result. Names of files, too, may hold what a terminal would obey."""
    print(clean(text))


def tell(text: str) -> None:
    """Tell the person something."""
    with suppress(OSError, ValueError):
        print(clean(text), file=sys.stderr)


def at_terminal() -> bool:
    """Whether somebody sits at a terminal."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def place() -> tuple[Home, Settings]:
    """Return the home and its settings; what is wrong in the settings is told."""
    from simulator import settings

    where = settings.home()
    if os.path.lexists(where.root) and not os.path.isdir(where.root):  # noqa: PTH112 - pathlib raises where this account may not look
        raise Failed(f"{where.root} is no folder, so it cannot hold your data; let CASELOAD_HOME name a folder")
    if os.path.isdir(where.journals) and not os.access(where.journals, os.R_OK | os.X_OK):  # noqa: PTH112 - likewise
        raise Failed(f"this account may not look into {where.journals}, where the sessions lie")
    found, problems = settings.load(where)
    tell_problems(problems)
    return where, found


def library_folders(settings: Settings) -> tuple[Path, ...]:
    """Return the folders of the library."""
    from simulator.library import built_in

    return (built_in(), *settings.library)


def library_hashes(settings: Settings) -> frozenset[str]:
    """Return the hashes of the scenarios that the library has now; raises Failed."""
    from simulator.library import cases

    known, _ = cases(library_folders(settings), rubric_meant(settings.rubric)[0])
    return frozenset(case.source.hash for case in known)


def rubric_meant(path: Path | None) -> tuple[Rubric, Source]:
    """Return the rubric that is named, or the standard one, and its file; raises Failed."""
    from simulator.library import rubric_at

    loaded = rubric_at(path)
    if loaded.value is None or loaded.source is None:
        tell_problems(loaded.problems)
        raise Failed(f"the rubric {path or ''} cannot be used as it is")
    return loaded.value, loaded.source


def tell_problems(problems: tuple[Problem, ...]) -> None:
    """Tell problems as somebody mends them."""
    from simulator.problem import show

    for problem in problems:
        tell(show(problem))


def json_text(what: object) -> str:
    """Write a result for tools."""
    import json

    # Escapes keep every name exactly as it is, and off the terminal.
    return json.dumps(what, indent=2)


@contextmanager
def showing() -> Iterator[Callable[[str, int, int], None]]:
    """Let somebody who sits at a terminal see what is done, and how many of how many."""
    shows = sys.stderr is not None and sys.stderr.isatty()

    def show(what: str, number: int, of: int) -> None:
        if shows:
            print(f"\r{what}: {number:,} of {of:,} ", end="", file=sys.stderr, flush=True)

    try:
        yield show
    finally:
        if shows:
            print("\r" + " " * 70 + "\r", end="", file=sys.stderr, flush=True)


@contextmanager
def counting(what: str, of: int) -> Iterator[Callable[[], None]]:
    """Let somebody who sits at a terminal see which of several things is being done; they take seconds each."""
    shows = of > 0 and sys.stderr is not None and sys.stderr.isatty()
    numbers = iter(range(1, of + 1))

    def show_next() -> None:
        if shows:
            print(f"\r{what} {next(numbers)} of {of} ", end="", file=sys.stderr, flush=True)

    try:
        yield show_next
    finally:
        if shows:
            print("\r" + " " * (len(what) + 2 * len(str(of)) + 7) + "\r", end="", file=sys.stderr, flush=True)


@contextmanager
def exploring() -> Iterator[Callable[[int], None]]:
    """Let somebody who sits at a terminal see how many states of a case were found so far."""
    shows = sys.stderr is not None and sys.stderr.isatty()
    soon = time.monotonic() + OFTEN
    shown = False

    def show_states(states: int) -> None:
        nonlocal soon, shown
        if shows and time.monotonic() >= soon:
            soon, shown = time.monotonic() + OFTEN, True
            print(f"\rexploring: {states:,} states ", end="", file=sys.stderr, flush=True)

    try:
        yield show_states
    finally:
        if shown:
            print("\r" + " " * 40 + "\r", end="", file=sys.stderr, flush=True)


def print_json(what: object) -> None:
    """Print a result for tools."""
    print(json_text(what))


def whole(low: int, high: int, otherwise: str) -> Callable[[str], int]:
    """Return what reads a whole number from `low` to `high` of the command line; a sentence says why it cannot."""

    def read(text: str) -> int:
        number = whole_number(text, low, high)
        if number is None:
            raise argparse.ArgumentTypeError(otherwise)
        return number

    return read


def add_rubric(parser: argparse.ArgumentParser) -> None:
    """Let a rubric be named."""
    parser.add_argument("--rubric", type=Path, metavar="FILE", help="an agency's own rubric")


def add_size(parser: argparse.ArgumentParser) -> None:
    """Let a larger file be read."""
    parser.add_argument(
        "--max-size",
        type=whole(1, 64, "a size is a whole number of MiB from 1 to 64"),
        default=1,
        metavar="MIB",
        help="largest scenario file (1)",
    )
