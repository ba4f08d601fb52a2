"""What many random plays of a case show together: endings, points, criticals, and what never came up.

Counts are of plays, not of times: a response taken twice in one play was taken in one play. That is what
tells an author how much of a case trainees are likely to see.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from scoring.rubric import DIMENSIONS, Rubric
from simulator.machine import Node
from simulator.move import Awards, Move
from simulator.random_plays import End, Play, Player, Wording
from simulator.scenario import Scenario
from simulator.session import Event

KEPT = 3
"""How many seeds are kept of plays that halted in the same way."""
CIRCLE = 100
"""Over how many of its last decisions a play that never ended is looked at."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Something that can be decided, and how often it came up."""

    scene: str
    """Empty for a document, which may lie on several desks."""
    name: str
    """The id of a response, option or document; empty for consulting."""
    offered: int
    """Plays in which it was on offer."""
    taken: int
    """Plays in which it was taken."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """An outcome of a scene or an ending, and how often it was given."""

    where: str
    number: int
    """Its place among the outcomes there, from 1."""
    plays: int


@dataclass(frozen=True, slots=True)
class Halt:
    """A way in which plays did not come to an ending: a mistake of the case."""

    end: End
    """Stuck, or never ended."""
    scenes: tuple[str, ...]
    """Where a play got stuck; or all scenes of the last decisions of one that never ended, by the author's order."""
    plays: int
    seeds: tuple[int, ...]
    """Seeds of the first of them."""
    way: tuple[Event, ...]
    """What was done in the shortest of them that got stuck; empty for those that never ended."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """What came up in all plays, everything in the author's order."""

    scenario: Scenario
    seed: int
    asked: int
    """Plays that were asked for."""
    played: int
    decisions: Mapping[int, int]
    """How many plays had how many decisions."""
    endings: Mapping[str, int]
    """Plays that came to each ending."""
    halts: tuple[Halt, ...]
    """What kept plays from an ending, most frequent first."""
    points: Mapping[str, Mapping[int, int]]
    """For each of `DIMENSIONS`, how many of the plays that ended had how many raw points."""
    criticals: Mapping[str, int]
    """Plays in which each was raised."""
    responses: tuple[Seen, ...]
    options: tuple[Seen, ...]
    documents: tuple[Seen, ...]
    consults: tuple[Seen, ...]
    outcomes: tuple[Outcome, ...]
    wordings: tuple[tuple[Wording, int], ...]
    """Wordings of texts that are not always the same, and the plays in which each was shown."""

    @property
    def total(self) -> int:
        """How many decisions there were in all plays."""
        return sum(number * plays for number, plays in self.decisions.items())

    @property
    def choices(self) -> tuple[Seen, ...]:
        """Responses and options: what coverage is measured by."""
        return (*self.responses, *self.options)

    @property
    def covered(self) -> int:
        """How many responses and options were taken at least once."""
        return sum(each.taken > 0 for each in self.choices)

    @property
    def percent(self) -> int:
        """Their share, in whole percent, rounded down: 100 only if nothing is missing."""
        return 100 * self.covered // len(self.choices) if self.choices else 100

    def reaches(self, percent: int) -> bool:
        """Whether at least this share of all responses and options was taken."""
        return 100 * self.covered >= percent * len(self.choices)

    @property
    def missing(self) -> tuple[Seen, ...]:
        """Responses and options that were never taken."""
        return tuple(each for each in self.choices if not each.taken)

    def halted(self, end: End) -> int:
        """How many plays did not come to an ending in this way."""
        return sum(each.plays for each in self.halts if each.end is end)


