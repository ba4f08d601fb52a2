"""The index: it holds what replaying gives, keeps up with files, can be lost, and answers what a supervisor asks."""

from __future__ import annotations

import io
import random
import shutil
import sqlite3
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import Connection, text

from scoring.rubric import DIMENSIONS, Level
from simulator import chain, people
from simulator.archive import Archive, Logged
from simulator.calibration import certainties
from simulator.chain import ChainError, erase_text
from simulator.hindsight import Foreseen, hindsight
from simulator.index import case_views, migrations, reading, updating, views
from simulator.index import cases as known_cases
from simulator.index import inbox as inbox_view
from simulator.index.filling import BUCKETS, ROWS, Filled, Filler
from simulator.index.inbox import Urgency, Wanted, counts, inbox, line_with, people_of
from simulator.index.marks import given
from simulator.index.scanning import Unit
from simulator.index.schema import metadata
from simulator.index.store import Index, IndexTrouble
from simulator.listing import attempts as numbered
from simulator.play import Play
from simulator.review.writing import Reviewing
from simulator.session import Chose
from simulator.settings import Home
from simulator.solved import EXPLORER, foresight
from simulator.text import folded
from simulator.transcript import moments
from tests.attempts import EXPLAINED, PROMISED, attempted, do, logged, ticking
from tests.cases import CASE, TRIALS
from tests.indexes import OVERDUE, agency, as_in_second_version, dump, filled
from tests.journals import ANA, NOON, begin, case_in, here, text_of
from tests.trainees import Agency, Line, write_chain


