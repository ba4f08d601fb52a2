"""The path through the library: what it may say, what is told about it, what follows it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from simulator.check import Around, check
from simulator.learning_path import FILE, NO_PATH, LearningPath, load, path_from
from simulator.library import built_in, cases
from simulator.library_telling import BESIDE_THE_PATH, library_json, library_text, missing_line, shelves
from simulator.problem import Severity
from simulator.progress import progress
from simulator.source import from_text
from tests.attempts import PROMISED, attempted, logged, ticking
from tests.cases import CASE, rubric, scenario
from tests.journals import ANA, case_in, here, text_of
from tests.test_shared import told
from tests.tui_cases import library

PATH = """\
path: ours
stages:
  first-season:
    about: Later.
    cases:
      third: The third thing.
  first-week:
    about: You are new here.
    cases:
      second: |
        The second thing,
        over two lines.
      first: The first thing.
"""


def called(name: str, title: str = "") -> str:
    """Write a small case with an id of its own."""
    title = title or name.capitalize()
    return CASE.replace("scenario: small-case", f"scenario: {name}").replace("A small case", title)


def path_of(text: str = PATH) -> LearningPath:
    """Load a path without mistakes."""
    found = path_from(from_text(text))
    assert found.problems == ()
    assert found.value is not None
    return found.value


def folder_of(folder: Path, *names: str, path: str = "") -> Path:
    """Write cases and a path into a folder of the library."""
    library(folder, *map(called, names))
    if path:
        (folder / FILE).write_text(path, encoding="utf-8")
    return folder


# -- what it says -----------------------------------------------------------------------------


def test_stages_come_in_the_order_of_the_job_and_cases_in_that_of_the_file() -> None:
    """The first week is the first thing, wherever it stands in the file; what a case practises is one paragraph."""
    path = path_of()
    assert [stage.title for stage in path.stages] == ["First week", "First season"]
    assert path.cases == ("second", "first", "third")
    assert (path.practises("second"), path.practises("nothing")) == ("The second thing, over two lines.", "")
    stage = path.stage_of("third")
    assert stage is not None
    assert stage.about == "Later."
    assert path.in_order(["new", "third", "first", "old"]) == ["first", "third", "new", "old"]
    assert path.missing({"first", "third"}) == ("second",)


def test_the_path_lies_beside_the_cases_and_is_none(tmp_path: Path) -> None:
    """What is called `path.yaml` and says so is not listed as a case, nor as a file with mistakes."""
    folder = folder_of(tmp_path, "first", path=PATH)
    known, problems = cases((folder,), rubric())
    assert ([case.scenario.id for case in known], problems) == (["first"], [])


def test_a_case_in_a_file_of_that_name_is_a_case(tmp_path: Path) -> None:
    """Only a path is taken for one: an author who calls a case so can play it."""
    (tmp_path / FILE).write_text(CASE, encoding="utf-8")
    known, problems = cases((tmp_path,), rubric())
    assert ([case.scenario.id for case in known], problems) == (["small-case"], [])
    assert load((tmp_path,)) == (NO_PATH, [])


def test_an_agencys_own_path_comes_first(tmp_path: Path) -> None:
    """A case stands where one's own folders name it first; what these do not name stays where Caseload has it."""
    ours = "path: a\nstages:\n  first-week: {about: Ours., cases: {third: Sooner here., own: Our own.}}\n"
    more = "path: b\nstages:\n  first-month: {about: More., cases: {own: Too late., other: Another.}}\n"
    folders = tuple(
        folder_of(tmp_path / name, path=text) for name, text in (("built", PATH), ("ours", ours), ("more", more))
    )
    path, problems = load(folders)
    assert not problems
    assert [(stage.id, stage.about, tuple(stage.cases)) for stage in path.stages] == [
        ("first-week", "Ours.", ("third", "own", "second", "first")),
        ("first-month", "More.", ("other",)),
        ("first-season", "Later.", ()),
    ]
    assert path.practises("third") == "Sooner here."


def test_without_a_path_nothing_is_said(tmp_path: Path) -> None:
    """Folders without one, and folders that are not there, make no path and no problem."""
    assert load((tmp_path, tmp_path / "nowhere")) == (NO_PATH, [])


# -- what is told -----------------------------------------------------------------------------

