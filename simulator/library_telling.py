"""The library in words: which cases come first, what each practises, how somebody did with it.

The app's first screen and `caseload library` tell the same, so that nobody misses anything who uses a screen reader.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from simulator.archive import Logged
from simulator.cohort.assigned import Assigned, due_line
from simulator.learning_path import LearningPath
from simulator.library import Case
from simulator.progress import in_order
from simulator.report import WIDTH, wrap
from simulator.scenario import Scenario
from simulator.wording import again_from, counted

BESIDE_THE_PATH = "Not on the path"
"""What stands over the cases that no path names."""
MOST_RESULTS = 4
"""Sessions of one case that are told; older ones are counted."""
MOST_MISSING = 3
"""Cases that are named of those which a path names and the library does not have."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """Cases that belong together."""

    title: str
    """Empty where there is no path at all."""
    about: str
    cases: tuple[Case, ...]


def shelves(cases: Sequence[Case], path: LearningPath) -> list[Shelf]:
    """Return the library in the order of the path; what that does not name stands below. Empty stages are left out."""
    known = {case.scenario.id: case for case in cases}
    found = [
        Shelf(stage.title, stage.about, tuple(known.pop(name) for name in stage.cases if name in known))
        for stage in path.stages
    ]
    found.append(Shelf(BESIDE_THE_PATH if any(shelf.cases for shelf in found) else "", "", tuple(known.values())))
    return [shelf for shelf in found if shelf.cases]


def missing_line(path: LearningPath, cases: Sequence[Case]) -> str:
    """Say which cases a path names and the library does not have; empty if it has all."""
    missing = path.missing({case.scenario.id for case in cases})
    if not missing:
        return ""
    more = f" and {len(missing) - MOST_MISSING} more" if len(missing) > MOST_MISSING else ""
    return f"On the path, but not in your library: {', '.join(missing[:MOST_MISSING])}{more}."


def facts_line(scenario: Scenario, *, stage: bool = True) -> str:
    """Say where a case takes place, for whom it is, how long it takes and who has looked it over."""
    facts = (
        scenario.setting,
        scenario.stage.replace("-", " ") if stage else "",
        f"about {scenario.duration} minutes" if scenario.duration else "",
        f"reviewed by {scenario.reviewed_by}" if scenario.reviewed_by else "",
    )
    return " · ".join(fact for fact in facts if fact)


def practises_line(path: LearningPath, scenario: Scenario) -> str:
    """Say what a case practises; empty if the path does not name it."""
    said = path.practises(scenario.id)
    return f"You practise: {said}" if said else ""


def note_line(scenario: Scenario) -> str:
    """Say what somebody may want to know before playing; empty if there is nothing to say."""
    note = scenario.content_note
    return f"Please note: {note}" if note and note.lower() != "none" else ""


def results_lines(scenario: Scenario, mine: Sequence[Logged], assigned: Sequence[Assigned] = ()) -> list[str]:
    """Say what is assigned of a case, and how somebody did with it: the last result by dimension, and every ending.

    `mine` are somebody's sessions, newest first.
    """
    told = [f"For you: {due_line(each)}." for each in assigned if each.case == scenario.id][:1]
    over = [row for row in mine if row.scenario.id == scenario.id and row.over]
    if not over:
        return told
    attempts = in_order(over)
    if attempts:
        told.append("Your last attempt:")
        told += [f" {name:<12} {levels}" for name, levels in last_levels(attempts[-1]).items()]
    told.append(f"You played it {_often(len(attempts))}:" if attempts else "You played it:")
    told += [_result(row) for row in over[:MOST_RESULTS]]
    if len(over) > MOST_RESULTS:
        told.append(f"  and {counted(len(over) - MOST_RESULTS, 'time')} before")
    return told


def last_levels(logged: Logged) -> dict[str, str]:
    """Return how often each level was marked on each dimension, best first, or that there was a critical."""
    return {
        name: "critical"
        if profile.critical
        else ", ".join(f"{count} {level}" for level, count in reversed(profile.counts().items()) if count)
        or "nothing marked"
        for name, profile in logged.scorecard.profiles.items()
    }


def _often(number: int) -> str:
    return {1: "once", 2: "twice"}.get(number, f"{number} times")


def _result(row: Logged) -> str:
    ending = row.session.ending.title if row.session.ending else ""
    count = len(row.scorecard.criticals)
    notes = [*([again_from(row.again.decision)] if row.again else []), *([counted(count, "critical")] if count else [])]
    return f"  {row.recorded.touched[:10]}  {ending}" + (f"  ({', '.join(notes)})" if notes else "")


# -- all of it, line by line ------------------------------------------------------------------


def library_text(
    cases: Sequence[Case],
    path: LearningPath,
    mine: Sequence[Logged] = (),
    assigned: Sequence[Assigned] = (),
    width: int = WIDTH,
) -> str:
    """Tell the whole library, shelf by shelf, for whoever does not use the app."""
    parts: list[str] = []
    for shelf in shelves(cases, path):
        if shelf.title:
            parts += [shelf.title.upper()]
        if shelf.about:
            parts += [wrap(shelf.about, width)]
        for case in shelf.cases:
            parts += ["", *_case(case.scenario, path, mine, assigned, width)]
        parts.append("")
    if missing := missing_line(path, cases):
        parts += [wrap(missing, width), ""]
    return "\n".join(parts).rstrip("\n")


def _case(
    scenario: Scenario, path: LearningPath, mine: Sequence[Logged], assigned: Sequence[Assigned], width: int
) -> Iterator[str]:
    yield wrap(f"{scenario.title} ({scenario.id})", width, hanging=2)
    facts = facts_line(scenario, stage=path.stage_of(scenario.id) is None)
    told = (facts, scenario.summary, practises_line(path, scenario), note_line(scenario))
    yield from (wrap(line, width, "  ") for line in told if line)
    for row in mine:
        if row.scenario.id == scenario.id and not row.over and not row.trouble:
            yield wrap(f"Unfinished since {row.recorded.touched[:10]}: caseload play --resume {row.id}", width, "  ")
    yield from (f"  {line}" for line in results_lines(scenario, mine, assigned))


def library_json(
    cases: Sequence[Case], path: LearningPath, mine: Sequence[Logged] = (), assigned: Sequence[Assigned] = ()
) -> list[Mapping[str, object]]:
    """Return the whole library for tools, in the order of the path; the keys are stable."""
    found: list[Mapping[str, object]] = []
    for case in (case for shelf in shelves(cases, path) for case in shelf.cases):
        scenario = case.scenario
        stage = path.stage_of(scenario.id)
        sessions = [row for row in mine if row.scenario.id == scenario.id]
        attempts = in_order(sessions)
        task = next((each for each in assigned if each.case == scenario.id), None)
        found.append(
            {
                "scenario": scenario.id,
                "title": scenario.title,
                "version": scenario.version,
                "summary": scenario.summary,
                "stage": scenario.stage,
                "path": stage.id if stage else "",
                "practises": path.practises(scenario.id),
                "minutes": scenario.duration or None,
                "content_note": scenario.content_note,
                "attempts": [row.id for row in attempts],
                "unfinished": [row.id for row in sessions if not row.over and not row.trouble],
                "last": {
                    name: {level.value: count for level, count in profile.counts().items()}
                    for name, profile in attempts[-1].scorecard.profiles.items()
                }
                if attempts
                else None,
                "last_criticals": [each.critical for each in attempts[-1].scorecard.criticals] if attempts else None,
                "assigned": str(task.state) if task else None,
                "due": task.due.isoformat() if task else None,
            }
        )
    return found
