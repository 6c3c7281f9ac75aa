"""Which bytes gave which key, on what each server was seen to build (the servers themselves are in another file)."""

from typing import Literal
from urllib.parse import unquote_to_bytes

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from passerella.events import Value
from passerella.journeys.model import Origin, Span
from passerella.journeys.provenance import header_names, keys_at, origins
from passerella.probe.vocabulary import TEXT_KEPT

Interface = Literal["wsgi", "asgi"]
SERVERS: list[tuple[Interface, str]] = [
    ("wsgi", "wsgiref"),
    ("wsgi", "gunicorn"),
    ("wsgi", "waitress"),
    ("wsgi", "granian"),
    ("asgi", "uvicorn"),
    ("asgi", ""),
]


def traced(
    request: bytes,
    mapping: dict[str, Value],
    server: str = "gunicorn",
    *,
    later: dict[str, Value] | None = None,
    process_keys: frozenset[str] = frozenset(),
) -> dict[str, Origin]:
    interface: Interface = "asgi" if server in ("uvicorn", "hypercorn") else "wsgi"
    return origins(request, mapping, interface=interface, server=server, process_keys=process_keys, later=later or {})


def given_by(request: bytes, origin: Origin) -> list[bytes] | str:
    """The bytes themselves, or the word."""
    return origin if isinstance(origin, str) else [request[start:end] for start, end in origin]


def one(request: bytes, key: str, value: Value, server: str = "gunicorn", **others: Value) -> list[bytes] | str:
    """What gave ``key`` when it is ``value``."""
    return given_by(request, traced(request, {**others, key: value}, server)[key])


def bytes_value(value: str) -> Value:
    return {"bytes": value}


def pair(name: str, value: str) -> Value:
    return {"tuple": [bytes_value(name), bytes_value(value)]}


GET = b"GET /ciao?nome=Ada HTTP/1.1\r\nHost: 127.0.0.1:8000\r\nX-Dup: a\r\nX-Dup: b\r\n\r\n"


def test_the_example_of_the_design() -> None:
    found = traced(
        GET, {"REQUEST_METHOD": "GET", "PATH_INFO": "/ciao", "QUERY_STRING": "nome=Ada", "HTTP_HOST": "127.0.0.1:8000"}
    )
    assert found == {
        "REQUEST_METHOD": [(0, 3)],
        "PATH_INFO": [(4, 9)],
        "QUERY_STRING": [(10, 18)],
        "HTTP_HOST": [(35, 49)],
    }
    assert header_names(GET, found) == {"HTTP_HOST": [(29, 33)]}


@pytest.mark.parametrize("server", ["wsgiref", "gunicorn", "waitress"])
def test_a_value_that_the_bytes_do_not_give_has_a_word(server: str) -> None:
    for key in ("REQUEST_METHOD", "PATH_INFO", "QUERY_STRING", "HTTP_HOST", "SERVER_PROTOCOL", "HTTP_X_DUP"):
        assert one(GET, key, "altro", server) == "server"
    assert one(GET, "REQUEST_METHOD", None, server) == "server"
    assert one(GET, "PATH_INFO", {"type": "pathlib.Path", "id": 7}, server) == "server"


