"""What every problem code means, for whoever meets it in the middle of writing a case.

A message says what is wrong in one line. Behind its code stands here what that means to somebody who never
programmed, with a mistake that gives it and the same thing written well. The examples are tried by the tests, so
that what is explained is what happens.

registry   one Explanation, and all of them, read from the files beside this one
example    from the few lines that an example shows to a whole file, and what is found in it
telling    as text and as JSON
"""

from simulator.explanations.example import problems_of, whole
from simulator.explanations.registry import GROUPS, Explanation, Kind, about_whole_cases, explanation, explanations

__all__ = [
    "GROUPS",
    "Explanation",
    "Kind",
    "about_whole_cases",
    "explanation",
    "explanations",
    "problems_of",
    "whole",
]
