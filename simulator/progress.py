"""What somebody's attempts show together: results, what is weakest and why, what to practise next.

First attempts are what counts; a repeat is practice, made by somebody who has seen the debrief, and stands
apart. A session that was begun again from a decision of another is no attempt at the case at all: it is listed, and
nothing is made of it. There is no number over everything, and nothing about how somebody stands among others:
levels are counted for each indicator, and every count can show the decisions it is made of.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import chain, pairwise

from scoring.rubric import DIMENSIONS, Indicator, Level, Mark
from scoring.scorecard import Evidence, Scorecard
from simulator import journal
from simulator.archive import Archive, Logged
from simulator.chain import ChainError
from simulator.learning_path import NO_PATH, LearningPath
from simulator.scenario import Critical, Scenario, Scene
from simulator.transcript import Moment, moments
from simulator.wording import counted

LOW = frozenset((Level.POOR, Level.HARMFUL))
"""The levels that say that something is to be learned."""
MOST_ADVICE = 5
"""Cases that are suggested at once; more would be no advice."""
MOST_WEAKEST = 5
"""Indicators that are called the weakest, with their evidence; the others are named."""
MOST_NAMES = 4
"""Indicators that one sentence names."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A mark, and the decision it was given at."""

    session: str
    scenario: str
    """The case's id."""
    title: str
    """The case's title, as it was played."""
    attempt: int
    """Which attempt at the case, from 1."""
    decision: int
    """The decision, from 1; 0 for what held before anything was decided."""
    what: str
    """What was done there, in one line."""
    left_undone: bool
    """Whether it was not marked for what was done, but for what had been done or not until then."""
    mark: Mark
    why: str

    @property
    def low(self) -> bool:
        """Whether the level is poor or harmful."""
        return self.mark.level in LOW


@dataclass(frozen=True, slots=True)
class CriticalSeen:
    """A critical that was raised, and the decision it was raised at."""

    session: str
    scenario: str
    title: str
    attempt: int
    decision: int
    what: str
    critical: Critical


@dataclass(frozen=True, slots=True)
class Attempt:
    """One finished session."""

    logged: Logged
    number: int
    """Which attempt at its case, from 1, in the order in which they came to their endings."""
    edited: bool
    """Whether the case was edited since the attempt before."""
    tried_again: bool
    """Whether something of the case was tried again from a decision before this, the first attempt, had its ending."""
    card: Scorecard
    seen: tuple[Seen, ...]
    criticals: tuple[CriticalSeen, ...]

    @property
    def first(self) -> bool:
        """Whether it counts; a repeat is practice."""
        return self.number == 1


@dataclass(frozen=True, slots=True)
class CaseProgress:
    """What somebody did with one case."""

    id: str
    title: str
    """As it was played last."""
    attempts: tuple[Attempt, ...]
    """Finished ones, first to last."""
    unfinished: tuple[Logged, ...] = ()
    """Listed, not counted; newest first."""
    damaged: tuple[Logged, ...] = ()
    """Whose journals could not be used to the end; listed, not counted."""
    again: tuple[Logged, ...] = ()
    """Begun again from a decision, finished or not; listed, not counted; newest first."""
    current: Scenario | None = None
    """The case as the library has it now; None: it is not there."""

    @property
    def last(self) -> Attempt | None:
        """The last attempt that came to an ending."""
        return self.attempts[-1] if self.attempts else None

    @property
    def edited_since(self) -> bool:
        """Whether the library has another version by now than the one that was played last."""
        return (
            self.last is not None and self.current is not None and self.current.hash != self.last.logged.scenario.hash
        )


@dataclass(frozen=True, slots=True)
class Standing:
    """All marks on one indicator."""

    indicator: Indicator
    first: tuple[Seen, ...]
    """From first attempts."""
    repeats: tuple[Seen, ...]
    """From repeats: practice."""

    @property
    def low(self) -> tuple[Seen, ...]:
        """The poor and harmful ones of first attempts, harmful ones first."""
        return tuple(sorted((each for each in self.first if each.low), key=lambda each: _worst_first(each.mark.level)))


class Suggested(StrEnum):
    """In which way a case is suggested."""

    NEW = "new"
    GO_ON = "go-on"
    AGAIN = "again"


@dataclass(frozen=True, slots=True)
class Advice:
    """A case to practise with, and why."""

    scenario: Scenario
    how: Suggested
    reason: str
    """One sentence or two, for the trainee."""
    indicators: tuple[str, ...] = ()
    """The weak indicators it is about."""
    session: str = ""
    """The session to go on with."""


