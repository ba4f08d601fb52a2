"""Trainees who know nothing of the work and go by looks: the longest, the shortest, the careful, the plain.

What such a trainee gets in a fair case is what somebody gets who draws by lot. They play by the session's own `step`
like everybody else, so that what they get is what their trainee would have got.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from random import Random
from statistics import fmean

from scoring.rubric import DIMENSIONS, Rubric
from simulator.fairness.words import hedges
from simulator.machine import Machine, Node, machine_of
from simulator.move import Move
from simulator.random_plays import seed_of
from simulator.scenario import Scenario

Liking = Callable[[str], float]
"""How much somebody likes a text."""
Points = tuple[float, ...]
MOST = 400
"""Decisions after which a play is given up."""


def _any(_: str) -> float:
    return 0


BOTS: Mapping[str, Liking] = {
    "the longest": len,
    "the shortest": lambda text: -len(text),
    "most careful words": lambda text: len(hedges(text)),
    "fewest careful words": lambda text: -len(hedges(text)),
}
"""Trainees by what they take."""


def ahead(
    scenario: Scenario, rubric: Rubric, spans: Sequence[tuple[float, float]], plays: int = 200
) -> dict[str, Points]:
    """Return how far each trainee gets beyond one who draws by lot, in percent of what can be reached.

    `spans` are the least and the most that can be reached on each dimension.
    """
    lot = _average(scenario, rubric, _any, plays)
    found = {}
    for name, liking in BOTS.items():
        points = _average(scenario, rubric, liking, plays)
        found[name] = tuple(
            100 * (mine - theirs) / (high - low) if high > low else 0.0
            for mine, theirs, (low, high) in zip(points, lot, spans, strict=True)
        )
    return found


def _average(scenario: Scenario, rubric: Rubric, liking: Liking, plays: int) -> Points:
    bot = _Bot(scenario, rubric, liking)
    return tuple(fmean(each) for each in zip(*(bot.play(seed_of(0, number)) for number in range(plays)), strict=True))


class _Bot:
    """Plays one case by one liking; among what it likes as well, by lot."""

    def __init__(self, scenario: Scenario, rubric: Rubric, liking: Liking) -> None:
        self._machine: Machine = machine_of(scenario)
        self._rubric = rubric
        self._likes: dict[tuple[str, str], float] = {}
        for name, scene in scenario.scenes.items():
            texts = {each.id: each.text for each in scene.responses.values()}
            texts |= {each.id: each.text for each in scene.select.options.values()} if scene.select else {}
            texts |= scene.rank.items if scene.rank else {}
            self._likes.update({(name, each): liking(text) for each, text in texts.items()})

    def play(self, seed: int) -> Points:
        """Return the raw points of a play on each dimension."""
        draw = Random(seed)
        total = [0] * len(DIMENSIONS)
        state, awards, _ = self._machine.start
        for _ in range(MOST):
            for award in awards:
                for number, points in enumerate(self._rubric.points_of(tuple(award.marks))):
                    total[number] += points
            node = self._machine.nodes[state.at]
            if node.ending is not None:
                return tuple(total)
            state, awards, _ = self._machine.step(state, self._move(node, state.bits, draw))
        raise AssertionError(f"no ending after {MOST} decisions")

    def _move(self, node: Node, bits: int, draw: Random) -> Move:
        """Return what is done: whether to read or to ask first is drawn by lot."""
        offers = node.offers(bits)
        beside = [move for move in node.reads.values() if move.open is None or move.open(bits)]
        if node.consult is not None and (node.consult.open is None or node.consult.open(bits)):
            beside.append(node.consult)
        deciding = len(offers) or 1
        if beside and draw.random() * (len(beside) + deciding) < len(beside):
            return draw.choice(beside)
        if offers:
            liked = self._ranked(node, [move.name for move in offers], draw)
            return node.moves[liked[0]]
        if node.options:
            least, most = node.limits(bits)
            liked = self._ranked(node, [move.name for move in node.on_offer(bits)], draw)
            return node.several(liked[: draw.randint(least, most)], bits)
        if node.scene is not None and node.scene.rank is not None:
            order = self._ranked(node, list(node.scene.rank.items), draw)
            return self._machine.order(node, node.scene.rank, tuple(order))
        move = node.write or node.base
        assert move is not None, f"nothing to do in {node.name}"
        return move

    def _ranked(self, node: Node, names: list[str], draw: Random) -> list[str]:
        """Return some names, those first that are liked most."""
        draw.shuffle(names)
        return sorted(names, key=lambda name: -self._likes[node.name, name])
