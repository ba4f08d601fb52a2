"""What can stand at the cursor: keys, levels, ids and conditions, by the place in the text."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from scoring.rubric import Level
from simulator.authoring.completion import Completion, Offers, complete, known_now
from simulator.builder import PERSON_KEYS, SCENARIO_KEYS
from simulator.scenes import OPTION_KEYS, PHASES, RESPONSE_KEYS, SCENE_KEYS, WRITE_KEYS
from simulator.source import from_text
from tests.cases import trials
from tests.tui.stage import rubric
from tests.tui_cases import CASE

SCENE = "scenes:\n  one:\n"
RESPONSE = f"{SCENE}    responses:\n      say-so:\n"


@cache
def offers() -> Offers:
    """Return what can be offered in the small case."""
    return Offers.of(rubric(), known_now(from_text(CASE)))


def at(text: str) -> Completion:
    """Complete at the place that is marked by `^`."""
    before, _, after = text.partition("^")
    row = before.count("\n")
    return complete((before + after).split("\n"), row, len(before.rpartition("\n")[2]), offers())


def offered(text: str) -> list[str]:
    """Return what is offered at the place that is marked by `^`, without colons and blanks."""
    return [each.insert.strip(" :") for each in at(text).options]


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("^", SCENARIO_KEYS),
        (f"{SCENE}    ^", SCENE_KEYS),
        (f"{RESPONSE}        ^", RESPONSE_KEYS),
        (f"{SCENE}    write:\n      ^", WRITE_KEYS),
        (f"{SCENE}    select:\n      options:\n        a: {{^}}", OPTION_KEYS),
        ("people:\n  ann:\n    ^", PERSON_KEYS),
        (f"{SCENE}    next:\n      - ^", ("when", "to")),
        (f"{SCENE}    next:\n    - when: promised\n      ^", ("to",)),
        (f"{SCENE}    text:\n      - ^", ("if", "say")),
    ],
)
def test_the_keys_of_a_place_are_offered_in_their_order(text: str, keys: tuple[str, ...]) -> None:
    """Every key that the loader knows at a place is offered there, and nothing else."""
    assert offered(text) == list(keys)


def test_every_key_says_what_it_means() -> None:
    """Keys come with the words that editors show about them."""
    assert all(each.about for each in at(f"{RESPONSE}        ^").options)


def test_a_key_that_is_there_already_is_not_offered_again() -> None:
    """Neither is one that does not go together with what is there: a scene is of one kind."""
    assert "do" not in offered(f"{RESPONSE}        say: Yes.\n        ^")
    assert "say" not in offered(f"{RESPONSE}        say: Yes.\n        ^")
    assert not {"select", "rank", "write", "visit"} & set(offered(f"{RESPONSE}        do: Go.\n    ^"))
    assert "next" not in offered(f"{SCENE}    text: It stands above.\n    next: hello\n    ^")
    assert "next" not in offered(f"{SCENE}    text: It stands below.\n    ^\n    next: hello")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f"{SCENE}    next: ^", ["desk", "hello", "colleague", "fork", "note", "done", "owed", "handed-over"]),
        (f"{SCENE}    next: h^", ["hello", "handed-over"]),
        (f"{SCENE}    next:\n      - {{when: promised, to: h^}}", ["hello", "handed-over"]),
        (f"{SCENE}    next:\n      - when: promised\n        to: h^", ["hello", "handed-over"]),
        (f"{SCENE}    with: ^", ["ruth", "gus"]),
        ("client: ^", ["ruth", "gus"]),
        (f"{SCENE}    phase: ^", list(PHASES)),
        (f"{SCENE}    sets: ^", ["promised"]),
        (f"{SCENE}    sets: [^", ["promised"]),
        (f"{SCENE}    offers: [^]", ["documents", "consult", "directory", "letter", "notes"]),
        (f"{RESPONSE}        feels: {{^}}", ["trust", "tension", "calm", "ruth.trust", "ruth.tension", "gus.calm"]),
        (f"{RESPONSE}        marks: {{rapport.limits: ^}}", [each.value for each in Level][::-1]),
        (f"{RESPONSE}        marks: {{rapport.limits: best,\n          ethics.autonomy: po^", ["poor"]),
        (f"{RESPONSE}        marks:\n          - give: {{rapport.limits: b^}}", ["best", "acceptable"]),
        (f"{RESPONSE}        again: ^", ["true"]),
        (f"{SCENE}    next:\n      - when: read(^", ["letter)", "notes)"]),
        (f"{SCENE}    next:\n      - when: promised and not read(le^)", ["letter"]),
        (f"{SCENE}    next:\n      - {{when: before(^", ["next-client)"]),
        (f"{SCENE}    text:\n      - if: tr^", ["trust >=", "ruth.trust >="]),
        (f"{RESPONSE}        when: chose(hello/pro^)", ["promise"]),
    ],
)
def test_ids_and_words_are_offered_where_they_belong(text: str, words: list[str]) -> None:
    """Scenes and endings after `next:`, people after `with:`, documents inside of `read(…)`, and so on."""
    assert offered(text) == words


def test_a_level_comes_with_its_anchor() -> None:
    """What a level looks like is shown in the words of the rubric."""
    found = {each.label: each.about for each in at(f"{RESPONSE}        marks: {{ethics.safety: ^}}").options}
    assert found == {level.value: words for level, words in rubric().indicators["ethics.safety"].anchors.items()}


def test_indicators_are_those_of_the_rubric() -> None:
    """Marks are offered every indicator that is not given yet."""
    there = offered(f"{RESPONSE}        marks: {{rapport.limits: best, ^}}")
    assert there == [each for each in rubric().indicators if each != "rapport.limits"]


@pytest.mark.parametrize(
    "text",
    [
        f"{SCENE}    text: |\n      Whatever ^",
        f"{SCENE}    text: |\n      ne^",
        f"{SCENE}    text: Words that\n      go on ^",
        f"{SCENE}    # no^",
        f"{SCENE}\t^",
        "scenes:\n  ^",
    ],
)
def test_nothing_is_offered_where_the_author_writes(text: str) -> None:
    """In a text, in a comment and where an id of one's own belongs there is a hint and nothing to pick."""
    found = at(text)
    assert found.options == ()
    assert found.hint


def test_what_was_typed_is_replaced_as_a_whole() -> None:
    """The rest of a word behind the cursor goes with it, and a colon that is there is not written twice."""
    found = at(f"{SCENE}    ne^xx: hello")
    assert (found.start, found.end) == (4, 8)
    assert found.options[0].insert == "next"


def test_ids_are_known_while_the_text_is_no_yaml() -> None:
    """A scene that was just typed can be named although a line elsewhere is not finished."""
    before = known_now(from_text(CASE))
    broken = CASE.replace("  fork:\n", "  brand-new:\n    ? [\n  fork:\n")
    found = known_now(from_text(broken), before)
    assert "brand-new" in found.scenes
    assert found.feelings == before.feelings


@trials(60)
@given(st.integers(0, len(CASE)), st.text(alphabet=" -:#|>{}[](),\"'abn\n\t.é", max_size=12))
@example(CASE.index("next: hello}") + len("next"), "[]\n")
def test_it_can_be_asked_anywhere(place: int, typed: str) -> None:
    """At every place of a case, after anything was typed there, there is an answer that lies on that row."""
    before = CASE[:place] + typed
    lines = (before + CASE[place:]).split("\n")
    row, column = before.count("\n"), len(before.rpartition("\n")[2])
    found = complete(lines, row, column, offers())
    assert found.row == row
    assert 0 <= found.start <= column <= found.end <= len(lines[row])
