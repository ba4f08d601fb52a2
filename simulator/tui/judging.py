"""What every small screen on which a reviewer says something has in common.

Saying something is a write to the disk, and that may fail. So it is kept before the screen closes: what could not be
kept stays as it was typed, with the reason beside it, and the same button tries again.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.events import Key
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Button, Input, TextArea

from simulator.text import clean
from simulator.tui.choices import Choices
from simulator.tui.lines import Words
from simulator.tui.page import ClosesOnce

if TYPE_CHECKING:
    from simulator.tui.app import CaseloadApp


class JudgingScreen(ClosesOnce, ModalScreen[bool]):
    """Something a reviewer says; the answer is whether it was kept."""

    app: CaseloadApp
    CSS_PATH = "judging.tcss"
    KEEP = "Keep"
    """What the button says that keeps it."""
    BINDINGS: ClassVar = [
        Binding("escape", "cancel", "Cancel", id="judging.cancel", tooltip="Say nothing"),
        Binding("f1", "app.help", "Help", id="judging.help", tooltip="What can be done here"),
        Binding("pageup", "turn(-1)", "Up", show=False, id="judging.up", tooltip="Back through the page"),
        Binding("pagedown", "turn(1)", "Down", show=False, id="judging.down", tooltip="On through the page"),
    ]

    def __init__(self, about: str) -> None:
        super().__init__()
        self._about = about

    def compose(self) -> ComposeResult:
        """Lay out what is judged, what is said of it, and the buttons."""
        with Vertical(id="judging"):
            yield Words(self._about, id="judging-about")
            with VerticalScroll(id="judging-page", can_focus=False):
                yield from self.content()
            yield Words(id="not-kept", classes="alert")
            with Horizontal(id="judging-row"):
                yield Button(self.KEEP, id="keep-it", variant="primary")
                yield Button("Cancel", id="cancel")

    def content(self) -> Iterator[Widget]:
        """Yield what stands between the heading and the buttons."""
        raise NotImplementedError

    def keep(self) -> str:
        """Keep what is said; return why that is not possible, or empty."""
        raise NotImplementedError

    def tell_why(self, why: str) -> None:
        """Say what is missing, or what went wrong."""
        told = self.query_one("#not-kept", Words)
        told.say(clean(why))
        told.display = bool(why)

    async def on_mount(self) -> None:
        """Nothing went wrong yet."""
        self.tell_why("")

    def on_key(self, event: Key) -> None:
        """Pick by number in the list that has the focus, or in the first one, unless something is being typed."""
        if (event.character or " ") in "123456789" and not isinstance(self.focused, Input | TextArea):
            lists = [each for each in self.query(Choices) if all(part.display for part in _with_parents(each))]
            for choices in [each for each in lists if each is self.focused] or lists[:1]:
                choices.pick(int(event.character or 0))

    @on(Button.Pressed, "#keep-it")
    def _keep(self) -> None:
        # A second press that was on its way must not say it twice.
        if not self.is_active:
            return
        why = self.keep()
        if why:
            self.tell_why(why)
        else:
            self.dismiss(True)

    @on(Button.Pressed, "#cancel")
    def action_cancel(self) -> None:
        """Say nothing."""
        self.dismiss(False)

    def action_turn(self, pages: int) -> None:
        """Move through the page."""
        page = self.query_one("#judging-page", VerticalScroll)
        if pages > 0:
            page.scroll_page_down(animate=False)
        else:
            page.scroll_page_up(animate=False)


def _with_parents(widget: Widget) -> Iterator[Widget]:
    return (each for each in widget.ancestors_with_self if isinstance(each, Widget))


def typed(editor: TextArea) -> str:
    """Return what was typed, as it is kept; what is too long to be kept is refused when it is."""
    return clean(editor.text).strip()
