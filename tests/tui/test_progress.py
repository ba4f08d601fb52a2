"""Progress, and attempts side by side, in the app."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.theme import Theme

from simulator.settings import Home
from simulator.tui.briefing import BriefingScreen
from simulator.tui.comparison import ComparisonScreen
from simulator.tui.debrief import DebriefScreen
from simulator.tui.fold import Fold
from simulator.tui.library import LibraryScreen
from simulator.tui.lines import Paper
from simulator.tui.meeting import MeetingScreen
from simulator.tui.progress import CaseFold, Offer, ProgressScreen
from simulator.tui.themes import THEMES
from tests.attempts import ticking
from tests.tui.stage import BROKEN, KEPT, SIZES, Stage, on_stage, played
from tests.tui.test_looks import REQUIRED, hard_to_read
from tests.tui.test_markup import literal
from tests.tui_cases import CASE, hostile, library

SECOND = CASE.replace("scenario: front-desk", "scenario: second-desk").replace("A small case", "Another small case")
MARKUP = "[/oops] [@click=app.quit]x[/] [bold] $who [[z]]"


@pytest.fixture(autouse=True)
def minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every entry be written at a minute of its own: attempts are told apart by when they ended."""
    ticking(monkeypatch)


async def opened(stage: Stage) -> None:
    """Open the progress and wait until it is all there."""
    await stage.press("g")
    await stage.at(ProgressScreen)
    await stage.hears("First attempts count.")


# -- progress -------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES)
async def test_progress_is_told_criticals_first(home: Home, shelf: Path, size: tuple[int, int]) -> None:
    """Criticals, what to practise, what is weakest, every case: in this order, at any size."""
    played(home, shelf, *BROKEN)
    played(home, shelf, *KEPT)
    played(home, shelf, "invite")
    played(home, shelf, *BROKEN, person="t-other")
    async with on_stage(home, size) as stage:
        await opened(stage)
        told = stage.told
        order = (
            "1 first attempt, 1 repeat, 1 unfinished.",
            "Critical: A promise that nobody can keep (NASW 1.03)\nA small case, decision 2: “You will have",
            "What to practise next",
            "Weakest on first attempts",
            "Limits (rapport): 1 of 1 mark poor or harmful",
            "harmful, A small case, decision 2: “You will have the money.”",
            "It is not yours to promise.",
            "In repeats: 0 of 1 mark poor or harmful.",
            "All marks",
            "Your cases",
            "first attempt, 2026-",
            "unfinished, 2026-",
            "Marks are the judgement of the case's author",
        )
        places = [told.index(part) for part in order]
        assert places == sorted(places)
        await stage.press("end")
        paper = stage.screen.query_one(Paper)
        await stage.until(lambda: paper.scroll_y == paper.max_scroll_y, "at the end")
        assert size[1] > 30 or paper.scroll_y > 0
        await stage.press("home")
        await stage.until(lambda: paper.scroll_y == 0, "at the top")
        await stage.press("q")
        await stage.at(LibraryScreen)


async def test_what_is_suggested_is_played(home: Home, shelf: Path) -> None:
    """Enter, a digit or a click on a suggestion opens the briefing of that case, once."""
    library(shelf, SECOND)
    played(home, shelf, *BROKEN)
    for how in ("enter", "digit", "click"):
        async with on_stage(home) as stage:
            await opened(stage)
            first, second = stage.screen.query(Offer)
            assert first.advice.scenario.title == "A small case"
            assert "Limits, where 1 of 1 mark was poor or harmful" in second.advice.reason
            if how == "enter":
                await stage.burst("down", "enter", "enter")
            elif how == "digit":
                await stage.burst("2", "2")
            else:
                await stage.click(second, times=2)
            await stage.at(BriefingScreen)
            await stage.hears("Another small case")
            await stage.press("escape")
            await stage.at(ProgressScreen)


