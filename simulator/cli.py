"""The `caseload` command. This module alone decides what goes to stderr, and the exit codes.

0: done, nothing wrong. 1: something was found to be wrong. 2: it could not be done.

Everything is imported where it is needed: `caseload --help` starts in the time it takes to read it.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from simulator.text import clean, whole_number

if TYPE_CHECKING:
    from scoring.rubric import Rubric
    from simulator.archive import Archive, Logged
    from simulator.library import Case
    from simulator.people import People, Person, Role
    from simulator.play import Play
    from simulator.problem import Problem
    from simulator.review import Comment
    from simulator.settings import Home, Settings
    from simulator.source import Source

CLEAN, FOUND, FAILED = 0, 1, 2
MIB = 1024 * 1024


class Failed(Exception):
    """It cannot be done; the text says why, for a person."""


def main(arguments: list[str] | None = None) -> int:
    """Run the command and return its exit code."""
    _open_streams()
    try:
        code = _run(arguments)
        # While it can still be noticed that nobody takes it.
        sys.stdout.flush()
    except Failed as error:
        _tell(f"caseload: {error}")
    except KeyboardInterrupt:
        _tell("caseload: stopped")
    except BrokenPipeError:
        # Whoever read our output has left; that is their right.
        _drop_output()
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        _tell(f"caseload: {where}{error.strerror or error}")
        _drop_output()
    else:
        return code
    return FAILED


def _run(arguments: list[str] | None) -> int:
    try:
        given = _parser().parse_args(arguments)
    except SystemExit as left:
        # Help was asked for, or the command was not understood.
        return left.code if isinstance(left.code, int) else CLEAN
    return int(given.run(given))


def _open_streams() -> None:
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        stream = getattr(sys, name)
        if stream is None:
            # Whoever started us closed it; nothing else may come to lie in its place.
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 - open for good
        elif hasattr(stream, "reconfigure"):
            # Text from outside may hold what an encoding has no sign for, or be in another one.
            stream.reconfigure(errors="replace")


def _drop_output() -> None:
    """Give up on output that nobody takes, so that it does not fail once more when the program ends."""
    try:
        sys.stdout.flush()
    except (OSError, ValueError):
        with suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _print(text: str) -> None:
    """Print a result. Names of files, too, may hold what a terminal would obey."""
    print(clean(text))


def _tell(text: str) -> None:
    """Tell the person something."""
    with suppress(OSError, ValueError):
        print(clean(text), file=sys.stderr)


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        super().error(clean(message))


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="caseload",
        description="A flight simulator for case managers. Without a command it opens the app.",
        epilog="CASELOAD_HOME names the folder that holds all of your data.",
    )
    parser.add_argument("--version", action="store_true", help="print the version and exit")
    parser.set_defaults(run=_app)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    _add_play(commands.add_parser("play", help="play a case", description="Play a case."))
    _add_check(commands.add_parser("check", help="find what is wrong with cases", description=CHECK))
    _add_schema(commands.add_parser("schema", help="print help for editors", description=SCHEMA))
    _add_sessions(commands.add_parser("sessions", help="list sessions", description="List sessions, newest first."))
    _add_report(commands.add_parser("report", help="print a session", description=REPORT))
    _add_verify(
        commands.add_parser("verify", help="replay journals", description="Replay journals and say what holds.")
    )
    _add_review(commands.add_parser("review", help="review sessions", description=REVIEW))
    _add_progress(commands.add_parser("progress", help="what somebody's attempts show", description=PROGRESS))
    _add_compare(commands.add_parser("compare", help="attempts side by side", description=COMPARE))
    return parser


CHECK = (
    "Find every problem of scenarios (files, or folders of them; the library if none is named), "
    "with file:line:column, code and hint. Exit 0: clean, 1: problems, 2: could not run."
)
REPORT = (
    "Tell a whole session: as text, as an HTML page that needs nothing but itself, as CSV for a spreadsheet, or as "
    "JSON lines that lose nothing. It goes to the screen, or with --output to a file."
)
SCHEMA = (
    "Print a JSON Schema of cases, by which an editor with yaml-language-server completes keys, levels and ids, says "
    "what they mean and underlines mistakes. Keep it in a file beside your cases: `caseload schema > schema.json`, and "
    "begin a case with the line `# yaml-language-server: $schema=schema.json`."
)
REVIEW = (
    "Review sessions: without a session, list them, criticals first; with one, print it, comment on it, sign it off. "
    "On a terminal, without options, it opens the review desk of the app."
)
PROGRESS = (
    "Tell what somebody's attempts show: criticals, what to practise next and why, the weakest indicators with the "
    "decisions they show in, every case. First attempts count; repeats stand apart; unfinished sessions do not count."
)
COMPARE = (
    "Set attempts of one person at one case side by side: where they part, where they meet again, how each was marked."
)


# -- play -----------------------------------------------------------------------------------------


def _add_play(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("scenario", nargs="?", metavar="SCENARIO", help="an id from the library, or a file")
    parser.add_argument("--plain", action="store_true", help="line by line: for screen readers and pipes")
    parser.add_argument("--resume", metavar="SESSION", help="go on with a session")
    parser.add_argument("--seed", type=_seed, metavar="N", help="draw the order of responses from this number")
    parser.add_argument("--as", dest="person", metavar="PERSON", help="who plays: an id or a name")
    parser.add_argument("--feedback", choices=("each", "end"), help="show marks after each response, or at the end")
    parser.add_argument(
        "--confidence",
        action=argparse.BooleanOptionalAction,
        default=None,
        help="ask how sure you are before you see what comes of it",
    )
    _add_rubric(parser)
    _add_size(parser)
    parser.set_defaults(run=_play)


def _seed(text: str) -> int:
    number = whole_number(text, 0, 2**32 - 1)
    if number is None:
        raise argparse.ArgumentTypeError("a seed is a whole number from 0 to 4294967295")
    return number


def _add_rubric(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--rubric", type=Path, metavar="FILE", help="an agency's own rubric")


def _add_size(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--max-size", type=_mebibytes, default=1, metavar="MIB", help="largest scenario file (1)")


def _mebibytes(text: str) -> int:
    number = whole_number(text, 1, 64)
    if number is None:
        raise argparse.ArgumentTypeError("a size is a whole number of MiB from 1 to 64")
    return number


def _terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def _app(given: argparse.Namespace) -> int:
    if given.version:
        from simulator.version import VERSION

        print(f"caseload {VERSION}")
        return CLEAN
    if not _terminal():
        raise Failed(
            "the app needs a terminal, and this is none. Play line by line with `caseload play SCENARIO --plain`; "
            "`caseload --help` lists what else works without one"
        )
    return _open_app()


def _open_app(**begin: object) -> int:
    from simulator.tui.app import CaseloadApp

    where, settings = _place()
    return CaseloadApp(where, settings, **begin).run() or CLEAN  # type: ignore[arg-type]


def _play(given: argparse.Namespace) -> int:
    if not given.plain and _terminal():
        return _open_app(
            scenario=given.scenario or "",
            resume=given.resume or "",
            who=given.person or "",
            seed=given.seed,
            feedback=given.feedback or "",
            confidence=given.confidence,
            rubric=given.rubric,
            limit=given.max_size * MIB,
        )
    if not given.scenario and not given.resume:
        raise Failed("which case? Name one: `caseload play SCENARIO --plain`; " + _known())
    from simulator.chain import ChainError
    from simulator.durable import NotSaved
    from simulator.plain import Plain
    from simulator.play import Play

    where, settings = _place()
    try:
        if given.resume:
            play = _resumed(where, settings, given.resume)
        else:
            rubric, source = _rubric(given.rubric or settings.rubric)
            case = _case(given, settings, rubric)
            player = _player(where, given.person)
            play = Play.begin(
                where,
                case,
                rubric,
                source,
                player.id,
                seed=given.seed,
                feedback=given.feedback or settings.feedback,
                confidence=settings.confidence if given.confidence is None else given.confidence,
            )
    except (ChainError, NotSaved) as error:
        raise Failed(str(error)) from error
    try:
        Plain(play, sys.stdin, sys.stdout).run()
    finally:
        play.close()
    return CLEAN


def _resumed(where: Home, settings: Settings, session: str) -> Play:
    from simulator.archive import Archive
    from simulator.play import Play

    archive = Archive(where)
    path = _session_path(archive, session)
    if path is None:
        raise Failed(f"there is no session `{session}`; `caseload sessions` lists them")
    return Play.resume(archive, path, _current(archive, path, settings))


def _current(archive: Archive, path: Path, settings: Settings) -> str | None:
    """Return the hash that the library has now for the case of a session."""
    from simulator import journal
    from simulator.library import NoSuchCase, find

    recorded = journal.read(path)
    try:
        rubric = archive.rubric(path, recorded.header.rubric_hash)
        return find(recorded.header.scenario, _folders(settings), rubric).source.hash
    except NoSuchCase as error:
        # One that has mistakes by now has been edited.
        return "" if error.problems else None


def _case(given: argparse.Namespace, settings: Settings, rubric: Rubric) -> Case:
    from simulator.library import NoSuchCase, find

    try:
        return find(given.scenario, _folders(settings), rubric, given.max_size * MIB)
    except NoSuchCase as error:
        _report(error.problems)
        raise Failed(str(error)) from error


def _known() -> str:
    from simulator.library import cases, listed

    _, settings = _place()
    rubric, _ = _rubric(settings.rubric)
    return f"the library has {listed(*cases(_folders(settings), rubric))}"


def _player(where: Home, who: str | None) -> Person:
    """Find who plays, or take down who is new here; nobody in particular if nobody can be asked."""
    from simulator import people

    return _person(where, who, "person", people.Role.TRAINEE) or people.NOBODY


def _reviewer(where: Home, who: str | None) -> Person:
    """Find who reviews. Who played last is not meant, and what nobody said cannot be signed off."""
    from simulator import people

    found = _person(where, who, "reviewer", people.Role.SUPERVISOR)
    if found is None or found == people.NOBODY:
        raise Failed('who reviews? Say so once: `--as "Your Name"`, or `--as` and your id')
    return found


def _person(where: Home, who: str | None, desk: str, role: Role) -> Person | None:
    """Find somebody by what was said, else who was at this desk last, else who answers; None if nobody does."""
    from simulator import people, settings
    from simulator.durable import NotSaved

    known = people.load(where.people)
    _report(known.problems)
    name = who or settings.remembered(where).get(desk, "")
    if not (who or known.find(name)):
        name = _asked("Your name: ") if _terminal() else ""
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
        _tell(f"New here: {found.name}, kept as {found.id} in {where.people}.")
    settings.remember(where, **{desk: found.id})
    return found


def _asked(prompt: str) -> str:
    try:
        return input(prompt).strip()
    except EOFError:
        print()
        raise Failed("nobody said who it is, so nothing was begun") from None


# -- check ----------------------------------------------------------------------------------------


def _add_check(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="scenario files, or folders of them")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="how to print what was found")
    _add_rubric(parser)
    _add_size(parser)
    parser.set_defaults(run=_check)


def _check(given: argparse.Namespace) -> int:
    from simulator.check import check
    from simulator.library import built_in, shadowed
    from simulator.library import files as files_of
    from simulator.problem import Severity, as_json, show
    from simulator.wording import counted

    _, settings = _place()
    paths = given.paths or [built_in(), *settings.library]
    rubric, _ = _rubric(given.rubric or settings.rubric)
    files, missing = _scenario_files(paths)
    if missing:
        raise Failed("; ".join(missing))
    found = [problem for path in files for problem in check(path, rubric, given.max_size * MIB)]
    found += shadowed(files_of(tuple(paths)), rubric, given.max_size * MIB)
    # What is wrong in a shared scene is found by itself, and once more in every case that visits it.
    problems = list(dict.fromkeys(found))
    matter = [problem for problem in problems if problem.severity is not Severity.ADVICE]
    if given.format == "json":
        _print_json([as_json(problem) for problem in problems])
    else:
        for problem in problems:
            _print(show(problem) + "\n")
        what = counted(len(problems), "problem") if problems else "no problems"
        _print(f"{counted(len(files), 'file')} checked: {what}")
    return FOUND if matter else CLEAN


def _scenario_files(paths: list[Path]) -> tuple[list[Path], list[str]]:
    """Return the files that some paths name, and what is wrong with the paths."""
    from simulator.library import ENDINGS

    files: list[Path] = []
    wrong: list[str] = []
    for path in paths:
        if os.path.isdir(path):  # noqa: PTH112 - pathlib raises where this account may not look
            within = sorted(each for ending in ENDINGS for each in path.rglob(f"*{ending}"))
            files += within
            if not within:
                wrong.append(f"there is no scenario in {path}")
        else:
            files.append(path)
    return files, wrong


# -- schema ---------------------------------------------------------------------------------------


def _add_schema(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--case", type=Path, metavar="FILE", help="offer the ids of this case as well")
    _add_rubric(parser)
    parser.set_defaults(run=_schema)


def _schema(given: argparse.Namespace) -> int:
    from simulator.problem import Problem
    from simulator.schema import ids_of, schema
    from simulator.source import LARGEST, read

    _, settings = _place()
    rubric, _ = _rubric(given.rubric or settings.rubric)
    known = None
    if given.case is not None:
        source = read(given.case, LARGEST)
        found = source if isinstance(source, Problem) else ids_of(source)
        if isinstance(found, Problem):
            _report((found,))
            raise Failed(f"the ids of {given.case} cannot be read")
        known = found
    _print_json(schema(rubric, known))
    return CLEAN


# -- sessions, report, verify ---------------------------------------------------------------------


def _add_sessions(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--format", choices=("text", "json"), default="text", help="how to print the list")
    parser.set_defaults(run=_sessions)


def _sessions(given: argparse.Namespace) -> int:
    from simulator import people
    from simulator.archive import Archive
    from simulator.listing import as_json, as_lines

    where, _ = _place()
    rows = list(Archive(where).sessions())
    if given.format == "json":
        _print_json([as_json(row) for row in rows])
    elif rows:
        _print("\n".join(as_lines(rows, people.load(where.people))))
    else:
        _print("No sessions yet. `caseload` opens the app; `caseload play SCENARIO` plays a case.")
    return CLEAN


def _add_report(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("session", metavar="SESSION", help="a session's id, its beginning, or a journal file")
    parser.add_argument(
        "--format", choices=("text", "html", "csv", "jsonl"), help="what to make of it (as FILE's name ends, or text)"
    )
    parser.add_argument("--output", type=Path, metavar="FILE", help="write it to a file; one that is there is kept")
    parser.add_argument("--force", action="store_true", help="write over a file that is there")
    parser.add_argument("--width", type=_width, default=80, metavar="N", help="columns of text (80)")
    parser.set_defaults(run=_report_session)


def _width(text: str) -> int:
    number = whole_number(text, 40, 500)
    if number is None:
        raise argparse.ArgumentTypeError("a width is a number of columns from 40 to 500")
    return number


def _report_session(given: argparse.Namespace) -> int:
    from simulator.review import said_to_trainee

    where, _ = _place()
    logged = _logged(where, given.session)
    comments = said_to_trainee(where, logged.id)
    output = None if given.output == Path("-") else given.output
    kind = given.format or (output and FORMATS.get(output.suffix.lower())) or "text"
    if output is None and kind == "text":
        _print_report(where, logged, comments, given.width)
        return CLEAN
    data = _report_as(kind, where, logged, comments, given.width)
    if output is None:
        # Bytes, because such a file says itself how it is to be read, whatever this terminal's encoding.
        sys.stdout.buffer.write(data)
    else:
        _put(output, data, where, given.force)
        _tell(f"Written to {output}.")
    return CLEAN


FORMATS = {".html": "html", ".htm": "html", ".csv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl"}
"""What a file's name says that it holds."""


