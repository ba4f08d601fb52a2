"""Retention: sessions that were kept long enough go whole, and never come back; everything else stays as it is."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from simulator import chain
from simulator.archive import Archive
from simulator.chain import Chain
from simulator.erasure import retention
from simulator.erasure.retention import NotKept, apply, look, months_before
from simulator.play import Play
from simulator.review.writing import Reviewing
from simulator.settings import Home, Settings
from simulator.sharing import tombstones
from simulator.sharing.collected import collect
from simulator.sharing.handing_in import hand_in
from tests.attempts import ticking
from tests.journals import HEADER, NOON, bodies_of, case_in, failing, here, posix, text_of
from tests.test_forgetting import FEONA, KIM, LEE, NoLedger, bytes_of, files, found_in, know, played, started

TODAY = date(2027, 4, 5)
"""Thirteen months and a day after sessions are played here."""


@pytest.fixture
def where(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    failing(monkeypatch)
    ticking(monkeypatch)
    where = Home(tmp_path / "home")
    know(where)
    return where


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "shared").mkdir()
    return Settings(shared=tmp_path / "shared", keep=13)


def recent(where: Home, person: str) -> str:
    """Return the id of a session that was played yesterday."""
    path = played(Archive(where), case_in(where.root / "cases"), person, f"{person} yesterday", "Hm.").recorded.path
    header, *others = bodies_of(path)
    session = "20270404-120000-000abc"
    made = path.with_name(f"{session}.jsonl")
    yesterday = datetime(2027, 4, 4, 12, tzinfo=UTC)
    with Chain.create(made, {**header, "session": session}, lambda: yesterday) as opened:
        for body in others:
            opened.append({key: value for key, value in body.items() if key != "text"}, body.get("text"))
    for each in (path, chain.texts_path(path), path.with_name(f"{path.name}.lock")):
        each.unlink(missing_ok=True)
    return session


def old(where: Home, settings: Settings, person: str, *said: str) -> str:
    """Return the id of a session that was played long ago, with a review of it, both of them handed in."""
    logged = played(Archive(where), case_in(where.root / "cases"), person, *said)
    with Reviewing.open(where, logged, FEONA) as review:
        review.comment(1, f"About {said[0]}")
        review.sign_off(logged.recorded.reading.head)
    assert settings.shared is not None
    assert not hand_in(where, settings.shared).away
    return logged.id


def sessions(rows: Iterable[retention.Old]) -> list[str]:
    return [each.session for each in rows]


@pytest.mark.parametrize(
    ("today", "months", "before"),
    [
        (date(2026, 11, 22), 24, date(2024, 11, 22)),
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2024, 3, 31), 1, date(2024, 2, 29)),
        (date(2026, 1, 1), 12, date(2025, 1, 1)),
        (date(2026, 1, 1), 1, date(2025, 12, 1)),
        (date(26, 1, 1), 1200, date.min),
    ],
)
def test_months_are_those_of_the_calendar(today: date, months: int, before: date) -> None:
    """So many months ago is the same day of that month, or its last one where it has no such day."""
    assert months_before(today, months) == before


def test_looking_changes_nothing(where: Home, settings: Settings) -> None:
    """Without --apply the old sessions are listed and everything stays."""
    gone, kept = old(where, settings, KIM, "Long ago", "I thought"), recent(where, LEE)
    before = bytes_of(where.root, settings.shared)
    found = look(where, settings, TODAY)
    assert sessions(found.old) == [gone]
    assert kept not in sessions(found.old)
    assert (found.kept, found.unclear, found.unfinished, found.before) == ((), (), (), date(2026, 3, 5))
    assert look(where, settings, date(2027, 4, 4)).old == ()
    assert bytes_of(where.root, settings.shared) == before


def test_an_old_session_goes_whole(where: Home, settings: Settings) -> None:
    """Journal, texts, reviews and all copies are gone; the tombstone holds its id, its entries and its head."""
    session, kept = old(where, settings, KIM, "Long ago", "I thought"), recent(where, LEE)
    reading = chain.read(where.journals / f"{session}.jsonl")
    others = {path: data for path, data in bytes_of(where.root).items() if kept in path.name}
    done = apply(where, settings, TODAY)
    assert (done.sessions, done.left) == ((session,), ())
    assert [path for path in files(where.root, settings.shared) if session in str(path)] == []
    assert found_in(["Long ago", "I thought"], where.root, settings.shared) == set()
    assert {path: data for path, data in bytes_of(where.root).items() if kept in path.name} == others
    told = chain.read(where.tombstones).entries[-1].body
    assert told["sessions"] == ({"session": session, "entries": len(reading.entries), "head": reading.head},)
    assert (told["event"], told["keep"]) == ("deleted", 13)
    assert look(where, settings, TODAY).unfinished == ()


def test_it_never_comes_back(tmp_path: Path, where: Home, settings: Settings) -> None:
    """The trainee's computer may hand it in again: it is not collected, and the next time it goes there as well."""
    session = old(where, settings, KIM, "Long ago", "I thought")
    assert settings.shared is not None
    kims = Home(tmp_path / "kims")
    shutil.copytree(where.root, kims.root)
    apply(where, settings, TODAY)
    kims.handed_in.unlink()
    assert hand_in(kims, settings.shared).sessions == [session]
    done = collect(where, settings.shared, NoLedger(), anew=True)
    assert (done.new, done.refused) == ([], [])
    assert Archive(where).paths() == []
    assert look(where, settings, TODAY).unfinished == (session,)
    assert apply(where, settings, TODAY).left == ()
    assert found_in(["Long ago", session], where.journals, settings.shared) == set()


