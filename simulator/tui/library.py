"""The first screen: what is unfinished, what can be played, and what one should know before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, VerticalScroll
from textual.message import Message
from textual.screen import Screen

from simulator.tui.choices import Choices, PicksByDigit
from simulator.tui.lines import KeyLine, TopLine, Words

if TYPE_CHECKING:
    from simulator.archive import Logged
    from simulator.cohort.assigned import Assigned
    from simulator.cohort.cohort_files import Cohorts
    from simulator.learning_path import LearningPath
    from simulator.library import Case
    from simulator.listing import Row
    from simulator.play import Play
    from simulator.tui.app import CaseloadApp
    from simulator.tui.desk import Desk

CONTINUE = "continue:"
CASE = "case:"
PLAYED = " ✓"
"""Behind the title of a case that somebody has come to an ending of."""


class LibraryScreen(PicksByDigit, Screen[None]):
    """The library."""

    app: CaseloadApp
    HORIZONTAL_BREAKPOINTS: ClassVar = [(0, "-slim"), (60, "-narrow"), (100, "-wide")]  # type: ignore[misc]
    HELP = (
        "This is the library. Pick a case to read its briefing and to play it; what you left unfinished stands first, "
        "and below it the cases for your first week, month and season, ✓ behind those that you have played. "
        "Everything you do is saved as you do it, so you can leave at any time."
    )
    BINDINGS: ClassVar = [
        Binding("v", "sessions", "Sessions", id="library.sessions", tooltip="Your sessions and their debriefs"),
        Binding(
            "g", "progress", "Progress", id="library.progress", tooltip="What your attempts show, and what to practise"
        ),
        Binding("r", "review", "Review", id="library.review", tooltip="The review desk, for supervisors"),
        Binding("f", "feedback", "Feedback", id="library.feedback", tooltip="Marks after each response, or at the end"),
        Binding("s", "sureness", "Sure?", id="library.sureness", tooltip="Be asked how sure you are, or not"),
        Binding("a", "write", "Write", id="library.write", tooltip="The author's desk: write the case that is lit"),
        Binding("w", "who", "Who", id="library.who", tooltip="Somebody else sits down at the keyboard"),
        Binding("pageup", "about(-1)", "Up", show=False, id="library.up", tooltip="What is said beside the list: up"),
        Binding("pagedown", "about(1)", "Down", show=False, id="library.down", tooltip="The same: down"),
        Binding("q", "app.quit", "Quit", id="library.quit", tooltip="Leave Caseload"),
    ]

    @dataclass
    class Looked(Message):
        """This person's sessions have been replayed."""

        mine: list[Logged]
        assigned: tuple[Assigned, ...] = ()
        sent_back: tuple[str, ...] = ()
        """Titles of cases."""

    @dataclass
    class Fetched(Message):
        """Somebody looked into the shared folder for what is assigned."""

        cohorts: Cohorts

    def __init__(self) -> None:
        super().__init__()
        self.desk: Desk | None = None
        self._mine: list[Logged] = []
        self._assigned: tuple[Assigned, ...] = ()
        """What is assigned to this person."""
        self._sent_back: tuple[str, ...] = ()
        """Titles of cases that a supervisor sent back."""
        self._fetching = False
        """Whether somebody is looking into the shared folder."""

    def compose(self) -> ComposeResult:
        """Lay out the list and what it says about the one that is lit."""
        yield TopLine("Caseload", "")
        with Horizontal(id="shelves"):
            yield Choices(id="cases")
            with VerticalScroll(id="about", can_focus=False):
                yield Words("Opening the library…", id="about-title", classes="heading")
                yield Words(id="about-facts", classes="muted")
                yield Words(id="about-text")
                yield Words(id="about-practises")
                yield Words(id="about-note", classes="alert")
                yield Words(id="about-results", classes="muted")
                yield Words(id="about-stage", classes="muted")
        yield Words(id="problems", classes="alert")
        # At 80 columns there is no room for all; help and the palette have it.
        yield KeyLine(("sureness",))

    def open(self, desk: Desk) -> None:
        """Show what has been loaded."""
        self.desk = desk
        who = desk.person.name if desk.person else ""
        feedback = "after each response" if desk.feedback == "each" else "at the end"
        sure = " · asks how sure" if desk.confidence else ""
        self.query_one(TopLine).say("Caseload · library", f"{who} · feedback {feedback}{sure}")
        self._complain(desk)
        self._look()
        self._fetch()

    def _complain(self, desk: Desk) -> None:
        """Say what cannot be used, or played."""
        from simulator.library_telling import missing_line
        from simulator.problem import Severity

        spoilt = [problem for problem in desk.cohorts.problems if problem.severity is Severity.ERROR]
        count = len({problem.place.file for problem in (*desk.problems, *spoilt)})
        files = f"{count} file{'s' if count != 1 else ''}"
        told = [f"{files} cannot be used as they are; `caseload check` says why."] if count else []
        known = {case.scenario.id for case in desk.cases}
        if missing := [each.case for each in self._assigned if each.open and each.case not in known]:
            told.append(f"Assigned, but not in your library: {', '.join(missing)}.")
        if missing_from_path := missing_line(desk.path, desk.cases):
            told.append(missing_from_path)
        if self._sent_back:
            cases = "; ".join(self._sent_back)
            told.insert(0, f"Sent back with what to practise: {cases} (v opens your sessions).")
        self.query_one("#problems", Words).say(" ".join(told))

    def on_screen_resume(self) -> None:
        """Look again at what is unfinished when coming back; what was just left is handed in."""
        if self.desk is not None:
            self.app.handing_in.soon()
            self.open(self.desk)

    @work(thread=True, exclusive=True)
    def _look(self) -> None:
        """Replay this person's sessions in the background."""
        desk = self.desk
        if desk is not None:
            rows: list[Row] = list(desk.archive.sessions(desk.person.id)) if desk.person else []
            mine = desk.mine(rows)
            # Newest first: whoever has played it once more since has done what was asked.
            last = {each.scenario.id: each for each in reversed(mine) if each.over and not each.again}
            back = tuple(each.scenario.title for each in last.values() if desk.sent_back(each))
            self.post_message(self.Looked(mine, desk.assigned(mine), back))

    def _fetch(self) -> None:
        """Look for what is assigned in the shared folder. Nobody waits for it, not even who quits meanwhile."""
        desk = self.desk
        if desk is None or desk.settings.shared is None or self._fetching:
            return
        self._fetching = True

        def fetch() -> None:
            found = desk.fetch()
            # The app may have been left meanwhile; then there is nobody to tell.
            with suppress(RuntimeError):
                self.post_message(self.Fetched(found))

        Thread(target=fetch, daemon=True).start()

    @on(Fetched)
    def _fetched(self, fetched: Fetched) -> None:
        self._fetching = False
        if self.desk is not None and self.desk.cohorts != fetched.cohorts:
            self.desk.cohorts = fetched.cohorts
            self._complain(self.desk)
            self._look()

    @on(Looked)
    async def _show(self, looked: Looked) -> None:
        desk = self.desk
        if desk is None:
            return
        self._mine, self._assigned, self._sent_back = looked.mine, looked.assigned, looked.sent_back
        self._complain(desk)
        everything, headings = _shelf(desk.cases, desk.path, looked.mine, looked.assigned)
        choices = self.query_one(Choices)
        lit = choices.ids[choices.on_number - 1] if choices.on_number else ""
        place = next((number for number, (id, _) in enumerate(everything, 1) if id == lit), 1)
        await choices.fill(everything, place, headings)
        if not everything:
            self.query_one("#about-title", Words).say("The library is empty.")
        if self.is_current:
            choices.focus()
        if desk.person is not None:
            # Else somebody is asked first who they are.
            self.app.call_later(self.app.opened)

    # -- what is lit --------------------------------------------------------------------------

    @on(Choices.Lit, "#cases")
    def _lit(self, event: Choices.Lit) -> None:
        kind, _, name = event.id.partition(":")
        if self.desk is None:
            return
        if kind == "continue":
            row = next((row for row in self._mine if row.id == name), None)
            case = None if row is None else next((c for c in self.desk.cases if c.scenario.id == row.scenario.id), None)
        else:
            case = next((case for case in self.desk.cases if case.scenario.id == name), None)
        if case is not None:
            self._about(case)

    def _about(self, case: Case) -> None:
        from simulator.library_telling import facts_line, note_line, practises_line, results_lines

        if (desk := self.desk) is None:
            return
        scenario = case.scenario
        stage = desk.path.stage_of(scenario.id)
        told = {
            "title": scenario.title,
            "facts": facts_line(scenario, stage=stage is None),
            "text": scenario.summary,
            "practises": practises_line(desk.path, scenario),
            "note": note_line(scenario),
            "results": "\n".join(results_lines(scenario, self._mine, self._assigned)),
            "stage": f"{stage.title}: {stage.about}" if stage is not None else "",
        }
        for name, said in told.items():
            words = self.query_one(f"#about-{name}", Words)
            words.say(said)
            words.display = bool(said)
        self.query_one("#about").scroll_home(animate=False)

    def action_about(self, pages: int) -> None:
        """Scroll what is said about the case that is lit, where there is no room for all of it."""
        about = self.query_one("#about", VerticalScroll)
        if pages > 0:
            about.scroll_page_down(animate=False)
        else:
            about.scroll_page_up(animate=False)

    # -- what can be done ---------------------------------------------------------------------

    @on(Choices.Picked, "#cases")
    def _picked(self, event: Choices.Picked) -> None:
        event.choices.light(event.id)
        kind, _, name = event.id.partition(":")
        if not self.is_active:
            # A second click that was on its way while the first one opened something.
            return
        if kind == "continue":
            self.resume_named(name)
        else:
            self.play_named(name)

    def play_named(self, name: str) -> None:
        """Open the briefing of a case, by its id or its file's path."""
        from simulator.problem import show
        from simulator.tui.briefing import BriefingScreen
        from simulator.tui.desk import NoSuchCase

        if self.desk is None:
            return
        try:
            case = self.desk.case(name)
        except NoSuchCase as error:
            self.app.tell("\n".join([str(error), *map(show, error.problems[:3])]), bad=True)
            return
        desk = self.desk
        terms = desk.terms(case)
        self.app.push_screen(
            BriefingScreen(case, terms), lambda ready: self._play(lambda: desk.begin(case, terms)) if ready else None
        )

    def resume_named(self, session: str) -> None:
        """Go on with a session, by its id or the beginning of it."""
        if (desk := self.desk) is not None and (logged := self._named(desk, session)) is not None:
            self._play(lambda: desk.resume(logged.recorded.path, logged.scenario.id))

    def again_named(self, session: str, decision: int, *, feedback: str, confidence: bool | None) -> None:
        """Try again from a decision of a session, by its id or the beginning of it."""
        if (desk := self.desk) is not None and (logged := self._named(desk, session)) is not None:
            self._play(
                lambda: desk.again_from(
                    logged.recorded.path, logged.scenario.id, decision, feedback=feedback, confidence=confidence
                )
            )

    def _named(self, desk: Desk, session: str) -> Logged | None:
        """Return a session by its id or the beginning of it; say so where it cannot be had."""
        from simulator.chain import ChainError

        path: Path | None = desk.archive.path(session)
        if path is None:
            self.app.tell(f"There is no session {session}.", bad=True)
            return None
        try:
            return desk.archive.load(path)
        except ChainError as error:
            self.app.tell(str(error), bad=True)
            return None

    def _play(self, begin: Callable[[], Play]) -> None:
        from simulator.chain import ChainError
        from simulator.durable import NotSaved
        from simulator.tui.debrief import DebriefScreen
        from simulator.tui.meeting import MeetingScreen

        try:
            play = begin()
        except (NotSaved, ChainError) as error:
            self.app.tell(f"{error}", bad=True)
            return
        if play.session.ending is not None:
            self.app.push_screen(DebriefScreen(self.app.desk_or_fail, play))
        else:
            self.app.push_screen(MeetingScreen(self.app.desk_or_fail, play))

    def action_sessions(self) -> None:
        """Open this person's sessions."""
        from simulator.tui.sessions import SessionsScreen

        if self.is_active and self.desk is not None and self.desk.person is not None:
            self.app.push_screen(SessionsScreen(self.desk))

    def action_progress(self) -> None:
        """Open what this person's attempts show together."""
        from simulator.tui.progress import ProgressScreen

        if self.is_active and self.desk is not None and self.desk.person is not None:
            self.app.push_screen(ProgressScreen(self.desk, self.play_named, self.resume_named))

    def action_review(self, session: str = "", *, cohort: bool = False) -> None:
        """Open the review desk, at a session if one is named, or at what the cohort shows."""
        from simulator.tui.inbox import InboxScreen

        if self.is_active and self.desk is not None:
            self.app.push_screen(InboxScreen(self.desk, session, cohort=cohort))

    def action_write(self) -> None:
        """Open the author's desk for the case that is lit."""
        from simulator.tui.author.shelf import write

        if self.is_active and (desk := self.desk) is not None:
            write(self.app, desk, self._case_lit(), self._written)

    def _written(self) -> None:
        self._read_anew()

    def _case_lit(self) -> Case | None:
        choices = self.query_one(Choices)
        kind, _, name = (choices.ids[choices.on_number - 1] if choices.on_number else "").partition(":")
        if kind == "continue":
            name = next((row.scenario.id for row in self._mine if row.id == name), "")
        return next((case for case in self.desk.cases if case.scenario.id == name), None) if self.desk else None

    @work(thread=True, exclusive=True, group="anew")
    def _read_anew(self) -> None:
        """Read the cases again, of which one was written."""
        if (desk := self.desk) is not None:
            desk.read_anew()
            self.app.call_from_thread(self.open, desk)

    def action_sureness(self) -> None:
        """Be asked how sure one is before the consequence is shown, or not."""
        if self.desk is not None:
            self.desk.confidence = not self.desk.confidence
            self.open(self.desk)

    def action_feedback(self) -> None:
        """Show marks after each response, or at the end."""
        if self.desk is not None:
            self.desk.feedback = "end" if self.desk.feedback == "each" else "each"
            self.open(self.desk)

    def action_who(self) -> None:
        """Let somebody else sit down."""
        from simulator.tui.welcome import WelcomeScreen

        if self.is_active and (desk := self.desk) is not None:
            self.app.push_screen(WelcomeScreen(desk), lambda _: self.open(desk))


