"""What happens in a session: every rule of the format, one by one, and then all of them by chance."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import FrozenInstanceError, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.offer import OneOf
from scoring.scorecard import score
from simulator.machine import machine_of
from simulator.scenario import Phase
from simulator.session import Chose, Consulted, NotOffered, Read, Session, Wrote, replay, start
from simulator.text import LONGEST_NOTE
from tests.cases import CASE, case, rubric, scenario, trials
from tests.naive_play import Given, World
from tests.scenarios_random import play_on, play_through, random_case


def marks(session: Session) -> list[str]:
    """Return the marks of the whole session, oldest first."""
    return [str(mark) for moment in session.trail for award in moment.awards for mark in award.marks]


def offered(session: Session) -> set[str]:
    return {response.id for response in session.responses}


# -- the notebook's ten lines -----------------------------------------------------------------


def test_a_case_can_be_played_and_scored_in_a_few_lines() -> None:
    """Start, decide, look, score: that is all a notebook needs."""
    session = start(scenario(CASE), seed=7)
    session = session.read("letter").choose("invite")
    assert session.speech == "Good morning."
    assert offered(session) == {"promise", "explain"}
    session = session.choose("explain")
    assert session.ending is not None
    assert session.ending.title == "Done"
    assert [decision.number for decision in session.decisions] == [0, 1, 2, 3]
    card = score(rubric(), session.decisions)
    assert card.profiles["rapport"].quality == 100
    assert card.criticals == ()


# -- where it begins, and what is told --------------------------------------------------------


def test_it_begins_where_the_case_says_with_nothing_done() -> None:
    """Feelings stand where the author put them, the clock at its start, and no fact is true."""
    session = start(scenario(CASE))
    assert session.scene is not None
    assert (session.scene.id, session.ending, session.person) == ("desk", None, "ruth")
    assert session.feelings == {"ruth.trust": 4, "ruth.tension": 7, "gus.trust": 2}
    assert (session.minutes, session.now, session.facts, session.documents) == (0, 600, (), ())
    assert (session.narration, session.speech, session.reaction) == ("Her file is on your desk.", "", "")
    assert (session.events, session.awards, session.previous, session.taken) == ((), (), None, None)


def test_junctions_are_passed_before_anything_is_decided() -> None:
    """A case may begin with a junction, whose outcomes count as decision 0."""
    session = start(
        case(
            """
            first:
              next: [{when: trust > 5, to: other}, {to: second}]
              outcomes: [{when: trust < 5, marks: {rapport.empathy: poor}}]
            second: {text: Here., next: end}
            """
        )
    )
    assert session.narration == "Here."
    assert marks(session) == ["rapport.empathy: poor"]
    assert [len(decision.awards) for decision in session.decisions] == [1]


def test_texts_show_the_first_wording_that_holds() -> None:
    """The first true wording is shown, a bare last one for the rest, and nothing if none fits."""
    found = case(
        """
        first:
          text:
            - if: trust >= 6
              say: She smiles.
            - if: trust >= 5
              say: She nods.
            - She waits.
          says:
            - if: trust >= 5
              say: Well then.
          responses: {kind: {do: Nod., feels: {trust: +1}, again: true, next: first}}
        """
    )
    session = start(found)
    assert (session.narration, session.speech) == ("She waits.", "")
    session = session.choose("kind")
    assert (session.narration, session.speech) == ("She nods.", "Well then.")
    assert session.choose("kind").narration == "She smiles."


def test_a_scene_that_only_tells_goes_on() -> None:
    """A scene with a text and a `next:` has one response, which costs no time and is no choice."""
    found = case("first: {text: She sits down., next: second}\nsecond: {says: Well., next: end}")
    session = start(found)
    assert [(response.id, response.text) for response in session.responses] == [("go-on", "Go on.")]
    session = session.choose("go-on").choose("go-on")
    assert session.ending is not None
    assert session.minutes == 0


def test_phases_last_until_another_scene_changes_them() -> None:
    """The phase is that of the last scene that named one."""
    found = case(
        """
        first: {phase: meeting, text: A., next: second}
        second: {text: B., next: third}
        third: {phase: wrap-up, text: C., next: fourth}
        fourth: {phase: preparation, text: D., next: end}
        """
    )
    session = start(found)
    phases = [session.phase]
    for _ in range(4):
        session = session.choose("go-on")
        phases.append(session.phase)
    assert phases == [Phase.MEETING, Phase.MEETING, Phase.WRAP_UP, Phase.PREPARATION, Phase.PREPARATION]
    assert start(case("first: {text: A., next: end}")).phase is Phase.PREPARATION


# -- what is on offer -------------------------------------------------------------------------


def test_a_response_can_be_taken_once_unless_it_says_again() -> None:
    """Without `again` once; with a number so often; with true as often as one likes."""
    found = case(
        """
        first:
          responses:
            once: {do: Once., next: first}
            thrice: {do: Thrice., again: 3, next: first}
            always: {do: Always., again: true, next: first}
        """
    )
    session = start(found).choose("once").choose("thrice").choose("thrice")
    assert offered(session) == {"thrice", "always"}
    session = session.choose("thrice")
    assert offered(session) == {"always"}
    for _ in range(20):
        session = session.choose("always")
    assert offered(session) == {"always"}


def test_a_response_is_counted_apart_in_each_scene() -> None:
    """Two scenes may have a response of the same id; each can be taken."""
    found = case(
        """
        first: {responses: {ask: {do: Ask., next: second}}}
        second: {responses: {ask: {do: Ask., next: first}, leave: {do: Leave., when: chose(first/ask), next: end}}}
        """
    )
    session = start(found).choose("ask")
    assert offered(session) == {"ask", "leave"}
    assert session.choose("ask").stuck


def test_a_condition_decides_what_is_on_offer() -> None:
    """A response whose `when` does not hold is not there, and comes when it does."""
    found = case(
        """
        first:
          offers: [documents]
          consult: Ask her.
          responses:
            has-read: {do: A., when: read(letter), next: end}
            asked: {do: B., when: consulted(), next: end}
            soon: {do: C., when: before(due), next: end}
            late: {do: D., when: minutes_left(due) <= 0, next: end}
        """,
        documents="{letter: {title: A letter, minutes: 5, text: No.}}",
        clock='{start: "10:00", points: {due: "10:06"}}',
    )
    session = start(found)
    assert offered(session) == {"soon"}
    session = session.read("letter")
    assert offered(session) == {"has-read", "soon"}
    assert offered(session.consult()) == {"has-read", "asked", "late"}


ORDER = (
    "first: {responses: {"
    + ", ".join(f"r{n}: {{do: R{n}., next: end, when: trust > {n - 6}}}" for n in range(8))
    + "}}"
)


def test_the_order_of_responses_is_drawn_from_the_seed() -> None:
    """The same seed shows the same order every time; other seeds show others; every place is as likely."""
    found = case(ORDER)
    orders = [tuple(response.id for response in start(found, seed).responses) for seed in range(400)]
    assert orders == [tuple(response.id for response in start(found, seed).responses) for seed in range(400)]
    assert len(set(orders)) > 390
    first = Counter(order[0] for order in orders)
    assert set(first) == {f"r{n}" for n in range(8)}
    assert max(first.values()) < 100


def test_the_order_does_not_depend_on_what_is_available() -> None:
    """When a response is not on offer, the others keep their order, so that nothing is given away."""
    few = case(ORDER, people="\nruth: {name: Ruth, feelings: {trust: 0}}\n")
    every = case(ORDER, people="\nruth: {name: Ruth, feelings: {trust: 9}}\n")
    for seed in range(50):
        shown = [response.id for response in start(few, seed).responses]
        assert len(shown) == 6
        assert shown == [each.id for each in start(every, seed).responses if each.id in shown]


@pytest.mark.parametrize(
    ("seed", "order"),
    [
        (0, "r6 r3 r4 r1 r7 r0 r5 r2"),
        (1, "r5 r4 r7 r1 r3 r6 r2 r0"),
        (7, "r0 r3 r5 r2 r6 r7 r4 r1"),
        (20261121, "r7 r5 r6 r4 r3 r1 r2 r0"),
        (4294967295, "r4 r7 r3 r0 r1 r5 r2 r6"),
    ],
)
def test_every_platform_shows_the_same_order(seed: int, order: str) -> None:
    """Orders are pinned: a journal from one machine shows on every other what its trainee saw."""
    assert " ".join(response.id for response in start(case(ORDER), seed).responses) == order


# -- marks ------------------------------------------------------------------------------------


def test_marks_of_a_response_count_once() -> None:
    """A response that can be taken again changes things again, and is marked the first time only."""
    found = case(
        """
        first:
          responses:
            nod: {do: Nod., again: 3, feels: {trust: +1}, minutes: 2, marks: {rapport.empathy: best}, next: first}
        """
    )
    session = start(found).choose("nod").choose("nod")
    assert marks(session) == ["rapport.empathy: best"]
    assert (session.feelings["ruth.trust"], session.minutes) == (6, 4)


def test_marks_that_depend_are_given_by_the_first_rule_that_holds() -> None:
    """Rules are looked at in the author's order, each with its own why or the response's."""
    text = """
        first:
          offers: [documents]
          responses:
            tell:
              do: Tell.
              why: In general.
              marks:
                - {when: read(letter) and trust >= 9, give: {rapport.limits: harmful}}
                - {when: read(letter), give: {rapport.limits: best}, why: You had read it.}
                - {give: {rapport.limits: poor}}
              next: end
        """
    found = case(text, documents="{letter: {title: A letter, text: No.}}")
    (award,) = start(found).choose("tell").awards
    assert (str(award.marks[0]), award.why) == ("rapport.limits: poor", "In general.")
    (award,) = start(found).read("letter").choose("tell").awards
    assert (str(award.marks[0]), award.why) == ("rapport.limits: best", "You had read it.")
    assert (award.where, award.response) == ("first", "tell")


def test_marks_that_fit_nowhere_are_not_given() -> None:
    """If no rule holds when a response is first taken, it is worth nothing, and stays so."""
    found = case(
        """
        first:
          responses:
            wait:
              do: Wait.
              again: true
              feels: {trust: +1}
              marks: [{when: trust >= 5, give: {rapport.empathy: best}}]
              next: first
        """
    )
    assert marks(start(found).choose("wait").choose("wait").choose("wait")) == []


def test_when_and_marks_look_before_and_then_and_next_look_after() -> None:
    """A response is judged by the moment it is taken; the reaction and the way on see what it changed."""
    found = case(
        """
        first:
          responses:
            push:
              do: Push.
              when: trust = 4 and not pushed and before(due)
              marks:
                - {when: trust = 4 and not pushed and before(due), give: {rapport.limits: poor}}
                - {give: {rapport.limits: best}}
              feels: {trust: -1}
              sets: pushed
              minutes: 5
              then:
                - if: trust = 3 and pushed and not before(due) and chose(push)
                  say: She turns away.
                - She says nothing.
              next:
                - {when: trust = 3 and pushed and not before(due) and chose(push), to: other}
                - {to: end}
        """,
        facts="{pushed: You pushed.}",
        clock='{start: "10:00", points: {due: "10:05"}}',
    )
    session = start(found).choose("push")
    assert marks(session) == ["rapport.limits: poor"]
    assert session.reaction == "She turns away."
    assert session.ending is not None
    assert session.ending.id == "other"


def test_the_reaction_comes_before_the_next_scene_is_entered() -> None:
    """`then` does not see what the scene it leads to sets."""
    found = case(
        """
        first:
          responses:
            go:
              do: Go.
              then:
                - if: moved
                  say: Moved.
                - Not yet.
              next: second
        second: {text: Here., sets: moved, next: end}
        """,
        facts="{moved: Moved.}",
    )
    session = start(found).choose("go")
    assert (session.reaction, session.facts) == ("Not yet.", ("moved",))


# -- outcomes ---------------------------------------------------------------------------------

ROUND = """
    first:
      outcomes: [{when: trust <= 4, marks: {rapport.empathy: poor}, why: Cold.}, {marks: {rapport.respect: best}}]
      responses:
        stay: {do: Stay., again: true, next: first}
        warm: {do: Warm., feels: {trust: +1}, next: second}
        out: {do: Out., again: true, next: second}
    second: {responses: {back: {do: Back., again: true, feels: {trust: -3}, next: first}, end: {do: End., next: end}}}
    """


def test_outcomes_are_looked_at_on_leaving_with_the_changes_made() -> None:
    """What a scene says about what was not done is looked at when it is left, after the response's own changes."""
    session = start(case(ROUND)).choose("warm")
    assert marks(session) == ["rapport.respect: best"]
    session = start(case(ROUND)).choose("out")
    assert marks(session) == ["rapport.empathy: poor", "rapport.respect: best"]
    assert [(award.where, award.response, award.why) for award in session.awards] == [
        ("first", "", "Cold."),
        ("first", "", ""),
    ]


