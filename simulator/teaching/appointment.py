"""Whether a case is a whole appointment: something to prepare, a meeting, and what has to be done afterwards.

Most of what goes wrong in the work goes wrong before and after the talk. A case that begins with the first word and
ends with the last one teaches that it does not count.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from scoring.rubric import DIMENSIONS, Rubric, dimension_of
from simulator.flaw import Flaw, Where
from simulator.paths import exits
from simulator.problem import Severity
from simulator.scenario import DIRECTORY, Phase, Scenario, Scene
from simulator.teaching.marked import marked

if TYPE_CHECKING:
    from simulator.explore import Exploration

LEAST_SCENES = 8
"""Scenes in which something is decided, from which a case is a whole appointment: a third of a full case, which has 25
to 45 scenes (AUTHORING.md, Craft). A smaller one is an exercise, and may be about one part only."""
_WRITING = ("organization.records", "organization.referral")
"""Indicators of Caseload's own rubric that say that something is written down or passed on."""


def phases(scenario: Scenario, explored: Exploration | None) -> Iterator[Flaw]:
    """Yield the parts of an appointment that nobody comes to."""
    if not whole(scenario):
        return
    met = _met(scenario, explored)
    for phase, where, hint in _ASKED:
        found = [scenario.scenes[name] for name, during in met if during is phase]
        if not any(_decided(scene) or scene.documents for scene in found):
            message = f"nothing is decided in the phase `{phase}`: no scene that can be come to lies in it"
            at: Where = ("scenes", scenario.start) if where == "start" else (where,)
            yield Flaw("missing-phase", at, message, hint, Severity.ADVICE, phase.value)
        elif phase is Phase.WRAP_UP and not any(_writes(scene) for scene in found):
            message = "in the wrap-up nothing is written, and nobody is referred anywhere"
            hint = "add a `write:` scene for the note, or a decision that is marked on records or referral"
            yield Flaw("missing-phase", ("scenes", found[0].id), message, hint, Severity.ADVICE, phase.value)


def thin_dimensions(scenario: Scenario, rubric: Rubric) -> Iterator[Flaw]:
    """Yield dimensions that hang on one indicator in a case that is a whole appointment."""
    if not whole(scenario):
        return
    counts = marked(scenario, rubric)
    for dimension in DIMENSIONS:
        own = [each.indicator for each in counts if each.total and dimension_of(each.indicator) == dimension]
        if len(own) == 1:
            message = f"`{dimension}` is marked on nothing but `{own[0]}` in this case"
            hint = "mark a second indicator of it, so that a result stands on more than one thing"
            yield Flaw("thin-dimension", ("scenes",), message, hint, Severity.ADVICE, dimension)


def whole(scenario: Scenario) -> bool:
    """Whether a case is long enough to be asked for a whole appointment."""
    return sum(_decided(scene) for scene in scenario.scenes.values()) >= LEAST_SCENES


def _met(scenario: Scenario, explored: Exploration | None) -> set[tuple[str, Phase]]:
    """Return the scenes that can be come to, each with every phase in which that may be."""
    known = None
    if explored is not None:
        known = {explored.machine.nodes[explored.graph.nodes[at].node].name for at in set(explored.at)}
    first = scenario.start, scenario.scenes[scenario.start].phase or Phase.PREPARATION
    found, waiting = {first}, [first]
    while waiting:
        name, phase = waiting.pop()
        for to in exits(scenario.scenes[name]):
            scene = scenario.scenes.get(to)
            if scene is None or (known is not None and not scene.junction and to not in known):
                continue
            then = to, scene.phase or phase
            if then not in found:
                found.add(then)
                waiting.append(then)
    return found


def _decided(scene: Scene) -> bool:
    return bool(len(scene.responses) > 1 or scene.select or scene.rank or scene.write)


def _writes(scene: Scene) -> bool:
    """Whether something is written, passed on or looked up for that: what a wrap-up is for."""
    if scene.write or DIRECTORY in scene.documents:
        return True
    rules = [rule for each in scene.responses.values() for rule in each.marks]
    for option in scene.select.options.values() if scene.select else ():
        rules += [*option.marks, *option.left]
    marks = [mark for rule in rules for mark in rule.marks]
    marks += [mark for pair in (scene.rank.pairs if scene.rank else ()) for mark in pair.marks]
    return any(mark.indicator in _WRITING for mark in marks)


_ASKED: tuple[tuple[Phase, str, str], ...] = (
    (Phase.PREPARATION, "start", "begin before the person comes: a file to read, with too little time for all of it"),
    (Phase.MEETING, "scenes", "say `phase: meeting` on the scene in which the person is met"),
    (Phase.WRAP_UP, "endings", "add scenes with `phase: wrap-up`: the note, the referral, what is left undone"),
)
