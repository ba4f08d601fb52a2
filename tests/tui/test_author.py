"""The author's desk: writing a case, seeing what is wrong, and losing nothing."""

from __future__ import annotations

import random
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from simulator.authoring import saving
from simulator.authoring.saving import Opened, open_file
from simulator.library import rubric_at
from simulator.settings import Home, Settings
from simulator.tui.author.asking import AskScreen, TellScreen
from simulator.tui.author.author_app import AuthorApp
from simulator.tui.author.checking import Writing
from simulator.tui.author.completing import CompleteScreen
from simulator.tui.author.desk import AuthorScreen, Outline
from simulator.tui.author.editor import Editor
from simulator.tui.author.inserting import InsertScreen
from simulator.tui.author.preview import PreviewScreen
from simulator.tui.author.problems import ProblemList
from simulator.tui.library import LibraryScreen
from simulator.tui.pick import PickScreen
from simulator.tui.seek import SeekScreen
from tests.failing import FailingOs
from tests.tui.stage import SIZES, Stage, key_event, on_stage
from tests.tui_cases import CASE, TITLE


@pytest.fixture
def file(shelf: Path) -> Path:
    """Return the file of the small case."""
    return next(shelf.glob("*.yaml"))


@asynccontextmanager
async def writing(home: Home, path: Path, size: tuple[int, int] = (120, 40), row: int = 0) -> AsyncIterator[Stage]:
    """Open the author's desk for a file, and wait until it has been looked at."""
    loaded = rubric_at()
    assert loaded.value is not None
    assert loaded.source is not None
    opened = open_file(path)
    assert isinstance(opened, Opened)
    screen = AuthorScreen(Writing(loaded.value, loaded.source), opened, row)
    app = AuthorApp(home, Settings(), screen)
    app.animation_level = "none"
    async with app.run_test(size=size, notifications=True) as pilot:
        stage = Stage(app, pilot)
        await stage.until(lambda: screen.seen is not None, "looked at")
        await stage.settle()
        yield stage


def desk(stage: Stage) -> AuthorScreen:
    """Return the desk, whatever lies on it."""
    return next(screen for screen in stage.app.screen_stack if isinstance(screen, AuthorScreen))


def editor(stage: Stage) -> Editor:
    """Return the editor."""
    return desk(stage).query_one(Editor)


async def looked(stage: Stage) -> None:
    """Wait until what stands in the editor has been looked at."""
    await stage.until(lambda: (seen := desk(stage).seen) is not None and seen.text == editor(stage).text, "looked at")
    await stage.settle()


async def typed_at(stage: Stage, line: str, text: str) -> None:
    """Type at the end of a line."""
    lines = editor(stage).text.split("\n")
    editor(stage).go(lines.index(line), len(line))
    await stage.type(text)


# -- writing ----------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [(120, 40), *SIZES])
async def test_it_shows_the_text_and_what_is_wrong_with_it(home: Home, file: Path, size: tuple[int, int]) -> None:
    """A mistake is marked beside its line and told below the text, a moment after it was typed; keys lead to it."""
    async with writing(home, file, size) as stage:
        await typed_at(stage, "    next: fork", "k")
        await looked(stage)
        row = editor(stage).cursor_location[0]
        assert editor(stage).marks[row].value == "error"
        await stage.sees("there is no scene or ending")
        await stage.hears("there is no scene or ending `forkk`")
        editor(stage).go(0)
        await stage.press("f8")
        assert editor(stage).cursor_location[0] == row


async def test_a_sign_stands_beside_a_line_with_a_problem(home: Home, file: Path) -> None:
    """Colour is not the only sign: an error has ✗ behind the number of its line."""
    async with writing(home, file) as stage:
        await typed_at(stage, "start: desk", "s")
        await looked(stage)
        number = editor(stage).cursor_location[0] + 1
        await stage.until(lambda: f"{number}✗ start: desks" in stage.painted, "a sign")


async def test_the_next_line_begins_where_it_belongs(home: Home, tmp_path: Path) -> None:
    """Enter keeps the indentation, and goes in by a step below a key or a block; Backspace goes out by a step."""
    async with writing(home, tmp_path / "new.yaml") as stage:
        await stage.type("scenes:\n")
        await stage.type("one:\n")
        await stage.type("text: |\n")
        await stage.type("She waits.\n")
        await stage.press("backspace")
        await stage.type("next: two")
        assert editor(stage).text == "scenes:\n  one:\n    text: |\n      She waits.\n    next: two"


