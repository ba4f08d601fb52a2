"""What the entries of a review say: a fold from events to values, that no event can make fail.

A review may have been handed in by anybody. What is no event, is about nothing, or says nothing is left out;
whether a decision or a mark that is named exists can only be known beside the session, so whoever puts the two
together looks there (`overridden`, `rated` of `reviewed`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from scoring.rubric import DIMENSIONS, Level
from simulator.entry import Entry

COMMENTED, OVERRODE, RATED, RATED_OVERALL = "commented", "overrode", "rated", "rated-overall"
SIGNED_OFF, SENT_BACK, REDACTED, WITHDREW = "signed-off", "sent-back", "redacted", "withdrew"
SIGNING = (SIGNED_OFF, SENT_BACK)
"""Events that let the trainee see everything said before them."""
TAKEN_BACK = (COMMENTED, OVERRODE, RATED, RATED_OVERALL)
"""Events that can be withdrawn."""
NO_MARK = "none"
"""The level an override gives where the mark should not have been given."""
LARGEST_NUMBER = 1_000_000
"""No decision, award or entry has a number above this."""
MOST_PRACTISED = 100
"""Cases that one sending back may name."""

_INDICATOR = re.compile(r"[a-z][a-z0-9-]{0,63}\.[a-z][a-z0-9-]{0,63}\Z")
_CASE = re.compile(r"[a-z][a-z0-9-]{0,63}\Z")
_LEVELS = {level.value: level for level in Level}


class ReviewState(StrEnum):
    """Where a session stands in review, as it is now."""

    OPEN = "open"
    SIGNED_OFF = "signed off"
    SENT_BACK = "sent back"


@dataclass(frozen=True, slots=True)
class Comment:
    """Something a supervisor said about a session."""

    reviewer: str
    """The id of who said it."""
    number: int
    """The decision it is about, from 1; 0: the session as a whole."""
    text: str
    time: str
    """UTC, ISO 8601."""
    signed: bool
    """Whether it has been signed off, or sent back, so that the trainee sees it."""
    entry: int = 0
    """The entry of the review in which it stands: what `withdraw` names."""


@dataclass(frozen=True, slots=True)
class Override:
    """A supervisor gives a mark another level than the case did. The original stays; both are shown."""

    reviewer: str
    number: int
    """The decision, from 1; 0: before anything was decided."""
    award: int
    """Which of the decision's awards, from 0."""
    indicator: str
    was: Level
    """The level that the case gave."""
    now: Level | None
    """None: the mark should not have been given."""
    reason: str
    """Empty: it has been erased."""
    time: str
    signed: bool
    entry: int = 0


@dataclass(frozen=True, slots=True)
class Rating:
    """A supervisor rates what was written, on the anchors of the rubric."""

    reviewer: str
    number: int
    """The decision that wrote it."""
    indicator: str
    level: Level
    text: str
    """What was said about it; may be empty."""
    time: str
    signed: bool
    entry: int = 0


@dataclass(frozen=True, slots=True)
class Overall:
    """A supervisor's level for a whole dimension. It stands beside the numbers and changes none."""

    reviewer: str
    dimension: str
    level: Level
    text: str
    """What was said about it; may be empty."""
    time: str
    signed: bool
    entry: int = 0


@dataclass(frozen=True, slots=True)
class SentBack:
    """A supervisor sends a session back, and says what to practise."""

    reviewer: str
    time: str
    head: str
    """The hash of the session's last entry at that time."""
    practise: tuple[str, ...]
    """Ids of cases."""
    text: str


