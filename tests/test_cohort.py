"""Who is to play which case until when: the file that says so, where it comes from, and what follows from it."""

from __future__ import annotations

import errno
import io
import json
import os
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft7Validator

from simulator import people
from simulator.archive import Archive, Logged
from simulator.check import Around, check
from simulator.cli import main
from simulator.cohort import cohort_file as cohort
from simulator.cohort import cohort_files
from simulator.cohort.assigned import (
    State,
    Tried,
    assignments_of,
    due_line,
    purpose_of,
    terms_of,
    tried,
    tried_at,
)
from simulator.cohort.cohort_file import Assignment, Cohort, Due, cohort_from, overdue
from simulator.cohort.cohort_files import Cohorts, fetch, load
from simulator.listing import as_json, as_lines
from simulator.people import People, Person
from simulator.play import Play
from simulator.practice import is_practice, minutes_taken, summary
from simulator.report import report
from simulator.review.writing import Reviewing
from simulator.settings import Home
from simulator.source import from_text
from tests.attempts import EXPLAINED, PROMISED, do, ticking
from tests.cases import rubric
from tests.failing import FailingOs
from tests.journals import ANA, case_in, posix, rubric_source

LI = "p-5e6f7a8b"
EARLY, DUE, LATE = date(2027, 3, 1), date(2027, 3, 31), date(2027, 4, 1)

SPRING = f"""\
# Riverside, spring.
cohort: spring-2027
title: Spring 2027
people: [{ANA}, {LI}]
assigned:
  - case: small-case
    due: 2027-03-31
    feedback: end
    confidence: yes
  - {{case: other-case, due: "2027-04-30", for: {LI}, feedback: each}}
"""
PEOPLE = {ANA: "Ana Ruiz", LI: "Li Wei"}
CASES = ("small-case", "other-case")


def _read(text: str) -> Cohort:
    """Read a cohort that has no problem."""
    loaded = cohort_from(from_text(text, "spring.yaml"), PEOPLE, CASES)
    assert not loaded.problems
    assert loaded.value is not None
    return loaded.value


def _wrong(text: str) -> list[tuple[str, int]]:
    """Return the codes and lines of what is wrong with a cohort."""
    loaded = cohort_from(from_text(text, "spring.yaml"), PEOPLE, CASES)
    return [(problem.code, problem.place.line) for problem in loaded.problems]


# -- the file -------------------------------------------------------------------------------------


def test_a_cohort_is_read() -> None:
    """A file says who learns together, and what each of them is to play until when, and how."""
    assert _read(SPRING) == Cohort(
        "spring-2027",
        "Spring 2027",
        (ANA, LI),
        (
            Assignment("small-case", DUE, (ANA, LI), "end", True),
            Assignment("other-case", date(2027, 4, 30), (LI,), "each"),
        ),
    )
    assert [each.case for each in _read(SPRING).of(LI)] == ["small-case", "other-case"]
    assert [each.case for each in _read(SPRING).of(ANA)] == ["small-case"]
    assert _read(SPRING).of("p-stranger") == ()


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        (f"[{ANA}, {LI}]", f"[{ANA}, {LI}, p-5e6f7a8c]", "not-in-people"),
        (f"[{ANA}, {LI}]", f"[Ana Ruiz, {ANA}, {LI}]", "not-in-people"),
        (f"[{ANA}, {LI}]", f"[{ANA}, {LI}, {ANA}]", "named-twice"),
        (f"[{ANA}, {LI}]", "[]", "empty-value"),
        (f"for: {LI}", f"for: [{LI}, {LI}]", "named-twice"),
        (f"for: {LI}", "for: p-5e6f7a8c", "not-in-cohort"),
        (f"for: {LI}", "for: []", "empty-value"),
        ("case: other-case", "case: other-cases", "not-in-library"),
        ("case: other-case", "case: small-case", "assigned-twice"),
        ("case: other-case, ", "", "missing-key"),
        ("2027-03-31", "2027-02-30", "bad-date"),
        ("2027-03-31", "31.3.2027", "bad-date"),
        ("2027-03-31", "2027-3-31", "bad-date"),
        ("2027-03-31", "tomorrow", "bad-date"),
        ("2027-03-31", "[2027, 3]", "wrong-type"),
        ("title: Spring 2027", "title: Spring\nbegins: 2027-05-01", "due-before-begins"),
        ("title: Spring 2027", "title: Spring\nbegins: 2027-13-01", "bad-date"),
        ("title: Spring 2027", "titel: Spring", "unknown-key"),
        ("cohort: spring-2027", "cohort: Spring 2027", "bad-id"),
        ("feedback: end", "feedback: ends", "unknown-word"),
        ("confidence: yes", "confidence: maybe", "unknown-word"),
        (f"people: [{ANA}, {LI}]\n", "people: everybody\n", "not-in-people"),
        ("assigned:\n", "assigned: &all\n", "anchor"),
    ],
)
def test_a_mistake_has_its_code_and_its_place(before: str, after: str, code: str) -> None:
    """Whatever is wrong is said where it stands."""
    assert before in SPRING
    text = SPRING.replace(before, after, 1)
    line = text[: text.index(after or "- {")].count("\n") + 1
    assert code in {each for each, _ in _wrong(text)}
    assert all(at >= line for each, at in _wrong(text) if each == code)


