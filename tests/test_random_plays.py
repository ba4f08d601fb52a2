"""Playing at random: the same everywhere, true to what sessions do, and open about what never came up."""

from __future__ import annotations

import json
import re
import statistics
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from scoring.rubric import DIMENSIONS
from scoring.scorecard import score
from simulator.coverage import Coverage, Tally, middle
from simulator.random_plays import End, Player, Wording, seed_of
from simulator.random_telling import Paper, coverage_json, coverage_text, share
from simulator.scenario import Scenario, Text
from simulator.session import Consulted, Read, Session, replay
from simulator.wording import said
from tests.cases import CASE, MANY, TRIALS, case, loaded, rubric, scenario, written
from tests.journals import case_in, environment, here, posix, text_of
from tests.scenarios_random import random_case

LONG = 60
"""Decisions after which plays of random cases are given up."""

NEVER = """
first:
  text: Hello.
  responses:
    leave: {do: Leave., next: end}
    dream: {do: Dream., when: trust >= 9, next: other}
"""
"""A case in which one response can never be taken."""

TRAP = """
first:
  text: Hello.
  responses:
    leave: {do: Leave., next: end}
    enter: {do: Go in., next: cellar}
cellar:
  text: It is dark.
  responses:
    shout: {do: Shout., next: cellar}
"""
"""A case in which one gets stuck once everything has been tried."""

ROUND = """
first:
  text: Hello.
  responses:
    turn: {do: Turn around., again: true, next: second}
second:
  text: Hello again.
  responses:
    turn-back: {do: Turn back., again: true, next: first}
    leave: {do: Leave., when: trust >= 9, next: end}
"""
"""A case that nobody can leave."""


def covered(played: Scenario, count: int = 200, seed: int = 7, most: int = 1000) -> Coverage:
    """Play a case so often."""
    player = Player(played, most)
    tally = Tally(player, rubric())
    for number in range(count):
        tally.add(player.play(seed_of(seed, number)))
    return tally.coverage(seed, count)


def told(coverage: Coverage, width: int = 79) -> str:
    return coverage_text(coverage, Paper(width))


# -- the same everywhere --------------------------------------------------------------------------


def test_the_same_seed_gives_the_same_plays() -> None:
    """What a run shows depends on the case, the seed and the number of plays alone."""
    assert coverage_json(covered(scenario(MANY))) == coverage_json(covered(scenario(MANY)))
    assert coverage_json(covered(scenario(MANY))) != coverage_json(covered(scenario(MANY), seed=8))


def test_a_play_is_drawn_as_it_always_was() -> None:
    """A seed that somebody wrote down leads to the same decisions on every platform, now and later."""
    player = Player(scenario(MANY))
    done = [[said(event) for event in player.events(player.play(seed))] for seed in (1, 2**32 - 1)]
    assert done == [
        [
            "desk (read letter)",
            "desk (pick call, tidy)",
            "order (order mail, tea, phone)",
            "maybe (pick nothing)",
            "last/go",
        ],
        [
            "desk (read directory)",
            "desk (read letter)",
            "desk (pick call)",
            "order (order tea, phone, mail)",
            "maybe (pick nothing)",
            "last/go",
        ],
    ]


def test_what_was_played_before_changes_nothing() -> None:
    """A play is the same whether it comes first or late, and whether moments are kept or not."""
    for number in range(20 * TRIALS):
        played = loaded(random_case(number)).value
        assert played is not None
        late, never = Player(played, LONG), Player(played, LONG, kept=0)
        for seed in range(30):
            late.play(seed)
        for seed in range(5):
            first = Player(played, LONG)
            ways = [list(player.events(player.play(seed))) for player in (first, late, never)]
            assert ways[0] == ways[1] == ways[2]
            assert len({frozenset(player.play(seed).shown) for player in (first, late, never)}) == 1


def test_the_first_play_of_a_run_has_the_seed_of_the_run() -> None:
    """A play that is told with its seed can be played again by itself; no seed comes twice in a run."""
    assert seed_of(7, 0) == 7
    assert len({seed_of(7, number) for number in range(5000)}) == 5000


# -- true to sessions -----------------------------------------------------------------------------


