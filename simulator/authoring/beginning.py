"""A session that begins anywhere: at any scene of a case, with the feelings, facts and documents that somebody chose.

An author wants to see the ninth scene without playing the eight before it. What is chosen is packed into a state as
the machine packs it, and the scene is entered by the machine as in any session, so that nothing can be seen here
that could not be played; only whether anybody gets there like this is another question.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from simulator.condition import Compare, Condition, ConditionError, Not, Term, parse
from simulator.fields import suggest
from simulator.machine import Machine, machine_of
from simulator.scenario import Phase, Scenario, clock_text
from simulator.session import Session
from simulator.state import PHASES, State
from simulator.text import one_line, whole_number

MOST_MINUTES = 10_000
"""A week."""
LONGEST = 20_000
"""Characters of what is chosen that are looked at."""


class CannotBegin(ValueError):
    """A session cannot begin as somebody wishes; the text says why, and what may have been meant."""


@dataclass(frozen=True, slots=True)
class Beginning:
    """How things are where a session begins: what is chosen holds once the scene stands there.

    What is not chosen is as at the start of the case, and then as the scene itself makes it when it is entered.
    """

    at: str
    """A scene or an ending, by its id."""
    feelings: Mapping[str, int] = field(default_factory=dict)
    """By `person.feeling`."""
    facts: Mapping[str, bool] = field(default_factory=dict)
    """Which are true and which are not."""
    read: frozenset[str] = frozenset()
    """The documents that have been read."""
    visited: frozenset[str] = frozenset()
    """The scenes that were visited before."""
    consulted: frozenset[str] = frozenset()
    """The scenes in which the supervisor was asked."""
    chose: Mapping[str, int] = field(default_factory=dict)
    """How often something was chosen or picked, by `scene/response`."""
    minutes: int = 0
    """How many have passed."""
    phase: Phase | None = None
    """None: the scene's own, else that of the shortest way there."""
    settled: frozenset[tuple[str, ...]] = field(default=frozenset(), repr=False)
    """What has been looked at and counts once: outcomes that were given, criticals that were raised, things that were
    left out or put in order."""


def begin(scenario: Scenario, beginning: Beginning, seed: int = 0) -> Session:
    """Begin a session so. A junction is passed at once, by what was chosen.

    Raises:
        CannotBegin: the case has no such scene, feeling, fact, document or response, or no such value of it.
    """
    refuse_unknown(scenario, beginning)
    machine = machine_of(scenario)
    node = machine.nodes[machine.number[beginning.at]]
    choice = _Choice(machine, beginning)
    step = machine.enter(node, choice.put_into(machine.layout.begin()))
    # Entering a junction is not standing there: what those behind it change stays changed.
    bits = step.state.bits if node.route else choice.put_into(step.state.bits)
    return Session(machine, seed, State(step.state.at, bits), awards=step.awards, criticals=step.criticals)


def beginning_of(session: Session, at: str = "") -> Beginning:
    """Return a beginning in which everything is as it is at a moment of a session, there or at another scene."""
    machine, bits = session.machine, session.state.bits
    layout = machine.layout
    here = machine.nodes[session.state.at].name
    return Beginning(
        at=at or here,
        feelings=dict(session.feelings),
        facts={name: bool(bits & flag) for name, flag in layout.fact.items()},
        read=frozenset(name for name, flag in layout.read.items() if bits & flag),
        visited=frozenset(name for name, flag in layout.visited.items() if bits & flag),
        consulted=frozenset(name for name, flag in layout.consulted.items() if bits & flag),
        chose={"/".join(name): times for name, place in layout.chose.items() if (times := place.read(bits))},
        minutes=session.minutes,
        phase=session.phase if not at or at == here else None,
        settled=frozenset(name for name, flag in _settling(machine) if bits & flag),
    )


def without_unknown(scenario: Scenario, beginning: Beginning) -> Beginning | None:
    """Return what of a beginning another version of the case still has; None if that is not even the scene."""
    if beginning.at not in (*scenario.scenes, *scenario.endings):
        return None
    machine = machine_of(scenario)
    layout = machine.layout
    settling = {name for name, _ in _settling(machine)}
    most = {"/".join(name): place.mask for name, place in layout.chose.items()}
    return Beginning(
        at=beginning.at,
        feelings={
            name: _within(scenario, name, value) for name, value in beginning.feelings.items() if name in layout.feeling
        },
        facts={name: true for name, true in beginning.facts.items() if name in layout.fact},
        read=beginning.read & layout.read.keys(),
        visited=beginning.visited & layout.visited.keys(),
        consulted=beginning.consulted & layout.consulted.keys(),
        chose={name: min(times, most[name]) for name, times in beginning.chose.items() if name in most},
        minutes=beginning.minutes,
        phase=beginning.phase,
        settled=beginning.settled & settling,
    )


