"""The command, as it is typed: results on stdout, words for people on stderr, and never a traceback."""

from __future__ import annotations

import json
import os
import random
import re
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from simulator import journal
from simulator.archive import Archive
from simulator.library import standard_rubric
from simulator.review.writing import Reviewing
from simulator.settings import Home
from tests.cases import CASE, FAIR, TRIALS
from tests.journals import (
    ANA,
    HEADER,
    begin,
    case_in,
    caseload,
    environment,
    forged,
    here,
    not_root,
    obeyed_by_terminals,
    played_through,
    posix,
    resumed,
    text_of,
)

PEOPLE = f"{ANA}: {{name: Ana Ruiz}}\np-feona: {{name: Feona, role: supervisor}}\n"
ID = re.compile(r"\d{8}-\d{6}-[0-9a-f]{6}")


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home in which sessions were played; no test writes into it."""
    where = Home(tmp_path_factory.mktemp("office"))
    case = case_in(where.root / "cases")
    where.settings.write_text("library: cases\n")
    where.people.write_text(PEOPLE)
    played_through(where, case)
    play = begin(where, case)
    play.choose("invite")
    play.close()
    return where


@pytest.fixture
def where(office: Home, tmp_path: Path) -> Home:
    """A home of one's own, with the same in it."""
    shutil.copytree(office.root, tmp_path / "home")
    return Home(tmp_path / "home")


