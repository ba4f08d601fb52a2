"""What random plays of a case showed, as text for its author and as JSON for tools."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from textwrap import shorten

from scoring.rubric import DIMENSIONS
from simulator.coverage import Coverage, Halt, Seen, middle
from simulator.random_plays import MOST, End, Wording
from simulator.report import wrap
from simulator.wording import counted, said

NARROWEST, WIDEST = 60, 110
"""Columns of text: with fewer, long lines run over; with more, rows are hard to follow."""
ROWS = 12
"""The most rows of a histogram of points."""
BAR = 18
"""Columns of the longest bar."""
SHOWN = 12
"""The most wordings that are listed as never shown."""
NUMBER = 9
"""Columns of a number."""
FEW = 24
"""The fewest columns in which the beginning of a text says something."""


@dataclass(frozen=True, slots=True)
class Paper:
    """What is written on: how wide it is, and whether it can show blocks."""

    width: int = 80
    blocks: bool = True

    def bar(self, number: int, most: int) -> str:
        """Draw a number beside the largest one; what is not nothing is seen."""
        halves = (2 * BAR * number + most - 1) // most if most else 0
        if self.blocks:
            return "█" * (halves // 2) + "▌" * (halves % 2)
        return "#" * ((halves + 1) // 2)

    def row(self, label: str, cells: Iterable[str], bar: str = "") -> str:
        """Set a label, numbers and a bar side by side; a label too long for its columns has a line of its own."""
        numbers = "".join(f"{cell:>{NUMBER}}" for cell in cells)
        room = self.width - BAR - 2 - 2 * NUMBER
        if len(label) > room:
            label = f"{wrap(label, self.width, hanging=6)}\n{' ' * room}"
        return f"{label:<{room}}{numbers}  {bar}".rstrip()

    def wrap(self, text: str, hanging: int = 0) -> str:
        """Wrap a sentence, indented."""
        return wrap(text, self.width, "  ", hanging)


def coverage_text(coverage: Coverage, paper: Paper) -> str:
    """Tell what came up: what never did first, then everything in the author's order."""
    scenario = coverage.scenario
    title = f"{counted_in(coverage.played, 'random play')} of {scenario.title} ({scenario.id}), seed {coverage.seed}"
    parts = [wrap(title, paper.width), *_decisions(coverage, paper), *_halts(coverage, paper)]
    parts += ["", *_endings(coverage, paper), "", *_points(coverage, paper), *_criticals(coverage, paper)]
    parts += ["", *_covered(coverage, paper), *_unshown(coverage, paper)]
    for name, seen in (("RESPONSES", coverage.responses), ("OPTIONS", coverage.options)):
        parts += _choices(name, seen, paper)
    rest = (("DOCUMENTS", "read", coverage.documents), ("CONSULTING", "asked", coverage.consults))
    for name, taken, seen in rest:
        if seen:
            parts += ["", paper.row(name, ("on offer", taken))]
            parts += [paper.row(f"  {each.name or each.scene}", _cells(each), _share_bar(each, paper)) for each in seen]
    if coverage.outcomes:
        parts += ["", paper.row("OUTCOMES", ("plays", "share"))]
        for outcome in coverage.outcomes:
            label = f"  {outcome.where}, outcome {outcome.number}"
            parts.append(_counted_row(label, outcome.plays, coverage.played, coverage.played, paper))
    return "\n".join(parts)


def counted_in(number: int, noun: str) -> str:
    """Write a large number with its noun: `1,000 random plays`."""
    return counted(number, noun).replace(str(number), f"{number:,}", 1)


