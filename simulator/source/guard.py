"""One pass over what a YAML file says, refusing what cases do not need and bombs are made of.

A few hundred bytes of names and repetitions fill the memory when they are walked, and 25,000 brackets crash
libyaml's composer. libyaml's stream of events is safe: nothing in it recurses, and the pass ends where nesting
begins to make libyaml slow. So no file is given to a composer: the same pass puts the nodes together, each from
one event, and whoever asks gets them only if nothing was refused.
"""

from __future__ import annotations

import re
from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

import yaml

from simulator.problem import Problem, in_order
from simulator.source.complaints import explain
from simulator.source.fault import Fault, Mark, directive, several
from simulator.source.lines import BLANKS, block_hint

if TYPE_CHECKING:
    from simulator.source.file import Source

DEEPEST = 24
"""Levels of nesting; a case needs about ten."""
MOST_PROBLEMS = 100
"""Problems reported for one file before the rest is only mentioned."""
MOST_ROUNDS = 20
"""How often a file is read again after a mistake was blanked out, to find the next one."""
MOST_READ = 2 * 1024 * 1024
"""Characters that those rounds may read in all, so that a large broken file is refused quickly."""

_BREAK = re.compile(r"\r\n|\r|\n")
# What libyaml cannot read, and what only looks like the end of a line, or like nothing at all.
_UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
_ENDS_LINE = "\x0b\x0c\x85\u2028\u2029"
_LOOKALIKE = re.compile(f"^[{BLANKS}]|[{BLANKS}]$")

_TEXT, _NOTHING, _LIST, _MAPPING = (f"tag:yaml.org,2002:{kind}" for kind in ("str", "null", "seq", "map"))


def split_lines(text: str) -> list[str]:
    """Split text where libyaml begins a new line."""
    # Nearly every file has no other line end than this, and needs no expression to find it.
    return _BREAK.split(text) if "\r" in text else text.split("\n")


def compose(source: Source, loader: Any, most_events: int) -> tuple[yaml.Node | None, list[Problem]]:
    """Return the nodes of a file, or everything that keeps it from having any, from the top down."""
    found = _Found(source)
    text = source.text
    if _UNREADABLE.search(text):
        _report_unreadable(found)
        # One character for another, so that the rest keeps its column.
        text = _UNREADABLE.sub("\ufffd", text)
    walk = _walked(text, loader, most_events, found)
    if walk.empty and not found.problems:
        hint = "is it the right file? it may have been saved before anything was written"
        found.add(Fault("empty-file", "there is nothing in this file", 0, 0, hint))
    return (None, found.in_order()) if found.problems else (walk.root, [])


