"""Where a case can lead, conditions left aside: a first look that needs no exploring of states."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

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
    scenes = interrupting(scenario) | undisturbed(scenario)
    reached = {scenario.start, *(to for name in scenes for to in exits(scenario.scenes[name])), *scenes}
    return [name for name in (*scenario.scenes, *scenario.endings) if name not in reached]


def interrupting(scenario: Scenario) -> frozenset[str]:
    """Return the scenes that interrupts lead through until they are over."""
    return frozenset(_reached((each.scene for each in scenario.interrupts.values()), _leads(scenario)))


def undisturbed(scenario: Scenario) -> frozenset[str]:
    """Return the scenes that a case leads through by itself, whatever breaks in."""
    return frozenset(_reached([scenario.start], _leads(scenario)))


def once(scenario: Scenario) -> frozenset[str]:
    """Return the scenes that nobody comes to twice, whatever breaks in: what was taken there is over behind them.

    Where a hub comes round again, that is a scene to which only one door leads, which can be gone through once, and
    which does not lead back to itself behind that door.
    """
    scenes, leads = scenario.scenes, _leads(scenario)
    outside = undisturbed(scenario)
    round_again = {name for name in scenes if _comes_round(name, leads)}
    found = set(outside - round_again)
    for name in outside & round_again:
        for response in scenes[name].responses.values():
            if response.times != 1:
                continue
            others = {
                to
                for each in scenes[name].responses.values()
                if each.id != response.id
                for to in (route.to for route in each.next)
            }
            behind = {route.to for route in response.next} - others
            without = {**leads, name: leads[name] - behind}
            still = _reached([scenario.start], without)
            found |= {each for each in _reached(behind, without) - still if not _comes_round(each, without)}
    starts: dict[str, int] = {}
    for interrupt in scenario.interrupts.values():
        for each in _reached([interrupt.scene], leads):
            starts[each] = starts.get(each, 0) + 1
    return frozenset(found | {each for each, count in starts.items() if count == 1 and each not in round_again})


def _leads(scenario: Scenario) -> dict[str, set[str]]:
    """Return the scenes that each scene can lead to."""
    scenes = scenario.scenes
    return {name: {to for to in exits(scene) if to in scenes} for name, scene in scenes.items()}


def _reached(first: Iterable[str], leads: Mapping[str, set[str]]) -> set[str]:
    """Return what is come to from some scenes, these included; what is none leads nowhere."""
    found = {name for name in first if name in leads}
    waiting = list(found)
    while waiting:
        for to in leads.get(waiting.pop(), ()):
            if to not in found:
                found.add(to)
                waiting.append(to)
    return found


def _comes_round(name: str, leads: Mapping[str, set[str]]) -> bool:
    """Whether a scene can lead back to itself."""
    return name in _reached(leads[name], leads)


def exits(scene: Scene) -> Iterator[str]:
    """Yield where a scene can lead; `back` where that is known only by where an interrupt broke in."""
    if scene.junction or scene.write or scene.select or scene.rank:
        yield from (route.to for route in scene.next)
    for response in scene.responses.values():
        yield from (route.to for route in response.next)
