"""What an author is told about a file: every problem that can be seen without playing it."""

from __future__ import annotations

import re
from pathlib import Path

from scoring.rubric import Rubric
from simulator.loader import rubric_from, scenario_from
from simulator.problem import Problem
from simulator.source import LARGEST, read

_RUBRIC = re.compile(r"^rubric[ \t]*:", re.MULTILINE)
_SCENARIO = re.compile(r"^scenario[ \t]*:", re.MULTILINE)


def check(path: Path, rubric: Rubric, limit: int = LARGEST) -> tuple[Problem, ...]:
    """Return every problem of a scenario, or of a rubric, from the top of its file down."""
    source = read(path, limit)
    if isinstance(source, Problem):
        return (source,)
    if _RUBRIC.search(source.text) and not _SCENARIO.search(source.text):
        return rubric_from(source).problems
    return scenario_from(source, rubric, limit).problems
