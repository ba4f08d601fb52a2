"""From the library to the author's desk: which files can be written, and what is offered for those that cannot."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from simulator.authoring.saving import cannot_be_written, open_file
from simulator.library import Case
from simulator.problem import Problem, Severity, show
from simulator.source import read
from simulator.tui.author.asking import AskScreen
from simulator.tui.author.checking import Writing
from simulator.tui.author.copying import NotCopied, copy_case, free_id
from simulator.tui.author.desk import AuthorScreen
from simulator.tui.pick import PickScreen
from simulator.tui.seek import SeekScreen

if TYPE_CHECKING:
    from simulator.tui.app import CaseloadApp
    from simulator.tui.desk import Desk


def write(app: CaseloadApp, desk: Desk, case: Case | None, done: Callable[[], None]) -> None:
    """Open the desk for a case; where there are files that cannot be played yet, ask which is meant."""
    spoilt = list(_spoilt(desk.problems))
    if not spoilt:
        if case is not None:
            write_file(app, desk, Path(case.source.name), done)
        return
    rows = [(case.source.name, f"{case.scenario.title} (the case that is lit)")] if case is not None else []
    rows += [(name, f"{Path(name).name} (has errors, and cannot be played)") for name in spoilt]

    def picked(name: str | None) -> None:
        if name:
            write_file(app, desk, Path(name), done)

    app.push_screen(PickScreen("Write what?", rows), picked)


def _spoilt(problems: Iterable[Problem]) -> Iterable[str]:
    """Return the files of cases that cannot be played, each once."""
    files = dict.fromkeys(each.place.file for each in problems if each.severity is Severity.ERROR)
    return [name for name in files if Path(name).is_file() and not cannot_be_written(Path(name))]


def write_file(app: CaseloadApp, desk: Desk, path: Path, done: Callable[[], None]) -> None:
    """Open the desk for a file, or say why that cannot be."""
    if why := cannot_be_written(path):
        _offer_copy(app, desk, path, why, done)
        return
    opened = open_file(path, desk.limit)
    if isinstance(opened, Problem):
        app.tell(show(opened), bad=True)
        return
    writing = Writing(desk.rubric, desk.rubric_source, desk.limit, desk.feedback)

    def left(_: object) -> None:
        done()

    app.push_screen(AuthorScreen(writing, opened), left)


# -- a copy of one's own ----------------------------------------------------------------------


def _offer_copy(app: CaseloadApp, desk: Desk, path: Path, why: str, done: Callable[[], None]) -> None:
    """Offer a copy of a case that cannot be written."""
    folder = desk.settings.library[0] if desk.settings.library else Path.cwd()
    name = free_id(f"my-{path.stem}", (case.scenario.id for case in desk.cases))

    def named(answer: str | None) -> None:
        if answer:
            _copy(app, desk, path, folder / f"{answer}.yaml", done)

    def answered(answer: str | None) -> None:
        if answer:
            app.push_screen(SeekScreen("Id of the copy:", name, fresh=True), named)

    about = f"Your copy lies in {folder}, as a first version that nobody has reviewed."
    if not desk.settings.library:
        about += " To see it in the library, name that folder under `library:` in settings.yaml."
    answers = [("copy", "Make a copy that is yours."), ("", "Leave it.")]
    app.push_screen(AskScreen(f"{why}.", answers, about), answered)


def _copy(app: CaseloadApp, desk: Desk, path: Path, to: Path, done: Callable[[], None]) -> None:
    source = read(path, desk.limit)
    if isinstance(source, Problem):
        app.tell(show(source), bad=True)
        return
    try:
        copy_case(source, to, desk.settings.library)
    except NotCopied as error:
        app.tell(str(error), bad=True)
    else:
        write_file(app, desk, to, done)
