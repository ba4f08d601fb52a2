"""The reviewed result: what a session is worth with one supervisor's overrides and ratings, beside the original.

It is a result of its own for each supervisor; nobody overwrites the case's marks, nor anybody else's. An override
changes what the case could have given as well, so its range is found anew: the case is explored with just those
marks changed. A rating adds what its indicator could have been worth, from the worst level to the best.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import NamedTuple

from scoring.rubric import DIMENSIONS, Mark, Rubric, dimension_of
from scoring.scorecard import Award, Scorecard, percent, score
from simulator.review.events import Judgement, Override, Rating
from simulator.review.judged import rated, standing
from simulator.scenario import MarkRule, Outcome, Scenario
from simulator.session import Session

Points = tuple[int, ...]
Spans = Callable[[Scenario, Rubric], tuple[Points, Points] | None]
"""Finds the least and the most raw points of a whole play of a case; None where that is not proven."""


@dataclass(frozen=True, slots=True)
class Worth:
    """What one dimension came to."""

    raw: int
    """Points of all marks, and of all ratings."""
    low: int | None
    """The worst that was possible; None: not proven."""
    high: int | None
    ended: bool
    critical: bool
    """Whether a critical stands in the place of the number."""

    @property
    def percent(self) -> int | None:
        """From 0 for the worst to 100 for the best; None: critical, not proven, not at an end, or not assessed."""
        if self.critical or not self.ended or self.low is None or self.high is None:
            return None
        return percent(self.raw, self.low, self.high)

    def __str__(self) -> str:
        if self.critical:
            return "critical"
        if self.low is None or not self.ended:
            return f"{self.raw:+} points"
        return "not assessed" if self.percent is None else f"{self.percent} of 100"


@dataclass(frozen=True, slots=True)
class Beside:
    """One dimension as the case marked it, and as a supervisor sees it."""

    dimension: str
    original: Worth
    reviewed: Worth

    @property
    def differs(self) -> bool:
        """Whether anything was changed on it."""
        return self.original != self.reviewed


@dataclass(frozen=True, slots=True)
class Reviewed:
    """One supervisor's result of a session."""

    reviewer: str
    """The id of the supervisor."""
    dimensions: Mapping[str, Beside]
    """One for each of `DIMENSIONS`, in their order."""
    overrides: tuple[Override, ...]
    """Those that are about a mark which was given."""
    ratings: tuple[Rating, ...]
    """Those of what was written."""
    proven: bool
    """Whether both ranges are known; else there are raw points only."""

    @property
    def signed(self) -> bool:
        """Whether the trainee sees all of what it is made of."""
        return all(each.signed for each in self.overrides) and all(each.signed for each in self.ratings)


def not_looked(_scenario: Scenario, _rubric: Rubric) -> None:
    """Find no range: raw points are all that is told then."""


def results(session: Session, rubric: Rubric, judgement: Judgement, spans: Spans) -> tuple[Reviewed, ...]:
    """Return the reviewed result of each supervisor who overrode or rated something that is there."""
    found = (reviewed(session, rubric, judgement.of(each), each, spans) for each in judgement.reviewers)
    return tuple(each for each in found if each.overrides or each.ratings)


def reviewed(session: Session, rubric: Rubric, judgement: Judgement, reviewer: str, spans: Spans) -> Reviewed:
    """Return what a session is worth with what one supervisor says of it."""
    overrides = standing(session, judgement.overrides)
    ratings = rated(session, judgement.ratings)
    original = score(rubric, session.decisions)
    derived = overridden(session, overrides)
    before = spans(session.scenario, rubric)
    after = before if derived is session.scenario else spans(derived, rubric)
    least, most = min(rubric.points.values()), max(rubric.points.values())
    dimensions = {}
    for index, dimension in enumerate(DIMENSIONS):
        rates = [each for each in ratings if dimension_of(each.indicator) == dimension]
        gained = sum(rubric.points[each.level] for each in rates) + _difference(overrides, dimension, rubric)
        was = _worth(session, original, dimension, before, index)
        dimensions[dimension] = Beside(
            dimension,
            was,
            replace(
                was,
                raw=was.raw + gained,
                low=None if after is None else after[0][index] + least * len(rates),
                high=None if after is None else after[1][index] + most * len(rates),
            ),
        )
    return Reviewed(reviewer, dimensions, overrides, ratings, before is not None and after is not None)


def _worth(session: Session, card: Scorecard, dimension: str, span: tuple[Points, Points] | None, index: int) -> Worth:
    profile = card.profiles[dimension]
    low, high = (None, None) if span is None else (span[0][index], span[1][index])
    return Worth(profile.raw, low, high, session.ending is not None, profile.critical)


def _difference(overrides: Iterable[Override], dimension: str, rubric: Rubric) -> int:
    """Return the points that overrides add on a dimension."""
    return sum(
        (0 if each.now is None else rubric.points[each.now]) - rubric.points[each.was]
        for each in overrides
        if dimension_of(each.indicator) == dimension
    )


