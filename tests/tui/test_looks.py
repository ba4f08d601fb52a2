"""What holds for every screen: names for keys, colours that can be read, nothing of Textual's taken over."""

from __future__ import annotations

import ast
import importlib
import inspect
import os
import pkgutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.app import App
from textual.binding import Binding
from textual.color import Color
from textual.dom import DOMNode
from textual.theme import Theme
from textual.widget import Widget

import simulator.tui
from simulator.settings import Home
from simulator.tui.model import ModelScreen
from simulator.tui.themes import THEMES
from tests.tui.stage import BROKEN, KEPT, Stage, on_stage, played

REQUIRED = {"caseload": 4.5, "caseload-light": 4.5, "caseload-contrast": 7.0}
"""WCAG contrast: AA for all themes, AAA for the one that is called so."""


def our_classes() -> Iterator[type[DOMNode]]:
    """Yield every screen, widget and app of ours."""
    for found in pkgutil.walk_packages(simulator.tui.__path__, "simulator.tui."):
        module = importlib.import_module(found.name)
        for each in vars(module).values():
            if inspect.isclass(each) and issubclass(each, DOMNode) and each.__module__ == module.__name__:
                yield each


def test_every_key_has_a_name_of_its_own_and_says_what_it_does() -> None:
    """Every binding has an id, unique among all, for keymaps, and a tooltip, for help and the palette."""
    names: list[str] = []
    for each in our_classes():
        for binding in each.__dict__.get("BINDINGS", ()):
            assert isinstance(binding, Binding), (each, binding)
            assert binding.id, (each, binding)
            assert binding.tooltip, (each, binding)
            names.append(binding.id)
    assert len(names) > 30
    assert sorted(names) == sorted(set(names))


