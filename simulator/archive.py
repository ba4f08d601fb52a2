"""Sessions as they lie on disk, replayed: the record that listings, debriefs and reviews are made from.

A scenario and a rubric are kept once each as they were played, named by their content hash. Replaying a
journal needs those copies and nothing else, whatever has become of the case since.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from scoring.rubric import Rubric
from scoring.scorecard import Scorecard, score
from simulator import journal
from simulator.chain import ChainError
from simulator.durable import make_folder, replace
from simulator.journal import Origin, Recorded
from simulator.loader import rubric_from, scenario_from
from simulator.problem import Problem
from simulator.scenario import Scenario
from simulator.session import NotOffered, Session, start
from simulator.settings import Home
from simulator.source import LARGEST, Source, read
from simulator.text import one_line

LARGEST_COPY = 64 * LARGEST
"""Bytes of a kept scenario: as large as any flag lets somebody play."""
MOST_DECISIONS = 5000
"""More than anybody makes; a journal made up to be endless would fill the memory."""


@dataclass(frozen=True, slots=True)
class Logged:
    """One journal, and what replaying it gives."""

    recorded: Recorded
    scenario: Scenario
    rubric: Rubric
    session: Session
    """Where the events lead, as far as they fit."""
    trouble: str = ""
    """Why not all of the journal could be used; empty if all of it could."""

    @property
    def id(self) -> str:
        """The session's id."""
        return self.recorded.header.session

    @property
    def person(self) -> str:
        """The id of who played."""
        return self.recorded.header.person

    @property
    def again(self) -> Origin | None:
        """Where it comes from, if it was begun again from a decision of another; it is no attempt at its case then."""
        return self.recorded.header.again

    @property
    def purpose(self) -> str:
        """What it was played for: `assigned`, `practice`, or empty where nobody said."""
        return self.recorded.header.purpose

    @property
    def path_differs(self) -> bool:
        """Whether the file is called something else than its session."""
        return self.recorded.path.stem != self.id

    @property
    def over(self) -> bool:
        """Whether it came to an ending."""
        return self.session.ending is not None

    @property
    def scorecard(self) -> Scorecard:
        """What it showed so far."""
        return score(self.rubric, self.session.decisions)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A journal that could not be replayed at all."""

    path: Path
    why: str


class UnknownScenario(ChainError):
    """Nobody here holds the scenario, or the rubric, that a journal was played with."""


def keep(where: Home, source: Source) -> None:
    """Keep what is played, once, named by its hash.

    Raises:
        NotSaved: it cannot be written.
    """
    path = _copy(where, source.hash)
    kept = read(path, LARGEST_COPY)
    # A copy that is spoilt would make the session useless once it has been played.
    if isinstance(kept, Problem) or kept.hash != source.hash:
        make_folder(path.parent)
        replace(path, source.data)


def _copy(where: Home, content_hash: str) -> Path:
    return where.copies / f"{content_hash}.yaml"


@dataclass
class Archive:
    """The sessions of one home. Scenarios and rubrics are read once and shared by all who were played with them."""

    where: Home
    _scenarios: dict[tuple[str, str], Scenario] = field(default_factory=dict)
    _rubrics: dict[str, Rubric] = field(default_factory=dict)

    def paths(self) -> list[Path]:
        """Return every journal's file, oldest first."""
        return sorted(
            path for path in self.where.journals.glob(f"*{journal.SUFFIX}") if journal.good_session_id(path.stem)
        )

    def path(self, session: str) -> Path | None:
        """Return the file of a session, by its id or the beginning of its id."""
        found = self.alike(session)
        return found[0] if len(found) == 1 else None

    def alike(self, session: str) -> list[Path]:
        """Return the files of the sessions whose ids begin so; of the one with just that id, if there is one."""
        exact = self.where.journals / f"{session}{journal.SUFFIX}"
        if journal.good_session_id(session) and exact.is_file():
            return [exact]
        return [path for path in self.paths() if session and path.stem.startswith(session)]

    def sessions(self, person: str = "") -> Iterator[Logged | Unreadable]:
        """Yield every session, newest first; with a person's id, only those whose first line names it.

        Others are hardly looked at then, and those that cannot be read are left out.
        """
        for path in reversed(self.paths()):
            if person and not journal.may_name(path, person):
                continue
            try:
                yield self.load(path)
            except ChainError as error:
                yield Unreadable(path, str(error))

    def load(self, path: Path) -> Logged:
        """Read a journal and replay it.

        Raises:
            ChainError: it cannot be read, or was played with something that nobody here holds.
        """
        return self.replay(journal.read(path))

    def replay(self, recorded: Recorded) -> Logged:
        """Replay a journal as far as its events fit.

        Raises:
            UnknownScenario: the scenario or rubric as played is not here.
        """
        header = recorded.header
        rubric = self.rubric(recorded.path, header.rubric_hash)
        scenario = self.scenario(recorded.path, header.scenario_hash, rubric)
        trouble = "" if recorded.reading.damage is None else recorded.reading.damage.message
        if (header.scenario, header.version) != (scenario.id, scenario.version):
            played = f"`{header.scenario}` {header.version}"
            trouble = one_line(f"Entry 0 says {played}, but names a copy of `{scenario.id}` {scenario.version}.", 400)
        session = start(scenario, header.seed)
        for number, event in enumerate(recorded.events, 1):
            if number > MOST_DECISIONS:
                trouble = f"Entry {recorded.seq_of(number)} is one too many: no session has that many decisions."
                break
            try:
                session = session.act(event)
            except NotOffered as error:
                trouble = one_line(f"Entry {recorded.seq_of(number)} does not fit the case: {error}.", 400)
                break
        return Logged(recorded, scenario, rubric, session, trouble)

    def scenario(self, path: Path, content_hash: str, rubric: Rubric) -> Scenario:
        """Return a scenario as it was played."""
        key = (content_hash, rubric.hash)
        if key not in self._scenarios:
            loaded = scenario_from(self._source(path, content_hash, "scenario"), rubric, LARGEST_COPY)
            if loaded.value is None:
                raise UnknownScenario(path, "The scenario as it was played can no longer be loaded.")
            self._scenarios[key] = loaded.value
        return self._scenarios[key]

    def rubric(self, path: Path, content_hash: str) -> Rubric:
        """Return a rubric as it was played with."""
        if content_hash not in self._rubrics:
            loaded = rubric_from(self._source(path, content_hash, "rubric"))
            if loaded.value is None:
                raise UnknownScenario(path, "The rubric as it was played with can no longer be loaded.")
            self._rubrics[content_hash] = loaded.value
        return self._rubrics[content_hash]

    def _source(self, path: Path, content_hash: str, what: str) -> Source:
        copy = _copy(self.where, content_hash)
        name = f"`{copy.parent.name}/{content_hash[:12]}….yaml`"
        source = read(copy, LARGEST_COPY)
        if isinstance(source, Problem):
            why = f"nobody here holds the one it was played with, {name}; whoever played has it in the same folder"
            raise UnknownScenario(path, f"Unknown {what}: {why}.")
        if source.hash != content_hash:
            why = f"the one it was played with, {name}, has been changed since"
            raise UnknownScenario(path, f"Unknown {what}: {why}.")
        return source
