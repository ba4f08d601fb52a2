"""A case in preview: played as a trainee plays it, followed from save to save, with what only its author is told."""

from __future__ import annotations

import random
import subprocess
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from textual.app import App
from textual.pilot import Pilot
from textual.widgets import Input

from simulator.library import rubric_at
from simulator.settings import Home, Settings
from simulator.tui.author import preview
from simulator.tui.author.app import PreviewApp
from simulator.tui.author.begin_at import BeginAtScreen
from simulator.tui.author.live import LivePanel
from simulator.tui.author.preview import Previewed, PreviewScreen
from simulator.tui.author.problems import ProblemList
from simulator.tui.documents import DocumentsScreen
from simulator.tui.help import HelpScreen
from simulator.tui.lines import Words
from simulator.tui.pick import PickScreen
from tests.test_draft import PIECES, VISITING
from tests.tui.stage import SIZES, Stage, key_event, rubric
from tests.tui.test_keys import SIZES as ODD_SIZES
from tests.tui.test_keys import TRIALS, keys, something_else
from tests.tui_cases import CASE, hostile


class Unproven:
    """Stands for a proof that nobody finishes: most of these tests are about something else."""

    def __init__(self, *_: object) -> None:
        pass

    def result(self) -> None:
        """Find out nothing."""

    def cancel(self) -> None:
        """Stop nothing."""


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look at the file often, and prove nothing."""
    monkeypatch.setattr(preview, "LOOK_EVERY", 0.02)
    monkeypatch.setattr(preview, "Proving", Unproven)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return the file of the small case."""
    path = tmp_path / "mine.yaml"
    path.write_text(CASE, encoding="utf-8")
    return path


def previewed(home: Home, file: Path, **how: Any) -> PreviewApp:
    """Return the app that shows a file."""
    found = rubric_at()
    assert found.source is not None
    shown = Previewed(file, rubric(), found.source, 1024 * 1024, **how)
    app = PreviewApp(home, Settings(), PreviewScreen(shown))
    app.animation_level = "none"
    return app


@asynccontextmanager
async def previewing(home: Home, file: Path, size: tuple[int, int] = (120, 40), **how: Any) -> AsyncIterator[Stage]:
    """Open a file in preview."""
    app = previewed(home, file, **how)
    async with app.run_test(size=size, notifications=True) as pilot:
        stage = Stage(app, pilot)
        await stage.settle()
        yield stage


def save(file: Path, *changes: tuple[str, str]) -> None:
    """Save the small case with some words replaced."""
    text = CASE
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    file.write_text(text, encoding="utf-8")


def live(stage: Stage) -> str:
    """Return what the live panel tells, with one blank between words."""
    return "\n".join(" ".join(line.split()) for line in stage.screen.query_one(LivePanel).text.splitlines())


def kept(home: Home) -> list[Path]:
    """Return every file of a home but who is known there."""
    return [path for path in home.root.rglob("*") if path.is_file() and path != home.people]


# -- played ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [*SIZES, (120, 40)])
async def test_a_case_is_played_as_a_trainee_plays_it_and_nothing_is_kept(
    home: Home, file: Path, size: tuple[int, int]
) -> None:
    """Digits pick, documents open, notes are handed in, to the ending, and no journal is written."""
    before = kept(home)
    async with previewing(home, file, size) as stage:
        await stage.hears("Her file is on your desk.")
        await stage.press("d")
        await stage.at(DocumentsScreen)
        await stage.press("1", "escape")
        await stage.pick("Ask her to come in.")
        await stage.pick("I can tell you who decides.")
        await stage.hand_in("Told her.")
        await stage.hears("A door that stays open", "Play it again.")
        await stage.pick("Play it again.")
        await stage.hears("From the start")
        assert "She has gone." not in stage.told
    assert kept(home) == before


async def test_a_click_picks(home: Home, file: Path) -> None:
    """The mouse picks responses and opens what the footer says."""
    async with previewing(home, file) as stage:
        await stage.click("Ask her to come in.")
        await stage.hears("I need that money.")


