"""The folder in which journals come together: what lies where, and how a file gets there.

It is any folder that several people reach: a network share, a synced folder, a stick. None of these can be
trusted to keep a database whole, so there is none in it: only files that are written once, under a name that no
other state of anything has, first under a temporary name that begins with a dot. Nothing is ever overwritten.

    sessions/<session>/<entries>-<head>.jsonl            a journal as it was handed in, byte for byte
    sessions/<session>/<entries>-<head>.texts.jsonl      what was written in it, there before the journal is
    reviews/<reviewer>/<session>/<entries>-<head>.jsonl  a review as far as it has been signed, likewise
    copies/<hash>.yaml                                   scenarios and rubrics as they were played
    cohorts/*.yaml                                       who is to play which case until when

Files get the rules of the folder: who may read it may read them (`durable.publish`). Whoever may write there may
put anything there; so what comes from there is believed only as far as `collected` can check it.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from simulator import chain, durable, entry
from simulator.chain import ChainError
from simulator.durable import Listed, NotRead, NotSaved
from simulator.journal import SUFFIX
from simulator.text import one_line

TEXTS = ".texts"
"""In the name of a file of texts, before its ending, or before what a synced folder put in between."""
LARGEST_CHAIN = 16 * 1024 * 1024
"""Bytes of a journal in the shared folder, and of its texts: a long session has some hundred thousand."""
LARGEST_COPY = 16 * 1024 * 1024
"""Bytes of a scenario there."""
MOST_FILES = 2_000
"""Files that are looked at for one session."""
LARGEST_MEMORY = 64 * 1024 * 1024
"""Bytes of what the home remembers about the folder."""


class Away(Exception):
    """The shared folder cannot be used just now. Its text is a sentence."""


@dataclass(frozen=True, slots=True)
class SharedFolder:
    """Where everything lies in one shared folder."""

    root: Path

    @property
    def sessions(self) -> Path:
        """One folder a session."""
        return self.root / "sessions"

    @property
    def reviews(self) -> Path:
        """One folder a reviewer, and in it one a session."""
        return self.root / "reviews"

    @property
    def copies(self) -> Path:
        """Scenarios and rubrics as they were played, named by their hashes."""
        return self.root / "copies"

    @property
    def cohorts(self) -> Path:
        """Files that say who is to play which case until when."""
        return self.root / "cohorts"

    def must_answer(self, used: bool = False) -> None:
        """Raise Away where the folder is not there just now.

        A share that is not mounted may leave an empty folder in its place. Where it was `used` before, a folder
        without sessions is taken for that: what is put there would be seen by nobody.
        """
        shown = one_line(str(self.root), 400)
        try:
            # Not only whether it has a name: a share that is gone may leave one that cannot be looked into.
            durable.listing(self.root, 1)
            sessions = durable.look(self.sessions)
        except NotRead as problem:
            raise Away(f"The shared folder {shown} is not there just now.") from problem
        if used and (sessions is None or sessions.kind != "folder"):
            raise Away(f"The shared folder {shown} is empty just now, as if its drive or share were not connected.")


@dataclass(frozen=True, slots=True)
class State:
    """A chain as it is put into the shared folder, or as it was found there."""

    lines: bytes
    """Its bytes, whole lines only."""
    hashes: tuple[str, ...]
    """Of its entries, the header's first."""
    texts: Mapping[str, bytes]
    """The lines of its texts, by digest."""

    @property
    def name(self) -> str:
        """What no other state of any chain is called, without an ending."""
        return f"{len(self.hashes)}-{self.hashes[-1][:16]}"

    @property
    def head(self) -> str:
        """The hash of the last entry."""
        return self.hashes[-1]


