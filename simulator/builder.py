"""Nodes to Scenario: every key of the format, what may stand there, and what it means.

Names are collected first, so that a scene may name one that stands further down; then everything is
built in the file's order, and every name is resolved where it is used.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

import yaml

from scoring.rubric import Level, Mark, Rubric
from simulator.fields import Fields, shorten, suggest
from simulator.names import Names, children, keys_of, lacks
from simulator.paths import junction_loops
from simulator.scenario import (
    HIGHEST,
    LOWEST,
    Clock,
    Critical,
    Document,
    Ending,
    Feeling,
    MarkRule,
    Next,
    Outcome,
    Person,
    Phase,
    Response,
    Scenario,
    Scene,
    Writing,
    clock_text,
)
from simulator.source import Mark as Position

Node = yaml.Node

LEVELS = {level.value: level for level in Level}
PHASES = {phase.value: phase for phase in Phase}
PROCESS = ("assessment", "planning", "implementation", "evaluation", "closure")
STAGES = ("first-week", "first-month", "first-season")
BANDS = 5
"""Words that an author may give a feeling."""
LONGEST_DAY = 24 * 60
MOST_TIMES = 99
GO_ON = "go-on"
"""The response of a scene that only tells something."""

SCENARIO_KEYS = (
    *("scenario", "title", "version", "summary", "setting", "process", "stage", "duration", "author"),
    *("reviewed-by", "facts-checked", "content-note", "briefing", "reflect", "debrief", "people", "client"),
    *("clock", "facts", "documents", "criticals", "start", "scenes", "endings"),
)
SCENARIO_NEEDS = ("scenario", "title", "version", "summary", "people", "client", "start", "scenes", "endings")
PERSON_KEYS = ("name", "called", "pronouns", "role", "feelings", "words", "shows")
DOCUMENT_KEYS = ("title", "minutes", "text")
CRITICAL_KEYS = ("title", "standard", "cue", "when", "at", "why")
SCENE_KEYS = (
    *("phase", "with", "text", "says", "consult", "consult-minutes", "offers", "sets", "clears"),
    *("responses", "write", "outcomes", "next"),
)
RESPONSE_KEYS = (
    *("do", "say", "when", "then", "marks", "why", "feels", "minutes"),
    *("sets", "clears", "next", "again"),
)
WRITE_KEYS = ("prompt", "rated-on", "look-for", "model", "minutes")
OUTCOME_KEYS = ("when", "marks", "why")
ENDING_KEYS = ("title", "text", "outcomes")


class Builder:
    """Builds one scenario."""

    def __init__(self, fields: Fields, rubric: Rubric) -> None:
        self.fields = fields
        self.rubric = rubric
        self.names = Names(fields)
        """Who and what this case has."""

    def scenario(self, root: Node) -> Scenario | None:
        """Build the scenario; None if it is not even a mapping."""
        fields = self.fields
        if isinstance(root, yaml.MappingNode) and not {"scenario", "scenes"}.intersection(keys_of(root)):
            hint = "a case begins with `scenario:` and its id; if this is something else, keep it in another folder"
            fields.report("not-a-scenario", root, "this file is no case: it has no `scenario:` and no `scenes:`", hint)
            return None
        top = fields.known(root, "a scenario", SCENARIO_KEYS, SCENARIO_NEEDS)
        if not isinstance(root, yaml.MappingNode):
            return None
        self.names.collect(top)
        clock = self._clock(top.get("clock"))
        people = self._people(top.get("people"))
        self.names.client = fields.reference(top.get("client"), "person", people, "undefined-person") or ""
        self._facts(top.get("facts"))
        self._shows(top.get("people"))
        start = fields.reference(top.get("start"), "scene", self.names.scenes, "undefined-scene") or ""
        scenario = Scenario(
            id=self._own_id(top.get("scenario")),
            title=fields.line(top.get("title"), "the title"),
            version=self._version(top.get("version")),
            summary=fields.prose(top.get("summary"), "the summary"),
            people=self.names.people,
            client=self.names.client,
            start=start,
            documents=self._documents(top.get("documents")),
            scenes={name: self._scene(name, key, node) for name, (key, node) in self.names.scenes.items()},
            endings={name: self._ending(name, node) for name, (_, node) in self.names.endings.items()},
            clock=clock,
            facts=self.names.facts,
            criticals=self._criticals(top.get("criticals")),
            setting=fields.line(top.get("setting"), "the setting"),
            process=self._words(top.get("process"), "process", PROCESS),
            stage=fields.word(top.get("stage"), "`stage:`", {stage: stage for stage in STAGES}, ""),
            duration=fields.number(top.get("duration"), "`duration:`", 1, 600),
            author=fields.line(top.get("author"), "`author:`"),
            reviewed_by=fields.line(top.get("reviewed-by"), "`reviewed-by:`"),
            facts_checked=fields.line(top.get("facts-checked"), "`facts-checked:`"),
            content_note=fields.prose(top.get("content-note"), "the content note"),
            briefing=fields.prose(top.get("briefing"), "the briefing"),
            reflect=fields.line(top.get("reflect"), "`reflect:`"),
            debrief=self.names.text(top.get("debrief"), "the debrief", self.names.client),
            hash=fields.source.hash,
        )
        self._paths(scenario)
        return scenario

    # -- names --------------------------------------------------------------------------------

    def _own_id(self, node: Node | None) -> str:
        name = self.fields.scalar(node, "the scenario's id") if node is not None else None
        return name if node is not None and name is not None and self.fields.good_id(node, name) else ""

    def _version(self, node: Node | None) -> str:
        version = self.fields.scalar(node, "the version") if node is not None else None
        if node is None or version is None:
            return ""
        if not re.fullmatch(r"[0-9]{1,4}(\.[0-9]{1,4}){2}", version):
            self.fields.report("bad-version", node, f"`{shorten(version)}` is not a version", "such as 1.0.0")
        return version

    def _clock(self, node: Node | None) -> Clock | None:
        if node is None:
            return None
        entries = self.fields.known(node, "the clock", ("start", "points"), ("start",))
        if "start" not in entries:
            return None
        start = self.fields.time(entries["start"], "`start:`")
        for name, (_, value) in self.fields.ids(entries.get("points"), "points").items():
            at = self.fields.time(value, f"`{name}:`")
            if at is None or start is None:
                self.names.points[name] = 0
                continue
            self.names.points[name] = at
            if at < start:
                self.fields.report(
                    "out-of-range",
                    value,
                    f"`{name}` at {clock_text(at)} is before the case starts, at {clock_text(start)}",
                )
        return Clock(start or 0, self.names.points)

    def _facts(self, node: Node | None) -> None:
        feelings = {feeling for person in self.names.people.values() for feeling in person.feelings}
        for name, (key, value) in self.fields.ids(node, "facts").items():
            if name in feelings:
                self.fields.report(
                    "duplicate-id", key, f"`{name}` is a feeling already", "a fact needs an id of its own"
                )
            self.names.facts[name] = self.fields.line(value, f"the fact `{name}`")

    # -- people -------------------------------------------------------------------------------

    def _people(self, node: Node | None) -> Mapping[str, Person]:
        fields = self.fields
        for name, (_, value) in fields.ids(node, "people").items():
            entries = fields.known(value, f"person `{name}`", PERSON_KEYS, ("name",))
            self.names.people[name] = Person(
                id=name,
                name=fields.line(entries.get("name"), "the name"),
                called=fields.line(entries.get("called"), "`called:`"),
                pronouns=fields.line(entries.get("pronouns"), "`pronouns:`"),
                role=fields.line(entries.get("role"), "`role:`"),
                feelings=self._feelings(entries.get("feelings"), entries.get("words")),
            )
        return self.names.people

    def _feelings(self, node: Node | None, words: Node | None) -> dict[str, Feeling]:
        fields = self.fields
        feelings = {
            name: Feeling(fields.number(value, f"`{name}`", LOWEST, HIGHEST))
            for name, (_, value) in fields.ids(node, "feelings").items()
        }
        for name, key, value in fields.pairs(words, "`words:`") if words is not None else ():
            if name not in feelings:
                fields.unknown("undefined-feeling", key, "feeling", name, feelings)
                continue
            chosen = tuple(fields.line(each, "a word for a feeling") for each in fields.each(value, "`words:`"))
            if len(chosen) != BANDS:
                fields.report(
                    "bad-number",
                    value,
                    f"a feeling has {BANDS} words, from lowest to highest, not {len(chosen)}",
                )
            feelings[name] = Feeling(feelings[name].start, words=chosen)
        return feelings

    def _shows(self, node: Node | None) -> None:
        """Read what people show, which may ask for anything, once everything has a name."""
        for name, entries in children(node):
            for key, value in children(entries):
                if key == "shows" and name in self.names.people:
                    shows = self.names.text(value, "`shows:`", name)
                    self.names.people[name] = replace(self.names.people[name], shows=shows)

    # -- what a case is made of ---------------------------------------------------------------

    def _documents(self, node: Node | None) -> dict[str, Document]:
        fields = self.fields
        documents = {}
        for name, (_, value) in fields.ids(node, "documents").items():
            entries = fields.known(value, f"document `{name}`", DOCUMENT_KEYS, ("title", "text"))
            documents[name] = Document(
                name,
                fields.line(entries.get("title"), "the title"),
                self.names.text(entries.get("text"), "the document", self.names.client),
                fields.number(entries.get("minutes"), "`minutes:`", 0, LONGEST_DAY, default=2),
            )
        return documents

    def _criticals(self, node: Node | None) -> dict[str, Critical]:
        fields = self.fields
        criticals = {}
        cues = (*self.names.scenes, *self.names.documents)
        for name, (_, value) in fields.ids(node, "criticals").items():
            entries = fields.known(value, f"critical `{name}`", CRITICAL_KEYS, ("cue", "when", "why"))
            when = self.names.condition(entries.get("when"), self.names.client)
            cue = fields.references(entries.get("cue"), "scene or document", cues, "undefined-scene")
            if when is None:
                continue
            criticals[name] = Critical(
                id=name,
                title=fields.line(entries.get("title"), "the title") or name.replace("-", " "),
                when=when,
                cue=cue,
                at=fields.references(entries.get("at"), "scene", self.names.scenes, "undefined-scene"),
                standard=fields.line(entries.get("standard"), "the standard"),
                why=fields.prose(entries.get("why"), "`why:`"),
            )
        return criticals

    def _ending(self, name: str, node: Node) -> Ending:
        entries = self.fields.known(node, f"ending `{name}`", ENDING_KEYS, ("title", "text"))
        return Ending(
            name,
            self.fields.line(entries.get("title"), "the title"),
            self.names.text(entries.get("text"), "the ending", self.names.client),
            self._outcomes(entries.get("outcomes"), self.names.client),
        )

    def _scene(self, name: str, key: Node, node: Node) -> Scene:
        fields = self.fields
        entries = fields.known(node, f"scene `{name}`", SCENE_KEYS)
        person = (
            fields.reference(entries.get("with"), "person", self.names.people, "undefined-person") or self.names.client
        )
        then = self.names.routes(entries.get("next"), person)
        responses = {
            response: self._response(response, where, value, person, then)
            for response, (where, value) in fields.ids(entries.get("responses"), "responses").items()
        }
        write = self._writing(entries.get("write"))
        text = self.names.text(entries.get("text"), "the text", person)
        says = self.names.text(entries.get("says"), "`says:`", person)
        consult = self.names.text(entries.get("consult"), "`consult:`", person)
        sets = fields.references(entries.get("sets"), "fact", self.names.facts, "undefined-fact")
        if write is not None and responses:
            fields.report(
                "two-kinds",
                entries["write"],
                f"scene `{name}` has `responses:` and `write:`",
                "make two scenes of it",
            )
        if not (responses or then) and lacks(node, "responses", "next"):
            fields.report(
                "missing-next",
                key,
                f"scene `{name}` has no way on",
                "give it `responses:`, or a `next:` that leads on",
            )
        documents = self._offers(entries.get("offers"), bool(consult))
        if not responses and write is None and (text or says or consult or documents):
            responses = {GO_ON: Response(GO_ON, "Go on.", then, minutes=0, times=None)}
        return Scene(
            id=name,
            person=person,
            phase=fields.word(entries.get("phase"), "`phase:`", PHASES, None),
            text=text,
            says=says,
            consult=consult,
            consult_minutes=fields.number(entries.get("consult-minutes"), "`consult-minutes:`", 0, LONGEST_DAY, 2),
            documents=documents,
            sets=sets,
            clears=self._clears(entries.get("clears"), sets),
            responses=responses,
            write=write,
            outcomes=self._outcomes(entries.get("outcomes"), person),
            next=then,
        )

    def _offers(self, node: Node | None, consult: bool) -> bool:
        """Read what a scene offers; return whether documents are among it."""
        offers = self._words(node, "offers", ("documents", "consult"))
        if node is not None and "consult" in offers and not consult:
            self.fields.report(
                "nothing-to-consult",
                node,
                "this scene offers to consult, but says nothing to it",
                "add `consult:` with what the supervisor says here",
            )
        return "documents" in offers

    def _response(self, name: str, key: Node, node: Node, person: str, after: Next) -> Response:
        fields = self.fields
        entries = fields.known(node, f"response `{name}`", RESPONSE_KEYS)
        ways = ("do" in entries) + ("say" in entries)
        if ways == 2 or (ways == 0 and lacks(node, "do", "say")):
            fields.report(
                "say-or-do",
                key,
                f"response `{name}` needs exactly one of `say:` and `do:`",
                "`say:` is spoken, `do:` is done",
            )
        routes = self.names.routes(entries["next"], person) if "next" in entries else after
        if not routes and lacks(node, "next"):
            fields.report(
                "missing-next",
                key,
                f"response `{name}` leads nowhere",
                "give it a `next:`, or give its scene one",
            )
        sets = fields.references(entries.get("sets"), "fact", self.names.facts, "undefined-fact")
        return Response(
            id=name,
            text=fields.prose(entries.get("say") or entries.get("do"), "a response"),
            next=routes,
            spoken="say" in entries,
            when=self.names.condition(entries.get("when"), person),
            then=self.names.text(entries.get("then"), "`then:`", person),
            marks=self._rules(entries.get("marks"), fields.prose(entries.get("why"), "`why:`"), person),
            feels=self._feels(entries.get("feels"), person),
            minutes=fields.number(entries.get("minutes"), "`minutes:`", 0, LONGEST_DAY, default=1),
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
            minutes=fields.number(entries.get("minutes"), "`minutes:`", 0, LONGEST_DAY, default=5),
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

    def _outcomes(self, node: Node | None, person: str) -> tuple[Outcome, ...]:
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

    def _words(self, node: Node | None, what: str, choices: tuple[str, ...]) -> tuple[str, ...]:
        known = {choice: choice for choice in choices}
        found = (self.fields.word(each, f"`{what}:`", known, "") for each in self.fields.each(node, f"`{what}:`"))
        return tuple(dict.fromkeys(word for word in found if word))

    def _paths(self, scenario: Scenario) -> None:
        """Report where the case as a whole leads nowhere, or only in circles."""
        for name in junction_loops(scenario):
            self.fields.report(
                "junction-loop",
                self.names.scenes[name][0],
                f"junction `{name}` can lead back to itself without anything to decide",
                "give one of the scenes on the way a text or responses",
            )

    def places(self) -> dict[str, Position]:
        """Return where each scene and ending stands in the file."""
        return {name: key.start_mark for name, (key, _) in {**self.names.scenes, **self.names.endings}.items()}
