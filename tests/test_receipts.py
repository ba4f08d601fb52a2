"""Receipts are never changed or lost in silence, and show every rewrite that happens after them."""

from __future__ import annotations

import os
import random
import sqlite3
import stat
import threading
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from simulator import chain, journal
from simulator.archive import Archive
from simulator.review.writing import Reviewing, reviews_of
from simulator.settings import Home, remember, remembered
from simulator.sharing import backup
from simulator.sharing.receipts import LedgerError, Receipts, Seen, Standing
from simulator.verify import Finding, Verdict, verify
from tests.cases import TRIALS
from tests.journals import (
    begin,
    bodies_of,
    case_in,
    caseload,
    failing,
    forged,
    here,
    played_through,
    posix,
    resumed,
    text_of,
)
from tests.postgresql import postgresql, postgresql_server
from tests.sharing import tombstone

__all__ = ["postgresql", "postgresql_server"]

A, B = "a" * 64, "b" * 64


@pytest.fixture
def where(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


# The ledger


def test_what_was_seen_is_known_since_when(where: Home) -> None:
    """A head is taken down once, with the time of the first time; several at once are one transaction."""
    with Receipts.open(where) as receipts:
        assert receipts.add([Seen("s-01", 3, A), Seen("s-01", 5, B), Seen("s-02", 1, A)], "the desk") == 3
        assert receipts.add([Seen("s-01", 3, A), Seen("s-02", 2, B)], "another place") == 1
    with Receipts.open(where) as receipts:
        found = receipts.of("s-01")
        assert [(each.entries, each.head, each.source) for each in found] == [(3, A, "the desk"), (5, B, "the desk")]
        assert receipts.first_seen("s-01") == found[0].first_seen
        assert receipts.first_seen("s-03") == ""


def test_a_journal_stands_to_its_receipts(where: Home) -> None:
    """Every receipt has to lie on the journal's chain, at its count."""
    with Receipts.open(where) as receipts:
        assert receipts.check("s-01", [A]) == Standing(())
        receipts.add([Seen("s-01", 2, B)], "the desk")
        (receipt,) = receipts.of("s-01")
        assert receipts.check("s-01", [A, B, A]) == Standing((receipt,))
        assert receipts.check("s-01", [A, A]).rewritten == receipt
        assert receipts.check("s-01", [A]).shortened == receipt


REFUSED = ("UPDATE receipts SET entries = 9", "DELETE FROM receipts", "UPDATE receipts SET first_seen = '2020'")


@pytest.mark.parametrize(
    "statement",
    [
        *REFUSED,
        "REPLACE INTO receipts SELECT * FROM receipts",
        "REPLACE INTO receipts VALUES (1, 's-09', 1, 'h', 't', 'x')",
        "INSERT INTO receipts VALUES (1, 's-09', 1, 'h', 't', 'x') ON CONFLICT DO UPDATE SET head = 'h'",
    ],
)
def test_a_file_refuses_whatever_would_change_it(where: Home, statement: str) -> None:
    """Rows are only added, whoever asks: triggers in the file itself refuse the rest."""
    with Receipts.open(where) as receipts:
        receipts.add([Seen("s-01", 3, A)], "the desk")
        before = receipts.all()
        with closing(sqlite3.connect(where.receipts)) as database, pytest.raises(sqlite3.IntegrityError, match="never"):
            database.execute(statement)
        assert receipts.all() == before


@pytest.mark.parametrize("statement", [*REFUSED, "TRUNCATE receipts"])
def test_a_server_refuses_whatever_would_change_it(where: Home, postgresql: str, statement: str) -> None:
    """In PostgreSQL as well, emptying the table at once among it."""
    with Receipts.open(where, postgresql) as receipts:
        assert receipts.add([Seen("s-01", 3, A), Seen("s-01", 3, A)], "the desk") == 1
        before = receipts.all()
        engine = create_engine(postgresql.replace("postgresql:", "postgresql+psycopg:", 1))
        with engine.connect() as connection, pytest.raises(DBAPIError, match="receipts are never"):
            connection.execute(text(statement))
        engine.dispose()
        assert receipts.all() == before
    with Receipts.open(where, postgresql) as receipts:
        assert receipts.add([Seen("s-01", 3, A), Seen("s-01", 5, B)], "elsewhere") == 1
        assert receipts.check("s-01", [A, A, B]).rewritten is not None
    assert not where.receipts.exists()


def test_several_begin_at_once_and_write(where: Home, postgresql: str) -> None:
    """Whoever comes first makes the ledger, in a file and on a server; nobody's receipts are lost."""
    for url in ("", postgresql):
        errors: list[BaseException] = []

        def write(number: int, url: str = url, errors: list[BaseException] = errors) -> None:
            try:
                with Receipts.open(where, url) as receipts:
                    receipts.add([Seen(f"s-{number}", 1, A), Seen("s-all", 1, A)], "here")
            except BaseException as problem:
                errors.append(problem)

        threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        assert errors == []
        with Receipts.open(where, url) as receipts:
            assert {each.session for each in receipts.all()} == {"s-0", "s-1", "s-2", "s-3", "s-all"}


def test_a_server_that_cannot_be_reached_is_said(where: Home) -> None:
    """One sentence says which, never with its password, and that nothing is lost."""
    with pytest.raises(LedgerError) as raised:
        Receipts.open(where, "postgresql://kim:secret@127.0.0.1:1/none")
    assert "127.0.0.1:1/none cannot be used just now" in str(raised.value)
    assert "secret" not in str(raised.value)
    assert not raised.value.lost
    for url in ("mysql://x", "nonsense", "sqlite:///x"):
        with pytest.raises(LedgerError, match="`index:` in the settings"):
            Receipts.open(where, url)


@posix
def test_the_ledger_is_private(where: Home) -> None:
    """Only its owner reads it, and what SQLite keeps beside it while writing."""
    with Receipts.open(where) as receipts:
        receipts.add([Seen("s-01", 3, A)], "the desk")
        assert stat.S_IMODE(where.receipts.stat().st_mode) == 0o600


def test_the_ledger_is_written_so_that_a_power_cut_loses_nothing(where: Home) -> None:
    """A rollback journal, and flushed to the last: other ways lost commits in power cuts."""
    with Receipts.open(where) as receipts, receipts._working() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "delete"
        assert connection.execute(text("PRAGMA synchronous")).scalar() == 3


def _overwritten(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[4096:8192] = os.urandom(4096)
    path.write_bytes(data)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda path: path.write_bytes(b"no database at all" * 100),
        lambda path: path.write_bytes(b""),
        lambda path: path.unlink(),
        lambda path: path.write_bytes(path.read_bytes()[:5000]),
        _overwritten,
    ],
    ids=["other", "emptied", "deleted", "cut", "overwritten"],
)
def test_a_lost_ledger_is_never_begun_anew(where: Home, spoil: Callable[[Path], object]) -> None:
    """Damaged or gone, it is said, with the way to put a backup back; what is there stays as it is."""
    with Receipts.open(where) as receipts:
        receipts.add([Seen(f"s-{number:04}", 3, A) for number in range(300)], "the desk")
    spoil(where.receipts)
    before = where.receipts.read_bytes() if where.receipts.exists() else None
    for _ in range(2):
        with pytest.raises(LedgerError, match=r"caseload backup --restore FILE") as raised:
            Receipts.open(where)
        assert raised.value.lost
    assert (where.receipts.read_bytes() if where.receipts.exists() else None) == before


