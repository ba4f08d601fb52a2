"""What the bytes of a chain say: its lines, its texts, how far they are good, and where damage begins.

Everything here is pure: bytes in, values out. `chain` reads and writes the files. A line is canonical
JSON (keys in order, ASCII, no blanks) and must be, byte for byte, what this program would write for what
it says; so there is exactly one way to write an entry, and nothing can hide in another.

A crash can leave two things at the end of a file: a line that stops before its line end, and space that
was never filled, which reads as NUL bytes. Neither was ever acknowledged, so both are *torn* and harmless.
Whatever else is not as it should be is *damage*.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from types import MappingProxyType
from typing import Any

from simulator.text import LONGEST_NOTE, clean

SCHEMA = 1
"""The version of the file format, in every header; old versions stay readable for good."""
GENESIS = sha256(b"caseload chain, schema 1").hexdigest()
"""What stands for the hash before the header's."""
LONGEST_LINE = 1024 * 1024
"""Bytes."""
MOST_VALUES = 10_000
"""Commas and opening brackets in a line: a bound on what reading it can cost."""
DEEPEST = 24
"""Levels of lists and objects within each other."""
LARGEST_NUMBER = 2**63 - 1
RESERVED = frozenset({"seq", "time", "text", "hash"})
"""What the chain itself writes into a line; a body has no such keys."""

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", re.ASCII)
_DIGEST = re.compile(r"[0-9a-f]{64}")
_DIGEST_IN_LINE = re.compile(rb'\{"digest":"([0-9a-f]{64})"')
_NOT_YET = secrets.token_hex(32)
"""Stands for a hash while it is being found: nobody else knows it, so no line holds it already."""
_DECODER = json.JSONDecoder()
_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), allow_nan=False, default=dict, check_circular=False)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a chain."""

    seq: int
    """Its place, from 0 for the header. Entries are ordered by this, never by time."""
    time: str
    """When it was written, as the clock said: UTC, ISO 8601 with milliseconds."""
    body: Mapping[str, Any]
    """What it says; cannot be changed, all the way down."""
    hash: str
    """SHA-256 over the hash before it and this line."""
    text: str | None = None
    """What a person wrote with it; None if nothing, or if it was erased or altered."""
    erased: bool = False
    """Whether there was a text that is no longer there."""


@dataclass(frozen=True, slots=True)
class Damage:
    """Where a chain stops being what was written."""

    seq: int
    """The entry that should have been there; all before it are good."""
    message: str
    """A sentence."""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something a reader should know that does not break the chain."""

    seq: int
    code: str
    """`clock-backwards`, `text-erased` or `text-altered`."""
    message: str
    """A sentence."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file holds."""

    entries: tuple[Entry, ...]
    """The longest good prefix."""
    torn: bytes = b""
    """What a crash left of an append that was never acknowledged."""
    damage: Damage | None = None
    notices: tuple[Notice, ...] = ()

    @property
    def head(self) -> str:
        """The hash of the last good entry: one value that stands for all of them."""
        return self.entries[-1].hash if self.entries else GENESIS


class BadLine(Exception):
    """A line is not the one that should be there; the text goes on a sentence that names the entry."""


