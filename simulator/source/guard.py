"""One pass over what a YAML file says, refusing what cases do not need and bombs are made of.

A few hundred bytes of names and repetitions fill the memory when they are walked, and 25,000 brackets crash
libyaml's composer. libyaml's stream of events is safe: nothing is built from it, nothing recurses, and the
pass ends where nesting begins to make libyaml slow. So every file goes through here before it is composed.
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


def split_lines(text: str) -> list[str]:
    """Split text where libyaml begins a new line."""
    return _BREAK.split(text)


def check(source: Source, loader: Any, most_events: int) -> list[Problem]:
    """Return everything in a file that keeps it from being composed, from the top down."""
    found = _Found(source)
    text = source.text
    if _UNREADABLE.search(text):
        _report_unreadable(found)
        # One character for another, so that the rest keeps its column.
        text = _UNREADABLE.sub("\ufffd", text)
    if not _anything(text, loader, most_events, found) and not found.problems:
        hint = "is it the right file? it may have been saved before anything was written"
        found.add(Fault("empty-file", "there is nothing in this file", 0, 0, hint))
    return found.in_order()


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


def _anything(text: str, loader: Any, most_events: int, found: _Found) -> bool:
    """Look for mistakes; after one, blank it out and go on. Return False if there was nothing to read."""
    lines: list[str] | None = None
    done, left = -1, MOST_READ
    for _ in range(MOST_ROUNDS):
        walk = _Walk(found, most_events)
        error = walk.through(text, loader)
        if error is None:
            return not walk.empty
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
    return True


@dataclass(slots=True)
class _Level:
    """A mapping or a list that is still open."""

    mapping: bool
    bracket: Mark | None
    """Where its bracket stands; None if it is written without."""
    parts: int = 0
    """Nodes seen in it; in a mapping every other one is a key."""


@dataclass
class _Walk:
    """The state of one pass."""

    found: _Found
    most_events: int
    levels: list[_Level] = field(default_factory=list)
    last: yaml.Event | None = None
    documents: int = 0
    empty: bool = True

    @property
    def opened(self) -> Mark | None:
        """Where the innermost open bracket stands."""
        return self.levels[-1].bracket if self.levels else None

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
                    if not self.goes_on(event) or self.found.full:
                        return None
        except yaml.YAMLError as error:
            return error
        return None

    def refuse(self, event: Any, code: str, message: str, hint: str) -> None:
        mark: Mark = event.start_mark
        self.found.add(Fault(code, message, mark.line, mark.column, hint))

    def goes_on(self, event: Any) -> bool:
        """Look at one event; return whether what follows can still be looked at."""
        if isinstance(event, yaml.NodeEvent):
            return self.node(event)
        if isinstance(event, yaml.CollectionEndEvent):
            self.levels.pop()
        elif isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            mark: Mark = event.start_mark  # type: ignore[assignment]
            if event.version or event.tags:
                self.found.add(directive(mark.line))
            elif self.documents > 1:
                self.found.add(several(mark.line))
        return True

    def node(self, event: Any) -> bool:
        is_key = False
        if self.levels:
            level = self.levels[-1]
            is_key = level.mapping and level.parts % 2 == 0
            level.parts += 1
        scalar = isinstance(event, yaml.ScalarEvent)
        self.empty = self.empty and scalar and not event.value and not event.style
        self.properties(event)
        if is_key and scalar:
            self.key(event)
        elif is_key and isinstance(event, yaml.CollectionStartEvent):
            hint = "if it is text, put it in quotation marks"
            self.refuse(event, "bad-key", "what stands before the colon is not a word", hint)
        if isinstance(event, yaml.CollectionStartEvent):
            mark: Any = event.start_mark if event.flow_style else None
            self.levels.append(_Level(isinstance(event, yaml.MappingStartEvent), mark))
            if len(self.levels) > DEEPEST:
                message = f"this is nested more than {DEEPEST} levels deep"
                self.refuse(event, "too-deep", message, "nothing here needs that; is it the right file?")
                # With every further level libyaml gets slower, so the rest is not looked at.
                return False
        return True

    def properties(self, event: Any) -> None:
        """Refuse what stands in front of a value, or for one."""
        if not isinstance(event, yaml.AliasEvent) and event.anchor is None and event.tag is None:
            return
        mark: Mark = event.start_mark
        text = "; if it begins a text, " + block_hint(self.found.source.lines, mark.line, mark.column)
        if isinstance(event, yaml.AliasEvent):
            message = f"to YAML `*{event.anchor}` repeats something named elsewhere, which is not done here"
            self.refuse(event, "alias", message, "write it out" + text)
            return
        if event.anchor is not None:
            message = f"to YAML `&{event.anchor}` names something for repeating, which is not done here"
            self.refuse(event, "anchor", message, "take it away" + text)
        if event.tag is not None:
            message = "to YAML a word that begins with ! sets a type, which is not done here"
            self.refuse(event, "tag", message, "take it away" + text)

    def key(self, event: Any) -> None:
        if event.value == "<<" and not event.style:
            message = "to YAML `<<` takes keys over from elsewhere, which is not done here"
            self.refuse(event, "merge-key", message, "write the keys out; in a text, put it in quotation marks")
        elif _LOOKALIKE.search(event.value):
            message = "a character that only looks like a blank stands beside this key"
            hint = "delete the gaps before and after this word, and type them again"
            self.refuse(event, "lookalike-blank", message, hint)
