"""One session under review: everything the trainee saw, chose and skipped, and room to comment on any of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.screen import Screen

from simulator.archive import Logged
from simulator.chain import ChainError
from simulator.durable import NotSaved
from simulator.report import again_line, when
from simulator.review import Reviewing, reviews_of
from simulator.transcript import moments, unread
from simulator.tui.lines import KeyLine, Paper, TopLine, Words
from simulator.tui.moment import MomentBlock, comment_words
from simulator.tui.page import ClosesOnce
from simulator.wording import ASSERTED, judged_by, profile_line

if TYPE_CHECKING:
    from simulator.tui.app import CaseloadApp
    from simulator.tui.desk import Desk


class ReviewScreen(ClosesOnce, Screen[None]):
    """Read a session, comment on it, sign it off."""

    app: CaseloadApp
    CSS_PATH = "reviewing.tcss"
    HELP = (
        "Up and down move from decision to decision, n to the next critical. c comments on the decision that is lit, w "
        "on the session as a whole. The trainee sees your comments once you sign off with s; what you say later shows "
        "with your next sign-off."
    )
    BINDINGS: ClassVar = [
        Binding("down,j", "app.focus_next", "Next", show=False, id="review.next", tooltip="The next decision"),
        Binding("up,k", "app.focus_previous", "Before", show=False, id="review.before", tooltip="The one before"),
        Binding("n", "critical", "Next critical", id="review.critical", tooltip="The next decision with a critical"),
        Binding("c", "comment", "Comment", id="review.comment", tooltip="Comment on the decision that is lit"),
        Binding("w", "comment_whole", "On the whole", id="review.whole", tooltip="Comment on the session as a whole"),
        Binding("s", "sign_off", "Sign off", id="review.sign-off", tooltip="Let the trainee see what you said"),
        Binding("q,escape", "dismiss", "Back", id="review.back", tooltip="Back to the list"),
    ]

    def __init__(self, desk: Desk, logged: Logged) -> None:
        super().__init__()
        self.desk = desk
        self.logged = logged

    def compose(self) -> ComposeResult:
        """Lay out facts, scorecard, transcript."""
        logged, desk = self.logged, self.desk
        session = logged.session
        ending = session.ending.title if session.ending else "unfinished"
        comments = [comment for review in reviews_of(desk.where, logged.id) for comment in review.comments]
        yield TopLine(f"Review · {session.scenario.title}", f"{desk.people.name(logged.person)} · {ending}")
        with Paper(id="review"):
            yield Words(self._facts(), classes="muted gap")
            if logged.trouble:
                yield Words(f"{logged.trouble} What follows is what came before that.", classes="alert gap")
            for raised in logged.scorecard.criticals:
                critical = session.scenario.criticals[raised.critical]
                yield Words(f"Critical: {critical.title}, decision {raised.number}\n{critical.why}", classes="critical")
            for name, profile in logged.scorecard.profiles.items():
                yield Words(f"{name:<13} {profile_line(profile)}")
            yield Words(self._signed(), id="signed", classes="muted")
            for comment in comments:
                if comment.number == 0:
                    yield Words(comment_words(comment, desk.people), classes="comment")
            yield Words("What happened", classes="heading")
            for moment in moments(session):
                said = [comment_words(each, desk.people) for each in comments if each.number == moment.number]
                yield MomentBlock(moment, logged.rubric, said, whole=True)
            if unopened := unread(session):
                yield Words("Not read: " + "; ".join(each.title for each in unopened) + ".", classes="muted gap")
            for reflection in logged.recorded.reflections():
                yield Words("What the trainee thought about it", classes="heading")
                yield Words(reflection, classes="written")
            yield Words(f"{judged_by(session.scenario)} {ASSERTED}", classes="muted")
        yield KeyLine()

    def on_mount(self) -> None:
        """Start at the top, with the first decision lit."""
        blocks = self.query(MomentBlock)
        if blocks:
            self.set_focus(blocks.first(), scroll_visible=False)
        self.call_after_refresh(self.query_one(Paper).scroll_home, animate=False)

    def _facts(self) -> str:
        recorded = self.logged.recorded
        feedback = "after each response" if recorded.header.feedback == "each" else "at the end"
        notices = "".join(f"\n{notice.message}" for notice in recorded.reading.notices)
        again = f"\n{again_line(self.logged.again)}" if self.logged.again else ""
        return (
            f"Session {self.logged.id}, version {recorded.header.version} of the case, feedback {feedback}. "
            f"Begun {when(recorded.started)}, last entry {when(recorded.touched)}.{again}{notices}"
        )

    def _signed(self) -> str:
        head = self.logged.recorded.reading.head
        lines = [
            f"Signed off by {self.desk.people.name(review.reviewer)}, {when(review.signed_off)}"
            + ("." if review.head == head else "; the session has gone on since.")
            for review in reviews_of(self.desk.where, self.logged.id)
            if review.signed_off
        ]
        return "\n".join(lines) or "Not signed off yet."

    @property
    def _lit(self) -> MomentBlock | None:
        return self.focused if isinstance(self.focused, MomentBlock) else None

    def action_critical(self) -> None:
        """Go to the next decision with a critical, from the top again after the last."""
        blocks = list(self.query(MomentBlock))
        start = blocks.index(self._lit) + 1 if self._lit else 0
        for block in blocks[start:] + blocks[:start]:
            if block.moment.criticals:
                block.focus()
                return
        self.app.tell("No critical in this session.")

    def action_comment(self) -> None:
        """Comment on the decision that is lit."""
        block = self._lit
        if block is None:
            self.app.tell("Move to a decision first, with the arrows.")
            return
        self._comment(block.moment.number, f"Decision {block.moment.number}: {block.moment.what}")

    def action_comment_whole(self) -> None:
        """Comment on the session as a whole."""
        self._comment(0, "The session as a whole")

    def _comment(self, number: int, about: str, text: str = "") -> None:
        from simulator.tui.comment import CommentScreen

        async def said(text: str | None) -> None:
            if not text:
                return
            if self._write(lambda reviewing: reviewing.comment(number, text)):
                await self._show_again()
                self.app.tell("Kept. The trainee sees it once you sign off.")
            else:
                # Nobody should have to type it a second time.
                self._comment(number, about, text)

        self.app.push_screen(CommentScreen(about, text), said)

    async def _show_again(self) -> None:
        """Show the review as it is now, and stay where one was."""
        lit = self._lit.moment.number if self._lit else 0
        place = self.query_one(Paper).scroll_y
        await self.recompose()
        for block in self.query(MomentBlock):
            if block.moment.number == lit:
                self.set_focus(block, scroll_visible=False)
        self.call_after_refresh(self.query_one(Paper).scroll_to, y=place, animate=False)

    async def action_sign_off(self) -> None:
        """Let the trainee see what was said."""
        head = self.logged.recorded.reading.head
        if self._write(lambda reviewing: reviewing.sign_off(head)):
            await self._show_again()
            self.app.tell("Signed off. The trainee sees your comments in the debrief.")

    def _write(self, what: Callable[[Reviewing], None]) -> bool:
        person = self.desk.person
        if person is None:
            return False
        try:
            with Reviewing.open(self.desk.where, self.logged, person.id) as reviewing:
                what(reviewing)
        except (ChainError, NotSaved) as error:
            self.app.tell(str(error), bad=True)
            return False
        return True
