"""Secrets in the values of steps, in the notation of :mod:`passerella.probe.freeze`."""

from passerella.events import Changes, Value
from passerella.recordings.masking.known import Known
from passerella.recordings.masking.names import is_secret
from passerella.recordings.masking.spans import joined, named_spans

_STAND_INS = (frozenset(("bytes",)), frozenset(("tuple",)))
_PAIR = 2


class Values:
    """Covers the secrets of values, and remembers them in ``known``."""

    def __init__(self, known: Known) -> None:
        self._known = known

    def masked(self, value: Value, name: str = "") -> Value:
        """``value``, which has this name, with its secrets covered."""
        if isinstance(value, str):
            return self.text(value, name)
        if isinstance(value, list):
            return self._list(value, name)
        if isinstance(value, dict):
            return self._dict(value, name)
        if isinstance(value, int | float) and not isinstance(value, bool) and is_secret(name):
            return "*" * len(str(value))
        return value

    def text(self, text: str, name: str = "") -> str:
        """A text of which this is the name."""
        if not text:
            return text
        told = named_spans(name, text)
        for start, end in told:
            self._known.add(text[start:end])
        repeated = self._known.spans(text)
        if not told and not repeated:
            return text
        for start, end in joined(iter((*told, *repeated))):
            text = f"{text[:start]}{'*' * (end - start)}{text[end:]}"
        return text

    def changes(self, changes: Changes) -> Changes:
        """What changed in ``environ`` or ``scope``."""
        return Changes(
            {self.text(key): self.masked(value, key) for key, value in changes.added.items()},
            {
                self.text(key): (self.masked(old, key), self.masked(new, key))
                for key, (old, new) in changes.changed.items()
            },
            [self.text(key) for key in changes.removed],
        )

    def _list(self, values: list[Value], name: str) -> list[Value]:
        """A list of two whose first is a name, as a header is, is a name and its value."""
        if len(values) == _PAIR:
            first = _text(values[0])
            if first is not None and is_secret(first):
                return [values[0], self.masked(values[1], first)]
        return [self.masked(value, name) for value in values]

    def _dict(self, value: dict[str, Value], name: str) -> dict[str, Value]:
        if value.keys() in _STAND_INS:
            return {key: self.masked(inner, name) for key, inner in value.items()}
        if value.keys() >= {"type", "id"}:  # an object that was not looked into, or a text that was cut
            return {key: self.masked(inner, name if key == "text" else "") for key, inner in value.items()}
        named = {"name", "value"} <= value.keys() and isinstance(value["name"], str) and is_secret(value["name"])
        outer = name if is_secret(name) else ""
        return {
            self.text(key): self.masked(inner, value["name"] if named and key == "value" else outer or key)
            for key, inner in value.items()
        }


def _text(value: Value) -> str | None:
    """A frozen str or bytes, as text."""
    if isinstance(value, dict) and value.keys() == _STAND_INS[0]:
        value = value["bytes"]
    return value if isinstance(value, str) else None
