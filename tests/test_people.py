"""Names live in one file, ids in the journals; whoever hands the file out finds it as they left it."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from simulator import people
from simulator.durable import NotSaved
from simulator.journal import good_person_id
from simulator.people import NOBODY, NotAdded, People, Person, Role
from tests.journals import failing

HANDED_OUT = """\
# Riverside team, spring.
ana:
  name: Ana Ruiz   # started in March
  role: trainee

# Supervisors
feona: {name: "Feona O'Dell", role: supervisor}
li:
  name: Li
"""


def _file(folder: Path, text: str | bytes) -> Path:
    path = folder / "people.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_a_file_that_a_supervisor_hands_out(tmp_path: Path) -> None:
    """Ids, names and roles are those of the file; who has no role is a trainee."""
    found = people.load(_file(tmp_path, HANDED_OUT))
    assert found.problems == ()
    assert list(found.everybody.values()) == [
        Person("ana", "Ana Ruiz"),
        Person("feona", "Feona O'Dell", Role.SUPERVISOR),
        Person("li", "Li"),
    ]


def test_without_a_file_nobody_is_known(tmp_path: Path) -> None:
    """No file is no mistake."""
    assert people.load(tmp_path / "people.yaml") == People({})


@pytest.mark.parametrize("text", ["", "\n\n", "# Nobody yet.\n", "---\n"])
def test_a_file_that_names_nobody_yet(tmp_path: Path, text: str) -> None:
    """A file with nothing but comments is no mistake, and somebody can be added to it."""
    path = _file(tmp_path, text)
    assert people.load(path) == People({})
    ana = people.add(path, "Ana", Role.TRAINEE)
    assert people.load(path).everybody == {ana.id: ana}
    assert path.read_text().startswith(text)


def test_who_is_added_is_kept(tmp_path: Path) -> None:
    """Somebody who was added is there when the file is read again, with the same id."""
    path = tmp_path / "not" / "there" / "people.yaml"
    ana = people.add(path, "Ana Ruiz", Role.TRAINEE)
    feona = people.add(path, "Feona", Role.SUPERVISOR)
    assert people.load(path) == People({ana.id: ana, feona.id: feona})
    assert ana.id != feona.id


def test_ids_say_nothing_about_names(tmp_path: Path) -> None:
    """Journals carry ids; nobody learns a name from one, and two of the same name are two."""
    path = tmp_path / "people.yaml"
    ids = {people.add(path, "Ana", Role.TRAINEE).id for _ in range(5)}
    assert len(ids) == 5
    assert all(good_person_id(each) and "ana" not in each for each in ids)


@pytest.mark.parametrize("ending", ["", "\n", "  # the end", "\n# the end", "\n\n\n"])
def test_what_stands_in_the_file_stays(tmp_path: Path, ending: str) -> None:
    """Comments, order and quotes of a file are as they were when somebody has been added."""
    path = _file(tmp_path, HANDED_OUT.rstrip("\n") + ending)
    before = path.read_bytes()
    ana = people.add(path, "Another Ana", Role.TRAINEE)
    assert path.read_bytes().startswith(before)
    found = people.load(path)
    assert list(found.everybody) == ["ana", "feona", "li", ana.id]
    assert found.problems == ()


def test_windows_line_ends_stay(tmp_path: Path) -> None:
    """A file that was saved with Notepad can be added to."""
    path = _file(tmp_path, b"\xef\xbb\xbf" + HANDED_OUT.replace("\n", "\r\n").encode())
    people.add(path, "Zoë", Role.TRAINEE)
    assert [person.name for person in people.load(path).everybody.values()][-1] == "Zoë"


@pytest.mark.parametrize(
    "name",
    [
        'Zoë "Zo" O\'Dell',
        "name: Ana",
        "# Ana",
        "- Ana",
        "{a: b}",
        "*ana",
        "&ana",
        "!ana",
        "no",
        "12:30",
        "Ana\\nRuiz",
        "日本語 👩‍👧",
        "[/oops]",
        "'",
        '"',
        "\\",
        "%",
        "null",
    ],
)
def test_any_name_can_be_had(tmp_path: Path, name: str) -> None:
    """Whatever somebody is called, the file says it, and can be read."""
    path = tmp_path / "people.yaml"
    added = people.add(path, name, Role.TRAINEE)
    assert people.load(path) == People({added.id: Person(added.id, name)})


def test_names_pass_the_gate(tmp_path: Path) -> None:
    """A name is one line without control characters, and not endless; one with nothing in it is none."""
    path = tmp_path / "people.yaml"
    added = people.add(path, " Ana\x1b]0;x\x07\n \u202eRuiz " + "x" * 500, Role.TRAINEE)
    assert added.name.startswith("Ana]0;x Ruiz xxx")
    assert len(added.name) == 80
    assert people.load(path).everybody == {added.id: added}
    for nothing in ("", " ", "\x1b\x07", "\n"):
        with pytest.raises(ValueError, match="at least one character"):
            people.add(path, nothing, Role.TRAINEE)


@pytest.mark.parametrize(
    "text",
    [
        "{ana: {name: Ana}}\n",
        "- ana\n",
        "ana\n",
        "ana:\n  name: |\n    Ana\n    [\nli: [\n",
        "  ana:\n    name: Ana\n",
        "ana: &a {name: Ana}\n",
        "ana: {name: Ana}\n...\n",
        b"\xff\xfea\x00n\x00a\x00",
        b"ana: {name: Zo\xeb}\n",
    ],
)
def test_a_file_that_cannot_be_added_to_stays_as_it_is(tmp_path: Path, text: str | bytes) -> None:
    """Where another entry at the end would not be understood, nothing is written, and a sentence says so."""
    path = _file(tmp_path, text)
    before = path.read_bytes()
    with pytest.raises(NotAdded, match=r"Nobody can be added to .*people\.yaml while .* by hand\.$"):
        people.add(path, "Li", Role.TRAINEE)
    assert path.read_bytes() == before


def test_a_folder_in_its_place(tmp_path: Path) -> None:
    """A folder called people.yaml is a problem, and no crash."""
    path = tmp_path / "people.yaml"
    path.mkdir()
    assert [problem.code for problem in people.load(path).problems] == ["not-a-file"]
    with pytest.raises(NotSaved):
        people.add(path, "Ana", Role.TRAINEE)


def test_a_full_disk_loses_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If somebody cannot be added, all who were there still are."""
    path = _file(tmp_path, HANDED_OUT)
    with monkeypatch.context() as patch:
        failing(patch, 0, error=errno.ENOSPC, for_good=True)
        with pytest.raises(NotSaved, match="the disk is full"):
            people.add(path, "Zoë", Role.TRAINEE)
    assert path.read_text() == HANDED_OUT


