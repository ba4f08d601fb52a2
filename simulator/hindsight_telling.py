"""How hindsight is put into words and rows of blocks, for every front end the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scoring.rubric import DIMENSIONS, Rubric
from simulator.hindsight import Course, Hindsight, Instead, NotProven, Range, Regret, Solved, hindsight
from simulator.session import Session
from simulator.transcript import moments

BLOCKS = "▁▂▃▄▅▆▇█"
"""From 0 to 100 percent."""
DIGITS = "0123456789"
"""The same where blocks cannot be shown: tenths, 9 for everything from 90."""
MOST_NAMED = 3
"""No more than so many ways that would have kept the best are named."""
WHAT_PERCENT_MEANS = "0 is the worst and 100 the best that this case makes possible from its start."
WHAT_ROWS_MEAN = "The rows show the best and the worst still reachable, at the start and after each decision."
WHAT_DIGITS_MEAN = f"{WHAT_ROWS_MEAN} A digit stands for ten: 0 for 0 to 9, 9 for 90 to 100."


def looked_back(session: Session, rubric: Rubric, outlooks: Solved | None) -> Hindsight | NotProven | None:
    """Look back on a session; not proven where nothing is known, None where nobody asked."""
    if outlooks is None or isinstance(outlooks, NotProven):
        return outlooks
    return hindsight(session, rubric, outlooks)


def not_proven_line(found: NotProven) -> str:
    """Say that there are no results, and why."""
    told = "Results in percent and what each decision cost: not proven."
    return f"{told} {found.why}".rstrip()


def result(course: Course) -> str:
    """Say what a dimension came to: `55`, `critical`, `not assessed`, or what can still be reached."""
    if course.critical is not None:
        return "critical"
    if course.ranges[0] is None:
        return "no ending can be reached"
    if not course.assessed:
        return "not assessed"
    if course.percent is not None:
        return f"{course.percent}"
    now = course.percents()[-1]
    return "no ending can be reached any more" if now is None else f"{now.worst} to {now.best} still reachable"


def result_line(course: Course) -> str:
    """Say the same where it stands among words: `55 of 100`."""
    return f"{course.percent} of 100" if course.percent is not None else result(course)


def course_line(course: Course, title: str) -> str:
    """Tell a dimension without a picture: its result, and the decisions that took something from the best."""
    line = f"{title}: {result_line(course)}"
    return f"{line}; {drops}." if (drops := drops_line(course)) else f"{line}."


def drops_line(course: Course) -> str:
    """Say what decisions took: `after decision 4 the best still reachable fell from 100 to 74, after decision 6 to 55`.

    Empty where none took anything.
    """
    first, *others = course.drops() or (None,)
    if first is None:
        return ""
    told = f"after decision {first.number} the best still reachable fell from {first.before} to {first.after}"
    return ", ".join([told, *(f"after decision {each.number} to {each.after}" for each in others if each)])


def rows(course: Course, width: int, *, blocks: bool = True) -> list[tuple[str, str]]:
    """Return a row for the best and one for the worst still reachable, each with its name; none where not assessed.

    A session with more decisions than `width` is thinned out, and still ends with its last decision.
    """
    found = _thinned([each for each in course.percents() if each is not None], max(2, width))
    signs = BLOCKS if blocks else DIGITS
    if not found:
        return []
    return [
        ("best", "".join(_sign(each.best, signs) for each in found)),
        ("worst", "".join(_sign(each.worst, signs) for each in found)),
    ]


def blocks_can_be_shown(encoding: str | None) -> bool:
    """Whether an encoding, such as that of a terminal, has the blocks."""
    try:
        BLOCKS.encode(encoding or "ascii")
    except (UnicodeError, LookupError):
        return False
    return True


def _sign(percent: int, signs: str) -> str:
    return signs[min(percent * len(signs) // 100, len(signs) - 1)]


def _thinned(found: Sequence[Range], width: int) -> list[Range]:
    if len(found) <= width:
        return list(found)
    return [found[number * (len(found) - 1) // (width - 1)] for number in range(width)]


def label_line(regret: Regret) -> str:
    """Say what a decision cost: `slip: cost ethics 6`; empty where there was nothing to decide."""
    if regret.points is None:
        return f"{regret.label}: no ending can be reached after this".removeprefix(": ").capitalize()
    if not regret.label:
        return ""
    label = f"{regret.label}, a hard call" if regret.hard else regret.label
    why = ["critical"] if regret.criticals else ["no way round a critical after this"] if regret.sealed else []
    if lost := lost_line(regret.points):
        why.append(f"cost {lost}")
    return f"{label}: {', '.join(why)}" if why else label


def lost_line(points: Sequence[int]) -> str:
    """Say what was lost where: `ethics 6, rapport 1`; empty if nothing was."""
    lost = zip(DIMENSIONS, points, strict=False)
    return ", ".join(f"{dimension} {each}" for dimension, each in lost if each)


def kept_lines(regret: Regret, before: Session) -> list[str]:
    """Say what would have kept the best; nothing where the decision did, or where nothing is known."""
    if not kept_by_line(regret):
        return []
    named = [way_words(each, before) for each in regret.kept_by[:MOST_NAMED]]
    if len(regret.kept_by) == 1:
        return [f"would have kept it: {named[0]}"]
    if more := len(regret.kept_by) - len(named):
        named.append(f"and {more} more")
    return ["would have kept it:", *(f"- {each}" for each in named)]


def kept_by_line(regret: Regret) -> str:
    """Head the list of what would have kept the best; empty where there is none."""
    return "Would have kept it" if regret.label not in ("", "kept") and regret.kept_by else ""


def way_words(way: Instead, before: Session) -> str:
    """Say what could have been decided, as what was decided is said."""
    (moment,) = moments(before.act(way.event), len(before.events))
    return f"first, {moment.what}" if way.first else moment.what


def other_costs(regret: Regret, before: Session) -> Iterator[tuple[Instead, str]]:
    """Yield every way that could have been decided, with what it would have cost in words."""
    for way in regret.ways:
        lost = lost_line(way.points)
        told = [*(["critical"] if way.critical else []), *([f"cost {lost}"] if lost else [])]
        yield way, f"{way_words(way, before)}: {', '.join(told) or 'costs nothing'}"
