"""A journal and its reviews as rows: pure, whatever somebody put into them.

Everything that replaying finds wrong is said by the archive; here it is only counted. A journal that cannot be
used to its end, one that was begun again from a decision, and one that is unfinished are no attempts.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from scoring.scorecard import percent
from simulator import journal
from simulator.archive import MOST_DECISIONS, Archive, UnknownScenario
from simulator.chain import ChainError
from simulator.index.marks import one_word
from simulator.index.scanning import Unit
from simulator.index.walking import CRITICAL, Brought, Walker, did
from simulator.journal import PRACTICE, Header, Recorded
from simulator.review.events import NO_MARK, Review, ReviewState, state_in, still_sent_back
from simulator.review.reading import read_review
from simulator.session import Decided, Wrote
from simulator.text import folded, one_line

FILLING = 2
"""Goes up when rows are filled in any other way than before: an index that was filled by another is made again."""
BUCKETS = (2, 5, 10, 20, 30, 45, 60, 90, 120, 180, 300)
"""Seconds at which buckets end; what took longer, a lunch among it, is in the last one."""
MOST_SECONDS = 2**31 - 1
SURE = 3
"""From here on somebody said that they were sure."""

FINISHED, UNFINISHED, DAMAGED, UNREADABLE = "finished", "unfinished", "damaged", "unreadable"
"""Whether a journal came to an ending, goes on, cannot be used to its end, or not at all."""
AT_ONCE, SURE_AND_HARMFUL, TO_RATE, OVERDUE, TROUBLED, REST = range(6)
"""What needs eyes first, in the order of the inbox."""
WAITING, SIGNED_OFF, SENT_BACK, SUMMARY, GOES_ON = "open", "signed off", "sent back", "practice", "unfinished"
"""Where a session stands in the inbox."""


class SessionRow(NamedTuple):
    """A row of `sessions`."""

    session: str
    head: str = ""
    entries: int = 0
    person: str = ""
    scenario: str = ""
    version: str = ""
    scenario_hash: str = ""
    rubric_hash: str = ""
    purpose: str = ""
    again: str = ""
    again_from: int = 0
    started: str = ""
    touched: str = ""
    decided: str = ""
    ended: str = ""
    attempt: int = 0
    state: str = UNREADABLE
    ending: str = ""
    decisions: int = 0
    criticals: int = 0
    sure_harmful: int = 0
    to_rate: int = 0
    rapport: int = 0
    organization: int = 0
    ethics: int = 0
    rapport_quality: int | None = None
    organization_quality: int | None = None
    ethics_quality: int | None = None
    rapport_low: int = 0
    organization_low: int = 0
    ethics_low: int = 0
    seconds: int = 0
    review_state: str = ReviewState.OPEN.value
    sent_back: int = 0
    reviews: int = 0
    queue: str = WAITING
    urgency: int = TROUBLED
    trouble: str = ""


class DecisionRow(NamedTuple):
    """A row of `decisions`."""

    session: str
    number: int
    seq: int
    scene: str
    kind: str
    response: str
    confidence: int
    seconds: int
    bucket: int
    marks: str
    worst: str
    critical: str
    rapport_got: int
    rapport_span: int
    organization_got: int
    organization_span: int
    ethics_got: int
    ethics_span: int


class LevelRow(NamedTuple):
    """A row of `levels`."""

    session: str
    indicator: str
    level: str
    n: int


class RaisedRow(NamedTuple):
    """A row of `raised`."""

    session: str
    number: int
    critical: str


class TextRow(NamedTuple):
    """A row of `texts`."""

    session: str
    reviewer: str
    place: int
    number: int
    kind: str
    text: str
    folded: str


class JudgementRow(NamedTuple):
    """A row of `judgements`."""

    session: str
    reviewer: str
    place: int
    kind: str
    number: int = 0
    award: int = 0
    indicator: str = ""
    was: str = ""
    now: str = ""
    scene: str = ""
    response: str = ""
    time: str = ""
    signed: int = 1


@dataclass(slots=True)
class Filled:
    """Everything that one session brings to the index."""

    session: SessionRow
    decisions: list[tuple[Any, ...]] = field(default_factory=list)
    """Like `DecisionRow`; plain tuples, because there are millions of them, and they go from process to process."""
    levels: list[tuple[Any, ...]] = field(default_factory=list)
    """Like `LevelRow`."""
    raised: list[RaisedRow] = field(default_factory=list)
    texts: list[TextRow] = field(default_factory=list)
    judgements: list[JudgementRow] = field(default_factory=list)
    seconds: int = 0
    """Of all decisions together."""
    sure_harmful: int = 0
    """Decisions that somebody was sure of and that were harmful."""

    def rows(self) -> Iterator[tuple[str, Sequence[tuple[Any, ...]]]]:
        """Yield its rows, by the names of their tables."""
        yield "sessions", (self.session,)
        yield "decisions", self.decisions
        yield "levels", self.levels
        yield "raised", self.raised
        yield "texts", self.texts
        yield "judgements", self.judgements


ROWS: dict[str, type[tuple[Any, ...]]] = {
    "sessions": SessionRow,
    "decisions": DecisionRow,
    "levels": LevelRow,
    "raised": RaisedRow,
    "texts": TextRow,
    "judgements": JudgementRow,
}
"""What the rows of each table are."""


@dataclass(slots=True)
class Filler:
    """Makes rows of journals; what it has learned of a case, it knows for the next."""

    archive: Archive
    _walkers: dict[tuple[str, str], Walker] = field(default_factory=dict)

    def fill(self, unit: Unit) -> Filled | None:
        """Return the rows of one session; None where its journal has gone meanwhile."""
        path = self.archive.where.journals / f"{unit.session}{journal.SUFFIX}"
        try:
            recorded = journal.read(path)
        except ChainError as error:
            return Filled(SessionRow(unit.session, trouble=one_line(str(error), 400))) if path.exists() else None
        try:
            return self._filled(unit, recorded)
        except UnknownScenario as error:
            row = _unreadable(unit.session, recorded, one_line(str(error), 400))
            return Filled(row)

    def _filled(self, unit: Unit, recorded: Recorded) -> Filled:
        header = recorded.header
        walked = self._walk(recorded)
        walker, brought, trouble = walked.walker, walked.brought, walked.trouble
        if header.session != unit.session:
            trouble = trouble or f"The file holds session {header.session}, and is not named after it."
        reviews = list(self._reviews(unit))
        filled = Filled(SessionRow(unit.session))
        _add_decisions(filled, recorded, brought)
        if header.purpose != PRACTICE:
            filled.texts += _texts(unit.session, recorded, reviews, len(brought))
        filled.judgements += _judgements(unit.session, reviews, brought)
        filled.session = _session(unit.session, recorded, walker, brought, trouble, filled, reviews)
        return filled

    def _reviews(self, unit: Unit) -> Iterator[Review]:
        for reviewer in unit.reviewers:
            path = self.archive.where.reviews / reviewer / f"{unit.session}{journal.SUFFIX}"
            try:
                yield read_review(path, reviewer, unit.session)
            except ChainError:
                # As everywhere: a review that cannot be read says nothing.
                continue

    def _walk(self, recorded: Recorded) -> Walked:
        header = recorded.header
        walker = self._walker(recorded)
        scenario = walker.scenario
        brought = [walker.start()]
        for event in recorded.events[:MOST_DECISIONS]:
            step = walker.step(brought[-1].state, event, did(event))
            if step is None:
                break
            brought.append(step)
        sound = recorded.reading.damage is None and (header.scenario, header.version) == (scenario.id, scenario.version)
        # What is wrong is said in one place.
        if sound and len(brought) == len(recorded.events) + 1:
            return Walked(walker, brought)
        return Walked(walker, brought, self.archive.replay(recorded).trouble)

    def _walker(self, recorded: Recorded) -> Walker:
        header = recorded.header
        key = (header.scenario_hash, header.rubric_hash)
        if key not in self._walkers:
            rubric = self.archive.rubric(recorded.path, header.rubric_hash)
            scenario = self.archive.scenario(recorded.path, header.scenario_hash, rubric)
            self._walkers[key] = Walker(scenario, rubric)
        return self._walkers[key]


class Walked(NamedTuple):
    """Where a journal leads, as far as it fits."""

    walker: Walker
    brought: list[Brought]
    """The start, then what every decision brought."""
    trouble: str = ""


# -- one session ------------------------------------------------------------------------------------


def _of_header(session: str, recorded: Recorded) -> SessionRow:
    header: Header = recorded.header
    return SessionRow(
        session,
        head=recorded.reading.head,
        entries=len(recorded.reading.entries),
        person=header.person,
        scenario=header.scenario,
        version=one_line(header.version, 64),
        scenario_hash=header.scenario_hash,
        rubric_hash=header.rubric_hash,
        purpose=header.purpose,
        again="" if header.again is None else header.again.session,
        again_from=0 if header.again is None else min(header.again.decision, MOST_DECISIONS),
        started=recorded.started,
        touched=recorded.touched,
        decided=next((each.time for each in reversed(recorded.records) if each.event is not None), recorded.started),
    )


def _unreadable(session: str, recorded: Recorded, why: str) -> SessionRow:
    return _of_header(session, recorded)._replace(trouble=why)


def _session(
    session: str,
    recorded: Recorded,
    walker: Walker,
    brought: Sequence[Brought],
    trouble: str,
    filled: Filled,
    reviews: Sequence[Review],
) -> SessionRow:
    row = _of_header(session, recorded)
    ending = walker.over(brought[-1].state)
    state = DAMAGED if trouble else FINISHED if ending else UNFINISHED
    raw, low, got, span = (_sum(each) for each in zip(*((b.raw, b.low, b.got, b.span) for b in brought), strict=True))
    quality = [percent(here, 0, whole) for here, whole in zip(got, span, strict=True)]
    row = row._replace(
        scenario=walker.scenario.id,
        ended=row.decided if state == FINISHED else "",
        state=state,
        ending=ending,
        decisions=len(brought) - 1,
        criticals=len(filled.raised),
        sure_harmful=filled.sure_harmful,
        to_rate=_to_rate(recorded, walker, len(brought), reviews),
        rapport=raw[0],
        organization=raw[1],
        ethics=raw[2],
        rapport_quality=quality[0],
        organization_quality=quality[1],
        ethics_quality=quality[2],
        rapport_low=low[0],
        organization_low=low[1],
        ethics_low=low[2],
        seconds=min(filled.seconds, MOST_SECONDS),
        review_state=state_in(reviews, row.head).value,
        sent_back=int(still_sent_back(reviews)),
        reviews=sum(bool(review.signed_off or review.sent_back) for review in reviews),
        trouble=one_line(trouble, 400),
    )
    return row._replace(queue=_queue(row), urgency=_urgency(row))


def _queue(row: SessionRow) -> str:
    if row.purpose == PRACTICE:
        return SUMMARY
    if row.state == UNFINISHED and not row.criticals:
        return GOES_ON
    return row.review_state


def _urgency(row: SessionRow) -> int:
    """What was begun again from a decision was tried on purpose, and waits its turn."""
    if row.state in (DAMAGED, UNREADABLE):
        return TROUBLED
    if row.again or row.purpose == PRACTICE:
        return REST
    if row.criticals:
        return AT_ONCE
    if row.sure_harmful:
        return SURE_AND_HARMFUL
    return TO_RATE if row.to_rate else REST


def _sum(threes: Iterable[tuple[int, int, int]]) -> tuple[int, int, int]:
    one, two, three = map(sum, zip(*threes, strict=True))
    return one, two, three


def _to_rate(recorded: Recorded, walker: Walker, moments: int, reviews: Sequence[Review]) -> int:
    """Count what was written to be rated and nobody rated."""
    rated = {(rating.number, rating.indicator) for review in reviews for rating in review.ratings}
    waiting = 0
    for number, event in enumerate(recorded.events[: moments - 1], 1):
        if isinstance(event, Wrote) and event.text:
            write = walker.scenario.scenes[event.scene].write
            on = write.rated_on if write is not None else ()
            waiting += bool(on) and not any((number, indicator) in rated for indicator in on)
    return waiting


def _add_decisions(filled: Filled, recorded: Recorded, brought: Sequence[Brought]) -> None:
    session = filled.session.session
    counts = Counter[tuple[str, str]]()
    before = datetime.fromisoformat(recorded.started)
    first = brought[0]
    if first.awards or first.criticals:
        filled.decisions.append((session, 0, 0, *first.place, 0, 0, 0, *first.columns))
        counts.update(first.levels)
        filled.raised += [RaisedRow(session, 0, each) for each in dict.fromkeys(first.criticals)]
    number, moments = 0, len(brought)
    for record in recorded.records:
        now = datetime.fromisoformat(record.time)
        # What was suspended goes on where it was taken up again: the time between is nobody's hesitation.
        taken, before = max(0, min(int((now - before).total_seconds()), MOST_SECONDS)), now
        event = record.event
        if event is None:
            continue
        number += 1
        if number >= moments:
            break
        step = brought[number]
        sure = event.confidence if isinstance(event, Decided) else 0
        bucket = bisect_right(BUCKETS, taken)
        filled.decisions.append((session, number, record.seq, *step.place, sure, taken, bucket, *step.columns))
        filled.seconds += taken
        filled.sure_harmful += sure >= SURE and step.worst in (CRITICAL, "harmful")
        counts.update(step.levels)
        if step.criticals:
            filled.raised += [RaisedRow(session, number, each) for each in dict.fromkeys(step.criticals)]
    filled.levels += [(session, indicator, level, n) for (indicator, level), n in sorted(counts.items())]


def _texts(session: str, recorded: Recorded, reviews: Sequence[Review], moments: int) -> Iterator[TextRow]:
    number = 0
    for record in recorded.records:
        number += record.event is not None
        if isinstance(record.event, Wrote) and record.event.text and number < moments:
            yield _text(session, "", record.seq, number, "wrote", record.event.text)
        elif record.event is None and record.text:
            yield _text(session, "", record.seq, number, record.mark, record.text)
    for review in reviews:
        said: list[tuple[int, str, str]] = [(each.number, "commented", each.text) for each in review.comments]
        said += [(each.number, "overrode", each.reason) for each in review.overrides]
        said += [(each.number, "rated", each.text) for each in review.ratings]
        said += [(0, "rated-overall", each.text) for each in review.overall]
        said += [(0, "sent-back", review.sent_back.text)] if review.sent_back else []
        for place, (about, kind, text) in enumerate(each for each in said if each[2]):
            yield _text(session, review.reviewer, place, about, kind, text)


def _text(session: str, reviewer: str, place: int, number: int, kind: str, text: str) -> TextRow:
    return TextRow(session, reviewer, place, number, kind, text, folded(text))


def _judgements(session: str, reviews: Sequence[Review], brought: Sequence[Brought]) -> Iterator[JudgementRow]:
    for review in reviews:
        for place, row in enumerate(_said(session, review, brought)):
            yield row._replace(place=place)


def _said(session: str, review: Review, brought: Sequence[Brought]) -> Iterator[JudgementRow]:
    by = review.reviewer
    for comment in review.comments:
        yield JudgementRow(session, by, 0, "commented", comment.number, time=comment.time, signed=int(comment.signed))
    for over in review.overrides:
        awards = brought[over.number].awards if 0 <= over.number < len(brought) else ()
        award = awards[over.award] if 0 <= over.award < len(awards) else None
        # What is not about a mark that was given says nothing.
        if award is None or (over.indicator, over.was) not in {(mark.indicator, mark.level) for mark in award.marks}:
            continue
        yield JudgementRow(
            session,
            by,
            0,
            "overrode",
            over.number,
            over.award,
            over.indicator,
            over.was.value,
            NO_MARK if over.now is None else over.now.value,
            award.where,
            one_word(award.response),
            over.time,
            int(over.signed),
        )
    for rating in review.ratings:
        yield JudgementRow(
            *(session, by, 0, "rated", rating.number, 0, rating.indicator, "", rating.level.value, "", "", rating.time),
            int(rating.signed),
        )
    for overall in review.overall:
        yield JudgementRow(
            *(session, by, 0, "rated-overall", 0, 0, overall.dimension, "", overall.level.value, "", "", overall.time),
            int(overall.signed),
        )
    if review.signed_off:
        yield JudgementRow(session, by, 0, "signed-off", time=review.signed_off)
    if review.sent_back:
        yield JudgementRow(session, by, 0, "sent-back", time=review.sent_back.time)
