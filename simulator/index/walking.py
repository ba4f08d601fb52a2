"""Journals walked through by the same step as every session, without a `Session` for each of their moments.

Twenty thousand sessions of a few cases stand in the same states again and again, and make the same decisions
there. What a decision is worth depends on the state and on nothing before it, so it is found out once.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from scoring.offer import InOrder
from scoring.rubric import DIMENSIONS, Level, Rubric, dimension_of
from scoring.scorecard import Award, Decision
from simulator.index.marks import written
from simulator.machine import machine_of
from simulator.scenario import Scenario
from simulator.session import Chose, Consulted, Event, NotOffered, Ranked, Read, Selected, Session, start
from simulator.state import State

MOST_KNOWN = 200_000
"""Decisions that are remembered; journals that somebody made up could hold no end of them."""
CRITICAL = "critical"
"""What the worst of a decision is that raised a critical; otherwise it is a level, or empty."""

Three = tuple[int, int, int]
"""A number for each of `DIMENSIONS`."""
NONE: Three = (0, 0, 0)


class Brought(NamedTuple):
    """What one decision led to and what it was worth."""

    state: State
    awards: tuple[Award, ...]
    levels: tuple[tuple[str, str], ...]
    """Each mark as indicator and level."""
    worst: str
    criticals: tuple[str, ...]
    raw: Three
    """Points of all marks."""
    low: Three
    """How many marks are poor or harmful."""
    got: Three
    """Points of what was decided, above the least that could be had there."""
    span: Three
    """What lay between the least and the most; 0 where nothing was to be decided."""
    place: tuple[str, str, str]
    """Scene, kind and response, as rows have them."""
    columns: tuple[str | int, ...]
    """Marks, worst, criticals, and what was got of what was on offer, as rows have them."""


class Did(NamedTuple):
    """An event, without what does not matter to where it leads."""

    kind: str
    scene: str
    what: str | tuple[str, ...]

    @property
    def response(self) -> str:
        """What was decided, in one word: a response, a document, what was picked, the order."""
        if isinstance(self.what, str):
            return self.what
        return (">" if self.kind == "ranked" else "+").join(self.what)


def did(event: Event) -> Did:
    """Name an event."""
    match event:
        case Chose(scene, response):
            return Did("chose", scene, response)
        case Selected(scene, options):
            return Did("selected", scene, options)
        case Ranked(scene, order):
            return Did("ranked", scene, order)
        case Read(scene, document):
            return Did("read", scene, document)
        case Consulted(scene):
            return Did("consulted", scene, "")
        case _:
            return Did("wrote", event.scene, "")


@dataclass(slots=True)
class Walker:
    """Walks through journals of one case, by one rubric."""

    scenario: Scenario
    rubric: Rubric
    _known: dict[tuple[State, Did], Brought] = field(default_factory=dict)
    _worth: dict[Hashable, Brought] = field(default_factory=dict)
    """What a decision was worth, by all that says so: many states differ in nothing that matters to it."""
    _start: Brought | None = None

    def start(self) -> Brought:
        """Return where every session of the case begins."""
        if self._start is None:
            session = start(self.scenario)
            self._start = self._brought(session.state, session.decisions[0], Did("start", "", ""))
        return self._start

    def step(self, state: State, event: Event, named: Did) -> Brought | None:
        """Return what an event leads to; None if it does not fit."""
        key = (state, named)
        found = self._known.get(key)
        if found is None:
            try:
                moment = Session(machine_of(self.scenario), 0, state).act(event)
            except NotOffered:
                return None
            if len(self._known) >= MOST_KNOWN:
                self._known.clear()
            found = self._known[key] = self._brought(moment.state, moment.decisions[-1], named)
        return found

    def over(self, state: State) -> str:
        """Return the ending that a state is; empty if it goes on."""
        ending = machine_of(self.scenario).nodes[state.at].ending
        return "" if ending is None else ending.id

    def _brought(self, state: State, decision: Decision, named: Did) -> Brought:
        offer: Hashable = decision.offer
        if isinstance(decision.offer, InOrder):
            # What can be put in order is the same every time; it is worth something, or nothing.
            offer = bool(decision.offer.pairs)
        key = (named, decision.awards, decision.criticals, decision.taken, offer)
        found = self._worth.get(key)
        if found is None:
            if len(self._worth) >= MOST_KNOWN:
                self._worth.clear()
            found = self._worth[key] = self._weighed(state, decision, named)
        return found._replace(state=state)

    def _weighed(self, state: State, decision: Decision, named: Did) -> Brought:
        marks = [mark for award in decision.awards for mark in award.marks]
        got = span = NONE
        if decision.offer is not None and decision.offer.open:
            spans = decision.offer.spans(self.rubric)
            taken = self.rubric.points_of(decision.taken)
            got = _three(here - least for here, (least, _) in zip(taken, spans, strict=True))
            span = _three(most - least for least, most in spans)
        present = {mark.level for mark in marks}
        low = [dimension_of(mark.indicator) for mark in marks if mark.level in (Level.POOR, Level.HARMFUL)]
        worst = CRITICAL if decision.criticals else next((each.value for each in Level if each in present), "")
        marked = written(decision.awards)
        pairs = (each for both in zip(got, span, strict=True) for each in both)
        return Brought(
            state,
            decision.awards,
            tuple((mark.indicator, mark.level.value) for mark in marks),
            worst,
            decision.criticals,
            _three(self.rubric.points_of(tuple(marks))),
            _three(low.count(dimension) for dimension in DIMENSIONS),
            got,
            span,
            (named.scene, named.kind, named.response),
            (marked, worst, " ".join(decision.criticals), *pairs),
        )


def _three(numbers: Iterable[int]) -> Three:
    one, two, three = numbers
    return one, two, three
