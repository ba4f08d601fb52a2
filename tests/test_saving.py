"""Saving what an author writes: every byte comes back, nobody's work is overwritten, nothing is lost on the way."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator import durable
from simulator.authoring.saving import (
    ChangedElsewhere,
    Opened,
    changed,
    difference,
    drop_copies,
    drop_copy,
    keep_copy,
    new_desk,
    open_file,
    opened,
    recovered,
    save,
    save_beside,
    taken_up,
    there_now,
)
from simulator.durable import NotSaved
from simulator.problem import Problem
from simulator.settings import Home
from simulator.source import Source, read
from tests.cases import trials
from tests.failing import ERRORS, FailingOs

TEXT = "# a comment\nscenario: one   # and another\n\ntitle: It's one\n"


def at(path: Path, data: bytes | str = TEXT) -> Opened:
    """Write a file and open it."""
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    found = open_file(path)
    assert isinstance(found, Opened)
    return found


ODD = (
    b"",
    b"no end",
    b"\n\n",
    b"\xef\xbb\xbfwith: a mark\n",
    b"one\r\ntwo\r\n",
    b"one\rtwo\r",
    b"one\r\ntwo\nthree\rfour",
    b"\ttab\n  trailing  \n",
    "wide: 漢字 🙂 e\u0301\n".encode(),
    "split\u2028here\x0b \x0c \x1c\x85 and \x1b]52;c;aGk=\x07\n".encode(),
    "bidi \u202e and a zero \u200d joiner\n".encode(),
    "a picture \u241b already, and \x1b\n".encode(),
)


@pytest.mark.parametrize("data", ODD, ids=range(len(ODD)))
def test_what_is_not_edited_is_saved_byte_for_byte(tmp_path: Path, data: bytes) -> None:
    """Line ends of every kind, a mark at the beginning, control characters and blanks at ends stay as they are."""
    path = tmp_path / "case.yaml"
    what = at(path, data)
    save(what, what.text)
    assert path.read_bytes() == data


@trials(50)
@given(
    st.text(alphabet="ab:# é漢\t\x1b\x85\u2028\u202e\u241b\r\n", max_size=60),
    st.integers(0, 60),
    st.text(alphabet="xy\n", max_size=8),
)
def test_an_edit_changes_nothing_but_itself(text: str, place: int, typed: str) -> None:
    """Whatever is typed into a line, all lines that it is not part of keep their bytes."""
    path = Path("case.yaml")
    data = text.encode()
    what = opened(path, Source("case.yaml", text, "", data))
    place = min(place, len(what.text))
    edited = what.data(what.text[:place] + typed + what.text[place:])
    before, after = what.plain(what.text[:place]), what.plain(what.text[place:])
    kept = [line.encode() for line in (*before.split("\n")[:-1], *after.split("\n")[1:])]
    lines = edited.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    for line in kept:
        lines.remove(line)
    if "\n" not in typed and len(set(what.ends)) < 2:
        assert edited.count(what.end.encode()) == data.count(what.end.encode())


def test_nothing_that_a_terminal_obeys_is_in_the_editor(tmp_path: Path) -> None:
    """Control and bidi characters are shown by other signs, in the same columns, and are still in the file."""
    what = at(tmp_path / "case.yaml", "say: \x1b]52;c;aGk=\x07 \u202eabc\x85\u2028.\n")
    assert not set(what.text) & set("\x1b\x07\u202e\x85\u2028")
    assert len(what.text) == len(what.plain(what.text))
    save(what, what.text.replace("abc", "cba"))
    assert "\u202ecba" in what.path.read_text(encoding="utf-8")


def test_line_ends_of_a_mixed_file_stay_where_they_are(tmp_path: Path) -> None:
    """In a file with two kinds of line ends only new lines get what most lines have."""
    what = at(tmp_path / "case.yaml", b"one\r\ntwo\r\nthree\nfour\r\n")
    save(what, "one\nnew\ntwo\nthree\nfour!\n")
    assert what.path.read_bytes() == b"one\r\nnew\r\ntwo\r\nthree\nfour!\r\n"


def test_a_file_that_was_changed_elsewhere_is_not_overwritten(tmp_path: Path) -> None:
    """Saving says so, with what stands there now; nothing is written, and both can be had."""
    what = at(tmp_path / "case.yaml")
    what.path.write_text("theirs\n")
    assert changed(what)
    with pytest.raises(ChangedElsewhere) as clash:
        save(what, "mine\n")
    assert what.path.read_text() == "theirs\n"
    assert clash.value.theirs is not None
    assert difference(clash.value.theirs, "mine\n")[-2:] == ["+mine", " "]
    beside = save_beside(what, "mine\n")
    assert beside.name == "case (mine).yaml"
    assert beside.read_text() == "mine\n"
    assert save_beside(what, "mine again\n").name == "case (mine 2).yaml"


def test_what_was_seen_may_be_overwritten(tmp_path: Path) -> None:
    """Whoever has seen the difference saves over it, but not over what came after that."""
    what = at(tmp_path / "case.yaml")
    what.path.write_text("theirs\n")
    with pytest.raises(ChangedElsewhere) as clash:
        save(what, "mine\n")
    seen = clash.value.theirs
    assert seen is not None
    what.path.write_text("theirs, later\n")
    with pytest.raises(ChangedElsewhere):
        save(what, "mine\n", over=seen.hash)
    what.path.write_text("theirs\n")
    saved = save(what, "mine\n", over=seen.hash)
    assert what.path.read_text() == "mine\n"
    save(saved, "mine, later\n")
    assert what.path.read_text() == "mine, later\n"


@pytest.mark.parametrize("data", [b"caf\xe9\n", b"#" * 100])
def test_what_cannot_be_shown_is_not_overwritten_unasked_and_never_taken_for_a_text(
    tmp_path: Path, data: bytes
) -> None:
    """A file that another program saved as no UTF-8, or as too large, says why; another one of that kind is another."""
    what = at(tmp_path / "case.yaml")
    what.path.write_bytes(data)
    with pytest.raises(ChangedElsewhere) as clash:
        save(what, "mine\n", limit=80)
    seen = clash.value.theirs
    assert seen is not None
    assert seen.cannot_be_shown
    assert what.path.read_bytes() == data
    what.path.write_bytes(data + b"more")
    with pytest.raises(ChangedElsewhere):
        save(what, "mine\n", over=seen.hash, limit=80)
    now = there_now(what.path, 80)
    assert now is not None
    save(what, "mine\n", over=now.hash, limit=80)
    assert what.path.read_text() == "mine\n"


def test_what_lies_in_the_files_place_is_named(tmp_path: Path) -> None:
    """A folder there is no matter of permissions, and nothing is written."""
    what = at(tmp_path / "case.yaml")
    what.path.unlink()
    what.path.mkdir()
    with pytest.raises(NotSaved, match="something else is in its place"):
        save(what, "mine\n")
    assert there_now(what.path) is None


def test_of_a_long_text_only_what_differs_is_told() -> None:
    """Lines that stand in it many times are not taken for others, and pieces have the numbers of the whole text."""
    lines = [line for n in range(200) for line in (f"line {n}", "")]
    there = Opened(Path("case.yaml"), "", "\n".join([*lines[:301], "theirs", *lines[301:]]))
    told = difference(there, "\n".join(lines))
    assert [line for line in told if line[:1] in "+-" and line[:3] not in ("+++", "---")] == ["-theirs"]
    assert "@@ -300,5 +300,4 @@" in told


def test_the_same_change_elsewhere_is_no_clash(tmp_path: Path) -> None:
    """Whoever saved the same text has done no harm."""
    what = at(tmp_path / "case.yaml")
    what.path.write_text("mine\n")
    assert save(what, "mine\n").hash != what.hash


def test_a_file_that_is_gone_is_a_change_too(tmp_path: Path) -> None:
    """It was taken away by somebody, so it does not come back unasked; asked for, it does."""
    what = at(tmp_path / "case.yaml")
    what.path.unlink()
    with pytest.raises(ChangedElsewhere) as clash:
        save(what, "mine\n")
    assert clash.value.theirs is None
    save(what, "mine\n", over="")
    assert what.path.read_text() == "mine\n"


def test_a_new_file_begins_empty_and_is_made_by_saving(tmp_path: Path) -> None:
    """One that somebody else made meanwhile is not overwritten."""
    what = open_file(tmp_path / "new.yaml")
    assert isinstance(what, Opened)
    assert what.text == ""
    save(what, "mine\n")
    assert what.path.read_text() == "mine\n"
    with pytest.raises(ChangedElsewhere):
        save(what, "mine again\n")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no permission bits, and links need a privilege")
def test_permissions_and_links_stay(tmp_path: Path) -> None:
    """Whoever could read the file can read it still; what a link leads to is written, and the link stays."""
    real = tmp_path / "real.yaml"
    link = tmp_path / "link.yaml"
    at(real)
    real.chmod(0o664)
    link.symlink_to(real)
    found = open_file(link)
    assert isinstance(found, Opened)
    save(found, "mine\n")
    assert link.is_symlink()
    assert real.read_text() == "mine\n"
    assert stat.S_IMODE(real.stat().st_mode) == 0o664


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="needs an account that may not write anywhere")
def test_a_file_that_may_only_be_read_is_not_replaced(tmp_path: Path) -> None:
    """That its folder would let it be replaced does not matter."""
    what = at(tmp_path / "case.yaml")
    what.path.chmod(0o444)
    with pytest.raises(NotSaved, match="permission"):
        save(what, "mine\n")


@pytest.mark.parametrize("error", ERRORS)
def test_when_the_disk_fails_the_file_is_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: int) -> None:
    """At whichever call it fails, the old text is there, whole, and nothing else lies beside it."""
    what = at(tmp_path / "case.yaml")
    count = FailingOs()
    monkeypatch.setattr(durable, "os", count)
    save(what, TEXT)
    for number, call in enumerate(count.calls):
        monkeypatch.setattr(durable, "os", FailingOs(at=number, error=error))
        found = at(what.path)
        if call in ("unlink", "close"):
            continue
        with pytest.raises(NotSaved):
            save(found, "mine\n")
        # Flushing the folder comes last: by then the new text has its name.
        assert what.path.read_text() in (TEXT, "mine\n")
    monkeypatch.undo()
    assert [each.name for each in tmp_path.iterdir()] == ["case.yaml"]


def test_a_folder_that_has_gone_says_so(tmp_path: Path) -> None:
    """A drive that was pulled out is told in words, and the text can be saved once it is back."""
    folder = tmp_path / "drive"
    folder.mkdir()
    what = at(folder / "case.yaml")
    folder.rename(tmp_path / "away")
    with pytest.raises((NotSaved, ChangedElsewhere)):
        save(what, "mine\n")
    (tmp_path / "away").rename(folder)
    save(what, "mine\n")
    assert what.path.read_text() == "mine\n"


@pytest.mark.parametrize(
    ("data", "code"),
    [(b"caf\xe9\n", "not-utf-8"), (b"x" * 200, "too-large")],
)
def test_what_cannot_be_edited_is_a_problem(tmp_path: Path, data: bytes, code: str) -> None:
    """A file in another encoding, or too large, is not opened: saving it could only spoil it."""
    path = tmp_path / "case.yaml"
    path.write_bytes(data)
    found = open_file(path, 100)
    assert isinstance(found, Problem)
    assert found.code == code


# -- what is not saved yet --------------------------------------------------------------------


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Return a home."""
    return Home(tmp_path / "home")


