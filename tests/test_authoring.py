"""What scenarios/AUTHORING.md tells an author is true: every example, every key, every code, every command.

An HTML comment before a block of YAML says what it is:

    <!-- check: case -->           a whole case, without any problem
    <!-- check: part -->           part of a case, put into the one below in place of what it has there
    <!-- check: refused CODE -->   such a part with a mistake, which gives just that code
    <!-- check: advised CODE -->   such a part about which that advice is given
    <!-- check: mended CODE -->    and one about which it is not, or not without the author's answer
    <!-- check: step -->           a piece of the first case, put into what `caseload new` writes and the steps above
    <!-- check: step CODE -->      one about which that advice is given, until the next step
    <!-- check: shared -->         a file of shared pieces, which other parts may use
    <!-- check: settings -->       settings.yaml
    <!-- check: path -->           a path through the library
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest
from textual.binding import Binding
from textual.dom import DOMNode

from scoring.rubric import Level
from simulator import builder, cli, day, scenes, settings
from simulator.check import Around, check
from simulator.condition import PREDICATES
from simulator.library import built_in, ids
from simulator.loader import load_scenario
from simulator.problem import show
from simulator.scenario import Scenario
from simulator.session import start
from simulator.starting import QUESTIONS, new_case
from simulator.tui.author.desk import AuthorScreen
from simulator.tui.author.editor import Editor
from simulator.tui.author.preview import PreviewScreen
from tests.cases import rubric

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "scenarios" / "AUTHORING.md"
TEXT = PAGE.read_text(encoding="utf-8")

SKELETON = """\
scenario: cold-apartment
title: The cold apartment
version: 1.0.0
summary: A man says that he only came for a form.
people:
  marsh:
    name: Teodor Marsh
    feelings: {trust: 3, tension: 6, shame: 7}
  lena:
    name: Lena Marsh
    feelings: {trust: 5}
  joan:
    name: Joan Pruitt
client: marsh
clock:
  start: "9:00"
  points: {appointment: "9:20", office-closes: "10:00"}
facts:
  promised: Mr. Marsh was promised that the gas stays on.
  irena-named: His wife was spoken of.
  plan-confirmed: The plan was confirmed.
  wrote-first: The note came before the call.
documents:
  notice:
    title: Shut-off notice
    text: Service ends on Friday.
  intake:
    title: Intake sheet
    text: Works nights.
directory:
  entries:
    gas-plans: {service: Payment plans, contact: 555-0133, last-verified: 2026-01-05}
start: desk
scenes:
  desk:
    consult: Read what there is.
    offers: [documents, directory]
    next: hallway
  the-notice:
    text: He lays a paper on the desk.
    next: talk
  hallway:
    text: He is early.
    next: kitchen
  kitchen:
    responses:
      pass-over: {say: Nice and bright here., next: talk}
  talk:
    text: He waits.
    next: plan
  plan:
    text: He waits.
    next: before-noon
  before-noon:
    next: note
    select:
      prompt: What do you take care of?
      options:
        call-company: {do: Call.}
        tell-joan: {do: Tell Joan.}
  note:
    next: done
    write: {prompt: Write the note.}
endings:
  done: {title: Done, text: It is over.}
  waiting: {title: Until Friday, text: Nobody has called.}
  left-alone: {title: Alone, text: Nobody asked.}
