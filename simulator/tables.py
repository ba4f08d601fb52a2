"""Sessions as a table for a spreadsheet: CSV, any number of sessions at once.

There is one row for each decision, and one before them (decision 0) for the session as a whole; `COLUMNS`
says what is in it. Of a session that is told in summary there is only that one. A spreadsheet would run a cell that
looks like a formula, so those are disarmed, and what it cannot show is left out: this is for looking at. `records`
is what loses nothing.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping

from scoring.scorecard import Award
from simulator.archive import Logged
from simulator.listing import again, state
from simulator.people import People
from simulator.records import InSummary, Said, did, in_full, nothing_said
from simulator.review.events import Comment, Judgement, Sayings, judgement_from
from simulator.review.judged import fitting
from simulator.review.reviewed import Spans, not_looked, results
from simulator.review.telling import (
    comment_line,
    gone,
    overall_line,
    override_line,
    rating_line,
    redacted_decisions,
    reviewed_lines,
    sent_back_line,
)
from simulator.session import Wrote
from simulator.text import clean
from simulator.transcript import Moment, moments
from simulator.wording import award_lines, profile_line, spoken

COLUMNS: Mapping[str, str] = {
    "session": "the session's id",
    "played_by": "the name of who played, or the id where no name is known",
    "person": "the id of who played",
    "scenario": "the case's id",
    "version": "the case's version",
    "begun": "when the session began: UTC, ISO 8601",
    "touched": "when the last entry was written: UTC, ISO 8601",
    "state": "how it ended; `unfinished`, or `damaged`",
    "again": "from which decision of which session it was begun again; empty: it is an attempt at the whole case",
    "purpose": "`assigned` or `practice`; empty: nobody said",
    "decision": "its number from 1; 0 for the session as a whole",
    "taken_over": "`yes` where it was made in the session that this one comes from",
    "time": "when it was made, or taken over: UTC, ISO 8601",
    "clock": "what the case's own clock showed",
    "phase": "preparation, meeting or wrap-up",
    "scene": "the scene's id",
    "did": "what was done: chose, selected, ranked, read, consulted or wrote",
    "told": "what was told and said before, where it was new",
    "what": "what was done, in words",
    "not_taken": "what was on offer and not taken, one a line",
    "confidence": "how sure the trainee was, 1 to 4; empty: not asked",
    "written": "what the trainee wrote; for the session as a whole, the reflections",
    "came_of_it": "the advice or the reaction; for the session as a whole, the ending",
    "marks": "the marks, one a line",
    "why": "why they were given, one a line",
    "criticals": "the criticals that were raised, one a line",
    "criticals_raised": "how many there are in all; only for the session as a whole",
    "rapport": "the profile; only for the session as a whole",
    "organization": "the profile; only for the session as a whole",
    "ethics": "the profile, or `critical`; only for the session as a whole",
    "overrides": "marks that supervisors overrode, with the reason, one a line",
    "ratings": "how supervisors rated what was written, one a line; for the session as a whole, its dimensions",
    "comments": "what supervisors said about it, one a line",
    "reviewed": "the results of supervisors beside the original ones; only for the session as a whole",
    "sent_back": "that it was sent back, and what to practise; only for the session as a whole",
}
"""The columns, in their order, and what each holds."""

# Spreadsheets take a cell for a formula by its first character, some also past blanks that nobody sees, and some
# also for the wide and small forms of Asian scripts. Where the list separator is set to another than the comma,
# cells come apart at that one and at line ends, quotes or not: each of these counts as the beginning of a cell.
_BEGINS = "=+\\-@＝＋－＠−﹢﹣﹦﹫"
_UNSEEN = '\\s\u200b-\u200d\u2060\u00ad"'
_FORMULA = re.compile(f"(\\A|[\\t\\n;])(?=[{_UNSEEN}]*[{_BEGINS}])")
_BLANK_FIRST = re.compile(r"\A(?=[\t\n])")


def as_csv(sessions: Iterable[Logged], people: People, said: Said = nothing_said, spans: Spans = not_looked) -> str:
    """Write sessions as a table, one row a decision, with a row of titles first."""
    return "".join(csv_pieces(sessions, people, said, spans=spans))


def csv_pieces(
    sessions: Iterable[Logged],
    people: People,
    said: Said = nothing_said,
    in_summary: InSummary = in_full,
    spans: Spans = not_looked,
) -> Iterator[str]:
    """Yield that table piece by piece: the titles, then the rows of each session."""
    yield _lines([list(COLUMNS)])
    for logged in sessions:
        rows = [_summary(logged, people)] if in_summary(logged) else _rows(logged, people, said(logged), spans)
        yield _lines([harmless(row.get(column, "")) for column in COLUMNS] for row in rows)


def _lines(rows: Iterable[list[str]]) -> str:
    table = io.StringIO(newline="")
    # Everything in quotes: an id that looks like a date or a number is at least not a bare one.
    csv.writer(table, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows(rows)
    return table.getvalue()


def harmless(text: str) -> str:
    """Return what a spreadsheet shows as this text, and never takes for a formula.

    An apostrophe is put before what would begin one; spreadsheets know it as the sign for plain text.
    """
    kept = clean(text)
    return _BLANK_FIRST.sub("'", _FORMULA.sub(r"\1'", kept))


def _every(logged: Logged, people: People) -> dict[str, str]:
    """Return what stands in every row of a session."""
    header = logged.recorded.header
    return {
        "session": logged.id,
        "played_by": people.name(logged.person),
        "person": logged.person,
        "scenario": header.scenario,
        "version": header.version,
        "begun": logged.recorded.started,
        "touched": logged.recorded.touched,
        "state": state(logged),
        "again": again(logged),
        "purpose": header.purpose,
    }


def _summary(logged: Logged, people: People) -> dict[str, str]:
    """Return the row of a session as a whole, without anything that was said, shown or written."""
    return {
        **_every(logged, people),
        "decision": "0",
        "time": logged.recorded.started,
        "criticals_raised": str(len(logged.scorecard.criticals)),
        **{name: profile_line(profile) for name, profile in logged.scorecard.profiles.items()},
    }


def _rows(logged: Logged, people: People, said: Sayings, spans: Spans) -> Iterator[dict[str, str]]:
    session, every = logged.session, _every(logged, people)
    judgement = fitting(session, judgement_from(said))
    redacted = redacted_decisions(logged.recorded, judgement)
    told = moments(session)
    start = session.trail[0]
    criticals = [logged.scenario.criticals[each].title for each in start.criticals]
    shown = {moment.number for moment in told}
    yield {
        **_summary(logged, people),
        "written": "\n\n".join(logged.recorded.reflections()),
        "came_of_it": session.narration if session.ending else "",
        **_worth(logged, start.awards, criticals),
        # What is said about a decision that can no longer be replayed is not lost.
        **_said(judgement, 0, logged, people),
        "comments": _comments([each for each in judgement.comments if each.number not in shown], people),
        "ratings": "\n".join(overall_line(each, people) for each in judgement.overall),
        "reviewed": "\n".join(reviewed_lines(results(session, logged.rubric, judgement, spans), people)),
        "sent_back": "\n".join(sent_back_line(each, people) for each in judgement.sent_back),
    }
    times = [record.time for record in logged.recorded.records if record.event is not None]
    for moment, time in zip(told, times, strict=False):
        yield {
            **every,
            "decision": str(moment.number),
            "taken_over": "yes" if moment.number <= logged.recorded.header.taken_over else "",
            "time": time,
            "clock": moment.time,
            "phase": moment.phase.value,
            "scene": moment.event.scene,
            "did": did(moment),
            "told": "\n".join(_told(moment)),
            "what": moment.what,
            "not_taken": "\n".join(spoken(each.text, each.spoken) for each in moment.skipped),
            "confidence": str(moment.confidence or ""),
            "written": _written(moment, redacted),
            "came_of_it": "\n\n".join(each for each in (moment.advice, moment.reaction) if each),
            **_worth(logged, moment.awards, [each.title for each in moment.criticals]),
            **_said(judgement, moment.number, logged, people),
        }


def _told(moment: Moment) -> Iterator[str]:
    if moment.narration:
        yield moment.narration
    if moment.speech:
        yield f"{moment.person}: {moment.speech}"
    for who, words in moment.voices:
        yield f"{who}: {words}"


def _worth(logged: Logged, awards: Iterable[Award], criticals: Iterable[str]) -> dict[str, str]:
    given = tuple(awards)
    return {
        "marks": "\n".join(line for award in given for line in award_lines(award, logged.rubric)),
        "why": "\n".join(award.why for award in given if award.why),
        "criticals": "\n".join(criticals),
    }


def _written(moment: Moment, redacted: frozenset[int]) -> str:
    if moment.written is None and isinstance(moment.event, Wrote):
        return gone(moment.number, redacted)
    return moment.written or ""


def _said(judgement: Judgement, number: int, logged: Logged, people: People) -> dict[str, str]:
    rubric = logged.rubric
    overrides = [override_line(each, rubric, people) for each in judgement.overrides if each.number == number]
    ratings = [rating_line(each, rubric, people) for each in judgement.ratings if each.number == number]
    return {
        "overrides": "\n".join(overrides),
        "ratings": "\n".join(ratings),
        "comments": _comments([each for each in judgement.comments if each.number == number], people),
    }


def _comments(comments: Iterable[Comment], people: People) -> str:
    return "\n".join(comment_line(each, people) for each in comments)
