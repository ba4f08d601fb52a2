"""What every screen works with: the library, the rubric, the sessions, and who is at the keyboard."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from scoring.rubric import Rubric
from simulator import people
from simulator.archive import Archive, Logged
from simulator.cohort import cohort_files
from simulator.cohort.assigned import Assigned, Terms, assignments_of, terms_of, tried
from simulator.cohort.cohort_files import Cohorts
from simulator.hindsight import Foreseen
from simulator.journal import PRACTICE
from simulator.learning_path import NO_PATH, LearningPath
from simulator.learning_path import load as load_path
from simulator.library import Case, NoSuchCase, built_in, cases, find, rubric_at
from simulator.listing import Row
from simulator.people import People, Person, Role
from simulator.play import Play
from simulator.problem import Problem
from simulator.review.events import still_sent_back
from simulator.review.reading import reviews_of
from simulator.scenario import Scenario
from simulator.settings import Home, Settings, remember, remembered
from simulator.source import LARGEST, Source

if TYPE_CHECKING:
    from simulator.cohort.cohort_file import Due
    from simulator.index.store import Index
    from simulator.verify import Finding


Span = tuple[tuple[int, ...], tuple[int, ...]] | None
"""The least and the most raw points of a case on each dimension; None: not proven, or nobody waits for it."""


@dataclass
class Desk:
    """Everything that was loaded, once, in the background."""

    where: Home
    settings: Settings
    rubric: Rubric
    rubric_source: Source
    cases: list[Case]
    problems: list[Problem]
    """Of cases that cannot be played."""
    people: People
    archive: Archive
    person: Person | None = None
    """Who is at the keyboard; None until they said."""
    feedback: str = "end"
    confidence: bool = False
    """Whether to ask how sure one is before the consequence is shown."""
    seed: int | None = None
    """Draws the order of responses, where somebody asked for one."""
    limit: int = LARGEST
    opened: dict[str, str] = field(default_factory=dict)
    """Files of cases that were opened by their path, by id."""
    cohorts: Cohorts = field(default_factory=Cohorts)
    """Who is to play which case until when."""
    path: LearningPath = NO_PATH
    """Which cases come first."""
    today: Callable[[], date] = date.today
    solve: Callable[[Play | Logged, Callable[[], bool]], Foreseen | None] | None = None
    """Finds out what the case of a session made possible, off the screen's own thread; the second argument says
    whether nobody waits for it any more."""
    span: Callable[[Scenario, Rubric, Callable[[], bool]], Span] | None = None
    """Finds out the least and the most points that a case makes possible, off the screen's own thread as well."""

    def case(self, name: str) -> Case:
        """Return a case by its id or the path of its file.

        Raises:
            NoSuchCase: there is none, or it cannot be played as it is.
        """
        for case in self.cases:
            if case.scenario.id == name:
                return case
        case = find(self.opened.get(name, name), (built_in(), *self.settings.library), self.rubric, self.limit)
        if case.scenario.id != name:
            self.opened[case.scenario.id] = name
        return case

    def read_anew(self) -> None:
        """Read the cases again: somebody has written one."""
        folders = (built_in(), *self.settings.library)
        known, problems = cases(folders, self.rubric)
        self.path, wrong = load_path(folders)
        self.cases, self.problems = known, [*problems, *wrong, *self.people.problems]

    def become(self, person: Person) -> None:
        """Sit somebody down at the keyboard."""
        self.person = person
        remember(self.where, person=person.id)

    def add(self, name: str, role: Role) -> Person:
        """Take down somebody who is new here.

        Raises:
            NotSaved: the people file cannot be written.
        """
        person = people.add(self.where.people, name, role)
        self.people = people.load(self.where.people)
        return person

    def assigned(self, mine: list[Logged]) -> tuple[Assigned, ...]:
        """Return what is assigned to whoever is at the keyboard, whose sessions are given."""
        if self.person is None or not self.cohorts.names(self.person.id):
            return ()
        return assignments_of(self.person.id, self.cohorts.cohorts, tried(self.where, mine), self.today())

    def terms(self, case: Case) -> Terms:
        """Return what an attempt at a case would be for if it began now, and how it would be played."""
        return terms_of(
            self.archive,
            self.cohorts.cohorts,
            self.person.id if self.person else "",
            case.scenario.id,
            feedback=self.feedback,
            confidence=self.confidence,
            today=self.today(),
        )

    def fetch(self) -> Cohorts:
        """Look what is new in the shared folder. That may take as long as a network does."""
        problems = cohort_files.fetch(self.where, self.settings.shared)
        known = cohort_files.load(self.where, self.settings.shared)
        return Cohorts(known.cohorts, (*known.problems, *problems))

    def begin(self, case: Case, terms: Terms | None = None) -> Play:
        """Begin a session of a case, on the terms that were shown.

        Raises:
            NotSaved, ChainError: its journal cannot be made.
        """
        assert self.person is not None  # noqa: S101 - screens ask who it is before they offer to play
        terms = terms or self.terms(case)
        return Play.begin(
            self.where,
            case,
            self.rubric,
            self.rubric_source,
            self.person.id,
            seed=self.seed,
            feedback=terms.feedback,
            confidence=terms.confidence,
            purpose=terms.purpose,
        )

    def resume(self, path: Path, scenario: str) -> Play:
        """Go on with a session.

        Raises:
            NotSaved, ChainError: its journal cannot be gone on with.
        """
        return Play.resume(self.archive, path, self._current(scenario))

    def again_from(
        self, path: Path, scenario: str, decision: int, *, feedback: str = "", confidence: bool | None = None
    ) -> Play:
        """Try again from a decision of a session; feedback and confidence are as they were unless given.

        Raises:
            NotSaved, ChainError: a journal cannot be read, or the new one not be made.
        """
        current = self._current(scenario)
        named = self.person is not None and self.cohorts.names(self.person.id)
        return Play.again_from(
            self.archive,
            path,
            decision,
            current,
            feedback=feedback,
            confidence=confidence,
            purpose=PRACTICE if named else "",
        )

    def _current(self, scenario: str) -> str | None:
        """Return the hash that a case has in the library now."""
        try:
            return self.case(scenario).source.hash
        except NoSuchCase as error:
            # One that has mistakes by now has been edited.
            return "" if error.problems else None

    def finding(self, path: Path) -> Finding | str:
        """Set a journal against the library and against its receipts, where there are any. This takes a moment.

        Where there are receipts that cannot be read, that is returned in words.
        """
        from simulator.verify import verify

        library = frozenset(case.source.hash for case in self.cases)
        begun = self.settings.index or os.path.lexists(self.where.receipts) or remembered(self.where).get("receipts")
        if not begun:
            return verify(self.archive, path, library)
        from simulator.sharing.receipts import LedgerError, Receipts

        try:
            with Receipts.open(self.where, self.settings.index) as receipts:
                return verify(self.archive, path, library, receipts)
        except LedgerError as error:
            return str(error)

    def overdue(self, index: Index) -> list[Due]:
        """Return what should have been finished by now and is not, as far as the index knows; raises IndexTrouble."""
        from simulator.cohort.cohort_file import overdue
        from simulator.index.heads import finished

        titles = {case.scenario.id: case.scenario.title for case in self.cases}
        known, today = self.cohorts.cohorts, self.today()
        return overdue(known, finished(index, known, today), today, titles)

    def sent_back(self, logged: Logged) -> bool:
        """Whether a supervisor sent a session back, and it has not been signed off since."""
        return logged.over and still_sent_back(reviews_of(self.where, logged.id))

    def mine(self, rows: list[Row]) -> list[Logged]:
        """Return the sessions of whoever is at the keyboard."""
        return [row for row in rows if isinstance(row, Logged) and self.person and row.person == self.person.id]


