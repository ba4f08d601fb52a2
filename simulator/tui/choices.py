"""A list of things to pick from, each with its number: by key, by arrows, by mouse.

Texts wrap with their number standing clear to the left, at any width, and are shown as they are: what an
author wrote is never read as markup.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar, cast

from textual import on
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.events import Click, Key
from textual.message import Message
from textual.reactive import reactive
from textual.screen import Screen
from textual.widgets import Input, Static, TextArea

from simulator.tui.beside import Beside


class PicksByDigit:
    """A screen on which digits pick from its list, unless something is being typed."""

    def on_key(self, event: Key) -> None:
        """Pick by number."""
        screen = cast("Screen[object]", self)
        if (event.character or " ") in "123456789" and not isinstance(screen.focused, Input | TextArea):
            for choices in screen.query(Choices):
                if choices.display:
                    choices.pick(int(event.character or 0))


class Choice(Beside):
    """One thing to pick, its number beside it."""

    DEFAULT_CSS = """
    Choice {
        height: auto;
        padding: 0 1;
        & .beside--label { color: $accent; text-style: bold; }
        &.-on { background: $primary 25%; text-style: bold; }
        &.-on .beside--label { color: $foreground; }
        &:hover { background: $primary 12%; }
    }
    """

    @dataclass
    class Clicked(Message):
        """The mouse picked this."""

        number: int

    def __init__(self, number: int, text: str) -> None:
        super().__init__(f"{number:>2}  ", text)
        self.number = number

    @property
    def text(self) -> str:
        """What it says."""
        return self.words

    @on(Click)
    def pick(self, event: Click) -> None:
        """Tell the list. The second half of a double click is meant for what stood here before."""
        event.stop()
        if event.chain == 1:
            self.post_message(self.Clicked(self.number))


class Heading(Static):
    """What stands over some of the things to pick from."""

    DEFAULT_CSS = """
    Heading { height: auto; padding: 1 1 0 1; color: $accent; text-style: bold; }
    """

    def __init__(self, text: str) -> None:
        super().__init__(Content(text), markup=False)
        self.text = text


class Choices(VerticalScroll, can_focus=True, inherit_bindings=False):
    """Things to pick from. What is lit is kept in view; other keys that scroll are the screen's."""

    DEFAULT_CSS = """
    Choices { height: auto; scrollbar-size-vertical: 1; }
    """
    BINDINGS: ClassVar = [
        Binding("up,k", "move(-1)", "Up", show=False, id="choices.up", tooltip="The one above"),
        Binding("down,j", "move(1)", "Down", show=False, id="choices.down", tooltip="The one below"),
        Binding("enter", "pick", "Pick", show=False, id="choices.pick", tooltip="Pick the one that is lit"),
    ]

    on_number: reactive[int] = reactive(0)
    """The number that is lit; 0: none."""

    @dataclass
    class Picked(Message):
        """Something was picked."""

        choices: Choices
        id: str

        @property
        def control(self) -> Choices:
            """The list it was picked from, for `@on` selectors."""
            return self.choices

    @dataclass
    class Lit(Message):
        """Something is lit."""

        choices: Choices
        id: str

        @property
        def control(self) -> Choices:
            """The list it is in, for `@on` selectors."""
            return self.choices

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self.ids: list[str] = []

    async def fill(
        self, choices: Sequence[tuple[str, str]], lit: int = 1, headings: Mapping[int, str] | None = None
    ) -> None:
        """Show other things to pick from: their ids and texts, and what stands over which number."""
        self.ids = [id for id, _ in choices]
        self.set_reactive(Choices.on_number, 0)
        # What is there already is used again: making widgets costs more than anything else on a screen.
        there = list(self.query(Choice))
        for choice, (_, text) in zip(there, choices, strict=False):
            choice.say(text)
        for choice in there:
            choice.display = choice.number <= len(choices)
            choice.remove_class("-on")
        if len(choices) > len(there):
            await self.mount_all(Choice(n, text) for n, (_, text) in enumerate(choices, 1) if n > len(there))
        await self._head(headings or {})
        self.on_number = min(lit, len(choices))
        if not self.on_number:
            # What is lit is scrolled to: where something was ticked far down, the list stays there.
            self.scroll_home(animate=False)

    async def _head(self, headings: Mapping[int, str]) -> None:
        """Put headings over numbers, unless that is where they stand already."""
        standing = {}
        for each, below in pairwise(self.children):
            if isinstance(each, Heading) and isinstance(below, Choice):
                standing[below.number] = each.text
        if standing != dict(headings):
            await self.query(Heading).remove()
            for choice in self.query(Choice):
                if choice.number in headings:
                    await self.mount(Heading(headings[choice.number]), before=choice)

    def watch_on_number(self, number: int) -> None:
        """Light another one."""
        for choice in self.query(Choice):
            choice.set_class(choice.number == number, "-on")
            if choice.number == number:
                choice.scroll_visible(animate=False)
                if number == 1:
                    # A heading may stand over it.
                    self.scroll_home(animate=False)
        if 1 <= number <= len(self.ids):
            self.post_message(self.Lit(self, self.ids[number - 1]))

    def action_move(self, by: int) -> None:
        """Light the next one, or the one before."""
        if self.ids:
            # From nothing lit, up leads to the last one, down to the first.
            start = self.on_number or (1 if by < 0 else 0)
            self.on_number = (start - 1 + by) % len(self.ids) + 1

    def action_pick(self) -> None:
        """Pick the one that is lit."""
        self.pick(self.on_number)

    def light(self, id: str) -> None:
        """Light one by its id."""
        self.on_number = self.ids.index(id) + 1

    def pick(self, number: int) -> None:
        """Pick one by its number; a number that nothing has does nothing.

        It is for the screen to light it: where others follow at once, that would only be painted over.
        """
        if 1 <= number <= len(self.ids):
            self.post_message(self.Picked(self, self.ids[number - 1]))

    @on(Choice.Clicked)
    def clicked(self, event: Choice.Clicked) -> None:
        """The mouse picks like the keys do."""
        event.stop()
        self.focus()
        self.pick(event.number)
