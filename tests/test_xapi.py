"""Sessions as xAPI statements: what is stated and what is not, and every rule of the specification kept."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from simulator import journal
from simulator.archive import Archive, Logged
from simulator.explore import Exploration
from simulator.hindsight import NotProven
from simulator.journal import Journal
from simulator.library import built_in, cases
from simulator.people import NOBODY
from simulator.play import Play
from simulator.review.events import Comment
from simulator.session import Session
from simulator.settings import Home
from simulator.xapi import (
    CATEGORIES,
    EXTENSIONS,
    HOME_PAGE,
    TYPES,
    VERBS,
    as_json_lines,
    home_page,
    left_out,
    reach,
    statements,
)
from tests.attempts import do, ticking
from tests.cases import TRIALS, rubric
from tests.journals import ANA, begin, case_in, played_through, resumed, rubric_source
from tests.reports import COMMENTS, HOSTILE, played, poisoned, poisoned_comments
from tests.xapi_rules import complaints, complaints_together

Statement = dict[str, Any]
EXTENSION = "https://caseload.invalid/xapi/extensions/"


def solved(logged: Logged) -> Exploration:
    return Exploration(logged.scenario, logged.rubric)


def stated(logged: Logged, said: Iterable[Comment] = (), **how: Any) -> list[Statement]:
    """Return the statements of a session as a store reads them, with what its case made possible."""
    found = statements(logged, said, reach(logged, solved(logged)) if logged.over else None, **how)
    return [json.loads(line) for line in as_json_lines(found)]


def verb(statement: Statement) -> str:
    return str(statement["verb"]["id"]).rpartition("/")[2]


def verbs(found: Iterable[Statement]) -> list[str]:
    return [verb(each) for each in found]


def of(found: Iterable[Statement], name: str) -> list[Statement]:
    return [each for each in found if verb(each) == name]


def extension(statement: Statement, part: str, name: str) -> Any:
    return statement[part]["extensions"].get(f"{EXTENSION}{name}")


def broken(found: list[Statement]) -> list[str]:
    return [*(each for one in found for each in complaints(one, datetime.now(UTC))), *complaints_together(found)]


@pytest.fixture(scope="module")
def logged(tmp_path_factory: pytest.TempPathFactory) -> Logged:
    """Return a session with every kind of decision."""
    return played(tmp_path_factory.mktemp("played"))


@pytest.fixture(scope="module")
def found(logged: Logged) -> list[Statement]:
    """Return its statements."""
    return stated(logged, COMMENTS)


# -- what is stated -------------------------------------------------------------------------------


def test_a_session_is_stated_from_its_beginning_to_what_was_said_of_it(found: list[Statement]) -> None:
    """Every decision in its order, three dimensions, the ending, the reflection, and what was signed off."""
    assert verbs(found) == [
        *("initialized", "experienced", "experienced", "responded", "responded", "responded", "responded", "responded"),
        *("scored", "scored", "scored", "completed", "terminated", "responded", "commented"),
    ]
    assert {each["verb"]["id"] for each in found} <= set(VERBS.values())


def test_nothing_is_passed_and_there_is_no_score_of_everything(found: list[Statement]) -> None:
    """Only dimensions are scored; nothing is a success, and no actor has a name or a mailbox."""
    assert all("success" not in each.get("result", {}) for each in found)
    assert all("score" not in each.get("result", {}) for each in found if verb(each) != "scored")
    dimensions = [each["object"]["id"].rpartition("/")[2] for each in of(found, "scored")]
    assert dimensions == ["rapport", "organization", "ethics"]
    assert {frozenset(each["actor"]) for each in found} == {frozenset({"objectType", "account"})}


def test_actors_are_accounts_with_the_id_of_a_person(found: list[Statement]) -> None:
    """Who played, and for a comment who said it."""
    assert {each["actor"]["account"]["name"] for each in found if verb(each) != "commented"} == {ANA}
    assert {each["actor"]["account"]["name"] for each in of(found, "commented")} == {"p-sup"}
    assert {each["actor"]["account"]["homePage"] for each in found} == {HOME_PAGE}


def test_who_said_no_name_is_somebody_else_each_time(tmp_path: Path) -> None:
    """An account stands for one person, and nobody in particular is not one."""
    where, case = Home(tmp_path), case_in(tmp_path / "cases")
    one, other = (played_through(where, case, person=NOBODY.id) for _ in range(2))
    names = {each["actor"]["account"]["name"] for path in (one, other) for each in stated(Archive(where).load(path))}
    assert names == {f"{NOBODY.id}/{one.stem}", f"{NOBODY.id}/{other.stem}"}


def test_a_decision_says_what_was_on_offer_and_what_was_taken(found: list[Statement]) -> None:
    """By ids: one response, several options, an order; with how sure, the marks, and what there was to choose from."""
    invited, promised, picked, ranked, wrote, reflected = of(found, "responded")
    assert [each["result"].get("response") for each in (invited, promised, picked, ranked)] == [
        *("invite", "promise", "landlord[,]paper", "note[,]call[,]tea"),
    ]
    assert [extension(each, "result", "confidence") for each in (invited, promised, picked, ranked)] == [None, 4, 2, 1]
    assert sorted(extension(promised, "result", "offered")) == ["explain", "promise", "wait"]
    assert sorted(extension(ranked, "result", "offered")) == ["call", "note", "tea"]
    assert extension(promised, "result", "marks") == [
        {"indicator": "rapport.limits", "level": "harmful"},
        {"indicator": "ethics.fairness", "level": "poor"},
    ]
    assert extension(wrote, "result", "criticals") == ["broken-promise"]
    kinds = [each["object"]["definition"]["interactionType"] for each in (promised, picked, ranked, wrote, reflected)]
    assert kinds == ["choice", "choice", "sequencing", "long-fill-in", "long-fill-in"]
    assert [each["id"] for each in promised["object"]["definition"]["choices"]] == ["promise", "explain", "wait"]
    assert [extension(each, "context", "decision") for each in (invited, promised, wrote)] == [3, 4, 7]


def test_documents_and_the_supervisor_are_experienced(found: list[Statement]) -> None:
    """Each names the scene it happened in; scenes themselves are not stated to have been read."""
    read, asked = of(found, "experienced")
    assert read["object"]["id"].endswith("/cases/small-case/1.0.0/documents/letter")
    assert asked["object"]["id"].endswith("/cases/small-case/1.0.0/scenes/desk/supervisor")
    assert extension(read, "context", "scene") == "desk"


def test_a_dimension_is_scored_on_what_the_case_makes_possible(found: list[Statement]) -> None:
    """Raw points between the worst and the best of the case; where a critical stands, no number at all."""
    rapport, organization, ethics = (each["result"] for each in of(found, "scored"))
    assert rapport["score"] == {"scaled": 0.0, "raw": -3, "min": -3, "max": 3}
    assert (organization["score"]["scaled"], organization["score"]["raw"], organization["score"]["max"]) == (1.0, 6, 6)
    assert "score" not in ethics
    assert ethics["extensions"][f"{EXTENSION}critical"] is True
    assert f"{EXTENSION}quality" not in ethics["extensions"]
    assert rapport["extensions"][f"{EXTENSION}levels"]["harmful"] == 1


def test_where_nothing_can_be_lost_or_won_there_is_no_score(tmp_path: Path) -> None:
    """A dimension that the case does not assess is stated to be so."""
    where = Home(tmp_path)
    session = Archive(where).load(played_through(where))
    scores = {each["object"]["id"].rpartition("/")[2]: each["result"] for each in of(stated(session), "scored")}
    unassessed = [name for name, result in scores.items() if result["extensions"][f"{EXTENSION}assessed"] is False]
    assert unassessed
    assert all("score" not in scores[name] for name in unassessed)


@pytest.mark.parametrize("known", [None, NotProven("It is too large.")])
def test_where_the_case_was_not_explored_there_is_no_score(logged: Logged, known: NotProven | None) -> None:
    """What was seen is stated without a number, and that nothing is proven."""
    found = [*statements(logged, (), reach(logged, known))]
    for each in of(found, "scored"):
        assert "score" not in each["result"]
        assert extension(each, "result", "proven") is False
    assert not broken(found)


def test_the_ending_says_which_how_long_and_how_many_criticals(found: list[Statement]) -> None:
    """Completed is no more than that an ending was reached."""
    (completed,) = of(found, "completed")
    assert completed["result"]["completion"] is True
    assert extension(completed, "result", "ending") == "end"
    assert extension(completed, "result", "decisions") == 7
    assert extension(completed, "result", "criticals-raised") == 1


def test_time_away_is_not_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A minute passes before each entry; the one between leaving and coming back was nobody's."""
    ticking(monkeypatch)
    where = Home(tmp_path)
    play = begin(where)
    play.choose("invite")
    play.suspend()
    again = resumed(where, play.path)
    do(again, "promise", "write:I promised.")
    again.close()
    found = stated(Archive(where).load(play.path))
    assert verbs(found)[:5] == ["initialized", "responded", "suspended", "resumed", "responded"]
    assert [each["result"]["duration"] for each in of(found, "responded")] == ["PT60S", "PT60S", "PT60S"]
    assert of(found, "completed")[0]["result"]["duration"] == "PT240S"


