"""Cases come from the built-in folder and the agency's own; each id is one case."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulator.check import check
from simulator.cli import main
from simulator.library import (
    NoSuchCase,
    built_in,
    cases,
    files,
    find,
    rubric_at,
    shadowed,
    standard_rubric,
)
from simulator.problem import Severity
from simulator.settings import home
from simulator.settings import load as load_settings
from tests.cases import FAIR as CASE
from tests.cases import rubric

OURS = standard_rubric().read_text(encoding="utf-8").replace("best: 3", "best: 5", 1)


def _put(folder: Path, name: str, text: str = CASE) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(text, encoding="utf-8", newline="\n")
    return path


def _called(name: str) -> str:
    return CASE.replace("scenario: small-case", f"scenario: {name}")


def test_folders_come_in_their_order(tmp_path: Path) -> None:
    """Cases are listed folder by folder, by file name within each; other files are left alone."""
    for name in ("b", "a"):
        _put(tmp_path / "one", f"{name}.yaml", _called(f"one-{name}"))
        _put(tmp_path / "two", f"{name}.yaml", _called(f"two-{name}"))
    _put(tmp_path / "one", "notes.txt")
    _put(tmp_path / "one" / "drafts", "c.yaml", _called("c"))
    folders = (tmp_path / "two", tmp_path / "missing", tmp_path / "one")
    assert [path.name for path in files(folders)] == ["a.yaml", "b.yaml", "a.yaml", "b.yaml"]
    found, problems = cases(folders, rubric())
    assert [case.scenario.id for case in found] == ["two-a", "two-b", "one-a", "one-b"]
    assert problems == []


def test_a_case_with_mistakes_keeps_no_other_out(tmp_path: Path) -> None:
    """What cannot be played is reported; the rest of the library can be."""
    _put(tmp_path, "bad.yaml", CASE.replace("next: done", "next: nowhere"))
    _put(tmp_path, "good.yaml")
    found, problems = cases((tmp_path,), rubric())
    assert [case.scenario.id for case in found] == ["small-case"]
    assert [(problem.code, Path(problem.place.file).name) for problem in problems] == [("undefined-scene", "bad.yaml")]


# Two cases of one id


def _twins(tmp_path: Path) -> tuple[Path, Path]:
    """Two cases of one id in two folders; in the second, the id does not stand in the first line."""
    first = _put(tmp_path / "one", "case.yaml")
    other = CASE.replace("A small case", "Another case").replace("scenario: small", "scenario: 'small", 1)
    other = "# A copy.\n" + other.replace("small-case\n", "small-case'  # as before\n", 1)
    return first, _put(tmp_path / "two", "copy.yaml", other)


def test_a_second_case_of_the_same_id_is_reported(tmp_path: Path) -> None:
    """Of two cases with one id the first is played; the other is named at its id, with where the first has it."""
    first, second = _twins(tmp_path)
    folders = (tmp_path / "one", tmp_path / "two")
    found, problems = cases(folders, rubric())
    assert [case.scenario.title for case in found] == ["A small case"]
    (problem,) = problems
    assert (problem.code, problem.severity) == ("shadowed-id", Severity.WARNING)
    assert (problem.place.file, problem.place.line, problem.place.column) == (str(second), 2, 12)
    assert problem.message == f"`small-case` is the id of another case as well, and that one is used: {first}:1:11"
    assert shadowed(files(folders), rubric()) == problems
    assert find("small-case", folders, rubric()).scenario.title == "A small case"
    assert find("small-case", folders[::-1], rubric()).scenario.title == "Another case"
    assert find(str(second), folders, rubric()).scenario.title == "Another case"


def test_an_id_can_be_taken_twice_in_one_folder(tmp_path: Path) -> None:
    """Every case but the first is reported, wherever it lies."""
    paths = [_put(tmp_path, f"{name}.yaml") for name in "bca"]
    _, problems = cases((tmp_path,), rubric())
    assert sorted(problem.place.file for problem in problems) == [str(paths[0]), str(paths[1])]
    assert shadowed(files((tmp_path,)), rubric()) == problems


def test_a_case_with_mistakes_takes_no_id(tmp_path: Path) -> None:
    """A file that cannot be played keeps no other from being played by its id."""
    _put(tmp_path, "a.yaml", CASE.replace("next: done", "next: nowhere"))
    _put(tmp_path, "b.yaml")
    found, problems = cases((tmp_path,), rubric())
    assert [Path(case.source.name).name for case in found] == ["b.yaml"]
    assert [problem.code for problem in problems] == ["undefined-scene"]
    assert shadowed(files((tmp_path,)), rubric()) == []


def test_a_folder_does_not_shadow_itself(tmp_path: Path) -> None:
    """A folder that the settings name twice, or by two names, has each case once."""
    _put(tmp_path / "one", "case.yaml")
    (tmp_path / "two").mkdir()
    folders = (tmp_path / "one", tmp_path / "two" / ".." / "one", tmp_path / "one")
    found, problems = cases(folders, rubric())
    assert (len(found), problems) == (1, [])
    assert shadowed(files(folders), rubric()) == []


def test_who_asks_for_what_is_shadowed_is_told(tmp_path: Path) -> None:
    """The list of what there is names what has the id of another, and never calls it faulty."""
    _twins(tmp_path)
    _put(tmp_path / "two", "draft.yaml", "scenario: draft\n")
    with pytest.raises(NoSuchCase) as refused:
        find("copy", (tmp_path / "one", tmp_path / "two"), rubric())
    assert str(refused.value) == (
        "the library has no case `copy`; it has: small-case "
        "(not counting what has mistakes: draft.yaml; nor what has the id of another: copy.yaml)"
    )


def test_checking_the_library_finds_shadowed_ids(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`caseload check` over the folders of the library names file, line and column of both."""
    first, second = _twins(tmp_path)
    assert main(["check", "--no-solve", str(tmp_path / "one")]) == 0
    assert main(["check", "--no-solve", str(tmp_path / "one"), str(tmp_path / "two")]) == 1
    out = capsys.readouterr().out
    assert f"{second}:2:12: warning[shadowed-id]: " in out
    assert f"{first}:1:11" in out
    assert "\n2 files checked: 1 warning\n" in out


