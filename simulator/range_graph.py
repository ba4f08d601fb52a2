"""The graph of one dimension: best and worst still reachable after every decision, closing in on the result.

Only where things lie is worked out here, in whole units of a drawing; how a page draws them is the page's own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from simulator.hindsight import Course
from simulator.hindsight_telling import drops_line, result, result_line

WIDTH, HEIGHT = 520, 150
"""The size of the drawing."""
LEFT, RIGHT, TOP, BOTTOM = 44, 464, 14, 114
"""Where 0 and 100 percent, the start and the last decision lie."""
MOST_TICKS = 12
"""Decisions that are named below; of more, only every so many."""


class Tick(NamedTuple):
    """A place on an axis, and what stands there."""

    at: int
    text: str


@dataclass(frozen=True, slots=True)
class RangeGraph:
    """Where everything lies."""

    dimension: str
    best: str
    """The points of the upper line, as SVG writes them."""
    worst: str
    band: str
    """The points around what lies between them."""
    percents: tuple[Tick, ...]
    decisions: tuple[Tick, ...]
    names: tuple[tuple[str, int], ...]
    """What stands at the right end of the lines, and how high."""
    right: int
    """Where the lines end."""
    about: str
    """The same in words."""


def range_graph(course: Course) -> RangeGraph | None:
    """Return the graph of a dimension; None where there is nothing to draw."""
    found = [(number, each) for number, each in enumerate(course.percents()) if each is not None]
    if not found:
        return None
    last = len(course.ranges) - 1
    upper = [(_across(number, last), _up(each.best)) for number, each in found]
    lower = [(_across(number, last), _up(each.worst)) for number, each in found]
    every = -(-last // MOST_TICKS) or 1
    numbers = range(0, last + 1, every)
    ticks = tuple(Tick(_across(number, last), f"{number}" if number else "start") for number in numbers)
    end = found[-1][1]
    if course.critical is not None or course.percent is not None:
        names: tuple[tuple[str, int], ...] = ((result(course), (_up(end.best) + _up(end.worst)) // 2),)
    else:
        names = (("best", _up(end.best)), ("worst", _up(end.worst)))
        if abs(names[0][1] - names[1][1]) < 14:
            names = (("best, worst", _up(end.best)),)
    return RangeGraph(
        course.dimension,
        _points(upper),
        _points(lower),
        _points([*upper, *reversed(lower)]),
        tuple(Tick(_up(percent), f"{percent}") for percent in (0, 50, 100)),
        ticks,
        names,
        upper[-1][0],
        _about(course),
    )


def _about(course: Course) -> str:
    drops = drops_line(course)
    told = f"{drops[0].upper()}{drops[1:]}." if drops else "No decision took anything from the best still reachable."
    shown = "Best and worst still reachable, in percent, at the start and after each decision."
    return f"{shown} {told} Result: {result_line(course)}."


def _across(number: int, last: int) -> int:
    return LEFT if last == 0 else LEFT + (RIGHT - LEFT) * number // last


def _up(percent: int) -> int:
    return BOTTOM - (BOTTOM - TOP) * percent // 100


def _points(places: list[tuple[int, int]]) -> str:
    return " ".join(f"{across},{up}" for across, up in places)