def test_staying_in_a_scene_is_not_leaving_it() -> None:
    """A response that leads back to its own scene has no outcomes."""
    assert marks(start(case(ROUND)).choose("stay").choose("stay")) == []


def test_each_outcome_counts_once() -> None:
    """An outcome that did not hold the first time may still count later; one that did never counts again."""
    session = start(case(ROUND)).choose("warm").choose("back").choose("out").choose("back").choose("out")
    assert marks(session) == ["rapport.respect: best", "rapport.empathy: poor"]


def test_outcomes_of_a_junction_count_when_it_is_passed() -> None:
    """A junction is left like any scene."""
    found = case(
        """
        first: {responses: {go: {do: Go., marks: {ethics.safety: best}, next: fork}}}
        fork: {outcomes: [{marks: {ethics.privacy: poor}}], next: end}
        """,
        endings="\nend: {title: End, text: Over., outcomes: [{marks: {ethics.fairness: best}}]}\n",
    )
    session = start(found).choose("go")
    assert marks(session) == ["ethics.safety: best", "ethics.privacy: poor", "ethics.fairness: best"]
    assert [award.where for award in session.awards] == ["first", "fork", "end"]


# -- criticals --------------------------------------------------------------------------------

DANGER = """
    first: {offers: [documents], responses: {in: {do: In., next: room}, past: {do: Past., next: hall}}}
    room: {responses: {on: {do: On., next: hall}}}
    hall: {responses: {threaten: {do: Threaten., sets: threat, next: last}, be-kind: {do: Be kind., next: last}}}
    last: {responses: {take-back: {do: Take back., clears: threat, next: end}, leave: {do: Leave., next: end}}}
    """


