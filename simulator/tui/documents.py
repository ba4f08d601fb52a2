"""The desk with its documents: which there are, what reading each costs, and the one that is open."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.screen import ModalScreen

from simulator.durable import NotSaved
from simulator.tui.choices import Choices, PicksByDigit
from simulator.tui.lines import Words
from simulator.tui.page import ClosesOnce
from simulator.wording import clock_line, counted, document_text

if TYPE_CHECKING:
    from simulator.play import Play
    from simulator.tui.app import CaseloadApp


class DocumentsScreen(PicksByDigit, ClosesOnce, ModalScreen[None]):
    """Open documents; the first reading of each takes its minutes."""

    app: CaseloadApp
    CSS_PATH = "documents.tcss"
    HORIZONTAL_BREAKPOINTS: ClassVar = [(0, "-slim"), (60, "-narrow"), (100, "-wide")]  # type: ignore[misc]
    HELP = "Enter, a number or a click opens a document. The first reading takes the minutes shown; then it is free."
    BINDINGS: ClassVar = [
        Binding("escape,d,q", "dismiss", "Close", id="documents.close", tooltip="Back to the scene"),
        Binding("question_mark,f1", "app.help", "Help", id="documents.help", tooltip="What can be done here"),
        Binding("pageup", "turn(-1)", "Up", show=False, id="documents.up", tooltip="Back through the page"),
        Binding("pagedown,space", "turn(1)", "Down", show=False, id="documents.down", tooltip="On through the page"),
    ]

    def __init__(self, play: Play, moved: Callable[[], None], document: str = "") -> None:
        """Open with a document, or with the list of them."""
        super().__init__()
        self.play = play
        self._first = document
        self._moved = moved
        """Called when the session has moved on, so that the screen below shows it."""

    def compose(self) -> ComposeResult:
        """Lay out the list and the page."""
        with Vertical(id="desk"):
            yield Words(id="desk-clock", classes="muted")
            with Horizontal(id="desk-top"):
                yield Choices(id="titles")
                with VerticalScroll(id="page"):
                    yield Words("Which one?", id="page-title", classes="heading")
                    yield Words(id="page-text")
            yield Words("Esc closes · Page Up and Page Down turn the page", id="desk-keys", classes="muted")

    async def on_mount(self) -> None:
        """Fill the list."""
        await self._list()
        choices = self.query_one(Choices)
        choices.focus()
        if self._first in choices.ids:
            choices.pick(choices.ids.index(self._first) + 1)

    async def _list(self, lit: int = 1) -> None:
        session = self.play.session
        known = {document.id for document in session.documents}
        can = {document.id for document in session.unread}
        listed = [
            (document.id, f"{document.title}\n{self._state(document.minutes, document.id in known)}")
            for document in session.scenario.documents.values()
            if document.id in known or document.id in can
        ]
        await self.query_one(Choices).fill(listed, lit)
        self.query_one("#desk-clock", Words).say(clock_line(session))

    def _state(self, minutes: int, known: bool) -> str:
        return "read; free to open" if known else f"{counted(minutes, 'minute')} to read"

    @on(Choices.Picked)
    async def _picked(self, event: Choices.Picked) -> None:
        event.choices.light(event.id)
        session = self.play.session
        document = session.scenario.documents[event.id]
        if document in session.unread:
            try:
                session = self.play.read(document.id)
            except NotSaved as error:
                self.app.tell(f"Not saved, so it stays closed. {error}", bad=True)
                return
            self._moved()
            if session.broke_in:
                self.app.tell("Something has come up. It waits behind these papers.")
            await self._list(event.choices.on_number)
        self.query_one("#page-title", Words).say(document.title)
        self.query_one("#page-text", Words).say(document_text(session, document))
        self.query_one("#page", VerticalScroll).scroll_home(animate=False)

    def action_turn(self, pages: int) -> None:
        """Move through the page that is open."""
        page = self.query_one("#page", VerticalScroll)
        if pages > 0:
            page.scroll_page_down(animate=False)
        else:
            page.scroll_page_up(animate=False)
