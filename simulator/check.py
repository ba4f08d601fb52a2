"""What an author is told about a file: what can be seen without playing it, and what playing it in every way proves."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from scoring.rubric import Rubric
from simulator import fairness, people, teaching
from simulator.answers import answered, left_over
from simulator.cohort.cohort_file import LARGEST_COHORT, cohort_from
from simulator.flaw import Flaw
from simulator.learning_path import LARGEST_PATH, is_path, path_from
from simulator.loader import check_shared, rubric_from, scenario_from
from simulator.paths import unreached
from simulator.positions import Positions
from simulator.problem import Also, Problem, Severity, in_order, stops
from simulator.scenario import Scenario
from simulator.source import LARGEST, Mark, Source, read

if TYPE_CHECKING:
    from simulator.explore import Exploration

_RUBRIC = re.compile(r"^rubric[ \t]*:", re.MULTILINE)
_SHARED = re.compile(r"^shared[ \t]*:", re.MULTILINE)
_SCENARIO = re.compile(r"^scenario[ \t]*:", re.MULTILINE)
_COHORT = re.compile(r"^cohort[ \t]*:", re.MULTILINE)
_PEOPLE = "people.yaml"
"""A people file is known by its name: nothing stands at its top but ids."""


@dataclass(frozen=True, slots=True)
class Around:
    """What a cohort file or a path may name; None: that is not looked up."""

    people: Mapping[str, str] | None = None
    """The names of people, by their ids."""
    cases: Collection[str] | None = None
    """The ids of the cases in the library."""


ANYWHERE = Around()
"""Nothing is looked up."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What is wrong with a file, and what was found out on the way."""

    problems: tuple[Problem, ...]
    """From the top of the file down; advice that its author has answered says so."""
    scenario: Scenario | None = None
    """The case, if it is one and has no errors."""
    exploration: Exploration | None = None
    """Every state of the case, if it was played in every way there is."""


def check(
    path: Path, rubric: Rubric, limit: int = LARGEST, *, solve: bool | float = True, around: Around = ANYWHERE
) -> tuple[Problem, ...]:
    """Return every problem of a scenario or another file of the library, a rubric, a cohort file or a people file.

    They come from the top of the file down. With `solve`, a scenario without errors is played in every way there is;
    a number is the seconds that finding all of these may take. What a cohort file or a path through the library names
    is looked up in what is `around` it.
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
    if is_path(source.text):
        small = read(path, LARGEST_PATH)
        return (small,) if isinstance(small, Problem) else path_from(small, around.cases).problems
    if path.name == _PEOPLE and not _SCENARIO.search(source.text):
        return people.check(source)
    return check_scenario(source, rubric, limit, solve=solve).problems


def check_scenario(source: Source, rubric: Rubric, limit: int = LARGEST, *, solve: bool | float = True) -> Checked:
    """Check a case that has been read already; the rest is as for `check`."""
    loaded = scenario_from(source, rubric, limit)
    if loaded.value is None:
        return Checked(loaded.problems)
    scenario = loaded.value
    # A visit brings all scenes of the shared file along, and need not come to each.
    lost = [name for name in unreached(scenario) if "." not in name]
    more = (_nothing_leads_to(name, scenario, *loaded.places[name]) for name in lost)
    problems = [*loaded.problems, *more]
    if stops(problems):
        return Checked(tuple(in_order(problems)))
    # Endings are always the case's own.
    own, _ = loaded.places[next(iter(scenario.endings))]
    positions = Positions(own)
    told: tuple[Flaw, ...] = ()
    explored, finished = None, False
    if solve is not False:
        # Whoever checks while they write does not wait for this, nor for what it needs.
        from simulator.proof import STANDARD, Budget, prove

        told, explored, finished = prove(scenario, rubric, STANDARD if solve is True else Budget(seconds=float(solve)))
    flaws = [*told, *fairness.flaws(scenario, rubric, explored), *teaching.flaws(scenario, rubric, explored)]
    # A fact that is not here is one of shared scenes, which other cases may ask for.
    found = (each for each in flaws if each.where[0] != "facts" or positions.holds(each.where))
    problems += [_problem(flaw, own, positions) for flaw in found]
    answers = scenario.answers
    left = left_over(problems, answers, proven=finished) if answers else ()
    problems = [*answered(problems, answers), *(_problem(flaw, own, positions) for flaw in left)]
    return Checked(tuple(in_order(problems)), scenario, explored)


def _problem(flaw: Flaw, source: Source, positions: Positions) -> Problem:
    node = positions.find(flaw.where)
    also = []
    for where, label in flaw.also:
        if (other := positions.find(where)) is not None:
            there = source.at(other, flaw.code, label)
            also.append(Also(there.place, label, there.excerpt, there.end))
    if node is None:
        problem = source.problem(flaw.code, flaw.message, 0, 0, flaw.hint, flaw.severity)
    else:
        problem = source.at(node, flaw.code, flaw.message, flaw.hint, flaw.severity)
    return replace(problem, about=flaw.subject, also=tuple(also))


def _nothing_leads_to(name: str, scenario: Scenario, source: Source, mark: Mark) -> Problem:
    what = "ending" if name in scenario.endings else "scene"
    message = f"nothing leads to {what} `{name}`"
    hint = "name it in a `next:`, or take it out"
    end = mark.column + len(name)
    return source.problem("never-reached", message, mark.line, mark.column, hint, Severity.WARNING, end)