def test_what_did_not_end_is_neither_scored_nor_terminated(tmp_path: Path) -> None:
    """It can be gone on with, so it has a beginning and what was done."""
    found = stated(played(tmp_path, unfinished=True))
    assert verbs(found) == ["initialized", "experienced", "experienced", "responded"]


def test_what_was_taken_over_is_not_stated_twice(tmp_path: Path) -> None:
    """A session begun again says where it comes from, states its own decisions, and is marked as no attempt."""
    where = Home(tmp_path)
    path = played_through(where)
    play = Play.again_from(Archive(where), path, 4)
    do(play, "explain")
    play.close()
    first, second = (stated(Archive(where).load(each)) for each in (path, play.path))
    assert [
        extension(each, "context", "decision") for each in second if verb(each) in ("experienced", "responded")
    ] == [4]
    assert extension(second[0], "context", "again") == {"session": path.stem, "decision": 4}
    assert not complaints_together([*first, *second])
    for found, kind in ((first, "attempt"), (second, "again")):
        for each in found:
            named = [one["id"].rpartition("/")[2] for one in each["context"]["contextActivities"]["category"]]
            assert named == ["", kind]


def test_a_comment_is_about_the_statement_of_its_decision(logged: Logged) -> None:
    """About the whole session it is about the case; what nobody signed off is not stated."""
    said = [replace(each, signed=True, entry=number) for number, each in enumerate(COMMENTS, 1)]
    found = stated(logged, said)
    (decided,) = (each for each in of(found, "responded") if extension(each, "context", "decision") == 3)
    one, whole = of(found, "commented")
    assert one["object"] == {"objectType": "StatementRef", "id": decided["id"]}
    assert whole["object"]["id"].endswith("/cases/small-case/1.0.0")
    assert not of(stated(logged, [replace(each, signed=False) for each in said]), "commented")
    assert not broken(found)


