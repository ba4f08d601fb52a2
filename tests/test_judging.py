"""Overriding, rating, sending back and withdrawing: what a reviewer says holds, and what was made up says nothing."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.rubric import Level, Mark
from simulator.archive import Archive, Logged
from simulator.chain import ChainError, erase_text, texts_path
from simulator.durable import NotSaved
from simulator.entry import Entry
from simulator.people import People, Person
from simulator.report import report
from simulator.review.events import Review, review_in
from simulator.review.judged import marks_of, rated, standing, to_rate
from simulator.review.writing import (
    Judgement,
    NotPossible,
    Reviewing,
    ReviewState,
    judgement_of,
    read_review,
    review_state,
    reviews_of,
    signed_judgement,
    state_in,
)
from simulator.settings import Home
from tests.cases import trials
from tests.journals import failing, forged, played_through, resumed

FEONA, JO = "p-feona", "p-jo"
PEOPLE = People({FEONA: Person(FEONA, "Feona Hill"), JO: Person(JO, "Jo Park")})


@pytest.fixture
def where(tmp_path: Path) -> Home:
    return Home(tmp_path)


@pytest.fixture
def logged(where: Home) -> Logged:
    """Decision 3 has a poor mark for an outcome on the way, or none; 4 a harmful one; 5 is the note."""
    return Archive(where).load(played_through(where))


def _head(logged: Logged) -> str:
    return logged.recorded.reading.head


def _review(where: Home, logged: Logged) -> Review:
    (review,) = reviews_of(where, logged.id)
    return review


# -- overriding ---------------------------------------------------------------------------------------


def test_an_override_stands_beside_the_mark(where: Home, logged: Logged) -> None:
    """An override keeps what the case gave, what the reviewer gives and why; the session's journal is not touched."""
    before = logged.recorded.path.read_bytes()
    with Reviewing.open(where, logged, FEONA) as reviewing:
        made = reviewing.override(4, "rapport.limits", Level.POOR, "She corrected it at once.")
    assert made == _review(where, logged).overrides[0]
    assert made is not None
    assert (made.number, made.award, made.indicator) == (4, 0, "rapport.limits")
    assert (made.was, made.now, made.reason, made.signed) == (
        Level.HARMFUL,
        Level.POOR,
        "She corrected it at once.",
        False,
    )
    assert logged.recorded.path.read_bytes() == before
    told = report(logged, PEOPLE, judgement_of(where, logged.id), 500)
    assert "harmful" in told
    assert "Feona Hill, not signed off" in told
    assert "harmful, overridden: poor" in told


def test_the_last_override_of_a_mark_counts(where: Home, logged: Logged) -> None:
    """The same mark again replaces what was said before; its own level takes it back; none means no mark."""
    with Reviewing.open(where, logged, FEONA) as reviewing:
        reviewing.override(4, "rapport.limits", Level.POOR, "One.")
        reviewing.override(4, "rapport.limits", None, "Two.")
        assert [(each.now, each.reason) for each in reviewing.review().overrides] == [(None, "Two.")]
        assert reviewing.override(4, "rapport.limits", Level.HARMFUL, "It was right.") is None
        assert reviewing.review().overrides == ()


def test_an_override_needs_a_mark_and_a_reason(where: Home, logged: Logged) -> None:
    """Where there is no such mark, the marks that there are are named; nothing is written."""
    with Reviewing.open(where, logged, FEONA) as reviewing:
        for number, indicator, said in (
            (4, "rapport.empathy", "decision 4 has no mark on rapport.empathy; it has 4.1 rapport.limits: harmful"),
            (2, "rapport.limits", "decision 2 has no marks; there are marks at 4"),
            (99, "rapport.limits", "there is no decision 99; this session has 1 to 5"),
            (-1, "rapport.limits", "there is no decision -1"),
        ):
            with pytest.raises(NotPossible, match=said):
                reviewing.override(number, indicator, Level.BEST, "Because.")
        with pytest.raises(NotPossible, match="needs a reason"):
            reviewing.override(4, "rapport.limits", Level.BEST, " \x1b\n")
        assert reviewing.review().overrides == ()


def test_an_override_whose_reason_was_erased_still_counts(where: Home, logged: Logged) -> None:
    """A text that is gone takes no judgement back, and what changed a result is still there to be seen."""
    with Reviewing.open(where, logged, FEONA) as reviewing:
        reviewing.override(4, "rapport.limits", Level.POOR, "She corrected it.")
    erase_text(where.reviews / FEONA / f"{logged.id}.jsonl")
    (override,) = _review(where, logged).overrides
    assert (override.now, override.reason) == (Level.POOR, "")
    assert "(erased)" in report(logged, PEOPLE, judgement_of(where, logged.id), 500)


