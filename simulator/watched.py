"""A case whose every condition is watched while it is played: how often it held, and how often it did not.

The session's own `step` asks, so there is no second account of when a condition is asked; only what is asked
while somebody stands in a scene (what is on offer, how a text is worded) is looked at here. Whoever plays the
case, at random or through every state, leaves behind what was never seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from simulator.condition import Condition, Quantity, Term, leaves
from simulator.flaw import Where, place_of
from simulator.machine import Machine, Node, Step, in_time
from simulator.move import Move, Routes, Several
from simulator.names import RETURN
from simulator.scenario import DIRECTORY, MarkRule, Next, Scenario, Scene, Text
from simulator.session import Chose, Consulted, Event, Ranked, Read, Selected
from simulator.state import Predicate, State


class Kind(StrEnum):
    """What a condition decides on."""

    OFFER = "offer"
    """Whether a response or an option can be taken."""
    MARKS = "marks"
    """Which marks are given."""
    ROUTE = "route"
    """Where it goes on."""
    OUTCOME = "outcome"
    """Whether an outcome counts."""
    WORDING = "wording"
    """Which wording of a text is shown."""


@dataclass(slots=True, eq=False)
class Asked:
    """Conditions that stand together, of which the first that holds counts; often it is only one."""

    kind: Kind
    where: Where
    """The list, or for one by itself the condition."""
    conditions: tuple[Condition | None, ...]
    """None: always."""
    predicates: tuple[Predicate | None, ...]
    listed: bool
    nodes: set[int]
    """The nodes in which somebody stands when it is asked."""
    after: bool = False
    """Whether it is asked about what a decision has changed."""
    held: int = 0
    """A bit for each condition that held when these were asked."""
    failed: int = 0
    """A bit for each that did not."""
    first: int = 0
    """A bit for each that was the first to hold."""

    @property
    def looked(self) -> bool:
        """Whether anybody ever asked."""
        return bool(self.held | self.failed)

    @property
    def conditional(self) -> int:
        """A bit for each entry that has a condition."""
        return sum(1 << number for number, each in enumerate(self.conditions) if each is not None)

    @property
    def settled(self) -> bool:
        """Whether everything that can be seen of them has been seen."""
        whole = (1 << len(self.conditions)) - 1
        if self.kind is not Kind.WORDING:
            return not self.conditional & ~(self.first & self.failed)
        # Of wordings only the last matters if it is always shown; the others would keep those below from it.
        last = self.conditions[-1]
        return self.first == whole and (last is None or timely(last) or bool(self.failed >> len(self.conditions) - 1))

    def look(self, bits: int) -> None:
        """Ask them all, at a moment."""
        first = True
        for number, holds in enumerate(self.predicates):
            if holds is None or holds(bits):
                self.held |= 1 << number
                if first:
                    self.first |= 1 << number
                    first = False
            else:
                self.failed |= 1 << number

    def add(self, other: Asked) -> None:
        """Take over what others have seen of the same."""
        self.held |= other.held
        self.failed |= other.failed
        self.first |= other.first

    def place(self, number: int) -> Where:
        """Return where one of them stands."""
        if not self.listed:
            return self.where
        key = "if" if self.kind is Kind.WORDING else "when"
        return (*self.where, number, *((key,) if self.conditions[number] is not None else ()))


class Watched:
    """A case that is watched."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        # One of its own: what it asks is listened to.
        self.machine = Machine(scenario)
        self.asked: dict[Where, Asked] = {}
        """Everything the case's own file asks, by where it stands."""
        self.seen = 0
        """All bits that were ever set."""
        self.wordings = True
        """Whether wordings are looked at; not where the state lacks what they ask about."""
        self._standing: list[list[Asked]] = [[] for _ in self.machine.nodes]
        self._documents: list[tuple[int, Asked]] = []
        """The bit that says a document was read, and its wordings: it can be opened again anywhere."""
        self._marks: dict[Move, Asked] = {}
        self._then: dict[Move, Asked] = {}
        self._leading = _leading(self.machine)
        for node in self.machine.nodes:
            if node.scene is not None:
                self._wire_scene(node, node.scene)
            elif node.ending is not None:
                self._wire_ending(node)
        for name, document in scenario.documents.items():
            everywhere = {node.index for node in self.machine.nodes if node.scene and not node.scene.junction}
            asked = self._wordings(("documents", name, "text"), document.text, everywhere)
            if asked is not None:
                self._documents.append((self.machine.layout.read[name], asked))
        self._wire_day()
        first = self.machine.nodes[self.machine.number[scenario.start]]
        # A junction at the start asks as well.
        self.start = self.machine.enter(first, self.machine.layout.begin())

    # -- what is watched ----------------------------------------------------------------------

    def _ask(
        self,
        kind: Kind,
        where: Where,
        conditions: Sequence[Condition | None],
        nodes: Iterable[int],
        *,
        listed: bool = True,
    ) -> Asked | None:
        """Watch conditions; None if there is none among them."""
        if not any(conditions):
            return None
        asked = self.asked.get(where)
        if asked is None:
            predicates = tuple(self.machine.layout.predicate(each) for each in conditions)
            asked = self.asked[where] = Asked(kind, where, tuple(conditions), predicates, listed, set())
        asked.nodes.update(nodes)
        return asked

    def _wordings(self, where: Where, text: Text, nodes: Iterable[int]) -> Asked | None:
        return self._ask(Kind.WORDING, where, [each.when for each in text], nodes)

    def _stand(self, node: Node, asked: Asked | None) -> None:
        if asked is not None:
            self._standing[node.index].append(asked)

    def _show(self, node: Node, person: str) -> None:
        shows = self.scenario.people[person].shows
        self._stand(node, self._wordings(("people", person, "shows"), shows, [node.index]))

    def _wire_scene(self, node: Node, scene: Scene) -> None:
        if not scene.junction:
            self._show(node, scene.person)
        if not _own(node.name):
            return
        here: Where = ("scenes", place_of(node.name))
        self._watch_texts(node, scene, here)
        for name, response in scene.responses.items():
            move, where = node.moves[name], (*here, "responses", name)
            offer = self._ask(Kind.OFFER, (*where, "when"), [response.when], [node.index], listed=False)
            self._stand(node, offer)
            self._watch_rules(node, move, (*where, "marks"), response.marks)
            self._watch_then(node, move, (*where, "then"), response.then)
            self._listen(node, move, where if response.next is not scene.next else here, response.next)
        for name, option in scene.select.options.items() if scene.select else ():
            move, where = node.options[name], (*here, "select", "options", name)
            offer = self._ask(Kind.OFFER, (*where, "when"), [option.when], [node.index], listed=False)
            self._stand(node, offer)
            self._watch_rules(node, move, (*where, "marks"), option.marks)
            if name in node.left:
                self._watch_rules(node, node.left[name], (*where, "left-out"), option.left)
            self._watch_then(node, move, (*where, "then"), option.then)
        for base in (node.base, node.write):
            if base is not None:
                self._listen(node, base, here, scene.next)
        if scene.junction:
            node.route = self._heard(node, here, scene.next, node.route)
        node.outcomes = tuple(
            (self._hear(node, (*here, "outcomes", number, "when"), scene.outcomes[number].when, holds), given, award)
            for number, (holds, given, award) in enumerate(node.outcomes)
        )

    def _watch_texts(self, node: Node, scene: Scene, here: Where) -> None:
        self._stand(node, self._wordings((*here, "text"), scene.text, [node.index]))
        self._stand(node, self._wordings((*here, "says"), scene.says, [node.index]))
        self._stand(node, self._wordings((*here, "consult"), scene.consult, [node.index]))
        for number, voice in enumerate(scene.voices):
            self._stand(node, self._wordings((*here, "voices", number, "says"), voice.says, [node.index]))
        for key, together in (("select", scene.select), ("rank", scene.rank)):
            if together is not None and node.base is not None:
                self._watch_then(node, node.base, (*here, key, "then"), together.then)

    def _wire_ending(self, node: Node) -> None:
        ending = node.ending
        assert ending is not None  # noqa: S101 - asked only for endings
        here: Where = ("endings", node.name)
        self._show(node, self.scenario.client)
        self._stand(node, self._wordings((*here, "text"), ending.text, [node.index]))
        self._stand(node, self._wordings(("debrief",), self.scenario.debrief, [node.index]))
        for person, text in self.scenario.aftermath.items():
            self._stand(node, self._wordings(("aftermath", person), text, [node.index]))
        node.outcomes = tuple(
            (self._hear(node, (*here, "outcomes", number, "when"), ending.outcomes[number].when, holds), given, award)
            for number, (holds, given, award) in enumerate(node.outcomes)
        )

    def _wire_day(self) -> None:
        """Watch when tasks are there and done, and when interrupts break in."""
        machine = self.machine
        everywhere = [node.index for node in machine.nodes if node.scene and not node.scene.junction]
        for number, due in enumerate(machine.dues):
            where, task = ("tasks", due.task.id), due.task
            there = self._listened((*where, "when"), task.when, due.there, everywhere)
            done = self._listened((*where, "done-when"), task.done, due.done, everywhere)
            assert done is not None  # noqa: S101 - a task has a condition
            machine.dues = (*machine.dues[:number], due._replace(there=there, done=done), *machine.dues[number + 1 :])
        machine.due_in_time = in_time(machine.dues)
        heard: dict[str, Predicate | None] = {}
        for name, each in self.scenario.interrupts.items():
            holds = machine.layout.predicate(each.when)
            heard[name] = self._listened(("interrupts", name, "when"), each.when, holds, everywhere)
        for node in machine.nodes:
            node.breaks = tuple(each._replace(holds=heard[each.interrupt.id]) for each in node.breaks)

    def _listened(
        self, where: Where, when: Condition | None, holds: Predicate | None, nodes: Iterable[int]
    ) -> Predicate | None:
        asked = self._ask(Kind.OUTCOME, where, [when], nodes, listed=False)
        if asked is None:
            return holds
        asked.after = True
        return _listening(asked, holds)

    def _watch_rules(self, node: Node, move: Move, where: Where, rules: Sequence[MarkRule]) -> None:
        asked = self._ask(Kind.MARKS, where, [rule.when for rule in rules], [node.index])
        if asked is not None:
            self._marks[move] = asked

    def _watch_then(self, node: Node, move: Move, where: Where, text: Text) -> None:
        asked = self._wordings(where, text, [node.index])
        if asked is not None:
            asked.after = True
            self._then[move] = asked

    def _listen(self, node: Node, move: Move, where: Where, routes: Next) -> None:
        if move.route:
            move.route = self._heard(node, where, routes, move.route)

    def _heard(self, node: Node, where: Where, routes: Next, made: Routes) -> Routes:
        """Return routes that look at all their conditions whenever the first is asked."""
        asked = self._ask(Kind.ROUTE, (*where, "next"), [route.when for route in routes], self._leading[node.index])
        if asked is None:
            return made
        asked.after = True
        (holds, to), *others = made
        return ((_listening(asked, holds), to), *others)

    def _hear(self, node: Node, where: Where, when: Condition | None, holds: Predicate | None) -> Predicate | None:
        return self._listened(where, when, holds, self._leading[node.index])

    def leading(self, node: int) -> set[int]:
        """Return the nodes from which a decision may pass a node, or come to it."""
        return self._leading[node]

    # -- watching -----------------------------------------------------------------------------

    def stand(self, state: State) -> None:
        """Look at everything that is asked at a moment."""
        at, bits = state
        self.seen |= bits
        node = self.machine.nodes[at]
        for asked in self._standing[at]:
            if self.wordings or asked.kind is not Kind.WORDING:
                asked.look(bits)
        if node.ending is None and self.wordings:
            for read, asked in self._documents:
                if bits & read:
                    asked.look(bits)
        if not self._marks:
            return
        for move in (*node.offers(bits), *node.on_offer(bits)):
            for each in (move, node.left.get(move.name)) if move.name in node.options else (move,):
                if each is not None and each in self._marks and not bits & each.taken:
                    self._marks[each].look(bits)

    def go(self, state: State, move: Move) -> Step:
        """Look at everything that a decision asks; return what it leads to."""
        if self._then and self.wordings:
            node = self.machine.nodes[state.at]
            # In a scene with a base, everything but asking and reading is done by way of it.
            beside = node.base is None or move is node.consult or move in node.reads.values()
            picked = move.picked if isinstance(move, Several) else ()
            done = (move,) if beside or node.base is None else (*picked, node.base)
            texts = [self._then[each] for each in done if each in self._then]
            bits = move.effect(state.bits) if texts else 0
            for asked in texts:
                asked.look(bits)
        step = self.machine.step(state, move)
        self.seen |= step.state.bits
        return step

    def forget_settled(self) -> None:
        """Stop looking at what has shown everything."""
        self._standing = [[asked for asked in each if not asked.settled] for each in self._standing]
        self._documents = [(read, asked) for read, asked in self._documents if not asked.settled]
        self._marks = {move: asked for move, asked in self._marks.items() if not asked.settled}
        self._then = {move: asked for move, asked in self._then.items() if not asked.settled}

    def move(self, state: State, event: Event) -> Move:
        """Return the move of a decision that can be made."""
        node = self.machine.nodes[state.at]
        found: Move | None
        match event:
            case Chose(_, response):
                found = node.moves[response]
            case Read(_, document):
                found = node.reads[document]
            case Selected(_, options):
                found = node.several(options, state.bits)
            case Ranked(_, order):
                rank = node.scene.rank if node.scene else None
                found = self.machine.order(node, rank, order) if rank is not None else None
            case Consulted():
                found = node.consult
            case _:
                found = node.write
        assert found is not None  # noqa: S101 - it was done a moment ago
        return found


