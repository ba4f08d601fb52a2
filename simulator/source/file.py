"""The guarded way from a file to a YAML node tree, or to everything that is wrong with the file.

YAML can name and repeat parts of itself until a few hundred bytes fill the memory, nest so deeply that
libyaml's composer crashes the interpreter, and read `no` as false. So `guard` goes through the stream of
events, and makes of what passes nodes that know their line and column, and whose scalars are the text that
was typed.
"""

from __future__ import annotations

import codecs
import gc
import hashlib
import os
import stat
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from simulator.problem import Place, Problem, Severity
from simulator.source import guard
from simulator.source.fault import Mark
from simulator.source.guard import split_lines
from simulator.text import clean, one_line

LARGEST = 1024 * 1024
"""Bytes of a file that are read unless a caller raises it."""
MOST_EVENTS = 200_000
"""Keys, values and brackets of a file that are looked at unless a caller raises it."""
_FARTHEST_COLUMN = 10_000
"""Beyond this column no excerpt is kept: nobody reads there, and a hundred of them would fill the memory."""


@dataclass(frozen=True, slots=True)
class Source:
    """What a file holds, byte for byte and line by line."""

    name: str
    """As people know it: the path as it was given."""
    text: str
    """Decoded, without a byte order mark; line ends as in the file."""
    hash: str
    """SHA-256 of `data`, in hex."""
    data: bytes
    """Every byte of the file."""
    folder: Path | None = None
    """The folder it lies in; None for text that is in no file."""
    _lines: list[str] = field(default_factory=list, init=False, repr=False, compare=False)
    _excerpts: dict[int, str] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def lines(self) -> list[str]:
        """The lines without their ends, split where libyaml splits them."""
        if not self._lines:
            self._lines[:] = split_lines(self.text)
        return self._lines

    def problem(
        self,
        code: str,
        message: str,
        line0: int,
        column0: int,
        hint: str = "",
        severity: Severity = Severity.ERROR,
        end0: int = 0,
    ) -> Problem:
        """Make a problem from a line and a column counted from 0; beyond the end means at the end.

        `end0` is the column behind the last character that it is about, where that is known.
        """
        row = max(0, min(line0, len(self.lines) - 1))
        if line0 > row:
            row = next((n for n in range(row, -1, -1) if self.lines[n].strip()), 0)
            column0 = len(self.lines[row].rstrip())
        column = max(0, min(column0, len(self.lines[row])))
        place = Place(self.name, row + 1, column + 1)
        # Behind the last character of the line there is nothing to underline.
        end = min(end0, len(self.lines[row].rstrip())) + 1 if row == line0 and end0 > column + 1 else 0
        return Problem(code, clean(message), place, clean(hint), self._excerpt(row, column), severity, end)

    def at(
        self,
        where: yaml.Node | Mark,
        code: str,
        message: str,
        hint: str = "",
        severity: Severity = Severity.ERROR,
    ) -> Problem:
        """Make a problem at a node, or at one of libyaml's marks."""
        mark: Mark = where.start_mark if isinstance(where, yaml.Node) else where
        end = end_of(where) if isinstance(where, yaml.Node) else 0
        return self.problem(code, message, mark.line, mark.column, hint, severity, end)

    def excerpt(self, line0: int, column0: int = 0) -> str:
        """Return a line that can be shown, with every character still in its column."""
        row = max(0, min(line0, len(self.lines) - 1))
        return self._excerpt(row, column0)

    def _excerpt(self, row: int, column: int) -> str:
        """Return a line that can be shown, with every character still in its column."""
        if column > _FARTHEST_COLUMN:
            return ""
        if row not in self._excerpts:
            line = self.lines[row][: _FARTHEST_COLUMN + 200]
            dropped = {ord(sign): "\ufffd" for sign in set(line) if not clean(sign)}
            self._excerpts[row] = line.translate(dropped) if dropped else line
        return self._excerpts[row]


def end_of(node: yaml.Node) -> int:
    """Return the column behind a word or a line of text, counted from 0; 0 for what is more than that."""
    short = isinstance(node, yaml.ScalarNode) and node.style not in ("|", ">")
    return int(node.end_mark.column) if short and node.end_mark.line == node.start_mark.line else 0


