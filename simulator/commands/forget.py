"""`caseload forget` and `caseload retention`: somebody is erased, and old sessions are deleted."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from simulator.commands.console import CLEAN, FOUND, Failed, at_terminal, place, print_json, put, tell
from simulator.commands.who import who_reviews

if TYPE_CHECKING:
    from simulator.erasure.forgetting import Forgotten, Plan
    from simulator.erasure.retention import Deleted, Retention
    from simulator.settings import Home, Settings


FORGET = (
    "Erase somebody for good: what they wrote, what reviewers wrote about their sessions, and their name, in the home "
    "and in the shared folder. Without --yes it says what would be erased, and what it cannot reach, and changes "
    "nothing; on a terminal it then asks. Without PERSON it says whose erasure was interrupted. Exit code 1 if "
    "something is left."
)
RETENTION = (
    "List the sessions whose last entry is older than the months of `keep:` in the settings; with --apply, delete them "
    "whole, with their reviews, in the home and in the shared folder. Exit code 1 if something is left."
)


def add_forget(parser: argparse.ArgumentParser) -> None:
    """Say who is to be erased, and by whom."""
    parser.add_argument("person", nargs="?", metavar="PERSON", help="who is to be erased: an id or a name")
    parser.add_argument(
        "--as", "--by", dest="by", metavar="REVIEWER", help="who erases: an id or a name; the tombstone holds the id"
    )
    parser.add_argument(
        "--named", action="store_true", help="also erase what reviewers wrote about others with the name in it"
    )
    parser.add_argument("--yes", action="store_true", help="do it; there is no way back")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="how to print what was found")
    parser.set_defaults(run=_forget)


def _forget(given: argparse.Namespace) -> int:
    from simulator.erasure.forgetting import NotForgotten, forget, survey

    where, settings = place()
    if given.person is None:
        return _interrupted(where, given.format)
    try:
        plan = survey(where, settings, given.person)
        if not given.yes and not _confirmed(given, plan, where, settings):
            return CLEAN
        # By id: somebody new of the same name may be taken down just now.
        done = forget(where, settings, plan.person, who_reviews(where, given.by).id, named=given.named)
    except NotForgotten as error:
        raise Failed(str(error)) from error
    if given.format == "json":
        print_json(_forgotten_json(done))
    else:
        put(_wrapped(_forgotten_lines(done)))
    return FOUND if done.left or done.plan.named_by_others or done.plan.in_reviews else CLEAN


def _interrupted(where: Home, how: str) -> int:
    from simulator.chain import ChainError
    from simulator.sharing import tombstones

    try:
        found = tombstones.unfinished(where)
    except ChainError as error:
        raise Failed(str(error)) from error
    if how == "json":
        print_json({"unfinished": list(found)})
    else:
        put(
            "\n".join(unfinished_lines(found))
            or "No erasure was interrupted. `caseload forget PERSON` erases somebody."
        )
    return FOUND if found else CLEAN


def unfinished_lines(people: tuple[str, ...]) -> list[str]:
    """Say whose erasure was interrupted, a line each."""
    return [f"Erasing {each} is not finished: `caseload forget {each} --yes` does what is left." for each in people]


def tell_unfinished(where: Home) -> None:
    """Tell whoever is at the supervisor's desk whose erasure was interrupted."""
    from simulator.chain import ChainError
    from simulator.sharing import tombstones

    try:
        found = tombstones.unfinished(where)
    except ChainError as error:
        tell(str(error))
    else:
        for line in unfinished_lines(found):
            tell(line)


def _confirmed(given: argparse.Namespace, plan: Plan, where: Home, settings: Settings) -> bool:
    """Say what would be erased; at a terminal, ask. Returns whether to go on."""
    if given.format == "json":
        print_json(_plan_json(plan))
        return False
    put(_wrapped(_plan_lines(plan, where, settings, named=given.named)))
    if not at_terminal():
        named = " --named" if given.named else ""
        put(f"\nNothing was changed. To do it: caseload forget {plan.person}{named} --yes")
        return False
    try:
        typed = input(f"\nThere is no way back. To erase all of that, type {plan.person}: ").strip()
    except EOFError:
        typed = ""
    if typed != plan.person:
        put("Nothing was changed.")
        return False
    return True


# -- telling --------------------------------------------------------------------------------------


