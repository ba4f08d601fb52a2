"""The app on a stage: opened without a terminal, worked by keys and mouse, looked at as it is painted."""

from __future__ import annotations

import errno
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from textual.containers import VerticalScroll
from textual.content import Content
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import DataTable, Static

from simulator import settings
from simulator.archive import Archive, Logged
from simulator.settings import Home
from simulator.tui.app import CaseloadApp
from simulator.tui.choices import Choice
from simulator.tui.library import LibraryScreen
from simulator.verify import verify
from tests.tui_cases import PEOPLE

SIZES = ((80, 24), (120, 40), (40, 12))
TRIES = 400
"""How often something is looked for before a test gives up on it: some ten seconds of an idle machine."""


@dataclass
class Stage:
    """The app, open, and what a person at it can do and see."""

    app: CaseloadApp
    pilot: Pilot[int]

    @property
    def screen(self) -> Screen[Any]:
        """The screen that is open."""
        return self.app.screen

    @property
    def painted(self) -> str:
        """What stands on the screen now, line by line."""
        return "\n".join(strip.text.rstrip() for strip in self.app.screen._compositor.render_strips())

    @property
    def told(self) -> str:
        """Every text of the open screen, also what has been scrolled out of view."""
        found = []
        for widget in self.screen.query(Widget):
            if isinstance(widget, Static) and isinstance(widget.content, Content) and _displayed(widget):
                found.append(widget.content.plain)
            if isinstance(widget, DataTable):
                found += ["  ".join(str(cell) for cell in widget.get_row_at(row)) for row in range(widget.row_count)]
        return "\n".join(found)

    @property
    def offered(self) -> list[str]:
        """The texts of what can be picked, in their order."""
        return [choice.text for choice in self.screen.query(Choice)]

    async def press(self, *keys: str) -> None:
        """Press keys, and let the app take in each."""
        for key in keys:
            await self.pilot._app._press_keys(()) if not key else await self._key(key)
        await self.settle()

    async def _key(self, key: str) -> None:
        await self.pilot.press(key)

    async def type(self, text: str) -> None:
        """Type a text, one character after the other."""
        await self.pilot.press(*("space" if sign == " " else "enter" if sign == "\n" else sign for sign in text))
        await self.settle()

    async def settle(self) -> None:
        """Wait until nothing is under way."""
        await self.app.workers.wait_for_complete()
        await self.pilot.pause()

    async def until(self, holds: Callable[[], bool], what: str) -> None:
        """Wait for something to become so."""
        for _ in range(TRIES):
            if holds():
                return
            await self.pilot.pause(0.02)
        raise AssertionError(f"not so: {what}\n{self.painted}")

    async def sees(self, *words: str) -> None:
        """Wait until words stand on the screen, however they are wrapped."""
        await self.until(lambda: all(_flat(word) in _flat(self.painted) for word in words), f"on the screen: {words}")

    async def hears(self, *words: str) -> None:
        """Wait until words are somewhere on the screen, if only after scrolling."""
        await self.until(lambda: all(word in self.told for word in words), f"told: {words}")

    async def pick(self, words: str) -> None:
        """Pick what says so, by its digit."""
        await self.until(lambda: any(words in text for text in self.offered), f"on offer: {words}")
        number = next(number for number, text in enumerate(self.offered, 1) if words in text)
        await self.press(str(number))

    async def click(self, what: str | Widget, times: int = 1) -> None:
        """Click on a widget, or on what can be picked and says so."""
        target = what
        if isinstance(what, str) and not what.startswith("#"):
            target = next(choice for choice in self.screen.query(Choice) if what in choice.text)
        if isinstance(target, Widget):
            for parent in target.ancestors:
                if isinstance(parent, VerticalScroll):
                    parent.scroll_to_widget(target, animate=False, immediate=True)
        await self.pilot.pause()
        await self.pilot.click(target, times=times)
        await self.settle()

    async def play(self, title: str, *responses: str) -> None:
        """From the library, begin a case and take responses by their digits."""
        await self.pick(title)
        await self.sees("Begin")
        await self.press("enter")
        for response in responses:
            await self.pick(response)

    async def write(self, text: str) -> None:
        """Write what the scene asks for and hand it in."""
        await self.type(text)
        await self.press("escape")
        await self.press("enter")


def _displayed(widget: Widget) -> bool:
    return all(each.display for each in (widget, *widget.ancestors) if isinstance(each, Widget))


def _flat(text: str) -> str:
    """Words alone: without frames, scroll bars and line ends."""
    return " ".join(re.sub(r"[^\w\s.,:;!?“”’'()\[\]/@=+*<>%#&$-]", " ", text).split())


@asynccontextmanager
async def on_stage(
    home: Home, size: tuple[int, int] = (120, 40), *, who: str = "t-kim", **options: Any
) -> AsyncIterator[Stage]:
    """Open the app and wait until it has loaded; `who` sits at the keyboard, nobody if empty."""
    found, _ = settings.load(home)
    app = CaseloadApp(home, found, who=who, **options)
    app.animation_level = "none"
    async with app.run_test(size=size, notifications=True) as pilot:
        stage = Stage(app, pilot)
        await stage.until(lambda: app.desk is not None and not _opening(app), "loaded")
        await stage.settle()
        yield stage


def _opening(app: CaseloadApp) -> bool:
    return isinstance(app.screen, LibraryScreen) and app.screen.desk is None


def home_of(root: Path, people: str = PEOPLE) -> Home:
    """Make a home in which people are known."""
    root.mkdir(parents=True, exist_ok=True)
    home = Home(root)
    if people:
        home.people.write_text(people, encoding="utf-8")
    return home


def sessions(home: Home) -> list[Logged]:
    """Return the sessions of a home, newest first; all must be readable."""
    rows = list(Archive(home).sessions())
    assert all(isinstance(row, Logged) for row in rows), rows
    return [row for row in rows if isinstance(row, Logged)]


def the_session(home: Home) -> Logged:
    """Return the only session of a home."""
    (session,) = sessions(home)
    return session


def all_sound(home: Home) -> None:
    """Every journal of a home verifies."""
    archive = Archive(home)
    for path in archive.paths():
        finding = verify(archive, path)
        assert finding.sound, finding


Then = Callable[[Stage], Awaitable[None]]
FULL = errno.ENOSPC