"""
"""What the parts are parts of: everything that they mention and do not show."""

KEYS = {
    "case": builder.SCENARIO_KEYS,
    "person": builder.PERSON_KEYS,
    "clock": builder.CLOCK_KEYS,
    "task": day.TASK_KEYS,
    "undone": day.UNDONE_KEYS,
    "interrupt": day.INTERRUPT_KEYS,
    "document": builder.DOCUMENT_KEYS,
    "directory": builder.DIRECTORY_KEYS,
    "directory entry": builder.REFERRAL_KEYS,
    "critical": builder.CRITICAL_KEYS,
    "scene": scenes.SCENE_KEYS,
    "visiting scene": scenes.VISIT_KEYS,
    "voice": scenes.VOICE_KEYS,
    "response": scenes.RESPONSE_KEYS,
    "select": scenes.SELECT_KEYS,
    "option": scenes.OPTION_KEYS,
    "left-out": scenes.LEFT_OUT_KEYS,
    "rank": scenes.RANK_KEYS,
    "pair": scenes.PAIR_KEYS,
    "reverse": scenes.REVERSE_KEYS,
    "write": scenes.WRITE_KEYS,
    "outcome": scenes.OUTCOME_KEYS,
    "entry of marks": ("when", "give", "why"),
    "variant": ("if", "say", "away", "line"),
    "entry of next": ("when", "to"),
    "ending": builder.ENDING_KEYS,
    "answer": builder.ANSWER_KEYS,
    "shared file": builder.SHARED_KEYS,
    "shared directory": builder.SHARED_DIRECTORY_KEYS,
}
"""Keys by what the table calls the place they stand in."""


@dataclass(frozen=True, slots=True)
class Block:
    """An example, and what its comment says about it."""

    line: int
    kind: str
    code: str
    text: str


def blocks() -> Iterator[Block]:
    """Yield every example of YAML; one without a comment has no kind."""
    pattern = r"(?:<!-- check: (?P<kind>[a-z]+)(?: (?P<code>[a-z0-9-]+))? -->\n)?```yaml\n(?P<text>.*?)```"
    for found in re.finditer(pattern, TEXT, flags=re.DOTALL):
        line = TEXT.count("\n", 0, found.start("text")) + 1
        yield Block(line, found["kind"] or "", found["code"] or "", found["text"])


BLOCKS = list(blocks())


def of_kind(*kinds: str) -> pytest.MarkDecorator:
    """Run a test with every example of some kinds."""
    chosen = [each for each in BLOCKS if each.kind in kinds]
    return pytest.mark.parametrize("block", chosen, ids=lambda block: f"line-{block.line}")


def split(text: str, level: int) -> dict[str, str]:
    """Split a text at the keys that are indented so far; what stands above the first of them is left out."""
    head = re.compile(rf"^ {{{level}}}(?P<key>[a-z][a-z0-9-]*):.*\n", re.MULTILINE)
    places = [(each["key"], each.start()) for each in head.finditer(text)]
    return {key: text[start:end] for (key, start), (_, end) in pairwise([*places, ("", len(text))])}


def spliced(part: str) -> str:
    """Put part of a case into the skeleton: a scene, an ending and so on takes the place of its namesake."""
    whole = split(SKELETON, 0)
    for key, section in split(part, 0).items():
        inner = split(section, 2)
        if key in ("scenes", "endings", "facts", "people", "documents") and key in whole:
            whole[key] = f"{key}:\n" + "".join({**split(whole[key], 2), **inner}.values())
        else:
            whole[key] = section
    # What stands above the first key is a comment.
    first = next(iter(split(part, 0).values()), "")
    return (part[: part.index(first)] if first else part) + "".join(whole.values())


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str], Path]:
    """Return how to put a case into a file, with the shared scenes of the page beside it."""

    def write(text: str) -> Path:
        (tmp_path / "shared").mkdir()
        for block in BLOCKS:
            if block.kind == "shared":
                name = split(block.text, 0)["shared"].split()[1]
                (tmp_path / "shared" / f"{name}.yaml").write_text(block.text, encoding="utf-8")
        path = tmp_path / "cold-apartment.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


# -- examples ---------------------------------------------------------------------------------


def test_every_example_says_what_it_is() -> None:
    """No block of YAML stands on the page without being tried."""
    kinds, coded = {"case", "part", "step", "shared", "settings", "path"}, {"refused", "advised", "mended", "step"}
    assert not [each for each in BLOCKS if each.kind not in (coded if each.code else kinds)]
    assert TEXT.count("```yaml") == len(BLOCKS)
    assert TEXT.count("<!-- check:") == len(BLOCKS)


@of_kind("case")
def test_a_whole_case_has_no_problem(block: Block, written: Callable[[str], Path]) -> None:
    """An author who types a whole example gets a case that `check` has nothing to say about."""
    assert check(written(block.text), rubric()) == ()


@of_kind("part")
def test_a_part_has_no_problem(block: Block, written: Callable[[str], Path]) -> None:
    """An example of part of a case loads where it belongs, without a problem."""
    loaded = load_scenario(written(spliced(block.text)), rubric())
    assert not [show(each) for each in loaded.problems]
    assert loaded.value is not None


@of_kind("refused")
def test_an_example_of_a_mistake_gives_its_code(block: Block, written: Callable[[str], Path]) -> None:
    """What is shown as a mistake is refused for just that mistake."""
    problems = load_scenario(written(spliced(block.text)), rubric()).problems
    assert [each.code for each in problems] == [block.code]


@of_kind("shared")
def test_a_file_of_shared_pieces_has_no_problem(block: Block, tmp_path: Path) -> None:
    """An example of shared pieces can be checked by itself."""
    path = tmp_path / "shared.yaml"
    path.write_text(block.text, encoding="utf-8")
    assert check(path, rubric()) == ()


@of_kind("path")
def test_a_path_has_no_problem(block: Block, tmp_path: Path) -> None:
    """The example of a path names cases that there are, besides the one that the page is about."""
    path = tmp_path / "path.yaml"
    path.write_text(block.text, encoding="utf-8")
    assert check(path, rubric(), around=Around(cases={*ids((built_in(),)), "cold-apartment"})) == ()


@of_kind("settings")
def test_the_settings_can_be_read(block: Block, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The example of settings adds a folder to the library."""
    for variable in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(variable, str(tmp_path))
    (tmp_path / "our-cases").mkdir()
    home = settings.Home(tmp_path)
    home.settings.write_text(block.text, encoding="utf-8")
    found, problems = settings.load(home)
    assert not problems
    assert found.library == (tmp_path / "our-cases",)