def state_of(path: Path, *, until: int | None = None, texts: bool = True) -> State:
    """Return a chain of this home as far as it is good, or as far as entry `until`.

    Raises:
        ChainError: it is damaged, or cannot be read.
    """
    try:
        data = durable.read_file(path, LARGEST_CHAIN)
        seen = entry.scan(data)
        if seen.damage:
            raise chain.Damaged(path, seen.reading({}), seen.damage)
        if not seen.found:
            raise ChainError(path, f"{one_line(path.name)} was never made to its end.")
        found = seen.found if until is None else seen.found[: until + 1]
        whole = data[: seen.end] + (b"\n" if seen.unended else b"")
        lines = b"".join(whole.splitlines(keepends=True)[: len(found)])
        named = [digest for _, digest in found if digest]
        beside = chain.texts_path(path)
        kept: dict[str, bytes] = {}
        if texts and named and durable.exists(beside):
            written = entry.scan_texts(durable.read_file(beside, LARGEST_CHAIN))
            kept = {each: written.lines[each] for each in named if written.by_digest.get(each) is not None}
    except NotRead as problem:
        raise ChainError(path, str(problem)) from problem
    return State(lines, tuple(each.hash for each, _ in found), kept)


def put_state(folder: Path, state: State) -> None:
    """Put a state of a chain into its folder in the shared one, unless it is there; texts first.

    Raises:
        NotSaved: it could not be written. The same call can be made again.
        NotRead: what is there could not be looked at.
    """
    if state.texts:

        def has_all(data: bytes) -> bool:
            return state.texts.keys() <= entry.scan_texts(data).lines.keys()

        put(folder, f"{state.name}{TEXTS}", SUFFIX, b"".join(state.texts.values()), has_all)
    put(folder, state.name, SUFFIX, state.lines)


def put(folder: Path, stem: str, ending: str, data: bytes, enough: Callable[[bytes], bool] | None = None) -> None:
    """Put a file there, unless one of that name holds the same, or enough.

    Where the name is taken by something else, it gets another that begins so; raises NotSaved, NotRead.
    """
    path = folder / f"{stem}{ending}"
    taken = durable.look(path)
    if taken is not None:
        others = durable.beside(path, f"{stem}-", ending)[:MOST_FILES]
        for each in (taken, *map(durable.look, others)):
            if each is None or each.kind != "file" or each.size > max(2 * len(data), LARGEST_CHAIN):
                continue
            held = durable.read_file(folder / each.name, each.size)
            if held == data or (enough is not None and enough(held)):
                return
        path = path.with_name(f"{stem}-{secrets.token_hex(4)}{ending}")
    durable.publish(path, data)


def make_folders(*folders: Path) -> None:
    """Make folders in the shared one, those above first; raises NotSaved."""
    for each in folders:
        durable.make_shared_folder(each)


def is_texts(name: str) -> bool:
    """Whether a file's name says that it holds texts, whatever a synced folder made of the name."""
    return f"{TEXTS}." in name or f"{TEXTS} " in name or f"{TEXTS}-" in name


def is_chain(listed: Listed) -> bool:
    """Whether a name is one that a chain may have here, a temporary one not among them."""
    return is_chain_name(listed.name)


def is_chain_name(name: str) -> bool:
    """Whether a file's name says that it holds a chain."""
    return name.endswith(SUFFIX) and not name.startswith(".") and not is_texts(name)


# -- what the home remembers about the folder -----------------------------------------------------


def recalled(path: Path, folder: Path | None = None) -> dict[str, dict[str, Any]]:
    """Return what was remembered about a folder, or about any; nothing of another one, or where the file is spoilt."""
    try:
        found = json.loads(durable.read_file(path, LARGEST_MEMORY))
    except (NotRead, ValueError, RecursionError):
        return {}
    if not isinstance(found, dict) or (folder is not None and found.get("folder") != str(folder)):
        return {}
    return {key: value for key, value in found.items() if isinstance(value, dict)}


def remember(path: Path, folder: Path, what: Mapping[str, Mapping[str, Any]]) -> None:
    """Remember something about a folder. It only saves work: a full disk does not stop anybody."""
    try:
        durable.make_folder(path.parent)
        durable.replace(path, json.dumps({"folder": str(folder), **what}, separators=(",", ":")).encode())
    except NotSaved:
        return
