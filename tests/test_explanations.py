"""`caseload explain`: every code that the program can report is explained, and what is explained is what happens."""

from __future__ import annotations

import json
import re
from importlib import resources
from pathlib import Path

import pytest

from simulator import explanations as package
from simulator.cli import main
from simulator.explanations import GROUPS, Explanation, Kind, explanation, explanations, problems_of, whole
from simulator.text import clean
from tests.codes import CannotFollow, codes_in, functions_of, sources
from tests.every_code import PAGE, table, written

EXPLANATIONS = list(explanations().values())
SHOWN = [each for each in EXPLANATIONS if each.bad]

MORE_THAN_ITS_CODE = {"unreachable": {"never-holds"}}
"""Codes whose bad example cannot help giving others as well."""

WITHOUT_EXAMPLE = {
    *("no-such-file", "not-a-file", "no-permission", "unreadable", "no-such-folder", "no-libyaml"),
    *("too-large", "too-many-entries", "too-long", "more-problems"),
    *("not-utf-8", "shadowed-id", "bad-shared-file", "not-proven"),
    *("too-many-in-cohort", "too-many-cohorts", "shadowed-cohort"),
}
"""About files, about sizes that nobody wants to read, or about two files at once."""

PUBLISHED = """
absolutes-in-weak alias always-best always-holds always-worst anchor answers-nothing asserts-unseen assigned-twice
back-from-nowhere bad-condition bad-date bad-escape bad-id bad-key bad-number bad-shared-file bad-time bad-version
best-stands-out best-that-costs block-indentation block-start colon-in-text comma-in-text content-note-missing
control-character critical-cued-late critical-never critical-unavoidable critical-without-standard cut-text
dates-disagree decides-alone differ-in-nothing directive due-before-begins duplicate-id duplicate-key empty-file
empty-value endings-alike endless-loop entry-without-value escape-in-text farmed-marks folded-block hard-to-hear
harmful-that-is-free hash-in-text hub-without-tasks indentation interrupt-never item-in-text junction-loop key-in-text
leads-out line-without-key lookalike-blank merge-key minutes-elsewhere missing-blank missing-comma missing-key
missing-next missing-phase more-problems move-together name-in-id named-twice never-holds never-offered never-opened
never-reached never-read never-shown no-clock no-directory no-fallback no-libyaml no-permission no-range
no-shared-file no-such-file no-such-folder no-way-on no-why not-a-file not-a-scenario not-in-cohort not-in-library
not-in-people not-proven not-utf-8 not-yaml nothing-to-consult off-step out-of-range quote-ends-early quotes-not-shown
reserved-id reserved-word same-item say-or-do set-and-cleared several-documents shadowed-cohort shadowed-id
special-start stray-bracket stray-comma tab tag tasks-unlisted thin-dimension too-deep too-large too-long
too-many-cohorts too-many-entries too-many-in-cohort two-kinds unclosed-bracket unclosed-quote undefined-dimension
undefined-document undefined-entry undefined-fact undefined-feeling undefined-indicator undefined-item undefined-line
undefined-person undefined-point undefined-response undefined-scene undefined-task unknown-key unknown-level
unknown-word unreachable unreadable why-repeats wrong-bracket wrong-type
"""
"""Codes that people may have written down, or that their tools know."""


