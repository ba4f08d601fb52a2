"""Entries of a directory and lines of a supervisor that several cases use: where they come from, and what is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulator.authoring.completion import Offers, complete, known_now
from simulator.authoring.draft import Draft
from simulator.builder import REFERRAL_KEYS
from simulator.check import check
from simulator.library import built_in
from simulator.loader import load_scenario
from simulator.problem import Problem
from simulator.scenario import DIRECTORY, Scenario
from simulator.session import Session, start
from simulator.settings import Home
from simulator.source import Source, from_text, read
from tests.cases import CASE, rubric, written
from tests.journals import begin, here, resumed, text_of
from tests.test_schema import underlined
from tests.test_shared import playable, put, told

TOWN = """\
shared: town
version: 1.0.0
summary: Who can help, and what is asked.
directory:
  entries:
    pantry: {service: Food pantry, contact: 555-0133, last-verified: 2026-10-01}
    legal-aid: {service: Legal Aid, contact: 555-0171, last-verified: 2024-10-01, note: In pencil.}
lines:
  who-knows: |
    "Who needs to know it?"
  one-first: Close one before the next.
"""
"""A file of shared pieces without scenes."""

OTHER = """\
shared: other
version: 1.0.0
directory: {entries: {bus: {service: Bus passes, contact: 555-0155, last-verified: 2026-10-01}}}
lines: {breathe: "Breathe."}
scenes:
  pause:
    text: A breath.
    consult: {line: breathe}
    next: return
"""
"""One of every kind."""

USING = """\
shared: [town, other]
directory:
  minutes: 3
  use: [legal-aid, bus]
  entries:
    own: {service: Our own fund, contact: 555-0100, last-verified: 2026-10-01}
"""
SCENES = """\
first:
  text: It is quiet.
  offers: [directory]
  consult:
    - {if: not read(directory), away: Her door is shut.}
    - {if: trust >= 9, line: one-first}
    - {line: who-knows}
  next: second
second: {text: It is late., consult: {line: one-first}, next: stop}
stop: {visit: pause, next: end}
"""


def using(scenes: str = SCENES, sections: str = USING) -> str:
    """Write a case that uses the shared pieces."""
    return written(scenes).replace("start: ", f"{sections}start: ", 1)


def case(folder: Path, text: str | None = None, *, town: str = TOWN) -> Path:
    """Write a case and the shared files beside it; return the case's path."""
    return put(folder, using() if text is None else text, town=town, other=OTHER)


def loaded(path: Path) -> tuple[Scenario | None, tuple[Problem, ...]]:
    found = load_scenario(path, rubric())
    return found.value, found.problems


def begun(folder: Path) -> Session:
    return start(playable(case(folder)).scenario)


def entries(scenario: Scenario) -> list[str]:
    return [each.id for each in scenario.documents[DIRECTORY].referrals]


# -- entries of a directory -------------------------------------------------------------------


def test_used_entries_come_first_in_the_order_named_and_own_ones_below(tmp_path: Path) -> None:
    """A trainee sees the entries of all files as one directory, each as it is written there."""
    scenario = playable(case(tmp_path)).scenario
    assert entries(scenario) == ["legal-aid", "bus", "own"]
    aid = scenario.documents[DIRECTORY].referrals[0]
    assert (aid.service, aid.contact, aid.verified, aid.note) == ("Legal Aid", "555-0171", "2024-10-01", "In pencil.")
    assert scenario.documents[DIRECTORY].minutes == 3


def test_a_directory_may_be_made_of_shared_entries_alone(tmp_path: Path) -> None:
    """`use:` is enough; without `minutes:` the first look takes as long as ever."""
    scenario, problems = loaded(case(tmp_path, using(sections="shared: [town, other]\ndirectory: {use: pantry}\n")))
    assert not problems
    assert scenario is not None
    assert (entries(scenario), scenario.documents[DIRECTORY].minutes) == (["pantry"], 2)


def test_an_own_entry_may_be_called_like_a_shared_one_that_is_not_used(tmp_path: Path) -> None:
    """Only what is used is in the directory, so only that can be there twice."""
    text = using().replace("    own: {", "    pantry: {")
    scenario, problems = loaded(case(tmp_path, text))
    assert not problems
    assert scenario is not None
    assert entries(scenario) == ["legal-aid", "bus", "pantry"]


# -- lines of a supervisor --------------------------------------------------------------------


