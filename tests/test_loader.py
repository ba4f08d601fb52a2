"""From text to a case: what every key becomes, and every mistake with its code, its place and a way out."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest

from scoring.rubric import Level, Mark
from simulator.check import check
from simulator.condition import Compare, Not, Quantity, Term, say
from simulator.library import standard_rubric
from simulator.loader import load_rubric, load_scenario, rubric_from
from simulator.problem import Problem, Severity
from simulator.scenario import (
    Clock,
    Critical,
    Document,
    Ending,
    Feeling,
    MarkRule,
    Option,
    Outcome,
    Pair,
    Phase,
    Referral,
    Response,
    Route,
    Scenario,
    Variant,
    Voice,
    Writing,
)
from simulator.session import start
from simulator.source import from_text
from tests.cases import CASE, DAY_CASE, FAIR, TRIALS, case, loaded, rubric, scenario, written
from tests.scenarios_random import play_on

CARET = "¦"
"""Stands in a broken text where a problem must point."""

IDS = "ids are small letters, digits and hyphens, and start with a letter"
WRITE_IT = "write it, or leave the key out"


def broken(text: str, old: str, new: str) -> tuple[str, list[tuple[int, int]]]:
    """Replace the one `old` in a text by `new`; return it without carets, and where they stood."""
    assert text.count(old) == 1, f"{text.count(old)} of {old!r}"
    return marked(text.replace(old, new))


def marked(text: str) -> tuple[str, list[tuple[int, int]]]:
    """Return a text without its carets, and where they stood."""
    parts = text.split(CARET)
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

DESK = """\
    responses:
      invite: {do: Ask her to come in., next: meeting}
