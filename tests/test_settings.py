"""Settings belong to the person: read, never written, and what is wrong in them is said and left out."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path

import pytest

from simulator import settings
from simulator.settings import Home, Settings
from tests.journals import failing, posix


@pytest.fixture
def where(tmp_path: Path) -> Home:
    return Home(tmp_path)


def _set(where: Home, text: str | bytes) -> None:
    where.settings.write_bytes(text if isinstance(text, bytes) else text.encode())


def _codes(where: Home) -> list[tuple[str, int]]:
    return [(problem.code, problem.place.line) for problem in settings.load(where)[1]]


def test_everything_has_a_default(where: Home) -> None:
    """Without a file, nothing is set, and nothing is wrong."""
    assert settings.load(where) == (Settings(), ())


@pytest.mark.parametrize("text", ["", "\n", "# feedback: each\n", "---\n"])
def test_a_file_of_comments_sets_nothing(where: Home, text: str) -> None:
    """Settings that are all commented out are no mistake."""
    _set(where, text)
    assert settings.load(where) == (Settings(), ())


def test_what_can_be_set(where: Home) -> None:
    """Every setting arrives as it was meant; relative paths start where the settings lie."""
    (where.root / "cases").mkdir()
    other = where.root / "other cases"
    other.mkdir()
    _set(
        where,
        f"""\
theme: textual-light
feedback: each
library: [cases, '{other}']
rubric: ours.yaml
keymap:
  scene.consult: k
  scene.documents: d,f2
""",
    )
    assert settings.load(where) == (
        Settings(
            theme="textual-light",
            feedback="each",
            library=(where.root / "cases", other),
            rubric=where.root / "ours.yaml",
            keymap={"scene.consult": "k", "scene.documents": "d,f2"},
        ),
        (),
    )


def test_one_folder_needs_no_list(where: Home) -> None:
    """A single library folder can stand by itself, and `~` is the person's home."""
    (where.root / "cases").mkdir()
    _set(where, "library: cases\nrubric: ~/ours.yaml\n")
    found, problems = settings.load(where)
    assert found.library == (where.root / "cases",)
    assert found.rubric == Path.home() / "ours.yaml"
    assert problems == ()


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("theme: dark\nfeedbak: each\n", "unknown-key", 2),
        ("feedback: sometimes\n", "unknown-word", 1),
        ("feedback: [each]\n", "wrong-type", 1),
        ("keymap: [c]\n", "wrong-type", 1),
        ("keymap:\n  scene.consult: [c]\n", "wrong-type", 2),
        ("keymap: {a: b, a: c}\n", "duplicate-key", 1),
        ("theme:\n", "empty-value", 1),
        ("library: {a: b}\n", "wrong-type", 1),
        ("library:\n  - nowhere\n", "no-such-folder", 2),
        ("library: settings.yaml\n", "no-such-folder", 1),
        ("library: ~no-such-person-here/cases\n", "no-such-folder", 1),
        ("rubric: [ours.yaml]\n", "wrong-type", 1),
    ],
)
def test_a_mistake_is_said_and_left_out(where: Home, text: str, code: str, line: int) -> None:
    """A setting that cannot be used is reported with its line, and is as if it were not there."""
    _set(where, text)
    assert _codes(where) == [(code, line)]
    found, _ = settings.load(where)
    assert (found.feedback, found.library, found.rubric) == ("end", (), None)


def test_one_mistake_leaves_the_others_alone(where: Home) -> None:
    """What is right in a file with mistakes is used."""
    (where.root / "cases").mkdir()
    _set(where, "feedback: sometimes\nlibrary: [cases, nowhere]\nkeymap: {scene.consult: k, x: [1]}\n")
    found, problems = settings.load(where)
    assert found == Settings(library=(where.root / "cases",), keymap={"scene.consult": "k"})
    assert len(problems) == 3


