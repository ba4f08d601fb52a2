"""Trying again from a decision: a session of its own that stands where the decision was made, and is no attempt."""

from __future__ import annotations

import csv
import errno
import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from simulator import chain, journal
from simulator.archive import Archive, Logged
from simulator.chain import ChainError
from simulator.comparison import compare
from simulator.comparison_telling import comparison_text
from simulator.journal import Origin
from simulator.library import find
from simulator.listing import again as whence
from simulator.listing import as_json, as_lines, attempts
from simulator.page import page
from simulator.plain import Plain
from simulator.play import NoSuchDecision, Play
from simulator.progress import finished_attempts, progress
from simulator.progress_telling import progress_text, totals
from simulator.records import KEYS, records
from simulator.report import report
from simulator.session import Wrote
from simulator.settings import Home
from simulator.tables import as_csv
from simulator.verify import Verdict, verify
from tests.attempts import EXPLAINED, PROMISED, attempted, do, logged, ticking
from tests.cases import CASE, rubric
from tests.journals import (
    ANA,
    HEADER,
    begin,
    bodies_of,
    case_in,
    caseload,
    failing,
    failure,
    forged,
    on_disk,
    played_through,
    resumed,
    same_moment,
    text_of,
)
from tests.reports import PEOPLE, taken_apart

TWICE = CASE.replace(
    "    next: done\nendings:", "    next: second\n  second:\n    write: {prompt: Once more.}\n    next: done\nendings:"
)
"""The small case with two things to write."""


@pytest.fixture
def where(tmp_path: Path) -> Home:
    return Home(tmp_path)


def again(where: Home, path: Path, decision: int, **how: Any) -> Play:
    """Try again from a decision, with nothing remembered but what is on disk."""
    return Play.again_from(Archive(where), path, decision, **how)


def tried(where: Home, session: str, decision: int, *did: str) -> str:
    """Try again from a decision, do some things and leave; return the new session's id."""
    play = again(where, where.journals / f"{session}.jsonl", decision)
    do(play, *did)
    play.close()
    return play.header.session


def one(where: Home, session: str) -> Logged:
    """Return a session, replayed."""
    (found,) = logged(where, session)
    return found


# Where it stands


@pytest.mark.parametrize("decision", range(1, 6))
def test_it_stands_where_the_decision_was_made(where: Home, decision: int) -> None:
    """Whichever decision it is, everything before it is as it was, and it has not been made."""
    path = played_through(where)
    first = one(where, path.stem).session
    play = again(where, path, decision)
    assert same_moment(play.session, first.trail[decision - 1])
    assert play.session.seed == first.seed
    assert on_disk(play.path) == first.events[: decision - 1]
    play.close()
    assert same_moment(resumed(where, play.path).session, first.trail[decision - 1])


def test_the_journal_says_where_it_comes_from(where: Home) -> None:
    """Same person, case, copies and seed as the session it comes from, which is named; nothing else is taken over."""
    path = played_through(where)
    before = journal.read(path).header
    play = again(where, path, 3)
    header = journal.read(play.path).header
    play.close()
    assert header == play.header
    assert header.again == Origin(before.session, 3)
    assert header.taken_over == 2
    assert header.session != before.session
    same = ("scenario", "version", "scenario_hash", "rubric_hash", "seed", "person", "feedback", "confidence")
    assert [getattr(header, name) for name in same] == [getattr(before, name) for name in same]
    assert not journal.read(play.path).reflections()


def test_the_session_it_comes_from_stays_as_it_was(where: Home) -> None:
    """Not one byte of the other journal changes."""
    path = played_through(where)
    before = path.read_bytes()
    again(where, path, 4).close()
    assert path.read_bytes() == before


def test_it_needs_nothing_of_the_other_journal(where: Home) -> None:
    """With the other journal gone it replays, verifies, is gone on with and is reported."""
    case = case_in(where.root / "cases", TWICE)
    session = attempted(where, case, *PROMISED, "write:And more.")
    name = tried(where, session, 4)
    for each in where.journals.glob(f"{session}*"):
        each.unlink()
    found = one(where, name)
    assert [event.text for event in found.session.events if isinstance(event, Wrote)] == ["I promised."]
    assert verify(Archive(where), found.recorded.path, frozenset({case.source.hash})).verdict is Verdict.UNVERIFIED
    play = resumed(where, found.recorded.path)
    play.write("Something else.")
    play.close()
    told = report(one(where, name), PEOPLE)
    assert "| I promised." in told
    assert "| Something else." in told