def _wrapped(lines: list[str]) -> str:
    """Break lines between words; what is listed stays indented."""
    import textwrap

    return "\n".join(
        textwrap.fill(
            each,
            78,
            subsequent_indent="    " if each.startswith("  ") else "",
            break_long_words=False,
            break_on_hyphens=False,
        )
        for each in lines
    )


def _plan_lines(plan: Plan, where: Home, settings: Settings, *, named: bool) -> list[str]:
    from simulator.erasure.forgetting import OUT_OF_REACH
    from simulator.wording import counted

    called = f"{plan.name} ({plan.person})" if plan.name else plan.person
    goes = _goes(plan, where, settings, named=named) or ["nothing: there is none"]
    lines = [f"What cannot be reached, if {called} is erased:", *(f"  {each}" for each in OUT_OF_REACH)]
    lines += _left_to_people(plan, named=named)
    if plan.away:
        lines += ["", f"{plan.away} What lies there would not be erased: do it when the folder is there."]
    if plan.gives_away:
        lines += [
            "",
            f"The id {plan.person} gives the name away. It stands in what every hash of a journal is made of, so it "
            "cannot be erased without breaking the journal: only deleting the sessions takes it away, as `caseload "
            "retention` does.",
        ]
    lines += [
        "",
        f"What stays: the decisions of {counted(len(plan.found.sessions), 'session')}, under the id {plan.person}, "
        "which then stands for nobody. Journals still verify, replay, and fit their receipts. A tombstone keeps what "
        "was written from being collected again.",
        "",
    ]
    if plan.begun:
        lines += ["This was begun before and interrupted; this is what is left of it."]
    return [*lines, f"Erasing {called} takes away, for good:", *(f"  {each}" for each in goes)]


def _goes(plan: Plan, where: Home, settings: Settings, *, named: bool) -> list[str]:
    from simulator.wording import counted

    def texts(of: list[int]) -> str:
        return counted(sum(of), "text")

    found, said = plan.found, plan.in_reviews
    journals, about, wrote = (
        [each.texts for each in kind if not each.shared] for kind in (found.journals, found.about, found.wrote)
    )
    possible = [
        (sum(journals), f"{texts(journals)} written in {counted(len(found.sessions), 'session')}"),
        (plan.drafts, counted(plan.drafts, "draft")),
        (sum(about), f"{texts(about)} that reviewers wrote about these sessions"),
        (sum(wrote), f"{texts(wrote)} that they wrote as a reviewer"),
        (named and said, f"what reviewers wrote about others with the name in it, in {counted(len(said), 'file')}"),
        (plan.in_shared, f"{counted(plan.in_shared, 'file')} in the shared folder {settings.shared}"),
        (plan.named, f"their entry in {where.people}"),
        (plan.remembered, "what the program remembers of who plays and reviews here"),
        (len(plan.leftovers), f"{counted(len(plan.leftovers), 'file')} that interrupted writes left"),
        (any(found.all()), "all of that in the index"),
    ]
    return [line for there, line in possible if there]


def _left_to_people(plan: Plan, *, named: bool = False, done: bool = False) -> list[str]:
    lines = []
    if plan.named_by_others:
        lines += ["", "For you to look at, because this program leaves it:"]
        lines += [f"  {each}" for each in plan.named_by_others]
    if plan.in_reviews and not named:
        more = "and it stands there still" if done else "with --named, these texts go too"
        lines += ["", f"Reviewers wrote the name about others; {more}:"]
        lines += [f"  {each.path}" for each in plan.in_reviews]
    if plan.in_cohorts:
        lines += ["", "Cohort files that hold the id; take it out of them by hand:"]
        lines += [f"  {each}" for each in plan.in_cohorts]
    return lines


def _forgotten_lines(done: Forgotten) -> list[str]:
    from simulator.erasure.forgetting import OUT_OF_REACH
    from simulator.wording import counted

    plan = done.plan
    if done.left:
        lines = [f"{counted(done.texts, 'text')} of {plan.person} erased. What could not be erased just now:"]
        lines += [f"  {each}" for each in done.left]
        lines += [f"`caseload forget {plan.person} --yes` does what is left."]
    else:
        lines = [f"{plan.person} is erased: {counted(done.texts, 'text')}, the name, and every copy kept here."]
    return [
        *lines,
        *_left_to_people(plan, done=True),
        "",
        "What this cannot reach:",
        *(f"  {each}" for each in OUT_OF_REACH),
    ]


