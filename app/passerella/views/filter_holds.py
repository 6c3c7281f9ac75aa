"""A filter on what is to be held: it may ask only what is known when a journey comes to that station."""

from typing import NamedTuple

from passerella.language import _
from passerella.probe.vocabulary import GATEWAY, OUTBOUND, SERVER, SOCKET
from passerella.views.filter import Filter, FilterError, Term
from passerella.views.filter_fields import FIELDS, Known
from passerella.views.holding import place_title


class Wanted(NamedTuple):
    """The journeys to hold: empty, whichever."""

    method: str = ""
    path: str = ""


def wanted(asked: Filter, station: str, way: str) -> Wanted:
    """What the probe must look at.

    :raises FilterError: some term is not known there, or cannot be looked at while the journey goes.
    """
    found: dict[str, str] = {}
    for term in asked.terms:
        reason = _refusal(term, station, way)
        if not reason and term.field in found:
            reason = _("«{field}» c'è già: per fermare ne basta uno.").format(field=term.field)
        if reason:
            raise FilterError(reason, term.start, term.end)
        found[term.field] = term.value
    return Wanted(found.get("metodo", "").upper(), found.get("percorso", ""))


def _refusal(term: Term, station: str, way: str) -> str:
    """Why a journey cannot be held by ``term`` there; empty when it can."""
    place = place_title(station, way)
    if not term.field:
        return _(
            "Per scegliere chi fermare il testo libero non basta: scrivi «metodo:» o «percorso:», per esempio percorso:/ciao."
        )
    known = FIELDS[term.field].known
    if known is Known.END:
        return _(
            "A {place} «{field}» non si sa ancora: si sa solo quando il viaggio è finito. Qui puoi scrivere «metodo:» e «percorso:»."
        ).format(place=place, field=term.field)
    if known is Known.RESPONSE:
        return _response_refusal(term, place, way)
    if way != OUTBOUND and station in (SOCKET, SERVER):
        return _(
            "A {place} la richiesta non è ancora stata letta: «{field}» si sa dal {bridge} in poi. Ferma lì."
        ).format(place=place, field=term.field, bridge=place_title(GATEWAY, ""))
    if term.negated:
        return _("Una fermata non capisce il «-»: scrivi quello che vuoi fermare, non quello che vuoi lasciare.")
    if term.field == "percorso" and ("*" in term.value or not term.value.startswith("/")):
        return _("Per fermare serve il percorso intero, senza *: scrivi per esempio percorso:/ciao.")
    return ""


def _response_refusal(term: Term, place: str, way: str) -> str:
    if way == OUTBOUND:
        return _(
            "A {place} non posso scegliere per «{field}»: mentre la risposta passa, la sonda guarda solo metodo e percorso."
        ).format(place=place, field=term.field)
    return _(
        "A {place} «{field}» non si sa ancora: la risposta nasce dopo. Qui puoi scrivere «metodo:» e «percorso:»."
    ).format(place=place, field=term.field)
