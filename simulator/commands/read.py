"""`caseload read`: the lines of a case along one way through it, to be read aloud."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from typing import TYPE_CHECKING

from simulator.commands.console import (
    CLEAN,
    Failed,
    add_rubric,
    add_size,
    exploring,
    place,
    put,
    rubric_meant,
    tell,
    whole,
)
from simulator.commands.found import case_meant, session_meant

if TYPE_CHECKING:
    from scoring.rubric import Rubric
    from simulator.scenario import Scenario
    from simulator.session import Event, Session
    from simulator.settings import Home
    from simulator.solution import Solution

READ = (
    "Print what people say along one way through a case, to be read aloud: by its author, or by two at a table. What "
    "the trainee says stands between as a short stage line, and the end says how long it takes aloud. Without --ending "
    "or --along it is the balanced way that `caseload solve` finds."
)
MOST_PLAYS = 20_000
"""Random plays in which an ending is looked for, where a case is too large to be explored."""
_width = whole(40, 500, "a width is a number of columns from 40 to 500")


def add_read(parser: argparse.ArgumentParser) -> None:
    """Say what is read."""
    parser.add_argument("case", metavar="CASE", help="an id from the library, or a file")
    way = parser.add_mutually_exclusive_group()
    way.add_argument("--ending", metavar="ID", help="the shortest way to this ending")
    way.add_argument(
        "--along", metavar="SESSION", help="as this session went: its id, its beginning, or a journal file"
    )
    parser.add_argument(
        "--everything", action="store_true", help="also what is seen, read and advised, and all that the trainee says"
    )
    parser.add_argument("--width", type=_width, default=76, metavar="N", help="columns of text (76)")
    add_rubric(parser)
    add_size(parser)
    parser.set_defaults(run=_read)


def _read(given: argparse.Namespace) -> int:
    from simulator.read_aloud import script

    where, settings = place()
    rubric, _ = rubric_meant(given.rubric or settings.rubric)
    case = case_meant(given.case, settings, rubric, given.max_size)
    scenario = case.scenario
    if given.along is not None:
        session, way = _along(where, scenario, given.along)
    else:
        session, way = _to(where, scenario, rubric, given.ending)
    put(script(session, way, everything=given.everything, width=given.width).rstrip("\n"))
    return CLEAN


def _along(where: Home, scenario: Scenario, name: str) -> tuple[Session, str]:
    """Return the case played as a session went, as far as that fits it."""
    from simulator.practice import is_practice
    from simulator.sharing.collected import from_others

    logged = session_meant(where, name)
    if logged.scenario.id != scenario.id:
        raise Failed(f"{logged.id} is a session of `{logged.scenario.id}`, not of `{scenario.id}`")
    if is_practice(logged) and logged.id in from_others(where):
        raise Failed(
            f"{logged.id} is somebody else's practice attempt: supervisors see a summary of it, and not its way"
        )
    events = logged.session.events
    session = _played(scenario, events, logged.session.seed)
    done = len(session.events)
    if done < len(events):
        tell(f"caseload: the case has changed since: {done} of {len(events)} decisions still fit, and are read")
    return session, f"As session {logged.id} went, {_where_to(session)}."


def _played(scenario: Scenario, events: Iterable[Event], seed: int = 0) -> Session:
    """Play events as far as they fit."""
    from simulator.session import follow, start

    return follow(start(scenario, seed), events)


def _where_to(session: Session) -> str:
    if session.ending is not None:
        return f"to the ending “{session.ending.title or session.ending.id}”"
    return f"as far as the scene `{session.scene.id if session.scene else ''}`"


def _to(where: Home, scenario: Scenario, rubric: Rubric, ending: str | None) -> tuple[Session, str]:
    """Return the balanced way, or the shortest one to an ending."""
    if ending is not None and ending not in scenario.endings:
        raise Failed(f"`{scenario.id}` has no ending `{ending}`; it has: {', '.join(scenario.endings)}")
    solution = _solution(where, scenario, rubric)
    found = solution.model if ending is None else next(each.way for each in solution.endings if each.ending == ending)
    if found is not None:
        session = _played(scenario, found)
        way = "One balanced way through" if ending is None else "The shortest way there is"
        return session, f"{way}, {_where_to(session)}."
    if solution.proof is not None:
        if ending is not None:
            raise Failed(f"nobody can come to the ending `{ending}`; `caseload check` says more")
        can = [each.ending for each in solution.endings if each.way is not None]
        why = (
            "there is no way through this case without a critical, so there is no balanced one"
            if solution.model_sought
            else "no balanced way through this case was found among the many that were looked at"
        )
        raise Failed(f"{why}; --ending names one to read: {', '.join(can) or 'none can be come to'}")
    session = _at_random(scenario, ending)
    return (
        session,
        f"One way through, found by chance because the case is too large to be explored, {_where_to(session)}.",
    )


def _solution(where: Home, scenario: Scenario, rubric: Rubric) -> Solution:
    from simulator.explore import MOST_STATES
    from simulator.solved import solved

    with exploring() as report:
        return solved(where, scenario, rubric, most=MOST_STATES, report=report)[0]


def _at_random(scenario: Scenario, ending: str | None) -> Session:
    """Return a random play that comes to an ending."""
    from simulator.random_plays import End, Player, seed_of

    player = Player(scenario)
    for number in range(MOST_PLAYS):
        play = player.play(seed_of(1, number))
        if play.end is End.ENDED and ending in (None, play.last.name):
            return _played(scenario, player.events(play))
    what = f"the ending `{ending}`" if ending is not None else "an ending"
    raise Failed(f"the case is too large to be explored, and none of {MOST_PLAYS:,} random plays came to {what}")
