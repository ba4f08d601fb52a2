"""Line-by-line play: everything a trainee needs, on any terminal, read aloud or through a pipe."""

from __future__ import annotations

import errno
import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from simulator import durable, journal
from simulator.explore import Exploration
from simulator.hindsight import Foreseen, NotProven
from simulator.plain import Plain
from simulator.play import Play
from simulator.session import Chose, Consulted, Read, Wrote, start
from simulator.settings import Home
from simulator.solution import model_session
from simulator.solution import solve as solution_of
from tests.cases import CASE, rubric, scenario, written
from tests.failing import FailingOs
from tests.journals import begin, case_in, obeyed_by_terminals, on_disk, resumed, same_moment
from tests.reports import EVERYTHING

NOTED = CASE.replace(
    "summary: Somebody",
    """\
content-note: Money trouble, and anger at the worker.
briefing: You are half a year into the job, and this is the third request that was refused this week for want of paper.
reflect: Where did you want to defend yourself?
debrief: It is hers to ask.
summary: Somebody""",
)
THROUGH = ["d", "1", "c", "1", "1", "A note.", "Its second line.", "", "I would wait.", ""]
"""Read the letter, consult, invite, promise (see `SEED`), write, reflect."""
SEED = 3


@pytest.fixture
def where(tmp_path: Path) -> Home:
    return Home(tmp_path)


class Typist(io.StringIO):
    """Types one line after another; what can be called is called in between."""

    def __init__(self, *script: str | Callable[[], object]) -> None:
        super().__init__()
        self._script = list(script)

    def readline(self, _size: int = -1, /) -> str:  # type: ignore[override]
        while self._script:
            match self._script.pop(0):
                case str(line):
                    return f"{line}\n"
                case action:
                    action()
        return ""


def _begin(where: Home, text: str = CASE, feedback: str = "end") -> Play:
    return begin(where, case_in(where.root / "cases", text), seed=SEED, feedback=feedback)


def _run(play: Play, *lines: str, width: int = 80) -> tuple[bool, str]:
    """Play with these lines typed and then the end of the input; return whether it came to its end, and the output."""
    output = io.StringIO()
    over = Plain(play, io.StringIO("".join(f"{line}\n" for line in lines)), output, width).run()
    said = output.getvalue()
    assert not obeyed_by_terminals(said)
    # A command is there to be copied, so it stays whole.
    printed = [line for line in said.splitlines() if not line.startswith("  caseload ")]
    assert all(len(line) <= width for line in printed), max(printed, key=len)
    return over, said


def _debriefed(play: Play, solve: Callable[[], Foreseen]) -> str:
    output = io.StringIO()
    assert Plain(play, io.StringIO("".join(f"{line}\n" for line in THROUGH)), output, 80, solve).run()
    return output.getvalue().split("== debrief ==")[1]


def test_the_debrief_says_in_words_what_the_case_made_possible(where: Home) -> None:
    """For screen readers: each result, each decision that took something from the best, what it cost; no pictures."""
    play = _begin(where)
    said = _debriefed(play, lambda: Foreseen(Exploration(play.session.scenario, play.rubric)))
    assert said.strip().startswith("Working out what the case made possible …")
    flat = " ".join(said.split())
    assert "Rapport: 0 of 100; after decision 4 the best still reachable fell from 100 to 0." in flat
    assert "Organization: not assessed." in flat
    assert "Ethics: critical." in flat
    assert "serious: no way round a critical after this, cost rapport 6" in flat
    assert "would have kept it: “Here is how it was decided.”" in flat
    assert not set(said) & set("▁▂▃▄▅▆▇█")


def test_the_debrief_says_what_is_not_proven(where: Home) -> None:
    """A case that is too large to be explored gives raw evidence, and no number."""
    said = _debriefed(_begin(where), lambda: Foreseen(NotProven("It has more than 2,000,000 states.")))
    assert "not proven. It has more than 2,000,000 states." in " ".join(said.split())
    assert "of 100" not in said


