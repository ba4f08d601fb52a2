"""The debrief: what a session was worth, and what the trainee makes of it."""

from __future__ import annotations

import errno
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from textual.widgets import TextArea

from scoring.rubric import Level
from simulator.archive import Archive, Logged
from simulator.review.writing import Reviewing
from simulator.settings import Home
from simulator.tui.debrief import DebriefScreen
from simulator.tui.library import LibraryScreen
from simulator.tui.meeting import MeetingScreen
from simulator.tui.moment import MomentBlock
from tests.failing import FailingOs
from tests.tui.stage import BROKEN, KEPT, SIZES, Stage, begun, must_verify, on_stage, played, sessions, the_session
from tests.tui_cases import CASE


def reviewed(home: Home, session: str, number: int, text: str, *, signed: bool) -> Logged:
    """Let a supervisor say something about a decision."""
    archive = Archive(home)
    path = archive.path(session)
    assert path is not None
    logged = archive.load(path)
    with Reviewing.open(home, logged, "s-sam") as reviewing:
        reviewing.comment(number, text)
        if signed:
            reviewing.sign_off(logged.recorded.reading.head)
    return logged


async def keep(stage: Stage) -> None:
    """Press the button that keeps a reflection."""
    await stage.until(lambda: not stage.screen.query("Button.-active"), "a button that can be pressed")
    stage.screen.query_one("#keep").focus()
    await stage.settle()
    await stage.press("enter")


@pytest.mark.parametrize("size", SIZES)
async def test_an_ending_leads_to_the_debrief_with_criticals_first(
    home: Home, shelf: Path, size: tuple[int, int]
) -> None:
    """After the ending comes the debrief: the critical before everything else, then what was lost and why."""
    session = played(home, shelf, *BROKEN[:2])
    async with on_stage(home, size, resume=session) as stage:
        await stage.hand_in("Promised it.")
        await stage.sees("Go on to the debrief.")
        await stage.hears("A promise is owed", "She will be back on Monday.")
        await stage.press("1")
        await stage.at(DebriefScreen)
        critical = "Critical: A promise that nobody can keep, decision 2 · NASW 1.03\nNobody at this desk may promise"
        await stage.hears(critical, "It is not yours to promise.", "Limits (rapport): harmful", "The letter lay there")
        assert stage.told.index(critical) < stage.told.index("rapport")
        assert "ethics        critical" in stage.told
        await stage.hears("A promise is a debt.", "Which moment stays with you?", "Not read: The letter; The contact")
        await stage.hears(
            "Marks are the judgement of the case's author", "Case by Ada Author; reviewed by Rita Reader."
        )


async def test_what_was_lost_is_open_and_what_was_kept_opens(home: Home, shelf: Path) -> None:
    """Decisions where nothing was lost are closed; Enter, a click and `a` open and close."""
    session = played(home, shelf, *KEPT)
    async with on_stage(home, resume=session) as stage:
        await stage.at(DebriefScreen)
        blocks = list(stage.screen.query(MomentBlock))
        assert [block.open for block in blocks] == [False] * len(blocks)
        await stage.press("down", "enter")
        assert [block.moment.number for block in blocks if block.open] == [blocks[1].moment.number]
        await stage.hears("Limits (rapport): best", "She knows where she stands.")
        await stage.press("space")
        assert not any(block.open for block in blocks)
        await stage.click(blocks[0])
        assert [block for block in blocks if block.open] == blocks[:1]
        await stage.press("a")
        assert all(block.open for block in blocks)
        await stage.hears("One good example:", "Ms. A. asked for money. Told her who decides.")
        await stage.press("a")
        assert not any(block.open for block in blocks)


async def test_a_text_that_was_written_is_shown_with_an_example(home: Home, shelf: Path) -> None:
    """What was written stands in the debrief, beside the example of its author."""
    session = played(home, shelf, *KEPT)
    async with on_stage(home, resume=session) as stage:
        await stage.press("a")
        await stage.hears("Told her who decides.", "One good example:")


