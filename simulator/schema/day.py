"""What makes a day, in an editor: open work, what breaks in, what becomes of whom."""

from __future__ import annotations

from simulator.day import INTERRUPT_KEYS, TASK_KEYS, UNDONE_KEYS
from simulator.scenario import Phase
from simulator.schema import marks
from simulator.schema.parts import (
    EXAMPLE,
    ID,
    TIME,
    Part,
    about,
    condition,
    keys,
    name_of,
    prose,
    text,
    those,
    words_or_ids,
)


def task() -> Part:
    """Open work."""
    undone = {
        "marks": about("What that is worth, such as: {organization.priorities: poor}.", marks.given()),
        "why": about("Why it is worth that. The trainee reads it in the debrief.", prose()),
        "text": about("What comes of it, told when it is missed: text, or a list of wordings.", text()),
    }
    described = {
        "title": about("What is to be done, in a few words, as a hub lists it.", prose()),
        "owner": about("Whose it is: a person of the case, by id.", name_of("people")),
        "due": about("The clock point by which it is done; without it, before the case ends.", name_of("points")),
        "when": about(f"From when on it is there; without it, from the start. {EXAMPLE}", condition()),
        "done-when": about(f"When it is done. {EXAMPLE}", condition()),
        "undone": about("What it means that it was not done in time.", keys(those(UNDONE_KEYS, undone))),
    }
    return keys(those(TASK_KEYS, described), needs=("title", "done-when"))


def interrupt() -> Part:
    """Something that breaks in."""
    phases = {phase.value: "While the work is in this phase." for phase in Phase}
    described = {
        "at": about(
            'From when on it breaks in: a time such as "10:10", or a clock point. It comes at the next decision.',
            {
                "type": "string",
                "pattern": f"{TIME}|{ID}",
                "errorMessage": 'A time such as "10:10" belongs here, or the id of a clock point.',
                "allOf": [{"$ref": "#/definitions/points"}],
            },
        ),
        "when": about(f"It breaks in only while this is true. {EXAMPLE}", condition()),
        "in": about(
            "Where it can break in: phases, scenes, or both; without it, anywhere.", words_or_ids(phases, "scenes")
        ),
        "scene": about("Where it begins. Its last scene says `next: back`.", name_of("scenes")),
    }
    return keys(those(INTERRUPT_KEYS, described), needs=("at", "scene"))
