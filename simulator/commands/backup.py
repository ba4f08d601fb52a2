"""`caseload backup`: one file with what cannot be made again, and back again.

With `--format json` it prints the `file`, its `bytes`, and how many `receipts`, `reviews`, `people` and `cohorts` are
in it, and whether `tombstones` are. Putting one back prints how many `receipts` came, the `reviews` and `files` that
did, what was `kept` as it is here (`what` and `why`), and the name under which a lost ledger was `set_aside`.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from simulator.commands.console import CLEAN, FOUND, Failed, place, print_json, put, tell
from simulator.commands.ledger import ledger, ledger_if_any

if TYPE_CHECKING:
    from simulator.settings import Home, Settings
    from simulator.sharing.backup import Row
    from simulator.sharing.receipts import Receipts

BACKUP = (
    "Write one file with what cannot be made again from anything else: receipts, reviews, names, cohorts, and who was "
    "erased. It holds names and what reviewers wrote: keep it as safely as the originals, and somewhere else. Journals "
    "are not in it; they lie in the shared folder. With --restore, add what is missing here and let go on what goes "
    "on; what is here and newer, or says otherwise, stays as it is and is listed (exit code 1)."
)
MOST_SHOWN = 20


def add_backup(parser: argparse.ArgumentParser) -> None:
    """Say how a backup is made and put back."""
    parser.add_argument("file", nargs="?", type=Path, metavar="FILE", help="the file (caseload-backup-<day>.zip here)")
    parser.add_argument("--restore", action="store_true", help="put FILE back")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="how to print what was done")
    parser.set_defaults(run=_backup)


def _backup(given: argparse.Namespace) -> int:
    where, settings = place()
    if given.restore:
        if given.file is None:
            raise Failed("which file? `caseload backup --restore FILE`")
        return _restore(given, where, settings)
    return _make(given, where, settings)


def _make(given: argparse.Namespace, where: Home, settings: Settings) -> int:
    from dataclasses import asdict
    from datetime import UTC, datetime

    from simulator import durable
    from simulator.chain import ChainError
    from simulator.sharing.backup import make
    from simulator.wording import counted

    path = given.file or Path(f"caseload-backup-{datetime.now(UTC):%Y%m%d-%H%M%S}.zip")
    try:
        with ledger_if_any(where, settings) as receipts:
            data, holds = make(where, _rows(receipts) if receipts else ())
        if durable.exists(path):
            raise Failed(f"{path} is there already, and a backup is never written over another")
        durable.write_new(path, data)
    except (durable.NotSaved, durable.NotRead) as error:
        raise Failed(str(error)) from error
    except ChainError as error:
        raise Failed(f"nothing was written, because it would not have been all. {error}") from error
    if given.format == "json":
        print_json({"file": str(path), "bytes": len(data), **asdict(holds)})
        return CLEAN
    parts = [
        counted(holds.receipts, "receipt"),
        counted(holds.reviews, "review"),
        counted(holds.people, "name"),
        counted(holds.cohorts, "cohort file"),
        *(["who was erased"] if holds.tombstones else []),
    ]
    put(f"Written to {path}: {', '.join(parts)}.")
    tell("It holds names and what reviewers wrote: keep it as safely as the originals, and not on the same disk.")
    return CLEAN


def _rows(receipts: Receipts, session: str = "") -> list[Row]:
    found = receipts.of(session) if session else receipts.all()
    return [(each.session, each.entries, each.head, each.first_seen, each.source) for each in found]


def _restore(given: argparse.Namespace, where: Home, settings: Settings) -> int:
    from simulator.chain import ChainError
    from simulator.durable import NotRead, NotSaved
    from simulator.sharing.backup import BadBackup, restore
    from simulator.sharing.collected import Busy, alone
    from simulator.sharing.receipts import Receipt
    from simulator.wording import counted

    try:
        with alone(where):
            aside = _make_room(where, settings)
            with ledger(where, settings) as receipts:
                done = restore(
                    where,
                    given.file,
                    lambda session: _rows(receipts, session),
                    lambda rows: receipts.put_back(Receipt(*row) for row in rows),
                )
    except (Busy, BadBackup, NotRead, NotSaved, ChainError) as error:
        raise Failed(str(error)) from error
    if given.format == "json":
        kept = [{"what": name, "why": why} for name, why in done.kept]
        print_json(
            {
                "receipts": done.receipts,
                "reviews": done.reviews,
                "files": done.files,
                "kept": kept,
                "set_aside": aside,
            }
        )
        return FOUND if kept else CLEAN
    if aside:
        put(f"The ledger that was here could not be used; it is kept as {aside}.")
    put(
        f"Put back: {counted(done.receipts, 'receipt')}, {counted(len(done.reviews), 'review')}"
        f"{', ' if done.files else ''}{', '.join(done.files)}."
    )
    for name, why in done.kept[:MOST_SHOWN]:
        put(f"  not put back, {name}: {why}")
    if len(done.kept) > MOST_SHOWN:
        put(f"  … and {len(done.kept) - MOST_SHOWN} more (all with `--format json`)")
    return FOUND if done.kept else CLEAN


def _make_room(where: Home, settings: Settings) -> str:
    """Move a ledger out of the way that is damaged or half gone; return what it is called now."""
    from simulator.sharing.receipts import LedgerError, Receipts, set_aside

    try:
        Receipts.open(where, settings.index).close()
    except LedgerError as error:
        if not error.lost or settings.index:
            raise Failed(str(error)) from error
        try:
            return set_aside(where)
        except LedgerError as worse:
            raise Failed(str(worse)) from worse
    return ""
