"""What a session came to, as a row says it: points, percent of what its case makes possible, or the word critical."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
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


def with_cases(found: FromClause) -> FromClause:
    """Join what is known of their cases to sessions, or to what sessions are joined to."""
    return found.outerjoin(
        cases, and_(cases.c.scenario_hash == sessions.c.scenario_hash, cases.c.rubric_hash == sessions.c.rubric_hash)
    ).outerjoin(
        wordings,
        and_(
            wordings.c.scenario_hash == sessions.c.scenario_hash,
            wordings.c.kind == "ending",
            wordings.c.scene == sessions.c.ending,
        ),
    )


JOINED = with_cases(sessions)
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
_NAMES = tuple((name, f"{name}_worst", f"{name}_best", f"{name}_quality") for name in DIMENSIONS)


def results_of(row: Row[Any]) -> tuple[Result, ...]:
    """Return what a row of `OUTCOME` or `COLUMNS` says, one for each of `DIMENSIONS`."""
    found = row._mapping
    over, critical = found["state"] == FINISHED, bool(found["criticals"])
    return tuple(
        result(name, found[name], (found[worst], found[best]), over=over, critical=critical, quality=found[quality])
        for name, worst, best, quality in _NAMES
    )


# Thousands of sessions come to the same few hundred results, and one of each is enough.
@lru_cache(maxsize=4096)
def result(
    dimension: str,
    raw: int,
    bounds: tuple[int | None, int | None],
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
