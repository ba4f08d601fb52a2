"""Where cohort files lie, and how those of the shared folder come here.

A supervisor puts a cohort file into the shared folder once, and every trainee's app finds it there. That folder may be
away for days, or hold what somebody spoilt: so the last good copy of each file is kept in the home, and only the home
is read when somebody wants to know what is assigned. Nothing here raises for what lies in the shared folder.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from simulator import durable
from simulator.cohort import cohort_file as cohort
from simulator.cohort.cohort_file import LARGEST_COHORT, Cohort, cohort_from
from simulator.problem import Place, Problem, Severity
from simulator.settings import Home
from simulator.source import Source, read
from simulator.text import one_line

ENDINGS = (".yaml", ".yml")
"""What a cohort file ends in."""
FOLDER = "cohorts"
"""The folder of cohort files in the shared folder."""
COPIES = "shared"
"""The folder of what was copied from there, in the home's own folder of cohort files."""
MOST_FILES = 50
"""Cohort files in one folder."""

_COHORT = re.compile(r"^cohort[ \t]*:[ \t]*", re.MULTILINE)
_UNFIT = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Cohorts:
    """Every cohort that is known here."""

    cohorts: tuple[Cohort, ...] = ()
    problems: tuple[Problem, ...] = ()
    """Of files that cannot be used, or are not."""

    def names(self, person: str) -> bool:
        """Whether any of them names somebody."""
        return any(person in each.people for each in self.cohorts)

    def get(self, name: str) -> Cohort | None:
        """Return a cohort by its id."""
        return next((each for each in self.cohorts if each.id == name), None)


def load(
    where: Home,
    shared: Path | None = None,
    people: Mapping[str, str] | None = None,
    cases: Collection[str] | None = None,
) -> Cohorts:
    """Read the cohort files of a home and, with a `shared` folder, the copies of those that lie there.

    Of two with the same id the first is used: one's own before the shared one. Ids in them are looked up among the
    `people` and the `cases` where these are given.
    """
    found: dict[str, tuple[Cohort, Source]] = {}
    problems: list[Problem] = []
    own, too_many = _first(where.cohorts, _files(where.cohorts) or [])
    copies = _files(where.cohorts / COPIES) or [] if shared is not None else []
    for path in [*own, *copies]:
        loaded = cohort.load(path, people, cases)
        problems += loaded.problems
        if loaded.value is None or loaded.source is None:
            continue
        first = found.setdefault(loaded.value.id, (loaded.value, loaded.source))
        if first[1].hash != loaded.source.hash:
            problems.append(_shadowed(loaded.value.id, loaded.source, first[1]))
    return Cohorts(tuple(each for each, _ in found.values()), (*problems, *too_many))


def fetch(where: Home, shared: Path | None) -> tuple[Problem, ...]:
    """Bring the copies of the shared folder's cohort files up to date, and say what is wrong there.

    This may take as long as a network does. A file that has mistakes, or cannot be read just now, leaves the copy that
    was made of it before; one that has been taken away takes its copy along. Where the folder is away, nothing changes.
    """
    folder = None if shared is None else shared / FOLDER
    listed = None if folder is None else _files(folder)
    if folder is None or listed is None:
        return ()
    files, problems = _first(folder, listed)
    kept = {_copy(where, path).name for path in files}
    for path in files:
        source = read(path, LARGEST_COHORT)
        if isinstance(source, Problem):
            problems.append(source)
            continue
        loaded = cohort_from(source)
        problems += loaded.problems
        if loaded.value is not None:
            _keep(_copy(where, path), source)
    for path in _files(where.cohorts / COPIES) or ():
        if path.name not in kept:
            durable.discard(path)
    return tuple(problems)


def files_in(folder: Path) -> list[Path]:
    """Return the cohort files of a folder, for whoever checks them; none where there is no such folder."""
    return _files(folder) or []


def _files(folder: Path) -> list[Path] | None:
    """Return the cohort files of a folder in order; None where it is not there, or cannot be looked into just now.

    A link might lead anywhere, and what begins with a dot is being written still.
    """
    try:
        with os.scandir(folder) as entries:
            return sorted(
                folder / each.name
                for each in entries
                if each.name.lower().endswith(ENDINGS) and not each.name.startswith(".") and not each.is_symlink()
            )
    except (OSError, ValueError):
        return None


def _first(folder: Path, files: list[Path]) -> tuple[list[Path], list[Problem]]:
    """Return those files of a folder that are looked at, and say so if there are more."""
    if len(files) <= MOST_FILES:
        return files, []
    message = f"this folder holds {len(files)} cohort files, and only the first {MOST_FILES} are looked at"
    place = Place(one_line(str(folder), 400), 1, 1)
    return files[:MOST_FILES], [Problem("too-many-cohorts", message, place, "move those of past years elsewhere")]


def _copy(where: Home, path: Path) -> Path:
    """Return where the copy of a file lies. Two names that differ stay apart, on every kind of disk."""
    plain = _UNFIT.sub("-", path.stem.lower()).strip("-")[:40] or "cohort"
    mark = hashlib.sha256(path.name.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return where.cohorts / COPIES / f"{plain}-{mark}.yaml"


def _keep(copy: Path, source: Source) -> None:
    """Write a copy if it differs. A full disk keeps nobody from playing: the next time it is tried again."""
    before = read(copy, LARGEST_COHORT)
    if not isinstance(before, Problem) and before.hash == source.hash:
        return
    try:
        durable.make_folder(copy.parent)
        durable.replace(copy, source.data)
    except durable.NotSaved:
        return


def _shadowed(name: str, source: Source, first: Source) -> Problem:
    found = _COHORT.search(source.text)
    before = source.text[: found.end()] if found else ""
    return source.problem(
        "shadowed-cohort",
        f"`{name}` is the id of another cohort as well, and that one is used: {first.name}",
        before.count("\n"),
        len(before) - before.rfind("\n") - 1 if found else 0,
        "give this one an id of its own, or take one of the two files away",
        Severity.WARNING,
    )
