"""A session as text, for who played it and for who reviews it."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulator.archive import Archive, Logged
from simulator.explore import Exploration
from simulator.hindsight import NotProven
from simulator.people import People, Person
from simulator.report import debrief, report, wrap
from simulator.review.writing import Comment
from simulator.session import Session, start
from simulator.settings import Home
from simulator.wording import ASSERTED, DISCLAIMER
from tests.cases import CASE, case, rubric, scenario
from tests.journals import ANA, begin, case_in

PEOPLE = People({ANA: Person(ANA, "Ana Silva"), "p-sup": Person("p-sup", "Ines Calloway")})

MODEL = CASE.replace(
    "      rated-on: [organization.records]\n",
    "      rated-on: [organization.records]\n      model: |\n        10:07 met R.A.\n        Next: a call.\n",
).replace("client: ruth\n", "client: ruth\ndebrief:\n  - if: promised\n    say: A word was given.\n  - All was said.\n")


def lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def promised() -> Session:
    return start(scenario(MODEL), seed=7).choose("invite").choose("promise").write("I promised.")


@pytest.fixture
def logged(tmp_path: Path) -> Logged:
    """Return a session that was played and written down: everything but the letter."""
    where = Home(tmp_path)
    play = begin(where, case_in(tmp_path / "cases", MODEL))
    play.consult()
    play.choose("invite")
    play.choose("promise")
    play.write("She asked,\nand I promised.")
    play.reflect("Never again.")
    play.close()
    return Archive(where).load(play.path)


# -- what the trainee reads -------------------------------------------------------------------


def test_a_debrief_begins_with_the_ending_and_what_was_critical() -> None:
    """First how it ended, then the criticals, then the three profiles, then the decisions."""
    text = debrief(promised(), rubric())
    order = [text.index(part) for part in ("ENDING: Done", "CRITICAL: broken promise", "rapport ", "YOUR DECISIONS")]
    assert order == sorted(order)
    assert "CRITICAL: broken promise, at decision 3" in text
    assert "Nobody may promise that." in text


def test_a_critical_stands_in_place_of_the_ethics() -> None:
    """Where something critical was done, ethics says so and nothing else."""
    assert "ethics        critical" in debrief(promised(), rubric())
    fine = start(scenario(MODEL)).read("letter").choose("invite").choose("explain")
    text = debrief(fine, rubric())
    assert "critical" not in text.lower()
    assert "rapport       1 best · 100% of what was on offer" in text
    assert "ethics        nothing marked" in text


def test_every_decision_is_told_with_its_marks_and_why() -> None:
    """Each decision with what it was worth and why; outcomes where the scene was left."""
    found = lines(debrief(promised(), rubric()))
    at = found.index("YOUR DECISIONS")
    assert found[at + 1 : at + 10] == [
        "1  Ask her to come in.",
        "* Preparation (organization): poor",
        "The letter lay there.",
        "2  “I will get you the money.”",
        "* Limits (rapport): harmful",
        "It is not yours to give.",
        "3  Wrote",
        "!! CRITICAL: broken promise",
        "Not read: A letter.",
    ]


def test_marks_from_before_the_first_decision_are_not_lost() -> None:
    """Outcomes of junctions that were passed at the very start are told as well."""
    found = case(
        """
        first: {outcomes: [{marks: {ethics.safety: poor}, why: From the start.}], next: second}
        second: {text: Here., next: end}
        """
    )
    text = debrief(start(found).choose("go-on"), rubric())
    assert "* Safety (ethics): poor" in text
    assert "From the start." in text


def test_an_example_is_shown_once_something_was_written() -> None:
    """The model of a text is for afterwards, with its line breaks."""
    assert "FOR COMPARISON" not in debrief(promised().trail[-2], rubric())
    found = lines(debrief(promised(), rubric()))
    at = found.index("FOR COMPARISON: ONE GOOD WAY TO WRITE IT (decision 3)")
    assert found[at + 1 : at + 3] == ["10:07 met R.A.", "Next: a call."]


def test_the_closing_words_fit_what_happened() -> None:
    """The debrief's own text comes in the wording that holds at the end."""
    assert "A word was given." in debrief(promised(), rubric())
    assert "All was said." in debrief(start(scenario(MODEL)).choose("invite"), rubric())