def share(number: int, of: int) -> str:
    """Write a share in percent; what is not nothing, or not all, does not look so."""
    if not of or number in (0, of):
        return "100%" if number else "0%"
    tenths = min(max((1000 * number + of // 2) // of, 0), 1000)
    if tenths == 0:
        return "<0.1%"
    return ">99.9%" if tenths == 1000 else f"{tenths // 10}.{tenths % 10}%"


def missing_lines(seen: Iterable[Seen]) -> Iterator[str]:
    """Name what was never taken, and whether it could have been."""
    for each in seen:
        offered = f"on offer in {counted_in(each.offered, 'play')}" if each.offered else "never on offer"
        yield f"{each.scene}/{each.name}: {offered}"


def _decisions(coverage: Coverage, paper: Paper) -> list[str]:
    lines = []
    if coverage.played < coverage.asked:
        plays = f"{coverage.played:,} of {coverage.asked:,} plays"
        lines.append(wrap(f"Stopped after {plays}; this is what they showed.", paper.width))
    numbers = coverage.decisions
    spread = f"least {min(numbers)}, median {middle(numbers)}, most {max(numbers)} in a play"
    return [*lines, wrap(f"{counted_in(coverage.total, 'decision')}: {spread}", paper.width)]


def _halts(coverage: Coverage, paper: Paper) -> Iterator[str]:
    if not coverage.halts:
        return
    yield ""
    yield "WITHOUT AN ENDING: the case needs mending here"
    for halt in coverage.halts:
        yield paper.wrap(_halt(halt), 2)
        if halt.way:
            yield paper.wrap(f"  The shortest way there: {', '.join(map(said, halt.way))}.", 4)


def _halt(halt: Halt) -> str:
    scenes = ", ".join(f"`{scene}`" for scene in halt.scenes)
    if halt.end is End.STUCK:
        what = f"stuck in {scenes}, where nothing can be decided any more"
    else:
        what = f"never ended: after {MOST:,} decisions still in {scenes}"
    seeds = ", ".join(map(str, halt.seeds))
    return f"{counted_in(halt.plays, 'play')} {what} ({'seed' if len(halt.seeds) == 1 else 'seeds'} {seeds})."


def _endings(coverage: Coverage, paper: Paper) -> Iterator[str]:
    rows = {f"{coverage.scenario.endings[name].title} ({name})": plays for name, plays in coverage.endings.items()}
    rows |= {f"[{end}]": plays for end in (End.STUCK, End.ENDLESS) if (plays := coverage.halted(end))}
    yield paper.row("ENDINGS", ("plays", "share"))
    for label, plays in rows.items():
        yield _counted_row(f"  {label}", plays, coverage.played, max(rows.values()), paper)


def _counted_row(label: str, plays: int, of: int, most: int, paper: Paper) -> str:
    return paper.row(label, (f"{plays:,}", share(plays, of)), paper.bar(plays, most))


def _points(coverage: Coverage, paper: Paper) -> Iterator[str]:
    ended = coverage.played - sum(halt.plays for halt in coverage.halts)
    yield paper.row(
        "RAW POINTS of the plays that ended" if coverage.halts else "RAW POINTS of each play", ("plays", "share")
    )
    for dimension in DIMENSIONS:
        counts = coverage.points[dimension]
        if not any(counts):
            yield f"  {dimension}: {'no play was marked on it' if counts else 'no play ended'}"
            continue
        yield f"  {dimension}: least {min(counts)}, median {middle(counts)}, most {max(counts)}"
        rows = list(_binned(counts))
        most = max(plays for _, _, plays in rows)
        for low, high, plays in rows:
            label = f"{low:>9}" if low == high else f"{low:>9} to {high:>3}"
            yield _counted_row(label, plays, ended, most, paper)


def _binned(counts: Mapping[int, int]) -> Iterator[tuple[int, int, int]]:
    """Yield least, most and plays of rows that are equally wide; their edges stay put when more is played."""
    low, high = min(counts), max(counts)
    wide = 1
    while high // wide - low // wide + 1 > ROWS:
        wide += 1
    for row in range(low // wide, high // wide + 1):
        first = row * wide
        yield first, first + wide - 1, sum(counts.get(number, 0) for number in range(first, first + wide))


def _criticals(coverage: Coverage, paper: Paper) -> Iterator[str]:
    if coverage.criticals:
        yield ""
        yield paper.row("CRITICALS", ("plays", "share"))
    for name, plays in coverage.criticals.items():
        label = f"  {coverage.scenario.criticals[name].title} ({name})"
        yield _counted_row(label, plays, coverage.played, coverage.played, paper)


def _covered(coverage: Coverage, paper: Paper) -> Iterator[str]:
    of = f"{coverage.covered} of {len(coverage.choices)} responses and options"
    yield wrap(f"COVERAGE {coverage.percent}%: {of} were taken at least once", paper.width, hanging=2)
    for line in missing_lines(coverage.missing):
        yield paper.wrap(f"never taken: {line}", 2)
    if coverage.missing:
        yield paper.wrap("What chance did not find is not proven to be impossible. Look at its `when:`, or play more.")


def _unshown(coverage: Coverage, paper: Paper) -> Iterator[str]:
    if not coverage.wordings:
        return
    missing = [wording for wording, plays in coverage.wordings if not plays]
    total = len(coverage.wordings)
    yield ""
    yield f"WORDINGS: {total - len(missing)} of {total} that are not always shown came up"
    for wording in missing[:SHOWN]:
        yield paper.wrap(_wording(wording, paper.width - 2), 2)
    if len(missing) > SHOWN:
        yield paper.wrap(f"and {len(missing) - SHOWN} more; `--format json` has all of them")


def _wording(wording: Wording, width: int) -> str:
    """Name a wording, and say how it begins, on one line if there is room for a few words."""
    where = f"never shown: {wording.where} {wording.what}".rstrip()
    name = f"{where}, {wording.number} of {wording.of}: "
    return name + shorten(wording.say, max(width - len(name), FEW), placeholder="...")


def _choices(name: str, seen: tuple[Seen, ...], paper: Paper) -> Iterator[str]:
    if not seen:
        return
    yield ""
    yield paper.row(name, ("on offer", "taken"))
    for scene, within in groupby(seen, key=lambda each: each.scene):
        yield f"  {scene}"
        for each in within:
            yield paper.row(f"    {each.name}", _cells(each), _share_bar(each, paper) or "never taken")


def _cells(seen: Seen) -> tuple[str, str]:
    return f"{seen.offered:,}", f"{seen.taken:,}"


def _share_bar(seen: Seen, paper: Paper) -> str:
    """Draw how often something was taken where it was on offer."""
    return paper.bar(seen.taken, seen.offered)


def coverage_json(coverage: Coverage) -> dict[str, object]:
    """Return what came up as tools read it; the keys are stable."""
    scenario = coverage.scenario
    return {
        "scenario": scenario.id,
        "version": scenario.version,
        "scenario_hash": scenario.hash,
        "seed": coverage.seed,
        "asked": coverage.asked,
        "plays": coverage.played,
        "decisions": {"total": coverage.total, **_spread(coverage.decisions)},
        "coverage": {"percent": coverage.percent, "taken": coverage.covered, "of": len(coverage.choices)},
        "endings": [
            {"ending": name, "title": scenario.endings[name].title, "plays": plays}
            for name, plays in coverage.endings.items()
        ],
        "halts": [
            {
                "how": "stuck" if halt.end is End.STUCK else "endless",
                "scenes": list(halt.scenes),
                "plays": halt.plays,
                "seeds": list(halt.seeds),
                "way": [said(event) for event in halt.way],
            }
            for halt in coverage.halts
        ],
        "points": {dimension: _spread(counts) for dimension, counts in coverage.points.items()},
        "criticals": [
            {"critical": name, "title": scenario.criticals[name].title, "plays": plays}
            for name, plays in coverage.criticals.items()
        ],
        "responses": [_choice("response", each) for each in coverage.responses],
        "options": [_choice("option", each) for each in coverage.options],
        "documents": [
            {"document": each.name, "on_offer": each.offered, "read": each.taken} for each in coverage.documents
        ],
        "consults": [
            {"scene": each.scene, "on_offer": each.offered, "asked": each.taken} for each in coverage.consults
        ],
        "outcomes": [{"where": each.where, "number": each.number, "plays": each.plays} for each in coverage.outcomes],
        "wordings": [
            {"where": each.where, "key": each.what, "number": each.number, "of": each.of, "plays": plays}
            for each, plays in coverage.wordings
        ],
    }


def _spread(counts: Mapping[int, int]) -> dict[str, object]:
    """Return least, median and most, and how many plays had each number; nothing counted has none of them."""
    low, half, high = (min(counts), middle(counts), max(counts)) if counts else (None, None, None)
    return {"least": low, "median": half, "most": high, "plays": {str(each): counts[each] for each in counts}}


def _choice(kind: str, seen: Seen) -> dict[str, object]:
    return {"scene": seen.scene, kind: seen.name, "on_offer": seen.offered, "taken": seen.taken}