def _shown(where: Home, *typed: str) -> tuple[bool, str]:
    """Play to the end where a balanced way is known, and type so when it is offered; return what was said then."""
    play = _begin(where)

    def solve() -> Foreseen:
        solution, outlooks = solution_of(play.session.scenario, play.rubric)
        assert outlooks is not None
        return Foreseen(outlooks, model_session(solution))

    output = io.StringIO()
    lines = "".join(f"{line}\n" for line in [*THROUGH, *typed])
    over = Plain(play, io.StringIO(lines), output, 80, solve).run()
    said = output.getvalue()
    assert not obeyed_by_terminals(said)
    return over, said.partition("Kept with your session.")[2]


OFFER = "[m shows one balanced way through, Enter goes on]"


def test_one_balanced_way_is_shown_step_by_step(where: Home) -> None:
    """Scene, what is decided, what comes of it, its marks; then the ending, the results, and that there are others."""
    over, said = _shown(where, "m", "", "", "")
    assert over
    steps = said.split("[Enter goes on, q stops]")
    assert len(steps) == 4
    assert "1 of 3  [10:00 · preparation]\nHer file is on your desk.\n\n> Read: A letter\n" in steps[0]
    # It is not told again what was told before.
    assert "Her file is on your desk." not in steps[1]
    assert "> Ask her to come in.\n" in steps[1]
    assert "Ms. Adeyemi: Good morning.\n\n> “Here is how it was decided.”\nShe nods.\n  ++ Limits" in steps[2]
    flat = " ".join(steps[3].split())
    assert flat.startswith("ENDING: Done It is over. rapport 100 of 100 organization not assessed ethics not assessed")
    assert "This is one balanced way: of all the ways to an ending without a critical" in flat
    assert "There may be other ways that are as good. To try again from a decision" in flat


@pytest.mark.parametrize("typed", [[""], ["q"], ["Q"], ["m", "q"], ["m", "", "q"], ["x", ""], []])
def test_nobody_has_to_look_at_it(where: Home, typed: list[str]) -> None:
    """Enter goes on, q stops; at the end of the input the session is over as ever."""
    over, said = _shown(where, *typed)
    assert over
    assert said.count(OFFER) == 1 + ("x" in typed)
    assert ("“x” is none of these." in said) == ("x" in typed)
    assert "ENDING" not in said
    assert "You left" not in said
    assert said.rstrip().endswith("--from N")


def test_the_end_of_the_input_ends_the_balanced_way(where: Home) -> None:
    """Whoever types no more in the middle of it is done."""
    over, said = _shown(where, "m", "")
    assert over
    assert "2 of 3" in said
    assert "3 of 3" not in said
    assert "ENDING" not in said


def test_where_no_balanced_way_is_known_nothing_is_offered(where: Home) -> None:
    """There is no prompt for what cannot be shown."""
    play = _begin(where)
    assert "balanced" not in _debriefed(play, lambda: Foreseen(Exploration(play.session.scenario, play.rubric)))


def test_a_way_says_what_is_picked_in_which_order_and_what_it_costs(where: Home) -> None:
    """A line for each thing; where a decision costs something, that is said."""
    case = scenario(EVERYTHING)
    _, outlooks = solution_of(case, rubric())
    session = start(case).choose("invite").choose("wait").select(["landlord", "paper"])
    session = session.rank(["tea", "call", "note"]).write("She asked.")
    play = begin(where, case_in(where.root / "cases", EVERYTHING), seed=SEED)
    output = io.StringIO()
    typed = ["1", "3", "1", "1 2 3", "A note.", "", "", "m", *[""] * 5]
    lines = "".join(f"{line}\n" for line in typed)
    assert Plain(play, io.StringIO(lines), output, 80, lambda: Foreseen(outlooks or NotProven(), session)).run()
    said = output.getvalue().partition("== one balanced way through ==")[2]
    assert "Whom do you call?\n\n> Pick:\n> - The landlord.\n> - The newspaper.\nYou hang up.\n" in said
    assert "> In this order:\n> 1. Make tea.\n> 2. Call her sister.\n> 3. Write the note.\n" in said
    assert "It costs ethics 3 here, and spares something elsewhere." in " ".join(said.split())
    assert "> Write it in your own words.\nOne good way to write it:\n  | 10:07 met R.A.\n  | Next: a call.\n" in said


