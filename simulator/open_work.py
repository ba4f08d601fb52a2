"""Open work as a hub lists it: what is due first comes first, then the rest, then what is settled."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from simulator.scenario import Scenario, Task, clock_text


class Standing(StrEnum):
    """How a task stands."""

    OPEN = "open"
    DONE = "done"
    MISSED = "missed"


Work = tuple[tuple[Task, Standing], ...]
"""The tasks that are there, in the author's order, and how each stands."""


def listed(scenario: Scenario, work: Work) -> str:
    """Return open work in lines, as it is told."""
    in_turn = sorted(work, key=lambda each: (_ORDER[each[1]], _due(scenario, each[0])))
    lines = [_line(scenario, task, standing) for task, standing in in_turn]
    return "\n".join(["Open work:" if any(standing is Standing.OPEN for _, standing in work) else "Work:", *lines])


def _line(scenario: Scenario, task: Task, standing: Standing) -> str:
    owned = task.owner and not names(scenario, task.owner, task.title)
    whose = f" ({scenario.called(task.owner)})" if owned else ""
    if standing is not Standing.OPEN:
        return f"- {standing}: {task.title}{whose}"
    due = _due(scenario, task)
    return f"- by {clock_text(due)}: {task.title}{whose}" if task.due else f"- {task.title}{whose}"


def names(scenario: Scenario, person: str, text: str) -> bool:
    """Whether a text says already whom it is about."""
    known = scenario.people[person]
    return any(name and name in text for name in (known.called, known.name, known.name.split()[-1]))


def _due(scenario: Scenario, task: Task) -> int:
    return scenario.clock.points[task.due] if scenario.clock is not None and task.due else _NEVER


def told(parts: Iterable[str]) -> str:
    """Put parts of what is told below each other, those that say something."""
    return "\n\n".join(part for part in parts if part)


_ORDER = {Standing.OPEN: 0, Standing.MISSED: 1, Standing.DONE: 2}
_NEVER = 1 << 20
