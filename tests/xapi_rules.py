"""The rules of the xAPI specification 1.0.3 for a statement, Part Two, written down without a look at what we make.

Every function is named for what it looks at, and names the section that its rules come from. `complaints` returns
what a statement breaks, each as a place and a sentence. What the specification calls MUST is in here, and the few
SHOULD that stores act upon; what a store does by itself (`stored`, `authority`) is looked at as far as it may be there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

Complaint = str
Check = Iterator[Complaint]

VOIDED = "http://adlnet.gov/expapi/verbs/voided"
IFIS = frozenset({"mbox", "mbox_sha1sum", "openid", "account"})
INTERACTIONS: Mapping[str, frozenset[str]] = {
    "true-false": frozenset(),
    "choice": frozenset({"choices"}),
    "fill-in": frozenset(),
    "long-fill-in": frozenset(),
    "matching": frozenset({"source", "target"}),
    "performance": frozenset({"steps"}),
    "sequencing": frozenset({"choices"}),
    "likert": frozenset({"scale"}),
    "numeric": frozenset(),
    "other": frozenset(),
}
"""The interaction types, and the component lists that each supports."""
COMPONENT_LISTS = frozenset({"choices", "scale", "source", "target", "steps"})

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", re.IGNORECASE)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:.+", re.DOTALL)
# RFC 3987 leaves these out, and so does RFC 3986; a percent sign begins two hex digits.
_NOT_IN_IRI = re.compile(r'[\x00-\x20\x7f-\x9f<>"{}|\\^`\ud800-\udfff\u202a-\u202e\u2066-\u2069]|%(?![0-9A-Fa-f]{2})')
_LANGUAGE = re.compile(
    r"(?:[A-Za-z]{2,3}(?:-[A-Za-z]{3}){0,3}|[A-Za-z]{4}|[A-Za-z]{5,8})"  # the language
    r"(?:-[A-Za-z]{4})?"  # the script
    r"(?:-(?:[A-Za-z]{2}|[0-9]{3}))?"  # the region
    r"(?:-(?:[A-Za-z0-9]{5,8}|[0-9][A-Za-z0-9]{3}))*"  # variants
    r"(?:-[0-9A-WY-Za-wy-z](?:-[A-Za-z0-9]{2,8})+)*"  # extensions
    r"(?:-x(?:-[A-Za-z0-9]{1,8})+)?"  # private use
    r"|x(?:-[A-Za-z0-9]{1,8})+"
)
_TIMESTAMP = re.compile(
    r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?(Z|[+-]\d\d:?\d\d)?",
    re.ASCII,
)
_DURATION = re.compile(
    r"P(?:\d+(?:[.,]\d+)?W"
    r"|(?=\d|T\d)(?:\d+(?:[.,]\d+)?Y)?(?:\d+(?:[.,]\d+)?M)?(?:\d+(?:[.,]\d+)?D)?"
    r"(?:T(?=\d)(?:\d+(?:[.,]\d+)?H)?(?:\d+(?:[.,]\d+)?M)?(?:\d+(?:[.,]\d+)?S)?)?)",
    re.ASCII,
)


def complaints(statement: Any, now: datetime | None = None) -> list[Complaint]:
    """Return what a statement breaks; an empty list: nothing. With `now`, its time may not lie after that."""
    return [*_nulls(statement, "statement"), *_statement(statement, "statement", now)]


def complaints_together(statements: Iterable[Any]) -> list[Complaint]:
    """Part Three, 2.1: a store may refuse all statements that come together if two of them have one id."""
    seen: set[str] = set()
    found = []
    for each in statements:
        name = str(each.get("id", "")).lower()
        if name in seen:
            found.append(f"{name}: is the id of two statements")
        seen.add(name)
    return found


# -- 2.2 formatting requirements ------------------------------------------------------------------


def _nulls(value: Any, at: str) -> Check:
    """2.2: a store refuses null values, except inside extensions; empty objects should not be there."""
    if value is None:
        yield f"{at}: null"
    elif isinstance(value, Mapping):
        if not value:
            yield f"{at}: an empty object"
        for key, each in value.items():
            if key != "extensions":
                yield from _nulls(each, f"{at}.{key}")
            elif each is None or each == {}:
                yield f"{at}.{key}: nothing in it"
    elif isinstance(value, list):
        for number, each in enumerate(value):
            yield from _nulls(each, f"{at}[{number}]")


def _known(value: Any, at: str, allowed: Iterable[str], needed: Iterable[str] = ()) -> Check:
    """2.2: keys that the specification does not allow, in just this case, are refused."""
    if not isinstance(value, Mapping):
        yield f"{at}: no object"
        return
    for key in value:
        if key not in set(allowed):
            yield f"{at}: `{key}` is no property of it"
    for key in needed:
        if key not in value:
            yield f"{at}: needs `{key}`"


def _string(value: Any, at: str) -> Check:
    """2.2: a string is a string."""
    if not isinstance(value, str):
        yield f"{at}: no string"


# -- 2.4 statement properties ---------------------------------------------------------------------

_PROPERTIES = (
    *("id", "actor", "verb", "object", "result", "context", "timestamp", "stored", "authority", "version"),
    "attachments",
)


def _statement(value: Any, at: str, now: datetime | None, *, inner: bool = False) -> Check:
    """2.4: the properties of a statement; 2.4.4.3: those that a SubStatement must not have."""
    forbidden = {"id", "stored", "version", "authority"} if inner else set()
    allowed = [each for each in _PROPERTIES if each not in forbidden]
    yield from _known(value, at, [*allowed, *(["objectType"] if inner else [])], ("actor", "verb", "object"))
    if not isinstance(value, Mapping):
        return
    if "id" in value:
        yield from _uuid(value["id"], f"{at}.id")
    if "actor" in value:
        yield from _actor(value["actor"], f"{at}.actor")
    if "verb" in value:
        yield from _verb(value["verb"], f"{at}.verb")
    if "object" in value:
        yield from _object(value["object"], f"{at}.object", now, inner=inner)
    thing = value.get("object")
    kind = thing.get("objectType", "Activity") if isinstance(thing, Mapping) else ""
    verb = value.get("verb")
    if isinstance(verb, Mapping) and verb.get("id") == VOIDED and kind != "StatementRef":
        yield f"{at}.object: what voids a statement has a StatementRef as its object (2.3.2)"
    if "result" in value:
        yield from _result(value["result"], f"{at}.result")
    if "context" in value:
        yield from _context(value["context"], f"{at}.context", activity=kind == "Activity")
    for key in ("timestamp", "stored"):
        if key in value:
            yield from _timestamp(value[key], f"{at}.{key}", None if inner else now)
    if "authority" in value:
        yield from _actor(value["authority"], f"{at}.authority")
    if "version" in value and value["version"] != "1.0.0":
        yield f"{at}.version: whoever sets it must set it to 1.0.0 (2.4.10)"
    if "attachments" in value:
        yield from _attachments(value["attachments"], f"{at}.attachments")


def _actor(value: Any, at: str, *, group: bool = True) -> Check:
    """2.4.2: an agent has exactly one inverse functional identifier; a group has one, or members."""
    kind = value.get("objectType", "Agent") if isinstance(value, Mapping) else "Agent"
    if kind not in ("Agent", "Group") or (kind == "Group" and not group):
        yield f"{at}.objectType: `{kind}` cannot be here"
        return
    members = ("member",) if kind == "Group" else ()
    yield from _known(value, at, ("objectType", "name", *IFIS, *members))
    if not isinstance(value, Mapping):
        return
    identified = IFIS & set(value)
    if len(identified) > 1 or (not identified and kind == "Agent"):
        yield f"{at}: {len(identified)} inverse functional identifiers"
    if kind == "Group":
        if not identified and "member" not in value:
            yield f"{at}: an anonymous group needs its members"
        member = value.get("member", [])
        if not isinstance(member, list):
            yield f"{at}.member: no list"
        else:
            for number, each in enumerate(member):
                yield from _actor(each, f"{at}.member[{number}]", group=False)
    if "name" in value:
        yield from _string(value["name"], f"{at}.name")
    if "mbox" in value and not re.fullmatch(r"mailto:[^@\s]+@[^@\s]+", str(value["mbox"])):
        yield f"{at}.mbox: no `mailto:` and address"
    if "mbox_sha1sum" in value and not re.fullmatch(r"[0-9a-fA-F]{40}", str(value["mbox_sha1sum"])):
        yield f"{at}.mbox_sha1sum: no SHA-1 in hex"
    if "openid" in value:
        yield from _iri(value["openid"], f"{at}.openid")
    if "account" in value:
        yield from _account(value["account"], f"{at}.account")


def _account(value: Any, at: str) -> Check:
    """2.4.2.4: an account has the home page of a system, an IRL, and a name."""
    yield from _known(value, at, ("homePage", "name"), ("homePage", "name"))
    if isinstance(value, Mapping):
        if "homePage" in value:
            yield from _irl(value["homePage"], f"{at}.homePage")
        if "name" in value:
            yield from _string(value["name"], f"{at}.name")
            if value["name"] == "":
                yield f"{at}.name: empty"


def _verb(value: Any, at: str) -> Check:
    """2.4.3: a verb has an IRI, and should have a display."""
    yield from _known(value, at, ("id", "display"), ("id", "display"))
    if isinstance(value, Mapping):
        if "id" in value:
            yield from _iri(value["id"], f"{at}.id")
        if "display" in value:
            yield from _language_map(value["display"], f"{at}.display")


def _object(value: Any, at: str, now: datetime | None, *, inner: bool) -> Check:
    """2.4.4: an object is an activity, an agent, a group, a SubStatement or a reference to a statement."""
    kind = value.get("objectType", "Activity") if isinstance(value, Mapping) else "Activity"
    match kind:
        case "Activity":
            yield from _activity(value, at)
        case "Agent" | "Group":
            yield from _actor(value, at)
        case "StatementRef":
            yield from _reference(value, at)
        case "SubStatement" if not inner:
            yield from _statement(value, at, now, inner=True)
        case _:
            yield f"{at}.objectType: `{kind}` cannot be here"


def _reference(value: Any, at: str) -> Check:
    """2.4.4.3: a reference to a statement has its type and the UUID, and nothing else."""
    yield from _known(value, at, ("objectType", "id"), ("objectType", "id"))
    if isinstance(value, Mapping):
        if value.get("objectType") != "StatementRef":
            yield f"{at}.objectType: not `StatementRef`"
        if "id" in value:
            yield from _uuid(value["id"], f"{at}.id")


def _activity(value: Any, at: str) -> Check:
    """2.4.4.1: an activity has an IRI, and may have a definition."""
    yield from _known(value, at, ("objectType", "id", "definition"), ("id",))
    if not isinstance(value, Mapping):
        return
    if value.get("objectType", "Activity") != "Activity":
        yield f"{at}.objectType: not `Activity`"
    if "id" in value:
        yield from _iri(value["id"], f"{at}.id")
    if "definition" in value:
        yield from _definition(value["definition"], f"{at}.definition")


def _definition(value: Any, at: str) -> Check:
    """2.4.4.1: the definition of an activity; only interactions have the properties of interactions."""
    plain = ("name", "description", "type", "moreInfo", "extensions")
    interaction = ("interactionType", "correctResponsesPattern", *COMPONENT_LISTS)
    yield from _known(value, at, (*plain, *interaction))
    if not isinstance(value, Mapping):
        return
    for key in ("name", "description"):
        if key in value:
            yield from _language_map(value[key], f"{at}.{key}")
    if "type" in value:
        yield from _iri(value["type"], f"{at}.type")
    if "moreInfo" in value:
        yield from _irl(value["moreInfo"], f"{at}.moreInfo")
    if "extensions" in value:
        yield from _extensions(value["extensions"], f"{at}.extensions")
    if any(key in value for key in interaction):
        yield from _interaction(value, at)


def _interaction(value: Mapping[str, Any], at: str) -> Check:
    """2.4.4.1, Interaction Activities: a valid type, only the component lists it supports, ids that are distinct."""
    kind = value.get("interactionType")
    if not isinstance(kind, str) or kind not in INTERACTIONS:
        yield f"{at}.interactionType: `{kind}` is none"
        return
    if value.get("type") != "http://adlnet.gov/expapi/activities/cmi.interaction":
        yield f"{at}.type: an interaction should be a cmi.interaction"
    pattern = value.get("correctResponsesPattern", [])
    if not isinstance(pattern, list) or not all(isinstance(each, str) for each in pattern):
        yield f"{at}.correctResponsesPattern: no list of strings"
    for key in COMPONENT_LISTS & set(value):
        if key not in INTERACTIONS[kind]:
            yield f"{at}.{key}: `{kind}` has no such list"
        yield from _components(value[key], f"{at}.{key}")


def _components(value: Any, at: str) -> Check:
    """2.4.4.1, Interaction Components: an id without white space, distinct in its list, and perhaps a description."""
    if not isinstance(value, list):
        yield f"{at}: no list"
        return
    ids = []
    for number, each in enumerate(value):
        yield from _known(each, f"{at}[{number}]", ("id", "description"), ("id",))
        if isinstance(each, Mapping):
            name = each.get("id")
            ids.append(str(name))
            if not isinstance(name, str) or not name or re.search(r"\s", name):
                yield f"{at}[{number}].id: no string without white space"
            if "description" in each:
                yield from _language_map(each["description"], f"{at}[{number}].description")
    if len(set(ids)) != len(ids):
        yield f"{at}: two components with one id"


def _result(value: Any, at: str) -> Check:
    """2.4.5: the properties of a result."""
    yield from _known(value, at, ("score", "success", "completion", "response", "duration", "extensions"))
    if not isinstance(value, Mapping):
        return
    if "score" in value:
        yield from _score(value["score"], f"{at}.score")
    for key in ("success", "completion"):
        if key in value and not isinstance(value[key], bool):
            yield f"{at}.{key}: neither true nor false"
    if "response" in value:
        yield from _string(value["response"], f"{at}.response")
    if "duration" in value:
        yield from _duration(value["duration"], f"{at}.duration")
    if "extensions" in value:
        yield from _extensions(value["extensions"], f"{at}.extensions")


def _score(value: Any, at: str) -> Check:
    """2.4.5.1: scaled from -1 to 1; min less than max; raw between them."""
    yield from _known(value, at, ("scaled", "raw", "min", "max"))
    if not isinstance(value, Mapping):
        return
    for key, each in value.items():
        if isinstance(each, bool) or not isinstance(each, int | float) or each != each or abs(each) == float("inf"):
            yield f"{at}.{key}: no number"
            return
    if not -1 <= value.get("scaled", 0) <= 1:
        yield f"{at}.scaled: not from -1 to 1"
    if "min" in value and "max" in value and value["min"] >= value["max"]:
        yield f"{at}.min: not less than max"
    if "raw" in value:
        if value["raw"] < value.get("min", value["raw"]):
            yield f"{at}.raw: less than min"
        if value["raw"] > value.get("max", value["raw"]):
            yield f"{at}.raw: more than max"


def _context(value: Any, at: str, *, activity: bool) -> Check:
    """2.4.6: the properties of a context; `revision` and `platform` only where the object is an activity."""
    allowed = (
        *("registration", "instructor", "team", "contextActivities", "revision", "platform", "language"),
        *("statement", "extensions"),
    )
    yield from _known(value, at, allowed)
    if not isinstance(value, Mapping):
        return
    if "registration" in value:
        yield from _uuid(value["registration"], f"{at}.registration")
    if "instructor" in value:
        yield from _actor(value["instructor"], f"{at}.instructor")
    if "team" in value:
        yield from _actor(value["team"], f"{at}.team")
        if isinstance(value["team"], Mapping) and value["team"].get("objectType") != "Group":
            yield f"{at}.team: no group"
    for key in ("revision", "platform"):
        if key in value:
            yield from _string(value[key], f"{at}.{key}")
            if not activity:
                yield f"{at}.{key}: only where the object is an activity"
    if "language" in value:
        yield from _language(value["language"], f"{at}.language")
    if "statement" in value:
        yield from _reference(value["statement"], f"{at}.statement")
    if "extensions" in value:
        yield from _extensions(value["extensions"], f"{at}.extensions")
    if "contextActivities" in value:
        around = value["contextActivities"]
        yield from _known(around, f"{at}.contextActivities", ("parent", "grouping", "category", "other"))
        if isinstance(around, Mapping):
            for key, each in around.items():
                yield from _activities(each, f"{at}.contextActivities.{key}")


def _activities(value: Any, at: str) -> Check:
    """2.4.6.2: a list of activities; a single one is allowed for old statements, and should not be sent."""
    if not isinstance(value, list):
        yield f"{at}: should be a list"
        value = [value]
    for number, each in enumerate(value):
        yield from _activity(each, f"{at}[{number}]")


def _attachments(value: Any, at: str) -> Check:
    """2.4.11: what an attachment needs."""
    if not isinstance(value, list):
        yield f"{at}: no list"
        return
    needed = ("usageType", "display", "contentType", "length", "sha2")
    for number, each in enumerate(value):
        place = f"{at}[{number}]"
        yield from _known(each, place, (*needed, "description", "fileUrl"), needed)
        if isinstance(each, Mapping):
            if "usageType" in each:
                yield from _iri(each["usageType"], f"{place}.usageType")
            for key in ("display", "description"):
                if key in each:
                    yield from _language_map(each[key], f"{place}.{key}")


# -- 4.0 special data types -----------------------------------------------------------------------


def _extensions(value: Any, at: str) -> Check:
    """4.1: the keys of extensions are IRIs; their values may be anything."""
    if not isinstance(value, Mapping):
        yield f"{at}: no object"
        return
    for key in value:
        yield from _iri(key, f"{at} key")


def _language_map(value: Any, at: str) -> Check:
    """4.2: the keys of a language map are RFC 5646 tags, and its values strings."""
    if not isinstance(value, Mapping):
        yield f"{at}: no object"
        return
    for key, each in value.items():
        yield from _language(key, f"{at} key")
        yield from _string(each, f"{at}.{key}")


def _language(value: Any, at: str) -> Check:
    """4.2: an RFC 5646 language tag, by the lengths of its parts."""
    if not isinstance(value, str) or not _LANGUAGE.fullmatch(value):
        yield f"{at}: `{value}` is no RFC 5646 language tag"


def _iri(value: Any, at: str) -> Check:
    """4.3 and 2.2: an IRI has a scheme, and no character that none may have."""
    if not isinstance(value, str) or not _SCHEME.fullmatch(value) or _NOT_IN_IRI.search(value):
        yield f"{at}: `{value}` is no IRI"


def _irl(value: Any, at: str) -> Check:
    """4.3 and the glossary of Part One: an IRL is an IRI that, put into a URL, says where to look."""
    found = list(_iri(value, at))
    yield from found
    if not found:
        try:
            parts = urlsplit(value)
            _ = parts.port
            good = bool(parts.scheme and parts.hostname)
        except ValueError:
            good = False
        if not good:
            yield f"{at}: `{value}` is no IRL"


def _uuid(value: Any, at: str) -> Check:
    """4.4 and 2.4.1: a UUID in the standard string form, of variant 2 of RFC 4122."""
    if not isinstance(value, str) or not _UUID.fullmatch(value):
        yield f"{at}: `{value}` is no UUID"


def _timestamp(value: Any, at: str, now: datetime | None) -> Check:
    """4.5: ISO 8601, to milliseconds at least, and with a time zone; 2.4.7: not in the future."""
    match = _TIMESTAMP.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        yield f"{at}: `{value}` is no ISO 8601 timestamp"
        return
    if len(match[5] or "") < 4:
        yield f"{at}: less precise than milliseconds"
    if match[6] is None or match[6] in ("-00", "-0000", "-00:00"):
        yield f"{at}: no time zone"
    try:
        told = datetime.fromisoformat(value)
    except ValueError:
        yield f"{at}: no such day"
        return
    if now is not None and told.tzinfo is not None and told > now:
        yield f"{at}: in the future"


def _duration(value: Any, at: str) -> Check:
    """4.6: ISO 8601:2004(E) 4.4.3.2, and no more precise than a hundredth of a second."""
    if not isinstance(value, str) or not _DURATION.fullmatch(value):
        yield f"{at}: `{value}` is no ISO 8601 duration"
    elif re.search(r"[.,]\d{3,}S", value):
        yield f"{at}: more precise than 0.01 seconds"
