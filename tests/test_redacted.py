"""What a reviewer redacted goes from the shared folder and from the machine it was written on, once it is signed."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulator.archive import Archive
from simulator.chain import ChainError
from simulator.play import Play
from simulator.review.writing import Reviewing
from simulator.settings import Home
from simulator.sharing.collected import collect
from simulator.sharing.handing_in import hand_in
from simulator.sharing.receipts import Receipts
from tests.journals import begin, played_through

WRITTEN = "She asked for help, and I promised it."


def _bytes(folder: Path) -> bytes:
    return b"\n".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


@pytest.fixture
def trainee(tmp_path: Path) -> Home:
    return Home(tmp_path / "trainee")


@pytest.fixture
def supervisor(tmp_path: Path) -> Home:
    return Home(tmp_path / "supervisor")


@pytest.fixture
def shared(tmp_path: Path) -> Path:
    folder = tmp_path / "shared"
    folder.mkdir()
    return folder


def _collected(supervisor: Home, shared: Path) -> None:
    with Receipts.open(supervisor) as ledger:
        assert collect(supervisor, shared, ledger).refused == []


def test_a_redacted_text_goes_everywhere_once_the_review_travels(trainee: Home, supervisor: Home, shared: Path) -> None:
    """After signing off and handing in, no byte of it is left here, in the shared folder or where it was written."""
    session = played_through(trainee).stem
    assert hand_in(trainee, shared).sessions == [session]
    _collected(supervisor, shared)
    assert WRITTEN.encode() in _bytes(shared)
    logged = Archive(supervisor).load(supervisor.journals / f"{session}.jsonl")
    with Reviewing.open(supervisor, logged, "p-feona") as reviewing:
        assert reviewing.redact(logged.recorded.seq_of(5)) == ""
        reviewing.sign_off(logged.recorded.reading.head)
    assert WRITTEN.encode() not in _bytes(supervisor.root)
    hand_in(supervisor, shared)
    assert hand_in(trainee, shared).reviewed == [session]
    for folder in (shared, trainee.root, supervisor.root):
        assert WRITTEN.encode() not in _bytes(folder)
    # What else was written stays, and so does the session.
    assert b"I would not promise again." in _bytes(trainee.root)
    assert Archive(trainee).load(trainee.journals / f"{session}.jsonl").trouble == ""
    _collected(supervisor, shared)
    assert WRITTEN.encode() not in _bytes(supervisor.root)


def test_only_who_began_a_session_goes_on_with_it(trainee: Home, supervisor: Home, shared: Path) -> None:
    """A session that was handed in unfinished cannot be played on where it was collected, so it stays what it is."""
    play = begin(trainee)
    play.choose("invite")
    play.suspend()
    hand_in(trainee, shared)
    _collected(supervisor, shared)
    path = supervisor.journals / play.path.name
    before = path.read_bytes()
    with pytest.raises(ChainError, match="was handed in by somebody else"):
        Play.resume(Archive(supervisor), path)
    assert path.read_bytes() == before
    again = Play.resume(Archive(trainee), play.path)
    again.choose("promise")
    again.suspend()
    hand_in(trainee, shared)
    _collected(supervisor, shared)
    assert path.read_bytes() == play.path.read_bytes()


def test_everything_is_handed_in_again_where_the_folder_is_another(trainee: Home, shared: Path) -> None:
    """`anew` puts everything into a folder that took the place of the one where it was."""
    session = played_through(trainee).stem
    hand_in(trainee, shared)
    for path in sorted(shared.rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()
    assert hand_in(trainee, shared).away
    assert hand_in(trainee, shared, anew=True).sessions == [session]