def _danger(critical: str) -> Session:
    documents = "{letter: {title: A letter, text: No.}}"
    return start(case(DANGER, documents=documents, facts="{threat: A threat.}", criticals=f"\nharm: {critical}\n"))


def test_a_critical_is_raised_when_it_ends_if_its_cue_was_met() -> None:
    """Where the cue was visited, the condition is looked at when the session ends."""
    session = _danger("{cue: room, when: threat, why: So.}").choose("in").choose("on").choose("threaten")
    assert session.criticals == ()
    assert session.choose("leave").criticals == ("harm",)
    assert session.choose("take-back").criticals == ()


def test_a_critical_does_not_apply_where_its_cue_was_not_met() -> None:
    """Who was never where it could be seen is not blamed for it."""
    session = _danger("{cue: room, when: threat, why: So.}").choose("past").choose("threaten").choose("leave")
    assert session.criticals == ()


def test_a_document_can_be_a_cue_and_one_of_several_is_enough() -> None:
    """A cue is met by reading it, or by visiting it."""
    session = _danger("{cue: [room, letter], when: threat, why: So.}")
    assert session.read("letter").choose("past").choose("threaten").choose("leave").criticals == ("harm",)
    assert session.choose("past").choose("threaten").choose("leave").criticals == ()
    assert session.choose("in").choose("on").choose("threaten").choose("leave").criticals == ("harm",)


