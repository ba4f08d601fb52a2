"""What it takes for bytes to survive a crash, a power cut, a full disk or a drive pulled out.

Asking an operating system to write is not enough: the bytes must be flushed, a new name must be flushed
with its folder, and each system has its own way to do so, or none. All of that is known here and nowhere
else. So is what to tell a person when it fails: every error met while writing leaves this module as one
exception whose text is a sentence for them.

    NotSaved    something could not be written; what was there before is still there
    NotRead     a file could not be read, or is none that should be opened

Every system call goes through this module's own name `os`, so that tests can make each of them fail.
"""

# pathlib would hide the system calls that tests let fail:
# ruff: noqa: PTH101, PTH102, PTH105, PTH106, PTH108, PTH112, PTH116, PTH208

from __future__ import annotations

import errno
import os
import secrets
import stat
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from simulator.text import clean

if TYPE_CHECKING:
    from filelock import BaseFileLock

PRIVATE_FILE = 0o600
PRIVATE_FOLDER = 0o700
_MAY_READ = 0o044
"""Of a folder's mode, what others may read of the files in it."""

RENAME_TRIES = 20
"""Windows refuses to rename over a file that a virus scanner or a reader has open; they soon let go."""
RENAME_PAUSE = 0.05
"""Seconds between two of those tries."""

# What each system offers of: not handed to child processes, no translation of line ends, no following of
# links, no waiting for the other end of a pipe, no becoming the terminal's process.
_SAFELY = 0
for _flag in ("O_CLOEXEC", "O_NOINHERIT", "O_BINARY", "O_NOFOLLOW", "O_NONBLOCK", "O_NOCTTY"):
    _SAFELY |= getattr(os, _flag, 0)

_FULL = ("the disk is full", "Free some space, then try again.")
_FORBIDDEN = (
    "this account has no permission to write there",
    "Ask whoever looks after this computer, or use another folder.",
)
_CROWDED = ("too many files are open", "Close some programs, then try again.")
_GONE = ("the drive or the network share does not answer", "Connect it again, then try again.")
_BUSY = ("another program is using it", "Close the other program, then try again.")
_MISPLACED = ("something else is in its place", "Move that away, then try again.")

_REASONS = {
    "ENOSPC": _FULL,
    "EDQUOT": ("the space this account may use is full", "Delete or move some files, then try again."),
    "EFBIG": ("the file would be larger than this system allows", "Use another disk, then try again."),
    "EROFS": ("the disk can only be read", "Make it writable, or use another folder."),
    "EACCES": _FORBIDDEN,
    "EPERM": _FORBIDDEN,
    "EIO": ("the disk reported an error", "Check the disk and its cable, then try again."),
    "EMFILE": _CROWDED,
    "ENFILE": _CROWDED,
    "ENAMETOOLONG": ("the name is too long", "Use a shorter name, or a folder nearer to the top."),
    "ENOENT": ("its folder or the file itself is not there", "Put it back, then try again."),
    "ENODEV": _GONE,
    "ENXIO": _GONE,
    "ENOTCONN": _GONE,
    "ETIMEDOUT": _GONE,
    "EHOSTDOWN": _GONE,
    "EBUSY": _BUSY,
    "ETXTBSY": _BUSY,
    "EEXIST": ("there is one already", "Use another name."),
    "ENOTDIR": _MISPLACED,
    "EISDIR": _MISPLACED,
    "ELOOP": ("a link is in its place", "Move the link away, then try again."),
    "ENOMEM": ("the computer is out of memory", "Close some programs, then try again."),
    "ESTALE": (
        "it was moved, deleted or changed by another program",
        "Close it here and open it again to go on from what is there.",
    ),
    "EINTR": ("the system interrupted it", "Try again."),
}
_BY_NUMBER = {getattr(errno, name): reason for name, reason in _REASONS.items() if hasattr(errno, name)}
_SHARING = (32, 33)  # Windows: somebody else has the file open, or a part of it locked
_NOT_OFFERED = {
    getattr(errno, name) for name in ("EINVAL", "ENOTSUP", "EOPNOTSUPP", "ENOTTY", "ENOSYS") if hasattr(errno, name)
}

full_sync: Callable[[int], object] | None = None
"""What flushes further than fsync does, where there is such a thing: through the drive's own cache."""
if sys.platform == "darwin":
    import fcntl

    def _full_sync(fd: int) -> object:
        return fcntl.fcntl(fd, fcntl.F_FULLFSYNC)

    full_sync = _full_sync


