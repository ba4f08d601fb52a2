"""Inserting: what was given is in the case afterwards, word for word, and nothing else has changed."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from simulator.authoring.insert import (
    CannotInsert,
    Insertion,
    New,
    insert,
    insert_response,
    plain,
    prose,
    suggested_id,
    text_lines,
)
from simulator.loader import scenario_from
from simulator.scenario import Scenario
from simulator.source import compose, from_text
from simulator.text import reflow
from tests.cases import trials
from tests.tui.stage import rubric
from tests.tui_cases import CASE

LINES = CASE.split("\n")
HARD = (
    "Now: what is it?",
    "Form #3 is missing # really",
    '"Good morning," she says.',
    "- a dash",
    "* a star",
    "[a] bracket",
    "{a: b}",
    "no",
    "12:30",
    "| bar",
    "> greater",
    "@home",
    "%percent",
    "`tick`",
    "!bang",
    "&and",
    "? what",
    "key: value",
    "one\n\ntwo",
    "   indented",
    "one\n   two\n      three",
    "ends with a colon:",
    "'single' quotes",
    "say:so",
    "---",
    "...",
    "~",
    "null",
    "https://example.org/#part",
    "tab\tinside",
    "漢字 and 🙂",
    "a" * 300,
    "word " * 60,
)


def loaded(lines: list[str]) -> Scenario:
    """Return the case that some lines are; there must be nothing wrong with it."""
    found = scenario_from(from_text("\n".join(lines)), rubric())
    assert found.value is not None, [str(problem) for problem in found.problems]
    assert [str(each) for each in found.problems] == []
    return found.value


def value_of(lines: list[str], *keys: str) -> str:
    """Return what YAML reads behind some keys."""
    root, problems = compose(from_text("\n".join(lines)))
    assert root is not None, problems
    node: yaml.Node = root
    for key in keys:
        assert isinstance(node, yaml.MappingNode)
        node = next(value for name, value in node.value if name.value == key)
    assert isinstance(node, yaml.ScalarNode)
    return str(node.value)


def others(insertion: Insertion, lines: list[str]) -> list[str]:
    """Return a text with an insertion, without what was inserted."""
    whole = insertion.into(lines)
    return [*whole[: insertion.row], *whole[insertion.row + len(insertion.lines) :]]


words = st.text(
    alphabet=st.one_of(st.sampled_from(" \n:#-?*&!|>'\"%@`{}[],.abno~\t"), st.characters(codec="utf-8")),
    min_size=1,
    max_size=80,
).filter(lambda text: bool(prose(text)))


@trials(60)
@given(words)
def test_any_prose_is_read_back_word_for_word(text: str) -> None:
    """Whatever is written, YAML holds exactly that text, on the key's line or in a block."""
    lines = ["top:", *text_lines("says", text, 2), "  more: yes"]
    assert value_of(lines, "top", "says").rstrip("\n") == prose(text)
    assert value_of(lines, "top", "more") == "yes"


@trials(25)
@given(words, words, words)
def test_a_response_says_what_it_was_given(said: str, then: str, why: str) -> None:
    """A case with an inserted response loads and holds its three texts as any loaded text is held."""
    what = New("brand-new", (("say", said), ("then", then), ("marks", {"rapport.limits": "best"}), ("why", why)))
    found = scenario_from(from_text("\n".join(insert_response(LINES, "hello", what).into(LINES))), rubric())
    assert found.value is not None, [str(problem) for problem in found.problems]
    response = found.value.scenes["hello"].responses["brand-new"]
    assert [each.say for each in response.then] == [reflow(prose(then))]
    assert response.text == reflow(prose(said))


@pytest.mark.parametrize("text", HARD, ids=range(len(HARD)))
def test_what_yaml_would_misread_needs_no_care(text: str) -> None:
    """Colons, number signs, quotation marks, leading signs and `no` give no problem of any kind."""
    what = New("brand-new", (("title", "A new one"), ("text", text)))
    scenario = loaded(insert(LINES, "endings", what).into(LINES))
    assert [each.say for each in scenario.endings["brand-new"].text] == [reflow(prose(text))]


@pytest.mark.parametrize("step", [1, 2, 3, 4, 8])
def test_it_keeps_to_the_authors_indentation(step: int) -> None:
    """In a file that is indented by four, so is what is inserted."""
    in_, deep = " " * step, " " * step * 2
    lines = f"scenes:\n{in_}one:\n{deep}text: First.\n{deep}next: one\nendings:".split("\n")
    done = insert(lines, "scenes", New("brand-new", (("text", "One: two"), ("next", "one"))))
    assert done.lines[done.at :] == (f"{in_}brand-new:", f"{deep}text: |", f"{deep}{in_}One: two", f"{deep}next: one")
    assert value_of(done.into(lines), "scenes", "brand-new", "text") == "One: two\n"
    done = insert_response(lines, "one", New("go", (("do", "Go."),)))
    assert value_of(done.into(lines), "scenes", "one", "responses", "go", "do") == "Go."


def test_nothing_else_is_touched() -> None:
    """Comments, blank lines and everything else stay as they were."""
    lines = CASE.replace("  fork:\n", "  # a comment\n\n  # another\n  fork:\n").split("\n")
    for done in (
        insert(lines, "scenes", New("brand-new", (("text", "Hm."), ("next", "note"))), row=lines.index("  colleague:")),
        insert(lines, "facts", New("brand-new", sentence="It is so.")),
        insert_response(lines, "hello", New("brand-new", (("do", "Go."),))),
    ):
        assert others(done, lines) == lines
        assert done.lines[done.at].strip().startswith("brand-new:")


