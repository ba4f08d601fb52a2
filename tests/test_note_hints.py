"""Hints on notes point at what is there and what is missing, and leave good notes alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.library import built_in, find
from simulator.review.note_hints import ONLY_HINTS, Kind, hints
from simulator.scenario import Scenario
from simulator.session import Session, start
from tests.cases import case, rubric, trials

CASE = case(
    """
    first:
      text: Her file is here. Today is 12 March.
      offers: [documents]
      write:
        prompt: Write the note.
        rated-on: [organization.records]
        look-for: ['Her own words', 'The right date']
      next: end
    """,
    people="""
    ruth: {name: Ruth Adeyemi, feelings: {trust: 4}}
    ines: {name: Ines Calloway}
    """,
    client="ruth",
    documents="""
    letter:
      title: The letter
      minutes: 2
      text: To Ruth Adeyemi. You may ask until 18 March. Rent of $1,240. Call 555-0142.
    """,
)


def _hints(note: str, *, read: bool = False, of: Scenario = CASE) -> dict[Kind, list[str]]:
    session = start(of)
    if read:
        session = session.read("letter")
    found: dict[Kind, list[str]] = {}
    for each in hints(session, note):
        found.setdefault(each.kind, []).append(each.text)
    return found


def test_what_the_author_says_to_look_for_is_always_there() -> None:
    """The scene's own list comes first, even where nothing was written."""
    assert _hints("") == {Kind.LOOK_FOR: ["Her own words", "The right date"]}
    assert next(iter(hints(start(CASE), "A note."))).text == "Her own words"


def test_facts_of_a_document_are_found_however_they_are_written() -> None:
    """A date the other way round, an amount without its comma and a person by an initial are the same facts."""
    found = _hints("R. can ask until March 18th for the $1240. I call 555-0142 today.", read=True)
    assert found[Kind.HAS] == ["In the note, from “The letter”: Ruth Adeyemi, 18 March, $1,240, 555-0142."]
    assert Kind.MISSES not in found
    assert Kind.UNKNOWN not in found


def test_facts_that_the_note_misses_are_named_with_their_document() -> None:
    """What stands in a document and not in the note is listed, and whether the document was opened at all."""
    found = _hints("She can ask. I call her tomorrow.")
    assert found[Kind.MISSES] == [
        "Not in the note, from “The letter”, which was not opened: Ruth Adeyemi, 18 March, $1,240, 555-0142."
    ]
    assert "which was not opened" not in str(_hints("She can ask. I call her tomorrow.", read=True))


def test_a_date_that_the_case_does_not_have_is_pointed_at() -> None:
    """A wrong date or amount stands out; what scenes say counts as known as well."""
    found = _hints("12 March. She can ask until 28 March for the $1,420. I call tomorrow.")
    (line,) = found[Kind.UNKNOWN]
    assert "28 March, $1,420" in line
    assert "12 March" not in line


@pytest.mark.parametrize(
    "sentence",
    [
        "R. was manipulative today.",
        "Client is non-compliant with the plan.",
        "She is just lazy.",
        "He refuses to sign.",
        "Very demanding on the phone.",
        "She acts entitled.",
        "This is attention-seeking.",
        "A difficult client.",
        "He claims that he sent it.",
        "There is no risk.",
    ],
)
def test_a_judging_word_is_pointed_at_with_another_way_to_say_it(sentence: str) -> None:
    """A word that judges is shown with why, and with what could stand there instead."""
    (line,) = _hints(f"{sentence} I call tomorrow.")[Kind.WORD]
    assert "Perhaps" in line


@pytest.mark.parametrize(
    "sentence",
    [
        'She said: "You people think I am lazy."',
        "She said: “You people are difficult.”",
        "The panel refused the request.",
        "She is entitled to a review.",
        "It was difficult to hear her on the phone.",
        "Two insurance claims are open.",
        "She asked for somebody else, and why the letter came late.",
    ],
)
def test_what_somebody_said_or_a_rule_says_is_no_judgement(sentence: str) -> None:
    """Quotations, and words that only look like a judgement, raise no hint."""
    assert Kind.WORD not in _hints(f"{sentence} I call tomorrow.")


def test_steps_without_an_owner_or_a_day_are_pointed_at() -> None:
    """A note needs a next step; a step needs somebody to do it, and a day."""
    assert _hints("She came in and was sad.")[Kind.STEP][0].startswith("No next step")
    assert "nobody who is to do it" in _hints("Follow-up by Friday.")[Kind.STEP][0]
    assert "no day or hour" in _hints("I will call her.")[Kind.STEP][0]
    for good in ("I call R. on Monday.", "Open: City Power by noon (me).", "I. Calloway will answer by 16 March."):
        assert Kind.STEP not in _hints(good), good


def _at_note(name: str) -> tuple[Session, str]:
    """Return a session of a library case, as if it stood at its scene for a note, and the author's example."""
    scenario = find(name, (built_in(),), rubric()).scenario
    scene = next(each for each in scenario.scenes.values() if each.write is not None and each.write.model)
    assert scene.write is not None
    session = start(scenario)
    machine = session.machine
    state = session.state._replace(at=machine.number[scene.id])
    return Session(machine, 0, state), scene.write.model


@pytest.mark.parametrize("name", ["new-case-manager", "quiet-on-the-phone", "who-is-managing"])
def test_the_examples_of_the_library_raise_no_alarm(name: str) -> None:
    """A note as the author would write it has no judging word, no step without an owner or a day, no strange date."""
    session, model = _at_note(name)
    alarms = [each for each in hints(session, model) if each.kind in (Kind.WORD, Kind.STEP, Kind.UNKNOWN)]
    assert alarms == []
    assert any(each.kind is Kind.HAS for each in hints(session, model))


@trials(200)
@given(st.text() | st.text('Jan 31/$,.()“"RI claims that refuses'))
def test_no_text_is_too_strange(note: str) -> None:
    """Whatever was typed, there are hints and no crash, and none holds what a terminal would obey."""
    for each in hints(start(CASE), note):
        assert each.text
        assert "\n" not in each.found


def test_hints_say_that_they_are_hints() -> None:
    """There is a sentence to stand above them, so that nobody takes them for a score."""
    assert ONLY_HINTS.startswith("Hints only")
