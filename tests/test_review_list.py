"""`caseload review` without a session: the inbox as lines and as JSON, narrowed down by what somebody looks for."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from scoring.rubric import DIMENSIONS
from simulator.archive import Archive
from simulator.commands import review
from simulator.inbox_telling import in_short
from simulator.index.inbox import STATES, Item
from simulator.index.outcomes import Result
from simulator.play import Play
from simulator.review.writing import Reviewing
from simulator.settings import Home
from simulator.sharing.handing_in import hand_in
from tests.attempts import PROMISED, attempted
from tests.journals import begin, case_in, here, played_through, text_of

FEONA = "p-feona"


@pytest.fixture
def where(tmp_path: Path) -> Home:
    """Return a home whose library has the small case, in which two people are known."""
    home = Home(tmp_path / "home")
    case_in(home.root / "cases")
    home.settings.write_text(f"library: [{home.root / 'cases'}]\n", encoding="utf-8")
    home.people.write_text("p-1a2b3c4d:\n  name: Ana Silva\np-bo:\n  name: 'Bo [b]Lind[/b]'\n", encoding="utf-8")
    return home


def listed(where: Home, *arguments: str) -> list[dict[str, Any]]:
    """Return the list as tools read it."""
    code, out, error = text_of(here(where.root, "review", "--format", "json", *arguments))
    assert (code, error) == (0, "")
    found: list[dict[str, Any]] = json.loads(out)
    return found


def ids(where: Home, *arguments: str) -> list[str]:
    return [row["session"] for row in listed(where, *arguments)]


def fine(where: Home, person: str = "p-bo") -> str:
    """Play a session on which nothing went wrong."""
    play = begin(where, person=person)
    play.read("letter")
    play.choose("invite")
    play.choose("explain")
    play.reflect("I told her about the umbrella stand.")
    play.close()
    return play.path.stem


def signed(where: Home, session: str) -> None:
    archive = Archive(where)
    path = archive.path(session)
    assert path is not None
    logged = archive.load(path)
    with Reviewing.open(where, logged, FEONA) as reviewing:
        reviewing.sign_off(logged.recorded.reading.head)


def test_states_are_those_of_the_index() -> None:
    """The command names them without importing the index, which would take too long for `--help`."""
    assert (review.STATES, review.DIMENSIONS) == (STATES, DIMENSIONS)


def test_the_most_urgent_comes_first(where: Home) -> None:
    """Criticals come first, then what cannot be read; what is signed off or still played is not on the list."""
    critical, done = played_through(where).stem, played_through(where).stem
    signed(where, done)
    play = begin(where)
    play.choose("invite")
    play.close()
    spoilt = where.journals / "20200101-000000-abcdef.jsonl"
    spoilt.write_bytes(b"spoilt\n")
    assert ids(where) == [critical, spoilt.stem]
    lines = text_of(here(where.root, "review"))[1].splitlines()
    assert lines[1].split() == [spoilt.stem, "unreadable", "2020-01-01", "unreadable"]
    assert "no session's journal" in lines[2]
    assert set(ids(where, "--state", "all")) == {critical, done, play.path.stem, spoilt.stem}


def test_attempts_stand_before_what_was_tried_again(where: Home) -> None:
    """Where both raised the same critical, the attempt stands first."""
    first = attempted(where, case_in(where.root / "cases"), *PROMISED)
    archive = Archive(where)
    path = archive.path(first)
    assert path is not None
    again = Play.again_from(archive, path, 3)
    again.write("Another note.")
    again.close()
    assert ids(where) == [first, again.path.stem]


def test_a_line_says_why_when_who_what_and_how_it_stands(where: Home) -> None:
    """It begins with the id that other commands take; names and titles are shown as they are."""
    session, good = played_through(where).stem, fine(where)
    code, out, error = text_of(here(where.root, "review"))
    assert (code, error) == (0, "")
    first, second = out.splitlines()
    assert first.split()[:2] == [session, "critical"]
    assert "Ana Silva" in first
    assert "A small case: Done" in first
    assert first.endswith("  [0 / – / !!]")
    assert second.startswith(good)
    assert "Bo [b]Lind[/b]" in second


def test_json_has_every_field_under_keys_that_stay(where: Home) -> None:
    """All that the inbox knows of a line, with the urgency as a word."""
    played_through(where)
    (row,) = listed(where)
    names = {field for field in Item.__dataclass_fields__ if field != "results"}
    assert row.keys() == names | {"results", "contradicted"}
    assert (row["urgency"], row["state"], row["review_state"], row["contradicted"]) == (
        "critical",
        "finished",
        "open",
        False,
    )
    assert row["results"]["ethics"].keys() == {"raw", "percent", "critical", "assessed", "quality"}
    assert row["results"]["ethics"]["critical"] is True


def test_it_is_narrowed_down(where: Home) -> None:
    """By person, case, dimension, day, state and words; each narrows by itself and together."""
    critical, good = played_through(where).stem, fine(where)
    done = fine(where)
    signed(where, done)
    assert ids(where, "--person", "Ana Silva") == [critical]
    assert ids(where, "--person", "p-bo") == [good]
    assert ids(where, "--case", "small-case") == [critical, good]
    assert ids(where, "--dimension", "ethics") == [critical]
    assert ids(where, "--since", f"{date.today().year - 1}-01-01") == [critical, good]
    assert ids(where, "--since", "2999-01-01") == []
    assert ids(where, "--state", "signed-off") == [done]
    assert sorted(ids(where, "--search", "UMBRELLA stand")) == sorted((good, done))
    assert ids(where, "--search", "umbrella", "--state", "open") == [good]
    assert listed(where, "--search", "umbrella")[0]["found"] == "I told her about the umbrella stand."
    assert "    I told her about the umbrella stand." in text_of(here(where.root, "review", "--search", "umbrella"))[1]
    code, out, error = text_of(here(where.root, "review", "--limit", "1"))
    assert (code, out.split()[0], len(out.splitlines())) == (0, critical, 1)
    assert error == "There are more than 1; `--limit` shows more of them.\n"
    assert text_of(here(where.root, "review", "--person", "p-bo", "--dimension", "ethics"))[1] == "Nothing found.\n"


def test_what_is_overdue_is_on_the_list(where: Home) -> None:
    """Whoever has not played what was assigned stands there without a session."""
    where.cohorts.mkdir()
    (where.cohorts / "spring.yaml").write_text(
        "cohort: spring\ntitle: Spring\npeople: [p-bo]\nassigned:\n  - {case: small-case, due: 2026-01-02}\n"
    )
    (row,) = listed(where)
    assert (row["session"], row["person"], row["urgency"], row["due"]) == ("", "p-bo", "overdue", "2026-01-02")
    line = text_of(here(where.root, "review"))[1]
    assert line.startswith("(no session) ")
    assert "A small case: overdue" in line


def test_what_was_handed_in_is_collected_first(where: Home, tmp_path: Path) -> None:
    """With a folder, or with `shared:` in the settings, sessions from there are on the list."""
    laptop, shared = Home(tmp_path / "laptop"), tmp_path / "shared"
    shared.mkdir()
    session = played_through(laptop).stem
    hand_in(laptop, shared)
    assert text_of(here(where.root, "review"))[1].startswith("No sessions to review. ")
    code, out, error = text_of(here(where.root, "review", "--folder", shared))
    assert (code, out.split()[0]) == (0, session)
    assert "Collected: 1 new session" in error
    where.settings.write_text(where.settings.read_text() + f"shared: {tmp_path / 'away'}\n")
    code, out, error = text_of(here(where.root, "review"))
    assert (code, out.split()[0], str(tmp_path / "away") in error) == (0, session, True)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--person", "Nobody At All"], "nobody here is called `Nobody At All`, and no session is theirs"),
        (["--case", "no-case"], "there is no case `no-case`; there are: "),
        (["--since", "yesterday"], "a day is written as 2026-11-21"),
        (["--limit", "0"], "a limit is a whole number from 1 to 100,000"),
        (["--state", "lost"], "invalid choice: 'lost'"),
        (["20200101", "--person", "p-bo"], "--person narrows down the list; it says nothing about a session"),
    ],
)
def test_what_cannot_be_listed_is_said(where: Home, arguments: list[str], said: str) -> None:
    """In a sentence, with exit code 2."""
    code, out, error = text_of(here(where.root, "review", *arguments))
    assert (code, out) == (2, "")
    assert said in error


def test_an_index_that_cannot_be_used_is_said_with_what_works_without_it(where: Home) -> None:
    """The journals are still there: the sentence names the commands that read them."""
    played_through(where)
    where.index.mkdir()
    code, out, error = text_of(here(where.root, "review"))
    assert (code, out) == (2, "")
    assert "The index cannot be used." in error
    assert "`caseload sessions`" in error


def test_results_are_written_in_short() -> None:
    """A number, two signs for a critical, a dash where nothing was at stake, a dot where there is no result."""
    found = (
        Result("rapport", 3, 52, False, True, 40),
        Result("organization", 0, None, False, False, None),
        Result("ethics", -8, None, True, True, None),
        Result("ethics", 2, None, False, True, None),
    )
    assert in_short(found) == "52 / – / !! / ·"