def test_what_was_erased_stays_erased(where: Home) -> None:
    """A text that was taken out of the other journal does not come back with what is taken over."""
    case = case_in(where.root / "cases", TWICE)
    session = attempted(where, case, *PROMISED, "write:And more.")
    chain.erase_text(where.journals / f"{session}.jsonl")
    found = one(where, tried(where, session, 4))
    assert [event.text for event in found.session.events if isinstance(event, Wrote)] == [None]
    assert not found.trouble


def test_the_copy_that_was_played_is_played_again(where: Home) -> None:
    """Whatever has become of the case in the library, the same copy is played, and that it was edited is told."""
    case = case_in(where.root / "cases")
    session = attempted(where, case, *PROMISED)
    edited = case_in(where.root / "cases", CASE.replace("Good morning.", "Good evening."))
    path = where.journals / f"{session}.jsonl"
    play = again(where, path, 2, current=edited.source.hash)
    assert play.edited
    assert play.session.speech == "Good morning."
    play.close()
    assert not again(where, path, 2, current=case.source.hash).edited


def test_feedback_and_confidence_are_as_they_were_unless_given(where: Home) -> None:
    """What the trainee had asked for still holds; what is asked for now goes before it."""
    play = begin(where, feedback="each", confidence=True)
    play.choose("invite", 3)
    play.close()
    kept = again(where, play.path, 1)
    other = again(where, play.path, 1, feedback="end", confidence=False)
    assert (kept.header.feedback, kept.header.confidence) == ("each", True)
    assert (other.header.feedback, other.header.confidence) == ("end", False)


def test_how_sure_somebody_was_is_taken_over_and_not_told_twice(where: Home) -> None:
    """Decisions keep what was said about how sure one was; the summary is about those made anew."""
    play = begin(where, confidence=True)
    play.choose("invite", 3)
    play.choose("promise", 1)
    play.close()
    new = again(where, play.path, 2)
    new.choose("promise", 4)
    new.write("Note.")
    new.close()
    found = one(where, new.header.session)
    assert [moment.confidence for moment in found.session.trail] == [0, 3, 4, 0]
    told = report(found, PEOPLE)
    assert "quite sure: 1 decision" in told
    assert "fairly: 1 decision" not in told


def test_one_can_try_again_from_what_was_tried_again(where: Home) -> None:
    """It comes from the session it was begun from, and has all decisions before the one that is tried."""
    first = attempted(where, case_in(where.root / "cases"), *EXPLAINED)
    second = tried(where, first, 3, "explain")
    third = one(where, tried(where, second, 2, "invite"))
    assert third.again == Origin(second, 2)
    assert third.session.events == one(where, first).session.events[:2]


def test_one_can_try_again_from_a_session_that_is_unfinished_or_open(where: Home) -> None:
    """It does not matter whether the other came to an ending, nor whether somebody plays it."""
    play = begin(where)
    play.read("letter")
    new = again(where, play.path, 1)
    assert new.session.events == ()
    play.choose("invite")
    play.close()


@pytest.mark.parametrize("decision", [-1, 0, 6, 10**6])
def test_a_decision_that_is_not_there_is_refused(where: Home, decision: int) -> None:
    """Which decisions there are is told, and nothing is begun."""
    path = played_through(where)
    with pytest.raises(NoSuchDecision, match=f"has no decision {decision} to try again from; its decisions are 1 to 5"):
        again(where, path, decision)
    assert Archive(where).paths() == [path]


def test_where_nothing_was_decided_nothing_is_tried_again(where: Home) -> None:
    """A session that has only begun is to be gone on with."""
    play = begin(where)
    with pytest.raises(NoSuchDecision, match=r"Nothing has been decided in session .* go on with it"):
        again(where, play.path, 1)


def test_a_damaged_session_is_not_tried_again(where: Home) -> None:
    """What was altered is no ground to stand on."""
    path = played_through(where)
    path.write_bytes(path.read_bytes().replace(b'"promise"', b'"explain"'))
    with pytest.raises(ChainError, match="Entry 4 was changed"):
        again(where, path, 2)


