"""Scenes that several cases visit: with whom, what they bring back, and how they are kept with a session."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from scoring.scorecard import score
from simulator.archive import Archive, UnknownScenario
from simulator.bundle import bundle, find, unbundle
from simulator.check import check
from simulator.library import Case, cases, standard_rubric
from simulator.loader import Loaded, load_scenario, scenario_from
from simulator.play import Play
from simulator.problem import Problem, Severity
from simulator.scenario import Scenario
from simulator.session import Session, start
from simulator.settings import Home
from simulator.source import LARGEST, Source, from_text, read
from simulator.verify import Verdict, verify
from tests.cases import CASE, rubric, written
from tests.journals import HEADER, begin, case_in, forged, here, resumed, same_moment, text_of

SCREEN = """\
shared: screen
version: 1.0.0
summary: A question, and what comes of it.
facts:
  asked: It was asked straight out.
  said-yes: There was a yes.
scenes:
  question:
    text:
      - if: trust >= 4
        say: There is time.
      - A breath.
    consult: Ask it straight.
    responses:
      straight:
        say: Are you thinking of ending your life?
        marks: {ethics.safety: best}
        feels: {trust: +2}
        sets: asked
        next:
          - {when: trust >= 6, to: answer}
          - {to: return}
      around:
        say: Is everything all right?
        marks: {ethics.safety: poor}
        next: again
      out: {do: Leave it at that., next: return}
  again:
    next: [{when: consulted(question) or visited(answer), to: return}, {to: question}]
  answer:
    says: Yes.
    sets: said-yes
    select:
      prompt: What now?
      least: 0
      options:
        listen: {do: Listen., when: asked, marks: {rapport.empathy: best}}
        stay: {do: Stay., minutes: 3}
    next: return
"""
"""A file of shared scenes."""

SCENES = """
    first:
      text: It is quiet.
      responses:
        ask-ruth: {do: Turn to her., next: with-ruth}
        ask-gus: {do: Turn to him., next: with-gus}
    with-ruth:
      visit: question
      outcomes: [{when: not asked, marks: {ethics.safety: poor}, why: It was never asked.}]
      next: [{when: said-yes, to: after-yes}, {when: asked, to: after-no}, {to: last}]
    with-gus: {visit: question, with: gus, next: last}
    after-yes: {text: It is said., responses: {on: {do: Go on., next: with-gus}}}
    after-no: {text: She shakes her head., responses: {on: {do: Go on., next: last}}}
    last:
      text: It is late.
      responses:
        was-asked: {do: Nod., when: chose(straight), next: end}
        went-around: {do: Nod., when: chose(question/around), next: end}
        saw-answer: {do: Nod., when: visited(answer), next: end}
        took-advice: {do: Nod., when: consulted(question), next: end}
        listened: {do: Nod., when: chose(answer/listen), next: end}
        with-her: {do: Nod., when: visited(with-ruth), next: end}
        go: {do: Go., next: end}
    """


def visiting(scenes: str = SCENES, **sections: str) -> str:
    """Write a case that visits the screen."""
    return written(scenes, shared="screen", **sections)


def put(folder: Path, text: str | None = None, **shared: str) -> Path:
    """Write a case and files of shared scenes beside it; return the case's path."""
    (folder / "shared").mkdir(parents=True, exist_ok=True)
    for name, content in (shared or {"screen": SCREEN}).items():
        (folder / "shared" / f"{name}.yaml").write_text(content, encoding="utf-8", newline="\n")
    path = folder / "small-case.yaml"
    path.write_text(visiting() if text is None else text, encoding="utf-8", newline="\n")
    return path


def load(path: Path) -> Loaded[Scenario]:
    return load_scenario(path, rubric())


def playable(path: Path) -> Case:
    """Load a case that has no problem."""
    loaded = load(path)
    assert not loaded.problems, loaded.problems
    assert loaded.value is not None
    assert loaded.source is not None
    return Case(loaded.value, loaded.source)


