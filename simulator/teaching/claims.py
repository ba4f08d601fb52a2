"""What the narration of a case takes for granted: a deed of the trainee, or a name that only some have come across.

Texts are written with one way through the case in mind, and shown on others. Two things can be looked for without
understanding a text. A sentence such as `You called the company` speaks of a deed, and there are responses and facts
that say the same in nearly the same words. And a name or a number that the narration mentions may stand in nothing but
one document. Whether there is a way on which that was not met is for `lacking` to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from simulator.condition import Term
from simulator.scenario import Scenario, Text, Variant
from simulator.teaching.told import Kind, Told, told
from simulator.teaching.words import (
    has_happened,
    outside_quotations,
    sentences,
    shortened,
    stem,
    told_apart,
    words,
)

LEAST_SHARED = 2
"""Words that a deed has to have in common with what tells of it, the verb among them."""
LEAST_SHARE = 0.6
"""The share of the words of a deed that stand in what tells of it. With less, it is another deed with the same verb."""
MOST_PLACES = 4
"""Places that may introduce a name: what stands in more of them is known to nearly everybody."""
_DEED = re.compile(
    r"\b(?:(?P<you>[Yy]ou)(?:'d|'ve|\s+had|\s+have|\s+once|\s+already|\s+then|\s+also)*"
    r"|\b(?:[Hh]e|[Ss]he|[Tt]hey|M[rs]s?\. [A-Z]\w+)\s+(?:was|were|had\s+been|has\s+been))"
    r"\s+(?P<verb>[a-z]+)\b(?P<rest>(?:(?!\s(?:and|but|so)\s(?:it|he|she|they|you|the|his|her|their|that)\b)[^.;:!?,—…])*)"
)
_UNDERGONE = """
    heard saw seen knew known felt thought found learned learnt understood noticed met got went came sat stood stayed
    waited wanted meant hoped feared forgot missed lost remembered believed began started ended seemed needed used tried
    had been could would should looked
