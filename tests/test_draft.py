"""A case file that is being written: however it is saved, the last good case stays, and what is wrong is known."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from scoring.rubric import Rubric
from simulator.authoring import draft as drafts
from simulator.authoring.draft import Draft, as_if_at
from simulator.authoring.opening import editor_command
from simulator.authoring.proving import Proving
from simulator.check import check
from simulator.library import rubric_at
from simulator.problem import Problem
from simulator.source import Source, read
from tests.cases import rubric
from tests.tui_cases import CASE

BROKEN = CASE.replace("next: hello}\n      tidy", "next: helo}\n      tidy")
OTHER = CASE.replace("She stays on her feet.", "She sits down at once.")
VISITING = (
    CASE.replace("start: desk\n", "shared: [pieces]\nstart: desk\n")
    .replace("  note:\n", "  screen:\n    visit: first\n    next: note\n  note:\n", 1)
    .replace("next: fork", "next: screen", 1)
)


class Clock:
    """Stands for the time that goes by between two looks."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return a file with a case in it that can be played."""
    path = tmp_path / "case.yaml"
    path.write_text(CASE, encoding="utf-8")
    return path


def codes(draft: Draft) -> list[str]:
    """Return what is wrong with what stands in the file now."""
    return [each.code for each in draft.now.problems]


def text(draft: Draft) -> str:
    """Return the text of the last good version."""
    assert draft.good is not None
    assert draft.good.source is not None
    return draft.good.source.text


# -- saved ----------------------------------------------------------------------------------------


def test_a_save_that_can_be_played_is_taken_at_once(file: Path) -> None:
    """One look after a save the new case is there, and the next look finds nothing more."""
    draft = Draft(file, rubric())
    assert not draft.reload()
    file.write_text(OTHER, encoding="utf-8")
    assert draft.reload()
    assert text(draft) == OTHER
    assert not draft.behind
    assert not draft.reload()


def test_a_broken_save_leaves_the_last_good_case(file: Path) -> None:
    """What cannot be played is told with its line, and the case from before is still there to play."""
    draft = Draft(file, rubric())
    file.write_text(BROKEN, encoding="utf-8")
    assert draft.reload(at_once=True)
    assert draft.behind
    assert codes(draft) == ["undefined-scene"]
    assert text(draft) == CASE
    file.write_text(CASE, encoding="utf-8")
    assert draft.reload()
    assert not draft.behind


def test_half_a_file_is_not_news(file: Path) -> None:
    """What cannot be played is taken only when it is still there at the next look: an editor may not be done yet."""
    draft = Draft(file, rubric())
    file.write_text(CASE[:700], encoding="utf-8")
    assert not draft.reload()
    file.write_text(OTHER, encoding="utf-8")
    assert draft.reload()
    assert text(draft) == OTHER
    file.write_text(CASE[:700], encoding="utf-8")
    assert not draft.reload()
    assert draft.reload()
    assert draft.behind


def test_a_file_put_in_the_place_of_another_is_a_save(file: Path, tmp_path: Path) -> None:
    """Editors that write a new file and rename it are followed, also where size and time are the same."""
    draft = Draft(file, rubric())
    new = tmp_path / "new"
    new.write_text(CASE.replace("A small case", "A SMALL case"), encoding="utf-8")
    before = file.stat()
    os.utime(new, ns=(before.st_atime_ns, before.st_mtime_ns))
    new.replace(file)
    assert draft.reload()
    assert "A SMALL case" in text(draft)


def test_a_save_that_the_disk_does_not_tell_apart_is_seen_all_the_same(file: Path) -> None:
    """Where a disk's clock is coarse, two saves can have the same time and size; the second is read for a while."""
    clock = Clock()
    draft = Draft(file, rubric(), clock=clock)
    file.write_text(OTHER, encoding="utf-8")
    assert draft.reload()
    first = file.stat()
    file.write_text(OTHER.replace("sits", "SITS"), encoding="utf-8")
    os.utime(file, ns=(first.st_atime_ns, first.st_mtime_ns))
    clock.now += drafts.YOUNG / 2
    assert draft.reload()
    assert "SITS" in text(draft)


