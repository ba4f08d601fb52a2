"""Words, sentences and quotations of plain English prose, as the checks on teaching look at it.

No grammar and no statistics: what is said about a text has to be something that its author can see in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_QUOTED = re.compile(r'"([^"]*)"|“([^”]*)”')
_QUOTE_LEFT_OPEN = re.compile(r'["“][^"“”]*$')
_ABBREVIATED = re.compile(r"\b(Mr|Mrs|Ms|Dr|St|Sr|Jr|No|vs|etc|a\.m|p\.m|[A-Z])\.(?=\s)")
"""A full stop after one of these ends no sentence; nor does one after an initial."""
_SENTENCE_END = re.compile(r"(?P<end>[.!?…][\"”’')\]]*)\s+|\n\s*\n")

_FUNCTION_WORDS = """
    a about after all also am an and any are as at away back be been before being both but by can could did do does
    down each either else even every for from get gets go had has have he her here hers him his how i if in into is it
    its just let me more most my no nor not now of off on one only or other our out over own she so some such than that
    the their them then there these they this those to too under until up upon us very was we were what when where
    whether which while who whom whose why will with would you your yours
"""
STOP = frozenset(_FUNCTION_WORDS.split())
"""Words that say nothing by themselves: function words and the commonest auxiliaries, picked by hand."""

_IRREGULAR = {
    "began": "begin", "bought": "buy", "brought": "bring", "broke": "break", "came": "come", "caught": "catch",
    "chose": "choose", "chosen": "choose", "drew": "draw", "drove": "drive", "fell": "fall", "felt": "feel",
    "forgot": "forget", "forgotten": "forget", "found": "find", "gave": "give", "given": "give", "got": "get",
    "heard": "hear", "held": "hold", "hid": "hide", "hung": "hang", "kept": "keep", "knew": "know", "known": "know",
    "laid": "lay", "led": "lead", "left": "leave", "lent": "lend", "lost": "lose", "made": "make", "meant": "mean",
    "met": "meet", "paid": "pay", "ran": "run", "rang": "ring", "said": "say", "sat": "sit", "saw": "see",
    "seen": "see", "sent": "send", "showed": "show", "shown": "show", "shook": "shake", "signed": "sign",
    "sold": "sell", "spoke": "speak", "spoken": "speak", "stood": "stand", "stuck": "stick", "taken": "take",
    "taught": "teach", "threw": "throw", "told": "tell", "took": "take", "understood": "understand", "went": "go",
    "woke": "wake", "wrote": "write", "written": "write",
}  # fmt: skip
"""Past forms that no ending shows, by what a response would say of the same deed."""
_ENDINGS = ("ing", "ied", "ies", "ed", "es", "s")


def words(text: str) -> list[str]:
    """Return the words of a text in small letters, without numbers."""
    return [each.replace("’", "'") for each in _WORD.findall(text.lower())]


@lru_cache(maxsize=8192)
def stem(word: str) -> str:
    """Return what several forms of a word have in common; no dictionary form, and good enough to compare."""
    word = word.removesuffix("'s")
    if word in _IRREGULAR:
        word = _IRREGULAR[word]
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3 and not word.endswith("ss"):
            word = word[: -len(ending)] + ("y" if ending in ("ied", "ies") else "")
            break
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "sl":
        word = word[:-1]
    return word.removesuffix("e") if len(word) > 3 else word


def told_apart(text: str) -> set[str]:
    """Return what a text is about: the stems of its words, without those that say nothing by themselves."""
    return {stem(each) for each in words(text) if each not in STOP and each.partition("'")[0] not in STOP}


def sentences(text: str) -> Iterator[str]:
    """Yield the sentences of a text."""
    guarded = _ABBREVIATED.sub(lambda found: found[0].replace(".", "\0"), text)
    begin = 0
    for found in (*_SENTENCE_END.finditer(guarded), None):
        stop = len(guarded) if found is None else found.end("end") if found["end"] else found.start()
        if sentence := guarded[begin:stop].replace("\0", ".").split():
            yield " ".join(sentence)
        begin = stop


def quotations(text: str) -> list[str]:
    """Return what stands between quotation marks."""
    return [one or other for one, other in _QUOTED.findall(text)]


def outside_quotations(text: str) -> str:
    """Return what does not stand between quotation marks, quoted parts replaced by three dots."""
    return _QUOTE_LEFT_OPEN.sub("…", _QUOTED.sub("…", text))


def shingles(text: str, size: int) -> set[tuple[str, ...]]:
    """Return every run of so many words; of a shorter text, all of it."""
    found = words(text)
    if len(found) <= size:
        return {tuple(found)} if found else set()
    return {tuple(found[at : at + size]) for at in range(len(found) - size + 1)}


def shortened(text: str, most: int = 70) -> str:
    """Return as much of a text as fits on a line of a message."""
    line = " ".join(text.split())
    if len(line) <= most:
        return line
    return line[: most - 1].rsplit(" ", 1)[0].rstrip(",;:") + "…"


def has_happened(verb: str) -> bool:
    """Whether a verb looks like one of the past."""
    return verb in _IRREGULAR or (verb.endswith("ed") and len(verb) > 4)
