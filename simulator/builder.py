"""Nodes to Scenario: every key of the format, what may stand there, and what it means.

Names are collected first, so that a scene may name one that stands further down; then everything is
built in the file's order, and every name is resolved where it is used.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

import yaml

from scoring.rubric import Rubric
from simulator.day import Day, has_day, on_step
from simulator.fields import Fields, shorten, suggest
from simulator.names import RETURN, Elsewhere, Names, Shared, children, keys_of, lacks, not_named
from simulator.paths import junction_loops
from simulator.scenario import (
    BACK,
    DIRECTORY,
    HIGHEST,
    LOWEST,
    Answer,
    Clock,
    Critical,
    Document,
    Ending,
    Feeling,
    Person,
    Referral,
    Scenario,
    Scene,
    clock_text,
)
from simulator.scenes import OFFERS, Scenes
from simulator.source import Mark as Position
from simulator.source import Source

Node = yaml.Node
Find = Callable[[str], "tuple[Source, Node | None] | None"]
"""How a file of shared pieces is found by its name: what it says, and its nodes if it can be read."""

PROCESS = ("assessment", "planning", "implementation", "evaluation", "closure")
STAGES = ("first-week", "first-month", "first-season")
BANDS = 5
"""Words that an author may give a feeling."""
USUAL_FEELINGS = ("trust", "tension")
"""What shared scenes may ask about: whoever is at hand should have these."""

SCENARIO_KEYS = (
    *("scenario", "title", "version", "summary", "setting", "process", "stage", "duration", "author"),
    *("reviewed-by", "facts-checked", "content-note", "briefing", "reflect", "debrief", "people", "client"),
    *("clock", "facts", "shared", "documents", "directory", "criticals", "start", "scenes", "endings"),
    *("tasks", "interrupts", "aftermath", "answers"),
)
SCENARIO_NEEDS = ("scenario", "title", "version", "summary", "people", "client", "start", "scenes", "endings")
PERSON_KEYS = ("name", "called", "pronouns", "role", "feelings", "words", "shows")
SHARED_KEYS = ("shared", "version", "summary", "facts", "scenes", "directory", "lines")
SHARED_PIECES = ("scenes", "directory", "lines")
"""What a file of shared pieces has at least one of."""
CLOCK_KEYS = ("start", "step", "points")
LONGEST_STEP = 60
"""Minutes."""
DIRECTORY_KEYS = ("minutes", "use", "entries")
SHARED_DIRECTORY_KEYS = ("entries",)
REFERRAL_KEYS = ("service", "eligibility", "contact", "last-verified", "note")
DOCUMENT_KEYS = ("title", "minutes", "text")
CRITICAL_KEYS = ("title", "standard", "cue", "when", "at", "why")
ANSWER_KEYS = ("to", "at", "because")
ENDING_KEYS = ("title", "text", "outcomes")


class Builder:
    """Builds one scenario."""

    def __init__(self, fields: Fields, rubric: Rubric, find: Find, elsewhere: Elsewhere | None = None) -> None:
        self.fields = fields
        self.rubric = rubric
        self.names = Names(fields)
        """Who and what this case has."""
        if elsewhere is not None:
            self.names.elsewhere = elsewhere
        self._find = find
        self._shared: dict[str, Shared] = {}
        """Files of shared pieces, by name."""
        self._visiting: frozenset[str] = frozenset()
        """Scenes that visit shared ones."""
        self._places: dict[str, tuple[Source, Position]] = {}

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
        self._take_in(top.get("shared"))
        visits = self._visits()
        self._visiting = frozenset(visits)
        day = Day(fields, self.names, self._own, clock)
        self.names.back = has_day(top) and BACK not in self.names.places
        tasks = day.tasks(top.get("tasks"))
        self._shows(top.get("people"))
        start = fields.reference(top.get("start"), "scene", self.names.scenes, "undefined-scene") or ""
        scenario = Scenario(
            id=own_id(fields, top.get("scenario")),
            title=fields.line(top.get("title"), "the title"),
            version=version(fields, top.get("version")),
            summary=fields.prose(top.get("summary"), "the summary"),
            people=self.names.people,
            client=self.names.client,
            start=start,
            documents=self._documents(top.get("documents"), top.get("directory")),
            scenes=self._scenes(visits),
            endings={name: self._ending(name, node) for name, (_, node) in self.names.endings.items()},
            clock=clock,
            facts=self.names.facts,
            criticals=self._criticals(top.get("criticals")),
            tasks=tasks,
            interrupts=day.interrupts(top.get("interrupts")),
            aftermath=day.aftermath(top.get("aftermath")),
            setting=fields.line(top.get("setting"), "the setting"),
            process=self._own.words(top.get("process"), "process", PROCESS),
            stage=fields.word(top.get("stage"), "`stage:`", {stage: stage for stage in STAGES}, ""),
            duration=fields.number(top.get("duration"), "`duration:`", 1, 600),
            author=fields.line(top.get("author"), "`author:`"),
            reviewed_by=fields.line(top.get("reviewed-by"), "`reviewed-by:`"),
            facts_checked=fields.line(top.get("facts-checked"), "`facts-checked:`"),
            content_note=fields.prose(top.get("content-note"), "the content note"),
            briefing=fields.prose(top.get("briefing"), "the briefing"),
            reflect=fields.line(top.get("reflect"), "`reflect:`"),
            debrief=self.names.text(top.get("debrief"), "the debrief", self.names.client),
            answers=tuple(self._answers(top.get("answers"))),
            hash=fields.source.hash,
        )
        self._paths(scenario)
        day.ways(scenario, {name: key for name, (key, _) in self.names.scenes.items()})
        for shared in self._shared.values():
            # What is wrong in a shared file is found in every visit to it, and told once.
            fields.problems.extend(dict.fromkeys(shared.fields.problems))
        return scenario

    @property
    def _own(self) -> Scenes:
        """The case's own scenes."""
        return Scenes(self.fields, self.rubric, self.names, self.names.documents)

    # -- shared pieces ------------------------------------------------------------------------

    def _take_in(self, node: Node | None) -> None:
        """Read the files of shared pieces that the case names; their facts become facts of the case."""
        for each in self.fields.each(node, "`shared:`"):
            name = self.fields.scalar(each, "the name of a file of shared pieces")
            if name is None or not self.fields.good_id(each, name) or name in self._shared:
                continue
            found = self._find(name)
            if found is None:
                hint = f"it is looked for as `shared/{name}.yaml`, beside this file and in Caseload's own library"
                self.fields.report("no-shared-file", each, f"there is no file of shared pieces `{name}`", hint)
                continue
            source, root = found
            if root is None:
                hint = f"`caseload check` on {source.name} says what"
                self.fields.report("bad-shared-file", each, f"the file of shared pieces `{name}` has mistakes", hint)
                continue
            shared = shared_pieces(Fields(source), root)
            for scene in shared.scenes:
                if scene in self.names.scenes or any(scene in other.scenes for other in self._shared.values()):
                    message = f"`{name}` has a scene `{scene}`, and so has this case"
                    self.fields.report("duplicate-id", each, message, "give the case's own scene another id")
            self._shared[name] = shared
            for line, said in shared.lines.items():
                # Of two files the first one's line is meant; that there are two is told below.
                if line in self.names.lines:
                    message = f"`{name}` has a line `{line}`, and so has another shared file of this case"
                    self.fields.report("duplicate-id", each, message, "name one of the two files, or rename the line")
                self.names.lines.setdefault(line, said)
            for fact, text in shared.facts.items():
                if fact in self.names.facts:
                    message = f"`{name}` has a fact `{fact}`, and so has this case"
                    self.fields.report("duplicate-id", each, message, "give the case's own fact another id")
                self.names.facts[fact] = text

    def _visits(self) -> dict[str, tuple[Shared, Names]]:
        """Give the scenes of every visit their names, before anything asks for them."""
        visits = {}
        for name, (_, node) in self.names.scenes.items():
            target = dict(children(node)).get("visit")
            if target is None:
                continue
            known = [scene for shared in self._shared.values() for scene in shared.scenes]
            start = self.fields.reference(target, "shared scene", known, "undefined-scene")
            shared = next((each for each in self._shared.values() if start in each.scenes), None)
            if start is not None and shared is not None:
                visits[name] = (shared, self.names.inside(shared, name))
        return visits

    def _scenes(self, visits: Mapping[str, tuple[Shared, Names]]) -> dict[str, Scene]:
        built: dict[str, Scene] = {}
        own = self._own
        for name, (key, node) in self.names.scenes.items():
            self._places[name] = (self.fields.source, key.start_mark)
            if name not in visits:
                built[name] = own.scene(name, key, node)
                continue
            shared, names = visits[name]
            built[name], way_back, person = own.visit(name, node)
            for each, (where, body) in names.scenes.items():
                scene = Scenes(shared.fields, self.rubric, names, ()).scene(each, where, body, person)
                built[scene.id] = scene
                self._places[scene.id] = (shared.fields.source, where.start_mark)
            built[way_back.id] = way_back
            self._places[way_back.id] = self._places[name]
        return built

    # -- when it is, and what became true -----------------------------------------------------

    def _clock(self, node: Node | None) -> Clock | None:
        if node is None:
            return None
        entries = self.fields.known(node, "the clock", CLOCK_KEYS, ("start",))
        step = self.names.step = self.fields.number(entries.get("step"), "`step:`", 1, LONGEST_STEP, default=1)
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
            else:
                on_step(self.fields, value, at, start, step)
        return Clock(start or 0, self.names.points, step)

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

    def _documents(self, node: Node | None, directory: Node | None) -> dict[str, Document]:
        fields = self.fields
        documents = {}
        for name, (key, value) in fields.ids(node, "documents").items():
            if name in OFFERS:
                what = "the referral directory" if name == DIRECTORY else "what a scene offers, and no single document"
                fields.report("reserved-id", key, f"`{name}` is {what}", "call it something else")
            entries = fields.known(value, f"document `{name}`", DOCUMENT_KEYS, ("title", "text"))
            documents[name] = Document(
                name,
                fields.line(entries.get("title"), "the title"),
                self.names.text(entries.get("text"), "the document", self.names.client),
                self.names.minutes(entries.get("minutes"), 2),
            )
        if directory is not None:
            documents[DIRECTORY] = self._directory(directory)
        return documents

    def _directory(self, node: Node) -> Document:
        fields = self.fields
        top = fields.known(node, "`directory:`", DIRECTORY_KEYS)
        if lacks(node, "use", "entries"):
            fields.report("missing-key", node, "`directory:` needs `entries:`, or `use:` with the ids of shared ones")
        used = self._used(top.get("use"))
        for name, (key, _) in fields.ids(top.get("entries"), "entries").items():
            if name in used:
                hint = "give your own entry another id, or take the shared one out of `use:`"
                fields.report("duplicate-id", key, f"`{name}` is an entry of `use:` already", hint)
        minutes = self.names.minutes(top.get("minutes"), 2)
        referrals = (*used.values(), *entries_of(fields, top.get("entries")).values())
        return Document(DIRECTORY, "Referral directory", (), minutes, referrals)

    def _used(self, node: Node | None) -> dict[str, Referral]:
        """Return the shared entries that a case takes into its directory, in the order in which it names them."""
        used: dict[str, Referral] = {}
        for each in self.fields.each(node, "`use:`"):
            name = self.fields.scalar(each, "the name of an entry")
            if name is None:
                continue
            having = [file for file, shared in self._shared.items() if name in shared.entries]
            if not having:
                known = [entry for shared in self._shared.values() for entry in shared.entries]
                hint = not_named(self.names.elsewhere(DIRECTORY, name)) or suggest(name, known)
                self.fields.report("undefined-entry", each, f"there is no shared entry `{shorten(name)}`", hint)
            elif name in used:
                self.fields.report("duplicate-id", each, f"`{name}` stands here twice", "take one of the two out")
            else:
                used[name] = self._shared[having[0]].entries[name]
                if len(having) > 1:
                    message = f"`{having[0]}` has an entry `{name}`, and so has `{having[1]}`"
                    self.fields.report("duplicate-id", each, message, "name one of the two files, or rename the entry")
        return used

    def _criticals(self, node: Node | None) -> dict[str, Critical]:
        fields = self.fields
        criticals = {}
        scenes = (*self.names.scenes, *self.names.visits)
        cues = (*scenes, *self.names.documents)
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
                cue=self._everywhere(cue),
                at=self._left(fields.references(entries.get("at"), "scene", scenes, "undefined-scene")),
                standard=fields.line(entries.get("standard"), "the standard"),
                why=fields.prose(entries.get("why"), "`why:`"),
            )
        return criticals

    def _everywhere(self, names: Iterable[str]) -> tuple[str, ...]:
        return tuple(full for name in names for full in self.names.everywhere(name))

    def _left(self, names: Iterable[str]) -> tuple[str, ...]:
        """Return what is left when these are: a scene that visits others is not left before they have returned."""
        return tuple(f"{name}.{RETURN}" if name in self._visiting else name for name in self._everywhere(names))

    def _ending(self, name: str, node: Node) -> Ending:
        entries = self.fields.known(node, f"ending `{name}`", ENDING_KEYS, ("title", "text"))
        return Ending(
            name,
            self.fields.line(entries.get("title"), "the title"),
            self.names.text(entries.get("text"), "the ending", self.names.client),
            self._own.outcomes(entries.get("outcomes"), self.names.client),
        )

    def _answers(self, node: Node | None) -> Iterator[Answer]:
        """Yield what the author has answered; whether there is such advice shows when the case is checked."""
        for each in self.fields.each(node, "`answers:`"):
            entries = self.fields.known(each, "an answer", ANSWER_KEYS, ("to", "because"))
            yield Answer(
                to=self.fields.line(entries.get("to"), "`to:`"),
                because=self.fields.prose(entries.get("because"), "`because:`"),
                at=self.fields.line(entries.get("at"), "`at:`"),
            )

    def _paths(self, scenario: Scenario) -> None:
        """Report where the case as a whole leads nowhere, or only in circles."""
        for name in junction_loops(scenario):
            self.fields.report(
                "junction-loop",
                self.names.scenes[name.partition(".")[0]][0],
                f"junction `{name}` can lead back to itself without anything to decide",
                "give one of the scenes on the way a text or responses",
            )

    def places(self) -> dict[str, tuple[Source, Position]]:
        """Return where each scene and ending stands, and in which file."""
        endings = {name: (self.fields.source, key.start_mark) for name, (key, _) in self.names.endings.items()}
        return {**self._places, **endings}


