"""What one person wrote, what was written about them, and where all of it lies: found, so that it can be taken away.

Journals and reviews are chains whose texts lie beside them, in the home and, as often as they were handed in, in the
shared folder. Around them lie drafts, what a crash cut off, and what an interrupted write left. All of that is found
here by whose it is. Folders are listed and never guessed at; no link is followed, so nothing outside of the home and
the shared folder is ever touched.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from simulator import chain, durable, entry
from simulator.durable import Listed, NotRead
from simulator.journal import SUFFIX, good_session_id
from simulator.settings import Home
from simulator.sharing.shared_folder import SharedFolder, is_chain

MOST_NAMES = 2_000_000
"""Names that are looked at in one folder."""
_TEXTS = ".texts"
_HEADER = 64 * 1024
"""Bytes in which a header ends that this program wrote."""


@dataclass(frozen=True, slots=True)
class Belonging:
    """One chain, and the files beside it that hold words of a person, or about them. The chain itself stays."""

    session: str
    chain: Path
    """Where the chain lies; it may be gone."""
    files: tuple[Path, ...]
    """What is to be taken away."""
    texts: int
    """How many texts these hold."""
    drafts: int = 0
    reviewer: str = ""
    """Whose review of the session it is; empty: it is the session's own journal."""
    shared: bool = False
    """Whether it lies in the shared folder, where nobody holds a lock."""


@dataclass(slots=True)
class Belongings:
    """Everything that was found of one person."""

    sessions: set[str] = field(default_factory=set)
    """The ids of the sessions they played, here or in the shared folder."""
    journals: list[Belonging] = field(default_factory=list)
    about: list[Belonging] = field(default_factory=list)
    """Reviews of their sessions."""
    wrote: list[Belonging] = field(default_factory=list)
    """Their reviews of sessions of others."""
    beyond: list[tuple[Path, str]] = field(default_factory=list)
    """What could not be looked at, or may be theirs, and why it is not touched."""

    def all(self) -> Iterator[Belonging]:
        """Yield every one, journals first."""
        yield from self.journals
        yield from self.about
        yield from self.wrote


def belongings(where: Home, shared: SharedFolder | None, person: str) -> Belongings:
    """Find everything of one person that lies in a home and in a shared folder that is there.

    Raises:
        NotRead: one of the folders cannot be looked into.
    """
    found = Belongings()
    owners = _in_journals(where, person, found)
    states = _shared_sessions(shared, person, owners, found) if shared is not None else []
    _in_reviews(where, person, found)
    found.journals += states
    if shared is not None:
        _shared_reviews(shared, person, found)
    return found


@dataclass(slots=True)
class Remains:
    """Every file of one session, its chains among them."""

    journal: Path
    """Where its journal lies in the home; it may be gone."""
    own: list[Path] = field(default_factory=list)
    """The journal, and what lies beside it, in the order in which it is to go: the journal and its lock last."""
    reviews: list[Path] = field(default_factory=list)
    shared: list[Path] = field(default_factory=list)
    """Files in the shared folder."""
    folders: list[Path] = field(default_factory=list)
    """Folders there that held nothing else."""


def remains(
    where: Home, shared: SharedFolder | None, sessions: Collection[str]
) -> tuple[dict[str, Remains], list[tuple[Path, str]]]:
    """Find every file of these sessions: in the home, and in a shared folder that is there.

    Returns what there is by session, and what is not touched, with why.

    Raises:
        NotRead: one of the folders cannot be looked into.
    """
    beyond: list[tuple[Path, str]] = []
    found: dict[str, Remains] = {}

    def of(session: str) -> Remains:
        return found.setdefault(session, Remains(where.journals / f"{session}{SUFFIX}"))

    if _is_store(where.journals):
        for session, files in _groups(where.journals, beyond).items():
            if session in sessions:
                of(session).own += [where.journals / name for name in _journal_last(session, files)]
    for folder in _review_folders(where, beyond):
        for session, files in _groups(folder, beyond).items():
            if session in sessions:
                of(session).reviews += [folder / name for name in _journal_last(session, files)]
    for folder in _shared_folders(shared, beyond) if shared is not None else ():
        if folder.name in sessions:
            listed = sorted(_children(folder, beyond), key=is_chain)
            of(folder.name).shared += [folder / each.name for each in listed if each.kind == "file"]
            of(folder.name).folders.append(folder)
    return found, beyond


def _journal_last(session: str, files: Iterable[Listed]) -> list[str]:
    last = f"{session}{SUFFIX}"
    return sorted((each.name for each in files), key=lambda name: (name == f"{last}.lock", name == last, name))


def header_of(path: Path) -> dict[str, Any]:
    """Return what the first line of a file says, if it is that of a chain, unchecked; empty: it is none.

    Whose texts lie beside a journal is also to be told where it is damaged.
    """
    with suppress(NotRead, ValueError, RecursionError):
        found = json.loads(durable.read_start(path, _HEADER).split(b"\n", 1)[0].decode("ascii"))
        if isinstance(found, dict) and "kind" in found and "hash" in found:
            return found
    return {}


