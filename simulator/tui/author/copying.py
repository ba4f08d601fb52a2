"""A case under another id: a copy that is somebody's own, made without anything being written over."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from simulator import bundle
from simulator.authoring.saving import NO_FILE, ChangedElsewhere, Opened, save
from simulator.durable import NotSaved
from simulator.library import built_in, ids
from simulator.source import Source


class NotCopied(Exception):
    """A case cannot be copied; the text says why, and what to do."""


def copy_case(source: Source, to: Path, folders: Iterable[Path] = ()) -> None:
    """Write a case to another file, whose name is the new id, as a first version that nobody has reviewed.

    The shared files that it names go along. No case in `folders`, nor a built-in one, may have that id.

    Raises:
        NotCopied: it cannot be.
    """
    from simulator.starting import NotAdapted, adapted, better_id, is_good_id, shared_by

    name = to.name.removesuffix(".yaml")
    if not is_good_id(name):
        near = better_id(name)
        raise NotCopied(f"`{name}` cannot be the id of a case{f'; `{near}` would do' if near else ''}.")
    if os.path.lexists(to) or name in ids((built_in(), to.parent, *folders)):
        raise NotCopied(f"There is a case `{name}` already: choose another id.")
    try:
        text = adapted(source.text, name)
        for each in shared_by(source):
            _copy_shared(source, each, to.parent)
        save(Opened(to, NO_FILE, ""), text)
    except NotAdapted as error:
        raise NotCopied(f"{Path(source.name).name} cannot be copied: {error}.") from error
    except (NotSaved, ChangedElsewhere, OSError) as error:
        raise NotCopied(str(error)) from error


def free_id(wanted: str, taken: Iterable[str]) -> str:
    """Return an id that nothing has: the one that is wanted, or that with a number."""
    there = set(taken)
    return next(
        free for free in (f"{wanted}{end}" for end in ("", *(f"-{n}" for n in range(2, 9999)))) if free not in there
    )


def _copy_shared(case: Source, name: str, folder: Path) -> None:
    """Copy a file of shared pieces along, so that the copy stays as it is; one that is there already stays."""
    found = bundle.find(case, name)
    there = folder / bundle.FOLDER / f"{name}.yaml"
    if isinstance(found, Source) and not os.path.lexists(there):
        there.parent.mkdir(parents=True, exist_ok=True)
        save(Opened(there, NO_FILE, ""), found.text)
