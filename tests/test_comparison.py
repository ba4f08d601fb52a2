"""Attempts at one case side by side."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.comparison import Comparison, NotComparable, _aligned, compare
from simulator.comparison_telling import comparison_text, cues
from simulator.library import Case
from simulator.session import Chose, Consulted, Event, Read
from simulator.settings import Home
from simulator.wording import DISCLAIMER
from tests.attempts import EXPLAINED, PROMISED, attempted, logged, ticking
from tests.cases import CASE, trials
from tests.journals import case_in, caseload, text_of

LOOP = CASE.replace(
    "      invite: {do: Ask her to come in., next: meeting}\n",
    "      invite: {do: Ask her to come in., next: meeting}\n      tidy: {do: Tidy up., again: true, next: desk}\n",
)


@pytest.fixture(autouse=True)
def minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    ticking(monkeypatch)


@pytest.fixture
def where(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture
def small(tmp_path: Path) -> Case:
    return case_in(tmp_path / "cases")


def compared(where: Home, case: Case, *ways: tuple[str, ...]) -> Comparison:
    """Play a case in several ways and compare them."""
    return compare(logged(where, *[attempted(where, case, *way) for way in ways]))


def table(comparison: Comparison) -> list[tuple[str, ...]]:
    """Return what was decided, row by row; a dash where an attempt has nothing."""
    return [tuple("-" if side is None else side.what for side in row.sides) for row in comparison.rows]


# -- aligning -------------------------------------------------------------------------------------


def test_attempts_are_aligned_where_they_part(where: Home, small: Case) -> None:
    """What only one attempt did stands alone; different answers in one scene stand beside each other."""
    found = compared(where, small, PROMISED, EXPLAINED)
    assert table(found) == [
        ("-", "Read: A letter"),
        ("Ask her to come in.", "Ask her to come in."),
        ("“I will get you the money.”", "“Here is how it was decided.”"),
        ("Wrote", "-"),
    ]
    assert [row.met for row in found.rows] == [False, True, True, False]


def test_what_was_decided_and_marked_the_same_goes_together(where: Home, tmp_path: Path) -> None:
    """The common beginning is one stretch, and so is where they meet again after they parted."""
    case = case_in(tmp_path / "loop", LOOP)
    found = compared(
        where, case, ("read:letter", "tidy", "invite", "explain"), ("read:letter", "consult", "invite", "explain")
    )
    assert [(stretch.same, len(stretch.rows)) for stretch in found.stretches] == [(True, 1), (False, 2), (True, 2)]


def test_the_same_decision_marked_otherwise_is_not_the_same(where: Home, small: Case) -> None:
    """Who asked her in without having read the letter did the same, and was marked for it."""
    found = compared(where, small, PROMISED, EXPLAINED)
    invited = found.rows[1]
    assert not invited.same
    assert [len(side.awards) for side in invited.sides if side is not None] == [1, 0]


def test_notes_are_beside_each_other_whatever_is_in_them(where: Home, small: Case) -> None:
    """Two notes of one scene are one row; they are the same only if the same was written."""
    way = PROMISED[:2]
    found = compared(where, small, (*way, "write:One."), (*way, "write:Another."), (*way, "write:One."))
    assert [side.written for side in found.rows[-1].sides if side is not None] == ["One.", "Another.", "One."]
    assert not found.rows[-1].same
    assert compare((found.attempts[0], found.attempts[2])).rows[-1].same


def test_two_that_went_the_same_way_never_part(where: Home, small: Case) -> None:
    """Attempts that are the same are one stretch, and the text says so."""
    found = compared(where, small, EXPLAINED, EXPLAINED)
    (stretch,) = found.stretches
    assert stretch.same
    assert "They never part." in comparison_text(found, "Ana")


def test_attempts_at_different_versions_are_aligned_by_ids_and_told(where: Home, tmp_path: Path) -> None:
    """Words of an edited case differ while its ids stay: decisions still meet, and the edit is told."""
    edited = CASE.replace("version: 1.0.0", "version: 1.1.0").replace("I will get you the money.", "It is yours.")
    first = attempted(where, case_in(tmp_path / "old"), *PROMISED)
    second = attempted(where, case_in(tmp_path / "new", edited), *PROMISED)
    found = compare(logged(where, first, second))
    assert found.edited
    assert table(found)[1] == ("“I will get you the money.”", "“It is yours.”")
    assert [row.same for row in found.rows] == [True, False, True]
    text = " ".join(comparison_text(found, "Ana").split())
    assert "was edited between these attempts (versions: 1.0.0 and 1.1.0)" in text
    assert "by the ids of scenes and responses" in text
    assert not compared(where, case_in(tmp_path / "old"), PROMISED, EXPLAINED).edited


@dataclass(frozen=True)
class Decided:
    """As much of a moment as aligning looks at."""

    event: Event


events = st.one_of(
    st.builds(Chose, st.sampled_from("abc"), st.sampled_from("xyz")),
    st.builds(Read, st.sampled_from("abc"), st.sampled_from("xy")),
    st.builds(Consulted, st.sampled_from("abc")),
)


@trials(200)
@given(st.lists(st.lists(events, max_size=12), min_size=2, max_size=4))
def test_aligning_loses_nothing_and_sets_only_like_beside_like(sides: list[list[Event]]) -> None:
    """Every decision stands in exactly one row, in its order; what shares a row is of one scene and one kind."""
    rows = list(_aligned([[Decided(event) for event in side] for side in sides]))  # type: ignore[misc]
    for number, side in enumerate(sides):
        assert [row[number].event for row in rows if row[number] is not None] == side  # type: ignore[union-attr]
    for row in rows:
        places = {(side.event.scene, type(side.event)) for side in row if side is not None}
        assert len(places) == 1


@trials(50)
@given(st.lists(events, max_size=12), st.integers(2, 4))
def test_the_same_way_is_aligned_all_along(way: list[Event], times: int) -> None:
    """However often somebody goes the same way, there are as many rows as decisions."""
    rows = list(_aligned([[Decided(event) for event in way] for _ in range(times)]))  # type: ignore[misc]
    assert len(rows) == len(way)


# -- what can be compared -------------------------------------------------------------------------


def test_only_attempts_of_one_person_at_one_case_are_compared(where: Home, small: Case, tmp_path: Path) -> None:
    """Different people are never set side by side, nor different cases, nor a session with itself."""
    other = case_in(tmp_path / "other", CASE.replace("small-case", "other-case"))
    one = attempted(where, small, *EXPLAINED)
    others = {
        "different cases: small-case, other-case": attempted(where, other, *EXPLAINED),
        "sessions of different people": attempted(where, small, *EXPLAINED, person="p-other000"),
        "two different sessions": one,
    }
    for why, another in others.items():
        with pytest.raises(NotComparable, match=why):
            compare(logged(where, one, another))
    with pytest.raises(NotComparable, match="two different sessions"):
        compare(logged(where, one))
    with pytest.raises(NotComparable, match="at most 6"):
        compare(logged(where, *[attempted(where, small, *EXPLAINED) for _ in range(7)]))


def test_an_unfinished_attempt_is_compared_as_far_as_it_goes(where: Home, small: Case) -> None:
    """What has no ending yet says so."""
    found = compared(where, small, PROMISED, ("read:letter", "invite"))
    assert len(found.rows) == 4
    assert "B is unfinished, and compared as far as it goes." in comparison_text(found, "Ana")


# -- the text -------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [40, 80, 120])
def test_a_comparison_fits_its_width(where: Home, small: Case, width: int) -> None:
    """Side by side where there is room, below each other where there is none; nothing stands over."""
    text = comparison_text(compared(where, small, PROMISED, EXPLAINED), "Ana", width)
    assert max(len(line) for line in text.splitlines()) <= width
    beside = any("A2" in line and "B3" in line for line in text.splitlines())
    assert beside is (width >= 80)
    for told in ("-- Limits: harmful", "++ Limits: best", "It is not yours to give."):
        assert told in " ".join(text.split())


def test_a_comparison_tells_criticals_first_and_results_last(where: Home, small: Case) -> None:
    """Criticals stand under the attempt that raised them; the profiles of both stand at the end."""
    text = comparison_text(compared(where, small, PROMISED, EXPLAINED), "Ana")
    order = [text.index(part) for part in ("CRITICAL: broken promise", "Here they part.", "RESULTS", "rapport")]
    assert order == sorted(order)
    results = text[text.index("RESULTS") :]
    assert "A  critical" in results
    assert "B  nothing marked" in results
    assert " ".join(DISCLAIMER.split()) in " ".join(results.split())


def test_three_attempts_can_be_compared(where: Home, small: Case) -> None:
    """More than two are aligned as well, each with a letter of its own."""
    found = compared(where, small, PROMISED, EXPLAINED, ("consult", "read:letter", "invite", "promise", "write:So."))
    assert all(len(row.sides) == 3 for row in found.rows)
    text = comparison_text(found, "Ana")
    assert "C1" in text
    assert max(len(line) for line in text.splitlines()) <= 80


def test_what_was_decided_about_is_told_once(where: Home, small: Case) -> None:
    """Rows of one moment after another do not repeat what was said there."""
    found = compared(where, small, ("invite",), ("consult", "read:letter", "invite"))
    assert cues(found.rows) == ["Her file is on your desk.", "", ""]


# -- the command ----------------------------------------------------------------------------------


def test_the_command_compares(where: Home, small: Case) -> None:
    """`caseload compare` takes sessions by their ids."""
    one, other = attempted(where, small, *PROMISED), attempted(where, small, *EXPLAINED)
    code, out, _ = text_of(caseload(where.root, "compare", one, other))
    assert code == 0
    assert out.startswith("A small case: 2 attempts by ")
    code, out, error = text_of(caseload(where.root, "compare", one, one))
    assert (code, out) == (2, "")
    assert "two different sessions" in error
    code, _, error = text_of(caseload(where.root, "compare", one, "nowhere"))
    assert code == 2
    assert "there is no session" in error


def test_a_comparison_as_json_has_stable_keys(where: Home, small: Case) -> None:
    """Tools get the rows as people see them, with scenes and marks."""
    one, other = attempted(where, small, *PROMISED), attempted(where, small, *EXPLAINED)
    code, out, _ = text_of(caseload(where.root, "compare", one, other, "--format", "json"))
    assert code == 0
    told = json.loads(out)
    assert list(told) == ["scenario", "person", "edited", "rubric_changed", "attempts", "rows"]
    assert [attempt["session"] for attempt in told["attempts"]] == [one, other]
    row = told["rows"][2]
    assert row["same"] is False
    assert row["sides"][0]["marks"] == [
        {"indicator": "rapport.limits", "level": "harmful", "why": "It is not yours to give."}
    ]
    assert [side["scene"] for side in row["sides"]] == ["meeting", "meeting"]
    assert told["rows"][0]["sides"][0] is None
