"""A case as a picture: where everything stands, what hangs on what, and that hostile text stays text."""

from __future__ import annotations

import random
import re
import xml.etree.ElementTree as ET
from functools import cache
from itertools import combinations, pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.check import check_scenario
from simulator.cli import main
from simulator.drawing.graph import COLUMNS, Graph, Kind, graph_of
from simulator.drawing.layers import WIDEST, grid_of
from simulator.drawing.mermaid import mermaid
from simulator.drawing.outline import outline
from simulator.drawing.routing import BOX_HEIGHT, BOX_WIDTH, placed
from simulator.drawing.stakes import stakes_of
from simulator.drawing.svg import svg
from simulator.drawing.told import Drawing
from simulator.drawing.trouble import ELSEWHERE, troubles_of
from simulator.explore import Exploration, Unfinished
from simulator.flaw import place_of
from simulator.library import built_in, find
from simulator.problem import Severity
from simulator.proof import Budget
from simulator.random_plays import End, Player
from simulator.scenario import Scenario
from simulator.session import Chose, replay, start
from simulator.source import from_text
from tests.brute_force import TooMany, play_all
from tests.cases import CASE, MANY, case, loaded, rubric, scenario, trials, written
from tests.scenarios_random import random_case

SVG = "{http://www.w3.org/2000/svg}"


def _drawing(of: Scenario) -> Drawing:
    return Drawing(graph_of(of), stakes_of(Exploration(of, rubric()), rubric()))


def _parsed(drawing: Drawing) -> ET.Element:
    return ET.fromstring(svg(drawing))  # noqa: S314 - it is ours


@cache
def _library() -> Drawing:
    return _drawing(find("quiet-on-the-phone", (built_in(),), rubric()).scenario)


def _explored(of: Scenario) -> Exploration | None:
    """Explore a case, if it is a small one."""
    try:
        return Exploration(of, rubric(), most=5_000, seconds=5)
    except Unfinished:
        return None


def _usable(text: str) -> Scenario | None:
    return loaded(text).value


# -- what is drawn ----------------------------------------------------------------------------------


def test_scenes_stand_in_the_column_of_their_phase() -> None:
    """A scene without a phase stands in the one that goes on, and endings have a column of their own."""
    boxes = graph_of(scenario(CASE)).boxes
    assert {name: COLUMNS[box.column] for name, box in boxes.items()} == {
        "desk": "preparation",
        "meeting": "meeting",
        "fork": "meeting",
        "note": "wrap-up",
        "done": "endings",
    }
    assert boxes["fork"].kind is Kind.JUNCTION
    assert boxes["desk"].what == "go on"
    assert boxes["meeting"].what == "2 responses"


def test_what_is_to_be_done_is_told_in_a_few_words() -> None:
    """Picking, putting in order and writing are told apart."""
    boxes = graph_of(scenario(MANY)).boxes
    assert [boxes[name].what for name in ("desk", "order", "last")] == [
        "pick 1 to 2 of 4",
        "put 3 in order",
        "2 responses",
    ]
    assert graph_of(scenario(CASE)).boxes["note"].what == "write"


def test_a_visit_is_one_box() -> None:
    """The scenes of a shared file are drawn as the scene that visits them, with what it leads to."""
    found = find("quiet-on-the-phone", (built_in(),), rubric())
    graph = graph_of(found.scenario)
    visits = [box for box in graph.boxes.values() if box.kind is Kind.VISIT]
    assert [box.id for box in visits] == ["screening", "rest-of-screen"]
    assert not [name for name in graph.boxes if "." in name]
    assert graph.leaving("screening")


def test_an_arrow_names_the_responses_that_lead_there() -> None:
    """Responses are named where they part; where all lead to the same place, none is."""
    graph = graph_of(
        case(
            """
            first:
              text: Here.
              responses:
                stay: {do: Stay., next: end}
                leave: {do: Leave., next: other}
                wait: {do: Wait., next: other}
            """
        )
    )
    assert {arrow.target: arrow.by for arrow in graph.arrows} == {"end": ("stay",), "other": ("leave", "wait")}
    assert {arrow.by for arrow in graph_of(scenario(CASE)).arrows if arrow.source == "meeting"} == {()}


