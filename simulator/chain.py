"""One append-only file that survives whatever happens to a laptop, and shows when it was altered.

A record that people are judged by must not lose what was acknowledged, and must not change unseen. So
every entry is one line, flushed to the disk before anybody is told that it is saved, and holds the hash
of all that came before it. This module knows nothing of what entries mean; `entry` knows their form.

    <name>                 the chain: one line an entry, the first one the header
    <stem>.texts.jsonl     what people wrote, each with a random salt; the chain holds only its digest
    <name>.torn-<n>        the end of a line that a crash cut off, kept when the chain was opened again
    <name>.lock            held by the one writer; <name>.lock.who says who that is

Texts lie apart so that they can be erased while the chain still verifies. Their salt lies with them, so
that what remains gives nothing to guess from.

Hashes find accidents and edits. They do not find entries missing from the end, nor a rewrite of the whole
file: only a head that somebody else keeps does.

    ChainError     it cannot be used; the text says why
    ├─ Damaged     it was altered, found and located; `reading` holds what is good
    ├─ Contradicts what somebody brings is not how it goes on
    └─ Held        somebody else writes it; `who` says who
    NotSaved       (of `durable`) it could not be written; the same call can be made again
"""

from __future__ import annotations

import errno
import getpass
import json
import os
import platform
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from simulator import durable, entry
from simulator.durable import NotRead, NotSaved
from simulator.entry import SCHEMA, Damage, Entry, Notice, Reading
from simulator.text import LONGEST_NOTE, clean, one_line

if TYPE_CHECKING:
    from filelock import BaseFileLock

__all__ = [
    "Chain",
    "ChainError",
    "Contradicts",
    "Damage",
    "Damaged",
    "Entry",
    "Held",
    "NotSaved",
    "Notice",
    "Reading",
    "Writer",
    "companions",
    "erase_text",
    "go_on_with",
    "held",
    "is_held",
    "read",
    "texts_path",
]

LARGEST = 64 * 1024 * 1024
"""Bytes that a chain may hold, and its texts."""
LOCK_TRIES = 25
LOCK_PAUSE = 0.02
"""Seconds between tries: a new holder needs a moment to write down who it is."""

Clock = Callable[[], datetime]


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Writer:
    """Who holds a chain open, as they themselves said."""

    person: str
    pid: int
    host: str
    since: str
    """UTC, ISO 8601."""

    def __str__(self) -> str:
        return f"{self.person} on {self.host} (process {self.pid}, since {self.since})"


class ChainError(Exception):
    """A chain cannot be used. Its text says why."""

    def __init__(self, path: Path, message: str) -> None:
        super().__init__(message)
        self.path = path


class Damaged(ChainError):
    """A chain was altered after it was written."""

    def __init__(self, path: Path, reading: Reading, damage: Damage) -> None:
        super().__init__(path, f"{_shown(path)} was altered. {damage.message}")
        self.reading = reading
        """What is good, and where the damage begins."""


class Contradicts(ChainError):
    """What somebody brings is not what a chain goes on with."""


class Held(ChainError):
    """Somebody else writes this chain."""

    def __init__(self, path: Path, who: Writer | None) -> None:
        by = who or "another program"
        super().__init__(path, f"{_shown(path)} is being written by {by}. Close it there, then try again.")
        self.who = who
        """None where the holder could not write it down."""


def _shown(path: Path) -> str:
    return clean(str(path), 400)


def texts_path(path: Path) -> Path:
    """Where the texts of a chain lie."""
    return path.with_name(f"{path.stem}.texts.jsonl")


def companions(path: Path) -> list[Path]:
    """Find every file that belongs to a chain beside itself, for whoever moves it or takes it away; raises NotRead."""
    texts = texts_path(path)
    found = [texts, _beside(path, ".lock"), _beside(path, ".lock.who")]
    found += _torn_copies(path) + _torn_copies(texts) + durable.leftovers(path) + durable.leftovers(texts)
    return [each for each in found if os.path.lexists(each)]


