"""The supervisor's inbox: what needs eyes first, found and opened without leaving the keyboard.

What the index holds is shown at once; what was handed in meanwhile is brought in beside that, and shown when it is
there. Names come from the people file of this home; the index knows ids only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, ClassVar, Protocol, TypeVar, runtime_checkable

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.message import Message
from textual.screen import Screen
from textual.widgets import DataTable, Input

from scoring.rubric import DIMENSIONS
from simulator.archive import Logged
from simulator.chain import ChainError
from simulator.inbox_telling import RESULTS_MEAN, came_to, day, standing, why
from simulator.index.case_views import seen_cases
from simulator.index.inbox import Counts, Inbox, Item, Wanted, inbox, people_of
from simulator.index.store import Index, IndexTrouble
from simulator.journal import PRACTICE
from simulator.text import one_line
from simulator.tui.lines import KeyLine, TopLine, Words
from simulator.tui.page import ClosesOnce
from simulator.tui.pick import PickScreen
from simulator.wording import counted

if TYPE_CHECKING:
    from simulator.intake import Intake
    from simulator.tui.app import CaseloadApp
    from simulator.tui.desk import Desk

T = TypeVar("T")
PAGE = 200
"""Lines that are shown at once."""
STATES = {
    "open": "to review",
    "signed off": "signed off",
    "sent back": "sent back",
    "practice": "practice",
    "unfinished": "unfinished",
    "damaged": "damaged",
    "all": "everything",
}
DAYS = {0: "any time", 7: "last 7 days", 30: "last 30 days", 90: "last 90 days"}
UNLISTED = frozenset({"time"})
"""Actions that the line at the bottom has no room for; help and the palette have them."""
LONGEST_TITLE = 40
"""Characters of a case's title in the list; longer ones are told in full below it."""
ROOM = 60
"""Columns that a line has which was found; all of it is told below the list."""
NOTHING = "There is nothing to review. v shows what is done."
MORE = "There are more: ] shows them."
OPENS = "Enter opens one; / finds words; ? helps."
NOTHING_FOUND = "Nothing was found. x shows everything to review."
CONTRADICTS = "This is not what was first seen here; `caseload verify` says where."
COLUMNS = ("why", "when", "who", "case", "r / o / e", "how it stands")


@runtime_checkable
class Fed(Protocol):
    """A screen that shows what the index holds."""

    def fed(self) -> None:
        """Show what has come since."""


