"""The reviews of a home, read: what supervisors said about a session, for other reviewers and for the trainee."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from simulator import chain, journal
from simulator.archive import Logged
from simulator.chain import ChainError, Entry
from simulator.journal import SUFFIX, Origin
from simulator.review.events import Comment, Judgement, Review, ReviewState, review_in, signed_part, state_in, together
from simulator.settings import Home
from simulator.text import one_line

KIND = "review"
_FURTHEST = 50
"""Sessions begun again from one another that are followed back: nobody plays more, but anybody can make them up."""


def reviews_of(where: Home, session: str) -> Iterator[Review]:
    """Yield every review of a session that can be read, and is what its place says it is."""
    for path, entries in _chains(where, session):
        with suppress(ChainError):
            yield review_at(path, entries)


def judgement_of(where: Home, session: str) -> Judgement:
    """Return everything that supervisors say about a session, signed or not: for whoever reviews."""
    return replace(together(reviews_of(where, session)), redacted=redacted_entries(where, session))


def signed_judgement(where: Home, session: str) -> Judgement:
    """Return what the trainee sees: what was said up to the last signing of each supervisor, as it stood then."""
    found = []
    for path, entries in _chains(where, session):
        with suppress(ChainError):
            found.append(review_at(path, signed_part(entries)))
    # What is redacted is gone, whoever has signed what.
    return replace(together(found), redacted=redacted_entries(where, session))


def said_to_trainee(where: Home, session: str) -> list[Comment]:
    """Return the comments that have been signed off, in the order of the decisions they are about."""
    return list(signed_judgement(where, session).comments)


def review_state(where: Home, logged: Logged) -> ReviewState:
    """Return where a session stands in review, as it is now."""
    return state_in(reviews_of(where, logged.id), logged.recorded.reading.head)


def read_review(path: Path, reviewer: str, session: str) -> Review:
    """Read a review that lies anywhere, and must be that supervisor's of that session; raises ChainError."""
    return _said_by(path, chain.read(path).entries, reviewer, session)


def _chains(where: Home, session: str) -> Iterator[tuple[Path, tuple[Entry, ...]]]:
    if not journal.good_session_id(session):
        return
    for path in sorted(where.reviews.glob(f"*/{session}{SUFFIX}")):
        with suppress(ChainError):
            yield path, chain.read(path).entries


def review_path(where: Home, session: str, reviewer: str) -> Path:
    """Return where a supervisor's review of a session lies; raises ChainError for ids that are no names of files."""
    if not (journal.good_session_id(session) and journal.good_person_id(reviewer)):
        raise ChainError(where.reviews, "the ids of the session and of the reviewer cannot be names of files")
    return where.reviews / reviewer / f"{session}{SUFFIX}"


def review_at(path: Path, entries: Sequence[Entry]) -> Review:
    """Return what the entries of a review say that lies in its place; raises ChainError."""
    # Copied or moved here, it would put words into somebody else's mouth.
    return _said_by(path, entries, path.parent.name, path.stem)


def _said_by(path: Path, entries: Sequence[Entry], reviewer: str, session: str) -> Review:
    head = entries[0].body if entries else {}
    named = head.get("reviewer"), head.get("session")
    if head.get("kind") != KIND or not all(isinstance(each, str) for each in named):
        raise ChainError(path, f"{one_line(path.name)} is not a review.")
    if named != (reviewer, session):
        raise ChainError(path, f"{one_line(path.name)} is the review of another session, or by somebody else.")
    return review_in(entries, reviewer, session)


def redacted_entries(where: Home, session: str, again: Origin | None = None) -> frozenset[int]:
    """Return the entries of a session's journal whose text is to be gone, for whoever brings the journal again.

    What was redacted in the session that this one was begun again from is among them where it was taken over.
    `again` says which that was, for a journal that does not lie here yet.
    """
    return _redacted(where, session, again, frozenset())


def _redacted(where: Home, session: str, again: Origin | None, seen: frozenset[str]) -> frozenset[int]:
    own = frozenset(entry for review in reviews_of(where, session) for entry in review.redacted)
    origin = again or origin_of(where, session)
    if origin is None or not origin.taken_over or origin.session in seen or len(seen) > _FURTHEST:
        return own
    there = _redacted(where, origin.session, None, seen | {session})
    if not there:
        return own
    try:
        recorded = journal.read(journal_path(where, origin.session))
    except ChainError:
        return own
    decided = [record.seq for record in recorded.records if record.event is not None][: origin.taken_over]
    # What was taken over stands right behind the header: entry 1 is decision 1.
    return own | {number for number, seq in enumerate(decided, 1) if seq in there}


def origin_of(where: Home, session: str) -> Origin | None:
    """Return where a session comes from that was begun again; None for any other, and where it cannot be read."""
    try:
        return journal.read(journal_path(where, session)).header.again
    except ChainError:
        return None


def journal_path(where: Home, session: str) -> Path:
    """Return where a session's journal lies, if there is one."""
    # No id that was made up leads to another place.
    return where.journals / f"{session if journal.good_session_id(session) else 'none'}{SUFFIX}"
