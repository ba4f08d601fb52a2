"""`caseload review SESSION`: a supervisor's whole judgement from the command line, and what is possible instead."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulator.archive import Archive, Logged
from simulator.journal import PRACTICE
from simulator.people import People
from simulator.play import Play
from simulator.report import said_of
from simulator.review.writing import Judgement, Reviewing, reviews_of, signed_judgement
from simulator.settings import Home
from tests.cases import rubric
from tests.journals import ANA, case_in, here, played_through, resumed, rubric_source, text_of
from tests.reports import taken_apart
from tests.sharing import Agency

NOTE = "She asked for help, and I promised it."


@pytest.fixture
def where(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture
def logged(where: Home) -> Logged:
    """Decision 4 has a harmful mark on rapport.limits; decision 5 is a note."""
    return Archive(where).load(played_through(where))


def _review(where: Home, logged: Logged, *arguments: str | Path) -> tuple[int, str, str]:
    return text_of(here(where.root, "review", logged.id, *arguments))


def test_a_whole_judgement_in_one_command(where: Home, logged: Logged) -> None:
    """Overrides, ratings, levels and comments are kept together, and sent back; the trainee's report has all of it."""
    code, out, error = _review(
        where,
        logged,
        *("--override", "4", "rapport.limits", "poor", "She corrected it."),
        *("--rate", "5", "organization.records", "acceptable", "All but the day."),
        *("--rate", "5", "organization.records", "best"),
        *("--overall", "rapport", "acceptable"),
        *("--comment", "0", "On Monday we talk."),
        *("--send-back", "Promise less.", "--practise", "small-case"),
        *("--as", "Feona"),
    )
    assert (code, error.startswith("New here: Feona")) == (0, True)
    assert out == f"{logged.id}: 1 comment, 1 override, 2 ratings, 1 overall level kept, sent back by Feona.\n"
    told = text_of(here(where.root, "report", logged.id, "--width", "300"))[1]
    for line in (
        "> Feona: Limits (rapport): harmful, overridden: poor. She corrected it.",
        "> Feona: Records (organization): rated best.",
        "> Feona: rapport on the whole: acceptable.",
        "> Feona: On Monday we talk.",
        "Promise less. To practise: small-case.",
        "Reviewed by Feona:",
        "  rapport       0 of 100 (originally 0 of 100)",
        "  ethics        critical, unchanged",
    ):
        assert line in told
    assert "rated acceptable" not in told


def test_a_level_can_be_taken_away_and_a_word_withdrawn(where: Home, logged: Logged) -> None:
    """`none` says that there should be no mark; the review lists by which entry a word is taken back."""
    say = ("--override", "4.1", "rapport.limits", "none", "He asked for it.", "--comment", "1", "Hm.", "--as", "Feona")
    assert _review(where, logged, *say)[0] == 0
    out = _review(where, logged)[1]
    assert "   1  decision 1, Feona, not signed off: Hm.\n" in out
    assert "harmful, overridden: no mark. He asked for it." in " ".join(out.split())
    assert "1 entry withdrawn" in _review(where, logged, "--withdraw", "1")[1]
    (review,) = reviews_of(where, logged.id)
    assert (len(review.comments), len(review.overrides)) == (0, 1)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--override", "2", "rapport.limits", "poor", "x"], "decision 2 has no marks; there are marks at 4"),
        (["--override", "4", "ethics.x", "poor", "x"], "it has 4.1 rapport.limits: harmful, for `promise`"),
        (["--override", "4.2", "rapport.limits", "poor", "x"], "decision 4 has no mark on rapport.limits; it has 4.1"),
        (["--override", "4.x", "rapport.limits", "poor", "x"], "`4.x` is no mark; 3.2 is the second"),
        (["--override", "9", "rapport.limits", "poor", "x"], "`9` is no decision of this session; it has 1 to 5"),
        (["--override", "4", "rapport.limits", "fair", "x"], "there is no level `fair`; there are\n  best: "),
        (["--override", "4", "rapport.limits", "poor", " "], "an override needs a reason"),
        (["--rate", "5", "rapport.limits", "poor"], "is rated on organization.records, not on rapport.limits"),
        (["--rate", "4", "organization.records", "poor"], "what can be rated: 5 (organization.records)"),
        (["--rate", "5", "organization.records"], "a rating is a decision, an indicator, a level"),
        (["--rate", "5", "organization.records", "poor", "all", "but"], "and a text in quotes"),
        (["--overall", "charm", "poor"], "there is no dimension `charm`"),
        (["--overall", "rapport"], "an overall level is a dimension, a level"),
        (["--redact", "4"], "nothing was written at decision 4; something was written at 5"),
        (["--redact", "nine"], "`nine` is no decision of this session"),
        (["--withdraw", "first"], "`first` is no entry of a review"),
        (["--withdraw", "7"], "entry 7 of this review cannot be withdrawn; nothing was said yet"),
        (["--send-back", " "], "says what to practise"),
        (["--practise", "small-case"], "--practise goes with --send-back"),
        (["--send-back", "x", "--practise", "A small case"], "`A small case` cannot be the id of a case"),
        (["--sign-off", "--format", "html"], "two commands"),
        (["--format", "json"], "a session is there as text or html"),
    ],
)
def test_what_is_not_possible_is_said_with_what_is(
    where: Home, logged: Logged, arguments: list[str], said: str
) -> None:
    """Nothing is written where one thing is wrong, however much of the rest is right."""
    code, out, error = _review(where, logged, "--comment", "1", "Good.", *arguments, "--as", "Feona")
    if arguments[0] == "--format":
        code, out, error = _review(where, logged, *arguments)
    assert (code, out) == (2, "")
    assert said in error
    assert "Traceback" not in error
    if arguments[0] != "--withdraw":
        assert list(reviews_of(where, logged.id)) == []


