"""The real program on a terminal of its own, with every byte that it sends there."""

from __future__ import annotations

import os
import re
import select
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.journals import environment

if sys.platform != "win32":
    import fcntl
    import pty
    import termios

PATIENCE = 60.0
"""Seconds after which a test gives up on the program; far longer than it ever takes."""
SEQUENCE = re.compile(
    r"\x1b(?:\[(?P<private>[<-?]?)[0-9;:$]*(?P<final>[ -/]*[@-~])"  # CSI
    r"|\](?P<osc>[0-9]+)[^\x07\x1b]*(?:\x07|\x1b\\)"  # OSC
    r"|[P_^X](?P<string>[^\x1b]{0,200})\x1b\\"  # DCS, APC, PM, SOS
    r"|(?P<short>[()#][0-9A-Z]|[0-9=>DEHMNOZc]))"
)


@dataclass
class Terminal:
    """A running program, and what it has sent so far."""

    process: subprocess.Popen[bytes]
    master: int
    sent: bytearray = field(default_factory=bytearray)
    looked_from: int = 0
    """Where `sees` looks from: what was there before does not count."""

    def take_in(self, seconds: float = 0.02) -> bool:
        """Read what the program has sent; return whether it can still send something."""
        ready, _, _ = select.select([self.master], [], [], seconds)
        if not ready:
            return self.process.poll() is None
        try:
            data = os.read(self.master, 1 << 16)
        except OSError:
            return False
        self.sent += data
        return bool(data)

    @property
    def text(self) -> str:
        """What has been written since the last step, without the sequences that steer a terminal."""
        return shown(bytes(self.sent[self.looked_from :]))

    def until(self, holds: Callable[[], bool], what: str) -> None:
        """Wait until something is so."""
        end = time.monotonic() + PATIENCE
        while not holds():
            alive = self.take_in()
            if (not alive and not holds()) or time.monotonic() > end:
                raise AssertionError(f"not so: {what}\n{self.text[-3000:]!r}\nexit: {self.process.poll()}")

    def sees(self, *words: str) -> None:
        """Wait until words have been painted since the last step."""
        self.until(lambda: all(word in self.text for word in words), f"painted: {words}")

    def send(self, *keys: str) -> None:
        """Send keys, as a terminal does. After Escape, wait for what it does: else it begins the next key."""
        self.looked_from = len(self.sent)
        for key in keys:
            os.write(self.master, KEYS.get(key, key).encode())

    def insist(self, key: str, *words: str) -> None:
        """Send a key until words are painted: what it acts on may still be loading."""
        for _ in range(30):
            self.send(key)
            self.rest(1.0)
            if all(word in self.text for word in words):
                return
        self.sees(*words)

    def paste(self, text: str) -> None:
        """Paste, as a terminal does that marks what is pasted."""
        self.send(f"\x1b[200~{text}\x1b[201~")

    def rest(self, seconds: float) -> None:
        """Take in what comes for a while."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0 and self.take_in(min(left, 0.02)):
            pass

    def ends(self) -> int:
        """Wait for the program to end by itself and return its exit code."""
        end = time.monotonic() + PATIENCE
        while self.process.poll() is None:
            self.take_in()
            assert time.monotonic() < end, f"it does not end\n{self.text[-2000:]!r}"
        while self.take_in(0.05) and len(self.sent) < 1 << 26:
            pass
        return self.process.returncode

    def kill(self, by: signal.Signals) -> int:
        """Send a signal and wait for the end."""
        self.process.send_signal(by)
        return self.ends()


KEYS = {
    "enter": "\r",
    "escape": "\x1b",
    "up": "\x1b[A",
    "down": "\x1b[B",
    "tab": "\t",
    "ctrl+q": "\x11",
    "ctrl+p": "\x10",
}


def shown(sent: bytes) -> str:
    """Return what a terminal would show of some bytes, in the order in which it was written."""
    return SEQUENCE.sub("", sent.decode("utf-8", "replace"))


@contextmanager
def on_terminal(home: Path, *arguments: str, size: tuple[int, int] = (80, 24)) -> Iterator[Terminal]:
    """Run `caseload` on a terminal; whatever is left of it at the end is killed."""
    master, slave = pty.openpty()
    width, height = size
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))
    around = {
        name: value
        for name, value in environment(home).items()
        if not name.startswith(("TEXTUAL", "NO_COLOR", "COLUMNS", "LINES"))
    }
    around |= {"TERM": "xterm-256color", "COLORTERM": "truecolor", "TEXTUAL_ANIMATIONS": "none", "LC_ALL": "C.UTF-8"}
    process = subprocess.Popen(
        [sys.executable, "-m", "simulator", *arguments],
        stdin=slave,
        stdout=slave,
        stderr=slave,
        cwd=home.parent,
        env=around,
        start_new_session=True,
    )
    os.close(slave)
    terminal = Terminal(process, master)
    try:
        yield terminal
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        os.close(master)
