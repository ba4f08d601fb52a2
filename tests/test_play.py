"""Every decision is on the disk before anybody sees what comes of it, whatever fails."""

from __future__ import annotations

import errno
import json
import random
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from simulator import chain, journal
from simulator.archive import Archive, UnknownScenario
from simulator.chain import ChainError, Damaged, Held
from simulator.durable import NotSaved
from simulator.play import Play
from simulator.session import NotOffered, Session
from simulator.settings import Home
from simulator.source import Source, read
from tests.cases import CASE, TRIALS
from tests.journals import (
    ANA,
    begin,
    case_in,
    failing,
    failure,
    forged,
    on_disk,
    played_through,
    posix,
    resumed,
    same_moment,
)

ERRORS = (errno.ENOSPC, errno.EIO, errno.EROFS, errno.EDQUOT)

INVITE = "invite: {do: Ask her to come in., next: meeting}"

Step = Callable[[Play], object]
STEPS: dict[str, tuple[tuple[Step, ...], Step]] = {
    "read": ((), lambda play: play.read("letter")),
    "consult": ((), lambda play: play.consult()),
    "choose": ((), lambda play: play.choose("invite")),
    "write": (
        (lambda play: play.choose("invite"), lambda play: play.choose("promise")),
        lambda play: play.write("She asked, and I promised."),
    ),
}
"""Each way to decide something, and what has to be done before it."""


@pytest.fixture
def where(tmp_path: Path) -> Home:
    return Home(tmp_path)


def _at(where: Home, steps: tuple[Step, ...]) -> Play:
    play = begin(where)
    for step in steps:
        step(play)
    return play


# A decision is on the disk first


@pytest.mark.parametrize("step", STEPS)
def test_a_decision_is_on_disk_when_the_session_moves(where: Home, step: str) -> None:
    """As soon as a decision has been taken, the journal on disk holds it."""
    before, decide = STEPS[step]
    play = _at(where, before)
    decide(play)
    assert on_disk(play.path) == play.session.events


@pytest.mark.parametrize("how", ["once", "half", "for good"])
@pytest.mark.parametrize("error", ERRORS, ids=errno.errorcode.__getitem__)
@pytest.mark.parametrize("step", STEPS)
def test_a_decision_that_cannot_be_saved_has_not_been_taken(
    where: Home, monkeypatch: pytest.MonkeyPatch, step: str, error: int, how: str
) -> None:
    """Whichever call of the system fails, the session stays, the person is told, and the same call works later."""
    before, decide = STEPS[step]
    calls, tried = None, 0
    while calls is None or tried < calls:
        play = _at(where, before)
        stood, events = play.session, play.session.events
        with monkeypatch.context() as patch:
            system = failing(patch, tried, error=error, half=how == "half", for_good=how == "for good")
            if problem := failure(lambda: decide(play)):  # noqa: B023
                assert isinstance(problem, NotSaved)
                assert re.match(r"Could not (save .*: [a-z].*\. [A-Z].*|read .*: [a-z].*)\.$", str(problem))
                assert play.session is stood
                system.heal()
                assert decide(play) is play.session
        assert len(play.session.events) == len(events) + 1
        assert on_disk(play.path) == play.session.events
        calls, tried = len(system.calls) if calls is None else calls, tried + 1
        play.close()
        assert same_moment(resumed(where, play.path).session, play.session)
    assert tried > 1


@pytest.mark.parametrize("error", ERRORS, ids=errno.errorcode.__getitem__)
def test_beginning_fails_as_a_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: int) -> None:
    """A session that cannot be begun leaves no journal behind, and can be begun when the fault has ended."""
    case = case_in(tmp_path / "cases")
    calls, tried = 1, 0
    while tried < calls:
        where = Home(tmp_path / str(tried))
        with monkeypatch.context() as patch:
            system = failing(patch, tried, error=error)
            begun: list[Play] = []
            if problem := failure(lambda: begun.append(begin(where, case))):  # noqa: B023
                assert re.match(r"Could not (make|read|save) .*\.$", str(problem))
                assert Archive(where).paths() == []
                system.heal()
                begun.append(begin(where, case))
            (play,) = begun
            calls, tried = max(calls, len(system.calls) if tried == 0 else calls), tried + 1
        play.choose("invite")
        play.close()
        assert on_disk(play.path) == play.session.events


