"""How long somebody took over each decision, as far as the times of the journal's entries tell.

A long pause is no fault and no thought: somebody may have been called away. So times are told beside a decision, and
nothing is made of them; where a clock was set back, nothing is claimed at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from simulator.journal import Recorded

LONG_PAUSE = 600
"""Seconds from which on it is called a pause: more than a note takes to write."""
LEFT = "suspended"
"""Up to leaving, somebody was at the case."""


@dataclass(frozen=True, slots=True)
class Pace:
    """The time before one decision."""

    seconds: int | None
    """None: the clock was set back meanwhile, or it was taken over from another session."""
    left: bool = False
    """Whether somebody left and came back meanwhile; that time is not in it."""
    taken_over: bool = False

    @property
    def long(self) -> bool:
        """Whether it is a pause rather than a time to think."""
        return self.seconds is not None and self.seconds >= LONG_PAUSE

    def __str__(self) -> str:
        if self.taken_over:
            return "taken over from another session"
        if self.seconds is None:
            return "time taken unknown: the clock was set back"
        told = f"a long pause: {duration(self.seconds)}" if self.long else f"took {duration(self.seconds)}"
        return f"{told}, left and came back meanwhile" if self.left else told


def paces(recorded: Recorded) -> tuple[Pace, ...]:
    """Return the time before each decision of a journal, in their order."""
    found: list[Pace] = []
    milliseconds: int | None = 0
    left = False
    before = recorded.started
    for record in recorded.records:
        passed = _between(before, record.time)
        before = record.time
        if record.event is None and record.mark != LEFT:
            # Up to coming back they were away; a reflection is none of the case's time.
            left = left or record.mark == "resumed"
            continue
        milliseconds = None if milliseconds is None or passed is None or passed < 0 else milliseconds + passed
        if record.event is not None:
            over = len(found) < recorded.header.taken_over
            seconds = None if milliseconds is None or over else round(milliseconds / 1000)
            found.append(Pace(seconds, left and not over, over))
            milliseconds, left = 0, False
    return tuple(found)


def duration(seconds: int) -> str:
    """Write a duration for people: `12 s`, `3 min 5 s`, `14 min`, `2 h 5 min`."""
    minutes, rest = divmod(seconds, 60)
    hours, left = divmod(minutes, 60)
    if hours:
        return f"{hours} h {left} min" if left else f"{hours} h"
    if not minutes:
        return f"{rest} s"
    return f"{minutes} min {rest} s" if rest and seconds < LONG_PAUSE else f"{minutes} min"


def _between(before: str, after: str) -> int | None:
    """Return the milliseconds between two times of a journal; None where they cannot be compared."""
    try:
        return round((datetime.fromisoformat(after) - datetime.fromisoformat(before)).total_seconds() * 1000)
    except (ValueError, TypeError):
        return None
