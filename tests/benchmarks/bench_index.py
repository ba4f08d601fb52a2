"""The index: making it again from journals, and every view over it, beside one bare scan of its table of sessions.

    python tests/benchmarks/bench_index.py --sessions 20000
    python tests/benchmarks/bench_index.py --sessions 20000 --times 10

The journals are made up as `tests.trainees` does, reviews among them, and every one is read, checked and walked
through. `--times 10` puts in the rows of each session nine times more, as if others had played the same: journals
enough for 200,000 sessions would only measure the making of journals. Every view is asked as the app asks it; what
counts is the median. Cases are explored before the clock starts, as they are wherever somebody has played them.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from sqlalchemy import select

from simulator.archive import Archive
from simulator.index import cases as known_cases
from simulator.index import summing
from simulator.index.filling import ROWS
from simulator.index.schema import OF_SESSIONS, cases, sessions
from simulator.index.store import Index
from simulator.index.updating import insert_rows
from simulator.settings import Home
from tests.indexes import questions
from tests.trainees import Agency, Wanted


def _timed(ask: Callable[[], Any], rounds: int) -> float:
    """Return the median time of asking, in milliseconds."""
    taken = []
    for _ in range(rounds):
        began = time.perf_counter()
        ask()
        taken.append(time.perf_counter() - began)
    return statistics.median(taken) * 1e3


def _scan(index: Index) -> int:
    """Read the table of sessions from one end to the other, as plain as it gets."""
    with index.read() as connection:
        return len(connection.exec_driver_sql("SELECT session, person, scenario, state, urgency FROM sessions").all())


def _multiply(index: Index, times: int) -> None:
    """Put in every session again under other ids, played by others of the same ability."""
    with index.write() as connection:
        for table in OF_SESSIONS:
            rows = [tuple(row) for row in connection.execute(select(table))]
            place = [column.name for column in table.columns].index("person") if table is sessions else -1
            for number in range(1, times):
                more = [_other(row, number, place) for row in rows]
                insert_rows(connection, table, ROWS[table.name], more)
        summing.anew(connection)


def _other(row: tuple[Any, ...], number: int, person: int) -> tuple[Any, ...]:
    made = [f"{row[0]}-{number}", *row[1:]]
    if person >= 0 and made[person]:
        made[person] = f"{made[person]}-{number}"
    return tuple(made)


def main() -> None:
    """Print how long it takes to make the index again, and how long each view takes beside a bare scan."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sessions", type=int, default=20_000)
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--times", type=int, default=1, help="rows of each session that many times, for the views")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--home", type=Path, help="a home that `python -m tests.trainees` made, instead of a new one")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        where = Home(options.home or Path(folder))
        if options.home is None:
            began = time.perf_counter()
            Agency(where, Wanted(options.people, options.sessions, reviews=0.3, practice=0.1, damaged=997)).play()
            print(f"{options.sessions:,} journals made up in {time.perf_counter() - began:.1f} s")
        with Index.open(where, "sqlite:///bench-index.sqlite") as index:
            _measure(index, options.times, options.rounds)
            index.discard()


def _measure(index: Index, times: int, rounds: int) -> None:
    archive = Archive(index.where)
    index.update(archive, None, solve=False)
    with index.read() as connection:
        pairs = [(row.scenario_hash, row.rubric_hash) for row in connection.execute(select(cases))]
    for pair in pairs:
        known_cases.explored(archive, pair)
    before, began = os.times(), time.perf_counter()
    done = index.rebuild(archive, None)
    taken, after = time.perf_counter() - began, os.times()
    cpu = sum(after[:4]) - sum(before[:4])
    print(f"{done.sessions:,} journals read into a new index in {taken:.1f} s ({cpu:.1f} s of processor time)")
    print(f"an update that finds nothing new: {_timed(lambda: index.update(archive, None), rounds):.0f} ms")
    if times > 1:
        _multiply(index, times)
        print(f"rows of each session {times} times: {_scan(index):,} sessions")
    size = index.file.stat().st_size / 1e6 if index.file else 0.0
    bare = _timed(lambda: _scan(index), rounds)
    print(f"{size:.0f} MB; a bare scan of the sessions takes {bare:.1f} ms")
    behind = 0
    for name, ask in questions(index):
        behind += name.startswith("behind")
        if name.startswith("behind") and behind > MOST_BEHIND:
            continue
        spent = _timed(ask, rounds)
        print(f"{name:<40} {spent:8.1f} ms  {spent / bare:6.2f} × a bare scan")


MOST_BEHIND = 3
"""Choices that are asked about; there are hundreds, all alike."""


if __name__ == "__main__":
    main()
