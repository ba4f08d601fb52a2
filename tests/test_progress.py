"""What somebody's attempts show together, and what to practise next."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scoring.rubric import Level
from simulator.archive import Archive
from simulator.library import Case
from simulator.progress import (
    MOST_WEAKEST,
    Attempt,
    Progress,
    Suggested,
    finished_attempts,
    marked_by,
    progress,
    share,
)
from simulator.progress_telling import progress_json, progress_text
from simulator.settings import Home
from simulator.wording import DISCLAIMER
from tests.attempts import EXPLAINED, PROMISED, attempted, do, logged, ticking
from tests.cases import CASE, case, rubric, scenario, written
from tests.journals import ANA, begin, bodies_of, case_in, caseload, forged, text_of

OTHER = "p-other000"

LIMITS = CASE.replace("scenario: small-case", "scenario: on-limits").replace("title: A small case", "title: On limits")
PLANNING = (
    LIMITS.replace("on-limits", "on-planning")
    .replace("On limits", "On planning")
    .replace("rapport.limits", "organization.planning")
    .replace("organization.preparation", "organization.planning")
)


def shown(where: Home, *library: Case, person: str = ANA) -> Progress:
    return progress(person, logged(where), [each.scenario for each in library])


def kinds(attempts: tuple[Attempt, ...]) -> list[str]:
    return [attempt.logged.id for attempt in attempts]


@pytest.fixture(autouse=True)
def minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    ticking(monkeypatch)


@pytest.fixture
def where(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture
def small(tmp_path: Path) -> Case:
    return case_in(tmp_path / "cases")


# -- attempts -------------------------------------------------------------------------------------


def test_the_first_attempt_counts_and_repeats_stand_apart(where: Home, small: Case) -> None:
    """Marks of the first attempt at a case are evidence; those of later ones are kept beside it as practice."""
    first = attempted(where, small, *PROMISED)
    second = attempted(where, small, *EXPLAINED)
    found = shown(where, small)
    assert kinds(found.first_attempts) == [first]
    assert kinds(found.repeats) == [second]
    limits = next(each for each in found.standings if each.indicator.id == "rapport.limits")
    assert [seen.mark.level for seen in limits.first] == [Level.HARMFUL]
    assert [seen.mark.level for seen in limits.repeats] == [Level.BEST]


def test_attempts_are_in_the_order_in_which_they_came_to_their_endings(where: Home, small: Case) -> None:
    """Who finishes an old session after having seen the debrief of another has made a repeat of it."""
    early = begin(where, small)
    do(early, "invite")
    first = attempted(where, small, *EXPLAINED)
    do(early, "promise", "write:Late.")
    early.close()
    found = shown(where, small)
    assert kinds(found.attempts) == [first, early.path.stem]
    assert [each.id for each in finished_attempts(Archive(where), ANA, "small-case")] == kinds(found.attempts)


def test_unfinished_sessions_are_listed_and_do_not_count(where: Home, small: Case) -> None:
    """A session that was left gives no evidence, and the next one to be finished is a first attempt."""
    left = attempted(where, small, "invite")
    done = attempted(where, small, *EXPLAINED)
    found = shown(where, small)
    assert [each.id for each in found.unfinished] == [left]
    assert kinds(found.first_attempts) == [done]
    assert not found.weak
    assert "unfinished" in progress_text(found, "Ana")


def test_damaged_sessions_are_listed_and_do_not_count(where: Home, small: Case) -> None:
    """A journal that does not fit its case is no attempt, and that is told."""
    session = attempted(where, small, "invite")
    path = where.journals / f"{session}.jsonl"
    bodies = [{**body, "response": "explain"} if "response" in body else body for body in bodies_of(path)]
    path.unlink()
    forged(path, bodies)
    found = shown(where, small)
    assert not found.attempts
    assert [each.id for each in found.damaged] == [session]
    assert "damaged" in progress_text(found, "Ana")


def test_sessions_of_others_are_left_out(where: Home, small: Case) -> None:
    """What somebody else played is neither counted nor compared."""
    attempted(where, small, *PROMISED, person=OTHER)
    assert not shown(where, small).cases
    assert len(shown(where, small, person=OTHER).attempts) == 1


def test_a_case_that_was_edited_between_attempts_is_told(where: Home, tmp_path: Path) -> None:
    """A repeat of another version of the case says so, and so does a library that has moved on since."""
    attempted(where, case_in(tmp_path / "old"), *EXPLAINED)
    newer = case_in(tmp_path / "new", CASE.replace("version: 1.0.0", "version: 1.1.0"))
    attempted(where, newer, *EXPLAINED)
    latest = case_in(tmp_path / "latest", CASE.replace("version: 1.0.0", "version: 1.2.0"))
    found = shown(where, latest)
    assert [attempt.edited for attempt in found.attempts] == [False, True]
    assert found.cases[0].edited_since
    text = progress_text(found, "Ana")
    assert "the case was edited before it" in text
    assert "has been edited since the last attempt" in text
    assert not shown(where, newer).cases[0].edited_since
    assert "does not have this case any more" in progress_text(shown(where), "Ana")


# -- evidence -------------------------------------------------------------------------------------


def test_a_weak_indicator_shows_the_decisions_it_is_weak_in(where: Home, small: Case) -> None:
    """Evidence says in which case, at which decision, what was chosen, at which level, and why."""
    session = attempted(where, small, *PROMISED)
    limits, preparation = shown(where, small).weakest
    (seen,) = limits.low
    assert (seen.session, seen.title, seen.attempt, seen.decision) == (session, "A small case", 1, 2)
    assert (seen.what, seen.mark.level, seen.why) == (
        "“I will get you the money.”",
        Level.HARMFUL,
        "It is not yours to give.",
    )
    assert not seen.left_undone
    (seen,) = preparation.low
    assert (seen.decision, seen.what, seen.left_undone) == (1, "Ask her to come in.", True)


def in_a_row(*marks: str) -> str:
    """Write a case of as many scenes, each with one way on that is marked so."""
    names = ["first", *(f"scene-{number}" for number in range(1, len(marks))), "end"]
    return written(
        "\n".join(
            f"{name}: {{text: Here., responses: {{go: {{do: Go., marks: {{{given}}}, why: So., next: {to}}}}}}}"
            for name, to, given in zip(names, names[1:], marks, strict=False)
        )
    )


def test_harmful_marks_come_before_many_poor_ones(where: Home, tmp_path: Path) -> None:
    """The weakest indicator has the most harmful marks, then the most low ones; a share of few is no measure."""
    marks = ("rapport.partnership: poor", "rapport.empathy: poor", "rapport.limits: harmful", "rapport.empathy: poor")
    better = ("rapport.limits: best", "rapport.limits: best", "rapport.empathy: best")
    many = case_in(tmp_path / "many", in_a_row(*marks, *better))
    attempted(where, many, *["go"] * 7)
    found = shown(where, many)
    assert [standing.indicator.title for standing in found.weakest] == ["Limits", "Empathy", "Partnership"]
    text = progress_text(found, "Ana")
    for line in (
        "Limits (rapport): 1 of 3 marks poor or harmful",
        "Empathy (rapport): 2 of 3 marks poor or harmful",
        "Partnership (rapport): 1 of 1 mark poor or harmful",
    ):
        assert line in text


def test_only_the_weakest_are_told_with_evidence_and_the_others_named(where: Home, tmp_path: Path) -> None:
    """More than a handful of weak indicators is a list, not a page; a sentence does not name them all either."""
    names = [name for name in rubric().indicators if name.startswith("rapport.")]
    names += [name for name in rubric().indicators if name.startswith("organization.")]
    weak = names[: MOST_WEAKEST + 1]
    many = case_in(tmp_path / "many", in_a_row(*(f"{name}: poor" for name in weak)))
    attempted(where, many, *["go"] * len(weak))
    found = shown(where, many)
    assert (len(found.weakest), len(found.weak)) == (MOST_WEAKEST, MOST_WEAKEST + 1)
    left = rubric().indicators[weak[-1]].title
    assert f"Also with poor or harmful marks: {left} (1 of 1)." in progress_text(found, "Ana")
    assert "and 3 more" in found.advice[0].reason


def test_criticals_come_first(where: Home, small: Case) -> None:
    """A critical stands before everything else, with the decision it was raised at, also one of a repeat."""
    attempted(where, small, *EXPLAINED)
    attempted(where, small, *PROMISED)
    found = shown(where, small)
    (critical,) = found.criticals
    assert (critical.critical.id, critical.attempt) == ("broken-promise", 2)
    text = progress_text(found, "Ana")
    assert text.index("CRITICAL: broken promise") < text.index("WHAT TO PRACTISE NEXT")
    assert "A small case, attempt 2, decision" in text


def test_no_number_over_everything_is_told(where: Home, small: Case) -> None:
    """Three dimensions stand side by side; nothing adds them up, and the disclaimer is there."""
    attempted(where, small, *PROMISED)
    text = progress_text(shown(where, small), "Ana")
    for dimension in ("rapport", "organization", "ethics"):
        assert dimension in text
    assert " ".join(DISCLAIMER.split()) in " ".join(text.split())
    assert not {"score", "rank", "average", "overall", "total"} & set(text.lower().split())


def test_how_many_is_said_with_out_of_how_many(where: Home, small: Case) -> None:
    """Counts are told as counts, and one of one is not made into more."""
    attempted(where, small, *PROMISED)
    (limits, _) = shown(where, small).weakest
    assert share(limits.first) == "1 of 1 mark poor or harmful"
    assert share(limits.first, sentence=True) == "1 of 1 mark was poor or harmful"
    assert share((*limits.first, *limits.first), sentence=True) == "2 of 2 marks were poor or harmful"


# -- what to practise -----------------------------------------------------------------------------


def test_a_case_never_played_that_marks_what_is_weak_is_suggested_with_the_reason(
    where: Home, small: Case, tmp_path: Path
) -> None:
    """The case with a critical comes first, then new ones that mark the weak indicator, then the rest."""
    limits = case_in(tmp_path / "more", LIMITS, "on-limits.yaml")
    planning = case_in(tmp_path / "more", PLANNING, "on-planning.yaml")
    attempted(where, small, *PROMISED)
    advice = shown(where, planning, limits, small).advice
    assert [(each.scenario.id, each.how) for each in advice] == [
        ("small-case", Suggested.AGAIN),
        ("on-limits", Suggested.NEW),
        ("on-planning", Suggested.NEW),
    ]
    assert advice[0].reason.startswith("Your last attempt raised a critical: broken promise.")
    assert advice[1].reason == (
        "You have not played it, and it marks Limits, where 1 of 1 mark was poor or harmful on first attempts. "
        "It also marks Preparation."
    )
    assert advice[1].indicators == ("rapport.limits", "organization.preparation")
    assert advice[2].reason == "You have not played it yet."


def test_what_was_begun_is_gone_on_with(where: Home, small: Case, tmp_path: Path) -> None:
    """A case that was never finished but begun is suggested as the session to go on with."""
    limits = case_in(tmp_path / "more", LIMITS, "on-limits.yaml")
    attempted(where, small, *PROMISED)
    left = attempted(where, limits, "invite")
    advice = next(each for each in shown(where, limits, small).advice if each.scenario.id == "on-limits")
    assert (advice.how, advice.session) == (Suggested.GO_ON, left)
    assert advice.reason.startswith("You began it and have not come to an ending; it marks Limits")


def test_a_repeat_is_suggested_where_the_last_attempt_had_low_marks(where: Home, small: Case) -> None:
    """What went wrong last can be tried again; once it went well, nothing more is suggested."""
    attempted(where, small, *PROMISED)
    attempted(where, small, "read:letter", *PROMISED)
    attempted(where, small, *EXPLAINED)
    assert shown(where, small).advice == ()
    nothing = "Nothing: you have played every case of the library"
    assert nothing in " ".join(progress_text(shown(where, small), "Ana").split())


def test_low_marks_without_a_critical_suggest_the_case_again(where: Home, tmp_path: Path) -> None:
    """The reason for a repeat names how many marks were low, and on what."""
    mild = case_in(tmp_path / "mild", CASE.replace("    when: promised\n    why", "    when: not promised\n    why"))
    attempted(where, mild, *PROMISED)
    (advice,) = shown(where, mild).advice
    assert advice.how is Suggested.AGAIN
    assert advice.reason == (
        "In your last attempt 2 of 2 marks were poor or harmful, on Preparation and Limits. A repeat is practice."
    )


def test_who_has_not_played_is_offered_what_there_is(where: Home, small: Case) -> None:
    """Without any session everything is new, and nothing is called weak."""
    found = shown(where, small)
    assert [(each.how, each.reason) for each in found.advice] == [(Suggested.NEW, "You have not played it yet.")]
    text = progress_text(found, "Ana")
    assert "No case has been played to its end yet." in text
    assert "0 first attempts, 0 repeats" in text


def test_the_indicators_that_a_case_marks_are_found_wherever_marks_are_given() -> None:
    """Responses, options picked and left, orders, outcomes of scenes and of endings all mark."""
    assert marked_by(scenario(CASE)) == {"organization.preparation", "rapport.limits"}
    found = marked_by(
        case(
            """
            first:
              text: Here.
              outcomes: [{marks: {rapport.limits: poor}, why: So.}]
              select:
                prompt: Pick.
                options:
                  one: {do: One., marks: {rapport.empathy: best}, why: So.}
                  two: {do: Two., left-out: {marks: {rapport.respect: poor}, why: So.}}
              next: second
            second:
              text: There.
              rank:
                prompt: Order.
                items: {one: One, two: Two}
                pairs:
                  - this: one
                    before: two
                    marks: {organization.priorities: best}
                    why: So.
                    reverse: {marks: {organization.planning: poor}, why: So.}
              next: end
            """,
            endings="""
            end: {title: The end, text: Over., outcomes: [{marks: {ethics.autonomy: best}, why: So.}]}
            """,
        )
    )
    assert found == {
        "rapport.limits",
        "rapport.empathy",
        "rapport.respect",
        "organization.priorities",
        "organization.planning",
        "ethics.autonomy",
    }


# -- the command ----------------------------------------------------------------------------------


def test_the_command_tells_progress(where: Home, small: Case) -> None:
    """`caseload progress --as` finds somebody by id or by name, and takes nobody down who is new."""
    where.root.mkdir(parents=True, exist_ok=True)
    where.people.write_text(f"{ANA}: {{name: Ana Silva}}\n", encoding="utf-8")
    attempted(where, small, *PROMISED)
    for who in ("Ana Silva", ANA):
        code, out, _ = text_of(caseload(where.root, "progress", "--as", who))
        assert code == 0
        assert out.startswith("PROGRESS: Ana Silva\n")
        assert max(len(line) for line in out.splitlines()) <= 80
    code, out, error = text_of(caseload(where.root, "progress", "--as", "Nobody Here"))
    assert (code, out) == (2, "")
    assert "nobody here is called `Nobody Here`" in error
    assert "Nobody Here" not in where.people.read_text(encoding="utf-8")


def test_the_command_needs_to_know_whose(where: Home) -> None:
    """Without a name, and with nobody remembered, it says what to type."""
    code, _, error = text_of(caseload(where.root, "progress"))
    assert code == 2
    assert "caseload progress --as PERSON" in error


def test_progress_as_json_has_stable_keys(where: Home, small: Case) -> None:
    """Tools get everything that people get."""
    session = attempted(where, small, *PROMISED)
    code, out, _ = text_of(caseload(where.root, "progress", "--as", ANA, "--format", "json"))
    assert code == 0
    told = json.loads(out)
    assert told == json.loads(json.dumps(progress_json(shown(where), ANA))) | {
        "practise": told["practise"],
    }
    assert list(told) == ["person", "name", "criticals", "practise", "indicators", "dimensions", "cases"]
    assert told["dimensions"]["first"]["rapport"] == {"harmful": 1, "poor": 0, "acceptable": 0, "best": 0}
    assert told["indicators"][0]["evidence"][0]["decision"] == 2
    assert told["cases"][0]["attempts"][0]["session"] == session