@pytest.mark.parametrize(
    ("target", "value", "server", "expected"),
    [
        (b"/caff%C3%A8/a%2Fb", "/caff\xc3\xa8/a/b", "gunicorn", b"/caff%C3%A8/a%2Fb"),
        (b"/caff%C3%A8", "/caff\xe8", "gunicorn", None),
        (b"/100%", "/100%", "waitress", b"/100%"),
        (b"http://a.it/x?y#z", "/x", "gunicorn", b"/x"),
        (b"http://a.it/x?y#z", "http://a.it/x", "wsgiref", b"http://a.it/x"),
        (b"http://a.it/x?y#z", "/x", "wsgiref", None),
        (b"http://a.it", "", "waitress", b""),
        (b"/x#y", "/x", "gunicorn", b"/x"),
        (b"/x#y", "/x#y", "wsgiref", b"/x#y"),
        (b"///x//y", "/x//y", "wsgiref", b"/x//y"),
        (b"///x//y", "///x//y", "gunicorn", b"///x//y"),
        (b"///x//y", "/x//y", "waitress", b"/x//y"),
        (b"/%2F%2fx", "/x", "waitress", b"%2fx"),
        (b"/%2Fx", "//x", "wsgiref", b"/%2Fx"),
        (b"h.it:443", "443", "gunicorn", b"443"),
        (b"/caff\xe8", "/caff\xe8", "wsgiref", b"/caff\xe8"),
    ],
)
def test_path_info(target: bytes, value: str, server: str, expected: bytes | None) -> None:
    request = b"CONNECT " + target + b" HTTP/1.1\r\n\r\n"
    request = request.replace(b"CONNECT", b"GET") if b"443" not in target else request
    assert one(request, "PATH_INFO", value, server) == ("server" if expected is None else [expected])


def test_query_string_without_bytes_and_with_none() -> None:
    assert one(b"GET / HTTP/1.1\r\n\r\n", "QUERY_STRING", "") == "server"
    assert traced(b"GET /? HTTP/1.1\r\n\r\n", {"QUERY_STRING": ""})["QUERY_STRING"] == [(6, 6)]
    request = b"GET /a#b?c HTTP/1.1\r\n\r\n"
    assert one(request, "QUERY_STRING", "", "gunicorn") == "server"
    assert one(request, "QUERY_STRING", "c", "wsgiref") == [b"c"]


def test_request_line_keys() -> None:
    assert one(GET, "RAW_URI", "/ciao?nome=Ada") == [b"/ciao?nome=Ada"]
    assert one(GET, "REQUEST_URI", "/ciao?nome=Ada", "waitress") == [b"/ciao?nome=Ada"]
    assert one(GET, "SERVER_PROTOCOL", "HTTP/1.1") == [b"HTTP/1.1"]
    assert one(b"GET /\r\n\r\n", "SERVER_PROTOCOL", "HTTP/0.9", "wsgiref") == "server"
    assert one(b"GET / HTTP/1.2\r\n\r\n", "SERVER_PROTOCOL", "HTTP/1.0", "waitress") == "server"


@pytest.mark.parametrize(
    ("field", "value", "server", "expected"),
    [
        (b"X-A: a\r\nX-A: b", "a,b", "gunicorn", [b"a", b"b"]),
        (b"X-A: a\r\nX-A: b", "a, b", "gunicorn", None),
        (b"X-A: a\r\nX-A: b", "a, b", "waitress", [b"a", b"b"]),
        (b"X-A: a\r\nX-A: b", "a;b", "granian", [b"a", b"b"]),
        (b"X_A: u", "u", "wsgiref", [b"u"]),
        (b"X-A: a\r\nX_A: u", "a", "gunicorn", [b"a"]),
        (b"X_A: u", "u", "gunicorn", [b"u"]),  # header_map = dangerous
        (b"X-A: a\r\nX_A: u", "a", "waitress", [b"a"]),
        (b"X-A: uno \r\n  due", "uno due", "gunicorn", [b"uno", b"due"]),
        (b"X-A: uno \r\n  due", "uno   due", "waitress", [b"uno ", b"  due"]),
        (b"X-A: uno \r\n  due", "uno \r\n  due", "wsgiref", [b"uno \r\n  due"]),
        (b"X-A:\xa0u\xa0", "u", "wsgiref", [b"u"]),
        (b"X-A:\xa0u\xa0", "\xa0u\xa0", "gunicorn", [b"\xa0u\xa0"]),
        (b"X-A:", "", "gunicorn", [b""]),
        (b"X-A: a\r\nno\r\nX-A: b", "a", "wsgiref", [b"a"]),
        (b"X-A: a\r\nX B: no\r\nX-A: b", "a", "wsgiref", [b"a"]),
    ],
)
def test_fields(field: bytes, value: str, server: str, expected: list[bytes] | None) -> None:
    request = b"GET / HTTP/1.1\r\n" + field + b"\r\n\r\n"
    assert one(request, "HTTP_X_A", value, server) == ("server" if expected is None else expected)


