"""Several things decided at once, and how sure one was: as sessions, transcripts and reports tell it."""

from __future__ import annotations

from pathlib import Path

import pytest

from scoring.offer import InOrder, SomeOf
from scoring.rubric import Level, Mark
from simulator.archive import Archive, Logged
from simulator.calibration import Certainty, certainties, certainty_lines
from simulator.journal import Record
from simulator.people import People, Person
from simulator.report import debrief, report
from simulator.session import Chose, NotOffered, Ranked, Selected, Session, start
from simulator.settings import Home
from simulator.transcript import Moment, moments
from tests.cases import MANY, case, rubric, scenario
from tests.journals import ANA, begin, case_in

PEOPLE = People({ANA: Person(ANA, "Ana Silva")})


def begun(seed: int = 7) -> Session:
    return start(scenario(MANY), seed)


def told() -> tuple[Moment, ...]:
    """Play with a little of everything."""
    session = begun().select(["tidy", "call"], 4).rank(["mail", "phone", "tea"], 1).select([])
    return moments(session.choose("stay", 4))


# -- what can be decided ----------------------------------------------------------------------


def test_what_is_picked_may_be_named_in_any_order() -> None:
    """The order of picking does not matter; the event has the author's, so that two sessions can be compared."""
    assert begun().select(["call", "note"]).events == begun().select(("note", "call", "note")).events
    assert begun().select(["call", "note"]).events == (Selected("desk", ("note", "call")),)


@pytest.mark.parametrize("picked", [[], ["note", "call", "tidy"], ["file"], ["note", "x"], ["x"], ["go"], [""]])
def test_what_cannot_be_picked_is_refused_with_what_can(picked: list[str]) -> None:
    """Too few, too many, what is not on offer now and what is nowhere: each is refused, and the session stays."""
    session = begun()
    with pytest.raises(NotOffered, match=r"cannot be picked in `desk` now \(1 to 2 of: .*note.*\)"):
        session.select(picked)


@pytest.mark.parametrize("event", [("call", "note"), ("note", "note"), ("note", "tidy", "call")])
def test_events_in_another_order_or_twice_are_refused(event: tuple[str, ...]) -> None:
    """A journal that holds what no session writes does not replay."""
    with pytest.raises(NotOffered):
        begun().act(Selected("desk", event))


@pytest.mark.parametrize("order", [[], ["phone"], ["phone", "mail", "mail"], ["phone", "mail", "tea", "tea"], ["x"]])
def test_an_order_needs_each_of_them_once(order: list[str]) -> None:
    """What is missing, twice or unknown is refused with all that is to be put in order."""
    session = begun().select(["note"])
    with pytest.raises(NotOffered, match=r"in `order` this cannot be put in order \(all of these, once each: .*tea"):
        session.rank(order)


def test_each_kind_of_scene_takes_its_own_kind_of_decision() -> None:
    """Picking where something is to be ordered, ordering where something is to be picked, choosing in either: no."""
    first, second = begun(), begun().select(["note"])
    last = second.rank(["phone", "mail", "tea"]).select(["nod"])
    for session, event in (
        (first, Chose("desk", "note")),
        (first, Ranked("desk", ("note", "call", "tidy", "file"))),
        (second, Selected("order", ("phone",))),
        (second, Chose("order", "phone")),
        (last, Selected("last", ("go",))),
        (last, Ranked("last", ("go", "stay"))),
        (second, Selected("desk", ("note",))),
    ):
        with pytest.raises(NotOffered):
            session.act(event)


def test_fewer_on_offer_fewer_needed() -> None:
    """Limits count what is on offer: with nothing on offer nothing is needed, and one goes on with nothing."""
    session = begun().select(["call"]).rank(["mail", "phone", "tea"])
    assert (session.options, session.limits, session.stuck) == ((), (0, 0), False)
    assert session.select([]).scene is not None
    assert begun().read("letter").limits == (1, 2)


def test_the_order_on_screen_is_drawn_from_the_seed() -> None:
    """Options and items stand in an order of the seed's, the same whenever it is looked at."""
    shown = {tuple(option.id for option in begun(seed).options) for seed in range(60)}
    assert len(shown) == 6
    orders = {tuple(begun(seed).select(["note"]).items) for seed in range(60)}
    assert len(orders) == 6
    assert begun(3).options == begun(3).options
    # What comes on offer later moves nothing else.
    for seed in range(10):
        before = [option.id for option in begun(seed).options]
        after = [option.id for option in begun(seed).read("letter").options]
        assert [name for name in after if name != "file"] == before


