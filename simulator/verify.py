"""Replaying a journal to find out whether it is what it says.

A chain that holds and events that replay show that a journal is sound in itself. They do not show that
nobody rewrote all of it: for that, somebody else must have kept its head. Those are the receipts: a journal that
all of its receipts lie on is unchanged since the first of them; where there is none, the most that is said is
"unverified".
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from simulator import journal
from simulator.archive import Archive, Logged, UnknownScenario
from simulator.chain import ChainError
from simulator.wording import counted

if TYPE_CHECKING:
    from simulator.sharing.receipts import Receipts, Standing


class Verdict(StrEnum):
    """What replaying a journal found."""

    VERIFIED = "verified"
    """Sound in itself, and unchanged since it was first seen here."""
    CONTRADICTED = "contradicted"
    """It is not what was seen here before: it was written anew, or entries are missing from its end."""
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
        return self.verdict in (Verdict.UNVERIFIED, Verdict.VERIFIED)


def verify(archive: Archive, path: Path, library: frozenset[str], receipts: Receipts | None = None) -> Finding:
    """Replay a journal, and set it against its receipts where there are any.

    `library` holds the hashes of the scenarios that the library has now. Raises LedgerError where the receipts
    cannot be read.
    """
    try:
        recorded = journal.read(path)
    except ChainError as error:
        return Finding(path, Verdict.UNREADABLE, str(error))
    session, hashes = recorded.header.session, [entry.hash for entry in recorded.reading.entries]
    standing = receipts.check(session, hashes) if receipts else None
    against = _against(standing, cut_short=recorded.reading.damage is None and not recorded.reading.torn)
    if not against and receipts and recorded.path.stem != session:
        # A journal that says it is another session may be the one that its name still tells.
        against = _against(receipts.check(path.stem, hashes), cut_short=True)
    if against:
        return Finding(path, Verdict.CONTRADICTED, against, session=session)
    try:
        logged = archive.replay(recorded)
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
    sound = f"{counted(len(logged.recorded.records), 'entry', 'entries')}, unbroken, and replayed without a fault."
    if standing is not None and standing.receipts:
        since = f"{sound} Unchanged since first seen here on {_day(standing.first_seen)}.{_later(standing, hashes)}"
        return Finding(path, Verdict.VERIFIED, since, notices, logged.id)
    return Finding(
        path,
        Verdict.UNVERIFIED,
        f"{sound} Nobody else holds the last hash of this journal, so whether all of it was written anew cannot be "
        "told.",
        notices,
        logged.id,
    )


def _against(standing: Standing | None, *, cut_short: bool) -> str:
    """Say what receipts have against a journal; empty: nothing. One with damage is short for another reason."""
    if standing is not None and (receipt := standing.rewritten):
        return (
            f"This is not the journal that was first seen here on {_day(receipt.first_seen)}: it was written anew, "
            f"with another entry {receipt.entries - 1} or another one before it."
        )
    if standing is not None and cut_short and (receipt := standing.shortened):
        return (
            f"Entries are missing from its end: it had {counted(receipt.entries - 1, 'entry', 'entries')} after the "
            f"first when it was seen here on {_day(receipt.first_seen)}."
        )
    return ""


def _later(standing: Standing, hashes: list[str]) -> str:
    """Say how much of a journal came after the last time it was seen."""
    new = len(hashes) - max(receipt.entries for receipt in standing.receipts)
    if new <= 0:
        return ""
    return f" The last {counted(new, 'entry', 'entries')} came after that, and nobody has seen them yet."


def _day(time: str) -> str:
    return time[:10]


def _notices(logged: Logged) -> list[str]:
    return [f"The file is not named after its session, {logged.id}."] if logged.path_differs else []