def test_a_critical_with_at_is_looked_at_on_leaving_those_scenes() -> None:
    """With `at`, what is made good later does not help, and the end does not count."""
    session = _danger("{cue: hall, at: hall, when: threat, why: So.}").choose("past").choose("threaten")
    assert session.criticals == ("harm",)
    session = session.choose("take-back")
    assert session.criticals == ()
    assert [raised.critical for raised in score(rubric(), session.decisions).criticals] == ["harm"]
    session = _danger("{cue: first, at: first, when: threat, why: So.}").choose("past").choose("threaten")
    assert session.choose("leave").criticals == ()


def test_a_critical_is_raised_once() -> None:
    """However often its scene is left, it is raised once."""
    found = case(
        """
        first: {responses: {go: {do: Go., again: true, next: second}, end: {do: End., next: end}}}
        second: {responses: {back: {do: Back., again: true, next: first}}}
        """,
        criticals="\nharm: {cue: first, at: [first, second], when: trust > 0, why: So.}\n",
    )
    session = start(found).choose("go").choose("back").choose("go").choose("back").choose("end")
    assert [moment.criticals for moment in session.trail if moment.criticals] == [("harm",)]


# -- where it goes on -------------------------------------------------------------------------


def test_the_first_route_that_holds_is_taken() -> None:
    """Routes are looked at in the author's order; the last one is for the rest."""
    found = case(
        """
        first:
          next: [{when: trust >= 6, to: other}, {to: end}]
          responses:
            plain: {do: Plain., next: other}
            dull: {do: Dull.}
            warm: {do: Warm., feels: {trust: +2}}
        """
    )
    for response, ending in (("plain", "other"), ("dull", "end"), ("warm", "other")):
        reached = start(found).choose(response).ending
        assert reached is not None
        assert reached.id == ending


def test_junctions_see_what_was_just_changed_and_pass_on() -> None:
    """Junctions route by the changed state, set what they set, and count as visited."""
    found = case(
        """
        first: {responses: {warm: {do: Warm., feels: {trust: +2}, next: fork}, dull: {do: Dull., next: fork}}}
        fork: {sets: forked, phase: wrap-up, next: [{when: trust >= 6 and forked, to: second-fork}, {to: end}]}
        second-fork: {next: [{when: visited(fork), to: there}, {to: end}]}
        there: {text: There., next: end}
        """,
        facts="{forked: It forked.}",
    )
    session = start(found).choose("warm")
    assert (session.narration, session.facts, session.phase) == ("There.", ("forked",), Phase.WRAP_UP)
    assert start(found).choose("dull").ending is not None


def test_facts_are_set_and_cleared_by_responses_and_scenes() -> None:
    """A response changes facts as it is taken, a scene as it is entered."""
    found = case(
        """
        first: {responses: {go: {do: Go., sets: [a, b], next: second}}}
        second: {sets: c, clears: [a], responses: {on: {do: On., clears: [b, c], next: third}}}
        third: {text: There., sets: [b], next: end}
        """,
        facts="{a: A., b: B., c: C.}",
    )
    session = start(found).choose("go")
    assert session.facts == ("b", "c")
    assert session.choose("on").facts == ("b",)


