"""The case as it is played: what was said so far, who is there, what can be done now.

Nothing moves on before it is on the disk. If saving fails, the response stays lit, the reason stands above
it, and picking it again tries again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import Screen
from textual.timer import Timer
from textual.widgets import Button, TextArea

from simulator.chain import ChainError
from simulator.durable import NotSaved
from simulator.scenario import DIRECTORY, Phase
from simulator.session import Session
from simulator.transcript import Moment, moments, tells_something_new
from simulator.tui.answer import TO_DEBRIEF, Answer
from simulator.tui.choices import Choices, PicksByDigit
from simulator.tui.lines import KeyLine, TopLine, Words
from simulator.tui.log import Block, Kind, Log
from simulator.tui.page import ClosesOnce
from simulator.wording import again_from, award_lines, bearing, clock_line, edited_line, moods

if TYPE_CHECKING:
    from simulator.play import Play
    from simulator.tui.app import CaseloadApp
    from simulator.tui.desk import Desk

DRAFT_PAUSE = 0.3
"""Seconds after a key before a draft is saved, however fast one types on: the most that a crash can cost."""


class MeetingScreen(PicksByDigit, ClosesOnce, Screen[None]):
    """One session, played."""

    app: CaseloadApp
    CSS_PATH = "meeting.tcss"
    HELP = (
        "Pick a response with its number, with the arrows and Enter, or with the mouse. Where several can be picked, "
        "each is ticked by itself and the last row hands them in. Reading and asking take time, "
        "and the clock at the top right goes on. A page up or down moves through what was said. Leave whenever you "
        "like: everything is saved, and the library lets you go on where you left."
    )
    BINDINGS: ClassVar = [
        Binding("d", "documents", "Documents", id="scene.documents", tooltip="Read what is on the desk"),
        Binding("r", "directory", "Directory", id="scene.directory", tooltip="Look into the referral directory"),
        Binding("c", "consult", "Consult", id="scene.consult", tooltip="Ask your supervisor about this moment"),
        Binding("pageup", "scroll_log(-1)", "Up", show=False, id="scene.up", tooltip="Back through what was said"),
        Binding("pagedown", "scroll_log(1)", "Down", show=False, id="scene.down", tooltip="On through what was said"),
        Binding("escape", "step_back", "Step back", id="scene.out", tooltip="Out of the editor, or of the question"),
        Binding("q", "leave", "Leave", id="scene.leave", tooltip="Leave; everything is saved, go on later"),
    ]

    def __init__(self, desk: Desk | None, play: Play) -> None:
        super().__init__()
        self.desk = desk
        self.play = play
        self._answer = Answer(play)
        self._left = False
        self._draft_timer: Timer | None = None
        self._told_so_far = len(play.session.events)
        self._typed = ""
        """What stands in the editor."""

    def compose(self) -> ComposeResult:
        """Lay out the room."""
        again = self.play.header.again
        title = self.play.session.scenario.title
        # First, because a long title is cut.
        yield TopLine(f"{again_from(again.decision).capitalize()} · {title}" if again else title)
        yield from self.stage()
        yield KeyLine()

    def stage(self) -> ComposeResult:
        """Lay out what is seen of the case, and what can be done."""
        yield Words(id="strip")
        with Horizontal(id="room"):
            yield Words(id="side")
            yield Log(id="log")
        yield Words(id="alert", classes="alert")
        with Vertical(id="answer"):
            yield Words(id="asked", classes="heading")
            yield Choices(id="responses")
            with Vertical(id="writing"):
                yield Words(id="prompt")
                yield TextArea(id="editor", tab_behavior="focus")
                with Horizontal(id="hand-in-row"):
                    yield Button("Hand in", id="hand-in", variant="primary")
                    yield Words(id="draft-state", classes="muted")

    async def on_mount(self) -> None:
        """Tell what was said so far, and where it stands."""
        if self.play.edited:
            self.app.tell(edited_line(again=self.play.header.again is not None))
        await self.tell_all()

    async def tell_all(self) -> None:
        """Tell everything from the start to where the session stands."""
        session = self.play.session
        self._told_so_far = len(session.events)
        log = self.query_one(Log)
        for moment in moments(session):
            log.tell([*self._tried_again(moment.number), *_told(moment), *self._done(moment)])
        await self._show([*self._tried_again(len(session.events) + 1)])

    # -- the log ------------------------------------------------------------------------------

    def _tried_again(self, number: int) -> Iterator[Block]:
        """Say, before the decision that is tried again, that it is."""
        again = self.play.header.again
        if again is not None and again.decision == number:
            yield Block(Kind.NOTE, f"{again_from(number).capitalize()}.")

    def _done(self, moment: Moment) -> Iterator[Block]:
        yield Block(Kind.DONE, f"You   {moment.what}" if moment.chosen and moment.chosen.spoken else moment.what)
        if moment.advice:
            yield Block(Kind.ADVICE, moment.advice)
        if moment.written is not None:
            yield Block(Kind.WRITTEN, moment.written or "(nothing)")
        if moment.reaction:
            yield Block(Kind.TOLD, moment.reaction)
        if self.play.header.feedback == "each":
            for award in moment.awards:
                lines = [*award_lines(award, self.play.rubric), *([award.why] if award.why else [])]
                yield Block(Kind.MARKS, "\n".join(lines))
            for critical in moment.criticals:
                yield Block(Kind.CRITICAL, f"Critical: {critical.title}. {critical.why}")

    async def _moved(self) -> None:
        """Show what the last decision led to."""
        # Two documents may have been opened before the first one is told of here.
        done = [each for moment in moments(self.play.session, self._told_so_far) for each in self._done(moment)]
        self._told_so_far = len(self.play.session.events)
        if done:
            await self._show(done)

    async def _show(self, done: list[Block]) -> None:
        """Show where the session stands, after what was done to get there."""
        session = self.play.session
        self._answer = self._answer.next()
        self.query_one(Log).tell([*done, *_stands(session)])
        self._show_people(session)
        self.query_one(TopLine).say(right=f"{session.phase} · {clock_line(session)}".rstrip(" ·"))
        self._alert("")
        await self._ask(session)
        self.refresh_bindings()

    def _show_people(self, session: Session) -> None:
        side = self.query_one("#side", Words)
        if not _with_somebody(session):
            side.border_title = Content(session.scenario.title)
            side.say("\n".join(_at_hand(session)))
            self.query_one("#strip", Words).say("")
            return
        person = session.scenario.people[session.person]
        side.border_title = Content(person.name)
        felt = moods(session, person.id) if session.phase is Phase.MEETING else ()
        seen = bearing(session, person.id) if felt else ""
        width = max((len(mood.feeling) for mood in felt), default=0) + 2
        parts = [
            [each for each in (person.role, seen) if each],
            [f"{mood.feeling:<{width}}{mood.word}{_arrow(mood.change)}" for mood in felt],
            _at_hand(session),
        ]
        side.say("\n\n".join("\n".join(part) for part in parts if part))
        above = " · ".join(each for each in (person.name, seen or person.role) if each)
        below = " · ".join(f"{mood.feeling} {mood.word}{_arrow(mood.change)}" for mood in felt)
        self.query_one("#strip", Words).say("\n".join(each for each in (above, below) if each))

    # -- what can be done ---------------------------------------------------------------------

    async def _ask(self, session: Session) -> None:
        scene = session.scene
        writing = scene is not None and scene.write is not None
        self.query_one("#writing").display = writing
        self.query_one("#asked").display = False
        responses = self.query_one("#responses", Choices)
        responses.display = not writing
        if scene is not None and scene.write is not None:
            self.query_one("#prompt", Words).say(scene.write.prompt)
            editor = self.query_one("#editor", TextArea)
            self._typed = self.play.draft()
            editor.load_text(self._typed)
            editor.move_cursor(editor.document.end)
            self.query_one("#draft-state", Words).say("Saved as you type." if editor.text else "")
            editor.focus()
            return
        await self._offer()
        responses.focus()

    async def _offer(self, lit: int = 0) -> None:
        """Show what can be picked now."""
        answer = self._answer
        asked = self.query_one("#asked", Words)
        asked.say(answer.prompt)
        asked.display = bool(answer.prompt)
        self._alert(answer.trouble or answer.stuck)
        rows = answer.rows()
        # A single one is lit: there is nothing to choose.
        await self.query_one("#responses", Choices).fill(rows, lit=lit or int(len(rows) == 1))

    def _alert(self, message: str) -> None:
        alert = self.query_one("#alert", Words)
        alert.say(message)
        alert.display = bool(message)

    def _save(self, decide: Callable[[], object]) -> bool:
        """Decide something; if it cannot be saved, say so and stay."""
        try:
            decide()
        except (NotSaved, ChainError) as error:
            self._alert(f"Not saved, so nothing has happened yet; do it again to try again. {error}")
            return False
        return True

    @on(Choices.Picked, "#responses")
    async def _picked(self, event: Choices.Picked) -> None:
        if event.id == TO_DEBRIEF:
            if self.is_active:
                self._debrief()
            return
        decide = self._answer.pick(event.id)
        if decide is None:
            again = event.choices.ids.index(event.id) + 1 if event.id in event.choices.ids else 0
            await self._offer(0 if self._answer.asking_how_sure else again)
            self.refresh_bindings()
        elif self._save(decide):
            await self._moved()
        else:
            event.choices.light(event.id)

    def _debrief(self) -> None:
        from simulator.tui.debrief import DebriefScreen

        assert self.desk is not None  # noqa: S101 - who has none has no debrief
        self._left = True
        self.app.handing_in.soon()
        self.app.switch_screen(DebriefScreen(self.desk, self.play))

    async def action_consult(self) -> None:
        """Ask the supervisor; what was said already is shown again."""
        session = self.play.session
        if session.can_consult:
            if self._save(self.play.consult):
                await self._moved()
        elif session.advice:
            self.query_one(Log).bring_back(Kind.ADVICE)
        elif session.away:
            self.query_one(Log).tell([Block(Kind.ADVICE, session.away)])

    def action_documents(self) -> None:
        """Open the desk with its documents."""
        self._open_desk()

    def action_directory(self) -> None:
        """Open the desk at the referral directory."""
        self._open_desk(DIRECTORY)

    def _open_desk(self, document: str = "") -> None:
        from simulator.tui.documents import DocumentsScreen

        def moved() -> None:
            self.call_later(self._moved)

        self.app.push_screen(DocumentsScreen(self.play, moved, document))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what can be done now."""
        session = self.play.session
        if action == "consult":
            return bool(session.can_consult or session.advice or session.away)
        if action == "documents":
            return any(not each.referrals for each in (*session.unread, *session.documents))
        if action == "directory":
            return any(each.referrals for each in (*session.unread, *session.documents))
        if action == "step_back":
            return isinstance(self.focused, TextArea) or self._answer.asking_how_sure
        return True

    def action_scroll_log(self, pages: int) -> None:
        """Move through what was said."""
        log = self.query_one(Log)
        if pages > 0:
            log.scroll_page_down(animate=False)
        else:
            log.scroll_page_up(animate=False)

    # -- writing ------------------------------------------------------------------------------

    @on(TextArea.Changed, "#editor")
    def _typing(self, event: TextArea.Changed) -> None:
        if event.text_area.text == self._typed:
            return
        self._typed = event.text_area.text
        self._empty_is_meant = False
        if self._draft_timer is None:
            self._draft_timer = self.set_timer(DRAFT_PAUSE, self._save_draft)

    def _save_draft(self) -> None:
        if self._draft_timer is not None:
            self._draft_timer.stop()
            self._draft_timer = None
        scene = self.play.session.scene
        if self._left or scene is None or scene.write is None:
            return
        try:
            self.play.save_draft(self._typed)
        except NotSaved as error:
            state = f"What you type cannot be saved just now. {error}"
        else:
            state = "Saved as you type." if self._typed else ""
        # When the app closes, what is typed outlives the place to show this.
        for words in self.query("#draft-state").results(Words):
            words.say(state)

    async def action_step_back(self) -> None:
        """Let the other keys work again, or think again before saying how sure."""
        if self._answer.asking_how_sure:
            self._answer.back()
            await self._offer()
            self.refresh_bindings()
        else:
            self.query_one("#hand-in", Button).focus()

    @on(Button.Pressed, "#hand-in")
    async def _hand_in(self) -> None:
        if not self.query_one("#writing").display:
            # A second click, while the first one is being shown.
            return
        text = self.query_one("#editor", TextArea).text.strip()
        if not text and not self._empty_is_meant:
            self._empty_is_meant = True
            self._alert("Nothing is written yet. Hand in once more to leave it empty.")
            self.query_one("#editor", TextArea).focus()
            return
        if self._save(lambda: self.play.write(text)):
            self._empty_is_meant = False
            await self._moved()

    _empty_is_meant = False

    # -- leaving ------------------------------------------------------------------------------

    def action_leave(self) -> None:
        """Leave, to go on later."""
        if self.is_active:
            self._suspend()
            self.dismiss()

    def on_unmount(self) -> None:
        """Leave properly, however the screen is closed."""
        self._suspend()

    def _suspend(self) -> None:
        if not self._left:
            if self._draft_timer is not None:
                self._save_draft()
            self._left = True
            self.play.suspend()