def test_what_must_stay_stays(where: Home, settings: Settings) -> None:
    """Sessions of people on hold, and those that somebody is in, are left alone and named."""
    kims, lees = old(where, settings, KIM, "Long ago", "I thought"), old(where, settings, LEE, "Also", "Hm.")
    where.people.write_text(f"{KIM}: {{name: Kim, hold: a complaint is open}}\n")
    with Chain.open(where.journals / f"{lees}.jsonl", person=LEE):
        done = apply(where, settings, TODAY)
    assert done.sessions == ()
    assert [(each.session, why) for each, why in done.retention.kept] == [
        (kims, "Kim is on hold: a complaint is open"),
        (lees, "somebody is in it just now"),
    ]
    assert not where.tombstones.exists()
    where.people.write_text(f"{KIM}: {{name: Kim, hodl: a complaint is open}}\n")
    with pytest.raises(NotKept, match="mend what is reported"):
        apply(where, settings, TODAY)


def test_what_a_redaction_needs_stays(where: Home, settings: Settings) -> None:
    """A text was redacted, and a session that is kept has taken it over: the one that says so is kept as long."""
    first = old(where, settings, KIM, "Long ago", "I thought")
    again = Play.again_from(Archive(where), where.journals / f"{first}.jsonl", 3)
    again.close()
    header, *others = bodies_of(again.path)
    again.path.unlink()
    with Chain.create(again.path, header, lambda: NOON + timedelta(days=390)) as opened:
        for body in others:
            opened.append({key: value for key, value in body.items() if key != "text"}, body.get("text"))
    assert sessions(look(where, settings, TODAY).old) == [first]
    with Reviewing.open(where, Archive(where).load(where.journals / f"{first}.jsonl"), FEONA) as review:
        assert review.redact(3) == ""
    found = look(where, settings, TODAY)
    assert (found.old, sessions(each for each, _ in found.kept)) == ((), [first])


def test_an_unfinished_session_is_as_old_as_its_last_entry(where: Home, settings: Settings) -> None:
    """Whoever left long ago and never came back has left; a draft goes with it."""
    play = started(where, case_in(where.root / "cases"), KIM)
    play.save_draft("half a thought")
    play.suspend()
    assert apply(where, settings, TODAY).sessions == (play.path.stem,)
    assert list(files(where.journals)) == []