def test_every_mistake_is_told_at_once_with_what_to_do() -> None:
    """A file with several mistakes is mended in one go: near names are suggested, and the id of a name is told."""
    text = SPRING.replace(f"[{ANA}, {LI}]", f"[ana ruiz, {LI}]").replace("small-case", "smal-case")
    text = text.replace("2027-03-31", "2027-02-30")
    problems = cohort_from(from_text(text, "spring.yaml"), PEOPLE, CASES).problems
    hints = {problem.code: f"{problem.place}: {problem.hint}" for problem in problems}
    assert hints["not-in-people"].startswith("spring.yaml:4:10: ")
    assert f"`{ANA}`" in hints["not-in-people"]
    assert hints["not-in-library"] == "spring.yaml:6:11: did you mean `small-case`?"
    assert hints["bad-date"].startswith("spring.yaml:7:10: ")
    assert cohort_from(from_text(text), PEOPLE, CASES).value is None


def test_a_case_may_be_assigned_to_some_early_and_to_others_late() -> None:
    """The same case twice is a mistake only where it is twice for the same person, and says for whom."""
    apart = "".join(f"  - {{case: small-case, due: 2027-0{n}-01, for: {who}}}\n" for n, who in ((1, ANA), (2, LI)))
    head = SPRING.partition("assigned:\n")[0] + "assigned:\n"
    assert [each.due.month for each in _read(head + apart).assigned] == [1, 2]
    loaded = cohort_from(from_text(head + apart.replace(f", for: {LI}", "")), PEOPLE, CASES)
    (problem,) = loaded.problems
    assert (problem.code, problem.message) == ("assigned-twice", f"`small-case` is assigned to `{ANA}` already")


def test_without_people_and_cases_nothing_is_looked_up() -> None:
    """A trainee's machine need not know everybody and everything that a cohort names; ids must still be ids."""
    loaded = cohort_from(from_text(SPRING))
    assert loaded.value is not None
    assert not loaded.problems
    strange = SPRING.replace(LI, "../../etc").replace("other-case", "Other Case")
    assert {problem.code for problem in cohort_from(from_text(strange)).problems} >= {"bad-id"}


def test_a_cohort_has_an_end() -> None:
    """A file with more people or assignments than a cohort can have is told so, and is not used."""
    many = "".join(f"  - {{case: c{n}, due: 2027-01-01}}\n" for n in range(cohort.MOST_ASSIGNED + 1))
    head = SPRING.partition("assigned:\n")[0]
    loaded = cohort_from(from_text(f"{head}assigned:\n{many}"))
    assert [problem.code for problem in loaded.problems] == ["too-many-in-cohort"]
    crowd = ", ".join(f"p{n}" for n in range(cohort.MOST_PEOPLE + 1))
    loaded = cohort_from(
        from_text(f"cohort: a\ntitle: A\npeople: [{crowd}]\nassigned: [{{case: a, due: 2027-01-01}}]\n")
    )
    assert [problem.code for problem in loaded.problems] == ["too-many-in-cohort"]
    assert loaded.value is None