def begun(folder: Path, text: str | None = None, **shared: str) -> Session:
    return start(playable(put(folder, text, **shared)).scenario)


def at(session: Session) -> str:
    place = session.scene or session.ending
    assert place is not None
    return place.id


def offered(session: Session) -> set[str]:
    return {response.id for response in session.responses}


def told(problems: tuple[Problem, ...]) -> list[tuple[str, str, int]]:
    return [(each.code, Path(each.place.file).name, each.place.line) for each in problems]


@pytest.fixture
def where(tmp_path: Path) -> Home:
    return Home(tmp_path)


# -- a visit ----------------------------------------------------------------------------------


def test_a_visit_is_with_whoever_is_at_hand(tmp_path: Path) -> None:
    """Each visit asks about the feelings of its own person, and moves those."""
    session = begun(tmp_path)
    ruth = session.choose("ask-ruth")
    assert (at(ruth), ruth.person, ruth.narration) == ("with-ruth.question", "ruth", "There is time.")
    assert ruth.choose("straight").feelings["ruth.trust"] == 6
    gus = session.choose("ask-gus")
    assert (at(gus), gus.person, gus.narration) == ("with-gus.question", "gus", "A breath.")
    after = gus.choose("straight")
    assert (after.feelings["gus.trust"], after.feelings["ruth.trust"]) == (4, 4)


def test_each_visit_is_one_of_its_own(tmp_path: Path) -> None:
    """What was chosen, marked and asked in one visit can be chosen, marked and asked in the other."""
    session = begun(tmp_path).choose("ask-ruth").consult().choose("straight").select([]).choose("on")
    assert (at(session), offered(session)) == ("with-gus.question", {"straight", "around", "out"})
    assert session.can_consult
    assert [str(mark) for award in session.choose("straight").awards for mark in award.marks] == ["ethics.safety: best"]


def test_a_visit_goes_on_by_what_was_found(tmp_path: Path) -> None:
    """The case's own next sees the shared facts; shared routes lead within the same visit."""
    asked = begun(tmp_path).choose("ask-ruth").choose("straight")
    assert at(asked) == "with-ruth.answer"
    assert at(asked.select(["stay"])) == "after-yes"
    assert at(begun(tmp_path).choose("ask-ruth").choose("out")) == "last"
    around = begun(tmp_path).choose("ask-ruth").choose("around")
    assert (at(around), around.facts) == ("with-ruth.question", ())


@pytest.mark.parametrize(
    ("did", "offers"),
    [
        (("ask-ruth", "out"), {"with-her"}),
        (("ask-ruth", "around", "out"), {"with-her", "went-around"}),
        (("ask-gus", "around", "out"), {"went-around"}),
        (("ask-gus", "straight"), {"was-asked"}),
        (("ask-gus", "consult", "out"), {"took-advice"}),
        (("ask-ruth", "straight", "select", "on", "out"), {"with-her", "was-asked", "saw-answer", "listened"}),
    ],
)
def test_conditions_of_the_case_mean_any_visit(tmp_path: Path, did: tuple[str, ...], offers: set[str]) -> None:
    """A shared scene or response named in the case is met when it was met in one of the visits."""
    session = begun(tmp_path)
    for each in did:
        match each:
            case "consult":
                session = session.consult()
            case "select":
                session = session.select(["listen"])
            case _:
                session = session.choose(each)
    assert at(session) == "last"
    assert offered(session) == {*offers, "go"}


def test_conditions_of_a_shared_scene_mean_this_visit(tmp_path: Path) -> None:
    """A shared scene asks about the visit that it is in, not about another one."""
    session = begun(tmp_path).choose("ask-ruth").consult().choose("straight").select([]).choose("on")
    again = session.choose("around")
    # In the first visit the answer was heard and advice was asked; in this one neither.
    assert at(again) == "with-gus.question"
    assert at(session.consult().choose("around")) == "last"


