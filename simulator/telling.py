"""Progress and comparisons as text, and as JSON for tools."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from string import ascii_uppercase

from scoring.rubric import DIMENSIONS, Level, Rubric
from simulator.archive import Logged
from simulator.comparison import Comparison, Row, around
from simulator.hindsight import Hindsight, NotProven, Regret
from simulator.hindsight_telling import WHAT_PERCENT_MEANS, label_line, not_proven_line, result
from simulator.listing import again, as_json, state
from simulator.progress import Advice, Attempt, CaseProgress, Progress, Seen, Standing, Suggested, share, tally
from simulator.report import WIDTH, when, wrap
from simulator.transcript import Moment
from simulator.wording import ASSERTED, DISCLAIMER, LEVEL_SIGNS, again_from, counted, profile_line, taken_over_line

NARROWEST = 34
"""Columns that one of several attempts needs; with fewer they stand one below the other."""
CUE = 160
"""Characters of what a decision was an answer to."""
COUNTING = "First attempts count. Repeats are practice, and stand apart."
HOW = {Suggested.NEW: "new", Suggested.GO_ON: "go on", Suggested.AGAIN: "again"}


# -- words that the app uses as well --------------------------------------------------------------


def totals(progress: Progress) -> str:
    """Say how much there is: `2 first attempts, 1 repeat, 1 unfinished`."""
    parts = [
        counted(len(progress.first_attempts), "first attempt"),
        counted(len(progress.repeats), "repeat"),
        f"{len(progress.unfinished)} unfinished" if progress.unfinished else "",
        f"{len(progress.damaged)} damaged" if progress.damaged else "",
        f"{len(progress.again)} begun again from a decision" if progress.again else "",
    ]
    return ", ".join(part for part in parts if part)


def levels_told(seen: Iterable[Seen]) -> dict[str, str]:
    """Count levels in words for each dimension: `2 best, 1 poor`."""
    return {
        dimension: ", ".join(f"{count} {level}" for level, count in reversed(counts.items()) if count)
        for dimension, counts in tally(seen).items()
    }


def standing_line(standing: Standing) -> str:
    """Sum up an indicator: `Limits (rapport): 2 of 5 marks poor or harmful`."""
    dimension = standing.indicator.id.partition(".")[0]
    return f"{standing.indicator.title} ({dimension}): {share(standing.first)}"


def practice_line(standing: Standing) -> str:
    """Say what repeats showed on an indicator; empty if there were none."""
    return f"In repeats: {share(standing.repeats)}." if standing.repeats else ""


def seen_line(seen: Seen) -> str:
    """Say at which level something was marked, where, and what was done there."""
    place = f"{seen.mark.level}, {_where(seen.title, seen.attempt, seen.decision)}"
    if not seen.what:
        return f"{place}, before anything was decided"
    return f"{place}, after: {seen.what}" if seen.left_undone else f"{place}: {seen.what}"


def _where(title: str, attempt: int, decision: int) -> str:
    repeat = "" if attempt == 1 else f", attempt {attempt}"
    return f"{title}{repeat}, decision {decision}" if decision else f"{title}{repeat}"


def critical_lines(progress: Progress) -> list[tuple[str, str, str]]:
    """Return every critical: its title, where it was raised, and why it is one."""
    return [
        (
            each.critical.title + (f" ({each.critical.standard})" if each.critical.standard else ""),
            f"{_where(each.title, each.attempt, each.decision)}{': ' + each.what if each.what else ''}",
            each.critical.why,
        )
        for each in progress.criticals
    ]


def advice_line(advice: Advice) -> str:
    """Name the case, and in which way it is suggested: `A small case (again)`."""
    return f"{advice.scenario.title} ({HOW[advice.how]})"


def attempt_line(attempt: Attempt) -> str:
    """Sum up an attempt: which it is, when it was played, how it ended."""
    which = "first attempt" if attempt.first else f"repeat {attempt.number - 1}"
    edited = "; the case was edited before it" if attempt.edited else ""
    tried = "; something of it was tried again before it came to its end" if attempt.tried_again else ""
    return f"{which}, {when(attempt.logged.recorded.started)[:10]}: {state(attempt.logged)}{edited}{tried}"


def attempt_results(attempt: Attempt) -> list[tuple[str, str]]:
    """Return the profile of each dimension, in words."""
    return [(name, profile_line(profile)) for name, profile in attempt.card.profiles.items()]


def attempt_criticals(attempt: Attempt) -> list[str]:
    """Return the criticals of an attempt, and where they were raised."""
    return [f"Critical: {each.critical.title}, decision {each.decision}" for each in attempt.criticals]


def uncounted_lines(case: CaseProgress) -> list[str]:
    """Return the sessions of a case that do not count, and why they do not."""
    known = {each.logged.id: each.number for each in case.attempts}
    return [
        *(f"unfinished, {when(each.recorded.touched)[:10]}: does not count" for each in case.unfinished),
        *(f"damaged, {when(each.recorded.touched)[:10]}: does not count. {each.trouble}" for each in case.damaged),
        *(
            f"{again(each, known)}, {when(each.recorded.touched)[:10]}: {state(each)}; does not count"
            for each in case.again
        ),
    ]


def case_notes(case: CaseProgress) -> list[str]:
    """Return what has become of a case since."""
    notes = []
    if case.edited_since:
        notes.append("The case has been edited since the last attempt.")
    if case.current is None:
        notes.append("The library does not have this case any more.")
    return notes


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


# -- progress -------------------------------------------------------------------------------------


def progress_text(progress: Progress, name: str, width: int = WIDTH) -> str:
    """Tell somebody's progress: criticals first, then what to practise, what is weakest, every case."""
    parts = [wrap(f"PROGRESS: {name}", width), wrap(f"{totals(progress)}. {COUNTING}", width)]
    for title, where, why in critical_lines(progress):
        parts += ["", wrap(f"CRITICAL: {title}", width), wrap(where, width, "  ")]
        if why:
            parts.append(wrap(why, width, "  "))
    parts += ["", "WHAT TO PRACTISE NEXT"]
    for number, advice in enumerate(progress.advice, 1):
        parts += [
            wrap(f"{number:>2}  {advice_line(advice)}", width, hanging=4),
            wrap(advice.reason, width, "    "),
            wrap(_command(advice), width, "    "),
        ]
    if not progress.advice:
        parts.append(wrap(nothing_to_suggest(progress), width, "    "))
    parts += ["", "WEAKEST ON FIRST ATTEMPTS"]
    for standing in progress.weakest:
        parts += _standing(standing, width)
    if others := others_weak(progress):
        parts.append(wrap(others, width, "  "))
    parts += ["", "ALL MARKS", *_all_marks(progress, width)]
    for case in progress.cases:
        parts += ["", *_case(case, width)]
    parts += ["", wrap(f"{DISCLAIMER} {ASSERTED}", width)]
    return "\n".join(parts)


