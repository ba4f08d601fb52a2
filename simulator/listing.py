"""Lists of sessions: as rows for people, and as JSON for tools."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from simulator.archive import Logged, Unreadable
from simulator.people import People
from simulator.progress import in_order
from simulator.report import when
from simulator.review.writing import reviews_of
from simulator.settings import Home
from simulator.text import one_line
from simulator.wording import again_from, counted

Row = Logged | Unreadable


def state(row: Row) -> str:
    """Say where a session stands."""
    if isinstance(row, Unreadable):
        return "cannot be read"
    if row.trouble:
        return "damaged"
    return row.session.ending.title if row.session.ending else "unfinished"


def criticals(row: Row) -> int:
    """Return how many criticals a session raised."""
    return 0 if isinstance(row, Unreadable) else len(row.scorecard.criticals)


def attempts(rows: Iterable[Row]) -> dict[str, int]:
    """Return, for each attempt that came to its ending, which one of this person at this case it is, from 1."""
    kept: dict[tuple[str, str], list[Logged]] = {}
    for row in rows:
        if isinstance(row, Logged):
            kept.setdefault((row.person, row.scenario.id), []).append(row)
    return {each.id: number for alike in kept.values() for number, each in enumerate(in_order(alike), 1)}


def again(row: Row, known: Mapping[str, int] | None = None) -> str:
    """Say from which decision of what a session was begun again; empty if it was begun at the start of its case.

    What it comes from is named by its id; where it is among `known` attempts, by which one it is.
    """
    origin = None if isinstance(row, Unreadable) else row.again
    if origin is None:
        return ""
    attempt = (known or {}).get(origin.session)
    return again_from(origin.decision, origin.session if attempt is None else f"attempt {attempt}")


def signed_off(where: Home, row: Logged) -> bool:
    """Whether somebody signed this session off as it is now."""
    head = row.recorded.reading.head
    return any(review.head == head for review in reviews_of(where, row.id))


def as_lines(rows: Sequence[Row], people: People) -> list[str]:
    """Write sessions as one line each."""
    return [_line(row, people) for row in rows]


def _line(row: Row, people: People) -> str:
    if isinstance(row, Unreadable):
        return f"{row.path.stem:<24}  cannot be read: {one_line(row.why, 400)}"
    found = criticals(row)
    critical = f"  [{counted(found, 'critical')}]" if found else ""
    name = people.name(row.person)[:20]
    tried = f"  ({whence})" if (whence := again(row)) else ""
    purpose = f"  [{row.purpose}]" if row.purpose else ""
    told = f"{row.scenario.id}: {state(row)}{tried}{critical}{purpose}"
    return f"{row.id:<24}  {when(row.recorded.started)}  {name:<20}  {told}"


def as_json(row: Row) -> dict[str, object]:
    """Return a session as tools read it; the keys are stable."""
    if isinstance(row, Unreadable):
        return {"session": row.path.stem, "state": "unreadable", "problem": row.why}
    header = row.recorded.header
    return {
        "session": row.id,
        "state": "damaged" if row.trouble else "finished" if row.over else "unfinished",
        "problem": row.trouble,
        "person": row.person,
        "scenario": header.scenario,
        "version": header.version,
        "scenario_hash": header.scenario_hash,
        "rubric_hash": header.rubric_hash,
        "seed": header.seed,
        "purpose": header.purpose,
        "again": None if row.again is None else {"session": row.again.session, "decision": row.again.decision},
        "started": row.recorded.started,
        "touched": row.recorded.touched,
        "decisions": len(row.session.events),
        "ending": row.session.ending.id if row.session.ending else None,
        "criticals": [raised.critical for raised in row.scorecard.criticals],
        "profiles": {
            name: {
                "levels": {level.value: count for level, count in profile.counts().items()},
                "quality": profile.quality,
                "critical": profile.critical,
            }
            for name, profile in row.scorecard.profiles.items()
        },
    }
