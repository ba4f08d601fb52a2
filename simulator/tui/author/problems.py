"""What is wrong with a case, as a list to go through: what each problem is, on which line, and what to do about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from textual.binding import Binding
from textual.content import Content
from textual.events import Click
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from simulator.problem import Problem, Severity
from simulator.text import one_line
from simulator.tui.beside import Hanging
from simulator.wording import counted

SIGNS = {Severity.ERROR: "✗", Severity.WARNING: "!", Severity.ADVICE: "·"}
"""Signs for how much a problem matters, so that colour is never the only one."""
_KINDS = {
    Severity.ERROR: ("error", "errors"),
    Severity.WARNING: ("warning", "warnings"),
    Severity.ADVICE: ("piece of advice", "pieces of advice"),
}
LONGEST = 400
"""Characters of a message that are shown."""


def counts_line(problems: Sequence[Problem], *, played: bool) -> str:
    """Say how many problems there are of each kind, without the advice that is answered: `1 error, 2 warnings`.

    Of a case that was only read, and not `played` in every way there is, nobody can say that there are none.
    """
    kinds = [problem.severity for problem in problems if not problem.answer]
    told = [counted(count, *_KINDS[kind]) for kind in Severity if (count := kinds.count(kind))]
    return ", ".join(told) or ("no problems" if played else "no problems so far")


class ProblemList(OptionList, inherit_bindings=False):
    """Problems to go through with the arrows or the mouse. Enter, or a click, tells the screen which one is meant.

    `show` puts other problems into it; what is lit stays lit where it is still there.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {"beside--label"}
    DEFAULT_CSS = """
    ProblemList {
        min-width: 12;
        border: none;
        padding: 0;
        background: $background;
        scrollbar-size-vertical: 1;
        &:focus { border: none; background-tint: $foreground 0%; }
        & > .option-list--option { padding: 0 1; }
        & > .option-list--option-highlighted { background: $primary 12%; color: $foreground; text-style: none; }
        &:focus > .option-list--option-highlighted { background: $primary 25%; color: $foreground; text-style: bold; }
        & > .beside--label { text-style: bold; }
    }
    """
    BINDINGS: ClassVar = [
        Binding("up,k", "cursor_up", "Up", show=False, id="problems.up", tooltip="The problem above"),
        Binding("down,j", "cursor_down", "Down", show=False, id="problems.down", tooltip="The problem below"),
        Binding("home", "first", "First", show=False, id="problems.first", tooltip="The first problem"),
        Binding("end", "last", "Last", show=False, id="problems.last", tooltip="The last problem"),
        Binding("pageup", "page_up", "Page up", show=False, id="problems.page-up", tooltip="Up by a screenful"),
        Binding("pagedown", "page_down", "Page down", show=False, id="problems.page-down", tooltip="Down by as much"),
        Binding("enter", "select", "Go there", show=False, id="problems.go", tooltip="To the line of the problem"),
    ]

    @dataclass
    class Chosen(Message):
        """One of the problems is meant: by Enter, or by a click."""

        problems: ProblemList
        problem: Problem
        clicked: bool = False
        """Whether it was the mouse."""

        @property
        def control(self) -> ProblemList:
            """The list it is in, for `@on` selectors."""
            return self.problems

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id, markup=False)
        self.problems: tuple[Problem, ...] = ()
        """What is shown, from the top down."""
        self._nothing = ""
        """What is said where there is none."""

    @property
    def lit(self) -> Problem | None:
        """The problem that is lit; None if there is none."""
        at = self.highlighted
        return self.problems[at] if at is not None and at < len(self.problems) else None

    def show(self, problems: Sequence[Problem], file: str = "", *, played: bool = False) -> None:
        """Show these problems, but for advice that is answered; those in another file than `file` name theirs.

        Where there are none, it says so of a case that was `played` in every way, and of any other as far as it goes.
        """
        shown = tuple(problem for problem in problems if not problem.answer)
        told = "Nothing is wrong." if played else "Nothing is wrong so far."
        if shown == self.problems and self.option_count and (shown or told == self._nothing):
            return
        lit, self.problems, self._nothing = self.lit, shown, told
        nothing = Option(Content.styled(told, "$foreground-muted"), disabled=True)
        self.set_options([Option(self._told(problem, file)) for problem in shown] or [nothing])
        self.highlighted = self._nearest(lit)

    def _nearest(self, lit: Problem | None) -> int | None:
        """Return where a problem stands now: the same one, else the one nearest to its line."""
        if not self.problems:
            return None
        if lit is None:
            return 0
        same = [at for at, each in enumerate(self.problems) if (each.code, each.message) == (lit.code, lit.message)]
        return min(
            same or range(len(self.problems)),
            key=lambda at: abs(self.problems[at].place.line - lit.place.line),
        )

    def _told(self, problem: Problem, file: str) -> Hanging:
        apart = bool(file) and problem.place.file != file
        colours = {
            Severity.ERROR: "$text-error",
            Severity.WARNING: "$text-warning",
            Severity.ADVICE: "$foreground-muted",
        }
        words = Content.assemble(
            (f"{problem.severity}: ", colours[problem.severity]),
            f"{one_line(Path(problem.place.file).name)}: " if apart else "",
            one_line(problem.message, LONGEST),
            *([f"\n{one_line(problem.hint, LONGEST)}"] if problem.hint else []),
            (f"\n[{problem.code}]", "$foreground-muted"),
        )
        return Hanging(self, f"{SIGNS[problem.severity]}{problem.place.line:>4} ", words)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Tell the screen which problem is meant."""
        event.stop()
        if event.option_index < len(self.problems):
            self.post_message(self.Chosen(self, self.problems[event.option_index]))

    def on_click(self, event: Click) -> None:
        """Light what is clicked, and say that it was the mouse; a click may be meant for what stood here before."""
        event.prevent_default()
        at = event.style.meta.get("option")
        if at is not None and at < len(self.problems):
            self.highlighted = at
            self.post_message(self.Chosen(self, self.problems[at], clicked=True))
