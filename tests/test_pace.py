"""How long somebody took for each decision."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from simulator.archive import Archive
from simulator.pace import duration, paces
from simulator.play import Play
from simulator.settings import Home
from tests.tui.stage import begun, home_of, played
from tests.tui_cases import CASE, library


class Clock:
    """Stands for the clock of journals: it goes on only when it is told to."""

    def __init__(self) -> None:
        self.at = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)

    def now(self, zone: object) -> datetime:
        """Return the time that is written down."""
        return self.at

    def later(self, seconds: float) -> None:
        """Let time pass."""
        self.at += timedelta(seconds=seconds)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("simulator.chain.datetime", clock)
    return clock


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    return library(tmp_path / "library", CASE)


def told(home: Home, session: str) -> list[str]:
    archive = Archive(home)
    path = archive.path(session)
    assert path is not None
    return [str(pace) for pace in paces(archive.load(path).recorded)]


def test_the_time_of_each_decision_is_what_passed_since_the_last(tmp_path: Path, shelf: Path, clock: Clock) -> None:
    """Seconds, minutes, and a long pause that is called one; a clock that was set back claims nothing."""
    home = home_of(tmp_path / "home")
    play = begun(home, shelf)
    clock.later(12.4)
    play.read("letter")
    clock.later(185)
    play.choose("invite")
    clock.later(14 * 60 + 20)
    play.choose("wait")
    clock.later(-5)
    play.choose("no")
    clock.later(1)
    play.choose("explain")
    play.suspend()
    long = "a long pause: 14 min"
    back = "time taken unknown: the clock was set back"
    assert told(home, play.header.session) == ["took 12 s", "took 3 min 5 s", long, back, "took 1 s"]


def test_time_away_is_not_time_taken(tmp_path: Path, shelf: Path, clock: Clock) -> None:
    """Between leaving and coming back nobody was there: only what was before and after counts."""
    home = home_of(tmp_path / "home")
    play = begun(home, shelf)
    clock.later(20)
    play.suspend()
    clock.later(24 * 3600)
    archive = Archive(home)
    again = Play.resume(archive, archive.paths()[0], None)
    clock.later(10)
    again.choose("invite")
    again.suspend()
    assert told(home, again.header.session) == ["took 30 s, left and came back meanwhile"]


def test_decisions_that_were_taken_over_took_no_time_here(tmp_path: Path, shelf: Path, clock: Clock) -> None:
    """They were made in the session it comes from."""
    home = home_of(tmp_path / "home")
    session = played(home, shelf, "invite", "explain")
    archive = Archive(home)
    path = archive.path(session)
    assert path is not None
    play = Play.again_from(archive, path, 2, None)
    clock.later(5)
    play.choose("promise")
    play.suspend()
    assert told(home, play.header.session) == ["taken over from another session", "took 5 s"]


@pytest.mark.parametrize(
    ("seconds", "words"), [(0, "0 s"), (60, "1 min"), (599, "9 min 59 s"), (3600, "1 h"), (7500, "2 h 5 min")]
)
def test_durations_are_written_for_people(seconds: int, words: str) -> None:
    """Seconds are left out where they say nothing any more."""
    assert duration(seconds) == words