@pytest.mark.parametrize(
    "text", ["- a\n", "text\n", "{", "a: &b c\n", b"\xff\xfe\x00", b"\x00", "feedback: each\n\tx: y\n", "x" * 2_000_000]
)
def test_a_file_that_is_no_settings(where: Home, text: str | bytes) -> None:
    """A file that cannot be read as settings is one problem or more, and nothing is set."""
    _set(where, text)
    found, problems = settings.load(where)
    assert found == Settings()
    assert problems
    assert all(problem.place.file == str(where.settings) for problem in problems)


def test_a_folder_in_its_place(where: Home) -> None:
    """A folder called settings.yaml is a problem, and no crash."""
    where.settings.mkdir()
    assert _codes(where) == [("not-a-file", 1)]


def test_loading_never_writes(where: Home) -> None:
    """Reading settings leaves the folder as it is, byte for byte."""
    text = b"# mine\r\nfeedback:   each  # so\r\n"
    _set(where, text)
    settings.load(where)
    settings.remember(where, person="p-1")
    assert where.settings.read_bytes() == text


# Where everything lies


def test_the_environment_moves_everything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`CASELOAD_HOME` names the folder for all of a user's data; without it the system's place is used."""
    monkeypatch.setenv("CASELOAD_HOME", str(tmp_path / "mine"))
    where = settings.home()
    assert where.root == tmp_path / "mine"
    parts = (where.settings, where.remembered, where.people, where.journals, where.copies, where.reviews)
    assert all(path.parent == where.root for path in parts)
    assert len(set(parts)) == len(parts)
    assert not where.root.exists()
    monkeypatch.setenv("CASELOAD_HOME", "")
    assert settings.home().root.is_absolute()
    assert settings.home().root.name == "caseload"


def test_a_relative_home_is_found_from_anywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A relative home is where it was when the program began, and `~` is the person's home."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CASELOAD_HOME", "mine")
    assert settings.home().root == tmp_path / "mine"
    monkeypatch.setenv("CASELOAD_HOME", "~/mine")
    assert settings.home().root == Path.home() / "mine"


@posix
def test_a_home_of_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nobody knows whose home is meant, `~` is a name like any other, and nothing breaks."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CASELOAD_HOME", "~no-such-person-here/mine")
    assert settings.home().root == tmp_path / "~no-such-person-here" / "mine"


# What the program remembers by itself


def test_what_is_remembered_adds_up(where: Home) -> None:
    """Each thing remembered stays until it is remembered anew."""
    home = Home(where.root / "not" / "there")
    settings.remember(home, person="ana")
    settings.remember(home, theme="dark")
    settings.remember(home, person="li")
    assert settings.remembered(home) == {"person": "li", "theme": "dark"}


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"7", b"\xff", b"[" * 100_000, b'{"person":'])
def test_spoilt_memory_is_none(where: Home, content: bytes) -> None:
    """A spoilt file means that nothing is remembered, and it is made anew."""
    where.remembered.write_bytes(content)
    assert settings.remembered(where) == {}
    settings.remember(where, person="ana")
    assert settings.remembered(where) == {"person": "ana"}


@posix
def test_what_is_no_file_is_not_read(where: Home) -> None:
    """A pipe or a device in its place neither keeps the program waiting nor fills the memory."""
    os.mkfifo(where.remembered)
    assert settings.remembered(where) == {}
    where.remembered.unlink()
    where.remembered.symlink_to("/dev/zero")
    assert settings.remembered(where) == {}


def test_only_words_are_remembered(where: Home) -> None:
    """Values of other kinds, put there by hand, are left out."""
    where.remembered.write_text(json.dumps({"person": ["ana"], "theme": "dark", "n": 1}))
    assert settings.remembered(where) == {"theme": "dark"}


def test_a_full_disk_stops_nobody(where: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """What cannot be remembered is forgotten, without a word."""
    settings.remember(where, person="ana")
    with monkeypatch.context() as patch:
        failing(patch, 0, error=errno.ENOSPC, for_good=True)
        settings.remember(where, person="li")
    assert settings.remembered(where) == {"person": "ana"}
