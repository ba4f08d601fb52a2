"""Who is at the keyboard, what is kept, and that the clients are invented."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, VerticalScroll
from textual.events import Key
from textual.screen import Screen
from textual.widgets import Button, Input

from simulator.durable import NotSaved
from simulator.people import Person, Role
from simulator.text import one_line
from simulator.tui.choices import Choices, PicksByDigit
from simulator.tui.lines import KeyLine, TopLine, Words
from simulator.tui.page import ClosesOnce
from simulator.wording import ASSERTED, FICTION, LOGGED, shared_line

if TYPE_CHECKING:
    from simulator.tui.app import CaseloadApp
    from simulator.tui.desk import Desk


class WelcomeScreen(PicksByDigit, ClosesOnce, Screen[None]):
    """Pick who you are, or say it."""

    app: CaseloadApp
    CSS_PATH = "welcome.tcss"
    HELP = (
        "Say who you are: pick your name, or type it and press Enter. Your supervisor may hand out a list of names "
        "with ids (people.yaml); then you are the same person on every machine."
    )
    BINDINGS: ClassVar = [
        Binding("escape", "leave", "Back", id="welcome.back", tooltip="Back, if somebody has been picked"),
    ]

    def __init__(self, desk: Desk, name: str = "") -> None:
        super().__init__()
        self.desk = desk
        self._typed_name = one_line(name)

    def compose(self) -> ComposeResult:
        """Ask for a name, and say what becomes of what one does."""
        everybody = self.desk.people.everybody
        yield TopLine("Caseload", "who are you?")
        with VerticalScroll(id="welcome", can_focus=False):
            yield Words("A flight simulator for case managers: you meet a client, decide, and see what it was worth.")
            if everybody:
                yield Words("Pick your name…", classes="heading")
                yield Choices(id="everybody")
            yield Words("…or type it" if everybody else "Your name", classes="heading")
            yield Input(self._typed_name, placeholder="first name and surname, as your supervisor knows you", id="name")
            with Horizontal(id="roles"):
                yield Button("I am a trainee", id="trainee", variant="primary")
                yield Button("I am a supervisor", id="supervisor")
            yield Words("What is kept", classes="heading")
            shared = self.desk.settings.shared
            yield Words(" ".join([LOGGED, *([shared_line(shared)] if shared else []), ASSERTED]))
            yield Words("The clients are invented", classes="heading")
            yield Words(FICTION)
        yield KeyLine()

    async def on_mount(self) -> None:
        """List who is known, and start where most people will."""
        everybody = self.desk.people.everybody
        if everybody:
            await self.query_one(Choices).fill([(each.id, self._shown(each)) for each in everybody.values()])
        if everybody and not self._typed_name:
            self.query_one(Choices).focus()
        else:
            self.set_focus(self.query_one(Input), scroll_visible=False)
        self.app.opened()

    def _shown(self, person: Person) -> str:
        """Return a name, with the id where several people have it."""
        return person.name if len(self.desk.people.called(person.name)) == 1 else f"{person.name} ({person.id})"

    @on(Choices.Picked, "#everybody")
    def _picked(self, event: Choices.Picked) -> None:
        event.choices.light(event.id)
        self.desk.become(self.desk.people.everybody[event.id])
        self.dismiss()

    @on(Input.Submitted, "#name")
    def _typed(self) -> None:
        self._add(Role.TRAINEE)

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        self._add(Role.SUPERVISOR if event.button.id == "supervisor" else Role.TRAINEE)

    def _add(self, role: Role) -> None:
        name = one_line(self.query_one(Input).value)
        if not name:
            self.app.tell("Type your name first.", bad=True)
            self.query_one(Input).focus()
            return
        found = self.desk.people.find(name)
        if found is None and (why := self._not_new(name)):
            self.app.tell(why, bad=True)
            self.query_one(Choices).focus()
            return
        try:
            self.desk.become(found or self.desk.add(name, role))
        except NotSaved as error:
            self.app.tell(str(error), bad=True)
            return
        self.dismiss()

    def _not_new(self, name: str) -> str:
        """Say why nobody of this name is added: half a name of somebody who is known would be a second person."""
        if self.desk.people.called(name):
            return f"Several people are called {name}. Pick yourself from the list."
        begun = f"{name} ".casefold()
        known = [each for each in self.desk.people.everybody.values() if each.name.casefold().startswith(begun)]
        if not known:
            return ""
        return f"{known[0].name} is in the list. If that is you, pick it there, else type your surname as well."

    def on_key(self, event: Key) -> None:
        """Whoever types their name over the list means the line below it."""
        letter = event.character or ""
        if letter.isalpha() and isinstance(self.focused, Choices):
            event.stop()
            event.prevent_default()
            line = self.query_one(Input)
            line.value += letter
            # Else what was typed is marked, and the next letter takes its place.
            line.select_on_focus = False
            self.set_focus(line)
            line.cursor_position = len(line.value)

    def action_leave(self) -> None:
        """Go back, if somebody sits here already; else leave the app."""
        if self.desk.person is None:
            self.app.exit(0)
        else:
            self.dismiss()
