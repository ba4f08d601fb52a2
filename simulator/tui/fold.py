"""A line that opens: what a page says at a glance, with the rest below it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.events import Click
from textual.reactive import reactive
from textual.widget import Widget


class Fold(Vertical, can_focus=True):
    """Something that is always seen, and something that opens below it; that may be nothing."""

    DEFAULT_CSS = """
    Fold {
        height: auto;
        padding: 0 1;
        margin-bottom: 1;
        &:focus { background: $primary 12%; }
        & > .fold-body { height: auto; padding: 0 0 0 2; display: none; }
        &.-open > .fold-body { display: block; }
    }
    """
    BINDINGS: ClassVar = [
        Binding("enter,space", "unfold", "Open", id="fold.toggle", tooltip="Open or close what is lit"),
    ]

    open: reactive[bool] = reactive(False)
    """Whether what lies below is shown."""

    def __init__(
        self, head: Widget, below: Callable[[], Iterable[Widget]] | None = None, *, opened: bool = False
    ) -> None:
        """With what makes the part that opens; it is made when it is opened first. None: there is no such part."""
        super().__init__()
        self._head = head
        self._make = below
        self._made = False
        self.set_reactive(Fold.open, opened)

    def compose(self) -> ComposeResult:
        """Lay out what is always seen."""
        yield self._head

    def on_mount(self) -> None:
        """Open what begins open."""
        self.watch_open(self.open)

    def watch_open(self, opened: bool) -> None:
        """Show or hide what lies below."""
        if opened and self._make is not None and not self._made:
            self._made = True
            self.mount(Vertical(*self._make(), classes="fold-body"))
        self.set_class(opened, "-open")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to open only where there is something."""
        return action != "unfold" or self._make is not None

    def action_unfold(self) -> None:
        """Open or close it."""
        self.open = self._make is not None and not self.open

    @on(Click)
    def _clicked(self) -> None:
        self.focus(scroll_visible=False)
        self.action_unfold()
