"""What holds for every test."""

from __future__ import annotations

import gc
import os
import signal
import sys
from pathlib import Path
from typing import Any

from simulator import library
from simulator.loader import load_scenario

# Whoever started the tests in the background may have had these ignored, and every program that they start would
# inherit that: pressing Ctrl-C, or closing the terminal, would then do nothing.
for name, usual in (("SIGINT", signal.default_int_handler), ("SIGHUP", signal.SIG_DFL)):
    number = getattr(signal, name, None)
    if number is not None and signal.getsignal(number) is signal.SIG_IGN:
        signal.signal(number, usual)

# Hundreds of processes are started here; where no bytecode is kept, each would compile everything for itself.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False


def pytest_collection_finish() -> None:
    """Let Python look for garbage less often, and not among what was imported: a sixth of the time goes there."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 10, 10)


BUILT_IN = library.built_in()
KEPT: dict[tuple[Path, str, tuple[Any, ...]], Any] = {}
"""What the cases that come with Caseload were read as: every command in this process reads them all."""


def _load_once(path: Path, rubric: Any, *limit: Any) -> Any:
    if path.parent != BUILT_IN:
        return load_scenario(path, rubric, *limit)
    key = path, rubric.hash, limit
    if key not in KEPT:
        KEPT[key] = load_scenario(path, rubric, *limit)
    return KEPT[key]


setattr(library, "load_scenario", _load_once)  # noqa: B010 - mypy knows that it is no variable
