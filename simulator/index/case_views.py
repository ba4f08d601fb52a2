"""What cases show: who chose what, what was hard, where people hesitated, what nobody picked, what reviewers override.

An author reads this to mend a case, a supervisor to talk about it. Only first attempts say how hard something is.
Under `few` of them there are counts and nothing else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Row, func, select

from scoring.rubric import DIMENSIONS
from scoring.scorecard import percent
from simulator.index.filling import BUCKETS
from simulator.index.inbox import picked_among
from simulator.index.marks import given
from simulator.index.schema import cases, choices, decisions, overridden, results, sessions, wordings
from simulator.index.store import Index
from simulator.journal import PRACTICE
from simulator.settings import FEW

DECIDING = ("chose", "selected", "ranked")
"""Kinds of decisions that decide among what is on offer."""


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a case, as it was played."""

    version: str
    scenario_hash: str
    first: int
    """First attempts with it."""
    in_library: bool


@dataclass(frozen=True, slots=True)
class Picked:
    """One response, option or order, and who took it."""

    response: str
    text: str
    """Its wording in the version that was played last; empty for an order."""
    first: int
    """Times in first attempts."""
    repeats: int
    share: float | None
    """Of first attempts that decided there; of several options more than one can be picked. None: too few."""
    worst: Mapping[str, int]
    """In first attempts: how often the worst it was marked was critical, a level, or nothing (empty)."""
    marks: tuple[tuple[str, int], ...]
    """Marks as `marks.given` reads them, and how often they were given there; the most frequent first."""
    buckets: tuple[int, ...]
    """How long it took, in first attempts: how many in each of `filling.BUCKETS` and in the one behind them."""
    sure: Mapping[int, int]
    """How sure they were, in first attempts; 0: not asked."""


@dataclass(frozen=True, slots=True)
class SceneShown:
    """What a scene shows."""

    scene: str
    kind: str
    """chose, selected or ranked."""
    first: int
    """Decisions there in first attempts."""
    repeats: int
    picks: tuple[Picked, ...]
    """In the author's order; what was never picked has zeros. Orders by how often they were given."""
    offered: Mapping[str, int | None]
    """How hard it is: of what was to be had on each dimension between always taking the least and always taking the
    most, the share that first attempts took there, in percent. 100: everybody took the best. None: too few first
    attempts, or nothing was at stake."""
    buckets: tuple[int, ...]
    """As in `Picked`, of all first attempts there."""
    enough: bool

    @property
    def never(self) -> tuple[Picked, ...]:
        """What nobody has ever picked, first attempts and repeats."""
        return tuple(each for each in self.picks if not each.first + each.repeats)


@dataclass(frozen=True, slots=True)
class CaseShown:
    """What a case shows."""

    scenario: str
    title: str
    first: int
    """First attempts."""
    repeats: int
    enough: bool
    """Whether anything statistical is said."""
    versions: tuple[Version, ...]
    scenes: tuple[SceneShown, ...]
    """In the author's order."""


def seen_cases(index: Index) -> tuple[tuple[str, str, int], ...]:
    """Return the id, title and number of first attempts of every case that was finished; raises IndexTrouble."""
    of = results.c
    with index.read() as connection:
        found = connection.execute(
            select(of.scenario, func.sum(of.n))
            .where(of.dimension == DIMENSIONS[0], of.attempt == 1)
            .group_by(of.scenario)
            .order_by(of.scenario)
        ).all()
        titles = _titles(connection)
    return tuple((scenario, titles.get(scenario, scenario), int(n)) for scenario, n in found)


def _titles(connection: Connection) -> dict[str, str]:
    rows = connection.execute(select(cases.c.scenario, cases.c.title).order_by(cases.c.version, cases.c.scenario_hash))
    return {row.scenario: row.title for row in rows}


def shown(index: Index, scenario: str, scenario_hash: str = "", few: int = FEW) -> CaseShown:
    """Return who chose what in a case, in all its versions or in one; raises IndexTrouble."""
    with index.read() as connection:
        versions = _versions(connection, scenario)
        first, repeats = _attempts(connection, scenario, scenario_hash)
        latest = (
            scenario_hash
            or max(versions, key=lambda each: (each.in_library, each.version), default=_NONE).scenario_hash
        )
        words = _words(connection, latest)
        tallies: dict[str, _Tally] = {}
        _count(connection, scenario, scenario_hash, tallies)
        title = _titles(connection).get(scenario, scenario)
    for row in words:
        kind = "chose" if row.kind == "response" else "selected"
        tallies.setdefault(row.scene, _Tally(row.scene, kind)).knows(row)
    place = {row.scene: number for number, row in reversed(list(enumerate(words)))}
    ordered = sorted(tallies.values(), key=lambda tally: (place.get(tally.scene, len(place)), tally.scene))
    enough = first >= few
    return CaseShown(
        scenario, title, first, repeats, enough, versions, tuple(tally.told(few, enough=enough) for tally in ordered)
    )


