"""What can stand where the cursor is: keys with what they mean, levels with their anchors, the ids of this case.

All of it comes from the schema that editors complete by, so that there is one table of keys and not two. A place is
found by indentation, because whoever is in the middle of a line has no YAML yet.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from scoring.rubric import Rubric
from simulator.authoring.layout import Layout, Piece, layout
from simulator.condition import PREDICATES
from simulator.problem import Problem
from simulator.schema import Known, ids_of, schema
from simulator.schema.parts import CONDITION, Part
from simulator.source import Source

ITEM = "-"
"""A step into a list, among the keys that lead to a place."""
_DEEPEST = 40
"""Parts that are looked into, one inside of the other."""
_LINE = re.compile(r"(?P<lead> *(?:- +)*)(?P<typed>[A-Za-z0-9_.\"'-]*)$")
_VALUE = re.compile(r" *(?:- +)*(?P<key>[A-Za-z0-9][\w.-]*|\"[^\"]*\"|'[^']*') *:[ \t]+(?P<value>.*)$")
_ITEM_VALUE = re.compile(r" *(?:- +)+(?P<value>\S.*)$")
_WORD = re.compile(r"[A-Za-z0-9_./-]*$")
_ASKED = re.compile(r"(?P<what>[a-z_]+)\(\s*(?P<typed>[a-z0-9/-]*)$")
_MEANS = {
    "read": "Whether a document was read, such as: read(letter).",
    "visited": "Whether a scene was come to, such as: visited(opening).",
    "chose": "Whether a response was taken, such as: chose(connect) or chose(opening/connect).",
    "consulted": "Whether the supervisor was asked: consulted() anywhere, consulted(opening) there.",
    "before": "Whether it is not yet that time, such as: before(appointment).",
    "minutes_left": "Minutes until a time, such as: minutes_left(appointment) >= 5.",
}
_JOINS = {"and": "Both hold.", "or": "At least one holds.", "not": "The opposite."}


@dataclass(frozen=True, slots=True)
class Option:
    """Something that can stand at a place."""

    insert: str
    """What is typed for the author."""
    about: str = ""
    """What it means."""
    key: bool = False
    """Whether it is one of the format's keys."""

    @property
    def label(self) -> str:
        """What it is called in a list."""
        return self.insert.rstrip()


@dataclass(frozen=True, slots=True)
class Completion:
    """What can stand at a place, and what it takes the place of."""

    row: int
    start: int
    """The column where what was typed of it begins."""
    end: int
    options: tuple[Option, ...] = ()
    """In the format's order; those that begin with what was typed come first."""
    hint: str = ""
    """What belongs here in words, where there is nothing to pick from."""


@dataclass(slots=True)
class Offers:
    """Everything that can be offered in one case."""

    schema: Part
    known: Known
    shared: bool = False
    """Whether it is a file of shared pieces."""
    _parts: Mapping[str, Part] = field(default_factory=dict)

    @classmethod
    def of(cls, rubric: Rubric, known: Known | None = None, *, shared: bool = False) -> Offers:
        """Return what can be offered with a rubric, and with the ids of one case."""
        known = known or Known()
        whole = schema(rubric, known)
        return cls(whole, known, shared, whole["definitions"])

    @property
    def top(self) -> Part:
        """The whole file."""
        return self._parts["shared-file" if self.shared else "case"]

    def ref(self, name: str) -> Part:
        """Return a definition; one without anything in it is not there."""
        return self._parts.get(name.rpartition("/")[2], {})


def known_now(source: Source, before: Known | None = None) -> Known:
    """Return the ids of a text: those of its nodes, or those from before with what its indentation shows."""
    from simulator.authoring.outline import outline

    found = ids_of(source)
    if not isinstance(found, Problem):
        return found
    before = before or Known()
    now: dict[str, dict[str, str]] = {}
    for each in outline(source.lines):
        now.setdefault("responses" if each.scene else each.section, {})[each.id] = each.words
    return Known(
        scenes=now.get("scenes", {}),
        endings=now.get("endings", {}),
        facts={**before.facts, **now.get("facts", {})},
        documents=now.get("documents", {}),
        people=now.get("people", {}),
        feelings=before.feelings,
        points=before.points,
        responses={**before.responses, **now.get("responses", {})},
        visits=before.visits,
        entries=before.entries,
        lines=before.lines,
    )


