"""Bytes that were acknowledged survive, and every failure is a sentence."""

from __future__ import annotations

import errno
import os
import stat
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from simulator import durable
from simulator.durable import AppendFile, NotRead, NotSaved
from tests.failing import ERRORS, FailingOs

posix = pytest.mark.skipif(sys.platform == "win32", reason="modes, links and pipes as POSIX has them")


class SharingViolation(PermissionError):
    """What Windows answers while another program has a file open."""

    winerror = 32


def _calls(monkeypatch: pytest.MonkeyPatch, operation: Callable[[], object]) -> list[str]:
    watching = FailingOs()
    with monkeypatch.context() as patch:
        patch.setattr(durable, "os", watching)
        operation()
    return watching.calls


@pytest.mark.parametrize("error", [*ERRORS, errno.ENOENT, errno.EBUSY, errno.ELOOP, errno.ESTALE, errno.ENODEV, 9999])
def test_every_error_is_a_sentence_with_what_why_and_what_to_do(error: int) -> None:
    """A person is told which file, why, and what to do, with no code in it."""
    path = Path("notes") / "draft.txt"
    problem = NotSaved(path, OSError(error, os.strerror(error)))
    what, why, then = str(problem).partition(": ")[0], *str(problem).partition(": ")[2].split(". ", 1)
    assert what == f"Could not save {path}"
    assert why
    assert then.endswith(".")
    assert "Errno" not in str(problem)
    assert (problem.path, problem.reason) == (path, error)


def test_a_sharing_violation_is_another_program() -> None:
    """Windows says "permission denied" when another program has the file open; the person hears the truth."""
    error = SharingViolation(errno.EACCES, "denied")
    assert "another program is using it" in str(NotSaved(Path("a"), error))


def test_a_path_cannot_reach_the_terminal() -> None:
    """Control characters in a path are not in the sentence."""
    assert "\x1b" not in str(NotSaved(Path("a\x1b]52;c;eA==\x07"), OSError(errno.EIO, "")))


def test_the_furthest_flush_is_used_where_there_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A flush through the drive's cache takes the place of fsync; where it is not offered, fsync does."""
    fd = durable.create_private(tmp_path / "a")
    flushed: list[int] = []
    monkeypatch.setattr(durable, "full_sync", flushed.append)
    assert _calls(monkeypatch, lambda: durable.sync_file(fd)) == []
    assert flushed == [fd]

    def fails_with(error: int) -> Callable[[int], object]:
        def fail(_: int) -> object:
            raise OSError(error, "")

        return fail

    monkeypatch.setattr(durable, "full_sync", fails_with(errno.ENOTSUP))
    assert _calls(monkeypatch, lambda: durable.sync_file(fd)) == ["fsync"]
    monkeypatch.setattr(durable, "full_sync", fails_with(errno.EIO))
    with pytest.raises(OSError) as caught:  # noqa: PT011 (looked at below)
        durable.sync_file(fd)
    assert caught.value.errno == errno.EIO
    os.close(fd)


