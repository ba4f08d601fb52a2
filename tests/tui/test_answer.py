"""Deciding several things at once: ticking, ordering, saying how sure, and what is at hand meanwhile."""

from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path

import pytest

from simulator.session import Chose, Consulted, Ranked, Read, Selected
from simulator.settings import Home
from simulator.tui.choices import Choice
from simulator.tui.documents import DocumentsScreen
from simulator.tui.log import Log
from simulator.tui.meeting import MeetingScreen
from tests.cases import MANY
from tests.failing import FailingOs
from tests.tui.stage import Stage, must_verify, on_stage, played, the_session
from tests.tui_cases import library

SMALL = ((80, 24), (40, 12))
ENOUGH = "That is all."
LONG = "One of very many things that somebody could still take care of before the next client comes in as number "
IN_ORDER = "Go on with this order."


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """Return a library in which several things are to be picked and put in order."""
    return library(tmp_path / "library", MANY)


def ticked(stage: Stage) -> set[str]:
    """Return what is ticked."""
    return {text.removeprefix("[x] ") for text in stage.offered if text.startswith("[x] ")}


def lit(stage: Stage) -> list[str]:
    return [choice.text for choice in stage.screen.query(Choice) if choice.has_class("-on")]


async def light(stage: Stage, words: str) -> None:
    """Go down to what says so, with the arrows."""
    for _ in stage.offered:
        await stage.press("down")
        if any(words in text for text in lit(stage)):
            return
    raise AssertionError(f"cannot be lit: {words}")


# -- picking several ------------------------------------------------------------------------------


@pytest.mark.parametrize("size", SMALL)
async def test_options_are_ticked_by_digit_enter_and_mouse(home: Home, shelf: Path, size: tuple[int, int]) -> None:
    """Each way ticks and takes the tick away again; only the last row decides, and then all of it is saved at once."""
    session = played(home, shelf)
    async with on_stage(home, size, resume=session) as stage:
        await stage.hears("What do you take care of?", "(pick 1 to 2)")
        await stage.go("Write the note.")
        assert ticked(stage) == {"Write the note."}
        await light(stage, "Tidy the desk.")
        await stage.press("enter")
        assert ticked(stage) == {"Write the note.", "Tidy the desk."}
        await stage.press("enter")
        await stage.click("It is me again.")
        assert ticked(stage) == {"Write the note.", "“It is me again.”"}
        await stage.click("Write the note.")
        await stage.go("Tidy the desk.")
        assert the_session(home).session.events == ()
        await light(stage, ENOUGH)
        await stage.press("enter")
        await stage.hears("Three things wait.", "It waits.", "Picked: “It is me again.”; Tidy the desk.")
        assert the_session(home).session.events == (Selected("desk", ("call", "tidy")),)
    must_verify(home)


async def test_too_few_and_too_many_are_told(home: Home, shelf: Path) -> None:
    """Handing in a number that cannot be picked says how many can, decides nothing, and keeps the ticks."""
    session = played(home, shelf)
    async with on_stage(home, (80, 24), resume=session) as stage:
        await stage.go(ENOUGH)
        await stage.sees("Pick 1 to 2; 0 are picked.")
        await stage.go("Write the note.")
        await stage.until(lambda: "0 are picked" not in stage.told, "the message gone")
        await stage.go("It is me again.", "Tidy the desk.", ENOUGH)
        await stage.sees("Pick 1 to 2; 3 are picked.")
        assert len(ticked(stage)) == 3
        assert the_session(home).session.events == ()


@pytest.mark.parametrize("size", SMALL)
async def test_a_long_list_stays_in_reach(home: Home, shelf: Path, size: tuple[int, int]) -> None:
    """Twelve options that wrap, under a prompt: what is lit is on the screen, down to the row that hands them in."""
    more = "".join(f"        o{number}: {{do: {LONG}{number}.}}\n" for number in range(8))
    (shelf / "many-at-once.yaml").write_text(MANY.replace("        tidy:", f"{more}        tidy:"), encoding="utf-8")
    session = played(home, shelf)
    async with on_stage(home, size, resume=session) as stage:
        assert len(stage.offered) == 12
        await stage.press("up")
        assert lit(stage) == [ENOUGH]
        await stage.sees(ENOUGH)
        await light(stage, f"{LONG}7.")
        await stage.press("enter")
        await stage.sees("[x] One of very many")
        assert ticked(stage) == {f"{LONG}7."}


