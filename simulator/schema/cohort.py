"""A cohort file in an editor."""

from __future__ import annotations

from collections.abc import Iterable

from simulator.cohort.cohort_file import (
    ASSIGNMENT_KEYS,
    ASSIGNMENT_NEEDS,
    COHORT_KEYS,
    COHORT_NEEDS,
    MOST_ASSIGNED,
    MOST_PEOPLE,
)
from simulator.schema.case import DIALECT
from simulator.schema.parts import (
    Part,
    about,
    keys,
    listed,
    name_of,
    names_of,
    offered,
    own_id,
    prose,
    those,
    without_empty,
    word,
)

DAY = r"^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])$"
_FEEDBACK = {"each": "Marks are shown after each response.", "end": "Marks are shown in the debrief only."}
_CONFIDENCE = {"yes": "It is asked how sure they are.", "no": "It is not asked."}


def cohort_schema(people: Iterable[str] = (), cases: Iterable[str] = ()) -> Part:
    """Write the format as a JSON Schema that offers the ids of some people and cases, and no names."""
    ids = {"people": offered(dict.fromkeys(people, "")), "cases": offered(dict.fromkeys(cases, ""))}
    whole: Part = {
        "$schema": DIALECT,
        **keys(those(COHORT_KEYS, _cohort()), needs=COHORT_NEEDS),
        "definitions": {name: part for name, part in ids.items() if part},
    }
    return without_empty(whole, ids)


def _cohort() -> dict[str, Part]:
    assignment = keys(those(ASSIGNMENT_KEYS, _assignment()), needs=ASSIGNMENT_NEEDS)
    return {
        "cohort": about("The cohort's own id.", own_id()),
        "title": about("What the cohort is called.", prose()),
        "begins": about("The first day. What was played before it does not count.", _day()),
        "people": about(
            "The ids of people.yaml of everybody in the cohort.", {**names_of("people"), "maxItems": MOST_PEOPLE}
        ),
        "assigned": about("Who is to play which case until when.", {**listed(assignment), "maxItems": MOST_ASSIGNED}),
    }


def _assignment() -> dict[str, Part]:
    return {
        "case": about("The id of a case in the library.", name_of("cases")),
        "due": about("The last day on which it is in time, such as 2027-03-31.", _day()),
        "for": about("The ids of those who are to play it; else everybody in the cohort.", names_of("people")),
        "feedback": about("When marks are shown; else as the trainee likes.", word(_FEEDBACK)),
        "confidence": about("Whether it is asked how sure they are; else as the trainee likes.", word(_CONFIDENCE)),
    }


def _day() -> Part:
    return {
        "type": "string",
        "pattern": DAY,
        "errorMessage": "A day is written as year, month and day, such as 2027-03-31.",
    }
