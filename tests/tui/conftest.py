"""What every test of the app needs: a library of one small case, a home of its own, nothing that blinks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from textual.cache import LRUCache
from textual.css.stylesheet import Stylesheet
from textual.widgets import Input, TextArea

from simulator.settings import Home
from tests.failing import FailingOs
from tests.tui.stage import Opening, home_of
from tests.tui_cases import CASE, library


def _parse_styles_once() -> None:
    """Let every app of a test run share what Textual has parsed of the same styles under the same theme."""
    parsed: dict[frozenset[tuple[str, str]], Any] = {}
    begin, set_variables = Stylesheet.__init__, Stylesheet.set_variables

    def share(sheet: Stylesheet, variables: dict[str, str]) -> None:
        sheet._parse_cache = parsed.setdefault(frozenset(variables.items()), LRUCache(512))

    def begin_sharing(sheet: Stylesheet, *, variables: dict[str, str] | None = None) -> None:
        begin(sheet, variables=variables)
        share(sheet, variables or {})

    def set_and_share(sheet: Stylesheet, variables: dict[str, str]) -> None:
        # It empties the one at hand, which others still use.
        sheet._parse_cache = LRUCache(1)
        set_variables(sheet, variables)
        share(sheet, variables)

    Stylesheet.__init__ = begin_sharing  # type: ignore[assignment, method-assign]
    Stylesheet.set_variables = set_and_share  # type: ignore[assignment, method-assign]


_parse_styles_once()


@pytest.fixture(autouse=True)
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep cursors from blinking."""
    for editor in (TextArea, Input):
        monkeypatch.setattr(editor.cursor_blink, "_default", False)


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """Return the folder of the library."""
    return library(tmp_path / "library", CASE)


@pytest.fixture
def home(tmp_path: Path, shelf: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """Return a home in which two people are known, with the small case as its library."""
    monkeypatch.setattr("simulator.tui.desk.built_in", lambda: shelf)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("CASELOAD_HOME", str(tmp_path / "home"))
    return home_of(tmp_path / "home")


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], FailingOs]:
    """Return what breaks the disk: every system call that writes fails with an error number, until healed."""

    def break_it(error: int) -> FailingOs:
        failing = FailingOs(at=0, error=error, for_good=True)
        monkeypatch.setattr("simulator.durable.os", failing)
        return failing

    return break_it


@pytest.fixture
def opening(monkeypatch: pytest.MonkeyPatch) -> Opening:
    """Return what opens the app and holds it while it loads."""
    from simulator.tui import desk

    held = Opening()
    monkeypatch.setattr(desk, "open_desk", held.held(desk.open_desk))
    return held
