"""Beginning a case anywhere: a scene, picked by a part of its name, and how things are when it begins."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.events import Click, Key
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from simulator.authoring.beginning import MOST_MINUTES, Beginning
from simulator.authoring.standing import short
from simulator.scenario import Scenario
from simulator.text import one_line
from simulator.tui.lines import Words
from simulator.tui.page import ClosesOnce

if TYPE_CHECKING:
    from simulator.tui.app import CaseloadApp

MOST = 500
"""Scenes that are listed; whoever has more types a letter."""
MINUTES_STEP = 5


@dataclass(frozen=True, slots=True)
class Setting:
    """One thing that can be chosen."""

    kind: str
    """`feeling`, `fact`, `read` or `minutes`."""
    name: str
    label: str
    low: int = 0
    high: int = 1


class Settings(OptionList, inherit_bindings=False):
    """How things are, one a line: numbers that go up and down, and what is so or is not."""

    BINDINGS: ClassVar = [
        Binding("up,k", "cursor_up", "Up", show=False, id="begin.up", tooltip="The line above"),
        Binding("down,j", "cursor_down", "Down", show=False, id="begin.down", tooltip="The line below"),
        Binding("left,minus,h", "screen.change(-1)", "Less", show=False, id="begin.less", tooltip="Less, or not so"),
        Binding("right,plus,l", "screen.change(1)", "More", show=False, id="begin.more", tooltip="More, or so"),
        Binding("space", "screen.change(0)", "Change", show=False, id="begin.change", tooltip="The other way round"),
        Binding("n", "screen.as_now", "As now", show=False, id="begin.as-now", tooltip="Everything as it is now"),
        Binding(
            "s", "screen.as_start", "As at the start", show=False, id="begin.as-start", tooltip="As the case starts"
        ),
        Binding(
            "enter", "screen.begin", "Begin", show=False, id="begin.begin", tooltip="Begin at the scene that is lit"
        ),
    ]

    def on_click(self, event: Click) -> None:
        """Keep a click from the list's own handler that is meant for what stood here before."""
        if event.style.meta.get("option", 0) >= self.option_count:
            event.prevent_default()


