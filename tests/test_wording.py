"""Moments in words: the same in every front end."""

from __future__ import annotations

import pytest

from scoring.rubric import Level, Mark
from scoring.scorecard import Award, Evidence, Profile
from simulator.scenario import Feeling
from simulator.session import start
from simulator.wording import (
    LEVEL_SIGNS,
    Mood,
    award_lines,
    bearing,
    clock_line,
    counted,
    feeling_word,
    judged_by,
    moods,
    profile_line,
    spoken,
)
from tests.cases import CASE, case, rubric, scenario


def test_feelings_have_five_words() -> None:
    """0-1, 2-3, 4-6, 7-8 and 9-10 each have a word: the author's, those for trust and tension, or plain ones."""
    bands = [feeling_word("trust", Feeling(5), value) for value in range(11)]
    assert bands == ["none"] * 2 + ["thin"] * 2 + ["guarded"] * 3 + ["growing"] * 2 + ["firm"] * 2
    assert feeling_word("tension", Feeling(5), 9) == "at the limit"
    assert feeling_word("hope", Feeling(5), 0) == "very low"
    own = Feeling(5, words=("a", "b", "c", "d", "e"))
    assert [feeling_word("trust", own, value) for value in (1, 2, 6, 7, 10)] == ["a", "b", "c", "d", "e"]
    assert feeling_word("trust", Feeling(0, -100, 100), 100) == "firm"


def test_moods_say_what_the_last_decision_moved() -> None:
    """How a person feels, in words, with the change since the decision before."""
    session = start(scenario(CASE)).choose("invite")
    assert moods(session, "ruth") == (Mood("trust", "guarded", 0), Mood("tension", "high", 0))
    session = session.choose("promise")
    assert moods(session, "ruth") == (Mood("trust", "guarded", 1), Mood("tension", "high", 0))
    assert moods(session, "gus") == (Mood("trust", "none", -1),)
    assert moods(start(scenario(CASE)), "gus") == (Mood("trust", "thin", 0),)


def test_what_one_sees_follows_the_feelings() -> None:
    """A person's bearing is the first wording that holds; empty where the author gave none."""
    shows = "\n      - if: tension >= 8\n        say: on her feet\n      - sitting\n"
    found = case(
        "first: {responses: {push: {do: Push., feels: {tension: +3}, next: end}}}",
        people=f"\nruth:\n  name: Ruth\n  feelings: {{tension: 7}}\n  shows:{shows}\ngus: {{name: Gus}}\n",
    )
    session = start(found)
    assert bearing(session, "ruth") == "sitting"
    assert bearing(session.choose("push"), "ruth") == "on her feet"
    assert bearing(session, "gus") == ""


@pytest.mark.parametrize(
    ("minutes", "line"),
    [
        (0, "9:55 · next client 10:00"),
        (5, "10:00 · next client 10:00"),
        (6, "10:01 · the end 10:10"),
        (20, "10:15 · the end 10:10, 5 min ago"),
    ],
)
def test_the_clock_shows_the_next_time_that_matters(minutes: int, line: str) -> None:
    """The time, the next point, and how long the last one is gone when all are."""
    wait = f"{{do: Wait., minutes: {minutes}, next: second}}"
    found = case(
        f"first: {{responses: {{wait: {wait}}}}}\nsecond: {{text: B., next: end}}",
        clock='{start: "9:55", points: {the-end: "10:10", next-client: "10:00"}}',
    )
    assert clock_line(start(found).choose("wait")).removeprefix("0") == line


def test_a_case_without_times_shows_none() -> None:
    """Without a clock there is no line; without points only the time."""
    assert clock_line(start(case("first: {text: A., next: end}"))) == ""
    assert clock_line(start(case("first: {text: A., next: end}", clock='{start: "23:10"}'))) == "23:10"


def test_profiles_are_summed_up_in_a_line() -> None:
    """Counts from best to harmful, what share was taken where there was one, and a critical instead of it all."""
    award = Award((Mark("rapport.empathy", Level.BEST), Mark("rapport.limits", Level.POOR)), "", "s")
    profile = rubric_profile(award, quality=61)
    assert profile_line(profile) == "1 best, 1 poor · 61% of what was on offer"
    assert profile_line(rubric_profile(award, quality=None)) == "1 best, 1 poor"
    assert profile_line(rubric_profile(Award((), "", "s"), quality=None)) == "nothing marked"
    assert profile_line(rubric_profile(award, quality=61, critical=True)) == "critical"
    assert award_lines(award, rubric()) == ["Empathy (rapport): best", "Limits (rapport): poor"]


def rubric_profile(award: Award, quality: int | None, critical: bool = False) -> Profile:
    return Profile("rapport", tuple(Evidence(1, mark, award) for mark in award.marks), 0, quality, critical)


def test_small_words() -> None:
    """Quotation marks for what is said, numbers with their nouns, a sign for every level, whose judgement it is."""
    assert (spoken("Yes.", True), spoken("Nod.", False)) == ("“Yes.”", "Nod.")
    assert [counted(number, "minute") for number in (0, 1, 2)] == ["0 minutes", "1 minute", "2 minutes"]
    assert counted(2, "entry", "entries") == "2 entries"
    assert len(set(LEVEL_SIGNS.values())) == len(Level)
    assert judged_by(scenario(CASE)).endswith("Case by an unnamed author; reviewed by nobody.")