@dataclass(frozen=True, slots=True)
class Review:
    """What one supervisor has to say about one session."""

    reviewer: str
    session: str
    comments: tuple[Comment, ...] = ()
    overrides: tuple[Override, ...] = ()
    """The last one of each mark, unless it was taken back."""
    ratings: tuple[Rating, ...] = ()
    """The last one of each decision and indicator."""
    overall: tuple[Overall, ...] = ()
    """The last one of each dimension."""
    signed_off: str = ""
    """When it was last signed off; empty: not yet."""
    head: str = ""
    """The hash of the session's last entry at that time: what exactly was signed off."""
    sent_back: SentBack | None = None
    """The last time it was sent back, unless it was signed off after that."""
    redacted: tuple[int, ...] = ()
    """Entries of the session's journal whose text is erased."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What supervisors say about one session, put together; each part still says who said it."""

    comments: tuple[Comment, ...] = ()
    """In the order of the decisions they are about."""
    overrides: tuple[Override, ...] = ()
    ratings: tuple[Rating, ...] = ()
    overall: tuple[Overall, ...] = ()
    sent_back: tuple[SentBack, ...] = ()
    redacted: frozenset[int] = frozenset()
    """Entries of the session's journal whose text was erased by a supervisor."""

    @property
    def practise(self) -> tuple[str, ...]:
        """The cases that are to be practised, each once."""
        return tuple(dict.fromkeys(case for each in self.sent_back for case in each.practise))

    @property
    def reviewers(self) -> tuple[str, ...]:
        """The ids of who changes a result: by overriding or rating."""
        overrode = [each.reviewer for each in self.overrides]
        return tuple(dict.fromkeys([*overrode, *(each.reviewer for each in self.ratings)]))

    def of(self, reviewer: str) -> Judgement:
        """Return what one of them says."""
        return Judgement(
            tuple(each for each in self.comments if each.reviewer == reviewer),
            tuple(each for each in self.overrides if each.reviewer == reviewer),
            tuple(each for each in self.ratings if each.reviewer == reviewer),
            tuple(each for each in self.overall if each.reviewer == reviewer),
            tuple(each for each in self.sent_back if each.reviewer == reviewer),
            self.redacted,
        )


Sayings = Judgement | Iterable[Comment]
"""What supervisors say, or of it the comments alone."""


def judgement_from(said: Sayings) -> Judgement:
    """Return what was said as one value."""
    return said if isinstance(said, Judgement) else Judgement(tuple(said))


def is_case_id(name: str) -> bool:
    """Whether this can be the id of a case: what else is named to be practised is left out."""
    return bool(_CASE.match(name))


def together(reviews: Iterable[Review]) -> Judgement:
    """Put the reviews of one session together."""
    kept = tuple(reviews)
    comments = [each for review in kept for each in review.comments]
    overrides = [each for review in kept for each in review.overrides]
    ratings = [each for review in kept for each in review.ratings]
    overall = [each for review in kept for each in review.overall]
    back = [review.sent_back for review in kept if review.sent_back is not None]
    return Judgement(
        tuple(sorted(comments, key=lambda each: (each.number, each.time))),
        tuple(sorted(overrides, key=lambda each: (each.number, each.award, each.indicator, each.time))),
        tuple(sorted(ratings, key=lambda each: (each.number, each.indicator, each.time))),
        tuple(sorted(overall, key=lambda each: (DIMENSIONS.index(each.dimension), each.time))),
        tuple(sorted(back, key=lambda each: (each.time, each.reviewer))),
        frozenset(entry for review in kept for entry in review.redacted),
    )


def state_in(reviews: Iterable[Review], head: str) -> ReviewState:
    """Return where a session stands whose last entry has this hash: what came after a signing was not seen."""
    kept = tuple(reviews)
    signed = [review for review in kept if review.signed_off and review.head == head]
    back = [review.sent_back for review in kept if review.sent_back is not None and review.sent_back.head == head]
    # One's own sign-off came before, whatever the clocks say; somebody else's is known by nothing but its time.
    if any(all(each.time > other.signed_off for other in signed if other.reviewer != each.reviewer) for each in back):
        return ReviewState.SENT_BACK
    return ReviewState.SIGNED_OFF if signed else ReviewState.OPEN


def still_sent_back(reviews: Iterable[Review]) -> bool:
    """Whether a session was sent back, and nobody has signed it off since.

    Whatever the trainee adds to it meanwhile, another attempt is wanted: this looks at no head.
    """
    kept = tuple(reviews)
    sent = max((review.sent_back.time for review in kept if review.sent_back is not None), default="")
    return sent > max((review.signed_off for review in kept), default="")


def signed_part(entries: Sequence[Entry]) -> Sequence[Entry]:
    """Return the entries up to the last signing: all that the trainee is told, as it stood then."""
    return entries[: max(_last_signing(entries), 0) + 1]