def test_the_whole_way(where: Home) -> None:
    """Reading, consulting, choosing, writing and reflecting lead to the debrief, and all of it is kept."""
    play = _begin(where)
    over, said = _run(play, *THROUGH)
    assert over
    assert on_disk(play.path) == (
        Read("desk", "letter"),
        Consulted("desk"),
        Chose("desk", "invite"),
        Chose("meeting", "promise"),
        Wrote("note", "A note.\nIts second line."),
    )
    assert journal.read(play.path).reflections() == ("I would wait.",)
    parts = (
        "== preparation ==",
        "== meeting ==",
        "== wrap-up ==",
        "== debrief ==",
        "ENDING: Done",
        "CRITICAL: broken promise, at",
    )
    assert [said.count(part) for part in parts] == [1] * len(parts)
    assert "Kept with your session." in said


def test_the_journal_is_free_afterwards(where: Home) -> None:
    """Whether it was played to its end or left, the session can be opened by somebody else."""
    for lines in (THROUGH, ["q"]):
        play = _begin(where)
        _run(play, *lines)
        resumed(where, play.path).close()


# Before it begins


def test_what_a_trainee_is_told_first(where: Home) -> None:
    """Title, briefing, content note, whom one meets, that all is invented, what is kept, and the keys come first."""
    _, said = _run(_begin(where, NOTED))
    before = " ".join(said.partition("== preparation ==")[0].split())
    for told in (
        "A small case",
        "Somebody asks for something.",
        "Please note: Money trouble, and anger at the worker. You can leave at any time with q.",
        "half a year into the job",
        "You will meet Ruth Adeyemi.",
        "Everybody in these cases is invented.",
        "Everything you decide and write is kept in a file on this computer",
        "A number picks a response.",
    ):
        assert told in before


def test_no_content_note_where_there_is_none(where: Home) -> None:
    """A case whose note is "none" has none."""
    _, said = _run(_begin(where, NOTED.replace("Money trouble, and anger at the worker.", "None")))
    assert "Please note" not in said


# Deciding


def test_responses_are_numbered_as_the_session_shows_them(where: Home) -> None:
    """What is said aloud stands between quotation marks; the numbers are in the order of the session."""
    play = _begin(where)
    _, said = _run(play, "d", "1", "1")
    shown = re.findall(r"^(\d)\. “(.*)”$", said, re.MULTILINE)
    assert shown == [(str(n), each.text) for n, each in enumerate(play.session.responses, 1)]
    assert len(shown) == 2
    assert "[1-2, d documents, ? help, q leave]" in said


def test_one_response_is_one_number(where: Home) -> None:
    """The prompt names exactly what can be typed."""
    _, said = _run(_begin(where))
    assert "[1, d documents (1 unread), c consult, ? help, q leave] " in said


@pytest.mark.parametrize(
    "typed",
    [
        "2",
        "0",
        "-1",
        "1.5",
        "one",
        "1 1",
        "١",
        "²",
        "0000000012",
        "9" * 50,
        "invite",
        "[/oops]",
        "'; drop",
        "",
        "k",
        "\t",
    ],
)
def test_what_is_no_answer_decides_nothing(where: Home, typed: str) -> None:
    """Whatever else is typed, the trainee is told what can be, and asked again."""
    play = _begin(where)
    over, said = _run(play, typed)
    assert not over
    assert play.session.events == ()
    told = " ".join(said.split())
    assert told.count("A number picks a response.") == 2
    assert ("is none of these." in told) == bool(typed.strip())


@pytest.mark.parametrize("typed", ["1", " 1 ", "01", "0000000001", "1\r"])
def test_a_number_is_a_number(where: Home, typed: str) -> None:
    """Blanks and zeros around a number do no harm."""
    play = _begin(where)
    _run(play, typed)
    assert play.session.events == (Chose("desk", "invite"),)


