"""What a cohort shows, as sheets: who has finished what, growth, levels, criticals, confidence, responses, overrides.

Every sheet says what it is made of. First attempts count and repeats stand apart; under the number of first attempts
that the settings name there are counts and nothing else; a practice attempt counts, and is never opened from here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from scoring.rubric import DIMENSIONS, Level, Rubric
from simulator.cohort.assigned import Assigned, State, Tried, assignments_of
from simulator.cohort.cohort_file import Cohort
from simulator.inbox_telling import RESULTS_MEAN, in_short
from simulator.index import case_views, views
from simulator.index.marks import given
from simulator.index.schema import LEVELS
from simulator.index.store import Index
from simulator.index.walking import CRITICAL
from simulator.journal import PRACTICE
from simulator.people import People
from simulator.review.events import NO_MARK
from simulator.scenario import Scenario
from simulator.sheet import Cell, Column, Row, Sheet
from simulator.text import one_line
from simulator.wording import SURENESS, counted

LOW = (Level.HARMFUL.value, Level.POOR.value)
MOST_ROWS = 500
"""Rows of what could be endless: criticals, responses."""
FIRST_ATTEMPTS = "First attempts count; repeats, what was tried again from a decision, and what is unfinished do not."
NO_VERDICT = (
    "Marks are the judgement of a case's author, for learning. They claim nothing about competence, fitness for hire, "
    "or client outcomes."
)


@dataclass(frozen=True, slots=True)
class Viewpoint:
    """What is looked at, and with what eyes."""

    index: Index
    names: People
    library: Mapping[str, Scenario]
    """The cases that there are now, by id."""
    rubric: Rubric
    today: date
    few: int
    """Under so many first attempts, nothing statistical is said."""
    cohorts: tuple[Cohort, ...] = ()
    """The cohorts looked at; none: everybody who ever played."""
    person: str = ""
    """The one person looked at; empty: all of them."""
    scenario: str = ""
    """The one case looked at; empty: all."""

    @property
    def people(self) -> tuple[str, ...]:
        """The ids of whom is looked at; empty: everybody."""
        if self.person:
            return (self.person,)
        return tuple(dict.fromkeys(each for cohort in self.cohorts for each in cohort.people))

    def title(self, scenario: str) -> str:
        """Name a case."""
        known = self.library.get(scenario)
        return known.title if known else scenario

    def who(self, person: str) -> Cell:
        """Name a person in a sheet."""
        return Cell(self.names.name(person), person=person)

    def which(self, scenario: str) -> Cell:
        """Name a case in a sheet."""
        return Cell(self.title(scenario), scenario=scenario)

    def named(self, people: Iterable[str]) -> list[str]:
        """Sort people by their names."""
        return sorted(people, key=lambda each: (self.names.name(each).casefold(), each))


def _scope(at: Viewpoint, *, people: bool = True, cases: bool = True) -> tuple[str, ...]:
    """Say what a sheet leaves out of what somebody picked, because it is not kept so finely."""
    told = []
    if not people and at.people:
        told.append("Of everybody who ever played, and not only of whom you picked.")
    if not cases and at.scenario:
        told.append("Of every case, and not only of the one you picked.")
    return tuple(told)


def completion(at: Viewpoint) -> Sheet:
    """Say who has finished what, and who is late."""
    done = {(each.person, each.scenario): each for each in views.completion(at.index, at.people)}
    assigned = _assigned(at)
    people = at.named(at.people or {person for person, _ in done})
    cases = list(dict.fromkeys(each.case for each in sorted(assigned.values(), key=lambda each: each.due)))
    others = sorted({scenario for _, scenario in done} - set(cases))
    if at.scenario:
        cases, others = (
            [case for case in cases if case == at.scenario],
            [case for case in others if case == at.scenario],
        )
    columns = [_column("person", "person")]
    columns += [_column(case, f"{at.title(case)}{_due(assigned, case)}") for case in [*cases, *others]]
    rows = [
        (at.who(person), *(_stand(assigned, done, person, case) for case in [*cases, *others])) for person in people
    ]
    notes = [RESULTS_MEAN]
    if assigned:
        late = sum(each.overdue for each in assigned.values())
        finished = sum(each.state is State.FINISHED for each in assigned.values())
        notes.insert(0, f"{finished} of {counted(len(assigned), 'assignment')} finished, {late} overdue.")
    return Sheet(
        "completion",
        "Who has finished what",
        "What is assigned stands first, by its due date; then what people played besides.",
        tuple(columns),
        tuple(rows),
        tuple(notes),
        "Nobody has played yet.",
    )


def _assigned(at: Viewpoint) -> dict[tuple[str, str], Assigned]:
    """Return what is assigned to the people looked at, by person and case."""
    if not at.cohorts:
        return {}
    tried: dict[str, list[Tried]] = {}
    for each in views.tried(at.index, at.people):
        tried.setdefault(each.person, []).append(each)
    found = {}
    for person in at.people:
        for assigned in assignments_of(person, at.cohorts, tried.get(person, ()), at.today):
            found[person, assigned.case] = assigned
    return found


def _due(assigned: Mapping[tuple[str, str], Assigned], case: str) -> str:
    days = sorted({each.due for (_, name), each in assigned.items() if name == case})
    return f", due {days[0]}{' and later' if len(days) > 1 else ''}" if days else ""


def _stand(
    assigned: Mapping[tuple[str, str], Assigned],
    done: Mapping[tuple[str, str], views.Completed],
    person: str,
    case: str,
) -> Cell:
    wanted, played = assigned.get((person, case)), done.get((person, case))
    told = []
    if wanted is not None and wanted.state is State.NOT_BEGUN and played is not None and played.damaged:
        told.append("overdue, its journal cannot be used" if wanted.overdue else "its journal cannot be used")
    elif wanted is not None and wanted.state is not State.FINISHED:
        told.append(f"overdue, {wanted.state}" if wanted.overdue else str(wanted.state))
    elif played is None:
        return Cell("")
    elif wanted is None:
        told.append(played.state)
    last = played.last if played else None
    if last is not None:
        told.append(in_short(last.results))
        if last.purpose == PRACTICE:
            told.append(PRACTICE)
        if last.attempt > 1:
            told.append(f"attempt {last.attempt}")
    session = last.session if last is not None and last.purpose != PRACTICE else ""
    if not session and wanted is not None and wanted.state in (State.FINISHED, State.SENT_BACK):
        # Whoever practised since has an assigned attempt all the same, which can be read.
        session = wanted.session
    tone = CRITICAL if last is not None and last.criticals else "harmful" if wanted and wanted.overdue else ""
    return Cell(", ".join(told), session, tone)


def growth(at: Viewpoint) -> Sheet:
    """Say how results go on over attempts: of one person attempt by attempt, of everybody by the attempt's number."""
    if at.person:
        return _growth_of(at)
    columns = [_column("attempt", "attempt"), _column("n", "how many"), _column("criticals", "with a critical")]
    columns += [_column(name, f"mean {name}") for name in DIMENSIONS]
    rows = [
        (
            Cell(str(each.attempt)),
            Cell(f"{each.n:,}"),
            Cell(f"{each.criticals:,}"),
            *(Cell("too few" if (mean := each.means[name]) is None else f"{mean:.0f}") for name in DIMENSIONS),
        )
        for each in views.growth(at.index, at.scenario, at.few)
    ]
    return Sheet(
        "growth",
        "Growth over attempts",
        f"What everybody here came to at {at.title(at.scenario) if at.scenario else 'their cases'}, in this cohort or "
        "not, by the number of the attempt. Pick a person to see theirs one by one.",
        tuple(columns),
        tuple(rows),
        (
            f"Means are said from {at.few} attempts on, and leave out what a critical takes the place of.",
            "Whoever makes a third attempt is not whoever makes one: this shows where people stand who are at that "
            "attempt, not what practice does.",
            *_scope(at, people=False),
        ),
        "Nobody has finished an attempt yet.",
    )


