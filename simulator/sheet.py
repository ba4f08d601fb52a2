"""A table that people look at, told the same everywhere: on the screen, as text, as CSV, on a page, for tools.

Whoever makes a sheet says once what stands in it and what may not be concluded from it; nobody who shows it adds to
that.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from simulator.report import WIDTH, wrap
from simulator.tables import harmless
from simulator.text import one_line

GAP = "  "
LONGEST_CELL = 60
"""Characters of a cell in text; CSV, JSON and pages have all of it."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One thing in a table."""

    text: str
    session: str = ""
    """The session it tells of, which somebody may want to open."""
    tone: str = ""
    """A level, or `critical`: how a page or a screen colours it. The text says it as well."""
    person: str = ""
    """The person it is about, whom somebody may want to look at alone."""
    scenario: str = ""
    """The case it is about, likewise."""


@dataclass(frozen=True, slots=True)
class Column:
    """What stands below each other."""

    key: str
    """For tools, stable."""
    title: str


Row = tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table, with what one should know about it."""

    id: str
    title: str
    about: str
    """What it shows, in a sentence or two."""
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    """What stands below it: what its signs mean, what may not be concluded."""
    nothing: str = "There is nothing to show yet."
    """What is said where there are no rows."""


def sheet_text(sheet: Sheet, width: int = WIDTH) -> str:
    """Write a sheet as text; what is wider than a line is told row by row."""
    lines = [sheet.title.upper(), wrap(sheet.about, width), ""]
    lines += _table(sheet, width) if sheet.rows else [sheet.nothing]
    lines += ["", *(wrap(note, width) for note in sheet.notes)] if sheet.notes else []
    return "\n".join(lines)


def _table(sheet: Sheet, width: int) -> Iterator[str]:
    cells = [[one_line(cell.text, LONGEST_CELL) for cell in row] for row in sheet.rows]
    titles = [column.title for column in sheet.columns]
    widths = [max(len(each[at]) for each in [titles, *cells]) for at in range(len(titles))]
    if sum(widths) + len(GAP) * (len(widths) - 1) <= width:
        yield from (GAP.join(map(str.ljust, each, widths)).rstrip() for each in [titles, *cells])
        return
    for row in sheet.rows:
        first, *others = zip(sheet.columns, row, strict=True)
        yield wrap(first[1].text or first[0].title, width)
        for column, cell in others:
            if cell.text:
                yield wrap(f"{column.title}: {cell.text}", width, "    ", 2)


def sheet_csv(sheet: Sheet) -> str:
    """Write a sheet as a table for a spreadsheet, which takes nothing in it for a formula."""
    table = io.StringIO(newline="")
    writer = csv.writer(table, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([harmless(column.title) for column in sheet.columns])
    writer.writerows([harmless(cell.text) for cell in row] for row in sheet.rows)
    return table.getvalue()


def sheet_json(sheet: Sheet) -> dict[str, object]:
    """Return a sheet as tools read it; the keys are stable."""
    return {
        "sheet": sheet.id,
        "title": sheet.title,
        "about": sheet.about,
        "columns": [{"key": column.key, "title": column.title} for column in sheet.columns],
        "rows": [_row_json(sheet.columns, row) for row in sheet.rows],
        "notes": list(sheet.notes),
    }


def _row_json(columns: Sequence[Column], row: Iterable[Cell]) -> dict[str, object]:
    return {
        column.key: {"text": cell.text, **({"session": cell.session} if cell.session else {})}
        for column, cell in zip(columns, row, strict=True)
    }
