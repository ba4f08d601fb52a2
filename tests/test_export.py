"""`caseload export`: which sessions are in it and which are not, in three formats, all of it or nothing."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from simulator import journal
from simulator.archive import Archive
from simulator.durable import NotSaved, pour
from simulator.exported import Exported, Wanted, csv_data
from simulator.journal import PRACTICE, Journal
from simulator.people import People
from simulator.records import KEYS
from simulator.review.writing import Reviewing
from simulator.settings import Home
from simulator.tables import COLUMNS
from tests.attempts import EXPLAINED, attempted
from tests.journals import ANA, case_in, failing, failure, here, played_through, posix, text_of
from tests.xapi_rules import complaints, complaints_together

BEN = "p-5e6f7a8b"
PEOPLE = f"""\
{ANA}: {{name: Ana Silva}}
{BEN}: {{name: Ben Okafor}}
p-sup: {{name: Ines Calloway, role: supervisor}}
p-sup2: {{name: Ana Silva, role: supervisor}}
"""
NOTE = "She asked for help, and I promised it."
"""What Ana wrote."""


def practised(where: Home, path: Path) -> Path:
    """Write a journal like another one down as a practice attempt."""
    before = journal.read(path)
    header = replace(before.header, session=f"{before.header.session}-practice", purpose=PRACTICE)
    made = Journal.create(where.journals, header)
    for event in before.events:
        made.add(event)
    made.reflect("I would do it all again.")
    made.close()
    return made.path


@pytest.fixture
def where(tmp_path: Path) -> Home:
    """Return a home in which Ana and Ben played, Ana practised, and a supervisor commented on both of hers."""
    home = Home(tmp_path / "home")
    home.root.mkdir()
    home.people.write_text(PEOPLE, encoding="utf-8")
    case = case_in(home.root / "cases")
    path = played_through(home, case)
    attempted(home, case, *EXPLAINED, person=BEN)
    for each in (path, practised(home, path)):
        with Reviewing.open(home, Archive(home).load(each), "p-sup") as review:
            review.comment(4, "Why promise it?")
            review.sign_off(journal.read(each).reading.head)
            review.comment(0, "Between ourselves.")
    return home


def exported(where: Home, *arguments: str | Path) -> str:
    code, out, error = text_of(here(where.root, "export", *arguments))
    assert (code, error) == (0, "")
    return out


def rows(where: Home, *arguments: str | Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(exported(where, *arguments).removeprefix("\ufeff"), newline="")))


def lines(where: Home, *arguments: str | Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in exported(where, *arguments).splitlines()]


def told(where: Home, *arguments: str | Path) -> tuple[int, str]:
    """Return the exit code of an export and what it says beside the result."""
    code, _, error = text_of(here(where.root, "export", *arguments))
    return code, error


# -- which sessions -------------------------------------------------------------------------------


def test_everything_is_exported_as_a_table_unless_something_else_is_meant(where: Home) -> None:
    """Oldest first, with the columns of a report."""
    found = rows(where)
    assert list(found[0]) == list(COLUMNS)
    assert list(dict.fromkeys(row["session"] for row in found)) == [each.stem for each in Archive(where).paths()]


@pytest.mark.parametrize("who", [BEN, "Ben Okafor", "ben okafor"])
def test_sessions_of_one_person(where: Home, who: str) -> None:
    """By id or by name."""
    assert {row["played_by"] for row in rows(where, "--person", who)} == {"Ben Okafor"}


def test_who_is_not_known_by_name_may_be_known_by_id(where: Home) -> None:
    """Journals come without names; a name that two people have, or nobody, is refused with what to do."""
    where.people.write_text(PEOPLE.replace(f"{BEN}:", "p-other:"), encoding="utf-8")
    assert {row["played_by"] for row in rows(where, "--person", BEN)} == {BEN}
    assert told(where, "--person", "Ana Silva") == (
        2,
        f"caseload: several people are called Ana Silva; name one by id: {ANA}, p-sup2\n",
    )
    assert "nobody here is called `Nemo`" in told(where, "--person", "Nemo")[1]


def test_sessions_of_one_case(where: Home) -> None:
    """By its id."""
    assert rows(where, "--case", "small-case") == rows(where)
    assert told(where, "--case", "other-case") == (
        0,
        "There are no such sessions. `caseload sessions` lists all there are.\n",
    )


def test_sessions_of_some_days(where: Home) -> None:
    """The first and the last day count."""
    day = rows(where)[0]["begun"][:10]
    assert rows(where, "--since", day, "--until", day) == rows(where)
    assert rows(where, "--since", "2001-01-01", "--until", "2999-12-31") == rows(where)
    for outside in (("--since", "2999-12-31"), ("--until", "2001-01-01")):
        assert "no such sessions" in told(where, *outside)[1]
    assert "after 2026-11-22 and before 2026-11-21" in told(where, "--since", "2026-11-22", "--until", "2026-11-21")[1]


@pytest.mark.parametrize("day", ["21.11.2026", "20261121", "2026-11-31", "2026-W47-6", "yesterday", ""])
def test_a_day_is_written_in_one_way(where: Home, day: str) -> None:
    """Anything else is refused, with how it is written."""
    code, error = told(where, f"--since={day}")
    assert code == 2
    assert "a day is written 2026-11-21" in error


def test_what_cannot_be_read_is_told_and_the_rest_is_exported(where: Home) -> None:
    """So is a journal under another session's name: it would count twice."""
    first, *_ = Archive(where).paths()
    before = rows(where)
    (where.journals / "99999999-000000-copied.jsonl").write_bytes(first.read_bytes())
    (where.journals / "99999999-000000-broken.jsonl").write_bytes(b"{}\n")
    for kind in ("csv", "jsonl", "xapi"):
        code, _, error = text_of(here(where.root, "export", "--format", kind))
        assert (code, error) == (
            0,
            "Left out: 1 session (cannot be read; `caseload sessions` says why).\n"
            "Left out: 1 session (under the name of another session).\n",
        )
    out = text_of(here(where.root, "export"))[1].removeprefix("\ufeff")
    assert list(csv.DictReader(io.StringIO(out, newline=""))) == before


