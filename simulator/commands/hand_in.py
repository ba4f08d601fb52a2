"""`caseload hand-in` and `caseload collect`: sessions go to the shared folder, and come from there.

With `--format json` each prints one object. Of handing in: `sessions` that were handed in now, `handed_out` reviews
as `<reviewer>/<session>`, sessions that were `reviewed` and those somebody is `playing`, what was `refused` (`what`
and `why`), and why the folder is `away`, empty where it is not. Of collecting: the sessions that are `new`, those that
are `longer` than before, those of which only `texts` came; how many are the `same`, and how many were `deleted` here
before; what was `refused`, and how many more (`also_refused`); and why it `stopped` before the end, empty where not.
"""

from __future__ import annotations

import argparse
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from simulator.commands.console import CLEAN, FAILED, FOUND, Failed, place, print_json, put, tell
from simulator.commands.ledger import ledger

if TYPE_CHECKING:
    from simulator.settings import Home, Settings
    from simulator.sharing.collected import Collected
    from simulator.sharing.handing_in import HandedIn

HAND_IN = (
    "Copy your sessions to the shared folder, and bring what reviewers said about them. The app and plain mode do it "
    "by themselves where `shared:` in the settings names a folder. Exit code 1: some of it could not be done."
)
COLLECT = (
    "Bring the sessions that were handed in to the shared folder, and take down receipts of them. What does not hold "
    "is left there and listed. Exit code 1: something was refused."
)
MOST_SHOWN = 20
PATIENCE = 10
"""Seconds that a command that has done its work waits for a share that does not answer."""


def add_hand_in(parser: argparse.ArgumentParser) -> None:
    """Say how sessions are handed in."""
    _add_folder(parser)
    parser.add_argument(
        "--anew", action="store_true", help="hand in everything again, as where the shared folder is another one"
    )
    parser.set_defaults(run=_hand_in)


def add_collect(parser: argparse.ArgumentParser) -> None:
    """Say how sessions are collected."""
    _add_folder(parser)
    parser.add_argument("--anew", action="store_true", help="look at everything again, as after this home lost some")
    parser.set_defaults(run=_collect)


def _add_folder(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--folder", type=Path, metavar="FOLDER", help="the shared folder (`shared:` in the settings)")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="how to print what was done")


def add_collecting(parser: argparse.ArgumentParser) -> None:
    """Let another command collect first."""
    parser.add_argument("--folder", type=Path, metavar="FOLDER", help="first collect what was handed in to this folder")


def collect_first(given: argparse.Namespace) -> None:
    """Collect, where a folder is named, before anything else; raises Failed."""
    if given.folder is None:
        return
    where, settings = place()
    done = collected(where, settings, shared_meant(given.folder, settings))
    tell(summary(done))
    if done.refused:
        tell("`caseload collect` with the same folder lists what was refused, and why.")
    if done.stopped:
        tell(done.stopped)


def shared_meant(given: Path | None, settings: Settings) -> Path:
    """Return the shared folder that is named; raises Failed."""
    folder = given.absolute() if given is not None else settings.shared
    if folder is None:
        raise Failed("which folder? `--folder FOLDER`, or `shared: FOLDER` in settings.yaml for good")
    return folder


def _hand_in(given: argparse.Namespace) -> int:
    from simulator.sharing.handing_in import hand_in, told

    where, settings = place()
    done = hand_in(where, shared_meant(given.folder, settings), anew=given.anew)
    if given.format == "json":
        print_json(
            {
                "sessions": done.sessions,
                "handed_out": done.handed_out,
                "reviewed": done.reviewed,
                "playing": done.playing,
                "refused": _as_json(done.refused),
                "away": done.away,
            }
        )
    else:
        _say(done, list(told(done)))
    if done.away:
        return FAILED
    return FOUND if done.refused else CLEAN


def _say(done: HandedIn, lines: list[str]) -> None:
    if done.away:
        tell(f"caseload: {lines.pop()}")
    if not (done.sessions or done.handed_out or done.reviewed or done.away):
        put("Everything was handed in already.")
    for line in lines[:MOST_SHOWN]:
        put(line)
    if len(lines) > MOST_SHOWN:
        put(f"… and {len(lines) - MOST_SHOWN} more (all with `--format json`)")


def hand_in_by_itself(where: Home, settings: Settings) -> None:
    """Hand in at the end of a command, where there is a shared folder; nobody is kept waiting for long."""
    if settings.shared is None:
        return
    from simulator.sharing.handing_in import HandedIn, hand_in, told

    folder, found = settings.shared, list[HandedIn]()
    # A share that hangs holds its thread until the system gives up; this one ends with the command.
    worker = threading.Thread(target=lambda: found.append(hand_in(where, folder)), daemon=True)
    worker.start()
    worker.join(PATIENCE)
    if not found:
        tell("The shared folder does not answer; what is not handed in yet will be the next time.")
    for line in told(found[0]) if found else ():
        tell(line)


def _collect(given: argparse.Namespace) -> int:
    where, settings = place()
    done = collected(where, settings, shared_meant(given.folder, settings), anew=given.anew)
    if given.format == "json":
        print_json(
            {
                "new": done.new,
                "longer": done.longer,
                "texts": done.texts,
                "same": done.same,
                "deleted": done.deleted,
                "refused": _as_json(done.refused),
                "also_refused": done.also_refused,
                "stopped": done.stopped,
            }
        )
    else:
        put(summary(done))
        for name, why in done.refused[:MOST_SHOWN]:
            put(f"  refused {name}: {why}")
        if (more := len(done.refused) + done.also_refused - MOST_SHOWN) > 0:
            put(f"  … and {more} more refused (`--format json` lists {len(done.refused)})")
    if done.stopped:
        tell(done.stopped)
    return FOUND if done.refused or done.stopped else CLEAN


def collected(where: Home, settings: Settings, folder: Path, *, anew: bool = False) -> Collected:
    """Collect from a shared folder; raises Failed where nothing can be collected."""
    from simulator.chain import ChainError
    from simulator.durable import NotSaved
    from simulator.sharing.collected import Busy, collect
    from simulator.sharing.shared_folder import Away

    with ledger(where, settings) as receipts:
        try:
            return collect(where, folder, receipts, anew=anew)
        except (Away, Busy, NotSaved) as error:
            raise Failed(str(error)) from error
        except ChainError as error:
            raise Failed(f"who was erased here cannot be told, so nothing was collected. {error}") from error


def summary(done: Collected) -> str:
    """Say in a line what was collected."""
    from simulator.wording import counted

    parts = [
        f"{counted(len(done.new), 'new session')}",
        f"{len(done.longer)} went on",
        f"{done.same} as before",
        *([f"{counted(len(done.texts), 'session')} with texts that came later"] if done.texts else []),
        *([f"{done.deleted} deleted here before"] if done.deleted else []),
        *([f"{len(done.refused) + done.also_refused} refused"] if done.refused else []),
    ]
    return f"Collected: {', '.join(parts)}."


def _as_json(refused: list[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"what": name, "why": why} for name, why in refused]