def test_a_case_of_the_agency_can_be_played_by_id(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The library is the built-in folder and every folder of the settings; `caseload check` checks them all."""
    _put(tmp_path / "ours", "a.yaml")
    _put(tmp_path / "more", "b.yml", _called("further-case"))
    (tmp_path / "settings.yaml").write_text("library: [ours, more]\n", encoding="utf-8")
    monkeypatch.setenv("CASELOAD_HOME", str(tmp_path))
    settings, problems = load_settings(home())
    assert problems == ()
    folders = (built_in(), *settings.library)
    assert find("small-case", folders, rubric()).scenario.id == "small-case"
    assert find("further-case", folders, rubric()).scenario.id == "further-case"
    assert len(list(files(folders))) == len(list(files((built_in(),)))) + 2
    main(["check", "--no-solve"])
    checked = capsys.readouterr().out.splitlines()[-1].partition(" ")[0]
    assert int(checked) == len(list(built_in().rglob("*.yaml"))) + 2


# Scenes that cases share


SHARED = """\
shared: crisis
version: 1.0.0
scenes:
  ask: {text: Ask., next: return}
"""
VISITING = """\
start: visiting
shared: crisis
scenes:
  visiting: {visit: ask, next: desk}
"""


def _visiting(name: str) -> str:
    return _called(name).replace("start: desk\nscenes:\n", VISITING)


def test_shared_scenes_are_no_case(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What lies in a folder `shared` is not listed as a case; checking a folder checks it as what it is."""
    _put(tmp_path, "case.yaml", _visiting("small-case"))
    _put(tmp_path / "shared", "crisis.yaml", SHARED)
    found, problems = cases((tmp_path,), rubric())
    assert ([case.scenario.id for case in found], problems) == (["small-case"], [])
    assert main(["check", "--no-solve", str(tmp_path)]) == 0
    assert capsys.readouterr().out == "2 files checked: no problems\n"


def test_a_mistake_in_a_shared_scene_is_reported_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """However many cases visit a shared scene, what is wrong in it is one problem."""
    _put(tmp_path, "a.yaml", _visiting("first-case"))
    _put(tmp_path, "b.yaml", _visiting("second-case"))
    _put(tmp_path / "shared", "crisis.yaml", SHARED.replace("next: return", "next: back"))
    assert main(["check", "--no-solve", str(tmp_path)]) == 1
    out = capsys.readouterr().out
    assert out.count("error[") == 1
    assert "\n3 files checked: 1 error\n" in out


def test_a_case_that_visits_what_has_mistakes_is_not_played(tmp_path: Path) -> None:
    """Who asks for a case gets the mistakes of the shared scenes that it visits, too."""
    _put(tmp_path, "small-case.yaml", _visiting("small-case"))
    _put(tmp_path / "shared", "crisis.yaml", SHARED.replace("next: return", "next: back"))
    with pytest.raises(NoSuchCase, match="cannot be played as it is") as refused:
        find("small-case", (tmp_path,), rubric())
    assert [problem.code for problem in refused.value.problems] == ["undefined-scene"]


def test_a_visiting_case_is_shadowed_like_any_other(tmp_path: Path) -> None:
    """The id of a case that visits shared scenes is found where it stands in its own file."""
    _put(tmp_path / "shared", "crisis.yaml", SHARED)
    first = _put(tmp_path, "a.yaml", "# Visits.\n" + _visiting("small-case"))
    _put(tmp_path, "b.yaml", _visiting("small-case"))
    _, problems = cases((tmp_path,), rubric())
    assert [problem.message.rpartition(": ")[2] for problem in problems] == [f"{first}:2:11"]
    assert shadowed(files((tmp_path,)), rubric()) == problems


# Asking for a case


def test_a_case_is_found_by_id_or_path(tmp_path: Path) -> None:
    """An id finds a case whatever its file is called; a path finds a file wherever it lies."""
    path = _put(tmp_path / "one", "file-1.yaml")
    for name in ("small-case", str(path)):
        found = find(name, (tmp_path / "one",), rubric())
        assert found.scenario.id == "small-case"
        assert found.source.data == path.read_bytes()
    assert find(str(path), (), rubric()).scenario.id == "small-case"


def test_a_case_that_is_not_there(tmp_path: Path) -> None:
    """Who asks for a case that is not there is told what is, and what would be but for its mistakes."""
    _put(tmp_path, "good.yaml")
    with pytest.raises(NoSuchCase, match=r"^the library has no case `nope`; it has: small-case$"):
        find("nope", (tmp_path,), rubric())
    with pytest.raises(NoSuchCase, match=r"it has: none that can be played$"):
        find("nope", (), rubric())
    _put(tmp_path, "draft.yaml", "scenario: draft\n")
    with pytest.raises(NoSuchCase, match=r"it has: small-case \(not counting what has mistakes: draft\.yaml\)$"):
        find("nope", (tmp_path,), rubric())


def test_a_case_with_mistakes_is_not_played(tmp_path: Path) -> None:
    """Who asks for a case with mistakes gets the mistakes."""
    path = _put(tmp_path, "draft.yaml", CASE.replace("next: done", "next: nowhere"))
    for name in ("draft", str(path)):
        with pytest.raises(NoSuchCase, match="cannot be played as it is") as refused:
            find(name, (tmp_path,), rubric())
        assert [problem.code for problem in refused.value.problems] == ["undefined-scene"]


@pytest.mark.parametrize(
    "name", ["nowhere.yaml", "./nowhere", "~no-such-person-here/case.yaml", "a\0b.yaml", "x" * 5000]
)
def test_a_path_that_leads_nowhere(tmp_path: Path, name: str) -> None:
    """Whatever somebody types for a case, the answer is a sentence."""
    with pytest.raises(NoSuchCase):
        find(name, (tmp_path,), rubric())


def test_a_large_case_needs_to_be_allowed(tmp_path: Path) -> None:
    """A file larger than a case should be is only read when whoever plays it says so."""
    path = _put(tmp_path, "large.yaml", CASE + "# much ado\n" * 100_000)
    with pytest.raises(NoSuchCase) as refused:
        find(str(path), (), rubric())
    assert [problem.code for problem in refused.value.problems] == ["too-large"]
    assert find(str(path), (), rubric(), limit=2 * 1024 * 1024).scenario.id == "small-case"


def test_the_standard_rubric_is_sound() -> None:
    """Caseload's own rubric has no problem, and is what is used when no other is named."""
    loaded = rubric_at()
    assert loaded.problems == ()
    assert loaded.value is not None
    assert loaded.source is not None
    assert loaded.source.data == standard_rubric().read_bytes()


def test_an_agency_can_have_its_own_rubric(tmp_path: Path) -> None:
    """A rubric that is named is used instead, and has a hash of its own."""
    loaded = rubric_at(_put(tmp_path, "ours.yaml", OURS))
    assert loaded.problems == ()
    assert loaded.value is not None
    assert max(loaded.value.points.values()) == 5
    assert loaded.value.hash != rubric().hash


def test_a_rubric_with_mistakes_is_not_used(tmp_path: Path) -> None:
    """A rubric with a mistake is refused with its place, never mixed with another."""
    loaded = rubric_at(_put(tmp_path, "ours.yaml", OURS.replace("best: 5", "best: -5", 1)))
    assert loaded.value is None
    assert [problem.code for problem in loaded.problems] == ["out-of-range"]


def test_the_built_in_folder_has_cases() -> None:
    """There is something to play, and something to write by."""
    assert list(files((built_in(),)))


# What is neither a case nor a rubric


@pytest.mark.parametrize("text", ["ana: {name: Ana}\n", "title: A case to be\n", "{}\n"])
def test_another_file_is_said_to_be_no_case(tmp_path: Path, text: str) -> None:
    """A YAML file of another kind is one problem in words, not one for each key that a case has."""
    (problem,) = check(_put(tmp_path, "other.yaml", text), rubric())
    assert problem.code == "not-a-scenario"
    assert "`scenario:`" in problem.message


def test_what_a_case_lacks_is_said_at_once(tmp_path: Path) -> None:
    """All keys that a case lacks are one problem."""
    (problem,) = check(
        _put(tmp_path, "case.yaml", "scenario: a-case\ntitle: A case\nversion: 1.0.0\nsummary: None.\n"), rubric()
    )
    assert problem.code == "missing-key"
    assert problem.message == "a scenario needs `people:`, `client:`, `start:`, `scenes:` and `endings:`"


def test_a_rubric_is_checked_as_one(tmp_path: Path) -> None:
    """A rubric among the cases is checked as what it is."""
    assert check(_put(tmp_path, "ours.yaml", OURS), rubric()) == ()
