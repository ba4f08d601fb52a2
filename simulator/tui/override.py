"""Giving a mark another level: the anchors beside each other, and a reason. What the case gave stays."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from textual import on
from textual.containers import Vertical
from textual.widget import Widget
from textual.widgets import TextArea

from scoring.rubric import Level, Rubric
from simulator.review.judged import Marked
from simulator.review.telling import indicator_words
from simulator.review.writing import Override
from simulator.tui.choices import Choices
from simulator.tui.judging import JudgingScreen, typed
from simulator.tui.levels import Levels, anchored
from simulator.tui.lines import Words

NONE = "none"
Keep = Callable[[Marked, Level | None, str], str]
"""Keeps another level for a mark, or None for no mark at all, with the reason; says why it could not."""


class OverrideScreen(JudgingScreen):
    """Override one mark of a decision."""

    KEEP = "Override"
    HELP = (
        "Pick the level that fits what was done, in the rubric's words, or that the mark should not have been given; "
        "then say why: the trainee and the case's author read it. What the case gave stays, and both are shown. The "
        "level that the case gave takes your own override back."
    )

    def __init__(
        self, about: str, marks: Sequence[Marked], rubric: Rubric, own: Sequence[Override], keep: Keep
    ) -> None:
        """With the marks of one decision, and what the reviewer overrode of it already."""
        super().__init__(about)
        self._marks = marks
        self._rubric = rubric
        self._own = own
        self._override = keep
        self._meant: Marked | None = None

    def content(self) -> Iterator[Widget]:
        """Lay out the marks to pick from, then the one that is meant."""
        yield Choices(id="marks")
        with Vertical(id="one-mark"):
            yield Words(id="mark")
            yield Levels(id="levels")
            yield Words("Why? It is needed: the trainee and the case's author read it.", classes="muted")
            yield TextArea(id="words", classes="words", tab_behavior="focus")

    async def on_mount(self) -> None:
        """Ask which mark is meant, where there are several."""
        if len(self._marks) == 1:
            await self._mean(self._marks[0])
            return
        self.query_one("#one-mark").display = False
        marks = self.query_one("#marks", Choices)
        await marks.fill([(str(n), self._told(each)) for n, each in enumerate(self._marks)])
        marks.focus()

    def _told(self, marked: Marked) -> str:
        prior = self._prior(marked)
        now = f"\nyou: {'no mark' if prior.now is None else prior.now}" if prior else ""
        return (
            f"{indicator_words(marked.mark.indicator, self._rubric)}: {marked.mark.level}\n{marked.given.why}".rstrip()
            + now
        )

    def _prior(self, marked: Marked) -> Override | None:
        key = (marked.number, marked.award, marked.mark.indicator)
        return next((each for each in self._own if (each.number, each.award, each.indicator) == key), None)

    @on(Choices.Picked, "#marks")
    async def _picked(self, event: Choices.Picked) -> None:
        await self._mean(self._marks[int(event.id)])

    async def _mean(self, marked: Marked) -> None:
        self._meant = marked
        self.query_one("#marks").display = False
        self.query_one("#one-mark").display = True
        self.query_one("#mark", Words).say(f"{self._told(marked)}".strip())
        rows = [
            (name, f"{text} (as the case marked it)" if name == marked.mark.level.value else text)
            for name, text in anchored(self._rubric.indicators[marked.mark.indicator].anchors)
        ]
        rows.append((NONE, "It should not have been given."))
        prior = self._prior(marked)
        picked = "" if prior is None else NONE if prior.now is None else prior.now.value
        await self.query_one(Levels).offer(rows, picked)
        self.query_one("#words", TextArea).load_text(prior.reason if prior else "")
        self.tell_why("")
        self.set_focus(self.query_one(Levels), scroll_visible=False)

    @on(Levels.Taken)
    def _go_on(self) -> None:
        self.query_one("#words", TextArea).focus()

    def keep(self) -> str:
        """Override it."""
        picked, reason = self.query_one(Levels).picked, typed(self.query_one("#words", TextArea))
        if self._meant is None:
            return "Pick the mark first."
        if not picked:
            return "Pick a level first, or that it should not have been given."
        now = None if picked == NONE else Level(picked)
        if now is self._meant.mark.level and self._prior(self._meant) is None:
            return "That is what the case marked already."
        if not reason and now is not self._meant.mark.level:
            return "Say why: the trainee and the case's author read it."
        return self._override(self._meant, now, reason)
