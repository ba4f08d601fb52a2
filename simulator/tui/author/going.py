"""Going somewhere in a text by typing a part of its name, or the number of a line."""

from __future__ import annotations

from collections.abc import Sequence

from simulator.text import folded
from simulator.tui.author.asking import TypesAhead
from simulator.tui.pick import PickScreen

_FITS_NOT = 9


class GoToScreen(TypesAhead, PickScreen):
    """Pick an entry by a part of its name, or a line by its number."""

    # Relative to this file, and not to that of the class above.
    CSS_PATH = "../pick.tcss"

    def __init__(self, title: str, options: Sequence[tuple[str, str]], lines: int) -> None:
        super().__init__(title, options)
        self._named = options
        self._lines = lines

    def on_mount(self) -> None:
        """Show everything, and take what was typed already."""
        super().on_mount()
        self.type_ahead()

    def _fill(self, typed: str) -> None:
        number = typed.strip()
        line = number.isascii() and number.isdecimal() and len(number) < 8 and 1 <= int(number) <= self._lines
        # The keys are numbers of their own, which nobody types.
        self._options = [(f"line {number}", f"line {number}")] if line else self._named
        part = folded(typed)
        if not line and part:
            # What is called so comes before what only says so.
            found = [(_fits(part, folded(each[1])), each) for each in self._named]
            self._options = [each for rank, each in sorted(found, key=lambda pair: pair[0]) if rank < _FITS_NOT]
        super()._fill(number if line else "")


def _fits(part: str, told: str) -> int:
    """Return how well something fits what was typed; the less, the better."""
    name = told.partition(" ")[0]
    ways = (name == part, name.startswith(part), f"/{part}" in name, part in name, part in told)
    return next((rank for rank, fits in enumerate(ways) if fits), _FITS_NOT)
