"""Whether clients speak so that everybody can follow: the reading grade of what they say.

Nobody should need more than nine years of school to read what clients say (AUTHORING.md, Craft), for two reasons: real
people under strain speak in short words, and some who train with a case read English as their second language. The
measure is the grade level of Kincaid, Fishburne, Rogers and Chissom, "Derivation of New Readability Formulas", Naval
Technical Training Command, Research Branch Report 8-75, 1975. It counts words a sentence and syllables a word, and
nothing else: it is a reason to look, and no judgement.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from simulator.flaw import Flaw, Where
from simulator.problem import Severity
from simulator.scenario import Scenario
from simulator.teaching.syllables import syllables
from simulator.teaching.told import Kind, Told
from simulator.teaching.words import quotations, sentences, shortened

HARDEST = 9.0
"""The grade that all speech of a person together should not exceed."""
LEAST_WORDS = 60
"""Words that a person has to say before they are judged. Samples of 100 words are what such formulas are used on
(Flesch 1948), and in a short case few say as much; of less than this, the grade is chance."""
FAR_ABOVE = 12.0
"""The grade of a single speech that is worth a look by itself: three years of school above the others."""
LEAST_SPEECH = 30
"""Words of a single speech that is judged by itself: below, one long word makes a grade."""
OUT_OF_REACH = 16.0
"""The grade from which a shorter speech is worth a look as well: nobody speaks so but who reads aloud from a letter. In
the library no speech of a client, however short, comes to half of it."""
LEAST_SHORT = 10
"""Words of such a shorter speech."""
SHOWN = 3
"""Sentences that a message quotes."""
LEAST_SENTENCE = 6
"""Words of a sentence that is quoted as a hard one."""
_Measured = tuple[str, int, int]
"""A sentence, its words, its syllables."""
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class _Speech:
    """What somebody says in one go."""

    where: Where
    about: str
    person: str
    say: str


def speech(scenario: Scenario, everything: Iterable[Told]) -> Iterator[Flaw]:
    """Yield clients who speak above ninth grade, and single speeches that are far above."""
    spoken: dict[str, list[_Speech]] = {
        name: [] for name, each in scenario.people.items() if each.feelings or name == scenario.client
    }
    for each in _speeches(scenario, everything):
        if each.person in spoken:
            spoken[each.person].append(each)
    for person, speeches in spoken.items():
        measured = [[(sentence, *_measured(sentence)) for sentence in sentences(each.say)] for each in speeches]
        found = [sentence for each in measured for sentence in each]
        shortest = LEAST_SHORT
        if sum(count for _, count, _ in found) >= LEAST_WORDS and (level := _grade(found)) > HARDEST:
            # The hardest of the shorter ones are quoted here.
            shortest = LEAST_SPEECH
            hard = sorted(
                (each for each in found if each[1] >= LEAST_SENTENCE), key=lambda each: _grade([each]), reverse=True
            )
            quoted = "; ".join(f"“{shortened(each)}”" for each in list(dict.fromkeys(one[0] for one in hard))[:SHOWN])
            message = f"what {scenario.called(person)} says takes {level:.0f} years of school to read, above"
            message += f" {HARDEST:.0f}; the hardest sentences: {quoted}"
            hint = "shorter sentences and everyday words; read it aloud as that person would say it"
            yield Flaw("hard-to-hear", ("people", person), message, hint, Severity.ADVICE, person)
        for each, parts in zip(speeches, measured, strict=True):
            said, level = sum(count for _, count, _ in parts), _grade(parts)
            if (said >= LEAST_SPEECH and level > FAR_ABOVE) or (said >= shortest and level > OUT_OF_REACH):
                message = f"this speech of {scenario.called(person)} takes {level:.0f} years of school to read"
                hint = "nobody speaks so under strain: break the long sentences up"
                yield Flaw("hard-to-hear", each.where, message, hint, Severity.ADVICE, each.about)


def grade(spoken: Iterable[str]) -> float:
    """Return the grade of some sentences: years of school that it takes to read them (Kincaid and others 1975)."""
    return _grade([(each, *_measured(each)) for each in spoken])


def _grade(measured: Iterable[_Measured]) -> float:
    counted = [(count, parts) for _, count, parts in measured if count]
    if not counted:
        return 0.0
    words = sum(count for count, _ in counted)
    return 0.39 * words / len(counted) + 11.8 * sum(parts for _, parts in counted) / words - 15.59


def _measured(sentence: str) -> tuple[int, int]:
    """Return how many words and how many syllables a sentence has."""
    found = _WORD.findall(sentence)
    return len(found), sum(map(syllables, found))


def _speeches(scenario: Scenario, everything: Iterable[Told]) -> Iterator[_Speech]:
    """Yield what people say; of a reaction, what is quoted, where nobody else is named who might have said it."""
    names = {name: _names(scenario, name) for name in scenario.people}
    for each in everything:
        if not each.own:
            continue
        if each.kind is Kind.SPEECH:
            yield _Speech(each.where, each.about, each.person, " ".join(quotations(each.say)) or each.say)
        elif each.kind is Kind.THEN and (quoted := quotations(each.say)):
            person = scenario.scenes[each.scene].person
            others = {word for name in names if name != person for word in names[name]} - names[person]
            if not others & set(_WORD.findall(each.say)):
                yield _Speech(each.where, each.about, person, " ".join(quoted))


def _names(scenario: Scenario, person: str) -> set[str]:
    """Return the words by which a person may be named."""
    someone = scenario.people[person]
    return {word for text in (someone.name, someone.called) for word in _WORD.findall(text) if word[0].isupper()}