@pytest.mark.parametrize("name", ["write", "fsync"])
def test_an_interrupted_call_is_made_again(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A signal in the middle of saving is no failure."""
    number = _calls(monkeypatch, lambda: durable.write_new(tmp_path / "a", b"data")).index(name)
    monkeypatch.setattr(durable, "os", FailingOs(number, errno.EINTR))
    durable.write_new(tmp_path / "b", b"data")
    assert (tmp_path / "b").read_bytes() == b"data"


def test_short_writes_go_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A system that takes one byte at a time still gets all of them."""

    class Slow(FailingOs):
        def write(self, fd: int, data: bytes) -> int:
            return os.write(fd, data[:1])

    monkeypatch.setattr(durable, "os", Slow())
    durable.write_new(tmp_path / "a", b"all of it")
    assert (tmp_path / "a").read_bytes() == b"all of it"


@posix
def test_a_folder_without_a_flush_of_its_own_is_fine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """File systems that refuse to flush a folder keep names safe themselves; other failures count."""
    fsync = _calls(monkeypatch, lambda: durable.sync_folder(tmp_path)).index("fsync")
    monkeypatch.setattr(durable, "os", FailingOs(fsync, errno.EINVAL))
    durable.sync_folder(tmp_path)
    monkeypatch.setattr(durable, "os", FailingOs(fsync, errno.EIO))
    with pytest.raises(NotSaved):
        durable.sync_folder(tmp_path)


@posix
def test_folders_and_files_are_for_their_owner_only(tmp_path: Path) -> None:
    """What a trainee wrote is not readable by other accounts."""
    durable.make_folder(tmp_path / "a" / "b")
    durable.make_folder(tmp_path / "a" / "b")
    durable.replace(tmp_path / "a" / "b" / "c", b"")
    modes = [stat.S_IMODE((tmp_path / each).stat().st_mode) for each in ("a", "a/b", "a/b/c")]
    assert modes == [0o700, 0o700, 0o600]


@posix
def test_each_new_folder_is_flushed_with_the_one_above(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder whose name was never flushed would be gone after a power cut, with all it holds."""
    calls = _calls(monkeypatch, lambda: durable.make_folder(tmp_path / "a" / "b"))
    assert calls == ["mkdir", "open", "fsync", "close"] * 2


def test_a_file_in_the_way_of_a_folder_is_said(tmp_path: Path) -> None:
    """A folder that cannot be made because a file has its name is a sentence, not a traceback."""
    (tmp_path / "a").write_bytes(b"")
    for path in (tmp_path / "a", tmp_path / "a" / "b"):
        with pytest.raises(NotSaved, match="something else is in its place"):
            durable.make_folder(path)


def test_nothing_is_created_over_something(tmp_path: Path) -> None:
    """Creating refuses a name that is taken, and leaves what has it."""
    (tmp_path / "a").write_bytes(b"mine")
    for create in (durable.create_private, lambda path: durable.write_new(path, b"yours")):
        with pytest.raises(NotSaved) as caught:
            create(tmp_path / "a")
        assert caught.value.reason == errno.EEXIST
    assert (tmp_path / "a").read_bytes() == b"mine"


@posix
def test_links_are_not_followed(tmp_path: Path) -> None:
    """A link laid where a file is to be does not lead anybody's writing elsewhere."""
    target = tmp_path / "target"
    target.write_bytes(b"precious")
    (tmp_path / "link").symlink_to(target)
    with pytest.raises(NotSaved):
        durable.create_private(tmp_path / "link")
    durable.jot(tmp_path / "link", b"note")
    with pytest.raises(NotRead, match="it is a link"):
        AppendFile(tmp_path / "link")
    assert target.read_bytes() == b"precious"


def test_replacing_is_all_or_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whichever call fails, the file holds all of the old or all of the new, and nothing lies beside it."""
    path = tmp_path / "draft"
    calls = _calls(monkeypatch, lambda: durable.replace(path, b"old"))
    for at in range(len(calls)):
        for error in ERRORS:
            path.write_bytes(b"old")
            failing = FailingOs(at, error)
            monkeypatch.setattr(durable, "os", failing)
            with pytest.raises(NotSaved) as caught:
                durable.replace(path, b"new")
            assert caught.value.path in (path, path.parent)
            assert path.read_bytes() == (b"new" if "replace" in calls[:at] else b"old")
            assert list(tmp_path.iterdir()) == [path]
            failing.heal()
            durable.replace(path, b"new")
            assert path.read_bytes() == b"new"


def test_a_rename_waits_for_others_to_let_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A virus scanner that has the file open for a moment on Windows does not lose a draft."""
    refused: list[Path] = []

    class Scanned(FailingOs):
        def replace(self, source: Path, target: Path) -> None:
            if len(refused) < 3:
                refused.append(source)
                raise SharingViolation(errno.EACCES, "denied")
            source.replace(target)

    monkeypatch.setattr(durable, "os", Scanned())
    monkeypatch.setattr(durable, "RENAME_PAUSE", 0)
    durable.replace(tmp_path / "a", b"new")
    assert (tmp_path / "a").read_bytes() == b"new"
    assert len(refused) == 3


def test_leftovers_of_a_crash_are_found(tmp_path: Path) -> None:
    """What a power cut left of a replacement is found by the name of the file it was for."""
    left = tmp_path / ".notes.jsonl.0a1b2c3d.tmp"
    for path in (left, tmp_path / ".other.0a1b2c3d.tmp", tmp_path / "notes.jsonl"):
        path.write_bytes(b"")
    assert durable.leftovers(tmp_path / "notes.jsonl") == [left]


def test_removing_is_quiet_about_what_is_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Removing twice is fine; a removal that fails is said."""
    (tmp_path / "a").write_bytes(b"")
    durable.remove(tmp_path / "a")
    durable.remove(tmp_path / "a")
    monkeypatch.setattr(durable, "os", FailingOs(0, errno.EROFS))
    with pytest.raises(NotSaved):
        durable.remove(tmp_path / "a")


def test_notes_for_others_may_fail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A note that cannot be left, and a file that cannot be taken away, disturb nobody."""
    monkeypatch.setattr(durable, "os", FailingOs(0, errno.EROFS, for_good=True))
    durable.jot(tmp_path / "a", b"note")
    durable.discard(tmp_path / "a")
    assert list(tmp_path.iterdir()) == []


def _specials(folder: Path) -> dict[str, Path]:
    found = {"folder": folder / "folder", "no such file": folder / "nothing"}
    found["folder"].mkdir()
    if sys.platform != "win32":
        found |= {"link": folder / "link", "device or a pipe": folder / "pipe"}
        (folder / "file").write_bytes(b"")
        found["link"].symlink_to(folder / "file")
        os.mkfifo(found["device or a pipe"])
    return found


def test_only_plain_files_are_read(tmp_path: Path) -> None:
    """Folders, links, pipes and nothing at all are refused with a sentence, and without waiting."""
    for what, path in _specials(tmp_path).items():
        for use in (lambda p: durable.read_file(p, 10), AppendFile):
            with pytest.raises(NotRead, match=what):
                use(path)


def test_a_file_is_read_up_to_its_limit(tmp_path: Path) -> None:
    """A file of just the limit is read, one byte more is refused."""
    (tmp_path / "a").write_bytes(b"12345")
    assert durable.read_file(tmp_path / "a", 5) == b"12345"
    with pytest.raises(NotRead, match="larger than 4 bytes"):
        durable.read_file(tmp_path / "a", 4)


def test_a_read_error_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that cannot be read is said so."""
    (tmp_path / "a").write_bytes(b"12345")
    for error, why in ((errno.EIO, "the disk reported an error"), (errno.EACCES, "no permission to read")):
        monkeypatch.setattr(durable, "os", FailingOs(0, error))
        with pytest.raises(NotRead, match=why):
            durable.read_file(tmp_path / "a", 5)


@pytest.mark.parametrize("half", [False, True], ids=["fails", "fails half way"])
@pytest.mark.parametrize("for_good", [False, True], ids=["once", "until healed"])
def test_a_failed_append_leaves_the_file_as_it_was(
    for_good: bool, half: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever call fails, and for however long, the same append can be made again and leaves no scar."""

    def append(path: Path) -> AppendFile:
        file = AppendFile(path, create=True)
        file.append(b"one\n", 0)
        return file

    dry = append(tmp_path / "dry")
    for at in range(len(_calls(monkeypatch, lambda: dry.append(b"two\n", 4)))):
        for error in ERRORS:
            path = tmp_path / f"{at}-{error}"
            file = append(path)
            failing = FailingOs(at, error, for_good=for_good, half=half)
            monkeypatch.setattr(durable, "os", failing)
            with pytest.raises(NotSaved):
                file.append(b"two\n", 4)
            failing.heal()
            file.append(b"other\n", 4)
            assert path.read_bytes() == b"one\nother\n"
            file.close()
    dry.close()


def test_bytes_are_written_again_after_a_failed_flush(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A flush that succeeds after one that failed proves nothing: the bytes must go out anew."""
    file = AppendFile(tmp_path / "a", create=True)
    number = _calls(monkeypatch, lambda: file.append(b"one\n", 0)).index("fsync")
    failing = FailingOs(number, errno.EIO)
    monkeypatch.setattr(durable, "os", failing)
    with pytest.raises(NotSaved):
        file.append(b"two\n", 4)
    failing.calls.clear()
    failing.heal()
    file.append(b"two\n", 4)
    assert [each for each in failing.calls if each != "fstat"] == ["write", "fsync"]
    assert (tmp_path / "a").read_bytes() == b"one\ntwo\n"
    file.close()


def test_what_could_not_be_cut_is_cut_on_closing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a line that could not be taken back at once goes when the file is closed."""
    file = AppendFile(tmp_path / "a", create=True)
    file.append(b"one\n", 0)
    failing = FailingOs(1, errno.ENOSPC, for_good=True, half=True)
    monkeypatch.setattr(durable, "os", failing)
    with pytest.raises(NotSaved):
        file.append(b"two\n", 4)
    assert (tmp_path / "a").read_bytes() == b"one\ntw"
    failing.heal()
    file.close()
    assert (tmp_path / "a").read_bytes() == b"one\n"


def test_a_file_changed_by_others_is_not_written(tmp_path: Path) -> None:
    """Bytes that another program put there are neither cut off nor mixed with ours."""
    file = AppendFile(tmp_path / "a", create=True)
    file.append(b"one\n", 0)
    with (tmp_path / "a").open("ab") as other:
        other.write(b"other\n")
    with pytest.raises(NotSaved, match="by another program"):
        file.append(b"two\n", 4)
    file.close()
    assert (tmp_path / "a").read_bytes() == b"one\nother\n"


@posix
def test_a_file_without_a_name_is_not_written(tmp_path: Path) -> None:
    """A file deleted while it is open takes no more entries: nobody would ever find them."""
    file = AppendFile(tmp_path / "a", create=True)
    (tmp_path / "a").unlink()
    with pytest.raises(NotSaved, match="moved, deleted"):
        file.append(b"one\n", 0)
    file.close()


def test_a_lock_has_one_holder(tmp_path: Path) -> None:
    """A second taker gets nothing until the first lets go."""
    first = durable.take_lock(tmp_path / "a.lock")
    assert first is not None
    assert durable.take_lock(tmp_path / "a.lock") is None
    first.release()
    again = durable.take_lock(tmp_path / "a.lock")
    assert again is not None
    again.release()


@pytest.mark.parametrize("error", ERRORS)
def test_a_lock_that_cannot_be_had_is_a_sentence(error: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there can be no lock there can be no writing."""
    import filelock

    def fail(*_: Any, **__: Any) -> None:
        raise OSError(error, os.strerror(error))

    monkeypatch.setattr(filelock.FileLock, "acquire", fail)
    with pytest.raises(NotSaved) as caught:
        durable.take_lock(tmp_path / "a.lock")
    assert caught.value.reason == error
