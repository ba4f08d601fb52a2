"""What a cohort shows, leafed through by keyboard: sheets, one person, one case, and the sessions behind them."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.widgets import DataTable

from simulator.cohort_sheets import SHEETS
from simulator.index.store import Index, IndexTrouble
from simulator.settings import Home
from simulator.tui.cohort import TITLES, CohortScreen
from simulator.tui.help import HelpScreen
from simulator.tui.inbox import InboxScreen
from simulator.tui.pick import PickScreen
from simulator.tui.reviewing import ReviewScreen
from simulator.tui.sessions import SessionsScreen
from tests.tui.stage import BROKEN, KEPT, SIZES, Stage, on_stage, played

COHORT = """\
cohort: spring
title: Spring intake
people: [t-kim, t-other]
assigned:
  - {case: front-desk, due: 2026-01-02}
"""


def table(stage: Stage) -> list[list[str]]:
    """Return what stands in the table."""
    shown = stage.screen.query_one(DataTable)
    return [[str(cell) for cell in shown.get_row_at(row)] for row in range(shown.row_count)]


def told(stage: Stage, what: str) -> str:
    """Return what one of the lines around the table says."""
    return str(stage.screen.query_one(f"#cohort-{what}").text)  # type: ignore[attr-defined]


async def at_the_cohort(stage: Stage) -> None:
    """Wait until a sheet is there."""
    await stage.at(CohortScreen)
    await stage.until(lambda: stage.screen.sheet is not None, "a sheet")  # type: ignore[attr-defined]
    await stage.settle()


@pytest.fixture
def group(home: Home, shelf: Path) -> dict[str, str]:
    """Return the sessions of two people; one practised, and one of a third stands outside the cohort."""
    home.cohorts.mkdir()
    (home.cohorts / "spring.yaml").write_text(COHORT)
    return {
        "broken": played(home, shelf, *BROKEN, purpose="assigned"),
        "practice": played(home, shelf, *KEPT, person="t-other", purpose="practice"),
        "outside": played(home, shelf, *KEPT, person="t-lee"),
    }


def test_every_sheet_has_a_name_on_the_line() -> None:
    """The line of sheets names each, in their order."""
    assert list(TITLES) == list(SHEETS)


@pytest.mark.parametrize("size", SIZES)
async def test_every_sheet_is_reached_by_its_number(home: Home, group: dict[str, str], size: tuple[int, int]) -> None:
    """Digits and Tab show each sheet, with its name lit, down to the smallest terminal."""
    async with on_stage(home, size, who="s-sam", desk="cohort") as stage:
        await at_the_cohort(stage)
        for number, name in enumerate(SHEETS, 1):
            await stage.press(str(number))
            assert stage.screen.sheet.id == name  # type: ignore[attr-defined]
            assert f"[{number}] {TITLES[name]}" in told(stage, "sheets")
            await stage.press("down", "right", "up", "left")
        await stage.press("tab")
        assert stage.screen.sheet.id == next(iter(SHEETS))  # type: ignore[attr-defined]
        await stage.press("shift+tab")
        assert stage.screen.sheet.id == list(SHEETS)[-1]  # type: ignore[attr-defined]
        await stage.press("q")
        await stage.at(InboxScreen)


async def test_who_has_finished_what(home: Home, group: dict[str, str]) -> None:
    """Everybody in the cohort is there, who is late too; whoever is in no cohort is not."""
    async with on_stage(home, who="s-sam", desk="cohort") as stage:
        await at_the_cohort(stage)
        assert [row[0] for row in table(stage)] == ["Kim Trainee", "t-other"]
        assert table(stage)[0][1] == "0 / – / !!"
        assert table(stage)[1][1].startswith("overdue, not begun")
        assert "1 of 2 assignments finished, 1 overdue." in told(stage, "notes")
        await stage.hears("Spring intake")


async def test_a_cell_opens_the_session_it_tells_of_and_practice_does_not(home: Home, group: dict[str, str]) -> None:
    """Enter on what somebody came to opens that session; what was practised opens nothing."""
    async with on_stage(home, who="s-sam", desk="cohort") as stage:
        await at_the_cohort(stage)
        await stage.press("right")
        assert told(stage, "cell").endswith("(Enter opens the session)")
        await stage.press("enter")
        await stage.at(ReviewScreen)
        assert stage.screen.logged.id == group["broken"]  # type: ignore[attr-defined]
        await stage.press("q")
        await at_the_cohort(stage)
        await stage.press("down")
        assert "practice" in told(stage, "cell")
        assert "Enter" not in told(stage, "cell")
        await stage.press("enter")
        await stage.at(CohortScreen)


async def test_one_person_one_case_and_all_again(home: Home, group: dict[str, str]) -> None:
    """Enter on a name shows that person alone, c picks a case, and x shows everybody and everything again."""
    async with on_stage(home, who="s-sam", desk="cohort") as stage:
        await at_the_cohort(stage)
        await stage.press("enter")
        assert [row[0] for row in table(stage)] == ["Kim Trainee"]
        await stage.hears("Spring intake · Kim Trainee")
        await stage.press("2")
        assert stage.screen.sheet.title == "Growth of Kim Trainee"  # type: ignore[attr-defined]
        await stage.press("p")
        await stage.at(PickScreen)
        await stage.type("t-lee")
        await stage.press("enter")
        assert stage.screen.sheet.title == "Growth of t-lee"  # type: ignore[attr-defined]
        assert table(stage)[0][1] == "A small case"
        await stage.press("c")
        await stage.type("small")
        await stage.press("enter")
        await stage.hears("t-lee · A small case")
        await stage.press("x", "1")
        assert len(table(stage)) == 2
        await stage.press("g", "enter")
        await stage.at(CohortScreen)


async def test_what_has_no_room_is_told_by_help(home: Home, group: dict[str, str]) -> None:
    """On a small terminal what may be concluded from a sheet stands in help, all of it."""
    async with on_stage(home, (80, 24), who="s-sam", desk="cohort") as stage:
        await at_the_cohort(stage)
        await stage.press("3")
        assert told(stage, "notes").endswith("(? says more)")
        await stage.press("f1")
        await stage.at(HelpScreen)
        await stage.hears("of 8 marks, 3 were poor or harmful", "They claim nothing about competence", "[cohort.case]")


async def test_an_index_that_fails_is_told(home: Home, group: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the index cannot be asked any more, that is said, and the screen stays."""
    async with on_stage(home, who="s-sam", desk="cohort") as stage:
        await at_the_cohort(stage)

        def fail(_: Index) -> None:
            raise IndexTrouble("The index went away.")

        monkeypatch.setattr(Index, "read", fail)
        for key in ("2", "p", "escape", "c"):
            await stage.press(key)
        await stage.sees("The index went away.")
        await stage.at(CohortScreen)