@pytest.mark.parametrize("size", SIZES)
async def test_a_reflection_is_kept_with_the_session(home: Home, shelf: Path, size: tuple[int, int]) -> None:
    """What the trainee thinks about it is in the journal, and stands in the debrief from then on."""
    session = played(home, shelf, *KEPT)
    async with on_stage(home, size, resume=session) as stage:
        await stage.press("w")
        await stage.type("I would wait. q1?")
        await keep(stage)
        await stage.hears("Kept with your session.")
        assert stage.screen.query_one(TextArea).text == ""
    assert the_session(home).recorded.reflections() == ("I would wait. q1?",)
    assert not (home.journals / f"{session}.draft").exists()
    async with on_stage(home, size, resume=session) as stage:
        await stage.hears("I would wait. q1?")
        assert stage.screen.query_one(TextArea).text == ""
    must_verify(home)


async def test_nothing_to_keep_is_told(home: Home, shelf: Path) -> None:
    """Keeping nothing says that nothing is written."""
    session = played(home, shelf, *KEPT)
    async with on_stage(home, resume=session) as stage:
        await keep(stage)
        await stage.hears("Nothing is written yet.")
    assert the_session(home).recorded.reflections() == ()


@pytest.mark.parametrize("way", ["escape", "ctrl+q"])
async def test_a_half_written_reflection_is_there_again(home: Home, shelf: Path, way: str) -> None:
    """Leaving in the middle of a thought loses nothing of it."""
    session = played(home, shelf, *KEPT)
    async with on_stage(home, resume=session) as stage:
        await stage.press("w")
        await stage.type("Half a thou")
        if way == "escape":
            await stage.press("escape", "escape")
            await stage.at(LibraryScreen)
        else:
            await stage.press(way)
    assert json.loads((home.journals / f"{session}.draft").read_text())["text"] == "Half a thou"
    async with on_stage(home, resume=session) as stage:
        await stage.at(DebriefScreen)
        assert stage.screen.query_one(TextArea).text == "Half a thou"


async def test_looking_at_a_debrief_writes_nothing(home: Home, shelf: Path) -> None:
    """Opening a debrief and leaving it adds nothing to the journal, nor a file beside it."""
    session = played(home, shelf, *KEPT)
    path = home.journals / f"{session}.jsonl"
    before, beside = path.read_bytes(), {each.name for each in home.journals.iterdir()}
    async with on_stage(home, resume=session) as stage:
        await stage.at(DebriefScreen)
        await stage.press("a", "a")
        await stage.pilot.pause(0.5)
        await stage.press("q")
        await stage.at(LibraryScreen)
    assert path.read_bytes() == before
    assert {each.name for each in home.journals.iterdir() if ".lock" not in each.name} == {
        name for name in beside if ".lock" not in name
    }


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EIO, errno.EACCES])
async def test_a_reflection_that_cannot_be_saved_stays_typed(
    home: Home, shelf: Path, broken: Callable[[int], FailingOs], error: int
) -> None:
    """The reason is told, the words stay where they are, and keeping them again works."""
    session = played(home, shelf, *KEPT)
    async with on_stage(home, resume=session) as stage:
        await stage.press("w")
        disk = broken(error)
        await stage.type("I would wait.")
        await stage.hears("What you type cannot be saved just now.")
        await keep(stage)
        await stage.hears("Not saved; press again to try again.")
        assert stage.screen.query_one(TextArea).text == "I would wait."
        disk.heal()
        await keep(stage)
        await stage.hears("Kept with your session.")
    assert the_session(home).recorded.reflections() == ("I would wait.",)
    must_verify(home)


async def test_play_again_begins_another_session(home: Home, shelf: Path) -> None:
    """From the debrief the same case begins anew, once, and the session before stays as it is."""
    session = played(home, shelf, *KEPT)
    async with on_stage(home, resume=session) as stage:
        await stage.at(DebriefScreen)
        await stage.burst("p", "p")
        await stage.at(MeetingScreen)
        await stage.sees("Her file is on your desk.")
        await stage.press("q")
        await stage.at(LibraryScreen)
    assert [row.over for row in sessions(home)] == [False, True]


async def test_play_again_of_a_case_that_is_gone_is_told(home: Home, shelf: Path) -> None:
    """Where the library has the case no more, or broken, that is said and the debrief stays."""
    session = played(home, shelf, *KEPT)
    (shelf / "front-desk.yaml").write_text(CASE.replace("start: desk", "start: dusk"), encoding="utf-8")
    async with on_stage(home, resume=session) as stage:
        await stage.at(DebriefScreen)
        await stage.press("p")
        await stage.sees("cannot be played as it is")
        await stage.at(DebriefScreen)


