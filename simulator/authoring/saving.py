"""Keeping what an author writes: every byte as it was typed, never over what somebody else wrote meanwhile.

Authors have more than one program open, files lie on shares and in folders that are synchronised, and a morning's
work is a lot to lose. So what is saved is the text itself, with the line ends and the mark at its beginning that it
came with; a file that is no longer what was read is not overwritten; and while anything is unsaved, a copy of it is
kept in the home, from where it is offered the next time.
"""

from __future__ import annotations

import codecs
import difflib
import errno
import hashlib
import os
import re
import secrets
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from simulator import durable
from simulator.durable import NotRead, NotSaved
from simulator.library import built_in
from simulator.problem import Problem
from simulator.settings import Home
from simulator.source import LARGEST, Source, read
from simulator.text import clean, unwanted

FOLDER = "unsaved"
"""The folder of a home that holds copies of what was not saved yet."""
NO_FILE = ""
"""The hash of a file that is not there."""
_MOST_COPIES = 100
"""Names beside a file that are tried for a copy."""
_AROUND = 2
"""Lines around a difference that are shown with it."""
_PIECE = re.compile(r"@@ -(?P<old>\d+)(?P<many>(?:,\d+)?) \+(?P<new>\d+)(?P<more>(?:,\d+)?) @@")
_STAND_INS = "".join(map(chr, (*range(0x2400, 0x2427), *range(0x25A0, 0x2600), *range(0xE000, 0xE800))))
"""Signs that can stand for what a terminal would obey."""


class ChangedElsewhere(Exception):
    """The file is no longer what was read; nothing was written."""

    def __init__(self, theirs: Opened | None) -> None:
        super().__init__("the file was changed by somebody else")
        self.theirs = theirs
        """What stands there now; None: the file is gone."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A file as it was read, and how its text is shown in an editor."""

    path: Path
    hash: str
    """SHA-256 of what was read, in hex; `NO_FILE` for one that is not there yet."""
    text: str
    """For the editor: lines end in one way, and what a terminal would obey is shown by other signs."""
    marked: bool = False
    """Whether it begins with a byte order mark."""
    ends: tuple[str, ...] = ()
    """How its lines end, one after the other, where they do not all end alike."""
    end: str = "\n"
    """How most of its lines end."""
    stand_ins: tuple[tuple[str, str], ...] = ()
    """What stands in the file, and the sign that is shown for it."""
    cannot_be_shown: str = ""
    """Why nobody can tell what the file holds; empty where `text` is what it holds."""

    def plain(self, text: str) -> str:
        """Return a text of the editor with what the file holds instead of the signs that are shown for it."""
        if not self.stand_ins:
            return text
        return text.translate({ord(shown): sign for sign, shown in self.stand_ins})

    def data(self, text: str) -> bytes:
        """Return the bytes of a text of the editor, as they belong into the file."""
        lines = self.plain(text).split("\n")
        if self.ends:
            ends = _ends(self.plain(self.text).split("\n"), self.ends, lines, self.end)
            whole = "".join(map("".join, zip(lines, [*ends, ""], strict=True)))
        else:
            whole = self.end.join(lines)
        return (codecs.BOM_UTF8 if self.marked else b"") + whole.encode("utf-8", "replace")


def open_file(path: Path, limit: int = LARGEST) -> Opened | Problem:
    """Read a file to be edited. One that is not there yet is empty."""
    if not os.path.lexists(path):
        return Opened(path, NO_FILE, "")
    source = read(path, limit)
    return source if isinstance(source, Problem) else opened(path, source)


def opened(path: Path, source: Source) -> Opened:
    """Return what was read as it is edited."""
    text = source.text
    ends = _line_ends(text) if "\r" in text else []
    count = Counter(ends)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    stand_ins = _stand_ins(text)
    return Opened(
        path,
        source.hash,
        text.translate({ord(sign): shown for sign, shown in stand_ins}),
        source.data.startswith(codecs.BOM_UTF8),
        tuple(ends) if len(count) > 1 else (),
        count.most_common(1)[0][0] if count else "\n",
        stand_ins,
    )


def _line_ends(text: str) -> list[str]:
    ends, at = [], 0
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")[:-1]:
        at += len(line)
        end = text[at : at + 2] if text[at : at + 2] == "\r\n" else text[at]
        ends.append(end)
        at += len(end)
    return ends


def _stand_ins(text: str) -> tuple[tuple[str, str], ...]:
    if not unwanted(text):
        return ()
    signs = sorted({sign for sign in set(text) if sign not in "\n\t" and not clean(sign)})
    free = [shown for shown in _STAND_INS if shown not in text]
    pairs = []
    for sign in signs:
        # The picture of a control character, where there is one.
        picture = chr(0x2400 + ord(sign)) if ord(sign) < 0x20 else "\u2421" if sign == "\x7f" else ""
        shown = picture if picture in free else free[-1]
        free.remove(shown)
        pairs.append((sign, shown))
    return tuple(pairs)


