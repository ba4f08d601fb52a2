"""Responses of a scene, or options to pick from, between which there is no difference but their words.

Whoever chooses between two of these chooses nothing: they are worth the same, move the same, and lead to the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from simulator.flaw import Flaw, Where
from simulator.problem import Severity
from simulator.scenario import MarkRule, Option, Response, Scenario

Key = tuple[object, ...]


def flaws(scenario: Scenario) -> Iterator[Flaw]:
    """Yield what differs in nothing from something above it in the same scene."""
    for scene in scenario.scenes.values():
        if "." in scene.id:
            continue
        here: Where = ("scenes", scene.id)
        responses = {name: _response(each) for name, each in scene.responses.items()}
        yield from _pairs((*here, "responses"), "responses", responses, scenario, scene.id)
        if scene.select is not None:
            options = {name: _option(each) for name, each in scene.select.options.items()}
            yield from _pairs((*here, "select", "options"), "options", options, scenario, scene.id)


def _pairs(where: Where, what: str, entries: Mapping[str, Key], scenario: Scenario, scene: str) -> Iterator[Flaw]:
    # Facts come last: which of them anything asks for is looked up only where nothing else is different.
    if len({key[:-1] for key in entries.values()}) == len(entries):
        return
    asked, remembered = _asked(scenario)
    entries = {name: (*key[:-1], _read(key[-1], remembered)) for name, key in entries.items()}
    first: dict[Key, str] = {}
    for name, key in entries.items():
        # What some condition asks for makes a difference later.
        if f"{scene}/{name}" in asked:
            continue
        same = first.setdefault(key, name)
        if same == name:
            continue
        message = f"`{same}` and `{name}` differ in nothing but their words: the same marks, the same that comes of it"
        hint = f"let one of these {what} do something else, or take one out"
        also = (((*where, same), "this one comes to the same"),)
        yield Flaw("differ-in-nothing", (*where, name), message, hint, Severity.ADVICE, also=also)


def _asked(scenario: Scenario) -> tuple[set[str], set[str]]:
    """Return the responses and options, and the facts, that some condition asks for."""
    # Hardly any case comes here, and what it takes is loaded late.
    from simulator.watched import read_anywhere

    terms = list(read_anywhere(scenario))
    return {each.name for each in terms if each.kind == "chose"}, {each.name for each in terms if each.kind == "fact"}


def _response(response: Response) -> Key:
    """Return everything that a response does."""
    return (
        _rules(response.marks), response.when, response.next, response.minutes, response.times,
        _feels(response), _facts(response),
    )  # fmt: skip


def _option(option: Option) -> Key:
    return (_rules(option.marks), _rules(option.left), option.when, option.minutes, _feels(option), _facts(option))


def _feels(entry: Response | Option) -> object:
    return tuple(sorted((name, change) for name, change in entry.feels.items() if change))


def _facts(entry: Response | Option) -> frozenset[tuple[str, bool]]:
    return frozenset({*((name, True) for name in entry.sets), *((name, False) for name in entry.clears)})


def _read(facts: object, remembered: set[str]) -> object:
    """Return those of some facts that anything asks for."""
    assert isinstance(facts, frozenset)  # noqa: S101 - what `_facts` gives
    return frozenset(each for each in facts if each[0] in remembered)


def _rules(rules: tuple[MarkRule, ...]) -> Key:
    """Return what marks are given and when, whatever is said about them."""
    return tuple((frozenset((mark.indicator, mark.level) for mark in rule.marks), rule.when) for rule in rules)