@pytest.mark.parametrize("error", ERRORS, ids=errno.errorcode.__getitem__)
def test_resuming_fails_as_a_whole(where: Home, monkeypatch: pytest.MonkeyPatch, error: int) -> None:
    """A session that cannot be resumed stays as it was, and can be resumed when the fault has ended."""
    play = _at(where, STEPS["write"][0])
    play.close()
    at = 0
    while True:
        with monkeypatch.context() as patch:
            system = failing(patch, at, error=error)
            problem = failure(lambda: resumed(where, play.path).close())
            assert problem is None or re.match(r"Could not (save|read) .*\.$", str(problem))
        again = resumed(where, play.path)
        assert same_moment(again.session, play.session)
        again.close()
        if at >= len(system.calls):
            break
        at += 1
    assert at > 5


def test_what_is_not_offered_is_not_written(where: Home) -> None:
    """A decision that cannot be taken at this moment changes neither the session nor the journal."""
    play = begin(where)
    refused: tuple[Step, ...] = (
        lambda play: play.choose("promise"),
        lambda play: play.read("nothing"),
        lambda play: play.write("A note."),
    )
    for decide in refused:
        with pytest.raises(NotOffered):
            decide(play)
    assert play.session.events == on_disk(play.path) == ()


def test_leaving_works_on_a_full_disk(where: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is held by a session because "left" cannot be written."""
    play = begin(where)
    play.choose("invite")
    with monkeypatch.context() as patch:
        failing(patch, 0, error=errno.ENOSPC, for_good=True)
        play.suspend()
    assert same_moment(resumed(where, play.path).session, play.session)


def test_leaving_twice_is_fine(where: Home) -> None:
    """Whoever presses Ctrl-C twice sees no error."""
    play = begin(where)
    play.suspend()
    play.suspend()
    play.close()


# Going on


def test_a_session_goes_on_at_the_same_decision(where: Home) -> None:
    """Wherever a session broke off, it stands there again, with the same responses in the same order."""
    play = begin(where)
    steps: tuple[Step, ...] = (
        lambda play: play.read("letter"),
        lambda play: play.consult(),
        lambda play: play.choose("invite"),
        lambda play: play.choose("promise"),
        lambda play: play.write("A note."),
    )
    for step in steps:
        step(play)
        play.close()
        again = resumed(where, play.path)
        assert same_moment(again.session, play.session)
        assert again.header == play.header
        play = again
    assert play.session.ending is not None


def test_coming_back_is_on_record(where: Home) -> None:
    """A journal says when the trainee left and came back; looking back at one that is over adds nothing."""
    play = begin(where)
    play.suspend()
    resumed(where, play.path).close()
    assert [record.mark for record in journal.read(play.path).records] == ["suspended", "resumed"]
    over = played_through(where)
    before = over.read_bytes()
    looking = resumed(where, over)
    assert looking.session.ending is not None
    looking.suspend()
    assert over.read_bytes() == before


@pytest.mark.parametrize("texts", [False, True])
def test_a_torn_tail_is_set_aside(where: Home, texts: bool) -> None:
    """Whatever a crash left of the last line, the session goes on from the last decision that was acknowledged."""
    play = begin(where)
    play.choose("invite")
    play.choose("promise")
    acknowledged = play.session
    size = play.path.stat().st_size
    play.write("A note that was being saved.")
    play.close()
    path, beside = play.path, chain.texts_path(play.path)
    whole, written = path.read_bytes(), beside.read_bytes()
    for cut in range(size, len(whole) - 1, 17):
        path.write_bytes(whole[:cut])
        beside.write_bytes(written[: len(written) // 2] if texts else written)
        again = resumed(where, path)
        assert same_moment(again.session, acknowledged)
        again.write("A note, once more.")
        again.close()
        assert len(on_disk(path)) == 3


def test_a_damaged_journal_is_not_gone_on_with(where: Home) -> None:
    """A journal that was altered is refused, with the entry that was, and stays as it is."""
    path = played_through(where)
    lines = path.read_bytes().splitlines(keepends=True)
    lines[3] = lines[3].replace(b"invite", b"insult")
    path.write_bytes(b"".join(lines))
    with pytest.raises(Damaged, match=r"was altered\. Entry 3 was changed"):
        resumed(where, path)
    assert path.read_bytes() == b"".join(lines)


def test_a_journal_that_does_not_fit_is_not_gone_on_with(where: Home) -> None:
    """A journal whose hashes are right and whose decisions are not is refused, with the entry that does not fit."""
    play = begin(where)
    play.close()
    bodies = [
        dict(journal.read(play.path).reading.entries[0].body),
        {"event": "chose", "scene": "desk", "response": "x"},
    ]
    del bodies[0]["schema"]
    copy = forged(where.journals / "20260304-120000-abc124.jsonl", bodies)
    with pytest.raises(ChainError, match=r"^Entry 1 does not fit the case: `x` cannot be chosen in `desk` now"):
        resumed(where, copy)
    # It was let go of: whoever looks into it is not told that it is in use.
    chain.Chain.open(copy).close()


def test_a_second_opener_is_told_who(where: Home) -> None:
    """One session has one player; the other hears who, on which computer."""
    play = begin(where)
    with pytest.raises(Held, match=rf"is being written by {ANA} on .*Close it there"):
        resumed(where, play.path)
    play.close()
    resumed(where, play.path).close()


# The copy it began with


def test_an_edited_case_does_not_change_a_session(where: Home) -> None:
    """However a case is edited meanwhile, a session goes on with the copy it began with, and says so."""
    choose = random.Random(1)
    case = case_in(where.root / "cases")
    archive = Archive(where)
    for trial in range(100 * TRIALS):
        play = begin(where, case, seed=trial)
        for step in choose.choice([before for before, _ in STEPS.values()]):
            step(play)
        play.close()
        line = choose.choice(CASE.splitlines(keepends=True))
        (where.root / "cases" / "small-case.yaml").write_text(CASE.replace(line, choose.choice(["", line * 2]), 1))
        edited = read(where.root / "cases" / "small-case.yaml")
        assert isinstance(edited, Source)
        again = Play.resume(archive, play.path, edited.hash)
        assert again.edited
        assert same_moment(again.session, play.session)
        assert again.session.scenario.hash == play.header.scenario_hash
        again.close()
        assert journal.read(play.path).reading.entries[-1].body["edited"] is True


def test_a_case_that_was_not_edited_is_not_said_to_be(where: Home) -> None:
    """Nothing is said where the library has what was played, or has nothing of that name any more."""
    play = begin(where)
    play.close()
    for current in (play.header.scenario_hash, None):
        again = resumed(where, play.path, current)
        assert not again.edited
        again.close()


def test_a_case_is_kept_once(where: Home) -> None:
    """However often a case is played, its copy and that of the rubric are kept once, under their hashes."""
    plays = [begin(where) for _ in range(3)]
    kept = {f"{plays[0].header.scenario_hash}.yaml", f"{plays[0].header.rubric_hash}.yaml"}
    assert {path.name for path in where.copies.iterdir()} == kept
    begin(where, case_in(where.root / "cases", CASE + "# a new version\n"))
    assert len(list(where.copies.iterdir())) == 3


def test_a_spoilt_copy_is_mended_when_the_case_is_played_again(where: Home) -> None:
    """A session is never begun on a copy that could not be replayed later."""
    first = begin(where)
    copy = where.copies / f"{first.header.scenario_hash}.yaml"
    sound = copy.read_bytes()
    copy.write_bytes(sound[:100])
    begin(where)
    assert copy.read_bytes() == sound


@pytest.mark.parametrize("what", ["scenario", "rubric"])
def test_a_session_without_its_copy_is_refused(where: Home, what: str) -> None:
    """Where the copy is missing or was changed, nothing is replayed with something else; a sentence says so."""
    play = begin(where)
    play.close()
    copy = where.copies / f"{getattr(play.header, f'{what}_hash')}.yaml"
    sound = copy.read_bytes()
    copy.write_bytes(sound + b"# better marks\n")
    with pytest.raises(
        UnknownScenario, match=rf"^Unknown {what}: the one it was played with, `copies/.*`, has been changed since\.$"
    ):
        resumed(where, play.path)
    copy.unlink()
    with pytest.raises(UnknownScenario, match=rf"^Unknown {what}: nobody here holds the one it was played with, .*\.$"):
        resumed(where, play.path)
    copy.write_bytes(sound)
    resumed(where, play.path).close()


def test_a_journal_names_the_case_that_its_copy_is(where: Home) -> None:
    """A first line that says another case or version than the copy it names is not believed."""
    play = begin(where)
    play.close()
    header = dict(journal.read(play.path).reading.entries[0].body)
    del header["schema"]
    path = forged(where.journals / "20260304-120000-abc124.jsonl", [{**header, "version": "2.0.0"}])
    assert (
        Archive(where).load(path).trouble == "Entry 0 says `small-case` 2.0.0, but names a copy of `small-case` 1.0.0."
    )


def test_an_endless_journal_is_cut_short(where: Home) -> None:
    """A journal with more decisions than anybody makes does not fill the memory."""
    text = CASE.replace(INVITE, f"{INVITE}\n      wait: {{do: Wait., next: desk, again: true}}")
    play = begin(where, case_in(where.root / "cases", text))
    play.close()
    header = dict(journal.read(play.path).reading.entries[0].body)
    del header["schema"]
    bodies = [header] + [{"event": "chose", "scene": "desk", "response": "wait"}] * 12
    path = forged(where.journals / "20260304-120000-abc124.jsonl", bodies)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("simulator.archive.MOST_DECISIONS", 10)
        logged = Archive(where).load(path)
    assert len(logged.session.events) == 10
    assert logged.trouble == "Entry 11 is one too many: no session has that many decisions."


# What is being typed


def _writing(where: Home) -> Play:
    return _at(where, STEPS["write"][0])


def _crash(play: Play) -> Path:
    """Let go of the journal without a word."""
    play.close()
    return play.path


def test_a_draft_survives_a_crash(where: Home) -> None:
    """What was being typed is there again after a crash, just as it was typed."""
    play = _writing(where)
    play.save_draft("She said:\n“fine”")
    again = resumed(where, _crash(play))
    assert again.draft() == "She said:\n“fine”"
    assert on_disk(play.path) == play.session.events


def test_a_draft_belongs_to_its_scene(where: Home) -> None:
    """What was typed in one place does not turn up in another."""
    play = begin(where)
    play.save_draft("About the desk.")
    play.choose("invite")
    assert play.draft() == ""


def test_a_draft_is_done_with_once_it_is_handed_in(where: Home) -> None:
    """Handing in a note takes its draft away."""
    play = _writing(where)
    play.save_draft("Half a no")
    play.write("A whole note.")
    assert play.draft() == ""
    assert not list(where.journals.glob("*.draft"))


def test_a_draft_stays_until_the_note_is_saved(where: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """If the note cannot be saved, its draft is still there."""
    play = _writing(where)
    play.save_draft("Half a no")
    with monkeypatch.context() as patch:
        failing(patch, 0, for_good=True)
        with pytest.raises(NotSaved):
            play.write("A whole note.")
    assert play.draft() == "Half a no"


def test_the_last_good_draft_stays_when_the_next_cannot_be_saved(where: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk costs at most the last few words, and says so."""
    play = _writing(where)
    play.save_draft("Half a no")
    with monkeypatch.context() as patch:
        system = failing(patch)
        play.save_draft("Half a no")
    for at in range(len(system.calls)):
        with monkeypatch.context() as patch:
            failing(patch, at, error=errno.ENOSPC)
            problem = failure(lambda: play.save_draft("Half a note"))
            assert problem is None or "the disk is full" in str(problem)
        assert play.draft() in ("Half a no", "Half a note")
    assert [path.name for path in where.journals.iterdir() if path.name.endswith(".tmp")] == []


def test_what_is_typed_passes_the_gate(where: Home) -> None:
    """Control characters are gone from drafts and notes, and no note is endless."""
    play = _writing(where)
    play.save_draft("\x1b]52;c;eA==\x07fine")
    assert play.draft() == "]52;c;eA==fine"
    play.write("\x1b[2Jfine" + "x" * 30_000)
    assert str(play.session.events[-1]).count("\x1b") == 0
    assert on_disk(play.path) == play.session.events


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"null", b"\xff", b'{"scene":"note"}', b'{"scene":"x","text":"y"}', b"[" * 100_000]
)
def test_a_spoilt_draft_is_none(where: Home, content: bytes) -> None:
    """A draft that cannot be understood, or is of somewhere else, is left alone and not shown."""
    play = _writing(where)
    play.path.with_suffix(".draft").write_bytes(content)
    assert play.draft() == ""
    play.write("A note.")