WRONG = [
    ("path: ours\n", "path: Our Path\n", "bad-id", 1, 7),
    ("path: ours\n", "path: ours\ntitle: Ours\n", "unknown-key", 2, 1),
    ("  first-week:", "  first-weak:", "unknown-key", 7, 3),
    ("    about: You are new here.\n", "", "missing-key", 8, 5),
    ("    about: Later.", "    about:", "empty-value", 4, 5),
    ("      third: The third thing.", "      first: The third thing.", "duplicate-id", 6, 7),
    ("      third: The third thing.", "      Third: The third thing.", "bad-id", 6, 7),
    ("      third: The third thing.", "      third:", "empty-value", 6, 13),
    ("      third: The third thing.", "      third: {a: b}", "wrong-type", 6, 14),
    ("      third: The third thing.", "      - third", "wrong-type", 6, 7),
]


@pytest.mark.parametrize(("old", "new", "code", "line", "column"), WRONG)
def test_a_mistake_is_told_at_its_place(tmp_path: Path, old: str, new: str, code: str, line: int, column: int) -> None:
    """`caseload check` names line and column, as with a case, and the library goes on without that file."""
    assert PATH.count(old) == 1
    folder = folder_of(tmp_path, path=PATH.replace(old, new))
    (problem,) = check(folder / FILE, rubric())
    assert (problem.code, problem.place.line, problem.place.column) == (code, line, column)
    assert load((folder,)) == (NO_PATH, [problem])


@pytest.mark.parametrize("text", ["path: ours\n", "path: [\n", "path: ours\nstages: []\n", "path: \x00\n"])
def test_a_path_that_says_nothing_is_told(tmp_path: Path, text: str) -> None:
    """A file that cannot be read, or has no stages, is a problem and never stops anybody."""
    folder = folder_of(tmp_path, "first", path=text)
    assert check(folder / FILE, rubric())
    path, problems = load((folder,))
    assert path == NO_PATH
    assert problems
    assert [case.scenario.id for case in cases((folder,), rubric())[0]] == ["first"]


def test_a_case_that_is_not_there_is_told_and_the_others_are_met_all_the_same(tmp_path: Path) -> None:
    """A path that names a missing case is a warning with the nearest id, and everything else in it holds."""
    folder = folder_of(tmp_path, "first", "seconds", path=PATH)
    found = check(folder / FILE, rubric(), around=Around(cases={"first", "seconds"}))
    assert told(found) == [("not-in-library", FILE, 6), ("not-in-library", FILE, 10)]
    assert {each.severity for each in found} == {Severity.WARNING}
    assert [each.hint for each in found] == [
        "put the case into a folder of the library, or take it out of the path",
        "did you mean `seconds`?",
    ]
    known, _ = cases((folder,), rubric())
    path, _ = load((folder,))
    assert [(shelf.title, [case.scenario.id for case in shelf.cases]) for shelf in shelves(known, path)] == [
        ("First week", ["first"]),
        (BESIDE_THE_PATH, ["seconds"]),
    ]
    assert missing_line(path, known) == "On the path, but not in your library: second, third."


def test_many_missing_cases_are_counted() -> None:
    """A line says a few names and how many more there are."""
    names = "".join(f"      case-{number}: Something.\n" for number in range(9))
    path = path_of(f"path: ours\nstages:\n  first-week:\n    about: A.\n    cases:\n{names}")
    assert missing_line(path, []) == "On the path, but not in your library: case-0, case-1, case-2 and 6 more."


def test_the_command_checks_paths_with_the_library(tmp_path: Path) -> None:
    """`caseload check` of a folder looks up what its path names, among all cases there are."""
    folder = folder_of(tmp_path / "ours", "first", "second", path=PATH)
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "settings.yaml").write_text(f"library: [{folder}]\n", encoding="utf-8")
    code, out, _ = text_of(here(tmp_path / "home", "check", "--no-solve", folder / FILE))
    assert code == 1
    assert "path.yaml:6:7: warning[not-in-library]: the library has no case `third`" in out
    library(folder, called("third"))
    assert text_of(here(tmp_path / "home", "check", "--no-solve", folder / FILE))[0] == 0


# -- what follows it --------------------------------------------------------------------------


