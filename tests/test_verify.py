"""Verifying finds every alteration and where it begins, and never claims more than can be known."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from simulator import chain
from simulator.archive import Archive
from simulator.settings import Home
from simulator.verify import Finding, Verdict, verify
from tests.cases import CASE, TRIALS
from tests.journals import NOON, begin, bodies_of, case_in, forged, played_through, rubric_source

Alteration = Callable[[bytearray, random.Random], int]
"""Alters a journal's bytes, and says in which entry that begins."""


@pytest.fixture
def where(tmp_path: Path) -> Home:
    return Home(tmp_path)


def _verify(where: Home, path: Path) -> Finding:
    return verify(Archive(where), path, frozenset({case_in(where.root / "cases").source.hash}))


def _forged(where: Home, bodies: list[dict[str, object]]) -> Path:
    """Put a journal beside the others, whole and with right hashes, under its own id."""
    bodies[0]["session"] = "20260304-120000-abc124"
    return forged(where.journals / f"{bodies[0]['session']}.jsonl", bodies)


def test_a_sound_journal_is_unverified(where: Home) -> None:
    """The most that is said is that nothing speaks against it; the word "verified" is not used for it."""
    finding = _verify(where, played_through(where))
    assert finding.verdict is Verdict.UNVERIFIED
    assert finding.sound
    assert finding.notices == ()
    assert finding.message.startswith("6 entries, unbroken, and replayed without a fault.")
    assert "cannot be told" in finding.message
    assert not re.search(r"(?<!un)verified", f"{finding.verdict} {finding.message}")


def test_a_session_that_goes_on_is_as_sound(where: Home) -> None:
    """A session need not be over, nor have any decision, to be looked at; and it can be open meanwhile."""
    play = begin(where)
    assert _verify(where, play.path).sound
    play.choose("invite")
    assert _verify(where, play.path).message.startswith("1 entry, ")


# What was altered


def _flip(data: bytearray, choose: random.Random) -> int:
    at = choose.randrange(len(data))
    data[at] ^= 1 << choose.randrange(8)
    return data[:at].count(b"\n")


def _edit(data: bytearray, choose: random.Random) -> int:
    at = choose.randrange(len(data))
    entry = data[:at].count(b"\n")
    written = bytes(choose.choice(b'abc019"{}:,\n \\') for _ in range(choose.randint(1, 4)))
    if data[at : at + len(written)] != written:
        data[at : at + len(written)] = written
    return entry


def _lines(data: bytearray) -> list[bytes]:
    return bytes(data).splitlines(keepends=True)


def _delete(data: bytearray, choose: random.Random) -> int:
    # What is missing from the end cannot be seen without a head that somebody else keeps.
    lines = _lines(data)
    entry = choose.randrange(len(lines) - 1)
    del lines[entry]
    data[:] = b"".join(lines)
    return entry


def _double(data: bytearray, choose: random.Random) -> int:
    lines = _lines(data)
    entry = choose.randrange(len(lines))
    lines.insert(entry, lines[entry])
    data[:] = b"".join(lines)
    return entry + 1


def _swap(data: bytearray, choose: random.Random) -> int:
    lines = _lines(data)
    one, other = sorted(choose.sample(range(len(lines)), 2))
    lines[one], lines[other] = lines[other], lines[one]
    data[:] = b"".join(lines)
    return one


def _insert(data: bytearray, choose: random.Random) -> int:
    lines = _lines(data)
    entry = choose.randrange(len(lines) + 1)
    lines.insert(entry, choose.choice([b"\n", b"{}\n", b"\0\n", b"null\n", b"# a note\n"]))
    data[:] = b"".join(lines)
    return entry


_ALTERATIONS: list[Alteration] = [_flip, _edit, _delete, _double, _swap, _insert]


@pytest.mark.parametrize("alter", _ALTERATIONS)
def test_whatever_is_altered_is_found_and_located(where: Home, alter: Alteration) -> None:
    """A bit, a word or a line that is not as it was written is found, and the entry it begins in is named."""
    choose = random.Random(_ALTERATIONS.index(alter))
    path = played_through(where)
    library = frozenset({case_in(where.root / "cases").source.hash})
    sound, archive = path.read_bytes(), Archive(where)
    trials = 0
    while trials < 334 * TRIALS:
        data = bytearray(sound)
        entry = alter(data, choose)
        if data == sound:
            continue
        trials += 1
        path.write_bytes(data)
        finding = verify(archive, path, library)
        assert not finding.sound, bytes(data)
        assert re.search(rf"\bEntry {entry}\b", finding.message), (entry, finding.message, bytes(data))
        # Without its first line nobody can say whose session it is.
        assert finding.verdict is (Verdict.DAMAGED if entry else Verdict.UNREADABLE)
    path.write_bytes(sound)
    assert verify(archive, path, library).sound


def test_what_a_trainee_wrote_cannot_be_changed_either(where: Home) -> None:
    """A text that is not the one that was handed in is damage, named by its entry; one that was erased is not."""
    path = played_through(where)
    texts = chain.texts_path(path)
    sound = texts.read_bytes()
    texts.write_bytes(sound.replace(b"I promised it", b"I refused it."))
    finding = _verify(where, path)
    assert finding.verdict is Verdict.DAMAGED
    assert finding.message == "The text of entry 5 was altered."
    texts.write_bytes(sound)
    chain.erase_text(path, [5])
    finding = _verify(where, path)
    assert finding.sound
    assert finding.notices == ("The text of entry 5 was erased.",)


def test_a_torn_end_is_said_to_be_one(where: Home) -> None:
    """What a crash left is told from what somebody did, and the entry that was not saved is named."""
    path = played_through(where)
    path.write_bytes(path.read_bytes() + b'{"event":"cho')
    finding = _verify(where, path)
    assert not finding.sound
    assert re.match(r"Entry 7 is torn off \(13 bytes\): the power or the program went away", finding.message)


