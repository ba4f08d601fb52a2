"""Picking one of many by typing a part of its name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Generic, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.events import Click
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from simulator.text import one_line
from simulator.tui.lines import Words
from simulator.tui.page import ClosesOnce

T = TypeVar("T")
MOST = 500
"""Lines that are shown; whoever has more types a letter."""


class Options(OptionList):
    """A list of lines that may be others by the time somebody clicks, or that there is no room for."""

    def action_page_up(self) -> None:
        """Go up by a screenful; where nothing is to be seen there is none."""
        if self.scrollable_content_region.height:
            super().action_page_up()  # type: ignore[no-untyped-call]

    def action_page_down(self) -> None:
        """Go down by as much."""
        if self.scrollable_content_region.height:
            super().action_page_down()  # type: ignore[no-untyped-call]

    def on_click(self, event: Click) -> None:
        """Keep a click from the list's own handler that is meant for what stood here before."""
        if event.style.meta.get("option", 0) >= self.option_count:
            event.prevent_default()


class Picking(ClosesOnce, ModalScreen[T | None], Generic[T]):
    """A list that gets shorter as somebody types; the answer is what they take of it, or None."""

    shown: list[T]
    """What the lines of the list stand for."""

    def action_move(self, by: int) -> None:
        """Go to another line."""
        found = self.query_one(OptionList)
        if self.shown:
            found.highlighted = ((found.highlighted or 0) + by) % len(self.shown)

    @on(Input.Submitted)
    def action_take(self) -> None:
        """Take the line that is lit."""
        at = self.query_one(OptionList).highlighted
        if at is not None and at < len(self.shown):
            self.dismiss(self.shown[at])

    @on(OptionList.OptionSelected)
    def _clicked(self, event: OptionList.OptionSelected) -> None:
        if event.option_index < len(self.shown):
            self.dismiss(self.shown[event.option_index])


class PickScreen(Picking[str]):
    """Pick one thing; the answer is its key, or None."""

    CSS_PATH = "pick.tcss"
    HELP = "Type a part of the name, move with the arrows, take it with Enter. Escape leaves things as they are."
    BINDINGS: ClassVar = [
        Binding("escape", "dismiss", "Cancel", id="pick.cancel", tooltip="Leave things as they are"),
        Binding("down", "move(1)", show=False, id="pick.down", tooltip="The next line"),
        Binding("up", "move(-1)", show=False, id="pick.up", tooltip="The line before"),
        Binding("f1", "app.help", "Help", id="pick.help", tooltip="What can be done here"),
    ]

    def __init__(self, title: str, options: Sequence[tuple[str, str]]) -> None:
        """With the key and the name of each thing, in their order."""
        super().__init__()
        self._title = title
        self._options = options
        self.shown = []

    def compose(self) -> ComposeResult:
        """Lay out what is typed and what fits it."""
        with Vertical(id="pick"):
            yield Words(self._title, classes="heading")
            yield Input(id="pick-words")
            yield Options(id="pick-list", markup=False)
            yield Words("Nothing fits that.", classes="muted", id="pick-nothing")

    def on_mount(self) -> None:
        """Show everything, and start typing."""
        self._fill("")
        self.query_one(OptionList).can_focus = False
        self.query_one(Input).focus()

    def _fill(self, typed: str) -> None:
        part = typed.casefold().strip()
        fits = [(key, name) for key, name in self._options if part in name.casefold() or part in key.casefold()]
        # Who types a name means that, whatever speaks of it.
        fits.sort(key=lambda each: not part or each[0].casefold() != part)
        found = self.query_one(OptionList)
        found.clear_options()
        self.shown = [key for key, _ in fits[:MOST]]
        found.add_options([Option(Content(one_line(name, 200) or key)) for key, name in fits[:MOST]])
        found.highlighted = 0 if fits else None
        found.display = bool(fits)
        self.query_one("#pick-nothing").display = not fits

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        self._fill(event.value)
