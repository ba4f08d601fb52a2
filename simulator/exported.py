"""The sessions that an export holds, one after the other: thousands of them pass, and one at a time is held.

An export is not a report. Whoever takes one home has all of it at once, so it is decided here, for every format,
which sessions are in it, of which there is only the result, and which cannot be counted on.

Reviewed results stand in it in raw points. What a case makes possible with other marks would have to be explored for
each session that has some, which takes seconds each; a report does that.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from simulator import journal
from simulator.archive import Archive, Logged
from simulator.chain import ChainError
from simulator.hindsight import Solved
from simulator.journal import PRACTICE, Header
from simulator.people import People
from simulator.records import as_json_lines
from simulator.review.events import Judgement
from simulator.review.reading import judgement_of, signed_judgement
from simulator.tables import csv_pieces
from simulator.xapi import Reach, left_out, reach, statements
from simulator.xapi import as_json_lines as statement_lines

Ahead = Callable[[Logged], Solved]
"""Finds what is known of the case of a session."""
UNREADABLE = "cannot be read; `caseload sessions` says why"
MISPLACED = "under the name of another session"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which sessions are meant, and who asks."""

    person: str = ""
    """The id of who played; empty: everybody."""
    case: str = ""
    """The id of a case; empty: every case."""
    since: date | None = None
    """The first day on which a session may have begun, UTC."""
    until: date | None = None
    """The last day, UTC."""
    own: bool = False
    """Whether who asks is who played."""

    def holds(self, header: Header, started: str) -> bool:
        """Whether a session is meant."""
        day = date.fromisoformat(started[:10])
        return (
            self.person in ("", header.person)
            and self.case in ("", header.scenario)
            and (self.since is None or day >= self.since)
            and (self.until is None or day <= self.until)
        )


@dataclass
class Exported:
    """The sessions that are meant, and what there is to say about those that are not there."""

    archive: Archive
    wanted: Wanted
    ahead: Ahead | None = None
    """None: what cases made possible is left out."""
    report: Callable[[], None] = lambda: None
    """Called for every journal that is looked at."""
    number: int = 0
    """How many were exported."""
    left_out: Counter[str] = field(default_factory=Counter)
    """How many were not, though they may have been meant, by why."""
    _solved: dict[tuple[str, str], Solved] = field(default_factory=dict)
    _reached: dict[tuple[str, str], Reach | None] = field(default_factory=dict)

    def sessions(self, unfit: Callable[[Logged], str] = lambda _: "") -> Iterator[Logged]:
        """Yield those that are meant, oldest first; `unfit` says why one cannot be exported, if it cannot."""
        for path in self.archive.paths():
            self.report()
            try:
                recorded = journal.read(path)
                if not self.wanted.holds(recorded.header, recorded.started):
                    continue
                logged = self.archive.replay(recorded)
            except ChainError:
                self.left_out[UNREADABLE] += 1
                continue
            # Under its own name it is there as well, or was: nothing may count twice.
            if why := MISPLACED if logged.path_differs else unfit(logged):
                self.left_out[why] += 1
                continue
            self.number += 1
            yield logged

    def in_summary(self, logged: Logged) -> bool:
        """Whether who asks sees no more than the result of a session."""
        return logged.purpose == PRACTICE and not self.wanted.own

    def said(self, logged: Logged) -> Judgement:
        """Find what supervisors said; for who played, only what was signed off."""
        if self.wanted.own:
            return self.signed(logged)
        return judgement_of(self.archive.where, logged.id)

    def signed(self, logged: Logged) -> Judgement:
        """Find what supervisors said and signed off."""
        return signed_judgement(self.archive.where, logged.id)

    def solved(self, logged: Logged) -> Solved | None:
        """Find what a case made possible, once for all of its sessions; None where nobody asked."""
        if self.ahead is None:
            return None
        key = (logged.scenario.hash, logged.rubric.hash)
        if key not in self._solved:
            self._solved[key] = self.ahead(logged)
        return self._solved[key]

    def reach(self, logged: Logged) -> Reach | None:
        """Find how far a case can go from its start, and keep no more of it than that."""
        if self.ahead is None:
            return None
        key = (logged.scenario.hash, logged.rubric.hash)
        if key not in self._reached:
            self._reached[key] = reach(logged, self.ahead(logged))
        return self._reached[key]


def csv_data(exported: Exported, people: People) -> Iterator[bytes]:
    """Yield a table for a spreadsheet, piece by piece."""
    # Spreadsheets read it as UTF-8 only if it begins so.
    yield "\ufeff".encode()
    for piece in csv_pieces(exported.sessions(), people, exported.said, exported.in_summary):
        yield piece.encode()


def json_lines_data(exported: Exported, people: People) -> Iterator[bytes]:
    """Yield JSON lines that lose nothing."""
    for line in as_json_lines(exported.sessions(), people, exported.said, exported.solved, exported.in_summary):
        yield f"{line}\n".encode()


def xapi_data(exported: Exported, page: str, *, texts: bool) -> Iterator[bytes]:
    """Yield xAPI statements, one a line."""
    now = datetime.now(UTC)
    for logged in exported.sessions(lambda logged: left_out(logged, now)):
        stated = statements(
            logged,
            exported.signed(logged).comments,
            exported.reach(logged) if logged.over else None,
            page=page,
            texts=texts,
            summary=exported.in_summary(logged),
        )
        for line in statement_lines(stated):
            yield f"{line}\n".encode()
