"""Where Caseload keeps things, and what a person has set.

`settings.yaml` belongs to the person: the program reads it and never writes it. What the program
remembers by itself (who played last, the theme picked in the app) lies in a file of its own.
"""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from simulator.problem import Problem
from simulator.text import one_line

if TYPE_CHECKING:
    from simulator.fields import Fields, Node

HOME_VARIABLE = "CASELOAD_HOME"
KEYS = ("theme", "feedback", "confidence", "library", "rubric", "keymap", "shared", "index", "keep", "few")
"""What a settings file may say."""
FEEDBACK = ("each", "end")
"""When a trainee sees what a response was worth: after each one, or in the debrief."""
LARGEST_MEMORY = 100_000
"""Bytes of what the program remembers by itself."""
FEW = 30
"""First attempts; below that, nothing statistical is said."""
LONGEST_KEPT = 1200
"""Months."""


@dataclass(frozen=True, slots=True)
class Home:
    """The folder that holds all of a user's data."""

    root: Path

    @property
    def settings(self) -> Path:
        """What a person has set."""
        return self.root / "settings.yaml"

    @property
    def remembered(self) -> Path:
        """What the program remembers by itself."""
        return self.root / "remembered.json"

    @property
    def people(self) -> Path:
        """Names, apart from journals."""
        return self.root / "people.yaml"

    @property
    def journals(self) -> Path:
        """One journal a session."""
        return self.root / "journals"

    @property
    def copies(self) -> Path:
        """Scenarios and rubrics as they were played, each once, named by its hash."""
        return self.root / "copies"

    @property
    def solved(self) -> Path:
        """What exploring cases showed; can be deleted, and is found out again."""
        return self.root / "solved"

    @property
    def reviews(self) -> Path:
        """One folder a reviewer, one journal a session reviewed."""
        return self.root / "reviews"

    @property
    def cohorts(self) -> Path:
        """Files that say who is to play which case until when."""
        return self.root / "cohorts"

    @property
    def index(self) -> Path:
        """What reviewers look sessions up in; can be deleted, and is made again from the journals."""
        return self.root / "index.sqlite"

    @property
    def receipts(self) -> Path:
        """The heads of journals as they were first seen here; cannot be made again."""
        return self.root / "receipts.sqlite"

    @property
    def tombstones(self) -> Path:
        """Who was erased."""
        return self.root / "tombstones.jsonl"

    @property
    def handed_in(self) -> Path:
        """What has been handed in to the shared folder; can be deleted, and is found out again."""
        return self.root / "handed-in.json"

    @property
    def collected(self) -> Path:
        """What has been looked at in the shared folder; can be deleted, and all of it is looked at again."""
        return self.root / "collected.json"


@dataclass(frozen=True, slots=True)
class Settings:
    """What a person has set in `settings.yaml`."""

    theme: str = ""
    """A theme's name; empty: the one picked in the app, or Caseload's own."""
    feedback: str = "end"
    """One of `FEEDBACK`."""
    confidence: bool = False
    """Whether to ask how sure one is before the consequence is shown."""
    library: tuple[Path, ...] = ()
    """Folders of scenarios beside the built-in one."""
    rubric: Path | None = None
    """An agency's own rubric."""
    keymap: Mapping[str, str] = field(default_factory=dict)
    """Keys by the id of what they do, such as `scene.consult: c`."""
    shared: Path | None = None
    """A folder in which journals come together; it may be away just now."""
    index: str = ""
    """The address of a database server for the index and the receipts; empty: files in the home."""
    keep: int | None = None
    """Months for which sessions are kept; None: nobody said."""
    few: int = FEW
    """Under so many first attempts, nothing statistical is said."""


def home() -> Home:
    """Return where this user's data lies: `CASELOAD_HOME`, or the system's place for it."""
    chosen = os.environ.get(HOME_VARIABLE)
    if chosen:
        return Home(expanded(chosen).absolute())
    from platformdirs import user_data_path

    return Home(user_data_path("caseload", appauthor=False))


