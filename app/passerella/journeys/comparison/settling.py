"""Taking out of a value what no two journeys share: ports, identities of objects."""

import re
from collections.abc import Iterable

from passerella.events import Value
from passerella.journeys.comparison.model import Reason
from passerella.journeys.model import Journey
from passerella.journeys.request_head import read_head

_PORT = re.compile(rb".*:\d{2,5}", re.DOTALL)
_HEAD = 128 * 1024
_SOME_HOST = "‹host›"


def own_host(journey: Journey) -> str:
    """``127.0.0.1:43211`` as the request says it, whose port changes at every start; empty where it names no port."""
    request = bytes(journey.request[:_HEAD])
    for header in read_head(request).headers:
        if header.name == "host" and header.values:
            value = request[slice(*header.values[0])]
            return value.decode("latin-1") if _PORT.fullmatch(value) else ""
    return ""


def settled(value: Value, host: str) -> tuple[Value, Reason]:
    """``value`` without the identities of its objects and the name of our own host, and which of them it had."""
    if isinstance(value, str):
        return (value.replace(host, _SOME_HOST), "port") if host and host in value else (value, "")
    if isinstance(value, list):
        return _settled_items(value, host)
    if isinstance(value, dict):
        return _settled_dict(value, host)
    return value, ""


def any_port(value: Value) -> Value:
    """What is left of a port: its type, because «80» and 80 are not the same to whoever reads them."""
    return {"port of type": type(value).__name__}


def _settled_items(values: list[Value], host: str) -> tuple[list[Value], Reason]:
    pairs = [settled(item, host) for item in values]
    return [item for item, _ in pairs], _first(reason for _, reason in pairs)


def _settled_dict(value: dict[str, Value], host: str) -> tuple[Value, Reason]:
    pairs = {key: settled(item, host) for key, item in value.items()}
    left = {key: item for key, (item, _) in pairs.items()}
    if {"type", "id"} <= value.keys():
        left.pop("id")
        return left, "identity"
    return left, _first(reason for _, reason in pairs.values())


def _first(reasons: Iterable[Reason]) -> Reason:
    return next((reason for reason in reasons if reason), "")