class BeginAtScreen(ClosesOnce, ModalScreen[Beginning | None]):
    """Choose where a case begins and how; the answer is None if nothing is to change."""

    app: CaseloadApp
    CSS_PATH = "begin_at.tcss"
    HELP = (
        "Type a part of a scene's name or of what is said in it, and go to it with the arrows; Enter begins there, and "
        "so does a click. Tab goes to how things are then: left and right change a number, a digit sets it, Space says "
        "that something is so or is not. What you choose holds once the scene stands, whatever it changes by itself."
    )
    BINDINGS: ClassVar = [
        Binding("escape", "dismiss", "Cancel", id="begin.cancel", tooltip="Leave things as they are"),
        Binding("f1", "app.help", "Help", id="begin.help", tooltip="What can be done here"),
        Binding(
            "tab,shift+tab",
            "other_side",
            "Other side",
            show=False,
            id="begin.side",
            tooltip="Scenes, or how things are",
        ),
    ]

    def __init__(self, scenario: Scenario, beginning: Beginning, now: Beginning) -> None:
        """With what was chosen last, and how things are now."""
        super().__init__()
        self._scenario = scenario
        self._chosen = beginning
        self._now = now
        self._settings = tuple(_settings(scenario))
        self._shown: list[str] = []
        self._names = [(name, _about(scenario, name)) for name in (*scenario.scenes, *scenario.endings)]

    def compose(self) -> ComposeResult:
        """Lay out both sides."""
        with Vertical(id="begin"):
            yield Words("Begin at", classes="heading")
            with Horizontal(id="begin-sides"):
                with Vertical(id="begin-where"):
                    yield Input(id="begin-words", placeholder="a part of its name")
                    yield OptionList(id="begin-scenes", markup=False)
                    yield Words("Nothing fits that.", classes="muted", id="begin-nothing")
                yield Settings(id="begin-settings", markup=False)
            yield Words(
                "Enter begins · Tab: how things are · ←→ or a digit changes · Space ticks · n as now · s as at start",
                id="begin-keys",
                classes="muted",
            )

    def on_mount(self) -> None:
        """Show everything, and start typing."""
        scenes = self.query_one("#begin-scenes", OptionList)
        scenes.can_focus = False
        self._fill("")
        self._show_settings()
        self.query_one(Input).focus()

    # -- where --------------------------------------------------------------------------------

    def _fill(self, typed: str) -> None:
        part = typed.casefold().strip()
        fits = [(name, about) for name, about in self._names if part in name or part in about.casefold()]
        # Whose name begins so comes before whose words have it somewhere.
        fits.sort(key=lambda each: (not each[0].startswith(part), part not in each[0]) if part else (False, False))
        scenes = self.query_one("#begin-scenes", OptionList)
        self._shown = [name for name, _ in fits[:MOST]]
        scenes.set_options(
            Option(Content.assemble((name, "bold"), (f"  {about}", "$foreground-muted"))) for name, about in fits[:MOST]
        )
        at = self._shown.index(self._chosen.at) if not part and self._chosen.at in self._shown else 0
        scenes.highlighted = at if fits else None
        scenes.display = bool(fits)
        self.query_one("#begin-nothing").display = not fits

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        self._fill(event.value)

    def on_key(self, event: Key) -> None:
        """Let the arrows go through the scenes while a name is typed, and digits set a number."""
        if isinstance(self.focused, Settings):
            if (event.character or " ") in "0123456789":
                self._put(int(event.character or 0))
                event.stop()
        elif event.key in ("up", "down") and self._shown:
            scenes = self.query_one("#begin-scenes", OptionList)
            by = 1 if event.key == "down" else -1
            scenes.highlighted = ((scenes.highlighted or 0) + by) % len(self._shown)
            event.stop()

    def action_other_side(self) -> None:
        """Go from the scenes to how things are, and back."""
        to: type[Input] | type[Settings] = Input if isinstance(self.focused, Settings) else Settings
        self.query_one(to).focus()

    @on(Input.Submitted)
    def action_begin(self) -> None:
        """Begin at the scene that is lit."""
        at = self.query_one("#begin-scenes", OptionList).highlighted
        if at is not None and at < len(self._shown):
            self._begin(self._shown[at])

    @on(OptionList.OptionSelected, "#begin-scenes")
    def _clicked(self, event: OptionList.OptionSelected) -> None:
        if event.option_index < len(self._shown):
            self._begin(self._shown[event.option_index])

    def _begin(self, at: str) -> None:
        # Somebody who begins at another scene is not in the phase of the one before.
        phase = self._chosen.phase if at == self._chosen.at else None
        self.dismiss(replace(self._chosen, at=at, phase=phase))

    # -- how things are -----------------------------------------------------------------------

    def _show_settings(self) -> None:
        shown = self.query_one(Settings)
        lit = shown.highlighted or 0
        width = max((len(each.name) for each in self._settings if each.kind in ("feeling", "minutes")), default=0)
        shown.set_options(Option(self._told(each, width)) for each in self._settings)
        shown.highlighted = min(lit, len(self._settings) - 1)

    def _told(self, setting: Setting, width: int) -> Content:
        value = self._value(setting)
        if setting.kind in ("feeling", "minutes"):
            of = f" of {setting.low} to {setting.high}" if setting.kind == "feeling" else ""
            return Content.assemble(f"{setting.label:<{width}} ", (f"{value:>3}", "bold"), (of, "$foreground-muted"))
        sign = "[x]" if value else "[ ]"
        name = setting.name if setting.kind == "fact" else f"read({setting.name})"
        return Content.assemble(f"{sign} {name}", (f"  {setting.label}", "$foreground-muted"))

    def _value(self, setting: Setting) -> int:
        chosen = self._chosen
        match setting.kind:
            case "feeling":
                person, _, feeling = setting.name.partition(".")
                return chosen.feelings.get(setting.name, self._scenario.people[person].feelings[feeling].start)
            case "fact":
                return int(chosen.facts.get(setting.name, False))
            case "read":
                return int(setting.name in chosen.read)
            case _:
                return chosen.minutes

    @property
    def _lit(self) -> Setting | None:
        at = self.query_one(Settings).highlighted
        return self._settings[at] if at is not None and at < len(self._settings) else None

    def action_change(self, by: int) -> None:
        """Change what is lit: up, down, or with 0 the other way round."""
        setting = self._lit
        if setting is None:
            return
        value = self._value(setting)
        if setting.kind in ("fact", "read"):
            self._put(int(not value) if by == 0 else int(by > 0))
        elif by:
            self._put(value + by * (MINUTES_STEP if setting.kind == "minutes" else 1))

    def _put(self, value: int) -> None:
        setting, chosen = self._lit, self._chosen
        if setting is None:
            return
        value = max(setting.low, min(value, setting.high))
        match setting.kind:
            case "feeling":
                self._chosen = replace(chosen, feelings={**chosen.feelings, setting.name: value})
            case "fact":
                self._chosen = replace(chosen, facts={**chosen.facts, setting.name: bool(value)})
            case "read":
                read = chosen.read | {setting.name} if value else chosen.read - {setting.name}
                self._chosen = replace(chosen, read=read)
            case _:
                self._chosen = replace(chosen, minutes=value)
        self._show_settings()

    @on(OptionList.OptionSelected, "#begin-settings")
    def _setting_clicked(self) -> None:
        setting = self._lit
        if setting is None:
            return
        if setting.kind == "feeling":
            # The mouse has one way only, so it goes round.
            value = self._value(setting)
            self._put(setting.low if value >= setting.high else value + 1)
        else:
            self.action_change(1 if setting.kind == "minutes" else 0)

    def action_as_now(self) -> None:
        """Let everything be as it is in the session."""
        self._chosen = replace(self._now, at=self._chosen.at, phase=None)
        self._show_settings()

    def action_as_start(self) -> None:
        """Let everything be as the case starts."""
        self._chosen = Beginning(self._chosen.at)
        self._show_settings()


def _settings(scenario: Scenario) -> Iterator[Setting]:
    for person in scenario.people.values():
        for name, feeling in person.feelings.items():
            full = f"{person.id}.{name}"
            yield Setting("feeling", full, short(scenario, full), feeling.low, feeling.high)
    yield Setting("minutes", "minutes", "minutes", 0, MOST_MINUTES)
    yield from (Setting("fact", name, one_line(words, 60)) for name, words in scenario.facts.items())
    yield from (Setting("read", each.id, one_line(each.title, 60)) for each in scenario.documents.values())


def _about(scenario: Scenario, name: str) -> str:
    """Return the first words of a scene or an ending, by which one knows it again."""
    if name in scenario.endings:
        return one_line(f"ending: {scenario.endings[name].title}", 80)
    scene = scenario.scenes[name]
    texts: Sequence[str] = [variant.say for text in (scene.says, scene.text) for variant in text]
    prompts = [each.prompt for each in (scene.select, scene.rank, scene.write) if each is not None]
    first = next(iter((*texts, *prompts)), "a junction" if scene.junction else "")
    return one_line(first, 80)
