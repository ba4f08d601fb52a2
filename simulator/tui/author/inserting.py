"""Small forms that write a scene, a response or anything else with an id: words go in, YAML comes out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.suggester import SuggestFromList
from textual.widget import Widget
from textual.widgets import Button, Input, TextArea

from scoring.rubric import Level, Rubric
from simulator.authoring.insert import New, suggested_id
from simulator.fields import LONGEST_ID, suggest
from simulator.scenario import HIGHEST
from simulator.schema import Known
from simulator.schema.parts import FEELING, ID
from simulator.text import clean, one_line
from simulator.tui.author.asking import TypesAhead
from simulator.tui.levels import anchored
from simulator.tui.lines import Words
from simulator.tui.page import ClosesOnce
from simulator.tui.pick import PickScreen

NO_MARK = "none"
SAID, DONE = "The trainee says it", "The trainee does it"
_CHANGE = re.compile(r"(?P<name>[a-z][a-z0-9.-]*)\s*:?\s*(?P<by>[+-]?\s*[0-9]{1,2})")


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing that a form asks for."""

    key: str
    """The key it is written under; `id` for the id, empty for a text that stands by itself."""
    label: str
    kind: str = "text"
    """`text`, `line`, `id`, `number`, `place`, `ways`, `marks` or `feels`."""
    needed: bool = False
    value: str = ""
    """What stands there to begin with."""


_NEXT = Ask("next", "Where it goes on: a scene or an ending (F9 lists them); may stay empty", "place")
_WHAT = (
    Ask("say", "What is said, without quotation marks; or what is done", "ways", needed=True),
    Ask("then", "What happens right away: what one sees or hears"),
    Ask("marks", "What it is worth", "marks"),
    Ask("why", "Why it is worth that. The trainee reads it in the debrief"),
    Ask("feels", "How feelings change, such as: trust +1, tension -2", "feels"),
)
FORMS: Mapping[str, tuple[Ask, ...]] = {
    "scene": (
        Ask("text", "What the trainee sees and reads"),
        Ask("says", "What the person says; quotation marks are put around it"),
        _NEXT,
        Ask("id", "Its id", "id", needed=True),
    ),
    "response": (*_WHAT, _NEXT, Ask("id", "Its id", "id", needed=True)),
    "option": (*_WHAT, Ask("id", "Its id", "id", needed=True)),
    "ending": (
        Ask("title", "What this ending is called", "line", needed=True),
        Ask("text", "How it ends", needed=True),
        Ask("id", "Its id", "id", needed=True),
    ),
    "document": (
        Ask("title", "What it is called", "line", needed=True),
        Ask("minutes", "Minutes that the first reading takes", "number", value="2"),
        Ask("text", "What it says", needed=True),
        Ask("id", "Its id", "id", needed=True),
    ),
    "fact": (
        Ask("", "What became true, in a sentence", "line", needed=True),
        Ask("id", "Its id", "id", needed=True),
    ),
    "person": (
        Ask("name", "Their whole name", "line", needed=True),
        Ask("called", "How the case speaks of them, such as: Ms. Adeyemi", "line"),
        Ask("pronouns", "Pronouns, such as: she/her", "line"),
        Ask("role", "Who they are, in a few words", "line"),
        Ask("feels", "Feelings that the case follows, such as: trust 4, tension 7", "feels"),
        Ask("id", "Their id", "id", needed=True),
    ),
}
"""What can be inserted, and what is asked for it."""
SECTIONS = {
    "scene": "scenes",
    "ending": "endings",
    "document": "documents",
    "fact": "facts",
    "person": "people",
}
"""Where it goes; responses and options go into a scene."""


@dataclass(slots=True)
class Around:
    """What a form may name, and what is taken."""

    rubric: Rubric
    known: Known
    taken: frozenset[str] = field(default_factory=frozenset)
    """Ids that something else has."""


