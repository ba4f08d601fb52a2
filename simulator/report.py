"""A session as text: scorecard, debrief, transcript. For plain mode, for `caseload report`, for anywhere."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence

from scoring.rubric import Rubric
from scoring.scorecard import Scorecard, score
from simulator.archive import Logged
from simulator.calibration import certainties, certainty_lines
from simulator.hindsight import Hindsight, NotProven, Solved
from simulator.hindsight_telling import (
    WHAT_DIGITS_MEAN,
    WHAT_PERCENT_MEANS,
    WHAT_ROWS_MEAN,
    course_line,
    kept_lines,
    label_line,
    looked_back,
    not_proven_line,
    result_line,
    rows,
)
from simulator.journal import Origin, Recorded
from simulator.people import People
from simulator.review.events import Judgement, Sayings, judgement_from
from simulator.review.judged import fitting
from simulator.review.reviewed import Reviewed, Spans, not_looked, results
from simulator.review.telling import (
    WHAT_REVIEWED_MEANS,
    gone,
    lines_at,
    lines_on_the_whole,
    redacted_decisions,
    reviewed_lines,
)
from simulator.session import Session
from simulator.transcript import Moment, moments, unread
from simulator.wording import (
    ASSERTED,
    again_from,
    award_lines,
    judged_by,
    profile_line,
    spoken,
    sureness,
    taken_over_line,
)

WIDTH = 80


def wrap(text: str, width: int = WIDTH, indent: str = "", hanging: int = 0) -> str:
    """Wrap paragraphs to a width; lines that stand apart stay apart, what goes on hangs by so many columns."""
    further = indent + " " * hanging
    return "\n".join(
        textwrap.fill(line, width, initial_indent=indent, subsequent_indent=further) if line.strip() else ""
        for line in text.split("\n")
    )


def debrief(
    session: Session,
    rubric: Rubric,
    width: int = WIDTH,
    again: Origin | None = None,
    outlooks: Solved | None = None,
) -> str:
    """Tell a trainee what the session was worth: criticals first, each decision with its why.

    With `again`, it also says where the session comes from; with `outlooks`, what it was worth against what the case
    made possible, and what each decision cost: in words alone, because it may be read aloud.
    """
    card = score(rubric, session.decisions)
    back = looked_back(session, rubric, outlooks)
    told = moments(session)
    parts = [
        *([wrap(again_line(again), width), ""] if again else []),
        *_ending(session, width),
        *_criticals(session, card, told, width),
        *_profiles(card, width),
        *_courses(back, rubric, width),
        "",
        "YOUR DECISIONS",
        *_decided(told, rubric, width, back),
        *_outcomes_at_start(session, rubric, width),
        # How sure somebody was of what was taken over is told where it was decided.
        *_certainties(told[again.taken_over if again else 0 :], width),
    ]
    if unopened := unread(session):
        parts += ["", wrap("Not read: " + "; ".join(document.title for document in unopened) + ".", width)]
    for scene, model in _models(told, session):
        parts += ["", wrap(f"FOR COMPARISON: ONE GOOD WAY TO WRITE IT ({scene})", width), wrap(model, width, "  ")]
    if closing := session.say(session.scenario.debrief):
        parts += ["", wrap(closing, width)]
    parts += ["", wrap(judged_by(session.scenario), width)]
    return "\n".join(parts)


def report(
    logged: Logged,
    people: People,
    said: Sayings = (),
    width: int = WIDTH,
    outlooks: Solved | None = None,
    *,
    blocks: bool = True,
    spans: Spans = not_looked,
) -> str:
    """Write a whole session for whoever reviews it: scorecard first, then everything that happened.

    With `outlooks`, it also says what the session was worth against what the case made possible, and what each decision
    cost. Without `blocks`, rows of blocks are rows of digits, for what cannot show them. Reviewed results stand
    beside the original ones: in percent where `spans` finds what a case with other marks makes possible.
    """
    session = logged.session
    back = looked_back(session, logged.rubric, outlooks)
    told = moments(session)
    judgement = fitting(session, judgement_from(said))
    parts = [
        wrap(f"{session.scenario.title} (version {session.scenario.version})", width),
        *(wrap(f"{label:<9} {fact}", width, hanging=10) for label, fact in facts(logged, people)),
        "",
        *_ending(session, width),
        *_criticals(session, logged.scorecard, told, width),
        *_results(logged.scorecard, back, width, blocks=blocks),
        *_reviewed(results(session, logged.rubric, judgement, spans), people, width),
        "",
        "TRANSCRIPT",
        *transcript(logged, people, judgement, width, back),
        *_certainties(told[logged.recorded.header.taken_over :], width),
    ]
    if unopened := unread(session):
        parts += ["", wrap("Not read: " + "; ".join(document.title for document in unopened) + ".", width)]
    for text in logged.recorded.reflections():
        parts += ["", "REFLECTION", wrap(text, width, "  ")]
    parts += _said(lines_on_the_whole(judgement, people), width, "ON THE WHOLE")
    parts += ["", wrap(f"{judged_by(session.scenario)} {ASSERTED}", width)]
    return "\n".join(parts)


def said_of(
    session: Session,
    rubric: Rubric,
    judgement: Judgement,
    people: People,
    width: int = WIDTH,
    spans: Spans = not_looked,
    titles: Mapping[str, str] | None = None,
) -> str:
    """Tell a trainee what supervisors said of a session, and their results; empty where they said nothing."""
    judgement = fitting(session, judgement)
    parts = _said(lines_on_the_whole(judgement, people, titles), width)
    for number in range(len(session.trail)):
        if lines := lines_at(judgement, number, rubric, people):
            parts += _said(lines, width, f"Decision {number}" if number else "Before the first decision")
    parts += _reviewed(results(session, rubric, judgement, spans), people, width)
    return "\n".join(["WHAT YOUR SUPERVISOR SAYS", *parts]) if parts else ""


def transcript(
    logged: Logged,
    people: People,
    judgement: Judgement,
    width: int = WIDTH,
    back: Hindsight | NotProven | None = None,
) -> Iterator[str]:
    """Yield everything the trainee saw, chose and skipped, decision by decision."""
    redacted = redacted_decisions(logged.recorded, judgement)
    yield from _outcomes_at_start(logged.session, logged.rubric, width)
    yield from _said(lines_at(judgement, 0, logged.rubric, people), width)
    for moment in moments(logged.session):
        yield ""
        taken = "  (taken over)" if moment.number <= logged.recorded.header.taken_over else ""
        yield f"{moment.number:>3}  {moment.time}  {moment.phase}{taken}".rstrip()
        yield from _seen(moment, width)
        yield from _done(moment, width, gone(moment.number, redacted))
        yield from _worth(moment, logged.rubric, width, back)
        yield from _said(lines_at(judgement, moment.number, logged.rubric, people), width)


def facts(logged: Logged, people: People) -> list[tuple[str, str]]:
    """Say what a report is about, each fact with its label: who, when, how, and what is wrong with the journal."""
    recorded: Recorded = logged.recorded
    found = [
        ("Session", logged.id),
        ("Played by", f"{people.name(logged.person)} ({logged.person})"),
        ("Begun", f"{when(recorded.started)}, last entry {when(recorded.touched)}"),
        ("Feedback", "after each response" if recorded.header.feedback == "each" else "at the end"),
    ]
    if logged.purpose:
        found.append(("Purpose", logged.purpose))
    if logged.again:
        found.append(("Again", again_line(logged.again).removeprefix("Begun again ")))
    if logged.trouble:
        found.append(("TROUBLE", f"{logged.trouble} What follows is what came before that."))
    return found + [("Note", notice.message) for notice in recorded.reading.notices]


def again_line(origin: Origin) -> str:
    """Say where a session comes from that was begun again, and what that means for what it shows."""
    told = again_from(origin.decision, f"session {origin.session}")
    if not origin.taken_over:
        return f"Begun {told}."
    count = "is counted in it as well" if origin.taken_over == 1 else "are counted in it as well"
    return f"Begun {told}. {taken_over_line(origin.taken_over).removesuffix('.')}, and {count}."


def when(time: str) -> str:
    """Shorten a journal's time for people: `2026-11-21 10:05 UTC`."""
    return f"{time[:16].replace('T', ' ')} UTC"