HOSTILE = [
    b"",
    b"# nothing\n",
    b"cohort:\n",
    b"cohort: [a]\n",
    b"- cohort: a\n",
    b"\xff\xfec\x00o\x00",
    b"cohort: a\ntitle: \x1b]0;x\x07\npeople: {a: b}\nassigned: {case: a}\n",
    b"cohort: a\ntitle: A\npeople: [[a]]\nassigned: [a, [b], {case: [c], due: {d: e}}]\n",
    b"cohort: a\ntitle: A\npeople: [a]\nassigned:\n  - {case: a, due: 2027-01-01, for: {a: b}}\n",
    b"cohort: a\ntitle: A\npeople: [a]\nassigned:\n  - {case: a, due: 2027-01-01, evil: yes}\n",
    b"cohort: " + b"[" * 5000,
    b"a: &a [x]\ncohort: *a\n",
    b"cohort: a\ntitle: A\npeople: [a]\nassigned: [{case: a, due: " + b"9" * 5000 + b"}]\n",
    "cohort: a\ntitle: A\npeople: [a]\nassigned: [{case: a, due: ２０２７-01-01}]\n".encode(),
    b"x" * (cohort.LARGEST_COHORT + 1),
]


@pytest.mark.parametrize("data", HOSTILE, ids=lambda data: repr(data[:24]))
def test_no_file_is_worse_than_a_problem(tmp_path: Path, data: bytes) -> None:
    """Whatever lies where a cohort file should be, problems come of it, and nothing else."""
    path = tmp_path / "spring.yaml"
    path.write_bytes(data)
    loaded = cohort.load(path)
    assert loaded.problems
    assert loaded.value is None
    assert "\x1b" not in "".join(map(str, loaded.problems))


# -- checking -------------------------------------------------------------------------------------


