"""A case as an SVG picture that needs nothing but itself: for a browser, an editor's preview, and paper.

What an author wrote is text here and never markup. The text goes through one function that escapes it, and ids of
elements and names of classes are numbers of our own.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from string import Template

from simulator.drawing.graph import COLUMNS, Arrow, Box, Kind
from simulator.drawing.layers import grid_of
from simulator.drawing.routing import BOX_HEIGHT, BOX_WIDTH, EDGE, Placed, Point, placed
from simulator.drawing.told import (
    AT_MOST,
    NOBODY,
    STAKE,
    Drawing,
    at_most,
    does,
    leaving,
    prospects_line,
)
from simulator.drawing.trouble import ELSEWHERE
from simulator.problem import Severity
from simulator.text import one_line

ABOVE = 100
"""Room for the title and the names of the columns."""
NARROWEST = 760
THINNEST, THICKEST = 1.3, 6.5
JUNCTION_HEIGHT = 30
HEAD = 9
"""How long the head of an arrow is."""
BEND = 5
MOST_TOLD = 8
"""Problems that a sign tells when pointed at."""
SIGNS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.ADVICE: "advice"}

_LIGHT = {
    **{"paper": "#ffffff", "panel": "#f2f5f7", "ink": "#1b2126", "soft": "#515c65", "line": "#8b969f"},
    **{"faint": "#c3ccd3", "link": "#0a5a8c", "well": "#e3f4ea", "middling": "#fdf3e1", "badly": "#fdeeee"},
    **{"error": "#9d141d", "warning": "#834700", "advice": "#0a5a8c"},
}
_DARK = {
    **{"paper": "#14181c", "panel": "#1f262c", "ink": "#e6eaed", "soft": "#abb6bf", "line": "#8b969f"},
    **{"faint": "#3a454e", "link": "#86c8f5", "well": "#16301f", "middling": "#33280f", "badly": "#381c1f"},
    **{"error": "#ffa39d", "warning": "#f3b969", "advice": "#86c8f5"},
}
_FORMS = """
svg { color-scheme: light dark; font: 12px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
.heading { font-size: 20px; font-weight: 700; }
.name { font-weight: 650; font-size: 13px; }
.soft { font-size: 11.5px; }
.column { font-size: 13px; font-weight: 650; letter-spacing: 0.06em; }
.rule { stroke-width: 1; }
.shape { stroke-width: 1.3; }
.critical .shape { stroke-width: 3; }
.inner, .line, .halo { fill: none; }
.unmet .shape { stroke-dasharray: 3 4; }
.begin { font-size: 11.5px; font-weight: 650; }
.line { stroke-linejoin: round; }
.back .line { stroke-dasharray: 7 5; }
.untaken .line { stroke-dasharray: 1.5 5; }
.sign { stroke-width: 1.5; }
.sign text { stroke: none; font-size: 11px; font-weight: 700; text-anchor: middle; }
@media print { svg { width: 100%; height: auto; max-height: 100vh; } }
svg:has(.box:hover) .arrow { opacity: 0.2; }
"""
_COLORS = Template("""
svg { background: $paper; }
text { fill: $ink; }
.paper { fill: $paper; }
.soft, .column { fill: $soft; }
.rule { stroke: $faint; }
.shape { fill: $panel; stroke: $line; }
.junction .shape { fill: $paper; }
.inner { stroke: $line; }
.well .shape { fill: $well; }
.middling .shape { fill: $middling; }
.badly .shape { fill: $badly; }
.critical .shape { fill: $badly; stroke: $error; }
.line { stroke: $line; }
.halo { stroke: $paper; }
.raising .line { stroke: $error; }
.tip { fill: $line; }
.raising .tip { fill: $error; }
.sign { stroke: $paper; }
.sign text { fill: $paper; }
.error > .mark { fill: $error; }
.warning > .mark { fill: $warning; }
.advice > .mark { fill: $advice; }
.arrow:hover .line { stroke: $link; }
.arrow:hover .tip { fill: $link; }
""")
# Written out for each scheme: programs that turn pictures into others know nothing of variables, and draw all black.
STYLE = (
    f"{_FORMS}{_COLORS.substitute(_LIGHT)}"
    f"@media screen and (prefers-color-scheme: dark) {{{_COLORS.substitute(_DARK)}}}\n"
)
_NOT_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def svg(drawing: Drawing) -> str:
    """Draw a case."""
    return "\n".join(_Picture(drawing).lines()) + "\n"


def _safe(text: str, limit: int = 2000) -> str:
    """Return outside text as it may stand in XML, in an element or in quotation marks."""
    return escape(_NOT_XML.sub("", text)[:limit])


class _Picture:
    def __init__(self, drawing: Drawing) -> None:
        self._drawing = drawing
        self._graph = drawing.graph
        self._number = {name: number for number, name in enumerate(self._graph.boxes)}
        self._placed: Placed = placed(self._graph, grid_of(self._graph), ABOVE)
        self._width = max(NARROWEST, self._placed.width)

    def lines(self) -> Iterator[str]:
        """Yield the file."""
        legend = list(self._legend())
        height = self._placed.height + 24 + self._legend_height + EDGE
        title = _safe(one_line(self._graph.scenario.title))
        yield '<?xml version="1.0" encoding="UTF-8"?>'
        yield (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_n(self._width)} {_n(height)}" '
            f'width="{_n(self._width)}" height="{_n(height)}" role="graphics-document document" '
            'aria-roledescription="flow chart" aria-labelledby="title" aria-describedby="about">'
        )
        yield f'<title id="title">{title}: where the case leads</title>'
        yield f'<desc id="about">{_safe(self._about())}</desc>'
        yield f"<style>{STYLE}{self._pointed_at()}</style>"
        yield f'<rect class="paper" width="{_n(self._width)}" height="{_n(height)}"/>'
        yield from self._top()
        arrows = sorted(self._graph.arrows, key=self._drawing.points)
        yield '<g aria-hidden="true">'
        for arrow in arrows:
            yield from self._arrow(arrow)
        # Heads last: the room that a thick line keeps around it would cover them.
        for arrow in arrows:
            yield self._head(arrow)
        yield "</g>"
        for box in self._graph.boxes.values():
            yield from self._box(box)
        yield from legend
        yield "</svg>"

    def _about(self) -> str:
        boxes = self._graph.boxes.values()
        columns = [
            f"{name}: {', '.join(box.title for box in boxes if box.column == number)}"
            for number, name in enumerate(COLUMNS)
        ]
        return f"{self._drawing.heading}. {'. '.join(columns)}. `caseload graph --format text` tells the same in words."

    def _pointed_at(self) -> str:
        """Let the arrows of a box stand out while somebody points at it."""
        rules = (f"svg:has(#b{number}:hover) .a{number}" for number in self._number.values())
        return f"{', '.join(rules)} {{ opacity: 1; }}\n" if self._number else ""

    def _top(self) -> Iterator[str]:
        drawing = self._drawing
        title = _cut(one_line(self._graph.scenario.title), self._width - 2 * EDGE, 20)
        yield f'<text class="heading" x="{EDGE}" y="36">{_safe(title)}</text>'
        said = [drawing.heading, drawing.not_explored]
        if drawing.elsewhere:
            said.append(f"about the case as a whole: {drawing.elsewhere}")
        line = _cut(" · ".join(each for each in said if each), self._width - 2 * EDGE, 12)
        yield f'<g><text class="soft" x="{EDGE}" y="56">{_safe(line)}</text>'
        if drawing.elsewhere:
            yield f"<title>{_safe(self._problems(ELSEWHERE))}</title>"
        yield "</g>"
        for name, (left, right) in zip(COLUMNS, self._placed.columns, strict=True):
            if right > left:
                yield f'<text class="column" x="{_n(left)}" y="{ABOVE - 16}">{name.upper()}</text>'
                yield (f'<line class="rule" x1="{_n(left)}" x2="{_n(right)}" y1="{ABOVE - 8}" y2="{ABOVE - 8}"/>')

    # -- arrows ---------------------------------------------------------------------------------

    def _thickness(self, points: int) -> float:
        most = self._drawing.most
        return THINNEST + (THICKEST - THINNEST) * points / most if most else THINNEST + 0.3

    def _classes(self, arrow: Arrow) -> str:
        drawing = self._drawing
        found = ["arrow", f"a{self._number[arrow.source]}", f"a{self._number[arrow.target]}"]
        found += ["back"] if arrow.back else []
        found += ["raising"] if drawing.raises(arrow) else []
        found += ["untaken"] if not drawing.taken(arrow) else []
        return " ".join(found)

    def _end(self, arrow: Arrow) -> Point:
        x, y = self._placed.ways[arrow.source, arrow.target][-1]
        return x, y + self._inset(self._graph.boxes[arrow.target])

    def _arrow(self, arrow: Arrow) -> Iterator[str]:
        boxes, end = self._graph.boxes, self._end(arrow)
        points = list(self._placed.ways[arrow.source, arrow.target])
        points[0] = (points[0][0], points[0][1] - self._inset(boxes[arrow.source]))
        points[-1] = (end[0], end[1] - HEAD)
        thick, path = self._thickness(self._drawing.points(arrow)), _rounded(points)
        how = leaving(self._drawing, boxes[arrow.source])[arrow.target]
        told = f"{boxes[arrow.source].title} → {boxes[arrow.target].title}{': ' if how else ''}{how}"
        yield f'<g class="{self._classes(arrow)}"><title>{_safe(told)}</title>'
        yield f'<path class="halo" stroke-width="{_n(thick + 4)}" d="{path}"/>'
        yield f'<path class="line" stroke-width="{_n(thick)}" d="{path}"/></g>'

    def _head(self, arrow: Arrow) -> str:
        x, y = self._end(arrow)
        half = max(4.5, self._thickness(self._drawing.points(arrow)) / 2 + 2.5)
        corners = _points(((x - half, y - HEAD), (x + half, y - HEAD), (x, y)))
        return f'<g class="{self._classes(arrow)}"><polygon class="tip" points="{corners}"/></g>'

    def _inset(self, box: Box) -> float:
        return (BOX_HEIGHT - JUNCTION_HEIGHT) / 2 if box.kind is Kind.JUNCTION else 0

    # -- boxes ----------------------------------------------------------------------------------

    def _box(self, box: Box) -> Iterator[str]:
        x, y = self._placed.boxes[box.id]
        classes = f"box {box.kind}{'' if self._drawing.met(box) else ' unmet'}"
        if box.kind is Kind.ENDING:
            classes += f" {self._look(box)}"
        label = _safe(one_line(self._in_words(box), 2000))
        yield f'<g id="b{self._number[box.id]}" class="{classes}" role="graphics-symbol img" aria-label="{label}">'
        yield f"<title>{_safe(self._in_words(box))}</title>"
        if box.kind is Kind.ENDING:
            yield from self._ending(box, x, y)
        elif box.kind is Kind.JUNCTION:
            yield from self._junction(box, x, y)
        else:
            yield from self._scene(box, x, y)
        if box.id == self._graph.start:
            yield f'<text class="begin" x="{_n(x)}" y="{_n(y + self._inset(box) - 6)}">▼ begins here</text>'
        prospect = self._drawing.prospect(box)
        if prospect is not None and prospect.some:
            names = ", ".join(sorted(prospect.some))
            yield f'<g class="sign error">{_raised(x + 12, y + 8)}<title>{_safe(names)}</title></g>'
        if self._drawing.worst(box.id) is not None:
            right = x + BOX_WIDTH - (0 if box.kind is not Kind.JUNCTION else (BOX_WIDTH - self._narrow(box)) / 2)
            yield from self._trouble(box.id, right - 6, y + self._inset(box) + 2)
        yield "</g>"

    def _in_words(self, box: Box) -> str:
        drawing = self._drawing
        said = [f"{box.title} ({COLUMNS[box.column]})"]
        prospect = drawing.prospect(box)
        if box.kind is Kind.ENDING:
            said.append(f"ending `{box.id}`")
            said.append(prospects_line(prospect) if prospect else "" if drawing.stakes is None else NOBODY)
        else:
            said += [does(box), drawing.at_stake(box), "" if drawing.met(box) else NOBODY]
        said += [f"→ {target}{': ' if how else ''}{how}" for target, how in leaving(drawing, box).items()]
        return "\n".join(each for each in said if each)

    def _scene(self, box: Box, x: float, y: float) -> Iterator[str]:
        yield f'<rect class="shape" x="{_n(x)}" y="{_n(y)}" width="{BOX_WIDTH}" height="{BOX_HEIGHT}" rx="7"/>'
        if box.kind is Kind.VISIT:
            for at in (x + 6, x + BOX_WIDTH - 6):
                yield f'<line class="inner" x1="{_n(at)}" x2="{_n(at)}" y1="{_n(y)}" y2="{_n(y + BOX_HEIGHT)}"/>'
        room = BOX_WIDTH - 26 - (14 if self._drawing.worst(box.id) else 0)
        yield _text("name", x + 13, y + 23, _cut(box.title, room, 13.6))
        yield _text("soft", x + 13, y + 41, _cut(does(box), BOX_WIDTH - 24, 11.5))
        stake = self._drawing.at_stake(box)
        if stake:
            yield _text("soft", x + 13, y + 58, _cut(stake, BOX_WIDTH - 24, 11.5))

    def _narrow(self, box: Box) -> float:
        """Return how wide a junction is: small, but below everything that comes in and goes out."""
        middle = self._placed.boxes[box.id][0] + BOX_WIDTH / 2
        ways = self._placed.ways
        ends = [way[0][0] for (source, _), way in ways.items() if source == box.id]
        ends += [way[-1][0] for (_, target), way in ways.items() if target == box.id]
        wide = 2 * max((abs(each - middle) for each in ends), default=0) + 20
        return min(BOX_WIDTH, max(wide, _wide(box.title, 12) + 28, 70))

    def _junction(self, box: Box, x: float, y: float) -> Iterator[str]:
        width, top = self._narrow(box), y + self._inset(box)
        left = x + (BOX_WIDTH - width) / 2
        yield (
            f'<rect class="shape" x="{_n(left)}" y="{_n(top)}" width="{_n(width)}" height="{JUNCTION_HEIGHT}" rx="4"/>'
        )
        name = _cut(box.title, width - 12, 12)
        middle = _n(x + BOX_WIDTH / 2)
        yield f'<text class="soft" text-anchor="middle" x="{middle}" y="{_n(top + 19)}">{_safe(name)}</text>'

    def _look(self, box: Box) -> str:
        prospect = self._drawing.prospect(box)
        if prospect is None:
            return "unknown"
        return {"can go well": "well", "middling at best": "middling", "goes badly": "badly"}.get(
            prospect.word, "critical"
        )

    def _ending(self, box: Box, x: float, y: float) -> Iterator[str]:
        yield _ending_shape(self._look(box), x, y)
        rows = _wrapped(box.title, BOX_WIDTH - 72, 12.5, 2)
        prospect = self._drawing.prospect(box)
        extra: list[str] = []
        if prospect is not None:
            extra = [prospect.word, at_most(prospect)]
        elif self._drawing.stakes is not None:
            extra = [NOBODY]
        step = 15
        at = y + BOX_HEIGHT / 2 - step * (len(rows) + len(extra)) / 2 + 12
        for number, row in enumerate([*rows, *extra]):
            kind = "name" if number < len(rows) else "soft"
            size = 12.5 if number < len(rows) else 11.5
            shown = _safe(_cut(row, BOX_WIDTH - 16, size))
            middle = _n(x + BOX_WIDTH / 2)
            yield f'<text class="{kind}" text-anchor="middle" x="{middle}" y="{_n(at + step * number)}">{shown}</text>'

    # -- trouble --------------------------------------------------------------------------------

    def _problems(self, name: str) -> str:
        problems = self._drawing.troubles.get(name, ())
        told = [f"{each.severity}[{each.code}], line {each.place.line}: {each.message}" for each in problems]
        more = len(told) - MOST_TOLD
        return "\n".join([*told[:MOST_TOLD], *([f"and {more} more"] if more > 0 else [])])

    def _trouble(self, name: str, x: float, y: float) -> Iterator[str]:
        worst = self._drawing.worst(name)
        assert worst is not None  # noqa: S101 - asked only where there is some
        yield f'<g class="sign {SIGNS[worst]}" role="img" aria-label="{_safe(self._drawing.trouble(name))}">'
        yield f"<title>{_safe(self._problems(name))}</title>{_mark(worst, x, y)}"
        yield f'<text x="{_n(x)}" y="{_n(y + 4)}">{len(self._drawing.troubles[name])}</text></g>'

    # -- what it means ----------------------------------------------------------------------------

    def _legend(self) -> Iterator[str]:
        """Yield what the signs mean, in as many columns as fit, and note how high that is."""
        top = self._placed.height + 30
        columns = max(1, int((self._width - 2 * EDGE) // 360))
        wide = (self._width - 2 * EDGE) / columns
        entries = list(self._entries())
        heights = [22.0 * max(1, len(_wrapped(words, wide - 90, 11.5, 6))) * 0.7 + 10 for _, words in entries]
        share = sum(heights) / columns
        right = self._width - EDGE
        yield f'<g><line class="rule" x1="{EDGE}" x2="{_n(right)}" y1="{_n(top)}" y2="{_n(top)}"/>'
        x, y, deepest = float(EDGE), top + 20, top
        for (sample, words), high in zip(entries, heights, strict=True):
            if y - top - 20 + high / 2 > share and x + 2 * wide <= self._width:
                x, y = x + wide, top + 20
            yield f'<g transform="translate({_n(x)} {_n(y)})">{sample}'
            for number, row in enumerate(_wrapped(words, wide - 90, 11.5, 6)):
                yield _text("soft", 68, 4 + 15.4 * number, row)
            yield "</g>"
            y += high
            deepest = max(deepest, y)
        yield "</g>"
        self._legend_height = deepest - top + 8

    def _entries(self) -> Iterator[tuple[str, str]]:
        drawing = self._drawing
        kinds = {box.kind for box in self._graph.boxes.values()}
        if drawing.stakes is None:
            yield "", drawing.not_explored
        elif drawing.most:
            for points in dict.fromkeys((0, (drawing.most + 1) // 2, drawing.most)):
                words = (
                    f"at stake along it: {points}" if points else f"An arrow is as thick as what is at stake. {STAKE}"
                )
                yield _sample("", self._thickness(points)), words
        if any(arrow.back for arrow in self._graph.arrows):
            yield _sample("back"), "leads back to where one may have been"
        if any(drawing.raises(arrow) for arrow in self._graph.arrows):
            yield (
                _sample("raising", 2.5),
                "“critical” in a box: a critical may be raised on leaving it, along such an arrow",
            )
        if any(not drawing.taken(arrow) for arrow in self._graph.arrows):
            yield _sample("untaken"), "nobody can ever go along it"
        if Kind.VISIT in kinds:
            sides = (
                '<line class="inner" x1="6" x2="6" y1="-9" y2="9"/><line class="inner" x1="40" x2="40" y1="-9" y2="9"/>'
            )
            yield f'<rect class="shape" x="0" y="-9" width="46" height="18" rx="4"/>{sides}', "visits shared scenes"
        if Kind.JUNCTION in kinds:
            yield (
                '<g class="junction"><rect class="shape" x="4" y="-6" width="38" height="12" rx="3"/></g>',
                "a junction: it only routes",
            )
        looks = {
            self._look(box): drawing.prospect(box) for box in self._graph.boxes.values() if box.kind is Kind.ENDING
        }
        for look, prospect in looks.items():
            if prospect is not None:
                yield (
                    f'<g class="{look}" transform="scale(0.26)">{_ending_shape(look, 0, -BOX_HEIGHT / 2)}</g>',
                    f"an ending that {prospect.word}" if look in ("well", "badly") else f"an ending: {prospect.word}",
                )
        if any(prospect and prospect.some for prospect in looks.values()):
            yield (
                f'<g class="sign error">{_raised(22, 0)}</g>',
                "an ending on the way to which a critical may be raised",
            )
        if any(looks.values()):
            yield "", AT_MOST
        worsts = [drawing.worst(name) for name in drawing.troubles if name]
        for severity in SIGNS:
            if severity in worsts:
                sign = f'<g class="sign {SIGNS[severity]}">{_mark(severity, 22, 0)}<text x="22" y="4">2</text></g>'
                yield sign, f"problems that `caseload check` finds there, the worst is {_an(severity)}"


def _an(severity: Severity) -> str:
    return {Severity.ERROR: "an error", Severity.WARNING: "a warning", Severity.ADVICE: "advice"}[severity]


def _mark(severity: Severity, x: float, y: float) -> str:
    """Return the sign of trouble: a shape of its own for each severity."""
    if severity is Severity.ADVICE:
        return f'<circle class="mark" cx="{_n(x)}" cy="{_n(y)}" r="10"/>'
    if severity is Severity.WARNING:
        corners: Sequence[Point] = ((x, y - 13), (x + 13, y + 9), (x - 13, y + 9))
    else:
        corners = [
            (x + a, y + b) for a, b in ((-5, -12), (5, -12), (12, -5), (12, 5), (5, 12), (-5, 12), (-12, 5), (-12, -5))
        ]
    return f'<polygon class="mark" points="{_points(corners)}"/>'


def _raised(x: float, y: float) -> str:
    """Return the sign that says that a critical may be raised on the way."""
    corners = ((x, y - 13), (x + 13, y), (x, y + 13), (x - 13, y))
    return f'<polygon class="mark" points="{_points(corners)}"/><text x="{_n(x)}" y="{_n(y + 4)}">!</text>'


def _ending_shape(look: str, x: float, y: float) -> str:
    """Return the shape of an ending: round where it can go well, with its corners cut off where it goes badly."""
    if look in ("badly", "critical"):
        cut = 18
        right, foot = x + BOX_WIDTH, y + BOX_HEIGHT
        corners = (
            (x + cut, y), (right - cut, y), (right, y + cut), (right, foot - cut),
            (right - cut, foot), (x + cut, foot), (x, foot - cut), (x, y + cut),
        )  # fmt: skip
        return f'<polygon class="shape" points="{_points(corners)}"/>'
    radius = BOX_HEIGHT / 2 if look == "well" else 4
    return f'<rect class="shape" x="{_n(x)}" y="{_n(y)}" width="{BOX_WIDTH}" height="{BOX_HEIGHT}" rx="{_n(radius)}"/>'


def _sample(kind: str, thick: float = 2) -> str:
    return (
        f'<g class="{kind}"><path class="line" stroke-width="{_n(thick)}" d="M0 0H38"/>'
        '<polygon class="tip" points="38,-5 38,5 47,0"/></g>'
    )


def _text(kind: str, x: float, y: float, text: str) -> str:
    return f'<text class="{kind}" x="{_n(x)}" y="{_n(y)}">{_safe(text)}</text>'


def _n(number: float) -> str:
    return f"{number:.1f}".rstrip("0").rstrip(".")


def _points(corners: Iterable[Point]) -> str:
    return " ".join(f"{_n(x)},{_n(y)}" for x, y in corners)


def _rounded(points: Sequence[Point]) -> str:
    """Return a path along some corners, rounded where it turns."""
    kept = [points[0]]
    for point in points[1:]:
        if abs(point[0] - kept[-1][0]) + abs(point[1] - kept[-1][1]) > 0.1:
            kept.append(point)
    parts = [f"M{_n(kept[0][0])} {_n(kept[0][1])}"]
    for before, corner, after in zip(kept, kept[1:], kept[2:], strict=False):
        bend = min(BEND, _apart(before, corner) / 2, _apart(corner, after) / 2)
        start, end = _toward(corner, before, bend), _toward(corner, after, bend)
        parts.append(f"L{_n(start[0])} {_n(start[1])}Q{_n(corner[0])} {_n(corner[1])} {_n(end[0])} {_n(end[1])}")
    return "".join([*parts, f"L{_n(kept[-1][0])} {_n(kept[-1][1])}"])


def _apart(one: Point, other: Point) -> float:
    return abs(one[0] - other[0]) + abs(one[1] - other[1])


def _toward(start: Point, end: Point, how_far: float) -> Point:
    whole = _apart(start, end) or 1
    return start[0] + (end[0] - start[0]) * how_far / whole, start[1] + (end[1] - start[1]) * how_far / whole


_NARROW, _BROAD = set("ijltfrI.,:;'|!()[]·- "), set("mwMW@%—…")


def _wide(text: str, size: float) -> float:
    """Return about how wide a text is in pixels; nobody knows the font that it will be shown in."""
    wide = 0.0
    for sign in text:
        if unicodedata.east_asian_width(sign) in "WF":
            wide += 1.05
        elif unicodedata.combining(sign):
            continue
        elif sign in _NARROW:
            wide += 0.34
        else:
            wide += 0.86 if sign in _BROAD else 0.68 if sign.isupper() else 0.56
    return wide * size


def _cut(text: str, wide: float, size: float) -> str:
    """Cut a text so that it fits."""
    text = one_line(text, 400)
    if _wide(text, size) <= wide:
        return text
    while text and _wide(text + "…", size) > wide:
        text = text[:-1]
    return text.rstrip() + "…"


def _wrapped(text: str, wide: float, size: float, most: int) -> list[str]:
    """Break a text into rows that fit, `most` of them."""
    rows: list[str] = []
    for word in one_line(text, 600).split():
        if rows and _wide(f"{rows[-1]} {word}", size) <= wide:
            rows[-1] += f" {word}"
        else:
            rows.append(word)
    if len(rows) > most:
        rows = [*rows[: most - 1], " ".join(rows[most - 1 :])]
    return [_cut(row, wide, size) for row in rows]