class InboxScreen(ClosesOnce, Screen[None]):
    """What needs eyes first."""

    app: CaseloadApp
    CSS_PATH = "inbox.tcss"
    HELP = (
        "Criticals stand first, then what somebody was sure of that was harmful, then notes to rate, then what is "
        "overdue, then the rest. Enter opens a session; the lit line is told in full below the list. p, c, d, t and v "
        "say whose, which case, low marks on which dimension, since when and in which state; x shows everything to "
        "review again. / finds words in what was written, and in what was said where they were. [ and ] leaf through a "
        f"long list, u looks what has been handed in, o shows the cohort. {RESULTS_MEAN} Practice shows as a summary "
        "only."
    )
    BINDINGS: ClassVar = [
        Binding(
            "slash",
            "search",
            "Find",
            key_display="/",
            id="inbox.search",
            tooltip="Find words in what was written and said",
        ),
        Binding("p", "person", "Who", id="inbox.person", tooltip="Only one person's sessions"),
        Binding("c", "case", "Case", id="inbox.case", tooltip="Only sessions of one case"),
        Binding("d", "dimension", "Low on", id="inbox.dimension", tooltip="Only what has low marks on a dimension"),
        Binding("t", "time", "When", id="inbox.time", tooltip="Only what is new enough"),
        Binding("v", "state", "State", id="inbox.state", tooltip="To review, signed off, sent back, practice, …"),
        Binding("x", "everything", "Clear", id="inbox.clear", tooltip="Show everything to review again"),
        Binding("o", "cohort", "Cohort", id="inbox.cohort", tooltip="Who has finished what, and what it shows"),
        Binding("u", "look_again", "Look again", show=False, id="inbox.update", tooltip="See what has been handed in"),
        Binding("right_square_bracket", "page(1)", "More", show=False, id="inbox.more", tooltip="The next lines"),
        Binding("left_square_bracket", "page(-1)", "Back up", show=False, id="inbox.less", tooltip="The lines before"),
        Binding("q,escape", "back", "Back", id="inbox.back", tooltip="Back to the library"),
    ]

    @dataclass
    class Looked(Message):
        """The index was asked, or could not be."""

        found: Inbox | None
        wanted: Wanted
        trouble: str = ""

    @dataclass
    class Doing(Message):
        """Something is being done."""

        what: str
        look: bool
        """Whether there is more to be listed now."""

    @dataclass
    class Came(Message):
        """Everything was brought in, or not; then why."""

        intake: Intake | None
        trouble: str = ""

    @dataclass
    class Loaded(Message):
        """A session was replayed, to be opened."""

        logged: Logged | None
        why: str = ""

    def __init__(self, desk: Desk, session: str = "", *, cohort: bool = False) -> None:
        """With `session`, open that one; with `cohort`, what the cohort shows."""
        super().__init__()
        self.desk = desk
        self._cohort = cohort
        self.wanted = Wanted(limit=PAGE)
        self.items: tuple[Item, ...] = ()
        self.contradicted: frozenset[str] = frozenset()
        self._named = session
        """The session that the command line asked for."""
        self._days = 0
        self._before = "open"
        """The state that was asked for before somebody looked for words."""
        self._more = False
        self._index: Index | None = None
        self._news = "Opening the index…"
        """What is being done, or what came of it."""
        self._hint = ""
        """What is said where nothing is listed, or more than there is room for."""
        self._busy = False
        """Whether everything is being brought in just now."""
        self._again = False
        """Whether that has to be done once more afterwards."""
        self._left = False
        """Whether somebody was elsewhere, and may have changed what is listed."""

    def compose(self) -> ComposeResult:
        """Lay out what is looked for, the list, and what is being done."""
        yield TopLine("Inbox", self.desk.person.name if self.desk.person else "")
        yield Words(id="inbox-filters", classes="muted")
        yield Input(placeholder="Words to look for; Enter finds them, Escape gives up", id="inbox-words")
        yield DataTable(id="inbox-table", cursor_type="row", zebra_stripes=True)
        yield Words(id="inbox-lit")
        yield Words(self._news, id="inbox-note", classes="muted")
        yield KeyLine(UNLISTED)

    def on_mount(self) -> None:
        """Show what is known, and look what is new."""
        self.query_one("#inbox-words").display = False
        self.query_one(DataTable).add_columns(*COLUMNS)
        self.query_one(DataTable).focus()
        self._say_filters()
        self._bring_in()

    def on_screen_resume(self) -> None:
        """Look again when coming back from a session: what was signed off is done."""
        if self._left:
            self._left = False
            self._bring_in(collecting=False)

    def on_unmount(self) -> None:
        """Let go of the index, unless it is being filled still: then whoever fills it does."""
        if self._index is not None and not self._busy:
            self._index.close()

    # -- what is looked for -------------------------------------------------------------------

    def _ask(self, **changes: object) -> None:
        """Look for something else, from the top."""
        self.wanted = replace(self.wanted, **{"offset": 0, **changes})  # type: ignore[arg-type]
        self._say_filters()
        self._look()

    def _say_filters(self) -> None:
        asked = self.wanted
        titles = self._titles() if asked.scenario else {}
        told = [
            STATES[asked.state],
            self.desk.people.name(asked.person) if asked.person else "everybody",
            titles.get(asked.scenario, asked.scenario) if asked.scenario else "all cases",
            f"low on {asked.dimension}" if asked.dimension else "",
            DAYS[self._days],
            f"“{asked.words}”" if asked.words else "",
        ]
        self.query_one("#inbox-filters", Words).say(" · ".join(one_line(each, 60) for each in told if each))

    def _titles(self) -> dict[str, str]:
        """Name every case: those of the library, and those that were played and are in it no more."""
        played = {scenario: title for scenario, title, _ in self._asked(seen_cases) or ()}
        return played | {case.scenario.id: case.scenario.title for case in self.desk.cases}

    def action_person(self) -> None:
        """Ask whose sessions are meant."""
        known = self._asked(people_of) or {}
        named = sorted(((self.desk.people.name(each), each) for each in known), key=lambda each: each[0].casefold())
        self._pick("Whose sessions?", [("", "everybody"), *((each, name) for name, each in named)], "person")

    def action_case(self) -> None:
        """Ask which case is meant."""
        titles = sorted(self._titles().items(), key=lambda each: each[1].casefold())
        self._pick("Sessions of which case?", [("", "all cases"), *titles], "scenario")

    def action_dimension(self) -> None:
        """Go to the next dimension, then to any."""
        ways = ("", *DIMENSIONS)
        self._ask(dimension=ways[(ways.index(self.wanted.dimension) + 1) % len(ways)])

    def action_time(self) -> None:
        """Go to the next span of time."""
        ways = list(DAYS)
        self._days = ways[(ways.index(self._days) + 1) % len(ways)]
        self._ask(since=str(self.desk.today() - timedelta(days=self._days)) if self._days else "")

    def action_state(self) -> None:
        """Ask which state is meant."""
        self._pick("Which sessions?", list(STATES.items()), "state")

    def action_everything(self) -> None:
        """Show everything that is to be reviewed."""
        self._days = 0
        words = self.query_one("#inbox-words", Input)
        words.value, words.display = "", False
        self._before = "open"
        self.wanted = Wanted(limit=PAGE)
        self._ask()

    def _pick(self, title: str, options: list[tuple[str, str]], what: str) -> None:
        def picked(name: str | None) -> None:
            if name is not None:
                self._ask(**{what: name})

        self.app.push_screen(PickScreen(title, options), picked)

    def action_search(self) -> None:
        """Type words to look for."""
        words = self.query_one("#inbox-words", Input)
        words.display = True
        words.focus()

    @on(Input.Submitted)
    def _find(self, event: Input.Submitted) -> None:
        words = one_line(event.value)
        event.input.value, event.input.display = words, False
        # Whoever looks for words looks everywhere, not only among what waits.
        if words and not self.wanted.words:
            self._before = self.wanted.state
            self._ask(words=words, state="all")
        else:
            self._ask(words=words, state=self.wanted.state if words else self._before)
        self.query_one(DataTable).focus()

    def action_back(self) -> None:
        """Stop typing, else leave."""
        words = self.query_one("#inbox-words", Input)
        if words.has_focus:
            words.value, words.display = self.wanted.words, False
            self.query_one(DataTable).focus()
        else:
            self.dismiss()

    def action_page(self, by: int) -> None:
        """Show the lines after these, or before."""
        offset = self.wanted.offset + by * PAGE
        if offset >= 0 and (by < 0 or self._more):
            self.wanted = replace(self.wanted, offset=offset)
            self._look()

    # -- asking the index ---------------------------------------------------------------------

    def _asked(self, question: Callable[[Index], T]) -> T | None:
        """Ask the index something small; None, with a message, if it cannot be asked."""
        try:
            return None if self._index is None else question(self._index)
        except IndexTrouble as trouble:
            self.app.tell(str(trouble), bad=True)
            return None

    @work(thread=True, exclusive=True, group="look")
    def _look(self) -> None:
        index, wanted = self._index, self.wanted
        if index is None:
            return
        try:
            self.post_message(self.Looked(inbox(index, wanted, self.desk.overdue(index)), wanted))
        except IndexTrouble as trouble:
            self.post_message(self.Looked(None, wanted, str(trouble)))

    def _bring_in(self, *, collecting: bool = True) -> None:
        """Bring everything together, beside what is looked at; never twice at once."""
        if self._busy:
            self._again = True
        else:
            self._busy = True
            self._take_in(collecting)

    @work(thread=True, group="bring")
    def _take_in(self, collecting: bool) -> None:
        from textual.worker import get_current_worker

        from simulator.intake import take_in

        desk, worker = self.desk, get_current_worker()
        index = self._index
        try:
            if index is None:
                index = Index.open(desk.where, desk.settings.index)
                self._index = index
                self.post_message(self.Doing("Looking what is new…", look=True))
            library = frozenset(case.source.hash for case in desk.cases)
            done = take_in(
                *(desk.where, desk.settings, index, library, self._progress, lambda: worker.is_cancelled),
                collecting=collecting,
            )
        except IndexTrouble as trouble:
            self.post_message(self.Came(None, str(trouble)))
        else:
            self.post_message(self.Came(done))
        if worker.is_cancelled and index is not None:
            index.close()

    def _progress(self, what: str, number: int, of: int) -> None:
        """Say what is being done; only now and then, so that the screen has its time."""
        if of and (number == of or number % 50 == 0):
            # What the cases make possible may take seconds to find out; the sessions are here already.
            self.post_message(self.Doing(f"{what}: {number:,} of {of:,}…", look=number == of))

    @on(Doing)
    def _say_progress(self, doing: Doing) -> None:
        self._tell_news(doing.what)
        if doing.look:
            self._look()

    def _tell_news(self, news: str) -> None:
        """Say what is being done or came of it."""
        self._news = news
        self.query_one("#inbox-note", Words).say(f"{news} {self._hint}".strip())

    @on(Came)
    def _came(self, came: Came) -> None:
        self._busy = False
        if came.intake is None:
            self._cohort = False
            self._tell_news(came.trouble)
            self.app.tell(came.trouble, bad=True)
            return
        if self._again or (came.intake.updated is not None and came.intake.updated.busy):
            # Somebody else fills it; what they do not know yet is looked at when they are done.
            self._again = False
            self.set_timer(1, lambda: self._bring_in(collecting=False))
        self.contradicted = came.intake.contradicted
        self._news = " ".join(_news(came.intake))
        self._look()
        named, self._named = self._named, ""
        if named:
            self._open_named(named)
        if self._cohort:
            self._cohort = False
            self.action_cohort()
        for screen in self.app.screen_stack:
            if isinstance(screen, Fed):
                screen.fed()

    def action_look_again(self) -> None:
        """See what has been handed in."""
        self._tell_news("Looking…")
        self._bring_in()

    @on(Looked)
    def _show(self, looked: Looked) -> None:
        if looked.wanted != self.wanted:
            return
        if looked.found is None:
            self._tell_news(looked.trouble)
            self.app.tell(looked.trouble, bad=True)
            return
        table: DataTable[Text] = self.query_one(DataTable)
        at = self.items[table.cursor_row].session if 0 <= table.cursor_row < len(self.items) else ""
        row = table.cursor_row
        self.items, self._more = looked.found.items, looked.found.more
        table.clear()
        self._make_room(any(item.found for item in self.items))
        for item in self.items:
            cells = self._cells(item)
            table.add_row(*(Text(cell) for cell in cells), height=max(cell.count("\n") for cell in cells) + 1)
        same = next((number for number, item in enumerate(self.items) if at and item.session == at), row)
        table.move_cursor(row=min(same, max(0, len(self.items) - 1)))
        self.query_one(TopLine).say(right=" · ".join(_totals(looked.found.counts)))
        if self.items:
            self._hint = MORE if self._more else OPENS
        else:
            # While sessions are still brought in, nobody can say that there are none.
            nothing = NOTHING if self.wanted == Wanted(limit=PAGE) else NOTHING_FOUND
            self._hint = "" if self._busy else nothing
        self._tell_news(self._news)
        self._tell_lit(table.cursor_row)

    def _make_room(self, found: bool) -> None:
        """Give lines that were found some room below their cases: the list would not by itself."""
        case = self.query_one(DataTable).ordered_columns[COLUMNS.index("case")]
        case.auto_width, case.width = not found, ROOM

    def _cells(self, item: Item) -> list[str]:
        case = one_line(item.title, LONGEST_TITLE)
        if item.found:
            case += f"\n{item.found}"
        return [
            why(item, self.contradicted),
            self._day(day(item)),
            one_line(self.desk.people.name(item.person), 18),
            case,
            came_to(item),
            standing(item),
        ]

    def _day(self, iso: str) -> str:
        """Say a day as people do; the year only where it is another."""
        try:
            found = date.fromisoformat(iso)
        except ValueError:
            return iso
        return f"{found.day} {found:%b}" if found.year == self.desk.today().year else f"{found:%b} {found.year}"

    @on(DataTable.RowHighlighted)
    def _lit(self, event: DataTable.RowHighlighted) -> None:
        self._tell_lit(event.cursor_row)

    def _tell_lit(self, row: int) -> None:
        """Tell in full what the list has no room for."""
        told = ""
        if 0 <= row < len(self.items):
            item = self.items[row]
            whole = f"{one_line(item.title, 200)}: " if len(item.title) > LONGEST_TITLE else ""
            name = one_line(self.desk.people.name(item.person), 60)
            told = " · ".join(each for each in (day(item), name, f"{whole}{standing(item)}") if each)
            against = CONTRADICTS if item.session in self.contradicted else ""
            lines = (told, f"“{item.found}”" if item.found else "", one_line(item.trouble or against, 300))
            told = "\n".join(line for line in lines if line)
        self.query_one("#inbox-lit", Words).say(told)

    # -- opening a session ----------------------------------------------------------------------

    @on(DataTable.RowSelected)
    def _selected(self, event: DataTable.RowSelected) -> None:
        if not 0 <= event.cursor_row < len(self.items):
            return
        item = self.items[event.cursor_row]
        if item.session:
            self._load(item.session)
        else:
            name = self.desk.people.name(item.person)
            self.app.tell(f"{name} should have finished “{item.title}” by {item.due}, and has not.")

    @work(thread=True, exclusive=True, group="load")
    def _load(self, session: str) -> None:
        try:
            logged = self._replayed(session)
        except ChainError as error:
            self.post_message(self.Loaded(None, str(error)))
        else:
            self.post_message(self.Loaded(logged, "" if logged else "That session is not here any more."))

    def _replayed(self, session: str) -> Logged | None:
        path = self.desk.archive.path(session)
        return None if path is None else self.desk.archive.load(path)

    @on(Loaded)
    def _loaded(self, loaded: Loaded) -> None:
        if loaded.logged is None:
            self.app.tell(loaded.why, bad=True)
        elif self.is_active:
            self._left = True
            self._open(loaded.logged)

    def _open(self, logged: Logged) -> None:
        from simulator.tui.reviewing import ReviewScreen

        self.app.push_screen(ReviewScreen(self.desk, logged, self._onward(logged.id)))

    def _open_named(self, name: str) -> None:
        found = self.desk.archive.alike(name)
        if len(found) == 1:
            self._load(found[0].stem)
        elif found:
            self.app.tell(f"{len(found)} sessions begin with {name}; type a little more of the id.", bad=True)
        else:
            self.app.tell(f"There is no session {name} that can be read.", bad=True)

    def _onward(self, session: str) -> Callable[[], Logged | None]:
        """Return what finds the session to review after this one, in the order of the list."""
        behind = self._after(session)

        def onward() -> Logged | None:
            for item in behind:
                try:
                    if logged := self._replayed(item.session):
                        return logged
                except ChainError:
                    continue
            return None

        return onward

    def _after(self, session: str) -> Iterator[Item]:
        ids = [item.session for item in self.items]
        start = ids.index(session) + 1 if session in ids else 0
        return (item for item in self.items[start:] if item.session and item.purpose != PRACTICE)

    def action_cohort(self) -> None:
        """Open what the cohort shows."""
        from simulator.tui.cohort import CohortScreen

        if self._index is None:
            self.app.tell("The index is not open yet.")
        elif self.is_active:
            self.app.push_screen(CohortScreen(self.desk, self._index))


def _totals(counts: Counts) -> Iterator[str]:
    if counts.criticals:
        yield counted(counts.criticals, "critical")
    if counts.sure_and_harmful:
        yield f"{counts.sure_and_harmful} sure and harmful"
    if counts.to_rate:
        yield f"{counts.to_rate} to rate"
    if counts.overdue:
        yield f"{counts.overdue} overdue"
    yield f"{counts.open:,} to review"


def _news(intake: Intake) -> Iterator[str]:
    """Say what came, and what went otherwise than it should."""
    if found := intake.collected:
        if found.new or found.longer:
            yield f"Handed in: {len(found.new):,} new, {len(found.longer):,} gone on."
        else:
            yield "Nothing new was handed in."
    yield from intake.notices
    if intake.updated is not None and not intake.notices:
        yield f"{counted(intake.updated.sessions, 'session')}."