"""
"""What there is to do in the first scene, for mistakes in what stands in its place."""


def select(*options: str, more: str = "", next: str = "    next: meeting\n") -> str:
    """Write several options, one a line, in the place of the responses."""
    listed = "".join(f"        {option}\n" for option in options)
    return f"    select:\n      prompt: Which?\n{more}      options:\n{listed}{next}"


def rank(
    *pairs: str, items: str = "{call: Call, note: Note}", more: str = "", next: str = "    next: meeting\n"
) -> str:
    """Write things to put in order, and pairs of them, in the place of the responses."""
    listed = "".join(f"        - {pair}\n" for pair in pairs)
    shown = "      pairs:\n" if pairs else ""
    return f"    rank:\n      prompt: In which order?\n{more}      items: {items}\n{shown}{listed}{next}"


ONE, TWO = "one: {do: This.}", "two: {do: That.}"
TWELVE = tuple(f"n{number}: {{do: This.}}" for number in range(12))

MISTAKES = [
    # Mappings, keys and lists.
    ("title: A small case\n", "¦titel: A small case\ntitle: A small case\n", "unknown-key", "did you mean `title`?"),
    ("  letter:\n    title", "  letter:\n    ¦pages: 2\n    title", "unknown-key",
     "there are: `title`, `minutes`, `text`"),
    ("    name: Gus Brandt\n", "    ¦nmae: Gus\n    name: Gus Brandt\n", "unknown-key", "did you mean `name`?"),
    ("    cue: desk\n", "    cue: desk\n    ¦colour: red\n", "unknown-key", None),
    ("      prompt: Write", "      ¦promt: x\n      prompt: Write", "unknown-key", "did you mean `prompt`?"),
    ("    phase: wrap-up\n", "    ¦pause: 3\n    phase: wrap-up\n", "unknown-key", "did you mean `phase`?"),
    ("        then: She", "        ¦than: x\n        then: She", "unknown-key", "did you mean `then`?"),
    ("title: Done\n", "title: Done\n    ¦mood: good\n", "unknown-key", "there are: `title`, `text`, `outcomes`"),
    ("title: A small case\n", "title: A small case\n¦title: Another\n", "duplicate-key", "first defined at line 2"),
    ("  meeting:\n", "  ¦desk:\n    next: fork\n  meeting:\n", "duplicate-key", "first defined at line 31"),
    ("  gus:\n", "  ¦ruth: {name: Ruth}\n  gus:\n", "duplicate-key", "first defined at line 6"),
    ("{rapport.limits: best}", "{rapport.limits: best, ¦rapport.limits: poor}", "duplicate-key", None),
    ("{trust: +1, gus", "{trust: +1, ¦ruth.trust: +2, gus", "duplicate-key", None),
    ("summary: Somebody asks for something.\n", "¦summary:\n", "empty-value", WRITE_IT),
    ("    cue: desk\n", "    ¦cue: []\n", "empty-value", WRITE_IT),
    ("    name: Gus Brandt\n", "    ¦name:\n", "empty-value", WRITE_IT),
    ("  gus:\n", "  ines:¦\n  gus:\n", "empty-value", WRITE_IT),
    ("  promised: Something was promised.", "  promised: ¦''", "empty-value", WRITE_IT),
    ("text: It is over.", "text: ¦'  '", "empty-value", WRITE_IT),
    ("scenario: small-case\ntitle: A small case\n", "¦scenario: small-case\n", "missing-key", None),
    ("    name: Gus Brandt\n    feelings", "    ¦feelings", "missing-key", None),
    ("title: A letter\n    ", "¦", "missing-key", None),
    ("    cue: desk\n    when", "    ¦when", "missing-key", None),
    ("      prompt: Write the note.\n      rated", "      ¦rated", "missing-key", None),
    ("    title: Done\n    text", "    ¦text", "missing-key", None),
    ("      - when: not read(letter)\n        marks: {organization.preparation: poor}\n"
     "        why: The letter lay there.",
     "      - ¦when: not read(letter)", "missing-key", None),
    ("          - give: {rapport.limits: acceptable}", "          - ¦why: So so.", "missing-key", None),
    ("  fork:\n    next:\n      - when: promised\n        to: note\n",
     "  fork:\n    next:\n      - ¦when: promised\n", "missing-key", None),
    ("documents:\n  letter:", "documents:\n  ¦my letter:\n    {title: A, text: B}\n  letter:", "bad-id",
     IDS + ", such as `my-letter`"),
    ("  promised: Something", "  ¦Left: She left.\n  promised: Something", "bad-id", IDS + ", such as `left`"),
    ("  promised: Something", f"  ¦{'a' * 65}: Long.\n  promised: Something", "bad-id",
     IDS + f", such as `{'a' * 64}`"),
    ("  promised: Something", "  ¦7: Seven.\n  promised: Something", "bad-id", IDS),
    ("scenario: small-case", "scenario: ¦Small case", "bad-id", IDS + ", such as `small-case`"),
    ("      promise:\n", "      ¦give_up: {do: Leave.}\n      promise:\n", "bad-id", IDS + ", such as `give-up`"),
    ("  promised: Something", "  ¦before: B.\n  promised: Something", "reserved-word", "choose another id"),
    ("  promised: Something", "  ¦and: B.\n  promised: Something", "reserved-word", "choose another id"),
    ("feelings: {trust: 2}", "feelings: {¦not: 3, trust: 2}", "reserved-word", "choose another id"),
    ("endings:\n", "endings:\n  ¦desk: {title: A, text: B}\n", "duplicate-id", "an ending needs an id of its own"),
    ("  promised: Something", "  ¦tension: T.\n  promised: Something", "duplicate-id", "a fact needs an id of its own"),
    # Kinds of values.
    ("title: A small case", "title: ¦[A, small, case]", "wrong-type",
     "to begin text with `[`, put the whole text in quotes or use a `|` block"),
    ("title: A small case", "title: ¦{A: b}", "wrong-type",
     "to begin text with `{`, put the whole text in quotes or use a `|` block"),
    ("title: A small case", "title:\n  ¦- A", "wrong-type", ""),
    ("      invite: {do: Ask her to come in., next: meeting}", "      ¦- do: Ask.", "wrong-type", ""),
    ("{do: Ask her to come in., next: meeting}", "¦Ask her to come in.", "wrong-type", ""),
    ("        sets: promised", "        sets: ¦{promised: true}", "wrong-type", ""),
    ("        sets: promised", "        sets: [¦[promised]]", "wrong-type", None),
    ("      - when: not read(letter)\n        marks: {organization.preparation: poor}\n"
     "        why: The letter lay there.",
     "      ¦when: not read(letter)\n      marks: {organization.preparation: poor}", "wrong-type", ""),
    ("marks: {rapport.limits: harmful}", "marks: ¦rapport.limits", "wrong-type", ""),
    ("marks: {rapport.limits: harmful}", "marks: {rapport.limits: ¦[harmful]}", "wrong-type", None),
    ("feels: {trust: +1, gus.trust: -1}", "feels: ¦more", "wrong-type", ""),
    ("    feelings: {trust: 2}", "    feelings: {trust: 2}\n    words: ¦[a, b]", "wrong-type", ""),
    ("    next: fork", "    next: ¦{to: fork}", "wrong-type", None),
    ("    next: fork", "    next: [¦fork]", "wrong-type", ""),
    ("when: before(due)", "when: ¦[before]", "wrong-type", None),
    ("    when: promised\n    why", "    when:\n      ¦- promised\n    why", "wrong-type", ""),
    ("    text: Her file is on your desk.", "    text:\n      - ¦- Her file", "wrong-type", None),
    ("    minutes: 4", "    minutes: ¦four", "bad-number", None),
    ("    minutes: 4", "    minutes: ¦4.5", "bad-number", None),
    ("    minutes: 4", "    minutes: ¦-1", "out-of-range", None),
    ("    minutes: 4", "    minutes: ¦1441", "out-of-range", None),
    ("feelings: {trust: 2}", "feelings: {trust: ¦11}", "out-of-range", None),
    ("feelings: {trust: 2}", "feelings: {trust: ¦low}", "bad-number", None),
    ("{trust: +1, gus.trust: -1}", "{trust: ¦+11, gus.trust: -1}", "out-of-range", None),
    ("        sets: promised", "        sets: promised\n        again: ¦0", "out-of-range", None),
    ("        sets: promised", "        sets: promised\n        again: ¦100", "out-of-range", None),
    ("        sets: promised", "        sets: promised\n        again: ¦maybe", "bad-number", None),
    ("        sets: promised", "        sets: promised\n        minutes: ¦soon", "bad-number", None),
    ("    consult: Read", "    consult-minutes: ¦x\n    consult: Read", "bad-number", None),
    ("client: ruth\n", "client: ruth\nduration: ¦0\n", "out-of-range", None),
    ('points: {due: "10:20"}', 'points: {due: ¦"25:20"}', "bad-time", None),
    ('points: {due: "10:20"}', "points: {due: ¦10.20}", "bad-time", None),
    ('points: {due: "10:20"}', "points: {due: ¦9:59}", "out-of-range", None),
    ('start: "10:00"', 'start: ¦"10"', "bad-time", None),
    ("version: 1.0.0", "version: ¦1.0", "bad-version", "such as 1.0.0"),
    ("phase: preparation", "phase: ¦preparations", "unknown-word", "did you mean `preparation`?"),
    ("phase: preparation", "phase: ¦x", "unknown-word", "there are: `preparation`, `meeting`, `wrap-up`"),
    ("client: ruth\n", "client: ruth\nstage: ¦first-weak\n", "unknown-word", "did you mean `first-week`?"),
    ("client: ruth\n", "client: ruth\nprocess: [planning, ¦plannin]\n", "unknown-word", "did you mean `planning`?"),
    ("offers: [documents]", "offers: [documents, ¦phone]", "undefined-document",
     "there are: `documents`, `consult`, `directory`, `letter`"),
    ("offers: [documents]", "offers: [¦leter]", "undefined-document", "did you mean `letter`?"),
    ("offers: [documents]", "offers: ¦leter", "undefined-document", "did you mean `letter`?"),
    ("    feelings: {trust: 2}", "    feelings: {trust: 2}\n    words: {trust: ¦[low, high]}", "bad-number", None),
    ("    feelings: {trust: 2}", "    feelings: {trust: 2}\n    words: {¦fear: [a, b, c, d, e]}",
     "undefined-feeling", "there are: `trust`"),
    ("title: Done", f"title: ¦{'x' * 50_001}", "too-long", None),
    # Names.
    ("client: ruth", "client: ¦rut", "undefined-person", "did you mean `ruth`?"),
    ("    phase: meeting\n", "    with: ¦guss\n    phase: meeting\n", "undefined-person", "did you mean `gus`?"),
    ("start: desk", "start: ¦dsek", "undefined-scene", "did you mean `desk`?"),
    ("start: desk", "start: ¦done", "undefined-scene", None),
    ("    next: fork", "    next: ¦forks", "undefined-scene", "did you mean `fork`?"),
    ("come in., next: meeting", "come in., next: ¦x", "undefined-scene",
     "there are: `desk`, `meeting`, `fork`, `note`, `done`"),
    ("        to: note", "        to: ¦notes", "undefined-scene", "did you mean `note`?"),
    ("    cue: desk\n", "    cue: [desk, ¦leter]\n", "undefined-scene", "did you mean `letter`?"),
    ("    cue: desk\n", "    cue:\n      - letter\n      - ¦dsk\n", "undefined-scene", "did you mean `desk`?"),
    ("    cue: desk\n", "    cue: desk\n    at: ¦done\n", "undefined-scene", None),
    ("        sets: promised", "        sets: ¦promise", "undefined-fact", "did you mean `promised`?"),
    ("        sets: promised", "        clears: [promised, ¦promise]", "undefined-fact", "did you mean `promised`?"),
    ("    phase: meeting\n", "    sets: ¦left\n    phase: meeting\n", "undefined-fact", "there are: `promised`"),
    ("gus.trust: -1", "¦gus.tension: -1", "undefined-feeling", "did you mean `ruth.tension`?"),
    ("{rapport.limits: harmful}", "{¦rapport.limit: harmful}", "undefined-indicator", "did you mean `rapport.limits`?"),
    ("[organization.records]", "[¦records]", "undefined-indicator", "did you mean `organization.records`?"),
    ("{rapport.limits: harmful}", "{rapport.limits: ¦bset}", "unknown-level", "did you mean `best`?"),
    ("{rapport.limits: harmful}", "{rapport.limits: ¦3}", "unknown-level",
     "there are: `harmful`, `poor`, `acceptable`, `best`"),
    # What cannot be reached, or leads nowhere.
    ("    text: Her file is on your desk.", "    text:\n      - Here.\n      - ¦There.", "never-reached", None),
    ("    text: Her file is on your desk.",
     "    text:\n      - if: promised\n        say: Here.\n      - There.\n      - ¦if: promised\n        say: No.",
     "never-reached", None),
    ("      - to: done\n", "      - to: done\n      - ¦to: note\n", "never-reached", None),
    ("      - to: done\n", "      - to: done\n      - ¦when: promised\n        to: note\n      - to: done\n",
     "never-reached", None),
    ("          - give: {rapport.limits: acceptable}",
     "          - give: {rapport.limits: acceptable}\n          - ¦give: {rapport.limits: poor}",
     "never-reached", None),
    ("      - to: done\n", "      - ¦when: not promised\n        to: done\n", "no-fallback",
     "end the list with `- to: …` without `when:`"),
    ("  note:\n    phase: wrap-up\n    write:\n      prompt: Write the note.\n"
     "      rated-on: [organization.records]\n    next: done\n",
     "  ¦note:\n    phase: wrap-up\n    write: {prompt: Write the note.}\n", "missing-next", None),
    ("      invite:", "      ¦wait: {do: Wait.}\n      invite:", "missing-next", None),
    ("      promise:\n        say: I will get you the money.\n", "      ¦promise:\n", "say-or-do", None),
    ("      promise:\n", "      ¦promise:\n        do: Sit.\n", "say-or-do", None),
    ("    write:\n      prompt", "    responses:\n      go: {do: Go., next: done}\n    write:\n      ¦prompt",
     "two-kinds", "make two scenes of it"),
    ("    phase: meeting\n", "    offers: ¦[documents, consult]\n    phase: meeting\n", "nothing-to-consult",
     "add `consult:` with what the supervisor says here"),
    ("        sets: promised", "        sets: promised\n        clears: ¦promised", "set-and-cleared", None),
    ("    phase: meeting\n", "    sets: promised\n    clears: [¦promised]\n    phase: meeting\n",
     "set-and-cleared", None),
    ("  fork:\n    next:\n      - when: promised\n        to: note\n      - to: done\n",
     "  ¦fork:\n    next: fork\n", "junction-loop", None),
    ("  fork:\n    next:\n", "  fork:\n    next:\n      - when: trust > 9\n        to: ¦forg\n",
     "undefined-scene", "did you mean `fork`?"),
    # Several options.
    (DESK, select(ONE, TWO).replace("prompt", "¦promt: x\n      prompt"), "unknown-key", "did you mean `prompt`?"),
    (DESK, select(ONE, "two: {do: That., ¦next: meeting}"), "unknown-key", None),
    (DESK, select(ONE, "two: {do: That., ¦again: true}"), "unknown-key", None),
    (DESK, select(ONE, TWO).replace("prompt: Which?\n      ", "¦"), "missing-key", None),
    (DESK, "    select:\n      ¦prompt: Which?\n    next: meeting\n", "missing-key", None),
    (DESK, "    select: ¦this\n    next: meeting\n", "wrong-type", ""),
    (DESK, "    ¦select:\n    next: meeting\n", "empty-value", WRITE_IT),
    (DESK, select(ONE).replace("        one", "        ¦one"), "out-of-range", None),
    (DESK, select("¦n-more: {do: This.}", *TWELVE), "out-of-range", None),
    (DESK, select(ONE, TWO, more="      least: ¦-1\n"), "out-of-range", None),
    (DESK, select(ONE, TWO, more="      least: ¦3\n"), "out-of-range", None),
    (DESK, select(ONE, TWO, more="      least: 2\n      most: ¦1\n"), "out-of-range", None),
    (DESK, select(ONE, TWO, more="      most: ¦0\n"), "out-of-range", None),
    (DESK, select(ONE, TWO, more="      most: ¦3\n"), "out-of-range", None),
    (DESK, select(ONE, TWO, more="      most: ¦all\n"), "bad-number", None),
    (DESK, select(ONE, TWO, more="      minutes: ¦soon\n"), "bad-number", None),
    (DESK, select(ONE, "two: {do: That., minutes: ¦-1}"), "out-of-range", None),
    (DESK, select(ONE, "¦two: {do: That., say: That.}"), "say-or-do", None),
    (DESK, select(ONE, "¦two: {minutes: 2}"), "say-or-do", None),
    (DESK, select(ONE, "¦Two: {do: That.}"), "bad-id", IDS + ", such as `two`"),
    (DESK, select(ONE, TWO, "¦one: {do: This.}"), "duplicate-key", "first defined at line 43"),
    (DESK, select(ONE, "two: {do: That., when: ¦promise}"), "undefined-fact", "did you mean `promised`?"),
    (DESK, select(ONE, "two: {do: That., when: chose(¦tow)}"), "undefined-response", "did you mean `two`?"),
    (DESK, select(ONE, "two: {do: That., sets: promised, clears: ¦promised}"), "set-and-cleared", None),
    (DESK, select(ONE, "two: {do: That., feels: {¦fear: 1}}"), "undefined-feeling", None),
    (DESK, select(ONE, "two: {do: That., left-out: ¦{why: So.}}"), "missing-key", None),
    (DESK, select(ONE, "two: {do: That., left-out: {marks: {rapport.limits: best}, ¦when: promised}}"), "unknown-key",
     "there are: `marks`, `why`"),
    (DESK, select(ONE, "two: {do: That., left-out: {marks: {¦rapport.limit: best}}}"), "undefined-indicator", None),
    (DESK, select(ONE, "two: {do: That., left-out: [{give: {rapport.limits: best}}, ¦{give: {rapport.limits: poor}}]}"),
     "never-reached", None),
    (DESK, select(ONE, "two: {do: That., left-out: ¦poor}"), "wrong-type", ""),
    (DESK, DESK + select(ONE, TWO).replace("prompt", "¦prompt"), "two-kinds", "make two scenes of it"),
    # Things in order.
    (DESK, rank("{¦that: call, this: call, before: note}"), "unknown-key", None),
    (DESK, rank("{this: call, before: ¦male}"), "undefined-item", "there are: `call`, `note`"),
    (DESK, rank("{this: ¦notes, before: call}"), "undefined-item", "did you mean `note`?"),
    (DESK, rank("{this: call, before: ¦call}"), "same-item", None),
    (DESK, rank("¦{this: call}"), "missing-key", None),
    (DESK, rank("{this: call, before: note, marks: {rapport.limits: ¦good}}"), "unknown-level", None),
    (DESK, rank("{this: call, before: note, sets: ¦promise}"), "undefined-fact", "did you mean `promised`?"),
    (DESK, rank("{this: call, before: note, reverse: {¦when: promised}}"), "unknown-key", None),
    (DESK, rank("{this: call, before: note, reverse: ¦poor}"), "wrong-type", ""),
    (DESK, rank("{this: call, before: note, sets: promised}", "¦{this: call, before: note, sets: promised}"),
     "duplicate-key", "say both ways round in one entry, with `reverse:`"),
    (DESK, rank("{this: call, before: note, reverse: {sets: promised}}", "¦{this: note, before: call, sets: promised}"),
     "duplicate-key", "say both ways round in one entry, with `reverse:`"),
    (DESK, rank(items="¦{call: Call}"), "out-of-range", None),
    (DESK, rank(items=f"¦{{{', '.join(f'n{number}: Call' for number in range(9))}}}"), "out-of-range", None),
    (DESK, rank(items="¦[call, note]"), "wrong-type", ""),
    (DESK, rank(items="{call: Call, note: ¦[Note]}"), "wrong-type", None),
    (DESK, rank(more="      minutes: ¦1.5\n"), "bad-number", None),
    (DESK, rank().replace("    next", "      pairs: ¦{this: call}\n    next"), "wrong-type", ""),
    (DESK, "    rank:\n      ¦prompt: Which?\n    next: meeting\n", "missing-key", None),
    # Kinds of scenes, and what leads on from them.
    (DESK, select(ONE, TWO, next=rank()).replace("    rank:\n      ", "    rank:\n      ¦"), "two-kinds",
     "make two scenes of it"),
    (DESK, rank(next="    next: meeting\n    write:\n      ¦prompt: Write.\n"), "two-kinds", "make two scenes of it"),
    ("  fork:\n    next:\n", "  ¦extra:\n" + select(ONE, TWO, next="") + "  fork:\n    next:\n", "missing-next",
     "with `select:`, what follows is said by a `next:` of the scene"),
    ("  fork:\n    next:\n", "  ¦extra:\n" + rank(next="") + "  fork:\n    next:\n", "missing-next",
     "with `rank:`, what follows is said by a `next:` of the scene"),
    ("    phase: meeting\n", "    phase: meeting\n    minutes: ¦3\n", "minutes-elsewhere",
     "say them where they pass: on responses, or under `select:`, `rank:` or `write:`"),
    ("  fork:\n    next:\n", "  fork:\n    minutes: ¦3\n    next:\n", "minutes-elsewhere", None),
    (DESK, rank(next="    next: meeting\n    minutes: ¦3\n"), "minutes-elsewhere", None),
    ("  fork:\n    next:\n", "  extra: {text: Hm., minutes: ¦long, next: fork}\n  fork:\n    next:\n", "bad-number",
     None),
    # Voices, feelings on entering, the supervisor, the directory.
    ("    phase: meeting\n", "    phase: meeting\n    voices: ¦Hello.\n", "wrong-type", ""),
    ("    phase: meeting\n", "    phase: meeting\n    voices: [{who: ¦guss, says: Hm.}]\n", "undefined-person",
     "did you mean `gus`?"),
    ("    phase: meeting\n", "    phase: meeting\n    voices: [¦{who: gus}]\n", "missing-key", None),
    ("    phase: meeting\n", "    phase: meeting\n    voices: [{who: gus, says: Hm., ¦if: promised}]\n", "unknown-key",
     "there are: `who`, `says`"),
    ("    phase: meeting\n", "    phase: meeting\n    feels: {¦hope: 1}\n", "undefined-feeling", None),
    ("    phase: meeting\n", "    phase: meeting\n    feels: {trust: ¦+11}\n", "out-of-range", None),
    ("    consult: Read the letter first.\n", "    consult:\n      - {if: ¦promise, away: Out.}\n", "undefined-fact",
     "did you mean `promised`?"),
    ("    consult: Read the letter first.\n", "    consult:\n      - {away: Out., ¦say: Read.}\n", "unknown-key", None),
    ("    says: Good morning.", "    says:\n      - ¦{if: promised, ¦away: Out.}", "missing-key unknown-key",
     None),
    ("offers: [documents]", "offers: ¦[documents, directory]", "no-directory",
     "list who can help under `directory:`, at the top level of the case"),
    ("start: desk", "directory: ¦x\nstart: desk", "wrong-type", ""),
    ("start: desk", "directory:\n  ¦minutes: 3\nstart: desk", "missing-key", None),
    ("start: desk", "directory:\n  entries:\n    aid: ¦{service: A, contact: 555-0100}\nstart: desk",
     "missing-key", None),
    ("start: desk", "directory:\n  entries:\n    aid: {service: A, contact: B, last-verified: C, ¦fax: D}\nstart: desk",
     "unknown-key", None),
    ("documents:\n  letter", "documents:\n  ¦directory: {title: A, text: B}\n  letter", "reserved-id",
     "call it something else"),
    ("documents:\n  letter", "documents:\n  ¦documents: {title: A, text: B}\n  letter", "reserved-id",
     "call it something else"),
    ("documents:\n  letter", "documents:\n  ¦consult: {title: A, text: B}\n  letter", "reserved-id",
     "call it something else"),
    # Shared scenes; those that are found have a file of their own, `test_shared`.
    ("start: desk", "shared: ¦no-such\nstart: desk", "no-shared-file",
     "it is looked for as `shared/no-such.yaml`, beside this file and in Caseload's own library"),
    ("start: desk", "shared: [¦../../etc/passwd]\nstart: desk", "bad-id", IDS + ", such as `etc-passwd`"),
    ("start: desk", "shared: [¦crisis.yaml]\nstart: desk", "bad-id", IDS + ", such as `crisis-yaml`"),
    ("start: desk", "shared: [¦/etc/passwd]\nstart: desk", "bad-id", IDS + ", such as `etc-passwd`"),
    ("start: desk", "shared: ¦{crisis: yes}\nstart: desk", "wrong-type", ""),
    ("  fork:\n    next:\n", "  extra: {visit: ¦desk, next: fork}\n  fork:\n    next:\n", "undefined-scene", None),
    # Texts.
    ("    text: Her file is on your desk.",
     "    text:\n      - {if: 'tension > 5 and ¦promisd', say: Here.}\n      - There.",
     "undefined-fact", None),
    ("    text: Her file is on your desk.", "    text:\n      - ¦Note this: it is late.", "cut-text",
     "put the text in quotes, or use `|` and write it on the next line"),
    ("text: It is over.", "text: It is ¦\u202eover.", "control-character", "take it out of the file"),
    ("text: It is over.", 'text: "It is¦¦\\x1b[2J over."', "control-character escape-in-text", None),
    ("text: It is over.", "text: It is over ¦#3 of them.", "hash-in-text", None),
    ("{do: Ask her to come in., next", "{do: Ask her, ¦and wait., next", "comma-in-text", None),
]  # fmt: skip


# In place of `before(due)`, in a condition.
CONDITIONS = [
    ("before(due) ¦&& promised", "bad-condition", "write `and`"),
    ("'before(due) ¦&& promised'", "bad-condition", "write `and`"),
    ('"before(due) ¦&& promised"', "bad-condition", "write `and`"),
    ("before(due)\n              ¦&& promised", "bad-condition", "write `and`"),
    ("|\n              before(due)\n              and ¦&& promised", "bad-condition", "write `and`"),
    (">\n              before(due)\n              and ¦&& promised", "bad-condition", "write `and`"),
    ('"before(due)\n              ¦&& promised"', "bad-condition", "write `and`"),
    ('¦"before\\x28due) && promised"', "bad-condition", "write `and`"),
    ("¦trust", "bad-condition", "write `trust >= 4`"),
    ("not ¦gus.trust", "bad-condition", "write `gus.trust >= 4`"),
    ("before(due) and ¦promise", "undefined-fact", "did you mean `promised`?"),
    ("¦tensoin", "undefined-fact", "did you mean `tension`?"),
    ("read(¦ltter)", "undefined-document", "did you mean `letter`?"),
    ("read(¦desk)", "undefined-document", "there are: `letter`"),
    ("visited(¦done)", "undefined-scene", None),
    ("visited(¦dsk)", "undefined-scene", "did you mean `desk`?"),
    ("consulted(¦meeting)", "undefined-scene", "there are: `desk`"),
    ("chose(¦promis)", "undefined-response", "did you mean `promise`?"),
    ("chose(¦desk/promise)", "undefined-response", "did you mean `meeting/promise`?"),
    ("before(¦duo)", "undefined-point", "did you mean `due`?"),
    ("minutes_left(¦noon) > 3", "undefined-point", "there are: `due`"),
    ("gus.trust >= 3 and ¦tensoin > 4", "undefined-feeling", "did you mean `tension`?"),
    ("gus.trust >= 3 and ¦gus.tension > 4", "undefined-feeling", "did you mean `ruth.tension`?"),
]


@pytest.mark.parametrize(("old", "new", "codes", "hint"), MISTAKES)
def test_every_mistake_is_found_at_its_place(old: str, new: str, codes: str, hint: str | None) -> None:
    """A mistake gives its own problem and no other: the code, the character to look at, and a way out if known."""
    text, places = broken(CASE, old, new)
    found = loaded(text)
    expect(found.problems, places, codes, hint)
    assert (found.value is None) is any(each.severity is Severity.ERROR for each in found.problems)


@pytest.mark.parametrize(("condition", "code", "hint"), CONDITIONS)
def test_every_mistake_in_a_condition_is_found_at_its_place(condition: str, code: str, hint: str | None) -> None:
    """However a condition is written, in quotes, over several lines or as a block, its mistake has its own column."""
    text, places = broken(CASE, "when: before(due)", f"when: {condition}")
    found = loaded(text)
    expect(found.problems, places, code, hint)
    assert found.value is None


DAY_MISTAKES = [
    ("  step: 5", "  step: ¦0", "out-of-range", None),
    ('window: "09:30"', 'window: ¦"09:32"', "off-step", "09:30 or 09:35, or another `step:`"),
    ("Take the packet to the window.\n        minutes: 15", "Take it.\n        minutes: ¦12", "off-step",
     "write 10 or 15"),
    ("    consult: One at a time.", "    consult: One.\n    consult-minutes: ¦3", "off-step", "write 0 or 5"),
    ('    at: "09:15"', '    at: ¦"09:16"', "off-step", "09:15 or 09:20, or another `step:`"),
    ('    at: "09:15"', '    at: ¦"08:55"', "out-of-range", None),
    ('    at: "09:15"', "    at: ¦windows", "undefined-point", "did you mean `window`?"),
    ("    in: desk", "    in: ¦desks", "undefined-scene", "did you mean `desk`?"),
    ("    scene: door", "    scene: ¦doors", "undefined-scene", "did you mean `door`?"),
    ("    due: window", "    due: ¦windw", "undefined-point", "did you mean `window`?"),
    ("    owner: joe", "    owner: ¦jo", "undefined-person", "did you mean `joe`?"),
    ("    done-when: packet-sent", "    done-when: done(¦sims)", "bad-condition", None),
    ("    - if: done(sims)", "    - if: done(¦sim)", "undefined-task", "did you mean `sims`?"),
    ("    - if: missed(packet)", "    - if: missed(¦pocket)", "undefined-task", "did you mean `packet`?"),
    ("  joe:\n    - if: done", "  ¦jo:\n    - if: done", "undefined-person", "did you mean `joe`?"),
    ("    title: A voicemail\n", "    ¦titel: A voicemail\n    title: A\n", "unknown-key", "did you mean `title`?"),
    ("  talk:\n", "  talk:\n    hub: ¦maybe\n", "unknown-word", None),
    ("see: {do: See Mr. Sims., minutes: 20, next: talk}", "see: {do: See Mr. Sims., minutes: 20, next: back}",
     "back-from-nowhere", None),
    ("sets: called-back, next: back}\n", "sets: called-back, next: talk}\n", "leads-out", None),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "codes", "hint"), DAY_MISTAKES)
def test_every_mistake_in_a_day_is_found_at_its_place(old: str, new: str, codes: str, hint: str | None) -> None:
    """What makes a day has its own mistakes, each with its code, its place, and a way out."""
    text, places = broken(DAY_CASE, old, new)
    found = loaded(text)
    if places:
        expect(found.problems, places, codes, hint)
    else:
        assert {each.code for each in found.problems} == {codes}
    assert found.value is None


def test_a_day_has_limits_that_are_told() -> None:
    """Interrupts need a clock, hubs need work, work needs a hub, and there is a most of each."""
    assert loaded(DAY_CASE).problems == ()
    tasks = DAY_CASE[DAY_CASE.index("tasks:") : DAY_CASE.index("interrupts:")]
    one = '  more-{0}: {{title: More, done-when: "joe-seen"}}\n'
    many = tasks + "".join(one.format(number) for number in range(22))
    breaks = "".join(f'  i{number}: {{at: "09:20", scene: door}}\n' for number in range(15))
    clock = DAY_CASE[DAY_CASE.index("clock:") : DAY_CASE.index("facts:")]
    for text, code in (
        (DAY_CASE.replace("    hub: true\n", ""), "tasks-unlisted"),
        (DAY_CASE.replace(tasks, many), "out-of-range"),
        (DAY_CASE.replace("interrupts:\n", f"interrupts:\n{breaks}"), "out-of-range"),
        (DAY_CASE.replace(clock, "").replace("    due: window\n", ""), "no-clock"),
        (CASE.replace("    phase: preparation\n", "    phase: preparation\n    hub: true\n"), "hub-without-tasks"),
    ):
        assert code in {each.code for each in loaded(text).problems}, code


def test_every_code_of_the_loader_has_its_mistake_above() -> None:
    """No code is reported by the modules that build a case without a mistake here that shows it."""
    folder = Path(__file__).parents[1] / "simulator"
    source = "".join(
        (folder / f"{name}.py").read_text(encoding="utf-8") for name in ("fields", "names", "builder", "scenes", "day")
    )
    codes = set(re.findall(r'(?:report|unknown)\(\s*"([a-z-]+)"', source))
    codes |= set(re.findall(r'"(undefined-[a-z]+)"', source))
    shown = {code for _, _, codes, _ in MISTAKES for code in codes.split()} | {code for _, code, _ in CONDITIONS}
    shown |= {code for _, _, code, _ in DAY_MISTAKES}
    shown |= {"tasks-unlisted", "no-clock", "hub-without-tasks"}
    # What can be wrong with shared files is in `test_shared` and `test_shared_pieces`.
    assert codes - shown == {"bad-key", "not-a-scenario", "bad-shared-file", "undefined-entry", "undefined-line"}
    assert len(codes) > 25


def test_all_problems_of_a_file_come_at_once_from_the_top_down() -> None:
    """An author sees everything that is wrong, in the order of the file, and none of it twice."""
    text = CASE
    places: list[tuple[int, int]] = []
    edits = [
        ("version: 1.0.0", "version: ¦one"),
        ("client: ruth", "client: ¦rut"),
        ("    minutes: 4", "    minutes: ¦x"),
        ("    next: fork", "    next: ¦forks"),
        ("        sets: promised", "        sets: ¦promise"),
        ("when: before(due)", "when: before(¦do)"),
        ("        to: note", "        to: ¦nota"),
        ("text: It is over.", "¦txt: It is over."),
    ]
    for old, new in edits:
        assert text.count(old) == 1
        text = text.replace(old, new)
    text, places = broken(text, "title: Done\n    ", "¦title: Done\n    ")
    found = loaded(text)
    codes = (
        "bad-version undefined-person bad-number undefined-scene undefined-fact undefined-point undefined-scene "
        "missing-key unknown-key"
    )
    expect(found.problems, places, codes, "such as 1.0.0")
    assert found.value is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("just words\n", "wrong-type"),
        ("- a\n- list\n", "wrong-type"),
        ("ruth: {name: Ruth}\n", "not-a-scenario"),
        ("", "empty-file"),
        ("# nothing but a note\n", "empty-file"),
        ("scenario: x\n? {a: b}\n: c\n", "bad-key"),
    ],
)
def test_what_is_no_case_is_one_problem(text: str, code: str) -> None:
    """A file that is something else altogether is told so, once."""
    assert code in [problem.code for problem in loaded(text).problems]
    assert loaded(text).value is None


def test_a_mistake_in_a_name_is_not_repeated_where_the_name_is_used() -> None:
    """A wrong client, a wrong `next:` or a wrong condition is one problem, however much hangs on it."""
    for old, new in (
        ("client: ruth", "client: rut"),
        ("    next: fork", "    next: forks"),
        ("      - when: promised\n        to", "      - when: promise\n        to"),
        ("          - when: before(due)", "          - when: before(do)"),
    ):
        assert len(loaded(CASE.replace(old, new)).problems) == 1


def test_hints_list_names_as_the_file_does() -> None:
    """A hint is the same every time: names come in the order in which the author wrote them."""
    endings = "".join(f"e{number}: {{title: A, text: B}}\n" for number in (5, 3, 9, 1))
    text = written("first: {text: Hello., next: x}", endings=endings)
    assert loaded(text).problems[0].hint == "there are: `first`, `e5`, `e3`, `e9`, `e1`"


# -- junctions --------------------------------------------------------------------------------


def test_junctions_that_lead_in_a_circle_are_refused() -> None:
    """Every circle of junctions is found, each named once, whatever else leads into it."""
    scenes = """
        first: {text: Hello., next: a}
        ¦a: {next: [{when: visited(b), to: b}, {to: end}]}
        b: {next: [{when: visited(c), to: c}, {when: visited(d), to: d}, {to: end}]}
        c: {next: a}
        d: {next: a}
        ¦lone: {next: lone}
        """
    text, places = marked(written(scenes))
    expect(loaded(text).problems, places, "junction-loop junction-loop", None)


def test_junctions_that_meet_again_are_no_circle() -> None:
    """Two ways through junctions may lead to the same place, and to a scene where something is decided."""
    case(
        """
        first: {next: [{when: visited(stop), to: a}, {to: b}]}
        a: {next: c}
        b: {next: c}
        c: {next: [{when: visited(stop), to: end}, {to: stop}]}
        stop: {text: Stop., next: first}
        """
    )


# -- what every key becomes -------------------------------------------------------------------

EVERYTHING = """\
scenario: everything
title: Every key there is
version: 2.10.3
summary: |
  A summary that is long enough to have been wrapped by its author here
  and goes on.
