"""What authors get wrong in YAML is found where they have to look, and what they get right is left alone.

In every text here the sign ¦ stands where the problem has to point to; it is no part of the text.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from textwrap import indent

import pytest
import yaml

from simulator.problem import Problem, Severity, in_order, show
from simulator.source import Source, comma_key, compose, cut_short, from_text

# Mistakes that YAML itself cannot read past: code, and text with the place marked.
BROKEN = {
    "a colon in a text": ("colon-in-text", "say: I told you¦: no\n"),
    "a colon at the end of a text": ("colon-in-text", "a:\n  say: I told you¦:\n  b: c\n"),
    "a second colon glued to the key": ("colon-in-text", "a:\n  say: at 10:20¦: no\n"),
    "a colon in a wrapped text": ("colon-in-text", "a:\n  say: I told you\n    this thing¦: no\n  b: c\n"),
    "a colon in a text that begins below its key": ("colon-in-text", "a:\n  say:\n    I told\n    you so¦: no\n"),
    "a colon in braces": ("colon-in-text", "a: {say: I said¦: no, next: b}\n"),
    "a colon after an emoji": ("colon-in-text", "a: 😀 x¦: y\n"),
    "a colon after curly quotes": ("colon-in-text", "a: “b”¦: c\n"),
    "a colon very far to the right": ("colon-in-text", f"say: {'k ' * 6000}b¦: x\n"),
    "a text that begins with a colon": ("special-start", "say: ¦: no\n"),
    "a number sign in a wrapped text": ("hash-in-text", "say: Take the form\n  with ¦#3 on it\n  along\nb: c\n"),
    "a number sign where the text is wrapped": ("hash-in-text", "a:\n  say: Take form ¦#3\n    along\n  b: c\n"),
    "a comment inside a text": ("hash-in-text", "a:\n  say: Take it\n    ¦# or leave it\n    along\n  b: c\n"),
    "a number sign in braces": ("hash-in-text", "a: {say: Take ¦#3, next: b}\nc: d\n"),
    "a number sign in brackets": ("hash-in-text", "a: [one, ¦#two]\nc: d\n"),
    "a number sign in braces at the end": ("hash-in-text", "a: {say: ¦#3}"),
    "a quotation that the text goes on after": ("quote-ends-early", 'a:\n  say: "Yes," ¦she said.\n  b: c\n'),
    "a quotation that the next line goes on after": ("quote-ends-early", 'say: "Yes,"\n  ¦she said.\nb: c\n'),
    "a quotation with a colon after it": ("quote-ends-early", 'a:\n  say: "Yes"¦: she said.\n'),
    "a quotation in a list": ("quote-ends-early", 'a:\n  - "Yes," ¦she said.\n  - b\n'),
    "a quotation in braces": ("quote-ends-early", 'a: {say: "Yes," ¦she said, next: b}\n'),
    "an apostrophe inside apostrophes": ("quote-ends-early", "say: 'It'¦s fine'\n"),
    "a comma after a quotation": ("quote-ends-early", '"a": "b"¦,\n"c": "d"\n'),
    "a quoted key with more after it": ("quote-ends-early", 'a: b\n"c"¦d: e\n'),
    "a quotation that is never closed": ("unclosed-quote", 'a:\n  say: ¦"no\n  b: c\n'),
    "a quotation that the next one closes": ("unclosed-quote", 'a:\n  say: ¦"no\n  b: "c"\n  d: e\n'),
    "a quotation in braces that a later one closes": ("unclosed-quote", 'a: {b: "c", d: ¦"e}\nf: g\nh: "i"\n'),
    "an apostrophe at the start": ("unclosed-quote", "a:\n  say: ¦'tis no good\n  b: c\n"),
    "a quotation with --- in it": ("unclosed-quote", 'say: ¦"no\n¦---\nb: c"\n'),
    "a backslash in quotation marks": ("bad-escape", 'a: "C:¦\\dir"\n'),
    "half a surrogate": ("bad-escape", 'a: "¦\\ud800"\n'),
    "a pair of surrogates": ("bad-escape", 'a: "¦\\ud83d\\ude00"\n'),
    "a character beyond Unicode": ("bad-escape", 'a: "x¦\\U00110000"\n'),
    "half a hexadecimal number": ("bad-escape", 'a: "¦\\x4"\n'),
    "an asterisk at the start": ("alias", "say: ¦*whispers* no\n"),
    "an asterisk that YAML understands": ("alias", "say: ¦*whispers no\nb: c\n"),
    "an asterisk and a blank": ("alias", "a:\n  - ¦* no\n"),
    "an ampersand at the start": ("anchor", "say: ¦& no\n"),
    "an ampersand that YAML understands": ("anchor", "say: ¦&b no\n"),
    "an exclamation mark at the start": ("tag", "say: ¦!no way\n"),
    "an exclamation mark and a blank": ("tag", "say: ¦! no way\n"),
    "exclamation marks that YAML does not understand": ("tag", "say: ¦!x!y z\n"),
    "a bracket at the start": ("special-start", "say: ¦[sighs] No.\nb: c\n"),
    "a bracket at the start of two lines": ("special-start", "say: ¦[sighs]\n  No.\nb: c\n"),
    "a brace at the start": ("special-start", "say: ¦{sighs} No.\nb: c\n"),
    "a bracket in the middle, in braces": ("special-start", "a: {say: Well ¦[sighs] no}\n"),
    "an at sign at the start": ("special-start", "say: ¦@home\n"),
    "a backtick at the start": ("special-start", "say: ¦`no`\n"),
    "a per cent sign at the start": ("special-start", "say: ¦%no\n"),
    "a dash at the start": ("special-start", "say: ¦- no\n"),
    "a question mark and a blank": ("special-start", "say: ¦? no\n"),
    "a comma at the start": ("special-start", "say: ¦, no\n"),
    "text right after |": ("block-start", "say: |¦no\nb: c\n"),
    "text after | and a blank": ("block-start", "say: | ¦no\nb: c\n"),
    "text after >": ("block-start", "a:\n  - if: > ¦4\n    say: x\n"),
    "a block that is counted from 0": ("block-start", "say: |¦0\n  no\n"),
    "a block that goes left": ("block-indentation", "say: |\n    one\n  ¦two\nb: c\n"),
    "a block under an empty line with blanks": ("block-indentation", "say: |\n      \n  ¦one\nb: c\n"),
    "a block with a number too large": ("block-indentation", "a:\n  say: |3\n    ¦one\n  b: c\n"),
    "a block that is not indented": ("line-without-key", "a:\n  say: |\n  ¦text\n  b: c\n"),
    "a tab before a key": ("tab", "a:\n¦\tb: c\n"),
    "a tab after blanks": ("tab", "a:\n  b: c\n  ¦\td: e\n"),
    "a tab in a block": ("tab", "a:\n  b: |\n    c\n¦\td\n"),
    "a tab in a wrapped text": ("tab", "a:\n  b: c\n¦\td\n"),
    "a tab after a dash": ("tab", "a:\n  -¦\tb\n"),
    "a tab in an empty line": ("tab", "a: b\n¦\t\nc: d\n"),
    "no blank after the first colon": ("missing-blank", "a:\n  b:¦1\n  c: d\n"),
    "no blank after a later colon": ("missing-blank", "a: 1\nb:¦2\nc: 3\n"),
    "no blank after the last colon": ("missing-blank", "a: 1\nb:¦2"),
    "no blank before a brace": ("missing-blank", "a: {to:¦{b: c}}\n"),
    "something that looks like a blank after a colon": ("missing-blank", "a:¦\u00a01\nb: 2\n"),
    "no blank after dashes": ("missing-blank", "-a\n-¦b\nc: d\n"),
    "no colon": ("line-without-key", "a: b\n¦hello world\nc: d\n"),
    "no colon in the first line": ("line-without-key", "¦a = b\nc: d\n"),
    "a wide colon": ("line-without-key", "a: b\n¦c：d\ne: f\n"),
    "a wrapped text in the column of its key": ("line-without-key", "a:\n  say: I told\n  ¦you so\n  b: c\n"),
    "a wrapped text left of its key": ("line-without-key", "a:\n  say: I told\n ¦you so\n  b: c\n"),
    "a key of 1,100 letters": ("line-without-key", f"a: b\n¦{'k' * 1100}: c\n"),
    "a key too far right": ("indentation", "a:\n  b: c\n    ¦d: e\n  f: g\n"),
    "a key under a text": ("indentation", "a: text\n  ¦b: c\n"),
    "a list under a text": ("indentation", "a: text\n  ¦- b: c\n"),
    "a known key under a long text": ("indentation", f"a:\n  b: {'c' * 80}\n    ¦d: e\nf:\n  d: g\n"),
    "a key too far left": ("indentation", "a:\n    b: c\n  ¦d: e\n"),
    "a key too far left by one": ("indentation", "a:\n  b: c\n ¦d: e\n"),
    "a key beside a list": ("indentation", "a:\n  - b\n  ¦c: d\n"),
    "a list beside keys": ("indentation", "a:\n  b: c\n  ¦- d\n"),
    "an item too far left": ("indentation", "a:\n  - b\n ¦- c\n"),
    "a key of an item too far left": ("indentation", "a:\n  - if: b\n   ¦say: c\n"),
    "a key after braces too far right": ("indentation", "a:\n  b: {c: d}\n    ¦e: f\n"),
    "a first key that is indented": ("indentation", "¦ a: b\nc: d\n"),
    "a bracket that is never closed": ("unclosed-bracket", "a: ¦[b, c\nd: e\n"),
    "a bracket that the file ends in": ("unclosed-bracket", "a: ¦[b,\n"),
    "a brace that is never closed": ("unclosed-bracket", "a:\n  b: ¦{c: d\n  e: f\n"),
    "a brace over several lines": ("unclosed-bracket", "a: ¦{\n  b: c,\n  d: e\nf: g\n"),
    "a missing comma": ("missing-comma", "a: {\n  b: c¦\n  d: e\n}\n"),
    "two commas": ("stray-comma", "a: {b: c,¦, d: e}\n"),
    "a comma first": ("stray-comma", "a: [¦, b]\n"),
    "the wrong bracket": ("wrong-bracket", "a: [b¦}\nc: d\n"),
    "one bracket too many": ("stray-bracket", "a: [b]¦]\nc: d\n"),
    "a bracket from nowhere": ("stray-bracket", "a: b\n¦}\n"),
    "a bracket instead of a value": ("stray-bracket", "a: ¦]\nb: c\n"),
    "a second document": ("several-documents", "a: b\n¦---\nc: d\n¦---\ne: f\n"),
    "a second document that is empty": ("several-documents", "---\n¦---\na: b\n"),
    "something after the end": ("several-documents", "a: b\n¦...\nc: d\n"),
    "the end at the beginning": ("several-documents", "¦...\na: b\n"),
    "a version of YAML": ("directive", "¦%YAML 1.1\n---\na: b\n"),
    "a version of YAML and no ---": ("directive", "¦%YAML 1.1\na: b\n"),
    "a command that YAML does not know": ("directive", "a: b\n¦%no\n"),
    "a merged key": ("merge-key", "a: {¦<<: {b: c}}\n"),
    "a list for a key": ("bad-key", "¦[a, b]: c\n"),
    "a mapping for a key": ("bad-key", "? ¦{a: b}\n: c\n"),
    "a blank that is none before a key": ("lookalike-blank", "a:\n¦\u00a0\u00a0b: c\n"),
    "a blank that is none after a key": ("lookalike-blank", "¦a\u00a0: b\n"),
    "an escape character": ("control-character", "a: x¦\x1b[3m\n"),
    "an empty byte": ("control-character", "a: x¦\0y\nb: c\n"),
    "a C1 control": ("control-character", "a: x¦\x9b\n"),
    "a byte order mark inside": ("control-character", "a: b\n¦\ufeffc: d\n"),
    "a line separator": ("control-character", "a: b¦\u2028c\nd: e\n"),
    "a next-line character": ("control-character", "a: b¦\x85c\n"),
    "half a surrogate in the text itself": ("control-character", "a: ¦\ud800\n"),
    "no character at all": ("control-character", "a: ¦\uffff\n"),
    "nothing": ("empty-file", "¦"),
    "only comments": ("empty-file", "¦# a\n\n# b\n"),
    "only ---": ("empty-file", "¦---\n"),
}

# What a text may hold without any care.
PROSE = (
    "It's fine. Don't worry.",
    'She looks at you. "Now would be good."',
    "He didn't say 'no', she said \"yes\".",
    "“Yes,” she said. It’s — fine – really…",
    "Ten to eleven 🙂 👩‍👩‍👧 — don't hurry!",
    "Meet at 10:20, room 3#4, or see https://example.org/a?b=c#d.",
    "Well... no [sighs], {nothing}, 100 % & more * or less @ home | maybe > 4.",
    "no",
    "12:30",
    "~",
    "Ms.\u00a0Adeyemi",
    "-ish, she says",
    "?no",
    ":no",
    "naïve Ελληνικά 日本語",
)

CLEAN = {
    "a block with everything in it": "say: |\n  Note: this # is.\n\n    - so is *this*\n  \"and\" 'this'\n  #3\nb: c\n",
    "a block with a comment after its sign": "say: |  # kept apart\n  text\n",
    "a block without its last line end": "say: |-\n  text\nb: c\n",
    "a folded block of one paragraph": "say: >-\n  text that\n  goes on\nb: c\n",
    "comments": "# one\na: b  # two\n  # three\nc: 'd' # four\ne: [f]  # five\n\n# six\ng:  # seven\n  h: i\n",
    "comments of one word": "a: b\n#c: d\ne:\n  f: g\n  #h: i\n",
    "a wrapped text": "say: one and\n  two, and\n\n  three\nb: c\n",
    "a text that begins below its key": "say:\n  one and\n  two\nb: c\n",
    "quotation marks where they are needed": 'say: "a: b"\nc: \'it\'\'s # fine\'\nd: "\\"so\\" \\\\ \\u2014"\n',
    "a quotation over two lines": 'say: "one\n  two: three"\nb: c\n',
    "quotation marks around the last entry": 'points: {a: "10:20", b: "11:00"}\n',
    "braces over several lines": "a: {\n  b: c,\n  d: e\n}\nf: g\n",
    "variants": "say:\n  - if: trust >= 4\n    say: Yes.\n  - No, and\n    no again\n",
    "a first ---": "---\na: b\n",
    "an end": "a: b\n...\n",
    "a byte order mark": "\ufeffa: b\n",
    "Windows line ends": "a: |\r\n  b\r\nc: d\r\n",
    "no line end": "a: b",
    "a web address in a wrapped text": "a: see\n  https://example.org or\n  mailto:a@b.example\n",
    "a form at the end of a block": "text: |\n  Dear Ruth,\n\n  cc: Gus\n  encl: form\nb: c\n",
}

# Mistakes that YAML reads without complaint; cut_short and comma_key find them.
MISREAD = {
    "a number sign after one blank": ("hash-in-text", "say: Take form ¦#3 with you\n"),
    "a comment after one blank": ("hash-in-text", "say: Take it ¦# or leave it\n"),
    "a number sign after two blanks": ("hash-in-text", "say: Take form  ¦#3\n"),
    "a number sign at the end of a wrapped text": ("hash-in-text", "say: Take\n  form ¦#3\nb: c\n"),
    "a number sign at the start": ("hash-in-text", "say: ¦#3 is yours\nb: c\n"),
    "a number sign at the start of a wrapped text": ("hash-in-text", "say: ¦#3 is\n  yours\nb: c\n"),
    "a last line that begins with a number sign": ("hash-in-text", "a:\n  say: Take form\n    ¦#3 with you\n  b: c\n"),
    "a number sign left of a block": ("hash-in-text", "say: |\n    Take form\n  ¦#3\nb: c\n"),
    "a number sign after |": ("hash-in-text", "say: |  ¦#3\n  Take it\n"),
    "a number sign in an item": ("hash-in-text", "say:\n  - Take form ¦#3\n"),
    "an unescaped path": ("escape-in-text", 'a: "C:¦\\temp"\n'),
    "an escape sequence": ("escape-in-text", 'a: "x¦\\x1b[3m"\n'),
    "an escape sequence in the second line": ("escape-in-text", 'a: "x\n  y¦\\e[3m"\n'),
    "a quotation that a later one closes": ("unclosed-quote", "a:\n  say: ¦'tis no good\n  b: the dogs'\n"),
    "paragraphs in a folded block": ("folded-block", "say: ¦>\n  one\n\n  two\n"),
    "a comma in braces": ("comma-in-text", "a: {say: Yes, ¦she said, next: b}\n"),
    "a comma at the end of braces": ("comma-in-text", "a: {next: b, say: Yes, ¦she said.}\n"),
    "a comma in braces over two lines": ("comma-in-text", "a: {say: Yes,\n  ¦she said\n  }\n"),
    "no blank after a colon in braces": ("missing-blank", "a: {trust:¦4, tension: 7}\n"),
    "a text in braces": ("entry-without-value", "a: {¦sighs}\n"),
    "an item after a text": ("item-in-text", "a: text\n  ¦- b\n"),
    "an item too far right": ("item-in-text", "a:\n  - b\n    ¦- c\n"),
    "items without a blank": ("item-in-text", "a:\n  -b\n  ¦-c\n"),
    "a key without a blank under a text": ("key-in-text", "say: one\n  ¦next:two\n"),
    "keys that went into a block": (
        "key-in-text",
        "say: |\n  Yes.\n  ¦next: b\n  minutes: 2\n  feels: {trust: 1}\nc: d\n",
    ),
    "quotation marks that are not shown": ("quotes-not-shown", 'then: ¦"Now would be good."\n'),
}


def marked(text: str) -> tuple[str, list[tuple[int, int]]]:
    """Take the signs ¦ out of a text; return it with their places, counted from 1."""
    places = []
    parts = text.split("¦")
    before = ""
    for part in parts[:-1]:
        before += part
        places.append((before.count("\n") + 1, len(before) - before.rfind("\n")))
    return "".join(parts), places


def places(problems: list[Problem]) -> list[tuple[int, int]]:
    return [(problem.place.line, problem.place.column) for problem in problems]


def misreadings(source: Source, node: yaml.Node) -> Iterator[Problem]:
    """Ask about every text and every key, as the loader does."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            comma = comma_key(source, key, value)
            if comma:
                yield comma
            else:
                yield from misreadings(source, value)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from misreadings(source, item)
    elif isinstance(node, yaml.ScalarNode):
        cut = cut_short(source, node)
        if cut:
            yield cut


