"""The path through the library in the app: what stands where, what is said about a case, what is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulator.settings import Home
from simulator.tui.briefing import BriefingScreen
from simulator.tui.choices import Choice, Heading
from simulator.tui.library import LibraryScreen
from tests.tui.stage import BROKEN, KEPT, SIZES, Stage, on_stage, played
from tests.tui_cases import CASE, PATH, library

SECOND = CASE.replace("scenario: front-desk", "scenario: second-desk").replace("A small case", "Another case")
THIRD = CASE.replace("scenario: front-desk", "scenario: third-desk").replace("A small case", "A case of our own")


@pytest.fixture
def path(shelf: Path) -> Path:
    """Return a path through a library of three cases, of which it names two."""
    library(shelf, SECOND, THIRD)
    file = shelf / "path.yaml"
    file.write_text(PATH, encoding="utf-8")
    return file


def listed(stage: Stage) -> list[str]:
    """Return the list from the top, headings and all."""
    rows = stage.screen.query("#cases > *")
    return [row.text for row in rows if isinstance(row, Choice | Heading) and row.display]


GROUPED = [
    *("First week", "A small case"),
    *("First season", "Another case"),
    *("Not on the path", "A case of our own"),
]


@pytest.mark.parametrize("size", SIZES)
async def test_cases_stand_in_the_order_of_the_path(home: Home, path: Path, size: tuple[int, int]) -> None:
    """The list is grouped by stage; what no path names stands below. The first case is lit, its heading in view."""
    async with on_stage(home, size) as stage:
        await stage.sees("First week", "A small case")
        assert listed(stage) == GROUPED


@pytest.mark.usefixtures("path")
async def test_a_case_is_told_with_what_it_practises(home: Home) -> None:
    """Beside the list stands what a case practises, what its stage is about, and the content note."""
    async with on_stage(home, (120, 40)) as stage:
        await stage.hears("You practise: Saying no kindly.", "First week: You are new here.")
        await stage.hears("A front desk · about 5 minutes · reviewed by Rita", "Please note: Money trouble.")
        await stage.press("down")
        await stage.hears("You practise: Hearing what is not said.", "First season: By now you know the house.")
        await stage.press("down")
        await stage.until(lambda: "You practise" not in stage.told, "a case that no path names")


@pytest.mark.usefixtures("path")
async def test_digits_and_clicks_pick_past_the_headings(home: Home) -> None:
    """Headings have no numbers: the second case is 2, whatever stands over it."""
    async with on_stage(home, (80, 24)) as stage:
        await stage.press("2")
        await stage.at(BriefingScreen)
        await stage.sees("Another case")
        await stage.press("escape")
        await stage.at(LibraryScreen)
        await stage.pilot.click(Heading)
        await stage.click("A case of our own")
        await stage.at(BriefingScreen)
        await stage.sees("A case of our own")


async def test_ones_own_results_stand_beside_a_case(home: Home, shelf: Path, path: Path) -> None:
    """The last attempt is told by dimension, every attempt by its ending; what was played has a sign in the list."""
    played(home, shelf, *BROKEN)
    played(home, shelf, *KEPT)
    played(home, shelf, "invite")
    async with on_stage(home, (120, 40)) as stage:
        await stage.until(lambda: len(stage.offered) == 4, "what was left, and three cases")
        assert listed(stage)[0].startswith("Go on: A small case (meeting, ")
        assert listed(stage)[1:3] == ["First week", "A small case ✓"]
        await stage.hears("Your last attempt:\n rapport      1 best\n", "You played it twice:")
        await stage.hears("A door that stays open", "A promise is owed  (1 critical)")


@pytest.mark.usefixtures("path")
async def test_what_does_not_fit_beside_the_list_can_be_paged(home: Home) -> None:
    """On a small screen Page Down goes on with what is said about a case, and another case begins at its top."""
    async with on_stage(home, (80, 12)) as stage:
        await stage.sees("First week")
        about = stage.screen.query_one("#about")
        await stage.press("pagedown")
        await stage.until(lambda: about.scroll_y > 0, "further down")
        await stage.press("pageup")
        await stage.until(lambda: about.scroll_y == 0, "the top again")
        await stage.press("pagedown", "down")
        await stage.until(lambda: about.scroll_y == 0, "the top of another case")


async def test_a_path_that_names_what_is_not_there_is_told(home: Home, path: Path, shelf: Path) -> None:
    """A case that is missing is named below the list, and its stage is left out if nothing else is in it."""
    (shelf / "second-desk.yaml").unlink()
    async with on_stage(home) as stage:
        await stage.sees("On the path, but not in your library: second-desk.")
        assert listed(stage) == ["First week", "A small case", "Not on the path", "A case of our own"]


async def test_a_path_with_mistakes_leaves_the_library_as_it_is(home: Home, path: Path) -> None:
    """A file that cannot be used is counted like a case with mistakes, and every case can be played."""
    path.write_text(PATH.replace("stages:", "stage:"), encoding="utf-8")
    async with on_stage(home) as stage:
        await stage.sees("1 file cannot be used as they are; `caseload check` says why.")
        assert listed(stage) == ["A small case", "Another case", "A case of our own"]


async def test_markup_in_a_path_is_shown_as_it_is(home: Home, path: Path) -> None:
    """What somebody wrote into a path is text, and never obeyed."""
    path.write_text(PATH.replace("Saying no kindly.", "'[/oops] [bold]x[/]'"), encoding="utf-8")
    async with on_stage(home, (120, 40)) as stage:
        await stage.hears("You practise: [/oops] [bold]x[/]")


async def test_progress_follows_the_path(home: Home, path: Path) -> None:
    """Whoever has not played yet is led along the path, and reads why."""
    path.write_text(PATH.replace("front-desk", "x-desk").replace("second-desk", "front-desk"), encoding="utf-8")
    async with on_stage(home, (120, 40)) as stage:
        await stage.press("g")
        await stage.hears("It is on the path, for the first season: Hearing what is not said.")
        assert stage.told.index("A small case") < stage.told.index("Another case")
