"""The inbox: which sessions need a supervisor's eyes, and what first.

Criticals stand first, then what somebody was sure of that was harmful, then what was written to be rated, then what
is overdue, then the rest; in the rest, journals that cannot be used come first. What was begun again from a decision
was tried on purpose and stands with the rest. A practice attempt is a summary: it waits for nobody, and nothing that
was written in it is found here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import IntEnum
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, exists, func, literal, or_, select

from scoring.rubric import CRITICAL_DIMENSION, DIMENSIONS
from simulator.index import filling
from simulator.index.outcomes import COLUMNS, JOINED, Result, results_of
from simulator.index.schema import decisions, queues, sessions, texts, wordings
from simulator.index.store import Index
from simulator.journal import PRACTICE
from simulator.text import folded, one_line

STATES = ("open", "signed off", "sent back", "practice", "unfinished", "damaged", "all")
"""What can be asked for."""
MOST_WORDINGS = 200
"""Places of cases that one search looks for; more of them and it means nearly everything."""
MOST_NAMED = 1000
"""Sessions that are looked up by what stands in them; where there are more, they are met soon enough one by one."""
LONGEST_FOUND = 100
"""Characters of the line that was found."""


class Urgency(IntEnum):
    """What needs eyes first; smaller is sooner."""

    CRITICAL = 0
    SURE_AND_HARMFUL = 1
    TO_RATE = 2
    OVERDUE = 3
    REST = 4


class Due(Protocol):
    """A case that somebody should have played by now; a cohort knows."""

    @property
    def person(self) -> str:
        """Their id."""

    @property
    def scenario(self) -> str:
        """The case's id."""

    @property
    def title(self) -> str:
        """The case's title."""

    @property
    def due(self) -> date:
        """When it should have been played."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody looks for."""

    person: str = ""
    """The id of who played."""
    scenario: str = ""
    """The case's id."""
    dimension: str = ""
    """Low marks there, or a critical where that is what it replaces."""
    since: str = ""
    """A day or a time, ISO 8601: last decided then or later."""
    until: str = ""
    """Decided no later; a day is meant with all its hours."""
    state: str = "open"
    """One of `STATES`. What is open waits for a supervisor: finished, or damaged, or left after a critical."""
    words: str = ""
    """Words that somebody wrote, or that the case says where they were. Capitals and accents do not matter."""
    limit: int = 200
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the inbox."""

    session: str
    """The session's id; empty for what is overdue."""
    person: str
    scenario: str
    title: str
    """The case's title as it was played; its id where nobody knows it."""
    urgency: Urgency
    state: str = ""
    """finished, unfinished, damaged, unreadable; or overdue."""
    review_state: str = "open"
    """open, signed off, sent back."""
    started: str = ""
    ended: str = ""
    """When the last decision was made; empty unless it came to an ending."""
    touched: str = ""
    ending: str = ""
    """The ending's title."""
    criticals: int = 0
    sure_harmful: int = 0
    """Decisions that somebody was sure of and that were harmful."""
    to_rate: int = 0
    """Texts that wait to be rated."""
    results: tuple[Result, ...] = ()
    """One for each dimension; empty for what is overdue."""
    attempt: int = 0
    """Which attempt at the case, from 1; 0: none."""
    purpose: str = ""
    again: str = ""
    """The session it was begun again from."""
    decisions: int = 0
    seconds: int = 0
    """Between its entries, without the time it was suspended."""
    trouble: str = ""
    """What is wrong with the journal, in a sentence."""
    unknown: bool = False
    """Whether the library does not hold the case as it was played."""
    due: str = ""
    """When it was due, ISO 8601."""
    found: str = ""
    """The line that the words were found in."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How much there is, over everybody, for the top line."""

    open: int = 0
    signed_off: int = 0
    sent_back: int = 0
    practice: int = 0
    unfinished: int = 0
    damaged: int = 0
    """Journals that cannot be used, wherever they stand."""
    overdue: int = 0
    criticals: int = 0
    """Of what is open: those with a critical, then as `Urgency` has it."""
    sure_and_harmful: int = 0
    to_rate: int = 0


@dataclass(frozen=True, slots=True)
class Inbox:
    """What was found."""

    items: tuple[Item, ...]
    counts: Counts
    more: bool = False
    """Whether there is more behind the last one."""


