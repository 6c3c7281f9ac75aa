"""One byte of a request or of a response: which keys it gave, or which code wrote it."""

from collections.abc import Sequence

import msgspec

from passerella.journeys.model import Journey, Span, Step
from passerella.journeys.provenance import header_names, keys_at
from passerella.journeys.request_head import Head, read_head
from passerella.language import _
from passerella.probe.vocabulary import CLIENT, GATEWAY, OUTBOUND, PROXY
from passerella.texts import station_title
from passerella.views.inspector.bytes import character
from passerella.views.inspector.environ import EnvironLine
from passerella.views.inspector.explanation import Explanation, key_explanation, where
from passerella.views.rows import title
from passerella.views.visible import visible

_HEAD = 128 * 1024
_LINE_ENDS = b"\r\n"


class OneByte(msgspec.Struct, frozen=True):
    """What is known of a byte.

    :ivar name: the key that it gave, or the step that wrote it; empty when there is none.
    :ivar spans: the bytes that belong with it.
    """

    name: str
    spans: tuple[Span, ...]
    about: Explanation


def byte_of_request(journey: Journey, lines: Sequence[EnvironLine], position: int, hop: int | None = None) -> OneByte:
    """``lines`` are the keys that there are at the row in sight; ``hop``, on which connection the byte is.

    With a web server in front, keys come from what the app's server received, which is not what the client sent.
    """
    request = _request(journey, hop, bool(lines))
    if request is not journey.request and position >= len(request):
        request = journey.request
    if journey.upstream is not None and request is journey.request:
        span, text = _part(journey, request, position, forwarded=True)
        return OneByte("", (span,), Explanation(_title(request, position), text))
    names = header_names(journey.origin_request[:_HEAD], journey.origins)
    given = keys_at(journey.origins, position, names)
    shown = {line.key: line for line in lines}
    key = next(iter(given), "")
    if not key:
        span, text = _part(journey, request, position)
        return OneByte("", (span,), Explanation(_title(request, position), text))
    line = shown.get(key)
    if line is None:
        text = _("Da questo byte verrà la chiave {key}: qui non c'è ancora.").format(key=visible(key, 120))
        about = Explanation(_title(request, position), text)
    else:
        about = key_explanation(journey, line)
    origin = journey.origins[key]
    spans = [] if isinstance(origin, str) else [(start, end) for start, end in origin]
    return OneByte(visible(key, 120), (*spans, *names.get(key, ())), about)


def byte_of_response(journey: Journey, position: int, hop: int | None = None) -> OneByte:
    """The step that wrote it, and the calls inside which it did; ``hop``, on which connection the byte is."""
    response = _response(journey, position, hop)
    step = _writer(journey, position) if journey.upstream is None or response is journey.upstream.response else None
    if step is None or step.bytes is None:
        text = _("Non si sa quale passo ha scritto questo byte.")
        return OneByte("", (), Explanation(_title(response, position), text))
    span = (step.bytes.start, step.bytes.end)
    text = _("I byte da {first} a {last} della risposta sono partiti insieme: {step}.").format(
        first=span[0], last=span[1] - 1, step=_named(step)
    )
    calls = _calls_around(journey, step)
    inner = next((call for call in calls if call.source is not None), None)
    if inner is not None and inner.source is not None:
        text += " " + _("Li ha scritti {name}.").format(name=visible(inner.source.name or inner.landmark, 80))
    bridge = next((call for call in calls if call.station == GATEWAY), None)
    if bridge is not None:
        text += " " + _("Succede dentro «{step}».").format(step=_named(bridge))
    about = Explanation(_title(response, position), text, where=where(inner or step))
    return OneByte(_named(step), (span,), about)


def _writer(journey: Journey, position: int) -> Step | None:
    return next(
        (
            step
            for step in journey.steps
            if step.direction == OUTBOUND
            and step.station not in (CLIENT, PROXY)
            and step.bytes is not None
            and step.bytes.start <= position < step.bytes.end
        ),
        None,
    )


def _calls_around(journey: Journey, inside: Step) -> list[Step]:
    """The calls of the same thread that were open then, the innermost first."""
    return [
        step
        for step in reversed(journey.steps[: inside.n - 1])
        if step.pair is not None and step.pair > inside.n and (step.pid, step.tid) == (inside.pid, inside.tid)
    ]


def _named(step: Step) -> str:
    return f"{station_title(step.station)} · {title([step])}"


def _title(data: bytes | bytearray, position: int) -> str:
    byte = data[position]
    return _("byte {n} · {hex} · {text}").format(n=position, hex=f"{byte:02x}", text=character(byte))


def _request(journey: Journey, hop: int | None, keys: bool) -> bytearray:
    """The request on that hop; where nobody says which, the client's as long as there are no keys."""
    if journey.upstream is None or hop == 1 or (hop is None and not keys):
        return journey.request
    return journey.upstream.request


def _response(journey: Journey, position: int, hop: int | None) -> bytearray:
    upstream = journey.upstream
    if upstream is None or hop == 1 or position >= len(upstream.response):
        return journey.response
    return upstream.response


def _part(journey: Journey, data: bytearray, position: int, *, forwarded: bool = False) -> tuple[Span, str]:
    """What a byte that gave no key is for."""
    request = bytes(data)
    if forwarded:
        return (position, position + 1), _(
            "È nella richiesta del client, che si ferma al proxy: le chiavi vengono da quella che il proxy inoltra."
        )
    head = read_head(request[:_HEAD])
    if head.end is not None and position >= head.end:
        text = _("È nel corpo: non finisce in nessuna chiave. L'applicazione lo legge da {door}.")
        door = "wsgi.input" if journey.interface == "wsgi" else "receive()"
        return (head.end, len(request)), text.format(door=door)
    if request[position] in _LINE_ENDS:
        return (position, position + 1), _(
            "È una fine di riga: separa le parti della richiesta, e non finisce in nessuna chiave."
        )
    for span, text in _named_parts(head, bool(journey.origins)):
        if span is not None and span[0] <= position < span[1]:
            return span, text
    return (position, position + 1), _(
        "È un separatore: serve a leggere la richiesta, e non finisce in nessuna chiave."
    )


def _named_parts(head: Head, built: bool) -> list[tuple[Span | None, str]]:
    nothing = _("Nessuna chiave, a questo server, viene da qui.")
    if not built:
        nothing = _("Quale chiave verrà da qui si sa al Ponte: il dizionario per l'app non c'è ancora.")
    parts: list[tuple[Span | None, str]] = [
        (head.method, _("È il metodo.")),
        (head.target, _("È il percorso con la sua query.")),
        (head.version, _("È la versione di HTTP.")),
    ]
    for header in head.headers:
        parts += [
            (header.name_span, _("È il nome di un'intestazione.")),
            *((line, _("È il valore di un'intestazione.")) for line in header.lines),
        ]
    return [(span, f"{text} {nothing}") for span, text in parts]
