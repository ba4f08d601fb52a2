"""Where a session stands, as the author of its case wants to know it: everything that a trainee only sees as behaviour.

Numbers behind the words, which conditions hold and why, and what each response would do: all of it asked of the
machine that plays the case, so that it cannot say anything else than what would happen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from scoring.rubric import Rubric
from scoring.scorecard import Award
from simulator.condition import Condition, Quantity, Term, leaves, replace, say
from simulator.decidable import Points, plus
from simulator.future import Outlook
from simulator.move import Move
from simulator.outlooks import Outlooks
from simulator.scenario import MarkRule, Next, Option, Response, Scenario, Text, clock_text
from simulator.session import Session
from simulator.state import State


@dataclass(frozen=True, slots=True)
class Held:
    """One condition, and whether it holds now."""

    where: str
    """What it decides about, in the author's words: `says`, `connect: marks`."""
    condition: str
    """As its author wrote it."""
    holds: bool
    values: str
    """The values that it depends on; empty where the condition alone says it."""
    counts: bool = True
    """Whether it decides anything now: not where one before it holds already."""


@dataclass(frozen=True, slots=True)
class Would:
    """What a response, or an option, would do now."""

    id: str
    text: str
    spoken: bool
    number: int
    """The number by which it can be picked; 0: it is not on offer."""
    why_not: str
    """Why it is not on offer; empty if it is."""
    marks: tuple[Award, ...]
    """What taking it would be marked, with what leaving the scene by it would be."""
    left: tuple[Award, ...]
    """What leaving it out would be marked, of several things to pick from."""
    feels: Mapping[str, tuple[int, int]]
    """What feelings are now and would be then, by name, those that it moves."""
    sets: tuple[str, ...]
    clears: tuple[str, ...]
    minutes: int
    to: str
    """The scene or ending it leads to; empty where that depends on what else is picked."""
    criticals: tuple[str, ...]
    """The criticals it would raise."""
    cost: Points | None
    """What it costs on each dimension against the best still reachable; None: nobody knows."""


def name_of(session: Session) -> str:
    """Return the scene or ending that a session stands in, by its id."""
    return session.machine.nodes[session.state.at].name


def conditions(session: Session) -> tuple[Held, ...]:
    """Return every condition of the scene, or ending, that a session stands in, in the author's order."""
    return tuple(_conditions(session))


def _conditions(session: Session) -> Iterator[Held]:
    scene, ending, scenario = session.scene, session.ending, session.scenario
    look = _Look(session)
    if ending is not None:
        yield from look.text("text", ending.text)
        yield from (look.one("outcomes", each.when) for each in ending.outcomes if each.when)
    if scene is not None:
        yield from look.text("text", scene.text)
        yield from look.text("says", scene.says)
        for voice in scene.voices:
            yield from look.text(f"voices: {voice.person}", voice.says)
        yield from look.text("consult", scene.consult)
        for response in scene.responses.values():
            yield from look.thing(response)
            yield from look.routes(f"{response.id}: next", response.next if response.next != scene.next else ())
        if scene.select is not None:
            for option in scene.select.options.values():
                yield from look.thing(option)
            yield from look.text("select: then", scene.select.then)
        if scene.rank is not None:
            yield from look.text("rank: then", scene.rank.then)
        yield from (look.one("outcomes", each.when) for each in scene.outcomes if each.when)
        yield from look.routes("next", scene.next)
    here = name_of(session)
    for critical in scenario.criticals.values():
        if here in critical.at or (ending is not None and not critical.at):
            yield look.one(f"critical {critical.id}", critical.when)
    yield from look.text(f"{session.person}: shows", scenario.people[session.person].shows)


