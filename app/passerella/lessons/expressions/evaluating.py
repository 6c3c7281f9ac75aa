"""The value of an expression over what happened. Two functions are computed here, because they choose what to compute:
``se`` and ``dove``."""

import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NoReturn

from passerella.errors import ContentError
from passerella.language import _
from passerella.lessons.expressions.functions import FUNCTIONS, Function
from passerella.lessons.expressions.nodes import Attribute, Binary, Call, Items, Literal, Node, Position, Unary
from passerella.lessons.expressions.parsing import fail, parse
from passerella.lessons.expressions.things import ATTRIBUTES, CALLED
from passerella.lessons.outcome import Outcome

WHERE, IF = "dove", "se"

_SIGNS: Mapping[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "in": lambda value, values: value in values,
}
_LONGEST_RESULT = 100_000


def evaluate(text: str, outcomes: Sequence[Outcome], looked_at: Outcome) -> Any:
    """The value of an expression over one of the outcomes of a trace; ``dove`` looks at all of them.

    :raises ContentError: it cannot be read, or computed over this outcome; it says where and why.
    """
    return _Evaluation(text, outcomes).value(parse(text), looked_at)


def is_across(text: str) -> bool:
    """Whether the answer is about all the servers of a trace together."""
    return _names(parse(text), WHERE)


def _names(node: Node, name: str) -> bool:
    match node:
        case Call():
            inner = [*node.values, *(value for _name, value in node.named)]
            return node.name == name or any(_names(each, name) for each in inner)
        case Items(values=values):
            return any(_names(each, name) for each in values)
        case Attribute(of=of, values=values):
            return _names(of, name) or any(_names(each, name) for each in values)
        case Position():
            return _names(node.of, name) or _names(node.index, name)
        case Unary():
            return _names(node.value, name)
        case Binary():
            return _names(node.left, name) or _names(node.right, name)
    return False


