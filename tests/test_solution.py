"""Solving a case: ranges, the shortest way to each ending, one balanced way; exact, or said not to be."""

from __future__ import annotations

import json
import random
import zlib
from dataclasses import replace
from itertools import combinations, permutations
from pathlib import Path

import pytest

from scoring.rubric import DIMENSIONS
from simulator import balanced
from simulator.balanced import model_path
from simulator.explore import Exploration
from simulator.session import Session, replay, start
from simulator.settings import Home
from simulator.solution import Solution, Ways, solve
from simulator.solution_telling import solution_json, solution_text, way_words
from simulator.solved import foresight, recall, solved
from tests import cases
from tests.cases import TRIALS, rubric, scenario
from tests.journals import here, text_of
from tests.scenarios_random import play_through, random_case

LIMIT = 4000
"""Plays of one random case that are written down one by one; cases with more are left out."""

TWO_ENDS = """
first:
  text: Hello.
  responses:
    ask: {say: How are you?, marks: {rapport.empathy: best}, next: second}
    rush: {do: Look at the clock., marks: {rapport.empathy: poor, organization.priorities: best}, next: second}
second:
  text: And now?
  responses:
    promise: {do: Promise it., marks: {rapport.empathy: best, ethics.safety: best}, next: end}
    tell: {do: Tell her., marks: {ethics.safety: acceptable}, next: end}
    dream: {do: Dream., when: trust >= 9, next: far}
"""


def plays(session: Session, most: int) -> list[Session] | None:
    """Return every play from here that comes to an ending; None if there are too many, or they do not stop."""
    found: list[Session] = []
    waiting = [session]
    looked_at = 0
    while waiting:
        here_ = waiting.pop()
        looked_at += 1
        if looked_at > most or len(here_.events) > 30:
            return None
        if here_.ending is not None:
            found.append(here_)
            continue
        waiting += every(here_)
    return found


def every(session: Session) -> list[Session]:
    """Return what each decision leads to."""
    least, most = session.limits
    after = [session.choose(each.id) for each in session.responses]
    after += [session.read(each.id) for each in session.unread]
    after += [session.consult() for _ in range(session.can_consult)]
    if session.scene is not None and session.scene.write is not None:
        after.append(session.write(""))
    if session.scene is not None and session.scene.select is not None:
        ids = [each.id for each in session.options]
        after += [session.select(some) for count in range(least, most + 1) for some in combinations(ids, count)]
    if session.items:
        after += [session.rank(order) for order in permutations(session.items)]
    return after


def raw(session: Session) -> tuple[int, ...]:
    """Return the raw points of a session."""
    marks = tuple(mark for each in session.trail for award in each.awards for mark in award.marks)
    return rubric().points_of(marks)


def gained(session: Session) -> tuple[int, ...]:
    """Return the raw points of a session but for what it began with."""
    return tuple(a - b for a, b in zip(raw(session), raw(session.trail[0]), strict=True))


def small_cases(count: int) -> list[tuple[int, Session, list[Session]]]:
    """Return random cases, each with every play of it that comes to an ending."""
    found = []
    for seed in range(count * 30):
        first = start(scenario(random_case(seed)))
        ends = plays(first, LIMIT)
        if ends:
            found.append((seed, first, ends))
        if len(found) == count:
            break
    return found


@pytest.fixture(scope="module")
def written_down() -> list[tuple[int, Session, list[Session]]]:
    """Random cases of which every play is known."""
    found = small_cases(25 * TRIALS)
    assert len(found) == 25 * TRIALS
    return found


def test_ranges_are_those_of_all_plays(written_down: list[tuple[int, Session, list[Session]]]) -> None:
    """The least and the most of each dimension are what the worst and the best of all plays come to."""
    for seed, first, ends in written_down:
        outlook = Exploration(first.scenario, rubric()).ahead(first)
        assert outlook is not None
        points = list(zip(*map(gained, ends), strict=True))
        assert outlook.low == tuple(map(min, points)), seed
        assert outlook.high == tuple(map(max, points)), seed


