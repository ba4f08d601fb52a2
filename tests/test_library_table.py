"""What the library practises, as `scenarios/README.md` tells it: true now, and nothing that is open is hidden."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from simulator.teaching.telling import indicators_json
from tests.library_table import OPEN, PAGE, ROOT, TOPICS, Topics, library, nowhere, page, rubric, topics_of, written

TEXT = TOPICS.read_text(encoding="utf-8")
SMALL = """\
mechanics:
  clock: {title: minutes, at: AUTHORING.md#time}
seeds:
  - title: A text
    topics:
      reading:
        title: Reading a file
        practised: {who-is-managing: [prep]}
        mechanics: [clock]
      waiting:
        title: Waiting for a case
        practised: {}
"""


def shown(topics: Topics) -> str:
    return page(topics, library(), rubric())


def test_the_page_is_what_the_library_practises_now() -> None:
    """Whoever changes a case, the path or the topics writes the page anew: `python -m tests.library_table`."""
    assert PAGE.read_text(encoding="utf-8") == written()


def test_every_case_and_scene_that_a_topic_names_is_there() -> None:
    """No topic claims to be practised where nothing is."""
    assert nowhere(topics_of(TEXT), library()) == []


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("who-is-managing: [prep]", "who-is-manging: [prep]", "reading: there is no case `who-is-manging`"),
        ("who-is-managing: [prep]", "who-is-managing: [perp]", "reading: `who-is-managing` has no scene `perp`"),
        ("who-is-managing: [prep]", "who-is-managing: []", "reading: no scene of `who-is-managing` is named"),
        ("mechanics: [clock]", "mechanics: [clok]", "reading: there is no mechanic `clok`"),
    ],
)
def test_what_a_topic_names_and_nothing_has_is_told(old: str, new: str, told: str) -> None:
    """A case, a scene or a mechanic that is misspelled, or was renamed since, is said by name."""
    assert nowhere(topics_of(SMALL), library()) == []
    assert SMALL.count(old) == 1
    assert nowhere(topics_of(SMALL.replace(old, new)), library()) == [told]


def test_an_open_topic_is_shown_as_open() -> None:
    """What nothing practises yet stands there with the others, and is counted."""
    text = shown(topics_of(SMALL))
    assert f"| Waiting for a case | {OPEN} |" in text
    assert "2 topics, 1 of them open." in text
    assert (
        "| Reading a file | [Who is managing whom?](who-is-managing.yaml): `prep`<br>[minutes](AUTHORING.md#time) |"
        in text
    )


def test_every_topic_has_an_id_and_a_title_of_its_own() -> None:
    """A topic that several texts name stands where it is named first, or says what else is meant."""
    topics = topics_of(TEXT)
    assert len(topics.seeds) == 5
    assert all(topics.seeds.values())
    for names in ([topic.id for topic in topics.all], [topic.title for topic in topics.all]):
        assert len(set(names)) == len(names)


def test_every_indicator_is_counted_as_the_command_counts_it() -> None:
    """The numbers of the page are those of `caseload indicators`, for every indicator of the rubric."""
    told = indicators_json(library(), rubric())
    text = PAGE.read_text(encoding="utf-8")
    for indicator in rubric().indicators:
        (row,) = re.findall(rf"^\| `{re.escape(indicator)}` \| (.*) \|$", text, flags=re.MULTILINE)
        *counts, _ = row.split(" | ")
        keys = ("harmful", "poor", "acceptable", "best", "written")
        found = [each for case in told for each in case["indicators"] if each["indicator"] == indicator]  # type: ignore[attr-defined]
        assert [int(count or 0) for count in counts] == [sum(each[key] for each in found) for key in keys]


def _slug(heading: str) -> str:
    """Return what a heading is linked by."""
    return re.sub(r"[^\w -]", "", heading.lower()).strip().replace(" ", "-")


def test_every_link_of_the_page_leads_somewhere() -> None:
    """Cases, mechanics and pages that are linked to are there, down to the heading."""
    for link in set(re.findall(r"\]\(([^)]+)\)", PAGE.read_text(encoding="utf-8"))):
        file, _, heading = link.partition("#")
        path: Path = (PAGE.parent / file).resolve()
        assert path.exists(), link
        assert path.is_relative_to(ROOT)
        if heading:
            headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
            assert heading in {_slug(each) for each in headings}, link
