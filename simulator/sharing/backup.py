"""One file that holds what cannot be made again from anything else, and how it is put back.

Journals lie in the shared folder and on the machines they were played on; the index is made from them. Receipts,
reviews, names, cohorts and tombstones lie in one home only. A backup is a zip with these, in forms that need no
database to be read:

    about.json            what this is, when it was made, how much it holds
    receipts.jsonl        one receipt a line
    reviews.jsonl         one review a line: whose, of which session, its chain and its texts
    people.yaml           names
    cohorts/<name>.yaml   cohort files
    tombstones.jsonl      who and what was erased

Putting it back adds what is missing and lets go on what goes on. What is here and newer, or contradicts, stays as it
is; and what was erased here stays erased. The file itself may be anybody's: only these names are read, so much of
each, and no name in it becomes a path.
"""

from __future__ import annotations

import io
import json
import re
import secrets
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from simulator import chain, durable, journal, people
from simulator.chain import ChainError, Contradicts
from simulator.entry import scan, scan_texts
from simulator.journal import SUFFIX
from simulator.settings import Home
from simulator.sharing.shared_folder import LARGEST_CHAIN, state_of
from simulator.sharing.tombstones import forgotten
from simulator.text import one_line
from simulator.version import VERSION

FORMAT = 1
LARGEST = 512 * 1024 * 1024
"""Bytes of a backup."""
LARGEST_MEMBER = 2 * 1024 * 1024 * 1024
"""Bytes that one part of it may hold once it is unpacked."""
LARGEST_FILE = 4 * 1024 * 1024
"""Bytes of a file of names or cohorts."""
MOST_MEMBERS = 1_000
AT_ONCE = 5_000
"""Receipts that are put back together."""

_COHORT = re.compile(r"cohorts/([A-Za-z0-9][A-Za-z0-9._-]{0,99}\.ya?ml)\Z")
_HASH = re.compile(r"[0-9a-f]{64}\Z")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\Z", re.ASCII)

Row = tuple[str, int, str, str, str]
"""A receipt: session, entries, head, when it was first seen, where."""


