"""What only the author sees while a case is played: numbers, conditions, and what each response would do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar

from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.css.styles import RulesMap
from textual.strip import Strip
from textual.style import Style
from textual.visual import RenderOptions
from textual.widget import Widget
from textual.widgets import Static

from scoring.rubric import Rubric
from scoring.scorecard import Award, score
from simulator.authoring.standing import Held, Would, conditions, name_of, short, would
from simulator.hindsight_telling import lost_line
from simulator.outlooks import Outlooks
from simulator.scenario import clock_text
from simulator.session import Session
from simulator.text import one_line
from simulator.tui.beside import Hanging
from simulator.wording import LEVEL_SIGNS, profile_line, spoken

LONGEST = 80
"""Characters of a response, or of what a fact says, that are shown: enough to know it again."""

Row = tuple[str, Content]
"""What stands clear to the left, and words that wrap beside it."""


class Rows(Content):
    """Rows below each other, each with something standing clear to its left: many widgets' work in one."""

    def __init__(self, widget: Widget, rows: Iterable[Row]) -> None:
        """In a widget that has the component class `beside--label`."""
        self._rows = [Hanging(widget, label, words) for label, words in rows]
        super().__init__("\n".join(row.plain for row in self._rows))

    def get_optimal_width(self, rules: RulesMap, container_width: int) -> int:
        """Return the width at which nothing wraps."""
        return max((row.get_optimal_width(rules, container_width) for row in self._rows), default=0)

    def get_height(self, rules: RulesMap, width: int) -> int:
        """Return how many lines all of it takes."""
        return sum(row.get_height(rules, width) for row in self._rows)

    def render_strips(self, width: int, height: int | None, style: Style, options: RenderOptions) -> list[Strip]:
        """Render one row below the other."""
        return [strip for row in self._rows for strip in row.render_strips(width, None, style, options)]


