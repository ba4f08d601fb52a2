"""Rating what somebody wrote: the note in full beside the anchors of the rubric, with hints that decide nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from textual import on
from textual.containers import VerticalScroll
from textual.widget import Widget
from textual.widgets import Button

from scoring.rubric import Level
from simulator.review.note_hints import ONLY_HINTS
from simulator.tui.judging import JudgingScreen
from simulator.tui.levels import Levels, Rate, Subject
from simulator.tui.lines import Words

Keep = Callable[[Subject, Level, str], str]
"""Keeps a level, with words or without; says why it could not."""


class RatesScreen(JudgingScreen):
    """Give levels to several things."""

    def __init__(self, about: str, subjects: Sequence[Subject], keep: Keep) -> None:
        super().__init__(about)
        self._subjects = subjects
        self._rate = keep
        self._kept: set[str] = set()
        """What is on the disk, where something else could not be kept after it."""

    def content(self) -> Iterator[Widget]:
        """Lay out what is to be rated."""
        for subject in self._subjects:
            yield Rate(subject)

    async def on_mount(self) -> None:
        """Pick at once."""
        for levels in list(self.query(Levels))[:1]:
            # From its top: what is rated stands above its levels.
            self.set_focus(levels, scroll_visible=False)

    @on(Levels.Taken)
    def _go_on(self, event: Levels.Taken) -> None:
        # What is next is rated by the next digit; words are a Tab away.
        lists = list(self.query(Levels))
        further = lists[lists.index(event.levels) + 1 :]
        (further[0] if further else self.query_one("#keep-it", Button)).focus()

    def keep(self) -> str:
        """Keep what is new."""
        changed = [each for each in self.query(Rate) if each.changed and each.subject.id not in self._kept]
        for each in changed:
            if each.level is None:
                return f"Pick a level for {each.subject.title}, or take its words away."
        if not changed and not self._kept and all(each.level is None for each in self.query(Rate)):
            return "Pick a level first."
        for each in changed:
            if each.level is not None and (why := self._rate(each.subject, each.level, each.text)):
                return why
            self._kept.add(each.subject.id)
        return ""


@dataclass(frozen=True, slots=True)
class Written:
    """What somebody wrote, and what helps to read it."""

    prompt: str
    """What the case asked for."""
    note: str
    """As it was typed."""
    look_for: Sequence[str] = ()
    """What the case's author says to look for."""
    hints: Sequence[str] = ()
    """What a machine noticed."""


class RatingScreen(RatesScreen):
    """Rate what was written at a decision."""

    HELP = (
        "The note stands in full, as it was typed, with what the case's author says to look for. Hints are a program's "
        "and may be wrong; they decide nothing. A number picks a level and goes on to the next "
        "indicator; Tab leads to room for words. Page Up and Page Down turn what has the focus."
    )

    def __init__(self, about: str, written: Written, subjects: Sequence[Subject], keep: Keep) -> None:
        super().__init__(about, subjects, keep)
        self._written = written

    def content(self) -> Iterator[Widget]:
        """Lay out the note beside what it is rated on."""
        with VerticalScroll(id="written"):
            yield Words(self._written.prompt, classes="muted gap")
            yield Words(self._written.note, classes="note gap")
            if self._written.look_for:
                yield Words("Look for", classes="rate-title")
                yield Words("\n".join(f"- {each}" for each in self._written.look_for), classes="gap")
            if self._written.hints:
                yield Words(ONLY_HINTS, classes="muted")
                yield Words("\n".join(f"- {each}" for each in self._written.hints), classes="hints")
        with VerticalScroll(id="rates", can_focus=False):
            yield from super().content()

    def action_turn(self, pages: int) -> None:
        """Move through the note, or through what it is rated on where the focus is there."""
        rates = self.query_one("#rates", VerticalScroll)
        inside = self.focused is not None and rates in self.focused.ancestors
        page = rates if inside and rates.max_scroll_y else self.query_one("#written", VerticalScroll)
        if pages > 0:
            page.scroll_page_down(animate=False)
        else:
            page.scroll_page_up(animate=False)


class OverallScreen(RatesScreen):
    """Give whole dimensions a level, beside their numbers."""

    HELP = (
        "Your own view of each dimension as a whole. It stands beside the numbers and changes none of them. A number "
        "picks a level and goes on to the next dimension; what you leave out is not rated."
    )
