"""The session, or the case, that somebody means by a few words."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from simulator.commands.console import MIB, Failed, library_folders, tell_problems

if TYPE_CHECKING:
    from scoring.rubric import Rubric
    from simulator.archive import Archive, Logged
    from simulator.library import Case
    from simulator.settings import Home, Settings


def session_path(archive: Archive, name: str) -> Path | None:
    """Return the journal of a session by its id or how that begins; None if there is none."""
    found = archive.alike(name)
    if len(found) > 1:
        raise Failed(f"{len(found)} sessions begin with `{name}`; type a little more of the id")
    return found[0] if found else None


def journal_path(archive: Archive, name: str) -> Path:
    """Return the journal that is named by a session or by its file; raises Failed."""
    found = session_path(archive, name)
    if found is None and not os.path.lexists(name):
        raise Failed(f"there is no session and no file `{name}`; `caseload sessions` lists the sessions")
    return found or Path(name)


def session_meant(where: Home, name: str) -> Logged:
    """Return a session that is meant by its id or its file, replayed; raises Failed."""
    from simulator.archive import Archive
    from simulator.chain import ChainError

    archive = Archive(where)
    try:
        return archive.load(journal_path(archive, name))
    except ChainError as error:
        raise Failed(str(error)) from error


def case_meant(name: str, settings: Settings, rubric: Rubric, mebibytes: int = 1) -> Case:
    """Return a case that is meant by its id in the library or its file; raises Failed when its problems are told."""
    from simulator.library import NoSuchCase, find

    try:
        return find(name, library_folders(settings), rubric, mebibytes * MIB)
    except NoSuchCase as error:
        tell_problems(error.problems)
        raise Failed(str(error)) from error