def test_texts_stay_here_unless_they_are_asked_for(logged: Logged, found: list[Statement]) -> None:
    """Notes, reflections and comments; everything else is the same, but what holds a text has another id."""
    texts = stated(logged, COMMENTS, texts=True)
    assert "She asked." not in json.dumps(found)
    assert "Never again." not in json.dumps(found)
    assert "Why this one?" not in json.dumps(found)
    wrote, reflected = of(texts, "responded")[-2:]
    assert wrote["result"]["response"] == "She asked.\n- I promised."
    assert reflected["result"]["response"] == "Never again."
    assert of(texts, "commented")[0]["result"]["response"] == "Why this one?"
    without = {each["id"]: each for each in found}
    for each in texts:
        assert without.get(each["id"], each) == each
    assert [verb(each) for each in texts if each["id"] not in without] == ["responded", "responded", "commented"]
    assert not broken(texts)


def test_in_summary_there_is_the_beginning_and_the_result(logged: Logged, found: list[Statement]) -> None:
    """Exactly the statements that the whole session has of these, and no others."""
    summary = stated(logged, COMMENTS, summary=True)
    assert verbs(summary) == ["initialized", "scored", "scored", "scored", "completed", "terminated"]
    assert all(each in found for each in summary)


def test_practice_and_assigned_attempts_can_be_told_apart(tmp_path: Path) -> None:
    """By a category of every statement."""
    where = Home(tmp_path)
    begin(where).close()
    (path,) = Archive(where).paths()
    header = journal.read(path).header
    for purpose in journal.PURPOSES:
        made = Journal.create(where.journals, replace(header, session=f"{purpose}-1", purpose=purpose))
        made.close()
        (one,) = stated(Archive(where).load(made.path))
        names = [each["id"] for each in one["context"]["contextActivities"]["category"]]
        assert names[-1].endswith(f"/kinds/{purpose}")
        assert set(names) <= set(CATEGORIES)


