"""Attempts side by side as a page, and what each was worth."""

from __future__ import annotations

import json
import re
from importlib import resources
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from simulator.archive import Logged
from simulator.comparison import Comparison, compare, measured
from simulator.comparison_page import comparison_page
from simulator.comparison_telling import comparison_json, comparison_text, same_label
from simulator.explore import Exploration
from simulator.hindsight import Hindsight, NotProven, Regret
from simulator.library import Case
from simulator.people import People, Person
from simulator.settings import Home
from simulator.text import clean
from tests.attempts import EXPLAINED, PROMISED, attempted, logged, ticking
from tests.cases import CASE
from tests.journals import ANA, case_in, caseload, here, text_of
from tests.reports import HOSTILE, Element, poisoned, poisoned_people, taken_apart
from tests.test_page import ATTRIBUTES, TAGS

ANA_SILVA = People({ANA: Person(ANA, "Ana Silva")})
WITHOUT_MARKS = CASE.replace("version: 1.0.0", "version: 2.0.0").replace("rapport.limits", "organization.preparation")
"""The same case, in which nothing can be won or lost on rapport any more."""


@pytest.fixture(autouse=True)
def minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    ticking(monkeypatch)


@pytest.fixture
def where(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture
def small(tmp_path: Path) -> Case:
    return case_in(tmp_path / "cases")


def explored(comparison: Comparison) -> Comparison:
    """Measure every attempt against what its case made possible."""
    return measured(comparison, lambda each: Exploration(each.scenario, each.rubric))


@pytest.fixture
def found(where: Home, small: Case) -> Comparison:
    """Return two attempts: one with a promise nobody can keep, one as it should be."""
    return explored(compare(logged(where, *[attempted(where, small, *way) for way in (PROMISED, EXPLAINED)])))


@pytest.fixture
def told(found: Comparison) -> Element:
    return taken_apart(comparison_page(found, ANA_SILVA))


# -- what each was worth --------------------------------------------------------------------------


def test_each_attempt_says_what_it_came_to(found: Comparison) -> None:
    """In percent, `critical` in place of a number, `not assessed` where nothing could be lost; and what that means."""
    text = comparison_text(found, "Ana")
    assert "     rapport 0, organization not assessed, ethics critical\n" in text
    assert "     rapport 100, organization not assessed, ethics not assessed\n" in text
    assert text.count("0 is the worst and 100 the best") == 1
    assert text.index("ethics critical") < text.index("B  ") < text.index("Here they part.")


def test_each_decision_has_its_label_beside_it(found: Comparison) -> None:
    """What it cost stands below what was decided, in the column of its attempt."""
    lines = comparison_text(found, "Ana").splitlines()
    (asked,) = (number for number, line in enumerate(lines) if line.startswith("  A1 Ask her to come in."))
    assert lines[asked + 1].startswith("     serious: no way round a critical")
    (said,) = (number for number, line in enumerate(lines) if line.startswith("  A2 "))
    assert lines[said + 1].endswith("   kept")


def test_what_nobody_asked_for_is_left_out(where: Home, found: Comparison) -> None:
    """Without measuring there is no result, no label and no sentence about them."""
    plain = compare(found.attempts)
    # An id may have any digits.
    text = re.sub(r"\d{8}-\d{6}-[0-9a-f]{9}", "", comparison_text(plain, "Ana"))
    for word in ("100", "not assessed", "kept", "serious", "proven"):
        assert word not in text.replace("100% of what was on offer", "")
    page = taken_apart(comparison_page(plain, ANA_SILVA))
    assert not page.all("svg")
    assert "Result" not in [each.text for each in page.all("th")]


def test_decisions_of_everybody_are_labelled_once(where: Home, small: Case) -> None:
    """Where they went the same way, the label stands behind what was decided; where costs differ, whose it is."""
    ways = (EXPLAINED, (*EXPLAINED[:2], "promise", "write:So."))
    text = comparison_text(explored(compare(logged(where, *[attempted(where, small, *way) for way in ways]))), "Ana")
    assert "  = Read: A letter (kept)\n" in text
    kept, slip, unknown = Regret(1, (0, 0, 0), 0, "kept"), Regret(1, (1, 0, 0), 1, "slip"), None
    assert same_label([kept, kept]) == "kept"
    assert same_label([kept, slip, unknown]) == "A kept, B slip, C without a label"
    assert same_label([unknown, unknown]) == ""


def test_each_attempt_is_measured_against_the_version_it_was_played_with(where: Home, tmp_path: Path) -> None:
    """The same answer is worth what it was worth then; that this is so is said."""
    old, new = case_in(tmp_path / "old"), case_in(tmp_path / "new", WITHOUT_MARKS)
    ways = [attempted(where, case, *PROMISED) for case in (old, new, old)]
    asked: list[str] = []

    def solve(each: Logged) -> Exploration:
        asked.append(each.scenario.version)
        return Exploration(each.scenario, each.rubric)

    both = measured(compare(logged(where, *ways)), solve)
    assert [back.courses["rapport"].percent for back in both.backs if isinstance(back, Hindsight)] == [0, None, 0]
    assert asked == ["1.0.0", "2.0.0"]
    text = " ".join(comparison_text(both, "Ana").split())
    assert "rapport not assessed, organization 0, ethics critical" in text
    assert "Each attempt is measured against the versions that it was played with." in text
    page = taken_apart(comparison_page(both, ANA_SILVA))
    assert "B · rapport: not assessed" in page.words
    assert "A · organization: not assessed" in page.words


def test_what_is_not_proven_says_so_and_why(found: Comparison) -> None:
    """Not proven in place of each number, critical where it is; one sentence says whose it is, and why."""
    without = measured(found, lambda _: NotProven("It has more than 10 states."))
    text = " ".join(comparison_text(without, "Ana").split())
    assert "rapport not proven, organization not proven, ethics critical" in text
    assert text.count("A and B: Results in percent and what each decision cost: not proven. It has more than") == 1
    page = taken_apart(comparison_page(without, ANA_SILVA))
    assert not page.all("svg")
    assert [each.text for each in page.all("td") if each.attributes.get("class") == "result"].count("not proven") == 5
    told: dict[str, Any] = comparison_json(without)
    assert [(each["proven"], each["results"]) for each in told["attempts"]] == [(False, None)] * 2


def test_json_has_results_and_labels_and_all_it_had(found: Comparison) -> None:
    """What nobody asked for is null or empty under the same keys; nothing else of it changes."""
    with_: dict[str, Any] = comparison_json(found)
    without: dict[str, Any] = comparison_json(compare(found.attempts))
    one, other = with_["attempts"]
    assert one["results"]["rapport"] == {"result": 0, "assessed": True, "critical": False, "line": "0"}
    assert one["results"]["ethics"] == {"result": None, "assessed": False, "critical": True, "line": "critical"}
    assert other["results"]["ethics"]["line"] == "not assessed"
    asked = with_["rows"][1]["sides"]
    assert (asked[0]["label"], asked[0]["cost"], asked[0]["regret"]) == (
        "serious",
        6,
        {"rapport": 6, "organization": 0, "ethics": 0},
    )
    assert (asked[0]["sealed"], asked[0]["hard_call"]) == (["broken-promise"], False)
    unknown = without["rows"][1]["sides"][0]
    assert (unknown["label"], unknown["cost"], unknown["regret"], unknown["sealed"]) == ("", None, None, [])
    assert without["attempts"][0]["proven"] is without["attempts"][0]["results"] is None
    assert unknown.keys() == asked[0].keys()
    assert without["attempts"][0].keys() == one.keys()


# -- the page -------------------------------------------------------------------------------------


def test_results_of_all_stand_below_each_dimension(told: Element) -> None:
    """A row for each attempt, in the order they were named."""
    rows = [[each.words for each in row.all("th", "td")] for row in told.all("table")[0].all("tr")]
    assert rows[:4] == [
        ["Attempt", "Result", "What was seen"],
        ["rapport"],
        ["A", "0", "1 harmful"],
        ["B", "100", "1 best · 100% of what was on offer"],
    ]
    assert rows[-3:] == [["ethics"], ["A", "critical", "critical"], ["B", "not assessed", "nothing marked"]]


def test_graphs_stand_beside_each_other_and_in_words(told: Element) -> None:
    """One for each attempt on each dimension that could be assessed, each named and described; the same in a table."""
    (beside,) = (each for each in told.all("ul") if each.all("figure"))
    assert [each.one("figcaption").text for each in beside.all("li")] == ["A · rapport: 0", "B · rapport: 100"]
    for svg in beside.all("svg"):
        named = [svg.one("title").attributes["id"], svg.one("desc").attributes["id"]]
        assert svg.attributes["aria-labelledby"].split() == named
        assert "Result: " in svg.one("desc").text
    first, second = told.one("details").all("table")
    assert [each.words for each in first.all("tr")[2].all("th", "td")] == ["1", "0", "not assessed", "critical"]
    assert [each.words for each in second.all("tr")[-1].all("th", "td")][:2] == ["3", "100"]


def test_decisions_stand_side_by_side_with_what_they_cost(told: Element) -> None:
    """Each names its attempt and its number; where an attempt has none, that is said."""
    rows = [
        [side.words for side in each.one("ul", **{"class": "sides"}).inside if isinstance(side, Element)]
        for each in told.all("div")
        if each.attributes.get("class") == "decision"
    ]
    assert rows[0] == ["A: nothing here", "B, decision 1 Read: A letter kept"]
    assert rows[1][0].startswith("A, decision 1 Ask her to come in. serious: no way round a critical after this")
    assert "It is not yours to give." in rows[2][0]
    assert rows[2][1].startswith("B, decision 3 “Here is how it was decided.” kept ++ best: Limits")
    assert "I promised." in rows[3][0]
    assert "Critical: broken promise" in rows[3][0]


def test_the_page_of_what_never_parted_says_so(where: Home, small: Case) -> None:
    """What everybody decided stands there once, with its marks and its label."""
    page = taken_apart(
        comparison_page(
            explored(compare(logged(where, *[attempted(where, small, *EXPLAINED) for _ in range(3)]))), ANA_SILVA
        )
    )
    (same,) = (each for each in page.all("ul") if each.attributes.get("class") == "same")
    assert len([each for each in same.inside if isinstance(each, Element)]) == 3
    assert "They never part." in page.words
    assert "the same in all" in page.words
    assert page.words.count("Here is how it was decided.") == 1


@pytest.mark.parametrize("poison", HOSTILE)
def test_everything_from_outside_is_shown_as_text(found: Comparison, poison: str) -> None:
    """Whatever stands in a case, a rubric, a note or a name, the page has no element or attribute but its own."""
    attempts = [poisoned(each, poison) for each in found.attempts]
    # Measured as they were before: a name is no part of what lies ahead.
    known = {each.id: Exploration(each.scenario, each.rubric) for each in attempts}
    hostile = measured(compare(attempts), lambda each: known[each.id])
    html = comparison_page(hostile, poisoned_people(poison))
    page = taken_apart(html)
    plain = taken_apart(comparison_page(found, ANA_SILVA))
    assert {each.tag for each in page.all()} <= TAGS
    assert {name for each in page.all() for name in each.attributes} <= ATTRIBUTES
    assert [each.attributes for each in page.all("svg", "li", "section")] == [
        each.attributes for each in plain.all("svg", "li", "section")
    ]
    seen = " ".join(clean(poison).split())
    assert page.one("h1").words.startswith(seen)
    assert page.words.count(seen) >= 10
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]", html)