def _must_be_free(path: Path) -> None:
    for each in (path, texts_path(path)):
        if durable.exists(each):
            raise ChainError(path, f"Could not make {_shown(each)}: it is there already, and is not overwritten.")


def _beside(path: Path, ending: str) -> Path:
    return path.with_name(path.name + ending)


def _torn_copies(path: Path) -> list[Path]:
    return durable.beside(path, f"{path.name}.torn-")


def read(path: Path, limit: int = LARGEST) -> Reading:
    """Read a chain that anybody may have made, at most `limit` bytes of it and of its texts.

    Takes no lock and writes nothing. Raises ChainError where there is no such file, where it is none that
    should be opened, where it is too large, and where it has not even a first line.
    """
    try:
        seen = entry.scan(durable.read_file(path, limit))
        texts = entry.Texts({}, {})
        # After the chain: texts are written first, so whatever the chain names is there by now.
        if any(digest for _, digest in seen.found) and durable.exists(texts_path(path)):
            texts = entry.scan_texts(durable.read_file(texts_path(path), limit))
    except NotRead as problem:
        raise ChainError(path, str(problem)) from problem
    return _reading(path, seen, texts)


def _reading(path: Path, seen: entry.Scan, texts: entry.Texts) -> Reading:
    if not seen.found and seen.damage is None:
        raise ChainError(
            path,
            f"{_shown(path)} has no whole first line: it was never made to its end. "
            "Nothing was saved in it, so nothing is lost.",
        )
    return seen.reading(texts.by_digest)


