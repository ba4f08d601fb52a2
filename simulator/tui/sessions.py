"""The sessions of whoever is at the keyboard."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.message import Message
from textual.screen import Screen
from textual.widgets import DataTable

from simulator.archive import Logged, Unreadable
from simulator.listing import Row, again, attempts, criticals, signed_off, state
from simulator.tui.lines import KeyLine, TopLine, Words
from simulator.tui.page import ClosesOnce

if TYPE_CHECKING:
    from simulator.tui.app import CaseloadApp
    from simulator.tui.desk import Desk


class _SessionList(ClosesOnce, Screen[None]):
    """A table of sessions, filled by a worker."""

    app: CaseloadApp
    CSS_PATH = "sessions.tcss"
    TITLE_TEXT = ""
    NOTHING = ""
    COLUMNS: ClassVar[tuple[str, ...]] = ()
    BINDINGS: ClassVar = [
        Binding("q,escape", "dismiss", "Back", id="sessions.back", tooltip="Back to the library"),
    ]

    @dataclass
    class Looked(Message):
        """The journals have been replayed."""

        rows: list[Row]
        cells: list[list[Text]]

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.rows: list[Row] = []
        self._attempts: dict[str, int] = {}
        """Which attempt of its person at its case each session is."""

    def compose(self) -> ComposeResult:
        """Lay out the table."""
        yield TopLine(self.TITLE_TEXT, self.desk.person.name if self.desk.person else "")
        yield DataTable(id="sessions", cursor_type="row", zebra_stripes=True)
        yield Words("Replaying the journals…", id="sessions-note", classes="muted")
        yield KeyLine()

    def on_mount(self) -> None:
        """Name the columns."""
        self.query_one(DataTable).add_columns(*self.COLUMNS)

    def on_screen_resume(self) -> None:
        """Look again when coming back."""
        self._look()

    @work(thread=True, exclusive=True)
    def _look(self) -> None:
        person = self.desk.person
        rows = self.pick(self.desk.archive.sessions(person.id if person else ""))
        cells = [[Text(cell) for cell in self.cells(row)] for row in rows]
        self.post_message(self.Looked(rows, cells))

    @on(Looked)
    def _fill(self, looked: Looked) -> None:
        rows = looked.rows
        table: DataTable[Text] = self.query_one(DataTable)
        at = table.cursor_row
        self.rows = rows
        table.clear()
        for cells in looked.cells:
            table.add_row(*cells, height=max(cell.plain.count("\n") for cell in cells) + 1)
        table.move_cursor(row=min(at, max(0, len(rows) - 1)))
        self.query_one("#sessions-note", Words).say("Enter or a click opens one." if rows else self.NOTHING)
        table.focus()
        self.filled()

    def filled(self) -> None:
        """Do what was waiting for the list."""

    def pick(self, rows: Iterable[Row]) -> list[Row]:
        """Choose and sort what is listed."""
        raise NotImplementedError

    def cells(self, row: Row) -> list[str]:
        """Return a row's cells."""
        raise NotImplementedError

    def case(self, row: Logged) -> str:
        """Name a session's case; below it, what it was played for, and where it comes from if it was begun again."""
        more = ", ".join(each for each in (row.purpose, again(row, self._attempts)) if each)
        return f"{row.scenario.title}\n{more}" if more else row.scenario.title

    def opened(self, row: Row) -> None:
        """Open a row."""
        raise NotImplementedError

    @on(DataTable.RowSelected)
    def _selected(self, event: DataTable.RowSelected) -> None:
        if 0 <= event.cursor_row < len(self.rows):
            row = self.rows[event.cursor_row]
            if isinstance(row, Unreadable):
                self.app.tell(row.why, bad=True)
            else:
                self.opened(row)


class SessionsScreen(_SessionList):
    """A trainee's own sessions."""

    TITLE_TEXT = "Your sessions"
    NOTHING = "You have not played yet."
    HELP = "Enter opens the debrief of a session that came to its end, and goes on with one that did not."
    COLUMNS = ("when", "case", "reviewed", "how it ended", "criticals")

    def pick(self, rows: Iterable[Row]) -> list[Row]:
        """Only one's own."""
        found = list(rows)
        self._attempts = attempts(found)
        return list(self.desk.mine(found))

    def cells(self, row: Row) -> list[str]:
        """Return when, what, how it ended."""
        assert isinstance(row, Logged)  # noqa: S101 - `pick` keeps no others
        found = criticals(row)
        return [
            row.recorded.touched[:10],
            self.case(row),
            self._reviewed(row),
            state(row),
            str(found) if found else "",
        ]

    def _reviewed(self, row: Logged) -> str:
        if self.desk.sent_back(row):
            return "sent back"
        return "yes" if signed_off(self.desk.where, row) else ""

    def opened(self, row: Row) -> None:
        """Open the debrief, or go on."""
        from simulator.chain import ChainError
        from simulator.durable import NotSaved
        from simulator.tui.debrief import DebriefScreen
        from simulator.tui.meeting import MeetingScreen

        assert isinstance(row, Logged)  # noqa: S101
        try:
            play = self.desk.resume(row.recorded.path, row.scenario.id)
        except (ChainError, NotSaved) as error:
            self.app.tell(str(error), bad=True)
            return
        screen = DebriefScreen if play.session.ending is not None else MeetingScreen
        self.app.push_screen(screen(self.desk, play))