class _Told(Static):
    """All that the panel tells."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"beside--label"}
    DEFAULT_CSS = """
    _Told { height: auto; padding: 0 1; }
    _Told > .beside--label { color: $accent; }
    """


class LivePanel(VerticalScroll, can_focus=True, inherit_bindings=False):
    """The state of a session as numbers. `show` puts another moment into it."""

    DEFAULT_CSS = """
    LivePanel { background: $background; scrollbar-size-vertical: 1; }
    """
    BINDINGS: ClassVar = [
        Binding("up,k", "scroll_up", "Up", show=False, id="live.up", tooltip="Up by a line"),
        Binding("down,j", "scroll_down", "Down", show=False, id="live.down", tooltip="Down by a line"),
        Binding("pageup", "page_up", "Page up", show=False, id="live.page-up", tooltip="Up by a screenful"),
        Binding("pagedown", "page_down", "Page down", show=False, id="live.page-down", tooltip="Down by a screenful"),
        Binding("home", "scroll_home", "Top", show=False, id="live.top", tooltip="To the top"),
        Binding("end", "scroll_end", "End", show=False, id="live.end", tooltip="To the end"),
    ]

    def compose(self) -> Iterator[Widget]:
        """Lay out one text."""
        yield _Told(markup=False)

    def show(self, session: Session, rubric: Rubric, outlooks: Outlooks | None, where: str = "") -> None:
        """Tell where a session stands; `where` is where its scene stands in the file, in words."""
        told = self.query_one(_Told)
        told.update(Rows(told, _rows(session, rubric, outlooks, where)))

    @property
    def text(self) -> str:
        """What it tells."""
        return str(self.query_one(_Told).content)


def _rows(session: Session, rubric: Rubric, outlooks: Outlooks | None, where: str) -> Iterator[Row]:
    yield "", _heading(session, where)
    yield from _came_of_it(session, rubric)
    responses = list(_would_rows(would(session, rubric, outlooks)))
    if responses and outlooks is not None and outlooks.ahead_of(session.state) is None:
        responses.append(
            ("", Content.styled("What they cost is not known: nobody comes here like this.", "$foreground-muted"))
        )
    yield from _section("Responses", responses)
    yield from _section("The order shows", _pairs(session))
    yield from _section("Conditions here", map(_held, conditions(session)))
    yield from _section("Feelings", _feelings(session))
    yield from _section("Facts", _facts(session))
    yield from _section("Documents", _documents(session))


def _heading(session: Session, where: str) -> Content:
    now = f"{clock_text(session.now)}, " if session.now is not None else ""
    place = [*([where] if where else []), str(session.phase), f"{now}{session.minutes} min gone"]
    return Content.assemble((name_of(session), "bold $primary"), f"  {' · '.join(place)}")


def _section(title: str, rows: Iterable[Row]) -> Iterator[Row]:
    found = list(rows)
    if found:
        yield "", Content("")
        yield "", Content.styled(title, "bold $primary")
        yield from found


def _came_of_it(session: Session, rubric: Rubric) -> Iterator[Row]:
    """Yield what the last decision was marked, and at an ending what all of them were."""
    if session.awards or session.criticals:
        yield "", Content("")
        yield "", Content.styled("The last step gave" if session.events else "Beginning here gave", "bold $primary")
        yield from (("", Content(told)) for told in _marks(session.awards))
        yield from (("! ", Content.styled(f"critical {name}", "$text-error")) for name in session.criticals)
    if session.ending is not None and session.events:
        profiles = score(rubric, session.decisions).profiles
        told = [("", Content(f"{name}: {profile_line(profile)}")) for name, profile in profiles.items()]
        yield from _section("All of it", told)


def _marks(awards: Iterable[Award]) -> Iterator[str]:
    return (f"{LEVEL_SIGNS[mark.level]:<2} {mark.indicator}" for award in awards for mark in award.marks)


def _would_rows(found: Iterable[Would]) -> Iterator[Row]:
    for each in found:
        label = f"{each.number:>2} " if each.number else " – "
        to = f" → {each.to}" if each.to else ""
        head = Content.assemble((each.id, "bold" if each.number else "$foreground-muted"), to)
        yield label, head
        if each.why_not:
            # What is on offer is read beside this, by its number.
            yield "   ", Content.styled(spoken(one_line(each.text, LONGEST), each.spoken), "$foreground-muted")
            yield "   ", Content(each.why_not)
        yield from (("   ", Content(told)) for told in _marks(each.marks))
        yield from (("   ", Content(f"{told}, left out")) for told in _marks(each.left))
        for name in each.criticals:
            yield "   ", Content.styled(f"! critical {name}", "$text-error")
        if changes := _changes(each):
            yield "   ", Content(changes)
        if each.cost is not None:
            lost = lost_line(each.cost)
            yield "   ", Content(f"costs {lost}" if lost else "keeps the best")


def _pairs(session: Session) -> Iterator[Row]:
    """Yield what putting one thing before another is worth, where things are put in order."""
    rank = session.scene.rank if session.scene is not None else None
    for pair in rank.pairs if rank is not None else ():
        yield "", Content.assemble((pair.first, "bold"), " before ", (pair.second, "bold"))
        yield from (("   ", Content(f"{LEVEL_SIGNS[mark.level]:<2} {mark.indicator}")) for mark in pair.marks)
        yield from (("   ", Content(f"sets {name}")) for name in pair.sets)


def _changes(each: Would) -> str:
    """Return what it changes, in a line."""
    told = [f"{name} {now}→{then}" for name, (now, then) in each.feels.items()]
    told += [f"sets {name}" for name in each.sets]
    told += [f"clears {name}" for name in each.clears]
    told += [f"{each.minutes} min"] if each.minutes != 1 else []
    return " · ".join(told)


def _held(held: Held) -> Row:
    sign = "✓" if held.holds else "✗"
    label = f" {sign}  " if held.counts else f"({sign}) "
    found = f"  {held.values}" if held.values else ""
    return label, Content.assemble(
        (f"{held.where}: ", "$foreground-muted"),
        held.condition,
        (found, "$text-accent" if held.counts else "$foreground-muted"),
    )


def _feelings(session: Session) -> Iterator[Row]:
    before = (session.previous or session).feelings
    names = {name: short(session.scenario, name) for name in session.feelings}
    width = max(map(len, names.values()), default=0)
    for name, value in session.feelings.items():
        person, _, feeling = name.partition(".")
        known = session.scenario.people[person].feelings[feeling]
        change = value - before[name]
        moved = f"  {change:+}" if change else ""
        yield "", Content(f"{names[name]:<{width}} {value:>3} of {known.low} to {known.high}{moved}")


def _facts(session: Session) -> Iterator[Row]:
    true = set(session.facts)
    for name, words in session.scenario.facts.items():
        told = Content.assemble(
            (name, "bold" if name in true else ""), (f"  {one_line(words, LONGEST)}", "$foreground-muted")
        )
        yield (" ✓ " if name in true else " · "), told


def _documents(session: Session) -> Iterator[Row]:
    read = {document.id for document in session.documents}
    here = {document.id for document in session.unread}
    for name in session.scenario.documents:
        state = "read" if name in read else "can be read here" if name in here else "not here"
        yield (" ✓ " if name in read else " · "), Content.assemble(name, (f"  {state}", "$foreground-muted"))
