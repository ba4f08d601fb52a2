"""Journals come together in a shared folder: nothing is lost, nothing twice, nothing overwritten, nobody waits."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from simulator import chain, durable, journal
from simulator.archive import Archive
from simulator.chain import Chain
from simulator.durable import NotSaved
from simulator.play import Play
from simulator.review.writing import Reviewing, reviews_of, said_to_trainee
from simulator.settings import Home, remember
from simulator.sharing import handing_in
from simulator.sharing.collected import Busy, Collected, alone, collect
from simulator.sharing.handing_in import hand_in
from simulator.sharing.shared_folder import Away
from tests.cases import TRIALS
from tests.failing import ERRORS
from tests.journals import (
    begin,
    bodies_of,
    caseload,
    environment,
    failing,
    forged,
    here,
    kill,
    played_through,
    posix,
    resumed,
    text_of,
)
from tests.sharing import Agency, cleared, everything, in_step, tombstone


@pytest.fixture
def agency(tmp_path: Path) -> Agency:
    return Agency(tmp_path)


# Handing in


def test_a_session_lies_in_the_folder_byte_for_byte(agency: Agency) -> None:
    """Chain and texts lie there as they are, named by how many entries there are and the head, with both copies."""
    path = played_through(agency.laptop)
    done = agency.hand_in()
    assert (done.sessions, done.refused, done.away) == ([path.stem], [], "")
    head = chain.read(path).head
    name = f"7-{head[:16]}"
    assert agency.files(path.stem) == [f"{name}.jsonl", f"{name}.texts.jsonl"]
    there = agency.folder / "sessions" / path.stem / f"{name}.jsonl"
    assert there.read_bytes() == path.read_bytes()
    assert in_step(there, path)
    header = journal.read(path).header
    assert sorted(os.listdir(agency.folder / "copies")) == sorted(  # noqa: PTH208
        f"{each}.yaml" for each in (header.scenario_hash, header.rubric_hash)
    )


def test_what_was_handed_in_is_not_handed_in_again(agency: Agency) -> None:
    """A second time does nothing; neither does one by a home that no longer remembers the first."""
    played_through(agency.laptop)
    agency.hand_in()
    before = everything(agency.folder)
    assert agency.hand_in().sessions == []
    agency.laptop.handed_in.unlink()
    assert len(agency.hand_in().sessions) == 1
    assert everything(agency.folder) == before


def test_every_state_lies_beside_the_others(agency: Agency) -> None:
    """A session that goes on is handed in once more under another name, and nothing is overwritten."""
    play = begin(agency.laptop)
    play.read("letter")
    play.suspend()
    agency.hand_in()
    before = everything(agency.folder)
    play = resumed(agency.laptop, play.path)
    play.choose("invite")
    play.suspend()
    assert agency.hand_in().sessions == [play.path.stem]
    after = everything(agency.folder)
    assert {name: after[name] for name in before} == before
    assert len(agency.files(play.path.stem)) == 2


def test_what_is_being_played_waits_until_it_is_left(agency: Agency) -> None:
    """A session in the middle of being played is not handed in; one that came to its end is, while it is looked at."""
    play = begin(agency.laptop)
    play.read("letter")
    assert agency.hand_in().playing == [play.path.stem]
    assert not (agency.folder / "sessions").exists()
    play.suspend()
    assert agency.hand_in().sessions == [play.path.stem]
    play = resumed(agency.laptop, play.path)
    play.choose("invite")
    play.choose("promise")
    play.write("A note.")
    assert agency.hand_in().sessions == [play.path.stem]
    play.close()


def test_what_a_crash_left_is_handed_in(agency: Agency) -> None:
    """A session that nobody holds any more goes in as far as it is whole; its torn end stays at home."""
    path = played_through(agency.laptop)
    whole = path.read_bytes()
    path.write_bytes(whole + b'{"event":"refl')
    agency.hand_in()
    assert [each.read_bytes() for each in (agency.folder / "sessions" / path.stem).glob("7-*[0-9a-f].jsonl")] == [whole]


def test_a_damaged_session_is_told_and_holds_up_no_other(agency: Agency) -> None:
    """What was altered is not handed in, and is named with why."""
    bad, good = played_through(agency.laptop), played_through(agency.laptop)
    data = bytearray(bad.read_bytes())
    data[-100] ^= 1
    bad.write_bytes(data)
    done = agency.hand_in()
    assert done.sessions == [good.stem]
    assert [name for name, _ in done.refused] == [bad.stem]
    assert "was altered" in done.refused[0][1]


def test_practice_goes_without_its_texts(agency: Agency) -> None:
    """Nobody but the trainee reads what was written in a practice attempt, here or on the way."""
    path = played_through(agency.laptop)
    bodies = bodies_of(path)
    bodies[0] |= {"session": "20260304-130000-practice", "purpose": "practice"}
    practice = forged(agency.laptop.journals / "20260304-130000-practice.jsonl", bodies)
    assert any(entry.text for entry in chain.read(practice).entries)
    agency.hand_in()
    assert len(agency.files(practice.stem)) == 1
    agency.lay(practice.stem, "late.texts.jsonl", chain.texts_path(practice).read_bytes())
    agency.collect()
    assert chain.read(agency.here(practice.stem)).head == chain.read(practice).head
    assert not chain.texts_path(agency.here(practice.stem)).exists()


def test_a_folder_that_is_away_is_told_and_nothing_is_lost(agency: Agency) -> None:
    """Where the folder is not there, or is as empty as an unmounted share, it is said, and the next time does it."""
    path = played_through(agency.laptop)
    away = hand_in(agency.laptop, agency.root / "nowhere")
    assert away.away.endswith("is not there just now.")
    assert agency.hand_in().sessions == [path.stem]
    later = played_through(agency.laptop)
    (agency.folder / "sessions").rename(agency.root / "elsewhere")
    assert "as if its drive or share were not connected" in agency.hand_in().away
    assert not (agency.folder / "sessions").exists()
    (agency.root / "elsewhere").rename(agency.folder / "sessions")
    assert agency.hand_in().sessions == [later.stem]


def test_a_name_that_is_taken_by_something_else_is_left_alone(agency: Agency) -> None:
    """Where somebody put something else under the name, it stays, and the session lies beside it."""
    path = played_through(agency.laptop)
    squatted = agency.lay(path.stem, f"7-{chain.read(path).head[:16]}.jsonl", b"mine\n")
    header = journal.read(path).header
    (agency.folder / "copies").mkdir()
    (agency.folder / "copies" / f"{header.scenario_hash}.yaml").write_bytes(b"mine: too\n")
    agency.hand_in()
    agency.laptop.handed_in.unlink()
    agency.hand_in()
    assert squatted.read_bytes() == b"mine\n"
    assert len(agency.files(path.stem)) == 3
    assert agency.collect().new == [path.stem]
    assert Archive(agency.desk).load(agency.here(path.stem)).over


@posix
def test_something_in_the_place_of_one_session_holds_up_no_other(agency: Agency) -> None:
    """A link where a session's folder should be is not followed, and the others are handed in."""
    one, other = played_through(agency.laptop), played_through(agency.laptop)
    elsewhere = agency.root / "elsewhere"
    elsewhere.mkdir()
    (agency.folder / "sessions").mkdir()
    (agency.folder / "sessions" / one.stem).symlink_to(elsewhere)
    done = agency.hand_in()
    assert done.sessions == [other.stem]
    assert [name for name, _ in done.refused] == [one.stem]
    assert list(elsewhere.iterdir()) == []


