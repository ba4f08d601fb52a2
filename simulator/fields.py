"""Reading typed fields from YAML nodes: every mistake becomes a Problem at its place, and reading goes on.

Scalars arrive as the text the author typed, so `no`, `on` and `12:30` are words here; what a field
means decides what it is read as.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import yaml

from simulator.condition import RESERVED
from simulator.problem import Problem, Severity
from simulator.source import Source, comma_key, cut_short, end_of
from simulator.text import clean, one_line, reflow, unwanted

LONGEST_ID = 64
LONGEST_TEXT = 50_000
"""Characters in one text of a scenario."""

_ID = re.compile(r"[a-z][a-z0-9-]*\Z")
_WORD = re.compile(r"[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?", re.IGNORECASE)
_NUMBER = re.compile(r"[+-]?[0-9]{1,9}\Z")
_TIME = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])\Z")

Node = yaml.Node
T = TypeVar("T")


@dataclass
class Fields:
    """Reads the nodes of one file, and collects what is wrong with them."""

    source: Source
    problems: list[Problem] = field(default_factory=list)

    # -- problems -----------------------------------------------------------------------------

    def report(
        self,
        code: str,
        node: Node,
        message: str,
        hint: str = "",
        severity: Severity = Severity.ERROR,
        offset: int = 0,
    ) -> None:
        """Note a problem at a node, `offset` characters into what it says."""
        line, column = self._position(node, offset)
        end = self._word_end(line, column) if offset else end_of(node)
        self.problems.append(self.source.problem(code, message, line, column, hint, severity, end))

    def unknown(self, code: str, node: Node, what: str, name: str, known: Iterable[str], offset: int = 0) -> None:
        """Note a name that nothing has, with the nearest that something has."""
        self.report(code, node, f"there is no {what} `{shorten(name)}`", suggest(name, known), offset=offset)

    def _word_end(self, line: int, column: int) -> int:
        """Return the column behind the word that begins here; 0 if none does."""
        text = self.source.lines[line] if line < len(self.source.lines) else ""
        found = _WORD.match(text, column)
        return found.end() if found else 0

    def _position(self, node: Node, offset: int) -> tuple[int, int]:
        """Find the place of a character of a scalar in the file, in spite of quotes and wrapped lines."""
        mark, lines = node.start_mark, self.source.lines
        if not offset or not isinstance(node, yaml.ScalarNode):
            return mark.line, mark.column
        row, column = mark.line, mark.column
        if node.style in ("'", '"'):
            column += 1
        elif node.style:
            row, column = row + 1, _indent(lines, row + 1)
        for sign in node.value[:offset]:
            line = lines[row] if row < len(lines) else ""
            if line[column : column + 1] == sign:
                column += 1
            elif sign.isspace() and not line[column:].strip():
                row, column = row + 1, _indent(lines, row + 1)
            else:
                # It is written with an escape before this: where it begins is near enough.
                return mark.line, mark.column
        return row, column

    # -- mappings and lists -------------------------------------------------------------------

    def pairs(self, node: Node, what: str) -> list[tuple[str, Node, Node]]:
        """Return key, key's node and value's node of a mapping; keys are unique and values are there."""
        if not isinstance(node, yaml.MappingNode):
            self.wrong_type(node, what, "`name: value` entries")
            return []
        found: dict[str, tuple[str, Node, Node]] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self.report("bad-key", key, f"{what} has a key that is not a word", "keys are single words")
                continue
            name = key.value
            if name in found:
                first = found[name][1].start_mark.line + 1
                self.report(
                    "duplicate-key",
                    key,
                    f"`{shorten(name)}` stands here twice",
                    f"first defined at line {first}",
                )
            elif not value.value and (comma := comma_key(self.source, key, value)) is not None:
                self.problems.append(comma)
            else:
                found[name] = (name, key, value)
        return list(found.values())

    def known(self, node: Node, what: str, keys: Collection[str], needs: Collection[str] = ()) -> dict[str, Node]:
        """Return the values of a mapping whose keys are known; report the others, and what is missing."""
        found: dict[str, Node] = {}
        pairs = self.pairs(node, what)
        for name, key, value in pairs:
            if name not in keys:
                self.report("unknown-key", key, f"{what} has no key `{shorten(name)}`", suggest(name, keys))
            elif _empty(value):
                self.report("empty-value", key, f"nothing stands after `{name}:`", "write it, or leave the key out")
            else:
                found[name] = value
        if needs and isinstance(node, yaml.MappingNode):
            present = {name for name, _, _ in pairs}
            if missing := [f"`{name}:`" for name in needs if name not in present]:
                self.report("missing-key", node, f"{what} needs {in_words(missing)}")
        return found

    def ids(self, node: Node | None, what: str) -> dict[str, tuple[Node, Node]]:
        """Return the entries of a mapping whose keys are the author's ids: key's node, value's node."""
        if node is None:
            return {}
        found = {}
        for name, key, value in self.pairs(node, f"`{what}:`"):
            if self.good_id(key, name):
                found[name] = (key, value)
        return found

    def good_id(self, node: Node, name: str) -> bool:
        """Whether a name can be an id; reported if not."""
        if name in RESERVED:
            self.report("reserved-word", node, f"`{name}` is a word of the condition language", "choose another id")
            return False
        if _ID.match(name) and len(name) <= LONGEST_ID:
            return True
        better = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-0123456789")[:LONGEST_ID]
        self.report(
            "bad-id",
            node,
            f"`{shorten(name)}` cannot be an id",
            "ids are small letters, digits and hyphens, and start with a letter"
            + (f", such as `{better}`" if better and better != name else ""),
        )
        return False

    def each(self, node: Node | None, what: str) -> list[Node]:
        """Return the items of a list; a single value stands for a list of one."""
        if node is None:
            return []
        if isinstance(node, yaml.SequenceNode):
            return list(node.value)
        if isinstance(node, yaml.ScalarNode):
            return [node]
        self.wrong_type(node, what, "a list")
        return []

    # -- scalars ------------------------------------------------------------------------------

    def scalar(self, node: Node, what: str) -> str | None:
        """Return what the author typed, or report that it is not plain text."""
        if isinstance(node, yaml.ScalarNode):
            return str(node.value)
        if isinstance(node, yaml.CollectionNode) and node.flow_style:
            opening = "[" if isinstance(node, yaml.SequenceNode) else "{"
            hint = f"to begin text with `{opening}`, put the whole text in quotes or use a `|` block"
            self.report("wrong-type", node, f"{what} must be text", hint)
        else:
            self.wrong_type(node, what, "text")
        return None

    def wrong_type(self, node: Node, what: str, wanted: str) -> None:
        """Report a node of the wrong kind."""
        if _empty(node):
            self.report("empty-value", node, f"nothing stands in {what}", "write it, or leave the key out")
            return
        kinds = {
            yaml.ScalarNode: "text",
            yaml.SequenceNode: "a list",
            yaml.MappingNode: "`name: value` entries",
        }
        self.report("wrong-type", node, f"{what} must be {wanted}, not {kinds[type(node)]}")

    def prose(self, node: Node | None, what: str) -> str:
        """Return text for people: cleaned, and reflowed."""
        if node is None:
            return ""
        value = self.scalar(node, what)
        if value is None:
            return ""
        if isinstance(node, yaml.ScalarNode) and (cut := cut_short(self.source, node)):
            self.problems.append(cut)
        if (stray := unwanted(value)) is not None:
            self.report(
                "control-character",
                node,
                f"{what} holds the control character {stray}, which is left out",
                "take it out of the file",
                Severity.WARNING,
                value.index(chr(int(stray[2:], 16))),
            )
            value = clean(value)
        if len(value) > LONGEST_TEXT:
            self.report("too-long", node, f"{what} has {len(value)} characters; {LONGEST_TEXT} is the most")
            return ""
        if not value.strip():
            self.report("empty-value", node, f"{what} is empty", "write it, or leave the key out")
            return ""
        # Outside of blocks YAML has wrapped the lines already; what newlines it leaves stand for blank lines.
        block = isinstance(node, yaml.ScalarNode) and node.style in ("|", ">")
        return reflow(value if block else value.replace("\n", "\n\n"))

    def line(self, node: Node | None, what: str) -> str:
        """Return a single line of text for people."""
        return one_line(self.prose(node, what), 300)

    def reference(self, node: Node | None, what: str, known: Collection[str], code: str) -> str | None:
        """Return the id of something that exists, or report that it does not."""
        if node is None or (name := self.scalar(node, f"the name of a {what}")) is None:
            return None
        if name in known:
            return name
        self.unknown(code, node, what, name, known)
        return None

    def references(self, node: Node | None, what: str, known: Collection[str], code: str) -> tuple[str, ...]:
        """Return the ids of several things that exist."""
        if node is None:
            return ()
        found = (self.reference(each, what, known, code) for each in self.each(node, f"the {what}s"))
        return tuple(dict.fromkeys(name for name in found if name is not None))

    def number(self, node: Node | None, what: str, low: int, high: int, default: int = 0) -> int:
        """Return a whole number within its limits."""
        if node is None or (value := self.scalar(node, what)) is None:
            return default
        if not _NUMBER.match(value):
            self.report("bad-number", node, f"{what} must be a whole number, not `{shorten(value)}`")
            return default
        number = int(value)
        if low <= number <= high:
            return number
        self.report("out-of-range", node, f"{what} must lie between {low} and {high}, not {number}")
        return default

    def time(self, node: Node, what: str) -> int | None:
        """Return a time of day as minutes after midnight."""
        value = self.scalar(node, what)
        if value is None:
            return None
        found = _TIME.match(value)
        if found:
            return int(found[1]) * 60 + int(found[2])
        self.report("bad-time", node, f'{what} must be a time such as "10:20", not `{shorten(value)}`')
        return None

    def word(self, node: Node | None, what: str, choices: Mapping[str, T], default: T) -> T:
        """Return what one of several words stands for."""
        if node is None or (value := self.scalar(node, what)) is None:
            return default
        if value in choices:
            return choices[value]
        hint = suggest(value, choices) or "one of: " + ", ".join(choices)
        self.report("unknown-word", node, f"{what} cannot be `{shorten(value)}`", hint)
        return default


def _empty(node: Node) -> bool:
    """Whether nothing was written: no text and no quotes, or brackets with nothing in them."""
    return not node.value and not (isinstance(node, yaml.ScalarNode) and node.style)


def _indent(lines: list[str], row: int) -> int:
    return len(lines[row]) - len(lines[row].lstrip(" ")) if row < len(lines) else 0


def in_words(names: Sequence[str]) -> str:
    """List names as a sentence does: `a`, `b` and `c`."""
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last


def shorten(name: str) -> str:
    """Make something an author typed short and harmless enough to stand in a message."""
    return one_line(name, 60) or " "


def suggest(name: str, known: Iterable[str], few: int = 12) -> str:
    """Return "did you mean …?" if something is near enough; else what there is, if that is not more than `few`."""
    from difflib import get_close_matches

    names = list(known)
    # `records` for `organization.records`; else comparing, which with thousands of names would take too long.
    near = [each for each in names if each.endswith(f".{name}")]
    if not near and len(names) <= 2000:
        near = get_close_matches(name[:LONGEST_ID], names, n=1, cutoff=0.6)
    if near:
        return f"did you mean `{near[0]}`?"
    return "there are: " + ", ".join(f"`{each}`" for each in names) if 0 < len(names) <= few else ""
