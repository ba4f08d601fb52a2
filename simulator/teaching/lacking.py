"""Whether a text can be met by somebody who lacks what it takes for granted, and the shortest way on which they do.

Random plays look first: that costs little, and nearly always they show no such way. Only where they do, the states of
the case are walked for a shorter one. A way that is told can be played as it stands there; that none is told proves
nothing.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from heapq import heappop, heappush
from operator import or_

from simulator.condition import Term, leaves
from simulator.decidable import Decidable
from simulator.explore import Exploration
from simulator.flaw import Flaw, Where
from simulator.machine import Machine, machine_of
from simulator.problem import Severity
from simulator.random_plays import Player, seed_of
from simulator.scenario import Scenario
from simulator.session import Event
from simulator.state import Layout, State
from simulator.teaching.claims import Claim, claims
from simulator.teaching.told import Kind
from simulator.wording import said

PLAYS = 300
MOST_DECISIONS = 12_000
"""Random plays, and decisions in all of them. Somebody comes to nearly every wording of a library case in 300."""
MOST_STATES = 20_000
"""States that are gone on from in looking for a shorter way; a case of the library has fewer."""
_TOO_FAR = 1 << 30


@dataclass(frozen=True, slots=True)
class Lacked:
    """A text that somebody met without what it takes for granted."""

    claim: Claim
    way: tuple[Event, ...]
    """What they had done."""


def unseen(explored: Exploration) -> Iterator[Flaw]:
    """Yield texts that speak of what may not have happened, each with a way on which it has not."""
    found = list(claims(explored.scenario))
    if not found:
        return
    # A text that takes several things for granted is told once: whoever looks at it sees them all.
    told: set[Where] = set()
    for lacked in played(explored.scenario, found):
        if lacked.claim.told.where in told:
            continue
        told.add(lacked.claim.told.where)
        surely, shorter = Shortest(explored, lacked.claim).way(len(lacked.way) - 1)
        yield _flaw(lacked.claim, shorter or lacked.way, "the shortest way" if surely else "one way")


def _flaw(claim: Claim, way: Iterable[Event], what_way: str) -> Flaw:
    told = claim.told
    what = {Kind.ENDING: f"ending `{told.about}`", Kind.SCENE: f"scene `{told.about}`"}.get(told.kind, "the debrief")
    if len(claim.text) > 1:
        what = f"wording {told.number + 1} of {what}"
    terms = [f"`{_named(term)}`" for term in claim.terms]
    which = terms[0] if len(terms) == 1 else f"any of {', '.join(terms)}"
    message = f"{what} says “{claim.quote}”, and it is shown "
    message += f"without {which}" if claim.deed else f"to people who have not met that: it stands in {which}"
    events = ", ".join(said(event) for event in way)
    message += f"; {what_way}: {events}" if events else ", from the very beginning"
    hint = "say it in a wording that asks for it, or say only what has happened on every way here"
    return Flaw("asserts-unseen", told.where, message, hint, Severity.ADVICE, told.about)


def _named(term: Term) -> str:
    return term.name if term.kind == "fact" else f"{term.kind}({term.name})"


# -- random plays -----------------------------------------------------------------------------


def played(scenario: Scenario, found: Iterable[Claim]) -> list[Lacked]:
    """Return the texts that random plays came to without what they take for granted, in the author's order."""
    machine, player = machine_of(scenario), Player(scenario)
    watched: dict[str, list[tuple[int, Claim]]] = {}
    claimed = list(found)
    for number, claim in enumerate(claimed):
        for name in (claim.told.scene,) if claim.told.scene else scenario.endings:
            watched.setdefault(name, []).append((number, claim))
    masks = [mask_of(machine, claim) for claim in claimed]
    best: dict[int, Lacked] = {}
    met: set[int] = set()
    decisions = 0
    for number in range(PLAYS):
        play = player.play(seed_of(0, number))
        state, events = machine.start.state, None
        for count, move in enumerate((None, *play.moves)):
            state = state if move is None else machine.step(state, move).state
            name = machine.nodes[state.at].name
            for which, claim in watched.get(name, ()):
                if claim.likely and which not in met and state.bits & masks[which]:
                    met.add(which)
                known = best.get(which)
                if known is not None and len(known.way) <= count:
                    continue
                if not state.bits & masks[which] and machine.wording(claim.text, state.bits) is claim.variant:
                    events = events or tuple(player.events(play))
                    best[which] = Lacked(claim, events[:count])
        decisions += len(play.moves)
        if decisions > MOST_DECISIONS:
            break
    return [best[number] for number in sorted(best) if number in met or not claimed[number].likely]


def mask_of(machine: Machine, claim: Claim) -> int:
    """Return the bits of which one is set as soon as what a text takes for granted was met or done."""
    return reduce(or_, (machine.layout.mask(term) for term in claim.terms), 0)


