"""What a session came to, as a row says it: points, percent of what its case makes possible, or the word critical."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import FromClause, Row, and_

from scoring.rubric import CRITICAL_DIMENSION, DIMENSIONS
from scoring.scorecard import percent
from simulator.index.cases import BOUNDS
from simulator.index.filling import FINISHED
from simulator.index.schema import cases, sessions, wordings


@dataclass(frozen=True, slots=True)
class Result:
    """One dimension of one session."""

    dimension: str
    raw: int
    """Points of all marks."""
    percent: int | None = None
    """Where that lies between the worst and the best that the case makes possible. None: it did not come to an
    ending, a critical stands in its place, nothing is at stake there, or the case is not proven."""
    critical: bool = False
    """Whether a critical takes the place of its number."""
    assessed: bool = True
    """Whether the case lets anything be lost or won there, as far as is known."""
    quality: int | None = None
    """The share of what was on offer at the decisions that were met, in percent."""


JOINED: FromClause = sessions.outerjoin(
    cases, and_(cases.c.scenario_hash == sessions.c.scenario_hash, cases.c.rubric_hash == sessions.c.rubric_hash)
).outerjoin(
    wordings,
    and_(
        wordings.c.scenario_hash == sessions.c.scenario_hash,
        wordings.c.kind == "ending",
        wordings.c.scene == sessions.c.ending,
    ),
)
"""Sessions with what is known of their cases."""
_BESIDE = (*(cases.c[name] for name in BOUNDS), wordings.c.text.label("ending_title"))
OUTCOME = (
    sessions.c.state,
    sessions.c.criticals,
    *(sessions.c[name] for dimension in DIMENSIONS for name in (dimension, f"{dimension}_quality")),
    *_BESIDE,
)
"""What a session came to; thousands of lines are told by it."""
COLUMNS = (*sessions.columns, cases.c.title, cases.c.proven, cases.c.in_library, *_BESIDE)
"""Everything that a line can tell."""


def results_of(row: Row[Any]) -> tuple[Result, ...]:
    """Return what a row of `OUTCOME` or `COLUMNS` says, one for each of `DIMENSIONS`."""
    found = row._mapping
    return tuple(
        result(
            dimension,
            found[dimension],
            (found[f"{dimension}_worst"], found[f"{dimension}_best"]),
            over=found["state"] == FINISHED,
            critical=bool(found["criticals"]),
            quality=found[f"{dimension}_quality"],
        )
        for dimension in DIMENSIONS
    )


def result(
    dimension: str,
    raw: int,
    bounds: Sequence[int | None],
    *,
    over: bool = True,
    critical: bool = False,
    quality: int | None = None,
) -> Result:
    """Set points against what the case makes possible."""
    worst, best = bounds
    replaced = critical and dimension == CRITICAL_DIMENSION
    assessed = worst is None or best is None or worst != best
    share = None
    if over and not replaced and worst is not None and best is not None:
        share = percent(raw, worst, best)
    return Result(dimension, raw, share, replaced, assessed, quality)
