"""The four levels of an indicator to pick from, in the words of the rubric."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import TextArea

from scoring.rubric import Level
from simulator.tui.choices import Choices
from simulator.tui.judging import typed
from simulator.tui.lines import Words


class Levels(Choices):
    """Some levels, of which one is picked and stays so."""

    BINDINGS: ClassVar = [
        Binding("space", "pick", "Pick", show=False, id="levels.pick", tooltip="Pick the level that is lit"),
    ]

    @dataclass
    class Taken(Message):
        """A level was picked."""

        levels: Levels

    def __init__(self, rows: Sequence[tuple[str, str]] = (), picked: str = "", id: str | None = None) -> None:
        super().__init__(id=id)
        self._rows = list(rows)
        self.picked = picked
        """The id of what was picked; empty: nothing yet."""

    async def on_mount(self) -> None:
        """Fill the list."""
        await self.offer(self._rows, self.picked)

    async def offer(self, rows: Sequence[tuple[str, str]], picked: str = "") -> None:
        """Show levels: their ids and what they look like."""
        self._rows = list(rows)
        self.picked = picked
        names = [name for name, _ in self._rows]
        marked = [(name, f"{'(•)' if name == picked else '( )'} {text}") for name, text in self._rows]
        await self.fill(marked, names.index(picked) + 1 if picked in names else 0)

    @on(Choices.Picked)
    async def take(self, event: Choices.Picked) -> None:
        """Keep what was picked."""
        event.stop()
        if event.choices is self:
            await self.offer(self._rows, event.id)
            self.post_message(self.Taken(self))


@dataclass(frozen=True, slots=True)
class Subject:
    """What a level is given to: an indicator of what was written, or a whole dimension."""

    id: str
    title: str
    about: str
    anchors: Mapping[Level, str]
    """What each level looks like."""
    level: Level | None = None
    """What the reviewer said already."""
    text: str = ""


class Rate(Vertical):
    """One subject, its levels, and room for words."""

    DEFAULT_CSS = """
    Rate {
        height: auto;
        margin-bottom: 1;
        & .rate-title { text-style: bold; }
        & TextArea { height: 4; }
    }
    """

    def __init__(self, subject: Subject) -> None:
        super().__init__()
        self.subject = subject

    def compose(self) -> ComposeResult:
        """Lay out title, levels, words."""
        yield Words(self.subject.title, classes="rate-title")
        if self.subject.about:
            yield Words(self.subject.about, classes="muted")
        picked = self.subject.level.value if self.subject.level else ""
        yield Levels(anchored(self.subject.anchors), picked)
        yield Words("Words on it, if you like:", classes="muted")
        yield TextArea(self.subject.text, tab_behavior="focus")

    @property
    def level(self) -> Level | None:
        """What was picked."""
        picked = self.query_one(Levels).picked
        return Level(picked) if picked else None

    @property
    def text(self) -> str:
        """What was typed."""
        return typed(self.query_one(TextArea))

    @property
    def changed(self) -> bool:
        """Whether anything is said that was not said before."""
        return (self.level, self.text) != (self.subject.level, self.subject.text)


def anchored(anchors: Mapping[Level, str]) -> list[tuple[str, str]]:
    """Return the four levels as rows to pick from, from harmful to best."""
    return [(level.value, f"{level}: {anchors[level]}" if level in anchors else level.value) for level in Level]
