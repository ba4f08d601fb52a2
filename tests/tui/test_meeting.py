"""Playing: deciding by keys and mouse, what is shown, what is saved, leaving and coming back."""

from __future__ import annotations

import errno
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from textual.widgets import TextArea

from simulator.play import Play
from simulator.session import Chose, Consulted, Wrote
from simulator.settings import Home
from simulator.tui.answer import TO_DEBRIEF
from simulator.tui.choices import Choice, Choices
from simulator.tui.meeting import MeetingScreen
from tests.failing import FailingOs
from tests.tui.stage import SIZES, Stage, begun, must_verify, on_stage, played, the_session
from tests.tui_cases import CASE

ERRORS = (errno.ENOSPC, errno.EIO, errno.EACCES)


def lit(stage: Stage) -> list[str]:
    """Return what is lit."""
    return [choice.text for choice in stage.screen.query(Choice) if choice.has_class("-on")]


# -- deciding -------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES)
async def test_responses_are_taken_by_digit_arrows_and_mouse(home: Home, size: tuple[int, int]) -> None:
    """Each way of picking takes the response, shows what comes of it, and is in the journal before that."""
    async with on_stage(home, size) as stage:
        await stage.begin("A small case")
        await stage.sees("Her file is on your desk.", "preparation")
        await stage.go("Ask her to come in.")
        await stage.sees("She stays on her feet.", "Give me a moment.")
        responses = stage.screen.query_one(Choices)
        await stage.press(*["down"] * (1 + stage.offered.index("“Give me a moment.”")))
        assert lit(stage) == ["“Give me a moment.”"]
        await stage.press("enter")
        await stage.sees("Shall I take over?", "Gus Brandt")
        await stage.click("Please do.")
        await stage.sees("Somebody else's desk", "Gus takes it from here.")
        assert responses.ids == [TO_DEBRIEF]
        taken = [event.response for event in the_session(home).recorded.events if isinstance(event, Chose)]
        assert taken == ["invite", "wait", "yes"]
    must_verify(home)


async def test_a_digit_without_a_response_does_nothing(home: Home, shelf: Path) -> None:
    """Digits that stand at no response, and Enter while nothing is lit, decide nothing."""
    session = played(home, shelf)
    async with on_stage(home, resume=session) as stage:
        await stage.sees("Her file is on your desk.")
        await stage.press("9", "0", "enter", "5")
        assert the_session(home).session.events == ()
        assert lit(stage) == []


async def test_up_lights_the_last_response_first(home: Home, shelf: Path) -> None:
    """From nothing lit, up goes to the last response and down goes around to the first."""
    session = played(home, shelf, "invite")
    async with on_stage(home, resume=session) as stage:
        await stage.press("up")
        assert lit(stage) == stage.offered[-1:]
        await stage.press("down")
        assert lit(stage) == stage.offered[:1]


async def test_a_double_click_takes_one_response(home: Home, shelf: Path) -> None:
    """The second half of a double click does not take what has come to stand in the same place."""
    session = played(home, shelf)
    async with on_stage(home, resume=session) as stage:
        await stage.sees("Her file is on your desk.")
        await stage.click("Ask her to come in.", times=2)
        await stage.sees("Good morning.")
        assert len(the_session(home).session.events) == 1


async def test_a_response_that_can_be_taken_again_stays(home: Home, shelf: Path) -> None:
    """A response with `again` can be taken as often as one likes, and each time takes its minutes."""
    session = played(home, shelf)
    async with on_stage(home, resume=session) as stage:
        await stage.go("Tidy the desk.", "Tidy the desk.")
        await stage.sees("10:06", "The desk is tidy.", "It has become late")
        assert len(the_session(home).session.events) == 2


async def test_how_somebody_feels_is_shown_as_behaviour_and_words(home: Home, shelf: Path) -> None:
    """In the meeting one sees bearing and feelings, with an arrow where the last response moved them."""
    session = played(home, shelf, "invite")
    async with on_stage(home, resume=session) as stage:
        await stage.hears("on her feet, eyes on the door", "trust    guarded", "tension  high")
        await stage.go("I can tell you who decides.")
    session = played(home, shelf, "invite", "wait", "no")
    async with on_stage(home, resume=session) as stage:
        await stage.go("You will have the money.")
        await stage.sees("She looks up.")
        assert "eyes on the door" not in stage.told