async def test_outline_leads_to_a_scene(home: Home, file: Path) -> None:
    """Esc leads into the outline, arrows and Enter to a scene; the entry of the cursor is lit."""
    async with writing(home, file) as stage:
        await stage.press("escape", "home")
        for _ in range(20):
            await stage.press("down")
            outline = desk(stage).query_one("#outline")
            if desk(stage)._rows[outline.highlighted or 0].id == "colleague":  # type: ignore[attr-defined]
                break
        await stage.press("enter")
        row = editor(stage).cursor_location[0]
        assert editor(stage).document.get_line(row) == "  colleague:"
        assert stage.app.focused is editor(stage)


async def test_the_mouse_leads_to_a_scene_and_to_a_problem(home: Home, file: Path) -> None:
    """A click on an entry of the outline goes there; so does one on a problem of the list."""
    async with writing(home, file) as stage:
        await typed_at(stage, "    next: fork", "k")
        await looked(stage)
        wrong = editor(stage).cursor_location[0]
        rows = stage.painted.split("\n")
        await stage.tap(3, next(y for y, line in enumerate(rows) if line.startswith("  colleague")))
        assert editor(stage).document.get_line(editor(stage).cursor_location[0]) == "  colleague:"
        listed = desk(stage).query_one(ProblemList).region
        await stage.tap(listed.x + 12, listed.y + 1)
        assert editor(stage).cursor_location[0] == wrong


async def test_esc_leads_out_of_the_text_and_never_back(home: Home, file: Path) -> None:
    """Esc pressed twice is still outside, so that a letter is a command; Tab leads back to where one was."""
    async with writing(home, file, (80, 24), row=40) as stage:
        before = editor(stage).cursor_location
        await stage.press("escape", "escape", "z", "y", "j")
        assert editor(stage).text == CASE
        assert stage.app.focused is desk(stage).query_one("#outline")
        await stage.press("tab")
        assert stage.app.focused is editor(stage)
        assert editor(stage).cursor_location == before
        await stage.type("# ")
        assert editor(stage).text != CASE


async def test_the_outline_stays_while_somebody_is_in_it(home: Home, file: Path) -> None:
    """In a narrow window it is there as long as it is used, also when the text is looked at meanwhile."""
    async with writing(home, file, (80, 24)) as stage:
        await stage.type("# mine\n")
        await stage.press("escape")
        await looked(stage)
        assert desk(stage).query_one("#outline").display
        await stage.press("tab")
        assert not desk(stage).query_one("#outline").display


async def test_letters_are_commands_outside_of_the_text_only(home: Home, file: Path) -> None:
    """In the text `s` is a letter; after Esc it saves."""
    async with writing(home, file) as stage:
        await stage.type("# s\n")
        assert file.read_text() == CASE
        await stage.press("escape", "s")
        await stage.until(lambda: file.read_text() == f"# s\n{CASE}", "saved")


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("collea", "  colleague:"),
        ("12", "content-note: Money trouble."),
        ("briefing", "briefing: |"),
        ("people", "people:"),
        ("summary", "summary: Somebody asks for something that is not yours to give."),
    ],
)
async def test_one_goes_to_a_name_or_a_line(home: Home, file: Path, typed: str, line: str) -> None:
    """Typing a part of a name, or a number, leads there."""
    async with writing(home, file) as stage:
        await stage.press("f4")
        await stage.type(typed)
        await stage.press("enter")
        row = editor(stage).cursor_location[0]
        assert editor(stage).document.get_line(row) == line


@pytest.mark.parametrize("row", [0, 60, 100])
async def test_where_one_went_is_in_view(home: Home, tmp_path: Path, row: int) -> None:
    """From the outline of a narrow window too, which goes and gives the text its width back."""
    path = tmp_path / "wide.yaml"
    path.write_text("".join(f"# {number} {'word ' * 30}\n" for number in range(200)))
    async with writing(home, path, (80, 24), row=150) as stage:
        await stage.press("escape", "g")
        await stage.type(str(row + 1))
        await stage.press("enter")
        assert editor(stage).cursor_location == (row, 0)
        await stage.sees(f"# {row} word")


async def test_words_are_found(home: Home, file: Path) -> None:
    """Words are looked for from the cursor on, and from the top again after the end."""
    async with writing(home, file) as stage:
        await stage.press("ctrl+f")
        await stage.type("SHALL I")
        await stage.press("enter")
        row = editor(stage).cursor_location[0]
        assert "Shall I take over" in editor(stage).document.get_line(row)
        await stage.press("f3")
        assert editor(stage).cursor_location[0] == row


