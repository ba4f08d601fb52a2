"""One small case that has everything a screen can show, for the tests of the app."""

from __future__ import annotations

import json
from pathlib import Path

import yaml

ID = "front-desk"
TITLE = "A small case"

CASE = """\
scenario: front-desk
title: A small case
version: 1.0.0
summary: Somebody asks for something that is not yours to give.
setting: A front desk
process: [implementation]
stage: first-week
duration: 5
author: Ada Author
reviewed-by: Rita Reader
facts-checked: 2026-11-21
content-note: Money trouble.
briefing: |
  You are new here.

  Ms. Adeyemi waits outside.
reflect: Which moment stays with you?
debrief:
  - if: promised
    say: A promise is a debt.
  - What can be explained can be borne.
people:
  ruth:
    name: Ruth Adeyemi
    called: Ms. Adeyemi
    pronouns: she/her
    role: client
    feelings: {trust: 4, tension: 7}
    shows:
      - if: tension >= 7
        say: on her feet, eyes on the door
      - leaning back a little
  gus:
    name: Gus Brandt
    role: colleague
    feelings: {calm: 9}
client: ruth
clock:
  start: "10:00"
  points: {next-client: "10:20"}
facts:
  promised: Something was promised.
documents:
  letter:
    title: The letter
    minutes: 4
    text: |
      We are sorry to say no.

      You may ask again in May.
  notes:
    title: The contact notes
    minutes: 6
    text: She was here in March.
criticals:
  broken-promise:
    title: A promise that nobody can keep
    standard: NASW 1.03
    cue: hello
    when: promised
    at: hello
    why: Nobody at this desk may promise money.
start: desk
scenes:
  desk:
    phase: preparation
    text:
      - if: minutes_left(next-client) >= 16
        say: Her file is on your desk.
      - It has become late, and her file is still on your desk.
    offers: [documents]
    consult: Read the letter before you see her.
    outcomes:
      - when: not read(letter)
        marks: {organization.preparation: poor}
        why: The letter lay there unread.
    responses:
      invite: {do: Ask her to come in., next: hello}
      tidy: {do: Tidy the desk., then: The desk is tidy., again: true, minutes: 3, next: desk}
  hello:
    phase: meeting
    text: She stays on her feet.
    says: Good morning. I need that money.
    next: fork
    responses:
      promise:
        say: You will have the money.
        then: She looks up.
        marks: {rapport.limits: harmful}
        why: It is not yours to promise.
        feels: {trust: +2, tension: -3}
        sets: promised
      explain:
        say: I can tell you who decides.
        then: She sits down.
        marks: {rapport.limits: best, ethics.continuity: best}
        why: She knows where she stands.
        feels: {tension: -2}
      wait:
        say: Give me a moment.
        marks: {rapport.empathy: poor}
        why: She has waited long enough.
        next: colleague
  colleague:
    with: gus
    says: Shall I take over?
    responses:
      no: {say: "No, thank you.", next: hello}
      yes: {say: Please do., next: handed-over}
  fork:
    next:
      - {when: promised, to: note}
      - {to: note}
  note:
    phase: wrap-up
    text: She has gone.
    write:
      prompt: Write the case note.
      rated-on: [organization.records]
      look-for: [who decides]
      model: Ms. A. asked for money. Told her who decides.
    next:
      - {when: promised, to: owed}
      - {to: done}
endings:
  done:
    title: A door that stays open
    text: It is over for today.
  owed:
    title: A promise is owed
    text: She will be back on Monday.
  handed-over:
    title: Somebody else's desk
    text: Gus takes it from here.
"""

PEOPLE = """\
t-kim:
  name: Kim Trainee
s-sam:
  name: Sam Super
  role: supervisor
"""


PATH = """\
path: small
stages:
  first-week:
    about: You are new here.
    cases:
      front-desk: Saying no kindly.
  first-season:
    about: By now you know the house.
    cases:
      second-desk: Hearing what is not said.
"""
"""A path through a library of two small cases."""


def library(folder: Path, *cases: str) -> Path:
    """Write cases into a folder of their own, each named by its id, and return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for text in cases:
        name = next(line for line in text.splitlines() if line.startswith("scenario:"))
        (folder / f"{name.partition(':')[2].strip()}.yaml").write_text(text, encoding="utf-8")
    return folder


_TEXTS = (
    "title summary setting author reviewed-by content-note briefing reflect debrief name called pronouns role shows "
    "why standard text says say do then consult prompt model look-for"
)


def hostile(what: str, *, escaped: bool = False) -> str:
    """Return the small case with something put at the end of every text of it.

    Texts are quoted, so that YAML's own escapes are a way in: with `escaped`, all but ASCII stands as escapes.
    """
    plain = yaml.load(CASE, yaml.BaseLoader)  # noqa: S506 - it makes nothing but strings, lists and mappings
    return _written(plain, 0, "", what, escaped)


def _written(value: object, depth: int, key: str, what: str, escaped: bool) -> str:
    margin = "  " * depth
    match value:
        case dict():
            rows = [
                f"\n{margin}{each}: {_written(part, depth + 1, each, what, escaped)}" for each, part in value.items()
            ]
            return "".join(rows) if depth else "".join(rows).lstrip("\n") + "\n"
        case list():
            return "".join(f"\n{margin}- {_written(part, depth + 1, key, what, escaped).lstrip()}" for part in value)
        case _ if key in _TEXTS.split():
            return json.dumps(f"{value} {what}", ensure_ascii=escaped)
        case _:
            return str(value) if str(value).replace("-", "").replace(".", "").isalnum() else json.dumps(value)