def test_what_a_visit_leaves_undone_is_looked_at_on_return(tmp_path: Path) -> None:
    """Outcomes of the visiting scene see what the visit brought."""
    session = begun(tmp_path).choose("ask-ruth")
    assert [award.why for award in session.choose("out").awards] == ["It was never asked."]
    assert session.choose("straight").select([]).awards == ()


def test_entering_a_visit_changes_what_the_case_says(tmp_path: Path) -> None:
    """Facts, feelings and the phase of the visiting scene hold when the first shared scene is shown."""
    scenes = """
        first: {text: Now., sets: mine, responses: {go: {do: Go., next: stop}}}
        stop: {visit: question, phase: meeting, feels: {trust: -3}, sets: said-yes, clears: mine, next: end}
        """
    session = begun(tmp_path, visiting(scenes, facts="{mine: Mine.}")).choose("go")
    assert (session.facts, session.phase, session.feelings["ruth.trust"]) == (("said-yes",), "meeting", 1)
    assert session.narration == "A breath."


def test_shared_decisions_are_scored_like_any_other(tmp_path: Path) -> None:
    """Marks of a visit count, and what was on offer in it."""
    session = begun(tmp_path).choose("ask-ruth").choose("straight").select(["listen"]).choose("on").choose("around")
    profiles = score(rubric(), session.decisions).profiles
    assert (profiles["ethics"].raw, profiles["ethics"].quality) == (3, 50)
    assert (profiles["rapport"].raw, profiles["rapport"].quality) == (3, 100)


# -- criticals --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("critical", "raised_on_leaving"),
    [
        ("{cue: question, at: question, when: not asked, why: So.}", "with-gus.question"),
        ("{cue: question, at: with-gus, when: not asked, why: So.}", "with-gus.question"),
        ("{cue: with-gus, when: not asked, why: So.}", "last"),
        ("{cue: answer, when: not asked, why: So.}", ""),
        ("{cue: question, at: with-gus, when: asked, why: So.}", ""),
        ("{cue: first, at: [answer, again], when: not asked, why: So.}", ""),
    ],
)
def test_criticals_know_shared_scenes(tmp_path: Path, critical: str, raised_on_leaving: str) -> None:
    """A cue met in any visit counts; `at` a shared scene is on leaving it, `at` the visiting scene on return."""
    session = begun(tmp_path, visiting(criticals=f"{{missed: {critical}}}")).choose("ask-gus")
    raised = ""
    while session.ending is None:
        place = at(session)
        session = session.choose("out" if place.startswith("with-gus") else "go")
        raised = place if session.criticals else raised
    assert raised == raised_on_leaving


def test_a_critical_of_a_visit_sees_what_the_visit_changed(tmp_path: Path) -> None:
    """What is looked at on leaving the visiting scene is looked at after the visit, not before it."""
    text = visiting(criticals="{missed: {cue: question, at: with-gus, when: not asked, why: So.}}")
    session = begun(tmp_path, text).choose("ask-gus")
    assert session.choose("straight").criticals == ()
    assert session.choose("out").criticals == ("missed",)


# -- one file of all of it --------------------------------------------------------------------


def test_a_case_that_visits_nothing_is_kept_as_it_is(tmp_path: Path) -> None:
    """Only what a case visits is kept with it; its bytes and its hash are else those of its file."""
    path = put(tmp_path, CASE)
    source = read(path)
    assert isinstance(source, Source)
    assert bundle(source, {}) is source
    assert unbundle(source) == (source, {})
    assert playable(path).source.data == path.read_bytes()


