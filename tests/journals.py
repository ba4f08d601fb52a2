"""Homes with cases and sessions in them, and journals that somebody made up."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import tempfile
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from simulator import chain, durable, journal
from simulator.archive import Archive
from simulator.chain import Chain, ChainError
from simulator.durable import NotSaved
from simulator.library import Case, find, rubric_at
from simulator.play import Play
from simulator.session import Session
from simulator.settings import Home
from simulator.source import Source
from tests.cases import CASE, rubric
from tests.failing import FailingOs

REPOSITORY = Path(__file__).parent.parent
ANA = "p-1a2b3c4d"
NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)

posix = pytest.mark.skipif(sys.platform == "win32", reason="signals, pipes and modes as POSIX has them")


def _may_read_everything() -> bool:
    with tempfile.NamedTemporaryFile() as file:
        Path(file.name).chmod(0)
        return os.access(file.name, os.R_OK)


not_root = pytest.mark.skipif(_may_read_everything(), reason="this account may read and write everything")

HEADER: Mapping[str, Any] = {
    "kind": "session",
    "session": "20260304-120000-abc123",
    "scenario": "small-case",
    "version": "1.0.0",
    "scenario-hash": "a" * 64,
    "rubric-hash": "b" * 64,
    "seed": 7,
    "person": ANA,
    "feedback": "end",
    "program": "0.1.0",
}
"""What a journal's first entry says."""


def rubric_source() -> Source:
    """Return the file of Caseload's own rubric."""
    source = rubric_at().source
    assert source is not None
    return source


def case_in(folder: Path, text: str = CASE, name: str = "small-case.yaml") -> Case:
    """Write a case into a folder and load it from there."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(text, encoding="utf-8", newline="\n")
    return find(str(path), (), rubric())


def begin(
    where: Home,
    case: Case | None = None,
    *,
    seed: int = 7,
    feedback: str = "end",
    person: str = ANA,
    confidence: bool = False,
) -> Play:
    """Begin a session of a case; of the small one unless another is given."""
    played = case or case_in(where.root / "cases")
    return Play.begin(
        where, played, rubric(), rubric_source(), person, seed=seed, feedback=feedback, confidence=confidence
    )


def played_through(where: Home, case: Case | None = None, person: str = ANA) -> Path:
    """Play a session of the small case to its end, with a little of everything, and return its journal."""
    play = begin(where, case, person=person)
    play.read("letter")
    play.consult()
    play.choose("invite")
    play.choose("promise")
    play.write("She asked for help, and I promised it.")
    play.reflect("I would not promise again.")
    play.close()
    return play.path


def resumed(where: Home, path: Path, current: str | None = None) -> Play:
    """Open a session again, as after a crash: with nothing remembered but what is on disk."""
    return Play.resume(Archive(where), path, current)


def on_disk(path: Path) -> tuple[object, ...]:
    """Return the decisions that a journal holds."""
    return journal.read(path).events


def same_moment(one: Session, other: Session) -> bool:
    """Whether two sessions stand at the same decision, after the same things were done."""
    return (one.state, one.events, one.responses, one.unread) == (
        other.state,
        other.events,
        other.responses,
        other.unread,
    )


def forged(path: Path, bodies: Iterable[Mapping[str, Any]]) -> Path:
    """Write a sound chain of whatever bodies, as somebody could who has this program."""
    first, *others = bodies
    path.parent.mkdir(parents=True, exist_ok=True)
    with Chain.create(path, first, lambda: NOON) as made:
        for body in others:
            text = body.get("text")
            made.append({key: value for key, value in body.items() if key != "text"}, text)
    return path


def bodies_of(path: Path) -> list[dict[str, Any]]:
    """Return what the entries of a chain say, texts with them, to be changed and forged anew."""
    return [
        {**{key: value for key, value in entry.body.items() if key != "schema"}, **_text(entry)}
        for entry in chain.read(path).entries
    ]


def _text(entry: chain.Entry) -> dict[str, str]:
    return {} if entry.text is None else {"text": entry.text}


def failing(patch: pytest.MonkeyPatch, at: int | None = None, **how: Any) -> FailingOs:
    """Let a call of the operating system fail from now on; `heal` ends it."""
    system = FailingOs(at, **how)
    patch.setattr(durable, "os", system)
    return system


def failure(operation: Callable[[], object]) -> ChainError | NotSaved | None:
    """Do something, and return how it failed, if it did."""
    try:
        operation()
    except (ChainError, NotSaved) as problem:
        return problem
    return None


# -- the command ----------------------------------------------------------------------------------


def environment(home: Path | str, **more: str) -> dict[str, str]:
    """Return what the command finds around it."""
    kept = {
        key: value for key, value in os.environ.items() if not key.startswith(("CASELOAD", "PYTHON", "LC_", "LANG"))
    }
    return {**kept, "CASELOAD_HOME": str(home), "PYTHONPATH": str(REPOSITORY), "PYTHONUTF8": "1", **more}


def caseload(
    home: Path | str, *arguments: str | Path, typed: str | bytes = b"", cwd: Path | None = None, **more: str
) -> subprocess.CompletedProcess[bytes]:
    """Run the command in a process of its own, with something typed into it."""
    return subprocess.run(
        [sys.executable, "-m", "simulator", *map(str, arguments)],
        input=typed.encode() if isinstance(typed, str) else typed,
        capture_output=True,
        env=environment(home, **more),
        cwd=cwd,
        timeout=60,
        check=False,
    )


def here(home: Path | str, *arguments: str | Path, typed: str | bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Run the command in this process: for sweeps, where starting a thousand would take too long."""
    from simulator.cli import main

    given = typed.encode() if isinstance(typed, str) else typed
    keyboard, output, error = io.BytesIO(given), io.BytesIO(), io.BytesIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CASELOAD_HOME", str(home))
        patch.setattr(sys, "stdin", io.TextIOWrapper(keyboard, "utf-8"))
        patch.setattr(sys, "stdout", io.TextIOWrapper(output, "utf-8"))
        patch.setattr(sys, "stderr", io.TextIOWrapper(error, "utf-8"))
        code = main([str(each) for each in arguments])
        sys.stderr.flush()
        return subprocess.CompletedProcess(arguments, code, output.getvalue(), error.getvalue())


def text_of(result: subprocess.CompletedProcess[bytes]) -> tuple[int, str, str]:
    """Return a command's exit code, and what it wrote to stdout and stderr as text."""
    out, error = (part.decode().replace("\r\n", "\n") for part in (result.stdout, result.stderr))
    return result.returncode, out, error


BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def obeyed_by_terminals(output: str) -> set[str]:
    """Return every character that a terminal or a reader's eye would be led by."""
    return {
        each for each in output if each in BIDI or (unicodedata.category(each) in ("Cc", "Zl", "Zp") and each != "\n")
    }


def kill(process: subprocess.Popen[bytes]) -> None:
    """End a process as a power cut would: it is not asked."""
    if sys.platform == "win32":
        process.terminate()
    else:
        process.send_signal(signal.SIGKILL)
    process.wait(30)