def test_a_file_that_nobody_touches_is_not_read(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A look at a file that has been left alone costs no more than asking the disk for its time."""
    clock = Clock()
    draft = Draft(file, rubric(), clock=clock)
    clock.now += drafts.YOUNG

    def unwanted(*_: object) -> Source:
        raise AssertionError("it was read")

    monkeypatch.setattr(drafts, "read", unwanted)
    assert not draft.reload()


def test_saving_the_same_again_is_no_news(file: Path) -> None:
    """A save that changes nothing is not told, though the file's time is another."""
    draft = Draft(file, rubric())
    os.utime(file, (0, 0))
    assert not draft.reload()


# -- not there, or not readable -------------------------------------------------------------------


def test_a_file_that_vanishes_and_comes_back_is_waited_for(file: Path) -> None:
    """A file that is away for a moment is no news; one that stays away is, until it comes back."""
    draft = Draft(file, rubric())
    file.unlink()
    assert not draft.reload()
    file.write_text(CASE, encoding="utf-8")
    assert not draft.reload()
    file.unlink()
    assert not draft.reload()
    assert draft.reload()
    assert codes(draft) == ["no-such-file"]
    assert text(draft) == CASE
    file.write_text(CASE, encoding="utf-8")
    assert draft.reload()
    assert not draft.behind


def test_a_file_that_is_not_there_yet_is_waited_for(tmp_path: Path) -> None:
    """What has never been good has its problem, and nothing to play, until somebody saves it."""
    draft = Draft(tmp_path / "later.yaml", rubric())
    assert draft.good is None
    assert codes(draft) == ["no-such-file"]
    (tmp_path / "later.yaml").write_text(CASE, encoding="utf-8")
    assert draft.reload()
    assert text(draft) == CASE


def test_a_file_that_another_program_holds_is_tried_again(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On Windows an editor can keep others from reading, and its file's time is the same when it lets go."""
    clock, held = Clock(), [True]

    def locked(path: Path, limit: int) -> Source | Problem:
        found = read(path, limit)
        assert isinstance(found, Source)
        return (
            Problem("no-permission", "this file may not be read", found.problem("", "", 0, 0).place)
            if held[0]
            else found
        )

    draft = Draft(file, rubric(), clock=clock)
    monkeypatch.setattr(drafts, "read", locked)
    os.utime(file, (0, 0))
    assert not draft.reload()
    assert draft.reload()
    assert codes(draft) == ["no-permission"]
    clock.now += 10 * drafts.YOUNG
    assert not draft.reload()
    held[0] = False
    assert draft.reload()
    assert not draft.behind


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\xff\xfes\x00c\x00", "not-utf-8"),
        (CASE.encode()[:-1] + b"\xe9\n", "not-utf-8"),
        (b"#" * 3000 + b"\n" + CASE.encode(), "too-large"),
        (b"", "empty-file"),
        (b"scenario: [", "unclosed-bracket"),
    ],
)
def test_whatever_is_saved_is_a_problem_or_a_case(file: Path, data: bytes, code: str) -> None:
    """Bytes that are no text, too many of them and none at all leave the last good case as it is."""
    draft = Draft(file, rubric(), limit=len(CASE.encode()) + 100)
    file.write_bytes(data)
    assert draft.reload(at_once=True)
    assert draft.behind
    assert code in codes(draft)
    assert text(draft) == CASE


# -- shared scenes --------------------------------------------------------------------------------

PIECES = """\
shared: pieces
version: 1.0.0
summary: A moment.
scenes:
  first:
    text: A shared moment.
    responses:
      on: {do: Go on., next: return}
"""


def visiting(tmp_path: Path) -> Draft:
    """Return a case that visits shared scenes, and write both."""
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared" / "pieces.yaml").write_text(PIECES, encoding="utf-8")
    path = tmp_path / "visiting.yaml"
    path.write_text(VISITING, encoding="utf-8")
    return Draft(path, rubric())


def test_a_change_in_shared_scenes_is_a_change_of_the_case(tmp_path: Path) -> None:
    """Editing, breaking and mending the file of shared scenes that a case visits is told as if it were its own."""
    draft = visiting(tmp_path)
    assert draft.good is not None, draft.now.problems
    shared = tmp_path / "shared" / "pieces.yaml"
    before = draft.good.hash
    shared.write_text(PIECES.replace("A shared moment.", "Another moment."), encoding="utf-8")
    assert draft.reload()
    assert draft.good.hash != before
    shared.unlink()
    assert not draft.reload()
    assert draft.reload()
    assert draft.behind
    shared.write_text(PIECES, encoding="utf-8")
    assert draft.reload()
    assert draft.good.hash == before


# -- checked --------------------------------------------------------------------------------------