def _shelf(
    cases: Sequence[Case], path: LearningPath, mine: Sequence[Logged], assigned: Sequence[Assigned]
) -> tuple[list[tuple[str, str]], dict[int, str]]:
    """Return what there is to pick from, and what stands over which number.

    What is assigned comes first, then what is unfinished, then everything else along the path.
    """
    from simulator.cohort.assigned import due_line
    from simulator.library_telling import shelves

    titles = {case.scenario.id: case.scenario.title for case in cases}
    unfinished = {row.id: row for row in mine if not row.over and not row.trouble}
    finished = {row.scenario.id for row in mine if row.over and not row.trouble and not row.again}
    shelf: dict[str, str] = {}
    for each in assigned:
        if each.open and each.session in unfinished:
            shelf[f"{CONTINUE}{each.session}"] = _go_on(unfinished[each.session], due_line(each))
        elif each.open and each.case in titles:
            shelf[f"{CASE}{each.case}"] = f"{titles[each.case]} ({due_line(each)})"
    for row in unfinished.values():
        shelf.setdefault(f"{CONTINUE}{row.id}", _go_on(row, row.purpose))
    headings = {}
    for group in shelves(cases, path):
        names = [case.scenario.id for case in group.cases if f"{CASE}{case.scenario.id}" not in shelf]
        if names and group.title:
            headings[len(shelf) + 1] = group.title
        shelf |= {f"{CASE}{name}": titles[name] + PLAYED * (name in finished) for name in names}
    return list(shelf.items()), headings


def _go_on(row: Logged, purpose: str) -> str:
    told = f"{purpose}, " if purpose else ""
    return f"Go on: {row.scenario.title} ({told}{_again(row)}{row.session.phase}, {_when(row)})"


def _when(row: Logged) -> str:
    return row.recorded.touched[:10]


def _again(row: Logged) -> str:
    from simulator.wording import again_from

    return f"{again_from(row.again.decision)}, " if row.again else ""
