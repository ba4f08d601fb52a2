"""A case to begin with: clean, playable, and of whatever its author answered."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.rubric import DIMENSIONS
from simulator.check import check_scenario
from simulator.cli import main
from simulator.library import built_in, files
from simulator.loader import scenario_from
from simulator.problem import Severity
from simulator.random_plays import End, Player
from simulator.session import start
from simulator.source import from_text
from simulator.starting import DEFAULTS, QUESTIONS, adapted, better_id, chosen, is_good_id, new_case
from simulator.text import one_line
from tests.cases import rubric, trials

RUBRIC = rubric()
ABOUT_WORDS = {"hard-to-hear", "content-note-missing", "dates-disagree"}
"""Advice about what an author themselves wrote."""


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASELOAD_HOME", str(tmp_path / "home"))


@pytest.mark.parametrize("dimension", DIMENSIONS)
@pytest.mark.parametrize("document", ["yes", "no"])
def test_a_new_case_has_no_problem_at_all(dimension: str, document: str) -> None:
    """Check has nothing to say about a case as it is begun, not even advice."""
    text = new_case("first-try", {"dimension": dimension, "document": document})
    assert check_scenario(from_text(text, "first-try.yaml"), RUBRIC).problems == ()


@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_a_new_case_is_about_the_dimension_that_was_meant(dimension: str) -> None:
    """Its middle scene marks the dimension that its author named."""
    scenario = scenario_from(from_text(new_case("first-try", {"dimension": dimension})), RUBRIC).value
    assert scenario is not None
    marks = [
        mark.indicator
        for response in scenario.scenes["middle"].responses.values()
        for rule in response.marks
        for mark in rule.marks
    ]
    assert sum(each.startswith(dimension) for each in marks) >= 2


def test_every_ending_and_the_critical_of_a_new_case_can_be_come_to() -> None:
    """Random plays of a new case end in all of its endings, and raise its critical."""
    scenario = scenario_from(from_text(new_case("first-try", {})), RUBRIC).value
    assert scenario is not None
    player = Player(scenario)
    plays = [player.play(seed) for seed in range(200)]
    assert {play.end for play in plays} == {End.ENDED}
    assert {play.last.name for play in plays} == set(scenario.endings)
    assert {name for play in plays for name in play.criticals} == set(scenario.criticals)


@trials(150)
@given(st.dictionaries(st.sampled_from([question.key for question in QUESTIONS]), st.text(max_size=400)))
def test_whatever_is_answered_the_case_can_be_played(answers: dict[str, str]) -> None:
    """No answer breaks the file: colons, quotation marks, signs of any script, `no`, nothing at all."""
    text = new_case("first-try", answers)
    loaded = scenario_from(from_text(text, "first-try.yaml"), RUBRIC)
    assert loaded.value is not None, loaded.problems
    assert {problem.severity for problem in loaded.problems} <= {Severity.ADVICE}
    assert start(loaded.value).scene is not None


@trials(100)
@given(st.text(st.sampled_from("no: #'\"\\|>-?[]{}&*!%@`~,=<…é田🙂 \t\n\x1b"), min_size=1, max_size=30))
def test_a_name_is_kept_as_it_was_typed(name: str) -> None:
    """What somebody calls their client stands in the case sign by sign, once it has been through the gate."""
    kept = one_line(name)
    text = new_case("first-try", {"name": name})
    loaded = scenario_from(from_text(text, "first-try.yaml"), RUBRIC)
    assert loaded.value is not None, loaded.problems
    assert not [problem for problem in loaded.problems if problem.code not in ABOUT_WORDS]
    assert loaded.value.people["client"].name == (kept or DEFAULTS["name"])


@pytest.mark.parametrize(
    "name", ["no", "yes", "~", "12:30", "1e5", "- x", "a: b", "x #y", "'", '"', "*x", "O'Neil, Al"]
)
def test_names_that_mean_something_to_yaml_stay_names(name: str) -> None:
    """A client may be called `no`, `12:30` or `a: b`, and check has nothing against it."""
    checked = check_scenario(from_text(new_case("first-try", {"name": name}), "x.yaml"), RUBRIC)
    assert checked.problems == ()
    assert checked.scenario is not None
    assert checked.scenario.people["client"].name == name


def test_control_characters_do_not_come_through() -> None:
    """What a terminal would obey is dropped from an answer."""
    text = new_case("first-try", {"name": "Al\x1b]52;c;x\x07ma", "line": "Hi\x9b2J \u202ethere"})
    assert not [sign for sign in text if (ord(sign) < 32 and sign != "\n") or 0x7F <= ord(sign) < 0xA0]
    assert "\u202e" not in text


@trials(100)
@given(st.text(max_size=80))
def test_an_id_that_is_offered_is_a_good_one(name: str) -> None:
    """Where a name cannot be an id, what is offered can, if anything is."""
    better = better_id(name)
    assert not better or is_good_id(better)


def test_answers_are_told_by_how_they_begin() -> None:
    """`eth` means ethics, nothing means the default, and what means nothing is asked again."""
    dimension = next(question for question in QUESTIONS if question.key == "dimension")
    assert chosen(dimension, "Eth\n") == "ethics"
    assert chosen(dimension, "\n") == dimension.default
    assert chosen(dimension, "kindness") is None


# -- the command ----------------------------------------------------------------------------------


def test_enter_all_the_way_writes_a_case(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Somebody who presses Enter at every question has a case, and is told what to do with it."""
    monkeypatch.setattr(sys, "stdin", io.StringIO("\n" * 10))
    assert main(["new", "first-try", "--folder", str(tmp_path)]) == 0
    said = capsys.readouterr()
    assert f"caseload check {tmp_path / 'first-try.yaml'}" in said.out
    assert said.err.count("?") >= len(QUESTIONS)
    assert main(["check", str(tmp_path / "first-try.yaml")]) == 0
    assert "no problems" in capsys.readouterr().out


