"""What is drawn of a case: a box for each scene and ending, and an arrow from one to another.

A visit brings all scenes of its shared file along. They are one box here, the scene that visits: an author of a case
reads it as one thing, and it is drawn in the file that it stands in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from simulator.flaw import place_of
from simulator.paths import exits
from simulator.scenario import BACK, Next, Phase, Scenario, Scene, clock_text
from simulator.wording import counted, how_many

COLUMNS = (*(str(phase) for phase in Phase), "endings")
"""Where boxes stand, from left to right."""
ENDINGS = len(COLUMNS) - 1
PHASES = list(Phase)


class Kind(StrEnum):
    """What a box stands for."""

    SCENE = "scene"
    JUNCTION = "junction"
    VISIT = "visit"
    ENDING = "ending"


@dataclass(frozen=True, slots=True)
class Box:
    """A scene, with all that it visits, or an ending."""

    id: str
    kind: Kind
    column: int
    """A place in `COLUMNS`."""
    title: str
    """What it is called: the id, or the title of an ending."""
    what: str
    """What is to be done in it: `3 responses`."""
    person: str = ""
    """Whom it is with, where that is not the client."""


@dataclass(frozen=True, slots=True)
class Arrow:
    """That it can go on from one box to another."""

    source: str
    target: str
    by: tuple[str, ...]
    """The responses that lead there; empty: whatever is done."""
    sometimes: bool
    """Whether a condition decides about it."""
    back: bool
    """Whether it leads back to where one has been."""


@dataclass(frozen=True, slots=True)
class Graph:
    """A case, ready to be drawn."""

    scenario: Scenario
    start: str
    boxes: Mapping[str, Box]
    """By id, in the author's order."""
    arrows: tuple[Arrow, ...]

    def leaving(self, name: str) -> tuple[Arrow, ...]:
        """Return the arrows that leave a box, in the author's order."""
        return tuple(each for each in self.arrows if each.source == name)

    def inside(self, column: int) -> tuple[Box, ...]:
        """Return the boxes of a column, in the author's order."""
        return tuple(box for box in self.boxes.values() if box.column == column)


def graph_of(scenario: Scenario) -> Graph:
    """Return what is drawn of a case."""
    ways = _ways(scenario)
    columns = _columns(scenario)
    boxes = {
        name: _scene_box(scenario, scene, columns[name])
        for name, scene in scenario.scenes.items()
        if place_of(name) == name
    }
    for ending in scenario.endings.values():
        boxes[ending.id] = Box(ending.id, Kind.ENDING, ENDINGS, ending.title or ending.id, "ending")
    back = _leading_back(scenario.start, ways, boxes)
    arrows = tuple(
        # What every response leads to needs none of them named.
        Arrow(
            source,
            target,
            () if len(by) == len(scenario.scenes[source].responses) else tuple(by),
            sometimes,
            (source, target) in back,
        )
        for source, targets in ways.items()
        for target, (by, sometimes) in targets.items()
    )
    return Graph(scenario, scenario.start, boxes, arrows)


def routes_of(scene: Scene) -> Iterator[tuple[str, Next]]:
    """Yield where a scene leads, by which response; an empty one where there is none."""
    if scene.junction or scene.write or scene.select or scene.rank:
        yield "", scene.next
    for response in scene.responses.values():
        yield response.id, response.next


Ways = dict[str, dict[str, tuple[list[str], bool]]]
"""Where each box leads: by which responses, and whether a condition decides about it."""


def _ways(scenario: Scenario) -> Ways:
    ways: Ways = {}
    for name, scene in scenario.scenes.items():
        source = place_of(name)
        here = ways.setdefault(source, {})
        for response, routes in routes_of(scene):
            shown = response if source == name and len(scene.responses) > 1 else ""
            for route in routes:
                if route.to == BACK and BACK not in scenario.scenes:
                    # To wherever it broke in, which would be an arrow to nearly everywhere.
                    continue
                target = place_of(route.to)
                if target == source and route.to != name:
                    # From one of the scenes of a visit to another.
                    continue
                by, sometimes = here.setdefault(target, ([], False))
                if shown and shown not in by:
                    by.append(shown)
                here[target] = by, sometimes or route.when is not None or _asks(scene, response)
    return ways


def _asks(scene: Scene, response: str) -> bool:
    return response in scene.responses and scene.responses[response].when is not None


def _columns(scenario: Scenario) -> dict[str, int]:
    """Return the phase of each scene: its own, or the first in which one may come to it."""
    known: dict[str, int] = {}
    waiting = [(scenario.start, 0), *((each.scene, 0) for each in scenario.interrupts.values())]
    while waiting:
        name, phase = waiting.pop()
        scene = scenario.scenes.get(name)
        if scene is None:
            continue
        here = phase if scene.phase is None else PHASES.index(scene.phase)
        if known.get(name, len(PHASES)) <= here:
            continue
        known[name] = here
        waiting += [(route.to, here) for _, routes in routes_of(scene) for route in routes]
    before = 0
    for name, scene in scenario.scenes.items():
        # What nothing leads to stands with what is written before it.
        before = known.setdefault(name, before if scene.phase is None else PHASES.index(scene.phase))
    return known


def _leading_back(start: str, ways: Ways, boxes: Mapping[str, Box]) -> set[tuple[str, str]]:
    """Return the arrows that lead back to where one has been, walking in the author's order."""
    back: set[tuple[str, str]] = set()
    done: set[str] = set()
    for first in (start, *boxes):
        if first in done:
            continue
        path = [(first, iter(ways.get(first, {})))]
        on_path = {first}
        while path:
            name, targets = path[-1]
            target = next(targets, None)
            if target is None:
                done.add(name)
                on_path.discard(name)
                path.pop()
            elif target in on_path:
                back.add((name, target))
            elif target not in done:
                on_path.add(target)
                path.append((target, iter(ways.get(target, {}))))
    return back


def _scene_box(scenario: Scenario, scene: Scene, column: int) -> Box:
    shared = [name for name in scenario.scenes if name.startswith(f"{scene.id}.")]
    kind = Kind.VISIT if shared else Kind.JUNCTION if scene.junction else Kind.SCENE
    person = scenario.called(scene.person) if scene.person != scenario.client else ""
    what = f"visits {_visited(scene)}" if shared else _done(scene)
    comes = [clock_text(each.at) for each in scenario.interrupts.values() if each.scene == scene.id]
    what += f"; breaks in from {' and '.join(comes)}" if comes else ""
    what += "; leads back" if scenario.interrupts and any(to == BACK for to in exits(scene)) else ""
    return Box(scene.id, kind, column, scene.id, what, person)


def _visited(scene: Scene) -> str:
    """Name the shared scene that a visit goes into."""
    return scene.next[0].to.partition(".")[2] if scene.next else "shared scenes"


def _done(scene: Scene) -> str:
    """Say what is to be done in a scene."""
    if scene.junction:
        return "junction"
    if scene.select:
        many = len(scene.select.options)
        return f"pick {how_many(scene.select.least, scene.select.most or many)} of {many}"
    if scene.rank:
        return f"put {len(scene.rank.items)} in order"
    if scene.write:
        return "write"
    if len(scene.responses) == 1:
        return "go on"
    return counted(len(scene.responses), "response")