# -- rating -------------------------------------------------------------------------------------------


def test_what_was_written_is_rated_on_what_its_scene_names(where: Home, logged: Logged) -> None:
    """A note is rated on the indicators of its scene, the last rating counts, and it is no longer to be rated."""
    assert to_rate(logged.session) == (5,)
    with Reviewing.open(where, logged, FEONA) as reviewing:
        with pytest.raises(NotPossible, match=r"rated on organization\.records, not on rapport\.empathy"):
            reviewing.rate(5, "rapport.empathy", Level.BEST)
        with pytest.raises(NotPossible, match=r"what can be rated: 5 \(organization\.records\)"):
            reviewing.rate(4, "organization.records", Level.BEST)
        reviewing.rate(5, "organization.records", Level.POOR)
        reviewing.rate(5, "organization.records", Level.ACCEPTABLE, "All but the day.")
    (rating,) = _review(where, logged).ratings
    assert (rating.number, rating.level, rating.text) == (5, Level.ACCEPTABLE, "All but the day.")
    assert to_rate(logged.session, [rating]) == ()
    assert "rated acceptable. All but the day." in report(logged, PEOPLE, judgement_of(where, logged.id), 500)


def test_a_dimension_is_given_a_level_beside_its_number(where: Home, logged: Logged) -> None:
    """A level for a whole dimension is told; the last one of each dimension counts; it changes no result."""
    with Reviewing.open(where, logged, FEONA) as reviewing:
        with pytest.raises(NotPossible, match="there are rapport, organization, ethics"):
            reviewing.rate_overall("charm", Level.BEST)
        reviewing.rate_overall("rapport", Level.POOR)
        reviewing.rate_overall("rapport", Level.ACCEPTABLE, "Warm.")
    (overall,) = _review(where, logged).overall
    assert (overall.dimension, overall.level, overall.text) == ("rapport", Level.ACCEPTABLE, "Warm.")
    told = report(logged, PEOPLE, judgement_of(where, logged.id), 500)
    assert "rapport on the whole: acceptable. Warm." in told
    assert "Reviewed by" not in told


# -- signing, sending back, withdrawing ---------------------------------------------------------------


def test_sending_back_shows_what_was_said_and_what_to_practise(where: Home, logged: Logged) -> None:
    """A session sent back is no longer open; the trainee sees everything said before, and what to practise."""
    assert review_state(where, logged) is ReviewState.OPEN
    with Reviewing.open(where, logged, FEONA) as reviewing:
        reviewing.comment(1, "Well read.")
        reviewing.override(4, "rapport.limits", Level.POOR, "Hm.")
        reviewing.rate(5, "organization.records", Level.POOR)
        reviewing.rate_overall("ethics", Level.POOR)
        assert signed_judgement(where, logged.id) == Judgement()
        with pytest.raises(NotPossible, match="what to practise"):
            reviewing.send_back(_head(logged), " ")
        with pytest.raises(NotPossible, match="cannot be the id of a case"):
            reviewing.send_back(_head(logged), "Promise less.", ["A small case"])
        reviewing.send_back(_head(logged), "Promise less.", ["small-case", "new-case-manager"])
    assert review_state(where, logged) is ReviewState.SENT_BACK
    seen = signed_judgement(where, logged.id)
    assert [each.text for each in seen.comments] == ["Well read."]
    assert (len(seen.overrides), len(seen.ratings), len(seen.overall)) == (1, 1, 1)
    assert seen.practise == ("small-case", "new-case-manager")
    assert [each.text for each in seen.sent_back] == ["Promise less."]
    assert "To practise: small-case; new-case-manager." in report(logged, PEOPLE, seen, 500)


def test_a_sign_off_after_sending_back_settles_it(where: Home, logged: Logged) -> None:
    """Of signing off and sending back, the later one says where the session stands; for the same state of it only."""
    with Reviewing.open(where, logged, FEONA) as reviewing:
        reviewing.send_back(_head(logged), "Again, please.")
        reviewing.sign_off(_head(logged))
        assert reviewing.review().sent_back is None
        assert review_state(where, logged) is ReviewState.SIGNED_OFF
        reviewing.send_back(_head(logged), "No, again.")
        assert review_state(where, logged) is ReviewState.SENT_BACK
    play = resumed(where, logged.recorded.path)
    play.reflect("On second thought.")
    play.close()
    assert review_state(where, Archive(where).load(logged.recorded.path)) is ReviewState.OPEN


def test_of_two_reviewers_the_later_signing_counts() -> None:
    """Two supervisors who disagree: whoever signed last says where the session stands."""
    off = review_in(_entries({"event": "signed-off", "head": "h"}, day=4), FEONA, "s")
    back = {"event": "sent-back", "head": "h"}
    assert state_in([off, review_in(_entries(back, day=5), JO, "s")], "h") is ReviewState.SENT_BACK
    earlier = review_in(_entries(back, day=3), JO, "s")
    assert state_in([off, earlier], "h") is ReviewState.SIGNED_OFF
    assert state_in([off, earlier], "other") is ReviewState.OPEN