def test_what_was_not_saved_is_offered_the_next_time(tmp_path: Path, home: Home) -> None:
    """A copy is kept apart from the file, is found by the file's path, and is gone once it is not needed."""
    what = at(tmp_path / "case.yaml")
    other = at(tmp_path / "other.yaml")
    copy = keep_copy(home, what, "unsaved\n")
    found = recovered(home, what)
    assert found is not None
    assert (found.text, found.copy) == ("unsaved\n", copy)
    assert recovered(home, other) is None
    drop_copies(home, what.path)
    assert recovered(home, what) is None


def test_a_desk_takes_away_its_own_copies_only(tmp_path: Path, home: Home) -> None:
    """Of two desks at one file, saving at one leaves what is not saved at the other."""
    what = at(tmp_path / "case.yaml")
    one, other = new_desk(), new_desk()
    kept = keep_copy(home, what, "at one\n", one)
    assert keep_copy(home, what, "at the other\n", other) != kept
    drop_copies(home, what.path, one)
    found = recovered(home, what)
    assert found is not None
    assert (found.text, found.base) == ("at the other\n", what.hash[:16])
    drop_copy(found)
    assert recovered(home, what) is None


def test_a_copy_that_is_the_file_is_not_offered(tmp_path: Path, home: Home) -> None:
    """Whoever saved in another program after all has nothing to decide."""
    what = at(tmp_path / "case.yaml")
    keep_copy(home, what, "unsaved\n")
    assert recovered(home, at(what.path, "unsaved\n")) is None


