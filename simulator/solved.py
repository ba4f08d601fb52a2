"""What exploring cases showed, kept by their content: a debrief looks it up instead of waiting for it.

It is only kept to be quick. Deleted or spoilt, it is found out again; it never makes a case fail.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from scoring.rubric import DIMENSIONS, Rubric
from simulator import durable
from simulator.decidable import Points, plus
from simulator.deed import body_of, event_of
from simulator.durable import NotRead, NotSaved
from simulator.explore import MOST_SECONDS, MOST_STATES, Exploration, Report, Unfinished
from simulator.hindsight import Foreseen, NotProven
from simulator.outlooks import Outlooks
from simulator.scenario import Scenario
from simulator.session import Event, start
from simulator.settings import Home
from simulator.solution import Proof, Reached, Solution, model_session, solve

EXPLORER = 2
"""Goes up when exploring finds anything else than before: what was kept by another is not used."""
LARGEST = 64 * 1024 * 1024
"""Bytes of what is kept of one case, before it is compressed."""


def solved(
    where: Home | None,
    scenario: Scenario,
    rubric: Rubric,
    *,
    most: int = MOST_STATES,
    seconds: float = MOST_SECONDS,
    report: Report | None = None,
) -> tuple[Solution, Outlooks | None]:
    """Return what is known of a case: what was kept, or else what exploring it shows, which is kept then.

    Without a home nothing is kept. That the budget ran out is kept too, for the same budget or a smaller one.
    """
    if where is not None:
        known = recall(where, scenario, rubric)
        if known is not None and (known[0].proof is not None or (most, seconds) <= (known[2], known[3])):
            return known[0], known[1]
    solution, outlooks = solve(scenario, rubric, most=most, seconds=seconds, report=report)
    if where is not None:
        _keep(where, solution, outlooks, rubric, most, seconds)
    return solution, outlooks


def foresight(where: Home, scenario: Scenario, rubric: Rubric, report: Report | None = None) -> Foreseen:
    """Return what lies ahead of every moment of a case and one balanced way through it, or why nobody knows."""
    solution, outlooks = solved(where, scenario, rubric, report=report)
    if outlooks is not None:
        return Foreseen(outlooks, model_session(solution))
    return Foreseen(NotProven(f"The case has more than {solution.found:,} states; that is more than was looked at."))


def span(
    where: Home | None,
    scenario: Scenario,
    rubric: Rubric,
    *,
    most: int = MOST_STATES,
    seconds: float = MOST_SECONDS,
    report: Report | None = None,
) -> tuple[Points, Points] | None:
    """Return the least and the most raw points that a whole play of a case can have; None: not proven, or no ending.

    Kept apart from everything else that exploring shows, because a case with overridden marks is asked for nothing
    more. That the budget ran out is kept too, for the same budget or a smaller one.
    """
    path = None if where is None or not scenario.hash else _file(where, scenario, rubric, "span")
    known = _kept_span(path, most, seconds)
    if known is None:
        known = _explored_span(where, scenario, rubric, most, seconds, report)
        if path is not None:
            kept = {"explorer": EXPLORER, "most": most, "seconds": seconds, "span": known[0], "proven": known[1]}
            _put(path, json.dumps(kept, separators=(",", ":")).encode())
    return known[0]


def _kept_span(path: Path | None, most: int, seconds: float) -> tuple[tuple[Points, Points] | None, bool] | None:
    try:
        kept = _read(path) if path is not None else {}
        if kept.get("explorer") != EXPLORER:
            return None
        if not kept["proven"]:
            return (None, False) if (most, seconds) <= (int(kept["most"]), float(kept["seconds"])) else None
        if kept["span"] is None:
            return None, True
        low, high = (tuple(map(int, each)) for each in kept["span"])
        return ((low, high), True) if len(low) == len(high) == len(DIMENSIONS) else None
    except (NotRead, ValueError, KeyError, TypeError, AttributeError, RecursionError, zlib.error):
        return None


def _explored_span(
    where: Home | None, scenario: Scenario, rubric: Rubric, most: int, seconds: float, report: Report | None
) -> tuple[tuple[Points, Points] | None, bool]:
    begun = start(scenario)
    known = None if where is None else recall(where, scenario, rubric)
    outlooks = known[1] if known is not None else None
    if outlooks is None:
        try:
            outlooks = Exploration(scenario, rubric, most=most, seconds=seconds, report=report)
        except Unfinished:
            return None, False
    ahead = outlooks.ahead(begun)
    if ahead is None:
        return None, True
    # Marks that stand before anything is decided are in every play.
    at_start = rubric.points_of(tuple(mark for award in begun.awards for mark in award.marks))
    return (plus(at_start, ahead.low), plus(at_start, ahead.high)), True


def recall(where: Home, scenario: Scenario, rubric: Rubric) -> tuple[Solution, Outlooks | None, int, float] | None:
    """Return what was kept of a case, and the budget it was explored with; None if nothing that can be used was."""
    try:
        kept = _read(_file(where, scenario, rubric))
        if kept["explorer"] != EXPLORER:
            return None
        solution = _solution(scenario, kept["solution"])
        # What cannot be played is not of this case.
        model_session(solution)
        outlooks = None if kept["outlooks"] is None else Outlooks.of_json(scenario, kept["outlooks"])
        return solution, outlooks, int(kept["most"]), float(kept["seconds"])
    except (NotRead, ValueError, KeyError, TypeError, IndexError, AttributeError, zlib.error):
        return None


def _read(path: Path) -> Any:
    expand = zlib.decompressobj()
    text = expand.decompress(durable.read_file(path, LARGEST), LARGEST)
    return json.loads(text)


def _file(where: Home, scenario: Scenario, rubric: Rubric, what: str = "") -> Path:
    return where.solved / f"{scenario.hash}-{rubric.hash[:16]}{what and f'.{what}'}.json.z"


def _keep(
    where: Home, solution: Solution, outlooks: Outlooks | None, rubric: Rubric, most: int, seconds: float
) -> None:
    """Keep what was found; where that cannot be written, it is found out again next time."""
    kept = {
        "explorer": EXPLORER,
        "most": most,
        "seconds": seconds,
        "solution": _as_json(solution),
        "outlooks": None if outlooks is None else outlooks.as_json(),
    }
    text = json.dumps(kept, separators=(",", ":")).encode()
    if not solution.scenario.hash or len(text) > LARGEST:
        return
    _put(_file(where, solution.scenario, rubric), text)


def _put(path: Path, text: bytes) -> None:
    try:
        durable.make_folder(path.parent)
        durable.replace(path, zlib.compress(text, 6))
    except NotSaved:
        return


def _as_json(solution: Solution) -> dict[str, Any]:
    found = asdict(replace(solution, scenario=None))  # type: ignore[arg-type]
    found["endings"] = [
        {"ending": each.ending, "way": way_json(each.way), "share": each.share} for each in solution.endings
    ]
    found["stuck"] = [way_json(each) for each in solution.stuck]
    found["model"] = way_json(solution.model)
    return found


def way_json(way: tuple[Event, ...] | None) -> list[dict[str, object]] | None:
    """Return a way as journals write its events."""
    return None if way is None else [body_of(event)[0] for event in way]


def _way(bodies: list[Mapping[str, Any]] | None) -> tuple[Event, ...] | None:
    if bodies is None:
        return None
    events = [event_of(body, "") for body in bodies]
    if None in events:
        raise ValueError("no event")
    return tuple(event for event in events if event is not None)


def _solution(scenario: Scenario, kept: Mapping[str, Any]) -> Solution:
    return Solution(
        scenario,
        None if kept["proof"] is None else Proof(**kept["proof"]),
        int(kept["found"]),
        tuple(map(str, kept["costly"])),
        tuple(map(int, kept["low"])),
        tuple(map(int, kept["high"])),
        tuple(Reached(str(each["ending"]), _way(each["way"]), float(each["share"])) for each in kept["endings"]),
        tuple((str(scene), str(name)) for scene, name in kept["never_taken"]),
        tuple(map(str, kept["never_met"])),
        tuple(way for each in kept["stuck"] for way in (_way(each),) if way is not None),
        _way(kept["model"]),
        bool(kept["model_sought"]),
        int(kept["plays"]),
    )
