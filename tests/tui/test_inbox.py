"""The supervisor's inbox: what needs eyes first, found by keyboard, opened one after the other."""

from __future__ import annotations

import threading
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from textual.widgets import DataTable, Input

from simulator import chain
from simulator.archive import Archive
from simulator.index.store import Index
from simulator.index.updating import Updated
from simulator.review.writing import Reviewing
from simulator.settings import Home
from simulator.tui.app import CaseloadApp
from simulator.tui.cohort import CohortScreen
from simulator.tui.inbox import InboxScreen
from simulator.tui.library import LibraryScreen
from simulator.tui.pick import PickScreen
from simulator.tui.reviewing import ReviewScreen
from tests.journals import bodies_of, forged
from tests.tui.stage import BROKEN, KEPT, SIZES, Stage, begun, on_stage, played

COHORT = "cohort: spring\ntitle: Spring\npeople: [t-kim, t-other]\nassigned:\n  - {case: front-desk, due: 2026-01-02}\n"


def lines(stage: Stage) -> list[str]:
    """Return what is listed, a line each."""
    table = stage.screen.query_one(DataTable)
    return [" | ".join(str(cell) for cell in table.get_row_at(row)) for row in range(table.row_count)]


def told(stage: Stage, what: str) -> str:
    """Return what one of the lines above and below the list says."""
    return str(stage.screen.query_one(f"#inbox-{what}").text)  # type: ignore[attr-defined]


async def at_the_inbox(stage: Stage) -> None:
    """Open the inbox and wait until everything is there."""
    if isinstance(stage.screen, LibraryScreen):
        await stage.press("r")
    await stage.at(InboxScreen)


def signed_off(home: Home, session: str) -> None:
    """Sign a session off."""
    archive = Archive(home)
    path = archive.path(session)
    assert path is not None
    logged = archive.load(path)
    with Reviewing.open(home, logged, "s-sam") as reviewing:
        reviewing.sign_off(logged.recorded.reading.head)


@pytest.fixture
def several(home: Home, shelf: Path) -> dict[str, str]:
    """Return sessions of every kind, by what they are."""
    found = {
        "kept": played(home, shelf, *KEPT),
        "broken": played(home, shelf, *BROKEN, person="t-other"),
        "left": played(home, shelf, "invite"),
        "done": played(home, shelf, *KEPT),
    }
    signed_off(home, found["done"])
    return found


# -- the order ------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES)
async def test_criticals_stand_first(home: Home, several: dict[str, str], size: tuple[int, int]) -> None:
    """Then notes to rate, then what cannot be used; what is signed off or still played is not listed."""
    (home.journals / "20260101-000000-aaaaaa.jsonl").write_text("no journal\n", encoding="utf-8")
    async with on_stage(home, size, who="s-sam") as stage:
        await at_the_inbox(stage)
        found = lines(stage)
        assert [line.split(" | ")[0] for line in found] == ["critical", "to rate", "unreadable"]
        assert "t-other" in found[0]
        assert "!!" in found[0]
        assert "A promise is owed" in found[0]
        await stage.hears("1 critical · 1 to rate · 3 to review")
        assert "A promise is owed, 1 note to rate" in told(stage, "lit")
        await stage.press("ctrl+end")
        assert "no session's journal" in told(stage, "lit")
        await stage.press("enter")
        await stage.at(InboxScreen)
        await stage.press("q")
        await stage.at(LibraryScreen)


async def test_what_is_overdue_stands_where_it_belongs(home: Home, shelf: Path) -> None:
    """Whoever has not finished what is assigned stands behind notes to rate, and opening that line says what it is."""
    home.cohorts.mkdir()
    (home.cohorts / "spring.yaml").write_text(COHORT)
    played(home, shelf, *KEPT, purpose="assigned")
    async with on_stage(home, who="s-sam") as stage:
        await at_the_inbox(stage)
        assert [line.split(" | ")[0] for line in lines(stage)] == ["to rate", "overdue"]
        assert "t-other" in lines(stage)[1]
        await stage.press("down", "enter")
        await stage.sees("t-other should have finished", "and has not.")
        await stage.at(InboxScreen)


async def test_a_journal_that_was_rewritten_is_marked(home: Home, shelf: Path) -> None:
    """What contradicts its receipt says so in the list, and below it what that means."""
    session = played(home, shelf, *KEPT)
    async with on_stage(home, who="s-sam") as stage:
        await at_the_inbox(stage)
    path = home.journals / f"{session}.jsonl"
    bodies = bodies_of(path)
    bodies[-1] = {**bodies[-1], "text": "Another note."} if "text" in bodies[-1] else bodies[-1]
    for body in bodies:
        if body.get("event") == "wrote":
            body["text"] = "Another note."
    chain.texts_path(path).unlink()
    path.unlink()
    forged(path, bodies)
    async with on_stage(home, who="s-sam") as stage:
        await at_the_inbox(stage)
        assert lines(stage)[0].startswith("contradicted | ")
        assert "This is not what was first seen here" in told(stage, "lit")
        assert "`caseload verify` says where" in told(stage, "note")


# -- finding --------------------------------------------------------------------------------------