class _Found:
    """The problems of one file, each once, up to a number that somebody may read."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.problems: dict[tuple[str, int, int], Problem] = {}
        self.rows: set[int] = set()

    @property
    def full(self) -> bool:
        return len(self.problems) > MOST_PROBLEMS

    def add(self, fault: Fault) -> None:
        key = (fault.code, fault.row, fault.column)
        if key not in self.problems and not self.full:
            self.rows.add(fault.row)
            self.problems[key] = self.source.problem(fault.code, fault.message, fault.row, fault.column, fault.hint)

    def in_order(self) -> list[Problem]:
        """Return them from the top down, the last one saying so if there are more."""
        found = in_order(self.problems.values())
        if self.full:
            message = f"more is wrong from here on; these are the first {MOST_PROBLEMS} problems"
            found[MOST_PROBLEMS:] = [Problem("more-problems", message, found[MOST_PROBLEMS].place)]
        return found


def _report_unreadable(found: _Found) -> None:
    for row, line in enumerate(found.source.lines):
        for sign in _UNREADABLE.finditer(line):
            name = f"U+{ord(sign[0]):04X}"
            message, hint = f"the character {name} cannot stand in this file", "delete it"
            if sign[0] in _ENDS_LINE:
                message, hint = f"the character {name} only looks like the end of a line", "delete it and press Enter"
            elif sign[0] == "\ufeff":
                message += "; it cannot be seen, and often comes from joining two files"
            found.add(Fault("control-character", message, row, sign.start(), hint))
            if found.full:
                return


def _walked(text: str, loader: Any, most_events: int, found: _Found) -> _Walk:
    """Look for mistakes; after one, blank it out and go on. Return the last look."""
    lines: list[str] | None = None
    done, left = -1, MOST_READ
    for _ in range(MOST_ROUNDS):
        walk = _Walk(found, most_events)
        error = walk.through(text, loader)
        if error is None:
            break
        lines = lines or split_lines(text)
        fault = explain(lines, error, walk.last, walk.opened)
        if fault.row <= done:
            # What was blanked out may have caused this, so it proves nothing.
            break
        if fault.row not in found.rows:
            found.add(fault)
        left -= len(text)
        mend = fault.mend
        if mend is None or mend.first <= done or left < len(text) or found.full:
            break
        lines[mend.first : mend.end] = [mend.line] + [""] * (mend.end - mend.first - 1)
        done = mend.end - 1
        text = "\n".join(lines)
    return walk


@dataclass(slots=True)
class _Level:
    """A mapping or a list that is still open."""

    node: yaml.CollectionNode
    mapping: bool
    key: yaml.Node | None = None
    """In a mapping, the key whose value comes next."""


@dataclass
class _Walk:
    """The state of one pass."""

    found: _Found
    most_events: int
    levels: list[_Level] = field(default_factory=list)
    root: yaml.Node | None = None
    last: yaml.Event | None = None
    documents: int = 0
    empty: bool = True

    @property
    def opened(self) -> Mark | None:
        """Where the innermost open bracket stands; None if what is open is written without."""
        node = self.levels[-1].node if self.levels else None
        return node.start_mark if node is not None and node.flow_style else None

    def through(self, text: str, loader: Any) -> yaml.YAMLError | None:
        """Go through all events; return libyaml's complaint if it cannot read on."""
        try:
            # Closed at once when looking ends early: the parser holds a copy of the text.
            with closing(cast("Generator[yaml.Event, None, None]", yaml.parse(text, Loader=loader))) as events:
                for count, event in enumerate(events):
                    if count >= self.most_events:
                        message = f"there are more than {self.most_events:,} keys, values and brackets"
                        self.refuse(event, "too-many-entries", message, "is it the right file?")
                        return None
                    self.last = event
                    if not self.goes_on(event):
                        return None
        except yaml.YAMLError as error:
            # Its traceback would keep all nodes so far, while the next look makes them anew.
            return error.with_traceback(None)
        return None

    def refuse(self, event: Any, code: str, message: str, hint: str) -> None:
        mark: Mark = event.start_mark
        self.found.add(Fault(code, message, mark.line, mark.column, hint))

    def goes_on(self, event: Any) -> bool:
        """Look at one event; return whether what follows can still be looked at."""
        kind = type(event)
        # The most frequent first: most events are texts.
        if kind is yaml.ScalarEvent:
            self.scalar(event)
        elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
            self.opens(event, kind is yaml.MappingStartEvent)
            if len(self.levels) > DEEPEST:
                message = f"this is nested more than {DEEPEST} levels deep"
                self.refuse(event, "too-deep", message, "nothing here needs that; is it the right file?")
                # With every further level libyaml gets slower, so the rest is not looked at.
                return False
        elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
            self.levels.pop().node.end_mark = event.end_mark
        elif kind is yaml.AliasEvent:
            self.alias(event)
        elif kind is yaml.DocumentStartEvent:
            self.document(event)
        return not self.found.problems or not self.found.full

    def document(self, event: yaml.DocumentStartEvent) -> None:
        self.documents += 1
        mark: Mark = event.start_mark  # type: ignore[assignment]
        if event.version or event.tags:
            self.found.add(directive(mark.line))
        elif self.documents > 1:
            self.found.add(several(mark.line))

    def scalar(self, event: Any) -> None:
        value, style = event.value, event.style
        # Nothing is resolved but emptiness: `no` and `12:30` are text, and what no text was written for is nothing.
        written = bool(value or style)
        if written:
            self.empty = False
        if event.anchor is not None or event.tag is not None:
            self.properties(event)
        # The C parser says "" where PyYAML's own and its documentation say None: plain.
        node = yaml.ScalarNode(_TEXT if written else _NOTHING, value, event.start_mark, event.end_mark, style or None)
        if self.put(node):
            self.key(event)

    def opens(self, event: Any, mapping: bool) -> None:
        self.empty = False
        if event.anchor is not None or event.tag is not None:
            self.properties(event)
        kind, tag = (yaml.MappingNode, _MAPPING) if mapping else (yaml.SequenceNode, _LIST)
        node = kind(tag, [], event.start_mark, event.end_mark, event.flow_style)
        if self.put(node):
            hint = "if it is text, put it in quotation marks"
            self.refuse(event, "bad-key", "what stands before the colon is not a word", hint)
        self.levels.append(_Level(node, mapping))

    def put(self, node: yaml.Node) -> bool:
        """Put a node where it belongs; return whether it is a key."""
        if not self.levels:
            self.root = node
            return False
        level = self.levels[-1]
        if not level.mapping:
            level.node.value.append(node)
        elif level.key is None:
            level.key = node
            return True
        else:
            level.node.value.append((level.key, node))
            level.key = None
        return False

    def alias(self, event: Any) -> None:
        self.empty = False
        message = f"to YAML `*{event.anchor}` repeats something named elsewhere, which is not done here"
        self.refuse(event, "alias", message, "write it out" + self.in_a_text(event))
        # What it stands for is not asked: something has to be in its place.
        self.put(yaml.ScalarNode(_NOTHING, "", event.start_mark, event.end_mark))

    def properties(self, event: Any) -> None:
        """Refuse what stands in front of a value."""
        if event.anchor is not None:
            message = f"to YAML `&{event.anchor}` names something for repeating, which is not done here"
            self.refuse(event, "anchor", message, "take it away" + self.in_a_text(event))
        if event.tag is not None:
            message = "to YAML a word that begins with ! sets a type, which is not done here"
            self.refuse(event, "tag", message, "take it away" + self.in_a_text(event))

    def in_a_text(self, event: Any) -> str:
        mark: Mark = event.start_mark
        return "; if it begins a text, " + block_hint(self.found.source.lines, mark.line, mark.column)

    def key(self, event: Any) -> None:
        if event.value == "<<" and not event.style:
            message = "to YAML `<<` takes keys over from elsewhere, which is not done here"
            self.refuse(event, "merge-key", message, "write the keys out; in a text, put it in quotation marks")
        elif not event.value.isascii() and _LOOKALIKE.search(event.value):
            message = "a character that only looks like a blank stands beside this key"
            hint = "delete the gaps before and after this word, and type them again"
            self.refuse(event, "lookalike-blank", message, hint)