def _report_as(kind: str, where: Home, logged: Logged, comments: list[Comment], width: int) -> bytes:
    from simulator import people

    known = people.load(where.people)
    if kind == "html":
        from simulator.page import page

        return page(logged, known, comments).encode()
    if kind == "csv":
        from simulator.tables import as_csv

        # Spreadsheets read it as UTF-8 only if it begins so.
        return as_csv([logged], known, lambda _: comments).encode("utf-8-sig")
    if kind == "jsonl":
        from simulator.records import as_json_lines

        return "".join(f"{line}\n" for line in as_json_lines([logged], known, lambda _: comments)).encode()
    from simulator.report import report

    return f"{clean(report(logged, known, comments, width))}\n".encode()


def _put(path: Path, data: bytes, where: Home, force: bool) -> None:
    """Write a file: all of it or none of it, and over another only if that was asked for."""
    from simulator import durable

    try:
        if not durable.exists(path):
            durable.write_new(path, data)
            return
        if not force:
            raise Failed(f"{path} is there already; with --force it is written over")
        durable.must_be_plain(path)
        if where.root.resolve() in path.resolve().parents:
            raise Failed(f"{path} is one of Caseload's own files; they are not written over")
        durable.replace(path, data)
    except (durable.NotSaved, durable.NotRead) as error:
        raise Failed(str(error)) from error


