"""The text of a case, as its author types it: with a sign beside every line that something is wrong with.

Textual's own editor does the editing. This one knows what an indented text needs: the next line begins where this one
did, Tab and Backspace go by the author's steps, and Esc leads out of it, to where letters are commands.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding
from textual.color import Color
from textual.document._document import EditResult, Location, Selection
from textual.document._edit import Edit
from textual.document._wrapped_document import WrappedDocument
from textual.events import Key
from textual.geometry import Offset
from textual.message import Message
from textual.strip import Strip
from textual.widgets import TextArea

from simulator.authoring.saving import alike
from simulator.problem import Severity
from simulator.source.lines import opens_block
from simulator.tui.author.problems import SIGNS


class Quick(WrappedDocument):
    """A wrapped text that knows its height. Textual's counts it anew for every line that is painted."""

    @property
    def height(self) -> int:
        """How many lines it has on the screen."""
        return len(self._offset_to_line_info)


class Editor(TextArea):
    """An editor for YAML."""

    DEFAULT_CSS = """
    Editor {
        border: none;
        padding: 0;
        background: $background;
        &:focus { border: none; }
        & .text-area--gutter { color: $text-muted; }
    }
    """
    BINDINGS: ClassVar = [
        Binding("escape", "out", "Keys", id="editor.out", tooltip="Out of the text: letters are commands there"),
        # Keys that Textual's editor would take for something else.
        Binding("f6", "screen.outline", show=False, id="editor.outline", tooltip="Show or hide the outline"),
        Binding("f7", "screen.previous", show=False, id="editor.previous", tooltip="To the problem before"),
        Binding("ctrl+f", "screen.find", show=False, id="editor.find", tooltip="Find words in the text"),
        Binding("ctrl+z", "undo", "Undo", show=False, id="editor.undo", tooltip="Take the last change back"),
        Binding("ctrl+y", "redo", "Redo", show=False, id="editor.redo", tooltip="Make it again"),
        Binding("ctrl+home", "top", show=False, id="editor.top", tooltip="To the first line"),
        Binding("ctrl+end", "bottom", show=False, id="editor.bottom", tooltip="To the last line"),
        # Terminals send these, and Textual's editor has nothing for them.
        Binding("shift+pageup", "select_page(-1)", show=False, id="editor.select-up", tooltip="Select a page up"),
        Binding("shift+pagedown", "select_page(1)", show=False, id="editor.select-down", tooltip="Select a page down"),
        Binding("ctrl+shift+home", "top(True)", show=False, id="editor.select-top", tooltip="Select up to the top"),
        Binding("ctrl+shift+end", "bottom(True)", show=False, id="editor.select-end", tooltip="Select down to the end"),
        Binding("shift+tab", "outdent", show=False, id="editor.outdent", tooltip="Less indentation for this line"),
    ]

    @dataclass
    class Left(Message):
        """Esc was pressed: somebody wants to go where letters are commands."""

        editor: Editor

    _whole: str | None = None
    _taken: Selection | None = None
    """Whole rows that were selected as one."""

    def __init__(self, text: str = "", id: str | None = None) -> None:
        super().__init__(
            text,
            id=id,
            soft_wrap=True,
            show_line_numbers=True,
            tab_behavior="indent",
            max_checkpoints=200,
        )
        self.indent_width = 2
        self._quicken()
        self.marks: Mapping[int, Severity] = {}
        """The worst that is wrong on each row."""

    # -- quick in a large text ----------------------------------------------------------------

    @property
    def text(self) -> str:
        """The whole text. It is asked for with every line that is painted, so it is put together once."""
        if self._whole is None:
            self._whole = self.document.text
        return self._whole

    @text.setter
    def text(self, value: str) -> None:
        self.load_text(value)

    def edit(self, edit: Edit) -> EditResult:
        """Change the text."""
        self._whole = self._taken = None
        result = super().edit(edit)
        self._whole = None
        return result

    def undo(self) -> None:
        """Take the last change back."""
        self._whole = None
        super().undo()
        self._whole = None

    def redo(self) -> None:
        """Make it again."""
        self._whole = None
        super().redo()
        self._whole = None

    def load_text(self, text: str) -> None:
        """Show another text, which cannot be undone."""
        self._whole = self._taken = None
        super().load_text(text)
        self._whole = None
        self._quicken()

    def _quicken(self) -> None:
        # Some 10,000 lines would take a third of a second a key.
        if type(self.wrapped_document) is WrappedDocument and hasattr(self.wrapped_document, "_offset_to_line_info"):
            self.wrapped_document.__class__ = Quick

    def mark(self, marks: Mapping[int, Severity]) -> None:
        """Show signs beside other rows."""
        if marks != self.marks:
            self.marks = dict(marks)
            self.refresh()

    # -- the signs ----------------------------------------------------------------------------

    def render_line(self, y: int) -> Strip:
        """Paint a line, with the sign of what is wrong on it behind its number."""
        strip = super().render_line(y)
        width = self.gutter_width
        if not self.marks or width < 3:
            return strip
        at = y + self.scroll_offset.y
        if at >= self.wrapped_document.height:
            return strip
        row, column = self.wrapped_document.offset_to_location(Offset(0, at))
        severity = self.marks.get(row)
        if severity is None or column:
            return strip
        before, _, after = strip.divide([width - 2, width - 1, strip.cell_length])
        background = next((each.style.bgcolor for each in before if each.style), None)
        style = Style(color=self._colour(severity), bgcolor=background, bold=True)
        return Strip.join([before, Strip([Segment(SIGNS[severity], style)], 1), after])

    def _colour(self, severity: Severity) -> str:
        name = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.ADVICE: "accent"}[severity]
        value = self.app.theme_variables.get(name, "")
        try:
            return Color.parse(value).rich_color.name
        except Exception:
            return "red" if severity is Severity.ERROR else "yellow"

    def scroll_cursor_visible(self, center: bool = False, animate: bool = False) -> Offset:
        """Scroll to the cursor, if it still stands on a line: while a change is undone it may not, for a moment."""
        if self.selection.end[0] >= self.document.line_count:
            return Offset()
        return super().scroll_cursor_visible(center, animate)

    def on_resize(self) -> None:
        """Keep the line of the cursor in view: in another width the lines above it are wrapped anew."""
        self.call_after_refresh(self.scroll_cursor_visible)

    # -- whole rows ---------------------------------------------------------------------------

    def take(self, first: int, last: int) -> None:
        """Select whole rows as one, the cursor at their beginning."""
        last = min(last, self.document.line_count - 1)
        self.selection = self._taken = Selection((last, len(self.document.get_line(last))), (first, 0))

    @property
    def has_taken(self) -> bool:
        """Whether whole rows are selected as one."""
        return self._taken is not None and self.selection == self._taken

    def drop(self) -> None:
        """Take the rows away that are selected as one."""
        if self.has_taken:
            self._delete_via_keyboard(*self.selection)

    def action_copy(self) -> None:
        """Copy what is selected; whole rows with the end of the last one, so that they can be put between others."""
        if self.has_taken:
            self.app.copy_to_clipboard(f"{self.selected_text}\n")
        else:
            super().action_copy()

    def _delete_via_keyboard(self, start: Location, end: Location) -> EditResult | None:
        if self.has_taken and sorted((start, end)) == sorted(self.selection):
            # No empty row stays where whole rows stood.
            start, end = sorted((start, end))
            if end[0] + 1 < self.document.line_count:
                end = (end[0] + 1, 0)
            elif start[0]:
                start = (start[0] - 1, len(self.document.get_line(start[0] - 1)))
        return super()._delete_via_keyboard(start, end)

    def _replace_via_keyboard(self, insert: str, start: Location, end: Location) -> EditResult | None:
        if self.has_taken and len(insert) > 1 and sorted((start, end)) == sorted(self.selection):
            # The row that the last one ends with is there already.
            insert = insert.removesuffix("\n")
        return super()._replace_via_keyboard(insert, start, end)

    def action_select_page(self, pages: int) -> None:
        """Select from here to where a page up or down leads."""
        height = max(1, self.content_size.height - 1)
        to = self.navigator.get_location_at_y_offset(self.cursor_location, pages * height)
        self.move_cursor(to, select=True)

    # -- typing -------------------------------------------------------------------------------

    async def _on_key(self, event: Key) -> None:
        """Begin new lines where this one begins; leave on Esc."""
        if event.key == "escape":
            event.stop()
            event.prevent_default()
            self.action_out()
            return
        if event.key == "enter" and not self.read_only:
            event.stop()
            event.prevent_default()
            self._break_line()
            return
        await super()._on_key(event)

    def action_out(self) -> None:
        """Go where letters are commands."""
        self.post_message(self.Left(self))

    def _break_line(self) -> None:
        start, end = sorted(self.selection)
        line = str(self.document.get_line(start[0]))[: start[1]]
        blanks = line[: len(line) - len(line.lstrip(" "))]
        body = line.strip()
        deeper = body.endswith(":") or (":" in body and opens_block(body.rpartition(":")[2].strip()))
        if body.startswith("- ") and not body.startswith("- - "):
            # What goes on with an item stands below its first word.
            blanks += " " * (len(body) - len(body[1:].lstrip())) if ":" in body else ""
        self._replace_via_keyboard("\n" + blanks + (" " * self.indent_width if deeper else ""), start, end)

    def action_delete_left(self) -> None:
        """Take back a step of indentation, or what stands left of the cursor."""
        start, end = self.selection
        row, column = end
        line = str(self.document.get_line(row))[:column]
        step = self.indent_width
        if start == end and column >= step and not line.strip(" ") and column % step == 0 and not self.read_only:
            self._delete_via_keyboard((row, column - step), (row, column))
        else:
            super().action_delete_left()

    def action_outdent(self) -> None:
        """Take a step of indentation from the lines at hand."""
        first, last = sorted((self.selection.start[0], self.selection.end[0]))
        row, column = self.cursor_location
        for each in range(first, last + 1):
            line = str(self.document.get_line(each))
            blanks = min(self.indent_width, len(line) - len(line.lstrip(" ")))
            if blanks:
                self.delete((each, 0), (each, blanks))
                if each == row:
                    column = max(0, column - blanks)
        self.move_cursor((row, column))

    def action_top(self, select: bool = False) -> None:
        """Go to the first line."""
        self.move_cursor((0, 0), select=select)

    def action_bottom(self, select: bool = False) -> None:
        """Go to the last line."""
        self.move_cursor(self.document.end, select=select)

    # -- whole texts --------------------------------------------------------------------------

    def become(self, text: str) -> None:
        """Make this another text by one change that can be undone; what both begin and end with stays as it is."""
        before, after = self.text.split("\n"), text.split("\n")
        first, last = alike(before, after)
        if first == len(before) == len(after):
            return
        row, column = self.cursor_location
        rows = slice(first, len(after) - last)
        if last:
            self.replace("".join(f"{line}\n" for line in after[rows]), (first, 0), (len(before) - last, 0))
        else:
            start = (first, 0) if first < len(before) else self.document.end
            words = "\n".join(after[rows])
            self.replace(("\n" if first >= len(before) else "") + words, start, self.document.end)
        if self.text != text:
            self.load_text(text)
        row = min(row, self.document.line_count - 1)
        self.move_cursor((row, min(column, len(self.document.get_line(row)))))

    def put(self, row: int, lines: tuple[str, ...]) -> None:
        """Put whole lines before a row."""
        if row < self.document.line_count:
            self.insert("".join(f"{line}\n" for line in lines), (row, 0))
        else:
            self.insert("\n" + "\n".join(lines), self.document.end)

    def go(self, row: int, column: int = 0) -> None:
        """Move the cursor to a place and show it, with some lines above it."""
        row = max(0, min(row, self.document.line_count - 1))
        column = max(0, min(column, len(self.document.get_line(row))))
        self.move_cursor((row, column), center=True)