def test_what_is_kept_is_the_case_and_what_it_visits(tmp_path: Path) -> None:
    """The kept file holds both texts, loads without any other file, and gives the same case again."""
    case = playable(put(tmp_path, visiting().replace("A small case", "Zoë 日本語"), screen=f"# Ünï\n{SCREEN}"))
    opened, shared = unbundle(from_text(case.source.data.decode()))
    assert (opened.text, {name: each.text for name, each in shared.items()}) == (
        (tmp_path / "small-case.yaml").read_text(encoding="utf-8"),
        {"screen": f"# Ünï\n{SCREEN}"},
    )
    again = scenario_from(from_text(case.source.data.decode()), rubric())
    assert again.value is not None
    assert again.value.hash == case.scenario.hash == case.source.hash
    assert hashlib.sha256(case.source.data).hexdigest() == case.source.hash
    assert list(again.value.scenes) == list(case.scenario.scenes)
    assert again.value.scenes["with-gus.question"] == case.scenario.scenes["with-gus.question"]


def test_a_case_changes_with_what_it_visits(tmp_path: Path) -> None:
    """The hash is another as soon as a byte of the case or of a shared file is; the same bytes give the same."""
    path = put(tmp_path)
    hashes = [playable(path).source.hash]
    assert playable(put(tmp_path)).source.hash == hashes[0]
    for text, shared in ((None, SCREEN + "# More.\n"), (visiting() + "# More.\n", SCREEN)):
        hashes.append(playable(put(tmp_path, text, screen=shared)).source.hash)
    assert len(set(hashes)) == 3
    (tmp_path / "shared" / "other.yaml").write_text(SCREEN, encoding="utf-8")
    assert playable(put(tmp_path)).source.hash == hashes[0]


def test_a_session_goes_on_with_the_shared_scenes_it_began_with(where: Home) -> None:
    """However a shared file is edited meanwhile, or taken away, a session goes on as it began, and says so."""
    case = playable(put(where.root / "cases"))
    play = begin(where, case)
    play.choose("ask-ruth")
    play.consult()
    play.choose("straight")
    play.select(["stay"], 3)
    play.close()
    shared = where.root / "cases" / "shared" / "screen.yaml"
    for edited in (SCREEN.replace("least: 0", "least: 1"), SCREEN.replace("sets: asked", "sets: said-yes"), ""):
        shared.write_text(edited, encoding="utf-8")
        loaded = load(where.root / "cases" / "small-case.yaml")
        assert loaded.source is not None
        again = resumed(where, play.path, loaded.source.hash)
        assert again.edited
        assert same_moment(again.session, play.session)
        assert again.session.scenario.hash == play.header.scenario_hash
        again.close()
    shared.unlink()
    again = resumed(where, play.path, case.source.hash)
    assert not again.edited
    assert at(again.session) == "after-yes"
    again.close()


def test_a_session_of_visits_verifies(where: Home) -> None:
    """A journal replays with the copy; with another shared file in the library, its version is not held there."""
    case = playable(put(where.root / "cases"))
    play = begin(where, case)
    play.choose("ask-gus")
    play.choose("around")
    play.close()
    known, _ = cases((where.root / "cases",), rubric())
    assert verify(Archive(where), play.path, frozenset(each.source.hash for each in known)).sound
    put(where.root / "cases", screen=SCREEN.replace("A breath.", "Two breaths."))
    known, _ = cases((where.root / "cases",), rubric())
    finding = verify(Archive(where), play.path, frozenset(each.source.hash for each in known))
    assert finding.verdict is Verdict.UNKNOWN
    assert "does not hold this version" in finding.message


def test_shared_files_are_no_cases_of_the_library(tmp_path: Path) -> None:
    """The library lists what can be played, and says nothing about what is only visited."""
    put(tmp_path)
    known, problems = cases((tmp_path,), rubric())
    assert ([case.scenario.id for case in known], problems) == (["small-case"], [])


# -- where they are found ---------------------------------------------------------------------


def test_the_folder_beside_the_case_comes_before_the_library(tmp_path: Path) -> None:
    """Caseload's own shared scenes serve every case, and an author's own of the same name come first."""
    source = from_text(CASE)
    built_in = find(source, "crisis")
    assert isinstance(built_in, Source)
    path = put(tmp_path, CASE, crisis=SCREEN)
    beside = read(path)
    assert isinstance(beside, Source)
    found = find(beside, "crisis")
    assert isinstance(found, Source)
    assert found.text == SCREEN
    assert find(beside, "nothing") is None


