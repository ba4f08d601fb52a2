"""First paint of the app against a bare Textual app, and a key press until the next scene is painted.

    python tests/benchmarks/bench_paint.py [--rounds N] [--decisions N]

Both apps run as whole processes, headless, in turn, and leave as soon as they have painted; memory is the
largest that each process ever held. Keys are pressed on a real terminal: what counts is the time from sending
one until all of the scene it leads to has arrived there, with the decision durable on the disk before that.
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
    parser.add_argument("--decisions", type=int, default=300)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        first_paint(options.rounds, folder)
        if sys.platform != "win32":
            key_to_paint(Path(folder), options.decisions)


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


def key_to_paint(folder: Path, decisions: int) -> None:
    """Press keys on a real terminal, each once the scene before has been painted."""
    from simulator.settings import Home
    from tests.tui.stage import home_of, played
    from tests.tui.terminal import on_terminal, shown

    (folder / "library").mkdir()
    (folder / "library" / "ward.yaml").write_text(ward(decisions), encoding="utf-8")
    home: Home = home_of(folder / "home")
    session = played(home, folder / "library")
    taken: list[float] = []
    with on_terminal(home.root, "play", "--as", "t-kim", "--resume", session, size=(100, 30)) as app:
        app.sees("Room-000", "Part-000")
        for room in range(1, decisions):
            # Nobody decides faster than this, and what is still being tidied up does not count.
            app.rest(0.15)
            begun = time.perf_counter()
            app.send("1")
            wanted = (f"Room-{room:03}", f"Part-{room:03}")
            while not all(each in shown(bytes(app.sent[app.looked_from :])) for each in wanted):
                app.take_in(1.0)
            taken.append(time.perf_counter() - begun)
    taken.sort()
    p99 = taken[int(len(taken) * 0.99) - 1]
    print(
        f"key to paint  {len(taken)} decisions   median {statistics.median(taken) * 1000:.0f} ms"
        f"   p99 {p99 * 1000:.0f} ms   slowest {taken[-1] * 1000:.0f} ms"
    )


def ward(rooms: int) -> str:
    """Write a case of many rooms that tell and offer as much as real scenes do."""
    told = "She puts the letter down, picks it up again and looks past you at the clock above the door. " * 3
    said = "I got the letter. I have read it three times, and nobody has told me what happens now. " * 2
    offer = "I can tell you who decides on this, and walk you over there now if you like; {}."
    scenes = "".join(
        f"  room-{number}:\n"
        f"    phase: meeting\n    text: Room-{number:03}. {told}\n    says: {said}\n"
        f"    next: {f'room-{number + 1}' if number + 1 < rooms else 'out'}\n"
        f"    responses:\n"
        + "".join(
            f'      option-{each}: {{say: "{offer.format(f"Part-{number:03}")}", '
            f"marks: {{rapport.limits: best}}, why: It is hers., feels: {{tension: -1}}}}\n"
            for each in range(4)
        )
        for number in range(rooms)
    )
    return (
        "scenario: ward\ntitle: A ward\nversion: 1.0.0\nsummary: Rooms.\n"
        "people: {ruth: {name: Ruth Adeyemi, feelings: {trust: 4, tension: 9}, shows: on her feet}}\nclient: ruth\n"
        'clock: {start: "8:00", points: {evening: "20:00"}}\n'
        f"start: room-0\nscenes:\n{scenes}endings:\n  out: {{title: Outside, text: You are out.}}\n"
    )


if __name__ == "__main__":
    main()
