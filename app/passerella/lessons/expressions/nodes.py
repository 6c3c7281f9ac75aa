"""An expression as a tree. ``at`` is the position in its text, from 1."""

from typing import Any

import msgspec


class Literal(msgspec.Struct, frozen=True):
    """A number, a text, a truth, nothing."""

    value: Any
    at: int


class Items(msgspec.Struct, frozen=True):
    """A list."""

    values: "tuple[Node, ...]"
    at: int


class Call(msgspec.Struct, frozen=True):
    """A function; ``named`` are the arguments with a name."""

    name: str
    values: "tuple[Node, ...]"
    named: "tuple[tuple[str, Node], ...]"
    at: int


class Attribute(msgspec.Struct, frozen=True):
    """A part of a thing, or of each thing of a list; ``values`` are what stands in brackets after it."""

    of: "Node"
    name: str
    values: "tuple[Node, ...]"
    at: int


class Position(msgspec.Struct, frozen=True):
    """An item of a list, from 1."""

    of: "Node"
    index: "Node"
    at: int


class Unary(msgspec.Struct, frozen=True):
    """«-» or «non»."""

    sign: str
    value: "Node"
    at: int


class Binary(msgspec.Struct, frozen=True):
    """Two values and what stands between them."""

    sign: str
    left: "Node"
    right: "Node"
    at: int


Node = Literal | Items | Call | Attribute | Position | Unary | Binary
