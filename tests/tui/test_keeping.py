"""The author's desk beside other programs, and beside another desk, at the same file."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulator.authoring import saving
from simulator.settings import Home
from simulator.tui.author.asking import AskScreen
from simulator.tui.author.desk import AuthorScreen
from simulator.tui.choices import Choices
from tests.tui.test_author import desk, editor, writing
from tests.tui_cases import CASE

WHY = "cannot be shown: this byte, E9, is not UTF-8"
LATIN = "# caf\u00e9\n".encode("latin-1") + CASE.encode()


@pytest.fixture
def file(shelf: Path) -> Path:
    """Return the file of the small case."""
    return next(shelf.glob("*.yaml"))


async def test_saving_leaves_what_another_desk_has_not_saved(home: Home, file: Path) -> None:
    """Two desks at one file each keep what is typed there; what the first saves takes nothing from the second."""
    what = saving.open_file(file)
    assert isinstance(what, saving.Opened)
    async with writing(home, file) as stage:
        await stage.type("# mine\n")
        theirs = saving.keep_copy(home, what, f"# theirs\n{CASE}", saving.new_desk())
        await stage.until(lambda: len([*theirs.parent.glob("*.yaml")]) == 2, "both kept")
        await stage.press("ctrl+s")
        await stage.until(lambda: [*theirs.parent.glob("*.yaml")] == [theirs], "the other one's is left")
    async with writing(home, file) as stage:
        await stage.at(AskScreen)
        await stage.pick("Go on with")
        await stage.until(lambda: editor(stage).text == f"# theirs\n{CASE}", "had back")


async def test_what_was_left_where_it_is_stays_when_something_else_is_saved(home: Home, file: Path) -> None:
    """Whoever leaves it for later finds it later."""
    what = saving.open_file(file)
    assert isinstance(what, saving.Opened)
    left = saving.keep_copy(home, what, f"# left\n{CASE}", saving.new_desk())
    async with writing(home, file) as stage:
        await stage.at(AskScreen)
        await stage.pick("Leave it where it is")
        await stage.at(AuthorScreen)
        await stage.type("# more\n")
        await stage.press("ctrl+s")
        await stage.until(lambda: file.read_text() == f"# more\n{CASE}", "saved")
    assert left.exists()


async def test_a_file_that_cannot_be_shown_is_not_read_into_the_text(home: Home, file: Path) -> None:
    """Saved in another encoding meanwhile, it says so; one saves beside it, and goes on there."""
    async with writing(home, file) as stage:
        file.write_bytes(LATIN)
        desk(stage)._look_around()
        await stage.until(lambda: WHY in " ".join(each.message for each in stage.app._notifications), "told")
        assert editor(stage).text == CASE
        await stage.type("# mine\n")
        await stage.press("ctrl+s")
        await stage.at(AskScreen)
        await stage.sees("cannot be shown", "Save yours over it")
        assert "Read it again" not in stage.painted
        await stage.pick("beside it")
        beside = file.with_name(f"{file.stem} (mine).yaml")
        await stage.until(lambda: desk(stage).opened.path == beside, "gone on there")
        assert (beside.read_text(), file.read_bytes()) == (f"# mine\n{CASE}", LATIN)
        assert editor(stage).text == f"# mine\n{CASE}"


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (60, 20)])
async def test_answers_are_seen_below_a_long_page(home: Home, file: Path, size: tuple[int, int]) -> None:
    """However much there is to read, nobody has to look for what can be answered."""
    async with writing(home, file, size) as stage:
        await stage.type("# mine\n")
        file.write_text("".join(f"# {n}\n" for n in range(300)))
        await stage.press("ctrl+s")
        await stage.at(AskScreen)
        await stage.pick("See the difference")
        await stage.sees("Save yours over it", "Read it again", "beside it", "Go on writing")
        answers = stage.app.screen.query_one(Choices)
        assert answers.virtual_size.height <= answers.size.height
