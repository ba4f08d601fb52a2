"""What was told so far, with what is new in view."""

from __future__ import annotations

from textual.containers import VerticalScroll
from textual.widget import Widget


class Log(VerticalScroll, can_focus=False):
    """A scrolling log that keeps what was told last at its top, or as near to it as what follows allows.

    Where that is, is known only once everything has been laid out, and changes with the room there is; so it is
    found anew whenever either changes. Scrolling by hand is left alone until then.
    """

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self._told_last: Widget | None = None

    def bring_up(self, told_last: Widget) -> None:
        """Bring what begins there into view."""
        self._told_last = told_last
        self.call_after_refresh(self._bring_up)

    def on_resize(self) -> None:
        """Look again: the room has changed."""
        self._bring_up()

    def watch_virtual_size(self) -> None:
        """Look again: there is more to tell."""
        self._bring_up()

    def _bring_up(self) -> None:
        if self._told_last is not None and self._told_last.virtual_region:
            self.scroll_to_widget(self._told_last, top=True, animate=False)
