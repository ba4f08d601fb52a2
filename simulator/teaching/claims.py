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

from simulator.condition import Term, leaves
from simulator.scenario import Option, Response, Scenario, Text, Variant
from simulator.teaching.told import Kind, Told, told
from simulator.teaching.words import (
    has_happened,
    outside_quotations,
    quotations,
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
MOST_OF_IT = 0.75
"""The same, for what is told by a verb that fits everything that is said."""
MOST_PLACES = 4
"""Places that may introduce a name: what stands in more of them is known to nearly everybody."""
_REST = r"(?:(?!\s(?:and|but|so)\s(?:it|he|she|they|you|the|his|her|their|that)\b)[^.;:!?,—…])*"
_DEED = re.compile(
    r"\b[Yy]ou(?P<had>(?:'d|'ve|\s+had|\s+have|\s+once|\s+already|\s+then|\s+also)*)"
    rf"\s+(?P<verb>[a-z]+)\b(?P<rest>{_REST})"
)
_THEIRS = re.compile(
    r"\b(?:[Hh]e|[Ss]he|[Tt]hey|M[rs]s?\. [A-Z]\w+|[A-Z][a-z]+)"
    r"(?P<had>(?:\s+(?:was|were|had\s+been|has\s+been|have\s+been|had|has|have))?)"
    rf"\s+(?P<verb>[a-z]+)\b(?=(?P<rest>{_REST}))"
)
"""What follows is looked at and left there: the next word may be somebody else who did something."""
_UNDERGONE = """
    heard saw seen knew known felt thought found learned learnt understood noticed met got went came sat stood stayed
    waited wanted meant hoped feared forgot missed lost remembered believed began started ended seemed needed used tried
    had been could would should looked
"""
_SPEAKING = frozenset(
    map(stem, ("said", "told", "asked", "offered", "explained", "suggested", "mentioned", "proposed"))
)
"""What is done with whatever is said aloud; these verbs do not stand in it."""
_ASKING = frozenset({stem("asked"), stem("offered"), stem("suggested"), stem("proposed")})
"""Of these, what is done by a question."""
_PROMISING = frozenset({stem("promised"), stem("said"), stem("told"), stem("offered")})
"""And what is done by `I will`."""
_READING = frozenset(map(stem, ("read", "opened", "studied")))
_UNCHANGED = frozenset({"put", "set", "let", "read", "cut"})
"""Verbs whose past looks like their present: a deed is meant behind `had`, or where a time before is named."""
_BEFORE = re.compile(r"\b(?:this morning|this afternoon|yesterday|earlier|before|last week|an hour ago)\b")
_INNER = frozenset(stem(each) for each in _UNDERGONE.split())
"""What somebody goes through rather than does, and verbs that stand before another one."""
_WILL = re.compile(r"\bI(?: will|['’]ll| promise| can)\b")
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
    likely: bool = False
    """Whether it is only likely that these are meant: then somebody has to come to it after one of them."""


def claims(scenario: Scenario) -> Iterator[Claim]:
    """Yield what narration takes for granted, with everything that could have made it so."""
    texts = list(told(scenario))
    kinds = (Kind.SCENE, Kind.ENDING, Kind.DEBRIEF, Kind.SPEECH)
    targets = [each for each in texts if each.own and each.kind in kinds]
    targets = [each for each in targets if each.where[-1] != "title"]
    deeds = list(_deeds(scenario))
    met = _introduced(scenario, texts)
    known = set(_CAPITAL.findall(scenario.people[scenario.client].name))
    for each in targets:
        text = _text(scenario, each)
        # People may say of others what they like; what they say that you have done is what you remember, or not.
        spoken = each.kind is Kind.SPEECH
        said = (" ".join(quotations(each.say)) or each.say) if spoken else outside_quotations(each.say)
        for quote, meant, verb, yours in _claimed(said):
            # A wording that asks for something that was done is about that, in whatever words.
            loosely = not _asks(each)
            if spoken and not (yours and loosely):
                continue
            found = [deed.terms for deed in deeds if _tells(deed, meant, verb)]
            likely = spoken or not found
            if not found and loosely:
                found = [deed.terms for deed in deeds if _said(deed, meant, verb)]
            # A fact is what the author has the case remember of it; responses may only have some words in common.
            facts = [terms for terms in found if terms[0].kind == "fact"]
            found = facts or (found if yours else [])
            terms = tuple(dict.fromkeys(term for terms in found for term in terms))
            if terms:
                yield Claim(each, text[each.number], text, quote, terms, deed=True, likely=likely)
        for name, quote in _named(said, met) if not spoken else ():
            terms = met[name]
            if name not in known and len(terms) <= MOST_PLACES and not any(_here(term, each) for term in terms):
                yield Claim(each, text[each.number], text, quote, terms, deed=False)


def _text(scenario: Scenario, each: Told) -> Text:
    if each.kind is Kind.DEBRIEF:
        return scenario.debrief
    if each.kind is Kind.ENDING:
        return scenario.endings[each.scene].text
    scene = scenario.scenes[each.scene]
    if each.kind is Kind.SCENE:
        return scene.text
    number = each.where[3] if each.where[2] == "voices" else None
    return scene.voices[number].says if isinstance(number, int) else scene.says


# -- deeds ------------------------------------------------------------------------------------


def _claimed(said: str) -> Iterator[tuple[str, set[str], str, bool]]:
    """Yield deeds that a text speaks of: the words, what they are about, the verb, and whether they are the trainee's.

    What was done to somebody may have been done by anybody, and only a fact says that it was the trainee.
    """
    for sentence in sentences(said):
        for yours, found in (
            *((True, each) for each in _DEED.finditer(sentence)),
            *((False, each) for each in _THEIRS.finditer(sentence)),
        ):
            verb = found["verb"]
            past = has_happened(verb) and verb not in _UNCHANGED
            past = past or (verb in _UNCHANGED and bool(found["had"] or _BEFORE.search(found["rest"])))
            if not past or stem(verb) in _INNER or _NOT.search(sentence[: found.end("rest")].lower()):
                continue
            meant = {stem(verb), *told_apart(found["rest"])}
            if len(meant) >= LEAST_SHARED:
                yield shortened(sentence[found.start() : found.end("rest")]), meant, stem(verb), yours


@dataclass(frozen=True, slots=True)
class _Deed:
    """What a fact, a response or a paper tells of."""

    stems: set[str]
    terms: tuple[Term, ...]
    """What holds once it was done."""
    verbs: frozenset[str] = frozenset()
    """Verbs that somebody would tell it by, besides those that stand in it."""


def _tells(deed: _Deed, meant: set[str], verb: str) -> bool:
    shared = len(deed.stems & meant)
    return verb in deed.stems and shared >= LEAST_SHARED and shared >= LEAST_SHARE * len(meant)


def _said(deed: _Deed, meant: set[str], verb: str) -> bool:
    """Whether a deed is told of by a verb that does not stand in it.

    A verb of telling fits everything that is said, so most of the rest has to stand there. Of papers a word of their
    title is enough: what was read cannot be much else.
    """
    rest = meant - {verb}
    shared = len(deed.stems & rest)
    if verb in _READING:
        return verb in deed.verbs and shared >= 1 and 2 * shared >= len(rest)
    return verb in deed.verbs and shared >= LEAST_SHARED and shared >= MOST_OF_IT * len(rest)


def _asks(each: Told) -> bool:
    """Whether a wording is shown only where something was done, or a fact is true."""
    return each.when is not None and any(
        isinstance(leaf, Term) and leaf.kind in ("chose", "fact", "read") for leaf in leaves(each.when)
    )


def _deeds(scenario: Scenario) -> Iterator[_Deed]:
    """Yield what facts, responses, options and papers tell of, and what holds once it was done."""
    setters: dict[str, list[Term]] = {}
    for scene in scenario.scenes.values():
        acts = [*scene.responses.values(), *(scene.select.options.values() if scene.select else ())]
        for act in acts:
            term = Term("chose", f"{scene.id}/{act.id}")
            for fact in act.sets:
                setters.setdefault(fact, []).append(term)
            stems = {stem(each) for each in words(f"{act.text} {act.id.replace('-', ' ')}")}
            yield _Deed(stems, (term,), _verbs(act) if act.spoken else frozenset())
        for fact in scene.sets:
            setters.setdefault(fact, []).append(Term("visited", scene.id))
    for name, document in scenario.documents.items():
        stems = {stem(each) for each in words(f"{document.title} {name.replace('-', ' ')}")}
        yield _Deed(stems - _READING, (Term("read", name),), _READING)
    for fact, text in scenario.facts.items():
        if not _NOT.search(text.lower()):
            stems = {stem(each) for each in words(text)}
            yield _Deed(stems, (Term("fact", fact), *setters.get(fact, ())))


def _verbs(act: Response | Option) -> frozenset[str]:
    """Return the verbs by which somebody would tell of what was said."""
    asked = _ASKING if "?" in act.text else frozenset()
    promised = _PROMISING if _WILL.search(act.text) else frozenset()
    return asked | promised | (_SPEAKING - _ASKING)


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