class InsertScreen(TypesAhead, ClosesOnce, ModalScreen[bool]):
    """Fill in a form; the answer is whether something was inserted."""

    CSS_PATH = "inserting.tcss"
    HELP = (
        "Fill in what you have; only what is marked with * is needed, and everything can be changed in the text "
        "afterwards. Tab leads on, Ctrl+S or the button inserts, Esc leaves the text as it is. Write what you like: "
        "colons, number signs and quotation marks are taken care of."
    )
    BINDINGS: ClassVar = [
        Binding("escape", "cancel", "Cancel", id="insert.cancel", tooltip="Leave the text as it is"),
        Binding("ctrl+s", "insert", "Insert", id="insert.insert", tooltip="Put it into the text"),
        Binding("f9", "pick", "Pick", id="insert.pick", tooltip="Pick what can stand there"),
        Binding("f1", "app.help", "Help", id="insert.help", tooltip="What can be done here"),
    ]

    def __init__(self, kind: str, title: str, around: Around, put: Callable[[New], str]) -> None:
        """`put` puts it into the text, and says why it could not."""
        super().__init__()
        self._kind = kind
        self._title = title
        self._around = around
        self._put = put
        self._spoken = True
        self._marks: dict[str, str] = {}
        self._suggested = ""
        self._asked = False
        """Whether somebody was asked if what they wrote may go."""

    # -- the form -----------------------------------------------------------------------------

    def compose(self) -> ComposeResult:
        """Lay out what is asked for, and the buttons."""
        with Vertical(id="insert"):
            yield Words(self._title, id="insert-title", classes="heading")
            with VerticalScroll(id="insert-page", can_focus=False):
                for number, ask in enumerate(FORMS[self._kind]):
                    yield Words(f"{ask.label}{' *' if ask.needed else ''}", classes="asked")
                    yield from self._field(number, ask)
            yield Words(id="insert-trouble", classes="alert")
            with Horizontal(id="insert-row"):
                yield Button("Insert", id="insert-it", variant="primary")
                yield Button("Cancel", id="cancel")

    def _field(self, number: int, ask: Ask) -> Iterator[Widget]:
        id = f"ask-{number}"
        if ask.kind == "ways":
            yield Button(SAID, id="way", classes="small")
            yield TextArea(id=id, tab_behavior="focus", classes="words")
        elif ask.kind == "text":
            yield TextArea(id=id, tab_behavior="focus", classes="words")
        elif ask.kind == "marks":
            yield Words("no marks", id="marks")
            yield Button("Add a mark", id="add-mark", classes="small")
        else:
            words = self._places() if ask.kind == "place" else list(self._around.known.feelings)
            suggester = SuggestFromList(words) if ask.kind in ("place",) else None
            yield Input(ask.value, id=id, max_length=LONGEST_ID if ask.kind == "id" else 2000, suggester=suggester)

    def _places(self) -> list[str]:
        return [*self._around.known.scenes, *self._around.known.endings]

    def on_mount(self) -> None:
        """Begin with the first thing that is asked for."""
        self._tell("")
        self.query_one("#ask-0").focus()
        self.type_ahead()

    def _value(self, number: int) -> str:
        asked = self.query_one(f"#ask-{number}")
        return clean(asked.text if isinstance(asked, TextArea) else asked.value).strip()  # type: ignore[attr-defined]

    def _tell(self, why: str) -> None:
        told = self.query_one("#insert-trouble", Words)
        told.say(clean(why))
        told.display = bool(why)

    @on(TextArea.Changed)
    @on(Input.Changed)
    def _suggest(self, event: TextArea.Changed | Input.Changed) -> None:
        """Suggest an id from the first words that were typed, as long as nobody has typed one."""
        asks = FORMS[self._kind]
        number = next(n for n, ask in enumerate(asks) if ask.kind == "id")
        box = self.query_one(f"#ask-{number}", Input)
        if event.control is not box:
            self._asked = False
        if event.control is box or box.value != self._suggested:
            return
        words = next((said for n, ask in enumerate(asks) if _tells(ask) and (said := self._value(n))), "")
        self._suggested = suggested_id(words, self._around.taken)
        box.value = self._suggested

    @on(Button.Pressed, "#way")
    def _other_way(self, event: Button.Pressed) -> None:
        self._spoken = not self._spoken
        event.button.label = SAID if self._spoken else DONE

    # -- marks --------------------------------------------------------------------------------

    @on(Button.Pressed, "#add-mark")
    def _add_mark(self) -> None:
        indicators = self._around.rubric.indicators
        rows = [(name, f"{name}: {each.title}. {each.about}".rstrip()) for name, each in indicators.items()]
        self.app.push_screen(PickScreen("Which indicator?", rows), self._indicator_picked)

    def _indicator_picked(self, name: str | None) -> None:
        if name is None:
            return
        anchors = self._around.rubric.indicators[name].anchors
        rows = [*anchored(anchors)[::-1], *([(NO_MARK, "no mark on this indicator")] if name in self._marks else [])]
        self.app.push_screen(PickScreen(f"{name}: which level?", rows), lambda level: self._level_picked(name, level))

    def _level_picked(self, name: str, level: str | None) -> None:
        if level == NO_MARK:
            self._marks.pop(name, None)
        elif level is not None:
            self._marks[name] = Level(level).value
        told = "\n".join(f"{each}: {given}" for each, given in self._marks.items())
        self.query_one("#marks", Words).say(told or "no marks")

    def action_pick(self) -> None:
        """Pick what can stand in the field that has the focus."""
        asks = FORMS[self._kind]
        number = next((n for n in range(len(asks)) if self.focused is not None and self.focused.id == f"ask-{n}"), -1)
        if number >= 0 and asks[number].kind == "place":
            places = {**self._around.known.scenes, **self._around.known.endings}
            rows = [(name, f"{name}  {words}") for name, words in places.items()]
            self.app.push_screen(
                PickScreen("Where does it go on?", rows), lambda name: self._place_picked(number, name)
            )
        elif any(ask.kind == "marks" for ask in asks):
            self._add_mark()

    def _place_picked(self, number: int, name: str | None) -> None:
        if name is not None:
            self.query_one(f"#ask-{number}", Input).value = name

    # -- done ---------------------------------------------------------------------------------

    @on(Input.Submitted)
    def _next_field(self) -> None:
        self.focus_next()

    @on(Button.Pressed, "#insert-it")
    def action_insert(self) -> None:
        """Put it into the text, or say what is missing."""
        if not self.is_active:
            return
        made = self._made()
        why = made if isinstance(made, str) else self._put(made)
        if why:
            self._tell(why)
        else:
            self.dismiss(True)

    @on(Button.Pressed, "#cancel")
    def action_cancel(self) -> None:
        """Leave the text as it is; what was written here goes only if they ask twice."""
        written = any(self._value(number) != ask.value for number, ask in enumerate(FORMS[self._kind]) if _typed(ask))
        if (written or self._marks) and not self._asked:
            self._asked = True
            self._tell("What you wrote here would be gone. Cancel once more if you want that.")
            return
        self.dismiss(False)

    def _made(self) -> New | str:
        """Return what is to be inserted, or what is missing."""
        id, sentence = "", ""
        entries: list[tuple[str, object]] = []
        for number, ask in enumerate(FORMS[self._kind]):
            if ask.kind == "marks":
                entries.append(("marks", dict(self._marks)))
                continue
            value = self._value(number)
            if ask.needed and not value:
                return f"{ask.label.partition(',')[0]}: this is still empty."
            if ask.kind == "id":
                id = value
            elif ask.kind == "ways":
                entries.append(("say" if self._spoken else "do", value))
            elif not ask.key:
                sentence = one_line(value, 2000)
            elif ask.kind == "feels":
                feelings = _feelings(value, self._around.known, starting=self._kind == "person")
                if isinstance(feelings, str):
                    return feelings
                entries.append(("feelings" if self._kind == "person" else "feels", feelings))
            elif ask.kind == "place" and value and not re.search(ID, value):
                return f"`{value}` is no id: small letters, digits and hyphens only."
            elif ask.kind == "number" and value and not re.fullmatch(r"[0-9]{1,4}", value):
                return f"{ask.label}: a whole number belongs here."
            else:
                entries.append((ask.key, _quoted(value) if ask.key == "says" else value))
        if not re.search(ID, id):
            return (
                "An id is made of small letters, digits and hyphens, and begins with a letter; `not` and such are none."
            )
        if id in self._around.taken:
            return f"There is something called `{id}` already."
        return New(id, tuple(entries), sentence)


