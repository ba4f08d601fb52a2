"""Editor help agrees with the loader: the same files are right, and what can be seen of a mistake is underlined.

Files are read here as yaml-language-server reads them, by the core schema of YAML 1.2: `10` is a number, `true`
is neither a word nor a number, `no`, `yes` and `12:30` are words, an empty value is null.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator

from scoring.rubric import Level
from simulator import builder, scenes
from simulator.cli import main
from simulator.condition import PREDICATES, RESERVED
from simulator.fields import Fields
from simulator.library import built_in, rubric_at, standard_rubric
from simulator.loader import check_shared, load_scenario
from simulator.problem import Severity
from simulator.schema import Known, ids_of, schema
from simulator.schema.parts import CONDITION, ID, TIME, VERSION
from simulator.source import from_text
from tests.cases import CASE, TRIALS, loaded, rubric
from tests.scenarios_random import random_case

NULLS = ("", "~", "null", "Null", "NULL")
BOOLEANS = ("true", "True", "TRUE", "false", "False", "FALSE")
WHOLE = r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+"
FLOAT = r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"


def as_an_editor(text: str) -> Any:
    """Read YAML as yaml-language-server does; keys are what was typed."""
    return _value(yaml.compose(text, Loader=yaml.CBaseLoader))


def _value(node: yaml.Node | None) -> Any:
    if isinstance(node, yaml.MappingNode):
        return {key.value: _value(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_value(each) for each in node.value]
    return _scalar(str(node.value), bool(node.style)) if isinstance(node, yaml.ScalarNode) else None


def _scalar(typed: str, quoted: bool) -> Any:
    if quoted:
        return typed
    if typed in NULLS:
        return None
    if typed in BOOLEANS:
        return typed.lower() == "true"
    if re.fullmatch(WHOLE, typed):
        return int(typed, 0) if typed[:2] in ("0o", "0x") else int(typed)
    return float(typed.replace(".inf", "inf").replace(".nan", "nan")) if re.fullmatch(FLOAT, typed) else typed


@cache
def validator(known: Known | None = None) -> Draft7Validator:
    return Draft7Validator(schema(rubric(), known))


def underlined(text: str) -> list[str]:
    """Return what an editor would underline, and why."""
    return [f"{error.json_path}: {error.message[:200]}" for error in validator().iter_errors(as_an_editor(text))]


def refused(text: str) -> set[str]:
    """Return the codes of what the loader refuses."""
    return {problem.code for problem in loaded(text).problems if problem.severity is Severity.ERROR}


def changed(old: str, new: str, text: str = CASE) -> str:
    assert text.count(old) == 1, f"{text.count(old)} of {old!r}"
    return text.replace(old, new)


# -- what is right ----------------------------------------------------------------------------

WHOLE_FORMAT = """\
scenario: everything
title: Every key there is
version: 2.10.3
summary: |
  A summary in a block,

  of two paragraphs.
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
    feelings: {trust: 4, tension: "7"}
    words: {trust: [none, little, 50, no, all]}
    shows:
      - if: tension >= 7
        say: on her feet
      - sitting
  gus: {name: Gus Brandt, feelings: {trust: 2}}
client: ruth
clock:
  start: 9:05
  points: {call: 12:30, "on": "23:59"}
facts: {broke-word: You broke your word., no: They said no., called-first: You called first.}
documents:
  letter: {title: A letter, text: No.}
  form:
    title: A form
    minutes: 0
    text:
      - if: no
        say: Crossed out.
      - Empty.
directory:
  minutes: 3
  entries:
    legal-aid:
      service: Legal advice
      eligibility: Anybody
      contact: 555-0123
      last-verified: 2025-02-10
      note: Closed on Mondays.
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
    voices:
      - who: ruth
        says:
          - if: trust >= 3
            say: Good morning.
          - Hm.
    consult:
      - if: not before(call)
        away: She is in court.
      - if: broke-word
        say: Take it back.
      - Ask.
    consult-minutes: 3
    offers: [documents, consult, directory]
    sets: [no]
    clears: broke-word
    feels: {trust: +1, ruth.tension: -2}
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
    next: choice
  choice:
    select:
      prompt: What now?
      least: 0
      most: 2
      minutes: 2
      then: Done.
      options:
        write:
          do: Write it down
          when: read(directory)
          marks: {organization.records: best}
          why: At once is best.
          left-out: {marks: {organization.records: poor}, why: It was forgotten.}
          feels: {trust: 1}
          minutes: 3
          sets: broke-word
          clears: [no]
        ring:
          say: Hello again.
          then: She answers.
          marks:
            - {when: broke-word, give: {rapport.empathy: best}, why: It was time.}
            - give: {rapport.empathy: acceptable}
          left-out:
            - {when: broke-word, give: {rapport.empathy: poor}, why: She waited.}
    next: order
  order:
    rank:
      prompt: In which order?
      minutes: 2
      then: Done.
      items: {call: Call the pharmacy, mail: Answer the e-mail, file: File it}
      pairs:
        - this: call
          before: mail
          marks: {organization.priorities: best}
          why: It closes at five.
          sets: called-first
          reverse: {marks: {organization.priorities: poor}, why: It was closed., sets: [no]}
        - {this: mail, before: file}
    next: tell-it
  tell-it: {says: Goodbye., minutes: 3, next: fine}
endings:
  fine:
    title: Fine
    text: It is over.
    outcomes:
      - {when: visited(note) and chose(choice/write), marks: {organization.records: acceptable}}