def nothing_to_suggest(progress: Progress) -> str:
    """Say that no case is suggested, and why not."""
    if progress.attempts:
        return "Nothing: you have played every case of the library, and no last attempt had a poor or harmful mark."
    return "Nothing: the library has no case that can be played."


def others_weak(progress: Progress) -> str:
    """Name the weak indicators besides the weakest; or say that none is weak, and on what that rests."""
    if others := progress.weak[len(progress.weakest) :]:
        names = ", ".join(f"{each.indicator.title} ({len(each.low)} of {len(each.first)})" for each in others)
        return f"Also with poor or harmful marks: {names}."
    if progress.weak:
        return ""
    if not progress.attempts:
        return "No case has been played to its end yet."
    marks = sum(len(standing.first) for standing in progress.standings)
    return f"None: {counted(marks, 'mark')} on first attempts, none of them poor or harmful."


def _command(advice: Advice) -> str:
    return f"caseload play --resume {advice.session}" if advice.session else f"caseload play {advice.scenario.id}"


def _standing(standing: Standing, width: int) -> Iterator[str]:
    yield wrap(standing_line(standing), width, "  ", hanging=2)
    for seen in standing.low:
        yield wrap(f"{LEVEL_SIGNS[seen.mark.level]:<2} {seen_line(seen)}", width, "    ", hanging=3)
        if seen.why:
            yield wrap(seen.why, width, "       ")
    if told := practice_line(standing):
        yield wrap(told, width, "    ")


