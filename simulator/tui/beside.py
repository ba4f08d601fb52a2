"""Text with something standing clear to its left, and texts side by side."""

from __future__ import annotations

from typing import ClassVar

from textual.containers import Horizontal
from textual.content import Content
from textual.css.styles import RulesMap
from textual.strip import Strip
from textual.style import Style
from textual.visual import RenderOptions
from textual.widget import Widget
from textual.widgets import Static


class Hanging(Content):
    """A label, and words that wrap without running under it: two widgets' work in one."""

    def __init__(self, widget: Widget, label: str, words: str | Content) -> None:
        """In a widget that has the component class `beside--label`."""
        self._words = words if isinstance(words, Content) else Content(words)
        super().__init__(label + self._words.plain)
        self._widget = widget
        self._label = Content(label)

    def _room(self, width: int) -> int:
        return max(1, width - self._label.cell_length)

    def get_optimal_width(self, rules: RulesMap, container_width: int) -> int:
        """Return the width at which nothing wraps."""
        return self._label.cell_length + self._words.get_optimal_width(rules, self._room(container_width))

    def get_height(self, rules: RulesMap, width: int) -> int:
        """Return how many lines the words wrap to."""
        return self._words.get_height(rules, self._room(width))

    def render_strips(self, width: int, height: int | None, style: Style, options: RenderOptions) -> list[Strip]:
        """Render the label beside the first line, and room for it beside the others."""
        beside = self._label.cell_length
        words = self._words.render_strips(self._room(width), height, style, options)
        if not beside:
            return words
        named = style + self._widget.get_visual_style("beside--label", partial=True)
        (first,) = self._label.render_strips(beside, 1, named, options)
        rest = Strip.blank(beside, style.rich_style)
        return [Strip.join([rest if line else first, strip]) for line, strip in enumerate(words)]


class Beside(Static):
    """A label, and a text that wraps without running under it. Both are shown as they are."""

    COMPONENT_CLASSES: ClassVar = {"beside--label"}
    DEFAULT_CSS = """
    Beside { height: auto; }
    """

    def __init__(self, label: str, words: str, classes: str | None = None) -> None:
        super().__init__(classes=classes, markup=False)
        self._label = label
        self.words = words
        self.update(Hanging(self, label, words))

    def say(self, words: str) -> None:
        """Show other words."""
        # Whatever is updated makes Textual lay out the whole screen again.
        if words != self.words:
            self.words = words
            self.update(Hanging(self, self._label, words))


class Sides(Horizontal):
    """The same of several attempts, each in a column of its own; a screen may put them below each other."""

    DEFAULT_CSS = """
    Sides {
        height: auto;
        & > Beside { width: 1fr; padding: 0 2 0 0; }
    }
    """

    def __init__(self, *sides: tuple[str, str] | None, classes: str | None = None, id: str | None = None) -> None:
        """With a label and a text for each; None where there is nothing to say."""
        super().__init__(
            *(Beside("", "", "-absent") if side is None else Beside(*side) for side in sides),
            classes=classes,
            id=id,
        )