_NONE = Version("", "", 0, False)


def _versions(connection: Connection, scenario: str) -> tuple[Version, ...]:
    of = results.c
    n = (
        select(of.scenario_hash, func.sum(of.n).label("n"))
        .where(of.scenario == scenario, of.dimension == DIMENSIONS[0], of.attempt == 1)
        .group_by(of.scenario_hash)
        .subquery()
    )
    found = (
        select(cases.c.version, cases.c.scenario_hash, func.max(n.c.n), func.max(cases.c.in_library))
        .select_from(cases.outerjoin(n, n.c.scenario_hash == cases.c.scenario_hash))
        .where(cases.c.scenario == scenario)
        .group_by(cases.c.version, cases.c.scenario_hash)
        .order_by(cases.c.version, cases.c.scenario_hash)
    )
    return tuple(Version(one, two, int(n or 0), bool(there)) for one, two, n, there in connection.execute(found))


def _attempts(connection: Connection, scenario: str, scenario_hash: str) -> tuple[int, int]:
    of = results.c
    found = select(of.attempt, func.sum(of.n)).where(of.scenario == scenario, of.dimension == DIMENSIONS[0])
    found = found.where(of.scenario_hash == scenario_hash) if scenario_hash else found
    counted = {attempt: int(n) for attempt, n in connection.execute(found.group_by(of.attempt))}
    first = counted.pop(1, 0)
    return first, sum(counted.values())


def _words(connection: Connection, scenario_hash: str) -> Sequence[Row[Any]]:
    of = wordings.c
    known = select(wordings).where(of.scenario_hash == scenario_hash, of.kind.in_(("response", "option")))
    return connection.execute(known.order_by(of.place)).all()


@dataclass(slots=True)
class _Count:
    first: int = 0
    repeats: int = 0
    worst: Counter[str] = field(default_factory=Counter)
    marks: Counter[str] = field(default_factory=Counter)
    buckets: list[int] = field(default_factory=lambda: [0] * (len(BUCKETS) + 1))
    sure: Counter[int] = field(default_factory=Counter)


def _count(connection: Connection, scenario: str, scenario_hash: str, tallies: dict[str, _Tally]) -> None:
    """Count what was chosen in a case: each thing by itself, because together they are tens of thousands of rows."""
    of = choices.c

    def counted(*columns: Any, first: bool) -> Any:
        keys = (of.scene, of.kind, of.response, *columns)
        found = select(*keys, func.sum(of.n)).where(of.scenario == scenario, of.kind.in_(DECIDING))
        found = found.where(of.scenario_hash == scenario_hash) if scenario_hash else found
        found = found.where(of.first == (1 if first else 0)).group_by(*keys)
        for scene, kind, response, *rest in connection.execute(found):
            tally = tallies.setdefault(scene, _Tally(scene, kind))
            # Of several things that were picked together, each was picked.
            picked = response.split("+") if kind == "selected" else [response]
            yield (tally.all, *(tally.picks.setdefault(each, _Count()) for each in picked if each)), *rest

    for counts, n in counted(first=False):
        for each in counts:
            each.repeats += int(n)
    for counts, bucket, n in counted(of.bucket, first=True):
        for each in counts:
            each.first += int(n)
            each.buckets[bucket] += int(n)
    for counts, worst, marks, n in counted(of.worst, of.marks, first=True):
        for each in counts:
            each.worst[worst] += int(n)
            each.marks[marks] += int(n)
    for counts, confidence, n in counted(of.confidence, first=True):
        for each in counts:
            each.sure[confidence] += int(n)
    names = [f"{dimension}_{what}" for dimension in DIMENSIONS for what in ("got", "span")]
    sums = select(of.scene, *(func.sum(of[name]) for name in names)).where(
        of.scenario == scenario, of.kind.in_(DECIDING), of.first == 1
    )
    sums = sums.where(of.scenario_hash == scenario_hash) if scenario_hash else sums
    for scene, *numbers in connection.execute(sums.group_by(of.scene)):
        tallies[scene].got.update(dict(zip(names, map(int, numbers), strict=True)))


