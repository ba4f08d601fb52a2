"""A cohort file: who is to play which case until when.

A supervisor writes one for a group that begins together. It names people by their ids, as journals do, and cases by
theirs, so it can be handed out like any other file. What it says decides two things: what a trainee's library shows
first, and whether a session is an assigned attempt, which is read in full, or practice, of which a supervisor sees a
summary only.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from simulator.fields import Fields, Node, in_words, shorten
from simulator.loader import MOST_PROBLEMS, Loaded, built
from simulator.problem import Problem, Severity
from simulator.settings import FEEDBACK
from simulator.source import Source, read

COHORT_KEYS = ("cohort", "title", "begins", "people", "assigned")
COHORT_NEEDS = ("cohort", "title", "people", "assigned")
ASSIGNMENT_KEYS = ("case", "due", "for", "feedback", "confidence")
ASSIGNMENT_NEEDS = ("case", "due")
LARGEST_COHORT = 256 * 1024
"""Bytes of a cohort file; one with a hundred people has about three thousand."""
MOST_PEOPLE = 2000
"""People in one cohort."""
MOST_ASSIGNED = 200
"""Assignments in one cohort."""
MOST_DUE = 10_000
"""Overdue assignments that are told at once; nobody reads more, and a file may be made to have millions."""
MOST_SUGGESTED = 5
"""Problems of one file for which the nearest id is looked up."""

_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})\Z")


@dataclass(frozen=True, slots=True)
class Assignment:
    """One case that some people are to play until a day."""

    case: str
    """The case's id."""
    due: date
    """The last day on which it is in time."""
    people: tuple[str, ...]
    """The ids of who is to play it: those it is `for:`, or everybody in the cohort."""
    feedback: str = ""
    """When marks are shown, one of `FEEDBACK`; empty: as the trainee likes."""
    confidence: bool | None = None
    """Whether the trainee is asked how sure they are; None: as the trainee likes."""


@dataclass(frozen=True, slots=True)
class Cohort:
    """People who learn together, and what is assigned to them."""

    id: str
    title: str
    people: tuple[str, ...]
    """Their ids."""
    assigned: tuple[Assignment, ...]
    """In the order of the file."""
    begins: date | None = None
    """What was played before this day does not count; None: nobody said."""

    def of(self, person: str) -> tuple[Assignment, ...]:
        """Return what is assigned to somebody."""
        everybody = person in self.people
        return tuple(
            each for each in self.assigned if (everybody if each.people is self.people else person in each.people)
        )


@dataclass(frozen=True, slots=True)
class Due:
    """A case that somebody should have played by now."""

    person: str
    """Their id."""
    scenario: str
    """The case's id."""
    title: str
    """The case's title, or its id where no title is known."""
    due: date
    cohort: str
    """The id of the cohort that says so."""


def overdue(
    cohorts: Iterable[Cohort],
    finished: Container[tuple[str, str]],
    today: date,
    titles: Mapping[str, str] | None = None,
) -> list[Due]:
    """Return what is overdue, the longest first, each case once for each person, and at most `MOST_DUE`.

    `finished` holds the pairs of person and case of which there is a finished attempt that counts.
    """
    passed = [(each, cohort) for cohort in cohorts for each in cohort.assigned if each.due < today]
    found: dict[tuple[str, str], Due] = {}
    for each, cohort in sorted(passed, key=lambda pair: pair[0].due):
        title = (titles or {}).get(each.case, each.case)
        for person in each.people:
            pair = (person, each.case)
            if pair not in finished and pair not in found:
                found[pair] = Due(person, each.case, title, each.due, cohort.id)
        if len(found) >= MOST_DUE:
            break
    return sorted(found.values(), key=lambda due: (due.due, due.person, due.scenario))[:MOST_DUE]


def load(path: Path, people: Mapping[str, str] | None = None, cases: Collection[str] | None = None) -> Loaded[Cohort]:
    """Load a cohort file. Ids are looked up among the `people` (names by id) and the `cases`, where these are given."""
    source = read(path, LARGEST_COHORT)
    return Loaded(None, (source,)) if isinstance(source, Problem) else cohort_from(source, people, cases)


def cohort_from(
    source: Source, people: Mapping[str, str] | None = None, cases: Collection[str] | None = None
) -> Loaded[Cohort]:
    """Load a cohort from text that has been read already."""
    return built(source, lambda fields, root: _Reader(fields, people, cases).cohort(root))