def test_a_file_that_is_there_is_not_replaced_by_another(tmp_path: Path) -> None:
    """An author's shared file that cannot be read is told, and the library's of the same name is not taken."""
    path = put(tmp_path, visiting().replace("shared: screen", "shared: crisis"), crisis=f"# {'x' * LARGEST}\n")
    (problem,) = [each for each in load(path).problems if each.code == "bad-shared-file"]
    assert Path(problem.place.file).name == "small-case.yaml"
    assert str(Path("shared") / "crisis.yaml") in problem.hint


BOMB = "a: &a [x, x, x]\nb: &b [*a, *a, *a]\nc: &c [*b, *b, *b]\nshared: [*c, *c]\n"


@pytest.mark.parametrize(
    "text",
    [
        BOMB,
        "",
        "shared: [",
        "\x00",
        "shared: screen\n\tscenes: x\n",
        f"shared: {'[' * 5000}",
        "shared: screen\n" * 3 + "--- !!python/object:os.system\n",
    ],
    ids=["bomb", "empty", "bracket", "nought", "tab", "deep", "tag"],
)
def test_a_shared_file_that_is_no_yaml_is_one_problem_of_the_case(tmp_path: Path, text: str) -> None:
    """The case says which file it is; checking that file says what is wrong with it."""
    path = put(tmp_path, written("first: {text: Hm., next: end}", shared="screen"), screen=text)
    loaded = load(path)
    assert (loaded.value, told(loaded.problems)) == (None, [("bad-shared-file", "small-case.yaml", 15)])
    assert check(tmp_path / "shared" / "screen.yaml", rubric())


@pytest.mark.parametrize("text", ["[]", "screen", "- a\n- b\n", "{}", "shared: screen", "scenes: []", "facts: {a: }\n"])
def test_a_shared_file_that_says_something_else_is_told_at_its_place(tmp_path: Path, text: str) -> None:
    """YAML that holds no shared scenes makes problems in that file, and the case cannot be played."""
    loaded = load(put(tmp_path, written("first: {text: Hm., next: end}", shared="screen"), screen=text))
    assert loaded.value is None
    assert {Path(each.place.file).name for each in loaded.problems} == {"screen.yaml"}


def test_a_folder_is_no_shared_file(tmp_path: Path) -> None:
    """A folder that is called like a shared file is none."""
    path = put(tmp_path, written("first: {text: Hm., next: end}", shared="screen"), other=SCREEN)
    (tmp_path / "shared" / "screen.yaml").mkdir()
    assert told(load(path).problems) == [("no-shared-file", "small-case.yaml", 15)]


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "/etc/passwd", "..", "screen.yaml", "a/b", "C:\\x", "'a\\nb'", "'\\0'", "Screen", "''"]
)
def test_names_that_lead_elsewhere_are_no_names(tmp_path: Path, name: str) -> None:
    """A name of a shared file is an id: it cannot leave the folder, whatever lies where it would lead."""
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc" / "passwd.yaml").write_text(SCREEN, encoding="utf-8")
    loaded = load(put(tmp_path / "a" / "b", written("first: {text: Hm., next: end}", shared=f"[{name}]")))
    assert (loaded.value, [each.code for each in loaded.problems]) == (None, ["bad-id"])


# -- what is wrong with them ------------------------------------------------------------------

