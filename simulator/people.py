"""Who plays and who reviews. Names live in one file, apart from journals, which carry ids only.

A supervisor may hand out a `people.yaml` with stable ids, so that one trainee on two machines is one
trainee. Who somebody is, is asserted, not proved.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from simulator.problem import Problem
from simulator.text import one_line

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


@dataclass(frozen=True, slots=True)
class People:
    """Everybody that one file names."""

    everybody: Mapping[str, Person]
    problems: tuple[Problem, ...] = ()
    """What is wrong with the file; who could be read is there all the same."""

    def name(self, person: str) -> str:
        """Return somebody's name, or their id if this file does not name them."""
        found = self.everybody.get(person)
        return found.name if found else person

    def find(self, who: str) -> Person | None:
        """Find somebody by id, or by name if only one has it."""
        if who in self.everybody:
            return self.everybody[who]
        named = [person for person in self.everybody.values() if person.name.casefold() == who.casefold()]
        return named[0] if len(named) == 1 else None


def load(path: Path) -> People:
    """Read a people file; one that is not there names nobody."""
    if not path.exists():
        return People({})
    from simulator.fields import Fields
    from simulator.source import LARGEST, compose, read

    source = read(path, LARGEST)
    if isinstance(source, Problem):
        return People({}, (source,))
    root, problems = compose(source)
    if root is None:
        return People({}, tuple(problems))
    fields = Fields(source, list(problems))
    roles = {role.value: role for role in Role}
    everybody = {}
    for name, (_, node) in fields.ids(root, path.name).items():
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
        NotSaved: the file cannot be written.
    """
    import json

    from simulator.durable import make_folder, replace

    person = Person(f"p-{secrets.token_hex(4)}", one_line(name, 80), role)
    before = path.read_bytes() if path.exists() else FIRST_LINE
    if before and not before.endswith(b"\n"):
        before += b"\n"
    # A JSON string is a YAML string, whatever is in the name.
    entry = f"{person.id}:\n  name: {json.dumps(person.name, ensure_ascii=False)}\n  role: {role}\n"
    make_folder(path.parent)
    replace(path, before + entry.encode())
    return person
