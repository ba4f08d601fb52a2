"""Draw the picture in the README: the real app, at the moment the first case is named after.

python tests/picture.py          # writes .github/meeting.svg
"""

from __future__ import annotations

import asyncio
import re
import tempfile
from pathlib import Path

from textual.pilot import Pilot

from simulator import people
from simulator.settings import Home, Settings, remember
from simulator.tui.app import CaseloadApp
from simulator.tui.meeting import MeetingScreen

PICTURE = Path(__file__).parent.parent / ".github" / "meeting.svg"
SCENE = "request"
DOCUMENTS = 2


async def draw() -> None:
    """Read two papers, take the first response until she asks, and export what the screen shows."""
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder))
        player = people.add(home.people, "Dana Lopez", people.Role.TRAINEE)
        remember(home, person=player.id)
        app = CaseloadApp(home, Settings(), scenario="new-case-manager", seed=11)
        async with app.run_test(size=(108, 30)) as pilot:
            await _settle(app, pilot)
            await pilot.press("enter")
            await _settle(app, pilot)
            await _play(app, pilot)
            picture = app.export_screenshot(title="Caseload")
            # Whoever looks at a README should not have to fetch a font from somewhere.
            PICTURE.write_text(re.sub(r"@font-face\s*{.*?}\s*", "", picture, flags=re.DOTALL), encoding="utf-8")


async def _play(app: CaseloadApp, pilot: Pilot[int]) -> None:
    while isinstance(app.screen, MeetingScreen):
        session = app.screen.play.session
        if session.scene is None or session.scene.id == SCENE:
            return
        if session.unread and len(session.documents) < DOCUMENTS:
            await pilot.press("d", str(len(session.documents) + 1))
            await _settle(app, pilot)
            await pilot.press("escape")
        else:
            await pilot.press("1")
        await _settle(app, pilot)


async def _settle(app: CaseloadApp, pilot: Pilot[int]) -> None:
    for _ in range(3):
        await app.workers.wait_for_complete()
        await pilot.pause()


if __name__ == "__main__":
    asyncio.run(draw())