def test_feelings_stay_between_nought_and_ten() -> None:
    """A feeling cannot be pushed out of its range, and comes back from the edge at once."""
    found = case(
        """
        first:
          responses:
            up: {do: Up., again: true, feels: {trust: +8, tension: -5, gus.trust: +1}, next: first}
            down: {do: Down., again: true, feels: {trust: -7, tension: +10}, next: first}
        """
    )
    session = start(found).choose("up")
    assert session.feelings == {"ruth.trust": 10, "ruth.tension": 2, "gus.trust": 3}
    session = session.choose("up")
    assert session.feelings == {"ruth.trust": 10, "ruth.tension": 0, "gus.trust": 4}
    session = session.choose("down")
    assert session.feelings == {"ruth.trust": 3, "ruth.tension": 10, "gus.trust": 4}
    assert session.choose("down").feelings["ruth.trust"] == 0


def test_a_bare_feeling_is_that_of_whom_the_scene_is_with() -> None:
    """In a scene with Gus, `trust` is his; what he does not have is the client's."""
    found = case("first: {with: gus, responses: {a: {do: A., feels: {trust: +1, tension: +1}, next: end}}}")
    session = start(found)
    assert session.person == "gus"
    session = session.choose("a")
    assert session.feelings == {"ruth.trust": 4, "ruth.tension": 8, "gus.trust": 3}
    assert session.person == "ruth"


# -- time, documents, the supervisor, writing -------------------------------------------------

DESK = """
    first:
      offers: [documents]
      consult:
        - if: read(letter)
          say: You read it.
        - Read it first.
      consult-minutes: 3
      responses: {on: {do: On., minutes: 10, next: second}, free: {do: Free., minutes: 0, again: true, next: first}}
    second: {text: There., consult: Anything else., responses: {back: {do: Back., next: first}}}
    third: {offers: [documents], text: Never., next: end}
    """
PAPERS = {
    "documents": "{letter: {title: A letter, minutes: 4, text: No.}, form: {title: A form, text: Yes.}}",
    "clock": '{start: "10:00", points: {due: "10:05", late: "10:17"}}',
}


def test_minutes_pass_with_what_is_done() -> None:
    """A response takes its minutes, one unless said, and the clock shows them."""
    session = start(case(DESK, **PAPERS))
    assert (session.minutes, session.now, session.next_point) == (0, 600, ("due", 5))
    session = session.choose("free").choose("on")
    assert (session.minutes, session.now, session.next_point) == (10, 610, ("late", 7))
    session = session.choose("back")
    assert (session.minutes, session.next_point) == (11, ("late", 6))


def test_points_of_the_clock_pass() -> None:
    """Before a point it is `before`; at the very minute it is not; afterwards minutes left are negative."""
    found = case(
        """
        first:
          responses:
            wait: {do: Wait., again: true, minutes: 5, next: first}
            early: {do: E., when: before(due), next: end}
            left: {do: L., when: minutes_left(due) = 0, next: end}
            over: {do: O., when: minutes_left(due) < 0, next: end}
        """,
        clock='{start: "10:00", points: {due: "10:05"}}',
    )
    session = start(found)
    assert offered(session) == {"wait", "early"}
    session = session.choose("wait")
    assert offered(session) == {"wait", "left"}
    assert session.next_point == ("due", 0)
    session = session.choose("wait")
    assert offered(session) == {"wait", "over"}
    assert session.next_point == ("due", -5)


def test_a_case_without_a_clock_has_no_time() -> None:
    """Minutes are counted all the same."""
    session = start(case("first: {responses: {a: {do: A., minutes: 3, next: end}}}")).choose("a")
    assert (session.now, session.next_point, session.minutes) == (None, None, 3)


def test_reading_costs_its_minutes_once() -> None:
    """A document is opened once, where documents are offered; two minutes unless said; then it is at hand anywhere."""
    session = start(case(DESK, **PAPERS))
    assert [document.id for document in session.unread] == ["letter", "form"]
    session = session.read("letter").read("form")
    assert (session.minutes, session.unread) == (6, ())
    session = session.choose("on")
    assert [document.id for document in session.documents] == ["letter", "form"]
    with pytest.raises(NotOffered, match=r"^document `letter` cannot be opened in `second` now$"):
        session.read("letter")


def test_documents_are_opened_only_where_they_are_offered() -> None:
    """A scene without `offers: [documents]` has none to open."""
    session = start(case(DESK, **PAPERS)).choose("on")
    assert session.unread == ()
    with pytest.raises(NotOffered, match="document `form` cannot be opened in `second` now"):
        session.read("form")
    with pytest.raises(NotOffered, match="document `nothing` cannot be opened in `first` now"):
        start(case(DESK, **PAPERS)).read("nothing")


