"""The one gate for outside text: scenarios, what a trainee types, journals from elsewhere.

Terminals obey control characters wherever they come from, and neither Rich nor Textual takes them
out: an OSC 52 sequence in a scenario would write to the clipboard of whoever plays it. So they
are dropped on the way in, once, here. What passes is still only ever shown as literal text.
"""

from __future__ import annotations

import re
import unicodedata

LONGEST_NOTE = 20_000
"""Characters of free text that one note may hold."""

# C0 but newline and tab, DEL, C1; every character with the Unicode property Bidi_Control (UAX #9),
# which can make text read differently from what it says; lone surrogates, which cannot be
# encoded; line and paragraph separators, which some terminals obey. Joiners stay: scripts and
# emoji need them.
_UNWANTED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff]"
)


def clean(text: str, limit: int | None = None) -> str:
    """Return `text` without control and bidi characters, cut to `limit` characters."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if _UNWANTED.search(text):
        text = _UNWANTED.sub("", text)
    return text if limit is None else text[:limit]


def unwanted(text: str) -> str | None:
    """Return the first character that `clean` would drop, as `U+001B`; None if there is none."""
    found = _UNWANTED.search(text.replace("\r\n", "\n"))
    return f"U+{ord(found[0]):04X}" if found else None


def one_line(text: str, limit: int = 200) -> str:
    """Clean `text`, fold all white space to single blanks and cut it, for titles and names."""
    return " ".join(clean(text).split())[:limit]


_ACCENTS = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+")


def folded(text: str) -> str:
    """Write a text so that what people call the same is the same: no accents, no capitals, one blank between words."""
    if text.isascii():
        return " ".join(text.casefold().split())
    return " ".join(_ACCENTS.sub("", unicodedata.normalize("NFKD", text)).casefold().split())


def whole_number(text: str, low: int, high: int) -> int | None:
    """Return the whole number that somebody typed, however long; None if it is none from `low` to `high`."""
    if not (text.isascii() and text.isdecimal()):
        return None
    digits = text.lstrip("0") or "0"
    return int(digits) if len(digits) <= len(str(high)) and low <= int(digits) <= high else None


_KEPT_APART = 50
"""A line shorter than this ends where its author ended it: an address, a heading, a salutation."""
_OWN_LINE = re.compile(r"\s|[-*•–] |\d+[.)] |.*\S {3,}\S")
"""Indented lines, list items and columns keep their place."""


def reflow(text: str) -> str:
    """Join the lines of a paragraph that its author wrapped, so that a window of any width can wrap it.

    Blank lines part paragraphs. Short lines, list items, indented lines and columns stay as they are.
    """
    if "\n" not in text:
        return text.strip()
    lines: list[str] = []
    room = False
    for line in text.strip("\n").split("\n"):
        written = line.rstrip()
        if room and written and not _OWN_LINE.match(written):
            lines[-1] += " " + written
        else:
            lines.append(written)
        room = len(written) >= _KEPT_APART and not re.search(r"\S {3,}\S", written)
    return "\n".join(lines)
