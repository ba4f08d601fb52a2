"""Text from outside is shown as it is: no markup, no actions, no control characters, on any screen."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from textual.widget import Widget

from simulator.archive import Archive
from simulator.review.writing import Reviewing
from simulator.settings import Home
from simulator.text import clean
from simulator.tui.comment import CommentScreen
from simulator.tui.debrief import DebriefScreen
from simulator.tui.documents import DocumentsScreen
from simulator.tui.inbox import InboxScreen
from simulator.tui.library import LibraryScreen
from simulator.tui.meeting import MeetingScreen
from simulator.tui.moment import MomentBlock
from simulator.tui.reviewing import ReviewScreen
from simulator.tui.sessions import SessionsScreen
from tests.tui.stage import Stage, home_of, on_stage, played, the_session
from tests.tui_cases import hostile, library

MARKUP = (
    "[/oops] [@click=app.quit]x[/] [bold] \\[x] $who [$primary] [link=https://a.b]y[/link] {0} %s :smile: [[z]]",
    # Nothing in it is a mistake, as in the first; what ends in a bracket could eat up what comes after.
    "[@click=screen.dismiss]z [",
)
BIDI = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
CONTROL = "\x1b[2J\x1b]52;c;aGk=\x07\x9b31m\u202e\u2066\u200e\x7f\x00\x85\u2028"


def people_with(what: str) -> str:
    """Write a people file in which every name holds something."""
    return f"t-kim: {{name: {json.dumps('Kim ' + what)}}}\ns-sam: {{name: {json.dumps('Sam ' + what)}}}\n"


def literal(stage: Stage, what: str, at_least: int = 1) -> None:
    """Fail unless a text stands on the screen as it is, and nothing of a control character does."""
    assert stage.told.count(what) >= at_least, f"{what!r} is not told:\n{stage.painted}"
    assert clean(stage.told) == stage.told
    assert clean(stage.painted) == stage.painted


@pytest.fixture
def odd_home(tmp_path: Path, home: Home) -> Home:
    """Return a home whose folder is called something that looks like markup."""
    return home_of(tmp_path / "[/oops] [bold]", "")


@pytest.mark.parametrize("what", MARKUP)
async def test_markup_is_text_on_every_screen(
    odd_home: Home, shelf: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    """Whatever looks like markup, in any field, is shown as it is on every screen and never acts."""
    home = odd_home
    (shelf / "front-desk.yaml").unlink()
    library(shelf, hostile(what))
    (shelf / "[bold].yaml").write_text("title: [/oops]\n  - {", encoding="utf-8")
    home.people.write_text(people_with(what), encoding="utf-8")
    async with on_stage(home, who="") as stage:
        literal(stage, what, 2)
        await stage.press("1")
        await stage.at(LibraryScreen)
        literal(stage, what, 4)
        await stage.press("1")
        await stage.sees("Begin")
        literal(stage, what, 6)
        await stage.press("enter")
        await stage.at(MeetingScreen)
        literal(stage, what, 3)
        await stage.press("c")
        await stage.press("d")
        await stage.at(DocumentsScreen)
        await stage.press("1")
        literal(stage, what, 2)
        await stage.press("escape")
        await stage.go("Ask her to come in")
        literal(stage, what, 6)
        await stage.go("You will have the money")
        literal(stage, what, 6)
        await stage.type(what)
        await stage.press("f1", "escape")
        await stage.hand_in_again()
        await stage.sees("A promise is owed")
        literal(stage, what, 6)
        await stage.press("1")
        await stage.at(DebriefScreen)
        await stage.press("a")
        if not all(block.open for block in stage.screen.query(MomentBlock)):
            await stage.press("a")
        literal(stage, what, 12)
        await stage.press("w")
        await stage.type(what)
        await stage.press("escape", "enter")
        await stage.hears("Kept with your session.")
        literal(stage, what, 12)
        await stage.press("q", "v")
        await stage.at(SessionsScreen)
        await stage.hears("A promise is owed")
        literal(stage, what, 2)
        await stage.press("q", "r")
        await stage.at(InboxScreen)
        await stage.hears("A promise is owed")
        await stage.press("enter")
        await stage.at(ReviewScreen)
        literal(stage, what, 14)
        await stage.press("n", "c")
        await stage.at(CommentScreen)
        await stage.type(what)
        await stage.click("#keep-it")
        await stage.at(ReviewScreen)
        await stage.hears(f"{what}, not signed off: {what}")
        await stage.press("s")
        await stage.hears("Signed off by Kim")
        literal(stage, what, 16)
        assert stage.app.is_running
    assert the_session(home).over


async def tap_actions(stage: Stage, above: int = 0, below: int | None = None, right: int = 0) -> int:
    """Click on everything that looks like an action between some rows, right of a column; return how much that was."""
    taps = 0
    for y, line in list(enumerate(stage.painted.splitlines()))[above:below]:
        for found in re.finditer(r"\]x\[", line):
            if found.start() >= right:
                await stage.tap(found.start() + 1, y)
                taps += 1
    return taps


async def test_clicking_on_what_looks_like_an_action_does_not_act(home: Home, shelf: Path) -> None:
    """A click on author text is a click on text, wherever it stands."""
    what = "[@click=app.quit]x[/] [@click=screen.dismiss]x[/] [link=https://a.b]x[/link]"
    library(shelf, hostile(what))
    session = played(home, shelf, "read:letter", "invite", "promise", "write:" + what)
    home.people.write_text(people_with(what), encoding="utf-8")
    async with on_stage(home) as stage:
        assert await tap_actions(stage, right=51) >= 3
        await stage.at(LibraryScreen)
    for desk, kind in (("", DebriefScreen), ("review", ReviewScreen)):
        async with on_stage(home, desk=desk, session=session, resume="" if desk else session) as stage:
            await stage.at(kind)
            assert await tap_actions(stage) >= 3
            await stage.at(kind)
            assert stage.app.is_running
    session = played(home, shelf, "invite")
    async with on_stage(home, resume=session) as stage:
        await stage.at(MeetingScreen)
        assert await tap_actions(stage, 2, stage.screen.query_one("#answer", Widget).region.y) >= 3
        await stage.at(MeetingScreen)
        assert len(the_session_named(home, session)) == 1


def the_session_named(home: Home, session: str) -> tuple[object, ...]:
    """Return what was decided in a session."""
    archive = Archive(home)
    path = archive.path(session)
    assert path is not None
    return archive.load(path).session.events


async def test_control_characters_are_dropped_wherever_they_come_from(home: Home, shelf: Path) -> None:
    """Escapes, C1 and bidi characters in cases, names, notes, comments and on the command line are not shown."""
    library(shelf, hostile(f"Q{BIDI}Q"))
    home.people.write_text(people_with(f"Q{CONTROL}Q"), encoding="utf-8")
    session = played(home, shelf, "read:letter", "consult", "invite", "promise", f"write:Q{CONTROL}Q")
    archive = Archive(home)
    path = archive.path(session)
    assert path is not None
    logged = archive.load(path)
    with Reviewing.open(home, logged, "s-sam") as reviewing:
        reviewing.comment(0, f"Q{CONTROL}Q")
        reviewing.sign_off(logged.recorded.reading.head)
    async with on_stage(home, resume=session) as stage:
        await stage.at(DebriefScreen)
        await stage.press("a")
        literal(stage, "QQ", 8)
        literal(stage, "Q[2J]52;c;aGk=31mQ", 3)
        await stage.press("q")
        await stage.at(LibraryScreen)
        literal(stage, "QQ", 3)
        await stage.press("r")
        await stage.at(InboxScreen)
        await stage.press("v")
        await stage.type("signed")
        await stage.press("enter")
        await stage.hears("signed off")
        literal(stage, "Q[2J]52;c;aGk=31mQ")
        await stage.press("enter")
        await stage.at(ReviewScreen)
        literal(stage, "QQ", 10)
        literal(stage, "Q[2J]52;c;aGk=31mQ", 3)
    async with on_stage(home, who=f"{CONTROL}Nobody", scenario=f"{CONTROL}case") as stage:
        literal(stage, "Nobody")
        await stage.press("enter")
        await stage.sees("the library has no case")
        literal(stage, "Nobody")
    async with on_stage(home, resume=f"{CONTROL}[/x]") as stage:
        await stage.sees("There is no session")
        literal(stage, "A small case")


async def test_a_case_with_escapes_in_its_texts_is_not_shown_with_them(home: Home, shelf: Path) -> None:
    """YAML's escapes are a way in for control characters: a case with such texts is refused or cleaned, and told so."""
    (shelf / "front-desk.yaml").write_text(hostile(f"Q{CONTROL}Q", escaped=True), encoding="utf-8")
    async with on_stage(home, scenario="front-desk") as stage:
        await stage.sees("front-desk")
        assert clean(stage.painted) == stage.painted
        assert clean(stage.told) == stage.told


async def test_names_of_files_that_look_like_markup_are_shown_as_they_are(home: Home, tmp_path: Path) -> None:
    """Where a file is named in a message, its name is text."""
    odd = tmp_path / "[/oops] [bold]"
    odd.mkdir(parents=True)
    (odd / "[@click=app.quit]x.yaml").write_text("scenario: [/oops]\n", encoding="utf-8")
    async with on_stage(home, (120, 40), scenario=str(odd / "[@click=app.quit]x.yaml")) as stage:
        await stage.sees("cannot be played as it is", "[/oops] [bold]/[@click=app.quit]x.yaml")
        await stage.at(LibraryScreen)