async def test_a_double_click_hands_in_once(home: Home, shelf: Path) -> None:
    """The second half of a double click does not pick from what has come to stand there; nor do keys held down."""
    session = played(home, shelf)
    async with on_stage(home, resume=session) as stage:
        await stage.go("Write the note.")
        await stage.click(ENOUGH, times=2)
        await stage.sees("In which order?")
        assert the_session(home).session.events == (Selected("desk", ("note",)),)
        assert not [text for text in stage.offered if "(1)" in text]


async def test_where_nothing_is_on_offer_one_row_goes_on(home: Home, shelf: Path) -> None:
    """Where every option is out of reach, what is left is lit, and Enter goes on."""
    session = played(home, shelf, "pick:call", "order:mail phone tea")
    async with on_stage(home, resume=session) as stage:
        await stage.sees("Anything else?", "(pick 0)")
        assert lit(stage) == stage.offered == [ENOUGH]
        await stage.press("enter")
        await stage.sees("It is nearly eleven.")
        assert the_session(home).session.events[-1] == Selected("maybe", ())


async def test_ticks_stay_while_something_is_read_or_asked(home: Home, shelf: Path) -> None:
    """Opening a document, the directory, or asking meanwhile takes no tick away; what is new on offer has none."""
    session = played(home, shelf)
    async with on_stage(home, resume=session) as stage:
        await stage.go("Tidy the desk.")
        await stage.press("r", "escape", "d", "1", "escape")
        await stage.at(MeetingScreen)
        await stage.until(lambda: len(stage.offered) == 5, "one more on offer")
        await stage.go("File the letter.")
        await stage.press("c")
        await stage.hears("The note comes first.")
        assert ticked(stage) == {"Tidy the desk.", "File the letter."}
        await stage.go(ENOUGH)
        await stage.sees("Three things wait.")
    events = the_session(home).session.events
    assert events[2:] == (Consulted("desk"), Selected("desk", ("tidy", "file")))


# -- putting in order -----------------------------------------------------------------------------


@pytest.mark.parametrize("size", SMALL)
async def test_things_are_put_in_order_first_to_last(home: Home, shelf: Path, size: tuple[int, int]) -> None:
    """Each gets the next place; taking one out moves up those behind it; all need a place."""
    session = played(home, shelf, "pick:note")
    async with on_stage(home, size, resume=session) as stage:
        await stage.hears("In which order?", "(pick them first to last)")
        await stage.go("Make tea", "Call her back")
        assert {"(1) Make tea", "(2) Call her back", "( ) Answer the e-mail"} < set(stage.offered)
        await stage.click("Make tea")
        assert {"( ) Make tea", "(1) Call her back"} < set(stage.offered)
        await stage.go(IN_ORDER)
        await stage.sees("2 of them have no place yet.")
        await light(stage, "Answer the e-mail")
        await stage.press("enter")
        await stage.go("Make tea", IN_ORDER)
        await stage.hears("So be it.", "In order: 1. Call her back; 2. Answer the e-mail; 3. Make tea")
        assert the_session(home).session.events[-1] == Ranked("order", ("phone", "mail", "tea"))
    must_verify(home)