# Whatever fails


@pytest.mark.parametrize("how", ["once", "half", "for good"])
@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EIO, errno.EROFS], ids=errno.errorcode.__getitem__)
def test_trying_again_fails_as_a_whole(where: Home, monkeypatch: pytest.MonkeyPatch, error: int, how: str) -> None:
    """Whichever call of the system fails, there is no second session, or a whole one; later it can be begun."""
    session = attempted(where, case_in(where.root / "cases", TWICE), *PROMISED, "write:And more.")
    path = where.journals / f"{session}.jsonl"
    stood = one(where, session).session.trail[3]
    at, failed = 0, 0
    while True:
        known = set(Archive(where).paths())
        with monkeypatch.context() as patch:
            system = failing(patch, at, error=error, half=how == "half", for_good=how == "for good")
            begun: list[Play] = []
            problem = failure(lambda: begun.append(again(where, path, 4)))  # noqa: B023
            system.heal()
            for play in begun:
                play.close()
        new = set(Archive(where).paths()) - known
        failed += problem is not None
        # Where nothing can be taken away any more either, what was written stays.
        assert len(new) == len(begun) or (how == "for good" and not begun)
        assert all(same_moment(one(where, each.stem).session, stood) for each in new)
        if at >= len(system.calls):
            break
        at += 1
    assert failed > 20
    again(where, path, 4).close()


@pytest.mark.parametrize("dies_at", range(40))
def test_dying_in_the_middle_leaves_nothing_or_a_session(
    where: Home, monkeypatch: pytest.MonkeyPatch, dies_at: int
) -> None:
    """Wherever the program goes away without another word, what is found later is nothing, or can be gone on with."""
    session = attempted(where, case_in(where.root / "cases", TWICE), *PROMISED, "write:And more.")
    stood = one(where, session).session.trail[3]
    with monkeypatch.context() as patch:
        # Nothing is tidied up, because from then on nothing works any more.
        failing(patch, dies_at, for_good=True)
        failure(lambda: again(where, where.journals / f"{session}.jsonl", 4).close())
    rows = [row for row in Archive(where).sessions() if not (isinstance(row, Logged) and row.id == session)]
    for row in rows:
        assert isinstance(row, Logged)
        assert same_moment(row.session, stood)
        play = resumed(where, row.recorded.path)
        play.write("On.")
        play.close()
    assert tried(where, session, 4)


