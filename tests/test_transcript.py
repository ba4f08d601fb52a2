"""A session told moment by moment: what was there, what was done, what came of it."""

from __future__ import annotations

from simulator.scenario import Phase
from simulator.session import Chose, Consulted, Event, Read, Session, Wrote, replay, start
from simulator.transcript import Moment, moments, tells_something_new, unread
from tests.cases import CASE, case, scenario


def told() -> tuple[Moment, ...]:
    """Play the small case with a little of everything."""
    session = start(scenario(CASE), seed=7).read("letter").consult().choose("invite").choose("promise")
    return moments(session.write("I promised."))


def test_a_session_without_decisions_has_no_moments() -> None:
    """There is nothing to tell before anything is decided."""
    assert moments(start(scenario(CASE))) == ()


def test_every_decision_is_a_moment_in_its_order() -> None:
    """Decisions are numbered from 1, with the event, the phase and the time at which they were made."""
    assert [(each.number, type(each.event), each.phase, each.time) for each in told()] == [
        (1, Read, Phase.PREPARATION, "10:00"),
        (2, Consulted, Phase.PREPARATION, "10:04"),
        (3, Chose, Phase.PREPARATION, "10:06"),
        (4, Chose, Phase.MEETING, "10:07"),
        (5, Wrote, Phase.WRAP_UP, "10:08"),
    ]


def test_what_was_done_is_told_in_one_line() -> None:
    """Spoken words stand in quotation marks, actions without."""
    assert [each.what for each in told()] == [
        "Read: A letter",
        "Asked the supervisor",
        "Ask her to come in.",
        "“I will get you the money.”",
        "Wrote",
    ]


def test_each_kind_of_decision_brings_its_own() -> None:
    """A document, advice, a choice or a text: each moment holds what its decision was about, and no more."""
    read, asked, invited, promised, wrote = told()
    assert read.document is not None
    assert (read.document.id, read.chosen, read.advice, read.written) == ("letter", None, "", None)
    assert (asked.document, asked.advice) == (None, "Read the letter first.")
    assert invited.chosen is not None
    assert (invited.chosen.id, invited.advice) == ("invite", "")
    assert (promised.person, promised.speech, promised.narration) == ("Ms. Adeyemi", "Good morning.", "")
    assert (wrote.written, wrote.offered, wrote.chosen) == ("I promised.", (), None)


def test_what_was_shown_is_told_once_until_it_changes() -> None:
    """A scene that only waits while a document is read or advice is asked is not told again."""
    read, asked, invited, promised, _ = told()
    assert [each.narration for each in (read, asked, invited, promised)] == ["Her file is on your desk.", "", "", ""]


def test_a_scene_that_reads_differently_is_told_again() -> None:
    """When reading a document changes what the scene says, the new wording is told; so is a scene that comes back."""
    found = case(
        """
        first:
          text:
            - if: read(letter)
              say: It weighs on you.
            - It lies there.
          offers: [documents]
          responses: {wait: {do: Wait., again: true, next: first}}
        """,
        documents="{letter: {title: A letter, text: No.}, form: {title: A form, text: Yes.}}",
    )
    session = start(found).read("form").read("letter").choose("wait").choose("wait")
    assert [each.narration for each in moments(session)] == [
        "It lies there.",
        "",
        "It weighs on you.",
        "It weighs on you.",
    ]
    assert tells_something_new(session)


def test_what_was_offered_and_not_taken_is_known() -> None:
    """The responses are told in the order in which they were shown, and those that were skipped apart."""
    session = start(scenario(CASE), seed=7).read("letter").choose("invite")
    shown = session.responses
    moment = moments(session.choose("explain"))[-1]
    assert moment.offered == shown
    assert [response.id for response in moment.skipped] == ["promise"]
    assert moment.decided
    assert not moments(session)[-1].decided


def test_the_reaction_is_what_was_said_at_that_moment() -> None:
    """Reactions are told with the decision that they answer."""
    session = start(scenario(CASE)).read("letter").choose("invite").choose("explain")
    assert [each.reaction for each in moments(session)] == ["", "", "She nods."]


def test_marks_and_criticals_stand_with_the_decision_that_brought_them() -> None:
    """A response's marks come before the outcomes of the scenes that were left on the way."""
    *_, promised, wrote = told()
    assert [(str(award.marks[0]), award.response) for award in promised.awards] == [
        ("rapport.limits: harmful", "promise")
    ]
    assert [critical.id for critical in wrote.criticals] == ["broken-promise"]
    left = moments(start(scenario(CASE)).choose("invite"))[0]
    assert [(award.where, award.response, award.why) for award in left.awards] == [
        ("desk", "", "The letter lay there.")
    ]


def test_each_moment_can_be_gone_back_to() -> None:
    """A moment holds the session as it was before its decision."""
    for moment in told():
        assert len(moment.session.events) == moment.number - 1
    assert told()[3].session.choose("explain").ending is not None


def test_what_was_erased_is_told_as_nothing() -> None:
    """A text that was erased from the journal leaves a moment without words."""
    events: list[Event] = [Chose("desk", "invite"), Chose("meeting", "promise"), Wrote("note", None)]
    session: Session = replay(scenario(CASE), 0, events)
    assert moments(session)[-1].written is None
    assert moments(session)[-1].what == "Wrote"


def test_documents_that_were_never_opened_are_known() -> None:
    """What was not read is told in the case's order."""
    session = start(scenario(CASE))
    assert [document.id for document in unread(session)] == ["letter"]
    assert unread(session.read("letter")) == ()
