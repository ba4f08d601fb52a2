"""A case as a Mermaid flowchart: for a wiki, a README or an issue that draws such text by itself.

Ids of ours stand for an author's, and every sign in a label that could mean something to Mermaid or to HTML is
written by its number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from simulator.drawing.graph import COLUMNS, Arrow, Box, Kind
from simulator.drawing.told import NOBODY, Drawing, at_most, critical_word, does
from simulator.text import one_line

LONGEST_LABEL = 80
MOST_NAMED = 3
"""Responses that are named at an arrow; more would hide the picture."""
_SHAPES = {
    Kind.SCENE: ('["', '"]'),
    Kind.VISIT: ('[["', '"]]'),
    Kind.JUNCTION: ('{{"', '"}}'),
    Kind.ENDING: ('(["', '"])'),
}
_PLAIN = re.compile(r"[^\w .,:!?()+/–—·…’“”-]|_")


def mermaid(drawing: Drawing) -> str:
    """Draw a case."""
    return "\n".join(_lines(drawing)) + "\n"


def _lines(drawing: Drawing) -> Iterator[str]:
    graph = drawing.graph
    number = {name: f"n{index}" for index, name in enumerate(graph.boxes)}
    yield "flowchart TD"
    yield f"  accTitle: {_safe(graph.scenario.title)}"
    yield f"  accDescr: {_safe(drawing.heading)}. {_safe(drawing.not_explored)}".rstrip(" .") + "."
    for column, name in enumerate(COLUMNS):
        boxes = graph.inside(column)
        if boxes:
            yield f'  subgraph p{column} ["{name}"]'
            for box in boxes:
                before, after = _SHAPES[box.kind]
                yield f"    {number[box.id]}{before}{'<br/>'.join(map(_safe, _rows(drawing, box)))}{after}"
            yield "  end"
    for arrow in graph.arrows:
        label = _safe(_label(drawing, arrow))
        told = f'|"{label}"|' if label else ""
        yield f"  {number[arrow.source]} {_line(drawing, arrow)}{told} {number[arrow.target]}"
    yield "  classDef begin stroke-width:4px"
    yield f"  class {number[graph.start]} begin"
    yield "  classDef critical stroke:#9d141d,stroke-width:4px"
    for box in graph.inside(len(COLUMNS) - 1):
        prospect = drawing.prospect(box)
        if prospect is not None and prospect.every:
            yield f"  class {number[box.id]} critical"


def _rows(drawing: Drawing, box: Box) -> Iterator[str]:
    yield box.title
    prospect = drawing.prospect(box)
    if box.kind is Kind.ENDING:
        said = [prospect.word, critical_word(prospect), at_most(prospect)] if prospect else []
        yield from (each for each in said if each)
    elif box.kind is not Kind.JUNCTION:
        yield does(box)
    for each in (drawing.at_stake(box), drawing.trouble(box.id), "" if drawing.met(box) else NOBODY):
        if each:
            yield each


def _line(drawing: Drawing, arrow: Arrow) -> str:
    """Return how an arrow is drawn: thick where much is at stake, dotted where it leads back."""
    if arrow.back:
        return "-.->"
    return "==>" if drawing.most and 2 * drawing.points(arrow) > drawing.most else "-->"


def _label(drawing: Drawing, arrow: Arrow) -> str:
    more = len(arrow.by) - MOST_NAMED
    named = ", ".join(arrow.by[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
    return " · ".join(each for each in (named, "back" if arrow.back else "") if each)


def _safe(text: str) -> str:
    """Return outside text as it may stand in a label."""
    shown = one_line(text, LONGEST_LABEL)
    return _PLAIN.sub(lambda found: f"#{ord(found[0])};", shown)
