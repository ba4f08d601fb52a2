"""Whether the content note names what is heavy in a case: somebody may want to know before they begin.

Words are looked up in a list, topic by topic. That a word stands there does not say what is meant by it; so the
message names the first place, and an author who disagrees answers it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from simulator.flaw import Flaw
from simulator.problem import Severity
from simulator.scenario import Scenario
from simulator.teaching.told import Kind, Told
from simulator.teaching.words import shortened

LEAST_HINTS = 2
"""So many different words of a topic that may mean something else are taken for it."""
_APART = str.maketrans(dict.fromkeys(".,;:!?()[]\"“”‘…–—-/'&", " "))
_NOTHING = frozenset({"", "none", "nothing", "no", "n/a", "-", "none needed"})
"""Content notes that name nothing."""
_NOT_PLAYED = frozenset({Kind.DIRECTORY})
"""A referral directory lists every kind of help, whatever the case is about."""


@dataclass(frozen=True, slots=True)
class Topic:
    """Something heavy, and the words for it."""

    id: str
    title: str
    words: Sequence[str]
    """One of these is enough."""
    hints: Sequence[str]
    named: Sequence[str]
    """Parts of words by which a content note names it."""
    never: Sequence[str]


def content_note(scenario: Scenario, everything: Sequence[Told]) -> Iterator[Flaw]:
    """Yield topics that the words of a case speak of, and its content note does not name."""
    note = " ".join(scenario.content_note.lower().split())
    nothing = note.strip(" .") in _NOTHING
    texts = [(each, _plain(each.say)) for each in everything if each.kind not in _NOT_PLAYED]
    # Most topics come up nowhere, and the words that there are show that at once.
    words = {word for _, text in texts for word in text.translate(_APART).split()}
    for topic in topics():
        if not nothing and any(each in note for each in topic.named):
            continue
        found = _first(topic, texts, words)
        if found is None:
            continue
        first, word = found
        place = f"`{first.about}`" if first.about else f"`{first.where[0]}:`"
        message = f"the case speaks of {topic.title} (`{topic.id}`), and its content note "
        message += "names nothing" if nothing else "does not"
        message += f"; the first place is {place}: “{_around(first.say, word)}”"
        hint = "name it in `content-note:`: people may want to know before they begin, or play something else"
        where = ("content-note",) if scenario.content_note else first.where
        also = ((first.where, f"“{word}”"),) if scenario.content_note else ()
        yield Flaw("content-note-missing", where, message, hint, Severity.ADVICE, topic.id, also)


@cache
def topics() -> tuple[Topic, ...]:
    """Return what is heavy, in the order in which it is told."""
    import yaml

    text = (resources.files(__package__) / "heavy.yaml").read_text(encoding="utf-8")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    read: Mapping[str, Mapping[str, list[str]]] = yaml.load(text, Loader=loader)  # noqa: S506 - both are safe
    return tuple(
        Topic(
            name,
            str(entry["title"]),
            *([" ".join(each.split()) for each in entry.get(key, ())] for key in ("words", "hints", "named", "never")),
        )
        for name, entry in read.items()
    )


def _plain(text: str) -> str:
    return " ".join(text.lower().replace("’", "'").split())


def _first(topic: Topic, texts: Sequence[tuple[Told, str]], met_at_all: set[str]) -> tuple[Told, str] | None:
    """Return the first place that speaks of a topic, and the word that says so."""
    words = [each for each in topic.words if met_at_all.issuperset(each.translate(_APART).split())]
    hints = [each for each in topic.hints if met_at_all.issuperset(each.translate(_APART).split())]
    met: dict[str, Told] = {}
    for each, text in texts if words or hints else ():
        for phrase in topic.never:
            text = text.replace(phrase, "")
        for word in words:
            if _stands(word, text):
                return each, word
        for word in hints:
            if word not in met and _stands(word, text):
                met[word] = each
    if len(met) >= LEAST_HINTS:
        word, first = next(iter(met.items()))
        return first, word
    return None


def _stands(word: str, text: str) -> bool:
    return word in text and re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", text) is not None


def _around(text: str, word: str) -> str:
    """Return the part of a text in which a word stands."""
    plain = " ".join(text.replace("’", "'").split())
    at = plain.lower().find(word)
    begin = plain.rfind(" ", 0, max(0, at - 25)) + 1
    return ("…" if begin else "") + shortened(plain[begin:], 25 + len(word) + 30)
