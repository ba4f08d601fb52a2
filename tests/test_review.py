"""What a supervisor says stays with the supervisor until it is signed off, and nobody can put words in their mouth."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from simulator import chain
from simulator.archive import Archive, Logged
from simulator.chain import ChainError, Held
from simulator.durable import NotSaved
from simulator.listing import signed_off
from simulator.people import People
from simulator.report import report
from simulator.review.writing import Reviewing, reviews_of, said_to_trainee
from simulator.settings import Home
from tests import journals
from tests.journals import failing, forged, played_through, resumed

FEONA, JO = "p-feona", "p-jo"


@pytest.fixture
def where(tmp_path: Path) -> Home:
    return Home(tmp_path)


@pytest.fixture
def logged(where: Home) -> Logged:
    return Archive(where).load(played_through(where))


def _said(where: Home, logged: Logged) -> list[str]:
    return [comment.text for comment in said_to_trainee(where, logged.id)]


def _path(where: Home, logged: Logged, reviewer: str = FEONA) -> Path:
    return where.reviews / reviewer / f"{logged.id}.jsonl"


def test_what_was_said_shows_once_it_is_signed_off(where: Home, logged: Logged) -> None:
    """A trainee sees no comment before the sign-off, and all of them after it, in the order of the decisions."""
    with Reviewing.open(where, logged, FEONA) as reviewing:
        reviewing.comment(4, "Whose money is it?")
        reviewing.comment(0, "A good start on the whole.")
        reviewing.comment(1, "Well read.")
        assert _said(where, logged) == []
        reviewing.sign_off(logged.recorded.reading.head)
        assert _said(where, logged) == ["A good start on the whole.", "Well read.", "Whose money is it?"]


def test_what_is_said_later_waits_for_the_next_sign_off(where: Home, logged: Logged) -> None:
    """A comment after the sign-off is not shown until it is signed off as well."""
    for text, shown in (("First.", ["First."]), ("Second.", ["First.", "Second."])):
        with Reviewing.open(where, logged, FEONA) as reviewing:
            reviewing.comment(1, text)
            assert _said(where, logged) == shown[:-1]
            reviewing.sign_off(logged.recorded.reading.head)
        assert _said(where, logged) == shown


def test_the_reviewer_sees_what_waits(where: Home, logged: Logged) -> None:
    """Until it is signed off, a comment is marked as such to whoever reviews."""
    with Reviewing.open(where, logged, FEONA) as reviewing:
        reviewing.comment(1, "First.")
        assert [comment.signed for comment in reviewing.review().comments] == [False]
        reviewing.sign_off(logged.recorded.reading.head)
        reviewing.comment(2, "Second.")
        assert [comment.signed for comment in reviewing.review().comments] == [True, False]
    (review,) = reviews_of(where, logged.id)
    text = report(logged, People({}), review.comments)
    assert f"> {FEONA}: First." in text
    assert f"> {FEONA}, not signed off: Second." in text


def test_each_reviewer_has_a_journal(where: Home, logged: Logged) -> None:
    """Two supervisors review one session at once; neither writes into the other's review, nor into the session."""
    before = logged.recorded.path.read_bytes()
    with Reviewing.open(where, logged, FEONA) as one, Reviewing.open(where, logged, JO) as other:
        one.comment(1, "From Feona.")
        other.comment(1, "From Jo.")
        one.sign_off(logged.recorded.reading.head)
    assert [review.reviewer for review in reviews_of(where, logged.id)] == [FEONA, JO]
    assert _said(where, logged) == ["From Feona."]
    assert logged.recorded.path.read_bytes() == before


def test_a_review_has_one_writer(where: Home, logged: Logged) -> None:
    """A review that is open elsewhere is not opened twice."""
    with Reviewing.open(where, logged, FEONA), pytest.raises(Held, match=FEONA):
        Reviewing.open(where, logged, FEONA)


def test_a_sign_off_names_what_was_signed(where: Home, logged: Logged) -> None:
    """The sign-off holds the session's head: what comes later was not signed off."""
    with Reviewing.open(where, logged, FEONA) as reviewing:
        reviewing.sign_off(logged.recorded.reading.head)
    (review,) = reviews_of(where, logged.id)
    assert review.head == logged.recorded.reading.entries[-1].hash
    assert review.signed_off
    assert signed_off(where, logged)
    play = resumed(where, logged.recorded.path)
    play.close()
    assert signed_off(where, Archive(where).load(logged.recorded.path)), "looking at it adds nothing"
    play = resumed(where, logged.recorded.path)
    play.reflect("On second thought.")
    play.close()
    assert not signed_off(where, Archive(where).load(logged.recorded.path))


def test_comments_pass_the_gate(where: Home, logged: Logged) -> None:
    """No control character reaches a trainee's terminal from a comment."""
    with Reviewing.open(where, logged, FEONA) as reviewing:
        reviewing.comment(1, "\x1b]52;c;eA==\x07Fine\u202e.")
        reviewing.sign_off(logged.recorded.reading.head)
    assert _said(where, logged) == ["]52;c;eA==Fine."]


