"""The library: what can be played, what is unfinished, what cannot be used; and the briefing of a case."""

from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path

import pytest

from simulator import people
from simulator.archive import Archive
from simulator.review.writing import Reviewing
from simulator.settings import Home
from simulator.tui.briefing import BriefingScreen
from simulator.tui.library import LibraryScreen
from simulator.tui.meeting import MeetingScreen
from tests.failing import FailingOs
from tests.tui.stage import BROKEN, KEPT, SIZES, Opening, Stage, begun, must_verify, on_stage, played, the_session
from tests.tui_cases import CASE, library

SECOND = CASE.replace("scenario: front-desk", "scenario: second-desk").replace("A small case", "Another case")


def lit_about(stage: Stage) -> str:
    """Return the title of the case that the library tells about."""
    return stage.told.split("Another case")[0]


@pytest.mark.parametrize("size", SIZES)
async def test_the_library_tells_about_the_case_that_is_lit(home: Home, shelf: Path, size: tuple[int, int]) -> None:
    """Moving through the list shows each case's setting, summary and content note beside it."""
    library(shelf, SECOND.replace("asks for something that", "wants the one thing that"))
    async with on_stage(home, size) as stage:
        await stage.sees("A small case", "Another case")
        await stage.hears("asks for something that", "A front desk · first week · about 5 minutes · reviewed by Rita")
        await stage.hears("Please note: Money trouble.")
        await stage.press("down")
        await stage.hears("wants the one thing that")
        await stage.press("k")
        await stage.hears("asks for something that")


async def test_keys_pressed_while_it_is_opened_count_once_it_is(home: Home, shelf: Path, opening: Opening) -> None:
    """Arrows and Enter, or a digit, that come before the list is there pick from it as soon as it is."""
    library(shelf, SECOND)
    async with opening(home, "t-kim") as stage:
        stage.post("down", "enter")
        await stage.pilot.pause()
        assert isinstance(stage.screen, LibraryScreen)
        opening.go()
        await stage.at(BriefingScreen)
        await stage.sees("Another case")


@pytest.mark.parametrize("way", ["digit", "arrows", "click"])
async def test_a_case_is_picked_from_the_library(home: Home, shelf: Path, way: str) -> None:
    """Digits, arrows with Enter, and the mouse open the briefing of a case."""
    library(shelf, SECOND)
    async with on_stage(home, (80, 24)) as stage:
        match way:
            case "digit":
                await stage.press("2")
            case "arrows":
                await stage.press("down", "enter")
            case _:
                await stage.click("Another case")
        await stage.at(BriefingScreen)
        await stage.sees("Another case", "briefing")


async def test_picking_twice_opens_one_briefing(home: Home) -> None:
    """Keys pressed faster than the screen follows open one briefing, not two."""
    async with on_stage(home) as stage:
        await stage.burst("1", "1")
        await stage.at(BriefingScreen)
        assert len([each for each in stage.app.screen_stack if isinstance(each, BriefingScreen)]) == 1


async def test_feedback_is_switched_in_the_library(home: Home) -> None:
    """Feedback can come after each response or at the end, and the session keeps what was chosen."""
    async with on_stage(home) as stage:
        await stage.sees("feedback at the end")
        await stage.press("f")
        await stage.sees("feedback after each response")
        await stage.begin("A small case")
        await stage.at(MeetingScreen)
    assert the_session(home).recorded.header.feedback == "each"


async def test_the_settings_decide_when_feedback_comes(home: Home) -> None:
    """`feedback: each` in the settings is how the library opens."""
    home.settings.write_text("feedback: each\n", encoding="utf-8")
    async with on_stage(home) as stage:
        await stage.sees("feedback after each response")


async def test_what_is_unfinished_stands_first_and_what_was_played_is_told(home: Home, shelf: Path) -> None:
    """The library lists one's own unfinished sessions first, and the endings one has come to."""
    played(home, shelf, "invite")
    played(home, shelf, *KEPT)
    played(home, shelf, *BROKEN)
    played(home, shelf, "invite", person="t-other")
    async with on_stage(home) as stage:
        await stage.until(lambda: len(stage.offered) == 2, "two to pick from")
        assert stage.offered[0].startswith("Go on: A small case (meeting, ")
        assert stage.offered[1] == "A small case ✓"
        await stage.hears("You played it twice:", "A door that stays open", "A promise is owed  (1 critical)")


