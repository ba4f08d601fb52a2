"""Marks as one short text: what a decision was marked, in a column that can be counted by.

    rapport.limits:poor ethics.limits:best@opening/connect organization.notes:poor@desk/
    --------------------------- of what was picked or put in order ---- of an outcome ----

What stands behind the `@` is what a mark was given for, wherever that is not the decision itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from scoring.scorecard import Award


class Given(NamedTuple):
    """A mark, and what it was given for."""

    indicator: str
    level: str
    scene: str
    response: str
    """Empty for an outcome."""


def written(awards: Iterable[Award]) -> str:
    """Write marks as one text."""
    return " ".join(
        f"{mark.indicator}:{mark.level.value}@{award.where}/{one_word(award.response)}"
        for award in awards
        for mark in award.marks
    )


def one_word(response: str) -> str:
    """Write what a mark was given for without blanks: `a<b` for `a before b`."""
    return response.replace(" before ", "<").replace(" ", "-")


def given(marks: str) -> Iterator[Given]:
    """Read such a text."""
    for each in marks.split():
        mark, _, place = each.partition("@")
        indicator, _, level = mark.partition(":")
        scene, _, response = place.partition("/")
        yield Given(indicator, level, scene, response)
