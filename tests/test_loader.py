"""From text to a case: what every key becomes, and every mistake with its code, its place and a way out."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from scoring.rubric import Level, Mark
from simulator.check import check
from simulator.condition import Compare, Not, Quantity, Term, say
from simulator.library import standard_rubric
from simulator.loader import load_rubric, load_scenario, rubric_from, scenario_from
from simulator.problem import Problem, Severity
from simulator.scenario import (
    Clock,
    Critical,
    Document,
    Ending,
    Feeling,
    MarkRule,
    Outcome,
    Phase,
    Response,
    Route,
    Scenario,
    Variant,
    Writing,
)
from simulator.session import start
from simulator.source import from_text
from tests.cases import CASE, TRIALS, case, loaded, rubric, scenario, written
from tests.scenarios_random import play_on

CARET = "‸"
"""Stands in a broken text where a problem must point."""

IDS = "ids are small letters, digits and hyphens, and start with a letter"
WRITE_IT = "write it, or leave the key out"


def broken(text: str, old: str, new: str) -> tuple[str, list[tuple[int, int]]]:
    """Replace the one `old` in a text by `new`; return it without carets, and where they stood."""
    assert text.count(old) == 1, f"{text.count(old)} of {old!r}"
    parts = text.replace(old, new).split(CARET)
    places = []
    for count in range(1, len(parts)):
        before = "".join(parts[:count])
        places.append((before.count("\n") + 1, len(before) - before.rfind("\n")))
    return "".join(parts), places


def told(problems: tuple[Problem, ...]) -> list[tuple[str, int, int]]:
    return [(problem.code, problem.place.line, problem.place.column) for problem in problems]


def expect(problems: tuple[Problem, ...], places: list[tuple[int, int]], codes: str, hint: str | None) -> None:
    """Compare what was found with the carets and the codes, and the first hint unless it is None."""
    assert told(problems) == [(code, *place) for code, place in zip(codes.split(), places, strict=True)], problems
    assert hint is None or problems[0].hint == hint


# -- every mistake ----------------------------------------------------------------------------

MISTAKES = [
    # Mappings, keys and lists.
    ("title: A small case\n", "‸titel: A small case\ntitle: A small case\n", "unknown-key", "did you mean `title`?"),
    ("  letter:\n    title", "  letter:\n    ‸pages: 2\n    title", "unknown-key", "there are: `title`, `minutes`, `text`"),
    ("    name: Gus Brandt\n", "    ‸nmae: Gus\n    name: Gus Brandt\n", "unknown-key", "did you mean `name`?"),
    ("    cue: desk\n", "    cue: desk\n    ‸colour: red\n", "unknown-key", None),
    ("      prompt: Write", "      ‸promt: x\n      prompt: Write", "unknown-key", "did you mean `prompt`?"),
    ("    phase: wrap-up\n", "    ‸pause: 3\n    phase: wrap-up\n", "unknown-key", "did you mean `phase`?"),
    ("        then: She", "        ‸than: x\n        then: She", "unknown-key", "did you mean `then`?"),
    ("title: Done\n", "title: Done\n    ‸mood: good\n", "unknown-key", "there are: `title`, `text`, `outcomes`"),
    ("title: A small case\n", "title: A small case\n‸title: Another\n", "duplicate-key", "first defined at line 2"),
    ("  meeting:\n", "  ‸desk:\n    next: fork\n  meeting:\n", "duplicate-key", "first defined at line 31"),
    ("  gus:\n", "  ‸ruth: {name: Ruth}\n  gus:\n", "duplicate-key", "first defined at line 6"),
    ("{rapport.limits: best}", "{rapport.limits: best, ‸rapport.limits: poor}", "duplicate-key", None),
    ("{trust: +1, gus", "{trust: +1, ‸ruth.trust: +2, gus", "duplicate-key", None),
    ("summary: Somebody asks for something.\n", "‸summary:\n", "empty-value", WRITE_IT),
    ("    cue: desk\n", "    ‸cue: []\n", "empty-value", WRITE_IT),
    ("    name: Gus Brandt\n", "    ‸name:\n", "empty-value", WRITE_IT),
    ("  gus:\n", "  ines:‸\n  gus:\n", "empty-value", WRITE_IT),
    ("  promised: Something was promised.", "  promised: ‸''", "empty-value", WRITE_IT),
    ("text: It is over.", "text: ‸'  '", "empty-value", WRITE_IT),
    ("title: A small case\n", "", "missing-key", None),
    ("    name: Gus Brandt\n    feelings", "    ‸feelings", "missing-key", None),
    ("title: A letter\n    ", "‸", "missing-key", None),
    ("    cue: desk\n    when", "    ‸when", "missing-key", None),
    ("      prompt: Write the note.\n      rated", "      ‸rated", "missing-key", None),
    ("    title: Done\n    text", "    ‸text", "missing-key", None),
    ("      - when: not read(letter)\n        marks: {organization.preparation: poor}\n        why: The letter lay there.",
     "      - ‸when: not read(letter)", "missing-key", None),
    ("          - give: {rapport.limits: acceptable}", "          - ‸why: So so.", "missing-key", None),
    ("  fork:\n    next:\n      - when: promised\n        to: note\n",
     "  fork:\n    next:\n      - ‸when: promised\n", "missing-key", None),
    ("documents:\n  letter:", "documents:\n  ‸my letter:\n    {title: A, text: B}\n  letter:", "bad-id",
     IDS + ", such as `my-letter`"),
    ("  promised: Something", "  ‸Left: She left.\n  promised: Something", "bad-id", IDS + ", such as `left`"),
    ("  promised: Something", f"  ‸{'a' * 65}: Long.\n  promised: Something", "bad-id",
     IDS + f", such as `{'a' * 64}`"),
    ("  promised: Something", "  ‸7: Seven.\n  promised: Something", "bad-id", IDS),
    ("scenario: small-case", "scenario: ‸Small case", "bad-id", IDS + ", such as `small-case`"),
    ("      promise:\n", "      ‸give_up: {do: Leave.}\n      promise:\n", "bad-id", IDS + ", such as `give-up`"),
    ("  promised: Something", "  ‸before: B.\n  promised: Something", "reserved-word", "choose another id"),
    ("  promised: Something", "  ‸and: B.\n  promised: Something", "reserved-word", "choose another id"),
    ("feelings: {trust: 2}", "feelings: {‸not: 3, trust: 2}", "reserved-word", "choose another id"),
    ("endings:\n", "endings:\n  ‸desk: {title: A, text: B}\n", "duplicate-id", "an ending needs an id of its own"),
    ("  promised: Something", "  ‸tension: T.\n  promised: Something", "duplicate-id", "a fact needs an id of its own"),
    # Kinds of values.
    ("title: A small case", "title: ‸[A, small, case]", "wrong-type",
     "to begin text with `[`, put the whole text in quotes or use a `|` block"),
    ("title: A small case", "title: ‸{A: b}", "wrong-type",
     "to begin text with `{`, put the whole text in quotes or use a `|` block"),
    ("title: A small case", "title:\n  ‸- A", "wrong-type", ""),
    ("      invite: {do: Ask her to come in., next: meeting}", "      ‸- do: Ask.", "wrong-type", ""),
    ("{do: Ask her to come in., next: meeting}", "‸Ask her to come in.", "wrong-type", ""),
    ("        sets: promised", "        sets: ‸{promised: true}", "wrong-type", ""),
    ("        sets: promised", "        sets: [‸[promised]]", "wrong-type", None),
    ("    outcomes:\n      - when: not read(letter)\n", "    outcomes:\n      ‸when: not read(letter)\n",
     "wrong-type", ""),
    ("marks: {rapport.limits: harmful}", "marks: ‸rapport.limits", "wrong-type", ""),
    ("marks: {rapport.limits: harmful}", "marks: {rapport.limits: ‸[harmful]}", "wrong-type", None),
    ("feels: {trust: +1, gus.trust: -1}", "feels: ‸more", "wrong-type", ""),
    ("feelings: {trust: 2}", "feelings: ‸[trust]", "wrong-type", ""),
    ("    next: fork", "    next: ‸{to: fork}", "wrong-type", None),
    ("    next: fork", "    next: [‸fork]", "wrong-type", ""),
    ("when: before(due)", "when: ‸[before]", "wrong-type", None),
    ("    when: promised\n    why", "    when:\n      ‸- promised\n    why", "wrong-type", ""),
    ("    text: Her file is on your desk.", "    text:\n      - - ‸Her file", "wrong-type", None),
    ("    minutes: 4", "    minutes: ‸four", "bad-number", None),
    ("    minutes: 4", "    minutes: ‸4.5", "bad-number", None),
    ("    minutes: 4", "    minutes: ‸-1", "out-of-range", None),
    ("    minutes: 4", "    minutes: ‸1441", "out-of-range", None),
    ("feelings: {trust: 2}", "feelings: {trust: ‸11}", "out-of-range", None),
    ("feelings: {trust: 2}", "feelings: {trust: ‸low}", "bad-number", None),
    ("{trust: +1, gus.trust: -1}", "{trust: ‸+11, gus.trust: -1}", "out-of-range", None),
    ("        sets: promised", "        sets: promised\n        again: ‸0", "out-of-range", None),
    ("        sets: promised", "        sets: promised\n        again: ‸100", "out-of-range", None),
    ("        sets: promised", "        sets: promised\n        again: ‸maybe", "bad-number", None),
    ("        sets: promised", "        sets: promised\n        minutes: ‸soon", "bad-number", None),
    ("    consult: Read", "    consult-minutes: ‸x\n    consult: Read", "bad-number", None),
    ("client: ruth\n", "client: ruth\nduration: ‸0\n", "out-of-range", None),
    ('points: {due: "10:20"}', 'points: {due: ‸"25:20"}', "bad-time", None),
    ('points: {due: "10:20"}', "points: {due: ‸10.20}", "bad-time", None),
    ('points: {due: "10:20"}', "points: {due: ‸9:59}", "out-of-range", None),
    ('start: "10:00"', 'start: ‸"10"', "bad-time", None),
    ("version: 1.0.0", "version: ‸1.0", "bad-version", "such as 1.0.0"),
    ("phase: preparation", "phase: ‸preparations", "unknown-word", "did you mean `preparation`?"),
    ("phase: preparation", "phase: ‸x", "unknown-word", "there are: `preparation`, `meeting`, `wrap-up`"),
    ("client: ruth\n", "client: ruth\nstage: ‸second-week\n", "unknown-word", "did you mean `first-week`?"),
    ("client: ruth\n", "client: ruth\nprocess: [planning, ‸plannin]\n", "unknown-word", "did you mean `planning`?"),
    ("offers: [documents]", "offers: [documents, ‸phone]", "unknown-word", "there are: `documents`, `consult`"),
    ("  gus:\n    name: Gus Brandt\n", "  gus:\n    name: Gus Brandt\n    words: {trust: ‸[low, high]}\n", "bad-number", None),
    ("  gus:\n    name: Gus Brandt\n", "  gus:\n    name: Gus Brandt\n    words: {‸fear: [a, b, c, d, e]}\n",
     "undefined-feeling", "there are: `trust`"),
    ("title: Done", f"title: ‸{'x' * 50_001}", "too-long", None),
    # Names.
    ("client: ruth", "client: ‸rut", "undefined-person", "did you mean `ruth`?"),
    ("    phase: meeting\n", "    with: ‸guss\n    phase: meeting\n", "undefined-person", "did you mean `gus`?"),
    ("start: desk", "start: ‸dsek", "undefined-scene", "did you mean `desk`?"),
    ("start: desk", "start: ‸done", "undefined-scene", None),
    ("    next: fork", "    next: ‸forks", "undefined-scene", "did you mean `fork`?"),
    ("come in., next: meeting", "come in., next: ‸x", "undefined-scene",
     "there are: `desk`, `meeting`, `fork`, `note`, `done`"),
    ("        to: note", "        to: ‸notes", "undefined-scene", "did you mean `note`?"),
    ("    cue: desk\n", "    cue: [desk, ‸leter]\n", "undefined-scene", "did you mean `letter`?"),
    ("    cue: desk\n", "    cue:\n      - letter\n      - ‸dsk\n", "undefined-scene", "did you mean `desk`?"),
    ("    cue: desk\n", "    cue: desk\n    at: ‸done\n", "undefined-scene", None),
    ("        sets: promised", "        sets: ‸promise", "undefined-fact", "did you mean `promised`?"),
    ("        sets: promised", "        clears: [promised, ‸promise]", "undefined-fact", "did you mean `promised`?"),
    ("    phase: meeting\n", "    sets: ‸left\n    phase: meeting\n", "undefined-fact", "there are: `promised`"),
    ("gus.trust: -1", "‸gus.tension: -1", "undefined-feeling", "did you mean `tension`?"),
    ("{rapport.limits: harmful}", "{‸rapport.limit: harmful}", "undefined-indicator", "did you mean `rapport.limits`?"),
    ("[organization.records]", "[‸records]", "undefined-indicator", "did you mean `organization.records`?"),
    ("{rapport.limits: harmful}", "{rapport.limits: ‸bset}", "unknown-level", "did you mean `best`?"),
    ("{rapport.limits: harmful}", "{rapport.limits: ‸3}", "unknown-level",
     "there are: `harmful`, `poor`, `acceptable`, `best`"),
    # Conditions.
    ("when: before(due)", "when: before(due) ‸&& promised", "bad-condition", "write `and`"),
    ("when: before(due)", "when: 'before(due) ‸&& promised'", "bad-condition", "write `and`"),
    ("when: before(due)", 'when: "before(due) ‸&& promised"', "bad-condition", "write `and`"),
    ("when: before(due)", "when: before(due)\n              ‸&& promised", "bad-condition", "write `and`"),
    ("when: before(due)", "when: |\n              before(due)\n              and ‸&& promised", "bad-condition", "write `and`"),
    ("when: before(due)", "when: >\n              before(due)\n              and ‸&& promised", "bad-condition", "write `and`"),
    ("when: before(due)", 'when: "before(due)\n              ‸&& promised"', "bad-condition", "write `and`"),
    ("when: before(due)", 'when: ‸"before\\x28due) && promised"', "bad-condition", "write `and`"),
    ("when: before(due)", "when: ‸trust", "bad-condition", "write `trust >= 4`"),
    ("when: before(due)", "when: not ‸gus.trust", "bad-condition", "write `gus.trust >= 4`"),
    ("when: before(due)", "when: before(due) and ‸promise", "undefined-fact", "did you mean `promised`?"),
    ("when: before(due)", "when: ‸tensoin", "undefined-fact", "did you mean `tension`?"),
    ("when: before(due)", "when: read(‸ltter)", "undefined-document", "did you mean `letter`?"),
    ("when: before(due)", "when: read(‸desk)", "undefined-document", "there are: `letter`"),
    ("when: before(due)", "when: visited(‸done)", "undefined-scene", None),
    ("when: before(due)", "when: visited(‸dsk)", "undefined-scene", "did you mean `desk`?"),
    ("when: before(due)", "when: consulted(‸meeting)", "undefined-scene", "there are: `desk`"),
    ("when: before(due)", "when: chose(‸promis)", "undefined-response", "did you mean `promise`?"),
    ("when: before(due)", "when: chose(‸desk/promise)", "undefined-response", "did you mean `meeting/promise`?"),
    ("when: before(due)", "when: before(‸do)", "undefined-point", "did you mean `due`?"),
    ("when: before(due)", "when: minutes_left(‸noon) > 3", "undefined-point", "there are: `due`"),
    ("when: before(due)", "when: gus.trust >= 3 and ‸tensoin > 4", "undefined-feeling", "did you mean `tension`?"),
    ("when: before(due)", "when: gus.trust >= 3 and ‸gus.tension > 4", "undefined-feeling", "did you mean `tension`?"),
    ("    text: Her file is on your desk.",
     "    text:\n      - {if: 'tension > 5 and ‸promisd', say: Here.}\n      - There.", "undefined-fact", None),
    # What cannot be reached, or leads nowhere.
    ("    text: Her file is on your desk.", "    text:\n      - Here.\n      - ‸There.", "never-reached", None),
    ("    text: Her file is on your desk.",
     "    text:\n      - if: promised\n        say: Here.\n      - There.\n      - ‸if: promised\n        say: Nowhere.",
     "never-reached", None),
    ("      - to: done\n", "      - to: done\n      - ‸to: note\n", "never-reached", None),
    ("      - to: done\n", "      - to: done\n      - ‸when: promised\n        to: note\n      - to: done\n", "never-reached", None),
    ("          - give: {rapport.limits: acceptable}",
     "          - give: {rapport.limits: acceptable}\n          - ‸give: {rapport.limits: poor}", "never-reached", None),
    ("      - to: done\n", "      - ‸when: not promised\n        to: done\n", "no-fallback",
     "end the list with `- to: …` without `when:`"),
    ("    next: done\nendings", "endings", "missing-next", None),
    ("      promise:\n", "      ‸wait: {do: Wait.}\n      promise:\n", "missing-next", None),
    ("say: I will get you the money.", "why: x", "say-or-do", None),
    ("        say: I will get you the money.\n", "        say: A\n        do: B\n", "say-or-do", None),
    ("    write:\n", "    responses:\n      go: {do: Go., next: done}\n    write:\n", "two-kinds", "make two scenes of it"),
    ("    phase: meeting\n", "    offers: ‸[documents, consult]\n    phase: meeting\n", "nothing-to-consult",
     "add `consult:` with what the supervisor says here"),
    ("        sets: promised", "        sets: promised\n        clears: ‸promised", "set-and-cleared", None),
    ("    phase: meeting\n", "    sets: promised\n    clears: [‸promised]\n    phase: meeting\n", "set-and-cleared", None),
    ("  fork:\n    next:\n      - when: promised\n        to: note\n      - to: done\n",
     "  ‸fork:\n    next: fork\n", "junction-loop", None),
    ("  fork:\n    next:\n", "  fork:\n    next:\n      - when: trust > 9\n        to: side\n", "undefined-scene", None),
    # Texts.
    ("    text: Her file is on your desk.", "    text:\n      - ‸Note this: it is late.", "cut-text",
     "put the text in quotes, or use `|` and write it on the next line"),
    ("text: It is over.", 'text: ‸"It is\\x1b[2J over."', "control-character", None),
]  # fmt: skip

# Where the caret cannot stand in what is replaced, because a line above it is what is at fault.
_ELSEWHERE = {
    "title: A small case\n": (1, 1),
    "    next: done\nendings": (66, 3),
    "say: I will get you the money.": (47, 7),
    "        say: I will get you the money.\n": (47, 7),
    "    write:\n": (70, 7),
    "  fork:\n    next:\n": (64, 13),
}


@pytest.mark.parametrize(("old", "new", "code", "hint"), MISTAKES)
def test_every_mistake_is_found_at_its_place(old: str, new: str, code: str, hint: str | None) -> None:
    """One mistake gives one problem: its code, the character to look at, and what to do where that is known."""
    text, places = broken(CASE, old, new)
    found = loaded(text)
    if code == "control-character" or code == "escape-in-text":
        assert {problem.code for problem in found.problems} & {"control-character", "escape-in-text"}
        return
    expect(found.problems, places or [_ELSEWHERE[old]], code, hint)
    assert found.value is None
