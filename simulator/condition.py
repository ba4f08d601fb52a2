"""The `when:` language: small enough to explore, safe because it is not Python.

    condition  = all-of ("or" all-of)*
    all-of     = one ("and" one)*
    one        = "not" one | "(" condition ")" | comparison | term
    comparison = quantity (">=" | "<=" | ">" | "<" | "=" | "!=") whole number
    quantity   = feeling | person.feeling | minutes_left(point)
    term       = fact | read(document) | visited(scene) | chose(response) | chose(scene/response)
               | consulted() | consulted(scene) | before(point) | done(task) | missed(task)

Python's own parser would read `chose(she-will-call)` as a subtraction, and ready-made evaluators
leak; this one knows the column of every mistake. Each condition is parsed once, when its file is
loaded.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

LONGEST = 300
"""Characters in one condition."""
DEEPEST = 16
"""Parentheses and `not` inside one another."""

PREDICATES = ("read", "visited", "chose", "consulted", "before", "done", "missed", "minutes_left")
RESERVED = frozenset({"and", "or", "not", *PREDICATES}) - {"done", "missed"}
"""Words that no id may be: only what stands before a parenthesis is a predicate, and these two are usual ids."""


@dataclass(frozen=True, slots=True)
class Term:
    """A yes-or-no question about the session: `fact`, or one of the predicates but `minutes_left`."""

    kind: str
    """`fact`, `read`, `visited`, `chose`, `consulted`, `before`, `done` or `missed`.

    What asks whether a task is done is replaced by the task's own condition when a case is loaded.
    """
    name: str
    """What it asks about; empty for `consulted()`."""
    offset: int = field(default=0, compare=False)
    """Where the name stands in the condition, from 0."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A whole number of the session: a feeling, or the minutes left until a point."""

    kind: str
    """`feeling` or `minutes_left`."""
    name: str
    """`person.feeling`, or just `feeling` until the loader has resolved it; or a clock point."""
    offset: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Compare:
    """A quantity against a whole number."""

    left: Quantity
    operator: str
    """As Python writes it."""
    right: int


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite."""

    part: Condition


@dataclass(frozen=True, slots=True)
class All:
    """Every part holds."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Some:
    """At least one part holds."""

    parts: tuple[Condition, ...]


Condition = Term | Compare | Not | All | Some


class ConditionError(ValueError):
    """A condition that does not parse; `offset` says where, from 0."""

    def __init__(self, message: str, offset: int, hint: str = "") -> None:
        super().__init__(message)
        self.offset = offset
        self.hint = hint


_TOKEN = re.compile(
    r"\s*(?:(?P<name>[a-z][a-z0-9-]*(?:_left)?(?:[./][a-z][a-z0-9-]*)?)"
    r"|(?P<number>[+-]?[0-9]+)|(?P<operator>>=|<=|!=|==|=|>|<)|(?P<mark>[()]))"
)
_OPERATORS = {"=": "=="}
_LARGEST = 9999


def parse(text: str) -> Condition:
    """Parse a condition.

    Raises:
        ConditionError: the text is not a condition; says where and, if known, what was meant.
    """
    if len(text) > LONGEST:
        raise ConditionError(
            f"this condition has {len(text)} characters; {LONGEST} is the most",
            LONGEST,
            "set a fact where part of it becomes true, and ask for the fact here",
        )
    return _Parser(text).whole()


def leaves(condition: Condition) -> Iterator[Term | Quantity]:
    """Yield everything that a condition asks about, from left to right."""
    match condition:
        case Term():
            yield condition
        case Compare(left):
            yield left
        case Not(part):
            yield from leaves(part)
        case All(parts) | Some(parts):
            for each in parts:
                yield from leaves(each)


def replace(
    condition: Condition, term: Callable[[Term], Condition], quantity: Callable[[Quantity], Quantity]
) -> Condition:
    """Rebuild a condition with its leaves replaced; the loader resolves names this way."""
    match condition:
        case Term():
            return term(condition)
        case Compare(left, operator, right):
            return Compare(quantity(left), operator, right)
        case Not(part):
            return Not(replace(part, term, quantity))
        case All(parts):
            return All(tuple(replace(each, term, quantity) for each in parts))
        case Some(parts):
            return Some(tuple(replace(each, term, quantity) for each in parts))


def expression(condition: Condition, term: Callable[[Term], str], quantity: Callable[[Quantity], str]) -> str:
    """Write a condition as a Python expression over whatever its leaves are written as."""
    match condition:
        case Term():
            return term(condition)
        case Compare(left, operator, right):
            return f"({quantity(left)} {operator} {right})"
        case Not(part):
            return f"(not {expression(part, term, quantity)})"
        case All(parts):
            return "(" + " and ".join(expression(each, term, quantity) for each in parts) + ")"
        case Some(parts):
            return "(" + " or ".join(expression(each, term, quantity) for each in parts) + ")"


def say(condition: Condition) -> str:
    """Write a condition back as its author would."""
    match condition:
        case Term("fact", name):
            return name
        case Term(kind, name):
            return f"{kind}({name})"
        case Compare(left, operator, right):
            name = f"minutes_left({left.name})" if left.kind == "minutes_left" else left.name
            return f"{name} {operator.replace('==', '=')} {right}"
        case Not(part):
            return f"not {_inside(part)}"
        case All(parts):
            return " and ".join(_inside(part) for part in parts)
        case Some(parts):
            return " or ".join(_inside(part) for part in parts)


def _inside(condition: Condition) -> str:
    return f"({say(condition)})" if isinstance(condition, All | Some) else say(condition)


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    offset: int


