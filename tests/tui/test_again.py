"""Trying again from a decision, in the app: from the debrief, in the meeting, in lists, and at the review desk."""

from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path

import pytest

from simulator.archive import Archive
from simulator.journal import Origin
from simulator.play import Play
from simulator.settings import Home
from simulator.tui.comparison import ComparisonScreen
from simulator.tui.debrief import DebriefScreen
from simulator.tui.inbox import InboxScreen
from simulator.tui.library import LibraryScreen
from simulator.tui.meeting import MeetingScreen
from simulator.tui.moment import MomentBlock
from simulator.tui.progress import ProgressScreen
from simulator.tui.reviewing import ReviewScreen
from simulator.tui.sessions import SessionsScreen
from tests.failing import FailingOs
from tests.tui.stage import BROKEN, KEPT, SIZES, Stage, must_verify, on_stage, played, sessions
from tests.tui_cases import CASE, TITLE


def tried(home: Home, session: str, decision: int, *did: str) -> str:
    """Try again from a decision, without the app, and leave; return the new session's id."""
    archive = Archive(home)
    path = archive.path(session)
    assert path is not None
    play = Play.again_from(archive, path, decision)
    for each in did:
        if each.startswith("write:"):
            play.write(each.removeprefix("write:"))
        else:
            play.choose(each)
    play.suspend()
    return play.header.session


async def light(stage: Stage, number: int) -> None:
    """Move to a decision of the debrief."""
    await stage.at(DebriefScreen)
    for _ in range(10):
        if isinstance(stage.app.focused, MomentBlock) and stage.app.focused.moment.number == number:
            return
        await stage.press("down")
    raise AssertionError(f"decision {number} is not there")


@pytest.mark.parametrize("size", SIZES)
async def test_t_tries_again_from_the_decision_that_is_lit(home: Home, shelf: Path, size: tuple[int, int]) -> None:
    """A new session stands where it was made, with everything before it in the log, and plays on to its own debrief."""
    session = played(home, shelf, *BROKEN)
    async with on_stage(home, size, resume=session) as stage:
        await light(stage, 2)
        await stage.press("t")
        await stage.at(MeetingScreen)
        await stage.hears("Her file is on your desk.", "Ask her to come in.", "Again from decision 2.", "Good morning.")
        await stage.sees("Again from decision 2")
        assert "You will have the money." not in stage.screen.query_one("#log").said  # type: ignore[attr-defined]
        await stage.go("I can tell you who decides.")
        await stage.hand_in("Told her who decides.")
        await stage.pick("Go on to the debrief.")
        await stage.at(DebriefScreen)
        await stage.hears(f"Begun again from decision 2 of session {session}.", "Decision 1 was taken over")
        await stage.sees("again from decision 2")
    new, old = sessions(home)
    assert (old.id, old.session.ending and old.session.ending.id) == (session, "owed")
    assert (new.again, new.session.ending and new.session.ending.id) == (Origin(session, 2), "done")
    assert new.session.events[:1] == old.session.events[:1]
    must_verify(home)


async def test_t_where_no_decision_is_lit_says_what_to_do(home: Home, shelf: Path) -> None:
    """With a button lit, `t` begins nothing and says why; in the editor it is a letter."""
    session = played(home, shelf, *KEPT)
    async with on_stage(home, resume=session) as stage:
        await stage.press("w", "t")
        assert stage.typed == "t"
        stage.screen.query_one("#keep").focus()
        await stage.settle()
        await stage.press("t")
        await stage.sees("Move to a decision first, with the arrows.")
        await stage.at(DebriefScreen)
    assert len(sessions(home)) == 1


async def test_trying_again_that_cannot_be_saved_stays_at_the_debrief(
    home: Home, shelf: Path, broken: Callable[[int], FailingOs]
) -> None:
    """On a full disk nothing is begun and the reason is told; when there is room again it works."""
    session = played(home, shelf, *KEPT)
    async with on_stage(home, resume=session) as stage:
        await light(stage, 2)
        disk = broken(errno.ENOSPC)
        await stage.press("t")
        await stage.sees("Could not")
        await stage.at(DebriefScreen)
        disk.heal()
        await stage.press("t")
        await stage.at(MeetingScreen)
    assert len(sessions(home)) == 2


async def test_a_second_press_begins_no_second_session(home: Home, shelf: Path) -> None:
    """However fast `t` is pressed, one session is begun."""
    session = played(home, shelf, *KEPT)
    async with on_stage(home, resume=session) as stage:
        await light(stage, 2)
        await stage.burst("t", "t", "t")
        await stage.at(MeetingScreen)
    assert len(sessions(home)) == 2


async def test_what_was_left_is_gone_on_with(home: Home, shelf: Path) -> None:
    """The library offers to go on, and says what it is; the log shows where it was begun again, and what came since."""
    session = played(home, shelf, *BROKEN)
    tried(home, session, 2, "wait")
    async with on_stage(home) as stage:
        await stage.pick("again from decision 2")
        await stage.at(MeetingScreen)
        await stage.hears("Again from decision 2.", "Give me a moment.", "Shall I take over?")
        said = stage.told
        assert said.index("Ask her to come in.") < said.index("Again from decision 2.\n") < said.index("Give me a mo")
        await stage.press("q")
        await stage.at(LibraryScreen)


