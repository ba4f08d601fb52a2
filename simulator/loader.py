"""From files to a Scenario, a Rubric or people: either the thing itself, or every Problem at once.

Nothing here raises for what is in a file. A scenario comes out only if there is no error in it, so what
plays it never meets a name that nothing has, or a scene that leads nowhere.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Generic, TypeVar

import yaml

from scoring.rubric import DIMENSIONS, Dimension, Indicator, Labels, Level, Rubric
from simulator.builder import Builder, look_at_shared
from simulator.bundle import all_names, bundle, find, unbundle
from simulator.fields import Fields
from simulator.names import children
from simulator.problem import Problem, in_order, stops
from simulator.scenario import DIRECTORY, Scenario
from simulator.source import LARGEST, MOST_EVENTS, Mark, Source, compose, from_text, read

T = TypeVar("T")

MOST_POINTS = 1000
MOST_PROBLEMS = 500
"""Problems of one file that are shown; nobody mends more at a time."""


@dataclass(frozen=True, slots=True)
class Loaded(Generic[T]):
    """What a file holds, and what is wrong with it."""

    value: T | None
    """None if an error kept it from being made."""
    problems: tuple[Problem, ...]
    """From the top of the file down."""
    source: Source | None = None
    """What was read; None if not even that was possible."""
    places: Mapping[str, tuple[Source, Mark]] = field(default_factory=dict)
    """Where each scene and ending of a scenario stands, for whoever has more to say about it."""


@contextmanager
def _uncollected() -> Iterator[None]:
    """Keep the garbage collector out: what is built has no cycles, and looking for them would take as long again."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def load_scenario(path: Path, rubric: Rubric, limit: int = LARGEST) -> Loaded[Scenario]:
    """Load a scenario from a file of at most `limit` bytes."""
    source = read(path, limit)
    return Loaded(None, (source,)) if isinstance(source, Problem) else scenario_from(source, rubric, limit)


def scenario_from(source: Source, rubric: Rubric, limit: int = LARGEST) -> Loaded[Scenario]:
    """Load a scenario from text that has been read already, with `limit` as it was for its size.

    Shared pieces come from where they were kept with it, else from the files beside it. The source that is
    returned is what a journal is to name: the case together with the shared files that it names.
    """
    places: dict[str, tuple[Source, Mark]] = {}
    case, kept = unbundle(source)
    named: dict[str, Source] = {}

    def find_shared(name: str) -> tuple[Source, yaml.Node | None] | None:
        found = kept.get(name) if kept else find(case, name)
        if found is None:
            return None
        if isinstance(found, Problem):
            return from_text("", found.place.file), None
        named[name] = found
        return found, compose(found)[0]

    def elsewhere(section: str, name: str) -> str:
        """Return a shared file that has a piece and that the case does not name; for a hint, so none is told of."""
        for file in () if kept else all_names(case):
            found = find(case, file) if file not in named else None
            root = compose(found)[0] if isinstance(found, Source) else None
            pieces = dict(children(root)).get(section)
            within = dict(children(pieces)).get("entries") if section == DIRECTORY else pieces
            if name in dict(children(within)):
                return file
        return ""

    def build(fields: Fields, root: yaml.Node) -> Scenario | None:
        builder = Builder(fields, rubric, find_shared, elsewhere)
        scenario = builder.scenario(root)
        places.update(builder.places())
        return scenario

    loaded = built(case, build, limit)
    whole = source if kept else bundle(case, named)
    value = loaded.value if loaded.value is None else replace(loaded.value, hash=whole.hash)
    return replace(loaded, value=value, source=whole, places=places)


def check_shared(source: Source, rubric: Rubric) -> tuple[Problem, ...]:
    """Return what is wrong with a file of shared pieces."""

    def build(fields: Fields, root: yaml.Node) -> None:
        look_at_shared(fields, root, rubric)

    return built(source, build).problems


def load_rubric(path: Path) -> Loaded[Rubric]:
    """Load a rubric from a file."""
    source = read(path, LARGEST)
    return Loaded(None, (source,)) if isinstance(source, Problem) else rubric_from(source)


def rubric_from(source: Source) -> Loaded[Rubric]:
    """Load a rubric from text that has been read already."""
    return built(source, _rubric)


