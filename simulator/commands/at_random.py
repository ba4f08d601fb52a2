"""`caseload play SCENARIO --random N`: a case played many times by chance, for its author and for CI."""

from __future__ import annotations

import argparse
import secrets
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import TYPE_CHECKING

from simulator.commands.console import (
    CLEAN,
    FOUND,
    Failed,
    print_json,
    put,
    tell,
    whole,
)
from simulator.text import whole_number

if TYPE_CHECKING:
    from scoring.rubric import Rubric
    from simulator.coverage import Coverage
    from simulator.library import Case
    from simulator.random_telling import Paper

MOST_PLAYS = 10**9
BLOCKS = "█▌"
OFTEN = 0.1
"""Seconds between two looks of the progress bar."""
NAMED = 10
"""The most responses and options that are named as missing on stderr; all of them are in the result."""
_plays = whole(1, MOST_PLAYS, f"how often to play is a whole number from 1 to {MOST_PLAYS}")


def add_random(parser: argparse.ArgumentParser) -> None:
    """Say how a case is played at random."""
    group = parser.add_argument_group("playing at random", "keeps no journal; exit 1 if --require-coverage is not met")
    group.add_argument("--random", type=_plays, metavar="N", help="play N times at random, and tell what came up")
    group.add_argument("--format", choices=("text", "json"), help="how to print what came up (text)")
    group.add_argument(
        "--require-coverage",
        type=_percent,
        metavar="PERCENT",
        help="how many of all responses and options must have been taken at least once",
    )


def _percent(text: str) -> int:
    number = whole_number(text.removesuffix("%"), 0, 100)
    if number is None:
        raise argparse.ArgumentTypeError("a share is a whole number of percent from 0 to 100")
    return number


def must_fit(given: argparse.Namespace) -> None:
    """Refuse flags that say nothing together; raises Failed."""
    if given.random is None:
        for flag, value in (("--require-coverage", given.require_coverage), ("--format", given.format)):
            if value is not None:
                raise Failed(f"{flag} is about playing at random; say how often, as `--random 1000`, or leave it out")
        return
    person = (
        ("--resume", given.resume),
        ("--again", given.again),
        ("--from", given.decision),
        ("--plain", given.plain),
        ("--as", given.person),
        ("--feedback", given.feedback),
        ("--confidence" if given.confidence else "--no-confidence", given.confidence is not None),
    )
    for flag, value in person:
        if value:
            raise Failed(f"{flag} is for somebody who plays; with --random nobody does. Leave one of them out")


def play_at_random(given: argparse.Namespace, case: Case, rubric: Rubric) -> int:
    """Play a case as often as was asked for, and tell what came up."""
    from simulator.random_plays import SEEDS
    from simulator.random_telling import coverage_json, coverage_text

    seed = secrets.randbelow(SEEDS) if given.seed is None else given.seed
    coverage = _played(case, rubric, seed, given.random)
    if given.format == "json":
        print_json(coverage_json(coverage))
    else:
        put(coverage_text(coverage, _paper()))
    if coverage.played < coverage.asked:
        tell(f"caseload: stopped after {coverage.played:,} of {coverage.asked:,} plays")
    if given.require_coverage is None or coverage.reaches(given.require_coverage):
        return CLEAN
    _tell_missing(coverage, given.require_coverage)
    return FOUND


def _played(case: Case, rubric: Rubric, seed: int, count: int) -> Coverage:
    """Play until it was often enough or somebody stops it; what was counted by then is whole plays."""
    from simulator.coverage import Tally
    from simulator.random_plays import Player, seed_of

    player = Player(case.scenario)
    tally = Tally(player, rubric)
    with _stoppable() as stopped, _progress(count) as show:
        for number in range(count):
            if stopped():
                break
            tally.add(player.play(seed_of(seed, number)))
            show(number + 1)
    if not tally.played:
        raise Failed("stopped before the first play was over")
    return tally.coverage(seed, count)


@contextmanager
def _stoppable() -> Iterator[Callable[[], bool]]:
    """Let Ctrl-C end the work between two plays, instead of in the midst of one."""
    asked: list[int] = []

    def stop(number: int, _frame: FrameType | None) -> None:
        asked.append(number)

    before = signal.getsignal(signal.SIGINT)
    if before is not signal.default_int_handler:
        # Whoever started us wants it otherwise: in the background Ctrl-C is for somebody else.
        yield lambda: False
        return
    signal.signal(signal.SIGINT, stop)
    try:
        yield lambda: bool(asked)
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def _progress(count: int) -> Iterator[Callable[[int], None]]:
    """Show on stderr how far it is, if somebody looks; nothing of it stays."""
    if not sys.stderr.isatty():
        yield lambda _done: None
        return
    began = last = time.monotonic()
    shown = 0

    def show(done: int) -> None:
        nonlocal last, shown
        now = time.monotonic()
        if now - last < OFTEN:
            return
        last = now
        left = round((now - began) * (count - done) / done)
        share = 100 * done // count
        line = f"[{'#' * (share // 4):<25}] {share:>3}%  {done:,} of {count:,} plays, {left} s left"[: _width() - 1]
        _write(f"\r{line:<{shown}}")
        shown = len(line)

    try:
        yield show
    finally:
        if shown:
            # With room for the `^C` that a terminal may have written behind it.
            _write(f"\r{' ' * min(shown + 2, _width() - 1)}\r")


def _write(text: str) -> None:
    with suppress(OSError, ValueError):
        sys.stderr.write(text)
        sys.stderr.flush()


def _width() -> int:
    return shutil.get_terminal_size((80, 24)).columns


def _paper() -> Paper:
    """Return what stdout can show."""
    from simulator.random_telling import NARROWEST, WIDEST, Paper

    try:
        BLOCKS.encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        blocks = False
    else:
        blocks = True
    # The last column stays free: some terminals break a line that fills it.
    return Paper(min(max(_width() - 1, NARROWEST), WIDEST), blocks)


def _tell_missing(coverage: Coverage, wanted: int) -> None:
    from simulator.random_telling import missing_lines

    of = f"{coverage.covered} of {len(coverage.choices)} responses and options"
    tell(f"caseload: coverage is {coverage.percent}% ({of}), and {wanted}% is required. Never taken:")
    lines = list(missing_lines(coverage.missing))
    for line in lines[:NAMED]:
        tell(f"  {line}")
    if len(lines) > NAMED:
        tell(f"  and {len(lines) - NAMED} more")
