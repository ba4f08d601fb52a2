"""The outline: what stands in a case, by its lines, whatever state the text is in."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.authoring.layout import layout
from simulator.authoring.outline import Entry, blocks, entry_at, keys, marked, outline
from simulator.library import built_in, files
from simulator.problem import Place, Problem, Severity
from simulator.schema import Known, ids_of
from simulator.source import Source, from_text, read
from tests.cases import trials
from tests.tui_cases import CASE

LIBRARY = list(files((built_in(),)))


def named(text: str, section: str = "scenes") -> list[str]:
    """Return the names of what stands in a part of a text."""
    return [each.name for each in outline(text.split("\n")) if each.section == section and not each.scene]


@pytest.mark.parametrize("path", LIBRARY, ids=lambda path: path.stem)
def test_it_finds_what_the_nodes_of_a_case_hold(path: Path) -> None:
    """In every case of the library the outline has exactly the ids that reading it as YAML finds."""
    source = read(path)
    assert isinstance(source, Source)
    known = ids_of(source)
    assert isinstance(known, Known)
    for section, ids in (
        ("scenes", known.scenes),
        ("endings", known.endings),
        ("documents", known.documents),
        ("people", known.people),
    ):
        assert named(source.text, section) == list(ids)


def test_every_entry_says_where_it_stands_and_what_it_is() -> None:
    """An entry has the row of its id, the last row that is its own, and its best words; responses name their scene."""
    lines = CASE.split("\n")
    found = {each.name: each for each in outline(lines)}
    assert lines[found["colleague"].row] == "  colleague:"
    assert lines[found["colleague"].last].lstrip().startswith("yes:")
    assert found["letter"].words == "The letter"
    assert found["hello/promise"].words == "You will have the money."
    assert found["promised"].words == "Something was promised."


@pytest.mark.parametrize(
    "line",
    [
        "    text: no colon: is safe",
        '    text: "a quotation mark that is never closed',
        "    text",
        "    responses:",
        "    marks: {rapport.limits: ",
        "\ttext: a tab",
        "      too: deep",
        "    text: |",
        "    - what",
        "  #",
    ],
)
def test_it_works_while_somebody_types(line: str) -> None:
    """A line that is not finished, or wrong, takes nothing else out of the outline."""
    text = f"scenes:\n  one:\n    text: First.\n{line}\n  two:\n    text: Second.\nendings:\n  end:\n    title: End\n"
    assert named(text) == ["one", "two"]
    assert named(text, "endings") == ["end"]


def test_what_looks_like_an_id_inside_of_a_text_is_none() -> None:
    """Lines of a block, of a wrapped text and of a comment are no entries."""
    text = (
        "scenes:\n  one:\n    text: |\n      two:\n        three:\n    says: She says\n      four:\n  # five:\n  six:\n"
    )
    assert named(text) == ["one", "six"]


def test_entries_show_the_worst_that_is_wrong_within_them() -> None:
    """A scene with advice and an error shows the error, its neighbour nothing; other files do not matter."""
    lines = CASE.split("\n")
    entries = outline(lines)
    row = lines.index("  hello:")
    problems = [
        Problem("a", "advice", Place("case.yaml", row + 3, 1), severity=Severity.ADVICE),
        Problem("b", "error", Place("case.yaml", row + 4, 1)),
        Problem("c", "elsewhere", Place("shared.yaml", lines.index("  colleague:") + 1, 1)),
    ]
    found = {each.name: each.trouble for each in marked(entries, problems, "case.yaml")}
    assert found["hello"] is Severity.ERROR
    assert found["colleague"] is None
    assert found["desk"] is None


def test_a_row_is_known_by_what_it_stands_in() -> None:
    """A row in a response belongs to that response or to its scene, whichever is asked for; above all there is none."""
    lines = CASE.split("\n")
    entries = outline(lines)
    row = lines.index("        then: She sits down.")
    scene, response = entry_at(entries, row), entry_at(entries, row, decisions=True)
    assert scene is not None
    assert scene.name == "hello"
    assert response is not None
    assert response.name == "hello/explain"
    assert entry_at(entries, 0) is None


@pytest.mark.parametrize(
    ("line", "within"),
    [
        ("        why: She knows where she stands.", ["response hello/explain", "scene hello", "scenes"]),
        ("  hello:", ["scene hello", "scenes"]),
        ("      - {to: note}", ["scene fork", "scenes"]),
        ("    name: Gus Brandt", ["person gus", "people"]),
        ("  You are new here.", ["briefing"]),
        ("title: A small case", ["title"]),
    ],
)
def test_what_a_row_lies_in_is_told_from_the_inside_out(line: str, within: list[str]) -> None:
    """A response lies in its scene, a scene in all scenes, and everything in the text."""
    lines = CASE.split("\n")
    row = lines.index(line)
    found = blocks(layout(lines), row)
    assert [str(each) for each in found] == [*within, "all of the text"]
    for inner, outer in pairwise(found):
        assert outer.first <= inner.first <= row <= inner.last <= outer.last


def test_what_is_picked_or_put_in_order_is_a_block_too() -> None:
    """Options and items are called what they are."""
    lines = ["scenes:", "  s:", "    select:", "      options:", "        one:", "          text: One."]
    assert [str(each) for each in blocks(layout(lines), 5)][:2] == ["option s/one", "scene s"]


def test_a_note_between_two_parts_belongs_to_neither() -> None:
    """A comment below a scene is no part of it; the blank row below it still goes with it."""
    lines = ["scenes:", "  s:", "    text: One.", "", "# The endings", "endings:", "  e: {text: Over.}"]
    assert str(blocks(layout(lines), 3)[0]) == "scene s"
    assert [str(each) for each in blocks(layout(lines), 4)] == ["all of the text"]


def test_keys_at_the_margin_are_found_with_what_they_say() -> None:
    """Also those that hold nothing with an id."""
    found = {each.id: each for each in keys(layout(CASE.split("\n")))}
    assert {"title", "briefing", "people", "facts", "scenes", "endings"} <= found.keys()
    assert found["briefing"].words == "You are new here."
    assert found["title"].words == "A small case"


@trials(60)
@given(st.text(alphabet=" -:#|>{}[]\"'ab\n\té漢\r", max_size=200))
def test_no_text_is_too_broken_for_it(text: str) -> None:
    """Whatever a text is, every row belongs to something and every entry to rows that are there."""
    lines = f"scenes:\n{text}".split("\n")
    seen = layout(lines)
    assert len(seen.owners) == len(seen.prose) == len(lines)
    for row in range(len(lines)):
        assert all(0 <= each.first <= each.last < len(lines) for each in blocks(seen, row))
    for each in outline(seen):
        assert isinstance(each, Entry)
        assert 0 <= each.row <= each.last < len(lines)


def test_reading_it_from_text_needs_no_yaml() -> None:
    """What libyaml refuses has an outline all the same."""
    broken = CASE.replace("  hello:\n", "  hello:\n    ? [\n")
    assert isinstance(ids_of(from_text(broken)), Problem)
    assert named(broken) == named(CASE)
