"""Erasing what somebody wrote: said plainly, and asked for twice, because nothing brings it back."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from textual import on
from textual.widget import Widget
from textual.widgets import Input

from simulator.text import clean
from simulator.tui.judging import JudgingScreen
from simulator.tui.lines import Words

CONFIRM = "erase"
WHAT_IT_DOES = (
    "This erases the text for good: from the session's journal here, from what was made of it, and again whenever the "
    "journal is handed in once more. The decision stays, and that something was written; the words do not come back. "
    "It cannot be undone, and it cannot reach copies or prints that somebody made elsewhere. Do it where a text holds "
    "what must not be kept, such as a real client's details."
)


class RedactScreen(JudgingScreen):
    """Erase a text."""

    KEEP = "Erase it"
    HELP = f"{WHAT_IT_DOES} Type {CONFIRM}, then press the button."

    def __init__(self, about: str, text: str, redact: Callable[[str], str]) -> None:
        """`redact` erases it, with why as far as that was said, and says why it could not."""
        super().__init__(f"Redact: {about}")
        self._text = text
        self._redact = redact

    def content(self) -> Iterator[Widget]:
        """Say what it does, show what would be gone."""
        yield Words(WHAT_IT_DOES, classes="alert")
        yield Words(f"Type {CONFIRM} to confirm:")
        yield Input(id="confirm")
        yield Words("Why, if you want to say so (do not repeat what is to be gone):", classes="muted")
        yield Input(id="why", max_length=400)
        yield Words("What would be gone:", classes="muted")
        yield Words(self._text, classes="note")

    async def on_mount(self) -> None:
        """Ask."""
        # From the top: what it does is read first.
        self.set_focus(self.query_one("#confirm", Input), scroll_visible=False)
        self.call_after_refresh(self.query_one("#judging-page").scroll_home, animate=False)

    @on(Input.Submitted)
    def _on(self) -> None:
        self.query_one("#keep-it").focus()

    def keep(self) -> str:
        """Erase it."""
        if self.query_one("#confirm", Input).value.strip().casefold() != CONFIRM:
            return f"Type {CONFIRM} first: it cannot be undone."
        return self._redact(clean(self.query_one("#why", Input).value).strip())
