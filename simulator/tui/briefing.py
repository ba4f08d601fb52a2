"""The briefing: what the trainee knows before the clock starts."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.screen import Screen
from textual.widgets import Button

from simulator.scenario import clock_text
from simulator.tui.lines import KeyLine, TopLine, Words
from simulator.tui.page import ClosesOnce
from simulator.wording import counted

if TYPE_CHECKING:
    from simulator.library import Case


class BriefingScreen(ClosesOnce, Screen[bool]):
    """Read, then begin; the answer is whether to begin."""

    CSS_PATH = "briefing.tcss"
    HELP = "Read what you know beforehand. The clock of the case starts when you begin; this page costs no time."
    BINDINGS: ClassVar = [
        Binding("enter", "begin", "Begin", id="briefing.begin", tooltip="Begin; the clock starts"),
        Binding("escape,q", "back", "Back", id="briefing.back", tooltip="Back to the library"),
    ]

    def __init__(self, case: Case, feedback: str) -> None:
        super().__init__()
        self.case = case
        self._feedback = feedback

    def compose(self) -> ComposeResult:
        """Lay out what is known beforehand."""
        scenario = self.case.scenario
        yield TopLine(scenario.title, "briefing")
        with VerticalScroll(id="briefing"):
            facts = [scenario.setting, f"about {scenario.duration} minutes" if scenario.duration else ""]
            yield Words(" · ".join(fact for fact in facts if fact), classes="muted gap")
            if scenario.content_note and scenario.content_note.lower() != "none":
                yield Words(f"Please note: {scenario.content_note}", classes="alert")
                yield Words("You can leave at any time with q, and go on later or never.", classes="gap")
            yield Words(scenario.briefing or scenario.summary, classes="gap")
            client = scenario.people[scenario.client]
            pronouns = f" ({client.pronouns})" if client.pronouns else ""
            yield Words(f"You will meet {client.name}{pronouns}.", classes="gap")
            if scenario.clock:
                points = [f"{name.replace('-', ' ')} at {clock_text(at)}" for name, at in scenario.clock.points.items()]
                yield Words(f"It is {clock_text(scenario.clock.start)}: {', '.join(points)}.", classes="gap")
            if scenario.documents:
                yield Words("On your desk (reading takes time)", classes="heading")
                yield Words(
                    "\n".join(
                        f"· {document.title}, {counted(document.minutes, 'minute')}"
                        for document in scenario.documents.values()
                    ),
                    classes="gap",
                )
            when = "after each response" if self._feedback == "each" else "at the end, in the debrief"
            yield Words(f"You will see your marks {when}.", classes="muted gap")
        yield Button("Begin", variant="primary", id="begin")
        yield KeyLine()

    def on_mount(self) -> None:
        """Start at the top. Enter begins from anywhere, and the footer says so."""
        self.query_one("#briefing").focus()

    @on(Button.Pressed)
    def action_begin(self) -> None:
        """Begin."""
        self.dismiss(True)

    def action_back(self) -> None:
        """Back to the library."""
        self.dismiss(False)
