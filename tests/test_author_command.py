"""`caseload author` where it cannot open the desk: it says why, and what to do instead."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulator.cli import main
from simulator.library import built_in


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the data of these tests apart."""
    monkeypatch.setenv("CASELOAD_HOME", str(tmp_path / "home"))


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the command believe that somebody sits at a terminal."""
    monkeypatch.setattr("simulator.commands.author_desk.at_terminal", lambda: True)


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Return what is said by a command that cannot do what it was asked for."""
    assert main(["author", *arguments]) == 2
    return capsys.readouterr().err


def test_it_needs_a_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without one it names what helps in any editor."""
    told = refused(capsys, str(tmp_path / "case.yaml"))
    assert "needs a terminal" in told
    assert "caseload check" in told


def test_a_folder_is_no_case(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder is not opened."""
    assert "is a folder" in refused(capsys, str(tmp_path))


@pytest.mark.usefixtures("terminal")
def test_a_built_in_case_is_not_written(capsys: pytest.CaptureFixture[str]) -> None:
    """It says how to get a copy."""
    told = refused(capsys, str(built_in() / "new-case-manager.yaml"))
    assert "own library" in told
    assert "caseload new" in told


@pytest.mark.usefixtures("terminal")
def test_what_cannot_be_read_is_told_as_a_problem(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file in another encoding is not opened: saving it would spoil it."""
    path = tmp_path / "case.yaml"
    path.write_bytes(b"title: caf\xe9\n")
    assert "not-utf-8" in refused(capsys, str(path))


@pytest.mark.usefixtures("terminal")
def test_a_folder_that_is_not_there_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A new file needs a folder to lie in."""
    assert "there is no folder" in refused(capsys, str(tmp_path / "nowhere" / "case.yaml"))
