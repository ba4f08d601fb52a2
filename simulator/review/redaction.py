"""Texts that a supervisor had redacted are erased: in the session, and in those that took them over from it.

The event in the review comes first and is the record; erasing follows, now or when nobody writes the session any more.
"""

from __future__ import annotations

import os
from pathlib import Path

from simulator import chain, journal
from simulator.journal import SUFFIX
from simulator.review.reading import journal_path, origin_of, redacted_entries, reviews_of
from simulator.settings import Home


def finish_redactions(where: Home, session: str) -> tuple[int, ...]:
    """Erase what was redacted and is still there: in a session's journal, and where others took it over.

    Returns the entries of the session that were erased now; doing it again does nothing.

    Raises:
        Held: somebody writes that session, or one that took over from it, just now; call it again later.
        NotSaved: it could not be written.
        ChainError: a journal cannot be read.
    """
    if not any(review.redacted for review in reviews_of(where, session)):
        return ()
    path = journal_path(where, session)
    erased = _erase(where, path) if os.path.lexists(path) else ()
    for other in _begun_again_from(where, session):
        _erase(where, other)
    return erased


def _erase(where: Home, path: Path) -> tuple[int, ...]:
    reading = chain.read(path)
    altered = {notice.seq for notice in reading.notices if notice.code == "text-altered"}
    there = {entry.seq for entry in reading.entries if entry.text is not None} | altered
    still = tuple(sorted(redacted_entries(where, path.stem) & there))
    if still:
        chain.erase_text(path, still)
    return still


def _begun_again_from(where: Home, session: str) -> list[Path]:
    """Return the journals of sessions that were begun again from this one, or from one of those."""
    found: dict[str, Path] = {}
    wanted = [session]
    for begun in wanted:
        for path in sorted(where.journals.glob(f"*{SUFFIX}")):
            if path.stem not in (session, *found) and journal.may_name(path, begun):
                origin = origin_of(where, path.stem)
                if origin is not None and origin.session == begun:
                    found[path.stem] = path
                    wanted.append(path.stem)
    return list(found.values())
