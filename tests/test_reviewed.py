"""A supervisor's result stands beside the original: what was overridden and rated changes it, and nothing else."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from scoring.rubric import DIMENSIONS, Level, Mark, Rubric, dimension_of
from scoring.scorecard import score
from simulator import solved
from simulator.archive import Archive
from simulator.explore import MOST_SECONDS, Exploration
from simulator.review.events import Judgement, Override, Rating
from simulator.review.judged import marks_of
from simulator.review.reviewed import overridden, place_of, results, reviewed
from simulator.scenario import Scenario
from simulator.session import Session, replay, start
from simulator.settings import Home
from tests.brute_force import TooMany, play_all
from tests.cases import loaded, rubric, scenario, trials, written
from tests.journals import case_in, played_through
from tests.scenarios_random import SMALL, play_through, random_case

FEONA, JO = "p-feona", "p-jo"
Points = tuple[int, ...]
LEVELS: tuple[Level | None, ...] = (*Level, None)
seeds = st.integers(0, 100_000)


def _spans(case: Scenario, by: Rubric) -> tuple[Points, Points] | None:
    return solved.span(None, case, by)


def _override(session: Session, number: int, award: int, mark: Mark, now: Level | None) -> Override:
    assert mark in session.trail[number].awards[award].marks
    return Override(FEONA, number, award, mark.indicator, mark.level, now, "Because.", "", signed=True)


def _points(level: Level | None) -> int:
    return 0 if level is None else rubric().points[level]


def _played(seed: int) -> Session:
    """Play a small random case to an ending."""
    case = loaded(random_case(seed, SMALL)).value
    assume(case is not None)
    assert case is not None
    session = play_through(start(case, seed), random.Random(seed))
    assume(session.ending is not None)
    return session


def _some(session: Session, rng: random.Random) -> tuple[Override, ...]:
    """Override some of the marks of a session, each at most once."""
    marks = [each for number in range(len(session.trail)) for each in marks_of(session, number)]
    return tuple(
        _override(session, each.number, each.award, each.mark, rng.choice([*set(LEVELS) - {each.mark.level}]))
        for each in rng.sample(marks, min(len(marks), rng.randint(1, 3)))
    )


@trials(40)
@given(seeds)
def test_without_overrides_the_result_is_the_original(seed: int) -> None:
    """Who changes nothing has the original's result, and the case is not even explored a second time."""
    session = _played(seed)
    asked: list[Scenario] = []

    def spans(case: Scenario, by: Rubric) -> tuple[Points, Points] | None:
        asked.append(case)
        return _spans(case, by)

    found = reviewed(session, rubric(), Judgement(), FEONA, spans)
    assert asked == [session.scenario]
    assert not any(each.differs for each in found.dimensions.values())
    exploration = Exploration(session.scenario, rubric())
    at_start = rubric().points_of(tuple(mark for award in session.trail[0].awards for mark in award.marks))
    ahead = exploration.ahead(session.trail[0])
    assert ahead is not None
    for index, each in enumerate(found.dimensions.values()):
        assert each.original.low == at_start[index] + ahead.low[index]
        assert each.original.high == at_start[index] + ahead.high[index]


@trials(40)
@given(seeds)
def test_an_override_changes_the_points_by_the_difference_of_its_levels(seed: int) -> None:
    """Each override moves its dimension by the points between the two levels, and no other; nothing leaves 0 to 100."""
    session = _played(seed)
    overrides = _some(session, random.Random(seed))
    found = reviewed(session, rubric(), Judgement(overrides=overrides), FEONA, _spans)
    for dimension, each in found.dimensions.items():
        moved = sum(_points(o.now) - _points(o.was) for o in overrides if dimension_of(o.indicator) == dimension)
        assert each.reviewed.raw == each.original.raw + moved
        assert each.reviewed.percent is None or 0 <= each.reviewed.percent <= 100
    # The same as playing the changed case.
    replayed = replay(overridden(session, overrides), session.seed, session.events)
    card = score(rubric(), replayed.decisions)
    assert [card.profiles[name].raw for name in DIMENSIONS] == [each.reviewed.raw for each in found.dimensions.values()]


