"""Advice on fairness: each way to be unfair is told once, and nothing is said about the fair case beside it."""

from __future__ import annotations

from functools import cache

import pytest

from simulator import fairness
from simulator.check import check_scenario
from simulator.explore import Exploration
from simulator.fairness.chance import any_of, at_least, at_most, pattern
from simulator.fairness.choices import choices
from simulator.fairness.words import absolutes, hedges
from simulator.flaw import Flaw
from simulator.library import built_in, cases
from simulator.problem import Problem, Severity
from simulator.scenario import Scenario
from simulator.source import from_text
from tests.cases import loaded, rubric
from tests.unfair import AFTERNOON, BEST, PAIRS, WHOM, written

CODES = {
    *("best-stands-out", "always-best", "always-worst", "differ-in-nothing", "move-together", "absolutes-in-weak"),
}


@cache
def told(text: str) -> tuple[Problem, ...]:
    """Return what a case is told about its fairness."""
    return tuple(each for each in check_scenario(from_text(text), rubric()).problems if each.code in CODES)


def flaws(text: str) -> list[Flaw]:
    scenario = read(text)
    return list(fairness.flaws(scenario, rubric(), Exploration(scenario, rubric())))


def read(text: str) -> Scenario:
    scenario = loaded(text).value
    assert scenario is not None
    return scenario


# -- pairs ------------------------------------------------------------------------------------


@pytest.mark.parametrize("what", PAIRS)
def test_what_is_unfair_is_told(what: str) -> None:
    """It is advice of its own code, and told as often as it happens."""
    pair = PAIRS[what]
    found = [each for each in told(pair.unfair) if each.code == pair.code]
    assert len(found) == pair.times
    assert {each.severity for each in found} == {Severity.ADVICE}


@pytest.mark.parametrize("what", PAIRS)
def test_the_fair_case_beside_it_is_not(what: str) -> None:
    """The same case, made fair, is told nothing of that code."""
    assert PAIRS[what].code not in [each.code for each in told(PAIRS[what].fair)]


def test_a_fair_case_is_told_nothing() -> None:
    """The afternoon that all of these are made of is fair in every way that is looked for."""
    assert told(written(AFTERNOON)) == ()


def test_every_kind_of_unfairness_has_a_pair() -> None:
    """No code goes without one."""
    assert {pair.code for pair in PAIRS.values()} == CODES


# -- what is told -----------------------------------------------------------------------------


def test_a_pattern_is_told_once_with_its_numbers_and_examples() -> None:
    """The message counts scenes and says what chance would have it; a few of them are shown beside it."""
    (problem,) = told(PAIRS["the best is always the longest"].unfair)
    assert problem.message == "in 8 of 8 scenes the best response is the longest; by chance it would be in about 3"
    assert (problem.about, problem.excerpt) == ("", "scenes:")
    assert [each.excerpt.strip() for each in problem.also] == ["sit:", "which:", "choose:"]
    assert problem.also[0].label == "31 words, the others 16"


def test_a_single_scene_is_told_where_it_stands() -> None:
    """What is about one response names it, and an answer can name it in the same way."""
    (problem,) = told(PAIRS["a single best is by far the longest"].unfair)
    assert problem.message.startswith("`choose` is the best response of its scene and by far the longest: 30 words")
    assert problem.about == "rent/choose"


def test_a_few_scenes_in_which_the_best_is_longest_are_an_accident() -> None:
    """In three of eight scenes that is what chance would have it."""
    assert not told(PAIRS["the best is always the longest"].fair)


def test_the_best_is_what_keeps_most_not_what_is_marked_best() -> None:
    """A response that is marked up and closes the door behind it is not the best one of its scene."""
    text = written({**AFTERNOON, "door": dict(AFTERNOON["door"])}).replace(
        f"        marks: {BEST}\n", f"        marks: {BEST}\n        next: done\n", 1
    )
    scenario = read(text)
    by_states = {each.scene.id: each for each in choices(scenario, rubric(), Exploration(scenario, rubric()))}
    by_marks = {each.scene.id: each for each in choices(scenario, rubric(), None)}
    assert by_marks["door"].best == {WHOM["door"]}
    assert WHOM["door"] not in by_states["door"].best


