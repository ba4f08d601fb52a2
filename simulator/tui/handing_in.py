"""Handing in from the app: beside everything else, never in anybody's way.

A share that does not answer holds whoever asks it until the system gives up, and the app's own workers have to
end before it does. So this has a thread of its own that ends with the process, whatever it is doing then: the
next try does the rest.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from simulator.settings import Home

Tell = Callable[[str], object]


class HandingIn:
    """Hands in what is not handed in yet, whenever it is asked to; one at a time."""

    def __init__(self, where: Home, folder: Path | None, tell: Tell) -> None:
        """`tell` shows a sentence, and is called from another thread."""
        self._where = where
        self._folder = folder
        self._tell = tell
        self._turn = threading.Lock()
        self._working = False
        self._once_more = False
        self._told = False
        """Whether it has been said that the folder is away: once is enough."""

    def soon(self) -> None:
        """Hand in as soon as that can be done; returns at once."""
        if self._folder is None:
            return
        with self._turn:
            self._once_more = self._working
            if self._working:
                return
            self._working = True
        threading.Thread(target=self._work, args=(self._folder,), name="handing in", daemon=True).start()

    def _work(self, folder: Path) -> None:
        while True:
            try:
                self._once(folder)
            finally:
                with self._turn:
                    again, self._once_more = self._once_more, False
                    self._working = again
            if not again:
                return

    def _once(self, folder: Path) -> None:
        from simulator.sharing.handing_in import hand_in
        from simulator.wording import counted

        done = hand_in(self._where, folder)
        if done.away and not self._told:
            self._told = True
            self._say(f"{done.away} Everything is saved here, and will be handed in later.")
        elif done.reviewed:
            self._say(f"Reviewers said something about {counted(len(set(done.reviewed)), 'session')} of yours.")

    def _say(self, message: str) -> None:
        # The app may be gone by now; then nobody needs to know.
        with suppress(RuntimeError):
            self._tell(message)
