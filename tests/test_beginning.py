"""A session begun anywhere is one that could have been played there; what a case does not have is refused."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.authoring.beginning import (
    Beginning,
    CannotBegin,
    begin,
    beginning_from,
    beginning_of,
    given_line,
    without_unknown,
)
from simulator.authoring.rehearsal import Rehearsal, Way, carried
from simulator.authoring.standing import conditions, would
from simulator.explore import Exploration
from simulator.scenario import Phase
from simulator.session import Session, start
from tests.cases import rubric, scenario, trials
from tests.scenarios_random import play_on, random_case
from tests.tui_cases import CASE


def case() -> Session:
    """Return the small case at its start."""
    return start(scenario(CASE))


# -- the same as playing there --------------------------------------------------------------------


@trials(60)
@given(st.integers(0, 2**32), st.integers(0, 12))
def test_beginning_where_somebody_stands_is_standing_there(seed: int, decisions: int) -> None:
    """At every moment that a case can reach, a session begun so has the same state, and goes on in the same way."""
    rng = random.Random(seed)
    played = start(scenario(random_case(seed)), seed)
    for _ in range(decisions):
        if played.ending is not None or played.stuck:
            break
        played = play_on(played, rng)
    begun = begin(played.scenario, beginning_of(played), played.seed)
    assert begun.state == played.state
    assert (begun.responses, begun.options, begun.unread) == (played.responses, played.options, played.unread)
    assert (begun.narration, begun.speeches, begun.advice != "") == (
        played.narration,
        played.speeches,
        played.advice != "",
    )
    if played.ending is None and not played.stuck:
        onward = play_on(played, rng)
        same = begun.act(onward.events[-1])
        assert (same.state, same.awards, same.criticals) == (onward.state, onward.awards, onward.criticals)


@trials(30)
@given(st.integers(0, 2**32))
def test_any_scene_of_any_case_can_be_begun_at(seed: int) -> None:
    """Nothing has to be chosen: every scene and every ending can be begun at as the case starts."""
    played = scenario(random_case(seed))
    for at in (*played.scenes, *played.endings):
        begun = begin(played, Beginning(at), seed)
        here = begun.scene or begun.ending
        assert here is not None
        assert here.id == at or (at in played.scenes and played.scenes[at].junction)


def test_what_is_chosen_holds_once_the_scene_stands() -> None:
    """Feelings, facts, documents and minutes are as they were chosen, and everything asked about them follows."""
    begun = begin(
        case().scenario, beginning_from(case().scenario, "hello", "trust=9, promised, read(letter), time=10:12")
    )
    assert begun.feelings["ruth.trust"] == 9
    assert begun.feelings["ruth.tension"] == 7
    assert begun.facts == ("promised",)
    assert [each.id for each in begun.documents] == ["letter"]
    assert (begun.minutes, begun.now) == (12, 612)


def test_a_scene_that_changes_things_on_entering_leaves_what_was_chosen() -> None:
    """What a scene sets by itself is so unless something else was chosen."""
    text = CASE.replace("  hello:\n", "  hello:\n    sets: promised\n    feels: {trust: -2}\n", 1)
    played = scenario(text)
    plain = begin(played, Beginning("hello"))
    assert (plain.facts, plain.feelings["ruth.trust"]) == (("promised",), 2)
    chosen = begin(played, beginning_from(played, "hello", "not promised, trust=9"))
    assert (chosen.facts, chosen.feelings["ruth.trust"]) == ((), 9)


def test_a_junction_is_passed_by_what_was_chosen() -> None:
    """Where a scene only routes, the session stands behind it, where what was chosen leads."""
    text = CASE.replace("      - {when: promised, to: note}\n", "      - {when: promised, to: colleague}\n")
    played = scenario(text)
    assert begin(played, beginning_from(played, "fork", "promised")).scene is played.scenes["colleague"]
    assert begin(played, Beginning("fork")).scene is played.scenes["note"]


def test_the_phase_is_the_one_that_the_way_there_leads_through() -> None:
    """A scene that names no phase is in that of the scenes before it, unless another one is chosen."""
    played = case().scenario
    assert begin(played, Beginning("colleague")).phase is Phase.MEETING
    assert begin(played, beginning_from(played, "colleague", "phase=wrap-up")).phase is Phase.WRAP_UP


def test_who_was_asked_before_has_said_what_they_say() -> None:
    """A supervisor who has been asked before the session begins is not asked again, and the advice can be read."""
    begun = begin(case().scenario, beginning_from(case().scenario, "desk", "consulted()"))
    assert not begun.can_consult
    assert begun.advice == "Read the letter before you see her."


def test_what_was_chosen_can_be_told_and_read_again() -> None:
    """The line that says how a session began is one that it can be begun with."""
    played = case().scenario
    beginning = beginning_from(played, "hello", "trust=9, gus.calm=3, promised, read(letter), minutes=7")
    told = given_line(played, beginning)
    assert told == "trust=9, gus.calm=3, promised, read(letter), minutes=7"
    assert begin(played, beginning_from(played, "hello", told)).state == begin(played, beginning).state


# -- refused --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "wishes", "why"),
    [
        ("helo", "", "there is no scene or ending `helo`; did you mean `hello`?"),
        ("hello", "trus=4", "there is no feeling `trus`; did you mean `trust`?"),
        ("hello", "gus.trust=4", "there is no feeling `gus.trust`"),
        ("hello", "promise", "there is no fact `promise`; did you mean `promised`?"),
        ("hello", "read(leter)", "there is no document `leter`; did you mean `letter`?"),
        ("hello", "visited(dsk)", "there is no scene `dsk`; did you mean `desk`?"),
        ("hello", "chose(invte)", "there is no response `invte`; did you mean `invite`?"),
        ("hello", "consulted(hello)", "nobody can be consulted in `hello`"),
        ("hello", "trust=11", "`ruth.trust` goes from 0 to 10, so it cannot be 11"),
        ("hello", "trust >= 4", "`trust >= 4` does not say which number it is; write such as `trust=4`"),
        ("hello", "minutes=-3", "minutes are a whole number from 0 to 10000, not `-3`"),
        ("hello", "time=9:50", "the case starts at 10:00, and 9:50 is before that"),
        ("hello", "time=25:00", "a time is written such as `time=10:00`, not `25:00`"),
        ("hello", "phase=meting", "there is no phase `meting`; did you mean `meeting`?"),
        ("hello", "before(next-client)", "`before(next-client)` cannot be chosen"),
        ("hello", "not read(letter)", "`not read(letter)` need not be said"),
        ("hello", "promised or trust", "`promised or trust` cannot be chosen"),
        ("hello", "trust = ", "`trust =` is not understood: only whole numbers can be compared with"),
    ],
)
def test_what_the_case_does_not_have_is_refused(at: str, wishes: str, why: str) -> None:
    """A name that nothing has, a number out of range and what cannot be chosen are refused, with what was meant."""
    with pytest.raises(CannotBegin) as refused:
        beginning_from(case().scenario, at, wishes)
    assert why in str(refused.value)


@trials(60)
@given(st.text(max_size=60))
def test_whatever_is_typed_is_understood_or_refused(wishes: str) -> None:
    """Nothing that somebody types ends in anything but a beginning or a reason."""
    played = case().scenario
    try:
        beginning = beginning_from(played, "hello", wishes)
    except CannotBegin:
        return
    assert begin(played, beginning).scene is played.scenes["hello"]


# -- in the next version --------------------------------------------------------------------------


def way(*responses: str) -> Way:
    """Return a way through the small case."""
    session = case()
    for response in responses:
        session = session.choose(response)
    return Way(None, session)


def test_decisions_that_still_fit_are_made_again() -> None:
    """Where the next version has everything that was decided, the session stands where it stood, with its past."""
    found = carried(way("invite", "wait"), scenario(CASE.replace("Shall I take over?", "May I?")))
    assert found.session.scene is not None
    assert (found.session.scene.id, len(found.session.events)) == ("colleague", 2)
    assert found.session.speech == "May I?"
    assert found.said == "your 2 decisions still fit; you stand where you stood"


def test_decisions_that_lead_elsewhere_now_are_followed() -> None:
    """The same decisions are made though they lead elsewhere, and it is said where."""
    found = carried(way("invite"), scenario(CASE.replace("next: hello}\n      tidy", "next: colleague}\n      tidy")))
    assert found.said == "your decision leads to `colleague` now, and not `hello`"


def test_a_scene_outlives_the_way_to_it() -> None:
    """Where a decision is gone, the same scene is begun at, with the same feelings and minutes."""
    before = way("invite", "wait")
    found = carried(before, scenario(CASE.replace("      wait:\n", "      moment:\n")))
    assert found.session.state.bits >> found.session.machine.layout.minutes == before.session.minutes
    assert found.session.feelings == before.session.feelings
    assert found.session.scene is not None
    assert found.session.scene.id == "colleague"
    assert found.said.startswith("decision 2 (hello/wait) does not fit any more; you stand in `colleague` again")


def test_without_the_scene_the_decisions_are_made_as_far_as_they_fit() -> None:
    """Where scene and decision are gone, the session stands before that decision; without either at the start."""
    renamed = CASE.replace("colleague", "helper").replace("      wait:\n", "      moment:\n")
    found = carried(way("invite", "wait"), scenario(renamed.replace("role: helper", "role: colleague")))
    assert [each.scene for each in found.session.events] == ["desk"]
    assert "you stand before that decision" in found.said
    gone = renamed.replace("invite:", "call:")
    assert "you stand at the start" in carried(way("invite", "wait"), scenario(gone)).said


@trials(40)
@given(st.integers(0, 2**32), st.integers(0, 2**32), st.integers(0, 8))
def test_any_case_can_follow_any_other(seed: int, other: int, decisions: int) -> None:
    """However much a case was changed, there is a place in it to stand, and nothing is raised."""
    rng = random.Random(seed)
    session = start(scenario(random_case(seed)), seed)
    for _ in range(decisions):
        if session.ending is None and not session.stuck:
            session = play_on(session, rng)
    beginning = beginning_of(session)
    next_version = scenario(random_case(other))
    for each in (Way(None, session), Way(beginning, begin(session.scenario, beginning, seed))):
        found = carried(each, next_version)
        assert found.session.scenario is next_version
        assert found.said


def test_what_a_version_does_not_have_is_left_out_of_a_beginning() -> None:
    """A beginning keeps what there still is of it; without its scene there is none."""
    played = case().scenario
    beginning = beginning_from(played, "hello", "trust=9, promised, read(letter), chose(desk/invite)")
    shorter = scenario(CASE.replace("letter", "paper").replace("tension: 7}", "tension: 7, hope: 3}"))
    kept = without_unknown(shorter, beginning)
    assert kept is not None
    assert (kept.feelings, kept.facts, kept.read) == ({"ruth.trust": 9}, {"promised": True}, frozenset())
    assert without_unknown(scenario(CASE.replace("hello", "morning")), beginning) is None


def test_a_rehearsal_keeps_nothing() -> None:
    """A rehearsal is played as any session, remembers what is typed, and has no file."""
    rehearsal = Rehearsal(case().scenario, rubric())
    rehearsal.choose("invite")
    rehearsal.choose("explain")
    rehearsal.save_draft("Told her")
    assert rehearsal.draft() == "Told her"
    rehearsal.write("Told her who decides.")
    rehearsal.suspend()
    assert rehearsal.session.ending is not None
    assert rehearsal.draft() == ""


# -- what an author is shown ----------------------------------------------------------------------


def test_every_condition_of_a_scene_is_told_with_what_it_depends_on() -> None:
    """Each condition says whether it holds and why, in the author's words; after the first that holds none counts."""
    found = {(each.where, each.condition): each for each in conditions(case())}
    late = found["text", "minutes_left(next-client) >= 16"]
    assert (late.holds, late.values, late.counts) == (True, "minutes_left(next-client) 20", True)
    assert found["outcomes", "not read(letter)"].holds
    assert found["ruth: shows", "tension >= 7"].values == "tension 7"
    hello = {each.where: each for each in conditions(case().choose("invite").choose("explain"))}
    assert not hello["next"].holds


