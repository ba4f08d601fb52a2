"""The `when:` language: what it reads, what it refuses and where, and that nothing else gets through."""

from __future__ import annotations

import random
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.condition import (
    DEEPEST,
    LONGEST,
    All,
    Compare,
    Condition,
    ConditionError,
    Not,
    Quantity,
    Some,
    Term,
    leaves,
    parse,
    replace,
    say,
)
from simulator.scenario import Scenario
from simulator.state import Layout
from tests.cases import TRIALS, case, trials

A, B, C = Term("fact", "a"), Term("fact", "b"), Term("fact", "c")
TRUST = Quantity("feeling", "trust")


# -- what it reads ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("a", A),
        ("she-will-call", Term("fact", "she-will-call")),
        ("read(letter)", Term("read", "letter")),
        ("visited( office )", Term("visited", "office")),
        ("chose(she-will-call)", Term("chose", "she-will-call")),
        ("chose(opening/connect)", Term("chose", "opening/connect")),
        ("consulted()", Term("consulted", "")),
        ("consulted(desk)", Term("consulted", "desk")),
        ("before(next-client)", Term("before", "next-client")),
        ("minutes_left(due) >= 5", Compare(Quantity("minutes_left", "due"), ">=", 5)),
        ("trust >= 4", Compare(TRUST, ">=", 4)),
        ("trust<=4", Compare(TRUST, "<=", 4)),
        ("trust > -3", Compare(TRUST, ">", -3)),
        ("trust < +3", Compare(TRUST, "<", 3)),
        ("trust = 0", Compare(TRUST, "==", 0)),
        ("trust == 0", Compare(TRUST, "==", 0)),
        ("trust != 10", Compare(TRUST, "!=", 10)),
        ("gus.trust < 3", Compare(Quantity("feeling", "gus.trust"), "<", 3)),
        ("minutes_left(due) > 9999", Compare(Quantity("minutes_left", "due"), ">", 9999)),
        (" \n a \t and\n b ", All((A, B))),
        ("(a)", A),
        ("android", Term("fact", "android")),
        ("nothing or order", Some((Term("fact", "nothing"), Term("fact", "order")))),
    ],
)
def test_everything_in_the_grammar_is_read(text: str, meaning: Condition) -> None:
    """Each form of the grammar is read as what it says."""
    assert parse(text) == meaning


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("a or b and c", Some((A, All((B, C))))),
        ("a and b or c", Some((All((A, B)), C))),
        ("(a or b) and c", All((Some((A, B)), C))),
        ("not a and b", All((Not(A), B))),
        ("not (a and b)", Not(All((A, B)))),
        ("not a or b", Some((Not(A), B))),
        ("not not a", Not(Not(A))),
        ("not trust >= 4 and a", All((Not(Compare(TRUST, ">=", 4)), A))),
        ("a and b and c", All((A, B, C))),
        ("a or b or c", Some((A, B, C))),
        ("(a and b) and c", All((All((A, B)), C))),
    ],
)
def test_not_binds_before_and_and_before_or(text: str, meaning: Condition) -> None:
    """Precedence is the usual one, and parentheses override it."""
    assert parse(text) == meaning


def test_leaves_come_from_left_to_right_with_their_offsets() -> None:
    """Everything a condition asks about is told in order, with the place of its name."""
    found = list(leaves(parse("not read(letter) and (gus.trust >= 3 or minutes_left(due) < 5)")))
    assert [(each.name, each.offset) for each in found] == [("letter", 9), ("gus.trust", 22), ("due", 53)]


def test_replacing_leaves_keeps_the_shape() -> None:
    """Leaves are replaced where they stand, and nothing else changes."""
    parsed = parse("not a and (trust >= 3 or b)")
    swapped = replace(parsed, lambda term: Term("read", term.name), lambda quantity: Quantity("feeling", "gus.trust"))
    assert say(swapped) == "not read(a) and (gus.trust >= 3 or read(b))"


