"""Nobody gets far in the library by the looks of responses: by their length, or by how carefully they speak."""

from __future__ import annotations

from collections.abc import Mapping
from statistics import fmean

import pytest

from scoring.rubric import DIMENSIONS
from simulator.explore import Exploration
from simulator.library import built_in, cases
from simulator.scenario import Scenario
from tests.bots import BOTS, ahead
from tests.cases import loaded, rubric
from tests.unfair import PAIRS

MOST_AHEAD = 5
"""Points, of the hundred between the worst and the best that can be reached."""
UNFAIR = {
    "the longest": "the best is always the longest",
    "the shortest": "the best is always the shortest",
    "most careful words": "only the best is careful",
    "fewest careful words": "only the best is plain",
}
"""A case in which each of them gets far."""


def _ahead(scenario: Scenario) -> Mapping[str, tuple[float, ...]]:
    exploration = Exploration(scenario, rubric())
    outlook = exploration.ahead_of(exploration.machine.start.state)
    assert outlook is not None
    return ahead(scenario, rubric(), list(zip(outlook.low, outlook.high, strict=True)))


def test_going_by_looks_is_no_better_than_drawing_by_lot() -> None:
    """Over the library, and 200 plays of each case, nobody gains more than a few points by it on any dimension."""
    found, _ = cases((built_in(),), rubric())
    assert len(found) >= 3
    gained = [_ahead(case.scenario) for case in found]
    for bot in BOTS:
        means = [fmean(case[bot][number] for case in gained) for number in range(len(DIMENSIONS))]
        assert max(means) <= MOST_AHEAD, bot


@pytest.mark.parametrize("bot", BOTS)
def test_in_an_unfair_case_going_by_looks_gets_far(bot: str) -> None:
    """The same trainee gets far where the best gives itself away, and not in the fair case beside it."""
    pair = PAIRS[UNFAIR[bot]]
    unfair, fair = (loaded(text).value for text in (pair.unfair, pair.fair))
    assert unfair is not None
    assert fair is not None
    assert max(_ahead(unfair)[bot]) > 4 * MOST_AHEAD
    assert max(_ahead(unfair)[bot]) > max(_ahead(fair)[bot]) + 2 * MOST_AHEAD
