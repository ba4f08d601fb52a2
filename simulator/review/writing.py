"""A supervisor's review of a session: comments, overrides, ratings and sign-off, in a journal of the supervisor's own.

Nobody writes into somebody else's journal. A trainee sees what was said once it is signed off or sent back; what is
said later, changed or withdrawn shows with the next signing. What the entries say is folded in `review_events`.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Self

from scoring.rubric import DIMENSIONS, Level
from simulator.archive import Logged
from simulator.chain import Chain, ChainError
from simulator.durable import NotSaved
from simulator.review.events import (
    COMMENTED,
    NO_MARK,
    OVERRODE,
    RATED,
    RATED_OVERALL,
    REDACTED,
    SENT_BACK,
    SIGNED_OFF,
    TAKEN_BACK,
    WITHDREW,
    Comment,
    Judgement,
    Overall,
    Override,
    Rating,
    Review,
    ReviewState,
    SentBack,
    is_case_id,
    state_in,
    together,
)
from simulator.review.judged import NotPossible, mark_meant, must_be_rated_on, must_fit
from simulator.review.reading import (
    KIND,
    journal_path,
    judgement_of,
    read_review,
    redacted_entries,
    review_at,
    review_path,
    review_state,
    reviews_of,
    said_to_trainee,
    signed_judgement,
)
from simulator.review.redaction import finish_redactions
from simulator.settings import Home
from simulator.text import clean, one_line

__all__ = [
    "Comment",
    "Judgement",
    "NotPossible",
    "Overall",
    "Override",
    "Rating",
    "Review",
    "ReviewState",
    "Reviewing",
    "SentBack",
    "finish_redactions",
    "judgement_of",
    "read_review",
    "redacted_entries",
    "review_state",
    "reviews_of",
    "said_to_trainee",
    "signed_judgement",
    "state_in",
    "together",
]


class Reviewing:
    """A review open for its writer. Methods are durable before they return, and may raise `NotSaved`.

    Those that judge raise `NotPossible` where the session has nothing there to be judged, and say what it has.
    """

    def __init__(self, opened: Chain, path: Path, where: Home, logged: Logged) -> None:
        """Use `open`."""
        self._chain = opened
        self._where = where
        self._logged = logged
        self.path = path

    @classmethod
    def open(cls, where: Home, logged: Logged, reviewer: str) -> Self:
        """Begin a review of a session, or go on with it.

        Raises:
            ChainError: it is damaged, or open in another place.
            NotSaved: it cannot be written.
        """
        path = review_path(where, logged.id, reviewer)
        opened = _begun(path, logged, reviewer) or Chain.open(path, person=reviewer)
        try:
            review_at(path, opened.entries)
        except ChainError:
            opened.close()
            raise
        # What could not be erased the last time, because somebody wrote the session just then.
        with suppress(ChainError, NotSaved):
            finish_redactions(where, logged.id)
        return cls(opened, path, where, logged)

    def comment(self, number: int, text: str) -> int:
        """Say something about a decision, or with number 0 about the whole; return the entry it stands in."""
        return self._add({"event": COMMENTED, "decision": number}, text)

    def override(
        self, number: int, indicator: str, now: Level | None, reason: str, *, award: int | None = None
    ) -> Override | None:
        """Give a mark another level, or with None say that it should not have been given; a reason is needed.

        The same mark again replaces what was said before; the level that the case gave takes it back, and None is
        returned. `award` says which mark is meant where a decision has several on one indicator.
        """
        meant = mark_meant(self._logged.session, number, indicator, award)
        if not clean(reason).strip():
            raise NotPossible("an override needs a reason: the trainee and the author read it")
        to = NO_MARK if now is None else now.value
        body = {
            "event": OVERRODE,
            "decision": number,
            "award": meant.award,
            "indicator": indicator,
            "from": meant.mark.level.value,
            "to": to,
        }
        entry = self._add(body, reason)
        return next((each for each in self.review().overrides if each.entry == entry), None)

    def rate(self, number: int, indicator: str, level: Level, text: str = "") -> int:
        """Rate what was written at a decision on an indicator that its scene names; the last rating counts."""
        must_be_rated_on(self._logged.session, number, indicator)
        return self._add({"event": RATED, "decision": number, "indicator": indicator, "level": level.value}, text)

    def rate_overall(self, dimension: str, level: Level, text: str = "") -> int:
        """Give a whole dimension a level, beside its number; the last one counts."""
        if dimension not in DIMENSIONS:
            raise NotPossible(f"there is no dimension `{dimension}`; there are {', '.join(DIMENSIONS)}")
        return self._add({"event": RATED_OVERALL, "dimension": dimension, "level": level.value}, text)

    def sign_off(self, head: str) -> None:
        """Let the trainee see what was said, about the session as it is now (the hash of its last entry)."""
        self._add({"event": SIGNED_OFF, "head": head})

    def send_back(self, head: str, text: str, practise: Iterable[str] = ()) -> None:
        """Let the trainee see what was said, and say what to practise: in words, and as ids of cases."""
        if not clean(text).strip():
            raise NotPossible("who sends a session back says what to practise")
        cases = list(practise)
        for case in cases:
            if not is_case_id(case):
                raise NotPossible(f"`{one_line(case, 80)}` cannot be the id of a case; `new-case-manager` is one")
        self._add({"event": SENT_BACK, "head": head, "practise": cases}, text)

    def redact(self, entry: int, why: str = "") -> str:
        """Have the text of an entry of the session's journal erased wherever this home keeps it, for good.

        What was said is durable before anything is erased. Returns why the text is still there, in a sentence:
        somebody writes the session just now. Opening the review again, or `finish_redactions`, erases it then.
        Empty: it is erased.
        """
        self._must_have_text(entry)
        self._add({"event": REDACTED, "entry": entry}, why)
        try:
            finish_redactions(self._where, self._logged.id)
        except (ChainError, NotSaved) as problem:
            return str(problem)
        return ""

    def _must_have_text(self, entry: int) -> None:
        recorded, again = self._logged.recorded, self._logged.again
        if not any(each.seq == entry and (each.text is not None or each.erased) for each in recorded.reading.entries):
            raise NotPossible(f"entry {entry} of this session holds nothing that somebody wrote")
        if again is not None and entry <= again.taken_over and journal_path(self._where, again.session).exists():
            raise NotPossible(f"that text was taken over from session {again.session}; redact it there")

    def withdraw(self, entry: int) -> None:
        """Take back what was said in an entry of this review: a comment, an override, a rating."""
        said = next((each for each in self._chain.entries if each.seq == entry), None)
        event = said.body.get("event") if said is not None else None
        if said is None or event not in TAKEN_BACK:
            possible = [str(each.seq) for each in self._chain.entries if each.body.get("event") in TAKEN_BACK]
            has = f"what can be withdrawn stands in {', '.join(possible)}" if possible else "nothing was said yet"
            never = f"; it was {event}, and stays" if said is not None and entry else ""
            raise NotPossible(f"entry {entry} of this review cannot be withdrawn{never}; {has}")
        self._add({"event": WITHDREW, "entry": entry})

    def _add(self, body: dict[str, object], text: str = "") -> int:
        must_fit(text)
        return self._chain.append(body, text or None).seq

    def review(self) -> Review:
        """Return the review as it stands."""
        return review_at(self.path, self._chain.entries)

    def close(self) -> None:
        """Let others open it."""
        self._chain.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _begun(path: Path, logged: Logged, reviewer: str) -> Chain | None:
    """Begin a review; None where there is one already, perhaps since just now, by another program of theirs."""
    if os.path.lexists(path):
        return None
    try:
        return Chain.create(path, {"kind": KIND, "session": logged.id, "reviewer": reviewer}, person=reviewer)
    except ChainError:
        if os.path.lexists(path):
            return None
        raise