def test_minutes_of_the_scene_and_of_what_is_picked_pass() -> None:
    """Deciding takes its minutes, and each option its own on top."""
    assert [begun().select(picked).minutes for picked in (["call"], ["note"], ["note", "call"])] == [2, 7, 7]


def test_marks_count_once_however_often_it_is_decided() -> None:
    """Picking, leaving out and ordering again in a scene that comes back is worth nothing again."""
    found = case(
        """
        first:
          select:
            prompt: Which?
            options:
              one: {do: A., marks: {rapport.empathy: best}, left-out: {marks: {rapport.empathy: poor}}}
              two: {do: B., marks: {rapport.limits: best}}
          next: second
        second:
          rank:
            prompt: Order?
            items: {a: A, b: B}
            pairs: [{this: a, before: b, marks: {ethics.safety: best}, reverse: {marks: {ethics.safety: poor}}}]
          next: first
        """
    )

    def worth(session: Session) -> list[str]:
        return [str(mark) for award in session.awards for mark in award.marks]

    session = start(found).select(["one"])
    assert worth(session) == ["rapport.empathy: best"]
    session = session.rank(["a", "b"])
    assert worth(session) == ["ethics.safety: best"]
    session = session.select(["one", "two"])
    assert worth(session) == ["rapport.limits: best"]
    session = session.rank(["b", "a"])
    assert (worth(session), session.decisions[-1].offer) == ([], InOrder(("a", "b"), {}))
    session = session.select(["two"])
    assert worth(session) == ["rapport.empathy: poor"]
    assert worth(session.rank(["a", "b"]).select(["two"])) == []


def test_what_was_on_offer_is_known_to_the_scorecard() -> None:
    """A decision knows its own marks, apart from those of outcomes, and what each option was worth either way."""
    decided = begun().select(["call"]).rank(["phone", "mail", "tea"]).decisions
    best, poor = (Mark("organization.records", level) for level in (Level.BEST, Level.POOR))
    kind, harmful = Mark("rapport.empathy", Level.ACCEPTABLE), Mark("ethics.safety", Level.HARMFUL)
    assert decided[1].taken == (kind, poor)
    assert decided[1].offer == SomeOf((((best,), (poor,)), ((kind,), ()), ((harmful,), ())), 1, 2)
    assert isinstance(decided[2].offer, InOrder)
    assert decided[2].offer.items == ("phone", "mail", "tea")
    assert set(decided[2].offer.pairs) == {("phone", "mail"), ("mail", "phone"), ("phone", "tea")}


def test_how_sure_changes_nothing_else() -> None:
    """The same decisions lead to the same, whatever was said about them."""
    sure, silent = begun().select(["note"], 4), begun().select(["note"])
    assert (sure.state, sure.awards, sure.confidence, silent.confidence) == (silent.state, silent.awards, 4, 0)
    assert begun().read("letter").confidence == 0


# -- as it is told ----------------------------------------------------------------------------


def test_what_was_done_is_told_in_one_line() -> None:
    """What was picked stands in the author's order, what was ordered with its places."""
    assert [each.what for each in told()] == [
        "Picked: “It is me again.”; Tidy the desk.",
        "In order: 1. Answer the e-mail; 2. Call her back; 3. Make tea",
        "Picked: nothing",
        "Stay.",
    ]


def test_what_was_left_is_told() -> None:
    """What was on offer and not taken is known for picking and choosing; an order leaves nothing out."""
    assert [[each.id for each in moment.skipped] for moment in told()] == [["note"], [], [], ["go"]]
    everything = moments(start(scenario(MANY.replace("most: 2", "most: 4")), 7).select(["note", "call", "tidy"]))
    assert everything[0].skipped == ()
    assert [each.id for each in everything[0].picked] == ["note", "call", "tidy"]


def test_what_others_say_is_told_with_their_names() -> None:
    """Voices come apart from what the person at hand says, and are told once."""
    first, second, third, _ = told()
    assert (first.person, first.speech, first.voices) == (
        "Ms. Adeyemi",
        "I am still here.",
        (("Gus Brandt", "So am I."),),
    )
    assert (second.speech, second.voices, third.voices) == ("", (("Gus Brandt", "Me too."),), ())
    opened = moments(begun().read("directory").select(["note"]))
    assert [each.voices for each in opened] == [(("Gus Brandt", "So am I."),), ()]
    assert opened[0].what == "Read: Referral directory"


def test_each_decision_says_how_sure() -> None:
    """How sure stands with the decision, and is nothing where it was not asked."""
    assert [each.confidence for each in told()] == [4, 1, 0, 4]
    assert [each.decided for each in told()] == [True, True, True, True]