LOOP = """
    first: {text: Here., next: middle}
    middle:
      text: There.
      responses:
        back: {do: Go back., again: true, next: first}
        stay: {do: Stay., again: true, next: middle}
        on: {do: Go on., next: end}
    last: {text: Never., next: other}
"""


def test_a_loop_leads_back() -> None:
    """What leads back to where one has been is drawn as that, and so is what stays where it is."""
    graph = graph_of(case_with_trouble(LOOP))
    assert {(arrow.source, arrow.target) for arrow in graph.arrows if arrow.back} == {
        ("middle", "first"),
        ("middle", "middle"),
    }


def case_with_trouble(scenes: str) -> Scenario:
    """Load a case that check has something to say about."""
    found = loaded(written(scenes)).value
    assert found is not None
    return found


# -- where it is drawn ------------------------------------------------------------------------------


def _anywhere(count: int, seed: int) -> Graph:
    """Return a case of so many scenes that lead anywhere, back and forth and to themselves."""
    rng = random.Random(seed)
    names = [f"s{number}" for number in range(count)]
    phases = sorted(rng.choice(["0preparation", "1meeting", "1meeting", "2wrap-up"]) for _ in names)
    lines = []
    for number, (name, phase) in enumerate(zip(names, phases, strict=True)):
        lines += [f"{name}:", f"  phase: {phase[1:]}", "  text: Here.", "  responses:"]
        for response in range(rng.randint(1, 6)):
            near = names[max(0, number - 2) : number + 5]
            to = rng.choice([*near, *near, rng.choice(names), "end", "other"])
            lines.append(f"    r{response}: {{do: This., again: true, next: {to}}}")
    text = written("\n".join(lines), start="s0")
    found = loaded(text)
    assert found.value is not None, found.problems
    return graph_of(found.value)


@trials(30)
@given(st.integers(1, 40), st.integers(0, 2**32))
def test_no_arrow_runs_through_a_box(count: int, seed: int) -> None:
    """Every arrow leaves the foot of its box, comes in at the top of the other, and meets no other box between."""
    graph = _anywhere(count, seed)
    drawn = placed(graph, grid_of(graph), 100)
    assert set(drawn.ways) == {(arrow.source, arrow.target) for arrow in graph.arrows}
    for (source, target), way in drawn.ways.items():
        assert way[0][1] == drawn.boxes[source][1] + BOX_HEIGHT
        assert drawn.boxes[source][0] < way[0][0] < drawn.boxes[source][0] + BOX_WIDTH
        assert way[-1][1] == drawn.boxes[target][1]
        assert drawn.boxes[target][0] < way[-1][0] < drawn.boxes[target][0] + BOX_WIDTH
        for (x1, y1), (x2, y2) in pairwise(way):
            assert x1 == x2 or y1 == y2
            left, right, top, foot = min(x1, x2), max(x1, x2), min(y1, y2), max(y1, y2)
            assert left >= 0
            assert right <= drawn.width
            assert foot <= drawn.height
            for x, y in drawn.boxes.values():
                assert right <= x or left >= x + BOX_WIDTH or foot <= y or top >= y + BOX_HEIGHT


@trials(30)
@given(st.integers(1, 40), st.integers(0, 2**32))
def test_no_two_boxes_and_no_two_arrows_lie_on_each_other(count: int, seed: int) -> None:
    """Boxes have a place each, and arrows that share a street run beside each other."""
    graph = _anywhere(count, seed)
    grid = grid_of(graph)
    drawn = placed(graph, grid, 100)
    assert len(set(grid.at.values())) == len(graph.boxes)
    assert max(grid.places) <= WIDEST
    along: dict[tuple[bool, int], list[tuple[float, float]]] = {}
    for way in drawn.ways.values():
        for (x1, y1), (x2, y2) in pairwise(way):
            if abs(x1 - x2) + abs(y1 - y2) > 1:
                key = (x1 == x2, round(x1 if x1 == x2 else y1))
                along.setdefault(key, []).append((min(x1 + y1, x2 + y2), max(x1 + y1, x2 + y2)))
    for stretches in along.values():
        for (low, high), (other_low, other_high) in combinations(stretches, 2):
            assert high <= other_low + 1 or other_high <= low + 1


