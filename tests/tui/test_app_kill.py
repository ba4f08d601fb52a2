"""The real app on a terminal, killed at any instant: nothing that was shown is lost."""

from __future__ import annotations

import json
import random
import re
import signal
import sys
import time
from pathlib import Path

import pytest

from simulator import people
from simulator.archive import Archive
from simulator.settings import Home, remember
from tests.cases import TRIALS

if sys.platform == "win32":
    pytest.skip("there are no such terminals on Windows", allow_module_level=True)

from tests.tui.stage import played
from tests.tui.terminal import on_terminal, shown

ROOMS = 30
"""More than anybody gets through in half a second."""
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
    case = folder / "library" / "corridor.yaml"
    case.parent.mkdir()
    case.write_text(
        "scenario: corridor\ntitle: A corridor\nversion: 1.0.0\nsummary: Rooms.\n"
        "people: {ruth: {name: Ruth}}\nclient: ruth\nstart: room-0\nscenes:\n"
        + scenes
        + "  note:\n    text: The last room.\n    write: {prompt: What did you see?}\n    next: out\n"
        "endings:\n  out: {title: Outside, text: You are out.}\n",
        encoding="utf-8",
    )
    return case


@pytest.fixture
def trainee(tmp_path: Path) -> Home:
    """A home in which somebody sits at the keyboard already."""
    home = Home(tmp_path)
    # Else all of the library would be looked through again for a case that is not in it.
    home.settings.write_text(f"library: [{json.dumps(str(tmp_path / 'library'))}]\n", encoding="utf-8")
    remember(home, person=people.add(home.people, "Dana Lopez", people.Role.TRAINEE).id)
    return home


@pytest.mark.parametrize("part", range(5))
def test_no_scene_that_was_painted_is_lost(trainee: Home, part: int) -> None:
    """Whenever the app dies, it goes on at the decision that was on the screen, or at a later one."""
    draw = random.Random(part)
    folder = corridor(trainee.root).parent
    for _ in range(10 * TRIALS):
        session = played(trainee, folder)
        with on_terminal(trainee.root, "play", "--resume", session) as app:
            app.sees("Room-000")
            until = time.monotonic() + draw.uniform(0, 0.5)
            while time.monotonic() < until:
                app.send(draw.choice("111112"))
                app.rest(draw.uniform(0.0, 0.08))
            app.kill(signal.SIGKILL)
            seen = shown(bytes(app.sent))
            painted = max(int(room) for room in re.findall(r"Room-(\d{3})", seen))
            at_note = "What did you see?" in seen
        logged = Archive(trainee).load(trainee.journals / f"{session}.jsonl")
        assert not logged.trouble
        assert len(logged.session.events) >= painted + at_note
    # What replaying gives is what the app shows: looking once is enough.
    scene = logged.session.scene
    assert scene is not None
    with on_terminal(trainee.root, "play", "--resume", session) as again:
        again.sees("What did you see?" if scene.write else logged.session.narration)


def test_a_note_being_typed_is_there_again(trainee: Home) -> None:
    """What was typed until shortly before the app died is in the editor when the session goes on."""
    case = corridor(trainee.root)
    short = case.read_text(encoding="utf-8").replace("start: room-0", "start: note")
    # Scenes that nothing leads to any more are only a warning.
    case.write_text(short, encoding="utf-8")
    for _ in range(2 * TRIALS):
        before = set(trainee.journals.glob("*.jsonl"))
        with on_terminal(trainee.root, "play", str(case)) as app:
            app.sees("Begin")
            app.send("enter")
            app.sees("What did you see?")
            app.send(NOTE)
            app.sees("Saved as you type.")
            app.rest(0.5)
            app.kill(signal.SIGKILL)
        (path,) = (each for each in set(trainee.journals.glob("*.jsonl")) - before if "texts" not in each.name)
        with on_terminal(trainee.root, "play", "--resume", path.stem) as again:
            again.sees(NOTE)
