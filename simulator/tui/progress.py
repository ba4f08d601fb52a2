"""Progress: what somebody's attempts show, what is weakest and why, what to practise next."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.events import Click, Key
from textual.message import Message
from textual.screen import Screen
from textual.widget import Widget

from simulator.progress import Advice, Attempt, CaseProgress, Progress, Standing, progress
from simulator.progress_telling import (
    COUNTING,
    advice_line,
    attempt_criticals,
    attempt_line,
    attempt_results,
    case_notes,
    critical_lines,
    levels_told,
    nothing_to_suggest,
    others_weak,
    practice_line,
    seen_line,
    standing_line,
    totals,
    uncounted_lines,
)
from simulator.tui.beside import Beside
from simulator.tui.fold import Fold
from simulator.tui.lines import KeyLine, Paper, TopLine, Words
from simulator.tui.page import ClosesOnce
from simulator.wording import ASSERTED, DISCLAIMER, LEVEL_SIGNS

if TYPE_CHECKING:
    from simulator.tui.app import CaseloadApp
    from simulator.tui.desk import Desk


class Offer(Vertical, can_focus=True):
    """A case to practise with, and why."""

    DEFAULT_CSS = """
    Offer {
        height: auto;
        padding: 0 1;
        margin-bottom: 1;
        &:focus { background: $primary 25%; }
        &:hover { background: $primary 12%; }
        & .offer-title { text-style: bold; }
        & .offer-reason { padding: 0 0 0 3; }
    }
    """
    BINDINGS: ClassVar = [
        Binding("enter,space", "take", "Practise", id="offer.take", tooltip="Play the case that is lit"),
    ]

    @dataclass
    class Taken(Message):
        """Somebody wants to practise with this case."""

        advice: Advice

    def __init__(self, number: int, advice: Advice) -> None:
        super().__init__()
        self.number = number
        self.advice = advice

    def compose(self) -> ComposeResult:
        """Lay out the case and the reason."""
        yield Beside(f"{self.number}  ", advice_line(self.advice), classes="offer-title")
        yield Words(self.advice.reason, classes="offer-reason")

    def action_take(self) -> None:
        """Practise with it."""
        self.post_message(self.Taken(self.advice))

    @on(Click)
    def _clicked(self, event: Click) -> None:
        event.stop()
        if event.chain == 1:
            self.focus(scroll_visible=False)
            self.action_take()


class ProgressScreen(ClosesOnce, Screen[None]):
    """What this person's attempts show."""

    app: CaseloadApp
    CSS_PATH = "progress.tcss"
    HORIZONTAL_BREAKPOINTS: ClassVar = [(0, "-slim"), (60, "-narrow"), (100, "-wide")]  # type: ignore[misc]
    HELP = (
        "What your attempts show together. First attempts count; a repeat is practice, and sessions that you have not "
        "finished do not count. Enter plays what is suggested, or opens an indicator or a case to show the decisions "
        "behind it; b sets two attempts at a case side by side."
    )
    BINDINGS: ClassVar = [
        Binding("down,j", "app.focus_next", "Next", show=False, id="progress.next", tooltip="The next one"),
        Binding("up,k", "app.focus_previous", "Before", show=False, id="progress.before", tooltip="The one before"),
        Binding("a", "open_all", "Open all", id="progress.all", tooltip="Open or close everything that opens"),
        Binding("b", "compare", "Compare", id="progress.compare", tooltip="Set two attempts at a case side by side"),
        Binding("q,escape", "dismiss", "Library", id="progress.back", tooltip="Back to the library"),
    ]

    @dataclass
    class Looked(Message):
        """This person's sessions have been replayed and brought together."""

        progress: Progress

    def __init__(self, desk: Desk, begin: Callable[[str], None], resume: Callable[[str], None]) -> None:
        """With what begins a case by its id, and what goes on with a session by its id."""
        super().__init__()
        self.desk = desk
        self.progress: Progress | None = None
        self._begin = begin
        self._resume = resume

    def compose(self) -> ComposeResult:
        """Tell criticals first, then what to practise, then what that rests on."""
        yield TopLine("Progress", self.desk.person.name if self.desk.person else "")
        with Paper(id="progress"):
            if self.progress is None:
                yield Words("Looking through your sessions…", classes="muted")
            else:
                yield from self._told(self.progress)
        yield KeyLine()

    def _told(self, found: Progress) -> Iterator[Widget]:
        yield Words(f"{totals(found)}. {COUNTING}", classes="muted gap")
        for title, where, why in critical_lines(found):
            yield Words("\n".join(line for line in (f"Critical: {title}", where, why) if line), classes="critical")
        yield Words("What to practise next", classes="heading")
        for number, advice in enumerate(found.advice, 1):
            yield Offer(number, advice)
        if not found.advice:
            yield Words(nothing_to_suggest(found), classes="gap")
        yield Words("Weakest on first attempts", classes="heading")
        for standing in found.weakest:
            yield _standing(standing, opened=standing is found.weakest[0])
        if others := others_weak(found):
            yield Words(others, classes="gap")
        if found.attempts:
            yield Words("All marks", classes="heading")
            yield from _marks(found)
        if found.cases:
            yield Words("Your cases", classes="heading")
            for case in found.cases:
                yield CaseFold(case)
        yield Words(f"{DISCLAIMER} {ASSERTED}", classes="muted")

    def on_screen_resume(self) -> None:
        """Look again when coming back: something may have been practised."""
        self._look()

    @work(thread=True, exclusive=True)
    def _look(self) -> None:
        desk = self.desk
        person = desk.person.id if desk.person else ""
        mine = desk.mine(list(desk.archive.sessions()))
        self.post_message(self.Looked(progress(person, mine, [case.scenario for case in desk.cases], desk.path)))

    @on(Looked)
    async def _show(self, looked: Looked) -> None:
        if not self.is_attached:
            return
        first = self.progress is None
        lit = self._stops.index(self.focused) if self.focused in self._stops else 0
        place = next((paper.scroll_y for paper in self.query(Paper)), 0)
        self.progress = looked.progress
        await self.recompose()
        stops = self._stops
        if stops:
            self.set_focus(stops[min(lit, len(stops) - 1)], scroll_visible=False)
        self.refresh_bindings()
        # It may have been closed meanwhile, and then there is no page.
        for paper in self.query(Paper):
            self.call_after_refresh(paper.scroll_to, y=0 if first else place, animate=False)

    @property
    def _stops(self) -> list[Widget]:
        """What the arrows move to."""
        return list(self.query("Offer, Fold").results(Widget))

    # -- what can be done ---------------------------------------------------------------------

    def on_key(self, event: Key) -> None:
        """Practise by number."""
        for offer in self.query(Offer):
            if event.character == str(offer.number):
                offer.focus()
                offer.action_take()

    @on(Offer.Taken)
    def _taken(self, event: Offer.Taken) -> None:
        if not self.is_active:
            # A second press that was on its way while the first one opened something.
            return
        if event.advice.session:
            self._resume(event.advice.session)
        else:
            self._begin(event.advice.scenario.id)

    def action_open_all(self) -> None:
        """Open everything, or close everything if all is open."""
        folds = self.query(Fold)
        opened = not all(fold.open for fold in folds)
        for fold in folds:
            fold.open = opened

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to compare where there is something to compare."""
        return action != "compare" or bool(self._comparable())

    def _comparable(self) -> list[CaseProgress]:
        return [case for case in self.progress.cases if len(case.attempts) > 1] if self.progress else []

    def action_compare(self) -> None:
        """Compare the last two attempts at the case that is lit, or at the only one there are two at."""
        from simulator.tui.comparison import ComparisonScreen

        cases = self._comparable()
        lit = self.focused.case if isinstance(self.focused, CaseFold) else None
        if lit is None and len(cases) == 1:
            lit = cases[0]
        if lit not in cases or lit is None:
            self.app.tell("Move to a case that you finished more than once; it stands under Your cases.")
        elif self.is_active:
            attempts = [attempt.logged for attempt in lit.attempts]
            self.app.push_screen(ComparisonScreen(attempts, len(attempts) - 2, len(attempts) - 1))


class CaseFold(Fold):
    """A case, its attempts, and below them their results."""

    def __init__(self, case: CaseProgress) -> None:
        self.case = case
        lines = [*map(attempt_line, case.attempts), *uncounted_lines(case), *case_notes(case)]
        super().__init__(
            Vertical(Words(case.title, classes="fold-title"), *map(Words, lines), classes="case-head"),
            (lambda: _results(case.attempts)) if case.attempts else None,
        )


def _results(attempts: Iterable[Attempt]) -> Iterator[Widget]:
    for attempt in attempts:
        yield Words("First attempt" if attempt.first else f"Repeat {attempt.number - 1}", classes="attempt")
        for line in attempt_criticals(attempt):
            yield Words(line, classes="alert")
        for dimension, told in attempt_results(attempt):
            yield Beside(f"{dimension:<14}", told)


def _standing(standing: Standing, *, opened: bool) -> Fold:
    """Return an indicator that opens to the decisions it is weak in."""
    return Fold(Words(standing_line(standing), classes="fold-title"), lambda: _evidence(standing), opened=opened)


def _evidence(standing: Standing) -> Iterator[Widget]:
    for seen in standing.low:
        yield Beside(f"{LEVEL_SIGNS[seen.mark.level]:<3}", seen_line(seen))
        if seen.why:
            yield Words(seen.why, classes="why")
    if told := practice_line(standing):
        yield Words(told, classes="muted")


def _marks(found: Progress) -> Iterator[Widget]:
    first = levels_told(seen for attempt in found.first_attempts for seen in attempt.seen)
    repeats = levels_told(seen for attempt in found.repeats for seen in attempt.seen)
    for dimension, told in first.items():
        practice = f"\nin repeats: {repeats[dimension]}" if repeats[dimension] else ""
        yield Beside(f"{dimension:<14}", f"{told or 'nothing marked'}{practice}")