def test_a_line_is_what_the_supervisor_says(tmp_path: Path) -> None:
    """Alone or among wordings, a line is said like words of the case's own, and `if:` and `away:` hold as ever."""
    session = begun(tmp_path)
    assert not session.can_consult
    session = session.read(DIRECTORY)
    assert session.consult().advice == '"Who needs to know it?"'
    assert session.choose("go-on").consult().advice == "Close one before the next."


def test_a_condition_of_a_line_decides_which_is_said(tmp_path: Path) -> None:
    """The first line whose condition holds is said, as with any wording."""
    text = using(SCENES.replace("trust >= 9", "trust >= 1"))
    session = start(playable(case(tmp_path, text)).scenario).read(DIRECTORY)
    assert session.consult().advice == "Close one before the next."


def test_a_shared_scene_says_lines_of_its_own_file(tmp_path: Path) -> None:
    """A shared scene knows the lines beside it, and none of another file that the case happens to name."""
    session = begun(tmp_path).choose("go-on").choose("go-on")
    assert session.consult().advice == "Breathe."
    path = case(tmp_path)
    shared = path.parent / "shared" / "other.yaml"
    shared.write_text(OTHER.replace("line: breathe", "line: who-knows"), encoding="utf-8")
    assert told(loaded(path)[1]) == [("undefined-line", "other.yaml", 8)]
    assert told(check(shared, rubric())) == [("undefined-line", "other.yaml", 8)]


# -- what is told -----------------------------------------------------------------------------

WRONG = [
    ("use: [legal-aid, bus]", "use: [legal-aid, bsu]", "undefined-entry", (4, 20), "did you mean `bus`?"),
    ("use: [legal-aid, bus]", "use: [bus, legal-aid, bus]", "duplicate-id", (4, 25), "take one of the two out"),
    ("    own: {", "    bus: {", "duplicate-id", (6, 5), "give your own entry another id"),
    ("  use: [legal-aid, bus]", "  uses: [legal-aid, bus]", "unknown-key", (4, 3), "did you mean `use`?"),
    ("  use: [legal-aid, bus]", "  use:", "empty-value", (4, 3), "write it"),
    ("  use: [legal-aid, bus]", "  use: {bus: yes}", "wrong-type", (4, 8), ""),
    ("{line: who-knows}", "{line: who-know}", "undefined-line", None, "did you mean `who-knows`?"),
    ("{line: who-knows}", "{line: [who-knows]}", "wrong-type", None, ""),
    ("{line: who-knows}", "{line: who-knows, say: Hm.}", "unknown-key", None, ""),
    ("consult: {line: one-first}", "consult: {line: one-first, if: trust >= 4}", "unknown-key", None, ""),
    ("    - {if: trust >= 9, line: one-first}\n", "    - {line: one-first}\n", "never-reached", None, ""),
]


@pytest.mark.parametrize(("old", "new", "code", "place", "hint"), WRONG)
def test_a_mistake_is_told_at_its_place(
    tmp_path: Path, old: str, new: str, code: str, place: tuple[int, int] | None, hint: str
) -> None:
    """What nobody has, what stands there twice and what is misspelled is told with line and column."""
    text = using()
    assert text.count(old) == 1
    scenario, problems = loaded(case(tmp_path, text.replace(old, new)))
    assert scenario is None
    (problem,) = problems
    assert problem.code == code
    assert hint in problem.hint
    if place is not None:
        first = text.count("\n", 0, text.index("shared: [town"))
        assert (problem.place.line - first, problem.place.column) == place


def test_a_directory_needs_entries_of_its_own_or_of_others(tmp_path: Path) -> None:
    """A directory with nothing in it is no directory."""
    text = using(sections="shared: [town, other]\ndirectory: {minutes: 2}\n")
    (problem,) = loaded(case(tmp_path, text))[1]
    assert problem.code == "missing-key"
    assert "`use:`" in problem.message


@pytest.mark.parametrize("named", ["shared: [other]\n", "shared: [other, other]\n"])
def test_a_piece_of_a_file_that_is_not_named_says_which_file(tmp_path: Path, named: str) -> None:
    """Whoever forgets to name a file under `shared:` is told its name, for entries and for lines."""
    text = using(sections=USING.replace("shared: [town, other]\n", named))
    problems = loaded(case(tmp_path, text))[1]
    assert [each.code for each in problems] == ["undefined-entry", *["undefined-line"] * 3]
    assert {each.hint for each in problems} == {"it stands in the shared file `town`: name that under `shared:`"}


