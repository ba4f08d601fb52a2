"""Which scene or ending a problem of a file is about: the one in whose lines it stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import yaml

from simulator.problem import Problem, Severity
from simulator.source import MOST_EVENTS, Source, compose

ELSEWHERE = ""
"""Stands for what is about no scene and no ending."""
WORST_FIRST = (Severity.ERROR, Severity.WARNING, Severity.ADVICE)
Troubles = dict[str, tuple[Problem, ...]]
"""The problems of each scene and ending that has any, the worst first; `ELSEWHERE` has the others."""


def troubles_of(problems: Iterable[Problem], source: Source) -> Troubles:
    """Return the problems of a case by what they are about; what its author has answered is left out."""
    lines = list(_lines(source))
    found: dict[str, list[Problem]] = {}
    for problem in problems:
        if getattr(problem, "answer", ""):
            continue
        about = (name for name, first, last in lines if first <= problem.place.line <= last)
        here = next(about, ELSEWHERE) if problem.place.file == source.name else ELSEWHERE
        found.setdefault(here, []).append(problem)
    return {name: tuple(sorted(each, key=lambda one: WORST_FIRST.index(one.severity))) for name, each in found.items()}


def _lines(source: Source) -> Iterator[tuple[str, int, int]]:
    """Yield each scene and ending with its first and its last line, from 1."""
    root, _ = compose(source, max(MOST_EVENTS, len(source.text) + 1))
    if not isinstance(root, yaml.MappingNode):
        return
    for key, value in root.value:
        if key.value in ("scenes", "endings") and isinstance(value, yaml.MappingNode):
            for name, body in value.value:
                # A block ends where the next key begins; what stands in braces ends where it is closed.
                last = body.end_mark.line + (1 if getattr(body, "flow_style", True) else 0)
                yield name.value, name.start_mark.line + 1, max(name.start_mark.line + 1, last)
