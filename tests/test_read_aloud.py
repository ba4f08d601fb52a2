"""A case read aloud: who speaks, in the wording of one way through, and how long it takes."""

from __future__ import annotations

import io
import re
import sys
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.cli import main
from simulator.read_aloud import WORDS_A_MINUTE, Kind, how_long, lines_of, script, words_in
from simulator.session import Session, start
from tests.cases import CASE, MANY, loaded, trials


def _small() -> Session:
    scenario = loaded(CASE).value
    assert scenario is not None
    return start(scenario).read("letter").choose("invite").choose("explain")


def _many() -> Session:
    scenario = loaded(MANY).value
    assert scenario is not None
    return start(scenario)


def test_a_line_is_led_by_who_says_it() -> None:
    """What a client says is read with how the case speaks of them, and what the trainee says is a stage line."""
    text = script(_small(), "One way.")
    assert "\nMs. Adeyemi: Good morning.\n" in text
    assert "\n    [You: “Here is how it was decided.”]\n" in text
    assert "\n    [You read: A letter]\n" in text


def test_everybody_who_speaks_is_read() -> None:
    """Voices of others stand under their own names."""
    said = [line.who for line in lines_of(_many()) if line.kind is Kind.SAID]
    assert said == ["Ms. Adeyemi", "Gus Brandt"]


def test_what_happens_at_once_is_read_aloud_where_somebody_speaks_in_it() -> None:
    """A reaction with words in quotation marks is a line; one without is a stage line."""
    silent = next(line for line in lines_of(_small()) if line.text == "She nods.")
    assert silent.kind is Kind.STAGE
    scenario = loaded(CASE.replace("then: She nods.", """then: '"I see," she says.'""")).value
    assert scenario is not None
    session = start(scenario).read("letter").choose("invite").choose("explain")
    spoken = next(line for line in lines_of(session) if line.text == '"I see," she says.')
    assert spoken.kind is Kind.SAID


def test_the_wording_is_the_one_of_this_way() -> None:
    """Of several wordings the one is read that somebody on this way would see."""
    says = "says:\n      - {if: read(letter), say: You know why I am here.}\n      - I had a letter."
    scenario = loaded(CASE.replace("says: Good morning.", says)).value
    assert scenario is not None
    read = script(start(scenario).read("letter").choose("invite"), "One way.")
    unread = script(start(scenario).choose("invite"), "Another way.")
    assert "You know why I am here." in read
    assert "I had a letter." in unread
    assert "You know why I am here." not in unread


def test_everything_is_also_what_is_seen_and_read_and_advised() -> None:
    """With everything, narration, documents, advice and the ending's text are there; without, they are not."""
    scenario = loaded(CASE).value
    assert scenario is not None
    session = start(scenario).consult().read("letter").choose("invite").choose("explain")
    whole, short = script(session, "One way.", everything=True), script(session, "One way.")
    for text in ("Her file is on your desk.", "We are sorry to say no.", "Read the letter first.", "It is over."):
        assert text in whole
        assert text not in short


def test_what_a_trainee_wrote_is_never_read() -> None:
    """A note that is written on the way is not part of the case."""
    scenario = loaded(CASE).value
    assert scenario is not None
    session = start(scenario).choose("invite").choose("promise").write("Secret words.")
    assert "Secret" not in script(session, "One way.", everything=True)