async def test_a_change_of_feelings_has_an_arrow(home: Home, shelf: Path) -> None:
    """The last response's effect on feelings stands beside them for as long as it is the last."""
    (shelf / "front-desk.yaml").write_text(CASE.replace("next: fork\n    responses", "next: hello\n    responses"))
    session = played(home, shelf, "invite")
    for size in ((120, 40), (80, 24)):
        async with on_stage(home, size, resume=session) as stage:
            if size == (120, 40):
                await stage.go("You will have the money.")
                await stage.hears("trust    guarded ▲", "tension  raised ▼")
                await stage.hears("leaning back a little")


# -- feedback -------------------------------------------------------------------------------------


@pytest.mark.parametrize("feedback", ["each", "end"])
async def test_marks_come_after_each_response_or_at_the_end(home: Home, feedback: str) -> None:
    """With feedback after each response marks, why and criticals are shown at once; else not before the end."""
    async with on_stage(home, feedback=feedback) as stage:
        await stage.begin("A small case")
        await stage.go("Ask her to come in.")
        await stage.sees("Good morning.")
        words = ("Preparation (organization): poor", "The letter lay there unread.")
        if feedback == "each":
            await stage.hears(*words)
        await stage.go("You will have the money.")
        await stage.sees("She has gone.")
        at_once = (
            *words,
            "Limits (rapport): harmful",
            "It is not yours to promise.",
            "Critical: A promise that nobody",
        )
        assert [each for each in at_once if each in stage.told] == (list(at_once) if feedback == "each" else [])


# -- asking and writing ---------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES)
async def test_the_supervisor_can_be_asked_once_and_heard_again(home: Home, shelf: Path, size: tuple[int, int]) -> None:
    """Asking takes two minutes and shows the advice; asking again shows it again and takes none."""
    session = played(home, shelf)
    async with on_stage(home, size, resume=session) as stage:
        await stage.press("c")
        await stage.sees("Read the letter before you see her.")
        await stage.press("c", "c")
        await stage.settle()
        assert the_session(home).session.events == (Consulted("desk"),)
        assert the_session(home).session.minutes == 2
    async with on_stage(home, size, resume=session) as stage:
        await stage.go("Tidy the desk.")
        await stage.press("pageup", "pageup", "c")
        await stage.sees("Read the letter before you see her.")


async def test_what_cannot_be_done_is_not_offered(home: Home, shelf: Path) -> None:
    """Where nobody can be asked and nothing can be read, neither key is offered, and neither does anything."""
    session = played(home, shelf, "invite")
    async with on_stage(home, resume=session) as stage:
        await stage.sees("Good morning.")
        assert "Consult" not in stage.painted
        assert "Documents" not in stage.painted
        await stage.press("c", "d")
        assert isinstance(stage.screen, MeetingScreen)
        assert len(the_session(home).session.events) == 1


@pytest.mark.parametrize("size", SIZES)
async def test_a_note_is_written_and_handed_in(home: Home, shelf: Path, size: tuple[int, int]) -> None:
    """In the editor every key is text; Escape leads out to the button, and Enter there hands in."""
    session = played(home, shelf, "invite", "explain")
    async with on_stage(home, size, resume=session) as stage:
        await stage.hears("Write the case note.")
        await stage.hand_in("Qd? 1 case, told her.\nWho decides: the panel.")
        await stage.sees("A door that stays open")
        assert the_session(home).session.events[-1] == Wrote("note", "Qd? 1 case, told her.\nWho decides: the panel.")
        await stage.hears("Qd? 1 case, told her.\nWho decides: the panel.")


async def test_a_note_is_handed_in_by_mouse_once(home: Home, shelf: Path) -> None:
    """Clicking the button twice hands in once."""
    session = played(home, shelf, "invite", "explain")
    async with on_stage(home, resume=session) as stage:
        await stage.type("Told her.")
        await stage.click("#hand-in", times=2)
        await stage.sees("A door that stays open")
    assert [type(each) for each in the_session(home).session.events] == [Chose, Chose, Wrote]