# -- what it refuses, and where ---------------------------------------------------------------

JOIN = "join conditions with `and` or `or`"
DEEP = "(" * DEEPEST


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("¦", "this condition is empty", "leave the key out if there is no condition"),
        ("¦  \n ", "this condition is empty", "leave the key out if there is no condition"),
        ("a ¦b", "`b` was not expected here", JOIN),
        ("a ¦)", "`)` was not expected here", JOIN),
        ("(a ¦b)", "`b` was not expected here", JOIN),
        ("a ¦not b", "`not` was not expected here", JOIN),
        ("trust >= 4 ¦>= 5", "`>=` was not expected here", JOIN),
        ("trust >= 4 ¦5", "`5` was not expected here", JOIN),
        ("read(x) ¦= 1", "`=` was not expected here", JOIN),
        ("¦(a", "this parenthesis is never closed", ""),
        ("b and ¦(a or c", "this parenthesis is never closed", ""),
        ("read¦(x", "this parenthesis is never closed", ""),
        ("read¦(", "this parenthesis is never closed", ""),
        ("¦4 <= trust", "a number cannot stand on the left", "write `trust >= 4`, not `4 <= trust`"),
        ("¦and a", "a condition was expected before `and`", ""),
        ("a and ¦or b", "a condition was expected before `or`", ""),
        ("a and¦", "a condition was expected before the end", ""),
        ("a and not¦  ", "a condition was expected before the end", ""),
        ("(¦)", "a condition was expected before `)`", ""),
        ("¦>= 4", "a condition was expected before `>=`", ""),
        ("a and ¦read", "`read` needs parentheses", "write `read(…)`"),
        ("¦minutes_left >= 4", "`minutes_left` needs parentheses", "write `minutes_left(…)`"),
        ("¦gus.trust", "`gus.trust` is compared with nothing", "write `gus.trust >= 4`"),
        ("¦desk/invite", "`desk/invite` is not a fact", "write `chose(desk/invite)`"),
        (
            "a and ¦reads(x)",
            "there is no `reads(…)`",
            "there are read(…), visited(…), chose(…), consulted(…), before(…), done(…), missed(…), minutes_left(…)",
        ),
        ("read(x ¦y)", "`read(…)` takes one id", ""),
        ("chose(x¦(y))", "`chose(…)` takes one id", ""),
        ("before(¦10)", "`before(…)` takes one id", ""),
        ("read(¦)", "`read()` needs an id", "write `read(…)`"),
        ("minutes_left(¦) >= 4", "`minutes_left()` needs an id", "write `minutes_left(…)`"),
        ("read(¦a/b)", "`a/b` is not an id", ""),
        ("visited(¦gus.trust)", "`gus.trust` is not an id", ""),
        ("chose(¦a.b)", "`a.b` is not an id", ""),
        (
            "a or ¦minutes_left(due)",
            "`minutes_left(…)` is compared with nothing",
            "write `minutes_left(due) >= 5`, or `before(due)`",
        ),
        ("trust >= ¦tension", "only whole numbers can be compared with", "such as `trust >= 4`"),
        ("trust >=¦", "only whole numbers can be compared with", "such as `trust >= 4`"),
        ("trust > ¦= 4", "only whole numbers can be compared with", "such as `trust >= 4`"),
        ("trust >= ¦10000", "9999 is the largest number", ""),
        ("trust >= ¦-10000", "9999 is the largest number", ""),
        (f"trust >= ¦{'9' * 250}", "9999 is the largest number", ""),
        ("a ¦& b", "`&` does not belong in a condition", "write `and`"),
        ("a ¦|| b", "`|` does not belong in a condition", "write `or`"),
        ("¦!a", "`!` does not belong in a condition", "write `not`"),
        ("a¦, b", "`,` does not belong in a condition", JOIN),
        ('read(¦"x")', '`"` does not belong in a condition', "ids are written without quotes"),
        ("read(¦'x')", "`'` does not belong in a condition", "ids are written without quotes"),
        ("next¦_client", "`_` does not belong in a condition", "ids are written with hyphens"),
        ("trust ¦≥ 4", "`≥` does not belong in a condition", "write `>=`"),
        ("trust ¦≤ 4", "`≤` does not belong in a condition", "write `<=`"),
        ("a ¦AND b", "`A` does not belong in a condition", "ids and words are written in small letters"),
        ("trust ¦- 1 > 2", "`-` does not belong in a condition", ""),
        ("trust >= 4¦.5", "`.` does not belong in a condition", ""),
        ("before(10¦:20)", "`:` does not belong in a condition", ""),
        ("  ¦… b", "`…` does not belong in a condition", ""),
        (f"{DEEP}¦(a)", "nested more than 16 deep", ""),
        ("not " * DEEPEST + "¦not a", "nested more than 16 deep", ""),
        (
            "a" * LONGEST + "¦a",
            "this condition has 301 characters; 300 is the most",
            "set a fact where part of it becomes true, and ask for the fact here",
        ),
    ],
)
def test_every_mistake_is_named_at_its_place(text: str, message: str, hint: str) -> None:
    """What is refused is said, where it stands (at the caret), and what to write instead where that is known."""
    with pytest.raises(ConditionError) as caught:
        parse(text.replace("¦", ""))
    assert (str(caught.value), caught.value.offset, caught.value.hint) == (message, text.index("¦"), hint)


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').system('id')",
        "().__class__.__bases__[0].__subclasses__()",
        "trust.__class__",
        "trust.__class__ >= 4",
        "a.__init__.__globals__",
        "open('/etc/passwd').read()",
        "exec('a')",
        "eval(a)",
        "globals()",
        "locals()",
        "lambda: a",
        "lambda x: x",
        "[x for x in a]",
        "{x: 1 for x in a}",
        "(x for x in a)",
        "[a][0]",
        "a[0]",
        "{}",
        "'a' * 1000000000",
        "9**9**9 > 1",
        "2**2",
        "1 < trust < 5",
        "trust + 1 >= 4",
        "trust >= 0x10",
        "trust >= 1e3",
        "trust >= 1_000",
        "trust >= ٣",
        "trust >= 99999999999999999999999999",
        "a if b else c",
        "a := b",
        "a; b",
        "a\x00",
        "\x00",
        "a\x1b]52;c;eA==\x07",
        "print(a)",
        "f'{a}'",
        "`id`",
        "$(id)",
        "${a}",
        "%(a)s",
        "{a.__class__}",
        "read(letter).x",
        "read(read(letter))",
        "chose(a/b/c)",
        "not",
        "yield a",
        "await a",
        "return a",
        "import os",
        "a # b",
        "a // b",
        "ＴＲＵＳＴ >= 4",
        "ａ",
        "trust\u202e >= 4",
        "é",
        "a\u200db",
        "\ud800",
        "self.state",
        "(" * 300,
        ")" * 300,
        "(" * 17 + "a" + ")" * 17,
        "not " * 17 + "a",
        "a" * 301,
        "a or " * 60 + "a",
    ],
)
def test_hostile_expressions_are_refused(text: str) -> None:
    """Whatever is outside the grammar is refused, however it looks to Python."""
    with pytest.raises(ConditionError) as caught:
        parse(text)
    assert 0 <= caught.value.offset <= len(text)


