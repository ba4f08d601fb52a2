"""Dates as people write them into letters and notes: the day of a month, perhaps its weekday, perhaps its year.

Only what is surely a date is read as one: a month by its name with a capital letter and a day beside it, or numbers
with a year of which only one can be the month, as in `2026-11-20` and `11/20/2026`. Other numbers with a stroke between
them are left alone, for `12/10` may be October, December, or twelve of ten.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
HALF_A_YEAR = 183
"""Days. The dates of a story are taken to lie no further apart than this, where no year is written."""

_SHORT = {"Sept": 9, **{name[:3]: number for number, name in enumerate(MONTHS, start=1)}}
_MONTH_NUMBERS = {
    form: number
    for name, number in (*((name, number) for number, name in enumerate(MONTHS, start=1)), *_SHORT.items())
    for form in (name, name.upper())
}
_WEEKDAY_NUMBERS = {
    form: number
    for number, name in enumerate(WEEKDAYS)
    for short in (name, name[:3], {1: "Tues", 3: "Thurs"}.get(number, name))
    for form in (short, short.upper())
}
_FULL = "|".join(form for name in MONTHS for form in (name, name.upper()))
_CUT = "|".join(form for name in _SHORT for form in (name, name.upper()))
_MONTH = rf"(?:(?P<{{0}}>{_FULL})\b|(?P<{{0}}_cut>{_CUT})\b\.?)"
_MAYBE = re.compile(r"[0-9](?:st|nd|rd|th)?(?:\s+of)?\s+[A-Z]|[A-Z][A-Za-z]{2,8}\.?\s+[0-9]|[0-9][-/][0-9]")
"""What every date looks like; looked for first, because most texts have none and this is cheap."""
_DAY = r"(?P<{0}>[0-9]{{1,2}})(?:st|nd|rd|th)?"
_WEEKDAY = rf"(?:\b(?P<weekday>{'|'.join(sorted(_WEEKDAY_NUMBERS, key=len, reverse=True))})\b\.?,?\s+(?:the\s+)?)?"
_YEAR = r"(?:,?\s+(?P<{0}>(?:19|20)[0-9]{{2}})(?![0-9:]))?"
_NO_NUMBER = r"(?<![0-9.,:$/-])"
_BEHIND = r"(?![0-9]|[.,:/-][0-9]|\s*(?:%|percent\b|minutes\b|dollars\b|people\b))"
_DATE = re.compile(
    _WEEKDAY
    + "(?:"
    + rf"{_NO_NUMBER}\b{_DAY.format('day')}(?:\s+of)?\s+{_MONTH.format('month')}{_YEAR.format('year')}"
    + "|"
    + rf"\b{_MONTH.format('us_month')}\s+{_DAY.format('us_day')}\b{_BEHIND}{_YEAR.format('us_year')}"
    + "|"
    + rf"{_NO_NUMBER}\b(?P<iso>(?:19|20)[0-9]{{2}}-[01]?[0-9]-[0-3]?[0-9])\b(?![-/][0-9])"
    + "|"
    + rf"{_NO_NUMBER}\b(?P<numbers>[01]?[0-9]/(?:1[3-9]|2[0-9]|3[01])/(?:19|20)[0-9]{{2}})\b(?![-/][0-9])"
    + ")"
)

_ALONE = re.compile(rf"\b(?:{'|'.join(WEEKDAYS)})\b")
"""A weekday in full; behind an `s`, it comes again every week."""


@dataclass(frozen=True, slots=True)
class Written:
    """A date as it is written somewhere."""

    text: str
    """The words themselves."""
    start: int
    """Where they begin in the text."""
    month: int
    day: int
    weekday: int | None
    """From 0, Monday; None: not said."""
    year: int | None

    @property
    def exists(self) -> bool:
        """Whether there is such a day, in some year."""
        return self.day <= _days_in(self.month)

    def in_year(self, year: int) -> date | None:
        """Return the day in a year; None if that year does not have it."""
        try:
            return date(year, self.month, self.day)
        except ValueError:
            return None

    def nearest_to(self, other: date) -> date | None:
        """Return the day in the year in which it lies nearest to another; its own year if that is written."""
        years = (self.year,) if self.year else (other.year - 1, other.year, other.year + 1)
        days = [each for each in map(self.in_year, years) if each is not None]
        return min(days, key=lambda each: abs(each - other), default=None)


def dates_in(text: str) -> Iterator[Written]:
    """Yield the dates of a text, in order."""
    if not _MAYBE.search(text):
        return
    for found in _DATE.finditer(text):
        year, month, day = _numbers(found)
        weekday = _WEEKDAY_NUMBERS.get(found["weekday"] or "")
        if 1 <= day <= 31 and 1 <= month <= 12:
            yield Written(" ".join(found[0].split()), found.start(), month, day, weekday, year)


def _numbers(found: re.Match[str]) -> tuple[int | None, int, int]:
    """Return year, month and day of a date."""
    if found["iso"]:
        year, month, day = map(int, found["iso"].split("-"))
        return year, month, day
    if found["numbers"]:
        month, day, year = map(int, found["numbers"].split("/"))
        return year, month, day
    name = found["month"] or found["month_cut"] or found["us_month"] or found["us_month_cut"]
    written = found["year"] or found["us_year"]
    return int(written) if written else None, _MONTH_NUMBERS[name], int(found["day"] or found["us_day"])


@dataclass(frozen=True, slots=True)
class Weekday:
    """A weekday that stands somewhere without a date."""

    text: str
    start: int
    weekday: int
    """From 0, Monday."""


def weekdays_in(text: str) -> Iterator[Weekday]:
    """Yield the weekdays of a text that belong to no date, in order."""
    taken = [(each.start, each.start + len(each.text)) for each in dates_in(text)]
    for found in _ALONE.finditer(text):
        if not any(start <= found.start() < stop for start, stop in taken):
            yield Weekday(found[0], found.start(), WEEKDAYS.index(found[0]))


def agree(one: Written, other: Written) -> bool:
    """Whether two days with weekdays, and without years, can lie within half a year of each other."""
    # Every kind of year, leap years among them, comes up in 28 of them.
    for year in range(2000, 2028):
        first = one.in_year(year)
        if first is None or first.weekday() != one.weekday:
            continue
        near = (other.in_year(each) for each in (year - 1, year, year + 1))
        if any(each and each.weekday() == other.weekday and abs(each - first) <= _HALF for each in near):
            return True
    return False


_HALF = timedelta(days=HALF_A_YEAR)


def _days_in(month: int) -> int:
    return 29 if month == 2 else 30 if month in (4, 6, 9, 11) else 31