def _growth_of(at: Viewpoint) -> Sheet:
    columns = [_column(key, title) for key, title in (("ended", "when"), ("case", "case"), ("attempt", "attempt"))]
    columns += [*(_column(name, name) for name in DIMENSIONS), _column("criticals", "criticals")]
    columns.append(_column("purpose", "played for"))
    rows = [
        (
            Cell(step.ended[:10]),
            Cell(step.title, step.session),
            Cell(str(step.attempt)),
            *(Cell(in_short([each]), tone=CRITICAL if each.critical else "") for each in step.results),
            Cell(str(step.criticals) if step.criticals else ""),
            Cell(step.purpose),
        )
        for step in views.growth_of(at.index, at.person, at.scenario)
    ]
    name = at.names.name(at.person)
    return Sheet(
        "growth",
        f"Growth of {name}",
        "Every attempt that came to an ending, in their order. A practice attempt is not opened from here.",
        tuple(columns),
        tuple(rows),
        (RESULTS_MEAN,),
        f"{name} has not finished an attempt yet.",
    )


def indicators(at: Viewpoint) -> Sheet:
    """Say how people were marked on every indicator: a heat map of a group, or one person's levels."""
    found = views.heat(at.index, at.people)
    if at.person:
        return _levels_of(at, found)
    by = {(each.person, each.indicator): each for each in found}
    people = at.named(at.people or {each.person for each in found})
    known = [name for name in at.rubric.indicators if any((person, name) in by for person in people)]
    columns = [_column("person", "person"), *(_column(name, name.partition(".")[2]) for name in known)]
    rows = [(at.who(each), *(_heat(by.get((each, name))) for name in known)) for each in people]
    return Sheet(
        "indicators",
        "Levels by indicator",
        "How people were marked in first attempts.",
        tuple(columns),
        tuple(rows) if known else (),
        (
            "3/8: of 8 marks, 3 were poor or harmful; ! says that one was harmful at least; empty: never marked there.",
            f"{FIRST_ATTEMPTS} {NO_VERDICT}",
            *_scope(at, cases=False),
        ),
        "Nobody has been marked in a first attempt yet.",
    )