def own_id(fields: Fields, node: Node | None) -> str:
    """Read the id of a whole file."""
    name = fields.scalar(node, "the file's id") if node is not None else None
    return name if node is not None and name is not None and fields.good_id(node, name) else ""


def version(fields: Fields, node: Node | None) -> str:
    """Read the version of a whole file."""
    text = fields.scalar(node, "the version") if node is not None else None
    if node is None or text is None:
        return ""
    if not re.fullmatch(r"[0-9]{1,4}(\.[0-9]{1,4}){2}", text):
        fields.report("bad-version", node, f"`{shorten(text)}` is not a version", "such as 1.0.0")
    return text


def entries_of(fields: Fields, node: Node | None) -> dict[str, Referral]:
    """Read entries of a referral directory."""
    referrals = {}
    for name, (_, value) in fields.ids(node, "entries").items():
        entries = fields.known(value, f"entry `{name}`", REFERRAL_KEYS, ("service", "contact", "last-verified"))
        referrals[name] = Referral(
            id=name,
            service=fields.line(entries.get("service"), "`service:`"),
            eligibility=fields.line(entries.get("eligibility"), "`eligibility:`"),
            contact=fields.line(entries.get("contact"), "`contact:`"),
            verified=fields.line(entries.get("last-verified"), "`last-verified:`"),
            note=fields.line(entries.get("note"), "`note:`"),
        )
    return referrals


