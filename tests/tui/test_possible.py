"""The debrief and what the case made possible: worked out in the background, and told where it belongs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Event

import pytest

from simulator.archive import Logged
from simulator.explore import Exploration
from simulator.hindsight import Foreseen, NotProven
from simulator.play import Play
from simulator.settings import Home
from simulator.tui.courses import WORKING
from simulator.tui.debrief import DebriefScreen
from simulator.tui.library import LibraryScreen
from simulator.tui.moment import MomentBlock
from tests.cases import written
from tests.tui.stage import BROKEN, SIZES, Stage, key_event, on_stage, played

Solve = Callable[[Play | Logged, Callable[[], bool]], Foreseen | None]


def explored(play: Play | Logged, _stopped: Callable[[], bool]) -> Foreseen:
    return Foreseen(Exploration(play.session.scenario, play.rubric))


async def to_the_debrief(stage: Stage, solve: Solve) -> None:
    """From the last note into the debrief of a session on which a promise was made."""
    assert stage.app.desk is not None
    stage.app.desk.solve = solve
    await stage.hand_in("Promised it.")
    # No waiting until all is quiet: somebody may be working it out all the while.
    stage.app.post_message(key_event("1"))
    await stage.until(lambda: isinstance(stage.screen, DebriefScreen), "at the debrief")


def block(stage: Stage, number: int) -> MomentBlock:
    return next(each for each in stage.screen.query(MomentBlock) if each.moment.number == number)


@pytest.mark.parametrize("size", SIZES)
async def test_results_and_costs_are_told_when_they_are_known(home: Home, shelf: Path, size: tuple[int, int]) -> None:
    """Each dimension with its result, each decision with its label and what would have kept the best."""
    session = played(home, shelf, *BROKEN[:2])
    async with on_stage(home, size, resume=session) as stage:
        await to_the_debrief(stage, explored)
        await stage.hears("0 is the worst and 100 the best that this case makes possible")
        await stage.settle()
        assert WORKING not in stage.told
        assert "rapport       0" in stage.told
        assert "ethics        critical" in stage.told
        # Forty columns have no room for rows.
        assert ("worst ▁" in stage.told) == (size[0] >= 80)
        await stage.hears("serious: critical, cost rapport 6, ethics 3", "would have kept it:\n- “I can")


async def test_until_then_it_says_that_it_works_it_out(home: Home, shelf: Path) -> None:
    """What was seen is there at once; keys work meanwhile, and what is lit stays lit."""
    go_on = Event()

    def solve(play: Play | Logged, stopped: Callable[[], bool]) -> Foreseen:
        assert go_on.wait(30)
        return explored(play, stopped)

    session = played(home, shelf, *BROKEN[:2])
    async with on_stage(home, resume=session) as stage:
        await to_the_debrief(stage, solve)
        await stage.hears(WORKING, "Limits (rapport): harmful", "rapport       1 harmful")
        assert "serious" not in stage.told
        stage.app.post_message(key_event("down"))
        await stage.until(lambda: stage.app.focused is block(stage, 2), "the second decision is lit")
        go_on.set()
        await stage.hears("0 is the worst and 100 the best that this case makes possible")
        await stage.settle()
        assert stage.app.focused is block(stage, 2)


async def test_leaving_does_not_wait_for_it(home: Home, shelf: Path) -> None:
    """Who works it out is told that nobody waits any more."""
    was_told = Event()

    def solve(_play: Play | Logged, stopped: Callable[[], bool]) -> Foreseen | None:
        for _ in range(1000):
            if stopped():
                was_told.set()
                break
            was_told.wait(0.01)
        return None

    session = played(home, shelf, *BROKEN[:2])
    async with on_stage(home, resume=session) as stage:
        await to_the_debrief(stage, solve)
        await stage.hears(WORKING)
        stage.app.post_message(key_event("q"))
        await stage.until(was_told.is_set, "told to stop")
        await stage.at(LibraryScreen)


async def test_what_is_not_proven_is_said_so(home: Home, shelf: Path) -> None:
    """There is no number and no label then."""
    session = played(home, shelf, *BROKEN[:2])
    async with on_stage(home, resume=session) as stage:
        await to_the_debrief(stage, lambda _play, _stopped: Foreseen(NotProven("Too many states.")))
        await stage.hears("not proven. Too many states.", "rapport       1 harmful")
        assert "serious" not in stage.told


LATE = written(
    """
    first:
      text: The file lies there.
      offers: [documents]
      responses:
        invite: {do: Ask her in., next: second}
        wait: {do: Wait., marks: {organization.preparation: poor}, next: second}
    second:
      text: She sits down.
      responses:
        begin:
          do: Begin.
          marks: [{when: before(due), give: {organization.preparation: best}},
            {give: {organization.preparation: poor}}]
          next: end
    """,
    documents="{letter: {title: A letter, minutes: 20, text: No.}}",
    clock='{start: "10:00", points: {due: "10:10"}}',
)
"""A case in which reading makes one late."""


async def test_what_cost_something_without_a_mark_is_told_as_well(home: Home, shelf: Path) -> None:
    """A document that made one late has its place among the decisions, with what it cost."""
    for path in shelf.glob("*.yaml"):
        path.unlink()
    (shelf / "late.yaml").write_text(LATE, encoding="utf-8")
    session = played(home, shelf, "read:letter", "invite")
    async with on_stage(home, resume=session) as stage:
        assert stage.app.desk is not None
        stage.app.desk.solve = explored
        await stage.pick("Begin.")
        await stage.sees("Go on to the debrief.")
        await stage.press("1")
        await stage.at(DebriefScreen)
        await stage.hears("Read: A letter", "mistake: cost organization 3", "would have kept it:")
        assert [each.moment.number for each in stage.screen.query(MomentBlock)] == [1, 2, 3]