@posix
@pytest.mark.parametrize(("mode", "files"), [(0o2770, 0o640), (0o755, 0o644), (0o700, 0o600), (0o1777, 0o644)])
def test_who_may_read_the_folder_may_read_what_is_in_it(agency: Agency, mode: int, files: int) -> None:
    """Files get what the folder's own rules give, folders the folder's own mode; those of the home stay private."""
    agency.folder.chmod(mode)
    path = played_through(agency.laptop)
    mask = os.umask(0o077)
    try:
        agency.hand_in()
    finally:
        os.umask(mask)
    found = list(agency.folder.rglob("*"))
    assert {stat.S_IMODE(each.stat().st_mode) for each in found if each.is_file()} == {files}
    assert {stat.S_IMODE(each.stat().st_mode) for each in found if each.is_dir()} == {mode}
    agency.collect()
    assert stat.S_IMODE(agency.here(path.stem).stat().st_mode) == 0o600
    assert stat.S_IMODE(agency.desk.journals.stat().st_mode) == 0o700


def test_a_process_that_is_killed_in_the_middle_leaves_what_the_next_try_mends(agency: Agency) -> None:
    """Wherever handing in was cut off, the next try gives exactly what one try would have given."""
    code = (
        "import sys; from pathlib import Path; from simulator.settings import Home; "
        "from simulator.sharing.handing_in import hand_in; hand_in(Home(Path(sys.argv[1])), Path(sys.argv[2]))"
    )
    for _ in range(3):
        played_through(agency.laptop)
    agency.hand_in()
    expected = everything(agency.folder)
    for trial in range(4 * TRIALS):
        cleared(agency.folder)
        agency.laptop.handed_in.unlink()
        with subprocess.Popen(
            [sys.executable, "-c", code, str(agency.laptop.root), str(agency.folder)], env=environment(agency.root)
        ) as process:
            while process.poll() is None and sum(1 for _ in agency.folder.rglob("*")) <= trial % 12:
                time.sleep(0.001)
            kill(process)
        agency.laptop.handed_in.unlink(missing_ok=True)
        agency.hand_in()
        whole = {name: data for name, data in everything(agency.folder).items() if not name.endswith(".tmp")}
        assert whole == expected


