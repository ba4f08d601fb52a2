"""A case that remembers more than it needs: every state also keeps what some conditions ask about.

Exploring drops whatever no decision depends on, and so forgets what only wordings ask about. To prove that a
wording never comes up, its condition is added where it changes nothing: below the marks of a response, where
it gives no marks, or as an outcome that gives none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from simulator.condition import Condition
from simulator.scenario import Ending, MarkRule, Outcome, Scenario, Scene


def with_probes(scenario: Scenario, extra: Mapping[str, Sequence[Condition]]) -> Scenario:
    """Return a case that plays and is marked the same, and keeps what these conditions of its scenes ask about."""
    scenes = {name: _probed(scene, extra[name]) if name in extra else scene for name, scene in scenario.scenes.items()}
    endings = {
        name: replace(ending, outcomes=_outcomes(ending, extra[name])) if name in extra else ending
        for name, ending in scenario.endings.items()
    }
    return replace(scenario, scenes=scenes, endings=endings)


def _probed(scene: Scene, conditions: Sequence[Condition]) -> Scene:
    rules = tuple(MarkRule((), when=condition) for condition in conditions)
    for name, response in scene.responses.items():
        probed = replace(response, marks=(*response.marks, *rules))
        return replace(scene, responses={**scene.responses, name: probed})
    for name, option in scene.select.options.items() if scene.select else ():
        probed_option = replace(option, marks=(*option.marks, *rules))
        options = {**scene.select.options, name: probed_option} if scene.select else {}
        return replace(scene, select=replace(scene.select, options=options) if scene.select else None)
    return replace(scene, outcomes=_outcomes(scene, conditions))


def _outcomes(here: Scene | Ending, conditions: Sequence[Condition]) -> tuple[Outcome, ...]:
    return (*here.outcomes, *(Outcome((), when=condition) for condition in conditions))
