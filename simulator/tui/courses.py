"""Each dimension's result, with rows that close in on it: the same in a trainee's debrief and under review."""

from __future__ import annotations

from collections.abc import Mapping

from textual.widget import Widget

from scoring.scorecard import Profile
from simulator.hindsight import Course
from simulator.hindsight_telling import WHAT_PERCENT_MEANS, result, rows
from simulator.tui.lines import Words
from simulator.wording import profile_line

WORKING = "Working out what the case made possible …"
WHAT_IS_DRAWN = f"{WHAT_PERCENT_MEANS} The rows: best and worst still reachable, from the start to the last decision."
BESIDE_ROWS = 41
"""Columns that stand beside two rows of blocks: the dimension, its result, the names of the rows."""
SHORTEST_ROW = 6
WIDEST = 104


def draw(page: Widget, courses: Mapping[str, Course], profiles: Mapping[str, Profile], width: int) -> None:
    """Say each result, with its rows where so many columns have room for them, and below it what was seen.

    `page` holds two `Words` for each dimension: `reachable-…` for the result, `profile-…` for what was seen.
    """
    room = (min(width, WIDEST) - BESIDE_ROWS) // 2
    for name, course in courses.items():
        drawn = rows(course, room) if room >= SHORTEST_ROW else []
        told = f"{name:<13} {result(course):<12}  " + "  ".join(f"{which} {row}" for which, row in drawn)
        line = page.query_one(f"#reachable-{name}", Words)
        line.say(told.rstrip())
        line.set_class(True, "-known")
        line.set_class(course.critical is not None, "critical-line")
        seen = page.query_one(f"#profile-{name}", Words)
        seen.say(f"{'':<13} {profile_line(profiles[name])}")
        seen.display = course.critical is None
        seen.set_class(True, "muted")
