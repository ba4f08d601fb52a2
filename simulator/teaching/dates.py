"""Whether the dates of a case agree: weekdays with dates, and what two papers say of the same appointment.

Papers that do not agree may be what a case is about, so all of this is advice: an author who means it answers it. What
nobody means is a Tuesday that is none, and trainees who look things up do notice.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from simulator.flaw import Flaw
from simulator.problem import Severity
from simulator.scenario import Scenario
from simulator.teaching.calendar_dates import WEEKDAYS, Weekday, Written, agree, dates_in, weekdays_in
from simulator.teaching.told import Kind, Told
from simulator.teaching.words import sentences

_HINT = "look it up in a calendar; if the papers disagree on purpose, answer this"
MOST_DAYS = 60
"""Different days that are compared with each other; a story has a dozen, and comparing them takes time."""
_EVENT = re.compile(
    r"\b(?:(?P<whose>your|the|her|his|their|next|first)\s+)?(?P<label>(?:[a-z]+\s+){0,2}?"
    r"(?:appointment|hearing|court date|interview|home visit|inspection|intake|deadline|move-in|shut-?off)(?: date)?)\b"
    r"(?:\s+(?:is|was|has been|will be|now))?(?:\s+(?:set|scheduled|moved|due|confirmed|planned))?"
    r"(?:\s+(?:on|for|to|at|by)|,|:)?(?:\s+(?:on))?(?:\s+the)?\s+$",
    re.IGNORECASE,
)
"""What is to happen on the date that follows at once. A longer way round may be about something else."""
_ONCE = re.compile(
    r"\b(?P<label>keys|lease|tenancy|surgery|operation|discharge|trial|eviction|first day|last day)"
    r"(?:\s+(?:(?:is|are|was|were|has been|have been|will be|now)))?"
    r"(?:\s+(?P<how>set|scheduled|moved|due|confirmed|planned|handed over|given out|begins?|starts?|ends?|expires?))?"
    r"(?:\s+(?:on|for|to|at|by|from|(?P<until>until))|,|:)?(?:\s+the)?\s+$",
    re.IGNORECASE,
)
"""What happens once in a case, whatever stands before it."""
_BORN = re.compile(r"(?P<name>[A-Z]\w+(?: [A-Z]\w+)*)(?:,| was| is)? (?:born|DOB:?|date of birth:?)(?: on)?\s+$")
"""Whose birthday it is, if their name stands right there."""
_FILLING = """
    your the her his their my our its a an of new next first and for has have had got gets get to with at in on is was
    he she they you it this that says said
