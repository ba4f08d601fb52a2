"""Whatever a file is, reading it ends in a Source and nodes, or in Problems: never in an exception or a crash."""

from __future__ import annotations

import gc
import hashlib
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

import simulator.source.file
from simulator.problem import Problem, Severity, show
from simulator.source import LARGEST, Source, compose, from_text, read
from tests.test_mistakes import BROKEN, MISREAD, marked, misreadings, scalars

TRIALS = int(os.environ.get("CASELOAD_TRIALS", "1"))
"""How many times as many random files are tried; 150 before a release."""
MUTANTS = 6_000
posix = pytest.mark.skipif(sys.platform == "win32", reason="pipes, devices, links and modes as POSIX has them")

CASE = """\
# A case as authors write it, with a bit of everything.
scenario: new-case-manager
title: I'd like a new case manager
version: 1.0.0
process: [implementation, closure]      # assessment, planning, implementation, evaluation, closure
duration: 15
facts-checked: 2026-11-21
briefing: |
  You are a case manager. Remember: the clock runs # not a comment

    - indented: [more], {than} "the" rest
people:
  ruth:
    name: Ruth Adeyemi
    called: “Ms. Adeyemi”
    feelings: {trust: 4, tension: 7}     # 0..10
    shows:
      - if: tension >= 6
        say: on her feet, eyes on the door
      - seated, hands folded — for now
clock:
  start: "10:00"
  points: {appointment: "10:20", next-client: "11:00"}
scenes:
  desk:
    text: Twenty minutes until Ms. Adeyemi. Her file is on your desk; it's thin,
      and the letter on top says no.

      Ten to eleven 🙂 – don't hurry.
    responses:
      invite: {do: Ask her to come in., next: opening}
      read-first:
        do: Read the letter first
        when: not read(decision)
        marks: {rapport.limits: best, ethics.continuity: poor}
        why: 'It''s the least one can do: read.'
        feels: {tension: -2, trust: +1}
        minutes: 2             # 1 unless said
        next:
          - {when: trust >= 4, to: opening}
          - {to: desk}
  opening:
    says: |
      "I got the letter. I'd like a new case manager, please: somebody who helps #1."
    then: She looks at you. "Now would be good."
    next: limbo
endings:
  limbo:
    title: No
    text: "Nobody calls: not today.\\n\\nNobody comes."
"""


def written(path: Path, data: bytes | str) -> Path:
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def problem_of(path: Path, limit: int = LARGEST) -> Problem:
    problem = read(path, limit)
    assert isinstance(problem, Problem)
    assert problem.severity is Severity.ERROR
    return problem


# --- reading ------------------------------------------------------------------------------------


def test_a_file_is_read_with_its_exact_bytes(tmp_path: Path) -> None:
    """Text is decoded; bytes and hash are the file's own."""
    data = b"\xef\xbb\xbfa: b\r\nc: \xc3\xa9\r\n"
    source = read(written(tmp_path / "case.yaml", data))
    assert isinstance(source, Source)
    assert source.text == "a: b\r\nc: é\r\n"
    assert source.lines == ["a: b", "c: é", ""]
    assert source.data == data
    assert source.hash == hashlib.sha256(data).hexdigest()
    assert source.name == str(tmp_path / "case.yaml")


def test_the_same_text_is_the_same_source_in_memory(tmp_path: Path) -> None:
    """Text that never was in a file has the hash it would have there."""
    source = read(written(tmp_path / "a", CASE))
    assert isinstance(source, Source)
    assert from_text(CASE).hash == source.hash
    assert from_text("\ufeffa: b").text == "a: b"


def test_what_is_not_there_is_a_problem(tmp_path: Path) -> None:
    """A missing file, a missing folder and an impossible name are all no such file."""
    written(tmp_path / "file", "a: b")
    for path in ("none.yaml", "none/none.yaml", "file/none.yaml", "nul\0.yaml", "bad\udc80.yaml"):
        assert problem_of(tmp_path / path).code == "no-such-file"