async def test_a_full_disk_begins_no_second_session(
    home: Home, shelf: Path, broken: Callable[[int], FailingOs]
) -> None:
    """Playing again with a full disk says so, and works when there is room again."""
    session = played(home, shelf, *KEPT)
    async with on_stage(home, resume=session) as stage:
        await stage.at(DebriefScreen)
        # What is worked out in the background is kept by then.
        await stage.hears("this case makes possible")
        disk = broken(errno.ENOSPC)
        await stage.press("p")
        await stage.sees("Could not", "the disk is full")
        await stage.at(DebriefScreen)
        disk.heal()
        await stage.press("p")
        await stage.at(MeetingScreen)
    assert len(sessions(home)) == 2


async def test_comments_are_seen_once_they_are_signed_off(home: Home, shelf: Path) -> None:
    """The trainee sees what a supervisor said after the sign-off and not before, each beside its decision."""
    session = played(home, shelf, *KEPT)
    reviewed(home, session, 3, "Well asked.", signed=False)
    async with on_stage(home, resume=session) as stage:
        await stage.at(DebriefScreen)
        await stage.press("a")
        assert "Well asked." not in stage.told
    reviewed(home, session, 0, "A good hour's work.", signed=True)
    async with on_stage(home, resume=session) as stage:
        await stage.hears("From your supervisor", "Sam Super: A good hour's work.", "Sam Super: Well asked.")
        assert [block.moment.number for block in stage.screen.query(MomentBlock) if block.open] == [3]
    reviewed(home, session, 0, "One more thing.", signed=False)
    async with on_stage(home, resume=session) as stage:
        await stage.at(DebriefScreen)
        assert "One more thing." not in stage.told


async def test_all_that_was_said_is_seen_once_it_is_sent_back(home: Home, shelf: Path) -> None:
    """Overrides, ratings, levels, what to practise and the supervisor's result stand in the debrief; nothing before."""
    session = played(home, shelf, *BROKEN)
    logged = Archive(home).load(home.journals / f"{session}.jsonl")
    with Reviewing.open(home, logged, "s-sam") as reviewing:
        reviewing.override(2, "rapport.limits", Level.POOR, "She put it right.")
        reviewing.rate(3, "organization.records", Level.ACCEPTABLE, "All but the day.")
        reviewing.rate_overall("rapport", Level.POOR)
        async with on_stage(home, resume=session) as stage:
            await stage.at(DebriefScreen)
            assert "Sam Super" not in stage.told
        reviewing.send_back(logged.recorded.reading.head, "Promise less.", ["front-desk", "gone"])
    async with on_stage(home, resume=session) as stage:
        await stage.hears(
            "Reviewed by Sam Super:",
            "From your supervisor",
            "Promise less. To practise: A small case; gone.",
            "Sam Super: rapport on the whole: poor.",
            "Limits (rapport): harmful, overridden: poor. She put it right.",
            "Records (organization): rated acceptable. All but the day.",
        )
        await stage.hears("83 of 100 (originally not assessed)", "ethics        critical, unchanged")


async def test_a_redacted_text_is_told_to_be_redacted(home: Home, shelf: Path) -> None:
    """Where a supervisor had a text erased, the debrief says so in its place."""
    session = played(home, shelf, *BROKEN)
    logged = Archive(home).load(home.journals / f"{session}.jsonl")
    with Reviewing.open(home, logged, "s-sam") as reviewing:
        assert reviewing.redact(logged.recorded.seq_of(3)) == ""
    async with on_stage(home, resume=session) as stage:
        await stage.at(DebriefScreen)
        await stage.press("a")
        await stage.hears("(redacted)")
        assert "Promised it." not in stage.told


async def test_a_debrief_that_is_open_elsewhere_says_who_has_it(home: Home, shelf: Path) -> None:
    """A finished session that somebody else has open is not opened a second time."""
    play = begun(home, shelf, *KEPT)
    try:
        async with on_stage(home, resume=play.header.session) as stage:
            await stage.sees("is being written by")
            await stage.at(LibraryScreen)
    finally:
        play.close()
