"""A cohort as a page: well-formed, closed to the world, the same sheets as everywhere else."""

from __future__ import annotations

import re
from dataclasses import replace
from importlib import resources
from itertools import pairwise

import pytest

from simulator.cohort_page import WIDE, cohort_page
from simulator.sheet import Cell, Column, Sheet
from simulator.text import clean
from tests.reports import HOSTILE, Element, taken_apart
from tests.test_page import ATTRIBUTES, TAGS

FACTS = (("As of", "2027-01-01"), ("People", "3"))
SHEETS = (
    Sheet(
        "completion",
        "Who has finished what",
        "What is assigned stands first.",
        (Column("person", "person"), Column("small-case", "A small case, due 2026-06-01")),
        (
            (Cell("Ana Silva", person="p-ana"), Cell("0 / – / !!", "20260304-120000-abc123", "critical")),
            (Cell("Bo Lind", person="p-bo"), Cell("overdue, not begun", tone="harmful")),
        ),
        ("1 of 2 assignments finished, 1 overdue.",),
    ),
    Sheet(
        "indicators",
        "Levels by indicator",
        "How people were marked.",
        tuple(Column(f"c{number}", f"column {number}") for number in range(WIDE + 1)),
        (tuple(Cell("1/2", tone="poor") for _ in range(WIDE + 1)),),
    ),
    Sheet("never", "What nobody picks", "On offer.", (Column("a", "a"),), (), (), "Everything was picked."),
)


@pytest.fixture
def page() -> Element:
    return taken_apart(cohort_page("Spring intake", FACTS, SHEETS))


def with_everywhere(sheet: Sheet, what: str) -> Sheet:
    """Put something into every text of a sheet."""
    return replace(
        sheet,
        title=what,
        about=what,
        nothing=what,
        notes=(what, what),
        columns=tuple(Column(each.key, what) for each in sheet.columns),
        rows=tuple(tuple(Cell(what, what, what, what, what) for _ in row) for row in sheet.rows),
    )


def test_every_sheet_stands_on_it(page: Element) -> None:
    """With its title, what it is about, its rows, its notes; one without rows says what that means."""
    assert page.one("h1").words == "Spring intake"
    assert [each.words for each in page.all("h2")] == [each.title for each in SHEETS]
    first, second = page.all("table")
    assert [[each.words for each in row.all("th", "td")] for row in first.all("tr")] == [
        ["person", "A small case, due 2026-06-01"],
        ["Ana Silva", "0 / – / !!"],
        ["Bo Lind", "overdue, not begun"],
    ]
    assert "1 of 2 assignments finished, 1 overdue." in page.words
    assert "Everything was picked." in page.words
    assert (first.attributes["class"], second.attributes["class"]) == ("sheet", "sheet many")


def test_it_says_what_may_not_be_concluded(page: Element) -> None:
    """At its end stands whose judgement marks are, and that nobody checked who played."""
    footer = page.one("footer").words
    assert "They claim nothing about competence" in footer
    assert "Who played is what somebody said at the keyboard" in footer


def test_it_needs_nothing_but_itself(page: Element) -> None:
    """No script, no image, no address; a policy that forbids fetching anything; links stay on the page."""
    assert {each.tag for each in page.all()} <= TAGS
    assert {name for each in page.all() for name in each.attributes} <= ATTRIBUTES
    policy = page.one("meta", **{"http-equiv": "Content-Security-Policy"}).attributes["content"]
    assert policy.startswith("default-src 'none'")
    ids = [each.attributes["id"] for each in page.all() if "id" in each.attributes]
    assert len(set(ids)) == len(ids)
    assert all(each.attributes["href"][1:] in ids for each in page.all("a"))


def test_one_finds_ones_way_in_it(page: Element) -> None:
    """Headings leave no level out, tables are named, headings of tables say what of; wide tables scroll by keyboard."""
    levels = [int(each.tag[1]) for each in page.all("h1", "h2", "h3")]
    assert all(after <= before + 1 for before, after in pairwise(levels))
    for table in page.all("table"):
        assert table.all()[0].tag == "caption"
        assert all(each.attributes["scope"] in ("col", "row") for each in table.all("th"))
    for section in page.all("section"):
        assert section.one("h2").attributes["id"] == section.attributes["aria-labelledby"]
    scrolled = [each for each in page.all("div") if each.attributes.get("class") == "scrolls"]
    assert len(scrolled) == 2
    assert all(each.attributes["tabindex"] == "0" for each in scrolled)


def test_what_is_coloured_says_it_in_words_as_well(page: Element) -> None:
    """A tone is never the only sign; only tones that the page knows become classes."""
    tones = [each for each in page.all("span") if each.attributes.get("class", "").startswith("tone ")]
    assert {each.attributes["class"] for each in tones} == {"tone critical", "tone harmful", "tone poor"}
    assert all(each.words for each in tones)
    style = resources.files("simulator").joinpath("page.css").read_text("utf-8")
    for rule in re.findall(r"\.(?:sheet|many|tone)[^{]*\{([^}]*)\}", style):
        assert not re.search(r"color: (?!var\(--)", rule), rule


@pytest.mark.parametrize("poison", HOSTILE)
def test_everything_from_outside_is_shown_as_text(poison: str) -> None:
    """Whatever stands in a name or a title, the page has no element or attribute but its own."""
    seen = clean(poison)
    html = cohort_page(seen, ((seen, seen),), [with_everywhere(sheet, seen) for sheet in SHEETS])
    page, plain = taken_apart(html), taken_apart(cohort_page("Spring intake", FACTS[:1], SHEETS))
    assert {each.tag for each in page.all()} <= TAGS
    ours = {(name, value) for each in plain.all() for name, value in each.attributes.items() if name != "class"}
    theirs = {(name, value) for each in page.all() for name, value in each.attributes.items() if name != "class"}
    assert theirs == ours
    assert page.one("h1").words.startswith(" ".join(seen.split())[:20])
    assert page.words.count(" ".join(seen.split())) >= 10