"""
"""Every key of the format but those of visits, in every form."""

SHARED = """\
shared: crisis
version: 1.0.0
summary: A way to ask.
facts: {asked: It was asked.}
scenes:
  ask:
    text: How do you ask?
    consult: Straight out.
    responses:
      straight: {say: Do you think of dying, sets: asked, next: return}
      around: {say: You are all right, next: {next}}
  again: {text: Once more., next: ask}
""".replace("{next}", "again")

VISITS = CASE.replace("start: desk\nscenes:\n", "start: screen\nshared: crisis\nscenes:\n{visit}")
VISIT = """\
  screen:
    phase: meeting
    with: gus
    sets: promised
    feels: {trust: 1}
    outcomes:
      - {when: asked, marks: {ethics.safety: best}}
    visit: ask
    next: desk
"""


def visiting(folder: Path, visit: str = VISIT) -> tuple[str, set[str]]:
    """Write a case that visits shared scenes; return its text, and the codes of what the loader refuses."""
    (folder / "shared").mkdir(exist_ok=True)
    (folder / "shared" / "crisis.yaml").write_text(SHARED, encoding="utf-8")
    text = VISITS.replace("{visit}", visit)
    (folder / "case.yaml").write_text(text, encoding="utf-8")
    return text, {problem.code for problem in load_scenario(folder / "case.yaml", rubric()).problems}


def test_it_is_a_json_schema() -> None:
    """What is printed is a JSON Schema of the dialect that it names."""
    whole = schema(rubric())
    assert whole["$schema"] == Draft7Validator.META_SCHEMA["$schema"]
    Draft7Validator.check_schema(whole)


@pytest.mark.parametrize("path", sorted(built_in().glob("*.yaml")), ids=lambda path: path.stem)
def test_the_cases_of_the_library_are_not_underlined(path: Path) -> None:
    """Where the loader finds nothing wrong in a case that comes with Caseload, neither does an editor."""
    assert load_scenario(path, rubric()).value is None or underlined(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", sorted(built_in().glob("shared/*.yaml")), ids=lambda path: path.stem)
def test_the_shared_scenes_of_the_library_are_not_underlined(path: Path) -> None:
    """A file of shared scenes has the same help."""
    assert underlined(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("text", [CASE, WHOLE_FORMAT], ids=["small", "whole"])
def test_what_the_loader_takes_is_not_underlined(text: str) -> None:
    """Every key of the format, in every form it may have, is right for both."""
    assert refused(text) == set()
    assert underlined(text) == []


def test_visits_and_what_they_visit_are_not_underlined(tmp_path: Path) -> None:
    """A case that visits shared scenes, and the file that it visits, are right for both."""
    text, codes = visiting(tmp_path)
    assert codes == set()
    assert underlined(text) == []
    assert check_shared(from_text(SHARED), rubric()) == ()
    assert underlined(SHARED) == []


def test_random_cases_are_not_underlined() -> None:
    """Whatever way a case is put together, an editor finds nothing wrong in it."""
    for seed in range(30 * TRIALS):
        text = random_case(seed)
        assert underlined(text) == [], seed


FORMS = [
    ("title: A small case", "title: 911"),
    ("title: A small case", "title: 12:30"),
    ("title: A small case", "title: 2026-11-21"),
    ("title: A small case", "title: 1e3"),
    ("title: A small case", "title: 4.50"),
    ("title: A small case", "title: .5"),
    ("title: A small case", "title: true"),
    ("title: A small case", "title: no"),
    ("title: A small case", "title: 'null'"),
    ("text: It is over.", "text: >-\n      It is\n      over."),
    ("text: It is over.", "text:\n      - {if: promised, say: 7}\n      - true"),
    ("  promised: Something was promised.", "  promised: true"),
    ("    minutes: 4", "    minutes: '4'"),
    ("    minutes: 4", "    minutes: +4"),
    ("    minutes: 4", "    minutes: 007"),
    ("    minutes: 4", "    minutes: 1440"),
    ("feelings: {trust: 2}", "feelings: {trust: 0}"),
    ("feelings: {trust: 2}", "feelings: {trust: '10'}"),
    ("        sets: promised", "        sets: promised\n        again: true"),
    ("        sets: promised", "        sets: promised\n        again: yes"),
    ("        sets: promised", "        sets: promised\n        again: 'false'"),
    ("        sets: promised", "        sets: promised\n        again: 99"),
    ("        sets: promised", "        sets: promised\n        again: '3'"),
    ("        sets: promised", "        sets: [promised]"),
    ("        sets: promised", "        sets: [promised, promised]"),
    ('start: "10:00"', "start: 9:00"),
    ('start: "10:00"', "start: 00:00"),
    ("version: 1.0.0", "version: '1.0.0'"),
    ("phase: preparation", "phase: 'preparation'"),
    ("offers: [documents]", "offers: documents"),
    ("offers: [documents]", "offers: letter"),
    ("offers: [documents]", "offers: [letter, documents]"),
    ("    cue: desk", "    cue: [desk, letter]"),
    ("when: before(due)", "when: |\n              before(due)\n              and (trust>=3)"),
    ("when: before(due)", "when: minutes_left(due) != -5"),
    ("when: before(due)", "when: \"not (ruth.trust = 4) or chose(meeting/promise)\""),
    ("    phase: wrap-up", "    phase: wrap-up\n    outcomes: [{marks: {ethics.safety: poor}}]"),
    ("[organization.records]", "organization.records"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new"), FORMS)
def test_whatever_form_the_loader_takes_is_right(old: str, new: str) -> None:
    """Numbers, truth values and dates are text to the loader, one thing a list of one: an editor accepts them."""
    text = changed(old, new)
    assert refused(text) == set()
    assert underlined(text) == []


# -- what is wrong ----------------------------------------------------------------------------

KEYS = [
    ("title: A small case", "titel: A\ntitle: A small case"),
    ("    name: Gus Brandt", "    nmae: Gus\n    name: Gus Brandt"),
    ("    cue: desk", "    cue: desk\n    colour: red"),
    ("      prompt: Write", "      promt: x\n      prompt: Write"),
    ("    phase: wrap-up", "    phase: wrap-up\n    pause: 3"),
    ("        then: She", "        than: x\n        then: She"),
    ("title: Done", "title: Done\n    mood: good"),
    ('start: "10:00"', 'start: "10:00"\n  end: "11:00"'),
    ("          - give: {rapport.limits: acceptable}", "          - {give: {rapport.limits: acceptable}, whi: x}"),
    ("        to: note", "        to: note\n        if: promised"),
    ("summary: Somebody asks for something.\n", ""),
    ("client: ruth\n", ""),
    ("    name: Gus Brandt\n", ""),
    ("    title: A letter\n", ""),
    ("    cue: desk\n", ""),
    ("    why: Nobody may promise that.\n", ""),
    ("      prompt: Write the note.\n", ""),
    ("    title: Done\n", ""),
    ('  start: "10:00"\n', ""),
    ("        marks: {organization.preparation: poor}\n", ""),
    ("        to: note\n", ""),
    ("          - give: {rapport.limits: acceptable}", "          - why: So."),
    ("    text: Her file is on your desk.", "    text: [{say: Here.}, There.]"),
    ("    text: Her file is on your desk.", "    text: [{if: promised}, There.]"),
    ("    text: Her file is on your desk.", "    text:\n      - {if: promised, away: Here.}"),
    ("    consult: Read the letter first.", "    consult:\n      - {if: promised, say: A, away: B}"),
]  # fmt: skip
"""Keys that the format does not have, and keys that are missing."""

VALUES = [
    ("summary: Somebody asks for something.", "summary:"),
    ("    name: Gus Brandt", "    name: ''"),
    ("text: It is over.", "text: '  '"),
    ("    cue: desk", "    cue: []"),
    ("  gus:\n    name: Gus Brandt\n    feelings: {trust: 2}\n", "  gus:\n"),
    ("feels: {trust: +1, gus.trust: -1}", "feels: {}"),
    ("title: A small case", "title: [A, small, case]"),
    ("title: A small case", "title: {A: b}"),
    ("      invite: {do: Ask her to come in., next: meeting}", "      - do: Ask."),
    ("{do: Ask her to come in., next: meeting}", "Ask her to come in."),
    ("        sets: promised", "        sets: {promised: true}"),
    ("        sets: promised", "        sets: [[promised]]"),
    ("marks: {rapport.limits: harmful}", "marks: rapport.limits"),
    ("marks: {rapport.limits: harmful}", "marks: {rapport.limits: [harmful]}"),
    ("feels: {trust: +1, gus.trust: -1}", "feels: more"),
    ("    next: fork", "    next: {to: fork}"),
    ("    next: fork", "    next: [fork]"),
    ("when: before(due)", "when: [before]"),
    ("    text: Her file is on your desk.", "    text:\n      - [Her file]"),
    ("    text: Her file is on your desk.", "    text:\n      - Note this: it is late."),
    ("    minutes: 4", "    minutes: four"),
    ("    minutes: 4", "    minutes: 4.5"),
    ("    minutes: 4", "    minutes: -1"),
    ("    minutes: 4", "    minutes: 1441"),
    ("    minutes: 4", "    minutes: true"),
    ("feelings: {trust: 2}", "feelings: {trust: 11}"),
    ("feelings: {trust: 2}", "feelings: {trust: low}"),
    ("{trust: +1, gus.trust: -1}", "{trust: +11, gus.trust: -1}"),
    ("        sets: promised", "        sets: promised\n        again: 0"),
    ("        sets: promised", "        sets: promised\n        again: maybe"),
    ("client: ruth\n", "client: ruth\nduration: 601\n"),
    ('points: {due: "10:20"}', 'points: {due: "25:20"}'),
    ('points: {due: "10:20"}', "points: {due: 10.20}"),
    ('start: "10:00"', "start: 10"),
    ("version: 1.0.0", "version: 1.0"),
    ("version: 1.0.0", "version: 1"),
    ("version: 1.0.0", "version: one"),
    ("phase: preparation", "phase: preparations"),
    ("client: ruth\n", "client: ruth\nstage: first-weak\n"),
    ("client: ruth\n", "client: ruth\nprocess: [planning, plannin]\n"),
    ("offers: [documents]", "offers: [documents, Letter]"),
    ("offers: [documents]", "offers: [documents, [letter]]"),
    ("    feelings: {trust: 2}", "    feelings: {trust: 2}\n    words: {trust: [low, high]}"),
    ("title: Done", f"title: {'x' * 50_001}"),
    ("{rapport.limits: harmful}", "{rapport.limit: harmful}"),
    ("[organization.records]", "[records]"),
    ("{rapport.limits: harmful}", "{rapport.limits: bset}"),
    ("{rapport.limits: harmful}", "{rapport.limits: 3}"),
    ("when: before(due)", "when: before(due) && promised"),
    ("when: before(due)", "when: Promised"),
    ("when: before(due)", 'when: "read(\'letter\')"'),
    ("when: before(due)", f"when: {'promised or ' * 30}promised"),
    ("when: before(due)", "when: 12"),
]  # fmt: skip
"""Values of the wrong kind, out of range, or unknown."""

NAMES = [
    ("documents:\n  letter:", "documents:\n  my letter: {title: A, text: B}\n  letter:"),
    ("  promised: Something", "  Left: She left.\n  promised: Something"),
    ("  promised: Something", f"  {'a' * 65}: Long.\n  promised: Something"),
    ("  promised: Something", "  7: Seven.\n  promised: Something"),
    ("scenario: small-case", "scenario: Small case"),
    ("scenario: small-case", "scenario: 12"),
    ("      promise:\n", "      give_up: {do: Leave., next: done}\n      promise:\n"),
    ("  promised: Something", "  before: B.\n  promised: Something"),
    ("feelings: {trust: 2}", "feelings: {not: 3, trust: 2}"),
    ("documents:\n  letter:", "documents:\n  directory: {title: A, text: B}\n  letter:"),
]
"""Ids that cannot be."""

WAYS = [
    ("      - to: done\n", ""),
    ("    next: done\n", ""),
    ("      invite:", "      wait: {do: Wait.}\n      invite:"),
    ("        say: I will get you the money.\n", ""),
    ("        say: I will get you the money.", "        say: I will get you the money.\n        do: Sit."),
    ("    write:\n", "    responses:\n      go: {do: Go., next: done}\n    write:\n"),
    ("    write:\n", "    select: {prompt: A, options: {x: {do: A}, y: {do: B}}}\n    write:\n"),
    ("    write:\n", "    rank: {prompt: A, items: {x: A, y: B}}\n    write:\n"),
    ("    phase: meeting\n", "    offers: [documents, consult]\n    phase: meeting\n"),
    ("    phase: meeting\n", "    offers: consult\n    phase: meeting\n"),
]
"""Scenes and responses that lack something, or have too much of it."""

FURTHER = [
    ("    voices:\n      - who: ruth\n", "    voices:\n      - whom: ruth\n"),
    ("      - who: ruth\n        says:\n", "      - says:\n"),
    ("      least: 0", "      least: -1"),
    ("      most: 2", "      most: 13"),
    ("      most: 2", "      must: 2"),
    ("      prompt: What now?\n", ""),
    ("          do: Write it down\n", ""),
    ("          do: Write it down\n", "          do: Write it down\n          next: order\n"),
    ("left-out: {marks: {organization.records: poor}, why: It was forgotten.}", "left-out: {why: It was forgotten.}"),
    ("left-out: {marks: {organization.records: poor}, why: It was forgotten.}", "left-out: poor"),
    ("            - {when: broke-word, give: {rapport.empathy: poor}, why: She waited.}", "            - {why: She.}"),
    ("    next: order\n", ""),
    ("    next: tell-it\n", ""),
    ("      items: {call: Call the pharmacy, mail: Answer the e-mail, file: File it}", "      items: {call: Call}"),
    ("      items: {call: Call the pharmacy, mail:", "      items: {call: [Call the pharmacy], mail:"),
    ("        - {this: mail, before: file}", "        - {this: mail}"),
    ("        - {this: mail, before: file}", "        - {this: mail, before: file, when: no}"),
    ("reverse: {marks: {organization.priorities: poor}", "reverse: {marks: {organization.priorities: bad}"),
    ("      contact: 555-0123\n", ""),
    ("      last-verified: 2025-02-10\n", ""),
    ("      service: Legal advice", "      servise: Legal advice"),
    ("  minutes: 3\n  entries:", "  minutes: 2000\n  entries:"),
    ("feels: {trust: +1, ruth.tension: -2}", "feels: {trust: +1, ruth tension: -2}"),
    ("stage: first-season", "stage: [first-season]"),
    ("says: Goodbye., minutes: 3", "minutes: 3"),
    ("    rank:\n", "    minutes: 3\n    rank:\n"),
]  # fmt: skip
"""The same in the later parts of the format."""


def test_many_mistakes_are_tried() -> None:
    """No list above loses its entries unnoticed."""
    assert len([*KEYS, *VALUES, *NAMES, *WAYS, *FURTHER]) > 120


@pytest.mark.parametrize(("old", "new"), [*KEYS, *VALUES, *NAMES, *WAYS])
def test_a_mistake_that_can_be_seen_is_underlined(old: str, new: str) -> None:
    """What is wrong in the shape of a file is refused by both."""
    text = changed(old, new)
    assert underlined(text) != []
    assert refused(text) != set()


@pytest.mark.parametrize(("old", "new"), FURTHER)
def test_a_mistake_in_any_kind_of_scene_is_underlined(old: str, new: str) -> None:
    """The same holds for what is picked or put in order, for voices and for the directory."""
    text = changed(old, new, WHOLE_FORMAT)
    assert underlined(text) != []
    assert refused(text) != set()


MEANINGS = [
    # Names that nothing has.
    ("client: ruth", "client: rut"),
    ("    phase: meeting\n", "    with: guss\n    phase: meeting\n"),
    ("start: desk", "start: dsek"),
    ("start: desk", "start: done"),
    ("    next: fork", "    next: forks"),
    ("        to: note", "        to: notes"),
    ("    cue: desk", "    cue: [desk, leter]"),
    ("offers: [documents]", "offers: [documents, phone]"),
    ("        sets: promised", "        sets: promise"),
    ("        sets: promised", "        clears: [promised, promise]"),
    ("gus.trust: -1", "gus.tension: -1"),
    ("    feelings: {trust: 2}", "    feelings: {trust: 2}\n    words: {fear: [a, b, c, d, e]}"),
    ("    phase: meeting\n", "    offers: directory\n    phase: meeting\n"),
    ("start: desk", "start: desk\nshared: [nowhere]"),
    # What a condition asks.
    ("when: before(due)", "when: before(due) promised"),
    ("when: before(due)", "when: trust"),
    ("when: before(due)", "when: not"),
    ("when: before(due)", "when: (promised"),
    ("when: before(due)", "when: trust >= low"),
    ("when: before(due)", "when: 4 <= trust"),
    ("when: before(due)", "when: promise"),
    ("when: before(due)", "when: read(ltter)"),
    ("when: before(due)", "when: visited(done)"),
    ("when: before(due)", "when: chose(desk/promise)"),
    ("when: before(due)", "when: minutes_left(noon) > 3"),
    # What belongs together, or does not.
    ("endings:\n", "endings:\n  desk: {title: A, text: B}\n"),
    ("  promised: Something", "  tension: T.\n  promised: Something"),
    ("{trust: +1, gus", "{trust: +1, ruth.trust: +2, gus"),
    ('points: {due: "10:20"}', "points: {due: 9:59}"),
    ("        sets: promised", "        sets: promised\n        clears: promised"),
    ("    next:\n      - when: promised\n        to: note\n      - to: done\n", "    next: fork\n"),
    # Order.
    ("    text: Her file is on your desk.", "    text:\n      - Here.\n      - There."),
    ("      - to: done\n", "      - to: done\n      - to: note\n"),
    ("          - give: {rapport.limits: acceptable}",
     "          - give: {rapport.limits: acceptable}\n          - give: {rapport.limits: poor}"),
    # What an editor does not see: how it was typed.
    ("    text: Her file is on your desk.", "    text: [Her file is on your desk.]"),
    ("    minutes: 4", "    minutes: 4.0"),
    ("    minutes: 4", "    minutes: 0x4"),
    ("    minutes: 4", "    minutes: '9999'"),
    ("        sets: promised", "        sets: promised\n        again: True"),
    ("text: It is over.", "text: It is over #3 of them."),
]  # fmt: skip
"""What only the loader can know."""

FURTHER_MEANINGS = [
    ("      most: 2", "      most: 3"),
    ("      least: 0\n      most: 2", "      least: 2\n      most: 1"),
    ("        - {this: mail, before: file}", "        - {this: mail, before: note}"),
    ("        - {this: mail, before: file}", "        - {this: mail, before: mail}"),
    ("        - {this: mail, before: file}", "        - {this: mail, before: call, marks: {ethics.safety: best}}"),
    ("      - who: ruth", "      - who: rut"),
    ("        away: She is in court.", "        away: She is in court.\n      - Ask.\n      - away: Never."),
]


@pytest.mark.parametrize(("old", "new"), [*MEANINGS, *FURTHER_MEANINGS])
def test_a_mistake_in_what_is_meant_is_left_to_the_loader(old: str, new: str) -> None:
    """Names, conditions, order and how something was typed are not underlined; `caseload check` finds them."""
    text = changed(old, new, CASE if (old, new) in MEANINGS else WHOLE_FORMAT)
    assert underlined(text) == []
    assert refused(text) != set()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("title: A small case", "title: null"),
        ("title: A small case", "title: ~"),
        ("promised", "true"),
        ("fork", "null"),
    ],
)
def test_words_that_yaml_keeps_for_itself_need_quotation_marks(old: str, new: str) -> None:
    """The one place where an editor refuses more: to it `null` is nothing at all, and `true` no id."""
    text = re.sub(rf"\b{old}\b", new, CASE)
    assert refused(text) == set()
    assert underlined(text) != []


VISIT_MISTAKES = [
    ("    visit: ask\n", "    visit: ask\n    text: Hello.\n", False),
    ("    visit: ask\n", "    visit: ask\n    responses: {a: {do: A, next: desk}}\n", False),
    ("    next: desk\n", "", False),
    ("    visit: ask\n", "    visit: Ask her\n", False),
    ("    visit: ask\n", "    visit: [ask]\n", False),
    ("    visit: ask\n", "    visit: asks\n", True),
    ("    next: desk\n", "    next: return\n", True),
]


@pytest.mark.parametrize(("old", "new", "meant"), VISIT_MISTAKES)
def test_a_mistake_in_a_visit(tmp_path: Path, old: str, new: str, meant: bool) -> None:
    """A scene that visits has nothing of its own to show, and says where it goes on."""
    text, codes = visiting(tmp_path, changed(old, new, VISIT))
    assert (underlined(text) == []) is meant
    assert codes != set()


SHARED_MISTAKES = [
    ("    text: How do you ask?", "    text: How do you ask?\n    with: ruth"),
    ("  again: {text: Once more., next: ask}", "  again: {visit: ask, next: return}"),
    ("  again: {text: Once more., next: ask}", "  again: {text: Once more.}"),
    ("facts: {asked:", "fact: {asked:"),
    ("version: 1.0.0\n", ""),
    ("summary: A way to ask.", "summary:"),
    ("    consult: Straight out.", "    consult: Straight out.\n    consult-minutes: soon"),
    ("  again: {text", "  Again: {text"),
]


@pytest.mark.parametrize(("old", "new"), SHARED_MISTAKES)
def test_a_mistake_in_shared_scenes_is_underlined(old: str, new: str) -> None:
    """A file of shared scenes has keys of its own, and scenes that are with nobody in particular."""
    text = changed(old, new, SHARED)
    assert underlined(text) != []
    assert check_shared(from_text(text), rubric()) != ()


@pytest.mark.parametrize("text", ["just words\n", "- a\n- list\n", "", "ruth: {name: Ruth}\n", "{}\n", "shared: [a]\n"])
def test_what_is_no_case_is_underlined(text: str) -> None:
    """A file that is something else altogether is refused by both."""
    assert underlined(text) != []
    assert refused(text) != set()


# -- drift ------------------------------------------------------------------------------------

SEEN = frozenset(
    {
        *("unknown-key", "missing-key", "empty-value", "bad-id", "reserved-word", "reserved-id", "bad-version"),
        *("bad-time", "bad-number", "unknown-word", "unknown-level", "undefined-indicator", "say-or-do", "two-kinds"),
        *("missing-next", "nothing-to-consult", "too-long", "cut-text", "wrong-type", "no-fallback"),
        *("not-a-scenario", "minutes-elsewhere"),
    }
)
"""Codes of what can be seen in the shape of a file."""

HIDDEN = frozenset(
    {
        *("undefined-document", "undefined-fact", "undefined-feeling", "undefined-item", "undefined-person"),
        *("undefined-entry", "undefined-line"),
        *("undefined-point", "undefined-response", "undefined-scene", "no-directory", "no-shared-file"),
        *("bad-shared-file", "duplicate-id", "duplicate-key", "same-item", "set-and-cleared", "junction-loop"),
        *("never-reached", "control-character", "bad-key", "off-step", "undefined-task", "no-clock", "leads-out"),
        *("back-from-nowhere", "hub-without-tasks", "tasks-unlisted"),
    }
)
"""Codes of what only the loader can know, or what an editor's own YAML finds before any schema."""

