"""Whatever somebody lays into the shared folder is refused within limits, and nothing else is touched."""

from __future__ import annotations

import json
import os
import random
import shutil
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from simulator import chain, journal
from simulator.archive import Archive, Unreadable
from simulator.chain import Chain
from simulator.entry import GENESIS, make
from simulator.listing import as_json, as_lines
from simulator.people import People
from simulator.sharing import collected, gathered, shared_folder
from simulator.verify import verify
from tests.cases import TRIALS
from tests.journals import (
    NOON,
    bodies_of,
    caseload,
    failing,
    forged,
    here,
    obeyed_by_terminals,
    played_through,
    text_of,
)
from tests.sharing import Agency, everything, in_step

VICTIM = "20260304-120000-abc123"
"""The session in whose folder most of it lies."""


@pytest.fixture
def agency(tmp_path: Path) -> Agency:
    return Agency(tmp_path)


def _lines(*bodies: dict[str, Any]) -> bytes:
    """A sound chain of these bodies, as bytes."""
    data, previous = b"", GENESIS
    for seq, body in enumerate(bodies):
        made, line, _ = make(body, seq, NOON, previous)
        data += line
        previous = made.hash
    return data


def _header(**more: Any) -> dict[str, Any]:
    return {
        "kind": "session",
        "schema": 1,
        "session": VICTIM,
        "scenario": "small-case",
        "version": "1.0.0",
        "scenario-hash": "a" * 64,
        "rubric-hash": "b" * 64,
        "seed": 7,
        "person": "p-1a2b3c4d",
        "feedback": "end",
        "program": "0.1.0",
        **more,
    }


DEEP = b"[" * 100_000
CHOSE = {"event": "chose", "scene": "desk", "response": "invite", "at": 600}
RESPONSE = {"event": "suspended"}


def _link(path: Path, to: Path | str) -> None:
    if sys.platform == "win32":
        pytest.skip("making links needs rights there")
    path.symlink_to(to)


def _pipe(path: Path) -> None:
    if sys.platform == "win32":
        pytest.skip("no pipes there")
    os.mkfifo(path)


def _socket(path: Path) -> None:
    if sys.platform == "win32":
        pytest.skip("no sockets there")
    here = Path.cwd()
    os.chdir(path.parent)
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(path.name)
    finally:
        os.chdir(here)


FILES: dict[str, bytes] = {
    "empty": b"",
    "a line end": b"\n",
    "NUL bytes": b"\0" * 5000,
    "no JSON": b"vm\n",
    "another file": b"\x7fELF" + bytes(range(256)) * 20,
    "UTF-16": "{}\n".encode("utf-16"),
    "bad UTF-8": b'{"a":"\xff\xfe"}\n',
    "deep list": DEEP + b"\n",
    "deep object": b'{"a":' * 50_000 + b"\n",
    "deep and closed": DEEP + b"]" * 100_000 + b"\n",
    "deep in a header": _lines(_header())[:-2] + b',"x":' + DEEP + b"}\n",
    "a giant line": b'"' + b"a" * 3_000_000 + b'"\n',
    "a giant number": b"9" * 100_000 + b"\n",
    "a giant number in a header": _lines(_header()).replace(b'"seed":7', b'"seed":' + b"9" * 6000),
    "many values": b"[" + b"0," * 500_000 + b"0]\n",
    "an endless line": b"a" * 2_000_000,
    "many lines": b"{}\n" * 100_000,
    "no header": _lines(CHOSE),
    "a review": _lines({"kind": "review", "schema": 1, "session": VICTIM, "reviewer": "p-super"}),
    "another schema": _lines(_header(schema=2)),
    "a schema that is true": _lines(_header(schema=True)),
    "another session": _lines(_header(session="20260304-120000-other1")),
    "a traversing session": _lines(_header(session="../../../etc/passwd")),
    "an absolute session": _lines(_header(session="/etc/passwd")),
    "a session that is a list": _lines(_header(session=[VICTIM])),
    "a session in capitals": _lines(_header(session=VICTIM.upper())),
    "a traversing scenario": _lines(_header(**{"scenario-hash": "../" * 20 + "etc/passwd" + "a" * 20})),
    "a rubric hash that is a number": _lines(_header(**{"rubric-hash": 7})),
    "a traversing person": _lines(_header(person="../p-1")),
    "control characters in a person": _lines(_header(person="p-1\x1b]52;c;x\x07")),
    "an unknown purpose": _lines(_header(purpose="exam")),
    "an origin in itself": _lines(_header(again={"session": VICTIM, "decision": 1})),
    "an origin that is far away": _lines(_header(again={"session": "../../x", "decision": 2})),
    "more taken over than there is": _lines(_header(again={"session": "20260304-120000-other1", "decision": 9})),
    "an event that there is none of": _lines(_header(), {"event": "won"}),
    "an event of another shape": _lines(_header(), {"event": "chose", "scene": ["desk"]}),
    "two headers": _lines(_header(), _header()),
    "a wrong hash": _lines(_header()).replace(b'"hash":"', b'"hash":"0', 1),
    "keys twice": _lines(_header()).replace(b'"seed":7', b'"seed":7,"seed":7'),
    "a torn end": _lines(_header(), RESPONSE)[:-20],
    "no line end": _lines(_header())[:-1],
    "more behind the end": _lines(_header()) + b"\0\0\0\n",
    "a byte order mark": b"\xef\xbb\xbf" + _lines(_header()),
    "Windows line ends": _lines(_header()).replace(b"\n", b"\r\n"),
    "too many entries": _lines(_header(), *[RESPONSE] * 21_000),
}


