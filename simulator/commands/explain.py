"""`caseload explain`: what a problem's code means, with a bad and a good example."""

from __future__ import annotations

import argparse

from simulator.commands.console import CLEAN, Failed, print_json, put

EXPLAIN = (
    "Say what the code of a problem means: what it is about, what to do, an example that has the problem and one that "
    "has not. Without a code it lists all of them."
)


def add_explain(parser: argparse.ArgumentParser) -> None:
    """Say what can be explained."""
    parser.add_argument("code", nargs="?", metavar="CODE", help="as it stands in the brackets of a message")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="how to print it")
    parser.set_defaults(run=_explain)


def _explain(given: argparse.Namespace) -> int:
    from simulator.explanations import explanation, explanations, problems_of, telling

    if given.code is None:
        known = explanations().values()
        if given.format == "json":
            print_json([telling.summary(each) for each in known])
        else:
            put(f"{telling.as_list(known)}\n\n`caseload explain CODE` tells more about one of them, with an example.")
        return CLEAN
    # Whoever copies a code out of a message may take along what stands around it.
    code = given.code.rpartition("[")[2].strip("]: ").lower()
    found = explanation(code)
    if found is None:
        raise Failed(_unknown(code))
    reported = problems_of(found, found.bad) if found.bad else []
    if given.format == "json":
        print_json(telling.as_record(found, reported))
    else:
        put(telling.as_text(found, reported))
    return CLEAN


def _unknown(code: str) -> str:
    from simulator.explanations import explanations
    from simulator.fields import shorten, suggest

    near = suggest(code, explanations())
    return f"there is no code `{shorten(code)}`; {near or '`caseload explain` lists all of them'}"
