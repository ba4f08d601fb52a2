"""What every screen works with: the library, the rubric, the sessions, and who is at the keyboard."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from scoring.rubric import Rubric
from simulator import people
from simulator.archive import Archive, Logged
from simulator.hindsight import Foreseen
from simulator.library import Case, NoSuchCase, built_in, cases, find, rubric_at
from simulator.listing import Row
from simulator.people import People, Person, Role
from simulator.play import Play
from simulator.problem import Problem
from simulator.settings import Home, Settings, remember, remembered
from simulator.source import LARGEST, Source


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
    solve: Callable[[Play | Logged, Callable[[], bool]], Foreseen | None] | None = None
    """Finds out what the case of a session made possible, off the screen's own thread; the second argument says
    whether nobody waits for it any more."""

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

    def begin(self, case: Case) -> Play:
        """Begin a session of a case.

        Raises:
            NotSaved, ChainError: its journal cannot be made.
        """
        assert self.person is not None  # noqa: S101 - screens ask who it is before they offer to play
        return Play.begin(
            self.where,
            case,
            self.rubric,
            self.rubric_source,
            self.person.id,
            seed=self.seed,
            feedback=self.feedback,
            confidence=self.confidence,
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
        return Play.again_from(self.archive, path, decision, current, feedback=feedback, confidence=confidence)

    def _current(self, scenario: str) -> str | None:
        """Return the hash that a case has in the library now."""
        try:
            return self.case(scenario).source.hash
        except NoSuchCase as error:
            # One that has mistakes by now has been edited.
            return "" if error.problems else None

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

    loaded = rubric_at(rubric or settings.rubric)
    if loaded.value is None or loaded.source is None:
        raise CannotOpen("\n".join(str(problem) for problem in loaded.problems))
    known, problems = cases((built_in(), *settings.library), loaded.value)
    everybody = people.load(where.people)
    return Desk(
        where,
        settings,
        loaded.value,
        loaded.source,
        known,
        [*problems, *everybody.problems],
        everybody,
        Archive(where),
        everybody.everybody.get(remembered(where).get("person", "")),
        feedback or settings.feedback,
        settings.confidence if confidence is None else confidence,
        seed,
        limit,
        solve=solve,
    )


class _Abandoned(Exception):
    """Nobody waits for it any more."""


def _solved(where: Home, play: Play | Logged, stopped: Callable[[], bool]) -> Foreseen | None:
    """Look up what the case of a session made possible, or find it out; None if nobody waits for it any more."""
    from simulator.solved import foresight

    def report(_states: int) -> None:
        if stopped():
            raise _Abandoned

    try:
        return foresight(where, play.session.scenario, play.rubric, report)
    except _Abandoned:
        return None


__all__ = ["CannotOpen", "Desk", "NoSuchCase", "open_desk"]