def test_the_corpus_is_as_large_as_it_should_be() -> None:
    """Forty-five files that somebody made up, and more that are none."""
    assert len(FILES) >= 45


def _canary(agency: Agency) -> dict[str, bytes]:
    """A real session that was collected, so that there is something to harm."""
    played_through(agency.laptop)
    agency.hand_in()
    agency.collect()
    return _home(agency)


def _home(agency: Agency) -> dict[str, bytes]:
    """What lies in the supervisor's home, but for what it remembers about the folder."""
    return {name: data for name, data in everything(agency.desk.root).items() if name != "collected.json"}


@pytest.mark.parametrize("what", FILES)
def test_a_made_up_file_is_refused_and_named(agency: Agency, what: str) -> None:
    """What is no sound journal of that session is listed with why, in words; the home is as it was."""
    before = _canary(agency)
    agency.lay(VICTIM, "9-abc.jsonl", FILES[what])
    done = agency.collect()
    (refused,) = done.refused
    assert refused[0] == f"sessions/{VICTIM}/9-abc.jsonl"
    assert 10 < len(refused[1]) < 500
    assert not obeyed_by_terminals(refused[1])
    assert (done.new, done.longer, done.stopped) == ([], [], "")
    assert _home(agency) == before
    assert agency.collect().refused == done.refused


NOT_FILES: dict[str, Callable[[Path], object]] = {
    "a link to a file": lambda path: _link(path, path.parent.parent.parent / "secret.jsonl"),
    "a link to a device": lambda path: _link(path, "/dev/zero"),
    "a link to nowhere": lambda path: _link(path, "nowhere"),
    "a link to itself": lambda path: _link(path, path.name),
    "a pipe": _pipe,
    "a socket": _socket,
    "a folder": lambda path: path.mkdir(),
}


@pytest.mark.parametrize("what", NOT_FILES)
def test_what_is_no_file_is_not_opened(agency: Agency, what: str) -> None:
    """Links, devices, pipes and folders are refused without being followed or waited for, as texts as well."""
    before = _canary(agency)
    (agency.folder / "secret.jsonl").write_bytes(_lines(_header()))
    folder = agency.folder / "sessions" / VICTIM
    folder.mkdir()
    for name in ("9-abc.jsonl", "9-abc.texts.jsonl"):
        NOT_FILES[what](folder / name)
    done = agency.collect()
    assert sorted(name for name, _ in done.refused) == [
        f"sessions/{VICTIM}/9-abc.jsonl",
        f"sessions/{VICTIM}/9-abc.texts.jsonl",
    ]
    assert _home(agency) == before


@pytest.mark.skipif(sys.platform == "win32", reason="names as POSIX allows them")
def test_names_that_are_no_sessions_are_not_looked_into(agency: Agency) -> None:
    """Ids that lead elsewhere, name a device, or hold what a terminal obeys are listed, cleaned, and left alone."""
    before = _canary(agency)
    sound = _lines(_header())
    names = [
        "..evil",
        "UPPER-CASE-ID",
        "com1",
        "a b c d",
        "x",
        "e\x1b]52;c;AAAA\x07vil",
        "a\u202egpj.exe",
        "a" * 200,
        "ünï-cödé",
    ]
    for name in names:
        agency.lay(name, "1-a.jsonl", sound)
    (agency.folder / "sessions" / "a-file").write_bytes(sound)
    _link(agency.folder / "sessions" / VICTIM, agency.laptop.journals)
    done = agency.collect()
    # What begins with a dot is nobody's session: systems and synced folders put such things everywhere.
    assert len(done.refused) == len(names) - 1 + 2
    assert not any(obeyed_by_terminals(name + why) for name, why in done.refused)
    assert _home(agency) == before


