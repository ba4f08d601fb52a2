"""Text with something standing clear to its left, and texts side by side."""

from __future__ import annotations

from textual.containers import Horizontal

from simulator.tui.lines import Words


class Beside(Horizontal):
    """A label, and a text that wraps without running under it."""

    DEFAULT_CSS = """
    Beside {
        height: auto;
        & > .beside-label { width: auto; padding: 0 1 0 0; }
        & > .beside-text { width: 1fr; }
    }
    """

    def __init__(self, label: str, text: str, classes: str | None = None) -> None:
        super().__init__(Words(label, classes="beside-label"), Words(text, classes="beside-text"), classes=classes)


class Sides(Horizontal):
    """The same of several attempts, each in a column of its own; a screen may put them below each other."""

    DEFAULT_CSS = """
    Sides {
        height: auto;
        & > Beside { width: 1fr; padding: 0 2 0 0; }
    }
    """

    def __init__(self, *sides: tuple[str, str] | None, classes: str | None = None) -> None:
        """With a label and a text for each; None where there is nothing to say."""
        super().__init__(
            *(Beside("", "", "-absent") if side is None else Beside(*side) for side in sides), classes=classes
        )