def _print_report(where: Home, logged: Logged, comments: Iterable[Comment], width: int) -> None:
    from simulator import people
    from simulator.report import report

    _print(report(logged, people.load(where.people), tuple(comments), width))


def _add_verify(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("sessions", nargs="+", metavar="SESSION|FILE", help="session ids, or journal files")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="how to print what was found")
    parser.set_defaults(run=_verify)


def _verify(given: argparse.Namespace) -> int:
    from simulator.archive import Archive
    from simulator.library import cases
    from simulator.verify import verify

    where, settings = _place()
    archive = Archive(where)
    rubric, _ = _rubric(settings.rubric)
    known, _ = cases(_folders(settings), rubric)
    library = frozenset(case.source.hash for case in known)
    findings = [verify(archive, _journal_path(archive, name), library) for name in given.sessions]
    if given.format == "json":
        _print_json(
            [
                {
                    "file": str(each.path),
                    "session": each.session,
                    "verdict": each.verdict.value,
                    "message": each.message,
                    "notices": list(each.notices),
                }
                for each in findings
            ]
        )
    else:
        for each in findings:
            _print(f"{each.path.name}: {each.verdict}. {each.message}")
            for notice in each.notices:
                _print(f"  note: {notice}")
    return CLEAN if all(each.sound for each in findings) else FOUND


