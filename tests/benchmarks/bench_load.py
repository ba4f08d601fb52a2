"""Whole processes: `--help`, checking one case of the library, and checking a case of ten thousand scenes.

    python tests/benchmarks/bench_load.py

Each beside a bare `python -c pass`, in turns in the same run; what counts is the median.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.benchmarks.graph import as_yaml, graph

ROOT = Path(__file__).parents[2]


def _seconds(arguments: list[str], home: Path) -> float:
    environment = {**os.environ, "CASELOAD_HOME": str(home), "PYTHONPATH": str(ROOT)}
    began = time.perf_counter()
    done = subprocess.run([sys.executable, *arguments], env=environment, capture_output=True, text=True, check=False)
    taken = time.perf_counter() - began
    if done.returncode:
        raise SystemExit(f"{' '.join(arguments)} failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return taken


def main() -> None:
    """Print the median of each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=11)
    parser.add_argument("--scenes", type=int, default=10_000)
    parser.add_argument("--case", type=Path, help="the case to check; the first of the library unless given")
    options = parser.parse_args()
    case = options.case or min((ROOT / "scenarios").glob("*.yaml"))
    with tempfile.TemporaryDirectory() as folder:
        large = Path(folder) / "large.yaml"
        large.write_text("".join(as_yaml(graph(options.scenes))), encoding="utf-8")
        size = large.stat().st_size / 1e6
        runs = {
            "python -c pass": ["-c", "pass"],
            "caseload --help": ["-m", "simulator", "--help"],
            f"caseload check --no-solve {case.name}": ["-m", "simulator", "check", "--no-solve", str(case)],
            f"caseload check --no-solve, {options.scenes:,} scenes, {size:.1f} MB": [
                *("-m", "simulator", "check", "--no-solve", "--max-size", "8", str(large)),
            ],
        }
        taken: dict[str, list[float]] = {name: [] for name in runs}
        for number in range(options.rounds):
            for name, arguments in runs.items():
                # The large one takes long enough to be measured less often.
                if number < 3 or arguments[-1] != str(large):
                    taken[name].append(_seconds(arguments, Path(folder)))
    for name, each in taken.items():
        print(f"{name:50}  {statistics.median(each) * 1000:7.0f} ms  (best {min(each) * 1000:.0f})")


if __name__ == "__main__":
    main()
