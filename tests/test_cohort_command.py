"""`caseload cohort`: every sheet in every format, of a person or a case, and what cannot be done."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from simulator import cohort_sheets
from simulator.commands.cohort import SHEETS
from simulator.settings import Home
from tests.journals import ANA, case_in, here, obeyed_by_terminals, played_through, text_of
from tests.reports import taken_apart

COHORT = f"""\
cohort: spring
title: Spring intake
people: [{ANA}, p-bo]
assigned:
  - {{case: small-case, due: 2026-01-02}}
"""


@pytest.fixture
def where(tmp_path: Path) -> Home:
    """Return a home with a cohort of two, of whom one has played."""
    home = Home(tmp_path / "home")
    case_in(home.root / "cases")
    home.settings.write_text(f"library: [{home.root / 'cases'}]\n", encoding="utf-8")
    home.people.write_text(f"{ANA}:\n  name: Ana Silva\np-bo:\n  name: Bo Lind\np-b2:\n  name: Bo Lind\n", "utf-8")
    home.cohorts.mkdir()
    (home.cohorts / "spring.yaml").write_text(COHORT, encoding="utf-8")
    played_through(home)
    return home


def said(where: Home, *arguments: str | Path) -> str:
    """Return what the command prints, and fail if it says anything else."""
    code, out, error = text_of(here(where.root, "cohort", *arguments))
    assert (code, error) == (0, "")
    return out


def test_the_command_names_every_sheet() -> None:
    """It lists them without importing what makes them, which would take too long for `--help`."""
    assert tuple(cohort_sheets.SHEETS) == SHEETS


@pytest.mark.parametrize("sheet", SHEETS)
def test_every_sheet_is_there_as_text_csv_and_json(where: Home, sheet: str) -> None:
    """The same table each time."""
    told = json.loads(said(where, "--sheet", sheet, "--format", "json"))
    assert told["sheet"] == sheet
    text = said(where, "--sheet", sheet)
    assert text.startswith(told["title"].upper())
    assert not obeyed_by_terminals(text)
    table = list(csv.reader(io.StringIO(said(where, "--sheet", sheet, "--format", "csv").lstrip("\ufeff"))))
    assert len(table) == 1 + len(told["rows"])
    assert table[0] == [column["title"] for column in told["columns"]]


def test_without_more_it_says_who_has_finished_what(where: Home) -> None:
    """Everybody of the cohorts is there by name, with what they came to."""
    text = said(where)
    assert text.startswith("WHO HAS FINISHED WHAT\n")
    assert "Bo Lind" in text
    assert "overdue, not begun" in text
    assert "0 of 2 assignments finished, 2 overdue." in text


def test_a_cohort_is_named_by_its_id_or_its_file(where: Home, tmp_path: Path) -> None:
    """Of several cohorts one is looked at; its file may lie anywhere."""
    (where.cohorts / "autumn.yaml").write_text(COHORT.replace("spring", "autumn").replace(f"{ANA}, ", ""))
    assert "Ana Silva" not in said(where, "autumn")
    assert "Ana Silva" in said(where, "spring")
    elsewhere = tmp_path / "summer.yaml"
    elsewhere.write_text(COHORT.replace("spring", "summer").replace(f"{ANA}, ", ""))
    assert "Ana Silva" not in said(where, elsewhere)


def test_a_person_and_a_case_are_named(where: Home) -> None:
    """A person by name or id, whoever only played too; a case by its id."""
    assert "GROWTH OF ANA SILVA" in said(where, "--sheet", "growth", "--person", "Ana Silva")
    assert "GROWTH OF ANA SILVA" in said(where, "--sheet", "growth", "--person", ANA)
    where.people.write_text("p-bo:\n  name: Bo Lind\n", "utf-8")
    assert f"GROWTH OF {ANA.upper()}" in said(where, "--sheet", "growth", "--person", ANA)
    assert "WHO CHOSE WHAT: A SMALL CASE" in said(where, "--sheet", "responses", "--case", "small-case")


def test_a_page_has_every_sheet(where: Home, tmp_path: Path) -> None:
    """A file's name says what it becomes; one sheet makes a page of one; what is there is kept."""
    target = tmp_path / "cohort.html"
    code, out, error = text_of(here(where.root, "cohort", "--output", target))
    assert (code, out, error) == (0, "", f"Written to {target}.\n")
    page = taken_apart(target.read_text("utf-8"))
    assert len(page.all("h2")) == len(SHEETS)
    assert page.one("h1").words == "Spring intake"
    assert "Ana Silva" in page.words
    one = taken_apart(said(where, "--format", "html", "--sheet", "criticals", "--person", "Ana Silva"))
    assert [each.words for each in one.all("h2")] == ["Criticals"]
    code, out, error = text_of(here(where.root, "cohort", "--output", target))
    assert (code, out) == (2, "")
    assert "with --force it is written over" in error
    assert text_of(here(where.root, "cohort", "--output", tmp_path / "c.csv"))[0] == 0
    assert (tmp_path / "c.csv").read_bytes().startswith(b'\xef\xbb\xbf"person"')


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["autumn"], "there is no cohort and no file `autumn`; there are: spring"),
        (["x" * 5000], "there is no cohort and no file"),
        (["--person", "Nobody"], "nobody here is called `Nobody`, and no session is theirs"),
        (["--person", "Bo Lind"], "several people are called Bo Lind; name one by id: p-bo, p-b2"),
        (["--case", "no-case"], "there is no case `no-case`; there are: "),
        (["--sheet", "ranking"], "invalid choice: 'ranking'"),
        (["--format", "pdf"], "invalid choice: 'pdf'"),
    ],
)
def test_what_cannot_be_shown_is_said(where: Home, arguments: list[str], message: str) -> None:
    """In a sentence, with exit code 2."""
    code, out, error = text_of(here(where.root, "cohort", *arguments))
    assert (code, out) == (2, "")
    assert message in error


def test_a_cohort_file_with_mistakes_is_said(where: Home, tmp_path: Path) -> None:
    """One that is named cannot be used as it is; one that lies in the folder is told, and the rest is shown."""
    bad = tmp_path / "bad.yaml"
    bad.write_text("cohort: [\n")
    code, out, error = text_of(here(where.root, "cohort", bad))
    assert (code, out, "cannot be used as it is" in error) == (2, "", True)
    (where.cohorts / "bad.yaml").write_text("cohort: [\n")
    code, out, error = text_of(here(where.root, "cohort"))
    assert (code, "Ana Silva" in out, "bad.yaml:1" in error) == (0, True, True)


def test_a_cohort_in_the_shared_folder_is_found(where: Home, tmp_path: Path) -> None:
    """Whoever has never opened the app finds the cohorts that lie there as well."""
    shared = tmp_path / "shared" / "cohorts"
    shared.mkdir(parents=True)
    (shared / "winter.yaml").write_text(COHORT.replace("spring", "winter"))
    where.settings.write_text(where.settings.read_text() + f"shared: {shared.parent}\n")
    assert "Ana Silva" in said(where, "winter")


def test_an_index_that_cannot_be_used_is_said(where: Home) -> None:
    """A folder in its place is named, with what to do."""
    where.index.mkdir()
    code, out, error = text_of(here(where.root, "cohort"))
    assert (code, out) == (2, "")
    assert "The index cannot be used." in error