def test_the_skeleton_has_no_problem(written: Callable[[str], Path]) -> None:
    """What goes wrong with a part is the part's own doing."""
    assert not load_scenario(written(SKELETON), rubric()).problems


@of_kind("advised")
def test_a_weak_example_is_advised_against(block: Block, written: Callable[[str], Path]) -> None:
    """What the chapters on craft show as weak is what check gives that advice about."""
    assert block.code in [each.code for each in check(written(spliced(block.text)), rubric())]


@of_kind("mended")
def test_a_better_example_is_not_advised_against(block: Block, written: Callable[[str], Path]) -> None:
    """What they show as better loads, and that advice is not given about it, or is answered."""
    path = written(spliced(block.text))
    assert not load_scenario(path, rubric()).problems
    assert block.code not in [each.code for each in check(path, rubric()) if not each.answer]


@of_kind("case")
def test_the_message_shown_is_the_one_that_is_given(block: Block, written: Callable[[str], Path]) -> None:
    """The problem that the page prints is what `check` prints for that mistake, to the letter."""
    _, shown = re.findall(r"```text\n(.*?)```", TEXT, flags=re.DOTALL)
    path = written(block.text.replace("next: left-alone\n", "next: left-alon\n"))
    problem, *_ = load_scenario(path, rubric()).problems
    assert show(problem).replace(str(path), path.name) == shown.strip()


# -- the first case ---------------------------------------------------------------------------


def inside(text: str, level: int) -> tuple[str, dict[str, str]]:
    """Return what stands above the first key that is indented so far, and the keys."""
    keys = split(text, level)
    return text[: len(text) - sum(map(len, keys.values()))], keys


def put_into(whole: str, piece: str, level: int = 0) -> str:
    """Put a piece in the place of what has the same name: the innermost thing that it shows alone."""
    above, keys = inside(whole, level)
    for key, section in inside(piece, level)[1].items():
        deeper = inside(section, level + 2)[1]
        keys[key] = put_into(keys[key], section, level + 2) if key in keys and len(deeper) == 1 else section
    return above + "".join(keys.values())


