"""What helps to write a filter: the table of its terms, and the ends of the one being written."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from passerella.journeys.model import Journey
from passerella.language import _
from passerella.views.filter import term_at
from passerella.views.filter_fields import FIELDS
from passerella.views.visible import visible

MOST = 6
_READ = 500  # journeys in which values are looked for: the newest are the ones on the screen


class Completion(NamedTuple):
    """``text`` in place of what is between ``start`` and ``end``."""

    text: str
    about: str
    start: int
    end: int

    def applied(self, query: str) -> str:
        return query[: self.start] + self.text + query[self.end :]


def grammar() -> list[tuple[str, str]]:
    """Each form of a term and its meaning."""
    forms = [example for field in FIELDS.values() for example in field.examples()]
    return [
        *forms,
        (_("caffè"), _("il testo sta nel metodo, nell'indirizzo o nello stato")),
        (_('"due parole"'), _("le virgolette tengono insieme gli spazi")),
        (_("-stato:200"), _("con - davanti, il contrario")),
        (_("metodo:POST stato:5xx"), _("più termini: valgono tutti insieme")),
    ]


def completions(query: str, position: int, journeys: Sequence[Journey]) -> list[Completion]:
    """How the term at ``position`` can go on; ``journeys``, the newest first, give the values."""
    term = term_at(query, position)
    if term is None:
        return _fields("", position, position)
    if term["field"] is None:
        start = term.start() + len(term["not"] or "")
        return _fields(query[start:position], start, term.end())
    field = FIELDS.get(term["field"].casefold())
    if field is None or term["operator"] not in field.operators:
        return []
    typed = query[term.start("value") : position].casefold()
    found = (value for value in field.values(journeys[:_READ]) if _goes_on(value, typed))
    return [Completion(_quoted(value), "", term.start("value"), term.end()) for value in _first(found)]


def _fields(typed: str, start: int, end: int) -> list[Completion]:
    found = (name for name in FIELDS if _goes_on(name, typed.casefold()))
    return [Completion(name + FIELDS[name].operators[0], _example(name), start, end) for name in _first(found)]


def _example(name: str) -> str:
    return "  ".join(form for form, _meaning in FIELDS[name].examples()[:2])


def _goes_on(value: str, typed: str) -> bool:
    return value.casefold().startswith(typed) and value.casefold() != typed


def _first(found: Iterable[str]) -> list[str]:
    return [value for value, _place in zip(found, range(MOST), strict=False)]


def _quoted(value: str) -> str:
    shown = visible(value.replace('"', ""), 80)
    return f'"{shown}"' if " " in shown else shown