def inbox(index: Index, wanted: Wanted | None = None, overdue: Sequence[Due] = ()) -> Inbox:
    """Return what needs eyes first, or what somebody looks for; newest first where nothing is more urgent.

    Raises:
        IndexTrouble: the index cannot be used just now.
    """
    asked = wanted or Wanted()
    with index.read() as connection:
        search = _search(connection, folded(asked.words)) if asked.words.strip() else None
        late = _late(asked, overdue)
        # What stands before is only read where something has its place among it.
        skipped = 0 if late else asked.offset
        found = _select(asked, search, skipped, asked.offset - skipped + asked.limit + 1)
        items = _with_overdue([_item(row) for row in connection.execute(found)], asked, late)
        first = asked.offset - skipped
        more = len(items) > first + asked.limit
        shown = items[first : first + asked.limit]
        if search is not None:
            lines = search.lines(connection, [item.session for item in shown])
            shown = [replace(item, found=lines.get(item.session, "")) for item in shown]
        return Inbox(tuple(shown), _counts(connection, overdue), more)


def counts(index: Index, overdue: Sequence[Due] = ()) -> Counts:
    """Return how much there is; raises IndexTrouble."""
    with index.read() as connection:
        return _counts(connection, overdue)


def _counts(connection: Connection, overdue: Sequence[Due]) -> Counts:
    of: dict[tuple[str, int], int] = {(row.queue, row.urgency): row.n for row in connection.execute(select(queues))}

    def total(queue: str = "", urgency: int | None = None) -> int:
        return sum(n for (at, how), n in of.items() if queue in ("", at) and urgency in (None, how))

    return Counts(
        open=total(filling.WAITING),
        signed_off=total(filling.SIGNED_OFF),
        sent_back=total(filling.SENT_BACK),
        practice=total(filling.SUMMARY),
        unfinished=total(filling.GOES_ON),
        damaged=total(urgency=filling.TROUBLED),
        overdue=len(overdue),
        criticals=total(filling.WAITING, filling.AT_ONCE),
        sure_and_harmful=total(filling.WAITING, filling.SURE_AND_HARMFUL),
        to_rate=total(filling.WAITING, filling.TO_RATE),
    )


def _select(asked: Wanted, search: _Search | None, offset: int, limit: int) -> Select[Any]:
    """Select whole lines of so many sessions: which these are is settled first, by what can be sorted quickly."""
    some = _found(asked, search).order_by(*_order(sessions.c, asked, search)).offset(offset).limit(limit).subquery()
    # In the order of what was settled: else each session would be looked at in turn, whether it is among them.
    found = select(*COLUMNS).select_from(JOINED.join(some, some.c.session == sessions.c.session))
    return found.order_by(*_order(some.c, asked, search))


def _order(of: Any, asked: Wanted, search: _Search | None) -> list[ColumnElement[Any]]:
    newest: list[ColumnElement[Any]] = [of.decided.desc(), of.session.desc()]
    return [of.urgency, *newest] if asked.state == "open" and search is None else newest


def _found(asked: Wanted, search: _Search | None) -> Select[Any]:
    """Select the ids of what somebody looks for."""
    of = sessions.c
    found = select(of.session, of.urgency, of.decided)
    if asked.person:
        found = found.where(of.person == asked.person)
    if asked.scenario:
        found = found.where(of.scenario == asked.scenario)
    if asked.dimension in DIMENSIONS:
        low = of[f"{asked.dimension}_low"] > 0
        found = found.where(or_(low, of.criticals > 0) if asked.dimension == CRITICAL_DIMENSION else low)
    if asked.since:
        found = found.where(of.decided >= asked.since)
    if asked.until:
        # Behind every hour of that day, and behind every part of that second.
        found = found.where(of.decided <= f"{asked.until}~")
    if asked.state == "damaged":
        found = found.where(of.state.in_((filling.DAMAGED, filling.UNREADABLE)))
    elif asked.state != "all":
        found = found.where(of.queue == asked.state)
    if search is not None:
        found = found.where(of.purpose != PRACTICE, search.condition())
    return found