def test_a_path_far_too_long_is_a_problem(tmp_path: Path) -> None:
    """What the system refuses with an error of its own is put in a sentence."""
    problem = problem_of(tmp_path / ("x" * 5000))
    assert problem.code in ("unreadable", "no-such-file")
    assert len(problem.place.file) <= 200


def test_a_name_is_shown_without_control_characters(tmp_path: Path) -> None:
    """A file name cannot send a command to the terminal."""
    problem = problem_of(tmp_path / "x\x1b[31m\u202e.yaml")
    assert "\x1b" not in show(problem)
    assert "\u202e" not in show(problem)


def test_a_folder_is_a_problem(tmp_path: Path) -> None:
    """A folder is named as one."""
    problem = problem_of(tmp_path)
    assert problem.code == "not-a-file"
    assert "folder" in problem.message


@posix
def test_a_pipe_is_never_waited_for(tmp_path: Path) -> None:
    """A pipe that nobody writes to does not block."""
    os.mkfifo(tmp_path / "pipe")
    assert problem_of(tmp_path / "pipe").code == "not-a-file"


@posix
def test_a_file_that_becomes_a_pipe_is_never_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pipe that took the file's place after it was looked at is opened without blocking, and refused."""
    as_file = written(tmp_path / "file", "a: b").stat()
    os.mkfifo(tmp_path / "pipe")
    monkeypatch.setattr(Path, "stat", lambda path: as_file)
    assert problem_of(tmp_path / "pipe").code == "not-a-file"


@posix
def test_a_device_is_never_opened() -> None:
    """A device that never ends is refused without reading."""
    assert problem_of(Path("/dev/zero")).code == "not-a-file"


@posix
def test_a_link_is_followed_and_a_dangling_or_circular_one_is_a_problem(tmp_path: Path) -> None:
    """A link stands for its file."""
    written(tmp_path / "file", "a: b")
    (tmp_path / "good").symlink_to(tmp_path / "file")
    (tmp_path / "dangling").symlink_to(tmp_path / "none")
    (tmp_path / "circle").symlink_to(tmp_path / "circle")
    assert isinstance(read(tmp_path / "good"), Source)
    assert problem_of(tmp_path / "dangling").code == "no-such-file"
    assert problem_of(tmp_path / "circle").code == "unreadable"


def test_a_file_without_permission_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that may not be opened is named as such."""
    written(tmp_path / "file", "a: b")

    def refused(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refused)
    assert problem_of(tmp_path / "file").code == "no-permission"


def test_any_other_error_of_the_system_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A failing disk ends in a sentence."""
    written(tmp_path / "file", "a: b")

    def broken(*_: object) -> int:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "open", broken)
    problem = problem_of(tmp_path / "file")
    assert problem.code == "unreadable"
    assert "Input/output error" in problem.message


def test_a_file_may_have_exactly_the_limit(tmp_path: Path) -> None:
    """The limit is the largest size that is read."""
    path = written(tmp_path / "file", "a: bcdef")
    assert isinstance(read(path, 8), Source)
    assert problem_of(path, 7).code == "too-large"
    assert isinstance(read(written(tmp_path / "empty", ""), 0), Source)