# -- the shortest way -------------------------------------------------------------------------


class Shortest:
    """Looks for ways that are shorter than one that was played."""

    def __init__(self, explored: Exploration, claim: Claim) -> None:
        self._explored = explored
        self._machine = explored.machine
        self._claim = claim
        self._mask = mask_of(self._machine, claim)
        self._kept = self._mask | _asked(self._machine.layout, claim)
        """What exploring may have dropped, and has to be known here."""
        self._goals = {claim.told.scene} if claim.told.scene else set(explored.scenario.endings)
        self._far = _far(explored, self._goals)
        self._decidable: dict[int, Decidable] = {}

    def way(self, most: int) -> tuple[bool, tuple[Event, ...] | None]:
        """Return whether nothing shorter can be left, and the shortest way of at most so many decisions.

        What can still come to the text with the fewest decisions is gone on with first (Hart, Nilsson and Raphael
        1968); that no condition is in the way is taken for granted when counting them. States that exploring does not
        tell apart go on in the same way, so one of them stands for all that have done the same of what is asked here.
        """
        first = self._machine.start.state
        if first.bits & self._mask:
            return True, None
        before: dict[State, tuple[State, Event] | None] = {first: None}
        key, least = self._look(first)
        depths = {key: 0}
        waiting = [(least, 0, 0, first)]
        looked_at = 0
        while waiting and waiting[0][0] <= most:
            _, deep, _, state = heappop(waiting)
            if self._shown(state):
                return True, tuple(_back(before, state))
            looked_at += 1
            if looked_at > MOST_STATES:
                return False, None
            depth = 1 - deep
            for event, to in self._ways_on(state):
                key, least = self._look(to)
                if depth < depths.get(key, _TOO_FAR) and depth + least <= most:
                    depths[key] = depth
                    before[to] = state, event
                    heappush(waiting, (depth + least, -depth, len(before), to))
        return True, None

    def _look(self, state: State) -> tuple[Hashable, int]:
        """Return what a state stands for, and how many decisions it takes at least from there to the text."""
        found = self._explored.find(state)
        least = self._far.get(found[0], _TOO_FAR) if found else _TOO_FAR
        return (found, state.bits & self._kept), least

    def _shown(self, state: State) -> bool:
        claim, machine = self._claim, self._machine
        here = machine.nodes[state.at].name in self._goals
        return here and machine.wording(claim.text, state.bits) is claim.variant

    def _ways_on(self, state: State) -> Iterator[tuple[Event, State]]:
        """Yield what can be decided that does not tell, and where it leads."""
        explored, machine = self._explored, self._machine
        at = explored.graph.at(*state)
        decidable = self._decidable.get(at)
        if decidable is None:
            node, live = machine.nodes[state.at], explored.live
            asked, matters = live.asked_here(at) | self._kept, live.told_apart(at) | self._kept
            decidable = Decidable(machine, explored.rubric, node, explored.places, asked=asked, matters=matters)
            self._decidable[at] = decidable
        for way in decidable.ways(state.bits):
            to = machine.step(state, way.move).state
            if not to.bits & self._mask:
                yield way.event, to


def _asked(layout: Layout, claim: Claim) -> int:
    """Return the bits that decide which of the wordings up to this one is shown."""
    bits = 0
    for variant in claim.text[: claim.told.number + 1]:
        for leaf in leaves(variant.when) if variant.when is not None else ():
            if leaf.kind == "feeling":
                bits |= layout.feeling[leaf.name].mask << layout.feeling[leaf.name].shift
            elif isinstance(leaf, Term) and leaf.kind != "before":
                bits |= layout.mask(leaf)
            else:
                # All minutes lie above.
                bits |= -1 << layout.minutes
    return bits


def _far(explored: Exploration, goals: Collection[str]) -> Mapping[int, int]:
    """Return how many decisions it takes at least from each state to one of these, whatever the time."""
    backwards: list[list[int]] = [[] for _ in range(explored.states)]
    for state in range(explored.states):
        for to, _ in explored.edges_of(state):
            backwards[to].append(state)
    named = [explored.machine.nodes[node].name for node, _ in explored.graph.nodes]
    found = {state: 0 for state, at in enumerate(explored.at) if named[at] in goals}
    waiting = deque(found)
    while waiting:
        to = waiting.popleft()
        for state in backwards[to]:
            if state not in found:
                found[state] = found[to] + 1
                waiting.append(state)
    return found


def _back(before: Mapping[State, tuple[State, Event] | None], state: State) -> Iterator[Event]:
    events = []
    at = before[state]
    while at is not None:
        events.append(at[1])
        at = before[at[0]]
    return reversed(events)
