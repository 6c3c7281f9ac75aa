"""What is to be translated, as Babel asks for it: the sentences of a Python file or of a table.

Besides what is written inside ``_()``, ``plural()`` and ``later()``: the sentences of the tables below, that go through
``_()`` where they are shown.
"""

import ast
import tomllib
from collections.abc import Iterator
from typing import IO, Any

Message = tuple[int, str, str | tuple[str, str], list[str]]  # line, function, sentence or the two of a plural, comments

_MARKS = frozenset(("_", "later"))
# Their second argument says why, to a person.
_REASONED = frozenset(("Option", "Choice", "Directive", "_recommended"))
# Tables of sentences, by the name of the variable.
_TABLES = frozenset(("_ROLES", "REFUSED", "_FAILURES", "_FRAME_WORDS", "_TITLES"))
_FIELDS = frozenset(("title", "about", "shows"))


def python_sentences(file: IO[bytes], keywords: Any, comments: Any, options: Any) -> Iterator[Message]:
    """An extraction method of Babel."""
    for node in ast.walk(ast.parse(file.read())):
        if isinstance(node, ast.Call):
            yield from _of_call(node)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            yield from _of_table(node)


def toml_sentences(file: IO[bytes], keywords: Any, comments: Any, options: Any) -> Iterator[Message]:
    """An extraction method of Babel, for tables where some fields are sentences."""
    for sentence in _fields(tomllib.load(file)):
        yield 1, "_", sentence, []


def _of_call(call: ast.Call) -> Iterator[Message]:
    name = call.func.id if isinstance(call.func, ast.Name) else ""
    if name in _MARKS and call.args:
        yield from _literals(call.args[0])
    elif name in _REASONED and len(call.args) > 1:
        yield from _literals(call.args[1])
    elif name == "plural" and len(call.args) > 1:
        one, many = (ast.literal_eval(each) if isinstance(each, ast.Constant) else "" for each in call.args[:2])
        if one:
            yield call.lineno, "ngettext", (one, many), []


def _of_table(node: ast.Assign | ast.AnnAssign) -> Iterator[Message]:
    target = node.targets[0] if isinstance(node, ast.Assign) else node.target
    if isinstance(target, ast.Name) and target.id in _TABLES and isinstance(node.value, ast.Dict):
        for value in node.value.values:
            yield from _literals(value)


def _literals(node: ast.expr) -> Iterator[Message]:
    """The sentence, or the two of «a if x else b»."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value:
        yield node.lineno, "_", node.value, []
    elif isinstance(node, ast.IfExp):
        yield from _literals(node.body)
        yield from _literals(node.orelse)


def _fields(table: dict[str, Any]) -> Iterator[str]:
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _fields(value)
        elif name in _FIELDS:
            yield value
