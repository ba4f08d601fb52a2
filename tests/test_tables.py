"""Sessions as a table: what is in it, and that a spreadsheet takes all of it for text."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest

from simulator.archive import Logged
from simulator.people import People
from simulator.tables import COLUMNS, as_csv, harmless
from simulator.text import clean
from tests.journals import ANA, here
from tests.reports import COMMENTS, HOSTILE, JUDGEMENT, PEOPLE, played, poisoned, poisoned_judgement, poisoned_people


@pytest.fixture(scope="module")
def logged(tmp_path_factory: pytest.TempPathFactory) -> Logged:
    """Return a session with every kind of decision."""
    return played(tmp_path_factory.mktemp("played"))


def read(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_what_supervisors_make_of_marks_has_columns(logged: Logged) -> None:
    """Overrides and ratings stand with their decision; results, levels and sending back with the session as a whole."""
    rows = read(as_csv([logged], PEOPLE, lambda _: JUDGEMENT))
    expected = "Ines Calloway: Limits (rapport): harmful, overridden: poor. She put it right."
    assert [row["overrides"] for row in rows] == ["", "", "", "", expected, "", "", ""]
    assert rows[7]["ratings"] == "Ines Calloway: Records (organization): rated acceptable. Short."
    assert rows[0]["ratings"] == "Ines Calloway, not signed off: rapport on the whole: poor. Warm."
    assert rows[0]["reviewed"].startswith("Reviewed by Ines Calloway:\n")
    assert rows[0]["sent_back"].endswith("Promise less. To practise: small-case.")


def test_there_is_a_row_for_each_decision_and_one_for_the_whole(logged: Logged) -> None:
    """Rows are numbered from 0, the session as a whole; titles come first, and each column is explained."""
    text = as_csv([logged], PEOPLE, lambda _: COMMENTS)
    rows = read(text)
    assert list(rows[0]) == list(COLUMNS)
    assert all(COLUMNS.values())
    assert [row["decision"] for row in rows] == ["0", "1", "2", "3", "4", "5", "6", "7"]
    assert [row["did"] for row in rows[1:]] == ["read", "consulted", "chose", "chose", "selected", "ranked", "wrote"]
    assert {(row["session"], row["played_by"], row["person"], row["state"]) for row in rows} == {
        (logged.id, "Ana Silva", ANA, "The end")
    }


def test_the_session_as_a_whole_has_the_profiles(logged: Logged) -> None:
    """Three profiles and no sum, marks from the start, reflections, the ending, comments on the whole."""
    whole = read(as_csv([logged], PEOPLE, lambda _: iter(COMMENTS)))[0]
    assert whole["ethics"] == "critical"
    assert whole["rapport"] == "1 harmful · 0% of what was on offer"
    assert whole["marks"] == "Safety (ethics): poor"
    assert whole["why"] == "The door stood open."
    assert whole["written"] == "Never again."
    assert whole["came_of_it"] == "It is over."
    assert whole["comments"] == "Ines Calloway, not signed off: Let us talk.\n\nBring the letter."


def test_a_decision_has_what_a_transcript_has(logged: Logged) -> None:
    """What was told, done, not taken, how sure, what came of it, the marks and why."""
    row = read(as_csv([logged], PEOPLE))[4]
    assert row["told"].split("\n")[-2:] == ["Ms. Adeyemi: Good morning.", "Gus Brandt: She has not slept."]
    assert row["what"] == "“I will get you the money.”"
    assert sorted(row["not_taken"].split("\n")) == ["Wait until she speaks.", "“Here is how it was decided.”"]
    assert row["confidence"] == "4"
    assert row["came_of_it"] == "She looks up."
    assert row["marks"].split("\n") == ["Limits (rapport): harmful", "Fairness (ethics): poor"]
    assert row["clock"].startswith("10:")
    assert row["time"].endswith("Z")
    assert row["rapport"] == row["ethics"] == ""


def test_several_sessions_make_one_table(logged: Logged, tmp_path: Path) -> None:
    """Titles stand once, and every row says which session it belongs to."""
    other = played(tmp_path, unfinished=True)
    rows = read(as_csv(iter([logged, other]), People({})))
    assert [row["session"] for row in rows] == [logged.id] * 8 + [other.id] * 4
    assert rows[-1]["state"] == "unfinished"
    assert rows[-1]["played_by"] == ANA
    assert read(as_csv([], PEOPLE)) == []


# -- that nothing in it is taken for a formula ------------------------------------------------

BEGINNINGS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "−", "﹢", "﹣", "﹦", "﹫")
BEFORE = (
    "",
    " ",
    "   ",
    "\t",
    "\r",
    "\n",
    "\r\n",
    "\xa0",
    "\u3000",
    "\u200b",
    " \t\u200b ",
    "\ufeff",
    "\x00",
    "\u202e",
)


@pytest.mark.parametrize("before", BEFORE, ids=ascii)
@pytest.mark.parametrize("begins", BEGINNINGS)
def test_a_cell_never_begins_like_a_formula(begins: str, before: str) -> None:
    """An apostrophe stands before a formula's first character, and before blanks in front of one."""
    found = harmless(f"{before}{begins}1+1")
    assert found.startswith("'")
    assert found.endswith(f"{begins}1+1")


