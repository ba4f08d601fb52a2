"""The desk with its documents."""

from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path

import pytest

from simulator.session import Read
from simulator.settings import Home
from simulator.tui.documents import DocumentsScreen
from simulator.tui.meeting import MeetingScreen
from tests.failing import FailingOs
from tests.tui.stage import SIZES, must_verify, on_stage, played, the_session


@pytest.mark.parametrize("size", SIZES)
async def test_reading_takes_its_minutes_once(home: Home, shelf: Path, size: tuple[int, int]) -> None:
    """The first opening of a document takes its minutes; opening it again is free; both show its text."""
    session = played(home, shelf)
    async with on_stage(home, size, resume=session) as stage:
        await stage.press("d")
        await stage.at(DocumentsScreen)
        await stage.sees("The letter", "4 minutes to read")
        await stage.press("1")
        await stage.sees("We are sorry to say no.", "read; free to open", "10:04")
        await stage.press("1", "enter")
        assert the_session(home).session.minutes == 4
        await stage.press("escape")
        await stage.at(MeetingScreen)
        await stage.hears("Read: The letter")
    assert the_session(home).session.events == (Read("desk", "letter"),)
    must_verify(home)


async def test_documents_are_opened_by_arrows_and_mouse(home: Home, shelf: Path) -> None:
    """Arrows with Enter, and the mouse, open documents like digits do."""
    session = played(home, shelf)
    async with on_stage(home, (80, 24), resume=session) as stage:
        await stage.press("d", "down", "enter")
        await stage.sees("She was here in March.")
        await stage.click("The letter")
        await stage.sees("We are sorry to say no.")
    assert the_session(home).session.events == (Read("desk", "notes"), Read("desk", "letter"))


async def test_what_has_been_read_can_be_looked_at_anywhere(home: Home, shelf: Path) -> None:
    """In the meeting only what has been read lies on the desk, and it costs nothing."""
    session = played(home, shelf, "read:letter", "invite")
    async with on_stage(home, resume=session) as stage:
        await stage.press("d")
        await stage.at(DocumentsScreen)
        assert [text.splitlines()[0] for text in stage.offered] == ["The letter"]
        await stage.press("2", "1")
        await stage.sees("We are sorry to say no.")
    assert len(the_session(home).session.events) == 2


async def test_two_documents_opened_at_once_are_both_told_of(home: Home, shelf: Path) -> None:
    """Reading faster than the screen below follows leaves neither out, nor tells one twice."""
    session = played(home, shelf)
    async with on_stage(home, resume=session) as stage:
        await stage.press("d")
        await stage.at(DocumentsScreen)
        await stage.burst("1", "2", "escape")
        await stage.at(MeetingScreen)
        await stage.hears("Read: The letter", "Read: The contact notes")
        assert stage.told.count("Read: ") == 2


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EIO, errno.EACCES])
async def test_a_document_that_cannot_be_recorded_stays_closed(
    home: Home, shelf: Path, broken: Callable[[int], FailingOs], error: int
) -> None:
    """What would not be in the journal is not shown; opening it again shows it."""
    session = played(home, shelf)
    async with on_stage(home, resume=session) as stage:
        await stage.press("d")
        await stage.at(DocumentsScreen)
        disk = broken(error)
        await stage.press("1")
        await stage.sees("Not saved, so it stays closed.", "Could not save")
        assert "We are sorry" not in stage.told
        await stage.sees("4 minutes to read")
        disk.heal()
        await stage.press("1")
        await stage.sees("We are sorry to say no.")
    assert the_session(home).session.events == (Read("desk", "letter"),)


async def test_closing_twice_leaves_the_scene_open(home: Home, shelf: Path) -> None:
    """Escape pressed twice closes the desk and nothing else."""
    session = played(home, shelf)
    async with on_stage(home, resume=session) as stage:
        await stage.press("d")
        await stage.at(DocumentsScreen)
        await stage.burst("escape", "escape", "d")
        assert any(isinstance(screen, MeetingScreen) for screen in stage.app.screen_stack)
        await stage.press("escape")
        await stage.at(MeetingScreen)


async def test_a_long_document_is_read_by_keys(home: Home, shelf: Path) -> None:
    """A document longer than the window is scrolled with the page keys, while the list keeps its place."""
    case = shelf / "front-desk.yaml"
    lines = "".join(f"      Line {number} of many.\n" for number in range(1, 80))
    text = case.read_text(encoding="utf-8").replace("      We are sorry to say no.\n", lines)
    case.write_text(text, encoding="utf-8")
    session = played(home, shelf)
    for size in SIZES:
        async with on_stage(home, size, resume=session) as stage:
            await stage.press("d", "1")
            await stage.sees("Line 1 of many.")
            await stage.press("pagedown")
            await stage.until(lambda stage=stage: "Line 1 of many." not in stage.painted, "scrolled")  # type: ignore[misc]
            await stage.press("pageup")
            await stage.sees("Line 1 of many.")
