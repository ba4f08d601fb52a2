"""Trainees who never were: any number of people with abilities of their own, and any number of sessions they played.

    python -m tests.trainees FOLDER --people 200 --sessions 20000

The same seed makes the same people, who read, hesitate, write and learn alike. Every decision is made through a
`Session`, and every journal is written line by line as the program writes it; only that nobody waits for the disk in
between. That is what the index is measured with, and what its tests are made of.
"""

from __future__ import annotations

import argparse
import os
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from scoring.rubric import Level, Mark, Rubric
from scoring.scorecard import Award
from simulator import entry
from simulator.archive import keep
from simulator.chain import texts_path
from simulator.deed import body_of
from simulator.journal import KIND, SUFFIX, Header, Origin
from simulator.library import Case, built_in, cases, rubric_at
from simulator.session import Event, Session, start
from simulator.settings import Home
from simulator.source import Source
from simulator.version import VERSION

BEGAN = datetime(2026, 1, 5, 8, tzinfo=UTC)
WORDS = (
    *("client", "asked", "about", "rent", "letter", "appeal", "shelter", "benefits", "appointment", "supervisor"),
    *("plan", "referral", "safety", "consent", "phone", "housing", "landlord", "worried", "calm", "agreed", "next"),
    *("step", "documented", "followed", "waiting", "listened", "explained", "promised"),
)
REVIEWERS = ("sup-ines", "sup-omar", "sup-lena")
_WORTH = {Level.HARMFUL: 0.0, Level.POOR: 1.0, Level.ACCEPTABLE: 2.0, Level.BEST: 3.0}


@dataclass(slots=True)
class Trainee:
    """Somebody who learns."""

    id: str
    ability: float
    """From 0, who picks by chance, to 1, who nearly always sees what is best."""
    reads: float
    """How likely they open a document before they go on."""
    sure: float
    """How much surer they are than they should be."""
    pace: float
    """Seconds that they usually take for a decision."""
    played: dict[str, int] = field(default_factory=dict)
    """How often they came to an ending of each case."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be made up."""

    people: int = 20
    sessions: int = 100
    seed: int = 1
    unfinished: float = 0.08
    again: float = 0.05
    practice: float = 0.0
    """Shares of sessions that are left, begun again from a decision, or practice where the rest is assigned."""
    damaged: int = 0
    """Every so many-th journal has a byte changed; 0: none."""
    reviews: float = 0.0
    """The share of finished sessions that somebody reviewed."""