def test_a_copy_of_an_older_file_does_not_overwrite_the_newer_one(tmp_path: Path, home: Home) -> None:
    """Going on with it is possible, and saving it then says that the file was changed elsewhere."""
    what = at(tmp_path / "case.yaml")
    keep_copy(home, what, "unsaved\n")
    newer = at(what.path, "theirs\n")
    found = recovered(home, newer)
    assert found is not None
    with pytest.raises(ChangedElsewhere):
        save(taken_up(newer, found), found.text)


@pytest.mark.parametrize("data", ODD, ids=range(len(ODD)))
def test_a_copy_has_every_byte(tmp_path: Path, home: Home, data: bytes) -> None:
    """What is recovered and saved is what would have been saved."""
    what = at(tmp_path / "case.yaml", data)
    text = f"new line\n{what.text}"
    keep_copy(home, what, text)
    found = recovered(home, what)
    assert found is not None
    again = taken_up(what, found)
    assert again.data(found.text) == what.data(text)


def test_only_its_owner_can_read_a_copy(tmp_path: Path, home: Home) -> None:
    """What lies in the home is nobody else's."""
    copy = keep_copy(home, at(tmp_path / "case.yaml"), "unsaved\n")
    if sys.platform != "win32":
        assert stat.S_IMODE(copy.stat().st_mode) == 0o600


def test_a_full_disk_keeps_no_copy_and_says_so(tmp_path: Path, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """The reason is told; what was kept before stays."""
    what = at(tmp_path / "case.yaml")
    keep_copy(home, what, "first\n")
    monkeypatch.setattr(durable, "os", FailingOs(at=0, error=28, for_good=True))
    with pytest.raises(NotSaved, match="full"):
        keep_copy(home, what, "second\n")
    monkeypatch.undo()
    found = recovered(home, what)
    assert found is not None
    assert found.text == "first\n"


def test_reading_a_file_does_not_change_what_is_read(tmp_path: Path) -> None:
    """The hash is that of the file's bytes, as everywhere else."""
    what = at(tmp_path / "case.yaml", b"\xef\xbb\xbfa\r\n")
    source = read(what.path)
    assert isinstance(source, Source)
    assert what.hash == source.hash