@pytest.fixture
def empty(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def _ids(where: Home) -> tuple[str, str]:
    """The session that is over, and the one that is not."""
    found = {session.over: session.id for session in Archive(where).sessions()}  # type: ignore[union-attr]
    return found[True], found[False]


def _newest(where: Home) -> Path:
    return max(Archive(where).paths(), key=lambda path: path.stat().st_mtime_ns)


def _lines(text: str) -> list[str]:
    return text.splitlines()


def _sentence(where: Home | Path, *arguments: str | Path) -> str:
    """Run a command that cannot be done; return what it says: on stderr only, and no traceback."""
    result = text_of(here(where.root if isinstance(where, Home) else where, *arguments))
    assert (result[0], result[1]) == (2, ""), result
    assert "Traceback" not in result[2]
    assert _lines(result[2])[-1].startswith("caseload"), result[2]
    return result[2]


# What it says about itself


def test_help_and_version(empty: Home) -> None:
    """Help and version go to stdout, and need nothing to be there; nothing is made by asking."""
    code, out, error = text_of(caseload(empty.root, "--help"))
    assert (code, error) == (0, "")
    for command in ("play", "check", "explain", "sessions", "report", "verify", "review"):
        assert re.search(rf"^ +{command} ", out, re.MULTILINE)
        code, said, error = text_of(caseload(empty.root, command, "--help"))
        assert (code, error) == (0, "")
        assert said.startswith(f"usage: caseload {command}")
    assert re.fullmatch(r"caseload \d+\.\d+\.\d+\S*\n", text_of(caseload(empty.root, "--version"))[1])
    assert not empty.root.exists()


def test_without_a_terminal_the_app_is_not_opened(empty: Home) -> None:
    """Where there is no terminal, the person is told what works without one."""
    assert "the app needs a terminal" in _sentence(empty)


@pytest.mark.parametrize(
    "arguments",
    [
        ["wander"],
        ["play", "--seed", "x"],
        ["play", "--seed", "-1"],
        ["play", "--seed", "4294967296"],
        ["play", "--seed", "00000000000999999999999"],
        ["play", "--seed", "9" * 5000],
        ["play", "--max-size", "65"],
        ["play", "--max-size", "0001999"],
        ["play", "--feedback", "never"],
        ["check", "--format", "xml"],
        ["report"],
        ["report", "x", "--width", "0080999"],
        ["report", "x", "--width", "10"],
        ["verify"],
        ["review", "x", "--comment", "1"],
        ["sessions", "--nonsense"],
    ],
)
def test_what_is_not_understood_is_said(empty: Home, arguments: list[str]) -> None:
    """A command that is not understood says how it is used, on stderr, with exit code 2."""
    code, out, error = text_of(caseload(empty.root, *arguments))
    assert (code, out) == (2, "")
    assert error.startswith("usage: caseload")
    assert ": error: " in error


# Playing


def test_playing_through_a_pipe(where: Home) -> None:
    """A case can be played with a pipe for a keyboard, by its id or its file; the journal is there afterwards."""
    for case in ("small-case", where.root / "cases" / "small-case.yaml"):
        play = ("play", case, "--plain", "--as", ANA, "--seed", "3")
        code, out, error = text_of(caseload(where.root, *play, typed="d\n1\n1\n1\nA note.\n\n\n"))
        assert (code, error) == (0, "")
        assert "== debrief ==" in out
        header = journal.read(_newest(where)).header
        assert (header.person, header.seed, header.feedback) == (ANA, 3, "end")


def test_playing_is_broken_off_and_gone_on_with(where: Home) -> None:
    """What is printed for going on can be typed as it stands, and goes on at the same decision."""
    code, out, _ = text_of(caseload(where.root, "play", "small-case", "--plain", typed="1\n"))
    assert code == 0
    _, _, *arguments = _lines(out)[-1].split()
    assert _lines(out)[-1].split()[:2] == ["caseload", "play"]
    code, again, error = text_of(caseload(where.root, "play", *arguments))
    assert (code, error) == (0, "")
    assert again.startswith("You go on where you left.\n")
    assert "Ms. Adeyemi: Good morning." in again
    assert _lines(again)[-1] == _lines(out)[-1]


def test_an_edited_case_is_noticed_when_it_is_gone_on_with(where: Home) -> None:
    """Whether the case in the library is another by now, or cannot be played any more, going on says so."""
    _, unfinished = _ids(where)
    for text, said in ((CASE, False), (CASE + "# edited\n", True), (CASE.replace("next: done", "next: nowhere"), True)):
        case_in_place = where.root / "cases" / "small-case.yaml"
        case_in_place.write_text(text)
        code, out, _ = text_of(here(where.root, "play", "--plain", "--resume", unfinished))
        assert code == 0
        assert ("The case has been edited since you began." in " ".join(out.split())) is said
        assert "Good morning." in out


def test_feedback_is_asked_for_or_set(where: Home) -> None:
    """`feedback:` in the settings holds unless `--feedback` says otherwise."""
    where.settings.write_text("library: cases\nfeedback: each\n")
    for more, told in (((), True), (("--feedback", "end"), False)):
        _, out, _ = text_of(here(where.root, "play", "small-case", "--plain", "--seed", "3", *more, typed="1\n1\n"))
        assert ("harmful" in out) is told


def test_who_plays(where: Home) -> None:
    """Who plays is remembered; a name finds its person; a new name is taken down; nobody in particular has words."""
    for arguments, person in (((), "p-nobody-in-particular"), (("--as", "ana ruiz"), ANA), ((), ANA)):
        here(where.root, "play", "small-case", "--plain", *arguments)
        assert journal.read(_newest(where)).header.person == person
    _, out, error = text_of(here(where.root, "play", "small-case", "--plain", "--as", "Zoë"))
    new = re.fullmatch(r"New here: Zoë, kept as (p-[0-9a-f]{8}) in .*people\.yaml\.\n", error)
    assert new
    assert out
    assert where.people.read_text(encoding="utf-8").startswith(PEOPLE)
    _, out, error = text_of(here(where.root, "play", "small-case", "--plain", "--as", "Zoë"))
    assert error == ""
    _, listed, _ = text_of(here(where.root, "sessions"))
    for name, count in (("Nobody in particular", 1), ("Zoë", 2), ("Ana Ruiz", 4)):
        assert len(re.findall(rf"  {name}  ", listed)) == count, listed


def test_a_name_that_several_have(where: Home) -> None:
    """Where two people have the same name, nobody is guessed and nobody is added."""
    where.people.write_text(PEOPLE + "p-other: {name: Ana Ruiz}\n")
    before = where.people.read_bytes()
    said = _sentence(where, "play", "small-case", "--plain", "--as", "Ana Ruiz")
    assert said == f"caseload: several people are called Ana Ruiz; name one by id: {ANA}, p-other\n"
    assert where.people.read_bytes() == before


def test_a_people_file_with_mistakes(where: Home) -> None:
    """Mistakes in the people file are said with their place; nobody is added to what cannot be read."""
    where.people.write_text("p-ana: [\n")
    said = _sentence(where, "play", "small-case", "--plain", "--as", "Li")
    assert "people.yaml:" in said
    assert "Nobody can be added to" in _lines(said)[-1]
    assert where.people.read_text() == "p-ana: [\n"


def test_an_agency_rubric(where: Home) -> None:
    """An agency's own rubric comes from the settings, or from `--rubric`; journals name it by its hash."""
    ours = standard_rubric().read_text(encoding="utf-8").replace("best: 3", "best: 5", 1)
    (where.root / "ours.yaml").write_text(ours, encoding="utf-8")
    (where.root / "theirs.yaml").write_text(ours + "# theirs\n", encoding="utf-8")
    where.settings.write_text("library: cases\nrubric: ours.yaml\n")
    hashes = []
    for more in ((), ("--rubric", str(where.root / "theirs.yaml"))):
        assert here(where.root, "play", "small-case", "--plain", *more).returncode == 0
        hashes.append(journal.read(_newest(where)).header.rubric_hash)
    assert len({*hashes, journal.read(Archive(where).paths()[0]).header.rubric_hash}) == 3
    where.settings.write_text("library: cases\nrubric: nowhere.yaml\n")
    said = _sentence(where, "play", "small-case", "--plain")
    assert "nowhere.yaml:1:1: error[no-such-file]" in said
    assert "the rubric" in _lines(said)[-1]
    assert "cannot be used as it is" in _lines(said)[-1]


def test_broken_settings_are_said_and_left_out(where: Home) -> None:
    """A mistake in the settings is said on stderr with its place; the command works all the same."""
    where.settings.write_text("library: [cases, nowhere]\nfeedback: sometimes\n")
    code, out, error = text_of(caseload(where.root, "sessions"))
    assert code == 0
    assert len(_lines(out)) == 2
    assert "settings.yaml:1:18: error[no-such-folder]" in error
    assert "settings.yaml:2:11: error[unknown-word]" in error


# Checking


def test_checking(where: Home) -> None:
    """A clean case is 0, one with problems 1; each problem has place, code, source line and hint."""
    (where.root / "cases" / "small-case.yaml").write_text(FAIR)
    code, out, error = text_of(caseload(where.root, "check", "--no-solve", where.root / "cases"))
    assert (code, out, error) == (0, "1 file checked: no problems\n", "")
    bad = where.root / "bad.yaml"
    bad.write_text(CASE.replace("next: done", "next: dome"))
    code, out, error = text_of(caseload(where.root, "check", "--no-solve", bad, where.root / "cases"))
    assert (code, error) == (1, "")
    place = re.escape(str(bad))
    assert re.match(rf"{place}:\d+:\d+: error\[undefined-scene\]: there is no scene or ending `dome`\n", out)
    assert "hint: did you mean `done`?" in out
    assert "\n2 files checked: 1 error\n" in out


def test_checking_for_tools(where: Home) -> None:
    """JSON has the same problems; its keys stay the same."""
    (where.root / "cases" / "small-case.yaml").write_text(FAIR)
    bad = where.root / "bad.yaml"
    bad.write_text(CASE.replace("next: done", "next: dome"))
    code, out, _ = text_of(caseload(where.root, "check", bad, "--format", "json"))
    assert code == 1
    (problem,) = json.loads(out)
    assert sorted(problem) == [
        *("about", "also", "answered", "code", "column", "end_column", "file", "hint", "line", "message", "severity")
    ]
    assert (problem["code"], problem["file"]) == ("undefined-scene", str(bad))
    code, out, _ = text_of(caseload(where.root, "check", "--no-solve", where.root / "cases", "--format", "json"))
    assert (code, json.loads(out)) == (0, [])


def test_checking_a_folder_with_other_files(where: Home) -> None:
    """A YAML file that is no case is one problem in words; a rubric and a people file are checked as what they are."""
    folder = where.root / "cases"
    (folder / "small-case.yaml").write_text(FAIR)
    shutil.copy(where.people, folder / "people.yaml")
    shutil.copy(where.people, folder / "phones.yaml")
    shutil.copy(standard_rubric(), folder / "rubric.yaml")
    code, out, _ = text_of(caseload(where.root, "check", "--no-solve", folder))
    assert code == 1
    assert out.count(": error[") == 1
    assert "phones.yaml:1:1: error[not-a-scenario]: this file is no case" in out
    assert "\n4 files checked: 1 error, 1 piece of advice\n" in out
    assert "people.yaml:2:1: advice[name-in-id]: the id" in out


def test_checking_nothing(where: Home) -> None:
    """A folder without a case in it cannot be checked."""
    (where.root / "nothing").mkdir()
    assert "there is no scenario in" in _sentence(where, "check", where.root / "nothing")


def test_checking_does_not_load_what_it_does_not_need() -> None:
    """Checking in a pre-commit hook pays for no app and no network library."""
    script = (
        "import sys; from simulator.cli import main; main(['check', sys.argv[1]]); "
        "print([name for name in ('textual', 'rich', 'sqlalchemy', 'jinja2', 'filelock') if name in sys.modules])"
    )
    home = Path(__file__).parent
    result = subprocess.run(
        [sys.executable, "-c", script, str(standard_rubric())], capture_output=True, env=environment(home), check=True
    )
    assert result.stdout.decode().splitlines()[-1] == "[]"


# Listing, reporting, verifying


def test_listing(office: Home) -> None:
    """Sessions are listed newest first, with who played, what, and how it stands."""
    over, unfinished = _ids(office)
    code, out, error = text_of(caseload(office.root, "sessions"))
    assert (code, error) == (0, "")
    by_id = {line.split()[0]: line for line in _lines(out)}
    assert sorted(by_id, reverse=True) == [line.split()[0] for line in _lines(out)]
    assert re.search(r"  Ana Ruiz +small-case: Done  \[1 critical\]$", by_id[over])
    assert re.search(r"  Ana Ruiz +small-case: unfinished$", by_id[unfinished])


def test_listing_for_tools(where: Home) -> None:
    """JSON has every session, readable or not, under keys that stay the same."""
    (where.journals / "20200101-000000-abcdef.jsonl").write_bytes(b"spoilt\n")
    code, out, error = text_of(here(where.root, "sessions", "--format", "json"))
    assert (code, error) == (0, "")
    rows = {row["session"]: row for row in json.loads(out)}
    over, _ = _ids_of(rows)
    assert sorted(rows[over]) == [
        "again", "criticals", "decisions", "ending", "person", "problem", "profiles", "purpose", "rubric_hash",
        "scenario", "scenario_hash", "seed", "session", "started", "state", "touched", "version",
    ]  # fmt: skip
    assert rows[over]["criticals"] == ["broken-promise"]
    assert sorted(rows[over]["profiles"]) == ["ethics", "organization", "rapport"]
    assert sorted(rows[over]["profiles"]["ethics"]) == ["critical", "levels", "quality"]
    assert rows["20200101-000000-abcdef"] == {
        "session": "20200101-000000-abcdef",
        "state": "unreadable",
        "problem": "20200101-000000-abcdef.jsonl is no session's journal, or was altered at its start. "
        "Entry 0 cannot be read.",
    }


def _ids_of(rows: dict[str, Any]) -> tuple[str, str]:
    states = {row["state"]: name for name, row in rows.items()}
    return states["finished"], states["unfinished"]


def test_listing_nothing(empty: Home) -> None:
    """Where nothing was played, that is said, and what to do."""
    assert "No sessions yet." in text_of(caseload(empty.root, "sessions"))[1]
    assert text_of(caseload(empty.root, "sessions", "--format", "json"))[1] == "[]\n"
    assert text_of(caseload(empty.root, "review"))[1].startswith("No sessions to review. ")
    assert text_of(caseload(empty.root, "review", "--format", "json"))[1] == "[]\n"


def test_reporting(office: Home) -> None:
    """A report has who, what, the scorecard, the transcript and what was written, within its width."""
    over, _ = _ids(office)
    for width in (80, 40):
        code, out, error = text_of(caseload(office.root, "report", over, "--width", str(width)))
        assert (code, error) == (0, "")
        told = " ".join(out.split())
        for part in (
            "Played by Ana Ruiz",
            "CRITICAL: broken promise",
            "TRANSCRIPT",
            "She asked for help",
            "REFLECTION",
        ):
            assert part in told
        assert max(map(len, _lines(out))) <= width


def test_a_session_is_named_by_the_beginning_of_its_id(where: Home) -> None:
    """As much of an id as is enough is enough; where it is not, nothing is guessed."""
    over, _ = _ids(where)
    code, out, _ = text_of(caseload(where.root, "report", over[:-1]))
    assert code == 0
    assert f"Session   {over}" in out
    for command in (("report",), ("play", "--plain", "--resume"), ("review",), ("verify",)):
        assert "2 sessions begin with `20`; type a little more" in _sentence(where, *command, "20")
    for name in ("nothing", "../journals", "*", "", over + "0"):
        assert "there is no session" in _sentence(where, "report", name)


def test_verifying(where: Home) -> None:
    """A sound journal is "unverified" and 0; one that was altered is named with its entry, and 1."""
    over, unfinished = _ids(where)
    code, out, error = text_of(caseload(where.root, "verify", over, where.journals / f"{unfinished}.jsonl"))
    assert (code, error) == (0, "")
    assert [line.split(". ")[0] for line in _lines(out)] == [f"{name}.jsonl: unverified" for name in (over, unfinished)]
    path = where.journals / f"{over}.jsonl"
    path.write_bytes(path.read_bytes().replace(b"promise", b"explain"))
    code, out, _ = text_of(caseload(where.root, "verify", unfinished, over))
    assert code == 1
    assert f"{over}.jsonl: damaged. Entry 4 was changed after it was written" in out
    code, out, _ = text_of(caseload(where.root, "verify", over, "--format", "json"))
    assert code == 1
    (finding,) = json.loads(out)
    assert sorted(finding) == ["file", "message", "notices", "session", "verdict"]
    assert finding["verdict"] == "damaged"


# Reviewing


def test_reviewing(where: Home) -> None:
    """Comments and sign-off from the command line: the reviewer sees them at once, the trainee once signed off."""
    over, _ = _ids(where)
    say = ("review", over, "--comment", "4", "Whose money is it?", "--comment", "0", "A start.")
    code, out, error = text_of(here(where.root, *say, "--as", "Feona"))
    assert (code, error) == (0, "")
    assert out == f"{over}: 2 comments kept, not signed off yet, so only reviewers see it.\n"
    assert "Whose money" not in text_of(here(where.root, "report", over))[1]
    assert "> Feona, not signed off: Whose money is it?" in text_of(here(where.root, "review", over))[1]
    # Who reviewed last reviews again; who played last is somebody else.
    assert text_of(here(where.root, "review", over, "--sign-off"))[1] == f"{over}: signed off by Feona.\n"
    assert "> Feona: Whose money is it?" in text_of(here(where.root, "report", over))[1]
    assert over not in text_of(here(where.root, "review"))[1]
    (listed,) = _lines(text_of(here(where.root, "review", "--state", "signed-off"))[1])
    assert listed.startswith(over)
    assert "signed off" in listed


def test_criticals_come_first(office: Home) -> None:
    """The list to review begins with what cannot wait, and what is still being played is not on it."""
    over, unfinished = _ids(office)
    (line,) = _lines(text_of(caseload(office.root, "review"))[1])
    assert line.split()[:2] == [over, "critical"]
    listed = _lines(text_of(caseload(office.root, "review", "--state", "all"))[1])
    assert sorted(line.split()[0] for line in listed) == sorted((over, unfinished))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--comment", "99", "Hm."], "`99` is no decision of this session; it has 1 to 5, and 0 is the whole"),
        (["--comment", "0000009", "Hm."], "`0000009` is no decision"),
        (["--comment", "-1", "Hm."], "`-1` is no decision"),
        (["--comment", "first", "Hm."], "`first` is no decision"),
        (["--comment", "1", " \x1b "], "a comment needs words"),
        (["--comment", "1", "Hm."], "who reviews? Say so once"),
        (["--sign-off", "--as", "\x1b"], "a name needs at least one character"),
        (["--sign-off", "--as", "nobody in particular"], "who reviews?"),
    ],
)
def test_a_review_that_cannot_be_made(where: Home, arguments: list[str], said: str) -> None:
    """What cannot be said about a session, or by nobody, is not, and nothing is written."""
    over, _ = _ids(where)
    assert said in _sentence(where, "review", over, *arguments)
    assert not where.reviews.exists()