class Agency:
    """A home, and the people who play in it."""

    def __init__(self, where: Home, wanted: Wanted, library: Sequence[Case] = (), rubric: Source | None = None) -> None:
        loaded = rubric_at()
        assert loaded.value is not None
        assert loaded.source is not None
        self.where = where
        self.wanted = wanted
        self.rubric: Rubric = loaded.value
        self.cases = list(library) or cases((built_in(),), self.rubric)[0]
        self.chance = random.Random(wanted.seed)
        self.clock = BEGAN
        self.made = 0
        self.paths: list[Path] = []
        for folder in (where.journals, where.reviews, where.copies):
            folder.mkdir(parents=True, exist_ok=True)
        keep(where, rubric or loaded.source)
        for case in self.cases:
            keep(where, case.source)
        self.people = [self._trainee(number) for number in range(wanted.people)]

    def _trainee(self, number: int) -> Trainee:
        chance = self.chance
        return Trainee(
            f"p-{number:05x}",
            min(0.95, max(0.05, chance.gauss(0.5, 0.2))),
            chance.uniform(0.1, 0.9),
            chance.gauss(0.0, 0.6),
            chance.lognormvariate(2.3, 0.4),
        )

    def play(self, count: int | None = None) -> list[Path]:
        """Let so many sessions be played; return their journals."""
        return [self.one() for _ in range(self.wanted.sessions if count is None else count)]

    def one(self, *, person: Trainee | None = None, case: Case | None = None) -> Path:
        """Let one session be played; return its journal."""
        chance, wanted = self.chance, self.wanted
        self.clock += timedelta(minutes=chance.expovariate(1 / 25))
        trainee = person or chance.choice(self.people)
        played = case or chance.choice(self.cases)
        self.made += 1
        session = f"{self.clock:%Y%m%d-%H%M%S}-{self.made:09x}"
        purpose = "" if not wanted.practice else "practice" if chance.random() < wanted.practice else "assigned"
        header = Header(
            session=session,
            scenario=played.scenario.id,
            version=played.scenario.version,
            scenario_hash=played.source.hash,
            rubric_hash=self.rubric.hash,
            seed=chance.randrange(2**32),
            person=trainee.id,
            feedback=chance.choice(("each", "end")),
            program=VERSION,
            confidence=chance.random() < 0.7,
            purpose=purpose,
        )
        whole = list(self._events(trainee, played, header))
        if chance.random() < wanted.unfinished:
            whole = whole[: chance.randrange(len(whole))]
        elif chance.random() < wanted.again and len(whole) > 2:
            header = replace(header, again=Origin("somebodys-earlier", chance.randrange(2, len(whole))))
        else:
            trainee.played[played.scenario.id] = trainee.played.get(played.scenario.id, 0) + 1
        lines = list(self._times(trainee, header, whole))
        path = self.where.journals / f"{session}{SUFFIX}"
        written = write_chain(path, lines)
        if wanted.damaged and not self.made % wanted.damaged:
            _damage(path, chance)
        elif chance.random() < wanted.reviews and (finished := self._finished(played, whole)):
            self.review(session, written[-1].hash, finished)
        self.paths.append(path)
        return path

    def _finished(self, case: Case, events: Sequence[Event]) -> Session | None:
        session = start(case.scenario, 0)
        for event in events:
            session = session.act(event)
        return session if session.ending else None

    # -- how they decide ----------------------------------------------------------------------------

    def _events(self, trainee: Trainee, case: Case, header: Header) -> Iterator[Event]:
        # Who has seen the debrief chooses better.
        skill = 1 - (1 - trainee.ability) * 0.75 ** trainee.played.get(case.scenario.id, 0)
        session = start(case.scenario, header.seed)
        while session.ending is None and not session.stuck:
            session = self._next(session, trainee, skill, header.confidence)
            yield session.events[-1]

    def _next(self, session: Session, trainee: Trainee, skill: float, asked: bool) -> Session:
        chance = self.chance
        if session.unread and chance.random() < trainee.reads / 2:
            return session.read(chance.choice(session.unread).id)
        if session.can_consult and chance.random() < 0.08:
            return session.consult()
        if session.scene is not None and session.scene.write:
            return session.write(self._note())
        sure = self._sure(trainee, skill) if asked else 0
        if session.options:
            least, most = session.limits
            picked = chance.sample([each.id for each in session.options], chance.randint(least, most))
            return session.select(picked, sure)
        if session.items:
            return session.rank(chance.sample(list(session.items), len(session.items)), sure)
        offered = session.responses
        if not offered:
            return session.read(session.unread[0].id) if session.unread else session.consult()
        if len(offered) < 2:
            sure = 0
        if chance.random() < skill:
            return max((session.choose(each.id, sure) for each in offered), key=lambda after: _good(after.awards))
        return session.choose(chance.choice(offered).id, sure)

    def _sure(self, trainee: Trainee, skill: float) -> int:
        return min(4, max(1, round(1.5 + 2 * skill + self.chance.gauss(trainee.sure, 0.7))))

    def _note(self) -> str:
        return " ".join(self.chance.choices(WORDS, k=self.chance.randint(8, 60))).capitalize() + "."

    def _times(self, trainee: Trainee, header: Header, events: Sequence[Event]) -> Iterator[Line]:
        at = self.clock
        yield Line(_header_body(header), at)
        for number, event in enumerate(events, 1):
            if header.again is None or number > header.again.taken_over:
                at += timedelta(seconds=self.chance.lognormvariate(0, 0.7) * trainee.pace)
                if self.chance.random() < 0.002:
                    at += timedelta(minutes=45)
            body, text = body_of(event)
            yield Line(body, at, text)
        if self.chance.random() < 0.1:
            yield Line({"event": "reflected"}, at + timedelta(seconds=90), self._note())

    # -- those who review ---------------------------------------------------------------------------

    def review(self, session: str, head: str, finished: Session, reviewer: str = "") -> Path:
        """Let somebody review a session: comment, override a mark, rate what was written, sign off or send back."""
        chance = self.chance
        who = reviewer or chance.choice(REVIEWERS)
        at = self.clock + timedelta(hours=chance.uniform(1, 48))
        lines = [Line({"kind": "review", "session": session, "reviewer": who}, at)]
        trail = finished.trail
        marked = [
            (number, place, mark)
            for number, moment in enumerate(trail)
            for place, award in enumerate(moment.awards)
            for mark in award.marks
        ]
        if marked and chance.random() < 0.3:
            number, place, mark = chance.choice(marked)
            to = chance.choice([level for level in Level if level is not mark.level])
            said = {"event": "overrode", "decision": number, "award": place, "indicator": mark.indicator}
            lines.append(Line({**said, "from": mark.level.value, "to": to.value}, at, self._note()))
        for number, moment in enumerate(trail[1:], 1):
            write = trail[number - 1].scene.write if trail[number - 1].scene else None  # type: ignore[union-attr]
            del moment
            for indicator in write.rated_on if write else ():
                level = chance.choice(list(Level)).value
                lines.append(Line({"event": "rated", "decision": number, "indicator": indicator, "level": level}, at))
        if chance.random() < 0.5:
            number = chance.randrange(len(trail))
            lines.append(Line({"event": "commented", "decision": number}, at, self._note()))
        if chance.random() < 0.8:
            lines.append(Line({"event": "signed-off", "head": head}, at))
        else:
            lines.append(Line({"event": "sent-back", "head": head, "practise": []}, at, self._note()))
        path = self.where.reviews / who / f"{session}{SUFFIX}"
        path.parent.mkdir(parents=True, exist_ok=True)
        write_chain(path, lines)
        return path


