"""A supervisor's desk work on one session: going where eyes are needed, judging, taking back, redacting."""

from __future__ import annotations

import errno
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.widgets import TextArea

from scoring.rubric import Level
from simulator.archive import Archive, Logged
from simulator.review.writing import Reviewing, ReviewState, review_state, reviews_of, signed_judgement
from simulator.settings import Home
from simulator.tui.app import CaseloadApp
from simulator.tui.comment import CommentScreen
from simulator.tui.judging import JudgingScreen
from simulator.tui.lines import Paper
from simulator.tui.moment import MomentBlock
from simulator.tui.override import OverrideScreen
from simulator.tui.own import OwnScreen
from simulator.tui.rating import OverallScreen, RatingScreen
from simulator.tui.redact import RedactScreen
from simulator.tui.reviewing import ReviewScreen
from simulator.tui.seek import SeekScreen
from simulator.tui.send_back import SendBackScreen
from simulator.tui.tool import Tools
from tests.failing import FailingOs
from tests.tui.stage import BROKEN, KEPT, SIZES, Stage, begun, on_stage, played

Told = list[str]
NOTE = "Promised it.\n\n  She said: [b]thank you[/b]."


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Told:
    """Return what the app tells in passing: it is gone again after some seconds, and tests may be slower than that."""
    said: Told = []
    tell = CaseloadApp.tell

    def heard(app: CaseloadApp, message: str, *, bad: bool = False) -> None:
        said.append(message)
        tell(app, message, bad=bad)

    monkeypatch.setattr(CaseloadApp, "tell", heard)
    return said


def lit(stage: Stage) -> int:
    """Return the number of the decision that is lit; 0 if none is."""
    return stage.app.focused.moment.number if isinstance(stage.app.focused, MomentBlock) else 0


def load(home: Home, session: str) -> Logged:
    """Replay a session."""
    archive = Archive(home)
    path = archive.path(session)
    assert path is not None
    return archive.load(path)


@asynccontextmanager
async def reviewing(home: Home, session: str, size: tuple[int, int] = (120, 40)) -> AsyncIterator[Stage]:
    """Open the review of a session as Sam."""
    async with on_stage(home, size, who="s-sam") as stage:
        assert stage.app.desk is not None
        await stage.app.push_screen(ReviewScreen(stage.app.desk, load(home, session)))
        await stage.at(ReviewScreen)
        yield stage


async def keep(stage: Stage) -> None:
    """Press the button that keeps what was said."""
    await stage.until(lambda: not stage.screen.query("Button.-active"), "a button that can be pressed")
    await stage.click("#keep-it")


def sure_and_broken(home: Home, shelf: Path) -> str:
    """Play so that a promise was made that nobody can keep, and made with certainty."""
    play = begun(home, shelf, "read:letter", confidence=True)
    play.choose("invite", 2)
    play.choose("promise", 4)
    play.write(NOTE)
    play.suspend()
    return play.header.session


@pytest.mark.parametrize("size", SIZES)
async def test_keys_lead_to_what_needs_eyes(home: Home, shelf: Path, told: Told, size: tuple[int, int]) -> None:
    """To criticals, notes that nobody rated, what was sure and harmful, a number, and words that were said."""
    session = sure_and_broken(home, shelf)
    async with reviewing(home, session, size) as stage:
        for key, number in (("n", 3), ("t", 4), ("u", 3), ("up", 2), ("k", 1), ("j", 2)):
            await stage.press(key)
            assert lit(stage) == number, key
        await stage.press("4")
        await stage.at(SeekScreen)
        await stage.press("enter")
        await stage.at(ReviewScreen)
        assert lit(stage) == 4
        await stage.press("g", "9", "enter")
        assert told[-1] == "There is no decision 9; the last is 4."
        stage.app.clear_notifications()
        # Typed faster than the prompt opens, it is the same number: half of it would be another decision.
        await stage.burst("9", "9", "enter")
        assert told[-1] == "There is no decision 99; the last is 4."
        stage.app.clear_notifications()
        # A document that was read is folded, and found all the same.
        await stage.press("slash")
        await stage.type("SAY  no.")
        await stage.press("enter")
        await stage.at(ReviewScreen)
        assert lit(stage) == 1
        await stage.sees("We are sorry to say no.")
        await stage.press("slash")
        await stage.type("promise")
        await stage.press("enter", "f")
        assert told[-1].startswith("“promise”: 3 of ")
        await stage.press("slash")
        await stage.type("[/oops]")
        await stage.press("enter")
        assert told[-1] == "“[/oops]” stands nowhere on this page."