def _ending(session: Session, width: int) -> list[str]:
    if session.ending is None:
        return ["Unfinished.", ""]
    return [wrap(f"ENDING: {session.ending.title}", width), wrap(session.narration, width), ""]


def _criticals(session: Session, card: Scorecard, told: tuple[Moment, ...], width: int) -> list[str]:
    lines: list[str] = []
    for raised in card.criticals:
        critical = session.scenario.criticals[raised.critical]
        at = f"at decision {raised.number}" if raised.number else "at the start"
        standard = f" ({critical.standard})" if critical.standard else ""
        lines += [wrap(f"CRITICAL: {critical.title}, {at}{standard}", width), wrap(critical.why, width, "  "), ""]
    return lines


def _profiles(card: Scorecard, width: int) -> list[str]:
    return [wrap(f"{name:<13} {profile_line(profile)}", width, hanging=14) for name, profile in card.profiles.items()]


def _courses(back: Hindsight | NotProven | None, rubric: Rubric, width: int) -> list[str]:
    """Say in words what each dimension came to, and what took something from the best on the way."""
    if back is None:
        return []
    if isinstance(back, NotProven):
        return ["", wrap(not_proven_line(back), width)]
    titles = {name: dimension.title for name, dimension in rubric.dimensions.items()}
    told = [wrap(course_line(course, titles.get(name, name)), width) for name, course in back.courses.items()]
    return ["", *told, wrap(WHAT_PERCENT_MEANS, width)]


