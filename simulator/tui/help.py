"""Help: what can be done on the screen below, and with which keys."""

from __future__ import annotations

from typing import ClassVar, Protocol, runtime_checkable

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.screen import ModalScreen, Screen

from simulator.tui.lines import Words
from simulator.tui.page import ClosesOnce
from simulator.wording import FICTION, LOGGED


@runtime_checkable
class Helpful(Protocol):
    """A screen that has something to say about itself."""

    HELP: str
    """What this screen is for, in a few sentences."""


@runtime_checkable
class HelpfulNow(Protocol):
    """A screen that has something to say about what it shows just now."""

    def help_now(self) -> str:
        """Say it."""


class HelpScreen(ClosesOnce, ModalScreen[None]):
    """What can be done on another screen."""

    CSS_PATH = "help.tcss"
    BINDINGS: ClassVar = [
        Binding("escape,question_mark,q,enter", "dismiss", "Close", id="help.close", tooltip="Back to where you were"),
    ]

    def __init__(self, about: Screen[object]) -> None:
        super().__init__()
        self._about = about

    def compose(self) -> ComposeResult:
        """Say what the screen is for, then list its keys as they are set."""
        with VerticalScroll(id="help") as page:
            page.border_subtitle = "Esc closes"
            if isinstance(self._about, Helpful) and self._about.HELP:
                yield Words(self._about.HELP, classes="gap")
            if isinstance(self._about, HelpfulNow) and (now := self._about.help_now()):
                yield Words(now, classes="gap")
            yield Words("Keys", classes="heading")
            yield Words("\n".join(self._keys()), classes="gap")
            yield Words("What is kept", classes="heading")
            yield Words(f"{LOGGED} {FICTION}", classes="gap")
            yield Words(
                "Keys can be changed in settings.yaml in your data folder, under `keymap:`, by the names in brackets. "
                "Ctrl+P opens the command palette, with the themes in it.",
                classes="muted",
            )

    def _keys(self) -> list[str]:
        lines: dict[str, str] = {}
        for active in self._about.active_bindings.values():
            binding = active.binding
            if binding.id is None or binding.id in lines:
                continue
            keys = self.app.get_key_display(binding)
            lines[binding.id] = f"{keys:<10} {binding.tooltip or binding.description}  [{binding.id}]"
        return sorted(lines.values(), key=str.casefold)
