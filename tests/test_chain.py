"""A chain loses nothing that was acknowledged, shows every alteration, and has one writer."""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum
from hashlib import sha256
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

import pytest

from simulator import chain, durable, entry
from simulator.chain import Chain, ChainError, Damaged, Entry, Held, NotSaved, Reading
from tests.failing import ERRORS, FailingOs

TRIALS = int(os.environ.get("CASELOAD_TRIALS", "1"))
"""How many times as thorough as in CI; releases are tried with 50."""

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
NOTES = ("She asked for it in writing.", "Zoë – 日本語 – 👩‍👧", 'a "quote", a \\ and\na new line', "", "é" * 300)

posix = pytest.mark.skipif(sys.platform == "win32", reason="needs what POSIX has")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "session.jsonl"


def _clock(step: timedelta = timedelta(seconds=7)) -> Callable[[], datetime]:
    now = NOON

    def tick() -> datetime:
        nonlocal now
        now += step
        return now

    return tick


def _body(random: random.Random) -> dict[str, Any]:
    body: dict[str, Any] = {"event": "chose", "response": f"r-{random.randrange(50)}"}
    if random.random() < 0.4:
        body |= {"picked": ["a", "b", {"rank": [1, 2]}], "sure": random.choice([True, False, None]), "share": 0.1}
    return body


def _make(path: Path, entries: int = 6, seed: int = 0, texts: bool = True) -> tuple[Entry, ...]:
    """Write a chain as a session would, and return its entries."""
    choose = random.Random(seed)
    with Chain.create(path, {"session": path.stem, "seed": seed}, _clock()) as one:
        for number in range(entries - 1):
            one.append(_body(choose), NOTES[number % len(NOTES)] if texts and number % 3 == 0 else None)
        return one.entries


def _go_on(path: Path) -> None:
    """Everything works again: the chain opens, takes an entry with a text, and reads back as it says."""
    with Chain.open(path) as one:
        one.append({"event": "went-on"}, "further")
        entries = one.entries
    reading = chain.read(path)
    assert reading.entries == entries
    assert (reading.torn, reading.damage) == (b"", None)
    assert reading.entries[-1].text == "further"


# What an entry is


def test_what_goes_in_comes_out(path: Path) -> None:
    """Bodies, texts, times and hashes read back just as `append` gave them."""
    entries = _make(path)
    assert chain.read(path) == Reading(entries)
    assert [each.seq for each in entries] == list(range(6))
    assert entries[0].body == {"schema": 1, "session": "session", "seed": 0}
    assert entries[1].time == "2026-03-04T12:00:21.000Z"
    assert entries[1].text == NOTES[0]
    assert entries[2].text is None


def test_a_chain_goes_on_where_it_was(path: Path) -> None:
    """A chain that was closed is opened with all its entries, and goes on from the last."""
    before = _make(path)
    with Chain.open(path) as one:
        assert one.entries == before
        assert one.reading == Reading(before)
        assert one.head == before[-1].hash == chain.read(path).head
        one.append({"event": "left"})
    _go_on(path)


def test_the_format_does_not_change(path: Path) -> None:
    """A file written today is, byte for byte, what every later version must read."""
    with Chain.create(path, {"session": "s"}, lambda: NOON) as one:
        one.append({"event": "chose", "at": ["ü", 1.5, None]})
    lines = [
        b'{"schema":1,"seq":0,"session":"s","time":"2026-03-04T12:00:00.000Z"}',
        b'{"at":["\\u00fc",1.5,null],"event":"chose","seq":1,"time":"2026-03-04T12:00:00.000Z"}',
    ]
    first = sha256(sha256(b"caseload chain, schema 1").hexdigest().encode() + b"\n" + lines[0]).hexdigest().encode()
    second = sha256(first + b"\n" + lines[1]).hexdigest().encode()
    assert path.read_bytes() == (
        lines[0].replace(b"{", b'{"hash":"%b",' % first)
        + b"\n"
        + lines[1].replace(b'"seq"', b'"hash":"%b","seq"' % second)
        + b"\n"
    )


def test_an_entry_cannot_be_changed(path: Path) -> None:
    """What was recorded cannot be altered in memory either, all the way down, nor through what was passed in."""
    given: dict[str, Any] = {"list": [{"deep": [1]}]}
    with Chain.create(path, {}) as one:
        new = one.append(given)
        given["list"][0]["deep"].append(2)
        assert new.body == {"list": ({"deep": (1,)},)}
        with pytest.raises(TypeError):
            new.body["list"][0]["deep"] = ()
        assert one.entries[1] is new
    assert chain.read(path).entries[1] == new


def test_text_passes_the_gate_both_ways(path: Path) -> None:
    """Control and bidi characters are dropped from texts and bodies, on the way in and when a forger put them there."""
    with Chain.create(path, {}) as one:
        new = one.append({"k\x1bey": "a\x9bb", "list": ["\u202ex"]}, "note\x1b]52;c;eA==\x07" + "x" * 30_000)
    assert new.body == {"key": "ab", "list": ("x",)}
    assert new.text == ("note]52;c;eA==" + "x" * 30_000)[:20_000]
    assert chain.read(path).entries[1] == new
    sealed, line = entry._seal("\x1b[2Jforged")
    chain.texts_path(path).write_bytes(line)
    _forge(path, [{"schema": 1, "seq": 0}, {"seq": 1, "text": sealed, "where": "\x1b[2J"}])
    forged = chain.read(path).entries[1]
    assert (forged.text, forged.body) == ("[2Jforged", {"where": "[2J"})


def test_subclasses_of_strings_and_numbers_are_plain_when_kept(path: Path) -> None:
    """A name from an enumeration is recorded as the string it stands for."""

    class Phase(StrEnum):
        MEETING = "meeting"

    with Chain.create(path, {}) as one:
        new = one.append({Phase.MEETING: Phase.MEETING, "list": [Phase.MEETING]})
    assert {type(each) for each in (*new.body, new.body["meeting"], *new.body["list"])} == {str}
    assert chain.read(path).entries[1] == new


