"""Texts that were erased in the files leave the index at once, not only when it is next brought up to date."""

from __future__ import annotations

import time
from collections.abc import Collection

from sqlalchemy import delete, or_

from simulator import durable
from simulator.index.schema import texts
from simulator.index.store import Index, IndexTrouble
from simulator.settings import Home

_AT_ONCE = 500
"""Sessions in one statement."""
_TRIES = 20
_PAUSE = 0.25
"""Seconds between tries, while another process fills the index."""


def erase_texts(where: Home, url: str, sessions: Collection[str], reviewer: str = "") -> str:
    """Take out of the index every text of these sessions, and every one that somebody wrote as a reviewer.

    The room they took is given back, so that nothing of them stays in the file. An index in a file that cannot be
    cleaned is taken away: it is made again from the journals. Returns why it could not be done; empty: it was.
    """
    try:
        if not url and not durable.exists(where.index):
            return ""
        index = Index(where, url)
        try:
            with Index.open(where, url) as index:
                return _erase(index, sorted(sessions), reviewer)
        except IndexTrouble as trouble:
            if index.file is None:
                return str(trouble)
            index.discard()
    except (IndexTrouble, durable.NotRead) as trouble:
        return str(trouble)
    return ""


def _erase(index: Index, sessions: list[str], reviewer: str) -> str:
    for tries in range(_TRIES):
        if tries:
            time.sleep(_PAUSE)
        with index.lock() as mine:
            if mine:
                with index.write() as connection:
                    for start in range(0, max(len(sessions), 1), _AT_ONCE):
                        some = texts.c.session.in_(sessions[start : start + _AT_ONCE])
                        mine_too = [texts.c.reviewer == reviewer] if reviewer else []
                        connection.execute(delete(texts).where(or_(some, *mine_too)))
                index.vacuum()
                return ""
    return f"The index at {index.place} is being filled by another program just now, and may still hold texts."