@dataclass
class _Reader:
    """Reads one cohort file."""

    fields: Fields
    known_people: Mapping[str, str] | None
    known_cases: Collection[str] | None

    def cohort(self, root: Node) -> Cohort | None:
        fields = self.fields
        top = fields.known(root, "a cohort", COHORT_KEYS, COHORT_NEEDS)
        name = fields.scalar(top["cohort"], "the cohort's id") if "cohort" in top else None
        if name is not None and not fields.good_id(top["cohort"], name):
            name = None
        begins = self._date(top.get("begins"), "`begins:`")
        people = self._people(top.get("people"))
        assigned = self._assigned(top.get("assigned"), people, begins)
        title = fields.line(top.get("title"), "the title")
        return None if name is None else Cohort(name, title, people, assigned, begins)

    def _people(self, node: Node | None) -> tuple[str, ...]:
        named = self._names(node, "`people:`", MOST_PEOPLE)
        for each, name in named:
            if self.known_people is None:
                self.fields.good_id(each, name)
            elif name not in self.known_people:
                self._nobody(each, name, self.known_people)
        # Who is nobody is told once; that a case is assigned to them is no second mistake.
        return tuple(name for _, name in named)

    def _nobody(self, node: Node, name: str, known: Mapping[str, str]) -> None:
        """Say that an id is nobody's; whoever wrote a name is told the id."""
        called = [each for each, known_name in known.items() if known_name.casefold() == name.casefold()]
        if called:
            hint = f"people are named by their ids here; that of {shorten(name)} is " + in_words(
                [f"`{each}`" for each in called[:5]]
            )
            self.fields.report("not-in-people", node, f"`{shorten(name)}` is no id of people.yaml", hint)
        else:
            self._unknown("not-in-people", node, "person in people.yaml with the id", name, known)

    def _names(self, node: Node | None, what: str, most: int) -> list[tuple[Node, str]]:
        """Return the ids in a list with their nodes, each once."""
        nodes = self._few(self.fields.each(node, what), what, most)
        found: dict[str, Node] = {}
        for each in nodes:
            name = self.fields.scalar(each, f"an id in {what}")
            if name is None:
                continue
            if name in found:
                first = found[name].start_mark.line + 1
                self.fields.report(
                    "named-twice",
                    each,
                    f"`{shorten(name)}` stands in {what} twice",
                    f"first at line {first}; take one of them out",
                    Severity.WARNING,
                )
            else:
                found[name] = each
        return [(each, name) for name, each in found.items()]

    def _few(self, nodes: list[Node], what: str, most: int) -> list[Node]:
        if len(nodes) > most:
            message = f"{what} has {len(nodes)} entries, and {most} is the most that one cohort can have"
            self.fields.report("too-many-in-cohort", nodes[most], message, "make two cohorts of it")
        return nodes[:most]

    def _assigned(self, node: Node | None, people: tuple[str, ...], begins: date | None) -> tuple[Assignment, ...]:
        found = []
        taken: dict[str, list[tuple[Assignment, frozenset[str], int]]] = {}
        for each in self._few(self.fields.each(node, "`assigned:`"), "`assigned:`", MOST_ASSIGNED):
            entries = self.fields.known(each, "an assignment", ASSIGNMENT_KEYS, ASSIGNMENT_NEEDS)
            assignment = self._assignment(entries, people, begins)
            if assignment is None:
                continue
            found.append(assignment)
            self._must_be_once(entries["case"], assignment, taken.setdefault(assignment.case, []))
        return tuple(found)

    def _assignment(
        self, entries: Mapping[str, Node], people: tuple[str, ...], begins: date | None
    ) -> Assignment | None:
        fields = self.fields
        case = self._case(entries.get("case"))
        due = self._date(entries.get("due"), "`due:`")
        if due is not None and begins is not None and due < begins:
            message = f"this is due on {due}, before the cohort begins on {begins}"
            fields.report("due-before-begins", entries["due"], message, "correct one of the two days")
        some = self._some(entries["for"], people) if "for" in entries else people
        feedback = fields.word(entries.get("feedback"), "`feedback:`", {each: each for each in FEEDBACK}, "")
        asks: Mapping[str, bool | None] = {"yes": True, "no": False}
        confidence = fields.word(entries.get("confidence"), "`confidence:`", asks, None)
        return None if case is None or due is None else Assignment(case, due, some, feedback, confidence)

    def _case(self, node: Node | None) -> str | None:
        name = self.fields.scalar(node, "`case:`") if node is not None else None
        if node is None or name is None:
            return None
        if self.known_cases is None:
            return name if self.fields.good_id(node, name) else None
        if name not in self.known_cases:
            self._unknown("not-in-library", node, "case in the library with the id", name, self.known_cases)
            return None
        return name

    def _some(self, node: Node, people: tuple[str, ...]) -> tuple[str, ...]:
        found, known = [], frozenset(people)
        for each, name in self._names(node, "`for:`", MOST_PEOPLE):
            if name in known:
                found.append(name)
            else:
                self._unknown("not-in-cohort", each, "person under the cohort's `people:` with the id", name, people)
        return tuple(found)

    def _unknown(self, code: str, node: Node, what: str, name: str, known: Collection[str]) -> None:
        """Report an id that is nobody's. Comparing takes time, and a file may be made of nothing but such ids."""
        count = len(self.fields.problems)
        if count <= MOST_PROBLEMS:
            self.fields.unknown(code, node, what, name, known if count < MOST_SUGGESTED else ())

    def _date(self, node: Node | None, what: str) -> date | None:
        if node is None or (value := self.fields.scalar(node, what)) is None:
            return None
        found = _DATE.match(value)
        try:
            if found:
                return date(int(found[1]), int(found[2]), int(found[3]))
        except ValueError:
            # There is no such day.
            found = None
        message = f"{what} must be a day that there is, such as 2027-03-31, not `{shorten(value)}`"
        self.fields.report("bad-date", node, message, "year, month and day, with hyphens between them")
        return None

    def _must_be_once(
        self, node: Node, assignment: Assignment, taken: list[tuple[Assignment, frozenset[str], int]]
    ) -> None:
        """Report a case that somebody is to play twice: which of the days would count?"""
        people = frozenset(assignment.people)
        for _, others, line in taken:
            if both := people & others:
                # In the order of the file, so that the message is the same every time.
                names = [each for each in assignment.people if each in both]
                who = f"`{names[0]}`" if len(names) == 1 else f"`{names[0]}` and {len(names) - 1} more"
                message = f"`{assignment.case}` is assigned to {who} already"
                self.fields.report(
                    "assigned-twice", node, message, f"first at line {line}; say with `for:` who is to play it when"
                )
                return
        taken.append((assignment, people, node.start_mark.line + 1))
