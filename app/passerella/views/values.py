"""Frozen values (the notation of :mod:`passerella.probe.freeze`) as Python would show them."""

from passerella.events import Value
from passerella.language import _, plural
from passerella.views.numbers import whole
from passerella.views.visible import visible

LIMIT = 200


def shown(value: Value, limit: int = LIMIT) -> str:
    """``'/ciao'``, ``b'host'``, ``(1, 0)``, ``‹flask.wrappers.Request›``; cut after ``limit`` characters."""
    return visible(_python(value, limit), limit)


def kind(value: Value) -> str:
    """The name of the type of a value."""
    if not isinstance(value, dict):
        return type(value).__name__
    stand_in = _stand_in(value)
    if stand_in == "foreign":
        return visible(str(value["type"]).rpartition(".")[2], LIMIT)
    return stand_in


def text_of(value: Value) -> str:
    """What a frozen str or bytes holds, as text; anything else as Python shows it."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict) and _stand_in(value) == "bytes":
        return str(value["bytes"])
    return shown(value)


def items(value: Value) -> list[Value]:
    """The items of a frozen list or tuple; nothing, for anything else."""
    inner = value.get("tuple") if isinstance(value, dict) else value
    return inner if isinstance(inner, list) else []


def pairs(value: Value) -> list[tuple[str, Value]]:
    """The items of a frozen dict; nothing, for anything else."""
    return list(value.items()) if isinstance(value, dict) and _stand_in(value) == "dict" else []


def _stand_in(value: dict[str, Value]) -> str:
    """What a frozen dict stands for: bytes, tuple, foreign, or a dict."""
    if len(value) == 1 and isinstance(value.get("bytes"), str):
        return "bytes"
    if len(value) == 1 and isinstance(value.get("tuple"), list):
        return "tuple"
    return "foreign" if {"type", "id"} <= value.keys() else "dict"


def _python(value: Value, room: int) -> str:
    """No more is put together than ``room`` characters, about."""
    if isinstance(value, str):
        return repr(value[: room + 1])
    if isinstance(value, list):
        return "[" + _joined(value, room) + "]"
    if not isinstance(value, dict):
        return repr(value)
    match _stand_in(value):
        case "bytes":
            return repr(value["bytes"][: room + 1].encode("latin-1", "replace"))
        case "tuple":
            inner = value["tuple"]
            return "(" + _joined(inner, room) + ("," if len(inner) == 1 else "") + ")"
        case "foreign":
            return _foreign(value, room)
    return "{" + _joined_pairs(value, room) + "}"


def _joined(values: list[Value], room: int) -> str:
    parts: list[str] = []
    for value in values:
        parts.append(_python(value, room))
        room -= len(parts[-1]) + 2
        if room <= 0:
            break
    return ", ".join(parts)


def _joined_pairs(values: dict[str, Value], room: int) -> str:
    parts: list[str] = []
    for key, value in values.items():
        parts.append(f"{key[: room + 1]!r}: {_python(value, room)}")
        room -= len(parts[-1]) + 2
        if room <= 0:
            break
    return ", ".join(parts)


def _foreign(value: dict[str, Value], room: int) -> str:
    """An object that the probe did not look into, or a text that it cut."""
    text = value.get("text")
    length = value.get("length")
    if not isinstance(text, str):
        return _partial(value, length, room) if isinstance(length, int) else f"‹{value['type']}›"
    start = text[: max(0, room - 40)]
    start = repr(start.encode("latin-1", "replace") if value["type"] == "bytes" else start)
    return _("{start}… (lunghezza {n})").format(start=start, n=whole(length) if isinstance(length, int) else "?")


_BRACKETS = {"list": "[]", "tuple": "()", "set": "{}", "frozenset": ("frozenset({", "})"), "dict": "{}"}


def _partial(value: dict[str, Value], length: int, room: int) -> str:
    """A container of which the microscope (:mod:`passerella.probe.glimpse`) looked at the first items."""
    inner, found = value.get("items"), value.get("pairs")
    opening, closing = _BRACKETS.get(str(value["type"]), ("‹", "›"))
    if isinstance(inner, list):
        listed, count = _joined(inner, room), len(inner)
    elif isinstance(found, list):
        listed, count = ", ".join(_pair(each, room) for each in found), len(found)
    else:
        return f"‹{value['type']}, {_items_count(length)}›"
    whole_of_it = count >= length and len(listed) <= room
    return f"{opening}{listed}{closing}" if whole_of_it else f"{opening}{listed}, …{closing} ({_items_count(length)})"


def _pair(value: Value, room: int) -> str:
    return ": ".join(_python(each, room) for each in value) if isinstance(value, list) else "…"


def _items_count(count: int) -> str:
    return plural("{n} elemento", "{n} elementi", count).format(n=whole(count))