async def test_what_was_begun_is_gone_on_with(home: Home, shelf: Path) -> None:
    """A suggestion to go on opens the session where it stands; coming back, progress is told anew."""
    played(home, shelf, "invite")
    async with on_stage(home) as stage:
        await opened(stage)
        await stage.hears("A small case (go on)", "You began it and have not come to an ending")
        await stage.press("1")
        await stage.at(MeetingScreen)
        await stage.go("I can tell you who decides.")
        await stage.hand_in("Told her.")
        await stage.press("1")
        await stage.at(DebriefScreen)
        await stage.press("q")
        await stage.at(ProgressScreen)
        await stage.hears("1 first attempt, 0 repeats.")


async def test_progress_of_who_has_not_played(home: Home) -> None:
    """Without sessions there is something to begin with, nothing is weak, and nothing to compare."""
    async with on_stage(home) as stage:
        await opened(stage)
        await stage.hears("A small case (new)", "No case has been played to its end yet.")
        assert "Your cases" not in stage.told
        await stage.press("b")
        await stage.at(ProgressScreen)


async def test_cases_and_indicators_open(home: Home, shelf: Path) -> None:
    """The weakest indicator is open; arrows and Enter open what else there is, and `a` opens all."""
    played(home, shelf, *BROKEN)
    async with on_stage(home, (80, 24)) as stage:
        await opened(stage)
        folds = list(stage.screen.query(Fold))
        assert [fold.open for fold in folds] == [True, False, False]
        await stage.press("down", "down", "enter")
        assert [fold.open for fold in folds] == [True, True, False]
        await stage.hears("poor, A small case, decision 1, after: Ask her to come in.", "The letter lay there unread.")
        await stage.press("a")
        assert all(fold.open for fold in folds)
        await stage.hears("Critical: A promise that nobody can keep, decision 2", "1 harmful · 0% of what was on offer")
        await stage.press("a")
        assert not any(fold.open for fold in folds)


# -- side by side ---------------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES)
async def test_a_debrief_leads_to_the_attempt_before(home: Home, shelf: Path, size: tuple[int, int]) -> None:
    """From the debrief of a repeat, `b` sets it beside the attempt before, with marks and results of both."""
    played(home, shelf, "consult", *BROKEN)
    second = played(home, shelf, "consult", *KEPT)
    async with on_stage(home, size, resume=second) as stage:
        await stage.at(DebriefScreen)
        await stage.press("b")
        await stage.at(ComparisonScreen)
        told = stage.told
        order = (
            "first attempt, 2026-",
            "repeat 1, 2026-",
            "Critical: ",
            "Decision 1: the same in both.",
            "Here they part",
            "“You will have the money.”",
            "-- Limits: harmful",
            "Results",
        )
        places = [told.index(part) for part in order]
        assert places == sorted(places)
        assert "critical" in told[places[-1] :]
        assert "“I can tell you who decides.”\n++ Limits: best" in told
        if size[0] >= 80:
            paper = stage.screen.query_one(Paper)
            while not beside(stage) and paper.scroll_y < paper.max_scroll_y:
                await stage.press("pagedown")
            assert beside(stage)
        await stage.press("q")
        await stage.at(DebriefScreen)
        await stage.press("q")
        await stage.at(LibraryScreen)


def beside(stage: Stage) -> bool:
    """Whether the answers of both attempts stand on one line."""
    return any("You will have" in line and "I can tell you" in line for line in stage.painted.splitlines())


async def test_a_debrief_without_another_attempt_offers_no_comparison(home: Home, shelf: Path) -> None:
    """One attempt, an unfinished one, and somebody else's are nothing to compare with."""
    session = played(home, shelf, *KEPT)
    played(home, shelf, "invite")
    played(home, shelf, *KEPT, person="t-other")
    async with on_stage(home, resume=session) as stage:
        await stage.at(DebriefScreen)
        assert "Compare" not in stage.painted
        await stage.press("b")
        await stage.at(DebriefScreen)