async def test_what_is_told_of_a_session_is_all_of_it(home: Home, shelf: Path) -> None:
    """Time taken, confidence, cost, what would have kept it, the note as it was typed, and what a document said."""
    session = sure_and_broken(home, shelf)
    async with reviewing(home, session) as stage:
        await stage.hears("(took 0 s)", "sure: 4 of 4 (quite sure)", "quite sure: 1 decision; harmful at 3", NOTE)
        await stage.hears("serious: critical, cost rapport 6, ethics 3", "would have kept it:\n- “I can tell you")
        await stage.hears("ethics        critical", "rapport       0 ", "worst ▁", "Not read: The contact notes.")
        assert "You may ask again in May." not in stage.told
        await stage.press("home", "enter")
        await stage.hears("You may ask again in May.")


@pytest.mark.parametrize("size", SIZES[:2])
async def test_an_override_stands_beside_what_the_case_marked(
    home: Home, shelf: Path, told: Told, size: tuple[int, int]
) -> None:
    """The anchors are read, a level picked, a reason given; both stand, with the result of each reviewer apart."""
    session = sure_and_broken(home, shelf)
    with Reviewing.open(home, load(home, session), "t-kim") as other:
        other.override(3, "rapport.limits", None, "I would not mark it.")
    async with reviewing(home, session, size) as stage:
        await stage.hears("Reviewed by Kim Trainee, not signed off:")
        await stage.press("o")
        assert told[-1] == "Decision 1: Read: The letter: no marks were given here."
        await stage.press("n", "o")
        await stage.at(OverrideScreen)
        await stage.sees("harmful: Makes a promise that is not theirs to keep", "(as the case marked it)")
        await keep(stage)
        await stage.sees("Pick a level first")
        await stage.press("shift+tab", "shift+tab", "3")
        await keep(stage)
        await stage.sees("Say why")
        await stage.type("x")
        stage.screen.query_one(TextArea).load_text("She had asked her chief.")
        await keep(stage)
        await stage.at(ReviewScreen)
        await stage.hears(
            "Limits (rapport): harmful",
            "Sam Super, not signed off: Limits (rapport): harmful, overridden: acceptable. She had asked her chief.",
            "Kim Trainee, not signed off: Limits (rapport): harmful, overridden: no mark. I would not mark it.",
        )
        await stage.hears("Reviewed by Sam Super, not signed off:", "(originally 0 of 100)")
        assert lit(stage) == 3
        # What others said is theirs: only one's own can be taken back.
        await stage.press("z")
        await stage.at(OwnScreen)
        assert len(stage.offered) == 1
        await keep(stage)
        await stage.at(ReviewScreen)
        await stage.until(lambda: "Reviewed by Sam Super" not in stage.told, "the result is gone")
        assert "She had asked her chief." not in stage.told
        await stage.press("z")
        assert told[-1] == "You have said nothing yet that could be taken back."
    assert load(home, session).session.trail[3].awards[0].marks[0].level is Level.HARMFUL


@pytest.mark.parametrize("size", SIZES)
async def test_a_note_is_rated_on_the_anchors(home: Home, shelf: Path, told: Told, size: tuple[int, int]) -> None:
    """The note stands in full, with what to look for and hints; a number picks a level; dimensions are rated too."""
    session = sure_and_broken(home, shelf)
    async with reviewing(home, session, size) as stage:
        await stage.press("r")
        assert told[-1] == "Nothing that is to be rated was written here."
        stage.app.clear_notifications()
        await stage.press("t", "r")
        await stage.at(RatingScreen)
        await stage.hears("Write the case note.", NOTE, "- who decides", "Hints only:", "best: Records the same day")
        await stage.press("3")
        await keep(stage)
        await stage.at(ReviewScreen)
        await stage.hears("Sam Super, not signed off: Records (organization): rated acceptable.")
        await stage.press("t")
        assert told[-1] == "No note here waits to be rated."
        await stage.press("e")
        await stage.at(OverallScreen)
        await stage.press("2")
        await keep(stage)
        await stage.at(ReviewScreen)
        await stage.hears("Sam Super, not signed off: rapport on the whole: poor.")
        await stage.press("s")
        await stage.hears("Sam Super: rapport on the whole: poor.")
    said = signed_judgement(home, session)
    assert [each.level for each in said.ratings] == [Level.ACCEPTABLE]
    assert [each.dimension for each in said.overall] == ["rapport"]