def test_as_many_characters_as_are_allowed_are_read() -> None:
    """The limits are the last values that pass, not the first that fail."""
    assert parse("a" * LONGEST) == Term("fact", "a" * LONGEST)
    assert parse("(" * DEEPEST + "a" + ")" * DEEPEST) == A
    assert parse("(a) and " * 30 + "not not b") is not None


GOOD = (
    "read(decision) and trust >= 3",
    "not (chose(opening/connect) or gus.trust < 2) and minutes_left(next-client) >= 5",
    "consulted() or consulted(desk) and before(due)",
    "visited(a) and (b or not c) and tension != -3",
)
PIECES = (
    *("and", "or", "not", "(", ")", ">=", "<=", "=", "!=", "==", "<", ">", "4", "-1", "99999", ".", "/", "_", "_left"),
    *("read", "visited", "chose", "consulted", "before", "minutes_left", "trust", "a-b", "gus.trust", "s/r", " ", "\n"),
    *("\x00", "\x1b", "é", "≥", "\u202e", "\ud800", "😀", "'", '"', "#", "__class__", "lambda", "٣", "\u2028", "\x1c"),
)


def _scrambled(rng: random.Random) -> str:
    """Make up a condition, or spoil a good one."""
    if rng.random() < 0.3:
        return " ".join(rng.choice(PIECES) for _ in range(rng.randrange(12)))
    if rng.random() < 0.2:
        return "".join(chr(rng.randrange(0x3000)) for _ in range(rng.randrange(20)))
    text = rng.choice(GOOD)
    for _ in range(rng.randrange(1, 5)):
        at, end = sorted((rng.randrange(len(text) + 1), rng.randrange(len(text) + 1)))
        piece = rng.choice((*PIECES, rng.choice(string.printable), text[at:end] * rng.randrange(6)))
        text = text[:at] + piece + text[rng.choice((at, min(end, at + 2))) :]
    return text


