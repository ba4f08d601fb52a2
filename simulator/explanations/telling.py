"""Explanations as text and as JSON: one in full, or all of them in a list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from textwrap import fill, indent

from simulator.explanations.registry import Explanation, Kind
from simulator.problem import Problem, as_json, show
from simulator.text import clean

WIDTH = 80
"""Columns of text."""
_EXAMPLE = "    "


def as_text(explanation: Explanation, reported: Iterable[Problem]) -> str:
    """Tell one code in full; `reported` is what is found in its bad example."""
    parts = [
        f"{explanation.code} ({how_bad(explanation)})\n{fill(explanation.title + '.', WIDTH)}",
        fill(explanation.about, WIDTH, break_on_hyphens=False),
    ]
    if explanation.bad:
        rest = "" if explanation.kind is Kind.FILE else " (the rest of the file is left out)"
        parts += [f"Not like this{rest}:\n\n{_shown(explanation.bad)}"]
        parts += [f"What `caseload check` says to it:\n\n{_shown(show(each))}" for each in reported]
        parts += [f"Like this:\n\n{_shown(explanation.good)}"]
    else:
        parts += [fill(f"There is no example. {explanation.no_example}", WIDTH)]
    return "\n\n".join(parts)


def as_list(known: Iterable[Explanation]) -> str:
    """List every code with its title, group after group."""
    groups: dict[str, list[Explanation]] = {}
    for each in known:
        groups.setdefault(each.group, []).append(each)
    column = max((len(each.code) for codes in groups.values() for each in codes), default=0) + 4
    return "\n\n".join(
        "\n".join([f"{group}:", *(_row(each, column) for each in codes)]) for group, codes in groups.items()
    )


def _row(explanation: Explanation, column: int) -> str:
    how = "" if how_bad(explanation) == "error" else f" ({how_bad(explanation)})"
    first = f"  {explanation.code}".ljust(column)
    return fill(explanation.title + how, WIDTH, initial_indent=first, subsequent_indent=" " * column)


def how_bad(explanation: Explanation) -> str:
    """Say how much a problem of this code matters, such as `error or warning`."""
    return " or ".join(explanation.severities)


def summary(explanation: Explanation) -> dict[str, object]:
    """Return what a list for tools says about a code; the keys are stable."""
    return {
        "code": explanation.code,
        "severities": [each.value for each in explanation.severities],
        "group": explanation.group,
        "title": explanation.title,
    }


def as_record(explanation: Explanation, reported: Sequence[Problem]) -> dict[str, object]:
    """Return all about a code for tools; the keys are stable."""
    return {
        **summary(explanation),
        "about": explanation.about,
        "kind": explanation.kind.value,
        "bad": explanation.bad,
        "good": explanation.good,
        "reported": [as_json(each) for each in reported],
        "no_example": explanation.no_example,
    }


def _shown(example: str) -> str:
    """Indent an example; what cannot be seen, or a terminal would obey, is shown as a sign that stands for it."""
    return indent("".join(map(_visible, example.rstrip("\n"))), _EXAMPLE)


def _visible(sign: str) -> str:
    return sign if clean(sign) and (sign in " \t\n" or not sign.isspace()) else "\ufffd"