class _Odd:
    pass


def _deep(levels: int) -> dict[str, Any]:
    return {"a": [] if levels == 2 else _deep(levels - 1)}


@pytest.mark.parametrize(
    "body",
    [
        {"seq": 1},
        {"time": ""},
        {"text": ""},
        {"hash": ""},
        {1: 2},
        {"a": {1: 2}},
        {"a": _Odd()},
        {"a": {1, 2}},
        {"a": b"bytes"},
        {"a": float("nan")},
        {"a": float("-inf")},
        {"a": 2**63},
        {"a": -(2**70)},
        {"a": "x" * 1_100_000},
        {"a": [0] * 10_001},
        _deep(25),
    ],
)
def test_what_no_line_can_hold_is_refused(body: Mapping[str, Any], path: Path) -> None:
    """What could not be read back is refused before it is written, and the chain goes on."""
    with Chain.create(path, {}) as one:
        before = path.read_bytes()
        with pytest.raises((ValueError, TypeError)):
            one.append(body, "a text")
        assert path.read_bytes() == before
        assert not chain.texts_path(path).exists()
        one.append(_deep(24))
    _go_on(path)


def test_a_header_that_no_line_can_hold_leaves_nothing(path: Path) -> None:
    """A chain whose header is refused was never made."""
    with pytest.raises(ValueError, match="seq"):
        Chain.create(path, {"seq": 4})
    assert not path.exists()
    _make(path)


def test_nothing_is_overwritten(path: Path) -> None:
    """A chain is not made over another, nor over texts that are there."""
    _make(path)
    for there in (path, chain.texts_path(path)):
        content = there.read_bytes()
        with pytest.raises(ChainError, match="not overwritten"):
            Chain.create(path, {})
        assert there.read_bytes() == content
        path.unlink(missing_ok=True)


def test_a_closed_chain_takes_nothing(path: Path) -> None:
    """Closing twice is fine; appending afterwards is said to be too late."""
    one = Chain.create(path, {})
    one.close()
    one.close()
    with pytest.raises(ChainError, match="is closed"):
        one.append({})


