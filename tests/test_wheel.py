"""What somebody gets who installs Caseload instead of working on it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).parent.parent


PAGES = ("page.html", "comparison.html", "cohort.html", "parts.html", "page.css", "py.typed", "new-case.txt")


def test_a_wheel_holds_everything_the_program_needs(tmp_path: Path) -> None:
    """An installed wheel finds its library, its rubric and its styles, far from the checkout."""
    # Building leaves folders behind: not in the checkout, where other tests run.
    checkout = tmp_path / "checkout"
    leave = shutil.ignore_patterns(".*", "tests", "build", "*.egg-info", "__pycache__")
    shutil.copytree(ROOT, checkout, ignore=leave)
    build = [sys.executable, "-m", "pip", "wheel", str(checkout), "--no-deps", "--no-build-isolation", "-q", "-w", "."]
    subprocess.run(build, cwd=tmp_path, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("caseload_simulator-*.whl")
    unpacked = tmp_path / "unpacked"
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(unpacked)

    data = [
        *(ROOT / "simulator" / "tui").glob("*.tcss"),
        *(ROOT / "simulator" / name for name in PAGES),
        *(ROOT / "simulator" / "explanations").rglob("*.yaml"),
        *(ROOT / "scenarios").rglob("*.yaml"),
        ROOT / "scenarios" / "AUTHORING.md",
        ROOT / "scoring" / "rubric.yaml",
    ]
    for each in data:
        assert (unpacked / each.relative_to(ROOT)).is_file(), each
    environment = {**os.environ, "PYTHONPATH": str(unpacked), "CASELOAD_HOME": str(tmp_path / "home")}
    checked = subprocess.run(
        [sys.executable, "-P", "-m", "simulator", "check", "--no-solve"],
        cwd=tmp_path,
        env=environment,
        check=False,
        capture_output=True,
        text=True,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "no problems" in checked.stdout
