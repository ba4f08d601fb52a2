"""Whether the best response can be told by how it is written: by its length, or by how carefully it speaks.

A trainee who reads nothing but that should do no better than chance. Over the whole case this is a question of
how often it happens, so it is asked of all scenes together. A single scene is named only where it happens grossly,
and where the weak responses of the case do not stick out just as often.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from simulator.fairness.chance import any_of, at_least, pattern
from simulator.fairness.choices import Choice
from simulator.fairness.words import hedges, length
from simulator.flaw import Flaw, Where
from simulator.problem import Severity
from simulator.scenario import Response

CLEARLY = 1.5
"""A response so many times as long as the next is seen before it is read."""
CLEARLY_WORDS = 6
"""And it has so many words more: between three words and five nobody sees a difference."""
CLEARLY_HEDGES = 3
"""So many careful words, where no other response of the scene has any."""
LIKELY = 0.4
"""Single scenes are named only if that the best sticks out in so many, of those in which one does, is less likely."""
_MOST_SHOWN = 3
"""Scenes that are shown as examples of a pattern."""
_MOST_WORDS = 4

Measure = Callable[[Response], int]


class Look(NamedTuple):
    """One way in which a response can stand out."""

    alone: str
    """What the one is that stands out."""
    among: str
    """And what it is if there are several."""
    measure: Measure
    clearly: Callable[[int, int], bool]
    """Whether the highest measure is grossly higher than the next."""
    slack: int
    """What makes no difference that anybody sees."""
    what: str
    """What is counted, one of them."""
    hint: str


def _far(longer: int, shorter: int) -> bool:
    return longer >= CLEARLY * shorter and longer - shorter >= CLEARLY_WORDS


def _hedging(response: Response) -> int:
    return len(hedges(response.text))


LOOKS = (
    Look(
        "the longest",
        "among the longest",
        lambda response: length(response.text),
        _far,
        1,
        "word",
        "count the words of each response and even them out: shorten the best, or give the others as much to say",
    ),
    Look(
        "the shortest",
        "among the shortest",
        lambda response: -length(response.text),
        lambda most, next_one: _far(-next_one, -most),
        1,
        "word",
        "count the words of each response and even them out: cut the others, or let the best say as much",
    ),
    Look(
        "the one with most careful words",
        "among those with most careful words",
        _hedging,
        lambda most, next_one: most >= CLEARLY_HEDGES and next_one == 0,
        0,
        "careful word",
        "let weak responses speak as carefully: most of what goes wrong is said kindly",
    ),
    Look(
        "the one with fewest careful words",
        "among those with fewest careful words",
        lambda response: -_hedging(response),
        lambda most, next_one: most == 0 and next_one <= -CLEARLY_HEDGES,
        0,
        "careful word",
        "let the best response speak as carefully as the others, or let some of them be as plain",
    ),
)


def flaws(choices: Sequence[Choice]) -> Iterator[Flaw]:
    """Yield how the best responses of a case can be told, if they can."""
    for look in LOOKS:
        told = _pattern(choices, look)
        if told is not None:
            yield told
        else:
            yield from _single(choices, look)


def _top(choice: Choice, look: Look) -> list[str]:
    """Return the responses that have most of something; none if all are alike."""
    counts = {name: look.measure(response) for name, response in choice.responses.items()}
    most = max(counts.values())
    found = [name for name, count in counts.items() if count >= most - look.slack]
    return found if len(found) < len(counts) else []


def _pattern(choices: Sequence[Choice], look: Look) -> Flaw | None:
    """Return what is to be said if the best stands out in more scenes than chance would have it."""
    chances: list[float] = []
    hits: list[tuple[Choice, str, bool]] = []
    for choice in choices:
        top = _top(choice, look)
        if top:
            chances.append(any_of(len(choice.best), len(top), len(choice.responses)))
            hits += [(choice, name, len(top) == 1) for name in top if name in choice.best][:1]
    if not pattern(len(hits), chances):
        return None
    is_one = look.alone if all(alone for _, _, alone in hits) else look.among
    message = (
        f"in {len(hits)} of {len(chances)} scenes the best response is {is_one}; "
        f"by chance it would be in about {round(sum(chances))}"
    )
    also = tuple((_where(choice, name), _shown(choice, name, look)) for choice, name, _ in hits[:_MOST_SHOWN])
    return Flaw("best-stands-out", ("scenes",), message, look.hint, Severity.ADVICE, also=also)


def _single(choices: Sequence[Choice], look: Look) -> Iterator[Flaw]:
    """Yield scenes in which the best sticks out grossly, unless weak ones do so just as often."""
    chances: list[float] = []
    hits: list[tuple[Choice, str]] = []
    for choice in choices:
        counts = {name: look.measure(response) for name, response in choice.responses.items()}
        top = max(counts, key=counts.__getitem__)
        first, second = sorted(counts.values(), reverse=True)[:2]
        if look.clearly(first, second):
            chances.append(len(choice.best) / len(counts))
            hits += [(choice, top)] if top in choice.best else []
    if at_least(len(hits), chances) >= LIKELY:
        return
    for choice, name in hits:
        message = f"`{name}` is the best response of its scene and by far {look.alone}: {_shown(choice, name, look)}"
        yield Flaw("best-stands-out", _where(choice, name), message, look.hint, Severity.ADVICE)


def _where(choice: Choice, name: str) -> Where:
    return ("scenes", choice.scene.id, "responses", name)


def _shown(choice: Choice, name: str, look: Look) -> str:
    """Say how much of something a response has, and how much the others."""
    counts = {each: abs(look.measure(response)) for each, response in choice.responses.items()}
    mine = counts.pop(name)
    least, most = min(counts.values()), max(counts.values())
    others = f"{least}" if least == most else f"{least} to {most}"
    said = f"{mine} {look.what}{'' if mine == 1 else 's'}"
    if look.what != LOOKS[0].what and mine:
        listed = list(dict.fromkeys(hedges(choice.responses[name].text)))[:_MOST_WORDS]
        said += f" ({', '.join(f'`{each}`' for each in listed)})"
    return f"{said}, {'the other' if len(counts) == 1 else 'the others'} {others}"
