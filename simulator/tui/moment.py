"""One decision of a session, as debrief and review show it: a line that opens."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.events import Click
from textual.reactive import reactive
from textual.widget import Widget

from scoring.rubric import Level, Rubric
from simulator.hindsight import Regret
from simulator.hindsight_telling import kept_lines, label_line, lost_line
from simulator.people import People
from simulator.review.writing import Comment
from simulator.session import Wrote
from simulator.transcript import Moment
from simulator.tui.lines import Words
from simulator.tui.tool import Tool, Tools
from simulator.wording import LEVEL_SIGNS, award_lines, document_text, spoken, sureness

LOST = {Level.POOR, Level.HARMFUL}
SPARED = {"", "kept", "good"}
"""Labels of decisions that are not open to begin with, unless their marks say otherwise."""


class MomentBlock(Vertical, can_focus=True):
    """A decision: its line, and what opens below it."""

    DEFAULT_CSS = """
    MomentBlock {
        height: auto;
        padding: 0 1;
        &:focus { background: $primary 12%; }
        & .line { height: auto; text-style: bold; }
        & .signs { width: auto; min-width: 11; }
        & .label { width: auto; min-width: 9; padding: 0 1 0 0; display: none; }
        & .what { width: 1fr; }
        & .cost { width: auto; max-width: 40%; padding: 0 0 0 2; display: none; color: $text-muted; }
        & .against { display: none; }
        & .body { height: auto; padding: 0 0 1 11; display: none; }
        & .shown { color: $text-muted; margin-bottom: 1; }
        & .skipped { color: $text-muted; }
        & .comment { border-left: tall $accent; padding: 0 1; }
        & .written { border-left: tall $panel; padding: 0 1; }
        &.-open .body { display: block; }
        &.-critical .line { color: $error; }
        &.-priced .label, &.-priced .cost { display: block; }
        & .against.-told { display: block; margin-bottom: 1; }
    }
    """
    BINDINGS: ClassVar = [
        Binding("enter,space", "unfold", "Open", id="moment.toggle", tooltip="Open or close this decision"),
    ]

    open: reactive[bool] = reactive(False)
    """Whether its body is shown."""

    def __init__(
        self,
        moment: Moment,
        rubric: Rubric,
        comments: Sequence[str] = (),
        *,
        whole: bool = False,
        regret: Regret | None = None,
        pace: str = "",
        tools: Sequence[Tool] = (),
        gone: str = "(what was written has been erased)",
        later: bool = False,
    ) -> None:
        """With `whole`, it also tells what was shown, offered and not taken; with `regret`, what it cost.

        `pace` says how long it took; `tools` are what the mouse can do with it. `gone` stands where a text is
        gone. With `later`, its body stays empty until `fill`: a page of many shows sooner.
        """
        super().__init__()
        self._filled = not later
        self._regret = regret
        self._touched = False
        """Whether somebody opened or closed it."""
        self.moment = moment
        self._rubric = rubric
        self._comments = comments
        self._whole = whole
        self._pace = pace
        self._tools = tools
        self._gone = gone
        levels = {mark.level for award in moment.awards for mark in award.marks}
        self.set_class(bool(moment.criticals), "-critical")
        # A document that was read is told by its title; what it says is a key away.
        told = whole and moment.document is None
        self.set_reactive(MomentBlock.open, told or bool(levels & LOST or moment.criticals or comments))

    @property
    def number(self) -> int:
        """The number of the decision."""
        return self.moment.number

    @property
    def about(self) -> str:
        """What it is, in a line."""
        return f"Decision {self.number}: {self.moment.what}"

    def compose(self) -> ComposeResult:
        """Lay out the line and the body."""
        with Horizontal(classes="line"):
            yield Words(self._signs, classes="signs")
            yield Words(classes="label")
            yield Words(self.moment.what, classes="what")
            yield Words(classes="cost")
        with Vertical(classes="body"):
            if self._filled:
                yield from self._body()

    async def fill(self) -> None:
        """Put into the body what belongs there, if that was left for later."""
        if not self._filled and self.is_attached:
            self._filled = True
            await self.query_one(".body", Vertical).mount_all(self._body())
            if self._regret is not None:
                self.price(self._regret)

    def on_mount(self) -> None:
        """Open what begins open."""
        self.set_class(self.open, "-open")
        if self._regret is not None:
            self.price(self._regret)

    async def tell(self, said: Sequence[str]) -> None:
        """Show what reviewers say of it now."""
        if list(said) == list(self._comments):
            return
        self._comments = said
        if self._filled:
            await self.query(".comment").remove()
            below = self.query_one(".body", Vertical)
            await below.mount_all([Words(each, classes="comment") for each in said], before=_tools_of(below))
        self.open = self.open or bool(said)

    def price(self, regret: Regret) -> None:
        """Say what it cost against the best still reachable, and what would have kept that."""
        self._regret = regret
        lost = lost_line(regret.points or ())
        self.query_one(".label", Words).say(regret.label)
        self.query_one(".cost", Words).say(f"cost {lost}" if lost else "")
        self.add_class("-priced")
        if self._filled:
            self._tell_against(regret)
        if regret.label not in SPARED and not self._touched:
            self.open = True

    def _tell_against(self, regret: Regret) -> None:
        told = [] if regret.label in ("", "kept") and not regret.hard else [label_line(regret)]
        if regret.points is None:
            told = [label_line(regret)]
        told += kept_lines(regret, self.moment.session)
        against = self.query_one(".against", Words)
        against.say("\n".join(told))
        against.set_class(bool(told), "-told")

    @property
    def _signs(self) -> str:
        """The number of the decision and the signs of its levels."""
        signs = [LEVEL_SIGNS[mark.level] for award in self.moment.awards for mark in award.marks]
        shown = " ".join(signs) or "·"
        return f"{'!' if self.moment.criticals else ' '}{self.moment.number:>2}  {shown}  "

    def _body(self) -> Iterator[Widget]:
        moment = self.moment
        if self._whole:
            yield from self._shown()
        if moment.confidence:
            yield Words(sureness(moment.confidence), classes="muted")
        if moment.advice:
            yield Words(moment.advice, classes="shown")
        if moment.written is not None:
            yield Words(moment.written or "(nothing)", classes="written")
        elif isinstance(moment.event, Wrote):
            yield Words(self._gone, classes="muted")
        if moment.document is not None and self._whole:
            yield Words(document_text(moment.session, moment.document), classes="written gap")
        if moment.reaction:
            yield Words(moment.reaction, classes="shown")
        if self._whole and moment.skipped:
            told = (f"not taken: {spoken(each.text, each.spoken)}" for each in moment.skipped)
            yield Words("\n".join(told), classes="skipped")
        for award in moment.awards:
            yield Words("\n".join(award_lines(award, self._rubric)))
            if award.why:
                yield Words(award.why, classes="gap")
        for critical in moment.criticals:
            yield Words(f"Critical: {critical.title}. {critical.why}", classes="alert")
        yield Words(classes="against")
        scene = moment.session.scene
        if moment.written is not None and scene is not None and scene.write is not None and scene.write.model:
            yield Words("One good example:", classes="muted")
            yield Words(scene.write.model, classes="written")
        for comment in self._comments:
            yield Words(comment, classes="comment")
        if self._tools:
            yield Tools(self._tools)

    def _shown(self) -> Iterator[Widget]:
        moment = self.moment
        when = f"{moment.time}  {moment.phase}".strip() + (f"  ({self._pace})" if self._pace else "")
        said = [(moment.person, moment.speech), *moment.voices]
        told = [when, moment.narration, *(f"{who}: {words}" for who, words in said if words)]
        yield Words("\n".join(each for each in told if each), classes="shown")

    def watch_open(self, opened: bool) -> None:
        """Show or hide the body."""
        self.set_class(opened, "-open")

    def action_unfold(self) -> None:
        """Open or close it."""
        self._touched = True
        self.open = not self.open

    @on(Click)
    def _clicked(self) -> None:
        self.focus(scroll_visible=False)
        self.action_unfold()


def _tools_of(body: Vertical) -> Widget | None:
    return next(iter(body.query(Tools)), None)


def comment_words(comment: Comment, people: People) -> str:
    """Write a comment with who said it."""
    unsigned = "" if comment.signed else " (not signed off yet)"
    return f"{people.name(comment.reviewer)}{unsigned}: {comment.text}"
