"""`caseload library`: what there is to play, in the order of the path, with how somebody did."""

from __future__ import annotations

import argparse
from datetime import date

from simulator.commands.console import (
    CLEAN,
    add_rubric,
    library_folders,
    place,
    print_json,
    put,
    rubric_meant,
    tell,
    tell_problems,
)
from simulator.commands.who import whose_progress

LIBRARY = (
    "Tell what there is to play: the cases for the first week, the first month and the first season in their order, "
    "and below these what no path names. Each with what it practises, how long it takes, its content note, and how "
    "somebody did. `path.yaml` in a folder of the library says what comes first."
)


def add_library(parser: argparse.ArgumentParser) -> None:
    """Say whose results are told."""
    parser.add_argument(
        "--as", dest="person", metavar="PERSON", help="whose results: an id or a name; who played last if left out"
    )
    parser.add_argument("--format", choices=("text", "json"), default="text", help="how to print it")
    add_rubric(parser)
    parser.set_defaults(run=_library)


def _library(given: argparse.Namespace) -> int:
    from simulator import people
    from simulator.archive import Archive, Logged
    from simulator.cohort import cohort_files
    from simulator.cohort.assigned import assignments_of, tried
    from simulator.learning_path import load
    from simulator.library import cases, listed
    from simulator.library_telling import library_json, library_text
    from simulator.problem import Severity
    from simulator.settings import remembered

    where, settings = place()
    rubric, _ = rubric_meant(given.rubric or settings.rubric)
    folders = library_folders(settings)
    known, problems = cases(folders, rubric)
    path, wrong = load(folders)
    rows = [row for row in Archive(where).sessions() if isinstance(row, Logged)]
    everybody = people.load(where.people)
    tell_problems(everybody.problems)
    # Whoever has not played yet may look all the same, and is nobody so far.
    person = remembered(where).get("person", "")
    if given.person:
        person = whose_progress(where, everybody, given.person, {row.person for row in rows})
    mine = [row for row in rows if row.person == person and person]
    cohorts = cohort_files.load(where, settings.shared).cohorts
    assigned = assignments_of(person, cohorts, tried(where, mine), date.today())
    if any(problem.severity is Severity.ERROR for problem in (*problems, *wrong)):
        tell(f"Some files cannot be used as they are; `caseload check` says why. There are {listed(known, problems)}.")
    if given.format == "json":
        print_json(library_json(known, path, mine, assigned))
    else:
        put(library_text(known, path, mine, assigned))
    return CLEAN
