"""The state of a session: where it stands, and one whole number that holds everything else.

Everything a condition can ask about has its place in that number: a bit for each fact, document,
scene and response, a few bits for each feeling, the minutes on top. A state is then two numbers:
cheap to copy, to compare, to hash and to mask, which is what lets the same `step` serve a trainee's
session and the exploration of a million states.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from simulator.condition import Condition, Quantity, Term, expression
from simulator.scenario import Option, Phase, Scenario, Scene

PHASES = tuple(Phase)

Predicate = Callable[[int], bool]


class State(NamedTuple):
    """One moment of a session."""

    at: int
    """The number of the scene or ending, in the machine's order."""
    bits: int
    """Everything else; `Layout` knows what is where."""


class Field(NamedTuple):
    """A small whole number inside the packed one."""

    shift: int
    mask: int
    """As wide as the field, unshifted."""
    low: int = 0
    """What the field holds is counted from here."""

    def read(self, bits: int) -> int:
        """Return the field's value."""
        return (bits >> self.shift & self.mask) + self.low

    def put(self, value: int) -> int:
        """Return `value` at the field's place, everything else 0."""
        return value - self.low << self.shift


class Layout:
    """Where each thing lives in the packed number of one scenario."""

    def __init__(self, scenario: Scenario) -> None:
        self._scenario = scenario
        self._next = 0
        self._predicates: dict[Condition, Predicate] = {}
        self.fact = {fact: self._flag() for fact in scenario.facts}
        self.read = {document: self._flag() for document in scenario.documents}
        self.visited = {scene: self._flag() for scene in scenario.scenes}
        self.consulted = {scene.id: self._flag() for scene in scenario.scenes.values() if scene.consult}
        self.raised = {critical: self._flag() for critical in scenario.criticals}
        self.given = {
            (scene.id, number): self._flag()
            for scene in scenario.scenes.values()
            for number in range(len(scene.outcomes))
        }
        self.chose = {
            (scene.id, response.id): self._field(response.times or 1)
            for scene in scenario.scenes.values()
            for response in scene.responses.values()
        }
        options = [(scene.id, option) for scene in scenario.scenes.values() for option in _options(scene)]
        self.chose |= {(scene, option.id): self._field(1) for scene, option in options}
        self.left = {(scene, option.id): self._flag() for scene, option in options if option.left}
        self.ranked = {scene.id: self._flag() for scene in scenario.scenes.values() if scene.rank}
        self.feeling = {
            f"{person.id}.{name}": self._field(feeling.high - feeling.low, feeling.low)
            for person in scenario.people.values()
            for name, feeling in person.feelings.items()
        }
        self.phase = self._field(len(PHASES) - 1)
        self.due = {task: self._flag() for task in scenario.tasks}
        """Whether it has been looked at if a task was done in time."""
        self.missed = {task: self._flag() for task in scenario.tasks}
        self.fired = {interrupt: self._flag() for interrupt in scenario.interrupts}
        self.back = self._field(len(scenario.scenes) if scenario.interrupts else 0)
        """Where the interrupt that is going on broke in: the number of the scene, from 1; 0: none is going on."""
        self.minutes = self._next
        """How far the minutes that have passed are shifted; nothing lies above them."""

    def _flag(self) -> int:
        """Take the next bit; return it as a mask."""
        self._next += 1
        return 1 << self._next - 1

    def _field(self, most: int, low: int = 0) -> Field:
        """Take as many bits as numbers from 0 to `most` need."""
        width = max(1, most.bit_length())
        self._next += width
        return Field(self._next - width, (1 << width) - 1, low)

    def begin(self) -> int:
        """Return the packed number in which every feeling is where it starts, and nothing has happened."""
        return sum(
            self.feeling[f"{person.id}.{name}"].put(feeling.start)
            for person in self._scenario.people.values()
            for name, feeling in person.feelings.items()
        )

    def shift_feeling(self, name: str, change: int) -> tuple[int, int, tuple[int, ...]]:
        """Return how to move a feeling: shift, mask, and what to add for each value it may have.

        A table instead of a comparison keeps feelings within their range at the price of one look-up.
        """
        place = self.feeling[name]
        person, _, feeling_id = name.partition(".")
        feeling = self._scenario.people[person].feelings[feeling_id]
        span = feeling.high - feeling.low
        moves = (min(max(value + change, 0), span) - value for value in range(place.mask + 1))
        return place.shift, place.mask, tuple(move << place.shift for move in moves)

    def cue(self, name: str) -> int:
        """Return the bit that says a cue was met: the scene visited, or the document read."""
        return self.visited[name] if name in self.visited else self.read[name]

    def predicate(self, condition: Condition | None) -> Predicate | None:
        """Return a condition as a function of the packed number; None for one that always holds."""
        if condition is None:
            return None
        found = self._predicates.get(condition)
        if found is None:
            source = expression(condition, self._term, self._quantity)
            # Made of the parsed condition's numbers and operators alone: no text of the author's is in it.
            found = self._predicates[condition] = eval(f"lambda bits: {source}", {})  # noqa: S307
        return found

    def holds(self, condition: Condition | None, bits: int) -> bool:
        """Whether a condition holds."""
        predicate = self.predicate(condition)
        return predicate is None or bool(predicate(bits))

    def _term(self, term: Term) -> str:
        return self._ask(term) if term.kind == "before" else f"(bits & {self.mask(term)} != 0)"

    def _ask(self, term: Term) -> str:
        clock = self._scenario.clock
        assert clock is not None  # noqa: S101 - the loader refuses a point without a clock
        return f"(bits < {clock.points[term.name] - clock.start << self.minutes})"

    def mask(self, term: Term) -> int:
        """Return the bits that a term other than `before` looks at."""
        match term.kind:
            case "fact":
                return self.fact[term.name]
            case "read":
                return self.read[term.name]
            case "visited":
                return self.visited[term.name]
            case "missed":
                return self.missed[term.name]
            case "chose":
                scene, _, response = term.name.partition("/")
                place = self.chose[scene, response]
                return place.mask << place.shift
            case _:
                return self.consulted[term.name] if term.name else sum(self.consulted.values())

    def _quantity(self, quantity: Quantity) -> str:
        if quantity.kind == "minutes_left":
            clock = self._scenario.clock
            assert clock is not None  # noqa: S101 - the loader refuses a point without a clock
            return f"({clock.points[quantity.name] - clock.start} - (bits >> {self.minutes}))"
        place = self.feeling[quantity.name]
        number = f"(bits >> {place.shift} & {place.mask})"
        return f"({number} + {place.low})" if place.low else number


def _options(scene: Scene) -> list[Option]:
    return list(scene.select.options.values()) if scene.select else []