def test_a_clock_that_went_back_is_a_note(where: Home) -> None:
    """A computer's clock may be set back; that is said, and nothing is wrong with the journal for it."""
    bodies = bodies_of(played_through(where))
    bodies[0]["session"] = "20260304-120000-abc124"
    now = NOON
    with chain.Chain.create(where.journals / "20260304-120000-abc124.jsonl", bodies[0], lambda: now) as made:
        for body, hours in zip(bodies[1:], (5, 3, 4, 6, 7, 8), strict=True):
            now = NOON + timedelta(hours=hours)
            made.append({key: value for key, value in body.items() if key != "text"}, body.get("text"))
    finding = _verify(where, made.path)
    assert finding.sound
    assert finding.notices == ("The clock went back before entry 2.",)


# What was forged, with right hashes


def test_a_choice_that_does_not_fit_is_found_by_replaying(where: Home) -> None:
    """A journal written anew around a choice that could not be made then is damaged, at that entry."""
    bodies = bodies_of(played_through(where))
    assert bodies[4]["response"] == "promise"
    bodies[4]["response"] = "praise"
    finding = _verify(where, _forged(where, bodies))
    assert finding.verdict is Verdict.DAMAGED
    assert finding.message.startswith("Entry 4 does not fit the case: `praise` cannot be chosen in `meeting` now")


def test_a_decision_left_out_is_found_by_replaying(where: Home) -> None:
    """A journal written anew without one decision breaks where the next one no longer fits."""
    sound = bodies_of(played_through(where))
    for left_out in (3, 4):
        bodies = sound[:left_out] + sound[left_out + 1 :]
        finding = _verify(where, _forged(where, bodies))
        assert finding.verdict is Verdict.DAMAGED
        assert f"Entry {left_out} does not fit the case: this happened in" in finding.message
        finding.path.unlink()
        chain.texts_path(finding.path).unlink()


def test_a_forged_choice_that_fits_is_not_called_verified(where: Home) -> None:
    """Before somebody else holds its head, a whole rewrite cannot be seen; so nothing is claimed."""
    bodies = bodies_of(played_through(where))
    bodies[4]["response"] = "explain"
    del bodies[5]
    finding = _verify(where, _forged(where, bodies))
    assert finding.verdict is Verdict.UNVERIFIED


# What it was played with


def test_a_case_that_nobody_holds_is_unknown(where: Home) -> None:
    """Without the scenario or the rubric as it was played, nothing can be replayed, and that is what is said."""
    for what in ("scenario", "rubric"):
        path = played_through(where)
        header = Archive(where).load(path).recorded.header
        (where.copies / f"{getattr(header, f'{what}_hash')}.yaml").unlink()
        finding = _verify(where, path)
        assert finding.verdict is Verdict.UNKNOWN
        assert re.match(
            rf"Unknown {what}: nobody here holds the one it was played with, `copies/[0-9a-f]{{12}}…\.yaml`; .*\.$",
            finding.message,
        )


def test_a_changed_copy_is_said(where: Home) -> None:
    """A copy that was changed, so that the marks are better, is not replayed with."""
    path = played_through(where)
    copy = where.copies / f"{Archive(where).load(path).recorded.header.scenario_hash}.yaml"
    copy.write_text(CASE.replace("harmful", "best"))
    finding = _verify(where, path)
    assert finding.verdict is Verdict.UNKNOWN
    assert "has been changed since" in finding.message


def test_a_case_that_the_library_does_not_hold_is_unknown(where: Home) -> None:
    """Replaying with nothing but the player's own copy shows nothing: that copy could be anything."""
    path = played_through(where, case_in(where.root / "mine", CASE.replace("harmful", "best")))
    finding = _verify(where, path)
    assert finding.verdict is Verdict.UNKNOWN
    assert finding.message.startswith("The library does not hold this version of `small-case`")


def test_a_first_line_that_lies_about_the_case(where: Home) -> None:
    """A journal that says another case than the copy it was played with is damaged."""
    bodies = bodies_of(played_through(where))
    bodies[0]["scenario"] = "harder-case"
    finding = _verify(where, _forged(where, bodies))
    assert finding.verdict is Verdict.DAMAGED
    assert finding.message == "Entry 0 says `harder-case` 1.0.0, but names a copy of `small-case` 1.0.0."


def test_a_rubric_is_no_scenario(where: Home) -> None:
    """A journal that names one for the other is not replayed."""
    bodies = bodies_of(played_through(where))
    bodies[0]["scenario-hash"] = rubric_source().hash
    finding = _verify(where, _forged(where, bodies))
    assert finding.verdict is Verdict.UNKNOWN


def test_a_journal_called_otherwise_is_noted(where: Home) -> None:
    """A file that is not named after its session says so."""
    path = played_through(where)
    to = path.with_name("somebody-elses.jsonl")
    for file, name in ((path, to), (chain.texts_path(path), chain.texts_path(to))):
        file.rename(name)
    finding = _verify(where, to)
    assert finding.sound
    assert finding.notices == (f"The file is not named after its session, {path.stem}.",)


@pytest.mark.parametrize("content", [b"", b"vm\n", b"\xff\xfe\0", b"{}\n", b"[" * 50_000 + b"\n"])
def test_what_is_no_journal_is_unreadable(where: Home, content: bytes) -> None:
    """Any other file is said to be none, in a sentence."""
    path = where.root / "file.txt"
    path.write_bytes(content)
    for each in (path, where.root, where.root / "nothing"):
        finding = _verify(where, each)
        assert finding.verdict is Verdict.UNREADABLE
        assert finding.message.endswith(".")
