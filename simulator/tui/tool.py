"""What the mouse can do where it stands: words to click on, all of them one widget, because a page has many."""

from __future__ import annotations

from collections.abc import Sequence

from textual import on
from textual.events import Click

from simulator.tui.lines import Words

BETWEEN = "   "

Tool = tuple[str, str]
"""A word or two, and the action of the screen that a click on them does."""


class Tools(Words):
    """Words to click on, in rows."""

    DEFAULT_CSS = """
    Tools {
        width: auto;
        height: auto;
        color: $text-muted;
        text-wrap: nowrap;
        &:hover { color: $accent; }
    }
    """

    def __init__(self, *rows: Sequence[Tool]) -> None:
        super().__init__("\n".join(BETWEEN.join(told for told, _ in row) for row in rows), classes="tools")
        self._rows = rows

    def action_at(self, x: int, y: int) -> str:
        """Return the action of what stands there; empty where nothing does."""
        start = 0
        for told, action in self._rows[y] if 0 <= y < len(self._rows) else ():
            if start <= x < start + len(told):
                return action
            start += len(told) + len(BETWEEN)
        return ""

    @on(Click)
    async def use(self, event: Click) -> None:
        """Light what it stands on, and do it."""
        event.stop()
        screen = self.screen
        lit = next((each for each in self.ancestors if getattr(each, "can_focus", False)), None)
        if lit is not None:
            screen.set_focus(lit, scroll_visible=False)  # type: ignore[arg-type]
        at = event.get_content_offset(self)
        if at is not None and (action := self.action_at(at.x, at.y)):
            await screen.run_action(action)
