"""Help, the command palette, and keys that people have changed."""

from __future__ import annotations

from pathlib import Path

from textual.command import CommandPalette
from textual.widgets import TextArea

from simulator.settings import Home, remembered
from simulator.tui.briefing import BriefingScreen
from simulator.tui.comment import CommentScreen
from simulator.tui.debrief import DebriefScreen
from simulator.tui.documents import DocumentsScreen
from simulator.tui.help import HelpScreen
from simulator.tui.inbox import InboxScreen
from simulator.tui.library import LibraryScreen
from simulator.tui.meeting import MeetingScreen
from simulator.tui.moment import MomentBlock
from simulator.tui.reviewing import ReviewScreen
from simulator.tui.sessions import SessionsScreen
from simulator.tui.welcome import WelcomeScreen
from tests.tui.stage import KEPT, Stage, on_stage, played, the_session


async def help_names(stage: Stage, *names: str) -> None:
    """Open help, look for the names of actions and close it again."""
    here = type(stage.screen)
    await stage.press("f1")
    await stage.at(HelpScreen)
    await stage.hears("Keys", "What is kept", "settings.yaml", *(f"[{name}]" for name in names))
    await stage.press("escape")
    await stage.at(here)


async def test_help_lists_what_can_be_done_on_every_screen(home: Home, shelf: Path) -> None:
    """On each screen F1 says what it is for and lists its keys with the names that settings know them by."""
    async with on_stage(home, (40, 12), who="") as stage:
        await stage.at(WelcomeScreen)
        await help_names(stage, "welcome.back", "choices.up")
        await stage.pick("Kim Trainee")
        await stage.at(LibraryScreen)
        await help_names(stage, "library.sessions", "library.review", "app.quit")
        await stage.press("1")
        await stage.at(BriefingScreen)
        await help_names(stage, "briefing.begin", "briefing.back")
        await stage.press("enter")
        await stage.at(MeetingScreen)
        await help_names(stage, "scene.documents", "scene.consult", "scene.leave", "choices.pick")
        await stage.press("d")
        await stage.at(DocumentsScreen)
        await help_names(stage, "documents.close")
        await stage.press("escape", "q", "v")
        await stage.at(SessionsScreen)
        await help_names(stage, "sessions.back")
    session = played(home, shelf, *KEPT)
    async with on_stage(home, (40, 12), resume=session) as stage:
        await stage.at(DebriefScreen)
        await help_names(stage, "debrief.again", "debrief.reflect", "moment.toggle")
        await stage.press("q", "r")
        await stage.at(InboxScreen)
        await help_names(stage, "inbox.back", "inbox.search", "inbox.time")
        await stage.press("enter")
        await stage.at(ReviewScreen)
        await help_names(stage, "review.comment", "review.sign-off", "review.critical")
        await stage.press("c")
        await stage.at(CommentScreen)
        await help_names(stage, "judging.cancel")


async def test_help_is_not_opened_over_itself_or_the_palette(home: Home) -> None:
    """Help over help stays one; over the palette, which has help of its own kind, it does not open."""
    async with on_stage(home) as stage:
        await stage.burst("f1", "f1", "question_mark")
        await stage.settle()
        assert sum(isinstance(each, HelpScreen) for each in stage.app.screen_stack) <= 1
        await stage.press("escape", "escape")
        await stage.press("ctrl+p")
        await stage.at(CommandPalette)
        await stage.press("f1")
        await stage.press("escape", "escape")
        await stage.at(LibraryScreen)


async def test_a_question_mark_in_a_note_is_text(home: Home, shelf: Path) -> None:
    """While somebody types, keys are letters; F1 is help all the same."""
    session = played(home, shelf, "invite", "explain")
    async with on_stage(home, resume=session) as stage:
        await stage.type("Why? q d c 1")
        assert stage.screen.query_one(TextArea).text == "Why? q d c 1"
        await stage.press("f1")
        await stage.at(HelpScreen)


# -- the palette ----------------------------------------------------------------------------------


async def commands(stage: Stage) -> set[str]:
    """Return what the palette would offer now."""
    return {command.title for command in stage.app.get_system_commands(stage.screen)}


async def test_the_palette_offers_what_the_screen_can_do(home: Home, shelf: Path) -> None:
    """Everything in the footer is in the palette as well, and runs from there."""
    session = played(home, shelf)
    async with on_stage(home, resume=session) as stage:
        await stage.at(MeetingScreen)
        assert {"Help", "Theme", "Quit", "Documents", "Consult", "Leave"} <= await commands(stage)
        await stage.press("ctrl+p")
        await stage.at(CommandPalette)
        await stage.type("consult")
        await stage.pilot.pause(0.3)
        await stage.press("enter")
        await stage.at(MeetingScreen)
        await stage.sees("Read the letter before you see her.")
        assert "Consult" in await commands(stage)
    assert the_session(home).session.minutes == 2
    async with on_stage(home, resume=played(home, shelf, "invite")) as stage:
        await stage.at(MeetingScreen)
        assert not {"Documents", "Consult", "Stop typing"} & await commands(stage)


