"""First paint of the app against a bare Textual app, and a key press until the next scene is painted.

    python tests/benchmarks/bench_paint.py [--rounds N]

Both apps run as whole processes, headless, in turn, and leave as soon as they have painted; memory is the
largest that each process ever held. A key press counts until the scene it leads to has been painted,
with the decision durable on the disk.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

BARE = """
from textual.app import App
class Bare(App):
    def on_mount(self):
        self.call_after_refresh(self.exit)
Bare().run(headless=True)
"""
OURS = """
from pathlib import Path
from simulator.settings import Home, Settings
from simulator.tui.app import CaseloadApp
CaseloadApp._load = lambda app: app.exit(0)
CaseloadApp(Home(Path({home!r})), Settings()).run(headless=True)
"""
MEMORY = """
import resource, sys
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // (1024 * 1024 if sys.platform == "darwin" else 1024))
"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=11)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder:
        first_paint(rounds, folder)
        asyncio.run(key_to_paint(Path(folder)))


def first_paint(rounds: int, folder: str) -> None:
    """Compare the whole processes, in turn."""
    ours = OURS.format(home=folder)
    pairs = [(_run(ours), _run(BARE)) for _ in range(rounds + 1)][1:]
    mine = statistics.median(pair[0][0] for pair in pairs)
    bare = statistics.median(pair[1][0] for pair in pairs)
    ratio = statistics.median(pair[0][0] / pair[1][0] for pair in pairs)
    memory = f"{pairs[0][0][1]} against {pairs[0][1][1]}"
    print(f"first paint  caseload {mine:.3f} s   bare {bare:.3f} s   ratio {ratio:.2f}   {memory}")


def _run(code: str) -> tuple[float, str]:
    """Return seconds and megabytes of one process."""
    memory = MEMORY if os.name == "posix" else "print('?')"
    begun = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", code + memory], capture_output=True, text=True, check=True, cwd=ROOT)
    return time.perf_counter() - begun, f"{done.stdout.split()[-1]} MB"


async def key_to_paint(folder: Path) -> None:
    """Play the first case by key, as fast as it paints."""
    from simulator import people
    from simulator.settings import Home, Settings, remember
    from simulator.tui.app import CaseloadApp
    from simulator.tui.meeting import MeetingScreen

    home = Home(folder / "home")
    remember(home, person=people.add(home.people, "Somebody", people.Role.TRAINEE).id)
    taken: list[float] = []
    for seed in range(8):
        app = CaseloadApp(home, Settings(), scenario="new-case-manager", seed=seed)
        async with app.run_test(size=(100, 30)) as pilot:
            await app.workers.wait_for_complete()
            await pilot.pause()
            await pilot.press("enter")
            await pilot.pause(0.3)
            while isinstance(app.screen, MeetingScreen) and app.screen.play.session.scene is not None:
                if app.screen.play.session.scene.write is not None:
                    break
                begun = time.perf_counter()
                await pilot.press("1")
                await _painted(app)
                taken.append(time.perf_counter() - begun)
    taken.sort()
    p99 = taken[int(len(taken) * 0.99) - 1]
    print(
        f"key to paint {len(taken)} decisions   median {statistics.median(taken) * 1000:.0f} ms"
        f"   p99 {p99 * 1000:.0f} ms   slowest {taken[-1] * 1000:.0f} ms"
    )


async def _painted(app: object) -> None:
    """Wait until what the last key led to has been laid out and painted."""
    painted = asyncio.Event()
    app.screen.call_after_refresh(painted.set)  # type: ignore[attr-defined]
    await painted.wait()


if __name__ == "__main__":
    main()