class _Evaluation:
    def __init__(self, text: str, outcomes: Sequence[Outcome]) -> None:
        self._text = text
        self._outcomes = outcomes

    def value(self, node: Node, outcome: Outcome) -> Any:
        match node:
            case Literal():
                return node.value
            case Items():
                return [self.value(each, outcome) for each in node.values]
            case Call():
                return self._called(node, outcome)
            case Attribute():
                return self._attribute(node, outcome)
            case Position():
                return self._position(node, outcome)
            case Unary(sign="non"):
                return not self._truth(node.value, outcome)
            case Unary():
                return self._guarded(node, lambda: -self.value(node.value, outcome))
            case Binary():
                return self._binary(node, outcome)

    def _binary(self, node: Binary, outcome: Outcome) -> Any:
        match node.sign:
            case "e":
                return self._truth(node.left, outcome) and self._truth(node.right, outcome)
            case "oppure":
                return self._truth(node.left, outcome) or self._truth(node.right, outcome)
        left, right = self.value(node.left, outcome), self.value(node.right, outcome)
        match node.sign:
            case "=":
                return same(left, right)
            case "!=":
                return not same(left, right)
        return self._guarded(node, lambda: self._bounded(node, _SIGNS[node.sign](left, right)))

    def _bounded(self, node: Binary, result: Any) -> Any:
        if isinstance(result, str | list) and len(result) > _LONGEST_RESULT:
            self._fail(node, _("il risultato è troppo lungo"))
        return result

    def _truth(self, node: Node, outcome: Outcome) -> bool:
        value = self.value(node, outcome)
        if not isinstance(value, bool):
            self._fail(node, _("mi aspetto vero o falso, è {what}").format(what=_shown(value)))
        return value

    def _called(self, node: Call, outcome: Outcome) -> Any:
        if node.name == WHERE:
            [condition] = self._exactly(node, 1)
            return [each.place for each in self._outcomes if self._truth(condition, each)]
        if node.name == IF:
            condition, one, other = self._exactly(node, 3)
            return self.value(one if self._truth(condition, outcome) else other, outcome)
        function = FUNCTIONS.get(node.name)
        if function is None:
            known = ", ".join(sorted([*FUNCTIONS, WHERE, IF]))
            self._fail(node, _("la funzione «{name}» non c'è. Ci sono: {known}").format(name=node.name, known=known))
        self._check(node, function)
        values = [self.value(each, outcome) for each in node.values]
        named = {name: self.value(each, outcome) for name, each in node.named}
        return self._guarded(node, lambda: function.compute(outcome, *values, **named))

    def _check(self, node: Call, function: Function) -> None:
        if not function.least <= len(node.values) <= function.most:
            self._fail(
                node,
                _("«{name}» vuole {least} valori, o fino a {most}: ne ha {count}").format(
                    name=node.name, least=function.least, most=function.most, count=len(node.values)
                ),
            )
        for name, _value in node.named:
            if name not in function.names and not function.any_name:
                known = ", ".join(sorted(function.names)) or _("nessuna")
                self._fail(
                    node,
                    _("«{name}» non ha la condizione «{what}». Ha: {known}").format(
                        name=node.name, what=name, known=known
                    ),
                )

    def _exactly(self, node: Call, count: int) -> tuple[Node, ...]:
        if len(node.values) != count or node.named:
            self._fail(node, _("«{name}» vuole {count} valori").format(name=node.name, count=count))
        return node.values

    def _attribute(self, node: Attribute, outcome: Outcome) -> Any:
        of = self.value(node.of, outcome)
        values = [self.value(each, outcome) for each in node.values]
        if isinstance(of, list):
            return [self._part(node, each, values) for each in of]
        return self._part(node, of, values)

    def _part(self, node: Attribute, thing: Any, values: list[Any]) -> Any:
        called = CALLED.get((type(thing), node.name))
        if called is not None:
            return self._guarded(node, lambda: called(thing, *values))
        known = ATTRIBUTES.get(type(thing), {})
        read = known.get(node.name)
        if read is None or values:
            self._fail(
                node,
                _("{what} non ha «{name}». Ha: {known}").format(
                    what=_shown(thing), name=node.name, known=", ".join(known) or _("niente")
                ),
            )
        return read(thing)

    def _position(self, node: Position, outcome: Outcome) -> Any:
        values, index = self.value(node.of, outcome), self.value(node.index, outcome)
        if not isinstance(values, list | str) or type(index) is not int or not 1 <= index <= len(values):
            self._fail(
                node, _("la posizione {index} non c'è in {what}").format(index=_shown(index), what=_shown(values))
            )
        return values[index - 1]

    def _guarded(self, node: Node, compute: Callable[[], Any]) -> Any:
        """What cannot be computed with these values is said with its place, never as Python says it."""
        try:
            return compute()
        except ContentError as error:
            self._fail(node, error.message)
        except (TypeError, ValueError, AttributeError, ArithmeticError):
            self._fail(node, _("con questi valori non si può calcolare"))

    def _fail(self, node: Node, what: str) -> NoReturn:
        fail(self._text, node.at, what)


def same(left: Any, right: Any) -> bool:
    """Equality: a truth is no number, two numbers are equal within a billionth."""
    if isinstance(left, bool) is not isinstance(right, bool):
        return False
    if isinstance(left, int | float) and isinstance(right, int | float):
        return abs(left - right) < 1e-9
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    return bool(left == right)


def _shown(value: Any) -> str:
    match value:
        case None:
            return _("niente")
        case bool():
            return _("vero") if value else _("falso")
        case list():
            return _("un elenco di {count}").format(count=len(value))
        case str():
            return repr(value[:40])
        case int() | float():
            return str(value)
    return _("un {what}").format(
        what={"Trip": _("viaggio"), "Moment": _("passo")}.get(type(value).__name__, _("valore"))
    )
