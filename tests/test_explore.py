"""Exploring a case finds exactly what playing it in every way finds, with every reduction and without."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from functools import cache
from itertools import chain
from pathlib import Path

import pytest

from simulator import control
from simulator.explore import Exploration
from simulator.liveness import NONE, Reductions
from simulator.paths import once
from simulator.scenario import Scenario
from simulator.session import start
from tests.brute_force import Played, TooMany, compared, every_way_compared, play_all
from tests.cases import CASE, DAY_CASE, MANY, TRIALS, case, rubric, scenario, written
from tests.explorer_mutants import MUTANTS, Mutant
from tests.scenarios_random import SMALL, random_case
from tests.test_shared import SCENES, load, put, visiting

MOST_WORLDS = 500
"""A case with more worlds is left out."""
CHUNK = 100
"""Random cases in one test."""
CHUNKS = 6 * TRIALS
FIRST = 60 * TRIALS
"""So many of them are looked at in more than one way."""
MOST_LEFT_OUT = 0.15
"""The share of random cases that may be left out."""
SETTINGS = {
    "every reduction": Reductions(),
    "none": NONE,
    **{f"no {each.name}": Reductions(**{each.name: False}) for each in fields(Reductions)},
}


def play(seed: int) -> tuple[Scenario, Played | None]:
    """Return the case of a seed, and every play of it; None: there are too many."""
    found = scenario(random_case(seed, SMALL))
    try:
        return found, play_all(found, rubric(), MOST_WORLDS)
    except TooMany:
        return found, None


played = cache(play)
"""The same, kept: several tests look at the first seeds."""


@cache
def hard(name: str) -> tuple[Scenario, Played]:
    """Return a case that is hard to explore, and every play of it."""
    found = scenario(HARD[name])
    return found, play_all(found, rubric(), 5000)


def differences(found: Scenario, whole: Played, made: Reductions) -> Iterator[str]:
    return compared(whole, Exploration(found, rubric(), made=made))


def alike(found: Scenario, whole: Played) -> None:
    """Make sure that exploring a case finds what playing it does, with every reduction and without."""
    for name, made in SETTINGS.items():
        assert [(name, each) for each in differences(found, whole, made)] == []


# -- random cases ---------------------------------------------------------------------------------


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_exploring_equals_playing_in_every_way(chunk: int) -> None:
    """For every state of random cases: points, endings, responses, criticals, and where there is no way on."""
    left_out = 0
    for seed in range(chunk * CHUNK, (chunk + 1) * CHUNK):
        found, whole = play(seed)
        if whole is None:
            left_out += 1
            continue
        assert [(seed, each) for each in differences(found, whole, Reductions())] == []
    assert left_out <= MOST_LEFT_OUT * CHUNK


@pytest.mark.parametrize("name", list(SETTINGS)[1:])
def test_reductions_change_nothing_but_the_number_of_states(name: str) -> None:
    """The same without any of the reductions, and without all of them."""
    for seed in range(FIRST):
        found, whole = played(seed)
        if whole is not None:
            assert [(seed, each) for each in differences(found, whole, SETTINGS[name])] == []


@pytest.mark.parametrize("more", [0, 3])
def test_too_many_doors_change_nothing(more: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where doors would tell too many scenes apart, fewer of them are looked at, and everything comes out the same."""
    fewer = 0
    for seed in range(FIRST):
        found, whole = played(seed)
        if whole is None:
            continue
        free = len(Exploration(found, rubric()).graph.nodes)
        with monkeypatch.context() as patch:
            patch.setattr(control, "MOST_CONTROL_NODES", len(found.scenes) + more)
            explored = Exploration(found, rubric())
        fewer += len(explored.graph.nodes) < free
        assert [(seed, each) for each in compared(whole, explored)] == []
    assert fewer


def test_everything_that_can_be_decided_is_named_with_its_worth() -> None:
    """What a decision cost is worked out from every way on: each is there, and gains what playing it does."""
    for seed in range(FIRST):
        found, whole = played(seed)
        if whole is not None:
            differing = every_way_compared(whole, Exploration(found, rubric()))
            assert [(seed, each) for each in differing] == []


def test_random_cases_have_what_is_hard_to_explore() -> None:
    """There are circles, dead ends, circles that nobody can leave, criticals that cannot be kept out of, no clock."""
    seen = dict.fromkeys(("circle", "dead end", "no way out", "not kept out", "no clock", "several endings"), 0)
    for seed in range(CHUNK):
        found, whole = played(seed)
        if whole is None:
            continue
        seen["circle"] += whole.has_circle()
        seen["dead end"] += any(whole.stuck)
        seen["no way out"] += whole.ahead[0] is None and not any(whole.stuck)
        seen["not kept out"] += any(each is not None and len(each.kept_out) < 2 for each in whole.ahead)
        seen["no clock"] += found.clock is None
        seen["several endings"] += any(each is not None and len(each.endings) > 1 for each in whole.ahead)
    assert min(seen.values()) > 0, seen


