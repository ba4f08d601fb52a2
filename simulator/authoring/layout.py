"""What a text of YAML looks like by its indentation alone.

While somebody types, a file is hardly ever YAML: a colon is still missing, a quotation mark is still open. How far
its lines are indented, and which keys they begin with, can be told all the same. The outline, what can stand at the
cursor, and where something new belongs all go by that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from simulator.source.lines import indent, opens_block

_DASH = re.compile(r"-(?:[ ]+|$)")
_KEY = re.compile(r"(?P<key>[A-Za-z0-9][\w.-]*|\"[^\"]*\"|'[^']*')[ ]*:(?P<gap>[ \t]+|$)")
_COMMENT = re.compile(r"(?:^|[ \t])#.*$")


@dataclass(slots=True)
class Piece:
    """A key with what belongs to it, or an item of a list."""

    row: int
    """The row it begins on, from 0."""
    column: int
    """Where its key or its dash stands, from 0."""
    key: str
    """Empty for an item."""
    value: str = ""
    """What stands behind it on its own row, with no comment and no blanks around it."""
    value_column: int = 0
    """Where that begins."""
    above: Piece | None = None
    """What it belongs to; None for the whole text."""
    within: list[Piece] = field(default_factory=list)
    """What belongs to it, in order."""
    last: int = 0
    """The last row that is its own: no comment and no blank row below it."""

    @property
    def opens_block(self) -> bool:
        """Whether lines of text follow below."""
        return opens_block(self.value)

    @property
    def opens_flow(self) -> bool:
        """Whether it is written in { } or [ ]."""
        return self.value[:1] in ("{", "[")

    def find(self, *keys: str) -> Piece | None:
        """Return what some keys lead to, one below the other; None if it is not there."""
        found: Piece | None = self
        for key in keys:
            found = next((each for each in found.within if each.key == key), None) if found else None
        return found

    def way(self) -> list[Piece]:
        """Return what leads here from the top, this one last."""
        way: list[Piece] = []
        piece: Piece | None = self
        while piece is not None and piece.above is not None:
            way.append(piece)
            piece = piece.above
        return way[::-1]

    def walk(self) -> Iterator[Piece]:
        """Yield everything below, from the top down."""
        for each in self.within:
            yield each
            yield from each.walk()


@dataclass(slots=True)
class Layout:
    """A text, seen by its indentation."""

    top: Piece
    """The whole text: the keys that begin at the margin belong to it."""
    lines: Sequence[str]
    owners: list[Piece]
    """For every row the piece that it belongs to, or begins: blank rows and comments go with what is above them."""
    prose: list[bool]
    """For every row, whether it is the inside of a text, so that nothing on it is a key."""

    def owner(self, row: int) -> Piece:
        """Return what a row belongs to."""
        return self.owners[min(row, len(self.owners) - 1)] if self.owners else self.top


def layout(lines: Sequence[str]) -> Layout:
    """Look at the lines of a text; nothing is ever wrong with them."""
    top = Piece(-1, -1, "")
    stack = [top]
    owners: list[Piece] = []
    prose: list[bool] = []
    for row, line in enumerate(lines):
        text = line.lstrip(" ")
        deep = len(line) - len(text)
        holder = stack[-1]
        if not text.strip():
            owners.append(holder)
            # A blank row inside of a text is a part of it.
            prose.append(holder.opens_block)
            continue
        inside = bool(holder.value) and deep > holder.column
        if inside and (holder.opens_block or not text.startswith("#")):
            owners.append(holder)
            prose.append(not holder.opens_flow)
            for each in stack:
                each.last = row
            continue
        if text.startswith("#"):
            owners.append(holder)
            prose.append(False)
            continue
        begun = _begin(line, row, deep, stack)
        owners.append(stack[-1])
        prose.append(False)
        if begun:
            for each in stack:
                each.last = row
    return Layout(top, lines, owners, prose)


def _begin(line: str, row: int, column: int, stack: list[Piece]) -> bool:
    """Put what begins on a line where it belongs; return whether anything does."""
    begun = False
    while True:
        dash = _DASH.match(line, column)
        if dash is not None:
            _add(Piece(row, column, "", last=row), stack)
            begun = True
            column = dash.end()
            if column >= len(line):
                return True
            continue
        key = _KEY.match(line, column)
        if key is not None:
            value = line[key.end() :]
            piece = Piece(row, column, key["key"].strip("\"'"), _bare(value), key.end(), last=row)
            _add(piece, stack)
            return True
        if begun and line[column:].strip():
            stack[-1].value, stack[-1].value_column = _bare(line[column:]), column
        return begun


def _add(piece: Piece, stack: list[Piece]) -> None:
    while len(stack) > 1 and not _holds(stack[-1], piece):
        stack.pop()
    piece.above = stack[-1]
    stack[-1].within.append(piece)
    stack.append(piece)


def _holds(holder: Piece, piece: Piece) -> bool:
    if holder.column < piece.column:
        return True
    # The items of a list may begin in the column of its key.
    return holder.column == piece.column and bool(holder.key) and not piece.key and not holder.value


def _bare(value: str) -> str:
    value = value.strip()
    if "#" in value and value[:1] not in ('"', "'"):
        value = _COMMENT.sub("", value).strip()
    return value


def step_of(text: Layout) -> int:
    """Return how many blanks this author indents by."""
    for section in text.top.within:
        if section.within and section.within[0].column > 0 and section.within[0].key:
            return section.within[0].column
    return 2


def blank_before(text: Layout, piece: Piece) -> bool:
    """Whether a blank row stands before something, above the comments on it."""
    row = piece.row - 1
    while row >= 0 and text.lines[row].lstrip().startswith("#") and indent(text.lines[row]) >= piece.column:
        row -= 1
    return row >= 0 and not text.lines[row].strip()