def test_the_page_fetches_nothing_and_can_be_found_ones_way_in(told: Element) -> None:
    """Links stay on it, ids are there once, headings leave no level out, tables say what they are."""
    ids = [each.attributes["id"] for each in told.all() if "id" in each.attributes]
    assert len(set(ids)) == len(ids)
    assert all(each.attributes["href"][1:] in ids for each in told.all("a"))
    levels = [int(each.tag[1]) for each in told.all("h1", "h2", "h3", "h4")]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    for table in told.all("table"):
        assert table.all()[0].tag == "caption"
        assert all(each.attributes["scope"] in ("col", "row", "rowgroup") for each in table.all("th"))
    for section in told.all("section"):
        assert section.one("h2").attributes["id"] == section.attributes["aria-labelledby"]
    assert "default-src 'none'" in told.one("meta", **{"http-equiv": "Content-Security-Policy"}).attributes["content"]


def test_columns_go_below_each_other_on_a_phone_and_stay_whole_on_paper() -> None:
    """No column is ever wider than the page; none of what stands in one is torn apart."""
    style = resources.files("simulator").joinpath("page.css").read_text("utf-8")
    assert "repeat(auto-fit, minmax(min(17rem, 100%), 1fr))" in style
    assert re.search(r"\.sides > li[^{]*\{ break-inside: avoid; \}", style.split("@media print")[1])