@pytest.mark.parametrize("key", ["f9", "ctrl+space", "ctrl+@"])
async def test_what_can_stand_here_is_offered(home: Home, file: Path, key: str) -> None:
    """After `next:` the scenes and endings are offered; the one that is picked takes the place of what was typed."""
    async with writing(home, file) as stage:
        await typed_at(stage, "    next: fork", "")
        for _ in "fork":
            await stage.press("backspace")
        await stage.type("hand")
        await stage.press(key)
        await stage.at(CompleteScreen)
        await stage.sees("handed-over", "Somebody else's desk")
        await stage.press("enter")
        assert "    next: handed-over\n" in editor(stage).text


async def test_where_nothing_can_be_offered_it_says_what_belongs_there(home: Home, file: Path) -> None:
    """Inside of a text there is nothing to pick."""
    async with writing(home, file) as stage:
        await typed_at(stage, "  You are new here.", "")
        await stage.press("f9")
        await stage.sees("This is text")


# -- whole responses and scenes ---------------------------------------------------------------


def selected(stage: Stage) -> str:
    """Return what is selected."""
    return editor(stage).selected_text


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_a_response_is_selected_then_its_scene(home: Home, file: Path, size: tuple[int, int]) -> None:
    """One key selects the response that the cursor stands in, the same key again its scene, and so on to all of it."""
    row = CASE.split("\n").index("        say: You will have the money.")
    async with writing(home, file, size, row) as stage:
        await stage.press("ctrl+l")
        await stage.sees("Selected: response hello/promise")
        assert selected(stage).startswith("      promise:\n")
        assert selected(stage).endswith("sets: promised")
        await stage.press("ctrl+l")
        await stage.sees("Selected: scene hello")
        assert selected(stage).startswith("  hello:\n")
        await stage.press("ctrl+l")
        assert selected(stage).startswith("scenes:\n")
        await stage.press("ctrl+l", "ctrl+l")
        assert selected(stage) == CASE


async def test_what_is_selected_as_a_whole_goes_as_a_whole(home: Home, file: Path) -> None:
    """Delete leaves no empty line behind, cutting and pasting move whole lines, pasting over them replaces them."""
    lines = CASE.split("\n")
    row = lines.index("        say: You will have the money.")
    async with writing(home, file, row=row) as stage:
        await stage.press("ctrl+l")
        response = selected(stage)
        without = CASE.replace(f"{response}\n", "")
        await stage.press("delete")
        assert editor(stage).text == without
        await stage.press("ctrl+z")
        assert editor(stage).text == CASE
        editor(stage).go(row)
        await stage.press("ctrl+l", "ctrl+x")
        assert editor(stage).text == without
        await stage.press("ctrl+v")
        assert editor(stage).text == CASE
        editor(stage).go(row)
        await stage.press("ctrl+l")
        await stage.paste("      other:\n        say: Other.\n")
        assert editor(stage).text == CASE.replace(response, "      other:\n        say: Other.")
        editor(stage).go(row)
        await stage.press("ctrl+l")
        await stage.type("#")
        assert editor(stage).text == CASE.replace(response, "#")


async def test_the_last_scene_of_a_text_can_be_taken_away(home: Home, tmp_path: Path) -> None:
    """Where no line follows, the one before it is the last one then."""
    path = tmp_path / "case.yaml"
    path.write_text("scenes:\n  one:\n    text: One.\n  two:\n    text: Two.")
    async with writing(home, path, row=3) as stage:
        await stage.press("ctrl+l", "delete")
        assert editor(stage).text == "scenes:\n  one:\n    text: One."


async def test_what_is_lit_in_the_outline_is_selected(home: Home, file: Path) -> None:
    """After Esc a letter selects what is lit; Delete takes it away, and what is pasted takes its place in the text."""
    scene = CASE.partition("  colleague:\n")[2].partition("  fork:\n")[0].rstrip("\n")
    async with writing(home, file) as stage:
        await stage.press("escape", "home")
        outline = desk(stage).query_one(Outline)
        at = next(at for at, each in enumerate(desk(stage)._rows) if each.id == "colleague")
        await stage.burst(*["down"] * at)
        assert outline.highlighted == at
        await stage.press("m")
        await stage.sees("Selected: scene colleague", "Tab leads to the text")
        assert selected(stage) == f"  colleague:\n{scene}"
        await stage.press("m")
        assert selected(stage).startswith("scenes:\n")
        await stage.press("up", "down", "m", "delete")
        await stage.until(lambda: "  colleague:" not in editor(stage).text, "taken away")
        await stage.press("z")
        await stage.until(lambda: editor(stage).text == CASE, "there again")
        await stage.press("up", "down", "m")
        await stage.paste("  colleague: {text: Nobody., next: note}\n")
        assert f"{scene}\n" not in editor(stage).text
        assert "\n  colleague: {text: Nobody., next: note}\n  fork:\n" in editor(stage).text
        assert stage.app.focused is editor(stage)