def test_content_type_and_length() -> None:
    request = b"POST / HTTP/1.1\r\nContent-Type: a/b \r\nContent-Type: c\r\nContent-Length: 5\r\n\r\nhello"
    assert one(request, "CONTENT_TYPE", "a/b ", "wsgiref") == [b"a/b "]
    assert one(request, "CONTENT_TYPE", "a/b, c", "waitress") == [b"a/b", b"c"]
    assert one(request, "CONTENT_LENGTH", "5", "waitress") == [b"5"]
    assert one(b"GET / HTTP/1.1\r\n\r\n", "CONTENT_TYPE", "text/plain", "wsgiref") == "server"
    assert one(b"GET / HTTP/1.1\r\n\r\n", "CONTENT_LENGTH", "", "wsgiref") == "server"


def test_the_length_of_chunks_is_counted_by_waitress() -> None:
    request = b"POST / HTTP/1.%d\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n5\r\nhello\r\n0\r\n\r\n"
    assert one(request % 1, "CONTENT_LENGTH", "5", "waitress") == "server"
    assert one(request % 0, "CONTENT_LENGTH", "5", "waitress") == [b"5"]
    assert one(request % 1, "CONTENT_LENGTH", "5", "wsgiref") == [b"5"]


@pytest.mark.parametrize(
    ("server", "expected"),
    [
        ("gunicorn", {"SERVER_NAME": "socket", "gunicorn.socket": "socket", "REMOTE_HOST": "server"}),
        ("waitress", {"SERVER_NAME": "server", "REMOTE_HOST": "socket", "SERVER_SOFTWARE": "server"}),
        ("wsgiref", {"SERVER_NAME": "server", "REMOTE_HOST": "server", "GATEWAY_INTERFACE": "server"}),
        ("hypercorn", {"client": "socket", "server": "socket", "asgi": "server", "state": "server"}),
    ],
)
def test_words(server: str, expected: dict[str, str]) -> None:
    common = {"REMOTE_ADDR": "socket", "REMOTE_PORT": "socket", "SERVER_PORT": "socket", "wsgi.input": "server"}
    expected = expected if server == "hypercorn" else {**common, **expected}
    assert traced(GET, dict.fromkeys(expected, "x"), server) == expected


def test_an_address_equal_to_a_header_does_not_come_from_it() -> None:
    assert one(GET, "SERVER_NAME", "127.0.0.1") == "socket"
    assert one(GET, "SERVER_PORT", "8000") == "socket"


def test_variables_of_the_process() -> None:
    keys = frozenset(("PATH", "HTTP_PROXY", "SERVER_SOFTWARE", "SCRIPT_NAME", "HTTPS", "PATH_INFO"))
    request = b"GET / HTTP/1.1\r\nProxy: p\r\n\r\n"
    values: dict[str, Value] = dict.fromkeys(sorted(keys), "valore")
    copied = traced(request, values, "wsgiref", process_keys=keys)
    assert copied == {
        "HTTPS": "process",
        "HTTP_PROXY": "process",
        "PATH": "process",
        "PATH_INFO": "server",
        "SCRIPT_NAME": "server",
        "SERVER_SOFTWARE": "server",
    }
    ours = traced(request, values, "gunicorn", process_keys=keys)
    assert [key for key, word in ours.items() if word == "process"] == ["PATH", "SCRIPT_NAME"]
    assert given_by(request, traced(request, {"HTTP_PROXY": "p"}, "wsgiref", process_keys=keys)["HTTP_PROXY"]) == [b"p"]


def test_middleware() -> None:
    found = traced(
        GET, {"PATH_INFO": "/ciao"}, later={"PATH_INFO": "/altro", "werkzeug.request": {"type": "x", "id": 1}}
    )
    assert found == {"PATH_INFO": "middleware", "werkzeug.request": "middleware"}