async def test_an_empty_note_is_asked_about(home: Home, shelf: Path) -> None:
    """Handing in nothing needs a second press; typing in between takes the question back."""
    session = played(home, shelf, "invite", "explain")
    async with on_stage(home, resume=session) as stage:
        await stage.hand_in_again()
        await stage.sees("Nothing is written yet.")
        await stage.press("x", "backspace")
        await stage.hand_in_again()
        await stage.settle()
        assert len(the_session(home).session.events) == 2
        await stage.hand_in_again()
        await stage.sees("A door that stays open")
    assert the_session(home).session.events[-1] == Wrote("note", "")


async def test_pasted_control_characters_do_not_get_in(home: Home, shelf: Path) -> None:
    """What a paste brings along of control and bidi characters reaches neither the screen nor the journal."""
    session = played(home, shelf, "invite", "explain")
    async with on_stage(home, resume=session) as stage:
        await stage.paste("Told \x1b]52;c;aGk=\x07her\u202e.\r\nTwice.\x9b2J")
        assert stage.typed == "Told ]52;c;aGk=her.\nTwice.2J"
        await stage.press("escape", "enter")
        await stage.sees("A door that stays open")
    assert the_session(home).session.events[-1] == Wrote("note", "Told ]52;c;aGk=her.\nTwice.2J")


# -- what is being typed --------------------------------------------------------------------------


async def test_a_draft_is_there_after_the_app_was_dropped(home: Home, shelf: Path) -> None:
    """What is being typed is kept without being handed in, even if nobody leaves properly."""
    session = played(home, shelf, "invite", "explain")
    draft = home.journals / f"{session}.draft"
    async with on_stage(home, resume=session) as stage:
        await stage.type("Half a sen")
        await stage.until(lambda: draft.exists() and "Half a sen" in draft.read_text(), "a draft")
        await stage.hears("Saved as you type.")
        kept = draft.read_bytes()
    draft.write_bytes(kept)
    async with on_stage(home, resume=session) as stage:
        await stage.sees("Half a sen")
        await stage.type("tence")
        assert stage.typed == "Half a sentence"
        await stage.press("escape", "enter")
        await stage.sees("A door that stays open")
    assert the_session(home).session.events[-1] == Wrote("note", "Half a sentence")
    assert not draft.exists()


async def test_who_types_without_a_pause_is_saved_all_the_same(home: Home, shelf: Path) -> None:
    """Drafts are saved while somebody types on, not only when they rest."""
    session = played(home, shelf, "invite", "explain")
    draft = home.journals / f"{session}.draft"
    async with on_stage(home, resume=session) as stage:
        for _ in range(60):
            await stage.type("on and")
            if draft.exists() and "and" in draft.read_text():
                break
            await stage.pilot.pause(0.02)
        assert draft.exists()


@pytest.mark.parametrize("key", ["ctrl+q", "q"])
async def test_leaving_keeps_the_last_letter_of_a_draft(home: Home, shelf: Path, key: str) -> None:
    """However one leaves, what was typed a moment ago is kept."""
    session = played(home, shelf, "invite", "explain")
    async with on_stage(home, resume=session) as stage:
        await stage.type("The last letter")
        await stage.press(*(["escape"] if key == "q" else []), key)
    assert json.loads((home.journals / f"{session}.draft").read_text())["text"] == "The last letter"


# -- leaving and coming back ----------------------------------------------------------------------


@pytest.mark.parametrize("key", ["q", "ctrl+q"])
async def test_leaving_suspends_and_coming_back_stands_at_the_same_decision(home: Home, key: str) -> None:
    """However one leaves, the session is suspended, and the library goes on with it where it stood."""
    async with on_stage(home) as stage:
        await stage.begin("A small case")
        await stage.go("Ask her to come in.")
        await stage.sees("Good morning.")
        order = stage.offered
        await stage.press(key)
        if key == "q":
            await stage.sees("library", "Go on: A small case")
    assert the_session(home).recorded.records[-1].mark == "suspended"
    async with on_stage(home) as stage:
        await stage.pick("Go on: A small case")
        await stage.sees("Good morning.")
        await stage.hears("Her file is on your desk.", "Ask her to come in.")
        assert stage.offered == order
        await stage.go("I can tell you who decides.")
        await stage.sees("She has gone.")
    marks = [record.mark or "decided" for record in the_session(home).recorded.records]
    assert marks == ["decided", "suspended", "resumed", "decided", "suspended"]
    must_verify(home)


