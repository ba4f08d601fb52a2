"""Whether absolute words stand only in what is weak: whoever has taken a test before knows not to pick `always`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from scoring.rubric import Rubric
from simulator.fairness.chance import any_of, at_most
from simulator.fairness.choices import Choice, usual_points
from simulator.fairness.words import ABSOLUTE, ALLOWING_NOTHING, absolutes
from simulator.flaw import Flaw, Where
from simulator.problem import Severity
from simulator.scenario import Scenario, Selection

FEWEST_SCENES = 3
"""Scenes that these must stand in."""
FEWEST_ABSOLUTE = 5
"""Texts with absolute words that a case must have: among fewer, it soon happens that all are weak."""
MOST_IN_BEST = 0.1
"""So large a share of them may be the best of their scene, and they still stand all but only in weak ones."""
UNLIKELY = 0.15
"""So improbable by chance it is told. It takes less than for other patterns: that `always` is wrong is what everybody
knows who has ever taken a test, so it gives away the few scenes as well in which it stands. Five scenes of three
responses, in each of which one weak response is sure of itself, are just less likely than this."""
_MOST_SHOWN = 3
_MOST_WORDS = 5


class Lot(NamedTuple):
    """What is chosen from in one scene."""

    where: Where
    texts: dict[str, str]
    best: frozenset[str]


def flaws(choices: Sequence[Choice], scenario: Scenario, rubric: Rubric) -> Iterator[Flaw]:
    """Yield that absolute words stand only in weak responses and options, if they do."""
    lots = [_responses(choice) for choice in choices]
    for name, scene in scenario.scenes.items():
        if scene.select is not None and "." not in name:
            lots += _options(name, scene.select, rubric)
    # Good responses may have one of the weaker words, and the others still give the weak ones away.
    found = (_told(lots, kind) for kind in (ABSOLUTE, ALLOWING_NOTHING))
    yield from [flaw for flaw in found if flaw is not None][:1]


def _told(lots: Sequence[Lot], kind: re.Pattern[str]) -> Flaw | None:
    chances: list[float] = []
    weak: list[tuple[Where, list[str]]] = []
    strong = hits = 0
    for lot in lots:
        found = {name: words for name, text in lot.texts.items() if (words := absolutes(text, kind))}
        if not found:
            continue
        chances.append(any_of(len(lot.best), len(found), len(lot.texts)))
        inside = lot.best & found.keys()
        hits += bool(inside)
        strong += len(inside)
        weak += [((*lot.where, name), words) for name, words in found.items() if name not in inside]
    total = strong + len(weak)
    if len(chances) < FEWEST_SCENES or total < FEWEST_ABSOLUTE or strong > MOST_IN_BEST * total:
        return None
    if at_most(hits, chances) > UNLIKELY:
        return None
    common = Counter(word for _, each in weak for word in dict.fromkeys(each)).most_common(_MOST_WORDS)
    listed = ", ".join(f"`{word}`" for word, _ in common)
    only = "only in weak responses" if not strong else f"in {len(weak)} weak responses, and in {strong} of the best"
    message = f"absolute words ({listed}) stand {only}: they say which ones not to take"
    hint = "let some good responses be as firm, and take such words out of some weak ones"
    also = tuple((where, ", ".join(f"`{word}`" for word in dict.fromkeys(each))) for where, each in weak[:_MOST_SHOWN])
    return Flaw("absolutes-in-weak", ("scenes",), message, hint, Severity.ADVICE, also=also)


def _responses(choice: Choice) -> Lot:
    texts = {name: response.text for name, response in choice.responses.items()}
    return Lot(("scenes", choice.scene.id, "responses"), texts, choice.best)


def _options(scene: str, select: Selection, rubric: Rubric) -> Iterator[Lot]:
    """Yield the options of a scene, if some are worth picking and some are not."""
    worth = {
        name: sum(usual_points(option.marks, rubric)) - sum(usual_points(option.left, rubric))
        for name, option in select.options.items()
    }
    best = frozenset(name for name, points in worth.items() if points > 0)
    if 0 < len(best) < len(worth):
        texts = {name: option.text for name, option in select.options.items()}
        yield Lot(("scenes", scene, "select", "options"), texts, best)