# Collecting


def test_what_was_handed_in_comes_to_the_supervisor(agency: Agency) -> None:
    """Journal, texts, scenario and rubric come along, so that it replays there, and a receipt is taken down."""
    path = played_through(agency.laptop)
    agency.hand_in()
    done = agency.collect()
    assert (done.new, done.refused, done.stopped) == ([path.stem], [], "")
    assert in_step(agency.here(path.stem), path)
    assert Archive(agency.desk).load(agency.here(path.stem)).over
    assert [(each.entries, each.head) for each in agency.ledger.told] == [(7, chain.read(path).head)]
    again = agency.collect()
    assert (again.new, again.same) == ([], 1)


def test_a_session_that_went_on_is_brought_up_to_date(agency: Agency) -> None:
    """A longer journal takes the place of the shorter one, of which it is the continuation."""
    play = begin(agency.laptop)
    play.read("letter")
    play.suspend()
    agency.hand_in()
    agency.collect()
    play = resumed(agency.laptop, play.path)
    play.choose("invite")
    play.suspend()
    agency.hand_in()
    assert agency.collect().longer == [play.path.stem]
    assert in_step(agency.here(play.path.stem), play.path)
    assert len(agency.ledger.told) == 2


def test_what_was_collected_is_not_handed_in_again(agency: Agency) -> None:
    """A supervisor who hands in their own sessions does not hand in everybody's."""
    played_through(agency.laptop)
    agency.hand_in()
    agency.collect()
    own = played_through(agency.desk)
    assert hand_in(agency.desk, agency.folder).sessions == [own.stem]
    other = agency.root / "another"
    other.mkdir()
    assert hand_in(agency.desk, other).sessions == [own.stem]
    collect(agency.desk, other, agency.ledger)
    hand_in(agency.desk, agency.folder)
    assert [each.name for each in (other / "sessions").iterdir()] == [own.stem]


