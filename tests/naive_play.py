"""What the format means, written a second time: slowly, by name, with nothing packed and nothing prepared.

Stands beside `simulator.machine` to be compared with it on random cases. It is meant to be read against the
description of the format, line by line.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from simulator.condition import All, Compare, Condition, Not, Quantity, Some, Term
from simulator.scenario import HIGHEST, LOWEST, MarkRule, Next, Outcome, Response, Scenario, Scene, Task, Text
from simulator.session import Chose, Consulted, Event, Ranked, Read, Selected, Wrote

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
    undone: set[str] = field(default_factory=set)
    """Tasks that were there and not done when the last decision was made."""
    judged: set[str] = field(default_factory=set)
    """Tasks that have been looked at whether they were done in time."""
    missed: set[str] = field(default_factory=set)
    broken_in: set[str] = field(default_factory=set)
    """Interrupts that have broken in."""
    back: str = ""
    """Where the one that is going on broke in."""
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
        self._break_in()

    def do(self, event: Event) -> None:
        """Do what a session did."""
        match event:
            case Chose(_, response):
                self.choose(response)
            case Selected(_, options):
                self.select(options)
            case Ranked(_, order):
                self.rank(order)
            case Read(_, document):
                self.open(document)
            case Consulted():
                self.consult()
            case Wrote():
                self.write()

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
        self._go_on(response.next)

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
        self._go_on(scene.next)

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
        self._go_on(scene.next)

    def open(self, document: str) -> None:
        self._anew()
        self.read.add(document)
        self.minutes += self.scenario.documents[document].minutes
        self._go_on(())

    def consult(self) -> None:
        self._anew()
        self.consulted.add(self.at)
        self.minutes += self.scenario.scenes[self.at].consult_minutes
        self._go_on(())

    def write(self) -> None:
        self._anew()
        scene = self.scenario.scenes[self.at]
        assert scene.write is not None
        self.minutes += scene.write.minutes
        self._go_on(scene.next)

    # -- going on -----------------------------------------------------------------------------

    def _anew(self) -> None:
        self.given, self.criticals, self.reaction = [], [], ""
        # What falls due by a decision was done if it was before.
        self.undone = {task.id for task in self.scenario.tasks.values() if self._is_undone(task)}

    def _is_undone(self, task: Task) -> bool:
        return self.holds(task.when) and not self.holds(task.done)

    def _go_on(self, routes: Next) -> None:
        """Do what follows a decision: what has fallen due, then the way on, then what breaks in."""
        clock = self.scenario.clock
        tasks = [each for each in self.scenario.tasks.values() if each.due]
        # The earliest first; of those due at the same time the author's first.
        for task in sorted(tasks, key=lambda each: clock.points[each.due] if clock else 0):
            if clock and clock.start + self.minutes > clock.points[task.due] and task.id not in self.judged:
                self._judge(task, undone=task.id in self.undone)
        if routes:
            self._go(routes)
        self._break_in()

    def _judge(self, task: Task, *, undone: bool) -> None:
        self.judged.add(task.id)
        if undone:
            self.missed.add(task.id)
            if task.undone and task.undone.marks:
                self.given.append((task.id, "", tuple(map(str, task.undone.marks)), task.undone.why))

    def _break_in(self) -> None:
        """Let the earliest interrupt break in whose time has come; never into another, a shared scene, or an end."""
        clock = self.scenario.clock
        if clock is None or self.scene is None or self.back or "." in self.at or self.at in self._aside():
            return
        for each in sorted(self.scenario.interrupts.values(), key=lambda each: each.at):
            anywhere = not each.phases and not each.scenes
            here = anywhere or self.phase in map(str, each.phases) or self.at in each.scenes
            come = each.at <= clock.start + self.minutes and each.id not in self.broken_in
            if here and come and self.holds(each.when):
                self.broken_in.add(each.id)
                self.back = self.at
                self._enter(each.scene)
                return

    def _aside(self) -> set[str]:
        """Return the scenes of interrupts."""
        found: set[str] = set()
        waiting = [each.scene for each in self.scenario.interrupts.values()]
        while waiting:
            name = waiting.pop()
            scene = self.scenario.scenes.get(name)
            if scene is not None and name not in found:
                found.add(name)
                waiting += [route.to for route in scene.next]
                waiting += [route.to for each in scene.responses.values() for route in each.next]
        return found

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
        if to == "back" and to not in self.scenario.scenes and to not in self.scenario.endings:
            self._leave()
            self.at, self.back = self.back, ""
            # Nothing is entered anew; but what broke in may have been another part of the work.
            scene = self.scene
            self.phase = str(scene.phase if scene and scene.phase else self.phase)
        elif to != self.at:
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
            for task in self.scenario.tasks.values():
                if task.id not in self.judged:
                    self._judge(task, undone=self._is_undone(task))
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

    def narration(self) -> str:
        """Return what is told: in a hub also open work, at an ending also what became of whom."""
        scenario = self.scenario
        if self.scene is None:
            lines = [self.say(scenario.endings[self.at].text)]
            for person, text in scenario.aftermath.items():
                who = scenario.people[person]
                said = self.say(text)
                named = any(each and each in said for each in (who.called, who.name, who.name.split()[-1]))
                lines.append(said if named or not said else f"{who.called or who.name}: {said}")
            return "\n\n".join(line for line in lines if line)
        lines = [self.say(self.scene.text)]
        if self.scene.hub and (work := self._work()):
            lines.append("\n".join(work))
        return "\n\n".join(line for line in lines if line)

    def _work(self) -> list[str]:
        clock, tasks = self.scenario.clock, list(self.scenario.tasks.values())
        assert clock is not None
        missed = [each for each in tasks if each.id in self.missed]
        there = [each for each in tasks if self.holds(each.when) and each not in missed]
        open_ = [each for each in there if not self.holds(each.done)]
        by_time = [
            f"- by {clock.points[each.due] // 60:02}:{clock.points[each.due] % 60:02}: {each.title}"
            for each in sorted((each for each in open_ if each.due), key=lambda each: clock.points[each.due])
        ]
        rest = [f"- {each.title}" for each in open_ if not each.due]
        settled = [f"- missed: {each.title}" for each in missed]
        settled += [f"- done: {each.title}" for each in there if each not in open_]
        lines = [*by_time, *rest, *settled]
        return ["Open work:" if open_ else "Work:", *lines] if lines else []

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
            case "missed":
                return name in self.missed
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