def complete(text: Layout | Sequence[str], row: int, column: int, offers: Offers) -> Completion:
    """Return what can stand at a place of a text, row and column from 0."""
    seen = text if isinstance(text, Layout) else layout(text)
    line = seen.lines[row] if row < len(seen.lines) else ""
    before, after = line[:column], line[column:]
    nothing = Completion(row, column, column)
    if "\t" in before[: len(before) - len(before.lstrip())]:
        return Completion(row, column, column, hint="A tab cannot stand before a key: use blanks.")
    if before.lstrip().startswith("#"):
        return Completion(row, column, column, hint="This is a comment: nobody who plays the case sees it.")
    if _in_text(seen, row, before):
        return Completion(row, column, column, hint="This is text: write what you like.")
    flow = _open_flow(seen, row, before)
    if flow is not None:
        way, inside = flow
        return _in_flow(inside, way, row, column, after, offers)
    if (typed := _LINE.match(before)) is not None:
        return _at_beginning(seen, row, typed, after, offers)
    if (found := _VALUE.match(before)) is not None:
        way = [*_way_to(seen, row, found.start("key")), found["key"].strip("\"'")]
        return _value(found["value"], way, row, column, after, offers)
    if (found := _ITEM_VALUE.match(before)) is not None:
        way = _way_to(seen, row, found.start("value"))
        return _value(found["value"], way, row, column, after, offers)
    return nothing


# -- where it is ------------------------------------------------------------------------------


def _in_text(seen: Layout, row: int, before: str) -> bool:
    if row < len(seen.prose) and seen.prose[row]:
        if before.strip():
            return True
        # On a blank row below a text the next key may begin, at a column that is no longer the text's.
        return len(before) > seen.owners[row].column
    return False


def _way_to(seen: Layout, row: int, column: int) -> list[str]:
    """Return the steps that lead to what begins at a column of a row."""
    line = seen.lines[row] if row < len(seen.lines) else ""
    dashes: list[int] = []
    at = len(line) - len(line.lstrip(" "))
    while at < column and line[at : at + 1] == "-" and line[at + 1 : at + 2] in (" ", ""):
        dashes.append(at)
        at += 1 + len(line[at + 1 :]) - len(line[at + 1 :].lstrip(" "))
    steps = _above(seen, row, dashes[0] if dashes else column, dash=bool(dashes))
    return [*steps, *[ITEM] * len(dashes)]


def _above(seen: Layout, row: int, column: int, *, dash: bool) -> list[str]:
    """Return the steps to what a key, or a dash, at this column would belong to."""
    piece: Piece | None = seen.owner(row - 1) if row > 0 and seen.owners else seen.top
    while piece is not None and piece.above is not None:
        if piece.column < column or (dash and piece.column == column and piece.key and not piece.value):
            return [each.key or ITEM for each in piece.way()]
        piece = piece.above
    return []


def _siblings(seen: Layout, row: int, column: int) -> set[str]:
    """Return the keys that stand beside a key at this column already."""
    holder: Piece | None = seen.owner(row - 1) if row > 0 and seen.owners else seen.top
    while holder is not None and holder.above is not None and holder.column >= column:
        holder = holder.above
    return {each.key for each in holder.within if each.row != row} if holder else set()


def _open_flow(seen: Layout, row: int, before: str) -> tuple[list[str], str] | None:
    """Return the steps to the { } or [ ] that is open at the end of `before`, and what it says so far."""
    rows = range(row, max(-1, row - 30), -1)
    inside = ""
    for each in rows:
        line = before if each == row else seen.lines[each]
        found = _VALUE.match(line) or _ITEM_VALUE.match(line)
        if found is not None and found["value"][:1] in ("{", "["):
            inside = found["value"] + ("\n" if each < row else "") + inside
            if not _frames(inside):
                return None
            key = found.groupdict().get("key")
            start = found.start("key") if key else found.start("value")
            return [*_way_to(seen, each, start), *([key.strip("\"'")] if key else [])], inside
        owner = seen.owners[each] if each < len(seen.owners) else None
        if owner is None or owner.row == each or not owner.opens_flow:
            return None
        inside = line + ("\n" if each < row else "") + inside
    return None


@dataclass(slots=True)
class _Frame:
    sign: str
    key: str | None = None
    """The key whose value is being written; None: a key is."""
    token: str = ""
    """What was typed of a key or a value so far."""
    keys: set[str] = field(default_factory=set)