async def test_a_case_edited_meanwhile_goes_on_with_its_copy(home: Home, shelf: Path) -> None:
    """If the case was edited meanwhile, that is said, and the session goes on with what it began with."""
    session = played(home, shelf, "invite")
    (shelf / "front-desk.yaml").write_text(CASE.replace("Good morning. I need", "Hello. Where is"), encoding="utf-8")
    async with on_stage(home, resume=session) as stage:
        await stage.sees("The case has been edited since you began.", "Good morning. I need that money.")
    async with on_stage(home) as stage:
        await stage.begin("A small case")
        await stage.go("Ask her to come in.")
        await stage.sees("Hello. Where is that money.")


async def test_a_case_broken_meanwhile_goes_on_with_its_copy(home: Home, shelf: Path) -> None:
    """If the case cannot be played any more, a session of it goes on all the same, and it is said."""
    session = played(home, shelf, "invite")
    (shelf / "front-desk.yaml").write_text(CASE.replace("start: desk", "start: dusk"), encoding="utf-8")
    async with on_stage(home, resume=session) as stage:
        await stage.sees("The case has been edited since you began.", "Good morning.")


async def test_a_second_opener_is_told_who_has_it_open(home: Home, shelf: Path) -> None:
    """A session that is open in another place is not opened; it is told who has it, and nothing is lost."""
    play = begun(home, shelf, "invite")
    async with on_stage(home) as stage:
        await stage.pick("Go on: A small case")
        await stage.sees("is being written by", "t-kim", "Close it there, then try again.")
        await stage.sees("library")
        play.choose("explain")
        play.suspend()
        await stage.press("v")
        await stage.press("enter")
        await stage.sees("Write the case note.")


async def test_a_session_named_on_the_command_line_that_is_not_there_is_told(home: Home) -> None:
    """Going on with a session that nobody knows says so and stays in the library."""
    async with on_stage(home, resume="20260101-[/x]") as stage:
        await stage.sees("There is no session 20260101-[/x].", "library")


# -- when it cannot be saved ----------------------------------------------------------------------


@pytest.mark.parametrize("error", ERRORS)
async def test_a_response_that_cannot_be_saved_has_not_happened(
    home: Home, shelf: Path, broken: Callable[[int], FailingOs], error: int
) -> None:
    """The reason stands above the response, which stays lit; nothing moves on; picking it again goes on."""
    session = played(home, shelf)
    async with on_stage(home, resume=session) as stage:
        await stage.sees("Her file is on your desk.")
        disk = broken(error)
        await stage.pick("Ask her to come in.")
        await stage.sees("Not saved, so nothing has happened yet", "Could not save")
        assert lit(stage) == ["Ask her to come in."]
        assert "Good morning." not in stage.told
        await stage.press("enter")
        assert "Good morning." not in stage.told
        disk.heal()
        assert the_session(home).session.events == ()
        await stage.press("enter")
        await stage.sees("Good morning.")
        assert "Not saved" not in stage.told
    assert the_session(home).session.events == (Chose("desk", "invite"),)
    must_verify(home)


@pytest.mark.parametrize("error", ERRORS)
async def test_asking_that_cannot_be_saved_has_not_happened(
    home: Home, shelf: Path, broken: Callable[[int], FailingOs], error: int
) -> None:
    """Advice that would not be in the journal is not given; asking again gives it."""
    session = played(home, shelf)
    async with on_stage(home, resume=session) as stage:
        await stage.sees("Her file is on your desk.")
        disk = broken(error)
        await stage.press("c")
        await stage.sees("Not saved, so nothing has happened yet")
        assert "Read the letter before" not in stage.told
        disk.heal()
        await stage.press("c")
        await stage.sees("Read the letter before you see her.")
        assert "Not saved" not in stage.told
    assert the_session(home).session.events == (Consulted("desk"),)


@pytest.mark.parametrize("error", ERRORS)
async def test_a_note_that_cannot_be_saved_stays_in_the_editor(
    home: Home, shelf: Path, broken: Callable[[int], FailingOs], error: int
) -> None:
    """Neither its draft nor the note itself is said to be saved; the words stay, and handing in again goes on."""
    session = played(home, shelf, "invite", "explain")
    async with on_stage(home, resume=session) as stage:
        await stage.hears("Write the case note.")
        disk = broken(error)
        await stage.type("Told her who decides.")
        await stage.sees("What you type cannot be saved just now.")
        await stage.press("escape", "enter")
        await stage.sees("Not saved, so nothing has happened yet")
        assert stage.typed == "Told her who decides."
        assert "A door that stays open" not in stage.told
        disk.heal()
        await stage.hand_in_again()
        await stage.sees("A door that stays open")
    assert the_session(home).session.events[-1] == Wrote("note", "Told her who decides.")
    must_verify(home)