WRONG = [
    ("sets: asked\n", "sets: ask\n", "undefined-fact", 19),
    ("when: trust >= 6, to: answer", "when: hope >= 6, to: answer", "undefined-feeling", 21),
    ("feels: {trust: +2}", "feels: {hope: +2}", "undefined-feeling", 18),
    ("when: trust >= 6, to: answer", "when: promised, to: answer", "undefined-fact", 21),
    ("when: trust >= 6, to: answer", "when: before(due), to: answer", "undefined-point", 21),
    ("when: trust >= 6, to: answer", "when: read(letter), to: answer", "undefined-document", 21),
    ("when: trust >= 6, to: answer", "when: visited(first), to: answer", "undefined-scene", 21),
    ("when: trust >= 6, to: answer", "when: chose(ask-ruth), to: answer", "undefined-response", 21),
    ("- {to: return}\n", "- {to: first}\n", "undefined-scene", 22),
    ("- {to: return}\n", "- {to: end}\n", "undefined-scene", 22),
    ("    consult: Ask", "    with: gus\n    consult: Ask", "unknown-key", 13),
    ("    consult: Ask", "    offers: [directory]\n    consult: Ask", "no-directory", 13),
    ("    consult: Ask", "    offers: [letter]\n    consult: Ask", "undefined-document", 13),
    ("  again:\n", "  again:\n    visit: question\n", "unknown-key", 29),
    ("listen: {do: Listen.,", "listen: {", "say-or-do", 37),
    ("version: 1.0.0", "version: one", "bad-version", 2),
    ("shared: screen", "shared: The Screen", "bad-id", 1),
    ("summary: A question", "colour: red\nsummary: A question", "unknown-key", 3),
    ("  again:\n", "  return: {text: A., next: again}\n  again:\n", "reserved-id", 28),
    ("facts:\n", "facts:\n  Left: A.\n", "bad-id", 5),
]


@pytest.mark.parametrize(("old", "new", "code", "line"), WRONG)
def test_what_is_wrong_in_a_shared_file_is_told_once_at_its_place(
    tmp_path: Path, old: str, new: str, code: str, line: int
) -> None:
    """However often a shared scene is visited, its mistake is told once; and the same if the file is checked alone."""
    assert SCREEN.count(old) == 1
    text = SCREEN.replace(old, new)
    extra = {
        "facts": "{promised: P.}",
        "clock": '{start: "10:00", points: {due: "10:30"}}',
        "documents": "{letter: {title: A letter, text: No.}}",
    }
    path = put(tmp_path, visiting(**extra), screen=text)
    loaded = load(path)
    assert (loaded.value, told(loaded.problems)) == (None, [(code, "screen.yaml", line)])
    alone = check(tmp_path / "shared" / "screen.yaml", rubric())
    assert told(alone) == [(code, "screen.yaml", line)]
    assert [each.excerpt for each in alone] == [each.excerpt for each in loaded.problems]


def test_mistakes_of_the_case_and_of_what_it_visits_come_together(tmp_path: Path) -> None:
    """All that is wrong is told at once, each in its own file."""
    path = put(tmp_path, visiting() + "mood: good\n", screen=SCREEN.replace("to: answer", "to: answers"))
    found = {code: (file, line) for code, file, line in told(load(path).problems)}
    assert found == {"undefined-scene": ("screen.yaml", 21), "unknown-key": ("small-case.yaml", 37)}


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("visit: question, with: gus", "visit: questions, with: gus", "undefined-scene"),
        ("visit: question, with: gus", "visit: [question], with: gus", "wrong-type"),
        ("visit: question, with: gus, next: last", "visit: question, with: gus", "missing-key"),
        ("visit: question, with: gus", "visit: question, with: gus, text: Hm.", "unknown-key"),
        ("visit: question, with: gus", "visit: question, with: nobody", "undefined-person"),
        ("chose(question/around)", "chose(question/arund)", "undefined-response"),
        ("chose(answer/listen)", "chose(question/listen)", "undefined-response"),
        ("visited(answer)", "visited(with-ruth.answer)", "bad-condition"),
        ("consulted(question)", "consulted(answer)", "undefined-scene"),
        ("next: with-ruth", "next: question", "undefined-scene"),
        ("next: with-ruth", "next: return", "undefined-scene"),
    ],
)
def test_what_is_wrong_with_a_visit(tmp_path: Path, old: str, new: str, code: str) -> None:
    """A visit names a shared scene, and leads on; other scenes lead to it, not into what it visits."""
    text = visiting()
    assert text.count(old) == 1
    assert code in [each.code for each in load(put(tmp_path, text.replace(old, new))).problems]