def test_what_is_typed_cannot_reach_the_terminal(where: Home) -> None:
    """Control characters that were typed, or piped in, are not printed back."""
    _, said = _run(_begin(where), "\x1b]52;c;eA==\x07\x9b2J\u202e\0")
    assert "“]52;c;ea==2j” is none of these." in said


def test_help_and_the_scene_again(where: Home) -> None:
    """`?` explains the keys, `s` tells the scene again, and neither decides anything."""
    play = _begin(where)
    _, said = _run(play, "?", "h", "s", "S")
    assert said.count("A number picks a response.") == 3
    assert said.count("Her file is on your desk.") == 3
    assert play.session.events == ()


def test_the_clock_and_how_the_client_seems(where: Home) -> None:
    """In a meeting, the time, what one sees and how it moved stand above what is said."""
    text = CASE.replace("says: Good morning.", "says: Good morning.\n    consult: Wait.").replace(
        "feelings: {trust: 4, tension: 7}", "feelings: {trust: 4, tension: 7}\n    shows: eyes on the door"
    )
    _, said = _run(_begin(where, text), "1")
    assert "[10:01 · due 10:20]\n[Ms. Adeyemi: eyes on the door; trust guarded; tension high]\n" in said
    assert "Ms. Adeyemi: Good morning.\n" in said


def test_consulting(where: Home) -> None:
    """The supervisor's words are shown when asked, again for free, and not where nobody can be asked."""
    play = _begin(where)
    _, said = _run(play, "c", "c", "1", "c")
    assert said.count("Read the letter first.") == 2
    assert "“c” is none of these." in said
    assert play.session.events == (Consulted("desk"), Chose("desk", "invite"))


def test_documents(where: Home) -> None:
    """A document is opened by its number, costs its minutes once, and can be looked at again anywhere."""
    play = _begin(where)
    _, said = _run(play, "d", "1", "d", "1", "1", "d", "1")
    assert "1. A letter (4 minutes)\n" in said
    assert said.count("1. A letter (read)\n") == 2
    assert said.count("We are sorry to say no.\n(end of the document)") == 3
    assert play.session.events == (Read("desk", "letter"), Chose("desk", "invite"))
    assert play.session.minutes == 5


@pytest.mark.parametrize("typed", ["", "2", "0", "x", "0000000012", "9" * 50])
def test_no_document(where: Home, typed: str) -> None:
    """Enter, or what is no number of the list, goes back, and says so where something was typed."""
    play = _begin(where)
    _, said = _run(play, "d", typed)
    assert play.session.events == ()
    assert said.count("[1, d documents (1 unread), c consult, ? help, q leave]") == 2
    assert ("is none of these" in said) == bool(typed)


def test_a_scene_whose_way_on_is_a_document(where: Home) -> None:
    """Where every response has to be read for first, there is no number to pick, and still a way on."""
    text = CASE.replace(
        "invite: {do: Ask her to come in., next: meeting}", "invite: {do: In., when: read(letter), next: meeting}"
    )
    play = _begin(where, text)
    _, said = _run(play, "1", "d", "1", "1")
    assert "[d documents (1 unread), c consult, ? help, q leave]" in said
    assert play.session.events == (Read("desk", "letter"), Chose("desk", "invite"))


def test_a_case_without_a_way_on(where: Home) -> None:
    """Where a case leads nowhere, the trainee hears that it is not their mistake, and whom to tell."""
    text = written("first: {text: Hello., responses: {a: {do: A., when: chose(a), next: end}}}")
    play = begin(where, case_in(where.root / "cases", text))
    over, said = _run(play, "1")
    assert not over
    told = " ".join(said.split())
    assert "This case has no way on from here. That is a mistake in the case, not yours." in told
    assert f"Tell whoever wrote the case about session {play.header.session}, in scene `first`." in told
    assert "--resume" not in said


# Feedback


def test_marks_come_at_the_end(where: Home) -> None:
    """Unless it was asked for, nothing is said about marks before the debrief."""
    _, said = _run(_begin(where), *THROUGH)
    before, _, after = said.partition("== debrief ==")
    assert "harmful" not in before
    assert "* Limits and promises" in after or "harmful" in after