@trials(20)
@given(st.integers(1, 40), st.integers(0, 2**32))
def test_what_leads_on_stands_above(count: int, seed: int) -> None:
    """Within a phase an arrow leads down, unless it leads back."""
    graph = _anywhere(count, seed)
    at = grid_of(graph).at
    for arrow in graph.arrows:
        column = graph.boxes[arrow.source].column
        if not arrow.back and column == graph.boxes[arrow.target].column:
            assert at[arrow.source][0] < at[arrow.target][0]


# -- what hangs on it -------------------------------------------------------------------------------


@trials(30)
@given(st.integers(0, 10_000))
def test_what_is_at_stake_is_the_largest_regret_of_all_plays(seed: int) -> None:
    """For each scene it is the most that a decision there loses in any world, by a second account of the case."""
    found = _usable(random_case(seed))
    if found is None:
        return
    try:
        played = play_all(found, rubric(), 800)
    except TooMany:
        return
    most: dict[str, int] = {}
    for world, here, dones in zip(played.worlds, played.ahead, played.done, strict=True):
        for done in dones:
            then = played.ahead[done.to]
            stays = played.worlds[done.to].at == world.at
            if here is None or then is None or (stays and not isinstance(done.event, Chose)):
                continue
            lost = max(a - b - c for a, b, c in zip(here.high, done.gain, then.high, strict=True))
            place = place_of(world.at)
            most[place] = max(most.get(place, 0), lost)
    explored = _explored(found)
    if explored is None:
        return
    stakes = stakes_of(explored, rubric())
    assert {name: stake.points for name, stake in stakes.scenes.items() if stake.points} == {
        name: points for name, points in most.items() if points
    }


@trials(30)
@given(st.integers(0, 10_000))
def test_no_play_ends_better_than_its_ending_is_drawn(seed: int) -> None:
    """Of any play, the result is no better than `at most`, and its criticals are those that may or must be raised."""
    found = _usable(random_case(seed))
    explored = _explored(found) if found else None
    ahead = explored.ahead(start(found)) if explored and found else None
    if found is None or explored is None or ahead is None:
        return
    prospects = stakes_of(explored, rubric()).endings
    player = Player(found)
    for number in range(15):
        play = player.play(number)
        if play.end is not End.ENDED:
            continue
        session = replay(found, 0, player.events(play))
        first, *others = [rubric().points_of(tuple(m for a in each.awards for m in a.marks)) for each in session.trail]
        raw = [sum(each) for each in zip(*others, strict=True)] if others else [0] * len(first)
        prospect = prospects[play.last.name]
        for points, best, low, high in zip(raw, prospect.best, ahead.low, ahead.high, strict=True):
            assert best is None or round(100 * (points - low) / (high - low)) <= best
        assert prospect.every <= set(play.criticals) <= prospect.some


def test_an_ending_is_told_by_how_well_it_can_go() -> None:
    """Where nobody keeps much of what could be had an ending goes badly, and criticals on the way are named."""
    drawn = _drawing(
        case(
            """
            first:
              text: Here.
              responses:
                well: {do: Do it well., marks: {rapport.empathy: best, ethics.autonomy: best}, next: end}
                ill: {do: Do it badly., marks: {rapport.empathy: harmful, ethics.autonomy: poor}, next: other}
            """
        )
    )
    assert drawn.stakes is not None
    assert {name: each.word for name, each in drawn.stakes.endings.items()} == {
        "end": "can go well",
        "other": "goes badly",
    }
    drawn = _drawing(scenario(CASE))
    assert drawn.stakes is not None
    assert drawn.stakes.endings["done"].some == {"broken-promise"}
    assert drawn.stakes.endings["done"].every == frozenset()


def test_every_arrow_that_can_be_gone_along_has_a_stake() -> None:
    """In a case with shared scenes, exploring finds something along each arrow that is drawn, and along no other."""
    drawn = _library()
    assert drawn.stakes is not None
    assert set(drawn.stakes.arrows) == {(arrow.source, arrow.target) for arrow in drawn.graph.arrows}
    assert drawn.most > 0


