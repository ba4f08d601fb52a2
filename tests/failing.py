"""An operating system that fails on request, to stand in for `os` in `simulator.durable`."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from typing import Any

ERRORS = (
    errno.ENOSPC,
    errno.EIO,
    errno.EROFS,
    errno.EACCES,
    errno.EPERM,
    errno.EMFILE,
    errno.ENFILE,
    errno.EDQUOT,
    errno.ENAMETOOLONG,
    errno.EFBIG,
)
"""Ten ways for a call to fail: as many trials for every call."""

WATCHED = frozenset(
    [
        "open",
        "write",
        "fsync",
        "ftruncate",
        "replace",
        "unlink",
        "mkdir",
        "lstat",
        "stat",
        "fstat",
        "read",
        "listdir",
        "scandir",
        "close",
    ]
)


def _unflushed(_: int) -> None:
    pass


class FailingOs:
    """Does what `os` does, and keeps count; the call numbered `at` fails with `error`.

    With `for_good`, every call from there on fails as well, until `heal` is called. With `half`, the call
    fails as a full disk does: if it writes, half of the bytes go through, and the next write fails.
    A flush that does not fail does nothing: no test cuts the power, and waiting for disks takes long.
    """

    def __init__(self, at: int | None = None, error: int = errno.EIO, *, for_good: bool = False, half: bool = False):
        self.calls: list[str] = []
        self._at = at
        self._error = error
        self._for_good = for_good
        self._half = half

    def heal(self) -> None:
        """Fail no more."""
        self._at = None

    def __getattr__(self, name: str) -> Any:
        real = _unflushed if name == "fsync" else getattr(os, name)
        return self._watched(name, real) if name in WATCHED else real

    def _watched(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **options: Any) -> Any:
            number = len(self.calls)
            self.calls.append(name)
            if self._at is None or number < self._at or (number > self._at and not self._for_good):
                return real(*args, **options)
            if name == "close":
                real(*args)
            if name == "write" and self._half:
                self._half = False
                self._at += 1
                return real(args[0], bytes(args[1])[: max(1, len(args[1]) // 2)])
            raise OSError(self._error, os.strerror(self._error))

        return call