def test_marks_after_each_response(where: Home) -> None:
    """With feedback after each response, marks, their why and criticals stand right after it."""
    text = CASE.replace("    cue: desk\n", "    cue: desk\n    at: meeting\n").replace(
        "    next: done\nendings",
        "    next: done\n    outcomes: [{marks: {organization.records: best}, why: It is written.}]\nendings",
    )
    play = _begin(where, text, "each")
    _, said = _run(play, *THROUGH)
    meeting, _, rest = said.partition("== wrap-up ==")
    meeting = meeting.partition("== meeting ==")[2]
    assert re.search(r"\* .* \(rapport\): harmful\n +It is not yours to give\.", meeting)
    assert "!! CRITICAL: broken promise. Nobody may promise that." in meeting
    written = rest.partition("== debrief ==")[0]
    assert re.search(r"\* .* \(organization\): best\n +It is written\.", written)


# Writing


def test_a_note_is_several_lines(where: Home) -> None:
    """Lines are a note until an empty one; no line is taken for a command but `q`."""
    play = _begin(where)
    _run(play, "1", "1", "1", "d", "?", "quit", "")
    assert play.session.events[-1] == Wrote("note", "1\nd\n?\nquit")


def test_an_empty_note_is_meant(where: Home) -> None:
    """Nothing is only handed in when it is said twice."""
    play = _begin(where)
    over, said = _run(play, "1", "1", "", "b", "", "", "")
    assert over
    assert play.session.events[-1] == Wrote("note", "")
    assert said.count("[nothing is written: Enter hands in nothing, b goes back, q leave]") == 2


def test_a_note_that_was_broken_off_is_there_again(where: Home) -> None:
    """What had been typed is shown when the session goes on, and can be handed in with what follows."""
    play = _begin(where)
    over, said = _run(play, "1", "1", "A first line.", "A second.")
    assert not over
    again = resumed(where, play.path)
    over, said = _run(again, "A third.", "", "")
    assert over
    assert "What you had typed so far:\n  | A first line.\n  | A second.\n" in said
    assert again.session.events[-1] == Wrote("note", "A first line.\nA second.\nA third.")


def test_q_leaves_a_note_and_keeps_it(where: Home) -> None:
    """`q` alone on a line is no part of a note; with it a trainee leaves, and nothing typed is lost."""
    play = _begin(where)
    over, _ = _run(play, "1", "1", "A first line.", "q", "not read")
    assert not over
    assert resumed(where, play.path).draft() == "A first line."


def test_reflecting_can_be_left_and_gone_on_with(where: Home) -> None:
    """A thought that was broken off is kept as a draft, and is there when the session is looked at again."""
    play = _begin(where)
    over, said = _run(play, "1", "1", "A note.", "", "A thought.")
    assert not over
    assert f"caseload play --plain --resume {play.header.session}" in said
    over, said = _run(resumed(where, play.path), "Another.", "")
    assert over
    assert "  | A thought." in said
    assert journal.read(play.path).reflections() == ("A thought.\nAnother.",)


@pytest.mark.parametrize("typed", ["", "q"])
def test_nobody_has_to_reflect(where: Home, typed: str) -> None:
    """Enter, or `q`, ends it without a thought."""
    play = _begin(where, NOTED)
    over, said = _run(play, "1", "1", "A note.", "", typed)
    assert over
    assert "Where did you want to defend yourself?" in said
    assert journal.read(play.path).reflections() == ()


# Leaving


@pytest.mark.parametrize("count", range(len(THROUGH)))
def test_the_end_of_the_input_suspends_at_every_prompt(where: Home, count: int) -> None:
    """Wherever the input ends, it is said how to go on, and going on stands at the same decision."""
    play = _begin(where, NOTED, "each")
    over, said = _run(play, *THROUGH[:count])
    assert not over
    assert said.endswith(f"\n  caseload play --plain --resume {play.header.session}\n")
    assert on_disk(play.path) == play.session.events
    again = resumed(where, play.path)
    assert same_moment(again.session, play.session)
    _, said = _run(again)
    if play.session.ending is None and play.session.events:
        assert said.startswith("You go on where you left.\n")
        assert "Please note" not in said
        for response in play.session.responses:
            assert response.text in said