def test_what_was_rewritten_here_gets_no_receipt(agency: Agency) -> None:
    """Where the copy at the desk is no longer what was seen, collecting does not take it for what was."""
    path = played_through(agency.laptop)
    agency.hand_in()
    agency.collect()
    bodies = bodies_of(path)
    bodies[5] = {"event": "suspended"}
    here = agency.here(path.stem)
    here.unlink()
    chain.texts_path(here).unlink()
    forged(here, bodies)
    lines = path.read_bytes().splitlines(keepends=True)
    agency.lay(path.stem, "3-short.jsonl", b"".join(lines[:3]))
    agency.collect(anew=True)
    assert {(each.entries, each.head) for each in agency.ledger.told if each.entries > 3} == {
        (7, chain.read(path).head)
    }


def test_texts_that_come_later_are_taken_in_later(agency: Agency) -> None:
    """A synced folder may bring a journal before its texts."""
    path = played_through(agency.laptop)
    agency.hand_in()
    (texts,) = (agency.folder / "sessions" / path.stem).glob("*.texts.jsonl")
    away = texts.rename(agency.root / "later")
    agency.collect()
    assert chain.read(agency.here(path.stem)).entries[-1].erased
    away.rename(texts)
    assert agency.collect().texts == [path.stem]
    assert in_step(agency.here(path.stem), path)


def test_a_copy_that_comes_later_is_taken_in_later(agency: Agency) -> None:
    """A synced folder may bring a journal before the case it was played with."""
    path = played_through(agency.laptop)
    agency.hand_in()
    (agency.folder / "copies").rename(agency.root / "later")
    agency.collect()
    assert not list(agency.desk.copies.glob("*.yaml"))
    (agency.root / "later").rename(agency.folder / "copies")
    agency.collect()
    assert Archive(agency.desk).load(agency.here(path.stem)).over


def test_a_conflicted_copy_is_read_like_any_other_file(agency: Agency) -> None:
    """What a synced folder made of a name does not matter; what the file holds does."""
    path = played_through(agency.laptop)
    agency.hand_in()
    for each in (agency.folder / "sessions" / path.stem).iterdir():
        each.rename(each.with_name(each.name.replace(".jsonl", " (Kim's conflicted copy 2026-03-04).jsonl")))
    assert agency.collect().new == [path.stem]
    assert in_step(agency.here(path.stem), path)


def test_a_folder_that_syncs_still_is_waited_for(agency: Agency) -> None:
    """Half a file is not taken in, and is named; once it is whole it is."""
    path = played_through(agency.laptop)
    agency.lay(path.stem, "7-whatever.jsonl", path.read_bytes()[:-10])
    done = agency.collect()
    assert done.new == []
    assert "a synced folder may still be bringing the rest" in done.refused[0][1]
    agency.lay(path.stem, "7-whatever.jsonl", path.read_bytes())
    assert agency.collect().new == [path.stem]


def test_whoever_came_first_stays(agency: Agency) -> None:
    """A journal that contradicts what was collected is refused and listed, each time, and changes nothing."""
    path = played_through(agency.laptop)
    agency.hand_in()
    agency.collect()
    bodies = bodies_of(path)
    bodies[3]["response"] = "something-else"
    other = forged(agency.root / "other" / path.name, bodies)
    agency.lay(path.stem, "9-better.jsonl", other.read_bytes())
    for _ in range(2):
        (refused,) = agency.collect().refused
        assert refused[0] == f"sessions/{path.stem}/9-better.jsonl"
        assert refused[1].startswith("it contradicts what was handed in on 2026-03-01")
    assert in_step(agency.here(path.stem), path)


def test_a_receipt_outlives_the_copy(agency: Agency) -> None:
    """With the copy gone, another journal of the same session is refused all the same, and so is a shorter one."""
    path = played_through(agency.laptop)
    agency.hand_in()
    agency.collect()
    cleared(agency.desk.journals, agency.folder / "sessions")
    bodies = bodies_of(path)
    bodies[3]["response"] = "something-else"
    agency.lay(path.stem, "other.jsonl", forged(agency.root / "other" / path.name, bodies).read_bytes())
    lines = path.read_bytes().splitlines(keepends=True)
    agency.lay(path.stem, "3-short.jsonl", b"".join(lines[:3]))
    refused = [why for _, why in agency.collect(anew=True).refused]
    assert refused[0].startswith("it contradicts what was handed in on 2026-03-01")
    assert refused[1].startswith("it is shorter than what was handed in on 2026-03-01")
    assert not agency.here(path.stem).exists()
    agency.lay(path.stem, "7-whole.jsonl", path.read_bytes())
    agency.lay(path.stem, "7-whole.texts.jsonl", chain.texts_path(path).read_bytes())
    done = agency.collect(anew=True)
    assert (done.new, len(done.refused)) == ([path.stem], 1)
    assert in_step(agency.here(path.stem), path)


