"""How a problem is shown to the author, and handed to a tool."""

from __future__ import annotations

from dataclasses import replace

from simulator.problem import Also, Place, Problem, Severity, as_json, in_order, show, stops, summary

WRONG = Problem(
    "unknown-key", "a case has no key `titel`", Place("case.yaml", 12, 3), "did you mean `title`?", "  titel: A"
)


def test_a_problem_is_one_line_that_editors_understand() -> None:
    """file:line:column, severity, code and what is wrong."""
    assert str(WRONG) == "case.yaml:12:3: error[unknown-key]: a case has no key `titel`"


def test_the_line_is_shown_with_a_caret_and_the_hint() -> None:
    """The caret stands under the character to look at, where it is not known how far it goes."""
    assert show(WRONG).split("\n") == [
        "case.yaml:12:3: error[unknown-key]: a case has no key `titel`",
        "  12 |   titel: A",
        "     |   ^",
        "  hint: did you mean `title`?",
    ]


def test_what_is_meant_is_underlined_as_a_whole() -> None:
    """Where it is known how far it goes, the whole of it is underlined, but never beyond its line."""
    assert show(replace(WRONG, end=8)).split("\n")[2] == "     |   ^^^^^"
    assert show(replace(WRONG, end=80)).split("\n")[2] == "     |   ^^^^^^^^"


def test_another_place_is_shown_beside_the_first() -> None:
    """It has its own line, underlined, with a word on what is there; dots stand for lines that are left out."""
    also = Also(Place("case.yaml", 104, 3), "and here", "  title: A", 8)
    assert show(replace(WRONG, end=8, also=(also,))).split("\n")[1:] == [
        "   12 |   titel: A",
        "      |   ^^^^^",
        "  ...",
        "  104 |   title: A",
        "      |   ^^^^^ and here",
        "  hint: did you mean `title`?",
    ]


def test_another_file_is_named() -> None:
    """A place in another file says which."""
    also = Also(Place("other.yaml", 1, 1), "and here", "title: A")
    assert show(replace(WRONG, also=(also,))).split("\n")[3:5] == ["    --> other.yaml:1:1", "   1 | title: A"]


def test_an_answer_is_shown_with_what_it_answers() -> None:
    """Whoever wants to see what was answered sees why."""
    assert show(replace(WRONG, answer="It is\nmeant.")).endswith("\n  answered: It is meant.")


def test_without_a_line_or_a_hint_there_is_less_to_show() -> None:
    """A file that cannot be read has neither."""
    assert show(Problem("no-such-file", "there is no such file", Place("x", 1, 1))) == (
        "x:1:1: error[no-such-file]: there is no such file"
    )


def test_tabs_before_the_caret_stay_tabs() -> None:
    """Whatever a terminal makes of a tab, the caret stands below its character."""
    problem = Problem("x", "y", Place("f", 1, 3), "", "\t\tz")
    assert show(problem).split("\n")[2] == "    | \t\t^"


def test_a_long_line_is_cut_around_the_caret() -> None:
    """The character at the caret is the same one, wherever the line is cut."""
    line = "".join(chr(0x4E00 + number) for number in range(1000))
    for column in (1, 2, 50, 99, 500, 950, 1000):
        _, shown, caret = show(Problem("x", "y", Place("f", 1, column), "", line)).split("\n")
        assert len(shown) < 120
        assert shown[caret.index("^")] in (line[column - 1], "…")


def test_problems_are_read_from_the_top_down() -> None:
    """They are sorted by where they stand, then by their code."""
    places = [Place("a", 2, 1), Place("a", 1, 9), Place("a", 1, 2)]
    problems = [Problem(code, "", place) for place in places for code in ("b", "a")]
    assert [(each.place.line, each.place.column, each.code) for each in in_order(problems)] == [
        (1, 2, "a"),
        (1, 2, "b"),
        (1, 9, "a"),
        (1, 9, "b"),
        (2, 1, "a"),
        (2, 1, "b"),
    ]


def test_only_errors_keep_a_file_from_being_used() -> None:
    """Warnings and advice do not."""
    mild = [Problem("x", "", Place("a", 1, 1), severity=each) for each in (Severity.WARNING, Severity.ADVICE)]
    assert not stops(mild)
    assert stops([*mild, WRONG])
    assert not stops([])


def test_tools_get_the_same_keys_every_time() -> None:
    """The shape of a problem as JSON is stable."""
    assert as_json(WRONG) == {
        "file": "case.yaml",
        "line": 12,
        "column": 3,
        "severity": "error",
        "code": "unknown-key",
        "message": "a case has no key `titel`",
        "hint": "did you mean `title`?",
        "end_column": 4,
        "about": "",
        "also": [],
        "answered": "",
    }


def test_a_summary_counts_by_severity() -> None:
    """How many files, errors and so on; what an author has answered is counted apart."""
    advice = replace(WRONG, severity=Severity.ADVICE)
    assert summary([], 1) == ["1 file checked: no problems"]
    assert summary([WRONG, advice, WRONG], 2) == ["2 files checked: 2 errors, 1 piece of advice"]
    settled = replace(advice, answer="It is meant.")
    assert summary([settled], 1) == ["1 file checked: no problems; 1 piece of advice answered by the author"]


def test_a_long_summary_counts_by_code() -> None:
    """With many problems it shows which codes they are, the most frequent first."""
    other = replace(WRONG, code="bad-id")
    assert summary([*[other] * 2, *[WRONG] * 10], 1) == [
        "1 file checked: 12 errors",
        "  10 unknown-key",
        "   2 bad-id",
    ]