async def test_a_disk_that_fails_on_leaving_holds_nobody(
    home: Home, shelf: Path, broken: Callable[[int], FailingOs]
) -> None:
    """Leaving works with a full disk: what was decided is saved already."""
    session = played(home, shelf, "invite")
    async with on_stage(home, resume=session) as stage:
        await stage.sees("Good morning.")
        disk = broken(errno.ENOSPC)
        await stage.press("q")
        await stage.sees("library")
        disk.heal()
    assert the_session(home).session.events == (Chose("desk", "invite"),)


async def test_something_in_the_way_of_the_texts_is_told(home: Home, shelf: Path) -> None:
    """Where the file for texts has been replaced by a folder, handing in says so instead of ending the app."""
    session = played(home, shelf, "invite", "explain")
    async with on_stage(home, resume=session) as stage:
        texts = home.journals / f"{session}.texts.jsonl"
        texts.mkdir()
        await stage.hand_in("Told her.")
        await stage.sees("Not saved, so nothing has happened yet")
        texts.rmdir()
        await stage.hand_in_again()
        await stage.sees("A door that stays open")


async def test_a_case_without_a_way_on_says_whose_mistake_that_is(home: Home, shelf: Path) -> None:
    """Where a case leads nowhere it says that the case is wrong, and q leaves."""
    stuck = CASE.replace("explain:\n        say", "explain:\n        when: trust >= 9\n        say")
    stuck = stuck.replace("promise:\n        say", "promise:\n        when: trust >= 9\n        say")
    stuck = stuck.replace("no: {say", "no: {when: trust >= 9, say").replace("yes: {say", "yes: {when: trust >= 9, say")
    (shelf / "front-desk.yaml").write_text(stuck, encoding="utf-8")
    session = played(home, shelf, "invite")
    async with on_stage(home, resume=session) as stage:
        await stage.go("Give me a moment.")
        await stage.sees("This case has no way on from here.", "not yours")
        await stage.press("1", "enter", "q")
        await stage.sees("library")


# -- looking --------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES)
async def test_what_is_new_is_in_view_and_what_was_said_can_be_looked_up(
    home: Home, shelf: Path, size: tuple[int, int]
) -> None:
    """After each decision what came of it is in view, however little room there is; PageUp goes back."""
    session = played(home, shelf, "consult", "read:letter", "read:notes", "invite", "wait", "no")
    async with on_stage(home, size, resume=session) as stage:
        await stage.go("You will have the money.")
        await stage.sees("You will have the money.")
        await stage.press("escape", *["pageup"] * 30)
        await stage.sees("Asked the supervisor" if size[1] > 12 else "Her file is on your desk.")


async def test_resizing_while_playing_keeps_what_is_new_in_view(home: Home, shelf: Path) -> None:
    """From large to tiny and back, the responses and what was said last stay in view."""
    session = played(home, shelf, "read:letter", "invite")
    async with on_stage(home, (120, 40), resume=session) as stage:
        for size in ((40, 12), (20, 8), (4, 3), (1, 1), (80, 24)):
            await stage.pilot.resize_terminal(*size)
            await stage.settle()
        await stage.sees("Good morning.", "Give me a moment.")


def test_play_and_screen_share_no_state(home: Home, shelf: Path) -> None:
    """A session held by nobody can be opened by anybody, after the screen that played it has gone."""
    play: Play = begun(home, shelf, "invite")
    play.close()
    play.close()
    assert the_session(home).session.events == (Chose("desk", "invite"),)


async def test_the_editor_has_what_was_typed_also_after_help(home: Home, shelf: Path) -> None:
    """Opening help, or the palette, over the editor takes nothing from what was typed."""
    session = played(home, shelf, "invite", "explain")
    async with on_stage(home, resume=session) as stage:
        await stage.type("Told")
        await stage.press("f1")
        await stage.sees("Keys")
        await stage.press("escape")
        await stage.press("ctrl+p", "escape")
        assert stage.screen.query_one(TextArea).text == "Told"