def test_the_way_to_an_ending_is_a_shortest_one(written_down: list[tuple[int, Session, list[Session]]]) -> None:
    """It leads there, and no play comes there with fewer decisions; to an ending that none comes to there is none."""
    for seed, first, ends in written_down:
        ways = Ways(Exploration(first.scenario, rubric()))
        for name in first.scenario.endings:
            lengths = [len(each.events) for each in ends if each.ending and each.ending.id == name]
            way = ways.to_node(name)
            assert (way is None) == (not lengths), seed
            if way is not None:
                came = replay(first.scenario, 0, way)
                assert came.ending is not None
                assert (came.ending.id, len(way)) == (name, min(lengths)), seed


def test_the_model_path_has_the_smallest_largest_regret(
    written_down: list[tuple[int, Session, list[Session]]],
) -> None:
    """No play without a critical loses less of a dimension's span on the dimension that it loses most on."""
    for seed, first, ends in written_down:
        explored = Exploration(first.scenario, rubric())
        outlook = explored.ahead(first)
        assert outlook is not None
        spans = [max(1, high - low) for low, high in zip(outlook.low, outlook.high, strict=True)]

        def lost(end: Session, best: tuple[int, ...] = outlook.high, spans: list[int] = spans) -> list[float]:
            shares = [(high - got) / span for high, got, span in zip(best, gained(end), spans, strict=True)]
            return sorted(shares, reverse=True)

        free = [end for end in ends if not any(each.criticals for each in end.trail)]
        way, sought = model_path(explored, rubric())
        assert sought
        assert (way is None) == (not free), seed
        if way is not None:
            least = min((lost(end), len(end.events)) for end in free)
            model = replay(first.scenario, 0, way)
            assert model.ending is not None
            assert lost(model) == pytest.approx(least[0]), seed
            assert len(way) == least[1], seed


