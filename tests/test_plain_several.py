"""Line-by-line play where more than one thing is decided at once, looked up, or asked about."""

from __future__ import annotations

import errno
import io
from pathlib import Path

import pytest

from simulator.plain import Plain
from simulator.play import Play
from simulator.session import Chose, Consulted, Ranked, Read, Selected, Session
from simulator.settings import Home
from tests.cases import MANY
from tests.journals import begin, case_in, failing, obeyed_by_terminals, on_disk, resumed
from tests.test_plain import Typist

SEED = 3


@pytest.fixture
def where(tmp_path: Path) -> Home:
    return Home(tmp_path)


def _begin(where: Home, text: str = MANY, *, feedback: str = "end", confidence: bool = False) -> Play:
    case = case_in(where.root / "cases", text, "many-at-once.yaml")
    return begin(where, case, seed=SEED, feedback=feedback, confidence=confidence)


def _run(play: Play, *lines: str, width: int = 80) -> tuple[bool, str]:
    """Play with these lines typed and then the end of the input; return whether it came to its end, and the output."""
    output = io.StringIO()
    over = Plain(play, io.StringIO("".join(f"{line}\n" for line in lines)), output, width).run()
    said = output.getvalue()
    assert not obeyed_by_terminals(said)
    assert all(len(line) <= width for line in said.splitlines()), max(said.splitlines(), key=len)
    return over, said


def _numbers(session: Session, *ids: str) -> list[str]:
    """Return the numbers under which these are shown."""
    listed = [each.id for each in session.options] + [each.id for each in session.responses] + list(session.items)
    return [str(listed.index(each) + 1) for each in ids]


def _ordering(play: Play, *picked: str) -> Session:
    """Return the session as it will stand at what is to be put in order."""
    return play.session.select(picked or ["note"])


def _flat(said: str) -> str:
    return " ".join(said.split())


def test_the_whole_way_through_a_pipe(where: Home) -> None:
    """Several picked, things in order, a scene with nothing on offer and a response lead to the debrief."""
    play = _begin(where)
    picks = _numbers(play.session, "call", "tidy")
    order = _ordering(play, "call", "tidy")
    last = order.rank(["mail", "phone", "tea"]).select([])
    over, said = _run(
        play,
        " ".join(picks),
        " ".join(_numbers(order, "mail", "phone", "tea")),
        "0",
        *_numbers(last, "stay"),
        "",
    )
    assert over
    assert on_disk(play.path) == (
        Selected("desk", ("call", "tidy")),
        Ranked("order", ("mail", "phone", "tea")),
        Selected("maybe", ()),
        Chose("last", "stay"),
    )
    parts = (
        "What do you take care of?",
        "In which order?",
        "Anything else?",
        "Ms. Adeyemi: I am still here.\nGus Brandt: So am I.\n",
        "It waits.",
        "So be it.",
        "ENDING: Done",
        "It was not written.",
        "Not read: The letter; Referral directory.",
    )
    assert [said.count(part) for part in parts] == [1] * len(parts)
    told = _flat(said)
    assert "1 Picked: “It is me again.”; Tidy the desk." in told
    assert "2 In order: 1. Answer the e-mail; 2. Call her back; 3. Make tea" in told
    assert "3 Picked: nothing" in told


@pytest.mark.parametrize(
    "typed", ["{0} {1}", "{1} {0}", " {0},{1} ", "{0} , {1}", "0{0} 00{1}", "{0}\t{1}", ",{0},,{1},"]
)
def test_several_numbers_pick_several(where: Home, typed: str) -> None:
    """Numbers stand in any order, parted by blanks or commas; what is kept is in the author's order."""
    play = _begin(where)
    _run(play, typed.format(*_numbers(play.session, "note", "tidy")))
    assert play.session.events == (Selected("desk", ("note", "tidy")),)


def test_what_is_picked_is_answered(where: Home) -> None:
    """What comes of each option stands before what comes of all of them."""
    play = _begin(where)
    _, said = _run(play, *_numbers(play.session, "note"))
    assert "\nThe pen scratches.\n\nThat is done.\n" in said