@dataclass(frozen=True, slots=True)
class Line:
    """One entry to be written."""

    body: dict[str, object]
    time: datetime
    text: str | None = None


def write_chain(path: Path, lines: Sequence[Line]) -> list[entry.Entry]:
    """Write a chain in one go, as whoever has this program could, without waiting for the disk."""
    data, texts, made = bytearray(), bytearray(), []
    previous = entry.GENESIS
    for seq, line in enumerate(lines):
        body = {**line.body, "schema": entry.SCHEMA} if not seq else line.body
        new, written, text = entry.make(body, seq, line.time, previous, line.text)
        data += written
        texts += text
        previous = new.hash
        made.append(new)
    if texts:
        texts_path(path).write_bytes(texts)
    path.write_bytes(data)
    return made


def _header_body(header: Header) -> dict[str, object]:
    names = ("session", "scenario", "version", "scenario_hash", "rubric_hash", "seed", "person", "feedback", "program")
    body: dict[str, object] = {"kind": KIND, **{name.replace("_", "-"): getattr(header, name) for name in names}}
    if header.confidence:
        body["confidence"] = True
    if header.again is not None:
        body["again"] = {"session": header.again.session, "decision": header.again.decision}
    if header.purpose:
        body["purpose"] = header.purpose
    return body


def _good(awards: Sequence[Award]) -> float:
    marks: list[Mark] = [mark for award in awards for mark in award.marks]
    return sum(_WORTH[mark.level] - 1.5 for mark in marks)


def _damage(path: Path, chance: random.Random) -> None:
    data = bytearray(path.read_bytes())
    data[chance.randrange(len(data) // 2, len(data) - 2)] ^= 1
    path.write_bytes(data)


def main() -> None:
    """Make up a home full of sessions."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="a home; made if it is not there")
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--sessions", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--reviews", type=float, default=0.3, help="the share of finished sessions that are reviewed")
    parser.add_argument("--practice", type=float, default=0.0, help="the share of practice attempts")
    parser.add_argument("--damaged", type=int, default=0, help="damage every so many-th journal")
    given = parser.parse_args()
    wanted = Wanted(
        given.people,
        given.sessions,
        given.seed,
        practice=given.practice,
        damaged=given.damaged,
        reviews=given.reviews,
    )
    if os.path.lexists(given.folder / "journals"):
        raise SystemExit(f"{given.folder} holds journals already")
    Agency(Home(given.folder), wanted).play()


if __name__ == "__main__":
    main()
