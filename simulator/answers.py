"""Advice that the author of a case has thought about, and decided otherwise: answered once, and not told again.

An answer that answers nothing is told. Otherwise it would outlive what it was written for, and keep quiet about
something new of the same kind.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from simulator.fields import in_words, shorten, suggest
from simulator.flaw import Flaw, Where
from simulator.problem import Problem, Severity
from simulator.scenario import Answer

PROVEN = frozenset(
    {
        *("always-best", "always-holds", "always-worst", "asserts-unseen", "best-stands-out", "best-that-costs"),
        *("decides-alone", "farmed-marks", "harmful-that-is-free", "move-together", "never-read", "no-range"),
        "not-proven",
    }
)
"""Advice that is given, or given for certain, only about a case that was played in every way."""
_MOST_NAMED = 6
"""Places that a hint names."""


def answered(problems: Iterable[Problem], answers: Sequence[Answer]) -> list[Problem]:
    """Return the problems, with the reason beside each piece of advice that is answered."""
    return [_with_answer(problem, answers) for problem in problems]


def _with_answer(problem: Problem, answers: Sequence[Answer]) -> Problem:
    found = next((answer for answer in answers if settles(answer, problem)), None)
    return replace(problem, answer=found.because) if found else problem


def settles(answer: Answer, problem: Problem) -> bool:
    """Whether an answer is one to this problem: errors and warnings have to be mended."""
    if problem.severity is not Severity.ADVICE or problem.code != answer.to:
        return False
    return not answer.at or problem.about == answer.at or problem.about.startswith(f"{answer.at}/")


def left_over(problems: Sequence[Problem], answers: Sequence[Answer], *, proven: bool) -> Iterator[Flaw]:
    """Yield answers that settle nothing; what only playing in every way finds has to be looked for first."""
    for number, answer in enumerate(answers):
        if any(settles(answer, problem) for problem in problems) or not (proven or answer.to not in PROVEN):
            continue
        where: Where = ("answers", number, "to")
        alike = [problem for problem in problems if problem.code == answer.to]
        advised = [problem for problem in alike if problem.severity is Severity.ADVICE]
        name = shorten(answer.to)
        if advised:
            where = ("answers", number, "at")
            message = f"nothing is said about `{shorten(answer.at)}` that `{name}` answers"
            hint = _about(advised)
        elif alike:
            a = "an error" if alike[0].severity is Severity.ERROR else "a warning"
            message = f"`{name}` is {a} here, and only advice can be answered"
            hint = "mend it, and take the answer out"
        else:
            known = {problem.code for problem in problems if problem.severity is Severity.ADVICE}
            message = f"`{name}` is not said about this case, so there is nothing to answer"
            meant = suggest(answer.to, known)
            hint = meant if meant.startswith("did you") else "take the answer out"
        yield Flaw("answers-nothing", where, message, hint)


def _about(advised: Iterable[Problem]) -> str:
    """Say what some advice is about, for whoever misspelled it."""
    named = list(dict.fromkeys(problem.about for problem in advised))
    ids = [f"`{each}`" for each in named if each]
    if not ids:
        return "it is said about the whole case: leave `at:` out"
    more = f"{len(ids) - _MOST_NAMED} more" if len(ids) > _MOST_NAMED else ""
    return f"it is said about {in_words([*ids[:_MOST_NAMED], *([more] if more else [])])}"
