"""Erasing somebody: what they wrote, what was written about them, and their name, wherever Caseload keeps it.

What people write lies apart from the chains that name it by digest alone, and names lie apart from everything. So both
can go, and what remains still verifies, replays, and fits its receipts: decisions, under an id that stands for nobody.
A tombstone is left before anything is erased, so that nothing brings it back, and so that an erasure that was
interrupted is known; a second entry says that it was finished. Doing it again does what is left.

    NotForgotten    it is not done, and nothing was erased; the text says why, and what to do
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from simulator import chain, durable, people
from simulator.chain import ChainError
from simulator.cohort import cohort_files
from simulator.durable import NotRead, NotSaved
from simulator.erasure.belongings import Belonging, Belongings, Mention, belongings, erase_mention, mentions
from simulator.journal import good_person_id
from simulator.people import NOBODY, People, Person, gives_away, mention
from simulator.settings import Home, Settings, no_longer_remember, remembered
from simulator.sharing import tombstones
from simulator.sharing.collected import Busy, alone
from simulator.sharing.shared_folder import Away, SharedFolder, recalled
from simulator.text import one_line

LARGEST_READ = 4 * 1024 * 1024
"""Bytes of a file in which a name is looked for."""
MOST_NAMED = 200
"""Places that are listed where a name still stands."""

OUT_OF_REACH = (
    "reports, tables and pages that were printed, mailed or exported, and what was sent to a learning record store",
    "backups made by `caseload backup`: they hold people.yaml and reviews. Make a new one, then delete the old ones",
    "snapshots and other backups of the disks, the trash and old versions of a synced shared folder, and what a drive "
    "keeps of deleted files",
    "the computer that the person plays on, where the same command works; copies of people.yaml that were handed out",
    "other homes that collected from the shared folder, or where signed reviews came back: the same command works",
)
"""What no program that runs here can erase."""


class NotForgotten(Exception):
    """Somebody is not erased. Its text says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What erasing somebody takes away, and what it has to leave."""

    person: str
    name: str = ""
    """Empty: nobody here knows it."""
    found: Belongings = field(default_factory=Belongings)
    named: bool = False
    """Whether people.yaml names them."""
    remembered: bool = False
    """Whether the program remembers them as who plays or reviews here."""
    leftovers: tuple[Path, ...] = ()
    """What interrupted writes left of files that may hold the name."""
    named_by_others: tuple[str, ...] = ()
    """Places where their name stands and this program leaves it, for somebody to look at, and what it cannot judge."""
    in_reviews: tuple[Mention, ...] = ()
    """Reviews of sessions of others in which a reviewer wrote their name; such texts go only where that is wanted."""
    in_cohorts: tuple[str, ...] = ()
    """Lines of cohort files that hold their id, which then stands for nobody."""
    away: str = ""
    """Why the shared folder cannot be reached; empty: it can, or there is none."""
    begun: bool = False
    """Whether an erasure of them was begun before, and not finished."""

    @property
    def texts(self) -> int:
        """How many texts in the home go: copies in the shared folder are the same ones."""
        return sum(each.texts for each in self.found.all() if not each.shared)

    @property
    def drafts(self) -> int:
        """How many drafts go."""
        return sum(each.drafts for each in self.found.all())

    @property
    def in_shared(self) -> int:
        """How many files in the shared folder go."""
        return sum(len(each.files) for each in self.found.all() if each.shared)

    @property
    def gives_away(self) -> bool:
        """Whether the id, which stays, lets somebody guess the name."""
        return bool(self.name) and gives_away(self.person, self.name)

    @property
    def empty(self) -> bool:
        """Whether there is nothing to erase."""
        return not (any(self.found.all()) or self.named or self.remembered or self.leftovers)


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What became of erasing somebody."""

    plan: Plan
    """What there was."""
    texts: int
    """How many texts were erased in the home."""
    left: tuple[str, ...]
    """What could not be erased just now, each with why. Empty: it is finished."""