async def test_what_belongs_to_the_thing_that_is_lit_runs_from_the_palette(home: Home, shelf: Path) -> None:
    """Opening a decision of the debrief works from the palette: it is the decision's own action."""
    session = played(home, shelf, *KEPT)
    async with on_stage(home, resume=session) as stage:
        await stage.at(DebriefScreen)
        command = next(each for each in stage.app.get_system_commands(stage.screen) if each.title == "Open")
        await stage.press("down")
        assert "She knows where she stands." not in stage.told
        command.callback()
        await stage.settle()
        assert any(block.open for block in stage.screen.query(MomentBlock))


async def test_the_palette_runs_review_actions(home: Home, shelf: Path) -> None:
    """A supervisor signs off from the palette."""
    session = played(home, shelf, *KEPT)
    async with on_stage(home, who="s-sam", desk="review", session=session) as stage:
        await stage.at(ReviewScreen)
        assert {"Comment", "On the whole", "Sign off", "Send back", "Critical"} <= await commands(stage)
        await stage.press("ctrl+p")
        await stage.at(CommandPalette)
        await stage.type("sign off")
        await stage.pilot.pause(0.3)
        await stage.press("enter")
        await stage.hears("Signed off by Sam Super")


# -- what people have changed ---------------------------------------------------------------------


async def test_a_theme_picked_in_the_app_is_kept(home: Home) -> None:
    """The theme picked last is there at the next start; settings.yaml is never written."""
    async with on_stage(home) as stage:
        assert stage.app.theme == "caseload"
        stage.app.theme = "caseload-contrast"
        await stage.settle()
    assert remembered(home)["theme"] == "caseload-contrast"
    async with on_stage(home) as stage:
        assert stage.app.theme == "caseload-contrast"
    assert not home.settings.exists()


async def test_the_settings_theme_comes_before_the_one_picked_last(home: Home) -> None:
    """A theme in the settings is meant; one that nobody knows is left out."""
    home.settings.write_text("theme: caseload-light\n", encoding="utf-8")
    async with on_stage(home) as stage:
        assert stage.app.theme == "caseload-light"
        stage.app.theme = "caseload"
        await stage.settle()
    async with on_stage(home) as stage:
        assert stage.app.theme == "caseload-light"
    home.settings.write_text("theme: '[/oops]'\n", encoding="utf-8")
    async with on_stage(home) as stage:
        assert stage.app.theme == "caseload"


async def test_opening_the_app_does_not_change_what_is_remembered(home: Home) -> None:
    """A theme from the settings does not become the one picked in the app."""
    async with on_stage(home):
        pass
    home.settings.write_text("theme: caseload-light\n", encoding="utf-8")
    before = home.remembered.read_bytes()
    async with on_stage(home) as stage:
        await stage.press("v", "q")
    assert home.remembered.read_bytes() == before


async def test_keys_are_changed_by_the_names_of_what_they_do(home: Home) -> None:
    """A keymap in the settings moves an action to other keys, in the screen, in its footer and in help."""
    home.settings.write_text("keymap:\n  scene.consult: z\n  library.sessions: x,f5\n", encoding="utf-8")
    async with on_stage(home) as stage:
        await stage.press("v")
        await stage.at(LibraryScreen)
        await stage.press("f5")
        await stage.at(SessionsScreen)
        await stage.press("q")
        await stage.begin("A small case")
        await stage.sees("z Consult")
        await stage.press("c")
        assert the_session(home).session.events == ()
        await stage.press("z")
        await stage.sees("Read the letter before you see her.")
        await stage.press("f1")
        await stage.hears("z ", "[scene.consult]")


async def test_a_keymap_that_makes_no_sense_does_no_harm(home: Home) -> None:
    """Names that nothing has, keys that no keyboard has and one key for two things leave a working app."""
    home.settings.write_text(
        "keymap:\n  no.such: z\n  scene.consult: '[/oops]'\n  scene.documents: c\n  scene.leave: ',,'\n",
        encoding="utf-8",
    )
    async with on_stage(home) as stage:
        await stage.begin("A small case")
        await stage.sees("Her file is on your desk.")
        await stage.press("c", "escape", "f1")
        await stage.at(HelpScreen)
