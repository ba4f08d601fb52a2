"""The real program on a real terminal: what reaches it, how it ends, and what signals leave behind."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from simulator import chain, session
from simulator.archive import Archive
from simulator.review import writing as review
from simulator.settings import Home
from tests.journals import environment
from tests.tui.stage import begun, home_of, must_verify, played, the_session
from tests.tui_cases import CASE, hostile, library

if sys.platform == "win32":
    pytest.skip("there are no such terminals on Windows", allow_module_level=True)

from tests.tui.terminal import PATIENCE, SEQUENCE, Terminal, on_terminal, shown

C0 = "".join(chr(number) for number in range(32) if chr(number) not in "\t\n\r")
C1 = "\x7f" + "".join(chr(number) for number in range(0x80, 0xA0))
BIDI = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
CLIPBOARD = "\x1b]52;c;UFdO\x07\x9d52;c;UFdO\x9c\x1b[31m"
EVERY = f"Q{C0}{C1}{BIDI}{CLIPBOARD}Z"
CLEANED = "Q]52;c;UFdO52;c;UFdO[31mZ"
"""What is left of it when everything that a terminal would obey has been dropped."""
PASTED = EVERY.replace("\x1b", "")
"""What a terminal would paste of it: none lets an escape through."""

STEERING = {"?h", "?l", ">u", "<u", "?$p", "H", "m", "22"}
"""The kinds of sequences by which Textual steers a terminal: modes, keys, places, colours, the pointer's shape."""
UNSEEN = re.compile(f"[{re.escape(C0)}{C1}{BIDI}\u2028\u2029\ufeff]")


def only_steering(sent: bytes) -> None:
    """Fail unless everything sent is text that can be seen, or steers the terminal the way Textual does."""
    text = sent.decode("utf-8")
    kinds = set()
    for found in SEQUENCE.finditer(text):
        marked = "$" if "$" in found[0] else ""
        kinds.add(found["osc"] or (found["private"] or "") + marked + (found["final"] or found[0][1:]))
    assert kinds <= STEERING, kinds - STEERING
    left = SEQUENCE.sub("", text)
    assert not UNSEEN.search(left), repr(left[max(0, UNSEEN.search(left).start() - 80) :][:160])  # type: ignore[union-attr]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a library that has the small case in it."""
    return library(tmp_path / "library", CASE)


@pytest.fixture
def root(tmp_path: Path, folder: Path) -> Home:
    """Return a home whose library holds the small case after the built-in ones."""
    home = home_of(tmp_path / "home")
    home.settings.write_text(f"library: [{json.dumps(str(folder))}]\n", encoding="utf-8")
    return home


