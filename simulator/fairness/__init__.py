"""Whether a case is fair: whether it asks for judgement, or can be passed by how its responses are written.

Everything here is advice. What is told is a pattern that chance would hardly make, or something gross; each of
these has its limits in named constants, with the reason beside them.

choices        what responses are worth beside each other, at every moment somebody chooses between them
chance, words  how probable a pattern is; hedging and absolute words
standing_out   the best response is the longest, the shortest, the most or the least careful
one_sided      a response is best, or worst, on everything
alike          two responses differ in nothing
together       a feeling and the marks always go the same way
absolutes      `always` and `never` stand only in weak responses
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from scoring.rubric import Rubric
from simulator.flaw import Flaw
from simulator.scenario import Scenario

if TYPE_CHECKING:
    from simulator.explore import Exploration


def flaws(scenario: Scenario, rubric: Rubric, explored: Exploration | None) -> Iterator[Flaw]:
    """Yield what gives the best responses of a case away, or leaves nothing to weigh."""
    from simulator.fairness import absolutes, alike, one_sided, standing_out, together
    from simulator.fairness.choices import choices

    found = choices(scenario, rubric, explored)
    yield from standing_out.flaws(found)
    yield from one_sided.flaws(found, rubric)
    yield from alike.flaws(scenario)
    yield from together.flaws(scenario)
    yield from absolutes.flaws(found, scenario, rubric)