def _heat(heat: views.Heat | None) -> Cell:
    total = sum(heat.first.values()) if heat else 0
    if heat is None or not total:
        return Cell("")
    low, harmful = sum(heat.first[each] for each in LOW), heat.first[Level.HARMFUL.value]
    tone = "harmful" if harmful else "poor" if 2 * low >= total else "acceptable" if low else "best"
    return Cell(f"{low}/{total}{'!' if harmful else ''}", tone=tone)


def _levels_of(at: Viewpoint, found: Sequence[views.Heat]) -> Sheet:
    by = {each.indicator: each for each in found}
    columns = [_column("indicator", "indicator"), *(_column(level, level) for level in LEVELS)]
    columns.append(_column("repeats", "in repeats"))
    rows = []
    for name, indicator in at.rubric.indicators.items():
        heat = by.get(name)
        cells = [Cell(str(heat.first[level] or "") if heat else "", tone=level) for level in LEVELS]
        repeats = sum(heat.repeats.values()) if heat else 0
        rows.append((Cell(f"{indicator.title} ({name})"), *cells, Cell(str(repeats or ""))))
    return Sheet(
        "indicators",
        f"Levels of {at.names.name(at.person)}",
        "How often each level was marked in first attempts; a row without numbers has not been practised.",
        tuple(columns),
        tuple(rows),
        (f"{FIRST_ATTEMPTS} {NO_VERDICT}", *_scope(at, cases=False)),
    )


def criticals(at: Viewpoint) -> Sheet:
    """Say which criticals were raised, where, by whom."""
    found = views.criticals(at.index, at.people, at.scenario, MOST_ROWS)
    titles = {(each.scenario, each.critical): each.title for each in found.counts}
    rows = tuple(
        (
            Cell(each.decided[:10]),
            at.who(each.person),
            at.which(each.scenario),
            Cell(titles.get((each.scenario, each.critical), each.critical), each.session, CRITICAL),
            Cell(str(each.number)),
            Cell(str(each.attempt or "")),
        )
        for each in found.seen
    )
    columns = (("decided", "when"), ("person", "who"), ("case", "case"), ("critical", "critical"))
    counts = [
        f"{at.title(each.scenario)}: {each.title}: {each.first} in first attempts, {each.repeats} in repeats, by "
        f"{counted(each.people, 'person', 'people')}."
        for each in found.counts
    ]
    return Sheet(
        "criticals",
        "Criticals",
        "Failures that somebody must look at, newest first. Practice attempts are only counted.",
        (*(_column(*each) for each in columns), _column("decision", "decision"), _column("attempt", "attempt")),
        rows,
        tuple(counts),
        "No critical was raised.",
    )