def test_the_end_of_the_input_takes_the_defaults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Answers that nobody gives are the defaults; the one that was given stays."""
    monkeypatch.setattr(sys, "stdin", io.StringIO("Bea Long"))
    assert main(["new", "first-try", "--folder", str(tmp_path)]) == 0
    text = (tmp_path / "first-try.yaml").read_text("utf-8")
    assert "name: Bea Long" in text
    assert DEFAULTS["line"] in text


def test_yes_asks_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """With --yes nothing is read and nothing is asked."""
    monkeypatch.setattr(sys, "stdin", io.StringIO("Bea Long\n"))
    assert main(["new", "first-try", "--yes", "--folder", str(tmp_path / "new" / "folder")]) == 0
    assert "?" not in capsys.readouterr().err
    assert "Alma Reyes" in (tmp_path / "new" / "folder" / "first-try.yaml").read_text("utf-8")


def test_an_answer_that_is_no_choice_is_asked_for_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A dimension that does not exist is not taken."""
    monkeypatch.setattr(sys, "stdin", io.StringIO("\n\n\n\nkindness\nethics\n\n"))
    assert main(["new", "first-try", "--folder", str(tmp_path)]) == 0
    assert "one of: rapport, organization, ethics" in capsys.readouterr().err
    assert "about ethics" in (tmp_path / "first-try.yaml").read_text("utf-8")


def test_no_file_is_written_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file of that name stays as it is, and so does a schema beside it."""
    for name in ("first-try.yaml", "schema.json"):
        (tmp_path / name).write_text("mine")
    assert main(["new", "first-try", "--yes", "--folder", str(tmp_path)]) == 2
    assert "is there already" in capsys.readouterr().err
    assert main(["new", "second-try", "--yes", "--folder", str(tmp_path)]) == 0
    assert [(tmp_path / name).read_text() for name in ("first-try.yaml", "schema.json")] == ["mine", "mine"]


def test_a_name_that_is_no_id_is_answered_with_one_that_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`My Case.yaml` is refused, and `my-case` is offered."""
    assert main(["new", "My Case.yaml", "--yes", "--folder", str(tmp_path)]) == 2
    assert "`my-case` would do" in capsys.readouterr().err
    assert list(tmp_path.glob("*.yaml")) == []


