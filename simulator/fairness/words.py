"""Words that give a response away, and how many of them it has.

The lists are short on purpose: words that somebody who is careful, or who is too sure, puts into nearly every
sentence. They are looked for in what a trainee reads before deciding, and nowhere else.
"""

from __future__ import annotations

import re

_HEDGING = re.compile(
    r"\b(?:maybe|perhaps|possibly|probably|might|may(?! \d)|could|would|seems?|seemed|appears?|tends? to|"
    r"wonder(?:ing)?|sounds? like|looks? like|feels? like|i (?:think|guess|suppose|imagine|hear)|"
    r"not (?:quite |really )?(?:sure|certain)|i (?:do not|don['’]t) know|"
    r"if (?:you|that|it)(?: would|['’]d)? (?:like|want|wish|prefer|would|is all right|helps?)|"
    r"kind of|sort of|somewhat|a (?:little|bit)|often|usually|sometimes|as far as|more or less)\b",
    re.IGNORECASE,
)
"""Words by which somebody leaves room: doubt, a question, a way out."""
_MONTH = re.compile(r"\bMay\b(?! I\b| we\b)")
"""`may` as the name of a month."""
_ABSOLUTE = (
    r"always|never|every(?:one|body|thing)|no(?:body| one|thing)|none|must(?:n['’]t)?|guarantee(?:s|d)?|"
    r"definitely|certainly|absolutely|completely|totally|entirely|undoubtedly|no doubt|without (?:a )?doubt|"
    r"for sure|forever|impossible|under (?:no|any) circumstances|no matter what|whatever happens|"
    r"(?:100|a hundred) ?(?:%|percent)"
)
_ALLOWING_NOTHING = (
    r"|obviously|clearly|of course|every time|at all times|in any case|ha(?:ve|s) to|got to|need to|"
    r"all of (?:you|them)|any(?:one|body) (?:can|knows|would)|just|simply"
)
ABSOLUTE = re.compile(rf"\b(?:{_ABSOLUTE})(?!\w)", re.IGNORECASE)
"""Words that leave no room: nobody, always, must."""
ALLOWING_NOTHING = re.compile(rf"\b(?:{_ABSOLUTE}{_ALLOWING_NOTHING})(?!\w)", re.IGNORECASE)
"""These, and others that are as sure of themselves and come more easily: of course, just, have to."""


def hedges(text: str) -> list[str]:
    """Return the words of a text that leave room."""
    return [found.group().lower() for found in _HEDGING.finditer(_MONTH.sub("-", text))]


def absolutes(text: str, kind: re.Pattern[str] = ABSOLUTE) -> list[str]:
    """Return the words of a text that leave no room."""
    return [found.group().lower() for found in kind.finditer(text)]


def length(text: str) -> int:
    """Return how many words a text has."""
    return len(text.split())
