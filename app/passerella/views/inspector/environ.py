"""``environ`` or ``scope`` at one row: each key, its value, where it comes from, what happened to it here."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Literal

import msgspec

from passerella.events import Changes, Value
from passerella.journeys.model import Journey, Origin, Span
from passerella.journeys.paths import apply
from passerella.journeys.provenance import header_names
from passerella.language import _, plural
from passerella.views.rows import Row
from passerella.views.values import kind, shown
from passerella.views.visible import visible

Sign = Literal["", "+", "~", "−"]

PROCESS = "process"
_KEY_LIMIT = 120
_INNER = re.compile(r"(?P<base>[^\[\]]+)\[(?P<item>\d+|'.*'|\".*\")\]", re.DOTALL)
# Containers whose items have origins of their own: one line each.
_OPENED = frozenset(("headers",))


class EnvironLine(msgspec.Struct, frozen=True):
    """A key at one moment.

    :ivar sign: what happened to it at this row: added, changed, removed, or nothing.
    :ivar origin: «byte 4–8», «server»…; empty when nobody can tell.
    :ivar spans: the bytes of the request that gave it; ``names``, those of the name of its header.
    :ivar inner: an item of the key on the line before (``headers[2]``).
    :ivar folded: how many process variables this line stands for; 0 for an ordinary line.
    :ivar whole: the value itself, to be unfolded.
    """

    sign: Sign
    key: str
    value: str
    type: str = ""
    origin: str = ""
    spans: tuple[Span, ...] = ()
    names: tuple[Span, ...] = ()
    inner: bool = False
    folded: int = 0
    whole: Value = None


class Mapping(msgspec.Struct, frozen=True):
    """The mapping at one moment. ``name`` is ``environ`` or ``scope``, or empty when there is none yet."""

    name: str
    values: dict[str, Value]
    signs: dict[str, Sign]


def mapping_at(journey: Journey, row: Row, since: Row | None = None) -> Mapping:
    """The fold of the changes of all steps up to ``row``, in the order in which the server built it.

    The signs tell what changed at ``row`` or, if there is a ``since``, what is not as it was there.
    """
    now = _mapping_at(journey, row)
    return now if since is None else _compared(now, _mapping_at(journey, since))


def _compared(now: Mapping, before: Mapping) -> Mapping:
    """A key that is here no more is shown too, with the value that it had."""
    here = {key: value for key, value in now.values.items() if now.signs.get(key) != "−"}
    there = {key: value for key, value in before.values.items() if before.signs.get(key) != "−"}
    signs: dict[str, Sign] = {key: "+" for key in here if key not in there}
    signs |= {key: "~" for key in here if key in there and here[key] != there[key]}
    signs |= {key: "−" for key in there if key not in here}
    for key in _OPENED & signs.keys() if there else ():
        signs |= _compared_items(key, here.get(key), there.get(key))
    return Mapping(now.name or before.name, here | {key: there[key] for key in there if key not in here}, signs)


def _compared_items(key: str, here: Value, there: Value) -> dict[str, Sign]:
    if not isinstance(here, list) or not isinstance(there, list):
        return {}
    return {f"{key}[{index}]": "+" for index, item in enumerate(here) if item not in there}


def _mapping_at(journey: Journey, row: Row) -> Mapping:
    values: dict[str, Value] = {}
    signs: dict[str, Sign] = {}
    name = ""
    own = {step.n for step in row.covers}
    for step in journey.steps[: row.until]:
        if step.changes is None:
            continue
        name = step.mapping or name
        if step.n in own:
            # What was added at this row and then changed there was added, for who stands at the row.
            for key, sign in _signs(step.changes).items():
                signs[key] = "+" if (signs.get(key), sign) == ("+", "~") else sign
            _keep_removed(values, step.changes)
        _advance(values, step.changes, kept=frozenset(signs))
    return Mapping(name or _name(journey), values, signs)


def environ_lines(journey: Journey, row: Row, *, opened: bool = False, since: Row | None = None) -> list[EnvironLine]:
    """A line a key. ``opened`` shows the variables of the process, that otherwise fold into one line."""
    mapping = mapping_at(journey, row, since)
    names = _names(journey.origin_request[:_HEAD], _frozen(journey.origins))
    folded = _foldable(journey, mapping)
    lines: list[EnvironLine] = []
    for key, value in mapping.values.items():
        if key in folded:
            if key == next(iter(folded)):
                lines.append(_fold(journey, len(folded), mapping.signs.get(key, "")))
            if not opened:
                continue
        lines.append(_line(journey, mapping, names, key, value))
        if key in _OPENED:
            lines.extend(_items(journey, mapping, names, key, value))
    return lines


_HEAD = 128 * 1024


def _signs(changes: Changes) -> dict[str, Sign]:
    signs: dict[str, Sign] = {}
    signs.update(dict.fromkeys(changes.added, "+"))
    signs.update(dict.fromkeys(changes.changed, "~"))
    signs.update(dict.fromkeys(changes.removed, "−"))
    for path in list(signs):
        inner = _INNER.fullmatch(path)
        if inner is not None:
            signs.setdefault(inner["base"], "~")
    return signs


def _keep_removed(values: dict[str, Value], changes: Changes) -> None:
    """A key removed here is still shown here, with its last value."""
    for key in changes.removed:
        values.setdefault(key, None)


def _advance(values: dict[str, Value], changes: Changes, kept: frozenset[str]) -> None:
    whole, inner = _split(changes)
    before = {key: values[key] for key in whole.removed if key in kept and key in values}
    apply(values, whole)
    values |= before
    for path, value in (*inner.added.items(), *((path, new) for path, (_old, new) in inner.changed.items())):
        _set_inside(values, path, value)
    for path in reversed(inner.removed):
        _remove_inside(values, path)


def _split(changes: Changes) -> tuple[Changes, Changes]:
    """Changes of whole keys, and those inside values."""

    def part(inside: bool) -> Changes:
        return Changes(
            {key: value for key, value in changes.added.items() if bool(_INNER.fullmatch(key)) is inside},
            {key: pair for key, pair in changes.changed.items() if bool(_INNER.fullmatch(key)) is inside},
            [key for key in changes.removed if bool(_INNER.fullmatch(key)) is inside],
        )

    return part(False), part(True)


def _set_inside(values: dict[str, Value], path: str, value: Value) -> None:
    base, item = _parts(path)
    container = values.get(base)
    if isinstance(container, list) and isinstance(item, int):
        grown = list(container)
        grown[item : item + 1] = [value]
        values[base] = grown
    elif isinstance(container, dict) and isinstance(item, str):
        values[base] = {**container, item: value}
    else:  # a base that was never seen: the path is all that is known
        values[path] = value


def _remove_inside(values: dict[str, Value], path: str) -> None:
    base, item = _parts(path)
    container = values.get(base)
    if isinstance(container, list) and isinstance(item, int):
        values[base] = container[:item] + container[item + 1 :]
    elif isinstance(container, dict):
        values[base] = {key: value for key, value in container.items() if key != item}
    values.pop(path, None)


def _parts(path: str) -> tuple[str, int | str]:
    match = _INNER.fullmatch(path)
    if match is None:
        return path, ""
    item = match["item"]
    return match["base"], int(item) if item.isdigit() else item[1:-1]


def _name(journey: Journey) -> str:
    return {"wsgi": "environ", "asgi": "scope"}.get(journey.interface or "", "")


def _foldable(journey: Journey, mapping: Mapping) -> dict[str, None]:
    """The variables of the process that nobody touched after the server copied them."""
    return {
        key: None
        for key in mapping.values
        if journey.origins.get(key) == PROCESS and mapping.signs.get(key, "+") == "+"
    }


def _fold(journey: Journey, count: int, sign: Sign) -> EnvironLine:
    if journey.server:
        words = plural(
            "{n} variabile del processo, copiata da {server}",
            "{n} variabili del processo, copiate da {server}",
            count,
        ).format(n=count, server=visible(journey.server, 40))
    else:
        words = plural("{n} variabile del processo", "{n} variabili del processo", count).format(n=count)
    return EnvironLine(sign, words, "", folded=count)


def _line(journey: Journey, mapping: Mapping, names: dict[str, list[Span]], key: str, value: Value) -> EnvironLine:
    origin = journey.origins.get(key)
    return EnvironLine(
        sign=mapping.signs.get(key, ""),
        key=visible(key, _KEY_LIMIT),
        value=shown(value),
        type=kind(value),
        origin=origin_words(origin, names.get(key, [])),
        spans=_spans(origin),
        names=tuple(names.get(key, [])),
        whole=value,
    )


def _items(
    journey: Journey, mapping: Mapping, names: dict[str, list[Span]], key: str, value: Value
) -> Iterator[EnvironLine]:
    if isinstance(value, list):
        for index, item in enumerate(value):
            line = _line(journey, mapping, names, f"{key}[{index}]", item)
            added = mapping.signs.get(key) == "+"
            yield msgspec.structs.replace(line, inner=True, sign="+" if added else line.sign)


def _spans(origin: Origin | None) -> tuple[Span, ...]:
    return () if origin is None or isinstance(origin, str) else tuple((start, end) for start, end in origin)


def origin_words(origin: Origin | None, names: list[Span] | tuple[Span, ...] = ()) -> str:
    """«byte 35–48 (nome 29–32)», «server»: ranges as one counts them, both ends included."""
    if origin is None:
        return ""
    if isinstance(origin, str):
        return _short_origins().get(origin, visible(origin, 40))
    words = _("byte {ranges}").format(ranges=_ranges(origin))
    if names:
        words += " " + _("(nome {ranges})").format(ranges=_ranges(names))
    return words


_MANY_RANGES = 3


def _ranges(spans: list[Span] | tuple[Span, ...]) -> str:
    said = [f"{start}–{end - 1}" if end - start > 1 else str(start) for start, end in spans[:_MANY_RANGES]]
    return ", ".join(said) + ("…" if len(spans) > _MANY_RANGES else "")


def _short_origins() -> dict[str, str]:
    return {
        "socket": _("socket"),
        "server": _("server"),
        PROCESS: _("processo"),
        "middleware": _("oltre il Ponte"),
    }


_Frozen = tuple[tuple[str, str | tuple[Span, ...]], ...]


def _frozen(origins: dict[str, Origin]) -> _Frozen:
    return tuple(
        (key, value if isinstance(value, str) else tuple((start, end) for start, end in value))
        for key, value in origins.items()
    )


@lru_cache(16)
def _names(request: bytes, origins: _Frozen) -> dict[str, list[Span]]:
    """Reading a head again at each step of the same journey would cost more than the rest together."""
    return header_names(request, {key: value if isinstance(value, str) else list(value) for key, value in origins})
