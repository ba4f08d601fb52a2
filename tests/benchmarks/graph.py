"""One made-up case for benchmarks: thirty scenes, three responses each, some with conditions; the same every time.

As a `Scenario`, as the text of a scenario file, and as ink for inkjs, so that all of them play the same graph:
each scene leads one to three scenes on, each response moves three numbers, and the numbers decide what is offered.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace

from simulator.condition import All, Compare, Condition, Quantity
from simulator.scenario import Ending, Feeling, Person, Response, Route, Scenario, Scene, Variant

SEED = 30
NUMBERS = ("rapport", "organization", "ethics")
START, WIDEST = 50, 500
"""Where the numbers start, and how far they may go: so far that nothing is ever cut off, as in ink."""
WORDS = (
    "she he they asks waits answers explains letter office rent form deadline meeting supervisor folder chair window",
    "quiet again today tomorrow before after without because although never often signature appeal budget visit",
)


@dataclass(frozen=True)
class Option:
    """A response."""

    text: str
    reaction: str
    changes: tuple[int, int, int]
    to: int
    """The number of the scene it leads to; the number of scenes: the end."""
    needs: tuple[tuple[str, str, int], ...]
    """What must hold: a number, an operator and a value, all of them."""


@dataclass(frozen=True)
class Moment:
    """A scene."""

    text: str
    options: tuple[Option, ...]


def graph(scenes: int = 30, seed: int = SEED) -> list[Moment]:
    """Draw a graph in which some way leads to every scene."""
    rng = random.Random(seed)
    drawn: list[Moment] = []
    for number in range(scenes):
        if number and not any(option.to == number for before in drawn[-3:] for option in before.options):
            *others, last = drawn[-1].options
            drawn[-1] = replace(drawn[-1], options=(*others, replace(last, to=number)))
        drawn.append(Moment(_sentence(rng, 20), tuple(_options(rng, number, scenes))))
    return drawn


def _sentence(rng: random.Random, words: int) -> str:
    known = " ".join(WORDS).split()
    return " ".join(rng.choice(known) for _ in range(words)).capitalize() + "."


def _options(rng: random.Random, number: int, scenes: int) -> Iterator[Option]:
    for place in range(3):
        needs: tuple[tuple[str, str, int], ...] = ()
        if place == 1 and rng.random() < 0.6:
            needs = ((rng.choice(NUMBERS), rng.choice((">=", "<")), START + rng.randint(-4, 4)),)
        elif place == 2 and rng.random() < 0.25:
            needs = (("rapport", ">=", START - 2), ("ethics", "<", START + 10))
        # The first option needs nothing, so that there is always a way on.
        farthest = 2 if place == 0 else 3
        yield Option(
            text=_sentence(rng, 9),
            reaction=_sentence(rng, 8),
            changes=(rng.randint(-5, 5), rng.randint(-5, 5), rng.randint(-5, 5)),
            to=min(scenes, number + rng.randint(1, farthest)),
            needs=needs,
        )


def as_scenario(moments: list[Moment]) -> Scenario:
    """Make a case of a graph."""
    end = len(moments)

    def place(number: int) -> str:
        return f"k{number}" if number < end else "finale"

    def when(option: Option) -> Condition | None:
        parts = tuple(
            Compare(Quantity("feeling", f"client.{name}"), operator, value) for name, operator, value in option.needs
        )
        return parts[0] if len(parts) == 1 else All(parts) if parts else None

    return Scenario(
        id="benchmark",
        title="A benchmark",
        version="1.0.0",
        summary="Made up.",
        people={
            "client": Person("client", "Somebody", feelings={name: Feeling(START, -WIDEST, WIDEST) for name in NUMBERS})
        },
        client="client",
        start="k0",
        scenes={
            place(number): Scene(
                id=place(number),
                person="client",
                text=(Variant(moment.text),),
                responses={
                    f"c{index}": Response(
                        id=f"c{index}",
                        text=option.text,
                        next=(Route(place(option.to)),),
                        when=when(option),
                        then=(Variant(option.reaction),),
                        feels={f"client.{name}": change for name, change in zip(NUMBERS, option.changes, strict=True)},
                    )
                    for index, option in enumerate(moment.options)
                },
            )
            for number, moment in enumerate(moments)
        },
        endings={
            "finale": Ending(
                "finale",
                "The end",
                (
                    Variant("It went well.", Compare(Quantity("feeling", "client.ethics"), ">=", START)),
                    Variant("It did not go well."),
                ),
            )
        },
    )


def as_ink(moments: list[Moment]) -> str:
    """Write a graph as a story for ink."""
    lines = [f"VAR {name} = {START}" for name in NUMBERS] + ["-> k0"]
    for number, moment in enumerate(moments):
        lines += [f"== k{number} ==", moment.text]
        for option in moment.options:
            needs = " and ".join(f"{name} {operator} {value}" for name, operator, value in option.needs)
            lines.append(f"+ {'{' + needs + '} ' if needs else ''}[{option.text}]")
            lines.append(f"    {option.reaction}")
            for name, change in zip(NUMBERS, option.changes, strict=True):
                lines.append(f"    ~ {name} = {name} {'-' if change < 0 else '+'} {abs(change)}")
            lines.append(f"    -> {f'k{option.to}' if option.to < len(moments) else 'finale'}")
    lines += ["== finale ==", f"{{ethics >= {START}: It went well. | It did not go well.}}", "-> END"]
    return "\n".join(lines) + "\n"


def as_yaml(moments: list[Moment]) -> Iterator[str]:
    """Write a graph as a scenario file, piece by piece: with marks, feelings and conditions, and shorter texts."""
    rng = random.Random(SEED)
    indicators = ("rapport.empathy", "rapport.limits", "organization.records", "ethics.privacy")
    yield "scenario: benchmark\ntitle: A benchmark\nversion: 1.0.0\nsummary: Made up.\n"
    feelings = ", ".join(f"{name}: 5" for name in NUMBERS)
    yield f"people:\n  client:\n    name: Somebody\n    feelings: {{{feelings}}}\nclient: client\nstart: k0\nscenes:\n"
    for number, moment in enumerate(moments):
        yield f"  k{number}:\n    text: {' '.join(moment.text.split()[:12])}\n    responses:\n"
        for index, option in enumerate(moment.options):
            needs = " and ".join(
                f"{name} {operator} {5 + (value - START) // 5}" for name, operator, value in option.needs
            )
            yield f"      c{index}:\n        say: {' '.join(option.text.split()[:6])}\n"
            yield f"        when: {needs}\n" if needs else ""
            if index == 0:
                yield f"        marks: {{{rng.choice(indicators)}: {rng.choice(('poor', 'acceptable', 'best'))}}}\n"
            elif index == 1:
                yield f"        feels: {{{NUMBERS[0]}: {option.changes[0]}, {NUMBERS[1]}: {option.changes[1]}}}\n"
            yield f"        next: {f'k{option.to}' if option.to < len(moments) else 'finale'}\n"
    yield "endings:\n  finale:\n    title: The end\n    text: It is over.\n"