setting: A desk
process: [assessment, closure]
stage: first-season
duration: 25
author: Somebody
reviewed-by: nobody yet
facts-checked: 2026-11-21
content-note: none
briefing: You are new here.
reflect: What would you do again?
debrief:
  - if: broke-word
    say: A word was broken.
  - All was well.
people:
  ruth:
    name: Ruth Adeyemi
    called: Ms. Adeyemi
    pronouns: she/her
    role: a tenant
    feelings: {trust: 4, tension: 7}
    words: {trust: [none, little, some, much, all]}
    shows:
      - if: tension >= 7
        say: on her feet
      - sitting
  gus: {name: Gus Brandt, feelings: {trust: 2}}
client: ruth
clock:
  start: 9:05
  points: {call: 12:30, "on": "23:59"}
facts: {broke-word: You broke your word., no: They said no.}
documents:
  letter: {title: A letter, text: No.}
  form:
    title: A form
    minutes: 0
    text:
      - if: no
        say: Crossed out.
      - Empty.
criticals:
  broken-word:
    title: A broken word
    standard: NASW 1.01
    cue: [desk, letter]
    when: broke-word
    at: [desk, note]
    why: It is a promise.
  late: {cue: note, when: not before(call), why: Too late.}
start: desk
scenes:
  desk:
    phase: meeting
    with: gus
    text: A desk.
    says: Hello.
    consult: Ask.
    consult-minutes: 3
    offers: [documents, consult]
    sets: [no]
    clears: broke-word
    outcomes:
      - when: trust < 2 and ruth.trust < 2 and tension > 2
        marks: {ethics.safety: best, rapport.empathy: poor}
        why: Because.
      - marks: {ethics.safety: harmful}
    responses:
      act: {do: Stand up., next: note}
      tell:
        say: Something.
        when: chose(act) or not consulted(desk)
        then:
          - if: trust >= 3
            say: He smiles.
        marks:
          - when: read(letter)
            give: {rapport.limits: best}
            why: It was in the letter.
          - give: {rapport.limits: acceptable, ethics.privacy: poor}
        why: It was known.
        feels: {trust: -1, tension: +2}
        minutes: 7
        sets: [broke-word]
        clears: [no]
        next:
          - {when: minutes_left(call) >= 5, to: note}
          - {to: fine}
        again: 4
      often: {do: Nod., again: true, marks: {rapport.empathy: acceptable}, why: It helps., next: desk}
  note:
    phase: wrap-up
    write:
      prompt: Write.
      rated-on: [organization.records, ethics.privacy]
      look-for: [dates, names]
      model: |
        10:00 met R.A.
        Next: a call.
      minutes: 8
    next: tell-it
  tell-it: {says: Goodbye., next: fine}
