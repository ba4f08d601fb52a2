"""Every problem code that the program can report, read from its source: so that none goes without an explanation.

A problem begins as a `Problem`, a `Fault` or a `Flaw`, whose first argument is the code. Functions that hand such an
argument on are followed to whoever calls them, until all that is left are words in quotation marks. What cannot be
followed that way is an error here, so that no code hides behind a variable.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parent.parent / "simulator"
MADE_OF = ("Problem", "Fault", "Flaw")
"""What a problem begins as."""


class CannotFollow(Exception):
    """The code of a problem comes from somewhere that this module does not understand."""


@dataclass(frozen=True, slots=True)
class Function:
    """A function or method, and where it stands."""

    where: str
    owner: str
    """The class of a method; empty for a function."""
    node: ast.FunctionDef

    @property
    def parameters(self) -> list[str]:
        """What a caller can give, without `self`."""
        arguments = self.node.args
        names = [each.arg for each in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]
        return names[1:] if self.owner and names[:1] == ["self"] else names

    def default(self, parameter: str) -> ast.expr | None:
        """Return what a parameter is if the caller does not say."""
        arguments = self.node.args
        positional = [*arguments.posonlyargs, *arguments.args]
        last = zip(reversed(positional), reversed(arguments.defaults), strict=False)
        found = {each.arg: value for each, value in last}
        found |= {
            each.arg: value for each, value in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True) if value
        }
        return found.get(parameter)


@dataclass
class _Search:
    functions: list[Function]
    codes: set[str] = field(default_factory=set)
    takes: dict[tuple[str, str], tuple[Function | None, str, int]] = field(default_factory=dict)
    """Who takes a code, by class and name: the parameter, and its position."""

    def run(self) -> set[str]:
        self.takes = {("", name): (None, "code", 0) for name in MADE_OF}
        known = -1
        while known != len(self.takes):
            known = len(self.takes)
            for function in self.functions:
                for call in _calls(function.node):
                    for taker in self._takers(function, call):
                        self._given(function, call, taker)
        return self.codes

    def _takers(self, function: Function, call: ast.Call) -> Iterator[tuple[Function | None, str, int]]:
        """Yield what a call may lead to: by name, and for `self.name` in the class itself."""
        callee = call.func
        if isinstance(callee, ast.Name):
            yield from (taker for key, taker in list(self.takes.items()) if key == ("", callee.id))
        elif isinstance(callee, ast.Attribute):
            own = isinstance(callee.value, ast.Name) and callee.value.id == "self"
            for (owner, name), taker in list(self.takes.items()):
                if name == callee.attr and (owner == function.owner if own else True):
                    yield taker

    def _given(self, function: Function, call: ast.Call, taker: tuple[Function | None, str, int]) -> None:
        taking, parameter, position = taker
        named = {each.arg: each.value for each in call.keywords}
        given = named.get(parameter)
        if given is None and len(call.args) > position:
            given = call.args[position]
        if given is None and taking is not None:
            given, function = taking.default(parameter), taking
        if given is not None:
            self.codes |= self._values(function, given)

    def _values(self, function: Function, given: ast.expr) -> set[str]:
        """Return the words that an argument can be; whoever only hands it on becomes one who takes a code."""
        match given:
            case ast.Constant(str(word)):
                return {word}
            case ast.IfExp(body=one, orelse=other):
                return self._values(function, one) | self._values(function, other)
            case ast.Attribute(attr="code"):
                # Of a problem or fault that was made elsewhere, and is found there.
                return set()
            case ast.Name(name):
                if name in function.parameters:
                    key = (function.owner, function.node.name)
                    self.takes.setdefault(key, (function, name, function.parameters.index(name)))
                    return set()
                words = [word for each in _assigned(function.node, name) for word in self._values(function, each)]
                if words:
                    return set(words)
        raise CannotFollow(f"{function.where}:{given.lineno}: {ast.unparse(given)} in {function.node.name}")


def _calls(node: ast.FunctionDef) -> Iterator[ast.Call]:
    return (each for each in ast.walk(node) if isinstance(each, ast.Call))


def _assigned(function: ast.FunctionDef, name: str) -> Iterator[ast.expr]:
    """Yield what a name in a function is made: by `=`, as part of several, or by a loop over what is written there."""
    for each in ast.walk(function):
        match each:
            case ast.Assign(targets=[target], value=value) | ast.AnnAssign(target=target, value=ast.expr() as value):
                yield from _part(function, target, value, name)
            case ast.For(target=target, iter=ast.Tuple(elts) | ast.List(elts)):
                for value in elts:
                    yield from _part(function, target, value, name)


def _part(function: ast.FunctionDef, target: ast.expr, value: ast.expr, name: str) -> Iterator[ast.expr]:
    match target, value:
        case ast.Name(found), _ if found == name:
            yield value
        case ast.Tuple(targets), ast.Tuple(values):
            for one, part in zip(targets, values, strict=True):
                yield from _part(function, one, part, name)
        case ast.Tuple(targets), ast.Subscript(value=ast.Name(table)) if name in map(ast.unparse, targets):
            # One of the rows of a table that stands in the same function.
            for rows in _assigned(function, table) if table != name else ():
                for row in rows.values if isinstance(rows, ast.Dict) else ():
                    yield from _part(function, target, row, name)


def functions_of(text: str, where: str) -> Iterator[Function]:
    """Yield the functions of a module, and the methods of its classes; what is nested belongs to what it is in."""
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef):
            yield Function(where, "", node)
        elif isinstance(node, ast.ClassDef):
            yield from (Function(where, node.name, each) for each in node.body if isinstance(each, ast.FunctionDef))


def codes_in(functions: Iterable[Function]) -> set[str]:
    """Return every code that these functions can report.

    Raises:
        CannotFollow: a code is neither a word nor handed on from somewhere.
    """
    return _Search(list(functions)).run()


def sources() -> list[Function]:
    """Return every function of the program."""
    return [
        function
        for path in sorted(ROOT.rglob("*.py"))
        for function in functions_of(path.read_text(encoding="utf-8"), path.relative_to(ROOT).as_posix())
    ]
