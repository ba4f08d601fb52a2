"""Random playthroughs a second: the session API, random plays, the bare `step`, and inkjs on the same graph.

    INKJS=/path/to/inkjs/dist/ink-full.js python tests/benchmarks/bench_play.py

All of them take turns in the same run, so that whatever else the machine does falls on all; what counts is the
median of the rounds, and the median of the rounds' ratios. Without node and inkjs it says so and measures ours.
"""

from __future__ import annotations

import argparse
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from simulator.coverage import Tally
from simulator.machine import Machine, machine_of
from simulator.random_plays import Player, seed_of
from simulator.scenario import Scenario
from simulator.session import start
from tests.benchmarks.graph import as_ink, as_scenario, graph
from tests.cases import rubric

Round = Callable[[int, int], tuple[float, float]]
"""Plays a number of times from a seed; returns playthroughs a second and the mean number of decisions."""


def shown(scenario: Scenario) -> Round:
    """Everything that a front end shows: what is told, said and answered, and the responses in their drawn order."""

    def play(rng: Callable[[], float], seed: int) -> int:
        session = start(scenario, seed)
        while session.ending is None:
            _show(session.reaction, session.narration, session.speech)
            offered = session.responses
            session = session.choose(offered[int(rng() * len(offered))].id)
        _show(session.reaction, session.narration)
        return len(session.events)

    return _timed(play)


def drawn(scenario: Scenario) -> Round:
    """Only the responses in their drawn order, and the decision."""

    def play(rng: Callable[[], float], seed: int) -> int:
        session = start(scenario, seed)
        while session.ending is None:
            offered = session.responses
            session = session.choose(offered[int(rng() * len(offered))].id)
        return len(session.events)

    return _timed(play)


def plain(scenario: Scenario) -> Round:
    """The responses as their author ordered them, and the decision."""

    def play(rng: Callable[[], float], seed: int) -> int:
        session = start(scenario, seed)
        while session.ending is None:
            offered = session.machine.nodes[session.state.at].offers(session.state.bits)
            session = session.choose(offered[int(rng() * len(offered))].name)
        return len(session.events)

    return _timed(play)


def stepped(machine: Machine) -> Round:
    """No session and no events: only states."""
    nodes, step, begin = machine.nodes, machine.step, machine.start.state

    def play(rng: Callable[[], float], seed: int) -> int:
        state, decisions = begin, 0
        node = nodes[state.at]
        while node.ending is None:
            offered = node.offers(state.bits)
            state = step(state, offered[int(rng() * len(offered))]).state
            node = nodes[state.at]
            decisions += 1
        return decisions

    return _timed(play)


def at_random(scenario: Scenario) -> Round:
    """What `caseload play --random` does, all of it: a seed for each play, and everything counted that came up."""

    def run(seed: int, count: int) -> tuple[float, float]:
        began = time.perf_counter()
        player = Player(scenario)
        tally = Tally(player, rubric())
        for number in range(count):
            tally.add(player.play(seed_of(seed, number)))
        coverage = tally.coverage(seed, count)
        return count / (time.perf_counter() - began), coverage.total / count

    return run


def _show(*_texts: str) -> None:
    """Do nothing with what would be shown: inkjs does not print it either."""


def _timed(play: Callable[[Callable[[], float], int], int]) -> Round:
    def run(seed: int, count: int) -> tuple[float, float]:
        rng = random.Random(seed).random
        began = time.perf_counter()
        decisions = sum(play(rng, number) for number in range(count))
        return count / (time.perf_counter() - began), decisions / count

    return run


class Inkjs:
    """inkjs in a process of its own, which waits between rounds."""

    def __init__(self, story: Path) -> None:
        node = shutil.which("node")
        self.missing = "" if node else "node is not on the PATH"
        if node and not self.missing:
            script = Path(__file__).parent / "peers" / "bench_ink.js"
            self.process = subprocess.Popen(
                [node, str(script), str(story)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                # What node says of a missing module is said better below.
                stderr=subprocess.DEVNULL,
                text=True,
            )
            if not self.round(1, 1)[0]:
                self.missing = "node finds no inkjs; name its dist/ink-full.js in INKJS"

    def round(self, seed: int, count: int) -> tuple[float, float]:
        """Play a number of times."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        try:
            self.process.stdin.write(f"{seed} {count}\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            return 0.0, 0.0
        rate, _, decisions = self.process.stdout.readline().partition(" ")
        return float(rate or 0), float(decisions or 0)

    def close(self) -> None:
        """Let it end."""
        if not self.missing and self.process.stdin is not None:
            self.process.stdin.close()
            self.process.wait(10)


def main() -> None:
    """Print rates and ratios."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--seconds", type=float, default=0.5, help="how long a round of each should take, about")
    options = parser.parse_args()
    moments = graph()
    scenario = as_scenario(moments)
    ways: dict[str, Round] = {
        "session, all that is shown": shown(scenario),
        "session, drawn order": drawn(scenario),
        "session, author's order": plain(scenario),
        "random plays, counted": at_random(scenario),
        "machine.step": stepped(machine_of(scenario)),
    }
    with tempfile.TemporaryDirectory() as folder:
        story = Path(folder) / "story.ink"
        story.write_text(as_ink(moments), encoding="utf-8")
        inkjs = Inkjs(story)
        if inkjs.missing:
            print(f"inkjs is missing, so there is nothing to compare with: {inkjs.missing}", file=sys.stderr)
        else:
            ways["inkjs"] = inkjs.round
        counts = {name: max(1, int(options.seconds * run(1, 300)[0])) for name, run in ways.items()}
        found: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
        for number in range(options.rounds):
            for name, run in ways.items():
                found[name].append(run(number + 2, counts[name]))
        inkjs.close()
    for name, rounds in found.items():
        rate = statistics.median(each[0] for each in rounds)
        decisions = statistics.median(each[1] for each in rounds)
        line = f"{name:28}  {rate:9,.0f} playthroughs/s of {decisions:.1f} decisions"
        if "inkjs" in found and name != "inkjs":
            ratio = statistics.median(a[0] / b[0] for a, b in zip(rounds, found["inkjs"], strict=True))
            line += f"  {ratio:5.1f} x inkjs"
        print(line)


if __name__ == "__main__":
    main()