def expanded(name: str) -> Path:
    """Return a path with `~` put into words; where nobody knows that home, `~` is a name like any other."""
    try:
        return Path(name).expanduser()
    except RuntimeError:
        return Path(name)


def load(where: Home) -> tuple[Settings, tuple[Problem, ...]]:
    """Read the settings; what is wrong in them is left out and reported."""
    if not os.path.lexists(where.settings):
        return Settings(), ()
    # YAML is only needed by who has settings.
    from simulator.fields import Fields
    from simulator.source import LARGEST, compose, read

    source = read(where.settings, LARGEST)
    if isinstance(source, Problem):
        return Settings(), (source,)
    root, problems = compose(source)
    if root is None:
        # Nothing but comments sets nothing, and nothing is wrong with that.
        return Settings(), tuple(problem for problem in problems if problem.code != "empty-file")
    fields = Fields(source)
    top = fields.known(root, "settings.yaml", KEYS)
    rubric = fields.line(top.get("rubric"), "`rubric:`")
    shared = fields.line(top.get("shared"), "`shared:`")
    keymap = {
        name: fields.line(value, f"the key of `{name}`")
        for name, _, value in (fields.pairs(top["keymap"], "`keymap:`") if "keymap" in top else ())
    }
    settings = Settings(
        theme=fields.line(top.get("theme"), "`theme:`"),
        feedback=fields.word(top.get("feedback"), "`feedback:`", {each: each for each in FEEDBACK}, "end"),
        confidence=fields.word(top.get("confidence"), "`confidence:`", {"yes": True, "no": False}, False),
        library=tuple(_folders(where, fields, top.get("library"))),
        rubric=where.root / expanded(rubric) if rubric else None,
        keymap={name: keys for name, keys in keymap.items() if keys},
        shared=where.root / expanded(shared) if shared else None,
        index=fields.line(top.get("index"), "`index:`"),
        keep=fields.number(top.get("keep"), "`keep:`", 1, LONGEST_KEPT) or None,
        few=fields.number(top.get("few"), "`few:`", 1, 1_000_000, FEW),
    )
    return settings, tuple(fields.problems)


def _folders(where: Home, fields: Fields, node: Node | None) -> Iterator[Path]:
    """Yield the folders that are there; a relative one is looked for in the folder of the settings."""
    for each in fields.each(node, "`library:`"):
        name = fields.line(each, "a folder")
        folder = where.root / expanded(name)
        if name and os.path.isdir(folder):  # noqa: PTH112 - pathlib raises where this account may not look
            yield folder
        elif name:
            missing = f"there is no folder {one_line(str(folder), 400)}"
            fields.report("no-such-folder", each, missing, "check the path and the spelling")


def remembered(where: Home) -> dict[str, str]:
    """Return what the program remembers; nothing if that file is missing or spoilt."""
    from simulator.durable import NotRead, read_file

    try:
        found = json.loads(read_file(where.remembered, LARGEST_MEMORY))
    except (NotRead, ValueError, RecursionError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {str(key): value for key, value in found.items() if isinstance(value, str)}


def remember(where: Home, **what: str) -> None:
    """Remember something for the next start. It is a convenience: a full disk does not stop anybody."""
    from simulator.durable import NotSaved, make_folder, replace

    found = {**remembered(where), **what}
    try:
        make_folder(where.root)
        replace(where.remembered, json.dumps(found, indent=1, sort_keys=True).encode())
    except NotSaved:
        return


def no_longer_remember(where: Home, values: Collection[str]) -> bool:
    """Take out of what the program remembers whatever has one of these values; return whether something had.

    Raises:
        NotSaved: it cannot be written.
    """
    from simulator.durable import replace

    before = remembered(where)
    after = {key: value for key, value in before.items() if value not in values}
    if after == before:
        return False
    replace(where.remembered, json.dumps(after, indent=1, sort_keys=True).encode())
    return True