@pytest.mark.parametrize(("code", "text"), BROKEN.values(), ids=BROKEN)
def test_a_mistake_is_found_where_its_author_has_to_look(code: str, text: str) -> None:
    """Every mistake has its code, its line and column, and a hint."""
    broken, expected = marked(text)
    node, problems = compose(from_text(broken))
    assert node is None
    assert problems[0].code == code
    assert places(problems) == expected
    assert all(problem.hint and problem.severity is Severity.ERROR for problem in problems)
    for problem in problems:
        show(problem).encode()


@pytest.mark.parametrize("end", ["\r\n", "\r"], ids=["Windows", "old Mac"])
@pytest.mark.parametrize(("code", "text"), BROKEN.values(), ids=BROKEN)
def test_line_ends_do_not_move_a_mistake(code: str, text: str, end: str) -> None:
    """The place is the same whatever lines end with."""
    broken, expected = marked(text)
    _, problems = compose(from_text(broken.replace("\n", end)))
    assert problems[0].code == code
    assert places(problems) == expected


@pytest.mark.parametrize("text", PROSE)
@pytest.mark.parametrize(
    "form", ["say: {}\n", "a:\n  - if: b\n    say: {}\n  - {}\n", "a:\n  say: |\n    {}\n  b: c\n"]
)
def test_prose_needs_no_care(text: str, form: str) -> None:
    """Apostrophes, dashes, quotation marks inside, emoji and the like arrive as they were typed."""
    source = from_text(form.replace("{}", text))
    node, problems = compose(source)
    assert problems == []
    assert node is not None
    assert list(misreadings(source, node)) == []
    assert text in [value.rstrip("\n") for value in scalars(node)]


