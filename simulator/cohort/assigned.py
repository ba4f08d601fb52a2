"""What is assigned to somebody, how far they are with it, and so what a session they begin now is for.

All of it is worked out from what was played and what cohort files say; nothing is kept. So it comes out the same on
every machine that has the same journals and the same cohort files, and offline as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from simulator import journal
from simulator.archive import Archive, Logged
from simulator.chain import ChainError
from simulator.cohort.cohort_file import Assignment, Cohort
from simulator.journal import ASSIGNED, PRACTICE
from simulator.review.events import still_sent_back
from simulator.review.reading import reviews_of
from simulator.settings import Home


class State(StrEnum):
    """How far somebody is with what is assigned to them."""

    NOT_BEGUN = "not begun"
    UNFINISHED = "unfinished"
    SENT_BACK = "sent back"
    """The last finished attempt was sent back, so another one is wanted."""
    FINISHED = "finished"


@dataclass(frozen=True, slots=True)
class Tried:
    """What of a session decides what it counts for."""

    session: str
    person: str
    scenario: str
    started: str
    """UTC, ISO 8601."""
    finished: str
    """When its last decision was made; empty where it is not over."""
    purpose: str = ""
    """As its journal says."""
    again: bool = False
    """Whether it was begun again from a decision of another."""
    sent_back: bool = False
    """Whether its reviewers sent it back, and nobody signed it off since."""

    @property
    def over(self) -> bool:
        """Whether it came to an ending."""
        return bool(self.finished)

    def counts(self, begins: date | None) -> bool:
        """Whether it is an attempt at what a cohort that begins then assigns.

        What was begun where nobody knew of the cohort counts from the day on which the cohort begins.
        """
        if self.again or self.purpose == PRACTICE or (begins is None and self.purpose != ASSIGNED):
            return False
        return begins is None or self.started[:10] >= begins.isoformat()


@dataclass(frozen=True, slots=True)
class Assigned:
    """One case that is assigned to somebody, and how far they are with it."""

    person: str
    """Their id."""
    cohort: Cohort
    assignment: Assignment
    state: State
    session: str = ""
    """The id of the attempt that the state is about; empty where there is none."""
    overdue: bool = False
    """Whether the day has passed, and nothing has been finished yet."""

    @property
    def case(self) -> str:
        """The case's id."""
        return self.assignment.case

    @property
    def due(self) -> date:
        """The last day on which it is in time."""
        return self.assignment.due

    @property
    def feedback(self) -> str:
        """When marks are to be shown; empty: as the trainee likes."""
        return self.assignment.feedback

    @property
    def confidence(self) -> bool | None:
        """Whether it is to be asked how sure one is; None: as the trainee likes."""
        return self.assignment.confidence

    @property
    def open(self) -> bool:
        """Whether an attempt that begins now is the assigned one."""
        return self.state is not State.FINISHED


def assignments_of(
    person: str, cohorts: Iterable[Cohort], sessions: Iterable[Tried], today: date
) -> tuple[Assigned, ...]:
    """Return what is assigned to somebody, each case once: what is open first, and of that what is due first."""
    mine = [each for each in sessions if each.person == person]
    found: dict[str, Assigned] = {}
    for cohort in cohorts:
        for assignment in cohort.of(person):
            tried = [each for each in mine if each.scenario == assignment.case and each.counts(cohort.begins)]
            each = _assigned(person, cohort, assignment, tried, today)
            before = found.get(assignment.case)
            if before is None or _order(each) < _order(before):
                found[assignment.case] = each
    return tuple(sorted(found.values(), key=_order))


def _order(assigned: Assigned) -> tuple[bool, date, str]:
    return (not assigned.open, assigned.due, assigned.case)


def _assigned(person: str, cohort: Cohort, assignment: Assignment, tried: Sequence[Tried], today: date) -> Assigned:
    finished = max((each for each in tried if each.over), key=lambda each: (each.finished, each.session), default=None)
    late = assignment.due < today
    if finished is not None and not finished.sent_back:
        return Assigned(person, cohort, assignment, State.FINISHED, finished.session)
    begun = max((each for each in tried if not each.over), key=lambda each: (each.started, each.session), default=None)
    if begun is not None and (finished is None or begun.started > finished.finished):
        return Assigned(person, cohort, assignment, State.UNFINISHED, begun.session, late and finished is None)
    if finished is not None:
        return Assigned(person, cohort, assignment, State.SENT_BACK, finished.session)
    return Assigned(person, cohort, assignment, State.NOT_BEGUN, overdue=late)