def test_a_case_to_practise_that_is_not_here_is_told(where: Home, logged: Logged) -> None:
    """A misspelt case is noticed; one that only the trainee has can be named all the same."""
    say = ("--send-back", "x", "--practise", "new-case-manger", "--practise", "new-case-manager", "--as", "Feona")
    code, _, error = _review(where, logged, *say)
    assert code == 0
    assert "has no case `new-case-manger`" in error
    assert "has no case `new-case-manager`" not in error
    assert signed_judgement(where, logged.id).practise == ("new-case-manger", "new-case-manager")


def test_a_text_is_redacted_from_the_command_line(where: Home, logged: Logged) -> None:
    """What was written, and what was thought afterwards, is gone for good; both are said."""
    out = _review(where, logged, "--redact", "5", "--redact", "reflections", "--as", "Feona")[1]
    assert out == f"{logged.id}: 2 texts erased, not signed off yet, so only reviewers see it.\n"
    assert "(redacted)" in text_of(here(where.root, "report", logged.id))[1]
    assert NOTE.encode() not in b"".join(each.read_bytes() for each in where.journals.iterdir())


def test_a_text_that_cannot_be_erased_yet_is_said(where: Home, logged: Logged) -> None:
    """While somebody writes the session, the reviewer is told that it is erased the next time."""
    play = resumed(where, logged.recorded.path)
    out = _review(where, logged, "--redact", "5", "--as", "Feona")[1]
    assert "it is erased when the review is opened again" in out
    assert "is being written by" in out
    play.close()
    assert _review(where, logged, "--comment", "0", "Done.")[0] == 0
    assert "(redacted)" in text_of(here(where.root, "report", logged.id))[1]


def test_a_review_is_a_page_as_well(where: Home, logged: Logged, tmp_path: Path) -> None:
    """The page for reviewers has what is not signed yet; the file's name says that it is a page."""
    say = ("--override", "4", "rapport.limits", "poor", "She corrected it.", "--as", "Feona")
    assert _review(where, logged, *say)[0] == 0
    file = tmp_path / "review.html"
    assert _review(where, logged, "--output", file)[0] == 0
    found = taken_apart(file.read_text("utf-8"))
    assert "Reviewed by Feona, not signed off" in found.words
    assert "She corrected it." in found.one("li", id="decision-4").words
    assert _review(where, logged, "--output", file)[0] == 2


def test_hints_on_notes_stand_with_the_review_and_not_with_the_report(where: Home, logged: Logged) -> None:
    """Who rates a note is given hints that say they are hints; who wrote it is not."""
    out = _review(where, logged)[1]
    assert "Hints only" in out
    assert "No next step was found" in out
    assert "Hints only" not in text_of(here(where.root, "report", logged.id))[1]


def test_what_was_signed_is_told_line_by_line(where: Home, logged: Logged) -> None:
    """Who comes back to a session in plain mode reads what the supervisor said, decision by decision."""
    with Reviewing.open(where, logged, "p-feona") as reviewing:
        reviewing.comment(1, "Well read.")
        reviewing.send_back(logged.recorded.reading.head, "Promise less.")
        reviewing.comment(4, "Not signed.")
    told = said_of(logged.session, logged.rubric, signed_judgement(where, logged.id), People({}))
    assert told.startswith("WHAT YOUR SUPERVISOR SAYS\n")
    assert "Decision 1\n     > p-feona: Well read." in told
    assert "Promise less." in told
    assert "Not signed." not in told
    assert said_of(logged.session, logged.rubric, Judgement(), People({})) == ""


def test_whoever_collected_a_practice_attempt_has_no_report_of_it(tmp_path: Path) -> None:
    """A trainee reports on their own practice in full; the desk that collected it is sent to the summary."""
    agency = Agency(tmp_path)
    case = case_in(agency.laptop.root / "cases")
    play = Play.begin(agency.laptop, case, rubric(), rubric_source(), ANA, seed=7, feedback="end", purpose=PRACTICE)
    play.choose("invite")
    play.close()
    session = play.path.stem
    agency.hand_in()
    agency.collect()

    code, out, _ = text_of(here(agency.laptop.root, "report", session))
    assert (code, "→" in out) == (0, True)
    for form in ("text", "html", "csv", "jsonl"):
        code, out, error = text_of(here(agency.desk.root, "report", session, "--format", form))
        assert (code, out, "somebody else's practice attempt" in error) == (2, "", True)
    assert "This was practice." in text_of(here(agency.desk.root, "review", session))[1]
