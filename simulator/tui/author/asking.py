"""A question with a few answers: what to do with a text that is not saved, or with a file that is not what it was."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.events import Key
from textual.screen import ModalScreen, Screen
from textual.widgets import Input, Static, TextArea

from simulator.text import clean
from simulator.tui.choices import Choices, PicksByDigit
from simulator.tui.lines import Words
from simulator.tui.page import ClosesOnce

MOST_LINES = 2000
"""Lines of a page that are shown."""
HIGHEST = 94
"""Percent of the terminal's height that a question takes at most; `asking.tcss` says the same."""
LOWEST_PAGE = 3
"""Rows of a page that are shown even where the answers then have to be scrolled."""


class TypesAhead:
    """A screen that begins with something to type: keys that come before it can take them are kept for it."""

    _ahead = ""

    def on_key(self, event: Key) -> None:
        """Keep what is typed too early."""
        screen = cast("Screen[object]", self)
        if event.is_printable and event.character and screen.focused is None:
            event.stop()
            self._ahead += event.character
            screen.call_later(self.type_ahead)

    def type_ahead(self) -> None:
        """Type what was kept, once there is something to type it into."""
        focused = cast("Screen[object]", self).focused
        if self._ahead and isinstance(focused, Input | TextArea):
            typed, self._ahead = self._ahead, ""
            if isinstance(focused, Input):
                focused.insert_text_at_cursor(typed)
            else:
                focused.insert(typed)


class AskScreen(PicksByDigit, ClosesOnce, ModalScreen[str]):
    """Ask; the answer is the key of what was picked, empty for none."""

    CSS_PATH = "asking.tcss"
    HELP = "Pick an answer by its number, by the arrows and Enter, or by the mouse. Esc changes nothing."
    BINDINGS: ClassVar = [
        Binding("escape", "dismiss('')", "Cancel", id="ask.cancel", tooltip="Change nothing"),
        Binding("f1", "app.help", "Help", id="ask.help", tooltip="What can be done here"),
        Binding("pageup", "turn(-1)", "Up", show=False, id="ask.up", tooltip="Back through the page"),
        Binding("pagedown", "turn(1)", "Down", show=False, id="ask.down", tooltip="On through the page"),
    ]

    def __init__(
        self, title: str, answers: Sequence[tuple[str, str]], about: str = "", page: Sequence[str] = ()
    ) -> None:
        """With keys and texts of the answers; `page` is something longer to read first, line by line."""
        super().__init__()
        self._title = title
        self._answers = answers
        self._about = about
        self._page = page

    def compose(self) -> ComposeResult:
        """Lay out the question, what there is to read, and the answers."""
        with Vertical(id="ask"):
            yield Words(clean(self._title), classes="heading")
            if self._about:
                yield Words(clean(self._about), id="ask-about")
            if self._page:
                with VerticalScroll(id="ask-page", can_focus=False):
                    yield Static(_told(self._page), markup=False)
            yield Choices(id="ask-answers")

    async def on_mount(self) -> None:
        """Offer the answers."""
        answers = self.query_one(Choices)
        await answers.fill(list(self._answers))
        answers.display = bool(self._answers)
        answers.focus()
        self.call_after_refresh(self._make_room)

    def on_resize(self) -> None:
        """Leave room for the answers."""
        self.call_after_refresh(self._make_room)

    def _make_room(self) -> None:
        """Let what there is to read be no higher than leaves the answers to be seen."""
        box = self.query_one("#ask", Vertical)
        for page in self.query("#ask-page").results(VerticalScroll):
            around = sum(
                each.outer_size.height + each.styles.margin.height for each in box.children if each is not page
            )
            room = self.app.size.height * HIGHEST // 100 - around - box.gutter.height - page.styles.margin.height
            page.styles.max_height = max(LOWEST_PAGE, room)

    @on(Choices.Picked)
    def _picked(self, event: Choices.Picked) -> None:
        self.dismiss(event.id)

    def action_turn(self, pages: int) -> None:
        """Move through the page."""
        for page in self.query("#ask-page").results(VerticalScroll):
            if pages > 0:
                page.scroll_page_down(animate=False)
            else:
                page.scroll_page_up(animate=False)


def _told(lines: Sequence[str]) -> Content:
    """Show lines as they are; those that a difference takes away or adds have a colour besides their sign."""
    colours = {"-": "$text-error", "+": "$text-success", "@": "$text-muted"}
    parts: list[Content | str | tuple[str, str]] = []
    for line in lines[:MOST_LINES]:
        told = clean(line).replace("\t", "    ")
        colour = colours.get(line[:1], "")
        parts.append((f"{told}\n", colour) if colour else f"{told}\n")
    if len(lines) > MOST_LINES:
        parts.append((f"… and {len(lines) - MOST_LINES:,} more lines", "$text-muted"))
    return Content.assemble(*parts)


class TellScreen(AskScreen):
    """A page to read; anything closes it."""

    HELP = "Page up and down read on, Esc closes."
    BINDINGS: ClassVar = [
        Binding("escape,q,enter", "dismiss('')", "Close", id="tell.close", tooltip="Back to the text"),
        Binding("down,j", "scroll(1)", show=False, id="tell.down", tooltip="A line down"),
        Binding("up,k", "scroll(-1)", show=False, id="tell.up", tooltip="A line up"),
    ]

    def __init__(self, title: str, page: Sequence[str]) -> None:
        super().__init__(title, (), page=page)

    async def on_mount(self) -> None:
        """There is nothing to answer."""
        self.query_one(Choices).display = False
        self.query_one("#ask", Vertical).border_subtitle = "Esc closes"

    def action_scroll(self, by: int) -> None:
        """Move by a line."""
        self.query_one("#ask-page", VerticalScroll).scroll_relative(y=by, animate=False)