async def test_it_is_narrowed_down_by_keyboard(home: Home, several: dict[str, str]) -> None:
    """By person, case, dimension, time and state; x shows everything to review again."""
    async with on_stage(home, who="s-sam") as stage:
        await at_the_inbox(stage)
        assert len(lines(stage)) == 2
        await stage.press("p")
        await stage.at(PickScreen)
        await stage.type("other")
        await stage.press("enter")
        assert len(lines(stage)) == 1
        assert told(stage, "filters") == "to review · t-other · all cases · any time"
        await stage.press("p", "enter")
        assert len(lines(stage)) == 2
        await stage.press("c")
        await stage.type("small")
        await stage.press("enter")
        assert told(stage, "filters") == "to review · everybody · A small case · any time"
        await stage.press("d")
        assert told(stage, "filters").endswith(" · low on rapport · any time")
        assert len(lines(stage)) == 1
        await stage.press("t")
        assert told(stage, "filters").endswith(" · last 7 days")
        await stage.press("x")
        assert told(stage, "filters") == "to review · everybody · all cases · any time"
        assert len(lines(stage)) == 2
        for state, count in (("signed", 1), ("unfinished", 1), ("damaged", 0), ("everything", 4)):
            await stage.press("v")
            await stage.at(PickScreen)
            await stage.type(state)
            await stage.press("enter")
            await stage.at(InboxScreen)
            assert len(lines(stage)) == count, state
            assert ("Nothing was found. x shows" in told(stage, "note")) == (count == 0)


async def test_time_is_counted_in_days(home: Home, several: dict[str, str]) -> None:
    """What is older than the days that were asked for is not listed."""
    async with on_stage(home, who="s-sam") as stage:
        await at_the_inbox(stage)
        assert stage.app.desk is not None
        stage.app.desk.today = lambda: date(2099, 1, 1)
        await stage.press("t")
        assert lines(stage) == []
        await stage.press("t", "t", "t")
        assert len(lines(stage)) == 2


async def test_words_are_found_with_their_line(home: Home, shelf: Path) -> None:
    """What somebody wrote is found in any state, the line stands below its case; nothing found says so."""
    session = played(home, shelf, *KEPT[:-1], "write:First line.\nShe asked about the umbrella, twice.")
    signed_off(home, session)
    played(home, shelf, *BROKEN)
    async with on_stage(home, who="s-sam") as stage:
        await at_the_inbox(stage)
        await stage.press("slash")
        await stage.type("UMBRELLA")
        await stage.press("enter")
        (line,) = lines(stage)
        assert "A small case\nShe asked about the umbrella, twice." in line
        assert "First line" not in line
        assert told(stage, "filters") == "everything · everybody · all cases · any time · “UMBRELLA”"
        await stage.press("slash", "escape")
        assert stage.screen.query_one(Input).value == "UMBRELLA"
        await stage.press("slash")
        stage.screen.query_one(Input).value = "parasol"
        await stage.press("enter")
        await stage.sees("Nothing was found.")
        await stage.press("slash")
        stage.screen.query_one(Input).value = ""
        await stage.press("enter")
        assert told(stage, "filters").startswith("to review · ")
        assert not stage.screen.query_one(Input).display
        await stage.press("slash", "escape", "escape")
        await stage.at(LibraryScreen)


async def test_nothing_fits_what_was_typed(home: Home, several: dict[str, str]) -> None:
    """Where no name has what is typed, Enter picks nothing, and Escape leaves things as they were."""
    async with on_stage(home, (40, 12), who="s-sam") as stage:
        await at_the_inbox(stage)
        await stage.press("p")
        await stage.type("[/nobody]")
        await stage.sees("Nothing fits that.")
        await stage.press("enter", "down", "up")
        await stage.at(PickScreen)
        await stage.press("escape")
        await stage.at(InboxScreen)
        assert told(stage, "filters").startswith("to review · everybody")


# -- opening --------------------------------------------------------------------------------------


async def test_one_session_leads_to_the_next(home: Home, shelf: Path) -> None:
    """From the most urgent one goes on in the order of the list; what was signed off is gone from it afterwards."""
    first = played(home, shelf, *BROKEN)
    older, newer = (played(home, shelf, *KEPT) for _ in range(2))
    async with on_stage(home, who="s-sam") as stage:
        await at_the_inbox(stage)
        assert len(lines(stage)) == 3
        await stage.press("enter")
        await stage.at(ReviewScreen)
        assert stage.screen.logged.id == first  # type: ignore[attr-defined]
        await stage.press("s")
        await stage.hears("Signed off by Sam Super")
        await stage.press("right_square_bracket")
        await stage.until(lambda: stage.screen.logged.id == newer, "the next one")  # type: ignore[attr-defined]
        await stage.press("right_square_bracket")
        await stage.until(lambda: stage.screen.logged.id == older, "the last one")  # type: ignore[attr-defined]
        await stage.press("right_square_bracket")
        await stage.sees("That was the last one.")
        await stage.press("q")
        await stage.at(InboxScreen)
        await stage.until(lambda: len(lines(stage)) == 2, "the signed one is gone")


