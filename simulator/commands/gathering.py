"""The index, up to date, for commands that look something up in it, and whom and what of it they mean."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from simulator.commands.console import Failed, library_hashes, showing, tell, tell_problems

if TYPE_CHECKING:
    from simulator.cohort.cohort_files import Cohorts
    from simulator.index.store import Index
    from simulator.intake import Intake
    from simulator.people import People
    from simulator.settings import Home, Settings


@contextmanager
def gathering(where: Home, settings: Settings) -> Iterator[tuple[Index, Intake]]:
    """Collect what was handed in, bring the index up to date, and hold it open; say what went otherwise than it should.

    Raises:
        Failed: the index cannot be used.
    """
    from simulator.index.store import Index, IndexTrouble
    from simulator.intake import take_in

    library = library_hashes(settings)
    try:
        with Index.open(where, settings.index) as index:
            with showing() as show:
                intake = take_in(where, settings, index, library, show)
            for notice in dict.fromkeys(intake.notices):
                tell(notice)
            yield index, intake
    except IndexTrouble as trouble:
        raise Failed(f"{trouble} `caseload sessions` and `caseload review SESSION` need no index.") from trouble


def cohorts_known(where: Home, settings: Settings) -> Cohorts:
    """Return every cohort that is known here, those that lie in the shared folder now with them."""
    from simulator.cohort import cohort_files

    problems = cohort_files.fetch(where, settings.shared)
    known = cohort_files.load(where, settings.shared)
    tell_problems(tuple(dict.fromkeys((*known.problems, *problems))))
    return known


def person_meant(name: str, names: People, index: Index) -> str:
    """Return the id of who is meant by an id or a name; raises Failed."""
    from simulator.index.inbox import people_of

    found = names.find(name)
    if found is not None:
        return found.id
    if name in people_of(index):
        return name
    if alike := names.called(name):
        raise Failed(f"several people are called {name}; name one by id: {', '.join(each.id for each in alike)}")
    raise Failed(f"nobody here is called `{name}`, and no session is theirs")


def case_meant(name: str, library: Collection[str], index: Index) -> str:
    """Return the id of the case that is meant; raises Failed."""
    from simulator.index.case_views import seen_cases

    known = {each[0] for each in seen_cases(index)} | set(library)
    if name not in known:
        raise Failed(f"there is no case `{name}`; there are: {', '.join(sorted(known))}")
    return name