# -- ids ------------------------------------------------------------------------------------------


def test_a_session_exported_twice_gives_the_same_statements(logged: Logged, found: list[Statement]) -> None:
    """To the last id, and each id is a UUID of version 5."""
    assert stated(Archive(Home(logged.recorded.path.parent.parent)).load(logged.recorded.path), COMMENTS) == found
    assert {UUID(each["id"]).version for each in found} == {5}


def test_there_is_one_registration_a_session(logged: Logged, found: list[Statement], tmp_path: Path) -> None:
    """All its statements share it, and no other session has it."""
    (registration,) = {each["context"]["registration"] for each in found}
    other = stated(played(tmp_path))
    assert registration not in {each["context"]["registration"] for each in other}
    assert not {each["id"] for each in found} & {each["id"] for each in other}


def test_a_session_that_goes_on_keeps_the_ids_it_had(tmp_path: Path) -> None:
    """What was stated of an unfinished session is stated again when it is over, unchanged, and more after it."""
    where = Home(tmp_path)
    play = begin(where)
    do(play, "read:letter", "invite")
    play.suspend()
    before = stated(Archive(where).load(play.path))
    again = resumed(where, play.path)
    do(again, "explain")
    again.close()
    after = stated(Archive(where).load(play.path))
    assert after[: len(before)] == before
    assert "completed" in verbs(after)


def test_what_says_something_else_has_another_id(logged: Logged, found: list[Statement]) -> None:
    """With another home page every statement is another one; unexplored, those of the dimensions are."""
    elsewhere = stated(logged, COMMENTS, page="https://training.example.org/")
    assert not {each["id"] for each in found} & {each["id"] for each in elsewhere}
    assert all(each["actor"]["account"]["homePage"] == "https://training.example.org/" for each in elsewhere)
    assert elsewhere[0]["object"]["id"] == "https://training.example.org/cases/small-case/1.0.0"
    unexplored = [*statements(logged, COMMENTS)]
    changed = [verb(each) for each in unexplored if each["id"] not in {one["id"] for one in found}]
    assert changed == ["scored"] * 3


@pytest.mark.parametrize(
    "good", ["https://a.example", "http://a.example:8080/x/y", "https://ä.example/ö%20/", "http://[::1]/"]
)
def test_the_address_of_a_page_can_be_a_home_page(good: str) -> None:
    """It ends with a slash, so that ids can begin with it."""
    assert home_page(good) == good.rstrip("/") + "/"