def _journal_path(archive: Archive, name: str) -> Path:
    found = _session_path(archive, name)
    if found is None and not os.path.lexists(name):
        raise Failed(f"there is no session and no file `{name}`; `caseload sessions` lists the sessions")
    return found or Path(name)


def _session_path(archive: Archive, name: str) -> Path | None:
    found = archive.alike(name)
    if len(found) > 1:
        raise Failed(f"{len(found)} sessions begin with `{name}`; type a little more of the id")
    return found[0] if found else None


def _logged(where: Home, name: str) -> Logged:
    from simulator.archive import Archive
    from simulator.chain import ChainError

    archive = Archive(where)
    try:
        return archive.load(_journal_path(archive, name))
    except ChainError as error:
        raise Failed(str(error)) from error


# -- review ---------------------------------------------------------------------------------------


def _add_review(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("session", nargs="?", metavar="SESSION", help="a session's id, or its beginning")
    parser.add_argument("--as", dest="person", metavar="PERSON", help="who reviews: an id or a name")
    parser.add_argument(
        "--comment", action="append", nargs=2, metavar=("DECISION", "TEXT"), help="say something; 0 is the whole"
    )
    parser.add_argument("--sign-off", action="store_true", help="let the trainee see what was said")
    parser.add_argument("--plain", action="store_true", help="print, do not open the app")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="how to print the list")
    parser.set_defaults(run=_review)


