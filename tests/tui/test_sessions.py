"""A trainee's own sessions, and how the command line opens one for review."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulator.settings import Home
from simulator.tui.debrief import DebriefScreen
from simulator.tui.inbox import InboxScreen
from simulator.tui.library import LibraryScreen
from simulator.tui.meeting import MeetingScreen
from simulator.tui.reviewing import ReviewScreen
from simulator.tui.sessions import SessionsScreen
from tests.tui.stage import BROKEN, KEPT, SIZES, on_stage, played


@pytest.mark.parametrize("size", SIZES)
async def test_ones_own_sessions_are_listed_and_opened(home: Home, shelf: Path, size: tuple[int, int]) -> None:
    """A finished session opens its debrief, an unfinished one goes on; nobody else's are listed."""
    played(home, shelf, *KEPT)
    played(home, shelf, *BROKEN, person="t-other")
    played(home, shelf, "invite")
    async with on_stage(home, size) as stage:
        await stage.press("v")
        await stage.at(SessionsScreen)
        await stage.hears("A door that stays open", "unfinished")
        assert "A promise is owed" not in stage.told
        rows = [line for line in stage.told.splitlines() if "A small case" in line]
        unfinished = next(number for number, row in enumerate(rows) if "unfinished" in row)
        await stage.press("ctrl+home", *["down"] * unfinished, "enter")
        await stage.at(MeetingScreen)
        await stage.press("q")
        await stage.at(SessionsScreen)
        await stage.hears("A door that stays open", "unfinished")
        await stage.press("down" if unfinished == 0 else "up", "enter")
        await stage.at(DebriefScreen)
        await stage.press("q")
        await stage.at(SessionsScreen)
        await stage.press("escape")
        await stage.at(LibraryScreen)


async def test_a_session_is_opened_with_the_mouse(home: Home, shelf: Path) -> None:
    """A double click on a session opens it, once."""
    played(home, shelf, *KEPT)
    async with on_stage(home, (80, 24)) as stage:
        await stage.press("v")
        await stage.sees("A door that stays open")
        line = next(y for y, text in enumerate(stage.painted.splitlines()) if "A door that" in text)
        await stage.tap(20, line, times=2)
        await stage.at(DebriefScreen)


async def test_a_list_without_sessions_says_so(home: Home) -> None:
    """Who has not played is told so, on both desks."""
    async with on_stage(home) as stage:
        await stage.press("v")
        await stage.sees("You have not played yet.")
        await stage.press("enter", "q")
        await stage.press("r")
        await stage.sees("There is nothing to review.")


async def test_a_session_is_asked_for_by_name(home: Home, shelf: Path) -> None:
    """`caseload review SESSION` opens that session's review, and going back leads to the inbox."""
    played(home, shelf, *BROKEN)
    wanted = played(home, shelf, *KEPT)
    async with on_stage(home, who="s-sam", desk="review", session=wanted) as stage:
        await stage.at(ReviewScreen)
        await stage.hears(f"Session {wanted}")
        await stage.press("q")
        await stage.at(InboxScreen)
        await stage.press("q")
        await stage.at(LibraryScreen)


async def test_a_session_that_is_not_there_leaves_the_inbox_open(home: Home, shelf: Path) -> None:
    """A name that no session has is told; the inbox is there all the same."""
    played(home, shelf, *KEPT)
    async with on_stage(home, who="s-sam", desk="review", session="nowhere") as stage:
        await stage.at(InboxScreen)
        await stage.sees("There is no session nowhere")


async def test_a_scenario_that_is_gone_is_listed_as_unreadable(home: Home, shelf: Path) -> None:
    """A journal whose scenario nobody holds is listed, and says what is missing."""
    played(home, shelf, *KEPT)
    for path in home.copies.iterdir():
        path.unlink()
    async with on_stage(home, who="s-sam") as stage:
        await stage.press("r")
        await stage.sees("unreadable", "nobody here holds")
        await stage.press("enter")
        await stage.at(InboxScreen)