def test_it_says_how_long_it_takes_aloud() -> None:
    """The words that are read aloud are counted, by who says them."""
    assert "Aloud: 2 words, about 5 seconds (Ms. Adeyemi 2)." in script(_small(), "One way.")
    assert how_long(WORDS_A_MINUTE * 3) == "about 3 minutes"
    assert how_long(WORDS_A_MINUTE // 2) == "about 30 seconds"


def test_words_of_a_script_without_blanks_are_counted_by_its_signs() -> None:
    """Two signs of Chinese count as a word, and words around them as they are."""
    assert words_in("Good morning") == 2
    assert words_in("早上好") == 2
    assert words_in("Hi 早上好 there") == 4


@trials(100)
@given(st.text(st.sampled_from("a bc田\u0301é🙂-“"), max_size=200), st.integers(40, 60))
def test_no_line_is_wider_than_it_may_be(text: str, width: int) -> None:
    """Wide signs count twice, and what has no blank is broken where it must be."""
    scenario = loaded(CASE.replace("Good morning.", f"|\n      A {text}")).value
    assert scenario is not None
    shown = script(start(scenario).choose("invite"), "One way.", width=width)
    for line in shown.split("\n"):
        signs = [sign for sign in line if not unicodedata.combining(sign)]
        assert sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in signs) <= width


# -- the command ------------------------------------------------------------------------------------


@pytest.fixture
def case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of the small case, and a home of its own."""
    monkeypatch.setenv("CASELOAD_HOME", str(tmp_path / "home"))
    path = tmp_path / "small.yaml"
    path.write_text(CASE, "utf-8")
    return path


def test_by_default_the_balanced_way_is_read(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without more, the way is the one that `solve` finds."""
    assert main(["read", str(case)]) == 0
    said = capsys.readouterr().out
    assert "One balanced way through, to the ending “Done”." in said
    assert "You read: A letter" in said


def test_an_ending_can_be_named(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The shortest way to an ending is read; one that is not there is answered with those that are."""
    assert main(["read", str(case), "--ending", "done"]) == 0
    assert "The shortest way there is, to the ending “Done”." in capsys.readouterr().out
    assert main(["read", str(case), "--ending", "dome"]) == 2
    assert "it has: done" in capsys.readouterr().err


def test_an_ending_that_nobody_comes_to_is_said_to_be_one(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is read where no way leads."""
    case.write_text(f"{CASE}  never:\n    title: Never\n    text: No.\n", "utf-8")
    assert main(["read", str(case), "--ending", "never"]) == 2
    assert "nobody can come to the ending `never`" in capsys.readouterr().err


def _play(case: Path, monkeypatch: pytest.MonkeyPatch, typed: str) -> str:
    monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
    assert main(["play", str(case), "--plain", "--as", "Kim", "--seed", "1"]) == 0
    (journal,) = (case.parent / "home" / "journals").glob("*.jsonl")
    return journal.name.partition(".")[0]


def test_a_session_can_be_read_along(
    case: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What somebody played is read as it went, as far as it went."""
    session = _play(case, monkeypatch, "1\nq\n")
    capsys.readouterr()
    assert main(["read", str(case), "--along", session]) == 0
    said = capsys.readouterr().out
    assert f"As session {session} went, as far as the scene `meeting`." in said
    assert "Ms. Adeyemi: Good morning." in said


def test_a_session_of_a_case_that_has_changed_is_read_as_far_as_it_fits(
    case: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """An author who has edited the case hears the new words along the old way, and is told where that ends."""
    session = _play(case, monkeypatch, "1\nq\n")
    case.write_text(re.sub(r"\binvite\b", "ask-in", CASE).replace("Good morning.", "Hello."), "utf-8")
    capsys.readouterr()
    assert main(["read", str(case), "--along", session]) == 0
    assert "0 of 1 decisions still fit" in capsys.readouterr().err


def test_a_session_of_another_case_is_refused(
    case: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A way through one case says nothing about another."""
    session = _play(case, monkeypatch, "1\nq\n")
    case.write_text(CASE.replace("scenario: small-case", "scenario: other-case"), "utf-8")
    assert main(["read", str(case), "--along", session]) == 2
    assert "is a session of `small-case`" in capsys.readouterr().err


def test_a_case_too_large_to_explore_is_read_along_a_way_found_by_chance(
    case: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Beyond the budget there still is a way to read, and it says how it was found."""
    monkeypatch.setattr("simulator.explore.MOST_STATES", 0)
    assert main(["read", str(case), "--ending", "done"]) == 0
    assert "found by chance" in capsys.readouterr().out
