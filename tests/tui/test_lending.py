"""An editor that fails, on a real terminal: the desk comes back, and says what became of it."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest

from tests.tui_cases import CASE

if sys.platform == "win32":
    pytest.skip("there are no such terminals on Windows", allow_module_level=True)

from tests.tui.terminal import on_terminal

NEXT = "\x1bOS"
"""F4, which asks where to go."""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return the file of a case."""
    path = tmp_path / "case.yaml"
    path.write_text(CASE)
    return path


@pytest.mark.parametrize(
    ("script", "told"),
    [
        (None, "cannot be started: No such file"),
        ("exit 3", "ended with an error (3)"),
        ("kill -9 $$", "ended with an error (-9)"),
    ],
)
def test_the_desk_comes_back_whatever_becomes_of_the_editor(
    tmp_path: Path, file: Path, monkeypatch: pytest.MonkeyPatch, script: str | None, told: str
) -> None:
    """A misspelt editor, one that fails and one that is killed are told, and one writes on."""
    program = tmp_path / "ed"
    if script is not None:
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
    monkeypatch.setenv("VISUAL", str(program))
    with on_terminal(tmp_path / "home", "author", str(file), size=(120, 40)) as terminal:
        terminal.sees("scenario: front-desk", "no problems")
        terminal.send("\x0f")
        terminal.sees(told)
        terminal.send(NEXT)
        terminal.sees("Go to (a name")


def test_ctrl_c_in_the_editor_is_the_editors(tmp_path: Path, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The system sends it to both; the desk goes on, and what the editor wrote is shown."""
    program = tmp_path / "ed"
    program.write_text('#!/bin/sh\ntrap \'echo "# interrupted" >> "$1"; exit 0\' INT\necho IS OPEN\nsleep 20\n')
    program.chmod(0o755)
    monkeypatch.setenv("VISUAL", str(program))
    with on_terminal(tmp_path / "home", "author", str(file), size=(120, 40)) as terminal:
        terminal.sees("scenario: front-desk", "no problems")
        terminal.send("\x0f")
        terminal.sees("IS OPEN")
        terminal.send()
        os.killpg(terminal.process.pid, signal.SIGINT)
        terminal.sees("was changed by somebody else, and is shown")
        terminal.send(NEXT)
        terminal.sees("Go to (a name")
    assert file.read_text() == f"{CASE}# interrupted\n"