# -- the picture --------------------------------------------------------------------------------------

HOSTILE = "<script>alert(1)</script> ]]> --> \" & ' <!-- \ufffe 田中さん 🙂 #quot; `x` |"


def _hostile(title: str, ending: str) -> Scenario | None:
    text = written("first: {text: Here., next: end}", title="x").replace("title: x", "title: @T", 1)
    text = text.replace("title: The end", "title: @E", 1)
    quote = "'{}'".format
    lines = text.replace("@T", quote(title.replace("'", "''"))).replace("@E", quote(ending.replace("'", "''")))
    return loaded(lines).value


@trials(50)
@given(st.text(max_size=60), st.text(max_size=60))
def test_hostile_text_stays_text(title: str, ending: str) -> None:
    """Whatever an author writes, the picture is well-formed and has no element and no attribute of theirs."""
    found = _hostile(title, ending + HOSTILE)
    if found is None:
        return
    drawn = Drawing(graph_of(found))
    root = _parsed(drawn)
    tags = {each.tag.removeprefix(SVG) for each in root.iter()}
    assert tags <= {"svg", "title", "desc", "style", "rect", "g", "text", "path", "polygon", "line", "circle"}
    names = {name for each in root.iter() for name in each.attrib}
    assert not [name for name in names if name.startswith("on") or "href" in name]
    lines = mermaid(drawn).split("\n")
    assert all(MERMAID.fullmatch(line) for line in lines if line), lines
    outline(drawn)


MERMAID = re.compile(
    r"flowchart TD|  acc(Title|Descr): [^<>\"`|{}\[\]]*|  subgraph p\d \[\"[a-z-]+\"\]|  end|"
    r"    n\d+(\[\"|\[\[\"|\{\{\"|\(\[\")(?:[^<>\"`|{}\[\]]|<br/>)*(\"\]|\"\]\]|\"\}\}|\"\]\))|"
    r"  n\d+ (-->|==>|-\.->)(\|\"[^<>\"`|{}\[\]]*\"\|)? n\d+|  classDef [a-z]+ [a-z0-9:#,-]+|  class n\d+ [a-z]+"
)
"""Every line that a Mermaid flowchart of ours may have."""


def test_a_picture_can_be_heard() -> None:
    """It has a title, a description and a role, and every box says in words what is drawn of it."""
    root = _parsed(_drawing(scenario(CASE)))
    assert root.get("role") == "graphics-document document"
    assert "A small case" in (root.findtext(f"{SVG}title") or "")
    assert "preparation: desk" in (root.findtext(f"{SVG}desc") or "")
    labels = [each.get("aria-label") or "" for each in root.iter(f"{SVG}g") if (each.get("id") or "").startswith("b")]
    assert len(labels) == 5
    assert any("meeting" in label and "2 responses" in label and "→ fork" in label for label in labels)


def test_a_picture_says_what_its_signs_mean() -> None:
    """The legend explains thickness by the numbers of this case, loops, criticals and shapes."""
    text = " ".join(_parsed(_drawing(scenario(CASE))).itertext())
    assert "An arrow is as thick as what is at stake." in text
    assert re.search(r"at stake along it: \d", text)
    assert "a junction: it only routes" in text
    back = " ".join(_parsed(Drawing(graph_of(case_with_trouble(LOOP)))).itertext())
    assert "leads back to where one may have been" in back


def test_what_is_not_explored_says_so_in_every_picture() -> None:
    """Without exploring nothing is said to be at stake, and the picture says why."""
    drawn = Drawing(graph_of(scenario(CASE)), why_not="it is too large")
    for picture in (svg(drawn), outline(drawn)):
        assert "Not explored: it is too large" in picture
        assert "at stake" not in picture
    assert "Not explored" in mermaid(drawn)


def test_thicker_arrows_have_more_at_stake() -> None:
    """The line along which most can be lost is drawn thickest."""
    root = _parsed(_library())
    widths = {}
    for group in root.iter(f"{SVG}g"):
        told = group.findtext(f"{SVG}title") or ""
        line = next((each for each in group.findall(f"{SVG}path") if each.get("class") == "line"), None)
        if line is not None and told:
            points = re.search(r"at stake: (\d+)", told)
            widths[float(line.get("stroke-width") or 0)] = int(points[1]) if points else 0
    ordered = [widths[width] for width in sorted(widths)]
    assert ordered == sorted(ordered)
    assert ordered[0] < ordered[-1]


