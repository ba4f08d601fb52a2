"""The registry of codes: what `caseload explain` tells, and what the guide for authors lists.

The texts are files of YAML, grouped by what an author was doing, because somebody who writes should be able to
mend them. They are Caseload's own, so they are read without the guard that outside files go through.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Any

from simulator.problem import Severity
from simulator.text import reflow

GROUPS = ("writing", "shape", "names", "conditions", "day", "proof", "fairness", "teaching", "cohorts", "files")
"""The files of explanations, in the order in which they are listed."""
WHOLE_CASE = ("fairness", "teaching")
"""Those about a case as a whole: an example of something else shows too little of one to be judged by these."""


class Kind(StrEnum):
    """What an example is part of, and so what is added to it before it is tried."""

    CASE = "case"
    SHARED = "shared"
    """A file of shared pieces."""
    RUBRIC = "rubric"
    PEOPLE = "people"
    """A people file, which is known by its name."""
    FILE = "file"
    """A whole file already: nothing is added."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """What one code means."""

    code: str
    """As it stands in the brackets of a message, such as `unknown-key`."""
    severities: tuple[Severity, ...]
    """How much it matters: that of the example first, others where it depends on the place."""
    title: str
    """What is wrong, in a line without a full stop."""
    about: str
    """What it means, why it matters, what to do."""
    group: str
    """What an author was doing, as the title of a list."""
    kind: Kind
    """What the examples are part of."""
    bad: str
    """A few lines that give this problem; empty if there is no example."""
    good: str
    """The same written well."""
    no_example: str
    """Why there is no example, in a sentence; empty if there is one."""
    solve: bool
    """Whether it is only found by exploring where a case can lead."""

    @property
    def severity(self) -> Severity:
        """How much the example of it matters."""
        return self.severities[0]


def explanation(code: str) -> Explanation | None:
    """Return what a code means; None if there is no such code."""
    return explanations().get(code)


@cache
def about_whole_cases() -> frozenset[str]:
    """Return the codes that say something about a case as a whole."""
    return frozenset(each.code for group in WHOLE_CASE if group in GROUPS for each in _read(group))


@cache
def explanations() -> Mapping[str, Explanation]:
    """Return what every code means, by code, group after group."""
    return {each.code: each for group in GROUPS for each in _read(group)}


def _read(group: str) -> Iterator[Explanation]:
    import yaml

    text = (resources.files(__package__) / f"{group}.yaml").read_text(encoding="utf-8")
    # Whoever asks what `no-libyaml` means has only the slower one.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    found: dict[str, Any] = yaml.load(text, Loader=loader)  # noqa: S506 - both are safe
    for code, entry in found["codes"].items():
        severity = entry["severity"]
        yield Explanation(
            code=code,
            severities=tuple(Severity(each) for each in (severity if isinstance(severity, list) else [severity])),
            title=entry["title"],
            about=reflow(entry["about"]),
            group=found["title"],
            kind=Kind(entry.get("kind", Kind.CASE)),
            bad=entry.get("bad", ""),
            good=entry.get("good", ""),
            no_example=entry.get("no-example", ""),
            solve=entry.get("solve", found.get("solve", False)),
        )