@trials(40)
@given(seeds)
def test_only_the_marks_that_were_overridden_are_others_in_the_case(seed: int) -> None:
    """Whatever somebody else plays in the changed case, every mark is as it was but those of the rule that gave it."""
    session = _played(seed)
    overrides = _some(session, random.Random(seed))
    derived = overridden(session, overrides)
    changed = {place_of(session, session.trail[o.number].awards[o.award]) for o in overrides}
    for other in range(5):
        played = play_through(start(session.scenario, other), random.Random(other))
        again = replay(derived, other, played.events)
        assert [each.state for each in again.trail] == [each.state for each in played.trail]
        for before, after in zip(played.trail, again.trail, strict=True):
            one = {place_of(played, each): each for each in before.awards}
            two = {place_of(again, each): each for each in after.awards}
            # An order that is worth nothing any more is not even named.
            assert {place: each for place, each in one.items() if place not in changed} == {
                place: each for place, each in two.items() if place not in changed
            }
            assert not any(one[place].marks == two[place].marks for place in changed & set(one) & set(two))


@trials(15)
@given(seeds)
def test_the_range_is_what_playing_the_changed_case_in_every_way_gives(seed: int) -> None:
    """The reviewed range is the least and the most that any play of the case with the changed marks can have."""
    session = _played(seed)
    overrides = _some(session, random.Random(seed))
    derived = overridden(session, overrides)
    try:
        played = play_all(derived, rubric(), 3000)
    except TooMany:
        return
    ahead = played.ahead[0]
    assert ahead is not None
    at_start = rubric().points_of(tuple(mark for award in start(derived).awards for mark in award.marks))
    found = reviewed(session, rubric(), Judgement(overrides=overrides), FEONA, _spans)
    for index, each in enumerate(found.dimensions.values()):
        assert each.reviewed.low == at_start[index] + ahead.low[index]
        assert each.reviewed.high == at_start[index] + ahead.high[index]


# -- one case, by hand --------------------------------------------------------------------------------


def _talk() -> Session:
    case = scenario(
        written(
            """
            first:
              text: Well?
              next: second
              responses:
                kind: {say: I hear you., marks: {rapport.empathy: best}}
                cold: {say: Next., marks: {rapport.empathy: poor}}
            second:
              text: And?
              next: note
              responses:
                promise:
                  say: You will have it.
                  marks:
                    - when: chose(first/kind)
                      give: {ethics.promises: poor}
                    - give: {ethics.promises: harmful}
                wait: {say: Let me ask.}
            note:
              write: {prompt: Write it down., rated-on: [organization.records]}
              next: end
            """,
        ).replace("ethics.promises", "ethics.continuity")
    )
    return start(case).choose("kind").choose("promise").write("She asked.")


def test_a_rule_under_a_condition_is_changed_alone() -> None:
    """Of marks that depend on what came before, the rule that gave them is changed; the other still gives its own."""
    session = _talk()
    override = _override(session, 2, 0, Mark("ethics.continuity", Level.POOR), None)
    derived = overridden(session, [override])
    rules = derived.scenes["second"].responses["promise"].marks
    assert [rule.marks for rule in rules] == [(), (Mark("ethics.continuity", Level.HARMFUL),)]
    found = reviewed(session, rubric(), Judgement(overrides=(override,)), FEONA, _spans).dimensions["ethics"]
    poor, harmful = _points(Level.POOR), _points(Level.HARMFUL)
    assert (found.original.raw, found.original.low, found.original.high) == (poor, harmful, 0)
    assert (found.reviewed.raw, found.reviewed.low, found.reviewed.high) == (0, harmful, 0)
    assert found.reviewed.percent == 100


def test_a_rating_adds_what_its_indicator_could_have_been_worth() -> None:
    """Rated text counts with its level, between the worst and the best level of its indicator."""
    session = _talk()
    rating = Rating(FEONA, 3, "organization.records", Level.ACCEPTABLE, "", "", signed=True)
    found = reviewed(session, rubric(), Judgement(ratings=(rating,)), FEONA, _spans).dimensions["organization"]
    assert str(found.original) == "not assessed"
    assert found.reviewed.raw == _points(Level.ACCEPTABLE)
    assert (found.reviewed.low, found.reviewed.high) == (_points(Level.HARMFUL), _points(Level.BEST))
    assert found.reviewed.percent is not None
    assert 0 < found.reviewed.percent < 100