# -- trouble --------------------------------------------------------------------------------------------


def test_a_problem_is_marked_at_the_scene_in_whose_lines_it_stands() -> None:
    """Signs count what check finds in a scene, the worst severity first, and what is elsewhere is told of the case."""
    text = written(LOOP, facts="{never: Nothing asks for it.}")
    checked = check_scenario(from_text(text, "case.yaml"), rubric())
    assert checked.problems
    troubles = troubles_of(checked.problems, from_text(text, "case.yaml"))
    assert "last" in troubles
    assert troubles["last"][0].severity is Severity.WARNING
    assert [each.code for each in troubles[ELSEWHERE] if each.code == "never-read"] == ["never-read"]
    found = checked.scenario
    assert found is not None
    drawn = Drawing(graph_of(found), troubles=troubles)
    assert "nothing leads to scene `last`" in svg(drawn)
    assert "! warning[never-reached]" in outline(drawn)


# -- the command ----------------------------------------------------------------------------------------


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of the small case, and a home of its own."""
    monkeypatch.setenv("CASELOAD_HOME", str(tmp_path / "home"))
    path = tmp_path / "small.yaml"
    path.write_text(CASE, "utf-8")
    return path


def test_text_is_printed_unless_something_else_is_asked_for(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The screen gets the outline: scenes under their phases, with where each leads."""
    assert main(["graph", str(file)]) == 0
    said = capsys.readouterr().out
    assert "PREPARATION\n  desk: go on" in said
    assert "    → meeting" in said
    assert "  done: “Done”;" in said


@pytest.mark.parametrize(("name", "begins"), [("c.svg", "<?xml"), ("c.mmd", "flowchart"), ("c.txt", "A small case")])
def test_the_name_of_a_file_says_what_goes_into_it(file: Path, name: str, begins: str) -> None:
    """`-o case.svg` writes SVG; a file that is there stays, unless --force is said."""
    output = file.parent / name
    assert main(["graph", str(file), "-o", str(output)]) == 0
    assert output.read_text("utf-8").startswith(begins)
    output.write_text("mine", "utf-8")
    assert main(["graph", str(file), "-o", str(output)]) == 2
    assert output.read_text("utf-8") == "mine"
    assert main(["graph", str(file), "-o", str(output), "--force"]) == 0
    assert output.read_text("utf-8").startswith(begins)


def test_a_case_with_errors_that_only_playing_shows_is_drawn(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A scene with no way on is drawn and marked; that the case was not explored is said."""
    stuck = CASE.replace(
        "invite: {do: Ask her to come in., next: meeting}", "invite: {do: In., when: read(letter), next: meeting}"
    )
    file.write_text(stuck.replace("offers: [documents]", "").replace("consult: Read the letter first.", ""), "utf-8")
    assert main(["graph", str(file)]) == 0
    said = capsys.readouterr().out
    assert "Not explored: the case has errors" in said
    assert "error[no-way-on]" in said


def test_a_case_that_cannot_be_loaded_is_told_about(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is wrong is said with its line, and nothing is drawn."""
    file.write_text(CASE.replace("to: done", "to: dome"), "utf-8")
    assert main(["graph", str(file), "--format", "svg"]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "undefined-scene" in said.err


def test_a_case_beyond_its_budget_is_drawn_without_stakes(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A case that is too large to be explored is drawn all the same."""
    monkeypatch.setattr("simulator.proof.STANDARD", Budget(states=0))
    assert main(["graph", str(file)]) == 0
    said = capsys.readouterr().out
    assert "Not explored: it has more states than could be looked at in time" in said
    assert "→ meeting" in said


def test_nothing_is_explored_where_nobody_wants_it(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With --no-solve the picture is made at once, and says that it is not explored."""
    assert main(["graph", str(file), "--no-solve"]) == 0
    assert "Not explored." in capsys.readouterr().out
