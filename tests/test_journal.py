"""A journal says what was done, and reads back as just that, or is none."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from simulator import chain, journal
from simulator.chain import ChainError, Held, texts_path
from simulator.journal import Header, Journal, NotASession
from simulator.session import Chose, Consulted, Event, Ranked, Read, Selected, Wrote
from tests.journals import ANA, HEADER, forged, not_root, posix

WRITTEN = Header(
    session="20260304-120000-abc123",
    scenario="small-case",
    version="1.0.0",
    scenario_hash="a" * 64,
    rubric_hash="b" * 64,
    seed=7,
    person=ANA,
    feedback="end",
    program="0.1.0",
)
EVENTS: tuple[Event, ...] = (
    Read("desk", "letter"),
    Consulted("desk"),
    Chose("desk", "invite"),
    Wrote("note", "She came in.\nShe left – “fine”."),
)


def _write(folder: Path) -> Path:
    written = Journal.create(folder, WRITTEN)
    for event in EVENTS[:2]:
        written.add(event)
    written.suspend()
    written.resume(edited=True)
    for event in EVENTS[2:]:
        written.add(event)
    written.reflect("I would ask first.")
    written.close()
    return written.path


def test_what_was_done_reads_back(tmp_path: Path) -> None:
    """Header and events come back as they were written, in their order."""
    recorded = journal.read(_write(tmp_path))
    assert recorded.header == WRITTEN
    assert recorded.events == EVENTS
    assert recorded.reflections() == ("I would ask first.",)
    assert [record.mark for record in recorded.records if record.mark] == ["suspended", "resumed", "reflected"]
    assert recorded.reading.damage is None


def test_a_decision_knows_its_entry(tmp_path: Path) -> None:
    """A decision is found in the entry it stands in; suspending and resuming are entries, and no decisions."""
    recorded = journal.read(_write(tmp_path))
    assert [recorded.seq_of(number) for number in range(5)] == [0, 1, 2, 5, 6]


def test_it_knows_when_it_began_and_when_it_was_last_touched(tmp_path: Path) -> None:
    """The times of the first and the last entry are those of the session."""
    recorded = journal.read(_write(tmp_path))
    assert recorded.started == recorded.reading.entries[0].time
    assert recorded.touched == recorded.reading.entries[-1].time
    assert recorded.started <= recorded.touched


def test_what_is_written_lies_beside_the_journal(tmp_path: Path) -> None:
    """No word that a trainee wrote is in the journal itself; the texts have a file of their own."""
    path = _write(tmp_path)
    assert b"She came in" not in path.read_bytes()
    assert b"I would ask first" not in path.read_bytes()
    assert b"She came in" in texts_path(path).read_bytes()


def test_erased_texts_leave_the_journal_sound(tmp_path: Path) -> None:
    """What was written can be taken away; that something was written stays."""
    path = _write(tmp_path)
    chain.erase_text(path)
    recorded = journal.read(path)
    assert recorded.events[-1] == Wrote("note", None)
    assert recorded.reflections() == ()
    assert recorded.reading.damage is None


def test_names_are_not_in_a_journal(tmp_path: Path) -> None:
    """Who played is an id."""
    assert set(re.findall(rb'"person":"([^"]*)"', _write(tmp_path).read_bytes())) == {ANA.encode()}


def test_one_writer(tmp_path: Path) -> None:
    """While a journal is open, another who opens it is told who has it."""
    first = Journal.create(tmp_path, WRITTEN)
    with pytest.raises(Held, match=ANA) as held:
        Journal.open(first.path)
    assert held.value.who is not None
    assert held.value.who.person == ANA
    first.close()
    Journal.open(first.path).close()


def test_a_journal_that_was_opened_goes_on(tmp_path: Path) -> None:
    """What is added after opening comes after what was there."""
    path = _write(tmp_path)
    opened = Journal.open(path)
    assert opened.header == WRITTEN
    assert opened.before is not None
    assert opened.before.events == EVENTS
    opened.add(Chose("desk", "invite"))
    opened.close()
    assert journal.read(path).events == (*EVENTS, Chose("desk", "invite"))


# Several at once, in order, and how sure


@pytest.mark.parametrize(
    "event",
    [
        Selected("desk", ("note", "call")),
        Selected("desk", ()),
        Selected("desk", ("note",), 1),
        Ranked("desk", ("note", "call", "mail"), 4),
        Ranked("desk.question", ("a", "b")),
        Chose("with-ruth.question", "straight", 2),
        *(Chose("desk", "invite", sure) for sure in range(5)),
    ],
    ids=str,
)
def test_every_kind_of_decision_reads_back(tmp_path: Path, event: Event) -> None:
    """What was picked, put in order and how sure somebody was come back as they were, in their order."""
    written = Journal.create(tmp_path, WRITTEN)
    written.add(event)
    written.close()
    (back,) = journal.read(written.path).events
    assert (back, type(back)) == (event, type(event))


def test_how_sure_is_only_written_where_it_was_asked(tmp_path: Path) -> None:
    """A decision without a word on that leaves no trace of it, as in journals of earlier versions."""
    written = Journal.create(tmp_path, WRITTEN)
    written.add(Chose("desk", "invite"))
    written.add(Selected("desk", ("note",), 3))
    written.close()
    header, first, second = (entry.body for entry in chain.read(written.path).entries)
    assert "confidence" not in header
    assert "confidence" not in first
    assert second["confidence"] == 3


@pytest.mark.parametrize("asked", [True, False])
def test_a_header_says_whether_it_is_asked(tmp_path: Path, asked: bool) -> None:
    """Whether the trainee is asked how sure they are stays with the session."""
    header = replace(WRITTEN, confidence=asked)
    Journal.create(tmp_path, header).close()
    assert journal.read(tmp_path / f"{header.session}.jsonl").header == header


@pytest.mark.parametrize("said", [None, False, 1, "true", "yes", [True], {"a": True}])
def test_a_header_that_says_anything_else_does_not_ask(tmp_path: Path, said: object) -> None:
    """Headers of earlier versions say nothing about it, and only a plain true means that it is asked."""
    old = {} if said is None else {"confidence": said}
    assert journal.read(forged(tmp_path / "chain.jsonl", [{**HEADER, **old}])).header.confidence is False


# What is no journal

_WITHOUT = [{key: value for key, value in HEADER.items() if key != missing} for missing in HEADER]
_WRONG = [
    {**HEADER, "kind": "review"},
    {**HEADER, "seed": "7"},
    {**HEADER, "seed": True},
    {**HEADER, "seed": 7.0},
    {**HEADER, "session": "../../etc/passwd"},
    {**HEADER, "session": "a"},
    {**HEADER, "session": "CON"},
    {**HEADER, "session": "20260304\n"},
    {**HEADER, "session": ["20260304-120000-abc123"]},
    {**HEADER, "scenario": "Not An Id"},
    {**HEADER, "scenario": None},
    {**HEADER, "scenario-hash": "a" * 63},
    {**HEADER, "scenario-hash": "A" * 64},
    {**HEADER, "scenario-hash": "../" + "a" * 61},
    {**HEADER, "rubric-hash": {"a": "b"}},
    {**HEADER, "person": "Ana Ruiz"},
    {**HEADER, "person": "../ana"},
    {**HEADER, "person": ""},
    {**HEADER, "feedback": 1},
    {**HEADER, "version": None},
    {"kind": "session"},
    {"something": "else"},
    {},
]


@pytest.mark.parametrize("header", [*_WITHOUT, *_WRONG])
def test_a_chain_with_another_header_is_no_session(tmp_path: Path, header: Mapping[str, Any]) -> None:
    """A sound chain whose first line does not say what was played is refused, whoever opens it, with a sentence."""
    path = forged(tmp_path / "chain.jsonl", [header])
    for reader in (journal.read, Journal.open):
        with pytest.raises(NotASession, match=r"^chain\.jsonl is not a session's journal: .*\.$"):
            reader(path)
    # Nobody is kept from it afterwards.
    chain.Chain.open(path).close()


@pytest.mark.parametrize(
    "entry",
    [
        {},
        {"event": "won"},
        {"event": None},
        {"event": ["chose"]},
        {"event": {"chose": "it"}},
        {"event": "chose"},
        {"event": "chose", "scene": "desk"},
        {"event": "chose", "scene": 1, "response": "invite"},
        {"event": "chose", "scene": "desk", "response": ["invite"]},
        {"event": "chose", "scene": "desk", "response": "invite", "document": "letter"},
        {"event": "read", "scene": "desk", "response": "invite"},
        {"event": "read", "scene": "desk", "document": None},
        {"event": "consulted"},
        {"event": "consulted", "scene": None},
        {"event": "wrote", "scene": 7},
        {"scene": "desk", "response": "invite"},
        {"event": "selected", "scene": "desk"},
        {"event": "selected", "scene": "desk", "options": "note"},
        {"event": "selected", "scene": "desk", "options": None},
        {"event": "selected", "scene": "desk", "options": {"note": True}},
        {"event": "selected", "scene": "desk", "options": ["note", 1]},
        {"event": "selected", "scene": "desk", "options": [["note"]]},
        {"event": "selected", "scene": "desk", "order": ["note"]},
        {"event": "selected", "scene": "desk", "options": ["note"], "order": ["note"]},
        {"event": "selected", "scene": ["desk"], "options": ["note"]},
        {"event": "ranked", "scene": "desk"},
        {"event": "ranked", "scene": "desk", "order": "note"},
        {"event": "ranked", "scene": "desk", "order": [1, 2]},
        {"event": "ranked", "scene": "desk", "order": [None]},
        {"event": "ranked", "scene": "desk", "order": {"0": "note"}},
        {"event": "ranked", "scene": "desk", "order": ["note"], "response": "invite"},
        {"event": "ranked", "scene": None, "order": ["note"]},
        *(
            {"event": "chose", "scene": "desk", "response": "invite", "confidence": sure}
            for sure in (0, 5, -1, True, False, "3", 2.0, None, [3], {"sure": 3}, 99)
        ),
        {"event": "selected", "scene": "desk", "options": ["note"], "confidence": 0},
        {"event": "ranked", "scene": "desk", "order": ["note"], "confidence": "3"},
        {"event": "read", "scene": "desk", "document": "letter", "confidence": 3},
        {"event": "consulted", "scene": "desk", "confidence": 3},
        {"event": "wrote", "scene": "desk", "confidence": 3},
    ],
)
def test_a_chain_with_another_entry_is_no_session(tmp_path: Path, entry: Mapping[str, Any]) -> None:
    """An entry that no session has is named."""
    good = {"event": "chose", "scene": "desk", "response": "invite"}
    path = forged(tmp_path / "chain.jsonl", [HEADER, good, entry, good])
    with pytest.raises(NotASession, match=r"^Entry 2 of chain\.jsonl is none that a session has\.$"):
        journal.read(path)


def test_a_word_for_each_entry_that_is_no_decision(tmp_path: Path) -> None:
    """Marks are no events, whatever else they say."""
    entries = [{"event": mark, "scene": ["?"], "response": 1} for mark in journal.MARKS]
    recorded = journal.read(forged(tmp_path / "chain.jsonl", [HEADER, *entries]))
    assert recorded.events == ()
    assert tuple(record.mark for record in recorded.records) == journal.MARKS


@pytest.mark.parametrize("content", [b"vm\n", b"{}\n", b"[]\n", b"\xff\xfe\x00\n", b'{"kind":"session"}\n', b"\n\n"])
def test_any_other_file_is_no_session(tmp_path: Path, content: bytes) -> None:
    """A file that is no chain is refused with a sentence that names it."""
    path = tmp_path / "file.jsonl"
    path.write_bytes(content)
    with pytest.raises(NotASession, match=r"^file\.jsonl is no session's journal, or was altered .* Entry 0 .*\.$"):
        journal.read(path)


def test_an_empty_file_is_none_that_was_finished(tmp_path: Path) -> None:
    """A file with nothing in it lost nothing."""
    path = tmp_path / "file.jsonl"
    path.touch()
    with pytest.raises(ChainError, match="nothing is lost"):
        journal.read(path)


def test_what_is_no_file_is_not_opened(tmp_path: Path) -> None:
    """Folders and files that are not there are refused with a sentence."""
    for path, why in ((tmp_path, "a folder"), (tmp_path / "nothing.jsonl", "no such file")):
        with pytest.raises(ChainError, match=why):
            journal.read(path)


@posix
@not_root
def test_a_journal_of_somebody_else_may_be_closed_to_us(tmp_path: Path) -> None:
    """A journal that this account may not read is refused with a sentence."""
    path = _write(tmp_path)
    path.chmod(0)
    with pytest.raises(ChainError, match="no permission to read"):
        journal.read(path)


@pytest.mark.parametrize("name", ["\x1b]0;x\x07.jsonl", "\u202egolj.jsonl", "a\nb.jsonl"])
@posix
def test_a_file_name_cannot_reach_the_terminal(tmp_path: Path, name: str) -> None:
    """What is wrong with a file is said in one line, without the control characters of its name."""
    path = forged(tmp_path / name, [{}])
    with pytest.raises(NotASession) as refused:
        journal.read(path)
    assert str(refused.value).isprintable()


# Ids


def test_session_ids_are_file_names_that_sort_by_time() -> None:
    """An id can be a file's name on every system, and later sessions sort after earlier ones."""
    early = journal.new_session_id(lambda: datetime(2026, 3, 4, 9, 59, 59, tzinfo=UTC))
    late = journal.new_session_id(lambda: datetime(2026, 3, 4, 10, tzinfo=UTC))
    assert early.startswith("20260304-095959-")
    assert early < late
    assert journal.good_session_id(early)


def test_no_two_sessions_have_the_same_id() -> None:
    """Ids differ, also when they are made in the same second."""
    noon = datetime(2026, 3, 4, 12, tzinfo=UTC)
    assert len({journal.new_session_id(lambda: noon) for _ in range(200)}) == 200


@pytest.mark.parametrize(
    "name",
    ["", "abc", "a" * 65, "ABCD", "../ab", "a/bc", "a\\bc", "a.bc", "-abc", "ab c", "abcd\n", "äbcd", "a:bc", "٣٣٣٣"],
)
def test_what_cannot_be_a_session_id(name: str) -> None:
    """Nothing that would be another file, on any system, is an id."""
    assert not journal.good_session_id(name)


@pytest.mark.parametrize("person", ["ana", "a", "p-1", "p" * 64])
def test_ids_that_a_supervisor_hands_out_can_be_played_with(tmp_path: Path, person: str) -> None:
    """Every id that a people file allows can stand in a journal, however short."""
    header = Header(**{name: getattr(WRITTEN, name) for name in Header.__slots__} | {"person": person})
    Journal.create(tmp_path, header).close()
    assert journal.read(tmp_path / f"{header.session}.jsonl").header.person == person