def timely(condition: Condition) -> bool:
    """Whether a condition asks for the time: whoever does guards against minutes that may yet change."""
    return any(each.kind in ("before", "minutes_left") for each in leaves(condition))


def read_anywhere(scenario: Scenario) -> Iterator[Term | Quantity]:
    """Yield everything that some condition of a case asks about, those of shared scenes included."""
    for condition in _conditions(scenario):
        if condition is not None:
            yield from leaves(condition)


def _conditions(scenario: Scenario) -> Iterator[Condition | None]:
    texts: list[Text] = [scenario.debrief]
    texts += [person.shows for person in scenario.people.values()]
    texts += [*scenario.aftermath.values(), *(task.comes for task in scenario.tasks.values())]
    for task in scenario.tasks.values():
        yield from (task.when, task.done)
    yield from (each.when for each in scenario.interrupts.values())
    texts += [document.text for name, document in scenario.documents.items() if name != DIRECTORY]
    for critical in scenario.criticals.values():
        yield critical.when
    for ending in scenario.endings.values():
        texts.append(ending.text)
        yield from (outcome.when for outcome in ending.outcomes)
    for scene in scenario.scenes.values():
        texts += [scene.text, scene.says, scene.consult, *(voice.says for voice in scene.voices)]
        yield from (outcome.when for outcome in scene.outcomes)
        yield from (route.when for route in scene.next)
        for response in scene.responses.values():
            texts.append(response.then)
            yield response.when
            yield from (rule.when for rule in response.marks)
            yield from (route.when for route in response.next)
        for together in (scene.select, scene.rank):
            texts += [together.then] if together is not None else []
        for option in scene.select.options.values() if scene.select else ():
            texts.append(option.then)
            yield option.when
            yield from (each.when for each in (*option.marks, *option.left))
    for text in texts:
        yield from (each.when for each in text)