def test_a_sign_off_needs_a_session(where: Home) -> None:
    """What is signed off must be named."""
    assert "which session?" in _sentence(where, "review", "--sign-off")


def test_a_new_reviewer_is_a_supervisor(where: Home) -> None:
    """Whoever reviews for the first time is taken down as a supervisor, and does not become who plays."""
    over, _ = _ids(where)
    assert here(where.root, "review", over, "--sign-off", "--as", "Jo").returncode == 0
    assert re.search(r"name: \"Jo\"\n  role: supervisor\n", where.people.read_text())
    here(where.root, "play", "small-case", "--plain")
    assert journal.read(_newest(where)).header.person == "p-nobody-in-particular"


# What goes wrong


def test_files_that_are_not_there(where: Home) -> None:
    """A file that is not there is named, with what to do."""
    for command in (["play", "--plain"], ["check"]):
        result = text_of(here(where.root, *command, where.root / "nowhere.yaml"))
        assert result[0] == (2 if command[0] == "play" else 1)
        assert "nowhere.yaml:1:1: error[no-such-file]: there is no such file" in result[1] + result[2]
    for command in (["report"], ["verify"], ["review"]):
        assert "there is no session and no file" in _sentence(where, *command, where.root / "nowhere.jsonl")
    assert "error[no-such-file]" in _sentence(where, "check", "--rubric", "nowhere.yaml")
    assert "there is no session `nowhere`" in _sentence(where, "play", "--plain", "--resume", "nowhere")