@pytest.mark.parametrize(
    ("key", "to"),
    [("shift+pagedown", 1), ("shift+pageup", -1), ("ctrl+shift+end", CASE.count("\n")), ("ctrl+shift+home", 0)],
)
async def test_keys_that_select_far(home: Home, file: Path, key: str, to: int) -> None:
    """With Shift, what moves by a screenful or to an end of the text selects on the way."""
    async with writing(home, file, row=60) as stage:
        await stage.press(key)
        start, end = editor(stage).selection
        assert start == (60, 0)
        if "page" in key:
            assert 10 < (end[0] - 60) * to < 40
        else:
            assert end == (to, 0)


# -- inserting --------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_a_response_is_written_by_a_form(home: Home, file: Path, size: tuple[int, int]) -> None:
    """Words, marks by their anchors, feelings and the next scene become YAML; the id comes from the words."""
    async with writing(home, file, size, CASE.split("\n").index("  hello:")) as stage:
        await stage.press("f2", "enter")
        await stage.at(InsertScreen)
        await stage.type("Who decides: the panel #1")
        await stage.press("tab")
        await stage.type("She nods.")
        await stage.press("tab", "enter")
        await stage.at(PickScreen)
        await stage.type("limits")
        await stage.press("enter")
        await stage.sees("Says plainly what cannot be done")
        await stage.press("enter")
        await stage.at(InsertScreen)
        await stage.press("tab")
        await stage.type("It is so.")
        await stage.press("tab")
        await stage.type("trust +1, tension -2")
        await stage.press("tab")
        await stage.type("note")
        await stage.press("ctrl+s")
        await stage.at(AuthorScreen)
        expected = (
            "      who-decides-panel:\n"
            "        say: |\n"
            "          Who decides: the panel #1\n"
            "        then: She nods.\n"
            "        marks: {rapport.limits: best}\n"
            "        why: It is so.\n"
            "        feels: {trust: +1, tension: -2}\n"
            "        next: note\n"
        )
        assert expected in editor(stage).text
        await stage.press("ctrl+z")
        assert editor(stage).text == CASE


async def test_a_form_says_what_is_missing(home: Home, file: Path) -> None:
    """An id that is taken, or a feeling that nobody has, is told, and nothing is inserted."""
    async with writing(home, file, row=CASE.split("\n").index("  hello:")) as stage:
        await stage.press("f2")
        await stage.type("fact")
        await stage.press("enter")
        await stage.at(InsertScreen)
        await stage.press("ctrl+s")
        await stage.sees("this is still empty")
        await stage.type("Promised")
        await stage.press("tab", "end")
        await stage.burst(*["backspace"] * 20)
        await stage.type("promised")
        await stage.press("ctrl+s")
        await stage.sees("There is something called `promised` already")
        await stage.press("escape")
        assert editor(stage).text == CASE


async def test_what_was_written_in_a_form_goes_only_if_asked_twice(home: Home, file: Path) -> None:
    """Cancel says what would be lost, and only the second one leaves; an empty form is left at once."""
    async with writing(home, file, row=CASE.split("\n").index("  hello:")) as stage:
        await stage.press("f2", "enter")
        await stage.at(InsertScreen)
        await stage.press("escape")
        await stage.at(AuthorScreen)
        await stage.press("f2", "enter")
        await stage.at(InsertScreen)
        await stage.type("A long thought")
        await stage.press("escape")
        await stage.sees("What you wrote here would be gone.")
        await stage.at(InsertScreen)
        await stage.press("escape")
        await stage.at(AuthorScreen)
        assert editor(stage).text == CASE