@pytest.fixture
def where(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """Return a home with two people, the small case as its library, and a shared folder in its settings."""
    home = Home(tmp_path / "home")
    case_in(home.root / "cases")
    home.people.write_text("".join(f"{person}: {{name: {name}}}\n" for person, name in PEOPLE.items()))
    home.settings.write_text("shared: ../shared\n")
    monkeypatch.setenv("CASELOAD_HOME", str(home.root))
    monkeypatch.setattr("simulator.library.built_in", lambda: home.root / "cases")
    return home


def _put(folder: Path, text: str, name: str = "spring.yaml") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def _shared(where: Home) -> Path:
    return where.root.parent / "shared" / "cohorts"


SMALL = SPRING.partition("  - {case: other")[0]
"""A cohort with one assignment."""


def _said(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    code = main([str(each) for each in arguments])
    out, error = capsys.readouterr()
    return code, out, error


def test_check_knows_a_cohort_file(where: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`caseload check` looks up who and what a cohort names, in a file and in a folder of them."""
    path = _put(tmp_path / "cohorts", SMALL)
    assert _said(capsys, "check", path) == (0, "1 file checked: no problems\n", "")
    _put(tmp_path / "cohorts", SPRING.replace(LI, "p-gone"), "summer.yml")
    code, out, _ = _said(capsys, "check", tmp_path / "cohorts", "--format", "json")
    found = json.loads(out)
    assert code == 1
    assert [each["code"] for each in found] == ["not-in-people", "not-in-library"]
    assert {Path(each["file"]).name for each in found} == {"summer.yml"}


def test_check_without_a_name_checks_cohorts_too(where: Home, capsys: pytest.CaptureFixture[str]) -> None:
    """The library, the people file, one's own cohorts and those of the shared folder are checked together."""
    _put(where.cohorts, SMALL)
    _put(_shared(where), SMALL.replace("2027-03-31", "soon"), "summer.yaml")
    code, out, _ = _said(capsys, "check", "--no-solve")
    assert code == 1
    assert "summer.yaml:7:10: error[bad-date]" in out
    assert "4 files checked: 1 error" in out


@pytest.mark.parametrize(
    ("person", "name", "gives"),
    [
        ("ana", "Ana Ruiz", True),
        ("a-ruiz", "Ana Ruiz", True),
        ("aruiz", "Ana Ruiz", True),
        ("zoe-2", "Zoë", True),
        ("li", "Li", True),
        ("t-07", "Ana Ruiz", False),
        ("p-1a2b3c4d", "Ana Ruiz", False),
        ("p-ada12345", "Ada", False),
        ("oliver", "Li", False),
        ("t-07", "T", False),
    ],
)
def test_an_id_that_gives_a_name_away_is_advised_against(tmp_path: Path, person: str, name: str, gives: bool) -> None:
    """An id with somebody's name in it would stand in every journal for good; what says nothing is left in peace."""
    path = _put(tmp_path, f"{person}: {{name: {name}}}\n", "people.yaml")
    assert [problem.code for problem in check(path, rubric())] == (["name-in-id"] if gives else [])
    assert people.load(path).problems == ()


def test_an_editor_is_helped_with_a_cohort_file(where: Home, capsys: pytest.CaptureFixture[str]) -> None:
    """The schema takes what the loader takes, refuses what can be seen to be wrong, and offers ids but no names."""
    code, out, _ = _said(capsys, "schema", "--for", "cohort")
    assert code == 0
    schema = json.loads(out)
    assert set(schema["properties"]) == set(cohort.COHORT_KEYS)
    assert set(schema["properties"]["assigned"]["items"]["properties"]) == set(cohort.ASSIGNMENT_KEYS)
    assert ANA in out
    assert "small-case" in out
    assert "Ruiz" not in out
    validator = Draft7Validator(schema)
    good = yaml.load(SPRING, yaml.BaseLoader)  # noqa: S506 - it makes text of everything
    assert list(validator.iter_errors(good)) == []
    for key, value in (("due", "31.3.2027"), ("case", "Small Case"), ("feedback", "ends"), ("unknown", "yes")):
        assert list(validator.iter_errors({**good, "assigned": [{**good["assigned"][0], key: value}]}))
    for name in cohort.COHORT_NEEDS:
        assert list(validator.iter_errors({key: value for key, value in good.items() if key != name}))
    assert _said(capsys, "schema", "--for", "cohort", "--case", "x.yaml")[0] == 2


# -- where they come from -------------------------------------------------------------------------


def test_cohorts_of_the_home_and_of_the_shared_folder(where: Home) -> None:
    """One's own come first, then what was found in the shared folder."""
    _put(where.cohorts, SMALL)
    _put(_shared(where), SMALL.replace("spring-2027", "summer"), "summer.yaml")
    assert [each.id for each in load(where, _shared(where).parent).cohorts] == ["spring-2027"]
    assert fetch(where, _shared(where).parent) == ()
    found = load(where, _shared(where).parent)
    assert [each.id for each in found.cohorts] == ["spring-2027", "summer"]
    assert found.names(ANA)
    assert not found.names("p-stranger")
    assert found.get("summer") == found.cohorts[1]
    assert [each.id for each in load(where).cohorts] == ["spring-2027"]


def test_of_two_with_the_same_id_the_first_is_used(where: Home) -> None:
    """One's own copy of a shared file is no news; another file with its id is told about, and not used."""
    _put(where.cohorts, SMALL)
    _put(_shared(where), SMALL)
    fetch(where, _shared(where).parent)
    assert load(where, _shared(where).parent).problems == ()
    _put(_shared(where), SMALL.replace("2027-03-31", "2027-03-30"))
    fetch(where, _shared(where).parent)
    found = load(where, _shared(where).parent)
    assert [problem.code for problem in found.problems] == ["shadowed-cohort"]
    assert found.cohorts[0].assigned[0].due == DUE


def test_offline_the_last_good_copy_is_known(where: Home) -> None:
    """Where the shared folder is away, spoilt or unreadable, what was assigned before still is."""
    shared = _shared(where).parent
    path = _put(_shared(where), SMALL)
    fetch(where, shared)
    known = load(where, shared).cohorts
    assert len(known) == 1
    path.write_bytes(b"cohort: [\n")
    assert fetch(where, shared)
    assert load(where, shared) == Cohorts(known)
    path.unlink()
    path.mkdir()
    assert [problem.code for problem in fetch(where, shared)] == ["not-a-file"]
    assert load(where, shared) == Cohorts(known)
    shared.rename(shared.with_name("away"))
    assert fetch(where, shared) == ()
    assert load(where, shared) == Cohorts(known)


def test_what_is_taken_away_is_no_longer_assigned(where: Home) -> None:
    """A file that is gone while its folder is there takes its copy along; a changed one replaces it."""
    shared = _shared(where).parent
    path = _put(_shared(where), SMALL)
    fetch(where, shared)
    path.write_text(SMALL.replace("2027-03-31", "2027-04-01"))
    fetch(where, shared)
    assert load(where, shared).cohorts[0].assigned[0].due == LATE
    path.unlink()
    fetch(where, shared)
    assert load(where, shared) == Cohorts()


def test_ones_own_cohort_files_are_never_written(where: Home) -> None:
    """Fetching touches nothing but its own copies, whatever the files are called."""
    own = _put(where.cohorts, SMALL, "shared-spring.yaml")
    for name in ("Spring 2027.yaml", "spring-2027.yaml", "SPRING 2027.YAML", "é.yml"):
        _put(_shared(where), SMALL.replace("spring-2027", f"c{len(name)}{name[0] == 'S'}".lower()), name)
    fetch(where, _shared(where).parent)
    assert own.read_text() == SMALL
    assert sorted(path.name for path in where.cohorts.iterdir()) == ["shared", "shared-spring.yaml"]
    names = [path.name for path in (where.cohorts / "shared").iterdir()]
    assert len(names) == 4
    assert all(re.fullmatch(r"[a-z0-9-]+\.yaml", name) for name in names)


@posix
def test_the_shared_folder_may_be_hostile(where: Home, tmp_path: Path) -> None:
    """Links, pipes, hidden files, garbage and crowds in the shared folder come to nothing, and keep nothing out."""
    shared = _shared(where).parent
    _put(_shared(where), SMALL, "a-good-one.yaml")
    secret = _put(tmp_path, SMALL.replace("spring-2027", "secret"), "secret.yaml")
    (_shared(where) / "link.yaml").symlink_to(secret)
    (_shared(where) / "loop.yaml").symlink_to("loop.yaml")
    (_shared(where) / ".half.yaml").write_text(SMALL.replace("spring-2027", "half"))
    os.mkfifo(_shared(where) / "pipe.yaml")
    for number, data in enumerate(HOSTILE):
        (_shared(where) / f"hostile-{number}.yaml").write_bytes(data)
    assert fetch(where, shared)
    assert [each.id for each in load(where, shared).cohorts] == ["spring-2027"]
    for number in range(cohort_files.MOST_FILES + 1):
        (_shared(where) / f"more-{number}.yaml").write_text(SMALL.replace("spring-2027", f"more-{number}"))
    assert "too-many-cohorts" in {problem.code for problem in fetch(where, shared)}
    assert len(list((where.cohorts / "shared").iterdir())) <= cohort_files.MOST_FILES


def test_a_full_disk_keeps_nobody_from_playing(where: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """If a copy cannot be kept nothing is raised, and the next time it is."""
    _put(_shared(where), SMALL)
    with monkeypatch.context() as patch:
        patch.setattr("simulator.durable.os", FailingOs(at=0, error=errno.ENOSPC, for_good=True))
        assert fetch(where, _shared(where).parent) == ()
    assert load(where, _shared(where).parent) == Cohorts()
    fetch(where, _shared(where).parent)
    assert len(load(where, _shared(where).parent).cohorts) == 1


# -- what follows from it -------------------------------------------------------------------------

COHORT = _read(SMALL)
TRIED = Tried("s1", ANA, "small-case", "2027-03-02T09:00:00Z", "", "assigned")
DONE = replace(TRIED, finished="2027-03-02T09:30:00Z")


def _state(*sessions: Tried, today: date = EARLY, cohort: Cohort = COHORT) -> tuple[State, str, bool]:
    (found,) = assignments_of(ANA, [cohort], sessions, today)
    return found.state, found.session, found.overdue


def test_how_far_somebody_is() -> None:
    """An assignment is not begun, unfinished, finished or sent back; sending back opens it again, until the next."""
    back = replace(DONE, sent_back=True)
    second = replace(TRIED, session="s2", started="2027-03-05T09:00:00Z")
    assert _state() == (State.NOT_BEGUN, "", False)
    assert _state(TRIED) == (State.UNFINISHED, "s1", False)
    assert _state(TRIED, second) == (State.UNFINISHED, "s2", False)
    assert _state(DONE) == _state(DONE, second) == (State.FINISHED, "s1", False)
    assert _state(back) == (State.SENT_BACK, "s1", False)
    assert _state(back, second) == (State.UNFINISHED, "s2", False)
    assert _state(back, replace(second, finished="2027-03-05T10:00:00Z")) == (State.FINISHED, "s2", False)


def test_a_day_is_in_time_until_it_is_over() -> None:
    """What is due on a day is overdue from the day after, unless an attempt was finished, be it late or sent back."""
    assert not _state(today=DUE)[2]
    assert _state(today=LATE)[2]
    assert _state(TRIED, today=LATE)[2]
    assert not _state(DONE, today=LATE)[2]
    assert not _state(replace(DONE, sent_back=True), today=LATE)[2]


@pytest.mark.parametrize(
    "other",
    [
        replace(DONE, purpose="practice"),
        replace(DONE, purpose=""),
        replace(DONE, again=True),
        replace(DONE, person=LI),
        replace(DONE, scenario="other-case"),
    ],
)
def test_what_does_not_count(other: Tried) -> None:
    """Practice, what was begun again from a decision, what nobody knew to be assigned, and what is of others."""
    assert _state(other)[0] is State.NOT_BEGUN
    assert purpose_of(ANA, "small-case", [COHORT], [other]) == "assigned"


def test_a_cohort_may_begin_on_a_day() -> None:
    """What was played before that day does not count; what was played after it without knowing of the cohort does."""
    begun = replace(COHORT, begins=date(2027, 3, 2))
    assert _state(DONE, cohort=begun)[0] is State.FINISHED
    assert _state(replace(DONE, purpose=""), cohort=begun)[0] is State.FINISHED
    assert _state(replace(DONE, purpose="practice"), cohort=begun)[0] is State.NOT_BEGUN
    assert _state(replace(DONE, started="2027-03-01T23:00:00Z"), cohort=begun)[0] is State.NOT_BEGUN


def test_what_a_session_is_for() -> None:
    """Assigned until an attempt is finished; then, and with any other case, practice; nothing where nobody is named."""
    assert purpose_of(ANA, "small-case", [COHORT], []) == "assigned"
    assert purpose_of(ANA, "small-case", [COHORT], [TRIED]) == "assigned"
    assert purpose_of(ANA, "small-case", [COHORT], [DONE]) == "practice"
    assert purpose_of(ANA, "small-case", [COHORT], [replace(DONE, sent_back=True)]) == "assigned"
    assert purpose_of(ANA, "other-case", [COHORT], []) == "practice"
    assert purpose_of("p-stranger", "small-case", [COHORT], []) == ""
    assert purpose_of(ANA, "small-case", [], []) == ""


def test_what_is_due_first_stands_first() -> None:
    """Of several assignments the open ones come first, by their day; a case that two cohorts assign stands once."""
    early = replace(COHORT, id="early", assigned=(Assignment("other-case", EARLY, (ANA,)),))
    twice = replace(COHORT, id="twice", assigned=(replace(COHORT.assigned[0], due=EARLY),))
    found = assignments_of(ANA, [COHORT, early, twice], [], EARLY)
    assert [(each.case, each.due, each.cohort.id) for each in found] == [
        ("other-case", EARLY, "early"),
        ("small-case", EARLY, "twice"),
    ]
    found = assignments_of(ANA, [COHORT, early], [replace(DONE, scenario="other-case")], EARLY)
    assert [(each.case, each.open) for each in found] == [("small-case", True), ("other-case", False)]
    assert [due_line(each) for each in found] == ["assigned, due 2027-03-31", "assigned, finished"]


def test_what_is_overdue_of_everybody() -> None:
    """A supervisor finds who has not played what by its day, once for each, the longest first."""
    early = replace(COHORT, id="early", assigned=(Assignment("other-case", EARLY, (LI,)),))
    assert overdue([COHORT, early], set(), EARLY) == []
    assert overdue([COHORT, early, replace(COHORT, id="twice")], {(ANA, "small-case")}, LATE, {"small-case": "A"}) == [
        Due(LI, "other-case", "other-case", EARLY, "early"),
        Due(LI, "small-case", "A", DUE, "spring-2027"),
    ]


# -- playing --------------------------------------------------------------------------------------


def _played(where: Home, *did: str, purpose: str = "assigned") -> Logged:
    play = Play.begin(
        where,
        case_in(where.root / "cases"),
        rubric(),
        rubric_source(),
        ANA,
        seed=7,
        feedback="end",
        purpose=purpose,
    )
    do(play, *did)
    play.close()
    return Archive(where).load(play.path)


def _terms(where: Home, cohort: Cohort = COHORT, person: str = ANA, feedback: str = "each") -> tuple[str, str, bool]:
    found = terms_of(Archive(where), [cohort], person, "small-case", feedback=feedback, confidence=False, today=EARLY)
    return found.purpose, found.feedback, found.confidence


def test_an_assignment_says_how_it_is_played(where: Home) -> None:
    """Feedback and confidence are those of the assignment while it is open, and the trainee's own otherwise."""
    assert _terms(where) == ("assigned", "end", True)
    plain = replace(COHORT, assigned=(Assignment("small-case", DUE, (ANA,)),))
    assert _terms(where, plain) == ("assigned", "each", False)
    assert _terms(where, person="p-stranger") == ("", "each", False)
    _played(where, *EXPLAINED)
    assert _terms(where) == ("practice", "each", False)


def test_sending_back_opens_an_assignment_again(where: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """An attempt that a reviewer sent back does not count as done, until it is signed off after all."""
    ticking(monkeypatch)
    logged = _played(where, *EXPLAINED)
    with Reviewing.open(where, logged, LI) as reviewing:
        reviewing.send_back(logged.recorded.reading.head, "Read the letter first.")
        assert [each.sent_back for each in tried(where, [logged])] == [True]
        assert _terms(where)[0] == "assigned"
        reviewing.sign_off(logged.recorded.reading.head)
    assert _terms(where)[0] == "practice"


def test_journals_of_others_and_garbage_count_for_nothing(where: Home) -> None:
    """Only one's own sessions of the case are looked at, and what cannot be read stands in nobody's way."""
    logged = _played(where, "invite")
    (where.journals / "20270101-000000-abcdef.jsonl").write_bytes(f'{{"person":"{ANA}","case":"small-case"'.encode())
    (where.journals / "20270101-000000-abcdee.jsonl").mkdir()
    assert [each.session for each in tried_at(Archive(where), ANA, "small-case")] == [logged.id]
    assert tried_at(Archive(where), LI, "small-case") == []
    damaged = replace(logged, trouble="Entry 1 was altered.")
    assert tried(where, [damaged]) == []


def test_what_is_tried_again_is_practice(where: Home) -> None:
    """Who tries a decision again practises wherever a cohort names them, or named them when they played."""
    for before, now, after in (
        ("assigned", "practice", "practice"),
        ("assigned", "", "practice"),
        ("", "practice", "practice"),
        ("", "", ""),
    ):
        logged = _played(where, "invite", purpose=before)
        play = Play.again_from(Archive(where), logged.recorded.path, 1, purpose=now)
        play.close()
        assert play.header.purpose == after


def _plain(
    capsys: pytest.CaptureFixture[str], patch: pytest.MonkeyPatch, typed: str, *arguments: str
) -> tuple[str, str]:
    patch.setattr("sys.stdin", io.StringIO(typed))
    code, out, error = _said(capsys, "play", "--plain", *arguments)
    assert code == 0
    return " ".join(out.split()), error


def test_plain_mode_says_who_reads_it(
    where: Home, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Line by line one hears before the first decision what an attempt is for; the assignment says how it is played."""
    _put(_shared(where), SMALL)
    out, error = _plain(capsys, monkeypatch, "1\n3\nq\n", "small-case", "--as", ANA, "--feedback", "each")
    assert "This attempt is assigned: your supervisor reads it in full." in out
    assert "Your supervisor can read all of it" not in out
    assert "How sure are you?" not in out.partition("Her file is on your desk.")[0]
    assert "For you in Spring 2027: assigned, due 2027-03-31." in error
    assert "--feedback each is left out" in error
    (path,) = Archive(where).paths()
    header = Archive(where).load(path).recorded.header
    assert (header.purpose, header.feedback, header.confidence) == ("assigned", "end", True)
    out, _ = _plain(capsys, monkeypatch, "q\n", "--again", path.stem, "--from", "1")
    assert "This is practice: your supervisor sees a summary only" in out
    assert {each.purpose for each in map(Archive(where).load, Archive(where).paths())} == {"assigned", "practice"}


def test_where_nobody_is_named_nothing_is_said_of_it(
    where: Home, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a cohort, or for somebody whom none names, everything is as it always was."""
    _put(_shared(where), SMALL.replace(f"{ANA}, ", ""))
    out, error = _plain(capsys, monkeypatch, "q\n", "small-case", "--as", ANA)
    assert "Your supervisor can read all of it once it is shared with them." in out
    assert "practice" not in out + error
    (path,) = Archive(where).paths()
    assert b"purpose" not in path.read_bytes()


def test_a_list_says_what_sessions_were_for(where: Home) -> None:
    """Listings for people and for tools tell assigned attempts from practice."""
    rows = [_played(where, "invite", purpose=purpose) for purpose in ("assigned", "practice", "")]
    assert [as_json(row)["purpose"] for row in rows] == ["assigned", "practice", ""]
    lines = as_lines(rows, People({}))
    assert [re.findall(r"\[(\w+)\]", line) for line in lines] == [["assigned"], ["practice"], []]


def test_of_practice_a_supervisor_sees_how_it_came_out_and_nothing_else(
    where: Home, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The summary has ending, time, criticals and results; no decision, no text; one's own report stays full."""
    ticking(monkeypatch)
    logged = _played(where, *PROMISED, purpose="practice")
    assert is_practice(logged)
    told = summary(logged, People({ANA: Person(ANA, "Ana Ruiz")}))
    for words in ("Ana Ruiz", "Done", "1 critical", "rapport", "3 minutes"):
        assert words in told
    secret = ["I promised.", "I will get you the money", "Good morning", "Nobody may promise that", "→"]
    for words in secret:
        assert words not in told
    code, out, _ = _said(capsys, "review", logged.id[:19], "--plain")
    assert code == 0
    assert "This was practice." in out
    assert not [words for words in secret if words in out]
    full = report(logged, People({}))
    assert all(words in full for words in ("I promised.", "I will get you the money"))
    assert "Purpose   practice" in full


def test_time_away_is_no_time_taken(where: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """How long somebody played leaves out the time between leaving and coming back, and their thoughts afterwards."""
    ticking(monkeypatch)
    play = Play.begin(
        where, case_in(where.root / "cases"), rubric(), rubric_source(), ANA, seed=7, feedback="end", purpose="practice"
    )
    do(play, "read:letter", "invite")
    play.suspend()
    play = Play.resume(Archive(where), play.path)
    do(play, "explain")
    play.reflect("Well.")
    play.close()
    # Reading, inviting, leaving, explaining: a minute each; coming back and reflecting do not count.
    assert minutes_taken(Archive(where).load(play.path)) == "4 minutes"


def test_the_example_of_the_guide_is_a_cohort(tmp_path: Path) -> None:
    """What the README shows as a cohort file is one, and says what the text says about it."""
    readme = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
    (example,) = (block for block in re.findall(r"```yaml\n(.*?)```", readme, flags=re.DOTALL) if "cohort:" in block)
    known = {name: name for name in re.findall(r"\bt-\d\d\b", example)}
    from simulator.library import built_in, ids

    path = _put(tmp_path, example)
    assert check(path, rubric(), around=Around(known, ids((built_in(),)))) == ()
