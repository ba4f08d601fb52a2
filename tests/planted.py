"""Mistakes that playing a case in every way proves: each in a case that has it, and in the same case without it.

A case is written as `caseload explain` shows one: what it lacks is added below it. `¦` stands before the mistake.
"""

from __future__ import annotations

from typing import NamedTuple


class Planted(NamedTuple):
    """A mistake, and what it is found as."""

    code: str
    bad: str
    good: str

    @property
    def text(self) -> str:
        """The case with the mistake."""
        return self.bad.replace("¦", "")

    @property
    def place(self) -> tuple[int, int]:
        """Line and column of the mistake."""
        before, _, _ = self.bad.partition("¦")
        return before.count("\n") + 1, len(before) - before.rfind("\n")


def _twice(code: str, text: str, bad: str, good: str) -> Planted:
    """Write a case twice, with the mistake and without it in the place of `…`."""
    assert text.count("…") == 1
    return Planted(code, text.replace("…", bad), text.replace("…", good))


PLANTED = {
    "a scene in which everything can be used up": _twice(
        "no-way-on",
        """\
scenes:
  desk:
    text: She waits.
    responses:
      ask: {say: What is it?, next: done}
      wait: {do: Wait., next: silence}
  ¦silence:
    text: Nothing is said.
    responses:
      nod: {do: Nod., next: silence…}
""",
        "",
        ", again: true}\n      ask: {say: What is it?, next: done",
    ),
    "a scene whose only way on closes with the clock": _twice(
        "no-way-on",
        """\
clock: {start: "10:00", points: {due: "10:20"}}
scenes:
  desk:
    text: She waits.
    next: late
    responses:
      hurry: {do: Come at once.}
      dawdle: {do: Come later., minutes: 30}
  ¦late:
    text: The door is closing.
    next: done
    responses:
      enter: {do: Go in., when: before(due)}
…""",
        "",
        "      knock: {do: Knock.}\n",
    ),
    "a circle without a way out": _twice(
        "endless-loop",
        """\
scenes:
  desk:
    text: She waits.
    responses:
      ask: {say: What is it?, next: done}
      wait: {do: Wait., next: silence}
  ¦silence: {text: Nothing is said., next: clock}
  clock:
    text: The clock ticks.
    responses:
      on: {do: Wait on., again: true, next: silence}
…""",
        "",
        "      ask-her: {say: What is it?, next: done}\n",
    ),
    "a response that is never on offer": _twice(
        "never-offered",
        """\
scenes:
  desk:
    text: She waits.
    next: done
    responses:
      ask: {say: What is it?, feels: {trust: +1}, next: desk}
      wait: {do: Wait.}
      ¦joke: {say: Not another letter!, when: trust >= …}
""",
        "6",
        "5",
    ),
    "an option that is never on offer": _twice(
        "never-offered",
        """\
scenes:
  desk:
    text: She waits.
    next: papers
    responses:
      ask: {say: What is it?, feels: {trust: +1}}
      wait: {do: Wait.}
  papers:
    select:
      prompt: What do you do?
      options:
        explain: {do: Read it to her.}
        file: {do: File it.}
        ¦joke: {say: Not another letter!, when: trust >= …}
    next: done
""",
        "6",
        "5",
    ),
    "a document that no scene offers": _twice(
        "never-opened",
        """\
documents:
  ¦letter: {title: The letter, text: No.}
scenes:
  desk:
    text: She waits.
…    next: done
""",
        "",
        "    offers: documents\n",
    ),
    "a condition of marks that never holds": _twice(
        "never-holds",
        """\
scenes:
  desk:
    text: She waits.
    next: done
    responses:
      ask:
        say: What is it?
        marks:
          - {when: ¦trust >= …, give: {rapport.empathy: best}}
          - {give: {rapport.empathy: acceptable}}
      wait: {do: Wait., marks: {rapport.empathy: poor}}
      nod: {do: Nod., feels: {trust: +1}, next: desk}
""",
        "6",
        "5",
    ),
    "a condition of what was left out that never holds": _twice(
        "never-holds",
        """\
documents: {letter: {title: The letter, text: No.}}
scenes:
  desk:
    text: She waits.
    offers: documents
    select:
      prompt: What do you do?
      options:
        ask:
          say: What is it?
          left-out:
            - {when: ¦…, give: {rapport.empathy: poor}}
            - {give: {rapport.empathy: harmful}}
        wait: {do: Wait.}
    next: done
""",
        "trust >= 6",
        "read(letter)",
    ),
    "an outcome that is never given": _twice(
        "never-holds",
        """\
scenes:
  desk:
    text: She waits.
    next: done
    responses:
      ask: {say: What is it?, feels: {trust: +1}, marks: {rapport.empathy: best}}
      wait: {do: Wait., marks: {rapport.empathy: poor}}
    outcomes:
      - when: ¦trust >= …
        marks: {rapport.respect: best}
""",
        "6",
        "5",
    ),
    "an outcome of an ending that is never given": _twice(
        "never-holds",
        """\
scenes:
  desk:
    text: She waits.
    next: done
    responses:
      ask: {say: What is it?, feels: {trust: +1}, marks: {rapport.empathy: best}}
      wait: {do: Wait., marks: {rapport.empathy: poor}}
endings:
  done:
    title: Over
    text: It is over.
    outcomes:
      - when: ¦trust >= …
        marks: {rapport.respect: best}
""",
        "6",
        "5",
    ),
    "a way on below one that is taken whenever it could be": _twice(
        "never-holds",
        """\
scenes:
  desk:
    text: She waits.
    responses:
      ask: {say: What is it?, feels: {trust: +2}}
      nod: {do: Nod., feels: {trust: +1}}
      wait: {do: Wait.}
    next:
      - {when: trust >= …, to: done}
      - {when: ¦trust >= 6, to: done}
      - {to: done}
""",
        "5",
        "7 or trust <= 4",
    ),
    "a junction's way on that is never taken": _twice(
        "never-holds",
        """\
scenes:
  desk:
    text: She waits.
    next: fork
    responses:
      ask: {say: What is it?, feels: {trust: +1}}
      wait: {do: Wait.}
  fork:
    next:
      - {when: ¦trust >= …, to: done}
      - {to: done}
""",
        "6",
        "5",
    ),
    "a way on that is always taken": _twice(
        "always-holds",
        """\
scenes:
  desk:
    text: She waits.
    responses:
      ask: {say: What is it?, feels: {tension: …}}
      wait: {do: Wait.}
    next:
      - {when: ¦tension >= 4, to: done}
      - {to: done}
""",
        "-2",
        "-3",
    ),
    "a response whose condition always holds": _twice(
        "always-holds",
        """\
facts: {asked: You asked her.}
scenes:
  desk:
    text: She waits.
    next: done
    responses:
      ask: {say: What is it?, sets: asked…}
      wait: {do: Wait., when: ¦not asked}
      go: {do: Go.}
""",
        "",
        ", next: desk",
    ),
    "a wording that is never shown": _twice(
        "never-shown",
        """\
scenes:
  desk:
    text: She waits.
    next: talk
    responses:
      ask: {say: What is it?, feels: {trust: +1}}
      wait: {do: Wait.}
  talk:
    says:
      - {if: ¦trust >= …, say: It is good that you ask.}
      - It is a letter.
    next: done
""",
        "6",
        "5",
    ),
    "a wording below others of which one always holds": _twice(
        "never-shown",
        """\
facts: {asked: You asked her.}
scenes:
  desk:
    text: She waits.
    next: talk
    responses:
      ask: {say: What is it?, sets: asked}
      nod: {do: Nod., feels: {trust: +1}}
      wait: {do: Wait.}
  talk:
    consult:
      - {if: asked, say: You asked.}
      - {if: not asked…, say: Ask her.}
      - ¦Well.
    next: done
""",
        "",
        " and trust >= 5",
    ),
    "a reaction to more than the response can have moved": _twice(
        "never-shown",
        """\
scenes:
  desk:
    text: She waits.
    next: done
    responses:
      nod: {do: Nod., feels: {trust: +1}, next: desk}
      ask:
        say: What is it?
        feels: {trust: +2}
        then:
          - {if: ¦trust >= …, say: She smiles.}
          - She looks up.
""",
        "8",
        "7",
    ),
    "a reaction to two options together": _twice(
        "never-shown",
        """\
scenes:
  desk:
    select:
      prompt: What do you do?
      most: …
      then:
        - {if: ¦chose(ask) and chose(nod), say: She smiles.}
        - She looks up.
      options:
        ask: {say: What is it?}
        nod: {do: Nod.}
    next: done
""",
        "1",
        "2",
    ),
    "a wording of a document that is not shown even when it is opened again": _twice(
        "never-shown",
        """\
documents:
  letter:
    title: The letter
    text:
      - {if: ¦trust >= …, say: No. We are sorry.}
      - No.
scenes:
  desk:
    text: She waits.
    offers: documents
    next: hall
    responses:
      ask: {say: What is it?, feels: {trust: +1}}
      wait: {do: Wait.}
  hall: {text: It is quiet here., next: done}
""",
        "6",
        "5",
    ),
    "a wording of the debrief that is never shown": _twice(
        "never-shown",
        """\
debrief:
  - {if: ¦trust >= …, say: She trusts you.}
  - It was a start.
scenes:
  desk:
    text: She waits.
    next: done
    responses:
      ask: {say: What is it?, feels: {trust: +1}}
      wait: {do: Wait.}
""",
        "6",
        "5",
    ),
    "what somebody shows and nobody sees": _twice(
        "never-shown",
        """\
people:
  ruth:
    name: Ruth Adeyemi
    feelings: {trust: 4, tension: 6}
    shows:
      - {if: ¦tension >= …, say: Her hands shake.}
      - She sits still.
scenes:
  desk:
    text: She waits.
    next: done
    responses:
      press: {say: Hurry up., feels: {tension: +2}, next: desk}
      ask: {say: What is it?}
""",
        "9",
        "8",
    ),
    "a critical that nobody can raise": _twice(
        "critical-never",
        """\
facts: {promised: You promised the money.}
criticals:
  ¦promise: {cue: desk, when: promised and trust >= …, why: It is not yours to give.}
scenes:
  desk:
    text: She waits.
    next: done
    responses:
      ask: {say: What is it?}
      promise: {say: You will get it., sets: promised}
""",
        "5",
        "4",
    ),
    "a critical whose cue is met only by those who did nothing wrong": _twice(
        "critical-never",
        """\
facts: {promised: You promised the money.}
criticals:
  ¦promise: {cue: …, when: promised, why: It is not yours to give.}
documents: {rules: {title: The rules, text: Promise nothing.}}
scenes:
  desk:
    text: She waits.
    next: done
    responses:
      ask: {say: What is it?, next: talk}
      promise: {say: You will get it., sets: promised}
  talk: {text: She thanks you., next: done, offers: documents}
""",
        "rules",
        "desk",
    ),
    "a critical that nobody can keep out of": _twice(
        "critical-unavoidable",
        """\
facts: {promised: You promised the money.}
criticals:
  ¦promise: {cue: desk, when: promised, why: It is not yours to give.}
scenes:
  desk:
    text: She waits.
    next: done
    responses:
      ask: {say: What is it?…}
      promise: {say: You will get it., sets: promised}
""",
        ", sets: promised",
        "",
    ),
    "a critical whose cue comes after the deed": _twice(
        "critical-cued-late",
        """\
facts: {promised: You promised the money.}
criticals:
  ¦promise: {cue: hall, when: promised, why: It is not yours to give.}
scenes:
  desk:
    text: She waits.
    next: hall
    responses:
      ask: {say: What is it?}
      promise: {say: You will get it., sets: promised}
  hall:
    text: The rules hang here.
    next: done
    responses:
      go-on: {do: Go on.}
…""",
        "",
        "      take-back: {say: I said too much., clears: promised}\n",
    ),
    "a fact that nothing asks for": _twice(
        "never-read",
        """\
facts: {¦asked: You asked her.}
scenes:
  desk:
    text: She waits.
    next: talk
    responses:
      ask: {say: What is it?, sets: asked}
      wait: {do: Wait.}
  talk:
    text:
      - {if: …, say: She answers.}
      - She waits on.
    next: done
""",
        "chose(ask)",
        "asked",
    ),
    "a feeling that nothing moves and nothing asks for": _twice(
        "never-read",
        """\
people:
  ruth: {name: Ruth Adeyemi, feelings: {trust: 4, ¦hope: 3}}
scenes:
  desk:
    text: She waits.
    feels: {trust: +1…}
    next: done
""",
        "",
        ", hope: +1",
    ),
    "a dimension on which everybody gets the same": _twice(
        "no-range",
        """\
scenes:
  desk:
    text: She waits.
    next: done
    responses:
      ¦ask: {say: What is it?, marks: {rapport.empathy: best}}
      sit: {say: Please sit down., marks: {rapport.respect: …}}
""",
        "best",
        "acceptable",
    ),
    "a dimension that hangs on a single response": _twice(
        "decides-alone",
        """\
scenes:
  desk:
    text: She waits.
    next: done
    responses:
      ¦ask: {say: What is it?, marks: {rapport.empathy: best}}
      sit: {say: Please sit down.…}
""",
        "",
        ", marks: {rapport.respect: acceptable}",
    ),
    "a response that is marked best and never worth it": _twice(
        "best-that-costs",
        """\
scenes:
  desk:
    text: She waits.
    next: done
    responses:
      ¦ask: {say: What is it?, marks: {rapport.empathy: …}, next: hurry}
      sit: {say: Please sit down., marks: {rapport.empathy: best}}
  hurry:
    text: There is little time.
    outcomes: [{marks: {rapport.respect: harmful}}]
    next: done
""",
        "best",
        "acceptable",
    ),
    "a harmful response that is made up for": _twice(
        "harmful-that-is-free",
        """\
scenes:
  desk:
    text: She waits.
    next: done
    responses:
      ¦push: {say: Read it yourself., marks: {rapport.respect: harmful}, next: sorry}
      ask: {say: What is it?, marks: {rapport.empathy: …}}
  sorry:
    text: She gets up.
    next: done
    responses:
      regret: {say: That was wrong of me., marks: {rapport.respect: best}}
      wait: {do: Wait.}
""",
        "poor",
        "acceptable",
    ),
    "a mark that is collected by coming back": _twice(
        "farmed-marks",
        """\
scenes:
  ¦desk:
    text: She waits.
    next: desk
    responses:
      nod: {do: Nod., marks: {rapport.empathy: best}}
      smile: {do: Smile., marks: {rapport.empathy: best}}
      bow: {do: Lean forward., marks: {rapport.empathy: best}…}
      ask: {say: What is it?, next: done}
""",
        "",
        ", feels: {trust: +1}",
    ),
}
