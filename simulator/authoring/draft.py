"""A case file that somebody is writing: what stands in it now, what is wrong with that, and the last good case in it.

Editors save in many ways: they write half a file and then the rest, put a new file in the old one's place, take it
away for a moment, or hold it so that nobody else may read it. So a version that can be played is taken at once,
and one that cannot only when it is still there at the next look.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from scoring.rubric import Rubric
from simulator.bundle import FOLDER
from simulator.loader import scenario_from
from simulator.problem import Place, Problem
from simulator.scenario import Scenario
from simulator.source import LARGEST, Mark, Source, read
from simulator.text import one_line

YOUNG = 3.0
"""Seconds after a change for which a file is read at every look: clocks of disks can be as coarse as two seconds."""
MOST_SHARED = 500
"""Files of shared scenes beside a case that are looked after."""

Stamp = tuple[object, ...]
"""What tells that a file, or one that it visits, may be another one now."""


@dataclass(frozen=True, slots=True)
class Version:
    """One text of a case, and what loading it says. Nothing has been proven about it yet."""

    source: Source | None
    """What was read; None if not even that was possible."""
    scenario: Scenario | None
    """The case; None if an error kept it from being made."""
    problems: tuple[Problem, ...]
    """What is wrong with it, from the top of the file down; of a case that can be played, warnings and advice."""
    places: Mapping[str, tuple[Source, Mark]] = field(default_factory=dict)
    """Where each scene and ending stands."""

    @property
    def hash(self) -> str:
        """What tells two versions apart: the case together with the shared scenes that it visits."""
        if self.scenario is not None:
            return self.scenario.hash
        return "" if self.source is None else self.source.hash

    def line_of(self, name: str) -> Place | None:
        """Return where a scene or ending stands, by its id; None if it has no such thing."""
        if name not in self.places:
            return None
        source, mark = self.places[name]
        return Place(source.name, mark.line + 1, mark.column + 1)


def as_if_at(path: Path, text: str) -> Source:
    """Take text that is not on the disk yet as what stands in a file: shared scenes are looked for beside that."""
    data = text.encode("utf-8", "surrogatepass")
    name = one_line(str(path)) or "?"
    return Source(name, text.removeprefix("\ufeff"), hashlib.sha256(data).hexdigest(), data, path.parent)


def version_of(source: Source | Problem, rubric: Rubric, limit: int = LARGEST) -> Version:
    """Return what loading a text says. Shared scenes that it visits are read; nothing else is."""
    if isinstance(source, Problem):
        return Version(None, None, (source,))
    loaded = scenario_from(source, rubric, limit)
    return Version(source, loaded.value, loaded.problems, loaded.places)


class Draft:
    """A case file that is being written.

    `look` may take as long as the disk does, so it may run in a thread, one look at a time; `take` is for whoever
    shows the draft. `reload` is both.
    """

    def __init__(
        self, path: Path, rubric: Rubric, limit: int = LARGEST, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Read the file. That it is missing, or cannot be read, is a problem like others."""
        self.path = path
        self.rubric = rubric
        self.limit = limit
        self._clock = clock
        self._stamp: Stamp = ()
        self._bytes = ""
        """The hash of what was read last; empty if it could not be, so that it is tried again."""
        self._young_until = 0.0
        self._doubtful: tuple[object, ...] | None = None
        """What was found at the last look and could not be played, so that it may be half of something."""
        self.good: Version | None = None
        """The last version that could be played; None if there never was one."""
        self.now = version_of(self._read(), rubric, limit)
        """What stands in the file now."""
        self.take(self.now)
        self._known = _content(self.now)

    @property
    def behind(self) -> bool:
        """Whether what stands in the file cannot be played, so that the last good version is an older one."""
        return self.now.scenario is None

    @property
    def modified(self) -> int | None:
        """When the file was changed last, in nanoseconds, as its disk has it; None if nobody can say."""
        try:
            return self.path.stat().st_mtime_ns
        except (OSError, ValueError):
            return None

    def look(self, *, at_once: bool = False) -> Version | None:
        """Look at the file once more; return what stands in it if that is news.

        With `at_once`, also what cannot be played is taken at the first look.
        """
        changed = _stamp(self.path) != self._stamp
        if changed:
            self._young_until = self._clock() + YOUNG
        elif self._bytes and self._doubtful is None and self._clock() >= self._young_until:
            return None
        before = self._bytes
        source = self._read()
        if not changed and self._bytes and self._bytes == before and self._doubtful is None:
            return None
        version = version_of(source, self.rubric, self.limit)
        content = _content(version)
        if content == self._known:
            self._doubtful = None
            return None
        if version.scenario is None and not at_once and content != self._doubtful:
            self._doubtful = content
            return None
        self._doubtful, self._known = None, content
        return version

    def take(self, version: Version) -> None:
        """Let a version be what stands in the file now."""
        self.now = version
        if version.scenario is not None:
            self.good = version

    def reload(self, *, at_once: bool = False) -> bool:
        """Look at the file once more; return whether something else stands in it."""
        version = self.look(at_once=at_once)
        if version is None:
            return False
        self.take(version)
        return True

    def check(self, text: str) -> Version:
        """Return what loading another text would say if it stood in this file. Nothing is changed by that."""
        return version_of(as_if_at(self.path, text), self.rubric, self.limit)

    def _read(self) -> Source | Problem:
        # Before reading: what changes meanwhile is noticed at the next look.
        self._stamp = _stamp(self.path)
        found = read(self.path, self.limit)
        self._bytes = found.hash if isinstance(found, Source) else ""
        return found


def _content(version: Version) -> tuple[object, ...]:
    """Return what a version is known by: what was read, or why nothing could be."""
    return (version.hash, version.source is not None, version.problems)


def _stamp(path: Path) -> Stamp:
    """Return what tells that a file, or shared scenes beside it, may be others now, without reading any."""
    return (_state(path), _shared(path.parent / FOLDER))


def _state(path: Path) -> Stamp:
    try:
        found = path.stat()
    except (OSError, ValueError) as error:
        return (type(error).__name__,)
    return (found.st_mtime_ns, found.st_size, found.st_ino)


def _shared(folder: Path) -> Stamp:
    try:
        with os.scandir(folder) as entries:
            names = sorted(entry.name for entry in entries if entry.name.endswith(".yaml"))
    except (OSError, ValueError):
        return ()
    # An entry's own `stat` may be out of date on Windows.
    return tuple((name, *_state(folder / name)) for name in names[:MOST_SHARED])