async def test_practice_opens_a_summary(home: Home, shelf: Path) -> None:
    """A practice attempt is not waited for; asked for, it opens as a summary, and going on passes it by."""
    played(home, shelf, "invite", "wait", "yes", purpose="practice")
    other = played(home, shelf, *KEPT)
    async with on_stage(home, who="s-sam") as stage:
        await at_the_inbox(stage)
        assert len(lines(stage)) == 1
        await stage.press("v")
        await stage.type("everything")
        await stage.press("enter")
        first, second = lines(stage)
        assert ("practice" in first, "practice" in second) == (False, True)
        await stage.press("down", "enter")
        await stage.at(ReviewScreen)
        await stage.hears("practice")
        assert "Give me a moment" not in stage.told
        await stage.press("right_square_bracket")
        await stage.sees("That was the last one.")
        await stage.press("q")
        await stage.press("up", "enter")
        await stage.at(ReviewScreen)
        assert stage.screen.logged.id == other  # type: ignore[attr-defined]
        await stage.press("right_square_bracket")
        await stage.sees("That was the last one.")


async def test_a_session_that_is_gone_by_now_is_told(home: Home, several: dict[str, str]) -> None:
    """Whoever opens what somebody has just deleted is told so, and the list is there still."""
    async with on_stage(home, who="s-sam") as stage:
        await at_the_inbox(stage)
        (home.journals / f"{several['broken']}.jsonl").unlink()
        await stage.press("enter")
        await stage.sees("That session is not here any more.")
        await stage.at(InboxScreen)


# -- what goes wrong ------------------------------------------------------------------------------


async def test_an_index_that_cannot_be_used_is_told(home: Home, several: dict[str, str]) -> None:
    """Where the index should lie something else does: the reason stands there, and every key is harmless."""
    home.index.mkdir()
    async with on_stage(home, who="s-sam") as stage:
        await at_the_inbox(stage)
        await stage.sees("The index cannot be used.")
        await stage.press("d", "t", "x", "u", "enter", "o", "p", "escape", "c", "escape", "slash")
        await stage.type("a")
        await stage.press("enter", "escape")
        await stage.at(LibraryScreen)


async def test_an_index_that_fills_elsewhere_is_looked_at_again(
    home: Home, several: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """While another program brings it up to date that is told; when it is done the list is there by itself."""
    update, times = Index.update, 0

    def busy(self: Index, *given: Any, **more: Any) -> Updated:
        nonlocal times
        times += 1
        if times == 1:
            return Updated(busy=True, notices=("Another program is bringing the index up to date just now.",))
        return update(self, *given, **more)

    monkeypatch.setattr(Index, "update", busy)
    async with on_stage(home, who="s-sam") as stage:
        await at_the_inbox(stage)
        await stage.sees("Another program is bringing the index up to date")
        await stage.until(lambda: len(lines(stage)) == 2, "the list")


async def test_one_can_leave_while_the_index_is_being_filled(
    home: Home, several: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Leaving stops it; whoever comes back finds everything."""
    reads, goes_on = threading.Event(), threading.Event()
    update = Index.update

    def slowly(self: Index, *given: Any, **more: Any) -> Updated:
        reads.set()
        goes_on.wait(30)
        return update(self, *given, **more)

    monkeypatch.setattr(Index, "update", slowly)
    async with on_stage(home, who="s-sam") as stage:
        stage.app.post_message(_pressed("r"))
        await stage.until(reads.is_set, "being filled")
        stage.app.post_message(_pressed("q"))
        await stage.until(lambda: isinstance(stage.screen, LibraryScreen), "left")
        goes_on.set()
        await stage.settle()
        monkeypatch.setattr(Index, "update", update)
        await stage.press("r")
        await stage.at(InboxScreen)
        await stage.until(lambda: len(lines(stage)) == 2, "the list")


def _pressed(key: str) -> Any:
    from tests.tui.stage import key_event

    return key_event(key)


async def test_from_the_inbox_one_comes_to_the_cohort_and_back(home: Home, several: dict[str, str]) -> None:
    """o opens what the cohort shows."""
    async with on_stage(home, (40, 12), who="s-sam") as stage:
        await at_the_inbox(stage)
        await stage.press("o")
        await stage.at(CohortScreen)
        await stage.press("q")
        await stage.at(InboxScreen)
        await stage.press("q")
        await stage.at(LibraryScreen)


async def test_a_long_list_is_leafed_through(home: Home, shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The list shows so many lines at once; brackets show those behind them and those before."""
    monkeypatch.setattr("simulator.tui.inbox.PAGE", 2)
    for _ in range(3):
        begun(home, shelf, *KEPT).close()
    async with on_stage(home, who="s-sam") as stage:
        await at_the_inbox(stage)
        assert len(lines(stage)) == 2
        assert "There are more: ] shows them." in told(stage, "note")
        await stage.press("right_square_bracket")
        assert len(lines(stage)) == 1
        await stage.press("right_square_bracket")
        assert len(lines(stage)) == 1
        await stage.press("left_square_bracket", "left_square_bracket")
        assert len(lines(stage)) == 2
        assert isinstance(stage.app, CaseloadApp)