def test_what_is_about_nothing_changes_nothing() -> None:
    """Overrides of marks that were not given and ratings of what was not written are left out, whoever made them up."""
    session = _talk()
    nonsense = [
        Override(FEONA, 99, 0, "rapport.empathy", Level.BEST, None, "x", "", signed=True),
        Override(FEONA, 1, 7, "rapport.empathy", Level.BEST, None, "x", "", signed=True),
        Override(FEONA, 1, 0, "rapport.limits", Level.BEST, None, "x", "", signed=True),
        Override(FEONA, 1, 0, "rapport.empathy", Level.POOR, Level.BEST, "x", "", signed=True),
    ]
    ratings = [
        Rating(FEONA, 1, "organization.records", Level.BEST, "", "", signed=True),
        Rating(FEONA, 3, "rapport.empathy", Level.BEST, "", "", signed=True),
        Rating(FEONA, 99, "organization.records", Level.BEST, "", "", signed=True),
    ]
    assert results(session, rubric(), Judgement(overrides=tuple(nonsense), ratings=tuple(ratings)), _spans) == ()


def test_each_supervisor_has_a_result_of_their_own() -> None:
    """Two supervisors override one mark differently; neither changes the other's result, nor the original."""
    session = _talk()
    mark = Mark("rapport.empathy", Level.BEST)
    one = _override(session, 1, 0, mark, Level.POOR)
    other = Override(JO, 1, 0, "rapport.empathy", Level.BEST, Level.ACCEPTABLE, "Hm.", "", signed=True)
    found = {each.reviewer: each for each in results(session, rubric(), Judgement(overrides=(one, other)), _spans)}
    assert found[FEONA].dimensions["rapport"].reviewed.raw == _points(Level.POOR)
    assert found[JO].dimensions["rapport"].reviewed.raw == _points(Level.ACCEPTABLE)
    assert {each.dimensions["rapport"].original.raw for each in found.values()} == {_points(Level.BEST)}


def test_where_exploring_does_not_finish_there_are_points_alone() -> None:
    """Without a proof nothing is said in percent; the raw points still change."""
    session = _talk()
    override = _override(session, 1, 0, Mark("rapport.empathy", Level.BEST), Level.POOR)
    found = reviewed(session, rubric(), Judgement(overrides=(override,)), FEONA, lambda *_: None)
    assert not found.proven
    rapport = found.dimensions["rapport"]
    assert (rapport.original.percent, rapport.reviewed.percent) == (None, None)
    assert str(rapport.reviewed) == f"{_points(Level.POOR):+} points"


def test_a_critical_stays_a_critical(tmp_path: Path) -> None:
    """However a supervisor sees the marks, a critical keeps the place of the number on ethics."""
    where = Home(tmp_path)
    logged = Archive(where).load(played_through(where))
    assert logged.scorecard.criticals
    rating = Rating(FEONA, 5, "organization.records", Level.BEST, "", "", signed=True)
    (found,) = results(logged.session, logged.rubric, Judgement(ratings=(rating,)), _spans)
    assert str(found.dimensions["ethics"].reviewed) == "critical"
    assert found.dimensions["ethics"].reviewed.percent is None


def test_an_unfinished_session_has_no_percent() -> None:
    """Who has not come to an ending has points and no result."""
    session = _talk().previous
    assert session is not None
    override = _override(session, 1, 0, Mark("rapport.empathy", Level.BEST), Level.POOR)
    found = reviewed(session, rubric(), Judgement(overrides=(override,)), FEONA, _spans)
    assert found.dimensions["rapport"].reviewed.percent is None


# -- what is kept of it -------------------------------------------------------------------------------


def test_a_range_is_found_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The range of a case, changed or not, is looked up the second time; the same changes have the same name."""
    where = Home(tmp_path)
    session = _talk()
    override = _override(session, 1, 0, Mark("rapport.empathy", Level.BEST), Level.POOR)
    one, two = overridden(session, [override]), overridden(session, [override])
    assert one.hash == two.hash != session.scenario.hash
    found = solved.span(where, one, rubric())
    assert found is not None
    monkeypatch.setattr(solved, "Exploration", None)
    assert solved.span(where, two, rubric()) == found
    for path in where.solved.iterdir():
        path.write_bytes(b"spoilt")
    monkeypatch.undo()
    assert solved.span(where, two, rubric()) == found


def test_that_the_budget_ran_out_is_kept_for_no_larger_one(tmp_path: Path) -> None:
    """What could not be proven with a small budget is tried again with a larger one."""
    where = Home(tmp_path)
    case = case_in(tmp_path / "cases").scenario
    assert solved.span(where, case, rubric(), most=1) is None
    assert solved.span(where, case, rubric(), most=1) is None
    assert solved.span(where, case, rubric(), seconds=MOST_SECONDS) is not None
