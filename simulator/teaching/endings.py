"""Whether endings can be told apart by somebody who reads only one of them.

An ending is the consequence that a trainee remembers. Two that say the same tell them that it made no difference.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from simulator.flaw import Flaw
from simulator.problem import Severity
from simulator.scenario import Ending, Scenario
from simulator.teaching.words import shingles, words

RUN = 4
"""Words in a row that are compared; what two texts by one author have in common by chance is mostly shorter."""
SHARED = 0.6
"""The share of the shorter text that stands in the longer one from which two endings are mostly the same. Near-copies
with a name changed come to 0.7 and more, and endings of one case that were written apart stay below 0.2."""
MOST_ENDINGS = 60
"""Endings that are compared with each other; nobody remembers more, and comparing them takes time."""


def alike(scenario: Scenario) -> Iterator[Flaw]:
    """Yield endings with the title of another, or mostly with its text."""
    endings = list(scenario.endings.values())[:MOST_ENDINGS]
    titles = {each.id: " ".join(words(each.title)) or each.title.strip() for each in endings}
    runs = {each.id: shingles(" ".join(one.say for one in each.text), RUN) for each in endings}
    for first, second in combinations(endings, 2):
        share = _shared(runs[first.id], runs[second.id])
        if titles[first.id] == titles[second.id]:
            message = f"endings `{first.id}` and `{second.id}` are both called “{second.title}”"
            hint = "the debrief and every list show the title: give each ending one of its own"
            yield _flaw(first, second, "title", message, hint)
        elif share >= SHARED:
            message = f"{share:.0%} of the text of ending `{second.id}` stands in `{first.id}` as well, or the reverse"
            if share == 1:
                message = f"endings `{first.id}` and `{second.id}` have the same text"
            hint = "tell in each what became of this way, or let both be one ending with variants"
            yield _flaw(first, second, "text", message, hint)


def _flaw(first: Ending, second: Ending, key: str, message: str, hint: str) -> Flaw:
    where = ("endings", second.id, key)
    also = ((("endings", first.id, key), "the other one"),)
    return Flaw("endings-alike", where, message, hint, Severity.ADVICE, second.id, also)


def _shared(one: set[tuple[str, ...]], other: set[tuple[str, ...]]) -> float:
    fewer = min(len(one), len(other))
    return len(one & other) / fewer if fewer else 0.0
