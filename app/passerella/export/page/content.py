"""What the page shows, as plain data: everything comes from ``views``, and is text by now."""

import base64
from collections.abc import Callable, Mapping
from typing import Any, Generic, TypeVar

from passerella.journeys.model import Journey, Source
from passerella.language import _
from passerella.probe.vocabulary import DIRECTIONS
from passerella.texts import direction
from passerella.views.headings import heading
from passerella.views.inspector import (
    EnvironLine,
    Explanation,
    bytes_at,
    environ_lines,
    explanation,
    key_explanation,
    source_lines,
)
from passerella.views.map import Map, Node, map_at, places, spoken
from passerella.views.numbers import duration, milliseconds
from passerella.views.rows import LEVELS, Row, rows
from passerella.views.sentences import marks_sentence
from passerella.views.visible import visible

Lines = Callable[[str], Mapping[int, str]]  # the known lines of a file, by number

_AROUND = 30  # lines of code on each side of the one that is doing the step
_BITS = (("there", 1), ("reached", 2), ("passed", 4), ("here", 8))  # of a node; the script has the same


class Content:
    """Puts the page's data together; what many rows have in common is there once."""

    def __init__(self, journey: Journey, lines: Lines, about: str) -> None:
        self._journey = journey
        self._lines = lines
        self._about = about
        self._there = places([journey])
        self._keys = _Once[EnvironLine]()
        self._texts = _Once[str]()
        self._files = _Once[str]()
        self._wanted: dict[int, set[int]] = {}

    def data(self) -> dict[str, Any]:
        journey = self._journey
        levels = {str(level): [self._row(row) for row in rows(journey, level)] for level in LEVELS}
        lines = [self._key(line) for line in self._keys.items]
        return {
            "heading": heading(journey),
            "about": self._about,
            "stations": [node.title for node in map_at(None, journey).inbound],
            "levels": levels,
            "lines": lines,
            "texts": self._texts.items,
            "code": [self._code(index) for index in range(len(self._files.items))],
            "request": base64.b64encode(bytes(journey.request)).decode("ascii"),
            "response": base64.b64encode(bytes(journey.response)).decode("ascii"),
            "totals": {"request": journey.request_length, "response": journey.response_length},
            "words": _words(journey),
        }

    def _row(self, row: Row) -> dict[str, Any]:
        shown = map_at(row, self._journey, self._there)
        seen = bytes_at(self._journey, row)
        return {
            "label": row.label,
            "title": row.title,
            "detail": row.detail,
            "depth": row.depth,
            "time": duration(row.lasted) if row.lasted is not None else milliseconds(row.t),
            "marks": marks_sentence(row.marks),
            "error": bool(row.marks.error),
            "step": row.step.n,
            "covers": [step.n for step in row.covers],
            "map": _bits(shown),
            "spoken": spoken(shown),
            "keys": [self._keys.index(line) for line in environ_lines(self._journey, row)],
            "bytes": {"stream": "response" if seen.outbound else "request", "lit": [list(span) for span in seen.lit]},
            "source": self._source(row.step.source),
            "about": self._explained(explanation(self._journey, row)),
        }

    def _key(self, line: EnvironLine) -> dict[str, Any]:
        return {
            "sign": line.sign,
            "key": line.key,
            "value": line.value,
            "type": line.type,
            "origin": line.origin,
            "spans": [list(span) for span in line.spans],
            "names": [list(span) for span in line.names],
            "inner": line.inner,
            "folded": line.folded,
            "about": None if line.folded else self._explained(key_explanation(self._journey, line)),
        }

    def _explained(self, about: Explanation) -> dict[str, Any]:
        return {
            "title": about.title,
            "text": self._texts.index(about.text),
            "reference": about.reference,
            "where": about.where,
            "value": about.value,
            "facts": [list(fact) for fact in about.facts],
        }

    def _source(self, source: Source | None) -> dict[str, Any] | None:
        """The place in the code; of its path only as much as names the file in its library."""
        if source is None:
            return None
        index = self._files.index(source.path)
        self._wanted.setdefault(index, set()).add(source.line)
        return {"file": index, "line": source.line, "where": visible(f"{source.file}:{source.line}", 200)}

    def _code(self, index: int) -> list[tuple[int, str]] | None:
        """The lines around those that are wanted of a file; None when none is known."""
        known = self._lines(self._files.items[index])
        wanted = self._wanted[index]
        near = {each for line in wanted for each in range(line - _AROUND, line + _AROUND + 1)}
        numbers = sorted(near & known.keys())
        return [(number, source_lines([known[number]], 0)[0].text) for number in numbers] or None


_Item = TypeVar("_Item")


class _Once(Generic[_Item]):
    """Each item once, and then by its number."""

    def __init__(self) -> None:
        self.items: list[_Item] = []
        self._numbers: dict[str, int] = {}

    def index(self, item: _Item) -> int:
        number = self._numbers.setdefault(repr(item), len(self.items))
        if number == len(self.items):
            self.items.append(item)
        return number


def _bits(shown: Map) -> list[list[int]]:
    return [[_node(node) for node in line] for line in (shown.inbound, shown.outbound)]


def _node(node: Node) -> int:
    return sum(bit for name, bit in _BITS if getattr(node, name))


def _words(journey: Journey) -> dict[str, Any]:
    mapping = "scope" if journey.interface == "asgi" else "environ"
    return {
        "ways": [direction(way).label for way in DIRECTIONS],
        "map": _("Mappa"),
        "levels": [_("Stazioni"), _("Passi"), _("Tutti i passi")],
        "tabs": [mapping, _("byte"), _("codice"), _("spiegazione")],
        "signs": {"+": _("aggiunta qui"), "~": _("cambiata qui"), "−": _("tolta qui")},
        "streams": {"request": _("Richiesta · {n} byte"), "response": _("Risposta · {n} byte")},
        "kept": _("qui i primi {n}"),
        "seen": _("Che cosa c'è a questo passo"),
        "explanation": _("Che cosa succede qui"),
        "step": _("Passo {n} di {all}"),
        "before": _("← passo prima"),
        "after": _("passo dopo →"),
        "less": _("Meno dettaglio"),
        "more": _("Più dettaglio"),
        "all_bytes": _("Mostra tutti i byte"),
        "keys": _("← → passo · + − dettaglio · 1 2 3 4 {mapping}, byte, codice, spiegazione").format(mapping=mapping),
        "no_mapping": _("Qui {name} non c'è ancora: lo costruisce il server quando ha letto le intestazioni.").format(
            name=mapping
        ),
        "no_bytes": _("Qui non è ancora passato nessun byte."),
        "no_code": _("Questo passo non ha un punto nel codice: lo racconta il nostro client."),
        "code_missing": _("Le righe di questo file non ci sono nella registrazione."),
        "no_steps": _("Di questo viaggio non c'è nessun passo."),
    }
