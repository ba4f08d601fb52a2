"""The inbox in words, the same in the app and in the command: why a session stands where it does, and how it stands.

The index knows ids only; whoever tells a line gives the names.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from simulator.index.inbox import Item, Urgency
from simulator.index.outcomes import Result
from simulator.people import People
from simulator.text import one_line
from simulator.wording import counted

WHY = {
    Urgency.CRITICAL: "critical",
    Urgency.SURE_AND_HARMFUL: "sure, harmful",
    Urgency.TO_RATE: "to rate",
    Urgency.OVERDUE: "overdue",
    Urgency.REST: "",
}
CONTRADICTED = "contradicted"
"""What stands in the place of an urgency where receipts say that this is not what was first seen here."""
RESULTS_MEAN = (
    "Results stand in the order rapport, organization, ethics, from 0 (the worst that the case makes possible) to 100; "
    "!! where a critical stands in the number's place, – where nothing was at stake, · where there is no result."
)


def why(item: Item, contradicted: Collection[str] = ()) -> str:
    """Say why a line stands where it does; empty: for no other reason than that it is there."""
    if item.session and item.session in contradicted:
        return CONTRADICTED
    if item.trouble:
        return item.state
    return WHY[item.urgency] if item.review_state == "open" or item.urgency is Urgency.OVERDUE else ""


def in_short(results: Iterable[Result]) -> str:
    """Write the results of a session: `52 / 34 / !!`."""
    return " / ".join(map(_short, results))


def _short(result: Result) -> str:
    if result.critical:
        return "!!"
    if not result.assessed:
        return "–"
    return "·" if result.percent is None else str(result.percent)


def came_to(item: Item) -> str:
    """Write what a session came to; empty where its journal cannot be read."""
    return "" if item.state == "unreadable" else in_short(item.results)


def standing(item: Item) -> str:
    """Say how a session came out, what was said about it, and what is left to do."""
    return ", ".join(_standing(item))


def _standing(item: Item) -> Iterator[str]:
    if item.review_state != "open":
        yield item.review_state
    elif item.state == "overdue":
        yield "overdue"
    elif item.trouble:
        yield item.state
    else:
        yield one_line(item.ending, 60) if item.ending else "unfinished"
    if item.to_rate:
        yield f"{counted(item.to_rate, 'note')} to rate"
    if item.purpose:
        yield item.purpose
    if item.attempt > 1:
        yield f"attempt {item.attempt}"
    if item.again:
        yield "tried again from a decision"
    if item.unknown:
        yield "unknown scenario"


def day(item: Item) -> str:
    """Return the day that a line is about, ISO 8601: when it was due, when it ended, when it was last touched."""
    if found := item.due or item.ended or item.touched:
        return found[:10]
    # Of a journal that cannot be read there is its name, which begins with the day on which it was begun.
    written = item.session[:8]
    return f"{written[:4]}-{written[4:6]}-{written[6:]}" if len(written) == 8 and written.isdecimal() else ""


def item_lines(items: Iterable[Item], people: People, contradicted: Collection[str] = ()) -> Iterator[str]:
    """Write what was found, one line each; below it the line that somebody's words were found in."""
    for item in items:
        told = f"{one_line(item.title, 60)}: {standing(item)}" if item.title else standing(item)
        if results := came_to(item):
            told += f"  [{results}]"
        name = one_line(people.name(item.person), 20)
        first = item.session or "(no session)"
        yield f"{first:<24}  {why(item, contradicted):<13}  {day(item)}  {name:<20}  {told}"
        if item.trouble:
            yield f"    {one_line(item.trouble, 400)}"
        if item.found:
            yield f"    {item.found}"


def item_json(item: Item, contradicted: Collection[str] = ()) -> dict[str, object]:
    """Return a line as tools read it; the keys are stable."""
    return {
        "session": item.session,
        "person": item.person,
        "scenario": item.scenario,
        "title": item.title,
        "urgency": item.urgency.name.lower().replace("_", "-"),
        "state": item.state,
        "review_state": item.review_state,
        "contradicted": item.session in contradicted,
        "started": item.started,
        "ended": item.ended,
        "touched": item.touched,
        "ending": item.ending,
        "criticals": item.criticals,
        "sure_harmful": item.sure_harmful,
        "to_rate": item.to_rate,
        "results": {
            each.dimension: {
                "raw": each.raw,
                "percent": each.percent,
                "critical": each.critical,
                "assessed": each.assessed,
                "quality": each.quality,
            }
            for each in item.results
        },
        "attempt": item.attempt,
        "purpose": item.purpose,
        "again": item.again,
        "decisions": item.decisions,
        "seconds": item.seconds,
        "trouble": item.trouble,
        "unknown": item.unknown,
        "due": item.due,
        "found": item.found,
    }
