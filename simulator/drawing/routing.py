"""Which way each arrow takes: along the streets between rows and between places, so that it never runs through a box.

An arrow leaves a box at its foot and comes in at the top of another. Between them it follows the street below the
first, one street across if need be, and the street above the second. Those that share a stretch of street run beside
each other; which runs where is tried out until none can change places with its neighbour and cross fewer others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from simulator.drawing.graph import Arrow, Graph
from simulator.drawing.layers import Grid

BOX_WIDTH = 178
BOX_HEIGHT = 70
APART = 10
"""Between two arrows that run beside each other."""
MARGIN = 13
"""Between a box and the nearest arrow of a street."""
GUTTER = 34
"""Between two columns, besides the arrows."""
EDGE = 20
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Placed:
    """Where everything is."""

    width: float
    height: float
    boxes: Mapping[str, Point]
    """The upper left corner of each."""
    ways: Mapping[tuple[str, str], tuple[Point, ...]]
    """The corners of each arrow's way, by what it leads from and to."""
    columns: tuple[tuple[float, float], ...]
    """From where to where each column reaches; the same twice: nothing is in it."""


@dataclass
class _Stretch:
    """A part of an arrow's way, along one street."""

    arrow: Arrow
    low: float
    high: float
    turns: list[tuple[float, int]]
    """Where it turns off, and to which side: -1 to the lower tracks, 1 to the higher."""
    track: int = 0


@dataclass
class _Way:
    """How one arrow runs."""

    arrow: Arrow
    out: int
    """The street across that it comes out to: the one above the row of that number."""
    into: int
    along: int | None
    """The street down or up; None: it needs none."""
    foot: float = 0.0
    top: float = 0.0
    straight: bool = False
    first: _Stretch | None = None
    down: _Stretch | None = None
    last: _Stretch | None = None


def placed(graph: Graph, grid: Grid, above: float) -> Placed:
    """Lead every arrow from box to box; `above` is the room kept at the top."""
    return _Router(graph, grid).placed(above)


