"""Many journals read at once, by processes of their own: the screen stays quick, and no core is left idle.

Where processes cannot be started, or one dies, the rest is read here; that takes longer and gives the same.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from multiprocessing import connection
from pathlib import Path

from simulator.archive import Archive
from simulator.index.filling import Filled, Filler
from simulator.index.scanning import Unit
from simulator.settings import Home

CHUNK = 100
"""Sessions that are read and written at a time."""
FEW = 300
"""With no more than this, starting processes would take longer than reading."""
MOST_PROCESSES = 8
AHEAD = 3
"""Chunks for each process that may wait to be written."""

Chunk = tuple[Sequence[Unit], Sequence[Filled | None]]


def read(archive: Archive, units: Sequence[Unit], processes: int | None) -> Iterator[Chunk]:
    """Yield what sessions hold, some at a time; `processes` of 0 or 1 reads them here."""
    chunks = deque(units[first : first + CHUNK] for first in range(0, len(units), CHUNK))
    most = min(MOST_PROCESSES, os.cpu_count() or 1) if processes is None else processes
    if most > 1 and (len(units) > FEW or processes is not None):
        yield from _apart(archive.where, chunks, most)
    filler = Filler(archive)
    while chunks:
        chunk = chunks.popleft()
        yield chunk, [filler.fill(unit) for unit in chunk]


def _apart(where: Home, chunks: deque[Sequence[Unit]], processes: int) -> Iterator[Chunk]:
    """Yield what processes read; leave in `chunks` what none could."""
    try:
        pool = pool_of(processes, where)
    except (OSError, ValueError, RuntimeError, ImportError):
        return
    doing: deque[tuple[Sequence[Unit], Future[list[Filled | None]]]] = deque()
    try:
        while chunks or doing:
            with real_stderr():
                while chunks and len(doing) < processes * AHEAD:
                    doing.append((chunks[0], pool.submit(_fill, chunks[0])))
                    chunks.popleft()
            units, future = doing[0]
            filled = future.result()
            doing.popleft()
            yield units, filled
    except (BrokenProcessPool, OSError, ValueError, RuntimeError):
        chunks.extendleft(units for units, _ in reversed(doing))
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def pool_of(processes: int, where: Home) -> ProcessPoolExecutor:
    """Return processes that read the journals of a home; they end when this one does, however it ends."""
    spawned = multiprocessing.get_context("spawn")
    with real_stderr():
        return ProcessPoolExecutor(processes, mp_context=spawned, initializer=_begin, initargs=(str(where.root),))


@contextmanager
def real_stderr() -> Iterator[None]:
    """Let processes be started while an app holds the screen: its stderr is no file that they could have."""
    kept = sys.stderr
    sys.stderr = sys.__stderr__
    try:
        yield
    finally:
        sys.stderr = kept


_filler: Filler | None = None
"""What a process of ours has learned of cases so far."""


def _begin(root: str) -> None:
    global _filler
    with suppress(ValueError, OSError):
        # Whoever presses Ctrl-C means the program, and that ends its processes.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    # What is made here is rows, which go in no circles: nobody needs to look for such.
    gc.disable()
    _filler = Filler(Archive(Home(Path(root))))


def _end_with_parent() -> None:
    """A program that is killed ends nobody; its processes would wait for it for good."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(0)


def _fill(units: Sequence[Unit]) -> list[Filled | None]:
    assert _filler is not None  # noqa: S101 - `_begin` made it
    return [_filler.fill(unit) for unit in units]


def archive_here() -> Archive:
    """Return the archive of the home that this process works for."""
    assert _filler is not None  # noqa: S101 - `_begin` made it
    return _filler.archive
