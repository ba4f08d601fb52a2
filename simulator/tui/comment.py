"""A place to write a comment."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from textual.widget import Widget
from textual.widgets import TextArea

from simulator.tui.judging import JudgingScreen, typed


class CommentScreen(JudgingScreen):
    """Write a comment."""

    HELP = "Tab leads from the editor to the buttons. What you keep is shown to the trainee once you sign off."

    def __init__(self, about: str, keep: Callable[[str], str]) -> None:
        """`keep` keeps a text, and says why it could not."""
        super().__init__(about)
        self._say = keep

    def content(self) -> Iterator[Widget]:
        """Lay out the editor."""
        yield TextArea(id="words", classes="words", tab_behavior="focus")

    async def on_mount(self) -> None:
        """Start typing at once."""
        self.query_one(TextArea).focus()

    def keep(self) -> str:
        """Keep it; without words, there is nothing to keep."""
        text = typed(self.query_one(TextArea))
        if not text:
            self.action_cancel()
            return ""
        return self._say(text)