class Chain:
    """A chain open for its one writer. Usable from several threads; close it, or use it in a `with`."""

    __slots__ = ("_clock", "_done", "_file", "_lock", "_texts", "_turn", "path", "reading")

    def __init__(self, path: Path, clock: Clock, lock: BaseFileLock) -> None:
        """Use `create` or `open`."""
        self.path = path
        self.reading: Reading | None = None
        """What `open` found, with what it set aside and what it has to say; None after `create`."""
        self._clock = clock
        self._lock: BaseFileLock | None = lock
        self._turn = threading.Lock()
        self._file: durable.AppendFile | None = None
        self._texts: durable.AppendFile | None = None
        # Each entry with the length of both files after it. One append to this list commits an entry, so an
        # interruption at any other point leaves at most bytes that the next append cuts off.
        self._done: list[tuple[Entry, int, int]] = []

    @classmethod
    def create(
        cls,
        path: Path,
        header: Mapping[str, Any],
        clock: Clock = _now,
        *,
        person: str = "",
        entries: Iterable[tuple[Mapping[str, Any], str | None]] = (),
    ) -> Self:
        """Begin a chain whose entry 0 is `header`; `person` is shown to whoever finds it in use.

        `entries`, each with its text, follow the header at once: whatever happens, the file has all of them or is
        not there. File and folder are durable on return. Raises NotSaved, with no file left, so that the same call
        can be made again; ChainError where there is one already, or where it would be too large; Held; ValueError or
        TypeError for what is no JSON.
        """
        durable.make_folder(path.parent)
        chain = cls(path, clock, _hold(path, clock, person))
        try:
            _must_be_free(path)
            chain._begin(({**header, "schema": SCHEMA}, None), entries)
        except BaseException as problem:
            chain.close()
            if isinstance(problem, NotRead):
                raise ChainError(path, str(problem)) from problem
            raise
        return chain

    def _begin(
        self, header: tuple[Mapping[str, Any], str | None], others: Iterable[tuple[Mapping[str, Any], str | None]]
    ) -> None:
        """Write the first entries, all of them or none."""
        lines, texts, done = bytearray(), bytearray(), []
        previous = entry.GENESIS
        for seq, (body, text) in enumerate((header, *others)):
            kept = None if text is None else clean(text, LONGEST_NOTE)
            made, line, text_line = entry.make(body, seq, self._clock(), previous, kept)
            lines += line
            texts += text_line
            done.append((made, len(lines), len(texts)))
            previous = made.hash
        if max(len(lines), len(texts)) > LARGEST:
            raise ChainError(self.path, f"{_shown(self.path)} would hold more than it can.")
        try:
            if texts:
                # Before the chain, as in `append`: a text that nothing names is harmless.
                durable.replace(texts_path(self.path), bytes(texts))
            durable.replace(self.path, bytes(lines))
            self._file = durable.AppendFile(self.path)
            if texts:
                self._texts = durable.AppendFile(texts_path(self.path))
        except BaseException:
            # Closed first: some systems take no file away that is open.
            self._close_files()
            durable.discard(self.path)
            # What stays, because nothing can be taken away just now, stays whole.
            if texts and not os.path.lexists(self.path):
                durable.discard(texts_path(self.path))
            raise
        self._done = done

    @classmethod
    def open(cls, path: Path, clock: Clock = _now, *, person: str = "") -> Self:
        """Open a chain to go on with it; what a crash left at its end is set aside, kept beside it.

        Raises Damaged, Held, NotSaved, and ChainError for whatever `read` refuses. The file is then as
        before.
        """
        try:
            durable.must_be_plain(path)
            chain = cls(path, clock, _hold(path, clock, person))
            try:
                chain._recover()
            except BaseException:
                chain.close()
                raise
        except NotRead as problem:
            raise ChainError(path, str(problem)) from problem
        return chain

    def _recover(self) -> None:
        self._file = file = durable.AppendFile(self.path)
        seen, texts = entry.scan(file.read(LARGEST)), entry.Texts({}, {})
        if durable.exists(texts_path(self.path)):
            self._texts = durable.AppendFile(texts_path(self.path))
            texts = entry.scan_texts(self._texts.read(LARGEST))
        reading = _reading(self.path, seen, texts)
        if reading.damage:
            raise Damaged(self.path, reading, reading.damage)
        if self._texts:
            texts.end = _mend(self._texts, texts)
        seen.end = _mend(file, seen)
        durable.sync_folder(self.path.parent)
        self.reading = reading
        self._done = [(each, seen.end, texts.end) for each in reading.entries]

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All entries, the header first."""
        return tuple(each for each, _, _ in self._done)

    @property
    def head(self) -> str:
        """The hash of the last entry: one value that stands for all of them."""
        return self._done[-1][0].hash

    def append(self, body: Mapping[str, Any], text: str | None = None) -> Entry:
        """Add an entry, with what a person wrote; both are durable on return.

        Strings and the text are cleaned, the text is cut to `LONGEST_NOTE` characters. Raises NotSaved, with
        the chain as before, so that the same call can be made again; ValueError or TypeError for a body that is
        no JSON, uses a reserved key or is too large; ChainError on a closed or full chain.
        """
        with self._turn:
            if self._file is None:
                raise ChainError(self.path, f"{_shown(self.path)} is closed.")
            last, end, texts_end = self._done[-1]
            kept = None if text is None else clean(text, LONGEST_NOTE)
            new, line, text_line = entry.make(body, last.seq + 1, self._clock(), last.hash, kept)
            if max(end + len(line), texts_end + len(text_line)) > LARGEST:
                raise ChainError(self.path, f"{_shown(self.path)} holds as much as it can.")
            if text_line:
                self._append_text(text_line, texts_end)
            try:
                self._file.append(line, end)
            except NotSaved:
                if text_line and self._texts:
                    self._texts.take_back(texts_end)
                raise
            self._done.append((new, end + len(line), texts_end + len(text_line)))
            return new

    def _append_text(self, line: bytes, end: int) -> None:
        # Before the chain names it: a text that nothing names is harmless, a name without its text is not.
        if self._texts is None:
            try:
                self._texts = durable.AppendFile(texts_path(self.path), create=True)
            except NotRead as problem:
                raise ChainError(self.path, str(problem)) from problem
        self._texts.append(line, end)

    def close(self) -> None:
        """Give the chain back, so that somebody else can write it; more than once is fine."""
        with self._turn:
            self._close_files()
            if self._lock:
                _let_go(self.path, self._lock)
            self._lock = None

    def _close_files(self) -> None:
        for file in (self._file, self._texts):
            if file:
                file.close()
        self._file = self._texts = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _mend(file: durable.AppendFile, seen: entry.Scan | entry.Texts) -> int:
    """Undo what a crash did to the end of a file, losing no byte, and return its length then."""
    if seen.torn:
        # The copy is durable before the original goes. A crash between the two leaves two copies.
        _set_aside(file.path, seen.torn)
    # Even where nothing is to be cut: a writer that died may have left lines that no disk holds yet.
    file.cut(seen.end)
    if not seen.unended:
        return seen.end
    file.append(b"\n", seen.end)
    return seen.end + 1


def _set_aside(path: Path, torn: bytes) -> None:
    number = len(_torn_copies(path)) + 1
    while True:
        try:
            return durable.write_new(_beside(path, f".torn-{number}"), torn)
        except NotSaved as problem:
            if problem.reason != errno.EEXIST:
                raise
        number += 1


def erase_text(path: Path, seqs: Iterable[int] | None = None) -> None:
    """Take what people wrote out of a chain: with the given entries, or all of it. The chain still verifies.

    The file of texts is rewritten in one step; half-written texts that were set aside, and texts that no
    entry names, go as well. Raises Held while the chain is open, NotSaved, and ChainError where it cannot be
    read or has no such entry.
    """
    try:
        if not (durable.exists(path) or durable.exists(texts_path(path))):
            raise ChainError(path, f"Could not read {_shown(path)}: there is no such file.")
        lock = _hold(path, _now, "")
        try:
            _erase(path, texts_path(path), seqs)
        finally:
            _let_go(path, lock)
    except NotRead as problem:
        raise ChainError(path, str(problem)) from problem


def _erase(path: Path, texts: Path, seqs: Iterable[int] | None) -> None:
    for each in (*_torn_copies(texts), *durable.leftovers(texts)):
        durable.remove(each)
    if seqs is None:
        durable.remove(texts)
    elif durable.exists(texts):
        durable.replace(texts, _kept(path, texts, frozenset(seqs)))


def _kept(path: Path, texts: Path, erased: frozenset[int]) -> bytes:
    """The file of texts without some."""
    seen = entry.scan(durable.read_file(path, LARGEST))
    if unknown := erased - set(range(len(seen.found))):
        raise ChainError(path, f"{_shown(path)} has no entry {min(unknown)} that can be read.")
    gone = {digest for each, digest in seen.found if each.seq in erased}
    named = {digest for _, digest in seen.found}
    lines = entry.scan_texts(durable.read_file(texts, LARGEST)).lines
    # What stands behind damage cannot be told from what nothing names; then it is kept.
    return b"".join(line for digest, line in lines.items() if digest not in gone and (digest in named or seen.damage))


def go_on_with(path: Path, brought: bytes, texts: Mapping[str, bytes], without: frozenset[int] = frozenset()) -> bool:
    """Let a chain go on as somebody wrote it elsewhere: they bring all of its bytes. Returns whether anything changed.

    `texts` are the lines of texts that came with it, by their digests; those that the chain does not name are left
    out, and so are the texts of the entries in `without`, even if they lie here. Texts that lie here stay, and those
    that come later than their entries are put to them. A chain that is not there yet is made.

    Raises:
        Contradicts: the chain here is not the beginning of what is brought, nor the other way round.
        Held: somebody writes it just now.
        ChainError: what is brought, or what is here, is damaged or cannot be read.
        NotSaved: it cannot be written; what was there before is still there.
    """
    new = entry.scan(brought)
    if new.damage or new.torn or new.unended or not new.found:
        raise ChainError(path, f"What was brought for {_shown(path)} is no whole chain.")
    try:
        if not durable.exists(path):
            return _extend(path, new, brought, texts, without)
        durable.must_be_plain(path)
        lock = _hold(path, _now, "")
        try:
            return _extend(path, new, brought, texts, without)
        finally:
            _let_go(path, lock)
    except NotRead as problem:
        raise ChainError(path, str(problem)) from problem


def _extend(path: Path, new: entry.Scan, brought: bytes, texts: Mapping[str, bytes], without: frozenset[int]) -> bool:
    own = entry.scan(durable.read_file(path, LARGEST)) if durable.exists(path) else entry.Scan([])
    if own.damage:
        raise Damaged(path, own.reading({}), own.damage)
    if any(mine[0].hash != theirs[0].hash for mine, theirs in zip(own.found, new.found, strict=False)):
        raise Contradicts(path, f"{_shown(path)} does not go on like that.")
    longer = len(new.found) > len(own.found)
    changed = _put_texts(path, new.found if longer else own.found, texts, without)
    if longer:
        if own.torn:
            _set_aside(path, own.torn)
        # After its texts, as in `append`.
        durable.replace(path, brought)
    return changed or longer


def _put_texts(
    path: Path, found: Iterable[tuple[Entry, str | None]], texts: Mapping[str, bytes], without: frozenset[int]
) -> bool:
    """Put texts to the entries that name them; return whether the file of texts is another one now."""
    beside = texts_path(path)
    before = durable.read_file(beside, LARGEST) if durable.exists(beside) else b""
    # Sound ones of ours win over what is brought.
    own = entry.scan_texts(before)
    sound = {digest: own.lines[digest] for digest, text in own.by_digest.items() if text is not None}
    known = {**own.lines, **texts, **sound}
    wanted = [digest for each, digest in found if digest is not None and each.seq not in without]
    after = b"".join(known[digest] for digest in wanted if digest in known)
    if len(after) > LARGEST or after == before:
        return False
    durable.replace(beside, after)
    return True


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Keep everybody else from writing a chain, for whoever takes it or parts of it away; raises Held, NotSaved."""
    lock = _hold(path, _now, "")
    try:
        yield
    finally:
        _let_go(path, lock)


