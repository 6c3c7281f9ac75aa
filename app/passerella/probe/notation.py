"""JSON by the two C functions under the ``json`` package, without the package: that brings ``re`` and ``enum`` along,
a third of what the probe would cost each Python at its start."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


def _plain(value: Any) -> dict[str, Any]:
    """What JSON does not have, as the notation writes it."""
    if isinstance(value, (bytes, bytearray)):
        return {"bytes": value.decode("latin-1")}
    return {"type": type(value).__name__, "id": id(value)}


class _Standard:
    """What the scanner asks of its context: nothing out of the ordinary."""

    strict = True
    object_hook = object_pairs_hook = None
    parse_float = float
    parse_int = int
    parse_constant = float


def _from_c() -> tuple[Callable[[Any], str], Callable[[str], Any]]:
    from _json import encode_basestring_ascii, make_encoder, make_scanner

    encoded = make_encoder(None, _plain, encode_basestring_ascii, None, ":", ",", False, False, True)
    scan = make_scanner(_Standard)  # type: ignore[arg-type]

    def encode(value: Any) -> str:
        return "".join(encoded(value, 0))

    def decode(text: str) -> Any:
        try:
            value, end = scan(text, 0)
        except StopIteration:
            raise ValueError(text) from None
        if end != len(text):
            raise ValueError(text)
        return value

    if encode(("a", 1, None)) != '["a",1,null]' or decode('["a",{"b":1.5}]') != ["a", {"b": 1.5}]:
        raise TypeError
    return encode, decode


def _from_package() -> tuple[Callable[[Any], str], Callable[[str], Any]]:
    from json import JSONDecoder, JSONEncoder

    return JSONEncoder(separators=(",", ":"), check_circular=False, default=_plain).encode, JSONDecoder().decode


try:
    encode, decode = _from_c()
except (ImportError, TypeError, ValueError):  # another Python may keep them elsewhere
    encode, decode = _from_package()