def _frames(inside: str) -> list[_Frame]:
    """Return the brackets that are open at the end of a text."""
    frames: list[_Frame] = []
    quote = ""
    for at, sign in enumerate(inside):
        if quote:
            quote = "" if sign == quote else quote
            if frames:
                frames[-1].token += sign
        elif sign in "{[":
            frames.append(_Frame(sign))
        elif sign in "}]":
            if frames:
                frames.pop()
            if not frames:
                return []
            frames[-1].token = sign
        elif sign == ",":
            frames[-1].key, frames[-1].token = None, ""
        elif sign == ":" and frames[-1].sign == "{" and inside[at + 1 : at + 2] in (" ", "", "\n"):
            frames[-1].key, frames[-1].token = frames[-1].token.strip().strip("\"'"), ""
            frames[-1].keys.add(frames[-1].key)
        else:
            if sign in "\"'" and not frames[-1].token.strip():
                quote = sign
            frames[-1].token += sign
    return frames


def _in_flow(inside: str, way: list[str], row: int, column: int, after: str, offers: Offers) -> Completion:
    frames = _frames(inside)
    steps = list(way)
    for frame in frames[:-1]:
        steps.append(ITEM if frame.sign == "[" else frame.key or "")
    last = frames[-1]
    # What stands on the rows above is not typed here.
    typed = last.token.rpartition("\n")[2].lstrip()
    if last.sign == "[":
        return _value(typed, [*steps, ITEM], row, column, after, offers)
    if last.key is not None:
        return _value(typed, [*steps, last.key], row, column, after, offers)
    others = last.keys | set(re.findall(r"([A-Za-z0-9][\w.-]*) *:", after.partition("}")[0]))
    options, hint = _keys(steps, others - {typed}, offers, flow=True)
    return _of(options, hint, typed, row, column, after, key=True)


# -- what can stand there ---------------------------------------------------------------------


def _at_beginning(seen: Layout, row: int, typed: re.Match[str], after: str, offers: Offers) -> Completion:
    """Complete a key, or the first word of an item."""
    start = typed.start("typed")
    way = _way_to(seen, row, start)
    options, hint = _keys(way, _siblings(seen, row, start), offers)
    if way and way[-1] == ITEM:
        values = _values(way, offers)
        options = [*options, *values]
    return _of(options, hint, typed["typed"], row, typed.end("typed"), after, key=True)


def _keys(way: list[str], beside: set[str], offers: Offers, *, flow: bool = False) -> tuple[list[Option], str]:
    """Return the keys that can stand below some steps, and what ids belong there in words."""
    options: dict[str, Option] = {}
    hint = ""
    parts = _parts_at(way, offers)
    never = {name for part in parts for name in _refused(part, beside)}
    for part in parts:
        for name, value in part.get("properties", {}).items():
            if value is False or name in beside or name in never or name in options:
                continue
            nested = not flow and _is_nested(value, offers)
            options[name] = Option(f"{name}:" if nested else f"{name}: ", str(value.get("description", "")), True)
        if "additionalProperties" in part and isinstance(part["additionalProperties"], dict):
            names = part.get("propertyNames", {})
            hint = _own(str(names.get("title", "")))
    return list(options.values()), "" if options else hint


def _own(title: str) -> str:
    what = {
        "an-id-of-your-own": "An id of your own belongs here: small letters, digits and hyphens, then a colon.",
        "feeling": "A feeling belongs here, such as trust, then a colon.",
    }
    return what.get(title, "")


def _refused(part: Part, beside: set[str]) -> Iterator[str]:
    """Yield the keys that do not go together with those which are there."""
    for rule in part.get("allOf", []):
        needs = rule.get("if", {}).get("required")
        if not needs or "not" in rule["if"]:
            continue
        never = {name for name, value in rule.get("then", {}).get("properties", {}).items() if value is False}
        if set(needs) <= beside:
            yield from never
        if never & beside:
            # What does not go with this does not go the other way round either.
            yield from needs


def _is_nested(part: Part, offers: Offers) -> bool:
    """Whether lines of its own follow below a key."""
    found = list(_all(part, offers))
    kinds = {kind for each in found for kind in _types(each)}
    return bool(kinds) and kinds <= {"object", "array"} and not any("enum" in each for each in found)


def _types(part: Part) -> list[str]:
    kind = part.get("type", [])
    return [kind] if isinstance(kind, str) else list(kind)


