"""Small random cases that use the whole format, and random ways through them.

Made as an author would write them, as text, so that whatever is tried on them goes through the loader too.
The same seed gives the same case.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from simulator.session import Chose, Consulted, Event, Ranked, Read, Selected, Session, Wrote

FACTS = ("promised", "left", "asked")
DOCUMENTS = ("letter", "form", "directory")
POINTS = ("soon", "late")
FEELINGS = ("trust", "tension", "gus.trust")
INDICATORS = ("rapport.empathy", "rapport.limits", "organization.records", "ethics.safety", "ethics.privacy")
LEVELS = ("harmful", "poor", "acceptable", "best")
ENDINGS = ("good-end", "bad-end")


@dataclass(frozen=True, slots=True)
class Size:
    """How large a case may become; each pair is the fewest and the most."""

    scenes: tuple[int, int] = (3, 6)
    responses: tuple[int, int] = (1, 4)
    options: tuple[int, int] = (2, 4)
    items: tuple[int, int] = (2, 4)
    points: tuple[int, int] = (5, 12)
    """When the two points of the clock are, in minutes from its start."""
    left: tuple[int, int] = (-2, 8)
    """The minutes left that conditions compare with."""
    left_operators: tuple[str, ...] = (">=",)
    longest: int = 6
    """The most minutes that one thing takes."""
    step: int = 6
    """The most by which a feeling moves at once."""
    way_out: float = 0.9
    """The share of scenes with responses that have one that can always be taken."""
    plain: float = 0.0
    """The share of options and pairs that change nothing and are only marked."""
    clockless: float = 0.0
    """The share of cases without a clock."""
    day: bool = False
    """Whether there are tasks, and interrupts."""


USUAL = Size()
SMALL = Size(
    scenes=(2, 5),
    responses=(1, 3),
    options=(2, 3),
    items=(2, 3),
    points=(2, 5),
    left=(-1, 3),
    left_operators=(">=", "<", ">", "<=", "=", "!="),
    longest=2,
    step=4,
    way_out=0.75,
    plain=0.4,
    clockless=0.2,
)
"""Small enough for every play of most of them to be played."""


DAY = replace(SMALL, scenes=(2, 4), responses=(1, 2), clockless=0.0, longest=3, points=(2, 6), day=True)
"""As small, with tasks and interrupts."""
TASKS = ("call", "packet")
INTERRUPTS = {"knock": 2, "ring": 1}
"""How many scenes each leads through."""


class Author:
    """Writes one case; keeps track of what can be asked about."""

    def __init__(self, seed: int, size: Size = USUAL) -> None:
        self.rng = random.Random(seed)
        self.size = size
        self.clock = not size.clockless or self.rng.random() >= size.clockless
        self.scenes = [f"s{number}" for number in range(self.rng.randint(*size.scenes))]
        self.kinds = {
            scene: self.rng.choice(("talk", "talk", "talk", "select", "select", "rank", "tell", "fork", "write"))
            for scene in self.scenes
        }
        self.kinds[self.scenes[0]] = self.rng.choice(("talk", "select", "rank", "fork", "tell"))
        self.responses = {
            scene: [f"r{number}" for number in range(self.rng.randint(*size.responses))]
            for scene in self.scenes
            if self.kinds[scene] == "talk"
        }
        self.options = {
            scene: [f"o{number}" for number in range(self.rng.randint(*size.options))]
            for scene in self.scenes
            if self.kinds[scene] == "select"
        }
        self.inside = {
            name: [f"{name}-{number}" for number in range(count)] for name, count in INTERRUPTS.items() if size.day
        }
        for scene in (each for scenes in self.inside.values() for each in scenes):
            self.kinds[scene] = self.rng.choice(("talk", "talk", "select", "tell", "fork"))
            if self.kinds[scene] == "talk":
                self.responses[scene] = [f"r{number}" for number in range(self.rng.randint(*size.responses))]
            elif self.kinds[scene] == "select":
                self.options[scene] = ["o0", "o1"]
        self.tasks: tuple[str, ...] = ()
        """Those that conditions may ask for."""
        decided = [scene for scene in self.scenes if self.kinds[scene] in ("talk", "select", "rank")]
        self.consulting = [scene for scene in decided if self.rng.random() < 0.5]

    def case(self) -> str:
        """Return the whole case."""
        rng = self.rng
        lines = [
            "scenario: random-case",
            "title: A random case",
            "version: 1.0.0",
            "summary: Made by chance.",
            "people:",
            f"  ruth: {{name: Ruth, feelings: {{trust: {rng.randint(0, 10)}, tension: {rng.randint(0, 10)}}}}}",
            f"  gus: {{name: Gus, feelings: {{trust: {rng.randint(0, 10)}}}}}",
            "client: ruth",
            *self._clock(),
            "facts: {promised: Promised., left: Left., asked: Asked.}",
            "documents:",
            f"  letter: {{title: A letter, minutes: {self._minutes(4)}, text: No.}}",
            "  form: {title: A form, text: Yes.}",
            "directory:",
            *self._maybe(0.7, f"  minutes: {self._minutes(4)}"),
            "  entries: {legal-aid: {service: Advice, contact: 555-0123, last-verified: 2025-02-10}}",
            "criticals:",
            *self._critical("first-critical"),
            *self._critical("second-critical"),
            *(self._day() if self.size.day else ()),
            f"start: {self.scenes[0]}",
            "scenes:",
        ]
        for number, scene in enumerate(self.scenes):
            lines += self._scene(scene, [*self.scenes, *ENDINGS], self.scenes[number + 1 :] * 3, ENDINGS)
        for inside in self.inside.values():
            over = ("back", "back", "back", *self.rng.sample(ENDINGS, self.rng.choice((0, 0, 1))))
            for number, scene in enumerate(inside):
                lines += self._scene(scene, [*inside, *over], inside[number + 1 :] * 3, over)
        lines.append("endings:")
        for ending in ENDINGS:
            lines += [f"  {ending}:", f"    title: {ending}", "    text: Over.", *self._outcomes()]
        return "\n".join(lines) + "\n"

    def _clock(self) -> list[str]:
        soon, late = self.size.points
        return [f'clock: {{start: "10:00", points: {{soon: "10:{soon:02}", late: "10:{late:02}"}}}}'] * self.clock

    def _day(self) -> list[str]:
        """Return tasks and interrupts; from here on conditions may ask for tasks."""
        rng = self.rng
        lines = ["tasks:"]
        for name in TASKS:
            lines += [
                f"  {name}:",
                "    title: Something to do",
                *self._maybe(0.8, f"    due: {rng.choice(POINTS)}"),
                *self._maybe(0.4, f"    when: {self.condition()}"),
                f"    done-when: {self.condition()}",
                *self._maybe(0.7, "    undone:", f"      marks: {self._given()}", "      why: It was left."),
            ]
        self.tasks = TASKS
        lines.append("interrupts:")
        for name, inside in self.inside.items():
            places = rng.sample([*self.scenes, "preparation", "meeting"], rng.randint(1, 2))
            lines += [
                f"  {name}:",
                f"    at: {rng.choice(POINTS)}" if rng.random() < 0.4 else f'    at: "10:0{rng.randint(0, 5)}"',
                *self._maybe(0.4, f"    when: {self.condition()}"),
                *self._maybe(0.5, f"    in: [{', '.join(places)}]"),
                f"    scene: {inside[0]}",
            ]
        return lines

    def _maybe(self, chance: float, *lines: str) -> tuple[str, ...]:
        return lines if self.rng.random() < chance else ()

    def _critical(self, name: str) -> list[str]:
        rng = self.rng
        cues = rng.sample([*self.scenes, *DOCUMENTS], rng.randint(1, 2))
        at = self._maybe(0.5, f"    at: [{', '.join(rng.sample(self.scenes, rng.randint(1, 2)))}]")
        return [f"  {name}:", f"    cue: [{', '.join(cues)}]", f"    when: {self.condition()}", *at, "    why: So."]

    def _minutes(self, most: int) -> int:
        return self.rng.randint(0, min(most, self.size.longest))

    def _scene(self, scene: str, places: list[str], later: list[str], over: Sequence[str]) -> list[str]:
        rng = self.rng
        kind = self.kinds[scene]
        lines = [
            f"  {scene}:",
            *("    hub: true",) * (self.size.day and scene == self.scenes[0]),
            *self._maybe(0.4, f"    phase: {rng.choice(('preparation', 'meeting', 'wrap-up'))}"),
            *self._maybe(0.3, "    with: gus"),
            *self._maybe(0.3, f"    feels: {{{self._feels()}}}"),
            *self._changes("    "),
            *self._outcomes(),
        ]
        # Junctions lead forward only, so that they are never a circle; other scenes may lead back.
        forward = [*later, *over]
        anywhere = [*places, *forward]
        match kind:
            case "talk":
                lines += [*self._around(scene), *self._next("    ", anywhere), "    responses:"]
                for response in self.responses[scene]:
                    lines += self._response(response, anywhere)
                if rng.random() < self.size.way_out:
                    lines.append(f"      out: {{do: Leave., again: true, next: {rng.choice(forward)}}}")
            case "select":
                lines += [*self._around(scene), *self._select(scene), *self._next("    ", anywhere)]
            case "rank":
                lines += [*self._around(scene), *self._rank(), *self._next("    ", anywhere)]
            case "tell":
                lines += [*self._text("    ", "text"), *self._voices(), *self._next("    ", forward)]
                lines += self._maybe(0.4, f"    minutes: {self._minutes(5)}")
            case "write":
                lines += ["    write:", "      prompt: Write.", f"      minutes: {self._minutes(6)}"]
                lines += self._next("    ", forward)
            case _:
                lines += self._next("    ", forward)
        return lines

    def _response(self, name: str, places: list[str]) -> list[str]:
        rng = self.rng
        space = " " * 8
        return [
            f"      {name}:",
            f"{space}{rng.choice(('say', 'do'))}: Something.",
            *self._maybe(0.4, f"{space}when: {self.condition()}"),
            *(self._text(space, "then") if rng.random() < 0.4 else ()),
            *self._marks(space),
            *self._maybe(0.5, f"{space}feels: {{{self._feels()}}}"),
            *self._maybe(0.4, f"{space}minutes: {self._minutes(5)}"),
            *self._changes(space),
            *(self._next(space, places) if rng.random() < 0.6 else ()),
            *self._maybe(0.3, f"{space}again: {rng.choice(('true', '2', '3'))}"),
        ]

    def _around(self, scene: str) -> list[str]:
        """Return what there is to see and hear, to open and to ask, where something is to be decided."""
        rng = self.rng
        lines = [*self._text("    ", rng.choice(("text", "says"))), *self._voices()]
        lines += self._maybe(0.5, f"    offers: [{rng.choice(('documents', 'directory', 'documents, directory'))}]")
        if scene in self.consulting:
            lines += [*self._consult(), *self._maybe(0.5, f"    consult-minutes: {self._minutes(4)}")]
        return lines

    def _voices(self) -> list[str]:
        rng = self.rng
        lines = ["    voices:"] * (rng.random() < 0.4)
        for _ in range(len(lines) and rng.randint(1, 2)):
            lines += [f"      - who: {rng.choice(('ruth', 'gus'))}", *self._text("        ", "says")]
        return lines

    def _consult(self) -> list[str]:
        rng = self.rng
        if rng.random() < 0.4:
            return ["    consult: Ask."]
        wordings = [
            f"      - {{if: {self.condition()}, {rng.choice(('say: Ask then.', 'away: In court.'))}}}"
            for _ in range(rng.randint(1, 2))
        ]
        return ["    consult:", *wordings, *self._maybe(0.5, rng.choice(("      - Ask.", "      - away: At home.")))]

    def _select(self, scene: str) -> list[str]:
        rng = self.rng
        options = self.options[scene]
        least = rng.randint(0, len(options))
        lines = [
            "    select:",
            "      prompt: Which of these?",
            *((f"      least: {least}",) if least != 1 else ()),
            *self._maybe(0.5, f"      most: {rng.randint(max(1, least), len(options))}"),
            *self._maybe(0.4, f"      minutes: {self._minutes(5)}"),
            *(self._text("      ", "then") if rng.random() < 0.5 else ()),
            "      options:",
        ]
        for option in options:
            lines += self._option(option)
        return lines

    def _option(self, name: str) -> list[str]:
        rng = self.rng
        space = " " * 10
        left = [
            (),
            (f"{space}left-out: {{marks: {self._given()}, why: Left out.}}",),
            (
                f"{space}left-out:",
                f"{space}  - {{when: {self.condition()}, give: {self._given()}, why: Left out then.}}",
                *self._maybe(0.5, f"{space}  - {{give: {self._given()}}}"),
            ),
        ]
        return [
            f"        {name}:",
            f"{space}{rng.choice(('say', 'do'))}: Something.",
            *self._maybe(0.4, f"{space}when: {self.condition()}"),
            *self._marks(space),
            *rng.choice(left),
            *self._done(space),
        ]

    def _done(self, space: str) -> list[str]:
        """Return what comes of picking something, besides its marks."""
        rng = self.rng
        if self._plain():
            return []
        return [
            *(self._text(space, "then") if rng.random() < 0.3 else ()),
            *self._maybe(0.4, f"{space}feels: {{{self._feels()}}}"),
            *self._maybe(0.4, f"{space}minutes: {self._minutes(5)}"),
            *self._changes(space),
        ]

    def _rank(self) -> list[str]:
        rng = self.rng
        items = [f"i{number}" for number in range(rng.randint(*self.size.items))]
        pairs = [pair for pair in combinations(rng.sample(items, len(items)), 2) if rng.random() < 0.7]
        lines = [
            "    rank:",
            "      prompt: In which order?",
            *self._maybe(0.4, f"      minutes: {self._minutes(5)}"),
            *(self._text("      ", "then") if rng.random() < 0.5 else ()),
            f"      items: {{{', '.join(f'{item}: Something' for item in items)}}}",
            *(("      pairs:",) if pairs else ()),
        ]
        for first, second in pairs:
            lines += [f"      - this: {first}", f"        before: {second}", *self._shown("        ")]
            if rng.random() < 0.6:
                lines += ["        reverse:", f"          sets: {rng.choice(FACTS)}", *self._shown("          ")[:-1]]
        return lines

    def _shown(self, space: str) -> list[str]:
        rng = self.rng
        if self._plain():
            return [f"{space}marks: {self._given()}", f"{space}why: It comes first."]
        return [
            *self._maybe(0.7, f"{space}marks: {self._given()}"),
            *self._maybe(0.5, f"{space}why: It comes first."),
            *((f"{space}sets: {rng.choice(FACTS)}",) if rng.random() < 0.4 else (f"{space}sets: [promised, asked]",)),
        ]

    def _plain(self) -> bool:
        return bool(self.size.plain) and self.rng.random() < self.size.plain

    def _feels(self) -> str:
        names = self.rng.sample(["ruth.trust", "ruth.tension", "gus.trust"], self.rng.randint(1, 2))
        return ", ".join(f"{name}: {self.rng.randint(-self.size.step, self.size.step)}" for name in names)

    def _changes(self, space: str) -> list[str]:
        facts = self.rng.sample(FACTS, 2)
        return [*self._maybe(0.3, f"{space}sets: {facts[0]}"), *self._maybe(0.3, f"{space}clears: [{facts[1]}]")]

    def _text(self, space: str, key: str) -> list[str]:
        if self.rng.random() < 0.6:
            return [f"{space}{key}: Always this."]
        return [f"{space}{key}:", f"{space}  - if: {self.condition()}", f"{space}    say: This.", f"{space}  - That."]

    def _next(self, space: str, places: list[str]) -> list[str]:
        rng = self.rng
        if rng.random() < 0.5:
            return [f"{space}next: {rng.choice(places)}"]
        routes = [
            f"{space}  - {{when: {self.condition()}, to: {rng.choice(places)}}}" for _ in range(rng.randint(1, 2))
        ]
        return [f"{space}next:", *routes, f"{space}  - {{to: {rng.choice(places)}}}"]

    def _given(self) -> str:
        chosen = self.rng.sample(INDICATORS, self.rng.randint(1, 3))
        return "{" + ", ".join(f"{name}: {self.rng.choice(LEVELS)}" for name in chosen) + "}"

    def _marks(self, space: str) -> list[str]:
        match self.rng.randrange(4):
            case 0:
                return []
            case 1:
                rules = [f"{space}  - {{when: {self.condition()}, give: {self._given()}, why: For this.}}"]
                rules += self._maybe(0.6, f"{space}  - {{give: {self._given()}}}")
                return [f"{space}marks:", *rules]
            case _:
                return [f"{space}marks: {self._given()}", *self._maybe(0.5, f"{space}why: For that.")]

    def _outcomes(self) -> list[str]:
        count = self.rng.choice((0, 0, 1, 2))
        outcomes = [
            line
            for _ in range(count)
            for line in (
                f"      - marks: {self._given()}",
                *self._maybe(0.8, f"        when: {self.condition()}"),
                *self._maybe(0.5, "        why: Left so."),
            )
        ]
        return ["    outcomes:", *outcomes] if outcomes else []

    def _operator(self) -> str:
        known = self.size.left_operators
        return known[0] if len(known) == 1 else self.rng.choice(known)

    def condition(self, depth: int = 2) -> str:
        """Return a condition about anything that the case has."""
        rng = self.rng
        if depth and rng.random() < 0.35:
            parts = [self.condition(depth - 1) for _ in range(2)]
            return rng.choice(("not ({0})", "({0} and {1})", "({0} or {1})", "({0} and not {1})")).format(*parts)
        named = {**self.responses, **self.options}
        chosen = [f"chose({scene}/{name})" for scene, names in named.items() for name in names]
        chosen += [f"chose({name})" for names in named.values() for name in names]
        consulted = [f"consulted({scene})" for scene in self.consulting] + ["consulted()"] * bool(self.consulting)
        kinds = (
            FACTS,
            [f"read({document})" for document in DOCUMENTS],
            [f"visited({scene})" for scene in self.scenes],
            [f"before({point})" for point in POINTS] * self.clock,
            [f"{name} {rng.choice(('>=', '<=', '<', '>', '=', '!='))} {rng.randint(0, 10)}" for name in FEELINGS],
            [f"minutes_left({point}) {self._operator()} {rng.randint(*self.size.left)}" for point in POINTS]
            * self.clock,
            chosen,
            consulted,
            [f"{kind}({task})" for task in self.tasks for kind in ("done", "missed")],
        )
        return rng.choice(rng.choice([kind for kind in kinds if kind]))


def random_case(seed: int, size: Size = USUAL) -> str:
    """Write the case of a seed."""
    return Author(seed, size).case()


def play_on(session: Session, rng: random.Random) -> Session:
    """Decide anything that can be decided; the session must be neither over nor stuck."""
    here = session.scene
    assert here is not None
    events: list[Event] = [Chose(here.id, response.id) for response in session.responses]
    events += [Read(here.id, document.id) for document in session.unread]
    events += [Consulted(here.id)] * session.can_consult
    events += [Wrote(here.id, "A note.")] * (here.write is not None)
    if here.select is not None:
        offered = {option.id for option in session.options}
        picked = rng.sample(sorted(offered), rng.randint(*session.limits))
        events += [Selected(here.id, tuple(name for name in here.select.options if name in picked))] * 2
    if here.rank is not None:
        events += [Ranked(here.id, tuple(rng.sample(sorted(here.rank.items), len(here.rank.items))))] * 2
    return session.act(rng.choice(events))


def play_through(session: Session, rng: random.Random, most: int = 40) -> Session:
    """Go on until it is over, stuck, or long enough."""
    for _ in range(most):
        if session.ending is not None or session.stuck:
            break
        session = play_on(session, rng)
    return session