class NotSaved(Exception):
    """Something could not be written. Its text says what, why, and what to do."""

    def __init__(self, path: Path, error: OSError) -> None:
        super().__init__(f"Could not save {_shown(path)}: {'. '.join(_why(error))}")
        self.path = path
        """What was to be written."""
        self.reason = error.errno
        """The error number of the system, as in the `errno` module; None where there was none."""


class NotRead(Exception):
    """A file could not be read, or is none that should be opened. Its text says why."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"Could not read {_shown(path)}: {why}.")
        self.path = path


def _shown(path: Path) -> str:
    return clean(str(path), 400)


def _why(error: OSError) -> tuple[str, str]:
    """Say why a system call failed, and what to do about it."""
    if getattr(error, "winerror", None) in _SHARING:
        return _BUSY
    if error.errno in _BY_NUMBER:
        return _BY_NUMBER[error.errno]
    return error.strerror or "the system does not say why", "Try again."


@contextmanager
def _saving(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise NotSaved(path, error) from error


def sync_file(fd: int) -> None:
    """Flush a file to the disk itself; raises OSError, as no path is known here.

    After a failure nothing is known about what was written since the last success, and a second call
    that succeeds proves nothing: the system may have dropped the bytes. They must be written again.
    """
    if full_sync is not None:
        try:
            full_sync(fd)
        except OSError as error:
            # Network shares and some drives lack it; any other failure is a real one.
            if error.errno not in _NOT_OFFERED:
                raise
        else:
            return
    while True:
        try:
            os.fsync(fd)
        except InterruptedError:
            continue
        return


def sync_folder(path: Path) -> None:
    """Flush the names in a folder, where the system has a way to (Windows has none); raises NotSaved."""
    if sys.platform == "win32":
        return
    with _saving(path):
        fd = os.open(path, os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_CLOEXEC", 0))
        try:
            sync_file(fd)
        except OSError as error:
            # Some network and FUSE file systems keep names safe themselves and refuse to be asked.
            if error.errno not in _NOT_OFFERED:
                raise
        finally:
            os.close(fd)


def make_folder(path: Path) -> None:
    """Make a folder that only its owner can enter, with those above it, durably; raises NotSaved."""
    if os.path.isdir(path):
        return
    if path.parent != path:
        make_folder(path.parent)
    with _saving(path):
        try:
            os.mkdir(path, PRIVATE_FOLDER)
        except FileExistsError as error:
            if not os.path.isdir(path):
                raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR)) from error
    sync_folder(path.parent)


def create_private(path: Path) -> int:
    """Make a new file that only its owner can read, and return its descriptor; raises NotSaved."""
    with _saving(path):
        return _create(path)


def _create(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_EXCL | _SAFELY, PRIVATE_FILE)


def write_all(fd: int, data: bytes) -> None:
    """Write every byte, however many calls the system makes of it; raises OSError."""
    while data:
        try:
            written = os.write(fd, data)
        except InterruptedError:
            continue
        if written <= 0:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        data = data[written:]


def write_new(path: Path, data: bytes) -> None:
    """Write a file that was not there before, durably; raises NotSaved, with nothing left of it then."""
    with _saving(path):
        _write_new(path, data)
        try:
            sync_folder(path.parent)
        except NotSaved:
            discard(path)
            raise


def _write_new(path: Path, data: bytes) -> None:
    fd = _create(path)
    try:
        try:
            write_all(fd, data)
            sync_file(fd)
        finally:
            os.close(fd)
    except BaseException:
        discard(path)
        raise


def replace(path: Path, data: bytes) -> None:
    """Give a file new content: after a crash it holds all of the old or all of the new; raises NotSaved."""
    _put(path, data)


def publish(path: Path, data: bytes) -> None:
    """Put a file into a folder that others read as well; as with `replace`, all of it or none; raises NotSaved.

    Its owner may write it, and whoever may read the folder may read it, whatever is usual for this account's files.
    Where a system or a share has no such modes, or rules of its own, those decide. The temporary file's name begins
    with a dot, and nobody else can read it until it is whole.
    """
    _put(path, data, shared=True)


def rewrite(path: Path, data: bytes) -> None:
    """Give somebody's own file new content: all of it or none, as with `replace`; raises NotSaved.

    The file stays what it is: where its name is a link, what that leads to is written, and whoever may read or write
    it may do so afterwards. One that is not there yet gets what is usual in its folder.
    """
    with _saving(path):
        target = Path(os.path.realpath(path))
        try:
            mode = stat.S_IMODE(os.stat(target).st_mode)
        except FileNotFoundError:
            mode = os.stat(target.parent).st_mode & _MAY_READ | PRIVATE_FILE
        else:
            # Its folder may let it be replaced where the file itself must not be written.
            if not os.access(target, os.W_OK):
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    _put(target, data, mode=mode)


def _put(path: Path, data: bytes, *, shared: bool = False, mode: int | None = None) -> None:
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        with _saving(path):
            _write_new(temporary, data)
            if shared:
                mode = os.stat(path.parent).st_mode & _MAY_READ | PRIVATE_FILE
            if mode is not None:
                _open_up(temporary, mode)
            _rename(temporary, path)
    except BaseException:
        discard(temporary)
        raise
    sync_folder(path.parent)


def _open_up(path: Path, mode: int) -> None:
    """Set a mode, where the system and the share have such a thing; where not, they have rules of their own."""
    if sys.platform != "win32":
        with suppress(OSError):
            os.chmod(path, mode)


def make_shared_folder(path: Path) -> None:
    """Make a folder in one that others use as well, for the same people; durably; raises NotSaved.

    A link in its place is refused: whoever may write there could lead elsewhere with it.
    """
    with _saving(path):
        mode = stat.S_IMODE(os.stat(path.parent).st_mode) & ~stat.S_ISUID
        try:
            os.mkdir(path, PRIVATE_FOLDER)
        except FileExistsError as error:
            found = os.lstat(path).st_mode
            if not stat.S_ISDIR(found):
                raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR)) from error
            if stat.S_IMODE(found) == PRIVATE_FOLDER:
                # Whoever made it was killed before the next step; where it is not ours, this does nothing.
                _open_up(path, mode)
            return
        _open_up(path, mode)
    sync_folder(path.parent)


def pour(path: Path, pieces: Iterable[bytes], *, over: bool = False) -> None:
    """Write a file piece by piece: in the end all of it is there, or nothing of it and what was there before.

    Raises:
        NotSaved: it cannot be written, or without `over` there is something already. What making the pieces raises is
            passed on.
    """
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    with _saving(path):
        fd = _create(temporary)
    try:
        try:
            for piece in pieces:
                with _saving(path):
                    write_all(fd, piece)
            with _saving(path):
                sync_file(fd)
        except BaseException:
            with suppress(OSError):
                os.close(fd)
            raise
        with _saving(path):
            os.close(fd)
        with _saving(path):
            if not over and os.path.lexists(path):
                raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))
            _rename(temporary, path)
    except BaseException:
        discard(temporary)
        raise
    sync_folder(path.parent)


def _rename(source: Path, target: Path) -> None:
    for tries_left in reversed(range(RENAME_TRIES)):
        try:
            os.replace(source, target)
        except PermissionError as error:
            if getattr(error, "winerror", None) is None or not tries_left:
                raise
            time.sleep(RENAME_PAUSE)
        else:
            return


def beside(path: Path, start: str, end: str = "") -> list[Path]:
    """Find the files in the same folder whose names start and end so, in order; raises NotRead."""
    try:
        names = os.listdir(path.parent)
    except OSError as error:
        raise _not_read(path.parent, error) from error
    return sorted(path.with_name(name) for name in names if name.startswith(start) and name.endswith(end))


@dataclass(frozen=True, slots=True)
class Listed:
    """Something that lies in a folder."""

    name: str
    kind: str
    """`file`, `folder`, or `other`: a link, a device, a pipe."""
    size: int = 0
    """Bytes, of a file."""
    modified: int = 0
    """When a file was written last, in nanoseconds, as the system or whoever set it says."""


def listing(path: Path, most: int) -> tuple[list[Listed], bool]:
    """List a folder that anybody may have filled: at most so many names, and whether there are more; raises NotRead.

    No link is followed.
    """
    found: list[Listed] = []
    try:
        with os.scandir(path) as each:
            for item in each:
                if len(found) == most:
                    return found, True
                found.append(_listed(item))
    except OSError as error:
        raise _not_read(path, error) from error
    return found, False


def look(path: Path) -> Listed | None:
    """Return what has this name, None where nothing has; no link is followed; raises NotRead where nobody can tell."""
    try:
        return _described(path.name, os.lstat(path))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise _not_read(path, error) from error


def _listed(item: os.DirEntry[str]) -> Listed:
    if item.is_dir(follow_symlinks=False):
        return Listed(item.name, "folder")
    try:
        return _described(item.name, item.stat(follow_symlinks=False))
    except FileNotFoundError:
        # It went in between.
        return Listed(item.name, "other")


def _described(name: str, status: os.stat_result) -> Listed:
    if stat.S_ISREG(status.st_mode):
        return Listed(name, "file", status.st_size, status.st_mtime_ns)
    return Listed(name, "folder" if stat.S_ISDIR(status.st_mode) else "other")


def kind(path: Path) -> str:
    """Say what has this name, as `Listed.kind` does, without following a link; empty: nothing; raises NotRead."""
    try:
        mode = os.lstat(path).st_mode
    except (FileNotFoundError, NotADirectoryError):
        return ""
    except OSError as error:
        raise _not_read(path, error) from error
    return "folder" if stat.S_ISDIR(mode) else "file" if stat.S_ISREG(mode) else "other"


def leftovers(path: Path) -> list[Path]:
    """Find what `replace` left of a file when the power went in the middle of it; raises NotRead."""
    return beside(path, f".{path.name}.", ".tmp")


def remove(path: Path) -> None:
    """Take a file away, durably; one that is not there is fine; raises NotSaved.

    This takes the name away. What a drive keeps of the bytes is between the drive and its encryption.
    """
    with _saving(path):
        try:
            os.unlink(path)
        except FileNotFoundError:
            return
    sync_folder(path.parent)


def remove_all(paths: Iterable[Path], folders: Iterable[Path] = ()) -> None:
    """Take files away, and then folders that are empty now, durably; what is not there is fine; raises NotSaved.

    Each folder that names them is flushed once, at the end: where many go, that is what takes long.
    """
    above: dict[Path, None] = {}
    for path in paths:
        with _saving(path), suppress(FileNotFoundError):
            os.unlink(path)
            above[path.parent] = None
    for folder in folders:
        with _saving(folder), suppress(FileNotFoundError):
            os.rmdir(folder)
            above[folder.parent] = None
        above.pop(folder, None)
    for folder in above:
        sync_folder(folder)


def discard(path: Path) -> None:
    """Take a file away if that can be done; for what does no harm when it stays."""
    with suppress(OSError):
        os.unlink(path)


def jot(path: Path, data: bytes) -> None:
    """Leave a note for other processes; it may fail, be torn, or be gone after a crash."""
    with suppress(OSError):
        fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | _SAFELY, PRIVATE_FILE)
        try:
            write_all(fd, data)
        finally:
            os.close(fd)


def exists(path: Path) -> bool:
    """Whether anything has this name, be it a link that leads nowhere; raises NotRead where nobody can tell."""
    try:
        os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        raise _not_read(path, error) from error
    return True


def must_be_plain(path: Path) -> None:
    """Refuse what only looks like a file, before it is opened: opening is already use; raises NotRead."""
    try:
        _must_be_plain(path, os.lstat(path))
    except OSError as error:
        raise _not_read(path, error) from error


def _must_be_plain(path: Path, status: os.stat_result) -> None:
    mode = status.st_mode
    if not stat.S_ISREG(mode):
        what = "a link" if stat.S_ISLNK(mode) else "a folder" if stat.S_ISDIR(mode) else "a device or a pipe"
        raise NotRead(path, f"it is {what}, not a file")


def _not_read(path: Path, error: OSError) -> NotRead:
    if error.errno == errno.ENOENT:
        return NotRead(path, "there is no such file")
    if error.errno in (errno.EACCES, errno.EPERM) and getattr(error, "winerror", None) not in _SHARING:
        return NotRead(path, "this account has no permission to read it")
    return NotRead(path, _why(error)[0])


def read_file(path: Path, limit: int) -> bytes:
    """Read a plain file of at most `limit` bytes; raises NotRead for anything else."""
    must_be_plain(path)
    try:
        fd = os.open(path, os.O_RDONLY | _SAFELY)
        try:
            return _read(fd, path, limit)
        finally:
            os.close(fd)
    except OSError as error:
        raise _not_read(path, error) from error


def read_start(path: Path, most: int) -> bytes:
    """Read the first bytes of a plain file, however large it is; raises NotRead."""
    must_be_plain(path)
    try:
        fd = os.open(path, os.O_RDONLY | _SAFELY)
        try:
            _must_be_plain(path, os.fstat(fd))
            return os.read(fd, most)
        finally:
            os.close(fd)
    except OSError as error:
        raise _not_read(path, error) from error


def _read(fd: int, path: Path, limit: int) -> bytes:
    # Looked at once more: between two calls somebody may have put something else in its place.
    _must_be_plain(path, os.fstat(fd))
    parts, left = [], limit + 1
    while left and (part := os.read(fd, min(left, 1 << 20))):
        parts.append(part)
        left -= len(part)
    if not left:
        raise NotRead(path, f"it is larger than {limit:,} bytes, which no such file is")
    return b"".join(parts)


class AppendFile:
    """A file that only grows, open for its one writer: a failed append leaves what was there before."""

    __slots__ = ("_fd", "_size", "_sound", "path")

    def __init__(self, path: Path, *, create: bool = False) -> None:
        """Open a plain file, or make one if there is none; raises NotSaved, or NotRead if it is not plain."""
        self.path = path
        self._size, self._sound = 0, True
        if not create or exists(path):
            must_be_plain(path)
        with _saving(path):
            try:
                self._fd = os.open(path, os.O_RDWR | os.O_APPEND | _SAFELY)
            except FileNotFoundError:
                if not create:
                    raise
                self._fd = _create(path)
        try:
            with _saving(path):
                status = os.fstat(self._fd)
            self._size = status.st_size
            _must_be_plain(path, status)
            if create:
                # Also for one that was there: an earlier call may have failed just here.
                sync_folder(path.parent)
        except BaseException:
            self.close()
            raise

    @property
    def size(self) -> int:
        """How many bytes of it are known to be good."""
        return self._size

    def read(self, limit: int) -> bytes:
        """Read all of it; raises NotRead."""
        try:
            return _read(self._fd, self.path, limit)
        except OSError as error:
            raise _not_read(self.path, error) from error

    def append(self, data: bytes, at: int) -> None:
        """Put bytes at offset `at`, its end; they are durable on return; raises NotSaved.

        Anything found behind `at` is the rest of an append of our own that failed, and is cut off.
        """
        try:
            self._make_ready(at)
        except OSError as error:
            raise NotSaved(self.path, error) from error
        self._sound = False
        try:
            write_all(self._fd, data)
            sync_file(self._fd)
        except OSError as error:
            self.take_back(at)
            raise NotSaved(self.path, error) from error
        self._size = at + len(data)
        self._sound = True

    def _make_ready(self, at: int) -> None:
        status = os.fstat(self._fd)
        mine = not self._sound or status.st_size == self._size
        if status.st_nlink == 0 or not mine:
            # Bytes written to a file without a name are lost; bytes of somebody else are not ours to cut.
            raise OSError(errno.ESTALE, os.strerror(errno.ESTALE))
        if not self._sound or self._size != at:
            self._cut(at)

    def _cut(self, at: int) -> None:
        os.ftruncate(self._fd, at)
        self._size = at
        self._sound = True

    def take_back(self, at: int) -> None:
        """Cut off what follows `at` if that can be done now; else the next append does it first."""
        self._sound = False
        with suppress(OSError):
            self._cut(at)

    def cut(self, at: int) -> None:
        """Cut off what follows `at`, durably; raises NotSaved."""
        with _saving(self.path):
            self._cut(at)
            sync_file(self._fd)

    def close(self) -> None:
        """Give the file back; what it holds is durable already."""
        if not self._sound:
            self.take_back(self._size)
        with suppress(OSError):
            os.close(self._fd)


def take_lock(path: Path) -> BaseFileLock | None:
    """Take the lock that a file stands for, or return None where another holds it; raises NotSaved.

    Advisory locks differ on three systems, and on network shares; the filelock library knows how. The
    system lets go of the lock when its holder dies. The file stays when the lock is given back: taking it
    away could leave two processes each holding a lock on a different file of the same name.
    """
    from filelock import FileLock, Timeout

    lock = FileLock(path, mode=PRIVATE_FILE, thread_local=False)
    try:
        with _saving(path):
            lock.acquire(timeout=0)
    except NotSaved as problem:
        if isinstance(problem.__cause__, Timeout):
            return None
        raise
    return lock
