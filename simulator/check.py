"""What an author is told about a file: what can be seen without playing it, and what playing it in every way proves."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from scoring.rubric import Rubric
from simulator import people
from simulator.cohort.cohort_file import LARGEST_COHORT, cohort_from
from simulator.flaw import Flaw
from simulator.loader import Loaded, check_shared, rubric_from, scenario_from
from simulator.paths import unreached
from simulator.positions import Positions
from simulator.problem import Problem, Severity, in_order, stops
from simulator.scenario import Scenario
from simulator.source import LARGEST, Mark, Source, read

_RUBRIC = re.compile(r"^rubric[ \t]*:", re.MULTILINE)
_SHARED = re.compile(r"^shared[ \t]*:", re.MULTILINE)
_SCENARIO = re.compile(r"^scenario[ \t]*:", re.MULTILINE)
_COHORT = re.compile(r"^cohort[ \t]*:", re.MULTILINE)
_PEOPLE = "people.yaml"
"""A people file is known by its name: nothing stands at its top but ids."""


@dataclass(frozen=True, slots=True)
class Around:
    """What a cohort file may name; None: that is not looked up."""

    people: Mapping[str, str] | None = None
    """The names of people, by their ids."""
    cases: Collection[str] | None = None
    """The ids of the cases in the library."""


ANYWHERE = Around()
"""Nothing is looked up."""


def check(
    path: Path, rubric: Rubric, limit: int = LARGEST, *, solve: bool | float = True, around: Around = ANYWHERE
) -> tuple[Problem, ...]:
    """Return every problem of a scenario, a rubric, a cohort file or a people file, from the top of its file down.

    With `solve`, a scenario without errors is played in every way there is; a number is the seconds that flaw
    all of these may take. What a cohort file names is looked up in what is `around` it.
    """
    source = read(path, limit)
    if isinstance(source, Problem):
        return (source,)
    if _RUBRIC.search(source.text) and not _SCENARIO.search(source.text):
        return rubric_from(source).problems
    if _SHARED.search(source.text) and not _SCENARIO.search(source.text):
        return check_shared(source, rubric)
    if _COHORT.search(source.text) and not _SCENARIO.search(source.text):
        # Where it is used, no larger one is read.
        small = read(path, LARGEST_COHORT)
        return (small,) if isinstance(small, Problem) else cohort_from(small, around.people, around.cases).problems
    if path.name == _PEOPLE and not _SCENARIO.search(source.text):
        return people.check(source)
    loaded = scenario_from(source, rubric, limit)
    if loaded.value is None:
        return loaded.problems
    # A visit brings all scenes of the shared file along, and need not come to each.
    lost = [name for name in unreached(loaded.value) if "." not in name]
    more = (_nothing_leads_to(name, loaded.value, *loaded.places[name]) for name in lost)
    problems = [*loaded.problems, *more]
    if solve is not False and not stops(problems):
        problems += _proven(loaded, loaded.value, rubric, solve)
    return tuple(in_order(problems))


def _proven(loaded: Loaded[Scenario], scenario: Scenario, rubric: Rubric, solve: bool | float) -> list[Problem]:
    """Return what playing a case in every way proves to be wrong with it."""
    from simulator.proof import STANDARD, Budget, prove

    flaws = prove(scenario, rubric, STANDARD if solve is True else Budget(seconds=float(solve)))
    # Endings are always the case's own.
    source, _ = loaded.places[next(iter(scenario.endings))]
    positions = Positions(source)
    return [
        _problem(flaw, source, positions.find(flaw.where))
        for flaw in flaws
        # A fact that is not here is one of shared scenes, which other cases may ask for.
        if flaw.where[0] != "facts" or positions.holds(flaw.where)
    ]


def _problem(flaw: Flaw, source: Source, mark: Mark | None) -> Problem:
    if mark is None:
        return source.problem(flaw.code, flaw.message, 0, 0, flaw.hint, flaw.severity)
    return source.at(mark, flaw.code, flaw.message, flaw.hint, flaw.severity)


def _nothing_leads_to(name: str, scenario: Scenario, source: Source, mark: Mark) -> Problem:
    what = "ending" if name in scenario.endings else "scene"
    message = f"nothing leads to {what} `{name}`"
    return source.at(mark, "never-reached", message, "name it in a `next:`, or take it out", Severity.WARNING)