def survey(where: Home, settings: Settings, who: str) -> Plan:
    """Find out what erasing somebody, meant by id or name, would take away. Writes nothing.

    Raises:
        NotForgotten: nobody is meant by that, or they may not be erased.
    """
    known = people.load(where.people)
    person = _meant(known, who)
    _must_not_be_held(where, known, person)
    try:
        begun = person.id in tombstones.unfinished(where)
        plan = _survey(where, settings, person, begun)
        known_here = begun or person.id in tombstones.forgotten(where) or bool(plan.found.sessions)
    except (NotRead, ChainError) as problem:
        raise NotForgotten(str(problem)) from problem
    if plan.empty and not known_here:
        raise NotForgotten(f"nobody here is called `{one_line(who)}`, and no session is theirs")
    return plan


def _meant(known: People, who: str) -> Person:
    found = known.find(who)
    if found == NOBODY:
        raise NotForgotten(
            f"{NOBODY.name} is whoever did not say who they are: nobody can tell which of those sessions are whose. "
            "Have the texts redacted in review, or let retention delete the sessions"
        )
    if found is not None:
        return found
    if alike := known.called(who):
        ids = ", ".join(each.id for each in alike)
        raise NotForgotten(f"several people are called {one_line(who)}; name one by id: {ids}")
    if not good_person_id(who):
        raise NotForgotten(f"nobody here is called `{one_line(who)}`")
    # Journals may be here without the name of who played them.
    return Person(who, "")


def _must_not_be_held(where: Home, known: People, person: Person) -> None:
    """Refuse whoever is on hold, and everybody while nobody can tell who is."""
    if known.problems:
        raise NotForgotten(
            f"{where.people} cannot be read in full, so nobody can tell who is on hold; mend what is reported about it"
        )
    if person.hold:
        raise NotForgotten(
            f"{person.name} is on hold: {person.hold}. Take `hold:` out of {where.people} first, once that is settled"
        )


def _survey(where: Home, settings: Settings, person: Person, begun: bool) -> Plan:
    shared, away = shared_now(where, settings)
    found = belongings(where, shared, person.id)
    kept = remembered(where).values()
    named = person.id in people.load(where.people).everybody
    left = [durable.leftovers(path) for path in (where.people, where.remembered) if durable.exists(where.root)]
    cohorts = list(_in_cohorts(where, shared, person))
    beyond = [f"{path}: {why}; it is left alone" for path, why in found.beyond]
    said = _in_texts(where, shared, person, found)
    by_others = [*beyond, *_in_files(where, person, named), *(_told(each) for each in said if not each.review)]
    return Plan(
        person.id,
        person.name,
        found,
        named=named,
        remembered=person.id in kept or (bool(person.name) and person.name in kept),
        leftovers=tuple(path for paths in left for path in paths),
        in_reviews=tuple(each for each in said if each.review),
        named_by_others=tuple([*by_others, *(line for line, by_name in cohorts if by_name)][:MOST_NAMED]),
        in_cohorts=tuple(line for line, by_name in cohorts if not by_name),
        away=away,
        begun=begun,
    )


def shared_now(where: Home, settings: Settings) -> tuple[SharedFolder | None, str]:
    """Return the shared folder where it is there just now, or why it is not; None and nothing: there is none.

    Raises:
        NotRead: it cannot be looked into.
    """
    if settings.shared is None:
        return None, ""
    shared = SharedFolder(settings.shared)
    try:
        shared.must_answer()
        for folder in (shared.sessions, shared.reviews):
            if durable.kind(folder) not in ("", "folder"):
                return None, f"{folder} is a link, or no folder, and no link is followed."
        # A share that is not connected may leave an empty folder: nothing there is no proof that nothing is left.
        shared.must_answer(used=any(recalled(each, shared.root) for each in (where.handed_in, where.collected)))
    except Away as away:
        return None, str(away)
    return shared, ""


# -- where the name still stands ------------------------------------------------------------------