@pytest.mark.parametrize(
    "bad",
    [
        *("", "a.example", "//a.example/", "ftp://a.example/", "https://", "https:///x", "https://a.example/?x=1"),
        *("https://a.example/#x", "https://a b.example/", "https://a.example/ x", "https://me@a.example/"),
        *("https://a.example/%zz", "https://a.example:99999/", "https://a.example/<b>", "https://a.example/\x1b[0m"),
        *("https://a.example/\u202e", "urn:uuid:x", "mailto:me@a.example", f"https://a.example/{'x' * 500}"),
    ],
)
def test_nothing_else_can(bad: str) -> None:
    """What is no address, or could not begin an id, is refused."""
    with pytest.raises(ValueError, match=r"."):
        home_page(bad)


# -- what cannot be stated ------------------------------------------------------------------------


def test_a_damaged_session_is_left_out(tmp_path: Path) -> None:
    """A store forgets nothing, so nothing uncertain is stated."""
    where = Home(tmp_path)
    path = played_through(where)
    now = datetime.now(UTC)
    assert left_out(Archive(where).load(path), now) == ""
    path.write_bytes(path.read_bytes().replace(b'"promise"', b'"explain"'))
    assert left_out(Archive(where).load(path), now) == "damaged"


def test_a_session_from_a_time_to_come_is_left_out_until_then(logged: Logged) -> None:
    """No timestamp may lie in the future; when its time has come it can be stated."""
    last = datetime.fromisoformat(logged.recorded.touched)
    assert left_out(logged, last - timedelta(milliseconds=1))
    assert left_out(logged, last) == ""


# -- the specification ----------------------------------------------------------------------------


def test_every_rule_is_kept(found: list[Statement]) -> None:
    """Of a session with every kind of decision."""
    assert not broken(found)


def test_every_iri_of_ours_is_documented(logged: Logged, found: list[Statement]) -> None:
    """Types, categories and extensions are in the tables that say what they mean, and verbs are ADL's."""
    everything = [*found, *stated(logged, COMMENTS, texts=True)]
    used = {
        key for each in everything for part in ("result", "context") for key in each.get(part, {}).get("extensions", {})
    }
    assert used <= set(EXTENSIONS)
    types = {each["object"]["definition"]["type"] for each in everything if "definition" in each["object"]}
    assert types == set(TYPES)
    categories = {one["id"] for each in everything for one in each["context"]["contextActivities"]["category"]}
    assert categories <= set(CATEGORIES)
    assert all(iri.startswith("http://adlnet.gov/expapi/verbs/") for iri in VERBS.values())
    assert all([*EXTENSIONS.values(), *TYPES.values(), *CATEGORIES.values()])


@pytest.mark.parametrize("poison", HOSTILE)
def test_hostile_texts_stay_texts(logged: Logged, poison: str) -> None:
    """Whatever stands in a case, a note or a comment: every rule is kept, and lines are printable ASCII."""
    hostile = replace(poisoned(logged, poison), trouble="")
    known = reach(hostile, solved(hostile))
    said = [replace(each, signed=True) for each in poisoned_comments(poison)]
    lines = list(as_json_lines(statements(hostile, said, known, texts=True)))
    assert all(line.isascii() and line.isprintable() for line in lines)
    found = [json.loads(line) for line in lines]
    assert not broken(found)
    assert verbs(found) == verbs(stated(logged, said))


def _random_play(session: Session, play: random.Random, most: int = 200) -> Session:
    """Go on at random until an ending, or until there is no more to decide."""
    while session.ending is None and len(session.events) < most:
        scene = session.scene
        assert scene is not None
        if session.unread and play.random() < 0.3:
            session = session.read(play.choice(session.unread).id)
        elif scene.write is not None:
            session = session.write("Written at random.")
        elif scene.select is not None:
            least, most_of = session.limits
            count = play.randint(least, most_of)
            picked = play.sample([each.id for each in session.options], count)
            session = session.select(picked, play.randint(0, 4))
        elif session.items:
            session = session.rank(play.sample(list(session.items), len(session.items)), play.randint(0, 4))
        elif session.responses:
            session = session.choose(play.choice(session.responses).id, play.randint(0, 4))
        else:
            break
    return session


