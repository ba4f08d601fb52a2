"""How a moment is put into words, for every front end the same."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from scoring.rubric import Level, Rubric
from scoring.scorecard import Award, Profile
from simulator.scenario import Document, Feeling, Scenario, clock_text
from simulator.session import Chose, Consulted, Event, Ranked, Read, Selected, Session
from simulator.text import one_line

DISCLAIMER = (
    "Marks are the judgement of the case's author, for learning. They claim nothing about competence, fitness "
    "for hire, or what would become of a client. Picking a good response is not producing one."
)
ASSERTED = "Who played is what somebody said at the keyboard; nobody checked it."
FICTION = (
    "Everybody in these cases is invented. Keep real clients out of everything you type here: no names, no "
    "details that somebody could be known by."
)
_KEPT = "Everything you decide and write is kept in a file on this computer, under an id, with the time."
_APART = "Your name is kept apart from it."
LOGGED = f"{_KEPT} Your supervisor can read all of it once it is shared with them. {_APART}"
_PURPOSES = {
    "assigned": "This attempt is assigned: your supervisor reads it in full.",
    "practice": "This is practice: your supervisor sees a summary only (results, ending, time, criticals), and nothing "
    "you write.",
}

SURENESS = ("a guess", "not very", "fairly", "quite sure")
"""Words for how sure somebody is, from 1 to 4."""

_BANDS = (1, 3, 6, 8)
"""The highest value, of 0 to 10, for which each word but the last is used."""
_WORDS = {
    "trust": ("none", "thin", "guarded", "growing", "firm"),
    "tension": ("at ease", "low", "raised", "high", "at the limit"),
}
_PLAIN_WORDS = ("very low", "low", "middling", "high", "very high")


def purpose_line(purpose: str) -> str:
    """Tell a trainee who reads a session, by what it is played for; empty where nobody said."""
    return _PURPOSES.get(purpose, "")


def logged_line(purpose: str = "") -> str:
    """Tell a trainee what is kept of a session, and who reads it."""
    read = purpose_line(purpose)
    return f"{_KEPT} {read} {_APART}" if read else LOGGED


def shared_line(folder: Path) -> str:
    """Tell a trainee where else a session goes, and who can read it there."""
    return (
        f"Each session is copied to the shared folder {one_line(str(folder), 200)}; whoever can open that can read it."
    )


def said(event: Event) -> str:
    """Name a decision shortly: `opening/connect`."""
    match event:
        case Chose(scene, response):
            return f"{scene}/{response}"
        case Selected(scene, options):
            return f"{scene} (pick {', '.join(options) or 'nothing'})"
        case Ranked(scene, order):
            return f"{scene} (order {', '.join(order)})"
        case Read(scene, document):
            return f"{scene} (read {document})"
        case Consulted(scene):
            return f"{scene} (consult)"
        case _:
            return f"{event.scene} (write)"


def feeling_word(name: str, feeling: Feeling, value: int) -> str:
    """Return the word for how strong a feeling is."""
    scaled = 10 * (value - feeling.low) / max(1, feeling.high - feeling.low)
    band = sum(scaled > highest for highest in _BANDS)
    return (feeling.words or _WORDS.get(name, _PLAIN_WORDS))[band]


@dataclass(frozen=True, slots=True)
class Mood:
    """One feeling of a person, in words."""

    feeling: str
    word: str
    change: int
    """How far it moved with the last decision; 0: not at all."""


def moods(session: Session, person: str) -> tuple[Mood, ...]:
    """Return how a person feels, in words, and what the last decision changed."""
    now, before = session.feelings, (session.previous or session).feelings
    return tuple(
        Mood(
            name.replace("-", " "),
            feeling_word(name, feeling, now[f"{person}.{name}"]),
            now[f"{person}.{name}"] - before[f"{person}.{name}"],
        )
        for name, feeling in session.scenario.people[person].feelings.items()
    )


def bearing(session: Session, person: str) -> str:
    """Return what one sees of how a person feels; empty if the author did not say."""
    return session.say(session.scenario.people[person].shows)


def clock_line(session: Session) -> str:
    """Return the time and the next time that matters: `10:24 · next client 11:00`."""
    clock, now = session.scenario.clock, session.now
    if clock is None or now is None:
        return ""
    point = session.next_point
    if point is None:
        return clock_text(now)
    name, left = point
    late = f", {-left} min ago" if left < 0 else ""
    return f"{clock_text(now)} · {name.replace('-', ' ')} {clock_text(clock.points[name])}{late}"


def spoken(text: str, is_spoken: bool) -> str:
    """Put what is said aloud between quotation marks."""
    return f"“{text}”" if is_spoken else text


def sureness(confidence: int) -> str:
    """Say how sure somebody was; empty if they were not asked."""
    return f"sure: {confidence} of {len(SURENESS)} ({SURENESS[confidence - 1]})" if confidence else ""


def document_text(session: Session, document: Document) -> str:
    """Return what a document says; the referral directory entry by entry."""
    if not document.referrals:
        return session.say(document.text)
    entries = []
    for each in document.referrals:
        lines = [each.service, f"For: {each.eligibility}", each.contact, f"Last verified: {each.verified}", each.note]
        entries.append("\n".join(line for line in lines if line and line != "For: "))
    return "\n\n".join(entries)


def again_from(decision: int, whence: str = "") -> str:
    """Say that a session was begun again from a decision, and of what: `again from decision 7 of attempt 1`."""
    return f"again from decision {decision}{f' of {whence}' if whence else ''}"


def taken_over_line(count: int) -> str:
    """Say which decisions were made in another session: `Decisions 1 to 6 were taken over.`; empty if none were."""
    if not count:
        return ""
    return "Decision 1 was taken over." if count == 1 else f"Decisions 1 to {count} were taken over."


def edited_line(*, again: bool) -> str:
    """Say that the case has been edited, and what the session goes on with."""
    if again:
        return "The case has been edited since. You try again in the copy that was played."
    return "The case has been edited since you began. You go on with the copy you began with."


def how_many(least: int, most: int) -> str:
    """Say how many can be picked: `2`, or `1 to 3`."""
    return f"{least}" if least == most else f"{least} to {most}"


def counted(number: int, one: str, many: str = "") -> str:
    """Write a number with its noun: `1 minute`, `3 minutes`."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def award_lines(award: Award, rubric: Rubric) -> list[str]:
    """Return marks in words, one a line: `Empathy (rapport): best`."""
    return [
        f"{rubric.indicators[mark.indicator].title} ({mark.indicator.partition('.')[0]}): {mark.level}"
        for mark in award.marks
    ]


def profile_line(profile: Profile) -> str:
    """Sum up a profile: the critical instead of everything else, or counts and opportunity quality."""
    if profile.critical:
        return "critical"
    counts = [f"{count} {level}" for level, count in reversed(profile.counts().items()) if count]
    if not counts:
        return "nothing marked"
    quality = f" · {profile.quality}% of what was on offer" if profile.quality is not None else ""
    return ", ".join(counts) + quality


def judged_by(scenario: Scenario) -> str:
    """Say whose judgement the marks are, and that they claim no more."""
    reviewed = scenario.reviewed_by or "nobody"
    return f"{DISCLAIMER} Case by {scenario.author or 'an unnamed author'}; reviewed by {reviewed}."


LEVEL_SIGNS = {Level.BEST: "++", Level.ACCEPTABLE: "+", Level.POOR: "-", Level.HARMFUL: "--"}
"""Signs for levels, so that colour is never the only one."""
