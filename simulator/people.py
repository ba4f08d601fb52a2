"""Who plays and who reviews. Names live in one file, apart from journals, which carry ids only.

A supervisor may hand out a `people.yaml` with stable ids, so that one trainee on two machines is one
trainee. Who somebody is, is asserted, not proved.
"""

from __future__ import annotations

import os
import re
import secrets
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from simulator.durable import NotRead, NotSaved, make_folder, must_be_plain, replace
from simulator.problem import Problem, Severity, in_order
from simulator.text import clean, one_line

if TYPE_CHECKING:
    from simulator.fields import Node
    from simulator.source import Mark, Source

FIRST_LINE = b"# Who plays and who reviews. Ids stay as they are: journals name them.\n"

_DRAWN = re.compile(r"p-[0-9a-f]{8}\Z")
"""What `add` makes, which says nothing whatever letters came up."""
_WORD = re.compile(r"[^\W\d_]+")
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")
"""A line with its end, where YAML sees one."""


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
    hold: str = ""
    """Why nothing of theirs may be erased just now; empty: it may."""


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


class NotRemoved(NotSaved):
    """Somebody cannot be taken out of a people file by this program. Its text says why, and what to do."""

    def __init__(self, path: Path, person: str, why: str) -> None:
        Exception.__init__(
            self, f"`{person}` was not taken out of {clean(str(path), 400)}: {why}. Take that entry out by hand."
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


def check(source: Source) -> tuple[Problem, ...]:
    """Return everything that is wrong with a people file, and which ids give a name away."""
    return tuple(in_order(_people(source, advise=True).problems))


def _people(source: Source, *, advise: bool = False) -> People:
    from simulator.fields import Fields
    from simulator.source import compose

    root, problems = compose(source)
    if root is None:
        # Nothing but comments names nobody, and nothing is wrong with that.
        return People({}, tuple(problem for problem in problems if problem.code != "empty-file"))
    fields = Fields(source)
    roles = {role.value: role for role in Role}
    everybody = {}
    for name, (key, node) in fields.ids(root, "people").items():
        entries = fields.known(node, f"person `{name}`", ("name", "role", "hold"), ("name",))
        everybody[name] = Person(
            name,
            fields.line(entries.get("name"), "the name") or name,
            fields.word(entries.get("role"), "`role:`", roles, Role.TRAINEE),
            fields.line(entries.get("hold"), "`hold:`"),
        )
        if advise and "name" in entries and gives_away(name, everybody[name].name):
            fields.report(
                "name-in-id",
                key,
                f"the id `{name}` gives away the name {everybody[name].name}",
                "before anybody plays, take an id that says nothing, such as `t-07`: it cannot be erased from journals",
                Severity.ADVICE,
            )
    return People(everybody, tuple(fields.problems))


def gives_away(person: str, name: str) -> bool:
    """Whether an id lets somebody guess the name it stands for: it has a part of that name in it."""
    if _DRAWN.match(person):
        return False
    parts = _words(person)
    whole = "".join(parts)
    return any(
        word in parts
        or (len(word) > 2 and any(part.startswith(word) or part.endswith(word) for part in parts))
        or (len(word) > 3 and word in whole)
        for word in _words(name)
        if len(word) > 1
    )


def _words(text: str) -> list[str]:
    """Return the words of a name or an id in small letters, without accents."""
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(sign))
    return _WORD.findall(plain)


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


def remove(path: Path, person: str) -> bool:
    """Take somebody out of a people file, leaving what else stands there as it is; return whether they were in it.

    All of their entry goes, with its comments, and so do comment lines right above it that name them.

    Raises:
        NotRemoved: the file is such that this program cannot do that safely; it is as before.
        NotSaved: it cannot be written.
    """
    from simulator.source import LARGEST, from_text, read

    if not os.path.lexists(path):
        return False
    source = read(path, LARGEST)
    if isinstance(source, Problem):
        raise NotRemoved(path, person, source.message)
    before = _people(source)
    if before.problems:
        raise NotRemoved(path, person, "something else is wrong in it")
    if person not in before.everybody:
        return False
    try:
        must_be_plain(path)
    except NotRead as problem:
        raise NotRemoved(path, person, "it is a link, and what it leads to may be others' as well") from problem
    others = {each: somebody for each, somebody in before.everybody.items() if each != person}
    text = _without(source, before.everybody[person])
    if _people(from_text(text)) != People(others):
        raise NotRemoved(path, person, "it is written in a way that other entries could suffer from")
    # Whatever the text begins with that is none of it: a byte order mark.
    start = source.data[: len(source.data) - len(source.text.encode())]
    replace(path, start + text.encode())
    return True


def _without(source: Source, person: Person) -> str:
    """Return the text of a sound people file without somebody."""
    from yaml import MappingNode

    from simulator.source import compose

    root, _ = compose(source)
    assert isinstance(root, MappingNode)  # noqa: S101 - whoever calls has seen that it is sound
    place = next(at for at, (key, _) in enumerate(root.value) if key.value == person.id)
    key, value = root.value[place]
    after = root.value[place + 1][0].start_mark if place + 1 < len(root.value) else None
    lines = _LINE.findall(source.text)
    if root.flow_style:
        start, end = key.start_mark, after or value.end_mark
        if after is None and place:
            # The comma before it goes along.
            start = root.value[place - 1][1].end_mark
        return _up_to(lines, start) + source.text[len(_up_to(lines, end)) :]
    first, stop = key.start_mark.line, _last_line(value) + 1
    for row in range(stop, after.line if after else len(lines)):
        # A comment that is indented like its entry's keys is about its entry.
        inside = len(lines[row]) - len(lines[row].lstrip(" ")) > key.start_mark.column
        if inside and lines[row].lstrip().startswith("#"):
            stop = row + 1
    above = first
    while above and lines[above - 1].lstrip().startswith("#"):
        above -= 1
    about = [mention(person.name), mention(person.id)]
    kept = [line for line in lines[above:first] if not any(each.search(line) for each in about)]
    return "".join([*lines[:above], *kept, *lines[stop:]])


def _up_to(lines: list[str], mark: Mark) -> str:
    return "".join(lines[: mark.line]) + "".join(lines[mark.line : mark.line + 1])[: mark.column]


def _last_line(node: Node) -> int:
    """Return the last line that a node stands in, counted from 0, without what only follows it."""
    from yaml import CollectionNode, ScalarNode

    if isinstance(node, CollectionNode) and not node.flow_style:
        parts = [part for each in node.value for part in (each if isinstance(each, tuple) else (each,))]
        return max(map(_last_line, parts), default=node.start_mark.line)
    ended = node.end_mark.line
    # The end of a block of text is the beginning of the line behind it.
    block = isinstance(node, ScalarNode) and node.style in ("|", ">")
    return ended - 1 if block and not node.end_mark.column else ended


def mention(name: str) -> re.Pattern[str]:
    """Return what finds a name in a text, as whole words; a single word only as it is written."""
    words = name.split()
    found = r"\s+".join(map(re.escape, words))
    # Scripts that put no blanks between words have no whole words to look for.
    start = r"(?<![^\W_])" if found and words[0][0].isascii() else ""
    end = r"(?![^\W_])" if found and words[-1][-1].isascii() else ""
    return re.compile(f"{start}{found}{end}" if found else r"(?!)", re.IGNORECASE if len(words) > 1 else 0)