def _told(moment: Moment) -> Iterator[Block]:
    """Yield what the trainee was told before a decision."""
    if moment.narration:
        yield Block(Kind.TOLD, moment.narration)
    if moment.speech:
        yield Block(Kind.SAID, moment.speech, moment.person)
    for who, words in moment.voices:
        yield Block(Kind.SAID, words, who)


def _stands(session: Session) -> Iterator[Block]:
    """Yield what is new where a session stands."""
    if session.ending is not None:
        yield Block(Kind.ENDING, session.ending.title)
        yield Block(Kind.TOLD, session.narration)
    elif tells_something_new(session):
        if session.narration:
            yield Block(Kind.TOLD, session.narration)
        for person, words in session.speeches:
            yield Block(Kind.SAID, words, session.scenario.called(person))


def _with_somebody(session: Session) -> bool:
    """Whether to show whom a scene is with: on a day with many, only while they meet."""
    scene = session.scene
    meets = scene is not None and not scene.hub and session.phase is Phase.MEETING
    return session.scenario.names_client or meets


def _arrow(change: int) -> str:
    return "" if not change else " ▲" if change > 0 else " ▼"


def _at_hand(session: Session) -> list[str]:
    """Return what is at hand, with its keys."""
    lines = []
    papers = [each for each in session.scenario.documents.values() if not each.referrals]
    read = [each for each in session.documents if not each.referrals]
    within_reach = (*session.unread, *session.documents)
    if any(not each.referrals for each in within_reach):
        lines.append(f"d  documents  {len(read)} of {len(papers)} read")
    if any(each.referrals for each in within_reach):
        lines.append("r  referral directory")
    if session.can_consult:
        lines.append("c  consult your supervisor")
    elif session.away:
        lines.append("c  your supervisor is away")
    return lines
