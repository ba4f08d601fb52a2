"""How a re-scored session is put into words, and into data for tools."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from scoring.rubric import DIMENSIONS, Mark
from simulator.people import People
from simulator.report import WIDTH, when, wrap
from simulator.rescoring import Change, Rescored
from simulator.scenario import Critical
from simulator.wording import counted

ONLY_COMPARED = (
    "This is a comparison. Journals, results as they were told, and what was signed off stay as they are; a "
    "supervisor who wants a result to stand otherwise overrides its mark."
)


def rescored_text(found: Sequence[Rescored], people: People, width: int = WIDTH) -> str:
    """Tell how sessions were scored and would be: those that differ, and one by itself decision by decision."""
    parts = list(_one(found[0], people, width) if len(found) == 1 else _several(found, people, width))
    return "\n".join([*parts, "", wrap(ONLY_COMPARED, width)])


def _one(each: Rescored, people: People, width: int) -> Iterator[str]:
    logged = each.logged
    yield wrap(f"{logged.scenario.title}: session {logged.id}, {people.name(logged.person)}", width)
    yield wrap(versions(each), width)
    yield ""
    for name in DIMENSIONS:
        yield f"{name:<13} {_result(each, name)}"
    yield ""
    if each.why:
        yield wrap(f"{each.why} What follows it is not scored.", width)
    if not each.changes:
        yield "No decision is marked otherwise."
    for change in each.changes:
        told = f"{change.number:>3}  {change.what}" if change.number else f"     {change.what.capitalize()}"
        yield wrap(told, width, hanging=5)
        for line in change_lines(change, each.logged.scenario.criticals, each.now.session.scenario.criticals):
            yield wrap(line, width, "     ", 2)


def _several(found: Sequence[Rescored], people: People, width: int) -> Iterator[str]:
    for each in (one for one in found if not one.same):
        logged = each.logged
        yield f"{logged.id:<24}  {when(logged.recorded.started)}  {people.name(logged.person)[:20]}"
        told = [f"{name} {_result(each, name)}" for name in DIMENSIONS]
        told += [f"{counted(len(each.changes), 'decision')} marked otherwise"] if each.changes else []
        told += [f"stops at decision {each.stopped}"] if each.stopped else []
        yield wrap("; ".join(told), width, "    ", 2)
    different = sum(not each.same for each in found)
    if different:
        yield ""
    yield f"{different} of {counted(len(found), 'session')} would be scored otherwise."


def _result(each: Rescored, name: str) -> str:
    then, now = each.then.result(name), each.now.result(name)
    return then if then == now else f"{then} → {now}"


def versions(each: Rescored) -> str:
    """Say what is compared with what."""
    then, now = each.then, each.now
    old, new = then.session.scenario, now.session.scenario
    parts = []
    if old.hash != new.hash:
        parts.append(f"version {old.version} of the case as played → version {new.version}")
    if then.rubric.hash != now.rubric.hash:
        parts.append(f"rubric {then.rubric.version} as played with → {now.rubric.id} {now.rubric.version}")
    return "; ".join(parts).capitalize() or "Case and rubric are the ones that it was played with."


def change_lines(change: Change, then: Mapping[str, Critical], now: Mapping[str, Critical]) -> Iterator[str]:
    """Say how a decision is marked otherwise, a line a mark; what changed its level is one line."""
    gained = list(change.gained)
    for mark in change.lost:
        other = next((each for each in gained if each.indicator == mark.indicator), None)
        if other is not None:
            gained.remove(other)
        yield f"{mark.indicator}: {mark.level} → {other.level if other else 'not marked'}"
    for mark in gained:
        yield f"{mark.indicator}: not marked → {mark.level}"
    for name in change.criticals_lost:
        yield f"no longer critical: {then[name].title}"
    for name in change.criticals_gained:
        yield f"critical: {now[name].title}"


def rescored_json(found: Iterable[Rescored]) -> list[dict[str, object]]:
    """Return re-scored sessions as tools read them; the keys are stable."""
    return [
        {
            "session": each.logged.id,
            "person": each.logged.person,
            "scenario": each.logged.scenario.id,
            "then": _side(each, "then"),
            "now": _side(each, "now"),
            "stopped": each.stopped,
            "why": each.why,
            "changes": [
                {
                    "decision": change.number,
                    "what": change.what,
                    "lost": _marks(change.lost),
                    "gained": _marks(change.gained),
                    "criticals_lost": list(change.criticals_lost),
                    "criticals_gained": list(change.criticals_gained),
                }
                for change in each.changes
            ],
        }
        for each in found
    ]


def _side(each: Rescored, which: str) -> dict[str, object]:
    side = each.then if which == "then" else each.now
    scenario = side.session.scenario
    return {
        "version": scenario.version,
        "scenario_hash": scenario.hash,
        "rubric_hash": side.rubric.hash,
        "ending": side.session.ending.id if side.session.ending else None,
        "criticals": [raised.critical for raised in side.card.criticals],
        "results": {name: side.result(name) for name in DIMENSIONS},
        "raw": {name: profile.raw for name, profile in side.card.profiles.items()},
    }


def _marks(marks: Iterable[Mark]) -> list[dict[str, str]]:
    return [{"indicator": mark.indicator, "level": mark.level.value} for mark in marks]
