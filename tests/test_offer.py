"""What a decision offers: the least and the most on each dimension, against trying everything."""

from __future__ import annotations

from itertools import combinations, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.offer import InOrder, Marks, Offer, OneOf, SomeOf, Span
from scoring.rubric import DIMENSIONS, Level, Mark
from scoring.scorecard import Decision, score
from tests.cases import rubric, trials

MARKS = st.lists(
    st.builds(
        Mark,
        st.sampled_from(("rapport.empathy", "rapport.limits", "organization.records", "ethics.safety")),
        st.sampled_from(tuple(Level)),
    ),
    max_size=3,
).map(tuple)
BEST = (Mark("rapport.empathy", Level.BEST),)
POOR = (Mark("rapport.empathy", Level.POOR),)
HARMFUL = (Mark("rapport.empathy", Level.HARMFUL),)


@st.composite
def selections(draw: st.DrawFn) -> SomeOf:
    """Draw several options with any limits that a case can have, also those of which nothing is on offer."""
    options = draw(st.lists(st.tuples(MARKS, MARKS), max_size=6))
    least = draw(st.integers(0, len(options)))
    most = draw(st.integers(max(1, least), len(options))) if options else 0
    return SomeOf(tuple(options), least, most)


@st.composite
def orders(draw: st.DrawFn) -> InOrder:
    """Draw things to put in order, and what some of the pairs are worth, either way round."""
    items = tuple("abcdef"[: draw(st.integers(1, 6))])
    both = list(permutations(items, 2))
    return InOrder(items, draw(st.dictionaries(st.sampled_from(both), MARKS)) if both else {})


def spans(outcomes: list[tuple[Marks, ...]]) -> tuple[Span, ...]:
    """Add up each outcome, and find the least and the most of each dimension."""
    points = rubric().points
    worth = [
        [
            sum(points[mark.level] for marks in outcome for mark in marks if mark.indicator.startswith(f"{name}."))
            for name in DIMENSIONS
        ]
        for outcome in outcomes
    ]
    return tuple((min(each), max(each)) for each in zip(*worth, strict=True))


@trials(50)
@given(st.lists(MARKS, min_size=1, max_size=5))
def test_one_of_several(options: list[Marks]) -> None:
    """Of responses, the span reaches from the worst to the best, on each dimension by itself."""
    assert OneOf(tuple(options)).spans(rubric()) == spans([(marks,) for marks in options])


@trials(200)
@given(selections())
def test_some_of_several(offer: SomeOf) -> None:
    """Of options, the span is that of every set that can be picked, with the marks of what it leaves out."""
    numbers = range(len(offer.options))
    sets = [set(found) for size in range(offer.least, offer.most + 1) for found in combinations(numbers, size)]
    outcomes = [
        tuple(picked if number in each else left for number, (picked, left) in enumerate(offer.options))
        for each in sets
    ]
    assert offer.spans(rubric()) == spans(outcomes)
    # With one set to pick there is nothing to decide.
    assert offer.open == (len(sets) > 1)


@trials(60)
@given(orders())
def test_one_order_of_several(offer: InOrder) -> None:
    """Of orders, the span is that of every order, also where the pairs contradict each other."""
    outcomes = [
        tuple(offer.pairs.get(pair, ()) for pair in combinations(order, 2)) for order in permutations(offer.items)
    ]
    assert offer.spans(rubric()) == spans(outcomes)
    assert offer.open == (len(outcomes) > 1)


def test_pairs_that_run_in_a_circle_cannot_all_be_had() -> None:
    """Where a before b, b before c and c before a are each best, no order has all three."""
    offer = InOrder(("a", "b", "c"), {("a", "b"): BEST, ("b", "c"): BEST, ("c", "a"): BEST})
    assert offer.spans(rubric())[0] == (3, 6)


@pytest.mark.parametrize(
    ("offer", "is_open"),
    [
        (OneOf(()), False),
        (OneOf((BEST,)), False),
        (OneOf((BEST, ())), True),
        (SomeOf((), 0, 0), False),
        (SomeOf(((BEST, ()),), 1, 1), False),
        (SomeOf(((BEST, ()),), 0, 1), True),
        (SomeOf(((BEST, ()), (POOR, ())), 2, 2), False),
        (SomeOf(((BEST, ()), (POOR, ())), 1, 1), True),
        (InOrder(("a",), {}), False),
        (InOrder(("a", "b"), {}), True),
    ],
)
def test_whether_there_was_anything_to_decide(offer: Offer, is_open: bool) -> None:
    """A decision is open where more than one thing could have been done."""
    assert offer.open is is_open


@pytest.mark.parametrize(
    ("offer", "taken", "quality"),
    [
        (SomeOf(((BEST, HARMFUL), (POOR, ())), 1, 1), BEST, 100),
        (SomeOf(((BEST, HARMFUL), (POOR, ())), 1, 1), (*POOR, *HARMFUL), 0),
        (SomeOf(((BEST, ()), (BEST, ()), (BEST, ())), 0, 2), BEST, 50),
        (SomeOf(((BEST, ()), (BEST, ())), 2, 2), (*BEST, *BEST), None),
        (InOrder(("a", "b"), {("a", "b"): BEST, ("b", "a"): POOR}), POOR, 0),
        (InOrder(("a", "b"), {("a", "b"): BEST}), (), 0),
    ],
)
def test_the_share_of_what_was_on_offer(offer: Offer, taken: Marks, quality: int | None) -> None:
    """Opportunity quality sets what was taken between the least and the most of its offer, and needs a choice."""
    card = score(rubric(), [Decision(1, taken=taken, offer=offer)])
    assert card.profiles["rapport"].quality == quality