def test_a_damaged_session_is_in_it_and_says_so_but_states_nothing(where: Home) -> None:
    """A learning record store could not take it back."""
    first, *_ = Archive(where).paths()
    first.write_bytes(first.read_bytes().replace(b'"promise"', b'"explain"'))
    assert next(row["state"] for row in rows(where) if row["session"] == first.stem) == "damaged"
    code, out, error = text_of(here(where.root, "export", "--format", "xapi"))
    assert (code, error) == (0, "Left out: 1 session (damaged).\n")
    assert first.stem not in {_session(json.loads(line)) for line in out.splitlines()}


def _session(statement: dict[str, Any]) -> str:
    return str(statement["context"]["extensions"]["https://caseload.invalid/xapi/extensions/session"])


def test_an_empty_home_gives_an_empty_export(tmp_path: Path) -> None:
    """A table has its titles all the same."""
    home = Home(tmp_path)
    code, out, error = text_of(here(home.root, "export"))
    assert code == 0
    assert out.startswith('\ufeff"session",')
    assert "There are no such sessions." in error
    assert text_of(here(home.root, "export", "--format", "jsonl"))[1] == ""


# -- practice attempts ----------------------------------------------------------------------------

SAID = (NOTE, "I would do it all again.", "Why promise it?", "Between ourselves.", "Good morning.", "promise")
"""What somebody wrote, said or chose in a practice attempt or about it."""


def _practice(where: Home) -> str:
    return next(path.stem for path in Archive(where).paths() if path.stem.endswith("-practice"))


def test_of_practice_there_is_one_row(where: Home) -> None:
    """The result and how many criticals, without a word of what was said, shown or written."""
    (row,) = (row for row in rows(where) if row["session"] == _practice(where))
    full = next(row for row in rows(where) if not row["purpose"])
    assert (row["decision"], row["purpose"], row["state"]) == ("0", "practice", full["state"])
    assert (row["rapport"], row["organization"], row["ethics"]) == (
        full["rapport"],
        full["organization"],
        full["ethics"],
    )
    assert row["criticals_raised"] == full["criticals_raised"] == "1"
    assert not [each for each in SAID if each in " ".join(row.values())]


def test_of_practice_there_are_two_lines(where: Home) -> None:
    """The session and its scorecard, with every key that is documented, and nothing of how it went."""
    found = [line for line in lines(where, "--format", "jsonl", "--no-solve") if line["session"] == _practice(where)]
    assert [line["kind"] for line in found] == ["session", "scorecard"]
    session, card = found
    assert all(set(line) == set(KEYS[line["kind"]]) for line in found)
    assert (session["summary"], session["purpose"], session["state"]) == (True, "practice", "finished")
    assert (card["criticals_raised"], card["criticals"]) == (1, [])
    assert card["profiles"]["rapport"]["levels"]["harmful"] == 1
    assert not [each for each in SAID if each in json.dumps(found)]


