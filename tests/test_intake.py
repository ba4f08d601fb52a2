"""Before the inbox is looked at: sessions are collected, looked up and receipted, and what cannot be done is told."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from simulator import chain
from simulator.cohort.assigned import assignments_of
from simulator.cohort.cohort_file import Assignment, Cohort, overdue
from simulator.index import views
from simulator.index.heads import finished, heads
from simulator.index.inbox import Wanted, inbox
from simulator.index.store import Index
from simulator.intake import HERE, Intake, take_in
from simulator.settings import Home, Settings
from simulator.sharing.handing_in import hand_in
from simulator.sharing.receipts import Receipts
from tests.indexes import agency
from tests.journals import ANA, begin, bodies_of, forged, played_through, resumed


@pytest.fixture
def laptop(tmp_path: Path) -> Home:
    """Return the home of a trainee."""
    return Home(tmp_path / "laptop")


@pytest.fixture
def desk(tmp_path: Path) -> Home:
    """Return the home of a supervisor."""
    return Home(tmp_path / "desk")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Return settings that name a shared folder, which is there."""
    (tmp_path / "shared").mkdir()
    return Settings(shared=tmp_path / "shared")


def take(where: Home, settings: Settings | None = None, **how: object) -> Intake:
    """Bring everything together once; cases are not explored, which takes its time."""
    with Index.open(where) as index:
        update = index.update
        index.update = lambda *given, **more: update(*given, **{**more, "solve": False, "processes": 0})  # type: ignore[method-assign]
        return take_in(where, settings or Settings(), index, None, **how)  # type: ignore[arg-type]


def receipts_of(where: Home) -> list[tuple[str, int, str]]:
    with Receipts.open(where) as receipts:
        return [(each.session, each.entries, each.source) for each in receipts.all()]


def listed(where: Home) -> list[str]:
    """Every session that the index holds."""
    with Index.open(where) as index:
        return [item.session for item in inbox(index, Wanted(state="all")).items]


def rewritten(path: Path) -> None:
    """Write a journal anew: another note, with everything behind it in order."""
    bodies = bodies_of(path)
    for body in bodies:
        if body.get("event") == "wrote":
            body["text"] = "I promised nothing."
    for old in (path, chain.texts_path(path)):
        old.unlink()
    forged(path, bodies)


# -- all of it at once ----------------------------------------------------------------------------


def test_what_was_handed_in_is_collected_looked_up_and_receipted(laptop: Home, desk: Home, settings: Settings) -> None:
    """One call brings a session from the shared folder into the inbox, with a receipt; a second finds nothing new."""
    path = played_through(laptop)
    assert settings.shared is not None
    hand_in(laptop, settings.shared)
    told: list[tuple[str, int, int]] = []
    done = take(desk, settings, progress=lambda *news: told.append(news))
    assert done.collected is not None
    assert (done.collected.new, done.notices, done.contradicted) == ([path.stem], [], frozenset())
    assert done.updated is not None
    assert done.updated.sessions == 1
    assert listed(desk) == [path.stem]
    assert [(session, entries) for session, entries, _ in receipts_of(desk)] == [(path.stem, 7)]
    assert [what for what, *_ in told] == ["Looking into the shared folder", "Reading sessions"]
    again = take(desk, settings)
    assert again.collected is not None
    assert (again.collected.new, again.collected.same, again.receipted) == ([], 1, 0)


def test_what_was_played_here_is_receipted_as_it_grows(desk: Home) -> None:
    """Every state of a journal that is seen for the first time is taken down once."""
    play = begin(desk)
    play.choose("invite")
    play.suspend()
    assert take(desk).receipted == 1
    assert take(desk).receipted == 0
    gone_on = resumed(desk, play.path)
    gone_on.choose("promise")
    gone_on.close()
    assert take(desk).receipted == 1
    lengths = [entries for _, entries, _ in receipts_of(desk)]
    assert lengths == [3, len(chain.read(play.path).entries)]
    other = played_through(desk)
    assert take(desk).receipted == 1
    assert {source for *_, source in receipts_of(desk)} == {HERE}
    assert {session for session, *_ in receipts_of(desk)} == {play.header.session, other.stem}


def test_whoever_has_just_looked_need_not_collect_again(laptop: Home, desk: Home, settings: Settings) -> None:
    """Without collecting, what lies in the shared folder stays there; the rest is done."""
    path = played_through(laptop)
    assert settings.shared is not None
    hand_in(laptop, settings.shared)
    mine = played_through(desk)
    done = take(desk, settings, collecting=False)
    assert done.collected is None
    assert listed(desk) == [mine.stem]
    take(desk, settings)
    assert sorted(listed(desk)) == sorted((mine.stem, path.stem))


def test_heads_come_from_the_index(desk: Home) -> None:
    """They are those of the journals, damaged ones as far as they go."""
    paths = agency(desk, sessions=20, damaged=7).play()
    take(desk)
    with Index.open(desk) as index:
        known = {session: (entries, head) for session, entries, head in heads(index)}
    read = {path.stem: chain.read(path) for path in paths}
    assert known == {session: (len(each.entries), each.head) for session, each in read.items()}


