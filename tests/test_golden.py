"""Every journal that was ever written replays to the results it had then."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import get_args

import pytest

from simulator import journal
from simulator.archive import Archive
from simulator.play import Play
from simulator.session import SURE, Decided, Event
from simulator.settings import Home
from simulator.verify import verify
from tests.golden.make import folders, results

JOURNALS = [path for folder in folders() for path in Archive(Home(folder)).paths()]


def test_there_are_golden_journals() -> None:
    """Some version left journals to be held to."""
    assert JOURNALS


@pytest.mark.parametrize("path", JOURNALS, ids=lambda path: f"{path.parent.parent.name}-{path.stem}")
def test_an_old_journal_replays_to_the_same(path: Path) -> None:
    """Scores, criticals, what was told and shown, in which order: all is as it was when the session was played."""
    folder = path.parent.parent
    before = sorted((file, file.read_bytes()) for file in folder.rglob("*") if file.is_file())
    expected = json.loads((folder / "results" / f"{path.stem}.json").read_text(encoding="utf-8"))
    logged = Archive(Home(folder)).load(path)
    found = json.loads(json.dumps(results(logged)))
    # What a version did not know of, its results say nothing about.
    assert {key: found[key] for key in expected} == expected
    assert sorted((file, file.read_bytes()) for file in folder.rglob("*") if file.is_file()) == before


@pytest.mark.parametrize("path", JOURNALS, ids=lambda path: f"{path.parent.parent.name}-{path.stem}")
def test_an_old_journal_is_sound(path: Path) -> None:
    """Nothing speaks against a journal because it is old."""
    archive = Archive(Home(path.parent.parent))
    finding = verify(archive, path, frozenset({archive.load(path).scenario.hash}))
    assert finding.sound
    assert all("erased" in notice for notice in finding.notices)


def _go_on(play: Play) -> None:
    session = play.session
    if session.options:
        play.select([option.id for option in session.options][: session.limits[1]])
    elif session.items:
        play.rank(session.items)
    else:
        play.choose(session.responses[0].id)


def test_every_kind_of_decision_is_among_them() -> None:
    """The journals hold each kind of decision, so that none can change its meaning unnoticed."""
    events = [event for path in JOURNALS for event in journal.read(path).events]
    assert {type(event) for event in events} == set(get_args(Event))
    assert {event.confidence for event in events if isinstance(event, Decided)} == {0, *SURE}


def test_an_old_session_can_be_gone_on_with(tmp_path: Path) -> None:
    """A session that an older version left unfinished goes on."""
    for folder in folders():
        shutil.copytree(folder, tmp_path / folder.name)
        where = Home(tmp_path / folder.name)
        for path in Archive(where).paths():
            play = Play.resume(Archive(where), path)
            if play.session.ending is None:
                _go_on(play)
            play.close()
            assert not Archive(where).load(path).trouble
