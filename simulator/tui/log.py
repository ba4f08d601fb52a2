"""What was said and done so far, as lines: however long a session grows, a decision only adds a few.

As widgets, every paragraph would be laid out anew at every decision. Texts are wrapped here, with whatever
stands beside them, and wrapped again when the width changes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.events import Resize
from textual.widgets import RichLog

WIDEST = 96
"""Columns of a paragraph; longer lines are hard to read."""
NAME_WIDTH = 14


class Kind(StrEnum):
    """How a block is set apart from the others."""

    TOLD = "told"
    SAID = "said"
    DONE = "done"
    ADVICE = "advice"
    WRITTEN = "written"
    MARKS = "marks"
    CRITICAL = "critical"
    ENDING = "ending"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph or more of the log."""

    kind: Kind
    text: str
    who: str = ""
    """Who says it, beside the text."""


class Log(RichLog, can_focus=False):
    """A log that keeps what was told last at its top, or as near to it as what follows allows."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"log--{kind}" for kind in Kind} | {"log--who"}
    DEFAULT_CSS = """
    Log {
        background: $background;
        & > .log--who { color: $accent; text-style: bold; }
        & > .log--done { color: $secondary; }
        & > .log--advice { color: $accent; }
        & > .log--written { color: $text-muted; }
        & > .log--marks { color: $foreground; }
        & > .log--critical { color: $error; text-style: bold; }
        & > .log--note { color: $text-muted; text-style: italic; }
        & > .log--ending { color: $primary; text-style: bold; }
    }
    """

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id, wrap=False, auto_scroll=False, min_width=1)
        self._blocks: list[Block] = []
        self._told_last = 0
        """The block that what was told last begins with."""
        self._drawn_at = 0
        """The width that everything is wrapped to; 0: nothing is drawn yet."""
        self._starts = [0]
        """The line that each drawn block begins with, and the one that the next will."""

    @property
    def said(self) -> str:
        """Everything in the log, as text."""
        return "\n".join(f"{block.who}: {block.text}" if block.who else block.text for block in self._blocks)

    def forget(self) -> None:
        """Take everything out again."""
        self._blocks, self._told_last = [], 0
        self.redraw()

    def tell(self, blocks: Iterable[Block]) -> None:
        """Add to the log what was told last."""
        new = list(blocks)
        if new:
            self._told_last = len(self._blocks)
        self._blocks += new
        if self._drawn_at:
            self._draw(new)
            self._bring_up()

    def bring_back(self, kind: Kind) -> None:
        """Bring the last block of a kind into view."""
        for number, block in reversed(list(enumerate(self._blocks))):
            if block.kind is kind:
                self._told_last = number
                self._bring_up()
                return

    @on(Resize)
    def _fit(self) -> None:
        """Wrap everything again if the width has changed; the room for it may have as well."""
        width = min(self.scrollable_content_region.width, WIDEST)
        if width > 0 and width != self._drawn_at:
            self._drawn_at = width
            self.redraw()
        self.call_after_refresh(self._bring_up)

    def redraw(self) -> None:
        """Draw everything again, as wide as there is room and in the colours of the theme."""
        self.clear()
        self._starts = [0]
        self._draw(self._blocks)

    def notify_style_update(self) -> None:
        """Take up the colours of another theme."""
        super().notify_style_update()
        if self._drawn_at:
            self.redraw()

    def _draw(self, blocks: Iterable[Block]) -> None:
        drawn: list[Text] = []
        for block in blocks:
            lines = self._lines(block)
            self._starts.append(self._starts[-1] + len(lines))
            drawn += lines
        if drawn:
            self.write(Text("\n").join(drawn), width=self._drawn_at)

    def _lines(self, block: Block) -> list[Text]:
        """Wrap a block, with what stands beside it, and a blank line after it."""
        style = self.get_component_rich_style(f"log--{block.kind}")
        first, rest = self._beside(block)
        text = Text(block.text, style=style)
        if block.kind is Kind.SAID and self._narrow:
            # There is no room for a column of names: each stands before what is said.
            text = Text(f"{block.who} ", self.get_component_rich_style("log--who")) + text
        room = max(8, self._drawn_at - rest.cell_len)
        wrapped = text.wrap(self.app.console, room)
        return [(rest if number else first) + line for number, line in enumerate(wrapped)] + [Text("")]

    @property
    def _narrow(self) -> bool:
        return self._drawn_at < NAME_WIDTH * 3

    def _beside(self, block: Block) -> tuple[Text, Text]:
        """Return what stands beside the first line of a block, and beside the others."""
        match block.kind:
            case Kind.SAID if self._narrow:
                return Text(""), Text("  ")
            case Kind.SAID:
                name = Text(block.who, self.get_component_rich_style("log--who"))
                name.truncate(NAME_WIDTH - 1, pad=True, overflow="ellipsis")
                return name + Text(" "), Text(" " * NAME_WIDTH)
            case Kind.DONE:
                return Text("  "), Text("  ")
            case Kind.ADVICE | Kind.WRITTEN | Kind.MARKS | Kind.CRITICAL:
                bar = Text("▎ ", self.get_component_rich_style(f"log--{block.kind}"))
                return bar, bar
            case _:
                return Text(), Text()

    def _bring_up(self) -> None:
        """Scroll to what was told last."""
        if self._told_last < len(self._starts):
            self.scroll_to(y=self._starts[self._told_last], animate=False, immediate=True)
