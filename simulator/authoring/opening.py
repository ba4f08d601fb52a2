"""The author's own editor, at a line: which one it is, and how it is told where to go.

Editors agree on nothing. Whoever is not known here gets the file alone, which every editor takes.
"""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from collections.abc import Callable, Mapping

_PLUS = frozenset(
    (
        "vi",
        "vim",
        "nvim",
        "view",
        "elvis",
        "vile",
        "nano",
        "pico",
        "rnano",
        "emacs",
        "emacsclient",
        "zile",
        "mg",
        "jmacs",
        "micro",
        "kak",
        "kakoune",
        "joe",
        "jed",
        "ne",
        "mcedit",
        "gedit",
        "xed",
        "pluma",
        "gvim",
        "nvim-qt",
        "tilde",
        "le",
        "dte",
        "vis",
        "editor",
        "sensible-editor",
    )
)
"""Take `+71 FILE`."""
_COLON = frozenset(("hx", "helix", "subl", "sublime_text", "zed", "zeditor", "lapce", "pulsar", "atom"))
"""Take `FILE:71`."""
_GOTO = frozenset(("code", "code-insiders", "codium", "vscodium", "cursor"))
"""Take `--goto FILE:71`."""
_LINE = {"kate": "--line", "kwrite": "--line", "geany": "--line", "gnome-text-editor": "--line", "mate": "--line"}
"""Take an option of their own, and the line."""
_ATTACHED = {"notepad++": "-n"}
"""Take the line right behind an option."""

Which = Callable[[str], str | None]


def editor_command(
    file: str,
    line: int,
    environment: Mapping[str, str] = os.environ,
    which: Which = shutil.which,
    *,
    windows: bool = sys.platform == "win32",
) -> list[str] | None:
    """Return the command that opens a file at a line, from 1, in the author's editor; None if there is no editor.

    That is `VISUAL`, else `EDITOR`, with its options; else one that the system has.
    """
    named = next(
        (words for name in ("VISUAL", "EDITOR") if (words := _words(environment.get(name, ""), windows))), None
    )
    if named is None:
        fallback = next((found for name in _usual(windows) if (found := which(name))), None)
        if fallback is None:
            return None
        named = [fallback]
    return [*named, *_place(_name(named[0]), file, line)]


def _words(command: str, windows: bool) -> list[str]:
    """Split a command as its system does; a path with blanks in it that is an editor by itself is taken whole."""
    command = command.strip()
    if not command:
        return []
    if windows:
        if os.path.exists(command):  # noqa: PTH110 - it may be no path at all
            return [command]
        # Backslashes are parts of paths there.
        return [word.strip('"') for word in shlex.split(command, posix=False)]
    try:
        return shlex.split(command)
    except ValueError:
        return command.split()


def _usual(windows: bool) -> tuple[str, ...]:
    return ("notepad",) if windows else ("sensible-editor", "editor", "nano", "vim", "vi")


def _name(program: str) -> str:
    name = program.replace("\\", "/").rpartition("/")[2].casefold()
    return name.removesuffix(".exe").removesuffix(".cmd").removesuffix(".bat")


def _place(name: str, file: str, line: int) -> list[str]:
    if name in _PLUS:
        return [f"+{line}", file]
    if name in _COLON:
        return [f"{file}:{line}"]
    if name in _GOTO:
        return ["--goto", f"{file}:{line}"]
    if name in _LINE:
        return [_LINE[name], str(line), file]
    if name in _ATTACHED:
        return [f"{_ATTACHED[name]}{line}", file]
    return [file]
