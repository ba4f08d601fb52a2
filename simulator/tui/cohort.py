"""What a cohort shows: sheets to leaf through, of everybody, of one person, of one case."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.coordinate import Coordinate
from textual.events import Key
from textual.message import Message
from textual.screen import Screen
from textual.widgets import DataTable

from simulator.chain import ChainError
from simulator.cohort_sheets import SHEETS, Viewpoint
from simulator.index.case_views import seen_cases
from simulator.index.inbox import people_of
from simulator.index.store import Index, IndexTrouble
from simulator.sheet import Sheet
from simulator.text import one_line
from simulator.tui.lines import KeyLine, TopLine, Words
from simulator.tui.page import ClosesOnce
from simulator.tui.pick import PickScreen

if TYPE_CHECKING:
    from simulator.archive import Logged
    from simulator.tui.app import CaseloadApp
    from simulator.tui.desk import Desk

TITLES = {
    "completion": "finished",
    "growth": "growth",
    "indicators": "indicators",
    "criticals": "criticals",
    "confidence": "sureness",
    "responses": "responses",
    "never": "never picked",
    "overrides": "overrides",
    "unpractised": "unpractised",
}
"""Short names, for the line of sheets."""
GAP = "  "
LOW = 18
"""Lines under which only the sheet that is shown is named."""
HIGH = 30
"""Lines from which on there is room for everything that is to be said about a sheet."""
LONGEST = 40
"""Characters of a cell; a row that is lit is told in full below."""


class CohortScreen(ClosesOnce, Screen[None]):
    """Sheets about a cohort."""

    app: CaseloadApp
    CSS_PATH = "cohort.tcss"
    HELP = (
        "Digits, or Tab, leaf through the sheets: who has finished what, growth, levels by indicator, criticals, how "
        "sure people were, who chose what, what nobody picks, overrides, what has not been practised. p shows one "
        "person, c one case, g one cohort, x everybody and everything again. Enter opens the session that the lit cell "
        "tells of; on a name or a case, it shows that one alone. `caseload cohort --output FILE` writes a page, or a "
        "table for a spreadsheet."
    )
    BINDINGS: ClassVar = [
        Binding("tab", "leaf(1)", "Next sheet", id="cohort.next", priority=True, tooltip="The next sheet"),
        Binding(
            "shift+tab", "leaf(-1)", "Before", show=False, id="cohort.before", priority=True, tooltip="The sheet before"
        ),
        Binding("p", "person", "Who", id="cohort.person", tooltip="Only one person"),
        Binding("c", "case", "Case", id="cohort.case", tooltip="Only one case"),
        Binding("g", "group", "Cohort", id="cohort.group", tooltip="Only one cohort"),
        Binding("x", "everything", "Clear", id="cohort.clear", tooltip="Everybody and every case again"),
        Binding("q,escape", "dismiss", "Back", id="cohort.back", tooltip="Back to the inbox"),
    ]

    @dataclass
    class Made(Message):
        """A sheet has been made."""

        sheet: Sheet | None
        at: Viewpoint
        id: str
        trouble: str = ""

    @dataclass
    class Loaded(Message):
        """A session was replayed, to be opened."""

        logged: Logged | None
        why: str = ""

    def __init__(self, desk: Desk, index: Index) -> None:
        """With an index that somebody else closes."""
        super().__init__()
        self.desk = desk
        self.at = Viewpoint(
            index,
            desk.people,
            {case.scenario.id: case.scenario for case in desk.cases},
            desk.rubric,
            desk.today(),
            desk.settings.few,
            desk.cohorts.cohorts,
        )
        self.shown = next(iter(SHEETS))
        self.sheet: Sheet | None = None

    def help_now(self) -> str:
        """Say all there is to say about the sheet: it may have no room below it."""
        sheet = self.sheet
        return "\n\n".join([f"{sheet.title}. {sheet.about}", *sheet.notes]) if sheet else ""

    def fed(self) -> None:
        """Show what has come since."""
        self._make()

    def on_resize(self) -> None:
        """Tell as much as there is room for."""
        self._name_sheets()
        self._tell_notes()

    def _tell_notes(self) -> None:
        """Say what is to be said about the sheet; where there is little room, the first of it."""
        notes = self.sheet.notes if self.sheet else ()
        if self.size.height < HIGH and len(notes) > 1:
            notes = (f"{notes[0]} (? says more)",)
        self.query_one("#cohort-notes", Words).say("\n".join(notes))

    def _name_sheets(self) -> None:
        """Name the sheets, each with its number, which is never parted from it."""
        names = [
            f"[{number}] {TITLES[each]}" if each == self.shown else f"{number} {TITLES[each]}"
            for number, each in enumerate(SHEETS, 1)
        ]
        if self.size.height < LOW:
            names = [f"[{list(SHEETS).index(self.shown) + 1}] {TITLES[self.shown]}", f"1-{len(SHEETS)}: others"]
        lines = [""]
        for name in names:
            if lines[-1] and len(lines[-1]) + len(GAP) + len(name) > self.size.width - 2:
                lines.append("")
            lines[-1] += f"{GAP}{name}" if lines[-1] else name
        self.query_one("#cohort-sheets", Words).say("\n".join(lines))

    def compose(self) -> ComposeResult:
        """Lay out the names of the sheets, one sheet, and what stands in the lit cell."""
        yield TopLine("Cohort", "")
        yield Words(id="cohort-sheets")
        yield Words(id="cohort-about", classes="muted")
        yield DataTable(id="cohort-table", cursor_type="cell", zebra_stripes=True)
        yield Words(id="cohort-cell")
        yield Words(id="cohort-notes", classes="muted")
        yield KeyLine()

    def on_mount(self) -> None:
        """Open on who has finished what."""
        self.query_one(DataTable).focus()
        self._make()

    def on_key(self, event: Key) -> None:
        """Leaf by number."""
        ids = list(SHEETS)
        if (event.character or " ") in "123456789" and int(event.character or 0) <= len(ids):
            self.shown = ids[int(event.character or 0) - 1]
            self._make()

    def action_leaf(self, by: int) -> None:
        """Show the next sheet, or the one before."""
        ids = list(SHEETS)
        self.shown = ids[(ids.index(self.shown) + by) % len(ids)]
        self._make()

    # -- whose, of which case -------------------------------------------------------------------

    def action_person(self) -> None:
        """Ask whose."""
        known = self.at.named({*self._everybody(), *(each for group in self.at.cohorts for each in group.people)})
        options = [("", "everybody"), *((each, self.desk.people.name(each)) for each in known)]
        self._pick("Who?", options, "person")

    def _everybody(self) -> set[str]:
        try:
            return set(people_of(self.at.index))
        except IndexTrouble as trouble:
            self.app.tell(str(trouble), bad=True)
            return set()

    def action_case(self) -> None:
        """Ask of which case."""
        try:
            known = {scenario: title for scenario, title, _ in seen_cases(self.at.index)}
        except IndexTrouble as trouble:
            self.app.tell(str(trouble), bad=True)
            return
        options = sorted(known.items(), key=lambda each: each[1].casefold())
        self._pick("Which case?", [("", "every case"), *options], "scenario")

    def action_group(self) -> None:
        """Ask of which cohort."""
        known = self.desk.cohorts.cohorts
        if not known:
            self.app.tell("There is no cohort file yet; the README says how one is written.")
            return

        def picked(name: str | None) -> None:
            if name is not None:
                self.at = replace(self.at, cohorts=tuple(each for each in known if name in ("", each.id)))
                self._make()

        options = [("", "all cohorts"), *((each.id, each.title) for each in known)]
        self.app.push_screen(PickScreen("Which cohort?", options), picked)

    def action_everything(self) -> None:
        """Show everybody and every case."""
        self.at = replace(self.at, person="", scenario="", cohorts=self.desk.cohorts.cohorts)
        self._make()

    def _pick(self, title: str, options: list[tuple[str, str]], what: str) -> None:
        def picked(name: str | None) -> None:
            if name is not None:
                self.at = replace(self.at, **{what: name})  # type: ignore[arg-type]
                self._make()

        self.app.push_screen(PickScreen(title, options), picked)

    # -- the sheet --------------------------------------------------------------------------------

    @work(thread=True, exclusive=True)
    def _make(self) -> None:
        at, shown = self.at, self.shown
        try:
            self.post_message(self.Made(SHEETS[shown](at), at, shown))
        except IndexTrouble as trouble:
            self.post_message(self.Made(None, at, shown, str(trouble)))

    @on(Made)
    def _show(self, made: Made) -> None:
        if (made.at, made.id) != (self.at, self.shown):
            return
        if made.sheet is None:
            self.app.tell(made.trouble, bad=True)
            return
        self.sheet = sheet = made.sheet
        self.query_one(TopLine).say(sheet.title, " · ".join(self._looked_at()))
        self._name_sheets()
        about = sheet.about if sheet.rows else f"{sheet.about} {sheet.nothing}"
        self.query_one("#cohort-about", Words).say(about)
        self._tell_notes()
        table: DataTable[Text] = self.query_one(DataTable)
        table.clear(columns=True)
        table.fixed_columns = 1 if len(sheet.columns) > 3 else 0
        table.add_columns(*(Text(one_line(column.title, 60)) for column in sheet.columns))
        for row in sheet.rows:
            table.add_row(*(Text(one_line(cell.text, LONGEST), self._style(cell.tone)) for cell in row))
        table.focus()
        self._tell_cell(table.cursor_coordinate)

    def _style(self, tone: str) -> str:
        """Colour what the text says as well, in colours that can be read in every theme."""
        error, accent = (self.app.theme_variables[name] for name in ("error", "accent"))
        return {"critical": f"bold {error}", "harmful": error, "poor": accent}.get(tone, "")

    def _looked_at(self) -> list[str]:
        at = self.at
        told = [each.title for each in at.cohorts] if len(at.cohorts) == 1 else []
        told += [at.names.name(at.person)] if at.person else []
        told += [at.title(at.scenario)] if at.scenario else []
        return [one_line(each, 30) for each in told] or ["everybody"]

    @on(DataTable.CellHighlighted)
    def _lit(self, event: DataTable.CellHighlighted) -> None:
        self._tell_cell(event.coordinate)

    def _tell_cell(self, coordinate: Coordinate) -> None:
        """Tell in full what the table has no room for."""
        told = ""
        sheet, (row, column) = self.sheet, coordinate
        if sheet is not None and 0 <= row < len(sheet.rows) and 0 <= column < len(sheet.columns):
            cell = sheet.rows[row][column]
            told = f"{sheet.columns[column].title}: {cell.text}" if cell.text else sheet.columns[column].title
            if column and sheet.rows[row][0].text:
                told = f"{sheet.rows[row][0].text}, {told}"
            told += "  (Enter opens the session)" if cell.session else ""
        self.query_one("#cohort-cell", Words).say(told)

    @on(DataTable.CellSelected)
    def _open_cell(self, event: DataTable.CellSelected) -> None:
        sheet, (row, column) = self.sheet, event.coordinate
        if sheet is None or not (0 <= row < len(sheet.rows) and 0 <= column < len(sheet.columns)):
            return
        cells = sheet.rows[row]
        person, scenario = cells[column].person or self.at.person, cells[column].scenario or self.at.scenario
        if (person, scenario) != (self.at.person, self.at.scenario):
            self.at = replace(self.at, person=person, scenario=scenario)
            self._make()
            return
        # Whoever stands in a row of one session means that one, wherever they stand.
        of_row = [cell.session for cell in cells if cell.session]
        session = cells[column].session or (of_row[0] if len(of_row) == 1 else "")
        if session:
            self._load(session)

    @work(thread=True, exclusive=True, group="load")
    def _load(self, session: str) -> None:
        path = self.desk.archive.path(session)
        try:
            logged = None if path is None else self.desk.archive.load(path)
        except ChainError as error:
            self.post_message(self.Loaded(None, str(error)))
        else:
            self.post_message(self.Loaded(logged, "" if logged else "That session is not in this home."))

    @on(Loaded)
    def _loaded(self, loaded: Loaded) -> None:
        from simulator.tui.reviewing import ReviewScreen

        if loaded.logged is None:
            self.app.tell(loaded.why, bad=True)
        elif self.is_active:
            self.app.push_screen(ReviewScreen(self.desk, loaded.logged))
