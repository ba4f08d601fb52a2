"""Two attempts at one case side by side: where they part, where they meet again, what each way was marked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.message import Message
from textual.screen import Screen
from textual.widget import Widget
from textual.worker import get_current_worker

from simulator.archive import Logged
from simulator.comparison import Comparison, Row, Stretch, compare, measured
from simulator.comparison_telling import (
    comparison_notes,
    cues,
    decision_lines,
    letter,
    reasons,
    results_line,
    results_notes,
    together_line,
)
from simulator.hindsight import Solved
from simulator.report import when
from simulator.tui.beside import Beside, Sides
from simulator.tui.fold import Fold
from simulator.tui.lines import KeyLine, Paper, TopLine, Words
from simulator.tui.page import ClosesOnce
from simulator.wording import ASSERTED, DISCLAIMER, again_from, profile_line

if TYPE_CHECKING:
    from simulator.tui.app import CaseloadApp


WORKING = "Working out what each was worth …"


class ComparisonScreen(ClosesOnce, Screen[None]):
    """Two attempts at a case."""

    app: CaseloadApp
    CSS_PATH = "comparison.tcss"
    HORIZONTAL_BREAKPOINTS: ClassVar = [(0, "-slim"), (60, "-narrow"), (100, "-wide")]  # type: ignore[misc]
    HELP = (
        "Two attempts at one case. Decisions that were the same in both are folded; the others stand side by side with "
        "their marks. Enter opens the reasons, or what is folded. With more than two attempts, o shows another two."
    )
    BINDINGS: ClassVar = [
        Binding("down,j", "app.focus_next", "Next", show=False, id="compare.next", tooltip="The next decision"),
        Binding("up,k", "app.focus_previous", "Before", show=False, id="compare.before", tooltip="The one before"),
        Binding("a", "open_all", "Open all", id="compare.all", tooltip="Open or close every decision"),
        Binding("o", "others", "Other attempts", id="compare.others", tooltip="Compare another two attempts"),
        Binding("q,escape", "dismiss", "Back", id="compare.back", tooltip="Back to where you came from"),
    ]

    @dataclass
    class Measured(Message):
        """What two attempts were worth is known, or that nobody knows it."""

        shown: int
        """Which pair it is."""
        found: Comparison

    def __init__(self, attempts: Sequence[Logged], one: int, other: int, *, first: int | None = 0) -> None:
        """With all finished attempts in their order, and which two of them to begin with.

        Where they begin with another than the first attempt, `first` is the place of that one among all, from 0; None:
        it is none that is counted.
        """
        super().__init__()
        self._first = first
        self.attempts = attempts
        self._pairs = list(combinations(range(len(attempts)), 2))
        self._shown = self._pairs.index((one, other))

    def compose(self) -> ComposeResult:
        """Lay out endings, decisions, results."""
        pair = self._pairs[self._shown]
        found = compare([self.attempts[each] for each in pair])
        yield TopLine(f"Compare · {found.attempts[-1].scenario.title}", self._numbered(pair))
        with Paper(id="comparison"):
            yield Sides(*(self._attempt(number, each) for number, each in enumerate(pair)), classes="sides-head")
            yield from self._criticals(found)
            if self.app.desk is not None and self.app.desk.solve is not None:
                yield Sides(*((f"{letter(number)}  ", WORKING) for number in range(len(pair))), id="worth")
                yield Words(id="worth-means", classes="muted gap")
            for note in comparison_notes(found):
                yield Words(note, classes="muted gap")
            yield from _decisions(found)
            yield Words("Results", classes="heading")
            for dimension in found.attempts[0].scorecard.profiles:
                yield Words(dimension, classes="dimension")
                yield Sides(
                    *(
                        (f"{letter(number)}  ", profile_line(logged.scorecard.profiles[dimension]))
                        for number, logged in enumerate(found.attempts)
                    ),
                    classes="gap",
                )
            yield Words(f"{DISCLAIMER} {ASSERTED}", classes="muted")
        yield KeyLine()

    def _number(self, place: int) -> int | None:
        """Return which attempt this is, from 0; None for what is none."""
        if self.attempts[place].again or self._first is None:
            return None
        return self._first + place

    def _numbered(self, pair: Sequence[int]) -> str:
        numbers = [self._number(place) for place in pair]
        if all(number is not None for number in numbers):
            return "attempts " + " and ".join(str(number + 1) for number in numbers if number is not None)
        again = next((each for place in reversed(pair) if (each := self.attempts[place].again)), None)
        attempt = f"attempt {numbers[0] + 1}, " if numbers[0] is not None else ""
        return f"{attempt}{again_from(again.decision)}" if again else "two sessions"

    def _attempt(self, number: int, place: int) -> tuple[str, str]:
        logged = self.attempts[place]
        nth = self._number(place)
        which = "first attempt" if nth == 0 else f"repeat {nth}"
        if nth is None:
            which = again_from(logged.again.decision) if logged.again else "session"
        ending = logged.session.ending.title if logged.session.ending else "unfinished"
        return f"{letter(number)}  ", f"{which}, {when(logged.recorded.started)[:10]}\n{ending}"

    def _criticals(self, found: Comparison) -> Iterator[Widget]:
        texts = [
            "\n".join(
                f"Critical: {logged.scenario.criticals[raised.critical].title}, decision {raised.number}"
                for raised in logged.scorecard.criticals
            )
            for logged in found.attempts
        ]
        if any(texts):
            sides = ((f"{letter(number)}  ", text) if text else None for number, text in enumerate(texts))
            yield Sides(*sides, classes="alert gap")

    def on_mount(self) -> None:
        """Start at the top."""
        self._start()

    @work(thread=True, exclusive=True, group="worth")
    def _measure(self, shown: int) -> None:
        """Find out in the background what each attempt was worth: that may take seconds."""
        worker = get_current_worker()

        def solve(logged: Logged) -> Solved | None:
            desk = self.app.desk
            if desk is None or desk.solve is None or worker.is_cancelled:
                return None
            found = desk.solve(logged, lambda: worker.is_cancelled)
            return found.ahead if found else None

        found = measured(compare([self.attempts[each] for each in self._pairs[shown]]), solve)
        if not worker.is_cancelled:
            self.post_message(self.Measured(shown, found))

    @on(Measured)
    def _measured(self, measured: Measured) -> None:
        # Another two may be shown by now.
        if measured.shown != self._shown:
            return
        for worth in self.query("#worth"):
            for number, side in enumerate(worth.query(Beside)):
                side.say(results_line(measured.found, number))
        for means in self.query("#worth-means").results(Words):
            means.say("\n".join(results_notes(measured.found)))

    def _start(self) -> None:
        if self.app.desk is not None and self.app.desk.solve is not None:
            self._measure(self._shown)
        folds = self.query(Fold)
        if folds:
            self.set_focus(folds.first(), scroll_visible=False)
        # It may have been closed while it was laid out anew, and then there is no page.
        for paper in self.query(Paper):
            self.call_after_refresh(paper.scroll_home, animate=False)

    def action_open_all(self) -> None:
        """Open everything, or close everything if all is open."""
        folds = self.query(Fold)
        opened = not all(fold.open for fold in folds)
        for fold in folds:
            fold.open = opened

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer others only where there are some."""
        return action != "others" or len(self._pairs) > 1

    async def action_others(self) -> None:
        """Compare another two attempts, the first two again after the last."""
        self._shown = (self._shown + 1) % len(self._pairs)
        await self.recompose()
        self._start()