def test_cases_that_are_not_there(where: Home) -> None:
    """Who asks for no case, or one that is not there, is told which there are."""
    assert "small-case" in _sentence(where, "play", "--plain")
    assert "the library has no case `nope`; it has: " in _sentence(where, "play", "nope", "--plain")
    assert "small-case" in _sentence(where, "play", "nope", "--plain")


def _anything(where: Home, tmp_path: Path) -> Iterator[Path | str]:
    """Yield everything that somebody may name by mistake."""
    garbage = tmp_path / "garbage.yaml"
    garbage.write_bytes(bytes(range(256)) * 100)
    yield garbage
    spoilt = tmp_path / "empty.yaml"
    spoilt.touch()
    yield spoilt
    yield tmp_path
    if sys.platform != "win32":
        pipe = tmp_path / "pipe.yaml"
        os.mkfifo(pipe)
        yield pipe
        yield Path("/dev/null")
        loop = tmp_path / "loop.yaml"
        loop.symlink_to(loop)
        yield loop
    yield "x" * 5000
    yield "~no-such-person-here/case.yaml"
    yield where.journals / "nothing.jsonl"
    yield where.people


def test_whatever_is_named(where: Home, tmp_path: Path) -> None:
    """Folders, pipes, garbage, links in circles, names without end: each gets a sentence, none a traceback."""
    named = list(_anything(where, tmp_path))
    for each in named:
        for command in (["play", "--plain"], ["report"], ["review"]):
            _sentence(where, *command, each)
        assert "cannot be used as it is" in _sentence(where, "play", "small-case", "--plain", "--rubric", each)
    code, out, error = text_of(here(where.root, "check", *(each for each in named if each != tmp_path)))
    assert (code, error) == (1, "")
    # The folder is left out, and a people file is no case, but nothing is wrong with it.
    assert out.count(": error[") >= len(named) - 2
    found = [each for each in named if os.path.lexists(each)]
    code, out, error = text_of(here(where.root, "verify", *found))
    assert (code, error) == (1, "")
    assert len(re.findall(r": unreadable\. .*\.$", out, re.MULTILINE)) == len(found)


