"""Sessions as JSON lines: that nothing is lost, that every key is explained, that nothing in them is obeyed."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from scoring.offer import InOrder, Offer, OneOf, SomeOf
from scoring.rubric import Level, Mark
from scoring.scorecard import Award, Decision, score
from simulator.archive import Archive, Logged
from simulator.chain import erase_text
from simulator.explore import Exploration
from simulator.hindsight import NotProven
from simulator.journal import Header
from simulator.people import People
from simulator.records import FORMAT, KEYS, as_json_lines, records
from simulator.session import Chose, Consulted, Event, Ranked, Read, Selected, Wrote, replay
from simulator.settings import Home
from simulator.transcript import moments
from tests.journals import ANA, caseload
from tests.reports import HOSTILE, JUDGEMENT, PEOPLE, played, poisoned, poisoned_judgement, poisoned_people

Line = dict[str, Any]


@pytest.fixture(scope="module")
def logged(tmp_path_factory: pytest.TempPathFactory) -> Logged:
    """Return a session with every kind of decision."""
    return played(tmp_path_factory.mktemp("played"))


@pytest.fixture(scope="module")
def read(logged: Logged) -> list[Line]:
    """Return its lines, read back."""
    return [json.loads(line) for line in as_json_lines([logged], PEOPLE, lambda _: JUDGEMENT)]


def of_kind(lines: list[Line], kind: str) -> list[Line]:
    return [line for line in lines if line["kind"] == kind]


# -- that nothing is lost ---------------------------------------------------------------------


def test_what_is_read_back_is_what_was_written(logged: Logged, read: list[Line]) -> None:
    """Every value comes back as it was, whatever its text."""
    assert read == list(records([logged], PEOPLE, lambda _: JUDGEMENT))


def test_a_header_can_be_made_from_its_line(logged: Logged, read: list[Line]) -> None:
    """Everything that replaying needs is there."""
    (line,) = of_kind(read, "session")
    assert Header(**{name: line[name] for name in Header.__slots__}) == logged.recorded.header
    assert line["format"] == FORMAT
    assert line["head"] == logged.recorded.reading.head
    assert (line["title"], line["played_by"], line["person"]) == ("A small case", "Ana Silva", ANA)
    assert line["ending"] == {"id": "end", "title": "The end", "text": "It is over."}
    assert [each["title"] for each in line["unread"]] == ["The lease", "Referral directory"]


def test_every_entry_is_there_as_the_journal_has_it(logged: Logged, read: list[Line]) -> None:
    """With its number, time, event, text and hash; marks of the trainee's comings and goings as well."""
    entries = logged.recorded.reading.entries
    found = of_kind(read, "entry")
    assert [(line["seq"], line["time"], line["text"], line["erased"], line["hash"]) for line in found] == [
        (entry.seq, entry.time, entry.text, entry.erased, entry.hash) for entry in entries
    ]
    assert [line["event"] for line in found] == (
        ["header", "read", "consulted", "chose", "chose", "selected", "ranked", "wrote", "reflected"]
    )
    assert [line["decision"] for line in found] == [0, 1, 2, 3, 4, 5, 6, 7, 0]
    assert found[5]["body"] == {
        "event": "selected",
        "scene": "calls",
        "options": ["landlord", "paper"],
        "confidence": 2,
    }


def _event(line: Line) -> Event | None:
    body, scene = line["body"], line["body"].get("scene", "")
    match line["event"]:
        case "chose":
            return Chose(scene, body["response"], body.get("confidence", 0))
        case "selected":
            return Selected(scene, tuple(body["options"]), body.get("confidence", 0))
        case "ranked":
            return Ranked(scene, tuple(body["order"]), body.get("confidence", 0))
        case "read":
            return Read(scene, body["document"])
        case "consulted":
            return Consulted(scene)
        case "wrote":
            return Wrote(scene, line["text"])
    return None


def test_a_session_can_be_replayed_from_its_lines(logged: Logged, read: list[Line]) -> None:
    """The entries lead to the same session."""
    events = [event for line in of_kind(read, "entry") if (event := _event(line))]
    (header,) = of_kind(read, "session")
    assert replay(logged.scenario, header["seed"], events) == logged.session


def _marks(found: list[Line]) -> tuple[Mark, ...]:
    return tuple(Mark(each["indicator"], Level(each["level"])) for each in found)


def _offer(found: Line | None) -> Offer | None:
    if found is None:
        return None
    if found["kind"] == "one":
        return OneOf(tuple(_marks(each) for each in found["options"]))
    if found["kind"] == "some":
        options = tuple((_marks(each["picked"]), _marks(each["left"])) for each in found["options"])
        return SomeOf(options, found["least"], found["most"])
    pairs = {(each["first"], each["second"]): _marks(each["marks"]) for each in found["pairs"]}
    return InOrder(tuple(found["items"]), pairs)


