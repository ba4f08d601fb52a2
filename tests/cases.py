"""Small cases, so that a test can say only what it is about."""

from __future__ import annotations

import os
from functools import cache
from textwrap import dedent, indent

from hypothesis import HealthCheck, settings

from scoring.rubric import Rubric
from simulator.library import rubric_at
from simulator.loader import Loaded, scenario_from
from simulator.scenario import Scenario
from simulator.source import from_text

TRIALS = int(os.environ.get("CASELOAD_TRIALS", "1"))
"""How many times as many random trials as usual are made: more before a release."""

CASE = """\
scenario: small-case
title: A small case
version: 1.0.0
summary: Somebody asks for something.
people:
  ruth:
    name: Ruth Adeyemi
    called: Ms. Adeyemi
    feelings: {trust: 4, tension: 7}
  gus:
    name: Gus Brandt
    feelings: {trust: 2}
client: ruth
clock:
  start: "10:00"
  points: {due: "10:20"}
facts:
  promised: Something was promised.
documents:
  letter:
    title: A letter
    minutes: 4
    text: We are sorry to say no.
criticals:
  broken-promise:
    cue: desk
    when: promised
    why: Nobody may promise that.
start: desk
scenes:
  desk:
    phase: preparation
    text: Her file is on your desk.
    offers: [documents]
    consult: Read the letter first.
    outcomes:
      - when: not read(letter)
        marks: {organization.preparation: poor}
        why: The letter lay there.
    responses:
      invite: {do: Ask her to come in., next: meeting}
  meeting:
    phase: meeting
    says: Good morning.
    next: fork
    responses:
      promise:
        say: I will get you the money.
        marks: {rapport.limits: harmful}
        why: It is not yours to give.
        feels: {trust: +1, gus.trust: -1}
        sets: promised
      explain:
        when: read(letter) and trust >= 3
        say: Here is how it was decided.
        then: She nods.
        marks:
          - when: before(due)
            give: {rapport.limits: best}
          - give: {rapport.limits: acceptable}
  fork:
    next:
      - when: promised
        to: note
      - to: done
  note:
    phase: wrap-up
    write:
      prompt: Write the note.
      rated-on: [organization.records]
    next: done
endings:
  done:
    title: Done
    text: It is over.
"""
"""A valid case with a little of everything, one thing a line."""

_TOP = {
    "scenario": "small-case",
    "title": "A small case",
    "version": "1.0.0",
    "summary": "Somebody asks for something.",
    "people": """
        ruth: {name: Ruth Adeyemi, called: Ms. Adeyemi, feelings: {trust: 4, tension: 7}}
        gus: {name: Gus Brandt, feelings: {trust: 2}}
        """,
    "client": "ruth",
    "start": "first",
    "endings": """
        end: {title: The end, text: It is over.}
        other: {title: Another end, text: It is over as well.}
        """,
}


def trials(count: int) -> settings:
    """Ask Hypothesis for this many examples, and never for a time."""
    return settings(max_examples=count * TRIALS, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@cache
def rubric() -> Rubric:
    """Return the rubric that comes with Caseload."""
    loaded = rubric_at()
    assert loaded.value is not None, loaded.problems
    return loaded.value


def loaded(text: str) -> Loaded[Scenario]:
    """Load a case from its text, whatever comes of it."""
    return scenario_from(from_text(text, "case.yaml"), rubric())


def scenario(text: str) -> Scenario:
    """Load a case that has no problem at all."""
    found = loaded(text)
    assert not found.problems, found.problems
    assert found.value is not None
    return found.value


def written(scenes: str, **sections: str) -> str:
    """Write a case whose first scene is called `first`; what is not given is as small as it can be."""
    parts = {**_TOP, "scenes": scenes, **{key.replace("_", "-"): value for key, value in sections.items()}}
    return "".join(_entry(key, value) for key, value in parts.items())


def case(scenes: str, **sections: str) -> Scenario:
    """Load a case that is written so."""
    return scenario(written(scenes, **sections))


def _entry(key: str, value: str) -> str:
    if "\n" not in value and key != "scenes":
        return f"{key}: {value}\n"
    return f"{key}:\n{indent(dedent(value).strip(), '  ')}\n"
