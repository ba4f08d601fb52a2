"""One line to type: the number of a decision to go to, or words to look for."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.events import Key
from textual.screen import ModalScreen
from textual.widgets import Button, Input

from simulator.tui.lines import Words
from simulator.tui.page import ClosesOnce


class SeekScreen(ClosesOnce, ModalScreen[str]):
    """Ask where to go; the answer is what was typed, empty for nowhere."""

    CSS_PATH = "seek.tcss"
    HELP = "Enter goes there, Esc stays."
    BINDINGS: ClassVar = [
        Binding("escape", "cancel", "Stay", id="seek.cancel", tooltip="Stay where you are"),
        Binding("f1", "app.help", "Help", id="seek.help", tooltip="What can be done here"),
    ]

    def __init__(self, asked: str, value: str = "", *, number: bool = False, fresh: bool = False) -> None:
        """With what stands there already; with `fresh` it is selected, so that typing replaces it."""
        super().__init__()
        self._asked = asked
        self._value = value
        self._number = number
        self._fresh = fresh

    def compose(self) -> ComposeResult:
        """Lay out the line."""
        with Horizontal(id="seek"):
            yield Words(self._asked, id="seek-asked")
            restrict = r"[0-9]{0,6}" if self._number else None
            yield Input(self._value, id="seek-words", restrict=restrict, max_length=200, select_on_focus=self._fresh)
            yield Button("Go", id="seek-go", variant="primary")

    def on_mount(self) -> None:
        """Type at once."""
        self.query_one(Input).focus()

    def on_key(self, event: Key) -> None:
        """Keep what is typed before the line can take it: half a number would lead to another decision."""
        if event.is_printable and event.character and self.focused is None:
            event.stop()
            self.add(event.character)

    def add(self, typed: str) -> None:
        """Add to what is typed."""
        if lines := self.query(Input):
            lines.first().insert_text_at_cursor(typed)
        else:
            self._value += typed

    @on(Input.Submitted)
    @on(Button.Pressed)
    def _go(self) -> None:
        self.dismiss(self.query_one(Input).value.strip())

    def action_cancel(self) -> None:
        """Stay."""
        self.dismiss("")
