"""What a supervisor has redacted is erased in this home, stays erased, and is said to be redacted."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from simulator import chain
from simulator.archive import Archive, Logged
from simulator.chain import Chain, Held, texts_path
from simulator.journal import Origin
from simulator.page import page
from simulator.people import People
from simulator.play import Play
from simulator.records import records
from simulator.report import report
from simulator.review.writing import (
    NotPossible,
    Reviewing,
    finish_redactions,
    judgement_of,
    redacted_entries,
    signed_judgement,
)
from simulator.settings import Home
from simulator.tables import as_csv
from simulator.verify import verify
from tests.cases import CASE
from tests.journals import begin, case_in, forged, played_through, resumed

FEONA, JO = "p-feona", "p-jo"
NOTE = "She asked for help, and I promised it."


@pytest.fixture
def where(tmp_path: Path) -> Home:
    return Home(tmp_path)


@pytest.fixture
def logged(where: Home) -> Logged:
    """The note is decision 5, in entry 5; entry 6 is a reflection."""
    return Archive(where).load(played_through(where))


def _again(where: Home, logged: Logged) -> Logged:
    return Archive(where).load(logged.recorded.path)


def _everything(where: Home) -> bytes:
    return b"".join(path.read_bytes() for path in where.root.rglob("*.jsonl*") if path.is_file())


def _redact(where: Home, logged: Logged, entry: int = 5) -> str:
    with Reviewing.open(where, logged, FEONA) as reviewing:
        return reviewing.redact(entry, "A real name.")


def test_a_redacted_text_is_gone_and_said_to_be_redacted(where: Home, logged: Logged) -> None:
    """The text is in no file any more, every way to tell the session says why, and the journal still verifies."""
    assert NOTE.encode() in _everything(where)
    assert _redact(where, logged) == ""
    assert NOTE.encode() not in _everything(where)
    told, said = _again(where, logged), judgement_of(where, logged.id)
    assert said.redacted == frozenset({5})
    for text in (
        report(told, People({}), said),
        page(told, People({}), said),
        as_csv([told], People({}), lambda _: said),
    ):
        assert "(redacted)" in text
        assert "(erased)" not in text
    (entry,) = (
        each for each in records([told], People({}), lambda _: said) if each["kind"] == "entry" and each["seq"] == 5
    )
    assert (entry["text"], entry["erased"], entry["redacted"]) == (None, True, True)
    assert verify(Archive(where), told.recorded.path, frozenset({told.scenario.hash})).sound


def test_what_was_erased_otherwise_is_said_to_be_erased(where: Home, logged: Logged) -> None:
    """A text that is gone for another reason is not said to have been redacted."""
    chain.erase_text(logged.recorded.path)
    told = report(_again(where, logged), People({}), judgement_of(where, logged.id))
    assert "(erased)" in told
    assert "(redacted)" not in told


def test_the_trainee_sees_at_once_that_it_was_redacted(where: Home, logged: Logged) -> None:
    """A redaction is told before anything is signed: the text is gone already."""
    _redact(where, logged)
    assert signed_judgement(where, logged.id).redacted == frozenset({5})


def test_other_texts_stay(where: Home, logged: Logged) -> None:
    """Only the entry that is named loses its text; a reflection is an entry like any other."""
    _redact(where, logged, 6)
    told = _again(where, logged)
    assert told.recorded.reflections() == ()
    assert NOTE in report(told, People({}))


@pytest.mark.parametrize("entry", [0, 1, 4, 7, 99])
def test_only_what_somebody_wrote_can_be_redacted(where: Home, logged: Logged, entry: int) -> None:
    """An entry without a text is refused, and nothing is written."""
    with Reviewing.open(where, logged, FEONA) as reviewing:
        with pytest.raises(NotPossible, match=f"entry {entry} of this session holds nothing"):
            reviewing.redact(entry)
        assert reviewing.review().redacted == ()


def test_a_journal_that_is_open_is_redacted_the_next_time(where: Home, logged: Logged) -> None:
    """While the trainee writes the session it is said why the text is still there; the next opening erases it."""
    with Chain.open(logged.recorded.path, person="Kim"):
        why = _redact(where, logged)
        assert "is being written by Kim" in why
        assert NOTE.encode() in _everything(where)
        assert redacted_entries(where, logged.id) == frozenset({5})
        with pytest.raises(Held):
            finish_redactions(where, logged.id)
    with Reviewing.open(where, logged, JO):
        assert NOTE.encode() not in _everything(where)
    assert finish_redactions(where, logged.id) == ()


def test_a_redacted_text_that_comes_back_is_erased_again(where: Home, logged: Logged, tmp_path: Path) -> None:
    """Whoever brings a copy with the text finishes the redactions, and it is gone; doing so again does nothing."""
    path = logged.recorded.path
    kept = texts_path(path).read_bytes()
    _redact(where, logged)
    texts_path(path).write_bytes(kept)
    assert NOTE in report(_again(where, logged), People({}))
    assert finish_redactions(where, logged.id) == (5,)
    assert NOTE.encode() not in _everything(where)
    assert finish_redactions(where, logged.id) == ()


def test_an_altered_text_is_erased_as_well(where: Home, logged: Logged) -> None:
    """Changing a redacted text does not save it from being erased."""
    path = texts_path(logged.recorded.path)
    path.write_bytes(path.read_bytes().replace(b"asked for help", b"asked for hell"))
    with Reviewing.open(where, logged, FEONA) as reviewing:
        reviewing.redact(5)
    assert b"asked for hell" not in _everything(where)


LONGER = CASE.replace(
    "    next: done\nendings:",
    "    next: after\n  after:\n    text: And?\n    responses: {leave: {do: Go home., next: done}}\nendings:",
)
"""The small case with something to decide after the note, so that the note can be taken over."""


def _longer(where: Home) -> Logged:
    play = begin(where, case_in(where.root / "cases", LONGER))
    play.consult()
    play.choose("invite")
    play.suspend()
    play = resumed(where, play.path)
    play.choose("promise")
    play.write(NOTE)
    play.choose("leave")
    play.close()
    return Archive(where).load(play.path)


def _begun_again(where: Home, logged: Logged) -> Logged:
    play = Play.again_from(Archive(where), logged.recorded.path, 5)
    play.choose("leave")
    play.close()
    return Archive(where).load(play.path)


def test_what_was_taken_over_from_it_is_erased_with_it(where: Home) -> None:
    """A session that was begun again holds the text as well, and so does one begun again from that: all lose it."""
    first = _longer(where)
    second = _begun_again(where, first)
    third = _begun_again(where, second)
    assert _everything(where).count(NOTE.encode()) == 3
    # Leaving and coming back stand in the journal that was played, and are not taken over.
    assert first.recorded.seq_of(4) == 6
    assert _redact(where, first, 6) == ""
    assert NOTE.encode() not in _everything(where)
    assert redacted_entries(where, third.id) == frozenset({4})
    assert "(redacted)" in report(_again(where, third), People({}), judgement_of(where, third.id))


def test_a_text_that_was_taken_over_is_redacted_where_it_was_written(where: Home) -> None:
    """Who reads it in the session that took it over is told where it comes from."""
    first = _longer(where)
    second = _begun_again(where, first)
    with Reviewing.open(where, second, FEONA) as reviewing, pytest.raises(NotPossible, match=first.id):
        reviewing.redact(4)


def test_a_journal_that_is_not_here_yet_is_known_by_where_it_comes_from(where: Home, logged: Logged) -> None:
    """Whoever collects a session that took over a redacted text knows what to leave out before it lies here."""
    _redact(where, logged)
    assert redacted_entries(where, "20990101-000000-abcdef", Origin(logged.id, 6)) == frozenset({5})
    assert redacted_entries(where, "20990101-000000-abcdef", Origin(logged.id, 5)) == frozenset()
    assert redacted_entries(where, "../../etc/passwd") == frozenset()


def test_sessions_that_claim_to_come_from_each_other_end_somewhere(where: Home, logged: Logged) -> None:
    """Two made-up journals that are each begun again from the other lead nobody round for ever."""
    ids = "20260304-120000-aaaaaa", "20260304-120000-bbbbbb"
    header = {**chain.read(logged.recorded.path).entries[0].body}
    header.pop("schema")
    wrote = {"event": "consulted", "scene": "desk"}
    for one, other in (ids, ids[::-1]):
        path = where.journals / f"{one}.jsonl"
        forged(path, [{**header, "session": one, "again": {"session": other, "decision": 2}}, wrote])
    path = where.reviews / FEONA / f"{ids[0]}.jsonl"
    forged(path, [{"kind": "review", "session": ids[0], "reviewer": FEONA}, {"event": "redacted", "entry": 1}])
    assert redacted_entries(where, ids[1]) == redacted_entries(where, ids[0]) == frozenset({1})
    assert finish_redactions(where, ids[0]) == finish_redactions(where, ids[1]) == ()


def test_a_review_without_its_session_redacts_nothing(where: Home, logged: Logged) -> None:
    """A journal that is not here any more keeps nobody from finishing."""
    _redact(where, logged)
    shutil.rmtree(where.journals)
    assert finish_redactions(where, logged.id) == ()