def test_the_id_of_a_case_in_the_library_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A second case of the same id could not be played by it."""
    assert main(["new", "new-case-manager", "--yes", "--folder", str(tmp_path)]) == 2
    assert "the library has a case" in capsys.readouterr().err


def test_the_first_line_names_the_schema_that_lies_beside_it(tmp_path: Path) -> None:
    """An editor with yaml-language-server finds the schema; without one the line is not there."""
    assert main(["new", "first-try", "--yes", "--folder", str(tmp_path)]) == 0
    assert (tmp_path / "first-try.yaml").read_text("utf-8").startswith("# yaml-language-server: $schema=schema.json\n")
    assert '"$schema"' in (tmp_path / "schema.json").read_text("utf-8")
    bare = tmp_path / "bare"
    assert main(["new", "second-try", "--yes", "--no-schema", "--folder", str(bare)]) == 0
    assert [each.name for each in bare.iterdir()] == ["second-try.yaml"]
    assert "yaml-language-server" not in (bare / "second-try.yaml").read_text("utf-8")


@pytest.mark.skipif(sys.platform == "win32", reason="modes are those of POSIX")
def test_a_case_can_be_read_by_whoever_may_read_its_folder(tmp_path: Path) -> None:
    """A case is for colleagues: it is not locked away as journals are."""
    tmp_path.chmod(0o755)
    assert main(["new", "first-try", "--yes", "--folder", str(tmp_path)]) == 0
    assert (tmp_path / "first-try.yaml").stat().st_mode & 0o044 == 0o044


# -- a case of the library ------------------------------------------------------------------------


@pytest.mark.parametrize("model", sorted(path.stem for path in files((built_in(),))))
def test_a_case_of_the_library_is_copied_with_its_comments(model: str, tmp_path: Path) -> None:
    """A copy differs from its original in the id, the title, the version and who reviewed it, and in nothing else."""
    assert main(["new", "our-own", "--from", model, "--no-schema", "--folder", str(tmp_path)]) == 0
    copy = (tmp_path / "our-own.yaml").read_text("utf-8").split("\n")
    original = (built_in() / f"{model}.yaml").read_text("utf-8").split("\n")
    changed = [new for old, new in zip(original, copy, strict=True) if old != new]
    assert changed[0] == "scenario: our-own"
    assert "(adapted)" in changed[1]
    assert changed[2] == "version: 0.1.0"
    assert all(line.startswith("reviewed-by:") for line in changed[3:])
    before, after = (
        check_scenario(from_text("\n".join(lines), "our-own.yaml"), RUBRIC, solve=False) for lines in (original, copy)
    )
    assert [each.code for each in before.problems] == [each.code for each in after.problems]


def test_shared_files_come_with_a_copy(tmp_path: Path) -> None:
    """A copy has the shared scenes beside it that it visits, and one that is there already stays."""
    assert main(["new", "our-own", "--from", "quiet-on-the-phone", "--folder", str(tmp_path)]) == 0
    shared = tmp_path / "shared" / "crisis.yaml"
    assert shared.read_bytes() == (built_in() / "shared" / "crisis.yaml").read_bytes()
    shared.write_text(shared.read_text("utf-8") + "# ours\n", "utf-8")
    assert main(["new", "another", "--from", "quiet-on-the-phone", "--folder", str(tmp_path)]) == 0
    assert shared.read_text("utf-8").endswith("# ours\n")


def test_a_case_without_a_reviewer_says_in_its_copy_that_it_has_none() -> None:
    """`reviewed-by` is written where the original does not have it."""
    text = new_case("first-try", {}).replace("reviewed-by: nobody yet  ", "# ")
    loaded = scenario_from(from_text(adapted(text, "our-own"), "our-own.yaml"), RUBRIC)
    assert loaded.value is not None, loaded.problems
    assert (loaded.value.id, loaded.value.reviewed_by, loaded.value.version) == ("our-own", "nobody yet", "0.1.0")


def test_what_cannot_be_loaded_is_not_copied(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A case with mistakes is told about, and nothing is written."""
    broken = tmp_path / "broken.yaml"
    broken.write_text(new_case("broken", {}).replace("start: desk", "start: dseck"), "utf-8")
    assert main(["new", "our-own", "--from", str(broken), "--folder", str(tmp_path / "new")]) == 2
    assert "undefined-scene" in capsys.readouterr().err
    assert not (tmp_path / "new").exists()


def test_being_stopped_at_a_question_leaves_nothing(tmp_path: Path) -> None:
    """Ctrl-C while it asks writes no file."""
    code = (
        "import sys\nfrom simulator.cli import main\n"
        "class In:\n    def readline(self): raise KeyboardInterrupt\n    def isatty(self): return True\n"
        "sys.stdin = In()\nsys.exit(main(sys.argv[1:]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "new", "first-try", "--folder", str(tmp_path / "new")],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parent.parent,
    )
    assert done.returncode == 2
    assert "stopped" in done.stderr
    assert not (tmp_path / "new").exists()