def test_a_debrief_of_what_is_unfinished_says_so() -> None:
    """A session can be looked at before it is over."""
    assert debrief(start(scenario(CASE)).choose("invite"), rubric()).startswith("Unfinished.")


def test_whose_judgement_it_is_stands_at_the_end() -> None:
    """Every debrief and every report says that marks are the author's judgement, and claim no more."""
    text = debrief(promised(), rubric(), width=1000)
    assert text.endswith(f"{DISCLAIMER} Case by an unnamed author; reviewed by nobody.")


# -- what a supervisor reads ------------------------------------------------------------------


def test_a_report_says_what_it_is_about(logged: Logged) -> None:
    """Title, session, who played and when, and when marks were shown."""
    found = lines(report(logged, PEOPLE))
    assert found[0] == "A small case (version 1.0.0)"
    assert found[1:3] == [f"Session   {logged.id}", f"Played by Ana Silva ({ANA})"]
    assert found[3].startswith("Begun     20")
    assert found[4] == "Feedback  at the end"
    assert report(logged, People({})).count(f"Played by {ANA} ({ANA})") == 1


def test_a_report_puts_criticals_before_profiles_and_transcript(logged: Logged) -> None:
    """What a person must look at comes first."""
    text = report(logged, PEOPLE)
    order = [
        text.index(part) for part in ("ENDING", "CRITICAL: broken promise", "rapport ", "TRANSCRIPT", "!! CRITICAL")
    ]
    assert order == sorted(order)


def test_a_transcript_tells_what_was_seen_skipped_done_and_answered(logged: Logged) -> None:
    """Decision by decision: what was told, what was left, what was done, what it brought."""
    found = lines(report(logged, PEOPLE))
    at = found.index("TRANSCRIPT")
    assert found[at + 1 : at + 21] == [
        "1  10:00  preparation",
        "Her file is on your desk.",
        "→ Asked the supervisor",
        "Read the letter first.",
        "2  10:02  preparation",
        "→ Ask her to come in.",
        "* Preparation (organization): poor",
        "The letter lay there.",
        "3  10:03  meeting",
        "Ms. Adeyemi: Good morning.",
        "→ “I will get you the money.”",
        "* Limits (rapport): harmful",
        "It is not yours to give.",
        "4  10:04  wrap-up",
        "→ Wrote",
        "| She asked,",
        "| and I promised.",
        "!! CRITICAL: broken promise",
        "Not read: A letter.",
        "REFLECTION",
    ]


def test_what_was_offered_and_not_taken_is_in_the_transcript(tmp_path: Path) -> None:
    """A reviewer sees what else could have been said."""
    play = begin(Home(tmp_path))
    play.read("letter")
    play.choose("invite")
    play.choose("explain")
    play.close()
    found = lines(report(Archive(Home(tmp_path)).load(play.path), PEOPLE))
    assert "(not taken) “I will get you the money.”" in found
    assert "→ “Here is how it was decided.”" in found
    assert "She nods." in found


def test_comments_stand_with_the_decision_they_are_about(logged: Logged) -> None:
    """What supervisors said is told where it belongs, and what was not signed off is marked so."""
    comments = [
        Comment("p-sup", 3, "Why this?", "2026-03-04T12:00:00Z", signed=True),
        Comment("p-sup", 0, "Let us talk.", "2026-03-04T12:00:00Z", signed=False),
    ]
    for given in (comments, iter(comments)):
        found = lines(report(logged, PEOPLE, given))
        at = found.index("> Ines Calloway: Why this?")
        assert found.index("3  10:03  meeting") < at < found.index("4  10:04  wrap-up")
        assert found[found.index("ON THE WHOLE") + 1] == "> Ines Calloway, not signed off: Let us talk."


