"""What a session was worth against what its case made possible, and what each decision cost of that."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from scoring.rubric import DIMENSIONS
from simulator.explore import Exploration, Unfinished
from simulator.hindsight import Hindsight, NotProven, Range, Regret, hindsight
from simulator.hindsight_telling import (
    blocks_can_be_shown,
    course_line,
    kept_lines,
    label_line,
    looked_back,
    not_proven_line,
    other_costs,
    result,
    rows,
)
from simulator.scenario import Scenario
from simulator.session import Chose, Consulted, Ranked, Read, Selected, Session, start
from tests.cases import case, loaded, rubric, trials
from tests.scenarios_random import play_through, random_case


def back(session: Session) -> Hindsight:
    return hindsight(session, rubric(), Exploration(session.scenario, rubric()))


def last(session: Session) -> Regret:
    return back(session).regrets[-1]


def told(session: Session) -> str:
    return label_line(last(session))


def instead(session: Session) -> list[str]:
    assert session.previous is not None
    return kept_lines(last(session), session.previous)


# -- the result -------------------------------------------------------------------------------

TWO = case(
    """
    first:
      text: She waits.
      responses:
        listen: {do: Listen., marks: {rapport.empathy: best, ethics.safety: acceptable}, next: second}
        hurry: {do: Hurry her., marks: {rapport.empathy: harmful}, next: second}
    second:
      text: She goes on.
      responses:
        ask: {do: Ask., marks: {rapport.limits: best}, next: end}
        guess: {do: Guess., marks: {rapport.limits: poor}, next: end}
    """
)
"""Rapport from -3 to 6, ethics from 0 to 2, organization nothing."""


def test_a_result_says_where_between_worst_and_best_a_session_came_out() -> None:
    """0 is the worst that the case makes possible and 100 the best, in whole percent, halves up."""
    assert back(start(TWO).choose("listen").choose("ask")).courses["rapport"].percent == 100
    assert back(start(TWO).choose("hurry").choose("guess")).courses["rapport"].percent == 0
    course = back(start(TWO).choose("hurry").choose("ask")).courses["rapport"]
    assert (course.raw, course.ranges[0], course.percent) == (0, Range(-3, 6), 33)
    assert result(course) == "33"


def test_what_a_case_leaves_no_choice_about_is_not_assessed() -> None:
    """Where worst and best are the same, there is no number and nothing to draw."""
    course = back(start(TWO).choose("hurry").choose("ask")).courses["organization"]
    assert not course.assessed
    assert (course.percent, result(course), course.percents(), rows(course, 60)) == (None, "not assessed", (), [])


def test_what_is_reachable_closes_in_on_the_result() -> None:
    """Each decision may take something from the best and from the worst, and at the end both are the result."""
    course = back(start(TWO).choose("hurry").choose("ask")).courses["rapport"]
    assert course.ranges == (Range(-3, 6), Range(-3, 0), Range(0, 0))
    assert course.percents() == (Range(0, 100), Range(0, 33), Range(33, 33))
    assert rows(course, 60) == [("best", "█▃▃"), ("worst", "▁▁▃")]
    assert rows(course, 60, blocks=False) == [("best", "933"), ("worst", "003")]
    assert course_line(course, "Rapport") == (
        "Rapport: 33 of 100; after decision 1 the best still reachable fell from 100 to 33."
    )


def test_several_drops_are_one_sentence() -> None:
    """Each with its decision, and where it led."""
    course = back(start(TWO).choose("hurry").choose("guess")).courses["rapport"]
    assert course_line(course, "Rapport") == (
        "Rapport: 0 of 100; after decision 1 the best still reachable fell from 100 to 33, after decision 2 to 0."
    )


def test_a_session_that_goes_on_has_no_result_yet() -> None:
    """It has what it can still come to."""
    courses = back(start(TWO).choose("listen")).courses
    assert courses["rapport"].percent is None
    assert result(courses["rapport"]) == "67 to 100 still reachable"


def test_a_long_row_is_thinned_out_and_keeps_both_ends() -> None:
    """A session may have more decisions than a line has columns."""
    course = back(start(TWO).choose("hurry").choose("ask")).courses["rapport"]
    assert rows(course, 2) == [("best", "█▃"), ("worst", "▁▃")]


def test_blocks_are_for_what_can_show_them() -> None:
    """An encoding without them, an unknown one, or none at all gets digits."""
    assert blocks_can_be_shown("utf-8")
    assert not any(blocks_can_be_shown(each) for each in ("ascii", "latin-1", "no-such-thing", None))


# -- labels -----------------------------------------------------------------------------------

LEVELS = case(
    """
    first:
      text: She waits.
      responses:
        all: {do: All., marks: {rapport.empathy: best, rapport.limits: best}, next: end}
        less: {do: Less., marks: {rapport.empathy: best, rapport.limits: acceptable}, next: end}
        lesser: {do: Lesser., marks: {rapport.empathy: acceptable, rapport.limits: acceptable}, next: end}
        little: {do: Little., marks: {rapport.empathy: best}, next: end}
        hardly: {do: Hardly., marks: {rapport.empathy: harmful, rapport.limits: best, rapport.partnership: acceptable},
          next: end}
        harm: {do: Harm., marks: {rapport.empathy: harmful, rapport.limits: best}, next: end}
    """
)


@pytest.mark.parametrize(
    ("response", "expected"),
    [
        ("all", "kept"),
        ("less", "good: cost rapport 1"),
        ("lesser", "slip: cost rapport 2"),
        ("little", "mistake: cost rapport 3"),
        ("hardly", "mistake: cost rapport 4"),
        ("harm", "serious: cost rapport 6"),
    ],
)
def test_a_label_goes_by_the_steps_between_levels(response: str, expected: str) -> None:
    """From best to acceptable is good, less than to poor a slip, less than to harmful a mistake, and then serious."""
    assert told(start(LEVELS).choose(response)) == expected


def test_what_would_have_kept_the_best_is_named() -> None:
    """Where something was lost; and what every other response would have cost is known."""
    session = start(LEVELS).choose("harm")
    assert instead(session) == ["would have kept it: All."]
    assert instead(start(LEVELS).choose("all")) == []
    assert {words for _, words in other_costs(last(session), start(LEVELS))} >= {
        "All.: costs nothing",
        "Less.: cost rapport 1",
        "Harm.: cost rapport 6",
    }


MADE_UP_FOR = """
    first:
      text: She waits.
      responses:
        ask: {do: Ask., marks: {rapport.empathy: acceptable}, next: second}
        snap: {do: Snap., marks: {rapport.limits: harmful}, sets: snapped, next: second}
        wait: {do: Wait., next: second}
    second:
      text: She waits.
      responses:
        sorry: {do: Say sorry., when: snapped, marks: {rapport.empathy: best, rapport.limits: best,
          rapport.partnership: best, rapport.steadiness: best}, next: end}
        nod: {do: Nod., marks: {rapport.empathy: poor}, next: end}
    """


def test_what_is_marked_harmful_is_never_what_would_have_kept_it() -> None:
    """A case may let a harm be made up for, even more than that; nobody is told to do it for what follows."""
    found = case(MADE_UP_FOR, facts="{snapped: You snapped.}")
    after = start(found).choose("wait")
    snap = next(each for each in last(after).ways if each.event == Chose("first", "snap"))
    assert (snap.cost, snap.harmful, snap.keeps) == (0, True, False)
    assert instead(after) == []


DILEMMA = """
    first:
      text: She waits.
      offers: [documents]
      responses:
        tell: {do: Tell., marks: {ethics.safety: best, rapport.empathy: poor}, next: end}
        hide: {do: Hide., marks: {ethics.safety: poor, rapport.empathy: best}, next: end}
        shout: {do: Shout., marks: {ethics.safety: harmful, rapport.empathy: poor}, next: end}
    """


def test_where_nothing_is_free_it_is_a_hard_call() -> None:
    """What no way on was spared is taken off, so the least costly way is kept; the rest is not."""
    found = case(DILEMMA)
    assert told(start(found).choose("tell")) == "kept, a hard call: cost rapport 3"
    assert told(start(found).choose("hide")) == "kept, a hard call: cost ethics 3"
    assert told(start(found).choose("shout")) == "mistake, a hard call: cost rapport 3, ethics 6"
    assert instead(start(found).choose("shout")) == ["would have kept it:", "- Tell.", "- Hide."]


def test_putting_a_hard_call_off_makes_it_no_easier() -> None:
    """That something could be read first changes nothing about what has to be decided after it."""
    found = case(DILEMMA, documents="{letter: {title: A letter, text: No.}, lease: {title: The lease, text: Yes.}}")
    assert told(start(found).choose("tell")) == "kept, a hard call: cost rapport 3"
    assert told(start(found).read("letter")) == "kept"
    assert told(start(found).read("letter").choose("shout")) == "mistake, a hard call: cost rapport 3, ethics 6"


def test_what_could_have_been_done_first_counts() -> None:
    """A response that only asking the supervisor opens is what the others are measured by."""
    found = case(
        """
        first:
          text: She waits.
          consult: Tell her who decides.
          responses:
            tell: {do: Tell., marks: {ethics.safety: best, rapport.empathy: poor}, next: end}
            both: {do: Both., when: consulted(), marks: {ethics.safety: best, rapport.empathy: best}, next: end}
        """
    )
    assert told(start(found).choose("tell")) == "mistake: cost rapport 3"
    assert instead(start(found).choose("tell")) == ["would have kept it: first, Asked the supervisor"]
    assert told(start(found).consult()) == "kept"
    assert told(start(found).consult().choose("both")) == "kept"


def test_a_single_response_has_no_label() -> None:
    """There was nothing to decide."""
    found = case(
        "first: {text: She waits., responses: {go: {do: Go., marks: {ethics.safety: poor}, next: end}}}",
    )
    regret = last(start(found).choose("go"))
    assert (regret.points, regret.cost, regret.label, label_line(regret)) == ((0, 0, 0), 0, "", "")


UNREAD = """
    first:
      text: The file lies there.
      offers: [documents]
      outcomes: [{when: not read(letter), marks: {organization.preparation: poor}, why: It lay there.},
        {when: read(letter), marks: {organization.preparation: best}}]
      responses:
        invite: {do: Ask her in., next: end}
    """


def test_going_on_without_reading_costs_what_reading_would_have_brought() -> None:
    """Even where there is one response alone, leaving a document shut was decided."""
    found = case(UNREAD, documents="{letter: {title: A letter, text: No.}}")
    assert told(start(found).choose("invite")) == "mistake: cost organization 3"
    assert instead(start(found).choose("invite")) == ["would have kept it: first, Read: A letter"]
    assert told(start(found).read("letter")) == "kept"
    assert told(start(found).read("letter").choose("invite")) == ""


def test_reading_can_cost_time() -> None:
    """Being late is marked, and what made it late is the document that was opened."""
    found = case(
        UNREAD.replace("when: not read(letter)", "when: not before(due)")
        .replace("when: read(letter)", "when: before(due)")
        .replace("It lay there.", "Late."),
        documents="{letter: {title: A letter, minutes: 20, text: No.}}",
        clock='{start: "10:00", points: {due: "10:10"}}',
    )
    assert told(start(found).read("letter")) == "mistake: cost organization 3"
    assert instead(start(found).read("letter")) == ["would have kept it: Ask her in."]


# -- criticals --------------------------------------------------------------------------------

CRITICAL = case(
    """
    first:
      text: She asks for money.
      responses:
        promise: {say: You will get it., marks: {ethics.fairness: best}, sets: promised, next: second}
        refuse: {say: I cannot decide that., marks: {ethics.fairness: acceptable}, next: second}
    second:
      text: Later.
      responses:
        go: {do: Go., next: end}
        stay: {do: Stay., marks: {rapport.empathy: poor}, next: end}
    """,
    facts="{promised: Something was promised.}",
    criticals="{broken-promise: {cue: first, when: promised, at: [first], why: No.}}",
)


def test_a_critical_is_always_serious() -> None:
    """Whatever it is worth in points; and it is no way to keep anything, so nothing is measured by it."""
    session = start(CRITICAL).choose("promise")
    assert told(session) == "serious: critical"
    assert instead(session) == ["would have kept it: “I cannot decide that.”"]
    assert label_line(last(start(CRITICAL).choose("refuse"))) == "kept, a hard call: cost ethics 1"


def test_a_critical_takes_the_place_of_the_number_from_where_it_was_raised() -> None:
    """What was reachable is shown up to there, and no number after it."""
    course = back(start(CRITICAL).choose("promise").choose("go")).courses["ethics"]
    assert (course.percent, result(course), course.critical) == (None, "critical", 1)
    assert course.percents() == (Range(0, 100),)
    later = back(start(CRITICAL).choose("refuse").choose("go")).courses["ethics"]
    assert (later.percent, later.critical) == (0, None)


def test_the_decision_that_left_no_way_round_a_critical_is_serious() -> None:
    """A critical that is looked at when all is over was made where it could last have been avoided."""
    found = case(
        """
        first:
          text: She asks for money.
          responses:
            promise: {say: You will get it., sets: promised, next: second}
            refuse: {say: I cannot decide that., next: second}
        second: {text: Later., responses: {go: {do: Go., next: end}}}
        """,
        facts="{promised: Something was promised.}",
        criticals="{broken-promise: {cue: first, when: promised, why: No.}}",
    )
    session = start(found).choose("promise").choose("go")
    regrets = back(session).regrets
    assert [label_line(each) for each in regrets] == [
        "serious: no way round a critical after this",
        "serious: critical",
    ]
    assert regrets[0].sealed == ("broken-promise",)
    assert instead(start(found).choose("promise")) == ["would have kept it: “I cannot decide that.”"]


# -- other kinds of decision ------------------------------------------------------------------

SEVERAL = case(
    """
    first:
      select:
        prompt: Whom do you call?
        least: 0
        options:
          landlord: {do: The landlord., marks: {organization.referral: best}}
          paper: {do: The paper., marks: {ethics.privacy: harmful}}
          clinic: {do: The clinic., left-out: {marks: {rapport.empathy: harmful}}}
          sister: {do: Her sister.}
      next: second
    second:
      rank:
        prompt: In which order?
        items: {note: The note, call: The call, tea: Tea}
        pairs:
          - {this: note, before: tea, marks: {organization.priorities: best}}
      next: third
    third: {write: {prompt: Write.}, next: end}
    """
)


def test_the_nearest_pick_that_would_have_kept_the_best_is_named_first() -> None:
    """So that one sees what to change."""
    session = start(SEVERAL).select(["landlord", "paper", "sister"])
    assert told(session) == "mistake: cost rapport 3, ethics 3"
    assert [each.event for each in last(session).kept_by] == [
        Selected("first", ("landlord", "clinic", "sister")),
        Selected("first", ("landlord", "clinic")),
    ]


def test_an_order_that_would_have_kept_the_best_is_named() -> None:
    """One of them is enough."""
    session = start(SEVERAL).select(["landlord", "clinic"]).rank(["tea", "call", "note"])
    assert told(session) == "mistake: cost organization 3"
    (kept,) = last(session).kept_by
    assert isinstance(kept.event, Ranked)
    assert kept.event.order.index("note") < kept.event.order.index("tea")


def test_what_is_written_is_outside_regret() -> None:
    """However little it is."""
    session = start(SEVERAL).select(["landlord", "clinic"]).rank(["note", "call", "tea"]).write("")
    assert (last(session).points, last(session).label) == ((0, 0, 0), "")


# -- what is not known ------------------------------------------------------------------------


def test_nothing_is_said_about_what_leads_to_no_ending() -> None:
    """A mistake of a case is no mistake of a trainee."""
    found = case(
        """
        first:
          text: She waits.
          responses:
            lost: {do: Get lost., next: nowhere}
            found: {do: Be found., marks: {ethics.safety: best}, next: end}
            poor: {do: Be poor., next: end}
        nowhere:
          text: Nothing here.
          responses:
            wait: {do: Wait., when: chose(found), next: end}
        """
    )
    session = start(found).choose("lost")
    seen = back(session)
    assert (seen.of(1).points, seen.of(1).cost) == (None, None)
    assert label_line(seen.of(1)) == "No ending can be reached after this"
    assert kept_lines(seen.of(1), start(found)) == []
    assert seen.courses["ethics"].percents() == (Range(0, 100), None)
    assert result(seen.courses["ethics"]) == "no ending can be reached any more"
    assert {each.event for each in last(start(found).choose("poor")).ways} == {
        Chose("first", "found"),
        Chose("first", "poor"),
    }


def test_nothing_is_guessed_about_what_was_not_explored() -> None:
    """It says not proven, and why."""
    found = looked_back(start(TWO), rubric(), NotProven("It has more than 2,000,000 states."))
    assert isinstance(found, NotProven)
    assert not_proven_line(found) == (
        "Results in percent and what each decision cost: not proven. It has more than 2,000,000 states."
    )
    assert looked_back(start(TWO), rubric(), None) is None


# -- any case, any way through it -------------------------------------------------------------


def _any_case(seed: int) -> Scenario:
    found = loaded(random_case(seed)).value
    assume(found is not None)
    assert found is not None
    return found


def _explored(scenario: Scenario) -> Exploration:
    try:
        return Exploration(scenario, rubric(), most=3000, seconds=60)
    except Unfinished:
        assume(False)
        raise


@given(st.integers(0, 2**32), st.integers(0, 2**32))
@trials(60)
def test_over_a_session_regrets_add_up_to_what_is_missing_from_the_best(seed: int, way: int) -> None:
    """What was lost is lost at some decision, once; nothing is ever won back; some way on always keeps each best."""
    scenario = _any_case(seed)
    session = play_through(start(scenario, way), random.Random(way))
    seen = hindsight(session, rubric(), _explored(scenario))
    known = [each for each in seen.regrets if each.points is not None]
    for index, dimension in enumerate(DIMENSIONS):
        course = seen.courses[dimension]
        reachable = [each for each in course.ranges if each is not None]
        for before, after in pairwise(reachable):
            assert before.worst <= after.worst <= after.best <= before.best
        if session.ending is not None:
            assert course.ranges[0] is not None
            assert sum(each.points[index] for each in known if each.points) == course.ranges[0].best - course.raw
            assert course.ranges[-1] == Range(course.raw, course.raw)
    for regret in known:
        assert regret.points is not None
        assert min(regret.points) >= 0
        assert regret.cost is not None
        # What was done first costs what it took from all that could be decided after it.
        assert 0 <= regret.cost <= max(regret.points) or isinstance(session.events[regret.number - 1], Read | Consulted)
        assert all(each.cost >= 0 for each in regret.ways)
        if regret.criticals:
            assert regret.label == "serious"
        if regret.label == "kept":
            assert regret.cost == 0


@given(st.integers(0, 2**32), st.integers(0, 2**32))
@trials(15)
def test_what_would_have_kept_the_best_would_be_called_kept(seed: int, way: int) -> None:
    """Deciding so instead gives a label that says so."""
    scenario = _any_case(seed)
    outlooks = _explored(scenario)
    session = play_through(start(scenario, way), random.Random(way), most=8)
    for regret, before in zip(hindsight(session, rubric(), outlooks).regrets, session.trail, strict=False):
        for kept in regret.kept_by[:3]:
            other = hindsight(before.act(kept.event), rubric(), outlooks).regrets[-1]
            assert (other.cost, other.label in ("", "kept")) == (0, True)