def _expected(session: Session, wordings: list[Wording]) -> set[int]:
    """Return the wordings that a session shows on its way, found by what they say and where."""
    scenario, shown = session.scenario, set[int]()

    def saw(where: str, what: str, text: Text, words: str) -> None:
        for number, wording in enumerate(wordings):
            if (wording.where, wording.what, wording.say) == (where, what, words):
                assert text[wording.number - 1].say == words
                shown.add(number)

    for moment in session.trail:
        here = moment.scene
        if here is not None:
            saw(here.id, "text", here.text, moment.narration)
            saw(here.id, "says", here.says, moment.speech)
            saw(here.id, "consult", here.consult, moment.away)
        else:
            assert moment.ending is not None
            saw(moment.ending.id, "text", moment.ending.text, moment.narration)
        event = moment.events[-1] if moment.events else None
        if moment.taken is not None and event is not None:
            saw(f"{event.scene}/{moment.taken.id}", "then", moment.taken.then, moment.reaction)
        if isinstance(event, Consulted):
            saw(event.scene, "consult", scenario.scenes[event.scene].consult, moment.advice)
    return shown


@pytest.mark.parametrize("number", range(200 * TRIALS))
def test_random_plays_are_sessions(number: int) -> None:
    """What a random play did, a session can do: it comes to the same end, marks, criticals, offers and wordings."""
    played = loaded(random_case(number)).value
    assert played is not None
    player = Player(played, LONG)
    for seed in range(5):
        play = player.play(seed)
        tally = Tally(player, rubric())
        tally.add(play)
        coverage = tally.coverage(seed, 1)
        session = replay(played, seed, player.events(play))
        card = score(rubric(), session.decisions)

        assert (session.ending is not None) == (play.end is End.ENDED)
        assert session.stuck == (play.end is End.STUCK)
        assert coverage.decisions == {len(session.events): 1}
        if session.ending is not None:
            assert [name for name, plays in coverage.endings.items() if plays] == [session.ending.id]
            raw = {name: card.profiles[name].raw for name in DIMENSIONS}
            assert coverage.points == {name: {points: 1} for name, points in raw.items()}
        assert {name for name, plays in coverage.criticals.items() if plays} == {
            raised.critical for raised in card.criticals
        }
        _agrees(coverage, session)


def _agrees(coverage: Coverage, session: Session) -> None:
    """What was on offer and taken is what the session had on offer and did, outcomes and wordings with it."""
    trail = session.trail
    before = [moment for moment in trail if moment.scene is not None]
    offered = {(moment.scene.id, each.id) for moment in before if moment.scene for each in moment.responses}
    options = {(moment.scene.id, each.id) for moment in before if moment.scene for each in moment.options}
    unread = {each.id for moment in before for each in moment.unread}
    asking = {moment.scene.id for moment in before if moment.scene and moment.can_consult}
    taken = {(moment.events[-1].scene, moment.taken.id) for moment in trail if moment.taken}
    picked = {(moment.events[-1].scene, each.id) for moment in trail for each in moment.picked}
    read = {event.document for event in session.events if isinstance(event, Read)}
    asked = {event.scene for event in session.events if isinstance(event, Consulted)}

    assert {(each.scene, each.name) for each in coverage.responses if each.offered} == offered
    assert {(each.scene, each.name) for each in coverage.responses if each.taken} == taken
    assert {(each.scene, each.name) for each in coverage.options if each.offered} == options
    assert {(each.scene, each.name) for each in coverage.options if each.taken} == picked
    assert {each.name for each in coverage.documents if each.offered} == unread
    assert {each.name for each in coverage.documents if each.taken} == read
    assert {each.scene for each in coverage.consults if each.offered} == asking
    assert {each.scene for each in coverage.consults if each.taken} == asked
    given = {award.where for moment in trail for award in moment.awards if not award.response}
    assert {each.where for each in coverage.outcomes if each.plays} == given
    assert _seen(coverage, session) == _expected(session, [wording for wording, _ in coverage.wordings]) & _plain(
        coverage, session
    )


