"""The names of one case, and everything that uses them: conditions, wordings, routes.

Names are collected before anything is built, so that a scene may name one that stands further down.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import yaml

from simulator.condition import Condition, ConditionError, Quantity, Some, Term, parse, replace
from simulator.fields import Fields, shorten, suggest
from simulator.scenario import BACK, DIRECTORY, Next, Person, Referral, Route, Text, Variant

Node = yaml.Node


LONGEST_DAY = 24 * 60
"""Minutes."""
RETURN = "return"
"""Where a shared scene leads when it is done: back to whoever visited it."""


@dataclass
class Shared:
    """A file of pieces that several cases use: scenes to visit, entries for the directory, lines of a supervisor."""

    fields: Fields
    scenes: Mapping[str, tuple[Node, Node]]
    facts: Mapping[str, str]
    entries: Mapping[str, Referral] = field(default_factory=dict)
    lines: Mapping[str, str] = field(default_factory=dict)


Elsewhere = Callable[[str, str], str]
"""What shared file that the case does not name has a piece: by the section it stands in, and its id; empty: none."""


class Names:
    """What has a name in one case, or in one visit to shared scenes."""

    def __init__(self, fields: Fields, visit: str = "") -> None:
        self.fields = fields
        self._prefix = f"{visit}." if visit else ""
        self.people: dict[str, Person] = {}
        self.client = ""
        self.points: dict[str, int] = {}
        """Minutes after midnight of each clock point."""
        self.step = 1
        """Minutes that the clock moves at a time."""
        self.tasks: dict[str, Condition | None] = {}
        """When each task is done; None while tasks are being read."""
        self.back = False
        """Whether `back` leads to where an interrupt broke in."""
        self.facts: dict[str, str] = {}
        self.documents: dict[str, None] = {}
        self.scenes: dict[str, tuple[Node, Node]] = {}
        """The nodes of key and value of each scene."""
        self.endings: dict[str, tuple[Node, Node]] = {}
        self.places: dict[str, None] = {}
        """Scenes and endings: where a `next:` can lead. In the file's order, as hints list them."""
        self.responses: dict[str, list[str]] = {}
        """The scenes, by their full names, in which a response or an option of that id stands."""
        self.consulting: dict[str, None] = {}
        """Scenes in which somebody can be consulted."""
        self.visits: dict[str, list[str]] = {}
        """The full names that a shared scene has, one for each visit to it."""
        self.lines: dict[str, str] = {}
        """What a supervisor says in the shared files that are named."""
        self.elsewhere: Elsewhere = lambda section, name: ""

    def collect(self, top: Mapping[str, Node]) -> None:
        """Note every id, so that it can be used before the line it stands on."""
        self.scenes = self.fields.ids(top.get("scenes"), "scenes")
        self.endings = self.fields.ids(top.get("endings"), "endings")
        self.places = dict.fromkeys((*self.scenes, *self.endings))
        for name, (key, _) in self.endings.items():
            if name in self.scenes:
                line = self.scenes[name][0].start_mark.line + 1
                self.fields.report(
                    "duplicate-id",
                    key,
                    f"`{name}` is a scene already (line {line})",
                    "an ending needs an id of its own",
                )
        self.documents = dict.fromkeys(keys_of(top.get("documents")))
        if "directory" in top:
            self.documents[DIRECTORY] = None
        self._look_into_scenes()

    def _look_into_scenes(self) -> None:
        for scene, (_, body) in self.scenes.items():
            for name, value in children(body):
                if name == "consult":
                    self.consulting[scene] = None
                elif name in ("responses", "select"):
                    within = value if name == "responses" else dict(children(value)).get("options")
                    for response in keys_of(within):
                        self.responses.setdefault(response, []).append(self.full(scene))

    def minutes(self, node: Node | None, default: int, what: str = "`minutes:`") -> int:
        """Read how long something takes: as many minutes as the clock can move by; what is shared is rounded up."""
        least = -(-default // self.step) * self.step
        found = self.fields.number(node, what, 0, LONGEST_DAY, default=least)
        over = found % self.step
        if node is not None and over and not self._prefix:
            below = found - over
            message = f"the clock moves {self.step} minutes at a time, and this takes {found}"
            self.fields.report("off-step", node, message, f"write {below} or {below + self.step}")
        return found + (self.step - over if over else 0)

    def full(self, scene: str) -> str:
        """Return a scene's name in the whole case: a shared one has another in each visit."""
        return self._prefix + scene

    def inside(self, shared: Shared, visit: str) -> Names:
        """Return what has a name in a visit to shared scenes, and note here what it brings.

        All scenes of the file come along, also those that this visit cannot come to: conditions may ask for
        them, and get the answer that they were not visited.
        """
        inner = Names(shared.fields, visit)
        inner.people, inner.client, inner.facts = self.people, self.client, dict(shared.facts)
        inner.step = self.step
        inner.lines = dict(shared.lines)
        inner.scenes = dict(shared.scenes)
        inner.places = dict.fromkeys((*inner.scenes, RETURN))
        inner._look_into_scenes()
        for name in inner.scenes:
            self.visits.setdefault(name, []).append(inner.full(name))
        for response, scenes in inner.responses.items():
            self.responses.setdefault(response, []).extend(scenes)
        self.consulting |= inner.consulting
        return inner

    def everywhere(self, name: str) -> tuple[str, ...]:
        """Return the full names of a scene or document: of a shared scene, in every visit."""
        return (self.full(name),) if name in self.scenes else tuple(self.visits.get(name, (name,)))

    # -- texts, conditions, routes ------------------------------------------------------------

    def text(self, node: Node | None, what: str, person: str, *, away: bool = False) -> Text:
        """Read a text: one wording, or a list of them with `if:`; bare feelings are of `person`.

        With `away`, a wording may say that nobody can be asked, and why, and a shared line may stand for one.
        """
        if node is None:
            return ()
        if away and isinstance(node, yaml.MappingNode) and "line" in keys_of(node):
            return self._line(self.fields.known(node, what, ("line",)).get("line"), None)
        if not isinstance(node, yaml.SequenceNode) or node.flow_style:
            said = self.fields.prose(node, what)
            return (Variant(said),) if said else ()
        variants: list[Variant] = []
        for item, before in zip(node.value, (None, *node.value), strict=False):
            if isinstance(before, yaml.ScalarNode) or (away and before is not None and _says_always(before)):
                self.fields.report(
                    "never-reached",
                    item,
                    "the wording before this one has no `if:`, so this one is never shown",
                )
            if isinstance(item, yaml.ScalarNode):
                variants.append(Variant(self.fields.prose(item, what)))
            else:
                variants.extend(self._variant(item, what, person, away=away))
        return tuple(variants)

    def _line(self, node: Node | None, when: Condition | None) -> tuple[Variant, ...]:
        """Read the name of a shared line, as a wording; nothing if that was reported."""
        if node is None or (name := self.fields.scalar(node, "the name of a line")) is None:
            return ()
        if name not in self.lines:
            self.fields.report(
                "undefined-line",
                node,
                f"there is no line `{shorten(name)}`",
                not_named(self.elsewhere("lines", name)) or suggest(name, self.lines),
            )
        said = self.lines.get(name)
        return (Variant(said, when),) if said else ()

    def _variant(self, item: Node, what: str, person: str, *, away: bool) -> Sequence[Variant]:
        keys = keys_of(item)
        if away and "line" in keys and "away" not in keys:
            entries = self.fields.known(item, f"a wording of {what}", ("if", "line"))
            return self._line(entries.get("line"), self.condition(entries.get("if"), person))
        if away and "away" in keys:
            entries = self.fields.known(item, f"a wording of {what}", ("if", "away"), ("away",))
            when = self.condition(entries.get("if"), person)
            return [Variant(self.fields.prose(entries.get("away"), "`away:`"), when, away=True)]
        if isinstance(item, yaml.MappingNode) and not {"if", "say"} & set(keys):
            self.fields.report(
                "cut-text",
                item,
                f"the colon makes YAML read this part of {what} as `name: value`",
                "put the text in quotes, or use `|` and write it on the next line",
            )
            return []
        entries = self.fields.known(item, f"a wording of {what}", ("if", "say"), ("if", "say"))
        if "say" not in entries or "if" not in entries:
            return []
        return [Variant(self.fields.prose(entries["say"], what), self.condition(entries["if"], person))]

    def routes(self, node: Node | None, person: str) -> Next:
        """Read a `next:`: one place, or a list of them with `when:`."""
        if node is None:
            return ()
        if not isinstance(node, yaml.SequenceNode):
            return (Route(self._place(node)),)
        routes: list[Route] = []
        for item in self.in_turn(node):
            entries = self.fields.known(item, "an entry of `next:`", ("when", "to"), ("to",))
            to = self._place(entries["to"]) if "to" in entries else ""
            routes.append(Route(to, self.condition(entries.get("when"), person)))
        if "when" in keys_of(node.value[-1]):
            self.fields.report(
                "no-fallback",
                node.value[-1],
                "if none of these conditions holds there is no way on",
                "end the list with `- to: …` without `when:`",
            )
        return tuple(routes)

    def in_turn(self, node: yaml.SequenceNode) -> Iterator[Node]:
        """Yield entries of which the first that holds counts; report what stands below one that always holds."""
        reached = True
        for item in node.value:
            if not reached:
                self.fields.report(
                    "never-reached",
                    item,
                    "the entry before this one has no condition, so this one is never reached",
                )
            yield item
            reached = "when" in keys_of(item)

    def _place(self, node: Node) -> str:
        """Return where a route leads; empty if that was reported."""
        if self.back and isinstance(node, yaml.ScalarNode) and node.value == BACK:
            return BACK
        place = self.fields.reference(node, "scene or ending", self.places, "undefined-scene")
        return self.full(place) if place else ""

    def condition(self, node: Node | None, person: str) -> Condition | None:
        """Read a condition, with every name in it resolved."""
        if node is None or (text := self.fields.scalar(node, "a condition")) is None:
            return None
        try:
            condition = parse(text)
        except ConditionError as error:
            self.fields.report("bad-condition", node, str(error), error.hint, offset=error.offset)
            return None
        found: list[bool] = []
        resolved = replace(
            condition,
            lambda term: self._resolve_term(node, term, person, found),
            lambda quantity: self._resolve_quantity(node, quantity, person, found),
        )
        return resolved if all(found) else None

    def _resolve_term(self, node: Node, term: Term, person: str, found: list[bool]) -> Condition:
        kinds: dict[str, tuple[Collection[str], str, str]] = {
            "fact": (self.facts, "fact", "undefined-fact"),
            "read": (self.documents, "document", "undefined-document"),
            "visited": ((*self.scenes, *self.visits), "scene", "undefined-scene"),
            "before": (self.points, "clock point", "undefined-point"),
            "done": (self.tasks, "task", "undefined-task"),
            "missed": (self.tasks, "task", "undefined-task"),
            "consulted": (self.consulting, "scene with `consult:`", "undefined-scene"),
        }
        if term.kind == "chose":
            return self._resolve_chose(node, term, found)
        if term.kind == "fact" and term.name not in self.facts and term.name in self.feelings(person):
            found.append(False)
            self.fields.report(
                "bad-condition",
                node,
                f"`{term.name}` is a feeling, and compared with nothing",
                f"write `{term.name} >= 4`",
                offset=term.offset,
            )
            return term
        known, what, code = kinds[term.kind]
        good = term.name in known or (term.kind == "consulted" and not term.name)
        found.append(good)
        if not good:
            known = (*known, *self.feelings(person)) if term.kind == "fact" else known
            self.fields.unknown(code, node, what, term.name, known, term.offset)
        elif term.kind in ("visited", "consulted") and term.name:
            return _any(term, self.everywhere(term.name))
        elif term.kind == "done":
            done = self.tasks[term.name]
            if done is None:
                found[-1] = False
                message = f"a task cannot ask whether `{term.name}` is done"
                hint = "ask for what makes it done instead"
                self.fields.report("bad-condition", node, message, hint, offset=term.offset)
                return term
            return done
        return term

    def _resolve_chose(self, node: Node, term: Term, found: list[bool]) -> Condition:
        """A response without its scene means the response of that id in any scene."""
        scene, slash, response = term.name.rpartition("/")
        scenes = [each for each in self.responses.get(response, ()) if not slash or each in self.everywhere(scene)]
        found.append(bool(scenes))
        if not scenes:
            names = self.responses if not slash else [f"{s}/{r}" for r, ss in self.responses.items() for s in ss]
            self.fields.unknown("undefined-response", node, "response", term.name, names, term.offset)
            return term
        return _any(term, [f"{each}/{response}" for each in scenes])

    def _resolve_quantity(self, node: Node, quantity: Quantity, person: str, found: list[bool]) -> Quantity:
        if quantity.kind == "minutes_left":
            found.append(quantity.name in self.points)
            if not found[-1]:
                self.fields.unknown("undefined-point", node, "clock point", quantity.name, self.points, quantity.offset)
            return quantity
        feeling = self.feeling(quantity.name, person)
        found.append(feeling is not None)
        if feeling is None:
            names = self.feelings(person)
            self.fields.unknown("undefined-feeling", node, "feeling", quantity.name, names, quantity.offset)
            return quantity
        return Quantity("feeling", feeling, quantity.offset)

    def feeling(self, name: str, person: str) -> str | None:
        """A bare feeling is that of whom the scene is with, if they have it, or else the client's."""
        owner, dot, feeling = name.rpartition(".")
        for someone in (owner,) if dot else (person, self.client):
            if someone in self.people and feeling in self.people[someone].feelings:
                return f"{someone}.{feeling}"
        # Without a client, which is reported, nobody can tell whose feeling it is.
        return None if dot or self.client else name

    def feelings(self, person: str) -> list[str]:
        """Return what feelings can be called where `person` is at hand."""
        bare = [name for each in (person, self.client) if each in self.people for name in self.people[each].feelings]
        full = [f"{someone.id}.{name}" for someone in self.people.values() for name in someone.feelings]
        return [*dict.fromkeys(bare), *full]


def not_named(file: str) -> str:
    """Return what to do where a piece stands in a shared file that the case does not name; empty: nothing."""
    return f"it stands in the shared file `{file}`: name that under `shared:`" if file else ""


def _says_always(item: Node) -> bool:
    """Whether a wording of what a supervisor says has no condition, so that none below it is ever shown."""
    keys = keys_of(item)
    return "if" not in keys and bool({"away", "line"} & set(keys))


def _any(term: Term, names: Sequence[str]) -> Condition:
    """Ask the same about any of several."""
    parts = tuple(Term(term.kind, name, term.offset) for name in names)
    return parts[0] if len(parts) == 1 else Some(parts)


def children(node: Node | None) -> list[tuple[str, Node]]:
    """Return the entries of a mapping without judging them."""
    if not isinstance(node, yaml.MappingNode):
        return []
    return [(key.value, value) for key, value in node.value if isinstance(key, yaml.ScalarNode)]


def keys_of(node: Node | None) -> list[str]:
    """Return the keys of a mapping without judging them."""
    return [key for key, _ in children(node)]


def lacks(node: Node, *names: str) -> bool:
    """Whether a mapping has none of these keys; what has one with nothing behind it has been reported for that."""
    return isinstance(node, yaml.MappingNode) and not set(names) & set(keys_of(node))