def shared_pieces(fields: Fields, root: Node) -> Shared:
    """Read a file of shared pieces; its scenes only by their names, since each visit builds them anew."""
    top = fields.known(root, "a file of shared pieces", SHARED_KEYS, ("shared", "version"))
    if lacks(root, *SHARED_PIECES):
        hint = "scenes that cases visit, entries for their directory, or what a supervisor says"
        message = "a file of shared pieces needs one of `scenes:`, `directory:` and `lines:`"
        fields.report("missing-key", root, message, hint)
    own_id(fields, top.get("shared"))
    version(fields, top.get("version"))
    fields.prose(top.get("summary"), "the summary")
    facts = {
        name: fields.line(value, f"the fact `{name}`")
        for name, (_, value) in fields.ids(top.get("facts"), "facts").items()
    }
    scenes = fields.ids(top.get("scenes"), "scenes")
    if RETURN in scenes:
        key, _ = scenes.pop(RETURN)
        fields.report("reserved-id", key, f"`{RETURN}` leads back to the case", "call the scene something else")
    directory = top.get("directory")
    what = "`directory:` of a file of shared pieces"
    entries = fields.known(directory, what, SHARED_DIRECTORY_KEYS, SHARED_DIRECTORY_KEYS) if directory else {}
    lines = {
        name: fields.prose(value, f"the line `{name}`")
        for name, (_, value) in fields.ids(top.get("lines"), "lines").items()
    }
    return Shared(fields, scenes, facts, entries_of(fields, entries.get("entries")), lines)


def look_at_shared(fields: Fields, root: Node, rubric: Rubric) -> None:
    """Find what is wrong with a file of shared pieces; scenes are visited with somebody made up."""
    shared = shared_pieces(fields, root)
    host = Names(fields)
    host.people["somebody"] = Person("somebody", "Somebody", feelings={each: Feeling(5) for each in USUAL_FEELINGS})
    host.client = "somebody"
    names = host.inside(shared, "visit")
    for name, (key, node) in names.scenes.items():
        Scenes(fields, rubric, names, ()).scene(name, key, node, "somebody")