# -- cases that are hard to explore -----------------------------------------------------------------

CLOCK = '{start: "10:00", points: {soon: "10:03", late: "10:06"}}'
HARD = {
    "an option sets what only the way on from there asks": written(
        """
        first:
          text: A.
          select:
            prompt: Which?
            least: 0
            options:
              one: {do: One., sets: x, marks: {rapport.empathy: best}}
              two: {do: Two., sets: y, marks: {rapport.empathy: poor}, left-out: {marks: {ethics.safety: poor}}}
              three: {do: Three., marks: {ethics.safety: best}, left-out: {marks: {ethics.safety: harmful}}}
          outcomes: [{when: y, marks: {organization.records: best}}]
          next: [{when: x, to: other}, {to: end}]
        """,
        facts="{x: X., y: Y.}",
    ),
    "an order sets what only leaving asks": written(
        """
        first:
          text: A.
          rank:
            prompt: In which order?
            items: {a: A, b: B, c: C}
            pairs:
              - {this: a, before: b, sets: x, marks: {organization.priorities: best}}
              - {this: b, before: c, sets: y, marks: {organization.priorities: poor}}
              - {this: c, before: a, marks: {ethics.safety: harmful}}
          outcomes: [{when: x and not y, marks: {organization.records: harmful}}]
          next: end
        """,
        facts="{x: X., y: Y.}",
    ),
    "several options move one feeling, to its limits": written(
        """
        first:
          text: A.
          responses:
            none: {do: Wait., next: second}
            up: {do: Smile., feels: {trust: +1}, next: second}
            down: {do: Sigh., feels: {trust: -3}, next: second}
        second:
          text: B.
          select:
            prompt: Which?
            least: 2
            options:
              one: {do: One., feels: {trust: +2}}
              two: {do: Two., feels: {trust: +3}}
              three: {do: Three., feels: {trust: -9}}
          next: [{when: trust >= 10, to: other}, {when: trust = 1, to: third}, {to: end}]
        third: {text: C., responses: {go: {do: Go., marks: {rapport.empathy: best}, next: end}}}
        """
    ),
    "what is done a number of times": written(
        """
        first:
          text: A.
          responses:
            often: {do: Ask., again: 3, marks: {rapport.empathy: best}, feels: {trust: +2}, next: first}
            round: {do: Walk round., again: 2, next: second}
            go: {do: Go., when: trust >= 8, next: end}
        second:
          text: B.
          responses:
            back: {do: Go back., again: true, sets: x, next: first}
            on: {do: Go on., when: chose(first/often) and not x, marks: {ethics.safety: best}, next: other}
        """,
        facts="{x: X.}",
    ),
    "nobody can be consulted at times": written(
        """
        first:
          text: A.
          offers: [documents]
          consult:
            - {if: before(soon), away: In court.}
            - {if: read(letter), say: Yes.}
            - {if: before(late), away: At lunch.}
            - Ask me.
          consult-minutes: 2
          responses:
            wait: {do: Wait., again: true, minutes: 1, next: first}
            asked: {do: Go., when: consulted(), marks: {organization.preparation: best}, next: end}
            go: {do: Go., next: other}
        """,
        clock=CLOCK,
        documents="{letter: {title: A letter, minutes: 4, text: No.}}",
    ),
    "an option takes time that is missing later": written(
        """
        first:
          text: A.
          select:
            prompt: Which?
            least: 0
            options:
              one: {do: One., marks: {rapport.empathy: poor}}
              two: {do: Two., minutes: 4, marks: {rapport.empathy: best}}
          next: second
        second:
          text: B.
          responses:
            early: {do: Go., when: before(soon), marks: {rapport.limits: best}, next: end}
            late: {do: Go., when: not before(soon), next: other}
        """,
        clock=CLOCK,
    ),
    "reading takes time that is missing later": written(
        """
        first:
          text: A.
          offers: [documents]
          responses: {go: {do: Go., minutes: 0, next: second}}
        second:
          text: B.
          offers: [documents]
          outcomes: [{when: minutes_left(soon) = 0, marks: {ethics.safety: poor}}]
          responses:
            early: {do: Go., when: before(soon), marks: {rapport.limits: best}, next: end}
            informed: {do: Go., when: read(letter) and read(form), marks: {rapport.limits: poor}, next: other}
            late: {do: Go., when: not before(late), next: end}
        """,
        clock=CLOCK,
        documents="""
            letter: {title: A letter, minutes: 2, text: No.}
            form: {title: A form, minutes: 1, text: Yes.}
            """,
    ),
    "some come with the letter read, and some do not": written(
        """
        first:
          text: A.
          responses: {x: {do: X., next: one}, y: {do: Y., next: two}, z: {do: Z., next: three}}
        one: {text: B., offers: [documents], responses: {go: {do: Go., when: read(letter), next: hall}}}
        two: {text: C., responses: {go: {do: Go., next: hall}}}
        three: {text: D., offers: [documents], responses: {go: {do: Go., when: read(letter), next: hall}}}
        hall:
          text: E.
          offers: [documents]
          responses:
            informed: {do: Go., when: read(letter), marks: {organization.preparation: best}, next: end}
            go: {do: Go., next: other}
        """,
        documents="{letter: {title: A letter, minutes: 2, text: No.}, form: {title: A form, text: Yes.}}",
    ),
    "there is no way on for whoever comes late": written(
        """
        first:
          text: A.
          responses: {now: {do: Go., minutes: 0, next: second}, slow: {do: Wait., minutes: 5, next: second}}
        second: {text: B., responses: {go: {do: Go., when: before(soon), next: end}}}
        """,
        clock=CLOCK,
    ),
    "nobody leaves the circle": written(
        """
        first:
          text: A.
          responses: {in: {do: Go in., next: second}, go: {do: Go., next: end}}
        second: {text: B., responses: {on: {do: Go on., again: true, marks: {ethics.safety: best}, next: third}}}
        third: {text: C., responses: {back: {do: Go back., again: true, next: second}}}
        """
    ),
    "criticals are looked at on leaving and at the end, and endings have outcomes": written(
        """
        first:
          text: A.
          responses:
            threaten: {do: Threaten., again: true, sets: x, next: second}
            be-kind: {do: Be kind., clears: [x], next: second}
        second:
          text: B.
          responses:
            back: {do: Go back., again: true, minutes: 2, next: first}
            sorry: {do: Say sorry., clears: [x], again: true, next: fork}
            on: {do: Go on., next: fork}
        fork: {next: [{when: x, to: other}, {to: end}]}
        """,
        clock=CLOCK,
        facts="{x: X.}",
        criticals="""
            at-once: {cue: first, when: x, at: [first], why: So.}
            twice: {cue: second, when: x and not before(soon), at: [second, fork], why: So.}
            at-last: {cue: first, when: x and not before(late), why: So.}
            """,
        endings="""
            end: {title: E, text: E., outcomes: [{when: before(late), marks: {ethics.safety: best}}]}
            other: {title: O, text: O., outcomes: [{when: chose(first/be-kind), marks: {rapport.empathy: best}}]}
            """,
    ),
    "a little of everything": CASE,
    "much at once": MANY,
}