def frozen(value: object, depth: int = DEEPEST) -> Any:
    """Copy a JSON value so that nobody can change it, its strings cleaned; raises ValueError or TypeError."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return clean(str.__str__(value))
    if isinstance(value, int):
        if abs(value) > LARGEST_NUMBER:
            raise ValueError("a number is too large")
        return int(value)
    if isinstance(value, float):
        return float(value)
    if not depth:
        raise ValueError("lists and objects lie too deep within each other")
    # Lists first: asking whether something is a Mapping is slow where it is not, and forgers have time.
    if isinstance(value, (list, tuple)):
        return tuple([frozen(each, depth - 1) for each in value])
    if isinstance(value, Mapping):
        return MappingProxyType(_members(value, depth))
    raise TypeError(f"JSON has no {type(value).__name__}")


def _members(value: Mapping[str, Any], depth: int = DEEPEST) -> dict[str, Any]:
    # Names and ids, nearly always: printable ASCII needs no cleaning, and every append passes here.
    return {
        key if type(key) is str and key.isascii() and key.isprintable() else _key(key): (
            each if type(each) is str and each.isascii() and each.isprintable() else frozen(each, depth - 1)
        )
        for key, each in value.items()
    }


def _key(key: object) -> str:
    if not isinstance(key, str):
        raise TypeError(f"a key is a {type(key).__name__}, not a string")
    return clean(str.__str__(key))


def make(
    body: Mapping[str, Any], seq: int, now: datetime, previous: str, text: str | None = None
) -> tuple[Entry, bytes, bytes]:
    """Make an entry, its line, and the line of its text, which must be clean.

    Raises ValueError or TypeError for what no line can hold.
    """
    kept = _members(body)
    if not RESERVED.isdisjoint(kept):
        raise ValueError(f"a body has no key {min(RESERVED & set(kept))!r}: the chain writes that itself")
    stamp = (now if now.tzinfo is UTC else now.astimezone(UTC)).isoformat(timespec="milliseconds")
    stamp = stamp.removesuffix("+00:00") + "Z"
    content: dict[str, Any] = {**kept, "seq": seq, "time": stamp, "hash": _NOT_YET}
    text_line = b""
    if text is not None:
        content["text"], text_line = _seal(text)
    line = _encode(content)
    own = _hash(previous, line, _NOT_YET)
    line = line.replace(_NOT_YET.encode("ascii"), own.encode("ascii"))
    if _has_too_much(line):
        raise ValueError("an entry holds too much")
    return Entry(seq, stamp, MappingProxyType(kept), own, text), line + b"\n", text_line


def _encode(content: Mapping[str, Any]) -> bytes:
    return _ENCODER.encode(content).encode("ascii")


def _hash(previous: str, line: bytes, own: str) -> str:
    """The hash over what came before and this line without its hash, which it holds as `own`.

    No line can hold its own true hash in another place as well: that would take breaking SHA-256.
    """
    rest = line.replace(b'"hash":"%b",' % own.encode("ascii"), b"")
    return sha256(b"%b\n%b" % (previous.encode("ascii"), rest)).hexdigest()


def _has_too_much(line: bytes) -> bool:
    if len(line) <= MOST_VALUES:
        return False
    return len(line) > LONGEST_LINE or line.count(b",") + line.count(b"[") + line.count(b"{") > MOST_VALUES


def check(line: bytes, seq: int, previous: str) -> tuple[Entry, str | None]:
    """Read the line that should be entry `seq`: the entry, and the digest of its text; raises BadLine."""
    if _has_too_much(line):
        raise BadLine("is larger than any that this program writes")
    try:
        # What stands before or behind it is seen by writing it again.
        content, _ = _DECODER.raw_decode(line.decode("ascii"))
        same = _encode(content) == line
    except (ValueError, RecursionError):
        raise BadLine("cannot be read") from None
    if not same or not isinstance(content, dict):
        raise BadLine("is not written the way this program writes")
    if type(content.get("seq")) is not int or content["seq"] != seq:
        raise BadLine("is missing: another line is in its place")
    if seq == 0 and (type(content.get("schema")) is not int or content["schema"] != SCHEMA):
        raise BadLine(f"does not say schema {SCHEMA}: a newer version of Caseload wrote it, or it was changed")
    own = str(content.get("hash"))
    if not _DIGEST.fullmatch(own) or own != _hash(previous, line, own):
        raise BadLine("was changed after it was written, or what stood before it was")
    try:
        datetime.fromisoformat(content["time"])
        sound = _TIME.fullmatch(content["time"]) is not None
        sound = sound and ("text" not in content or _DIGEST.fullmatch(content["text"]) is not None)
        stamp, digest = content["time"], content.get("text")
        for key in RESERVED:
            content.pop(key, None)
        body = MappingProxyType(_members(content))
    except (KeyError, TypeError, ValueError):
        sound = False
    if not sound:
        raise BadLine("holds values that this program does not write")
    return Entry(seq, stamp, body, own), digest


@dataclass(slots=True)
class Scan:
    """What the bytes of a chain hold, before its texts are looked at."""

    found: list[tuple[Entry, str | None]]
    """The good entries, each with the digest of its text."""
    end: int = 0
    """Bytes of the good prefix."""
    torn: bytes = b""
    damage: Damage | None = None
    unended: bool = False
    """Whether the last good line lacks nothing but its line end."""

    def reading(self, texts: Mapping[str, str | None]) -> Reading:
        """Put the texts to their entries, and say what is worth knowing."""
        entries, notices, latest = [], [], ""
        for each, digest in self.found:
            entry = each
            if entry.time < latest:
                notices.append(Notice(entry.seq, "clock-backwards", f"The clock went back before entry {entry.seq}."))
            latest = entry.time
            if digest is not None:
                entry = replace(entry, text=texts.get(digest), erased=digest not in texts)
                if entry.text is None:
                    what = "erased" if entry.erased else "altered"
                    notices.append(Notice(entry.seq, f"text-{what}", f"The text of entry {entry.seq} was {what}."))
            entries.append(entry)
        return Reading(tuple(entries), self.torn, self.damage, tuple(notices))


def scan(data: bytes) -> Scan:
    """Read the bytes of a chain up to where they stop being good."""
    seen, previous = Scan([]), GENESIS
    while seen.end < len(data):
        seq, line, ended = len(seen.found), *_line_at(data, seen.end)
        try:
            found = check(line, seq, previous)
        except BadLine as bad:
            if _is_torn(data, seen.end, line, ended) and not _lost_its_end(line, seq, previous):
                seen.torn = data[seen.end :]
            else:
                seen.damage = Damage(seq, f"Entry {seq} {bad}.")
            break
        seen.found.append(found)
        previous = found[0].hash
        seen.unended = not ended
        seen.end += len(line) + ended
    return seen


def _line_at(data: bytes, start: int) -> tuple[bytes, bool]:
    """The line that starts there, without its line end, and whether it has one."""
    stop = data.find(b"\n", start)
    return (data[start:stop], True) if stop >= 0 else (data[start:], False)


def _is_torn(data: bytes, start: int, line: bytes, ended: bool) -> bool:
    """Whether a bad line is what a crash leaves: the last one, half written or never filled."""
    return not ended or (start + len(line) + 1 == len(data) and b"\0\0" in line)


def _lost_its_end(line: bytes, seq: int, previous: str) -> bool:
    """Whether this is a whole line whose line end was made into something else: no crash does that."""
    try:
        check(line[:-1], seq, previous)
    except BadLine:
        return False
    return not line.endswith(b"\0")


def _seal(text: str) -> tuple[str, bytes]:
    salt = secrets.token_bytes(16)
    digest = sha256(salt + text.encode()).hexdigest()
    return digest, _encode({"digest": digest, "salt": salt.hex(), "text": text}) + b"\n"


def _unseal(line: bytes) -> tuple[str, str] | None:
    """The digest and the text of a line that is sound."""
    if len(line) > LONGEST_LINE:
        return None
    with suppress(KeyError, TypeError, ValueError, AttributeError, RecursionError):
        content = json.loads(line.decode("ascii"))
        digest, text = content["digest"], content["text"]
        if sha256(bytes.fromhex(content["salt"]) + text.encode()).hexdigest() == digest:
            return digest, clean(text, LONGEST_NOTE)
    return None


@dataclass(slots=True)
class Texts:
    """What the bytes of a file of texts hold."""

    by_digest: dict[str, str | None]
    """None for one that was altered."""
    lines: dict[str, bytes]
    """The whole lines of these, with their line ends."""
    end: int = 0
    """Bytes before a torn tail."""
    torn: bytes = b""
    unended: bool = False


def scan_texts(data: bytes) -> Texts:
    """Read the bytes of a file of texts; a bad line there harms nothing but itself."""
    seen = Texts({}, {})
    while seen.end < len(data):
        line, ended = _line_at(data, seen.end)
        if sound := _unseal(line):
            seen.by_digest[sound[0]] = sound[1]
            seen.lines[sound[0]] = line + b"\n"
        elif _is_torn(data, seen.end, line, ended) and (line.endswith(b"\0") or not _unseal(line[:-1])):
            seen.torn = data[seen.end :]
            break
        elif (found := _DIGEST_IN_LINE.match(line)) and (digest := found[1].decode("ascii")) not in seen.lines:
            seen.by_digest[digest] = None
            seen.lines[digest] = line + b"\n"
        seen.unended = not ended
        seen.end += len(line) + ended
    return seen
