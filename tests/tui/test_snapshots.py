"""What the app looks like: a dozen moments of somebody's work with it, each kept as a picture.

A picture holds what no words do: what stands where, in which colour, and what is cut off. It shows that something
looks different, not that it is wrong; what must hold is said by the other tests. When a test here fails, look at
`snapshot_report.html`; if it is meant to look so now, `pytest tests/tui/test_snapshots.py --snapshot-update`.

Nothing in a picture may depend on the day, the machine or the library: sessions are begun on days of a calendar of
their own, and the case is the small one.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from simulator.settings import Home, Settings
from simulator.tui.app import CaseloadApp
from simulator.tui.briefing import BriefingScreen
from simulator.tui.cohort import CohortScreen
from simulator.tui.debrief import DebriefScreen
from simulator.tui.documents import DocumentsScreen
from simulator.tui.help import HelpScreen
from simulator.tui.inbox import InboxScreen
from simulator.tui.meeting import MeetingScreen
from simulator.tui.reviewing import ReviewScreen
from simulator.tui.sessions import SessionsScreen
from tests.tui.stage import BROKEN, KEPT, Stage, played
from tests.tui_cases import CASE, PATH, library

SMALL, USUAL, LARGE = (40, 12), (80, 24), (120, 40)
NOTE = "Ms. Adeyemi asked for money. I told her who decides, and that she may ask again in May."

Story = Callable[[Stage], Awaitable[None]]
Compare = Callable[..., bool]


class Calendar:
    """Stands for the clock of journals: it stands still, and every session is begun a day later."""

    def __init__(self) -> None:
        self.today = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)

    def now(self, zone: object) -> datetime:
        """Return the time that is written down."""
        return self.today

    def new_session_id(self) -> str:
        """Begin a session: its id has the day in it, as ever."""
        self.today += timedelta(days=1)
        return f"{self.today:%Y%m%d-%H%M%S}-c0ffee"


@pytest.fixture(autouse=True)
def calendar(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no picture show the time or the settings of the terminal that the tests run in."""
    calendar = Calendar()
    monkeypatch.setattr("simulator.chain.datetime", calendar)
    monkeypatch.setattr("simulator.journal.new_session_id", calendar.new_session_id)
    monkeypatch.delenv("NO_COLOR", raising=False)


@pytest.fixture
def looks_as_before(home: Home, snap_compare: Callable[..., bool]) -> Compare:
    """Return what opens the app, lets somebody do something, and compares what they see with the picture."""

    def compare(
        story: Story, size: tuple[int, int] = USUAL, *, who: str = "t-kim", theme: str = "", **options: Any
    ) -> bool:
        app = CaseloadApp(home, Settings(theme=theme), who=who, **options)
        app.animation_level = "none"

        async def tell(pilot: Pilot[int]) -> None:
            stage = Stage(app, pilot)
            await story(stage)
            await stage.settle()

        return snap_compare(app, terminal_size=size, run_before=tell)

    return compare


# -- before a case --------------------------------------------------------------------------------


def test_somebody_new_finds_the_library(shelf: Path, looks_as_before: Compare) -> None:
    """Kim opens Caseload on a large screen for the first time and reads what comes first, and what that is about."""
    second = CASE.replace("scenario: front-desk", "scenario: second-desk").replace("A small case", "Another case")
    third = CASE.replace("scenario: front-desk", "scenario: third-desk").replace("A small case", "A case of our own")
    library(shelf, second, third)
    (shelf / "path.yaml").write_text(PATH, encoding="utf-8")

    async def story(stage: Stage) -> None:
        await stage.sees("First week", "First season", "Not on the path", "Kim Trainee")
        await stage.hears("Somebody asks for something", "You practise: Saying no kindly.")

    assert looks_as_before(story, LARGE)


def test_somebody_who_comes_back_finds_what_is_unfinished(home: Home, shelf: Path, looks_as_before: Compare) -> None:
    """Kim left in the middle of a case, and finds it at the top, with how it went the other times."""
    played(home, shelf, *KEPT)
    played(home, shelf, *BROKEN)
    played(home, shelf, "read:letter", "invite")

    async def story(stage: Stage) -> None:
        await stage.sees("Go on: A small case", "You played it twice:", "A promise is owed")

    assert looks_as_before(story)


def test_a_briefing_is_read_before_the_clock_starts(looks_as_before: Compare) -> None:
    """Kim picks the case and reads who is waiting, until when, and what lies on the desk."""

    async def story(stage: Stage) -> None:
        await stage.pick("A small case")
        await stage.at(BriefingScreen)

    assert looks_as_before(story)


# -- in a case ------------------------------------------------------------------------------------


def test_a_meeting_has_begun(home: Home, shelf: Path, looks_as_before: Compare) -> None:
    """Kim has asked the client in: she stands there, says what she wants, and there are three things to say."""
    session = played(home, shelf, "read:letter", "invite")

    async def story(stage: Stage) -> None:
        await stage.at(MeetingScreen)

    assert looks_as_before(story, resume=session)


def test_a_meeting_in_high_contrast(home: Home, shelf: Path, looks_as_before: Compare) -> None:
    """Kim needs high contrast and wants marks at once: the colleague's turn, after a moment that lost something."""
    session = played(home, shelf, "consult", "invite", feedback="each")

    async def story(stage: Stage) -> None:
        await stage.at(MeetingScreen)
        await stage.go("Give me a moment.")
        await stage.sees("Shall I take over?")

    assert looks_as_before(story, LARGE, theme="caseload-contrast", resume=session)