@pytest.mark.parametrize("separator", [";", "\t", "\n", "\r", "\r\n", '";', '"\n"', "; "], ids=ascii)
def test_nor_does_what_another_separator_would_make_a_cell(separator: str) -> None:
    """Where lists are separated by semicolons a cell comes apart, and its parts are harmless as well."""
    found = harmless(f"a{separator}=1+1")
    assert found.count("'") == 1
    assert not re.search(r"[;\t\n][^'\w]*=", found)


@pytest.mark.parametrize("begins", ["\t", "\r", "\n", "\r\n\t"], ids=ascii)
def test_a_cell_never_begins_with_a_blank_that_spreadsheets_drop(begins: str) -> None:
    """Neither a tab nor a line end can stand first."""
    assert harmless(f"{begins}word").startswith("'")


@pytest.mark.parametrize(
    "text", ["", "Good morning.", "a = b", "3 - 2", "10:05", "me@example.org", "“-”", " two blanks", "a\nb", "(–)", "'"]
)
def test_everything_else_stays_as_it_is(text: str) -> None:
    """What no spreadsheet takes for a formula is not touched."""
    assert harmless(text) == text


@pytest.mark.parametrize("poison", HOSTILE)
def test_hostile_texts_stay_in_their_cells(logged: Logged, poison: str) -> None:
    """Whatever stands in a case, a name, a note or a comment: the same rows, no formula, no control character."""
    people = poisoned_people(poison)
    text = as_csv([poisoned(logged, poison)], people, lambda _: poisoned_judgement(poison))
    rows = read(text)
    assert [row["decision"] for row in rows] == ["0", "1", "2", "3", "4", "5", "6", "7"]
    assert all(None not in row and None not in row.values() for row in rows)
    cells = [cell for row in rows for cell in row.values()]
    assert not [cell for cell in cells if cell.lstrip().startswith(BEGINNINGS)]
    assert clean(poison).strip() in rows[7]["written"].replace("'=", "=").replace("'-", "-").strip("'")
    assert text.replace("\r\n", "\n") == clean(text)
    text.encode()


def test_a_table_in_a_file_is_one_that_spreadsheets_read(logged: Logged, tmp_path: Path) -> None:
    """It begins with the mark by which they know UTF-8, every cell in quotes, lines ending as RFC 4180 has it."""
    home = logged.recorded.path.parent.parent
    here(home, "report", logged.id, "--output", tmp_path / "r.csv")
    data = (tmp_path / "r.csv").read_bytes()
    assert data.startswith(b'\xef\xbb\xbf"session",')
    assert data.endswith(b'"\r\n')
    assert len(read(data.decode("utf-8-sig"))) == 8
