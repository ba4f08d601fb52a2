"""Where people type: what they paste passes the gate for outside text before it is shown."""

from __future__ import annotations

from textual.events import Paste
from textual.widgets import Input, TextArea

from simulator.text import clean

DRAFT_PAUSE = 0.3
"""Seconds after a key before a draft is saved, however fast one types on: the most that a crash can cost."""


class _Gate:
    """Cleans what is pasted. Textual calls this before the field's own handler, with the same event."""

    def on_paste(self, event: Paste) -> None:
        """Take out what a terminal would obey."""
        event.text = clean(event.text)


class Editor(_Gate, TextArea):
    """Several lines."""


class Line(_Gate, Input):
    """One line."""
