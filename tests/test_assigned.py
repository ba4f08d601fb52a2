"""Sending a session back opens its assignment again, and nothing but a sign-off or another attempt closes it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from simulator.archive import Archive
from simulator.cohort.assigned import State, assignments_of, tried
from simulator.cohort.cohort_file import Assignment, Cohort
from simulator.index.store import Index
from simulator.index.views import tried as tried_in
from simulator.review.writing import Reviewing
from simulator.settings import Home
from tests.attempts import EXPLAINED, attempted
from tests.journals import ANA, case_in, resumed

ALWAYS = Cohort("c", "C", (ANA,), (Assignment("small-case", date(2020, 1, 1), (ANA,)),), date(2020, 1, 1))


def _states(where: Home) -> tuple[State, State]:
    """How it stands where it was played, and where a supervisor looks it up."""
    archive = Archive(where)
    mine = tried(where, list(archive.sessions()))
    with Index.open(where) as index:
        index.update(archive, solve=False, processes=0)
        (here,) = assignments_of(ANA, (ALWAYS,), mine, date(2026, 3, 1))
        (there,) = assignments_of(ANA, (ALWAYS,), tried_in(index), date(2026, 3, 1))
        return here.state, there.state


def test_what_a_trainee_adds_to_a_session_that_was_sent_back_does_not_close_its_assignment(tmp_path: Path) -> None:
    """A reflection is no other attempt: trainee and supervisor both still see that one is wanted."""
    where = Home(tmp_path)
    session = attempted(where, case_in(tmp_path / "cases"), *EXPLAINED)
    assert _states(where) == (State.FINISHED, State.FINISHED)
    path = where.journals / f"{session}.jsonl"
    logged = Archive(where).load(path)
    with Reviewing.open(where, logged, "sup-ines") as reviewing:
        reviewing.send_back(logged.recorded.reading.head, "Listen first.")
    assert _states(where) == (State.SENT_BACK, State.SENT_BACK)
    again = resumed(where, path)
    again.reflect("I see.")
    again.close()
    assert _states(where) == (State.SENT_BACK, State.SENT_BACK)
    logged = Archive(where).load(path)
    with Reviewing.open(where, logged, "sup-ines") as reviewing:
        reviewing.sign_off(logged.recorded.reading.head)
    assert _states(where) == (State.FINISHED, State.FINISHED)