def test_what_is_changed_after_signing_waits_for_the_next(where: Home, logged: Logged) -> None:
    """The trainee sees a judgement as it was signed: a later override, or taking back, shows with the next signing."""
    with Reviewing.open(where, logged, FEONA) as reviewing:
        entry = reviewing.comment(1, "First.")
        reviewing.override(4, "rapport.limits", Level.POOR, "One.")
        reviewing.sign_off(_head(logged))
        reviewing.withdraw(entry)
        reviewing.override(4, "rapport.limits", Level.BEST, "Two.")
        seen = signed_judgement(where, logged.id)
        assert [each.text for each in seen.comments] == ["First."]
        assert [each.now for each in seen.overrides] == [Level.POOR]
        reviewing.sign_off(_head(logged))
    seen = signed_judgement(where, logged.id)
    assert seen.comments == ()
    assert [each.now for each in seen.overrides] == [Level.BEST]


def test_what_was_said_can_be_withdrawn_but_never_a_signing(where: Home, logged: Logged) -> None:
    """A comment, an override and a rating can be taken back, by who said it; signing and redacting stay."""
    with Reviewing.open(where, logged, FEONA) as reviewing:
        comment = reviewing.comment(1, "First.")
        rating = reviewing.rate(5, "organization.records", Level.POOR)
        override = reviewing.override(4, "rapport.limits", Level.POOR, "One.")
        assert override is not None
        reviewing.sign_off(_head(logged))
        for entry in (comment, rating, override.entry):
            reviewing.withdraw(entry)
        review = reviewing.review()
        assert (review.comments, review.ratings, review.overrides) == ((), (), ())
        for entry in (0, 4, 5, 99):
            with pytest.raises(NotPossible, match="cannot be withdrawn"):
                reviewing.withdraw(entry)
        assert reviewing.review().signed_off


def test_withdrawing_an_override_leaves_the_one_before(where: Home, logged: Logged) -> None:
    """Taking back the last word on a mark lets the word before it stand again."""
    with Reviewing.open(where, logged, FEONA) as reviewing:
        reviewing.override(4, "rapport.limits", Level.POOR, "One.")
        last = reviewing.override(4, "rapport.limits", Level.BEST, "Two.")
        assert last is not None
        reviewing.withdraw(last.entry)
        assert [each.reason for each in reviewing.review().overrides] == ["One."]


