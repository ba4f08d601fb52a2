"""The gate for outside text: nothing that a terminal obeys gets in, and nothing that people write is lost."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.text import clean, one_line, reflow, unwanted
from tests.cases import trials

CONTROLS = [chr(code) for code in (*range(0x20), *range(0x7F, 0xA0)) if chr(code) not in "\n\t\r"]
BIDI = list("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
ALSO = ["\u2028", "\u2029", "\ufeff", "\ud800", "\udfff"]


@pytest.mark.parametrize("sign", [*CONTROLS, *BIDI, *ALSO], ids=lambda sign: f"U+{ord(sign):04X}")
def test_what_terminals_obey_is_dropped(sign: str) -> None:
    """Every C0 and C1 character, DEL, every bidi control, and what cannot be encoded is taken out, and named."""
    assert clean(f"a{sign}b{sign}") == "ab"
    assert unwanted(f"a{sign}b") == f"U+{ord(sign):04X}"


def test_every_control_character_of_unicode_is_among_them() -> None:
    """No character of the category Cc passes but newline and tab."""
    passed = {chr(code) for code in range(0x110000) if unicodedata.category(chr(code)) == "Cc" and clean(chr(code))}
    assert passed == {"\n", "\t", "\r"}
    assert clean("\r") == "\n"


@pytest.mark.parametrize(
    "text",
    [
        "one\ntwo",
        "one\ttwo",
        "family 👨‍👩‍👧 and flag 🏳️‍🌈",
        "Adéyẹmí, Ñandú, Łódź, Straße",
        "e\u0301",
        "שלום، مرحبا",
        "क्‍ष and می‌خواهم",
        "“quotes”, dashes – and — and …",
        "non\u00a0breaking\u202fblanks",
        "[bold]brackets[/] {braces} \\backslashes",
    ],
)
def test_what_people_write_is_kept(text: str) -> None:
    """Line ends, tabs, joiners, accents, emoji and every script pass as they are."""
    assert clean(text) == text
    assert unwanted(text) is None


def test_line_ends_of_other_systems_become_newlines() -> None:
    """Carriage returns end lines, as on the system they came from, and are no reason to complain in pairs."""
    assert clean("a\r\nb\rc\n\rd") == "a\nb\nc\n\nd"
    assert unwanted("a\r\nb") is None
    assert unwanted("a\rb") == "U+000D"


def test_a_limit_counts_what_is_left() -> None:
    """Text is cut after cleaning, so what is dropped does not count."""
    assert clean("\x1babc", 2) == "ab"
    assert clean("abc", 5) == "abc"


@trials(200)
@given(st.text() | st.text(alphabet=[*CONTROLS, *BIDI, *ALSO, "a", "\r", "\n"]))
def test_cleaning_twice_changes_nothing(text: str) -> None:
    """What has passed the gate passes it again unchanged."""
    once = clean(text)
    assert clean(once) == once
    assert unwanted(once) is None


def test_an_escape_sequence_is_harmless_text() -> None:
    """Without its escape, a sequence that writes to the clipboard is only letters."""
    assert clean("\x1b]52;c;eA==\x07") == "]52;c;eA=="


def test_one_line_is_one_line() -> None:
    """Titles and names have no line ends, no runs of blanks, and a length."""
    assert one_line("  A\n title \t of\r\nsorts ") == "A title of sorts"
    assert one_line("abcdef", 3) == "abc"


LONG = "This line is long enough that its author must have wrapped it"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("  one line  ", "one line"),
        (f"{LONG}\nhere.", f"{LONG} here."),
        (f"{LONG}\n{LONG}\nhere.\n", f"{LONG} {LONG} here."),
        (f"{LONG}\n\nA paragraph.", f"{LONG}\n\nA paragraph."),
        ("Dear Ms. Adeyemi,\nwe regret", "Dear Ms. Adeyemi,\nwe regret"),
        (f"{LONG}\n- an item", f"{LONG}\n- an item"),
        (f"{LONG}\n* an item", f"{LONG}\n* an item"),
        (f"{LONG}\n• an item", f"{LONG}\n• an item"),
        (f"{LONG}\n1. an item\n2) another", f"{LONG}\n1. an item\n2) another"),
        (f"- {LONG}\ngoes on", f"- {LONG} goes on"),
        (f"{LONG}\n  indented", f"{LONG}\n  indented"),
        (f"{LONG}\nMarch     340.00", f"{LONG}\nMarch     340.00"),
        (f"March     340.00     {LONG}\nApril", f"March     340.00     {LONG}\nApril"),
        ("one\ntwo   \nthree", "one\ntwo\nthree"),
        ("\n\none\n\n\ntwo\n\n", "one\n\n\ntwo"),
        ("", ""),
    ],
)
def test_wrapped_lines_join_and_others_stay(text: str, shown: str) -> None:
    """Lines that were wrapped are joined; short lines, items, indented lines, columns and blank lines stay."""
    assert reflow(text) == shown


@trials(200)
@given(st.text(alphabet="ab -*1.\n", max_size=400))
def test_reflowing_loses_no_word(text: str) -> None:
    """Only white space changes."""
    assert reflow(text).split() == text.split()
