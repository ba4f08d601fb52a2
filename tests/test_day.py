"""A day with several clients on one clock: open work falls due, things break in, and what is left comes back."""

from __future__ import annotations

import random
from functools import cache

import pytest
from hypothesis import given

from scoring.rubric import Level
from simulator import control
from simulator.explore import Exploration, Unfinished
from simulator.open_work import Standing
from simulator.scenario import Scenario
from simulator.session import Chose, Session, replay, start
from tests.brute_force import Played, TooMany, compared, every_way_compared, play_all
from tests.cases import DAY_CASE, TRIALS, loaded, rubric, scenario, trials
from tests.explorer_mutants import DAY_MUTANTS, Mutant
from tests.naive_play import World
from tests.scenarios_random import DAY, play_on, random_case
from tests.test_explore import SETTINGS
from tests.test_session import SEEDS, same

MOST_WORLDS = 700
CHUNK = 60
CHUNKS = 4 * TRIALS
FIRST = 40 * TRIALS


@cache
def play(seed: int) -> tuple[Scenario, Played | None]:
    """Return the day of a seed, and every play of it; None: there are too many."""
    found = scenario(random_case(seed, DAY))
    try:
        return found, play_all(found, rubric(), MOST_WORLDS)
    except TooMany:
        return found, None


def day(*replaced: tuple[str, str]) -> Session:
    """Begin the small day, with some of its lines replaced."""
    text = DAY_CASE
    for old, new in replaced:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return start(scenario(text))


def choose(session: Session, *names: str) -> Session:
    for name in names:
        session = session.choose(name)
    return session


def at(session: Session) -> str:
    here = session.scene or session.ending
    assert here is not None
    return here.id


def stands(session: Session) -> dict[str, str]:
    return {task.id: str(standing) for task, standing in session.work}


# -- the clock --------------------------------------------------------------------------------------


def test_the_clock_moves_step_by_step() -> None:
    """What says nothing takes one step; writing takes as many as come nearest above what it takes otherwise."""
    session = day()
    assert session.read("mail").minutes == 5
    assert session.consult().minutes == 5
    assert choose(session, "see", "ask").minutes == 25


# -- open work --------------------------------------------------------------------------------------


def test_open_work_is_listed_as_it_stands() -> None:
    """A task is there from when its condition holds on, open until it is done, and missed for good."""
    session = day()
    assert stands(session) == {"packet": "open", "sims": "open"}
    session = choose(session, "send", "let")
    assert stands(session) == {"packet": "done", "sims": "open", "call": "open"}
    late = choose(day(), "see", "ask", "answer", "tidy")
    assert stands(late) == {"packet": "missed", "sims": "done", "call": "done"}
    assert stands(choose(late, "send"))["packet"] == "missed"


def test_what_is_done_on_the_minute_is_in_time() -> None:
    """A task is missed by the first decision that takes the clock past its point, by how things stood before it."""
    on_time = choose(day(), "tidy", "let", "send")
    assert (on_time.minutes, on_time.awards[-1].marks[0].level) == (30, Level.BEST)
    assert not choose(on_time, "tidy").fell_due
    late = choose(day(), "see", "ask", "answer")
    assert (late.minutes, late.fell_due) == (30, ())
    late = choose(late, "send")
    assert [(task.id, words) for task, words in late.fell_due] == [("packet", "The window closes while you talk.")]
    assert [(award.where, str(award.marks[0])) for award in late.awards] == [
        ("desk", "organization.priorities: best"),
        ("packet", "organization.priorities: poor"),
    ]


def test_what_nobody_has_judged_is_judged_at_the_end() -> None:
    """Whoever goes home early has missed what is due later; what was not there yet nobody misses."""
    over = choose(day(), "home")
    assert [award.where for award in over.awards] == ["packet", "sims"]
    assert stands(over) == {"packet": "missed", "sims": "missed"}
    assert dict(over.aftermath) == {"ana": "Ms. Ortega waits another month."}
    well = choose(day(), "send", "answer", "see", "ask", "home")
    assert not well.fell_due
    assert well.narration.endswith("Ms. Ortega's benefits go on.\n\nMr. Sims: He has a plan.")
    assert dict(well.aftermath) == {"ana": "Ms. Ortega's benefits go on.", "joe": "He has a plan."}