@posix
def test_what_is_no_file_is_no_ledger(where: Home) -> None:
    """A link in its place is not followed."""
    where.root.mkdir()
    where.receipts.symlink_to(where.root / "elsewhere.sqlite")
    with pytest.raises(LedgerError, match="it is a link"):
        Receipts.open(where)


# What it is for


def _verify(where: Home, path: Path, receipts: Receipts) -> Finding:
    return verify(Archive(where), path, frozenset({case_in(where.root / "cases").source.hash}), receipts)


def _seen(path: Path, entries: int | None = None) -> Seen:
    recorded = journal.read(path)
    kept = recorded.reading.entries[:entries]
    return Seen(recorded.header.session, len(kept), kept[-1].hash)


def test_a_journal_is_verified_by_its_receipts(where: Home) -> None:
    """What lies on all its receipts is unchanged since the first of them; what came after is said."""
    path = played_through(where)
    with Receipts.open(where) as receipts:
        receipts.add([_seen(path, 4)], "the desk")
        finding = _verify(where, path, receipts)
        day = receipts.first_seen(path.stem)[:10]
        assert (finding.verdict, finding.sound) == (Verdict.VERIFIED, True)
        assert finding.message == (
            f"6 entries, unbroken, and replayed without a fault. Unchanged since first seen here on {day}. "
            "The last 3 entries came after that, and nobody has seen them yet."
        )
        receipts.add([_seen(path)], "the desk")
        assert _verify(where, path, receipts).message.endswith(f"Unchanged since first seen here on {day}.")
        assert _verify(where, played_through(where), receipts).verdict is Verdict.UNVERIFIED


