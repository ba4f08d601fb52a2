"""`caseload index`: what the index holds, bringing it up to date, making it again."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from simulator.commands.console import (
    CLEAN,
    FOUND,
    Failed,
    library_hashes,
    place,
    print_json,
    put,
    showing,
    tell,
)

if TYPE_CHECKING:
    from simulator.index.store import Index
    from simulator.index.updating import Updated


INDEX = (
    "The index is what reviewers look sessions up in. It is made from journals, reviews and copies, keeps itself up to "
    "date, and can be deleted at any time. Without more, say what it holds. Exit code 1: another program is filling it."
)


def add_index(parser: argparse.ArgumentParser) -> None:
    """Say what is done with the index."""
    parser.add_argument(
        "what",
        nargs="?",
        choices=("update", "rebuild"),
        metavar="update|rebuild",
        help="bring it up to date, or make it again from nothing",
    )
    parser.add_argument("--format", choices=("text", "json"), default="text", help="how to print what is there")
    parser.set_defaults(run=_index)


def _index(given: argparse.Namespace) -> int:
    from simulator.archive import Archive
    from simulator.index.store import Index, IndexTrouble

    where, settings = place()
    try:
        if given.what is None and not settings.index and not where.index.exists():
            _say(
                given,
                {"place": str(where.index), "sessions": None},
                "There is no index yet; `caseload index update` makes it.",
            )
            return CLEAN
        with Index.open(where, settings.index) as index:
            if given.what is None:
                _tell_of(given, index)
                return CLEAN
            library = library_hashes(settings)
            with showing() as show:
                fill = index.rebuild if given.what == "rebuild" else index.update
                done = fill(Archive(where), library, progress=show)
            return _told(given, index, done)
    except IndexTrouble as trouble:
        raise Failed(str(trouble)) from trouble


def _told(given: argparse.Namespace, index: Index, done: Updated) -> int:
    from simulator.wording import counted

    for notice in dict.fromkeys((*index.notices, *done.notices)):
        tell(notice)
    if done.busy:
        return FOUND
    how = "made again" if done.rebuilt else "up to date"
    what = [f"{counted(done.read, 'session')} read" if done.read else "nothing had changed"]
    what += [f"{counted(done.gone, 'session')} gone"] if done.gone else []
    facts = {"place": index.place, "sessions": done.sessions, "read": done.read, "gone": done.gone}
    text = f"The index is {how}: {counted(done.sessions, 'session')} ({', '.join(what)})."
    _say(given, {**facts, "rebuilt": done.rebuilt}, text)
    return CLEAN


def _tell_of(given: argparse.Namespace, index: Index) -> None:
    from simulator.index.case_views import seen_cases
    from simulator.index.inbox import counts, people_of
    from simulator.wording import counted

    for notice in index.notices:
        tell(notice)
    people, cases, there = people_of(index), seen_cases(index), counts(index)
    total = sum(people.values())
    facts = {
        "place": index.place,
        "sessions": total,
        "people": len(people),
        "cases": len(cases),
        "open": there.open,
        "signed_off": there.signed_off,
        "sent_back": there.sent_back,
        "practice": there.practice,
        "unfinished": there.unfinished,
        "damaged": there.damaged,
    }
    lines = [
        index.place,
        f"{counted(total, 'session')} of {counted(len(people), 'person', 'people')} at {counted(len(cases), 'case')}",
        f"{there.open} open, {there.signed_off} signed off, {there.sent_back} sent back, "
        f"{there.practice} practice, {there.unfinished} unfinished, {there.damaged} damaged",
    ]
    _say(given, facts, "\n".join(lines))


def _say(given: argparse.Namespace, facts: dict[str, object], text: str) -> None:
    if given.format == "json":
        print_json(facts)
    else:
        put(text)