def test_no_name_of_textuals_is_taken_over_by_accident() -> None:
    """No method or attribute of ours replaces one that Textual has and does not mean to be replaced."""
    meant = {
        "on_event",
        "get_default_screen",
        "bindings_changed",
        "compose",
        "check_action",
        "get_system_commands",
        "theme",
        "dismiss",
        "search_themes",
        "action_command_palette",
        "_gather_commands",
        "notify_style_update",
        "_action_command_list",
        # Whoever writes a case is asked before the app is left.
        "action_quit",
        # Set, as Textual means it to be.
        "highlighted",
        # What the editor of cases does in its own way, or sooner.
        *("_on_key", "action_delete_left", "indent_width", "render_line", "scroll_cursor_visible"),
        *("edit", "load_text", "redo", "text", "undo"),
        *("_delete_via_keyboard", "_replace_via_keyboard", "action_copy", "selection"),
        # A list that there is no room for has no pages.
        *("action_page_down", "action_page_up"),
    }
    for each in our_classes():
        base = next(parent for parent in each.__mro__ if parent.__module__.startswith("textual."))
        known = set(dir(base)) | (set(vars(base())) if base is not App else set(vars(App())))
        source = ast.parse(Path(inspect.getfile(each)).read_text(encoding="utf-8"))
        (own,) = (node for node in ast.walk(source) if isinstance(node, ast.ClassDef) and node.name == each.__name__)
        names = {node.name for node in own.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
        for node in ast.walk(own):
            match node:
                case ast.Attribute(value=ast.Name(id="self"), attr=attribute, ctx=ast.Store()):
                    names.add(attribute)
        taken = {name for name in names & known if not name.startswith("__")} - meant
        assert not taken, (each, taken)


# -- colours --------------------------------------------------------------------------------------


def luminance(color: Color) -> float:
    """Return the relative luminance of WCAG 2."""
    parts = (part / 255 for part in color.rgb)
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Color, other: Color) -> float:
    """Return the contrast ratio of WCAG 2, from 1 to 21."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_the_colours_of_a_theme_can_be_read(theme: Theme) -> None:
    """Every colour that text has stands out from every ground that text stands on."""
    assert theme.background
    assert theme.foreground
    generated = theme.to_color_system().generate()
    grounds = {name: Color.parse(generated[name]) for name in ("background", "surface", "panel")}
    inks = {name: Color.parse(generated[name]) for name in ("foreground", "primary", "secondary", "accent", "error")}
    inks["footer key"] = Color.parse(generated["footer-key-foreground"])
    poor = {
        (ink, ground): round(contrast(on, color), 1)
        for ink, color in inks.items()
        for ground, on in grounds.items()
        if contrast(on, color) < REQUIRED[theme.name]
    }
    assert not poor


def hard_to_read(stage: Stage, required: float) -> dict[str, float]:
    """Return what is painted with too little contrast: words on the screen, with the ratio."""
    poor: dict[str, float] = {}
    # What lies under a dialog is dimmed on purpose.
    top = stage.screen.children[0].region if stage.screen.is_modal else stage.screen.region
    for strip in stage.screen._compositor.render_strips()[top.y : top.bottom]:
        for segment in strip.crop(top.x, top.right):
            style = segment.style
            if style is None or not any(sign.isalnum() for sign in segment.text):
                continue
            assert style.color, segment
            assert style.bgcolor, segment
            ink = Color.from_rich_color(style.color)
            ground = Color.from_rich_color(style.bgcolor)
            if style.reverse:
                ink, ground = ground, ink
            ratio = contrast(ink, ground)
            if ratio < required:
                poor[segment.text.strip()] = round(ratio, 1)
    return poor


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
async def test_every_word_on_every_screen_can_be_read(home: Home, shelf: Path, theme: Theme) -> None:
    """Whatever is painted on the main screens, lit or not, has the contrast that its theme promises."""
    home.settings.write_text(f"theme: {theme.name}\n", encoding="utf-8")
    required = REQUIRED[theme.name]
    poor: dict[str, dict[str, float]] = {}

    async def look(stage: Stage, what: str) -> None:
        await stage.settle()
        if found := hard_to_read(stage, required):
            poor[what] = found

    async with on_stage(home, who="") as stage:
        await look(stage, "welcome")
        await stage.press("1")
        await look(stage, "library")
        await stage.press("1")
        await look(stage, "briefing")
        await stage.press("enter", "down")
        await look(stage, "preparation")
        await stage.press("d", "1")
        await look(stage, "documents")
        await stage.press("escape", "c", "f1")
        await look(stage, "help")
        await stage.press("escape")
        await stage.go("Ask her to come in.")
        await stage.press("down")
        await look(stage, "meeting")
        await stage.go("You will have the money.")
        await stage.type("Told her.")
        await look(stage, "note")
    session = played(home, shelf, *BROKEN)
    async with on_stage(home, resume=session) as stage:
        await look(stage, "debrief")
        await stage.press("m", "n")
        await stage.at(ModelScreen)
        await look(stage, "one balanced way")
        await stage.press("end")
        await look(stage, "where it leads")
        await stage.press("q")
        await stage.press("q", "v")
        await look(stage, "sessions")
        await stage.press("q", "r")
        await look(stage, "inbox")
        await stage.press("enter")
        await look(stage, "review")
        await stage.press("c")
        await look(stage, "comment")
    assert poor == {}


async def test_what_is_lit_and_what_was_lost_is_told_without_colour(home: Home, shelf: Path) -> None:
    """Numbers, signs and words say what colours say: levels have signs, criticals their word, what is lit is bold."""
    session = played(home, shelf, *BROKEN)
    async with on_stage(home, resume=session) as stage:
        await stage.hears("Critical: ", "!", "--", "ethics        critical")
    session = played(home, shelf)
    async with on_stage(home, resume=session) as stage:
        await stage.press("down")
        (lit,) = stage.screen.query(".-on").results(Widget)
        others = [each for each in stage.screen.query("Choice").results(Widget) if each is not lit]
        assert lit.rich_style.bold
        assert not any(each.rich_style.bold for each in others)


@pytest.mark.parametrize("theme", ["caseload", "caseload-contrast", "textual-ansi"])
async def test_without_colours_everything_is_there(
    home: Home, shelf: Path, monkeypatch: pytest.MonkeyPatch, theme: str
) -> None:
    """With NO_COLOR nothing is coloured, and nothing is painted in the colour of its own ground."""
    monkeypatch.setenv("NO_COLOR", "1")
    home.settings.write_text(f"theme: {theme}\n", encoding="utf-8")
    session = played(home, shelf, *KEPT[:1])
    async with on_stage(home, resume=session) as stage:
        await stage.sees("Her file is on your desk.", "Ask her to come in.")
        for strip in stage.screen._compositor.render_strips():
            for segment in strip:
                style = segment.style
                if style is None or not style.color or not style.bgcolor:
                    continue
                if not any(sign.isalnum() for sign in segment.text):
                    continue
                for color in (style.color, style.bgcolor):
                    if color.triplet is not None:
                        assert len(set(color.triplet)) == 1, segment
                assert style.color != style.bgcolor, segment


async def test_every_theme_of_the_palette_shows_every_screen(home: Home, shelf: Path) -> None:
    """None of the themes that can be picked ends the app."""
    session = played(home, shelf, "invite")
    async with on_stage(home, resume=session) as stage:
        for name in stage.app.available_themes:
            stage.app.theme = name
            await stage.settle()
        await stage.sees("Good morning.")


def test_the_app_needs_a_terminal(tmp_path: Path) -> None:
    """Without a terminal it says so in a sentence, fails, and does not wait for anybody."""
    environment = {**os.environ, "CASELOAD_HOME": str(tmp_path), "PYTHONPATH": str(Path(__file__).parents[2])}
    ran = subprocess.run(
        [sys.executable, "-m", "simulator"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        env=environment,
        timeout=60,
        check=False,
    )
    assert ran.returncode == 2
    assert ran.stderr.startswith("caseload: the app needs a terminal, and this is none.")
    assert not ran.stdout
