"""What happens before a supervisor looks at the inbox: everything comes together, is receipted, and is looked up.

First what trainees handed in is collected from the shared folder, then the index is brought up to date, then the
heads of journals that nobody has seen before are taken down as receipts. Each of these may fail by itself; what can
be done is done, and what could not is told in a sentence.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from simulator import chain
from simulator.archive import Archive
from simulator.chain import ChainError
from simulator.durable import NotSaved
from simulator.settings import Home, Settings
from simulator.sharing import collected
from simulator.sharing.collected import Busy, Collected
from simulator.sharing.shared_folder import Away
from simulator.wording import counted

if TYPE_CHECKING:
    from simulator.index.store import Index
    from simulator.index.updating import Updated
    from simulator.sharing.receipts import Receipt, Receipts

Progress = Callable[[str, int, int], None]
"""Told what is done, and how many of how many."""
Stopped = Callable[[], bool]
HERE = "this home"
"""Where a journal was seen that nobody handed in."""


@dataclass
class Intake:
    """What came of it."""

    collected: Collected | None = None
    """None: there is no shared folder, or it is away."""
    updated: Updated | None = None
    """None: the index cannot be used."""
    receipted: int = 0
    """Journals, or states of them, that nobody had seen before."""
    contradicted: frozenset[str] = frozenset()
    """Sessions whose journal here is not what its receipts say."""
    notices: list[str] = field(default_factory=list)
    """What went otherwise than it should, in sentences."""


def take_in(
    where: Home,
    settings: Settings,
    index: Index,
    library: frozenset[str] | None,
    progress: Progress | None = None,
    stopped: Stopped | None = None,
    *,
    collecting: bool = True,
) -> Intake:
    """Bring everything together; `library` holds the hashes of the scenarios that the library has now.

    Not `collecting`, what lies in the shared folder stays there: for who has just looked.

    Raises:
        IndexTrouble: the index cannot be used. What was collected is here all the same.
    """
    from simulator.sharing.receipts import LedgerError, Receipts

    done = Intake()
    tell = progress or _nothing
    try:
        with Receipts.open(where, settings.index) as receipts:
            if settings.shared is not None and collecting:
                _collect(where, settings, receipts, done, tell)
            _index(where, index, library, done, tell, stopped)
            if not (stopped and stopped()):
                _receipt(where, index, receipts, done)
    except LedgerError as error:
        # Without receipts nobody could tell later what was handed in first; what is here can be read all the same.
        done.notices.append(str(error))
        if done.updated is None:
            _index(where, index, library, done, tell, stopped)
    return done


def _nothing(_what: str, _done: int, _of: int) -> None:
    return


def _collect(where: Home, settings: Settings, receipts: Receipts, done: Intake, tell: Progress) -> None:
    assert settings.shared is not None  # noqa: S101 - the caller looked
    try:
        found = collected.collect(
            where, settings.shared, receipts, lambda number, of: tell("Looking into the shared folder", number, of)
        )
    except (Away, Busy, ChainError, NotSaved) as error:
        done.notices.append(str(error))
        return
    done.collected = found
    if found.stopped:
        done.notices.append(found.stopped)
    if count := len(found.refused) + found.also_refused:
        refused = counted(count, "file was", "files were")
        done.notices.append(f"{refused} not taken in from the shared folder; `caseload collect` says which and why.")


def _index(
    where: Home,
    index: Index,
    library: frozenset[str] | None,
    done: Intake,
    tell: Progress,
    stopped: Stopped | None,
) -> None:
    done.updated = index.update(
        Archive(where),
        library,
        progress=tell,
        stopped=stopped,
    )
    done.notices += [*index.notices, *done.updated.notices]
    index.notices.clear()


def _receipt(where: Home, index: Index, receipts: Receipts, done: Intake) -> None:
    """Take down what nobody has seen before, unless it contradicts what somebody has."""
    from simulator.index.heads import heads

    known: dict[str, list[Receipt]] = {}
    for receipt in receipts.all():
        known.setdefault(receipt.session, []).append(receipt)
    new, wrong = [], set()
    for session, entries, head in heads(index):
        seen = known.get(session, [])
        if any((each.entries, each.head) == (entries, head) for each in seen) and _is_longest(seen, entries, head):
            continue
        fits = not seen or _goes_on(where, session, receipts)
        if fits:
            new.append((session, entries, head))
        elif fits is False:
            wrong.add(session)
    done.receipted = receipts.take_down(new, HERE)
    done.contradicted = frozenset(wrong)
    if wrong:
        which = counted(len(wrong), "journal is", "journals are")
        done.notices.append(f"{which} not what was first seen here; `caseload verify` says where.")


def _is_longest(seen: list[Receipt], entries: int, head: str) -> bool:
    """Whether no receipt says more than this, or otherwise."""
    return all(each.entries < entries or (each.entries, each.head) == (entries, head) for each in seen)


def _goes_on(where: Home, session: str, receipts: Receipts) -> bool | None:
    """Whether a journal holds everything that was seen of it before; None if it lies in another home.

    One with damage is short for another reason; `verify` has it the same way.
    """
    path = Archive(where).path(session)
    if path is None:
        return None
    try:
        reading = chain.read(path)
    except ChainError:
        return False
    standing = receipts.check(session, [each.hash for each in reading.entries])
    cut_short = reading.damage is None and not reading.torn and standing.shortened is not None
    return standing.rewritten is None and not cut_short