def _review(given: argparse.Namespace) -> int:
    from simulator import people
    from simulator.archive import Archive
    from simulator.listing import as_json, as_lines, most_urgent_first
    from simulator.review import reviews_of

    deciding = given.comment or given.sign_off
    if _terminal() and not given.plain and not deciding and given.format == "text":
        return _open_app(desk="review", session=given.session or "", who=given.person or "")
    where, _ = _place()
    if given.session is None:
        if deciding:
            raise Failed('which session? `caseload review SESSION --comment 3 "…" --sign-off`')
        rows = most_urgent_first(where, Archive(where).sessions())
        if given.format == "json":
            _print_json([as_json(row) for row in rows])
        else:
            _print("\n".join(as_lines(rows, people.load(where.people), where)) or "No sessions to review yet.")
        return CLEAN
    logged = _logged(where, given.session)
    if deciding:
        _judge(given, where, logged)
        return CLEAN
    comments = [comment for review in reviews_of(where, logged.id) for comment in review.comments]
    _print_report(where, logged, comments, 80)
    return CLEAN


def _judge(given: argparse.Namespace, where: Home, logged: Logged) -> None:
    """Comment and sign off, as the command line says."""
    from simulator.chain import ChainError
    from simulator.durable import NotSaved
    from simulator.review import Reviewing
    from simulator.wording import counted

    last = len(logged.session.events)
    for number, text in given.comment or ():
        if whole_number(number, 0, last) is None:
            raise Failed(f"`{number}` is no decision of this session; it has 1 to {last}, and 0 is the whole")
        if not clean(text).strip():
            raise Failed("a comment needs words")
    reviewer = _reviewer(where, given.person)
    try:
        with Reviewing.open(where, logged, reviewer.id) as reviewing:
            for number, text in given.comment or ():
                reviewing.comment(int(number), text)
            if given.sign_off:
                reviewing.sign_off(logged.recorded.reading.entries[-1].hash)
    except (ChainError, NotSaved) as error:
        raise Failed(str(error)) from error
    said = f"{counted(len(given.comment), 'comment')} kept, " if given.comment else ""
    signed = f"signed off by {reviewer.name}" if given.sign_off else "not signed off yet, so only reviewers see it"
    _print(f"{logged.id}: {said}{signed}.")


