"""The session that somebody means by a few words."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from simulator.commands.console import Failed

if TYPE_CHECKING:
    from simulator.archive import Archive, Logged
    from simulator.settings import Home


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