def _typed(ask: Ask) -> bool:
    """Whether somebody types it; an id is suggested, and marks are picked."""
    return ask.kind not in ("id", "marks")


def _quoted(text: str) -> str:
    """Put quotation marks around what somebody says, unless it has some."""
    return f'"{text}"' if text and not any(sign in text for sign in '"“”') else text


def _tells(ask: Ask) -> bool:
    return ask.kind in ("text", "ways", "line") and ask.key not in ("called", "pronouns", "role", "then", "why")


def _feelings(text: str, known: Known, *, starting: bool) -> dict[str, str] | str:
    """Read `trust +1, tension -2`; say what is wrong with anything else."""
    found: dict[str, str] = {}
    for part in filter(None, (each.strip(" {}") for each in re.split(r"[,;\n]", text))):
        change = _CHANGE.fullmatch(part)
        if change is None or not re.fullmatch(FEELING, change["name"]):
            return f"`{one_line(part, 40)}` is no change of a feeling: write it as: trust +1, tension -2"
        name, by = change["name"], change["by"].replace(" ", "")
        if abs(int(by)) > HIGHEST:
            return f"A feeling goes from 0 to {HIGHEST}, so `{by}` is too much."
        if not starting and known.feelings and name not in known.feelings:
            near: Sequence[str] = list(known.feelings)
            return f"Nobody has the feeling `{name}`: {suggest(name, near)}"
        found[name] = by if starting or by[0] in "+-" else f"+{by}"
    return found