def test_who_has_no_other_need_is_led_along_the_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was never played is suggested in the order of the path, with why; what was seen comes before that."""
    ticking(monkeypatch)
    from simulator.settings import Home

    where = Home(tmp_path / "home")
    shelf = [scenario(called(name)) for name in ("alone", "first", "second", "third")]
    path = path_of()
    new = progress(ANA, [], shelf, path)
    assert [each.scenario.id for each in new.advice] == ["second", "first", "third", "alone"]
    assert new.advice[0].reason == (
        "You have not played it yet. It is on the path, for the first week: The second thing, over two lines."
    )
    assert new.advice[-1].reason == "You have not played it yet."
    played = case_in(tmp_path / "cases", called("third"))
    attempted(where, played, *PROMISED)
    after = progress(ANA, logged(where), shelf, path)
    assert after.advice[0].scenario.id == "third"
    assert after.advice[0].reason.startswith("Your last attempt raised a critical")
    # Every one of them marks what was weak, so of these the path's next one comes first.
    assert [each.scenario.id for each in after.advice[1:]] == ["second", "first", "alone"]


# -- told line by line ------------------------------------------------------------------------


def test_the_library_is_told_along_the_path(tmp_path: Path) -> None:
    """Every case stands under its stage, with what it practises; what no path names stands below."""
    folder = folder_of(tmp_path, "alone", "first", "second", "third", path=PATH)
    known, _ = cases((folder,), rubric())
    path, _ = load((folder,))
    text = library_text(known, path)
    places = [
        text.index(each)
        for each in (
            "FIRST WEEK\nYou are new here.\n\nSecond (second)\n",
            "  You practise: The second thing, over two lines.\n",
            "First (first)\n",
            "FIRST SEASON\nLater.\n\nThird (third)\n",
            "NOT ON THE PATH\n\nAlone (alone)\n",
        )
    ]
    assert places == sorted(places)
    assert [(each["scenario"], each["path"], each["practises"]) for each in library_json(known, path)] == [
        ("second", "first-week", "The second thing, over two lines."),
        ("first", "first-week", "The first thing."),
        ("third", "first-season", "The third thing."),
        ("alone", "", ""),
    ]


def test_the_command_tells_the_library_and_how_somebody_did(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`caseload library` says attempts, the last result by dimension and criticals; as JSON for tools as well."""
    ticking(monkeypatch)
    from simulator import people
    from simulator.settings import Home

    where = Home(tmp_path / "home")
    folder = folder_of(tmp_path / "ours", "first", "second", path=PATH)
    where.root.mkdir()
    where.settings.write_text(f"library: [{folder}]\n", encoding="utf-8")
    kim = people.add(where.people, "Kim Trainee", people.Role.TRAINEE)
    attempted(where, case_in(tmp_path / "cases", called("second")), *PROMISED, person=kim.id)
    code, out, _ = text_of(here(where.root, "library", "--as", "Kim Trainee"))
    assert code == 0
    second = out[out.index("Second (second)") : out.index("First (first)")]
    assert "Your last attempt:\n   rapport      1 harmful\n" in second
    assert "You played it once:\n" in second
    assert "(1 critical)" in second
    assert "You played it" not in out[: out.index("Second (second)")] + out[out.index("First (first)") :]
    code, out, _ = text_of(here(where.root, "library", "--as", "Kim Trainee", "--format", "json"))
    found = next(each for each in json.loads(out) if each["scenario"] == "second")
    assert len(found["attempts"]) == 1
    assert found["last"]["rapport"] == {"harmful": 1, "poor": 0, "acceptable": 0, "best": 0}
    assert found["last_criticals"] == ["broken-promise"]


def test_somebody_who_has_not_played_may_look(tmp_path: Path) -> None:
    """The library is told to nobody in particular, too, and nobody is taken down for it."""
    code, out, _ = text_of(here(tmp_path / "home", "library"))
    assert code == 0
    assert "FIRST WEEK" in out
    assert not (tmp_path / "home" / "people.yaml").exists()


def test_whoever_names_no_case_is_sent_to_the_library(tmp_path: Path) -> None:
    """Playing line by line without a case says where each is told about."""
    code, _, error = text_of(here(tmp_path / "home", "play", "--plain"))
    assert code == 2
    assert "`caseload library` tells about each" in error


# -- what comes with Caseload -----------------------------------------------------------------


def test_every_case_of_caseload_stands_on_its_path_at_its_stage() -> None:
    """Whoever adds a case says where it belongs; and what the case says about itself is the same."""
    known, _ = cases((built_in(),), rubric())
    path, problems = load((built_in(),))
    assert not problems
    stages = {case.scenario.id: stage.id if (stage := path.stage_of(case.scenario.id)) else "" for case in known}
    assert stages == {case.scenario.id: case.scenario.stage for case in known}