def _decisions(found: Comparison) -> Iterator[Widget]:
    parted = False
    for stretch in found.stretches:
        if stretch.same:
            yield _together(found, stretch, again=parted)
        else:
            yield Words("They part again" if parted else "Here they part", classes="heading")
            parted = True
            for row, answered in zip(stretch.rows, cues(stretch.rows), strict=True):
                yield _apart(found, row, answered)
    if not parted:
        yield Words("They never part.", classes="gap")


def _together(found: Comparison, stretch: Stretch, *, again: bool) -> Fold:
    """Return what was decided the same, folded."""
    rubric = found.attempts[0].rubric

    def told() -> Iterator[Widget]:
        for row in stretch.rows:
            yield Beside(f"{row.one.number:>2}  ", "\n".join(decision_lines(row.one, rubric)))

    return Fold(Words(together_line(found, stretch.rows, again=again), classes="together"), told)


def _apart(found: Comparison, row: Row, answered: str) -> Fold:
    """Return decisions that are not the same, side by side, with their reasons below."""
    decided: list[tuple[str, str] | None] = []
    why: list[tuple[str, str] | None] = []
    for number, (side, logged) in enumerate(zip(row.sides, found.attempts, strict=True)):
        if side is None:
            decided.append(None)
            why.append(None)
        else:
            label = f"{letter(number)}{side.number:<2} "
            reason = "\n".join(reasons(side))
            decided.append((label, "\n".join(decision_lines(side, logged.rubric))))
            why.append((label, reason) if reason else None)
    return Fold(
        Vertical(*([Words(answered, classes="muted")] if answered else []), Sides(*decided), classes="apart"),
        (lambda: [Sides(*why, classes="why")]) if any(why) else None,
    )
