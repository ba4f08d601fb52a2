"""Whether two things always move together, so that one gives the other away.

If whatever raises trust is marked up and whatever lowers it is marked down, a trainee learns to please. What a
person feels and what is right go the same way often enough, and not always. The same holds for two feelings, and for
the marks on two dimensions: what always moves together is one thing under two names.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import combinations

from scoring.rubric import DIMENSIONS, Level, dimension_of
from simulator.fairness.chance import correlated, mean
from simulator.flaw import Flaw, Where
from simulator.problem import Severity
from simulator.scenario import Response, Scenario

FEWEST_RESPONSES = 10
"""Responses that must move either of the two: among fewer, it soon happens that all go one way."""
TOGETHER = 0.9
"""So high a correlation, from -1 to 1, is told. In the library it is at most 0.7."""
SAME_WAY = 0.9
"""Or so large a share of responses that move both, and the same way; for what moves up in equal steps and down in
unequal ones. In the library it is at most 0.4."""

WITHIN = 0.85
"""So high a correlation, measured from the middle of each scene, is told of a feeling and the marks. A trainee compares
what stands side by side; that some scenes are marked lower than others is no help to them. In the library it is at most
0.8."""
FEWEST_COMPARED = 10
"""Pairs of responses of one scene that must differ in marks."""
SAME_ORDER = 0.85
"""Or so large a share of such pairs, less those that go the other way. In the library it is at most two thirds."""

DIRECTION = {Level.HARMFUL: -2, Level.POOR: -1, Level.ACCEPTABLE: 1, Level.BEST: 2}
"""Which way a level points, and how far: a rubric's own points may all lie above zero."""
MARKS = "marks"


def flaws(scenario: Scenario) -> Iterator[Flaw]:
    """Yield pairs of things that always move together over the responses of a case."""
    by_scene = [[_moves(response) for response in responses] for responses in _responses(scenario)]
    moves = [each for responses in by_scene for each in responses]
    names = list(dict.fromkeys(name for each in moves for name in each))
    feelings = [name for name in names if "." in name]
    marked = [name for name in names if name in DIMENSIONS]
    for feeling in feelings:
        for other in (MARKS, *(marked if len(marked) > 1 else ())):
            way = _together(moves, feeling, other) or (_side_by_side(by_scene, feeling) if other == MARKS else 0)
            if way:
                yield _pleasing(scenario, feeling, other, way, moves)
                break
    for one, other in (*combinations(feelings, 2), *combinations(marked, 2)):
        way = _together(moves, one, other)
        if way:
            yield _one_thing(scenario, one, other, way, moves)


def _responses(scenario: Scenario) -> Iterator[Collection[Response]]:
    """Yield the responses of each scene of a case's own."""
    for scene in scenario.scenes.values():
        if "." not in scene.id and scene.responses:
            yield scene.responses.values()


def _moves(response: Response) -> Mapping[str, float]:
    """Return how a response moves feelings, and where its marks point, over all and by dimension."""
    found: dict[str, float] = {name: change for name, change in response.feels.items() if change}
    marks = [mark for rule in response.marks for mark in rule.marks]
    for name in (MARKS, *DIMENSIONS):
        points = [DIRECTION[mark.level] for mark in marks if name in (MARKS, dimension_of(mark.indicator))]
        if points and (where := mean(points)):
            found[name] = where
    return found


def _together(moves: Sequence[Mapping[str, float]], one: str, other: str) -> int:
    """Return 1 if two things always move the same way, -1 if always opposite ways, else 0."""
    pairs = [(each.get(one, 0), each.get(other, 0)) for each in moves if one in each or other in each]
    if len(pairs) < FEWEST_RESPONSES:
        return 0
    same = sum(a * b > 0 for a, b in pairs) / len(pairs)
    opposite = sum(a * b < 0 for a, b in pairs) / len(pairs)
    ways = {a > 0 for a, _ in pairs if a} and {b > 0 for _, b in pairs if b}
    if len(ways) < 2:
        return 0
    found = correlated(pairs)
    if found >= TOGETHER or same >= SAME_WAY:
        return 1
    return -1 if found <= -TOGETHER or opposite >= SAME_WAY else 0


def _side_by_side(by_scene: Sequence[Sequence[Mapping[str, float]]], feeling: str) -> int:
    """Return 1 if within scenes a feeling always moves as the marks do, -1 if always against them, else 0."""
    centered: list[tuple[float, float]] = []
    compared = order = 0
    for moves in by_scene:
        pairs = [(each.get(feeling, 0), each.get(MARKS, 0)) for each in moves]
        if not any(felt for felt, _ in pairs):
            continue
        middle = mean([felt for felt, _ in pairs]), mean([marks for _, marks in pairs])
        centered += [(felt - middle[0], marks - middle[1]) for felt, marks in pairs]
        for (felt, marks), (other_felt, other_marks) in combinations(pairs, 2):
            going = (felt - other_felt) * (marks - other_marks)
            compared += marks != other_marks
            order += (going > 0) - (going < 0)
    if compared < FEWEST_COMPARED or len(centered) < FEWEST_RESPONSES:
        return 0
    found = correlated(centered)
    if found >= WITHIN or order >= SAME_ORDER * compared:
        return 1
    return -1 if found <= -WITHIN or order <= -SAME_ORDER * compared else 0


def _pleasing(scenario: Scenario, feeling: str, other: str, way: int, moves: Sequence[Mapping[str, float]]) -> Flaw:
    count = sum(feeling in each or other in each for each in moves)
    marks = "the marks" if other == MARKS else f"the marks on {other}"
    does = "rises and falls with" if way > 0 else "falls as they rise, and rises as they fall:"
    name = _bare(scenario, feeling)
    message = f"`{name}` {does} {marks} in nearly all of {count} responses"
    if way < 0:
        message = f"`{name}` moves against {marks} in nearly all of {count} responses"
    hint = (
        "what is easy to hear is always right here: let some good responses be hard to hear, and some weak ones please"
    )
    return Flaw("move-together", _feeling(feeling), message, hint, Severity.ADVICE, about=name)


def _one_thing(scenario: Scenario, one: str, other: str, way: int, moves: Sequence[Mapping[str, float]]) -> Flaw:
    count = sum(one in each or other in each for each in moves)
    how = "the same way" if way > 0 else "opposite ways"
    if one in DIMENSIONS:
        message = f"the marks on {one} and on {other} go {how} in nearly all of {count} responses"
        hint = "mark each response on what it shows: something can be kind and badly organized, or honest and hard"
        return Flaw("move-together", ("scenes",), message, hint, Severity.ADVICE, about=f"{one}/{other}")
    first, second = _bare(scenario, one), _bare(scenario, other)
    message = f"`{first}` and `{second}` move {how} in nearly all of {count} responses"
    hint = "let some responses move only one of them, or do without the second feeling"
    return Flaw("move-together", _feeling(other), message, hint, Severity.ADVICE, about=second)


def _bare(scenario: Scenario, feeling: str) -> str:
    """Return a feeling as the author writes it: the client's without their name."""
    person, _, name = feeling.partition(".")
    return name if person == scenario.client else feeling


def _feeling(feeling: str) -> Where:
    person, _, name = feeling.partition(".")
    return ("people", person, "feelings", name)