def test_a_task_counts_once() -> None:
    """However often the clock passes something, a task is missed one time."""
    session = choose(day(), "tidy", "let", "tidy", "tidy", "tidy", "go-on", "tidy", "home")
    given = [award.where for decision in session.decisions for award in decision.awards]
    assert given.count("packet") == 1


def test_a_hub_tells_what_work_is_open() -> None:
    """What is due first comes first, what is missed and done comes last; whose it is stands in the title or behind."""
    assert day().narration == "Your desk.\n\nOpen work:\n- by 09:30: Ms. Ortega's packet\n- Mr. Sims waits"
    session = choose(day(), "see", "ask", "answer", "tidy")
    assert session.narration.splitlines()[2:] == [
        "Work:",
        "- missed: Ms. Ortega's packet",
        "- done: Mr. Sims waits",
        "- done: A voicemail",
    ]
    named = day(("title: A voicemail\n", "title: A voicemail\n    owner: joe\n"))
    assert "- A voicemail (Mr. Sims)" in choose(named, "send", "let").narration.splitlines()


def test_what_falls_due_is_told_with_the_reaction() -> None:
    """Whoever lets something pass is told so at once, whatever they did meanwhile; at the end everybody is told of."""
    late = choose(day(), "tidy", "let", "tidy")
    assert (late.read("mail").reaction, late.consult().reaction) == ("The window closes.", "The window closes.")
    over = choose(late, "home")
    assert over.narration == "You put on your coat.\n\nMs. Ortega waits another month."


# -- what breaks in ---------------------------------------------------------------------------------


def test_something_breaks_in_at_the_first_decision_from_its_time_on() -> None:
    """Before its time nothing comes; then it comes once, and leads back to where it broke in."""
    early = day().read("mail")
    assert (at(early), early.interrupt) == ("desk", None)
    session = choose(early, "send")
    assert (at(session), session.broke_in) == ("phone", True)
    assert session.interrupt is not None
    assert session.interrupt.id == "rings"
    back = choose(session, "let")
    assert (at(back), back.interrupt, back.broke_in) == ("desk", None, False)
    assert at(choose(back, "tidy")) == "desk"


def test_something_breaks_in_only_where_it_may() -> None:
    """The phone on the desk is not heard in the meeting room; it rings once somebody is back."""
    session = choose(day(), "see")
    assert (at(session), session.minutes) == ("talk", 20)
    assert at(choose(session, "ask")) == "phone"


def test_where_it_broke_in_nothing_is_entered_anew() -> None:
    """Coming back is no second arrival: what entering does to facts and feelings has happened once."""
    session = day(("    text: Your desk.\n", "    text: Your desk.\n    feels: {trust: +1}\n    clears: called-back\n"))
    session = choose(session, "send", "answer")
    assert (session.feelings["ana.trust"], "called-back" in session.facts) == (6, True)
    assert session.phase == "preparation"


def test_the_earliest_comes_first_and_one_at_a_time() -> None:
    """Of two whose time has come the earlier breaks in; on coming back the other does."""
    session = choose(day(), "tidy", "let", "tidy", "tidy")
    assert (session.minutes, at(session)) == (45, "desk")
    session = day(("    in: desk\n", ""), ("    when: not joe-seen\n", ""), ("tidy: {do: Tidy the desk., minutes: 15",
                   "tidy: {do: Tidy the desk., minutes: 60"))  # fmt: skip
    session = choose(session, "tidy")
    assert at(session) == "phone"
    session = choose(session, "let")
    assert (at(session), session.broke_in) == ("door", True)
    assert at(choose(session, "go-on")) == "desk"


def test_nothing_breaks_in_at_an_ending_or_while_something_else_goes_on() -> None:
    """Whoever has ended has ended; and one thing at a time."""
    assert at(choose(day(("minutes: 0, next: over", "minutes: 30, next: over")), "home")) == "over"
    long = day(("sets: called-back, next: back", "sets: called-back, minutes: 60, again: true, next: phone"))
    session = choose(long, "send", "answer")
    assert (at(session), session.minutes) == ("phone", 75)