def open_assignment(
    person: str, case: str, cohorts: Iterable[Cohort], sessions: Iterable[Tried], today: date
) -> Assigned | None:
    """Return the assignment that an attempt at a case would be for if it began now; None if it would be for none."""
    found = assignments_of(person, cohorts, sessions, today)
    return next((each for each in found if each.case == case and each.open), None)


def purpose_of(person: str, case: str, cohorts: Iterable[Cohort], sessions: Iterable[Tried]) -> str:
    """Return what a session of a case is for that somebody begins now: `assigned`, `practice`, or nobody said."""
    known = [each for each in cohorts if person in each.people]
    if not known:
        return ""
    return ASSIGNED if open_assignment(person, case, known, sessions, date.min) else PRACTICE


def tried(where: Home, rows: Iterable[object]) -> list[Tried]:
    """Return what of some sessions decides what they count for; those that are damaged count for nothing."""
    return [_tried(where, row) for row in rows if isinstance(row, Logged) and not row.trouble]


def tried_at(archive: Archive, person: str, case: str) -> list[Tried]:
    """Return somebody's sessions of one case. Journals of others are hardly looked at, so that this takes no time."""
    found = []
    for path in archive.paths():
        try:
            if journal.may_name(path, person, case):
                recorded = journal.read(path)
                if (recorded.header.person, recorded.header.scenario) == (person, case):
                    found.append(archive.replay(recorded))
        except (ChainError, OSError):
            # Lists say what cannot be read; here it counts for nothing.
            continue
    return tried(archive.where, found)


def _tried(where: Home, logged: Logged) -> Tried:
    recorded = logged.recorded
    decided = [record.time for record in recorded.records if record.event is not None]
    finished = (decided[-1] if decided else recorded.started) if logged.over else ""
    return Tried(
        logged.id,
        logged.person,
        recorded.header.scenario,
        recorded.started,
        finished,
        logged.purpose,
        logged.again is not None,
        still_sent_back(reviews_of(where, logged.id)),
    )


@dataclass(frozen=True, slots=True)
class Terms:
    """What an attempt at a case is for, and how it is played, if somebody begins it now."""

    purpose: str = ""
    """`assigned` or `practice`; empty where no cohort names them."""
    feedback: str = "end"
    """When marks are shown."""
    confidence: bool = False
    """Whether it is asked how sure one is."""
    assigned: Assigned | None = None
    """The assignment it is for."""

    @property
    def feedback_is_given(self) -> bool:
        """Whether the assignment says when marks are shown."""
        return self.assigned is not None and bool(self.assigned.feedback)

    @property
    def confidence_is_given(self) -> bool:
        """Whether the assignment says if it is asked how sure one is."""
        return self.assigned is not None and self.assigned.confidence is not None


def terms_of(
    archive: Archive,
    cohorts: Iterable[Cohort],
    person: str,
    case: str,
    *,
    feedback: str,
    confidence: bool,
    today: date,
) -> Terms:
    """Return what an attempt would be for that somebody begins now, and how it is played.

    `feedback` and `confidence` are what the trainee likes; what the assignment says about them comes before that.
    """
    known = [each for each in cohorts if person in each.people]
    if not known:
        return Terms("", feedback, confidence)
    found = open_assignment(person, case, known, tried_at(archive, person, case), today)
    if found is None:
        return Terms(PRACTICE, feedback, confidence)
    asks = confidence if found.confidence is None else found.confidence
    return Terms(ASSIGNED, found.feedback or feedback, asks, found)


def due_line(assigned: Assigned) -> str:
    """Say shortly how it stands with what is assigned: `assigned, due 2027-03-31`."""
    if assigned.overdue:
        return f"assigned, overdue since {assigned.due}"
    if assigned.state is State.SENT_BACK:
        return "assigned, sent back to be played once more"
    if assigned.state is State.FINISHED:
        return "assigned, finished"
    return f"assigned, due {assigned.due}"
