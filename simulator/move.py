"""What can be decided, made ready: what it takes, changes, is worth, and leads to.

A response is one move. Picking several things at once is one move made of the moves of what was picked;
putting things in order is one that the order decides on.
"""

from __future__ import annotations

from collections.abc import Iterable

from scoring.scorecard import Award
from simulator.state import Predicate

Awards = tuple[Award, ...]
Rules = tuple[tuple[Predicate | None, Awards], ...]
"""Conditions and the marks they give; the first that holds counts."""
Routes = tuple[tuple[Predicate | None, int], ...]
"""Conditions and the nodes they lead to; the first that holds is taken."""
Shift = tuple[int, int, tuple[int, ...]]
"""How to move a feeling; see `Layout.shift_feeling`."""


class Move:
    """Something that can be decided in a node: a response, opening a document, consulting, writing."""

    __slots__ = ("clears", "count", "feels", "lot", "name", "open", "route", "rules", "sets", "spent", "taken", "to")

    def __init__(self, name: str, sets: int = 0, spent: int = 0) -> None:
        self.name = name
        """The id of the response, document or scene it is about."""
        self.sets = sets
        """Bits it sets."""
        self.clears = -1
        """Bits it leaves alone."""
        self.spent = spent
        """The minutes it takes, at their place."""
        self.open: Predicate | None = None
        """Whether it can be taken; None: always."""
        self.feels: tuple[Shift, ...] = ()
        """How it moves feelings."""
        self.rules: Rules = ()
        """The marks it gives, by the first rule that holds."""
        self.taken = 0
        """The bits that tell whether it was taken before: marks count once."""
        self.count = 0
        """One time taken, at its place, where times are counted."""
        self.to: int | None = None
        """The node it leads to, where that depends on nothing; None: see `route`."""
        self.route: Routes = ()
        """Where it leads, if that depends; empty: it stays where it is."""
        self.lot = slice(0)
        """Where, among the lots that are drawn for a scene, its own stands."""

    def awards(self, bits: int) -> Awards:
        """Return the marks that taking it now would give."""
        if self.rules and not bits & self.taken:
            for holds, awards in self.rules:
                if holds is None or holds(bits):
                    return awards
        return ()

    def effect(self, bits: int) -> int:
        """Return what taking it changes, before anything is left or entered."""
        for shift, mask, table in self.feels:
            bits += table[bits >> shift & mask]
        return (bits & self.clears | self.sets) + self.count + self.spent


class Several(Move):
    """What was picked out of several, in one decision; marks may also be given for what was left out."""

    __slots__ = ("left", "picked")

    def __init__(self, base: Move, picked: Iterable[Move], left: Iterable[Move]) -> None:
        """Take minutes and way on from `base`; `left` are moves whose marks are those for leaving them out."""
        super().__init__(base.name, base.sets, base.spent)
        self.to, self.route = base.to, base.route
        self.picked = tuple(picked)
        self.left = tuple(left)

    def awards(self, bits: int) -> Awards:
        """Return the marks for what was picked, then for what was left out; all look at the same moment."""
        return tuple([award for move in (*self.picked, *self.left) for award in move.awards(bits)])

    def effect(self, bits: int) -> int:
        """Return what all of it changes, in the author's order."""
        for move in (*self.picked, *self.left):
            bits = move.effect(bits)
        return super().effect(bits)