async def test_reasons_open_below_decisions(home: Home, shelf: Path) -> None:
    """Enter on a decision opens why it was marked so; on what was the same, what that was."""
    played(home, shelf, "consult", *BROKEN)
    second = played(home, shelf, "consult", *KEPT)
    async with on_stage(home, resume=second) as stage:
        await stage.press("b")
        await stage.at(ComparisonScreen)
        assert "It is not yours to promise." not in stage.told
        same, *_ = stage.screen.query(Fold)
        await stage.press("enter")
        assert same.open
        await stage.hears("Asked the supervisor")
        await stage.press("a")
        await stage.hears("It is not yours to promise.", "She knows where she stands.", "The letter lay there unread.")


async def test_progress_leads_to_a_comparison_and_other_attempts(home: Home, shelf: Path) -> None:
    """From the progress the last two attempts are compared; `o` goes through all pairs and begins anew."""
    for way in (BROKEN, KEPT, BROKEN):
        played(home, shelf, *way)
    async with on_stage(home) as stage:
        await opened(stage)
        await stage.press("b")
        await stage.at(ComparisonScreen)
        for pair in ("2 and 3", "1 and 2", "1 and 3", "2 and 3"):
            await stage.sees(f"attempts {pair}")
            await stage.press("o")
        await stage.sees("attempts 1 and 2")
        await stage.press("escape")
        await stage.at(ProgressScreen)


async def test_with_several_cases_the_lit_one_is_compared(home: Home, shelf: Path) -> None:
    """Where several cases could be compared, one has to be lit; else that is told."""
    library(shelf, SECOND)
    for text in (CASE, SECOND):
        one = library(shelf.parent / f"only-{len(text)}", text)
        played(home, one, *KEPT)
        played(home, one, *BROKEN)
    async with on_stage(home) as stage:
        await opened(stage)
        await stage.press("b")
        await stage.sees("Move to a case that you finished more than once")
        stage.screen.query(CaseFold).last().focus()
        await stage.press("b")
        await stage.at(ComparisonScreen)
        await stage.sees("Compare · Another small case", "attempts 1 and 2")


async def test_an_edited_case_is_told_in_both_places(home: Home, shelf: Path) -> None:
    """Attempts at two versions of a case are compared, and both screens say that it was edited."""
    played(home, shelf, *BROKEN)
    library(shelf, CASE.replace("version: 1.0.0", "version: 2.0.0"))
    second = played(home, shelf, *KEPT)
    async with on_stage(home, resume=second) as stage:
        await stage.press("b")
        await stage.at(ComparisonScreen)
        await stage.hears("The case was edited between these attempts (versions: 1.0.0 and 2.0.0).")
        await stage.press("q", "q")
        await opened(stage)
        await stage.hears("the case was edited before it")


# -- what holds for every screen ------------------------------------------------------------------


async def test_what_looks_like_markup_is_text(home: Home, shelf: Path) -> None:
    """Titles, answers, reasons and names are shown as they are, and never act."""
    library(shelf, hostile(MARKUP))
    home.people.write_text(f't-kim: {{name: "Kim {MARKUP}"}}\n', encoding="utf-8")
    played(home, shelf, *BROKEN)
    played(home, shelf, *KEPT)
    async with on_stage(home) as stage:
        await opened(stage)
        await stage.press("a")
        if not all(fold.open for fold in stage.screen.query(Fold)):
            await stage.press("a")
        literal(stage, MARKUP, 12)
        await stage.press("b")
        await stage.at(ComparisonScreen)
        await stage.press("a")
        literal(stage, MARKUP, 10)
        assert stage.app.is_running


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
async def test_every_word_can_be_read(home: Home, shelf: Path, theme: Theme) -> None:
    """Lit or not, everything has the contrast that its theme promises."""
    home.settings.write_text(f"theme: {theme.name}\n", encoding="utf-8")
    played(home, shelf, *BROKEN)
    played(home, shelf, *KEPT)
    async with on_stage(home) as stage:
        await opened(stage)
        await stage.press("a")
        for keys in (("home",), ("end",), ("down",), ("b",), ("a", "down"), ("end",)):
            await stage.press(*keys)
            assert hard_to_read(stage, REQUIRED[theme.name]) == {}, keys