def test_a_meeting_on_a_very_small_screen(home: Home, shelf: Path, looks_as_before: Compare) -> None:
    """Kim plays in the corner of a screen, and still sees what was said and what can be answered."""
    session = played(home, shelf, "invite")

    async def story(stage: Stage) -> None:
        await stage.at(MeetingScreen)
        await stage.press("down")

    assert looks_as_before(story, SMALL, resume=session)


def test_a_document_lies_open(home: Home, shelf: Path, looks_as_before: Compare) -> None:
    """Kim reads the letter: it has taken its minutes, and the other document still has its price."""
    session = played(home, shelf)

    async def story(stage: Stage) -> None:
        await stage.at(MeetingScreen)
        await stage.press("d")
        await stage.at(DocumentsScreen)
        await stage.press("1")
        await stage.sees("We are sorry to say no.")

    assert looks_as_before(story, resume=session)


def test_a_note_is_being_written(home: Home, shelf: Path, looks_as_before: Compare) -> None:
    """Kim writes the case note after the meeting, and what is typed is saved already."""
    session = played(home, shelf, *KEPT[:-1])

    async def story(stage: Stage) -> None:
        await stage.at(MeetingScreen)
        await stage.type(NOTE)
        await stage.sees("Saved as you type.")

    assert looks_as_before(story, resume=session)


# -- afterwards -----------------------------------------------------------------------------------


def test_a_debrief_begins_with_what_must_not_happen(home: Home, shelf: Path, looks_as_before: Compare) -> None:
    """Kim promised what nobody can keep: the debrief says so before anything else, and why."""
    session = played(home, shelf, *BROKEN)

    async def story(stage: Stage) -> None:
        await stage.at(DebriefScreen)

    assert looks_as_before(story, LARGE, resume=session)


def test_ones_sessions_are_listed(home: Home, shelf: Path, looks_as_before: Compare) -> None:
    """Kim looks back over three sessions: how each ended, and which of them raised a critical."""
    played(home, shelf, *KEPT)
    played(home, shelf, *BROKEN)
    played(home, shelf, "invite")

    async def story(stage: Stage) -> None:
        await stage.sees("A small case")
        await stage.press("v")
        await stage.at(SessionsScreen)
        await stage.sees("A door that stays open", "unfinished")

    assert looks_as_before(story)


def test_a_supervisor_reads_a_session(home: Home, shelf: Path, looks_as_before: Compare) -> None:
    """Sam reviews what Kim did, goes to the critical, and sees what was offered and not taken."""
    session = played(home, shelf, "consult", *BROKEN)

    async def story(stage: Stage) -> None:
        await stage.at(ReviewScreen)
        await stage.press("n")

    assert looks_as_before(story, LARGE, who="s-sam", desk="review", session=session)


def test_a_supervisor_finds_what_needs_eyes_first(home: Home, shelf: Path, looks_as_before: Compare) -> None:
    """Sam opens the inbox: a critical, a note to rate, somebody who is late, a journal that cannot be read."""
    spring(home)
    played(home, shelf, *KEPT, purpose="assigned")
    played(home, shelf, *BROKEN, person="t-other", purpose="practice")
    played(home, shelf, *BROKEN)
    (home.journals / "20260301-093000-c0ffee.jsonl").write_text("no journal\n", encoding="utf-8")

    async def story(stage: Stage) -> None:
        await stage.sees("A small case")
        stage.app.desk_or_fail.today = lambda: date(2026, 3, 9)
        await stage.press("r")
        await stage.at(InboxScreen)
        await stage.sees("critical", "overdue", "unreadable")

    assert looks_as_before(story, who="s-sam")


def test_a_supervisor_sees_who_has_finished_what(home: Home, shelf: Path, looks_as_before: Compare) -> None:
    """Sam opens the cohort: what Kim came to, and who is late."""
    spring(home)
    played(home, shelf, *BROKEN, purpose="assigned")

    async def story(stage: Stage) -> None:
        await stage.sees("A small case")
        stage.app.desk_or_fail.today = lambda: date(2026, 3, 9)
        await stage.press("r")
        await stage.at(InboxScreen)
        await stage.press("o")
        await stage.at(CohortScreen)
        await stage.press("right")
        await stage.sees("overdue, not begun")

    assert looks_as_before(story, who="s-sam")


def spring(home: Home) -> None:
    """Assign the small case to two people, to be finished in the first days of March."""
    home.cohorts.mkdir()
    (home.cohorts / "spring.yaml").write_text(
        "cohort: spring\ntitle: Spring intake\npeople: [t-kim, t-other]\n"
        "assigned:\n  - {case: front-desk, due: 2026-03-06}\n"
    )


def test_help_lies_over_what_it_explains(home: Home, shelf: Path, looks_as_before: Compare) -> None:
    """Kim does not know what to press, and asks for help in the middle of a meeting."""
    session = played(home, shelf, "invite")

    async def story(stage: Stage) -> None:
        await stage.at(MeetingScreen)
        await stage.press("f1")
        await stage.at(HelpScreen)

    assert looks_as_before(story, resume=session)
