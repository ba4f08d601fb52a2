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

FAIR = CASE.replace("    cue: desk\n", "    standard: House rule 2\n    cue: desk\n").replace(
    "        say: Here is how it was decided.\n",
    "        say: Here is how it was decided.\n        why: She hears the reasons before she asks for them.\n",
)
"""The same, with nothing left to advise about: every mark has its reason, and the critical what it rests on."""

MANY = """\
scenario: many-at-once
title: Much at once
version: 1.0.0
summary: There is more to do than time.
author: Ada Author
reviewed-by: nobody
people:
  ruth:
    name: Ruth Adeyemi
    called: Ms. Adeyemi
    feelings: {trust: 4, tension: 7}
  gus: {name: Gus Brandt, role: colleague}
client: ruth
clock: {start: "10:00", points: {next-client: "10:30"}}
facts:
  noted: The note is written.
  called-first: The call came first.
documents:
  letter: {title: The letter, minutes: 4, text: We are sorry to say no.}
directory:
  minutes: 3
  entries:
    legal-aid: {service: Legal Aid, eligibility: Tenants, contact: 555-0123, last-verified: 2024-01-15}
    food-bank: {service: Food bank, contact: 555-0145, last-verified: 2025-11-01, note: Closed on Mondays.}
start: desk
scenes:
  desk:
    phase: preparation
    text: Ten minutes are left.
    says: I am still here.
    voices: [{who: gus, says: So am I.}]
    offers: [documents, directory]
    consult:
      - {if: not read(letter), away: Her door is shut until eleven.}
      - The note comes first.
    select:
      prompt: What do you take care of?
      most: 2
      minutes: 2
      then:
        - {if: noted, say: That is done.}
        - It waits.
      options:
        note:
          do: Write the note.
          marks: {organization.records: best}
          why: It lasts.
          left-out: {marks: {organization.records: poor}, why: It was not written.}
          then: The pen scratches.
          sets: noted
          minutes: 5
        call: {say: It is me again., marks: {rapport.empathy: acceptable}, feels: {trust: +2}}
        tidy: {do: Tidy the desk., marks: {ethics.safety: harmful}, why: Not now.}
        file: {do: File the letter., when: read(letter)}
    next: order
  order:
    phase: meeting
    feels: {tension: -2}
    text: Three things wait.
    voices: [{who: gus, says: Me too.}]
    rank:
      prompt: In which order?
      minutes: 3
      then: So be it.
      items: {phone: Call her back, mail: Answer the e-mail, tea: Make tea}
      pairs:
        - this: phone
          before: mail
          marks: {organization.priorities: best}
          why: She waits.
          sets: called-first
          reverse: {marks: {organization.priorities: poor}, why: She waited.}
        - {this: phone, before: tea, marks: {rapport.empathy: best}}
    next: maybe
  maybe:
    text: Is there more?
    select:
      prompt: Anything else?
      options:
        thank: {do: Thank him., when: called-first and noted}
        nod: {do: Nod., when: called-first and noted}
    next: last
  last:
    phase: wrap-up
    text: It is nearly eleven.
    responses:
      go: {do: Go home., next: done}
      stay: {do: Stay., marks: {ethics.competence: poor}, why: Nobody asked for it., next: done}
endings:
  done:
    title: Done
    text: It is over for today.
"""
"""A valid case in which several things are picked, put in order, and looked up."""

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


DAY_CASE = """\
scenario: small-day
title: A small day
version: 1.0.0
summary: Two clients, one clock, and a phone.
people:
  ana: {name: Ana Ortega, called: Ms. Ortega, feelings: {trust: 5}}
  joe: {name: Joe Sims, called: Mr. Sims, feelings: {trust: 5}}
client: ana
clock:
  start: "09:00"
  step: 5
  points: {window: "09:30", noon: "10:00"}
facts:
  packet-sent: The packet is at the window.
  joe-seen: You talked with Mr. Sims.
  called-back: You called back.
documents:
  mail: {title: The mail, text: A packet is due at half past nine.}
tasks:
  packet:
    title: Ms. Ortega's packet
    owner: ana
    due: window
    done-when: packet-sent
    undone:
      marks: {organization.priorities: poor}
      why: The packet was what had a clock on it.
      text:
        - if: joe-seen
          say: The window closes while you talk.
        - The window closes.
  sims:
    title: Mr. Sims waits
    owner: joe
    done-when: joe-seen
    undone: {marks: {rapport.engagement: poor}, why: He waited all morning.}
  call:
    title: A voicemail
    when: visited(phone)
    done-when: called-back
interrupts:
  rings:
    at: "09:15"
    in: desk
    scene: phone
  knock:
    at: noon
    when: not joe-seen
    in: [meeting, desk]
    scene: door
aftermath:
  ana:
    - if: missed(packet)
      say: Ms. Ortega waits another month.
    - Ms. Ortega's benefits go on.
  joe:
    - if: done(sims)
      say: He has a plan.
start: desk
scenes:
  desk:
    hub: true
    phase: preparation
    text: Your desk.
    offers: [documents]
    consult: One at a time.
    next: desk
    responses:
      send:
        do: Take the packet to the window.
        minutes: 15
        sets: packet-sent
        marks: {organization.priorities: best}
        why: It was due first.
      see: {do: See Mr. Sims., minutes: 20, next: talk}
      tidy: {do: Tidy the desk., minutes: 15, again: true}
      call: {do: Call back., when: visited(phone), minutes: 10, sets: called-back}
      home: {do: Go home., again: true, minutes: 0, next: over}
  talk:
    phase: meeting
    with: joe
    says: I have been here since eight.
    responses:
      ask: {say: What brings you?, marks: {rapport.empathy: best}, why: Asked., sets: joe-seen, next: desk}
  phone:
    phase: wrap-up
    text: The phone rings.
    responses:
      answer: {do: Pick it up., sets: called-back, next: back}
      let: {do: Let it ring., minutes: 0, next: back}
  door:
    text: Mr. Sims stands in the door.
    next: back
endings:
  over: {title: The end of the morning, text: You put on your coat.}
"""
"""A case with everything that a day has."""


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
