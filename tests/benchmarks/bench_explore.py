"""How long exploring every state takes, beside a bare breadth-first walk of the same states, in turns.

    python tests/benchmarks/bench_explore.py [--rounds N] [--scenes N]

The case is the one of `graph.py`, with a mark for each response. Each measurement is a process of its own, so
that its memory is its own too. The walk keeps a set of states and nothing else, and steps by the same `step`.
"""

from __future__ import annotations

import argparse
import gc
import json
import random
import statistics
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from scoring.rubric import Level, Mark
from simulator.explore import Exploration
from simulator.library import built_in, files, rubric_at
from simulator.liveness import NONE, Reductions
from simulator.loader import load_scenario
from simulator.machine import machine_of
from simulator.scenario import MarkRule, Scenario
from simulator.session import start
from tests.benchmarks.graph import SEED, as_scenario, graph

MOST_STATES, MOST_SECONDS = 10_000_000, 3600.0


def marked(scenes: int) -> Scenario:
    """Return the case with marks on all three dimensions."""
    rng = random.Random(SEED)
    plain = as_scenario(graph(scenes))
    indicators = ("rapport.empathy", "organization.records", "ethics.privacy")

    def rule() -> MarkRule:
        return MarkRule((Mark(rng.choice(indicators), rng.choice(list(Level))),))

    scenes_marked = {
        name: replace(scene, responses={each.id: replace(each, marks=(rule(),)) for each in scene.responses.values()})
        for name, scene in plain.scenes.items()
    }
    return replace(plain, scenes=scenes_marked)


def walk(scenario: Scenario) -> int:
    """Walk all states breadth first, and count them."""
    machine = machine_of(scenario)
    # The clock is no part of them: nothing reads it.
    below = (1 << machine.layout.minutes) - 1
    feelings = sum(place.mask << place.shift for place in machine.layout.feeling.values()) & below
    step, nodes, state_of = machine.step, machine.nodes, type(machine.start.state)
    at, bits = machine.start.state
    seen = {(at, bits & feelings)}
    front = list(seen)
    while front:
        found = set()
        for at, bits in front:
            for move in nodes[at].offers(bits):
                to, after = step(state_of(at, bits), move).state
                found.add((to, after & feelings))
        found -= seen
        seen |= found
        front = list(found)
    return len(seen)


def measure(what: str, scenes: int) -> dict[str, float]:
    """Measure one row in this process."""
    rubric = rubric_at(None).value
    assert rubric is not None
    made_up = what in ("walk", "explored", "reduced")
    scenario = marked(scenes) if made_up else load_scenario(built_in() / f"{what}.yaml", rubric).value
    assert scenario is not None
    machine_of(scenario)
    gc.collect()
    began = time.perf_counter()
    if what == "walk":
        gc.disable()
        states = walk(scenario)
    else:
        made = replace(NONE, flags=True) if what == "explored" else Reductions()
        exploration = Exploration(scenario, rubric, most=MOST_STATES, seconds=MOST_SECONDS, made=made)
        assert exploration.ahead(start(scenario)) is not None
        states = exploration.states
    return {"seconds": time.perf_counter() - began, "states": states, "mb": _peak()}


def _peak() -> float:
    """Return the most memory this process had, in MB; 0 where the system does not say."""
    try:
        import resource
    except ImportError:
        return 0.0
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1024 * 1024 if sys.platform == "darwin" else 1024)


def main() -> None:
    """Measure all rows in turns, and print their medians."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--scenes", type=int, default=30)
    parser.add_argument("--row")
    given = parser.parse_args()
    if given.row:
        print(json.dumps(measure(given.row, given.scenes)))
        return
    cases = sorted(path.stem for path in files((built_in(),)))
    rows = ["walk", "explored", "reduced", *cases]
    found: dict[str, list[dict[str, float]]] = {row: [] for row in rows}
    for _ in range(given.rounds):
        for row in rows:
            command = [sys.executable, __file__, "--row", row, "--scenes", str(given.scenes)]
            out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
            found[row].append(json.loads(out))
    bare = statistics.median(each["seconds"] for each in found["walk"])
    for row, measured in found.items():
        seconds = statistics.median(each["seconds"] for each in measured)
        most = max(each["mb"] for each in measured)
        ratio = f"{seconds / bare:5.2f} x the walk" if row in rows[:3] else ""
        print(f"{row:<22} {measured[0]['states']:>9,} states  {seconds:6.2f} s  {most:4.0f} MB  {ratio}")


if __name__ == "__main__":
    main()
