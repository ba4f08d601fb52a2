"""A cohort as one HTML page, in the manner of a session's: it needs nothing but itself.

The page is `cohort.html`; it holds the same sheets as the screen and the command.
"""

from __future__ import annotations

from collections.abc import Iterable

from simulator.page import rendered
from simulator.sheet import Sheet
from simulator.wording import ASSERTED, DISCLAIMER

WIDE = 6
"""Columns from which on a table is given the room to be scrolled by itself."""


def cohort_page(title: str, facts: Iterable[tuple[str, str]], sheets: Iterable[Sheet]) -> str:
    """Write sheets as a page, each with what may be concluded from it."""
    return rendered(
        "cohort.html",
        title=title,
        facts=list(facts),
        sheets=list(sheets),
        wide=WIDE,
        tones=("best", "acceptable", "poor", "harmful", "critical"),
        disclaimer=DISCLAIMER,
        asserted=ASSERTED,
    )