def _values(way: list[str], offers: Offers) -> list[Option]:
    """Return the words that can stand behind some steps."""
    options: dict[str, Option] = {}
    for part in _parts_at(way, offers):
        for name, about in zip(
            part.get("enum", []), part.get("enumDescriptions") or [""] * len(part.get("enum", [])), strict=False
        ):
            if isinstance(name, str):
                options.setdefault(name, Option(name, str(about)))
        if "boolean" in _types(part) and "integer" in _types(part):
            options.setdefault("true", Option("true", "As often as one likes."))
    return list(options.values())


def _value(value: str, way: list[str], row: int, column: int, after: str, offers: Offers) -> Completion:
    parts = _parts_at(way, offers)
    if any(part.get("pattern") == CONDITION for part in parts):
        return _condition(value, row, column, after, offers)
    options = _values(way, offers)
    about = next((str(part["description"]) for part in parts if part.get("description")), "")
    if not options:
        return Completion(row, column, column, hint=about)
    return _of(options, about, value, row, column, after)


def _condition(value: str, row: int, column: int, after: str, offers: Offers) -> Completion:
    known = offers.known
    value = value.lstrip("\"'")
    if (asked := _ASKED.search(value)) is not None and asked["what"] in PREDICATES:
        scenes = {**known.scenes, **known.visits}
        about = {
            "read": known.documents,
            "visited": scenes,
            "chose": known.responses,
            "consulted": scenes,
            "before": known.points,
            "minutes_left": known.points,
        }[asked["what"]]
        close = "" if after.startswith(")") else ")"
        if asked["what"] == "minutes_left":
            close += " >= "
        options = [Option(f"{name}{close}", what) for name, what in about.items()]
        typed = asked["typed"].rpartition("/")[2]
        return _of(options, "", typed, row, column, after)
    options = [Option(f"{name} ", about) for name, about in known.facts.items()]
    options += [Option(f"{name} >= ", about or "A feeling, from 0 to 10.") for name, about in known.feelings.items()]
    options += [Option(f"{name}(", _MEANS.get(name, "")) for name in PREDICATES]
    options += [Option(f"{name} ", about) for name, about in _JOINS.items()]
    found = _WORD.search(value)
    return _of(options, "", found[0] if found else "", row, column, after)


def _of(
    options: Sequence[Option], hint: str, typed: str, row: int, column: int, after: str, *, key: bool = False
) -> Completion:
    """Return what fits what was typed: the rest of the word behind the cursor is replaced as well."""
    rest = re.match(r"[A-Za-z0-9_.-]*", after)
    end = column + (rest.end() if rest else 0)
    tail = after[rest.end() :] if rest else after
    if key and tail.lstrip().startswith(":"):
        # The colon stands there already.
        options = [Option(each.insert.rstrip(" :"), each.about, each.key) if each.key else each for each in options]
    whole = typed.casefold()
    first = [each for each in options if each.insert.casefold().startswith(whole)]
    others = [each for each in options if each not in first and whole in each.insert.casefold()]
    return Completion(row, column - len(typed), end, (*first, *others) or tuple(options), hint)


# -- the schema -------------------------------------------------------------------------------


def _parts_at(way: Sequence[str], offers: Offers) -> list[Part]:
    """Return every part of the schema that holds for what some steps lead to."""
    found: list[Part] = list(_all(offers.top, offers))
    for step in way:
        below: list[Part] = []
        for part in found:
            if step == ITEM:
                if isinstance(part.get("items"), dict):
                    below.append(part["items"])
            elif isinstance(part.get("properties", {}).get(step), dict):
                below.append(part["properties"][step])
            elif isinstance(part.get("additionalProperties"), dict):
                below.append(part["additionalProperties"])
        found = [each for part in below for each in _all(part, offers)]
    return found


def _all(part: Part, offers: Offers, deep: int = 0) -> Iterator[Part]:
    """Yield a part and all that holds along with it. What follows from a mistake is left out."""
    if deep > _DEEPEST:
        return
    if "$ref" in part:
        yield from _all(offers.ref(part["$ref"]), offers, deep + 1)
        return
    yield part
    for each in (*part.get("allOf", []), *part.get("anyOf", [])):
        yield from _all(each, offers, deep + 1)
    if isinstance(part.get("else"), dict):
        yield from _all(part["else"], offers, deep + 1)