def count_texts(path: Path) -> int:
    """Return how many texts a file holds, as far as that can be told."""
    with suppress(NotRead):
        return durable.read_file(path, chain.LARGEST).count(b"\n")
    return 0


def texts_in(path: Path) -> list[str]:
    """Return the texts that a file of texts holds, as far as they can be read."""
    with suppress(NotRead):
        found = entry.scan_texts(durable.read_file(path, chain.LARGEST)).by_digest.values()
        return [text for text in found if text is not None]
    return []


@dataclass(frozen=True, slots=True)
class Mention:
    """A file of texts that somebody else wrote, with something in it that was looked for."""

    path: Path
    chain: Path | None
    """The chain that the texts belong to; None in the shared folder."""
    session: str
    review: bool
    """Whether it is a review, by somebody else, of a session of somebody else's."""


def mentions(where: Home, shared: SharedFolder | None, name: re.Pattern[str], going: Collection[Path]) -> list[Mention]:
    """Find what is found by `name` in the texts of the home, and of the reviews in a shared folder that is there.

    Files in `going` are left out. What others handed in comes from the home, where it was collected to.

    Raises:
        NotRead: one of the folders cannot be looked into.
    """
    beyond: list[tuple[Path, str]] = []
    found: list[Mention] = []

    def look(path: Path, chain_path: Path | None, session: str, *, review: bool) -> None:
        if path not in going and any(name.search(text) for text in texts_in(path)):
            found.append(Mention(path, chain_path, session, review))

    folders = [where.journals] if _is_store(where.journals) else []
    for folder in [*folders, *_review_folders(where, beyond)]:
        for session, files in sorted(_groups(folder, beyond).items()):
            for each in files:
                if each.name == f"{session}{_TEXTS}{SUFFIX}":
                    path = folder / f"{session}{SUFFIX}"
                    look(folder / each.name, path, session, review=folder != where.journals)
    for folder in _shared_folders(shared, beyond) if shared is not None else ():
        if shared is not None and folder.parent != shared.sessions:
            for each in _children(folder, beyond):
                if each.kind == "file" and not is_chain(each):
                    look(folder / each.name, None, folder.name, review=True)
    return found


def erase_mention(found: Mention, name: re.Pattern[str]) -> None:
    """Take the texts out of such a file in which something is found; raises NotSaved, ChainError, NotRead."""
    if found.chain is not None:
        entries = chain.read(found.chain).entries
        chain.erase_text(found.chain, [each.seq for each in entries if each.text and name.search(each.text)])
        return
    seen = entry.scan_texts(durable.read_file(found.path, chain.LARGEST))
    kept = [line for digest, line in seen.lines.items() if not name.search(seen.by_digest.get(digest) or "")]
    if kept:
        durable.publish(found.path, b"".join(kept))
    else:
        durable.remove(found.path)


# -- in the home ----------------------------------------------------------------------------------


def _in_journals(where: Home, person: str, found: Belongings) -> dict[str, str]:
    """Find somebody's journals; return who played each session that is here."""
    owners: dict[str, str] = {}
    if not _is_store(where.journals):
        return owners
    for session, files in _groups(where.journals, found.beyond).items():
        path = where.journals / f"{session}{SUFFIX}"
        owner = _owner(path, files)
        if owner:
            owners[session] = owner
        if owner == person:
            found.sessions.add(session)
        elif owner or not _may_be_of(person, path, files, found):
            continue
        found.journals += _belonging(session, path, files)
    return owners


def _owner(path: Path, files: Iterable[Listed]) -> str:
    if not any(each.name == path.name and each.kind == "file" for each in files):
        return ""
    return str(header_of(path).get("person") or "")


def _may_be_of(person: str, path: Path, files: list[Listed], found: Belongings) -> bool:
    """Whether texts without a journal that says whose they are were somebody's: whoever wrote them left a note."""
    words = [each for each in files if _holds_words(each.name, path.name)]
    if not words:
        return False
    with suppress(NotRead, ValueError, RecursionError, AttributeError):
        who = json.loads(durable.read_file(path.with_name(f"{path.name}.lock.who"), 4096)).get("person")
        return bool(who == person)
    if good_session_id(path.stem):
        found.beyond.append((path.with_name(words[0].name), "no journal says whose it is"))
    return False


def _in_reviews(where: Home, person: str, found: Belongings) -> None:
    for folder in _review_folders(where, found.beyond):
        for session, files in _groups(folder, found.beyond).items():
            mine = folder.name == person
            if mine or session in found.sessions:
                kept = _belonging(session, folder / f"{session}{SUFFIX}", files, folder.name)
                (found.wrote if mine and session not in found.sessions else found.about).extend(kept)


