"""What is assigned, as the trainee sees it: first in the library, said in the briefing, the list and the debrief."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from threading import Event

import pytest

from simulator.archive import Archive
from simulator.settings import Home
from simulator.tui.briefing import BriefingScreen
from simulator.tui.debrief import DebriefScreen
from simulator.tui.meeting import MeetingScreen
from simulator.tui.sessions import SessionsScreen
from tests.tui.stage import SIZES, on_stage
from tests.tui.test_library import SECOND
from tests.tui_cases import library

ASSIGNED = "This attempt is assigned: your supervisor reads it in full."
PRACTICE = "This is practice: your supervisor sees a summary only"


def assign(folder: Path, case: str = "second-desk", days: int = 7, more: str = "") -> date:
    """Assign a case to whoever plays in these tests, due in so many days; return the day."""
    due = date.today() + timedelta(days=days)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "spring.yaml").write_text(
        f"cohort: spring\ntitle: Spring\npeople: [t-kim]\nassigned:\n  - {{case: {case}, due: {due}{more}}}\n"
    )
    return due


@pytest.mark.parametrize("size", SIZES)
async def test_what_is_assigned_stands_first_with_its_day(home: Home, shelf: Path, size: tuple[int, int]) -> None:
    """The library begins with what is assigned, and the briefing says who reads it, and when marks are shown."""
    library(shelf, SECOND)
    due = assign(home.cohorts, more=", feedback: each")
    async with on_stage(home, size) as stage:
        await stage.until(lambda: len(stage.offered) == 2, "two to pick from")
        assert stage.offered == [f"Another case (assigned, due {due})", "A small case"]
        await stage.hears(f"For you: assigned, due {due}.")
        await stage.press("1")
        await stage.at(BriefingScreen)
        await stage.hears(
            f"{ASSIGNED} It is due on {due}.", "You will see your marks after each response, as assigned."
        )
        await stage.press("enter")
        await stage.at(MeetingScreen)
    (logged,) = map(Archive(home).load, Archive(home).paths())
    assert (logged.purpose, logged.recorded.header.feedback) == ("assigned", "each")
    async with on_stage(home, size) as stage:
        await stage.until(lambda: len(stage.offered) == 3, "three to pick from")
        assert stage.offered[0].startswith(f"Go on: Another case (assigned, due {due}, ")


async def test_after_the_assigned_attempt_comes_practice(home: Home) -> None:
    """Once it is finished the case is practice: in the briefing, in the debrief, and in the list."""
    assign(home.cohorts, "front-desk", days=-1)
    async with on_stage(home) as stage:
        await stage.sees("overdue since")
        await stage.press("1")
        await stage.hears(f"{ASSIGNED} It was due on ")
        await stage.press("enter")
        await stage.go("Ask her to come in.", "Give me a moment.", "Please do.", "Go on to the debrief.")
        await stage.at(DebriefScreen)
        await stage.hears(ASSIGNED)
        await stage.press("p")
        await stage.at(MeetingScreen)
        await stage.sees(PRACTICE)
        await stage.press("q")
        await stage.until(lambda: len(stage.offered) == 2, "two to pick from")
        assert stage.offered[0].startswith("Go on: A small case (practice, ")
        assert stage.offered[1] == "A small case ✓"
        await stage.hears("For you: assigned, finished.")
        await stage.press("2")
        await stage.hears(PRACTICE)
        await stage.press("q", "v")
        await stage.at(SessionsScreen)
        await stage.hears("A small case\npractice", "A small case\nassigned")


async def test_what_comes_into_the_shared_folder_is_found(home: Home, shelf: Path, tmp_path: Path) -> None:
    """The app looks into the shared folder when it opens; what it found is known when the folder is away."""
    library(shelf, SECOND)
    due = assign(tmp_path / "shared" / "cohorts")
    (tmp_path / "shared" / "cohorts" / "spoilt.yaml").write_text("cohort: [\n")
    home.settings.write_text(f"shared: {tmp_path / 'shared'}\n", encoding="utf-8")
    async with on_stage(home) as stage:
        await stage.sees(f"(assigned, due {due})", "1 file cannot be used as they are; `caseload check` says why.")
    (tmp_path / "shared").rename(tmp_path / "away")
    async with on_stage(home) as stage:
        await stage.sees(f"(assigned, due {due})")


async def test_a_case_that_is_not_here_cannot_be_played_but_is_told(home: Home) -> None:
    """What is assigned and in no folder of the library is named, so that somebody can ask for it."""
    assign(home.cohorts, "third-desk")
    async with on_stage(home) as stage:
        await stage.sees("Assigned, but not in your library: third-desk.")
        assert stage.offered == ["A small case"]


async def test_a_shared_folder_that_does_not_answer_holds_nobody_up(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While somebody waits for a drive that hangs, one can play what is known, and quit."""
    (tmp_path / "shared").mkdir()
    home.settings.write_text(f"shared: {tmp_path / 'shared'}\n", encoding="utf-8")
    due = assign(home.cohorts, "front-desk")
    answers, hung = Event(), Event()

    def hang(*_: object) -> tuple[()]:
        hung.set()
        answers.wait(60)
        return ()

    monkeypatch.setattr("simulator.cohort.cohort_files.fetch", hang)
    async with on_stage(home) as stage:
        await stage.begin(f"A small case (assigned, due {due})")
        await stage.at(MeetingScreen)
    assert hung.is_set()
    answers.set()
