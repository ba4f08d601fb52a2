"""YAML as authors write it: read with care, and every mistake explained in words for somebody who never programmed.

file          reading a file, and composing it into nodes that know their line and column
guard         one pass that refuses what cases do not need and bombs are made of
misreadings   what YAML would cut or misread in silence
complaints    what libyaml complains about, turned into the mistake that an author made
lines, fault  how a line looks; a mistake before it becomes a Problem
"""

from simulator.source.fault import Mark
from simulator.source.file import LARGEST, MOST_EVENTS, Source, compose, end_of, from_text, read
from simulator.source.misreadings import comma_key, cut_short

__all__ = [
    "LARGEST",
    "MOST_EVENTS",
    "Mark",
    "Source",
    "comma_key",
    "compose",
    "cut_short",
    "end_of",
    "from_text",
    "read",
]
