"""From marks to a scorecard: what is counted, what is kept as evidence, and what each share is a share of."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.offer import OneOf
from scoring.rubric import DIMENSIONS, Labels, Level, Mark, dimension_of
from scoring.scorecard import Award, Decision, Evidence, Raised, Scorecard, percent, score
from tests.cases import rubric, trials

EMPATHY = {level: Mark("rapport.empathy", level) for level in Level}
LIMITS = {level: Mark("rapport.limits", level) for level in Level}
PRIVACY = {level: Mark("ethics.privacy", level) for level in Level}
HARMFUL, POOR, ACCEPTABLE, BEST = Level


def chose(number: int, taken: tuple[Mark, ...], *others: tuple[Mark, ...], criticals: tuple[str, ...] = ()) -> Decision:
    """Make a decision for one response, with others on offer."""
    awards = (Award(taken, "Because.", "scene", "response"),) if taken else ()
    return Decision(number, awards, criticals, taken, OneOf((taken, *others)))


def qualities(*decisions: Decision) -> list[int | None]:
    return [profile.quality for profile in score(rubric(), decisions).profiles.values()]


# -- the fold ---------------------------------------------------------------------------------


def test_nothing_done_is_nothing_marked() -> None:
    """Without decisions there is no evidence, no points, and nothing was at stake."""
    card = score(rubric(), [])
    assert list(card.profiles) == list(DIMENSIONS)
    for profile in card.profiles.values():
        assert (profile.evidence, profile.raw, profile.quality, profile.critical) == ((), 0, None, False)
        assert sum(profile.counts().values()) == 0
    assert card.criticals == ()


def test_marks_add_their_points_to_their_dimension() -> None:
    """Points belong to the level alone, and dimensions are never added up."""
    card = score(
        rubric(),
        [
            chose(1, (EMPATHY[BEST], PRIVACY[HARMFUL])),
            chose(2, (LIMITS[ACCEPTABLE],)),
            chose(3, (EMPATHY[POOR],)),
        ],
    )
    assert {name: profile.raw for name, profile in card.profiles.items()} == {
        "rapport": 5,
        "organization": 0,
        "ethics": -3,
    }


def test_every_mark_keeps_where_it_came_from() -> None:
    """Evidence names the decision, the mark and the award with its why."""
    outcome = Award((PRIVACY[POOR],), "The door stood open.", "hall")
    decision = Decision(4, (Award((EMPATHY[BEST], LIMITS[POOR]), "Because.", "talk", "nod"), outcome))
    card = score(rubric(), [decision])
    assert card.profiles["rapport"].evidence == (
        Evidence(4, EMPATHY[BEST], decision.awards[0]),
        Evidence(4, LIMITS[POOR], decision.awards[0]),
    )
    assert card.profiles["ethics"].evidence == (Evidence(4, PRIVACY[POOR], outcome),)


def test_levels_are_counted_from_worst_to_best() -> None:
    """How often each level was seen, none left out."""
    card = score(rubric(), [chose(1, (EMPATHY[BEST],)), chose(2, (LIMITS[BEST], EMPATHY[HARMFUL]))])
    assert list(card.profiles["rapport"].counts().items()) == [(HARMFUL, 1), (POOR, 0), (ACCEPTABLE, 0), (BEST, 2)]


def test_evidence_is_grouped_by_indicator_in_the_order_it_was_met() -> None:
    """A reviewer reads all that was seen of one thing together."""
    card = score(rubric(), [chose(1, (LIMITS[BEST],)), chose(2, (EMPATHY[POOR],)), chose(3, (LIMITS[POOR],))])
    grouped = card.profiles["rapport"].by_indicator()
    assert [(name, [each.number for each in found]) for name, found in grouped.items()] == [
        ("rapport.limits", [1, 3]),
        ("rapport.empathy", [2]),
    ]


def test_a_critical_takes_the_place_of_ethics_and_of_nothing_else() -> None:
    """One critical, of whatever kind, and ethics is critical; it is never averaged away by what went well."""
    good = [chose(number, (PRIVACY[BEST],), (PRIVACY[POOR],)) for number in range(1, 20)]
    card = score(rubric(), [*good, chose(20, (), criticals=("threat", "lie"))])
    assert card.criticals == (Raised(20, "threat"), Raised(20, "lie"))
    assert {name: profile.critical for name, profile in card.profiles.items()} == {
        "rapport": False,
        "organization": False,
        "ethics": True,
    }
    assert not score(rubric(), good).profiles["ethics"].critical


# -- opportunity quality ----------------------------------------------------------------------


def test_quality_is_the_share_of_what_was_on_offer() -> None:
    """100 x (raw - worst) / (best - worst), over the decisions that were met."""
    first = chose(1, (EMPATHY[ACCEPTABLE],), (EMPATHY[HARMFUL],), (EMPATHY[BEST],))
    second = chose(2, (EMPATHY[POOR],), (LIMITS[BEST], EMPATHY[BEST]))
    # raw 2 + 0, worst -3 + 0, best 3 + 6
    assert qualities(first, second) == [percent(2, -3, 9), None, None]
    assert qualities(first, second)[0] == 42


def test_quality_looks_at_each_dimension_apart() -> None:
    """The best of one dimension need not be the best of another, and each has its own share."""
    both = chose(1, (EMPATHY[BEST], PRIVACY[POOR]), (EMPATHY[POOR], PRIVACY[BEST]))
    assert qualities(both) == [100, None, 0]


def test_a_response_without_marks_is_worth_nothing_and_may_still_be_the_worst() -> None:
    """What is not marked stands at nought beside what is."""
    assert qualities(chose(1, (), (EMPATHY[BEST],)))[0] == 0
    assert qualities(chose(1, (), (EMPATHY[HARMFUL],)))[0] == 100


def test_where_there_was_no_choice_nothing_was_on_offer() -> None:
    """A single response, a document, a note and an outcome are evidence, and no share of anything."""
    outcome = Decision(2, (Award((EMPATHY[HARMFUL],), "", "scene"),))
    assert qualities(chose(1, (EMPATHY[BEST],)), outcome) == [None, None, None]
    assert qualities(outcome, chose(3, (EMPATHY[BEST],), (EMPATHY[POOR],)))[0] == 100


def test_where_every_response_is_worth_the_same_nothing_was_at_stake() -> None:
    """Equal options give no number, instead of one made up."""
    assert qualities(chose(1, (EMPATHY[BEST],), (LIMITS[BEST],))) == [None, None, None]


@pytest.mark.parametrize(
    ("raw", "worst", "best", "share"),
    [
        (0, 0, 0, None),
        (5, 5, 5, None),
        (0, 0, 3, 0),
        (3, 0, 3, 100),
        (1, 0, 3, 33),
        (2, 0, 3, 67),
        (1, 0, 2, 50),
        (1, 0, 8, 13),
        (3, 0, 8, 38),
        (1, 0, 200, 1),
        (-2, -3, 3, 17),
        (-3, -3, 3, 0),
    ],
)
def test_shares_are_whole_percents_with_halves_rounded_up(raw: int, worst: int, best: int, share: int | None) -> None:
    """Only whole numbers are used, so that every platform agrees."""
    assert percent(raw, worst, best) == share


MARKS = st.builds(Mark, st.sampled_from(sorted(rubric().indicators)), st.sampled_from(list(Level)))
OPTIONS = st.lists(st.lists(MARKS, max_size=3).map(tuple), min_size=1, max_size=4)
CHOICES = st.lists(st.tuples(OPTIONS, st.integers(0, 3)), max_size=8)


def _taking(choices: list[tuple[list[tuple[Mark, ...]], int]]) -> list[Decision]:
    return [
        Decision(
            number, (Award(taken := options[pick % len(options)], "", "s", "r"),), (), taken, OneOf(tuple(options))
        )
        for number, (options, pick) in enumerate(choices, 1)
    ]


@trials(200)
@given(CHOICES)
def test_quality_is_a_share(choices: list[tuple[list[tuple[Mark, ...]], int]]) -> None:
    """Whatever is chosen, quality lies between 0 and 100, and is there exactly where something was at stake."""
    decisions = _taking(choices)
    for index, quality in enumerate(qualities(*decisions)):
        worths = [
            {rubric().points_of(marks)[index] for marks in each.offer.options}
            for each in decisions
            if isinstance(each.offer, OneOf)
        ]
        at_stake = any(len(worth) > 1 for worth in worths)
        assert (quality is not None) == at_stake
        assert quality is None or 0 <= quality <= 100


@trials(100)
@given(CHOICES, st.sampled_from(range(3)))
def test_always_taking_the_best_is_everything_and_the_worst_nothing(
    choices: list[tuple[list[tuple[Mark, ...]], int]], index: int
) -> None:
    """Who always takes the best that is offered on a dimension has 100 there, who always takes the worst has 0."""

    def points(marks: tuple[Mark, ...]) -> int:
        return rubric().points_of(marks)[index]

    def picked(choose: object) -> int | None:
        taken = [(options, options.index(choose(options, key=points))) for options, _ in choices]  # type: ignore[operator]
        return qualities(*_taking(taken))[index]

    assert picked(max) in (100, None)
    assert picked(min) in (0, None)


@trials(100)
@given(CHOICES)
def test_every_mark_is_in_exactly_one_profile(choices: list[tuple[list[tuple[Mark, ...]], int]]) -> None:
    """No mark is lost and none is counted twice; raw points are the sum of what is shown."""
    decisions = _taking(choices)
    card: Scorecard = score(rubric(), decisions)
    shown = [each.mark for profile in card.profiles.values() for each in profile.evidence]
    given = [mark for decision in decisions for award in decision.awards for mark in award.marks]
    assert sorted(map(str, shown)) == sorted(map(str, given))
    for name, profile in card.profiles.items():
        assert {dimension_of(each.mark.indicator) for each in profile.evidence} <= {name}
        assert profile.raw == sum(rubric().points[level] * count for level, count in profile.counts().items())


# -- the rubric's own arithmetic --------------------------------------------------------------


def test_costs_have_names() -> None:
    """What a decision may cost, and still be called good, a slip or a mistake."""
    labels = Labels(good=1, slip=3, mistake=6)
    assert [labels.label(cost) for cost in range(-1, 8)] == [
        *("kept", "kept", "good", "slip", "mistake", "mistake", "mistake", "serious", "serious"),
    ]


def test_points_are_given_for_each_dimension_in_its_order() -> None:
    """Marks of several dimensions give one number for each."""
    assert rubric().points_of((EMPATHY[BEST], PRIVACY[HARMFUL], LIMITS[POOR])) == (3, 0, -3)
    assert rubric().points_of(()) == (0, 0, 0)