@dataclass(slots=True)
class _Tally:
    scene: str
    kind: str
    all: _Count = field(default_factory=_Count)
    picks: dict[str, _Count] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    got: Counter[str] = field(default_factory=Counter)

    def knows(self, row: Row[Any]) -> None:
        self.words[row.response] = row.text
        self.picks.setdefault(row.response, _Count())

    def told(self, few: int, *, enough: bool) -> SceneShown:
        said = enough and self.all.first >= few
        order = {name: number for number, name in enumerate(self.words)}
        names = sorted(self.picks, key=lambda name: (order.get(name, len(order)), -self.picks[name].first, name))
        return SceneShown(
            self.scene,
            self.kind,
            self.all.first,
            self.all.repeats,
            tuple(self._picked(name, self.picks[name], said) for name in names),
            {
                name: percent(self.got[f"{name}_got"], 0, self.got[f"{name}_span"]) if said else None
                for name in DIMENSIONS
            },
            tuple(self.all.buckets),
            said,
        )

    def _picked(self, name: str, count: _Count, said: bool) -> Picked:
        return Picked(
            name,
            self.words.get(name, ""),
            count.first,
            count.repeats,
            count.first / self.all.first if said and self.all.first else None,
            dict(count.worst),
            tuple(sorted(count.marks.items(), key=lambda each: (-each[1], each[0]))),
            tuple(count.buckets),
            dict(count.sure),
        )


def median(buckets: Sequence[int]) -> tuple[int, int | None] | None:
    """Return between how many seconds the middle one of so many lies; None as the end: nobody knows how long.

    None: there are none.
    """
    total, so_far = sum(buckets), 0
    for place, n in enumerate(buckets):
        so_far += n
        if n and 2 * so_far >= total:
            return (BUCKETS[place - 1] if place else 0), (BUCKETS[place] if place < len(BUCKETS) else None)
    return None


@dataclass(frozen=True, slots=True)
class Behind:
    """One decision behind a count."""

    session: str
    person: str
    number: int
    """The decision."""
    attempt: int
    decided: str
    """When the session's last decision was made."""
    confidence: int
    seconds: int
    worst: str


def behind(
    index: Index,
    scenario: str,
    scene: str,
    response: str,
    *,
    scenario_hash: str = "",
    first: bool | None = None,
    limit: int = 200,
) -> tuple[Behind, ...]:
    """Return the sessions in which somebody chose so, those begun last first; practice attempts are left out.

    `first` says whether first attempts or repeats are meant; None: both. Raises IndexTrouble.
    """
    of, at = sessions.c, decisions.c
    found = (
        select(of.session, of.person, at.number, of.attempt, of.decided, at.confidence, at.seconds, at.worst)
        .select_from(decisions.join(sessions, of.session == at.session))
        .where(at.scene == scene, at.kind.in_(DECIDING))
        .where(of.scenario == scenario, of.attempt > 0, of.purpose != PRACTICE)
    )
    if first is not None:
        found = found.where(of.attempt == 1 if first else of.attempt > 1)
    if scenario_hash:
        found = found.where(of.scenario_hash == scenario_hash)
    with index.read() as connection:
        several = connection.scalar(
            select(choices.c.kind).where(
                choices.c.scenario == scenario, choices.c.scene == scene, choices.c.kind == "selected"
            )
        )
        found = found.where(picked_among(response) if several else at.response == response)
        rows = connection.execute(found.order_by(at.session.desc(), at.number).limit(limit))
        return tuple(Behind(*row) for row in rows)


@dataclass(frozen=True, slots=True)
class Hard:
    """A scene, and how much of what it offers first attempts took."""

    scenario: str
    scene: str
    first: int
    offered: Mapping[str, int | None]
    """As in `SceneShown`."""
    buckets: tuple[int, ...]
    enough: bool


def difficulty(index: Index, scenario: str = "", few: int = FEW) -> tuple[Hard, ...]:
    """Return every scene that decides something, those first of which least was taken; raises IndexTrouble.

    What is least is the lowest share on any dimension: dimensions are never added up. Scenes with too few first
    attempts come last, with counts.
    """
    of = choices.c
    names = [f"{dimension}_{what}" for dimension in DIMENSIONS for what in ("got", "span")]
    sums = [func.sum(of[name]).label(name) for name in names]
    found = select(of.scenario, of.scene, of.bucket, func.sum(of.n).label("n"), *sums)
    found = found.where(of.first == 1, of.kind.in_(DECIDING), *([of.scenario == scenario] if scenario else []))
    made: dict[tuple[str, str], tuple[Counter[str], list[int]]] = {}
    with index.read() as connection:
        for row in connection.execute(found.group_by(of.scenario, of.scene, of.bucket)):
            total, buckets = made.setdefault((row.scenario, row.scene), (Counter(), [0] * (len(BUCKETS) + 1)))
            buckets[row.bucket] += int(row.n)
            for name in names:
                total[name] += int(row._mapping[name])
    rows = []
    for (case, scene), (total, buckets) in made.items():
        n = sum(buckets)
        said = n >= few
        shares = {
            name: percent(total[f"{name}_got"], 0, total[f"{name}_span"]) if said else None for name in DIMENSIONS
        }
        rows.append(Hard(case, scene, n, shares, tuple(buckets), said))
    return tuple(sorted(rows, key=_hardest_first))