# -- the command ----------------------------------------------------------------------------------


@pytest.fixture
def two(where: Home, small: Case) -> tuple[str, str]:
    """Return the ids of two attempts."""
    return attempted(where, small, *PROMISED), attempted(where, small, *EXPLAINED)


def test_the_command_measures_unless_it_is_told_not_to(where: Home, two: tuple[str, str]) -> None:
    """Results and labels are there by themselves; with `--no-solve` nothing is explored and nothing said of them."""
    code, out, _ = text_of(caseload(where.root, "compare", *two, "--no-solve"))
    assert code == 0
    assert "rapport 0" not in out
    assert not where.solved.exists()
    code, out, _ = text_of(caseload(where.root, "compare", *two))
    assert code == 0
    assert "rapport 0, organization not assessed, ethics critical" in out
    code, out, _ = text_of(here(where.root, "compare", *two, "--no-solve", "--format", "json"))
    assert [each["results"] for each in json.loads(out)["attempts"]] == [None, None]


@pytest.mark.parametrize(
    ("name", "begins"), [("c.html", "<!doctype html>"), ("c.json", '{\n  "scenario"'), ("c.txt", "A small case: 2 att")]
)
def test_a_files_name_says_what_it_becomes(
    where: Home, two: tuple[str, str], tmp_path: Path, name: str, begins: str
) -> None:
    """A page, JSON or text, the same as goes to the screen."""
    code, out, error = text_of(here(where.root, "compare", *two, "--output", tmp_path / name))
    assert (code, out, error) == (0, "", f"Written to {tmp_path / name}.\n")
    written = (tmp_path / name).read_text("utf-8")
    assert written.startswith(begins)
    kind = {"html": "html", "json": "json", "txt": "text"}[name.partition(".")[2]]
    assert text_of(here(where.root, "compare", *two, "--format", kind))[1] == written


def test_a_file_that_is_there_is_kept(where: Home, two: tuple[str, str], tmp_path: Path) -> None:
    """Nothing is written over unless that was asked for, and a journal not even then."""
    target = tmp_path / "c.html"
    target.write_text("mine")
    code, out, error = text_of(here(where.root, "compare", *two, "--output", target))
    assert (code, out) == (2, "")
    assert error == f"caseload: {target} is there already; with --force it is written over\n"
    assert target.read_text() == "mine"
    assert text_of(here(where.root, "compare", *two, "--output", target, "--force"))[0] == 0
    assert target.read_bytes().startswith(b"<!doctype html>")
    journal = where.journals / f"{two[0]}.jsonl"
    before = journal.read_bytes()
    assert text_of(here(where.root, "compare", *two, "--output", journal, "--force"))[0] == 2
    assert journal.read_bytes() == before