# -- progress, compare ----------------------------------------------------------------------------


def _add_progress(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--as", dest="person", metavar="PERSON", help="whose: an id or a name; who played last if left out"
    )
    parser.add_argument("--format", choices=("text", "json"), default="text", help="how to print it")
    parser.set_defaults(run=_progress)


def _progress(given: argparse.Namespace) -> int:
    from simulator import people
    from simulator.archive import Archive, Logged
    from simulator.library import cases
    from simulator.progress import progress
    from simulator.telling import progress_json, progress_text
    from simulator.wording import counted

    where, settings = _place()
    rows = list(Archive(where).sessions())
    sessions = [row for row in rows if isinstance(row, Logged)]
    known = people.load(where.people)
    _report(known.problems)
    person = _whose(where, known, given.person, {row.person for row in sessions})
    rubric, _ = _rubric(settings.rubric)
    shelf, _ = cases(_folders(settings), rubric)
    if unreadable := len(rows) - len(sessions):
        # Whose they are cannot be told either.
        _tell(f"{counted(unreadable, 'session')} cannot be read, so not counted; `caseload sessions` says why.")
    found = progress(person, sessions, [case.scenario for case in shelf])
    if given.format == "json":
        _print_json(progress_json(found, known.name(person)))
    else:
        _print(progress_text(found, known.name(person)))
    return CLEAN


def _whose(where: Home, known: People, who: str | None, played: set[str]) -> str:
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


def _add_compare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("session", metavar="SESSION", help="a session's id, its beginning, or a journal file")
    parser.add_argument("others", nargs="+", metavar="SESSION", help="one or more to set beside it")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="how to print it")
    parser.set_defaults(run=_compare)


def _compare(given: argparse.Namespace) -> int:
    from simulator import people
    from simulator.comparison import NotComparable, compare
    from simulator.telling import comparison_json, comparison_text

    where, _ = _place()
    try:
        found = compare([_logged(where, name) for name in (given.session, *given.others)])
    except NotComparable as error:
        raise Failed(str(error)) from error
    if given.format == "json":
        _print_json(comparison_json(found))
    else:
        _print(comparison_text(found, people.load(where.people).name(found.attempts[0].person)))
    return CLEAN


# -- what several commands need -------------------------------------------------------------------


def _place() -> tuple[Home, Settings]:
    from simulator import settings

    where = settings.home()
    if os.path.lexists(where.root) and not os.path.isdir(where.root):  # noqa: PTH112 - as above
        raise Failed(f"{where.root} is no folder, so it cannot hold your data; let CASELOAD_HOME name a folder")
    found, problems = settings.load(where)
    _report(problems)
    return where, found


def _folders(settings: Settings) -> tuple[Path, ...]:
    from simulator.library import built_in

    return (built_in(), *settings.library)


def _rubric(path: Path | None) -> tuple[Rubric, Source]:
    from simulator.library import rubric_at

    loaded = rubric_at(path)
    if loaded.value is None or loaded.source is None:
        _report(loaded.problems)
        raise Failed(f"the rubric {path or ''} cannot be used as it is")
    return loaded.value, loaded.source


def _report(problems: tuple[Problem, ...]) -> None:
    from simulator.problem import show

    for problem in problems:
        _tell(show(problem))


def _print_json(what: object) -> None:
    import json

    # Escapes keep every name exactly as it is, and off the terminal.
    print(json.dumps(what, indent=2))