@pytest.fixture
def where(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture
def index(where: Home) -> Iterator[Index]:
    with Index.open(where) as opened:
        yield opened


def _rebuilt(where: Home) -> dict[str, list[tuple[object, ...]]]:
    """Return what an index made from nothing holds."""
    with Index.open(where, "sqlite:///other.sqlite") as other:
        other.rebuild(Archive(where), None, processes=0, solve=False)
        return dump(other)


# -- what it holds ------------------------------------------------------------------------------------


def test_it_holds_what_replaying_gives(where: Home, index: Index) -> None:
    """Points, quality, criticals, endings, troubles and numbers of attempts are those that replaying gives."""
    agency(where, damaged=9).play(60)
    filled(index)
    rows = {item.session: item for item in inbox(index, Wanted(state="all", limit=1000)).items}
    everything = logged(where)
    numbers = numbered(everything)
    assert len(rows) == len(everything) == 60
    for each in everything:
        row, card = rows[each.id], each.scorecard
        assert [(r.raw, r.quality) for r in row.results] == [(p.raw, p.quality) for p in card.profiles.values()]
        assert row.criticals == len(card.criticals)
        assert row.trouble == each.trouble
        assert row.state == ("damaged" if each.trouble else "finished" if each.over else "unfinished")
        assert row.ending == (each.session.ending.title if each.session.ending else "")
        assert row.attempt == numbers.get(each.id, 0)
        assert row.decisions == len(each.session.events)
        sure = [one for one in certainties(moments(each.session)) if one.confidence >= 3]
        assert row.sure_harmful == sum(len(one.harmful) for one in sure)
    assert {row.state for row in rows.values()} == {"damaged", "finished", "unfinished"}


def test_results_in_percent_are_those_of_the_debrief(where: Home, index: Index) -> None:
    """A finished session has the percent that its debrief says, once its case has been explored."""
    agency(where, [case_in(where.root / "cases")], practice=0.0, unfinished=0.0).play(12)
    filled(index, solve=True)
    known: dict[str, Foreseen] = {}
    for item in inbox(index, Wanted(state="all")).items:
        one = logged(where, item.session)[0]
        known.setdefault(one.scenario.id, foresight(where, one.scenario, one.rubric))
        foreseen = known[one.scenario.id].ahead
        back = hindsight(one.session, one.rubric, foreseen)  # type: ignore[arg-type]
        assert [result.percent for result in item.results] == [back.courses[name].percent for name in DIMENSIONS]


def test_without_exploring_there_is_no_percent_until_somebody_explores(where: Home, index: Index) -> None:
    """With `solve` off nothing waits for a case to be explored; a later update brings the percent, and tells of it."""
    agency(where, [case_in(where.root / "cases")], people=1, practice=0.0, unfinished=0.0, again=0.0).play(3)
    filled(index)
    assert all(each.percent is None for item in inbox(index).items for each in item.results)
    told: list[tuple[str, int, int]] = []
    filled(index, solve=True, progress=lambda *news: told.append(news))
    assert told == [("Exploring cases", 0, 1), ("Exploring cases", 1, 1)]
    assert any(each.percent is not None for item in inbox(index).items for each in item.results)


def test_rows_are_in_the_order_of_their_tables() -> None:
    """Rows are written by the order of their columns, so that order must be the table's."""
    for name, kind in ROWS.items():
        assert list(kind._fields) == [column.name for column in metadata.tables[name].columns]  # type: ignore[attr-defined]


def test_it_holds_ids_and_no_names(where: Home, index: Index) -> None:
    """Who played is an id in the index, whatever the file of names says."""
    who = people.add(where.people, "Zdenka Quux", people.Role.TRAINEE)
    attempted(where, case_in(where.root / "cases"), *PROMISED, person=who.id)
    filled(index)
    assert people_of(index) == {who.id: 1}
    assert b"Zdenka" not in where.index.read_bytes()


# -- keeping up ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(3 * TRIALS))
@pytest.mark.parametrize("many", [0, 500])
def test_keeping_up_gives_what_making_it_again_gives(
    where: Home, index: Index, seed: int, many: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever happens to the files in whatever order, an updated index is the one that is made from nothing."""
    monkeypatch.setattr(updating, "MANY", many)
    chance = random.Random(seed)
    office = agency(where, seed=seed, people=3, reviews=0.4)
    office.play(12)
    filled(index)
    for _ in range(6):
        for _ in range(chance.randint(1, 3)):
            _happens(where, office, chance)
        filled(index)
    assert dump(index) == _rebuilt(where)


def _happens(where: Home, office: Agency, chance: random.Random) -> None:
    """Let one thing happen to the files of a home."""
    paths = Archive(where).paths()
    path = chance.choice(paths)
    match chance.randrange(8):
        case 0:
            office.play(2)
        case 1:
            path.unlink()
        case 2:
            data = bytearray(path.read_bytes())
            data[chance.randrange(len(data))] ^= 4
            path.write_bytes(data)
        case 3:
            with suppress(ChainError):
                one = Archive(where).load(path)
                head = one.recorded.reading.head
                office.review(path.stem, head, one.session, f"sup-{chance.randrange(3)}")
        case 4:
            erase_text(path)
        case 5:
            shutil.copyfile(chance.choice(paths), path)
        case 6:
            with suppress(ChainError):
                _go_on(path)
        case _:
            # A scenario as it was played goes, or comes back.
            aside = where.root / "aside"
            aside.mkdir(exist_ok=True)
            here, there = (where.copies, aside) if not list(aside.iterdir()) else (aside, where.copies)
            copy = chance.choice(sorted(here.iterdir()))
            copy.rename(there / copy.name)


def _go_on(path: Path) -> None:
    entries = chain.read(path).entries
    lines = [
        Line({key: value for key, value in each.body.items() if key != "schema"}, _time(each.time), each.text)
        for each in entries
    ]
    write_chain(path, [*lines, Line({"event": "reflected"}, _time(entries[-1].time) + timedelta(days=2), "Later.")])


def _time(said: str) -> datetime:
    return datetime.fromisoformat(said).astimezone(UTC)


def test_what_has_not_changed_is_not_read_again(where: Home, index: Index) -> None:
    """An update reads the sessions whose files came, went or changed, and no others."""
    paths = agency(where).play(10)
    assert (filled(index).read, filled(index).read) == (10, 0)
    _go_on(paths[3])
    paths[5].unlink()
    done = filled(index)
    assert (done.read, done.gone, done.sessions) == (1, 1, 9)


def test_an_update_that_was_stopped_goes_on_the_next_time(
    where: Home, index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stopped between two lots of sessions, an update keeps what it has and says so; the next one does the rest."""
    monkeypatch.setattr(updating, "MANY", 0)
    monkeypatch.setattr(updating, "LOT", 1)
    monkeypatch.setattr(reading, "CHUNK", 5)
    agency(where).play(20)
    told: list[tuple[str, int, int]] = []
    done = filled(index, stopped=lambda: True, progress=lambda *news: told.append(news))
    assert (done.stopped, done.read, told) == (True, 5, [("Reading sessions", 5, 20)])
    assert filled(index).read == 15
    assert dump(index) == _rebuilt(where)


def test_processes_read_the_same(where: Home, index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    """Journals that processes of their own read give the same rows, also where an app holds the screen."""

    class Held(io.StringIO):
        def fileno(self) -> int:
            return -1

    monkeypatch.setattr(reading, "CHUNK", 8)
    monkeypatch.setattr(sys, "stderr", Held())
    read_here: list[Unit] = []
    fill = Filler.fill

    def here_as_well(filler: Filler, unit: Unit) -> Filled | None:
        read_here.append(unit)
        return fill(filler, unit)

    monkeypatch.setattr(Filler, "fill", here_as_well)
    agency(where, damaged=7).play(30)
    filled(index, processes=2)
    assert not read_here
    with Index.open(where, "sqlite:///other.sqlite") as other:
        filled(other)
        assert dump(index) == dump(other)


def test_where_no_process_can_be_started_it_is_read_here(
    where: Home, index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A system that allows no more processes makes it slow and nothing else."""

    def refuse(*_: object) -> None:
        raise OSError("no more processes")

    monkeypatch.setattr(reading, "pool_of", refuse)
    monkeypatch.setattr(known_cases, "pool_of", refuse)
    agency(where, [case_in(where.root / "cases")]).play(6)
    assert filled(index, processes=2, solve=True).read == 6
    assert {row[-2] for row in dump(index)["cases"]} == {"yes"}


def test_two_that_update_at_once_do_no_harm(where: Home, index: Index) -> None:
    """One of two brings the index up to date; the other is told, does nothing, and can read meanwhile."""
    agency(where).play(5)
    with Index.open(where) as other:
        with index.lock() as mine:
            assert mine
            done = filled(other)
            assert (done.busy, done.read) == (True, 0)
            assert "Another program" in done.notices[0]
            assert inbox(other).items == ()
        assert filled(other).read == 5
    assert filled(index).read == 0


# -- losing it ----------------------------------------------------------------------------------------


def test_spoilt_in_any_way_it_is_made_again_the_same(where: Home) -> None:
    """Deleted, cut short, overwritten here and there, or no database at all: it is made again, identical."""
    agency(where).play(6)
    with Index.open(where) as index:
        filled(index)
        before = dump(index)
    whole = where.index.read_bytes()
    chance = random.Random(7)
    for trial in range(20 * TRIALS):
        with Index.open(where) as index:
            filled(index)
        _spoil(where.index, whole, trial, chance)
        with Index.open(where) as index:
            done = filled(index)
            assert done.read == 6
            assert index.notices or trial % 5 == 0
            assert dump(index) == before
    # And what nobody touched is believed.
    with Index.open(where) as index:
        assert (filled(index).read, index.notices) == (0, [])


def _spoil(path: Path, whole: bytes, trial: int, chance: random.Random) -> None:
    data = bytearray(path.read_bytes())
    match trial % 5:
        case 0:
            path.unlink()
            return
        case 1:
            del data[chance.randrange(len(data)) :]
        case 2:
            page = chance.randrange(len(data) // 4096) * 4096
            data[page : page + 4096] = chance.randbytes(4096)
        case 3:
            at = chance.randrange(len(data) - 16)
            data[at : at + 16] = chance.randbytes(16)
        case _:
            data = bytearray(b"This is no database. " * 400)
    assert bytes(data) != whole or trial % 5 == 3
    path.write_bytes(data)


def test_damage_that_is_met_while_it_is_open_is_mended_by_the_next_update(where: Home, index: Index) -> None:
    """A view over a damaged index says so in a sentence; the next update makes it again, and says that too."""
    agency(where).play(5)
    filled(index)
    before = dump(index)
    where.index.write_bytes(b"no database " * 2000)
    with pytest.raises(IndexTrouble, match=r"is damaged.*caseload index rebuild") as met:
        inbox(index)
    assert met.value.damaged
    done = filled(index)
    assert done.rebuilt
    assert "made again from the journals" in done.notices[0]
    assert dump(index) == before


def test_an_index_of_a_newer_version_is_left_alone(where: Home, index: Index) -> None:
    """What a newer version made is refused with a sentence, and stays as it is."""
    filled(index)
    with index.write() as connection:
        migrations.remember(connection, version="99")
    before = where.index.read_bytes()
    with pytest.raises(IndexTrouble, match="newer version of Caseload"):
        Index.open(where)
    assert where.index.read_bytes() == before


def test_an_older_index_steps_up(where: Home, index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each step between an older version and this one is made in a transaction with its number; rows stay."""
    agency(where).play(3)
    filled(index)
    index.close()

    def wider(connection: Connection) -> None:
        connection.execute(text("ALTER TABLE sessions ADD COLUMN mood VARCHAR"))

    def broken(connection: Connection) -> None:
        connection.execute(text("ALTER TABLE sessions ADD COLUMN weather VARCHAR"))
        raise OSError("the power went")

    newest = max(migrations.STEPS)
    monkeypatch.setattr(migrations, "STEPS", {**migrations.STEPS, newest + 1: wider, newest + 2: broken})
    with pytest.raises(IndexTrouble, match="the power went"):
        Index.open(where)
    with closing(sqlite3.connect(where.index)) as raw:
        columns = {row[1] for row in raw.execute("PRAGMA table_info(sessions)")}
        (version,) = raw.execute("SELECT value FROM meta WHERE name = 'version'").fetchone()
        (rows,) = raw.execute("SELECT count(*) FROM sessions").fetchone()
    assert ("mood" in columns, "weather" in columns, version, rows) == (True, False, str(newest + 1), 3)


def test_an_index_of_the_first_version_becomes_one_of_today(where: Home, index: Index) -> None:
    """What the first version left, with marks counted a level a row, holds afterwards what a new one holds."""
    agency(where).play(3)
    filled(index)
    with index.write() as connection:
        connection.execute(text("DROP TABLE person_indicator"))
        connection.execute(text("CREATE TABLE person_indicator (person, indicator, level, first, n)"))
        connection.execute(text("CREATE INDEX levels_on ON levels (indicator, level)"))
        migrations.remember(connection, version="1", filled_by=f"1.{EXPLORER}")
    index.close()
    with Index.open(where) as opened:
        assert filled(opened).rebuilt
        assert (dump(opened), _lookups(opened)) == (_rebuilt(where), _lookups(index))


def test_an_index_of_the_second_version_keeps_what_it_counted(where: Home, index: Index) -> None:
    """First attempts and repeats, which had a row each, stand in one row afterwards, and no journal is read for it."""
    agency(where, people=2, practice=0.0).play(20)
    filled(index)
    before = dump(index)
    as_in_second_version(index)
    index.close()
    with Index.open(where) as opened:
        assert dump(opened) == before
        assert (filled(opened).read, filled(opened).rebuilt) == (0, False)


def test_what_rows_are_looked_up_by_is_there_after_a_large_update(
    where: Home, index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Many sessions are put in without it, stopped in the middle or not, and it is made at the end."""
    before = _lookups(index)
    monkeypatch.setattr(updating, "MANY", 0)
    monkeypatch.setattr(updating, "LOT", 1)
    monkeypatch.setattr(reading, "CHUNK", 5)
    agency(where).play(12)
    assert filled(index, stopped=lambda: True).stopped
    during = _lookups(index)
    filled(index)
    assert (len(during), _lookups(index)) == (0, before)


def _lookups(index: Index) -> list[str]:
    with index.read() as connection:
        found = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"))
        return sorted(found.scalars())


def test_rows_that_another_version_filled_are_made_again(
    where: Home, index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where this version fills rows in another way, the index is made again without a word from anybody."""
    agency(where).play(3)
    filled(index)
    monkeypatch.setattr(updating, "FILLING", 99)
    done = filled(index)
    assert (done.rebuilt, done.read) == (True, 3)


@pytest.mark.parametrize(
    "url",
    ["mysql://host/name", "nonsense", "sqlite://", "postgresql", "postgresql://host:port/name", "postgresql://[::1"],
)
def test_a_database_that_cannot_be_used_is_refused_in_a_sentence(where: Home, url: str) -> None:
    """A setting that names no database which Caseload can use says how one is named."""
    with pytest.raises(IndexTrouble, match="postgresql://"):
        Index.open(where, url)


def test_a_server_that_is_away_is_told_without_the_password(where: Home) -> None:
    """A server that does not answer is a sentence, and the password in the setting stays out of it."""
    with pytest.raises(IndexTrouble, match="cannot be used just now") as met:
        Index.open(where, "postgresql://sup:hush-hush@127.0.0.1:1/caseload")
    assert "hush-hush" not in str(met.value)


# -- what needs eyes first ----------------------------------------------------------------------------


def _ids(index: Index, **wanted: Any) -> list[str]:
    return [item.session for item in inbox(index, Wanted(**wanted)).items]


def test_what_needs_eyes_first_stands_first(
    where: Home, index: Index, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Criticals, sure and harmful, to be rated, overdue, then the rest, in which damaged journals come first."""
    ticking(monkeypatch)
    case = case_in(where.root / "cases")
    plain = case_in(
        tmp_path, CASE.replace("when: promised\n    why", "when: promised and read(letter)\n    why"), "b.yaml"
    )
    calm = attempted(where, case, *EXPLAINED)
    damaged = attempted(where, case, *EXPLAINED)
    critical = attempted(where, case, *PROMISED)
    rate = attempted(where, plain, *PROMISED)
    play = begin(where, plain, confidence=True)
    play.choose("invite")
    play.choose("promise", 4)
    play.write("I promised.")
    play.close()
    left = attempted(where, case, "invite")
    again = Play.again_from(Archive(where), where.journals / f"{critical}.jsonl", 2)
    do(again, "promise", "write:Again.")
    again.close()
    path = where.journals / f"{damaged}.jsonl"
    path.write_bytes(path.read_bytes().replace(b'"explain"', b'"promise"'))
    filled(index)
    found = inbox(index, overdue=OVERDUE)
    assert [item.session for item in found.items] == [
        critical,
        play.path.stem,
        rate,
        "",
        damaged,
        again.path.stem,
        calm,
    ]
    assert [item.urgency for item in found.items] == [
        Urgency.CRITICAL,
        Urgency.SURE_AND_HARMFUL,
        Urgency.TO_RATE,
        Urgency.OVERDUE,
        *[Urgency.REST] * 3,
    ]
    assert found.items[3].due == "2026-01-02"
    assert found.counts == counts(index, OVERDUE)
    assert (found.counts.open, found.counts.unfinished, found.counts.damaged, found.counts.overdue) == (6, 1, 1, 1)
    assert _ids(index, state="unfinished") == [left]
    assert _ids(index, state="damaged") == [damaged]


def test_it_can_be_narrowed_down(where: Home, index: Index) -> None:
    """By person, case, dimension with low marks, time, state; a page at a time."""
    agency(where, damaged=11).play(50)
    filled(index)
    everything = inbox(index, Wanted(state="all")).items
    by_id = {each.id: each for each in logged(where)}
    for person in people_of(index):
        assert _ids(index, state="all", person=person) == [e.session for e in everything if e.person == person]
    low = {
        e.session
        for e in everything
        if any(
            x.mark.level in (Level.POOR, Level.HARMFUL) for x in by_id[e.session].scorecard.profiles["rapport"].evidence
        )
    }
    assert low
    assert set(_ids(index, state="all", dimension="rapport")) == low
    day = everything[20].started[:10]
    theirs = {each.id for each in by_id.values() if _decided(each)[:10] == day}
    assert set(_ids(index, state="all", since=day, until=day)) == theirs
    assert set(_ids(index, state="all", since=f"{day}T00", until=f"{day}T23")) == theirs
    first, second = inbox(index, Wanted(state="all", limit=20)), inbox(index, Wanted(state="all", limit=40, offset=20))
    assert (first.items + second.items, first.more, second.more) == (everything, True, False)


def _decided(one: Logged) -> str:
    decided = [record.time for record in one.recorded.records if record.event is not None]
    return decided[-1] if decided else one.recorded.started


@pytest.mark.parametrize("named", [0, 1000], ids=["one by one", "looked up"])
def test_words_are_found_in_what_was_written_and_in_what_the_case_said(
    where: Home, index: Index, named: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Words are looked for in texts of trainees and reviewers and in scenes that were met; the line found is shown."""
    monkeypatch.setattr(inbox_view, "MOST_NAMED", named)
    case = case_in(where.root / "cases")
    promised = attempted(where, case, "invite", "promise", "write:Zoë came\nShe was ANGRY about the café.")
    explained = attempted(where, case, *EXPLAINED)
    with Reviewing.open(where, logged(where, explained)[0], "sup-ines") as reviewing:
        reviewing.comment(1, "Ask about the landlord.")
    filled(index)

    def found(words: str) -> dict[str, str]:
        return {item.session: item.found for item in inbox(index, Wanted(words=words)).items}

    assert found("angry about the CAFE") == {promised: "She was ANGRY about the café."}
    assert found("landlord") == {explained: "Ask about the landlord."}
    assert found("get you the money") == {promised: "I will get you the money."}
    assert found("how it was decided") == {explained: "Here is how it was decided."}
    assert set(found("good morning")) == {promised, explained}
    assert found("100%") == found("b_fore") == {}
    assert inbox(index, Wanted(words="landlord", state="signed off")).items == ()


def test_a_long_line_is_cut_to_what_was_found() -> None:
    """Of a long line that is shown which is near the words."""
    line = line_with(f"{'before ' * 40}the landlord called {'after ' * 40}", "landlord called")
    assert "landlord called" in line
    assert line.startswith("…")
    assert line.endswith("…")
    assert len(line) <= 102


def test_what_was_erased_is_not_found(where: Home, index: Index) -> None:
    """Text that was erased in the journal is out of the index after the next update, and out of its file."""
    session = attempted(where, case_in(where.root / "cases"), "invite", "promise", "write:Xylophone lessons.")
    filled(index)
    assert _ids(index, words="xylophone") == [session]
    erase_text(where.journals / f"{session}.jsonl")
    filled(index)
    index.vacuum()
    assert _ids(index, words="xylophone") == []
    assert b"ylophone" not in where.index.read_bytes()


def test_a_practice_attempt_is_a_summary(where: Home, index: Index) -> None:
    """What was written in practice is not kept here, found nowhere, and shown by no view; it counts like others."""
    office = agency(where, people=2, practice=1.0, again=0.0, unfinished=0.0, reviews=0.0)
    office.play(10)
    filled(index)
    found = inbox(index, Wanted(state="practice"))
    assert len(found.items) == found.counts.practice == 10
    assert inbox(index).items == ()
    assert dump(index)["texts"] == []
    assert inbox(index, Wanted(state="all", words="good morning")).items == ()
    shown = case_views.shown(index, "small-case", few=1)
    assert shown.first == 2
    assert case_views.behind(index, "small-case", "desk", "invite") == ()
    assert views.criticals(index).seen == ()
    assert {step.session for step in views.growth_of(index, found.items[0].person)} == {""}


def test_a_session_leaves_the_inbox_when_it_is_judged_and_comes_back_when_it_goes_on(where: Home, index: Index) -> None:
    """Signed off or sent back it is out of what is open; when the trainee adds to it, it waits again."""
    session = attempted(where, case_in(where.root / "cases"), *EXPLAINED)
    one = logged(where, session)[0]
    with Reviewing.open(where, one, "sup-ines") as reviewing:
        reviewing.sign_off(one.recorded.reading.head)
    filled(index)
    assert (_ids(index), _ids(index, state="signed off")) == ([], [session])
    with Reviewing.open(where, one, "sup-omar") as reviewing:
        reviewing.send_back(one.recorded.reading.head, "Once more.", [])
    filled(index)
    assert (_ids(index, state="sent back"), _ids(index, state="signed off")) == ([session], [])
    _go_on(where.journals / f"{session}.jsonl")
    filled(index)
    assert (_ids(index), _ids(index, state="sent back")) == ([session], [])


# -- what everybody shows -----------------------------------------------------------------------------


def test_views_count_what_attempts_show(where: Home, index: Index) -> None:
    """Levels, confidence, choices and criticals add up to those of every attempt, first ones apart from repeats."""
    agency(where, people=4, damaged=13).play(60)
    filled(index)
    everything = logged(where)
    numbers = numbered(everything)
    first = [each for each in everything if numbers.get(each.id) == 1]
    repeats = [each for each in everything if numbers.get(each.id, 0) > 1]
    told = views.heat(index)
    for attempts, rows in ((first, [row.first for row in told]), (repeats, [row.repeats for row in told])):
        levels = Counter(
            (each.person, mark.indicator, mark.level.value)
            for each in attempts
            for moment in each.session.trail
            for award in moment.awards
            for mark in award.marks
        )
        heat = {
            (row.person, row.indicator, level): n
            for row, counts in zip(told, rows, strict=True)
            for level, n in counts.items()
            if n
        }
        assert levels
        assert heat == levels
    sure = Counter[int]()
    for each in first:
        sure.update({one.confidence: len(one.decisions) for one in certainties(moments(each.session))})
    shown = views.calibration(index, few=1)
    assert {confidence: sum(row.values()) for confidence, row in shown.rows.items() if sum(row.values())} == sure
    assert shown.attempts == len(first)
    chosen = Counter(
        (each.scenario.id, event.scene, event.response)
        for each in first
        for event in each.session.events
        if isinstance(event, Chose)
    )
    counted = {
        (case, scene.scene, pick.response): pick.first
        for case in ("small-case", "golden-several")
        for scene in case_views.shown(index, case).scenes
        if scene.kind == "chose"
        for pick in scene.picks
        if pick.first
    }
    assert counted == chosen
    raised = [each for each in everything if numbers.get(each.id) and each.scorecard.criticals]
    assert sum(row.first + row.repeats for row in views.criticals(index).counts) == sum(
        len(each.scorecard.criticals) for each in raised
    )


def test_nothing_statistical_is_said_of_few(where: Home, index: Index) -> None:
    """Under the least number of first attempts there are counts, and neither shares nor means nor difficulty."""
    library = [case_in(where.root / "cases")]
    agency(where, library, people=6, practice=0.0, unfinished=0.0, again=0.0).play(40)
    filled(index)
    few = case_views.shown(index, "small-case", few=1000)
    enough = case_views.shown(index, "small-case", few=2)
    assert (few.enough, enough.enough) == (False, True)
    assert few.first == enough.first > 2
    for one, other in zip(few.scenes, enough.scenes, strict=True):
        assert [pick.first for pick in one.picks] == [pick.first for pick in other.picks]
        assert {pick.share for pick in one.picks} == {None}
        assert set(one.offered.values()) == {None}
    assert any(share is not None for scene in enough.scenes for share in scene.offered.values())
    assert views.calibration(index, few=1000).share(4, "harmful") is None
    assert {mean for row in views.growth(index, few=1000) for mean in row.means.values()} == {None}
    filled(index, solve=True)
    assert any(mean is not None for row in views.growth(index, few=2) for mean in row.means.values())


def test_how_hard_a_scene_is_is_the_share_of_what_was_on_offer(where: Home, index: Index) -> None:
    """Two who took the best of a scene and two who took the least make half of what was to be had there."""
    case = case_in(where.root / "cases")
    for person, way in (("p-a", EXPLAINED), ("p-b", EXPLAINED), ("p-c", ("read:letter", *PROMISED)), ("p-d", PROMISED)):
        attempted(where, case, *way, person=person)
    filled(index)
    hard = {row.scene: row for row in case_views.difficulty(index, few=1)}
    # Whoever had not read the letter had nothing else to say: that says nothing about how hard it is.
    assert hard["meeting"].offered["rapport"] == round(100 * 2 / 3)
    assert hard["meeting"].first == 4


def test_a_lunch_break_falls_into_the_last_bucket(where: Home, index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    """How long a decision took is from the entry before; what was suspended goes on where it was taken up again."""
    now = [NOON]
    monkeypatch.setattr("simulator.chain.datetime", SimpleNamespace(now=lambda _zone: now[0]))
    play = begin(where)

    def after(seconds: float) -> None:
        now[0] += timedelta(seconds=seconds)

    after(4)
    play.read("letter")
    after(3000)
    play.choose("invite")
    after(1)
    play.suspend()
    after(90_000)
    play = Play.resume(Archive(where), play.path)
    after(12)
    play.choose("explain")
    play.close()
    filled(index)
    shown = {scene.scene: scene for scene in case_views.shown(index, "small-case").scenes}
    assert shown["desk"].buckets[-1] == 1
    assert case_views.median(shown["desk"].buckets) == (BUCKETS[-1], None)
    assert case_views.median(shown["meeting"].buckets) == (10, 20)
    assert case_views.median([0] * 12) is None


def test_what_nobody_picks_is_named(where: Home, index: Index) -> None:
    """A response that no attempt ever took is named, with how often something else was decided there."""
    attempted(where, case_in(where.root / "cases"), *EXPLAINED)
    filled(index)
    never = case_views.never_picked(index)
    assert [(row.scene, row.response, row.met) for row in never] == [("meeting", "promise", 1)]
    assert never[0].text == "I will get you the money."


def test_overrides_are_told_out_of_how_many_were_reviewed(where: Home, index: Index) -> None:
    """Two of three reviewers gave a mark another level: the author reads 2 of 3, and which way."""
    case = case_in(where.root / "cases")
    for number, now in enumerate((Level.POOR, Level.POOR, None)):
        session = attempted(where, case, *PROMISED, person=f"p-{'abc'[number]}")
        one = logged(where, session)[0]
        with Reviewing.open(where, one, "sup-ines") as reviewing:
            if now is not None:
                reviewing.override(2, "rapport.limits", now, "It was kind.")
            reviewing.sign_off(one.recorded.reading.head)
    draft = logged(where, attempted(where, case, *PROMISED, person="p-d"))[0]
    with Reviewing.open(where, draft, "sup-ines") as reviewing:
        reviewing.override(2, "rapport.limits", Level.BEST, "Not signed yet.")
    filled(index)
    (row,) = case_views.overrides(index)
    assert (row.scene, row.response, row.indicator, row.was) == ("meeting", "promise", "rapport.limits", "harmful")
    assert (row.overrides, row.reviewed, row.ways) == (2, 3, {"poor": 2})
    assert row.text == "I will get you the money."


def test_the_sessions_behind_a_choice_can_be_looked_at(where: Home, index: Index) -> None:
    """Who chose so, in which session and at which decision: behind every count stand sessions."""
    case = case_in(where.root / "cases")
    session = attempted(where, case, *PROMISED, person="p-a")
    attempted(where, case, *EXPLAINED, person="p-b")
    filled(index)
    found = case_views.behind(index, "small-case", "meeting", "promise")
    assert [(row.session, row.person, row.number, row.attempt) for row in found] == [(session, "p-a", 2, 1)]
    assert case_views.behind(index, "small-case", "meeting", "promise", first=False) == ()


def test_completion_says_who_is_where(where: Home, index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    """For each person and case: attempts, what is unfinished, and what the last attempt came to."""
    ticking(monkeypatch)
    case = case_in(where.root / "cases")
    attempted(where, case, *PROMISED)
    attempted(where, case, "invite")
    last = attempted(where, case, *EXPLAINED)
    filled(index)
    (row,) = views.completion(index)
    assert (row.person, row.scenario, row.state, row.attempts, row.unfinished) == (
        ANA,
        case.scenario.id,
        "finished",
        2,
        1,
    )
    assert row.last is not None
    assert (row.last.session, row.last.attempt, row.last.ending) == (last, 2, "Done")
    assert views.completion(index, ["p-nobody"]) == ()
    assert views.unpractised(index, [ANA], ["rapport.limits", "ethics.safety"]) == {ANA: ("ethics.safety",)}


def test_every_view_can_be_asked_of_nothing(index: Index) -> None:
    """An empty index answers everything with nothing."""
    filled(index)
    assert inbox(index).items == ()
    assert (views.completion(index), views.growth(index), views.heat(index)) == ((), (), ())
    assert case_views.shown(index, "nothing").scenes == ()
    assert (case_views.difficulty(index), case_views.never_picked(index), case_views.overrides(index)) == ((), (), ())
    assert views.calibration(index).decisions == 0


def test_marks_are_written_and_read_back() -> None:
    """Marks in one column say what they were given for, outcomes and orders as well."""
    read = list(given("rapport.limits:poor@meeting/promise organization.notes:best@desk/ ethics.x:best@sort/a<b"))
    assert [(mark.indicator, mark.level, mark.scene, mark.response) for mark in read] == [
        ("rapport.limits", "poor", "meeting", "promise"),
        ("organization.notes", "best", "desk", ""),
        ("ethics.x", "best", "sort", "a<b"),
    ]
    assert folded("  Zoë\tÇA\n va ") == "zoe ca va"


# -- the command --------------------------------------------------------------------------------------


def test_the_command_tells_fills_and_makes_it_again(where: Home) -> None:
    """`caseload index` says what is there, `update` and `rebuild` fill it; damage is told on the way."""
    attempted(where, case_in(where.root / "cases"), *EXPLAINED)
    code, out, _ = text_of(here(where.root, "index"))
    assert (code, "There is no index yet" in out) == (0, True)
    code, out, error = text_of(here(where.root, "index", "update"))
    assert (code, out, error) == (0, "The index is up to date: 1 session (1 session read).\n", "")
    code, out, _ = text_of(here(where.root, "index"))
    assert "1 session of 1 person at 1 case" in out
    where.index.write_bytes(b"nothing")
    code, out, error = text_of(here(where.root, "index", "update"))
    assert (code, "made again" in error) == (0, True)
    code, out, _ = text_of(here(where.root, "index", "rebuild"))
    assert (code, out) == (0, "The index is made again: 1 session (1 session read).\n")


def test_the_command_fails_with_a_sentence(where: Home) -> None:
    """A server that is away, and a folder in the index's place, are exit code 2 and one sentence."""
    where.root.mkdir(parents=True)
    where.settings.write_text("index: postgresql://127.0.0.1:1/caseload\n", encoding="utf-8")
    code, _, error = text_of(here(where.root, "index", "update"))
    assert (code, error.count("\n"), "cannot be used just now" in error) == (2, 1, True)
    where.settings.unlink()
    where.index.mkdir()
    code, _, error = text_of(here(where.root, "index", "update"))
    assert (code, error.count("\n"), "a folder" in error) == (2, 1, True)


def test_who_is_told_that_all_were_read_finds_them(where: Home) -> None:
    """When progress comes to its end, what was read can be looked up already, whatever exploring still takes."""
    attempted(where, case_in(where.root / "cases"), *EXPLAINED)
    seen: list[tuple[int, int, int]] = []
    with Index.open(where) as index:

        def progress(_what: str, done: int, of: int) -> None:
            seen.append((done, of, len(inbox(index, Wanted(state="all")).items)))

        index.update(Archive(where), solve=False, processes=0, progress=progress)
    assert seen[-1] == (1, 1, 1)
