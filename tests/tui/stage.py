"""The app on a stage: opened without a terminal, worked by keys and mouse, looked at as it is painted."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Event
from typing import Any

from textual.containers import VerticalScroll
from textual.content import Content
from textual.events import Key, MouseDown, MouseUp, Paste
from textual.keys import _character_to_key
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import DataTable, Input, Static, TextArea
from textual.worker import WorkerCancelled

from scoring.rubric import Rubric
from simulator import settings
from simulator.archive import Archive, Logged
from simulator.library import Case, rubric_at
from simulator.loader import load_scenario
from simulator.play import Play
from simulator.settings import Home
from simulator.tui.app import CaseloadApp
from simulator.tui.choices import Choice
from simulator.tui.library import LibraryScreen
from simulator.tui.log import Log
from simulator.verify import verify
from tests.tui_cases import PEOPLE

SIZES = ((80, 24), (40, 12))
"""Where little room could matter; every other test opens the app at 120 by 40."""
TRIES = 500
"""How often something is looked for before a test gives up on it: ten seconds at the least."""


@dataclass
class Stage:
    """The app, open, and what a person at it can do and see."""

    app: CaseloadApp
    pilot: Pilot[int]

    # -- what there is to see -----------------------------------------------------------------

    @property
    def screen(self) -> Screen[Any]:
        """The screen that is open."""
        return self.app.screen

    @property
    def painted(self) -> str:
        """What stands on the screen now, line by line."""
        return "\n".join(strip.text.rstrip() for strip in self.screen._compositor.render_strips())

    @property
    def told(self) -> str:
        """Every text of the open screen, also what has been scrolled out of view."""
        found = []
        for widget in self.screen.query(Widget):
            if isinstance(widget, Static) and isinstance(widget.content, Content) and _displayed(widget):
                found.append(widget.content.plain)
            if isinstance(widget, DataTable):
                found += ["  ".join(str(cell) for cell in widget.get_row_at(row)) for row in range(widget.row_count)]
            if isinstance(widget, TextArea):
                found.append(widget.text)
            if isinstance(widget, Log):
                found.append(widget.said)
            if isinstance(widget, Input):
                found.append(widget.value)
        return "\n".join(found)

    @property
    def offered(self) -> list[str]:
        """The texts of what can be picked, in their order."""
        return [choice.text for choice in self.screen.query(Choice) if choice.display]

    @property
    def typed(self) -> str:
        """What stands in the editor."""
        return self.screen.query_one(TextArea).text

    async def until(self, holds: Callable[[], bool], what: str) -> None:
        """Wait for something to become so."""
        for _ in range(TRIES):
            if holds():
                return
            await self.pilot.pause(0.02)
        raise AssertionError(f"not so: {what}\n{self.painted}")

    async def sees(self, *words: str) -> None:
        """Wait until words stand on the screen, however they are wrapped."""
        await self.until(lambda: all(flat(word) in flat(self.painted) for word in words), f"on the screen: {words}")

    async def hears(self, *words: str) -> None:
        """Wait until words are somewhere on the screen, if only after scrolling."""
        await self.until(lambda: all(word in self.told for word in words), f"told: {words}")

    async def at(self, kind: type[Screen[Any]]) -> None:
        """Wait until such a screen is open."""
        await self.until(lambda: isinstance(self.screen, kind), f"at {kind.__name__}")
        await self.settle()

    async def settle(self) -> None:
        """Wait until nothing is under way."""
        # Looking again at the sessions cancels a look that is under way.
        with suppress(WorkerCancelled):
            await self.app.workers.wait_for_complete()
        quiet = 0
        while quiet < 3:
            await self.pilot.pause(0)
            waiting = sum(each.message_queue_size for each in (self.app, self.screen, *self.screen.query(Widget)))
            # What was pressed may have opened a screen that sets about something only now.
            working = any(not worker.is_finished for worker in self.app.workers)
            quiet = 0 if waiting or working else quiet + 1

    # -- what there is to do ------------------------------------------------------------------

    async def press(self, *keys: str) -> None:
        """Press keys, and let the app take in each."""
        for key in keys:
            self.app.post_message(key_event(key))
            await self.settle()

    async def burst(self, *keys: str) -> None:
        """Press keys faster than the app can follow."""
        self.post(*keys)
        await self.settle()

    def post(self, *keys: str) -> None:
        """Press keys and wait for nothing."""
        for key in keys:
            self.app.post_message(key_event(key))

    async def type(self, text: str) -> None:
        """Type a text."""
        await self.burst(*text)

    async def paste(self, text: str) -> None:
        """Paste a text."""
        self.app.post_message(Paste(text))
        await self.settle()

    async def tap(self, x: int, y: int, times: int = 1) -> None:
        """Click at a place on the screen."""
        for _ in range(times):
            for event in (MouseDown, MouseUp):
                self.app.post_message(event(None, x, y, 0, 0, 1, False, False, False, x, y))
        await self.settle()

    async def click(self, what: str | Widget, times: int = 1) -> None:
        """Click on a widget, or on what can be picked and says so."""
        target = self.find(what) if isinstance(what, str) else what
        for parent in target.ancestors:
            if isinstance(parent, VerticalScroll):
                parent.scroll_to_widget(target, animate=False, immediate=True)
        await self.settle()
        x, y = target.region.offset
        await self.tap(x + min(5, target.region.width - 1), y + target.region.height // 2, times)

    def find(self, what: str) -> Widget:
        """Return a widget by its selector, or what can be picked by its words."""
        if what.startswith("#"):
            return self.screen.query_one(what, Widget)
        return next(choice for choice in self.screen.query(Choice) if choice.display and what in choice.text)

    async def pick(self, words: str) -> None:
        """Pick what says so, by its digit."""
        await self.until(lambda: any(words in text for text in self.offered), f"on offer: {words}")
        numbers = [number for number, text in enumerate(self.offered, 1) if words in text]
        await self.press(str(self.offered.index(words) + 1 if words in self.offered else numbers[0]))

    async def begin(self, title: str) -> None:
        """From the library, begin a case."""
        await self.pick(title)
        await self.sees("Begin")
        await self.press("enter")

    async def go(self, *responses: str) -> None:
        """Take responses, each by its digit."""
        for response in responses:
            await self.pick(response)

    async def hand_in(self, text: str) -> None:
        """Write what the scene asks for and hand it in."""
        await self.until(lambda: isinstance(self.app.focused, TextArea), "an editor")
        await self.type(text)
        await self.hand_in_again()

    async def hand_in_again(self) -> None:
        """Hand in what stands in the editor; a button takes no second press while it still shows the first."""
        await self.until(lambda: not self.screen.query("Button.-active"), "a button that can be pressed")
        self.screen.query_one("#hand-in", Widget).focus()
        await self.settle()
        await self.press("enter")


def key_event(key: str) -> Key:
    """Return what a terminal would send for a key, by its name or as a character."""
    names = {"\n": "enter", "\t": "tab", " ": "space"}
    if key in names:
        return Key(names[key], key)
    if len(key) == 1:
        return Key(key if key.isalnum() else _character_to_key(key), key)
    return Key(key, {"enter": "\r", "tab": "\t", "space": " ", "question_mark": "?"}.get(key))


def _displayed(widget: Widget) -> bool:
    return all(each.display for each in (widget, *widget.ancestors) if isinstance(each, Widget))


def flat(text: str) -> str:
    """Return words alone: without frames, scroll bars and line ends."""
    return " ".join(re.sub(r"[^\w\s.,:;!?“”’'()\[\]/@=+*<>%#&$-]", " ", text).split())


@asynccontextmanager
async def on_stage(
    home: Home, size: tuple[int, int] = (120, 40), *, who: str = "t-kim", **options: Any
) -> AsyncIterator[Stage]:
    """Open the app and wait until it has loaded; `who` sits at the keyboard, whoever sat there last if empty."""
    found, _ = settings.load(home)
    app = CaseloadApp(home, found, who=who, **options)
    app.animation_level = "none"
    async with app.run_test(size=size, notifications=True) as pilot:
        stage = Stage(app, pilot)
        await stage.until(lambda: app.desk is not None and not _opening(app), "loaded")
        await stage.settle()
        yield stage


class Opening:
    """An app that has painted its first screen, and loads nothing before it is told to go on."""

    def __init__(self) -> None:
        self._may = Event()

    def held(self, load: Callable[..., Any]) -> Callable[..., Any]:
        """Return what loads once it may."""

        def loading(*given: Any, **named: Any) -> Any:
            self._may.wait(60)
            return load(*given, **named)

        return loading

    def go(self) -> None:
        """Let it load."""
        self._may.set()

    @asynccontextmanager
    async def __call__(self, home: Home, who: str) -> AsyncIterator[Stage]:
        """Open the app, which does not load yet."""
        found, _ = settings.load(home)
        app = CaseloadApp(home, found, who=who)
        app.animation_level = "none"
        async with app.run_test(size=(120, 40), notifications=True) as pilot:
            try:
                yield Stage(app, pilot)
            finally:
                self.go()


def _opening(app: CaseloadApp) -> bool:
    return isinstance(app.screen, LibraryScreen) and app.screen.desk is None


def home_of(root: Path, people: str = PEOPLE) -> Home:
    """Make a home in which people are known."""
    root.mkdir(parents=True, exist_ok=True)
    home = Home(root)
    if people:
        home.people.write_text(people, encoding="utf-8")
    return home


@cache
def rubric() -> Rubric:
    """Return the rubric that comes with Caseload."""
    loaded = rubric_at()
    assert loaded.value is not None, loaded.problems
    return loaded.value


def case_at(path: Path) -> Case:
    """Load a case that can be played."""
    loaded = load_scenario(path, rubric())
    assert loaded.value is not None, loaded.problems
    assert loaded.source is not None
    return Case(loaded.value, loaded.source)


def begun(
    home: Home,
    shelf: Path,
    *did: str,
    person: str = "t-kim",
    feedback: str = "end",
    seed: int = 1,
    confidence: bool = False,
    purpose: str = "",
) -> Play:
    """Begin the first case of a library and do some things, without the app.

    What is done is a response's id, `read:` and a document's, `consult`, `write:` and a text, `pick:` or `order:` and
    ids with blanks between them.
    """
    loaded = rubric_at()
    assert loaded.source is not None
    case = case_at(sorted(shelf.glob("*.yaml"))[0])
    how = {"seed": seed, "feedback": feedback, "confidence": confidence, "purpose": purpose}
    play = Play.begin(home, case, rubric(), loaded.source, person, **how)  # type: ignore[arg-type]
    for each in did:
        kind, colon, what = each.partition(":")
        if kind == "consult":
            play.consult()
        elif not colon:
            play.choose(kind)
        elif kind == "read":
            play.read(what)
        elif kind == "pick":
            play.select(what.split())
        elif kind == "order":
            play.rank(what.split())
        else:
            play.write(what)
    return play


def played(home: Home, shelf: Path, *did: str, **how: Any) -> str:
    """Play so and leave; return the session's id."""
    play = begun(home, shelf, *did, **how)
    play.suspend()
    return play.header.session


KEPT = ("read:letter", "invite", "explain", "write:Told her who decides.")
"""A way through the small case on which all went well."""
BROKEN = ("invite", "promise", "write:Promised it.")
"""A way on which a promise was made that nobody can keep."""


def sessions(home: Home) -> list[Logged]:
    """Return the sessions of a home, newest first; all must be readable."""
    rows = list(Archive(home).sessions())
    logged = [row for row in rows if isinstance(row, Logged)]
    assert len(logged) == len(rows), rows
    return logged


def the_session(home: Home) -> Logged:
    """Return the only session of a home."""
    (session,) = sessions(home)
    return session


def must_verify(home: Home) -> None:
    """Fail unless every journal of a home verifies."""
    archive = Archive(home)
    for path in archive.paths():
        finding = verify(archive, path, frozenset({archive.load(path).scenario.hash}))
        assert finding.sound, finding
