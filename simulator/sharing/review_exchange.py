"""Reviews go to the shared folder once they are signed, and come back to those whose sessions they are about.

Only what has been signed goes out: the chain up to the last signing off or sending back, and nothing after it. What
comes back may be anybody's: it is taken in only about a session that was played here, only where it goes on with
what is here of that reviewer, and nobody who reviews on this very home gets words from elsewhere.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulator import chain, durable, journal
from simulator.chain import ChainError, Contradicts
from simulator.entry import Reading
from simulator.journal import SUFFIX
from simulator.review.events import SIGNING
from simulator.review.reading import KIND
from simulator.settings import Home, remembered
from simulator.sharing.gathered import Budget, Candidate, gather, listed
from simulator.sharing.shared_folder import SharedFolder, make_folders, put_state, state_of
from simulator.sharing.tombstones import forgotten
from simulator.text import one_line

if TYPE_CHECKING:
    from simulator.sharing.handing_in import HandedIn

MOST_REVIEWERS = 1_000
MOST_REVIEWED = 300_000
"""Sessions that one reviewer reviewed."""
MOST_BYTES = 256 * 1024 * 1024
"""Bytes of reviews that are read at a time."""


def hand_out(where: Home, shared: SharedFolder, known: dict[str, Any], brought: Collection[str]) -> list[str]:
    """Put the signed part of every review that was made here into the shared folder; return what was put there.

    `known` holds how large each review was when that was done last; `brought` are those that came from elsewhere.

    Raises:
        NotSaved, NotRead: the folder does not answer.
    """
    done = []
    for path in _reviews(where):
        name = f"{path.parent.name}/{path.stem}"
        size = _size(path)
        if size is None or name in brought or known.get(name) == size:
            continue
        try:
            reading = chain.read(path)
            signed = _signed(reading)
            state = state_of(path, until=signed) if signed else None
        except ChainError:
            # Whoever opens it is told.
            continue
        if state is not None:
            folder = shared.reviews / path.parent.name
            make_folders(shared.reviews, folder, folder / path.stem)
            put_state(folder / path.stem, state)
            done.append(name)
        known[name] = size
    return done


def _reviews(where: Home) -> Iterator[Path]:
    for path in sorted(where.reviews.glob(f"*/*{SUFFIX}")):
        if journal.good_person_id(path.parent.name) and journal.good_session_id(path.stem):
            yield path


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except OSError:
        return None


def _signed(reading: Reading) -> int:
    """The last entry that signs what stands before it; 0 where none does."""
    events = (each.seq for each in reading.entries if each.body.get("event") in SIGNING)
    return max(events, default=0)


def bring_back(where: Home, shared: SharedFolder, own: Collection[str], known: dict[str, Any], done: HandedIn) -> None:
    """Take in what reviewers said about one's own sessions.

    `known` holds, for each review, what was looked at already, and whether it was taken in from there.

    Raises:
        NotSaved, NotRead: the home or the folder cannot be used.
    """
    if not own or not durable.exists(shared.reviews):
        return
    mine = frozenset(own)
    at_home = _at_home(where, known)
    budget = Budget(MOST_BYTES)
    reviewers, _ = durable.listing(shared.reviews, MOST_REVIEWERS)
    for reviewer in reviewers:
        if reviewer.kind != "folder" or not journal.good_person_id(reviewer.name):
            continue
        sessions, _ = durable.listing(shared.reviews / reviewer.name, MOST_REVIEWED)
        for session in sessions:
            if session.kind == "folder" and session.name in mine:
                folder = shared.reviews / reviewer.name / session.name
                name = f"{reviewer.name}/{session.name}"
                _bring(where, folder, name, known, budget, done, reviewer.name in at_home)


def _at_home(where: Home, known: dict[str, Any]) -> frozenset[str]:
    """Who reviews on this home, as it shows from who did."""
    made_here = {path.parent.name for path in _reviews(where) if not _taken(known, f"{path.parent.name}/{path.stem}")}
    return frozenset({*made_here, remembered(where).get("reviewer", "")})


def _taken(known: dict[str, Any], name: str) -> bool:
    found = known.get(name)
    return isinstance(found, dict) and bool(found.get("taken"))


def brought_from(known: dict[str, Any]) -> frozenset[str]:
    """Return which reviews, as `<reviewer>/<session>`, came from the shared folder."""
    return frozenset(name for name in known if _taken(known, name))


def _bring(
    where: Home, folder: Path, name: str, known: dict[str, Any], budget: Budget, done: HandedIn, at_home: bool
) -> None:
    """Take in one review, if it is one."""
    before = known.get(name)
    _, seen, _ = listed(folder)
    if isinstance(before, dict) and before.get("seen") == seen:
        return
    reviewer, _, session = name.partition("/")

    def fits(path: Path, reading: Reading) -> None:
        head = reading.entries[0].body
        if (head.get("kind"), head.get("reviewer"), head.get("session")) != (KIND, reviewer, session):
            raise ChainError(path, f"{one_line(path.name, 100)} is no review of that session by that reviewer.")
        if _signed(reading) != reading.entries[-1].seq:
            raise ChainError(path, f"{one_line(path.name, 100)} goes on after what was signed.")

    found = gather(folder, fits, budget)
    path = where.reviews / reviewer / f"{session}{SUFFIX}"
    taken = _taken(known, name)
    refused = [(f"{name}/{each}" if each else name, why) for each, why in found.refused]
    if at_home and not taken and not durable.exists(path) and found.chains:
        refused.append((name, "it is by somebody who reviews here, and was not made here"))
        found.chains = []
    said = False
    for candidate in found.chains:
        try:
            changed = _take_in(where, path, candidate, found.texts, session)
        except Contradicts:
            refused.append((f"{name}/{candidate.name}", "it contradicts what is here of that review"))
        except ChainError as problem:
            refused.append((f"{name}/{candidate.name}", str(problem)))
            found.unread = True
        else:
            said |= changed
    done.refused += refused
    if said:
        done.reviewed.append(session)
    if not found.unread:
        known[name] = {"seen": found.seen, "taken": taken or said}


def _take_in(where: Home, path: Path, candidate: Candidate, texts: dict[str, bytes], session: str) -> bool:
    person = journal.read(where.journals / f"{session}{SUFFIX}").header.person
    allowed = {} if person in forgotten(where) else texts
    durable.make_folder(path.parent)
    return chain.go_on_with(path, candidate.lines, allowed)
