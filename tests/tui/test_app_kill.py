"""The real app on a terminal, killed at any instant: nothing that was shown is lost."""

from __future__ import annotations

import os
import random
import re
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from simulator import people
from simulator.archive import Archive
from simulator.settings import Home, remember
from tests.cases import TRIALS
from tests.journals import environment

pytestmark = pytest.mark.skipif(os.name != "posix", reason="there are no pseudo-terminals here")

ROOMS = 60
NOTE = "She asked for the letter."


def corridor(folder: Path) -> Path:
    """Write a case of many rooms, each with a text of its own, and a note to write at the end."""
    scenes = "".join(
        f"  room-{number}:\n"
        f"    text: Room-{number:03} is like the others.\n"
        f"    responses:\n"
        f"      on: {{do: Go on to the next room., next: {f'room-{number + 1}' if number + 1 < ROOMS else 'note'}}}\n"
        f"      skip: {{do: Go to the last room., next: note}}\n"
        for number in range(ROOMS)
    )
    case = folder / "corridor.yaml"
    case.write_text(
        "scenario: corridor\ntitle: A corridor\nversion: 1.0.0\nsummary: Rooms.\n"
        "people: {ruth: {name: Ruth}}\nclient: ruth\nstart: room-0\nscenes:\n"
        + scenes
        + "  note:\n    text: The last room.\n    write: {prompt: What did you see?}\n    next: out\n"
        "endings:\n  out: {title: Outside, text: You are out.}\n",
        encoding="utf-8",
    )
    return case


class Terminal:
    """The app on a terminal of its own."""

    def __init__(self, home: Home, *arguments: str) -> None:
        import fcntl
        import pty
        import termios

        master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        self.process = subprocess.Popen(
            [sys.executable, "-m", "simulator", *arguments],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
            env={**environment(home.root), "TERM": "xterm-256color"},
        )
        os.close(slave)
        self._master = master
        self._seen = bytearray()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        try:
            while part := os.read(self._master, 65536):
                self._seen.extend(part)
        except OSError:
            return

    @property
    def shown(self) -> str:
        """Everything that was painted so far, its control sequences left out."""
        return re.sub(r"\x1b\[[0-9;?<>=]*[ -/]*[@-~]", "", self._seen.decode("utf-8", "replace"))

    def wait_for(self, text: str) -> None:
        """Wait until something is painted."""
        deadline = time.monotonic() + 60
        while text not in self.shown:
            assert self.process.poll() is None, self.shown[-2000:]
            assert time.monotonic() < deadline, f"{text!r} was not painted: {self.shown[-2000:]}"
            time.sleep(0.02)

    def type(self, keys: str) -> None:
        """Press keys."""
        os.write(self._master, keys.encode())

    def kill(self) -> None:
        """End it without a chance to tidy up."""
        self.process.kill()
        self.process.wait()
        self._reader.join(10)
        os.close(self._master)


@contextmanager
def terminal(home: Home, *arguments: str) -> Iterator[Terminal]:
    """Run the app, and make sure that it is gone afterwards."""
    app = Terminal(home, *arguments)
    try:
        yield app
    finally:
        if app.process.poll() is None:
            app.kill()


@pytest.fixture
def trainee(tmp_path: Path) -> Home:
    """A home in which somebody sits at the keyboard already."""
    home = Home(tmp_path)
    remember(home, person=people.add(home.people, "Dana Lopez", people.Role.TRAINEE).id)
    return home


@pytest.mark.parametrize("part", range(5))
def test_no_scene_that_was_painted_is_lost(trainee: Home, part: int) -> None:
    """Whenever the app dies, it goes on at the decision that was on the screen, or at a later one."""
    draw = random.Random(part)
    case = str(corridor(trainee.root))
    for _ in range(10 * TRIALS):
        before = set(trainee.journals.glob("*.jsonl"))
        with terminal(trainee, "play", case, "--seed", "1") as app:
            app.wait_for("Begin")
            app.type("\r")
            app.wait_for("Room-000")
            until = time.monotonic() + draw.uniform(0, 1.0)
            while time.monotonic() < until:
                app.type(draw.choice("111112"))
                time.sleep(draw.uniform(0.0, 0.08))
            app.kill()
            painted = max(int(room) for room in re.findall(r"Room-(\d{3})", app.shown))
            at_note = "What did you see?" in app.shown
        (path,) = (each for each in set(trainee.journals.glob("*.jsonl")) - before if "texts" not in each.name)
        logged = Archive(trainee).load(path)
        assert not logged.trouble
        assert len(logged.session.events) >= painted + at_note
    # What replaying gives is what the app shows: looking once is enough.
    scene = logged.session.scene
    assert scene is not None
    with terminal(trainee, "play", "--resume", path.stem) as again:
        again.wait_for("What did you see?" if scene.write else logged.session.narration)


def test_a_note_being_typed_is_there_again(trainee: Home) -> None:
    """What was typed until shortly before the app died is in the editor when the session goes on."""
    case = corridor(trainee.root)
    short = case.read_text(encoding="utf-8").replace("start: room-0", "start: note")
    # Scenes that nothing leads to any more are only a warning.
    case.write_text(short, encoding="utf-8")
    for _ in range(2 * TRIALS):
        before = set(trainee.journals.glob("*.jsonl"))
        with terminal(trainee, "play", str(case)) as app:
            app.wait_for("Begin")
            app.type("\r")
            app.wait_for("What did you see?")
            app.type(NOTE)
            app.wait_for("Saved as you type.")
            time.sleep(0.5)
            app.kill()
        (path,) = (each for each in set(trainee.journals.glob("*.jsonl")) - before if "texts" not in each.name)
        with terminal(trainee, "play", "--resume", path.stem) as again:
            again.wait_for(NOTE)