@pytest.mark.parametrize("typed", ["0", "1 2 3", "1,2,3"])
def test_too_few_and_too_many_are_told(where: Home, typed: str) -> None:
    """A number of things that cannot be picked is told with how many can be, and asked again."""
    play = _begin(where)
    _, said = _run(play, typed)
    count = 0 if typed == "0" else 3
    assert f"You picked {count}; 1 to 2 can be picked." in said
    assert said.count("What do you take care of?") == 2
    assert play.session.events == ()


@pytest.mark.parametrize("typed", ["", "4", "1 4", "1 1", "1 x", "-1", "1-2", "1.2", "note", "0 1", "1 2 3 4", "²"])
def test_what_is_no_answer_picks_nothing(where: Home, typed: str) -> None:
    """Whatever else is typed decides nothing, and the keys are explained."""
    play = _begin(where)
    _, said = _run(play, typed)
    assert play.session.events == ()
    assert ("is none of these." in _flat(said)) == bool(typed)
    assert ("Nothing was picked." in said) == (not typed)


def test_none_can_be_enough(where: Home) -> None:
    """Where nothing need be picked, 0 hands in nothing, and the prompt says so."""
    play = _begin(where, MANY.replace("      most: 2\n", "      most: 2\n      least: 0\n"))
    _, said = _run(play, "0")
    assert "[0 to 2 of the numbers, such as 1 2, 0 for none, " in _flat(said)
    assert play.session.events == (Selected("desk", ()),)


@pytest.mark.parametrize(
    ("limits", "prompt"),
    [
        ("most: 1", "[1 of the numbers, such as 1, "),
        ("least: 3", "[3 of the numbers, such as 1 2 3, "),
        ("least: 2", "[2 to 3 of the numbers, such as 1 2, "),
    ],
)
def test_the_prompt_says_how_many(where: Home, limits: str, prompt: str) -> None:
    """What can be typed stands in the prompt, with an example that would do."""
    _, said = _run(_begin(where, MANY.replace("most: 2", limits)), "0")
    assert prompt in _flat(said)
    assert f"You picked 0; {prompt[1:].partition(' of')[0]} can be picked." in said


def test_how_sure_is_not_asked_where_there_is_nothing_to_decide(where: Home) -> None:
    """Where all of it must be picked nobody is asked how sure they are of it."""
    play = _begin(where, MANY.replace("most: 2", "least: 3"), confidence=True)
    _, said = _run(play, "1 2 3")
    assert "How sure" not in said
    assert play.session.events == (Selected("desk", ("note", "call", "tidy")),)


def test_a_scene_with_nothing_on_offer_goes_on(where: Home) -> None:
    """Where every option is out of reach, 0 goes on, and anything else does not."""
    play = _begin(where)
    play.select(["call"])
    play.rank(["mail", "phone", "tea"])
    _, said = _run(play, "1", "", "0")
    assert "[0 goes on, ? help, q leave]" in said
    assert play.session.events[-1] == Selected("maybe", ())


def test_an_order_needs_every_number_once(where: Home) -> None:
    """Some of them are told to be too few; twice the same, or another number, is no order."""
    play = _begin(where)
    play.select(["note"])
    _, said = _run(play, "1 2", "1 2 2", "1 2 4", "1 2 3 1", "0", "3, 1, 2")
    assert "You put 2 in order; there are 3." in said
    assert said.count("is none of these.") == 4
    assert "[all 3 numbers, first to last, such as 3 2 1, ? help, q leave]" in said
    shown = list(play.session.previous.items) if play.session.previous else []
    assert play.session.events[-1] == Ranked("order", (shown[2], shown[0], shown[1]))


def test_how_sure_is_asked_before_anything_is_saved(where: Home) -> None:
    """After each decision among several, and before its reaction, the trainee says how sure they are."""
    play = _begin(where, confidence=True)
    order = _ordering(play, "note")
    over, said = _run(
        play,
        *_numbers(play.session, "note"),
        *("", "0", "5", "sure", "3"),
        " ".join(_numbers(order, "mail", "phone", "tea")),
        "1",
        "0",
        "1",
        "4",
        "",
    )
    assert over
    assert [getattr(each, "confidence", None) for each in on_disk(play.path)] == [3, 1, 0, 4]
    prompt = "How sure are you? [1 a guess, 2 not very, 3 fairly, 4 quite sure, q leave]"
    assert said.count(prompt) == 5 + 1 + 1
    assert said.index("How sure") < said.index("The pen scratches.")
    assert "(sure: 3 of 4 (fairly))" in said
    lines = said.splitlines()
    start = lines.index("HOW SURE YOU WERE")
    assert lines[start + 1 : start + 4] == [
        "  quite sure: 1 decision" + ("; poor at 4" if "stay" in str(play.session.events[-1]) else ""),
        "  fairly: 1 decision",
        "  a guess: 1 decision; poor at 2",
    ]


