"""What can stand behind a key, each with the words that an editor shows about it.

Editors read YAML in their own way: `10` is a number to them, `true` is neither text nor a number, and only
the loader sees what was typed. So wherever the loader takes text, these take what an editor may make of it.

Some keywords are not part of JSON Schema but of the editors that read YAML by one: `errorMessage` and
`patternErrorMessage` say in words what is wrong, `enumDescriptions` what a word means, `defaultSnippets` what
can be written. Others pass over them.

A value of several forms is written as one part with several types rather than as alternatives: editors then
say what is wrong with the form that was meant. What belongs to one form only hangs below `allOf`, which keeps
editors from writing that form when they complete the key.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from simulator.condition import LONGEST, RESERVED
from simulator.fields import LONGEST_ID, LONGEST_TEXT

Part = dict[str, Any]

_WORDS = "|".join(sorted(RESERVED))
ID = f"^(?!(?:{_WORDS})$)[a-z][a-z0-9-]{{0,{LONGEST_ID - 1}}}$"
FEELING = r"^[a-z][a-z0-9-]*(?:\.[a-z][a-z0-9-]*)?$"
"""A feeling, or somebody's feeling."""
NUMBER = r"^[+-]?[0-9]{1,9}$"
TIME = r"^(?:[01]?[0-9]|2[0-3]):[0-5][0-9]$"
VERSION = r"^[0-9]{1,4}(?:\.[0-9]{1,4}){2}$"
CONDITION = r"^(?=[\s\S]*[a-z])(?:[a-z0-9()<>=./+\s-]|_(?=left)|!(?==))+$"
"""The signs that a condition is made of, and at least one letter."""

EXAMPLE = "A condition, such as: trust >= 4 and not read(letter)."

_ID_RULE = "An id is made of small letters, digits and hyphens, begins with a letter, and is no word of conditions."
_TEXT_RULE = "Text is needed here. If it begins with [ or {, put it in quotation marks, or use | and a new line."


def about(words: str, part: Part) -> Part:
    """Return a part with the words that an editor shows about it."""
    return {"description": words, **part}


# -- words and numbers ------------------------------------------------------------------------


def prose() -> Part:
    """Text for people."""
    # The alternative is there for its name: editors then offer neither `true` nor a list for a text.
    return {"anyOf": [_said("string", "number")]}


def _said(*types: str, **more: object) -> Part:
    rule = {
        "type": list(types),
        "pattern": r"\S",
        "maxLength": LONGEST_TEXT,
        "errorMessage": _TEXT_RULE,
        **more,
    }
    return {"if": {"type": "boolean"}, "else": rule}


def text(*, away: bool = False) -> Part:
    """Text for people that may have several wordings."""
    wordings = _said("string", "number", "object", allOf=[_asked() if away else _wording()])
    several: Part = {"minItems": 1, "items": wordings}
    if not away:
        return {"anyOf": [_said("string", "number", "array", allOf=[several])]}
    line = keys({"line": about(_LINE, name_of("lines"))}, needs=("line",), typed=False)
    return {"anyOf": [_said("string", "number", "array", "object", allOf=[several, line])]}


_IF = "When this wording is shown. The first wording whose condition is true is taken."
_SAY = "The wording."
_AWAY = "Instead of `say:`. Nobody can be asked now; these words say why, such as: Her door is shut."
_LINE = "Instead of `say:`. A line of a shared file that the case names under `shared:`, by its id."


def _wording() -> Part:
    return keys({"if": about(_IF, condition()), "say": about(_SAY, prose())}, needs=("if", "say"), typed=False)


def _asked() -> Part:
    """What a supervisor says: a wording, a shared line, or that nobody can be asked."""
    described = {
        "if": about(_IF, condition()),
        "say": about(_SAY, prose()),
        "away": about(_AWAY, prose()),
        "line": about(_LINE, name_of("lines")),
    }
    without = {"anyOf": [{"required": ["away"]}, {"required": ["line"]}]}
    rules = [
        _instead("away", ("say", "line")),
        _instead("line", ("say", "away")),
        {"if": {"type": "object", "not": without}, "then": {"required": ["if", "say"]}},
    ]
    return keys(described, typed=False, rules=rules)


def _instead(key: str, of: tuple[str, ...]) -> Part:
    either = {"properties": dict.fromkeys(of, False), "errorMessage": "One of `say:`, `away:` and `line:`."}
    return {"if": {"type": "object", "required": [key]}, "then": either}


def number(low: int, high: int, unless: int | None = None) -> Part:
    """A whole number within its limits; `unless` is what holds where nothing is written."""
    part: Part = {
        "type": ["integer", "string"],
        "minimum": low,
        "maximum": high,
        "pattern": NUMBER,
        "patternErrorMessage": f"A whole number from {low} to {high} belongs here.",
        "errorMessage": f"A whole number from {low} to {high} belongs here.",
    }
    return part if unless is None else {**part, "default": unless}


def time() -> Part:
    """A time of day."""
    return {
        "type": "string",
        "pattern": TIME,
        "errorMessage": 'A time of day belongs here, from 0:00 to 23:59, such as "10:20".',
    }


def version() -> Part:
    """A version of a case."""
    return {
        "type": "string",
        "pattern": VERSION,
        "errorMessage": "A version is three numbers with dots between them, such as 1.0.0.",
    }


def condition() -> Part:
    """When something holds."""
    return {
        "type": "string",
        "pattern": CONDITION,
        "maxLength": LONGEST,
        "errorMessage": (
            "A condition is made of small words, such as: trust >= 4 and not read(letter). "
            "Join with and, or, not; no commas, quotation marks, & or |."
        ),
        "allOf": [{"$ref": "#/definitions/conditions"}],
    }


