"""What a session came to, for whoever reviews it: as the case marked it, and as each reviewer sees it."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Vertical

from simulator.archive import Logged
from simulator.hindsight import Hindsight, NotProven
from simulator.hindsight_telling import not_proven_line
from simulator.people import People
from simulator.review.reviewed import Reviewed
from simulator.review.telling import WHAT_REVIEWED_MEANS, reviewed_lines
from simulator.tui.courses import WHAT_IS_DRAWN, WORKING, draw
from simulator.tui.lines import Words
from simulator.wording import profile_line

REVIEWING = "Working out the reviewed result …"


class Results(Vertical):
    """The three dimensions, each with its evidence, its number once that is known, and the reviewed results below."""

    DEFAULT_CSS = """
    Results {
        height: auto;
        & .reachable { display: none; text-style: bold; }
        & .reachable.-known { display: block; }
        & .critical-line { color: $error; text-style: bold; }
        & #possible { margin-top: 1; display: none; }
        & #reviewed { margin-top: 1; display: none; }
        & #reviewed-means { display: none; }
    }
    """

    def __init__(self, logged: Logged, *, working: bool) -> None:
        """With `working`, somebody finds out what the case made possible."""
        super().__init__()
        self._logged = logged
        self._working = working
        self._back: Hindsight | None = None

    def compose(self) -> ComposeResult:
        """Say what is known at once."""
        for name, profile in self._logged.scorecard.profiles.items():
            yield Words(id=f"reachable-{name}", classes="reachable")
            critical = "critical-line" if profile.critical else ""
            yield Words(f"{name:<13} {profile_line(profile)}", id=f"profile-{name}", classes=critical)
        yield Words(WORKING if self._working else "", id="possible", classes="muted")
        yield Words(id="reviewed")
        yield Words(WHAT_REVIEWED_MEANS, id="reviewed-means", classes="muted")

    def on_mount(self) -> None:
        """Say that it is being worked out, where it is."""
        self.query_one("#possible").display = self._working

    def show(self, back: Hindsight | NotProven | None) -> None:
        """Show what the session was worth against what the case made possible, or that nobody knows it."""
        possible = self.query_one("#possible", Words)
        possible.display = back is not None
        if isinstance(back, Hindsight):
            self._back = back
            possible.say(WHAT_IS_DRAWN)
            self._draw()
        elif isinstance(back, NotProven):
            possible.say(not_proven_line(back))

    def _draw(self) -> None:
        """Draw rows that close in on each result, as long as there is room for them."""
        if self._back is None:
            return
        draw(self, self._back.courses, self._logged.scorecard.profiles, self.size.width)

    def on_resize(self) -> None:
        """Draw the rows as long as there is room for now."""
        self._draw()

    def say_working(self) -> None:
        """Say that the reviewed result is being worked out anew."""
        reviewed = self.query_one("#reviewed", Words)
        reviewed.display = True
        reviewed.say(REVIEWING)

    def show_reviewed(self, found: Sequence[Reviewed], people: People) -> None:
        """Show each reviewer's result beside the original."""
        unproven = any(not each.proven for each in found)
        note = "\nNot proven, so in points: what the case makes possible with these marks was not found." * unproven
        reviewed = self.query_one("#reviewed", Words)
        reviewed.say("\n".join(reviewed_lines(found, people)) + note)
        reviewed.display = bool(found)
        self.query_one("#reviewed-means").display = bool(found)