def scalars(node: yaml.Node) -> Iterator[str]:
    if isinstance(node, yaml.ScalarNode):
        yield node.value
    for part in node.value if isinstance(node, yaml.CollectionNode) else ():
        for each in part if isinstance(part, tuple) else (part,):
            yield from scalars(each)


@pytest.mark.parametrize("text", CLEAN.values(), ids=CLEAN)
def test_what_is_right_is_left_alone(text: str) -> None:
    """What an author may write is composed, and nothing is said about it."""
    source = from_text(text)
    node, problems = compose(source)
    assert problems == []
    assert node is not None
    assert list(misreadings(source, node)) == []


@pytest.mark.parametrize(("code", "text"), MISREAD.values(), ids=MISREAD)
def test_what_yaml_misreads_in_silence_is_found(code: str, text: str) -> None:
    """A text that YAML cuts or changes is pointed to at the sign that did it."""
    misread, expected = marked(text)
    source = from_text(misread)
    node, problems = compose(source)
    assert problems == []
    assert node is not None
    found = list(misreadings(source, node))
    assert [problem.code for problem in found] == [code]
    assert places(found) == expected
    assert found[0].hint


WORDS = (
    "I told you: no",
    "Take form #3 with you",
    '"Yes," she said.',
    "'It's fine'",
    "'tis no good",
    "*whispers* no",
    "& so on",
    "!no way",
    "[sighs] No.",
    "{sighs} No.",
    "@home",
    "`no`",
    "%no",
    "- no",
    "? no",
    ", no",
    "| no",
    "> no",
    ": no",
    "#3 is yours",
)


