"""`caseload new`: a case to begin with."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from simulator.commands.console import (
    CLEAN,
    Failed,
    add_rubric,
    json_text,
    library_folders,
    place,
    put,
    rubric_meant,
    tell,
)
from simulator.commands.found import case_meant

if TYPE_CHECKING:
    from scoring.rubric import Rubric
    from simulator.settings import Settings
    from simulator.starting import Question

NEW = (
    "Write a small case that can be played at once, to change into one of your own: it asks who the client is and what "
    "they come for, and every question has an answer for whoever presses Enter. `--from` copies a case of the library "
    "instead, with the shared files that it names, as a first version that nobody has reviewed. Beside the case it "
    "puts a schema.json, if there is none, by which an editor with yaml-language-server helps while you type "
    "(`caseload schema > schema.json` makes it anew). No file that is there is written over. Exit 0: written, 2: could "
    "not."
)
SCHEMA_FILE = "schema.json"
CHANGE_FIRST = "summary, briefing, content-note, author, and the scene `opening`; each is marked in the file"
CHANGE_COPY = (
    "title, author, setting and briefing; then facts-checked, and what is local: names, offices, numbers, dates"
)


def add_new(parser: argparse.ArgumentParser) -> None:
    """Say what a case can begin with."""
    parser.add_argument("name", metavar="NAME", help="the id of the case: small letters, digits and hyphens")
    parser.add_argument("--from", dest="model", metavar="ID", help="copy this case of the library, or of a file")
    parser.add_argument("--folder", type=Path, default=Path(), metavar="DIR", help="where to put it (here)")
    parser.add_argument("--yes", action="store_true", help="ask nothing")
    parser.add_argument("--no-schema", action="store_true", help="put no schema.json beside it")
    add_rubric(parser)
    parser.set_defaults(run=_new)


def _new(given: argparse.Namespace) -> int:
    from simulator import durable

    _, settings = place()
    rubric, _ = rubric_meant(given.rubric or settings.rubric)
    name, folder = _name_meant(given.name), given.folder.expanduser()
    path = folder / f"{name}.yaml"
    _must_be_free(path, name, settings)
    schema = "" if given.no_schema else SCHEMA_FILE
    shared: Mapping[str, str] = {}
    if given.model is None:
        text, change = _asked(name, given.yes, schema), CHANGE_FIRST
    else:
        text, shared = _copied(given.model, name, settings, rubric, schema)
        change = CHANGE_COPY
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _put_beside(folder, shared)
        if schema:
            _put_schema(folder / schema, rubric)
        _write(path, text)
    except (durable.NotSaved, durable.NotRead) as error:
        raise Failed(str(error)) from error
    put(f"Written to {path}.")
    put(f"Change first: {change}.")
    put("".join(f"  caseload {what} {path}\n" for what in ("author", "preview", "check", "play")).rstrip())
    return CLEAN


def _name_meant(name: str) -> str:
    from simulator.starting import better_id, is_good_id

    if is_good_id(name):
        return name
    better = better_id(name.removesuffix(".yaml").removesuffix(".yml"))
    shown = name if len(name) <= 60 else f"{name[:59]}…"
    raise Failed(
        f"`{shown}` cannot be the id of a case: ids are small letters, digits and hyphens, and start with a letter"
        + (f"; `{better}` would do" if better else ", such as `my-first-case`")
    )


def _must_be_free(path: Path, name: str, settings: Settings) -> None:
    """Refuse what would be written over, or could not be played by its id; raises Failed."""
    from simulator import durable
    from simulator.library import ids

    for there in (path, path.with_suffix(".yml")):
        try:
            found = durable.exists(there)
        except durable.NotRead as error:
            raise Failed(str(error)) from error
        if found:
            raise Failed(f"{there} is there already, and is not written over: choose another name, or another --folder")
    if name in ids(library_folders(settings)):
        raise Failed(f"the library has a case `{name}` already: choose another name, such as `{name}-2`")


# -- a case of their own ------------------------------------------------------------------------


def _asked(name: str, silent: bool, schema: str) -> str:
    """Return a case made of what somebody answers."""
    from simulator.starting import QUESTIONS, new_case

    answers: dict[str, str] = {}
    if not silent:
        tell("Enter takes what stands in brackets. Invent everybody: use no real client.")
        for question in QUESTIONS:
            answer = _ask(question)
            if answer is None:
                # Nobody is there to answer, or wants to.
                tell("")
                break
            answers[question.key] = answer
    return new_case(name, answers, schema=schema)


def _ask(question: Question) -> str | None:
    """Return what somebody answers to a question; None at the end of the input."""
    from simulator.starting import chosen

    while True:
        # A terminal would break a long line inside a word.
        print(f"{question.asks}?\n  [{question.default}] ", end="", file=sys.stderr, flush=True)
        line = sys.stdin.readline()
        if not line:
            return None
        answer = chosen(question, line)
        if answer is not None:
            return answer
        tell(f"Please answer with one of: {', '.join(question.choices)}.")


# -- a case of the library ------------------------------------------------------------------------


def _copied(model: str, name: str, settings: Settings, rubric: Rubric, schema: str) -> tuple[str, dict[str, str]]:
    """Return a case of the library under a new id, and the shared files that it needs, by their names."""
    from simulator.bundle import find as find_shared
    from simulator.problem import Problem
    from simulator.starting import NotAdapted, adapted, shared_by

    source = case_meant(model, settings, rubric).source
    shared = {}
    for each in shared_by(source):
        found = find_shared(source, each)
        if found is not None and not isinstance(found, Problem):
            shared[each] = found.text
    try:
        return adapted(source.text, name, schema=schema), shared
    except NotAdapted as error:
        raise Failed(f"{model} cannot be copied: {error}") from error


def _put_beside(folder: Path, shared: Mapping[str, str]) -> None:
    """Put shared files where the case finds them; one that is there stays. Raises NotSaved, NotRead."""
    from simulator import durable

    for name, text in shared.items():
        path = folder / "shared" / f"{name}.yaml"
        if durable.exists(path):
            tell(f"{path} is there already, and stays as it is.")
            continue
        path.parent.mkdir(exist_ok=True)
        _write(path, text)
        tell(f"Written to {path}.")


def _put_schema(path: Path, rubric: Rubric) -> None:
    """Put a schema beside a case, unless there is one. Raises NotSaved, NotRead."""
    from simulator import durable
    from simulator.schema import schema

    if not durable.exists(path):
        _write(path, json_text(schema(rubric)) + "\n")
        tell(f"Written to {path}.")


def _write(path: Path, text: str) -> None:
    """Write a file that is not there, for everybody who may read its folder. Raises NotSaved."""
    from simulator import durable

    # Nobody else can have made it in between; then it is opened to whom the folder is open.
    durable.write_new(path, text.encode())
    durable.publish(path, text.encode())
