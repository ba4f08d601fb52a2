"""What the README promises."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    """Return the README's code blocks in a language."""
    return re.findall(rf"```{language}\n(.*?)```", README, flags=re.DOTALL)


def test_the_notebook_example_runs_as_it_stands(capsys: pytest.CaptureFixture[str]) -> None:
    """The core can be used from a notebook in ten lines."""
    (example,) = blocks("python")
    assert len([line for line in example.splitlines() if line.strip()]) <= 10

    exec(compile(example, "README.md", "exec"), {})  # noqa: S102 - it is our own README

    ending, profiles = capsys.readouterr().out.splitlines()
    assert ending
    assert "rapport" in profiles
    assert "organization" in profiles
    assert "ethics" in profiles


def test_ci_runs_exactly_the_readmes_test_command() -> None:
    """What has to pass is what a reader is told to run."""
    command = next(block.strip() for block in blocks("sh") if "pytest" in block)
    assert command in (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()


def test_the_picture_is_the_apps_own_export_and_fetches_nothing() -> None:
    """The README shows the real app, and looking at it loads nothing from anywhere."""
    (path,) = re.findall(r"!\[[^\]]*\]\(([^)]*)\)", README)
    picture = (ROOT / path).read_text(encoding="utf-8")
    assert "rich-terminal" in picture
    assert "font-face" not in picture


def test_every_file_the_readme_names_is_there() -> None:
    """Links in the README lead somewhere."""
    for path in re.findall(r"\]\(([^)#:]+)\)", README):
        assert (ROOT / path).exists(), path
