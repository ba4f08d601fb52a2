"""Putting a scene, a response or anything else that has an id into a case, as its author would have typed it.

What is inserted stands where it belongs, indented as the rest of the file is, and written so that YAML reads exactly
the words that were given: a text with a colon or a number sign in it goes into a block. No other line is touched.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from simulator.authoring.layout import Layout, Piece, blank_before, layout, step_of
from simulator.builder import SCENARIO_KEYS, SHARED_KEYS
from simulator.condition import RESERVED
from simulator.fields import LONGEST_ID
from simulator.text import clean, folded

LONGEST_LINE = 96
"""Columns; what would be longer on one line goes into a block."""
_ID_WORDS = 3
"""Words of a text that an id is suggested from."""
_SMALL = frozenset(
    [
        "a",
        "an",
        "the",
        "and",
        "or",
        "but",
        "to",
        "of",
        "in",
        "on",
        "at",
        "for",
        "with",
        "from",
        "by",
        "as",
        "is",
        "are",
        "was",
        "be",
        "i",
        "you",
        "he",
        "she",
        "it",
        "we",
        "they",
        "your",
        "my",
        "me",
        "her",
        "his",
    ]
)
_SPECIAL = frozenset(("yes", "no", "on", "off", "true", "false", "null", "y", "n", "nan", "inf"))
"""Words that other readers of YAML take for something else than text."""
_NEVER = re.compile("[\ufffe\uffff\ufff9-\ufffb]")
_STRANGE_BLANKS = re.compile("[\u00a0\u1680\u2000-\u200b\u202f\u205f\u2060\u3000]")
_APART = ("people", "documents", "criticals", "scenes", "endings")
"""Where entries have a blank line between them, unless the author leaves none."""


class CannotInsert(Exception):
    """It cannot be put there; the text says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Insertion:
    """Lines to be put into a text."""

    row: int
    """They stand before this row; the number of rows: at the end."""
    lines: tuple[str, ...]
    at: int
    """Which of these lines the new id stands on, from 0."""

    def into(self, lines: Sequence[str]) -> list[str]:
        """Return the lines of a text with these in it."""
        return [*lines[: self.row], *self.lines, *lines[self.row :]]


@dataclass(frozen=True, slots=True)
class New:
    """Something to be inserted."""

    id: str
    entries: tuple[tuple[str, object], ...] = ()
    """Its keys in order, each with a text, a number as text, or a mapping of short words; what is empty is left out."""
    sentence: str = ""
    """For what is nothing but a text: a fact."""


def prose(text: str) -> str:
    """Return a text as it is kept: no blanks around it or at the ends of lines, nothing that a terminal would obey."""
    lines = _NEVER.sub("", _STRANGE_BLANKS.sub(" ", clean(text))).replace("\t", " ").split("\n")
    return "\n".join(line.rstrip() for line in lines).strip()


def suggested_id(text: str, taken: Collection[str] = ()) -> str:
    """Return an id made of the first words of a text that nothing has yet; empty if the text has no words."""
    words = re.findall(r"[a-z0-9]+", re.sub("[’']", "", folded(text)))
    while words and not words[0][0].isalpha():
        words.pop(0)
    telling = [word for word in words if word not in _SMALL] or words
    while telling and not telling[0][0].isalpha():
        telling.pop(0)
    name = "-".join(telling[:_ID_WORDS])[: LONGEST_ID - 4].strip("-")
    if not name:
        return ""
    if name in RESERVED or name in taken:
        name = next(f"{name}-{n}" for n in range(2, len(taken) + 4) if f"{name}-{n}" not in taken)
    return name


# -- where it belongs -------------------------------------------------------------------------


def insert(lines: Sequence[str] | Layout, section: str, what: New, *, row: int | None = None) -> Insertion:
    """Put something into a part of the file, such as `scenes`: after what stands at `row`, else at the end of it.

    Raises:
        CannotInsert: that part is written in a way that leaves no room for another line.
    """
    seen = lines if isinstance(lines, Layout) else layout(lines)
    step = step_of(seen)
    holder = seen.top.find(section)
    if holder is None:
        return _with_section(seen, section, what, step)
    _must_have_room(holder, f"`{section}:`")
    return _below(seen, holder, what, step, _standing_at(seen, holder, row), apart=section in _APART)


def insert_response(lines: Sequence[str] | Layout, scene: str, what: New, *, option: bool = False) -> Insertion:
    """Put a response into a scene, or an option into its `select:`, after those that are there.

    Raises:
        CannotInsert: there is no such scene, or it has no room for that.
    """
    seen = lines if isinstance(lines, Layout) else layout(lines)
    found = seen.top.find("scenes", scene)
    if found is None:
        raise CannotInsert(f"There is no scene `{scene}` in this file.")
    _must_have_room(found, f"The scene `{scene}`")
    step = step_of(seen)
    if option:
        select = found.find("select")
        if select is None:
            raise CannotInsert(f"The scene `{scene}` has no `select:`, so there is nothing to add an option to.")
        _must_have_room(select, "`select:`")
        return _into(seen, select, "options", what, step)
    for other in ("select", "rank", "write", "visit"):
        if found.find(other) is not None:
            raise CannotInsert(
                f"The scene `{scene}` has `{other}:`, and a scene is of one kind: put the response into another one."
            )
    return _into(seen, found, "responses", what, step)


