"""An old session under a corrected case or rubric: what it would have been marked, beside what it was.

A journal keeps what was decided, not what it was worth, so a correction can be tried on everything that was
ever played. It is only ever a comparison: nothing is written, and what was told to a trainee stays true.
"""

from __future__ import annotations

from dataclasses import dataclass

from scoring.rubric import DIMENSIONS, Mark, Rubric
from scoring.scorecard import Scorecard, score
from simulator.archive import Logged
from simulator.hindsight import Hindsight, NotProven, Solved
from simulator.hindsight_telling import looked_back, result
from simulator.scenario import Scenario
from simulator.session import NotOffered, Session, start
from simulator.text import one_line
from simulator.transcript import moments

BEFORE = "before the first decision"


class OtherCase(ValueError):
    """A session cannot be scored by this case: it is not the one that was played. The text says so."""


@dataclass(frozen=True, slots=True)
class Scored:
    """A session by one version of its case and one rubric."""

    session: Session
    rubric: Rubric
    card: Scorecard
    back: Hindsight | NotProven | None
    """What it was worth against what the case made possible; None where nobody asked."""

    def result(self, dimension: str) -> str:
        """Say what a dimension came to, in percent where that is known, else in points."""
        profile = self.card.profiles[dimension]
        if isinstance(self.back, Hindsight):
            return result(self.back.courses[dimension])
        return "critical" if profile.critical else f"{profile.raw:+} points"


@dataclass(frozen=True, slots=True)
class Change:
    """A decision that is marked otherwise by the correction."""

    number: int
    """The decision, from 1; 0 for what held before anything was decided."""
    what: str
    """What was done, as it was worded when it was played."""
    lost: tuple[Mark, ...]
    """Marks that are no longer given."""
    gained: tuple[Mark, ...]
    """Marks that were not given then."""
    criticals_lost: tuple[str, ...]
    """Criticals, by id, that are no longer raised."""
    criticals_gained: tuple[str, ...]
    """Criticals, by id, that were not raised then."""


@dataclass(frozen=True, slots=True)
class Rescored:
    """One session, as it was scored and as it would be."""

    logged: Logged
    then: Scored
    now: Scored
    changes: tuple[Change, ...]
    stopped: int = 0
    """The decision that the corrected case does not offer any more, so that nothing after it is scored; 0: all are."""
    why: str = ""
    """Why it stopped there, in a sentence."""

    @property
    def same(self) -> bool:
        """Whether the correction changes nothing about this session."""
        alike = all(self.then.result(name) == self.now.result(name) for name in DIMENSIONS)
        return alike and not self.changes and not self.stopped


def rescore(
    logged: Logged, scenario: Scenario, rubric: Rubric, then: Solved | None = None, now: Solved | None = None
) -> Rescored:
    """Replay a session on another version of its case, or by another rubric, as far as its decisions fit.

    `then` and `now` know what the case as played, and the corrected one, make possible; None: nobody asks.

    Raises:
        OtherCase: the scenario has another id than the one that was played.
    """
    if scenario.id != logged.scenario.id:
        raise OtherCase(f"session {logged.id} was played at `{logged.scenario.id}`, not at `{scenario.id}`")
    session, stopped, why = start(scenario, logged.recorded.header.seed), 0, ""
    for number, event in enumerate(logged.session.events, 1):
        try:
            session = session.act(event)
        except NotOffered as error:
            stopped, why = number, one_line(f"Decision {number} does not fit the corrected case: {error}.", 400)
            break
    return Rescored(
        logged,
        _scored(logged.session, logged.rubric, then),
        _scored(session, rubric, now),
        _changes(logged.session, session),
        stopped,
        why,
    )


def _scored(session: Session, rubric: Rubric, solved: Solved | None) -> Scored:
    return Scored(session, rubric, score(rubric, session.decisions), looked_back(session, rubric, solved))


def _changes(then: Session, now: Session) -> tuple[Change, ...]:
    """Set the decisions that both have beside each other."""
    done = {moment.number: moment.what for moment in moments(then)}
    changes = []
    for number, (before, after) in enumerate(zip(then.trail, now.trail, strict=False)):
        old, new = _marks(before), _marks(after)
        lost, gained = _without(old, new), _without(new, old)
        gone = tuple(each for each in before.criticals if each not in after.criticals)
        raised = tuple(each for each in after.criticals if each not in before.criticals)
        if lost or gained or gone or raised:
            changes.append(Change(number, done.get(number, BEFORE), lost, gained, gone, raised))
    return tuple(changes)


def _marks(session: Session) -> list[Mark]:
    return [mark for award in session.awards for mark in award.marks]


def _without(some: list[Mark], others: list[Mark]) -> tuple[Mark, ...]:
    """Return the marks that the others do not have, each as often as it is missing there."""
    left, missing = list(others), []
    for mark in some:
        if mark in left:
            left.remove(mark)
        else:
            missing.append(mark)
    return tuple(missing)