def _plan_json(plan: Plan) -> dict[str, object]:
    from simulator.erasure.forgetting import OUT_OF_REACH

    found = plan.found
    return {
        "person": plan.person,
        "erased": False,
        "begun": plan.begun,
        "sessions": sorted(found.sessions),
        "texts": plan.texts,
        "drafts": plan.drafts,
        "texts-about": sum(each.texts for each in found.about if not each.shared),
        "texts-as-reviewer": sum(each.texts for each in found.wrote if not each.shared),
        "files-in-shared-folder": plan.in_shared,
        "in-people-file": plan.named,
        "remembered": plan.remembered,
        "id-gives-name-away": plan.gives_away,
        "shared-folder-away": plan.away,
        "named-by-others": list(plan.named_by_others),
        "named-in-reviews": [str(each.path) for each in plan.in_reviews],
        "in-cohorts": list(plan.in_cohorts),
        "left": [],
        "out-of-reach": list(OUT_OF_REACH),
    }


def _forgotten_json(done: Forgotten) -> dict[str, object]:
    return {**_plan_json(done.plan), "erased": not done.left, "texts": done.texts, "left": list(done.left)}


# -- retention ------------------------------------------------------------------------------------


def add_retention(parser: argparse.ArgumentParser) -> None:
    """Say whether sessions are only listed."""
    parser.add_argument("--apply", action="store_true", help="delete them; there is no way back")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="how to print what was found")
    parser.set_defaults(run=_retention)


def _retention(given: argparse.Namespace) -> int:
    from datetime import UTC, datetime

    from simulator.erasure.retention import NotKept, apply, look

    where, settings = place()
    today = datetime.now(UTC).date()
    done: Deleted | None = None
    try:
        if given.apply:
            done = apply(where, settings, today)
        found = done.retention if done is not None else look(where, settings, today)
    except NotKept as error:
        raise Failed(str(error)) from error
    if given.format == "json":
        print_json(_retention_json(found, done))
    else:
        put("\n".join(_retention_lines(found, done, where, settings)))
    return FOUND if found.unclear or (done is not None and done.left) else CLEAN


def _retention_lines(found: Retention, done: Deleted | None, where: Home, settings: Settings) -> list[str]:
    from simulator import people
    from simulator.wording import counted

    known = people.load(where.people)

    def line(session: str, person: str, last: str) -> str:
        return f"  {session}  {last[:10]}  {known.name(person)}"

    kept = f"kept for {counted(settings.keep or 0, 'month')}, until {found.before}"
    if done is not None:
        lines = [f"{counted(len(done.sessions), 'session')} deleted, {kept}."]
    elif found.old:
        lines = [f"{counted(len(found.old), 'session')} {kept}, would be deleted:"]
    else:
        lines = [f"No session has been {kept}."]
    gone = () if done is None else done.sessions
    lines += [line(each.session, each.person, each.last) for each in found.old if done is None or each.session in gone]
    if found.unfinished and done is None:
        lines += ["Deleting these was interrupted; what is left of them goes as well:"]
        lines += [f"  {each}" for each in found.unfinished]
    if found.kept:
        lines += ["As old, and left alone:"]
        lines += [f"{line(each.session, each.person, each.last)}: {why}" for each, why in found.kept]
    if found.unclear:
        lines += ["Nobody can tell how old these are, so they stay:"]
        lines += [f"  {path}: {why}" for path, why in found.unclear]
    if done is None and found.away:
        lines += [f"{found.away} What lies there would stay until it is there again."]
    if done is not None and done.left:
        lines += ["What could not be deleted just now; the same command does what is left:"]
        lines += [f"  {each}" for each in done.left]
    if done is None and (found.old or found.unfinished):
        lines += ["", "Nothing was changed. To do it: caseload retention --apply"]
    return lines


def _retention_json(found: Retention, done: Deleted | None) -> dict[str, object]:
    return {
        "before": found.before.isoformat(),
        "sessions": [{"session": each.session, "person": each.person, "last": each.last} for each in found.old],
        "interrupted": list(found.unfinished),
        "left-alone": [{"session": each.session, "person": each.person, "why": why} for each, why in found.kept],
        "unclear": [{"file": str(path), "why": why} for path, why in found.unclear],
        "deleted": [] if done is None else list(done.sessions),
        "left": [] if done is None else list(done.left),
        "shared-folder-away": found.away,
    }
