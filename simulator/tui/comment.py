"""A place to write a comment."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Button, TextArea

from simulator.text import LONGEST_NOTE, clean
from simulator.tui.lines import Words
from simulator.tui.page import ClosesOnce


class CommentScreen(ClosesOnce, ModalScreen[str | None]):
    """Write a comment; the answer is its text, or None."""

    CSS_PATH = "comment.tcss"
    HELP = "Tab leads from the editor to the buttons. What you keep is shown to the trainee once you sign off."
    BINDINGS: ClassVar = [
        Binding("escape", "cancel", "Cancel", id="comment.cancel", tooltip="Say nothing"),
        Binding("f1", "app.help", "Help", id="comment.help", tooltip="What can be done here"),
    ]

    def __init__(self, about: str, text: str = "") -> None:
        """With `text`, somebody goes on with what they had typed."""
        super().__init__()
        self._about = about
        self._text = text

    def compose(self) -> ComposeResult:
        """Lay out the editor."""
        with Vertical(id="comment"):
            yield Words(self._about, classes="muted")
            yield TextArea(self._text, id="words", tab_behavior="focus")
            with Horizontal(id="comment-row"):
                yield Button("Keep", id="keep-comment", variant="primary")
                yield Button("Cancel", id="cancel")

    def on_mount(self) -> None:
        """Start typing at once."""
        editor = self.query_one(TextArea)
        editor.move_cursor(editor.document.end)
        editor.focus()

    @on(Button.Pressed, "#keep-comment")
    def _keep(self) -> None:
        self.dismiss(clean(self.query_one(TextArea).text, LONGEST_NOTE).strip() or None)

    @on(Button.Pressed, "#cancel")
    def action_cancel(self) -> None:
        """Say nothing."""
        self.dismiss(None)
