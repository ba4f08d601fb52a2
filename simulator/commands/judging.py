"""What `caseload review` is told to say about a session: looked at as a whole first, then written down in turn."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING

from simulator.commands.console import Failed
from simulator.text import clean, one_line, whole_number

if TYPE_CHECKING:
    from scoring.rubric import Level
    from simulator.archive import Logged
    from simulator.review.writing import Reviewing

REFLECTIONS = "reflections"
"""Names, in place of a decision, what the trainee thought about it afterwards."""


def add_judging(parser: argparse.ArgumentParser) -> None:
    """Say what can be said about a session."""
    say = parser.add_argument_group("what to say about SESSION; 0 in place of DECISION is the whole, or the start")
    say.add_argument("--comment", action="append", nargs=2, metavar=("DECISION", "TEXT"), help="say something")
    say.add_argument(
        "--override",
        action="append",
        nargs=4,
        metavar=("DECISION", "INDICATOR", "LEVEL", "REASON"),
        help="give a mark another level beside the original, or `none`: it should not have been given; its own level "
        "takes that back. DECISION is 3, or 3.2 for the second of several marks there",
    )
    say.add_argument(
        "--rate",
        action="append",
        nargs="+",
        metavar=("DECISION", "INDICATOR LEVEL [TEXT]"),
        help="rate what was written there on an indicator, with a level of the rubric",
    )
    say.add_argument(
        "--overall",
        action="append",
        nargs="+",
        metavar=("DIMENSION", "LEVEL [TEXT]"),
        help="give a whole dimension a level, beside its number",
    )
    say.add_argument("--withdraw", action="append", metavar="ENTRY", help="take back something you said, by its entry")
    say.add_argument(
        "--redact",
        action="append",
        metavar="DECISION",
        help=f"erase what was written there, for good, wherever it is kept; `{REFLECTIONS}`: every reflection",
    )
    signing = say.add_mutually_exclusive_group()
    signing.add_argument("--sign-off", action="store_true", help="let the trainee see what was said")
    signing.add_argument("--send-back", metavar="TEXT", help="let the trainee see it, and say what to practise")
    say.add_argument("--practise", action="append", metavar="CASE", help="with --send-back: a case to practise, by id")


def wants_to_say(given: argparse.Namespace) -> bool:
    """Whether anything is to be written down."""
    said = (given.comment, given.override, given.rate, given.overall, given.withdraw, given.redact)
    return any(said) or given.sign_off or given.send_back is not None or bool(given.practise)


class Judging:
    """Everything that the command line says, found to be possible; raises Failed where something is not."""

    def __init__(self, given: argparse.Namespace, logged: Logged) -> None:
        from simulator.review.events import is_case_id
        from simulator.review.judged import NotPossible

        self._logged = logged
        self._given = given
        try:
            self._must_fit()
            self.comments = [self._comment(number, text) for number, text in given.comment or ()]
            self.overrides = [self._override(*each) for each in given.override or ()]
            self.ratings = [self._rating(each) for each in given.rate or ()]
            self.overall = [self._overall(each) for each in given.overall or ()]
        except NotPossible as error:
            raise Failed(str(error)) from error
        self.redacted = [entry for each in given.redact or () for entry in self._entries(each)]
        self.withdrawn = [self._entry(each) for each in given.withdraw or ()]
        if given.practise and given.send_back is None:
            raise Failed('--practise goes with --send-back: `--send-back "Listen first." --practise CASE`')
        for case in given.practise or ():
            if not is_case_id(case):
                raise Failed(f"`{one_line(case, 80)}` cannot be the id of a case; `new-case-manager` is one")
        if given.send_back is not None and not clean(given.send_back).strip():
            raise Failed("who sends a session back says what to practise, in words")

    def _must_fit(self) -> None:
        """Refuse what is too long, before anything is said: half of what somebody meant to say helps nobody."""
        from simulator.review.judged import must_fit

        given = self._given
        for said in (given.comment, given.override, given.rate, given.overall):
            for words in said or ():
                must_fit(words[-1])
        must_fit(given.send_back or "")

    @property
    def decisions(self) -> bool:
        """Whether it says anything about single decisions."""
        on_some = any(number for number, _ in self.comments)
        return bool(on_some or self.overrides or self.ratings or self.redacted)

    def _comment(self, number: str, text: str) -> tuple[int, str]:
        if not clean(text).strip():
            raise Failed("a comment needs words")
        return self._number(number, 0), text

    def _number(self, number: str, least: int) -> int:
        last = len(self._logged.session.events)
        found = whole_number(number, least, last)
        if found is None:
            whole = ", and 0 is the whole" if not least else ""
            raise Failed(f"`{one_line(number)}` is no decision of this session; it has 1 to {last}{whole}")
        return found

    def _override(
        self, where: str, indicator: str, level: str, reason: str
    ) -> tuple[int, str, Level | None, str, int | None]:
        from simulator.review.judged import level_meant, mark_meant

        decision, dot, place = where.partition(".")
        number = self._number(decision, 0)
        award = whole_number(place, 1, 1_000_000) if dot else None
        if dot and award is None:
            raise Failed(f"`{one_line(where)}` is no mark; 3.2 is the second of several at decision 3")
        meant = mark_meant(self._logged.session, number, indicator, None if award is None else award - 1)
        now = None if level.strip().casefold() == "none" else level_meant(self._logged.rubric, indicator, level)
        if not clean(reason).strip():
            raise Failed("an override needs a reason: the trainee and the author read it")
        return number, indicator, now, reason, meant.award

    def _rating(self, words: Sequence[str]) -> tuple[int, str, Level, str]:
        from simulator.review.judged import level_meant, must_be_rated_on

        if not 3 <= len(words) <= 4:
            raise Failed("a rating is a decision, an indicator, a level, and a text in quotes if you like")
        number, indicator = self._number(words[0], 1), words[1]
        must_be_rated_on(self._logged.session, number, indicator)
        return number, indicator, level_meant(self._logged.rubric, indicator, words[2]), "".join(words[3:])

    def _overall(self, words: Sequence[str]) -> tuple[str, Level, str]:
        from scoring.rubric import DIMENSIONS
        from simulator.review.judged import level_meant

        if not 2 <= len(words) <= 3:
            raise Failed("an overall level is a dimension, a level, and a text in quotes if you like")
        if words[0] not in DIMENSIONS:
            raise Failed(f"there is no dimension `{one_line(words[0])}`; there are {', '.join(DIMENSIONS)}")
        return words[0], level_meant(self._logged.rubric, "", words[1]), "".join(words[2:])

    def _entries(self, name: str) -> list[int]:
        """Return the entries of the session whose text is meant."""
        from simulator.session import Wrote

        recorded = self._logged.recorded
        if name == REFLECTIONS:
            found = [record.seq for record in recorded.records if record.mark == "reflected"]
            if not found:
                raise Failed("there is no reflection in this session")
            return found
        number = self._number(name, 1)
        written = [place for place, event in enumerate(self._logged.session.events, 1) if isinstance(event, Wrote)]
        if number not in written:
            has = f"; something was written at {', '.join(map(str, written))}" if written else ""
            raise Failed(f"nothing was written at decision {number}{has}")
        return [recorded.seq_of(number)]

    def _entry(self, name: str) -> int:
        found = whole_number(name, 1, 1_000_000)
        if found is None:
            raise Failed(f"`{one_line(name)}` is no entry of a review; `caseload review SESSION` shows their numbers")
        return found

    def write(self, reviewing: Reviewing) -> list[str]:
        """Write all of it down; return what became of it, in words. Raises NotPossible, ChainError and NotSaved."""
        from simulator.wording import counted

        for entry in self.withdrawn:
            reviewing.withdraw(entry)
        for number, text in self.comments:
            reviewing.comment(number, text)
        for number, indicator, now, reason, award in self.overrides:
            reviewing.override(number, indicator, now, reason, award=award)
        for number, indicator, level, text in self.ratings:
            reviewing.rate(number, indicator, level, text)
        for dimension, level, text in self.overall:
            reviewing.rate_overall(dimension, level, text)
        waiting = [why for entry in self.redacted if (why := reviewing.redact(entry))]
        told = [
            counted(len(found), what)
            for found, what in (
                (self.comments, "comment"),
                (self.overrides, "override"),
                (self.ratings, "rating"),
                (self.overall, "overall level"),
            )
            if found
        ]
        told = [f"{', '.join(told)} kept"] if told else []
        told += [f"{counted(len(self.withdrawn), 'entry', 'entries')} withdrawn"] if self.withdrawn else []
        if self.redacted:
            later = f"is redacted; it is erased when the review is opened again. {waiting[0]}" if waiting else "erased"
            told.append(f"text {later}" if waiting else f"{counted(len(self.redacted), 'text')} {later}")
        head = self._logged.recorded.reading.head
        if self._given.sign_off:
            reviewing.sign_off(head)
        elif self._given.send_back is not None:
            reviewing.send_back(head, self._given.send_back, self._given.practise or ())
        return told