def test_who_is_late_is_whoever_has_not_finished_what_counts(desk: Home) -> None:
    """The inbox and the cohort say the same: an attempt that is no assigned one counts once the cohort has begun."""
    made = agency(desk, sessions=60, practice=0.4, unfinished=0.3, again=0.1)
    made.play()
    take(desk)
    today = date(2027, 1, 1)
    people = tuple(each.id for each in made.people)
    due = Assignment("small-case", date(2026, 6, 1), people)
    for begins in (None, date(2026, 1, 6), date(2026, 7, 1)):
        cohort = Cohort("spring", "Spring", people, (due,), begins)
        with Index.open(desk) as index:
            late = {each.person for each in overdue([cohort], finished(index, [cohort], today), today)}
            tried = views.tried(index)
        said = {each for each in people if any(a.overdue for a in assignments_of(each, [cohort], tried, today))}
        assert late == said
    assert late == set(people)


# -- what cannot be done --------------------------------------------------------------------------


def test_a_shared_folder_that_is_away_is_told_and_the_rest_is_done(desk: Home, settings: Settings) -> None:
    """Without the folder there is a sentence; what is here is looked up and receipted."""
    assert settings.shared is not None
    settings.shared.rmdir()
    path = played_through(desk)
    done = take(desk, settings)
    assert done.collected is None
    (notice,) = done.notices
    assert str(settings.shared) in notice
    assert listed(desk) == [path.stem]
    assert done.receipted == 1


def test_a_spoilt_ledger_keeps_nobody_from_the_inbox(laptop: Home, desk: Home, settings: Settings) -> None:
    """Where receipts cannot be taken nothing is collected, and that is told; what is here can be read."""
    assert settings.shared is not None
    played_through(laptop)
    hand_in(laptop, settings.shared)
    mine = played_through(desk)
    desk.receipts.write_bytes(b"no database at all" * 100)
    done = take(desk, settings)
    assert (done.collected, done.receipted) == (None, 0)
    (notice,) = done.notices
    assert "caseload backup --restore FILE" in notice
    assert listed(desk) == [mine.stem]


def test_what_is_refused_is_told_with_where_to_look(desk: Home, settings: Settings) -> None:
    """Files in the shared folder that do not hold are counted, and a command is named that lists them."""
    assert settings.shared is not None
    folder = settings.shared / "sessions" / "20260304-120000-abc123"
    folder.mkdir(parents=True)
    (folder / f"1-{'a' * 16}.jsonl").write_bytes(b"no journal\n")
    (notice,) = take(desk, settings).notices
    assert "not taken in from the shared folder; `caseload collect` says which and why." in notice


def test_a_journal_written_anew_contradicts_its_receipt(desk: Home) -> None:
    """It is named and not taken down again; what was first seen stays on the ledger, and others are receipted."""
    path = played_through(desk)
    take(desk)
    rewritten(path)
    other = played_through(desk)
    done = take(desk)
    assert done.contradicted == {path.stem}
    assert any("`caseload verify` says where" in notice for notice in done.notices)
    assert sorted(session for session, *_ in receipts_of(desk)) == sorted((path.stem, other.stem))


def test_a_journal_that_lost_its_end_contradicts_its_receipt(desk: Home) -> None:
    """Entries that were there are missing: whole lines were cut off, and what is left is sound."""
    path = played_through(desk)
    take(desk)
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-2]))
    assert take(desk).contradicted == {path.stem}


def test_a_damaged_journal_is_damaged_and_contradicts_nothing(desk: Home) -> None:
    """One that cannot be read to its end is short for another reason, as `verify` has it too."""
    path = played_through(desk)
    take(desk)
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*lines[:-2], lines[-2].replace(b'"', b"'", 1), lines[-1]]))
    done = take(desk)
    assert done.contradicted == frozenset()
    with Index.open(desk) as index:
        (item,) = inbox(index).items
    assert item.state == "damaged"


def test_stopped_it_goes_on_the_next_time(desk: Home) -> None:
    """Whoever leaves while sessions are read finds the rest read later; nothing is receipted half-way."""
    made = agency(desk, sessions=30, damaged=0)
    made.play()
    done = take(desk, stopped=lambda: True)
    assert done.receipted == 0
    assert done.updated is not None
    done = take(desk)
    assert done.receipted == 30
    assert len(listed(desk)) == 30


def test_a_home_in_which_nobody_played_is_taken_in_as_well(desk: Home) -> None:
    """There is nothing, and nothing is wrong with that."""
    done = take(desk)
    assert (done.receipted, done.notices, done.contradicted) == (0, [], frozenset())
    assert listed(desk) == []


def test_a_journal_that_is_gone_is_not_contradicted(desk: Home) -> None:
    """What was taken away is not here any more; its receipt stays."""
    path = played_through(desk, person=ANA)
    take(desk)
    path.unlink()
    done = take(desk)
    assert done.contradicted == frozenset()
    assert [session for session, *_ in receipts_of(desk)] == [path.stem]
