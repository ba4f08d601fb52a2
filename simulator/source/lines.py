"""What the lines of a case look like, told without reading them as YAML.

Where YAML reading fails, or reads something else than its author meant, the only thing left to look at is
the line itself: how far it is indented, which key it begins with, where a comment would start.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

FARTHEST = 1000
"""Lines that are looked through, above a line, for the key that it belongs to."""
LONGEST_SAMPLE = 60
"""Characters of the author's own text that a hint repeats."""
BLANKS = "\u00a0\u1680\u2000-\u200d\u202f\u205f\u2060\u3000"
"""Characters that look like a blank, or like nothing at all, for the [ ] of a regular expression."""

_NAME = r"(?P<key>[A-Za-z0-9][\w.-]*|\"[^\"]*\"|'[^']*')"
_KEY = re.compile(rf"(?P<lead> *(?:- +)*){_NAME}(?P<colon> *:)(?:[ \t]+|$)(?P<value>.*)$")
_ITEM = re.compile(r"(?P<lead> *(?:- +)*)(?P<key>-) +(?P<value>\S.*)$")
_GLUED = re.compile(rf"(?P<lead> *(?:- +)*){_NAME}:(?=[^ \t:/])")
_HASH = re.compile(r"(?:^|(?<=[ \t]))#")
_BLOCK = re.compile(r"[|>][-+0-9]*\s*(?:#.*)?$")


def key_of(line: str) -> re.Match[str] | None:
    """Match a line that begins with a key; groups `lead`, `key`, `colon` and `value`."""
    return _KEY.match(line)


def head_of(line: str) -> re.Match[str] | None:
    """Match a line that begins with a key, or with a dash and a text; groups `lead`, `key` and `value`."""
    return _KEY.match(line) or _ITEM.match(line)


def glued_key(line: str) -> re.Match[str] | None:
    """Match the beginning of a line that lacks only the blank after its colon; groups `lead` and `key`."""
    return _GLUED.match(line)


def opens_block(value: str) -> bool:
    """Whether what stands after a key is only the sign that a block of text follows."""
    return bool(_BLOCK.match(value))


def indent(line: str) -> int:
    """Count the blanks that a line begins with."""
    return len(line) - len(line.lstrip(" "))


def is_comment(line: str) -> bool:
    """Whether nothing but a comment stands on a line."""
    return line.lstrip().startswith("#")


def comment_in(line: str, start: int = 0) -> int:
    """Return the column where a comment would begin, at or after `start`; -1 if there is none."""
    found = _HASH.search(line, start)
    return found.start() if found else -1


def line_at(lines: Sequence[str], row: int) -> str:
    """Return a line, or an empty one where the file is over."""
    return lines[row] if 0 <= row < len(lines) else ""


def row_above(lines: Sequence[str], row: int) -> int | None:
    """Find the nearest row above that is neither empty nor only a comment."""
    for above in range(min(row, len(lines)) - 1, max(-1, row - FARTHEST), -1):
        if lines[above].strip() and not is_comment(lines[above]):
            return above
    return None


def owner_of(lines: Sequence[str], row: int, *, above: bool = False) -> int | None:
    """Find the row of the key, or of the dash, that the text on `row` belongs to.

    That is the row itself if it has a key and a text; with `above`, only rows further up count.
    """
    line = line_at(lines, row)
    if not above:
        head = head_of(line)
        if head and head["value"].strip():
            return row
    level = indent(line) if line.strip() else len(line) + 1
    for candidate in range(row - 1, max(-1, row - FARTHEST), -1):
        line = lines[candidate]
        if not line.strip() or is_comment(line) or indent(line) >= level:
            continue
        if head_of(line):
            return candidate
        level = indent(line)
    return None


def end_of(lines: Sequence[str], row: int, level: int) -> int:
    """Find the row after the last one that is indented further than `level`, below `row`."""
    end = row + 1
    while end < len(lines) and (not lines[end].strip() or indent(lines[end]) > level):
        end += 1
    return end


def sample(text: str) -> str:
    """Cut the author's own words to what a hint has room for."""
    text = text.strip()
    return text if len(text) <= LONGEST_SAMPLE else text[: LONGEST_SAMPLE - 1].rstrip() + "…"


def block_hint(lines: Sequence[str], row: int, column: int, owner: int | None = None) -> str:
    """Show how the text at this place is written so that YAML leaves it alone.

    `owner` is the row of its key, where that is known.
    """
    if owner is None:
        owner = owner_of(lines, row)
    head = None if owner is None else head_of(lines[owner])
    if head is None:
        return "put the text in a block: `|` after the key, and the text below it, indented further"
    value = head["value"].strip()
    if value[:1] in ("{", "[") and (owner != row or column > head.start("value")):
        return "inside { } and [ ] put the text in quotation marks, or give each entry a line of its own"
    key = head["key"] if head["key"] == "-" else head["key"] + ":"
    if not value or opens_block(value):
        return f"put the text in a block: `{key} |`, and the text below it, indented further"
    return f"put the text in a block: `{key} |`, and on the next line, indented further: `{sample(value)}`"