async def test_a_session_is_sent_back_with_what_to_practise(home: Home, shelf: Path) -> None:
    """Words are needed and cases can be ticked; the trainee's side holds both at once."""
    session = played(home, shelf, *BROKEN)
    async with reviewing(home, session, (80, 24)) as stage:
        await stage.press("b")
        await stage.at(SendBackScreen)
        await keep(stage)
        await stage.sees("Say in a few words what to practise.")
        stage.screen.query_one(TextArea).focus()
        await stage.type("Say who decides.")
        await stage.press("tab", "1")
        await stage.sees("[x] A small case")
        await keep(stage)
        await stage.at(ReviewScreen)
        await stage.hears("Sent back by Sam Super", "Say who decides. To practise: A small case.")
    assert review_state(home, load(home, session)) is ReviewState.SENT_BACK
    assert signed_judgement(home, session).practise == ("front-desk",)


async def test_redacting_says_what_it_does_and_asks_twice(home: Home, shelf: Path, told: Told) -> None:
    """Only the typed word erases; then the text is gone from the page and from the disk, and stays gone."""
    session = sure_and_broken(home, shelf)
    async with reviewing(home, session, (80, 24)) as stage:
        await stage.press("x")
        assert told[-1].startswith("Nothing that somebody wrote is lit")
        await stage.press("t", "x")
        await stage.at(RedactScreen)
        await stage.hears("It cannot be undone", NOTE)
        await keep(stage)
        await stage.sees("Type erase first")
        await stage.press("escape")
        await stage.at(ReviewScreen)
        assert load(home, session).session.events[-1].text == NOTE  # type: ignore[union-attr]
        await stage.press("x")
        await stage.at(RedactScreen)
        await stage.type("erase")
        await keep(stage)
        await stage.at(ReviewScreen)
        await stage.hears("(what was written has been erased)", "serious: critical")
        assert lit(stage) == 4
        assert "thank you" not in stage.told
        await stage.press("x", "r")
        assert told[-2:] == ["There is no text here any more.", "What was written here has been erased."]
    assert not any("thank you" in path.read_text(encoding="utf-8") for path in home.journals.glob("*"))


async def test_practice_is_a_summary_and_no_more(home: Home, shelf: Path) -> None:
    """How it came out is shown; no decision and no text is; a comment on the whole and a sign-off are possible."""
    session = played(home, shelf, *BROKEN, purpose="practice")
    async with reviewing(home, session, (80, 24)) as stage:
        await stage.hears("This was practice.", "A promise is owed", "1 critical", "rapport       0 of 100")
        assert not stage.screen.query(MomentBlock)
        for word in ("Promised it.", "You will have the money", "A promise that nobody can keep"):
            assert word not in stage.told
        await stage.press("o", "r", "x", "b", "c", "n", "4", "slash")
        await stage.at(ReviewScreen)
        await stage.press("w")
        await stage.at(CommentScreen)
        await stage.type("Good that you tried.")
        await keep(stage)
        await stage.at(ReviewScreen)
        await stage.press("s")
        await stage.hears("Sam Super: Good that you tried.", "Signed off by Sam Super")


async def test_nothing_that_was_said_is_lost_when_the_disk_is_full(
    home: Home, shelf: Path, broken: Callable[[int], FailingOs]
) -> None:
    """Each small screen stays open with what was typed and says why; the same button keeps it once there is room."""
    session = sure_and_broken(home, shelf)

    async with reviewing(home, session) as stage:
        for keys, kind, answer in (
            (("n", "o"), OverrideScreen, ("3", *"Because.")),
            (("t", "r"), RatingScreen, ("2", "shift+tab", *"Late.")),
            (("e",), OverallScreen, ("1", "2", "3")),
            (("w",), CommentScreen, tuple("Fine.")),
            (("b",), SendBackScreen, tuple("Again.")),
        ):
            await stage.press(*keys)
            await stage.at(kind)
            await stage.press(*answer)
            before = [each.text for each in stage.screen.query(TextArea)]
            disk = broken(errno.ENOSPC)
            await keep(stage)
            await stage.sees("Could not")
            await stage.at(kind)
            assert [each.text for each in stage.screen.query(TextArea)] == before
            disk.heal()
            await keep(stage)
            await stage.at(ReviewScreen)
    (review,) = reviews_of(home, session)
    assert [each.reason for each in review.overrides] == ["Because."]
    assert [(each.level, each.text) for each in review.ratings] == [(Level.POOR, "Late.")]
    assert [each.level for each in review.overall] == [Level.HARMFUL, Level.POOR, Level.ACCEPTABLE]
    assert [each.text for each in review.comments] == ["Fine."]
    assert review.sent_back is not None
    assert review.sent_back.text == "Again."


