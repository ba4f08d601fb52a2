"""Texts that a reviewer redacted, taken out of the shared folder, and out of the home of whoever wrote them.

A reviewer's home erases a text at once. Copies of it lie in the shared folder, where only who put them there may
change them, and on the machine it was written on. Both are reached when a review that says so travels: whoever can
erase a copy then does.
"""

from __future__ import annotations

from pathlib import Path

from simulator import durable, entry
from simulator.chain import ChainError
from simulator.durable import NotSaved
from simulator.review.reading import redacted_entries
from simulator.review.redaction import finish_redactions
from simulator.settings import Home
from simulator.sharing.shared_folder import LARGEST_CHAIN, MOST_FILES, SharedFolder, is_chain_name, is_texts


def redact(where: Home, shared: SharedFolder, session: str) -> bool:
    """Erase what was redacted in a session, here and in the shared folder; return whether nothing is left to do.

    Raises:
        NotRead: the shared folder does not answer.
    """
    done = True
    try:
        finish_redactions(where, session)
    except (ChainError, NotSaved):
        # Somebody is in it just now.
        done = False
    entries = redacted_entries(where, session)
    folder = shared.sessions / session
    if not entries or not durable.exists(folder):
        return done
    found, _ = durable.listing(folder, MOST_FILES)
    files = [folder / each.name for each in found if each.kind == "file"]
    gone = {digest for path in files if is_chain_name(path.name) for digest in _named(path, entries)}
    for path in files:
        if is_texts(path.name):
            done &= _without(path, gone)
    return done


def _named(path: Path, entries: frozenset[int]) -> set[str]:
    """The digests of the texts that belong to some entries of one state of a journal."""
    found = entry.scan(durable.read_file(path, LARGEST_CHAIN)).found
    return {digest for each, digest in found if digest and each.seq in entries}


def _without(path: Path, gone: set[str]) -> bool:
    """Erase texts in one file; whoever may not change it leaves that to who may."""
    lines = entry.scan_texts(durable.read_file(path, LARGEST_CHAIN)).lines
    if not gone & lines.keys():
        return True
    try:
        durable.publish(path, b"".join(line for digest, line in lines.items() if digest not in gone))
    except NotSaved:
        return False
    return True
