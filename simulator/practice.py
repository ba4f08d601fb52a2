"""What a supervisor sees of a practice session: how it came out, and nothing of how.

Practice is where a trainee may try what they would never say, and be wrong on purpose. So whoever reviews learns that
somebody practised, how long it took and what came of it; decisions, transcript and everything written stay with the
trainee.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from simulator.archive import Logged, Unreadable
from simulator.hindsight import Hindsight, Solved
from simulator.hindsight_telling import looked_back, result_line
from simulator.journal import PRACTICE
from simulator.people import People
from simulator.report import WIDTH, when, wrap
from simulator.wording import ASSERTED, counted, judged_by, profile_line

ONLY = "This was practice. Whoever reviews is shown how it came out: no decision, and nothing that was written."


def is_practice(row: Logged | Unreadable) -> bool:
    """Whether no more than a summary of a session is for whoever reviews."""
    return isinstance(row, Logged) and row.purpose == PRACTICE


def summary(logged: Logged, people: People, solved: Solved | None = None, width: int = WIDTH) -> str:
    """Write all that a supervisor is shown of a practice session."""
    scenario = logged.scenario
    parts = [
        wrap(f"{scenario.title} (version {scenario.version})", width),
        *(wrap(f"{label:<9} {fact}", width, hanging=10) for label, fact in _facts(logged, people)),
        "",
        *(wrap(line, width, hanging=14) for line in summary_lines(logged, solved)),
        "",
        wrap(ONLY, width),
        "",
        wrap(f"{judged_by(scenario)} {ASSERTED}", width),
    ]
    return "\n".join(parts)


def _facts(logged: Logged, people: People) -> list[tuple[str, str]]:
    found = [
        ("Session", logged.id),
        ("Played by", f"{people.name(logged.person)} ({logged.person})"),
        ("Begun", when(logged.recorded.started)),
    ]
    return [*found, ("TROUBLE", "Not all of its journal can be used.")] if logged.trouble else found


def summary_lines(logged: Logged, solved: Solved | None = None) -> list[str]:
    """Say how a session came out: its ending, the time it took, how many criticals, and a result for each dimension."""
    ending = logged.session.ending
    card = logged.scorecard
    back = looked_back(logged.session, logged.rubric, solved)
    courses = back.courses if isinstance(back, Hindsight) else {}
    results = [
        f"{name:<13} {result_line(courses[name]) if name in courses else profile_line(profile)}"
        for name, profile in card.profiles.items()
    ]
    return [
        f"{'Ending':<13} {ending.title if ending else 'unfinished'}",
        f"{'Time':<13} {minutes_taken(logged)}",
        f"{'Criticals':<13} {counted(len(card.criticals), 'critical') if card.criticals else 'none'}",
        *results,
    ]


def minutes_taken(logged: Logged) -> str:
    """Say how long somebody played, without the times at which they had left."""
    taken = timedelta()
    before = logged.recorded.started
    for record in logged.recorded.records:
        # Up to the moment of coming back they were away; what is written after the ending is no play.
        if record.mark != "resumed":
            taken += _between(before, record.time) if record.mark != "reflected" else timedelta()
        before = record.time
    minutes = round(taken.total_seconds() / 60)
    return counted(minutes, "minute") if minutes else "less than a minute"


def _between(before: str, after: str) -> timedelta:
    """Return what passed between two times of a journal; nothing where it cannot be told."""
    try:
        return max(datetime.fromisoformat(after) - datetime.fromisoformat(before), timedelta())
    except (ValueError, TypeError):
        return timedelta()