@pytest.mark.parametrize("what", ["override", "rate", "send_back", "withdraw"])
def test_what_cannot_be_saved_was_not_said(
    where: Home, logged: Logged, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    """On a full disk nothing is half said, and the same call works when there is room."""
    with Reviewing.open(where, logged, FEONA) as reviewing:
        entry = reviewing.comment(1, "First.")
        say: Callable[[], object] = {
            "override": lambda: reviewing.override(4, "rapport.limits", Level.POOR, "One."),
            "rate": lambda: reviewing.rate(5, "organization.records", Level.POOR),
            "send_back": lambda: reviewing.send_back(_head(logged), "Again."),
            "withdraw": lambda: reviewing.withdraw(entry),
        }[what]
        before = reviewing.review()
        with monkeypatch.context() as patch:
            system = failing(patch, 0, error=errno.ENOSPC, for_good=True)
            with pytest.raises((NotSaved, ChainError)):
                say()
            system.heal()
            assert reviewing.review() == before
            say()
        assert reviewing.review() != before


# -- reviews that somebody made up ----------------------------------------------------------------------


GOOD: tuple[Mapping[str, Any], ...] = (
    {
        "event": "overrode",
        "decision": 4,
        "award": 0,
        "indicator": "rapport.limits",
        "from": "harmful",
        "to": "poor",
        "text": "x",
    },
    {"event": "rated", "decision": 5, "indicator": "organization.records", "level": "poor"},
    {"event": "rated-overall", "dimension": "rapport", "level": "poor"},
    {"event": "sent-back", "head": "a" * 64, "practise": ["small-case"], "text": "x"},
    {"event": "redacted", "entry": 5},
    {"event": "withdrew", "entry": 1},
)
STRANGE = (
    None,
    True,
    -1,
    0.5,
    10**15,
    "",
    "x" * 300,
    "none\n",
    "Poor",
    ["poor"],
    {"poor": "poor"},
    [["a"]],
    "\x1b[31m",
)


def _entries(*bodies: Mapping[str, Any], day: int = 4) -> list[Entry]:
    header = Entry(0, "2026-03-04T12:00:00.000Z", {"kind": "review"}, "0" * 64)
    return [
        header,
        *(
            Entry(
                seq,
                f"2026-03-{day:02}T12:00:00.000Z",
                {key: value for key, value in body.items() if key != "text"},
                "1" * 64,
                text=body.get("text"),
            )
            for seq, body in enumerate(bodies, 1)
        ),
    ]


@pytest.mark.parametrize("good", GOOD[:4], ids=lambda body: body["event"])
def test_an_event_with_one_strange_value_says_nothing(good: Mapping[str, Any]) -> None:
    """Whatever stands in the place of one value, nothing is raised, and nothing strange is taken for a judgement."""
    whole = review_in(_entries(good), FEONA, "s")
    assert whole.overrides or whole.ratings or whole.overall or whole.sent_back
    for key in set(good) - {"event", "text", "head", "practise"}:
        for value in STRANGE:
            if (key, value) == ("decision", 0):
                continue
            review = review_in(_entries({**good, key: value}), FEONA, "s")
            assert (review.overrides, review.ratings, review.overall) == ((), (), ()), (key, value)
    for value in STRANGE:
        back = review_in(_entries({"event": "sent-back", "head": value, "practise": value}), FEONA, "s").sent_back
        assert back is not None
        assert (isinstance(back.head, str), back.practise in ((), ("poor",))) == (True, True)


json_like = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=5)
    | st.sampled_from(["poor", "none", "rapport.limits"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)
bodies = st.fixed_dictionaries(
    {"event": st.sampled_from([body["event"] for body in GOOD] + ["commented", "signed-off"]) | json_like},
    optional={
        **dict.fromkeys(("decision", "award", "indicator", "from", "to", "level", "dimension", "head"), json_like),
        "practise": json_like,
        "entry": json_like,
        "text": st.text(max_size=3),
    },
)


@trials(200)
@given(st.lists(bodies | st.sampled_from(GOOD), max_size=6))
def test_no_events_make_reading_a_review_fail(made_up: list[Mapping[str, Any]]) -> None:
    """Whatever a review's entries say, reading it gives a review; all of it is signed if its last entry signs."""
    review = review_in(_entries(*made_up), FEONA, "s")
    assert all(each.was is not each.now for each in review.overrides)
    signed = review_in(_entries(*made_up, {"event": "signed-off", "head": "h"}), FEONA, "s")
    assert signed.sent_back is None
    assert all(each.signed for each in signed.overrides)
    assert all(each.signed for each in signed.ratings)
    assert all(each.signed for each in signed.comments)


def test_a_made_up_review_changes_no_mark_that_was_not_given(where: Home, logged: Logged) -> None:
    """An override of another mark, and a rating of what was not written, are shown nowhere and count for nothing."""
    forged(
        where.reviews / FEONA / f"{logged.id}.jsonl",
        [
            {"kind": "review", "session": logged.id, "reviewer": FEONA},
            {**GOOD[0], "award": 3},
            {**GOOD[0], "from": "best"},
            {**GOOD[0], "decision": 900},
            {**GOOD[1], "decision": 1},
            {**GOOD[1], "indicator": "rapport.empathy"},
            {"event": "redacted", "entry": 900},
            {"event": "signed-off", "head": "h"},
        ],
    )
    said = judgement_of(where, logged.id)
    assert (len(said.overrides), len(said.ratings)) == (3, 2)
    assert (standing(logged.session, said.overrides), rated(logged.session, said.ratings)) == ((), ())
    assert report(logged, PEOPLE, said) == report(logged, PEOPLE)


def test_a_review_that_lies_elsewhere_must_say_whose_it_is(where: Home, logged: Logged, tmp_path: Path) -> None:
    """A review in a shared folder is read as that of the supervisor and session it is asked for, and no other's."""
    with Reviewing.open(where, logged, FEONA) as reviewing:
        reviewing.comment(1, "Well read.")
    path = tmp_path / "7-abcdef.jsonl"
    for file in (reviewing.path, texts_path(reviewing.path)):
        shutil.copy(file, path if file == reviewing.path else texts_path(path))
    assert [each.text for each in read_review(path, FEONA, logged.id).comments] == ["Well read."]
    for reviewer, session in ((JO, logged.id), (FEONA, "20260304-120000-abc123")):
        with pytest.raises(ChainError, match="by somebody else"):
            read_review(path, reviewer, session)


def test_marks_that_can_be_overridden_have_places(logged: Logged) -> None:
    """Each mark has its decision and award; decisions that are not there have none."""
    (marked,) = marks_of(logged.session, 4)
    assert (marked.place, marked.mark) == ("4.1", Mark("rapport.limits", Level.HARMFUL))
    assert marks_of(logged.session, 99) == marks_of(logged.session, -1) == ()
