"""The ids that one case has, so that an editor can offer them.

They are read without judging the file: it may be half written, which is when an author needs them. What an
editor has been given may be older than the file, too, so ids are offered and none is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import yaml

from simulator.bundle import find
from simulator.names import children
from simulator.problem import Problem
from simulator.scenario import BACK
from simulator.schema.parts import ID
from simulator.source import Source, compose
from simulator.text import one_line

_SAID = ("title", "text", "says", "name", "prompt", "do", "say", "write", "select", "rank", "service")
"""Where a scene, a document, a person or an entry says best what it is."""


@dataclass(frozen=True, slots=True)
class Known:
    """What has an id in one case, each with a few words on it."""

    scenes: Mapping[str, str] = field(default_factory=dict)
    endings: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)
    documents: Mapping[str, str] = field(default_factory=dict)
    people: Mapping[str, str] = field(default_factory=dict)
    feelings: Mapping[str, str] = field(default_factory=dict)
    """Bare, and with whose they are."""
    points: Mapping[str, str] = field(default_factory=dict)
    responses: Mapping[str, str] = field(default_factory=dict)
    """What `chose(…)` can ask about."""
    visits: Mapping[str, str] = field(default_factory=dict)
    """Shared scenes that it can visit."""
    entries: Mapping[str, str] = field(default_factory=dict)
    """Shared entries that its directory can take in."""
    lines: Mapping[str, str] = field(default_factory=dict)
    """Shared lines that its supervisor can say; in a shared file, its own."""

    tasks: Mapping[str, str] = field(default_factory=dict)
    back: Mapping[str, str] = field(default_factory=dict)
    """`back`, where something can break in and lead there."""

    @property
    def conditions(self) -> dict[str, str]:
        """Everything that a condition can ask on its own."""
        asked: dict[str, str] = dict(self.facts)
        asked |= {f"{name} >= 5": f"A feeling from 0 to 10. {what}" for name, what in self.feelings.items()}
        asked |= {f"read({name})": what for name, what in self.documents.items()}
        asked |= {f"visited({name})": what for name, what in {**self.scenes, **self.visits}.items()}
        asked |= {f"chose({name})": what for name, what in self.responses.items()}
        asked |= {f"before({name})": f"It is not yet {what}." for name, what in self.points.items()}
        asked |= {f"done({name})": f"It is done: {what}." for name, what in self.tasks.items()}
        asked |= {f"missed({name})": f"It was not done in time: {what}." for name, what in self.tasks.items()}
        return asked


def ids_of(source: Source) -> Known | Problem:
    """Read the ids of a case, or of a shared file; what is wrong with it if it is not even YAML."""
    root, problems = compose(source)
    if root is None:
        return problems[0]
    top = dict(children(root))
    shared = [dict(children(each)) for each in _shared(source, top.get("shared"))]
    scenes, people = children(top.get("scenes")), children(top.get("people"))
    visits = [pair for each in shared for pair in children(each.get("scenes"))]
    facts = [pair for each in (top, *shared) for pair in children(each.get("facts"))]
    entries = [pair for each in shared for pair in children(dict(children(each.get("directory"))).get("entries"))]
    lines = [pair for each in (*shared, top) for pair in children(each.get("lines"))]
    feelings = [
        (name, feeling) for name, node in people for feeling, _ in children(dict(children(node)).get("feelings"))
    ]
    return Known(
        scenes=_words(scenes),
        endings=_words(children(top.get("endings"))),
        facts=_words(facts),
        documents=_words(children(top.get("documents"))),
        people=_words(people),
        feelings=dict([*((each, "") for _, each in feelings), *((f"{who}.{each}", "") for who, each in feelings)]),
        points=_words(children(dict(children(top.get("clock"))).get("points"))),
        responses=dict(pair for _, scene in (*scenes, *visits) for pair in _decisions(scene)),
        visits=_words(visits),
        entries=_words(entries),
        lines=_words(lines),
        tasks=_words(children(top.get("tasks"))),
        back={BACK: "Where the interrupt broke in."} if "interrupts" in top else {},
    )


def _shared(source: Source, named: yaml.Node | None) -> Iterator[yaml.Node]:
    """Yield what the shared files hold that a case names, as far as they can be read."""
    listed = named.value if isinstance(named, yaml.SequenceNode) else [named]
    for each in listed:
        name = str(each.value) if isinstance(each, yaml.ScalarNode) else ""
        found = find(source, name) if re.search(ID, name) else None
        root = compose(found)[0] if isinstance(found, Source) else None
        if root is not None:
            yield root


def _decisions(scene: yaml.Node) -> Iterator[tuple[str, str]]:
    parts = dict(children(scene))
    options = dict(children(parts.get("select"))).get("options")
    yield from _words([*children(parts.get("responses")), *children(options)]).items()


def _words(entries: list[tuple[str, yaml.Node]]) -> dict[str, str]:
    return {name: one_line(_said(node), 100) for name, node in entries}


def _said(node: yaml.Node) -> str:
    """Return the words that say best what this is."""
    if isinstance(node, yaml.ScalarNode):
        return str(node.value)
    if isinstance(node, yaml.SequenceNode):
        # Wordings: the one for the rest says most.
        return _said(node.value[-1]) if node.value else ""
    parts = dict(children(node))
    return next((said for key in _SAID if key in parts and (said := _said(parts[key]))), "")
