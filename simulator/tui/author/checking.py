"""A screen with a case that somebody writes, and what is wrong with it: at each pause of typing, and when asked for.

Reading a case is quick, so it is looked at whenever its author stops typing. Playing it in every way there is takes
seconds and is asked for. What has not been played is never told as if it had been.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual import on, work
from textual.message import Message
from textual.widgets import TextArea
from textual.worker import get_current_worker

from simulator.authoring import saving
from simulator.authoring.completion import known_now
from simulator.authoring.draft import as_if_at
from simulator.authoring.layout import layout
from simulator.authoring.looking import Look, look
from simulator.authoring.outline import blocks, outline
from simulator.authoring.saving import Opened
from simulator.problem import Problem, Severity
from simulator.source import LARGEST
from simulator.text import one_line
from simulator.tui.author.asking import TellScreen
from simulator.tui.author.keeping import KeepingScreen
from simulator.tui.author.problems import SIGNS, ProblemList, counts_line
from simulator.tui.lines import TopLine, Words

if TYPE_CHECKING:
    from scoring.rubric import Rubric
    from simulator.authoring.proving import Proving
    from simulator.source import Source

PAUSE = 0.5
"""Seconds without a key after which the text is looked at."""
LARGE_PAUSE = 1.5
"""The same for a large file, which takes a while to look at."""
LARGE = 6000
"""Lines from which on a file is a large one."""
ROOM = 100
"""Columns from which on there is room to say how to go on."""


@dataclass(frozen=True, slots=True)
class Writing:
    """What a case is written with."""

    rubric: Rubric
    rubric_source: Source
    limit: int = LARGEST
    """The most bytes of a file that are read."""
    feedback: str = "end"
    """When a preview shows marks."""


@dataclass(frozen=True, slots=True)
class Proved:
    """What came of playing a text in every way there is."""

    text: str
    problems: tuple[Problem, ...]
    finished: bool
    """Whether it was played to its last state."""


class CheckingScreen(KeepingScreen):
    """A screen with an editor in it, and what is wrong with its text."""

    @dataclass
    class Looked(Message):
        """A text has been looked at."""

        look: Look

    @dataclass
    class NotLooked(Message):
        """A check came to grief."""

        why: str

    @dataclass
    class Played(Message):
        """A text was played in every way there is, or that came to nothing."""

        proving: Proving
        proved: Proved | None

    def __init__(self, writing: Writing, opened: Opened) -> None:
        super().__init__(opened, writing.limit)
        self.writing = writing
        self.seen: Look | None = None
        """What was seen of the text at the last look."""
        self.proved: Proved | None = None
        """What playing it proved last, if only of an earlier text."""
        self.problems: tuple[Problem, ...] = ()
        """What is wrong with the text, as far as anybody knows."""
        self._worst: dict[int, Problem] = {}
        """The worst of them on each row."""
        self._broken = False
        """Whether the last look came to grief."""
        self._proving: Proving | None = None
        """What is played just now."""
        self._playing = ""
        """The text of that."""

    def show_look(self) -> None:
        """Show what a look, or playing it, has found besides problems."""
        raise NotImplementedError

    def lay_out(self) -> None:
        """Show what there is room for."""
        raise NotImplementedError

    def on_unmount(self) -> None:
        """Play nothing any more."""
        if self._proving is not None:
            self._proving.cancel()

    # -- what is told -------------------------------------------------------------------------

    @property
    def is_played(self) -> bool:
        """Whether the text as it stands has been played in every way there is."""
        return self.proved is not None and self.proved.finished and self.proved.text == self.editor.text

    @property
    def told(self) -> str:
        """How many problems there are, and whether more could be found."""
        if self._broken:
            return "could not be checked"
        if self.seen is None:
            return "checking…"
        if self._proving is not None and self._playing == self.editor.text:
            return "playing it in every way…"
        told = counts_line(self.problems, played=self.is_played)
        tried = self.proved is not None and self.proved.text == self.editor.text
        if self.problems or tried or self.seen.shared or self.app.size.width < ROOM:
            return told
        return f"{told} (F5 plays it)"

    def say_state(self) -> None:
        """Say what is wrong, whether it is saved, and where the cursor stands."""
        row, column = self.editor.cursor_location
        state = "not saved" if self.unsaved else "new file" if self.opened.hash == saving.NO_FILE else "saved"
        if self.told_elsewhere:
            state += ", changed elsewhere"
        self.query_one(TopLine).say(
            f"Author · {one_line(self.opened.path.name)}", f"{self.told} · {state} · {row + 1}:{column + 1}"
        )

    def say_here(self) -> None:
        """Say what is wrong on this line; where nothing is, what it stands in."""
        here = self.query_one("#here", Words)
        wrong = self.problem_here
        here.set_class(wrong is not None and wrong.severity is Severity.ERROR, "-error")
        if wrong is not None:
            hint = f" — {one_line(wrong.hint, 200)}" if wrong.hint else ""
            here.say(f"{SIGNS[wrong.severity]} {wrong.severity}: {one_line(wrong.message, 300)}{hint}  [{wrong.code}]")
        elif self.seen is None:
            here.say("")
        elif self.editor.document.line_count == 1 and not self.editor.document.get_line(0):
            here.say(
                "Nothing stands here yet. F2 begins with a small case that can be played, F9 lists what can stand here."
            )
        else:
            within = blocks(self.seen.seen, self.editor.cursor_location[0])[0]
            here.say(str(within) if within.name else "")

    @property
    def problem_here(self) -> Problem | None:
        """The worst that is wrong on the line of the cursor."""
        return self._worst.get(self.editor.cursor_location[0])

    @property
    def file(self) -> str:
        """The file as problems name it."""
        return self.seen.source.name if self.seen is not None else ""

    # -- looking while somebody types ---------------------------------------------------------

    @on(TextArea.Changed)
    def _typed(self) -> None:
        large = self.editor.document.line_count > LARGE
        self.later("look", LARGE_PAUSE if large else PAUSE, self.look_anew)
        self.keep_soon()
        self.say_state()

    def look_anew(self) -> None:
        """Look at the text as it stands now."""
        text = self.editor.text
        self.unsaved = text != self.opened.text
        self.say_state()
        self._look_at(text, self.opened.plain(text))

    @work(thread=True, exclusive=True, group="look")
    def _look_at(self, text: str, plain: str) -> None:
        worker = get_current_worker()
        try:
            seen = look(self.opened.path, text, plain, self.writing.rubric, self.seen, self.writing.limit)
        except Exception as error:
            # Whatever is wrong with a check of ours must not end what somebody is writing.
            self.post_message(self.NotLooked(f"{type(error).__name__}: {error}"))
        else:
            if not worker.is_cancelled:
                self.post_message(self.Looked(seen))

    @on(NotLooked)
    def _say_not_looked(self, event: NotLooked) -> None:
        self._broken = True
        self.say_state()
        self.app.tell(f"This could not be checked, which is Caseload's mistake and not yours: {event.why}", bad=True)

    @on(Looked)
    def _show(self, event: Looked) -> None:
        self.seen, self._broken = event.look, False
        self._show_problems()

    def look_now(self) -> Look:
        """Return a look at the text as it stands now; what takes long is as of the last one."""
        text = self.editor.text
        if self.seen is not None and self.seen.text == text:
            return self.seen
        seen = layout(text.split("\n"))
        source = as_if_at(self.opened.path, self.opened.plain(text))
        before = self.seen.known if self.seen else None
        known = known_now(source, before) if len(seen.lines) < LARGE or before is None else before
        return Look(text, source, seen, outline(seen), (), known, self.seen.shared if self.seen else False)

    def _show_problems(self) -> None:
        if self.seen is None:
            return
        proved = self.proved if self.proved is not None and self.proved.text == self.seen.text else None
        found = self.seen.problems if proved is None else proved.problems
        problems = tuple(problem for problem in found if not problem.answer)
        worst: dict[int, Problem] = {}
        for problem in sorted(problems, key=lambda each: -list(Severity).index(each.severity)):
            if problem.place.file == self.file:
                worst[problem.place.line - 1] = problem
        self.problems, self._worst = problems, worst
        self.editor.mark({row: problem.severity for row, problem in worst.items()})
        self.query_one(ProblemList).show(problems)
        self.lay_out()
        self.say_state()
        self.show_look()
        self.say_here()

    # -- going through the problems -----------------------------------------------------------

    @on(ProblemList.Chosen)
    def _chosen(self, event: ProblemList.Chosen) -> None:
        self.go_to_problem(event.problem)

    def go_to_problem(self, problem: Problem) -> None:
        """Go to the line of a problem, if it stands in this file."""
        if problem.place.file != self.file:
            self.app.tell(f"That stands in another file: {problem.place}", bad=True)
            return
        self.editor.go(problem.place.line - 1, problem.place.column - 1)
        self.editor.focus()

    def action_next(self) -> None:
        """Go to the next problem."""
        self._go_by(1)

    def action_previous(self) -> None:
        """Go to the problem before."""
        self._go_by(-1)

    def _go_by(self, by: int) -> None:
        places = sorted(
            {(each.place.line - 1, each.place.column - 1) for each in self.problems if each.place.file == self.file}
        )
        if not places:
            self.app.tell("What is wrong stands in another file." if self.problems else self.no_problem)
            return
        at = self.editor.cursor_location
        there = [each for each in places if (each > at if by > 0 else each < at)]
        row, column = (there or places)[0 if by > 0 else -1]
        self.editor.go(row, column)

    @property
    def no_problem(self) -> str:
        """What to say where somebody asks for problems and there are none."""
        if self.is_played:
            return "There is no problem."
        return "No problem so far: it reads well. F5 plays it in every way there is."

    def action_explain(self) -> None:
        """Explain the problem on this line, or the one that is lit in the list."""
        problems = self.query_one(ProblemList)
        wrong = problems.lit if problems.has_focus else self.problem_here
        if wrong is None:
            there = "Nothing is wrong on this line. The next problem is a key away."
            self.app.tell(there if self.problems else self.no_problem)
            return
        from simulator.explanations import explanation, problems_of, telling

        found = explanation(wrong.code)
        if found is None:
            self.app.tell(f"There is no explanation of `{wrong.code}`.", bad=True)
            return
        reported = problems_of(found, found.bad) if found.bad else []
        page = telling.as_text(found, reported).split("\n")
        self.app.push_screen(TellScreen(wrong.code, page))

    # -- playing it in every way --------------------------------------------------------------

    def action_check(self) -> None:
        """Check now; a case without errors is played in every way there is."""
        self.look_anew()
        if self.seen is not None and self.seen.shared:
            self.app.tell("Shared scenes are played in every way with the cases that visit them.")
            return
        self._prove(self.editor.text)

    def _prove(self, text: str) -> None:
        from simulator.authoring.proving import Proving

        if self._proving is not None:
            self._proving.cancel()
            self._proving = None
        if not self.is_attached:
            # Nobody would wait for it, nor end it.
            return
        try:
            source = as_if_at(self.opened.path, self.opened.plain(text))
            proving = Proving(source, self.writing.rubric_source, self.writing.limit)
        except OSError as error:
            self.app.tell(f"It could not be played in every way there is: {error}", bad=True)
            return
        self._proving, self._playing = proving, text
        self.say_state()
        self._wait_for(proving, text)

    @work(thread=True, exclusive=True, group="prove")
    def _wait_for(self, proving: Proving, text: str) -> None:
        found = proving.result()
        proved = None if found is None else Proved(text, found.problems, found.finished)
        with suppress(RuntimeError):
            self.post_message(self.Played(proving, proved))

    @on(Played)
    def _show_proved(self, event: Played) -> None:
        if event.proving is not self._proving:
            # Another one was begun since.
            return
        self._proving = None
        proved = event.proved
        if proved is None:
            self.say_state()
            self.app.tell("It could not be played in every way there is: that came to grief.", bad=True)
            return
        if proved.text != self.editor.text:
            # Somebody types on; the next check is theirs to ask for.
            self.say_state()
            return
        self.proved = proved
        self._show_problems()
        stopped = any(each.severity is Severity.ERROR for each in proved.problems)
        how = "played in every way there is" if proved.finished else "not played: mend the errors first"
        if not proved.finished and not stopped:
            how = "too large to be played in every way"
        told = counts_line(self.problems, played=proved.finished)
        self.app.tell(f"{told[:1].upper()}{told[1:]} ({how}).")
