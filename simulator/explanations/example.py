"""From the few lines that an example shows to a whole file, and what is found in it.

An example shows only what it is about. Everything else that a file needs comes from a small case, shared file or
rubric in `base`, and stands below the example, so that lines are counted as they are shown.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from importlib import resources
from pathlib import Path
from tempfile import TemporaryDirectory

from simulator.explanations.registry import Explanation, Kind, about_whole_cases
from simulator.problem import Problem

NAME = "example.yaml"
"""What the file of an example is called in messages."""
AROUND = {"t-01": "Ana Ruiz", "t-02": "Li Wei"}
"""Who is in the people file, for examples of cohort files; their cases are those of the library."""
_SECTION = re.compile(r"^(?=[a-z-]+:)", re.MULTILINE)
_KEY = re.compile(r"^([a-z-]+):", re.MULTILINE)


def whole(example: str, kind: Kind) -> str:
    """Complete an example: the top-level keys that it lacks come from the base of its kind, below it.

    Keys are found by the look of their lines, since an example of a mistake may be no YAML at all.
    """
    if kind in (Kind.FILE, Kind.PEOPLE):
        return example
    own = set(_KEY.findall(example))
    missing = (text for key, text in _base(kind).items() if key not in own)
    return example + "".join(missing)


@cache
def _base(kind: Kind) -> dict[str, str]:
    """Return the sections of a base, by their keys."""
    text = (resources.files(__package__) / "base" / f"{kind}.yaml").read_text(encoding="utf-8")
    # What stands above the first key is a comment.
    return {section.partition(":")[0]: section for section in _SECTION.split(text)[1:]}


def problems_of(explanation: Explanation, example: str) -> list[Problem]:
    """Check an example as a file of its own, with Caseload's own rubric.

    The one place where examples are tried: a code that asks for solving (`explanation.solve`) is solved here. An
    example shows only what it is about, so nothing else that is asked of whole cases is asked of it.
    """
    from simulator.check import Around, check
    from simulator.library import built_in, ids, rubric_at

    rubric = rubric_at()
    if rubric.value is None:
        return list(rubric.problems)
    with TemporaryDirectory() as folder:
        path = Path(folder) / ("people.yaml" if explanation.kind is Kind.PEOPLE else NAME)
        path.write_bytes(whole(example, explanation.kind).encode())
        around = Around(AROUND, ids((built_in(),)))
        found = check(path, rubric.value, solve=explanation.solve, around=around)
    aside = about_whole_cases() - {explanation.code}
    return [replace(each, place=replace(each.place, file=NAME)) for each in found if each.code not in aside]
