"""An author who has thought about a piece of advice says so once, and is not told again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from simulator.answers import PROVEN
from simulator.check import check
from simulator.cli import main
from simulator.explanations import Kind, explanations, whole
from simulator.problem import Problem, Severity
from tests.cases import rubric

ADVISED = """\
facts:
  promised: A promise was made.
  late: You came late.
people:
  ruth:
    name: Ruth
    feelings: {trust: 4, hope: 3}
"""
"""Nothing asks for these two facts, nor for hope."""
HELD = "because: A second case asks for it."


def found(tmp_path: Path, text: str, solve: bool | float = True) -> list[Problem]:
    """Check a case; of advice, only what is said about facts and feelings."""
    path = tmp_path / "case.yaml"
    path.write_text(whole(text, Kind.CASE), encoding="utf-8")
    kept = ("never-read", "answers-nothing")
    return [each for each in check(path, rubric(), solve=solve) if each.code in kept or each.severity != "advice"]


def answers(*entries: str) -> str:
    return "answers:\n" + "".join(f"  - {{{entry}, {HELD}}}\n" for entry in entries)


def answered(problems: list[Problem]) -> list[tuple[str, bool]]:
    return [(each.about, bool(each.answer)) for each in problems]


def test_an_answer_settles_what_it_names(tmp_path: Path) -> None:
    """One that names a part settles the advice about it, and keeps the reason with it."""
    problems = found(tmp_path, ADVISED + answers("to: never-read, at: late"))
    assert answered(problems) == [("promised", False), ("late", True), ("ruth.hope", False)]
    assert [each.answer for each in problems if each.answer] == ["A second case asks for it."]


def test_an_answer_without_a_place_settles_every_advice_of_its_code(tmp_path: Path) -> None:
    """It is about the whole case."""
    assert all(each.answer for each in found(tmp_path, ADVISED + answers("to: never-read")))


def test_an_answer_to_a_scene_settles_what_is_in_it(tmp_path: Path) -> None:
    """A scene's name stands for its responses as well, and for no scene whose name only begins alike."""
    scenes = """\
scenes:
  desk:
    text: She waits.
    next: desk-two
    responses: &pair
      ask: {say: What is it?, marks: {rapport.empathy: best}}
      see: {say: May I see it?, marks: {rapport.empathy: best}}
""".replace(" &pair", "")
    second = scenes.replace("scenes:\n", "").replace("next: desk-two", "next: done").replace("  desk:", "  desk-two:")
    path = tmp_path / "case.yaml"
    path.write_text(whole(scenes + second + answers("to: differ-in-nothing, at: desk"), Kind.CASE), encoding="utf-8")
    alike = [each for each in check(path, rubric()) if each.code == "differ-in-nothing"]
    assert answered(alike) == [("desk/see", True), ("desk-two/see", False)]


@pytest.mark.parametrize(
    ("entry", "place", "message", "hint"),
    [
        (
            "to: never-red", (8, 6),
            "`never-red` is not said about this case, so there is nothing to answer", "did you mean `never-read`?",
        ),
        (
            "to: farmed-marks", (8, 6),
            "`farmed-marks` is not said about this case, so there is nothing to answer", "take the answer out",
        ),
        (
            "to: never-read, at: lat", (8, 22),
            "nothing is said about `lat` that `never-read` answers",
            "it is said about `promised`, `late` and `ruth.hope`",
        ),
    ],
)  # fmt: skip
def test_an_answer_that_answers_nothing_is_told(
    tmp_path: Path, entry: str, place: tuple[int, int], message: str, hint: str
) -> None:
    """A misspelled code or place is a warning where it stands, with what was most likely meant."""
    text = ADVISED + f"answers:\n  - {{{entry}, {HELD}}}\n"
    (problem,) = [each for each in found(tmp_path, text) if each.code == "answers-nothing"]
    assert (problem.place.line - 1, problem.place.column) == place
    assert (problem.message, problem.hint, problem.severity) == (message, hint, Severity.WARNING)


