"""Who was erased here, and which sessions were deleted, so that nothing brings back what is gone on purpose.

A tombstone is an entry of a chain of its own: ids, counts and hashes, never a name. Whoever takes in journals,
texts or backups from elsewhere asks here first.

    forgot    somebody is being erased; from here on nothing that they wrote is taken in
    erased    that was finished; without it, it was interrupted, and is to be done again
    deleted   sessions that were kept for as long as they were to be kept
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from simulator import chain, durable
from simulator.chain import Chain, ChainError, Entry
from simulator.settings import Home

KIND = "tombstones"
FORGOT, ERASED, DELETED = "forgot", "erased", "deleted"
AT_ONCE = 100
"""Sessions that one entry tells to be deleted: a line holds only so much."""


def forgotten(where: Home) -> frozenset[str]:
    """Return the ids of everybody who was erased, or is to be.

    Raises:
        ChainError: it cannot be told who was; what anybody wrote must then not be taken in.
    """
    return frozenset(_people(where, FORGOT))


def unfinished(where: Home) -> tuple[str, ...]:
    """Return the ids of those whose erasure was begun and not finished; raises ChainError."""
    open_: dict[str, None] = {}
    for each in _entries(where):
        person = each.body.get("person")
        if isinstance(person, str) and each.body.get("event") == FORGOT:
            open_[person] = None
        elif isinstance(person, str) and each.body.get("event") == ERASED:
            open_.pop(person, None)
    return tuple(open_)


def deleted(where: Home) -> frozenset[str]:
    """Return the ids of the sessions that were deleted because they were old enough.

    Raises:
        ChainError: it cannot be told which; no session must then be taken in.
    """
    found: set[str] = set()
    for each in _entries(where):
        if each.body.get("event") == DELETED and isinstance(sessions := each.body.get("sessions"), tuple):
            named = (one.get("session") for one in sessions if isinstance(one, Mapping))
            found.update(name for name in named if isinstance(name, str))
    return frozenset(found)


def begin_forgetting(where: Home, person: str, by: str) -> None:
    """Say that somebody is being erased, before anything is; twice is once. Raises ChainError, NotSaved."""
    if person not in unfinished(where):
        _add(where, {"event": FORGOT, "person": person, "by": by})


def finish_forgetting(where: Home, person: str, texts: int) -> None:
    """Say that nothing is left of what somebody wrote, and how many texts were erased; raises ChainError, NotSaved."""
    _add(where, {"event": ERASED, "person": person, "texts": texts})


def tell_deleted(where: Home, sessions: Iterable[tuple[str, int, str]], keep: int) -> None:
    """Say that sessions are being deleted, before they are: the id, the number of entries and the head of each.

    `keep` is for how many months they were kept. Raises ChainError, NotSaved.
    """
    told = [{"session": session, "entries": entries, "head": head} for session, entries, head in sessions]
    for start in range(0, len(told), AT_ONCE):
        _add(where, {"event": DELETED, "sessions": told[start : start + AT_ONCE], "keep": keep})


def _people(where: Home, what: str) -> Iterator[str]:
    for each in _entries(where):
        if each.body.get("event") == what and isinstance(person := each.body.get("person"), str):
            yield person


def _entries(where: Home) -> tuple[Entry, ...]:
    try:
        if not durable.exists(where.tombstones):
            return ()
    except durable.NotRead as problem:
        raise ChainError(where.tombstones, str(problem)) from problem
    reading = chain.read(where.tombstones)
    if reading.damage:
        raise chain.Damaged(where.tombstones, reading, reading.damage)
    return reading.entries


def _add(where: Home, body: Mapping[str, Any]) -> None:
    if os.path.lexists(where.tombstones):
        with Chain.open(where.tombstones) as opened:
            opened.append(body)
    else:
        # With its first entry: whatever happens, there is no chain of tombstones without one.
        Chain.create(where.tombstones, {"kind": KIND}, entries=[(body, None)]).close()