def _item(row: Row[Any]) -> Item:
    return Item(
        session=row.session,
        person=row.person,
        scenario=row.scenario,
        title=row.title or row.scenario,
        urgency=Urgency(min(row.urgency, Urgency.REST)),
        state=row.state,
        review_state=row.review_state,
        started=row.started,
        ended=row.ended,
        touched=row.touched,
        ending=row.ending_title or "",
        criticals=row.criticals,
        sure_harmful=row.sure_harmful,
        to_rate=row.to_rate,
        results=results_of(row),
        attempt=row.attempt,
        purpose=row.purpose,
        again=row.again,
        decisions=row.decisions,
        seconds=row.seconds,
        trouble=row.trouble,
        unknown=row.in_library == 0,
    )


def _late(asked: Wanted, overdue: Sequence[Due]) -> list[Item]:
    """Return what is overdue and asked for, the longest overdue first; words, days and marks are not about it."""
    if asked.state not in ("open", "all") or asked.words.strip() or asked.dimension or asked.since or asked.until:
        return []
    return [
        Item("", due.person, due.scenario, due.title, Urgency.OVERDUE, "overdue", due=str(due.due))
        for due in sorted(overdue, key=lambda due: (str(due.due), due.person, due.scenario))
        if asked.person in ("", due.person) and asked.scenario in ("", due.scenario)
    ]


def _with_overdue(items: list[Item], asked: Wanted, late: list[Item]) -> list[Item]:
    """Put what is overdue where it belongs."""
    if asked.state == "all" or not late:
        return [*late, *items]
    before = [item for item in items if item.urgency < Urgency.OVERDUE]
    return [*before, *late, *items[len(before) :]]


# -- words --------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Search:
    words: str
    places: dict[str, list[Row[Any]]] = field(default_factory=dict)
    """Where cases say the words, by the hash of the case."""
    few: list[str] | None = None
    """The sessions in which they stand; None: too many to name."""

    def look_up(self, connection: Connection) -> None:
        """Find the sessions, if they are few."""
        found: set[str] = set()
        for ids in self._lookups(connection):
            found |= set(ids)
            if len(ids) > MOST_NAMED or len(found) > MOST_NAMED:
                return
        self.few = sorted(found)

    def _lookups(self, connection: Connection) -> Iterator[Sequence[str]]:
        of, at = sessions.c, decisions.c

        def first(found: Select[Any]) -> Sequence[str]:
            return connection.scalars(found.distinct().limit(MOST_NAMED + 1)).all()

        yield first(select(texts.c.session).where(self._written()))
        for scenario_hash, rows in self.places.items():
            played = of.scenario_hash == scenario_hash
            endings, there = self._said(rows)
            if endings:
                yield first(select(of.session).where(played, of.ending.in_(endings)))
            if there:
                met = first(select(at.session).where(or_(*there)))
                few = len(met) <= MOST_NAMED
                # Other cases may have a place of the same name.
                yield first(select(of.session).where(played, of.session.in_(met))) if few else met

    def condition(self) -> ColumnElement[bool]:
        """Whether a session is one of those.

        Words that stand nearly everywhere are not looked up: the newest sessions are looked at one by one until there
        are enough.
        """
        of, at = sessions.c, decisions.c
        if self.few is not None:
            return of.session.in_(self.few)
        ways: list[ColumnElement[bool]] = [exists().where(texts.c.session == of.session, self._written())]
        for scenario_hash, rows in self.places.items():
            endings, there = self._said(rows)
            said: list[ColumnElement[bool]] = [of.ending.in_(endings)] if endings else []
            said += [exists().where(at.session == of.session, or_(*there))] if there else []
            ways.append(and_(of.scenario_hash == scenario_hash, or_(*said)))
        return or_(*ways)

    def _written(self) -> ColumnElement[bool]:
        return texts.c.folded.contains(self.words, autoescape=True)

    def _said(self, rows: Sequence[Row[Any]]) -> tuple[list[str], list[ColumnElement[bool]]]:
        """Return the endings that say the words, and what a decision met where they are said."""
        endings = [row.scene for row in rows if row.kind == "ending"]
        return endings, [self._where(row) for row in rows if row.kind != "ending"]

    def _where(self, row: Row[Any]) -> ColumnElement[bool]:
        at = decisions.c
        match row.kind:
            case "scene" | "item":
                return and_(at.scene == row.scene)
            case "document":
                return and_(at.kind == "read", at.response == row.response)
            case "option":
                return and_(at.scene == row.scene, at.kind == "selected", picked_among(row.response))
            case _:
                return and_(at.scene == row.scene, at.response == row.response)

    def lines(self, connection: Connection, found: Sequence[str]) -> dict[str, str]:
        """Return the line that was found in each of these: what somebody wrote before what a case says."""
        lines: dict[str, str] = {}
        at = texts.c
        hits = select(at.session, at.text).where(at.session.in_(found), self._written())
        for row in connection.execute(hits.order_by(at.session, at.reviewer, at.place)):
            lines.setdefault(row.session, line_with(row.text, self.words))
        left = [each for each in found if each not in lines]
        if not left or not self.places:
            return lines
        of, did = sessions.c, decisions.c
        joined = sessions.outerjoin(decisions, did.session == of.session)
        gone = select(of.session, of.scenario_hash, of.ending, did.scene, did.kind, did.response).select_from(joined)
        known = {scenario_hash: _Said(rows, self.words) for scenario_hash, rows in self.places.items()}
        for session, scenario_hash, *met in connection.execute(
            gone.where(of.session.in_(left)).order_by(of.session, did.number)
        ):
            if session not in lines and scenario_hash in known and (line := known[scenario_hash].line(*met)):
                lines[session] = line
        return lines


