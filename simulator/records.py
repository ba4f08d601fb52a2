"""Sessions as JSON lines for programs, losing nothing: any number of sessions at once.

Each session is a line `session`, one `entry` for everything in its journal, one `decision` for everything
that replaying it tells, one for everything a supervisor said (`comment`, `override`, `rating`, `sent-back`), one
`reviewed` for each supervisor's result, and one `scorecard`. `KEYS` says what is in each. Of a session that is
told in summary there are only the first and the last of these lines. Lines are ASCII throughout: any other
character is escaped, so none can be obeyed by what shows them, and reading them back gives every text as it was.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from scoring.offer import InOrder, Offer, OneOf, SomeOf
from scoring.rubric import DIMENSIONS, Mark, dimension_of
from scoring.scorecard import Decision, Profile
from simulator.archive import Logged
from simulator.entry import Entry
from simulator.hindsight import Course, Hindsight, Instead, NotProven, Regret, Solved
from simulator.hindsight_telling import looked_back
from simulator.listing import as_json
from simulator.people import People
from simulator.review.events import Comment, Judgement, Overall, Override, Rating, Sayings, SentBack, judgement_from
from simulator.review.judged import fitting
from simulator.review.reviewed import Reviewed, Spans, Worth, not_looked, results
from simulator.session import Chose, Ranked, Read, Selected, Wrote
from simulator.transcript import Moment, moments, unread
from simulator.wording import ASSERTED, document_text, judged_by, profile_line

FORMAT = 1
"""The version of these lines. It changes when a key goes or changes its meaning; keys may be added."""

Said = Callable[[Logged], Sayings]
"""Finds what supervisors said about a session."""


def nothing_said(_: Logged) -> Judgement:
    """Find that nobody said anything."""
    return Judgement()


InSummary = Callable[[Logged], bool]
"""Says whether of a session only its result is told."""


def in_full(_: Logged) -> bool:
    """Tell all of every session."""
    return False


Solve = Callable[[Logged], Solved | None]
"""Finds what is known of what the case of a session made possible."""


def nothing_asked(_: Logged) -> None:
    """Ask nobody."""


_BY_DIMENSION = "points by dimension"
_MARKS = "each an object of `indicator` and `level`"
_AWARDS = f"marks given together: `marks` ({_MARKS}), `why`, `where` (scene or ending), `response` (or empty)"
_OF_EACH = {"kind": "what this line is", "session": "the session's id"}
KEYS: Mapping[str, Mapping[str, str]] = {
    "session": {
        **_OF_EACH,
        "format": "the version of this format, a whole number",
        "state": "`finished`, `unfinished` or `damaged`",
        "problem": "why not all of the journal could be used; empty if all of it could",
        "notices": "what is worth knowing about the journal: each with `seq`, `code`, `message`",
        "head": "the hash of the journal's last good entry, which stands for all of them",
        "person": "the id of who played",
        "played_by": "the name, or the id where no name is known",
        "scenario": "the case's id",
        "title": "the case's title",
        "version": "the case's version",
        "author": "who wrote the case; may be empty",
        "reviewed_by": "who reviewed the case; may be empty",
        "scenario_hash": "SHA-256 of the case as it was played",
        "rubric_hash": "SHA-256 of the rubric it was played with",
        "seed": "the number that the order of responses was drawn from",
        "again": "null for an attempt at the whole case; for one begun again from a decision, the `session` that it "
        "comes from and the `decision` that was tried again, from 1",
        "purpose": "`assigned` or `practice`; empty where nobody said",
        "summary": "whether only the result is told: there are no entries, decisions and comments then, no text of the "
        "ending, nothing `unread`, and in the scorecard neither `criticals` nor `evidence`",
        "feedback": "whether marks were shown after `each` response or at the `end`",
        "confidence": "whether the trainee was asked how sure they were",
        "program": "the version of Caseload that began the journal",
        "started": "when it was begun: UTC, ISO 8601",
        "touched": "when the last entry was written: UTC, ISO 8601",
        "decisions": "how many there are",
        "ending": "null, or the ending's `id`, `title` and `text` as it was shown",
        "unread": "the documents that were not opened, each with `id` and `title`",
        "judged_by": "whose judgement the marks are, and that they claim no more",
        "asserted": "that nobody checked who played",
    },
    "entry": {
        **_OF_EACH,
        "seq": "its place in the journal, from 0 for the header",
        "time": "when it was written: UTC, ISO 8601",
        "event": "chose, selected, ranked, read, consulted, wrote, reflected, suspended, resumed; `header` for 0",
        "decision": "the number of the decision it made, from 1; 0: none",
        "body": "everything it says, as the journal has it",
        "text": "what was written with it; null if nothing, or if it was erased or altered",
        "erased": "whether there was a text that is no longer there",
        "redacted": "whether a supervisor had its text erased",
        "hash": "its hash in the journal's chain",
    },
    "decision": {
        **_OF_EACH,
        "number": "from 1; 0 for what held before anything was decided",
        "seq": "the entry that made it; 0 for number 0",
        "taken_over": "whether it was made in the session that this one comes from",
        "scene": "the scene's id",
        "phase": "preparation, meeting or wrap-up",
        "clock": "what the case's own clock showed; may be empty",
        "person": "how the case speaks of whom the scene was with",
        "narration": "what was told; empty where it had been told already",
        "speech": "what was said; empty where it had been said already",
        "voices": "what others said then: each with `who` and `says`",
        "asked": "what a scene that is not about responses asked to do; may be empty",
        "did": "chose, selected, ranked, read, consulted or wrote; empty for number 0",
        "what": "what was done, in words",
        "offered": "what was on offer, as shown: each with `id`, `text`, `spoken` (said aloud) and `taken`",
        "order": "the texts of what was put in order, first to last",
        "confidence": "how sure the trainee was, 1 to 4; 0: not asked",
        "document": "null, or the `id`, `title` and `text` of what was opened, as it was shown",
        "advice": "what the supervisor said, if asked",
        "written": "what the trainee wrote; null if nothing, or if it was erased",
        "model": "one good way to write it, where the case has one",
        "reaction": "what came of it at once",
        "awards": _AWARDS,
        "criticals": "the ids of the criticals it raised",
        "marks": f"the marks of what was decided, without those of outcomes: {_MARKS}",
        "offer": "null, or what could have been decided, for scoring it again: `kind` is `one`, `some` or `order`. "
        "`one` has `options`, the marks of each response in the author's order. `some` has `options`, each with the "
        "marks `picked` and `left`, and `least` and `most`. `order` has `items` and `pairs`, each with `first`, "
        "`second` and `marks`",
        "reachable": "null where that is not known or no ending can be reached, or by dimension the `worst` and `best` "
        "raw points with which the session can still end after it",
        "regret": f"null where that is not known, or what it cost against the best still reachable: {_BY_DIMENSION}",
        "cost": "null where that is not known, or the largest of these, less what no way on was spared",
        "label": "kept, good, slip, mistake or serious; empty where there was nothing to decide or nothing is known",
        "hard_call": "whether no way on was free on every dimension",
        "sealed": "the ids of criticals that could be avoided before it, and not after it",
        "instead": "what could have been decided: every response; of picking several things and of putting things in "
        "order only what keeps the best. Each with `did`, `picked` (the ids of the response, the options, the order or "
        f"the document), `regret` ({_BY_DIMENSION}), `cost`, `keeps` (whether it keeps the best), `critical` (whether "
        "it brings one) and `first` (whether it decides nothing, but helps if it is done first)",
    },
    "comment": {
        **_OF_EACH,
        "decision": "the number of the decision it is about; 0: the session as a whole",
        "reviewer": "the id of who said it",
        "by": "the name, or the id where no name is known",
        "text": "what was said",
        "time": "when: UTC, ISO 8601",
        "signed": "whether it has been signed off, so that the trainee sees it",
    },
    "override": {
        **_OF_EACH,
        "decision": "the number of the decision that was marked; 0: before anything was decided",
        "award": "which of that decision's `awards`, from 0",
        "indicator": "the indicator that was marked",
        "was": "the level that the case gave",
        "now": "the level that the supervisor gives instead; null: it should not have been marked",
        "reviewer": "the id of who says so",
        "by": "the name, or the id where no name is known",
        "text": "the reason; empty if it was erased",
        "time": "when: UTC, ISO 8601",
        "signed": "whether it has been signed off, so that the trainee sees it",
    },
    "rating": {
        **_OF_EACH,
        "decision": "the number of the decision that wrote what was rated; 0: a whole dimension was rated",
        "indicator": "the indicator it was rated on; empty for a whole dimension",
        "dimension": "its dimension",
        "level": "harmful, poor, acceptable or best",
        "reviewer": "the id of who says so",
        "by": "the name, or the id where no name is known",
        "text": "what was said about it; may be empty",
        "time": "when: UTC, ISO 8601",
        "signed": "whether it has been signed off, so that the trainee sees it",
    },
    "sent-back": {
        **_OF_EACH,
        "head": "the hash of the journal's last entry at that time",
        "practise": "the ids of the cases to practise",
        "reviewer": "the id of who says so",
        "by": "the name, or the id where no name is known",
        "text": "what to practise",
        "time": "when: UTC, ISO 8601",
    },
    "reviewed": {
        **_OF_EACH,
        "reviewer": "the id of the supervisor whose result it is",
        "by": "the name, or the id where no name is known",
        "signed": "whether the trainee sees all of what it is made of",
        "proven": "whether both ranges are known; else there are points only",
        "results": "by dimension, `original` and `reviewed`, each with `raw` (points), `worst` and `best` (points that "
        "were possible, or null), `result` (percent, or null where it is critical, not assessed, not at an end, or not "
        "known) and `critical`",
    },
    "scorecard": {
        **_OF_EACH,
        "proven": "whether the case was explored to its last state; null where nobody asked, and then, or where it is "
        "false, there are no results",
        "criticals": "each with `number` (the decision), `critical` (its id), `title`, `standard` and `why`",
        "criticals_raised": "how many criticals there are",
        "profiles": "by dimension. `line`: in words, as reports show it. `critical`: whether a critical takes the "
        "place of its number. `quality`: percent of what was on offer, or null; show none where `critical` is true. "
        "`result`: 0 for the worst that the case makes possible, 100 for the best; null where it is critical, not "
        "assessed, not at an end, or not known. `assessed`: whether the case lets anything be lost or won, or null. "
        "`raw`: points. `levels`: how often each level was seen. `evidence`: each with `number`, `indicator`, `level`, "
        "and the `why`, `where` and `response` of its award",
    },
}
"""The kinds of lines in the order they come for each session, and what every key of each means."""


def as_json_lines(
    sessions: Iterable[Logged],
    people: People,
    said: Said = nothing_said,
    solve: Solve = nothing_asked,
    in_summary: InSummary = in_full,
    spans: Spans = not_looked,
) -> Iterator[str]:
    """Yield sessions as JSON, one object a line; `KEYS` says what is in them.

    Reviewed results have percents only where `spans` finds what a case with other marks makes possible.
    """
    for each in records(sessions, people, said, solve, in_summary, spans):
        yield json.dumps(each, ensure_ascii=True, allow_nan=False)


def records(
    sessions: Iterable[Logged],
    people: People,
    said: Said = nothing_said,
    solve: Solve = nothing_asked,
    in_summary: InSummary = in_full,
    spans: Spans = not_looked,
) -> Iterator[dict[str, Any]]:
    """Yield what the lines hold: objects, lists, texts, whole numbers, true, false and null."""
    for logged in sessions:
        if in_summary(logged):
            found = _summary(logged, people, solve(logged))
        else:
            found = _records(logged, people, judgement_from(said(logged)), solve(logged), spans)
        for kind, value in found:
            yield {"kind": kind, "session": logged.id, **value}


def did(moment: Moment) -> str:
    """Return the name that a journal gives to what was done."""
    return type(moment.event).__name__.lower()


def _thawed(value: Any) -> Any:
    """Copy what an entry says into plain lists and objects."""
    if isinstance(value, Mapping):
        return {key: _thawed(each) for key, each in value.items()}
    return [_thawed(each) for each in value] if isinstance(value, tuple) else value


def _records(
    logged: Logged, people: People, said: Judgement, outlooks: Solved | None, spans: Spans
) -> Iterator[tuple[str, dict[str, Any]]]:
    back = looked_back(logged.session, logged.rubric, outlooks)
    judgement = fitting(logged.session, said)
    yield "session", _session(logged, people)
    numbers = _numbers(logged)
    for entry in logged.recorded.reading.entries:
        yield "entry", _entry(entry, numbers.get(entry.seq, 0), redacted=entry.seq in judgement.redacted)
    decisions = logged.session.decisions
    yield "decision", {**_UNDECIDED, **_scored(decisions[0]), **_cost(back, 0)}
    for moment, decision in zip(moments(logged.session), decisions[1:], strict=True):
        place = {
            "seq": logged.recorded.seq_of(moment.number),
            "taken_over": moment.number <= logged.recorded.header.taken_over,
        }
        yield "decision", {**_decision(moment), **place, **_scored(decision), **_cost(back, moment.number)}
    yield from _judged(judgement, people)
    for each in results(logged.session, logged.rubric, judgement, spans):
        yield "reviewed", _reviewed(each, people)
    yield "scorecard", _scorecard(logged, back)


def _summary(logged: Logged, people: People, outlooks: Solved | None) -> Iterator[tuple[str, dict[str, Any]]]:
    """Tell what came of a session, and nothing of how."""
    session = _session(logged, people)
    ending = session["ending"] and {**session["ending"], "text": ""}
    yield "session", {**session, "summary": True, "ending": ending, "unread": []}
    card = _scorecard(logged, looked_back(logged.session, logged.rubric, outlooks))
    profiles = {name: {**profile, "evidence": []} for name, profile in card["profiles"].items()}
    yield "scorecard", {**card, "criticals": [], "profiles": profiles}


def _session(logged: Logged, people: People) -> dict[str, Any]:
    header, reading, scenario = logged.recorded.header, logged.recorded.reading, logged.scenario
    ending = logged.session.ending
    # The list of sessions knows the same, under the same keys; what its `criticals` and `profiles` say, the
    # scorecard says in full.
    listed = {key: value for key, value in as_json(logged).items() if key in KEYS["session"]}
    return {
        **listed,
        "format": FORMAT,
        "notices": [{"seq": each.seq, "code": each.code, "message": each.message} for each in reading.notices],
        "head": reading.head,
        "played_by": people.name(logged.person),
        "title": scenario.title,
        "author": scenario.author,
        "reviewed_by": scenario.reviewed_by,
        "purpose": header.purpose,
        "summary": False,
        "feedback": header.feedback,
        "confidence": header.confidence,
        "program": header.program,
        "ending": ending and {"id": ending.id, "title": ending.title, "text": logged.session.narration},
        "unread": [{"id": each.id, "title": each.title} for each in unread(logged.session)],
        "judged_by": judged_by(scenario),
        "asserted": ASSERTED,
    }


def _numbers(logged: Logged) -> dict[int, int]:
    """Return, for each entry that decided something, the number of that decision; as far as it was replayed."""
    seqs = [record.seq for record in logged.recorded.records if record.event is not None]
    return {seq: number for number, seq in enumerate(seqs, 1) if number <= len(logged.session.events)}


def _entry(entry: Entry, number: int, *, redacted: bool) -> dict[str, Any]:
    return {
        "seq": entry.seq,
        "time": entry.time,
        "event": entry.body.get("event", "header") if entry.seq else "header",
        "decision": number,
        "body": _thawed(entry.body),
        "text": entry.text,
        "erased": entry.erased,
        "redacted": redacted,
        "hash": entry.hash,
    }


_UNDECIDED: Mapping[str, Any] = {
    "number": 0,
    "seq": 0,
    "taken_over": False,
    **dict.fromkeys(("scene", "phase", "clock", "person", "narration", "speech", "asked", "did", "what"), ""),
    "voices": [],
    "offered": [],
    "order": [],
    "confidence": 0,
    "document": None,
    "advice": "",
    "written": None,
    "model": "",
    "reaction": "",
}
"""What stands before the first decision: nothing but what it was worth."""


def _decision(moment: Moment) -> dict[str, Any]:
    document, scene = moment.document, moment.session.scene
    task = None
    if scene is not None and isinstance(moment.event, Selected | Ranked | Wrote):
        task = scene.select or scene.rank or scene.write
    writing = scene.write if scene is not None and isinstance(moment.event, Wrote) else None
    return {
        "number": moment.number,
        "scene": moment.event.scene,
        "phase": moment.phase.value,
        "clock": moment.time,
        "person": moment.person,
        "narration": moment.narration,
        "speech": moment.speech,
        "voices": [{"who": who, "says": says} for who, says in moment.voices],
        "asked": task.prompt if task is not None else "",
        "did": did(moment),
        "what": moment.what,
        "offered": _offered(moment),
        "order": list(moment.order),
        "confidence": moment.confidence,
        "document": document
        and {"id": document.id, "title": document.title, "text": document_text(moment.session, document)},
        "advice": moment.advice,
        "written": moment.written,
        "model": writing.model if writing is not None else "",
        "reaction": moment.reaction,
    }


def _offered(moment: Moment) -> list[dict[str, Any]]:
    if isinstance(moment.event, Selected):
        taken = {each.id for each in moment.picked}
        return [_offer_of(each.id, each.text, each.spoken, each.id in taken) for each in moment.session.options]
    return [_offer_of(each.id, each.text, each.spoken, each is moment.chosen) for each in moment.offered]


def _offer_of(name: str, text: str, aloud: bool, taken: bool) -> dict[str, Any]:
    return {"id": name, "text": text, "spoken": aloud, "taken": taken}


def _scored(decision: Decision) -> dict[str, Any]:
    return {
        "awards": [
            {"marks": _marks(each.marks), "why": each.why, "where": each.where, "response": each.response}
            for each in decision.awards
        ],
        "criticals": list(decision.criticals),
        "marks": _marks(decision.taken),
        "offer": _offer(decision.offer),
    }


def _offer(offer: Offer | None) -> dict[str, Any] | None:
    match offer:
        case OneOf(options):
            return {"kind": "one", "options": [_marks(each) for each in options]}
        case SomeOf(both, least, most):
            picked = [{"picked": _marks(taken), "left": _marks(left)} for taken, left in both]
            return {"kind": "some", "options": picked, "least": least, "most": most}
        case InOrder(items, pairs):
            found = [
                {"first": first, "second": second, "marks": _marks(marks)} for (first, second), marks in pairs.items()
            ]
            return {"kind": "order", "items": list(items), "pairs": found}
        case None:
            return None


def _marks(marks: Sequence[Mark]) -> list[dict[str, str]]:
    return [{"indicator": mark.indicator, "level": mark.level.value} for mark in marks]


def _judged(judgement: Judgement, people: People) -> Iterator[tuple[str, dict[str, Any]]]:
    for comment in judgement.comments:
        yield "comment", {"decision": comment.number, **_by(comment, people, comment.text), "signed": comment.signed}
    for override in judgement.overrides:
        yield (
            "override",
            {
                "decision": override.number,
                "award": override.award,
                "indicator": override.indicator,
                "was": override.was.value,
                "now": override.now and override.now.value,
                **_by(override, people, override.reason),
                "signed": override.signed,
            },
        )
    for rating in judgement.ratings:
        dimension = dimension_of(rating.indicator)
        yield "rating", {"decision": rating.number, **_rating(rating, rating.indicator, dimension, people)}
    for overall in judgement.overall:
        yield "rating", {"decision": 0, **_rating(overall, "", overall.dimension, people)}
    for back in judgement.sent_back:
        yield "sent-back", {"head": back.head, "practise": list(back.practise), **_by(back, people, back.text)}


def _rating(of: Rating | Overall, indicator: str, dimension: str, people: People) -> dict[str, Any]:
    rated = {"indicator": indicator, "dimension": dimension, "level": of.level.value}
    return {**rated, **_by(of, people, of.text), "signed": of.signed}


def _by(said: Comment | Override | Rating | Overall | SentBack, people: People, text: str) -> dict[str, Any]:
    return {"reviewer": said.reviewer, "by": people.name(said.reviewer), "text": text, "time": said.time}


def _reviewed(result: Reviewed, people: People) -> dict[str, Any]:
    return {
        "reviewer": result.reviewer,
        "by": people.name(result.reviewer),
        "signed": result.signed,
        "proven": result.proven,
        "results": {
            name: {"original": _worth(each.original), "reviewed": _worth(each.reviewed)}
            for name, each in result.dimensions.items()
        },
    }


def _worth(worth: Worth) -> dict[str, Any]:
    return {
        "raw": worth.raw,
        "worst": worth.low,
        "best": worth.high,
        "result": worth.percent,
        "critical": worth.critical,
    }


_UNKNOWN: Mapping[str, Any] = {
    "regret": None,
    "cost": None,
    "label": "",
    "hard_call": False,
    "sealed": [],
    "instead": [],
}
"""What a decision cost, where nobody knows."""


def _cost(back: Hindsight | NotProven | None, number: int) -> dict[str, Any]:
    if not isinstance(back, Hindsight):
        return {"reachable": None, **_UNKNOWN}
    reachable = {name: _range(course, number) for name, course in back.courses.items()}
    known = all(each is not None for each in reachable.values())
    return {"reachable": reachable if known else None, **(_regret(back.of(number)) if number else _UNKNOWN)}


def _range(course: Course, number: int) -> dict[str, int] | None:
    found = course.ranges[number]
    return None if found is None else {"worst": found.worst, "best": found.best}


def _regret(regret: Regret) -> dict[str, Any]:
    return {
        "regret": regret.points and _points(regret.points),
        "cost": regret.cost,
        "label": regret.label,
        "hard_call": regret.hard,
        "sealed": list(regret.sealed),
        "instead": [_instead(each) for each in regret.ways],
    }


def _instead(way: Instead) -> dict[str, Any]:
    match way.event:
        case Chose(_, picked) | Read(_, picked):
            names = [picked]
        case Selected(_, several) | Ranked(_, several):
            names = list(several)
        case _:
            names = []
    return {
        "did": type(way.event).__name__.lower(),
        "picked": names,
        "regret": _points(way.points),
        "cost": way.cost,
        "keeps": way.keeps,
        "critical": way.critical,
        "first": way.first,
    }


def _points(points: Sequence[int]) -> dict[str, int]:
    return dict(zip(DIMENSIONS, points, strict=True))


def _scorecard(logged: Logged, back: Hindsight | NotProven | None) -> dict[str, Any]:
    card = logged.scorecard
    criticals = []
    for raised in card.criticals:
        critical = logged.scenario.criticals[raised.critical]
        criticals.append(
            {
                "number": raised.number,
                "critical": raised.critical,
                "title": critical.title,
                "standard": critical.standard,
                "why": critical.why,
            }
        )
    courses = back.courses if isinstance(back, Hindsight) else {}
    return {
        "proven": None if back is None else isinstance(back, Hindsight),
        "criticals": criticals,
        "criticals_raised": len(criticals),
        "profiles": {name: _profile(each, courses.get(name)) for name, each in card.profiles.items()},
    }


def _profile(profile: Profile, course: Course | None) -> dict[str, Any]:
    return {
        "line": profile_line(profile),
        "critical": profile.critical,
        "result": course and course.percent,
        "assessed": course and course.assessed,
        "quality": profile.quality,
        "raw": profile.raw,
        "levels": {level.value: count for level, count in profile.counts().items()},
        "evidence": [
            {
                "number": each.number,
                "indicator": each.mark.indicator,
                "level": each.mark.level.value,
                "why": each.award.why,
                "where": each.award.where,
                "response": each.award.response,
            }
            for each in profile.evidence
        ],
    }