def test_reactions_see_what_was_changed() -> None:
    """What comes of each option is told first, then what comes of all of them."""
    assert [each.reaction for each in told()] == ["It waits.", "So be it.", "", ""]
    assert begun().select(["note"]).reaction == "The pen scratches.\n\nThat is done."


# -- how sure, and how right ------------------------------------------------------------------


def test_how_sure_is_set_against_what_it_was_worth() -> None:
    """Surest first: how many decisions, and which of them were harmful or poor; what was not asked is left out."""
    found = certainties(told())
    assert found == (Certainty(4, (1, 4), poor=(4,), harmful=(1,)), Certainty(1, (2,), poor=(2,), harmful=()))
    assert certainty_lines(found) == [
        "quite sure: 2 decisions; harmful at 1; poor at 4",
        "a guess: 1 decision; poor at 2",
    ]


def test_a_critical_is_as_bad_as_a_harmful_mark() -> None:
    """Who was sure and raised a critical is told of it, also where no mark was harmful."""
    text = MANY.replace(
        "start: desk", "criticals:\n  unsafe: {cue: desk, when: chose(stay), at: last, why: So.}\nstart: desk"
    )
    session = start(scenario(text), 1).select(["note"], 3).rank(["phone", "mail", "tea"], 3).select(["nod"], 2)
    found = certainties(moments(session.choose("stay", 2)))
    assert found == (Certainty(3, (1, 2), (), ()), Certainty(2, (3, 4), (), (4,)))
    assert certainty_lines(found) == ["fairly: 2 decisions", "not very: 2 decisions; harmful at 4"]


def test_nothing_is_said_where_nobody_was_asked() -> None:
    """Without a word on how sure there is nothing to set against anything."""
    session = begun().select(["note"])
    assert certainties(moments(session)) == ()
    assert certainty_lines(()) == []
    assert "HOW SURE" not in debrief(session, rubric())


# -- as text ----------------------------------------------------------------------------------


def _flat(text: str) -> str:
    return " ".join(text.split())


@pytest.fixture
def logged(tmp_path: Path) -> Logged:
    """Return a session that was played and written down."""
    where = Home(tmp_path)
    play = begin(where, case_in(tmp_path / "cases", MANY, "many-at-once.yaml"), confidence=True)
    play.read("directory")
    play.select(["tidy", "call"], 4)
    play.rank(["mail", "phone", "tea"], 1)
    play.select([])
    play.choose("stay", 4)
    play.close()
    return Archive(where).load(play.path)


@pytest.mark.parametrize("width", [60, 80, 120])
def test_a_report_tells_all_of_it(logged: Logged, width: int) -> None:
    """Who spoke, what was done and not taken, what it was worth, and how sure: for whoever reviews it."""
    text = report(logged, PEOPLE, width=width)
    assert all(len(line) <= width for line in text.splitlines())
    told = _flat(text)
    for words in (
        "Ms. Adeyemi: I am still here. Gus Brandt: So am I.",
        "→ Read: Referral directory",
        "(not taken) Write the note.",
        "→ Picked: “It is me again.”; Tidy the desk. (sure: 4 of 4 (quite sure))",
        "Not now.",
        "It was not written.",
        "→ In order: 1. Answer the e-mail; 2. Call her back; 3. Make tea (sure: 1 of 4 (a guess))",
        "She waited.",
        "→ Picked: nothing",
        "HOW SURE YOU WERE quite sure: 2 decisions; harmful at 2; poor at 5 a guess: 1 decision; poor at 3",
        "Not read: The letter.",
    ):
        assert words in told


def test_a_debrief_tells_each_decision(logged: Logged) -> None:
    """The trainee sees each decision with its marks and how sure they were of it."""
    told = _flat(debrief(logged.session, rubric()))
    assert "2 Picked: “It is me again.”; Tidy the desk. (sure: 4 of 4 (quite sure)) *" in told
    assert "3 In order: 1. Answer the e-mail; 2. Call her back; 3. Make tea (sure: 1 of 4 (a guess)) *" in told
    assert "HOW SURE YOU WERE" in told


def test_the_journal_holds_what_was_decided(logged: Logged) -> None:
    """Replaying gives the same events, with how sure each was."""
    records: tuple[Record, ...] = logged.recorded.records
    assert tuple(record.event for record in records) == logged.session.events
    assert [getattr(each, "confidence", None) for each in logged.session.events] == [None, 4, 1, 0, 4]
    assert logged.trouble == ""
