"""One balanced way through a case, told decision by decision: in the app, line by line and on a page in the same words.

A debrief tells what was lost, and not that it could have gone well. This shows a whole play that goes well, to
whoever has been through the case once.
"""

from __future__ import annotations

from dataclasses import dataclass

from scoring.rubric import Rubric
from simulator.hindsight import Foreseen, Hindsight
from simulator.hindsight_telling import looked_back, lost_line, result_line
from simulator.scenario import Writing
from simulator.session import Ranked, Selected, Session, Wrote
from simulator.transcript import Moment, moments, tells_something_new
from simulator.wording import LEVEL_SIGNS, award_lines, spoken

MODEL = "One balanced way through"
_ONE_OF_MANY = (
    "This is one balanced way: of all the ways to an ending without a critical, the one that loses least where it "
    "loses most."
)
_NOT_ALL_AT_ONCE = (
    "The best on all three dimensions can usually not be had together. There are other ways; they weigh the three "
    "differently, and can be as good."
)
_ALL_AT_ONCE = (
    "Here it has the best on every dimension, which can usually not be had together. There may be other ways that are "
    "as good."
)


@dataclass(frozen=True, slots=True)
class ModelPath:
    """One balanced way through a case, and what it is worth."""

    session: Session
    """The way, played to its ending."""
    rubric: Rubric
    back: Hindsight

    @property
    def steps(self) -> tuple[Moment, ...]:
        """What is decided on it."""
        return moments(self.session)

    def worth(self, moment: Moment) -> list[str]:
        """Say how a decision is marked and why, then what it costs against the best that could still be had."""
        lines = []
        for award in moment.awards:
            signs = [LEVEL_SIGNS[mark.level] for mark in award.marks]
            words = award_lines(award, self.rubric)
            lines += [f"{sign:<2} {each}" for sign, each in zip(signs, words, strict=True)]
            lines += [award.why] if award.why else []
        return lines + ([lost] if (lost := self.lost(moment)) else [])

    def lost(self, moment: Moment) -> str:
        """Say what a decision costs, so that nobody takes a poor mark on the way for a mistake; empty if nothing."""
        lost = lost_line(self.back.of(moment.number).points or ())
        return f"It costs {lost} here, and spares something elsewhere." if lost else ""

    def results(self) -> list[str]:
        """Say what the way comes to on each dimension."""
        return [f"{name:<13} {result_line(course)}" for name, course in self.back.courses.items()]

    def meaning(self) -> str:
        """Say what this way is among all ways, so that nobody takes it for the only right one."""
        results = [course.percent for course in self.back.courses.values() if course.assessed]
        all_at_once = all(each == 100 for each in results)
        return f"{_ONE_OF_MANY} {_ALL_AT_ONCE if all_at_once else _NOT_ALL_AT_ONCE}"


def model_path(found: Foreseen | None, rubric: Rubric) -> ModelPath | None:
    """Look back on the balanced way that was found; None where there is none, or nobody knows it."""
    if found is None or found.model is None:
        return None
    back = looked_back(found.model, rubric, found.ahead)
    return ModelPath(found.model, rubric, back) if isinstance(back, Hindsight) else None


def when_line(moment: Moment) -> str:
    """Say when a decision is made: `10:24 · meeting`."""
    return " · ".join(each for each in (moment.time, str(moment.phase)) if each)


def scene_lines(moment: Moment, *, whole: bool = False) -> list[str]:
    """Return what is told and said before a decision; with `whole`, also what had been told already."""
    session = moment.session
    if not whole and not tells_something_new(session):
        return []
    said = [f"{session.scenario.called(person)}: {text}" for person, text in session.speeches]
    return [each for each in (session.narration, *said) if each]


def asked(moment: Moment) -> str:
    """Return what one is asked to do, where that is more than to pick one of several responses."""
    scene = moment.session.scene
    if scene is None or not isinstance(moment.event, Selected | Ranked | Wrote):
        return ""
    task = scene.select or scene.rank or scene.write
    return task.prompt if task is not None else ""


def decided(moment: Moment) -> list[str]:
    """Return what is decided, with a line for each thing that is picked or put in order."""
    if isinstance(moment.event, Selected) and moment.picked:
        return ["Pick:", *(f"- {spoken(each.text, each.spoken)}" for each in moment.picked)]
    if isinstance(moment.event, Selected):
        return ["Pick nothing."]
    if isinstance(moment.event, Ranked):
        return ["In this order:", *(f"{number}. {text}" for number, text in enumerate(moment.order, 1))]
    if isinstance(moment.event, Wrote):
        return ["Write it in your own words."]
    return [moment.what]


def example(moment: Moment) -> str:
    """Return one good way to write what is written here; empty where there is none, or nothing is written."""
    writing: Writing | None = moment.session.scene.write if moment.session.scene else None
    return writing.model if writing is not None and isinstance(moment.event, Wrote) else ""


EXAMPLE = "One good way to write it:"