async def test_the_last_decision_is_taken_back(home: Home, file: Path) -> None:
    """Back goes one decision back at a time, and is offered only where there is one."""
    async with previewing(home, file) as stage:
        await stage.press("u")
        await stage.pick("Ask her to come in.")
        await stage.pick("Give me a moment.")
        await stage.press("u")
        await stage.hears("I need that money.", "The last decision is taken back")
        assert "Shall I take over?" not in stage.told
        await stage.press("u", "u")
        await stage.hears("Her file is on your desk.")
        assert "I need that money." not in stage.told


# -- followed -------------------------------------------------------------------------------------


async def test_a_save_is_shown_where_the_author_stood(home: Home, file: Path) -> None:
    """After a save the same decisions have been made in the new version, and a line says so."""
    async with previewing(home, file) as stage:
        await stage.pick("Ask her to come in.")
        save(file, ("I need that money.", "I NEED that money."), ("Her file is on", "Her folder is on"))
        await stage.hears("I NEED that money.", "your decision still fits; you stand where you stood")
        assert "Her folder is on your desk." in stage.told
        await stage.pick("I can tell you who decides.")
        await stage.hears("She has gone.")


async def test_a_broken_save_leaves_the_last_good_version(home: Home, file: Path) -> None:
    """What cannot be played is told with its line while the version before is played on, until it is mended."""
    async with previewing(home, file) as stage:
        await stage.pick("Ask her to come in.")
        save(file, ("next: fork", "next: frok"))
        await stage.hears("there is no scene or ending `frok` (1 error)", "What you see is the last good version.")
        line = CASE[: CASE.index("next: fork")].count("\n") + 1
        assert f"✗ line {line}: " in stage.told
        await stage.pick("Give me a moment.")
        await stage.hears("Shall I take over?")
        save(file)
        await stage.hears("your 2 decisions still fit")
        assert "last good version" not in stage.told


async def test_a_place_outlives_the_way_to_it(home: Home, file: Path) -> None:
    """Where a decision is gone the same scene is shown, and where that comes back, the whole way is there again."""
    async with previewing(home, file) as stage:
        await stage.go("Ask her to come in.", "Give me a moment.")
        save(file, ("      wait:\n", "      moment:\n"))
        await stage.hears("decision 2 (hello/wait) does not fit any more; you stand in `colleague` again")
        assert "Shall I take over?" in stage.told
        assert "Her file is on your desk." not in stage.told
        save(file)
        await stage.hears("your 2 decisions still fit", "Her file is on your desk.", "Shall I take over?")


async def test_a_note_that_is_being_typed_outlives_a_save(home: Home, file: Path) -> None:
    """A reload in the middle of a word leaves what was typed in the editor."""
    async with previewing(home, file) as stage:
        await stage.go("Ask her to come in.", "I can tell you who decides.")
        await stage.type("Told her wh")
        save(file, ("She has gone.", "She has left."))
        await stage.hears("She has left.")
        assert stage.typed == "Told her wh"


async def test_a_file_that_has_never_been_good_is_waited_for(home: Home, tmp_path: Path) -> None:
    """A missing file, then a broken one: both are told, no key does harm, and the first good save is shown."""
    file = tmp_path / "later.yaml"
    async with previewing(home, file, (80, 24)) as stage:
        await stage.hears("There is nothing to see yet.", "there is no such file")
        await stage.burst(*"123dcrnubglp", "enter", "escape", "tab")
        save(file, ("start: desk", "start: dsek"))
        await stage.sees("there is no scene", "dsek", "did you mean", "undefined-scene")
        save(file)
        await stage.hears("Saved: now it can be played", "Her file is on your desk.")
        assert "There is nothing to see yet." not in stage.told