def test_a_scene_may_offer_single_documents() -> None:
    """Named by their ids, only these can be opened there; `documents` still means all but the directory."""
    scenes = """
    first: {offers: [form, directory], responses: {on: {do: On., next: second}}}
    second: {offers: form, responses: {on: {do: On., next: third}}}
    third: {offers: [documents, form], responses: {on: {do: On., next: end}}}
    """
    entry = "{service: A, contact: 555-0100, last-verified: 2026-01-02}"
    session = start(case(scenes, directory=f"{{entries: {{aid: {entry}}}}}", documents=PAPERS["documents"]))
    assert [document.id for document in session.unread] == ["form", "directory"]
    with pytest.raises(NotOffered, match="document `letter` cannot be opened in `first` now"):
        session.read("letter")
    session = session.choose("on")
    assert [document.id for document in session.unread] == ["form"]
    assert [document.id for document in session.choose("on").unread] == ["letter", "form"]


def test_the_supervisor_is_asked_once_a_scene() -> None:
    """Asking costs its minutes once; what was said stays to be seen, and another scene is another question."""
    session = start(case(DESK, **PAPERS))
    assert (session.can_consult, session.advice) == (True, "")
    session = session.consult()
    assert (session.can_consult, session.advice, session.minutes) == (False, "Read it first.", 3)
    with pytest.raises(NotOffered, match="nobody can be consulted in `first` now"):
        session.consult()
    session = session.read("letter")
    assert session.advice == "Read it first."
    session = session.choose("on").consult()
    assert (session.advice, session.minutes) == ("Anything else.", 19)
    session = session.choose("back")
    assert (session.can_consult, session.advice) == (False, "Read it first.")


def test_deciding_without_moving_leaves_the_scene_unleft() -> None:
    """Reading and consulting are decisions, bring no marks, and stay where they are."""
    session = start(scenario(CASE)).read("letter").consult()
    assert session.scene is not None
    assert (session.scene.id, marks(session), len(session.decisions)) == ("desk", [], 3)


NOTE = """
    first:
      write: {prompt: Write the note., minutes: 7}
      outcomes: [{marks: {organization.records: acceptable}}]
      next: [{when: trust > 5, to: other}, {to: end}]
    """


def test_writing_takes_its_minutes_and_goes_on() -> None:
    """What is written is kept as it is, is not marked, and the scene goes on by its `next`."""
    session = start(case(NOTE))
    assert session.responses == ()
    assert not session.stuck
    session = session.write("She wants a new worker.")
    assert session.events == (Wrote("first", "She wants a new worker."),)
    assert session.ending is not None
    assert (session.ending.id, session.minutes) == ("end", 7)
    assert marks(session) == ["organization.records: acceptable"]
    assert session.decisions[1].offer is None


def test_writing_passes_the_gate_for_outside_text() -> None:
    """Control characters are dropped, and a note has a longest length."""
    event = start(case(NOTE)).write("a\x1b[2J\x00b\u202e" + "c" * 30_000).events[0]
    assert isinstance(event, Wrote)
    assert event.text is not None
    assert event.text[:5] == "a[2Jb"
    assert len(event.text) == LONGEST_NOTE


# -- what cannot be decided -------------------------------------------------------------------


def test_what_is_not_on_offer_is_refused_with_what_is() -> None:
    """The message names what was tried, where, and what can be chosen there."""
    session = start(scenario(CASE))
    with pytest.raises(NotOffered) as caught:
        session.choose("explain")
    assert str(caught.value) == "`explain` cannot be chosen in `desk` now (on offer: invite)"
    with pytest.raises(NotOffered, match=r"\(on offer: promise\)"):
        session.choose("invite").choose("explain")
    with pytest.raises(NotOffered, match="nothing is to be written in `desk`"):
        session.write("A note.")
    over = session.read("letter").choose("invite").choose("explain")
    for event in (Chose("done", "explain"), Read("done", "letter"), Consulted("done"), Wrote("done", "x")):
        with pytest.raises(NotOffered, match="`done`"):
            over.act(event)
    with pytest.raises(NotOffered, match=r"\(on offer: none\)"):
        over.choose("invite")


def test_an_event_from_another_scene_is_refused() -> None:
    """A journal that does not fit the case is told so at the event that does not fit."""
    session = start(scenario(CASE))
    for event in (Chose("meeting", "promise"), Read("meeting", "letter"), Consulted("note"), Wrote("note", "x")):
        with pytest.raises(NotOffered, match=f"this happened in `{event.scene}`, but the session stands in `desk`"):
            session.act(event)
    with pytest.raises(NotOffered, match="`gone` cannot be chosen"):
        replay(session.scenario, 0, [Chose("desk", "invite"), Chose("meeting", "gone")])


