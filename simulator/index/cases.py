"""What the index knows of a case: what results are set against, and its words.

The range of a case is what exploring it to its last state showed. It is looked up where it was kept, and found
out otherwise, in a process of its own; results in percent are then a matter of reading two rows.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from concurrent.futures.process import BrokenProcessPool
from typing import Any, NamedTuple

from scoring.rubric import DIMENSIONS, Rubric
from simulator.archive import Archive, UnknownScenario
from simulator.index.reading import archive_here, pool_of, real_stderr
from simulator.scenario import Scenario, Text
from simulator.solved import recall, solved
from simulator.text import folded

Pair = tuple[str, str]
"""The hashes of a scenario and of a rubric."""
YES, NO, NOT_YET = "yes", "no", ""


class CaseRow(NamedTuple):
    """A row of `cases`."""

    scenario_hash: str
    rubric_hash: str
    scenario: str
    version: str
    title: str
    rapport_worst: int | None
    rapport_best: int | None
    organization_worst: int | None
    organization_best: int | None
    ethics_worst: int | None
    ethics_best: int | None
    proven: str
    in_library: int


class WordingRow(NamedTuple):
    """A row of `wordings`."""

    scenario_hash: str
    kind: str
    scene: str
    response: str
    place: int
    text: str
    folded: str


Bound = int | None


class Range(NamedTuple):
    """What exploring a case showed."""

    proven: str
    bounds: tuple[Bound, Bound, Bound, Bound, Bound, Bound]
    """Worst and best of each dimension; empty places where it is not proven."""


_NOBODY_KNOWS = (None, None, None, None, None, None)
UNKNOWN = Range(NOT_YET, _NOBODY_KNOWS)


def loaded(archive: Archive, pair: Pair) -> tuple[Scenario, Rubric] | None:
    """Return a case as it was played; None where its copies have gone meanwhile."""
    scenario_hash, rubric_hash = pair
    try:
        rubric = archive.rubric(archive.where.copies, rubric_hash)
        return archive.scenario(archive.where.copies, scenario_hash, rubric), rubric
    except UnknownScenario:
        return None


def row_of(pair: Pair, scenario: Scenario, known: Range, in_library: bool) -> CaseRow:
    """Return the row of a case."""
    return CaseRow(*pair, scenario.id, scenario.version, scenario.title, *known.bounds, known.proven, int(in_library))


def kept_range(archive: Archive, pair: Pair) -> Range:
    """Return what was kept of exploring a case; `UNKNOWN` if nothing was."""
    case = loaded(archive, pair)
    found = recall(archive.where, *case) if case is not None else None
    return UNKNOWN if found is None else _range(found[0].proof is not None, found[0].low, found[0].high)


def _range(proven: bool, low: Iterable[int], high: Iterable[int]) -> Range:
    if not proven:
        return Range(NO, _NOBODY_KNOWS)
    (one, two, three), (four, five, six) = low, high
    return Range(YES, (one, four, two, five, three, six))


def explored(archive: Archive, pair: Pair) -> Range:
    """Explore a case, within the budget; what is found out is kept."""
    case = loaded(archive, pair)
    if case is None:
        return UNKNOWN
    solution, _ = solved(archive.where, *case)
    return _range(solution.proof is not None, solution.low, solution.high)


def _explored(pair: Pair) -> Range:
    return explored(archive_here(), pair)


def explored_apart(archive: Archive, pairs: list[Pair], processes: int | None) -> Iterator[tuple[Pair, Range]]:
    """Explore cases in processes of their own, where there can be some."""
    left = list(pairs)
    most = min(len(pairs), os.cpu_count() or 1) if processes is None else min(processes, len(pairs))
    if most and processes != 1:
        try:
            with pool_of(most, archive.where) as pool:
                with real_stderr():
                    doing = [(pair, pool.submit(_explored, pair)) for pair in pairs]
                for pair, future in doing:
                    yield pair, future.result()
                    left.remove(pair)
        except (BrokenProcessPool, OSError, ValueError, RuntimeError, ImportError):
            pass
    for pair in left:
        yield pair, explored(archive, pair)


def wordings_of(scenario: Scenario) -> Iterator[WordingRow]:
    """Yield the words of a case, in the author's order."""
    place = 0
    for kind, scene, response, text in _words(scenario):
        if text or kind in ("response", "option"):
            yield WordingRow(scenario.hash, kind, scene, response, place, text, folded(text))
            place += 1


def _words(scenario: Scenario) -> Iterator[tuple[str, str, str, str]]:
    for ending in scenario.endings.values():
        yield "ending", ending.id, "", ending.title
    for critical in scenario.criticals.values():
        yield "critical", critical.id, "", critical.title
    for document in scenario.documents.values():
        yield "document", "", document.id, document.title
    for scene in scenario.scenes.values():
        texts: list[Text] = [scene.text, scene.says, *(voice.says for voice in scene.voices)]
        for variant in (each for text in texts for each in text):
            yield "scene", scene.id, "", variant.say
        for response in scene.responses.values():
            yield "response", scene.id, response.id, response.text
        if scene.select is not None:
            yield "scene", scene.id, "", scene.select.prompt
            for option in scene.select.options.values():
                yield "option", scene.id, option.id, option.text
        if scene.rank is not None:
            yield "scene", scene.id, "", scene.rank.prompt
            for name, text in scene.rank.items.items():
                yield "item", scene.id, name, text
        if scene.write is not None:
            yield "scene", scene.id, "", scene.write.prompt


BOUNDS: tuple[str, ...] = tuple(f"{dimension}_{end}" for dimension in DIMENSIONS for end in ("worst", "best"))
"""The columns of a range, in its order."""
CASE_ROWS: dict[str, type[tuple[Any, ...]]] = {"cases": CaseRow, "wordings": WordingRow}
