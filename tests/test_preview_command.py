"""`caseload preview` on the command line: what it refuses before it opens anything."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulator.cli import main
from tests.tui_cases import CASE


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the file of a case, with somebody at a terminal."""
    monkeypatch.setenv("CASELOAD_HOME", str(tmp_path / "home"))
    monkeypatch.setattr("simulator.commands.preview.at_terminal", lambda: True)
    path = tmp_path / "mine.yaml"
    path.write_text(CASE, encoding="utf-8")
    return path


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Return the apps that would have been opened, and open none."""
    apps: list[object] = []
    monkeypatch.setattr("simulator.tui.author.app.PreviewApp.run", lambda app: apps.append(app))
    return apps


def test_without_a_terminal_it_says_what_works_instead(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """In a pipe nothing is opened; check and plain play are named."""
    monkeypatch.setattr("simulator.commands.preview.at_terminal", lambda: False)
    assert main(["preview", str(file)]) == 2
    assert "preview needs a terminal" in capsys.readouterr().err


def test_a_folder_is_no_case(tmp_path: Path, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder is refused."""
    assert main(["preview", str(tmp_path)]) == 2
    assert "is a folder" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("wishes", "why"),
    [
        (["--at", "helo"], "there is no scene or ending `helo`; did you mean `hello`?"),
        (["--with", "trust=12"], "`ruth.trust` goes from 0 to 10"),
    ],
)
def test_what_the_case_does_not_have_is_refused_at_once(
    file: Path, opened: list[object], wishes: list[str], why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A scene or a feeling that is misspelt is told on the command line, with what was meant."""
    assert main(["preview", str(file), *wishes]) == 2
    assert why in capsys.readouterr().err
    assert opened == []


def test_a_file_that_is_not_there_is_opened_all_the_same(tmp_path: Path, file: Path, opened: list[object]) -> None:
    """An author may begin with the preview and write the file then."""
    assert main(["preview", str(tmp_path / "later.yaml"), "--at", "hello"]) == 0
    assert main(["preview", str(file), "--at", "hello", "--with", "trust=9, promised", "--seed", "4"]) == 0
    assert len(opened) == 2
