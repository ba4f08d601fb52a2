"""A supervisor's review of a session: comments and sign-off, as events of the supervisor's own journal.

Nobody writes into somebody else's journal. A trainee sees what was said once it is signed off; what is
said later shows with the next sign-off.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from simulator import chain, journal
from simulator.archive import Logged
from simulator.chain import Chain, ChainError, Entry
from simulator.journal import SUFFIX
from simulator.settings import Home
from simulator.text import one_line

KIND = "review"


@dataclass(frozen=True, slots=True)
class Comment:
    """Something a supervisor said about a session."""

    reviewer: str
    """The id of who said it."""
    number: int
    """The decision it is about, from 1; 0: the session as a whole."""
    text: str
    time: str
    """UTC, ISO 8601."""
    signed: bool
    """Whether it has been signed off, so that the trainee sees it."""


@dataclass(frozen=True, slots=True)
class Review:
    """What one supervisor has to say about one session."""

    reviewer: str
    session: str
    comments: tuple[Comment, ...] = ()
    signed_off: str = ""
    """When it was last signed off; empty: not yet."""
    head: str = ""
    """The hash of the session's last entry at that time: what exactly was signed off."""


class Reviewing:
    """A review open for its writer. Methods are durable before they return, and may raise `NotSaved`."""

    def __init__(self, opened: Chain, path: Path) -> None:
        """Use `open`."""
        self._chain = opened
        self.path = path

    @classmethod
    def open(cls, where: Home, logged: Logged, reviewer: str) -> Self:
        """Begin a review of a session, or go on with it.

        Raises:
            ChainError: it is damaged, or open in another place.
            NotSaved: it cannot be written.
        """
        path = _path(where, logged.id, reviewer)
        if os.path.lexists(path):
            opened = Chain.open(path, person=reviewer)
            try:
                _review(path, opened.entries)
            except ChainError:
                opened.close()
                raise
            return cls(opened, path)
        header = {"kind": KIND, "session": logged.id, "reviewer": reviewer}
        return cls(Chain.create(path, header, person=reviewer), path)

    def comment(self, number: int, text: str) -> None:
        """Say something about a decision, or with number 0 about the whole."""
        self._chain.append({"event": "commented", "decision": number}, text=text)

    def sign_off(self, head: str) -> None:
        """Let the trainee see what was said, about the session as it is now (the hash of its last entry)."""
        self._chain.append({"event": "signed-off", "head": head})

    def review(self) -> Review:
        """Return the review as it stands."""
        return _review(self.path, self._chain.entries)

    def close(self) -> None:
        """Let others open it."""
        self._chain.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def reviews_of(where: Home, session: str) -> Iterator[Review]:
    """Yield every review of a session that can be read, and is what its place says it is."""
    if not journal.good_session_id(session):
        return
    for path in sorted(where.reviews.glob(f"*/{session}{SUFFIX}")):
        try:
            yield _review(path, chain.read(path).entries)
        except ChainError:
            continue


def said_to_trainee(where: Home, session: str) -> list[Comment]:
    """Return the comments that have been signed off, in the order of the decisions they are about."""
    found = [comment for review in reviews_of(where, session) for comment in review.comments if comment.signed]
    return sorted(found, key=lambda comment: (comment.number, comment.time))


def _path(where: Home, session: str, reviewer: str) -> Path:
    if not (journal.good_session_id(session) and journal.good_person_id(reviewer)):
        raise ChainError(where.reviews, "the ids of the session and of the reviewer cannot be names of files")
    return where.reviews / reviewer / f"{session}{SUFFIX}"


def _review(path: Path, entries: tuple[Entry, ...]) -> Review:
    head = entries[0].body if entries else {}
    reviewer, session = head.get("reviewer"), head.get("session")
    if head.get("kind") != KIND or not isinstance(reviewer, str) or not isinstance(session, str):
        raise ChainError(path, f"{one_line(path.name)} is not a review.")
    # Copied or moved here, it would put words into somebody else's mouth.
    if (reviewer, session) != (path.parent.name, path.stem):
        raise ChainError(path, f"{one_line(path.name)} is the review of another session, or by somebody else.")
    signed = max((entry.seq for entry in entries if entry.body.get("event") == "signed-off"), default=-1)
    comments = tuple(
        Comment(reviewer, number, entry.text, entry.time, entry.seq < signed)
        for entry in entries
        if entry.body.get("event") == "commented" and type(number := entry.body.get("decision")) is int and entry.text
    )
    last = next((entry for entry in entries if entry.seq == signed), None)
    return Review(
        reviewer,
        session,
        comments,
        signed_off=last.time if last else "",
        head=str(last.body.get("head", "")) if last else "",
    )