def test_what_breaks_in_may_ask_for_something() -> None:
    """What is only for some moments does not come at others."""
    seen = choose(day(), "see", "ask", "let", "tidy", "tidy")
    assert (seen.minutes, at(seen)) == (55, "desk")
    assert at(choose(seen, "tidy")) == "desk"
    assert at(choose(day(), "tidy", "let", "tidy", "tidy", "tidy")) == "door"


def test_a_day_is_replayed_from_its_events_alone() -> None:
    """Interrupts and missed work are no events: they follow from what the trainee did."""
    session = choose(day(), "tidy", "answer", "see", "ask", "home")
    again = replay(session.scenario, 0, session.events)
    assert (again.state, again.decisions) == (session.state, session.decisions)
    assert [type(event) for event in session.events] == [Chose] * 5


# -- by chance --------------------------------------------------------------------------------------


@trials(120)
@given(SEEDS)
def test_a_day_is_what_the_format_says(seed: int) -> None:
    """On random days a session agrees, moment by moment, with the format written a second time without any art."""
    found = scenario(random_case(seed, DAY))
    rng = random.Random(seed)
    for _ in range(4):
        session, world = start(found, seed), World(found)
        world.begin()
        same(session, world)
        for _ in range(30):
            if session.ending is not None or session.stuck:
                break
            session = play_on(session, rng)
            world.do(session.events[-1])
            same(session, world)
            assert {task.id for task, standing in session.work if standing is Standing.MISSED} == world.missed
            assert (session.interrupt is not None) == bool(world.back)


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_exploring_a_day_equals_playing_it_in_every_way(chunk: int) -> None:
    """For every state of random days: points, endings, responses, criticals, and where there is no way on."""
    looked = broke = missed = 0
    for seed in range(chunk * CHUNK, (chunk + 1) * CHUNK):
        found, whole = play(seed)
        if whole is None:
            continue
        looked += 1
        broke += any(world.back for world in whole.worlds)
        missed += any(world.missed for world in whole.worlds)
        assert [(seed, each) for each in compared(whole, Exploration(found, rubric()))] == []
    assert looked > 0.8 * CHUNK
    assert min(broke, missed) > 0.2 * CHUNK


@pytest.mark.parametrize("name", list(SETTINGS)[1:])
def test_reductions_change_nothing_about_a_day(name: str) -> None:
    """The same without any of the reductions, and without all of them."""
    for seed in range(FIRST):
        found, whole = play(seed)
        if whole is not None:
            explored = Exploration(found, rubric(), made=SETTINGS[name])
            assert [(seed, each) for each in compared(whole, explored)] == []


def test_every_way_through_a_day_is_named_with_its_worth() -> None:
    """What a decision cost is worked out from every way on, with what falls due by it."""
    for seed in range(FIRST):
        found, whole = play(seed)
        if whole is not None:
            differing = every_way_compared(whole, Exploration(found, rubric()))
            assert [(seed, each) for each in differing] == []


def test_the_small_day_is_solved() -> None:
    """The day that these tests play is explored to its last state, and equals playing it."""
    found = scenario(DAY_CASE)
    whole = play_all(found, rubric(), 20_000)
    for made in SETTINGS.values():
        assert list(compared(whole, Exploration(found, rubric(), made=made))) == []


def test_too_much_at_once_is_not_proven(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where time can bring too much in too many ways, that is told, and nothing is claimed."""
    monkeypatch.setattr(control, "MOST_DAYS", 10)
    with pytest.raises(Unfinished) as told:
        Exploration(scenario(DAY_CASE), rubric())
    assert told.value.costly == ("what time brings: interrupts and tasks that fall due",)


@pytest.mark.parametrize("mutant", DAY_MUTANTS, ids=lambda mutant: mutant.name)
def test_a_fault_in_exploring_a_day_is_found(mutant: Mutant, monkeypatch: pytest.MonkeyPatch) -> None:
    """A small fault makes some state of some random day come out differently, before long."""
    mutant.put(monkeypatch)
    for found, whole in map(play, range(mutant.most)):
        try:
            if whole is not None and any(True for _ in compared(whole, Exploration(found, rubric()))):
                return
        except (ArithmeticError, AssertionError, LookupError, RecursionError):
            return
    pytest.fail(f"{mutant.name} was not found in {mutant.most} days")


def test_the_small_day_loads() -> None:
    """The day that these tests play has no problem."""
    assert loaded(DAY_CASE).problems == ()
