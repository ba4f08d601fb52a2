"""A case and the shared scenes it visits: where these are found, and how all of it is kept as one.

A journal names what was played by one hash. A case that visits shared scenes is therefore kept together with
them, as JSON: changing a shared scene changes the hash of every case that visits it, and an old session
still replays with the scenes as they were.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from importlib import resources
from pathlib import Path

from simulator.problem import Problem
from simulator.source import LARGEST, Source, from_text, read

FOLDER = "shared"
"""The folder, beside the cases, that shared scenes lie in."""
_KIND = "caseload-bundle"
_START = b'{"caseload-bundle":'


def find(case: Source, name: str) -> Source | Problem | None:
    """Return a file of shared scenes: from the folder beside the case, else from Caseload's own library.

    A file that is there and cannot be read is a problem: another of that name is never taken in its place.
    """
    folders = [Path(str(resources.files("scenarios")))]
    if case.folder is not None:
        folders.insert(0, case.folder)
    for folder in folders:
        path = folder / FOLDER / f"{name}.yaml"
        if path.is_file():
            return read(path)
    return None


def bundle(case: Source, shared: Mapping[str, Source]) -> Source:
    """Return a case as it is kept: as it is if it visits nothing, else together with what it visits."""
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
