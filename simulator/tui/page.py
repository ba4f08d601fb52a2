"""Screens that close once, however fast somebody types or clicks."""

from __future__ import annotations

from typing import Any, cast

from textual.await_complete import AwaitComplete
from textual.screen import Screen


class ClosesOnce:
    """A screen that only closes itself.

    Textual closes whatever lies on top. A second Enter or a double click that was on its way while a screen
    closed would close the one below as well, and answer for it a second time.
    """

    def dismiss(self, result: Any = None) -> AwaitComplete:
        """Close the screen with its result; when it has closed already, do nothing."""
        screen = cast("Screen[Any]", self)
        return Screen.dismiss(screen, result) if screen.is_active else AwaitComplete()
