"""From the library to the author's desk: which files can be written, and what is offered for those that cannot."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from simulator import bundle
from simulator.authoring.saving import NO_FILE, ChangedElsewhere, Opened, cannot_be_written, open_file, save
from simulator.durable import NotSaved
from simulator.library import Case, built_in, ids
from simulator.problem import Problem, Severity, show
from simulator.source import Source, read
from simulator.tui.author.asking import AskScreen
from simulator.tui.author.desk import AuthorScreen, Writing
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
    taken = {case.scenario.id for case in desk.cases}
    name = next(
        free for free in (f"my-{path.stem}{end}" for end in ("", *map(str, range(2, 999)))) if free not in taken
    )

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
    from simulator.starting import NotAdapted, adapted, better_id, is_good_id, shared_by

    name = to.name.removesuffix(".yaml")
    if not is_good_id(name):
        near = better_id(name)
        app.tell(f"`{name}` cannot be the id of a case{f'; `{near}` would do' if near else ''}.", bad=True)
        return
    if os.path.lexists(to) or name in ids((built_in(), *desk.settings.library)):
        app.tell(f"There is a case `{name}` already: choose another id.", bad=True)
        return
    source = read(path, desk.limit)
    if isinstance(source, Problem):
        app.tell(show(source), bad=True)
        return
    try:
        text = adapted(source.text, name)
        for each in shared_by(source):
            _copy_shared(source, each, to.parent)
        save(Opened(to, NO_FILE, ""), text)
    except NotAdapted as error:
        app.tell(f"{path.name} cannot be copied: {error}.", bad=True)
    except (NotSaved, ChangedElsewhere) as error:
        app.tell(str(error), bad=True)
    else:
        write_file(app, desk, to, done)


def _copy_shared(case: Source, name: str, folder: Path) -> None:
    """Copy a file of shared scenes along, so that the copy stays as it is; one that is there already stays."""
    found = bundle.find(case, name)
    there = folder / bundle.FOLDER / f"{name}.yaml"
    if isinstance(found, Source) and not os.path.lexists(there):
        there.parent.mkdir(parents=True, exist_ok=True)
        save(Opened(there, NO_FILE, ""), found.text)
