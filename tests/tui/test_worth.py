"""What two attempts were worth, in the app's comparison."""

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
from simulator.tui.comparison import WORKING, ComparisonScreen
from tests.attempts import ticking
from tests.tui.stage import BROKEN, KEPT, SIZES, Stage, on_stage, played

Solve = Callable[[Play | Logged, Callable[[], bool]], Foreseen | None]


@pytest.fixture(autouse=True)
def minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    ticking(monkeypatch)


def explored(play: Play | Logged, _stopped: Callable[[], bool]) -> Foreseen:
    return Foreseen(Exploration(play.session.scenario, play.rubric))


async def to_the_comparison(stage: Stage, solve: Solve) -> None:
    """From the library to the last two attempts."""
    assert stage.app.desk is not None
    stage.app.desk.solve = solve
    await stage.press("g")
    await stage.hears("First attempts count.")
    # No waiting until all is quiet: somebody may be working it out all the while.
    stage.app.simulate_key("b")
    await stage.until(lambda: isinstance(stage.screen, ComparisonScreen), "at the comparison")


@pytest.mark.parametrize("size", SIZES)
async def test_each_attempt_says_what_it_came_to(home: Home, shelf: Path, size: tuple[int, int]) -> None:
    """Beside each other, with what the numbers mean; another pair has its own."""
    for way in (BROKEN, KEPT, BROKEN):
        played(home, shelf, *way)
    async with on_stage(home, size) as stage:
        await to_the_comparison(stage, explored)
        await stage.hears("0 is the worst and 100 the best", "rapport 0, organization", "ethics critical")
        told = stage.told
        assert WORKING not in told
        assert told.index("rapport 100") < told.index("rapport 0,")
        await stage.press("o")
        await stage.hears("0 is the worst and 100 the best")
        told = stage.told
        assert told.index("rapport 0,") < told.index("rapport 100")


async def test_until_then_it_says_that_it_works_it_out(home: Home, shelf: Path) -> None:
    """Decisions are there at once; who leaves is not waited for."""
    played(home, shelf, *BROKEN)
    played(home, shelf, *KEPT)
    go_on = Event()

    def solve(play: Play | Logged, stopped: Callable[[], bool]) -> Foreseen | None:
        while not go_on.wait(0.01):
            if stopped():
                return None
        return explored(play, stopped)

    async with on_stage(home) as stage:
        await to_the_comparison(stage, solve)
        await stage.hears(WORKING, "Here they part")
        go_on.set()
        await stage.hears("rapport 0, organization")
        assert WORKING not in stage.told


async def test_what_is_not_proven_is_said_so(home: Home, shelf: Path) -> None:
    """There is no number then, and a critical stays one."""
    played(home, shelf, *BROKEN)
    played(home, shelf, *KEPT)
    async with on_stage(home) as stage:
        await to_the_comparison(stage, lambda _play, _stopped: Foreseen(NotProven("Too many states.")))
        await stage.hears(
            "rapport not proven, organization not proven, ethics critical", "A and B:", "Too many states."
        )