def _ends(before: Sequence[str], ends: Sequence[str], after: Sequence[str], usual: str) -> list[str]:
    """Return how the lines of a text end: as before where they were there before, else as most lines do."""
    first, last = alike(before, after)
    found = [usual] * (len(after) - 1)
    for row in range(min(first, len(found), len(ends))):
        found[row] = ends[row]
    for row in range(1, last):
        found[-row] = ends[-row]
    matcher = difflib.SequenceMatcher(
        None, before[first : len(before) - last], after[first : len(after) - last], autojunk=False
    )
    for old, new, size in matcher.get_matching_blocks():
        for row in range(size):
            if first + new + row < len(found) and first + old + row < len(ends):
                found[first + new + row] = ends[first + old + row]
    return found


# -- saving -----------------------------------------------------------------------------------


def save(what: Opened, text: str, *, over: str | None = None, limit: int = LARGEST) -> Opened:
    """Save a text of the editor; return what is open now.

    `over` is the hash of another content of the file that may be overwritten, because the author has seen it.

    Raises:
        ChangedElsewhere: the file is not what was read.
        NotSaved: it cannot be written, or nobody can tell what it holds now.
    """
    data = what.data(text)
    found = _now(what.path, limit)
    if found.hash not in (what.hash, over):
        if found.hash == hashlib.sha256(data).hexdigest():
            # Somebody has saved the same.
            return replace(what, hash=found.hash, text=text, ends=_kept_ends(data))
        raise ChangedElsewhere(None if found.hash == NO_FILE else found)
    durable.rewrite(what.path, data)
    return replace(what, hash=hashlib.sha256(data).hexdigest(), text=text, ends=_kept_ends(data))


def _kept_ends(data: bytes) -> tuple[str, ...]:
    if b"\r" not in data:
        return ()
    ends = _line_ends(data.decode("utf-8", "replace"))
    return tuple(ends) if len(set(ends)) > 1 else ()


def _now(path: Path, limit: int) -> Opened:
    found = open_file(path, limit)
    if isinstance(found, Opened):
        return found
    if found.code in ("too-large", "not-utf-8"):
        # Two such contents are not the same one: whoever may write over the first has not seen the second.
        return Opened(path, f"{found.code} {_date(path)}", f"({found.message})", cannot_be_shown=found.message)
    # It is there, and nobody can say what it holds: that is no reason to write over it.
    raise NotSaved(path, _why_not(path, found))


def _date(path: Path) -> str:
    try:
        found = path.stat()
    except (OSError, ValueError) as error:
        return type(error).__name__
    return f"{found.st_size} {found.st_mtime_ns} {found.st_ino}"


def _why_not(path: Path, found: Problem) -> OSError:
    """Return what keeps a file from being looked at."""
    if found.code == "not-a-file":
        return IsADirectoryError(errno.EISDIR, found.message)
    try:
        os.stat(path)  # noqa: PTH116 - a path of an odd name raises less here
    except OSError as error:
        return error
    except ValueError:
        pass
    return PermissionError(errno.EACCES, found.message)


def cannot_be_written(path: Path) -> str:
    """Say why nobody should write to a file; empty where nothing speaks against it."""
    real = Path(os.path.realpath(path))
    if built_in().resolve() in real.parents:
        return f"{path.name} belongs to Caseload's own library, and the next update would write over it"
    if os.path.lexists(path) and not os.access(path, os.W_OK):
        return f"{path.name} cannot be written: this account has no permission to"
    if not os.path.isdir(real.parent):  # noqa: PTH112 - pathlib raises where this account may not look
        return f"{path.name} cannot be written: there is no folder {real.parent}"
    return ""


def there_now(path: Path, limit: int = LARGEST) -> Opened | None:
    """Return what stands in a file now, also where that cannot be shown; None where nobody can tell."""
    try:
        return _now(path, limit)
    except NotSaved:
        return None


def changed(what: Opened, limit: int = LARGEST) -> bool:
    """Whether the file is no longer what was read; no, where nobody can tell."""
    try:
        return _now(what.path, limit).hash != what.hash
    except NotSaved:
        return False


def save_beside(what: Opened, text: str) -> Path:
    """Save a text of the editor beside the file, under a name of its own; return its path; raises NotSaved."""
    stem, ending = what.path.stem, what.path.suffix or ".yaml"
    names = [f"{stem} (mine){ending}", *(f"{stem} (mine {number}){ending}" for number in range(2, _MOST_COPIES))]
    path = next(
        (each for name in names if not os.path.lexists(each := what.path.with_name(name))),
        what.path.with_name(names[0]),
    )
    durable.rewrite(path, what.data(text))
    return path


