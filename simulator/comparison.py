"""Attempts at one case side by side: where they part, where they meet again, what each way was marked.

Decisions are matched by the author's ids of scenes and responses, which stay when a case is edited; so two
attempts can be compared even if they were played at different versions of it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from difflib import SequenceMatcher
from itertools import groupby

from simulator.archive import Logged
from simulator.hindsight import Hindsight, NotProven, Regret, Solved
from simulator.hindsight_telling import looked_back
from simulator.transcript import Moment, moments

MOST_ATTEMPTS = 6
"""More side by side than anybody can read."""
_BESIDES = frozenset(("text", "confidence"))
"""What an event holds besides the decision."""
Sides = tuple[Moment | None, ...]
"""One decision of each attempt, or None where that attempt has none to set beside the others."""
Solve = Callable[[Logged], Solved | None]
"""Knows what the case of an attempt made possible, as it was when it was played; None where nobody asks."""


class NotComparable(ValueError):
    """These sessions are not attempts of one person at one case; the text says why."""


@dataclass(frozen=True, slots=True)
class Row:
    """Decisions that stand beside each other."""

    sides: Sides
    """One for each attempt."""
    same: bool
    """Whether everybody decided the same here, in the same words, and it was marked the same."""

    @property
    def met(self) -> bool:
        """Whether every attempt came to this scene here, whatever was decided."""
        return all(side is not None for side in self.sides)

    @property
    def one(self) -> Moment:
        """The decision of the first attempt that has one here."""
        return next(side for side in self.sides if side is not None)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Rows in which the attempts go together, or in which they do not."""

    rows: tuple[Row, ...]
    same: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """Attempts of one person at one case, side by side."""

    attempts: tuple[Logged, ...]
    rows: tuple[Row, ...]
    backs: tuple[Hindsight | NotProven | None, ...]
    """What each attempt was worth, or why nobody knows; None where nobody asked."""

    @property
    def edited(self) -> bool:
        """Whether the attempts were played at different versions of the case."""
        return len({each.scenario.hash for each in self.attempts}) > 1

    @property
    def rubric_changed(self) -> bool:
        """Whether the attempts were marked by different rubrics."""
        return len({each.rubric.hash for each in self.attempts}) > 1

    @property
    def stretches(self) -> tuple[Stretch, ...]:
        """The rows, parted where the attempts part and where they meet again."""
        return tuple(Stretch(tuple(rows), same) for same, rows in groupby(self.rows, key=lambda row: row.same))

    def regrets(self, row: Row) -> tuple[Regret | None, ...]:
        """Return what each decision of a row cost; None where there is no decision, or nothing is known."""
        return tuple(
            back.of(side.number) if side is not None and isinstance(back, Hindsight) else None
            for side, back in zip(row.sides, self.backs, strict=True)
        )


def compare(attempts: Sequence[Logged]) -> Comparison:
    """Set attempts side by side, in the order they are given.

    Raises:
        NotComparable: they are not two to `MOST_ATTEMPTS` sessions of one person at one case.
    """
    if len({each.id for each in attempts}) < max(2, len(attempts)):
        raise NotComparable("it takes two different sessions to compare")
    if len(attempts) > MOST_ATTEMPTS:
        raise NotComparable(f"at most {MOST_ATTEMPTS} sessions fit side by side")
    cases = list(dict.fromkeys(each.scenario.id for each in attempts))
    if len(cases) > 1:
        raise NotComparable(f"these are attempts at different cases: {', '.join(cases)}")
    if len({each.person for each in attempts}) > 1:
        raise NotComparable("these are sessions of different people; only attempts of one person are compared")
    told = [moments(each.session) for each in attempts]
    rows = tuple(Row(sides, _same(sides)) for sides in _aligned(told))
    return Comparison(tuple(attempts), rows, (None,) * len(attempts))


def measured(comparison: Comparison, solve: Solve) -> Comparison:
    """Look back on every attempt, each against what the version of the case that it was played with made possible.

    `solve` may take long: it is asked once for each version, of the case and of the rubric.
    """
    known: dict[tuple[str, str], Solved | None] = {}
    backs = []
    for logged in comparison.attempts:
        version = (logged.scenario.hash, logged.rubric.hash)
        if version not in known:
            known[version] = solve(logged)
        backs.append(looked_back(logged.session, logged.rubric, known[version]))
    return replace(comparison, backs=tuple(backs))


def around(moment: Moment) -> str:
    """Return what a decision was an answer to: what was said, or else what was told."""
    before = moment.session
    return f"{moment.person}: {before.speech}" if before.speech else before.narration


# -- aligning -------------------------------------------------------------------------------------


def _aligned(sides: Sequence[Sequence[Moment]]) -> Iterator[Sides]:
    """Yield decisions beside each other: the first side's in order, and between them what only others have."""
    first = next((number for number, side in enumerate(sides) if side), None)
    if first is None:
        return
    base = sides[first]
    beside = [[moment if number == first else None for number in range(len(sides))] for moment in base]
    between: list[list[list[Moment]]] = [[[] for _ in sides] for _ in range(len(base) + 1)]
    for number, side in enumerate(sides):
        if number == first:
            continue
        gap = 0
        for one, other in _pairs(base, side):
            if one is None and other is not None:
                between[gap][number].append(side[other])
            elif one is not None:
                beside[one][number] = None if other is None else side[other]
                gap = one + 1
    for gap, others in enumerate(between):
        # Without the first side, so this ends.
        yield from _aligned(others)
        if gap < len(base):
            yield tuple(beside[gap])


def _pairs(one: Sequence[Moment], other: Sequence[Moment]) -> Iterator[tuple[int | None, int | None]]:
    """Match two attempts: first by what was decided, then, in between, by the scene it was decided in."""
    matcher = SequenceMatcher(
        None, [_decided(each) for each in one], [_decided(each) for each in other], autojunk=False
    )
    for tag, low, high, from_, to in matcher.get_opcodes():
        if tag == "equal":
            yield from zip(range(low, high), range(from_, to), strict=True)
            continue
        scenes = SequenceMatcher(
            None, [_place(each) for each in one[low:high]], [_place(each) for each in other[from_:to]], autojunk=False
        )
        for within, start, stop, from_start, from_stop in scenes.get_opcodes():
            if within == "equal":
                yield from zip(
                    range(low + start, low + stop), range(from_ + from_start, from_ + from_stop), strict=True
                )
            else:
                yield from ((number, None) for number in range(low + start, low + stop))
                yield from ((None, number) for number in range(from_ + from_start, from_ + from_stop))


def _decided(moment: Moment) -> Hashable:
    """Return what was decided, and where, by the author's ids; not what was written, nor how sure somebody was."""
    names = (each.name for each in fields(moment.event) if each.name not in _BESIDES)
    return (*_place(moment), *(getattr(moment.event, name) for name in names))


def _place(moment: Moment) -> tuple[Hashable, ...]:
    """Return the scene, and the kind of decision: reading a paper stands beside no answer to a client."""
    return (moment.event.scene, type(moment.event).__name__)


def _same(sides: Sides) -> bool:
    first, *others = sides
    return first is not None and all(other is not None and _content(other) == _content(first) for other in others)


def _content(moment: Moment) -> tuple[object, ...]:
    """Return everything of a decision that a reader would see."""
    criticals = tuple(each.id for each in moment.criticals)
    return (_decided(moment), moment.what, moment.written, moment.awards, criticals)