def begun() -> str:
    """Return what `caseload new` writes for somebody who answers as the page says."""
    asked = {key: said for key, said, *_ in rows("Step 1: begin", start="| ")}
    return new_case("cold-apartment", {each.key: asked[f"{each.asks}?"].removeprefix("Enter") for each in QUESTIONS})


def stepped() -> Iterator[tuple[Block, str]]:
    """Yield every step of the first case, and what the file is after it."""
    text = begun()
    for block in BLOCKS:
        if block.kind == "step":
            text = put_into(text, block.text)
            yield block, text


def test_the_page_answers_what_new_asks() -> None:
    """The table of questions is what `caseload new` asks, word by word."""
    assert [row[0] for row in rows("Step 1: begin", start="| ")][1:] == [f"{each.asks}?" for each in QUESTIONS]


def test_whoever_follows_the_steps_is_told_what_the_page_says(written: Callable[[str], Path]) -> None:
    """After each step of the first case check has nothing to say, except where the page says that it does."""
    path = written(begun())
    for block, text in stepped():
        path.write_text(text, encoding="utf-8")
        problems = check(path, rubric())
        assert [each.code for each in problems] == ([block.code] if block.code else []), block.line
        if problems:
            shown, _ = re.findall(r"```text\n(.*?)```", TEXT, flags=re.DOTALL)
            # Where it stands depends on what the reader left in between.
            numbers = re.compile(r"(?<=yaml):\d+:\d+|^ +\d+", re.MULTILINE)
            found = "\n\n".join(map(show, problems)).replace(str(path), path.name)
            assert numbers.sub("", found) == numbers.sub("", shown.strip())


def test_the_first_case_ends_as_the_page_says(written: Callable[[str], Path]) -> None:
    """Whoever takes the responses of the table comes to the endings of the table, once well and once badly."""
    *_, (_, text) = stepped()
    case = load_scenario(written(text), rubric()).value
    assert isinstance(case, Scenario)
    table = [[cell.strip("`") for cell in row] for row in rows("Step 7: play it to two endings")]
    *taken, last = [*table, ["it ends in", *re.findall(r"^\| it ends in \| `(.*?)` \| `(.*?)` \|$", TEXT, re.M)[0]]]
    for way in (1, 2):
        session = start(case, seed=7)
        for row in taken:
            assert session.scene
            assert session.scene.id == row[0]
            session = session.choose(row[way])
        session = session.write("A note.")
        assert session.ending is not None
        assert session.ending.id == last[way]


# -- tables -----------------------------------------------------------------------------------


def rows(chapter: str, start: str = "| `") -> list[list[str]]:
    """Return the rows of the tables of a chapter that begin so; else they are headings."""
    (body,) = re.findall(rf"^## {chapter}\n(.*?)(?=^## |\Z)", TEXT, flags=re.DOTALL | re.MULTILINE)
    found = [re.split(r"(?<!\\)\|", line)[1:-1] for line in body.splitlines() if line.startswith(start)]
    return [[cell.strip() for cell in row] for row in found]


@pytest.mark.parametrize("where", KEYS)
def test_the_table_of_keys_is_the_formats_own(where: str) -> None:
    """Every key that can stand in a place is in the table, once, in the format's order, and no other is."""
    listed = [key.strip("`") for key, place, *_ in rows("Every key") if place == where]
    assert listed == list(KEYS[where])


def test_the_table_of_keys_knows_every_place() -> None:
    """No row names a place that the format does not have, and none is without a default."""
    table = rows("Every key")
    assert {row[1] for row in table} == set(KEYS)
    assert all(len(row) == 4 and all(row) for row in table)


