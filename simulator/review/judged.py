"""What of a session can be judged: the marks that can be overridden, the written text that can be rated.

A review names decisions, marks and indicators; only the session says which there are. Whoever judges is told here
what is possible instead, and what a review says about nothing is left out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from scoring.rubric import Level, Mark, Rubric
from scoring.scorecard import Award
from simulator.review.events import Judgement, Override, Rating
from simulator.session import Session, Wrote
from simulator.text import LONGEST_NOTE, clean


def must_fit(text: str) -> None:
    """Refuse what is too long to be kept whole, before any of it is; raises NotPossible."""
    if (length := len(clean(text).strip())) > LONGEST_NOTE:
        raise NotPossible(f"that has {length:,} characters, and {LONGEST_NOTE:,} are kept at most; say it in fewer")


class NotPossible(ValueError):
    """A session has nothing there to be judged; its text says what it has."""


@dataclass(frozen=True, slots=True)
class Marked:
    """One mark that a session was given, and its place."""

    number: int
    """The decision, from 1; 0: before anything was decided."""
    award: int
    """Which of the decision's awards, from 0."""
    mark: Mark
    given: Award

    @property
    def place(self) -> str:
        """How people name it: `3`, or where a decision has several awards `3.2` for the second."""
        return f"{self.number}.{self.award + 1}"


def marks_of(session: Session, number: int) -> tuple[Marked, ...]:
    """Return the marks that a decision was given; none where there is no such decision."""
    trail = session.trail
    if not 0 <= number < len(trail):
        return ()
    return _marks(trail[number].awards, number)


def _marks(awards: Iterable[Award], number: int) -> tuple[Marked, ...]:
    return tuple(Marked(number, place, mark, award) for place, award in enumerate(awards) for mark in award.marks)


def mark_meant(session: Session, number: int, indicator: str, award: int | None = None) -> Marked:
    """Return the mark that is to be overridden.

    Raises:
        NotPossible: there is none, or there are several and it was not said which.
    """
    last = len(session.events)
    if not 0 <= number <= last:
        raise NotPossible(f"there is no decision {number}; this session has 1 to {last}")
    marks = marks_of(session, number)
    if not marks:
        where = [str(place) for place in range(last + 1) if marks_of(session, place)]
        has = f"; there are marks at {', '.join(where)}" if where else "; no decision of this session has any"
        raise NotPossible(f"decision {number} has no marks{has}")
    found = [each for each in marks if each.mark.indicator == indicator and award in (None, each.award)]
    if len(found) == 1:
        return found[0]
    if found:
        ways = "; ".join(f"{each.place} ({each.mark.level}{_for(each.given)})" for each in found)
        raise NotPossible(f"decision {number} has several marks on {indicator}; say which: {ways}")
    listed = "; ".join(f"{each.place} {each.mark}{_for(each.given)}" for each in marks)
    raise NotPossible(f"decision {number} has no mark on {indicator}; it has {listed}")


def _for(award: Award) -> str:
    return f", for `{award.response}`" if award.response else ""


def standing(session: Session, overrides: Iterable[Override]) -> tuple[Override, ...]:
    """Return the overrides of marks that the session was really given; one that is about nothing changes nothing."""
    trail = session.trail
    return tuple(each for each in overrides if each.number < len(trail) and _fits(trail[each.number], each))


def _fits(moment: Session, override: Override) -> bool:
    if override.award >= len(moment.awards):
        return False
    return Mark(override.indicator, override.was) in moment.awards[override.award].marks


def rated_on(session: Session, number: int) -> tuple[str, ...]:
    """Return the indicators on which what was written at a decision can be rated; none where nothing was written."""
    if not 1 <= number <= len(session.events):
        return ()
    event = session.events[number - 1]
    write = session.scenario.scenes[event.scene].write if isinstance(event, Wrote) else None
    return write.rated_on if write is not None else ()


def must_be_rated_on(session: Session, number: int, indicator: str) -> None:
    """Make sure that what was written at a decision can be rated on an indicator; raises NotPossible."""
    possible = rated_on(session, number)
    if indicator in possible:
        return
    if possible:
        raise NotPossible(
            f"what was written at decision {number} is rated on {', '.join(possible)}, not on {indicator}"
        )
    written = [place for place in range(1, len(session.events) + 1) if rated_on(session, place)]
    if not written:
        raise NotPossible("nothing in this session can be rated; marks can be overridden")
    has = "; ".join(f"{place} ({', '.join(rated_on(session, place))})" for place in written)
    raise NotPossible(f"nothing to be rated was written at decision {number}; what can be rated: {has}")


def rated(session: Session, ratings: Iterable[Rating]) -> tuple[Rating, ...]:
    """Return the ratings of what was really written, on indicators that its scene names."""
    return tuple(each for each in ratings if each.indicator in rated_on(session, each.number))


def fitting(session: Session, judgement: Judgement) -> Judgement:
    """Return what was said without what is about no mark that was given, and no text that was written."""
    overrides, ratings = standing(session, judgement.overrides), rated(session, judgement.ratings)
    return replace(judgement, overrides=overrides, ratings=ratings)


def to_rate(session: Session, ratings: Iterable[Rating] = ()) -> tuple[int, ...]:
    """Return the decisions that wrote something which is there to be rated and which nobody has rated yet."""
    done = {each.number for each in rated(session, ratings)}
    return tuple(
        number
        for number, event in enumerate(session.events, 1)
        if isinstance(event, Wrote) and event.text and rated_on(session, number) and number not in done
    )


def level_meant(rubric: Rubric, indicator: str, word: str) -> Level:
    """Return the level that a word names; raises NotPossible with what each level of the indicator looks like."""
    for level in Level:
        if word.strip().casefold() == level.value:
            return level
    known = rubric.indicators.get(indicator)
    anchors = [f"{level}: {known.anchors[level]}" if known else level.value for level in reversed(Level)]
    raise NotPossible(f"there is no level `{word}`; there are\n  " + "\n  ".join(anchors))
