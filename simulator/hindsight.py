"""What a session was worth against what its case made possible, and what each decision cost of that.

A number in percent means something only beside the worst and the best that could be had, and a decision only
beside the others that were open. Both come from whoever knows what lies ahead of every moment (`Foresight`);
where nobody does, nothing is guessed (`NotProven`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import NamedTuple, Protocol

from scoring.rubric import CRITICAL_DIMENSION, DIMENSIONS, Level, Rubric
from scoring.scorecard import percent
from simulator.decidable import NOTHING, Decidable, Places, Points, plus
from simulator.future import Outlook
from simulator.session import Chose, Consulted, Event, Read, Selected, Session

SERIOUS = "serious"
"""What a decision is that raised a critical, or after which one could not be avoided, whatever it cost."""
MOST_NAMED = 20
"""Of ways to pick several things, or to put things in order, no more than this are kept."""
MOST_LOOKED_AT = 20_000
"""Ways that are looked at to see whether something done first would have made a decision cost less."""


class Foresight(Protocol):
    """Knows what lies ahead of every moment of a case, in the points of its rubric."""

    def ahead(self, session: Session) -> Outlook | None:
        """Return what lies ahead of a moment; None where no ending can be reached."""


@dataclass(frozen=True, slots=True)
class NotProven:
    """Nobody knows what lies ahead: the case has not been explored to its last state."""

    why: str = ""
    """In a sentence, for people; may be empty."""


Solved = Foresight | NotProven
"""What is known of a case."""


@dataclass(frozen=True, slots=True)
class Foreseen:
    """Everything that whoever looks back on a session is told of its case."""

    ahead: Solved
    model: Session | None = None
    """One balanced way through, played; None: there is none without a critical, or nobody knows it."""


class Range(NamedTuple):
    """The raw points on one dimension with which a session can still end."""

    worst: int
    best: int


class Drop(NamedTuple):
    """A decision after which the best still reachable was less than before, both in percent."""

    number: int
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Course:
    """One dimension from the start of a session to where it stands."""

    dimension: str
    raw: int
    """Points of all marks so far."""
    ended: bool
    ranges: tuple[Range | None, ...]
    """What was still reachable at the start, then after each decision; None: no ending was."""
    critical: int | None = None
    """The decision with which a critical took the place of the number; None: none did."""

    @property
    def assessed(self) -> bool:
        """Whether the case lets anything be lost or won on this dimension."""
        return (whole := self.ranges[0]) is not None and whole.worst != whole.best

    @property
    def percent(self) -> int | None:
        """The result: 0 for the worst that the case makes possible, 100 for the best.

        None: not assessed, not at an end, or a critical stands in its place.
        """
        return self._percent(self.raw) if self.ended and self.critical is None else None

    def percents(self) -> tuple[Range | None, ...]:
        """Return what was still reachable, in percent, as long as there is a number; empty where not assessed."""
        if not self.assessed:
            return ()
        shown = self.ranges if self.critical is None else self.ranges[: self.critical]
        return tuple(each and Range(self._percent(each.worst) or 0, self._percent(each.best) or 0) for each in shown)

    def drops(self) -> tuple[Drop, ...]:
        """Return the decisions that took something from the best still reachable."""
        return tuple(
            Drop(number, before.best, after.best)
            for number, (before, after) in enumerate(pairwise(self.percents()), 1)
            if before is not None and after is not None and after.best < before.best
        )

    def _percent(self, raw: int) -> int | None:
        whole = self.ranges[0]
        return None if whole is None else percent(raw, whole.worst, whole.best)


@dataclass(frozen=True, slots=True)
class Instead:
    """One way on that was open at a decision, whether it was taken or not."""

    event: Event
    points: Points
    """What it costs on each dimension, in the order of `DIMENSIONS`."""
    cost: int
    """The largest of these, less what no way on was spared; 0: it keeps the best."""
    critical: bool
    """Whether it raises a critical, or leaves no way round one."""
    harmful: bool
    """Whether it is marked harmful, though what follows may make up for it."""
    first: bool
    """Whether it decides nothing itself, so that what it costs is what can be decided after it."""

    @property
    def keeps(self) -> bool:
        """Whether nothing would have been lost by it that could be kept, and nobody harmed on the way."""
        return self.cost == 0 and not self.critical and not self.harmful


@dataclass(frozen=True, slots=True)
class Regret:
    """What one decision cost against the best still reachable."""

    number: int
    """The decision, from 1."""
    points: Points | None
    """What it cost on each dimension, in the order of `DIMENSIONS`; None: no ending can be reached after it."""
    cost: int | None = None
    """The largest of these, less what no way on was spared: what its label says."""
    label: str = ""
    """kept, good, slip, mistake or serious; empty where there was nothing to decide, or nothing is known."""
    hard: bool = False
    """Whether it was a hard call: no way on was free on every dimension. What brings a critical is none."""
    criticals: tuple[str, ...] = ()
    """The criticals it raised."""
    sealed: tuple[str, ...] = ()
    """The criticals that could be avoided before it, and not after it."""
    ways: tuple[Instead, ...] = ()
    """What could be decided, in the author's order: every response; of picking several things and of putting
    things in order only what keeps the best, nearest to what was done. What could have been done first stands
    here only where nothing that decides keeps the best."""

    @property
    def kept_by(self) -> tuple[Instead, ...]:
        """What would have kept the best."""
        return tuple(each for each in self.ways if each.keeps)


@dataclass(frozen=True, slots=True)
class Hindsight:
    """A session, seen from where it stands."""

    courses: Mapping[str, Course]
    """One for each of `DIMENSIONS`, in their order."""
    regrets: tuple[Regret, ...]
    """One for each decision, in their order."""

    def of(self, number: int) -> Regret:
        """Return what a decision cost, by its number."""
        return self.regrets[number - 1]


def hindsight(session: Session, rubric: Rubric, outlooks: Foresight) -> Hindsight:
    """Look back on a session. `outlooks` must be in the points of the same rubric.

    Over a session that came to an ending, the regrets add up to the best of its start less what it brought.
    """
    trail = session.trail
    gains = [_gain(moment, rubric) for moment in trail]
    ahead = [outlooks.ahead(moment) for moment in trail]
    so_far = list(accumulate(gains, plus))
    critical = next((number for number, moment in enumerate(trail) if moment.criticals), None)
    courses = {
        dimension: Course(
            dimension,
            so_far[-1][index],
            session.ending is not None,
            tuple(
                outlook and Range(raw[index] + outlook.low[index], raw[index] + outlook.high[index])
                for raw, outlook in zip(so_far, ahead, strict=True)
            ),
            critical if dimension == CRITICAL_DIMENSION else None,
        )
        for index, dimension in enumerate(DIMENSIONS)
    }
    looking = _Looking(session, rubric, outlooks)
    regrets = tuple(
        looking.regret(number, before, after, outlook)
        for number, ((before, after), outlook) in enumerate(zip(pairwise(trail), ahead, strict=False), 1)
    )
    return Hindsight(courses, regrets)


class _Worst(NamedTuple):
    """How a way on compares with others: by whether it brings a critical, then by its largest regret.

    What brings a critical is no way to keep anything, so it never sets the measure while there is another.
    """

    critical: bool
    regret: int


_FREE = _Worst(critical=False, regret=0)


class _Way(NamedTuple):
    event: Event
    after: Session
    points: Points
    sealed: tuple[str, ...]
    first: bool

    @property
    def worst(self) -> _Worst:
        return _Worst(bool(self.after.criticals or self.sealed), max(self.points))


class _Looking:
    """Looks at what else could have been decided."""

    def __init__(self, session: Session, rubric: Rubric, outlooks: Foresight) -> None:
        self._machine, self._rubric, self._outlooks = session.machine, rubric, outlooks
        self._places = Places(session.machine)
        self._decidable: dict[int, Decidable] = {}

    def regret(self, number: int, before: Session, after: Session, outlook: Outlook | None) -> Regret:
        """Return what a decision cost."""
        criticals = after.criticals
        taken = outlook and self._way(before, after, outlook)
        if outlook is None or taken is None:
            return Regret(number, None, label=SERIOUS if criticals else "", criticals=criticals)
        ways = list(self._ways(before, outlook))
        worsts = {way.event: way.worst for way in ways if not way.first}
        worsts[taken.event] = self._least(after, outlook) if taken.first else taken.worst
        if min(worsts.values()) != _FREE:
            # What can be put off is not spared for that: what is done first counts as what can be decided after it.
            for way in ways:
                if way.first and way.event not in worsts:
                    worsts[way.event] = self._least(way.after, outlook)
        measure = min(worsts.values())
        cost = max(0, worsts[taken.event].regret - measure.regret)
        deciding = sum(not way.first for way in ways)
        nothing_to_decide = len(ways) == 1 or (cost == 0 and deciding == 1 and not taken.first)
        label = "" if nothing_to_decide else self._rubric.labels.label(cost)
        return Regret(
            number,
            taken.points,
            cost,
            SERIOUS if criticals or taken.sealed else label,
            hard=measure != _FREE and len(ways) > 1 and not (taken.first or taken.worst.critical),
            criticals=criticals,
            sealed=taken.sealed,
            ways=self._instead(taken, ways, worsts, measure.regret),
        )

    def _instead(
        self, taken: _Way, ways: list[_Way], worsts: Mapping[Event, _Worst], spared: int
    ) -> tuple[Instead, ...]:
        found = [
            Instead(
                way.event,
                way.points,
                max(0, worsts[way.event].regret - spared),
                worsts[way.event].critical,
                any(mark.level is Level.HARMFUL for award in way.after.awards for mark in award.marks),
                way.first,
            )
            for way in ways
            if way.event in worsts
        ]
        deciding = [each for each in found if not each.first]
        first = [each for each in found if each.first]
        if not all(isinstance(each.event, Chose) for each in deciding):
            deciding = [each for each in deciding if each.keeps]
            deciding.sort(key=lambda each: _distance(each.event, taken.event))
            del deciding[MOST_NAMED:]
        return tuple(deciding if any(each.keeps for each in deciding) else [*deciding, *first])

    def _ways(self, moment: Session, outlook: Outlook) -> Iterator[_Way]:
        """Yield what can be decided at a moment and leads to an ending, with what it costs against an outlook."""
        at = moment.state.at
        decidable = self._decidable.get(at)
        if decidable is None:
            node = self._machine.nodes[at]
            decidable = self._decidable[at] = Decidable(self._machine, self._rubric, node, self._places)
        for each in decidable.every(moment.state.bits):
            way = self._way(moment, moment.act(each.event), outlook)
            if way is not None:
                yield way

    def _way(self, before: Session, after: Session, outlook: Outlook) -> _Way | None:
        """Return what a step costs against an outlook; None where no ending can be reached after it."""
        ahead = self._outlooks.ahead(after)
        if ahead is None:
            return None
        still = plus(_gain(after, self._rubric), ahead.high)
        points = tuple([could - can for could, can in zip(outlook.high, still, strict=True)])
        gone = outlook.kept_out & ~ahead.kept_out
        names = self._machine.scenario.criticals
        sealed = tuple(name for number, name in enumerate(names) if gone >> number & 1 and name not in after.criticals)
        return _Way(after.events[-1], after, points, sealed, _puts_off(before, after))

    def _least(self, moment: Session, outlook: Outlook) -> _Worst:
        """Return the least that has to be paid for what is decided from here on, whatever is done first."""
        least: _Worst | None = None
        waiting, seen, looked_at = [moment], {moment.state}, 0
        for each in waiting:
            for way in self._ways(each, outlook):
                looked_at += 1
                if not way.first:
                    least = way.worst if least is None else min(least, way.worst)
                elif way.after.state not in seen:
                    seen.add(way.after.state)
                    waiting.append(way.after)
            if least == _FREE or looked_at > MOST_LOOKED_AT:
                break
        assert least is not None  # noqa: S101 - an ending can be reached from here, so something decides
        return least


def _puts_off(before: Session, after: Session) -> bool:
    """Whether the last thing done left everything to be decided that was to be decided before."""
    return isinstance(after.events[-1], Read | Consulted) and after.state.at == before.state.at


def _gain(moment: Session, rubric: Rubric) -> Points:
    if not moment.awards:
        return NOTHING
    return rubric.points_of(tuple(mark for award in moment.awards for mark in award.marks))


def _distance(one: Event, other: Event) -> int:
    """Return how many things were picked differently."""
    if isinstance(one, Selected) and isinstance(other, Selected):
        return len({*one.options} ^ {*other.options})
    return 0
