"""Handing in: a trainee's sessions go to the shared folder, and what reviewers said about them comes back.

What is not handed in yet is found by comparing: journals with what `handed-in.json` remembers, and then with what
lies in the folder. So whatever happens in the middle, the next try does the rest; nothing is lost, and nothing
is handed in twice. Nobody waits for it: where the folder is away, it is done the next time.
"""

from __future__ import annotations

import errno
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from simulator import chain, durable, journal
from simulator.archive import Archive
from simulator.chain import ChainError
from simulator.durable import NotRead, NotSaved
from simulator.journal import PRACTICE
from simulator.settings import Home
from simulator.sharing import redacted, shared_folder
from simulator.sharing.collected import from_others
from simulator.sharing.review_exchange import bring_back, brought_from, hand_out
from simulator.sharing.shared_folder import Away, SharedFolder, make_folders, put, put_state, state_of

LARGEST_COPY_HERE = 64 * 1024 * 1024
_IN_THE_WAY = frozenset({errno.ENOTDIR, errno.EISDIR, errno.EEXIST, errno.ELOOP})


@dataclass(slots=True)
class HandedIn:
    """What became of handing in."""

    sessions: list[str] = field(default_factory=list)
    """Those that were handed in now."""
    reviewed: list[str] = field(default_factory=list)
    """Sessions about which reviewers said something that came back now."""
    handed_out: list[str] = field(default_factory=list)
    """Signed reviews that were made here, as `<reviewer>/<session>`, that went to the folder now."""
    playing: list[str] = field(default_factory=list)
    """Those that are being played, and are handed in when they are left."""
    refused: list[tuple[str, str]] = field(default_factory=list)
    """What could not be handed in, or not be taken back, and why."""
    away: str = ""
    """Why the folder could not be used just now; empty: it could."""


def hand_in(where: Home, folder: Path, *, anew: bool = False) -> HandedIn:
    """Hand in every session that is not in the shared folder yet, and exchange reviews: out go those that were signed
    here, and back comes what was said about one's own sessions.

    A session that is being played is handed in only when it has come to its end. Practice goes without what was
    written in it. What a reviewer redacted is erased in what was handed in, as far as this account may.

    Nothing here raises: what could not be done is told, and is done the next time. With `anew`, it does not matter what
    was handed in before: the folder may be another one in the same place, or have lost something.
    """
    shared, done = SharedFolder(folder), HandedIn()
    memory = shared_folder.recalled(where.handed_in, folder)
    if anew:
        memory["sessions"] = {}
    sessions = memory.setdefault("sessions", {})
    reviews = memory.setdefault("reviews", {})
    out = memory.setdefault("handed-out", {})
    redact = memory.setdefault("redact", {})
    try:
        shared.must_answer(used=bool(sessions))
    except Away as away:
        done.away = str(away)
        return done
    # What belongs to others goes back only if it was played on here.
    others = from_others(where)
    archive = Archive(where)
    before = dict(sessions), dict(reviews), dict(out), dict(redact)
    try:
        for path in archive.paths():
            try:
                _hand_in(archive, shared, path, sessions, others, done)
            except NotSaved as problem:
                # Something that somebody put in the place of one session holds up no other.
                if problem.reason not in _IN_THE_WAY:
                    raise
                done.refused.append((path.stem, str(problem)))
        done.handed_out = hand_out(where, shared, out, brought_from(reviews))
        bring_back(where, shared, [path.stem for path in archive.paths() if path.stem not in others], reviews, done)
        # What could not be erased the last time is tried again.
        travelled = {each.partition("/")[2] for each in done.handed_out} | set(done.reviewed)
        for session in sorted(travelled | set(redact)):
            redact.pop(session, None)
            if not redacted.redact(where, shared, session):
                redact[session] = True
    except (NotSaved, NotRead) as problem:
        done.away = f"The shared folder does not take or give anything just now. {problem}"
    if (sessions, reviews, out, redact) != before:
        shared_folder.remember(where.handed_in, folder, memory)
    return done


def _hand_in(
    archive: Archive,
    shared: SharedFolder,
    path: Path,
    known: dict[str, Any],
    others: dict[str, Any],
    done: HandedIn,
) -> None:
    """Hand in one session; raises NotSaved and NotRead where the folder does not answer."""
    session = path.stem
    try:
        size = path.stat().st_size
        # A journal only grows. One that was written anew in place is for whoever has its receipt to find.
        if known.get(session) == size or others.get(session) == size:
            return
        if chain.is_held(path) and not archive.load(path).over:
            done.playing.append(session)
            return
        header = journal.read(path).header
        state = state_of(path, texts=header.purpose != PRACTICE)
    except (ChainError, NotSaved, OSError) as problem:
        done.refused.append((session, str(problem)))
        return
    make_folders(shared.sessions, shared.copies, shared.sessions / session)
    for content_hash in (header.scenario_hash, header.rubric_hash):
        _put_copy(archive.where, shared, content_hash)
    put_state(shared.sessions / session, state)
    known[session] = len(state.lines)
    done.sessions.append(session)


def _put_copy(where: Home, shared: SharedFolder, content_hash: str) -> None:
    try:
        data = durable.read_file(where.copies / f"{content_hash}.yaml", LARGEST_COPY_HERE)
    except NotRead:
        # Then nobody can replay it here either; the journal is handed in all the same.
        return
    put(shared.copies, content_hash, ".yaml", data)


def told(done: HandedIn) -> Iterable[str]:
    """Say what became of it, a sentence at a time."""
    from simulator.wording import counted

    if done.sessions:
        yield f"{counted(len(done.sessions), 'session')} handed in."
    if done.handed_out:
        yield f"{counted(len(done.handed_out), 'review')} handed out."
    if done.reviewed:
        yield f"Reviewers said something about {counted(len(done.reviewed), 'session')} of yours."
    if done.playing:
        yield f"{counted(len(done.playing), 'session')} being played, handed in when left."
    for name, why in done.refused:
        yield f"{name}: {why}"
    if done.away:
        yield f"{done.away} What is not handed in yet will be the next time; nothing is lost."