class CannotOpen(Exception):
    """There is no rubric to work with; the text says why."""


def open_desk(
    where: Home,
    settings: Settings,
    *,
    rubric: Path | None,
    seed: int | None,
    feedback: str,
    confidence: bool | None,
    limit: int,
) -> Desk:
    """Load everything. This takes a moment: it runs in a worker.

    Raises:
        CannotOpen: the rubric cannot be used.
    """

    def solve(play: Play | Logged, stopped: Callable[[], bool]) -> Foreseen | None:
        return _solved(where, play, stopped)

    def span(scenario: Scenario, by: Rubric, stopped: Callable[[], bool]) -> Span:
        return _span(where, scenario, by, stopped)

    loaded = rubric_at(rubric or settings.rubric)
    if loaded.value is None or loaded.source is None:
        raise CannotOpen("\n".join(str(problem) for problem in loaded.problems))
    folders = (built_in(), *settings.library)
    known, problems = cases(folders, loaded.value)
    path, wrong = load_path(folders)
    everybody = people.load(where.people)
    return Desk(
        where,
        settings,
        loaded.value,
        loaded.source,
        known,
        [*problems, *wrong, *everybody.problems],
        everybody,
        Archive(where),
        everybody.everybody.get(remembered(where).get("person", "")),
        feedback or settings.feedback,
        settings.confidence if confidence is None else confidence,
        seed,
        limit,
        cohorts=cohort_files.load(where, settings.shared),
        path=path,
        solve=solve,
        span=span,
    )


class _Abandoned(Exception):
    """Nobody waits for it any more."""


def _solved(where: Home, play: Play | Logged, stopped: Callable[[], bool]) -> Foreseen | None:
    """Look up what the case of a session made possible, or find it out; None if nobody waits for it any more."""
    from simulator.solved import foresight

    try:
        return foresight(where, play.session.scenario, play.rubric, _until(stopped))
    except _Abandoned:
        return None


def _span(where: Home, scenario: Scenario, rubric: Rubric, stopped: Callable[[], bool]) -> Span:
    """Look up what a case makes possible, or find it out."""
    from simulator.solved import span

    try:
        return span(where, scenario, rubric, report=_until(stopped))
    except _Abandoned:
        return None


def _until(stopped: Callable[[], bool]) -> Callable[[int], None]:
    """Return what gives up exploring when nobody waits for it any more."""

    def report(_states: int) -> None:
        if stopped():
            raise _Abandoned

    return report


__all__ = ["CannotOpen", "Desk", "NoSuchCase", "open_desk"]