def _plain(coverage: Coverage, session: Session) -> set[int]:
    """Return the wordings that a session tells apart: by their words, and not among several told together."""
    together = {scene.id for scene in session.scenario.scenes.values() if scene.select or scene.rank}
    wordings = [wording for wording, _ in coverage.wordings]
    alike = Counter((each.where, each.what, each.say) for each in wordings)
    return {
        number
        for number, each in enumerate(wordings)
        if each.what in ("text", "says", "consult", "then")
        and alike[each.where, each.what, each.say] == 1
        and not (each.what == "then" and each.where.partition("/")[0] in together)
        and each.where not in session.scenario.documents
    }


def _seen(coverage: Coverage, session: Session) -> set[int]:
    return {number for number, (_, plays) in enumerate(coverage.wordings) if plays} & _plain(coverage, session)


# -- what came up ---------------------------------------------------------------------------------


def test_everything_in_a_small_case_comes_up() -> None:
    """Two hundred plays find every response, option, document, critical and outcome of small cases."""
    for text in (CASE, MANY):
        coverage = covered(scenario(text))
        assert (coverage.percent, coverage.missing, coverage.halts) == (100, (), ())
        assert all(0 < each.taken <= each.offered <= 200 for each in coverage.choices)
        assert all(0 < each.taken <= each.offered for each in (*coverage.documents, *coverage.consults))
        assert all(coverage.criticals.values())
        assert all(outcome.plays for outcome in coverage.outcomes)
        assert sum(coverage.endings.values()) == coverage.played == 200
        assert all(sum(counts.values()) == 200 for counts in coverage.points.values())


def test_a_response_that_nobody_can_take_is_named_first() -> None:
    """What was never taken stands before the tables, with whether it was ever on offer; nothing is claimed proven."""
    coverage = covered(case(NEVER))
    assert [(each.scene, each.name, each.offered) for each in coverage.missing] == [("first", "dream", 0)]
    assert coverage.percent == 50
    text = told(coverage)
    assert text.index("never taken: first/dream: never on offer") < text.index("\nRESPONSES")
    assert "not proven to be impossible" in text
    assert "Another end (other)" in text


def test_full_coverage_is_never_claimed_while_something_is_missing() -> None:
    """Shares are rounded so that nothing looks like everything, and something never like nothing."""
    assert [share(*each) for each in ((0, 9), (9, 9), (1, 9999), (9998, 9999), (1, 3), (0, 0))] == [
        "0%",
        "100%",
        "<0.1%",
        ">99.9%",
        "33.3%",
        "0%",
    ]
    responses = "\n".join(f"    r{number}: {{do: Go., when: trust >= {9 * (number == 0)}}}" for number in range(200))
    coverage = covered(case(f"first:\n  text: Hello.\n  next: end\n  responses:\n{responses}"), count=4000)
    assert (coverage.covered, coverage.percent) == (199, 99)
    assert not coverage.reaches(100)
    assert coverage.reaches(99)


def test_being_stuck_is_told_with_the_shortest_way_there() -> None:
    """A scene without a way on is named, with seeds to play it again; such plays count for no ending and no points."""
    coverage = covered(case(TRAP))
    (halt,) = coverage.halts
    assert (halt.end, halt.scenes) == (End.STUCK, ("cellar",))
    assert [said(event) for event in halt.way] == ["first/enter", "cellar/shout"]
    assert halt.plays + coverage.endings["end"] == 200
    assert sum(coverage.points["rapport"].values()) == coverage.endings["end"]
    assert all(Player(case(TRAP)).play(seed).end is End.STUCK for seed in halt.seeds)
    text = told(coverage)
    assert "stuck in `cellar`" in text
    assert "The shortest way there: first/enter, cellar/shout." in text
    assert "[stuck]" in text


def test_a_case_without_a_way_out_is_given_up_and_told() -> None:
    """A play of a thousand decisions is given up; the scenes that it went round in are named."""
    coverage = covered(case(ROUND), count=3)
    (halt,) = coverage.halts
    assert (halt.end, halt.scenes, halt.plays, halt.way) == (End.ENDLESS, ("first", "second"), 3, ())
    assert halt.seeds == tuple(seed_of(7, number) for number in range(3))
    assert coverage.decisions == {1000: 3}
    text = told(coverage)
    assert "after 1,000 decisions still in `first`, `second`" in " ".join(text.split())
    assert "no play ended" in text
    assert coverage_json(coverage)["points"] == {
        dimension: {"least": None, "median": None, "most": None, "plays": {}} for dimension in DIMENSIONS
    }


