"""What the reviewer said about a session so far, and taking any of it back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from textual.widget import Widget

from simulator.tui.choices import Choices
from simulator.tui.judging import JudgingScreen
from simulator.tui.lines import Words


class OwnScreen(JudgingScreen):
    """Take back something one said."""

    KEEP = "Take back"
    HELP = (
        "Everything you said about this session. Pick one and press the button: it is taken back, and no longer "
        "counts. What the trainee has seen already, they see until you sign off again. Signing off, sending back and "
        "redacting cannot be taken back."
    )

    def __init__(self, said: Sequence[tuple[int, str]], withdraw: Callable[[int], str]) -> None:
        """With the entries of the review and their words; `withdraw` takes one back, and says why it could not."""
        super().__init__("What you said about this session")
        self._said = said
        self._withdraw = withdraw

    def content(self) -> Iterator[Widget]:
        """Lay out the list."""
        yield Words("Pick what you want to take back.", classes="muted")
        yield Choices(id="own")

    async def on_mount(self) -> None:
        """Fill the list."""
        choices = self.query_one(Choices)
        await choices.fill([(str(entry), text) for entry, text in self._said])
        choices.focus()

    def on_choices_picked(self, event: Choices.Picked) -> None:
        """Light it, and go on to the button."""
        event.choices.light(event.id)
        self.query_one("#keep-it").focus()

    def keep(self) -> str:
        """Take back what is lit."""
        choices = self.query_one(Choices)
        if not choices.on_number:
            return "Pick something first."
        return self._withdraw(int(choices.ids[choices.on_number - 1]))
