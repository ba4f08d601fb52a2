"""Where a result goes: to the screen, or all of it or none of it into a file that somebody named."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from simulator.commands.console import Failed, tell

if TYPE_CHECKING:
    from simulator.settings import Home


def add_output(parser: argparse.ArgumentParser) -> None:
    """Let a file be named."""
    parser.add_argument("--output", type=Path, metavar="FILE", help="write it to a file; one that is there is kept")
    parser.add_argument("--force", action="store_true", help="write over a file that is there")


def output_meant(given: argparse.Namespace, formats: Mapping[str, str]) -> tuple[Path | None, str]:
    """Return the file that was named, None for the screen, and what to make of the result.

    `formats` are names of formats by how a file's name ends; what nobody named and no name says is text.
    """
    output = None if given.output == Path("-") else given.output
    return output, given.format or (output and formats.get(output.suffix.lower())) or "text"


def deliver(data: bytes, output: Path | None, where: Home, *, force: bool) -> None:
    """Print a result as it is, or write it to a file and say so; raises Failed."""
    if output is None:
        # Bytes, because such a file says itself how it is to be read, whatever this terminal's encoding.
        sys.stdout.buffer.write(data)
    else:
        _write(output, data, where, force)
        tell(f"Written to {output}.")


def _write(path: Path, data: bytes, where: Home, force: bool) -> None:
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