def review_in(entries: Sequence[Entry], reviewer: str, session: str) -> Review:
    """Return what the entries of a review say."""
    signing = _last_signing(entries)
    withdrawn = _withdrawn(entries)
    comments: list[Comment] = []
    overrides: dict[tuple[int, int, str], Override] = {}
    ratings: dict[tuple[int, str], Rating] = {}
    overall: dict[str, Overall] = {}
    redacted: dict[int, None] = {}
    for entry in entries:
        if entry.seq in withdrawn:
            continue
        body, signed = entry.body, entry.seq < signing
        match body.get("event"):
            case "commented":
                # A comment may be about a decision that can no longer be replayed; it is not lost then.
                if type(number := body.get("decision")) is int and entry.text:
                    comments.append(Comment(reviewer, number, entry.text, entry.time, signed, entry.seq))
            case "overrode":
                if (override := _override(entry, reviewer, signed)) is not None:
                    key = (override.number, override.award, override.indicator)
                    # Whatever was said before is replaced, and stands last.
                    overrides.pop(key, None)
                    if override.now is not override.was:
                        overrides[key] = override
            case "rated":
                if (rating := _rating(entry, reviewer, signed)) is not None:
                    ratings.pop((rating.number, rating.indicator), None)
                    ratings[rating.number, rating.indicator] = rating
            case "rated-overall":
                if (each := _overall(entry, reviewer, signed)) is not None:
                    overall[each.dimension] = each
            case "redacted":
                if (number := _number(body, "entry", 1)) is not None:
                    redacted[number] = None
    off = next((entry for entry in reversed(entries) if entry.body.get("event") == SIGNED_OFF), None)
    return Review(
        reviewer,
        session,
        tuple(comments),
        tuple(overrides.values()),
        tuple(ratings.values()),
        tuple(overall.values()),
        signed_off=off.time if off else "",
        head=_head(off) if off else "",
        sent_back=_sent_back(entries, reviewer),
        redacted=tuple(redacted),
    )


def _last_signing(entries: Sequence[Entry]) -> int:
    return max((entry.seq for entry in entries if _event(entry) in SIGNING), default=-1)


def _event(entry: Entry) -> str:
    event = entry.body.get("event")
    return event if isinstance(event, str) else ""


def _withdrawn(entries: Sequence[Entry]) -> frozenset[int]:
    return frozenset(_seqs_withdrawn(entries))


def _seqs_withdrawn(entries: Sequence[Entry]) -> Iterator[int]:
    kinds = {entry.seq: _event(entry) for entry in entries}
    for entry in entries:
        if _event(entry) == WITHDREW:
            seq = _number(entry.body, "entry", 1)
            if seq is not None and seq < entry.seq and kinds.get(seq) in TAKEN_BACK:
                yield seq


def _override(entry: Entry, reviewer: str, signed: bool) -> Override | None:
    body = entry.body
    number, award = _number(body, "decision"), _number(body, "award")
    indicator, was = _indicator(body), _level(body, "from")
    now = _level(body, "to")
    none = body.get("to") == NO_MARK
    if number is None or award is None or not indicator or was is None or (now is None and not none):
        return None
    # One whose reason was erased since still counts; one that never had any does not.
    if not entry.text and not entry.erased:
        return None
    return Override(reviewer, number, award, indicator, was, now, entry.text or "", entry.time, signed, entry.seq)


def _rating(entry: Entry, reviewer: str, signed: bool) -> Rating | None:
    number, indicator, level = _number(entry.body, "decision", 1), _indicator(entry.body), _level(entry.body, "level")
    if number is None or not indicator or level is None:
        return None
    return Rating(reviewer, number, indicator, level, entry.text or "", entry.time, signed, entry.seq)


def _overall(entry: Entry, reviewer: str, signed: bool) -> Overall | None:
    dimension, level = entry.body.get("dimension"), _level(entry.body, "level")
    if not isinstance(dimension, str) or dimension not in DIMENSIONS or level is None:
        return None
    return Overall(reviewer, dimension, level, entry.text or "", entry.time, signed, entry.seq)


def _sent_back(entries: Sequence[Entry], reviewer: str) -> SentBack | None:
    last = next((entry for entry in reversed(entries) if _event(entry) in SIGNING), None)
    if last is None or _event(last) != SENT_BACK:
        return None
    listed = last.body.get("practise")
    named = listed[:MOST_PRACTISED] if isinstance(listed, list | tuple) else ()
    practise = dict.fromkeys(case for case in named if isinstance(case, str) and is_case_id(case))
    return SentBack(reviewer, last.time, _head(last), tuple(practise), last.text or "")


def _head(entry: Entry) -> str:
    head = entry.body.get("head")
    return head if isinstance(head, str) else ""


def _number(body: Mapping[str, Any], key: str, least: int = 0) -> int | None:
    value = body.get(key)
    return value if type(value) is int and least <= value <= LARGEST_NUMBER else None


def _indicator(body: Mapping[str, Any]) -> str:
    value = body.get("indicator")
    known = isinstance(value, str) and _INDICATOR.match(value) and value.partition(".")[0] in DIMENSIONS
    return str(value) if known else ""


def _level(body: Mapping[str, Any], key: str) -> Level | None:
    value = body.get(key)
    return _LEVELS.get(value) if isinstance(value, str) else None