def test_a_file_that_grows_while_it_is_read_is_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The size is checked again on what was read."""
    small = written(tmp_path / "small", "a").stat()
    path = written(tmp_path / "file", "a" * 100)
    monkeypatch.setattr(Path, "stat", lambda path: small)
    assert problem_of(path, 99).code == "too-large"


@pytest.mark.parametrize(
    ("data", "line", "column", "hint"),
    [
        ("say: It’s\nso\n".encode("cp1252"), 1, 8, "Windows-1252"),
        ("a: b\r\nsay: Ädem é\n".encode("latin-1"), 2, 6, "Windows-1252"),
        ("a: b\nsay: It’s\n".encode("mac-roman"), 2, 8, "Mac Roman"),
        (b"\xef\xbb\xbfa: \xff\n", 1, 4, "UTF-8"),
        ("🙂: ".encode() + b"\x80\n", 1, 4, "UTF-8"),
        (b"a: \xed\xa0\x80\n", 1, 4, "UTF-8"),
        (b"a: \xc0\xaf\n", 1, 4, "UTF-8"),
        ("a: b\nc: é".encode()[:-1], 2, 4, "cut off"),
        ("a: b\n".encode("utf-16"), 1, 1, "UTF-8"),
        ("a: b\n".encode("utf-16-be"), 1, 1, "UTF-8"),
        ("a: b\n".encode("utf-32"), 1, 1, "UTF-8"),
        (bytes(5000), 1, 1, "UTF-8"),
    ],
)
def test_what_is_not_utf_8_is_a_problem_at_the_byte(
    tmp_path: Path, data: bytes, line: int, column: int, hint: str
) -> None:
    """The first wrong byte is pointed to, and what the file seems to be is said."""
    problem = problem_of(written(tmp_path / "file", data))
    assert problem.code == "not-utf-8"
    assert (problem.place.line, problem.place.column) == (line, column)
    assert hint in problem.hint
    show(problem).encode()


# --- problems -----------------------------------------------------------------------------------


def test_a_problem_shows_its_line_with_every_character_in_its_column() -> None:
    """What cannot be shown is replaced, so that the caret still points to the place."""
    source = from_text("a: b\nc:\t\x1b\u202e🙂 here\n", "x")
    problem = source.problem("code", "what\x07", 1, 7, "do\x1b")
    assert str(problem.place) == "x:2:8"
    assert problem.excerpt == "c:\t\ufffd\ufffd🙂 here"
    assert (problem.message, problem.hint) == ("what", "do")


def test_a_place_outside_the_file_is_moved_into_it() -> None:
    """libyaml's marks may lie behind the last line."""
    source = from_text("a: b\nc  \n\n")
    assert str(source.problem("code", "what", 9, 9).place) == "text:2:2"
    assert str(source.problem("code", "what", 0, 99).place) == "text:1:5"
    assert str(from_text("").problem("code", "what", 5, 5).place) == "text:1:1"


def test_a_problem_can_be_made_from_a_node_or_a_mark() -> None:
    """Nodes and marks know where they are."""
    source = from_text("a: b\nc: [d]\n")
    node, _ = compose(source)
    assert isinstance(node, yaml.MappingNode)
    value = node.value[1][1]
    assert str(source.at(value, "code", "what").place) == "text:2:4"
    assert str(source.at(value.end_mark, "code", "what", severity=Severity.ADVICE).place) == "text:2:7"


def test_a_line_of_a_million_characters_is_not_kept_with_its_problems() -> None:
    """A hundred problems in one line take little room."""
    _, problems = compose(from_text("[" + "*x, " * 250_000))
    assert len(problems) == 101
    assert sum(len(problem.excerpt) for problem in {id(p.excerpt): p for p in problems}.values()) < 20_000


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_are_counted_as_libyaml_counts_them(end: str) -> None:
    """Every scalar of a case begins in the line and column that its mark says."""
    source = from_text(CASE.replace("\n", end))
    node, _ = compose(source)
    assert node is not None
    waiting, seen = [node], 0
    while waiting:
        each = waiting.pop()
        if not isinstance(each, yaml.ScalarNode):
            parts = [part for item in each.value for part in (item if isinstance(item, tuple) else (item,))]
            waiting += parts
        else:
            mark = each.start_mark
            assert source.lines[mark.line][mark.column :].startswith(each.style or each.value[:10])
            seen += 1
    assert seen > 60


# --- composing ----------------------------------------------------------------------------------