# -- the case with other marks ----------------------------------------------------------------------


class Place(NamedTuple):
    """Where in a case the marks stand that were given together."""

    where: str
    """The scene or ending."""
    kind: str
    """response, option, left (out), pair or outcome."""
    name: str
    """The response or option; empty for a pair and an outcome."""
    rule: int
    """Which of its rules, which pair, or which outcome."""


def overridden(session: Session, overrides: Iterable[Override]) -> Scenario:
    """Return the case of a session with the marks changed that were overridden, and only those.

    Of marks that depend on a condition, only the rule that gave them is changed. Without overrides it is the case.
    """
    trail = session.trail
    changed: dict[Place, tuple[Mark, ...]] = {}
    for each in overrides:
        given = trail[each.number].awards[each.award]
        place = place_of(session, given)
        changed[place] = _changed(changed.get(place, given.marks), each)
    if not changed:
        return session.scenario
    return _derived(session.scenario, changed)


def _changed(marks: Iterable[Mark], override: Override) -> tuple[Mark, ...]:
    now = () if override.now is None else (Mark(override.indicator, override.now),)
    return tuple(
        new
        for mark in marks
        for new in (now if mark == Mark(override.indicator, override.was) else (mark,))
    )  # fmt: skip


def place_of(session: Session, given: Award) -> Place:
    """Return where in the case of a session an award stands that the session was given."""
    machine = session.machine
    if given.where in session.scenario.tasks:
        return Place(given.where, "task", "", 0)
    node = machine.nodes[machine.number[given.where]]
    if not given.response:
        # Two outcomes may say the same; which one it was, only the award itself tells.
        index = next(number for number, (_, _, award) in enumerate(node.outcomes) if award is given)
        return Place(given.where, "outcome", "", index)
    for kind, moves in (("response", node.moves), ("option", node.options), ("left", node.left)):
        move = moves.get(given.response)
        for number, (_, awards) in enumerate(move.rules if move is not None else ()):
            if any(award is given for award in awards):
                return Place(given.where, kind, given.response, number)
    rank = session.scenario.scenes[given.where].rank
    pairs = rank.pairs if rank is not None else ()
    index = next(place for place, pair in enumerate(pairs) if f"{pair.first} before {pair.second}" == given.response)
    return Place(given.where, "pair", "", index)


def _derived(scenario: Scenario, changed: Mapping[Place, tuple[Mark, ...]]) -> Scenario:
    scenes, endings, tasks = dict(scenario.scenes), dict(scenario.endings), dict(scenario.tasks)
    for place, marks in changed.items():
        if place.kind == "task":
            task = tasks[place.where]
            undone = replace(task.undone, marks=marks) if task.undone is not None else None
            tasks[place.where] = replace(task, undone=undone)
            continue
        if place.where in endings:
            ending = endings[place.where]
            endings[place.where] = replace(ending, outcomes=_outcomes(ending.outcomes, place.rule, marks))
            continue
        scene = scenes[place.where]
        if place.kind == "outcome":
            scene = replace(scene, outcomes=_outcomes(scene.outcomes, place.rule, marks))
        elif place.kind == "response":
            response = scene.responses[place.name]
            response = replace(response, marks=_rules(response.marks, place.rule, marks))
            scene = replace(scene, responses={**scene.responses, place.name: response})
        elif place.kind == "pair" and scene.rank is not None:
            pairs = list(scene.rank.pairs)
            pairs[place.rule] = replace(pairs[place.rule], marks=marks)
            scene = replace(scene, rank=replace(scene.rank, pairs=tuple(pairs)))
        elif scene.select is not None:
            option = scene.select.options[place.name]
            if place.kind == "option":
                option = replace(option, marks=_rules(option.marks, place.rule, marks))
            else:
                option = replace(option, left=_rules(option.left, place.rule, marks))
            select = replace(scene.select, options={**scene.select.options, place.name: option})
            scene = replace(scene, select=select)
        scenes[place.where] = scene
    return replace(scenario, scenes=scenes, endings=endings, tasks=tasks, hash=_hash(scenario, changed))


def _rules(rules: tuple[MarkRule, ...], index: int, marks: tuple[Mark, ...]) -> tuple[MarkRule, ...]:
    return tuple(replace(rule, marks=marks) if number == index else rule for number, rule in enumerate(rules))


def _outcomes(outcomes: tuple[Outcome, ...], index: int, marks: tuple[Mark, ...]) -> tuple[Outcome, ...]:
    return tuple(replace(each, marks=marks) if number == index else each for number, each in enumerate(outcomes))


def _hash(scenario: Scenario, changed: Mapping[Place, tuple[Mark, ...]]) -> str:
    """Name the content of a case with other marks; a case that has no name keeps having none."""
    if not scenario.hash:
        return ""
    told = sorted((place, [str(mark) for mark in marks]) for place, marks in changed.items())
    return sha256(json.dumps([scenario.hash, told]).encode()).hexdigest()