async def test_a_scene_is_found_by_its_name_and_what_is_said_gets_its_quotation_marks(home: Home, file: Path) -> None:
    """Who types `scene` gets a scene, though a response is described as one of a scene."""
    async with writing(home, file, row=CASE.split("\n").index("  hello:")) as stage:
        await stage.press("f2")
        await stage.type("scene")
        await stage.press("enter")
        await stage.at(InsertScreen)
        await stage.type("The hall is dark")
        await stage.press("tab")
        await stage.type("Who is there?")
        await stage.press("tab")
        await stage.type("note")
        await stage.press("ctrl+s")
        await stage.at(AuthorScreen)
        made = editor(stage).text
        assert '  hall-dark:\n    text: The hall is dark\n    says: |\n      "Who is there?"\n    next: note\n' in made


# -- checking, explaining, playing ------------------------------------------------------------


async def test_a_code_is_explained(home: Home, file: Path) -> None:
    """The problem on the line at hand is explained with its examples."""
    async with writing(home, file) as stage:
        await typed_at(stage, "    next: fork", "k")
        await looked(stage)
        await stage.press("ctrl+t")
        await stage.at(TellScreen)
        await stage.sees("undefined-scene", "Not like this")
        await stage.press("escape")
        await stage.at(AuthorScreen)


async def test_checking_plays_it_in_every_way(home: Home, file: Path) -> None:
    """Asked for, the case is proven as `caseload check` does, and what is found stands in the list."""
    never = "        when: trust >= 4 and trust <= 3\n"
    file.write_text(CASE.replace("        say: Give me a moment.\n", f"{never}        say: Give me a moment.\n"))
    async with writing(home, file) as stage:
        before = {each.code for each in desk(stage).problems}
        await stage.press("f5")
        await stage.until(lambda: desk(stage).proved is not None, "proven")
        assert {each.code for each in desk(stage).problems} > before
        assert desk(stage).query_one(ProblemList).problems == desk(stage).problems


async def test_what_was_only_read_is_not_said_to_be_clean(home: Home, file: Path) -> None:
    """Without a problem in reading it says so far, and what would say more; once it was played, it says that."""
    async with writing(home, file) as stage:
        await stage.sees("no problems so far (F5 plays it)")
        await stage.press("f8")
        await stage.sees("No problem so far")
        await stage.press("f5")
        await stage.until(lambda: desk(stage).is_played, "played")
        await stage.type("# mine\n")
        await stage.until(lambda: not desk(stage).is_played, "not played any more")
        await looked(stage)
        await stage.sees("no problems so far (F5 plays it)")
        await stage.press("ctrl+z", "ctrl+z")
        await looked(stage)
        assert desk(stage).is_played
        assert "so far" not in desk(stage).told


