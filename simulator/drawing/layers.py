"""Where each box stands: in the column of its phase, below everything that leads to it, near what it belongs to.

The layered drawing of Sugiyama, Tagawa and Toda (IEEE Trans. SMC 11, 1981), made small: rows by the longest path, and
in each row the order of what the neighbours stand at. Boxes stand on a grid, so that there are free streets between
all rows and all places, and `routing` can lead arrows along them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from simulator.drawing.graph import COLUMNS, ENDINGS, Graph

WIDEST = 5
"""Boxes that stand beside each other in a column; what is more goes into the next row."""
SWEEPS = 8


@dataclass(frozen=True, slots=True)
class Grid:
    """A place for each box."""

    rows: int
    places: tuple[int, ...]
    """How many places beside each other each column has; 0: nothing is in it."""
    at: Mapping[str, tuple[int, int]]
    """Row and place of each box, both from 0; places are counted through all columns."""

    def column_starts(self) -> tuple[int, ...]:
        """Return the first place of each column, and one more than the last."""
        starts = [0]
        for width in self.places:
            starts.append(starts[-1] + width)
        return tuple(starts)


def grid_of(graph: Graph) -> Grid:
    """Return a place for each box."""
    rows = [_rows(graph, column) for column in range(len(COLUMNS))]
    depth = max((len(each) for each in rows[:ENDINGS]), default=0)
    rows[ENDINGS] = _endings(graph, rows, depth)
    widths = tuple(max((len(row) for row in each), default=0) for each in rows)
    starts = [sum(widths[:column]) for column in range(len(widths))]
    place = {
        name: starts[column] + _spread(len(row), widths[column])[number]
        for column, each in enumerate(rows)
        for row in each
        for number, name in enumerate(row)
    }
    near = _neighbours(graph)
    for sweep in range(SWEEPS):
        for column, each in enumerate(rows):
            for row in each if sweep % 2 == 0 else reversed(each):
                wanted = {name: _wanted(name, near, place, starts[column], widths[column]) for name in row}
                row.sort(key=lambda name: (wanted[name], place[name]))
                for name, slot in zip(row, _fit([wanted[name] for name in row], widths[column]), strict=True):
                    place[name] = starts[column] + slot
    at = {name: (number, place[name]) for each in rows for number, row in enumerate(each) for name in row}
    return Grid(max((len(each) for each in rows), default=0), widths, at)


def _rows(graph: Graph, column: int) -> list[list[str]]:
    """Put the boxes of a column below what leads to them."""
    inside = [box.id for box in graph.inside(column)]
    if column == ENDINGS:
        return [[name] for name in inside]
    known = set(inside)
    before: dict[str, list[str]] = {name: [] for name in inside}
    after: dict[str, list[str]] = {name: [] for name in inside}
    for arrow in graph.arrows:
        if not arrow.back and arrow.source in known and arrow.target in known and arrow.source != arrow.target:
            before[arrow.target].append(arrow.source)
            after[arrow.source].append(arrow.target)
    row: dict[str, int] = {}
    full: dict[int, int] = {}
    left = {name: len(before[name]) for name in inside}
    ready = [name for name in inside if not left[name]]
    while ready:
        name = ready.pop(0)
        number = max((row[each] + 1 for each in before[name]), default=0)
        while full.get(number, 0) >= WIDEST:
            number += 1
        row[name] = number
        full[number] = full.get(number, 0) + 1
        for each in after[name]:
            left[each] -= 1
            if not left[each]:
                ready.append(each)
    rows: list[list[str]] = [[] for _ in range(max(row.values(), default=-1) + 1)]
    for name in inside:
        rows[row[name]].append(name)
    return rows


def _endings(graph: Graph, rows: Sequence[Sequence[Sequence[str]]], depth: int) -> list[list[str]]:
    """Put endings below each other, near what leads to them."""
    row_of = {name: number for each in rows[:ENDINGS] for number, row in enumerate(each) for name in row}
    from_rows: dict[str, list[int]] = {box.id: [] for box in graph.inside(ENDINGS)}
    for arrow in graph.arrows:
        if arrow.target in from_rows and arrow.source in row_of:
            from_rows[arrow.target].append(row_of[arrow.source])
    names = sorted(from_rows, key=lambda name: sum(from_rows[name]) / max(1, len(from_rows[name])))
    every = [row for each in from_rows.values() for row in each]
    middle = round(sum(every) / len(every)) if every else 0
    first = max(0, min(middle + 1 - len(names) // 2, depth - len(names)))
    return [[] for _ in range(first)] + [[name] for name in names]


def _neighbours(graph: Graph) -> dict[str, list[str]]:
    near: dict[str, list[str]] = {name: [] for name in graph.boxes}
    for arrow in graph.arrows:
        near[arrow.source].append(arrow.target)
        near[arrow.target].append(arrow.source)
    return near


def _spread(count: int, width: int) -> list[int]:
    """Return places for so many boxes in the middle of a column."""
    first = (width - count) // 2
    return list(range(first, first + count))


def _wanted(name: str, near: Mapping[str, list[str]], place: Mapping[str, int], start: int, width: int) -> float:
    """Return the place within its column at which a box would be nearest to its neighbours."""
    within = [min(max(place[each] - start, -1), width) for each in near[name] if each != name]
    return sum(within) / len(within) if within else (width - 1) / 2


def _fit(wanted: Sequence[float], width: int) -> list[int]:
    """Return rising places that are as near as can be to those that are wanted."""
    count = len(wanted)
    best: list[tuple[float, list[int]]] = [(0.0, [])] * (width + 1)
    for number, want in enumerate(wanted):
        fresh: list[tuple[float, list[int]]] = [(float("inf"), [])] * (width + 1)
        for slot in range(number, width - (count - number) + 1):
            cost, slots = best[slot]
            with_it = (cost + (slot - want) ** 2, [*slots, slot])
            fresh[slot + 1] = min(fresh[slot], with_it, key=lambda each: each[0])
        # The least for all that end before a place.
        for slot in range(1, width + 1):
            fresh[slot] = min(fresh[slot], fresh[slot - 1], key=lambda each: each[0])
        best = fresh
    return best[width][1]
