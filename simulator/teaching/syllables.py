"""How many syllables an English word has: by rule, and by hand where rules fail.

The exceptions are common words of case work and of everyday talk that the rules get wrong; they stand in
`syllables.yaml`, so that whoever finds another one can add it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib import resources

_VOWELS = re.compile(r"[aeiouy]+")
_Y_BETWEEN = re.compile(r"(?<=[aeiou])y(?=[aeiou])")
_SILENT_END = re.compile(r"(?<=[^aeiouy])(?<![^aeiouy]l)e$")
"""As in `make`, and not as in `table`."""
_SILENT_ES = re.compile(r"(?<=[^aeiouysxzcg])(?<!ch)(?<!sh)(?<![^aeiouy]l)es$")
_SILENT_ED = re.compile(r"(?<=[^aeiouytd])(?<![^aeiouyl]l)ed$")
_SILENT_INSIDE = re.compile(r"(?<=[^aeiouy])(?<![^aeiouy]l)e(?=(?:ly|ful|fully|less|ment|ments|ness)$)")
_TWO_AT_ONCE = (
    re.compile(r"(?<![tscg])i(?:a|o|um|us)"),  # as in `serious`, and not as in `nation`
    re.compile(r"i(?:et|en[tc])(?<!tien[tc])(?<!cien[tc])"),  # as in `diet` and `client`, and not as in `patient`
    re.compile(r"[aeiou](?:ing|ings)$"),  # as in `doing`; a `y` before it is a consonant already
    re.compile(r"(?<=[^aeiou])ying$"),  # as in `trying`
    re.compile(r"eo(?:s|)$"),  # as in `video`
    re.compile(r"[^aeiou]sm$"),  # as in `prism`
    re.compile(r"ism$"),
    re.compile(r"[^aeiou]ie(?:r|rs|st)$"),  # as in `easier`
    re.compile(r"(?:[scgz]e|x|s|ch|sh)'s$"),  # as in `office's`
    re.compile(r"[^aeiour]n't$"),  # as in `didn't`, and not as in `don't`
    re.compile(r"(?:ual|uat|uous)"),  # as in `usual`
)
_FIRST_OF_TWO = re.compile(
    r"^(some|home|there|where|time|life|care|base|fire|phone|side|place|every|sure|safe|take|make|more|wide)"
    r"(?=[bcdfghjklmnpqrstvw][a-z]{2})"
)
"""The first half of a compound, in which a silent e stands in the middle of a word."""


@cache
def syllables(word: str) -> int:
    """Return how many syllables a word has, at least 1; in a number each digit counts."""
    digits = sum(each.isdigit() for each in word)
    plain = word.lower().replace("’", "'").strip("'")
    known = _known()
    for form in (plain, plain.removesuffix("'s"), plain.removesuffix("s")):
        if form in known and not (form != plain and plain.endswith(("ses", "xes", "zes", "ches", "shes"))):
            return known[form] + digits
    if not any(each.isalpha() for each in plain):
        return max(1, digits)
    first = _FIRST_OF_TWO.match(plain)
    if first and len(plain) - first.end() >= 3:
        return known.get(first[1], 1) + syllables(plain[first.end() :])
    return max(1, _by_rule(plain)) + digits


def _by_rule(word: str) -> int:
    text = _Y_BETWEEN.sub("j", word)
    more = sum(len(each.findall(text)) for each in _TWO_AT_ONCE)
    text = text.removesuffix("'s")
    for silent in (_SILENT_INSIDE, _SILENT_END, _SILENT_ES, _SILENT_ED):
        text = silent.sub("", text)
    return len(_VOWELS.findall(text)) + more


@cache
def _known() -> Mapping[str, int]:
    import yaml

    text = (resources.files(__package__) / "syllables.yaml").read_text(encoding="utf-8")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    groups: dict[int, str] = yaml.load(text, Loader=loader)  # noqa: S506 - both are safe
    return {word: count for count, listed in groups.items() for word in listed.split()}