def _own(name: str) -> bool:
    """Whether what a scene asks stands in the case's own file."""
    return "." not in name or name.endswith(f".{RETURN}")


def _listening(asked: Asked, holds: Predicate | None) -> Predicate:
    def listen(bits: int) -> bool:
        asked.look(bits)
        return holds is None or holds(bits)

    return listen


def _leading(machine: Machine) -> list[set[int]]:
    """Return, for each node, those in which somebody stands when it is passed, left or, as an ending, come to."""
    found: list[set[int]] = [set() for _ in machine.nodes]
    for node in machine.nodes:
        scene = node.scene
        if scene is None or scene.junction:
            continue
        found[node.index].add(node.index)
        waiting = [route.to for response in scene.responses.values() for route in response.next]
        waiting += [route.to for route in scene.next]
        # Whatever is decided, something may break in.
        waiting += [each.scene for each in machine.scenario.interrupts.values()]
        waiting = [each for each in waiting if each in machine.number]
        known = set(waiting)
        while waiting:
            to = machine.nodes[machine.number[waiting.pop()]]
            if to.scene is not None and not to.scene.junction:
                continue
            found[to.index].add(node.index)
            for route in to.scene.next if to.scene is not None else ():
                if route.to not in known and route.to in machine.number:
                    known.add(route.to)
                    waiting.append(route.to)
    return found
