"""The author's desk: a case as a text, what stands in it, and what is wrong with it, all of it while one types.

Whoever types has letters for their text. So every command has a key of its own that is none of these, and also a
plain letter, which counts as soon as Esc has led out of the text; and all of them stand in the palette.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList, TextArea
from textual.widgets.option_list import Option
from textual.worker import get_current_worker

from simulator.authoring import saving
from simulator.authoring.completion import Option as Completed
from simulator.authoring.completion import complete, known_now
from simulator.authoring.draft import Draft, as_if_at
from simulator.authoring.insert import CannotInsert, New, insert, insert_response
from simulator.authoring.layout import layout
from simulator.authoring.looking import Look, Typed, look
from simulator.authoring.outline import Entry, entry_at, marked, outline
from simulator.authoring.saving import Opened
from simulator.problem import Problem, Severity
from simulator.source import LARGEST
from simulator.text import clean, folded, one_line
from simulator.tui.author.asking import TellScreen
from simulator.tui.author.completing import CompleteScreen
from simulator.tui.author.editor import Editor
from simulator.tui.author.going import GoToScreen
from simulator.tui.author.inserting import SECTIONS as INSERTED
from simulator.tui.author.inserting import Around, InsertScreen
from simulator.tui.author.keeping import KeepingScreen
from simulator.tui.author.problems import SIGNS, ProblemList, counts_line
from simulator.tui.lines import KeyLine, TopLine, Words
from simulator.tui.pick import Options, PickScreen
from simulator.tui.seek import SeekScreen

if TYPE_CHECKING:
    from scoring.rubric import Rubric
    from simulator.authoring.proving import Proving
    from simulator.source import Source
    from simulator.tui.app import CaseloadApp

PAUSE = 0.5
"""Seconds without a key after which the text is looked at."""
LARGE_PAUSE = 1.5
"""The same for a large file, which takes a while to look at."""
LARGE = 6000
"""Lines from which on a file is a large one."""
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


@dataclass(frozen=True, slots=True)
class Writing:
    """What a case is written with."""

    rubric: Rubric
    rubric_source: Source
    limit: int = LARGEST
    """The most bytes of a file that are read."""
    feedback: str = "end"
    """When a preview shows marks."""


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
    ]


class AuthorScreen(KeepingScreen):
    """Write a case."""

    app: CaseloadApp
    CSS_PATH = "desk.tcss"
    HORIZONTAL_BREAKPOINTS: ClassVar = [(0, "-slim"), (60, "-narrow"), (100, "-wide")]  # type: ignore[misc]
    HELP = (
        "This is the author's desk. Type as in any editor; a moment after you stop, the text is checked, and a sign "
        "stands beside each line that something is wrong with (✗ an error, ! a warning, · advice). What it is stands "
        "below the text. Esc leads out of the text to the outline: there every command is a plain letter. Enter, or "
        "Esc again, leads back.\n\n"
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
        Binding("escape", "to_text", "Text", id="author.text", tooltip="Back to the text"),
        Binding("q", "leave", "Leave", id="author.leave", tooltip="Leave the desk; asks if something is not saved"),
    ]

    @dataclass
    class Looked(Message):
        """A text has been looked at."""

        look: Look

    @dataclass
    class NotLooked(Message):
        """A check came to grief."""

        why: str

    @dataclass
    class Proved(Message):
        """The case was played in every way there is, or that came to nothing."""

        text: str
        problems: tuple[Problem, ...] | None
        finished: bool = False

    def __init__(self, writing: Writing, opened: Opened, row: int = 0) -> None:
        """With the row that the cursor stands on, from 0."""
        super().__init__(opened, writing.limit)
        self.writing = writing
        self._row = row
        self.seen: Look | None = None
        """What was seen of the text at the last look."""
        self._proved: tuple[str, tuple[Problem, ...]] | None = None
        """A text, and what playing it in every way proved about it."""
        self.problems: tuple[Problem, ...] = ()
        """What is wrong with the text, as far as anybody knows."""
        self._told = "checking…"
        """How many of them there are."""
        self._worst: dict[int, Problem] = {}
        """The worst of them on each row."""
        self._sought = ""
        """Words that were looked for last."""
        self._proving: Proving | None = None
        self._rows: list[Entry] = []
        """The entries of the outline, in its order."""
        self._outline_wanted: bool | None = None
        """Whether somebody asked for the outline; None: nobody did, so that the width decides."""
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

    @property
    def editor(self) -> Editor:
        """The text."""
        return self.query_one(Editor)

    def on_mount(self) -> None:
        """Look at the text, and at what was left unsaved."""
        self._lay_out()
        self.editor.focus()
        if self._row:
            self.editor.go(self._row)
        self.look_anew()
        self.begin_keeping()

    def on_unmount(self) -> None:
        """Prove nothing any more."""
        if self._proving is not None:
            self._proving.cancel()

    def on_resize(self) -> None:
        """Show what there is room for."""
        self._lay_out()

    def _lay_out(self) -> None:
        width, height = self.app.size
        wide = width >= 100 if self._outline_wanted is None else self._outline_wanted
        self.query_one("#outline").display = wide
        problems = self.query_one(ProblemList)
        wanted = height >= 30 if self._list_wanted is None else self._list_wanted
        problems.display = wanted and bool(problems.problems)

    def say_state(self) -> None:
        """Say what is wrong, whether it is saved, and where the cursor stands."""
        row, column = self.editor.cursor_location
        state = "not saved" if self.unsaved else "new file" if self.opened.hash == saving.NO_FILE else "saved"
        if self.told_elsewhere:
            state += ", changed elsewhere"
        problems = self._told
        self.query_one(TopLine).say(right=f"{problems} · {state} · {row + 1}:{column + 1}")

    # -- looking while somebody types ---------------------------------------------------------

    @on(TextArea.Changed)
    def _typed(self) -> None:
        large = self.editor.document.line_count > LARGE
        self.later("look", LARGE_PAUSE if large else PAUSE, self.look_anew)
        self.keep_soon()
        self.say_state()

    def look_anew(self) -> None:
        """Look at the text as it stands now."""
        text = self.editor.text
        self.unsaved = text != self.opened.text
        self.say_state()
        self._look_at(text, self.opened.plain(text))

    @work(thread=True, exclusive=True, group="look")
    def _look_at(self, text: str, plain: str) -> None:
        worker = get_current_worker()
        try:
            seen = look(self.opened.path, text, plain, self.writing.rubric, self.seen, self.writing.limit)
        except Exception as error:
            # Whatever is wrong with a check of ours must not end what somebody is writing.
            self.post_message(self.NotLooked(f"{type(error).__name__}: {error}"))
        else:
            if not worker.is_cancelled:
                self.post_message(self.Looked(seen))

    @on(NotLooked)
    def _say_not_looked(self, event: NotLooked) -> None:
        self._told = "could not be checked"
        self.say_state()
        self.app.tell(f"This could not be checked, which is Caseload's mistake and not yours: {event.why}", bad=True)

    @on(Looked)
    def _show(self, event: Looked) -> None:
        self.seen = event.look
        self._show_problems()
        self._show_outline()
        self._say_here()

    def _show_problems(self) -> None:
        if self.seen is None:
            return
        proved = self._proved is not None and self._proved[0] == self.seen.text
        found = self._proved[1] if proved and self._proved is not None else self.seen.problems
        problems, here = tuple(problem for problem in found if not problem.answer), self._file
        worst: dict[int, Problem] = {}
        for problem in sorted(problems, key=lambda each: -list(Severity).index(each.severity)):
            if problem.place.file == here:
                worst[problem.place.line - 1] = problem
        self.problems, self._told, self._worst = problems, counts_line(problems), worst
        self.editor.mark({row: problem.severity for row, problem in worst.items()})
        self.query_one(ProblemList).show(problems)
        self._lay_out()
        self.say_state()

    @property
    def _file(self) -> str:
        return self.seen.source.name if self.seen is not None else ""

    def _show_outline(self) -> None:
        if self.seen is None:
            return
        entries = [each for each in marked(self.seen.entries, self.problems, self._file) if not each.scene]
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
        if shown.has_focus or not self._rows:
            return
        found = entry_at(self._rows, self.editor.cursor_location[0])
        if found is not None:
            shown.highlighted = self._rows.index(found)

    @on(TextArea.SelectionChanged)
    def _moved(self) -> None:
        self.say_state()
        self._say_here()
        self._light()

    def _say_here(self) -> None:
        """Say what is wrong on this line; where nothing is, what it stands in."""
        row = self.editor.cursor_location[0]
        here = self.query_one("#here", Words)
        wrong = self._problem_here()
        if wrong is not None:
            hint = f" — {one_line(wrong.hint, 200)}" if wrong.hint else ""
            here.say(f"{SIGNS[wrong.severity]} {wrong.severity}: {one_line(wrong.message, 300)}{hint}  [{wrong.code}]")
            here.set_class(wrong.severity is Severity.ERROR, "-error")
            return
        here.remove_class("-error")
        if self.seen is None:
            here.say("")
            return
        if self.editor.document.line_count == 1 and not self.editor.document.get_line(0):
            here.say(
                "Nothing stands here yet. F2 begins with a small case that can be played, F9 lists what can stand here."
            )
            return
        found = entry_at(self.seen.entries, row, decisions=True)
        told = f"{found.section[:-1] if found.section != 'people' else 'person'} {found.name}" if found else ""
        here.say(told.replace("scene ", "response ") if found and found.scene else told)

    def _problem_here(self) -> Problem | None:
        return self._worst.get(self.editor.cursor_location[0])

    # -- problems -----------------------------------------------------------------------------

    @on(ProblemList.Chosen)
    def _chosen(self, event: ProblemList.Chosen) -> None:
        self._go_to_problem(event.problem)

    def _go_to_problem(self, problem: Problem) -> None:
        if problem.place.file != self._file:
            self.app.tell(f"That stands in another file: {problem.place}", bad=True)
            return
        self.editor.go(problem.place.line - 1, problem.place.column - 1)
        self.editor.focus()

    def action_next(self) -> None:
        """Go to the next problem."""
        self._go_by(1)

    def action_previous(self) -> None:
        """Go to the problem before."""
        self._go_by(-1)

    def _go_by(self, by: int) -> None:
        places = sorted(
            {(each.place.line - 1, each.place.column - 1) for each in self.problems if each.place.file == self._file}
        )
        if not places:
            self.app.tell("There is no problem." if not self.problems else "What is wrong stands in another file.")
            return
        at = self.editor.cursor_location
        there = [each for each in places if (each > at if by > 0 else each < at)]
        row, column = (there or places)[0 if by > 0 else -1]
        self.editor.go(row, column)

    def action_list_problems(self) -> None:
        """Show or hide the list of problems."""
        problems = self.query_one(ProblemList)
        if not problems.problems:
            self.app.tell("There is no problem.")
            return
        self._list_wanted = not problems.display
        self._lay_out()
        if self._list_wanted:
            problems.focus()
        else:
            self.editor.focus()

    def action_explain(self) -> None:
        """Explain the problem on this line, or the one that is lit in the list."""
        problems = self.query_one(ProblemList)
        wrong = problems.lit if problems.has_focus else self._problem_here()
        if wrong is None:
            more = "The next problem is a key away." if self.problems else "There is no problem anywhere."
            self.app.tell(f"Nothing is wrong on this line. {more}")
            return
        from simulator.explanations import explanation, problems_of, telling

        found = explanation(wrong.code)
        if found is None:
            self.app.tell(f"There is no explanation of `{wrong.code}`.", bad=True)
            return
        reported = problems_of(found, found.bad) if found.bad else []
        page = telling.as_text(found, reported).split("\n")
        self.app.push_screen(TellScreen(wrong.code, page))

    def action_check(self) -> None:
        """Check now; a case without errors is played in every way there is."""
        self.look_anew()
        if self.seen is not None and self.seen.shared:
            self.app.tell("Shared scenes are played in every way with the cases that visit them.")
            return
        self._prove(self.editor.text)

    def _prove(self, text: str) -> None:
        from simulator.authoring.proving import Proving

        if self._proving is not None:
            self._proving.cancel()
        try:
            source = as_if_at(self.opened.path, self.opened.plain(text))
            self._proving = Proving(source, self.writing.rubric_source, self.writing.limit)
        except OSError as error:
            self.app.tell(f"It could not be played in every way there is: {error}", bad=True)
            return
        self.query_one("#here", Words).say("Playing it in every way there is…")
        self._wait_for(self._proving, text)

    @work(thread=True, exclusive=True, group="prove")
    def _wait_for(self, proving: Proving, text: str) -> None:
        found = proving.result()
        with suppress(RuntimeError):
            self.post_message(
                self.Proved(text, None) if found is None else self.Proved(text, found.problems, found.finished)
            )

    @on(Proved)
    def _show_proved(self, event: Proved) -> None:
        if event.problems is None or event.text != self.editor.text:
            # Somebody types on; the next check is theirs to ask for.
            self._say_here()
            return
        self._proved = (event.text, event.problems)
        self._show_problems()
        self._show_outline()
        self._say_here()
        stopped = any(each.severity is Severity.ERROR for each in event.problems)
        how = "played in every way there is" if event.finished else "not played: mend the errors first"
        if not event.finished and not stopped:
            how = "too large to be played in every way"
        told = self._told
        self.app.tell(f"{told[:1].upper()}{told[1:]} ({how}).")

    # -- going somewhere ----------------------------------------------------------------------

    @on(Editor.Left)
    def _to_outline(self) -> None:
        shown = self.query_one(Outline)
        if not shown.display:
            shown.display = True
        shown.focus()

    def action_to_text(self) -> None:
        """Go back to the text."""
        self._lay_out()
        self.editor.focus()

    def action_outline(self) -> None:
        """Show or hide the outline."""
        shown = self.query_one(Outline)
        self._outline_wanted = not shown.display
        if self._outline_wanted:
            shown.display = True
            shown.focus()
        else:
            self._lay_out()
            self.editor.focus()

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
        entries = list(self._look_now().entries)
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

    def _look_now(self) -> Look:
        """Return a look at the text as it stands now; what takes long is as of the last one."""
        text = self.editor.text
        if self.seen is not None and self.seen.text == text:
            return self.seen
        seen = layout(text.split("\n"))
        source = as_if_at(self.opened.path, self.opened.plain(text))
        before = self.seen.known if self.seen else None
        known = known_now(source, before) if len(seen.lines) < LARGE or before is None else before
        return Look(text, source, seen, outline(seen), (), known, self.seen.shared if self.seen else False)

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

    # -- what can stand here, and what is put here --------------------------------------------

    def action_complete(self) -> None:
        """Show what can stand where the cursor is."""
        now = self._look_now()
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
        now = self._look_now()
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

    # -- playing it --------------------------------------------------------------------------

    def action_preview(self) -> None:
        """Play the case from the scene at hand, as it is typed here."""
        now = self._look_now()
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
            self._go_to_problem(error)
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