def test_scalars_stay_the_text_that_was_typed() -> None:
    """No scalar turns into a number, a date, a truth value or nothing; plain ones have no style."""
    typed = ["no", "on", "12:30", "0x1F", "1_000", "1e3", "2026-11-21", ".inf", "=", "1" * 5000]
    node, problems = compose(from_text("".join(f"- {each}\n" for each in typed)))
    assert problems == []
    assert isinstance(node, yaml.SequenceNode)
    assert [each.value for each in node.value] == typed
    assert {(each.tag, each.style) for each in node.value} == {("tag:yaml.org,2002:str", None)}


def test_what_is_not_there_can_be_told_from_empty_text() -> None:
    """A key without a value has the tag of nothing, one with empty quotation marks has not."""
    node, _ = compose(from_text('a:\nb: ""\n'))
    assert isinstance(node, yaml.MappingNode)
    (_, nothing), (_, empty) = node.value
    assert (nothing.value, nothing.tag) == ("", "tag:yaml.org,2002:null")
    assert (empty.value, empty.tag) == ("", "tag:yaml.org,2002:str")


def test_a_case_composes() -> None:
    """The case that is mutated below is right as it stands."""
    source = from_text(CASE)
    node, problems = compose(source)
    assert problems == []
    assert node is not None
    assert list(misreadings(source, node)) == []


@pytest.mark.parametrize(("before", "after"), [("[", "]"), ("{a: ", "}"), ("- ", "")])
def test_twenty_four_levels_are_the_deepest(before: str, after: str) -> None:
    """One level more is refused where it begins."""
    assert compose(from_text(before * 24 + "x" + after * 24))[1] == []
    _, problems = compose(from_text(before * 25 + "x" + after * 25))
    assert [problem.code for problem in problems] == ["too-deep"]
    assert problems[0].place.column == 24 * len(before) + 1


def test_more_entries_than_asked_for_are_refused() -> None:
    """The number of entries is a limit of its own, which a caller raises together with the size."""
    text = "[" + "a, " * 1000 + "a]"
    assert compose(from_text(text), most_events=1100)[1] == []
    node, problems = compose(from_text(text), most_events=900)
    assert node is None
    assert [problem.code for problem in problems] == ["too-many-entries"]


def test_the_garbage_collector_is_left_as_it_was() -> None:
    """Composing switches the collector off, and back on only where it was on."""
    compose(from_text(CASE))
    assert gc.isenabled()
    gc.disable()
    try:
        compose(from_text(CASE))
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_without_libyaml_there_is_one_clear_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    """PyYAML's own parser reads some files differently, so it is not used in its place."""
    monkeypatch.setattr(simulator.source.file, "_LOADER", None)
    node, problems = compose(from_text(CASE))
    assert node is None
    assert [problem.code for problem in problems] == ["no-libyaml"]


def test_what_escapes_produce_can_be_encoded() -> None:
    """No escape in quotation marks leads to text that cannot be written to a file."""
    signs = [*'0abtnvfre "/\\N_LP', "x1b", "xff", "u0000", "ufffe", "uffff", "U0010ffff", "U0001f642"]
    node, problems = compose(from_text("".join(f'- "\\{sign}"\n' for sign in signs)))
    assert problems == []
    assert node is not None
    "".join(scalars(node)).encode()


# --- bombs --------------------------------------------------------------------------------------

