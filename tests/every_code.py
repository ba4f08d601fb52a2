"""Write the table of every code into the guide for authors: `python -m tests.every_code`.

The table is made of the explanations, so that the page and the command cannot tell two stories.
"""

from __future__ import annotations

from pathlib import Path

from simulator.explanations import explanations
from simulator.explanations.telling import how_bad

PAGE = Path(__file__).parent.parent / "scenarios" / "AUTHORING.md"
BEGIN, END = "<!-- codes: begin; `python -m tests.every_code` writes this table -->\n", "<!-- codes: end -->\n"


def table() -> str:
    """Return the table as it stands between the two marks."""
    rows = (f"| `{each.code}` | {how_bad(each)} | {each.title} |" for each in explanations().values())
    return "\n".join(["| code | severity | what it means |", "|---|---|---|", *rows]) + "\n"


def written(page: str) -> str:
    """Return the page with the table in its place."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"{PAGE.name} has lost the marks between which the table stands")
    return f"{before}{begin}{table()}{end}{after}"


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
