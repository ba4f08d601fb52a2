"""Whether every mark can be learned from: a debrief shows `why:`, and a critical names what it rests on.

What a response was worth is a number to a trainee; why is what they take home.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scoring.rubric import Mark
from simulator.fields import in_words
from simulator.flaw import Flaw, Where
from simulator.problem import Severity
from simulator.scenario import MarkRule, Outcome, Scenario, Scene
from simulator.teaching.words import STOP, shortened, told_apart, words

LEAST_NEW = 4
"""A `why:` that says the response again has to say so much besides: words that the response does not have. Those of
the library have six and more."""
AGAIN = 0.5
"""It says the response again if so much of what it is about stands there. In the library it is a third at most."""
LEAST_SHARE = 0.25
"""However long it is, so much of it has to go beyond the response."""
PLENTY = 16
"""With so many other words, counted roughly, a `why:` says something, and nobody needs to look closely."""
_LEVELS = frozenset(
    told_apart(
        "best acceptable poor harmful good better bad worse worst right wrong correct incorrect response answer option "
        "choice thing way example level mark marked okay fine great perfect excellent clearly simply really here "
        "because reason should say said do"
    )
)
"""Words that only say which level a response has."""
LEAST_WORDS = 4
"""A standard without any digit names a rule only if it has so many words."""


def reasons(scenario: Scenario) -> Iterator[Flaw]:
    """Yield what is marked without a reason, or with one that says no more than what it is about."""
    for scene in scenario.scenes.values():
        if "." not in scene.id:
            yield from _of_scene(scene)
    for name, ending in scenario.endings.items():
        yield from _of_outcomes(("endings", name), f"ending `{name}`", name, ending.outcomes)


def standards(scenario: Scenario) -> Iterator[Flaw]:
    """Yield criticals that do not say which rule they rest on."""
    for name, critical in scenario.criticals.items():
        hint = "name the rule and its section, such as `standard: NASW Code 1.07, privacy and confidentiality`"
        standard = critical.standard
        if not standard:
            message = f"critical `{name}` names no standard that was not kept"
            yield Flaw("critical-without-standard", ("criticals", name), message, hint, Severity.ADVICE, name)
        elif not any(each.isdigit() for each in standard) and len(words(standard)) < LEAST_WORDS:
            message = f"the standard of critical `{name}` is only “{shortened(standard)}”: nobody can look that up"
            where = ("criticals", name, "standard")
            yield Flaw("critical-without-standard", where, message, hint, Severity.ADVICE, name)


def _of_scene(scene: Scene) -> Iterator[Flaw]:
    here: Where = ("scenes", scene.id)
    for name, response in scene.responses.items():
        where, about = (*here, "responses", name), f"{scene.id}/{name}"
        yield from _of_rules(where, f"`{about}`", about, response.text, response.marks)
    for name, option in scene.select.options.items() if scene.select else ():
        where, about = (*here, "select", "options", name), f"{scene.id}/{name}"
        yield from _of_rules(where, f"`{about}`", about, option.text, option.marks)
        yield from _of_rules((*where, "left-out"), f"leaving out `{about}`", about, option.text, option.left)
    for pair in scene.rank.pairs if scene.rank else ():
        items = scene.rank.items if scene.rank else {}
        what = f"`{pair.first}` before `{pair.second}` in `{scene.id}`"
        told = f"{items[pair.first]} {items[pair.second]}"
        yield from _of_reason((*here, "rank", "pairs"), what, scene.id, told, pair.marks, pair.why)
    yield from _of_outcomes(here, f"scene `{scene.id}`", scene.id, scene.outcomes)


def _of_rules(where: Where, what: str, about: str, told: str, rules: Sequence[MarkRule]) -> Iterator[Flaw]:
    """Yield one flaw at most of each kind: rules may share their reason."""
    known: set[str] = set()
    for rule in rules:
        for flaw in _of_reason(where, what, about, told, rule.marks, rule.why):
            if flaw.code not in known:
                known.add(flaw.code)
                yield flaw


def _of_outcomes(here: Where, what: str, about: str, outcomes: Sequence[Outcome]) -> Iterator[Flaw]:
    for number, outcome in enumerate(outcomes):
        place = f"outcome {number + 1} of {what}" if len(outcomes) > 1 else f"the outcome of {what}"
        yield from _of_reason((*here, "outcomes", number), place, about, "", outcome.marks, outcome.why)


def _of_reason(where: Where, what: str, about: str, told: str, marks: Sequence[Mark], why: str) -> Iterator[Flaw]:
    if not marks:
        return
    if not why:
        given = in_words([f"`{mark}`" for mark in marks])
        message = f"{what} is marked {given}, and no `why:` says what for"
        hint = "say in two to four sentences what was good about it, what it did, and what else was open"
        yield Flaw("no-why", where, message, hint, Severity.ADVICE, about)
        return
    if len(set(why.lower().split()) - set(told.lower().split()) - STOP) >= PLENTY:
        return
    meant, said = told_apart(why), told_apart(told)
    again = meant & said
    new = meant - said - _LEVELS - told_apart(" ".join(mark.indicator.replace(".", " ") for mark in marks))
    repeats = len(again) >= AGAIN * len(meant) and len(new) < LEAST_NEW
    if new and not repeats and len(new) >= LEAST_SHARE * len(meant):
        return
    message = f"the `why:` of {what} says little that is not in "
    message += "it already" if again else "its marks"
    message += f": “{shortened(why)}”"
    hint = "say what it did to the person or the work, what it rests on, and what else was open"
    yield Flaw("why-repeats", (*where, "why"), message, hint, Severity.ADVICE, about)
