"""The app, opened for an author: one screen about one file, without a library and without anybody signing in."""

from __future__ import annotations

from typing import ClassVar

from simulator.settings import Home, Settings
from simulator.tui.app import CaseloadApp
from simulator.tui.author.preview import Previewed, PreviewScreen


class PreviewApp(CaseloadApp):
    """Caseload with one case in preview."""

    # Textual loads no styles of the screen that an app begins with.
    CSS_PATH: ClassVar = ["../app.tcss", "../meeting.tcss", "preview.tcss"]

    def __init__(self, where: Home, settings: Settings, screen: PreviewScreen) -> None:
        super().__init__(where, settings)
        self._first = screen

    def get_default_screen(self) -> PreviewScreen:  # type: ignore[override]
        """Begin with the case."""
        return self._first

    def _load(self) -> None:  # type: ignore[override]
        """There is no library to load."""


__all__ = ["PreviewApp", "PreviewScreen", "Previewed"]
