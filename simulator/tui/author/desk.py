"""The author's desk: a case as a text, what stands in it, and what is wrong with it, all of it while one types.

Whoever types has letters for their text. So every command has a key of its own that is none of these, and also a
plain letter, which counts as soon as Esc has led out of the text; and all of them stand in the palette.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.events import Paste
from textual.widgets import OptionList, TextArea
from textual.widgets.option_list import Option

from simulator.authoring.completion import Option as Completed
from simulator.authoring.completion import complete
from simulator.authoring.draft import Draft, as_if_at
from simulator.authoring.insert import CannotInsert, New, insert, insert_response
from simulator.authoring.looking import Look, Typed
from simulator.authoring.outline import Block, Entry, blocks, entry_at, keys, marked
from simulator.authoring.saving import Opened
from simulator.library import ids
from simulator.problem import Severity
from simulator.text import clean, folded, one_line
from simulator.tui.author.checking import CheckingScreen, Writing
from simulator.tui.author.completing import CompleteScreen
from simulator.tui.author.copying import NotCopied, copy_case, free_id
from simulator.tui.author.editor import Editor
from simulator.tui.author.going import GoToScreen
from simulator.tui.author.inserting import SECTIONS as INSERTED
from simulator.tui.author.inserting import Around, InsertScreen
from simulator.tui.author.problems import SIGNS, ProblemList
from simulator.tui.lines import KeyLine, TopLine, Words
from simulator.tui.pick import Options, PickScreen
from simulator.tui.seek import SeekScreen

if TYPE_CHECKING:
    from simulator.tui.app import CaseloadApp

MOST_ENTRIES = 5000
"""Entries of the outline that are shown."""
UNLISTED = frozenset(
    (
        "previous",
        "list_problems",
        "find",
        "find_next",
        "undo_it",
        "redo_it",
        "explain",
        "own_editor",
        "outline",
        "check",
        "select_block",
        "save_as",
    )
)
"""Actions that the line at the bottom has no room for."""
INSERTABLE = (
    ("response", "a response in this scene"),
    ("scene", "a scene after this one"),
    ("option", "an option of this scene's select"),
    ("ending", "an ending"),
    ("document", "a document"),
    ("fact", "a fact"),
    ("person", "a person"),
)


class Outline(Options, inherit_bindings=False):
    """What stands in the case, with a sign where something is wrong."""

    BINDINGS: ClassVar = [
        Binding("up,k", "cursor_up", "Up", show=False, id="outline.up", tooltip="The one above"),
        Binding("down,j", "cursor_down", "Down", show=False, id="outline.down", tooltip="The one below"),
        Binding("home", "first", "First", show=False, id="outline.first", tooltip="The first one"),
        Binding("end", "last", "Last", show=False, id="outline.last", tooltip="The last one"),
        Binding("pageup", "page_up", "Page up", show=False, id="outline.page-up", tooltip="Up by a screenful"),
        Binding("pagedown", "page_down", "Page down", show=False, id="outline.page-down", tooltip="Down by as much"),
        Binding("enter", "select", "Go there", show=False, id="outline.go", tooltip="To the text of what is lit"),
        Binding("delete", "screen.drop", show=False, id="outline.delete", tooltip="Take away what was selected here"),
    ]


class AuthorScreen(CheckingScreen):
    """Write a case."""

    app: CaseloadApp
    CSS_PATH = "desk.tcss"
    HORIZONTAL_BREAKPOINTS: ClassVar = [(0, "-slim"), (60, "-narrow"), (100, "-wide")]  # type: ignore[misc]
    HELP = (
        "This is the author's desk. Type as in any editor; a moment after you stop, the text is checked, and a sign "
        "stands beside each line that something is wrong with (✗ an error, ! a warning, · advice). What it is stands "
        "below the text. Esc leads out of the text to the outline: there every command is a plain letter. Tab leads "
        "back to where you were, Enter to what is lit.\n\n"
        "Nothing is lost: your text is saved as it is, comments and all, never over what somebody else changed "
        "meanwhile, and what is not saved yet is kept in your data folder until it is."
    )
    BINDINGS: ClassVar = [
        # The letter comes first: the line at the bottom shows it where letters are commands, else the other key.
        Binding("s,ctrl+s", "save", "Save", id="author.save", tooltip="Save the file"),
        Binding("w,f9,ctrl+@,ctrl+space", "complete", "Fits", id="author.complete", tooltip="What can stand here"),
        Binding("i,f2", "insert", "Insert", id="author.insert", tooltip="A scene, a response, or anything with an id"),
        Binding("g,f4", "go_to", "Go to", id="author.go", tooltip="To a scene or a response by its name, or to a line"),
        Binding("n,f8", "next", "Next", id="author.next", tooltip="To the next problem"),
        Binding("b,f7", "previous", "Before", id="author.previous", tooltip="To the problem before"),
        Binding("x,ctrl+t", "explain", "Explain", id="author.explain", tooltip="What the problem here means"),
        Binding("c,f5", "check", "Check", id="author.check", tooltip="Check now, and play it in every way there is"),
        Binding("v,ctrl+r", "preview", "Play", id="author.preview", tooltip="Play the case from the scene at hand"),
        Binding("l", "list_problems", "List", id="author.list", tooltip="Show or hide the list of problems"),
        Binding("o,f6", "outline", "Outline", id="author.outline", tooltip="Show or hide the outline"),
        Binding("slash,ctrl+f", "find", "Find", id="author.find", tooltip="Find words in the text"),
        Binding("f,f3", "find_next", "Find again", id="author.find-next", tooltip="The next place with those words"),
        Binding("e,ctrl+o", "own_editor", "Own editor", id="author.editor", tooltip="Open the file in your own editor"),
        Binding("z", "undo_it", "Undo", id="author.undo", tooltip="Take the last change back (Ctrl+Z in the text)"),
        Binding("y", "redo_it", "Redo", id="author.redo", tooltip="Make it again (Ctrl+Y in the text)"),
        Binding(
            "m,ctrl+l", "select_block", "Select", id="author.select", tooltip="Select this response; again: its scene"
        ),
        Binding("a", "save_as", "Save as", id="author.save-as", tooltip="Go on in a copy with another id"),
        Binding("tab", "to_text", "Text", id="author.text", tooltip="Back to the text"),
        Binding("escape", "to_outline", "Keys", show=False, id="author.keys", tooltip="To the outline"),
        Binding("q", "leave", "Leave", id="author.leave", tooltip="Leave the desk; asks if something is not saved"),
    ]

    def __init__(self, writing: Writing, opened: Opened, row: int = 0) -> None:
        """With the row that the cursor stands on, from 0."""
        super().__init__(writing, opened)
        self._row = row
        self._sought = ""
        """Words that were looked for last."""
        self._rows: list[Entry] = []
        """The entries of the outline, in its order."""
        self._outline_wanted: bool | None = None
        """Whether somebody asked for the outline; None: nobody did, so that the width decides."""
        self._selected: list[Block] = []
        """What was selected as a whole, and what it stands in."""
        self._lit_taken: int | None = None
        """What was lit in the outline then; None: somebody was in the text."""
        self._list_wanted: bool | None = None
        """The same of the list of problems and the height."""

    # -- the page -----------------------------------------------------------------------------

    def compose(self) -> ComposeResult:
        """Lay out the outline, the text, and what is wrong with it."""
        yield TopLine(f"Author · {one_line(self.opened.path.name)}", "")
        with Horizontal(id="author"):
            yield Outline(id="outline", markup=False)
            with Vertical(id="page"):
                yield Editor(self.opened.text, id="text")
                yield Words(id="here")
                yield ProblemList(id="problems")
        yield KeyLine(UNLISTED)

    def on_mount(self) -> None:
        """Look at the text, and at what was left unsaved."""
        self.lay_out()
        self.editor.focus()
        if self._row:
            self.editor.go(self._row)
        self.look_anew()
        self.begin_keeping()

    def on_resize(self) -> None:
        """Show what there is room for."""
        self.lay_out()

    def lay_out(self) -> None:
        """Show what there is room for; the outline stays while somebody is in it."""
        width, height = self.app.size
        wide = width >= 100 if self._outline_wanted is None else self._outline_wanted
        shown = self.query_one("#outline")
        shown.display = wide or self.focused is shown
        problems = self.query_one(ProblemList)
        wanted = height >= 30 if self._list_wanted is None else self._list_wanted
        problems.display = wanted and bool(problems.problems)

    # -- what stands in it --------------------------------------------------------------------

    def show_look(self) -> None:
        """Show what stands in the text, with signs where something is wrong."""
        if self.seen is None:
            return
        entries = [each for each in marked(self.seen.entries, self.problems, self.file) if not each.scene]
        shown = self.query_one(Outline)
        before = [(each.id, each.section, each.trouble) for each in self._rows]
        self._rows = entries[:MOST_ENTRIES]
        if before != [(each.id, each.section, each.trouble) for each in self._rows]:
            lit = shown.highlighted
            shown.set_options(list(_told(self._rows)))
            shown.highlighted = min(lit, shown.option_count - 1) if lit is not None and self._rows else None
        self._light()

    def _light(self) -> None:
        """Light the entry that the cursor stands in, unless somebody moves in the outline."""
        shown = self.query_one(Outline)
        if self.focused is shown or not self._rows:
            return
        found = entry_at(self._rows, self.editor.cursor_location[0])
        if found is not None:
            shown.highlighted = self._rows.index(found)

    @on(TextArea.SelectionChanged)
    def _moved(self) -> None:
        self.say_state()
        self.say_here()
        self._light()

    def action_list_problems(self) -> None:
        """Show or hide the list of problems."""
        problems = self.query_one(ProblemList)
        if not problems.problems:
            self.app.tell(self.no_problem)
            return
        self._list_wanted = not problems.display
        self.lay_out()
        if self._list_wanted:
            problems.focus()
        else:
            self.editor.focus()

    # -- going somewhere ----------------------------------------------------------------------

    @on(Editor.Left)
    def action_to_outline(self) -> None:
        """Go where letters are commands."""
        shown = self.query_one(Outline)
        shown.display = True
        self.set_focus(shown)

    def action_to_text(self) -> None:
        """Go back to the text."""
        self.set_focus(self.editor)
        self.lay_out()

    def on_descendant_focus(self) -> None:
        """Show the outline no longer, where there is little room, once somebody is elsewhere."""
        self.lay_out()

    def action_outline(self) -> None:
        """Show or hide the outline."""
        self._outline_wanted = not self.query_one(Outline).display
        if self._outline_wanted:
            self.action_to_outline()
        else:
            self.action_to_text()

    @on(OptionList.OptionSelected, "#outline")
    def _entry_picked(self, event: OptionList.OptionSelected) -> None:
        if event.option_index < len(self._rows):
            self._go_to_entry(self._rows[event.option_index])

    def _go_to_entry(self, entry: Entry) -> None:
        # The text may have moved on since it was looked at.
        lines = self.editor.document.lines
        row = min(entry.row, len(lines) - 1)
        near = sorted(range(max(0, row - 200), min(len(lines), row + 200)), key=lambda each: abs(each - row))
        row = next((each for each in near if lines[each].lstrip().startswith(f"{entry.id}:")), row)
        self.editor.go(row, entry.column)
        self.action_to_text()

    def action_go_to(self) -> None:
        """Go to something by its name, or to a line by its number."""
        now = self.look_now()
        # Where both fit as well, an id comes before a key of the format.
        entries = [*now.entries, *keys(now.seen)]
        rows = [(str(n), f"{each.name}  {each.words}".rstrip()) for n, each in enumerate(entries)]
        self.app.push_screen(
            GoToScreen("Go to (a name, words, or the number of a line)", rows, self.editor.document.line_count),
            lambda key: self._went(entries, key),
        )

    def _went(self, entries: Sequence[Entry], key: str | None) -> None:
        if key is None:
            return
        if key.startswith("line "):
            self.editor.go(int(key.removeprefix("line ")) - 1)
            self.action_to_text()
        else:
            self._go_to_entry(entries[int(key)])

    def action_find(self) -> None:
        """Find words in the text."""
        self.app.push_screen(SeekScreen("Find:", self._sought, fresh=True), self._seek)

    def _seek(self, words: str | None) -> None:
        if words:
            self._sought = words
            self.action_find_next()

    def action_find_next(self) -> None:
        """Go to the next place with the words that were looked for."""
        if not self._sought:
            self.action_find()
            return
        wanted, lines = folded(self._sought), self.editor.document.lines
        at = self.editor.cursor_location[0]
        for row in (*range(at + 1, len(lines)), *range(at + 1)):
            if wanted in folded(lines[row]):
                self.editor.go(row, max(0, lines[row].casefold().find(self._sought.casefold())))
                self.editor.focus()
                return
        self.app.tell(f"Nowhere: {self._sought}")

    # -- whole responses and scenes -----------------------------------------------------------

    def action_select_block(self) -> None:
        """Select what the cursor stands in, or what is lit in the outline; again: what that stands in."""
        seen = self.look_now().seen
        shown = self.query_one(Outline)
        lit = shown.highlighted if self.focused is shown else None
        if self.editor.has_taken and lit in (None, self._lit_taken):
            first, last = (row for row, _ in sorted(self.editor.selection))
            around = [each for each in blocks(seen, first) if each.first < first or each.last > last]
        else:
            around = list(blocks(seen, self._row_meant(lit)))
        self._lit_taken = lit
        if not around:
            self.app.tell("All of the text is selected.")
            return
        self.editor.take(around[0].first, around[0].last)
        self._selected = around[:2]
        self.say_here()

    def _row_meant(self, lit: int | None) -> int:
        """Return the row of the cursor, or of what is lit in the outline if the cursor stands in something else."""
        row = self.editor.cursor_location[0]
        entry = self._rows[lit] if lit is not None and lit < len(self._rows) else None
        return row if entry is None or entry.row <= row <= entry.last else entry.row

    def say_here(self) -> None:
        """Say what is selected as a whole, and what can be done with it; else what there is to say of this line."""
        if not (self.editor.has_taken and self._selected):
            super().say_here()
            return
        block, *wider = self._selected
        where = "" if self.focused is self.editor else " Tab leads to the text."
        more = f" Once more: {wider[0]}." if wider else ""
        here = self.query_one("#here", Words)
        here.remove_class("-error")
        here.say(
            f"Selected: {block}, lines {block.first + 1} to {block.last + 1}. Delete takes it away; what you type or "
            f"paste takes its place.{where}{more}"
        )

    def action_drop(self) -> None:
        """Take away what was selected as a whole."""
        self.editor.drop()

    def on_paste(self, event: Paste) -> None:
        """Put what is pasted outside of the text into it."""
        if not self.editor.has_focus:
            event.stop()
            self.action_to_text()
            self.editor.post_message(Paste(event.text))

    # -- what can stand here, and what is put here --------------------------------------------

    def action_complete(self) -> None:
        """Show what can stand where the cursor is."""
        now = self.look_now()
        row, column = self.editor.cursor_location
        found = complete(now.seen, row, column, now.offers(self.writing.rubric))
        if not found.options:
            self.app.tell(found.hint or "Nothing of Caseload's own belongs here.")
            return
        typed = now.seen.lines[row][found.start : column]
        self.app.push_screen(
            CompleteScreen(found, typed), lambda picked: self._complete(row, found.start, found.end, picked)
        )

    def _complete(self, row: int, start: int, end: int, picked: Completed | None) -> None:
        self.editor.focus()
        if picked is None:
            return
        line = self.editor.document.lines[row]
        words = picked.insert
        if line[end : end + 1] == " ":
            words = words.rstrip(" ")
        self.editor.replace(words, (row, start), (row, min(end, len(line))))
        self.editor.move_cursor((row, start + len(words)))

    def action_insert(self) -> None:
        """Put in a scene, a response, or anything else that has an id."""
        rows = [(kind, f"{kind}: {about}") for kind, about in INSERTABLE]
        if not self.editor.text.strip():
            rows.insert(0, ("case", "case: a small case that can be played, to be made into one of your own"))
        self.app.push_screen(PickScreen("Insert what?", rows), self._insert)

    def _insert(self, kind: str | None) -> None:
        if kind is None:
            return
        if kind == "case":
            self._begin_case()
            return
        now = self.look_now()
        row = self.editor.cursor_location[0]
        here = entry_at([each for each in now.entries if each.section == "scenes" and not each.scene], row)
        if kind in ("response", "option") and (here is None or (here.last < row and not self._goes_with(here, row))):
            self.app.tell(f"Put the cursor into the scene that the {kind} belongs to, then insert again.", bad=True)
            return
        scene = here.id if here is not None else ""
        taken = _taken(kind, now, scene)
        title = f"A new {kind}" + (f" in `{scene}`" if kind in ("response", "option") else "")
        around = Around(self.writing.rubric, now.known, frozenset(taken))
        self.app.push_screen(
            InsertScreen(kind, title, around, partial(self._put, kind, scene, row)), lambda _: self.action_to_text()
        )

    def _begin_case(self) -> None:
        from simulator.starting import better_id, new_case

        self.editor.become(new_case(better_id(self.opened.path.stem) or "my-case", {}))
        self.editor.focus()

    def _goes_with(self, scene: Entry, row: int) -> bool:
        """Whether nothing but blank lines lies between a scene and a row below it."""
        lines = self.editor.document.lines
        return not any(lines[each].strip() for each in range(scene.last + 1, min(row + 1, len(lines))))

    def _put(self, kind: str, scene: str, row: int, what: New) -> str:
        lines = self.editor.text.split("\n")
        try:
            if kind in ("response", "option"):
                done = insert_response(lines, scene, what, option=kind == "option")
            else:
                done = insert(lines, INSERTED[kind], what, row=row)
        except CannotInsert as error:
            return str(error)
        self.editor.put(done.row, done.lines)
        self.editor.go(done.row + done.at, len(done.lines[done.at]))
        return ""

    # -- undo ---------------------------------------------------------------------------------

    def action_undo_it(self) -> None:
        """Take the last change back."""
        self.editor.undo()

    def action_redo_it(self) -> None:
        """Make it again."""
        self.editor.redo()

    # -- going on in a copy -------------------------------------------------------------------

    def action_save_as(self) -> None:
        """Save what is typed as a case with another id, and go on with that; the file at hand stays as it is."""
        there = ids((self.opened.path.parent,))
        name = free_id(f"my-{self.opened.path.stem}", there)
        self.app.push_screen(SeekScreen("Save as a case with the id:", name, fresh=True), self._save_as)

    def _save_as(self, name: str | None) -> None:
        if not name:
            return
        to = self.opened.path.with_name(f"{name}.yaml")
        try:
            copy_case(as_if_at(self.opened.path, self.opened.plain(self.editor.text)), to, self.app.settings.library)
        except NotCopied as error:
            self.app.tell(str(error), bad=True)
            return
        before = self.opened.path.name
        if self.go_on_with(to):
            self.app.tell(f"You go on in {to.name}. {before} is as it was saved last.")

    # -- playing it --------------------------------------------------------------------------

    def action_preview(self) -> None:
        """Play the case from the scene at hand, as it is typed here."""
        now = self.look_now()
        if now.shared:
            self.app.tell("Shared scenes are played in a case that visits them.")
            return
        found = entry_at(
            [each for each in now.entries if each.section in ("scenes", "endings") and not each.scene],
            self.editor.cursor_location[0],
        )
        self._preview_at(found.id if found else "")

    def _preview_at(self, scene: str) -> None:
        from simulator.tui.author.preview import Previewed, PreviewScreen

        writing, path, text = self.writing, self.opened.path, self.editor.text
        if text == self.opened.text:
            draft = Draft(path, writing.rubric, writing.limit)
        else:
            draft = Typed(path, self.opened.plain(text), writing.rubric, writing.limit)
        if draft.good is None:
            error = next(each for each in draft.now.problems if each.severity is Severity.ERROR)
            self.go_to_problem(error)
            self.app.tell("It can be played as soon as it has no errors. Here is the first one.", bad=True)
            return
        previewed = Previewed(
            path, writing.rubric, writing.rubric_source, writing.limit, scene, feedback=writing.feedback
        )
        self.app.push_screen(PreviewScreen(previewed, draft))


def _told(entries: Sequence[Entry]) -> Iterator[Option]:
    last = ""
    for each in entries:
        heading = f"{each.section}\n" if each.section != last else ""
        last = each.section
        sign = SIGNS[each.trouble] if each.trouble else " "
        colour = {Severity.ERROR: "$text-error", Severity.WARNING: "$text-warning"}.get(
            each.trouble or Severity.ADVICE, "$text-muted"
        )
        yield Option(Content.assemble((heading, "$text-muted"), (f"{sign} ", colour), clean(each.id)))


def _taken(kind: str, now: Look, scene: str) -> set[str]:
    """Return the ids that something of a kind cannot have."""
    if kind in ("response", "option"):
        return {each.id for each in now.entries if each.scene == scene}
    if kind in ("scene", "ending"):
        return {each.id for each in now.entries if each.section in ("scenes", "endings") and not each.scene}
    return {each.id for each in now.entries if each.section == INSERTED[kind]}
