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
    if len(set(entries.values())) == len(entries):
        return
    asked = _asked(scenario)
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


def _asked(scenario: Scenario) -> set[str]:
    """Return the responses and options that some condition asks for."""
    # Hardly any case comes here, and what it takes is loaded late.
    from simulator.watched import read_anywhere

    return {each.name for each in read_anywhere(scenario) if each.kind == "chose"}


def _response(response: Response) -> Key:
    """Return everything that a response does."""
    return (
        _rules(response.marks), response.when, response.next, response.minutes, response.times,
        *_changes(response),
    )  # fmt: skip


def _option(option: Option) -> Key:
    return (_rules(option.marks), _rules(option.left), option.when, option.minutes, *_changes(option))


def _changes(entry: Response | Option) -> Key:
    feels = tuple(sorted((name, change) for name, change in entry.feels.items() if change))
    return feels, frozenset(entry.sets), frozenset(entry.clears)


def _rules(rules: tuple[MarkRule, ...]) -> Key:
    """Return what marks are given and when, whatever is said about them."""
    return tuple((frozenset((mark.indicator, mark.level) for mark in rule.marks), rule.when) for rule in rules)
