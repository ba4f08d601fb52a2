"""Any key in any order: a great many random keys, clicks and resizes end nothing and spoil nothing."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.events import MouseDown, MouseScrollDown, MouseUp, Paste
from textual.screen import Screen

from simulator.settings import Home, Settings
from simulator.tui.app import CaseloadApp
from tests.tui.stage import BROKEN, KEPT, Stage, key_event, must_verify, played

TRIALS = int(os.environ.get("CASELOAD_TRIALS", "1"))
RUNS, KEYS = 10, 2000
"""So many times the app is opened, for so many keys; all of it `CASELOAD_TRIALS` times."""

COMMON = (
    *"123",
    "enter",
    "enter",
    "escape",
    "up",
    "down",
    "tab",
    "q",
    "p",
    "d",
    "c",
    "v",
    "r",
    "w",
    "s",
    "a",
    "n",
    "f",
    *"oebxztg",
    "slash",
)
RARE = (
    *"4567890bceghijklmotuxyz?/.,;:'\"[]{}()!@#$%^&*-_=+\\|<>~` ",
    *("A", "Z", "é", "ß", "漢", "🙂", "\u0301"),
    *("left", "right", "home", "end", "pageup", "pagedown", "backspace", "delete", "insert", "shift+tab"),
    *(f"f{number}" for number in range(1, 13)),
    *("ctrl+home", "ctrl+end", "ctrl+a", "ctrl+c", "ctrl+d", "ctrl+e", "ctrl+k", "ctrl+l", "ctrl+p", "ctrl+r"),
    *("ctrl+s", "ctrl+u", "ctrl+v", "ctrl+w", "ctrl+x", "ctrl+y", "ctrl+pagedown", "ctrl+left", "shift+down", "alt+x"),
    *("shift+enter", "ctrl+enter", "ctrl+space", "ctrl+underscore", "super+c", "unknown"),
)
SIZES = ((80, 24), (120, 40), (40, 12), (10, 5), (200, 60), (1, 1), (25, 80))
PASTES = ("some words", "\x1b]52;c;aGk=\x07", "[/oops]", "1\n2\n3", "", "\r\n\r\n", "\u202e" * 5, "x " * 12_000)


def keys(draw: random.Random) -> Iterator[str]:
    """Draw keys without end, a fifth of them such as do something on most screens."""
    while True:
        yield draw.choice(COMMON if draw.random() < 0.2 else RARE)


def screens(app: CaseloadApp) -> list[Screen[object]]:
    """Return what is open, from below."""
    return list(app.screen_stack)


@pytest.fixture
def busy_home(home: Home, shelf: Path) -> Home:
    """Return a home with sessions of every kind, finished, unfinished, unreadable, practice, and a cohort."""
    played(home, shelf, *KEPT)
    played(home, shelf, *KEPT, person="t-other", purpose="practice")
    home.cohorts.mkdir()
    (home.cohorts / "spring.yaml").write_text(
        "cohort: spring\ntitle: Spring\npeople: [t-kim, t-other]\nassigned:\n  - {case: front-desk, due: 2026-01-02}\n"
    )
    played(home, shelf, *BROKEN)
    played(home, shelf, "invite", "explain")
    (home.journals / "20260101-000000-aaaaaa.jsonl").write_text("no journal\n", encoding="utf-8")
    return home


@pytest.mark.parametrize("run", range(RUNS * TRIALS))
async def test_no_key_ends_the_app(busy_home: Home, monkeypatch: pytest.MonkeyPatch, run: int) -> None:
    """Random keys, clicks, pastes and resizes, slow and fast, raise nothing, and leave every journal sound."""
    draw = random.Random(run)
    drawn = keys(draw)
    # What would leave the app, and what would write files where the tests run, is not what is tried here.
    monkeypatch.setattr(CaseloadApp, "action_quit", _stay)
    monkeypatch.setattr(CaseloadApp, "deliver_screenshot", lambda *_: None)
    monkeypatch.setattr(CaseloadApp, "exit", lambda *_, **__: None)
    monkeypatch.setattr(CaseloadApp, "action_suspend_process", lambda _: None)
    app = CaseloadApp(
        busy_home, Settings(feedback=draw.choice(("each", "end"))), who=draw.choice(("t-kim", "s-sam", ""))
    )
    app.animation_level = "none"
    last: list[str] = []
    async with app.run_test(size=draw.choice(SIZES[:3]), notifications=True) as pilot:
        done = 0
        while done < KEYS:
            burst = draw.choice((1, 5, 20, 60, 120, 200))
            done += burst
            last = [next(drawn) for _ in range(burst)]
            for key in last:
                app.post_message(key_event(key))
                if draw.random() < 0.03:
                    something_else(app, draw)
            if draw.random() < 0.1:
                await pilot.resize_terminal(*draw.choice(SIZES))
            await pilot.pause(0)
            assert app._exception is None, (run, done, last)
        await Stage(app, pilot).settle()
        assert app._exception is None, (run, last)
    (busy_home.journals / "20260101-000000-aaaaaa.jsonl").unlink()
    must_verify(busy_home)


async def _stay(_: CaseloadApp) -> None:
    return


def something_else(app: CaseloadApp, draw: random.Random) -> None:
    """Click, scroll or paste."""
    if draw.random() < 0.2:
        app.post_message(Paste(draw.choice(PASTES)))
        return
    width, height = app.size
    x, y = draw.randrange(max(1, width)), draw.randrange(max(1, height))
    kinds = (MouseScrollDown,) if draw.random() < 0.2 else (MouseDown, MouseUp)
    for kind in kinds:
        app.post_message(kind(None, x, y, 0, 0, 1, False, False, False, x, y))