"""
_INNER = frozenset(stem(each) for each in _UNDERGONE.split())
"""What somebody goes through rather than does, and verbs that stand before another one."""
_NOT = re.compile(r"\b(?:not|never|no|nobody|nothing|none|without|neither|nor|if|n't|whether|unless)\b|n't\b")
_TITLED = re.compile(r"\b(?:Mr|Mrs|Ms|Dr)\.? (?P<name>[A-Z][a-z]{2,})")
_CAPITAL = re.compile(r"[A-Z][a-z]{2,}")
_NUMBER = re.compile(r"\$[0-9][0-9,.]*[0-9]|\b[0-9]{3}-[0-9]{4}\b")
"""Amounts and telephone numbers. Times of day are left alone: a clock shows them."""
_EXPLAINED = re.compile(r"^(?:'s)?,? (?:his|her|their|your|the|a|an|who|from|of|at) ")
"""What follows a name that is introduced where it stands."""


@dataclass(frozen=True, slots=True)
class Claim:
    """Something that a wording takes for granted."""

    told: Told
    variant: Variant
    text: Text
    """All wordings that it is one of."""
    quote: str
    """The words that take it for granted."""
    terms: tuple[Term, ...]
    """It was met, or done, if one of these holds."""
    deed: bool
    """Whether it speaks of a deed; otherwise of a name or a number."""


def claims(scenario: Scenario) -> Iterator[Claim]:
    """Yield what narration takes for granted, with everything that could have made it so."""
    texts = list(told(scenario))
    targets = [each for each in texts if each.own and each.kind in (Kind.SCENE, Kind.ENDING, Kind.DEBRIEF)]
    targets = [each for each in targets if each.where[-1] != "title"]
    deeds = list(_deeds(scenario))
    met = _introduced(scenario, texts)
    known = set(_CAPITAL.findall(scenario.people[scenario.client].name))
    for each in targets:
        text = _text(scenario, each)
        said = outside_quotations(each.say)
        for quote, meant, verb, yours in _claimed(said):
            found = [terms for stems, terms in deeds if _tells(stems, meant, verb)]
            # A fact is what the author has the case remember of it; responses may only have some words in common.
            facts = [terms for terms in found if terms[0].kind == "fact"]
            found = facts or (found if yours else [])
            terms = tuple(dict.fromkeys(term for terms in found for term in terms))
            if terms:
                yield Claim(each, text[each.number], text, quote, terms, deed=True)
        for name, quote in _named(said, met):
            terms = met[name]
            if name not in known and len(terms) <= MOST_PLACES and not any(_here(term, each) for term in terms):
                yield Claim(each, text[each.number], text, quote, terms, deed=False)


def _text(scenario: Scenario, each: Told) -> Text:
    if each.kind is Kind.DEBRIEF:
        return scenario.debrief
    return scenario.endings[each.scene].text if each.kind is Kind.ENDING else scenario.scenes[each.scene].text


# -- deeds ------------------------------------------------------------------------------------


def _claimed(said: str) -> Iterator[tuple[str, set[str], str, bool]]:
    """Yield deeds that a text speaks of: the words, what they are about, the verb, and whether they are the trainee's.

    What was done to somebody may have been done by anybody, and only a fact says that it was the trainee.
    """
    for sentence in sentences(said):
        for found in _DEED.finditer(sentence):
            verb = found["verb"]
            if not has_happened(verb) or stem(verb) in _INNER or _NOT.search(sentence[: found.end()].lower()):
                continue
            meant = {stem(verb), *told_apart(found["rest"])}
            if len(meant) >= LEAST_SHARED:
                yield shortened(found[0]), meant, stem(verb), bool(found["you"])


def _tells(stems: set[str], meant: set[str], verb: str) -> bool:
    shared = len(stems & meant)
    return verb in stems and shared >= LEAST_SHARED and shared >= LEAST_SHARE * len(meant)


def _deeds(scenario: Scenario) -> Iterator[tuple[set[str], tuple[Term, ...]]]:
    """Yield what facts, responses and options tell of, and what holds once it was done."""
    setters: dict[str, list[Term]] = {}
    for scene in scenario.scenes.values():
        acts = [*scene.responses.values(), *(scene.select.options.values() if scene.select else ())]
        for act in acts:
            term = Term("chose", f"{scene.id}/{act.id}")
            for fact in act.sets:
                setters.setdefault(fact, []).append(term)
            yield {stem(each) for each in words(f"{act.text} {act.id.replace('-', ' ')}")}, (term,)
        for fact in scene.sets:
            setters.setdefault(fact, []).append(Term("visited", scene.id))
    for fact, text in scenario.facts.items():
        if not _NOT.search(text.lower()):
            yield {stem(each) for each in words(text)}, (Term("fact", fact), *setters.get(fact, ()))


# -- names and numbers ------------------------------------------------------------------------


def _named(said: str, met: Mapping[str, tuple[Term, ...]]) -> Iterator[tuple[str, str]]:
    """Yield names and numbers that a text mentions as if they were known, with the words around them."""
    for sentence in sentences(said):
        for found in (*_CAPITAL.finditer(sentence), *_NUMBER.finditer(sentence)):
            if found[0] in met and not _EXPLAINED.match(sentence[found.end() :]):
                begin = sentence.rfind(" ", 0, max(0, found.start() - 30)) + 1
                yield found[0], shortened(sentence[begin:])


def _introduced(scenario: Scenario, texts: Sequence[Told]) -> Mapping[str, tuple[Term, ...]]:
    """Return where people and numbers are met; who or what everybody is told of is not in it.

    Who is in it is known by name from `people:`, or is called Mr. or Ms. somewhere. Names of places explain
    themselves, and are left alone.
    """
    people = {word for each in scenario.people.values() for word in _CAPITAL.findall(each.name)}
    people.update(name for each in texts for name in _TITLED.findall(each.say))
    found: dict[str, dict[Term, None]] = {}
    common: set[str] = set()
    for each in texts:
        names = {*people.intersection(_CAPITAL.findall(each.say)), *_NUMBER.findall(each.say)}
        names.update(_CAPITAL.findall(scenario.people[each.person].name) if each.person else ())
        term = _term(scenario, each)
        if each.kind is Kind.FRONT:
            common |= names
        if term is not None:
            for name in names:
                found.setdefault(name, {})[term] = None
    return {name: tuple(terms) for name, terms in found.items() if name not in common}


def _term(scenario: Scenario, each: Told) -> Term | None:
    """Return what holds for whoever has met a text; None where that is everybody, or where it is the end."""
    match each.kind:
        case Kind.DOCUMENT | Kind.DIRECTORY:
            return Term("read", each.done)
        case Kind.THEN if each.done:
            return Term("chose", f"{each.scene}/{each.done}")
        case Kind.CONSULT:
            away = any(one.away for one in scenario.scenes[each.scene].consult)
            return Term("visited" if away else "consulted", each.scene)
        case Kind.FRONT | Kind.ENDING | Kind.DEBRIEF:
            return None
    return Term("visited", each.scene)


def _here(term: Term, each: Told) -> bool:
    """Whether what introduces a name stands beside the text that mentions it."""
    return term.name.partition("/")[0] == each.scene
