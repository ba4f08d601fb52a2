"""What lies in one folder of the shared one: every sound chain, the texts, and what was refused and why.

Anybody may have put it there. So work and memory are bounded before anything is read; no link is followed and no
device opened; a file counts for what it holds, not for what it is called. Texts prove themselves: a line of texts
fits one digest, so it does not matter which file it lies in, nor when it came.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from simulator import durable, entry
from simulator.chain import ChainError
from simulator.durable import Listed, NotRead
from simulator.entry import Reading
from simulator.sharing.shared_folder import LARGEST_CHAIN, MOST_FILES, is_chain, is_texts
from simulator.text import one_line

MOST_ENTRIES = 20_000
"""Entries of a chain there: several times as many as anybody makes decisions."""
MOST_BYTES = 4 * LARGEST_CHAIN
"""Bytes that are read for one session."""
MOST_REFUSED = 20
"""Files of one session that are named; more are counted."""

Fits = Callable[[Path, Reading], None]
"""Raises ChainError for a chain that may not lie there; the text says why."""


@dataclass(slots=True)
class Budget:
    """How many bytes may still be read."""

    left: int
    spent: bool = False
    """Whether something was wanted that was too much."""

    def take(self, size: int) -> bool:
        """Whether so many may be read; then they are counted."""
        if size > self.left:
            self.spent = True
            return False
        self.left -= size
        return True


@dataclass(frozen=True, slots=True)
class Candidate:
    """One sound chain that lies there."""

    name: str
    """The file's."""
    lines: bytes
    hashes: tuple[str, ...]
    reading: Reading
    """Its header alone."""


@dataclass(slots=True)
class Gathered:
    """What one folder holds."""

    seen: str
    """Stands for the names, sizes and times of all files: where it is the same again, nothing was done there."""
    chains: list[Candidate] = field(default_factory=list)
    """Those that were written first, as far as the system knows, first."""
    texts: dict[str, bytes] = field(default_factory=dict)
    """Sound lines of texts, by digest."""
    refused: list[tuple[str, str]] = field(default_factory=list)
    """Names of files, and why."""
    unread: bool = False
    """Whether something could not be read this time, so that it is to be looked at again."""

    def decline(self, name: str, why: str) -> None:
        """Note that something was refused; of many, only how many."""
        if len(self.refused) < MOST_REFUSED:
            self.refused.append((one_line(name, 100), why))
        elif len(self.refused) == MOST_REFUSED:
            self.refused.append(("", "and more files that cannot be used"))


def listed(folder: Path) -> tuple[list[Listed], str, bool]:
    """Return what lies in a folder, what stands for all of it, and whether there is more; raises NotRead."""
    files, more = durable.listing(folder, MOST_FILES)
    marks = sorted(f"{each.name}\0{each.kind}\0{each.size}\0{each.modified}" for each in files)
    return files, hashlib.sha256("\n".join(marks).encode("utf-8", "surrogatepass")).hexdigest()[:32], more


def gather(folder: Path, fits: Fits, budget: Budget, *, texts: bool = True) -> Gathered:
    """Read what lies in a folder; raises NotRead where it cannot be listed."""
    files, seen, more = listed(folder)
    found = Gathered(seen)
    if more:
        found.decline("", f"holds more than {MOST_FILES:,} files; only so many were looked at")
    own = Budget(MOST_BYTES)
    candidates: list[tuple[int, Candidate]] = []
    # Small ones first: large ones that somebody puts there take nothing from those that are meant.
    for each in sorted(files, key=lambda each: (each.size, each.name)):
        wanted = is_chain(each)
        if not wanted and not (texts and is_texts(each.name) and not each.name.startswith(".")):
            continue
        data = _read(folder, each, found, own, budget)
        if data is None:
            continue
        if not wanted:
            _gather_texts(found, data)
        elif (candidate := _candidate(folder / each.name, data, fits, found)) is not None:
            candidates.append((each.modified, candidate))
    found.chains = [candidate for _, candidate in sorted(candidates, key=lambda each: (each[0], each[1].name))]
    return found


def _read(folder: Path, each: Listed, found: Gathered, own: Budget, budget: Budget) -> bytes | None:
    if each.kind != "file":
        found.decline(each.name, f"it is {'a folder' if each.kind == 'folder' else 'a link, a device or a pipe'}")
    elif each.size > LARGEST_CHAIN:
        found.decline(each.name, f"it is larger than {LARGEST_CHAIN:,} bytes, which no session is")
    elif not own.take(each.size):
        found.decline(each.name, f"more than {MOST_BYTES:,} bytes lie there for one session; this was not looked at")
    elif not budget.take(each.size):
        found.unread = True
    else:
        try:
            return durable.read_file(folder / each.name, LARGEST_CHAIN)
        except NotRead as problem:
            found.unread = True
            found.decline(each.name, one_line(str(problem), 400))
    return None


def _gather_texts(found: Gathered, data: bytes) -> None:
    written = entry.scan_texts(data)
    for digest, text in written.by_digest.items():
        if text is not None and digest not in found.texts:
            found.texts[digest] = written.lines[digest]


def _candidate(path: Path, data: bytes, fits: Fits, found: Gathered) -> Candidate | None:
    if data.count(b"\n") > MOST_ENTRIES:
        found.decline(path.name, f"it has more than {MOST_ENTRIES:,} entries, which no session has")
        return None
    seen = entry.scan(data)
    reading = seen.reading({})
    why = ""
    if seen.damage:
        why = f"it was altered. {seen.damage.message}"
    elif seen.torn or seen.unended or not seen.found:
        why = "it ends in the middle of a line; a synced folder may still be bringing the rest"
    else:
        try:
            fits(path, reading)
        except ChainError as problem:
            why = one_line(str(problem), 400)
    if why:
        found.decline(path.name, why)
        return None
    return Candidate(path.name, data, tuple(each.hash for each, _ in seen.found), Reading(reading.entries[:1]))


def agree(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether one chain is the beginning of the other, by the hashes of their entries."""
    shared = min(len(one), len(other))
    # Each hash stands for all before it.
    return not shared or one[shared - 1] == other[shared - 1]
