"""The review of one session: everything the trainee saw and skipped, comments, sign-off."""

from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path

import pytest
from textual.widgets import TextArea

from simulator.review.writing import reviews_of, said_to_trainee
from simulator.settings import Home
from simulator.tui.comment import CommentScreen
from simulator.tui.debrief import DebriefScreen
from simulator.tui.inbox import InboxScreen
from simulator.tui.moment import MomentBlock
from simulator.tui.reviewing import ReviewScreen
from tests.failing import FailingOs
from tests.tui.stage import BROKEN, KEPT, SIZES, Stage, on_stage, played


def lit(stage: Stage) -> int:
    """Return the number of the decision that is lit; 0 if none is."""
    return stage.app.focused.moment.number if isinstance(stage.app.focused, MomentBlock) else 0


async def keep(stage: Stage) -> None:
    """Press the button that keeps a comment."""
    await stage.until(lambda: not stage.screen.query("Button.-active"), "a button that can be pressed")
    await stage.click("#keep-it")


@pytest.mark.parametrize("size", SIZES)
async def test_a_review_tells_what_was_seen_chosen_and_skipped(home: Home, shelf: Path, size: tuple[int, int]) -> None:
    """The critical comes first, then every decision with what was on offer; n goes to the next critical."""
    session = played(home, shelf, "consult", *BROKEN)
    async with on_stage(home, size, who="s-sam", desk="review", session=session) as stage:
        await stage.at(ReviewScreen)
        await stage.hears("Kim Trainee · A promise is owed", "Critical: A promise that nobody can keep, decision 3")
        await stage.hears("not taken: “I can tell you who decides.”", "not taken: Tidy the desk.", "10:02  preparation")
        await stage.hears("Read the letter before you see her.", "Promised it.", "Not read: The letter")
        await stage.hears("Who played is what somebody said at the keyboard", "Not signed off yet.")
        assert lit(stage) == 1
        await stage.press("n")
        assert lit(stage) == 3
        await stage.sees("Limits (rapport): harmful" if size[1] > 12 else "You will have the money.")
        await stage.press("n")
        assert lit(stage) == 3
        await stage.press("up")
        assert lit(stage) == 2


async def test_a_session_without_criticals_says_so(home: Home, shelf: Path) -> None:
    """Looking for the next critical where there is none says that."""
    session = played(home, shelf, *KEPT)
    async with on_stage(home, who="s-sam", desk="review", session=session) as stage:
        await stage.at(ReviewScreen)
        await stage.press("n")
        await stage.sees("No critical in this session.")


@pytest.mark.parametrize("size", SIZES)
async def test_the_trainee_sees_comments_only_after_the_sign_off(
    home: Home, shelf: Path, size: tuple[int, int]
) -> None:
    """A supervisor comments on a decision and on the whole, signs off, and then the debrief shows both."""
    session = played(home, shelf, *BROKEN)
    async with on_stage(home, size, who="s-sam", desk="review", session=session) as stage:
        await stage.at(ReviewScreen)
        await stage.press("n", "c")
        await stage.at(CommentScreen)
        await stage.hears("Decision 2: “You will have the money.”")
        await stage.type("Who pays?")
        await keep(stage)
        await stage.at(ReviewScreen)
        await stage.hears("Sam Super, not signed off: Who pays?")
        assert lit(stage) == 2
        await stage.press("w")
        await stage.at(CommentScreen)
        await stage.type("Let us talk.")
        await keep(stage)
        await stage.at(ReviewScreen)
        await stage.hears("Sam Super, not signed off: Let us talk.")
        assert said_to_trainee(home, session) == []
        await stage.press("s")
        await stage.hears("Signed off by Sam Super", "Sam Super: Let us talk.")
        await stage.press("q")
        await stage.at(InboxScreen)
    async with on_stage(home, size, who="t-kim", resume=session) as stage:
        await stage.at(DebriefScreen)
        await stage.hears("From your supervisor", "Sam Super: Let us talk.", "Sam Super: Who pays?")


async def test_a_comment_that_is_not_kept_is_not_said(home: Home, shelf: Path) -> None:
    """Escape, the other button, and nothing but blanks leave no comment."""
    session = played(home, shelf, *KEPT)
    async with on_stage(home, who="s-sam", desk="review", session=session) as stage:
        await stage.at(ReviewScreen)
        for leave in ("escape", "#cancel", "#keep-it"):
            await stage.press("c")
            await stage.at(CommentScreen)
            await stage.type("   " if leave == "#keep-it" else "Never mind.")
            if leave == "escape":
                await stage.press("escape")
            else:
                await stage.click(leave)
            await stage.at(ReviewScreen)
    assert list(reviews_of(home, session)) == []


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EIO, errno.EACCES])
async def test_a_comment_that_cannot_be_saved_is_not_lost(
    home: Home, shelf: Path, broken: Callable[[int], FailingOs], error: int
) -> None:
    """The reason is told and the words are there to be kept again."""
    session = played(home, shelf, *KEPT)
    async with on_stage(home, who="s-sam", desk="review", session=session) as stage:
        await stage.at(ReviewScreen)
        await stage.press("c")
        await stage.at(CommentScreen)
        await stage.type("Well asked.")
        disk = broken(error)
        await keep(stage)
        await stage.sees("Could not")
        await stage.at(CommentScreen)
        assert stage.screen.query_one(TextArea).text == "Well asked."
        disk.heal()
        await keep(stage)
        await stage.at(ReviewScreen)
        await stage.hears("Sam Super, not signed off: Well asked.")


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EIO, errno.EACCES])
async def test_a_sign_off_that_cannot_be_saved_has_not_happened(
    home: Home, shelf: Path, broken: Callable[[int], FailingOs], error: int
) -> None:
    """The reason is told; nothing is said to be signed off; signing off again works."""
    session = played(home, shelf, *KEPT)
    async with on_stage(home, who="s-sam", desk="review", session=session) as stage:
        await stage.at(ReviewScreen)
        disk = broken(error)
        await stage.press("s")
        await stage.sees("Could not")
        await stage.hears("Not signed off yet.")
        disk.heal()
        await stage.press("s")
        await stage.hears("Signed off by Sam Super")
    (review,) = reviews_of(home, session)
    assert review.signed_off


async def test_a_review_shows_what_the_trainee_thought(home: Home, shelf: Path) -> None:
    """Reflections stand at the end of a review."""
    session = played(home, shelf, *KEPT)
    async with on_stage(home, resume=session) as stage:
        await stage.press("w")
        await stage.type("I would wait.")
        await stage.press("escape")
        await stage.press("enter")
        await stage.hears("Kept with your session.")
    async with on_stage(home, who="s-sam", desk="review", session=session) as stage:
        await stage.hears("What the trainee thought about it", "I would wait.")


async def test_a_session_that_went_on_after_the_sign_off_says_so(home: Home, shelf: Path) -> None:
    """What was signed off is what the supervisor saw; what came later is not covered by it."""
    session = played(home, shelf, "invite")
    async with on_stage(home, who="s-sam", desk="review", session=session) as stage:
        await stage.at(ReviewScreen)
        await stage.press("s")
        await stage.hears("Signed off by Sam Super")
    async with on_stage(home, resume=session) as stage:
        await stage.go("I can tell you who decides.")
    async with on_stage(home, who="s-sam", desk="review", session=session) as stage:
        await stage.hears("the session has gone on since.")
