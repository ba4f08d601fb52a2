"""Progress as text, and as JSON for tools; the first functions are words that the app uses as well."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from scoring.rubric import Level
from simulator.listing import again, as_json, state
from simulator.progress import Advice, Attempt, CaseProgress, Progress, Seen, Standing, Suggested, share, tally
from simulator.report import WIDTH, when, wrap
from simulator.wording import ASSERTED, DISCLAIMER, LEVEL_SIGNS, counted, profile_line

COUNTING = "First attempts count. Repeats are practice, and stand apart."
HOW = {Suggested.NEW: "new", Suggested.GO_ON: "go on", Suggested.AGAIN: "again"}


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