def test_an_unknown_scenario_stays_unknown(where: Home) -> None:
    """A receipt says that a journal is unchanged, not that its case is one the library holds."""
    path = played_through(where)
    with Receipts.open(where) as receipts:
        receipts.add([_seen(path)], "the desk")
        assert verify(Archive(where), path, frozenset(), receipts).verdict is Verdict.UNKNOWN


def test_a_journal_that_says_it_is_another_session(where: Home) -> None:
    """Whoever rewrites a journal under another session's id is found by the name that it still has."""
    path = played_through(where)
    with Receipts.open(where) as receipts:
        receipts.add([_seen(path)], "the desk")
        bodies = bodies_of(path)
        bodies[0]["session"] = "20260304-120000-abc124"
        _rewrite(path, bodies)
        assert _verify(where, path, receipts).verdict is Verdict.CONTRADICTED


def _rewrite(path: Path, bodies: list[dict[str, Any]]) -> None:
    path.unlink()
    chain.texts_path(path).unlink(missing_ok=True)
    forged(path, bodies)


def _truncate(path: Path, choose: random.Random) -> None:
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[: choose.randrange(1, len(lines))]))


def _again(path: Path, choose: random.Random) -> None:
    """Everything the same, but for when it was written, or by whom, or with which seed."""
    bodies = bodies_of(path)
    key, value = choose.choice([("program", "0.0.9"), ("seed", choose.randrange(99)), ("person", "p-somebody")])
    bodies[0][key] = value
    _rewrite(path, bodies)


def _choice(path: Path, choose: random.Random) -> None:
    """Other responses, as far as they can be given."""
    bodies = bodies_of(path)
    at = choose.randrange(1, len(bodies))
    other = {**bodies[at]}
    for key in other:
        if key in ("response", "text", "scene", "document"):
            other[key] = choose.choice(["explain", "praise", "letter", "invite", "A note that reads better."])
    bodies[at] = other
    if choose.random() < 0.5:
        del bodies[choose.randrange(1, len(bodies))]
    _rewrite(path, bodies)


def _scenario(path: Path, choose: random.Random) -> None:
    """A case with better marks, kept under its own right hash."""
    home = path.parent.parent
    header = journal.read(path).header
    better = (home / "copies" / f"{header.scenario_hash}.yaml").read_bytes().replace(b"harmful", b"best")
    better += b"# %d\n" % choose.randrange(3)
    from simulator.source import from_text

    content_hash = from_text(better.decode()).hash
    (home / "copies" / f"{content_hash}.yaml").write_bytes(better)
    bodies = bodies_of(path)
    bodies[0]["scenario-hash"] = content_hash
    _rewrite(path, bodies)


def _anew(path: Path, choose: random.Random) -> None:
    """Played again from the start, better, and put in its place."""
    header, *events = bodies_of(path)
    read, _, invited = events[:3]
    _rewrite(path, [{**header, "seed": choose.randrange(99)}, read, invited][: choose.randint(2, 3)])