async def test_what_is_left_behind_is_proven_no_longer(home: Home, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each save cancels the proof of the one before, and leaving cancels the last."""
    begun: list[str] = []
    ended: list[str] = []

    class Watched(Unproven):
        def __init__(self, source: Any, *_: object) -> None:
            self.hash = source.hash
            begun.append(self.hash)

        def cancel(self) -> None:
            ended.append(self.hash)

    monkeypatch.setattr(preview, "Proving", Watched)
    async with previewing(home, file) as stage:
        save(file, ("She has gone.", "She has left."))
        await stage.until(lambda: len(begun) == 2, "two proofs")
        assert begun[0] in ended
    assert set(ended) == set(begun)


async def test_what_is_proven_is_told(home: Home, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once the case has been played in every way, what that shows is listed, and what each response costs."""
    monkeypatch.undo()
    monkeypatch.setattr("simulator.tui.desk.built_in", lambda: file.parent)
    async with previewing(home, file) as stage:
        await stage.pick("Ask her to come in.")
        await stage.until(lambda: "played in every way" in stage.told, "proven")
        assert "keeps the best" in live(stage)
        assert "costs " in live(stage)
        assert "so far" not in stage.screen.query_one("#state", Words).text


async def test_what_was_only_read_is_not_said_to_be_clean(home: Home, file: Path) -> None:
    """Where playing it in every way has come to nothing, there are no problems so far, and it says so."""
    async with previewing(home, file) as stage:
        await stage.until(lambda: "not proven" in stage.told, "not proven")
        assert "no problems so far" in stage.screen.query_one("#state", Words).text
        await stage.press("p")
        await stage.sees("Nothing is wrong so far.")


# -- begun elsewhere ------------------------------------------------------------------------------


async def test_a_scene_is_begun_at_from_the_command_line(home: Home, file: Path) -> None:
    """`--at` and `--with` begin there, and every later version is begun there too."""
    async with previewing(home, file, at="hello", given="trust=9, promised") as stage:
        await stage.hears("I need that money.", "Begun at `hello` with trust=9, promised")
        assert "trust 9 of 0 to 10" in live(stage)
        save(file, ("I need that money.", "I NEED that money."))
        await stage.hears("I NEED that money.")
        assert "trust 9 of 0 to 10" in live(stage)


async def test_a_scene_that_is_gone_is_not_begun_at(home: Home, tmp_path: Path) -> None:
    """Where the case is first good without the scene that was asked for, that is said, and it begins at the start."""
    file = tmp_path / "later.yaml"
    async with previewing(home, file, at="helo") as stage:
        save(file)
        await stage.hears("It begins at the start: there is no scene or ending `helo`; did you mean `hello`?")


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_any_scene_is_begun_at_as_one_likes(home: Home, file: Path, size: tuple[int, int]) -> None:
    """A scene is found by its words, feelings go up and down, facts and documents are ticked; back leads back."""
    async with previewing(home, file, size) as stage:
        await stage.press("b")
        await stage.at(BeginAtScreen)
        await stage.type("take over")
        await stage.sees("colleague Shall I take over?")
        await stage.press("tab", "9", "down", "left", "down", "down", "down", "space", "down", "right", "enter")
        await stage.at(PreviewScreen)
        await stage.hears("Shall I take over?", "Begun at `colleague` with trust=9, tension=6, promised, read(letter)")
        await stage.press("u")
        await stage.hears("Back where you were", "Her file is on your desk.")


async def test_the_mouse_begins_anywhere_too(home: Home, file: Path) -> None:
    """A click on a fact ticks it, a click on a scene begins there."""
    async with previewing(home, file) as stage:
        await stage.press("b")
        await stage.at(BeginAtScreen)
        settings = stage.screen.query_one("#begin-settings")
        await stage.tap(settings.region.x + 2, settings.region.y + 4)
        scenes = stage.screen.query_one("#begin-scenes")
        await stage.tap(scenes.region.x + 2, scenes.region.y + 1)
        await stage.at(PreviewScreen)
        await stage.hears("Begun at `hello` with promised")


async def test_as_now_and_as_at_the_start(home: Home, file: Path) -> None:
    """Everything can be taken as it is in the session, or as the case starts; Escape changes nothing."""
    async with previewing(home, file) as stage:
        await stage.go("Ask her to come in.", "You will have the money.")
        await stage.press("escape", "b")
        await stage.at(BeginAtScreen)
        await stage.type("hello")
        await stage.press("tab", "n", "enter")
        await stage.at(PreviewScreen)
        await stage.hears("Begun at `hello` with trust=6, tension=4, promised, minutes=2")
        await stage.press("b", "tab", "s", "escape")
        await stage.at(PreviewScreen)
        assert "tension 4 of 0 to 10" in live(stage)
        await stage.press("n", "n")
        await stage.hears("From the start", "Her file is on your desk.")


async def test_another_scene_is_gone_to_with_everything_as_it_is(home: Home, file: Path) -> None:
    """Going to a scene keeps feelings, facts and minutes."""
    async with previewing(home, file) as stage:
        await stage.go("Ask her to come in.", "Give me a moment.", "No, thank you.", "I can tell you who decides.")
        await stage.press("escape", "g")
        await stage.at(PickScreen)
        await stage.type("colle")
        await stage.press("enter")
        await stage.at(PreviewScreen)
        await stage.hears("Shall I take over?")
        assert "tension 5 of 0 to 10" in live(stage)
        assert "10:04" in live(stage)


# -- what only its author is told -----------------------------------------------------------------


async def test_the_live_panel_tells_what_a_trainee_never_sees(home: Home, file: Path) -> None:
    """Numbers, conditions with what they depend on, and what each response would do, at every moment."""
    async with previewing(home, file) as stage:
        told = live(stage)
        assert "✓ text: minutes_left(next-client) >= 16 minutes_left(next-client) 20" in told
        assert "invite → hello" in told
        await stage.pick("Ask her to come in.")
        told = live(stage)
        assert f"line {CASE[: CASE.index('  hello:')].count(chr(10)) + 1}" in told
        assert "The last step gave\n- organization.preparation" in told
        assert "-- rapport.limits" in told
        assert "trust 4→6 · tension 7→4 · sets promised" in told
        assert "! critical broken-promise" in told
        await stage.go("You will have the money.")
        told = live(stage)
        assert "✓ next: promised" in told
        assert "trust 6 of 0 to 10 +2" in told
        await stage.hand_in("Promised it.")
        assert "ethics: critical" in live(stage)


async def test_the_live_panel_tells_what_several_things_are_worth(home: Home, file: Path) -> None:
    """Where several things are picked each says what taking and leaving it is worth; in an order, pairs do."""
    several = """
    select:
      prompt: What do you take along?
      least: 0
      options:
        form:
          do: The form.
          marks: {organization.preparation: best}
          why: It is asked for.
          left-out: {marks: {organization.preparation: poor}, why: It was asked for.}
        tea: {do: A tea., feels: {tension: -1}}
    next: order
  order:
    rank:
      prompt: In which order?
      items: {mail: The mail., call: The call.}
      pairs:
        - {this: call, before: mail, marks: {organization.priorities: best}, why: It was promised., sets: promised}
    next: done"""
    text = CASE[: CASE.index("\n    write:")] + several + CASE[CASE.index("\nendings:") :]
    file.write_text(text, encoding="utf-8")
    async with previewing(home, file, at="note") as stage:
        await stage.hears("What do you take along?")
        told = live(stage)
        assert "++ organization.preparation\n- organization.preparation, left out" in told
        assert "tension 7→6" in told
        await stage.press(str(stage.offered.index("That is all.") + 1))
        await stage.hears("In which order?")
        assert "call before mail\n++ organization.priorities\nsets promised" in live(stage)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_key_opens_a_panel_goes_there_and_closes_it(home: Home, file: Path, size: tuple[int, int]) -> None:
    """At 80 columns nothing is open, one panel at a time opens under the case; at 120 all stands beside it."""
    async with previewing(home, file, size) as stage:
        panel, problems = stage.screen.query_one(LivePanel), stage.screen.query_one(ProblemList)
        wide = size[0] > 100
        assert panel.display == problems.display == wide
        if not wide:
            await stage.press("p")
            assert (problems.display, panel.display) == (True, False)
        await stage.press(*(["l"] if wide else ["l", "l"]))
        assert panel.display
        assert problems.display == wide
        assert stage.app.focused is panel
        await stage.press("down", "end", "pageup", "l")
        assert not panel.display
        await stage.pick("Ask her to come in.")
        await stage.hears("She stays on her feet.")


async def test_problems_are_gone_through_with_the_arrows(home: Home, file: Path) -> None:
    """Each problem has its line, its hint and its code; what is lit stays lit when another one is mended."""
    save(file, ("next: fork", "next: frok"), ("next: handed-over", "next: handed-ovr"), ("start: desk", "start: dsk"))
    async with previewing(home, file) as stage:
        problems = stage.screen.query_one(ProblemList)
        assert len(problems.problems) == 3
        await stage.hears("There is nothing to see yet.")
        await stage.press("p", "down")
        assert problems.lit is not None
        lit = problems.lit.message
        save(file, ("next: fork", "next: frok"), ("next: handed-over", "next: handed-ovr"))
        await stage.until(lambda: len(problems.problems) == 2, "one is mended")
        assert problems.lit is not None
        assert problems.lit.message == lit


async def test_a_problem_in_shared_scenes_names_their_file(home: Home, file: Path) -> None:
    """What stands in another file than the case says in which, and so does a scene that is visited."""
    shared = file.parent / "shared" / "pieces.yaml"
    shared.parent.mkdir()
    shared.write_text(PIECES, encoding="utf-8")
    file.write_text(VISITING, encoding="utf-8")
    async with previewing(home, file, at="screen") as stage:
        await stage.hears("A shared moment.")
        assert "of pieces.yaml" in live(stage)
        shared.write_text(PIECES.replace("next: return", "next: retrun"), encoding="utf-8")
        await stage.hears("of pieces.yaml: ", "last good version")
        await stage.sees("error: pieces.yaml: ")


async def test_help_lists_the_keys(home: Home, file: Path) -> None:
    """Help says what the preview is for, and every key has its name."""
    async with previewing(home, file, (80, 24)) as stage:
        await stage.press("question_mark")
        await stage.at(HelpScreen)
        await stage.hears(
            "[preview.problems]", "[preview.live]", "[preview.begin-at]", "[preview.edit]", "[scene.consult]"
        )


async def test_what_an_author_wrote_is_shown_as_it_is(home: Home, file: Path) -> None:
    """Markup in any text of the case, in an id that is wrong and in a hint does nothing anywhere."""
    file.write_text(hostile("[/oops] [@click=app.quit]x[/]"), encoding="utf-8")
    async with previewing(home, file) as stage:
        await stage.press("p", "l", "1", "b")
        await stage.at(BeginAtScreen)
        await stage.press("escape")
        save(file, ("title: A small case", "title: [/oops]"))
        await stage.hears("last good version")
        assert stage.app.is_running


# -- the author's own editor ----------------------------------------------------------------------


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Return the commands that would have been run, and run none."""
    commands: list[list[str]] = []

    @contextmanager
    def suspended(_: App[object]) -> Any:
        yield

    def run(command: list[str], **_: object) -> subprocess.CompletedProcess[bytes]:
        if command[0] == "missing":
            raise FileNotFoundError(2, "No such file or directory")
        commands.append(command)
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(App, "suspend", suspended)
    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.setenv("EDITOR", "vim")
    monkeypatch.delenv("VISUAL", raising=False)
    return commands


def line_of(words: str) -> int:
    """Return the line of the small case that words stand in, from 1."""
    return CASE[: CASE.index(words)].count("\n") + 1


async def test_the_editor_opens_at_the_scene(home: Home, file: Path, opened: list[list[str]]) -> None:
    """Edit opens the author's editor where the scene stands; while something is wrong, where that is."""
    async with previewing(home, file) as stage:
        await stage.pick("Ask her to come in.")
        await stage.press("e")
        assert opened == [["vim", f"+{line_of('  hello:')}", str(file)]]
        save(file, ("next: fork", "next: frok"))
        await stage.hears("last good version")
        await stage.press("e")
        assert opened[-1] == ["vim", f"+{line_of('next: fork')}", str(file)]
        await stage.press("p", "p", "enter")
        assert opened[-1] == ["vim", f"+{line_of('next: fork')}", str(file)]


async def test_an_editor_that_is_not_there_is_told(
    home: Home, file: Path, opened: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A command that cannot be started is named, and the preview goes on."""
    monkeypatch.setenv("EDITOR", "missing")
    async with previewing(home, file) as stage:
        await stage.press("e")
        await stage.sees("missing cannot be started: No such file or directory")
        monkeypatch.setattr("simulator.authoring.opening.shutil.which", lambda _: None)
    assert opened == []


async def test_typing_a_name_is_typing(home: Home, file: Path) -> None:
    """While a scene's name is typed, letters are letters and no keys of the preview."""
    async with previewing(home, file) as stage:
        await stage.press("b")
        await stage.at(BeginAtScreen)
        await stage.type("qnl1")
        assert stage.screen.query_one(Input).value == "qnl1"
        await stage.hears("Nothing fits that.")
        await stage.press("enter")
        assert isinstance(stage.screen, BeginAtScreen)


# -- any key in any order -------------------------------------------------------------------------

SAVES: tuple[tuple[tuple[str, str], ...], ...] = (
    (),
    (("next: fork", "next: frok"),),
    (("      wait:\n", "      moment:\n"),),
    (("hello", "morning"), ("letter", "paper")),
)


@pytest.mark.parametrize("run", range(TRIALS))
async def test_no_key_ends_the_preview(home: Home, file: Path, monkeypatch: pytest.MonkeyPatch, run: int) -> None:
    """Random keys, clicks, pastes, resizes and saves, good and broken, raise nothing."""
    draw = random.Random(run)
    drawn = keys(draw)
    monkeypatch.setattr(PreviewApp, "exit", lambda *_, **__: None)
    monkeypatch.setattr(PreviewApp, "deliver_screenshot", lambda *_: None)
    monkeypatch.setattr(PreviewApp, "action_suspend_process", lambda _: None)
    monkeypatch.setattr(PreviewScreen, "_edit_at", lambda *_: None)
    app = previewed(home, file)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        for _ in range(30):
            for key in [draw.choice("bgnulp123") if draw.random() < 0.3 else next(drawn) for _ in range(12)]:
                app.post_message(key_event(key))
                if draw.random() < 0.03:
                    something_else(app, draw)
            if draw.random() < 0.3:
                save(file, *draw.choice(SAVES))
            if draw.random() < 0.1:
                await pilot.resize_terminal(*draw.choice(ODD_SIZES))
            await pilot.pause(0)
            assert app._exception is None, run
        await Stage(app, pilot).settle()
        assert app._exception is None, run


# -- looked at ------------------------------------------------------------------------------------


def test_an_author_sees_case_problems_and_numbers_side_by_side(
    home: Home, file: Path, snap_compare: Callable[..., bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An author has broken a save: the last good version is played on, with the problem and the numbers beside it."""
    monkeypatch.delenv("NO_COLOR", raising=False)
    app = previewed(home, file)

    async def story(pilot: Pilot[int]) -> None:
        stage = Stage(app, pilot)
        await stage.pick("Ask her to come in.")
        save(file, ("next: fork", "next: frok"))
        await stage.hears("last good version")
        await stage.settle()

    assert snap_compare(app, terminal_size=(120, 40), run_before=story)
