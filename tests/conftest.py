"""What holds for every test."""

from __future__ import annotations

import gc
import os
import signal
import sys

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
