"""Sending a session back: what to practise, in words and as cases of the library."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from textual.widget import Widget
from textual.widgets import TextArea

from simulator.tui.choices import Choices
from simulator.tui.judging import JudgingScreen, typed
from simulator.tui.lines import Words


class SendBackScreen(JudgingScreen):
    """Send a session back."""

    KEEP = "Send back"
    HELP = (
        "The trainee sees what you said so far, and what you write here. Cases that you tick stand in their library as "
        "to be practised; an assignment that this session was for is open again."
    )

    def __init__(self, cases: Sequence[tuple[str, str]], send: Callable[[str, Sequence[str]], str]) -> None:
        """With ids and titles of cases; `send` keeps words and ids, and says why it could not."""
        super().__init__("Send this session back: what should be practised?")
        self._cases = cases
        self._send = send
        self._ticked: list[str] = []

    def content(self) -> Iterator[Widget]:
        """Lay out words and cases."""
        yield TextArea(id="words", classes="words", tab_behavior="focus")
        yield Words("Cases to practise, if any; Enter, a number or a click ticks one:", classes="muted")
        yield Choices(id="cases")

    async def on_mount(self) -> None:
        """Start typing at once."""
        await self._list(0)
        self.query_one(TextArea).focus()

    async def _list(self, lit: int) -> None:
        rows = [(name, f"{'[x]' if name in self._ticked else '[ ]'} {title}") for name, title in self._cases]
        await self.query_one(Choices).fill(rows, lit)

    async def on_choices_picked(self, event: Choices.Picked) -> None:
        """Tick it, or untick it."""
        self._ticked.remove(event.id) if event.id in self._ticked else self._ticked.append(event.id)
        await self._list(event.choices.ids.index(event.id) + 1)

    def keep(self) -> str:
        """Send it back."""
        text = typed(self.query_one(TextArea))
        if not text:
            return "Say in a few words what to practise."
        return self._send(text, [name for name, _ in self._cases if name in self._ticked])
