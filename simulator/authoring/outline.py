"""What stands in a case, for whoever looks for their place in it: people, documents, scenes, endings, by their lines.

It is made of the text as it stands, also while that cannot be read as YAML.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from simulator.authoring.layout import Layout, Piece, layout
from simulator.problem import Problem, Severity
from simulator.text import one_line

SECTIONS = ("people", "facts", "documents", "criticals", "scenes", "endings")
"""The parts of a file that hold things by their ids."""
DECISIONS = ("responses", "options", "items")
"""Where the ids of what can be decided stand, within a scene."""
LONGEST = 80
"""Characters of the words on an entry."""
_SAID = ("title", "text", "says", "name", "prompt", "do", "say", "visit")
_ONE_OF = {
    "people": "person",
    "facts": "fact",
    "documents": "document",
    "criticals": "critical",
    "scenes": "scene",
    "endings": "ending",
    "responses": "response",
    "options": "option",
    "items": "item",
}
"""What one thing of a part is called."""
_SEVERITIES = (Severity.ERROR, Severity.WARNING, Severity.ADVICE)


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that has an id of the author's own."""

    section: str
    """The part of the file that it stands in, such as `scenes`."""
    id: str
    row: int
    """The row of its id, from 0."""
    last: int
    """The last row that belongs to it."""
    column: int = 0
    """Where its id begins."""
    words: str = ""
    """What it says best about itself; empty if nothing yet."""
    scene: str = ""
    """For what can be decided: the scene it stands in."""
    trouble: Severity | None = None
    """The worst that is wrong within it."""

    @property
    def name(self) -> str:
        """How people speak of it: `scene/response` for what can be decided, else its id."""
        return f"{self.scene}/{self.id}" if self.scene else self.id


@dataclass(frozen=True, slots=True)
class Block:
    """Whole rows that belong together, so that they can be taken away or replaced as one."""

    first: int
    """The row of its key, from 0."""
    last: int
    """The last row that belongs to it."""
    kind: str = ""
    """`scene`, `response` and so on; empty for a key at the margin, and for all of the text."""
    name: str = ""
    """The id, with the scene before it for what can be decided; a key at the margin; empty for all of the text."""

    def __str__(self) -> str:
        """Say what it is."""
        return " ".join(each for each in (self.kind, self.name) if each) or "all of the text"


def outline(text: Layout | Sequence[str]) -> tuple[Entry, ...]:
    """Return what stands in a text, from the top down."""
    seen = text if isinstance(text, Layout) else layout(text)
    return tuple(_entries(seen))


def _entries(seen: Layout) -> Iterator[Entry]:
    for section in seen.top.within:
        if section.key not in SECTIONS:
            continue
        for each in section.within:
            if not each.key:
                continue
            yield Entry(section.key, each.key, each.row, each.last, each.column, _words(seen, each))
            if section.key == "scenes":
                yield from _decisions(seen, each)


def keys(seen: Layout) -> tuple[Entry, ...]:
    """Return the keys at the margin of a text, such as `briefing`, from the top down."""
    return tuple(
        Entry(each.key, each.key, each.row, each.last, each.column, _words(seen, each) if each.value else "")
        for each in seen.top.within
        if each.key
    )


def blocks(seen: Layout, row: int) -> tuple[Block, ...]:
    """Return what a row lies in, the smallest first: a response, its scene, all scenes, all of the text."""
    found = [Block(0, max(0, len(seen.lines) - 1))]
    scene = ""
    for depth, piece in enumerate(seen.owner(row).way()):
        holder = piece.above.key if piece.above is not None else ""
        if not piece.key or (piece.last < row and not _is_below(seen, piece, row)):
            break
        if depth == 0:
            found.append(Block(piece.row, piece.last, "", piece.key))
        elif depth == 1 and holder in SECTIONS:
            found.append(Block(piece.row, piece.last, _ONE_OF[holder], piece.key))
            scene = piece.key if holder == "scenes" else ""
        elif scene and holder in DECISIONS and depth in (3, 4):
            found.append(Block(piece.row, piece.last, _ONE_OF[holder], f"{scene}/{piece.key}"))
    return tuple(reversed(found))


def _is_below(seen: Layout, piece: Piece, row: int) -> bool:
    """Whether only blank rows lie between something and a row below it: then the row still goes with it."""
    return not any(line.strip() for line in seen.lines[piece.last + 1 : row + 1])


def _decisions(seen: Layout, scene: Piece) -> Iterator[Entry]:
    for holder in (scene, *(each for key in ("select", "rank") if (each := scene.find(key)))):
        for key in DECISIONS:
            found = holder.find(key)
            for each in found.within if found else ():
                if each.key:
                    words = _words(seen, each)
                    yield Entry("scenes", each.key, each.row, each.last, each.column, words, scene.key)


def _words(seen: Layout, piece: Piece) -> str:
    if piece.value and not piece.opens_flow:
        return _text(seen, piece)
    if piece.opens_flow:
        return one_line(piece.value.strip("{}[] "), LONGEST)
    for key in _SAID:
        found = piece.find(key)
        if found is not None and (said := _text(seen, found)):
            return said
    for key in ("write", "select", "rank"):
        if (found := piece.find(key, "prompt")) is not None and (said := _text(seen, found)):
            return said
    return ""


def _text(seen: Layout, piece: Piece) -> str:
    if piece.opens_block:
        below = (seen.lines[row] for row in range(piece.row + 1, piece.last + 1) if seen.lines[row].strip())
        return one_line(next(below, ""), LONGEST)
    if piece.value:
        return one_line(piece.value.strip("\"'"), LONGEST)
    # Wordings: the one for the rest says most.
    if piece.within:
        last = piece.within[-1]
        return _text(seen, last.find("say") or last) if last.value or last.within else ""
    return ""


def marked(entries: Iterable[Entry], problems: Iterable[Problem], file: str) -> tuple[Entry, ...]:
    """Return the entries with the worst that is wrong within each; what is wrong in other files is left out."""
    worst: dict[int, Severity] = {}
    for problem in problems:
        if problem.place.file == file:
            row = problem.place.line - 1
            worst[row] = _worse(worst.get(row), problem.severity)
    rows = sorted(worst)
    return tuple(replace(each, trouble=_worst_within(each, rows, worst)) for each in entries)


def _worst_within(entry: Entry, rows: list[int], worst: dict[int, Severity]) -> Severity | None:
    from bisect import bisect_left, bisect_right

    found: Severity | None = None
    for row in rows[bisect_left(rows, entry.row) : bisect_right(rows, entry.last)]:
        found = _worse(found, worst[row])
    return found


def _worse(one: Severity | None, other: Severity) -> Severity:
    return other if one is None or _SEVERITIES.index(other) < _SEVERITIES.index(one) else one


def entry_at(entries: Iterable[Entry], row: int, *, decisions: bool = False) -> Entry | None:
    """Return what a row stands in, else what stands nearest above it; with `decisions`, as closely as possible."""
    found = None
    for each in entries:
        if each.row > row:
            break
        if decisions or not each.scene:
            found = each
    if found is not None and found.scene and found.last < row:
        return entry_at(entries, row)
    return found
