"""Where a case can lead, conditions left aside: a first look that needs no exploring of states."""

from __future__ import annotations

from collections.abc import Iterator

from simulator.scenario import Scenario, Scene


def junction_loops(scenario: Scenario) -> list[str]:
    """Return junctions that can lead back to themselves: passing them might never end."""
    junctions = {name: scene for name, scene in scenario.scenes.items() if scene.junction}
    open_, done, loops = set[str](), set[str](), dict[str, None]()
    for first in junctions:
        path = [(first, iter(junctions[first].next))]
        while path and first not in done:
            name, routes = path[-1]
            open_.add(name)
            route = next(routes, None)
            if route is None:
                open_.discard(name)
                done.add(name)
                path.pop()
            elif route.to in open_:
                loops[route.to] = None
            elif route.to in junctions and route.to not in done and route.to not in loops:
                path.append((route.to, iter(junctions[route.to].next)))
    return list(loops)


def unreached(scenario: Scenario) -> list[str]:
    """Return the scenes and endings that nothing leads to, in the author's order."""
    reached = {scenario.start}
    waiting = [scenario.start]
    while waiting:
        scene = scenario.scenes.get(waiting.pop())
        for to in exits(scene) if scene else ():
            if to not in reached:
                reached.add(to)
                waiting.append(to)
    return [name for name in (*scenario.scenes, *scenario.endings) if name not in reached]


def exits(scene: Scene) -> Iterator[str]:
    """Yield where a scene can lead."""
    if scene.junction or scene.write or scene.select or scene.rank:
        yield from (route.to for route in scene.next)
    for response in scene.responses.values():
        yield from (route.to for route in response.next)
