"""Playing a day: open work in the hub, what breaks in, what falls due, what became of whom."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulator.settings import Home
from simulator.tui.debrief import DebriefScreen
from tests.cases import DAY_CASE
from tests.tui.stage import SIZES, must_verify, on_stage, the_session


@pytest.fixture
def day(home: Home, shelf: Path) -> Home:
    """Return a home whose library has the small day."""
    (shelf / "small-day.yaml").write_text(DAY_CASE, encoding="utf-8")
    return home


@pytest.mark.parametrize("size", SIZES)
async def test_a_day_is_played_by_digit_and_mouse(day: Home, size: tuple[int, int]) -> None:
    """The hub lists open work, the phone breaks in and leads back, and what was left is told when it is due."""
    async with on_stage(day, size) as stage:
        await stage.begin("A small day")
        await stage.hears("Open work:", "- by 09:30: Ms. Ortega's packet", "- Mr. Sims waits")
        await stage.go("Tidy the desk.")
        await stage.hears("The phone rings.")
        await stage.click("Let it ring.")
        await stage.hears("- A voicemail")
        await stage.go("Tidy the desk.")
        await stage.go("Take the packet to the window.")
        await stage.hears("The window closes.", "- missed: Ms. Ortega's packet")
        await stage.go("Go home.")
        await stage.hears("The end of the morning", "Ms. Ortega waits another month.")
        await stage.press("enter")
        await stage.at(DebriefScreen)
        await stage.hears("Ms. Ortega waits another month.")
    must_verify(day)
    assert len(the_session(day).session.events) == 5


async def test_whom_a_day_is_about_is_not_told_at_the_hub(day: Home) -> None:
    """Somebody stands beside the text while they meet; at the desk that would say who matters most."""
    async with on_stage(day) as stage:
        await stage.begin("A small day")
        await stage.sees("Open work:")
        assert "Ana Ortega" not in stage.painted
        await stage.go("See Mr. Sims.")
        await stage.sees("I have been here since eight.", "Joe Sims")


async def test_something_may_break_in_over_an_open_document(day: Home) -> None:
    """Reading takes time, too: what breaks in meanwhile is announced, and waits behind the papers."""
    async with on_stage(day) as stage:
        await stage.begin("A small day")
        await stage.press("c")
        await stage.sees("One at a time.")
        await stage.press("d", "1")
        await stage.sees("A packet is due at half past nine.")
        await stage.press("escape")
        await stage.go("See Mr. Sims.")
        await stage.go("What brings you?")
        await stage.sees("The phone rings.")
    must_verify(day)


async def test_the_minute_that_reading_takes_may_be_the_one(day: Home, shelf: Path) -> None:
    """The phone rings while somebody reads: they are told, close the papers, and stand at the phone."""
    (shelf / "small-day.yaml").write_text(DAY_CASE.replace('at: "09:15"', 'at: "09:05"'), encoding="utf-8")
    async with on_stage(day) as stage:
        await stage.begin("A small day")
        await stage.press("d", "1")
        await stage.sees("A packet is due at half past nine.")
        await stage.sees("Something has come up")
        await stage.press("escape")
        await stage.sees("The phone rings.", "Let it ring.")
        await stage.go("Let it ring.")
        await stage.sees("Your desk.")
    must_verify(day)
