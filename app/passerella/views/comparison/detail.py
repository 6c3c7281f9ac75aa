"""One line of a comparison in full: what it is about, and all that each journey has of it."""

import contextlib
from collections.abc import Iterator
from typing import Literal

import msgspec

from passerella.journeys.comparison import Aligned, Comparison, Facet
from passerella.journeys.model import Step
from passerella.language import _
from passerella.texts import direction, key_text, station, step_text
from passerella.views.comparison.lines import Line
from passerella.views.comparison.words import caution, cell_text, moment, place_title, reasons, step_title
from passerella.views.details import detail as few_words
from passerella.views.inspector.explanation import where
from passerella.views.numbers import duration
from passerella.views.rows import title
from passerella.views.values import shown
from passerella.views.visible import visible

_LONG = 1000
_KEY = 60
_CHANGES = 12


class Detail(msgspec.Struct, frozen=True):
    """``columns``: for each journey, what there is to read, a line at a time; ``more``, what may be long."""

    title: str
    text: str
    reference: str
    columns: tuple[tuple[str, ...], ...]
    more: tuple[tuple[str, ...], ...]


def detail(comparison: Comparison, line: Line) -> Detail:
    """All there is to say of ``line``."""
    columns = range(len(comparison.journeys))
    nothing = tuple(() for _column in columns)
    if line.row is not None:
        row = line.row
        steps = tuple(tuple(_step(comparison, row, column)) for column in columns)
        changes = tuple(tuple(_changes(row.steps[column])) for column in columns)
        return Detail(f"{place_title(row)} · {step_title(row)}", *_about_step(row), steps, changes)
    if line.facet is not None:
        facet = line.facet
        values = tuple((cell_text(facet, column, _LONG),) for column in columns)
        return Detail(line.name, *_about_facet(comparison, facet), values, nothing)
    if line.kind == "title":
        return Detail(line.name, _parts().get(line.part, ""), "", nothing, nothing)
    return Detail(line.name, caution(), "", tuple((text,) for text in line.cells), nothing)


def _about_step(row: Aligned) -> tuple[str, str]:
    first = next((steps[0] for steps in row.steps if steps), None)
    order = _("Qui i viaggi passano in un altro ordine.") + " " if row.moved else ""
    if first is not None:
        with contextlib.suppress(KeyError):
            found = step_text(first.name, first.landmark)
            return order + found.text, found.reference
    return order + f"{station(row.station).text} {direction(row.direction).text}", ""


def _about_facet(comparison: Comparison, facet: Facet) -> tuple[str, str]:
    said, reference = _kinds().get(facet.kind, ""), ""
    if facet.interface:
        said = _("Ce l'hanno tutte le applicazioni {interface}: l'altra interfaccia non lo prevede.").format(
            interface=facet.interface.upper()
        )
    elif facet.kind == "rewritten":
        said = _rewritten()[facet.reason]
    elif facet.kind == "expected":
        said = _("Diverso, ma era da aspettarselo: {reason}.").format(reason=reasons().get(facet.reason, ""))
    if facet.at is not None:
        said += " " + _("Il primo byte diverso è il numero {n}.").format(n=facet.at)
    if facet.where != "response":
        found = key_text(_spoken(comparison, facet), facet.topic)
        said, reference = f"{said} {found.text}", found.reference
    return said, reference


def _spoken(comparison: Comparison, facet: Facet) -> Literal["wsgi", "asgi"]:
    """The words in which the topic is: those of the first journey that calls it so."""
    for cell, journey in zip(facet.cells, comparison.journeys, strict=True):
        if cell is not None and (not comparison.mixed or cell.name == facet.topic):
            return "asgi" if journey.interface == "asgi" else "wsgi"
    return "wsgi"


def _kinds() -> dict[str, str]:
    return {
        "different": _("Tutti ce l'hanno, ma non uguale."),
        "only": _("Qualcuno non ce l'ha."),
        "equal": _("Uguale per tutti."),
    }


def _parts() -> dict[str, str]:
    """What each part of the table holds."""
    return {
        "mapping": _("Le chiavi con cui il server chiama l'app: quelle che non sono uguali per tutti."),
        "rewritten": _("Ciò che environ e scope dicono con altri nomi, altri tipi o altre lettere."),
        "response": _("Ciò che i server hanno scritto al client: riga di stato, intestazioni, corpo."),
        "times": _("Contato dal primo byte letto dal server.") + " " + caution(),
        "interface": _("Chiavi che esistono in un'interfaccia sola: tutte le applicazioni di quel tipo le hanno."),
        "beyond": _("Chiavi che il server non ha scritto: le aggiungono middleware e framework, prima della vista."),
        "steps": _("Gli stessi passi sulla stessa riga. Con ← e → vai da uno all'altro."),
        "places": _("Quanto tempo ogni viaggio è rimasto in una stazione.") + " " + caution(),
        "expected": _("Differenze che ogni viaggio ha con ogni altro: porte, ore, identità degli oggetti."),
        "equal": _("Ciò che è lo stesso in tutti i viaggi."),
    }


def _rewritten() -> dict[str, str]:
    return {
        "name": _("La stessa cosa, con un altro nome."),
        "type": _("La stessa cosa, con un altro tipo."),
        "case": _("La stessa intestazione: maiuscole e minuscole del nome non contano."),
    }


def _step(comparison: Comparison, row: Aligned, column: int) -> Iterator[str]:
    steps = row.steps[column]
    if not steps:
        yield _("questo passo qui non c'è")
        return
    first, more = steps[0], few_words(steps)
    yield f"{title(steps)} · {more}" if more else title(steps)
    lasted = _lasted(comparison, column, first)
    said = [
        _("a {time}").format(time=moment(comparison, column, first)),
        _("durata {time}").format(time=duration(lasted)) if lasted is not None else "",
        _("thread {name}").format(name=visible(first.thread, _KEY)) if first.thread else "",
    ]
    yield " · ".join(part for part in said if part)
    if where(first):
        yield where(first)


def _lasted(comparison: Comparison, column: int, step: Step) -> int | None:
    """From the entry of the call to its exit, time held left out."""
    if step.pair is None:
        return None
    steps = comparison.journeys[column].steps
    if max(step.n, step.pair) > len(steps):
        return None
    first, last = (steps[n - 1] for n in sorted((step.n, step.pair)))
    return max(0, last.t - first.t - sum(each.held_by(last.t) for each in steps[first.n - 1 : last.n]))


def _changes(steps: tuple[Step, ...]) -> Iterator[str]:
    said = [line for step in steps if step.changes is not None for line in _signed(step)]
    yield from said[:_CHANGES]
    if len(said) > _CHANGES:
        yield _("… e altre {n} chiavi").format(n=len(said) - _CHANGES)


def _signed(step: Step) -> Iterator[str]:
    assert step.changes is not None
    for key, value in step.changes.added.items():
        yield f"+ {visible(key, _KEY)} = {shown(value, _KEY)}"
    for key, (_old, new) in step.changes.changed.items():
        yield f"~ {visible(key, _KEY)} = {shown(new, _KEY)}"
    for key in step.changes.removed:
        yield f"− {visible(key, _KEY)}"