def _results(card: Scorecard, back: Hindsight | NotProven | None, width: int, *, blocks: bool) -> list[str]:
    """Say what was seen on each dimension, and draw what was still reachable on the way, where that is known."""
    if back is None:
        return _profiles(card, width)
    if isinstance(back, NotProven):
        return [*_profiles(card, width), wrap(not_proven_line(back), width)]
    lines, drawn = [], False
    for name, profile in card.profiles.items():
        course, seen = back.courses[name], profile_line(profile)
        told = seen if seen == (result := result_line(course)) else f"{result} · {seen}"
        lines.append(wrap(f"{name:<13} {told}", width, hanging=14))
        for which, row in rows(course, width - 20, blocks=blocks):
            drawn = True
            lines.append(f"{'':<14}{which:<5} {row}")
    meaning = WHAT_ROWS_MEAN if blocks else WHAT_DIGITS_MEAN
    return [*lines, wrap(f"{WHAT_PERCENT_MEANS} {meaning}" if drawn else WHAT_PERCENT_MEANS, width)]


def _decided(told: tuple[Moment, ...], rubric: Rubric, width: int, back: Hindsight | NotProven | None) -> Iterator[str]:
    for moment in told:
        lost = isinstance(back, Hindsight) and any(back.of(moment.number).points or ())
        if not (moment.chosen or moment.decided or moment.awards or moment.criticals or lost):
            continue
        yield ""
        yield wrap(f"{moment.number:>3}  {moment.what}", width)
        if moment.confidence:
            yield wrap(f"({sureness(moment.confidence)})", width, "     ")
        yield from _worth(moment, rubric, width, back)


def _certainties(told: tuple[Moment, ...], width: int) -> list[str]:
    """Set how sure the trainee was against the marks; nothing where that was not asked."""
    lines = [wrap(line, width, "  ", 2) for line in certainty_lines(certainties(told))]
    return ["", "HOW SURE YOU WERE", *lines] if lines else []


def _outcomes_at_start(session: Session, rubric: Rubric, width: int) -> Iterator[str]:
    """Marks of junctions that were passed before anything was decided."""
    for award in session.trail[0].awards:
        yield from _award(award_lines(award, rubric), award.why, width)


def _seen(moment: Moment, width: int) -> Iterator[str]:
    if moment.narration:
        yield wrap(moment.narration, width, "     ")
    if moment.speech:
        yield wrap(f"{moment.person}: {moment.speech}", width, "     ")
    for who, words in moment.voices:
        yield wrap(f"{who}: {words}", width, "     ")
    for skipped in moment.skipped:
        yield wrap(f"(not taken) {spoken(skipped.text, skipped.spoken)}", width, "       ")


def _done(moment: Moment, width: int, gone: str) -> Iterator[str]:
    yield wrap(f"→ {moment.what}", width, "     ")
    if moment.confidence:
        yield wrap(f"({sureness(moment.confidence)})", width, "       ")
    if moment.advice:
        yield wrap(moment.advice, width, "       ")
    if moment.written is not None:
        yield wrap(moment.written or "(nothing)", width, "     | ")
    elif moment.what == "Wrote":
        yield f"     | {gone}"
    if moment.reaction:
        yield wrap(moment.reaction, width, "     ")


def _worth(moment: Moment, rubric: Rubric, width: int, back: Hindsight | NotProven | None = None) -> Iterator[str]:
    regret = back.of(moment.number) if isinstance(back, Hindsight) else None
    if regret is not None and (label := label_line(regret)):
        yield wrap(label, width, "     ")
    for award in moment.awards:
        yield from _award(award_lines(award, rubric), award.why, width)
    for critical in moment.criticals:
        yield wrap(f"!! CRITICAL: {critical.title}", width, "     ")
    for line in kept_lines(regret, moment.session) if regret is not None else ():
        yield wrap(line, width, "     ", hanging=2)


def _award(lines: list[str], why: str, width: int) -> Iterator[str]:
    for line in lines:
        yield wrap(line, width, "     * ")
    if why:
        yield wrap(why, width, "       ")


def _said(lines: list[str], width: int, heading: str = "") -> list[str]:
    return [*(["", heading] if lines and heading else []), *(wrap(line, width, "     > ") for line in lines)]


def _reviewed(results: Sequence[Reviewed], people: People, width: int) -> list[str]:
    lines = [wrap(line, width, hanging=16) for line in reviewed_lines(results, people)]
    return ["", *lines, wrap(WHAT_REVIEWED_MEANS, width)] if lines else []


def _models(told: tuple[Moment, ...], session: Session) -> Iterator[tuple[str, str]]:
    """Yield the examples of what was written, now that it has been written."""
    for moment in told:
        scene = session.scenario.scenes[moment.event.scene]
        if scene.write is not None and scene.write.model and moment.what == "Wrote":
            yield f"decision {moment.number}", scene.write.model
