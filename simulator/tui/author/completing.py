"""What can stand where the cursor is, to pick from: type more of it, move with the arrows, take it with Enter."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option as Row

from simulator.authoring.completion import Completion, Option
from simulator.text import one_line
from simulator.tui.author.asking import TypesAhead
from simulator.tui.lines import Words
from simulator.tui.pick import Options, Picking

MOST = 300
"""Lines that are shown; whoever has more types a letter."""
LONGEST = 400
"""Characters of what one of them means."""


class CompleteScreen(TypesAhead, Picking[Option]):
    """Pick what to insert; None: nothing."""

    CSS_PATH = "completing.tcss"
    HELP = (
        "These can stand where the cursor is. Type a part of one, move with the arrows, take it with Enter or Tab. "
        "What the lit one means stands below. Esc leaves the text as it is."
    )
    BINDINGS: ClassVar = [
        Binding("escape", "dismiss", "Cancel", id="complete.cancel", tooltip="Leave the text as it is"),
        Binding("down", "move(1)", show=False, id="complete.down", tooltip="The next one"),
        Binding("up", "move(-1)", show=False, id="complete.up", tooltip="The one before"),
        Binding("tab", "take", show=False, priority=True, id="complete.take", tooltip="Take the one that is lit"),
        Binding("f1", "app.help", "Help", id="complete.help", tooltip="What can be done here"),
    ]

    def __init__(self, found: Completion, typed: str = "") -> None:
        """`typed` is what stands there already."""
        super().__init__()
        self._found = found
        self._typed = typed
        self.shown = []

    def compose(self) -> ComposeResult:
        """Lay out what is typed, what fits it, and what that means."""
        with Vertical(id="complete"):
            yield Words("What can stand here", classes="heading")
            yield Input(self._typed, id="complete-words", select_on_focus=False)
            yield Options(id="complete-list", markup=False)
            yield Words("Nothing fits that.", classes="muted", id="complete-nothing")
            yield Words(id="complete-about", classes="muted")

    def on_mount(self) -> None:
        """Show what fits, and go on typing."""
        self.query_one(OptionList).can_focus = False
        words = self.query_one(Input)
        words.focus()
        words.cursor_position = len(words.value)
        self._fill(self._typed)
        self.type_ahead()

    def _fill(self, typed: str) -> None:
        part = typed.casefold().strip()
        options = self._found.options
        first = [each for each in options if each.label.casefold().startswith(part)]
        others = [each for each in options if part in each.label.casefold() and each not in first]
        # Whoever knows what it is about, but not what it is called, finds it by that.
        more = [each for each in options if part in each.about.casefold() and each not in (*first, *others)]
        self.shown = [*first, *others, *(more if len(part) > 2 else [])][:MOST]
        shown = self.query_one(OptionList)
        shown.clear_options()
        wide = max((len(each.label) for each in self.shown), default=0)
        wide = min(wide, 34)
        shown.add_options(
            [
                Row(Content.assemble(f"{each.label:<{wide}}  ", (one_line(each.about, 160), "$text-muted")))
                for each in self.shown
            ]
        )
        shown.highlighted = 0 if self.shown else None
        shown.display = bool(self.shown)
        self.query_one("#complete-nothing").display = not self.shown
        self._tell()

    def _tell(self) -> None:
        at = self.query_one(OptionList).highlighted
        about = self.shown[at].about if at is not None and at < len(self.shown) else ""
        told = self.query_one("#complete-about", Words)
        told.say(one_line(about or self._found.hint, LONGEST))
        told.display = bool(told.text)

    @on(OptionList.OptionHighlighted)
    def _lit(self) -> None:
        self._tell()

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        if event.value != self._typed or self.shown:
            self._fill(event.value)
