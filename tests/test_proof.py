"""What `caseload check` proves about a case: each mistake is found where it stands, and nothing else is claimed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from simulator import proof
from simulator.check import check
from simulator.cli import main
from simulator.decidable import Decidable, Places
from simulator.explanations import Kind, about_whole_cases, whole
from simulator.explore import Exploration
from simulator.problem import Problem, Severity
from simulator.proof import STANDARD, Budget, Plays, Proof, prove
from simulator.scenario import Scenario
from simulator.state import State
from simulator.watched import Watched
from tests.cases import MANY, TRIALS, loaded, rubric
from tests.planted import PLANTED
from tests.scenarios_random import random_case

MOST_WORLDS = 4000
"""States of a random case that are walked one by one; cases with more are left out."""


def found(tmp_path: Path, text: str, solve: bool | float = True) -> tuple[Problem, ...]:
    """Check what an example shows, completed to a case; so small a one is not judged as a whole."""
    path = tmp_path / "case.yaml"
    path.write_text(whole(text, Kind.CASE), encoding="utf-8")
    return tuple(each for each in check(path, rubric(), solve=solve) if each.code not in about_whole_cases())


def told(problems: tuple[Problem, ...]) -> list[tuple[str, int, int]]:
    return [(each.code, each.place.line, each.place.column) for each in problems]


# -- each mistake, and the same without it ----------------------------------------------------


@pytest.mark.parametrize("what", PLANTED)
def test_a_mistake_is_found_where_it_stands(what: str, tmp_path: Path) -> None:
    """Each mistake is told once, by its code, at its line and column, and nothing besides."""
    planted = PLANTED[what]
    assert told(found(tmp_path, planted.text)) == [(planted.code, *planted.place)]


@pytest.mark.parametrize("what", PLANTED)
def test_without_the_mistake_nothing_is_told(what: str, tmp_path: Path) -> None:
    """The same case without the mistake has no problem, and nothing to be advised about."""
    assert told(found(tmp_path, PLANTED[what].good.replace("¦", ""))) == []


@pytest.mark.parametrize("what", PLANTED)
def test_what_random_plays_show_changes_nothing(what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a single random play the states alone prove the same, but for what only plays can witness."""
    planted = PLANTED[what]
    monkeypatch.setattr(proof, "PLAYS", 0)
    alone = [] if planted.code in ("critical-cued-late", "farmed-marks") else [(planted.code, *planted.place)]
    assert told(found(tmp_path, planted.text)) == alone
    assert told(found(tmp_path, planted.good.replace("¦", ""))) == []


# -- what is told, and what is not ------------------------------------------------------------

LOCKED = """\
scenes:
  desk:
    text: She waits.
    next: fork
    responses:
      ask: {say: What is it?, feels: {trust: +1}}
      wait: {do: Wait.}
  fork:
    next: [{when: trust >= 6, to: garden}, {to: done}]
  garden:
    text: You sit down outside.
    next: bench
    responses:
      talk: {say: It is nice here.}
      late: {say: It is late., when: trust <= 2}
  bench: {text: It is quiet., next: away}
endings:
  done: {title: Done, text: It is over.}
  away: {title: Away, text: You walk off.}
"""


def test_of_a_way_that_nobody_can_go_only_its_beginning_is_told(tmp_path: Path) -> None:
    """The condition that keeps everybody out is told, and the first place behind it; nothing further in is."""
    assert told(found(tmp_path, LOCKED)) == [("never-holds", 9, 19), ("unreachable", 10, 3)]
    assert told(found(tmp_path, LOCKED.replace("trust >= 6", "trust >= 5"))) == [("never-offered", 15, 7)]


def test_an_ending_that_nobody_comes_to_is_told(tmp_path: Path) -> None:
    """An ending behind a condition that never holds is told where it stands."""
    text = LOCKED.replace("to: garden", "to: away").replace("    next: bench", "    next: done")
    problems = told(found(tmp_path, text))
    assert ("unreachable", 19, 3) in problems
    assert [code for code, _, _ in problems] == ["never-holds", "never-reached", "never-reached", "unreachable"]


def test_what_nothing_leads_to_is_not_told_twice(tmp_path: Path) -> None:
    """A scene that no `next:` names is told as that, and not as one that nobody can come to."""
    text = "scenes:\n  desk: {text: She waits., next: done}\n  attic: {text: Dust., next: done}\n"
    assert told(found(tmp_path, text)) == [("never-reached", 3, 3)]