async def test_the_library_looks_again_when_one_comes_back(home: Home) -> None:
    """A session that was just left stands in the list."""
    async with on_stage(home) as stage:
        await stage.begin("A small case")
        await stage.go("Ask her to come in.")
        await stage.press("q")
        await stage.sees("Go on: A small case (meeting,")


async def test_an_empty_library_says_so(home: Home, shelf: Path) -> None:
    """Without a case there is nothing to pick, and that is said."""
    (shelf / "front-desk.yaml").unlink()
    async with on_stage(home) as stage:
        await stage.sees("The library is empty.")
        await stage.press("enter", "1", "down", "up", "v")
        await stage.sees("You have not played yet.")


async def test_a_broken_case_is_counted_and_the_others_can_be_played(home: Home, shelf: Path) -> None:
    """A file with mistakes does not stand in the way; it is said how to find out more."""
    library(shelf, SECOND.replace("start: desk", "start: dusk"))
    (shelf / "third.yaml").write_text("title: [/oops]\n  - {", encoding="utf-8")
    async with on_stage(home) as stage:
        await stage.sees("2 files cannot be used as they are; `caseload check` says why.")
        assert stage.offered == ["A small case"]
    async with on_stage(home, (80, 24), scenario="second-desk") as stage:
        await stage.sees("the case `second-desk` cannot be played as it is", "dusk")
        await stage.at(LibraryScreen)


async def test_a_case_is_opened_by_the_path_of_its_file(home: Home, tmp_path: Path) -> None:
    """A case outside the library is opened by its path."""
    (tmp_path / "mine.yaml").write_text(SECOND, encoding="utf-8")
    async with on_stage(home, scenario=str(tmp_path / "mine.yaml")) as stage:
        await stage.at(BriefingScreen)
        await stage.sees("Another case")


async def test_a_case_played_from_its_file_can_be_played_again(home: Home, tmp_path: Path) -> None:
    """After a case outside the library, its debrief plays it again as its file is now."""
    (tmp_path / "mine.yaml").write_text(SECOND, encoding="utf-8")
    async with on_stage(home, scenario=str(tmp_path / "mine.yaml")) as stage:
        await stage.press("enter")
        await stage.go("Ask her to come in.", "Give me a moment.", "Please do.", "Go on to the debrief.")
        (tmp_path / "mine.yaml").write_text(SECOND.replace("Her file is", "His file is"), encoding="utf-8")
        await stage.sees("Somebody else's desk")
        await stage.press("p")
        await stage.sees("His file is on your desk.")


async def test_folders_from_the_settings_are_in_the_library(home: Home, tmp_path: Path) -> None:
    """A folder that the settings name is listed after the built-in one."""
    library(tmp_path / "own", SECOND)
    home.settings.write_text(f"library: [{tmp_path / 'own'}]\n", encoding="utf-8")
    async with on_stage(home) as stage:
        assert stage.offered == ["A small case", "Another case"]