def from_text(text: str, name: str = "text") -> Source:
    """Take text that is not in a file, for tests and notebooks."""
    data = text.encode("utf-8", "surrogatepass")
    return Source(one_line(name), text.removeprefix("\ufeff"), hashlib.sha256(data).hexdigest(), data)


def read(path: Path, limit: int = LARGEST) -> Source | Problem:
    """Read a file of at most `limit` bytes, or say why it cannot be read. Only regular files are opened."""
    name = one_line(str(path)) or "?"
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            return _not_a_file(name, found.st_mode)
        if found.st_size > limit:
            return _too_large(name, limit)
        # It may have become a pipe since: that must not block, and is noticed below.
        flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        with open(path, "rb", opener=lambda file, _: os.open(file, flags)) as file:
            mode = os.fstat(file.fileno()).st_mode
            if not stat.S_ISREG(mode):
                return _not_a_file(name, mode)
            data = file.read(limit + 1)
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return _whole(name, "no-such-file", "there is no such file", "check the path and the spelling")
    except PermissionError:
        hint = "ask whoever keeps it to let you read it"
        return _whole(name, "no-permission", "this file may not be read from your account", hint)
    except OSError as error:
        return _whole(name, "unreadable", f"this file cannot be read: {error.strerror or error}")
    if len(data) > limit:
        return _too_large(name, limit)
    text = _decoded(data, name)
    if isinstance(text, Problem):
        return text
    return Source(name, text, hashlib.sha256(data).hexdigest(), data, path.parent)


def _whole(name: str, code: str, message: str, hint: str = "") -> Problem:
    return Problem(code, clean(message), Place(name, 1, 1), hint)


def _not_a_file(name: str, mode: int) -> Problem:
    if stat.S_ISDIR(mode):
        return _whole(name, "not-a-file", "this is a folder, not a file", "name a file in it")
    return _whole(name, "not-a-file", "this is a pipe or a device, not a file", "name a file")


def _too_large(name: str, limit: int) -> Problem:
    message = f"this file is larger than {limit:,} bytes, the most that is read"
    return _whole(name, "too-large", message, "a case is rarely a tenth as large; is it the right file?")


def _decoded(data: bytes, name: str) -> str | Problem:
    """Decode UTF-8, or say where it stops being that, and what it seems to be instead."""
    save = "open it in your editor and save it with the encoding UTF-8"
    wide = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    start = data[:1000]
    if data.startswith(wide) or start.count(0) * 3 > len(start):
        kind = "UTF-32" if data.startswith(wide[:2]) else "UTF-16"
        return _whole(name, "not-utf-8", f"this file is not UTF-8; it seems to be {kind}", save)
    try:
        return data.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8").removeprefix("\ufeff")
        rows = split_lines(before)
        after = data[error.start : error.start + 200].decode("utf-8", "replace")
        shown = from_text("\n" * (len(rows) - 1) + rows[-1] + split_lines(after)[0], name)
        if error.reason == "unexpected end of data":
            message = "the file ends in the middle of a character"
            save = "it may have been cut off while it was copied: look for a whole copy"
        else:
            message = f"this byte, {data[error.start]:02X}, is not UTF-8"
            save = f"the file seems to be {_encoding(data)}: {save}"
        return shown.problem("not-utf-8", message, len(rows) - 1, len(rows[-1]), save)


def _encoding(data: bytes) -> str:
    """Guess by the bytes of curly quotes and dashes, which authors type most."""
    high = {byte for byte in data if byte > 127}
    if high & {0xD2, 0xD3, 0xD4, 0xD5} and not high & {0x91, 0x92, 0x93, 0x94, 0x96, 0x97}:
        return "Mac Roman"
    return "Windows-1252"


def compose(source: Source, most_events: int = MOST_EVENTS) -> tuple[yaml.Node | None, list[Problem]]:
    """Build the nodes of a file, or find what is wrong with it; exactly one of the two is empty."""
    if _LOADER is None:
        hint = "install PyYAML from a wheel, or with libyaml's headers at hand"
        problem = source.problem("no-libyaml", "this PyYAML was built without libyaml", 0, 0, hint)
        return None, [problem]
    collecting = gc.isenabled()
    # Nodes have no cycles, and looking for them would take as long as composing.
    gc.disable()
    try:
        return guard.compose(source, _LOADER, most_events)
    finally:
        if collecting:
            gc.enable()


_LOADER = getattr(yaml, "CSafeLoader", None)