@pytest.mark.parametrize("name", HARD)
def test_cases_that_are_hard_to_explore(name: str) -> None:
    """What each of them is about comes out as playing it does, with every reduction and without."""
    found, whole = hard(name)
    alike(found, whole)


def test_shared_scenes_are_explored_visit_by_visit(tmp_path: Path) -> None:
    """Scenes that several visits share lead back to where each visit came from."""
    found = load(put(tmp_path, visiting(SCENES))).value
    assert found is not None
    alike(found, play_all(found, rubric(), 5000))


def test_whoever_comes_too_late_is_stuck() -> None:
    """A way that is shut from some minute on is no way on for whoever comes after it."""
    found = scenario(HARD["there is no way on for whoever comes late"])
    explored = Exploration(found, rubric())
    in_time, late = (start(found).choose(name) for name in ("now", "slow"))
    assert (explored.ahead(in_time) is None, explored.ahead(late) is None) == (False, True)
    assert [explored.machine.nodes[explored.graph.nodes[explored.at[each]].node].name for each in explored.stuck] == [
        "second"
    ]


def test_scenes_behind_a_door_that_opens_once_are_come_to_once() -> None:
    """What was taken there need not be remembered; where a second door leads in, or the scene leads round, it must."""
    found = case(
        """
        first:
          responses:
            door: {do: In., next: hub}
        hub:
          responses:
            alone: {do: Alone., next: room}
            one: {do: One., next: hall}
            other: {do: Other., next: hall}
            often: {do: Often., again: true, next: yard}
            round: {do: Round., next: ring}
            out: {do: Out., again: true, next: end}
        room: {responses: {on: {do: On., next: closet}}}
        closet: {responses: {back: {do: Back., next: hub}}}
        hall: {responses: {back: {do: Back., again: true, next: hub}}}
        yard: {responses: {back: {do: Back., again: true, next: hub}}}
        ring: {responses: {again: {do: Again., again: 2, next: bell}, back: {do: Back., next: hub}}}
        bell: {responses: {back: {do: Back., next: ring}}}
        """
    )
    assert once(found) == {"first", "room", "closet"}
    assert "phone" in once(scenario(DAY_CASE))


# -- faults ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_fault_in_the_explorer_is_found(mutant: Mutant, monkeypatch: pytest.MonkeyPatch) -> None:
    """A small fault makes some state of some random case come out differently, before long."""
    mutant.put(monkeypatch)
    tried = chain(map(hard, HARD), map(played, range(mutant.most)))
    for found, whole in tried:
        try:
            if whole is not None and any(True for _ in differences(found, whole, Reductions())):
                return
        except (ArithmeticError, AssertionError, LookupError, RecursionError):
            # It fell over its own fault.
            return
    pytest.fail(f"{mutant.name} was not found in {mutant.most} cases")
