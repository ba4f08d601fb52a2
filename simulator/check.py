"""What an author is told about a file: every problem that can be seen without playing it."""

from __future__ import annotations

import re
from pathlib import Path

from scoring.rubric import Rubric
from simulator.loader import check_shared, rubric_from, scenario_from
from simulator.paths import unreached
from simulator.problem import Problem, Severity, in_order
from simulator.scenario import Scenario
from simulator.source import LARGEST, Mark, Source, read

_RUBRIC = re.compile(r"^rubric[ \t]*:", re.MULTILINE)
_SHARED = re.compile(r"^shared[ \t]*:", re.MULTILINE)
_SCENARIO = re.compile(r"^scenario[ \t]*:", re.MULTILINE)


def check(path: Path, rubric: Rubric, limit: int = LARGEST) -> tuple[Problem, ...]:
    """Return every problem of a scenario, or of a rubric, from the top of its file down."""
    source = read(path, limit)
    if isinstance(source, Problem):
        return (source,)
    if _RUBRIC.search(source.text) and not _SCENARIO.search(source.text):
        return rubric_from(source).problems
    if _SHARED.search(source.text) and not _SCENARIO.search(source.text):
        return check_shared(source, rubric)
    loaded = scenario_from(source, rubric, limit)
    if loaded.value is None:
        return loaded.problems
    # A visit brings all scenes of the shared file along, and need not come to each.
    lost = [name for name in unreached(loaded.value) if "." not in name]
    more = (_nothing_leads_to(name, loaded.value, *loaded.places[name]) for name in lost)
    return tuple(in_order([*loaded.problems, *more]))


def _nothing_leads_to(name: str, scenario: Scenario, source: Source, mark: Mark) -> Problem:
    what = "ending" if name in scenario.endings else "scene"
    message = f"nothing leads to {what} `{name}`"
    return source.at(mark, "never-reached", message, "name it in a `next:`, or take it out", Severity.WARNING)
