"""What libyaml says about a broken file, in the words of somebody who writes cases.

libyaml names the token that it could not place, often a line below the mistake, in words made for
programmers ("mapping values are not allowed in this context"). Each of its complaints is turned here into
the mistake that authors make, at the place where they have to look, with the way to write what they meant.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import yaml

from simulator.source.fault import At, Fault, Mark, Mend, directive, several
from simulator.source.lines import (
    BLANKS,
    FARTHEST,
    block_hint,
    comment_in,
    end_of,
    glued_key,
    head_of,
    indent,
    is_comment,
    key_of,
    line_at,
    opens_block,
    owner_of,
    row_above,
    sample,
)

_SEARCHED = 20_000
"""Lines that are looked through for another use of a word as a key."""
_WRAPPED = 60
"""Characters of a line that nobody would wrap yet: what stands below it is no part of its text."""
_PARTNER = {"{": "}", "[": "]"}
_STARTS = {
    "*": "to YAML it repeats something named elsewhere",
    "&": "to YAML it names something for repeating",
    "!": "to YAML it sets a type",
    "[": "to YAML it begins a list",
    "{": "to YAML it begins keys and values",
    "-": "to YAML it begins an item of a list",
}


def explain(
    lines: Sequence[str], error: yaml.YAMLError, last: yaml.Event | None = None, opened: Mark | None = None
) -> Fault:
    """Say what is wrong, given libyaml's complaint.

    `last` is the event before the complaint, `opened` the innermost bracket that was still open.
    """
    mark: Mark | None = getattr(error, "problem_mark", None)
    since: Mark | None = getattr(error, "context_mark", None)
    said, doing = getattr(error, "problem", None) or "", getattr(error, "context", None) or ""
    at = mark or since or At(0, 0)
    return _Complaint(lines, said, doing, at, since or at, last, opened).fault()


@dataclass(frozen=True, slots=True)
class _Complaint:
    """One complaint of libyaml's, with what is known around it."""

    lines: Sequence[str]
    said: str
    doing: str
    at: Mark
    since: Mark
    last: yaml.Event | None
    opened: Mark | None

    @property
    def line(self) -> str:
        return line_at(self.lines, self.at.line)

    @property
    def here(self) -> str:
        """The character that libyaml stopped at; empty at the end of a line."""
        return self.line[self.at.column : self.at.column + 1]

    def sign(self, mark: Mark) -> str:
        return line_at(self.lines, mark.line)[mark.column : mark.column + 1]

    def block(self, row: int, column: int, owner: int | None = None) -> str:
        return block_hint(self.lines, row, column, owner)

    def fault(self) -> Fault:
        """Choose by libyaml's words; those that are new end in `unknown`."""
        said, doing = self.said, self.doing
        swallowing = self.swallowing_quote()
        if swallowing:
            return self.unclosed_quote(swallowing)
        if "mapping values are not allowed" in said:
            return self.colon()
        if "tab character" in said or ("cannot start any token" in said and self.here == "\t"):
            return self.tab()
        if "unexpected ':'" in said:
            return self.colon_in_brackets()
        if "quoted scalar" in doing:
            return self.quoted()
        if "block scalar" in doing:
            return self.block_start()
        if "directive" in doing or "directive" in said or "incompatible" in said:
            return directive(self.since.line)
        if "document start" in said:
            return self.second_start()
        for code in ("alias", "anchor", "tag"):
            if code in doing or f"{code} handle" in said:
                return self.start(self.since, code)
        if "could not find expected ':'" in said:
            return self.keyless(self.since.line)
        if "flow sequence" in doing or "flow mapping" in doing:
            return self.in_brackets(self.since)
        if "node content" in said:
            return self.nothing_there()
        if "expected key" in said or "'-' indicator" in said:
            return self.out_of_place()
        if "not allowed in this context" in said or "cannot start any token" in said:
            return self.start(self.at)
        return self.unknown()

    def unknown(self) -> Fault:
        row, column = self.at.line, self.at.column
        message = f"from here on this cannot be read ({self.said or 'it is not YAML'})"
        return Fault("not-yaml", message, row, column, self.block(row, column))

    # -- colons -------------------------------------------------------------------------------

    def colon(self) -> Fault:
        """`: ` where no key can be: in the middle of a text, or after a key in the wrong place."""
        row, column, line = self.at.line, self.at.column, self.line
        head = key_of(line)
        if head and head.end("colon") <= column:
            start = head.start("value")
            if start == column:
                return self.start(self.at)
            if line[start] in "\"'" and line[:column].rstrip().endswith(line[start]):
                return self.early_quote()
            return self.colon_in_text(self.mend(row))
        above = row_above(self.lines, row)
        owner = owner_of(self.lines, row, above=True)
        if above is not None and indent(self.lines[above]) == indent(line):
            glued = glued_key(self.lines[above])
            if glued:
                return self.glued(above, glued)
            if re.match(r" *-\w", self.lines[above]):
                return self.glued_dash(above)
            if not key_of(self.lines[above]) and (owner is None or (head and self.is_key_elsewhere(head))):
                # The line above has no colon, so that YAML took both lines for one text.
                return self.keyless(above)
        unwrapped = owner is not None and above == owner and len(self.lines[owner]) < _WRAPPED
        if above is not None and head and (unwrapped or self.is_key_elsewhere(head)):
            return self.too_far(head, owner)
        return self.colon_in_text(self.mend(row, owner), owner)

    def colon_in_text(self, mend: Mend | None, owner: int | None = None) -> Fault:
        row, column = self.at.line, self.at.column
        message = "a colon with a blank after it makes the words before it a key, here inside a text"
        hint = self.block(row, column, owner)
        head = key_of(self.line)
        if owner is not None and head:
            hint += f"; if `{head['key']}` is a key, begin it in the same column as the key above"
        return Fault("colon-in-text", message, row, column, hint, mend)

    def colon_in_brackets(self) -> Fault:
        """`{to:{a: b}}`: a colon that touches a bracket or a comma."""
        row, column = self.at.line, self.at.column + 1
        hint = "put a blank after the colon; if it is part of a text, put the text in quotation marks"
        return Fault("missing-blank", "a blank is missing after the colon", row, column, hint, self.mend(row))

    def is_key_elsewhere(self, head: re.Match[str]) -> bool:
        """Whether the word before the colon is a key, and not a word of a wrapped text."""
        if not head["value"].strip() or "-" in head["lead"]:
            return True
        key = head["key"]
        for row, line in enumerate(self.lines[:_SEARCHED]):
            other = key_of(line) if key in line and row != self.at.line else None
            if other and other["key"] == key:
                return True
        return False

    def too_far(self, head: re.Match[str], owner: int | None) -> Fault:
        """A key that is indented further than its siblings, and so goes on with the text above."""
        row, key = self.at.line, head["key"]
        above = None if owner is None else key_of(self.lines[owner])
        hint = "keys that belong together begin in the same column"
        if above:
            name, column = above["key"], len(above["lead"]) + 1
            hint = (
                f"if it stands beside `{name}`, begin it in the same column, {column}; "
                f"if it belongs under `{name}`, nothing else may stand after `{name}:`"
            )
        message = f"`{key}` is indented too far: what stands above it is a text, and a key cannot be part of it"
        return Fault("indentation", message, row, indent(self.line), hint, self.mend(row, owner))

    def glued(self, row: int, glued: re.Match[str]) -> Fault:
        line, column = self.lines[row], glued.end()
        message = "a blank is missing after the colon"
        if re.match(f"[{BLANKS}]", line[column:]):
            message += "; what stands there only looks like one"
        hint = f"write `{line[:column].strip()} {sample(line[column:].strip())}`"
        return Fault("missing-blank", message, row, column, hint, Mend(row, row + 1, f"{line[:column]} x"))

    def glued_dash(self, row: int) -> Fault:
        line = self.lines[row]
        column = indent(line) + 1
        hint = f"write `- {sample(line[column:])}`"
        return Fault("missing-blank", "a blank is missing after the dash", row, column, hint)

    def keyless(self, row: int) -> Fault:
        """A line among keys that has none."""
        line = line_at(self.lines, row)
        glued = glued_key(line)
        if glued:
            return self.glued(row, glued)
        above = row_above(self.lines, row)
        head = None if above is None else key_of(self.lines[above])
        hint = "a key needs a colon and a blank after it"
        if "：" in line:
            hint = "the colon in this line is a wide one: a key needs an ordinary colon (:) and a blank"
        elif head and head["value"].strip()[:1] not in ("", "[", "{", '"', "'"):
            hint = (
                f"if it goes on with the text of `{head['key']}`, indent it further; if it is a key, it needs a colon"
            )
        mend = Mend(row, end_of(self.lines, row, indent(line)), "")
        return Fault("line-without-key", "this line has no key", row, indent(line), hint, mend)

    # -- signs that mean something to YAML ----------------------------------------------------

    def start(self, mark: Mark, code: str = "special-start") -> Fault:
        """A text that begins with a sign of YAML's own."""
        sign, row = self.sign(mark), mark.line
        message = f"a text cannot begin with {sign}: {_STARTS.get(sign, 'YAML keeps that sign for itself')}"
        hint = self.block(row, mark.column)
        if sign == "-":
            hint += "; if this is a list, give each `- ` a line of its own below the key"
        return Fault(code, message, row, mark.column, hint, self.mend(row))

    def tab(self) -> Fault:
        row, column = self.at.line, self.at.column
        if self.here != "\t" and "\t" in self.line:
            column = self.line.index("\t")
        hint = "indent with blanks; most editors have a command that turns tabs into blanks"
        mend = None if self.line.strip() else Mend(row, row + 1, "")
        return Fault("tab", "a tab stands where YAML counts blanks", row, column, hint, mend)

    def quoted(self) -> Fault:
        if "end of stream" in self.said or "document indicator" in self.said:
            return self.unclosed_quote(self.since)
        sign = self.sign(self.since)
        message = f"between {sign} and {sign} a backslash is a command to YAML, and it does not know this one"
        hint = f"write the backslash twice, or {self.block(self.since.line, self.since.column)}"
        column = max(0, self.line.rfind("\\", 0, self.at.column + 1))
        return Fault("bad-escape", message, self.at.line, column, hint, self.mend(self.since.line))

    def unclosed_quote(self, mark: Mark) -> Fault:
        sign = self.sign(mark)
        hint = f"put another {sign} at the end of the text"
        if sign == "'":
            hint = f"if it is an apostrophe, {self.block(mark.line, mark.column)}; else {hint}"
        message = f"the quotation mark {sign} that opens here is never closed"
        mend = self.mend(mark.line, starts=mark.column)
        return Fault("unclosed-quote", message, mark.line, mark.column, hint, mend)

    def early_quote(self) -> Fault:
        row, column = self.at.line, self.at.column
        message = "to YAML the text ends with the quotation mark before this, and the rest has no place"
        return Fault("quote-ends-early", message, row, column, self.block(row, column), self.mend(row))

    def block_start(self) -> Fault:
        row, column = self.at.line, self.at.column
        sign, head = self.sign(self.since) or "|", head_of(self.line)
        key = "-" if head is None or head["key"] == "-" else head["key"] + ":"
        message = f"after {sign} the text begins on the next line"
        hint = f"write `{key} |`, and on the next line, indented further: `{sample(self.line[column:])}`"
        if "indicator" in self.said:
            message, hint = f"the number after {sign} cannot be 0", f"write {sign} without a number"
        return Fault("block-start", message, row, column, hint, self.mend(row))

    def second_start(self) -> Fault:
        """Something follows after what looked like the whole file."""
        row, line = self.at.line, self.line
        if line.startswith("..."):
            return several(row, "...")
        above = row_above(self.lines, row)
        before = "" if above is None else self.lines[above]
        if above is not None and before.startswith("..."):
            return several(above, "...")
        if above is not None and before.startswith("%"):
            return directive(above)
        first = next((n for n, each in enumerate(self.lines) if each.strip() and not is_comment(each)), 0)
        if key_of(self.lines[first]) and indent(self.lines[first]) > indent(line):
            hint = "take the blanks before the first key away: the outermost keys begin in column 1"
            return Fault("indentation", "the first key is indented, and the later ones are not", first, 0, hint)
        hint = "a file is made of keys, each with a colon, a blank and its value"
        return Fault("not-yaml", "this does not go with what stands above it", row, self.at.column, hint)

    # -- brackets -----------------------------------------------------------------------------

    def in_brackets(self, opened: Mark) -> Fault:
        """Something in { } or [ ] that is neither a comma nor the closing bracket."""
        row, line = self.at.line, self.line
        cut = self.cut_by_comment(opened)
        if cut:
            return cut
        if self.here and self.here in "]}":
            return self.wrong_bracket(opened)
        if row == opened.line and self.here:
            if line[: self.at.column].rstrip().endswith(('"', "'")):
                return self.early_quote()
            return self.colon_in_text(self.mend(row)) if self.here == ":" else self.start(self.at)
        above = row_above(self.lines, row)
        if above is not None and row < len(self.lines) and indent(line) > indent(self.lines[opened.line]):
            text = self.lines[above].rstrip()
            if not text.endswith((",", "{", "[")):
                hint = f"between {self.sign(opened)} and {_PARTNER[self.sign(opened)]} commas part the entries"
                return Fault("missing-comma", "a comma is missing at the end of this line", above, len(text), hint)
        return self.unclosed_bracket(opened)

    def nothing_there(self) -> Fault:
        """A place for a value where none can begin."""
        row, column = self.at.line, self.at.column
        if self.line.startswith(("---", "...")):
            return several(row, self.line[:3])
        if self.opened is None or "block" in self.doing:
            if self.here and self.here in "]}":
                return self.stray_bracket()
            return self.start(self.at) if self.here else self.unknown()
        cut = self.cut_by_comment(self.opened)
        if cut:
            return cut
        if not self.here:
            return self.unclosed_bracket(self.opened)
        if self.here in "]}":
            return self.wrong_bracket(self.opened)
        if self.here == ",":
            hint = "take one comma away; a text with a comma in it needs quotation marks here"
            return Fault("stray-comma", "nothing stands before this comma", row, column, hint, self.mend(row))
        return self.start(self.at)

    def unclosed_bracket(self, opened: Mark) -> Fault:
        sign, row = self.sign(opened), opened.line
        hint = f"put {_PARTNER.get(sign, ']')} where it ends"
        if line_at(self.lines, row)[opened.column + 1 :].strip():
            hint += f"; if it is part of a text, {self.block(row, opened.column)}"
        mend = self.mend(row, starts=opened.column)
        return Fault("unclosed-bracket", f"the {sign} that opens here is never closed", row, opened.column, hint, mend)

    def wrong_bracket(self, opened: Mark) -> Fault:
        sign = self.sign(opened)
        message, hint = f"{self.here} cannot close what {sign} opened", f"write {_PARTNER.get(sign, ']')} here"
        return Fault("wrong-bracket", message, self.at.line, self.at.column, hint, self.mend(self.at.line))

    def stray_bracket(self) -> Fault:
        row = self.at.line
        hint = f"take it away; if it is part of a text, {self.block(row, self.at.column)}"
        message = f"nothing is open that this {self.here} could close"
        return Fault("stray-bracket", message, row, self.at.column, hint, self.mend(row))

    def cut_by_comment(self, opened: Mark) -> Fault | None:
        """`{say: take #3, next: x}`: the bracket is closed, but inside what YAML takes for a comment."""
        line = line_at(self.lines, opened.line)
        column = comment_in(line, opened.column + 1)
        if column < 0 or _PARTNER.get(self.sign(opened), "]") not in line[column:]:
            return None
        return self.hash(opened.line, column)

    def hash(self, row: int, column: int, owner: int | None = None) -> Fault:
        message = "YAML takes this # and the rest of the line for a comment, in the middle of a text"
        hint = "if it belongs to the text, " + self.block(row, column, owner)
        hint += "; if it is a comment, put it above the text"
        return Fault("hash-in-text", message, row, column, hint, self.mend(row, owner))

    # -- things in the wrong place ------------------------------------------------------------

    def out_of_place(self) -> Fault:
        """Where a key or a dash had to come, something else stands."""
        row, line = self.at.line, self.line
        before = line[: self.at.column].rstrip()
        if self.here and self.here in "]}":
            return self.stray_bracket()
        ended = self.after_quote(before)
        if ended:
            return ended
        if before:
            opening = re.search(r"(?:: +|- +)([\[{])", before)
            if opening and before[-1] in "]}":
                return self.start(At(row, opening.start(1)))
            return self.early_quote() if before[-1] in "\"'" else self.unknown()
        return self.out_of_line()

    def after_quote(self, before: str) -> Fault | None:
        """A closing quotation mark stands just before."""
        if not isinstance(self.last, yaml.ScalarEvent) or self.last.style not in ('"', "'"):
            return None
        start, end = self.last.start_mark, self.last.end_mark
        if start is None or end is None:
            return None
        if before and (end.line, end.column) != (self.at.line, len(before)):
            return None
        if not before and (
            end.line != row_above(self.lines, self.at.line) or indent(self.line) <= indent(self.lines[start.line])
        ):
            return None
        return self.early_quote()

    def swallowing_quote(self) -> Mark | None:
        """Find the quotation mark that was not closed before the keys below it, if the last text has one."""
        if not isinstance(self.last, yaml.ScalarEvent) or self.last.style not in ('"', "'"):
            return None
        start, end = self.last.start_mark, self.last.end_mark
        if start is None or end is None:
            return None
        level = indent(self.lines[start.line])
        for row in range(start.line + 1, min(end.line + 1, start.line + FARTHEST)):
            line = self.lines[row] if row < end.line else self.lines[row][: end.column - 1].rstrip()
            if indent(line) <= level and key_of(line):
                return start
        return None

    def out_of_line(self) -> Fault:
        """A line that begins in a column where nothing can begin."""
        row, line, level = self.at.line, self.line, self.at.column
        owner = owner_of(self.lines, row, above=True)
        head = None if owner is None else head_of(self.lines[owner])
        if owner is not None and head and level > len(head["lead"]):
            value = head["value"].strip()
            if opens_block(value):
                return self.left_of_block(owner, value)
            if value[:1] in ("[", "{") and not key_of(line):
                return self.start(At(owner, head.start("value")))
            if value[:1] not in ('"', "'", "[", "{"):
                for between in range(owner, row):
                    column = comment_in(self.lines[between], head.end("key") if between == owner else 0)
                    if column >= 0:
                        return self.hash(between, column, owner)
        item = line.lstrip().startswith("- ") or line.strip() == "-"
        if not item and not head_of(line):
            return self.keyless(row)
        return self.indentation("item" if item else "key")

    def indentation(self, what: str) -> Fault:
        row, level = self.at.line, self.at.column
        levels = self.levels()
        if level in levels:
            message = f"this {what} stands in line with something of another kind"
            hint = "keys and items (with a dash) cannot stand side by side: indent the items under their key"
            return Fault("indentation", message, row, level, hint)
        hint = "what belongs together begins in the same column"
        near = sorted(column for column in levels if column < level)[-1:]
        near += sorted(column for column in levels if column > level)[:1]
        if near:
            hint += "; above stand " + " and ".join(f"`{levels[column]}` in column {column + 1}" for column in near)
        message = f"this {what} begins in column {level + 1}, in line with nothing above it"
        return Fault("indentation", message, row, level, hint)

    def levels(self) -> dict[int, str]:
        """Collect the columns that are open above the complaint, each with what begins there."""
        found: dict[int, str] = {}
        lowest: int | None = None
        for row in range(self.at.line - 1, max(-1, self.at.line - FARTHEST), -1):
            line = self.lines[row]
            head = None if is_comment(line) else head_of(line)
            if head and (lowest is None or indent(line) < lowest):
                lowest = indent(line)
                found.setdefault(len(head["lead"]), head["key"])
                found.setdefault(lowest, "-")
        return found

    def left_of_block(self, owner: int, header: str) -> Fault:
        row = self.at.line
        message = "this line begins further left than the first line of its block"
        hint = "give every line of the block the same indentation, or more"
        if any(sign.isdigit() for sign in header):
            hint = f"write {header[0]} without a number"
        elif not any(self.lines[between].strip() for between in range(owner + 1, row)):
            message = "an empty line above this one has more blanks than the first line of the block"
            hint = "take the blanks out of the empty line"
        return Fault("block-indentation", message, row, self.at.column, hint)

    # -- going on after a mistake -------------------------------------------------------------

    def mend(self, row: int, owner: int | None = None, starts: int | None = None) -> Mend | None:
        """Replace the whole value that this row belongs to by a harmless word.

        With `starts`, only if the value begins in that column of that row.
        """
        if owner is None:
            owner = owner_of(self.lines, row)
        head = None if owner is None else head_of(self.lines[owner])
        if owner is None or head is None:
            return None
        start = head.start("value")
        if starts is not None and (owner, start) != (row, starts):
            return None
        end = end_of(self.lines, owner, len(head["lead"]))
        return Mend(owner, end, f"{self.lines[owner][:start].rstrip()} x") if end > row else None
