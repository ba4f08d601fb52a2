"""The house: what imports what, what starts without what, and that every room says why it is there."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

PROBE = """
import json, sys
from simulator.cli import main
try:
    code = main(sys.argv[1:])
except SystemExit as left:
    code = left.code
print(json.dumps([code, sorted({name.partition(".")[0] for name in sys.modules})]), file=sys.stderr)
"""


def _run(home: Path, *arguments: str) -> tuple[int, set[str]]:
    """Run the command in a process of its own; return its exit code and everything it imported."""
    environment = {**os.environ, "CASELOAD_HOME": str(home), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", PROBE, *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=environment,
        check=True,
    )
    code, modules = json.loads(done.stderr.splitlines()[-1])
    return code, set(modules)


def test_checking_a_case_needs_no_app_and_no_database(tmp_path: Path) -> None:
    """`caseload check` of the whole library imports neither Textual nor SQLAlchemy nor jinja2."""
    code, modules = _run(tmp_path, "check", "--no-solve", str(ROOT / "scenarios"))
    assert code in (0, 1)
    assert "yaml" in modules
    assert not modules & {"textual", "rich", "sqlalchemy", "jinja2"}


def test_help_needs_next_to_nothing(tmp_path: Path) -> None:
    """`caseload --help` starts in the time it takes to read it: no YAML, no terminal library, no comparing of words."""
    code, modules = _run(tmp_path, "--help")
    assert code == 0
    assert not modules & {
        "textual",
        "rich",
        "sqlalchemy",
        "jinja2",
        "yaml",
        "difflib",
        "platformdirs",
        "filelock",
        "dataclasses",
    }


def test_playing_line_by_line_needs_no_app_and_no_database(tmp_path: Path) -> None:
    """`caseload play --plain` plays a case and imports neither Textual nor SQLAlchemy nor jinja2."""
    code, modules = _run(tmp_path, "play", "new-case-manager", "--plain", "--as", "Kim")
    assert code == 0
    assert "yaml" in modules
    assert not modules & {"textual", "rich", "sqlalchemy", "jinja2"}


def test_the_app_paints_without_the_database(tmp_path: Path) -> None:
    """The library is loaded and shown before SQLAlchemy or jinja2 is imported: only the review desk needs them."""
    done = subprocess.run(
        [sys.executable, "-c", OPENED],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "CASELOAD_HOME": str(tmp_path), "PYTHONPATH": str(ROOT)},
        check=True,
    )
    modules = set(json.loads(done.stdout.splitlines()[-1]))
    assert "textual" in modules
    assert not modules & {"sqlalchemy", "jinja2"}


OPENED = """
import asyncio, json, sys
from simulator.settings import home, load
from simulator.tui.app import CaseloadApp

async def opened():
    app = CaseloadApp(home(), load(home())[0])
    async with app.run_test() as pilot:
        while app.desk is None:
            await pilot.pause(0.05)
        await pilot.pause()

asyncio.run(opened())
print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})))
"""


def test_the_core_can_be_used_without_a_front_end() -> None:
    """A notebook that plays and scores imports no front end, no command line and no journal."""
    code = "import sys, simulator.loader, simulator.session, scoring.scorecard; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert not set(done.stdout.split()) & {"textual", "argparse", "simulator.cli", "simulator.journal", "simulator.tui"}


def test_arrows_point_one_way() -> None:
    """The contracts in pyproject.toml hold: layers, the independence of the front ends, Textual in the app alone."""
    pytest.importorskip("importlinter")
    code = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", code, "--no-cache"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=ROOT,
        env={**environment, "PYTHONUTF8": "1"},
        check=False,
    )
    assert done.returncode == 0, done.stdout


MODULES = sorted(
    path for room in ("simulator", "scoring", "scenarios", "tests") for path in (ROOT / room).rglob("*.py")
)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_module_says_why_it_is_there(path: Path) -> None:
    """Whoever opens a file reads first what it is for; only a package that holds nothing but others may be silent."""
    text = path.read_text(encoding="utf-8")
    if path.name == "__init__.py" and not text.strip():
        return
    docstring = ast.get_docstring(ast.parse(text))
    assert docstring
    assert docstring[0].isupper() or docstring.startswith("`")
