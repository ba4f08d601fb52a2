"""Colors for somebody who reads problems at a terminal; nobody else gets any."""

from __future__ import annotations

import os
import sys

from simulator.problem import Paint
from simulator.text import clean

_LOOKS = {
    "error": "1;31",
    "warning": "1;33",
    "advice": "1;36",
    "place": "1",
    "margin": "2",
}
"""What a terminal is told, by the part of a problem."""


def painter() -> Paint:
    """Return what paints for the terminal at hand, or what leaves text as it is.

    Whatever is painted is cleaned first: names of files, too, may hold what a terminal would obey.
    """
    return _in_color if _wants_color() else _plainly


def _wants_color() -> bool:
    """Whether this is a terminal that shows colors, and nobody has asked for none (https://no-color.org)."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb" or not sys.stdout.isatty():
        return False
    # An older console on Windows would show the codes themselves.
    return sys.platform != "win32" or bool(os.environ.get("WT_SESSION") or os.environ.get("TERM"))


def _plainly(_: str, text: str) -> str:
    return clean(text)


def _in_color(part: str, text: str) -> str:
    looks = _LOOKS.get(part)
    return f"\x1b[{looks}m{clean(text)}\x1b[0m" if looks else clean(text)