def test_caseloads_own_files_are_named_as_well(tmp_path: Path) -> None:
    """A piece of the library whose file is not named is told with that file, and no other file is needed."""
    path = put(tmp_path, written("first: {text: Hm., consult: {line: who-may-know}, next: end}"), other=OTHER)
    (problem,) = loaded(path)[1]
    assert (problem.code, problem.hint) == (
        "undefined-line",
        "it stands in the shared file `supervision`: name that under `shared:`",
    )


def test_a_case_without_shared_files_is_told_that_nothing_has_it(tmp_path: Path) -> None:
    """Where no file has a piece there is nothing to suggest, and still a place."""
    path = put(tmp_path, written("first: {text: Hm., consult: {line: nowhere-said}, next: end}"), other=OTHER)
    (problem,) = loaded(path)[1]
    assert (problem.code, problem.hint) == ("undefined-line", "")


@pytest.mark.parametrize(
    ("old", "new", "messages"),
    [
        (
            "lines: {breathe: ",
            "lines: {who-knows: Hm., breathe: ",
            ["`other` has a line `who-knows`, and so has another shared file of this case"],
        ),
        (
            "{entries: {bus:",
            "{entries: {legal-aid: {service: A, contact: B, last-verified: 2026-01-01}, bus:",
            ["`town` has an entry `legal-aid`, and so has `other`"],
        ),
        ("{entries: {bus:", "{entries: {pantry: {service: A, contact: B, last-verified: 2026-01-01}, bus:", []),
    ],
)
def test_two_files_with_the_same_id_are_told_where_it_matters(
    tmp_path: Path, old: str, new: str, messages: list[str]
) -> None:
    """Two lines, or two entries that are used, would mean two things; entries that nobody uses do not matter."""
    path = case(tmp_path)
    shared = tmp_path / "shared" / "other.yaml"
    assert OTHER.count(old) == 1
    shared.write_text(OTHER.replace(old, new), encoding="utf-8")
    problems = loaded(path)[1]
    assert [each.code for each in problems] == ["duplicate-id"] * len(messages)
    assert [each.message for each in problems] == messages


SHARED_WRONG = [
    ("contact: 555-0133, last", "last", "missing-key", 6),
    ("contact: 555-0133", "phone: 555-0133, contact: 555-0133", "unknown-key", 6),
    ("    pantry:", "    Pantry:", "bad-id", 6),
    ("directory:\n", "directory:\n  minutes: 2\n", "unknown-key", 5),
    ("  one-first: Close one before the next.", "  one-first: [Close, one]", "wrong-type", 11),
    ("  one-first: Close one before the next.", "  one-first:\n    - {if: trust >= 4, say: Close.}", "wrong-type", 12),
    ("  one-first: Close one before the next.", "  one-first:", "wrong-type", 11),
    ("  one-first:", "  One-First:", "bad-id", 11),
    ("lines:\n", "line:\n", "unknown-key", 8),
]


@pytest.mark.parametrize(("old", "new", "code", "line"), SHARED_WRONG)
def test_a_mistake_in_a_shared_file_is_told_there_and_underlined(
    tmp_path: Path, old: str, new: str, code: str, line: int
) -> None:
    """Checked by itself or with a case that uses it, a mistake has the same place; an editor sees it too."""
    assert TOWN.count(old) == 1
    text = TOWN.replace(old, new)
    path = case(tmp_path, town=text)
    alone = check(tmp_path / "shared" / "town.yaml", rubric())
    expected = ("empty-value" if new.endswith("one-first:") else code, "town.yaml", line)
    assert told(alone) == [expected]
    assert expected in told(loaded(path)[1])
    assert underlined(text)


@pytest.mark.parametrize("text", ["shared: town\nversion: 1.0.0\n", "shared: town\nversion: 1.0.0\nfacts: {a: A.}\n"])
def test_a_shared_file_with_nothing_to_use_is_told(tmp_path: Path, text: str) -> None:
    """Scenes, entries or lines: without any of them a shared file is of no use to a case."""
    path = put(tmp_path, CASE, town=text)
    (problem,) = check(path.parent / "shared" / "town.yaml", rubric())
    assert problem.code == "missing-key"
    assert problem.message == "a file of shared pieces needs one of `scenes:`, `directory:` and `lines:`"
    assert underlined(text)


# -- kept with a session, copied, looked after ------------------------------------------------


