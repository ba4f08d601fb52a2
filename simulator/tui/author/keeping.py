"""A screen with a text that is somebody's file: saved, kept while it is not, and nobody's work lost over it."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from textual import on, work
from textual.app import SuspendNotSupported
from textual.message import Message
from textual.screen import Screen
from textual.timer import Timer

from simulator.authoring import saving
from simulator.authoring.opening import editor_command
from simulator.authoring.saving import ChangedElsewhere, Opened, Recovered
from simulator.durable import NotSaved
from simulator.problem import Problem, show
from simulator.tui.author.asking import AskScreen
from simulator.tui.author.editor import Editor
from simulator.tui.author.lending import lend
from simulator.tui.page import ClosesOnce

if TYPE_CHECKING:
    from simulator.tui.app import CaseloadApp

LOOK_AROUND = 2.0
"""Seconds between two looks whether somebody else changed the file."""
KEEP_AFTER = 1.0
"""Seconds after which what was typed is kept in the home, if it is not saved by then."""


class KeepingScreen(ClosesOnce, Screen[None]):
    """A screen with an editor in it, and the file that the text belongs to."""

    app: CaseloadApp

    @dataclass
    class Saved(Message):
        """The text is saved."""

        opened: Opened

    @dataclass
    class NotDone(Message):
        """The text could not be saved."""

        text: str
        why: Exception

    @dataclass
    class Elsewhere(Message):
        """Somebody else changed the file, or took it away."""

        theirs: Opened | None

    def __init__(self, opened: Opened, limit: int) -> None:
        """With the file as it was read, and the most bytes of it that are read."""
        super().__init__()
        self.opened = opened
        self._limit = limit
        self.unsaved = False
        """Whether there is something to save."""
        self._kept = ""
        """The text of which a copy is kept in the home."""
        self._desk = saving.new_desk()
        """What tells the copies of this desk from those of another one at the same file."""
        self._taken: list[Recovered] = []
        """What was left unsaved before, and is gone on with here."""
        self._no_copy = False
        """Whether it was said that none can be kept."""
        self.told_elsewhere = ""
        """The hash of what somebody else has put into the file, once that was said."""
        self._stamp: object = None
        """What tells that the file may be another one now."""
        self._then: Callable[[], object] | None = None
        """What is to be done once the text is saved."""
        self._soon: dict[str, Timer] = {}

    @property
    def editor(self) -> Editor:
        """The text."""
        return self.query_one(Editor)

    def say_state(self) -> None:
        """Say whether the text is saved."""
        raise NotImplementedError

    def look_anew(self) -> None:
        """Look at the text as it stands now."""
        raise NotImplementedError

    def begin_keeping(self) -> None:
        """Look after the file from now on, and offer what was left unsaved."""
        self._stamp = _stamp(self.opened.path)
        self.set_interval(LOOK_AROUND, self._look_around)
        if (found := saving.recovered(self.app.where, self.opened)) is not None:
            self._offer(found)

    def later(self, name: str, seconds: float, do: Callable[[], object]) -> None:
        """Do something a moment after the last time that it was asked for."""
        timer = self._soon.pop(name, None)
        if timer is not None:
            timer.stop()
        self._soon[name] = self.set_timer(seconds, do)

    def keep_soon(self) -> None:
        """Something was typed: keep it in a moment, unless it is saved by then."""
        self.later("keep", KEEP_AFTER, self._keep_copy)
        if not self.unsaved:
            self.unsaved = self.editor.text != self.opened.text

    # -- saving -------------------------------------------------------------------------------

    def action_save(self) -> None:
        """Save the file."""
        self._then = None
        self._save()

    def _save(self, over: str | None = None) -> None:
        self._write(self.editor.text, over)

    @work(thread=True, exclusive=True, group="save")
    def _write(self, text: str, over: str | None) -> None:
        try:
            done = saving.save(self.opened, text, over=over, limit=self._limit)
        except (ChangedElsewhere, NotSaved) as why:
            self.post_message(self.NotDone(text, why))
        else:
            self.drop_copies()
            self.post_message(self.Saved(done))

    @on(Saved)
    def _is_saved(self, event: Saved) -> None:
        if event.opened.path != self.opened.path:
            # Somebody goes on in another file by now.
            return
        self.opened = event.opened
        self._kept = ""
        self.told_elsewhere = ""
        self._stamp = _stamp(self.opened.path)
        self.unsaved = self.editor.text != self.opened.text
        self.say_state()
        then, self._then = self._then, None
        if then is not None:
            then()
        else:
            self.app.tell(f"Saved {self.opened.path.name}.")

    @on(NotDone)
    def _is_not_saved(self, event: NotDone) -> None:
        if isinstance(event.why, ChangedElsewhere):
            self._clash(event.text, event.why.theirs)
            return
        self._then = None
        try:
            copy = saving.keep_copy(self.app.where, self.opened, event.text, self._desk)
        except NotSaved as error:
            self.app.tell(f"{event.why}\nYour text is still here. No copy could be kept either: {error}", bad=True)
        else:
            self._kept = event.text
            self.app.tell(f"{event.why}\nYour text is still here, and a copy is kept in {copy}", bad=True)

    def _clash(self, text: str, theirs: Opened | None) -> None:
        # What was said of it before would lie on the answers.
        self.app.clear_notifications()
        name = self.opened.path.name
        what = "was changed" if theirs else "was taken away or renamed"
        hidden = theirs.cannot_be_shown if theirs else ""
        answers = [
            *([("diff", "See the difference, then decide.")] if not hidden else []),
            *(
                [("theirs", "Read it again as it stands there; what you typed can be had back by undoing.")]
                if theirs and not hidden
                else []
            ),
            (
                "beside",
                f"Save yours beside it, as “{self.opened.path.stem} (mine){self.opened.path.suffix or '.yaml'}”.",
            ),
            *([("over", "Save yours over it; what stands there goes.")] if hidden else []),
            ("", "Go on writing; nothing is saved."),
        ]
        about = f"What stands there now cannot be shown: {hidden}. " if hidden else ""
        self.app.push_screen(
            AskScreen(
                f"{name} {what} by somebody else since you opened it.", answers, f"{about}Nothing was saved yet."
            ),
            lambda answer: self._settle(answer or "", text, theirs),
        )

    def _settle(self, answer: str, text: str, theirs: Opened | None) -> None:
        then = self._then
        if answer == "diff":
            told = saving.difference(theirs, text)
            answers = [
                ("over", "Save yours over it." if theirs else "Save yours; the file comes back."),
                *([("theirs", "Read it again as it stands there.")] if theirs else []),
                ("beside", "Save yours beside it, under another name."),
                ("", "Go on writing; nothing is saved."),
            ]
            self.app.push_screen(
                AskScreen("- stands on the disk now, + is yours", answers, page=told or ["There is no difference."]),
                lambda again: self._settle(again or "", text, theirs),
            )
        elif answer == "over":
            self._save(over=theirs.hash if theirs else saving.NO_FILE)
        elif answer == "theirs" and theirs is not None:
            self._then = None
            self._take(theirs)
        elif answer == "beside":
            try:
                path = saving.save_beside(self.opened, text)
            except NotSaved as error:
                self.app.tell(str(error), bad=True)
                return
            self._then = None
            hidden = theirs is not None and bool(theirs.cannot_be_shown)
            self.app.tell(f"Saved yours as {path.name}. You go on in {path.name if hidden else self.opened.path.name}.")
            if then is not None:
                self.drop_copies()
                then()
            elif hidden:
                self.go_on_with(path)
            elif theirs is not None:
                self._take(theirs)
        else:
            self._then = None

    def _take(self, theirs: Opened) -> None:
        """Go on from what stands in the file now. What was typed can be had back by undoing."""
        self.opened = theirs
        self.editor.become(theirs.text)
        self.told_elsewhere = ""
        self._stamp = _stamp(theirs.path)
        self.unsaved = False
        self._forget_copy()
        self.look_anew()

    def go_on_with(self, path: Path) -> bool:
        """Go on in another file, which holds what is typed now; return whether it can be read."""
        found = saving.open_file(path, self._limit)
        if isinstance(found, Problem):
            self.app.tell(show(found), bad=True)
            return False
        self.drop_copies()
        self._kept = ""
        self._take(found)
        return True

    # -- what is not saved yet ----------------------------------------------------------------

    def _keep_copy(self) -> None:
        text = self.editor.text
        if text == self.opened.text:
            self._forget_copy()
        elif text != self._kept:
            self._keep(text)

    @work(thread=True, exclusive=True, group="keep")
    def _keep(self, text: str) -> None:
        try:
            saving.keep_copy(self.app.where, self.opened, text, self._desk)
        except NotSaved as error:
            if not self._no_copy:
                self._no_copy = True
                self.app.call_from_thread(
                    self.app.tell, f"What you type cannot be kept as you type it: {error}", bad=True
                )
        else:
            self._kept, self._no_copy = text, False

    def _forget_copy(self) -> None:
        if self._kept:
            self._kept = ""
            self.drop_copies()

    def drop_copies(self) -> None:
        """Take away what is kept of the file here, and what it was gone on with. Another desk's is its own."""
        saving.drop_copies(self.app.where, self.opened.path, self._desk)
        while self._taken:
            saving.drop_copy(self._taken.pop())

    def _offer(self, found: Recovered) -> None:
        when = time.strftime("%Y-%m-%d %H:%M", time.localtime(found.modified))
        same = self.opened.hash[:16] == found.base
        about = "" if same else "The file itself was changed since then."
        answers = [
            ("take", "Go on with what was not saved."),
            ("diff", "See the difference first."),
            ("drop", "Throw it away."),
            ("", "Leave it where it is, and open the file."),
        ]
        title = f"{self.opened.path.name}: something was not saved when Caseload ended ({when})."
        self.app.push_screen(AskScreen(title, answers, about), lambda answer: self._recover(answer or "", found))

    def _recover(self, answer: str, found: Recovered) -> None:
        if answer == "take":
            self._taken.append(found)
            self.opened = saving.taken_up(self.opened, found)
            self.editor.become(found.text)
        elif answer == "drop":
            saving.drop_copy(found)
        elif answer == "diff":
            told = saving.difference(self.opened, found.text)
            answers = [("take", "Go on with what was not saved (+)."), ("drop", "Throw it away."), ("", "Leave it.")]
            self.app.push_screen(
                AskScreen("- stands in the file, + was not saved", answers, page=told),
                lambda again: self._recover(again or "", found),
            )
        self.editor.focus()

    # -- what others do with the file ---------------------------------------------------------

    @work(thread=True, exclusive=True, group="around")
    def _look_around(self) -> None:
        """See whether somebody else changed the file, without reading it as long as its date stays the same."""
        stamp = _stamp(self.opened.path)
        if stamp == self._stamp:
            return
        opened = self.opened
        found = saving.there_now(opened.path, self._limit)
        if found is not None and opened is self.opened:
            self._stamp = stamp
            if found.hash != opened.hash:
                self.post_message(self.Elsewhere(None if found.hash == saving.NO_FILE else found))

    @on(Elsewhere)
    def _changed_elsewhere(self, event: Elsewhere) -> None:
        there = event.theirs.hash if event.theirs else "gone"
        if there in (self.opened.hash, self.told_elsewhere):
            return
        name = self.opened.path.name
        hidden = event.theirs.cannot_be_shown if event.theirs else ""
        if event.theirs is not None and not hidden and self.editor.text == self.opened.text:
            self._take(event.theirs)
            self.app.tell(f"{name} was changed by somebody else, and is shown as it stands there now.")
            return
        self.told_elsewhere = there
        what = "was changed" if event.theirs else "was taken away"
        why = f", and cannot be shown: {hidden}" if hidden else ""
        self.app.tell(f"{name} {what} by somebody else{why}. Yours is not touched; when you save, you are asked.")
        self.say_state()

    # -- leaving ------------------------------------------------------------------------------

    def action_own_editor(self) -> None:
        """Open the file in the author's own editor, at this line."""
        self._saved_first(self._open_own_editor)

    def _saved_first(self, then: Callable[[], object]) -> None:
        """Do something with the file once it holds what is typed."""
        if self.editor.text == self.opened.text and self.opened.hash != saving.NO_FILE:
            then()
        else:
            self._then = then
            self._save()

    def _open_own_editor(self) -> None:
        path, (row, _) = self.opened.path, self.editor.cursor_location
        command = editor_command(str(path), row + 1)
        if command is None:
            self.app.tell("No editor is known: let the environment variable VISUAL or EDITOR name one.", bad=True)
            return
        try:
            told = lend(self.app, command)
        except SuspendNotSupported:
            self.app.tell(f"This terminal cannot be lent to {command[0]}. Open {path} there; changes are seen here.")
            return
        if told:
            self.app.tell(told, bad=True)
        self.refresh()
        self._look_around()

    def action_leave(self) -> None:
        """Leave; ask first if something is not saved. Where there is nothing else, that leaves the app."""
        if self.is_active:
            alone = len(self.app.screen_stack) == 1
            self.leave(self.app.exit if alone else lambda: self.dismiss(None))

    def leave(self, then: Callable[[], object]) -> None:
        """Do something that ends the desk; ask first if something is not saved."""
        if self.editor.text == self.opened.text:
            self._forget_copy()
            then()
            return
        answers = [
            ("save", "Save it, and leave."),
            ("drop", "Leave without saving; what you typed is gone."),
            ("", "Stay."),
        ]
        title = f"{self.opened.path.name} is not saved."
        self.app.push_screen(AskScreen(title, answers), lambda answer: self._leave(answer or "", then))

    def _leave(self, answer: str, then: Callable[[], object]) -> None:
        if answer == "drop":
            self.drop_copies()
            then()
        elif answer == "save":
            self._then = then
            self._save()


def _stamp(path: Path) -> object:
    """Return what tells that a file may be another one now."""
    try:
        found = os.stat(path)  # noqa: PTH116 - a path of an odd name raises less here
    except (OSError, ValueError) as error:
        return type(error).__name__
    return (found.st_mtime_ns, found.st_size, found.st_ino)
