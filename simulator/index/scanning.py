"""Which files a home holds, and which of them are not as they were when they were last read."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from simulator import journal
from simulator.settings import Home

JOURNAL, REVIEW, COPY = "journal", "review", "copy"
"""What a file is of; texts are of what they belong to."""
_TEXTS = ".texts.jsonl"


class Seen(NamedTuple):
    """A file as it was: a row of `files`."""

    path: str
    """From the home, with `/`."""
    size: int
    mtime_ns: int
    kind: str
    session: str
    """The session it is of; of a copy, its hash."""


class Unit(NamedTuple):
    """What one session is read from."""

    session: str
    reviewers: tuple[str, ...] = ()


def scan(where: Home) -> dict[str, Seen]:
    """Return every file that the index is made of, by its path."""
    found: dict[str, Seen] = {}
    for name, entry in _files(where.journals):
        session = _session(name)
        if session:
            _note(found, f"journals/{name}", entry, JOURNAL, session)
    for reviewer in _folders(where.reviews):
        for name, entry in _files(where.reviews / reviewer):
            session = _session(name)
            if session and journal.good_person_id(reviewer):
                _note(found, f"reviews/{reviewer}/{name}", entry, REVIEW, session)
    for name, entry in _files(where.copies):
        if name.endswith(".yaml"):
            _note(found, f"copies/{name}", entry, COPY, name.removesuffix(".yaml"))
    return found


def _session(name: str) -> str:
    for ending in (_TEXTS, journal.SUFFIX):
        if name.endswith(ending):
            session = name.removesuffix(ending)
            return session if journal.good_session_id(session) else ""
    return ""


def _note(found: dict[str, Seen], path: str, entry: os.DirEntry[str], kind: str, session: str) -> None:
    try:
        status = entry.stat(follow_symlinks=False)
    except OSError:
        # Gone in this very moment.
        return
    found[path] = Seen(path, status.st_size, status.st_mtime_ns, kind, session)


def _files(folder: Path) -> Iterator[tuple[str, os.DirEntry[str]]]:
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                yield entry.name, entry
    except (FileNotFoundError, NotADirectoryError):
        return


def _folders(folder: Path) -> list[str]:
    return sorted(name for name, entry in _files(folder) if entry.is_dir(follow_symlinks=False))


def changed(now: Mapping[str, Seen], before: Mapping[str, Seen]) -> tuple[set[str], set[str]]:
    """Return the sessions of which a file came, went or changed, and the hashes of copies likewise."""
    sessions: set[str] = set()
    copies: set[str] = set()
    for path in now.keys() | before.keys():
        one, other = now.get(path), before.get(path)
        if one != other:
            for each in (one, other):
                if each is not None:
                    (copies if each.kind == COPY else sessions).add(each.session)
    return sessions, copies


def units(now: Mapping[str, Seen]) -> dict[str, Unit]:
    """Return every session that has a journal, with those who reviewed it."""
    journals: set[str] = set()
    reviewers: dict[str, list[str]] = {}
    for seen in now.values():
        if seen.kind == JOURNAL and not seen.path.endswith(_TEXTS):
            journals.add(seen.session)
        elif seen.kind == REVIEW and not seen.path.endswith(_TEXTS):
            reviewers.setdefault(seen.session, []).append(seen.path.split("/")[1])
    return {each: Unit(each, tuple(sorted(reviewers.get(each, ())))) for each in journals}
