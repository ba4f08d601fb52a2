"""Line-by-line play: for screen readers, pipes and tests.

It prints lines and reads one line a prompt. No cursor movement, no colour. A number picks; words answer
where something is to be written, until an empty line; `q`, or the end of the input, leaves and says how
to go on later.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TextIO

from scoring.scorecard import score
from simulator import people
from simulator.durable import NotSaved
from simulator.hindsight import Foreseen
from simulator.journal import Origin
from simulator.model_telling import (
    EXAMPLE,
    MODEL,
    ModelPath,
    asked,
    decided,
    example,
    model_path,
    scene_lines,
    when_line,
)
from simulator.play import Play
from simulator.report import WIDTH, again_line, debrief, said_of, wrap
from simulator.review.reviewed import not_looked
from simulator.review.writing import Judgement, signed_judgement
from simulator.scenario import Document, Scenario
from simulator.session import SURE, Session
from simulator.solved import span
from simulator.text import LONGEST_NOTE, clean, whole_number
from simulator.transcript import moments
from simulator.wording import (
    FICTION,
    SURENESS,
    award_lines,
    bearing,
    clock_line,
    counted,
    document_text,
    edited_line,
    how_many,
    logged_line,
    moods,
    purpose_line,
    spoken,
)

HELP = (
    "A number picks a response. d: documents. c: consult your supervisor, where that is offered. "
    "s: the scene again. ?: this help. q: leave; everything so far is saved."
)
TYPING = "Type your text. An empty line hands it in; q alone on a line leaves, and keeps what you typed."


class Left(Exception):
    """The trainee left, or the input ended."""


class NoWayOn(Left):
    """The case has a mistake: there is nothing to decide, and no ending."""


@dataclass
class Plain:
    """One session, played on two text streams."""

    play: Play
    input: TextIO
    output: TextIO
    width: int = WIDTH
    solve: Callable[[], Foreseen | None] | None = None
    """Finds out what the case made possible; asked when the session is over, because it may take a while."""
    also_kept: str = ""
    """Where else a session goes, and who can read it there; empty: nowhere."""

    def run(self) -> bool:
        """Play to the end; return whether the end was reached."""
        try:
            again = self.play.header.again
            just_begun = len(self.session.events) == self.play.header.taken_over
            if again is not None and self.session.ending is None:
                self._again(again, just_begun)
            if not self.session.events:
                self._brief()
            elif self.session.ending is None and not just_begun:
                self._say(f"You go on where you left. {purpose_line(self.play.header.purpose)}".rstrip())
            if self.play.edited:
                self._say(edited_line(again=again is not None))
            self._meet()
            self._debrief()
        except NoWayOn:
            self.play.suspend()
            here = self.session.scene
            self._say(
                "\nThis case has no way on from here. That is a mistake in the case, not yours. Everything so far is "
                f"saved. Tell whoever wrote the case about session {self.play.header.session}, in "
                f"scene `{here.id if here else ''}`."
            )
            return False
        except (Left, KeyboardInterrupt):
            self.play.suspend()
            if self.session.ending is None:
                self._say("\nYou left; everything so far is saved. To go on:")
            else:
                self._say("\nYou left. What you decided is saved, and so is what you typed. To look at it again:")
            self.output.write(f"  caseload play --plain --resume {self.play.header.session}\n")
            return False
        self.play.close()
        return True

    @property
    def session(self) -> Session:
        """Where it stands."""
        return self.play.session

    @property
    def scenario(self) -> Scenario:
        """What is played."""
        return self.session.scenario

    # -- reading and writing lines ------------------------------------------------------------

    def _say(self, text: str, indent: str = "", hanging: int = 0) -> None:
        self.output.write(wrap(text, self.width, indent, hanging) + "\n")

    def _ask(self, prompt: str) -> str:
        self.output.write(f"{wrap(prompt, self.width - 1)} ")
        self.output.flush()
        line = self.input.readline()
        if not line:
            raise Left
        if not self.input.isatty():
            self.output.write("\n")
        return clean(line).strip()

    def _save(self, decide: Callable[[], object]) -> None:
        """Decide something; if it cannot be saved, say so and try again when told to."""
        while True:
            try:
                decide()
            except NotSaved as error:
                self._say(f"Not saved, so nothing has happened yet. {error}")
                if self._ask("[Enter tries again, q leaves]").lower() == "q":
                    raise Left from error
            else:
                return

    # -- the parts of a session ---------------------------------------------------------------

    def _brief(self) -> None:
        scenario = self.scenario
        self._say(f"\n{scenario.title}\n")
        self._say(scenario.summary)
        if scenario.content_note and scenario.content_note.lower() != "none":
            self._say(f"\nPlease note: {scenario.content_note}\nYou can leave at any time with q.")
        if scenario.briefing:
            self._say(f"\n{scenario.briefing}")
        client = scenario.people[scenario.client]
        if scenario.names_client:
            self._say(f"\nYou will meet {client.name}{f' ({client.pronouns})' if client.pronouns else ''}.")
        also = f" {self.also_kept}" if self.also_kept else ""
        self._say(f"\n{FICTION}\n\n{logged_line(self.play.header.purpose)}{also}\n\n{HELP}")

    def _again(self, origin: Origin, just_begun: bool) -> None:
        """Say that this is no attempt at the whole case, and what led here."""
        self._say(f"\n{again_line(origin)}")
        if read := purpose_line(self.play.header.purpose):
            self._say(read)
        if just_begun and origin.taken_over:
            self._say("What led here:")
            for moment in moments(self.session):
                self._say(f"{moment.number:>3}  {moment.what}", hanging=5)

    def _meet(self) -> None:
        told: tuple[str, ...] = ()
        before = ""
        phase = None
        while self.session.ending is None:
            session = self.session
            if session.phase is not phase:
                phase = session.phase
                self._say(f"\n== {phase} ==")
            said = "\n".join(text for _, text in session.speeches)
            now = (session.scene.id if session.scene else "", session.narration, said)
            situation = self._situation()
            if now != told or situation != before:
                self._say(f"\n{situation}" if situation else "")
            if now != told:
                self._scene()
            told, before = now, situation
            if session.stuck:
                raise NoWayOn
            if session.scene is not None and session.scene.write is not None:
                self._write()
            elif self._decide():
                told = ()

    def _situation(self) -> str:
        """Say what time it is, and in a meeting how the person seems."""
        session = self.session
        lines = [f"[{line}]"] if (line := clock_line(session)) else []
        if session.scene is not None and session.scenario.people[session.person].feelings:
            felt = "; ".join(
                f"{mood.feeling} {mood.word}{_moved(mood.change)}" for mood in moods(session, session.person)
            )
            seen = bearing(session, session.person)
            if session.phase == "meeting":
                lines.append(f"[{self.scenario.called(session.person)}: {f'{seen}; ' if seen else ''}{felt}]")
        return "\n".join(lines)

    def _scene(self) -> None:
        session = self.session
        if session.narration:
            self._say(session.narration)
        for person, text in session.speeches:
            self._say(f"{self.scenario.called(person)}: {text}")

    def _decide(self) -> bool:
        """Ask for one decision; return whether the scene is to be shown again."""
        session = self.session
        listed = self._list()
        most = len(listed)
        selecting = session.scene is not None and session.scene.select is not None
        keys = [self._how_to_answer(most)] if most else ["0 goes on"] if selecting else []
        papers = [each for each in (*session.unread, *session.documents) if not each.referrals]
        if papers:
            unread = sum(not each.referrals for each in session.unread)
            keys.append(f"d documents{f' ({unread} unread)' if unread else ''}")
        directory = next((each for each in (*session.unread, *session.documents) if each.referrals), None)
        if directory:
            keys.append("r referral directory")
        if session.can_consult:
            keys.append("c consult")
        elif session.away:
            keys.append("c consult (away)")
        answer = self._ask(f"[{', '.join([*keys, '? help', 'q leave'])}]").lower()
        match answer:
            case "q":
                raise Left
            case "?" | "h" | "help":
                self._say(HELP)
            case "s":
                return True
            case "d" if papers:
                self._documents(papers)
            case "r" if directory:
                self._open(directory)
            case "c" if session.can_consult:
                self._save(self.play.consult)
                self._say(f"\n{self.session.just_said}")
                self._came_of_it()
            case "c" if session.advice or session.away:
                self._say(f"\n{session.advice or session.away}")
            case _:
                self._pick(answer, listed)
        return False

    def _list(self) -> list[str]:
        """List what can be decided on; return the ids in the order of their numbers."""
        session = self.session
        scene = session.scene
        self._say("")
        if scene and (scene.select or scene.rank):
            self._say((scene.select or scene.rank).prompt)  # type: ignore[union-attr]
        things = [(each.id, spoken(each.text, each.spoken)) for each in session.responses]
        things += [(each.id, spoken(each.text, each.spoken)) for each in session.options]
        things += session.items.items()
        for number, (_, text) in enumerate(things, 1):
            self._say(f"{number}. {text}", hanging=3)
        return [name for name, _ in things]

    def _how_to_answer(self, most: int) -> str:
        session = self.session
        if session.items:
            return f"all {most} numbers, first to last, such as {' '.join(map(str, range(most, 0, -1)))}"
        if session.options:
            least, highest = session.limits
            such = " ".join(map(str, range(1, max(least, min(2, highest)) + 1)))
            none = ", 0 for none" if not least else ""
            return f"{how_many(least, highest)} of the numbers, such as {such}{none}"
        return f"1-{most}" if most > 1 else "1"

    def _pick(self, answer: str, listed: list[str]) -> None:
        """Decide by what was typed, or say why that is no answer."""
        session = self.session
        typed = answer.replace(",", " ").split()
        numbers = [whole_number(each, 1, len(listed)) for each in typed]
        picked = [listed[number - 1] for number in numbers if number is not None]
        sound = len(picked) == len(typed) == len(set(picked)) and bool(typed)
        least, most = session.limits
        if session.scene is not None and session.scene.select is not None and (answer == "0" or sound):
            picked = [] if answer == "0" else picked
            if least <= len(picked) <= most:
                self._commit(lambda sure: self.play.select(picked, sure))
            else:
                self._say(f"You picked {len(picked)}; {how_many(least, most)} can be picked.")
        elif session.items and sound:
            if len(picked) == len(listed):
                self._commit(lambda sure: self.play.rank(picked, sure))
            else:
                self._say(f"You put {len(picked)} in order; there are {len(listed)}.")
        elif session.responses and sound and len(picked) == 1:
            self._commit(lambda sure: self.play.choose(picked[0], sure))
        else:
            self._say(f"{_none_of_these(answer)} {HELP}")

    def _commit(self, decide: Callable[[int], object]) -> None:
        """Decide, after asking how sure the trainee is if that is wanted, and tell what came of it."""
        sure = self._how_sure() if self.play.asks_how_sure() else 0
        self._save(lambda: decide(sure))
        self._came_of_it()
        if self.play.header.feedback == "each":
            self._feedback()

    def _came_of_it(self) -> None:
        if self.session.reaction:
            self._say(f"\n{self.session.reaction}")

    def _how_sure(self) -> int:
        words = ", ".join(f"{number} {word}" for number, word in zip(SURE, SURENESS, strict=True))
        while True:
            answer = self._ask(f"How sure are you? [{words}, q leave]").lower()
            if answer == "q":
                raise Left
            number = whole_number(answer, SURE[0], SURE[-1])
            if number is not None:
                return number
            self._say(_none_of_these(answer))

    def _feedback(self) -> None:
        for award in self.session.awards:
            for line in award_lines(award, self.play.rubric):
                self._say(f"* {line}", "  ")
            if award.why:
                self._say(award.why, "    ")
        for critical in self.session.criticals:
            found = self.scenario.criticals[critical]
            self._say(f"!! CRITICAL: {found.title}. {found.why}", "  ")

    def _documents(self, listed: list[Document]) -> None:
        session = self.session
        for number, document in enumerate(listed, 1):
            cost = "read" if document in session.documents else counted(document.minutes, "minute")
            self._say(f"{number}. {document.title} ({cost})", hanging=3)
        answer = self._ask("[number opens, Enter goes back, q leave]").lower()
        picked = whole_number(answer, 1, len(listed))
        if answer == "q":
            raise Left
        if picked is None:
            if answer:
                self._say(_none_of_these(answer))
            return
        self._open(listed[picked - 1])

    def _open(self, document: Document) -> None:
        new = document in self.session.unread
        if new:
            self._save(lambda: self.play.read(document.id))
        self._say(f"\n{document.title}\n")
        self._say(document_text(self.session, document), "  ")
        self._say("(end of the document)")
        if new:
            self._came_of_it()

    def _write(self) -> None:
        scene = self.session.scene
        assert scene is not None  # noqa: S101 - only called where something is to be written
        assert scene.write is not None  # noqa: S101
        self._say(f"\n{scene.write.prompt}")
        lines = self._typed_before()
        self._say(TYPING)
        while (line := self._ask(">")) or not lines:
            if line.lower() == "q":
                raise Left
            if not line and not self._empty_is_meant():
                continue
            if not line:
                break
            lines.append(line)
            self._save(lambda: self.play.save_draft("\n".join(lines)))
        self._save(lambda: self.play.write("\n".join(lines)))
        self._came_of_it()
        if sum(len(line) + 1 for line in lines) - 1 > LONGEST_NOTE:
            self._say(f"The first {LONGEST_NOTE:,} characters of it are kept; nobody reads more.")
        if self.play.header.feedback == "each":
            self._feedback()

    def _empty_is_meant(self) -> bool:
        answer = self._ask("[nothing is written: Enter hands in nothing, b goes back, q leave]").lower()
        if answer == "q":
            raise Left
        return answer == ""

    def _debrief(self) -> None:
        self._say("\n== debrief ==\n")
        if read := purpose_line(self.play.header.purpose):
            self._say(f"{read}\n")
        found = None
        if self.solve is not None:
            self._say("Working out what the case made possible …\n")
            self.output.flush()
            found = self.solve()
        ahead = found.ahead if found else None
        told = debrief(self.session, self.play.rubric, self.width, self.play.header.again, ahead)
        self.output.write(f"{told}\n")
        self._said()
        if score(self.play.rubric, self.session.decisions).criticals:
            self._say("\nA critical is something to talk over with your supervisor, soon.")
        self._reflect()
        if path := model_path(found, self.play.rubric):
            self._offer(path)
        self._say("\nTo try again from a decision, with its number in place of N:")
        self.output.write(f"  caseload play --plain --again {self.play.header.session} --from N\n")

    def _said(self) -> None:
        """Tell what supervisors said and signed, where they did: a session may be opened again after its review."""
        judgement = signed_judgement(self.play.where, self.play.header.session)
        if judgement == Judgement(redacted=judgement.redacted):
            return
        known, where = people.load(self.play.where.people), self.play.where
        spans = not_looked if self.solve is None else lambda scenario, rubric: span(where, scenario, rubric)
        told = said_of(self.session, self.play.rubric, judgement, known, self.width, spans)
        self.output.write(f"\n{told}\n")

    def _reflect(self) -> None:
        question = self.scenario.reflect or "What would you do differently, and what would you do again?"
        self._say(f"\n{question}")
        lines = self._typed_before()
        self._say(f"{TYPING} Only Enter leaves it at that." if not lines else TYPING)
        while line := self._ask(">"):
            if line.lower() == "q":
                if not lines:
                    return
                raise Left
            lines.append(line)
            self._save(lambda: self.play.save_draft("\n".join(lines)))
        if lines:
            self._save(lambda: self.play.reflect("\n".join(lines)))
            self._say("Kept with your session.")

    def _offer(self, path: ModelPath) -> None:
        """Show one balanced way through to whoever wants to see it."""
        try:
            self._say("")
            while answer := self._ask("[m shows one balanced way through, Enter goes on]").lower():
                if answer == "m":
                    self._show(path)
                    return
                if answer == "q":
                    return
                self._say(_none_of_these(answer))
        except Left:
            # Everything is decided and kept by now: whoever types no more is done.
            return

    def _show(self, path: ModelPath) -> None:
        self._say(f"\n== {MODEL.lower()} ==")
        for number, moment in enumerate(path.steps, 1):
            self._say(f"\n{number} of {len(path.steps)}  [{when_line(moment)}]")
            for line in scene_lines(moment):
                self._say(line)
            if task := asked(moment):
                self._say(task)
            self._say("")
            for line in decided(moment):
                self._say(f"> {line}", hanging=2)
            if words := example(moment):
                self._say(EXAMPLE)
                self._say(words, "  | ")
            for line in (moment.advice, moment.reaction):
                if line:
                    self._say(line)
            for line in path.worth(moment):
                self._say(line, "  ")
            if self._ask("[Enter goes on, q stops]").lower() == "q":
                return
        ending = path.session.ending
        self._say(f"\nENDING: {ending.title if ending else ''}\n{path.session.narration}\n")
        for line in path.results():
            self._say(line)
        self._say(f"\n{path.meaning()}")

    def _typed_before(self) -> list[str]:
        """Return what was being typed here when it broke off, and show it."""
        lines = self.play.draft().splitlines()
        if lines:
            self._say("What you had typed so far:")
            for line in lines:
                self._say(line, "  | ")
        return lines


def _none_of_these(answer: str) -> str:
    return f"“{answer[:40]}” is none of these." if answer else "Nothing was picked."


def _moved(change: int) -> str:
    return "" if not change else ", rising" if change > 0 else ", falling"
