"""Parts of a session under review that are no decision: what held before the first one, and reflections."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Vertical

from scoring.rubric import Rubric
from scoring.scorecard import Award
from simulator.tui.lines import Words
from simulator.tui.tool import Tool, Tools
from simulator.wording import award_lines


class _Told(Vertical, can_focus=True):
    """Something that can be lit and judged."""

    DEFAULT_CSS = """
    _Told {
        height: auto;
        padding: 0 1;
        &:focus { background: $primary 12%; }
        & .said { height: auto; }
        & .comment { border-left: tall $accent; padding: 0 1; }
    }
    """
    about = ""
    """What it is, in a line."""
    number = 0


class StartBlock(_Told):
    """Marks that were given before anything was decided."""

    about = "Before the first decision"

    def __init__(self, awards: Sequence[Award], rubric: Rubric, said: Sequence[str], tools: Sequence[Tool]) -> None:
        super().__init__()
        self._awards = awards
        self._rubric = rubric
        self._said = said
        self._tools = tools

    def compose(self) -> ComposeResult:
        """Lay out the marks."""
        yield Words(self.about, classes="muted")
        for award in self._awards:
            yield Words("\n".join(award_lines(award, self._rubric)))
            if award.why:
                yield Words(award.why, classes="gap")
        with Vertical(classes="said"):
            for each in self._said:
                yield Words(each, classes="comment")
        yield Tools(self._tools)

    async def tell(self, said: Sequence[str]) -> None:
        """Show what reviewers say of it now."""
        if list(said) != list(self._said):
            self._said = said
            below = self.query_one(".said", Vertical)
            await below.remove_children()
            await below.mount_all(Words(each, classes="comment") for each in said)


class ReflectionBlock(_Told):
    """What the trainee thought about it afterwards."""

    about = "What the trainee thought about it"

    def __init__(self, entry: int, text: str, tools: Sequence[Tool]) -> None:
        """With the entry of the journal in which it stands."""
        super().__init__()
        self.entry = entry
        self.text = text
        self._tools = tools

    def compose(self) -> ComposeResult:
        """Show it as it was typed."""
        yield Words(self.text, classes="written")
        yield Tools(self._tools)