class _Parser:
    """Recursive descent over the grammar above; depth is bounded, so recursion is."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = list(self._scan())
        self.next = 0
        self.depth = 0

    def _scan(self) -> Iterator[_Token]:
        at = 0
        end = len(self.text.rstrip())
        while at < end:
            found = _TOKEN.match(self.text, at)
            if found is None or found.lastgroup is None:
                at += len(self.text[at:]) - len(self.text[at:].lstrip())
                raise ConditionError(f"`{self.text[at]}` does not belong in a condition", at, _stray(self.text, at))
            start = found.start(found.lastgroup)
            yield _Token(found.lastgroup, found[found.lastgroup], start)
            at = found.end()
        yield _Token("end", "", end)

    @property
    def token(self) -> _Token:
        return self.tokens[self.next]

    def take(self) -> _Token:
        token = self.token
        self.next += 1
        return token

    def at(self, *texts: str) -> bool:
        return self.token.text in texts and self.token.kind != "end"

    def whole(self) -> Condition:
        if self.token.kind == "end":
            raise ConditionError("this condition is empty", 0, "leave the key out if there is no condition")
        condition = self.some()
        if self.token.kind != "end":
            raise self.unexpected()
        return condition

    def unexpected(self) -> ConditionError:
        token = self.token
        return ConditionError(
            f"`{token.text}` was not expected here", token.offset, "join conditions with `and` or `or`"
        )

    def some(self) -> Condition:
        parts = [self.every()]
        while self.at("or"):
            self.take()
            parts.append(self.every())
        return parts[0] if len(parts) == 1 else Some(tuple(parts))

    def every(self) -> Condition:
        parts = [self.one()]
        while self.at("and"):
            self.take()
            parts.append(self.one())
        return parts[0] if len(parts) == 1 else All(tuple(parts))

    def one(self) -> Condition:
        if self.at("not", "("):
            self.depth += 1
            if self.depth > DEEPEST:
                raise ConditionError(f"nested more than {DEEPEST} deep", self.token.offset)
            condition = self.negated() if self.at("not") else self.grouped()
            self.depth -= 1
            return condition
        return self.leaf()

    def negated(self) -> Condition:
        self.take()
        return Not(self.one())

    def grouped(self) -> Condition:
        opened = self.take()
        condition = self.some()
        if self.token.kind == "end":
            raise ConditionError("this parenthesis is never closed", opened.offset)
        if not self.at(")"):
            raise self.unexpected()
        self.take()
        return condition

    def leaf(self) -> Condition:
        token = self.take()
        if token.kind == "number":
            raise ConditionError(
                "a number cannot stand on the left", token.offset, "write `trust >= 4`, not `4 <= trust`"
            )
        if token.kind != "name" or token.text in ("and", "or"):
            what = f"`{token.text}`" if token.text else "the end"
            raise ConditionError(f"a condition was expected before {what}", token.offset)
        if self.at("("):
            return self.predicate(token)
        if token.text in RESERVED:
            raise ConditionError(f"`{token.text}` needs parentheses", token.offset, f"write `{token.text}(…)`")
        if self.token.kind == "operator":
            return self.comparison(Quantity("feeling", token.text, token.offset))
        if "/" in token.text:
            raise ConditionError(f"`{token.text}` is not a fact", token.offset, f"write `chose({token.text})`")
        if "." in token.text:
            raise ConditionError(f"`{token.text}` is compared with nothing", token.offset, f"write `{token.text} >= 4`")
        return Term("fact", token.text, token.offset)

    def predicate(self, name: _Token) -> Condition:
        if name.text not in PREDICATES:
            raise ConditionError(
                f"there is no `{name.text}(…)`",
                name.offset,
                "there are " + ", ".join(f"{p}(…)" for p in PREDICATES),
            )
        opened = self.take()
        argument = _Token("name", "", opened.offset + 1)
        if self.token.kind == "name":
            argument = self.take()
        if not self.at(")"):
            offset = self.token.offset
            if self.token.kind == "end":
                raise ConditionError("this parenthesis is never closed", opened.offset)
            raise ConditionError(f"`{name.text}(…)` takes one id", offset)
        self.take()
        if not argument.text and name.text != "consulted":
            raise ConditionError(f"`{name.text}()` needs an id", argument.offset, f"write `{name.text}(…)`")
        if "." in argument.text or ("/" in argument.text and name.text != "chose"):
            raise ConditionError(f"`{argument.text}` is not an id", argument.offset)
        if name.text == "minutes_left":
            if self.token.kind != "operator":
                raise ConditionError(
                    "`minutes_left(…)` is compared with nothing",
                    name.offset,
                    f"write `minutes_left({argument.text}) >= 5`, or `before({argument.text})`",
                )
            return self.comparison(Quantity("minutes_left", argument.text, argument.offset))
        return Term(name.text, argument.text, argument.offset)

    def comparison(self, left: Quantity) -> Condition:
        operator = self.take()
        number = self.take()
        if number.kind != "number":
            raise ConditionError(
                "only whole numbers can be compared with",
                min(number.offset, len(self.text)),
                "such as `trust >= 4`",
            )
        if len(number.text) > len(str(_LARGEST)) + 1 or abs(int(number.text)) > _LARGEST:
            raise ConditionError(f"{_LARGEST} is the largest number", number.offset)
        return Compare(left, _OPERATORS.get(operator.text, operator.text), int(number.text))


def _stray(text: str, at: int) -> str:
    """Guess what a character that is not in the grammar was meant to be."""
    hints = {
        "&": "write `and`",
        "|": "write `or`",
        "!": "write `not`",
        ",": "join conditions with `and` or `or`",
        '"': "ids are written without quotes",
        "'": "ids are written without quotes",
        "_": "ids are written with hyphens",
        "≥": "write `>=`",
        "≤": "write `<=`",
    }
    if text[at].isupper():
        return "ids and words are written in small letters"
    return hints.get(text[at], "")
