"""Cases that are unfair in one way each, and the same cases made fair.

All are made of one afternoon at a desk: eight scenes with three responses each. As it stands it is fair. In every
scene one response is worth most and gives something up for it; the lengths are even, and careful and absolute words
stand in good and weak responses alike. What makes it unfair is done to a few responses at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple


@dataclass(frozen=True)
class Said:
    """A response: what is said, what it is worth, how it moves feelings."""

    text: str
    marks: str
    feels: str = ""
    more: str = ""
    """Further keys."""


Scenes = Mapping[str, Mapping[str, Said]]

BEST = "{rapport.empathy: best, organization.planning: acceptable}"
TIDY = "{rapport.empathy: poor, organization.planning: best}"
QUICK = "{rapport.empathy: acceptable, ethics.autonomy: poor}"
"""What the three responses of a scene are worth: none is best on everything."""

AFTERNOON: Scenes = {
    "door": {
        "sit": Said("Come in and sit wherever you like, we have until four and the phone is off.", BEST, "{trust: 1}"),
        "form": Said("Come in, the form is on the table, we can begin with your name and date.", TIDY, "{tension: -1}"),
        "again": Said(
            "You are the one from Monday, I remember, so I know already what this is about.", QUICK, "{trust: 1}"
        ),
    },
    "letter": {
        "file-it": Said("I will put it with the other letters so that we have all of them in order.", TIDY),
        "which": Said(
            "Which part of it have you been thinking about since it came on Saturday morning?", BEST, "{tension: 1}"
        ),
        "skip": Said(
            "Those letters all say the same thing, let me tell you in two words what.", QUICK, "{tension: -2}"
        ),
    },
    "rent": {
        "owe": Said("Write the sum down here, and the day it is due, and we take it from there.", TIDY, "{trust: -1}"),
        "pay": Said("I would pay the rent before the light, that is what people here mostly do.", QUICK, "{trust: 1}"),
        "choose": Said("There is money for one of the two this week. Which one keeps you awake?", BEST, "{tension: 1}"),
    },
    "sister": {
        "ask-her": Said(
            "Does your sister know about it, and is there a reason for her not to know?",
            BEST,
            "{trust: -1, tension: 1}",
        ),
        "call": Said("Let me call your sister now, she will want to hear it from somebody here.", QUICK, "{trust: -1}"),
        "number": Said("Give me her number for the file, so that there is somebody to call in need.", TIDY),
    },
    "silence": {
        "wait": Said("We can leave it there for a moment. I am here until four at the least.", BEST),
        "fill": Said("While you think I fill in the rest of this page, most of it I have.", TIDY, "{tension: -1}"),
        "cheer": Said("It looks worse today than it is, in a month you will laugh about it.", QUICK, "{tension: -1}"),
    },
    "work": {
        "hours": Said(
            "How many hours was it in March? The office counts whole weeks, not single days.", TIDY, "{trust: 1}"
        ),
        "boss": Said(
            "I can write to your boss myself, he will take it better from somebody like me.", QUICK, "{trust: 2}"
        ),
        "days": Said("What were the days like when you still had the early shift at the bakery?", BEST, "{trust: 1}"),
    },
    "plan": {
        "two-steps": Said(
            "What would you do first, and what part of it should be mine this week?", BEST, "{tension: -1}"
        ),
        "list": Said("Here is a list with six steps and a date beside each of the six.", TIDY, "{trust: -1}"),
        "mine": Said(
            "Leave all of it with me, by Friday you have nothing to do but sign.", QUICK, "{tension: -2, trust: 1}"
        ),
    },
    "leaving": {
        "recap": Said("So on Friday I call the office, at ten, and then you, on the new number.", TIDY, "{trust: 1}"),
        "thanks": Said("That was a good talk, I think you are over the worst of it now.", QUICK, "{tension: -1}"),
        "what-stays": Said("What goes with you from here today, and what is still missing, when you look back?", BEST),
    },
}
WHOM = {scene: next(name for name, said in each.items() if said.marks == BEST) for scene, each in AFTERNOON.items()}
"""The best response of each scene."""
TIDIES = {scene: next(name for name, said in each.items() if said.marks == TIDY) for scene, each in AFTERNOON.items()}
QUICKS = {scene: next(name for name, said in each.items() if said.marks == QUICK) for scene, each in AFTERNOON.items()}


def written(scenes: Scenes) -> str:
    """Write a case of these scenes, one after the other."""
    lines = [
        "scenario: afternoon", "title: An afternoon", "version: 1.0.0", "summary: Somebody comes with a letter.",
        "people:", "  lena:", "    name: Lena Ortiz", "    feelings: {trust: 4, tension: 5}", "client: lena",
        f"start: {next(iter(scenes))}", "scenes:",
    ]  # fmt: skip
    following = [*list(scenes)[1:], "done"]
    for (name, responses), then in zip(scenes.items(), following, strict=True):
        lines += [f"  {name}:", "    phase: meeting", "    text: She looks up.", f"    next: {then}", "    responses:"]
        for each, said in responses.items():
            lines += [f"      {each}:", "        say: |", f"          {said.text}", f"        marks: {said.marks}"]
            lines += ["        why: It is one way to go on from here. She will remember which way it was."]
            lines += [f"        feels: {said.feels}"] if said.feels else []
            lines += [f"        {said.more}"] if said.more else []
    return "\n".join([*lines, "endings:", "  done:", "    title: Four", "    text: It is four.", ""])


def changed(chosen: Mapping[str, str], change: Callable[[Said], Said], scenes: Scenes = AFTERNOON) -> Scenes:
    """Change one response in each of these scenes."""
    return {
        scene: {name: change(said) if chosen.get(scene) == name else said for name, said in responses.items()}
        for scene, responses in scenes.items()
    }


def longer(said: Said) -> Said:
    """Let somebody say more."""
    return replace(
        said, text=f"{said.text} I ask because people tell me very different things at this point of the day."
    )


def a_word_longer(said: Said) -> Said:
    """Let somebody say a little more than the longest of the scene."""
    return replace(said, text=f"{said.text} So much from me, Ms. Ortiz.")


def shorter(said: Said) -> Said:
    """Let somebody say little."""
    return replace(said, text=" ".join(said.text.rstrip(".?").split()[:5]) + ".")


def careful(said: Said) -> Said:
    """Let somebody leave room."""
    return replace(said, text=f"Maybe {said.text[0].lower()}{said.text[1:]}")


def very_careful(said: Said) -> Said:
    """Let somebody leave a lot of room, in as many words as the others have."""
    return replace(said, text="I might be wrong, I wonder if it could perhaps be something for you to begin.")


def firm(said: Said) -> Said:
    """Let somebody be sure."""
    return replace(said, text=said.text.replace(",", ", as always,", 1) if "," in said.text else f"{said.text} Always.")


def only(scenes: Mapping[str, str], *names: str) -> Mapping[str, str]:
    """Choose some of the scenes."""
    return {name: scenes[name] for name in names}


def but(scenes: Mapping[str, str], *names: str) -> Mapping[str, str]:
    """Choose all of the scenes but some."""
    return {name: each for name, each in scenes.items() if name not in names}


def by_turns(*kinds: Mapping[str, str]) -> Mapping[str, str]:
    """Choose from each scene by another kind."""
    return {scene: kinds[number % len(kinds)][scene] for number, scene in enumerate(AFTERNOON)}


def marked(scene: str, **marks: str) -> Scenes:
    """Give the responses of a scene other marks."""
    responses = {
        name: replace(said, marks=marks.get(name.replace("-", "_"), said.marks))
        for name, said in AFTERNOON[scene].items()
    }
    return {**AFTERNOON, scene: responses}


def felt(feels: Callable[[Said], str], scenes: Scenes = AFTERNOON) -> Scenes:
    """Let responses move feelings by what they are."""
    return {
        scene: {name: replace(said, feels=feels(said)) for name, said in each.items()} for scene, each in scenes.items()
    }


def remarked(marks: Mapping[str, str], chosen: Mapping[str, str] = WHOM, scenes: Scenes = AFTERNOON) -> Scenes:
    """Give other marks in the chosen scenes, by those that a response had."""
    return {
        scene: {
            name: replace(said, marks=marks.get(said.marks, said.marks)) if scene in chosen else said
            for name, said in each.items()
        }
        for scene, each in scenes.items()
    }


class Pair(NamedTuple):
    """A way to be unfair, and a fair case beside it."""

    code: str
    unfair: str
    fair: str
    times: int = 1
    """How often it is told."""


def _pair(code: str, unfair: Scenes, fair: Scenes, times: int = 1) -> Pair:
    return Pair(code, written(unfair), written(fair), times)


SURE = "{rapport.empathy: best, organization.planning: best, ethics.autonomy: best}"
DAMAGE = "{rapport.empathy: harmful, organization.planning: harmful, ethics.autonomy: harmful}"
_ONE_EACH = {
    BEST: "{rapport.empathy: best}",
    TIDY: "{organization.planning: acceptable}",
    QUICK: "{ethics.autonomy: poor}",
}
_PLEASED = {BEST: "{trust: 2}", TIDY: "{trust: 1}", QUICK: "{trust: -1}"}
_ONE_SIDED = {
    BEST: "{rapport.empathy: best, organization.planning: best}",
    TIDY: "{rapport.empathy: acceptable, organization.planning: acceptable}",
    QUICK: "{rapport.empathy: poor}",
}
"""One response is best on everything, and another a near miss: that is fine in a scene or two."""
_QUIZ = {
    BEST: "{rapport.empathy: best}",
    TIDY: "{rapport.empathy: acceptable}",
    QUICK: "{rapport.empathy: poor}",
}
_EASED = {_QUIZ[BEST]: -1, _QUIZ[TIDY]: 0, _QUIZ[QUICK]: 1}
_LEVELS = {BEST: "best", TIDY: "acceptable", QUICK: "poor"}

PAIRS = {
    "the best is always the longest": _pair(
        "best-stands-out", changed(WHOM, longer), changed(by_turns(TIDIES, WHOM, QUICKS), longer)
    ),
    "the best is nearly always the longest, by a few words": _pair(
        "best-stands-out",
        changed(but(WHOM, "rent"), a_word_longer),
        changed(by_turns(QUICKS, TIDIES, WHOM), a_word_longer),
    ),
    "the best is always the shortest": _pair(
        "best-stands-out", changed(WHOM, shorter), changed(by_turns(WHOM, QUICKS, TIDIES), shorter)
    ),
    "a single best is by far the longest": _pair(
        "best-stands-out", changed(only(WHOM, "rent"), longer), changed(only(TIDIES, "rent"), longer)
    ),
    "a single best is by far the shortest": _pair(
        "best-stands-out", changed(only(WHOM, "letter"), shorter), changed(only(QUICKS, "letter"), shorter)
    ),
    "one of each sticks out, the best no more than the others": _pair(
        "best-stands-out",
        changed(only(WHOM, "rent", "sister"), longer),
        changed(
            only(QUICKS, "door", "plan", "work"),
            longer,
            changed(only(TIDIES, "letter", "silence"), longer, changed(only(WHOM, "rent", "sister"), longer)),
        ),
        times=2,
    ),
    "only the best is careful": _pair(
        "best-stands-out", changed(WHOM, careful), changed(by_turns(TIDIES, QUICKS, WHOM), careful)
    ),
    "only the best is plain": _pair(
        "best-stands-out",
        changed(TIDIES, careful, changed(QUICKS, careful)),
        changed(by_turns(TIDIES, WHOM), careful, changed(QUICKS, careful)),
    ),
    "a single best is full of doubt": _pair(
        "best-stands-out", changed(only(WHOM, "plan"), very_careful), changed(only(QUICKS, "plan"), very_careful)
    ),
    "one response is best on everything": _pair(
        "always-best",
        marked("plan", two_steps=SURE),
        marked("plan", two_steps="{rapport.empathy: best, organization.planning: best, ethics.autonomy: poor}"),
    ),
    "one response is best on both dimensions, and no other comes near": _pair(
        "always-best",
        marked(
            "rent",
            owe="{rapport.empathy: poor, organization.planning: acceptable}",
            pay="{rapport.empathy: acceptable, organization.planning: poor}",
            choose="{rapport.empathy: best, organization.planning: best}",
        ),
        marked(
            "rent",
            owe="{rapport.empathy: poor, organization.planning: best}",
            pay="{rapport.empathy: acceptable, organization.planning: poor}",
            choose="{rapport.empathy: best, organization.planning: acceptable}",
        ),
    ),
    "every scene asks for the one right answer": _pair(
        "always-best", remarked(_QUIZ), remarked(_QUIZ, only(WHOM, "door"))
    ),
    "in most scenes one response is best on everything": _pair(
        "always-best",
        remarked(_ONE_SIDED, but(WHOM, "door", "rent")),
        remarked(_ONE_SIDED, only(WHOM, "door", "rent", "plan")),
    ),
    "a response that nobody would take": _pair(
        "always-worst",
        marked("sister", call=DAMAGE),
        marked("sister", call="{rapport.empathy: harmful, organization.planning: best, ethics.autonomy: harmful}"),
    ),
    "a response that does damage and is good for nothing": _pair(
        "always-worst",
        marked(
            "rent",
            owe="{ethics.autonomy: best, rapport.empathy: poor}",
            pay="{rapport.limits: harmful, organization.planning: poor}",
            choose="{organization.planning: best, rapport.limits: poor}",
        ),
        marked(
            "rent",
            owe="{ethics.autonomy: best, rapport.empathy: poor}",
            pay="{rapport.limits: harmful, organization.planning: acceptable}",
            choose="{organization.planning: best, rapport.limits: poor}",
        ),
    ),
    "two responses that nobody would take": _pair(
        "always-worst",
        {**marked("rent", pay=DAMAGE), "plan": marked("plan", mine=DAMAGE)["plan"]},
        AFTERNOON,
        times=2,
    ),
    "two responses with the same marks and nothing else": _pair(
        "differ-in-nothing",
        felt(lambda said: "", marked("silence", fill=BEST)),
        marked("silence", fill=BEST),
    ),
    "two responses that do nothing": _pair(
        "differ-in-nothing",
        {
            **AFTERNOON,
            "leaving": {
                name: Said(said.text, "{ethics.autonomy: acceptable}")
                for name, said in list(AFTERNOON["leaving"].items())[:2]
            },
        },
        {
            **AFTERNOON,
            "leaving": {
                name: Said(said.text, "{ethics.autonomy: acceptable}", more=f"minutes: {number}")
                for number, (name, said) in enumerate(list(AFTERNOON["leaving"].items())[:2])
            },
        },
    ),
    "what pleases is right": _pair(
        "move-together",
        remarked(_ONE_EACH, scenes=felt(lambda said: _PLEASED[said.marks])),
        remarked(_ONE_EACH),
    ),
    "what is right eases": _pair(
        "move-together",
        remarked(_ONE_EACH, scenes=felt(lambda said: "{tension: 1}" if said.marks == QUICK else "{tension: -1}")),
        remarked(_ONE_EACH),
    ),
    "what is right eases, beside whatever stands in the same scene": _pair(
        "move-together",
        {
            scene: {
                name: replace(said, feels=f"{{tension: {_EASED[said.marks] + (2 if number % 2 else -2)}}}")
                for name, said in remarked(_QUIZ)[scene].items()
            }
            for number, scene in enumerate(AFTERNOON)
        },
        remarked(_QUIZ),
    ),
    "two feelings are one": _pair(
        "move-together",
        felt(
            lambda said: (
                said.feels and "{trust: 2, tension: -2}" if "trust: -" not in said.feels else "{trust: -1, tension: 1}"
            )
        ),
        AFTERNOON,
    ),
    "two dimensions are one": _pair(
        "move-together",
        {
            scene: {
                name: replace(
                    said, marks=f"{{rapport.empathy: {_LEVELS[said.marks]}, ethics.autonomy: {_LEVELS[said.marks]}}}"
                )
                for name, said in each.items()
            }
            for scene, each in AFTERNOON.items()
        },
        AFTERNOON,
    ),
    "only weak responses are sure": _pair(
        "absolutes-in-weak",
        changed(QUICKS, firm, changed(only(TIDIES, "door", "plan"), firm)),
        changed(by_turns(QUICKS, WHOM), firm, changed(only(TIDIES, "door", "plan"), firm)),
    ),
    "in five scenes a weak response is sure": _pair(
        "absolutes-in-weak",
        changed(only(QUICKS, "door", "letter", "sister", "work", "plan"), firm),
        changed(only(QUICKS, "letter", "sister", "work"), firm, changed(only(WHOM, "plan", "rent"), firm)),
    ),
    "only weak responses must and never": _pair(
        "absolutes-in-weak",
        changed(
            TIDIES,
            lambda said: replace(said, text=f"You must know, {said.text[0].lower()}{said.text[1:]}"),
            changed(QUICKS, lambda said: replace(said, text=f"{said.text} It never fails.")),
        ),
        changed(
            by_turns(WHOM, TIDIES),
            lambda said: replace(said, text=f"You must know, {said.text[0].lower()}{said.text[1:]}"),
            changed(by_turns(QUICKS, WHOM), lambda said: replace(said, text=f"{said.text} It never fails.")),
        ),
    ),
}
