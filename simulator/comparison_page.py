"""Attempts side by side as one HTML page, to be mailed, printed and talked about: it needs nothing but itself.

The page is `comparison.html`; its graphs, its marks and its styles are those of a session's own page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from scoring.rubric import DIMENSIONS, Rubric
from scoring.scorecard import Scorecard
from simulator.comparison import Comparison, Row, Stretch
from simulator.comparison_telling import (
    comparison_notes,
    cues,
    letter,
    results_notes,
    results_of,
    same_label,
    together_line,
)
from simulator.hindsight import Course, Hindsight
from simulator.hindsight_telling import label_line
from simulator.listing import again, state
from simulator.page import graphs, in_percent, rendered
from simulator.people import People
from simulator.range_graph import RangeGraph
from simulator.report import when
from simulator.transcript import Moment
from simulator.wording import ASSERTED, DISCLAIMER, profile_line


@dataclass(frozen=True, slots=True)
class _Side:
    """One attempt."""

    letter: str
    facts: list[tuple[str, str]]
    criticals: list[str]
    card: Scorecard
    rubric: Rubric
    results: Mapping[str, str]
    """By dimension, in words; empty where nobody asked."""
    courses: Mapping[str, Course]
    """By dimension; empty where nothing is known."""
    graphs: Mapping[str, RangeGraph]
    """By dimension, where there is something to draw."""
    reachable: list[list[str]]


@dataclass(frozen=True, slots=True)
class _Cell:
    """One decision beside others."""

    moment: Moment | None
    cost: str


@dataclass(frozen=True, slots=True)
class _Line:
    """Decisions that stand beside each other."""

    one: Moment
    cue: str
    label: str
    cells: list[_Cell]


@dataclass(frozen=True, slots=True)
class _Part:
    """A stretch with its heading."""

    heading: str
    same: bool
    rows: list[_Line]


def comparison_page(comparison: Comparison, people: People) -> str:
    """Write attempts as a page: what each came to, how that came about, then their decisions side by side."""
    attempts = comparison.attempts
    sides = [_side(comparison, number) for number in range(len(attempts))]
    return rendered(
        "comparison.html",
        comparison=comparison,
        title=attempts[0].scenario.title,
        name=people.name(attempts[0].person),
        noun="Sessions" if any(each.again for each in attempts) else "Attempts",
        sides=sides,
        measured=any(side.results for side in sides),
        profiles=list(sides[0].card.profiles),
        dimensions=[name for name in DIMENSIONS if any(name in side.graphs for side in sides)],
        notes=comparison_notes(comparison),
        results_notes=results_notes(comparison),
        parts=_parts(comparison),
        never_part=bool(comparison.rows) and all(row.same for row in comparison.rows),
        profile_line=profile_line,
        disclaimer=DISCLAIMER,
        asserted=ASSERTED,
    )


def _side(comparison: Comparison, number: int) -> _Side:
    logged, back = comparison.attempts[number], comparison.backs[number]
    courses = back.courses if isinstance(back, Hindsight) else {}
    raised = [(logged.scenario.criticals[each.critical].title, each.number) for each in logged.scorecard.criticals]
    ending = "Ending" if logged.over and not logged.trouble else "State"
    facts = [
        ("Session", logged.id),
        ("Played", when(logged.recorded.started)),
        ("Version", logged.scenario.version),
        ("Begun", again(logged)),
        (ending, state(logged)),
    ]
    return _Side(
        letter(number),
        [(label, fact) for label, fact in facts if fact],
        [f"Critical: {title}, decision {decision}" for title, decision in raised],
        logged.scorecard,
        logged.rubric,
        results_of(comparison, number),
        courses,
        {graph.dimension: graph for graph in graphs(courses)},
        in_percent(courses),
    )


def _parts(comparison: Comparison) -> list[_Part]:
    parts = []
    parted = False
    for stretch in comparison.stretches:
        if stretch.same:
            heading = together_line(comparison, stretch.rows, again=parted)
        else:
            heading = "They part again" if parted else "Here they part"
            parted = True
        parts.append(_Part(heading.rstrip("."), stretch.same, _lines(comparison, stretch)))
    return parts


def _lines(comparison: Comparison, stretch: Stretch) -> list[_Line]:
    return [_line(comparison, row, cue) for row, cue in zip(stretch.rows, cues(stretch.rows), strict=True)]


def _line(comparison: Comparison, row: Row, cue: str) -> _Line:
    regrets = comparison.regrets(row)
    cells = [_Cell(side, label_line(regret) if regret else "") for side, regret in zip(row.sides, regrets, strict=True)]
    return _Line(row.one, cue, same_label(regrets) if row.same else "", cells)