def word(choices: Collection[str] | Mapping[str, str]) -> Part:
    """One of a few words; with what each means, if that is given."""
    part: Part = {"enum": list(choices)}
    if isinstance(choices, Mapping):
        part["enumDescriptions"] = list(choices.values())
    return part


def words(choices: Collection[str] | Mapping[str, str]) -> Part:
    """One or several of a few words."""
    return {"anyOf": [word(choices), {"type": "array", "minItems": 1, "items": word(choices)}]}


def words_or_ids(choices: Mapping[str, str], kind: str) -> Part:
    """One or several of a few words, and of the ids of something else."""
    either = [word(choices), name_of(kind)]
    return {"anyOf": [*either, {"type": "array", "minItems": 1, "items": {"anyOf": either}}]}


# -- ids --------------------------------------------------------------------------------------


def own_id() -> Part:
    """The id that something gives itself."""
    return {"type": "string", "pattern": ID, "errorMessage": _ID_RULE}


def name_of(kind: str) -> Part:
    """The id of something else; `kind` is the definition that offers those which are known."""
    return {**own_id(), "allOf": [{"$ref": f"#/definitions/{kind}"}]}


def names_of(kind: str) -> Part:
    """One id, or several in a list."""
    several = {"minItems": 1, "items": name_of(kind)}
    return {
        "type": ["string", "array"],
        "pattern": ID,
        "errorMessage": _ID_RULE,
        "allOf": [several, {"$ref": f"#/definitions/{kind}"}],
    }


def offered(ids: Mapping[str, str]) -> Part:
    """Offer some ids without refusing any other: the case may have more by now."""
    return {"anyOf": [word(ids), {}]} if ids else {}


def suggested(conditions: Mapping[str, str]) -> Part:
    """Offer some conditions to begin with."""
    # Not as a list of words, as above: when hovering, that would read as if there were no other conditions.
    found = [{"label": each, "body": each, "description": what} for each, what in conditions.items()]
    return {"defaultSnippets": found} if found else {}


def without_empty(part: Part, definitions: Mapping[str, Part]) -> Part:
    """Leave out what a part takes from definitions in which there is nothing; editors would offer that nothing."""
    empty = [{"$ref": f"#/definitions/{name}"} for name, what in definitions.items() if not what]
    kept: Part = {}
    for key, value in part.items():
        if key == "allOf":
            value = [each for each in value if each not in empty]
        if isinstance(value, dict):
            kept[key] = without_empty(value, definitions)
        elif isinstance(value, list):
            kept[key] = [without_empty(each, definitions) if isinstance(each, dict) else each for each in value]
        else:
            kept[key] = value
    if not kept.get("allOf", True):
        del kept["allOf"]
    return kept


# -- keys and lists ---------------------------------------------------------------------------


def those(used: Iterable[str], described: Mapping[str, Part]) -> dict[str, Part]:
    """Return the parts of the keys that the loader knows, in its order.

    One that is not described here can hold anything: better no help than to underline what is right.
    """
    return {key: described.get(key, {}) for key in used}


def ref(name: str) -> Part:
    """Entries that are defined once and stand in several places."""
    # Editors write a key by the type of what it holds, which they do not look up.
    return {"type": "object", "allOf": [{"$ref": f"#/definitions/{name}"}]}


def keys(
    described: Mapping[str, Part | bool],
    *,
    needs: Collection[str] = (),
    typed: bool = True,
    rules: Collection[Part] = (),
) -> Part:
    """Entries whose keys are the format's own."""
    part: Part = {"type": "object"} if typed else {}
    part |= {"properties": dict(described), "additionalProperties": False, "minProperties": 1}
    if needs:
        part["required"] = list(needs)
    if rules:
        part["allOf"] = list(rules)
    return part


def by_id(each: Part, what: str, *, most: int | None = None, least: int = 1, never: str = "") -> Part:
    """Entries whose keys are ids that the author chooses; `what` is such an id in words."""
    pattern = ID.replace("^(?!(?:", f"^(?!(?:{never}|") if never else ID
    part: Part = {
        "type": "object",
        "minProperties": least,
        # A key is always text, but not to an editor, which takes `7:` for a number.
        "propertyNames": {"title": what, "type": "string", "pattern": pattern, "errorMessage": _ID_RULE},
        "additionalProperties": each,
    }
    return part if most is None else {**part, "maxProperties": most}


def one_of(needed: Collection[str], words: str) -> Part:
    """Rule that entries have at least one of several keys."""
    return {"if": {"type": "object"}, "then": {"anyOf": [{"required": [key]} for key in needed], "errorMessage": words}}


def listed(each: Part) -> Part:
    """A list."""
    return {"type": "array", "minItems": 1, "items": each}


def lines() -> Part:
    """Lines of text, one or several."""
    return {"anyOf": [_said("string", "number", "array", allOf=[{"minItems": 1, "items": prose()}])]}


def places() -> Part:
    """Where it goes on: one place, or a list of which the first that holds is taken."""
    entry = keys(
        {
            "when": about(f"When it goes there. {EXAMPLE}", condition()),
            "to": about("The id of a scene or an ending.", name_of("places")),
        },
        needs=("to",),
    )
    last = {
        "contains": {"not": {"required": ["when"]}},
        "errorMessage": "End the list with `- to: …` without `when:`, or there may be no way on.",
    }
    return {
        "type": ["string", "array"],
        "pattern": ID,
        "patternErrorMessage": _ID_RULE,
        "errorMessage": "The id of a scene or an ending is needed here, or a list of entries with `when:` and `to:`.",
        "allOf": [{"minItems": 1, "items": entry}, last, {"$ref": "#/definitions/places"}],
    }