@pytest.mark.skipif(sys.platform == "win32", reason="names as POSIX allows them")
def test_names_of_files_may_be_anything(agency: Agency) -> None:
    """A file counts for what it holds, whatever its name; what is told of the name obeys nobody."""
    agency.lay(VICTIM, "x\x1b]52;c;AAAA\x07\u202e\n.jsonl", b"vm\n")
    agency.lay(VICTIM, "…good….jsonl", _lines(_header()))
    done = agency.collect()
    assert done.new == [VICTIM]
    assert not any(obeyed_by_terminals(name + why) for name, why in done.refused)


def test_a_squatted_session_keeps_nobody_out(agency: Agency) -> None:
    """Somebody who lays a journal under another's id before it was ever seen comes first; the other is told apart.

    Once the real one has been collected, nothing that contradicts it gets in.
    """
    path = played_through(agency.laptop)
    agency.hand_in()
    agency.collect()
    squatter = _lines(_header(session=path.stem), *[RESPONSE] * 30)
    agency.lay(path.stem, "31-zzz.jsonl", squatter)
    done = agency.collect()
    assert "contradicts" in done.refused[0][1]
    assert in_step(agency.here(path.stem), path)
    (text,) = [each for each in agency.files(path.stem) if each.endswith(".texts.jsonl")]
    (agency.folder / "sessions" / path.stem / text).write_bytes(b"not what was written\n")
    agency.collect()
    assert in_step(agency.here(path.stem), path)


def test_made_up_texts_are_not_believed(agency: Agency) -> None:
    """Only a text that fits the digest in the chain is taken in, whichever file it lies in."""
    path = played_through(agency.laptop)
    agency.hand_in()
    folder = agency.folder / "sessions" / path.stem
    (real,) = folder.glob("*.texts.jsonl")
    lines = real.read_bytes().splitlines(keepends=True)
    forged_lines = [line.replace(b"promise", b"decline") for line in lines]
    real.write_bytes(b"".join(forged_lines) + DEEP + b"\n")
    agency.collect()
    assert all(entry.text is None for entry in chain.read(agency.here(path.stem)).entries)
    agency.lay(path.stem, "anything.texts (copy).jsonl", b"\n".join([b"[]", *lines]))
    agency.collect()
    assert in_step(agency.here(path.stem), path)


def test_a_made_up_copy_is_not_believed(agency: Agency) -> None:
    """A scenario is taken in only if it is what its hash says; links and giants are not even read."""
    path = played_through(agency.laptop)
    agency.hand_in()
    header = journal.read(path).header
    copy = agency.folder / "copies" / f"{header.scenario_hash}.yaml"
    data = copy.read_bytes()
    copy.write_bytes(data.replace(b"harmful", b"best"))
    agency.collect()
    assert not (agency.desk.copies / copy.name).exists()
    copy.with_name(f"{header.scenario_hash}-abcd.yaml").write_bytes(data)
    agency.collect()
    assert (agency.desk.copies / copy.name).read_bytes() == data