"""
_SMALL = frozenset(_FILLING.split())
"""Words that do not say which appointment is meant."""


@dataclass(frozen=True, slots=True)
class _On:
    """What is to happen, and when, as one text puts it."""

    told: Told
    text: str
    """The date or the weekday as it is written."""
    day: Written | Weekday

    @property
    def place(self) -> str:
        """Where it stands, as messages print it."""
        return _place(self.told)

    @property
    def key(self) -> tuple[int, ...]:
        """What tells it apart from others in one text."""
        return (self.day.weekday,) if isinstance(self.day, Weekday) else (self.day.month, self.day.day)

    @property
    def weekday(self) -> int | None:
        """On which weekday it is; None: not said."""
        if isinstance(self.day, Weekday) or self.day.weekday is not None:
            return self.day.weekday
        there = self.day.in_year(self.day.year) if self.day.year else None
        return None if there is None else there.weekday()


def _place(told: Told) -> str:
    return f"`{told.about}`" if told.about else f"`{told.where[0]}:`"


@dataclass(frozen=True, slots=True)
class _Placed:
    """A date and the text that it stands in."""

    date: Written
    told: Told

    @property
    def place(self) -> str:
        """Where it stands, as messages print it."""
        return _place(self.told)


def dates(scenario: Scenario, everything: Iterable[Told]) -> Iterator[Flaw]:
    """Yield days that do not exist, weekdays that are wrong, and the same event on two days."""
    texts = list(everything)
    placed = [_Placed(day, each) for each in texts for day in dates_in(each.say)]
    for each in placed:
        if not each.date.exists:
            message = f"there is no such day as {each.date.text}"
            yield _flaw(each, message, "look it up in a calendar")
    placed = [each for each in placed if each.date.exists]
    yield from _weekdays(placed, scenario.start)
    yield from _events(texts, placed)


def _weekdays(placed: Sequence[_Placed], start: str) -> Iterator[Flaw]:
    """Yield weekdays that are wrong in the year that is known, or against the others."""
    story = _known(each for each in placed if each.told.kind is Kind.FRONT)
    story = story or _known(each for each in placed if each.told.kind is Kind.SCENE and each.told.scene == start)
    papers: dict[str, _Year] = {}
    for each in placed:
        if each.told.kind is Kind.DOCUMENT and (year := _known([each])) is not None:
            papers.setdefault(each.told.about, year)
    open_: list[_Placed] = []
    for each in placed:
        if each.date.weekday is None:
            continue
        known = _known([each]) or (papers.get(each.told.about) if each.told.kind is Kind.DOCUMENT else None) or story
        if known is None:
            open_.append(each)
            continue
        day = each.date.nearest_to(known.day)
        if day is not None and day.weekday() != each.date.weekday:
            message = f"{each.date.text} is a {WEEKDAYS[day.weekday()]} in {day.year}"
            if known.by is not each:
                message += f", the year of {known.by.date.text} in {known.by.place}"
            elif each.date.year is None:
                message += ", the year of this case"
            yield _flaw(each, message, _HINT, None if known.by is each else known.by)
    yield from _against_each_other(open_)


def _against_each_other(placed: Sequence[_Placed]) -> Iterator[Flaw]:
    """Yield days of which the weekdays cannot both be right. The one that most agree with counts as right."""
    days: dict[tuple[int, int, int | None], list[_Placed]] = {}
    for each in placed:
        days.setdefault((each.date.month, each.date.day, each.date.weekday), []).append(each)
    different = [found[0] for found in list(days.values())[:MOST_DAYS]]
    if len(different) <= 1:
        return
    agreeing = [sum(agree(each.date, other.date) for other in different) for each in different]
    # The first of those: a briefing, which says when it is, stands above the rest.
    right = different[agreeing.index(max(agreeing))]
    for first in different:
        if agree(right.date, first.date):
            continue
        for each in days[first.date.month, first.date.day, first.date.weekday]:
            message = f"{each.date.text} does not fit {right.date.text} in {right.place}: in no year are both right"
            yield _flaw(each, message, _HINT, right)


@dataclass(frozen=True, slots=True)
class _Year:
    """A day whose year is written, from which the year of others is known."""

    day: date
    by: _Placed


def _known(placed: Iterable[_Placed]) -> _Year | None:
    for each in placed:
        if each.date.year is not None and (day := each.date.in_year(each.date.year)) is not None:
            return _Year(day, each)
    return None


def _events(texts: Sequence[Told], placed: Sequence[_Placed]) -> Iterator[Flaw]:
    """Yield events that two papers put on different days, unless one of them has several such days."""
    by_label: dict[str, dict[str, list[_On]]] = {}
    for on in (*_dated(placed), *_on_weekdays(texts)):
        if on.told.kind in (Kind.DOCUMENT, Kind.FRONT) and (label := _label(on.told.say[: on.day.start])):
            found = by_label.setdefault(label, {}).setdefault(on.told.about, [])
            # Where a paper says the date as well, it is known which weekday it means.
            if not isinstance(on.day, Weekday) or not any(isinstance(each.day, Written) for each in found):
                found.append(on)
    for label, papers in by_label.items():
        single = [found[0] for found in papers.values() if len({each.key for each in found}) == 1]
        if len(single) != len(papers):
            continue
        for other in single[1:]:
            if not _same(single[0], other, once=label.startswith(_BIRTHDAY)):
                first = single[0]
                message = f"the {label} is on {other.text} in {other.place} and on {first.text} in {first.place}"
                hint = "let both say the same, or, if finding that out is part of the case, answer this"
                also = ((first.told.where, first.text),)
                yield Flaw("dates-disagree", other.told.where, message, hint, Severity.ADVICE, other.told.about, also)


_BIRTHDAY = "birthday of "


def _dated(placed: Iterable[_Placed]) -> Iterator[_On]:
    return (_On(each.told, each.date.text, each.date) for each in placed)


def _on_weekdays(texts: Iterable[Told]) -> Iterator[_On]:
    for each in texts:
        if each.kind in (Kind.DOCUMENT, Kind.FRONT):
            yield from (_On(each, found.text, found) for found in weekdays_in(each.say))


def _label(before: str) -> str:
    """Return what is to happen on a day, as far as it is said right before it; empty if it is not."""
    last = list(sentences(before))
    line = f"{last[-1]} " if last and before[-1:].isspace() else ""
    if born := _BORN.search(line):
        return f"{_BIRTHDAY}{born['name']}"
    if once := _ONCE.search(line):
        ends = once["until"] or (once["how"] or "").lower().startswith(("end", "expire"))
        return f"{'end of the ' if ends else ''}{once['label'].lower()}"
    found = _EVENT.search(line)
    if found is None:
        return ""
    return " ".join(each for each in found["label"].lower().split() if each not in _SMALL)


def _same(one: _On, other: _On, *, once: bool) -> bool:
    """Whether two texts may mean the same day; what comes once in a life is compared with its year."""
    if isinstance(one.day, Weekday) or isinstance(other.day, Weekday):
        return None in (one.weekday, other.weekday) or one.weekday == other.weekday
    if one.day.year and other.day.year and one.day.year != other.day.year:
        # Every year has its own.
        return not once
    return one.key == other.key


def _flaw(each: _Placed, message: str, hint: str, other: _Placed | None = None) -> Flaw:
    also = ((other.told.where, other.date.text),) if other is not None else ()
    return Flaw("dates-disagree", each.told.where, message, hint, Severity.ADVICE, each.told.about, also)