def _within(scenario: Scenario, name: str, value: int) -> int:
    person, _, feeling = name.partition(".")
    known = scenario.people[person].feelings[feeling]
    return max(known.low, min(value, known.high))


class _Choice:
    """What was chosen, packed: which bits it decides, and what they are."""

    def __init__(self, machine: Machine, beginning: Beginning) -> None:
        layout = machine.layout
        self._shift = layout.minutes
        self._minutes = beginning.minutes
        self._mask = self._bits = 0
        for name, value in beginning.feelings.items():
            self._decide(layout.feeling[name].mask << layout.feeling[name].shift, layout.feeling[name].put(value))
        for name, true in beginning.facts.items():
            self._decide(layout.fact[name], layout.fact[name] if true else 0)
        for flags, chosen in (
            (layout.read, beginning.read),
            (layout.visited, beginning.visited),
            (layout.consulted, beginning.consulted),
        ):
            for name in chosen:
                self._decide(flags[name], flags[name])
        for name, times in beginning.chose.items():
            scene, _, response = name.partition("/")
            place = layout.chose[scene, response]
            self._decide(place.mask << place.shift, place.put(times))
        for what, flag in _settling(machine):
            if what in beginning.settled:
                self._decide(flag, flag)
        phase = beginning.phase or _phase(machine.scenario, beginning.at)
        self._decide(layout.phase.mask << layout.phase.shift, layout.phase.put(PHASES.index(phase)))

    def _decide(self, mask: int, bits: int) -> None:
        self._mask |= mask
        self._bits |= bits

    def put_into(self, bits: int) -> int:
        """Return a packed number with what was chosen in it, and everything else as it is."""
        below = bits & (1 << self._shift) - 1
        return below & ~self._mask | self._bits | self._minutes << self._shift


def _settling(machine: Machine) -> Iterable[tuple[tuple[str, ...], int]]:
    """Yield everything that counts once, by what it is about, with its bit."""
    layout = machine.layout
    yield from ((("outcome", scene, str(number)), flag) for (scene, number), flag in layout.given.items())
    yield from ((("critical", name), flag) for name, flag in layout.raised.items())
    yield from ((("left", *name), flag) for name, flag in layout.left.items())
    yield from ((("ranked", name), flag) for name, flag in layout.ranked.items())


def _phase(scenario: Scenario, at: str) -> Phase:
    """Return the part of the appointment that a scene belongs to: its own, else as it is on the shortest way there."""
    from simulator.paths import exits

    first = scenario.scenes.get(scenario.start)
    found = {scenario.start: (first.phase if first else None) or PHASES[0]}
    waiting = [scenario.start]
    for name in waiting:
        scene = scenario.scenes.get(name)
        for to in exits(scene) if scene else ():
            if to not in found:
                entered = scenario.scenes.get(to)
                found[to] = (entered.phase if entered else None) or found[name]
                waiting.append(to)
    scene = scenario.scenes.get(at)
    return (scene.phase if scene else None) or found.get(at, PHASES[0])


# -- what somebody types --------------------------------------------------------------------------

_SPECIAL = re.compile(r"(?P<what>minutes|time|phase)\s*=\s*(?P<value>\S.*)", re.DOTALL)
_TIME = re.compile(r"([0-9]{1,2}):([0-9]{2})")


def beginning_from(scenario: Scenario, at: str = "", given: str = "") -> Beginning:
    """Read a beginning as somebody types it: a scene, and such as `trust=7, promised, read(letter), minutes=12`.

    What is given is written as conditions are: facts by name, `not` before what is not so, `read(document)`,
    `visited(scene)`, `chose(scene/response)`, `consulted(scene)`; feelings with `=`; and `minutes=`, `time=10:20` and
    `phase=`.

    Raises:
        CannotBegin: something in it is not to be understood, or the case does not have it.
    """
    at = at or scenario.start
    if at not in scenario.scenes and at not in scenario.endings:
        raise CannotBegin(_unknown("scene or ending", at, (*scenario.scenes, *scenario.endings)))
    reading = _Reading(scenario, at)
    for item in _items(given[:LONGEST]):
        reading.take(item)
    beginning = reading.beginning()
    refuse_unknown(scenario, beginning)
    return beginning


