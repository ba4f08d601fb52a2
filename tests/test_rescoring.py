"""A corrected case or rubric can be tried on everything that was ever played, and nothing is changed by it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.archive import Archive, Logged
from simulator.hindsight import Hindsight
from simulator.library import standard_rubric
from simulator.rescoring import OtherCase, rescore
from simulator.settings import Home
from simulator.solved import foresight
from tests.attempts import EXPLAINED, attempted
from tests.cases import CASE, rubric, trials
from tests.cases import scenario as _case
from tests.journals import case_in, caseload, played_through, text_of

MILDER = CASE.replace("marks: {rapport.limits: harmful}", "marks: {rapport.limits: poor}")
FORGIVEN = CASE.replace("    when: promised\n    why", "    when: promised and trust >= 9\n    why")
GONE = CASE.replace("      promise:\n        say", "      vow:\n        say")


@pytest.fixture
def where(tmp_path: Path) -> Home:
    return Home(tmp_path)


@pytest.fixture
def logged(where: Home) -> Logged:
    return Archive(where).load(played_through(where))


def test_a_corrected_mark_shows_beside_the_one_that_was_given(logged: Logged) -> None:
    """A mark that is another now is told at its decision, with what was done there; nothing else is."""
    found = rescore(logged, _case(MILDER), rubric())
    (change,) = found.changes
    assert (change.number, change.what) == (4, "“I will get you the money.”")
    assert [str(mark) for mark in (*change.lost, *change.gained)] == ["rapport.limits: harmful", "rapport.limits: poor"]
    assert found.now.card.profiles["rapport"].raw > found.then.card.profiles["rapport"].raw
    assert not found.same


def test_the_same_case_changes_nothing(logged: Logged) -> None:
    """Scored by what it was played with, a session comes to the same."""
    found = rescore(logged, logged.scenario, logged.rubric)
    assert found.same
    assert found.changes == ()


def test_a_critical_that_is_none_any_more_gives_ethics_its_number_back(where: Home, logged: Logged) -> None:
    """Where the correction raises no critical, the result in percent stands in its place."""
    corrected = _case(FORGIVEN)
    then = foresight(where, logged.scenario, logged.rubric).ahead
    now = foresight(where, corrected, rubric()).ahead
    found = rescore(logged, corrected, rubric(), then, now)
    assert found.then.result("ethics") == "critical"
    assert isinstance(found.now.back, Hindsight)
    assert found.now.result("ethics") == "not assessed"
    assert [each for change in found.changes for each in change.criticals_lost] == ["broken-promise"]


def test_a_response_that_is_gone_ends_the_comparison_there(logged: Logged) -> None:
    """What the corrected case no longer offers is named, and nothing after it is scored."""
    found = rescore(logged, _case(GONE), rubric())
    assert found.stopped == 4
    assert "`promise` cannot be chosen" in found.why
    assert len(found.now.session.events) == 3
    assert not found.same


def test_another_case_is_refused(logged: Logged) -> None:
    """A session cannot be scored by a case that was not played."""
    with pytest.raises(OtherCase, match="was played at `small-case`, not at `other-case`"):
        rescore(logged, _case(CASE.replace("scenario: small-case", "scenario: other-case")), rubric())


@trials(8)
@given(st.sampled_from(["harmful", "poor", "acceptable", "best"]))
def test_changes_account_for_the_whole_difference(level: str) -> None:
    """Points lost and gained at the decisions add up to what the totals differ by."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        logged = Archive(Home(Path(folder))).load(played_through(Home(Path(folder))))
        corrected = CASE.replace("rapport.limits: harmful", f"rapport.limits: {level}")
        found = rescore(logged, _case(corrected), rubric())
    points = rubric().points
    told = sum(points[mark.level] for change in found.changes for mark in change.gained) - sum(
        points[mark.level] for change in found.changes for mark in change.lost
    )
    raw = found.now.card.profiles["rapport"].raw - found.then.card.profiles["rapport"].raw
    assert told == raw


def test_the_command_writes_nothing(where: Home, logged: Logged) -> None:
    """`caseload rescore` tells the difference, says that it is a comparison, and leaves every journal as it is."""
    before = logged.recorded.path.read_bytes()
    path = where.root / "corrected.yaml"
    path.write_text(MILDER, encoding="utf-8")
    code, out, error = text_of(caseload(where.root, "rescore", logged.id, "--case", path))
    assert (code, error) == (1, "")
    assert "rapport.limits: harmful → poor" in out
    assert "stay as they are" in out
    assert logged.recorded.path.read_bytes() == before


def test_a_corrected_case_is_tried_on_all_that_were_played(where: Home, logged: Logged) -> None:
    """Without a session, every one that was played at the case is scored; which of them would differ is counted."""
    other = attempted(where, case_in(where.root / "cases"), *EXPLAINED)
    path = where.root / "corrected.yaml"
    path.write_text(MILDER, encoding="utf-8")
    code, out, _ = text_of(caseload(where.root, "rescore", "--case", path, "--no-solve"))
    assert code == 1
    assert "1 of 2 sessions would be scored otherwise." in out
    result = caseload(where.root, "rescore", "--case", path, "--no-solve", "--format", "json")
    rows = {row["session"]: row for row in json.loads(result.stdout)}
    assert rows[other]["changes"] == []
    assert rows[logged.id]["changes"][0]["gained"] == [{"indicator": "rapport.limits", "level": "poor"}]


def test_another_rubric_shows_in_points(where: Home, logged: Logged) -> None:
    """With a rubric whose levels are worth something else, the marks are the same and the points are not."""
    text = standard_rubric().read_text(encoding="utf-8")
    assert "harmful: -3" in text
    path = where.root / "rubric.yaml"
    path.write_text(text.replace("harmful: -3", "harmful: -5"), encoding="utf-8")
    case = where.root / "cases" / "small-case.yaml"
    code, out, _ = text_of(caseload(where.root, "rescore", logged.id, "--case", case, "--rubric", path, "--no-solve"))
    assert code == 1
    assert "No decision is marked otherwise." in out
    assert "Rubric" in out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "which sessions?"),
        (("--case", "no-such-case"), "no-such-case"),
        (("20990101",), "there is no session and no file"),
    ],
)
def test_what_cannot_be_done_is_said(where: Home, arguments: tuple[str, ...], said: str) -> None:
    """Without sessions, without a case, or with names that are none, the command says what is missing."""
    code, out, error = text_of(caseload(where.root, "rescore", *arguments))
    assert (code, out) == (2, "")
    assert said in error