def test_a_session_can_be_scored_again_from_its_lines(logged: Logged, read: list[Line]) -> None:
    """The decisions, marks and offers are all there: folding them gives the scorecard that was written."""
    decisions = [
        Decision(
            line["number"],
            tuple(
                Award(_marks(each["marks"]), each["why"], each["where"], each["response"]) for each in line["awards"]
            ),
            tuple(line["criticals"]),
            _marks(line["marks"]),
            _offer(line["offer"]),
        )
        for line in of_kind(read, "decision")
    ]
    assert tuple(decisions) == logged.session.decisions
    assert score(logged.rubric, decisions) == logged.scorecard
    (card,) = of_kind(read, "scorecard")
    assert [(each["number"], each["critical"]) for each in card["criticals"]] == [(7, "broken-promise")]
    for name, profile in logged.scorecard.profiles.items():
        found = card["profiles"][name]
        assert (found["raw"], found["quality"], found["critical"]) == (profile.raw, profile.quality, profile.critical)
        assert len(found["evidence"]) == len(profile.evidence)
    assert card["profiles"]["ethics"]["line"] == "critical"


def test_what_was_shown_offered_and_answered_is_there(logged: Logged, read: list[Line]) -> None:
    """Decision by decision, as the trainee saw it."""
    found = of_kind(read, "decision")
    for line, moment in zip(found[1:], moments(logged.session), strict=True):
        for name in ("number", "narration", "speech", "advice", "written", "reaction", "confidence", "person", "what"):
            assert line[name] == getattr(moment, name)
        assert line["seq"] == logged.recorded.seq_of(moment.number)
    assert found[1]["document"] == {"id": "letter", "title": "A letter", "text": "We are sorry to say no."}
    assert found[4]["voices"] == [{"who": "Gus Brandt", "says": "She has not slept."}]
    assert [each["id"] for each in found[4]["offered"]] == [each.id for each in moments(logged.session)[3].offered]
    assert {each["id"]: each["taken"] for each in found[4]["offered"]} == {
        "promise": True,
        "explain": False,
        "wait": False,
    }
    assert {each["id"]: each["taken"] for each in found[5]["offered"]} == {
        "landlord": True,
        "paper": True,
        "clinic": False,
    }
    assert found[6]["order"] == ["Write the note.", "Call her sister.", "Make tea."]
    assert (found[7]["asked"], found[7]["model"]) == ("Write the note.", "10:07 met R.A.\nNext: a call.")


def test_what_each_decision_cost_is_there(logged: Logged) -> None:
    """Regret, cost, label, what was still reachable and what else could have been done, as hindsight has it."""
    found = list(records([logged], PEOPLE, solve=lambda _: Exploration(logged.scenario, logged.rubric)))
    assert json.loads(json.dumps(found)) == found
    for line in found:
        assert set(line) == set(KEYS[line["kind"]]), line["kind"]
    lines = of_kind(found, "decision")
    start, promised, picked = lines[0], lines[4], lines[5]
    assert (start["regret"], start["cost"], start["label"], start["instead"]) == (None, None, "", [])
    assert start["reachable"]["rapport"] == {"worst": -3, "best": 3}
    assert promised["regret"] == {"rapport": 6, "organization": 0, "ethics": 0}
    assert (promised["cost"], promised["label"], promised["hard_call"]) == (6, "serious", False)
    assert promised["sealed"] == ["broken-promise"]
    assert promised["reachable"]["rapport"] == {"worst": -3, "best": -3}
    assert [(each["did"], each["picked"], each["cost"], each["keeps"]) for each in promised["instead"]] == [
        ("chose", ["promise"], 6, False),
        ("chose", ["explain"], 0, True),
        ("chose", ["wait"], 3, False),
    ]
    assert [each["picked"] for each in picked["instead"]] == [["landlord"], ["landlord", "clinic"]]
    total = sum(line["regret"]["rapport"] for line in lines[1:])
    (card,) = of_kind(found, "scorecard")
    assert total == start["reachable"]["rapport"]["best"] - card["profiles"]["rapport"]["raw"]
    assert card["proven"] is True
    assert {name: each["result"] for name, each in card["profiles"].items()} == {
        "rapport": 0,
        "organization": 100,
        "ethics": None,
    }
    assert all(each["assessed"] for each in card["profiles"].values())


def test_what_nobody_asked_and_what_is_not_proven_is_told_apart(logged: Logged, read: list[Line]) -> None:
    """Neither has a result or a cost."""
    unproven = list(records([logged], PEOPLE, solve=lambda _: NotProven()))
    for lines, proven in ((read, None), (unproven, False)):
        (card,) = of_kind(lines, "scorecard")
        assert card["proven"] is proven
        assert all(each["result"] is None and each["assessed"] is None for each in card["profiles"].values())
        for line in of_kind(lines, "decision"):
            assert (line["reachable"], line["regret"], line["cost"], line["label"]) == (None, None, None, "")


def test_comments_are_there_with_who_may_see_them(read: list[Line]) -> None:
    """By whom, about what, when, and whether signed off."""
    assert [(line["by"], line["reviewer"], line["decision"], line["signed"]) for line in of_kind(read, "comment")] == [
        ("Ines Calloway", "p-sup", 3, True),
        ("Ines Calloway", "p-sup", 0, False),
    ]
    assert of_kind(read, "comment")[1]["text"] == "Let us talk.\n\nBring the letter."


