"""What supervisors say, put into words: overrides, ratings, sending back and reviewed results, everywhere the same.

An override never hides what it changes: the case's own mark is always named beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from scoring.rubric import DIMENSIONS, Level, Rubric
from simulator.journal import Recorded
from simulator.people import People
from simulator.review.events import Comment, Judgement, Overall, Override, Rating, SentBack
from simulator.review.reviewed import Reviewed
from simulator.text import one_line

WHAT_REVIEWED_MEANS = (
    "A reviewed result is one supervisor's, beside the original: marks count as they see them, in the worst and the "
    "best that the case makes possible as well, and what they rated counts between its worst and its best level."
)
ERASED, REDACTED = "(erased)", "(redacted)"
"""What stands where a text is gone: for whatever reason, or because a supervisor had it erased."""


def not_signed(signed: bool, words: str = ", not signed off") -> str:
    """Say that the trainee does not see something yet."""
    return "" if signed else words


def indicator_words(indicator: str, rubric: Rubric) -> str:
    """Name an indicator as marks do: `Empathy (rapport)`."""
    known = rubric.indicators.get(indicator)
    dimension, _, name = indicator.partition(".")
    return f"{known.title if known else name} ({dimension})"


def level_change(was: Level, now: Level | None) -> str:
    """Say what an override makes of a level: `poor, overridden: acceptable`."""
    return f"{was}, overridden: {now if now is not None else 'no mark'}"


def override_line(override: Override, rubric: Rubric, people: People) -> str:
    """Tell an override: who, which mark, what it was and what it is now, and why."""
    who = people.name(override.reviewer)
    change = level_change(override.was, override.now)
    why = f" {override.reason}" if override.reason else f" {ERASED}"
    return f"{who}{not_signed(override.signed)}: {indicator_words(override.indicator, rubric)}: {change}.{why}"


def rating_line(rating: Rating, rubric: Rubric, people: People) -> str:
    """Tell how what was written was rated."""
    text = f" {rating.text}" if rating.text else ""
    what = f"{indicator_words(rating.indicator, rubric)}: rated {rating.level}."
    return f"{people.name(rating.reviewer)}{not_signed(rating.signed)}: {what}{text}"


def overall_line(overall: Overall, people: People) -> str:
    """Tell a supervisor's level for a whole dimension."""
    text = f" {overall.text}" if overall.text else ""
    who = people.name(overall.reviewer)
    return f"{who}{not_signed(overall.signed)}: {overall.dimension} on the whole: {overall.level}.{text}"


def comment_line(comment: Comment, people: People) -> str:
    """Tell a comment."""
    return f"{people.name(comment.reviewer)}{not_signed(comment.signed)}: {comment.text}"


def sent_back_line(back: SentBack, people: People, titles: Mapping[str, str] | None = None) -> str:
    """Tell that a session was sent back, and what to practise; cases by their titles where those are known."""
    named = [(titles or {}).get(case, case) for case in back.practise]
    practise = f" To practise: {'; '.join(named)}." if named else ""
    return f"Sent back by {people.name(back.reviewer)}, {back.time[:10]}: {back.text or ERASED}{practise}"


def lines_at(judgement: Judgement, number: int, rubric: Rubric, people: People) -> list[str]:
    """Return what was said of one decision: overrides first, then ratings, then comments."""
    return [
        *(override_line(each, rubric, people) for each in judgement.overrides if each.number == number),
        *(rating_line(each, rubric, people) for each in judgement.ratings if each.number == number),
        *(comment_line(each, people) for each in judgement.comments if number and each.number == number),
    ]


def lines_on_the_whole(judgement: Judgement, people: People, titles: Mapping[str, str] | None = None) -> list[str]:
    """Return what was said of the session as a whole: sending back first, then levels, then comments."""
    return [
        *(sent_back_line(each, people, titles) for each in judgement.sent_back),
        *(overall_line(each, people) for each in judgement.overall),
        *(comment_line(each, people) for each in judgement.comments if each.number == 0),
    ]


def entry_lines(judgement: Judgement, rubric: Rubric, people: People) -> list[str]:
    """List what can be withdrawn, each with the entry it stands in: `5  Feona, decision 3: …`."""
    found = [(each.reviewer, each.entry, each.number, comment_line(each, people)) for each in judgement.comments]
    for override in judgement.overrides:
        line = override_line(override, rubric, people)
        found.append((override.reviewer, override.entry, override.number, line))
    for rating in judgement.ratings:
        found.append((rating.reviewer, rating.entry, rating.number, rating_line(rating, rubric, people)))
    found += [(each.reviewer, each.entry, 0, overall_line(each, people)) for each in judgement.overall]
    return [
        f"{entry:>4}  {f'decision {number}, ' if number else ''}{one_line(line, 100)}"
        for _, entry, number, line in sorted(found)
    ]


def reviewed_heading(result: Reviewed, people: People) -> str:
    """Head a reviewed result: whose it is."""
    return f"Reviewed by {people.name(result.reviewer)}{not_signed(result.signed)}"


def reviewed_rows(result: Reviewed) -> Iterator[tuple[str, str, str]]:
    """Yield each dimension with its reviewed and its original result; the same twice where nothing was changed."""
    for name in DIMENSIONS:
        beside = result.dimensions[name]
        yield name, str(beside.reviewed), str(beside.original)


def reviewed_lines(results: Sequence[Reviewed], people: People) -> Iterator[str]:
    """Yield reviewed results in lines: a heading for each supervisor, then each dimension."""
    for result in results:
        yield f"{reviewed_heading(result, people)}:"
        for name, now, was in reviewed_rows(result):
            differs = result.dimensions[name].differs
            yield f"  {name:<13} {now}" + (f" (originally {was})" if differs else ", unchanged")


def redacted_decisions(recorded: Recorded, judgement: Judgement) -> frozenset[int]:
    """Return the decisions whose text was redacted."""
    if not judgement.redacted:
        return frozenset()
    seqs = [record.seq for record in recorded.records if record.event is not None]
    return frozenset(number for number, seq in enumerate(seqs, 1) if seq in judgement.redacted)


def gone(number: int, redacted: frozenset[int]) -> str:
    """Return what stands for a text that is gone."""
    return REDACTED if number in redacted else ERASED