def test_a_forger_who_holds_everything_is_found_after_the_first_receipt(
    where: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Truncation, a whole rewrite, a forged choice or a forged scenario with valid hashes: each is contradicted.

    So many as they are, not one is called sound; and before the receipt, nothing was claimed.
    """
    # Forgers need not wait for the disk.
    failing(monkeypatch)
    path = played_through(where)
    kept = {each: each.read_bytes() for each in (path, chain.texts_path(path))}
    choose = random.Random(20261122)
    forgeries = (_truncate, _again, _choice, _scenario, _anew)
    unseen, tried = 0, 0
    with Receipts.open(where) as receipts:
        receipts.add([_seen(path)], "the desk")
        library = frozenset({case_in(where.root / "cases").source.hash})
        archive = Archive(where)
        while tried < 1000 * TRIALS:
            for each, data in kept.items():
                each.write_bytes(data)
            forge = forgeries[tried % len(forgeries)]
            forge(path, choose)
            if path.read_bytes() == kept[path]:
                continue
            tried += 1
            finding = verify(archive, path, library, receipts)
            assert finding.verdict is Verdict.CONTRADICTED, (forge, finding)
            if not tried % 7:
                unseen += verify(archive, path, library).verdict is Verdict.UNVERIFIED
    # What replays as well as the real one: only the receipt tells them apart.
    assert unseen > tried // 70


def test_the_command_says_what_receipts_show(where: Home) -> None:
    """`caseload verify` knows the receipts, and a ledger that is lost stops it with the way to get it back."""
    result = caseload(where.root, "play", "new-case-manager", "--plain", typed="1\nq\n")
    assert result.returncode == 0
    (path,) = where.journals.glob("*.jsonl")
    assert "unverified" in text_of(here(where.root, "verify", path.stem))[1]
    with Receipts.open(where) as receipts:
        receipts.add([_seen(path)], "the desk")
    code, out, _ = text_of(here(where.root, "verify", path.stem))
    assert (code, ": verified. " in out) == (0, True)
    _truncate(path, random.Random(1))
    code, out, _ = text_of(here(where.root, "verify", path.stem))
    assert (code, ": contradicted. Entries are missing from its end" in out) == (1, True)
    where.receipts.unlink()
    code, _, error = text_of(here(where.root, "verify", path.stem))
    assert (code, "caseload backup --restore FILE" in error) == (2, True)


def test_what_a_reviewer_looks_at_is_taken_down(where: Home) -> None:
    """`caseload review` takes receipts of what it shows, but not of what contradicts one: the real one stays real."""
    path = played_through(where)
    kept = path.read_bytes(), chain.texts_path(path).read_bytes()
    assert text_of(here(where.root, "review", path.stem, "--plain"))[0] == 0
    with Receipts.open(where) as receipts:
        assert [(each.entries, each.head) for each in receipts.all()] == [(7, chain.read(path).head)]
    _again(path, random.Random(1))
    code, out, error = text_of(here(where.root, "review", "--plain"))
    assert (code, path.stem in out) == (0, True)
    assert f"{path.stem} is not what was seen here before: `caseload verify {path.stem}` says why." in error
    path.write_bytes(kept[0])
    chain.texts_path(path).write_bytes(kept[1])
    with Receipts.open(where) as receipts:
        assert len(receipts.all()) == 1
        assert _verify(where, path, receipts).verdict is Verdict.VERIFIED


def test_a_lost_ledger_stops_no_review(where: Home) -> None:
    """Without the ledger a supervisor reviews on, and is told what to do about it."""
    path = played_through(where)
    where.receipts.write_bytes(b"no database at all" * 100)
    code, out, error = text_of(here(where.root, "review", "--plain"))
    assert (code, path.stem in out, "caseload backup --restore FILE" in error) == (0, True, True)


# Backups


def _desk(where: Home) -> Path:
    """A home that holds one of everything."""
    path = played_through(where)
    where.people.write_text("p-super:\n  name: Feona\n  role: supervisor\np-gone:\n  name: Somebody Gone\n")
    where.cohorts.mkdir()
    (where.cohorts / "spring.yaml").write_text("cohort: spring\n")
    with Reviewing.open(where, Archive(where).load(path), "p-super") as reviewing:
        reviewing.comment(1, "Why here?")
        reviewing.sign_off(chain.read(path).head)
    with Receipts.open(where) as receipts:
        receipts.add([_seen(path), _seen(path, 3)], "the desk")
    return path


def _made(where: Home, tmp_path: Path) -> Path:
    file = tmp_path / "backup.zip"
    code, out, error = text_of(here(where.root, "backup", file))
    assert code == 0
    assert out.endswith(": 2 receipts, 1 review, 2 names, 1 cohort file.\n")
    assert "keep it as safely as the originals" in error
    return file


def test_a_backup_brings_everything_back(where: Home, tmp_path: Path) -> None:
    """Into an empty home come receipts with their times, reviews with their texts, names and cohorts."""
    path = _desk(where)
    file = _made(where, tmp_path)
    if os.name == "posix":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    other = Home(tmp_path / "other")
    code, out, _ = text_of(here(other.root, "backup", "--restore", file))
    assert (code, out) == (0, "Put back: 2 receipts, 1 reviewpeople.yaml, cohorts/spring.yaml.\n".replace("wp", "w, p"))
    with Receipts.open(where) as one, Receipts.open(other) as two:
        assert one.all() == two.all()
    assert other.people.read_bytes() == where.people.read_bytes()
    (review,) = reviews_of(other, path.stem)
    assert [each.text for each in review.comments] == ["Why here?"]
    code, out, _ = text_of(here(other.root, "backup", "--restore", file))
    assert (code, out) == (0, "Put back: 0 receipts, 0 reviews.\n")


def test_a_backup_brings_a_lost_ledger_back(where: Home, tmp_path: Path) -> None:
    """A damaged ledger is kept beside, and the receipts are there again with the time of the first time."""
    _desk(where)
    file = _made(where, tmp_path)
    with Receipts.open(where) as receipts:
        before = receipts.all()
    _overwritten(where.receipts)
    code, out, _ = text_of(here(where.root, "backup", "--restore", file))
    assert code == 0
    assert out.startswith("The ledger that was here could not be used; it is kept as receipts.sqlite.damaged-")
    assert len(list(where.root.glob("receipts.sqlite.damaged-*"))) == 1
    with Receipts.open(where) as receipts:
        assert receipts.all() == before
    where.receipts.unlink()
    assert text_of(here(where.root, "backup", "--restore", file))[0] == 0
    with Receipts.open(where) as receipts:
        assert receipts.all() == before
    assert remembered(where)["receipts"]


def test_what_is_here_and_newer_or_otherwise_stays(where: Home, tmp_path: Path) -> None:
    """Nothing is overwritten; what was not put back is listed with why."""
    path = _desk(where)
    file = _made(where, tmp_path)
    other = Home(tmp_path / "other")
    other.root.mkdir()
    other.people.write_text("p-1:\n  name: Kim\n")
    with Receipts.open(other) as receipts:
        receipts.add([Seen(path.stem, 3, A)], "here")
    forged(
        other.reviews / "p-super" / path.name,
        [{"kind": "review", "session": path.stem, "reviewer": "p-super"}, {"event": "commented", "text": "Mine."}],
    )
    code, out, _ = text_of(here(other.root, "backup", "--restore", file))
    assert code == 1
    assert "not put back, people.yaml: another one is here; it stays as it is" in out
    assert f"not put back, p-super/{path.stem}: another one is here that says otherwise; it stays" in out
    assert f"not put back, a receipt of {path.stem}: another receipt of its first 3 entries is here" in out
    assert other.people.read_text() == "p-1:\n  name: Kim\n"
    with Receipts.open(other) as receipts:
        assert next((each.entries, each.head) for each in receipts.of(path.stem)) == (3, A)


def test_a_backup_does_not_bring_back_who_was_erased(where: Home, tmp_path: Path) -> None:
    """Names and what was said about somebody who was erased here stay away, whatever the backup still holds."""
    path = _desk(where)
    file = _made(where, tmp_path)
    person = journal.read(path).header.person
    other = Home(tmp_path / "other")
    other.root.mkdir()
    tombstone(other, "p-gone")
    code, out, _ = text_of(here(other.root, "backup", "--restore", file))
    assert (code, "collect, then restore again" in out) == (1, True)
    assert "Somebody Gone" not in other.people.read_text()
    assert "Feona" in other.people.read_text()
    third = Home(tmp_path / "third")
    third.root.mkdir()
    tombstone(third, person)
    third.journals.mkdir()
    (third.journals / path.name).write_bytes(path.read_bytes())
    assert text_of(here(third.root, "backup", "--restore", file))[0] == 0
    assert not any(b"Why here?" in each.read_bytes() for each in third.root.rglob("*") if each.is_file())


def test_a_backup_is_not_written_over_another_nor_without_what_is_damaged(where: Home, tmp_path: Path) -> None:
    """A file that is there stays; and where something is damaged, no backup pretends to hold it."""
    path = _desk(where)
    file = _made(where, tmp_path)
    code, _, error = text_of(here(where.root, "backup", file))
    assert (code, "is there already" in error) == (2, True)
    review = where.reviews / "p-super" / path.name
    review.write_bytes(review.read_bytes().replace(b"p-super", b"p-supra"))
    code, _, error = text_of(here(where.root, "backup", tmp_path / "second.zip"))
    assert (code, "nothing was written" in error) == (2, True)
    assert not (tmp_path / "second.zip").exists()


def _zip(path: Path, **parts: bytes | str) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("about.json", '{"backup": 1}')
        for name, data in parts.items():
            file.writestr(name, data)
    return path


def _doubled(path: Path) -> None:
    _zip(path)
    with zipfile.ZipFile(path, "a") as file, pytest.warns(UserWarning, match="Duplicate"):
        file.writestr("about.json", '{"backup": 1}')


RECEIPT = f'["s-0001", 3, "{A}", "2026-01-01T00:00:00.000Z", "x"]\n'


@pytest.mark.parametrize(
    "make",
    [
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(b"PK\x05\x06" + b"\xff" * 18),
        lambda path: path.write_bytes(b"no zip file"),
        _doubled,
        lambda path: zipfile.ZipFile(path, "w").close(),
        lambda path: _zip(path, **{"receipts.jsonl": "[" * 100_000 + "\n"}),
        lambda path: _zip(path, **{"receipts.jsonl": "null\n"}),
        lambda path: _zip(path, **{"receipts.jsonl": RECEIPT.rstrip()}),
        lambda path: _zip(path, **{"receipts.jsonl": RECEIPT.replace("s-0001", "../../x")}),
        lambda path: _zip(path, **{"receipts.jsonl": RECEIPT.replace("3", "true", 1)}),
        lambda path: _zip(path, **{"reviews.jsonl": "[]\n"}),
        lambda path: _zip(path, **{f"x-{number}": "" for number in range(1001)}),
        lambda path: _zip(path).write_bytes(path.read_bytes()[:-30]),
    ],
)
def test_a_file_that_is_no_backup_is_refused(where: Home, tmp_path: Path, make: Callable[[Path], object]) -> None:
    """Whatever somebody hands over as one: a sentence says that it cannot be used, and nothing is put back."""
    path = tmp_path / "backup.zip"
    make(path)
    code, _, error = text_of(here(where.root, "backup", "--restore", path))
    assert code == 2
    assert "is no backup that can be used: " in error
    with Receipts.open(where) as receipts:
        assert receipts.all() == ()


def test_a_backup_that_is_no_file_is_not_read(where: Home, tmp_path: Path) -> None:
    """A folder, or nothing at all, is said to be that."""
    for path, why in ((tmp_path, "it is a folder"), (tmp_path / "nothing.zip", "there is no such file")):
        code, _, error = text_of(here(where.root, "backup", "--restore", path))
        assert (code, why in error) == (2, True)


def test_a_backup_holds_no_more_than_it_may(where: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What unpacks to more than any part or line of a backup holds is refused before it fills the memory."""
    for limit in ("LARGEST_CHAIN", "LARGEST_MEMBER", "LARGEST_FILE"):
        with monkeypatch.context() as patch:
            patch.setattr(backup, limit, 1000)
            path = _zip(tmp_path / f"{limit}.zip", **{"receipts.jsonl": RECEIPT * 50, "people.yaml": "#" * 5000})
            if limit == "LARGEST_CHAIN":
                path = _zip(tmp_path / f"{limit}.zip", **{"receipts.jsonl": RECEIPT.rstrip() + " " * 9000 + "\n"})
            code, _, error = text_of(here(where.root, "backup", "--restore", path))
            assert (code, "larger than" in error) == (2, True)


def test_no_name_in_a_backup_becomes_a_path(where: Home, tmp_path: Path) -> None:
    """Names that lead elsewhere are not read, and ids that would are left out."""
    names = ("../evil", "/evil", "cohorts/../../evil.yaml", "cohorts/.evil.yaml", "C:\\evil", "settings.yaml")
    review = '{"reviewer": "../../..", "session": "../evil", "chain": "", "texts": ""}\n'
    path = _zip(tmp_path / "backup.zip", **dict.fromkeys(names, b"x"), **{"reviews.jsonl": review})
    code, out, _ = text_of(here(where.root, "backup", "--restore", path))
    assert (code, "its ids cannot be names of files" in out) == (1, True)
    assert not list(tmp_path.rglob("*evil*"))
    assert not where.settings.exists()
    remember(where, receipts="")


def test_a_supervisor_goes_on_after_a_session_went_on(where: Home) -> None:
    """Each time a journal is seen longer there is one more receipt, and all of them lie on it."""
    play = begin(where)
    play.suspend()
    with Receipts.open(where) as receipts:
        for _ in range(3):
            receipts.add([_seen(play.path)], "the desk")
            play = resumed(where, play.path)
            play.suspend()
        assert len(receipts.of(play.path.stem)) == 3
        assert _verify(where, play.path, receipts).verdict is Verdict.VERIFIED