def test_scenes_that_a_visit_only_brings_along_do_not_count(tmp_path: Path) -> None:
    """A case visits one scene of a shared file; what stands beside it there is not missing."""
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared" / "talk.yaml").write_text(
        "shared: talk\nversion: 1.0.0\nsummary: Talk.\nscenes:\n"
        "  one: {text: Well., responses: {go: {do: Go., next: return}}}\n"
        "  two: {text: Well., responses: {stay: {do: Stay., next: return}}}\n",
        encoding="utf-8",
    )
    visiting = written("first: {visit: one, next: end}", shared="talk")
    coverage = covered(case_in(tmp_path, visiting, "visits.yaml").scenario)
    assert [(each.scene, each.name) for each in coverage.responses] == [("first.one", "go")]


@pytest.mark.parametrize("width", [60, 79, 110])
def test_no_line_is_wider_than_the_paper(width: int) -> None:
    """Tables and sentences fit, also where titles and ids are long; without blocks everything is ASCII."""
    title = "A title that goes on and on and on until nobody remembers how it began and then some more"
    long = case(
        NEVER.replace("dream", "d" * 40),
        title=title,
        endings=f"\nend: {{title: {title}, text: Over.}}\nother: {{title: Other, text: Over.}}\n",
    )
    for coverage in (covered(long), covered(scenario(MANY)), covered(case(TRAP)), covered(case(ROUND), count=2)):
        for blocks in (True, False):
            text = coverage_text(coverage, Paper(width, blocks))
            assert max(map(len, text.splitlines())) <= width
            assert text.isascii() is not blocks


@pytest.mark.parametrize("counts", [{5: 1}, {1: 1, 2: 1}, {1: 2, 7: 3}, {-3: 4, 0: 1, 2: 4}, {0: 1, 1: 9}])
def test_the_median_is_a_number_that_came_up(counts: dict[int, int]) -> None:
    """Of two in the middle it is the lower one."""
    assert middle(counts) == statistics.median_low([number for number, times in counts.items() for _ in range(times)])


# -- the command ----------------------------------------------------------------------------------


def _file(tmp_path: Path, text: str = CASE) -> Path:
    path = tmp_path / "small-case.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return _file(tmp_path)


def run(where: Path, *arguments: str | Path) -> tuple[int, str, str]:
    return text_of(here(where / "home", "play", *arguments))


def test_playing_at_random_keeps_nothing(tmp_path: Path, small: Path) -> None:
    """Nobody played, so there is no journal and no person; the seed that was drawn is told, and repeats the run."""
    code, out, error = run(tmp_path, small, "--random", "50")
    assert (code, error) == (0, "")
    assert not (tmp_path / "home").exists()
    (seed,) = re.findall(r"^50 random plays of A small case \(small-case\), seed (\d+)$", out, re.MULTILINE)
    assert run(tmp_path, small, "--random", "50", "--seed", seed) == (0, out, "")


def test_a_case_of_the_library_is_played_by_its_id(tmp_path: Path) -> None:
    """What `play` finds, it finds for playing at random as well."""
    code, out, _ = run(tmp_path, "new-case-manager", "--random", "20", "--seed", "1")
    assert code == 0
    assert out.startswith("20 random plays of I'd like a new case manager (new-case-manager), seed 1\n")


def test_the_json_has_keys_that_stay(tmp_path: Path, small: Path) -> None:
    """Tools find everything under the same keys, with counts of plays."""
    code, out, error = run(tmp_path, small, "--random", "100", "--seed", "7", "--format", "json")
    assert (code, error) == (0, "")
    found = json.loads(out)
    assert list(found) == [
        *("scenario", "version", "scenario_hash", "seed", "asked", "plays", "decisions", "coverage", "endings"),
        *("halts", "points", "criticals", "responses", "options", "documents", "consults", "outcomes", "wordings"),
    ]
    assert found["coverage"] == {"percent": 100, "taken": 3, "of": 3}
    assert found["endings"] == [{"ending": "done", "title": "Done", "plays": 100}]
    assert [each["response"] for each in found["responses"]] == ["invite", "promise", "explain"]
    assert set(found["responses"][0]) == {"scene", "response", "on_offer", "taken"}
    assert sum(found["points"]["rapport"]["plays"].values()) == 100
    assert list(found["criticals"][0]) == ["critical", "title", "plays"]
    assert list(found["documents"][0]) == ["document", "on_offer", "read"]
    assert list(found["consults"][0]) == ["scene", "on_offer", "asked"]
    assert list(found["outcomes"][0]) == ["where", "number", "plays"]