def test_mistakes_have_a_place_and_others_are_read_all_the_same(tmp_path: Path) -> None:
    """A mistake about one person is reported with its line, and keeps nobody else out."""
    text = "ana: {name: Ana, role: boss}\nLi: {name: Li}\nzoe: {role: trainee}\nann: {name: Ann, age: 3}\n"
    found = people.load(_file(tmp_path, text))
    assert {(problem.code, problem.place.line) for problem in found.problems} == {
        ("unknown-word", 1),
        ("bad-id", 2),
        ("missing-key", 3),
        ("unknown-key", 4),
    }
    assert {person.id: person.name for person in found.everybody.values()} == {"ana": "Ana", "zoe": "zoe", "ann": "Ann"}


# Finding somebody


def test_somebody_is_found_by_id_or_name(tmp_path: Path) -> None:
    """An id finds its person, a name too if only one has it, however it is written."""
    found = people.load(_file(tmp_path, HANDED_OUT + "li2: {name: LI}\n"))
    assert found.find("ana") == found.find("Ana Ruiz") == found.find("ANA RUIZ") == Person("ana", "Ana Ruiz")
    assert found.find("li") == Person("li", "Li")
    assert found.find("LI") is None
    assert [person.id for person in found.called("LI")] == ["li", "li2"]
    assert found.find("") is found.find("Somebody") is None


def test_who_is_not_in_the_file_is_called_by_id(tmp_path: Path) -> None:
    """An id that the file does not name stands for itself; nobody in particular has words."""
    found = people.load(_file(tmp_path, HANDED_OUT))
    assert found.name("ana") == "Ana Ruiz"
    assert found.name("p-00000000") == "p-00000000"
    assert found.name(NOBODY.id) == People({}).name(NOBODY.id) == "Nobody in particular"
    assert found.find("nobody in particular") == found.find(NOBODY.id) == NOBODY


def test_every_id_that_the_file_allows_can_be_in_a_journal(tmp_path: Path) -> None:
    """What the people file calls a good id, a journal and a folder of reviews take as well."""
    for name in ("a", "li", "p-1a2b3c4d", "z" * 64):
        assert good_person_id(name)
        assert people.load(_file(tmp_path, f"{name}: {{name: Ana}}\n")).problems == ()
    assert good_person_id(NOBODY.id)
    for name in ("", "A", "1a", "a b", "a/b", "..", "z" * 65):
        assert not good_person_id(name)