@dataclass(slots=True)
class _Said:
    """The lines of one case in which words stand, by where they are met."""

    rows: list[Row[Any]]
    words: str
    _lines: dict[tuple[str, str, str], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for row in self.rows:
            kind = "scene" if row.kind == "item" else row.kind
            response = "" if kind == "scene" else row.response
            self._lines.setdefault((kind, row.scene, response), line_with(row.text, self.words))

    def line(self, ending: str, scene: str | None, kind: str | None, response: str | None) -> str:
        """Return the line that a decision met; empty if it met none."""
        places = [("scene", scene or "", ""), ("response", scene or "", response or "")]
        if kind == "read":
            places.append(("document", "", response or ""))
        elif kind == "selected":
            places += [("option", scene or "", each) for each in (response or "").split("+")]
        return next((self._lines[each] for each in (*places, ("ending", ending, "")) if each in self._lines), "")


def _search(connection: Connection, words: str) -> _Search:
    search = _Search(words)
    at = wordings.c
    rows = select(wordings).where(at.kind != "critical", at.folded.contains(words, autoescape=True))
    for row in connection.execute(rows.order_by(at.scenario_hash, at.place).limit(MOST_WORDINGS)):
        search.places.setdefault(row.scenario_hash, []).append(row)
    search.look_up(connection)
    return search


def line_with(text: str, words: str) -> str:
    """Return the line of a text in which folded words stand, cut to what is near them."""
    lines = [one_line(line, 2000) for line in text.splitlines()]
    line = next((each for each in lines if words in folded(each)), one_line(text, 2000))
    if len(line) <= LONGEST_FOUND:
        return line
    # Folding moves letters a little; what is cut is cut between words anyway.
    at = max(0, folded(line).find(words))
    first = max(0, min(at - (LONGEST_FOUND - len(words)) // 2, len(line) - LONGEST_FOUND))
    first = line.rfind(" ", 0, first) + 1 if first else 0
    piece = line[first : first + LONGEST_FOUND]
    last = piece.rfind(" ") if first + LONGEST_FOUND < len(line) and " " in piece else len(piece)
    return f"{'…' if first else ''}{piece[:last]}{'…' if first + last < len(line) else ''}"


def picked_among(option: str) -> ColumnElement[bool]:
    """Whether an option is among those that were picked together."""
    among = literal("+").concat(decisions.c.response).concat(literal("+"))
    return among.contains(f"+{option}+", autoescape=True)


def people_of(index: Index) -> Mapping[str, int]:
    """Return the ids of all who played, with how many sessions each has; raises IndexTrouble."""
    of = sessions.c
    with index.read() as connection:
        found = select(of.person, func.count().label("n")).where(of.person != "").group_by(of.person)
        return {row.person: row.n for row in connection.execute(found.order_by(of.person))}
