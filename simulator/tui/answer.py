"""What is being decided: what was picked so far, what can be picked next, and when it is enough.

One list of choices serves every kind of scene. Several options are ticked one by one; things are put in
order by picking them first to last; and before a consequence is shown the trainee may be asked how sure
they are.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from dataclasses import dataclass, field

from simulator.play import Play
from simulator.session import SURE, Consulted, Read
from simulator.wording import SURENESS, how_many, spoken

Rows = list[tuple[str, str]]
"""Ids and texts of what can be picked."""

TO_DEBRIEF = "=debrief"
DONE = "=done"
LONGEST_REMINDER = 140
_SURE = "=sure-"
"""No id of an author's begins with a sign."""
_STUCK = "This case has no way on from here. That is a mistake in the case, not yours. Press q to leave."


@dataclass
class Answer:
    """One decision in the making."""

    play: Play
    picked: list[str] = field(default_factory=list)
    """What was ticked, or put in order, so far."""
    trouble: str = ""
    """Why it is not enough yet."""
    over: str = "Go on to the debrief."
    """What there is to pick when the session has ended."""
    _ready: Callable[[int], object] | None = None
    """What has been decided, but for how sure the trainee is."""
    _said: str = ""
    """That in words."""

    @property
    def asking_how_sure(self) -> bool:
        """Whether only that is missing."""
        return self._ready is not None

    @property
    def prompt(self) -> str:
        """What is asked for, where the scene itself does not say."""
        scene = self.play.session.scene
        if self._ready:
            return f"{self._said}\nHow sure are you?"
        if scene is None or not (scene.select or scene.rank):
            return ""
        if scene.rank:
            return f"{scene.rank.prompt}\n(pick them first to last)"
        few = how_many(*self.play.session.limits)
        return f"{scene.select.prompt if scene.select else ''}\n(pick {few})"

    @property
    def stuck(self) -> str:
        """Why nothing can be decided: a mistake in the case; empty where there is none."""
        return _STUCK if self.play.session.stuck else ""

    def rows(self) -> Rows:
        """Return what can be picked now."""
        session = self.play.session
        if self._ready:
            return [(f"{_SURE}{number}", word) for number, word in zip(SURE, SURENESS, strict=True)]
        if session.ending is not None:
            return [(TO_DEBRIEF, self.over)]
        scene = session.scene
        if scene is not None and scene.select:
            ticked = [
                (each.id, f"{'[x]' if each.id in self.picked else '[ ]'} {spoken(each.text, each.spoken)}")
                for each in session.options
            ]
            return [*ticked, (DONE, "That is all.")]
        if scene is not None and scene.rank:
            placed = [(name, f"{self._place(name)} {text}") for name, text in session.items.items()]
            return [*placed, (DONE, "Go on with this order.")]
        return [(each.id, spoken(each.text, each.spoken)) for each in session.responses]

    def _place(self, name: str) -> str:
        return f"({self.picked.index(name) + 1})" if name in self.picked else "( )"

    def pick(self, name: str) -> Callable[[], object] | None:
        """Take up what was picked; return what is to be saved if that decides it, and else None."""
        self.trouble = ""
        session = self.play.session
        if name not in [each for each, _ in self.rows()]:
            # A second click may arrive while the first one is being shown.
            return None
        ready = self._ready
        if ready:
            return lambda: ready(int(name.removeprefix(_SURE)))
        scene = session.scene
        if scene is not None and (scene.select or scene.rank) and name != DONE:
            self.picked.remove(name) if name in self.picked else self.picked.append(name)
            return None
        decide = self._decided(name)
        if decide is None:
            return None
        if self.play.asks_how_sure():
            texts = dict(self.rows())
            self._said = shortened("; ".join(texts[each] for each in self.picked or [name]).replace("[x] ", ""))
            self._ready = decide
            return None
        return lambda: decide(0)

    def _decided(self, name: str) -> Callable[[int], object] | None:
        play, picked, scene = self.play, tuple(self.picked), self.play.session.scene
        if scene is not None and scene.select:
            least, most = play.session.limits
            if not least <= len(picked) <= most:
                self.trouble = f"Pick {how_many(least, most)}; {len(picked)} are picked."
                return None
            return lambda sure: play.select(picked, sure)
        if scene is not None and scene.rank:
            if len(picked) < len(scene.rank.items):
                self.trouble = f"{len(scene.rank.items) - len(picked)} of them have no place yet."
                return None
            return lambda sure: play.rank(picked, sure)
        return lambda sure: play.choose(name, sure)

    def next(self) -> Answer:
        """Return what is decided after this: anew, but for what was ticked before something was read or asked."""
        session = self.play.session
        if not session.events or not isinstance(session.events[-1], Read | Consulted):
            return Answer(self.play, over=self.over)
        here = {*(option.id for option in session.options), *session.items}
        return Answer(self.play, [name for name in self.picked if name in here], over=self.over)

    def back(self) -> None:
        """Think again instead of saying how sure."""
        self._ready = None


def shortened(text: str) -> str:
    """Cut what is only a reminder."""
    return textwrap.shorten(text, LONGEST_REMINDER, placeholder=" …")