def test_what_was_erased_or_is_damaged_is_said(tmp_path: Path) -> None:
    """A text that is gone is null and said to be erased; trouble and notices are there."""
    path = played(tmp_path).recorded.path
    erase_text(path)
    again = replace(Archive(Home(tmp_path)).load(path), trouble="Entry 9 is wrong.")
    found = list(records([again], PEOPLE))
    assert [(line["text"], line["erased"]) for line in of_kind(found, "entry")][7] == (None, True)
    assert of_kind(found, "decision")[7]["written"] is None
    (header,) = of_kind(found, "session")
    assert (header["state"], header["problem"]) == ("damaged", "Entry 9 is wrong.")
    assert {"seq": 7, "code": "text-erased", "message": "The text of entry 7 was erased."} in header["notices"]


def test_what_supervisors_say_is_all_there(logged: Logged, read: list[Line]) -> None:
    """Overrides, ratings and sending back have lines of their own, and so has the result that comes of them."""
    (override,) = of_kind(read, "override")
    assert (override["decision"], override["was"], override["now"]) == (4, "harmful", "poor")
    assert (override["by"], override["text"], override["signed"]) == ("Ines Calloway", "She put it right.", True)
    note, whole = of_kind(read, "rating")
    assert (note["decision"], note["indicator"], note["level"]) == (7, "organization.records", "acceptable")
    assert (whole["decision"], whole["indicator"], whole["dimension"], whole["level"]) == (0, "", "rapport", "poor")
    (back,) = of_kind(read, "sent-back")
    assert back["practise"] == ["small-case"]
    (reviewed,) = of_kind(read, "reviewed")
    assert (reviewed["reviewer"], reviewed["proven"]) == ("p-sup", False)
    was, now = (reviewed["results"]["rapport"][which]["raw"] for which in ("original", "reviewed"))
    points = logged.rubric.points
    assert now - was == points[Level.POOR] - points[Level.HARMFUL]


# -- the form of it ---------------------------------------------------------------------------


def test_every_key_is_explained(read: list[Line]) -> None:
    """Lines have the keys that are documented for their kind, all of them and no others."""
    assert {line["kind"] for line in read} == set(KEYS)
    for line in read:
        assert set(line) == set(KEYS[line["kind"]]), line["kind"]
    assert all(meaning for keys in KEYS.values() for meaning in keys.values())


def test_several_sessions_follow_each_other(logged: Logged, tmp_path: Path) -> None:
    """Each begins with its own line, and every line says which session it belongs to."""
    other = played(tmp_path, unfinished=True)
    found = [json.loads(line) for line in as_json_lines(iter([logged, other]), People({}))]
    assert [line["session"] for line in of_kind(found, "session")] == [logged.id, other.id]
    assert [line["session"] for line in found] == sorted(
        (line["session"] for line in found), key=[logged.id, other.id].index
    )
    assert of_kind(found, "session")[1]["ending"] is None
    (looked_up,) = (
        line["document"] for line in of_kind(found, "decision") if line["session"] == other.id and line["seq"] == 1
    )
    assert looked_up["text"].startswith("Food pantry\nFor: Anybody")
    assert of_kind(found, "session")[1]["played_by"] == ANA
    kinds = list(dict.fromkeys(line["kind"] for line in found))
    assert kinds == ["session", "entry", "decision", "scorecard"]


@pytest.mark.parametrize("poison", HOSTILE)
def test_hostile_texts_are_escaped_and_come_back(logged: Logged, poison: str) -> None:
    """Lines are printable ASCII whatever stands in them, and reading them back gives every text as it was."""
    hostile, people = poisoned(logged, poison), poisoned_people(poison)
    lines = list(as_json_lines([hostile], people, lambda _: poisoned_judgement(poison)))
    assert all(line.isascii() and line.isprintable() for line in lines)
    found = [json.loads(line) for line in lines]
    assert found == list(records([hostile], people, lambda _: poisoned_judgement(poison)))
    assert of_kind(found, "session")[0]["title"] == f"{poison}A small case"
    assert of_kind(found, "session")[0]["played_by"] == f"{poison}Ana Silva"
    assert of_kind(found, "comment")[0]["text"] == f"{poison}Why this one?"
    assert of_kind(found, "decision")[4]["awards"][0]["why"] == f"{poison}It is not yours to give."


def test_lines_are_the_same_whatever_the_terminal(logged: Logged) -> None:
    """`--format jsonl` prints one object a line, ended by a line feed alone."""
    home = logged.recorded.path.parent.parent
    result = caseload(home, "report", logged.id, "--format", "jsonl", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert (result.returncode, result.stderr) == (0, b"")
    lines = result.stdout.decode("ascii").split("\n")
    assert lines.pop() == ""
    explored = Exploration(logged.scenario, logged.rubric)
    assert [json.loads(line) for line in lines] == list(records([logged], People({}), solve=lambda _: explored))