def test_too_little_coverage_is_an_exit_code_and_named(tmp_path: Path) -> None:
    """Below what is required it is 1 and says what is missing; at it, and without it, 0."""
    path = _file(tmp_path, written(NEVER))
    code, out, error = run(tmp_path, path, "--random", "50", "--require-coverage", "51")
    assert code == 1
    assert out.startswith("50 random plays")
    assert "coverage is 50% (1 of 2 responses and options), and 51% is required" in error
    assert "first/dream: never on offer" in error
    for flags in (("--require-coverage", "50"), ("--require-coverage", "50%"), ()):
        assert run(tmp_path, path, "--random", "50", *flags)[::2] == (0, "")


@pytest.mark.parametrize(
    ("flags", "what"),
    [
        (("--random", "5", "--resume", "2026"), "--resume is for somebody who plays"),
        (("--random", "5", "--plain"), "--plain is for somebody"),
        (("--random", "5", "--as", "Ana"), "--as is for somebody"),
        (("--random", "5", "--feedback", "each"), "--feedback is for somebody"),
        (("--random", "5", "--no-confidence"), "--no-confidence is for somebody"),
        (("--require-coverage", "90"), "--require-coverage is about playing at random"),
        (("--format", "json"), "--format is about playing at random"),
        (("--random", "0"), "whole number from 1"),
        (("--random", "-3"), "whole number from 1"),
        (("--random", "5", "--again", "2026", "--from", "1"), "--again is for somebody"),
        (("--random", "many"), "whole number from 1"),
        (("--random", "5", "--require-coverage", "101"), "percent from 0 to 100"),
    ],
)
def test_what_says_nothing_together_is_refused(tmp_path: Path, small: Path, flags: tuple[str, ...], what: str) -> None:
    """Flags that do not fit are refused with what to do, before anything is played."""
    code, out, error = run(tmp_path, small, *flags)
    assert (code, out) == (2, "")
    assert what in error
    assert "Traceback" not in error


def test_without_a_case_it_asks_which(tmp_path: Path) -> None:
    """No case, or one that is not there, or one with mistakes: it could not be run."""
    assert "which case?" in run(tmp_path, "--random", "5")[2]
    assert run(tmp_path, "nowhere", "--random", "5")[0] == 2
    path = _file(tmp_path, CASE.replace("next: meeting", "next: meting"))
    code, _, error = run(tmp_path, path, "--random", "5")
    assert code == 2
    assert "did you mean `meeting`?" in error


@posix
def test_ctrl_c_ends_it_with_what_was_played_so_far(tmp_path: Path, small: Path) -> None:
    """Stopped between two plays, it tells what they showed, and that there were fewer than asked for."""
    process = subprocess.Popen(
        [sys.executable, "-c", STOPPED, "play", str(small), "--random", "1000000000", "--format", "json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(tmp_path / "home"),
    )
    out, error = process.communicate(timeout=60)
    found = json.loads(out)
    assert process.returncode == 0
    assert found["asked"] == 1_000_000_000
    assert found["plays"] == found["endings"][0]["plays"] == 25
    assert error.decode() == "caseload: stopped after 25 of 1,000,000,000 plays\n"


STOPPED = """
import os, signal, sys
from simulator.cli import main
from simulator.coverage import Tally
add = Tally.add
def pressed(tally, play):
    add(tally, play)
    if tally.played == 25:
        os.kill(os.getpid(), signal.SIGINT)
Tally.add = pressed
sys.exit(main(sys.argv[1:]))
"""
"""The command, with Ctrl-C pressed during the twenty-fifth play."""
