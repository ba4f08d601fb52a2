"""What YAML reads without complaint, though hardly as its author meant it.

A ` #` in a sentence silently cuts it, a comma in { } begins an empty key, and a key that is indented too
far becomes part of the text above it. These look at the author's own characters around a node, and only
at what nearly always is a mistake.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import yaml

from simulator.problem import Problem, Severity
from simulator.source.lines import (
    FARTHEST,
    block_hint,
    glued_key,
    head_of,
    indent,
    key_of,
    line_at,
    sample,
)
from simulator.text import unwanted

if TYPE_CHECKING:
    from simulator.source.file import Source

# Words that begin a line of a case, and hardly ever a line of a letter.
_CASE_WORDS = {"next", "when", "marks", "why", "feels", "sets", "clears", "again", "responses", "outcomes", "offers"}
_ESCAPE = re.compile(r"\\(x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)")
_TAIL = re.compile(r"(?P<blanks>[ \t]*)#(?P<glued>[^\s#])?")
_NEEDS_NO_QUOTES = re.compile(r"[^\W_](?:(?!: | #).)*[.?!…]")
_HEADER = re.compile(r"[|>][-+0-9]*[ \t]+(?=#[^\s#!])")
_ENTRY_ENDS = re.compile(r"[ \t]*[,}]")
_LAST_ENTRY = re.compile(r"(?P<key>[\w.-]+): +(?P<value>(?:(?!: )[^{}])*,)$")
_LOOKED_BACK = 300
"""Characters before a key that are looked at; a hostile line may have a million."""
_LONGEST_LINE = 10_000
"""A line longer than this was not typed by anybody, and is not looked at around each of its texts."""


def cut_short(source: Source, node: yaml.ScalarNode) -> Problem | None:
    """Say what YAML took from a text, or put into it; None if it reads as it is written.

    To be asked of every text for people, in whatever style it is written.
    """
    if not node.style:
        return _comment_after(source, node) or _comment_around(source, node) or _swallowed(source, node)
    if node.style in ('"', "'"):
        return _unclosed(source, node) or _escape(source, node) or _quotes_dropped(source, node)
    return _comment_around(source, node) or _folded(source, node) or _key_in_block(source, node)


def comma_key(source: Source, key: yaml.Node, value: yaml.Node) -> Problem | None:
    """Say what is wrong with an entry in { } that has no colon: most often a comma cut a text in two."""
    if not isinstance(value, yaml.ScalarNode) or value.value or value.style:
        return None
    if not isinstance(key, yaml.ScalarNode) or key.style:
        return None
    start, end = key.start_mark, key.end_mark
    line = line_at(source.lines, end.line)
    if not _ENTRY_ENDS.match(line, end.column) and (
        line[end.column : end.column + 1] or not _ENTRY_ENDS.match(line_at(source.lines, end.line + 1))
    ):
        return None
    glued = glued_key(key.value)
    if glued:
        column = start.column + glued.end()
        hint = f"write `{glued['key']}: {sample(key.value[glued.end() :])}`"
        return source.problem("missing-blank", "a blank is missing after the colon", start.line, column, hint)
    before = line_at(source.lines, start.line)[max(0, start.column - _LOOKED_BACK) : start.column].rstrip()
    if before.endswith("{"):
        hint = "if it is text, put it in quotation marks"
        return source.at(key, "entry-without-value", "inside { } every entry is written `key: value`", hint)
    message = "inside { } a comma begins a new entry, and this one has no colon"
    hint = "if it goes on with the text before the comma, put the whole text in quotation marks"
    entry = _LAST_ENTRY.search(before)
    if entry and '"' not in entry["value"] and start.line == end.line:
        hint += f': `{entry["key"]}: "{sample(entry["value"] + " " + key.value)}"`'
    return source.at(key, "comma-in-text", message, hint)


def _comment_after(source: Source, node: yaml.ScalarNode) -> Problem | None:
    """`say: Take form #3 with you`: a comment stands after two blanks, so this is none."""
    end = node.end_mark
    line = line_at(source.lines, end.line)
    tail = _TAIL.match(line, end.column)
    if not tail or (len(tail["blanks"]) > 1 and not tail["glued"]):
        return None
    return _cut(source, end.line, tail.end("blanks"))


def _cut(source: Source, row: int, column: int) -> Problem:
    return source.problem(
        "hash-in-text",
        "YAML takes this # for a comment, and the text is cut off before it",
        row,
        column,
        f"if it belongs to the text, {block_hint(source.lines, row, column)}; "
        "if it is a comment, put two blanks before the # and one after it",
    )


def _comment_around(source: Source, node: yaml.ScalarNode) -> Problem | None:
    """A line of the text that begins with `#3` is dropped, above or below the rest of it."""
    lines, start = source.lines, node.start_mark
    first = line_at(lines, start.line)
    if len(first) > _LONGEST_LINE:
        return None
    if not node.style and not first[: start.column].strip() and start.line:
        head = head_of(lines[start.line - 1])
        if head and _glued_comment(head["value"]):
            return _cut(source, start.line - 1, head.start("value"))
    header = _HEADER.match(first, start.column) if node.style else None
    if header:
        return _cut(source, start.line, header.end())
    row = node.end_mark.line + (0 if node.style else 1)
    below = line_at(lines, row)
    if not _glued_comment(below.lstrip(" ")):
        return None
    head = head_of(first)
    level = len(head["lead"]) if head and head.start("value") == start.column else indent(first) - 1
    return _cut(source, row, indent(below)) if indent(below) > level else None


def _glued_comment(text: str) -> bool:
    return text.startswith("#") and bool(re.match(r"#[^\s#!]", text))


def _swallowed(source: Source, node: yaml.ScalarNode) -> Problem | None:
    """Lines that went into a text, though they look like an item or like a key."""
    first = node.start_mark.line + 1
    for row in range(first, min(node.end_mark.line + 1, first + FARTHEST)):
        line = line_at(source.lines, row)
        glued = glued_key(line)
        if re.match(r" *- " if not node.value.startswith("-") else r" *-[ \w]", line):
            message = "this line begins like an item of a list, but it goes on with the text above"
            hint = "for a list, leave nothing after the key; for a dash in a text, use – or —, or a block: `|`"
            return source.problem("item-in-text", message, row, indent(line), hint, Severity.WARNING)
        if glued and re.fullmatch(r"[a-z][a-z-]*", glued["key"]) and glued["key"] not in ("mailto", "tel"):
            message = f"`{glued['key']}:` looks like a key, but it goes on with the text above"
            hint = "a key needs a blank after its colon, and begins in the same column as the key above"
            return source.problem("key-in-text", message, row, indent(line), hint, Severity.WARNING)
    return None


def _unclosed(source: Source, node: yaml.ScalarNode) -> Problem | None:
    """A quotation mark that was closed, by chance, by the one of a later text."""
    start, end = node.start_mark, node.end_mark
    if start.line == end.line:
        return None
    first = line_at(source.lines, start.line)
    head = head_of(first)
    level = len(head["lead"]) if head and head.start("value") == start.column else indent(first) - 1
    for row in range(start.line + 1, min(end.line + 1, start.line + FARTHEST)):
        line = line_at(source.lines, row)
        if indent(line) <= level and key_of(line):
            message = f"the quotation mark {node.style} that opens here is closed only in line {end.line + 1}"
            return source.at(node, "unclosed-quote", message, f"put {node.style} at the end of the text")
    return None


def _escape(source: Source, node: yaml.ScalarNode) -> Problem | None:
    """`"C:\\temp"`: a backslash that turned into a tab or something worse."""
    start, end = node.start_mark, node.end_mark
    if node.style != '"':
        return None
    for row in range(start.line, end.line + 1):
        line = line_at(source.lines, row)
        last = end.column - 1 if row == end.line else len(line)
        for found in _ESCAPE.finditer(line, start.column + 1 if row == start.line else 0, last):
            what = found[1]
            if what in '"\\/n ' or (len(what) > 1 and not unwanted(chr(int(what[1:], 16)))):
                continue
            message = f"inside quotation marks \\{what} is not shown as written: it stands for a special character"
            hint = "write the backslash twice, or " + block_hint(source.lines, start.line, start.column)
            return source.problem("escape-in-text", message, row, found.start(), hint)
    return None


def _quotes_dropped(source: Source, node: yaml.ScalarNode) -> Problem | None:
    """`then: "Now would be good."`: the marks were meant for the reader, and YAML keeps them."""
    start, end = node.start_mark, node.end_mark
    line = line_at(source.lines, start.line)
    head = head_of(line[:_LONGEST_LINE])
    if node.style != '"' or start.line != end.line or head is None or head.start("value") != start.column:
        return None
    if line[start.column + 1 : end.column - 1] != node.value or not _NEEDS_NO_QUOTES.fullmatch(node.value):
        return None
    message = "these quotation marks are YAML's own, and are not shown with the text"
    hint = f"to show them, {block_hint(source.lines, start.line, start.column)}; else leave them out"
    return source.at(node, "quotes-not-shown", message, hint, Severity.ADVICE)


def _folded(source: Source, node: yaml.ScalarNode) -> Problem | None:
    """A block that begins with > loses the difference between a line and a paragraph."""
    if node.style != ">" or "\n" not in node.value.strip("\n"):
        return None
    message = "a block that begins with > loses the blank lines between its paragraphs"
    return source.at(node, "folded-block", message, "write | instead of >")


def _key_in_block(source: Source, node: yaml.ScalarNode) -> Problem | None:
    """Keys that were indented as far as the text above them, and became its last lines."""
    rows = [row for row in range(node.start_mark.line + 1, node.end_mark.line) if line_at(source.lines, row).strip()]
    if not 1 < len(rows) < FARTHEST:
        return None
    base = indent(source.lines[rows[0]])
    first: tuple[int, str] | None = None
    for row in rows[1:]:
        line = source.lines[row]
        if indent(line) != base:
            continue
        key = key_of(line)
        if key is None:
            first = None
        elif first is None and key["key"] in _CASE_WORDS:
            first = (row, key["key"])
    if first is None:
        return None
    message = f"`{first[1]}:` is indented as far as the text above it, and so is a part of that text"
    hint = "if it is a key, begin it in the same column as the key above the text"
    return source.problem("key-in-text", message, first[0], base, hint, Severity.WARNING)