# -- how sure -------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", SMALL)
async def test_how_sure_is_asked_and_can_be_stepped_back_from(home: Home, shelf: Path, size: tuple[int, int]) -> None:
    """Before anything is saved it is asked how sure one is; Escape goes back, with everything ticked as it was."""
    session = played(home, shelf, confidence=True)
    async with on_stage(home, size, resume=session) as stage:
        await stage.go("Write the note.", ENOUGH)
        await stage.hears("How sure are you?")
        assert stage.offered == ["a guess", "not very", "fairly", "quite sure"]
        assert the_session(home).session.events == ()
        await stage.press("escape")
        await stage.hears("What do you take care of?")
        assert ticked(stage) == {"Write the note."}
        await stage.go("Tidy the desk.", ENOUGH)
        await stage.press("5", "9", "3")
        await stage.hears("In which order?")
        assert the_session(home).session.events == (Selected("desk", ("note", "tidy"), 3),)
        await stage.go("Answer the e-mail", "Call her back", "Make tea", IN_ORDER)
        await stage.go("quite sure")
        await stage.hears("Anything else?")
        await stage.go(ENOUGH)
        await stage.hears("It is nearly eleven.")
        await stage.go("Go home.")
        await light(stage, "a guess")
        await stage.press("enter")
        await stage.hears("It is over for today.")
    assert [getattr(each, "confidence", None) for each in the_session(home).session.events] == [3, 4, 0, 1]
    must_verify(home)


async def test_leaving_at_the_question_decides_nothing(home: Home, shelf: Path) -> None:
    """Who leaves before saying how sure finds the decision still to be made."""
    session = played(home, shelf, "pick:note", "order:phone mail tea", confidence=True)
    async with on_stage(home, resume=session) as stage:
        await stage.go("Thank him.", ENOUGH)
        await stage.sees("How sure are you?")
        await stage.press("q")
    async with on_stage(home, resume=session) as stage:
        await stage.sees("Anything else?")
        assert ticked(stage) == set()
    assert len(the_session(home).session.events) == 2


async def test_it_is_asked_where_the_app_was_told_to(home: Home) -> None:
    """A session begun with `--confidence` asks; its header says so."""
    async with on_stage(home, confidence=True) as stage:
        await stage.begin("Much at once")
        await stage.go("Write the note.", ENOUGH, "fairly")
        await stage.sees("In which order?")
    assert the_session(home).recorded.header.confidence
    assert the_session(home).session.confidence == 3


# -- what is at hand ------------------------------------------------------------------------------


async def test_everybody_who_speaks_is_heard_by_name(home: Home, shelf: Path) -> None:
    """What others say stands after what the person at hand says, also where only others speak, and after resuming."""
    session = played(home, shelf)
    async with on_stage(home, (80, 24), resume=session) as stage:
        await stage.hears("I am still here.", "So am I.", "Gus Brandt")
        said = stage.screen.query_one(Log).said
        assert said.index("I am still here.") < said.index("So am I.")
        await stage.go("Write the note.", ENOUGH)
        await stage.hears("Me too.")
    async with on_stage(home, (80, 24), resume=session) as stage:
        await stage.hears("So am I.", "Picked: Write the note.", "The pen scratches.", "Me too.")
        assert stage.screen.query_one(Log).said.count("So am I.") == 1


@pytest.mark.parametrize("size", SMALL)
async def test_the_directory_is_opened_by_its_key(home: Home, shelf: Path, size: tuple[int, int]) -> None:
    """`r` opens it at once; its minutes pass the first time only, and then it is at hand anywhere."""
    session = played(home, shelf)
    async with on_stage(home, size, resume=session) as stage:
        for _ in range(2):
            await stage.press("r")
            await stage.at(DocumentsScreen)
            await stage.hears("Legal Aid", "Last verified: 2024-01-15", "Closed on Mondays.")
            await stage.press("escape")
            await stage.at(MeetingScreen)
        assert the_session(home).session.events == (Read("desk", "directory"),)
        assert the_session(home).session.minutes == 3
        await stage.go("Write the note.", ENOUGH)
        await stage.hears("Three things wait.")
        await stage.press("r")
        await stage.at(DocumentsScreen)
        await stage.hears("Food bank")
        await stage.press("d")
        await stage.at(MeetingScreen)
    assert len(the_session(home).session.events) == 2


async def test_the_directory_is_not_at_hand_before_it_was_read(home: Home, shelf: Path) -> None:
    """Where it is not offered and was never opened, its key does nothing and is not named."""
    session = played(home, shelf, "pick:note")
    async with on_stage(home, resume=session) as stage:
        await stage.sees("In which order?")
        assert "irectory" not in stage.painted
        await stage.press("r")
        assert isinstance(stage.screen, MeetingScreen)