@_uncollected()
def built(source: Source, build: Callable[[Fields, yaml.Node], T | None], limit: int = LARGEST) -> Loaded[T]:
    """Build something from text that has been read already, with `limit` as it was for its size."""
    # Whoever allows a larger file allows as much more in it.
    root, problems = compose(source, MOST_EVENTS * max(1, limit // LARGEST))
    if root is None:
        return Loaded(None, tuple(in_order(problems)), source)
    fields = Fields(source, list(problems))
    value = build(fields, root)
    found = in_order(fields.problems)
    if len(found) > MOST_PROBLEMS:
        left = len(found) - MOST_PROBLEMS
        more = source.problem(
            "more-problems", f"{left} more problems were found below", found[MOST_PROBLEMS].place.line - 1, 0
        )
        found = [*found[:MOST_PROBLEMS], more]
    return Loaded(None if stops(found) else value, tuple(found), source)


def _rubric(fields: Fields, root: yaml.Node) -> Rubric | None:
    keys = ("rubric", "title", "version", "levels", "labels", "dimensions")
    top = fields.known(root, "a rubric", keys, keys)
    dimensions = {}
    for name, (key, node) in fields.ids(top.get("dimensions"), "dimensions").items():
        if name not in DIMENSIONS:
            fields.unknown("undefined-dimension", key, "dimension", name, DIMENSIONS)
            continue
        dimensions[name] = _dimension(fields, name, node)
    if "dimensions" in top:
        for name in DIMENSIONS:
            if name not in dimensions:
                fields.report("missing-key", top["dimensions"], f"a rubric needs the dimension `{name}`")
    points = _points(fields, top.get("levels"))
    labels = _labels(fields, top.get("labels"))
    if labels is None or len(dimensions) < len(DIMENSIONS):
        return None
    return Rubric(
        id=fields.line(top.get("rubric"), "the rubric's id"),
        title=fields.line(top.get("title"), "the title"),
        version=fields.line(top.get("version"), "the version"),
        points=points,
        labels=labels,
        dimensions={name: dimensions[name] for name in DIMENSIONS},
        indicators={each.id: each for name in DIMENSIONS for each in dimensions[name].indicators},
        hash=fields.source.hash,
    )


def _dimension(fields: Fields, name: str, node: yaml.Node) -> Dimension:
    keys = ("title", "about", "indicators")
    entries = fields.known(node, f"dimension `{name}`", keys, ("title", "indicators"))
    indicators = tuple(
        _indicator(fields, f"{name}.{each}", value)
        for each, (_, value) in fields.ids(entries.get("indicators"), "indicators").items()
    )
    return Dimension(
        name,
        fields.line(entries.get("title"), "the title"),
        fields.prose(entries.get("about"), "`about:`"),
        indicators,
    )


def _indicator(fields: Fields, name: str, node: yaml.Node) -> Indicator:
    levels = tuple(level.value for level in Level)
    entries = fields.known(
        node, f"indicator `{name}`", ("title", "about", "standard", *levels), ("title", "standard", *levels)
    )
    return Indicator(
        name,
        fields.line(entries.get("title"), "the title"),
        fields.prose(entries.get("about"), "`about:`"),
        fields.line(entries.get("standard"), "the standard"),
        {level: fields.prose(entries.get(level.value), f"the anchor `{level}`") for level in Level},
    )


def _points(fields: Fields, node: yaml.Node | None) -> dict[Level, int]:
    names = tuple(level.value for level in Level)
    entries = fields.known(node, "`levels:`", names, names) if node is not None else {}
    points = {
        level: fields.number(entries.get(level.value), f"`{level}`", -MOST_POINTS, MOST_POINTS) for level in Level
    }
    if node is not None and len(entries) == len(names) and list(points.values()) != sorted(set(points.values())):
        fields.report("out-of-range", node, "points must rise from harmful over poor and acceptable to best")
    return points


def _labels(fields: Fields, node: yaml.Node | None) -> Labels | None:
    names = ("good", "slip", "mistake")
    if node is None:
        return None
    entries = fields.known(node, "`labels:`", names, names)
    good, slip, mistake = (fields.number(entries.get(name), f"`{name}`", 0, MOST_POINTS) for name in names)
    if len(entries) == len(names) and not good < slip < mistake:
        fields.report("out-of-range", node, "labels must rise from good over slip to mistake")
    return Labels(good, slip, mistake)
