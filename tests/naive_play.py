"""What the format means, written a second time: slowly, by name, with nothing packed and nothing prepared.

Stands beside `simulator.machine` to be compared with it on random cases. It is meant to be read against the
description of the format, line by line.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from simulator.condition import All, Compare, Condition, Not, Quantity, Some, Term
from simulator.scenario import HIGHEST, LOWEST, MarkRule, Next, Outcome, Response, Scenario, Scene, Text

Given = tuple[str, str, tuple[str, ...], str]
"""Where marks were given, for which response (empty: for an outcome), the marks, and why."""


@dataclass
class World:
    """One session, as a heap of names."""

    scenario: Scenario
    at: str = ""
    minutes: int = 0
    phase: str = "preparation"
    facts: set[str] = field(default_factory=set)
    feelings: dict[str, int] = field(default_factory=dict)
    read: set[str] = field(default_factory=set)
    visited: set[str] = field(default_factory=set)
    consulted: set[str] = field(default_factory=set)
    chosen: dict[str, int] = field(default_factory=dict)
    """How often each `scene/response` was taken."""
    left_out: set[str] = field(default_factory=set)
    """Options that were on offer and not picked, as `scene/option`."""
    ordered: set[str] = field(default_factory=set)
    """Scenes in which things were put in order."""
    counted: set[str] = field(default_factory=set)
    """Outcomes that have counted, as `scene/number`."""
    raised: set[str] = field(default_factory=set)
    given: list[Given] = field(default_factory=list)
    """What the last decision brought."""
    criticals: list[str] = field(default_factory=list)
    """The criticals that the last decision raised."""
    reaction: str = ""
    """What the last decision was answered with."""

    # -- deciding -----------------------------------------------------------------------------

    def begin(self) -> None:
        for person in self.scenario.people.values():
            for name, feeling in person.feelings.items():
                self.feelings[f"{person.id}.{name}"] = feeling.start
        self._enter(self.scenario.start)

    def choose(self, name: str) -> None:
        self._anew()
        scene = self.scenario.scenes[self.at]
        response = scene.responses[name]
        # Marks look at the moment it is taken, and count once.
        if not self.chosen.get(f"{scene.id}/{name}"):
            self._give(name, response.marks)
        self._change(response.feels, response.sets, response.clears)
        self.chosen[f"{scene.id}/{name}"] = self.chosen.get(f"{scene.id}/{name}", 0) + 1
        self.minutes += response.minutes
        self.reaction = self.say(response.then)
        self._go(response.next)

    def select(self, picked: Iterable[str]) -> None:
        self._anew()
        scene = self.scenario.scenes[self.at]
        assert scene.select is not None
        offered, taken = self.options(), set(picked)
        both = [option for name, option in scene.select.options.items() if name in offered]
        # Marks look at the moment of the decision, and count once: for picking it, and for leaving it out.
        for option in both:
            if option.id in taken and not self.chosen.get(f"{scene.id}/{option.id}"):
                self._give(option.id, option.marks)
        for option in both:
            if option.id not in taken and f"{scene.id}/{option.id}" not in self.left_out:
                self._give(option.id, option.left)
        for option in both:
            if option.id in taken:
                self._change(option.feels, option.sets, option.clears)
                self.chosen[f"{scene.id}/{option.id}"] = 1
                self.minutes += option.minutes
            else:
                self.left_out.add(f"{scene.id}/{option.id}")
        self.minutes += scene.select.minutes
        texts = [*(option.then for option in both if option.id in taken), scene.select.then]
        self.reaction = "\n\n".join(said for said in map(self.say, texts) if said)
        self._go(scene.next)

    def rank(self, order: Sequence[str]) -> None:
        self._anew()
        scene = self.scenario.scenes[self.at]
        assert scene.rank is not None
        for pair in scene.rank.pairs:
            if order.index(pair.first) < order.index(pair.second):
                if pair.marks and scene.id not in self.ordered:
                    shown = f"{pair.first} before {pair.second}"
                    self.given.append((scene.id, shown, tuple(map(str, pair.marks)), pair.why))
                self.facts |= set(pair.sets)
        self.ordered.add(scene.id)
        self.minutes += scene.rank.minutes
        self.reaction = self.say(scene.rank.then)
        self._go(scene.next)

    def open(self, document: str) -> None:
        self._anew()
        self.read.add(document)
        self.minutes += self.scenario.documents[document].minutes

    def consult(self) -> None:
        self._anew()
        self.consulted.add(self.at)
        self.minutes += self.scenario.scenes[self.at].consult_minutes

    def write(self) -> None:
        self._anew()
        scene = self.scenario.scenes[self.at]
        assert scene.write is not None
        self.minutes += scene.write.minutes
        self._go(scene.next)

    # -- going on -----------------------------------------------------------------------------

    def _anew(self) -> None:
        self.given, self.criticals, self.reaction = [], [], ""

    def _give(self, name: str, rules: Iterable[MarkRule]) -> None:
        """Give the marks of the first rule that holds."""
        rule = next((rule for rule in rules if self.holds(rule.when)), None)
        if rule is not None:
            self.given.append((self.at, name, tuple(map(str, rule.marks)), rule.why))

    def _change(self, feels: Mapping[str, int], sets: Iterable[str], clears: Iterable[str]) -> None:
        for feeling, change in feels.items():
            self.feelings[feeling] = min(HIGHEST, max(LOWEST, self.feelings[feeling] + change))
        self.facts = (self.facts - set(clears)) | set(sets)

    def _go(self, routes: Next) -> None:
        to = next(route.to for route in routes if self.holds(route.when))
        if to != self.at:
            self._leave()
            self._enter(to)

    def _leave(self) -> None:
        scene = self.scenario.scenes[self.at]
        for number, outcome in enumerate(scene.outcomes):
            if f"{self.at}/{number}" not in self.counted and self.holds(outcome.when):
                self.counted.add(f"{self.at}/{number}")
                self._count(outcome)
        self._look_at_criticals([each.id for each in self.scenario.criticals.values() if self.at in each.at])

    def _enter(self, place: str) -> None:
        self.at = place
        if place in self.scenario.endings:
            for outcome in self.scenario.endings[place].outcomes:
                if self.holds(outcome.when):
                    self._count(outcome)
            self._look_at_criticals([each.id for each in self.scenario.criticals.values() if not each.at])
            return
        scene = self.scenario.scenes[place]
        self.visited.add(place)
        self._change(scene.feels, scene.sets, scene.clears)
        self.phase = str(scene.phase or self.phase)
        something_to_see = scene.text or scene.says or scene.voices or scene.consult or scene.documents
        if not (something_to_see or scene.responses or scene.select or scene.rank or scene.write):
            self._go(scene.next)

    def _count(self, outcome: Outcome) -> None:
        self.given.append((self.at, "", tuple(map(str, outcome.marks)), outcome.why))

    def _look_at_criticals(self, ids: list[str]) -> None:
        for name in ids:
            critical = self.scenario.criticals[name]
            met = any(cue in self.visited if cue in self.scenario.scenes else cue in self.read for cue in critical.cue)
            if name not in self.raised and met and self.holds(critical.when):
                self.raised.add(name)
                self.criticals.append(name)

    # -- what can be seen ---------------------------------------------------------------------

    @property
    def scene(self) -> Scene | None:
        return self.scenario.scenes.get(self.at)

    def offered(self) -> set[str]:
        return {each.id for each in self.scene.responses.values() if self._open(each)} if self.scene else set()

    def _open(self, response: Response) -> bool:
        taken = self.chosen.get(f"{self.at}/{response.id}", 0)
        return (response.times is None or taken < response.times) and self.holds(response.when)

    def unread(self) -> set[str]:
        return set(self.scene.documents) - self.read if self.scene else set()

    def options(self) -> set[str]:
        """Return what can be picked together."""
        select = self.scene.select if self.scene else None
        return {name for name, option in select.options.items() if self.holds(option.when)} if select else set()

    def limits(self) -> tuple[int, int]:
        """Return how many of them: fewer on offer, fewer needed."""
        select, offered = self.scene.select if self.scene else None, len(self.options())
        return (min(select.least, offered), min(select.most, offered)) if select else (0, 0)

    def can_consult(self) -> bool:
        """Whether the first wording that holds is not one of those that say why nobody is there."""
        wordings = [each for each in self.scene.consult if self.holds(each.when)] if self.scene else []
        return self.at not in self.consulted and any(not each.away for each in wordings[:1])

    def away(self) -> str:
        wordings = [each for each in self.scene.consult if self.holds(each.when)] if self.scene else []
        return "".join(each.say for each in wordings[:1] if each.away and self.at not in self.consulted)

    def speeches(self) -> tuple[tuple[str, str], ...]:
        if self.scene is None:
            return ()
        said = [(self.scene.person, self.say(self.scene.says))]
        said += [(voice.person, self.say(voice.says)) for voice in self.scene.voices]
        return tuple((person, words) for person, words in said if words)

    def say(self, text: Text) -> str:
        return next((variant.say for variant in text if self.holds(variant.when)), "")

    def holds(self, condition: Condition | None) -> bool:
        match condition:
            case None:
                return True
            case Not(part):
                return not self.holds(part)
            case All(parts):
                return all(self.holds(part) for part in parts)
            case Some(parts):
                return any(self.holds(part) for part in parts)
            case Term(kind, name):
                return self._asked(kind, name)
            case Compare(left, operator, right):
                number = self._number(left)
                return {
                    "<": number < right,
                    "<=": number <= right,
                    ">": number > right,
                    ">=": number >= right,
                    "==": number == right,
                    "!=": number != right,
                }[operator]

    def _asked(self, kind: str, name: str) -> bool:
        match kind:
            case "fact":
                return name in self.facts
            case "read":
                return name in self.read
            case "visited":
                return name in self.visited
            case "chose":
                return self.chosen.get(name, 0) > 0
            case "consulted":
                return name in self.consulted if name else bool(self.consulted)
            case _:
                return self._left(name) > 0

    def _number(self, quantity: Quantity) -> int:
        return self._left(quantity.name) if quantity.kind == "minutes_left" else self.feelings[quantity.name]

    def _left(self, point: str) -> int:
        clock = self.scenario.clock
        assert clock is not None
        return clock.points[point] - (clock.start + self.minutes)