def each_of(known: list[Explanation]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("explained", known, ids=lambda each: each.code)


# -- the registry -----------------------------------------------------------------------------


def test_every_code_that_can_be_reported_is_explained_and_no_other() -> None:
    """Whoever adds a code explains it, and whoever takes one out takes its explanation along."""
    assert codes_in(sources()) == set(explanations())


def test_a_code_cannot_hide() -> None:
    """A new code is noticed through whatever functions it is handed, and one that cannot be followed is refused."""
    program = """
class Fields:
    def report(self, code, node, hint=""):
        return Problem(code, hint)
    def named(self, node, what, code="not-said"):
        self.report(code, node)

def build(fields, late):
    fields.report("at-once", 1)
    Source().report(code="by-name", node=1)
    fields.named(1, 2, "handed-on")
    fields.named(1, 2)
    fields.report("one" if late else "other", 1)
    for kind in ("looped", "again"):
        fields.report(kind, 1)
    table = {"a": ("word", "from-a-table")}
    what, code = table[late]
    fields.report(code, 1)
    return Fault("fault", fields.code)
"""
    codes = {"at-once", "by-name", "handed-on", "not-said", "one", "other", "looped", "again", "from-a-table", "fault"}
    assert codes_in(functions_of(program, "program")) == codes
    for hidden in ("'un' + 'seen'", "CODES[0]", "made()", "elsewhere"):
        with pytest.raises(CannotFollow):
            codes_in(functions_of(f"{program}\ndef hide(fields):\n    fields.report({hidden}, 1)\n", "program"))


def test_codes_are_not_renamed() -> None:
    """A code that was explained once goes on being explained: people look it up, and tools sort by it."""
    assert not set(PUBLISHED.split()) - set(explanations())


def test_every_file_of_explanations_is_read() -> None:
    """No group lies there unread, and no code stands in two of them or twice in one."""
    folder = resources.files(package)
    texts = {each.name: each.read_text(encoding="utf-8") for each in folder.iterdir() if each.name.endswith(".yaml")}
    assert sorted(texts) == sorted(f"{group}.yaml" for group in GROUPS)
    codes = [code for text in texts.values() for code in re.findall(r"^  ([a-z0-9-]+):$", text, re.MULTILINE)]
    assert sorted(codes) == sorted(explanations())


# -- the texts --------------------------------------------------------------------------------


@each_of(EXPLANATIONS)
def test_an_explanation_says_enough_and_not_too_much(explained: Explanation) -> None:
    """A title is one short line, and what it is about is two to five sentences in one paragraph."""
    assert 10 <= len(explained.title) <= 70
    assert explained.title[0].isupper()
    assert not explained.title.endswith(".")
    assert "|" not in explained.title
    assert "\n" not in explained.about
    sentences = re.split(r"(?<=[a-z`)0-9\"])[.?] (?=[A-Z`])", explained.about)
    assert 2 <= len(sentences) <= 5
    assert explained.about.endswith(".")


def test_titles_tell_codes_apart() -> None:
    """No two codes are explained by the same words."""
    for texts in ([each.title for each in EXPLANATIONS], [each.about for each in EXPLANATIONS]):
        assert len(set(texts)) == len(texts)


def test_only_what_cannot_be_shown_has_no_example() -> None:
    """Nearly every code has a bad and a good example; the others say why not."""
    assert {each.code for each in EXPLANATIONS if not each.bad} == WITHOUT_EXAMPLE
    for each in EXPLANATIONS:
        assert bool(each.bad) == bool(each.good)
        assert bool(each.bad) != bool(each.no_example)


# -- the examples -----------------------------------------------------------------------------


@each_of(SHOWN)
def test_a_bad_example_gives_its_code(explained: Explanation) -> None:
    """What is shown as a mistake gives this problem, as severe as it says, where the reader can see it."""
    found = problems_of(explained, explained.bad)
    first = next(each for each in found if each.code == explained.code)
    assert first.severity is explained.severity
    assert 1 <= first.place.line <= explained.bad.count("\n")
    assert {each.code for each in found} - {explained.code} == MORE_THAN_ITS_CODE.get(explained.code, set())


@each_of(SHOWN)
def test_a_good_example_gives_no_problem(explained: Explanation) -> None:
    """What is shown as well written has nothing wrong with it, and no advice that is not answered."""
    assert not [str(each) for each in problems_of(explained, explained.good) if not each.answer]


@each_of(SHOWN)
def test_an_example_is_short(explained: Explanation) -> None:
    """An example fits on a screen beside its explanation, and only differs where it matters."""
    for example in (explained.bad, explained.good):
        assert example.endswith("\n")
        assert example.count("\n") <= 20
        assert all(len(line) <= 116 for line in example.splitlines())
    assert explained.bad != explained.good


@pytest.mark.parametrize("kind", [Kind.CASE, Kind.SHARED, Kind.RUBRIC])
def test_what_an_example_leaves_out_has_no_problem(kind: Kind) -> None:
    """What goes wrong with an example is its own doing, and not that of what is added to it."""
    anything = next(each for each in SHOWN if each.kind is kind)
    assert not problems_of(anything, "version: 1.0.0\n")


def test_an_example_is_completed_below_it() -> None:
    """Top-level keys of an example stay and stand first, so that its lines keep their numbers; the rest is added."""
    example = "endings:\n  over: {}\nscenes: [\n"
    found = whole(example, Kind.CASE)
    assert found.startswith(example)
    added = found.removeprefix(example)
    assert re.findall(r"^[a-z-]+", added, re.MULTILINE)[:3] == ["scenario", "title", "version"]
    assert "\nendings:" not in added
    assert "\nscenes:" not in added
    assert whole("shopping:\n", Kind.FILE) == "shopping:\n"


@pytest.mark.parametrize("code", ["never-reached", "control-character", "always-holds"])
def test_a_code_of_two_severities_has_both(code: str) -> None:
    """Where it depends on the place how much a code matters, both are said, and both come about."""
    explained = explanation(code)
    assert explained is not None
    severe, other_one = explained.severities
    assert severe is explained.severity
    other = {
        "never-reached": "endings:\n  done: {title: Done, text: Over.}\n  lost: {title: Lost, text: Nobody came.}\n",
        "control-character": "scenes:\n  desk:\n    text: She \u202ewaits.\n    next: done\n",
        "always-holds": "scenes:\n  desk:\n    text:\n      - {if: trust >= 1, say: She waits.}\n    next: done\n",
    }
    (problem,) = problems_of(explained, other[code])
    assert (problem.code, problem.severity) == (code, other_one)


# -- the command ------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASELOAD_HOME", str(tmp_path / "home"))


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Run the command; return its exit code and what it printed."""
    code = main(list(arguments))
    out, error = capsys.readouterr()
    return code, out, error


def test_a_code_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    """Somebody reads what a code means, the mistake, what is reported for it, and how it is written well."""
    code, out, error = said(capsys, "explain", "undefined-scene")
    assert (code, error) == (0, "")
    assert out.startswith("undefined-scene (error)\nThere is no scene or ending of that name.\n\n")
    mistake, report, well = (out.index(each) for each in ("next: dnoe", "4:11: error[undefined-scene]", "next: done"))
    assert mistake < report < well
    assert "hint: did you mean `done`?" in out


@each_of(EXPLANATIONS)
def test_every_code_can_be_told(explained: Explanation, capsys: pytest.CaptureFixture[str]) -> None:
    """Each explanation fits into eighty columns outside of its examples, and sends nothing to a terminal to obey."""
    code, out, error = said(capsys, "explain", explained.code)
    assert (code, error) == (0, "")
    assert out == clean(out)
    assert all(len(line) <= 80 or line.startswith("    ") for line in out.splitlines())
    assert (explained.no_example.split()[-1] if explained.no_example else "Like this:") in out
    assert f"[{explained.code}]: " in out or not explained.bad


@pytest.mark.parametrize("code", ["control-character", "lookalike-blank"])
def test_what_cannot_be_seen_is_shown_by_a_sign(code: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A mistake that consists of an invisible character can be seen in its example."""
    _, out, _ = said(capsys, "explain", code)
    before, after = out.split("Like this:")
    assert "\ufffd" in before.partition("What `caseload check`")[0]
    assert "\ufffd" not in after


@pytest.mark.parametrize("typed", ["UNDEFINED-SCENE", "error[undefined-scene]:", "[undefined-scene]"])
def test_a_code_may_be_copied_with_what_stands_around_it(typed: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever takes a code from a message with its brackets is understood."""
    code, out, _ = said(capsys, "explain", typed)
    assert code == 0
    assert out.startswith("undefined-scene (error)\n")


@pytest.mark.parametrize(
    ("typed", "hint"),
    [("undefined-scen", "did you mean `undefined-scene`?"), ("zzz", "`caseload explain` lists"), ("", "lists")],
)
def test_an_unknown_code_is_said(typed: str, hint: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A code that is none cannot be explained, and the nearest one is named."""
    code, out, error = said(capsys, "explain", typed)
    assert (code, out) == (2, "")
    assert error.startswith("caseload: there is no code ")
    assert hint in error


def test_all_codes_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    """Without a code all of them are listed, each once, below what an author was doing."""
    code, out, error = said(capsys, "explain")
    assert (code, error) == (0, "")
    assert re.findall(r"^  ([a-z0-9-]+)", out, re.MULTILINE) == list(explanations())
    groups = [line.rstrip(":") for line in out.splitlines() if line.endswith(":") and not line.startswith(" ")]
    assert groups == list(dict.fromkeys(each.group for each in EXPLANATIONS))
    assert all(len(line) <= 80 for line in out.splitlines())


def test_tools_get_the_same_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    """The list and each code can be had as JSON, with keys that stay the same."""
    code, out, _ = said(capsys, "explain", "--format", "json")
    rows = json.loads(out)
    assert code == 0
    assert [row["code"] for row in rows] == list(explanations())
    assert {tuple(row) for row in rows} == {("code", "severities", "group", "title")}
    code, out, _ = said(capsys, "explain", "quotes-not-shown", "--format", "json")
    found = json.loads(out)
    assert code == 0
    assert list(found) == [*rows[0], "about", "kind", "bad", "good", "reported", "no_example"]
    assert found["severities"] == ["advice"]
    assert [each["code"] for each in found["reported"]] == ["quotes-not-shown"]


def test_check_says_once_where_more_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """After all problems one line names the command that explains them; it can be typed as it stands there."""
    path = tmp_path / "case.yaml"
    path.write_text(whole("scenes:\n  desk:\n    text: Hello\n    next: dnoe\n    phase: late\n", Kind.CASE))
    code, out, _ = said(capsys, "check", str(path))
    assert code == 1
    assert out.count("caseload explain") == 1
    last = out.splitlines()[-1]
    (command,) = re.findall(r"`caseload (explain [a-z-]+)`", last)
    assert said(capsys, *command.split())[0] == 0
    path.write_text(whole("", Kind.CASE))
    assert said(capsys, "check", str(path)) == (0, "1 file checked: no problems\n", "")


# -- the guide for authors --------------------------------------------------------------------


def test_the_guide_lists_every_code() -> None:
    """The table in AUTHORING.md is the one that `python -m tests.every_code` writes."""
    page = PAGE.read_text(encoding="utf-8")
    assert page == written(page)
    assert table() in page
