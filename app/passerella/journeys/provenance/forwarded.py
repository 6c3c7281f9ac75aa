"""Keys that come from the fields of a proxy in front, where the peer is trusted (127.0.0.1 is, by default)."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from passerella.journeys.model import Span
from passerella.journeys.provenance.context import Context
from passerella.journeys.provenance.notation import Candidate

# gunicorn's secure_scheme_headers.
_SECURE = {"x-forwarded-protocol": b"ssl", "x-forwarded-proto": b"https", "x-forwarded-ssl": b"on"}
# uvicorn's ProxyHeadersMiddleware.
_SCHEMES = frozenset(("http", "https", "ws", "wss"))
_TRUSTED = frozenset(("127.0.0.1",))
_DEFAULT_SCHEMES = {"websocket": "ws"}


class _Hop(NamedTuple):
    """An address of X-Forwarded-For."""

    host: str
    port: int
    span: Span


def url_scheme(context: Context) -> Iterable[Candidate]:
    """gunicorn's wsgi.url_scheme. A field that says ``http`` says what would be true without it: it gives nothing."""
    secure = [field for field in context.fields[0] if _SECURE.get(field.name) == field.value]
    if secure:
        yield Candidate("https", [span for field in secure for span in field.spans])


def script_name(context: Context) -> Iterable[Candidate]:
    """The field ``SCRIPT_NAME``, that gunicorn believes."""
    for field in reversed(context.named("script_name")):
        if field.value:
            yield Candidate(field.value.decode("latin-1"), field.spans)
        return


def scheme(context: Context) -> Iterable[Candidate]:
    """uvicorn's scheme: the last X-Forwarded-Proto, when it changes anything."""
    kind = context.values.get("type")
    default = _DEFAULT_SCHEMES.get(kind, "http") if isinstance(kind, str) else "http"
    for field in context.named("x-forwarded-proto")[-1:]:
        said = field.value.decode("latin-1").strip()
        if said in _SCHEMES:
            value = said.replace("http", "ws") if kind == "websocket" else said
            if value != default:
                yield Candidate(value, field.spans)


def client(context: Context) -> Iterable[Candidate]:
    """uvicorn's client: the last address that is no trusted proxy, else the first one."""
    hops = list(_hops(context))
    untrusted = [hop for hop in reversed(hops) if hop.host not in _TRUSTED]
    for hop in [*untrusted, *hops[:1]]:
        yield Candidate({"tuple": [hop.host, hop.port]}, [hop.span])


def _hops(context: Context) -> Iterator[_Hop]:
    for field in context.named("x-forwarded-for"):
        if len(field.spans) != 1:
            continue
        start, end = field.spans[0]
        for member in context.text((start, end)).split(","):
            text = member.strip()
            at = start + member.find(text)
            if text:
                yield _Hop(*_host_port(text), (at, at + len(text)))
            start += len(member) + 1


def _host_port(text: str) -> tuple[str, int]:
    """``host``, ``host:port``, ``[v6]``, ``[v6]:port``; anything else is a host as it stands."""
    if text.startswith("["):
        host, bracket, port = text[1:].partition("]")
        if not bracket or (port and not port.startswith(":")):
            return text, 0
        number = _port(port[1:])
        return host, 0 if number is None else number
    if text.count(":") == 1:
        host, _, port = text.partition(":")
        number = _port(port)
        return (text, 0) if number is None else (host, number)
    return text, 0


def _port(text: str) -> int | None:
    try:
        return int(text)
    except ValueError:
        return None
