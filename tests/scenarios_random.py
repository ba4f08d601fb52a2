"""Small random cases that use the whole format, and random ways through them.

Made as an author would write them, as text, so that whatever is tried on them goes through the loader too.
The same seed gives the same case.
"""

from __future__ import annotations

import random

from simulator.session import Chose, Consulted, Event, Read, Session, Wrote

FACTS = ("promised", "left", "asked")
DOCUMENTS = ("letter", "form")
POINTS = ("soon", "late")
FEELINGS = ("trust", "tension", "gus.trust")
INDICATORS = ("rapport.empathy", "rapport.limits", "organization.records", "ethics.safety", "ethics.privacy")
LEVELS = ("harmful", "poor", "acceptable", "best")
ENDINGS = ("good-end", "bad-end")


class Author:
    """Writes one case; keeps track of what can be asked about."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.scenes = [f"s{number}" for number in range(self.rng.randint(3, 6))]
        self.kinds = {
            scene: self.rng.choice(("talk", "talk", "talk", "tell", "fork", "write")) for scene in self.scenes
        }
        self.kinds[self.scenes[0]] = self.rng.choice(("talk", "fork", "tell"))
        self.responses = {
            scene: [f"r{number}" for number in range(self.rng.randint(1, 4))]
            for scene in self.scenes
            if self.kinds[scene] == "talk"
        }
        self.consulting = [scene for scene in self.responses if self.rng.random() < 0.5]

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
            'clock: {start: "10:00", points: {soon: "10:05", late: "10:12"}}',
            "facts: {promised: Promised., left: Left., asked: Asked.}",
            "documents:",
            f"  letter: {{title: A letter, minutes: {rng.randint(0, 4)}, text: No.}}",
            "  form: {title: A form, text: Yes.}",
            "criticals:",
            *self._critical("first-critical"),
            *self._critical("second-critical"),
            f"start: {self.scenes[0]}",
            "scenes:",
        ]
        for number, scene in enumerate(self.scenes):
            lines += self._scene(number, scene)
        lines.append("endings:")
        for ending in ENDINGS:
            lines += [f"  {ending}:", f"    title: {ending}", "    text: Over.", *self._outcomes()]
        return "\n".join(lines) + "\n"

    def _maybe(self, chance: float, *lines: str) -> tuple[str, ...]:
        return lines if self.rng.random() < chance else ()

    def _critical(self, name: str) -> list[str]:
        rng = self.rng
        cues = rng.sample([*self.scenes, *DOCUMENTS], rng.randint(1, 2))
        at = self._maybe(0.5, f"    at: [{', '.join(rng.sample(self.scenes, rng.randint(1, 2)))}]")
        return [f"  {name}:", f"    cue: [{', '.join(cues)}]", f"    when: {self.condition()}", *at, "    why: So."]

    def _scene(self, number: int, scene: str) -> list[str]:
        rng = self.rng
        kind = self.kinds[scene]
        lines = [
            f"  {scene}:",
            *self._maybe(0.4, f"    phase: {rng.choice(('preparation', 'meeting', 'wrap-up'))}"),
            *self._maybe(0.3, "    with: gus"),
            *self._changes("    "),
            *self._outcomes(),
        ]
        # Junctions lead forward only, so that they are never a circle; other scenes may lead back.
        forward = [*self.scenes[number + 1 :] * 3, *ENDINGS]
        anywhere = [*self.scenes, *ENDINGS, *forward]
        match kind:
            case "talk":
                lines += self._text("    ", rng.choice(("text", "says")))
                lines += self._maybe(0.5, "    offers: [documents]")
                if scene in self.consulting:
                    lines += ["    consult: Ask.", *self._maybe(0.5, f"    consult-minutes: {rng.randint(0, 4)}")]
                lines += self._next("    ", anywhere)
                lines.append("    responses:")
                for response in self.responses[scene]:
                    lines += self._response(response, anywhere)
                if rng.random() < 0.9:
                    lines.append(f"      out: {{do: Leave., again: true, next: {rng.choice(forward)}}}")
            case "tell":
                lines += [*self._text("    ", "text"), *self._next("    ", forward)]
            case "write":
                lines += ["    write:", "      prompt: Write.", f"      minutes: {rng.randint(0, 6)}"]
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
            *self._maybe(0.4, f"{space}minutes: {rng.randint(0, 5)}"),
            *self._changes(space),
            *(self._next(space, places) if rng.random() < 0.6 else ()),
            *self._maybe(0.3, f"{space}again: {rng.choice(('true', '2', '3'))}"),
        ]

    def _feels(self) -> str:
        names = self.rng.sample(["ruth.trust", "ruth.tension", "gus.trust"], self.rng.randint(1, 2))
        return ", ".join(f"{name}: {self.rng.randint(-6, 6)}" for name in names)

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

    def condition(self, depth: int = 2) -> str:
        """Return a condition about anything that the case has."""
        rng = self.rng
        if depth and rng.random() < 0.35:
            parts = [self.condition(depth - 1) for _ in range(2)]
            return rng.choice(("not ({0})", "({0} and {1})", "({0} or {1})", "({0} and not {1})")).format(*parts)
        chosen = [f"chose({scene}/{name})" for scene, names in self.responses.items() for name in names]
        chosen += [f"chose({name})" for names in self.responses.values() for name in names]
        consulted = [f"consulted({scene})" for scene in self.consulting] + ["consulted()"] * bool(self.consulting)
        kinds = (
            FACTS,
            [f"read({document})" for document in DOCUMENTS],
            [f"visited({scene})" for scene in self.scenes],
            [f"before({point})" for point in POINTS],
            [f"{name} {rng.choice(('>=', '<=', '<', '>', '=', '!='))} {rng.randint(0, 10)}" for name in FEELINGS],
            [f"minutes_left({point}) >= {rng.randint(-2, 8)}" for point in POINTS],
            chosen,
            consulted,
        )
        return rng.choice(rng.choice([kind for kind in kinds if kind]))


def random_case(seed: int) -> str:
    """Write the case of a seed."""
    return Author(seed).case()


def play_on(session: Session, rng: random.Random) -> Session:
    """Decide anything that can be decided; the session must be neither over nor stuck."""
    here = session.scene
    assert here is not None
    events: list[Event] = [Chose(here.id, response.id) for response in session.responses]
    events += [Read(here.id, document.id) for document in session.unread]
    events += [Consulted(here.id)] * session.can_consult
    events += [Wrote(here.id, "A note.")] * (here.write is not None)
    return session.act(rng.choice(events))


def play_through(session: Session, rng: random.Random, most: int = 40) -> Session:
    """Go on until it is over, stuck, or long enough."""
    for _ in range(most):
        if session.ending is not None or session.stuck:
            break
        session = play_on(session, rng)
    return session
