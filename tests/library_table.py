"""Write what the library practises into scenarios/README.md: `python -m tests.library_table`.

Two tables for whoever puts a course together, or thinks about which case to write next. Where each topic of the texts
is practised from which the library was made is data, written by hand in `topics.yaml` beside this file; that the cases
and scenes named there exist is looked up. How often each indicator is marked at which level is counted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from scoring.rubric import Level, Rubric
from simulator.learning_path import load as load_path
from simulator.library import built_in, cases, rubric_at
from simulator.library_telling import shelves
from simulator.problem import Severity
from simulator.scenario import Scenario
from simulator.teaching.marked import marked

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "scenarios" / "README.md"
TOPICS = Path(__file__).parent / "topics.yaml"
OPEN = "**open**"
"""What stands beside a topic that nothing practises yet."""

HEAD = """\
<!-- `python -m tests.library_table` writes this page, of the cases and of tests/topics.yaml. -->

# What the library practises

The cases that come with Caseload, what each is for, where each topic of the trade is practised, and what trainees are
marked on. [AUTHORING.md](AUTHORING.md) says how cases are written; [path.yaml](path.yaml) is the order in which
somebody new meets them; [shared](shared) has the pieces that several cases use.
"""
ON_TOPICS = """\
## Where each topic is practised

The library was made from five texts by people who do this work. What they name stands here in our own words, with the
scenes in which a trainee has to do it, and with what practises it in every case. What is open waits for a case.
"""
ON_INDICATORS = """\
## What is marked

Every indicator of [the rubric](../scoring/rubric.yaml), the places that mark it at each level, and the things to write
that a supervisor may rate on it. Beside each case stand its own counts in the same order: harmful, poor, acceptable,
best, to write. Counted are places in the file; how often somebody comes to them is what `caseload play --random` tells.
"""


@dataclass(frozen=True, slots=True)
class Topic:
    """Something that the texts name, and where it is practised."""

    id: str
    title: str
    practised: Mapping[str, Sequence[str]]
    """Scenes by case."""
    mechanics: Sequence[str]

    @property
    def open(self) -> bool:
        """Whether nothing practises it yet."""
        return not (self.practised or self.mechanics)


@dataclass(frozen=True, slots=True)
class Mechanic:
    """Something of the program that practises a topic whatever the case, and where it is described."""

    title: str
    at: str


@dataclass(frozen=True, slots=True)
class Topics:
    """All that is written by hand."""

    mechanics: Mapping[str, Mechanic]
    seeds: Mapping[str, Sequence[Topic]]
    """By the text that names them."""

    @property
    def all(self) -> list[Topic]:
        """Every topic, text after text."""
        return [topic for topics in self.seeds.values() for topic in topics]


class NotReady(Exception):
    """The page cannot be written as things are; the text says why."""


def topics_of(text: str) -> Topics:
    """Read what is written by hand; raises KeyError or TypeError where it is not as its head says."""
    found = yaml.safe_load(text)
    return Topics(
        {name: Mechanic(**each) for name, each in found["mechanics"].items()},
        {
            seed["title"]: [Topic(id=name, **{"mechanics": (), **each}) for name, each in seed["topics"].items()]
            for seed in found["seeds"]
        },
    )


def library() -> list[Scenario]:
    """Return the cases that come with Caseload, along the path.

    Raises:
        NotReady: one of them has errors, so what it practises cannot be known.
    """
    known, problems = cases((built_in(),), rubric())
    if errors := [problem for problem in problems if problem.severity is Severity.ERROR]:
        raise NotReady("\n".join(f"{problem}" for problem in errors[:5]))
    path, _ = load_path((built_in(),))
    return [case.scenario for shelf in shelves(known, path) for case in shelf.cases]


def rubric() -> Rubric:
    """Return Caseload's own rubric."""
    found = rubric_at().value
    assert found is not None
    return found