def test_what_a_middleware_put_may_be_from_the_bytes_all_the_same() -> None:
    assert traced(GET, {}, later={"QUERY_STRING": "nome=Ada"}) == {"QUERY_STRING": [(10, 18)]}


def test_a_mounted_app_shares_the_path() -> None:
    request = b"GET /caff%C3%A8/sotto/x HTTP/1.1\r\n\r\n"
    found = traced(
        request,
        {"SCRIPT_NAME": "", "PATH_INFO": "/caff\xc3\xa8/sotto/x"},
        later={"SCRIPT_NAME": "/caff\xc3\xa8/sotto", "PATH_INFO": "/x"},
    )
    assert {key: given_by(request, origin) for key, origin in found.items()} == {
        "SCRIPT_NAME": [b"/caff%C3%A8/sotto"],
        "PATH_INFO": [b"/x"],
    }


@pytest.mark.parametrize("path_info", ["/y", "/caff\xe8/x"])
def test_a_prefix_that_was_added_is_not_from_the_path(path_info: str) -> None:
    later: dict[str, Value] = {"SCRIPT_NAME": "/caff\xe8", "PATH_INFO": path_info}
    found = traced(b"GET /caff%E8/x HTTP/1.1\r\n\r\n", {}, later=later)
    assert found["SCRIPT_NAME"] == "middleware"


def test_gunicorn_believes_a_trusted_peer() -> None:
    request = b"GET /api/x HTTP/1.1\r\nX-Forwarded-Proto: https\r\nSCRIPT_NAME: /api\r\n\r\n"
    mapping = {"wsgi.url_scheme": "https", "SCRIPT_NAME": "/api", "PATH_INFO": "/x", "HTTP_SCRIPT_NAME": "/api"}
    found = {key: given_by(request, origin) for key, origin in traced(request, mapping).items()}
    assert found == {
        "wsgi.url_scheme": [b"https"],
        "SCRIPT_NAME": [b"/api"],
        "PATH_INFO": [b"/x"],
        "HTTP_SCRIPT_NAME": [b"/api"],
    }
    assert one(request, "wsgi.url_scheme", "http") == "server"
    assert one(request, "wsgi.url_scheme", "https", "waitress") == "server"
    plain = b"GET / HTTP/1.1\r\nX-Forwarded-Proto: http\r\n\r\n"
    assert one(plain, "wsgi.url_scheme", "http") == "server"


SCOPE_REQUEST = (
    b"GET /caff%C3%A8%ff?q=%C3%A8 HTTP/1.1\r\nHost: a.it\r\nX-Forwarded-Proto: https\r\nX-Dup: 1\r\n"
    b"X-Forwarded-For: 9.9.9.9, 6.6.6.6:70\r\nX-Forwarded-For: 127.0.0.1\r\nX-Dup: 1\r\n\r\n"
)
HEADERS = [
    pair("host", "a.it"),
    pair("x-forwarded-proto", "https"),
    pair("x-dup", "1"),
    pair("x-forwarded-for", "9.9.9.9, 6.6.6.6:70"),
    pair("x-forwarded-for", "127.0.0.1"),
    pair("x-dup", "1"),
]
SCOPE: dict[str, Value] = {
    "type": "http",
    "http_version": "1.1",
    "method": "GET",
    "root_path": "",
    "path": "/caffè\ufffd",
    "raw_path": bytes_value("/caff%C3%A8%ff"),
    "query_string": bytes_value("q=%C3%A8"),
    "scheme": "http",
    "client": {"tuple": ["127.0.0.1", 50000]},
    "headers": HEADERS,
}