def _review_folders(where: Home, beyond: list[tuple[Path, str]]) -> list[Path]:
    if not _is_store(where.reviews):
        return []
    return [where.reviews / each.name for each in _children(where.reviews, beyond) if each.kind == "folder"]


def _belonging(session: str, path: Path, files: Iterable[Listed], reviewer: str = "") -> list[Belonging]:
    names = sorted(each.name for each in files if each.kind == "file" and _holds_words(each.name, path.name))
    if not names:
        return []
    paths = tuple(path.with_name(name) for name in names)
    texts = sum(count_texts(each) for each in paths if _TEXTS in each.name)
    return [Belonging(session, path, paths, texts, sum(each.suffix == ".draft" for each in paths), reviewer)]


def _holds_words(name: str, chain_name: str) -> bool:
    """Whether a file beside a chain may hold words, or who wrote it; the chain and its torn ends hold ids."""
    return name not in (chain_name, f"{chain_name}.lock") and not name.startswith(f"{chain_name}.torn-")


def _groups(folder: Path, beyond: list[tuple[Path, str]]) -> dict[str, list[Listed]]:
    """List a folder of chains by the chain that each file belongs to."""
    found: dict[str, list[Listed]] = {}
    for each in _children(folder, beyond):
        if each.kind == "file":
            # Temporary files have a dot before the name; ids have none.
            found.setdefault(each.name.lstrip(".").split(".", 1)[0], []).append(each)
    return found


# -- in the shared folder -------------------------------------------------------------------------


def _shared_sessions(shared: SharedFolder, person: str, owners: dict[str, str], found: Belongings) -> list[Belonging]:
    kept: list[Belonging] = []
    if not _is_store(shared.sessions):
        return kept
    for each in _children(shared.sessions, found.beyond):
        if each.kind == "folder" and owners.get(each.name, person) == person:
            folder = shared.sessions / each.name
            files = _children(folder, found.beyond)
            if each.name in found.sessions or _says_so(folder, files, person):
                found.sessions.add(each.name)
                kept += _states(each.name, folder, files)
    return kept


def _says_so(folder: Path, files: Iterable[Listed], person: str) -> bool:
    """Whether any journal in a session's folder is that session's, and somebody's."""
    for each in files:
        if each.kind == "file" and is_chain(each):
            said = header_of(folder / each.name)
            if (said.get("person"), said.get("session")) == (person, folder.name):
                return True
    return False


def _shared_reviews(shared: SharedFolder, person: str, found: Belongings) -> None:
    if not _is_store(shared.reviews):
        return
    for reviewer in _children(shared.reviews, found.beyond):
        if reviewer.kind != "folder":
            continue
        for each in _children(shared.reviews / reviewer.name, found.beyond):
            about, mine = each.name in found.sessions, reviewer.name == person
            if each.kind == "folder" and (about or mine):
                folder = shared.reviews / reviewer.name / each.name
                kept = _states(each.name, folder, _children(folder, found.beyond), reviewer.name)
                (found.about if about else found.wrote).extend(kept)


def _states(session: str, folder: Path, files: Iterable[Listed], reviewer: str = "") -> list[Belonging]:
    """Whatever lies in such a folder and is no chain: texts under any name, and what was half written."""
    words = [folder / each.name for each in files if each.kind == "file" and not _is_state(folder, each)]
    if not words:
        return []
    texts = sum(count_texts(each) for each in words if _TEXTS in each.name)
    return [Belonging(session, folder, tuple(sorted(words)), texts, reviewer=reviewer, shared=True)]


def _is_state(folder: Path, listed: Listed) -> bool:
    return is_chain(listed) and bool(header_of(folder / listed.name))


def _shared_folders(shared: SharedFolder, beyond: list[tuple[Path, str]]) -> Iterator[Path]:
    """Yield every folder of a session, those of reviews first."""
    above = []
    if _is_store(shared.reviews):
        above += [shared.reviews / each.name for each in _children(shared.reviews, beyond) if each.kind == "folder"]
    if _is_store(shared.sessions):
        above.append(shared.sessions)
    for folder in above:
        yield from (folder / each.name for each in _children(folder, beyond) if each.kind == "folder")


# -- folders --------------------------------------------------------------------------------------


def _children(folder: Path, beyond: list[tuple[Path, str]]) -> list[Listed]:
    """List a folder that is one; what is a link or a device there is told, and left alone."""
    listed, more = durable.listing(folder, MOST_NAMES)
    if more:
        beyond.append((folder, f"it holds more than {MOST_NAMES:,} names"))
    beyond += [(folder / each.name, "it is a link or a device") for each in listed if each.kind == "other"]
    return listed


def _is_store(folder: Path) -> bool:
    """Whether a folder is there that holds a part of everything; raises NotRead for a link in its place.

    Not to look there, and to say that all is done, would be wrong; and no link is followed.
    """
    kind = durable.kind(folder)
    if kind not in ("", "folder"):
        raise NotRead(folder, "it is a link, or no folder, and no link is followed: put the folder itself there")
    return kind == "folder"