def _items(given: str) -> list[str]:
    """Split at commas, and at the ends of lines."""
    return [item for each in re.split(r"[,\n;]", given) if (item := one_line(each, 400))]


class _Reading:
    """What has been understood so far."""

    def __init__(self, scenario: Scenario, at: str) -> None:
        self._scenario = scenario
        self._at = at
        scene = scenario.scenes.get(at)
        self._person = scene.person if scene else scenario.client
        self._feelings: dict[str, int] = {}
        self._facts: dict[str, bool] = {}
        self._flags: dict[str, set[str]] = {"read": set(), "visited": set(), "consulted": set()}
        self._chose: dict[str, int] = {}
        self._minutes = 0
        self._phase: Phase | None = None

    def beginning(self) -> Beginning:
        """Return it."""
        return Beginning(
            self._at,
            self._feelings,
            self._facts,
            frozenset(self._flags["read"]),
            frozenset(self._flags["visited"]),
            frozenset(self._flags["consulted"]),
            self._chose,
            self._minutes,
            self._phase,
        )

    def take(self, item: str) -> None:
        """Understand one thing that is given; raises CannotBegin."""
        special = _SPECIAL.fullmatch(item)
        if special is not None:
            self._take_special(special["what"], special["value"])
            return
        try:
            condition = parse(item)
        except ConditionError as error:
            hint = f"; {error.hint}" if error.hint else ""
            raise CannotBegin(f"`{item}` is not understood: {error}{hint}") from error
        self._take(item, condition)

    def _take_special(self, what: str, value: str) -> None:
        if what == "phase":
            if value not in [str(each) for each in Phase]:
                raise CannotBegin(_unknown("phase", value, [str(each) for each in Phase]))
            self._phase = Phase(value)
        elif what == "minutes":
            minutes = whole_number(value, 0, MOST_MINUTES)
            if minutes is None:
                raise CannotBegin(f"minutes are a whole number from 0 to {MOST_MINUTES}, not `{value}`")
            self._minutes = minutes
        else:
            self._minutes = self._until(value)

    def _until(self, value: str) -> int:
        """Return the minutes from the start of the case until a time of the day."""
        clock = self._scenario.clock
        found = _TIME.fullmatch(value)
        if clock is None:
            raise CannotBegin("this case has no clock; give `minutes=` instead of a time")
        if found is None or int(found[1]) > 23 or int(found[2]) > 59:
            raise CannotBegin(f"a time is written such as `time={clock_text(clock.start)}`, not `{value}`")
        minutes = int(found[1]) * 60 + int(found[2]) - clock.start
        if minutes < 0:
            raise CannotBegin(f"the case starts at {clock_text(clock.start)}, and {value} is before that")
        return minutes

    def _take(self, item: str, condition: Condition) -> None:
        true = True
        if isinstance(condition, Not):
            condition, true = condition.part, False
        match condition:
            case Compare(left, "==", value) if true and left.kind == "feeling":
                self._feelings[self._feeling(left.name)] = value
            case Compare(left, "==", value) if true:
                self._minutes = self._left(left.name, value)
            case Compare(left):
                number = "minutes=12" if left.kind == "minutes_left" else f"{left.name}=4"
                raise CannotBegin(f"`{item}` does not say which number it is; write such as `{number}`")
            case Term("fact", name):
                self._facts[name] = true
            case Term("chose", name) if true:
                self._chose[self._response(name)] = 1
            case Term("read" | "visited" | "consulted" as kind, name) if true:
                self._flags[kind].add(name or self._at)
            case Term(kind) if not true and kind != "before":
                raise CannotBegin(f"`{item}` need not be said: so it is unless you say otherwise")
            case _:
                raise CannotBegin(f"`{item}` cannot be chosen; give facts, feelings, documents and minutes one by one")

    def _left(self, point: str, value: int) -> int:
        clock = self._scenario.clock
        if clock is None or point not in clock.points:
            raise CannotBegin(_unknown("clock point", point, clock.points if clock else ()))
        minutes = clock.points[point] - clock.start - value
        if not 0 <= minutes <= MOST_MINUTES:
            raise CannotBegin(f"there are never {value} minutes left until `{point}`: that is before the case starts")
        return minutes

    def _feeling(self, name: str) -> str:
        """Return whose feeling is meant: that of whom the scene is with, if they have it, or else the client's."""
        people = self._scenario.people
        owner, dot, feeling = name.rpartition(".")
        for someone in (owner,) if dot else (self._person, self._scenario.client):
            if someone in people and feeling in people[someone].feelings:
                return f"{someone}.{feeling}"
        known = [f"{person.id}.{each}" for person in people.values() for each in person.feelings]
        bare = [each.rpartition(".")[2] for each in known]
        raise CannotBegin(_unknown("feeling", name, known if dot else list(dict.fromkeys(bare))))

    def _response(self, name: str) -> str:
        """Return the scene and the response that are meant."""
        known = machine_of(self._scenario).layout.chose
        whole = ["/".join(each) for each in known]
        fits = [each for each in whole if each == name or each.rpartition("/")[2] == name]
        if not fits:
            raise CannotBegin(_unknown("response", name, whole if "/" in name else [each for _, each in known]))
        if len(fits) > 1:
            raise CannotBegin(f"more than one scene has a response `{name}`; write one of {', '.join(fits[:5])}")
        return fits[0]


