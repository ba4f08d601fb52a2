"""From a decision to its being durable, beside a bare write and fsync: `python tests/benchmarks/bench_event.py`.

What a trainee waits for between the key and the next scene, without the painting: `Play.choose` decides, writes and
flushes. The bare loop writes the very bytes that the journal got. Both run in turns in the same folder, so that
whatever else the machine does falls on both.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from simulator.library import find, rubric_at
from simulator.play import Play
from simulator.settings import Home

CASE = """\
scenario: bench-case
title: A case
version: 1.0.0
summary: Somebody waits.
people: {ruth: {name: Ruth Adeyemi, feelings: {trust: 4, tension: 7}}}
client: ruth
clock: {start: "10:00", points: {due: "10:20"}}
start: first
scenes:
  first:
    text: She waits.
    responses:
      wait: {do: Wait., next: second, again: true, feels: {tension: +1}, marks: {rapport.limits: poor}}
      ask: {say: What would help?, next: second, again: true, feels: {trust: +1}, marks: {rapport.empathy: best}}
  second:
    says: She says nothing.
    responses:
      nod: {do: Nod., next: first, again: true}
      leave: {do: Leave., next: done}
endings:
  done: {title: Done, text: It is over.}
"""
WAY = ("wait", "nod", "ask", "nod")


def _begin(home: Path) -> Play:
    loaded = rubric_at()
    assert loaded.value is not None
    assert loaded.source is not None
    path = home / "bench-case.yaml"
    path.write_text(CASE, encoding="utf-8")
    case = find(str(path), (), loaded.value)
    return Play.begin(Home(home), case, loaded.value, loaded.source, "p-bench", seed=1, feedback="end")


def _decisions(home: Path, count: int) -> tuple[list[float], Path]:
    """Return the seconds that each decision took, and the journal."""
    play = _begin(home)
    taken = []
    for number in range(count):
        began = time.perf_counter()
        play.choose(WAY[number % len(WAY)])
        taken.append(time.perf_counter() - began)
    play.close()
    return taken, play.path


def _bare(journal: Path, count: int) -> list[float]:
    """Write the journal's last lines once more, each with its own fsync, and return the seconds that each took."""
    taken = []
    fd = os.open(journal.with_name("bare"), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        for line in journal.read_bytes().splitlines(keepends=True)[-count:]:
            began = time.perf_counter()
            os.write(fd, line)
            os.fsync(fd)
            taken.append(time.perf_counter() - began)
    finally:
        os.close(fd)
    return taken


def _told(what: str, seconds: list[float]) -> str:
    ordered = sorted(seconds)
    p99 = ordered[int(len(ordered) * 0.99)]
    return f"{what}  median {statistics.median(ordered) * 1e3:6.3f} ms  p99 {p99 * 1e3:6.3f} ms"


def main() -> None:
    """Print how long a decision takes, how long a bare write and fsync does, and what lies between."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--decisions", type=int, default=200)
    parser.add_argument("--folder", help="where to write; the folder for temporary files unless given")
    options = parser.parse_args()
    ours: list[float] = []
    bare: list[float] = []
    added = []
    for _ in range(options.rounds):
        with tempfile.TemporaryDirectory(dir=options.folder) as name:
            decided, journal = _decisions(Path(name), options.decisions)
            written = _bare(journal, options.decisions)
        ours += decided
        bare += written
        added.append(statistics.median(decided) - statistics.median(written))
    print(_told("decision to durable", ours))
    print(_told("write and fsync    ", bare))
    print(f"deciding adds {statistics.median(added) * 1e6:.0f} µs to a bare write and fsync")


if __name__ == "__main__":
    main()
