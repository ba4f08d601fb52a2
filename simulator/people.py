"""Who plays and who reviews. Names live in one file, apart from journals, which carry ids only.

A supervisor may hand out a `people.yaml` with stable ids, so that one trainee on two machines is one
trainee. Who somebody is, is asserted, not proved.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from simulator.durable import NotSaved, make_folder, replace
from simulator.problem import Problem
from simulator.text import clean, one_line

if TYPE_CHECKING:
    from simulator.source import Source

FIRST_LINE = b"# Who plays and who reviews. Ids stay as they are: journals name them.\n"


class Role(StrEnum):
    """What somebody mostly comes for. It opens no door that is closed to others."""

    TRAINEE = "trainee"
    SUPERVISOR = "supervisor"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who uses Caseload."""

    id: str
    name: str
    role: Role = Role.TRAINEE


NOBODY = Person("p-nobody-in-particular", "Nobody in particular")
"""Who plays where nobody said who they are; no file needs to name them."""


class NotAdded(NotSaved):
    """Somebody cannot be added to a people file as it stands. Its text says what to do."""

    def __init__(self, path: Path) -> None:
        Exception.__init__(
            self,
            f"Nobody can be added to {clean(str(path), 400)} while something is wrong in it. Mend what is reported "
            "about it; or add the person by hand.",
        )
        self.path = path
        self.reason = None


@dataclass(frozen=True, slots=True)
class People:
    """Everybody that one file names."""

    everybody: Mapping[str, Person]
    problems: tuple[Problem, ...] = ()
    """What is wrong with the file; who could be read is there all the same."""

    def name(self, person: str) -> str:
        """Return somebody's name, or their id if this file does not name them."""
        found = NOBODY if person == NOBODY.id else self.everybody.get(person)
        return found.name if found else person

    def find(self, who: str) -> Person | None:
        """Find somebody by id, or by name if only one has it."""
        if who in self.everybody:
            return self.everybody[who]
        if who.casefold() in (NOBODY.id, NOBODY.name.casefold()):
            return NOBODY
        named = self.called(who)
        return named[0] if len(named) == 1 else None

    def called(self, name: str) -> list[Person]:
        """Return everybody of that name."""
        return [person for person in self.everybody.values() if person.name.casefold() == name.casefold()]


def load(path: Path) -> People:
    """Read a people file; one that is not there names nobody."""
    if not os.path.lexists(path):
        return People({})
    from simulator.source import LARGEST, read

    source = read(path, LARGEST)
    return People({}, (source,)) if isinstance(source, Problem) else _people(source)


def _people(source: Source) -> People:
    from simulator.fields import Fields
    from simulator.source import compose

    root, problems = compose(source)
    if root is None:
        # Nothing but comments names nobody, and nothing is wrong with that.
        return People({}, tuple(problem for problem in problems if problem.code != "empty-file"))
    fields = Fields(source)
    roles = {role.value: role for role in Role}
    everybody = {}
    for name, (_, node) in fields.ids(root, "people").items():
        entries = fields.known(node, f"person `{name}`", ("name", "role"), ("name",))
        everybody[name] = Person(
            name,
            fields.line(entries.get("name"), "the name") or name,
            fields.word(entries.get("role"), "`role:`", roles, Role.TRAINEE),
        )
    return People(everybody, tuple(fields.problems))


def add(path: Path, name: str, role: Role) -> Person:
    """Add somebody to the end of a people file, leaving what stands there as it is.

    The id says nothing about the name, since journals carry it.

    Raises:
        NotSaved: the file cannot be written, or is such that nothing can be added to it.
        ValueError: the name has nothing in it that can be shown.
    """
    import json

    from simulator.source import LARGEST, from_text, read

    person = Person(f"p-{secrets.token_hex(4)}", one_line(name, 80), role)
    if not person.name:
        raise ValueError("a name needs at least one character that can be shown")
    before = FIRST_LINE
    if os.path.lexists(path):
        source = read(path, LARGEST)
        if isinstance(source, Problem):
            raise NotAdded(path)
        before = source.data if source.data.endswith(b"\n") else source.data + b"\n"
    # A JSON string is a YAML string, whatever is in the name.
    entry = f"{person.id}:\n  name: {json.dumps(person.name, ensure_ascii=False)}\n  role: {role}\n"
    after = before + entry.encode()
    # Not every file can be added to at its end: braces around everything, a mistake further up.
    if person.id not in _people(from_text(after.decode())).everybody:
        raise NotAdded(path)
    make_folder(path.parent)
    replace(path, after)
    return person
