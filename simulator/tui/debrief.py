"""The debrief: criticals first, what was seen on each dimension, each decision with its why, then a reflection."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.screen import Screen
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Button, TextArea
from textual.worker import get_current_worker

from scoring.scorecard import score
from simulator import journal
from simulator.calibration import certainties, certainty_lines
from simulator.chain import ChainError
from simulator.durable import NotSaved
from simulator.hindsight import Hindsight, NotProven, Regret
from simulator.hindsight_telling import looked_back, not_proven_line
from simulator.model_telling import ModelPath, model_path
from simulator.progress import finished_attempts
from simulator.report import again_line
from simulator.review.judged import fitting
from simulator.review.reviewed import Reviewed as ReviewedResult
from simulator.review.reviewed import not_looked, results
from simulator.review.telling import (
    WHAT_REVIEWED_MEANS,
    gone,
    lines_at,
    lines_on_the_whole,
    redacted_decisions,
    reviewed_lines,
)
from simulator.review.writing import signed_judgement
from simulator.session import Wrote
from simulator.solved import span
from simulator.transcript import Moment, moments, unread
from simulator.tui.courses import WHAT_IS_DRAWN, WORKING, draw
from simulator.tui.lines import KeyLine, Paper, TopLine, Words
from simulator.tui.meeting import DRAFT_PAUSE, MeetingScreen
from simulator.tui.moment import MomentBlock
from simulator.tui.page import ClosesOnce
from simulator.wording import again_from, judged_by, profile_line, purpose_line

if TYPE_CHECKING:
    from simulator.archive import Logged
    from simulator.play import Play
    from simulator.tui.app import CaseloadApp
    from simulator.tui.desk import Desk

QUESTION = "What would you do differently, and what would you do again?"


class DebriefScreen(ClosesOnce, Screen[None]):
    """What a session was worth."""

    app: CaseloadApp
    CSS_PATH = "debrief.tcss"
    HELP = (
        "Decisions stand in the order you made them. Those where something was lost are open; Enter or a click opens "
        "and closes one; t tries again from the decision that is lit; m shows one balanced way through the case. "
        "At the end is room for your own thoughts: they are kept with the session."
    )
    BINDINGS: ClassVar = [
        Binding("down,j", "app.focus_next", "Next", show=False, id="debrief.next", tooltip="The next decision"),
        Binding("up,k", "app.focus_previous", "Before", show=False, id="debrief.before", tooltip="The one before"),
        Binding("a", "open_all", "All", id="debrief.all", tooltip="Open or close every decision"),
        Binding("w", "reflect", "Reflect", id="debrief.reflect", tooltip="Write down what you think about it"),
        Binding("b", "compare", "Compare", id="debrief.compare", tooltip="Set this beside another of your attempts"),
        Binding("t", "try_again", "Retry", id="debrief.try", tooltip="Try again from the decision that is lit"),
        Binding("m", "model", "One way", id="debrief.model", tooltip="See one balanced way through, step by step"),
        Binding("p", "again", "Anew", id="debrief.again", tooltip="Play the same case once more"),
        Binding("q,escape", "leave", "Back", id="debrief.leave", tooltip="Back to the library"),
    ]

    @dataclass
    class Looked(Message):
        """All attempts at this case have been replayed, and what this session comes from."""

        attempts: list[Logged]
        origin: Logged | None

    @dataclass
    class Solved(Message):
        """What the session was worth against what the case made possible is known, or that nobody knows it."""

        back: Hindsight | NotProven | None
        model: ModelPath | None

    @dataclass
    class Reviewed(Message):
        """What it is worth with what supervisors said is known."""

        results: tuple[ReviewedResult, ...]

    def __init__(self, desk: Desk, play: Play) -> None:
        super().__init__()
        self.desk = desk
        self.play = play
        self._attempts: list[Logged] = []
        """All finished attempts of this person at this case, this one among them unless it was begun again from a
        decision; empty until they are found."""
        self._origin: Logged | None = None
        """What this session comes from, if it was begun again from a decision and that is there."""
        self._judgement = fitting(play.session, signed_judgement(play.where, play.header.session))
        """What supervisors said and signed."""
        self._redacted = self._gone()
        """The decisions whose text was redacted."""
        self._typed = ""
        """What stands in the editor."""
        self._draft_timer: Timer | None = None
        self._back: Hindsight | None = None
        """What the session was worth against what the case made possible, once that is known."""
        self._model: ModelPath | None = None
        """One balanced way through, once there is known to be one."""

    def compose(self) -> ComposeResult:
        """Tell the session from its end."""
        session, again = self.play.session, self.play.header.again
        tried = f"{again_from(again.decision)} · " if again else ""
        ending = session.ending.title if session.ending else "unfinished"
        yield TopLine(f"Debrief · {tried}{session.scenario.title}", ending)
        with Paper(id="debrief"):
            if again:
                yield Words(again_line(again), classes="muted gap")
            if read := purpose_line(self.play.header.purpose):
                yield Words(read, classes="muted gap")
            yield Words(session.narration, classes="gap")
            yield from self._worth()
            yield Words(id="reviewed")
            yield from self._said()
            yield Words("Your decisions", classes="heading")
            yield Words(
                "++ best  + acceptable  - poor  -- harmful  ! critical   (on offer: at the decisions you met)",
                classes="muted",
            )
            for moment in moments(session):
                if moment.chosen is not None or moment.awards or isinstance(moment.event, Wrote):
                    yield self._block(moment)
            yield Words(id="after")
            yield from self._after()
        yield KeyLine()

    def _worth(self) -> Iterator[Widget]:
        session = self.play.session
        card = score(self.play.rubric, session.decisions)
        for raised in card.criticals:
            critical = session.scenario.criticals[raised.critical]
            where = f", decision {raised.number}" if raised.number else ""
            standard = f" · {critical.standard}" if critical.standard else ""
            yield Words(f"Critical: {critical.title}{where}{standard}\n{critical.why}", classes="critical")
        for name, profile in card.profiles.items():
            yield Words(classes="reachable", id=f"reachable-{name}")
            yield Words(
                f"{name:<13} {profile_line(profile)}",
                classes="critical-line" if profile.critical else "",
                id=f"profile-{name}",
            )
        if self.desk.solve is not None:
            yield Words(WORKING, classes="muted", id="possible")

    def _block(self, moment: Moment, regret: Regret | None = None) -> MomentBlock:
        number = moment.number
        said = lines_at(self._judgement, number, self.play.rubric, self.desk.people)
        return MomentBlock(moment, self.play.rubric, said, regret=regret, gone=gone(number, self._redacted))

    def _gone(self) -> frozenset[int]:
        if not self._judgement.redacted:
            return frozenset()
        try:
            return redacted_decisions(journal.read(self.play.path), self._judgement)
        except ChainError:
            return frozenset()

    def _titles(self) -> Iterator[tuple[str, str]]:
        """Yield the titles of the cases that are to be practised, where the library has them."""
        from simulator.tui.desk import NoSuchCase

        for case in self._judgement.practise:
            with suppress(NoSuchCase):
                yield case, self.desk.case(case).scenario.title

    def _said(self) -> Iterator[Widget]:
        names = self.desk.people
        whole = lines_on_the_whole(self._judgement, names, dict(self._titles()))
        if whole := whole + lines_at(self._judgement, 0, self.play.rubric, names):
            yield Words("From your supervisor", classes="heading")
            for comment in whole:
                yield Words(comment, classes="comment")

    def _after(self) -> Iterator[Widget]:
        session = self.play.session
        if sure := certainty_lines(certainties(moments(session, self.play.header.taken_over))):
            yield Words("How sure you were", classes="heading")
            yield Words("\n".join(sure), classes="gap")
        if unopened := unread(session):
            yield Words("Not read: " + "; ".join(each.title for each in unopened) + ".", classes="muted gap")
        if closing := session.say(session.scenario.debrief):
            yield Words("To take along", classes="heading")
            yield Words(closing, classes="gap")
        yield Words("Your thoughts", classes="heading")
        yield Words(session.scenario.reflect or QUESTION)
        for earlier in self.play.reflections:
            yield Words(earlier, classes="written")
        with Vertical(id="reflection"):
            yield TextArea(id="thoughts", tab_behavior="focus")
            with Horizontal(id="keep-row"):
                yield Button("Keep it", id="keep", variant="primary")
                yield Words(id="kept", classes="muted")
        yield Words(judged_by(session.scenario), classes="muted")

    def on_mount(self) -> None:
        """Start at the top."""
        self._typed = self.play.draft()
        self.query_one("#thoughts", TextArea).load_text(self._typed)
        first = self.query(MomentBlock)
        if first:
            self.set_focus(first.first(), scroll_visible=False)
        self.call_after_refresh(self.query_one(Paper).scroll_home, animate=False)
        self._look_for_others()
        if self.desk.solve is not None:
            self._work_out()
        # In points until what the case made possible is known.
        self._show_reviewed(results(self.play.session, self.play.rubric, self._judgement, not_looked))

    @work(thread=True, exclusive=True, group="possible")
    def _work_out(self) -> None:
        """Find out in the background what the case made possible: that may take seconds."""
        worker = get_current_worker()
        found = self.desk.solve(self.play, lambda: worker.is_cancelled) if self.desk.solve else None
        if not worker.is_cancelled:
            rubric = self.play.rubric
            back = looked_back(self.play.session, rubric, found.ahead if found else None)
            self.post_message(self.Solved(back, model_path(found, rubric)))
            if self._judgement.reviewers:
                where = self.play.where
                reviewed = results(self.play.session, rubric, self._judgement, lambda case, by: span(where, case, by))
                self.post_message(self.Reviewed(reviewed))

    @on(Reviewed)
    def _reviewed(self, reviewed: Reviewed) -> None:
        self._show_reviewed(reviewed.results)

    def _show_reviewed(self, found: tuple[ReviewedResult, ...]) -> None:
        """Set the results of supervisors below the original ones."""
        lines = list(reviewed_lines(found, self.desk.people))
        place = self.query_one("#reviewed", Words)
        place.say("\n".join([*lines, WHAT_REVIEWED_MEANS]))
        place.display = bool(lines)

    @on(Solved)
    def _solved(self, solved: Solved) -> None:
        possible = self.query_one("#possible", Words)
        self._model = solved.model
        self.refresh_bindings()
        if isinstance(solved.back, Hindsight):
            self._back = solved.back
            possible.say(WHAT_IS_DRAWN)
            self._show_courses()
            self._price()
        elif isinstance(solved.back, NotProven):
            possible.say(not_proven_line(solved.back))
        else:
            possible.display = False

    def _show_courses(self) -> None:
        """Show each result, with rows that close in on it where there is room, and below it what was seen."""
        if self._back is None:
            return
        width = self.query_one(Paper).scrollable_content_region.width - 4
        draw(self, self._back.courses, score(self.play.rubric, self.play.session.decisions).profiles, width)

    def _price(self) -> None:
        """Say of each decision what it cost; what cost something and was not told yet is told now."""
        if self._back is None:
            return
        blocks = {block.moment.number: block for block in self.query(MomentBlock)}
        for moment in moments(self.play.session):
            regret = self._back.of(moment.number)
            if moment.number in blocks:
                blocks[moment.number].price(regret)
            elif any(regret.points or ()):
                after = next((block for number, block in blocks.items() if number > moment.number), None)
                added = self._block(moment, regret)
                self.query_one(Paper).mount(added, before=after or self.query_one("#after", Words))

    def on_resize(self) -> None:
        """Draw the rows as long as there is room for now."""
        self._show_courses()

    @work(thread=True, exclusive=True)
    def _look_for_others(self) -> None:
        """Look for other attempts in the background: there may be many journals."""
        header = self.play.header
        attempts = finished_attempts(self.desk.archive, header.person, header.scenario)
        self.post_message(self.Looked(attempts, self._come_from()))

    def _come_from(self) -> Logged | None:
        header, archive = self.play.header, self.desk.archive
        path = archive.path(header.again.session) if header.again else None
        if header.again is None or path is None:
            return None
        try:
            found = archive.load(path)
        except ChainError:
            return None
        named = (found.id, found.person, found.scenario.id)
        return found if named == (header.again.session, header.person, header.scenario) else None

    @on(Looked)
    def _found(self, looked: Looked) -> None:
        self._attempts = looked.attempts
        self._origin = looked.origin
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to compare only where there is something to compare with, and the balanced way once it is known."""
        if action == "model":
            return self._model is not None
        return action != "compare" or self._place is not None or self._origin is not None

    @property
    def _place(self) -> int | None:
        """Where this attempt stands among the others; None where there are none."""
        ids = [logged.id for logged in self._attempts]
        session = self.play.header.session
        return ids.index(session) if len(ids) > 1 and session in ids else None

    def action_compare(self) -> None:
        """Set this attempt beside the one before it, the first one beside the one after it; what was begun again from
        a decision beside the session it comes from.
        """
        from simulator.tui.comparison import ComparisonScreen

        place, origin = self._place, self._origin
        if origin is not None and self.is_active:
            self._compare_with(origin)
        elif place is not None and self.is_active:
            second = max(place, 1)
            self.app.push_screen(ComparisonScreen(self._attempts, second - 1, second))

    def _compare_with(self, origin: Logged) -> None:
        from simulator.tui.comparison import ComparisonScreen

        try:
            this = self.desk.archive.load(self.play.path)
        except ChainError as error:
            self.app.tell(str(error), bad=True)
        else:
            number = next((place for place, each in enumerate(self._attempts) if each.id == origin.id), None)
            self.app.push_screen(ComparisonScreen([origin, this], 0, 1, first=number))

    def action_model(self) -> None:
        """Show one balanced way through, step by step."""
        from simulator.tui.model import ModelScreen

        if self._model is not None and self.is_active:
            self.app.push_screen(ModelScreen(self._model))

    def action_open_all(self) -> None:
        """Open every decision, or close all if all are open."""
        blocks = self.query(MomentBlock)
        opened = not all(block.open for block in blocks)
        for block in blocks:
            block.open = opened

    def action_reflect(self) -> None:
        """Go to the place for thoughts."""
        self.query_one("#thoughts", TextArea).focus()

    @on(TextArea.Changed, "#thoughts")
    def _typing(self, event: TextArea.Changed) -> None:
        if event.text_area.text != self._typed:
            self._typed = event.text_area.text
            if self._draft_timer is None:
                self._draft_timer = self.set_timer(DRAFT_PAUSE, self._save_draft)

    def _save_draft(self) -> None:
        if self._draft_timer is None:
            return
        self._draft_timer.stop()
        self._draft_timer = None
        try:
            self.play.save_draft(self._typed)
        except NotSaved as error:
            state = f"What you type cannot be saved just now. {error}"
        else:
            state = "Saved as you type; the button puts it into your session." if self._typed else ""
        # When the app closes, what is typed outlives the place to show this.
        for kept in self.query("#kept").results(Words):
            kept.say(state)

    @on(Button.Pressed, "#keep")
    def _keep(self) -> None:
        text = self.query_one("#thoughts", TextArea).text.strip()
        kept = self.query_one("#kept", Words)
        if not text:
            kept.say("Nothing is written yet.")
            return
        try:
            self.play.reflect(text)
        except (NotSaved, ChainError) as error:
            kept.say(f"Not saved; press again to try again. {error}")
            return
        self._typed = ""
        if self._draft_timer is not None:
            self._draft_timer.stop()
            self._draft_timer = None
        kept.say("Kept with your session.")
        self.query_one("#reflection").mount(Words(text, classes="written"), before=0)
        self.query_one("#thoughts", TextArea).load_text("")

    def action_try_again(self) -> None:
        """Begin a new session that stands where the decision that is lit was made."""
        block = self.focused
        if not self.is_active:
            return
        if not isinstance(block, MomentBlock):
            self.app.tell("Move to a decision first, with the arrows.")
            return
        try:
            play = self.desk.again_from(self.play.path, self.play.session.scenario.id, block.moment.number)
        except (NotSaved, ChainError) as error:
            self.app.tell(str(error), bad=True)
            return
        self.app.switch_screen(MeetingScreen(self.desk, play))

    def action_again(self) -> None:
        """Play the case once more, as the library has it now."""
        from simulator.tui.desk import NoSuchCase

        if not self.is_active:
            return
        try:
            play = self.desk.begin(self.desk.case(self.play.session.scenario.id))
        except (NoSuchCase, NotSaved, ChainError) as error:
            self.app.tell(str(error), bad=True)
            return
        if read := purpose_line(play.header.purpose):
            self.app.tell(read)
        self.app.switch_screen(MeetingScreen(self.desk, play))

    def action_leave(self) -> None:
        """Back to where one came from; out of the editor first."""
        if isinstance(self.focused, TextArea):
            self.query_one("#keep", Button).focus()
        else:
            self.dismiss()

    def on_unmount(self) -> None:
        """Keep what is being typed, and let others open the journal."""
        self._save_draft()
        self.play.close()