def _parsed(text: str) -> Condition | ConditionError:
    try:
        return parse(text)
    except ConditionError as error:
        return error


def test_any_string_is_a_condition_or_a_mistake_with_a_place() -> None:
    """Ten thousand random strings are either read or refused at a place within them, and nothing else happens."""
    rng = random.Random(20261121)
    read = 0
    for _ in range(10_000 * TRIALS):
        text = _scrambled(rng)
        found = _parsed(text)
        if isinstance(found, ConditionError):
            assert 0 <= found.offset <= len(text), text
            assert str(found), text
        else:
            read += 1
            assert len(say(found)) > LONGEST or parse(say(found)) == found, text
    assert read > 100


# -- writing one back, and asking it ----------------------------------------------------------

STAGE = """
    first:
      text: Here.
      consult: Ask her.
      offers: [documents]
      responses:
        one: {do: One., next: second}
        two: {do: Two., again: 3, next: second}
        all: {do: All., again: true, next: second}
    second:
      text: There.
      consult: Ask her again.
      responses:
        one: {do: One., next: end}
    """
"""Something of each kind that a condition can ask about."""
SECTIONS = {
    "facts": "{promised: It was promised., left: She left.}",
    "documents": "{letter: {title: A letter, text: No.}, form: {title: A form, text: Yes or no.}}",
    "clock": '{start: "10:00", points: {now: "10:00", due: "10:20", late: "11:00"}}',
}


def _terms() -> st.SearchStrategy[Condition]:
    names = {
        "fact": ("promised", "left"),
        "read": ("letter", "form"),
        "visited": ("first", "second"),
        "chose": ("first/one", "first/two", "first/all", "second/one"),
        "consulted": ("", "first", "second"),
        "before": ("now", "due", "late"),
    }
    return st.sampled_from([Term(kind, name) for kind, known in names.items() for name in known])


def _compares() -> st.SearchStrategy[Condition]:
    feelings = ("ruth.trust", "ruth.tension", "gus.trust")
    quantities = [
        *(Quantity("feeling", name) for name in feelings),
        *(Quantity("minutes_left", name) for name in ("now", "due", "late")),
    ]
    return st.builds(
        Compare,
        st.sampled_from(quantities),
        st.sampled_from(["<", "<=", ">", ">=", "==", "!="]),
        st.integers(-70, 70) | st.integers(0, 10),
    )


def conditions() -> st.SearchStrategy[Condition]:
    """Any condition over the names of `STAGE`."""
    return st.recursive(_terms() | _compares(), _larger, max_leaves=6)


