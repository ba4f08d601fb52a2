"""Two homes and the folder between them: a trainee's laptop, a supervisor's desk."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from simulator import chain, journal
from simulator.chain import Chain
from simulator.settings import Home
from simulator.sharing.collected import Collected, collect
from simulator.sharing.handing_in import HandedIn, hand_in
from tests.journals import NOON


@dataclass(frozen=True)
class Told:
    """A receipt, as the ledger in memory gives it out."""

    session: str
    entries: int
    head: str
    first_seen: str


@dataclass
class Ledger:
    """Receipts that are kept in memory: most of these tests are not about the database."""

    told: list[Told] = field(default_factory=list)

    def of(self, session: str) -> list[Told]:
        return [each for each in self.told if each.session == session]

    def take_down(self, seen: Sequence[tuple[str, int, str]], source: str) -> int:
        new = [each for each in seen if not any((t.session, t.entries, t.head) == each for t in self.told)]
        self.told += [Told(*each, f"2026-03-0{min(9, 1 + len(self.told))}T00:00:00.000Z") for each in new]
        return len(new)


@dataclass
class Agency:
    """Everybody who is there."""

    root: Path
    ledger: Ledger = field(default_factory=Ledger)

    @property
    def laptop(self) -> Home:
        return Home(self.root / "laptop")

    @property
    def desk(self) -> Home:
        return Home(self.root / "desk")

    @property
    def folder(self) -> Path:
        folder = self.root / "shared"
        folder.mkdir(exist_ok=True)
        return folder

    def hand_in(self) -> HandedIn:
        return hand_in(self.laptop, self.folder)

    def collect(self, *, anew: bool = False) -> Collected:
        return collect(self.desk, self.folder, self.ledger, anew=anew)

    def files(self, session: str) -> list[str]:
        """The names of what lies in the shared folder of a session."""
        return sorted(os.listdir(self.folder / "sessions" / session))  # noqa: PTH208

    def lay(self, session: str, name: str, data: bytes) -> Path:
        """Put anything at all into the shared folder of a session."""
        path = self.folder / "sessions" / session / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return path

    def here(self, session: str) -> Path:
        """Where the desk has a session."""
        return self.desk.journals / f"{session}{journal.SUFFIX}"


def in_step(one: Path, other: Path) -> bool:
    """Whether two chains are the same, texts and all."""
    return chain.read(one).entries == chain.read(other).entries


def everything(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, with what it holds."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


def tombstone(where: Home, person: str) -> None:
    """Say that somebody was erased."""
    Chain.create(where.tombstones, {"kind": "tombstones"}, lambda: NOON).close()
    with Chain.open(where.tombstones, lambda: NOON) as opened:
        opened.append({"event": "forgot", "person": person})


def cleared(*folders: Path) -> None:
    """Take folders away with all that is in them."""
    for each in folders:
        shutil.rmtree(each, ignore_errors=True)