@dataclass(frozen=True, slots=True)
class Progress:
    """What one person's sessions show."""

    person: str
    cases: tuple[CaseProgress, ...]
    """By title."""
    criticals: tuple[CriticalSeen, ...]
    """Of all attempts, newest attempt first."""
    standings: tuple[Standing, ...]
    """Every indicator that was marked, weakest on first attempts first."""
    advice: tuple[Advice, ...]

    @property
    def attempts(self) -> tuple[Attempt, ...]:
        """Every finished attempt."""
        return tuple(attempt for case in self.cases for attempt in case.attempts)

    @property
    def first_attempts(self) -> tuple[Attempt, ...]:
        """The attempts that count."""
        return tuple(attempt for attempt in self.attempts if attempt.first)

    @property
    def repeats(self) -> tuple[Attempt, ...]:
        """The attempts that are practice."""
        return tuple(attempt for attempt in self.attempts if not attempt.first)

    @property
    def unfinished(self) -> tuple[Logged, ...]:
        """The sessions that have not come to an ending."""
        return tuple(each for case in self.cases for each in case.unfinished)

    @property
    def damaged(self) -> tuple[Logged, ...]:
        """The sessions that could not be used to the end."""
        return tuple(each for case in self.cases for each in case.damaged)

    @property
    def again(self) -> tuple[Logged, ...]:
        """The sessions that were begun again from a decision."""
        return tuple(each for case in self.cases for each in case.again)

    @property
    def weak(self) -> tuple[Standing, ...]:
        """The indicators with a poor or harmful mark on a first attempt, weakest first."""
        return tuple(standing for standing in self.standings if standing.low)

    @property
    def weakest(self) -> tuple[Standing, ...]:
        """Those of the weak ones that come first."""
        return self.weak[:MOST_WEAKEST]


def progress(
    person: str, sessions: Iterable[Logged], library: Iterable[Scenario], path: LearningPath = NO_PATH
) -> Progress:
    """Bring together what one person's sessions show. Sessions of others are left out.

    What is suggested follows the path, wherever nothing that was seen says otherwise.
    """
    mine = [each for each in sessions if each.person == person]
    known = {scenario.id: scenario for scenario in library}
    shelf = {name: known[name] for name in path.in_order(known)}
    names = dict.fromkeys(each.scenario.id for each in mine)
    cases = [_case(name, [each for each in mine if each.scenario.id == name], shelf.get(name)) for name in names]
    cases.sort(key=lambda case: (case.title.casefold(), case.id))
    attempts = sorted((each for case in cases for each in case.attempts), key=lambda each: _finished(each.logged))
    standings = _standings(attempts)
    return Progress(
        person,
        tuple(cases),
        tuple(critical for attempt in reversed(attempts) for critical in attempt.criticals),
        standings,
        tuple(_advice({case.id: case for case in cases}, standings, list(shelf.values()), path))[:MOST_ADVICE],
    )


def finished_attempts(archive: Archive, person: str, scenario: str) -> list[Logged]:
    """Return somebody's finished sessions of one case, in the order in which they came to their endings."""
    found = []
    for path in archive.paths():
        try:
            recorded = journal.read(path)
            header = recorded.header
            if (header.person, header.scenario, header.again) == (person, scenario, None):
                found.append(archive.replay(recorded))
        except ChainError:
            # Lists say what cannot be read; here it is no attempt.
            continue
    return in_order(found)


def in_order(sessions: Iterable[Logged]) -> list[Logged]:
    """Return the attempts that came to an ending, in the order in which they did.

    What was begun again from a decision is no attempt. When they were begun does not matter: who looks at a debrief
    and then finishes an older session has seen it.
    """
    return sorted((each for each in sessions if each.over and not each.trouble and each.again is None), key=_finished)


def tally(seen: Iterable[Seen]) -> dict[str, dict[Level, int]]:
    """Count the levels of marks on each dimension, worst first."""
    counts = {dimension: dict.fromkeys(Level, 0) for dimension in DIMENSIONS}
    for each in seen:
        counts[each.mark.indicator.partition(".")[0]][each.mark.level] += 1
    return counts


def share(seen: Sequence[Seen], *, sentence: bool = False) -> str:
    """Say how many marks are low, with the number they are out of: `2 of 5 marks poor or harmful`.

    In a sentence: `2 of 5 marks were poor or harmful`.
    """
    low = sum(each.low for each in seen)
    verb = (" was" if low == 1 else " were") if sentence else ""
    return f"{low} of {counted(len(seen), 'mark')}{verb} poor or harmful"


def marked_by(scenario: Scenario) -> frozenset[str]:
    """Return the indicators that a case may mark, whatever is done in it."""
    given = chain(
        (marks for scene in scenario.scenes.values() for marks in _given_in(scene)),
        (outcome.marks for ending in scenario.endings.values() for outcome in ending.outcomes),
    )
    return frozenset(mark.indicator for marks in given for mark in marks)