@trials(30)
@given(st.integers(0, 2**32))
def test_what_a_response_would_do_is_what_it_does(seed: int) -> None:
    """Marks, feelings and the way on that are told of a response are those of the session after it."""
    rng = random.Random(seed)
    session = start(scenario(random_case(seed)), seed)
    for _ in range(6):
        for each in would(session, rubric()):
            if not each.number or session.scene is None or session.scene.select is not None:
                continue
            after = session.choose(each.id)
            here = after.scene or after.ending
            assert here is not None
            assert (each.to, each.marks, each.criticals) == (here.id, after.awards, after.criticals)
            assert session.responses[each.number - 1].id == each.id
            now = {name.removeprefix("ruth."): value for name, value in after.feelings.items()}
            assert all(now[name] == then for name, (_, then) in each.feels.items())
        if session.ending is not None or session.stuck:
            break
        session = play_on(session, rng)


def test_what_a_response_costs_is_told_once_the_case_is_explored() -> None:
    """Against the best still reachable, a harmful response costs something and the best one nothing."""
    session = case().choose("invite")
    explored = Exploration(session.scenario, rubric())
    costs = {each.id: each.cost for each in would(session, rubric(), explored)}
    assert costs["explain"] == (0, 0, 0)
    assert max(costs["promise"] or ()) > 0
    assert {each.cost for each in would(session, rubric())} == {None}


def test_why_a_response_is_not_on_offer_is_told() -> None:
    """What cannot be taken says what it needs, or that it was taken."""
    text = CASE.replace("explain:\n        say", "explain:\n        when: trust >= 5\n        say")
    session = start(scenario(text)).choose("invite")
    assert {each.id: each.why_not for each in would(session, rubric())}["explain"] == "needs trust >= 5 (trust 4)"
    back = session.choose("wait").choose("no")
    assert {each.id: each.why_not for each in would(back, rubric())}["wait"] == "taken already"