def test_leaving_instead_of_saying_how_sure_decides_nothing(where: Home) -> None:
    """Who leaves at that question has not decided yet, and is asked all of it again."""
    play = _begin(where, confidence=True)
    over, said = _run(play, "1", "q")
    assert (over, play.session.events, on_disk(play.path)) == (False, (), ())
    assert "To go on:" in said
    _run(resumed(where, play.path), "1", "2")
    assert [getattr(each, "confidence", None) for each in on_disk(play.path)] == [2]


def test_how_sure_is_not_asked_unless_it_is_wanted(where: Home) -> None:
    """Without it a session asks nothing, and says nothing about it afterwards."""
    _, said = _run(_begin(where), "1")
    assert "How sure" not in said


def test_the_directory_is_opened_by_its_key(where: Home) -> None:
    """`r` opens the referral directory: every entry, with when it was verified; its minutes pass once."""
    play = _begin(where)
    _, said = _run(play, "r", "R", "d", "")
    assert play.session.events == (Read("desk", "directory"),)
    assert play.session.minutes == 3
    entries = (
        "Referral directory\n\n  Legal Aid\n  For: Tenants\n  555-0123\n  Last verified: 2024-01-15\n\n"
        "  Food bank\n  555-0145\n  Last verified: 2025-11-01\n  Closed on Mondays.\n(end of the document)\n"
    )
    assert said.count(entries) == 2
    assert "r referral directory" in _flat(said)
    # It is no paper among the others.
    assert "1. The letter (4 minutes)" in said
    assert "2. Referral directory" not in said


def test_the_directory_can_be_looked_at_again_anywhere(where: Home) -> None:
    """Once read it is at hand where it is not offered; unread it is not."""
    play = _begin(where)
    play.select(["note"])
    _, said = _run(play, "r")
    assert ("r referral directory" in said, "“r” is none of these." in said) == (False, True)
    play = _begin(where)
    play.read("directory")
    play.select(["note"])
    _, said = _run(play, "r")
    assert "Legal Aid" in said
    assert "d documents" not in said


def test_a_supervisor_who_is_away(where: Home) -> None:
    """`c` tells why nobody can be asked, for nothing; when she is back, it asks her."""
    play = _begin(where)
    _, said = _run(play, "c", "d", "1", "c", "c")
    assert said.count("Her door is shut until eleven.") == 1
    assert said.count("The note comes first.") == 2
    assert play.session.events == (Read("desk", "letter"), Consulted("desk"))
    assert "c consult (away), ? help" in _flat(said)


def test_feedback_after_each_decision(where: Home) -> None:
    """Marks for what was picked and what was left out, and for each pair, stand with their why."""
    play = _begin(where, feedback="each")
    order = _ordering(play, "tidy")
    _, said = _run(play, *_numbers(play.session, "tidy"), " ".join(_numbers(order, "phone", "mail", "tea")))
    told = _flat(said)
    for words in ("(ethics): harmful Not now.", "(organization): poor It was not written.", "best She waits."):
        assert words in told


def test_a_decision_that_cannot_be_saved_is_tried_again(where: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was picked and how sure is not asked again: Enter saves it when the disk is back."""
    play = _begin(where, confidence=True)
    system = failing(monkeypatch, 0, error=errno.ENOSPC, for_good=True)
    number = _numbers(play.session, "note")[0]

    output = io.StringIO()
    Plain(play, Typist(number, "4", system.heal, ""), output).run()
    assert "Not saved, so nothing has happened yet." in output.getvalue()
    assert on_disk(play.path) == (Selected("desk", ("note",), 4),)


@pytest.mark.parametrize("width", [60, 120])
def test_at_any_width(where: Home, width: int) -> None:
    """Prompts, options, items and entries keep to the width."""
    play = _begin(where, confidence=True)
    _run(play, "r", "d", "1", "", "c", "1 2", "2", "3 2 1", "1", "1", "2", "1", "1", width=width)
    assert len(play.session.events) >= 5