def _in_cohorts(where: Home, shared: SharedFolder | None, person: Person) -> Iterator[tuple[str, bool]]:
    """Yield the lines of cohort files that name somebody, and whether by name; copies are made anew by themselves."""
    by_name, by_id = mention(person.name), mention(person.id)
    folders = [where.cohorts, shared.cohorts if shared is not None else where.cohorts / cohort_files.COPIES]
    for path in (path for folder in folders for path in cohort_files.files_in(folder)):
        for number, line in _lines(path):
            if by_name.search(line):
                yield f"{path}:{number}: this cohort file has the name in it", True
            elif by_id.search(line):
                yield f"{path}:{number}", False


def _in_files(where: Home, person: Person, named: bool) -> Iterator[str]:
    by_name = mention(person.name)
    # While they have an entry there, most of what names them goes with it.
    for path in (where.settings, *(() if named else (where.people,))):
        for number, line in _lines(path):
            if by_name.search(line):
                yield f"{path}:{number}: the name stands here"


def _in_texts(where: Home, shared: SharedFolder | None, person: Person, found: Belongings) -> list[Mention]:
    """Return where somebody else wrote the name: a reviewer about others, another trainee."""
    going = {path for each in found.all() for path in each.files}
    return mentions(where, shared, mention(person.name), going) if person.name else []


def _told(found: Mention) -> str:
    return f"{found.path}: somebody else wrote the name; a reviewer of session {found.session} can redact it"


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    try:
        data = durable.read_file(path, LARGEST_READ) if durable.exists(path) else b""
    except NotRead:
        return
    yield from enumerate(re.split(r"\r\n|\r|\n", data.decode("utf-8", "replace")), 1)


# -- erasing --------------------------------------------------------------------------------------


def forget(where: Home, settings: Settings, who: str, by: str, *, named: bool = False) -> Forgotten:
    """Erase somebody, meant by id or name, for good; `by` is the id of who does it.

    With `named`, so is every text of a review of somebody else's session that has their name in it. What cannot be
    erased just now is named, and the rest is erased all the same; the same call does what is left.

    Raises:
        NotForgotten: nothing was erased.
    """
    try:
        with alone(where):
            plan = survey(where, settings, who)
            person = Person(plan.person, plan.name)
            tombstones.begin_forgetting(where, person.id, by)
            left = list(_erase(where, settings, plan, plan.in_reviews if named else ()))
            after = _survey(where, settings, person, begun=True)
            still = [f"{path} is still there" for each in after.found.all() for path in each.files]
            left += [each for each in still if not left]
            left += [f"{plan.away} What lies there was not erased."] if plan.away else []
            texts = plan.texts - after.texts
            if not left:
                tombstones.finish_forgetting(where, person.id, texts)
    except (Busy, ChainError, NotSaved, NotRead) as problem:
        raise NotForgotten(str(problem)) from problem
    told = replace(
        plan, named_by_others=after.named_by_others, in_reviews=after.in_reviews, in_cohorts=after.in_cohorts
    )
    return Forgotten(told, texts, tuple(left))


def _erase(where: Home, settings: Settings, plan: Plan, named: Sequence[Mention]) -> Iterator[str]:
    """Erase everything that can be; yield why the rest cannot."""
    for said in named:
        try:
            erase_mention(said, mention(plan.name))
        except (ChainError, NotSaved, NotRead) as problem:
            yield str(problem)
    for each in plan.found.all():
        try:
            _take_away(each)
        except (ChainError, NotSaved) as problem:
            yield str(problem)
    # Late: most who look at what there is of somebody need no database.
    from simulator.index.erasing import erase_texts

    # Other texts of the sessions in which they are named come back with the next update.
    sessions = {*plan.found.sessions, *(each.session for each in named)}
    if why := erase_texts(where, settings.index, sessions, plan.person):
        yield why
    # The name last: until then whoever does it again can say who is meant.
    try:
        for path in plan.leftovers:
            durable.remove(path)
        no_longer_remember(where, {plan.person, plan.name} - {""})
        people.remove(where.people, plan.person)
    except NotSaved as problem:
        yield str(problem)


def _take_away(each: Belonging) -> None:
    """Take the words beside a chain away; in the home only while nobody else writes it."""
    if each.shared:
        for path in each.files:
            durable.remove(path)
        return
    with chain.held(each.chain):
        for path in each.files:
            durable.remove(path)