@posix
def test_a_draft_is_no_link(where: Home) -> None:
    """A link in the place of a draft is not followed, neither to read nor to write."""
    play = _writing(where)
    secret = where.root / "secret"
    secret.write_text(json.dumps({"scene": "note", "text": "secret"}))
    play.path.with_suffix(".draft").symlink_to(secret)
    assert play.draft() == ""
    play.save_draft("mine")
    assert play.draft() == "mine"
    assert json.loads(secret.read_text())["text"] == "secret"


# Thoughts afterwards


def test_reflections_are_kept(where: Home) -> None:
    """What a trainee thinks about it afterwards is kept with the session, and changes nothing of it."""
    path = played_through(where)
    play = resumed(where, path)
    before: Session = play.session
    play.save_draft("Half a tho")
    play.reflect("A second thought.")
    assert play.session is before
    assert play.draft() == ""
    play.close()
    assert journal.read(path).reflections() == ("I would not promise again.", "A second thought.")


def test_a_reflection_that_cannot_be_saved_can_be_tried_again(where: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """A thought is kept once, however often it took to save it."""
    path = played_through(where)
    play = resumed(where, path)
    with monkeypatch.context() as patch:
        system = failing(patch, 0, error=errno.ENOSPC, for_good=True)
        with pytest.raises(NotSaved, match="the disk is full"):
            play.reflect("A second thought.")
        system.heal()
        play.reflect("A second thought.")
    play.close()
    assert journal.read(path).reflections()[1:] == ("A second thought.",)
