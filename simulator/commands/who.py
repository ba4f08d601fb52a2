"""Who is meant: whoever plays, whoever reviews, whoever is asked about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.commands.console import Failed, at_terminal, tell, tell_problems

if TYPE_CHECKING:
    from simulator.people import People, Person, Role
    from simulator.settings import Home


def who_plays(where: Home, who: str | None) -> Person:
    """Find who plays, or take down who is new here; nobody in particular if nobody can be asked."""
    from simulator import people

    return _person(where, who, "person", people.Role.TRAINEE) or people.NOBODY


def who_reviews(where: Home, who: str | None) -> Person:
    """Find who reviews. Who played last is not meant, and what nobody said cannot be signed off."""
    from simulator import people

    found = _person(where, who, "reviewer", people.Role.SUPERVISOR)
    if found is None or found == people.NOBODY:
        raise Failed('who reviews? Say so once: `--as "Your Name"`, or `--as` and your id')
    return found


def whose_progress(where: Home, known: People, who: str | None, played: set[str]) -> str:
    """Find whose progress is meant, without taking anybody down who is new."""
    from simulator import settings

    name = who or settings.remembered(where).get("person", "")
    found = known.find(name) if name else None
    if found is not None:
        return found.id
    if name in played:
        # Journals came without the file of names.
        return name
    if alike := known.called(name):
        raise Failed(f"several people are called {name}; name one by id: {', '.join(each.id for each in alike)}")
    if who:
        raise Failed(f"nobody here is called `{who}`, and no session is theirs")
    raise Failed("whose progress? Say so: `caseload progress --as PERSON`, with an id or a name")


def _person(where: Home, who: str | None, desk: str, role: Role) -> Person | None:
    """Find somebody by what was said, else who was at this desk last, else who answers; None if nobody does."""
    from simulator import people, settings
    from simulator.durable import NotSaved

    known = people.load(where.people)
    tell_problems(known.problems)
    name = who or settings.remembered(where).get(desk, "")
    if not (who or known.find(name)):
        name = _asked("Your name: ") if at_terminal() else ""
    if not name:
        return None
    found = known.find(name)
    if found is None:
        if alike := known.called(name):
            raise Failed(f"several people are called {name}; name one by id: {', '.join(each.id for each in alike)}")
        try:
            found = people.add(where.people, name, role)
        except (NotSaved, ValueError) as error:
            raise Failed(str(error)) from error
        tell(f"New here: {found.name}, kept as {found.id} in {where.people}.")
    settings.remember(where, **{desk: found.id})
    return found


def _asked(prompt: str) -> str:
    try:
        return input(prompt).strip()
    except EOFError:
        print()
        raise Failed("nobody said who it is, so nothing was begun") from None