def test_no_two_scenes_have_one_name(tmp_path: Path) -> None:
    """A name that both the case and a shared file have, or two shared files, would mean two things."""
    own = visiting(SCENES.replace("after-yes", "answer"))
    problems = load(put(tmp_path, own)).problems
    assert [each.message for each in problems if each.code == "duplicate-id"] == [
        "`screen` has a scene `answer`, and so has this case"
    ]
    two = visiting().replace("shared: screen", "shared: [screen, other, screen]")
    problems = load(put(tmp_path, two, screen=SCREEN, other=SCREEN.replace("facts:", "facts:\n  more: M."))).problems
    assert [each.code for each in problems] == ["duplicate-id"] * 5
    fact = visiting(facts="{asked: Asked.}")
    assert [each.code for each in load(put(tmp_path, fact)).problems] == ["duplicate-id"]


def test_a_shared_file_named_twice_is_one(tmp_path: Path) -> None:
    """Naming the same file again changes nothing."""
    assert not load(put(tmp_path, visiting().replace("shared: screen", "shared: [screen, screen]"))).problems


def test_shared_scenes_that_lead_in_a_circle_are_told_at_the_visit(tmp_path: Path) -> None:
    """Junctions of a shared file that lead back to themselves keep every case out that visits them."""
    circle = SCREEN.replace("to: return}, {to: question}]", "to: return}, {to: again}]")
    (problem, *_) = load(put(tmp_path, screen=circle)).problems
    assert (problem.code, Path(problem.place.file).name) == ("junction-loop", "small-case.yaml")


@pytest.mark.parametrize(("target", "first"), [("again", "stop.question"), ("answer", "stop.answer")])
def test_a_visit_can_begin_further_on(tmp_path: Path, target: str, first: str) -> None:
    """What stands before it comes along unvisited, and nobody is warned of it."""
    path = put(tmp_path, visiting(f"first: {{text: Hm., next: stop}}\nstop: {{visit: {target}, next: other}}"))
    assert at(start(playable(path).scenario).choose("go-on")) == first
    assert [each.message for each in check(path, rubric())] == ["nothing leads to ending `end`"]


def test_a_visit_that_nothing_leads_to_is_told_once(tmp_path: Path) -> None:
    """What is never visited is a warning at the scene that would visit, and not in the shared file."""
    path = put(tmp_path, visiting("first: {text: Hm., next: end}\nstop: {visit: answer, next: other}"))
    problems = check(path, rubric())
    assert {each.severity for each in problems} == {Severity.WARNING}
    assert {each.message for each in problems} == {"nothing leads to scene `stop`", "nothing leads to ending `other`"}
    assert {Path(each.place.file).name for each in problems} == {"small-case.yaml"}


def test_the_command_checks_a_shared_file_by_itself(tmp_path: Path) -> None:
    """`caseload check` on a shared file finds nothing where nothing is wrong, and else says where to look."""
    put(tmp_path)
    path = tmp_path / "shared" / "screen.yaml"
    code, out, _ = text_of(here(tmp_path / "home", "check", path))
    assert (code, out) == (0, "1 file checked: no problems\n")
    path.write_text(SCREEN.replace("sets: asked", "sets: ask"), encoding="utf-8")
    code, out, _ = text_of(here(tmp_path / "home", "check", tmp_path))
    assert code != 0
    assert out.count("screen.yaml:19:15: error[undefined-fact]: there is no fact `ask`") == 1
    assert "2 files checked: 1 error" in out


# -- what somebody may have put among the copies ----------------------------------------------