def _given_in(scene: Scene) -> Iterator[tuple[Mark, ...]]:
    """Yield all marks of a scene: of what can be taken, picked, left out, put in order, and of what was not done."""
    for response in scene.responses.values():
        yield from (rule.marks for rule in response.marks)
    if scene.select is not None:
        for option in scene.select.options.values():
            yield from (rule.marks for rule in (*option.marks, *option.left))
    if scene.rank is not None:
        yield from (pair.marks for pair in scene.rank.pairs)
    yield from (outcome.marks for outcome in scene.outcomes)


# -- sessions -> attempts -------------------------------------------------------------------------


def _finished(logged: Logged) -> tuple[str, str, str]:
    """Return what finished sessions are sorted by: when the last decision was made."""
    decided = [record.time for record in logged.recorded.records if record.event is not None]
    started = logged.recorded.started
    return (decided[-1] if decided else started, started, logged.id)


def _case(name: str, sessions: Sequence[Logged], current: Scenario | None) -> CaseProgress:
    finished = in_order(sessions)
    tried = min((each.recorded.started for each in sessions if each.again is not None), default="")
    edited = [False, *(one.scenario.hash != other.scenario.hash for one, other in pairwise(finished))]
    newest_first = sorted(sessions, key=lambda each: (each.recorded.touched, each.id), reverse=True)
    return CaseProgress(
        name,
        newest_first[0].scenario.title,
        tuple(
            _attempt(each, number, edited[number - 1], number == 1 and "" < tried < _finished(each)[0])
            for number, each in enumerate(finished, 1)
        ),
        tuple(each for each in newest_first if not each.over and not each.trouble and each.again is None),
        tuple(each for each in newest_first if each.trouble),
        tuple(each for each in newest_first if not each.trouble and each.again is not None),
        current,
    )


def _attempt(logged: Logged, number: int, edited: bool, tried_again: bool) -> Attempt:
    card = logged.scorecard
    told = {moment.number: moment for moment in moments(logged.session)}
    scenario = logged.scenario
    seen = (
        _seen(logged, number, evidence, told.get(evidence.number))
        for profile in card.profiles.values()
        for evidence in profile.evidence
    )
    criticals = (
        CriticalSeen(
            logged.id,
            scenario.id,
            scenario.title,
            number,
            raised.number,
            _what(told.get(raised.number)),
            scenario.criticals[raised.critical],
        )
        for raised in card.criticals
    )
    return Attempt(
        logged, number, edited, tried_again, card, tuple(sorted(seen, key=lambda each: each.decision)), tuple(criticals)
    )


def _seen(logged: Logged, number: int, evidence: Evidence, moment: Moment | None) -> Seen:
    return Seen(
        logged.id,
        logged.scenario.id,
        logged.scenario.title,
        number,
        evidence.number,
        _what(moment),
        not evidence.award.response,
        evidence.mark,
        evidence.award.why,
    )


def _what(moment: Moment | None) -> str:
    return "" if moment is None else moment.what


# -- what is weakest ------------------------------------------------------------------------------


def _worst_first(level: Level) -> int:
    return tuple(Level).index(level)


def _standings(attempts: Sequence[Attempt]) -> tuple[Standing, ...]:
    """Return all marks by indicator: most harmful ones first, then most low ones, then fewest others.

    Counts, not shares: one poor mark out of one says less than three out of seven.
    """
    known: dict[str, Indicator] = {}
    for attempt in attempts:
        # Rubrics change their words. The one that was played with last is the one people know.
        known.update(attempt.logged.rubric.indicators)
    found = []
    for name, indicator in known.items():
        first, repeats = (
            tuple(
                seen
                for attempt in attempts
                if attempt.first is counts
                for seen in attempt.seen
                if seen.mark.indicator == name
            )
            for counts in (True, False)
        )
        if first or repeats:
            found.append(Standing(indicator, first, repeats))

    def weakness(standing: Standing) -> tuple[int, int, int]:
        harmful = sum(each.mark.level is Level.HARMFUL for each in standing.first)
        return (-harmful, -len(standing.low), len(standing.first) if standing.low else 0)

    return tuple(sorted(found, key=weakness))


# -- what to practise next ------------------------------------------------------------------------


def _advice(
    played: Mapping[str, CaseProgress],
    standings: Sequence[Standing],
    library: Sequence[Scenario],
    path: LearningPath,
) -> Iterator[Advice]:
    """Yield cases to practise with, the best reason first, each case once; the library is in the path's order."""
    weak = {standing.indicator.id: standing for standing in standings if standing.low}
    suggested: set[str] = set()
    for advice in chain(
        _after_criticals(played, library),
        _not_finished(played, weak, library),
        _after_low_marks(played, weak, library),
        _for_the_rest(played, library, path),
    ):
        if advice.scenario.id not in suggested:
            suggested.add(advice.scenario.id)
            yield advice