def is_held(path: Path) -> bool:
    """Whether somebody writes this chain just now; raises NotSaved where nobody can tell."""
    if not os.path.lexists(_beside(path, ".lock")):
        return False
    lock = durable.take_lock(_beside(path, ".lock"))
    if lock is None:
        return True
    with suppress(OSError):
        lock.release()
    return False


def _hold(path: Path, clock: Clock, person: str) -> BaseFileLock:
    """Become the one writer, or raise Held; raises NotSaved where there can be no lock."""
    who = None
    for tries in range(LOCK_TRIES):
        if lock := durable.take_lock(_beside(path, ".lock")):
            durable.jot(_beside(path, ".lock.who"), json.dumps(asdict(_me(clock, person))).encode("ascii"))
            return lock
        # Not believed at once: a holder that died may have left its name to one that is just writing its own.
        if tries > 1 and (who := _who(path)):
            break
        time.sleep(LOCK_PAUSE)
    raise Held(path, who)


def _let_go(path: Path, lock: BaseFileLock) -> None:
    durable.discard(_beside(path, ".lock.who"))
    with suppress(OSError):
        lock.release()


def _me(clock: Clock, person: str) -> Writer:
    if not person:
        try:
            person = getpass.getuser()
        except (OSError, KeyError, ImportError):
            person = "somebody"
    since = clock().astimezone(UTC).isoformat(timespec="seconds")
    return Writer(one_line(person), os.getpid(), platform.node() or "this computer", since)


def _who(path: Path) -> Writer | None:
    """Who says to hold it; None for what cannot be understood, or is only half there yet."""
    try:
        said = json.loads(durable.read_file(_beside(path, ".lock.who"), 4096))
        return Writer(one_line(said["person"]), int(said["pid"]), one_line(said["host"]), one_line(said["since"]))
    except (NotRead, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
