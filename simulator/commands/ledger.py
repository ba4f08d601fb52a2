"""The receipts, for commands: opened only where one is needed, because that takes a moment."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from simulator.commands.console import Failed, tell

if TYPE_CHECKING:
    from simulator.listing import Row
    from simulator.settings import Home, Settings
    from simulator.sharing.receipts import Receipts


@contextmanager
def ledger(where: Home, settings: Settings) -> Iterator[Receipts]:
    """Open the receipts, and begin them where there have not been any; raises Failed where they cannot be used."""
    from simulator.sharing.receipts import LedgerError, Receipts

    try:
        with Receipts.open(where, settings.index) as opened:
            yield opened
    except LedgerError as error:
        raise Failed(str(error)) from error


@contextmanager
def ledger_if_any(where: Home, settings: Settings) -> Iterator[Receipts | None]:
    """Open the receipts where there are any; raises Failed where they cannot be used, or are gone."""
    from simulator.settings import remembered

    if settings.index or os.path.lexists(where.receipts) or remembered(where).get("receipts"):
        with ledger(where, settings) as opened:
            yield opened
    else:
        yield None


def looked_at(where: Home, settings: Settings, rows: Iterable[Row]) -> None:
    """Take receipts of sessions that whoever reviews looks at; where that cannot be done, it is told and they go on."""
    from simulator.archive import Logged

    readings = [(row.id, row.recorded.reading) for row in rows if isinstance(row, Logged)]
    sound = [(session, [each.hash for each in found.entries]) for session, found in readings if found.damage is None]
    if not sound:
        return
    try:
        with ledger(where, settings) as receipts:
            against = receipts.saw(sound, "looked at for review")
    except Failed as problem:
        tell(str(problem))
        return
    for session in against:
        tell(f"{session} is not what was seen here before: `caseload verify {session}` says why.")