def test_without_exploring_nothing_is_claimed_about_every_state() -> None:
    """What is best or worst in every state is only told when every state was looked at."""
    for what in ("one response is best on everything", "a response that nobody would take"):
        scenario = read(PAIRS[what].unfair)
        assert PAIRS[what].code not in [each.code for each in fairness.flaws(scenario, rubric(), None)]


def test_a_response_that_is_best_only_at_first_is_not_best_in_every_state() -> None:
    """Marks that depend on what came before leave something to weigh."""
    marks = "{rapport.empathy: best, organization.planning: best, ethics.autonomy: best}"
    depends = f"[{{when: trust >= 4, give: {marks}}}, {{give: {{rapport.empathy: poor}}}}]"
    unfair = PAIRS["one response is best on everything"].unfair
    assert "always-best" not in [each.code for each in flaws(unfair.replace(marks, depends))]


def test_what_a_condition_asks_for_makes_a_difference() -> None:
    """Two responses that come to the same differ, if something later asks which was chosen."""
    unfair = PAIRS["two responses that do nothing"].unfair
    asked = unfair.replace(
        "    text: It is four.\n",
        "    text:\n      - {if: chose(leaving/thanks), say: She is gone.}\n      - It is four.\n",
    )
    assert "differ-in-nothing" in [each.code for each in flaws(unfair)]
    assert "differ-in-nothing" not in [each.code for each in flaws(asked)]


def test_a_fact_that_nothing_asks_for_makes_none() -> None:
    """Noting a fact is a difference as soon as a condition asks for it, and not before."""
    noted = PAIRS["two responses that do nothing"].unfair.replace(
        "scenes:\n", "facts: {over: It is over.}\nscenes:\n", 1
    )
    at = noted.index("        marks: {ethics.autonomy", noted.index("      thanks:"))
    noted = f"{noted[:at]}        sets: over\n{noted[at:]}"
    asked = noted.replace(
        "    text: It is four.\n", "    text:\n      - {if: over, say: She is gone.}\n      - It is four.\n"
    )
    assert "differ-in-nothing" in [each.code for each in flaws(noted)]
    assert "differ-in-nothing" not in [each.code for each in flaws(asked)]


# -- chance and words -------------------------------------------------------------------------


def test_chance_is_counted_exactly() -> None:
    """Drawing by lot, and how often that hits, are what they are on paper."""
    assert any_of(1, 1, 4) == pytest.approx(1 / 4)
    assert any_of(2, 1, 4) == pytest.approx(1 / 2)
    assert at_least(2, [1 / 2, 1 / 2]) == pytest.approx(1 / 4)
    assert at_least(0, [1 / 3] * 5) == pytest.approx(1)
    assert at_most(0, [1 / 3, 1 / 2]) == pytest.approx(1 / 3)
    assert at_least(3, [0.2, 0.5, 0.9, 0.4]) + at_most(2, [0.2, 0.5, 0.9, 0.4]) == pytest.approx(1)


def test_a_pattern_is_more_than_chance() -> None:
    """Seven scenes of ten with three responses each are one; five are not, and neither are three of three."""
    assert pattern(7, [1 / 3] * 10)
    assert not pattern(5, [1 / 3] * 10)
    assert not pattern(3, [1 / 4] * 3)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Maybe you could begin. It sounds like a lot.", ["maybe", "could", "sounds like"]),
        ("May I see it? I don’t know when.", ["may", "i don’t know"]),
        ("On May 4 they close. In May too.", []),
        ("Mightily seemly wonders.", []),
    ],
)
def test_careful_words_are_whole_words(text: str, words: list[str]) -> None:
    """They are found in any case, and not within other words or in the name of a month."""
    assert hedges(text) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("You must always call everybody.", ["must", "always", "everybody"]),
        ("That is impossible, I can guarantee it.", ["impossible", "guarantee"]),
        ("She justified the mustard.", []),
    ],
)
def test_absolute_words_are_whole_words(text: str, words: list[str]) -> None:
    """They are found in any case, and not within other words."""
    assert absolutes(text) == words


# -- the library ------------------------------------------------------------------------------


def test_the_cases_of_the_library_give_nothing_away() -> None:
    """By their marks alone, no case of the library is told that its best responses can be told by their looks."""
    found, _ = cases((built_in(),), rubric())
    assert found
    for case in found:
        codes = {each.code for each in fairness.flaws(case.scenario, rubric(), None)}
        assert not codes & {"best-stands-out", "differ-in-nothing", "move-together", "absolutes-in-weak"}