LIBRARY = {each.scenario.id: each for each in cases((built_in(),), rubric())[0]}
EXPLORED = LIBRARY if TRIALS > 1 else ("quiet-on-the-phone",)
"""Cases of which it is known what they make possible; each takes seconds."""


@pytest.mark.parametrize("case", LIBRARY)
def test_every_rule_is_kept_in_random_sessions_of_the_library(case: str, tmp_path: Path) -> None:
    """Whatever way is taken through a case, with what it made possible beside it."""
    found, known = LIBRARY[case], None
    for seed in range(5 * TRIALS):
        play = Play.begin(
            Home(tmp_path), found, rubric(), rubric_source(), ANA, seed=seed, feedback="end", confidence=True
        )
        session = _random_play(play.session, random.Random(seed))
        for event in session.events:
            play._go(play.session.act(event))
        play.reflect("=1+1 <b>")
        play.close()
        logged = Archive(Home(tmp_path)).load(play.path)
        if logged.over and known is None and case in EXPLORED:
            known = reach(logged, solved(logged))
        lines = list(as_json_lines(statements(logged, (), known if logged.over else None, texts=bool(seed % 2))))
        read = [json.loads(line) for line in lines]
        assert not broken(read)
        decided = [each for each in read if verb(each) in ("experienced", "responded")]
        assert len(decided) == len(session.events) + 1
        assert len(of(read, "scored")) == (3 if logged.over else 0)


# -- the rules themselves -------------------------------------------------------------------------

GOOD: Statement = {
    "id": "12345678-1234-5678-9234-567812345678",
    "actor": {"objectType": "Agent", "account": {"homePage": "https://a.example/", "name": "1625378"}},
    "verb": {"id": "http://adlnet.gov/expapi/verbs/responded", "display": {"en-US": "responded"}},
    "object": {
        "objectType": "Activity",
        "id": "https://a.example/questions/1",
        "definition": {
            "type": "http://adlnet.gov/expapi/activities/cmi.interaction",
            "name": {"und": "Which?"},
            "interactionType": "choice",
            "correctResponsesPattern": ["golf[,]tetris"],
            "choices": [{"id": "golf", "description": {"en": "Golf"}}, {"id": "tetris"}],
        },
    },
    "result": {
        "score": {"scaled": 0.5, "raw": 5, "min": 0, "max": 10},
        "success": True,
        "completion": True,
        "response": "golf",
        "duration": "PT4H35M59.14S",
        "extensions": {"https://a.example/sure": None},
    },
    "context": {
        "registration": "ec531277-b57b-4c15-8d91-d292c5b2b8f7",
        "instructor": {"objectType": "Agent", "mbox": "mailto:a@b.example"},
        "team": {"objectType": "Group", "member": [{"openid": "https://a.example/me"}]},
        "contextActivities": {"parent": [{"id": "https://a.example/quiz"}], "other": [{"id": "urn:x:y"}]},
        "revision": "1",
        "platform": "Paper",
        "language": "tlh",
        "statement": {"objectType": "StatementRef", "id": "6690e6c9-3ef0-4ed3-8b37-7f3964730bee"},
        "extensions": {"urn:example:x": {"a": [1]}},
    },
    "timestamp": "2013-05-18T05:32:34.804+00:00",
    "stored": "2013-05-18T05:32:34.804Z",
    "authority": {"account": {"homePage": "http://a.example", "name": "anonymous"}},
    "version": "1.0.0",
}
"""A statement that uses nearly every property there is."""

SUB = {"objectType": "SubStatement", **{key: GOOD[key] for key in ("actor", "verb")}, "object": {"id": "urn:x:y"}}