def test_scope() -> None:
    later = {"scheme": "https", "client": {"tuple": ["6.6.6.6", 70]}, "endpoint": {"type": "function", "id": 1}}
    found = traced(SCOPE_REQUEST, SCOPE, "uvicorn", later=later)
    assert {key: given_by(SCOPE_REQUEST, origin) for key, origin in found.items() if key != "headers"} == {
        "type": "server",
        "http_version": [b"1.1"],
        "method": [b"GET"],
        "root_path": "server",
        "path": [b"/caff%C3%A8%ff"],
        "raw_path": [b"/caff%C3%A8%ff"],
        "query_string": [b"q=%C3%A8"],
        "scheme": [b"https"],
        "client": [b"6.6.6.6:70"],
        "endpoint": "middleware",
        "headers[0]": [b"Host", b"a.it"],
        "headers[1]": [b"X-Forwarded-Proto", b"https"],
        "headers[2]": [b"X-Dup", b"1"],
        "headers[3]": [b"X-Forwarded-For", b"9.9.9.9, 6.6.6.6:70"],
        "headers[4]": [b"X-Forwarded-For", b"127.0.0.1"],
        "headers[5]": [b"X-Dup", b"1"],
    }
    assert found["headers"] == [span for index in range(6) for span in found[f"headers[{index}]"]]
    assert found["headers[2]"] != found["headers[5]"]


def test_scope_before_the_proxy_headers() -> None:
    found = traced(SCOPE_REQUEST, SCOPE, "uvicorn")
    assert (found["client"], found["scheme"]) == ("socket", "server")


def test_a_root_path_is_no_byte_of_the_path() -> None:
    scope = {**SCOPE, "root_path": "/api", "path": "/api/caffè\ufffd", "raw_path": bytes_value("/api/caff%C3%A8%ff")}
    found = traced(SCOPE_REQUEST, scope, "uvicorn")
    assert given_by(SCOPE_REQUEST, found["path"]) == given_by(SCOPE_REQUEST, found["raw_path"]) == [b"/caff%C3%A8%ff"]


@pytest.mark.parametrize(
    ("forwarded", "client", "expected"),
    [
        (b"1.1.1.1, 2.2.2.2", ["2.2.2.2", 0], b"2.2.2.2"),
        (b"1.1.1.1", ["2.2.2.2", 0], None),
        (b"127.0.0.1,127.0.0.1", ["127.0.0.1", 0], b"127.0.0.1"),
        (b"[::1]:80", ["::1", 80], b"[::1]:80"),
        (b"[::1]", ["::1", 0], b"[::1]"),
        (b"::1", ["::1", 0], b"::1"),
        (b"nome:porta", ["nome:porta", 0], b"nome:porta"),
        (b"[rotto", ["[rotto", 0], b"[rotto"),
        (b",", ["", 0], None),
    ],
)
def test_the_client_behind_a_proxy(forwarded: bytes, client: list[Value], expected: bytes | None) -> None:
    request = b"GET / HTTP/1.1\r\nX-Forwarded-For: " + forwarded + b"\r\n\r\n"
    found = traced(request, SCOPE, "uvicorn", later={"client": {"tuple": client}})
    assert given_by(request, found["client"]) == ("middleware" if expected is None else [expected])


@pytest.mark.parametrize(
    ("address", "span"),
    [(b"127.0.0.1", (33, 42)), (b"6.6.6.6", (42, 49))],
)
def test_the_first_trusted_address_or_the_last_other_one_is_the_client(address: bytes, span: Span) -> None:
    request = b"GET / HTTP/1.1\r\nX-Forwarded-For: " + address + b", " + address + b"\r\n\r\n"
    found = traced(request, {}, "uvicorn", later={"client": {"tuple": [address.decode(), 0]}})
    assert found == {"client": [span]}


def test_a_scheme_that_says_what_was_true_gives_nothing() -> None:
    request = b"GET / HTTP/1.1\r\nX-Forwarded-Proto: http\r\n\r\n"
    assert one(request, "scheme", "http", "uvicorn", type="http") == "server"