async def test_without_a_cohort_it_is_about_everybody(home: Home, shelf: Path) -> None:
    """Nobody has played: that is said on every sheet. Then somebody has, and is there."""
    async with on_stage(home, (40, 12), who="s-sam", desk="cohort") as stage:
        await at_the_cohort(stage)
        for number in range(1, len(SHEETS) + 1):
            await stage.press(str(number))
            assert table(stage) == []
        await stage.press("g")
        await stage.sees("There is no cohort file yet")
    played(home, shelf, *KEPT)
    async with on_stage(home, who="s-sam", desk="cohort") as stage:
        await at_the_cohort(stage)
        await stage.hears("everybody")
        assert [row[0] for row in table(stage)] == ["Kim Trainee"]


async def test_names_are_shown_as_they_are(home: Home, group: dict[str, str]) -> None:
    """Markup in a name or a title is text, in the table, below it and in what can be picked."""
    home.people.write_text("t-kim:\n  name: '[/oops] [b]Kim[/b]'\ns-sam:\n  name: Sam\n", encoding="utf-8")
    (home.cohorts / "spring.yaml").write_text(COHORT.replace("Spring intake", "'[@click=app.quit]x[/]'"))
    async with on_stage(home, who="s-sam", desk="cohort") as stage:
        await at_the_cohort(stage)
        assert table(stage)[0][0] == "[/oops] [b]Kim[/b]"
        await stage.sees("person: [/oops] [b]Kim[/b]", "[@click=app.quit]x[/]")
        await stage.press("p")
        await stage.sees("[/oops] [b]Kim[/b]")
        await stage.press("escape", "g")
        await stage.sees("[@click=app.quit]x[/]")
        assert not isinstance(stage.screen, SessionsScreen)
