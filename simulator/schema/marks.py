"""Indicators and levels in an editor: what each level looks like is shown where it is given.

Authors mark by the rubric's anchors, and nobody knows all of them by heart.
"""

from __future__ import annotations

from scoring.rubric import Indicator, Level, Rubric
from simulator.schema.parts import EXAMPLE, Part, about, condition, keys, listed, prose

_GIVE = "What it is worth, on one or several indicators, such as: {rapport.limits: best}."
_WHY = "Why it is worth that. The trainee reads it in the debrief."
_WHEN = f"When these marks are given. The first entry that holds counts. {EXAMPLE}"


def given() -> Part:
    """Indicators, each with a level."""
    return {"type": "object", "minProperties": 1, "allOf": [{"$ref": "#/definitions/indicators"}]}


def rule() -> Part:
    """An entry of a list of marks."""
    described = {"when": about(_WHEN, condition()), "give": about(_GIVE, given()), "why": about(_WHY, prose())}
    return keys(described, needs=("give",))


def rules() -> Part:
    """Marks, or a list of marks of which the first entry that holds counts."""
    return {
        "type": ["object", "array"],
        "minProperties": 1,
        "allOf": [{"$ref": "#/definitions/indicators"}, {"minItems": 1, "items": rule()}],
    }


def outcomes() -> Part:
    """What is looked at in the end."""
    entry = keys(
        {
            "when": about(f"When these marks are given; without it, always. {EXAMPLE}", condition()),
            "marks": about(_GIVE, given()),
            "why": about(_WHY, prose()),
        },
        needs=("marks",),
    )
    return listed(entry)


def indicators(rubric: Rubric) -> Part:
    """Define the indicators of a rubric, whatever else may stand beside them."""
    return {
        "properties": {name: _indicator(each) for name, each in rubric.indicators.items()},
        "additionalProperties": False,
    }


def names(rubric: Rubric) -> Part:
    """The names of indicators, one or several."""
    known = {
        "enum": list(rubric.indicators),
        "enumDescriptions": [_title(each) for each in rubric.indicators.values()],
    }
    return {"anyOf": [known, {"type": "array", "minItems": 1, "items": known}]}


def _indicator(indicator: Indicator) -> Part:
    return {
        "description": f"{_title(indicator)}\n\nRests on: {indicator.standard}",
        "enum": [level.value for level in Level][::-1],
        "enumDescriptions": [indicator.anchors[level] for level in Level][::-1],
        "errorMessage": "A level is one of: " + ", ".join(level.value for level in Level) + ".",
    }


def _title(indicator: Indicator) -> str:
    return f"{indicator.title}. {indicator.about}" if indicator.about else f"{indicator.title}."