def _into(seen: Layout, holder: Piece, key: str, what: New, step: int) -> Insertion:
    """Put something below a key that may have to be written first."""
    found = holder.find(key)
    if found is not None:
        _must_have_room(found, f"`{key}:`")
        return _below(seen, found, what, step, None, apart=False)
    column = holder.within[0].column if holder.within else holder.column + step
    # Where it goes on and what is looked at in the end stand below what is decided.
    after = next((each for each in holder.within if each.key in ("outcomes", "next")), None)
    row = after.row if after is not None else holder.last + 1
    lines = [f"{' ' * column}{key}:", *written(what, column + step, step)]
    return Insertion(row, tuple(lines), 1)


def _below(seen: Layout, holder: Piece, what: New, step: int, after: Piece | None, *, apart: bool) -> Insertion:
    within = [each for each in holder.within if each.key]
    column = within[0].column if within else holder.column + step
    if len(within) > 1:
        apart = any(blank_before(seen, each) for each in within[1:])
    elif within and not apart:
        apart = False
    last = after or (within[-1] if within else None)
    row = (last.last if last is not None else holder.row) + 1
    lines = written(what, column, step)
    blank = [""] if apart and last is not None else []
    # Something else may follow at once that had no blank line before it.
    tail = [""] if blank and row < len(seen.lines) and seen.lines[row].strip() and _goes_on(seen, holder, row) else []
    return Insertion(row, (*blank, *lines, *tail), len(blank))


def _goes_on(seen: Layout, holder: Piece, row: int) -> bool:
    return any(each.row >= row for each in holder.within)


def _with_section(seen: Layout, section: str, what: New, step: int) -> Insertion:
    """Write a part of the file that is not there yet, before what usually follows it."""
    order = SHARED_KEYS if section in SHARED_KEYS and seen.top.find("scenario") is None else SCENARIO_KEYS
    if seen.top.find("shared") is None or seen.top.find("scenario") is not None:
        order = SCENARIO_KEYS
    later = order[order.index(section) + 1 :] if section in order else ()
    after = [each for each in seen.top.within if each.key not in later]
    row = after[-1].last + 1 if after else 0
    while not after and row < len(seen.lines) and seen.lines[row].startswith("#"):
        row += 1
    blank = [""] if after and any(blank_before(seen, each) for each in seen.top.within) else []
    lines = [*blank, f"{section}:", *written(what, step, step)]
    return Insertion(row, tuple(lines), len(blank) + 1)


def _standing_at(seen: Layout, holder: Piece, row: int | None) -> Piece | None:
    if row is None:
        return None
    return next((each for each in reversed(holder.within) if each.key and each.row <= row <= each.last), None)


def _must_have_room(holder: Piece, what: str) -> None:
    if holder.opens_flow:
        raise CannotInsert(f"{what} is written in {{ }}. Give each of its entries a line of its own first.")
    if holder.value:
        raise CannotInsert(f"{what} has a text behind it, so nothing can stand below it.")
    if holder.within and not holder.within[0].key:
        raise CannotInsert(f"{what} is a list, and what stands below it needs ids.")


# -- how it is written ------------------------------------------------------------------------


def written(what: New, column: int, step: int) -> list[str]:
    """Write something with its id as lines of YAML, beginning at a column."""
    if what.sentence:
        return text_lines(what.id, what.sentence, column, step)
    lines = [f"{' ' * column}{what.id}:"]
    for key, value in what.entries:
        if isinstance(value, Mapping):
            if value:
                lines.append(f"{' ' * (column + step)}{key}: {_flow(value.items())}")
        elif value and prose(str(value)):
            lines += text_lines(key, str(value), column + step, step)
    return lines


def _flow(entries: Iterable[tuple[object, object]]) -> str:
    return "{" + ", ".join(f"{name}: {value}" for name, value in entries) + "}"


def text_lines(key: str, text: str, column: int, step: int = 2) -> list[str]:
    """Write a key with a text as lines of YAML: on the key's own line where that is safe, else in a block."""
    text = prose(text)
    lead = " " * column
    if plain(text) and len(lead) + len(key) + 2 + len(text) <= LONGEST_LINE:
        return [f"{lead}{key}: {text}"]
    below = lead + " " * step
    return [f"{lead}{key}: |", *(f"{below}{line}" if line else "" for line in text.split("\n"))]


def plain(text: str) -> bool:
    """Whether YAML, and everybody who reads it, takes a text as it is without a block around it."""
    return (
        bool(text)
        and text[0].isalpha()
        and "\n" not in text
        and not re.search(r":(?:\s|$)|\s#", text)
        and not re.match(r"[\w.-]*:", text)
        and text.casefold() not in _SPECIAL
        and text == text.strip()
    )
