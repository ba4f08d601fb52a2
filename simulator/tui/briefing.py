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
from simulator.wording import counted, purpose_line

if TYPE_CHECKING:
    from simulator.cohort.assigned import Terms
    from simulator.library import Case


class BriefingScreen(ClosesOnce, Screen[bool]):
    """Read, then begin; the answer is whether to begin."""

    CSS_PATH = "briefing.tcss"
    HELP = "Read what you know beforehand. The clock of the case starts when you begin; this page costs no time."
    BINDINGS: ClassVar = [
        Binding("enter", "begin", "Begin", id="briefing.begin", tooltip="Begin; the clock starts"),
        Binding("escape,q", "back", "Back", id="briefing.back", tooltip="Back to the library"),
    ]

    def __init__(self, case: Case, terms: Terms) -> None:
        super().__init__()
        self.case = case
        self.terms = terms
        """What the attempt is for, and how it is played."""

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
            if scenario.names_client:
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
            if self.terms.purpose:
                yield Words(self._purpose(), id="purpose", classes="gap")
            yield Words(self._played(), classes="muted gap")
        yield Button("Begin", variant="primary", id="begin")
        yield KeyLine()

    def _purpose(self) -> str:
        """Say who reads this attempt, and until when it is wanted."""
        assigned = self.terms.assigned
        told = purpose_line(self.terms.purpose)
        if assigned is None:
            return told
        return f"{told} It was due on {assigned.due}." if assigned.overdue else f"{told} It is due on {assigned.due}."

    def _played(self) -> str:
        """Say when marks are shown, and what the assignment asks for."""
        when = "after each response" if self.terms.feedback == "each" else "at the end, in the debrief"
        given = ", as assigned" if self.terms.feedback_is_given else ""
        asked = (
            " You will be asked how sure you are." if self.terms.confidence and self.terms.confidence_is_given else ""
        )
        return f"You will see your marks {when}{given}.{asked}"

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