def test_a_session_with_no_way_on_is_stuck() -> None:
    """Where nothing can be decided any more the case has a mistake; where something can still be read it may not."""
    found = case(
        """
        first:
          offers: [documents]
          consult: Ask.
          responses: {a: {do: A., when: read(letter) and consulted(), next: end}}
        """,
        documents="{letter: {title: A letter, text: No.}}",
    )
    session = start(found)
    assert (session.responses, session.stuck) == ((), False)
    session = session.read("letter")
    assert not session.stuck
    session = session.consult()
    assert not session.stuck
    assert not session.choose("a").stuck
    assert start(case("first: {responses: {a: {do: A., when: trust > 9, next: end}}}")).stuck


# -- what a session is ------------------------------------------------------------------------


def test_a_session_does_not_change() -> None:
    """Every decision gives a new session; the one before can be gone on with in another way."""
    before = start(scenario(CASE))
    read = before.read("letter")
    other = before.choose("invite")
    assert (before.events, before.minutes, offered(before)) == ((), 0, {"invite"})
    assert read.events == (Read("desk", "letter"),)
    assert other.events == (Chose("desk", "invite"),)
    with pytest.raises(FrozenInstanceError):
        before.seed = 3  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        del before.state


def test_the_trail_leads_from_the_start_to_now() -> None:
    """Every moment knows the one before it, and can be gone on from."""
    session = start(scenario(CASE), seed=3).read("letter").choose("invite").choose("explain")
    assert [len(moment.events) for moment in session.trail] == [0, 1, 2, 3]
    assert session.trail[0].previous is None
    assert session.trail[2].choose("explain") == session
    assert session.trail[2].choose("promise") != session


def test_sessions_are_equal_when_the_same_was_done() -> None:
    """Two sessions of the same case, seed and decisions are equal, however long they are."""
    found = case("first: {responses: {a: {do: A., again: true, next: first}}}")
    one, two = start(found, 5), start(found, 5)
    for _ in range(3000):
        one, two = one.choose("a"), two.choose("a")
    assert one == two
    assert hash(one) == hash(two)
    assert one != replace(two, seed=6)
    assert "previous" not in repr(one)


def test_options_of_a_decision_are_the_marks_that_could_be_had() -> None:
    """The scorecard gets the marks of everything on offer, as they would have been given at that moment."""
    session = start(scenario(CASE)).read("letter").choose("invite").choose("explain")
    *_, invited, explained = session.decisions
    assert invited.offer == OneOf(((),))
    assert isinstance(explained.offer, OneOf)
    assert sorted([str(mark) for mark in option] for option in explained.offer.options) == [
        ["rapport.limits: best"],
        ["rapport.limits: harmful"],
    ]
    assert [str(mark) for mark in explained.taken] == ["rapport.limits: best"]


def test_options_that_were_marked_before_are_worth_nothing_again() -> None:
    """Marks count once, so taking a response again neither gives nor costs them."""
    found = case(
        """
        first:
          responses:
            a: {do: A., again: true, marks: {rapport.empathy: best}, next: first}
            b: {do: B., marks: {rapport.empathy: poor}, next: end}
        """
    )
    first, second = start(found).choose("a").choose("a").decisions[1:]
    assert [str(mark) for mark in first.taken] == ["rapport.empathy: best"]
    assert (second.taken, second.awards) == ((), ())
    assert isinstance(second.offer, OneOf)
    assert sorted(len(option) for option in second.offer.options) == [0, 1]


# -- by chance --------------------------------------------------------------------------------

SEEDS = st.integers(0, 2**32 - 1)


def same(session: Session, world: World) -> None:
    """Compare a session with the heap of names, in everything that can be seen."""
    awards: list[Given] = [
        (award.where, award.response, tuple(map(str, award.marks)), award.why) for award in session.awards
    ]
    assert awards == world.given
    assert list(session.criticals) == world.criticals
    assert (session.minutes, session.phase, set(session.facts)) == (world.minutes, world.phase, world.facts)
    assert session.feelings == world.feelings
    assert {document.id for document in session.documents} == world.read
    here = session.scene or session.ending
    assert here is not None
    assert here.id == world.at
    assert offered(session) == world.offered()
    assert {document.id for document in session.unread} == world.unread()
    assert (session.can_consult, session.away) == (world.can_consult(), world.away())
    assert ({option.id for option in session.options}, session.limits) == (world.options(), world.limits())
    assert session.reaction == world.reaction
    assert session.speeches == world.speeches()
    if session.scene is not None:
        assert session.narration == world.narration()
        assert session.speech == world.say(session.scene.says)


@trials(250)
@given(SEEDS)
def test_a_session_does_what_the_format_says(seed: int) -> None:
    """On random cases a session agrees, moment by moment, with the format written a second time without any art."""
    found = scenario(random_case(seed))
    rng = random.Random(seed)
    for _ in range(4):
        session, world = start(found, seed), World(found)
        world.begin()
        same(session, world)
        for _ in range(30):
            if session.ending is not None or session.stuck:
                break
            session = play_on(session, rng)
            world.do(session.events[-1])
            same(session, world)


