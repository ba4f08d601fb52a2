"""Collecting: what trainees handed in comes from the shared folder into a supervisor's home.

Everything in the folder may be anybody's making. A journal is taken in if it is a sound chain of the session whose
folder it lies in, and goes on with everything that is known of that session: the copy here, and every receipt.
Whoever came first stays; what contradicts it is refused, and listed with why. Nothing else is touched, work and
memory are bounded, and what was looked at once is not read again while it stays the same.

A journal is a claim until it is compared: whether it replays, and what it was played with, is for `verify`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from simulator import archive, chain, durable, journal, source
from simulator.chain import ChainError, Held
from simulator.durable import NotRead
from simulator.entry import Reading
from simulator.journal import PRACTICE, SUFFIX, Header
from simulator.problem import Problem
from simulator.review.reading import redacted_entries
from simulator.settings import Home
from simulator.sharing import shared_folder
from simulator.sharing.gathered import Budget, Candidate, Gathered, agree, gather, listed
from simulator.sharing.shared_folder import LARGEST_COPY, Away, SharedFolder
from simulator.sharing.tombstones import deleted, forgotten
from simulator.text import one_line

MOST_SESSIONS = 300_000
"""Folders of sessions that are looked at."""
MOST_BYTES = 4 * 1024 * 1024 * 1024
"""Bytes that are read at a time; what is over waits for the next time."""
MOST_TOLD = 200
"""Refusals that are listed; more are counted."""
SESSIONS, OTHERS = "sessions", "from-others"
"""What the home remembers: of the folder, and of what came from any."""
AT_ONCE = 500
"""Sessions whose receipts are taken down together."""

_NO_FILE = re.compile(r"(com|lpt)[0-9]\Z")
"""Session ids that name a device on Windows."""

Report = Callable[[int, int], None]
"""Told how many sessions of how many have been looked at."""


class Seen(Protocol):
    """What a receipt says."""

    @property
    def entries(self) -> int: ...  # noqa: D102
    @property
    def head(self) -> str: ...  # noqa: D102
    @property
    def first_seen(self) -> str: ...  # noqa: D102


class Ledger(Protocol):
    """The receipts, for whoever must not import what keeps them."""

    def of(self, session: str) -> Sequence[Seen]:
        """Return every receipt of a session."""

    def take_down(self, seen: Sequence[tuple[str, int, str]], source: str) -> int:
        """Take down sessions, how many entries each has, and its head."""


@dataclass(slots=True)
class Collected:
    """What became of collecting."""

    new: list[str] = field(default_factory=list)
    """Sessions that were not here before."""
    longer: list[str] = field(default_factory=list)
    """Sessions that have gone on."""
    texts: list[str] = field(default_factory=list)
    """Sessions of which only texts came."""
    deleted: int = 0
    """How many sessions lie there that were deleted here because they were old enough; they stay away."""
    same: int = 0
    """How many sessions are here as they lie there."""
    refused: list[tuple[str, str]] = field(default_factory=list)
    """What lies in the folder and was not taken in, and why; at most `MOST_TOLD`."""
    also_refused: int = 0
    """How many more."""
    stopped: str = ""
    """Why the rest waits for the next time; empty: all was looked at."""

    def decline(self, name: str, why: str) -> None:
        """Note what was not taken in."""
        if len(self.refused) < MOST_TOLD:
            self.refused.append((one_line(name, 200), why))
        else:
            self.also_refused += 1


class Busy(Exception):
    """Another process collects into this home. Its text is a sentence."""


class _Enough(Exception):
    """So much has been read that the rest waits."""


@contextmanager
def alone(where: Home) -> Iterator[None]:
    """Be the only one who brings journals or texts into this home, or takes them out of it.

    Raises:
        Busy: somebody else is.
        NotSaved: the home cannot be written.
    """
    durable.make_folder(where.root)
    lock = durable.take_lock(where.root / "collecting.lock")
    if lock is None:
        raise Busy("Another Caseload is collecting into this home just now. Wait until it has ended, then try again.")
    try:
        yield
    finally:
        lock.release()


def collect(
    where: Home, folder: Path, ledger: Ledger, report: Report | None = None, *, anew: bool = False
) -> Collected:
    """Bring what was handed in to a shared folder into the home, with the copies it was played with.

    With `anew`, what was looked at before is looked at again: where the home lost something. `ledger` may raise
    errors of its own; what was collected until then stays.

    Raises:
        Away: the folder is not there.
        Busy: somebody else is collecting.
        ChainError: it cannot be told who and what was erased here, so nothing may be brought in.
        NotSaved: the home cannot be written.
    """
    with alone(where):
        shared = SharedFolder(folder)
        shared.must_answer()
        memory = {} if anew else shared_folder.recalled(where.collected, folder).get(SESSIONS, {})
        return _Collecting(
            where, shared, ledger, forgotten(where), deleted(where), dict(memory), from_others(where)
        ).run(report)


def from_others(where: Home) -> dict[str, Any]:
    """Return the sessions of a home that were collected, from whichever folder, and how large each was then."""
    return shared_folder.recalled(where.collected).get(OTHERS, {})


@dataclass
class _Collecting:
    """One time of collecting."""

    where: Home
    shared: SharedFolder
    ledger: Ledger
    gone: frozenset[str]
    """Who was erased here."""
    old: frozenset[str]
    """Which sessions were deleted here."""
    memory: dict[str, Any]
    """For each session what was looked at, whether it is here, and what was refused."""
    others: dict[str, Any]
    """How large each session was that came from a shared folder."""
    done: Collected = field(default_factory=Collected)
    budget: Budget = field(default_factory=lambda: Budget(MOST_BYTES))
    _settled: dict[str, dict[str, Any]] = field(default_factory=dict)
    """What is remembered once its receipts are taken down."""
    _seen: list[tuple[str, int, str]] = field(default_factory=list)

    def run(self, report: Report | None) -> Collected:
        try:
            sessions = self._sessions()
            for number, session in enumerate(sessions, 1):
                self._look(session)
                if len(self._seen) >= AT_ONCE:
                    self._take_down()
                if report is not None:
                    report(number, len(sessions))
        except _Enough:
            self.done.stopped = (
                f"More than {MOST_BYTES:,} bytes of journals lie there, and so many are read at a time. Collect once "
                "more for the rest."
            )
        except (NotRead, Away) as problem:
            self.done.stopped = f"{problem} What was collected until then stays; the rest waits for the next time."
        finally:
            self._take_down()
        return self.done

    def _sessions(self) -> list[str]:
        """The names of sessions that have a folder."""
        if not durable.exists(self.shared.sessions):
            return []
        found, more = durable.listing(self.shared.sessions, MOST_SESSIONS)
        if more:
            self.done.decline("sessions", f"holds more than {MOST_SESSIONS:,} sessions; only so many were looked at")
        sessions = []
        for each in sorted(found, key=lambda each: each.name):
            if each.kind == "folder" and journal.good_session_id(each.name) and not _NO_FILE.match(each.name):
                sessions.append(each.name)
            elif not each.name.startswith("."):
                what = "is no session's id" if each.kind == "folder" else "is no folder"
                self.done.decline(f"sessions/{each.name}", what)
        return sessions

    def _look(self, session: str) -> None:
        """Look at one session; raises NotRead and Away where the folder is gone."""
        folder = self.shared.sessions / session
        if session in self.old:
            self.done.deleted += 1
            return
        try:
            before = self._before(session, folder)
            if before is not None:
                for name, why in before:
                    self.done.decline(name, why)
                self.done.same += bool(self.memory[session].get("here"))
                return
            found = self._gathered(folder, session)
        except NotRead:
            # Gone, or only this one? Where the rest is there, the rest is collected.
            self._must_be_there()
            self.done.decline(f"sessions/{session}", "cannot be looked into just now")
            return
        if found.unread:
            self._must_be_there()
        self._settle(session, found)
        if self.budget.spent:
            raise _Enough

    def _before(self, session: str, folder: Path) -> list[tuple[str, str]] | None:
        """What was refused the last time, where nothing has been done there since; None where something was."""
        known = self.memory.get(session)
        if not isinstance(known, dict) or known.get("seen") != listed(folder)[1]:
            return None
        refused = known.get("refused")
        return [(str(name), str(why)) for name, why in refused] if isinstance(refused, list) else []

    def _gathered(self, folder: Path, session: str) -> Gathered:
        def fits(path: Path, reading: Reading) -> None:
            header = journal.recorded(path, reading).header
            if header.session != session:
                raise ChainError(path, f"It says that it is session {header.session}, and lies where {session} does.")

        return gather(folder, fits, self.budget)

    def _must_be_there(self) -> None:
        self.shared.must_answer(used=True)

    # -- what is taken in ---------------------------------------------------------------------

    def _settle(self, session: str, found: Gathered) -> None:
        """Take in what goes on with what is known of a session, and remember what was done."""
        path = self.where.journals / f"{session}{SUFFIX}"
        receipts = self.ledger.of(session)
        refused = [(f"sessions/{session}/{name}".rstrip("/"), why) for name, why in found.refused]
        settled = not found.unread
        chosen = None
        try:
            own = _own(path)
            chosen = _chosen(own, receipts, found.chains, refused, session)
            if chosen is not None:
                settled &= self._take_in(path, session, chosen, found.texts, own)
                if len(chosen.hashes) > len(own):
                    self.others[session] = len(chosen.lines)
        except Held as problem:
            settled = False
            refused.append((f"sessions/{session}", f"{problem} It is collected the next time."))
        except ChainError as problem:
            refused.append((f"sessions/{session}", f"the copy here cannot go on: {problem}"))
            settled = False
        for name, why in refused:
            self.done.decline(name, why)
        if settled:
            self._settled[session] = {"seen": found.seen, "here": chosen is not None, "refused": refused}

    def _take_in(
        self, path: Path, session: str, chosen: Candidate, texts: Mapping[str, bytes], own: Sequence[str]
    ) -> bool:
        """Put it into the home; return whether everything it needs is there."""
        header = journal.recorded(path, chosen.reading).header
        without: frozenset[int] = frozenset()
        if header.purpose == PRACTICE or header.person in self.gone:
            texts = {}
        elif texts:
            without = redacted_entries(self.where, session, header.again)
        durable.make_folder(path.parent)
        changed = chain.go_on_with(path, chosen.lines, texts, without)
        if not own:
            self.done.new.append(session)
        elif len(chosen.hashes) > len(own):
            self.done.longer.append(session)
        elif changed:
            self.done.texts.append(session)
        else:
            self.done.same += 1
        # Not of what is here beyond that: it was compared with no receipt.
        self._seen.append((session, len(chosen.hashes), chosen.hashes[-1]))
        return self._copies(header)

    def _copies(self, header: Header) -> bool:
        """Bring the scenario and the rubric that a session was played with; return whether both are here."""
        scenario, rubric = self._copy(header.scenario_hash), self._copy(header.rubric_hash)
        return scenario and rubric

    def _copy(self, content_hash: str) -> bool:
        if durable.exists(self.where.copies / f"{content_hash}.yaml"):
            return True
        first = self.shared.copies / f"{content_hash}.yaml"
        try:
            names = [first, *durable.beside(first, f"{content_hash}-", ".yaml")]
        except NotRead:
            return False
        for path in names[: shared_folder.MOST_FILES]:
            found = source.read(path, LARGEST_COPY)
            if isinstance(found, Problem) or not self.budget.take(len(found.data)):
                continue
            if found.hash == content_hash:
                archive.keep(self.where, found)
                return True
        return False

    def _take_down(self) -> None:
        """Take receipts of what was collected, then remember that it was."""
        if self._seen:
            self.ledger.take_down(self._seen, f"collected from {one_line(str(self.shared.root), 150)}")
            self._seen = []
        if self._settled:
            self.memory.update(self._settled)
            self._settled = {}
            memory = {SESSIONS: self.memory, OTHERS: self.others}
            shared_folder.remember(self.where.collected, self.shared.root, memory)


def _own(path: Path) -> tuple[str, ...]:
    """The hashes of the copy that is here; none where there is no copy.

    Raises:
        ChainError: it is damaged, or cannot be read.
    """
    try:
        if not durable.exists(path):
            return ()
    except NotRead as problem:
        raise ChainError(path, str(problem)) from problem
    reading = chain.read(path)
    if reading.damage:
        raise chain.Damaged(path, reading, reading.damage)
    return tuple(each.hash for each in reading.entries)


def _chosen(
    own: tuple[str, ...],
    receipts: Sequence[Seen],
    candidates: Sequence[Candidate],
    refused: list[tuple[str, str]],
    session: str,
) -> Candidate | None:
    """The longest chain that goes on with all that is known; of those that contradict each other, the first."""
    last: Sequence[str] = own
    whose = "the copy that is here"
    chosen = None
    longest = max(receipts, key=lambda each: each.entries, default=None)
    known = longest.entries if longest else 0
    # Those that reach as far as what was seen can be compared with it; the others then with them.
    for each in sorted(candidates, key=lambda each: len(each.hashes) < known):
        name = f"sessions/{session}/{each.name}"
        against = _contradicted(receipts, each.hashes)
        if against is not None:
            day = against.first_seen[:10]
            refused.append((name, f"it contradicts what was handed in on {day}; that stays, this was not taken in"))
        elif not agree(last, each.hashes):
            refused.append((name, f"it contradicts {whose}; that stays, this was not taken in"))
        elif longest is not None and len(last) < len(each.hashes) < known:
            day = longest.first_seen[:10]
            refused.append((name, f"it is shorter than what was handed in on {day}, and cannot be compared with that"))
        elif len(each.hashes) > len(last) or (chosen is None and len(each.hashes) == len(last)):
            last, chosen, whose = each.hashes, each, f"{one_line(each.name, 100)}, which was there first"
        elif chosen is None:
            # Shorter than ours: its texts may still be news.
            chosen = each
    return chosen


def _contradicted(receipts: Sequence[Seen], hashes: Sequence[str]) -> Seen | None:
    """The first receipt that says another hash for an entry."""
    for each in receipts:
        if 1 <= each.entries <= len(hashes) and hashes[each.entries - 1] != each.head:
            return each
    return None