def difference(theirs: Opened | None, mine: str) -> list[str]:
    """Return the lines in which two texts differ, as `diff` writes them: `-` stands there now, `+` is mine."""
    before, after = theirs.text.split("\n") if theirs else [], mine.split("\n")
    first, last = alike(before, after)
    # difflib leaves lines that stand often in a long text, such as empty ones, unmatched: so the long ends are cut off.
    start = max(0, first - _AROUND)
    end = max(0, last - _AROUND)
    theirs_here, mine_here = before[start : len(before) - end], after[start : len(after) - end]
    found = difflib.unified_diff(theirs_here, mine_here, "on the disk", "yours", lineterm="", n=_AROUND)
    return [_moved(line, start) for line in found]


def alike(before: Sequence[str], after: Sequence[str]) -> tuple[int, int]:
    """Return how many lines two texts have in common at their beginning, and at their end."""
    first = 0
    while first < min(len(before), len(after)) and before[first] == after[first]:
        first += 1
    last = 0
    while last < min(len(before), len(after)) - first and before[-1 - last] == after[-1 - last]:
        last += 1
    return first, last


def _moved(line: str, by: int) -> str:
    """Return the heading of a piece with the numbers that its lines have in the whole text."""
    found = _PIECE.fullmatch(line)
    if found is None:
        return line
    old, new = (int(found[name]) + by for name in ("old", "new"))
    return f"@@ -{old}{found['many']} +{new}{found['more']} @@"


# -- what is not saved yet --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Recovered:
    """What was being written when Caseload ended without saving it."""

    copy: Path
    """Where it is kept."""
    text: str
    """As it stood in the editor."""
    base: str
    """The beginning of the hash of the file that it was made of; empty for a file that was not there."""
    modified: float
    """When it was kept, in seconds since 1970."""
    stand_ins: tuple[tuple[str, str], ...] = ()


def _prefix(path: Path) -> str:
    whole = os.path.normcase(os.path.abspath(path))  # noqa: PTH100 - a link is another name, and has a copy of its own
    return f"{path.stem[:60]}.{hashlib.sha256(os.fsencode(whole)).hexdigest()[:16]}."


def new_desk() -> str:
    """Return what tells the copies of one desk from those of another one at the same file."""
    return secrets.token_hex(4)


def keep_copy(home: Home, what: Opened, text: str, desk: str = "") -> Path:
    """Keep a copy of what is not saved yet at a desk; return where; raises NotSaved."""
    folder = home.root / FOLDER
    durable.make_folder(folder)
    copy = folder / f"{_prefix(what.path)}{f'{desk}.' if desk else ''}{what.hash[:16]}.yaml"
    durable.replace(copy, what.data(text))
    return copy


def drop_copies(home: Home, path: Path, desk: str = "") -> None:
    """Take away what a desk kept of a file, once it is saved or given up. What others keep of it is theirs."""
    for copy in _copies(home, path):
        if copy.name.removeprefix(_prefix(path)).removesuffix(".yaml").rpartition(".")[0] == desk:
            durable.discard(copy)


def drop_copy(found: Recovered) -> None:
    """Take away what was kept, once somebody has taken it up and saved it, or wants it no more."""
    durable.discard(found.copy)


def recovered(home: Home, what: Opened, limit: int = LARGEST) -> Recovered | None:
    """Return what was kept of a file and is not what stands in it; None if there is nothing."""
    for copy in _copies(home, what.path):
        try:
            found = read(copy, limit * 2)
            if isinstance(found, Problem):
                continue
            there = opened(copy, found)
            if there.plain(there.text) == what.plain(what.text):
                durable.discard(copy)
                continue
            base = copy.name.removesuffix(".yaml").rpartition(".")[2]
            return Recovered(copy, there.text, base, copy.stat().st_mtime, there.stand_ins)
        except OSError:
            continue
    return None


def taken_up(what: Opened, found: Recovered) -> Opened:
    """Return what is open when somebody goes on with what was kept.

    Where the file was changed since, it stays what the copy was made of, so that saving says so.
    """
    hash = what.hash if what.hash[:16] == found.base else found.base or "-"
    return replace(what, hash=hash, stand_ins=found.stand_ins)


def _copies(home: Home, path: Path) -> list[Path]:
    try:
        found = durable.beside(home.root / FOLDER / _prefix(path), _prefix(path), ".yaml")
        return sorted(found, key=lambda each: each.stat().st_mtime_ns, reverse=True)
    except (NotRead, OSError):
        return []