def test_a_websocket() -> None:
    request = (
        b"GET /ws HTTP/1.1\r\nUpgrade: WebSocket\r\nConnection: keep-alive, Upgrade\r\nX-Forwarded-Proto: https\r\n"
        b"Sec-WebSocket-Protocol: chat, super\r\n\r\n"
    )
    scope = {"type": "websocket", "http_version": "1.1", "scheme": "ws", "subprotocols": ["chat", "super"]}
    found = traced(request, scope, "uvicorn", later={"scheme": "wss"})
    assert {key: given_by(request, origin) for key, origin in found.items()} == {
        "type": [b"WebSocket", b"Upgrade"],
        "http_version": "server",
        "scheme": [b"https"],
        "subprotocols": [b"chat, super"],
    }


def test_headers_that_nobody_sent() -> None:
    scope: dict[str, Value] = {"headers": [pair("host", "a.it"), pair("x-mio", "1"), "strano", {"tuple": []}]}
    found = traced(SCOPE_REQUEST, scope, "uvicorn", later={"headers[7]": pair("x-dup", "1"), "headers[8]": 3})
    assert [found[f"headers[{index}]"] for index in (1, 2, 3)] == ["server"] * 3
    assert given_by(SCOPE_REQUEST, found["headers"]) == [b"Host", b"a.it"]
    assert given_by(SCOPE_REQUEST, found["headers[7]"]) == [b"X-Dup", b"1"]
    assert found["headers[8]"] == "middleware"
    assert traced(SCOPE_REQUEST, {"headers": []}, "uvicorn") == {"headers": "server"}


def test_what_h11_makes_of_lengths() -> None:
    request = (
        b"POST / HTTP/1.1\r\nContent-Length: 5, 5\r\nContent-Length: 5\r\nTransfer-Encoding: Chunked\r\nX: 1\r\n\r\n"
    )
    headers = [pair("content-length", "5"), pair("transfer-encoding", "chunked"), pair("x", "1")]
    found = traced(request, {"headers": headers}, "uvicorn")
    assert [given_by(request, found[f"headers[{index}]"]) for index in range(3)] == [
        [b"Content-Length", b"5, 5"],
        [b"Transfer-Encoding", b"Chunked"],
        [b"X", b"1"],
    ]


def test_values_too_long_to_be_kept_whole() -> None:
    long = "a" * (TEXT_KEPT + 10)
    request = f"GET / HTTP/1.1\r\nX-A: {long}\r\n\r\n".encode()
    cut = {"id": 1, "length": len(long), "text": long[:TEXT_KEPT]}
    assert one(request, "HTTP_X_A", {"type": "str", **cut}) == [long.encode()]
    assert one(request, "HTTP_X_A", {"type": "str", **cut, "length": 1}) == "server"
    header = {"tuple": [bytes_value("x-a"), {"type": "bytes", **cut}]}
    assert one(request, "headers[0]", header, "uvicorn") == [b"X-A", long.encode()]


def test_from_a_byte_to_its_keys() -> None:
    mapping = {
        "REQUEST_METHOD": "GET",
        "RAW_URI": "/ciao?nome=Ada",
        "PATH_INFO": "/ciao",
        "HTTP_HOST": "127.0.0.1:8000",
        "HTTP_X_DUP": "a,b",
        "SERVER_PORT": "8000",
    }
    found = traced(GET, mapping)
    names = header_names(GET, found)
    assert keys_at(found, 5) == ["PATH_INFO", "RAW_URI"]
    assert keys_at(found, 12) == ["RAW_URI"]
    assert keys_at(found, 3) == []
    assert keys_at(found, GET.index(b"b\r\n")) == ["HTTP_X_DUP"]
    assert keys_at(found, 29) == []
    assert keys_at(found, 29, names) == ["HTTP_HOST"]
    assert len(names["HTTP_X_DUP"]) == 2