def _spoil(path: Path, how: str) -> None:
    """Put something else in the place of a file or folder."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    path.unlink(missing_ok=True)
    match how:
        case "nothing":
            return
        case "folder":
            path.mkdir(parents=True)
        case "pipe":
            os.mkfifo(path)
        case "loop":
            path.symlink_to(path)
        case "device":
            path.symlink_to("/dev/zero")
        case content:
            path.write_text(content)


@posix
def test_whatever_lies_in_a_home(where: Home, tmp_path: Path) -> None:
    """Whatever somebody put in the place of whichever file, every command ends with a sentence or does its work."""
    choose = random.Random(0)
    over, unfinished = _ids(where)
    assert here(where.root, "review", over, "--comment", "1", "Good.", "--sign-off", "--as", "Feona").returncode == 0
    names = sorted(str(path.relative_to(where.root)) for path in where.root.rglob("*"))
    commands = (
        ["sessions"],
        ["report", over],
        ["review"],
        ["review", over, "--sign-off", "--as", "Feona"],
        ["verify", over, unfinished],
        ["play", "small-case", "--plain"],
        ["play", "small-case", "--plain", "--as", "Somebody New"],
        ["play", "--plain", "--resume", unfinished],
        ["check", "--no-solve"],
    )
    for trial in range(40 * TRIALS):
        home = tmp_path / str(trial)
        shutil.copytree(where.root, home)
        _spoil(
            home / choose.choice(names), choose.choice(["", "garbage\n", "nothing", "folder", "pipe", "loop", "device"])
        )
        result = here(home, *choose.choice(commands), typed="1\n")
        assert result.returncode in (0, 1, 2)
        assert result.returncode == 0 or result.stdout or result.stderr


@posix
@not_root
def test_files_of_somebody_else(where: Home) -> None:
    """What this account may not read is said to be so."""
    case = where.root / "cases" / "small-case.yaml"
    over, _ = _ids(where)
    path = where.journals / f"{over}.jsonl"
    for each in (case, path, where.people, where.settings):
        each.chmod(0)
    assert "error[no-permission]" in _sentence(where, "play", case, "--plain")
    said = _sentence(where, "report", over)
    assert "no permission to read" in said
    assert "settings.yaml:1:1: error[no-permission]" in said
    where.root.chmod(0)
    try:
        for command in (
            ["sessions"],
            ["report", over],
            ["play", "small-case", "--plain"],
            ["review"],
            ["check", "--no-solve"],
        ):
            assert "Traceback" not in text_of(caseload(where.root, *command))[2]
    finally:
        where.root.chmod(0o700)


@posix
@not_root
def test_a_home_that_cannot_be_written(where: Home) -> None:
    """Where nothing can be kept, nothing is played, and the person hears why; reading still works."""
    over, unfinished = _ids(where)
    everything = [where.root, *where.root.rglob("*")]
    for path in everything:
        path.chmod(0o500 if path.is_dir() else 0o400)
    try:
        said = _sentence(where, "play", "small-case", "--plain")
        assert "Could not save" in said
        assert "this account has no permission to write there" in said
        assert "Could not" in _sentence(where, "play", "--plain", "--resume", unfinished)
        assert "Could not" in _sentence(where, "review", over, "--sign-off", "--as", "Feona")
        assert "Could not" in _sentence(where, "play", "small-case", "--plain", "--as", "Somebody New")
        assert caseload(where.root, "report", over).returncode == 0
    finally:
        for path in everything:
            path.chmod(0o700)


@pytest.mark.parametrize("command", [["sessions"], ["play", "new-case-manager", "--plain"], ["review"], ["check"]])
def test_a_home_that_is_a_file(tmp_path: Path, command: list[str]) -> None:
    """A file cannot be a home, and nobody is told that there are no sessions."""
    home = tmp_path / "home"
    home.write_text("x")
    assert "is no folder, so it cannot hold your data" in _sentence(home, *command)


def test_a_damaged_session_is_not_gone_on_with(where: Home) -> None:
    """Going on with what was altered is refused with its entry; reading it tells what came before."""
    over, unfinished = _ids(where)
    for name in (over, unfinished):
        path = where.journals / f"{name}.jsonl"
        path.write_bytes(path.read_bytes().replace(b'"response":"invite"', b'"response":"insult"'))
        assert "was altered. Entry" in _sentence(where, "play", "--plain", "--resume", name)
        code, out, _ = text_of(here(where.root, "report", name))
        assert code == 0
        assert "TROUBLE   Entry" in out
    assert text_of(here(where.root, "sessions"))[1].count("small-case: damaged") == 2


def test_a_session_that_is_open_elsewhere(where: Home) -> None:
    """Who goes on with a session that somebody has open is told who and where."""
    _, unfinished = _ids(where)
    open_here = resumed(where, where.journals / f"{unfinished}.jsonl")
    said = _sentence(where, "play", "--plain", "--resume", unfinished)
    assert f"is being written by {ANA} on" in said
    assert "Close it there, then try again." in said
    open_here.close()


def test_garbage_typed_into_a_session(where: Home) -> None:
    """Bytes that are no text, blank lines and the end of the input leave the session where it stood."""
    for typed in (b"\xff\xfe\x00\x1b[2J\n" * 20 + bytes(range(256)), b"", b"\n" * 50 + b"\r\n\x1a\n"):
        code, out, error = text_of(caseload(where.root, "play", "small-case", "--plain", typed=typed))
        assert (code, error) == (0, "")
        assert "To go on:" in out
        assert not obeyed_by_terminals(out)


def test_any_encoding_of_the_terminal(where: Home) -> None:
    """Where the terminal has no sign for a character, another stands for it; nothing breaks."""
    over, _ = _ids(where)
    for command in (
        ["report", over],
        ["sessions"],
        ["sessions", "--format", "json"],
        ["play", "small-case", "--plain"],
    ):
        result = caseload(where.root, *command, PYTHONIOENCODING="ascii:strict", PYTHONUTF8="0")
        assert (result.returncode, result.stderr) == (0, b"")
        assert result.stdout.isascii()


@posix
def test_whoever_reads_the_output_may_leave(where: Home) -> None:
    """`caseload … | head` ends in silence, whatever was printed by then."""
    over, _ = _ids(where)
    for command in (
        ["report", over],
        ["sessions"],
        ["--help"],
        ["play", "small-case", "--plain"],
        ["check", "--no-solve"],
    ):
        reader, writer = os.pipe()
        os.close(reader)
        with subprocess.Popen(
            [sys.executable, "-m", "simulator", *command],
            stdin=subprocess.DEVNULL,
            stdout=writer,
            stderr=subprocess.PIPE,
            env=environment(where.root),
        ) as process:
            os.close(writer)
            assert process.stderr is not None
            assert process.stderr.read() == b""
        assert process.returncode in (0, 2)
    # What was decided is kept, and the journal is free.
    assert caseload(where.root, "play", "--plain", "--resume", _newest(where).stem).returncode == 0


@posix
def test_streams_that_are_closed(where: Home) -> None:
    """Started without stdin, stdout or stderr, the command does what it can, and breaks nothing."""
    over, _ = _ids(where)
    before = (where.journals / f"{over}.jsonl").read_bytes()
    for closed in ("<&-", ">&-", "2>&-", "<&- >&- 2>&-"):
        for command in (f"report {over}", "play small-case --plain", "play nope --plain"):
            result = subprocess.run(
                ["/bin/sh", "-c", f"'{sys.executable}' -m simulator {command} {closed}"],
                input=b"1\n",
                capture_output=True,
                env=environment(where.root),
                check=False,
            )
            assert b"Traceback" not in result.stdout + result.stderr
            assert result.returncode in (0, 2)
    assert (where.journals / f"{over}.jsonl").read_bytes() == before
    for path in Archive(where).paths():
        assert journal.read(path).reading.damage is None


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_disk_that_is_full_for_the_output(office: Home) -> None:
    """A report that cannot be written to its file says so, once."""
    over, _ = _ids(office)
    with Path("/dev/full").open("wb") as full:
        result = subprocess.run(
            [sys.executable, "-m", "simulator", "report", over],
            stdout=full,
            stderr=subprocess.PIPE,
            env=environment(office.root),
            check=False,
        )
    assert (result.returncode, result.stderr) == (2, b"caseload: No space left on device\n")


def _let_it_wait() -> None:
    """Give it the moment from printing a prompt to waiting for an answer: nobody types faster than that."""
    time.sleep(0.2)


@posix
def test_ctrl_c(where: Home) -> None:
    """Ctrl-C leaves a session with everything saved, and says how to go on; no traceback."""
    with subprocess.Popen(
        [sys.executable, "-m", "simulator", "play", "small-case", "--plain"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(where.root),
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(b"1\n")
        process.stdin.flush()
        seen = b""
        while seen.count(b"q leave]") < 2:
            seen += os.read(process.stdout.fileno(), 4096)
        _let_it_wait()
        process.send_signal(signal.SIGINT)
        out, error = process.communicate(timeout=30)
    assert (process.returncode, error) == (0, b"")
    path = _newest(where)
    assert out.decode().endswith(f"To go on:\n  caseload play --plain --resume {path.stem}\n")
    assert len(journal.read(path).events) == 1


# A terminal


def _on_a_terminal(where: Home, *arguments: str, typed: list[tuple[str, bytes]]) -> tuple[int, str]:
    """Run the command on a terminal, answering each prompt once it stands there."""
    import pty

    pid, fd = pty.fork()
    if pid == 0:
        command = [sys.executable, "-m", "simulator", *arguments]
        os.execve(command[0], command, environment(where.root, TERM="xterm"))  # noqa: S606 - this very command
    seen, answered, last = b"", 0, b""
    end = time.monotonic() + 60
    try:
        while True:
            ready, _, _ = select.select([fd], [], [], 2.0)
            assert time.monotonic() < end, seen
            if not ready:
                if last == b"\x03":
                    # It came just before the program began to wait. Whoever sits there presses it again.
                    os.write(fd, last)
                continue
            seen += os.read(fd, 4096)
            if typed and typed[0][0].encode() in seen[answered:]:
                answered = len(seen)
                _let_it_wait()
                last = typed.pop(0)[1]
                os.write(fd, last)
    except OSError:
        pass
    os.close(fd)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), seen.decode(errors="replace").replace("\r\n", "\n")


@posix
def test_who_are_you(where: Home) -> None:
    """On a terminal the first question is who plays; a name that is known is that person, and is asked for once."""
    play = ("play", "small-case", "--plain")
    code, out = _on_a_terminal(where, *play, typed=[("Your name: ", b"ana RUIZ\n"), ("q leave]", b"q\n")])
    assert code == 0
    assert "New here" not in out
    assert journal.read(_newest(where)).header.person == ANA
    code, out = _on_a_terminal(where, *play, typed=[("q leave]", b"\x03")])
    assert code == 0
    assert "Your name: " not in out
    assert "To go on:" in out


@posix
@pytest.mark.parametrize(("keys", "code"), [(b"\x04", 2), (b"\x03", 2)])
def test_nobody_has_to_say_who_they_are(where: Home, keys: bytes, code: int) -> None:
    """Ctrl-D or Ctrl-C at the first question ends it, and nothing was begun."""
    count = len(Archive(where).paths())
    left, out = _on_a_terminal(where, "play", "small-case", "--plain", typed=[("Your name: ", keys)])
    assert left == code
    assert "Traceback" not in out
    assert len(Archive(where).paths()) == count


@posix
def test_ctrl_d_on_a_terminal_suspends(where: Home) -> None:
    """The end of the input, typed, leaves as `q` does."""
    code, out = _on_a_terminal(where, "play", "small-case", "--plain", "--as", ANA, typed=[("q leave]", b"\x04")])
    assert code == 0
    assert "To go on:" in out


# Text from outside

EVIL = (
    "[/oops] [@click=app.quit]x[/] \x1b]52;c;aGk=\x07 \x1b[2J \x00 \x9b31m \x85 \x7f "
    "\u202egnp.exe \u2066 \u200f \u2028 end"
)
TYPED = EVIL.replace("\0", "")
"""No command line can hold a NUL."""
IN_YAML = json.dumps(EVIL)
PASSES = "'[/oops] [@click=app.quit]x[/] \u202egnp.exe \u2066 \u200f end'"
"""As much of it as may stand in a case that can be played."""
PROSE = frozenset(
    [
        "title",
        "summary",
        "setting",
        "author",
        "reviewed-by",
        "facts-checked",
        "content-note",
        "briefing",
        "reflect",
        "debrief",
        "name",
        "called",
        "pronouns",
        "role",
        "shows",
        "text",
        "says",
        "consult",
        "say",
        "do",
        "then",
        "why",
        "standard",
        "prompt",
        "model",
        "promised",
    ]
)


def _everywhere(what: str) -> str:
    """Put something into every field of a case that is for people."""
    case = CASE
    for key in ("setting", "author", "reviewed-by", "facts-checked", "content-note", "briefing", "reflect", "debrief"):
        case = case.replace("version:", f"{key}: x\nversion:", 1)
    words = ", ".join([what] * 5)
    feelings = "feelings: {trust: 4, tension: 7}"
    more = f"\n    pronouns: x\n    role: x\n    shows: x\n    words: {{trust: [{words}]}}"
    case = case.replace(feelings, feelings + more)
    case = case.replace("    cue: desk", "    title: x\n    standard: x\n    cue: desk")
    case = case.replace("      rated-on:", f"      look-for: [{what}]\n      model: x\n      rated-on:")
    case = case.replace("        sets: promised", "        then: x\n        sets: promised")
    field = re.compile(rf"\b({'|'.join(PROSE)}): (?![|{{])[^,}}\n]+")
    return field.sub(lambda found: f"{found[1]}: {what}", case)


def _harmless(result: subprocess.CompletedProcess[bytes]) -> str:
    both = (result.stdout + result.stderr).decode()
    assert not obeyed_by_terminals(both), sorted(map(ascii, obeyed_by_terminals(both)))
    assert "Traceback" not in both
    return both


def test_nothing_in_a_case_reaches_the_terminal(where: Home) -> None:
    """Bidi characters in any field of a case never get out, and markup is only text."""
    text = _everywhere(PASSES)
    assert {key for key in PROSE if f"{key}: {PASSES}" in text} == set(PROSE)
    evil = where.root / "cases" / "evil.yaml"
    evil.write_text(text.replace("small-case", "evil-case"), encoding="utf-8")
    typed = f"?\ns\nd\n1\nc\n1\nd\n1\n1\n{EVIL}\n\n{EVIL}\n\n".encode()
    play = ("play", "evil-case", "--plain", "--seed", "3", "--feedback", "each", "--as", TYPED)
    said = _harmless(caseload(where.root, *play, typed=typed))
    assert "== debrief ==" in said
    assert said.count("[/oops] [@click=app.quit]x[/]") > 20
    session = _newest(where).stem
    commands: list[tuple[str, ...]] = [
        ("review", session, "--as", "Fe\x1bona", "--comment", "1", TYPED, "--sign-off"),
        ("sessions",),
        ("sessions", "--format", "json"),
        ("report", session),
        ("review",),
        ("review", session),
        ("review", "--format", "json"),
        ("verify", session),
        ("check", str(evil)),
        ("check", str(evil), "--format", "json"),
        ("play", "--plain", "--resume", session),
    ]
    for command in commands:
        result = here(where.root, *command)
        _harmless(result)
        assert result.returncode == (1 if command[0] == "check" else 0)


def test_no_escape_gets_into_a_case(where: Home) -> None:
    """A case with an escape sequence, in whichever field, is not played, and shown without it."""
    evil = where.root / "cases" / "evil.yaml"
    escapes = [r"\e", r"\x1b", r"\u001B", r"\U0000001b", r"\a", r"\0", r"\b", r"\N", r"\L", r"\P", r"\x9b", r"\u202e"]
    for escape in escapes:
        evil.write_text(_everywhere(f'"oops {escape}]52;c;aGk="'))
        path = str(evil)
        for command in (["play", path, "--plain"], ["check", path], ["check", path, "--format", "json"]):
            result = here(where.root, *command)
            assert "escape-in-text" in _harmless(result)
            assert result.returncode in (1, 2)


def test_nothing_in_a_broken_case_reaches_the_terminal(where: Home) -> None:
    """Mistakes are shown with what was typed, and still nothing gets out that a terminal would obey."""
    raw = TYPED.encode()
    texts = [
        CASE.replace("small-case", IN_YAML).encode(),
        CASE.replace("1.0.0", IN_YAML).encode(),
        CASE.replace("invite:", f"{IN_YAML}:").encode(),
        CASE.replace("when: promised", f"when: {IN_YAML}").encode(),
        CASE.replace("phase: meeting", f"phase: {IN_YAML}").encode(),
        CASE.replace("minutes: 4", f"minutes: {IN_YAML}").encode(),
        CASE.replace("client: ruth", f"client: {IN_YAML}").encode(),
        CASE.replace('start: "10:00"', f"start: {IN_YAML}").encode(),
        CASE.replace("rapport.limits", IN_YAML).encode(),
        CASE.replace("harmful", IN_YAML).encode(),
        CASE.replace("next: done", f"next: {IN_YAML}").encode(),
        CASE.encode().replace(b"Good morning.", raw),
        CASE.encode().replace(b"client: ruth", b"client: [" + raw),
        b"\x1b]52;c;aGk=\x07",
        raw + b": {",
        IN_YAML.encode(),
    ]
    folder = where.root / "broken"
    folder.mkdir()
    for number, text in enumerate(texts):
        (folder / f"{number}.yaml").write_bytes(text)
    for command in (["check", str(folder)], ["check", str(folder), "--format", "json"]):
        assert _harmless(here(where.root, *command)).count("oops") > 10
    for number in range(len(texts)):
        _harmless(here(where.root, "play", "--plain", folder / f"{number}.yaml"))
    for name in ("settings.yaml", "people.yaml"):
        (where.root / name).write_bytes(b"theme: " + IN_YAML.encode() + b"\n" + IN_YAML.encode() + b": x\n")
    for command in (["sessions"], ["play", "small-case", "--plain"]):
        _harmless(here(where.root, *command))


@posix
def test_nothing_in_a_name_reaches_the_terminal(where: Home, tmp_path: Path) -> None:
    """Names of files and folders, and whatever else is typed after the command, never get out as they are."""
    folder = tmp_path / TYPED.replace("/", "_").replace("\u2028", "")
    folder.mkdir()
    over, _ = _ids(where)
    good, bad, log = folder / "good.yaml", folder / "bad.yaml", folder / "log\x1b[2J.jsonl"
    good.write_text(CASE)
    bad.write_text(CASE.replace("next: done", "next: dome"))
    log.write_bytes((where.journals / f"{over}.jsonl").read_bytes())
    strange = os.fsdecode(b"\xff\x1b.yaml")
    with suppress(OSError):
        # Not every system lets a name be no text.
        (tmp_path / strange).write_text("scenario: x\n")
    forged(folder / "none.jsonl", [{}])
    shutil.copytree(where.root, folder / "home")
    name = str(folder)
    for command in (
        ["check", str(bad), str(good), str(folder), name + "/nothing.yaml", str(tmp_path / strange)],
        ["check", str(bad), str(tmp_path / strange), "--format", "json"],
        ["check", str(folder / "home" / "journals")],
        ["play", str(good), "--plain"],
        ["play", str(bad), "--plain"],
        ["play", str(tmp_path / strange), "--plain"],
        ["play", TYPED, "--plain"],
        ["play", "--plain", "--resume", TYPED],
        ["play", "small-case", "--plain", "--rubric", str(bad)],
        ["report", str(log)],
        ["report", str(folder / "none.jsonl")],
        ["report", name],
        ["verify", str(log), str(folder / "none.jsonl"), name],
        ["verify", str(log), "--format", "json"],
        ["review", name],
        ["review", over, "--comment", "\x1b[2J", "x"],
        ["--\x1b[2J"],
        ["\x1b[2J"],
        ["check", "--format", "\x1b[2J"],
        ["play", "--seed", "\x9b2J"],
    ):
        _harmless(here(where.root, *command))
    for command in (["play", "small-case", "--plain", "--as", "New Here"], ["sessions"], ["check", "nothing.yaml"]):
        result = here(folder / "home", *command)
        _harmless(result)
        assert result.returncode in (0, 1)


def test_nothing_in_a_journal_reaches_the_terminal(where: Home) -> None:
    """A journal, or a review, that somebody made up holds nothing that gets out."""
    over, _ = _ids(where)
    header = dict(Archive(where).load(where.journals / f"{over}.jsonl").recorded.reading.entries[0].body)
    del header["schema"]
    evil = {**header, "feedback": EVIL, "program": EVIL, "session": "20260304-120000-abc124"}
    forged(
        where.journals / "20260304-120000-abc124.jsonl",
        [
            evil,
            {"event": "chose", "scene": "desk", "response": "invite"},
            {"event": "chose", "scene": EVIL, "response": EVIL},
        ],
    )
    forged(where.journals / "20260304-120000-abc125.jsonl", [{**HEADER, "version": EVIL}])
    logged = Archive(where).load(where.journals / "20260304-120000-abc124.jsonl")
    with Reviewing.open(where, logged, "p-feona") as reviewing:
        reviewing.comment(1, EVIL)
    for name in ("20260304-120000-abc124", "20260304-120000-abc125"):
        for command in (["report", name], ["review", name], ["verify", name], ["play", "--plain", "--resume", name]):
            _harmless(here(where.root, *command))
    for command in (["sessions"], ["review"], ["sessions", "--format", "json"]):
        said = _harmless(here(where.root, *command))
        assert "20260304-120000-abc124" in said
