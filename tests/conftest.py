"""What holds for every test."""

from __future__ import annotations

import signal

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # Whoever started the tests in the background had Ctrl-C ignored, and every program they start would inherit that.
    signal.signal(signal.SIGINT, signal.default_int_handler)