PARTLY = frozenset({"out-of-range", "bad-condition"})
"""A number beyond its limits can be seen, one beyond another cannot; signs can be seen, grammar cannot."""


def test_every_code_of_the_loader_is_sorted() -> None:
    """Whoever adds a code to the loader says here whether an editor can see that mistake, and above shows it."""
    folder = Path(__file__).parents[1] / "simulator"
    modules = ("fields", "names", "builder", "scenes", "day")
    source = "".join((folder / f"{name}.py").read_text(encoding="utf-8") for name in modules)
    codes = set(re.findall(r'(?:report|unknown)\(\s*"([a-z-]+)"', source))
    codes |= set(re.findall(r'"(undefined-[a-z]+)"', source))
    assert codes == SEEN | HIDDEN | PARTLY
    wrong = [changed(old, new) for old, new in (*KEYS, *VALUES, *NAMES, *WAYS)]
    wrong += [changed(old, new, WHOLE_FORMAT) for old, new in FURTHER]
    wrong += ["ruth: {name: Ruth}\n"]
    assert {code for text in wrong for code in refused(text)} >= SEEN


def _changes(text: str, rng: random.Random, share: float) -> Iterator[tuple[str, str]]:
    """Take away, rename and replace everything in a case, one thing at a time; a share of all that is possible."""
    values = ("", "''", "x", "no", "12", "-3", "4.5", "[x]", "{x: y}", "[]", "{}", "[[x]]", "desk", "10:30", "best")
    root = yaml.compose(text, Loader=yaml.BaseLoader)
    nodes = [root]
    for node in nodes:
        if isinstance(node, yaml.MappingNode):
            nodes.extend(value for _, value in node.value)
        elif isinstance(node, yaml.SequenceNode):
            nodes.extend(node.value)
    words = "tag:yaml.org,2002:str"
    for node in nodes:
        if not isinstance(node, yaml.CollectionNode):
            continue
        whole = list(node.value)
        for at, entry in enumerate(whole):
            paired = isinstance(node, yaml.MappingNode)
            key = entry[0] if paired else None
            name = key.value if key else f"[{at}]"
            others: dict[str, list[Any]] = {f"without {name}": []}
            for value in values:
                other = yaml.compose(value, Loader=yaml.BaseLoader) or yaml.ScalarNode(words, "")
                others[f"{name}: {value}"] = [(key, other) if paired else other]
            if paired:
                others[f"{name}-x for {name}"] = [(yaml.ScalarNode(words, f"{name}-x"), entry[1])]
            for what, instead in others.items():
                if rng.random() < share:
                    node.value = [*whole[:at], *instead, *whole[at + 1 :]]
                    yield what, str(yaml.serialize(root, Dumper=yaml.CBaseDumper))
        node.value = whole