def test_only_advice_can_be_answered(tmp_path: Path) -> None:
    """A warning stays a warning, and the answer to it is told."""
    text = "scenes:\n  desk: {text: She waits., next: done}\n  attic: {text: Dust., next: done}\n"
    problems = found(tmp_path, text + answers("to: never-reached, at: attic"))
    assert [(each.code, bool(each.answer)) for each in problems] == [
        ("never-reached", False),
        ("answers-nothing", False),
    ]
    assert problems[1].message == "`never-reached` is a warning here, and only advice can be answered"


def test_what_is_not_looked_for_can_be_answered(tmp_path: Path) -> None:
    """Without playing every case in every way, nobody knows whether such an answer settles nothing."""
    assert found(tmp_path, ADVISED + answers("to: never-read"), solve=False) == []
    seen_at_once = found(tmp_path, ADVISED + answers("to: differ-in-nothing"), solve=False)
    assert [each.code for each in seen_at_once] == ["answers-nothing"]


def test_it_is_known_what_only_playing_in_every_way_finds() -> None:
    """Each of these codes is explained as advice that is found by exploring."""
    known = explanations()
    assert all(Severity.ADVICE in known[code].severities and known[code].solve for code in PROVEN)


@pytest.mark.parametrize(
    "text", ["answers: never-read\n", "answers:\n  - {to: never-read}\n", "answers:\n  - {to: x, by: y}\n"]
)
def test_an_answer_needs_a_code_and_a_reason(tmp_path: Path, text: str) -> None:
    """What is no answer is an error, like everything else that the format does not know."""
    assert found(tmp_path, text)[0].severity is Severity.ERROR


def test_answered_advice_is_counted_and_shown_when_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The text leaves it out, `--answered` brings it back with the reason, and tools always get it."""
    monkeypatch.setenv("CASELOAD_HOME", str(tmp_path / "home"))
    path = tmp_path / "case.yaml"
    facts = "facts:\n  late: You came late.\n"
    path.write_text(whole(facts + answers("to: never-read, at: late"), Kind.CASE), encoding="utf-8")
    assert main(["check", str(path)]) == 0
    out = capsys.readouterr().out
    assert "never-read" not in out
    assert "1 piece of advice answered by the author\n" in out
    assert main(["check", "--answered", str(path)]) == 0
    out = capsys.readouterr().out
    assert "advice[never-read]: no condition asks for the fact `late`" in out
    assert "\n  answered: A second case asks for it.\n" in out
    assert main(["check", "--format", "json", str(path)]) == 0
    told = {each["code"]: each["answered"] for each in json.loads(capsys.readouterr().out)}
    assert told["never-read"] == "A second case asks for it."


def test_strictly_advice_has_to_be_answered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A library can be held to it: with `--strict`, advice is exit 1 until somebody has answered it."""
    monkeypatch.setenv("CASELOAD_HOME", str(tmp_path / "home"))
    path = tmp_path / "case.yaml"
    facts = "facts:\n  late: You came late.\n"
    path.write_text(whole(facts, Kind.CASE), encoding="utf-8")
    assert (main(["check", str(path)]), main(["check", "--strict", str(path)])) == (0, 1)
    every = "answers:\n" + "".join(
        f"  - {{to: {code}, because: It is meant so.}}\n"
        for code in sorted({each["code"] for each in _advice(path, capsys)})
    )
    path.write_text(whole(facts + every, Kind.CASE), encoding="utf-8")
    assert main(["check", "--strict", str(path)]) == 0


def _advice(path: Path, capsys: pytest.CaptureFixture[str]) -> list[dict[str, str]]:
    capsys.readouterr()
    main(["check", "--format", "json", str(path)])
    found: list[dict[str, str]] = json.loads(capsys.readouterr().out)
    return found
