"""From the text of an expression to its tree.

The grammar, from what binds least to what binds most::

    expression = conjunction { "oppure" conjunction }
    conjunction = negation { "e" negation }
    negation    = "non" negation | comparison
    comparison  = sum [ ( "=" | "!=" | "<" | "<=" | ">" | ">=" | "in" ) sum ]
    sum         = product { ( "+" | "-" ) product }
    product     = signed { "*" signed }
    signed      = "-" signed | postfix
    postfix     = primary { "." name [ "(" values ")" ] | "[" expression "]" }
    primary     = number | text | "vero" | "falso" | "niente" | name "(" arguments ")" | "(" expression ")" | "[" values "]"
    arguments   = [ argument { "," argument } ]        argument = [ name "=" ] expression
"""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any, NamedTuple, NoReturn

from passerella.errors import ContentError
from passerella.language import _
from passerella.lessons.expressions.nodes import Attribute, Binary, Call, Items, Literal, Node, Position, Unary

_TOKEN = re.compile(
    r"(?P<space>\s+)"
    r"|(?P<number>\d+(?:\.\d+)?)"
    r"|'(?P<single>(?:[^'\\]|\\.)*)'"
    r'|"(?P<double>(?:[^"\\]|\\.)*)"'
    r"|(?P<name>[^\W\d]\w*)"
    r"|(?P<sign>!=|<=|>=|[=<>+\-*()\[\].,])",
    re.DOTALL,
)
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "0": "\0"}
_CONSTANTS = {"vero": True, "falso": False, "niente": None}
_COMPARISONS = ("=", "!=", "<", "<=", ">", ">=", "in")
_LONGEST = 600
_DEEPEST = 40


class _Token(NamedTuple):
    kind: str  # number, text, name, sign, end
    text: str
    at: int


@lru_cache(512)
def parse(text: str) -> Node:
    """The tree of ``text``. :class:`ContentError` shows where it cannot be read."""
    if len(text) > _LONGEST:
        raise ContentError(
            _("Un'espressione può avere al massimo {most} caratteri, questa ne ha {count}.").format(
                most=_LONGEST, count=len(text)
            )
        )
    return _Parser(text).whole()


def _tokens(text: str) -> Iterator[_Token]:
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            fail(text, position + 1, _("non so leggere {what}").format(what=repr(text[position])))
        kind = match.lastgroup or ""
        if kind in ("single", "double"):
            yield _Token("text", _unescaped(match[kind]), position + 1)
        elif kind != "space":
            yield _Token(kind, match[kind], position + 1)
        position = match.end()
    yield _Token("end", "", len(text) + 1)


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", lambda match: _ESCAPES.get(match[1], match[1]), text, flags=re.DOTALL)


def fail(text: str, at: int, what: str) -> NoReturn:
    """Say what is wrong, and show where."""
    raise ContentError(_("Nell'espressione «{text}», carattere {at}: {what}.").format(text=text, at=at, what=what))


class _Parser:
    """Recursive descent: a method for each rule of the grammar."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = list(_tokens(text))
        self._next = 0
        self._depth = 0

    def whole(self) -> Node:
        node = self._expression()
        if self._token.kind != "end":
            self._fail(_("qui l'espressione doveva finire, e c'è {what}").format(what=repr(self._token.text)))
        return node

    @property
    def _token(self) -> _Token:
        return self._tokens[self._next]

    def _take(self) -> _Token:
        token = self._token
        if token.kind != "end":
            self._next += 1
        return token

    def _is(self, *texts: str) -> bool:
        return self._token.kind in ("sign", "name") and self._token.text in texts

    def _need(self, text: str) -> None:
        if not self._is(text):
            came = repr(self._token.text) if self._token.text else _("la fine")
            self._fail(_("manca {wanted}, c'è {came}").format(wanted=repr(text), came=came))
        self._next += 1

    def _fail(self, what: str) -> NoReturn:
        fail(self._text, self._token.at, what)

    def _expression(self) -> Node:
        self._depth += 1
        if self._depth > _DEEPEST:
            self._fail(_("ci sono troppe parentesi una dentro l'altra"))
        node = self._chain(("oppure",), lambda: self._chain(("e",), self._negation))
        self._depth -= 1
        return node

    def _chain(self, signs: tuple[str, ...], inner: Callable[[], Node]) -> Node:
        node = inner()
        while self._is(*signs):
            sign = self._take()
            node = Binary(sign.text, node, inner(), sign.at)
        return node

    def _prefixed(self, sign: str, inner: Callable[[], Node]) -> Node:
        signs = []
        while self._is(sign):
            signs.append(self._take())
        node = inner()
        for token in reversed(signs):
            node = Unary(sign, node, token.at)
        return node

    def _negation(self) -> Node:
        return self._prefixed("non", self._comparison)

    def _comparison(self) -> Node:
        left = self._sum()
        if not self._is(*_COMPARISONS):
            return left
        sign = self._take()
        return Binary(sign.text, left, self._sum(), sign.at)

    def _sum(self) -> Node:
        return self._chain(("+", "-"), lambda: self._chain(("*",), self._signed))

    def _signed(self) -> Node:
        return self._prefixed("-", self._postfix)

    def _postfix(self) -> Node:
        node = self._primary()
        while self._is(".", "["):
            sign = self._take()
            if sign.text == "[":
                node = Position(node, self._expression(), sign.at)
                self._need("]")
                continue
            name = self._take()
            if name.kind != "name":
                fail(self._text, name.at, _("dopo il punto serve un nome"))
            values: tuple[Node, ...] = ()
            if self._is("("):
                self._take()
                values = self._values(")")
            node = Attribute(node, name.text, values, name.at)
        return node

    def _primary(self) -> Node:
        token = self._take()
        if token.kind == "number":
            return Literal(float(token.text) if "." in token.text else int(token.text), token.at)
        if token.kind == "text":
            return Literal(token.text, token.at)
        if token.kind == "name":
            return self._named(token)
        if token == ("sign", "(", token.at):
            node = self._expression()
            self._need(")")
            return node
        if token == ("sign", "[", token.at):
            return Items(self._values("]"), token.at)
        came = repr(token.text) if token.text else _("la fine")
        fail(self._text, token.at, _("mi aspetto un valore o una funzione, c'è {came}").format(came=came))

    def _named(self, token: _Token) -> Node:
        if token.text in _CONSTANTS:
            return Literal(_CONSTANTS[token.text], token.at)
        if not self._is("("):
            fail(
                self._text,
                token.at,
                _("«{name}» da solo non vuol dire niente: un testo va fra apici, una funzione ha le parentesi").format(
                    name=token.text
                ),
            )
        self._take()
        values: list[Node] = []
        named: list[tuple[str, Node]] = []
        while not self._is(")"):
            name = self._argument_name()
            node = self._expression()
            if name:
                named.append((name, node))
            else:
                values.append(node)
            if not self._is(")"):
                self._need(",")
        self._need(")")
        return Call(token.text, tuple(values), tuple(named), token.at)

    def _argument_name(self) -> str:
        """«name =»; not «name = x» as a comparison: a name alone is no value."""
        after = self._tokens[min(self._next + 1, len(self._tokens) - 1)]
        if self._token.kind != "name" or (after.kind, after.text) != ("sign", "="):
            return ""
        name = self._take().text
        self._take()
        return name

    def _values(self, end: str) -> tuple[Node, ...]:
        values: list[Any] = []
        while not self._is(end):
            values.append(self._expression())
            if not self._is(end):
                self._need(",")
        self._need(end)
        return tuple(values)