@trials(150)
@given(SEEDS, SEEDS)
def test_replaying_what_was_done_gives_the_same_session(case_seed: int, seed: int) -> None:
    """The events alone lead to the same state, marks, criticals and scorecard; so does a case loaded anew."""
    text = random_case(case_seed)
    played = play_through(start(scenario(text), seed), random.Random(seed))
    again = replay(scenario(text), seed, played.events)
    assert again.scenario is not played.scenario
    assert (again.state, again.events, again.decisions) == (played.state, played.events, played.decisions)
    assert score(rubric(), again.decisions) == score(rubric(), played.decisions)
    for one, two in zip(played.trail, again.trail, strict=True):
        assert [response.id for response in one.responses] == [response.id for response in two.responses]
        assert [option.id for option in one.options] == [option.id for option in two.options]
        assert list(one.items) == list(two.items)
        assert (one.narration, one.speeches, one.reaction) == (two.narration, two.speeches, two.reaction)


@trials(100)
@given(SEEDS)
def test_a_step_is_pure(seed: int) -> None:
    """The same state and move give the same step, whatever was played in between."""
    found = scenario(random_case(seed))
    machine = machine_of(found)
    rng = random.Random(seed)
    session = play_through(start(found, seed), rng, most=rng.randrange(5))
    moves = machine.nodes[session.state.at].offers(session.state.bits)
    first = [machine.step(session.state, move) for move in moves]
    play_through(start(found, seed + 1), rng)
    assert [machine.step(session.state, move) for move in moves] == first


GOLDEN_CASE = """
    first:
      phase: preparation
      text: Her file.
      offers: [documents]
      outcomes: [{when: not read(letter), marks: {organization.preparation: poor}}]
      responses:
        sort: {do: Sort the file., marks: {organization.priorities: acceptable}, minutes: 3, next: first}
        call: {do: Call., again: 2, feels: {tension: +1}, minutes: 4, next: first}
        invite: {do: Ask her in., next: talk}
    talk:
      phase: meeting
      says: Well then.
      next: fork
      responses:
        listen: {do: Listen., again: true, feels: {trust: +2, tension: -1}, marks: {rapport.empathy: best}, next: talk}
        promise: {say: You will get it., sets: promised, marks: {rapport.limits: harmful, ethics.competence: poor}}
        explain:
          say: It works like this.
          when: trust >= 5
          marks: [{when: before(due), give: {rapport.limits: best}}, {give: {rapport.limits: acceptable}}]
        hurry: {say: We must be quick., when: not before(due), feels: {trust: -3}, marks: {rapport.steadiness: poor}}
    fork: {next: [{when: promised or trust < 3, to: doubt}, {to: note}]}
    doubt:
      says: Can I have that in writing?
      responses:
        admit: {say: I was wrong., clears: promised, marks: {ethics.competence: best}, next: note}
        dodge: {say: Later., marks: {ethics.competence: harmful}, next: note}
    note: {phase: wrap-up, write: {prompt: Write.}, next: [{when: promised, to: other}, {to: end}]}
    """
GOLDEN = {
    0: "call sort call invite promise dodge -> other -3/0 2/50 -3/0 19 word",
    1: "call invite promise admit -> end -3/0 0/0 3/100 12",
    2: "sort call invite hurry dodge -> end 0/50 2/100 -3/0 15",
    3: "invite promise admit -> end -3/0 0/0 3/100 8",
    7: "sort call invite listen listen promise dodge -> other 0/56 2/100 -3/0 17 word",
    20261121: "call invite listen explain -> end 6/100 0/0 0/None 12",
    4294967295: "sort invite listen listen promise admit -> end 0/50 2/100 3/100 13",
}


def _by_rule(session: Session) -> Session:
    """Take the first response shown, then the second, then the third, and so on."""
    shown = session.responses
    return session.choose(shown[len(session.events) % len(shown)].id) if shown else session.write("A note.")


@pytest.mark.parametrize("seed", GOLDEN)
def test_every_platform_and_every_version_plays_the_same(seed: int) -> None:
    """Choosing by the places of the responses leads the same way to the same worth, everywhere and for good."""
    found = case(
        GOLDEN_CASE,
        facts="{promised: It was promised.}",
        clock='{start: "10:00", points: {due: "10:08"}}',
        documents="{letter: {title: A letter, text: No.}}",
        criticals="{word: {cue: talk, when: promised, why: So.}}",
    )
    session = start(found, seed)
    while session.ending is None:
        session = _by_rule(session)
    card = score(rubric(), session.decisions)
    way = " ".join(event.response for event in session.events if isinstance(event, Chose))
    worth = " ".join(f"{profile.raw}/{profile.quality}" for profile in card.profiles.values())
    raised = " ".join(each.critical for each in card.criticals)
    assert f"{way} -> {session.ending.id} {worth} {session.minutes} {raised}".rstrip() == GOLDEN[seed]
