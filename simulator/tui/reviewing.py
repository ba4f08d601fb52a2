"""One session under review: everything the trainee saw, chose and skipped, and what reviewers say of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.events import Key
from textual.message import Message
from textual.screen import Screen
from textual.widget import Widget
from textual.worker import get_current_worker

from scoring.rubric import Level, Rubric
from simulator.archive import Logged
from simulator.calibration import certainties, certainty_lines
from simulator.chain import ChainError
from simulator.hindsight import Foreseen, Hindsight, NotProven
from simulator.hindsight_telling import looked_back
from simulator.pace import paces
from simulator.practice import is_practice, summary
from simulator.report import again_line, when
from simulator.review.judged import fitting, to_rate
from simulator.review.reviewed import Reviewed, results
from simulator.review.telling import comment_line, lines_at, lines_on_the_whole
from simulator.review.writing import Judgement, ReviewState, judgement_of, review_state, reviews_of
from simulator.scenario import Scenario
from simulator.session import Wrote
from simulator.text import folded
from simulator.transcript import Moment, moments, unread
from simulator.tui.judge import Judge
from simulator.tui.lines import KeyLine, Paper, TopLine, Words
from simulator.tui.moment import MomentBlock
from simulator.tui.page import ClosesOnce
from simulator.tui.results import Results
from simulator.tui.told import ReflectionBlock, StartBlock
from simulator.tui.tool import Tool, Tools
from simulator.verify import Finding, Verdict
from simulator.wording import ASSERTED, counted, judged_by

if TYPE_CHECKING:
    from simulator.tui.app import CaseloadApp
    from simulator.tui.desk import Desk, Span
    from simulator.tui.judging import JudgingScreen

AT_ONCE = 3
"""How many decisions are laid out before the page shows: with the results above them, a screenful."""
A_BATCH = 4
"""How many are laid out together after that, with room for keys in between."""
SURE = 3
"""How sure somebody says to be who counts as sure, of 4."""
NEEDS_A_TRANSCRIPT = frozenset(
    (
        *("critical", "to_rate", "sure_and_harmful", "go", "find", "find_next", "open_all"),
        *("comment", "override", "rate", "overall", "redact", "send_back"),
    )
)
"""Actions that are not for practice, of which there is a summary alone."""
UNLISTED = frozenset(
    (
        *("to_rate", "sure_and_harmful", "go", "find_next", "open_all", "unfold"),
        *("comment_whole", "overall", "own", "redact", "send_back", "onward"),
    )
)
"""Actions that the line at the bottom has no room for; they stand on the page, in help and in the palette."""
Block = MomentBlock | StartBlock | ReflectionBlock


class ReviewScreen(ClosesOnce, Screen[None]):
    """Read a session, judge it, sign it off or send it back."""

    app: CaseloadApp
    CSS_PATH = "reviewing.tcss"
    HORIZONTAL_BREAKPOINTS: ClassVar = [(0, "-slim"), (60, "-narrow"), (100, "-wide")]  # type: ignore[misc]
    HELP = (
        "Up and down move from decision to decision; n goes to the next critical, t to the next note that nobody has "
        "rated, u to the next decision that was sure and harmful, a number to that decision, / to words. c comments on "
        "the decision that is lit, o overrides a mark of it, r rates what was written there, x erases what was "
        "written. w comments on the whole, e rates each dimension as a whole, z takes back what you said. The trainee "
        "sees what you said once you sign off with s or send back with b; what you say later shows with your next "
        "sign-off. What the case marked stays beside your result, and what others said is theirs."
    )
    BINDINGS: ClassVar = [
        Binding("down,j", "below", "Next", show=False, id="review.next", tooltip="The next decision"),
        Binding("up,k", "above", "Before", show=False, id="review.before", tooltip="The one before"),
        Binding("n", "critical", "Critical", id="review.critical", tooltip="The next decision with a critical"),
        Binding("t", "to_rate", "To rate", id="review.to-rate", tooltip="The next note that nobody has rated"),
        Binding(
            "u",
            "sure_and_harmful",
            "Sure and harmful",
            id="review.sure-and-harmful",
            tooltip="The next decision that was sure and harmful",
        ),
        Binding("g", "go", "Go to", id="review.go", tooltip="To a decision by its number; or just type the number"),
        Binding("slash", "find", "Find", key_display="/", id="review.find", tooltip="Find words in the transcript"),
        Binding("f", "find_next", "Find again", id="review.find-next", tooltip="The next place with the same words"),
        Binding("a", "open_all", "Open all", id="review.all", tooltip="Open or close every decision"),
        Binding("c", "comment", "Comment", id="review.comment", tooltip="Comment on the decision that is lit"),
        Binding("o", "override", "Override", id="review.override", tooltip="Override a mark of the decision lit"),
        Binding("r", "rate", "Rate", id="review.rate", tooltip="Rate what was written at the decision that is lit"),
        Binding("w", "comment_whole", "On the whole", id="review.whole", tooltip="Comment on the session as a whole"),
        Binding("e", "overall", "Rate overall", id="review.overall", tooltip="Rate each dimension as a whole"),
        Binding("z", "own", "Take back", id="review.own", tooltip="What you said so far, and taking it back"),
        Binding("x", "redact", "Redact", id="review.redact", tooltip="Erase the text of what is lit, for good"),
        Binding("s", "sign_off", "Sign off", id="review.sign-off", tooltip="Let the trainee see what you said"),
        Binding("b", "send_back", "Send back", id="review.send-back", tooltip="Send it back, with what to practise"),
        Binding(
            "right_square_bracket",
            "onward",
            "Next session",
            key_display="]",
            id="review.onward",
            tooltip="The next session of the inbox",
        ),
        Binding("q,escape", "dismiss", "Back", id="review.back", tooltip="Back to the list"),
    ]

    @dataclass
    class Solved(Message):
        """What the case made possible is known, or that nobody knows it."""

        back: Hindsight | NotProven | None
        found: Foreseen | None

    @dataclass
    class Judged(Message):
        """The reviewed results are known."""

        judgement: Judgement
        """What they are made of; other things may have been said since."""
        found: tuple[Reviewed, ...]

    @dataclass
    class Checked(Message):
        """The journal was set against its receipts and the library."""

        said: str

    def __init__(self, desk: Desk, logged: Logged, onward: Callable[[], Logged | None] | None = None) -> None:
        """`onward` gives the next session of the inbox; None: there is no more."""
        super().__init__()
        self.desk = desk
        self.logged = logged
        self.onward = onward
        self.judge = Judge(desk, logged)
        self.practice = is_practice(logged)
        """Then there is a summary, and no more."""
        self._judgement = Judgement()
        self._sought = ""
        """Words that were looked for last."""
        self._hit: Words | None = None
        """Where they were found last."""
        self._back: Hindsight | NotProven | None = None
        self._doubt = ""
        """What is wrong with the journal beyond what reading it showed."""
        self._filling = asyncio.Lock()
        """Held while decisions are laid out."""

    # -- the page -----------------------------------------------------------------------------

    def compose(self) -> ComposeResult:
        """Lay out what is wrong, facts, results, what was said of the whole, then the transcript."""
        session = self.logged.session
        ending = "practice" if self.practice else session.ending.title if session.ending else "unfinished"
        self._judgement = self._judged()
        yield TopLine(f"Review · {session.scenario.title}", f"{self.desk.people.name(self.logged.person)} · {ending}")
        with Paper(id="review"):
            yield Words(self._doubt, id="doubt", classes="alert")
            if self.practice:
                yield Words(self._summary(), id="summary", classes="gap")
            else:
                yield from self._outcome()
            yield Words(self._signed(), id="signed", classes="muted")
            with Vertical(id="whole"):
                yield from self._whole()
            yield self._tools_of_the_whole()
            if not self.practice:
                yield from self._transcript()
        yield KeyLine(UNLISTED)

    def _outcome(self) -> Iterator[Widget]:
        logged, session = self.logged, self.logged.session
        yield Words(self._facts(), classes="muted gap")
        if logged.trouble:
            yield Words(f"{logged.trouble} What follows is what came before that.", classes="alert gap")
        for raised in logged.scorecard.criticals:
            critical = session.scenario.criticals[raised.critical]
            where = f", decision {raised.number}" if raised.number else ""
            yield Words(f"Critical: {critical.title}{where}\n{critical.why}", classes="critical")
        yield Results(logged, working=self.desk.solve is not None)

    def _facts(self) -> str:
        recorded = self.logged.recorded
        feedback = "after each response" if recorded.header.feedback == "each" else "at the end"
        purpose = f", {self.logged.purpose}" if self.logged.purpose else ""
        notices = "".join(f"\n{notice.message}" for notice in recorded.reading.notices)
        again = f"\n{again_line(self.logged.again)}" if self.logged.again else ""
        return (
            f"Session {self.logged.id}{purpose}, version {recorded.header.version} of the case, feedback {feedback}. "
            f"Begun {when(recorded.started)}, last entry {when(recorded.touched)}.{again}{notices}"
        )

    def _summary(self, found: Foreseen | None = None) -> str:
        # Lines are wrapped where they are shown.
        return summary(self.logged, self.desk.people, found.ahead if found else None, width=10_000)

    def _signed(self) -> str:
        head = self.logged.recorded.reading.head
        lines = [
            f"Signed off by {self.desk.people.name(review.reviewer)}, {when(review.signed_off)}"
            + ("." if review.head == head else "; the session has gone on since.")
            for review in reviews_of(self.desk.where, self.logged.id)
            if review.signed_off
        ]
        gone_on = any(back.head != head for back in self._judgement.sent_back)
        lines += ["It was sent back, and has gone on since."] if gone_on else []
        sent = review_state(self.desk.where, self.logged) is ReviewState.SENT_BACK
        return "\n".join(lines) or ("Sent back." if sent else "Not signed off yet.")

    def _whole(self) -> Iterator[Words]:
        people, judgement = self.desk.people, self._judgement
        titles = {case.scenario.id: case.scenario.title for case in self.desk.cases}
        for line in lines_on_the_whole(judgement, people, titles):
            yield Words(line, classes="comment")
        # A comment on what can no longer be replayed is not lost.
        for each in judgement.comments if not self.practice else ():
            if not 0 <= each.number <= len(self.logged.session.events):
                told = f"On decision {each.number}, which cannot be replayed: {comment_line(each, people)}"
                yield Words(told, classes="comment")

    def _tools_of_the_whole(self) -> Tools:
        levels, back = [("rate overall", "overall")], [("send back", "send_back")]
        onward = [("next session", "onward")] if self.onward is not None else []
        return Tools(
            [("on the whole", "comment_whole"), *([] if self.practice else levels), ("take back", "own")],
            [("sign off", "sign_off"), *([] if self.practice else back), *onward],
        )

    def _transcript(self) -> Iterator[Widget]:
        logged, session = self.logged, self.logged.session
        yield Words("What happened", classes="heading")
        yield Tools(
            [("next critical", "critical"), ("next to rate", "to_rate")],
            [("sure and harmful", "sure_and_harmful"), ("go to", "go"), ("find", "find")],
        )
        if awards := session.trail[0].awards:
            tools = [("override", "override")]
            yield StartBlock(awards, logged.rubric, self._lines(0), tools)
        told = moments(session)
        taken = paces(logged.recorded)
        for moment in told:
            yield MomentBlock(
                moment,
                logged.rubric,
                self._lines(moment.number),
                whole=True,
                pace=str(taken[moment.number - 1]),
                tools=self._tools_of(moment),
                later=moment.number > AT_ONCE,
            )
        if unopened := unread(session):
            yield Words("Not read: " + "; ".join(each.title for each in unopened) + ".", classes="muted gap")
        if sure := certainty_lines(certainties(told[logged.recorded.header.taken_over :])):
            yield Words("How sure they were", classes="heading")
            yield Words("\n".join(sure), classes="gap")
        for record in logged.recorded.records:
            if record.mark == "reflected":
                yield Words("What the trainee thought about it", classes="heading")
                if record.text:
                    yield ReflectionBlock(record.seq, record.text, [("redact", "redact")])
                else:
                    yield Words("(erased)", classes="muted")
        yield Words(f"{judged_by(session.scenario)} {ASSERTED}", classes="muted")

    def _tools_of(self, moment: Moment) -> list[Tool]:
        tools = [("comment", "comment")]
        if moment.awards:
            tools.append(("override", "override"))
        if moment.written is not None:
            if not self.judge.can_rate(moment.number):
                tools.append(("rate", "rate"))
            tools.append(("redact", "redact"))
        return tools

    def _lines(self, number: int) -> list[str]:
        return lines_at(self._judgement, number, self.logged.rubric, self.desk.people)

    def _judged(self) -> Judgement:
        return fitting(self.logged.session, judgement_of(self.desk.where, self.logged.id))

    def on_mount(self) -> None:
        """Start at the top, with the first decision lit; work out the rest behind it."""
        self.query_one("#doubt").display = False
        blocks = self._blocks()
        if blocks:
            self.set_focus(blocks[0], scroll_visible=False)
        self.call_after_refresh(self.query_one(Paper).scroll_home, animate=False)
        self.call_after_refresh(self._fill_by_and_by)
        self._check()
        if self.desk.solve is not None:
            self._work_out()
        self._review_anew()

    # -- what takes a moment ------------------------------------------------------------------

    @work(exclusive=True, group="filling")
    async def _fill_by_and_by(self) -> None:
        """Lay out the decisions below the first screenful, from the top, while somebody reads that."""
        blocks = list(self.query(MomentBlock))
        for first in range(AT_ONCE, len(blocks), A_BATCH):
            await self._fill(blocks[first : first + A_BATCH])

    async def _fill(self, blocks: Sequence[Block] | None = None) -> None:
        """Lay out these decisions, else all, so that what is gone to does not move away again."""
        async with self._filling:
            wanted = self._blocks() if blocks is None else blocks
            await asyncio.gather(*(block.fill() for block in wanted if isinstance(block, MomentBlock)))

    @work(thread=True, exclusive=True, group="possible")
    def _work_out(self) -> None:
        """Find out what the case made possible."""
        worker = get_current_worker()
        found = self.desk.solve(self.logged, lambda: worker.is_cancelled) if self.desk.solve else None
        if not worker.is_cancelled:
            ahead = found.ahead if found else None
            back = None if self.practice else looked_back(self.logged.session, self.logged.rubric, ahead)
            self.post_message(self.Solved(back, found))

    @on(Solved)
    def _solved(self, solved: Solved) -> None:
        for shown in self.query("#summary").results(Words):
            shown.say(self._summary(solved.found))
        self._back = solved.back
        self._price()

    def _price(self) -> None:
        for shown in self.query(Results):
            shown.show(self._back)
        if isinstance(self._back, Hindsight):
            for block in self.query(MomentBlock):
                block.price(self._back.of(block.number))

    def _review_anew(self) -> None:
        """Find out what each reviewer's result is now, where that changes any."""
        if self.practice:
            return
        shown = self.query_one(Results)
        if self._judgement.reviewers:
            shown.say_working()
            self._measure(self._judgement)
        else:
            self.workers.cancel_group(self, "reviewed")
            shown.show_reviewed((), self.desk.people)

    @work(thread=True, exclusive=True, group="reviewed")
    def _measure(self, judgement: Judgement) -> None:
        worker = get_current_worker()

        def span(scenario: Scenario, rubric: Rubric) -> Span:
            if worker.is_cancelled or self.desk.span is None:
                return None
            return self.desk.span(scenario, rubric, lambda: worker.is_cancelled)

        found = results(self.logged.session, self.logged.rubric, judgement, span)
        if not worker.is_cancelled:
            self.post_message(self.Judged(judgement, found))

    @on(Judged)
    def _measured(self, judged: Judged) -> None:
        if judged.judgement == self._judgement:
            for shown in self.query(Results):
                shown.show_reviewed(judged.found, self.desk.people)

    @work(thread=True, exclusive=True, group="checked")
    def _check(self) -> None:
        """Set the journal against the library, and against receipts where there are any."""
        worker = get_current_worker()
        said = _doubt(self.desk.finding(self.logged.recorded.path), practice=self.practice)
        if not worker.is_cancelled:
            self.post_message(self.Checked(said))

    @on(Checked)
    def _checked(self, checked: Checked) -> None:
        self._doubt = checked.said
        for doubt in self.query("#doubt").results(Words):
            doubt.say(checked.said)
            doubt.display = bool(checked.said)

    # -- moving -------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what can be done: of practice there is no transcript."""
        if action == "onward":
            return self.onward is not None
        return not (self.practice and action in NEEDS_A_TRANSCRIPT)

    def _blocks(self) -> list[Block]:
        return [each for each in self.query("#review > *") if isinstance(each, Block)]

    @property
    def _lit(self) -> Block | None:
        return self.focused if isinstance(self.focused, Block) else None

    async def action_below(self) -> None:
        """Go to the next decision."""
        blocks = self._blocks()
        await self._fill(blocks[: blocks.index(self._lit) + 2] if self._lit in blocks else None)
        self.focus_next()

    async def action_above(self) -> None:
        """Go to the decision before."""
        if self._lit is None or self._lit is self._blocks()[0]:
            await self._fill()
        self.focus_previous()

    async def _light(self, block: Block) -> None:
        """Go to a decision. At once, because the next key may already be meant for it."""
        await self._fill()
        self.set_focus(block)

    async def _next(self, wanted: Callable[[MomentBlock], bool], none: str) -> None:
        """Go to the next decision that is wanted, from the top again after the last."""
        blocks = self._blocks()
        start = blocks.index(self._lit) + 1 if self._lit in blocks else 0
        for block in blocks[start:] + blocks[:start]:
            if isinstance(block, MomentBlock) and wanted(block):
                await self._light(block)
                return
        self.app.tell(none)

    async def action_critical(self) -> None:
        """Go to the next decision with a critical."""
        await self._next(lambda block: bool(block.moment.criticals), "No critical in this session.")

    async def action_to_rate(self) -> None:
        """Go to the next note that nobody has rated."""
        open_still = to_rate(self.logged.session, self._judgement.ratings)
        await self._next(lambda block: block.number in open_still, "No note here waits to be rated.")

    async def action_sure_and_harmful(self) -> None:
        """Go to the next decision that was sure and harmful."""
        await self._next(lambda block: _sure_and_harmful(block.moment), "No decision was sure and harmful.")

    def on_key(self, event: Key) -> None:
        """A digit begins the number of a decision to go to."""
        if (event.character or " ") in "123456789" and not self.practice:
            event.stop()
            self._ask_where(event.character or "")

    def action_go(self) -> None:
        """Go to a decision by its number."""
        self._ask_where("")

    def _ask_where(self, begun: str) -> None:
        from simulator.tui.seek import SeekScreen

        if self.is_active:
            last = len(self.logged.session.events)
            asked = f"Decision, 1 to {last}:" if last else "There is no decision:"
            self.app.push_screen(SeekScreen(asked, begun, number=True), self._go_to)
        elif isinstance(self.app.screen, SeekScreen):
            # Typed while it was opening, and on its way here already.
            self.app.screen.add(begun)

    async def _go_to(self, number: str | None) -> None:
        if not number:
            return
        for block in self.query(MomentBlock):
            if block.number == int(number):
                await self._light(block)
                return
        self.app.tell(f"There is no decision {number}; the last is {len(self.logged.session.events)}.")

    def action_find(self) -> None:
        """Ask for words to look for."""
        from simulator.tui.seek import SeekScreen

        if self.is_active:
            self.app.push_screen(SeekScreen("Find:", self._sought, fresh=True), self._find)

    async def _find(self, words: str | None) -> None:
        if words:
            self._sought = words
            await self.action_find_next()

    async def action_find_next(self) -> None:
        """Go to the next place that holds the words, from the top again after the last."""
        if not self._sought:
            self.action_find()
            return
        await self._fill()
        places = [each for each in self.query_one(Paper).query(Words) if not isinstance(each, Tools)]
        hits = [each for each in places if folded(self._sought) in folded(each.text)]
        if not hits:
            self.app.tell(f"“{self._sought}” stands nowhere on this page.")
            return
        # What was found last may have been said anew since, and then stands nowhere any more.
        at = places.index(self._hit) if self._hit in places else -1
        hit = next((each for each in hits if places.index(each) > at), hits[0])
        if self._hit is not None:
            self._hit.remove_class("-found")
        self._hit = hit
        hit.add_class("-found")
        block = next((each for each in hit.ancestors if isinstance(each, Block)), None)
        if isinstance(block, MomentBlock):
            block.open = True
        if block is not None:
            self.set_focus(block, scroll_visible=False)
        self.call_after_refresh(self._show, hit)
        self.app.tell(f"“{self._sought}”: {hits.index(hit) + 1} of {counted(len(hits), 'place')}")

    def _show(self, found: Words, tries: int = 5) -> None:
        """Bring what was found into view, once it has been laid out: what held it may have been folded."""
        if not found.size.height and tries:
            self.call_after_refresh(self._show, found, tries - 1)
        else:
            self.query_one(Paper).scroll_to_center(found, animate=False)

    def action_open_all(self) -> None:
        """Open every decision, or close all if all are open."""
        blocks = self.query(MomentBlock)
        opened = not all(block.open for block in blocks)
        for block in blocks:
            block.open = opened

    # -- judging ------------------------------------------------------------------------------

    def _decision(self) -> MomentBlock | StartBlock | None:
        """Return the decision that is lit; say so where none is."""
        lit = self._lit
        if isinstance(lit, MomentBlock | StartBlock):
            return lit
        self.app.tell("Move to a decision first, with the arrows.")
        return None

    def _open(self, screen: JudgingScreen, kept: str) -> None:
        """Open a small screen; once something was kept there, show it and say so."""

        async def said(done: bool | None) -> None:
            if done:
                await self._said()
                self.app.tell(kept)

        if self.is_active:
            self.app.push_screen(screen, said)

    async def _said(self) -> None:
        """Show what is said by now, and stay where one was."""
        self._judgement = self._judged()
        self.query_one("#signed", Words).say(self._signed())
        whole = self.query_one("#whole", Vertical)
        await whole.remove_children()
        await whole.mount_all(self._whole())
        for block in self._blocks():
            if isinstance(block, MomentBlock | StartBlock):
                await block.tell(self._lines(block.number))
        if (lit := self._lit) is not None and (said := lit.query(".comment")):
            # What was just said may stand below a long paper, out of sight.
            self.call_after_refresh(said.last().scroll_visible, animate=False)
        self._review_anew()

    def action_comment(self) -> None:
        """Comment on the decision that is lit."""
        block = self._decision()
        if block is not None:
            number = block.number
            about = block.about if number else "The session as a whole"
            self._open(self.judge.comment(number, about), "Kept. The trainee sees it once you sign off.")

    def action_comment_whole(self) -> None:
        """Comment on the session as a whole."""
        about = "The session as a whole"
        self._open(self.judge.comment(0, about), "Kept. The trainee sees it once you sign off.")

    def action_override(self) -> None:
        """Override a mark of the decision that is lit."""
        block = self._decision()
        if block is None:
            return
        if not self.judge.marks(block.number):
            self.app.tell(f"{block.about}: no marks were given here.")
            return
        self._open(self.judge.override(block.number, block.about), "Kept. What the case gave stays beside it.")

    def action_rate(self) -> None:
        """Rate what was written at the decision that is lit."""
        block = self._decision()
        if block is None:
            return
        if why := self.judge.can_rate(block.number):
            self.app.tell(why)
            return
        self._open(self.judge.rate(block.number, block.about), "Rated. The trainee sees it once you sign off.")

    def action_overall(self) -> None:
        """Rate each dimension as a whole."""
        self._open(self.judge.overall(), "Kept. The trainee sees it once you sign off.")

    def action_own(self) -> None:
        """Take back something one said."""
        screen = self.judge.take_back()
        if screen is None:
            self.app.tell("You have said nothing yet that could be taken back.")
        else:
            self._open(screen, "Taken back.")

    async def action_sign_off(self) -> None:
        """Let the trainee see what was said."""
        if not self.is_active:
            return
        if why := self.judge.sign_off():
            self.app.tell(why, bad=True)
            return
        await self._said()
        waiting = () if self.practice else to_rate(self.logged.session, self._judgement.ratings)
        note = f" Nobody has rated what was written at {', '.join(map(str, waiting))}." if waiting else ""
        self.app.tell(f"Signed off. The trainee sees what you said in the debrief.{note}")

    def action_send_back(self) -> None:
        """Send it back, with what to practise."""
        self._open(self.judge.send_back(), "Sent back. The trainee sees what you said, and what to practise.")

    def action_redact(self) -> None:
        """Erase the text of what is lit, for good."""
        lit = self._lit
        if isinstance(lit, ReflectionBlock):
            entry, text = lit.entry, lit.text
        elif isinstance(lit, MomentBlock) and isinstance(lit.moment.event, Wrote):
            entry, text = self.logged.recorded.seq_of(lit.number), lit.moment.written or ""
        else:
            self.app.tell("Nothing that somebody wrote is lit: move to a note or a reflection first.")
            return
        if not text:
            self.app.tell("There is no text here any more.")
            return
        later: list[str] = []

        async def erased(done: bool | None) -> None:
            if done:
                await self._load_again()
                self.app.tell(later[0] if later else "Erased, for good.", bad=bool(later))

        if self.is_active:
            self.app.push_screen(self.judge.redact(entry, lit.about, text, later.append), erased)

    async def _load_again(self) -> None:
        """Show the session as it lies on the disk now."""
        try:
            self.logged = self.desk.archive.load(self.logged.recorded.path)
        except ChainError as error:
            self.app.tell(str(error), bad=True)
            return
        self.judge = Judge(self.desk, self.logged)
        lit = self._blocks().index(self._lit) if self._lit else 0
        place = self.query_one(Paper).scroll_y
        self._hit = None
        await self.recompose()
        await self._fill()
        self._checked(self.Checked(self._doubt))
        blocks = self._blocks()
        if blocks:
            self.set_focus(blocks[min(lit, len(blocks) - 1)], scroll_visible=False)
        self.call_after_refresh(self.query_one(Paper).scroll_to, y=place, animate=False)
        self._price()
        self._review_anew()

    def action_onward(self) -> None:
        """Open the next session of the inbox."""
        if self.onward is None or not self.is_active:
            return
        try:
            following = self.onward()
        except ChainError as error:
            self.app.tell(str(error), bad=True)
            return
        if following is None:
            self.app.tell("That was the last one.")
        else:
            self.app.switch_screen(ReviewScreen(self.desk, following, self.onward))


def _sure_and_harmful(moment: Moment) -> bool:
    levels = {mark.level for award in moment.awards for mark in award.marks}
    return moment.confidence >= SURE and (Level.HARMFUL in levels or bool(moment.criticals))


def _doubt(finding: Finding | str, *, practice: bool) -> str:
    """Say what is wrong with a journal; what is damaged stands in its facts already, but for practice."""
    if isinstance(finding, str):
        return finding
    if finding.sound or (finding.verdict is Verdict.DAMAGED and not practice):
        return ""
    if practice and finding.verdict is Verdict.DAMAGED:
        return "Damaged: not all of this journal can be used."
    return f"{finding.verdict.value.capitalize()}: {finding.message}"