BOMBS = {
    "brackets": "'[' * MEGABYTE",
    "braces": "'{' * MEGABYTE",
    "keys in braces": "'{a: ' * (MEGABYTE // 4)",
    "brackets and text": "'[a, ' * (MEGABYTE // 4)",
    "dashes": "'- ' * (MEGABYTE // 2)",
    "dashes over lines": "''.join(' ' * i + '- \\n' for i in range(1400))",
    "question marks": "'? ' * (MEGABYTE // 2)",
    "keys over lines": "''.join(' ' * i + 'a:\\n' for i in range(1400))",
    "repetitions of repetitions": "''.join(f'a{i}: &a{i} [' + f'*a{i - 1}, ' * 9 + ']\\n' for i in range(26))",
    "merges of merges": "'- &a {b: c}\\n' + '- &a {<<: [' + '*a, ' * 20 + ']}\\n' * 20",
    "a million repetitions": "'[' + '*a, ' * (MEGABYTE // 4)",
    "a long name": "'&' + 'a' * MEGABYTE",
    "a long type": "'!<' + 'a' * MEGABYTE",
    "a long command": "'%' + 'a' * MEGABYTE",
    "a long key": "'a' * MEGABYTE + ': b'",
    "a long key that is asked for": "'? ' + 'a' * MEGABYTE + '\\n: *b'",
    "a long line without a key": "'a: b\\n' + 'c ' * (MEGABYTE // 2)",
    "a long number": "'[' + '1' * MEGABYTE",
    "a million lines": "'a\\n' * (MEGABYTE // 2) + 'b: c\\n'",
    "empty lines": "'\\n' * MEGABYTE",
    "blanks": "' ' * MEGABYTE + '\\t'",
    "tabs": "'\\t' * MEGABYTE",
    "comments": "'#\\n' * (MEGABYTE // 2)",
    "quotation marks": "'\\'' * (MEGABYTE + 1)",
    "backslashes": "'\"' + '\\\\' * MEGABYTE",
    "documents": "'---\\n' * (MEGABYTE // 4)",
    "commas": "'[' + ',' * MEGABYTE",
    "entries": "'[' + 'a,' * (MEGABYTE // 2)",
    "colons": "': ' * (MEGABYTE // 2)",
    "colons in texts": "'a: b: c\\n' * (MEGABYTE // 8)",
    "quotations in texts": "'a: \"b\" c\\n' * (MEGABYTE // 9)",
    "empty bytes": "'a' * MEGABYTE + '\\0' * 300",
    "control characters": "'\\x1b' * MEGABYTE",
    "line separators": "'\\u2028' * (MEGABYTE // 3)",
    "one block": "'a: |\\n' + ' b\\n' * (MEGABYTE // 3) + 'c'",
    "blank lines that grow": "'a: |\\n' + ''.join(' ' * i + '\\n' for i in range(1400)) + 'b'",
}

BOMB = """
import sys
from pathlib import Path
from simulator.source import LARGEST, compose, read
MEGABYTE = 1_000_000
path = Path(sys.argv[1])
limit = int(sys.argv[3]) * LARGEST
path.write_text(eval(sys.argv[2]), encoding="utf-8", newline="")
source = read(path, limit)
problems = compose(source, 200_000 * int(sys.argv[3]))[1]
for problem in problems:
    str(problem).encode()
print(problems[0].code, len(problems))
try:
    # What this process took at most; getrusage would count its parent in.
    status = Path("/proc/self/status").read_text()
    print(status.split("VmHWM:")[1].split()[0])
except OSError:
    print(0)
"""