def test_a_comment_that_cannot_be_saved_was_not_made(
    where: Home, logged: Logged, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a full disk nothing is half said; the same call works when there is room."""
    with Reviewing.open(where, logged, FEONA) as reviewing:
        with monkeypatch.context() as patch:
            system = failing(patch, 0, error=errno.ENOSPC, for_good=True)
            with pytest.raises((NotSaved, ChainError)):
                reviewing.comment(1, "First.")
            system.heal()
            assert reviewing.review().comments == ()
            reviewing.comment(1, "First.")
        assert [comment.text for comment in reviewing.review().comments] == ["First."]


@pytest.mark.parametrize("reviewer", ["", "..", "../feona", "Feona", "a/b", "p-feona\n"])
def test_a_reviewer_is_a_name_of_a_folder(where: Home, logged: Logged, reviewer: str) -> None:
    """An id that would lead to another place is refused, and nothing is written."""
    with pytest.raises(ChainError, match="cannot be names of files"):
        Reviewing.open(where, logged, reviewer)
    assert not where.reviews.exists()


# Reviews that somebody made up


def _forge(where: Home, logged: Logged, header: Mapping[str, Any], *bodies: Mapping[str, Any], by: str = FEONA) -> Path:
    return forged(_path(where, logged, by), [header, *bodies])


def test_a_made_up_review_of_another_shape_is_ignored(where: Home, logged: Logged) -> None:
    """A review that is none, or is not what its place says, is as if it were not there."""
    good = {"kind": "review", "session": logged.id, "reviewer": FEONA}
    comment = {"event": "commented", "decision": 1, "text": "Forged."}
    signed = {"event": "signed-off", "head": "a" * 64}
    for header in (
        {},
        {**good, "kind": "session"},
        {**good, "reviewer": JO},
        {**good, "reviewer": "p-feona\nJo"},
        {**good, "reviewer": None},
        {**good, "session": "20260304-120000-abc124"},
        {**good, "session": [logged.id]},
        journals.HEADER,
    ):
        path = _forge(where, logged, header, comment, signed)
        assert list(reviews_of(where, logged.id)) == []
        assert _said(where, logged) == []
        with pytest.raises(ChainError):
            Reviewing.open(where, logged, FEONA)
        chain.Chain.open(path).close()
        shutil.rmtree(where.reviews)


def test_a_review_moved_elsewhere_speaks_for_nobody(where: Home, logged: Logged) -> None:
    """A supervisor's review copied to another session, or to another supervisor, is not theirs there."""
    with Reviewing.open(where, logged, FEONA) as reviewing:
        reviewing.comment(0, "Excellent.")
        reviewing.sign_off(logged.recorded.reading.head)
    other = Archive(where).load(played_through(where))
    path = _path(where, logged)
    for to in (_path(where, other), _path(where, logged, JO)):
        to.parent.mkdir(parents=True, exist_ok=True)
        for file in (path, chain.texts_path(path)):
            shutil.copy(file, to.with_name(file.name.replace(logged.id, to.stem)))
    assert _said(where, other) == []
    assert [review.reviewer for review in reviews_of(where, logged.id)] == [FEONA]


def test_made_up_entries_say_nothing(where: Home, logged: Logged) -> None:
    """Comments on no decision, without words, or of unknown kinds are left out; the others are kept."""
    path = _forge(
        where,
        logged,
        {"kind": "review", "session": logged.id, "reviewer": FEONA},
        {"event": "commented", "decision": True, "text": "A."},
        {"event": "commented", "decision": "1", "text": "B."},
        {"event": "commented", "decision": None, "text": "C."},
        {"event": "commented", "decision": [1], "text": "D."},
        {"event": "commented", "decision": 1},
        {"event": "commented", "decision": 1, "text": ""},
        {"event": ["commented"], "decision": 1, "text": "E."},
        {"event": "praised", "decision": 1, "text": "F."},
        {"event": "commented", "decision": 99, "text": "On no decision."},
        {"event": "commented", "decision": 1, "text": "Good."},
        {"event": "signed-off", "head": ["a"]},
    )
    assert _said(where, logged) == ["Good.", "On no decision."]
    assert not signed_off(where, logged)
    assert report(logged, People({}), said_to_trainee(where, logged.id)).count("Good.") == 1
    assert path.exists()


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"{}\n", b"[" * 100_000, b"{" * 100_000 + b"\n"])
def test_any_other_file_is_ignored(where: Home, logged: Logged, content: bytes) -> None:
    """A file that is no chain keeps nobody from the other reviews."""
    with Reviewing.open(where, logged, FEONA) as reviewing:
        reviewing.comment(1, "Good.")
        reviewing.sign_off(logged.recorded.reading.head)
    strange = _path(where, logged, JO)
    strange.parent.mkdir()
    strange.write_bytes(content)
    (where.reviews / "p-folder" / f"{logged.id}.jsonl").mkdir(parents=True)
    (where.reviews / "a-file").touch()
    assert _said(where, logged) == ["Good."]
    with pytest.raises(ChainError):
        Reviewing.open(where, logged, JO)