def test_a_session_keeps_the_entries_and_lines_it_began_with(tmp_path: Path) -> None:
    """However a shared file is edited meanwhile, a session goes on with the words it began with, and says so."""
    where = Home(tmp_path)
    known = playable(case(tmp_path / "cases"))
    play = begin(where, known)
    play.read(DIRECTORY)
    play.close()
    for old, new in (("Who needs to know it?", "Who must not?"), ("Legal Aid", "Law Center")):
        path = case(tmp_path / "cases", town=TOWN.replace(old, new))
        changed = playable(path)
        assert changed.source.hash != known.source.hash
        again = resumed(where, play.path, changed.source.hash)
        assert again.edited
        assert again.session.scenario.documents[DIRECTORY].referrals[0].service == "Legal Aid"
        assert again.session.consult().advice == '"Who needs to know it?"'
        again.close()


def test_a_changed_line_is_a_change_of_the_case_that_is_open(tmp_path: Path) -> None:
    """The desk and the preview look again when a shared file beside the case was saved."""
    draft = Draft(case(tmp_path), rubric())
    assert draft.good is not None, draft.now.problems
    before = draft.good.hash
    (tmp_path / "shared" / "town.yaml").write_text(TOWN.replace("it?", "this?"), encoding="utf-8")
    assert draft.reload()
    assert draft.good.hash != before


def test_a_copy_of_a_case_has_the_shared_files_beside_it(tmp_path: Path) -> None:
    """`new --from` brings along every file that the case names, also one without scenes."""
    code, _, _ = text_of(here(tmp_path / "home", "new", "mine", "--from", "who-is-managing", "--folder", tmp_path))
    assert code == 0
    assert (tmp_path / "shared" / "county.yaml").read_bytes() == (built_in() / "shared" / "county.yaml").read_bytes()
    assert not loaded(tmp_path / "mine.yaml")[1]


# -- editors and the desk ---------------------------------------------------------------------


def test_every_form_is_right_for_an_editor(tmp_path: Path) -> None:
    """Where the loader finds nothing wrong with shared pieces and their use, neither does an editor."""
    path = case(tmp_path)
    assert not loaded(path)[1]
    assert [underlined(text) for text in (path.read_text("utf-8"), TOWN, OTHER)] == [[], [], []]


def offered(path: Path, text: str) -> list[str]:
    """Return what the desk offers in a case at the place that is marked by `^`."""
    whole, _, after = text.partition("^")
    source = read(path)
    assert isinstance(source, Source)
    row = whole.count("\n")
    offers = Offers.of(rubric(), known_now(source))
    found = complete((whole + after).split("\n"), row, len(whole.rpartition("\n")[2]), offers)
    return [each.insert.strip(" :") for each in found.options]


def test_the_desk_offers_entries_lines_and_keys(tmp_path: Path) -> None:
    """Whoever writes a case picks the ids of shared pieces instead of looking them up."""
    path = case(tmp_path)
    assert offered(path, "directory:\n  use: [^]") == ["pantry", "legal-aid", "bus"]
    assert offered(path, "directory:\n  ^") == ["minutes", "use", "entries"]
    assert offered(path, "scenes:\n  one:\n    consult: {^}") == ["line"]
    assert offered(path, "scenes:\n  one:\n    consult: {line: ^}") == ["who-knows", "one-first", "breathe"]
    assert offered(path, "scenes:\n  one:\n    consult:\n      - ^") == ["if", "say", "away", "line"]
    assert offered(path, "scenes:\n  one:\n    consult:\n      - if: trust >= 4\n        line: ^")[0] == "who-knows"


def test_the_desk_offers_what_a_shared_file_may_have(tmp_path: Path) -> None:
    """In a shared file the keys of entries are offered, and its own lines."""
    put(tmp_path, CASE, town=TOWN)
    offers = Offers.of(rubric(), known_now(from_text(TOWN)), shared=True)

    def at(*lines: str) -> list[str]:
        found = complete(list(lines), len(lines) - 1, len(lines[-1]), offers)
        return [each.insert.strip(" :") for each in found.options]

    assert at("directory:", "  ") == ["entries"]
    assert at("directory:", "  entries:", "    pantry:", "      ") == list(REFERRAL_KEYS)
    assert at("scenes:", "  one:", "    consult: {line: ") == ["who-knows", "one-first"]


# -- what comes with Caseload -----------------------------------------------------------------


@pytest.mark.parametrize("path", sorted(built_in().glob("shared/*.yaml")), ids=lambda path: path.stem)
def test_the_shared_files_of_the_library_have_no_problem(path: Path) -> None:
    """What comes with Caseload can be named by any case."""
    assert check(path, rubric()) == ()
