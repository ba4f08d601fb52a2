"""A case in words: what a picture shows, line by line, for a terminal and for whoever has it read out."""

from __future__ import annotations

from collections.abc import Iterator

from simulator.drawing.graph import COLUMNS, ENDINGS, Box, Kind
from simulator.drawing.told import AT_MOST, NOBODY, STAKE, Drawing, does, leaving, prospects_line
from simulator.drawing.trouble import ELSEWHERE


def outline(drawing: Drawing) -> str:
    """Tell a case."""
    return "\n".join(_lines(drawing)) + "\n"


def _lines(drawing: Drawing) -> Iterator[str]:
    graph = drawing.graph
    yield graph.scenario.title
    yield drawing.heading
    if drawing.stakes is None:
        yield drawing.not_explored
    yield f"It begins in {graph.start}."
    if drawing.elsewhere:
        yield f"About the case as a whole: {drawing.elsewhere}"
        yield from _problems(drawing, ELSEWHERE)
    for column, name in enumerate(COLUMNS):
        boxes = _in_turn(drawing, column)
        if boxes:
            yield ""
            yield name.upper()
        for box in boxes:
            yield from _ending(drawing, box) if box.kind is Kind.ENDING else _scene(drawing, box)
    if drawing.stakes is not None:
        yield ""
        yield STAKE
        yield AT_MOST


def _in_turn(drawing: Drawing, column: int) -> list[Box]:
    """Return the boxes of a column in the author's order, where it begins first."""
    boxes = list(drawing.graph.inside(column))
    if column != ENDINGS:
        boxes.sort(key=lambda box: box.id != drawing.graph.start)
    return boxes


def _scene(drawing: Drawing, box: Box) -> Iterator[str]:
    said = [does(box), drawing.at_stake(box), drawing.trouble(box.id), "" if drawing.met(box) else NOBODY]
    yield f"  {box.title}: {'; '.join(each for each in said if each)}"
    yield from _problems(drawing, box.id)
    arrows = {arrow.target: arrow for arrow in drawing.graph.leaving(box.id)}
    for target, how in leaving(drawing, box).items():
        sign = "↩" if arrows[target].back else "→"
        yield f"    {sign} {target}{': ' if how else ''}{how}"


def _ending(drawing: Drawing, box: Box) -> Iterator[str]:
    prospect = drawing.prospect(box)
    known = prospects_line(prospect) if prospect else NOBODY if drawing.stakes is not None else ""
    said = [f"“{box.title}”", known, drawing.trouble(box.id)]
    yield f"  {box.id}: {'; '.join(each for each in said if each)}"
    yield from _problems(drawing, box.id)


def _problems(drawing: Drawing, name: str) -> Iterator[str]:
    for each in drawing.troubles.get(name, ()):
        yield f"    ! {each.severity}[{each.code}], line {each.place.line}: {each.message}"