def test_loader_and_schema_agree_on_whatever_is_changed() -> None:
    """Whatever is taken away, renamed or replaced: what the loader takes is right, and what can be seen is not."""
    seen = 0
    for what, text in _changes(WHOLE_FORMAT, random.Random(20261122), 0.05 * TRIALS):
        codes, wrong = refused(text), underlined(text)
        if not codes:
            assert not wrong, (what, wrong)
        elif codes & SEEN:
            seen += 1
            # Where wordings may be listed, only the loader sees that a list stands in brackets.
            assert wrong or (what.endswith(": [x]") and codes == {"wrong-type"}), (what, codes)
    assert seen > 100


def _described(part: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every key of the format that an editor may complete."""
    if isinstance(part, dict):
        for key, value in part.items():
            if key == "properties":
                yield from ((f"{path}/{name}", each) for name, each in value.items() if each is not False)
            yield from _described(value, f"{path}/{key}")
    elif isinstance(part, list):
        for number, value in enumerate(part):
            yield from _described(value, f"{path}/{number}")


def test_every_key_is_described() -> None:
    """No key is offered without words on what it is, so that a new one cannot be forgotten here."""
    found = [(path, part) for path, part in _described(schema(rubric())) if not re.search(r"/(if|then|else)/", path)]
    assert [path for path, part in found if not part.get("description")] == []
    assert len(found) > 100


def test_every_key_of_the_loader_is_there() -> None:
    """Each kind of thing has the keys that the loader knows, no more and no fewer."""
    definitions = schema(rubric())["definitions"]
    case = definitions["case"]["properties"]

    def of(part: Any) -> tuple[str, ...]:
        return tuple(part["properties"])

    def each(part: Any) -> tuple[str, ...]:
        return of(part["additionalProperties"])

    select, rank, scene = (definitions[name]["properties"] for name in ("select", "rank", "scene"))
    assert of(definitions["case"]) == builder.SCENARIO_KEYS
    assert of(definitions["shared-file"]) == builder.SHARED_KEYS
    assert each(case["people"]) == builder.PERSON_KEYS
    assert each(case["documents"]) == builder.DOCUMENT_KEYS
    assert of(case["directory"]) == builder.DIRECTORY_KEYS
    assert each(case["directory"]["properties"]["entries"]) == builder.REFERRAL_KEYS
    assert each(case["criticals"]) == builder.CRITICAL_KEYS
    assert each(case["endings"]) == builder.ENDING_KEYS
    assert of(definitions["scene"]) == scenes.SCENE_KEYS
    assert of(definitions["shared-scene"]) == scenes.SHARED_SCENE_KEYS
    assert of(scene["voices"]["items"]) == scenes.VOICE_KEYS
    assert of(definitions["response"]) == scenes.RESPONSE_KEYS
    assert of(definitions["select"]) == scenes.SELECT_KEYS
    assert each(select["options"]) == scenes.OPTION_KEYS
    assert each(select["options"]) == scenes.OPTION_KEYS
    assert of(select["options"]["additionalProperties"]["properties"]["left-out"]) == scenes.LEFT_OUT_KEYS
    assert of(definitions["rank"]) == scenes.RANK_KEYS
    assert of(rank["pairs"]["items"]) == scenes.PAIR_KEYS
    assert of(rank["pairs"]["items"]["properties"]["reverse"]) == scenes.REVERSE_KEYS
    assert of(definitions["write"]) == scenes.WRITE_KEYS
    assert set(of(scene["outcomes"]["items"])) == set(scenes.OUTCOME_KEYS)


def test_the_words_of_the_format_are_explained() -> None:
    """Where one of a few words belongs, each is offered with what it means."""
    scene = schema(rubric())["definitions"]["scene"]["properties"]
    assert scene["phase"]["enum"] == list(scenes.PHASES)
    assert all(scene["phase"]["enumDescriptions"])
    assert scene["offers"]["anyOf"][0]["enum"] == list(scenes.OFFERS)
    assert all(scene["offers"]["anyOf"][0]["enumDescriptions"])


def test_levels_are_shown_with_their_anchors() -> None:
    """Where a level is given, an editor shows what each level of that indicator looks like."""
    offered = schema(rubric())["definitions"]["indicators"]["properties"]
    assert list(offered) == list(rubric().indicators)
    for name, indicator in rubric().indicators.items():
        part = offered[name]
        anchors = dict(zip(part["enum"], part["enumDescriptions"], strict=True))
        assert anchors == {level.value: indicator.anchors[level] for level in Level}
        assert indicator.title in part["description"]
        assert indicator.standard in part["description"]


TYPED = (
    *("a", "a-b", "a1", "a-", "-a", "1a", "A", "aB", "a_b", "a b", "a.b", "é", "", "a" * 64, "a" * 65, "true"),
    *sorted(RESERVED),
    *PREDICATES,
    *(f"{word}s" for word in sorted(RESERVED)),
)


def _typed(text: str) -> yaml.ScalarNode:
    node = yaml.compose(json.dumps(text), Loader=yaml.SafeLoader)
    assert isinstance(node, yaml.ScalarNode)
    return node


@pytest.mark.parametrize("name", TYPED)
def test_ids_are_the_loaders(name: str) -> None:
    """What can be an id is the same for both."""
    good = Fields(from_text("x")).good_id(_typed(name), name)
    assert (re.search(ID, name) is not None) is good


@pytest.mark.parametrize(
    "typed", ["0:00", "9:05", "09:05", "23:59", "24:00", "12:60", "1200", "12:5", "12:05:00", " 9:05", ":05"]
)
def test_times_are_the_loaders(typed: str) -> None:
    """What can be a time of day is the same for both."""
    good = Fields(from_text("x")).time(_typed(typed), "it") is not None
    assert (re.search(TIME, typed) is not None) is good


@pytest.mark.parametrize("typed", ["1.0.0", "0.0.1", "10.20.3000", "1.0", "1.0.0.0", "v1.0.0", "1.0.00000", "1..0"])
def test_versions_are_the_loaders(typed: str) -> None:
    """What can be a version is the same for both."""
    text = changed("version: 1.0.0", f"version: '{typed}'")
    assert (re.search(VERSION, typed) is not None) is (refused(text) == set())


def test_no_condition_that_the_loader_takes_is_underlined() -> None:
    """Every condition of random cases is made of signs that an editor takes for a condition's."""
    found = 0
    for seed in range(200, 200 + 20 * TRIALS):
        for condition in re.findall(r"(?:when|if): ([^{},\n]+)", random_case(seed)):
            found += 1
            assert re.search(CONDITION, condition), condition
    assert found > 100


# -- a rubric or a case of one's own ----------------------------------------------------------


def test_an_agencys_rubric_is_the_one_that_is_offered(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`--rubric` takes indicators and anchors from another rubric."""
    text = standard_rubric().read_text(encoding="utf-8").replace("      empathy:\n", "      warmth:\n")
    path = tmp_path / "ours.yaml"
    path.write_text(text.replace("Shames, lectures", "Scolds, lectures"), encoding="utf-8")
    assert main(["schema", "--rubric", str(path)]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert rubric_at(path).value is not None
    assert "rapport.empathy" not in printed["definitions"]["indicators"]["properties"]
    warmth = printed["definitions"]["indicators"]["properties"]["rapport.warmth"]
    assert any(anchor.startswith("Scolds") for anchor in warmth["enumDescriptions"])


def _offered(part: Any) -> dict[str, str]:
    (known, anything) = part["anyOf"]
    assert anything == {}
    return dict(zip(known["enum"], known["enumDescriptions"], strict=True))


def test_the_ids_of_a_case_are_offered(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`--case` offers the ids that one case has, each with what it is."""
    path = tmp_path / "case.yaml"
    path.write_text(CASE, encoding="utf-8")
    assert main(["schema", "--case", str(path)]) == 0
    printed = json.loads(capsys.readouterr().out)
    Draft7Validator.check_schema(printed)
    definitions = printed["definitions"]
    assert _offered(definitions["places"]) == {
        "desk": "Her file is on your desk.", "meeting": "Good morning.", "fork": "", "note": "Write the note.",
        "done": "Done",
    }  # fmt: skip
    assert list(_offered(definitions["scenes"])) == ["desk", "meeting", "fork", "note"]
    assert _offered(definitions["facts"]) == {"promised": "Something was promised."}
    assert _offered(definitions["people"]) == {"ruth": "Ruth Adeyemi", "gus": "Gus Brandt"}
    assert list(_offered(definitions["documents"])) == ["letter"]
    assert list(_offered(definitions["cues"])) == ["letter", "desk", "meeting", "fork", "note"]
    feelings = ["trust", "tension", "ruth.trust", "ruth.tension", "gus.trust"]
    assert list(definitions["feelings"]["properties"]) == feelings
    asked = [each["body"] for each in definitions["conditions"]["defaultSnippets"]]
    assert {"promised", "trust >= 5", "read(letter)", "visited(fork)", "chose(explain)", "before(due)"} <= set(asked)
    for each in asked:
        assert refused(changed("when: before(due)", f"when: {each}")) == set()


def test_the_ids_of_shared_scenes_are_offered(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What a case can visit, and the facts that this brings, are read from the files that it names."""
    visiting(tmp_path)
    assert main(["schema", "--case", str(tmp_path / "case.yaml")]) == 0
    definitions = json.loads(capsys.readouterr().out)["definitions"]
    assert _offered(definitions["visits"]) == {"ask": "How do you ask?", "again": "Once more."}
    assert _offered(definitions["facts"]) == {"promised": "Something was promised.", "asked": "It was asked."}
    assert "again" not in _offered(definitions["places"])
    assert {"ask", "desk"} <= set(_offered(definitions["moments"]))
    asked = [each["body"] for each in definitions["conditions"]["defaultSnippets"]]
    assert {"visited(ask)", "chose(straight)", "asked"} <= set(asked)


def test_ids_that_are_offered_refuse_no_other() -> None:
    """An editor's help may be older than the case: what it does not know is not underlined."""
    known = ids_of(from_text(CASE))
    assert isinstance(known, Known)
    mine = Draft7Validator(schema(rubric(), known))
    for text in (CASE, WHOLE_FORMAT, changed("    next: fork", "    next: bridge"), *map(random_case, range(5))):
        assert list(mine.iter_errors(as_an_editor(text))) == []
    for old, new in (*VALUES, *NAMES, *WAYS):
        assert list(mine.iter_errors(as_an_editor(changed(old, new)))) != []


def test_ids_of_a_case_with_mistakes_are_offered() -> None:
    """A case that is half written has ids already."""
    for text in ("scenes:\n  one: {text: Hello.}\n  two:\n", changed("    next: fork", "    next: bridge")):
        found = ids_of(from_text(text))
        assert isinstance(found, Known)
        assert found.scenes


def test_a_case_that_is_not_yaml_has_no_ids(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Who asks for the ids of what cannot be read is told what is wrong with it."""
    path = tmp_path / "case.yaml"
    path.write_text("scenes: {one: [}\n", encoding="utf-8")
    for asked in (path, tmp_path / "none.yaml"):
        assert main(["schema", "--case", str(asked)]) == 2
        out, error = capsys.readouterr()
        assert out == ""
        assert "error[" in error
        assert "cannot be read" in error