def test_marks_from_before_the_first_decision_are_in_a_report(tmp_path: Path) -> None:
    """A reviewer sees the outcomes of junctions that were passed at the very start."""
    text = CASE.replace("start: desk", "start: gate").replace(
        "scenes:\n", "scenes:\n  gate:\n    outcomes:\n      - marks: {ethics.safety: poor}\n    next: desk\n"
    )
    play = begin(Home(tmp_path), case_in(tmp_path / "cases", text))
    play.choose("invite")
    play.close()
    assert "* Safety (ethics): poor" in lines(report(Archive(Home(tmp_path)).load(play.path), PEOPLE))


def test_reports_say_that_nobody_checked_who_played(logged: Logged) -> None:
    """Identity is asserted, and whoever reads a report is told."""
    assert report(logged, PEOPLE, width=1000).endswith(ASSERTED)


# -- lines ------------------------------------------------------------------------------------


def test_lines_are_wrapped_and_paragraphs_stay() -> None:
    """Long lines break at blanks within the width; empty lines and indents stay."""
    text = wrap("word " * 20 + "\n\nanother", 40, "  ")
    assert max(map(len, text.split("\n"))) <= 40
    assert text.split("\n")[-2:] == ["", "  another"]
    assert all(line.startswith("  ") for line in text.split("\n") if line)


@pytest.mark.parametrize("width", [40, 80, 120])
def test_no_line_of_a_report_is_wider_than_asked(logged: Logged, width: int) -> None:
    """A report fits the window it is read in."""
    for text in (report(logged, PEOPLE, width=width), debrief(logged.session, rubric(), width)):
        assert max(map(len, text.split("\n"))) <= width


# -- what the case made possible --------------------------------------------------------------


def test_a_report_draws_what_was_still_reachable(logged: Logged) -> None:
    """A result and two rows a dimension, closing in on it; no row where nothing could be lost."""
    text = report(logged, PEOPLE, outlooks=Exploration(logged.scenario, logged.rubric))
    found = lines(text)
    at = found.index("rapport       0 of 100 · 1 harmful")
    assert found[at + 1 : at + 5] == [
        "best  ██▁▁▁",
        "worst ▁▁▁▁▁",
        "organization  not assessed · 1 poor",
        "ethics        critical",
    ]
    assert "0 is the worst and 100 the best that this case makes possible" in text


def test_a_report_draws_digits_where_there_are_no_blocks(logged: Logged) -> None:
    """Plain ASCII rows, and what a digit stands for."""
    text = report(logged, PEOPLE, outlooks=Exploration(logged.scenario, logged.rubric), blocks=False)
    assert "best  99000" in lines(text)
    assert "A digit stands for ten" in " ".join(text.split())
    assert not set(text) & set("▁▂▃▄▅▆▇█")


def test_each_decision_says_what_it_cost(logged: Logged) -> None:
    """Its label, what it cost where, and what would have kept the best, in the report and in the debrief."""
    outlooks = Exploration(logged.scenario, logged.rubric)
    for text in (
        report(logged, PEOPLE, outlooks=outlooks),
        debrief(logged.session, logged.rubric, outlooks=outlooks),
    ):
        found = lines(text)
        at = found.index("serious: no way round a critical after this, cost rapport 6")
        assert found[at - 1].endswith("Ask her to come in.")
        assert found[at + 3] == "would have kept it: first, Read: A letter"
        assert "serious: critical" in found


def test_what_is_not_proven_has_evidence_and_no_number(logged: Logged) -> None:
    """The words stand where the numbers would."""
    unproven = NotProven("It has more than 2,000,000 states.")
    for text in (
        report(logged, PEOPLE, outlooks=unproven),
        debrief(logged.session, logged.rubric, outlooks=unproven),
    ):
        assert "rapport       1 harmful" in lines(text)
        assert "not proven. It has more than 2,000,000 states." in " ".join(text.split())
        assert "of 100" not in text


@pytest.mark.parametrize("width", [40, 80, 120])
def test_results_and_costs_keep_to_the_width(logged: Logged, width: int) -> None:
    """Rows, labels and what would have kept the best are wrapped like everything else."""
    outlooks = Exploration(logged.scenario, logged.rubric)
    for text in (
        report(logged, PEOPLE, width=width, outlooks=outlooks),
        debrief(logged.session, logged.rubric, width, outlooks=outlooks),
    ):
        assert max(map(len, text.splitlines())) <= width
