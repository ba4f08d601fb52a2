"""A sheet is the same table everywhere: as text of any width, for spreadsheets, for tools."""

from __future__ import annotations

import csv
import io
import json

from simulator.sheet import Cell, Column, Sheet, sheet_csv, sheet_json, sheet_text

WIDE = Sheet(
    "completion",
    "Who has finished what",
    "What is assigned stands first.",
    (Column("person", "person"), Column("case-one", "A small case, due 2026-01-02"), Column("case-two", "Another")),
    (
        (Cell("Ana Silva", person="p-ana"), Cell("52 / 34 / !!", "20260304-1", "critical"), Cell("")),
        (Cell("Bo Lind", person="p-bo"), Cell("overdue, not begun", tone="harmful"), Cell("0 / – / 100", "20260304-2")),
    ),
    ("1 of 2 assignments finished, 1 overdue.", "!! where a critical stands in the number's place."),
)


def test_where_there_is_room_it_is_a_table() -> None:
    """Titles stand above their columns, in 80 characters; what it is about above, its notes below."""
    assert sheet_text(WIDE, 80).splitlines() == [
        "WHO HAS FINISHED WHAT",
        "What is assigned stands first.",
        "",
        "person     A small case, due 2026-01-02  Another",
        "Ana Silva  52 / 34 / !!",
        "Bo Lind    overdue, not begun            0 / – / 100",
        "",
        "1 of 2 assignments finished, 1 overdue.",
        "!! where a critical stands in the number's place.",
    ]


def test_where_there_is_none_it_is_told_row_by_row() -> None:
    """In 40 characters each row names its columns, empty cells are left out, and no line is wider."""
    lines = sheet_text(WIDE, 40).splitlines()
    assert max(map(len, lines)) <= 40
    assert lines[3:9] == [
        "Ana Silva",
        "    A small case, due 2026-01-02: 52 /",
        "      34 / !!",
        "Bo Lind",
        "    A small case, due 2026-01-02:",
        "      overdue, not begun",
    ]


def test_without_rows_it_says_that_there_are_none() -> None:
    """What is said then is the sheet's own."""
    empty = Sheet("never", "What nobody picks", "On offer.", (Column("a", "a"),), (), (), "Everything was picked.")
    assert sheet_text(empty).splitlines() == ["WHAT NOBODY PICKS", "On offer.", "", "Everything was picked."]
    assert sheet_csv(empty) == '"a"\r\n'
    assert sheet_json(empty)["rows"] == []


def test_nothing_in_it_is_a_formula_for_a_spreadsheet() -> None:
    """What begins like one is told as text, in titles and cells; quotes and line ends stay in their cells."""
    hostile = ("=1+1", "+1", "-1", "@SUM(A1)", '"x"\n=2', "\t=3")
    sheet = Sheet(
        "x",
        "x",
        "x",
        tuple(Column(str(number), text) for number, text in enumerate(hostile)),
        (tuple(map(Cell, hostile)),),
    )
    for row in csv.reader(io.StringIO(sheet_csv(sheet), newline="")):
        assert len(row) == len(hostile)
        assert not any(cell.lstrip().startswith(("=", "+", "-", "@")) for cell in row)


def test_a_session_is_named_where_there_is_one() -> None:
    """JSON has the text of each cell under its column's key, and the session that it tells of."""
    told = json.loads(json.dumps(sheet_json(WIDE)))
    assert list(told) == ["sheet", "title", "about", "columns", "rows", "notes"]
    assert told["columns"][1] == {"key": "case-one", "title": "A small case, due 2026-01-02"}
    assert told["rows"][0] == {
        "person": {"text": "Ana Silva"},
        "case-one": {"text": "52 / 34 / !!", "session": "20260304-1"},
        "case-two": {"text": ""},
    }


def test_a_column_may_be_named_like_another() -> None:
    """Two cases with one title are two columns, told apart by their keys."""
    twice = (Column("one", "A case"), Column("two", "A case"))
    sheet = Sheet("x", "x", "x", twice, ((Cell("1"), Cell("2")),))
    (row,) = sheet_json(sheet)["rows"]  # type: ignore[misc]
    assert {key: cell["text"] for key, cell in row.items()} == {"one": "1", "two": "2"}  # type: ignore[has-type]
    assert "A case  A case" in sheet_text(sheet)