def _hardest_first(hard: Hard) -> tuple[bool, int, str, str]:
    known = [share for share in hard.offered.values() if share is not None]
    return (not known, min(known, default=0), hard.scenario, hard.scene)


@dataclass(frozen=True, slots=True)
class Never:
    """Something on offer that nobody ever took."""

    scenario: str
    scene: str
    response: str
    text: str
    met: int
    """How often something else was decided there, first attempts and repeats."""


def never_picked(index: Index, scenario: str = "") -> tuple[Never, ...]:
    """Return what nobody ever took, where people decided most often first; raises IndexTrouble.

    Of the version of each case that was played last, against decisions in all of them.
    """
    of = choices.c
    with index.read() as connection:
        names = [scenario] if scenario else list(connection.scalars(select(of.scenario).distinct()))
        found: list[Never] = []
        for name in sorted(names):
            counted = select(of.scene, of.kind, of.response, func.sum(of.n)).where(
                of.scenario == name, of.kind.in_(DECIDING)
            )
            met, picked = Counter[str](), set[tuple[str, str]]()
            for scene, kind, response, n in connection.execute(counted.group_by(of.scene, of.kind, of.response)):
                met[scene] += int(n)
                picked |= {(scene, each) for each in (response.split("+") if kind == "selected" else [response])}
            latest = max(_versions(connection, name), key=lambda each: (each.in_library, each.version), default=_NONE)
            found += [
                Never(name, row.scene, row.response, row.text, met[row.scene])
                for row in _words(connection, latest.scenario_hash)
                if (row.scene, row.response) not in picked
            ]
    return tuple(sorted(found, key=lambda each: (-each.met, each.scenario)))


@dataclass(frozen=True, slots=True)
class Overridden:
    """A mark that reviewers gave another level."""

    scenario: str
    scene: str
    response: str
    """What it was given for; empty for an outcome."""
    indicator: str
    was: str
    overrides: int
    ways: Mapping[str, int]
    """How many said which level instead; `none`: it should not have been given."""
    reviewed: int
    """How often the mark stood in an attempt that somebody reviewed to the end, once for each reviewer."""
    text: str
    """The wording of the response, where there is one."""


def overrides(index: Index, scenario: str = "") -> tuple[Overridden, ...]:
    """Return which marks reviewers override, the most often first: `6 of 8 overrides`; raises IndexTrouble.

    What was signed off or sent back counts. An author who sees the same override again and again has a mark to mend.
    """
    of = overridden.c
    found = select(overridden).where(*([of.scenario == scenario] if scenario else []))
    ways: dict[tuple[str, str, str, str, str], dict[str, int]] = {}
    with index.read() as connection:
        for row in connection.execute(found.order_by(of.n.desc(), of.now)):
            key = (row.scenario, row.scene, row.response, row.indicator, row.was)
            ways.setdefault(key, {})[row.now] = row.n
        reviewed = _reviewed(connection, {key[0] for key in ways})
        texts = _texts(connection, {key[0] for key in ways})
    rows = [
        Overridden(*key, sum(said.values()), said, reviewed[key], texts.get(key[:3], "")) for key, said in ways.items()
    ]
    return tuple(sorted(rows, key=lambda row: (-row.overrides, row.scenario, row.scene, row.response, row.indicator)))


def _reviewed(connection: Connection, scenarios: Iterable[str]) -> Counter[tuple[str, str, str, str, str]]:
    """Count how often each mark stood in attempts that were reviewed."""
    of = choices.c
    counted: Counter[tuple[str, str, str, str, str]] = Counter()
    found = select(of.scenario, of.marks, func.sum(of.reviewed)).where(
        of.scenario.in_(sorted(scenarios)), of.reviewed > 0, of.marks != ""
    )
    for scenario, marks, n in connection.execute(found.group_by(of.scenario, of.marks)):
        for mark in given(marks):
            counted[scenario, mark.scene, mark.response, mark.indicator, mark.level] += int(n)
    return counted


def _texts(connection: Connection, scenarios: Iterable[str]) -> dict[tuple[str, str, str], str]:
    known = cases.join(wordings, wordings.c.scenario_hash == cases.c.scenario_hash)
    found = select(cases.c.scenario, wordings.c.scene, wordings.c.response, wordings.c.text).select_from(known)
    found = found.where(cases.c.scenario.in_(sorted(scenarios)), wordings.c.kind.in_(("response", "option")))
    rows = connection.execute(found.order_by(cases.c.version, cases.c.scenario_hash))
    return {(scenario, scene, response): text for scenario, scene, response, text in rows}
