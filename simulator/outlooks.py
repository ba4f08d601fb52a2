"""What lies ahead of every state of a case, once it has been explored: what debriefs and reports look things up in.

Exploring takes seconds, looking up nothing; so this is what is kept of it, as JSON, and found again.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from typing import Any

from simulator.control import ControlGraph
from simulator.future import Futures, Outlook
from simulator.liveness import Liveness, Reductions
from simulator.machine import Machine, machine_of
from simulator.scenario import Scenario
from simulator.session import Session
from simulator.state import State


class Outlooks:
    """The future of every state."""

    def __init__(self, scenario: Scenario, made: Reductions) -> None:
        """Prepare for a case; nothing is known yet."""
        self.scenario = scenario
        self.machine: Machine = machine_of(scenario)
        self.graph = ControlGraph(self.machine)
        if made.doors:
            self.graph.split(Liveness(self.graph, made).flags)
        self.live = Liveness(self.graph, made)
        self.known: list[dict[int, int]] = [{} for _ in self.graph.nodes]
        """The number of every state, by control node and what matters of its bits."""
        self.future = array("I")
        """The number of the future of each state."""
        self.futures = Futures(self.live.last_minute)
        self._in_sets = made.clock and scenario.clock is not None

    @property
    def states(self) -> int:
        """How many states there are, of those that differ in what matters."""
        return sum(map(len, self.known))

    def find(self, state: State) -> tuple[int, int] | None:
        """Return the number of a session's state, and its minute; None for one that cannot be reached."""
        at = self.graph.number[state.at].get(state.bits & self.graph.doors[state.at])
        if at is None:
            return None
        minute = min(state.bits >> self.live.minutes, self.live.last_minute) if self.live.timed[at] else 0
        low = self.live.low(at, state.bits)
        if not self._in_sets:
            low |= minute << self.live.minutes
        number = self.known[at].get(low)
        return None if number is None else (number, minute)

    def ahead_of(self, state: State) -> Outlook | None:
        """Return what lies ahead of a state; None where no ending can be reached."""
        found = self.find(state)
        if found is None:
            return None
        number, minute = found
        return self.futures.outlooks[self.futures.outlook_number(self.future[number], minute)]

    def ahead(self, session: Session) -> Outlook | None:
        """Return what lies ahead of a moment of a session; None where no ending can be reached."""
        return self.ahead_of(session.state)

    # -- kept ---------------------------------------------------------------------------------

    def as_json(self) -> Mapping[str, Any]:
        """Return everything that is known."""
        return {
            "known": [list(known) for known in self.known],
            "future": [[self.future[number] for number in known.values()] for known in self.known],
            "rows": self.futures.rows,
            "outlooks": self.futures.outlooks,
        }

    @classmethod
    def of_json(cls, scenario: Scenario, kept: Mapping[str, Any]) -> Outlooks:
        """Return what was kept of a case.

        Raises:
            ValueError: it is not what `as_json` gives for this case.
        """
        found = cls(scenario, Reductions())
        try:
            if len(kept["known"]) != len(found.known):
                raise ValueError("kept of another case")
            for at, (bits, futures) in enumerate(zip(kept["known"], kept["future"], strict=True)):
                first = len(found.future)
                found.known[at] = {int(each): first + number for number, each in enumerate(bits)}
                found.future.extend(futures)
            found.futures.rows = [tuple((int(minute), int(each)) for minute, each in row) for row in kept["rows"]]
            found.futures.outlooks = [
                None if each is None else Outlook(tuple(each[0]), tuple(each[1]), int(each[2]), int(each[3]))
                for each in kept["outlooks"]
            ]
            most = len(found.futures.outlooks)
            if any(number >= len(found.futures.rows) for number in found.future) or any(
                not row or row[0][0] or any(not 0 <= each < most for _, each in row) for row in found.futures.rows
            ):
                raise ValueError("kept in pieces")
        except (KeyError, TypeError, IndexError, OverflowError) as error:
            raise ValueError(str(error)) from error
        return found