def test_a_good_statement_breaks_no_rule() -> None:
    """Nor do those whose object is an agent, a group, another statement or one within it."""
    assert complaints(GOOD, datetime.now(UTC)) == []
    alone = {key: GOOD[key] for key in ("actor", "verb", "object")}
    for thing in (
        {"objectType": "Agent", "mbox_sha1sum": "ebd31e95054c018b10727ccffd2ef2ec3a016ee9"},
        {"objectType": "Group", "mbox": "mailto:team@b.example"},
        {"objectType": "StatementRef", "id": GOOD["id"]},
        SUB,
    ):
        assert complaints({**alone, "object": thing}) == []


def _with(path: str, value: Any) -> Callable[[Statement], None]:
    """Return what puts a value at a place."""

    def change(statement: Statement) -> None:
        *outer, last = path.split("/")
        part: Any = statement
        for key in outer:
            part = part[int(key) if isinstance(part, list) else key]
        part[int(last) if isinstance(part, list) else last] = value

    return change


def _without(path: str) -> Callable[[Statement], None]:
    def change(statement: Statement) -> None:
        *outer, last = path.split("/")
        part: Any = statement
        for key in outer:
            part = part[key]
        del part[last]

    return change


BAD = {
    **{f"no {key}": _without(key) for key in ("actor", "verb", "object")},
    "an id that is no UUID": _with("id", "1234"),
    "an id without hyphens": _with("id", "12345678123456789234567812345678"),
    "a UUID of another variant": _with("id", "12345678-1234-5678-c234-567812345678"),
    "an unknown property": _with("passed", True),
    "a property in another case": _with("Result", {"response": "x"}),
    "null": _with("result/response", None),
    "null in a list": _with("object/definition/choices/1", None),
    "an empty object": _with("result/score", {}),
    "an actor without an identifier": _with("actor", {"objectType": "Agent", "name": "Ana"}),
    "an actor with two identifiers": _with("actor/mbox", "mailto:a@b.example"),
    "an actor that is an activity": _with("actor/objectType", "Activity"),
    "an actor that is something else": _with("actor", "Ana"),
    "an agent with members": _with("actor/member", []),
    "a group of groups": _with("context/team", {"objectType": "Group", "member": [{"objectType": "Group"}]}),
    "a group of nobody": _with("context/team", {"objectType": "Group", "name": "Us"}),
    "a team that is an agent": _with("context/team", {"mbox": "mailto:a@b.example"}),
    "a mailbox that is none": _with("context/instructor/mbox", "a@b.example"),
    "a hash that is none": _with("context/instructor", {"mbox_sha1sum": "abc"}),
    "an OpenID without a scheme": _with("context/instructor", {"openid": "a.example"}),
    "an account without a name": _without("actor/account/name"),
    "an account with an empty name": _with("actor/account/name", ""),
    "an account without a home page": _without("actor/account/homePage"),
    "a home page without a scheme": _with("actor/account/homePage", "a.example"),
    "a home page that is no address": _with("actor/account/homePage", "urn:x:y"),
    "a verb without an id": _without("verb/id"),
    "a verb without a display": _without("verb/display"),
    "a verb that is a word": _with("verb/id", "responded"),
    "a display that is a word": _with("verb/display", "responded"),
    "a display in no language": _with("verb/display", {"english!": "responded"}),
    "a display in a number": _with("verb/display", {"en": 1}),
    "voiding an activity": _with("verb/id", "http://adlnet.gov/expapi/verbs/voided"),
    "an object of no kind": _with("object/objectType", "activity"),
    "an activity without an id": _without("object/id"),
    "an activity whose id has blanks": _with("object/id", "https://a.example/a b"),
    "an activity whose id has a bad escape": _with("object/id", "https://a.example/%zz"),
    "a definition with something else": _with("object/definition/title", "x"),
    "a type that is a word": _with("object/definition/type", "question"),
    "a name in no language": _with("object/definition/name", {"": "x"}),
    "an interaction of no type": _with("object/definition/interactionType", "Choice"),
    "choices without a type": _without("object/definition/interactionType"),
    "an interaction that is something else": _with("object/definition/type", "https://a.example/type"),
    "a list that the type does not have": _with("object/definition/scale", [{"id": "a"}]),
    "a pattern that is a string": _with("object/definition/correctResponsesPattern", "golf"),
    "two choices with one id": _with("object/definition/choices/1/id", "golf"),
    "a choice whose id has blanks": _with("object/definition/choices/1/id", "a b"),
    "a choice without an id": _without("object/definition/choices"),
    "a reference to a word": _with("object", {"objectType": "StatementRef", "id": "that one"}),
    "a reference that says more": _with("context/statement/verb", "x"),
    "a statement within one within one": _with("object", {**SUB, "object": SUB}),
    "a statement within one with an id": _with("object", {**SUB, "id": GOOD["id"]}),
    "a score above 1": _with("result/score/scaled", 1.01),
    "a score below -1": _with("result/score/scaled", -1.01),
    "a score in words": _with("result/score/scaled", "0.5"),
    "a score that is true": _with("result/score/raw", True),
    "a raw score below the least": _with("result/score/raw", -1),
    "a raw score above the most": _with("result/score/raw", 11),
    "a least that is the most": _with("result/score/max", 0),
    "a success in words": _with("result/success", "true"),
    "a completion in numbers": _with("result/completion", 1),
    "a response that is a list": _with("result/response", ["golf"]),
    "a duration in words": _with("result/duration", "4 hours"),
    "a duration of nothing": _with("result/duration", "P"),
    "a duration that ends with T": _with("result/duration", "P1DT"),
    "a duration of weeks and days": _with("result/duration", "P4W1D"),
    "a duration as a time": _with("result/duration", "P0000-00-00T04:35:59"),
    "a duration too precise": _with("result/duration", "PT1.123S"),
    "an extension that is a word": _with("result/extensions/sure", 1),
    "extensions that are a list": _with("context/extensions", [1]),
    "a registration that is no UUID": _with("context/registration", "20261121-100000-abc"),
    "a context of another kind": _with("context/contextActivities/sibling", [{"id": "urn:x:y"}]),
    "a context that is a word": _with("context/contextActivities/parent", ["urn:x:y"]),
    "a single context": _with("context/contextActivities/parent", {"id": "urn:x:y"}),
    "a revision of an agent": _with("object", {"objectType": "Agent", "mbox": "mailto:a@b.example"}),
    "a language that is none": _with("context/language", "klingon_1"),
    "a time without a day": _with("timestamp", "05:32:34.804Z"),
    "a time without milliseconds": _with("timestamp", "2013-05-18T05:32:34Z"),
    "a time without a zone": _with("timestamp", "2013-05-18T05:32:34.804"),
    "a time with minus zero": _with("timestamp", "2013-05-18T05:32:34.804-00:00"),
    "a day that is none": _with("timestamp", "2013-02-30T05:32:34.804Z"),
    "a time to come": _with("timestamp", "9013-05-18T05:32:34.804Z"),
    "a time in numbers": _with("timestamp", 1368855154),
    "a version of the specification": _with("version", "1.0.3"),
    "attachments that are none": _with("attachments", [{"usageType": "x"}]),
}
"""What breaks a rule, each in one place."""
BAD["a choice without an id"] = _with("object/definition/choices/1", {"description": {"en": "Golf"}})


@pytest.mark.parametrize("change", BAD.values(), ids=BAD)
def test_every_bad_statement_is_found(change: Callable[[Statement], None]) -> None:
    """One thing is changed in a good statement, and the rules notice."""
    statement = copy.deepcopy(GOOD)
    change(statement)
    assert complaints(statement, datetime.now(UTC))


def test_two_statements_with_one_id_are_found() -> None:
    """A store takes each once."""
    assert complaints_together([GOOD, {**GOOD, "id": GOOD["id"].upper()}])
    assert not complaints_together([GOOD, {**GOOD, "id": "6690e6c9-3ef0-4ed3-8b37-7f3964730bee"}])
