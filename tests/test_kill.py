"""A process killed at any instant loses nothing that it had shown, and goes on at the same decision."""

from __future__ import annotations

import random
import re
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from simulator.settings import Home
from tests.cases import TRIALS, written
from tests.journals import case_in, environment, kill, on_disk, resumed

WAITING = written(
    """
    first:
      text: You wait.
      responses:
        wait: {do: Wait., next: first, again: true}
        leave: {do: Leave., next: end}
    """,
    clock='{start: "00:00"}',
)
WRITING = written("first: {write: {prompt: Write.}, next: end}")
DECISIONS = 1400
"""More than a process makes before it is killed; each takes a minute of the case's day."""


def _killed(where: Home, case: str, typed: bytes, after: float, shown: bytes) -> str:
    """Play in a process of its own and kill it some time after it first showed something; return all it showed."""
    command = [sys.executable, "-m", "simulator", "play", str(where.root / "cases" / case), "--plain", "--seed", "1"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(where.root)
    ) as process:
        seen = bytearray()
        begun = threading.Event()

        def look() -> None:
            assert process.stdout is not None
            while part := process.stdout.read1(65536):  # type: ignore[attr-defined]
                seen.extend(part)
                if shown in seen:
                    begun.set()
            begun.set()

        looking = threading.Thread(target=look)
        looking.start()
        assert process.stdin is not None
        process.stdin.write(typed)
        process.stdin.flush()
        begun.wait(30)
        time.sleep(after)
        kill(process)
        looking.join(30)
        assert process.stderr is not None
        assert process.stderr.read() == b""
    return seen.decode().replace("\r\n", "\n")


@pytest.mark.parametrize("part", range(2))
def test_no_decision_that_was_shown_is_lost(tmp_path: Path, part: int) -> None:
    """Whenever the process dies, every decision whose consequence was on the screen is in the journal."""
    choose = random.Random(part)
    where = Home(tmp_path)
    case_in(where.root / "cases", WAITING, "waiting.yaml")
    wait = 1 if "1. Wait." in _killed(where, "waiting.yaml", b"", 0, b"q leave]") else 2
    taken = []
    for _ in range(20 * TRIALS):
        before = set(where.journals.glob("*.jsonl"))
        typed = f"{wait}\n".encode() * DECISIONS
        said = _killed(where, "waiting.yaml", typed, choose.choice([0, choose.uniform(0, 0.1)]), b"You wait.")
        (path,) = set(where.journals.glob("*.jsonl")) - before
        # Every decision takes a minute, and the clock is printed with each scene.
        hours, minutes = re.findall(r"^\[(\d\d):(\d\d)\]$", said, re.MULTILINE)[-1]
        shown = int(hours) * 60 + int(minutes)
        kept = len(on_disk(path))
        assert shown <= kept <= shown + 1
        again = resumed(where, path)
        assert again.session.minutes == len(again.session.events) == kept
        assert again.session.scene is not None
        again.choose("leave")
        again.close()
        assert again.session.ending is not None
        taken.append(kept)
    # They died at different instants, not all before the first decision or after the last.
    assert len(set(taken)) > 3
    assert max(taken) < DECISIONS


def test_no_line_of_a_note_is_lost(tmp_path: Path) -> None:
    """Whenever the process dies, every line after which it asked for the next one is in the draft."""
    choose = random.Random(0)
    where = Home(tmp_path)
    case_in(where.root / "cases", WRITING, "writing.yaml")
    for _ in range(10 * TRIALS):
        before = set(where.journals.glob("*.jsonl"))
        typed = b"".join(b"Line %d of the note.\n" % number for number in range(1000))
        said = _killed(where, "writing.yaml", typed, choose.uniform(0, 0.1), b"Write.")
        (path,) = set(where.journals.glob("*.jsonl")) - before
        asked = len(re.findall(r"^>", said, re.MULTILINE))
        again = resumed(where, path)
        lines = again.draft().splitlines()
        again.close()
        assert lines == [f"Line {number} of the note." for number in range(len(lines))]
        assert asked - 1 <= len(lines) <= asked


def test_dying_before_anything_was_shown_leaves_nothing_broken(tmp_path: Path) -> None:
    """Whenever a process dies while it begins a session, what it left behind is a session, or nothing."""
    from simulator.archive import Archive, Logged

    choose = random.Random(0)
    where = Home(tmp_path)
    case = case_in(where.root / "cases", WAITING, "waiting.yaml")
    command = [sys.executable, "-m", "simulator", "play", case.source.name, "--plain"]
    for _ in range(8 * TRIALS):
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, env=environment(where.root)
        ) as process:
            time.sleep(choose.uniform(0.05, 0.4))
            kill(process)
    assert all(isinstance(row, Logged) and not row.trouble for row in Archive(where).sessions())
    assert subprocess.run([*command[:3], "sessions"], env=environment(where.root), check=True, capture_output=True)
