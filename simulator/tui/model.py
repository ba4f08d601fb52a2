"""One balanced way through a case, decision by decision, at the reader's own pace."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.screen import Screen
from textual.widget import Widget

from simulator.model_telling import EXAMPLE, ModelPath, asked, decided, example, scene_lines, when_line
from simulator.transcript import Moment
from simulator.tui.beside import Beside
from simulator.tui.lines import KeyLine, Paper, TopLine, Words
from simulator.tui.page import ClosesOnce

if TYPE_CHECKING:
    from simulator.tui.app import CaseloadApp


class ModelScreen(ClosesOnce, Screen[None]):
    """A page for each decision of the way, and one for where it leads."""

    app: CaseloadApp
    CSS_PATH = "model.tcss"
    HELP = (
        "One balanced way through the case, a page for each decision: what is told and said, what is decided (▸), what "
        "comes of it, how it is marked and why. Space and the arrows to the right and left turn pages as well. The "
        "last page says what the way comes to. It is one way among others."
    )
    BINDINGS: ClassVar = [
        Binding("n,space,right,enter", "turn(1)", "Next", id="model.next", tooltip="The next decision"),
        Binding("p,left,backspace", "turn(-1)", "Before", id="model.before", tooltip="The decision before"),
        Binding("q,escape", "dismiss", "Back", id="model.back", tooltip="Back to the debrief"),
        Binding("home", "turn_to(0)", "First", id="model.first", tooltip="The first decision"),
        Binding("end", "turn_to(-1)", "Ending", id="model.last", tooltip="Where the way leads"),
        Binding("up,k", "scroll(-1)", "Up", show=False, id="model.up", tooltip="Up, where a page is long"),
        Binding("down,j", "scroll(1)", "Down", show=False, id="model.down", tooltip="Down, where a page is long"),
        Binding("pageup", "page(-1)", "Page up", show=False, id="model.page-up", tooltip="Up by a screenful"),
        Binding("pagedown", "page(1)", "Page down", show=False, id="model.page-down", tooltip="Down by a screenful"),
    ]

    def __init__(self, path: ModelPath) -> None:
        super().__init__()
        self.path = path
        self._steps = path.steps
        self._at = 0
        """The page that is shown, from 0; after the last decision comes the ending."""

    def compose(self) -> ComposeResult:
        """Lay out the first page."""
        yield TopLine(f"One balanced way · {self.path.session.scenario.title}", self._place)
        with Paper(id="way"):
            yield from self._page()
        yield KeyLine()

    @property
    def _place(self) -> str:
        return f"{self._at + 1} of {len(self._steps)}" if self._at < len(self._steps) else "ending"

    def _page(self) -> Iterator[Widget]:
        if self._at < len(self._steps):
            yield from self._step(self._steps[self._at])
        else:
            yield from self._end()

    def _step(self, moment: Moment) -> Iterator[Widget]:
        yield Words(when_line(moment), classes="muted gap")
        for line in scene_lines(moment, whole=True):
            yield Words(line, classes="gap")
        if task := asked(moment):
            yield Words(task, classes="muted")
        for number, line in enumerate(decided(moment)):
            yield Beside("  " if number else "▸ ", line, classes="decided")
        if words := example(moment):
            yield Words(EXAMPLE, classes="muted")
            yield Words(words, classes="written")
        for line in (moment.advice, moment.reaction):
            if line:
                yield Words(line, classes="came-of-it")
        if worth := self.path.worth(moment):
            yield Words("\n".join(worth), classes="worth")

    def _end(self) -> Iterator[Widget]:
        session = self.path.session
        yield Words(session.ending.title if session.ending else "", classes="heading")
        yield Words(session.narration, classes="gap")
        yield Words("What this way comes to", classes="heading")
        yield Words("\n".join(self.path.results()), classes="gap")
        yield Words(self.path.meaning())

    async def action_turn(self, pages: int) -> None:
        """Turn to another page."""
        await self._turn_to(self._at + pages)

    async def action_turn_to(self, page: int) -> None:
        """Turn to the first page, or with -1 to the last."""
        await self._turn_to(len(self._steps) if page < 0 else page)

    async def _turn_to(self, page: int) -> None:
        wanted = max(0, min(page, len(self._steps)))
        if wanted == self._at or not self.is_active:
            return
        self._at = wanted
        paper = self.query_one(Paper)
        with self.app.batch_update():
            await paper.remove_children()
            await paper.mount_all(self._page())
            self.query_one(TopLine).say(right=self._place)
            paper.scroll_home(animate=False)

    def action_scroll(self, lines: int) -> None:
        """Scroll by a line."""
        self.query_one(Paper).scroll_relative(y=lines, animate=False)

    def action_page(self, pages: int) -> None:
        """Scroll by a screenful."""
        paper = self.query_one(Paper)
        if pages > 0:
            paper.scroll_page_down(animate=False)
        else:
            paper.scroll_page_up(animate=False)
