"""The cases there are to play: the built-in folder, and the folders that the settings name.

A session names the case it played by id, so an id must mean one case. Where two files have the same, the
first in the order of the folders keeps it, and the other is reported instead of being played by chance.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from scoring.rubric import Rubric
from simulator.learning_path import FILE as PATH_FILE
from simulator.learning_path import is_path
from simulator.loader import Loaded, load_rubric, load_scenario
from simulator.problem import Place, Problem, Severity
from simulator.scenario import Scenario
from simulator.settings import expanded
from simulator.source import LARGEST, Source, read

ENDINGS = (".yaml", ".yml")
"""What the file of a case ends in."""
_ID = re.compile(r"^scenario[ \t]*:[ \t]*([\"']?)(?P<id>[a-z][a-z0-9-]*)\1[ \t]*(?:#.*)?\r?$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Case:
    """A scenario and the file it came from."""

    scenario: Scenario
    source: Source
    problems: tuple[Problem, ...] = ()
    """Warnings and advice; there is no error in what can be played."""


class NoSuchCase(Exception):
    """There is no scenario of that name, or its file has errors."""

    def __init__(self, message: str, problems: tuple[Problem, ...] = ()) -> None:
        super().__init__(message)
        self.problems = problems


def built_in() -> Path:
    """Return the folder of the scenarios that come with Caseload."""
    return Path(str(resources.files("scenarios")))


def standard_rubric() -> Path:
    """Return the file of the rubric that comes with Caseload."""
    return Path(str(resources.files("scoring"))) / "rubric.yaml"


def rubric_at(path: Path | None = None) -> Loaded[Rubric]:
    """Load a rubric: the one named, or Caseload's own."""
    return load_rubric(path or standard_rubric())


def files(folders: tuple[Path, ...]) -> Iterator[Path]:
    """Yield every scenario file of some folders, sorted within each.

    Folders inside them are left alone: what lies in `shared` is no case, nor is what lies in a folder of drafts. The
    path through the library lies beside the cases, and is none.

    A folder that is named twice, perhaps by two names, has its files once.
    """
    seen: set[Path] = set()
    for folder in folders:
        if os.path.isdir(folder) and folder.resolve() not in seen:  # noqa: PTH112 - pathlib raises where it may not look
            seen.add(folder.resolve())
            found = sorted(each for ending in ENDINGS for each in folder.glob(f"*{ending}"))
            yield from (each for each in found if each.name != PATH_FILE or not _is_path(each))


def _is_path(file: Path) -> bool:
    source = read(file, LARGEST)
    return isinstance(source, Source) and is_path(source.text)


def cases(folders: tuple[Path, ...], rubric: Rubric) -> tuple[list[Case], list[Problem]]:
    """Load every case that can be played, and every problem of those that cannot."""
    found: dict[str, Case] = {}
    problems: list[Problem] = []
    for path in files(folders):
        loaded = load_scenario(path, rubric)
        if loaded.value is None or loaded.source is None:
            problems.extend(loaded.problems)
        elif loaded.value.id in found:
            problems.append(_shadowed(loaded.value.id, loaded.source, found[loaded.value.id].source))
        else:
            found[loaded.value.id] = Case(loaded.value, loaded.source, loaded.problems)
    return list(found.values()), problems


def ids(folders: tuple[Path, ...]) -> tuple[str, ...]:
    """Return the ids of the cases in some folders as their files say them, whatever else is in these files."""
    found = []
    for path in files(folders):
        source = read(path, LARGEST)
        if isinstance(source, Source) and (claim := _ID.search(source.text)):
            found.append(claim["id"])
    return tuple(dict.fromkeys(found))


def shadowed(paths: Iterable[Path], rubric: Rubric, limit: int = LARGEST) -> list[Problem]:
    """Find the cases that cannot be played by their id, because one further up has it.

    A file with mistakes keeps no other out, as in `cases`. Only where an id stands twice is anything loaded.
    """
    claims: dict[str, list[Path]] = {}
    for path in paths:
        source = read(path, limit)
        if isinstance(source, Source) and (claim := _ID.search(source.text)):
            claims.setdefault(claim["id"], []).append(path)
    problems = []
    for name, claimants in claims.items():
        sources: list[Source] = []
        for path in claimants if len(claimants) > 1 else ():
            loaded = load_scenario(path, rubric, limit)
            if loaded.value is not None and loaded.source is not None and loaded.value.id == name:
                sources.append(loaded.source)
        problems += [_shadowed(name, other, sources[0]) for other in sources[1:]]
    return problems


def _shadowed(name: str, source: Source, first: Source) -> Problem:
    """Say that a case has the id of another. It can be played by its path, so this is a warning."""
    row, column = _place_of_id(source)
    first_row, first_column = _place_of_id(first)
    used = Place(first.name, first_row + 1, first_column + 1)
    return source.problem(
        "shadowed-id",
        f"`{name}` is the id of another case as well, and that one is used: {used}",
        row,
        column,
        "give this one an id of its own, or play it by its path",
        Severity.WARNING,
    )


def _place_of_id(source: Source) -> tuple[int, int]:
    """Find line and column of a case's id, from 0; the top where it is written in an unusual way."""
    found = _ID.search(source.text)
    if found is None:
        return 0, 0
    before = source.text[: found.start("id")]
    return before.count("\n"), len(before) - before.rfind("\n") - 1


def listed(known: Sequence[Case], problems: Sequence[Problem]) -> str:
    """Name the cases that can be played, and the files of those that cannot."""
    names = ", ".join(case.scenario.id for case in known) or "none that can be played"
    faulty = _names(problem for problem in problems if problem.severity is Severity.ERROR)
    second = _names(problem for problem in problems if problem.code == "shadowed-id")
    left = [f"what has mistakes: {faulty}"] if faulty else []
    left += [f"what has the id of another: {second}"] if second else []
    return f"{names} (not counting {'; nor '.join(left)})" if left else names


def _names(problems: Iterable[Problem]) -> str:
    return ", ".join(sorted({Path(problem.place.file).name for problem in problems}))


def find(name: str, folders: tuple[Path, ...], rubric: Rubric, limit: int = LARGEST) -> Case:
    """Find a case by its id in the library, or by the path of its file.

    Raises:
        NoSuchCase: there is none, or its file has errors.
    """
    path = expanded(name)
    if path.suffix in (".yaml", ".yml") or len(path.parts) > 1:
        loaded = load_scenario(path, rubric, limit)
        if loaded.value is None or loaded.source is None:
            raise NoSuchCase(f"{name} cannot be played as it is", loaded.problems)
        return Case(loaded.value, loaded.source, loaded.problems)
    known, problems = cases(folders, rubric)
    for case in known:
        if case.scenario.id == name:
            return case
    for path in files(folders):
        # What is wrong may stand in another file: in shared pieces that this one uses.
        at_fault = load_scenario(path, rubric) if path.stem == name else None
        if at_fault is not None and at_fault.value is None:
            raise NoSuchCase(f"the case `{name}` cannot be played as it is", at_fault.problems)
    raise NoSuchCase(f"the library has no case `{name}`; it has: {listed(known, problems)}")