class Tally:
    """Counts plays as they come."""

    def __init__(self, player: Player, rubric: Rubric) -> None:
        self._player = player
        self._rubric = rubric
        self.played = 0
        self._decisions = Counter[int]()
        self._endings = Counter[str]()
        self._halts = Counter[tuple[End, tuple[str, ...]]]()
        self._seeds: dict[tuple[End, tuple[str, ...]], list[int]] = {}
        self._ways: dict[tuple[End, tuple[str, ...]], tuple[Event, ...]] = {}
        self._points = {dimension: Counter[int]() for dimension in DIMENSIONS}
        self._criticals = Counter[str]()
        self._offered = Counter[Move]()
        self._taken = Counter[Move]()
        self._outcomes = Counter[int]()
        self._shown = Counter[int]()
        self._worth: dict[int, tuple[int, ...]] = {}
        self._numbers: dict[int, int] = {}
        for node in player.nodes:
            self._weigh(node)

    def _weigh(self, node: Node) -> None:
        """Look up once what the marks of a node are worth, by the identity of what the machine gives and keeps."""
        moves = (*node.moves.values(), *node.options.values(), *node.left.values())
        for award in (award for move in moves for _, awards in move.rules for award in awards):
            self._worth[id(award)] = self._rubric.points_of(award.marks)
        for _, _, award in node.outcomes:
            self._worth[id(award)] = self._rubric.points_of(award.marks)
            self._numbers[id(award)] = len(self._numbers)

    def add(self, play: Play) -> None:
        """Count a play."""
        self.played += 1
        self._decisions[len(play.moves)] += 1
        self._offered.update(play.offered)
        taken = set(play.moves)
        if play.several:
            # What was drawn for this play alone would pile up, and is never seen again.
            taken = (taken | play.picked).difference(play.several)
        self._taken.update(taken)
        if play.criticals:
            self._criticals.update(set(play.criticals))
        if play.shown:
            self._shown.update(play.shown)
        points = self._add_awards(play.awards)
        if play.end is End.ENDED:
            self._endings[play.last.name] += 1
            for counts, raw in zip(self._points.values(), points, strict=True):
                counts[raw] += 1
        else:
            self._halt(play)

    def _add_awards(self, given: Iterable[Awards]) -> tuple[int, ...]:
        """Count outcomes; return the raw points of each dimension."""
        rapport = organization = ethics = 0
        outcomes = set()
        for awards in given:
            for award in awards:
                # Only those of putting things in order are made anew each time.
                worth = self._worth.get(id(award)) or self._rubric.points_of(award.marks)
                rapport += worth[0]
                organization += worth[1]
                ethics += worth[2]
                if id(award) in self._numbers:
                    outcomes.add(self._numbers[id(award)])
        if outcomes:
            self._outcomes.update(outcomes)
        return rapport, organization, ethics

    def _halt(self, play: Play) -> None:
        events = tuple(self._player.events(play))
        scenes = {play.last.name}
        if play.end is End.ENDLESS:
            scenes |= {event.scene for event in events[-CIRCLE:]}
            events = ()
        key = play.end, tuple(node.name for node in self._player.nodes if node.name in scenes)
        self._ways[key] = min(self._ways.get(key, events), events, key=len)
        self._halts[key] += 1
        seeds = self._seeds.setdefault(key, [])
        if len(seeds) < KEPT:
            seeds.append(play.seed)

    def coverage(self, seed: int, asked: int) -> Coverage:
        """Return what has come up so far, of a run with this seed that was asked for so many plays."""
        player, scenario = self._player, self._player.machine.scenario
        return Coverage(
            scenario,
            seed,
            asked,
            self.played,
            dict(sorted(self._decisions.items())),
            {node.name: self._endings[node.name] for node in player.nodes if node.ending is not None},
            tuple(
                Halt(*key, plays, tuple(self._seeds[key]), self._ways[key]) for key, plays in self._halts.most_common()
            ),
            {dimension: dict(sorted(counts.items())) for dimension, counts in self._points.items()},
            {name: self._criticals[name] for name in scenario.criticals},
            tuple(self._seen(node, move.name, move) for node in player.nodes for move in node.moves.values()),
            tuple(self._seen(node, move.name, move) for node in player.nodes for move in node.options.values()),
            tuple(self._document(name, move) for name, move in player.documents.items()),
            tuple(self._seen(node, "", node.consult) for node in player.nodes if node.consult is not None),
            tuple(
                Outcome(node.name, number, self._outcomes[self._numbers[id(award)]])
                for node in player.nodes
                for number, (_, _, award) in enumerate(node.outcomes, start=1)
            ),
            tuple((wording, self._shown[number]) for number, wording in enumerate(player.wordings)),
        )

    def _seen(self, node: Node, name: str, move: Move) -> Seen:
        return Seen(node.name, name, self._offered[move], self._taken[move])

    def _document(self, name: str, first: Move) -> Seen:
        # It is read for the first time only once, on whichever desk.
        desks = [node.reads[name] for node in self._player.nodes if name in node.reads]
        return Seen("", name, self._offered[first], sum(self._taken[move] for move in desks))


def middle(counts: Mapping[int, int]) -> int:
    """Return the median of numbers that came up so often; of two in the middle, the lower."""
    half, passed = (sum(counts.values()) + 1) // 2, 0
    for number, times in sorted(counts.items()):
        passed += times
        if passed >= half:
            return number
    raise ValueError("nothing was counted")