def test_of_practice_the_beginning_and_the_result_are_stated(where: Home) -> None:
    """And nothing that was decided, written or said about it."""
    found = lines(where, "--format", "xapi", "--texts")
    named = [each["verb"]["id"].rpartition("/")[2] for each in found if _session(each) == _practice(where)]
    assert named == ["initialized", "scored", "scored", "scored", "completed", "terminated"]


@pytest.mark.parametrize("kind", ["csv", "jsonl", "xapi"])
def test_who_played_has_all_of_their_own(where: Home, kind: str) -> None:
    """Practice attempts too, and of what supervisors said what was signed off."""
    out = exported(where, "--as", ANA, "--format", kind, "--texts", "--no-solve")
    assert out.count(NOTE) >= 2
    assert "I would do it all again." in out
    assert "Why promise it?" in out
    assert "Between ourselves." not in out
    assert BEN not in out


def test_a_supervisor_also_has_what_is_not_signed_off(where: Home) -> None:
    """Marked as such; about a practice attempt not even that."""
    assert exported(where).count("Ines Calloway, not signed off: Between ourselves.") == 1
    found = [line for line in lines(where, "--format", "jsonl", "--no-solve") if line["kind"] == "comment"]
    assert [(line["text"], line["signed"]) for line in found] == [
        ("Between ourselves.", False),
        ("Why promise it?", True),
    ]


def test_nobody_is_somebody_else_and_themselves_at_once(where: Home) -> None:
    """`--as` and `--person` exclude each other."""
    code, error = told(where, "--as", ANA, "--person", BEN)
    assert code == 2
    assert "not allowed with" in error


# -- names and texts ------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["csv", "jsonl", "xapi"])
def test_names_can_be_left_out(where: Home, kind: str) -> None:
    """Ids stand in their place, of who played and of who reviewed."""
    assert ("Ana Silva" in exported(where, "--format", kind, "--no-solve")) == (kind != "xapi")
    out = exported(where, "--format", kind, "--no-solve", "--pseudonymous", "--texts")
    assert not [name for name in ("Ana Silva", "Ben Okafor", "Ines Calloway") if name in out]
    assert ANA in out
    assert "p-sup" in out


def test_statements_hold_texts_only_if_they_are_asked_for(where: Home) -> None:
    """They go to a store of others."""
    assert NOTE not in exported(where, "--format", "xapi")
    assert NOTE in exported(where, "--format", "xapi", "--texts")


# -- statements -----------------------------------------------------------------------------------


def test_all_statements_together_keep_every_rule(where: Home) -> None:
    """One a line, with scores from what the case makes possible, and the same each time."""
    found = lines(where, "--format", "xapi", "--texts")
    assert not [broken for each in found for broken in complaints(each)]
    assert not complaints_together(found)
    assert len({each["context"]["registration"] for each in found}) == 3
    assert [each for each in found if "score" in each.get("result", {})]
    assert lines(where, "--format", "xapi", "--texts") == found


def test_without_solving_there_is_no_score(where: Home) -> None:
    """Nothing is guessed."""
    found = lines(where, "--format", "xapi", "--no-solve")
    assert not [each for each in found if "score" in each.get("result", {})]
    assert not where.solved.exists()


def test_an_agency_names_its_own_page(where: Home) -> None:
    """Accounts and cases are named by it; what is no address of a page is refused."""
    found = lines(where, "--format", "xapi", "--no-solve", "--home-page", "https://training.example.org")
    assert {each["actor"]["account"]["homePage"] for each in found} == {"https://training.example.org/"}
    assert "--home-page takes the address of a web page" in told(where, "--format", "xapi", "--home-page", "here")[1]
    assert "--home-page is for --format xapi" in told(where, "--home-page", "https://training.example.org")[1]