def test_what_no_journal_can_hold_is_not_begun(where: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where what is taken over would be more than a journal may hold, it is told, and nothing is left."""
    path = played_through(where)
    monkeypatch.setattr(chain, "LARGEST", 700)
    with pytest.raises(ChainError, match="would hold more than it can"):
        again(where, path, 5)
    assert [each.name for each in where.journals.glob("*.jsonl") if not each.name.startswith(path.stem)] == []


@pytest.mark.parametrize("cut", [0.1, 0.5, 0.9])
def test_what_was_cut_off_is_not_played_as_if_it_were_whole(where: Home, cut: float) -> None:
    """A journal that lost some of what was taken over says so, by its entry, and is none."""
    session = played_through(where).stem
    name = tried(where, session, 5)
    path = where.journals / f"{name}.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[: 1 + int(cut * 4)]))
    with pytest.raises(
        ChainError, match=r"Entry 0 of .* says that more decisions were taken over \(4\) than there are"
    ):
        Archive(where).load(path)


def test_damage_is_told_as_damage(where: Home) -> None:
    """Where what was taken over was altered, the session is listed as damaged, up to there."""
    name = tried(where, played_through(where).stem, 5)
    path = where.journals / f"{name}.jsonl"
    path.write_bytes(path.read_bytes().replace(b'"promise"', b'"explain"'))
    found = one(where, name)
    assert found.trouble.startswith("Entry 4 was changed")
    assert len(found.session.events) == 3


# Headers that somebody made up

HOSTILE: Mapping[str, object] = {
    "nothing": None,
    "a word": "20260304-120000-def456",
    "a list": ["20260304-120000-def456", 1],
    "no session": {"decision": 1},
    "no decision": {"session": "20260304-120000-def456"},
    "more": {"session": "20260304-120000-def456", "decision": 1, "by": "me"},
    "a path": {"session": "../../etc/passwd", "decision": 1},
    "an escape": {"session": "2026\x1b[2J", "decision": 1},
    "itself": {"session": HEADER["session"], "decision": 1},
    "zero": {"session": "20260304-120000-def456", "decision": 0},
    "below": {"session": "20260304-120000-def456", "decision": -3},
    "true": {"session": "20260304-120000-def456", "decision": True},
    "a fraction": {"session": "20260304-120000-def456", "decision": 1.5},
    "text": {"session": "20260304-120000-def456", "decision": "1"},
}


@pytest.mark.parametrize("value", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_header_that_says_it_wrongly_is_refused(tmp_path: Path, value: object) -> None:
    """Whatever stands there that this program does not write, it is said in which entry, and no more is made of it."""
    path = forged(tmp_path / "made-up.jsonl", [{**HEADER, "again": value}])
    with pytest.raises(journal.NotASession, match=r"^Entry 0 of made-up\.jsonl does not say from which decision of"):
        journal.read(path)


@pytest.mark.parametrize("decision", [3, 2**62])
def test_more_than_there_is_cannot_have_been_taken_over(tmp_path: Path, decision: int) -> None:
    """A number beyond the decisions that are there is refused, however large."""
    chose = {"event": "chose", "scene": "desk", "response": "invite"}
    origin = {"session": "20260304-120000-def456", "decision": decision}
    path = forged(tmp_path / "made-up.jsonl", [{**HEADER, "again": origin}, chose])
    with pytest.raises(
        journal.NotASession, match=rf"^Entry 0 of .* taken over \({decision - 1}\) than there are \(1\)"
    ):
        journal.read(path)


def test_what_is_no_decision_cannot_have_been_taken_over(tmp_path: Path) -> None:
    """Among the entries that were taken over stands nothing else; which one it is is said."""
    chose = {"event": "chose", "scene": "desk", "response": "invite"}
    origin = {"session": "20260304-120000-def456", "decision": 3}
    path = forged(tmp_path / "made-up.jsonl", [{**HEADER, "again": origin}, chose, {"event": "suspended"}, chose])
    with pytest.raises(journal.NotASession, match=r"^Entry 2 of made-up\.jsonl is no decision"):
        journal.read(path)


def test_a_session_that_was_not_tried_again_says_nothing_of_it(where: Home) -> None:
    """The key is in no header but those that need it, so older versions read what they always read."""
    assert "again" not in bodies_of(played_through(where))[0]


# Never mixed with attempts


@pytest.fixture
def mixed(where: Home, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str, str]:
    """An attempt, what was tried again from it and finished, and the same left unfinished."""
    ticking(monkeypatch)
    first = attempted(where, case_in(where.root / "cases"), *EXPLAINED)
    return first, tried(where, first, 2, "invite", "promise", "write:Note."), tried(where, first, 3)


def test_it_is_no_attempt(where: Home, mixed: tuple[str, str, str]) -> None:
    """One attempt stays one attempt with the same marks, no repeat, no growth, nothing to go on with."""
    first, finished, unfinished = mixed
    case = find(str(where.root / "cases" / "small-case.yaml"), (), rubric()).scenario
    everything = progress(ANA, logged(where), [case])
    alone = progress(ANA, logged(where, first), [case])
    assert [attempt.logged.id for attempt in everything.attempts] == [first]
    assert everything.standings == alone.standings
    assert everything.advice == alone.advice
    assert everything.criticals == ()
    assert everything.unfinished == ()
    assert [each.id for each in everything.again] == [unfinished, finished]
    assert [each.id for each in finished_attempts(Archive(where), ANA, "small-case")] == [first]
    assert attempts(Archive(where).sessions()) == {first: 1}


def test_it_is_listed_beside_the_attempts(where: Home, mixed: tuple[str, str, str]) -> None:
    """Progress names it with the attempt it comes from, and that it does not count."""
    everything = progress(ANA, logged(where), [])
    assert totals(everything) == "1 first attempt, 0 repeats, 2 begun again from a decision"
    told = progress_text(everything, "Ana")
    assert "again from decision 2 of attempt 1, 2026-03-04: Done; does not count" in told
    assert "again from decision 3 of attempt 1, 2026-03-04: unfinished; does not count" in told


def test_a_first_attempt_after_trying_again_says_so(where: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever tried something again before their first attempt came to its end had seen more than others have."""
    ticking(monkeypatch)
    case = case_in(where.root / "cases")
    session = attempted(where, case, "invite")
    tried(where, session, 1, "invite", "promise", "write:Note.")
    play = resumed(where, where.journals / f"{session}.jsonl")
    do(play, "promise", "write:Note.")
    play.close()
    found = progress(ANA, logged(where), [case.scenario])
    assert [attempt.tried_again for attempt in found.attempts] == [True]
    assert "something of it was tried again before it came to its end" in " ".join(progress_text(found, "Ana").split())


def test_a_first_attempt_before_trying_again_is_one_like_any(where: Home, mixed: tuple[str, str, str]) -> None:
    """What is tried afterwards changes nothing about it."""
    assert [attempt.tried_again for attempt in progress(ANA, logged(where), []).attempts] == [False]


def test_lists_say_what_it_comes_from(where: Home, mixed: tuple[str, str, str]) -> None:
    """As text, as JSON and by attempt."""
    first, finished, _ = mixed
    rows = logged(where, first, finished)
    plain, tried_again = as_lines(rows, PEOPLE)
    assert "again from" not in plain
    assert f"small-case: Done  (again from decision 2 of {first})  [1 critical]" in tried_again
    assert [as_json(row)["again"] for row in rows] == [None, {"session": first, "decision": 2}]
    assert [whence(row, attempts(rows)) for row in rows] == ["", "again from decision 2 of attempt 1"]


def test_it_stands_beside_the_session_it_comes_from(where: Home, mixed: tuple[str, str, str]) -> None:
    """A comparison says what it is, and that the beginning was taken over; only what came then differs."""
    first, finished, _ = mixed
    found = compare(logged(where, first, finished))
    assert [row.same for row in found.rows][:1] == [True]
    told = comparison_text(found, "Ana")
    assert told.startswith("A small case: 2 sessions by Ana")
    assert "B was begun again from decision 2 of A, and is no attempt at the whole case." in told
    assert "Decision 1 was taken over." in told


# Reports


def test_every_report_says_what_it_comes_from(where: Home, mixed: tuple[str, str, str]) -> None:
    """Text, page, table and JSON lines say from which decision of which session, and what was taken over."""
    first, finished, _ = mixed
    found = one(where, finished)
    text = " ".join(report(found, PEOPLE).split())
    assert f"Again from decision 2 of session {first}. Decision 1 was taken over, and is counted in it as well." in text
    assert "1 10:00 preparation (taken over)" in text
    assert "2 10:04 preparation (taken over)" not in text
    paper = taken_apart(page(found, PEOPLE))
    assert f"from decision 2 of session {first}." in paper.words
    assert [each.words.endswith("taken over") for each in paper.all("h3")] == [True, False, False, False]
    rows = list(csv.DictReader(io.StringIO(as_csv([found], PEOPLE), newline="")))
    assert {row["again"] for row in rows} == {f"again from decision 2 of {first}"}
    assert [row["taken_over"] for row in rows] == ["", "yes", "", "", ""]
    lines = list(records([found], PEOPLE))
    assert lines[0]["again"] == {"session": first, "decision": 2}
    assert [line["taken_over"] for line in lines if line["kind"] == "decision"] == [False, True, False, False, False]
    assert all(set(line) == set(KEYS[line["kind"]]) for line in lines)


def test_reports_of_attempts_say_nothing_of_it(where: Home, mixed: tuple[str, str, str]) -> None:
    """Where nothing was tried again there is not a word about it."""
    found = one(where, mixed[0])
    assert "taken over" not in report(found, PEOPLE)
    assert "taken over" not in page(found, PEOPLE)
    assert {row["again"] for row in csv.DictReader(io.StringIO(as_csv([found], PEOPLE), newline=""))} == {""}


# Line by line


def plainly(play: Play, *lines: str) -> str:
    """Play line by line; return what was said."""
    output = io.StringIO()
    Plain(play, io.StringIO("".join(f"{line}\n" for line in lines)), output).run()
    return " ".join(output.getvalue().split())


def test_plain_mode_tells_what_led_here(where: Home) -> None:
    """It says that it is again, what was taken over, and goes on where the decision was made; later too."""
    session = attempted(where, case_in(where.root / "cases"), *EXPLAINED)
    play = again(where, where.journals / f"{session}.jsonl", 3)
    said = plainly(play)
    assert f"Begun again from decision 3 of session {session}. Decisions 1 to 2 were taken over" in said
    assert "What led here: 1 Read: A letter 2 Ask her to come in. == meeting ==" in said
    assert "You go on where you left." not in said
    later = resumed(where, play.path)
    later.choose("promise")
    later.close()
    said = plainly(resumed(where, play.path))
    assert "Begun again from decision 3" in said
    assert "You go on where you left." in said


def test_plain_mode_from_the_first_decision_begins_with_the_briefing(where: Home) -> None:
    """Where nothing was taken over, it is begun like any session."""
    session = attempted(where, case_in(where.root / "cases"), *EXPLAINED)
    said = plainly(again(where, where.journals / f"{session}.jsonl", 1))
    assert "Begun again from decision 1 of session" in said
    assert "Somebody asks for something." in said


def test_the_plain_debrief_says_how_to_try_again(where: Home) -> None:
    """What is printed is a command that works."""
    case = case_in(where.root / "cases")
    session = attempted(where, case, *PROMISED)
    result = caseload(where.root, "play", "--plain", "--resume", session, typed="\n")
    code, out, _ = text_of(result)
    assert code == 0
    command = out.rstrip().splitlines()[-1]
    assert command == f"  caseload play --plain --again {session} --from N"
    code, out, error = text_of(caseload(where.root, *command.replace("N", "2").split()[1:], typed="q\n"))
    assert (code, error) == (0, "")
    assert "Begun again from decision 2" in out
    (new,) = set(Archive(where).paths()) - {where.journals / f"{session}.jsonl"}
    assert one(where, new.stem).again == Origin(session, 2)


def test_the_plain_debrief_of_it_says_what_it_is(where: Home) -> None:
    """The debrief begins with where the session comes from."""
    session = attempted(where, case_in(where.root / "cases"), *PROMISED)
    name = tried(where, session, 3, "write:Another note.")
    said = plainly(resumed(where, where.journals / f"{name}.jsonl"), "")
    assert "== debrief == Begun again from decision 3 of session" in said


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["--again", "SESSION"], "name the decision as well"),
        (["--from", "2"], "name its session as well"),
        (["--again", "nobody", "--from", "2"], "there is no session `nobody`"),
        (["--again", "SESSION", "--from", "9"], "has no decision 9 to try again from; its decisions are 1 to 3"),
        (["--again", "SESSION", "--from", "0"], "a decision is named by its number"),
        (["--again", "SESSION", "--from", "two"], "a decision is named by its number"),
        (["small-case", "--again", "SESSION", "--from", "2"], "SCENARIO and --again do not go together"),
        (["--resume", "SESSION", "--again", "SESSION", "--from", "2"], "--resume and --again do not go together"),
        (["--seed", "0", "--as", "Bo", "--again", "SESSION", "--from", "2"], "--as, --seed and --again do not"),
    ],
)
def test_a_command_that_cannot_be_meant_begins_nothing(where: Home, arguments: list[str], why: str) -> None:
    """What is wrong is said, with what to do, and no session is begun."""
    session = attempted(where, case_in(where.root / "cases"), *PROMISED)
    given = [session if each == "SESSION" else each for each in arguments]
    code, out, error = text_of(caseload(where.root, "play", "--plain", *given))
    assert (code, out) == (2, "")
    assert why in error
    assert len(Archive(where).paths()) == 1


def test_the_command_takes_feedback_and_lists_where_it_comes_from(where: Home) -> None:
    """`--feedback` and `--confidence` hold for the new session; `sessions` lists it as what it is."""
    session = attempted(where, case_in(where.root / "cases"), *PROMISED)
    how = ("--again", session[:20], "--from", "2", "--feedback", "each", "--confidence")
    assert caseload(where.root, "play", "--plain", *how).returncode == 0
    _, out, _ = text_of(caseload(where.root, "sessions"))
    assert f"(again from decision 2 of {session})" in out
    new = json.loads(text_of(caseload(where.root, "sessions", "--format", "json"))[1])[0]
    assert new["again"] == {"session": session, "decision": 2}
    header = journal.read(where.journals / f"{new['session']}.jsonl").header
    assert (header.feedback, header.confidence) == ("each", True)
