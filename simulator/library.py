"""The cases there are to play: the built-in folder, and the folders that the settings name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from scoring.rubric import Rubric
from simulator.loader import Loaded, load_rubric, load_scenario
from simulator.problem import Problem, Severity
from simulator.scenario import Scenario
from simulator.settings import expanded
from simulator.source import LARGEST, Source

PATTERN = "*.yaml"


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
    """Yield every scenario file of some folders, sorted within each."""
    for folder in folders:
        if folder.is_dir():
            yield from sorted(folder.glob(PATTERN))


def cases(folders: tuple[Path, ...], rubric: Rubric) -> tuple[list[Case], list[Problem]]:
    """Load every case that can be played, and every problem of those that cannot."""
    found: dict[str, Case] = {}
    problems: list[Problem] = []
    for path in files(folders):
        loaded = load_scenario(path, rubric)
        if loaded.value is None or loaded.source is None:
            problems.extend(loaded.problems)
        elif loaded.value.id in found:
            first = found[loaded.value.id].source.name
            problems.append(
                loaded.source.problem(
                    "shadowed-id",
                    f"`{loaded.value.id}` is the id of another case",
                    0,
                    0,
                    f"the other is {first}",
                )
            )
        else:
            found[loaded.value.id] = Case(loaded.value, loaded.source, loaded.problems)
    return list(found.values()), problems


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
    at_fault = tuple(problem for problem in problems if Path(problem.place.file).stem == name)
    if at_fault:
        raise NoSuchCase(f"the case `{name}` cannot be played as it is", at_fault)
    names = ", ".join(case.scenario.id for case in known) or "none that can be played"
    faulty = sorted({Path(problem.place.file).name for problem in problems if problem.severity is Severity.ERROR})
    others = f" (not counting what has mistakes: {', '.join(faulty)})" if faulty else ""
    raise NoSuchCase(f"the library has no case `{name}`; it has: {names}{others}")
