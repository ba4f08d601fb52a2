"""A path through the library: which cases somebody new meets in the first week, the first month and the first season.

What to play first is a judgement of whoever teaches, and so it is data and no code: a file `path.yaml` in a folder of
the library names cases in their order, each with a sentence on what it practises. Caseload brings one. An agency may
have its own beside its own cases: what that says comes first, and what it does not name stays where Caseload has it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from simulator.builder import STAGES
from simulator.fields import Fields, Node, suggest
from simulator.loader import Loaded, built
from simulator.problem import Problem, Severity
from simulator.source import Source, read

FILE = "path.yaml"
"""What the file is called, in every folder of the library."""
LARGEST_PATH = 256 * 1024
"""Bytes of such a file."""
MOST_SUGGESTED = 5
"""Problems of one file for which the nearest id is looked up."""
PATH_KEYS = ("path", "stages")
STAGE_KEYS = ("about", "cases")

_PATH: Final = re.compile(r"^path[ \t]*:", re.MULTILINE)
_SCENARIO: Final = re.compile(r"^scenario[ \t]*:", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Stage:
    """A time in the job, and the cases that fit it."""

    id: str
    """One of `STAGES`."""
    about: str
    """What it is about, in a sentence."""
    cases: Mapping[str, str]
    """What each case practises, in a sentence, by the case's id and in their order."""

    @property
    def title(self) -> str:
        """The stage in words: `First week`."""
        return stage_title(self.id)


@dataclass(frozen=True, slots=True)
class LearningPath:
    """Stages in the order of `STAGES`; one of which nothing is said is not there."""

    stages: tuple[Stage, ...] = ()

    @property
    def cases(self) -> tuple[str, ...]:
        """The ids of all cases, first to last."""
        return tuple(case for stage in self.stages for case in stage.cases)

    def stage_of(self, case: str) -> Stage | None:
        """Return the stage in which a case stands; None if it stands in none."""
        return next((stage for stage in self.stages if case in stage.cases), None)

    def practises(self, case: str) -> str:
        """Return what a case practises; empty if the path does not name it."""
        stage = self.stage_of(case)
        return stage.cases[case] if stage is not None else ""

    def missing(self, known: Collection[str]) -> tuple[str, ...]:
        """Return the cases that it names and that are not among these."""
        return tuple(case for case in self.cases if case not in known)

    def in_order(self, cases: Iterable[str]) -> list[str]:
        """Return cases in the order of the path; those that it does not name come last, as they were."""
        place = {case: number for number, case in enumerate(self.cases)}
        return sorted(cases, key=lambda case: place.get(case, len(place)))


NO_PATH = LearningPath()
"""Nobody has said what comes first."""


def stage_title(stage: str) -> str:
    """Return a stage in words: `First week`."""
    return stage.replace("-", " ").capitalize()


def is_path(text: str) -> bool:
    """Whether a file is a path and no case, by the look of its top."""
    return bool(_PATH.search(text)) and not _SCENARIO.search(text)


def path_from(source: Source, cases: Collection[str] | None = None) -> Loaded[LearningPath]:
    """Load a path from text that has been read already; its ids are looked up among `cases`, if these are given."""
    return built(source, lambda fields, root: _path(fields, root, cases))


def load(folders: Sequence[Path]) -> tuple[LearningPath, list[Problem]]:
    """Bring together the paths of the library's folders, of which the first is Caseload's own.

    What somebody's own folders say comes before, and each case stands where it is named first. A file with errors is
    left out; what is wrong in any of them is returned as well.
    """
    found: list[LearningPath] = []
    problems: list[Problem] = []
    for folder in (*folders[1:], *folders[:1]):
        file = folder / FILE
        if not os.path.isfile(file):  # noqa: PTH113 - pathlib raises where this account may not look
            continue
        source = read(file, LARGEST_PATH)
        if isinstance(source, Problem):
            problems.append(source)
        elif is_path(source.text):
            loaded = path_from(source)
            problems.extend(loaded.problems)
            found += [loaded.value] if loaded.value is not None else []
    return _together(found), problems


def _together(paths: Sequence[LearningPath]) -> LearningPath:
    stages: dict[str, Stage] = {}
    seen: set[str] = set()
    for path in paths:
        for stage in path.stages:
            before = stages.get(stage.id, Stage(stage.id, "", {}))
            new = {case: said for case, said in stage.cases.items() if case not in seen}
            seen |= set(new)
            stages[stage.id] = Stage(stage.id, before.about or stage.about, {**before.cases, **new})
    return LearningPath(tuple(stages[name] for name in STAGES if name in stages))


def _path(fields: Fields, root: Node, known: Collection[str] | None) -> LearningPath:
    top = fields.known(root, "a path", PATH_KEYS, PATH_KEYS)
    name = fields.scalar(top["path"], "the path's id") if "path" in top else None
    if name is not None:
        fields.good_id(top["path"], name)
    entries = fields.known(top["stages"], "`stages:`", STAGES) if "stages" in top else {}
    return LearningPath(tuple(_stages(fields, entries, known)))


def _stages(fields: Fields, entries: Mapping[str, Node], known: Collection[str] | None) -> Iterator[Stage]:
    """Yield stages in the order of `STAGES`, whatever order they stand in."""
    first: dict[str, int] = {}
    suggested = 0
    for name in STAGES:
        if name not in entries:
            continue
        stage = fields.known(entries[name], f"`{name}:`", STAGE_KEYS, STAGE_KEYS)
        cases = {}
        for case, (key, value) in fields.ids(stage.get("cases"), "cases").items():
            if case in first:
                where = f"first at line {first[case]}; a case is met in one stage"
                fields.report("duplicate-id", key, f"`{case}` stands in this path already", where)
                continue
            first[case] = key.start_mark.line + 1
            cases[case] = fields.line(value, f"what `{case}` practises")
            if known is not None and case not in known:
                suggested += 1
                _not_there(fields, key, case, known if suggested <= MOST_SUGGESTED else ())
        yield Stage(name, fields.line(stage.get("about"), f"what `{name}` is about"), cases)


def _not_there(fields: Fields, key: Node, case: str, known: Collection[str]) -> None:
    """Warn of a case that is not there. The others can be met all the same, so it is no error."""
    hint = suggest(case, known, few=0) or "put the case into a folder of the library, or take it out of the path"
    fields.report("not-in-library", key, f"the library has no case `{case}`", hint, Severity.WARNING)