@pytest.mark.parametrize("text", WORDS)
def test_the_way_to_write_it_is_right(text: str) -> None:
    """What the hint shows, a block, holds the author's words unchanged."""
    source = from_text(f"a:\n  say: {text}\n  b: c\n")
    node, problems = compose(source)
    problem = (problems or list(misreadings(source, node or yaml.ScalarNode("", ""))))[0]
    assert "`say: |`" in problem.hint
    shown = text.lstrip("|> ") if text[0] in "|>" else text
    assert f"`{shown}`" in problem.hint
    mended = from_text(f"a:\n  say: |\n    {shown}\n  b: c\n")
    node, problems = compose(mended)
    assert problems == []
    assert node is not None
    assert list(misreadings(mended, node)) == []
    assert f"{shown}\n" in list(scalars(node))


SLOTS = {
    "a colon": ("colon-in-text", "say: I told you¦: no"),
    "a quotation": ("quote-ends-early", 'say: "Yes," ¦she said.'),
    "an open quotation": ("unclosed-quote", 'say: ¦"no'),
    "an open apostrophe": ("unclosed-quote", "say: ¦'tis no good"),
    "an asterisk": ("alias", "say: ¦*whispers* no"),
    "an alias": ("alias", "say: ¦*whispers"),
    "a tag": ("tag", "say: ¦!no"),
    "a bracket": ("special-start", "say: ¦[sighs] No."),
    "an open brace": ("unclosed-bracket", "say: ¦{a: b"),
    "a block": ("block-start", "say: | ¦no"),
    "a missing blank": ("missing-blank", "b: c\nsay:¦no"),
    "a missing colon": ("line-without-key", "b: c\n¦hello\nsay: no"),
    "a number sign": ("hash-in-text", "say: Take form ¦#3\n  along"),
    "a key too far right": ("indentation", "b: c\n  ¦say: no"),
    "an escape": ("control-character", "say: x¦\x1b"),
    "a backslash": ("bad-escape", 'say: "C:¦\\dir"'),
}