def test_what_cannot_be_dated_stays(where: Home, settings: Settings) -> None:
    """A journal that says nothing, and one of a clock that was ahead, are named and left to people."""
    where.journals.mkdir()
    empty = where.journals / "20200101-000000-aaaaaa.jsonl"
    empty.write_bytes(b"nothing\n")
    session = recent(where, LEE)
    done = apply(where, settings, date(2026, 12, 1))
    assert done.sessions == ()
    assert done.retention.unclear == (
        (empty, "it does not say when it was played"),
        (where.journals / f"{session}.jsonl", "its last entry says 2027-04-04, which is still to come"),
    )


def test_a_damaged_session_goes_by_what_is_good_of_it(where: Home, settings: Settings) -> None:
    """What can still be read of it says how old it is."""
    session = old(where, settings, KIM, "Long ago", "I thought")
    path = where.journals / f"{session}.jsonl"
    path.write_bytes(path.read_bytes()[:-40] + b"}\n")
    done = apply(where, settings, TODAY)
    assert (done.sessions, done.left) == ((session,), ())
    assert not path.exists()


def test_whatever_fails_the_next_time_ends_it(tmp_path: Path, where: Home, settings: Settings) -> None:
    """Every call of the system may fail: nothing is half there for good, and others keep theirs."""
    first, second = old(where, settings, KIM, "Long ago", "I thought"), old(where, settings, LEE, "Also", "Hm.")
    kept = recent(where, LEE)
    start, folder = where.root, settings.shared
    assert folder is not None

    def tried(at: int | None, number: int) -> int:
        home, there = Home(tmp_path / f"home-{number}"), tmp_path / f"shared-{number}"
        shutil.copytree(start, home.root)
        shutil.copytree(folder, there)
        mine = Settings(shared=there, keep=13)
        with pytest.MonkeyPatch.context() as patch:
            system = failing(patch, at, for_good=number % 2 == 0)
            with suppress(NotKept):
                apply(home, mine, TODAY)
        done = apply(home, mine, TODAY)
        assert (done.left, tombstones.deleted(home)) == ((), frozenset({first, second}))
        assert [path for path in files(home.root, there) if first in str(path) or second in str(path)] == []
        assert [path.stem for path in Archive(home).paths()] == [kept]
        shutil.rmtree(home.root)
        return len(system.calls)

    calls = tried(None, 0)
    assert calls > 50
    for number in range(1, calls, 5):
        tried(number, number)


@posix
def test_no_link_leads_out(tmp_path: Path, where: Home, settings: Settings) -> None:
    """A link in the place of a session's folder is told, and what it leads to stays."""
    session = old(where, settings, KIM, "Long ago", "I thought")
    assert settings.shared is not None
    outside = tmp_path / "outside"
    (settings.shared / "sessions" / session).rename(outside)
    (settings.shared / "sessions" / session).symlink_to(outside)
    before = bytes_of(outside)
    done = apply(where, settings, TODAY)
    assert done.sessions == (session,)
    assert done.left == (f"{settings.shared / 'sessions' / session} is not touched: it is a link or a device.",)
    assert bytes_of(outside) == before


def test_the_command_lists_and_deletes(where: Home, settings: Settings) -> None:
    """`caseload retention` lists; with --apply it deletes; without `keep:` it asks for how long."""
    code, _, error = text_of(here(where.root, "retention"))
    assert (code, "`keep: 24`" in error) == (2, True)
    where.journals.mkdir()
    header = {**HEADER, "session": "20200101-000000-aaaaaa", "person": KIM}
    long_ago = datetime(2020, 1, 1, tzinfo=UTC)
    Chain.create(where.journals / "20200101-000000-aaaaaa.jsonl", header, lambda: long_ago).close()
    where.settings.write_text("keep: 1\n")
    code, out, _ = text_of(here(where.root, "retention"))
    assert (code, "20200101-000000-aaaaaa  2020-01-01  Kim Zoë Novak" in out) == (0, True)
    assert out.endswith("Nothing was changed. To do it: caseload retention --apply\n")
    told = json.loads(text_of(here(where.root, "retention", "--format", "json"))[1])
    assert [each["session"] for each in told["sessions"]] == ["20200101-000000-aaaaaa"]
    code, out, error = text_of(here(where.root, "retention", "--apply"))
    assert (code, error) == (0, "")
    assert out.startswith("1 session deleted, kept for 1 month, until ")
    assert Archive(where).paths() == []
