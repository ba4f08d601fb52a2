"""Nodes to what makes a day: open work that falls due, what breaks in, and what becomes of whom.

A case with one client needs nothing of this. Everything in here is told in terms of the rest of the format: a task
is done when a condition holds, an interrupt leads through ordinary scenes.
"""

from __future__ import annotations

from collections.abc import Mapping

import yaml

from simulator.fields import Fields, shorten, suggest
from simulator.names import Names, keys_of
from simulator.paths import exits, interrupting, undisturbed
from simulator.problem import Severity
from simulator.scenario import BACK, Clock, Interrupt, Outcome, Phase, Scenario, Task, Text, clock_text
from simulator.scenes import PHASES, Scenes

Node = yaml.Node

MOST_TASKS = 24
MOST_INTERRUPTS = 16
"""More cannot be told apart when everything that can happen is looked at."""
TASK_KEYS = ("title", "owner", "due", "when", "done-when", "undone")
UNDONE_KEYS = ("marks", "why", "text")
INTERRUPT_KEYS = ("at", "when", "in", "scene")


class Day:
    """Builds what makes a day, for one case."""

    def __init__(self, fields: Fields, names: Names, scenes: Scenes, clock: Clock | None) -> None:
        self.fields = fields
        self.names = names
        self._scenes = scenes
        self._clock = clock
        self._tasks: Node | None = None

    def tasks(self, node: Node | None) -> dict[str, Task]:
        """Read the tasks; from here on conditions may ask whether they are done."""
        fields, names = self.fields, self.names
        self._tasks = node
        listed = fields.ids(node, "tasks")
        names.tasks = dict.fromkeys(listed)
        found: dict[str, Task] = {}
        for name, (key, value) in listed.items():
            if len(found) == MOST_TASKS:
                fields.report("out-of-range", key, f"there are {len(listed)} tasks; {MOST_TASKS} are the most")
                break
            if name in names.places:
                what = "a scene" if name in names.scenes else "an ending"
                fields.report("duplicate-id", key, f"`{name}` is {what} already", "a task needs an id of its own")
            entries = fields.known(value, f"task `{name}`", TASK_KEYS, ("title", "done-when"))
            owner = fields.reference(entries.get("owner"), "person", names.people, "undefined-person") or ""
            person = owner or names.client
            due = fields.reference(entries.get("due"), "clock point", names.points, "undefined-point") or ""
            done = names.condition(entries.get("done-when"), person)
            undone, comes = self._undone(entries.get("undone"), person)
            if done is None:
                continue
            found[name] = Task(
                id=name,
                title=fields.line(entries.get("title"), "the title"),
                done=done,
                owner=owner,
                due=due,
                when=names.condition(entries.get("when"), person),
                undone=undone,
                comes=comes,
            )
        names.tasks = {name: found[name].done if name in found else None for name in listed}
        return found

    def _undone(self, node: Node | None, person: str) -> tuple[Outcome | None, Text]:
        if node is None:
            return None, ()
        entries = self.fields.known(node, "`undone:`", UNDONE_KEYS)
        comes = self.names.text(entries.get("text"), "`text:`", person)
        return self._scenes.outcome(entries), comes

    def interrupts(self, node: Node | None) -> dict[str, Interrupt]:
        """Read what breaks in."""
        fields, names = self.fields, self.names
        found: dict[str, Interrupt] = {}
        listed = fields.ids(node, "interrupts")
        if node is not None and self._clock is None:
            fields.report("no-clock", node, "interrupts come at a time, and this case has no clock", "add `clock:`")
        for name, (key, value) in listed.items():
            if len(found) == MOST_INTERRUPTS:
                message = f"there are {len(listed)} interrupts; {MOST_INTERRUPTS} are the most"
                fields.report("out-of-range", key, message)
                break
            entries = fields.known(value, f"interrupt `{name}`", INTERRUPT_KEYS, ("at", "scene"))
            scene = fields.reference(entries.get("scene"), "scene", names.scenes, "undefined-scene")
            at = self._time(entries.get("at"))
            phases, scenes = self._places(entries.get("in"))
            if scene is not None and at is not None:
                when = names.condition(entries.get("when"), names.client)
                found[name] = Interrupt(name, scene, at, when, phases, scenes)
        return found

    def _time(self, node: Node | None) -> int | None:
        """Read when something comes: a time, or a point of the clock."""
        if node is None or self._clock is None:
            return None
        text = self.fields.scalar(node, "`at:`")
        if text is None:
            return None
        if text in self.names.points:
            return self.names.points[text]
        if text[:1].isalpha():
            self.fields.unknown("undefined-point", node, "clock point", text, self.names.points)
            return None
        at = self.fields.time(node, "`at:`")
        if at is not None and at < self._clock.start:
            start = clock_text(self._clock.start)
            self.fields.report("out-of-range", node, f"{clock_text(at)} is before the case starts, at {start}")
        elif at is not None:
            on_step(self.fields, node, at, self._clock.start, self._clock.step)
        return at

    def _places(self, node: Node | None) -> tuple[tuple[Phase, ...], tuple[str, ...]]:
        """Read where an interrupt can break in: phases, scenes, or both."""
        phases: dict[Phase, None] = {}
        scenes: dict[str, None] = {}
        for each in self.fields.each(node, "`in:`"):
            name = self.fields.scalar(each, "a phase or a scene")
            if name in PHASES:
                phases[PHASES[name]] = None
            elif name in self.names.scenes:
                scenes[name] = None
            elif name is not None:
                hint = suggest(name, [*PHASES, *self.names.scenes])
                self.fields.report("undefined-scene", each, f"there is no phase or scene `{shorten(name)}`", hint)
        return tuple(phases), tuple(scenes)

    def aftermath(self, node: Node | None) -> dict[str, Text]:
        """Read what becomes of whom."""
        told: dict[str, Text] = {}
        for name, (key, value) in self.fields.ids(node, "aftermath").items():
            if name not in self.names.people:
                self.fields.unknown("undefined-person", key, "person", name, self.names.people)
                continue
            told[name] = self.names.text(value, f"what becomes of `{name}`", name)
        return told

    def ways(self, scenario: Scenario, places: Mapping[str, Node]) -> None:
        """Report interrupts that do not lead back, and ways back from where nothing broke in."""
        inside, outside = interrupting(scenario), undisturbed(scenario)
        for name, scene in scenario.scenes.items():
            if name not in places:
                continue
            if name in inside and name in outside:
                message = f"scene `{name}` belongs to an interrupt, and the case leads to it by itself as well"
                hint = "an interrupt ends with `next: back` or at an ending; for the rest, give it a scene of its own"
                self.fields.report("leads-out", places[name], message, hint)
            elif name in outside and BACK in exits(scene) and BACK not in scenario.scenes:
                message = f"scene `{name}` leads back, but no interrupt leads to it"
                hint = "`back` leads to where an interrupt broke in; name the scene that follows"
                self.fields.report("back-from-nowhere", places[name], message, hint)
        self._hubs(scenario, places)
        for name in scenario.interrupts:
            start = scenario.interrupts[name].scene
            if start in scenario.scenes and start == scenario.start:
                self.fields.report(
                    "leads-out",
                    places[start],
                    f"the case begins at `{start}`, and so does interrupt `{name}`",
                    "give the interrupt a scene of its own",
                )

    def _hubs(self, scenario: Scenario, places: Mapping[str, Node]) -> None:
        """Report hubs without work, and work that nobody gets to see."""
        hubs = [name for name, scene in scenario.scenes.items() if scene.hub]
        for name in hubs if not self.names.tasks else ():
            message = f"scene `{name}` lists open work, and this case has none"
            self.fields.report("hub-without-tasks", places[name], message, "add `tasks:`, or take out `hub:`")
        if self._tasks is not None and self.names.tasks and not hubs:
            message = "no scene lists these tasks, so nobody sees what is open"
            hint = "give the scene to which everything comes back `hub: true`"
            self.fields.report("tasks-unlisted", self._tasks, message, hint, Severity.WARNING)


def on_step(fields: Fields, node: Node, at: int, start: int, step: int) -> None:
    """Report a time that the clock passes over without ever standing at it."""
    if (at - start) % step:
        below = at - (at - start) % step
        hint = f"{clock_text(below)} or {clock_text(below + step)}, or another `step:`"
        message = f"the clock never stands at {clock_text(at)}: it moves {step} minutes at a time"
        fields.report("off-step", node, message, hint)


def has_day(top: Mapping[str, Node]) -> bool:
    """Whether a case has anything that breaks in, so that `back` leads somewhere."""
    return bool(keys_of(top.get("interrupts")))
