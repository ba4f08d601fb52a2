"""Lending the terminal to a program of the author's own, and having it back whatever becomes of that program.

An editor may be misspelled, end with an error, or be interrupted from the keyboard. None of it may leave the author
before an empty screen, or end the desk that waits behind it.
"""

from __future__ import annotations

import signal
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from simulator.text import one_line

if TYPE_CHECKING:
    from textual.app import App


def lend(app: App[Any], command: Sequence[str]) -> str:
    """Let a program have the terminal until it ends. Return what is to be told about that; empty if all went well.

    Raises:
        SuspendNotSupported: this terminal cannot be lent.
    """
    name = one_line(command[0], 200)
    # What is raised while the terminal is lent would keep it from coming back.
    told = ""
    with app.suspend(), _keys_are_the_programs():
        try:
            code = subprocess.run(command, check=False).returncode
        except (OSError, ValueError) as error:
            told = f"{name} cannot be started: {getattr(error, 'strerror', None) or error}"
        else:
            if code:
                told = f"{name} ended with an error ({code}). If it did not open, look at VISUAL and EDITOR."
    return told


@contextmanager
def _keys_are_the_programs() -> Iterator[None]:
    """Leave Ctrl+C to the program: the system sends it to whoever waits for that as well."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    # A function, not SIG_IGN: what is ignored here would be ignored there.
    before = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