def test_the_most_specific_key_is_the_first() -> None:
    found = traced(SCOPE_REQUEST, SCOPE, "uvicorn", later={"client": {"tuple": ["6.6.6.6", 70]}})
    position = SCOPE_REQUEST.index(b"6.6.6.6")
    assert keys_at(found, position) == ["client", "headers[3]", "headers"]
    assert keys_at(found, SCOPE_REQUEST.index(b"Host")) == ["headers[0]", "headers"]
    names = header_names(SCOPE_REQUEST, found)
    assert {key: given_by(SCOPE_REQUEST, spans) for key, spans in names.items()} == {"client": [b"X-Forwarded-For"]}


@pytest.mark.parametrize(("interface", "server"), SERVERS)
def test_without_bytes_there_are_only_words(interface: Interface, server: str) -> None:
    mapping: dict[str, Value] = {"type": "lifespan", "PATH_INFO": "", "headers": [], "asgi": {"version": "3.0"}}
    found = origins(b"", mapping, interface=interface, server=server, process_keys=frozenset())
    assert set(found.values()) == {"server"}


# Whatever the bytes

_texts = st.text(st.characters(max_codepoint=255), max_size=8)
_values = st.one_of(
    _texts,
    _texts.map(bytes_value),
    st.none(),
    st.integers(),
    st.lists(st.one_of(_texts, st.lists(_texts.map(bytes_value), max_size=3).map(lambda items: {"tuple": items}))),
    st.fixed_dictionaries({"type": st.sampled_from(["str", "bytes", 3]), "length": _texts, "text": st.integers()}),
)
_keys = st.sampled_from(
    ["REQUEST_METHOD", "PATH_INFO", "SCRIPT_NAME", "QUERY_STRING", "RAW_URI", "SERVER_PROTOCOL", "CONTENT_TYPE",
     "CONTENT_LENGTH", "HTTP_X_A", "HTTP_HOST", "wsgi.url_scheme", "type", "path", "raw_path", "query_string", "scheme",
     "client", "headers", "headers[0]", "root_path", "http_version", "subprotocols", "altro"]
)  # fmt: skip
_pieces = st.one_of(
    st.binary(max_size=10),
    st.sampled_from(
        [b"GET ", b"CONNECT ", b"/a?b#c", b"//", b"%41", b"http://a/b", b" HTTP/1.1", b"\r\n", b"\n", b" ", b":", b"X-A: a",
         b"\r\n\r\n", b"X_A: b", b"Upgrade: websocket\r\nConnection: upgrade\r\n", b"X-Forwarded-For: a, b", b"\r\n c",
         b"X-Forwarded-Proto: wss\r\n", b"Transfer-Encoding: chunked", b"0\r\n", b"Sec-WebSocket-Protocol: a, b\r\n"]
    ),
)  # fmt: skip
_mappings = st.dictionaries(_keys, _values, max_size=6)


@given(st.lists(_pieces, max_size=15).map(b"".join), _mappings, _mappings, st.sampled_from(SERVERS))
def test_any_bytes_and_any_mapping_give_ranges_inside_the_request(
    request: bytes, mapping: dict[str, Value], later: dict[str, Value], where: tuple[Interface, str]
) -> None:
    interface, server = where
    found = origins(
        request, mapping, interface=interface, server=server, process_keys=frozenset(("altro",)), later=later
    )
    assert (mapping | later).keys() <= found.keys()
    for origin in found.values():
        if isinstance(origin, str):
            assert origin in ("socket", "server", "process", "middleware")
        else:
            assert origin
            assert all(0 <= start <= end <= len(request) for start, end in origin)
    names = header_names(request, found)
    for position in range(len(request) + 1):
        assert set(keys_at(found, position, names)) <= found.keys()


@given(
    st.from_regex(rb"/[!-\"$->@-~]{0,20}", fullmatch=True),
    st.sampled_from(["wsgiref", "gunicorn", "waitress"]),
)
def test_every_path_without_leading_slashes_is_claimed_whole(path: bytes, server: str) -> None:
    decoded = unquote_to_bytes(path)
    assume(not decoded.startswith(b"//"))
    request = b"GET " + path + b" HTTP/1.1\r\n\r\n"
    assert one(request, "PATH_INFO", decoded.decode("latin-1"), server) == [path]