GOOD = {"caseload-bundle": 1, "case": visiting(), "shared": {"screen": SCREEN}}
NO_BUNDLES: list[str] = [
    '{"caseload-bundle":',
    '{"caseload-bundle":1}',
    '{"caseload-bundle":1,"case":null,"shared":null}',
    '{"caseload-bundle":1,"case":"x","shared":[]}',
    '{"caseload-bundle":1,"case":"x","shared":"screen"}',
    '{"caseload-bundle":1,"case":{"scenario":"x"},"shared":{}}',
    '{"caseload-bundle":1,"case":[],"shared":{"screen":[]}}',
    '{"caseload-bundle":' + "[" * 100_000,
    '{"caseload-bundle":' + "9" * 10_000 + ',"case":"","shared":{}}',
    '{"caseload-bundle":1,"case":"\\ud800","shared":{"\\udfff":"\\ud800"}}',
    '{"caseload-bundle":NaN,"case":"a: b","shared":{"screen":"c: d"}}',
    json.dumps({**GOOD, "shared": {}}, separators=(",", ":")),
    json.dumps({**GOOD, "shared": {"other": SCREEN}}, separators=(",", ":")),
    json.dumps({**GOOD, "shared": {"../../etc/passwd": SCREEN, "": "", "x" * 500: "x"}}, separators=(",", ":")),
    json.dumps({**GOOD, "shared": {"screen": None}}, separators=(",", ":")),
    json.dumps({**GOOD, "shared": {"screen": BOMB}}, separators=(",", ":")),
    json.dumps({**GOOD, "case": BOMB}, separators=(",", ":")),
    json.dumps({**GOOD, "case": json.dumps(GOOD, separators=(",", ":"))}, separators=(",", ":")),
    json.dumps([GOOD]),
]


@pytest.mark.parametrize("text", NO_BUNDLES, ids=range(len(NO_BUNDLES)))
def test_what_is_no_bundle_cannot_be_played(where: Home, text: str) -> None:
    """Whatever lies among the copies, a journal that names it is refused with a sentence, and nothing else is read."""
    copy = from_text(text)
    assert scenario_from(copy, rubric()).value is None
    kept = standard_rubric().read_bytes()
    where.copies.mkdir(parents=True)
    (where.copies / f"{copy.hash}.yaml").write_bytes(copy.data)
    (where.copies / f"{hashlib.sha256(kept).hexdigest()}.yaml").write_bytes(kept)
    header = {**HEADER, "scenario-hash": copy.hash, "rubric-hash": hashlib.sha256(kept).hexdigest()}
    path = forged(where.journals / f"{header['session']}.jsonl", [header])
    with pytest.raises(UnknownScenario):
        Archive(where).load(path)
    assert verify(Archive(where), path, frozenset()).verdict is Verdict.UNKNOWN


def test_a_bundle_brings_its_own_shared_scenes(tmp_path: Path) -> None:
    """What is kept is played with what was kept, whatever lies beside it now."""
    put(tmp_path, screen=SCREEN.replace("A breath.", "Two breaths."))
    text = json.dumps(GOOD, separators=(",", ":"))
    (tmp_path / "kept.yaml").write_text(text, encoding="utf-8")
    session = start(playable(tmp_path / "kept.yaml").scenario).choose("ask-gus")
    assert session.narration == "A breath."


def test_playing_again_keeps_one_copy(where: Home) -> None:
    """Two sessions of a case and of what it visits share their copy."""
    case = playable(put(where.root / "cases"))
    for _ in range(2):
        begin(where, case).close()
    assert len(list(where.copies.iterdir())) == 2
    assert (where.copies / f"{case.source.hash}.yaml").read_bytes() == case.source.data


def test_playing_a_case_found_by_its_file(where: Home) -> None:
    """The shared folder beside a case is found from wherever the case is named."""
    put(where.root / "cases")
    case = case_in(where.root / "cases", visiting())
    play: Play = begin(where, case)
    play.choose("ask-ruth")
    assert at(play.session) == "with-ruth.question"
    play.close()