def test_of_two_that_nobody_has_seen_yet_the_first_stays(agency: Agency) -> None:
    """Where two journals of one session contradict each other, the later one is refused."""
    path = played_through(agency.laptop)
    bodies = bodies_of(path)
    bodies[0]["seed"] = 9
    other = forged(agency.root / "other" / path.name, bodies)
    first, second = agency.lay(path.stem, "b.jsonl", path.read_bytes()), agency.lay(path.stem, "a.jsonl", b"")
    second.write_bytes(other.read_bytes())
    os.utime(first, (1, 1))
    done = agency.collect()
    assert done.new == [path.stem]
    assert done.refused == [
        (
            f"sessions/{path.stem}/a.jsonl",
            "it contradicts b.jsonl, which was there first; that stays, this was not taken in",
        )
    ]


def test_what_somebody_plays_here_is_left_alone(agency: Agency) -> None:
    """A journal that is open on this home is not replaced under whoever plays; the next time it is."""
    play = begin(agency.laptop)
    play.suspend()
    agency.hand_in()
    agency.collect()
    further = resumed(agency.laptop, play.path)
    further.read("letter")
    further.suspend()
    agency.hand_in()
    held = Chain.open(agency.here(play.path.stem))
    done = agency.collect()
    assert (done.longer, "is being written by" in done.refused[0][1]) == ([], True)
    held.close()
    assert agency.collect().longer == [play.path.stem]


def test_what_was_redacted_does_not_come_back(agency: Agency) -> None:
    """A text that a supervisor erased stays away when the session is handed in again, and the journal still goes on."""
    play = begin(agency.laptop)
    play.choose("invite")
    play.choose("promise")
    play.write("Jane Roe of 4 Elm Street called.")
    play.close()
    agency.hand_in()
    agency.collect()
    logged = Archive(agency.desk).load(agency.here(play.path.stem))
    seq = next(entry.seq for entry in logged.recorded.reading.entries if entry.text)
    with Reviewing.open(agency.desk, logged, "p-super") as reviewing:
        reviewing.redact(seq)
    agency.collect(anew=True)
    reflecting = Play.resume(Archive(agency.laptop), play.path)
    reflecting.reflect("No names next time.")
    reflecting.close()
    agency.hand_in()
    assert agency.collect().longer == [play.path.stem]
    entries = chain.read(agency.here(play.path.stem)).entries
    assert entries[seq].erased
    assert entries[-1].text == "No names next time."
    assert not any(b"Elm Street" in data for data in everything(agency.desk.root).values())


def test_what_was_erased_with_somebody_does_not_come_back(agency: Agency) -> None:
    """Of somebody who was erased here no text is taken in; and where nobody can tell who was, nothing is."""
    path = played_through(agency.laptop)
    agency.hand_in()
    tombstone(agency.desk, journal.read(path).header.person)
    agency.collect()
    assert not chain.texts_path(agency.here(path.stem)).exists()
    agency.desk.tombstones.write_bytes(b"spoilt\n")
    with pytest.raises(chain.ChainError):
        agency.collect(anew=True)