def test_where_nothing_can_be_done_the_shortest_way_is_told(tmp_path: Path) -> None:
    """An author is told the fewest decisions after which nothing can be done, and can play them."""
    planted = PLANTED["a scene whose only way on closes with the clock"]
    (problem,) = found(tmp_path, planted.text)
    assert problem.severity is Severity.ERROR
    assert problem.message == "in `late` nothing can be done any more; the shortest way there: desk/dawdle"


def test_a_case_that_is_stuck_from_its_beginning_says_so(tmp_path: Path) -> None:
    """Where the first scene has nothing to do, no decision leads there."""
    text = (
        "scenes:\n  desk:\n    text: She waits.\n    responses:\n      ask: {do: Ask., when: trust >= 9, next: done}\n"
    )
    stuck = next(each for each in found(tmp_path, text) if each.code == "no-way-on")
    assert stuck.message == "in `desk` nothing can be done any more, from the very beginning"


def test_a_circle_tells_all_of_its_scenes(tmp_path: Path) -> None:
    """Of a circle that nobody can leave all scenes are named, in one problem, with the way into it."""
    (problem,) = found(tmp_path, PLANTED["a circle without a way out"].text)
    assert (
        problem.message == "whoever is in `silence` and `clock` now can never leave; the shortest way there: desk/wait"
    )


def test_a_case_with_a_little_of_everything_is_clean(tmp_path: Path) -> None:
    """A case that picks, orders, reads and consults has nothing wrong with it."""
    path = tmp_path / "many.yaml"
    path.write_text(MANY, encoding="utf-8")
    assert [each for each in check(path, rubric()) if each.code not in about_whole_cases()] == []


SHARED = """\
shared: screen
version: 1.0.0
facts: {safe: She is safe., unsure: Nobody knows.}
scenes:
  ask:
    says:
      - {if: trust >= 9, say: Of course I am safe.}
      - I am safe.
    responses:
      believe: {say: Good., sets: safe, next: return}
      press: {say: Are you sure?, when: trust >= 9, next: probe}
  probe: {text: She looks away., next: return}
"""
VISITING = """\
shared: screen
scenes:
  desk: {text: She waits., next: safety}
  safety: {visit: ask, next: done}
"""


def test_what_stands_in_a_shared_file_is_not_told_of_one_visit(tmp_path: Path) -> None:
    """Another case may use what this one cannot: what stands in shared files is left alone."""
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared" / "screen.yaml").write_text(SHARED, encoding="utf-8")
    assert told(found(tmp_path, VISITING)) == []
    route = VISITING.replace("next: done}", "next: [{when: safe, to: done}, {to: desk}]}")
    assert told(found(tmp_path, route)) == [("always-holds", 4, 38)]


def test_where_a_visit_cannot_be_left_the_visit_is_told(tmp_path: Path) -> None:
    """A case that gets stuck inside of a shared scene is told so at the scene that visits it."""
    (tmp_path / "shared").mkdir()
    stuck = SHARED.replace("say: Good.,", "say: Good., when: trust >= 9,")
    (tmp_path / "shared" / "screen.yaml").write_text(stuck, encoding="utf-8")
    assert ("no-way-on", 4, 3) in told(found(tmp_path, VISITING))


def test_a_feeling_that_is_seen_counts_as_read(tmp_path: Path) -> None:
    """Feelings with words of their own are shown to trainees, and every client has trust and tension."""
    person = "people:\n  ruth:\n    name: Ruth\n    feelings: {trust: 4, tension: 6, hope: 3}\n"
    words = "    words: {hope: [none, little, some, much, all]}\n"
    assert told(found(tmp_path, person)) == [("never-read", 4, 38)]
    assert told(found(tmp_path, person + words)) == []


# -- budgets ----------------------------------------------------------------------------------


def test_what_cannot_be_finished_is_not_claimed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond the budget nothing is said but that it is not proven, at the case's id, and what costs most."""
    monkeypatch.setattr(proof, "STANDARD", Budget(states=1))
    (problem,) = found(tmp_path, LOCKED + "scenario: locked\n")
    assert (problem.code, problem.place.line, problem.severity) == ("not-proven", 20, Severity.ADVICE)
    assert "`--seconds 600`" in problem.hint


def test_solving_can_be_left_out(tmp_path: Path) -> None:
    """Without solving only what can be seen at once is told."""
    assert told(found(tmp_path, LOCKED, solve=False)) == []
    assert [code for code, _, _ in told(found(tmp_path, LOCKED, solve=20))] == ["never-holds", "unreachable"]


