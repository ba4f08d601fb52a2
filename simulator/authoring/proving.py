"""What playing a case in every way proves, found out by a process of its own.

Exploring takes seconds and all of a processor. In a thread it would slow down every key that the author presses, and
hold the app open when it closes; a process can be ended at once, as soon as the text it works on is out of date.

The process is this module: it reads one request from its standard input and answers on its standard output, both
pickled. Nobody else's data comes that way: the text of the case is a string among others.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from simulator.check import check_scenario
from simulator.loader import rubric_from
from simulator.outlooks import Outlooks
from simulator.problem import Problem
from simulator.scenario import Scenario
from simulator.source import LARGEST, Source, from_text

SECONDS = 30.0
"""How long playing a case in every way may take."""


@dataclass(frozen=True, slots=True)
class Proven:
    """What was found out about one text."""

    problems: tuple[Problem, ...]
    """Everything that `check` says: what loading says, and what was proven, from the top of the file down."""
    finished: bool
    """Whether the case was explored to its last state."""
    _ahead: Mapping[str, Any] | None = None

    def outlooks(self, scenario: Scenario) -> Outlooks | None:
        """Return what lies ahead of every moment of the case that was made of this text; None if nobody knows.

        This takes a moment for a large case.
        """
        if self._ahead is None:
            return None
        try:
            return Outlooks.of_json(scenario, self._ahead)
        except ValueError:
            return None


class Proving:
    """One text, being proven. Make one for each version; cancel it as soon as there is a later one."""

    def __init__(self, source: Source, rubric: Source, limit: int = LARGEST, *, seconds: float = SECONDS) -> None:
        """Begin.

        Raises:
            OSError: no process can be started.
        """
        self._request = (source, rubric.text, limit, seconds)
        house = str(Path(__file__).parent.parent.parent)
        paths = [house, *filter(None, [os.environ.get("PYTHONPATH")])]
        self._process = subprocess.Popen(
            # Modules that lie in the author's folder are nobody's.
            [sys.executable, "-P", "-m", __name__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
            # Else a console window would open on Windows.
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            # Ctrl+C is for the app.
            start_new_session=sys.platform != "win32",
        )

    def result(self) -> Proven | None:
        """Wait for what is found out: call it once, in a thread. None: it was cancelled, or came to grief."""
        incoming, outgoing = self._process.stdin, self._process.stdout
        assert incoming is not None  # noqa: S101 - both are pipes
        assert outgoing is not None  # noqa: S101
        try:
            with suppress(OSError, ValueError):
                pickle.dump(self._request, incoming)
                incoming.close()
            found = _answer(outgoing)
        finally:
            self.cancel()
            for pipe in (incoming, outgoing):
                with suppress(OSError, ValueError):
                    pipe.close()
            self._process.wait()
        return found

    def cancel(self) -> None:
        """End it; nothing more is found out. This may be called at any time, from any thread, and again."""
        with suppress(OSError):
            self._process.kill()


def _answer(pipe: IO[bytes]) -> Proven | None:
    try:
        found = pickle.load(pipe)  # noqa: S301 - from a process that we started, of our own values
    except (OSError, ValueError, EOFError, pickle.UnpicklingError, AttributeError, IndexError, ImportError):
        # It was ended before it was done, or in the middle of its answer.
        return None
    return found if isinstance(found, Proven) else None


def main() -> None:
    """Answer one request."""
    with suppress(AttributeError, OSError):
        # Whoever types is served first.
        os.nice(5)
    source, rubric_text, limit, seconds = pickle.load(sys.stdin.buffer)  # noqa: S301 - from whoever started this process
    rubric = rubric_from(from_text(rubric_text, "rubric")).value
    assert rubric is not None  # noqa: S101 - whoever asks works with it
    checked = check_scenario(source, rubric, limit, solve=seconds)
    explored = checked.exploration
    # Not the `Proven` of `__main__`, which is what this module is called in its own process.
    from simulator.authoring import proving

    found = proving.Proven(checked.problems, explored is not None, None if explored is None else explored.as_json())
    pickle.dump(found, sys.stdout.buffer)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
