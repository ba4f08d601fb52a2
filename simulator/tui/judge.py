"""What a reviewer can say about a session: the small screens for it, and writing it down.

Each screen is made with what keeps its answer, so that it closes only when that is on the disk.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scoring.rubric import DIMENSIONS, Level
from simulator.archive import Logged
from simulator.chain import ChainError
from simulator.durable import NotSaved
from simulator.review.judged import Marked, marks_of, rated_on
from simulator.review.telling import comment_line, indicator_words, overall_line, override_line, rating_line
from simulator.review.writing import NotPossible, Review, Reviewing, reviews_of
from simulator.session import Wrote

if TYPE_CHECKING:
    from simulator.tui.comment import CommentScreen
    from simulator.tui.desk import Desk
    from simulator.tui.levels import Subject
    from simulator.tui.override import OverrideScreen
    from simulator.tui.own import OwnScreen
    from simulator.tui.rating import OverallScreen, RatingScreen
    from simulator.tui.redact import RedactScreen
    from simulator.tui.send_back import SendBackScreen

LEVELS_MEAN = {
    Level.HARMFUL: "did damage that the client, or the work, has to carry",
    Level.POOR: "wrong or missing, and can still be put right",
    Level.ACCEPTABLE: "did the job",
    Level.BEST: "what you would show to a new colleague",
}
"""What the levels mean where no indicator has words of its own: for a whole dimension."""


@dataclass
class Judge:
    """One reviewer and one session."""

    desk: Desk
    logged: Logged

    @property
    def reviewer(self) -> str:
        """The id of who reviews."""
        return self.desk.person.id if self.desk.person else ""

    def own(self) -> Review:
        """Return what this reviewer said so far."""
        every = reviews_of(self.desk.where, self.logged.id)
        empty = Review(self.reviewer, self.logged.id)
        return next((each for each in every if each.reviewer == self.reviewer), empty)

    def write(self, what: Callable[[Reviewing], object]) -> str:
        """Write something down; return why that could not be done, or empty."""
        try:
            with Reviewing.open(self.desk.where, self.logged, self.reviewer) as reviewing:
                what(reviewing)
        except NotPossible as problem:
            told = str(problem)
            return f"{told[:1].upper()}{told[1:]}."
        except (ChainError, NotSaved) as problem:
            return str(problem)
        return ""

    def sign_off(self) -> str:
        """Sign the session off as it was read here."""
        return self.write(lambda reviewing: reviewing.sign_off(self.logged.recorded.reading.head))

    # -- the screens --------------------------------------------------------------------------

    def comment(self, number: int, about: str) -> CommentScreen:
        """Return where to comment on a decision, or with number 0 on the whole."""
        from simulator.tui.comment import CommentScreen

        return CommentScreen(about, lambda text: self.write(lambda reviewing: reviewing.comment(number, text)))

    def marks(self, number: int) -> tuple[Marked, ...]:
        """Return the marks of a decision."""
        return marks_of(self.logged.session, number)

    def override(self, number: int, about: str) -> OverrideScreen:
        """Return where to override a mark of a decision."""
        from simulator.tui.override import OverrideScreen

        own = [each for each in self.own().overrides if each.number == number]

        def keep(marked: Marked, now: Level | None, reason: str) -> str:
            mark = marked.mark
            prior = [each for each in own if (each.award, each.indicator) == (marked.award, mark.indicator)]
            if now is mark.level and prior:
                return self.write(lambda reviewing: reviewing.withdraw(prior[0].entry))
            return self.write(
                lambda reviewing: reviewing.override(number, mark.indicator, now, reason, award=marked.award)
            )

        return OverrideScreen(about, self.marks(number), self.logged.rubric, own, keep)

    def can_rate(self, number: int) -> str:
        """Return why what was written at a decision cannot be rated; empty where it can."""
        if not rated_on(self.logged.session, number):
            return "Nothing that is to be rated was written here."
        return "" if self._note(number) is not None else "What was written here has been erased."

    def _note(self, number: int) -> str | None:
        event = self.logged.session.events[number - 1] if number else None
        return event.text if isinstance(event, Wrote) else None

    def rate(self, number: int, about: str) -> RatingScreen:
        """Return where to rate what was written at a decision."""
        from simulator.review.note_hints import Kind, hints
        from simulator.tui.levels import Subject
        from simulator.tui.rating import RatingScreen, Written

        session, rubric, note = self.logged.session, self.logged.rubric, self._note(number) or ""
        before = session.trail[number - 1]
        write = before.scene.write if before.scene else None
        own = {each.indicator: each for each in self.own().ratings if each.number == number}
        subjects = []
        for name in rated_on(session, number):
            indicator, prior = rubric.indicators[name], own.get(name)
            title, about_it = indicator_words(name, rubric), indicator.about
            level, text = (prior.level, prior.text) if prior else (None, "")
            subjects.append(Subject(name, title, about_it, indicator.anchors, level, text))

        def keep(subject: Subject, level: Level, text: str) -> str:
            return self.write(lambda reviewing: reviewing.rate(number, subject.id, level, text))

        look_for, prompt = (write.look_for, write.prompt) if write else ((), "")
        noticed = [each.text for each in hints(before, note) if each.kind is not Kind.LOOK_FOR]
        return RatingScreen(about, Written(prompt, note or "(nothing)", look_for, noticed), subjects, keep)

    def overall(self) -> OverallScreen:
        """Return where to rate whole dimensions."""
        from simulator.tui.levels import Subject
        from simulator.tui.rating import OverallScreen

        own = {each.dimension: each for each in self.own().overall}
        subjects = []
        for name in DIMENSIONS:
            dimension, prior = self.logged.rubric.dimensions[name], own.get(name)
            level, text = (prior.level, prior.text) if prior else (None, "")
            subjects.append(Subject(name, dimension.title, dimension.about, LEVELS_MEAN, level, text))

        def keep(subject: Subject, level: Level, text: str) -> str:
            return self.write(lambda reviewing: reviewing.rate_overall(subject.id, level, text))

        return OverallScreen("Each dimension on the whole, as you see it", subjects, keep)

    def take_back(self) -> OwnScreen | None:
        """Return where to take back what was said; None where nothing was."""
        from simulator.tui.own import OwnScreen

        said = self._said()
        if not said:
            return None
        return OwnScreen(said, lambda entry: self.write(lambda reviewing: reviewing.withdraw(entry)))

    def _said(self) -> list[tuple[int, str]]:
        """Return what can be taken back, newest first: the entry, and what it says."""
        own, people, rubric = self.own(), self.desk.people, self.logged.rubric
        found = [
            *((each.entry, each.number, comment_line(each, people)) for each in own.comments),
            *((each.entry, each.number, override_line(each, rubric, people)) for each in own.overrides),
            *((each.entry, each.number, rating_line(each, rubric, people)) for each in own.ratings),
            *((each.entry, 0, overall_line(each, people)) for each in own.overall),
        ]
        newest = sorted(found, reverse=True)
        return [(entry, f"decision {number}, {line}" if number else line) for entry, number, line in newest]

    def send_back(self) -> SendBackScreen:
        """Return where to send the session back."""
        from simulator.tui.send_back import SendBackScreen

        head = self.logged.recorded.reading.head
        cases = [(case.scenario.id, case.scenario.title) for case in self.desk.cases]

        def send(text: str, practise: Sequence[str]) -> str:
            return self.write(lambda reviewing: reviewing.send_back(head, text, practise))

        return SendBackScreen(cases, send)

    def redact(self, entry: int, about: str, text: str, told: Callable[[str], None]) -> RedactScreen:
        """Return where to erase the text of an entry of the session's journal.

        `told` is given what is to be said where it is written down but could not be done yet.
        """
        from simulator.tui.redact import RedactScreen

        def redact(why: str) -> str:
            later: list[str] = []
            problem = self.write(lambda reviewing: later.append(reviewing.redact(entry, why)))
            if not problem and later and later[0]:
                told(f"It is written down that this text is erased, and it is as soon as that can be done. {later[0]}")
            return problem

        return RedactScreen(about, text, redact)