def confidence(at: Viewpoint) -> Sheet:
    """Set how sure people were against what their decisions were marked."""
    # What a case shows is not kept person by person.
    by_case = bool(at.scenario) and not at.person
    people, scenario = ((), at.scenario) if by_case else (at.people, "")
    found = views.calibration(at.index, people, scenario, at.few)
    names = {CRITICAL: "critical", "": "not marked"}
    columns = [_column("sure", "how sure"), _column("decisions", "decisions")]
    columns += [_column(each or "unmarked", names.get(each, each)) for each in views.WORST]
    columns.append(_column("low", "poor or worse"))
    rows = []
    for sure in range(4, 0, -1):
        row = found.rows[sure]
        share = found.share(sure, CRITICAL, *LOW)
        if sum(row.values()):
            rows.append(
                (
                    Cell(SURENESS[sure - 1]),
                    Cell(f"{sum(row.values()):,}"),
                    *(Cell(f"{row[each]:,}" if row[each] else "", tone=each) for each in views.WORST),
                    Cell("too few" if share is None else f"{100 * share:.0f}%"),
                )
            )
    return Sheet(
        "confidence",
        "How sure, and how well",
        "Decisions of first attempts that were made with a word on how sure, by the worst they were marked. Being "
        "unsure and right is learning; being sure and harmful is what to look at first.",
        tuple(columns),
        tuple(rows),
        (
            f"Shares are said from {at.few} first attempts on; there are {found.attempts:,}.",
            FIRST_ATTEMPTS,
            *_scope(at, people=not by_case, cases=by_case),
        ),
        "Nobody was asked how sure they were.",
    )


def responses(at: Viewpoint) -> Sheet:
    """Say who chose what in one case; without a case, which scenes are hardest."""
    if not at.scenario:
        return _hardest(at)
    shown = case_views.shown(at.index, at.scenario, few=at.few)
    rows = []
    for scene in shown.scenes:
        for number, picked in enumerate(scene.picks):
            first = number == 0
            rows.append(
                (
                    Cell(scene.scene if first else ""),
                    Cell(_offered(scene.offered) if first else ""),
                    Cell(picked.text or picked.response),
                    Cell(f"{picked.first:,}"),
                    Cell("" if picked.share is None else f"{100 * picked.share:.0f}%"),
                    _marked(picked),
                    Cell(_hesitation(picked.buckets) if scene.enough else ""),
                )
            )
    columns = (
        *(("scene", "scene"), ("offered", "share of what was on offer"), ("response", "response")),
        *(("first", "first attempts"), ("share", "share"), ("marks", "marks"), ("time", "took half of them")),
    )
    notes = [
        "Share of what was on offer: between always taking the least (0) and the most (100), for rapport, "
        "organization, ethics. The lower, the harder.",
        f"{shown.title}: {counted(shown.first, 'first attempt')}, {counted(shown.repeats, 'repeat')}.",
    ]
    if not shown.enough:
        notes.append(f"Under {at.few} first attempts there are counts only.")
    notes += _scope(at, people=False)
    return Sheet(
        "responses",
        f"Who chose what: {shown.title}",
        "Every response, with who took it in first attempts; what nobody ever picked stands with 0.",
        tuple(_column(*each) for each in columns),
        tuple(rows),
        tuple(notes),
        "Nobody has finished this case yet.",
    )


def _offered(offered: Mapping[str, int | None]) -> str:
    if all(each is None for each in offered.values()):
        return ""
    return " / ".join("·" if offered.get(name) is None else str(offered[name]) for name in DIMENSIONS)


def _marked(picked: case_views.Picked) -> Cell:
    if not picked.marks:
        return Cell("")
    found = [f"{each.indicator} {each.level}" for each in given(picked.marks[0][0])]
    worst = next((each for each in views.WORST if each and picked.worst.get(each)), "")
    return Cell(", ".join(dict.fromkeys(found)), tone=worst)


def _hesitation(buckets: Sequence[int]) -> str:
    found = case_views.median(buckets)
    if found is None:
        return ""
    low, high = found
    return f"over {low} s" if high is None else f"{low} to {high} s"


