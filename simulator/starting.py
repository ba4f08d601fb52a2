"""A case to begin with: a template filled in with what its author answered, or a case of the library made their own.

Nobody learns a format from an empty file. What is written here can be played at once, has no problem that check
finds, and says in its own comments what to change first. Whatever an author answers is data: it goes through the one
gate for outside text, and is written the way in which the reader of cases gives it back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import resources

import yaml

from scoring.rubric import DIMENSIONS
from simulator.condition import RESERVED
from simulator.fields import LONGEST_ID
from simulator.source import Source, compose, from_text
from simulator.text import clean, one_line

TEMPLATE = "new-case.txt"
LONGEST_NAME = 60
LONGEST_LINE = 300
"""Characters of an answer; a longer one is cut."""
_GOOD_ID = re.compile(r"[a-z][a-z0-9-]*")
_UNLIKE_ID = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Question:
    """Something that an author is asked, and what it is if they say nothing."""

    key: str
    asks: str
    default: str
    choices: tuple[str, ...] = ()
    """What can be answered; empty: anything."""


QUESTIONS = (
    Question("name", "What is the client called, made up", "Alma Reyes"),
    Question("pronouns", "Which pronouns do they use", "she/her"),
    Question("line", "What do they say first", "I got a letter. I do not know what they want from me."),
    Question("setting", "Where does it happen", "Front desk of a community nonprofit"),
    Question("dimension", f"Which dimension is it about, {', '.join(DIMENSIONS)}", DIMENSIONS[0], DIMENSIONS),
    Question("document", "Is there a paper to read before they come, yes or no", "yes", ("yes", "no")),
)
DEFAULTS: Mapping[str, str] = {question.key: question.default for question in QUESTIONS}


def better_id(name: str) -> str:
    """Return an id that is like a name; empty if there is none."""
    found = _UNLIKE_ID.sub("-", clean(name).lower()).strip("-0123456789")[:LONGEST_ID].rstrip("-")
    return f"{found}-case" if found in RESERVED else found


def is_good_id(name: str) -> bool:
    """Whether a case can be called so."""
    return bool(_GOOD_ID.fullmatch(name)) and len(name) <= LONGEST_ID and name not in RESERVED


def chosen(question: Question, answer: str) -> str | None:
    """Return what an answer means: the default if it is empty; None if it is none of the choices."""
    said = one_line(answer, LONGEST_LINE)
    if not said:
        return question.default
    if not question.choices:
        return said
    alike = [choice for choice in question.choices if choice.startswith(said.lower())]
    return alike[0] if len(alike) == 1 else None


def new_case(name: str, answers: Mapping[str, str], *, schema: str = "") -> str:
    """Return the text of a case; `schema` is the file of a JSON Schema beside it, empty if there is none."""
    given = {key: one_line(answers.get(key, ""), LONGEST_LINE) or default for key, default in DEFAULTS.items()}
    client = given["name"][:LONGEST_NAME].strip()
    dimension = given["dimension"] if given["dimension"] in DIMENSIONS else DIMENSIONS[0]
    filled = {
        "SCHEMA": f"# yaml-language-server: $schema={schema}" if schema else "",
        "ID": name,
        "FILE": f"{name}.yaml",
        "TITLE": _written(one_line(name.replace("-", " ").capitalize(), 80)),
        "SETTING": _written(given["setting"][:80].strip()),
        "AUTHOR": "nobody named yet",
        "NAME": _written(client),
        "PRONOUNS": _written(given["pronouns"][:20].strip()),
        "APPOINTMENT": _in_prose("Your next appointment is a first one, with", client),
        "LINE": _aloud(given["line"]),
        "DIMENSION": dimension,
    }
    kept = {dimension, "document" if given["document"] != "no" else "bare"}
    lines = "\n".join(_lines(_template(), kept))
    text = re.sub(r"@([A-Z_]+)@", lambda found: filled.get(found[1], found[0]), lines)
    return text.lstrip("\n") + "\n"


def _template() -> str:
    return (resources.files("simulator") / TEMPLATE).read_text(encoding="utf-8")


def _lines(template: str, kept: set[str]) -> Iterator[str]:
    """Yield the lines that are kept; one that depends on an answer says so at its beginning."""
    for line in template.rstrip("\n").split("\n"):
        if line.startswith("?"):
            depends, _, rest = line[1:].partition("|")
            if depends in kept:
                yield rest
        else:
            yield line


# -- making a case of the library one's own --------------------------------------------------------


class NotAdapted(Exception):
    """A file is written in a way in which it cannot be copied and changed."""


def adapted(text: str, name: str, *, schema: str = "") -> str:
    """Return a case under a new id, as the first version of one that nobody has reviewed; its comments stay.

    Raises:
        NotAdapted: its top cannot be found.
    """
    text = text.replace("\r\n", "\n")
    root, problems = compose(from_text(text, name))
    if problems or not isinstance(root, yaml.MappingNode):
        raise NotAdapted("it has mistakes")
    top = {key.value: (key, value) for key, value in root.value if isinstance(key, yaml.ScalarNode)}
    if not {"scenario", "title", "version"} <= top.keys():
        raise NotAdapted("it has no `scenario:`, no `title:` or no `version:`")
    title = one_line(str(top["title"][1].value), 150)
    fresh = {
        "scenario": name,
        "title": _written(f"{title} (adapted)"),
        "version": "0.1.0",
        "reviewed-by": "nobody yet",
    }
    if "reviewed-by" not in top:
        fresh["version"] += f"\nreviewed-by: {fresh.pop('reviewed-by')}"
    spans = sorted(((top[key][1], value) for key, value in fresh.items()), key=lambda each: -each[0].start_mark.index)
    for node, value in spans:
        text = text[: node.start_mark.index] + value + text[node.end_mark.index :]
    line = f"# yaml-language-server: $schema={schema}\n" if schema and "yaml-language-server" not in text else ""
    return f"{line}{text}"


def shared_by(source: Source) -> tuple[str, ...]:
    """Return the names of the shared files that a case asks for."""
    root, _ = compose(source)
    if not isinstance(root, yaml.MappingNode):
        return ()
    value = next((value for key, value in root.value if key.value == "shared"), None)
    each = value.value if isinstance(value, yaml.SequenceNode) else [value]
    return tuple(str(node.value) for node in each if isinstance(node, yaml.ScalarNode))


# -- writing what somebody typed ----------------------------------------------------------------


def _written(text: str) -> str:
    """Return a text as the value of a key: as it is where the reader takes it so, else in quotation marks."""
    single = text.replace("'", "''")
    double = text.replace("\\", "\\\\").replace('"', '\\"')
    for way in (text, f"'{single}'", f'"{double}"'):
        if _reads_as(f"name: {way}", text):
            return way
    # What no way of writing gives back is left out rather than changed into something else.
    return "".join(sign for sign in text if sign.isalnum() or sign == " ").strip() or "somebody"


def _reads_as(line: str, text: str) -> bool:
    root, problems = compose(from_text(f"{line}\nnext: x\n", "answer"))
    if root is None or problems or not isinstance(root, yaml.MappingNode) or len(root.value) != 2:
        return False
    value = root.value[0][1]
    return isinstance(value, yaml.ScalarNode) and value.value == text and value.style != "|"


def _aloud(text: str) -> str:
    """Return what somebody says, in the quotation marks that are shown, as a line of a block."""
    bare = text.strip().strip("\"“”„'").strip() or DEFAULTS["line"]
    straight = bare.replace('"', "'")
    return _in_block(f'"{straight}"', f"“{straight}”")


def _in_prose(before: str, name: str) -> str:
    """Return a name that ends a sentence, as a line of a block."""
    ending = "" if name[-1:] in ".!?…" else "."
    return _in_block(f"{before} {name}{ending}", f"{before} “{name}”{ending}")


def _in_block(*ways: str) -> str:
    """Return the first way of writing a line that a block takes as it is."""
    for way in ways:
        root, problems = compose(from_text(f"text: |\n  A line\n  {way}\nnext: x\n", "answer"))
        if root is not None and not problems:
            return way
    return "…"
