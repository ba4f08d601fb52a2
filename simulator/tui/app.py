"""The Textual app: it opens at once, loads in a worker, and hands everything to its screens."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Protocol, runtime_checkable

from textual import work
from textual.app import App, SystemCommand
from textual.binding import Binding
from textual.dom import DOMNode
from textual.errors import NoWidget
from textual.events import Event, Key, MouseDown, Paste
from textual.screen import Screen
from textual.theme import Theme, ThemeProvider

from simulator.settings import Home, Settings, remember, remembered
from simulator.text import clean
from simulator.tui.handing_in import HandingIn
from simulator.tui.library import LibraryScreen
from simulator.tui.palette import Palette
from simulator.tui.themes import DEFAULT, THEMES

if TYPE_CHECKING:
    from simulator.tui.desk import Desk


@runtime_checkable
class AsksFirst(Protocol):
    """A screen that may hold what is not saved yet."""

    def leave(self, then: Callable[[], object]) -> None:
        """Do something that ends it; ask first if something is not saved."""


class CaseloadApp(App[int]):
    """Caseload on a terminal."""

    TITLE = "Caseload"
    HORIZONTAL_BREAKPOINTS: ClassVar = [  # type: ignore[misc]
        (0, "-narrow"),
        (100, "-wide"),
    ]
    VERTICAL_BREAKPOINTS: ClassVar = [(0, "-tiny"), (18, "-low"), (30, "-high")]  # type: ignore[misc]
    # Textual loads no styles of the screen that an app begins with.
    CSS_PATH: ClassVar = ["app.tcss", "library.tcss"]
    BINDINGS: ClassVar = [
        Binding("question_mark,f1", "help", "Help", id="app.help", tooltip="What can be done here"),
        Binding("ctrl+q", "quit", "Quit", show=False, priority=True, id="app.quit", tooltip="Leave; all is saved"),
    ]

    def __init__(
        self,
        where: Home,
        settings: Settings,
        *,
        scenario: str = "",
        resume: str = "",
        again: str = "",
        decision: int = 0,
        desk: str = "",
        session: str = "",
        who: str = "",
        seed: int | None = None,
        feedback: str = "",
        confidence: bool | None = None,
        rubric: Path | None = None,
        limit: int = 1024 * 1024,
    ) -> None:
        super().__init__()
        for theme in THEMES:
            self.register_theme(theme)
        chosen = settings.theme or remembered(where).get("theme", DEFAULT)
        self.theme = chosen if chosen in self.available_themes else DEFAULT
        self.where = where
        self.settings = settings
        self.handing_in = HandingIn(where, settings.shared, lambda said: self.call_from_thread(self.tell, said))
        self.desk: Desk | None = None
        """Loaded in the background; None until then."""
        self._theme_shown = ""
        self._early: list[Key] | None = []
        """Keys that were pressed before there was anything to press them for; None once there is."""
        self._wanted = {"scenario": scenario, "resume": resume, "desk": desk, "session": session, "who": who}
        self._again = (again, decision)
        """A session and the decision of it to try again from."""
        self._open = {"rubric": rubric, "seed": seed, "feedback": feedback, "confidence": confidence, "limit": limit}

    def get_default_screen(self) -> LibraryScreen:
        """Begin with the library: painting another screen before it would take a third of the first paint."""
        return LibraryScreen()

    def on_mount(self) -> None:
        """Paint first, load then."""
        self._theme_shown = self.theme
        self.theme_changed_signal.subscribe(self, self._theme_picked)
        self.set_keymap(self.settings.keymap)
        self.call_after_refresh(self._load)

    def _theme_picked(self, theme: Theme) -> None:
        """Remember a theme that somebody picked; the one it opens with is no news."""
        if theme.name != self._theme_shown:
            self._theme_shown = theme.name
            remember(self.where, theme=theme.name)

    @work(thread=True, exclusive=True)
    def _load(self) -> None:
        from simulator.tui.desk import CannotOpen, open_desk

        try:
            desk = open_desk(self.where, self.settings, **self._open)  # type: ignore[arg-type]
        except CannotOpen as error:
            self.call_from_thread(self._cannot_open, str(error))
        else:
            self.call_from_thread(self._loaded, desk)

    def _cannot_open(self, why: str) -> None:
        self.exit(2, message=clean(f"caseload: the rubric cannot be used as it is\n{why}"))

    def _loaded(self, desk: Desk) -> None:
        from simulator.tui.welcome import WelcomeScreen

        # What is loaded by now stays: looking through all of it for garbage would stop a key for 60 ms.
        gc.freeze()
        gc.set_threshold(700, 10, 1000)
        self.desk = desk
        self.handing_in.soon()
        who = self._wanted["who"]
        found = desk.people.find(who) if who else desk.person
        if who and found:
            desk.become(found)
        for screen in self.screen_stack:
            if isinstance(screen, LibraryScreen):
                screen.open(desk)
        if found is None:
            self.push_screen(WelcomeScreen(desk, who), lambda _: self._go_on(desk))
        else:
            self._go_on(desk)

    def _go_on(self, desk: Desk) -> None:
        """Do what the command line asked for, now that we know who is here."""
        wanted, self._wanted = self._wanted, dict.fromkeys(self._wanted, "")
        library = next(screen for screen in self.screen_stack if isinstance(screen, LibraryScreen))
        library.open(desk)
        if wanted["desk"]:
            library.action_review(wanted["session"], cohort=wanted["desk"] == "cohort")
        elif self._again[0]:
            (again, decision), self._again = self._again, ("", 0)
            library.again_named(
                again,
                decision,
                feedback=str(self._open["feedback"]),
                confidence=self._open["confidence"],  # type: ignore[arg-type]
            )
        elif wanted["resume"]:
            library.resume_named(wanted["resume"])
        elif wanted["scenario"]:
            library.play_named(wanted["scenario"])

    async def on_event(self, event: Event) -> None:
        """Let what is pasted pass the gate for outside text, wherever; drop what hits nothing any more."""
        if isinstance(event, Paste):
            event.text = clean(event.text)
        if isinstance(event, MouseDown) and self._is_gone(event):
            return
        if isinstance(event, Key) and self._keeps(event):
            return
        await super().on_event(event)

    def _keeps(self, event: Key) -> bool:
        """Keep a key that is pressed while the library is opened; those that mean the app itself do it at once."""
        opening = any(isinstance(screen, LibraryScreen) for screen in self.screen_stack[:1])
        if self._early is None or event.key.startswith("ctrl+") or not opening:
            return False
        self._early.append(event)
        return True

    def opened(self) -> None:
        """There is something to press keys for now: those that came earlier go first."""
        early, self._early = self._early, None
        for event in early or ():
            self.post_message(event)

    def _is_gone(self, event: MouseDown) -> bool:
        """Whether the mouse hit something that is painted still, but is being taken down."""
        try:
            hit, _ = self.get_widget_at(event.x, event.y)
        except NoWidget:
            return False
        return hit.parent is None and not isinstance(hit, Screen)

    async def action_quit(self) -> None:
        """Leave; whoever is writing a case is asked first if it is not saved."""
        for screen in reversed(self.screen_stack):
            if isinstance(screen, AsksFirst):
                screen.leave(self.exit)
                return
        self.exit()

    @property
    def desk_or_fail(self) -> Desk:
        """The desk, for screens that only open once it is there."""
        assert self.desk is not None  # noqa: S101
        return self.desk

    def tell(self, message: str, *, bad: bool = False) -> None:
        """Show a message, as it is. It may name files and arguments, and so hold what a terminal would obey."""
        self.notify(clean(message), severity="error" if bad else "information", markup=False, timeout=10 if bad else 4)

    def action_command_palette(self) -> None:
        """Open the command palette."""
        if not isinstance(self.screen, Palette):
            self.push_screen(Palette())

    def search_themes(self) -> None:
        """Open the palette with the themes in it."""
        if not isinstance(self.screen, Palette):
            self.push_screen(Palette([ThemeProvider], placeholder="Search for themes…"))

    def action_help(self) -> None:
        """Show what can be done on the screen that is open."""
        from simulator.tui.help import HelpScreen

        if not isinstance(self.screen, HelpScreen | Palette):
            self.push_screen(HelpScreen(self.screen))

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Yield what the command palette offers: the app's own, then everything this screen can do."""
        for command in super().get_system_commands(screen):
            if command.title not in ("Keys", "Maximize", "Minimize"):
                yield command
        yield SystemCommand("Help", "What can be done here", self.action_help)
        for active in {active.binding.id: active for active in screen.active_bindings.values()}.values():
            binding = active.binding
            if binding.show and binding.description and not binding.system and binding.id != "app.help":
                about = binding.tooltip or binding.description
                yield SystemCommand(binding.description, about, self._runner(active.node, binding.action))

    def _runner(self, node: DOMNode, action: str) -> Callable[[], None]:
        async def run() -> None:
            await self.run_action(action, node)

        return lambda: self.call_later(run)  # type: ignore[return-value]