async def test_a_review_that_is_open_elsewhere_waits(home: Home, shelf: Path) -> None:
    """Who writes the same review in another place is told of, and what was typed stays."""
    session = played(home, shelf, *KEPT)
    async with reviewing(home, session) as stage:
        await stage.press("c")
        await stage.at(CommentScreen)
        await stage.type("Mine.")
        with Reviewing.open(home, load(home, session), "s-sam"):
            await keep(stage)
            await stage.sees("open")
            assert stage.typed == "Mine."
        await keep(stage)
        await stage.at(ReviewScreen)
        await stage.hears("Sam Super, not signed off: Mine.")


async def test_the_mouse_can_do_it_all(home: Home, shelf: Path) -> None:
    """Words to click on stand with each decision and with the whole; a click lights what they stand on."""
    session = sure_and_broken(home, shelf)
    async with reviewing(home, session) as stage:
        note = stage.screen.query(MomentBlock).last()
        for word, kind in (("comment", CommentScreen), ("rate", RatingScreen), ("redact", RedactScreen)):
            await click_word(stage, note.query_one(Tools), word)
            await stage.at(kind)
            assert "Decision 4: Wrote" in stage.told
            await stage.click("#cancel")
            await stage.at(ReviewScreen)
            assert lit(stage) == 4
            assert note.open
        whole = stage.screen.query(Tools).first()
        for word, screen in (("rate overall", OverallScreen), ("send back", SendBackScreen)):
            await click_word(stage, whole, word)
            await stage.at(screen)
            await stage.click("#cancel", times=2)
            await stage.at(ReviewScreen)


async def click_word(stage: Stage, tools: Tools, word: str) -> None:
    """Click on a word of those that can be clicked on."""
    stage.screen.query_one(Paper).scroll_to_center(tools, animate=False, immediate=True)
    await stage.settle()
    y, row = next((y, row) for y, row in enumerate(tools.text.splitlines()) if word in row)
    await stage.tap(tools.region.x + row.index(word) + 1, tools.region.y + y)


async def test_what_is_wrong_with_a_journal_is_said_at_the_top(home: Home, shelf: Path) -> None:
    """A case that the library does not hold, and a journal that is not the one first seen here, are told plainly."""
    from simulator.sharing.receipts import Receipts, Seen

    session = played(home, shelf, *KEPT)
    other = played(home, shelf, *BROKEN)
    entries = load(home, other).recorded.reading.entries
    with Receipts.open(home) as receipts:
        receipts.add([Seen(session, len(entries), entries[-1].hash)], "here")
    async with reviewing(home, session, (80, 24)) as stage:
        await stage.sees("Contradicted: This is not the journal that was first seen here")
    text = (shelf / "front-desk.yaml").read_text(encoding="utf-8")
    (shelf / "front-desk.yaml").write_text(text.replace("A small case", "A case"), encoding="utf-8")
    async with reviewing(home, other, (80, 24)) as stage:
        await stage.sees("Unknown scenario: The library does not hold this version")


async def test_the_next_session_of_the_inbox_is_a_key_away(home: Home, shelf: Path, told: Told) -> None:
    """After signing off, one key opens what comes next, and says so where nothing does."""
    first, second = (load(home, played(home, shelf, *did)) for did in (BROKEN, KEPT))
    following = iter([second])
    async with on_stage(home, (80, 24), who="s-sam") as stage:
        assert stage.app.desk is not None
        await stage.app.push_screen(ReviewScreen(stage.app.desk, first, lambda: next(following, None)))
        await stage.at(ReviewScreen)
        await stage.press("s", "]")
        await stage.hears(f"Session {second.id}")
        await stage.press("]")
        assert told[-1] == "That was the last one."
        assert sum(isinstance(each, ReviewScreen) for each in stage.app.screen_stack) == 1
        assert not any(isinstance(each, JudgingScreen) for each in stage.app.screen_stack)
    assert review_state(home, first) is ReviewState.SIGNED_OFF
