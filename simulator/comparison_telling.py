"""Attempts side by side as text, and as JSON for tools; the first functions are words that app and page use as well."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from string import ascii_uppercase

from scoring.rubric import DIMENSIONS, Rubric
from simulator.archive import Logged
from simulator.comparison import Comparison, Row, around
from simulator.hindsight import Hindsight, NotProven, Regret
from simulator.hindsight_telling import WHAT_PERCENT_MEANS, label_line, not_proven_line, result
from simulator.listing import again, as_json, state
from simulator.report import WIDTH, when, wrap
from simulator.transcript import Moment
from simulator.wording import ASSERTED, DISCLAIMER, LEVEL_SIGNS, again_from, counted, profile_line, taken_over_line

NARROWEST = 34
"""Columns that one of several attempts needs; with fewer they stand one below the other."""
CUE = 160
"""Characters of what a decision was an answer to."""


def letter(number: int) -> str:
    """Return the letter of an attempt that is compared: A, B …."""
    return ascii_uppercase[number]


def side_line(number: int, logged: Logged) -> str:
    """Name an attempt that is compared: its letter, when it was played, how it ended."""
    ending = "ending: " if logged.over and not logged.trouble else ""
    tried = f"{again(logged)}, " if logged.again else ""
    return f"{letter(number)}  {when(logged.recorded.started)}, {tried}{ending}{state(logged)}"


def comparison_notes(comparison: Comparison) -> list[str]:
    """Return what to know before one compares: versions, rubrics, what is not all there."""
    notes = []
    if comparison.edited:
        versions = list(dict.fromkeys(each.scenario.version for each in comparison.attempts))
        called = " and ".join(versions) if len(versions) > 1 else f"all called {versions[0]}"
        notes.append(
            f"The case was edited between these attempts (versions: {called}). They are set side by side by the ids of "
            "scenes and responses; words and marks are those of each one's own version."
        )
    if comparison.rubric_changed:
        notes.append("These attempts were marked by different versions of the rubric.")
    letters = {logged.id: letter(number) for number, logged in enumerate(comparison.attempts)}
    for number, logged in enumerate(comparison.attempts):
        if logged.again is not None:
            whence = letters.get(logged.again.session, logged.again.session)
            taken = taken_over_line(logged.again.taken_over)
            told = again_from(logged.again.decision, whence)
            notes.append(f"{letter(number)} was begun {told}, and is no attempt at the whole case. {taken}".rstrip())
        if logged.trouble:
            notes.append(f"{letter(number)} is damaged, and compared as far as it holds. {logged.trouble}")
        elif not logged.over:
            notes.append(f"{letter(number)} is unfinished, and compared as far as it goes.")
    return notes


def results_of(comparison: Comparison, number: int) -> dict[str, str]:
    """Return what an attempt came to on each dimension: `81`, `critical`, `not assessed`, `not proven` …

    Empty where nobody asked.
    """
    back = comparison.backs[number]
    if back is None:
        return {}
    if isinstance(back, NotProven):
        profiles = comparison.attempts[number].scorecard.profiles
        return {name: "critical" if profile.critical else "not proven" for name, profile in profiles.items()}
    return {name: result(course) for name, course in back.courses.items()}


def results_line(comparison: Comparison, number: int) -> str:
    """Sum up what an attempt was worth: `rapport 81, organization 55, ethics critical`; empty where nobody asked."""
    return ", ".join(f"{name} {told}" for name, told in results_of(comparison, number).items())


def results_notes(comparison: Comparison) -> list[str]:
    """Return what to know about results: what they mean, against what each is measured, what is not proven and why."""
    notes = []
    if any(isinstance(back, Hindsight) for back in comparison.backs):
        notes.append(WHAT_PERCENT_MEANS)
        if comparison.edited or comparison.rubric_changed:
            notes.append("Each attempt is measured against the versions that it was played with.")
    why: dict[str, list[str]] = {}
    for number, back in enumerate(comparison.backs):
        if isinstance(back, NotProven):
            why.setdefault(not_proven_line(back), []).append(letter(number))
    return notes + [f"{' and '.join(letters)}: {line}" for line, letters in why.items()]


def same_label(regrets: Sequence[Regret | None]) -> str:
    """Label what everybody decided: `kept`, or `A kept, B slip` where it did not cost them the same.

    What was open, and so what a decision cost, depends on what came before it.
    """
    labels = [each.label if each else "" for each in regrets]
    if len(set(labels)) == 1:
        return labels[0]
    return ", ".join(f"{letter(number)} {label or 'without a label'}" for number, label in enumerate(labels))


def everybody(comparison: Comparison) -> str:
    """Say who it is that goes the same way."""
    return "both" if len(comparison.attempts) == 2 else "all"


def together_line(comparison: Comparison, rows: Sequence[Row], *, again: bool) -> str:
    """Say that everybody decided the same for some rows."""
    met = "They meet again. " if again else ""
    return f"{met}{numbers(rows)}: the same in {everybody(comparison)}."


def numbers(rows: Sequence[Row]) -> str:
    """Say which decisions some rows are: `Decision 4`, `Decisions 1 to 3`, `Decisions 4 to 6 (A), 5 to 7 (B)`."""
    ranges = [
        _range([each.number for row in rows if (each := row.sides[side]) is not None])
        for side in range(len(rows[0].sides))
    ]
    noun = "Decision" if len(rows) == 1 else "Decisions"
    if len(set(ranges)) == 1:
        return f"{noun} {ranges[0]}"
    return f"{noun} " + ", ".join(f"{each} ({letter(number)})" for number, each in enumerate(ranges))


def _range(found: Sequence[int]) -> str:
    return f"{found[0]}" if len(found) == 1 else f"{found[0]} to {found[-1]}"


def cues(rows: Sequence[Row]) -> list[str]:
    """Return, for each row, in a line or two, what was decided about; empty where that is as in the row before."""
    told = [textwrap.shorten(around(row.one), CUE, placeholder=" …") for row in rows]
    return [text if number == 0 or text != told[number - 1] else "" for number, text in enumerate(told)]


def decision_lines(moment: Moment, rubric: Rubric, regret: Regret | None = None) -> list[str]:
    """Return what was decided, what that cost where it is known, what was written, and how it was marked."""
    lines = [moment.what]
    if regret is not None and (label := label_line(regret)):
        lines.append(label)
    if moment.written is not None:
        lines.append(moment.written or "(nothing)")
    lines += [
        f"{LEVEL_SIGNS[mark.level]:<2} {rubric.indicators[mark.indicator].title}: {mark.level}"
        for award in moment.awards
        for mark in award.marks
    ]
    return lines + [f"! Critical: {critical.title}" for critical in moment.criticals]


def reasons(moment: Moment) -> list[str]:
    """Return why a decision is marked so."""
    return [award.why for award in moment.awards if award.why]


def comparison_text(comparison: Comparison, name: str, width: int = WIDTH) -> str:
    """Set attempts side by side; where there is no room for that, below each other."""
    attempts = comparison.attempts
    noun = "session" if any(each.again for each in attempts) else "attempt"
    parts = [wrap(f"{attempts[0].scenario.title}: {counted(len(attempts), noun)} by {name}", width)]
    for number, logged in enumerate(attempts):
        parts.append(wrap(f"{side_line(number, logged)} ({logged.id})", width, "  ", hanging=3))
        for raised in logged.scorecard.criticals:
            title = logged.scenario.criticals[raised.critical].title
            parts.append(wrap(f"CRITICAL: {title}, decision {raised.number}", width, "     "))
        if told := results_line(comparison, number):
            parts.append(wrap(told, width, "     "))
    parts += [wrap(note, width) for note in (*results_notes(comparison), *comparison_notes(comparison))]
    parted = False
    for stretch in comparison.stretches:
        if stretch.same:
            parts += ["", wrap(together_line(comparison, stretch.rows, again=parted), width)]
            parts += [
                wrap(f"= {row.one.what}{f' ({label})' if label else ''}", width, "  ", hanging=2)
                for row in stretch.rows
                for label in (same_label(comparison.regrets(row)),)
            ]
        else:
            parts += ["", "Here they part." if not parted else "They part again."]
            parted = True
            for row, answered in zip(stretch.rows, cues(stretch.rows), strict=True):
                parts += [wrap(answered, width, "  ")] if answered else []
                parts += [*_cells(_told(row, comparison), width), ""]
            parts.pop()
    if not parted:
        parts += ["", "They never part."]
    parts += ["", "RESULTS", *_results(comparison, width)]
    parts += ["", wrap(f"{DISCLAIMER} {ASSERTED}", width)]
    return "\n".join(parts)


def _told(row: Row, comparison: Comparison) -> list[tuple[str, list[str]]]:
    """Return what stands in each cell of a row, its label and its lines; nothing where an attempt has no decision."""
    return [
        (f"{letter(number)}{side.number}", [*decision_lines(side, logged.rubric, regret), *reasons(side)])
        for number, (side, logged, regret) in enumerate(
            zip(row.sides, comparison.attempts, comparison.regrets(row), strict=True)
        )
        if side is not None
    ]


def _results(comparison: Comparison, width: int) -> Iterator[str]:
    cards = [logged.scorecard for logged in comparison.attempts]
    for dimension in cards[0].profiles:
        yield f"  {dimension}"
        for number, card in enumerate(cards):
            yield wrap(f"{letter(number)}  {profile_line(card.profiles[dimension])}", width, "    ", hanging=3)


def _cells(cells: Sequence[tuple[str, list[str]]], width: int) -> Iterator[str]:
    """Lay out cells beside each other, or below each other where they would be too narrow."""
    room = (width - 2) // len(cells) - 2
    margin = max(len(label) for label, _ in cells) + 1
    beside = room >= NARROWEST
    columns = [_cell(label, lines, room if beside else width - 2, margin) for label, lines in cells]
    if beside:
        for line in zip_longest(*columns, fillvalue=""):
            yield "  " + "  ".join(each.ljust(room) for each in line).rstrip()
    else:
        for column in columns:
            yield from (f"  {line}".rstrip() for line in column)


def _cell(label: str, lines: Sequence[str], room: int, margin: int) -> list[str]:
    wrapped = "\n".join(wrap(line, room - margin) for line in lines).split("\n")
    return [f"{label if number == 0 else '':<{margin}}{line}" for number, line in enumerate(wrapped)]


def comparison_json(comparison: Comparison) -> dict[str, object]:
    """Return attempts side by side as tools read them; the keys are stable.

    Each of `attempts` is as `caseload sessions --format json` has it, and with it: `proven`, whether its case was
    explored to the last state, null where nobody asked; `results`, null unless it is proven, or by dimension the
    `result` (0 for the worst and 100 for the best that the version played made possible; null where it is critical,
    not assessed or not at an end), `assessed`, `critical`, and the `line` that says so in words. Each decision has
    `label` (kept, good, slip, mistake or serious; empty where there was nothing to decide or nothing is known),
    `regret` (points by dimension) and `cost` (the largest of these, less what no way on was spared), both null where
    that is not known, `hard_call` (whether no way on was free) and `sealed` (the criticals that could be avoided
    before it, and not after it).
    """
    return {
        "scenario": comparison.attempts[0].scenario.id,
        "person": comparison.attempts[0].person,
        "edited": comparison.edited,
        "rubric_changed": comparison.rubric_changed,
        "attempts": [
            {**as_json(logged), **_worth_json(back)}
            for logged, back in zip(comparison.attempts, comparison.backs, strict=True)
        ],
        "rows": [
            {
                "same": row.same,
                "sides": [
                    None if side is None else _side_json(side, regret)
                    for side, regret in zip(row.sides, comparison.regrets(row), strict=True)
                ],
            }
            for row in comparison.rows
        ],
    }


def _worth_json(back: Hindsight | NotProven | None) -> dict[str, object]:
    if not isinstance(back, Hindsight):
        return {"proven": None if back is None else False, "results": None}
    return {
        "proven": True,
        "results": {
            name: {
                "result": course.percent if course.assessed else None,
                "assessed": course.assessed,
                "critical": course.critical is not None,
                "line": result(course),
            }
            for name, course in back.courses.items()
        },
    }


def _side_json(side: Moment, regret: Regret | None) -> dict[str, object]:
    return {
        "decision": side.number,
        "scene": side.event.scene,
        "kind": type(side.event).__name__.lower(),
        "what": side.what,
        "written": side.written,
        "marks": [
            {"indicator": mark.indicator, "level": mark.level.value, "why": award.why}
            for award in side.awards
            for mark in award.marks
        ],
        "criticals": [critical.id for critical in side.criticals],
        "label": regret.label if regret else "",
        "regret": dict(zip(DIMENSIONS, regret.points, strict=True)) if regret and regret.points else None,
        "cost": regret.cost if regret else None,
        "hard_call": bool(regret and regret.hard),
        "sealed": list(regret.sealed) if regret else [],
    }