def _explode(tmp_path: Path, text: str, times: int) -> tuple[str, int]:
    """Read a bomb in a process of its own; return the first code and the kilobytes it took."""
    command = [sys.executable, "-c", BOMB, str(tmp_path / "bomb"), text, str(times)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    first, kilobytes = done.stdout.splitlines()
    return first, int(kilobytes)


@pytest.mark.parametrize("text", BOMBS.values(), ids=BOMBS)
def test_a_bomb_is_refused_and_takes_little_memory(tmp_path: Path, text: str) -> None:
    """What is made to exhaust time, memory or the stack ends in Problems, in under 100 MB."""
    first, kilobytes = _explode(tmp_path, text, 1)
    assert "not-yaml" not in first
    assert kilobytes < 100_000


@pytest.mark.parametrize("text", ["'[' * (64 * MEGABYTE)", "'- ' * (32 * MEGABYTE)", "'{a: ' * (16 * MEGABYTE)"])
def test_depth_is_refused_whatever_the_limit(tmp_path: Path, text: str) -> None:
    """A limit that was raised to 64 MB does not let nesting through to libyaml's composer."""
    first, _ = _explode(tmp_path, text, 64)
    assert first == "too-deep 1"


def test_a_large_case_is_composed(tmp_path: Path) -> None:
    """Ten thousand scenes, five megabytes, are read when the caller raises the limits."""
    scene = CASE[CASE.index("  desk:") : CASE.index("  opening:")].replace("  desk:", "  desk-{}:")
    text = "scenes:\n" + "".join(scene.replace("{}", str(number), 1) for number in range(5_000))
    source = read(written(tmp_path / "large", text), 8 * LARGEST)
    assert isinstance(source, Source)
    node, problems = compose(source, most_events=1_000_000)
    assert problems == []
    assert isinstance(node, yaml.MappingNode)
    assert len(node.value[0][1].value) == 5_000


# --- random files -------------------------------------------------------------------------------


def _survives(path: Path, data: bytes) -> bool:
    """Read a file as it is read before a case is played; return whether it composed."""
    source = read(written(path, data))
    if isinstance(source, Problem):
        assert source.code == "not-utf-8"
        show(source).encode()
        return False
    node, problems = compose(source)
    assert (node is None) == bool(problems)
    found = problems or list(misreadings(source, node or yaml.ScalarNode("", "")))
    assert len(found) <= 101 or node is not None
    for problem in found:
        assert 1 <= problem.place.line <= len(source.lines)
        assert 1 <= problem.place.column <= len(source.lines[problem.place.line - 1]) + 1
        assert problem.message
        show(problem).encode()
    return node is not None


PIECES = [*"[]{}:,#&*!|>'\"%@`?-\\~= \t\n\r\0\x1bé🙂\u00a0\u2028\ufeff\x85"]
PIECES += [
    ": ",
    " #",
    "# ",
    "- ",
    "? ",
    "---\n",
    "...\n",
    "<<: ",
    "&a ",
    "*a ",
    "!t ",
    "\n- ",
    "\n  ",
    "{a: b}",
    "\\u",
    "\\x1b",
]


def _mutant(rng: random.Random, data: bytes) -> bytes:
    """Change a few bytes, pieces or lines."""
    for _ in range(rng.choice((1, 1, 1, 2, 3, 8))):
        at = rng.randrange(len(data) + 1)
        kind = rng.randrange(8)
        if kind == 0:
            data = data[:at] + bytes([rng.randrange(256)]) + data[at + 1 :]
        elif kind == 1:
            data = data[:at] + data[at + rng.randrange(1, 9) :]
        elif kind in (2, 3, 4):
            data = data[:at] + rng.choice(PIECES).encode() + data[at + rng.randrange(2) :]
        elif kind == 5:
            data = data[:at]
        else:
            lines = data.split(b"\n")
            one, other = rng.randrange(len(lines)), rng.randrange(len(lines))
            if kind == 6:
                lines[one], lines[other] = lines[other], lines[one]
            else:
                lines[one] = b" " * rng.randrange(9) + lines[one].lstrip()
            data = b"\n".join(lines)
    return data


def test_a_case_cut_off_anywhere_is_composed_or_refused(tmp_path: Path) -> None:
    """Every beginning of a case, byte by byte, ends without an exception."""
    data = CASE.encode()
    assert any(_survives(tmp_path / "file", data[:end]) for end in range(len(data)))


@pytest.mark.parametrize("part", range(4))
def test_a_damaged_case_is_composed_or_refused(tmp_path: Path, part: int) -> None:
    """Random damage ends in nodes or in at least one Problem, never in an exception."""
    bases = [marked(text)[0].encode("utf-8", "replace") for _, text in (*BROKEN.values(), *MISREAD.values())]
    bases += [CASE.encode()] * len(bases)
    refused = 0
    trials = MUTANTS * TRIALS // 4
    for trial in range(trials):
        seed = part * trials + trial
        rng = random.Random(seed)
        mutant = _mutant(rng, rng.choice(bases))
        try:
            refused += not _survives(tmp_path / "file", mutant)
        except Exception as error:
            error.add_note(f"seed {seed}: {mutant!r}")
            raise
    assert trials / 10 < refused < trials * 9 / 10