# The second quotation mark would close the first text.
PAIRS = [pair for pair in combinations(SLOTS, 2) if pair != ("an open quotation", "a backslash")]


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_two_mistakes_are_both_found_and_nothing_else_is(first: str, second: str) -> None:
    """A mistake does not hide the next one, and does not cause another."""
    (code1, text1), (code2, text2) = SLOTS[first], SLOTS[second]
    text = "".join(
        f"scene-{number}:\n{indent(body, '  ')}\n  next: b\n"
        for number, body in enumerate(("say: yes", text1, "say: yes", text2, "say: no"))
    )
    broken, expected = marked(text)
    _, problems = compose(from_text(broken))
    assert [problem.code for problem in problems] == [code1, code2]
    assert places(problems) == expected
    assert problems == in_order(problems)


def test_every_refusal_is_reported_not_only_the_first() -> None:
    """Names, repetitions, types and merged keys are all listed."""
    text = "a: ¦&x 1\nb: ¦*x\nc: ¦!t d\n¦<<: e\nf: [¦*x, ¦!u g]\n¦---\nh: i\n"
    broken, expected = marked(text)
    _, problems = compose(from_text(broken))
    codes = ["anchor", "alias", "tag", "merge-key", "alias", "tag", "several-documents"]
    assert [problem.code for problem in problems] == codes
    assert places(problems) == expected


def test_a_hundred_problems_are_enough() -> None:
    """Beyond a hundred problems one more says that there are more."""
    for text in ("- *x\n" * 500, "a: \x1b\n" * 500, "a: b\n---\n" * 500):
        _, problems = compose(from_text(text))
        assert len(problems) == 101
        assert problems[-1].code == "more-problems"
    _, problems = compose(from_text("- *x\n" * 100))
    assert len(problems) == 100