async def test_it_is_compared_with_what_it_comes_from(home: Home, shelf: Path) -> None:
    """From its debrief, `b` sets it beside the session it comes from, also where there are other attempts."""
    first = played(home, shelf, *BROKEN)
    second = played(home, shelf, *KEPT)
    session = tried(home, first, 2, "explain", "write:Told her.")
    async with on_stage(home, resume=session) as stage:
        await stage.at(DebriefScreen)
        await stage.until(lambda: stage.screen.check_action("compare", ()) is True, "something to compare with")
        await stage.press("b")
        await stage.at(ComparisonScreen)
        await stage.sees("attempt 1, again from decision 2", "first attempt", "A promise is owed", "Here they part")
        await stage.hears("B was begun again from decision 2 of A")
    assert second in {each.id for each in sessions(home)}


async def test_an_attempt_is_not_compared_with_what_was_tried_again(home: Home, shelf: Path) -> None:
    """In the debrief of the only attempt there is nothing to compare, however often it was tried again."""
    session = played(home, shelf, *BROKEN)
    tried(home, session, 2, "explain", "write:Told her.")
    async with on_stage(home, resume=session) as stage:
        await stage.at(DebriefScreen)
        await stage.settle()
        assert stage.screen.check_action("compare", ()) is False


async def test_what_it_comes_from_may_be_gone(home: Home, shelf: Path) -> None:
    """Without the other journal the debrief is whole, and there is nothing to compare with."""
    session = played(home, shelf, *BROKEN)
    again = tried(home, session, 2, "explain", "write:Told her.")
    for each in home.journals.glob(f"{session}*"):
        each.unlink()
    async with on_stage(home, resume=again) as stage:
        await stage.at(DebriefScreen)
        await stage.settle()
        await stage.hears("I can tell you who decides.")
        assert stage.screen.check_action("compare", ()) is False


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_lists_say_what_it_is(home: Home, shelf: Path, size: tuple[int, int]) -> None:
    """One's sessions, one's progress and the library name the decision it comes from; the inbox says what it is."""
    session = played(home, shelf, *BROKEN)
    again = tried(home, session, 2, "explain", "write:Told her.")
    async with on_stage(home, size) as stage:
        await stage.hears("(again from decision 2)")
        await stage.press("v")
        await stage.at(SessionsScreen)
        await stage.sees(f"{TITLE}", "again from decision 2 of attempt 1")
        await stage.press("q", "g")
        await stage.at(ProgressScreen)
        await stage.hears("1 first attempt, 0 repeats, 1 begun again from a decision", "attempt 1", "does not count")
    async with on_stage(home, size, who="s-sam", desk="review", session=again) as stage:
        await stage.at(ReviewScreen)
        await stage.hears(f"Begun again from decision 2 of session {session}.")
        await stage.press("q")
        await stage.at(InboxScreen)
        await stage.hears("tried again from a decision")


async def test_the_copy_that_was_played_is_played_again(home: Home, shelf: Path) -> None:
    """After the case has been edited, one is told that one tries again in the copy that was played."""
    session = played(home, shelf, *BROKEN)
    (shelf / "front-desk.yaml").write_text(CASE.replace("Good morning.", "Good evening."), encoding="utf-8")
    async with on_stage(home, resume=session) as stage:
        await light(stage, 2)
        await stage.press("t")
        await stage.at(MeetingScreen)
        await stage.sees("The case has been edited since. You try again")
        await stage.hears("Good morning.")


async def test_the_command_opens_the_app_there(home: Home, shelf: Path) -> None:
    """`caseload play --again SESSION --from N` begins at once; feedback is as it was unless it is given."""
    session = played(home, shelf, *BROKEN, feedback="each")
    async with on_stage(home, again=session[:18], decision=2) as stage:
        await stage.at(MeetingScreen)
        await stage.hears("Again from decision 2.")
    async with on_stage(home, again=session, decision=2, feedback="end", confidence=True) as stage:
        await stage.at(MeetingScreen)
    given, kept, _ = (each.recorded.header for each in sessions(home))
    assert (kept.feedback, kept.confidence, given.feedback, given.confidence) == ("each", False, "end", True)


async def test_a_decision_that_is_not_there_leaves_one_in_the_library(home: Home, shelf: Path) -> None:
    """What was asked for wrongly is told, and nothing is begun."""
    session = played(home, shelf, *BROKEN)
    async with on_stage(home, again=session, decision=9) as stage:
        await stage.at(LibraryScreen)
        await stage.sees("has no decision 9 to try again from; its decisions are 1 to 3.")
    async with on_stage(home, again="nobody", decision=1) as stage:
        await stage.sees("There is no session nobody.")
    assert len(sessions(home)) == 1
