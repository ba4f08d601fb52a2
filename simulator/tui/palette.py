"""The command palette, however fast somebody types."""

from __future__ import annotations

from contextlib import suppress

from textual.command import CommandPalette

from simulator.tui.page import ClosesOnce


class Palette(ClosesOnce, CommandPalette):
    """Textual's palette without its races.

    It would close the screen below as well, search when it has closed, and page before it has been laid out. It has
    no id: the next one may be opened while the one before is still being taken down.
    """

    def _gather_commands(self, search_value: str) -> None:  # type: ignore[override]
        if self.is_active:
            super()._gather_commands(search_value)

    def _action_command_list(self, action: str) -> None:
        with suppress(KeyError):
            super()._action_command_list(action)
