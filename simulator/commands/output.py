"""Where a result goes: to the screen, or all of it or none of it into a file that somebody named."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from simulator.commands.console import Failed, tell

if TYPE_CHECKING:
    from simulator.settings import Home


def add_output(parser: argparse.ArgumentParser) -> None:
    """Let a file be named."""
    parser.add_argument("--output", type=Path, metavar="FILE", help="write it to a file; one that is there is kept")
    parser.add_argument("--force", action="store_true", help="write over a file that is there")


def output_meant(
    given: argparse.Namespace, formats: Mapping[str, str], otherwise: str = "text"
) -> tuple[Path | None, str]:
    """Return the file that was named, None for the screen, and what to make of the result.

    `formats` are names of formats by how a file's name ends; `otherwise` is what nobody named and no name says.
    """
    output = None if given.output == Path("-") else given.output
    return output, given.format or (output and formats.get(output.suffix.lower())) or otherwise


def deliver(data: bytes, output: Path | None, where: Home, *, force: bool) -> None:
    """Print a result as it is, or write it to a file and say so; raises Failed."""
    if output is None:
        # Bytes, because such a file says itself how it is to be read, whatever this terminal's encoding.
        sys.stdout.buffer.write(data)
    else:
        _write(output, data, where, force)
        tell(f"Written to {output}.")


def must_be_free(output: Path | None, where: Home, *, force: bool) -> bool:
    """Refuse a file that must not be written over, before any work is done; raises Failed.

    Returns:
        Whether there is one, that is written over.
    """
    from simulator import durable

    try:
        if output is None or not durable.exists(output):
            return False
        if not force:
            raise Failed(f"{output} is there already; with --force it is written over")
        durable.must_be_plain(output)
    except durable.NotRead as error:
        raise Failed(str(error)) from error
    if where.root.resolve() in output.resolve().parents:
        raise Failed(f"{output} is one of Caseload's own files; they are not written over")
    return True


def deliver_pieces(pieces: Iterable[bytes], output: Path | None, where: Home, *, force: bool) -> None:
    """Print a result that is too long to be held, piece by piece, or write it to a file and say so; raises Failed."""
    from simulator import durable

    over = must_be_free(output, where, force=force)
    if output is None:
        for piece in pieces:
            sys.stdout.buffer.write(piece)
        return
    try:
        durable.pour(output, pieces, over=over)
    except durable.NotSaved as error:
        raise Failed(str(error)) from error
    tell(f"Written to {output}.")


def _write(path: Path, data: bytes, where: Home, force: bool) -> None:
    """Write a file: all of it or none of it, and over another only if that was asked for."""
    from simulator import durable

    try:
        if must_be_free(path, where, force=force):
            durable.replace(path, data)
        else:
            durable.write_new(path, data)
    except durable.NotSaved as error:
        raise Failed(str(error)) from error
