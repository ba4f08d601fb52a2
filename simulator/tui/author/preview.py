"""A case as a trainee will see it, while its author writes it: played here, edited elsewhere, reloaded at every save.

What is shown is always the last version that could be played. The place is kept as far as the next version still has
it, and a line says what was done to keep it.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult, SuspendNotSupported
from textual.binding import Binding
from textual.containers import Container, Vertical
from textual.events import Resize
from textual.message import Message
from textual.widget import Widget

from scoring.rubric import Rubric
from simulator.authoring.beginning import Beginning, CannotBegin, beginning_from, beginning_of, given_line
from simulator.authoring.draft import Draft, Version
from simulator.authoring.opening import editor_command
from simulator.authoring.proving import Proven, Proving
from simulator.authoring.rehearsal import Rehearsal, Way, blank, carried
from simulator.authoring.standing import name_of
from simulator.outlooks import Outlooks
from simulator.problem import Place, Problem, Severity
from simulator.session import Session
from simulator.source import Source
from simulator.text import one_line
from simulator.tui.answer import Answer
from simulator.tui.author.begin_at import BeginAtScreen
from simulator.tui.author.lending import lend
from simulator.tui.author.live import LivePanel
from simulator.tui.author.problems import ProblemList, counts_line
from simulator.tui.lines import KeyLine, TopLine, Words
from simulator.tui.log import Block, Log
from simulator.tui.meeting import MeetingScreen
from simulator.tui.pick import PickScreen

if TYPE_CHECKING:
    from simulator.tui.app import CaseloadApp

LOOK_EVERY = 0.5
"""Seconds between two looks at the file."""
BESIDE_FROM = 110
"""Columns from which on there is room beside the case."""
AGAIN = "Play it again."


@dataclass(frozen=True, slots=True)
class Previewed:
    """What is to be shown, and how it begins."""

    path: Path
    rubric: Rubric
    rubric_source: Source
    limit: int
    """The most bytes of the file that are read."""
    at: str = ""
    """The scene to begin at; empty: the start."""
    given: str = ""
    """How things are then, as `beginning_from` reads it."""
    seed: int = 0
    feedback: str = "end"


class PreviewScreen(MeetingScreen):
    """A case file, played."""

    app: CaseloadApp
    CSS_PATH = ["../meeting.tcss", "preview.tcss"]  # type: ignore[assignment]  # noqa: RUF012 - as Textual wants it
    # Beside the case there is something else, so it has less room than its screen.
    HORIZONTAL_BREAKPOINTS: ClassVar = [(0, "-narrow"), (160, "-wide")]  # type: ignore[misc]
    HELP = (
        "The case as a trainee sees it, played with the same keys; nothing of it is kept. Edit the file in your "
        "editor: with every save that can be played it is shown anew, where you stood if it still has that place. A "
        "save that cannot be played leaves the last good version here, with what is wrong. Problems and Live open "
        "beside the case, or under it; the key again goes there with the arrows, and once more closes it. Live says "
        "what a trainee never sees: feelings as numbers, which conditions hold, what each response would do and, once "
        "the case has been played in every way, what it costs."
    )
    BINDINGS: ClassVar = [
        Binding("p", "panel('problems')", "Problems", id="preview.problems", tooltip="What is wrong with the case"),
        Binding(
            "l", "panel('live')", "Live", id="preview.live", tooltip="Numbers, conditions, what each response does"
        ),
        Binding("u,backspace", "back", "Back", id="preview.back", tooltip="Take the last decision back"),
        Binding("n", "restart", "Anew", id="preview.restart", tooltip="From where you began; again: from the start"),
        Binding("b", "begin_at", "Begin", id="preview.begin-at", tooltip="From any scene, with feelings and facts"),
        Binding("g", "jump", "Go to", id="preview.go", tooltip="To another scene, with everything as it is now"),
        Binding("e", "edit", "Edit", id="preview.edit", tooltip="Your editor, at the line ($VISUAL or $EDITOR)"),
        Binding("q", "leave", "Leave", id="preview.leave", tooltip="Leave; nothing of it is kept"),
    ]

    @dataclass
    class Looked(Message):
        """Something else stands in the file."""

        version: Version

    @dataclass
    class Proved(Message):
        """What was found out about a version."""

        version: Version
        proven: Proven | None
        """None: proving came to grief."""
        outlooks: Outlooks | None

    def __init__(self, previewed: Previewed, draft: Draft | None = None) -> None:
        """Show a file; `draft` is it if it has been read already."""
        self.previewed = previewed
        self.draft = draft or Draft(previewed.path, previewed.rubric, previewed.limit)
        good = self.draft.good
        scenario = good.scenario if good is not None and good.scenario is not None else blank()
        self.rehearsal = Rehearsal(scenario, previewed.rubric, seed=previewed.seed, feedback=previewed.feedback)
        super().__init__(None, self.rehearsal)
        self._answer = Answer(self.rehearsal, over=AGAIN)
        self._said = ""
        """What was done with the last version, or by the last key."""
        if good is not None:
            self._begin_as_asked()
        self._wanted = self._way
        """What the author did last, which a version that does not have it must not make forgotten."""
        self._earlier: list[Way] = []
        """Where the author stood before beginning elsewhere, to go back to."""
        self._open: set[str] = set()
        """The panels that are open."""
        self._proving: Proving | None = None
        self._proof = ""
        """How far proving is, in a word or two."""
        self._outlooks: Outlooks | None = None
        self._left = False
        self._wake = Event()

    # -- laying it out ------------------------------------------------------------------------

    def compose(self) -> ComposeResult:
        """Lay out the case, and what is told about it."""
        yield TopLine(self._title)
        yield Words(id="state")
        yield Words(id="waiting")
        with Container(id="preview"):
            with Vertical(id="stage"):
                yield from self.stage()
            with Vertical(id="beside"):
                yield ProblemList(id="problems")
                yield LivePanel(id="live")
        keys = KeyLine(unlisted=("directory", "step_back", "jump", "restart"))
        keys.compact = True
        yield keys

    @property
    def _title(self) -> str:
        good = self.draft.good
        if good is None or good.scenario is None:
            return f"Preview · {one_line(self.draft.path.name)}"
        return f"Preview · {good.scenario.title}"

    async def on_mount(self) -> None:
        """Begin to look after the file."""
        if self.app.size.width >= BESIDE_FROM:
            self._open = {"live", "problems"}
        self._lay_out()
        self._prove()
        self._show_problems(self.draft.now.problems)
        Thread(target=self._watch, name="preview", daemon=True).start()

    def on_resize(self, event: Resize) -> None:
        """Put the panels beside the case or under it."""
        self._lay_out(event.size.width)

    def _lay_out(self, width: int = 0) -> None:
        beside = (width or self.app.size.width) >= BESIDE_FROM
        if not beside and len(self._open) > 1:
            # Under the case there is room for one.
            self._open = {"problems" if self.draft.behind else "live"}
        self.set_class(beside, "-beside")
        for name in ("problems", "live"):
            self.query_one(f"#{name}").display = name in self._open
        ready = self.draft.good is not None
        self.query_one("#stage").display = ready
        self.query_one("#waiting").display = not ready
        if not ready:
            self.query_one("#problems").display = True
            self.query_one("#live").display = False
        self.query_one("#beside").display = bool(self._open) or not ready
        self.set_class(not ready, "-waiting")

    # -- the file -----------------------------------------------------------------------------

    def _watch(self) -> None:
        """Look at the file again and again: in a thread of its own, because a share may take its time."""
        while not self._left:
            self._wake.wait(LOOK_EVERY)
            self._wake.clear()
            if not self._left and (version := self.draft.look()) is not None:
                self.post_message(self.Looked(version))

    @on(Looked)
    async def _looked(self, event: Looked) -> None:
        """Take up what stands in the file now."""
        had = self.draft.good is not None
        self.draft.take(event.version)
        if event.version.scenario is not None:
            await self._go_on_in(event.version, had=had)
        self._prove()
        self._show_problems(event.version.problems)
        self._lay_out()

    async def _go_on_in(self, version: Version, *, had: bool) -> None:
        """Show a version that can be played, from where the author stood."""
        assert version.scenario is not None  # noqa: S101 - whoever calls has looked
        self._outlooks = None
        self._earlier.clear()
        if had:
            if self._draft_timer is not None:
                self._save_draft()
            found = carried(self._wanted, version.scenario)
            self._stand(found.session, found.beginning)
            self._said = f"Saved: {found.said}"
        else:
            self._stand_at(lambda: Rehearsal(version.scenario or blank(), self.previewed.rubric, seed=self._seed))
            self._said = "Saved: now it can be played"
            self._begin_as_asked()
            self._wanted = self._way
        self.query_one(TopLine).say(left=self._title)
        await self._restage()

    def _begin_as_asked(self) -> None:
        """Begin where the command line says; where the case does not have that, say so."""
        asked = self.previewed
        scenario = self.rehearsal.session.scenario
        if not asked.at and not asked.given:
            return
        try:
            beginning = beginning_from(scenario, asked.at, asked.given)
            self._stand_at(lambda: Rehearsal(scenario, asked.rubric, seed=self._seed, beginning=beginning))
            self._said = self._begun_line(beginning)
        except CannotBegin as error:
            self._said = f"It begins at the start: {error}"

    @property
    def _seed(self) -> int:
        return self.previewed.seed

    def _prove(self) -> None:
        """Let what stands in the file be proven, and nothing else."""
        if self._proving is not None:
            self._proving.cancel()
        self._proving, self._proof, self._played = None, "", False
        version = self.draft.now
        if version.scenario is None or version.source is None or self._left:
            return
        try:
            proving = self._proving = Proving(version.source, self.previewed.rubric_source, self.previewed.limit)
        except OSError as error:
            self._proof = f"not proven: {error.strerror or error}"
            return
        scenario = version.scenario
        self._proof = "playing it in every way …"

        def wait() -> None:
            proven = proving.result()
            outlooks = proven.outlooks(scenario) if proven is not None else None
            if not self._left:
                self.post_message(self.Proved(version, proven, outlooks))

        Thread(target=wait, name="proving", daemon=True).start()

    @on(Proved)
    def _proved(self, event: Proved) -> None:
        """Show what was proven, if it is about what stands in the file now."""
        if event.version is not self.draft.now:
            return
        proven = event.proven
        self._outlooks = event.outlooks
        self._played = proven is not None and proven.finished
        self._proof = "played in every way" if self._played else "not proven"
        self._show_problems(self._problems if proven is None else proven.problems)
        self._show_live()

    # -- what is told -------------------------------------------------------------------------

    def _show_problems(self, problems: tuple[Problem, ...]) -> None:
        self._problems = problems
        self.query_one(ProblemList).show(problems, self._file, played=self._played)
        self._show_state()

    _problems: tuple[Problem, ...] = ()
    _played = False
    """Whether what stands in the file was played in every way there is."""

    def _show_state(self) -> None:
        """Say in a line or two how things are with the file."""
        counts = counts_line(self._problems, played=self._played)
        state = self.query_one("#state", Words)
        error = next((each for each in self._problems if each.severity is Severity.ERROR), None)
        if self.draft.behind and error is not None:
            where = (
                f"line {error.place.line}{self._elsewhere(error.place)}: " if self.draft.now.source is not None else ""
            )
            wrong = f"✗ {where}{one_line(error.message)} ({counts})"
            last = "What you see is the last good version." if self.draft.good is not None else ""
            state.say("\n".join(each for each in (wrong, last) if each))
        else:
            state.say(" · ".join(each for each in (self._said, counts, self._proof) if each))
        state.set_class(self.draft.behind, "alert")
        self.query_one("#waiting", Words).say(
            f"There is nothing to see yet. As soon as {one_line(str(self.draft.path), 200)} can be played, it is shown "
            "here; until then, this is what is wrong."
        )

    def _show_live(self) -> None:
        good = self.draft.good
        if good is None or "live" not in self._open:
            return
        session = self.rehearsal.session
        place = good.line_of(name_of(session))
        outlooks = self._outlooks
        if outlooks is not None and outlooks.scenario is not session.scenario:
            outlooks = None
        where = "" if place is None else f"line {place.line}{self._elsewhere(place)}"
        self.query_one(LivePanel).show(session, self.previewed.rubric, outlooks, where)

    @property
    def _file(self) -> str:
        """The file as problems name it."""
        return one_line(str(self.draft.path))

    def _elsewhere(self, place: Place) -> str:
        """Name the file of a place that is in shared scenes."""
        return "" if place.file == self._file else f" of {one_line(Path(place.file).name)}"

    def action_panel(self, name: str) -> None:
        """Open a panel; go there; close it."""
        panel = self.query_one(f"#{name}", Widget)
        if self.draft.good is None:
            panel.focus()
            return
        if name not in self._open:
            self._open = {*self._open, name} if self.has_class("-beside") else {name}
        elif self.focused is not panel:
            panel.focus()
            return
        else:
            self._open.discard(name)
            self._focus_stage()
        self._lay_out()
        self._show_live()

    def _focus_stage(self) -> None:
        writing = self.query_one("#writing").display
        self.query_one("#editor" if writing else "#responses", Widget).focus()

    # -- playing ------------------------------------------------------------------------------

    @property
    def _way(self) -> Way:
        return Way(self.rehearsal.beginning, self.rehearsal.session)

    def _stand(self, session: Session, beginning: Beginning | None) -> None:
        self.rehearsal.session, self.rehearsal.beginning = session, beginning

    def _stand_at(self, make: Callable[[], Rehearsal]) -> None:
        """Stand where a rehearsal begins; raises CannotBegin."""
        made = make()
        self._stand(made.session, made.beginning)

    async def _restage(self) -> None:
        """Show from the start what was done to get here."""
        focused = self.focused
        self._answer = Answer(self.rehearsal, over=AGAIN)
        with self.app.batch_update():
            self.query_one(Log).forget()
            await self.tell_all()
        if isinstance(focused, ProblemList | LivePanel):
            focused.focus()

    async def _moved(self) -> None:
        self._said = ""
        self._wanted = self._way
        await super()._moved()
        self._show_state()

    async def _show(self, done: list[Block]) -> None:
        await super()._show(done)
        if self.draft.good is None:
            self.query_one(TopLine).say(right="")
        self._show_live()

    async def _now_at(self, session: Session, beginning: Beginning | None, told: str) -> None:
        """Stand somewhere else, because the author wants to."""
        self._stand(session, beginning)
        self._wanted = self._way
        self._said = told
        await self._restage()
        self._show_state()

    async def action_back(self) -> None:
        """Take the last decision back; or where one began elsewhere, go back to before."""
        session = self.rehearsal.session
        if session.previous is not None:
            await self._now_at(session.previous, self.rehearsal.beginning, "The last decision is taken back")
        elif self._earlier:
            way = self._earlier.pop()
            await self._now_at(way.session, way.beginning, "Back where you were")
        self._focus_stage()

    async def action_restart(self) -> None:
        """Begin anew where it began; if it stands there, at the start of the case."""
        session, beginning = self.rehearsal.session, self.rehearsal.beginning
        if not session.events:
            beginning = None
        self._earlier.append(self._way)
        begun = Rehearsal(session.scenario, self.previewed.rubric, seed=self._seed, beginning=beginning)
        told = self._begun_line(beginning) if beginning is not None else "From the start"
        await self._now_at(begun.session, beginning, told)
        self._focus_stage()

    def _begun_line(self, beginning: Beginning) -> str:
        given = given_line(self.rehearsal.session.scenario, beginning)
        return f"Begun at `{beginning.at}`" + (f" with {given}" if given else "")

    def action_begin_at(self) -> None:
        """Choose a scene to begin at, and how things are there."""
        session = self.rehearsal.session
        chosen = self.rehearsal.beginning or Beginning(name_of(session))
        self.app.push_screen(BeginAtScreen(session.scenario, chosen, beginning_of(session)), self._begin_chosen)

    async def _begin_chosen(self, beginning: Beginning | None) -> None:
        if beginning is None:
            return
        earlier, scenario = self._way, self.rehearsal.session.scenario
        try:
            begun = Rehearsal(scenario, self.previewed.rubric, seed=self._seed, beginning=beginning)
        except CannotBegin as error:
            # The case was edited while somebody chose.
            self.app.tell(str(error), bad=True)
            return
        self._earlier.append(earlier)
        await self._now_at(begun.session, beginning, self._begun_line(beginning))

    def action_jump(self) -> None:
        """Choose a scene to go to with everything as it is."""
        scenario = self.rehearsal.session.scenario
        names = [(name, name) for name in (*scenario.scenes, *scenario.endings)]
        self.app.push_screen(PickScreen("Go to, with everything as it is now", names), self._jump_to)

    async def _jump_to(self, at: str | None) -> None:
        if at is not None:
            await self._begin_chosen(beginning_of(self.rehearsal.session, at))

    def _debrief(self) -> None:
        """There is none: play it again."""
        self.call_later(self.action_restart)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what can be done now."""
        if self.draft.good is None:
            return action not in (
                "consult", "documents", "directory", "step_back", "back", "restart", "begin_at", "jump", "scroll_log",
            )  # fmt: skip
        if action == "back":
            return self.rehearsal.session.previous is not None or bool(self._earlier)
        return super().check_action(action, parameters)

    # -- the editor ---------------------------------------------------------------------------

    @on(ProblemList.Chosen)
    def _problem_chosen(self, event: ProblemList.Chosen) -> None:
        # A click alone only lights it: an editor takes the whole screen.
        if not event.clicked:
            self._edit_at(event.problem.place)

    def action_edit(self) -> None:
        """Open the author's editor: at the problem that is lit, if that is what they look at, else at the scene."""
        problems = self.query_one(ProblemList)
        lit = problems.lit
        if lit is not None and (self.draft.behind or problems.has_focus):
            self._edit_at(lit.place)
            return
        good = self.draft.good
        place = good.line_of(name_of(self.rehearsal.session)) if good is not None else None
        self._edit_at(place or Place(str(self.draft.path), 1, 1))

    def _edit_at(self, place: Place) -> None:
        command = editor_command(place.file, place.line)
        if command is None:
            self.app.tell("No editor is known here: say which one in the environment variable EDITOR.", bad=True)
            return
        try:
            if told := lend(self.app, command):
                self.app.tell(told, bad=True)
        except SuspendNotSupported:
            self.app.tell(f"No editor can be opened from here; it is {place.file}, line {place.line}.", bad=True)
        self.refresh(layout=True)
        self._wake.set()

    # -- leaving ------------------------------------------------------------------------------

    def action_leave(self) -> None:
        """Leave; where there is nothing else, leave the app."""
        if not self.is_active:
            return
        if len(self.app.screen_stack) > 1:
            self.dismiss()
        else:
            self.app.exit()

    def on_unmount(self) -> None:
        """Look after the file no longer."""
        self._left = True
        self._wake.set()
        with suppress(OSError):
            if self._proving is not None:
                self._proving.cancel()
