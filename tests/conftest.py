"""What holds for every test."""

from __future__ import annotations

import signal

# Whoever started the tests in the background may have had these ignored, and every program that they start would
# inherit that: pressing Ctrl-C, or closing the terminal, would then do nothing.
for name, usual in (("SIGINT", signal.default_int_handler), ("SIGHUP", signal.SIG_DFL)):
    number = getattr(signal, name, None)
    if number is not None and signal.getsignal(number) is signal.SIG_IGN:
        signal.signal(number, usual)