def _larger(inner: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    parts = st.lists(inner, min_size=2, max_size=3).map(lambda found: tuple(found))
    return st.builds(Not, inner) | st.builds(All, parts) | st.builds(Some, parts)


def _depth(condition: Condition) -> int:
    match condition:
        case Not(part):
            return 1 + (isinstance(part, All | Some)) + _depth(part)
        case All(parts) | Some(parts):
            return max(isinstance(part, All | Some) + _depth(part) for part in parts)
        case _:
            return 0


@trials(200)
@given(conditions())
def test_a_condition_written_back_reads_as_the_same(condition: Condition) -> None:
    """`say` writes what `parse` reads."""
    text = say(condition)
    if len(text) <= LONGEST and _depth(condition) <= DEEPEST:
        assert parse(text) == condition


@pytest.fixture(scope="module")
def stage() -> Scenario:
    return case(STAGE, **SECTIONS)


def _true(condition: Condition, world: dict[str, int], minutes: int) -> bool:
    """Answer a condition the slow and obvious way, from a world that says what is what by name."""
    points = {"now": 0, "due": 20, "late": 60}
    match condition:
        case All(parts):
            return all(_true(part, world, minutes) for part in parts)
        case Some(parts):
            return any(_true(part, world, minutes) for part in parts)
        case Not(part):
            return not _true(part, world, minutes)
        case Term("before", point):
            return minutes < points[point]
        case Term("consulted", ""):
            return any(value > 0 for name, value in world.items() if name.startswith("consulted "))
        case Term(kind, name):
            return world[f"{kind} {name}"] > 0
        case Compare(Quantity("minutes_left", point), operator, right):
            return _compared(points[point] - minutes, operator, right)
        case Compare(left, operator, right):
            return _compared(world[left.name], operator, right)


def _compared(left: int, operator: str, right: int) -> bool:
    return {
        "<": left < right,
        "<=": left <= right,
        ">": left > right,
        ">=": left >= right,
        "==": left == right,
        "!=": left != right,
    }[operator]


def _packed(layout: Layout, world: dict[str, int], minutes: int) -> int:
    """Pack a world into the machine's number, by the places that the layout names."""
    bits = minutes << layout.minutes
    flags = {"fact": layout.fact, "read": layout.read, "visited": layout.visited, "consulted": layout.consulted}
    for key, value in world.items():
        kind, _, name = key.partition(" ")
        if kind in flags:
            bits |= flags[kind][name] * value
        elif kind == "chose":
            scene, _, response = name.partition("/")
            bits |= layout.chose[scene, response].put(value)
        else:
            bits |= layout.feeling[key].put(value)
    return bits


@trials(300)
@given(conditions(), st.randoms(use_true_random=False), st.integers(0, 200))
def test_a_condition_holds_when_what_it_says_is_so(
    stage: Scenario, condition: Condition, rng: random.Random, minutes: int
) -> None:
    """The packed number answers every condition as a plain look at the world does."""
    layout = Layout(stage)
    world = {
        **{f"fact {name}": rng.randrange(2) for name in stage.facts},
        **{f"read {name}": rng.randrange(2) for name in stage.documents},
        **{f"visited {name}": rng.randrange(2) for name in stage.scenes},
        **{f"consulted {name}": rng.randrange(2) for name in stage.scenes},
        "chose first/one": rng.randrange(2),
        "chose first/two": rng.randrange(4),
        "chose first/all": rng.randrange(2),
        "chose second/one": rng.randrange(2),
        **{name: rng.randrange(11) for name in ("ruth.trust", "ruth.tension", "gus.trust")},
    }
    assert layout.holds(condition, _packed(layout, world, minutes)) is _true(condition, world, minutes)


def test_no_condition_always_holds(stage: Scenario) -> None:
    """Where no condition is written there is none to fail."""
    assert Layout(stage).holds(None, 0)
