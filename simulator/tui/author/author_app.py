"""The app, opened at the author's desk for one file: without a library, and without anybody signing in."""

from __future__ import annotations

from typing import ClassVar

from simulator.settings import Home, Settings
from simulator.tui.app import CaseloadApp
from simulator.tui.author.desk import AuthorScreen


class AuthorApp(CaseloadApp):
    """Caseload with one file open for writing."""

    # Textual loads no styles of the screen that an app begins with.
    CSS_PATH: ClassVar = ["../app.tcss", "desk.tcss"]

    def __init__(self, where: Home, settings: Settings, screen: AuthorScreen) -> None:
        super().__init__(where, settings)
        self._first = screen

    def get_default_screen(self) -> AuthorScreen:  # type: ignore[override]
        """Begin with the text."""
        return self._first

    def _load(self) -> None:  # type: ignore[override]
        """There is no library to load."""
