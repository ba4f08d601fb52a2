"""From marks to a scorecard: a pure fold that keeps its evidence.

Three profiles stand side by side and are never added up. There is no result in percent of what a case
makes possible: that needs every reachable state of the case. What there is, is the raw evidence, and how
much of what was on offer on the way was taken.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from scoring.offer import Offer
from scoring.rubric import CRITICAL_DIMENSION, DIMENSIONS, Level, Mark, Rubric, dimension_of


@dataclass(frozen=True, slots=True)
class Award:
    """Marks that were given together, why, and for what."""

    marks: tuple[Mark, ...]
    why: str
    where: str
    """The scene or ending; or the task, for work that was not done in time."""
    response: str = ""
    """The response they were given for; empty: for an outcome, something that was or was not done."""


@dataclass(frozen=True, slots=True)
class Decision:
    """One thing the trainee did, and what it brought."""

    number: int
    """Its place in the session, from 1; 0 for what held before anything was decided."""
    awards: tuple[Award, ...] = ()
    criticals: tuple[str, ...] = ()
    taken: tuple[Mark, ...] = ()
    """The marks of what was decided, without those of outcomes that it led past."""
    offer: Offer | None = None
    """What could have been decided, and its marks; None where nothing was on offer."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One mark, and where it was given."""

    number: int
    """The decision it was given at."""
    mark: Mark
    award: Award


@dataclass(frozen=True, slots=True)
class Profile:
    """What was seen on one dimension."""

    dimension: str
    evidence: tuple[Evidence, ...]
    raw: int
    """Points of all marks together."""
    quality: int | None
    """Opportunity quality: the share, in percent, of what was on offer at the decisions that were met,
    between always taking the least and always taking the most. None: nothing was at stake."""
    critical: bool = False
    """Whether a critical takes the place of its number."""

    def counts(self) -> dict[Level, int]:
        """Return how often each level was seen, worst first."""
        return {level: sum(each.mark.level is level for each in self.evidence) for level in Level}

    def by_indicator(self) -> dict[str, tuple[Evidence, ...]]:
        """Return the evidence on each indicator that was marked, in the order it was first met."""
        found: dict[str, tuple[Evidence, ...]] = {}
        for each in self.evidence:
            found[each.mark.indicator] = (*found.get(each.mark.indicator, ()), each)
        return found


@dataclass(frozen=True, slots=True)
class Raised:
    """A critical, and the decision it was raised at."""

    number: int
    critical: str


@dataclass(frozen=True, slots=True)
class Scorecard:
    """What one session showed."""

    profiles: Mapping[str, Profile]
    """One for each of `DIMENSIONS`, in their order."""
    criticals: tuple[Raised, ...]


def score(rubric: Rubric, decisions: Iterable[Decision]) -> Scorecard:
    """Fold what a trainee did into a scorecard."""
    met = tuple(decisions)
    evidence = tuple(
        Evidence(decision.number, mark, award) for decision in met for award in decision.awards for mark in award.marks
    )
    criticals = tuple(Raised(decision.number, each) for decision in met for each in decision.criticals)
    qualities = _qualities(rubric, met)
    profiles = {}
    for dimension, quality in zip(DIMENSIONS, qualities, strict=True):
        seen = tuple(each for each in evidence if dimension_of(each.mark.indicator) == dimension)
        profiles[dimension] = Profile(
            dimension,
            seen,
            raw=sum(rubric.points[each.mark.level] for each in seen),
            quality=quality,
            critical=bool(criticals) and dimension == CRITICAL_DIMENSION,
        )
    return Scorecard(profiles, criticals)


def _qualities(rubric: Rubric, decisions: Iterable[Decision]) -> list[int | None]:
    """Return the opportunity quality of each dimension."""
    raw, worst, best = [0, 0, 0], [0, 0, 0], [0, 0, 0]
    for decision in decisions:
        if decision.offer is None or not decision.offer.open:
            continue
        taken = rubric.points_of(decision.taken)
        for index, (low, high) in enumerate(decision.offer.spans(rubric)):
            raw[index] += taken[index]
            worst[index] += low
            best[index] += high
    return [percent(*each) for each in zip(raw, worst, best, strict=True)]


def percent(raw: int, worst: int, best: int) -> int | None:
    """Return where `raw` lies between `worst` and `best`, in whole percent; None where they are equal."""
    span = best - worst
    # Whole numbers all the way, halves rounded up: the same on every platform.
    return None if span == 0 else (200 * (raw - worst) + span) // (2 * span)