def test_a_share_that_goes_away_in_the_middle(agency: Agency, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whichever call fails, for a moment or for good: what was collected stays; the next time brings the rest."""
    paths = [played_through(agency.laptop) for _ in range(2)]
    agency.hand_in()
    with monkeypatch.context() as patch:
        system = failing(patch)
        agency.collect()
        calls = len(system.calls)
    assert calls > 40
    for at in range(calls):
        cleared(agency.desk.root)
        agency.ledger.told.clear()
        with monkeypatch.context() as patch:
            failing(patch, at, error=ERRORS[at % len(ERRORS)], for_good=bool(at % 2))
            done = _collected(agency)
        for path in paths:
            if (here := agency.here(path.stem)).exists():
                assert chain.read(here).head == chain.read(path).head
        assert done is None or done.stopped != "no sentence"
        if done is not None and at % 2 and len(done.new) < 2:
            assert done.stopped or done.refused
        again = agency.collect()
        assert (again.refused, again.stopped) == ([], "")
        assert all(in_step(agency.here(path.stem), path) for path in paths)
        assert len(agency.ledger.told) == 2


def _collected(agency: Agency) -> Collected | None:
    try:
        return agency.collect()
    except (Away, NotSaved, chain.ChainError) as problem:
        return None if str(problem).endswith(".") else Collected(stopped="no sentence")


def test_a_folder_that_goes_away_while_handing_in(agency: Agency, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whichever call fails, nobody is disturbed, nothing at home changes, and the next try does the rest."""
    for _ in range(2):
        played_through(agency.laptop)
    with monkeypatch.context() as patch:
        system = failing(patch)
        agency.hand_in()
        calls = len(system.calls)
    expected = everything(agency.folder)
    for at in range(calls):
        cleared(agency.folder)
        agency.laptop.handed_in.unlink(missing_ok=True)
        before = everything(agency.laptop.journals)
        with monkeypatch.context() as patch:
            failing(patch, at, error=(errno.EIO, errno.ENOSPC, errno.ESTALE)[at % 3], for_good=bool(at % 2))
            agency.hand_in()
        assert everything(agency.laptop.journals) == before
        done = agency.hand_in()
        assert (done.refused, done.away) == ([], "")
        assert {n: d for n, d in everything(agency.folder).items() if not n.endswith(".tmp")} == expected


# Several at once


def test_only_one_collects_into_a_home(agency: Agency) -> None:
    """Somebody who collects while another does is told so, and nothing happens."""
    with alone(agency.desk), pytest.raises(Busy, match="collecting into this home just now"):
        agency.collect()


def test_handing_in_while_others_collect(agency: Agency) -> None:
    """Trainees hand in while two supervisors collect; afterwards everything is everywhere, whole."""
    homes = [Home(agency.root / f"laptop-{number}") for number in range(3)]
    other = Home(agency.root / "other-desk")
    errors: list[BaseException] = []

    def trainee(where: Home) -> None:
        for _ in range(4):
            played_through(where)
            hand_in(where, agency.folder)

    def supervisor(where: Home) -> None:
        ledger = Agency(agency.root).ledger
        for _ in range(6):
            collect(where, agency.folder, ledger)

    def guarded(work: object, where: Home) -> None:
        try:
            work(where)  # type: ignore[operator]
        except BaseException as problem:
            errors.append(problem)

    (agency.folder / "sessions").mkdir(parents=True)
    threads = [threading.Thread(target=guarded, args=(trainee, home)) for home in homes]
    threads += [threading.Thread(target=guarded, args=(supervisor, home)) for home in (agency.desk, other)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert errors == []
    for desk in (agency.desk, other):
        collect(desk, agency.folder, Agency(agency.root).ledger)
        for home in homes:
            for path in home.journals.glob("*[0-9a-f].jsonl"):
                assert in_step(desk.journals / path.name, path)


# Reviews


def _reviewed(agency: Agency, path: Path, *said: str, sign: bool = True) -> None:
    logged = Archive(agency.desk).load(agency.here(path.stem))
    with Reviewing.open(agency.desk, logged, "p-super") as reviewing:
        for each in said:
            reviewing.comment(1, each)
        if sign:
            reviewing.sign_off(logged.recorded.reading.head)


def _handed_in_and_collected(agency: Agency) -> Path:
    path = played_through(agency.laptop)
    agency.hand_in()
    agency.collect()
    return path


def test_a_signed_review_comes_to_the_trainee(agency: Agency) -> None:
    """What a supervisor signed goes out and comes back; what is said after the signing stays at the desk."""
    path = _handed_in_and_collected(agency)
    _reviewed(agency, path, "Why here?", sign=False)
    assert hand_in(agency.desk, agency.folder).handed_out == []
    _reviewed(agency, path)
    _reviewed(agency, path, "Not for the trainee yet.", sign=False)
    assert hand_in(agency.desk, agency.folder).handed_out == [f"p-super/{path.stem}"]
    assert agency.hand_in().reviewed == [path.stem]
    assert [each.text for each in said_to_trainee(agency.laptop, path.stem)] == ["Why here?"]
    assert not any(b"Not for the trainee" in data for data in everything(agency.folder).values())
    assert agency.hand_in().reviewed == []


def test_a_review_that_goes_on_comes_again(agency: Agency) -> None:
    """What is said and signed later reaches the trainee as well."""
    path = _handed_in_and_collected(agency)
    for said in ("Why here?", "I see now."):
        _reviewed(agency, path, said)
        hand_in(agency.desk, agency.folder)
        assert agency.hand_in().reviewed == [path.stem]
    assert [each.text for each in said_to_trainee(agency.laptop, path.stem)] == ["Why here?", "I see now."]


def _review_in_folder(agency: Agency, reviewer: str, session: str, header: dict[str, object], *texts: str) -> None:
    bodies = [header, *({"event": "commented", "decision": 1, "text": text} for text in texts)]
    path = forged(agency.root / "made-up" / f"{reviewer}-{len(texts)}.jsonl", [*bodies, {"event": "signed-off"}])
    folder = agency.folder / "reviews" / reviewer / session
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "x.jsonl").write_bytes(path.read_bytes())
    (folder / "x.texts.jsonl").write_bytes(chain.texts_path(path).read_bytes())


def test_reviews_of_what_is_not_here_or_is_not_one_are_left(agency: Agency) -> None:
    """Only reviews of sessions that were played here, that say they are, and by an id that can be one, come in."""
    path = played_through(agency.laptop)
    agency.hand_in()
    strange = "20260101-000000-abc123"
    _review_in_folder(agency, "p-super", strange, {"kind": "review", "session": strange, "reviewer": "p-super"}, "x")
    _review_in_folder(agency, "P Super", path.stem, {"kind": "review", "session": path.stem, "reviewer": "P"}, "x")
    _review_in_folder(agency, "p-other", path.stem, {"kind": "review", "session": path.stem, "reviewer": "p-x"}, "x")
    _review_in_folder(agency, "p-third", path.stem, {"kind": "session", "session": path.stem}, "x")
    done = agency.hand_in()
    assert done.reviewed == []
    assert sorted(name for name, _ in done.refused) == [f"p-other/{path.stem}/x.jsonl", f"p-third/{path.stem}/x.jsonl"]
    assert not agency.laptop.reviews.exists() or everything(agency.laptop.reviews) == {}


def test_a_review_that_contradicts_what_came_is_refused(agency: Agency) -> None:
    """Nobody can take back, or put, words in the name of a reviewer whose review is here already."""
    path = _handed_in_and_collected(agency)
    _reviewed(agency, path, "Why here?")
    hand_in(agency.desk, agency.folder)
    agency.hand_in()
    header: dict[str, object] = {"kind": "review", "session": path.stem, "reviewer": "p-super"}
    _review_in_folder(agency, "p-super", path.stem, header, "All is fine.", "Really.", "Yes.")
    done = agency.hand_in()
    assert [why for _, why in done.refused] == ["it contradicts what is here of that review"]
    assert [each.text for each in said_to_trainee(agency.laptop, path.stem)] == ["Why here?"]


def test_nobody_gets_words_on_the_home_they_review_on(agency: Agency) -> None:
    """A review in the name of who reviews on this home, that was not made here, is not taken in."""
    path = played_through(agency.laptop)
    agency.hand_in()
    remember(agency.laptop, reviewer="p-super")
    header: dict[str, object] = {"kind": "review", "session": path.stem, "reviewer": "p-super"}
    _review_in_folder(agency, "p-super", path.stem, header, "All is fine.")
    done = agency.hand_in()
    assert done.refused == [(f"p-super/{path.stem}", "it is by somebody who reviews here, and was not made here")]
    assert list(reviews_of(agency.laptop, path.stem)) == []


# The command


def test_plain_play_hands_in_when_it_ends(agency: Agency) -> None:
    """With a shared folder in the settings, a session that was left lies there when the command ends."""
    agency.laptop.root.mkdir()
    agency.laptop.settings.write_text(f"shared: {agency.folder}\n")
    result = caseload(agency.laptop.root, "play", "new-case-manager", "--plain", typed="1\nq\n")
    code, out, error = text_of(result)
    assert code == 0
    assert "Each session is copied to the shared folder" in " ".join(out.split())
    assert "1 session handed in." in error
    assert len(list((agency.folder / "sessions").iterdir())) == 1


def test_plain_play_goes_on_without_the_folder(agency: Agency) -> None:
    """A folder that is away is told in a line, and the session is kept here."""
    agency.laptop.root.mkdir()
    agency.laptop.settings.write_text("shared: nowhere\n")
    code, _, error = text_of(caseload(agency.laptop.root, "play", "new-case-manager", "--plain", typed="1\nq\n"))
    assert code == 0
    assert "is not there just now. What is not handed in yet will be the next time; nothing is lost." in error
    assert len(list(agency.laptop.journals.glob("*.jsonl"))) == 1


def test_handing_in_by_hand(agency: Agency) -> None:
    """`caseload hand-in` says what it did, and that the folder is away."""
    played_through(agency.laptop)
    for said in ("1 session handed in.\n", "Everything was handed in already.\n"):
        assert text_of(here(agency.laptop.root, "hand-in", "--folder", agency.folder)) == (0, said, "")
    code, out, error = text_of(here(agency.laptop.root, "hand-in", "--folder", agency.root / "nowhere"))
    assert (code, out) == (2, "")
    assert error.startswith("caseload: The shared folder ")


def test_reviewing_a_folder_collects_first(agency: Agency) -> None:
    """`caseload review --folder` brings what was handed in and lists it; what is signed then goes out by itself."""
    path = played_through(agency.laptop)
    agency.hand_in()
    code, out, error = text_of(caseload(agency.desk.root, "review", "--folder", agency.folder))
    assert (code, path.stem in out) == (0, True)
    assert error == "Collected: 1 new session, 0 went on, 0 as before.\n"
    agency.desk.settings.write_text(f"shared: {agency.folder}\n")
    said = ("review", path.stem, "--comment", "1", "Why here?", "--sign-off", "--as", "Feona")
    code, _, error = text_of(caseload(agency.desk.root, *said))
    assert (code, "1 review handed out." in error) == (0, True)
    code, out, _ = text_of(caseload(agency.laptop.root, "hand-in", "--folder", agency.folder))
    assert (code, out) == (0, "Reviewers said something about 1 session of yours.\n")


def test_the_app_waits_for_nobody(agency: Agency, monkeypatch: pytest.MonkeyPatch) -> None:
    """Handing in from the app returns at once, does it beside, and says once that the folder is away."""
    from simulator.tui.handing_in import HandingIn

    said: list[str] = []
    released, entered = threading.Event(), threading.Event()
    real = handing_in.hand_in

    def slow(where: Home, folder: Path) -> handing_in.HandedIn:
        entered.set()
        released.wait(10)
        return real(where, folder)

    monkeypatch.setattr(handing_in, "hand_in", slow)
    working = HandingIn(agency.laptop, agency.root / "nowhere", said.append)
    for _ in range(3):
        working.soon()
    assert entered.wait(10)
    assert said == []
    released.set()
    for thread in threading.enumerate():
        if thread.name == "handing in":
            thread.join(10)
    assert len(said) == 1
    assert said[0].endswith("Everything is saved here, and will be handed in later.")
    assert durable.exists(agency.laptop.root) is False
