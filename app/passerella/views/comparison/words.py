"""What the parts of a comparison are called, and their cells as text that is ready to be shown."""

from passerella.journeys.comparison import PROCESS_VARIABLES, Aligned, Cell, Comparison, Facet
from passerella.journeys.comparison.mapping import ORDER as ORDER_OF_SCOPE
from passerella.journeys.comparison.response import BODY, CHUNKS, FRAMING, INTERIM, ORDER, STATUS
from passerella.journeys.model import Step
from passerella.language import _, plural
from passerella.texts import direction, station_title
from passerella.views.details import detail
from passerella.views.numbers import duration
from passerella.views.rows import title
from passerella.views.values import items, shown, text_of
from passerella.views.visible import visible

ABSENT = "—"
_NAME = 80


def topic(facet: Facet) -> str:
    """«PATH_INFO», «Content-Type», «riga di stato»."""
    said = _topics().get(facet.topic)
    if said is not None:
        return said
    if facet.where == "response":
        return visible(next((cell.name for cell in facet.cells if cell is not None), facet.topic), _NAME)
    return visible(facet.topic, _NAME)


def cell_text(facet: Facet, column: int, limit: int = 200) -> str:
    """What one journey has; «—» where it has nothing."""
    cell = facet.cells[column]
    if cell is None:
        instead = facet.instead[column] if facet.instead else ""
        return _("si chiama {name}").format(name=instead) if instead else ABSENT
    return _value(facet, cell, limit)


def _value(facet: Facet, cell: Cell, limit: int) -> str:
    if facet.topic == PROCESS_VARIABLES:
        return plural("{n} variabile", "{n} variabili", cell.value).format(n=cell.value)
    if facet.topic == FRAMING:
        return _framings().get(cell.value, visible(str(cell.value)))
    if facet.topic in (ORDER, INTERIM, CHUNKS, ORDER_OF_SCOPE):
        return visible(", ".join(map(text_of, items(cell.value))), limit)
    if facet.topic == STATUS:
        return visible(text_of(cell.value), limit)
    if facet.where == "response" and facet.topic != BODY:
        return _header(facet, cell, limit)
    value = shown(cell.value, limit)
    return f"{visible(cell.name, _NAME)} = {value}" if cell.name not in (facet.topic, "") else value


def _header(facet: Facet, cell: Cell, limit: int) -> str:
    """The name too, where it is not written in the same way by all."""
    said = items(cell.value)
    value = visible(" | ".join(map(text_of, said)) if said else text_of(cell.value), limit)
    names = {each.name for each in facet.cells if each is not None}
    return f"{visible(cell.name, _NAME)}: {value}" if len(names) > 1 else value


def place_title(row: Aligned) -> str:
    """«Ponte, andata»."""
    return f"{station_title(row.station)}, {direction(row.direction).label}"


def step_title(row: Aligned) -> str:
    """What the step is called by the first journey that has it: «environ», «middleware Barista»."""
    steps = next((steps for steps in row.steps if steps), ())
    named = title(steps[:1]) if steps else visible(row.name, _NAME)
    return f"{named} {visible(row.identity, _NAME)}" if row.identity else named


def step_cell(comparison: Comparison, row: Aligned, column: int) -> str:
    """«2,6 ms · 25 chiavi»; «posto 2 · 2,6 ms» where the order is not the same; «—» where the journey has no such step."""
    steps = row.steps[column]
    if not steps:
        return ABSENT
    own = title(steps)
    said = [rank(row, column)] if row.moved else []
    said.append(moment(comparison, column, steps[0]))
    if own != step_title(row) and not row.identity:
        said.append(own.removeprefix(step_title(row)).strip())
    more = detail(steps)
    return " · ".join([*said, more] if more and more != row.identity else said)


def rank(row: Aligned, column: int) -> str:
    """«posto 2»: which one of that journey's steps at this place."""
    return _("posto {n}").format(n=row.ranks[column])


def moment(comparison: Comparison, column: int, step: Step) -> str:
    """When the step happened, counted from the journey's beginning, time held left out."""
    journey = comparison.journeys[column]
    return duration(max(0, step.t - journey.started - journey.held_by(step.t)))


def mapping_name(comparison: Comparison) -> str:
    """«environ», «scope», «environ e scope»."""
    if comparison.mixed:
        return _("environ e scope")
    interfaces = {journey.interface for journey in comparison.journeys}
    return "scope" if interfaces == {"asgi"} else "environ"


def reasons() -> dict[str, str]:
    """Why it was to be expected that a value is not the same."""
    return {
        "port": _("porte, che cambiano a ogni avvio"),
        "time": _("l'ora"),
        "identity": _("oggetti dello stesso tipo, ognuno del suo processo"),
    }


def caution() -> str:
    return _(
        "I tempi sono di un viaggio solo, osservato dalla sonda: dicono l'ordine delle cose, non chi è più veloce."
    )


def _topics() -> dict[str, str]:
    return {
        PROCESS_VARIABLES: _("variabili del processo"),
        STATUS: _("riga di stato"),
        INTERIM: _("risposte provvisorie"),
        ORDER: _("ordine delle intestazioni"),
        ORDER_OF_SCOPE: _("ordine di headers"),
        FRAMING: _("fine del corpo"),
        CHUNKS: _("byte dei pezzi"),
        BODY: _("corpo"),
    }


def _framings() -> dict[str, str]:
    return {
        "none": _("non c'è corpo"),
        "length": _("la dice Content-Length"),
        "chunked": _("a pezzi (chunked)"),
        "close": _("alla chiusura della connessione"),
    }