async def test_a_broken_rubric_ends_the_app_with_its_reason(
    home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With a rubric that cannot be used nothing can be marked: the app closes, says why, and fails."""
    (tmp_path / "rubric.yaml").write_text("rubric: [/own]\n", encoding="utf-8")
    from simulator.settings import Settings
    from simulator.tui.app import CaseloadApp

    app = CaseloadApp(home, Settings(), rubric=tmp_path / "rubric.yaml")
    assert await app.run_async(headless=True) == 2
    said = capsys.readouterr().err
    assert "the rubric cannot be used as it is" in said
    assert "rubric.yaml:1:" in "".join(said.split()), "the place may be wrapped"
    assert "Traceback" not in said


async def test_unreadable_and_damaged_journals_do_not_stand_in_the_way(home: Home, shelf: Path) -> None:
    """Journals that cannot be read are left out of what can be gone on with."""
    session = played(home, shelf, "invite")
    (home.journals / "20260101-000000-aaaaaa.jsonl").write_text("no journal\n", encoding="utf-8")
    journal = home.journals / f"{session}.jsonl"
    lines = journal.read_bytes().splitlines(keepends=True)
    journal.write_bytes(lines[0] + lines[1].replace(b"invite", b"tidyup") + lines[2])
    async with on_stage(home) as stage:
        assert stage.offered == ["A small case"]
    async with on_stage(home, resume=session) as stage:
        await stage.sees("was altered", "library")


async def test_somebody_else_sits_down(home: Home, shelf: Path) -> None:
    """The library asks who it is, and then lists that person's sessions."""
    played(home, shelf, "invite")
    async with on_stage(home) as stage:
        await stage.sees("Go on: A small case")
        await stage.press("w")
        await stage.pick("Sam Super")
        await stage.sees("library", "Sam Super")
        await stage.until(lambda: stage.offered == ["A small case"], "nothing of somebody else")


# -- the briefing ---------------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES)
async def test_the_briefing_tells_what_is_known_beforehand(home: Home, size: tuple[int, int]) -> None:
    """Before the clock starts one reads who one is, whom one meets, when, and what reading costs."""
    async with on_stage(home, size) as stage:
        await stage.press("1")
        await stage.at(BriefingScreen)
        await stage.hears("You are new here.\n\nMs. Adeyemi waits outside.", "You will meet Ruth Adeyemi (she/her).")
        await stage.hears(
            "It is 10:00: next client at 10:20.", "· The letter, 4 minutes", "Please note: Money trouble."
        )
        await stage.hears("You will see your marks at the end, in the debrief.")
        assert not list(home.journals.glob("*"))


@pytest.mark.parametrize("way", ["enter", "click"])
async def test_beginning_begins_one_session(home: Home, way: str) -> None:
    """Enter, even twice, and a double click on the button begin one session."""
    async with on_stage(home) as stage:
        await stage.press("1")
        await stage.at(BriefingScreen)
        if way == "enter":
            await stage.burst("enter", "enter")
        else:
            await stage.click("#begin", times=2)
        await stage.at(MeetingScreen)
        await stage.sees("Her file is on your desk.")
    assert the_session(home).session.events == ()


@pytest.mark.parametrize("key", ["escape", "q"])
async def test_going_back_begins_nothing(home: Home, key: str) -> None:
    """Whoever goes back from the briefing has left no trace."""
    async with on_stage(home) as stage:
        await stage.press("1")
        await stage.at(BriefingScreen)
        await stage.press(key)
        await stage.at(LibraryScreen)
    assert not Archive(home).paths()


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EROFS, errno.EACCES])
async def test_a_session_that_cannot_be_kept_does_not_begin(
    home: Home, broken: Callable[[int], FailingOs], error: int
) -> None:
    """With a disk that takes nothing no session begins: it is told why, and beginning again works."""
    async with on_stage(home) as stage:
        await stage.press("1")
        await stage.at(BriefingScreen)
        disk = broken(error)
        await stage.press("enter")
        await stage.sees("Could not save")
        await stage.at(LibraryScreen)
        disk.heal()
        assert not Archive(home).paths()
        stage.app.clear_notifications()
        await stage.begin("A small case")
        await stage.sees("Her file is on your desk.")
    must_verify(home)


async def test_the_case_that_comes_with_caseload_opens(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """The built-in library has a case that opens, begins, and shows something to decide."""
    from simulator.library import built_in

    monkeypatch.setattr("simulator.tui.desk.built_in", built_in)
    async with on_stage(home, (80, 24)) as stage:
        assert stage.offered
        await stage.press("1")
        await stage.at(BriefingScreen)
        await stage.press("enter")
        await stage.at(MeetingScreen)
        assert len(stage.offered) > 1
    must_verify(home)


async def test_nobody_is_added_by_looking_around(home: Home, shelf: Path) -> None:
    """Opening and leaving the library changes neither people nor journals."""
    begun(home, shelf).suspend()
    before = (home.people.read_bytes(), [path.read_bytes() for path in Archive(home).paths()])
    async with on_stage(home) as stage:
        await stage.press("v", "q", "r", "q", "f", "down", "up")
    assert before == (home.people.read_bytes(), [path.read_bytes() for path in Archive(home).paths()])
    assert len(people.load(home.people).everybody) == 2


async def test_a_session_that_was_sent_back_is_told_until_it_has_been_played_again(home: Home, shelf: Path) -> None:
    """The library says which case was sent back; another finished attempt at it is what was asked for."""
    session = played(home, shelf, *KEPT)
    logged = Archive(home).load(home.journals / f"{session}.jsonl")
    with Reviewing.open(home, logged, "s-sam") as reviewing:
        reviewing.send_back(logged.recorded.reading.head, "Listen first.")
    async with on_stage(home) as stage:
        await stage.hears("Sent back with what to practise: A small case (v opens your sessions).")
    played(home, shelf, *KEPT)
    async with on_stage(home) as stage:
        await stage.hears("A small case")
        assert "Sent back" not in stage.told
