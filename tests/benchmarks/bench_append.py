"""Durable appends beside a bare write and fsync of the same bytes: `python tests/benchmarks/bench_append.py`.

Both run in turns in the same folder, so that whatever else the machine does falls on both. Each round
prints its ratio; what counts is the median.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from simulator import chain

NOTE = "She asked for the decision in writing. I read it with her and gave her the number of my supervisor."


def _body(number: int) -> dict[str, object]:
    return {"event": "chose", "scene": "opening", "response": "connect", "confidence": 3, "minute": number}


def _ours(folder: Path, appends: int, text: str | None) -> float:
    with chain.Chain.create(folder / "bench.jsonl", {"session": "bench"}) as one:
        one.append(_body(0), text)
        began = time.perf_counter()
        for number in range(appends):
            one.append(_body(number), text)
        return appends / (time.perf_counter() - began)


def _bare(folder: Path, appends: int, text: str | None) -> float:
    """Write the very lines that the chain wrote, into as many files, each with its own fsync."""
    names = ["bench.jsonl", "bench.texts.jsonl"] if text is not None else ["bench.jsonl"]
    files = [(folder / name).read_bytes().splitlines(keepends=True)[-appends:] for name in names]
    fds = [os.open(folder / f"bare-{name}", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600) for name in names]
    try:
        for fd in fds:
            os.write(fd, b"\n")
            os.fsync(fd)
        began = time.perf_counter()
        for lines in zip(*files, strict=True):
            for fd, line in zip(fds, lines, strict=True):
                os.write(fd, line)
                os.fsync(fd)
        return appends / (time.perf_counter() - began)
    finally:
        for fd in fds:
            os.close(fd)


def main() -> None:
    """Print both rates and their ratio, without and with a text."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--appends", type=int, default=400)
    parser.add_argument("--folder", help="where to write; the folder for temporary files unless given")
    options = parser.parse_args()
    for what, text in (("entries", None), ("entries with a text", NOTE)):
        ours, bare = [], []
        for _ in range(options.rounds):
            with tempfile.TemporaryDirectory(dir=options.folder) as name:
                ours.append(_ours(Path(name), options.appends, text))
                bare.append(_bare(Path(name), options.appends, text))
        ratio = statistics.median(a / b for a, b in zip(ours, bare, strict=True))
        added = statistics.median(1e6 / a - 1e6 / b for a, b in zip(ours, bare, strict=True))
        print(
            f"{what:20}  chain {statistics.median(ours):7,.0f}/s  write+fsync {statistics.median(bare):7,.0f}/s  "
            f"ratio {ratio:.2f}  (the chain adds {added:.0f} µs to an append)"
        )


if __name__ == "__main__":
    main()