def test_a_full_chain_says_so(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A chain never grows beyond what can be read back."""
    with Chain.create(path, {}) as one:
        monkeypatch.setattr(chain, "LARGEST", path.stat().st_size + 200)
        one.append({})
        with pytest.raises(ChainError, match="as much as it can"):
            one.append({})
        with pytest.raises(ChainError, match="as much as it can"):
            one.append({}, "words" * 100)
    assert chain.read(path, chain.LARGEST).damage is None
    _make(path.with_name("other.jsonl"), 1)


def test_threads_take_turns(path: Path) -> None:
    """Appends from several threads at once are all kept, in one order."""
    with Chain.create(path, {}) as one:
        threads = [threading.Thread(target=lambda: [one.append({}, "x") for _ in range(25)]) for _ in range(4)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        assert chain.read(path).entries == one.entries
    assert len(one.entries) == 101


@posix
def test_files_are_for_their_owner_only(path: Path) -> None:
    """No file of a chain can be read by another account."""
    _make(path)
    with path.open("ab") as file:
        file.write(b"torn")
    with Chain.open(path):
        modes = {each.name: each.stat().st_mode & 0o777 for each in path.parent.iterdir()}
    assert len(modes) == 5
    assert set(modes.values()) == {0o600}


def test_every_file_of_a_chain_is_known(path: Path) -> None:
    """Whoever moves a chain or takes it away learns of everything that lies beside it, and of nothing else."""
    _make(path)
    _make(path.with_name("session-2.jsonl"))
    for file in (path, chain.texts_path(path)):
        with file.open("ab") as opened:
            opened.write(b"torn")
        file.with_name(f".{file.name}.0a1b2c3d.tmp").write_bytes(b"")
    with Chain.open(path):
        found = {each.name for each in chain.companions(path)}
        ours = {each.name for each in path.parent.iterdir() if "session-2" not in each.name}
    assert found == ours - {path.name}


# What a crash leaves


def test_every_cut_is_accepted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wherever a file is cut, all whole entries are there, the rest is kept beside, and the chain goes on."""
    monkeypatch.setattr(durable, "os", FailingOs())
    tried = seed = 0
    while tried < 2_000 * TRIALS:
        folder = tmp_path / str(seed)
        entries = _make(folder / "s.jsonl", 5, seed)
        data = (folder / "s.jsonl").read_bytes()
        ends = [at for at, byte in enumerate(data) if byte == ord("\n")]
        for cut in range(len(data)):
            _try_cut(folder / str(cut), data[:cut], entries, ends, folder / "s.texts.jsonl")
            tried += 1
        seed += 1


def _try_cut(folder: Path, data: bytes, entries: tuple[Entry, ...], ends: list[int], texts: Path) -> None:
    folder.mkdir()
    path = folder / "s.jsonl"
    path.write_bytes(data)
    (folder / "s.texts.jsonl").write_bytes(texts.read_bytes())
    whole = sum(end <= len(data) for end in ends)
    if not whole:
        for use in (chain.read, Chain.open):
            with pytest.raises(ChainError, match="nothing is lost"):
                use(path)
        assert path.read_bytes() == data
        return
    torn = data[ends[whole - 1] + 1 :]
    assert chain.read(path) == Reading(entries[:whole], torn)
    with Chain.open(path) as one:
        assert one.entries == entries[:whole]
        one.append({"event": "went-on"}, "further")
        after = one.entries
    assert chain.read(path) == Reading(after)
    kept = [each.read_bytes() for each in folder.iterdir() if ".torn-" in each.name]
    assert kept == ([torn] if torn else [])


def test_every_cut_of_the_texts_is_accepted(tmp_path: Path) -> None:
    """Wherever the texts are cut, the chain opens, whole texts are there, and new ones can be read."""
    entries = _make(tmp_path / "s.jsonl", 8, texts=True)
    data = (tmp_path / "s.texts.jsonl").read_bytes()
    ends = [at for at, byte in enumerate(data) if byte == ord("\n")]
    written = [each.text for each in entries if each.text is not None]
    for cut in range(0, len(data), max(1, 5 // TRIALS)):
        path = tmp_path / str(cut) / "s.jsonl"
        path.parent.mkdir()
        path.write_bytes((tmp_path / "s.jsonl").read_bytes())
        chain.texts_path(path).write_bytes(data[:cut])
        whole = sum(end <= cut for end in ends)
        with Chain.open(path) as one:
            assert [each.text for each in one.entries if each.text is not None] == written[:whole]
            assert sum(each.erased for each in one.entries) == len(written) - whole
            one.append({}, "further")
        assert chain.read(path).entries[-1].text == "further"
        kept = [each.read_bytes() for each in path.parent.iterdir() if ".torn-" in each.name]
        torn = data[ends[whole - 1] + 1 if whole else 0 : cut]
        assert kept == ([torn] if torn and cut not in ends else [])


@pytest.mark.parametrize("tail", [b"\0", b"\0" * 4096, b'{"event":"cho' + b"\0" * 100, b"\0\0\0\n", b"{\0\0\0}\n"])
def test_space_that_was_never_filled_is_torn(tail: bytes, path: Path) -> None:
    """NUL bytes at the end, as a power cut leaves them, are set aside like half a line."""
    entries = _make(path)
    for file in (path, chain.texts_path(path)):
        with file.open("ab") as opened:
            opened.write(tail)
    assert chain.read(path) == Reading(entries, tail)
    _go_on(path)
    kept = sorted(each.name for each in path.parent.iterdir() if ".torn-" in each.name)
    assert kept == ["session.jsonl.torn-1", "session.texts.jsonl.torn-1"]


def test_torn_ends_are_numbered(path: Path) -> None:
    """A second torn end does not take the place of the first."""
    _make(path)
    for number in (1, 2, 3):
        with path.open("ab") as file:
            file.write(b"torn %d" % number)
        Chain.open(path).close()
    kept = {each.name: each.read_bytes() for each in path.parent.iterdir() if ".torn-" in each.name}
    assert kept == {f"session.jsonl.torn-{number}": b"torn %d" % number for number in (1, 2, 3)}


def test_what_is_found_on_opening_is_flushed(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Entries that a killed writer had only handed to the system are on the disk before anybody builds on them."""
    _make(path)
    calls = _calls(monkeypatch, lambda: Chain.open(path).close())
    files = ["fsync"] * (2 if sys.platform == "win32" else 3)
    assert [each for each in calls if each == "fsync"] == files


def test_reading_changes_nothing(path: Path) -> None:
    """Reading a torn chain writes no file and takes no lock."""
    _make(path)
    with path.open("ab") as file:
        file.write(b"torn")
    before = {each.name: each.read_bytes() for each in path.parent.iterdir()}
    chain.read(path)
    assert {each.name: each.read_bytes() for each in path.parent.iterdir()} == before


_APPENDER = """
import sys
from pathlib import Path
from simulator.chain import Chain
with Chain.open(Path(sys.argv[1])) as one:
    while True:
        new = one.append({"event": "chose"}, "words" if len(one.entries) % 3 == 0 else None)
        sys.stdout.write(f"{new.seq} {new.hash}\\n")
        sys.stdout.flush()
"""


def _start(script: str, *arguments: object) -> subprocess.Popen[str]:
    root = Path(__file__).parents[1]
    command = [sys.executable, "-c", script, *map(str, arguments)]
    environment = {**os.environ, "PYTHONPATH": str(root)}
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment, cwd=root)


def test_a_killed_writer_loses_nothing_acknowledged(path: Path) -> None:
    """However often the writer is killed, every entry it acknowledged is there, and the next one goes on."""
    choose = random.Random(1)
    _make(path, 2)
    acknowledged: list[str] = []
    for _ in range(20 * TRIALS):
        writer = _start(_APPENDER, path)
        assert writer.stdout
        acknowledged.append(writer.stdout.readline())
        time.sleep(choose.uniform(0, 0.03))
        writer.kill()
        rest = writer.communicate()[0].splitlines(keepends=True)
        acknowledged += [line for line in rest if line.endswith("\n")]
        found = {f"{each.seq} {each.hash}\n": each for each in chain.read(path).entries}
        assert set(acknowledged) <= set(found)
    assert len(acknowledged) > 100
    _go_on(path)


# What fails


def _calls(monkeypatch: pytest.MonkeyPatch, operation: Callable[[], object]) -> list[str]:
    watching = FailingOs()
    with monkeypatch.context() as patch:
        patch.setattr(durable, "os", watching)
        operation()
    return watching.calls


def _faults(calls: list[str]) -> Iterator[FailingOs]:
    """Every call failing in ten ways, once, and as a full disk does."""
    for at, name in enumerate(calls):
        for number, error in enumerate(ERRORS * TRIALS):
            yield FailingOs(at, error, for_good=number % 2 == 1, half=name == "write" and number % 3 == 0)


def _went_through(operation: Callable[[], object]) -> bool:
    """Whether it did; and if it did not, that it said so in a sentence."""
    try:
        operation()
    except (NotSaved, ChainError) as problem:
        said = str(problem)
    else:
        return True
    assert said.startswith("Could not")
    assert said.endswith(".")
    return False


def test_creation_is_all_or_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whichever call fails while a chain is made, either it is made, or there is a sentence and no file."""
    calls = _calls(monkeypatch, lambda: Chain.create(tmp_path / "dry" / "s.jsonl", {}).close())
    assert {"mkdir", "open", "write", "fsync", "replace"} <= set(calls)
    for number, failing in enumerate(_faults(calls)):
        path = tmp_path / str(number) / "s.jsonl"
        monkeypatch.setattr(durable, "os", failing)
        if not _went_through(lambda: Chain.create(path, {"number": number}).close()):  # noqa: B023
            failing.heal()
            # What a lasting failure kept from being taken back is at least whole.
            if path.exists():
                assert failing._for_good
                assert chain.read(path).entries[0].body["number"] == number
                path.unlink()
            Chain.create(path, {"number": number}).close()
        failing.heal()
        assert chain.read(path).entries[0].body["number"] == number
        _go_on(path)


@pytest.mark.parametrize("text", [None, "words"], ids=["without a text", "with a text"])
@pytest.mark.parametrize("first", [True, False], ids=["the first", "a later one"])
def test_a_failed_append_can_be_made_again(
    first: bool, text: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever call fails, nothing is acknowledged and nothing changed; the same call works when the fault ends."""

    def prepared(name: str) -> Chain:
        one = Chain.create(tmp_path / name / "s.jsonl", {})
        if not first:
            one.append({"event": "before"}, "earlier words")
        return one

    with prepared("dry") as dry:
        calls = _calls(monkeypatch, lambda: dry.append({"event": "chose"}, text))
    for number, failing in enumerate(_faults(calls)):
        with prepared(str(number)) as one:
            before, texts = one.entries, chain.texts_path(one.path)
            files = [each.read_bytes() if each.exists() else b"" for each in (one.path, texts)]
            monkeypatch.setattr(durable, "os", failing)
            if not _went_through(lambda: one.append({"event": "chose"}, text)):
                assert one.entries == before
                if not failing._for_good:
                    assert [each.read_bytes() if each.exists() else b"" for each in (one.path, texts)] == files
                failing.heal()
                one.append({"event": "chose"}, text)
            failing.heal()
            assert one.entries[:-1] == before
            assert one.entries[-1].text == text
            assert chain.read(one.path) == Reading(one.entries)
            # The failed attempt left no words behind either.
            assert len(texts.read_bytes().splitlines() if texts.exists() else []) == sum(
                each.text is not None for each in one.entries
            )


def test_a_failed_recovery_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whichever call fails while torn ends are set aside, no byte is lost, and opening works when the fault ends."""
    entries = _make(tmp_path / "made" / "s.jsonl")
    contents = {name: (tmp_path / "made" / name).read_bytes() for name in ("s.jsonl", "s.texts.jsonl")}

    def prepared(name: str) -> Path:
        folder = tmp_path / name
        folder.mkdir()
        for file, content in contents.items():
            (folder / file).write_bytes(content + b"torn " + file.encode())
        return folder / "s.jsonl"

    dry = prepared("dry")
    calls = _calls(monkeypatch, lambda: Chain.open(dry).close())
    assert {"ftruncate", "fsync", "write"} <= set(calls)
    for number, failing in enumerate(_faults(calls)):
        path = prepared(str(number))
        monkeypatch.setattr(durable, "os", failing)
        _went_through(lambda: Chain.open(path).close())  # noqa: B023
        failing.heal()
        _go_on(path)
        assert chain.read(path).entries[: len(entries)] == entries
        kept = {each.read_bytes() for each in path.parent.iterdir() if ".torn-" in each.name}
        assert {b"torn s.jsonl", b"torn s.texts.jsonl"} <= kept


def test_a_lacking_line_end_is_mended_or_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A last line that lacks its line end is kept, though giving it one may fail at first."""
    entries = _make(tmp_path / "made" / "s.jsonl", texts=False)
    data = (tmp_path / "made" / "s.jsonl").read_bytes()[:-1]

    def prepared(name: str) -> Path:
        (tmp_path / name).mkdir()
        (tmp_path / name / "s.jsonl").write_bytes(data)
        return tmp_path / name / "s.jsonl"

    dry = prepared("dry")
    for number, failing in enumerate(_faults(_calls(monkeypatch, lambda: Chain.open(dry).close()))):
        path = prepared(str(number))
        monkeypatch.setattr(durable, "os", failing)
        _went_through(lambda: Chain.open(path).close())  # noqa: B023
        failing.heal()
        _go_on(path)
        assert chain.read(path).entries[: len(entries)] == entries


def test_a_failed_erasure_erases_nothing_or_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whichever call fails while a text is erased, the others are there, and erasing works when the fault ends."""

    def prepared(name: str) -> Path:
        _make(tmp_path / name / "s.jsonl")
        return tmp_path / name / "s.jsonl"

    dry = prepared("dry")
    for number, failing in enumerate(_faults(_calls(monkeypatch, lambda: chain.erase_text(dry, [1])))):
        path = prepared(str(number))
        monkeypatch.setattr(durable, "os", failing)
        _went_through(lambda: chain.erase_text(path, [1]))  # noqa: B023
        failing.heal()
        assert chain.read(path).entries[4].text == NOTES[3]
        chain.erase_text(path, [1])
        assert NOTES[0].encode() not in b"".join(each.read_bytes() for each in path.parent.iterdir())
        _go_on(path)


def test_an_interruption_at_any_call_leaves_a_chain_that_goes_on(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C in the middle of saving leaves neither half an entry nor two with one number."""

    class Interrupting(FailingOs):
        def _watched(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
            def call(*args: Any, **options: Any) -> Any:
                self.calls.append(name)
                result = real(*args, **options)
                if len(self.calls) - 1 == self._at:
                    raise KeyboardInterrupt
                return result

            return call

    with Chain.create(path, {}) as one:
        one.append({}, "words")
        for at in range(len(_calls(monkeypatch, lambda: one.append({}, "words")))):
            before = one.entries
            with monkeypatch.context() as patch:
                patch.setattr(durable, "os", Interrupting(at))
                with pytest.raises(KeyboardInterrupt):
                    one.append({"event": "chose"}, "words")
            assert one.entries == before
            one.append({"event": "other"}, "words")
            assert chain.read(path) == Reading(one.entries)


_FILLER = """
import resource, sys
from pathlib import Path
from simulator.chain import Chain, NotSaved, read
path = Path(sys.argv[1])
with Chain.create(path, {}) as one:
    hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
    for limit in range(1000, 9000, 37):
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
        try:
            while True:
                one.append({"event": "chose"}, "some words" if len(one.entries) % 4 == 0 else None)
        except NotSaved as problem:
            assert "larger than this system allows" in str(problem), problem
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
        assert read(path).entries == one.entries
        assert not read(path).torn
    print(len(one.entries))
"""


@posix
def test_a_file_that_may_not_grow_is_left_whole(path: Path) -> None:
    """A real limit of the system, met at ever other bytes, costs no entry and leaves no half line."""
    filler = _start(_FILLER, path)
    output = filler.communicate()[0]
    assert filler.returncode == 0
    assert int(output) == len(chain.read(path).entries) > 30
    _go_on(path)


# Who writes


def test_a_second_writer_is_told_who_writes(path: Path) -> None:
    """A chain that is open cannot be opened again, not even by the same process, and the text says by whom it is."""
    with Chain.create(path, {}, person="Maria\x1b[2J") as one:
        with pytest.raises(Held) as caught:
            Chain.open(path)
        who = caught.value.who
        assert who
        assert (who.person, who.pid) == ("Maria[2J", os.getpid())
        assert datetime.fromisoformat(who.since).utcoffset() == timedelta(0)
        assert f"Maria[2J on {who.host} (process {who.pid}" in str(caught.value)
        with pytest.raises(Held):
            chain.erase_text(path)
        one.append({})
    _go_on(path)


def test_a_note_of_a_dead_writer_is_not_believed(path: Path) -> None:
    """What a writer that was killed left behind keeps nobody out, and is gone afterwards."""
    _make(path)
    note = path.with_name("session.jsonl.lock.who")
    note.write_text('{"person":"ghost","pid":1,"host":"h","since":"s"}')
    path.with_name("session.jsonl.lock").touch()
    _go_on(path)
    assert not note.exists()


@pytest.mark.parametrize(
    "note", [b"", b"{", b"[]", b"{}", b"\xff", b"[" * 5_000, b'{"person":1,"pid":"x"}', b" " * 9_000]
)
def test_a_note_that_says_nothing_is_another_program(note: bytes, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the holder cannot be told, the text says that somebody holds it."""
    monkeypatch.setattr(chain, "LOCK_PAUSE", 0)
    with Chain.create(path, {}):
        path.with_name("session.jsonl.lock.who").write_bytes(note)
        with pytest.raises(Held, match="another program") as caught:
            Chain.open(path)
        assert caught.value.who is None


def test_a_chain_that_fails_to_open_is_given_back(path: Path) -> None:
    """A damaged chain does not stay locked by whoever found the damage."""
    _make(path)
    data = path.read_bytes()
    path.write_bytes(data.replace(b"chose", b"chase", 1))
    for _ in range(2):
        with pytest.raises(Damaged):
            Chain.open(path)
    path.write_bytes(data)
    _go_on(path)


def _contend(folder: str, rounds: int, barrier: Barrier, results: Any) -> None:
    for number in range(rounds):
        barrier.wait(60)
        won: Chain | None = None
        try:
            won = Chain.open(Path(folder) / f"{number}.jsonl")
            outcome = (number, os.getpid(), 0)
        except Held as held:
            outcome = (number, os.getpid(), held.who.pid if held.who else -1)
        barrier.wait(60)
        if won:
            won.append({"event": "won"})
            won.close()
        results.put(outcome)


def test_of_eight_openers_one_wins_and_the_others_are_told(tmp_path: Path) -> None:
    """Eight processes that open one chain at once never get it twice, and seven learn which process has it."""
    rounds, openers = 50 * TRIALS, 8
    for number in range(rounds):
        Chain.create(tmp_path / f"{number}.jsonl", {}).close()
    spawn = multiprocessing.get_context("spawn")
    barrier, results = spawn.Barrier(openers), spawn.Queue()
    processes = [spawn.Process(target=_contend, args=(str(tmp_path), rounds, barrier, results)) for _ in range(openers)]
    for each in processes:
        each.start()
    outcomes = [results.get(timeout=120) for _ in range(rounds * openers)]
    for each in processes:
        each.join(60)
    for number in range(rounds):
        found = [(pid, holder) for at, pid, holder in outcomes if at == number]
        winners = [pid for pid, holder in found if holder == 0]
        assert len(winners) == 1
        assert [holder for _, holder in found if holder] == winners * (openers - 1)
        assert len(chain.read(tmp_path / f"{number}.jsonl").entries) == 2


# Time


def test_a_clock_that_goes_back_is_noted_and_harms_nothing(tmp_path: Path) -> None:
    """Entries are ordered by their number, whatever the clock says; where it went back is said."""
    choose = random.Random(3)
    for number in range(100 * TRIALS):
        path = tmp_path / f"{number}.jsonl"
        times = [NOON + timedelta(seconds=choose.randrange(-(9**9), 9**9)) for _ in range(8)]
        # One read of the clock goes to the note of who holds the lock.
        ticks = iter([NOON, *times])
        with Chain.create(path, {}, ticks.__next__) as one:
            for _ in range(7):
                one.append({})
        reading = chain.read(path)
        assert [each.seq for each in reading.entries] == list(range(8))
        back = [seq for seq in range(1, 8) if times[seq] < times[seq - 1]]
        assert [(each.seq, each.code) for each in reading.notices] == [(seq, "clock-backwards") for seq in back]
        assert reading.damage is None


def test_time_is_kept_as_utc(path: Path) -> None:
    """A clock in another zone, or one that counts microseconds, gives UTC with milliseconds."""
    half_past_one = datetime(2026, 1, 1, 1, 30, 0, 999_999, timezone(timedelta(hours=2)))
    with Chain.create(path, {}, lambda: half_past_one) as one:
        assert one.entries[0].time == "2025-12-31T23:30:00.999Z"
    assert chain.read(path).damage is None


# What was altered


def _flip(data: bytes, choose: random.Random) -> tuple[bytes, int]:
    at = choose.randrange(len(data))
    changed = bytearray(data)
    changed[at] ^= 1 << choose.randrange(8)
    return bytes(changed), data[:at].count(b"\n")


def _delete(data: bytes, choose: random.Random) -> tuple[bytes, int]:
    lines = data.splitlines(keepends=True)
    at = choose.randrange(len(lines) - 1)
    return b"".join(lines[:at] + lines[at + 1 :]), at


def _swap(data: bytes, choose: random.Random) -> tuple[bytes, int]:
    lines = data.splitlines(keepends=True)
    first, second = sorted(choose.sample(range(len(lines)), 2))
    lines[first], lines[second] = lines[second], lines[first]
    return b"".join(lines), first


def _double(data: bytes, choose: random.Random) -> tuple[bytes, int]:
    lines = data.splitlines(keepends=True)
    at = choose.randrange(len(lines))
    return b"".join(lines[: at + 1] + lines[at:]), at + 1


def _edit(data: bytes, choose: random.Random) -> tuple[bytes, int]:
    """Somebody who knows the format but not the hashes changes what an entry says."""
    lines = data.splitlines(keepends=True)
    at = choose.randrange(1, len(lines))
    content = json.loads(lines[at])
    change = choose.choice(["response", "time", "seq", "hash", "new"])
    content[change] = {"seq": at + 1, "time": "2026-03-04T12:00:00.000Z", "hash": "0" * 64}.get(change, "better")
    lines[at] = json.dumps(content, sort_keys=True, separators=(",", ":")).encode() + b"\n"
    return b"".join(lines), at


def _space(data: bytes, choose: random.Random) -> tuple[bytes, int]:
    """An editor that writes the same JSON in another way is found as well."""
    lines = data.splitlines(keepends=True)
    at = choose.randrange(len(lines))
    line = lines[at]
    ways = [line.replace(b":", b": ", 1), line.replace(b"\n", b"\r\n"), b"\xef\xbb\xbf" + line]
    lines[at] = choose.choice(ways)
    return b"".join(lines), at


@pytest.mark.parametrize("alter", [_flip, _delete, _swap, _double, _edit, _space])
def test_every_alteration_is_found_where_it_is(
    alter: Callable[[bytes, random.Random], tuple[bytes, int]], tmp_path: Path
) -> None:
    """A flipped bit, a line deleted, swapped, doubled, edited or reformatted is found, at the right entry."""
    choose = random.Random(4)
    chains = []
    for seed in range(20):
        entries = _make(tmp_path / f"{seed}.jsonl", 10, seed, texts=False)
        chains.append(((tmp_path / f"{seed}.jsonl").read_bytes(), entries))
    path = tmp_path / "altered.jsonl"
    for number in range((2_000 if alter is _flip else 400) * TRIALS):
        data, entries = chains[number % len(chains)]
        altered, seq = alter(data, choose)
        path.write_bytes(altered)
        reading = chain.read(path)
        assert reading.damage
        assert reading.damage.seq == seq
        assert reading.entries == entries[:seq]
        assert str(seq) in reading.damage.message
        if number % 40 == 0:
            with pytest.raises(Damaged) as caught:
                Chain.open(path)
            assert caught.value.reading == reading
            assert reading.damage.message in str(caught.value)
            assert path.read_bytes() == altered


def _forge(path: Path, contents: list[dict[str, Any]]) -> None:
    """Write lines with right hashes, as somebody who holds everything can."""
    previous, lines = entry.GENESIS, []
    for content in contents:
        whole = {"time": "2026-03-04T12:00:00.000Z", **content, "hash": "?"}
        encoded = json.dumps(whole, sort_keys=True, separators=(",", ":")).encode()
        previous = entry._hash(previous, encoded, "?")
        lines.append(encoded.replace(b'"hash":"?"', b'"hash":"%b"' % previous.encode()) + b"\n")
    path.write_bytes(b"".join(lines))


@pytest.mark.parametrize(
    ("forged", "seq"),
    [
        ([{"schema": 2, "seq": 0}], 0),
        ([{"schema": True, "seq": 0}], 0),
        ([{"seq": 0}], 0),
        ([{"schema": 1, "seq": False}], 0),
        ([{"schema": 1, "seq": 0, "time": "yesterday"}], 0),
        ([{"schema": 1, "seq": 0, "time": 5}], 0),
        ([{"schema": 1, "seq": 0, "time": "2026-02-30T12:00:00.000Z"}], 0),
        ([{"schema": 1, "seq": 0, "time": "２026-02-20T12:00:00.000Z"}], 0),
        ([{"schema": 1, "seq": 0}, {"seq": 1, "text": "short"}], 1),
        ([{"schema": 1, "seq": 0}, {"seq": 1, "text": None}], 1),
        ([{"schema": 1, "seq": 0}, {"seq": 1, "a": 10**30}], 1),
        ([{"schema": 1, "seq": 0}, {"seq": 1, **_deep(40)}], 1),
        ([{"schema": 1, "seq": 0}, {"seq": 1, "a": [[]] * 9_000}], 1),
        ([{"schema": 1, "seq": 0}, {"seq": 1.0}], 1),
    ],
)
def test_right_hashes_excuse_nothing(forged: list[dict[str, Any]], seq: int, path: Path) -> None:
    """Lines that this program would not write are damage, even with hashes that fit."""
    _forge(path, forged)
    reading = chain.read(path)
    assert reading.damage
    assert reading.damage.seq == seq
    assert len(reading.entries) == seq


def test_forged_lines_that_fit_are_read(path: Path) -> None:
    """The forger of these tests knows the format: what it makes otherwise passes."""
    _forge(path, [{"schema": 1, "seq": 0}, {"seq": 1, "a": 1}])
    assert chain.read(path).damage is None


def _hostile() -> list[bytes]:
    deep, header = b"[" * 200_000, b'{"hash":"%b","schema":1,"seq":0,"time":"2026-03-04T12:00:00.000Z"}\n'
    lines = [
        b"",
        b"\n",
        b"\n\n\n",
        b"\0",
        b"\0" * 100_000,
        b"\0\n",
        b"{}",
        b"{}\n",
        b"[]\n",
        b"null\n",
        b"0\n",
        b'"text"\n',
        b"NaN\n",
        b"-Infinity\n",
        b"1e999\n",
        b'{"a":NaN}\n',
        b'{"a":1e999}\n',
        b'{"a":' + b"9" * 100_000 + b"}\n",
        b'{"a":' + b"9" * 4_000 + b"}\n",
        b'{"a":-' + b"9" * 5_000 + b"}\n",
        deep,
        deep + b"\n",
        deep + b"]" * 200_000 + b"\n",
        b'{"a":' * 9_999 + b"1" + b"}" * 9_999 + b"\n",
        b'{"a":' * 900 + b"1" + b"}" * 900 + b"\n",
        b"x" * 3_000_000,
        b"x" * 3_000_000 + b"\n",
        b'{"a":"' + b"x" * 2_000_000 + b'"}\n',
        b"[" + b"0," * 500_000 + b"0]\n",
        b'{"seq":0,"seq":0}\n',
        b'{"schema":1,"schema":1,"seq":0}\n',
        b'{"a":"\xff\xfe"}\n',
        b"\xff\xfe{\0}\0\n\0",
        b"\xef\xbb\xbf{}\n",
        b'{"a":"\\ud800"}\n',
        b'{"a":"\\u0000"}\n',
        b"{'a': 1}\n",
        b"{\n}\n",
        b"# comment\n",
        b"\x89PNG\r\n\x1a\n" + b"\0" * 100,
        b"PK\x03\x04" + b"\n" * 50,
        b"\x1b]52;c;eA==\x07\n",
        header % (b"0" * 64),
        header % b"",
        header.replace(b'"%b"', b"null"),
        header.replace(b'"%b"', b'"\\u00e9"'),
        header.replace(b'"seq":0', b'"seq":"0"') % (b"0" * 64),
    ]
    assert len(lines) >= 45
    return lines


def _refused_within_limits(path: Path) -> None:
    try:
        reading = chain.read(path)
    except ChainError as problem:
        said = str(problem)
    else:
        said = reading.damage.message if reading.damage else "nothing"
        assert reading.entries == ()
    assert said.endswith(".")
    assert said.isprintable()


@pytest.mark.parametrize("number", range(len(_hostile())))
def test_a_hostile_file_is_refused(number: int, path: Path) -> None:
    """Whatever is handed in as a chain is refused with a sentence, alone or after a good chain, or as its texts."""
    data = _hostile()[number]
    path.write_bytes(data)
    _refused_within_limits(path)
    with pytest.raises(ChainError):
        Chain.open(path)
    assert path.read_bytes() == data
    path.unlink()
    entries = _make(path, 3)
    whole = path.read_bytes()
    path.write_bytes(whole + data)
    assert chain.read(path).entries == entries
    path.write_bytes(whole)
    chain.texts_path(path).write_bytes(data)
    assert [each.body for each in chain.read(path).entries] == [each.body for each in entries]
    assert chain.read(path).entries[1].text is None
    _go_on(path)


def test_mutations_prove_nothing_that_was_not_written(tmp_path: Path) -> None:
    """However files are mangled, reading ends with a prefix of what was written, and texts are right or not shown."""
    choose = random.Random(5)
    hostile = [each for each in _hostile() if len(each) < 5_000]
    entries = _make(tmp_path / "made.jsonl", 8)
    originals = [(tmp_path / name).read_bytes() for name in ("made.jsonl", "made.texts.jsonl")]
    path = tmp_path / "mangled.jsonl"
    for _ in range(2_000 * TRIALS):
        files = [bytearray(each) for each in originals]
        for _ in range(choose.randrange(1, 4)):
            _mangle(choose.choice(files), choose, hostile)
        path.write_bytes(files[0])
        chain.texts_path(path).write_bytes(files[1])
        try:
            reading = chain.read(path)
        except ChainError:
            continue
        for found, written in zip(reading.entries, entries, strict=False):
            assert (found.seq, found.hash, found.body, found.time) == (
                written.seq,
                written.hash,
                written.body,
                written.time,
            )
            assert found.text in (None, written.text)
            assert (
                found.text == written.text
                or found.erased
                or any(each.seq == found.seq and each.code == "text-altered" for each in reading.notices)
            )
        assert len(reading.entries) == len(entries) or reading.damage or bytes(files[0]) != originals[0]


def _mangle(data: bytearray, choose: random.Random, hostile: list[bytes]) -> None:
    start = choose.randrange(len(data) + 1)
    end = min(len(data), start + choose.choice([0, 1, 5, 100, 1_000]))
    choice = choose.randrange(5)
    if choice == 0:
        data[start:end] = b""
    elif choice == 1:
        data[start:end] = choose.randbytes(choose.randrange(20))
    elif choice == 2:
        data[start:start] = data[start:end]
    elif choice == 3:
        data[start:end] = b"\0" * (end - start)
    else:
        data[start:start] = choose.choice(hostile)


@pytest.mark.parametrize("use", [chain.read, Chain.open, chain.erase_text])
def test_only_plain_files_are_chains(use: Callable[[Path], object], tmp_path: Path) -> None:
    """Folders, links, pipes, devices and nothing at all are refused with a sentence, and nothing is made beside."""
    specials = [tmp_path / "folder", tmp_path / "nothing.jsonl", tmp_path / "no" / "such.jsonl"]
    specials[0].mkdir()
    if sys.platform != "win32":
        specials += [tmp_path / "link.jsonl", tmp_path / "pipe.jsonl", Path(os.devnull)]
        _make(tmp_path / "there" / "s.jsonl")
        specials[3].symlink_to(tmp_path / "there" / "s.jsonl")
        os.mkfifo(specials[4])
    before = sorted(tmp_path.rglob("*"))
    for path in specials:
        if use is chain.erase_text and path.exists():
            continue
        with pytest.raises(ChainError, match="Could not read"):
            use(path)
    assert sorted(tmp_path.rglob("*")) == before


@posix
def test_texts_that_are_no_file_are_refused(path: Path) -> None:
    """A link or a pipe laid where the texts are to be is neither read nor written."""
    _make(path, texts=False)
    _make(path.with_name("other.jsonl"))
    with Chain.open(path) as one:
        chain.texts_path(path).symlink_to(path.with_name("other.texts.jsonl"))
        other = path.with_name("other.texts.jsonl").read_bytes()
        with pytest.raises(ChainError, match="it is a link"):
            one.append({}, "words")
        one.append({})
        assert path.with_name("other.texts.jsonl").read_bytes() == other
    with pytest.raises(ChainError, match="it is a link"):
        Chain.open(path)


def test_a_file_too_large_is_not_read(path: Path) -> None:
    """A file beyond the limit is refused before it is taken in."""
    entries = _make(path)
    size = max(path.stat().st_size, chain.texts_path(path).stat().st_size)
    assert chain.read(path, size).entries == entries
    with pytest.raises(ChainError, match="larger than"):
        chain.read(path, path.stat().st_size - 1)


# What people wrote


def test_an_erased_text_leaves_nothing_and_the_chain_verifies(path: Path) -> None:
    """After erasing, no byte of the text nor its salt is left in any file, and the chain is as good as before."""
    entries = _make(path, 8)
    salts = [json.loads(line)["salt"] for line in chain.texts_path(path).read_bytes().splitlines()]
    with chain.texts_path(path).open("ab") as file:
        file.write(b"{half a text that a crash left")
    Chain.open(path).close()
    path.with_name(".session.texts.jsonl.0a1b2c3d.tmp").write_bytes(b"half a text that a crash left")
    head = chain.read(path).head
    chain.erase_text(path, [1, 2])
    reading = chain.read(path)
    assert (reading.head, reading.damage) == (head, None)
    assert [each.text for each in reading.entries] == [None, None, *(each.text for each in entries[2:])]
    assert [each.seq for each in reading.entries if each.erased] == [1]
    assert [(each.seq, each.code) for each in reading.notices] == [(1, "text-erased")]
    left = b"".join(each.read_bytes() for each in path.parent.iterdir())
    for gone in (NOTES[0].encode(), salts[0].encode(), b"half a text"):
        assert gone not in left
    assert salts[1].encode() in left
    _go_on(path)


def test_all_texts_can_be_erased(path: Path) -> None:
    """Erasing everything leaves no file of texts, even where the chain is damaged, and may be done twice."""
    _make(path, 8)
    path.write_bytes(path.read_bytes().replace(b"chose", b"chase", 1))
    chain.erase_text(path)
    assert not chain.texts_path(path).exists()
    chain.erase_text(path)
    chain.texts_path(path).touch()
    with pytest.raises(ChainError, match="no entry 99"):
        chain.erase_text(path, [99])


def test_words_that_no_entry_names_are_erased_too(path: Path) -> None:
    """What a crash between text and entry left behind does not survive an erasure."""
    entries = _make(path, 8)
    _, orphan = entry._seal("words of an entry that never was")
    with chain.texts_path(path).open("ab") as file:
        file.write(orphan)
    assert chain.read(path).entries == entries
    chain.erase_text(path, [1])
    assert b"never was" not in chain.texts_path(path).read_bytes()
    assert chain.read(path).entries[2:] == entries[2:]


def test_an_altered_text_is_not_shown(path: Path) -> None:
    """A text changed afterwards is said to be altered, whatever was changed in its line, and the chain stands."""
    entries = _make(path, 4)
    texts = chain.texts_path(path)
    good = texts.read_bytes()
    seen = set()
    for at in range(len(good)):
        altered = bytearray(good)
        altered[at] ^= 4
        texts.write_bytes(altered)
        reading = chain.read(path)
        assert reading.damage is None
        for found, written in zip(reading.entries, entries, strict=True):
            if written.text is not None and found.text != written.text:
                assert found.text is None
                seen |= {each.code for each in reading.notices}
    assert seen == {"text-altered", "text-erased"}
    texts.write_bytes(good.replace(b"asked", b"axked"))
    assert [(each.seq, each.code) for each in chain.read(path).notices] == [(1, "text-altered")]
    _go_on(path)


def test_the_chain_does_not_give_texts_away(path: Path) -> None:
    """The same words twice leave different digests, so that nothing can be guessed once the salts are gone."""
    with Chain.create(path, {}) as one:
        one.append({}, "yes")
        one.append({}, "yes")
    digests = {json.loads(line).get("text") for line in path.read_bytes().splitlines()[1:]}
    assert len(digests) == 2
    assert b"yes" not in path.read_bytes()