def _after_criticals(played: Mapping[str, CaseProgress], library: Sequence[Scenario]) -> Iterator[Advice]:
    """Yield the cases whose last attempt raised a critical."""
    for scenario in library:
        case = played.get(scenario.id)
        if case is not None and case.last is not None and case.last.criticals:
            titles = ", ".join(each.critical.title for each in case.last.criticals)
            yield Advice(
                scenario,
                Suggested.AGAIN,
                f"Your last attempt raised {_a_critical(len(case.last.criticals))}: {titles}. "
                f"Look for the way that does without.{_edited(case)}",
            )


def _a_critical(count: int) -> str:
    return "a critical" if count == 1 else counted(count, "critical")


def _not_finished(
    played: Mapping[str, CaseProgress], weak: Mapping[str, Standing], library: Sequence[Scenario]
) -> Iterator[Advice]:
    """Yield the cases that have never been finished and mark what is weak; the weakest indicator first."""
    ranks = {name: rank for rank, name in enumerate(weak)}
    fitting: list[tuple[int, int, int, Advice]] = []
    for place, scenario in enumerate(library):
        case = played.get(scenario.id)
        if case is not None and case.last is not None:
            continue
        names = sorted(marked_by(scenario) & set(weak), key=lambda name: ranks[name])
        if names:
            worst = weak[names[0]]
            also = [weak[name].indicator.title for name in names[1:]]
            more = f" It also marks {_listed(also)}." if also else ""
            told = share(worst.first, sentence=True)
            reason = f"it marks {worst.indicator.title}, where {told} on first attempts.{more}"
            fitting.append((ranks[names[0]], -len(names), place, _unfinished(case, scenario, reason, tuple(names))))
    for *_, advice in sorted(fitting, key=lambda each: each[:3]):
        yield advice


def _unfinished(case: CaseProgress | None, scenario: Scenario, reason: str = "", names: tuple[str, ...] = ()) -> Advice:
    """Suggest a case that has never been finished: go on with what was begun, or begin."""
    if case is not None and case.unfinished:
        begun = "You began it and have not come to an ending"
        return Advice(
            scenario,
            Suggested.GO_ON,
            f"{begun}; {reason}" if reason else f"{begun}.",
            names,
            case.unfinished[0].id,
        )
    new = "You have not played it"
    return Advice(scenario, Suggested.NEW, f"{new}, and {reason}" if reason else f"{new} yet.", names)


def _after_low_marks(
    played: Mapping[str, CaseProgress], weak: Mapping[str, Standing], library: Sequence[Scenario]
) -> Iterator[Advice]:
    """Yield the cases whose last attempt still had low marks, the most of them first."""
    fitting: list[tuple[int, int, Advice]] = []
    for place, scenario in enumerate(library):
        case = played.get(scenario.id)
        low = [each for each in case.last.seen if each.low] if case is not None and case.last is not None else []
        if case is None or case.last is None or not low:
            continue
        names = tuple(dict.fromkeys(each.mark.indicator for each in low))
        indicators = case.last.logged.rubric.indicators
        titles = _listed([indicators[name].title for name in names])
        reason = f"In your last attempt {share(case.last.seen, sentence=True)}"
        advice = Advice(
            scenario,
            Suggested.AGAIN,
            f"{reason}, on {titles}. A repeat is practice.{_edited(case)}",
            tuple(name for name in names if name in weak),
        )
        fitting.append((-len(low), place, advice))
    for *_, advice in sorted(fitting, key=lambda each: each[:2]):
        yield advice


def _for_the_rest(
    played: Mapping[str, CaseProgress], library: Sequence[Scenario], path: LearningPath
) -> Iterator[Advice]:
    """Yield what has never been finished, whatever it marks, in the order of the path."""
    for scenario in library:
        case = played.get(scenario.id)
        if case is None or case.last is None:
            advice = _unfinished(case, scenario)
            stage = path.stage_of(scenario.id)
            if stage is not None:
                on_the_path = f"It is on the path, for the {stage.id.replace('-', ' ')}: {path.practises(scenario.id)}"
                advice = replace(advice, reason=f"{advice.reason} {on_the_path}")
            yield advice


def _edited(case: CaseProgress) -> str:
    return " The case has been edited since." if case.edited_since else ""


def _listed(names: Sequence[str]) -> str:
    if len(names) > MOST_NAMES:
        names = [*names[: MOST_NAMES - 1], f"{len(names) - MOST_NAMES + 1} more"]
    return ", ".join(names[:-1]) + f" and {names[-1]}" if len(names) > 1 else names[0]
