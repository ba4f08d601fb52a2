"""Who sits down at the keyboard."""

from __future__ import annotations

import errno
from collections.abc import Callable

import pytest
from textual.widgets import Input

from simulator import people
from simulator.people import Role
from simulator.settings import Home
from simulator.tui.library import LibraryScreen
from tests.failing import FailingOs
from tests.tui.stage import SIZES, Opening, on_stage


@pytest.fixture
def empty(home: Home) -> Home:
    """Return a home that nobody has used yet."""
    home.people.unlink()
    return home


def known(home: Home) -> list[tuple[str, Role]]:
    """Return who is known, by name."""
    return [(each.name, each.role) for each in people.load(home.people).everybody.values()]


@pytest.mark.parametrize("size", SIZES)
async def test_the_first_start_asks_who_it_is_and_says_what_is_kept(empty: Home, size: tuple[int, int]) -> None:
    """Whoever starts it first is asked for a name, told what is kept, and sits in the library after Enter."""
    async with on_stage(empty, size, who="") as stage:
        await stage.sees("who are you?", "I am a supervisor")
        await stage.hears("Your name", "Your supervisor can read all of it", "Everybody in these cases is invented")
        await stage.type("Noor Baker")
        await stage.press("enter")
        await stage.at(LibraryScreen)
        await stage.hears("Noor Baker")
    assert known(empty) == [("Noor Baker", Role.TRAINEE)]
    async with on_stage(empty, size, who="") as stage:
        await stage.at(LibraryScreen)
        await stage.hears("Noor Baker")


async def test_a_name_typed_while_the_library_is_opened_is_kept(empty: Home, opening: Opening) -> None:
    """Whoever types at once finds the whole name in the line, and Enter takes it."""
    async with opening(empty, "") as stage:
        stage.post(*"Noor Q. Baker1")
        await stage.pilot.pause()
        opening.go()
        await stage.until(lambda: bool(stage.screen.query(Input)), "asked for a name")
        await stage.until(lambda: stage.screen.query_one(Input).value == "Noor Q. Baker1", "typed")
        await stage.press("backspace", "enter")
        await stage.at(LibraryScreen)
    assert known(empty) == [("Noor Q. Baker", Role.TRAINEE)]


async def test_a_supervisor_says_so_with_the_mouse(empty: Home) -> None:
    """The second button takes somebody down as a supervisor."""
    async with on_stage(empty, who="") as stage:
        await stage.type("Sam Super")
        await stage.click("#supervisor")
        await stage.sees("library")
    assert known(empty) == [("Sam Super", Role.SUPERVISOR)]


@pytest.mark.parametrize("way", ["digit", "arrows", "click"])
async def test_a_known_name_is_picked(home: Home, way: str) -> None:
    """Names that are known are picked by digit, by arrows or by mouse, and nobody is added."""
    async with on_stage(home, who="") as stage:
        await stage.sees("Pick your name", "Kim Trainee", "Sam Super")
        match way:
            case "digit":
                await stage.pick("Sam Super")
            case "arrows":
                await stage.press("down", "enter")
            case _:
                await stage.click("Sam Super")
        await stage.sees("library", "Sam Super")
    assert len(known(home)) == 2


async def test_typing_a_known_name_adds_nobody(home: Home) -> None:
    """Who types a name that is known is that person, however it is capitalised."""
    async with on_stage(home, who="kim trainee") as stage:
        await stage.sees("library", "Kim Trainee")
        assert stage.app.desk is not None
        assert stage.app.desk.person is not None
        assert stage.app.desk.person.id == "t-kim"
    assert len(known(home)) == 2


async def test_typing_over_the_list_types_a_name_and_half_a_name_adds_nobody(home: Home) -> None:
    """Letters go to the field though the list is lit; the first half of a known name adds nobody, another name does."""
    async with on_stage(home, who="") as stage:
        await stage.sees("Pick your name", "Kim Trainee")
        await stage.press("k", "i", "m", "enter")
        await stage.sees("Kim Trainee is in the list. If that is you, pick it there")
        assert stage.screen.query_one(Input).value == "kim"
        await stage.press("o", "enter")
        await stage.sees("library", "kimo")
    assert [name for name, _ in known(home)] == ["Kim Trainee", "Sam Super", "kimo"]


async def test_an_unknown_name_from_the_command_line_waits_for_enter(home: Home) -> None:
    """A name given with --as that nobody has stands in the field; Enter adds it, and play goes on."""
    async with on_stage(home, who="Ola New", scenario="front-desk") as stage:
        assert stage.screen.query_one(Input).value == "Ola New"
        await stage.press("enter")
        await stage.sees("briefing", "Begin")
    assert ("Ola New", Role.TRAINEE) in known(home)


@pytest.mark.parametrize("name", ["", "   ", "\u200e\u202e"])
async def test_no_name_is_told(empty: Home, name: str) -> None:
    """A name with nothing in it that can be shown is asked for once more."""
    async with on_stage(empty, who="") as stage:
        stage.screen.query_one(Input).value = name
        await stage.press("enter")
        await stage.sees("Type your name first.")
        await stage.type("Noor")
        await stage.press("enter")
        await stage.sees("library")
    assert [name for name, _ in known(empty)] == ["Noor"]


async def test_a_name_that_two_people_have_is_not_added_a_third_time(home: Home) -> None:
    """Where two people have one name, the list tells them apart, not the field."""
    home.people.write_text("p-one: {name: Kim Lee}\np-two: {name: Kim Lee}\n", encoding="utf-8")
    async with on_stage(home, who="") as stage:
        stage.screen.query_one(Input).focus()
        await stage.type("Kim Lee")
        await stage.press("enter")
        await stage.sees("Several people are called Kim Lee")
        assert [text for text in stage.offered if "p-one" in text]
        await stage.pick("p-two")
        assert stage.app.desk is not None
        assert stage.app.desk.person is not None
        assert stage.app.desk.person.id == "p-two"
    assert len(known(home)) == 2


async def test_a_full_disk_keeps_the_name_in_the_field(empty: Home, broken: Callable[[int], FailingOs]) -> None:
    """A name that cannot be saved stays typed, the reason is told, and Enter tries again."""
    async with on_stage(empty, who="") as stage:
        await stage.type("Noor")
        disk = broken(errno.ENOSPC)
        await stage.press("enter")
        await stage.sees("Could not save", "the disk is full")
        assert stage.screen.query_one(Input).value == "Noor"
        disk.heal()
        stage.app.clear_notifications()
        await stage.press("enter")
        await stage.sees("library")
    assert [name for name, _ in known(empty)] == ["Noor"]


async def test_a_spoilt_list_of_people_does_not_keep_the_app_shut(home: Home) -> None:
    """With mistakes in people.yaml the app opens, says that nobody can be added, and stays."""
    home.people.write_text("t-kim: {name: Kim\n", encoding="utf-8")
    async with on_stage(home, who="") as stage:
        await stage.type("Noor")
        await stage.press("enter")
        await stage.sees("Nobody can be added")
    assert "Noor" not in home.people.read_text(encoding="utf-8")


async def test_escape_leaves_while_nobody_has_been_picked(home: Home) -> None:
    """Escape on the first question leaves Caseload; later it goes back to the library."""
    async with on_stage(home, who="") as stage:
        await stage.press("escape")
        assert stage.app.return_code == 0
        assert not stage.app.is_running or stage.app._exit
    async with on_stage(home) as stage:
        await stage.press("w")
        await stage.sees("who are you?")
        await stage.press("escape")
        await stage.sees("library", "Kim Trainee")