class _Look:
    """Looks whether conditions hold at one moment."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._layout = session.machine.layout

    def one(self, where: str, condition: Condition, *, counts: bool = True) -> Held:
        """Look at a condition by itself."""
        holds = self._layout.holds(condition, self._session.state.bits)
        return Held(where, worded(self._session.scenario, condition), holds, values(self._session, condition), counts)

    def _first(self, where: str, found: Iterable[Condition | None]) -> Iterator[Held]:
        """Look at conditions of which the first that holds counts."""
        open_ = True
        for condition in found:
            if condition is not None:
                held = self.one(where, condition, counts=open_)
                yield held
                open_ = open_ and not held.holds

    def text(self, where: str, text: Text) -> Iterator[Held]:
        """Look at the wordings of a text."""
        return self._first(where, (each.when for each in text))

    def routes(self, where: str, routes: Next) -> Iterator[Held]:
        """Look at the ways on."""
        return self._first(where, (each.when for each in routes))

    def rules(self, where: str, rules: Iterable[MarkRule]) -> Iterator[Held]:
        """Look at what marks depend on."""
        return self._first(where, (each.when for each in rules))

    def thing(self, what: Response | Option) -> Iterator[Held]:
        """Look at everything about a response or an option."""
        if what.when is not None:
            yield self.one(f"{what.id}: when", what.when)
        yield from self.rules(f"{what.id}: marks", what.marks)
        if isinstance(what, Option):
            yield from self.rules(f"{what.id}: left-out", what.left)
        yield from self.text(f"{what.id}: then", what.then)


def values(session: Session, condition: Condition) -> str:
    """Return the values that a condition depends on: `trust 4, minutes_left(appointment) 12`."""
    asked = list(dict.fromkeys(leaves(condition)))
    if len(asked) == 1 and isinstance(asked[0], Term) and asked[0].kind != "before":
        # Whether it holds says that already.
        return ""
    return ", ".join(_value(session, each) for each in asked)


def _value(session: Session, leaf: Term | Quantity) -> str:
    clock = session.scenario.clock
    if isinstance(leaf, Quantity):
        if leaf.kind == "feeling":
            return f"{short(session.scenario, leaf.name)} {session.feelings[leaf.name]}"
        left = clock.points[leaf.name] - clock.start - session.minutes if clock else 0
        return f"minutes_left({leaf.name}) {left}"
    if leaf.kind == "before" and clock is not None and session.now is not None:
        return f"{leaf.name} {clock_text(clock.points[leaf.name])}, now {clock_text(session.now)}"
    holds = session.machine.layout.holds(leaf, session.state.bits)
    return f"{say(leaf)} {'yes' if holds else 'no'}"


def worded(scenario: Scenario, condition: Condition) -> str:
    """Write a condition as its author did: feelings of the client without the person."""

    def shortly(quantity: Quantity) -> Quantity:
        return Quantity(quantity.kind, short(scenario, quantity.name)) if quantity.kind == "feeling" else quantity

    return say(replace(condition, lambda term: term, shortly))


def short(scenario: Scenario, name: str) -> str:
    """Return a feeling as conditions name it: without the person if it is the client's."""
    person, _, feeling = name.partition(".")
    return feeling if person == scenario.client else name


def would(session: Session, rubric: Rubric, outlooks: Outlooks | None = None) -> tuple[Would, ...]:
    """Return what everything in the scene would do that can be taken or picked: what is on offer first, as numbered."""
    scene = session.scene
    if scene is None:
        return ()
    things: Mapping[str, Response | Option] = scene.select.options if scene.select is not None else scene.responses
    shown = [each.id for each in (session.options if scene.select is not None else session.responses)]
    ahead = None if outlooks is None else outlooks.ahead_of(session.state)
    looked = [_would(session, rubric, each, shown, outlooks, ahead) for each in things.values()]
    return tuple(sorted(looked, key=lambda each: each.number or len(things) + 1))


def _would(
    session: Session,
    rubric: Rubric,
    what: Response | Option,
    shown: list[str],
    outlooks: Outlooks | None,
    ahead: Outlook | None,
) -> Would:
    machine, state = session.machine, session.state
    node = machine.nodes[state.at]
    move: Move = node.moves[what.id] if isinstance(what, Response) else node.options[what.id]
    number = shown.index(what.id) + 1 if what.id in shown else 0
    left: tuple[Award, ...] = ()
    if isinstance(what, Response):
        step = machine.step(state, move)
        after, marks, criticals = step.state, step.awards, step.criticals
        to = machine.nodes[after.at].name
        cost = _cost(rubric, outlooks, ahead, marks, after) if number else None
    else:
        after, marks, criticals, to, cost = (
            State(state.at, move.effect(state.bits)),
            move.awards(state.bits),
            (),
            "",
            None,
        )
        left = node.left[what.id].awards(state.bits) if what.id in node.left else ()
    places = machine.layout.feeling
    moved = {
        short(session.scenario, name): (place.read(state.bits), place.read(after.bits))
        for name, place in places.items()
        if name in what.feels or place.read(state.bits) != place.read(after.bits)
    }
    return Would(
        id=what.id,
        text=what.text,
        spoken=what.spoken,
        number=number,
        why_not="" if number else _why_not(session, what),
        marks=marks,
        left=left,
        feels=moved,
        sets=what.sets,
        clears=what.clears,
        minutes=what.minutes,
        to=to,
        criticals=criticals,
        cost=cost,
    )


def _why_not(session: Session, what: Response | Option) -> str:
    if what.when is not None and not session.machine.layout.holds(what.when, session.state.bits):
        found = values(session, what.when)
        return f"needs {worded(session.scenario, what.when)}" + (f" ({found})" if found else "")
    return "taken already"


def _cost(
    rubric: Rubric, outlooks: Outlooks | None, ahead: Outlook | None, marks: tuple[Award, ...], after: State
) -> Points | None:
    """Return what a step loses of the best still reachable."""
    then = None if outlooks is None or ahead is None else outlooks.ahead_of(after)
    if ahead is None or then is None:
        return None
    gained = plus(rubric.points_of(tuple(mark for award in marks for mark in award.marks)), then.high)
    return tuple(could - can for could, can in zip(ahead.high, gained, strict=True))
