"""Scenes in which there is nothing to weigh: a response that is best on everything, or that loses on everything.

Many honest scenes have a response that is right on whatever they are about. It is an author's business if that is
so on all dimensions and at every moment at which anybody can come there: then nobody has to weigh one thing against
another. A response that loses on everything, too, is one that nobody would pick, and teaches nobody.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scoring.rubric import DIMENSIONS, Level, Rubric, dimension_of
from simulator.fairness.choices import Choice, Moment
from simulator.flaw import Flaw, Where
from simulator.problem import Severity
from simulator.scenario import Response

FEWEST_ONE_SIDED = 4
"""So many scenes without anything to weigh, in a case, are a habit: a short case may be about one thing."""
SHARE = 0.5
"""And more than this share of the scenes in which more than one dimension is at stake. In the cases of the library,
which were written to have something to weigh, it is a tenth to a third."""
FEWEST_ASKED = 6
"""So many scenes in which one response is right, whether or not more than one dimension is at stake, make a quiz."""
QUIZ_SHARE = 0.75
"""And more than this share of all scenes. In the library it is a third at most."""
_MOST_SHOWN = 4


def flaws(choices: Sequence[Choice], rubric: Rubric) -> Iterator[Flaw]:
    """Yield what is best or worst on everything; it is claimed only where every moment was looked at."""
    known = [choice for choice in choices if choice.whole]
    wide = [choice for choice in known if len(choice.stakes) > 1]
    everywhere = {choice.scene.id: found for choice in known if (found := _ruling(choice))}
    ruling = {choice.scene.id: everywhere[choice.scene.id] for choice in wide if choice.scene.id in everywhere}
    if len(ruling) >= FEWEST_ONE_SIDED and len(ruling) > SHARE * len(wide):
        yield _habit(ruling, f"{len(wide)} scenes in which more than one dimension is at stake")
    elif len(everywhere) >= FEWEST_ASKED and len(everywhere) > QUIZ_SHARE * len(known):
        yield _habit(everywhere, f"{len(known)} scenes")
    else:
        for choice in wide:
            yield from _gross(choice, rubric)
    for choice in wide:
        yield from _straw_men(choice)


# -- best on everything -----------------------------------------------------------------------


def _ruling(choice: Choice) -> list[str]:
    """Return the responses that lose nothing at any moment, if at every moment there is just one of them."""
    best = [name for name in choice.responses if not any(any(m[name].lost) for m in choice.moments if name in m)]
    alone = all(sum(not any(worth.lost) for worth in moment.values()) == 1 for moment in choice.moments)
    return best if alone and all(any(name in moment for name in best) for moment in choice.moments) else []


def _habit(ruling: dict[str, list[str]], among: str) -> Flaw:
    message = (
        f"in {len(ruling)} of {among}, one response is best on everything, whatever happened before: "
        f"there is nothing to weigh"
    )
    hint = "let the best response cost something: time, trust, or another dimension; or let a second one be defensible"
    also: list[tuple[Where, str]] = [
        (("scenes", scene, "responses", names[0]), "best on everything") for scene, names in ruling.items()
    ]
    return Flaw("always-best", ("scenes",), message, hint, Severity.ADVICE, also=tuple(also[:_MOST_SHOWN]))


def _gross(choice: Choice, rubric: Rubric) -> Iterator[Flaw]:
    """Yield a flaw if a response is ahead of every other on all that is at stake, and that is everything or a lot."""
    ruling = _ruling(choice)
    if not ruling:
        return
    lead = {number: min(_lead(moment, number) for moment in choice.moments) for number in choice.stakes}
    everything = len(lead) == len(DIMENSIONS)
    # On two dimensions a step on each is no more than a near miss, and so is a slip on both of them together.
    if not everything and not (all(lead.values()) and min(map(_least_lost, choice.moments)) > rubric.labels.slip):
        return
    if not all(_ahead(moment) for moment in choice.moments):
        return
    named = " or ".join(f"`{name}`" for name in ruling)
    on = " and ".join(DIMENSIONS[number] for number in lead) if not everything else "everything"
    message = f"{named} is best on {on} in every state in which it is offered, so there is nothing to weigh"
    hint = "let it cost something: time, trust, or another dimension; or let a second response be defensible"
    yield Flaw("always-best", ("scenes", choice.scene.id, "responses", ruling[0]), message, hint, Severity.ADVICE)


def _lead(moment: Moment, number: int) -> float:
    """Return how far the best response at a moment is ahead of the next on a dimension."""
    return min(worth.lost[number] for worth in moment.values() if any(worth.lost))


def _least_lost(moment: Moment) -> float:
    """Return what the next best response at a moment loses, on all dimensions together."""
    return min(sum(worth.lost) for worth in moment.values() if any(worth.lost))


def _ahead(moment: Moment) -> bool:
    """Whether every other response is behind on more than one dimension, so that none is a near miss.

    By its marks alone, too: where a wrong turn ends a talk, everything else is soon behind on everything.
    """
    best = next(worth for worth in moment.values() if not any(worth.lost))
    others = [worth for worth in moment.values() if worth is not best]
    behind = [[mine - theirs for mine, theirs in zip(best.gained, each.gained, strict=True)] for each in others]
    return all(
        min(each) >= 0 and sum(gap > 0 for gap in each) > 1 for each in (*behind, *(worth.lost for worth in others))
    )


# -- worst on everything ----------------------------------------------------------------------


def _straw_men(choice: Choice) -> Iterator[Flaw]:
    for name, response in choice.responses.items():
        moments = [moment for moment in choice.moments if name in moment]
        usual = _marked_down(choice, response) and all(_beneath(each, name, choice.stakes) for each in moments)
        if not usual and not (_harms(response) and all(_damaging(each, name, choice.stakes) for each in moments)):
            continue
        on = (
            "everything"
            if len(choice.stakes) == len(DIMENSIONS)
            else " and ".join(DIMENSIONS[number] for number in choice.stakes)
        )
        message = f"`{name}` loses on {on} whenever another response would do, so hardly anybody will take it"
        hint = "write what a kind and hurried colleague might say: good for something, and wrong in the end"
        where: Where = ("scenes", choice.scene.id, "responses", name)
        yield Flaw("always-worst", where, message, hint, Severity.ADVICE)


def _marked_down(choice: Choice, response: Response) -> bool:
    """Whether a response is marked on more than one dimension, and down; as harmful, unless everything is at stake.

    One bad mark is often what a kind colleague gets for one well-meant thing, and two poor ones may be as well.
    """
    marks = [mark for rule in response.marks for mark in rule.marks]
    levels = {Level.HARMFUL} if len(choice.stakes) < len(DIMENSIONS) else {Level.POOR, Level.HARMFUL}
    return {mark.level for mark in marks} <= levels and len({dimension_of(mark.indicator) for mark in marks}) > 1


def _harms(response: Response) -> bool:
    """Whether a response is marked down on more than one dimension, and on one of them as harmful."""
    marks = [mark for rule in response.marks for mark in rule.marks]
    levels = {mark.level for mark in marks}
    wide = len({dimension_of(mark.indicator) for mark in marks}) > 1
    return wide and Level.HARMFUL in levels and levels <= {Level.POOR, Level.HARMFUL}


def _beneath(moment: Moment, name: str, stakes: Sequence[int]) -> bool:
    """Whether a response is among the last on everything, and behind most of the others on all that is at stake.

    By what becomes of it, and by its marks alone.
    """
    others = [worth for each, worth in moment.items() if each != name]
    for mine, theirs in (
        ([-lost for lost in moment[name].lost], [[-lost for lost in worth.lost] for worth in others]),
        (moment[name].gained, [worth.gained for worth in others]),
    ):
        if any(one < own for each in theirs for one, own in zip(each, mine, strict=True)):
            return False
        if 2 * sum(all(each[number] > mine[number] for number in stakes) for each in theirs) <= len(theirs):
            return False
    return True


def _damaging(moment: Moment, name: str, stakes: Sequence[int]) -> bool:
    """Whether no other response is behind one that does damage on anything, and each is ahead of it on something.

    Others need not be ahead on all that is at stake: what does damage besides is good for nothing.
    """
    others = [worth for each, worth in moment.items() if each != name]
    for mine, theirs in (
        ([-lost for lost in moment[name].lost], [[-lost for lost in worth.lost] for worth in others]),
        (moment[name].gained, [worth.gained for worth in others]),
    ):
        ahead = [[one - own for one, own in zip(each, mine, strict=True)] for each in theirs]
        if any(min(each) < 0 or max(each) <= 0 for each in ahead):
            return False
        if not all(any(each[number] > 0 for each in ahead) for number in stakes):
            return False
    return True
