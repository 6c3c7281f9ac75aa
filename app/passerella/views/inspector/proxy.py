"""«Proxy: differenze»: what the web server in front changed on the way, and how long each hop took."""

from collections.abc import Callable, Sequence

import msgspec

from passerella.journeys.differences import (
    Difference,
    HopTimes,
    Kind,
    hop_times,
    request_differences,
    response_differences,
)
from passerella.journeys.model import Journey, Span
from passerella.language import _
from passerella.views.numbers import duration
from passerella.views.visible import visible

_VALUE = 120
_SAME = "same"


class ProxyLine(msgspec.Struct, frozen=True):
    """One difference, or one thing that stayed as it was.

    :ivar sign: ``~`` changed, ``+`` added, ``−`` removed, ``↕`` moved, or a blank.
    :ivar text: the difference in words, one line.
    :ivar near_spans: its bytes on the client's hop; ``far_spans``, on the app's.
    """

    sign: str
    name: str
    text: str
    near_spans: tuple[Span, ...] = ()
    far_spans: tuple[Span, ...] = ()


class ProxyView(msgspec.Struct, frozen=True):
    """The two messages compared, differences first.

    :ivar title: «Proxy: differenze».
    :ivar about: what must be known of the comparison: uncertain, rebuilt, the app never reached.
    :ivar times: how long each hop took, name and duration.
    """

    title: str
    about: tuple[str, ...]
    request: tuple[ProxyLine, ...]
    response: tuple[ProxyLine, ...]
    times: tuple[tuple[str, str], ...]


def proxy_view(journey: Journey, *, everything: bool = True) -> ProxyView | None:
    """None when there is no web server in front. ``everything``: with what stayed the same, after what did not."""
    if not journey.front:
        return None
    return ProxyView(
        _("Proxy: differenze"),
        tuple(_about(journey)),
        tuple(_lines(request_differences(journey), _requested, everything)),
        tuple(_lines([_turned(each) for each in response_differences(journey)], _answered, everything)),
        tuple(_times(hop_times(journey))),
    )


def _lines(found: Sequence[Difference], tell: Callable[[Difference], str], everything: bool) -> list[ProxyLine]:
    return [
        ProxyLine(_SIGNS[each.kind], _name(each), tell(each), each.near_spans, each.far_spans)
        for each in found
        if everything or each.kind != _SAME
    ]


_SIGNS = {"changed": "~", "added": "+", "removed": "−", "moved": "↕", _SAME: " "}


def _name(found: Difference) -> str:
    if found.part == "field":
        return visible(found.name, 60)
    names = {
        "method": _("metodo"),
        "target": _("percorso"),
        "version": _("versione"),
        "status": _("stato"),
        "reason": _("frase"),
    }
    return names.get(found.name) or (_("ordine") if found.part == "order" else _("corpo"))


def _requested(found: Difference) -> str:
    return _told(found, found.near, found.far)


def _answered(found: Difference) -> str:
    return _told(found, found.far, found.near)


def _turned(found: Difference) -> Difference:
    """On the way back what the app sent comes first: what is only there was removed."""
    kind = _TURNED.get(found.kind)
    return msgspec.structs.replace(found, kind=kind) if kind is not None else found


_TURNED: dict[Kind, Kind] = {"added": "removed", "removed": "added"}


def _told(found: Difference, before: str, after: str) -> str:
    name = _name(found)
    old, new = visible(before, _VALUE), visible(after, _VALUE)
    if found.part == "body":
        return _("corpo: da {before} a {after}").format(before=_framing(before), after=_framing(after))
    if found.kind == "moved":
        return _("intestazioni in un altro ordine: {order}").format(order=new)
    sentences = {
        "changed": _("{name}: da «{before}» a «{after}»"),
        "added": _("{name}: aggiunta, «{after}»"),
        "removed": _("{name}: tolta, era «{before}»"),
        _SAME: _("{name}: com'era, «{after}»"),
    }
    return sentences[found.kind].format(name=name, before=old, after=new)


def _framing(word: str) -> str:
    words = {"chunked": _("pezzi (chunked)"), "length": _("lunghezza dichiarata"), "none": _("senza lunghezza")}
    return words.get(word) or _("{n} byte").format(n=visible(word, 20))


def _about(journey: Journey) -> list[str]:
    said = []
    if journey.upstream is None:
        if journey.complete and journey.interface is None:
            said.append(_("Il server dell'app non ha ricevuto niente: ha risposto il proxy."))
    elif journey.upstream.uncertain:
        said.append(
            _(
                "L'abbinamento fra le due richieste è incerto: il proxy ne ha inoltrate altre che non si "
                "distinguono da questa, e quella ricevuta dall'app può essere una di quelle."
            )
        )
    if journey.rebuilt:
        said.append(
            _(
                "I byte del client non si vedono: la richiesta è ricostruita dalle righe che il proxy "
                "ha scritto nel suo registro."
            )
        )
    return said


def _times(times: HopTimes) -> list[tuple[str, str]]:
    told = (
        (_("nel proxy, prima di inoltrare"), times.before),
        (_("nell'app, fino alla sua prima riga"), times.app),
        (_("dalla risposta dell'app all'ultimo byte per il client"), times.after),
    )
    return [(name, duration(took)) for name, took in told if took is not None]