def _hardest(at: Viewpoint) -> Sheet:
    rows = tuple(
        (
            at.which(each.scenario),
            Cell(each.scene),
            Cell(f"{each.first:,}"),
            Cell(_offered(each.offered) or "too few"),
            Cell(_hesitation(each.buckets) if each.enough else ""),
        )
        for each in case_views.difficulty(at.index, few=at.few)[:MOST_ROWS]
    )
    columns = (
        *(("case", "case"), ("scene", "scene"), ("first", "first attempts")),
        *(("offered", "share of what was on offer"), ("time", "took half of them")),
    )
    return Sheet(
        "responses",
        "What is hard",
        "Scenes of all cases, the hardest first. Pick a case to see who chose what.",
        tuple(_column(*each) for each in columns),
        rows,
        (
            "Share of what was on offer: between always taking the least (0) and the most (100), for rapport, "
            f"organization, ethics; said from {at.few} first attempts on.",
            *_scope(at, people=False),
        ),
        "Nobody has finished a case yet.",
    )


def never(at: Viewpoint) -> Sheet:
    """Say what nobody ever picks: a response that convinces nobody teaches nobody."""
    rows = tuple(
        (at.which(each.scenario), Cell(each.scene), Cell(each.text or each.response), Cell(f"{each.met:,}"))
        for each in case_views.never_picked(at.index, at.scenario)[:MOST_ROWS]
    )
    columns = (("case", "case"), ("scene", "scene"), ("response", "response"), ("met", "decided there otherwise"))
    return Sheet(
        "never",
        "What nobody picks",
        "What was on offer and never taken, where people decided most often first.",
        tuple(_column(*each) for each in columns),
        rows,
        ("Over first attempts and repeats of everybody.",),
        "Everything that was on offer has been picked by somebody.",
    )


def overrides(at: Viewpoint) -> Sheet:
    """Say which marks reviewers give another level."""
    rows = tuple(
        (
            at.which(each.scenario),
            Cell(each.scene),
            Cell(each.text or each.response or "(outcome)"),
            Cell(each.indicator),
            Cell(each.was, tone=each.was),
            Cell(", ".join(f"{'no mark' if level == NO_MARK else level} ({n})" for level, n in each.ways.items())),
            Cell(f"{each.overrides} of {each.reviewed}"),
        )
        for each in case_views.overrides(at.index, at.scenario)
    )
    columns = (
        *(("case", "case"), ("scene", "scene"), ("response", "response"), ("indicator", "indicator")),
        *(("was", "author's mark"), ("now", "reviewers say"), ("overrides", "overrides")),
    )
    return Sheet(
        "overrides",
        "Marks that reviewers override",
        "Where supervisors disagree with a case's author, the most often first: a mark that is overridden again and "
        "again wants mending in the case.",
        tuple(_column(*each) for each in columns),
        rows,
        ("6 of 8: the mark stood in 8 reviews that were signed off or sent back, and 6 of them override it.",),
        "No mark has been overridden.",
    )


def unpractised(at: Viewpoint) -> Sheet:
    """Say which indicators nobody has practised, and who has not practised which."""
    people = at.named(at.people or {each.person for each in views.completion(at.index)})
    names = tuple(at.rubric.indicators)
    found = views.unpractised(at.index, people, names)
    nobody = [name for name in names if people and all(name in found[person] for person in people)]
    by_nobody = [f"By nobody: {', '.join(nobody)}."] if nobody else []
    rows = tuple(
        (at.who(person), Cell(str(len(found[person]))), Cell(", ".join(found[person])))
        for person in people
        if found[person]
    )
    return Sheet(
        "unpractised",
        "What has not been practised",
        "Indicators on which no finished attempt of somebody was marked, first attempts and repeats.",
        (_column("person", "person"), _column("n", "how many"), _column("indicators", "indicators")),
        rows,
        (*by_nobody, *_scope(at, cases=False)) if people else (),
        "Everybody has practised every indicator." if people else "Nobody has played yet.",
    )


def _column(key: str, title: str) -> Column:
    return Column(key, one_line(title, 80))


SHEETS: Mapping[str, Callable[[Viewpoint], Sheet]] = {
    "completion": completion,
    "growth": growth,
    "indicators": indicators,
    "criticals": criticals,
    "confidence": confidence,
    "responses": responses,
    "never": never,
    "overrides": overrides,
    "unpractised": unpractised,
}
"""Every sheet by its id, in the order in which somebody looks at them."""


def all_sheets(at: Viewpoint) -> Iterator[Sheet]:
    """Make every sheet; raises IndexTrouble."""
    for make in SHEETS.values():
        yield make(at)


__all__ = ["SHEETS", "Row", "Viewpoint", "all_sheets"]