def _all_marks(progress: Progress, width: int) -> Iterator[str]:
    first = levels_told(seen for attempt in progress.first_attempts for seen in attempt.seen)
    repeats = levels_told(seen for attempt in progress.repeats for seen in attempt.seen)
    for dimension in first:
        yield wrap(f"{dimension:<13} {first[dimension] or 'nothing marked'}", width, "  ", hanging=14)
        if repeats[dimension]:
            yield wrap(f"{'':<13} in repeats: {repeats[dimension]}", width, "  ", hanging=14)


def _case(case: CaseProgress, width: int) -> Iterator[str]:
    yield wrap(case.title, width)
    for attempt in case.attempts:
        yield wrap(attempt_line(attempt), width, "  ", hanging=2)
        yield f"    session {attempt.logged.id}"
        for line in attempt_criticals(attempt):
            yield wrap(line, width, "    ", hanging=2)
        for dimension, told in attempt_results(attempt):
            yield wrap(f"{dimension:<13} {told}", width, "    ", hanging=14)
    for line in uncounted_lines(case):
        yield wrap(line, width, "  ", hanging=2)
    for line in case_notes(case):
        yield wrap(line, width, "  ")
    if len(case.attempts) > 1:
        yield wrap(
            "Side by side: caseload compare " + " ".join(each.logged.id for each in case.attempts[-2:]), width, "  "
        )


def progress_json(progress: Progress, name: str) -> dict[str, object]:
    """Return somebody's progress as tools read it; the keys are stable."""
    return {
        "person": progress.person,
        "name": name,
        "criticals": [
            {
                "session": each.session,
                "scenario": each.scenario,
                "attempt": each.attempt,
                "decision": each.decision,
                "what": each.what,
                "critical": each.critical.id,
                "title": each.critical.title,
                "why": each.critical.why,
            }
            for each in progress.criticals
        ],
        "practise": [
            {
                "scenario": advice.scenario.id,
                "title": advice.scenario.title,
                "how": advice.how.value,
                "session": advice.session or None,
                "indicators": list(advice.indicators),
                "reason": advice.reason,
            }
            for advice in progress.advice
        ],
        "indicators": [
            {
                "indicator": standing.indicator.id,
                "title": standing.indicator.title,
                "first": _levels(standing.first),
                "repeats": _levels(standing.repeats),
                "evidence": [_seen_json(seen) for seen in (*standing.first, *standing.repeats)],
            }
            for standing in progress.standings
        ],
        "dimensions": {
            "first": _dimensions(progress.first_attempts),
            "repeats": _dimensions(progress.repeats),
        },
        "cases": [
            {
                "scenario": case.id,
                "title": case.title,
                "in_library": case.current is not None,
                "edited_since": case.edited_since,
                "attempts": [
                    {
                        "attempt": each.number,
                        "edited": each.edited,
                        "tried_again": each.tried_again,
                        **as_json(each.logged),
                    }
                    for each in case.attempts
                ],
                "not_counted": [as_json(each) for each in (*case.unfinished, *case.damaged, *case.again)],
            }
            for case in progress.cases
        ],
    }


def _dimensions(attempts: Sequence[Attempt]) -> dict[str, dict[str, int]]:
    counts = tally(seen for attempt in attempts for seen in attempt.seen)
    return {dimension: {level.value: count for level, count in levels.items()} for dimension, levels in counts.items()}


def _levels(seen: Sequence[Seen]) -> dict[str, int]:
    return {level.value: sum(each.mark.level is level for each in seen) for level in Level}


def _seen_json(seen: Seen) -> dict[str, object]:
    return {
        "session": seen.session,
        "scenario": seen.scenario,
        "attempt": seen.attempt,
        "decision": seen.decision,
        "what": seen.what,
        "left_undone": seen.left_undone,
        "level": seen.mark.level.value,
        "why": seen.why,
    }


# -- comparisons ----------------------------------------------------------------------------------


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
