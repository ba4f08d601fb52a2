"""A case played by its author: as a trainee plays it, but in no journal, and going on where it stood when it is edited.

Ids are the author's own, so decisions made in one version of a case can be made again in the next, as far as it still
has them. Where it has not, the scene that the author was looking at matters more than the way there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scoring.rubric import Rubric
from simulator.authoring.beginning import Beginning, begin, beginning_of, without_unknown
from simulator.journal import Header
from simulator.play import Play
from simulator.scenario import Ending, Person, Scenario
from simulator.session import Event, Session, follow, start
from simulator.text import LONGEST_NOTE, clean
from simulator.version import VERSION
from simulator.wording import said


class Rehearsal(Play):
    """One session that nobody keeps. It is played as any other, and nothing it does touches the disk."""

    def __init__(
        self,
        scenario: Scenario,
        rubric: Rubric,
        *,
        seed: int = 0,
        feedback: str = "end",
        beginning: Beginning | None = None,
        session: Session | None = None,
    ) -> None:
        """Begin at the start of a case, at another place of it, or with a session that is under way.

        Raises:
            CannotBegin: the case does not have what the beginning names.
        """
        # There is no home and no journal for `Play` to open.
        self.session = session or _begun(scenario, seed, beginning)
        self.rubric = rubric
        self.edited = False
        self.beginning = beginning
        """Where it begins; None: where the case does."""
        self._feedback = feedback
        self._typed: dict[str, str] = {}
        """What is being typed, by scene."""

    @property
    def header(self) -> Header:
        """What a journal of it would begin with."""
        scenario = self.session.scenario
        return Header(
            session="",
            scenario=scenario.id,
            version=scenario.version,
            scenario_hash=scenario.hash,
            rubric_hash=self.rubric.hash,
            seed=self.session.seed,
            person="",
            feedback=self._feedback,
            program=VERSION,
        )

    @property
    def reflections(self) -> tuple[str, ...]:
        """Nobody has been asked."""
        return ()

    def write(self, text: str) -> Session:
        """Hand in what the scene asks to be written."""
        self._typed.pop(self._topic, None)
        return self._go(self.session.write(text))

    def _go(self, after: Session) -> Session:
        self.session = after
        return after

    def save_draft(self, text: str) -> None:
        """Remember what is being typed, as long as this is open."""
        self._typed[self._topic] = clean(text, LONGEST_NOTE)

    def draft(self) -> str:
        """Return what was being typed here."""
        return self._typed.get(self._topic, "")

    def reflect(self, text: str) -> None:
        """Nothing is kept."""

    def suspend(self) -> None:
        """There is nothing to close."""

    def close(self) -> None:
        """There is nothing to close."""


def blank() -> Scenario:
    """Return a case in which there is nothing, to stand in for one that could not be read yet."""
    nobody = Person("nobody", "Nobody")
    ending = Ending("nothing", "", ())
    return Scenario("nothing", "", "", "", {nobody.id: nobody}, nobody.id, ending.id, {}, {ending.id: ending})


def _begun(scenario: Scenario, seed: int, beginning: Beginning | None) -> Session:
    return start(scenario, seed) if beginning is None else begin(scenario, beginning, seed)


@dataclass(frozen=True, slots=True)
class Way:
    """How somebody came to where they stand, in one version of a case."""

    beginning: Beginning | None
    """Where it began; None: at the start of the case."""
    session: Session
    """Where it stands, with everything that was decided since."""


@dataclass(frozen=True, slots=True)
class Carried:
    """A session in another version of its case."""

    beginning: Beginning | None
    session: Session
    said: str
    """What was done to get there, in a sentence."""


def carried(way: Way, scenario: Scenario) -> Carried:
    """Go on in another version of the case.

    Where the same decisions lead; else in the same scene, with everything as it was there; else as far as the
    decisions fit; else at the start.
    """
    seed, events = way.session.seed, way.session.events
    stood = _name(way.session)
    origin = None if way.beginning is None else without_unknown(scenario, way.beginning)
    anew = way.beginning is not None and origin is None
    replayed = follow(_begun(scenario, seed, origin), () if anew else events)
    fits = len(replayed.events)
    if not anew and fits == len(events):
        return Carried(origin, replayed, _fits(fits, stood, _name(replayed), begun=origin is not None))
    why = f"`{way.beginning.at}` is gone" if anew and way.beginning else _misfit(fits, events)
    here = without_unknown(scenario, beginning_of(way.session))
    if here is not None:
        told = f"{why}; you stand in `{stood}` again, with everything as it was there"
        return Carried(here, begin(scenario, here, seed), told)
    if fits:
        return Carried(origin, replayed, f"{why}, and `{stood}` is gone; you stand before that decision")
    return Carried(None, _begun(scenario, seed, None), f"{why}, and `{stood}` is gone; you stand at the start")


def _name(session: Session) -> str:
    return session.machine.nodes[session.state.at].name


def _fits(count: int, stood: str, stands: str, *, begun: bool) -> str:
    if stood != stands:
        made = "your decision leads" if count == 1 else "the same decisions lead"
        return f"{made if count else 'it begins'} {'to' if count else 'in'} `{stands}` now, and not `{stood}`"
    if count:
        made = "your decision still fits" if count == 1 else f"your {count} decisions still fit"
        return f"{made}; you stand where you stood"
    return "you stand where you stood" if begun else "you stand at the start"


def _misfit(fits: int, events: Sequence[Event]) -> str:
    return f"decision {fits + 1} ({said(events[fits])}) does not fit any more"