def test_a_model_path_that_was_not_found_is_not_denied(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where looking for it was given up, nobody is told that every way raises a critical; where none is, they are."""
    case = scenario(written(TWO_ENDS))
    monkeypatch.setattr(balanced, "MOST_LABELS", 1)
    given_up, _ = solve(case, rubric())
    assert (given_up.model, given_up.model_sought) == (None, False)
    assert "none was found among the many that were looked at" in solution_text(given_up)
    without = replace(given_up, model_sought=True)
    assert "whatever is decided, a critical is raised" in solution_text(without)


def test_what_was_kept_says_the_same_of_every_moment(tmp_path: Path) -> None:
    """Kept and read back, the futures of all moments of random plays are those that exploring found."""
    where = Home(tmp_path)
    rng = random.Random(1)
    for seed in range(5):
        case = scenario(random_case(seed))
        _, found = solved(where, case, rubric())
        kept = recall(where, case, rubric())
        assert found is not None
        assert kept is not None
        assert kept[1] is not None
        for moment in play_through(start(case), rng).trail:
            assert kept[1].ahead(moment) == found.ahead(moment)


def run(where: Path, *arguments: str | Path) -> tuple[int, str, str]:
    return text_of(here(where / "home", "solve", *arguments))


@pytest.fixture
def solution() -> Solution:
    """A case with a response that nobody can take, and a critical."""
    return solve(scenario(written(TWO_ENDS)), rubric())[0]


def written(scenes: str) -> str:
    """Return a small case with these scenes, and an ending that none of them leads to."""
    return cases.written(scenes, endings="end: {title: The end, text: Over.}\nfar: {title: Far, text: Away.}")


def test_a_solution_names_what_nobody_can_do(solution: Solution) -> None:
    """A response whose condition never holds and an ending that nothing comes to are named."""
    assert solution.never_taken == (("second", "dream"),)
    assert [each.ending for each in solution.endings if each.way is None] == ["far"]
    text = solution_text(solution)
    assert "second/dream" in text
    assert "nobody can come to it" in text


def test_a_solution_is_text_within_the_width_and_json_with_stable_keys(solution: Solution) -> None:
    """Nothing is wider than 80 columns; the JSON says what the text says."""
    assert max(map(len, solution_text(solution).splitlines())) <= 80
    told = solution_json(solution)
    assert set(told) == {
        *("scenario", "version", "scenario_hash", "proven", "states", "counts", "costly", "dimensions"),
        *("endings", "random_plays", "model_path", "never_taken", "never_met", "stuck"),
    }
    assert told["proven"] is True
    assert list(told["dimensions"]) == list(DIMENSIONS)  # type: ignore[call-overload]
    json.dumps(told)


def test_beyond_the_budget_everything_is_called_sampled() -> None:
    """With too few states allowed nothing is claimed: not proven, sampled, and what costs most."""
    case = scenario(random_case(3))
    solution, outlooks = solve(case, rubric(), most=1)
    again, _ = solve(case, rubric(), most=1)
    assert outlooks is None
    assert solution.proof is None
    assert solution == again
    assert "NOT PROVEN" in solution_text(solution)
    assert solution_text(solution).count("sampled, not proven") >= 3
    assert solution_json(solution)["proven"] is False


def test_that_the_budget_ran_out_is_kept_for_no_larger_budget(tmp_path: Path) -> None:
    """What a small budget could not prove is tried again with a larger one, and then known."""
    case, where = scenario(random_case(3)), Home(tmp_path)
    assert solved(where, case, rubric(), most=1)[0].proof is None
    assert solved(where, case, rubric())[0].proof is not None
    assert solved(where, case, rubric(), most=1)[0].proof is not None


@pytest.mark.parametrize("spoilt", [b"", b"nonsense", b"\x78\x9c\x00", None])
def test_what_was_kept_and_is_spoilt_is_found_out_again(tmp_path: Path, spoilt: bytes | None) -> None:
    """A file that cannot be read, or is of something else, is no reason to fail."""
    case, where = scenario(random_case(4)), Home(tmp_path)
    first, _ = solved(where, case, rubric())
    (path,) = where.solved.iterdir()
    path.write_bytes(path.read_bytes()[:-7] if spoilt is None else spoilt)
    assert recall(where, case, rubric()) is None
    assert solved(where, case, rubric())[0] == first


def test_a_way_that_cannot_be_played_is_found_out_again(tmp_path: Path) -> None:
    """What somebody has written into what was kept never comes as far as a debrief."""
    case, where = scenario(written(TWO_ENDS)), Home(tmp_path)
    told = foresight(where, case, rubric())
    assert told.model is not None
    (path,) = where.solved.iterdir()
    kept = json.loads(zlib.decompress(path.read_bytes()))
    kept["solution"]["model"].reverse()
    path.write_bytes(zlib.compress(json.dumps(kept).encode()))
    again = foresight(where, case, rubric())
    assert again.model is not None
    assert again.model.events == told.model.events


def test_the_command_solves_and_says_so(tmp_path: Path) -> None:
    """Exit 1 where something can never be taken; a second time it is looked up, and the same."""
    path = tmp_path / "case.yaml"
    path.write_text(written(TWO_ENDS), encoding="utf-8")
    code, out, _ = run(tmp_path, path)
    assert (code, "Solved exactly" in out) == (1, True)
    assert run(tmp_path, path)[:2] == (code, out)
    code, out, _ = run(tmp_path, path, "--format", "json")
    assert json.loads(out)["never_taken"] == [{"scene": "second", "response": "dream"}]


def test_the_command_says_what_it_could_not_prove(tmp_path: Path) -> None:
    """Beyond the budget it exits 1 and says which flags raise it."""
    path = tmp_path / "case.yaml"
    path.write_text(random_case(3), encoding="utf-8")
    code, out, err = run(tmp_path, path, "--states", "1")
    assert code == 1
    assert "NOT PROVEN" in out
    assert "--states" in err
    code, _, err = run(tmp_path, "nowhere")
    assert (code, "nowhere" in err) == (2, True)


def test_a_way_is_told_by_ids(solution: Solution) -> None:
    """Ways name scene and response, as a journal does."""
    assert solution.endings[0].way is not None
    assert way_words(solution.endings[0].way) == "first/ask, second/promise"
