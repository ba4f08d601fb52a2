"""Small faults put into the explorer, one at a time: comparing it with every play must find each of them."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest

from scoring.offer import SomeOf, Span
from scoring.rubric import Rubric
from simulator import control, decidable, liveness
from simulator.condition import Condition
from simulator.control import Act, ControlGraph, Table, Way
from simulator.decidable import Decidable
from simulator.explore import Exploration
from simulator.future import Futures, Label, Outlook
from simulator.liveness import Liveness
from simulator.machine import Machine, Node
from simulator.move import Move
from simulator.scenario import Ranking, Scene

Patch = pytest.MonkeyPatch


@dataclass(frozen=True, slots=True)
class Mutant:
    """A fault."""

    name: str
    put: Callable[[Patch], None]
    """Puts it in."""
    most: int
    """Within so many random cases it must be found."""


MUTANTS: list[Mutant] = []
DAY_MUTANTS: list[Mutant] = []
"""Faults in what a day brings, to be found in cases that have one."""


def fault(most: int = 300) -> Callable[[Callable[[Patch], None]], Callable[[Patch], None]]:
    """Count a function among the faults."""

    def note(put: Callable[[Patch], None]) -> Callable[[Patch], None]:
        MUTANTS.append(Mutant(put.__name__.replace("_", " "), put, most))
        return put

    return note


def day_fault(put: Callable[[Patch], None]) -> Callable[[Patch], None]:
    """Count a function among the faults in what a day brings."""
    DAY_MUTANTS.append(Mutant(put.__name__.replace("_", " "), put, 300))
    return put


# -- what is asked --------------------------------------------------------------------------------


@fault()
def outcomes_ask_nothing(patch: Patch) -> None:
    def asked(machine: Machine, node: Node) -> Iterator[Condition]:
        for _, _, _, critical in node.criticals:
            yield machine.scenario.criticals[critical].when

    patch.setattr(liveness, "asked_on_leaving", asked)


@fault()
def criticals_ask_nothing(patch: Patch) -> None:
    right = control.asked_on_leaving

    def asked(machine: Machine, node: Node) -> Iterator[Condition]:
        found = list(right(machine, node))
        yield from found[: len(found) - len(node.criticals)]

    for module in (control, liveness):
        patch.setattr(module, "asked_on_leaving", asked)


@fault()
def routes_ask_nothing(patch: Patch) -> None:
    patch.setattr(liveness, "_routes", lambda _to: ())


@fault()
def who_can_be_consulted_asks_nothing(patch: Patch) -> None:
    right = control.asked_before

    def asked(machine: Machine, node: Node) -> Iterator[Condition]:
        wordings = [variant.when for variant in (node.scene.consult if node.scene else ())]
        yield from (each for each in right(machine, node) if each not in wordings)

    patch.setattr(liveness, "asked_before", asked)


@fault()
def marks_ask_nothing(patch: Patch) -> None:
    right = control.asked_before

    def asked(machine: Machine, node: Node) -> Iterator[Condition]:
        if node.scene is None or node.scene.junction:
            yield from right(machine, node)
            return
        scene = node.scene
        options = scene.select.options.values() if scene.select else ()
        for each in (*scene.consult, *scene.responses.values(), *options):
            if each.when is not None:
                yield each.when

    patch.setattr(liveness, "asked_before", asked)


# -- flags ----------------------------------------------------------------------------------------


@fault()
def options_set_for_sure_what_they_may_set(patch: Patch) -> None:
    right = control._several

    def several(machine: Machine, node: Node, scene: Scene) -> Iterator[Act]:
        facts = sum(machine.layout.fact.values())
        sets = 0
        for move in node.options.values():
            sets |= move.sets & facts
        yield from (replace(act, sets=act.sets | sets) for act in right(machine, node, scene))

    patch.setattr(control, "_several", several)


@fault()
def what_was_picked_before_is_forgotten(patch: Patch) -> None:
    right = Liveness._own

    def own(self: Liveness, node: Node) -> int:
        bits = right(self, node)
        for move in (*node.options.values(), *node.left.values()):
            bits &= ~move.taken
        return bits

    patch.setattr(Liveness, "_own", own)


@fault()
def what_was_taken_before_is_forgotten(patch: Patch) -> None:
    right = Liveness._own

    def own(self: Liveness, node: Node) -> int:
        bits = right(self, node)
        for move in node.moves.values():
            bits &= ~move.taken
        return bits

    patch.setattr(Liveness, "_own", own)


@fault()
def that_something_was_put_in_order_is_forgotten(patch: Patch) -> None:
    right = Liveness._own
    patch.setattr(Liveness, "_own", lambda self, node: right(self, node) & ~node.ranked)


@fault()
def outcomes_that_have_counted_and_cues_are_forgotten(patch: Patch) -> None:
    patch.setattr(Liveness, "_given", staticmethod(lambda _node: 0))


@fault()
def what_was_taken_in_a_scene_is_over_whenever_it_is_left(patch: Patch) -> None:
    patch.setattr(liveness, "once", lambda scenario: frozenset(scenario.scenes))


@fault()
def entering_a_scene_opens_no_door(patch: Patch) -> None:
    patch.setattr(ControlGraph, "_come", lambda self, node, doors: self._stand(node.index, doors, node.index))


@fault()
def doors_that_are_not_known_are_shut(patch: Patch) -> None:
    right = ControlGraph._judge
    patch.setattr(ControlGraph, "_judge", lambda self, *asked: bool(right(self, *asked)))


# -- feelings -------------------------------------------------------------------------------------


@fault()
def entering_moves_no_feeling(patch: Patch) -> None:
    patch.setattr(liveness, "entering", lambda _machine, _node: {})


@fault()
def responses_move_no_feeling(patch: Patch) -> None:
    patch.setattr(control, "_tables", lambda _machine, _move: {})


@fault()
def of_several_options_only_the_last_moves_a_feeling(patch: Patch) -> None:
    def after(feels: dict[str, Table], more: dict[str, Table]) -> dict[str, Table]:
        return {**feels, **more}

    patch.setattr(control, "_after", after)


@fault()
def all_that_a_feeling_is_not_compared_with_at_once_is_one(patch: Patch) -> None:
    def kinds(self: Liveness, name: str) -> list[list[int]]:
        # Two kinds where there may be more: those below the middle, and the others.
        return [[int(value > max(each) // 2) if max(each) else 0 for value in each] for each in right(self, name)]

    right = Liveness._kinds
    patch.setattr(Liveness, "_kinds", kinds)


# -- the clock ------------------------------------------------------------------------------------


@fault()
def the_clock_stops_a_minute_early(patch: Patch) -> None:
    right = Liveness._last_minute
    patch.setattr(Liveness, "_last_minute", lambda self: max(0, right(self) - 1))


@fault()
def the_clock_matters_only_where_it_is_asked(patch: Patch) -> None:
    def timed(self: Liveness) -> list[bool]:
        asks = [liveness._asks_clock((*one, *other)) for one, other in zip(self._before, self._leaving, strict=True)]
        return [asks[index] for index, _ in self._graph.nodes]

    patch.setattr(Liveness, "_timed", timed)


@fault()
def what_is_asked_after_a_decision_cuts_no_stretch(patch: Patch) -> None:
    right = Liveness.stretches
    patch.setattr(Liveness, "stretches", lambda self, at: (right(self, at)[0], []))


@fault()
def a_stretch_is_cut_a_minute_late(patch: Patch) -> None:
    right = Liveness.stretches

    def stretches(self: Liveness, at: int) -> tuple[list[int], list[int]]:
        before, after = right(self, at)
        return [minute + 1 for minute in before if minute < self.last_minute], after

    patch.setattr(Liveness, "stretches", stretches)


@fault()
def no_time_passes(patch: Patch) -> None:
    right = Exploration._later
    patch.setattr(Exploration, "_later", lambda self, to, minutes, _spent: right(self, to, minutes, 0))


@fault()
def a_way_that_is_shut_at_some_minute_is_never_missed(patch: Patch) -> None:
    right = Exploration._go_on

    def go_on(self: Exploration, state: int, *led: Any) -> None:
        right(self, state, *led)
        if self.stuck[-1:] == [state] and self._begin[state] < self._end[state]:
            self.stuck.pop()

    patch.setattr(Exploration, "_go_on", go_on)


# -- picking and putting in order -----------------------------------------------------------------


def _spans(patch: Patch, spans: Callable[[SomeOf, Rubric], tuple[Span, ...]]) -> None:
    class Wrong(SomeOf):
        def spans(self, rubric: Rubric) -> tuple[Span, ...]:
            return spans(SomeOf(self.options, self.least, self.most), rubric)

    patch.setattr(decidable, "SomeOf", Wrong)


@fault()
def the_least_and_the_most_of_silent_options_are_swapped(patch: Patch) -> None:
    _spans(patch, lambda some, rubric: tuple((high, low) for low, high in some.spans(rubric)))


@fault()
def leaving_silent_options_out_is_worth_nothing(patch: Patch) -> None:
    def spans(some: SomeOf, rubric: Rubric) -> tuple[Span, ...]:
        return replace(some, options=tuple((picked, ()) for picked, _ in some.options)).spans(rubric)

    _spans(patch, spans)


@fault()
def no_silent_option_has_to_be_picked(patch: Patch) -> None:
    _spans(patch, lambda some, rubric: replace(some, least=0).spans(rubric))


@fault()
def options_that_set_facts_are_silent(patch: Patch) -> None:
    right = decidable._tells

    def tells(move: Move, matters: int, clock: int) -> bool:
        other = Move(move.name, 0, move.spent)
        other.clears, other.feels = move.clears, move.feels
        return right(other, matters, clock)

    patch.setattr(decidable, "_tells", tells)


@fault()
def options_that_take_time_are_silent(patch: Patch) -> None:
    right = decidable._tells
    patch.setattr(decidable, "_tells", lambda move, matters, clock: right(move, matters & ((1 << clock) - 1), clock))


@fault()
def what_an_order_sets_does_not_matter(patch: Patch) -> None:
    right = Decidable._order

    def order(self: Decidable, rank: Ranking, _matters: int) -> dict[int, dict[tuple[int, ...], tuple[str, ...]]]:
        return right(self, rank, 0)

    patch.setattr(Decidable, "_order", order)


@fault()
def what_follows_at_once_is_not_told_apart(patch: Patch) -> None:
    def told_apart(self: Liveness, at: int) -> int:
        bits = 0
        for follow in self._graph.follows[at]:
            for way in follow.ways:
                bits |= self.masks[way.to]
        return bits | 1 << self.minutes

    patch.setattr(Liveness, "told_apart", told_apart)


@fault()
def what_can_be_decided_is_remembered_whatever_is_asked(patch: Patch) -> None:
    right = Liveness._asked

    def asked(self: Liveness, conditions: Iterable[Condition]) -> int:
        return right(self, conditions) & ~sum(self._machine.layout.fact.values())

    patch.setattr(Liveness, "_asked", asked)


# -- what lies ahead ------------------------------------------------------------------------------


def _label(patch: Patch, wrong: Callable[[Label], Label]) -> None:
    right = Futures._gain

    def gain(self: Futures, label: Label, behind: Outlook | None) -> int:
        return right(self, wrong(label), behind)

    patch.setattr(Futures, "_gain", gain)


@fault()
def criticals_that_are_raised_are_lost(patch: Patch) -> None:
    _label(patch, lambda label: label._replace(raised=0))


@fault()
def the_least_is_the_most(patch: Patch) -> None:
    _label(patch, lambda label: label._replace(low=label.high))


@fault()
def a_circle_shares_no_future(patch: Patch) -> None:
    def rounds(self: Exploration, circle: tuple[int, ...], future: array[int]) -> None:
        for state in circle:
            edges = range(self._begin[state], self._end[state])
            ways: Any = tuple((self._label[edge], future[self._to[edge]]) for edge in edges)
            future[state] = self.futures.fold(ways, self.labels)

    patch.setattr(Exploration, "_round", rounds)


@fault()
def whoever_stays_does_not_come_back(patch: Patch) -> None:
    patch.setattr(Exploration, "_is_circle", lambda _self, group: len(group) > 1)


@fault()
def what_is_done_beside_deciding_comes_in_any_turn(patch: Patch) -> None:
    patch.setattr(Exploration, "_in_turn", lambda _self, _group, waiting, _circle: iter(waiting))


@fault()
def what_can_be_taken_is_looked_for_at_one_minute(patch: Patch) -> None:
    right = Exploration.ways_on

    def ways_on(self: Exploration, number: int, minute: int) -> Iterator[tuple[int, Label, int]]:
        yield from ((to, label, minute) for to, label, _ in right(self, number, minute))

    patch.setattr(Exploration, "ways_on", ways_on)


# -- a day ----------------------------------------------------------------------------------------


@day_fault
def nothing_breaks_in_ahead(patch: Patch) -> None:
    right = ControlGraph._stand

    def stand(self: ControlGraph, *asked: Any) -> Iterator[Way]:
        yield from (way for way in right(self, *asked) if way.broke is None)

    patch.setattr(ControlGraph, "_stand", stand)


@day_fault
def what_has_broken_in_on_every_way_is_forgotten(patch: Patch) -> None:
    def asked(self: Liveness, way: Way) -> int:
        bits = self._asked(liveness._breaking(way))
        return bits | sum(each.flag for each in way.looked)

    patch.setattr(Liveness, "_asked_breaking", asked)


@day_fault
def interrupts_ask_nothing(patch: Patch) -> None:
    patch.setattr(liveness, "_breaking", lambda _way: ())


@day_fault
def phases_in_which_something_breaks_in_do_not_matter(patch: Patch) -> None:
    right = Liveness._asked_breaking

    def asked(self: Liveness, way: Way) -> int:
        phase = self._machine.layout.phase
        return right(self, way) & ~(phase.mask << phase.shift)

    patch.setattr(Liveness, "_asked_breaking", asked)


@day_fault
def times_of_interrupts_cut_no_stretch(patch: Patch) -> None:
    right = Liveness.stretches

    def stretches(self: Liveness, at: int) -> tuple[list[int], list[int]]:
        before, after = right(self, at)
        times = {each.at for node in self._machine.nodes for each in node.breaks}
        return before, [minute for minute in after if minute not in times]

    patch.setattr(Liveness, "stretches", stretches)


@day_fault
def what_falls_due_cuts_no_stretch(patch: Patch) -> None:
    right = Liveness.stretches

    def stretches(self: Liveness, at: int) -> tuple[list[int], list[int]]:
        before, after = right(self, at)
        times = {due.at + 1 for due in self._machine.dues}
        return before, [minute for minute in after if minute not in times]

    patch.setattr(Liveness, "stretches", stretches)


@day_fault
def tasks_ask_nothing(patch: Patch) -> None:
    patch.setattr(Liveness, "_asked_at", lambda self, at: self._before[self._graph.nodes[at].node])


@day_fault
def only_one_task_falls_due_at_once(patch: Patch) -> None:
    right = ControlGraph._passed

    def passed(self: ControlGraph, index: int, doors: int, minutes: int) -> Iterator[int]:
        yield from list(right(self, index, doors, minutes))[:2]

    patch.setattr(ControlGraph, "_passed", passed)


@day_fault
def coming_back_enters_anew(patch: Patch) -> None:
    right = ControlGraph._return

    def back(self: ControlGraph, doors: int) -> Iterator[Way]:
        for way in right(self, doors):
            yield way._replace(entered=self.nodes[way.to].node)

    patch.setattr(ControlGraph, "_return", back)


@day_fault
def where_an_interrupt_begins_is_not_entered(patch: Patch) -> None:
    right = ControlGraph._stand

    def stand(self: ControlGraph, *asked: Any) -> Iterator[Way]:
        for way in right(self, *asked):
            yield way._replace(broke=None)

    patch.setattr(ControlGraph, "_stand", stand)


@day_fault
def flags_are_known_only_where_they_matter_first(patch: Patch) -> None:
    patch.setattr(ControlGraph, "_kept", lambda _self, matters: matters)
