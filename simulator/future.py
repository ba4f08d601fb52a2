"""What lies ahead of a state: worth, endings, criticals that can still be kept out of.

Few futures are different, however many states there are, so each is kept once and known by its number. Where
the clock matters, a future is a row of them: from this minute on this one, from that minute on another.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from functools import reduce
from operator import or_
from typing import NamedTuple

from simulator.decidable import NOTHING, Points, plus

Row = tuple[tuple[int, int], ...]
"""Minutes, ascending from 0, and the number of the outlook from there on."""


class Outlook(NamedTuple):
    """What can still become of a session, over all plays that come to an ending."""

    low: Points
    """The least raw points that can still be gained on each dimension."""
    high: Points
    """The most."""
    endings: int = 0
    """The endings that can be reached; a bit each, in the author's order."""
    kept_out: int = 0
    """The criticals that some way to an ending does not raise."""


class Label(NamedTuple):
    """What one way on gains, from which minute to which, and how long it takes."""

    low: Points
    high: Points
    offers: int
    raised: int
    """The criticals it raises."""
    start: int
    stop: int
    """The first minute at which it is not open any more."""
    spent: int


NO_WAY = 0
"""The number of the outlook from which no ending can be reached."""


class Futures:
    """Every future that some state has, once each."""

    def __init__(self, last_minute: int) -> None:
        self.outlooks: list[Outlook | None] = [None]
        self.rows: list[Row] = [((0, NO_WAY),)]
        self._outlook: dict[Outlook, int] = {}
        self._row: dict[Row, int] = {self.rows[0]: 0}
        self._folded: dict[tuple[tuple[int, int], ...], int] = {}
        self._gained: dict[tuple[int, int], int] = {}
        self._joined: dict[tuple[tuple[int, int], ...], int] = {}
        self._last = last_minute

    def ending(self, number: int, criticals: int) -> int:
        """Return the future of an ending."""
        return self.row([(0, self._keep(Outlook(NOTHING, NOTHING, 1 << number, criticals)))])

    def row(self, runs: Iterable[tuple[int, int]]) -> int:
        """Return the number of a future, by its outlooks from minute to minute."""
        found: list[tuple[int, int]] = []
        for minute, outlook in runs:
            if not found or found[-1][1] != outlook:
                found.append((minute, outlook))
        row = tuple(found)
        number = self._row.get(row)
        if number is None:
            number = self._row[row] = len(self.rows)
            self.rows.append(row)
        return number

    def outlook_number(self, future: int, minute: int) -> int:
        """Return the number of the outlook of a future at a minute."""
        row = self.rows[future]
        if len(row) == 1:
            return row[0][1]
        return row[bisect_right(row, (min(minute, self._last), len(self.outlooks))) - 1][1]

    def fold(self, ways: tuple[tuple[int, int], ...], labels: Sequence[Label]) -> int:
        """Return the future of a state, by the labels of its ways on and the futures that they lead to."""
        known = self._folded.get(ways)
        if known is None:
            known = self._folded[ways] = self._fold(ways, labels)
        return known

    def _fold(self, ways: tuple[tuple[int, int], ...], labels: Sequence[Label]) -> int:
        cuts = {0}
        for number, future in ways:
            label = labels[number]
            if label.start:
                cuts.add(label.start)
            if label.stop <= self._last:
                cuts.add(label.stop)
            cuts.update(minute - label.spent for minute, _ in self.rows[future] if minute > label.spent)
        return self.row(
            (
                minute,
                self.join(
                    tuple(
                        [
                            (number, self.outlook_number(future, minute + labels[number].spent))
                            for number, future in ways
                            if labels[number].start <= minute < labels[number].stop
                        ]
                    ),
                    labels,
                ),
            )
            for minute in sorted(cuts)
        )

    def join(self, ways: tuple[tuple[int, int], ...], labels: Sequence[Label]) -> int:
        """Return the outlook of a moment, by the labels of its ways on and the outlooks behind them."""
        known = self._joined.get(ways)
        if known is None:
            known = self._joined[ways] = self._join(ways, labels)
        return known

    def _join(self, ways: Iterable[tuple[int, int]], labels: Sequence[Label]) -> int:
        found: set[int] = set()
        gained = self._gained
        for way in ways:
            if way[1] == NO_WAY:
                continue
            number = gained.get(way)
            if number is None:
                number = gained[way] = self._gain(labels[way[0]], self.outlooks[way[1]])
            found.add(number)
        if len(found) < 2:
            return found.pop() if found else NO_WAY
        lows, highs, endings, kept_out = zip(*[self.outlooks[number] for number in found], strict=True)
        return self._keep(
            Outlook(tuple(map(min, *lows)), tuple(map(max, *highs)), reduce(or_, endings), reduce(or_, kept_out))
        )

    def _gain(self, label: Label, behind: Outlook | None) -> int:
        """Return the number of the outlook before a way, by the one behind it."""
        assert behind is not None  # noqa: S101 - no way on is left out before
        low, high = plus(label.low, behind.low), plus(label.high, behind.high)
        return self._keep(Outlook(low, high, behind.endings, behind.kept_out & ~label.raised))

    def _keep(self, outlook: Outlook) -> int:
        number = self._outlook.get(outlook)
        if number is None:
            number = self._outlook[outlook] = len(self.outlooks)
            self.outlooks.append(outlook)
        return number
