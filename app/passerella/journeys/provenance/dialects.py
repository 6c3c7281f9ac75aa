"""The servers, one row each: how they make ``environ`` or ``scope`` out of a request."""

from collections.abc import Mapping

from passerella.journeys.provenance import forwarded, host_field
from passerella.journeys.provenance.context import Dialect
from passerella.journeys.provenance.environ_keys import mounted_script_name, path_info, path_translated
from passerella.journeys.provenance.fields import (
    Reading,
    all_headers,
    email_headers,
    emptied,
    glued,
    gunicorn_headers,
    headers_and_trailers,
    last_line,
    last_of_each,
    left_trimmed,
    listed,
    spaced,
    unfolded,
    verbatim,
    without_underscores,
)
from passerella.journeys.provenance.short_version import short_protocol, short_version
from passerella.journeys.provenance.targets import (
    after_scheme,
    as_collapsed_url,
    as_url,
    as_url_of_cheroot,
    at_question_mark,
    at_question_mark_collapsed,
    merged,
)

_SOCKET_KEYS = {"REMOTE_ADDR": "socket", "REMOTE_PORT": "socket", "SERVER_PORT": "socket"}
_SOCKET_SCOPE_KEYS = {"client": "socket", "server": "socket"}

_LISTENING = ("SERVER_ADDR", "mod_wsgi.listener_host", "mod_wsgi.listener_port")

# What wsgiref writes over the process' variables that it copied.
_WSGIREF_KEYS = frozenset(
    (
        "CONTENT_LENGTH",
        "CONTENT_TYPE",
        "GATEWAY_INTERFACE",
        "PATH_INFO",
        "QUERY_STRING",
        "REMOTE_ADDR",
        "REMOTE_HOST",
        "REQUEST_METHOD",
        "SCRIPT_NAME",
        "SERVER_NAME",
        "SERVER_PORT",
        "SERVER_PROTOCOL",
        "SERVER_SOFTWARE",
    )
)


def _nothing(key: str) -> bool:
    return False


def _all_but_its_own(key: str) -> bool:
    return key not in _WSGIREF_KEYS and not key.startswith("wsgi.")


_WSGIREF = Dialect(
    readings=(Reading(email_headers, verbatim), Reading(email_headers, left_trimmed)),
    divisions=(at_question_mark_collapsed,),
    separators=(b",",),
    words=_SOCKET_KEYS,
    derivations={},
    copies=_all_but_its_own,
)
_GUNICORN = Dialect(
    readings=(Reading(gunicorn_headers, spaced), Reading(all_headers, spaced)),  # the second: header_map=dangerous
    divisions=(as_url, after_scheme),
    separators=(b",",),
    words={**_SOCKET_KEYS, "SERVER_NAME": "socket", "gunicorn.socket": "socket"},
    derivations={"wsgi.url_scheme": forwarded.url_scheme, "SCRIPT_NAME": forwarded.script_name},
    copies={"SCRIPT_NAME"}.__contains__,
)
_WAITRESS = Dialect(
    readings=(Reading(without_underscores, glued),),
    divisions=(as_collapsed_url, after_scheme),
    separators=(b", ",),
    words={**_SOCKET_KEYS, "REMOTE_HOST": "socket"},
    derivations={},
    copies=_nothing,
    measures_chunks=True,
)
_ANY_WSGI = Dialect(
    readings=(Reading(all_headers, spaced), Reading(without_underscores, spaced)),
    divisions=(as_url, as_collapsed_url, at_question_mark, at_question_mark_collapsed),
    separators=(b",", b", ", b";", b"; "),
    words=_SOCKET_KEYS,
    derivations={},
    copies=_nothing,
    measures_chunks=True,
)
_GRANIAN = _ANY_WSGI._replace(  # it starts from the process' variables, as wsgiref does
    readings=(*_ANY_WSGI.readings, Reading(all_headers, emptied)),
    derivations={"SERVER_PROTOCOL": short_protocol},
    copies=_all_but_its_own,
)
_CHEROOT = _ANY_WSGI._replace(
    readings=(Reading(all_headers, listed), Reading(last_of_each, last_line)),
    divisions=(as_url_of_cheroot,),
    separators=(b", ",),
)
_MOD_WSGI = _ANY_WSGI._replace(
    divisions=(as_url, merged),
    words={"REMOTE_ADDR": "socket", "REMOTE_PORT": "socket", **dict.fromkeys(_LISTENING, "socket")},
    derivations={
        "SERVER_NAME": host_field.name,
        "SERVER_PORT": host_field.port,
        "SCRIPT_NAME": mounted_script_name,
        "mod_wsgi.script_name": mounted_script_name,
        "mod_wsgi.path_info": path_info,
        "PATH_TRANSLATED": path_translated,
    },
)
_UVICORN = Dialect(
    readings=(Reading(headers_and_trailers, unfolded), Reading(headers_and_trailers, left_trimmed)),  # h11, httptools
    divisions=(at_question_mark, as_url),
    separators=(),
    words=_SOCKET_SCOPE_KEYS,
    derivations={"scheme": forwarded.scheme, "client": forwarded.client},
    copies=_nothing,
)
_ANY_ASGI = _UVICORN._replace(derivations={})
_GRANIAN_ASGI = _ANY_ASGI._replace(derivations={"http_version": short_version})

_DIALECTS: Mapping[tuple[str, str], Dialect] = {
    ("wsgi", "wsgiref"): _WSGIREF,
    ("wsgi", "gunicorn"): _GUNICORN,
    ("wsgi", "waitress"): _WAITRESS,
    ("wsgi", "granian"): _GRANIAN,
    ("wsgi", "cheroot"): _CHEROOT,
    ("wsgi", "mod_wsgi"): _MOD_WSGI,
    ("asgi", "uvicorn"): _UVICORN,
    ("asgi", "granian"): _GRANIAN_ASGI,
}
_OTHERS: Mapping[str, Dialect] = {"wsgi": _ANY_WSGI, "asgi": _ANY_ASGI}


def dialect_of(interface: str, server: str) -> Dialect:
    """The row of ``server``; for one that has none, every usual way, to be compared."""
    return _DIALECTS.get((interface, server)) or _OTHERS[interface]