def test_a_text_is_checked_as_if_it_stood_in_the_file(tmp_path: Path) -> None:
    """What is typed and not saved yet is loaded with the file's name and the shared scenes beside it."""
    draft = visiting(tmp_path)
    typed = draft.check(VISITING.replace("next: screen", "next: scren", 1))
    assert typed.problems[0].place.file == str(draft.path)
    assert [each.code for each in typed.problems if each.severity == "error"] == ["undefined-scene"]
    assert draft.check(text(draft)).scenario is not None
    assert not draft.behind


def test_every_scene_knows_its_line(file: Path) -> None:
    """A version says where its scenes and endings stand, as editors count."""
    draft = Draft(file, rubric())
    assert draft.good is not None
    place = draft.good.line_of("hello")
    assert place is not None
    assert CASE.splitlines()[place.line - 1] == "  hello:"
    assert draft.good.line_of("nowhere") is None


def standard() -> tuple[Rubric, Source]:
    """Return the rubric that comes with Caseload, and its file."""
    found = rubric_at()
    assert found.value is not None
    assert found.source is not None
    return found.value, found.source


def test_a_process_of_its_own_finds_what_check_finds(file: Path) -> None:
    """Proving a text elsewhere says what `caseload check` says of the file, and knows what lies ahead of each."""
    marks, source = standard()
    draft = Draft(file, marks)
    assert draft.good is not None
    assert draft.good.scenario is not None
    proven = Proving(as_if_at(file, CASE), source).result()
    assert proven is not None
    assert proven.problems == check(file, marks)
    assert proven.finished
    outlooks = proven.outlooks(draft.good.scenario)
    assert outlooks is not None
    assert outlooks.ahead_of(outlooks.machine.start.state) is not None


def test_proving_that_nobody_waits_for_ends_at_once(file: Path) -> None:
    """What is cancelled gives no result, and its process is gone."""
    _, source = standard()
    proving = Proving(as_if_at(file, CASE), source)
    proving.cancel()
    assert proving.result() is None
    proving.cancel()


# -- the editor -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("editor", "command"),
    [
        ("vim", ["vim", "+71", "case.yaml"]),
        ("/usr/bin/nano -w", ["/usr/bin/nano", "-w", "+71", "case.yaml"]),
        ("hx", ["hx", "case.yaml:71"]),
        ("code --wait", ["code", "--wait", "--goto", "case.yaml:71"]),
        ("kate", ["kate", "--line", "71", "case.yaml"]),
        ("ed", ["ed", "case.yaml"]),
        ("'my editor' -x", ["my editor", "-x", "case.yaml"]),
        ('"unclosed', ['"unclosed', "case.yaml"]),
    ],
)
def test_an_editor_is_told_the_line_as_it_wants_it(editor: str, command: list[str]) -> None:
    """Editors that can go to a line are sent there; all others get the file."""
    assert editor_command("case.yaml", 71, {"EDITOR": editor}, lambda _: None, windows=False) == command


def test_visual_comes_before_editor_and_the_system_last() -> None:
    """`VISUAL` is taken before `EDITOR`; without both what the system has; without any, none."""
    named = {"VISUAL": "vim", "EDITOR": "nano"}
    assert editor_command("f", 1, named, lambda _: None, windows=False) == ["vim", "+1", "f"]
    assert editor_command(
        "f", 1, {"VISUAL": " "}, lambda name: f"/bin/{name}" if name == "vi" else None, windows=False
    ) == [
        "/bin/vi",
        "+1",
        "f",
    ]
    assert editor_command("f", 1, {}, lambda _: None, windows=False) is None


def test_on_windows_notepad_is_always_there() -> None:
    """There a path keeps its backslashes, and without an editor of the author's own Notepad opens the file."""
    assert editor_command("f", 1, {}, lambda name: name, windows=True) == ["notepad", "f"]
    command = editor_command(
        "f", 7, {"EDITOR": r'"C:\Program Files\Notepad++\notepad++.exe" -x'}, lambda _: None, windows=True
    )
    assert command == [r"C:\Program Files\Notepad++\notepad++.exe", "-x", "-n7", "f"]


@pytest.mark.skipif(sys.platform == "win32", reason="there no name of a file can hold such signs")
def test_a_name_that_no_file_can_have_is_a_problem() -> None:
    """A path with a null byte in it is told as a file that is not there."""
    draft = Draft(Path("a\0b.yaml"), rubric())
    assert codes(draft) == ["no-such-file"]
    assert not draft.reload()