def test_a_flood_is_bounded_and_told(agency: Agency, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of too many files, folders or bytes only so many are looked at, and that is said; what is real comes through."""
    path = played_through(agency.laptop)
    agency.hand_in()
    monkeypatch.setattr(gathered, "MOST_FILES", 40)
    for number in range(100 * TRIALS):
        agency.lay(VICTIM, f"{number}-x.jsonl", b"vm\n")
    done = agency.collect()
    assert done.new == [path.stem]
    told = [why for name, why in done.refused if VICTIM in name]
    assert told[0] == "holds more than 40 files; only so many were looked at"
    assert told[-1] == "and more files that cannot be used"
    assert len(told) == gathered.MOST_REFUSED + 1
    for number in range(60):
        agency.lay(f"flood-{number:05}", "1-x.jsonl", b"vm\n")
    monkeypatch.setattr(collected, "MOST_TOLD", 10)
    done = agency.collect()
    assert (len(done.refused), done.also_refused) == (10, 71)
    monkeypatch.setattr(collected, "MOST_SESSIONS", 5)
    assert agency.collect().refused[0] == ("sessions", "holds more than 5 sessions; only so many were looked at")


def test_more_than_can_be_read_at_a_time_waits(agency: Agency, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where more bytes lie there than are read at a time, the rest comes the next times, and each time brings some."""
    paths = [played_through(agency.laptop) for _ in range(4)]
    agency.hand_in()
    size = sum(each.stat().st_size for each in (agency.folder / "sessions" / paths[0].stem).iterdir())
    monkeypatch.setattr(gathered.Budget, "take", _take_at_most(size + size // 2 + 60_000))
    times = 0
    while not all(agency.here(path.stem).exists() for path in paths):
        times += 1
        assert times < 10
        agency.collect()
    assert all(in_step(agency.here(path.stem), path) for path in paths)


def _take_at_most(most: int) -> Callable[[Any, int], bool]:
    def take(self: Any, size: int) -> bool:
        self.left = min(self.left, most)
        if size > self.left:
            self.spent = True
            return False
        self.left -= size
        return True

    return take


def test_giants_are_refused_by_their_size(agency: Agency, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file larger than any journal is not read, and many large ones take nothing from the small one that is meant."""
    monkeypatch.setattr(gathered, "LARGEST_CHAIN", 20_000)
    monkeypatch.setattr(gathered, "MOST_BYTES", 30_000)
    agency.lay(VICTIM, "giant.jsonl", b"x" * 20_001)
    for number in range(3):
        agency.lay(VICTIM, f"large-{number}.jsonl", b"x" * 19_000)
    agency.lay(VICTIM, "1-real.jsonl", _lines(_header()))
    done = agency.collect()
    assert done.new == [VICTIM]
    why = {name.rpartition("/")[2]: why for name, why in done.refused}
    assert why["giant.jsonl"] == "it is larger than 20,000 bytes, which no session is"
    assert why["large-2.jsonl"].startswith("more than 30,000 bytes lie there for one session")


# Mutated


def _strange(choose: random.Random) -> Any:
    """A value that nobody expects."""
    return choose.choice(
        [
            None,
            True,
            -1,
            2**63 - 1,
            0.1,
            "",
            "../../evil",
            "\x1b[2J\u202e",
            "x" * 5000,
            [],
            [[[[]]]],
            {},
            {"session": "../x", "decision": 1},
            "won",
            "a" * 64,
            {"a": {"b": [1, 2, {"c": "d"}]}},
        ]
    )


def _mutated_bodies(bodies: list[dict[str, Any]], choose: random.Random) -> list[dict[str, Any]]:
    """Entries that somebody changed, who then wrote a sound chain of them."""
    made = [dict(each) for each in bodies]
    for _ in range(choose.randint(1, 3)):
        at = choose.choice([0, choose.randrange(len(made))])
        keys = [key for key in made[at] if key != "schema"]
        match choose.randrange(6):
            case 0 if keys:
                made[at][choose.choice(keys)] = _strange(choose)
            case 1 if keys:
                del made[at][choose.choice(keys)]
            case 2:
                made[at][choose.choice(["again", "purpose", "confidence", "evil", "event", "at"])] = _strange(choose)
            case 3 if len(made) > 2:
                del made[choose.randrange(1, len(made))]
            case 4:
                made.insert(choose.randrange(1, len(made) + 1), dict(choose.choice(made)))
            case _ if len(made) > 2:
                one, other = choose.randrange(1, len(made)), choose.randrange(1, len(made))
                made[one], made[other] = made[other], made[one]
    return made


def _mutated_bytes(data: bytes, choose: random.Random) -> bytes:
    """Bytes that somebody, or a disk, changed."""
    made = bytearray(data)
    for _ in range(choose.randint(1, 4)):
        at = choose.randrange(len(made) + 1)
        match choose.randrange(5):
            case 0 if at < len(made):
                made[at] ^= 1 << choose.randrange(8)
            case 1:
                del made[at : at + choose.randrange(200)]
            case 2:
                made[at:at] = made[: choose.randrange(len(made) + 1)]
            case 3:
                made[at:at] = choose.choice([b"\0" * 50, b"\n", b"[" * 5000, b'"', b"\xff", b"9" * 5000])
            case _:
                made = made[:at] or bytearray(b"\n")
    return bytes(made)


def test_whatever_is_changed_in_a_journal_harms_nothing(agency: Agency, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two thousand mutated journals, by bytes and by whole sound chains of changed entries: each is taken in as a claim
    or refused with why. What was taken in can be listed and verified without harm, and nothing else was touched.
    """
    failing(monkeypatch)
    before = _canary(agency)
    (path,) = agency.laptop.journals.glob("*[0-9a-f].jsonl")
    bodies, texts, data = bodies_of(path), chain.texts_path(path).read_bytes(), path.read_bytes()
    library = frozenset({journal.read(path).header.scenario_hash})
    choose = random.Random(20261122)
    archive = Archive(agency.desk)
    taken = refused = 0
    for batch in range(20 * TRIALS):
        shutil.rmtree(agency.folder / "sessions")
        for number in range(100):
            session = f"m-{batch:04}-{number:03}"
            lay = agency.lay
            if number % 2:
                mine = [{**bodies[0], "session": session}, *bodies[1:]]
                file = agency.root / "made" / f"{session}.jsonl"
                try:
                    _forge(file, _mutated_bodies(mine, choose))
                except (ValueError, TypeError):
                    continue
                lay(session, "7-x.jsonl", file.read_bytes())
                beside = chain.texts_path(file)
                lay(session, "7-x.texts.jsonl", beside.read_bytes() if beside.exists() else b"")
            else:
                lay(session, "7-x.jsonl", _mutated_bytes(data.replace(path.stem.encode(), session.encode()), choose))
                lay(session, "7-x.texts.jsonl", _mutated_bytes(texts, choose))
        done = agency.collect()
        assert done.stopped == ""
        taken, refused = taken + len(done.new), refused + len(done.refused) + done.also_refused
        for session in done.new:
            taken_in = agency.here(session)
            assert journal.read(taken_in).header.session == session
            verify(archive, taken_in, library)
            taken_in.unlink()
            chain.texts_path(taken_in).unlink(missing_ok=True)
        assert _home(agency) == before
    assert taken > 50 * TRIALS
    assert refused > 500 * TRIALS
    assert not list(agency.root.rglob("*evil*"))


def _forge(path: Path, bodies: list[dict[str, Any]]) -> None:
    first, *others = ({**each} for each in bodies)
    entries = [({key: value for key, value in each.items() if key != "text"}, _text(each)) for each in others]
    first.pop("text", None)
    Chain.create(path, first, lambda: NOON, entries=entries).close()


def _text(body: dict[str, Any]) -> str | None:
    text = body.get("text")
    return text if isinstance(text, str) else None


def test_what_was_collected_is_listed_without_harm(agency: Agency) -> None:
    """A sound journal that means nothing is shown as damaged or unreadable, and the list goes on."""
    path = played_through(agency.laptop)
    agency.hand_in()
    bodies = [{**bodies_of(path)[0], "session": VICTIM}, *bodies_of(path)[1:]]
    bodies[3] = {**bodies[3], "response": "no-such-response"}
    agency.lay(VICTIM, "7-x.jsonl", forged(agency.root / "made" / f"{VICTIM}.jsonl", bodies).read_bytes())
    other = VICTIM.replace("abc", "abd")
    agency.lay(other, "1-x.jsonl", _lines(_header(session=other)))
    assert sorted(agency.collect().new) == sorted([path.stem, VICTIM, other])
    rows = list(Archive(agency.desk).sessions())
    assert sum(isinstance(row, Unreadable) for row in rows) == 1
    assert len(as_lines(rows, People({}))) == 3
    assert {as_json(row)["state"] for row in rows} == {"finished", "damaged", "unreadable"}


# The command


def test_the_command_collects_and_tells(agency: Agency) -> None:
    """`caseload collect` says what came and what was refused, as text and as JSON, and takes down receipts."""
    path = played_through(agency.laptop)
    agency.hand_in()
    agency.lay(VICTIM, "1-x\x1b[2J.jsonl" if os.name == "posix" else "1-x.jsonl", b"vm\n")
    code, out, error = text_of(caseload(agency.desk.root, "collect", "--folder", agency.folder))
    assert (code, error) == (1, "")
    assert out.startswith("Collected: 1 new session, 0 went on, 0 as before, 1 refused.\n  refused sessions/")
    assert "\x1b" not in out
    code, out, _ = text_of(here(agency.desk.root, "collect", "--folder", agency.folder, "--format", "json"))
    told = json.loads(out)
    assert (told["new"], told["same"], len(told["refused"]), told["stopped"]) == ([], 1, 1, "")
    code, out, _ = text_of(here(agency.desk.root, "verify", "--format", "json", path.stem))
    assert json.loads(out)[0]["verdict"] in ("verified", "unknown scenario")
    assert agency.desk.receipts.exists()
    for arguments in (("collect",), ("collect", "--folder", agency.root / "nowhere"), ("hand-in",)):
        code, _, error = text_of(here(agency.desk.root, *arguments))
        assert (code, error.startswith("caseload: ")) == (2, True)


def test_shared_folder_limits_are_what_honest_sessions_never_reach() -> None:
    """The limits leave room: an honest journal of the most decisions that are replayed fits several times."""
    from simulator.archive import MOST_DECISIONS

    line = len(_lines(CHOSE)) + 60
    assert MOST_DECISIONS * line * 2 < shared_folder.LARGEST_CHAIN
    assert MOST_DECISIONS * 2 < gathered.MOST_ENTRIES