async def test_a_check_that_ends_early_is_told(home: Home, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asked for it does not wait for ever."""
    monkeypatch.setattr("simulator.authoring.proving.Proving.result", lambda proving: proving.cancel())
    async with writing(home, file) as stage:
        await stage.press("f5")
        await stage.sees("could not be played in every way")
        assert "playing" not in desk(stage).told


async def test_the_case_is_played_from_here_as_it_stands(home: Home, file: Path) -> None:
    """Preview begins at the scene of the cursor, with what is typed and not saved."""
    async with writing(home, file) as stage:
        await typed_at(stage, "    says: Shall I take over?", " I could.")
        await looked(stage)
        await stage.press("ctrl+r")
        await stage.at(PreviewScreen)
        await stage.sees("Shall I take over? I could.")
        assert file.read_text() == CASE
        await stage.press("q")
        await stage.at(AuthorScreen)


async def test_a_check_that_comes_to_grief_ends_nothing(
    home: Home, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A mistake of Caseload's own is told; one types on, and saves."""
    async with writing(home, file) as stage:

        def fail(*_: object) -> None:
            raise RuntimeError("a mistake")

        monkeypatch.setattr("simulator.tui.author.checking.look", fail)
        await stage.type("# mine\n")
        await stage.sees("could not be checked")
        await stage.press("ctrl+s")
        await stage.until(lambda: file.read_text() == f"# mine\n{CASE}", "saved")


async def test_what_cannot_be_played_leads_to_its_first_error(home: Home, file: Path) -> None:
    """With errors there is nothing to play: the cursor goes to the first one."""
    async with writing(home, file) as stage:
        await typed_at(stage, "start: desk", "s")
        row = editor(stage).cursor_location[0]
        editor(stage).go(0)
        await stage.press("ctrl+r")
        assert editor(stage).cursor_location[0] == row


# -- saving -----------------------------------------------------------------------------------


async def test_saving_keeps_every_byte_that_was_not_edited(home: Home, tmp_path: Path) -> None:
    """Comments, line ends of Windows, a mark at the beginning and odd characters are as they were."""
    path = tmp_path / "case.yaml"
    data = ("\ufeff# a note\r\n" + CASE.replace("\n", "\r\n") + "# wide 漢字 🙂 \x1b[31m\t\r\n").encode()
    path.write_bytes(data)
    async with writing(home, path) as stage:
        assert "\x1b" not in editor(stage).text
        await stage.type("#")
        await stage.press("ctrl+s")
        await stage.until(lambda: path.read_bytes() == data.replace(b"# a note", b"## a note"), "saved")
        await stage.sees("Saved case.yaml")


async def test_somebody_elses_change_is_shown_at_once_if_nothing_is_unsaved(home: Home, file: Path) -> None:
    """Whoever edits in another program sees it here, and can have the old text back by undoing."""
    async with writing(home, file) as stage:
        file.write_text(CASE.replace("A small case", "Another title"))
        desk(stage)._look_around()
        await stage.until(lambda: "Another title" in editor(stage).text, "read again")
        assert not desk(stage).unsaved


@pytest.mark.parametrize(
    ("answer", "there", "here"),
    [("theirs", "theirs", "theirs"), ("beside", "theirs", "theirs"), ("over", "mine", "mine"), ("", "theirs", "mine")],
)
async def test_a_file_changed_elsewhere_is_not_overwritten_unasked(
    home: Home, file: Path, answer: str, there: str, here: str
) -> None:
    """One may read theirs, keep both, save over it after seeing the difference, or go on; all of it loses nothing."""
    texts = {"theirs": CASE.replace("A small case", "Theirs"), "mine": f"# mine\n{CASE}"}
    async with writing(home, file) as stage:
        await stage.type("# mine\n")
        file.write_text(texts["theirs"])
        await stage.press("ctrl+s")
        await stage.at(AskScreen)
        await stage.sees("was changed by somebody else")
        if answer == "over":
            await stage.press("1")
            await stage.sees("-title: Theirs", "+# mine")
            await stage.press("1")
        elif answer:
            await stage.pick("Read it again" if answer == "theirs" else "beside it")
        else:
            await stage.press("escape")
        await stage.at(AuthorScreen)
        await stage.until(lambda: editor(stage).text == texts[here] and file.read_text() == texts[there], "settled")
        beside = file.with_name(f"{file.stem} (mine).yaml")
        assert beside.exists() == (answer == "beside")
        if answer == "beside":
            assert beside.read_text() == texts["mine"]


async def test_a_full_disk_loses_nothing(home: Home, file: Path, broken: Callable[[int], FailingOs]) -> None:
    """It says why, the text stays, and once there is room it is saved."""
    async with writing(home, file) as stage:
        await stage.type("# mine\n")
        disk = broken(28)
        await stage.press("ctrl+s")
        await stage.sees("the disk is full", "Your text is still here")
        assert editor(stage).text == f"# mine\n{CASE}"
        disk.heal()
        await stage.press("ctrl+s")
        await stage.until(lambda: file.read_text() == f"# mine\n{CASE}", "saved")


async def test_what_was_not_saved_comes_back(home: Home, file: Path) -> None:
    """After the app died, the copy is offered; taking it gives the text back, not saved yet."""
    async with writing(home, file) as stage:
        await stage.type("# mine\n")
        await stage.until(lambda: any((home.root / saving.FOLDER).glob("*.yaml")), "a copy")
    async with writing(home, file) as stage:
        await stage.at(AskScreen)
        await stage.press("1")
        await stage.until(lambda: editor(stage).text == f"# mine\n{CASE}", "recovered")
        assert file.read_text() == CASE
        await stage.press("ctrl+s")
        await stage.until(lambda: file.read_text() == f"# mine\n{CASE}", "saved")
        await stage.until(lambda: not any((home.root / saving.FOLDER).glob("*.yaml")), "no copy any more")


@pytest.mark.parametrize(("answer", "kept"), [("Save it", True), ("without saving", False)])
async def test_leaving_asks_if_something_is_not_saved(home: Home, file: Path, answer: str, kept: bool) -> None:
    """Esc and `q` leave; what is not saved is saved, or given up, as the author says."""
    async with writing(home, file) as stage:
        await stage.type("# mine\n")
        await stage.press("escape", "q")
        await stage.at(AskScreen)
        await stage.press("escape")
        await stage.at(AuthorScreen)
        await stage.press("q")
        await stage.pick(answer)
        await stage.until(lambda: not stage.app.is_running or stage.app._exit, "left")
        assert file.read_text() == (f"# mine\n{CASE}" if kept else CASE)
    assert not any((home.root / saving.FOLDER).glob("*.yaml"))


async def test_one_goes_on_in_a_copy_with_another_id(home: Home, file: Path) -> None:
    """What is typed is saved as another case, as a first version; the file at hand stays as it was saved last."""
    async with writing(home, file) as stage:
        await stage.type("# mine\n")
        await stage.press("escape", "a")
        await stage.at(SeekScreen)
        await stage.type("copied-desk")
        await stage.press("enter")
        await stage.at(AuthorScreen)
        copy = file.with_name("copied-desk.yaml")
        await stage.sees("Author · copied-desk.yaml", "You go on in copied-desk.yaml")
        assert copy.read_text().startswith("# mine\nscenario: copied-desk\n")
        assert editor(stage).text == copy.read_text()
        assert file.read_text() == CASE
        await looked(stage)
        await stage.press("tab", "ctrl+home")
        await stage.type("# more\n")
        await stage.press("ctrl+s")
        await stage.until(lambda: copy.read_text().startswith("# more\n# mine\n"), "saved")
        assert file.read_text() == CASE
    assert not any((home.root / saving.FOLDER).glob("*.yaml"))


@pytest.mark.parametrize(
    ("name", "why"), [("front-desk", "There is a case"), ("No Good", "cannot be the id"), ("there", "There is a case")]
)
async def test_a_copy_is_never_written_over_anything(home: Home, file: Path, name: str, why: str) -> None:
    """An id that is taken, a file that is there, or an id that cannot be: it says so, and nothing happens."""
    there = file.with_name("there.yaml")
    there.write_text("# somebody's\n")
    async with writing(home, file) as stage:
        await stage.press("escape", "a")
        await stage.at(SeekScreen)
        await stage.type(name)
        await stage.press("enter")
        await stage.sees(why)
        assert there.read_text() == "# somebody's\n"
        assert desk(stage).opened.path == file
    assert {each.name for each in file.parent.glob("*.yaml")} == {file.name, "there.yaml"}


async def test_quitting_the_app_asks_as_well(home: Home, file: Path) -> None:
    """Ctrl+Q with something unsaved does not leave before that is settled."""
    async with writing(home, file) as stage:
        await stage.type("# mine\n")
        await stage.press("ctrl+q")
        await stage.at(AskScreen)
        await stage.sees("is not saved")


async def test_undo_and_redo(home: Home, file: Path) -> None:
    """What was typed can be taken back and made again, in the text and outside of it."""
    async with writing(home, file) as stage:
        await stage.type("# mine")
        await stage.press("ctrl+z")
        assert editor(stage).text == CASE
        await stage.press("ctrl+y")
        assert editor(stage).text == f"# mine{CASE}"
        await stage.press("escape", "z")
        assert editor(stage).text == CASE


async def test_a_whole_text_can_be_undone(home: Home, tmp_path: Path) -> None:
    """Undoing what filled an empty file works from anywhere in it, and so does making it again."""
    async with writing(home, tmp_path / "new.yaml") as stage:
        editor(stage).become(CASE)
        await stage.settle()
        editor(stage).go(100, 3)
        await stage.press("ctrl+z")
        assert editor(stage).text == ""
        await stage.press("ctrl+y")
        assert editor(stage).text == CASE


async def test_a_large_file_is_looked_at_off_the_screen(home: Home, tmp_path: Path) -> None:
    """In a file of 10,000 lines every key is in the text at once, and the look at it comes after the last one."""
    scenes = "".join(f"  s{n}:\n    text: Scene {n}.\n    next: s{n + 1}\n" for n in range(3400))
    path = tmp_path / "large.yaml"
    path.write_text(f"scenario: large\ntitle: Large\nversion: 1.0.0\nsummary: x\nscenes:\n{scenes}")
    async with writing(home, path) as stage:
        before = desk(stage).seen
        await stage.burst(*"abcdef")
        assert editor(stage).text.startswith("abcdefscenario")
        assert desk(stage).seen is before


KEYS = (
    *(*"abcdefghijklmnopqrstuvwxyz0123:#-{}[]|'\"", " ", "enter", "enter", "escape", "escape", "tab", "shift+tab"),
    *(f"f{number}" for number in range(1, 10)),
    *(f"ctrl+{letter}" for letter in "sgrtofzyackluvwx"),
    *("shift+pageup", "shift+pagedown", "ctrl+shift+home", "ctrl+shift+end"),
    *("up", "down", "left", "right", "home", "end", "pageup", "pagedown", "backspace", "delete", "ctrl+space"),
)


@pytest.mark.parametrize("run", range(2))
async def test_no_key_ends_it(home: Home, file: Path, monkeypatch: pytest.MonkeyPatch, run: int) -> None:
    """Random keys and clicks, slow and fast, raise nothing; in the end the text can be saved, and is."""
    draw = random.Random(run)
    # What would leave the app is not what is tried here.
    monkeypatch.setattr(AuthorApp, "exit", lambda *_, **__: None)
    async with writing(home, file, draw.choice(SIZES)) as stage:
        done = 0
        while done < 250:
            burst = draw.choice((1, 5, 20))
            done += burst
            for _ in range(burst):
                stage.app.post_message(key_event(draw.choice(KEYS)))
            if draw.random() < 0.1:
                width, height = stage.app.size
                await stage.tap(draw.randrange(width), draw.randrange(height))
            await stage.pilot.pause(0)
            assert stage.app._exception is None
        await stage.settle()
        while stage.screen is not desk(stage):
            await stage.app.pop_screen()
        path = desk(stage).opened.path
        desk(stage)._save(over=saving.open_file(path).hash)  # type: ignore[union-attr]
        await stage.settle()
        assert path.read_text() == editor(stage).text


# -- from the library -------------------------------------------------------------------------


async def test_a_case_of_ones_own_is_opened_from_the_library(home: Home, file: Path) -> None:
    """`a` on a case opens it; what was saved is in the library on the way back."""
    async with on_stage(home) as stage:
        await stage.press("a")
        await stage.at(AuthorScreen)
        await stage.until(lambda: desk(stage).seen is not None, "looked at")
        await typed_at(stage, f"title: {TITLE}", " of mine")
        await stage.press("ctrl+s", "escape", "q")
        await stage.at(LibraryScreen)
        await stage.until(lambda: any("A small case of mine" in each for each in stage.offered), "read again")


async def test_a_case_with_errors_can_be_opened_too(home: Home, file: Path) -> None:
    """What cannot be played is not in the list of cases, and is offered for writing all the same."""
    file.with_name("spoilt.yaml").write_text("scenario: spoilt\n")
    async with on_stage(home) as stage:
        await stage.press("a")
        await stage.at(PickScreen)
        await stage.type("spoilt")
        await stage.press("enter")
        await stage.at(AuthorScreen)
        assert editor(stage).text == "scenario: spoilt\n"


async def test_of_a_built_in_case_one_writes_a_copy(
    home: Home, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next update would write over it, so a copy under an id of its own is made and opened."""
    monkeypatch.setattr(saving, "built_in", lambda: file.parent)
    async with on_stage(home) as stage:
        await stage.press("a")
        await stage.at(AskScreen)
        await stage.sees("own library")
        await stage.press("1", "enter")
        await stage.at(AuthorScreen)
        assert "scenario: my-front-desk\n" in editor(stage).text
        assert (tmp_path / "my-front-desk.yaml").is_file()
        assert file.read_text() == CASE


async def test_a_new_file_can_begin_with_a_small_case(home: Home, tmp_path: Path) -> None:
    """In an empty file a case is offered that has no problem; its id is the name of the file."""
    async with writing(home, tmp_path / "first-one.yaml") as stage:
        await stage.sees("Nothing stands here yet")
        await stage.press("f2", "enter")
        await looked(stage)
        assert "scenario: first-one\n" in editor(stage).text
        assert desk(stage).problems == ()


@pytest.mark.skipif(sys.platform == "win32", reason="the editor of this test is a script")
async def test_ones_own_editor_is_opened_at_the_line(
    home: Home, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file is saved first, and what the editor saved is shown afterwards."""
    script = tmp_path / "nano"
    script.write_text('#!/bin/sh\necho "$@" > "$0.said"\necho "# theirs" >> "$2"\n')
    script.chmod(0o755)
    monkeypatch.setenv("VISUAL", str(script))
    from contextlib import nullcontext

    async with writing(home, file) as stage:
        monkeypatch.setattr(stage.app, "suspend", nullcontext)
        await stage.type("# mine\n")
        await stage.press("ctrl+o")
        await stage.until(lambda: editor(stage).text == f"# mine\n{CASE}# theirs\n", "shown")
        assert script.with_name("nano.said").read_text().split() == ["+2", str(file)]
