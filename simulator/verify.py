"""Replaying a journal to find out whether it is what it says.

A chain that holds and events that replay show that a journal is sound in itself. They do not show that
nobody rewrote all of it: for that, somebody else must have kept its head. Until then the most that is said
is "unverified".
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from simulator.archive import Archive, Logged, UnknownScenario
from simulator.chain import ChainError
from simulator.wording import counted


class Verdict(StrEnum):
    """What replaying a journal found."""

    UNVERIFIED = "unverified"
    """Sound in itself; nobody else holds its head, so nothing more can be said."""
    UNKNOWN = "unknown scenario"
    """What it was played with is not held here, or only beside the journal: nothing can be said."""
    DAMAGED = "damaged"
    """It was altered, or does not replay."""
    UNREADABLE = "unreadable"
    """It is no session's journal, or cannot be read."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found about one journal."""

    path: Path
    verdict: Verdict
    message: str
    notices: tuple[str, ...] = ()
    session: str = ""

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong with it, as far as can be seen."""
        return self.verdict is Verdict.UNVERIFIED


def verify(archive: Archive, path: Path, library: frozenset[str]) -> Finding:
    """Replay a journal; `library` holds the hashes of the scenarios that the library has now."""
    try:
        logged = archive.load(path)
    except UnknownScenario as error:
        return Finding(path, Verdict.UNKNOWN, str(error))
    except ChainError as error:
        return Finding(path, Verdict.UNREADABLE, str(error))
    notices = tuple(notice.message for notice in logged.recorded.reading.notices) + tuple(_notices(logged))
    altered = [notice.message for notice in logged.recorded.reading.notices if notice.code == "text-altered"]
    if logged.trouble or altered:
        why = " ".join([logged.trouble, *altered]).strip()
        return Finding(path, Verdict.DAMAGED, why, notices, logged.id)
    torn = len(logged.recorded.reading.torn)
    if torn:
        entry = logged.recorded.reading.entries[-1].seq + 1
        return Finding(
            path,
            Verdict.DAMAGED,
            f"Entry {entry} is torn off ({torn} bytes): the power or the program went away while it was written. "
            "Going on with the session sets the torn end aside.",
            notices,
            logged.id,
        )
    if logged.scenario.hash not in library:
        return Finding(
            path,
            Verdict.UNKNOWN,
            f"The library does not hold this version of `{logged.scenario.id}`. Replayed without a fault with the "
            "copy kept beside the journal, which whoever played could have changed.",
            notices,
            logged.id,
        )
    count = len(logged.recorded.records)
    return Finding(
        path,
        Verdict.UNVERIFIED,
        f"{counted(count, 'entry', 'entries')}, unbroken, and replayed without a fault. Nobody else holds the last "
        "hash of this journal, so whether all of it was written anew cannot be told.",
        notices,
        logged.id,
    )


def _notices(logged: Logged) -> list[str]:
    return [f"The file is not named after its session, {logged.id}."] if logged.path_differs else []