@pytest.mark.parametrize(
    "lines", [["q"], ["Q"], ["d", "q"], ["1", "q"], ["1", "1", "q"], ["1", "1", "", "q"], ["1", "1", "x", "Q"]]
)
def test_q_suspends_at_every_prompt(where: Home, lines: list[str]) -> None:
    """`q` leaves wherever it is typed, and what follows it is not read."""
    play = _begin(where)
    over, said = _run(play, *lines, "1", "1")
    assert not over
    assert "You left; everything so far is saved. To go on:\n" in said
    again = resumed(where, play.path)
    assert same_moment(again.session, play.session)
    assert len(again.session.events) == sum(line == "1" for line in lines)


def test_ctrl_c_suspends(where: Home) -> None:
    """Ctrl-C leaves as `q` does."""

    def interrupt() -> None:
        raise KeyboardInterrupt

    play, output = _begin(where), io.StringIO()
    assert not Plain(play, Typist("1", interrupt), output).run()
    assert "To go on:" in output.getvalue()
    assert [record.mark for record in journal.read(play.path).records] == ["", "suspended"]


def test_a_case_that_was_edited_says_so(where: Home) -> None:
    """Who goes on after the case was edited is told that it is still the copy they began with."""
    play = _begin(where)
    _run(play, "1")
    _, said = _run(resumed(where, play.path, "0" * 64))
    assert "The case has been edited since you began." in said


# What cannot be saved


@pytest.mark.parametrize(
    ("lines", "last"), [([], "1"), ([], "c"), (["d"], "1"), (["1", "1"], "A note."), (["1", "1", "A note."], "")]
)
def test_what_cannot_be_saved_can_be_tried_again(
    where: Home, monkeypatch: pytest.MonkeyPatch, lines: list[str], last: str
) -> None:
    """On a full disk the trainee hears that nothing has happened; Enter tries again, and then it goes on."""
    disk = FailingOs(0, errno.ENOSPC, for_good=True)
    play, output = _begin(where), io.StringIO()
    Plain(play, Typist(*lines, lambda: monkeypatch.setattr(durable, "os", disk), last, "", disk.heal, ""), output).run()
    said = " ".join(output.getvalue().split())
    told = r"Not saved, so nothing has happened yet\. Could not [^:]*: the disk is full\."
    assert len(re.findall(told, said)) == said.count("[Enter tries again, q leaves]") == 2
    saved = [*on_disk(play.path), play.draft()]
    assert saved == [*play.session.events, "A note." if last == "A note." else ""]
    assert len(play.session.events) == len(lines[:2]) - ("d" in lines) + (last != "A note.")


def test_who_does_not_want_to_wait_can_leave(where: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """`q` leaves although nothing can be saved; the session stands where it stood."""
    play, output = _begin(where), io.StringIO()
    failing = FailingOs(0, errno.EROFS, for_good=True)
    monkeypatch.setattr(durable, "os", failing)
    assert not Plain(play, io.StringIO("1\n\n\nq\n"), output).run()
    failing.heal()
    assert output.getvalue().count("Not saved") == 3
    assert on_disk(play.path) == ()
    assert resumed(where, play.path).session.events == ()


def test_no_line_is_too_wide(where: Home) -> None:
    """Long words, long titles and narrow windows: nothing is printed beyond the width."""
    long = "antidisestablishmentarianism " * 12 + "x" * 200
    text = NOTED.replace("title: A small case", f"title: {long[:290]}").replace("title: Done", f"title: {long[:290]}")
    text = text.replace("Good morning.", long).replace("I will get you the money.", long).replace("It is over.", long)
    text = text.replace("A letter", long[:280]).replace("broken-promise:", f"broken-promise:\n    title: {long[:280]}")
    for width in (80, 60):
        over, _ = _run(_begin(where, text, "each"), *THROUGH, width=width)
        assert over
