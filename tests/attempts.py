"""Several sessions of one person, each begun and finished at a minute of its own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from itertools import count
from types import SimpleNamespace

import pytest

from simulator.archive import Archive, Logged
from simulator.library import Case
from simulator.play import Play
from simulator.settings import Home
from tests.journals import ANA, NOON, begin

PROMISED = ("invite", "promise", "write:I promised.")
"""A way through the small case: a promise nobody can keep, the letter unread."""
EXPLAINED = ("read:letter", "invite", "explain")
"""A way on which everything is as it should be."""


def ticking(patch: pytest.MonkeyPatch) -> None:
    """Let a minute pass between any two entries of journals: what decides their order is when they were written."""
    minutes = count()

    def now(zone: tzinfo | None = None) -> datetime:
        return NOON.astimezone(zone or UTC) + timedelta(minutes=next(minutes))

    patch.setattr("simulator.chain.datetime", SimpleNamespace(now=now))


def do(play: Play, *did: str) -> None:
    """Do some things: take a response by its id, `read:` a document, `write:` a text, `consult`."""
    for each in did:
        kind, _, what = each.partition(":")
        match kind:
            case "read":
                play.read(what)
            case "write":
                play.write(what)
            case "consult":
                play.consult()
            case _:
                play.choose(kind)


def attempted(where: Home, case: Case, *did: str, person: str = ANA) -> str:
    """Play so and leave; return the session's id."""
    play = begin(where, case, person=person)
    do(play, *did)
    play.close()
    return play.path.stem


def logged(where: Home, *ids: str) -> list[Logged]:
    """Return sessions, replayed: those named, or all of a home."""
    archive = Archive(where)
    return [archive.load(path) for path in archive.paths() if not ids] + [
        archive.load(path) for name in ids if (path := archive.path(name)) is not None
    ]
