"""Nodes to Scene: what happens at one moment of a case, of whichever kind, and what it is worth.

Used for the scenes of a case and for shared ones, which stand in a file of their own and are with whoever is
at hand.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import yaml

from scoring.rubric import Level, Mark, Rubric
from simulator.fields import Fields, shorten, suggest
from simulator.names import Names, lacks
from simulator.scenario import (
    DIRECTORY,
    HIGHEST,
    MarkRule,
    Next,
    Option,
    Outcome,
    Pair,
    Phase,
    Ranking,
    Response,
    Route,
    Scene,
    Selection,
    Voice,
    Writing,
)

Node = yaml.Node

LEVELS = {level.value: level for level in Level}
PHASES = {phase.value: phase for phase in Phase}
MOST_TIMES = 99
MOST_OPTIONS = 12
MOST_ITEMS = 8
"""Things to put in order: every order of them is looked at."""
GO_ON = "go-on"
"""The response of a scene that only tells something."""
KINDS = ("responses", "select", "rank", "write", "visit")
"""The keys of which a scene has one at the most: they say what is to be done in it."""

SCENE_KEYS = (
    *("phase", "with", "text", "says", "voices", "consult", "consult-minutes", "offers", "sets", "clears"),
    *("feels", "minutes", "hub"),
    *KINDS,
    *("outcomes", "next"),
)
SHARED_SCENE_KEYS = tuple(key for key in SCENE_KEYS if key not in ("with", "visit", "hub"))
VISIT_KEYS = ("phase", "with", "sets", "clears", "feels", "visit", "outcomes", "next")
VOICE_KEYS = ("who", "says")
RESPONSE_KEYS = (
    *("do", "say", "when", "then", "marks", "why", "feels", "minutes"),
    *("sets", "clears", "next", "again"),
)
SELECT_KEYS = ("prompt", "least", "most", "minutes", "then", "options")
OPTION_KEYS = ("do", "say", "when", "then", "marks", "why", "left-out", "feels", "minutes", "sets", "clears")
LEFT_OUT_KEYS = ("marks", "why")
RANK_KEYS = ("prompt", "minutes", "then", "items", "pairs")
PAIR_KEYS = ("this", "before", "marks", "why", "sets", "reverse")
REVERSE_KEYS = ("marks", "why", "sets")
WRITE_KEYS = ("prompt", "rated-on", "look-for", "model", "minutes")
OUTCOME_KEYS = ("when", "marks", "why")
OFFERS = ("documents", "consult", DIRECTORY)
"""The words for what a scene offers; ids of documents stand beside them, so no document may be called like one."""


class Scenes:
    """Builds the scenes of one file."""

    def __init__(self, fields: Fields, rubric: Rubric, names: Names, documents: Collection[str]) -> None:
        self.fields = fields
        self.rubric = rubric
        self.names = names
        self._documents = documents

    def scene(self, name: str, key: Node, node: Node, person: str = "") -> Scene:
        """Build a scene; `person` is who is at hand in a shared one, and else whom it names, or the client."""
        fields, names = self.fields, self.names
        keys = SHARED_SCENE_KEYS if person else SCENE_KEYS
        entries = fields.known(node, f"scene `{name}`", keys)
        person = person or self.person(entries.get("with"))
        then = names.routes(entries.get("next"), person)
        kinds = [kind for kind in KINDS if kind in entries]
        if len(kinds) > 1:
            what = f"scene `{name}` has `{kinds[0]}:` and `{kinds[1]}:`"
            fields.report("two-kinds", entries[kinds[1]], what, "make two scenes of it")
        if kinds and kinds[0] != "responses" and not then and lacks(node, "next"):
            hint = f"with `{kinds[0]}:`, what follows is said by a `next:` of the scene"
            fields.report("missing-next", key, f"scene `{name}` has no way on", hint)
        responses = {
            response: self._response(response, where, value, person, then)
            for response, (where, value) in fields.ids(entries.get("responses"), "responses").items()
        }
        if not (responses or then) and lacks(node, *KINDS, "next"):
            hint = "give it `responses:`, or a `next:` that leads on"
            fields.report("missing-next", key, f"scene `{name}` has no way on", hint)
        text = names.text(entries.get("text"), "the text", person)
        says = names.text(entries.get("says"), "`says:`", person)
        voices = self._voices(entries.get("voices"), person)
        consult = names.text(entries.get("consult"), "`consult:`", person, away=True)
        documents = self._offers(entries.get("offers"), bool(consult))
        minutes = names.minutes(entries.get("minutes"), 0)
        if not (responses or kinds) and (text or says or voices or consult or documents):
            responses = {GO_ON: Response(GO_ON, "Go on.", then, minutes=minutes, times=None)}
        elif "minutes" in entries:
            hint = "say them where they pass: on responses, or under `select:`, `rank:` or `write:`"
            fields.report("minutes-elsewhere", entries["minutes"], "only a scene that just tells has `minutes:`", hint)
        sets = self._facts(entries.get("sets"))
        return Scene(
            id=names.full(name),
            person=person,
            phase=fields.word(entries.get("phase"), "`phase:`", PHASES, None),
            text=text,
            says=says,
            voices=voices,
            consult=consult,
            consult_minutes=names.minutes(entries.get("consult-minutes"), 2, "`consult-minutes:`"),
            documents=documents,
            sets=sets,
            clears=self._clears(entries.get("clears"), sets),
            feels=self._feels(entries.get("feels"), person),
            responses=responses,
            select=self._select(entries.get("select"), person),
            rank=self._rank(entries.get("rank"), person),
            write=self._writing(entries.get("write")),
            outcomes=self.outcomes(entries.get("outcomes"), person),
            next=then,
            hub=self.fields.word(entries.get("hub"), "`hub:`", {"true": True, "false": False}, False),
        )

    def person(self, node: Node | None) -> str:
        """Return whom a scene is with."""
        known = self.names.people
        return self.fields.reference(node, "person", known, "undefined-person") or self.names.client

    def visit(self, name: str, node: Node) -> tuple[Scene, Scene, str]:
        """Build a scene that visits a shared one: the junction in, the junction back, and who is at hand."""
        fields = self.fields
        entries = fields.known(node, f"scene `{name}`, which visits,", VISIT_KEYS, ("visit", "next"))
        person = self.person(entries.get("with"))
        sets = self._facts(entries.get("sets"))
        target = fields.scalar(entries["visit"], "`visit:`") if "visit" in entries else None
        way_in = Scene(
            id=name,
            person=person,
            phase=fields.word(entries.get("phase"), "`phase:`", PHASES, None),
            sets=sets,
            clears=self._clears(entries.get("clears"), sets),
            feels=self._feels(entries.get("feels"), person),
            next=(Route(f"{name}.{target}"),),
        )
        way_back = Scene(
            id=f"{name}.return",
            person=person,
            outcomes=self.outcomes(entries.get("outcomes"), person),
            next=self.names.routes(entries.get("next"), person),
        )
        return way_in, way_back, person

    def _facts(self, node: Node | None) -> tuple[str, ...]:
        return self.fields.references(node, "fact", self.names.facts, "undefined-fact")

    def _voices(self, node: Node | None, person: str) -> tuple[Voice, ...]:
        if node is None:
            return ()
        if not isinstance(node, yaml.SequenceNode):
            self.fields.wrong_type(node, "`voices:`", "a list")
            return ()
        voices = []
        for item in node.value:
            entries = self.fields.known(item, "a voice", VOICE_KEYS, VOICE_KEYS)
            who = self.fields.reference(entries.get("who"), "person", self.names.people, "undefined-person")
            says = self.names.text(entries.get("says"), "`says:`", person)
            if who is not None and says:
                voices.append(Voice(who, says))
        return tuple(voices)

    def _offers(self, node: Node | None, consult: bool) -> tuple[str, ...]:
        """Read what a scene offers; return what can be opened there."""
        # The directory is a document, too, and once is enough in a hint.
        known = tuple(dict.fromkeys((*OFFERS, *self._documents)))
        offers = self.fields.references(node, "document", known, "undefined-document")
        if node is not None and "consult" in offers and not consult:
            self.fields.report(
                "nothing-to-consult",
                node,
                "this scene offers to consult, but says nothing to it",
                "add `consult:` with what the supervisor says here",
            )
        if node is not None and DIRECTORY in offers and DIRECTORY not in self._documents:
            hint = "list who can help under `directory:`, at the top level of the case"
            self.fields.report("no-directory", node, "this scene offers a directory, but the case has none", hint)
        everything = "documents" in offers
        return tuple([each for each in self._documents if each in offers or (everything and each != DIRECTORY)])

    # -- what is decided ----------------------------------------------------------------------

    def _words_of(self, what: str, key: Node, node: Node, entries: Mapping[str, Node]) -> tuple[str, bool]:
        """Return what a response or an option says or does, and whether it is said aloud."""
        ways = ("do" in entries) + ("say" in entries)
        if ways == 2 or (ways == 0 and lacks(node, "do", "say")):
            self.fields.report(
                "say-or-do",
                key,
                f"{what} needs exactly one of `say:` and `do:`",
                "`say:` is spoken, `do:` is done",
            )
        return self.fields.prose(entries.get("say") or entries.get("do"), what.partition(" `")[0]), "say" in entries

    def _response(self, name: str, key: Node, node: Node, person: str, after: Next) -> Response:
        fields = self.fields
        entries = fields.known(node, f"response `{name}`", RESPONSE_KEYS)
        text, spoken = self._words_of(f"response `{name}`", key, node, entries)
        routes = self.names.routes(entries["next"], person) if "next" in entries else after
        if not routes and lacks(node, "next"):
            fields.report(
                "missing-next",
                key,
                f"response `{name}` leads nowhere",
                "give it a `next:`, or give its scene one",
            )
        sets = self._facts(entries.get("sets"))
        return Response(
            id=name,
            text=text,
            next=routes,
            spoken=spoken,
            when=self.names.condition(entries.get("when"), person),
            then=self.names.text(entries.get("then"), "`then:`", person),
            marks=self._rules(entries.get("marks"), fields.prose(entries.get("why"), "`why:`"), person),
            feels=self._feels(entries.get("feels"), person),
            minutes=self.names.minutes(entries.get("minutes"), 1),
            sets=sets,
            clears=self._clears(entries.get("clears"), sets),
            times=self._times(entries.get("again")),
        )

    def _clears(self, node: Node | None, sets: tuple[str, ...]) -> tuple[str, ...]:
        clears: list[str] = []
        for each in self.fields.each(node, "the facts"):
            fact = self.fields.reference(each, "fact", self.names.facts, "undefined-fact")
            if fact in sets:
                self.fields.report("set-and-cleared", each, f"`{fact}` is set and cleared at once")
            elif fact is not None:
                clears.append(fact)
        return tuple(dict.fromkeys(clears))

    def _times(self, node: Node | None) -> int | None:
        if node is None:
            return 1
        value = self.fields.scalar(node, "`again:`")
        if value in ("true", "yes"):
            return None
        if value in ("false", "no"):
            return 1
        return self.fields.number(node, "`again:`", 1, MOST_TIMES, default=1)

    def _select(self, node: Node | None, person: str) -> Selection | None:
        if node is None:
            return None
        fields = self.fields
        entries = fields.known(node, "`select:`", SELECT_KEYS, ("prompt", "options"))
        options = {
            name: self._option(name, key, value, person)
            for name, (key, value) in fields.ids(entries.get("options"), "options").items()
        }
        self._count(entries.get("options"), "options", len(options), 2, MOST_OPTIONS)
        least = fields.number(entries.get("least"), "`least:`", 0, MOST_OPTIONS, default=1)
        most = fields.number(entries.get("most"), "`most:`", 1, MOST_OPTIONS, default=len(options) or 1)
        if most < least or most > max(2, len(options)):
            limits = f"between {least} and {len(options)}: at least `least:`, at most all of them"
            where = entries.get("most") or entries.get("least") or node
            fields.report("out-of-range", where, f"`most:` is {most}, and must be {limits}")
        return Selection(
            prompt=fields.prose(entries.get("prompt"), "the prompt"),
            options=options,
            least=least,
            most=most,
            minutes=self.names.minutes(entries.get("minutes"), 1),
            then=self.names.text(entries.get("then"), "`then:`", person),
        )

    def _option(self, name: str, key: Node, node: Node, person: str) -> Option:
        fields = self.fields
        entries = fields.known(node, f"option `{name}`", OPTION_KEYS)
        text, spoken = self._words_of(f"option `{name}`", key, node, entries)
        sets = self._facts(entries.get("sets"))
        return Option(
            id=name,
            text=text,
            spoken=spoken,
            when=self.names.condition(entries.get("when"), person),
            marks=self._rules(entries.get("marks"), fields.prose(entries.get("why"), "`why:`"), person),
            left=self._left_out(entries.get("left-out"), person),
            then=self.names.text(entries.get("then"), "`then:`", person),
            feels=self._feels(entries.get("feels"), person),
            minutes=self.names.minutes(entries.get("minutes"), 0),
            sets=sets,
            clears=self._clears(entries.get("clears"), sets),
        )

    def _left_out(self, node: Node | None, person: str) -> tuple[MarkRule, ...]:
        """Read what it shows to leave something out: marks and why, or a list of what to give when."""
        if node is None or isinstance(node, yaml.SequenceNode):
            return self._rules(node, "", person)
        entries = self.fields.known(node, "`left-out:`", LEFT_OUT_KEYS, ("marks",))
        return self._rules(entries.get("marks"), self.fields.prose(entries.get("why"), "`why:`"), person)

    def _rank(self, node: Node | None, person: str) -> Ranking | None:
        if node is None:
            return None
        fields = self.fields
        entries = fields.known(node, "`rank:`", RANK_KEYS, ("prompt", "items"))
        items = {
            name: fields.line(value, f"`{name}:`")
            for name, (_, value) in fields.ids(entries.get("items"), "items").items()
        }
        self._count(entries.get("items"), "items", len(items), 2, MOST_ITEMS)
        pairs: dict[tuple[str, str], Pair] = {}
        listed = entries.get("pairs")
        if listed is not None and not isinstance(listed, yaml.SequenceNode):
            fields.wrong_type(listed, "`pairs:`", "a list")
            listed = None
        for item in listed.value if listed is not None else ():
            for pair in self._pair(item, items):
                if (pair.first, pair.second) in pairs:
                    message = f"`{pair.first}` before `{pair.second}` is marked already"
                    fields.report("duplicate-key", item, message, "say both ways round in one entry, with `reverse:`")
                pairs[pair.first, pair.second] = pair
        return Ranking(
            prompt=fields.prose(entries.get("prompt"), "the prompt"),
            items=items,
            pairs=tuple(pairs.values()),
            minutes=self.names.minutes(entries.get("minutes"), 1),
            then=self.names.text(entries.get("then"), "`then:`", person),
        )

    def _pair(self, node: Node, items: Collection[str]) -> list[Pair]:
        fields = self.fields
        entries = fields.known(node, "a pair", PAIR_KEYS, ("this", "before"))
        first = fields.reference(entries.get("this"), "item", items, "undefined-item")
        second = fields.reference(entries.get("before"), "item", items, "undefined-item")
        if first is not None and first == second:
            fields.report("same-item", entries["before"], f"`{first}` cannot stand before itself")
        if first is None or second is None:
            return []
        pairs = [self._shown(first, second, entries)]
        if "reverse" in entries:
            reverse = fields.known(entries["reverse"], "`reverse:`", REVERSE_KEYS)
            pairs.append(self._shown(second, first, reverse))
        return [pair for pair in pairs if pair.marks or pair.sets]

    def _shown(self, first: str, second: str, entries: Mapping[str, Node]) -> Pair:
        marks = self._marks(entries["marks"]) if "marks" in entries else ()
        why = self.fields.prose(entries.get("why"), "`why:`")
        return Pair(first, second, marks, why, self._facts(entries.get("sets")))

    def _count(self, node: Node | None, what: str, count: int, least: int, most: int) -> None:
        if node is not None and isinstance(node, yaml.MappingNode) and not least <= len(node.value) <= most:
            self.fields.report("out-of-range", node, f"there are {count} {what}; {least} to {most} are possible")

    def _writing(self, node: Node | None) -> Writing | None:
        if node is None:
            return None
        fields = self.fields
        entries = fields.known(node, "`write:`", WRITE_KEYS, ("prompt",))
        return Writing(
            prompt=fields.prose(entries.get("prompt"), "the prompt"),
            rated_on=fields.references(
                entries.get("rated-on"), "indicator", self.rubric.indicators, "undefined-indicator"
            ),
            look_for=tuple(fields.line(each, "a hint") for each in fields.each(entries.get("look-for"), "`look-for:`")),
            model=fields.prose(entries.get("model"), "the model"),
            minutes=self.names.minutes(entries.get("minutes"), 5),
        )

    # -- marks --------------------------------------------------------------------------------

    def _rules(self, node: Node | None, why: str, person: str) -> tuple[MarkRule, ...]:
        """Read `marks:`, which is a mapping, or a list of what to give when."""
        if node is None:
            return ()
        if not isinstance(node, yaml.SequenceNode):
            return (MarkRule(self._marks(node), why),)
        rules: list[MarkRule] = []
        for item in self.names.in_turn(node):
            entries = self.fields.known(item, "an entry of `marks:`", ("when", "give", "why"), ("give",))
            if "give" in entries:
                rules.append(
                    MarkRule(
                        self._marks(entries["give"]),
                        self.fields.prose(entries.get("why"), "`why:`") or why,
                        self.names.condition(entries.get("when"), person),
                    )
                )
        return tuple(rules)

    def _marks(self, node: Node) -> tuple[Mark, ...]:
        marks = []
        for indicator, key, value in self.fields.pairs(node, "`marks:`"):
            if indicator not in self.rubric.indicators:
                self.fields.unknown("undefined-indicator", key, "indicator", indicator, self.rubric.indicators)
                continue
            word = self.fields.scalar(value, "a level")
            if word in LEVELS:
                marks.append(Mark(indicator, LEVELS[word]))
            elif word is not None:
                hint = suggest(word, LEVELS)
                self.fields.report("unknown-level", value, f"there is no level `{shorten(word)}`", hint)
        return tuple(marks)

    def outcomes(self, node: Node | None, person: str) -> tuple[Outcome, ...]:
        """Read marks for what was not done, or done in time."""
        if node is None:
            return ()
        if not isinstance(node, yaml.SequenceNode):
            self.fields.wrong_type(node, "`outcomes:`", "a list")
            return ()
        outcomes = []
        for item in node.value:
            entries = self.fields.known(item, "an outcome", OUTCOME_KEYS, ("marks",))
            if "marks" in entries:
                outcomes.append(
                    Outcome(
                        self._marks(entries["marks"]),
                        self.fields.prose(entries.get("why"), "`why:`"),
                        self.names.condition(entries.get("when"), person),
                    )
                )
        return tuple(outcomes)

    def outcome(self, entries: Mapping[str, Node]) -> Outcome | None:
        """Read what it shows that something was not done; None if it has no marks."""
        if "marks" not in entries:
            return None
        return Outcome(self._marks(entries["marks"]), self.fields.prose(entries.get("why"), "`why:`"))

    def _feels(self, node: Node | None, person: str) -> dict[str, int]:
        changes = {}
        for name, key, value in self.fields.pairs(node, "`feels:`") if node is not None else ():
            feeling = self.names.feeling(name, person)
            if feeling is None:
                self.fields.unknown("undefined-feeling", key, "feeling", name, self.names.feelings(person))
                continue
            if feeling in changes:
                self.fields.report("duplicate-key", key, f"`{feeling}` is moved here already")
            changes[feeling] = self.fields.number(value, f"`{name}`", -HIGHEST, HIGHEST)
        return changes

    def words(self, node: Node | None, what: str, choices: tuple[str, ...]) -> tuple[str, ...]:
        """Read a list of words out of a few."""
        known = {choice: choice for choice in choices}
        found = (self.fields.word(each, f"`{what}:`", known, "") for each in self.fields.each(node, f"`{what}:`"))
        return tuple(dict.fromkeys(word for word in found if word))
