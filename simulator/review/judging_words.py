"""Words that judge a person where a note should say what was seen and heard: a small list of our own.

Each has why it is looked for, and what could stand there instead. In a quotation they are somebody's own words, and
are left alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class JudgingWord:
    """One word, or a few that judge alike."""

    pattern: re.Pattern[str]
    why: str
    instead: str


def _word(pattern: str, why: str, instead: str) -> JudgingWord:
    return JudgingWord(re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE), why, instead)


_CHARACTER = "it speaks of character, not of what was done"
_MOTIVE = "nobody can see a motive"
_PERSON = r"client|person|man|woman|mother|father|parent|family|caller|tenant|patient"

JUDGING_WORDS: tuple[JudgingWord, ...] = (
    _word(r"manipulat(?:ive|ing|es|ed)", _MOTIVE, "what was asked for, how often, and in which words"),
    _word(r"attention[- ]seek(?:ing|er)", _MOTIVE, "what was said or done, and what was going on just before"),
    _word(
        r"non[- ]?complian(?:t|ce)",
        "it leaves out what stood in the way",
        "what was agreed, what was done, and why not",
    ),
    _word(r"uncooperative", _CHARACTER, "what was asked, and what the answer was"),
    _word(r"unmotivated|no motivation", _MOTIVE, "what was planned, what was done, and what stood in the way"),
    _word(r"lazy|laziness", _CHARACTER, "what was not done, and the reason that was given"),
    _word(
        r"refuses|refus(?:ed|ing) (?:to|help|services?|all|any)",
        "it sounds like a fault to say no to something one may say no to",
        "“declined”, with what was offered and the reason in the person's own words",
    ),
    _word(r"demanding", _CHARACTER, "what was asked for, in the person's own words"),
    _word(r"entitled(?! to\b)", _CHARACTER, "what was asked for, in the person's own words"),
    _word(r"hostile|belligerent", _CHARACTER, "what was said, how loud, and what happened before"),
    _word(r"aggressive", "it can mean anything from a raised voice to a blow", "what was said and done"),
    _word(
        rf"difficult (?:{_PERSON})|(?:is|was|being|very|so) difficult(?! (?:to|for)\b)",
        "it says how the writer felt",
        "what happened",
    ),
    _word(r"resistant|resisting services", _CHARACTER, "what was offered, and what the person said to it"),
    _word(r"in denial", "it is a finding nobody here can make", "what the person said about it"),
    _word(r"den(?:ies|ied) (?:that|having|being|any|using|it)", "it sounds as if the opposite were true", "“said no”"),
    _word(r"claim(?:s|ed) (?:that|to|he|she|they)", "it sounds as if it were not true", "“said”, or “reported”"),
    _word(r"admit(?:s|ted) (?:that|to|he|she|they)", "it sounds like a confession", "“said”"),
    _word(r"hysterical|overreact(?:ing|ed|s)|dramatic", _CHARACTER, "what was said, and how it sounded"),
    _word(r"crazy|insane|nuts|psycho", "it is an insult, not an observation", "what was seen and heard"),
    _word(r"irrational|unreasonable", "it says that the writer disagreed", "what was said, and the reason given"),
    _word(r"stubborn|bad attitude|attitude problem", _CHARACTER, "what was said or done"),
    _word(r"addict|junkie|alcoholic|abuser", "it makes a person into a problem", "what was said about the use of what"),
    _word(r"frequent flyer|repeat offender", "it makes a person into a nuisance", "how often, when, and what for"),
    _word(r"play(?:s|ed|ing) the victim|pulling strings", _MOTIVE, "what was said or done"),
    _word(r"liar|lying|lied", _MOTIVE, "what was said, and what a document shows instead"),
    _word(
        r"no risk|zero risk",
        "nobody can know that",
        "what was asked, what was answered, and what was not asked",
    ),
    _word(r"obviously|of course", "what is obvious to the writer may not be so", "what was seen or heard"),
)