def nowhere(topics: Topics, scenarios: Sequence[Scenario]) -> list[str]:
    """Say what the topics name and nothing has: cases, scenes, mechanics."""
    known = {scenario.id: scenario for scenario in scenarios}
    missing = []
    for topic in topics.all:
        wrong = [each for each in topic.mechanics if each not in topics.mechanics]
        missing += [f"{topic.id}: there is no mechanic `{each}`" for each in wrong]
        for case, scenes in topic.practised.items():
            if case not in known:
                missing.append(f"{topic.id}: there is no case `{case}`")
                continue
            missing += [
                f"{topic.id}: `{case}` has no scene `{scene}`" for scene in scenes if scene not in known[case].scenes
            ]
            missing += [f"{topic.id}: no scene of `{case}` is named"] if not scenes else []
    return missing


def page(topics: Topics, scenarios: Sequence[Scenario], by: Rubric) -> str:
    """Return the whole page."""
    parts = [
        HEAD,
        *_cases(scenarios),
        ON_TOPICS,
        *_topics(topics, scenarios),
        ON_INDICATORS,
        *_indicators(scenarios, by),
    ]
    return "\n".join(parts).rstrip("\n") + "\n"


def _cases(scenarios: Sequence[Scenario]) -> Iterator[str]:
    path, _ = load_path((built_in(),))
    yield "## The cases\n"
    yield "| case | for | minutes | what it practises |\n|---|---|---|---|"
    for scenario in scenarios:
        stage = scenario.stage.replace("-", " ")
        yield f"| {_link(scenario)} | {stage} | {scenario.duration or ''} | {_cell(path.practises(scenario.id))} |"
    yield ""


def _topics(topics: Topics, scenarios: Sequence[Scenario]) -> Iterator[str]:
    known = {scenario.id: scenario for scenario in scenarios}
    waiting = [topic for topic in topics.all if topic.open]
    yield f"{len(topics.all)} topics, {len(waiting)} of them open.\n"
    for seed, named in topics.seeds.items():
        yield f"### {seed}\n"
        yield "| topic | practised in |\n|---|---|"
        for topic in named:
            where = [
                f"{_link(known[case])}: {', '.join(f'`{scene}`' for scene in scenes)}"
                for case, scenes in topic.practised.items()
                if case in known
            ]
            where += [f"[{topics.mechanics[each].title}]({topics.mechanics[each].at})" for each in topic.mechanics]
            yield f"| {_cell(topic.title)} | {'<br>'.join(where) or OPEN} |"
        yield ""


def _indicators(scenarios: Sequence[Scenario], by: Rubric) -> Iterator[str]:
    heads = [level.value for level in Level]
    yield f"| indicator | {' | '.join(heads)} | to write | cases |\n|---|{'---|' * len(heads)}---|---|"
    counts = {scenario.id: {each.indicator: each for each in marked(scenario, by)} for scenario in scenarios}
    for indicator in by.indicators:
        found = {scenario.id: counts[scenario.id][indicator] for scenario in scenarios}
        levels = [sum(each.levels[number] for each in found.values()) for number in range(len(Level))]
        written = sum(each.written for each in found.values())
        places = [
            f"[{case}]({case}.yaml) {'·'.join(map(str, (*each.levels, each.written)))}"
            for case, each in found.items()
            if each.counts
        ]
        told = " | ".join(str(each or "") for each in (*levels, written))
        yield f"| `{indicator}` | {told} | {'<br>'.join(places) or OPEN} |"
    yield ""


def _link(scenario: Scenario) -> str:
    return f"[{_cell(scenario.title)}]({scenario.id}.yaml)"


def _cell(text: str) -> str:
    """Return text as it can stand in a table."""
    return " ".join(text.split()).replace("|", "\\|")


def written() -> str:
    """Return the page as it should be now.

    Raises:
        NotReady: a case has errors, or the topics name what nothing has.
    """
    topics, scenarios = topics_of(TOPICS.read_text(encoding="utf-8")), library()
    if missing := nowhere(topics, scenarios):
        raise NotReady("\n".join([f"{TOPICS.name} names what is not there:", *missing]))
    return page(topics, scenarios, rubric())


if __name__ == "__main__":
    try:
        PAGE.write_text(written(), encoding="utf-8", newline="\n")
    except NotReady as error:
        raise SystemExit(f"{PAGE.name} was left as it is.\n{error}") from error
