"""What is said of a box and of an arrow, in the same words in every picture."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from scoring.rubric import DIMENSIONS
from simulator.drawing.graph import Arrow, Box, Graph, Kind
from simulator.drawing.stakes import Prospect, Stakes
from simulator.drawing.trouble import ELSEWHERE, WORST_FIRST, Troubles
from simulator.problem import Problem, Severity
from simulator.wording import counted

_DIMENSIONS = f"{', '.join(DIMENSIONS[:-1])} and {DIMENSIONS[-1]}"
STAKE = (
    "“At stake” is the most points that can be lost by a decision there on one dimension, against the best that was "
    "still to be had."
)
AT_MOST = f"“At most” is how much of the range of {_DIMENSIONS} a play that ends so can have, in per cent."
NOBODY = "nobody comes here"


@dataclass(frozen=True, slots=True)
class Drawing:
    """A case with everything that is known of it."""

    graph: Graph
    stakes: Stakes | None = None
    """None: it was not explored."""
    why_not: str = ""
    """Why it was not."""
    troubles: Troubles = field(default_factory=dict)

    @property
    def heading(self) -> str:
        """Say which case it is, and how large."""
        boxes = self.graph.boxes.values()
        scenes = sum(box.kind is not Kind.ENDING for box in boxes)
        scenario = self.graph.scenario
        size = f"{counted(scenes, 'scene')}, {counted(len(boxes) - scenes, 'ending')}"
        return f"{scenario.id} {scenario.version} · {size}"

    @property
    def not_explored(self) -> str:
        """Say that it was not explored, and why; empty if it was."""
        return "" if self.stakes else f"Not explored: {self.why_not}" if self.why_not else "Not explored."

    @property
    def most(self) -> int:
        """The most points that are at stake anywhere."""
        return max((each.points for each in self.stakes.arrows.values()), default=0) if self.stakes else 0

    def points(self, arrow: Arrow) -> int:
        """Return the points that are at stake along an arrow; 0 where nobody knows."""
        stake = self.stakes.arrows.get((arrow.source, arrow.target)) if self.stakes else None
        return stake.points if stake else 0

    def raises(self, arrow: Arrow) -> tuple[str, ...]:
        """Return the criticals that can be raised along an arrow."""
        stake = self.stakes.arrows.get((arrow.source, arrow.target)) if self.stakes else None
        return tuple(sorted(stake.criticals)) if stake else ()

    def taken(self, arrow: Arrow) -> bool:
        """Whether somebody can go along an arrow, as far as is known."""
        return self.stakes is None or (arrow.source, arrow.target) in self.stakes.arrows

    def prospect(self, box: Box) -> Prospect | None:
        """Return how well an ending can go, where that is known."""
        return self.stakes.endings.get(box.id) if self.stakes else None

    def met(self, box: Box) -> bool:
        """Whether somebody can come to a box, as far as is known."""
        if self.stakes is None or box.id == self.graph.start:
            return True
        return box.id in self.stakes.scenes or any(to == box.id for _, to in self.stakes.arrows)

    def at_stake(self, box: Box) -> str:
        """Say what hangs on a scene; empty where that is nothing, or nobody knows."""
        stake = self.stakes.scenes.get(box.id) if self.stakes else None
        if stake is None:
            return ""
        said = [f"at stake: {stake.points}"] if stake.points else []
        said += ["critical"] if stake.criticals else []
        return " · ".join(said)

    def worst(self, name: str) -> Severity | None:
        """Return the worst severity of the problems of a box; None if it has none."""
        return self.troubles[name][0].severity if self.troubles.get(name) else None

    def trouble(self, name: str) -> str:
        """Count the problems of a box: `1 error, 2 warnings`; empty if it has none."""
        return _count(self.troubles.get(name, ()))

    @property
    def elsewhere(self) -> str:
        """Count the problems that are about no scene and no ending."""
        return self.trouble(ELSEWHERE)


def _count(problems: tuple[Problem, ...]) -> str:
    severities = [problem.severity for problem in problems]
    counts = {severity: severities.count(severity) for severity in WORST_FIRST}
    words = {Severity.ERROR: ("error", "errors"), Severity.WARNING: ("warning", "warnings")}
    return ", ".join(
        counted(count, *words.get(severity, ("piece of advice", "pieces of advice")))
        for severity, count in counts.items()
        if count
    )


def does(box: Box) -> str:
    """Say what is to be done in a box, and with whom."""
    return f"{box.what} · with {box.person}" if box.person else box.what


def critical_word(prospect: Prospect) -> str:
    """Say whether a critical is possible on the way to an ending; empty if it is not."""
    return "" if not prospect.some or prospect.every else "critical possible"


def at_most(prospect: Prospect) -> str:
    """Say how well an ending can go in numbers: `at most 91 · 87 · 84`."""
    return "at most " + " · ".join("–" if each is None else str(each) for each in prospect.best)


def ways_line(arrow: Arrow) -> str:
    """Say by which responses an arrow goes: `by invite, connect`; empty where it goes by whatever is done."""
    return f"by {', '.join(arrow.by)}" if arrow.by else ""


def prospects_line(prospect: Prospect) -> str:
    """Say everything that is known of an ending, in one line."""
    said = [prospect.word, critical_word(prospect), at_most(prospect)]
    names = sorted(prospect.every or prospect.some)
    said[1] += f" ({', '.join(names)})" if said[1] and names else ""
    return " · ".join(each for each in said if each)


def leaving(drawing: Drawing, box: Box) -> Mapping[str, str]:
    """Say where it goes on from a box, each with how."""
    found = {}
    for arrow in drawing.graph.leaving(box.id):
        said = [ways_line(arrow), "sometimes" if arrow.sometimes else "", "leads back" if arrow.back else ""]
        said += [f"at stake: {points}" if (points := drawing.points(arrow)) else ""]
        said += [f"critical: {', '.join(raised)}" if (raised := drawing.raises(arrow)) else ""]
        said += ["nobody can go there" if not drawing.taken(arrow) else ""]
        found[arrow.target] = ", ".join(each for each in said if each)
    return found