def test_the_command_solves_unless_told_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`caseload check` tells what is proven; `--no-solve` leaves it out, and `--seconds` says how long it may take."""
    monkeypatch.setenv("CASELOAD_HOME", str(tmp_path / "home"))
    path = tmp_path / "case.yaml"
    path.write_text(whole(LOCKED, Kind.CASE), encoding="utf-8")
    assert main(["check", "--no-solve", str(path)]) == 0
    assert capsys.readouterr().out == "1 file checked: no problems\n"
    assert main(["check", "--seconds", "20", str(path), "--format", "json"]) == 1
    problems = json.loads(capsys.readouterr().out)
    assert [each["code"] for each in problems] == ["never-holds", "unreachable"]
    assert main(["check", "--seconds", "soon", str(path)]) == 2
    assert "seconds are a whole number from 1 to" in capsys.readouterr().err


# -- against playing everything ---------------------------------------------------------------


class Walk:
    """Every single state of a small case, with nothing left out of it: what is proven is compared with it."""

    def __init__(self, scenario: Scenario) -> None:
        self.watched = Watched(scenario)
        machine, self._shift = self.watched.machine, self.watched.machine.layout.minutes
        clock = scenario.clock
        # A little after the last point no condition changes any more.
        self._last = max(clock.points.values()) - clock.start + 20 if clock else 0
        every = [Decidable(machine, rubric(), node, Places(machine)) for node in machine.nodes]
        first = self._state(self.watched.start.state)
        self.ways: dict[State, list[State]] = {first: []}
        waiting = [first]
        while waiting and len(self.ways) <= MOST_WORLDS:
            state = waiting.pop()
            self.watched.stand(state)
            for way in every[state.at].every(state.bits) if machine.nodes[state.at].scene else ():
                after = self._state(self.watched.go(state, way.move).state)
                self.ways[state].append(after)
                if after not in self.ways:
                    self.ways[after] = []
                    waiting.append(after)
        self.finished = not waiting

    def _state(self, state: State) -> State:
        late = max(0, (state.bits >> self._shift) - self._last)
        return State(state.at, state.bits - (late << self._shift))

    def name(self, state: State) -> str:
        return self.watched.machine.nodes[state.at].name

    @property
    def stuck(self) -> set[str]:
        """Scenes in which nothing can be done any more."""
        scenes = self.watched.scenario.scenes
        return {self.name(state) for state, ways in self.ways.items() if not ways and self.name(state) in scenes}

    @property
    def hopeless(self) -> set[State]:
        """States from which no ending can be reached."""
        back: dict[State, list[State]] = {}
        for state, ways in self.ways.items():
            for to in ways:
                back.setdefault(to, []).append(state)
        hopeful = {state for state in self.ways if self.name(state) in self.watched.scenario.endings}
        waiting = list(hopeful)
        while waiting:
            for before in back.get(waiting.pop(), ()):
                if before not in hopeful:
                    hopeful.add(before)
                    waiting.append(before)
        return set(self.ways) - hopeful


def test_what_is_proven_is_what_playing_everything_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of random cases, what holds, fails and is shown, where it gets stuck and what is unreachable is exactly that."""
    monkeypatch.setattr(proof, "PLAYS", 2)
    compared = 0
    for seed in range(40 * TRIALS):
        scenario = loaded(random_case(seed)).value
        assert scenario is not None
        walk = Walk(scenario)
        if not walk.finished:
            continue
        compared += 1
        proven = Proof(Exploration(scenario, rubric()), Plays(scenario), STANDARD)
        flaws = list(proven.flaws())
        for where, asked in proven.watched.asked.items():
            other = walk.watched.asked[where]
            if not (asked.settled and other.settled):
                assert (asked.held, asked.failed, asked.first) == (other.held, other.failed, other.first), (seed, where)
        assert {each.where[1] for each in flaws if each.code == "no-way-on"} == walk.stuck, seed
        circles = any(each.code == "endless-loop" for each in flaws)
        assert bool(walk.hopeless) == bool(walk.stuck or circles), seed
        reached = {walk.name(state) for state in walk.ways}
        visited = walk.watched.machine.layout.visited
        reached |= {name for name, bit in visited.items() if walk.watched.seen & bit}
        assert not {each.where[1] for each in flaws if each.code == "unreachable"} & reached, seed
    assert compared > 20 * TRIALS


def test_proving_is_the_same_every_time() -> None:
    """Random plays are drawn from seeds, so two checks of a case tell the same."""
    scenario = loaded(whole(LOCKED, Kind.CASE)).value
    assert scenario is not None
    flaws = prove(scenario, rubric()).flaws
    assert flaws
    assert prove(scenario, rubric()).flaws == flaws