# -- where it goes --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "begins"), [("a.csv", b"\xef\xbb\xbf"), ("a.JSONL", b'{"kind"'), ("a.data", b"\xef\xbb\xbf")]
)
def test_a_files_name_says_what_it_holds(where: Home, tmp_path: Path, name: str, begins: bytes) -> None:
    """A table, where it says nothing; and what is on the screen is what is in the file."""
    file = tmp_path / name
    assert told(where, "--output", file) == (0, f"Written to {file}.\n")
    assert file.read_bytes().startswith(begins)
    kind = "jsonl" if name == "a.JSONL" else "csv"
    assert file.read_bytes() == here(where.root, "export", "--format", kind).stdout
    assert [each.name for each in tmp_path.iterdir() if each.name.startswith(".")] == []


def test_a_file_that_is_there_is_kept_unless_something_else_is_said(where: Home, tmp_path: Path) -> None:
    """With --force it is written over; Caseload's own files never are."""
    file = tmp_path / "a.csv"
    file.write_text("mine")
    assert told(where, "--output", file) == (2, f"caseload: {file} is there already; with --force it is written over\n")
    assert file.read_text() == "mine"
    assert told(where, "--output", file, "--force")[0] == 0
    assert file.read_bytes().startswith(b"\xef\xbb\xbf")
    own = Archive(where).paths()[0]
    assert "one of Caseload's own files" in told(where, "--output", own, "--force")[1]


@posix
def test_a_link_is_not_written_through(where: Home, tmp_path: Path) -> None:
    """Whatever it leads to stays as it is."""
    (tmp_path / "real.csv").write_text("mine")
    (tmp_path / "link.csv").symlink_to(tmp_path / "real.csv")
    assert told(where, "--output", tmp_path / "link.csv", "--force")[0] == 2
    assert (tmp_path / "real.csv").read_text() == "mine"


def test_an_export_that_breaks_off_leaves_nothing(where: Home, tmp_path: Path) -> None:
    """A file holds all of it or is not there; one that was there stays as it was."""

    def breaks_off() -> Iterator[bytes]:
        yield b"some"
        raise KeyboardInterrupt

    for over, before in ((False, None), (True, b"mine")):
        file = tmp_path / "a.csv"
        if before is not None:
            file.write_bytes(before)
        with pytest.raises(KeyboardInterrupt):
            pour(file, breaks_off(), over=over)
        assert (file.read_bytes() if file.exists() else None) == before
        assert [each.name for each in tmp_path.iterdir() if each.name.startswith(".")] == []


def test_every_call_of_the_system_may_fail(tmp_path: Path) -> None:
    """Whichever it is, somebody is told, and the file that was there is whole."""
    file = tmp_path / "a.csv"
    with pytest.MonkeyPatch.context() as patch:
        system = failing(patch)
        pour(tmp_path / "counted.csv", [b"one", b"two"])
        calls = len(system.calls)
    for call in range(calls):
        file.write_bytes(b"mine")
        with pytest.MonkeyPatch.context() as patch:
            failing(patch, call)
            problem = failure(lambda: pour(file, [b"one", b"two"], over=True))
        assert problem is None or str(tmp_path) in str(problem)
        assert file.read_bytes() in (b"mine", b"onetwo")


def test_what_came_to_lie_there_meanwhile_is_kept(tmp_path: Path) -> None:
    """Another program may have made a file of that name while the pieces were made."""
    file = tmp_path / "a.csv"

    def meanwhile() -> Iterator[bytes]:
        yield b"one"
        file.write_bytes(b"theirs")

    with pytest.raises(NotSaved, match="there is one already"):
        pour(file, meanwhile())
    assert file.read_bytes() == b"theirs"


def test_one_session_at_a_time_is_held(where: Home) -> None:
    """Thousands pass; what was exported is let go of before the next is read."""
    looked_at = 0

    def report() -> None:
        nonlocal looked_at
        looked_at += 1

    found = csv_data(Exported(Archive(where), Wanted(), report=report), People({}))
    assert next(found) == b"\xef\xbb\xbf"
    assert looked_at == 0
    _titles, _first = next(found), next(found)
    assert looked_at == 1
    assert len([*found]) == 2


def test_somebody_who_waits_sees_how_far_it_is(where: Home, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """On a terminal the sessions are counted, and the line is gone when it is done."""

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    from simulator.cli import main

    screen = Terminal()
    monkeypatch.setenv("CASELOAD_HOME", str(where.root))
    monkeypatch.setattr(sys, "stderr", screen)
    assert main(["export", "--output", str(tmp_path / "a.csv")]) == 0
    assert "\rexporting session 3 of 3 " in screen.getvalue()
    assert screen.getvalue().endswith(f"\rWritten to {tmp_path / 'a.csv'}.\n")