def refuse_unknown(scenario: Scenario, beginning: Beginning) -> None:
    """Refuse a beginning with something in it that a case does not have; raises CannotBegin."""
    layout = machine_of(scenario).layout
    for what, names, known in (
        ("scene or ending", [beginning.at], [*scenario.scenes, *scenario.endings]),
        ("feeling", beginning.feelings, layout.feeling),
        ("fact", beginning.facts, layout.fact),
        ("document", beginning.read, layout.read),
        ("scene", beginning.visited, layout.visited),
        ("response", beginning.chose, ["/".join(each) for each in layout.chose]),
    ):
        for name in names:
            if name not in known:
                raise CannotBegin(_unknown(what, name, known))
    for name in beginning.consulted:
        if name not in layout.consulted:
            raise CannotBegin(f"nobody can be consulted in `{one_line(name)}`")
    for name, value in beginning.feelings.items():
        person, _, feeling = name.partition(".")
        known_as = scenario.people[person].feelings[feeling]
        if not known_as.low <= value <= known_as.high:
            raise CannotBegin(f"`{name}` goes from {known_as.low} to {known_as.high}, so it cannot be {value}")
    for name, times in beginning.chose.items():
        scene, _, response = name.partition("/")
        if not 0 <= times <= layout.chose[scene, response].mask:
            raise CannotBegin(f"`{name}` cannot have been chosen {times} times")
    if not 0 <= beginning.minutes <= MOST_MINUTES:
        raise CannotBegin(f"minutes are a whole number from 0 to {MOST_MINUTES}, not {beginning.minutes}")


def _unknown(what: str, name: str, known: Iterable[str]) -> str:
    names = list(known)
    hint = suggest(name, names) if names else f"the case has no {what}"
    return f"there is no {what} `{one_line(name, 60)}`" + (f"; {hint}" if hint else "")


def given_line(scenario: Scenario, beginning: Beginning) -> str:
    """Write what of a beginning is not as at the start of the case, as `beginning_from` reads it."""
    starts = {
        f"{person.id}.{name}": feeling.start
        for person in scenario.people.values()
        for name, feeling in person.feelings.items()
    }
    told = [f"{_short(scenario, name)}={value}" for name, value in beginning.feelings.items() if starts[name] != value]
    told += [name for name, true in beginning.facts.items() if true]
    told += [f"read({name})" for name in scenario.documents if name in beginning.read]
    told += [f"minutes={beginning.minutes}"] if beginning.minutes else []
    return ", ".join(told)


def _short(scenario: Scenario, name: str) -> str:
    person, _, feeling = name.partition(".")
    return feeling if person == scenario.client else name


__all__ = [
    "Beginning",
    "CannotBegin",
    "begin",
    "beginning_from",
    "beginning_of",
    "given_line",
    "refuse_unknown",
    "without_unknown",
]