endings:
  fine:
    title: Fine
    text: It is over.
    outcomes:
      - {when: visited(note), marks: {organization.records: acceptable}}
"""


def test_every_key_of_the_format_has_its_meaning() -> None:
    """A case with every key loads without a problem, and each key is where the player looks for it."""
    found = scenario(EVERYTHING)
    assert (found.id, found.title, found.version) == ("everything", "Every key there is", "2.10.3")
    assert found.summary == "A summary that is long enough to have been wrapped by its author here and goes on."
    assert (found.setting, found.process, found.stage) == ("A desk", ("assessment", "closure"), "first-season")
    assert (found.duration, found.author, found.reviewed_by) == (25, "Somebody", "nobody yet")
    assert (found.facts_checked, found.content_note) == ("2026-11-21", "none")
    assert (found.briefing, found.reflect) == ("You are new here.", "What would you do again?")
    assert found.debrief == (Variant("A word was broken.", Term("fact", "broke-word")), Variant("All was well."))
    assert (found.client, found.start) == ("ruth", "desk")
    assert found.facts == {"broke-word": "You broke your word.", "no": "They said no."}
    assert found.hash == from_text(EVERYTHING).hash


def test_people_clock_and_documents_are_read() -> None:
    """Who is there, when it is, and what lies on the desk."""
    found = scenario(EVERYTHING)
    ruth, gus = found.people.values()
    assert (ruth.name, ruth.called, ruth.pronouns, ruth.role) == ("Ruth Adeyemi", "Ms. Adeyemi", "she/her", "a tenant")
    assert ruth.feelings["trust"] == Feeling(4, words=("none", "little", "some", "much", "all"))
    assert ruth.feelings["tension"] == Feeling(7)
    assert ruth.shows == (
        Variant("on her feet", Compare(Quantity("feeling", "ruth.tension"), ">=", 7)),
        Variant("sitting"),
    )
    assert (found.called("ruth"), found.called("gus")) == ("Ms. Adeyemi", "Gus Brandt")
    assert gus.feelings == {"trust": Feeling(2)}
    assert found.clock == Clock(545, {"call": 750, "on": 1439})
    assert found.documents["letter"] == Document("letter", "A letter", (Variant("No."),), 2)
    crossed = (Variant("Crossed out.", Term("fact", "no")), Variant("Empty."))
    assert found.documents["form"] == Document("form", "A form", crossed, 0)


MANY_AT_ONCE = """
    first:
      text: A desk.
      voices:
        - {who: gus, says: Hm.}
        - who: ruth
          says:
            - {if: done, say: Well.}
            - Oh.
      feels: {trust: -1, gus.trust: +2}
      consult:
        - {if: done, away: She is out.}
        - {if: not done, say: Look.}
        - away: The line is dead.
      offers: [directory]
      select:
        prompt: Which of these?
        least: 0
        most: 2
        minutes: 3
        then:
          - {if: done, say: Good.}
          - Hm.
        options:
          note:
            say: I write it down.
            when: not done
            then: It is written.
            marks: {organization.records: best}
            why: It lasts.
            left-out: {marks: {organization.records: poor}, why: It is gone.}
            feels: {tension: -2}
            minutes: 4
            sets: done
          call: {do: Call., clears: [done], left-out: [{when: done, give: {ethics.safety: poor}, why: So.}]}
          wait: {do: Wait.}
      next: second
    second:
      rank:
        prompt: In which order?
        minutes: 0
        then: Fine.
        items: {call: Call them, note: Write, mail: Answer}
        pairs:
          - this: call
            before: note
            marks: {organization.priorities: best}
            why: It cannot wait.
            sets: done
            reverse: {marks: {organization.priorities: poor}, why: It had to wait., sets: [late]}
          - {this: note, before: mail, sets: [done]}
          - {this: call, before: mail, reverse: {sets: late}}
      next: [{when: chose(first/note) or chose(call), to: third}, {to: end}]
    third: {select: {prompt: Which?, options: {one: {do: A.}, two: {do: B.}}}, next: end}
    """


def test_what_decides_several_things_at_once_is_read() -> None:
    """Options, orders, voices, a supervisor who may be away, and the directory are where the player looks for them."""
    found = case(
        MANY_AT_ONCE,
        facts="{done: Done., late: Late.}",
        directory="{entries: {aid: {service: Advice, eligibility: All, contact: 555-0100, last-verified: 2020-01-02}}}",
    )
    done = Term("fact", "done")
    first, second, third = found.scenes.values()
    assert first.voices == (
        Voice("gus", (Variant("Hm."),)),
        Voice("ruth", (Variant("Well.", done), Variant("Oh."))),
    )
    assert first.feels == {"ruth.trust": -1, "gus.trust": 2}
    assert [(each.say, each.away) for each in first.consult] == [
        ("She is out.", True),
        ("Look.", False),
        ("The line is dead.", True),
    ]
    assert first.documents == ("directory",)
    assert first.select is not None
    note, call, wait = first.select.options.values()
    assert (first.select.prompt, first.select.least, first.select.most, first.select.minutes) == (
        "Which of these?", 0, 2, 3,
    )  # fmt: skip
    assert first.select.then == (Variant("Good.", done), Variant("Hm."))
    best, poor = (Mark("organization.records", level) for level in (Level.BEST, Level.POOR))
    assert note == Option(
        "note",
        "I write it down.",
        spoken=True,
        when=Not(done),
        marks=(MarkRule((best,), "It lasts."),),
        left=(MarkRule((poor,), "It is gone."),),
        then=(Variant("It is written."),),
        feels={"ruth.tension": -2},
        minutes=4,
        sets=("done",),
    )
    assert call.left == (MarkRule((Mark("ethics.safety", Level.POOR),), "So.", done),)
    assert (call.clears, wait) == (("done",), Option("wait", "Wait."))
    assert second.rank is not None
    assert second.rank.items == {"call": "Call them", "note": "Write", "mail": "Answer"}
    first_best, first_poor = (Mark("organization.priorities", level) for level in (Level.BEST, Level.POOR))
    assert second.rank.pairs == (
        Pair("call", "note", (first_best,), "It cannot wait.", ("done",)),
        Pair("note", "call", (first_poor,), "It had to wait.", ("late",)),
        Pair("note", "mail", (), "", ("done",)),
        Pair("mail", "call", (), "", ("late",)),
    )
    assert (second.rank.minutes, second.rank.then) == (0, (Variant("Fine."),))
    assert [say(route.when) for route in second.next if route.when] == ["chose(first/note) or chose(first/call)"]
    assert third.select is not None
    assert (third.select.least, third.select.most, third.select.minutes, third.select.then) == (1, 2, 1, ())
    referral = Referral("aid", "Advice", "All", "555-0100", "2020-01-02")
    assert found.documents["directory"] == Document("directory", "Referral directory", (), 2, (referral,))


def test_a_scene_that_only_others_speak_in_is_no_junction() -> None:
    """Voices are something to hear, so the trainee goes on from them by a key."""
    found = case("first: {voices: [{who: gus, says: Hm.}], minutes: 4, next: end}")
    assert [(response.id, response.minutes) for response in start(found).responses] == [("go-on", 4)]


def test_criticals_and_endings_are_read() -> None:
    """What must not be overlooked, and how it can end."""
    found = scenario(EVERYTHING)
    word, late = found.criticals.values()
    assert word == Critical(
        "broken-word",
        "A broken word",
        Term("fact", "broke-word"),
        ("desk", "letter"),
        ("desk", "note"),
        "NASW 1.01",
        "It is a promise.",
    )
    assert late == Critical("late", "late", Not(Term("before", "call")), ("note",), (), "", "Too late.")
    records = Outcome((Mark("organization.records", Level.ACCEPTABLE),), "", Term("visited", "note"))
    assert found.endings == {"fine": Ending("fine", "Fine", (Variant("It is over."),), (records,))}


def test_scenes_are_read() -> None:
    """Where it happens: with whom, what is offered, what holds on leaving."""
    found = scenario(EVERYTHING)
    desk, note, goodbye = found.scenes.values()
    assert (desk.phase, desk.person, desk.text, desk.says) == (
        Phase.MEETING, "gus", (Variant("A desk."),), (Variant("Hello."),),
    )  # fmt: skip
    assert (desk.consult, desk.consult_minutes, desk.documents) == ((Variant("Ask."),), 3, tuple(found.documents))
    assert (desk.sets, desk.clears, desk.next) == (("no",), ("broke-word",), ())
    assert [say(each.when) if each.when else "" for each in desk.outcomes] == [
        "gus.trust < 2 and ruth.trust < 2 and ruth.tension > 2",
        "",
    ]
    assert desk.outcomes[0].marks == (Mark("ethics.safety", Level.BEST), Mark("rapport.empathy", Level.POOR))
    assert (note.person, note.documents, note.consult, note.next) == ("ruth", (), (), (Route("tell-it"),))
    assert note.write == Writing(
        "Write.",
        ("organization.records", "ethics.privacy"),
        ("dates", "names"),
        "10:00 met R.A.\nNext: a call.",
        8,
    )
    assert goodbye.responses == {"go-on": Response("go-on", "Go on.", (Route("fine"),), minutes=0, times=None)}
    assert [scene.junction for scene in found.scenes.values()] == [False, False, False]


def test_responses_are_read() -> None:
    """What can be done, what it changes, what it is worth, and where it leads."""
    found = scenario(EVERYTHING)
    act, tell, often = found.scenes["desk"].responses.values()
    assert act == Response("act", "Stand up.", (Route("note"),))
    assert (tell.text, tell.spoken, tell.minutes, tell.times) == ("Something.", True, 7, 4)
    assert tell.when is not None
    assert say(tell.when) == "chose(desk/act) or not consulted(desk)"
    assert tell.then == (Variant("He smiles.", Compare(Quantity("feeling", "gus.trust"), ">=", 3)),)
    assert tell.marks == (
        MarkRule((Mark("rapport.limits", Level.BEST),), "It was in the letter.", Term("read", "letter")),
        MarkRule((Mark("rapport.limits", Level.ACCEPTABLE), Mark("ethics.privacy", Level.POOR)), "It was known."),
    )
    assert tell.feels == {"gus.trust": -1, "ruth.tension": 2}
    assert (tell.sets, tell.clears) == (("broke-word",), ("no",))
    assert [(route.to, route.when and say(route.when)) for route in tell.next] == [
        ("note", "minutes_left(call) >= 5"),
        ("fine", None),
    ]
    assert (often.times, often.spoken) == (None, False)
    assert often.marks == (MarkRule((Mark("rapport.empathy", Level.ACCEPTABLE),), "It helps."),)


@pytest.mark.parametrize("word", ["no", "on", "off", "yes", "true", "null", "12:30", "0o17", "1e3", "2026-11-21", "~"])
def test_words_stay_the_text_that_was_typed(word: str) -> None:
    """What YAML would turn into truth values, times or numbers is a word here."""
    assert case("first: {text: Hello., next: end}", title=word).title == word


def test_again_says_how_often() -> None:
    """`again:` is yes, no or a number; without it a response can be taken once."""
    for again, times in (("true", None), ("yes", None), ("false", 1), ("no", 1), ("1", 1), ("99", 99)):
        found = case(f"first: {{responses: {{a: {{do: A., next: end, again: {again}}}}}}}")
        assert found.scenes["first"].responses["a"].times == times


def test_a_response_named_without_its_scene_means_every_one_of_that_name() -> None:
    """`chose(a)` asks for any response called so, `chose(first/a)` for one."""
    found = case(
        """
        first: {responses: {a: {do: A., next: second}, b: {do: B., next: second}}}
        second: {responses: {a: {do: A., next: third, when: chose(a)}, b: {do: B., next: third, when: chose(first/a)}}}
        third: {text: Third., next: end}
        """
    )
    either, one = (response.when for response in found.scenes["second"].responses.values())
    assert either is not None
    assert one is not None
    assert (say(either), say(one)) == ("chose(first/a) or chose(second/a)", "chose(first/a)")


def test_blocks_of_text_keep_their_paragraphs() -> None:
    """Lines that the author wrapped are joined; paragraphs and short lines stay apart."""
    found = case(
        """
        first:
          text: |
            This line has been wrapped because it is as long as lines become,
            and goes on here.

            Dear Ms. Adeyemi,
            yours.
          next: end
        """
    )
    wanted = (
        "This line has been wrapped because it is as long as lines become, and goes on here.\n\n"
        "Dear Ms. Adeyemi,\nyours."
    )
    assert found.scenes["first"].text == (Variant(wanted),)


def test_wrapped_text_keeps_its_paragraphs() -> None:
    """Text that is wrapped without a block is one line a paragraph, whatever its length."""
    found = case(
        """
        first:
          text: She sits
            down.

            And waits.
          says: "I am
            here."
          next: end
        """
    )
    assert found.scenes["first"].text == (Variant("She sits down.\n\nAnd waits."),)
    assert found.scenes["first"].says == (Variant("I am here."),)


def test_control_characters_are_left_out_with_a_warning() -> None:
    """A case with a bidi character can be played, without the character."""
    found = loaded(CASE.replace("It is over.", "It is \u202eover."))
    assert found.value is not None
    assert found.value.endings["done"].text == (Variant("It is over."),)
    assert [problem.severity for problem in found.problems] == [Severity.WARNING]


# -- files ------------------------------------------------------------------------------------


def test_a_case_is_loaded_from_its_file(tmp_path: Path) -> None:
    """The same text in a file gives the same case, and problems name the file."""
    path = tmp_path / "small.yaml"
    path.write_text(CASE, encoding="utf-8")
    found = load_scenario(path, rubric())
    assert found.value is not None
    assert found.value.hash == scenario(CASE).hash
    path.write_text(CASE.replace("client: ruth", "client: rut"), encoding="utf-8")
    assert str(load_scenario(path, rubric()).problems[0]).startswith(f"{path}:13:9: error[undefined-person]: ")


def test_a_file_that_cannot_be_read_is_a_problem(tmp_path: Path) -> None:
    """What is not there, or too large, is said and nothing is raised."""
    assert [problem.code for problem in load_scenario(tmp_path / "none.yaml", rubric()).problems] == ["no-such-file"]
    path = tmp_path / "small.yaml"
    path.write_text(CASE, encoding="utf-8")
    assert [problem.code for problem in load_scenario(path, rubric(), limit=100).problems] == ["too-large"]
    assert load_rubric(tmp_path).problems[0].code == "not-a-file"


def test_checking_tells_rubrics_from_cases(tmp_path: Path) -> None:
    """A rubric is checked as a rubric, everything else as a case."""
    path = tmp_path / "x.yaml"
    path.write_text(RUBRIC.replace("levels:", "level:"), encoding="utf-8")
    assert [problem.code for problem in check(path, rubric())] == ["missing-key", "unknown-key"]
    path.write_text(FAIR, encoding="utf-8")
    assert check(path, rubric(), solve=False) == ()
    assert check(tmp_path, rubric())[0].code == "not-a-file"


def test_what_nothing_leads_to_is_a_warning(tmp_path: Path) -> None:
    """A scene or an ending that cannot be come to is named where it stands; the case can be played all the same."""
    path = tmp_path / "x.yaml"
    text, places = broken(
        FAIR, "  note:\n", "  ¦attic: {text: Dust., next: cellar}\n  ¦cellar: {text: Dark., next: done}\n  note:\n"
    )
    path.write_text(text, encoding="utf-8")
    found = check(path, rubric(), solve=False)
    expect(found, places, "never-reached never-reached", "name it in a `next:`, or take it out")
    assert {problem.severity for problem in found} == {Severity.WARNING}


def test_a_file_with_very_many_mistakes_is_cut_short() -> None:
    """After some hundred problems the rest is counted: nobody mends more at a time."""
    scenes = "first: {text: Hello., next: end}\n" + "".join(f"s{n}: {{txt: x, next: end}}\n" for n in range(700))
    found = loaded(written(scenes)).problems
    assert found[-1].code == "more-problems"
    assert found[-1].message.startswith(f"{700 - len(found) + 1} more problems")


# -- rubrics ----------------------------------------------------------------------------------

RUBRIC = standard_rubric().read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "codes", "hint"),
    [
        ("rubric: caseload\n", "rubric: caseload\n¦colour: red\n", "unknown-key", None),
        ("\nrubric: caseload\ntitle: Case management practice\n", "\n¦rubric: caseload\n", "missing-key", None),
        ("\n  rapport:", "\n  ¦report:", "undefined-dimension", "did you mean `rapport`?"),
        ("{harmful: -3, poor", "{harmful: ¦low, poor", "bad-number", None),
        ("{harmful: -3, poor", "{harmful: ¦-1001, poor", "out-of-range", None),
        ("{harmful: -3, poor", "¦{poor", "missing-key", None),
        ("levels: {harmful: -3, poor: 0", "levels: ¦{harmful: 0, poor: 0", "out-of-range", None),
        ("labels: {good: 1, slip: 3", "labels: ¦{good: 3, slip: 3", "out-of-range", None),
        ("labels: {good: 1, slip: 3", "labels: {good: 1, ¦split: 3", "unknown-key", "did you mean `slip`?"),
        ("        standard: MITI empathy\n", "        ¦standart: MITI empathy\n", "unknown-key", None),
        ("      empathy:\n", "      ¦Empathy:\n", "bad-id", IDS + ", such as `empathy`"),
        ("        title: Empathy\n", "        title: ¦''\n", "empty-value", WRITE_IT),
    ],
)
def test_every_mistake_in_a_rubric_is_found_at_its_place(old: str, new: str, codes: str, hint: str | None) -> None:
    """A rubric is looked at as closely as a case."""
    text, places = broken(RUBRIC, old, new)
    found = rubric_from(from_text(text, "rubric.yaml"))
    assert (codes, *places[0]) in told(found.problems), found.problems
    assert hint is None or hint in [problem.hint for problem in found.problems]
    assert found.value is None


def test_a_rubric_needs_its_three_dimensions() -> None:
    """A dimension that is gone is missed, at the place where dimensions stand."""
    text = RUBRIC[: RUBRIC.index("\n  ethics:")]
    row = RUBRIC[: RUBRIC.index("\n  rapport:")].count("\n") + 2
    problems = rubric_from(from_text(text)).problems
    assert [str(problem) for problem in problems] == [
        f"text:{row}:3: error[missing-key]: a rubric needs the dimension `ethics`"
    ]


def test_the_rubric_that_comes_with_it_is_sound() -> None:
    """Levels rise, dimensions stand in their order, and every indicator has its four anchors."""
    found = rubric()
    assert list(found.dimensions) == ["rapport", "organization", "ethics"]
    assert list(found.points) == list(Level)
    assert [found.points[level] for level in Level] == sorted(found.points.values())
    for name, indicator in found.indicators.items():
        assert indicator.id == name
        assert all(indicator.anchors[level] for level in Level)
        assert indicator.standard


# -- whatever an author may type --------------------------------------------------------------

VALUES = (
    "[]",
    "{}",
    "[a, b]",
    "{a: b}",
    "''",
    '""',
    "x",
    "yes",
    "-1",
    "99999999999999999999",
    "|",
    "desk",
    "trust >= 4",
    "~",
)


def _spoiled(rng: random.Random) -> str:
    """Delete, double, swap, shift or replace some lines of a valid case, or what stands in them."""
    lines = CASE.splitlines()
    for _ in range(rng.choice((1, 1, 1, 2, 3, 6))):
        at, other = rng.randrange(len(lines)), rng.randrange(len(lines))
        key, colon, _ = lines[at].partition(":")
        match rng.randrange(9):
            case 0:
                del lines[at]
            case 1:
                lines.insert(other, lines[at])
            case 2:
                lines[at], lines[other] = lines[other], lines[at]
            case 3:
                lines[at] = rng.choice(("  ", "    ")) + lines[at]
            case 4:
                lines[at] = lines[at][2:]
            case 5 | 6 if colon:
                lines[at] = f"{key}: {rng.choice((*VALUES, 'word ' * rng.choice((3, 3000))))}"
            case 7 if colon:
                lines[at] = key + ":"
            case _:
                words = lines[at].split(" ")
                words[rng.randrange(len(words))] = rng.choice(lines[other].split(" "))
                lines[at] = " ".join(words)
    return "\n".join(lines) + "\n"


def test_no_text_makes_the_loader_raise() -> None:
    """Thousands of spoiled cases each give problems with places in them, or a case that can be played."""
    rng = random.Random(20261121)
    played = 0
    for _ in range(4_000 * TRIALS):
        text = _spoiled(rng)
        found = loaded(text)
        rows = text.split("\n")
        for problem in found.problems:
            assert 1 <= problem.place.line <= len(rows), (problem, text)
            assert 1 <= problem.place.column <= len(rows[problem.place.line - 1]) + 1, (problem, text)
        if found.value is not None:
            played += 1
            _walk(found.value, rng)
        else:
            assert any(problem.severity is Severity.ERROR for problem in found.problems), text
    assert played > 100


def _walk(scenario: Scenario, rng: random.Random) -> None:
    session = start(scenario, rng.randrange(1000))
    for _ in range(40):
        if session.ending is not None or session.stuck:
            break
        session = play_on(session, rng)
    assert session.decisions