def test_no_control_character_of_content_reaches_the_terminal(
    root: Home, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Names, cases, journals, reviews, settings and pastes full of control characters: none is sent, on any screen."""
    library(folder, hostile(f"Q{BIDI}Z"))
    root.people.write_text(
        f"t-kim: {{name: {json.dumps('Kim ' + EVERY)}}}\ns-sam: {{name: {json.dumps('Sam ' + EVERY)}}}\n", "utf-8"
    )
    with root.settings.open("a", encoding="utf-8") as settings:
        settings.write(f"keymap: {{scene.consult: {json.dumps('z,' + EVERY)}}}\ntheme: {json.dumps(EVERY)}\n")
    with monkeypatch.context() as forging:
        # A forger writes texts as no version of the program would.
        for module in (chain, session):
            forging.setattr(module, "clean", lambda text, limit=None: text[:limit])
        ended = played(root, folder, "read:letter", "consult", "invite", "promise", f"write:{EVERY}")
        archive = Archive(root)
        path = archive.path(ended)
        assert path is not None
        logged = archive.load(path)
        with review.Reviewing.open(root, logged, "s-sam") as reviewing:
            reviewing.comment(2, EVERY)
            reviewing.sign_off(logged.recorded.reading.head)
    with on_terminal(root.root, size=(110, 40)) as terminal:
        terminal.sees("who are you?", CLEANED)
        terminal.send("1")
        terminal.sees("library")
        terminal.send("up")
        terminal.sees("asks for something")
        terminal.send("enter")
        terminal.sees("Begin", "QZ")
        terminal.send("enter")
        terminal.sees("Her file is on your desk", "QZ")
        terminal.send("d")
        terminal.sees("The letter", "QZ")
        terminal.send("1")
        terminal.sees("We are sorry to say no.", "QZ")
        terminal.send("escape")
        terminal.sees("Read: The letter")
        terminal.send("z")
        terminal.sees("Read the letter before", "QZ")
        terminal.send("?")
        terminal.sees("Keys")
        terminal.send("escape")
        terminal.sees("Read the letter before")
        pick(terminal, "Ask her to come in.")
        terminal.sees("Good morning.")
        pick(terminal, "You will have the money.")
        terminal.sees("Write the case note.")
        terminal.paste(PASTED)
        terminal.sees(CLEANED)
        terminal.send("escape")
        terminal.sees("q Leave")
        terminal.send("enter")
        terminal.sees("A promise is owed", "QZ")
        terminal.send("1")
        terminal.sees("Critical: A promise")
        terminal.send("a", "w")
        terminal.sees("f1 Help")
        terminal.paste(PASTED)
        terminal.sees(CLEANED)
        terminal.send("escape")
        terminal.sees("q Back")
        terminal.send("enter")
        terminal.sees("Kept with your session.")
        terminal.send("q")
        terminal.sees("library")
        terminal.send("v")
        terminal.sees("Your sessions", "A promise is owed")
        terminal.insist("enter", "Debrief")
        terminal.send("q")
        terminal.sees("Your sessions")
        terminal.send("q")
        terminal.sees("library")
        terminal.send("r")
        terminal.sees("Review")
        terminal.insist("enter", "What happened")
        terminal.send("c")
        terminal.sees("Keep")
        terminal.paste(PASTED)
        terminal.sees(CLEANED)
        terminal.send("tab")
        terminal.rest(0.5)
        terminal.send("enter")
        # What says so in the page may lie half under these, which are painted whole.
        terminal.sees("Kept. The trainee sees it")
        terminal.send("s")
        terminal.sees("Signed off. The trainee sees")
        terminal.send("ctrl+p")
        terminal.sees("Search")
        terminal.paste(PASTED)
        terminal.rest(0.5)
        terminal.send("ctrl+q")
        assert terminal.ends() == 0
        only_steering(bytes(terminal.sent))
    with on_terminal(root.root, "play", "--as", "t-kim", "--resume", ended, size=(110, 150)) as terminal:
        terminal.sees("Critical: A promise", "q Back")
        terminal.send("a")
        terminal.sees(CLEANED)
        terminal.send("ctrl+q")
        assert terminal.ends() == 0
        only_steering(bytes(terminal.sent))


def pick(terminal: Terminal, words: str) -> None:
    """Pick a response by the digit that stands before it, once that has been painted."""
    pattern = re.compile(rf"(\d) +“?{re.escape(words)}")
    terminal.until(lambda: bool(pattern.search(shown(bytes(terminal.sent)))), f"on offer: {words}")
    terminal.send(pattern.findall(shown(bytes(terminal.sent)))[-1])


@pytest.mark.parametrize("where", ["texts", "name of the file", "arguments"])
def test_no_control_character_of_a_problem_reaches_the_terminal(root: Home, tmp_path: Path, where: str) -> None:
    """Cases with control characters as YAML escapes, files and arguments called so: what is told of them is clean."""
    spoilt = CLIPBOARD + BIDI + C1 + C0.replace("\x00", "").replace("/", "")
    path = tmp_path / (
        f"Q{spoilt.encode().hex()[:4]}{CLIPBOARD}{BIDI}.yaml" if where == "name of the file" else "odd.yaml"
    )
    path.write_text(hostile(EVERY, escaped=True) if where == "texts" else "scenario: [", encoding="utf-8")
    named = f"{spoilt}odd" if where == "arguments" else str(path)
    with on_terminal(root.root, "play", named, "--as", "t-kim", size=(100, 30)) as terminal:
        terminal.sees("library")
        terminal.rest(1.0)
        terminal.send("ctrl+q")
        assert terminal.ends() == 0
        only_steering(bytes(terminal.sent))


@pytest.mark.parametrize("closed", ["stdin", "stdout"])
def test_half_a_terminal_is_refused(root: Home, closed: str) -> None:
    """With input or output that is no terminal the app says so and ends at once."""
    with on_terminal(root.root, "--version") as terminal:
        terminal.ends()
    master, slave = os.openpty()
    try:
        ran = subprocess.run(
            [sys.executable, "-m", "simulator"],
            stdin=subprocess.DEVNULL if closed == "stdin" else slave,
            stdout=subprocess.PIPE if closed == "stdout" else slave,
            stderr=subprocess.PIPE,
            env=environment(root.root),
            timeout=PATIENCE,
            check=False,
        )
    finally:
        os.close(master)
        os.close(slave)
    assert ran.returncode == 2
    assert b"the app needs a terminal, and this is none" in ran.stderr
    assert b"\x1b" not in ran.stderr


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_leaves_a_sound_journal(root: Home, folder: Path, by: signal.Signals) -> None:
    """However the program is told to end, what was decided is there, sound, and open to be gone on with."""
    name = played(root, folder)
    with on_terminal(root.root, "play", "--as", "t-kim", "--resume", name) as terminal:
        terminal.sees("Her file is on your desk.")
        pick(terminal, "Ask her to come in.")
        terminal.sees("Good morning.")
        terminal.process.send_signal(by)
        if by is signal.SIGINT:
            # Textual takes it for a key; nobody should lose a session by it.
            terminal.rest(0.3)
            terminal.process.kill()
        terminal.ends()
    must_verify(root)
    assert len(the_session(root).session.events) == 1
    with on_terminal(root.root, "play", "--as", "t-kim", "--resume", name) as terminal:
        terminal.sees("Good morning.")
        terminal.send("ctrl+q")
        assert terminal.ends() == 0


def test_a_terminal_that_goes_away_ends_the_program(root: Home, folder: Path) -> None:
    """When the window is closed the program ends, and the journal is sound."""
    play = begun(root, folder, "invite")
    play.suspend()
    with on_terminal(root.root, "play", "--as", "t-kim", "--resume", play.header.session) as terminal:
        terminal.sees("Good morning.")
        pick(terminal, "I can tell you who decides.")
        terminal.sees("Write the case note.")
        terminal.process.send_signal(signal.SIGHUP)
        terminal.ends()
    must_verify(root)
    assert len(the_session(root).session.events) == 2


def test_leaving_gives_the_terminal_back(root: Home, folder: Path) -> None:
    """At the end the terminal is as it was: its own screen, its cursor, no mouse, no pasting mode."""
    with on_terminal(root.root, "play", str(folder / "front-desk.yaml"), "--as", "t-kim") as terminal:
        terminal.sees("Begin")
        terminal.send("ctrl+q")
        assert terminal.ends() == 0
        sent = bytes(terminal.sent).decode()
        for mode in ("1049", "1000", "1003", "2004"):
            assert sent.rindex(f"\x1b[?{mode}l") > sent.rindex(f"\x1b[?{mode}h")
        assert sent.rindex("\x1b[?25h") > sent.rindex("\x1b[?25l")
        assert "Traceback" not in shown(bytes(terminal.sent))


def test_many_keys_at_once_end_nothing(root: Home, folder: Path) -> None:
    """Keys sent faster than the program starts, also after the one that leaves, do no harm."""
    with on_terminal(root.root, "play", str(folder / "front-desk.yaml"), "--as", "t-kim") as terminal:
        time.sleep(0.2)
        terminal.send("1", "enter", "2", "q", "x", "d", "1", "escape", "q", "ctrl+q", "q", "q", "1")
        assert terminal.ends() == 0
        assert "Traceback" not in shown(bytes(terminal.sent))
    must_verify(root)
