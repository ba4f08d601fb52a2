"""A case and the shared files it names: where these are found, and how all of it is kept as one.

A journal names what was played by one hash. A case that uses shared pieces is therefore kept together with
their files, as JSON: changing such a file changes the hash of every case that names it, and an old session
still replays with the pieces as they were.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from importlib import resources
from pathlib import Path

from simulator.problem import Problem
from simulator.source import LARGEST, Source, from_text, read

FOLDER = "shared"
"""The folder, beside the cases, that shared pieces lie in."""
MOST_NAMES = 100
"""Shared files of one folder that are looked through for a piece whose file a case does not name."""
_KIND = "caseload-bundle"
_START = b'{"caseload-bundle":'


def find(case: Source, name: str) -> Source | Problem | None:
    """Return a file of shared pieces: from the folder beside the case, else from Caseload's own library.

    A file that is there and cannot be read is a problem: another of that name is never taken in its place.
    """
    for folder in _folders(case):
        path = folder / f"{name}.yaml"
        if path.is_file():
            return read(path)
    return None


def all_names(case: Source) -> list[str]:
    """Return the names of all shared files that a case could name, as far as their folders can be read."""
    names: dict[str, None] = {}
    for folder in _folders(case):
        with suppress(OSError):
            names |= dict.fromkeys(sorted(each.stem for each in folder.glob("*.yaml"))[:MOST_NAMES])
    return list(names)


def _folders(case: Source) -> list[Path]:
    folders = [Path(str(resources.files("scenarios")))]
    if case.folder is not None:
        folders.insert(0, case.folder)
    return [folder / FOLDER for folder in folders]


def bundle(case: Source, shared: Mapping[str, Source]) -> Source:
    """Return a case as it is kept: as it is if it names no shared file, else together with those it names."""
    if not shared:
        return case
    texts = {name: source.text for name, source in sorted(shared.items())}
    content = {_KIND: 1, "case": case.text, FOLDER: texts}
    whole = from_text(json.dumps(content, separators=(",", ":")))
    return replace(case, hash=whole.hash, data=whole.data)


def unbundle(source: Source) -> tuple[Source, dict[str, Source]]:
    """Take apart what `bundle` put together; anything else is a case by itself."""
    if not source.data.startswith(_START) or len(source.data) > 64 * LARGEST:
        return source, {}
    try:
        content = json.loads(source.text)
        case, texts = content["case"], content[FOLDER]
        shared = {str(name): from_text(str(text), f"{FOLDER}/{name}.yaml") for name, text in texts.items()}
        opened = from_text(str(case), source.name)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return source, {}
    return opened, shared