async def test_a_supervisor_who_is_away_can_be_asked_for(home: Home, shelf: Path) -> None:
    """Asking while she is away tells why nobody can be asked, takes no time, and works when she is back."""
    session = played(home, shelf)
    async with on_stage(home, (80, 24), resume=session) as stage:
        await stage.press("c")
        await stage.sees("Her door is shut until eleven.")
        assert the_session(home).session.events == ()
    session = played(home, shelf, "read:letter")
    async with on_stage(home, (80, 24), resume=session) as stage:
        await stage.press("c")
        await stage.hears("The note comes first.")


# -- what cannot be saved, leaving and coming back --------------------------------------------------


@pytest.mark.parametrize(("error", "confidence"), [(errno.ENOSPC, False), (errno.EACCES, True)])
async def test_what_cannot_be_saved_stays_ticked(
    home: Home, shelf: Path, broken: Callable[[int], FailingOs], error: int, confidence: bool
) -> None:
    """A save that fails says so and keeps what was ticked, or put in order; doing it again saves it."""
    session = played(home, shelf, confidence=confidence)
    last = ["fairly"] if confidence else []
    async with on_stage(home, resume=session) as stage:
        await stage.go("Write the note.", "Tidy the desk.")
        disk = broken(error)
        await stage.go(ENOUGH, *last)
        await stage.sees("Not saved, so nothing has happened yet")
        assert lit(stage) == [*last, ENOUGH][:1]
        if confidence:
            await stage.press("escape")
        assert ticked(stage) == {"Write the note.", "Tidy the desk."}
        disk.heal()
        await stage.go(ENOUGH, *last)
        await stage.sees("In which order?")
        sure = 3 if confidence else 0
        assert the_session(home).session.events == (Selected("desk", ("note", "tidy"), sure),)
        await stage.go("Make tea", "Call her back", "Answer the e-mail")
        disk = broken(error)
        await stage.go(IN_ORDER, *last)
        await stage.sees("Not saved, so nothing has happened yet")
        disk.heal()
        await stage.go(*(last or [IN_ORDER]))
        await stage.sees("Anything else?")
        assert the_session(home).session.events[-1] == Ranked("order", ("tea", "phone", "mail"), sure)
    must_verify(home)


async def test_it_goes_on_in_the_middle(home: Home, shelf: Path) -> None:
    """Coming back stands where it stood, with the same order on screen; what was only ticked was not decided."""
    session = played(home, shelf)
    async with on_stage(home, resume=session) as stage:
        shown = stage.offered
        await stage.go("Write the note.")
        await stage.press("q")
    async with on_stage(home, resume=session) as stage:
        assert stage.offered == shown
        await stage.go("It is me again.", ENOUGH, "Answer the e-mail")
        shown = [text.removeprefix("(1) ").removeprefix("( ) ") for text in stage.offered]
        await stage.press("q")
    async with on_stage(home, resume=session) as stage:
        await stage.sees("In which order?")
        assert [text.removeprefix("( ) ") for text in stage.offered] == shown
        await stage.go("Answer the e-mail", "Make tea", "Call her back", IN_ORDER)
        await stage.sees("Anything else?")
    assert the_session(home).session.events == (
        Selected("desk", ("call",)),
        Ranked("order", ("mail", "tea", "phone")),
    )
    must_verify(home)


async def test_the_debrief_tells_what_was_picked(home: Home, shelf: Path) -> None:
    """Played to its end, what was picked, left out, put in order, and how sure one was, can be looked back at."""
    session = played(home, shelf, "pick:tidy", "order:mail phone tea", "pick:", confidence=True)
    async with on_stage(home, resume=session) as stage:
        await stage.go("Stay.", "quite sure")
        await stage.sees("It is over for today.")
        await stage.press("1")
        await stage.hears("Picked: Tidy the desk.")
    assert the_session(home).session.events[-1] == Chose("last", "stay", 4)