@dataclass
class _Router:
    graph: Graph
    grid: Grid
    ways: list[_Way] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._slots = sum(self.grid.places)
        self._starts = self.grid.column_starts()
        self._busy: dict[int, list[tuple[int, int]]] = {}
        """The stretches that are taken in each street down, by streets across."""
        self._first_track: list[float] = []
        """Where the first arrow of each street down runs."""

    def placed(self, above: float) -> Placed:
        """Lead every arrow."""
        for arrow in sorted(self.graph.arrows, key=self._length):
            self.ways.append(self._way(arrow))
        downs = self._downs()
        x = self._across(downs)
        self._ports(x)
        levels, tops, height = self._levels(above)
        boxes = {name: (x[place], tops[row]) for name, (row, place) in self.grid.at.items()}
        ways = {(way.arrow.source, way.arrow.target): self._corners(way, levels, boxes) for way in self.ways}
        columns = tuple(
            (x[first] - MARGIN, x[last - 1] + BOX_WIDTH + MARGIN) if last > first else (x[first], x[first])
            for first, last in pairwise(self._starts)
        )
        return Placed(x[self._slots] - MARGIN + EDGE, height, boxes, ways, columns)

    def _length(self, arrow: Arrow) -> int:
        (row, place), (to_row, to_place) = self.grid.at[arrow.source], self.grid.at[arrow.target]
        return abs(to_row - row - 1) + abs(to_place - place)

    def _way(self, arrow: Arrow) -> _Way:
        (row, place), (to_row, to_place) = self.grid.at[arrow.source], self.grid.at[arrow.target]
        out, into = row + 1, to_row
        if out == into:
            return _Way(arrow, out, into, None, straight=place == to_place)
        low, high = sorted((out, into))
        gutters = set(self._starts)

        def cost(street: int) -> float:
            crowd = sum(1 for a, b in self._busy.get(street, ()) if a <= high and low <= b)
            away = abs(street - 0.5 - place) + abs(street - 0.5 - to_place)
            return away + 0.16 * crowd - (0.1 if street in gutters else 0)

        best = min(range(self._slots + 1), key=cost)
        self._busy.setdefault(best, []).append((low, high))
        return _Way(arrow, out, into, best)

    # -- streets down ---------------------------------------------------------------------------

    def _downs(self) -> dict[int, list[_Stretch]]:
        """Give every arrow that runs down or up a track in its street."""
        downs: dict[int, list[_Stretch]] = {}
        for way in self.ways:
            if way.along is None:
                continue
            place, to_place = self.grid.at[way.arrow.source][1], self.grid.at[way.arrow.target][1]
            turns = [(float(way.out), _side(place, way.along)), (float(way.into), _side(to_place, way.along))]
            low, high = sorted((way.out, way.into))
            way.down = _Stretch(way.arrow, low, high, turns)
            downs.setdefault(way.along, []).append(way.down)
        for stretches in downs.values():
            _share(stretches, 0)
        return downs

    def _across(self, downs: Mapping[int, Sequence[_Stretch]]) -> list[float]:
        """Return where each place begins, and where the one after the last would; streets lie between them."""
        x, places = float(EDGE), []
        for slot in range(self._slots + 1):
            gutter = GUTTER if slot in self._starts and 0 < slot < self._slots else 0
            self._first_track.append(x + gutter / 2 + MARGIN)
            x += gutter + 2 * MARGIN + max(0, _tracks(downs.get(slot, ())) - 1) * APART
            places.append(x)
            x += BOX_WIDTH
        return places

    # -- where arrows leave and come in -----------------------------------------------------------

    def _street_x(self, street: int, track: int) -> float:
        return self._first_track[street] + track * APART

    def _ports(self, x: Sequence[float]) -> None:
        """Choose where each arrow leaves its box and comes in, so that none lies on another."""
        leaving: dict[str, list[_Way]] = {}
        coming: dict[str, list[_Way]] = {}
        for way in self.ways:
            leaving.setdefault(way.arrow.source, []).append(way)
            coming.setdefault(way.arrow.target, []).append(way)

        def middle(name: str) -> float:
            return x[self.grid.at[name][1]] + BOX_WIDTH / 2

        def toward(way: _Way, other: str) -> float:
            if way.along is None or way.down is None:
                return middle(other)
            return self._street_x(way.along, way.down.track)

        feet: dict[tuple[int, int], list[float]] = {}
        for name, ways in leaving.items():
            ways.sort(key=lambda way: (toward(way, way.arrow.target), way.into))
            row, place = self.grid.at[name]
            for way, at in zip(ways, _along(middle(name), len(ways)), strict=True):
                way.foot = at
                feet.setdefault((row + 1, place), []).append(at)
        for name, ways in coming.items():
            ways.sort(key=lambda way: (toward(way, way.arrow.source), -way.out))
            row, place = self.grid.at[name]
            taken = feet.get((row, place), [])
            straight = next((way for way in ways if way.straight), None)
            wanted = _along(middle(name), len(ways))
            # What comes in from above should run on straight, and must not lie on what leaves there.
            shifts = [0.0, 6.0, -6.0, 3.0, -3.0]
            if straight is not None:
                shifts.insert(0, straight.foot - wanted[ways.index(straight)])
            room = BOX_WIDTH / 2 - 6 - (wanted[-1] - middle(name))
            shifts = [shift for shift in shifts if abs(shift) <= room]
            aside = min(shifts, key=lambda shift: _on_each_other([at + shift for at in wanted], ways, taken))
            for way, at in zip(ways, wanted, strict=True):
                way.top = at + aside
            if straight is not None:
                others = [way.top for way in ways if way is not straight]
                straight.straight = all(abs(straight.foot - each) >= 2 * _TOUCH for each in others)
                straight.top = straight.foot if straight.straight else straight.top

    # -- streets across ---------------------------------------------------------------------------

    def _levels(self, above: float) -> tuple[list[float], list[float], float]:
        """Return where the first arrow of each street across runs, where each row begins, and where all ends."""
        streets: dict[int, list[_Stretch]] = {}
        for way in self.ways:
            if way.straight:
                continue
            if way.along is None or way.down is None:
                way.first = _stretch(way.arrow, (way.foot, -1), (way.top, 1))
                streets.setdefault(way.out, []).append(way.first)
                continue
            along = self._street_x(way.along, way.down.track)
            downward = 1 if way.into > way.out else -1
            way.first = _stretch(way.arrow, (way.foot, -1), (along, downward))
            way.last = _stretch(way.arrow, (along, -downward), (way.top, 1))
            streets.setdefault(way.out, []).append(way.first)
            streets.setdefault(way.into, []).append(way.last)
        for stretches in streets.values():
            _share(stretches)
        y, levels, tops = above, [], []
        for street in range(self.grid.rows + 1):
            levels.append(y + MARGIN)
            y += 2 * MARGIN + max(0, _tracks(streets.get(street, ())) - 1) * APART
            tops.append(y)
            y += BOX_HEIGHT
        return levels, tops, y - BOX_HEIGHT

    def _corners(self, way: _Way, levels: Sequence[float], boxes: Mapping[str, Point]) -> tuple[Point, ...]:
        begin = (way.foot, boxes[way.arrow.source][1] + BOX_HEIGHT)
        end = (way.top, boxes[way.arrow.target][1])
        if way.first is None:
            return begin, end
        first = levels[way.out] + way.first.track * APART
        if way.last is None or way.along is None or way.down is None:
            return begin, (way.foot, first), (way.top, first), end
        along = self._street_x(way.along, way.down.track)
        last = levels[way.into] + way.last.track * APART
        return begin, (way.foot, first), (along, first), (along, last), (way.top, last), end


