"""One balanced way through a case: offered in the debrief once it is known, and shown decision by decision."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from simulator.archive import Logged
from simulator.hindsight import Foreseen, NotProven
from simulator.play import Play
from simulator.settings import Home
from simulator.solution import solve
from simulator.tui.debrief import DebriefScreen
from simulator.tui.model import ModelScreen
from tests.reports import EVERYTHING
from tests.tui.stage import KEPT, SIZES, Stage, on_stage, played
from tests.tui.test_markup import MARKUP, literal
from tests.tui_cases import hostile, library

LAST = "A door that stays open"
DID_EVERYTHING = (
    *("read:letter", "consult", "invite", "promise", "pick:paper", "order:tea call note", "write:She asked."),
)


async def open_the_way(stage: Stage) -> None:
    """From the debrief, once everything is worked out, into the way."""
    await stage.at(DebriefScreen)
    await stage.press("m")
    await stage.at(ModelScreen)


@pytest.mark.parametrize("size", SIZES)
async def test_a_way_is_shown_decision_by_decision(home: Home, shelf: Path, size: tuple[int, int]) -> None:
    """What is told and said, what is decided, what comes of it, its marks and why; then where it leads."""
    session = played(home, shelf, *KEPT)
    async with on_stage(home, size, resume=session) as stage:
        await open_the_way(stage)
        await stage.hears("1 of 3", "10:00 · preparation", "Her file is on your desk.", "Ask her to come in.")
        await stage.hears("-  Preparation (organization): poor\nThe letter lay there unread.")
        await stage.press("n")
        await stage.hears("2 of 3", "Ms. Adeyemi: Good morning. I need that money.", "“I can tell you who decides.”")
        await stage.hears("She sits down.", "++ Limits (rapport): best", "She knows where she stands.")
        assert "Ask her to come in." not in stage.told
        await stage.press("space")
        await stage.hears("3 of 3", "Write the case note.", "One good way to write it:", "Told her who decides.")
        await stage.press("right")
        await stage.hears("ending", LAST, "It is over for today.", "rapport       100 of 100")
        await stage.hears("organization  not assessed", "This is one balanced way: ", "There may be other ways")


async def test_one_goes_back_and_forth_and_to_either_end(home: Home, shelf: Path) -> None:
    """p and left go back, home and end to the first decision and the ending; beyond them there is nothing."""
    session = played(home, shelf, *KEPT)
    async with on_stage(home, (80, 24), resume=session) as stage:
        await open_the_way(stage)
        for keys, place in (
            (["p", "left"], "1 of 3"),
            (["end"], "ending"),
            (["n", "right", "space"], "ending"),
            (["p"], "3 of 3"),
            (["left"], "2 of 3"),
            (["n"], "3 of 3"),
            (["home"], "1 of 3"),
        ):
            await stage.burst(*keys)
            await stage.sees(place)
        await stage.press("q")
        await stage.at(DebriefScreen)


async def test_a_way_is_only_offered_when_there_is_one(home: Home, shelf: Path) -> None:
    """Where nothing is proven, or every way raises a critical, the key is not there and does nothing."""
    played(home, shelf, *KEPT)
    known: Callable[[Play], Foreseen]
    for known in (
        lambda _play: Foreseen(NotProven("It has too many states.")),
        lambda play: Foreseen(solve(play.session.scenario, play.rubric)[1] or NotProven()),
    ):
        async with on_stage(home, (80, 24)) as stage:
            assert stage.app.desk is not None
            stage.app.desk.solve = lambda play, _stopped, known=known: known(play)
            await stage.press("v", "enter")
            await stage.at(DebriefScreen)
            await stage.press("m")
            assert isinstance(stage.screen, DebriefScreen)
            assert "One way" not in stage.painted


async def test_all_keys_of_the_debrief_fit_into_eighty_columns(home: Home, shelf: Path) -> None:
    """With another attempt to compare with and a way to be shown, the last key is still to be seen."""
    played(home, shelf, *KEPT)
    session = played(home, shelf, *KEPT)
    async with on_stage(home, (80, 24), resume=session) as stage:
        await stage.at(DebriefScreen)
        await stage.sees("Open", "All", "Reflect", "b Compare", "t Retry", "m One way", "p Anew", "q Back", "? Help")


async def test_what_is_picked_and_put_in_order_stands_line_by_line(home: Home, shelf: Path) -> None:
    """Of several things, each that is picked has its line, and so has each in its order."""
    for path in shelf.glob("*.yaml"):
        path.unlink()
    (shelf / "everything.yaml").write_text(EVERYTHING, encoding="utf-8")
    session = played(home, shelf, *DID_EVERYTHING)
    async with on_stage(home, resume=session) as stage:
        await open_the_way(stage)
        await stage.press("n")
        await stage.hears("The room is small.\n\nNobody sits.", "Gus Brandt: She has not slept.")
        await stage.press("n")
        await stage.hears("Whom do you call?", "▸ Pick:\n  - The landlord.", "You hang up.", "The rent is due.")
        await stage.press("n")
        await stage.hears("What comes first?", "In this order:\n  1. Write the note.\n  2. Make tea.\n  3. Call")


async def test_what_was_told_before_is_told_again_on_a_page_of_its_own(home: Home, shelf: Path) -> None:
    """After something was read, the scene is still there to be seen."""
    played(home, shelf, *KEPT)
    async with on_stage(home) as stage:
        assert stage.app.desk is not None
        stage.app.desk.solve = _as_it_was_played
        await stage.press("v", "enter")
        await open_the_way(stage)
        await stage.hears("1 of 4", "Her file is on your desk.", "Read: The letter")
        await stage.press("n")
        await stage.hears("2 of 4", "Her file is on your desk.", "Ask her to come in.")


def _as_it_was_played(play: Play | Logged, _stopped: Callable[[], bool]) -> Foreseen:
    """Take what the trainee did for the balanced way: it is as good as any other."""
    return Foreseen(solve(play.session.scenario, play.rubric)[1] or NotProven(), play.session)


async def test_a_long_page_scrolls(home: Home, shelf: Path) -> None:
    """On a very small screen the arrows move what does not fit, and another page begins at its top."""
    session = played(home, shelf, *KEPT)
    async with on_stage(home, (40, 12), resume=session) as stage:
        await open_the_way(stage)
        await stage.press("n")
        assert "She knows where she stands." not in stage.painted
        await stage.press("down", "down", "pagedown")
        await stage.sees("She knows where she stands.")
        await stage.press("n")
        await stage.sees("wrap-up", "She has gone.")


@pytest.mark.parametrize("what", MARKUP)
async def test_markup_in_a_case_is_text_here_as_well(home: Home, shelf: Path, what: str) -> None:
    """Whatever an author wrote is shown as it is, on every page."""
    library(shelf, hostile(what))
    session = played(home, shelf, *KEPT)
    async with on_stage(home, resume=session) as stage:
        await open_the_way(stage)
        for at_least in (3, 4, 2, 2):
            literal(stage, what, at_least)
            await stage.press("n")