class BadBackup(Exception):
    """A file is no backup that can be used. Its text says why."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"{one_line(str(path), 400)} is no backup that can be used: {why}.")


@dataclass(frozen=True, slots=True)
class Contents:
    """How much a backup holds."""

    receipts: int
    reviews: int
    people: int
    cohorts: int
    tombstones: bool


@dataclass(slots=True)
class Restored:
    """What putting a backup back did."""

    receipts: int = 0
    """Receipts that were not here."""
    reviews: list[str] = field(default_factory=list)
    """Reviews that came or went on, as `<reviewer>/<session>`."""
    files: list[str] = field(default_factory=list)
    """Names of files that were not here."""
    kept: list[tuple[str, str]] = field(default_factory=list)
    """What stays as it is here, or was left out, and why."""


def make(where: Home, receipts: Iterable[Row]) -> tuple[bytes, Contents]:
    """Return a backup of a home.

    Raises:
        ChainError: a review or the tombstones are damaged; a backup without them would not be one.
        NotRead: a file cannot be read.
    """
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        counts = {
            "receipts": _write_lines(file, "receipts.jsonl", map(list, receipts)),
            "reviews": _write_lines(file, "reviews.jsonl", _reviews(where)),
            "people": 0,
            "cohorts": 0,
        }
        if durable.exists(where.people):
            file.writestr("people.yaml", durable.read_file(where.people, LARGEST_FILE))
            counts["people"] = len(people.load(where.people).everybody)
        for path in _cohorts(where):
            file.writestr(f"cohorts/{path.name}", durable.read_file(path, LARGEST_FILE))
            counts["cohorts"] += 1
        tombstones = durable.exists(where.tombstones)
        if tombstones:
            file.writestr("tombstones.jsonl", state_of(where.tombstones).lines)
        about = {"backup": FORMAT, "made": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}", "program": VERSION, **counts}
        file.writestr("about.json", json.dumps(about, indent=1))
    return packed.getvalue(), Contents(**counts, tombstones=tombstones)


def _write_lines(file: zipfile.ZipFile, name: str, lines: Iterable[object]) -> int:
    count = 0
    with file.open(name, "w") as member:
        for each in lines:
            member.write(json.dumps(each, separators=(",", ":")).encode() + b"\n")
            count += 1
    return count


def _reviews(where: Home) -> Iterator[dict[str, str]]:
    for path in sorted(where.reviews.glob(f"*/*{SUFFIX}")):
        if journal.good_person_id(path.parent.name) and journal.good_session_id(path.stem):
            state = state_of(path)
            yield {
                "reviewer": path.parent.name,
                "session": path.stem,
                "chain": state.lines.decode("ascii"),
                "texts": b"".join(state.texts.values()).decode("ascii"),
            }


def _cohorts(where: Home) -> list[Path]:
    return sorted(path for path in where.cohorts.glob("*.y*ml") if _COHORT.match(f"cohorts/{path.name}"))


def restore(
    where: Home,
    path: Path,
    known: Callable[[str], Iterable[Row]],
    put_back: Callable[[list[Row]], int],
) -> Restored:
    """Put a backup back into a home.

    `known` returns what receipts there are of a session, `put_back` adds some and returns how many are new.

    Raises:
        BadBackup: it is none, or holds more than one can; what was put back until then stays.
        NotRead: it, or something here, cannot be read.
        NotSaved: the home cannot be written.
        ChainError: it cannot be told who was erased here.
    """
    done = Restored()
    try:
        data = durable.read_file(path, LARGEST)
        _must_be_small(path, data)
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            names = [each.filename for each in file.infolist()]
            if len(set(names)) != len(names) or "about.json" not in names:
                raise BadBackup(path, "it holds something twice, or does not say what it is")
            about = json.loads(_read(path, file, "about.json", LARGEST_FILE))
            if not isinstance(about, dict) or about.get("backup") != FORMAT:
                raise BadBackup(path, "it is of no form that this version of Caseload knows")
            _must_be_whole(path, file)
            _restore(where, path, file, names, known, put_back, done)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, ValueError, OSError) as error:
        raise BadBackup(path, "it is damaged, or was made by something else") from error
    return done


def _must_be_small(path: Path, data: bytes) -> None:
    """Refuse a list of contents that would fill the memory, before anything reads it."""
    at = data.rfind(b"PK\x05\x06", max(0, len(data) - 66_000))
    if at < 0 or len(data) < at + 22:
        raise BadBackup(path, "it is no zip file")
    count, size = struct.unpack("<HI", data[at + 10 : at + 16])
    if count > MOST_MEMBERS or size > 1024 * 1024 or b"PK\x06\x07" in data[max(0, at - 20) : at]:
        raise BadBackup(path, f"it holds more than {MOST_MEMBERS:,} parts")


def _must_be_whole(path: Path, file: zipfile.ZipFile) -> None:
    """Read everything once before anything is put back: half a backup helps nobody."""
    left = LARGEST_MEMBER
    for each in file.infolist():
        with file.open(each) as member:
            while part := member.read(1 << 20):
                left -= len(part)
                if left < 0:
                    raise BadBackup(path, "a line or a part of it is larger than any that this program writes")
        if each.filename.endswith(".jsonl"):
            with file.open(each) as member:
                for _ in _lines(path, member):
                    pass


def _read(path: Path, file: zipfile.ZipFile, name: str, limit: int) -> bytes:
    with file.open(name) as member:
        data = member.read(limit + 1)
    if len(data) > limit:
        raise BadBackup(path, f"`{name}` in it is larger than {limit:,} bytes")
    return data


def _lines(path: Path, member: IO[bytes]) -> Iterator[Any]:
    left = LARGEST_MEMBER
    while line := member.readline(5 * LARGEST_CHAIN):
        left -= len(line)
        if not line.endswith(b"\n") or left < 0:
            raise BadBackup(path, "a line or a part of it is larger than any that this program writes")
        try:
            yield json.loads(line)
        except RecursionError as error:
            raise BadBackup(path, "a line of it lies too deep within itself") from error


def _restore(
    where: Home,
    path: Path,
    file: zipfile.ZipFile,
    names: list[str],
    known: Callable[[str], Iterable[Row]],
    put_back: Callable[[list[Row]], int],
    done: Restored,
) -> None:
    durable.make_folder(where.root)
    # First: what it says was erased must not come back with the rest.
    if "tombstones.jsonl" in names:
        _restore_tombstones(where, _read(path, file, "tombstones.jsonl", LARGEST_CHAIN), done)
    gone = forgotten(where)
    if "people.yaml" in names:
        _restore_people(where, _read(path, file, "people.yaml", LARGEST_FILE), gone, done)
    for name in names:
        if found := _COHORT.match(name):
            _restore_file(where.cohorts / found[1], _read(path, file, name, LARGEST_FILE), name, done)
    if "reviews.jsonl" in names:
        with file.open("reviews.jsonl") as member:
            for each in _lines(path, member):
                _restore_review(where, each, gone, done)
    if "receipts.jsonl" in names:
        with file.open("receipts.jsonl") as member:
            _restore_receipts(_lines(path, member), known, put_back, done)


def _restore_tombstones(where: Home, lines: bytes, done: Restored) -> None:
    try:
        if chain.go_on_with(where.tombstones, lines, {}):
            done.files.append("tombstones.jsonl")
    except Contradicts:
        done.kept.append(("tombstones.jsonl", "others were made here since; those stay, and these were left out"))


def _restore_people(where: Home, data: bytes, gone: frozenset[str], done: Restored) -> None:
    if gone:
        # Whoever was erased here has no name any more, whatever a backup says.
        beside = where.people.with_name(f".{where.people.name}.{secrets.token_hex(4)}.tmp")
        try:
            durable.write_new(beside, data)
            for person in gone:
                people.remove(beside, person)
            data = durable.read_file(beside, LARGEST_FILE)
        except people.NotRemoved as problem:
            done.kept.append(("people.yaml", f"it names somebody who was erased here. {problem}"))
            return
        finally:
            durable.discard(beside)
    _restore_file(where.people, data, "people.yaml", done)


def _restore_file(path: Path, data: bytes, name: str, done: Restored) -> None:
    if not durable.exists(path):
        durable.make_folder(path.parent)
        durable.replace(path, data)
        done.files.append(name)
    elif durable.read_file(path, LARGEST_FILE) != data:
        done.kept.append((name, "another one is here; it stays as it is"))


def _restore_review(where: Home, said: Any, gone: frozenset[str], done: Restored) -> None:
    match said:
        case {"reviewer": str(reviewer), "session": str(session), "chain": str(lines), "texts": str(texts)}:
            pass
        case _:
            raise ValueError("no review")
    name = one_line(f"{reviewer}/{session}", 150)
    if not (journal.good_person_id(reviewer) and journal.good_session_id(session)):
        done.kept.append((name, "its ids cannot be names of files"))
        return
    found = scan(lines.encode())
    if not found.found or found.damage or (said := found.found[0][0].body).get("kind") != "review":
        done.kept.append((name, "it is no sound review"))
        return
    if (said.get("reviewer"), said.get("session")) != (reviewer, session):
        done.kept.append((name, "it is the review of another session, or by somebody else"))
        return
    kept = scan_texts(texts.encode()).lines
    if gone:
        try:
            person = journal.read(where.journals / f"{session}{SUFFIX}").header.person
        except ChainError:
            why = "whose session it is about is not known here, and somebody was erased; collect, then restore again"
            done.kept.append((name, why))
            return
        kept = {} if person in gone or reviewer in gone else kept
    target = where.reviews / reviewer / f"{session}{SUFFIX}"
    durable.make_folder(target.parent)
    try:
        if chain.go_on_with(target, lines.encode(), kept):
            done.reviews.append(name)
    except Contradicts:
        done.kept.append((name, "another one is here that says otherwise; it stays"))
    except ChainError as problem:
        done.kept.append((name, one_line(str(problem), 400)))


def _restore_receipts(
    rows: Iterable[Any],
    known: Callable[[str], Iterable[Row]],
    put_back: Callable[[list[Row]], int],
    done: Restored,
) -> None:
    batch: list[Row] = []
    for each in rows:
        row = _row(each)
        if any(entries == row[1] and head != row[2] for _, entries, head, *_ in known(row[0])):
            why = f"another receipt of its first {row[1]} entries is here; it stays"
            done.kept.append((f"a receipt of {row[0]}", why))
            continue
        batch.append(row)
        if len(batch) == AT_ONCE:
            done.receipts += put_back(batch)
            batch = []
    if batch:
        done.receipts += put_back(batch)


def _row(said: Any) -> Row:
    match said:
        case [str(session), int(entries), str(head), str(first_seen), str(source)] if (
            journal.good_session_id(session)
            and type(entries) is int
            and 1 <= entries <= 10**9
            and _HASH.match(head)
            and _TIME.match(first_seen)
        ):
            return session, entries, head, first_seen, one_line(source)
    raise ValueError("no receipt")
