"""Which indicators cases mark: as text for whoever puts a course together, and as JSON for tools."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import fill

from scoring.rubric import DIMENSIONS, Level, Rubric, dimension_of
from simulator.scenario import Scenario
from simulator.teaching.marked import Marked, marked
from simulator.wording import counted

WIDTH = 80
RATED = "written"
"""The heading of things to write that a supervisor may rate on an indicator."""
_HEADINGS = (*(level.value for level in Level), RATED)
_GAP = 3


def indicators_text(cases: Sequence[Scenario], rubric: Rubric) -> str:
    """Return a table of each case, and of several what none of them marks."""
    return "\n".join(_lines(cases, rubric))


def indicators_json(cases: Sequence[Scenario], rubric: Rubric) -> list[dict[str, object]]:
    """Return the same for tools; every indicator of the rubric is there, in its order."""
    return [
        {
            "scenario": case.id,
            "version": case.version,
            "indicators": [
                {"indicator": each.indicator, **dict(zip(_HEADINGS, (*each.levels, each.written), strict=True))}
                for each in marked(case, rubric)
            ],
        }
        for case in cases
    ]


def _lines(cases: Sequence[Scenario], rubric: Rubric) -> Iterator[str]:
    left = dict.fromkeys(rubric.indicators)
    wide = max(len(name) for name in rubric.indicators) + 2
    for number, case in enumerate(cases):
        found = marked(case, rubric)
        for each in found:
            if each.counts:
                left.pop(each.indicator, None)
        yield from ([""] if number else [])
        yield f"{case.title} ({case.id} {case.version})"
        yield " " * wide + _columns(_HEADINGS)
        for dimension in DIMENSIONS:
            yield from _rows([each for each in found if dimension_of(each.indicator) == dimension], wide)
        lacking = [each.indicator for each in found if not each.counts]
        yield from _named("Marked nowhere in it", lacking)
    if len(cases) > 1:
        yield ""
        yield from _named(f"Marked in none of these {counted(len(cases), 'case')}", list(left))


def _rows(found: Sequence[Marked], wide: int) -> Iterator[str]:
    """Tell the indicators of a dimension that are marked or rated."""
    for each in found:
        if each.counts:
            numbers = (*each.levels, each.written)
            yield f"  {each.indicator:<{wide - 2}}" + _columns([str(number or "-") for number in numbers])


def _columns(texts: Sequence[str]) -> str:
    return "".join(f"{text:>{len(heading) + _GAP}}" for text, heading in zip(texts, _HEADINGS, strict=True))


def _named(what: str, names: Sequence[str]) -> Iterator[str]:
    yield fill(f"{what}: {', '.join(names) or 'nothing'}", WIDTH, subsequent_indent="  ", break_on_hyphens=False)
