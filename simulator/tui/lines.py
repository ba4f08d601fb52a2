"""Small pieces that several screens are made of. All of them show text as it is, never as markup."""

from __future__ import annotations

from collections.abc import Collection
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Footer, Static
from textual.widgets._footer import FooterKey


class Words(Static):
    """Some text, shown as it is."""

    def __init__(self, text: str = "", classes: str | None = None, id: str | None = None) -> None:
        super().__init__(Content(text), classes=classes, id=id, markup=False)
        self._said = text

    @property
    def text(self) -> str:
        """What it says."""
        return self._said

    def say(self, text: str) -> None:
        """Show other text."""
        # Whatever is updated makes Textual lay out the whole screen again.
        if text != self._said:
            self._said = text
            self.update(Content(text))


class Paper(VerticalScroll, can_focus=False, inherit_bindings=False):
    """A long page. It scrolls by pages; the arrows belong to what stands on it."""

    BINDINGS: ClassVar = [
        Binding("pageup", "page_up", "Up", show=False, id="page.up", tooltip="A page up"),
        Binding("pagedown", "page_down", "Down", show=False, id="page.down", tooltip="A page down"),
        Binding("home", "scroll_home", "Top", show=False, id="page.top", tooltip="To the top"),
        Binding("end", "scroll_end", "End", show=False, id="page.end", tooltip="To the end"),
    ]


class TopLine(Horizontal):
    """The line at the top of a screen: what it is, and what is to be known at a glance."""

    DEFAULT_CSS = """
    TopLine {
        dock: top;
        height: 1;
        background: $panel;
        & #top-left { width: 1fr; text-style: bold; padding: 0 1; text-wrap: nowrap; text-overflow: ellipsis; }
        & #top-right { width: auto; max-width: 80%; padding: 0 1; color: $accent; text-wrap: nowrap; }
    }
    """

    def __init__(self, left: str = "", right: str = "") -> None:
        super().__init__()
        self._left = left
        self._right = right

    def compose(self) -> ComposeResult:
        """Lay out both ends."""
        yield Words(self._left, id="top-left")
        yield Words(self._right, id="top-right")

    def say(self, left: str | None = None, right: str | None = None) -> None:
        """Show other text at one end or both."""
        for end, text in (("#top-left", left), ("#top-right", right)):
            if text is not None:
                self.query_one(end, Words).say(text)


class KeyLine(Footer):
    """The line at the bottom: the keys that do something now. It is made anew only when they are others."""

    _told: tuple[object, ...] = ()

    def __init__(self, unlisted: Collection[str] = ()) -> None:
        """Actions that are `unlisted` have no room in the line; help and the palette have them."""
        # Help names the palette's key; here the room is for what this screen can do.
        super().__init__(show_command_palette=False)
        self._unlisted = unlisted

    def compose(self) -> ComposeResult:
        """Lay out the keys."""
        for each in super().compose():
            if not (isinstance(each, FooterKey) and each.action.rpartition(".")[2] in self._unlisted):
                yield each

    def bindings_changed(self, screen: Screen[object]) -> None:
        """Show other keys if there are any."""
        keys = tuple((each.binding, each.enabled) for each in screen.active_bindings.values() if each.binding.show)
        if keys != self._told and screen.app.app_focus:
            self._told = keys
            super().bindings_changed(screen)