def _stretch(arrow: Arrow, *turns: tuple[float, int]) -> _Stretch:
    ends = [at for at, _ in turns]
    return _Stretch(arrow, min(ends), max(ends), list(turns))


def _side(place: int, street: int) -> int:
    """Return to which side of a street a place lies."""
    return 1 if place >= street else -1


def _tracks(stretches: Sequence[_Stretch]) -> int:
    return 1 + max((each.track for each in stretches), default=-1)


def _along(middle: float, count: int) -> list[float]:
    """Return where so many arrows leave a box, beside each other."""
    step = min(15.0, (BOX_WIDTH - 28) / max(1, count - 1))
    return [middle + (number - (count - 1) / 2) * step for number in range(count)]


_TOUCH = 4
"""Pixels: stretches that are no further from each other than this do not share a track."""


def _on_each_other(tops: Sequence[float], ways: Sequence[_Way], feet: Sequence[float]) -> int:
    """Count the places at which what comes in would lie on what leaves above it; its own way does not count."""
    pairs = ((way, top, foot) for way, top in zip(ways, tops, strict=True) for foot in feet)
    return sum(abs(top - foot) < _TOUCH and not (way.straight and way.foot == foot) for way, top, foot in pairs)


_ON_EACH_OTHER = 100
"""What it counts, in crossings, that two arrows would lie on each other where they turn."""


def _share(stretches: Sequence[_Stretch], touch: float = _TOUCH) -> None:
    """Give the stretches in a street their tracks: few of them, and so that they cross each other little.

    `touch` is how near two may come on one track; 0 where they are told by rows, and not by pixels.
    """
    tracks: list[list[_Stretch]] = []
    for stretch in sorted(stretches, key=lambda each: (each.low, each.high)):
        for track in tracks:
            if all(stretch.low > other.high + touch or other.low > stretch.high + touch for other in track):
                track.append(stretch)
                break
        else:
            tracks.append([stretch])
    changed = True
    while changed:
        changed = False
        for number in range(len(tracks) - 1):
            one, other = tracks[number : number + 2]
            if _crossings(other, one, touch) < _crossings(one, other, touch):
                tracks[number : number + 2] = other, one
                changed = True
    for number, track in enumerate(tracks):
        for stretch in track:
            stretch.track = number


def _crossings(one: Sequence[_Stretch], other: Sequence[_Stretch], touch: float) -> int:
    """Count what crosses if the first track comes before the second."""
    count = 0
    for before in one:
        for after in other:
            count += sum(side > 0 and after.low < at < after.high for at, side in before.turns)
            count += sum(side < 0 and before.low < at < before.high for at, side in after.turns)
            count += _ON_EACH_OTHER * sum(
                side > 0 > turned and abs(at - where) < touch
                for at, side in before.turns
                for where, turned in after.turns
            )
    return count