def test_it_comes_after_what_the_cursor_stands_in() -> None:
    """A scene comes below the one at hand, above the comments on the next; without one, at the end."""
    lines = CASE.replace("  fork:\n", "  # on the fork\n  fork:\n").split("\n")
    what = New("brand-new", (("text", "Hm."), ("next", "note")))
    near = insert(lines, "scenes", what, row=lines.index("  colleague:") + 2)
    assert lines[near.row] == "  # on the fork"
    assert list(loaded(near.into(lines)).scenes)[3] == "brand-new"
    assert list(loaded(insert(lines, "scenes", what).into(lines)).scenes)[-1] == "brand-new"


def test_blank_lines_part_entries_where_the_author_does_so() -> None:
    """Scenes with blank lines between them stay apart, scenes without stay together."""
    apart = CASE.replace("  hello:\n", "\n  hello:\n").replace("  colleague:\n", "\n  colleague:\n").split("\n")
    what = New("brand-new", (("text", "Hm."), ("next", "note")))
    assert insert(apart, "scenes", what).lines[0] == ""
    assert insert(LINES, "scenes", what).lines[0] == "  brand-new:"


def test_the_first_response_brings_its_key_along() -> None:
    """A scene without responses gets them above its outcomes and its `next:`."""
    done = insert_response(LINES, "fork", New("brand-new", (("do", "Go on."), ("next", "note"))))
    assert done.lines[0] == "    responses:"
    assert loaded(done.into(LINES)).scenes["fork"].responses["brand-new"].text == "Go on."


def test_a_part_of_the_file_is_made_where_it_belongs() -> None:
    """Facts of a case that has none stand before its documents; a file with nothing in it can have a scene."""
    lines = [line for line in LINES if not line.startswith(("facts:", "  promised:"))]
    done = insert(lines, "facts", New("promised", sentence="Something was promised."))
    assert "promised" in loaded(done.into(lines)).facts
    assert lines[done.row].startswith("documents:")
    empty = insert([""], "scenes", New("one", (("text", "Hm."),)))
    assert value_of(empty.into([""]), "scenes", "one", "text") == "Hm."


SELECT = """\
    select:
      prompt: What do you take care of?
      options:
        call: {do: Call her.}
        mail: {do: Read the mail.}
    next: note
"""


def test_an_option_goes_into_its_select() -> None:
    """Options are put below those that are there."""
    lines = CASE.replace("  fork:\n", f"  several:\n{SELECT}  fork:\n").split("\n")
    done = insert_response(lines, "several", New("brand-new", (("do", "Call: now"),)), option=True)
    select = scenario_from(from_text("\n".join(done.into(lines))), rubric())
    assert select.value is not None
    found = select.value.scenes["several"].select
    assert found is not None
    assert list(found.options) == ["call", "mail", "brand-new"]


@pytest.mark.parametrize(
    ("text", "scene", "told"),
    [
        ("scenes:\n  one: {next: two}\n", "one", "line of its own"),
        ("scenes:\n  one:\n    responses: {}\n", "one", "line of its own"),
        ("scenes:\n  one:\n    write:\n      prompt: x\n", "one", "of one kind"),
        ("scenes:\n  one:\n    text: x\n", "two", "no scene"),
    ],
)
def test_where_there_is_no_room_it_says_so(text: str, scene: str, told: str) -> None:
    """What is written in { }, or of another kind, is left alone, with what to do about it."""
    with pytest.raises(CannotInsert, match=told):
        insert_response(text.split("\n"), scene, New("a", (("do", "Go."),)))


@pytest.mark.parametrize(
    ("text", "taken", "name"),
    [
        ("I can tell you who decides.", (), "can-tell-who"),
        ("She'll call you", (), "shell-call"),
        ("3 times before", (), "times-before"),
        ("not", (), "not-2"),
        ("Tidy", ("tidy", "tidy-2"), "tidy-3"),
        ("Ça va être bien", (), "ca-va-etre"),
        ("漢字", (), ""),
        ("", (), ""),
    ],
)
def test_an_id_is_suggested_from_the_words(text: str, taken: tuple[str, ...], name: str) -> None:
    """An id is made of the telling words, is free, and is no word of conditions."""
    assert suggested_id(text, taken) == name


def test_short_safe_text_stands_on_its_line() -> None:
    """What needs no block gets none, so that files stay readable."""
    assert text_lines("say", "Good morning. I need that money.", 4) == ["    say: Good morning. I need that money."]
    assert plain("She looks up.")
    assert not plain("Now: go")


def test_mappings_of_words_stand_on_one_line() -> None:
    """Marks and feelings are written in { }, as the guide does; empty ones are left out."""
    marks: Mapping[str, str] = {"rapport.limits": "best", "ethics.continuity": "poor"}
    done = insert_response(LINES, "hello", New("x-y", (("do", "Go."), ("marks", marks), ("feels", {}), ("why", ""))))
    assert "        marks: {rapport.limits: best, ethics.continuity: poor}" in done.lines
    assert not any("feels" in line or "why" in line for line in done.lines)