def test_the_defaults_are_the_formats_own(written: Callable[[str], Path]) -> None:
    """Minutes and counts that the table gives for what is left out are what the loader fills in."""
    order = "  order:\n    rank:\n      prompt: In which order?\n      items: {one: One, two: Two}\n    next: note\n"
    case = load_scenario(written(spliced(f"scenes:\n{order}")), rubric()).value
    assert isinstance(case, Scenario)
    select, rank, write = case.scenes["before-noon"].select, case.scenes["order"].rank, case.scenes["note"].write
    assert select
    assert rank
    assert write
    found = {
        ("step", "clock"): case.clock.step if case.clock else 0,
        ("minutes", "document"): case.documents["notice"].minutes,
        ("minutes", "directory"): case.documents["directory"].minutes,
        ("consult-minutes", "scene"): case.scenes["desk"].consult_minutes,
        ("minutes", "response"): case.scenes["kitchen"].responses["pass-over"].minutes,
        ("least", "select"): select.least,
        ("minutes", "select"): select.minutes,
        ("minutes", "option"): select.options["call-company"].minutes,
        ("minutes", "rank"): rank.minutes,
        ("minutes", "write"): write.minutes,
    }
    said = {(key.strip("`"), where): int(default) for key, where, _, default in rows("Every key") if default.isdigit()}
    assert said == found


def test_what_the_table_calls_needed_is_needed(written: Callable[[str], Path]) -> None:
    """The top level's needed keys are those that the format refuses to do without."""
    needed = [key.strip("`") for key, where, _, default in rows("Every key") if (where, default) == ("case", "needed")]
    assert needed == list(builder.SCENARIO_NEEDS)


def test_the_indicators_and_levels_are_the_rubrics_own() -> None:
    """The chapter on marks names every indicator and every level, and no other."""
    named = [row[0].strip("`") for row in rows("Marks")]
    assert named == [*rubric().indicators, *(level.value for level in reversed(Level))]


def test_every_predicate_is_explained() -> None:
    """The table of conditions has each question that a condition can ask."""
    said = " ".join(row[0] for row in rows("Conditions"))
    assert set(re.findall(r"(\w+)\(", said)) == set(PREDICATES)


def test_every_code_is_one_that_check_gives() -> None:
    """The table of messages names no code that does not exist, and each that an example is refused for."""
    named = {code for row in rows("What check says") for code in re.findall(r"`([a-z0-9-]+)`", row[0])}
    sources = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "simulator").rglob("*.py"))
    assert not [code for code in named if f'"{code}"' not in sources]
    assert {each.code for each in BLOCKS if each.code} <= named


# -- the page itself --------------------------------------------------------------------------


def test_every_command_is_one_that_caseload_understands() -> None:
    """The commands on the page parse as they stand there."""
    lines = [line for block in re.findall(r"```sh\n(.*?)```", TEXT, flags=re.DOTALL) for line in block.splitlines()]
    assert lines
    for line in lines:
        name, *arguments = line.partition("#")[0].partition(">")[0].split()
        assert name == "caseload"
        assert cli._parser().parse_args(arguments).run


@pytest.mark.parametrize(
    ("chapter", "parts"), [("The author's desk", (AuthorScreen, Editor)), ("Preview", (PreviewScreen,))]
)
def test_every_key_is_one_that_the_screen_knows(chapter: str, parts: tuple[type[DOMNode], ...]) -> None:
    """The keys that the page names do something on that screen."""
    bindings = [each for part in parts for each in part.BINDINGS if isinstance(each, Binding)]
    bound = {key for each in bindings for key in each.key.split(",")}
    named = [key for row in rows(chapter) for key in re.findall(r"`(.)`|((?:Ctrl\+|F)\w+)", row[0])]
    assert named
    assert {(letter or combined.lower()).replace("/", "slash") for letter, combined in named} <= bound


def test_every_link_leads_somewhere() -> None:
    """Files that the page names are there, and so are the chapters."""
    anchors = {
        re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-")
        for title in re.findall(r"^#+ (.+)$", TEXT, flags=re.MULTILINE)
    }
    for link in re.findall(r"\]\(([^)]+)\)", TEXT):
        path, _, anchor = link.partition("#")
        assert not path or (PAGE.parent / path).exists(), link
        assert not anchor or anchor in anchors, link
