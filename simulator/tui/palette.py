"""The command palette, however fast somebody types."""

from __future__ import annotations

from contextlib import suppress

from textual.app import ComposeResult
from textual.command import CommandList, CommandPalette
from textual.events import Click

from simulator.tui.page import ClosesOnce


class Commands(CommandList):
    """What was found. A click may be meant for what stood there before the list became shorter."""

    def on_click(self, event: Click) -> None:
        """Keep such a click from the list's own handler."""
        if event.style.meta.get("option", 0) >= self.option_count:
            event.prevent_default()


class Palette(ClosesOnce, CommandPalette):
    """Textual's palette without its races.

    It would close the screen below as well, search when it has closed, and page before it has been laid out. It has
    no id: the next one may be opened while the one before is still being taken down.
    """

    def compose(self) -> ComposeResult:
        """Lay it out, with our list."""
        for widget in super().compose():
            yield Commands() if isinstance(widget, CommandList) else widget

    def _gather_commands(self, search_value: str) -> None:  # type: ignore[override]
        if self.is_active:
            super()._gather_commands(search_value)

    def _action_command_list(self, action: str) -> None:
        with suppress(KeyError):
            super()._action_command_list(action)
