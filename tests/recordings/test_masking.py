"""No secret stays, and every length does."""

import base64
import gzip
import json
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from passerella.events import ClientSent, Event, Received, Sent
from passerella.export.jsonlines import journey_lines
from passerella.recordings.masking import Masker
from passerella.recordings.masking.names import is_secret
from passerella.recordings.masking.spans import named_spans, text_spans
from passerella.recordings.reading import Recording

from .made import Said, conversation, journeys_of, process, recorded

_brief = settings(suppress_health_check=list(HealthCheck), max_examples=150)

SECRET = "Xq9-vT2.kLmZ7"
_HEADERS = (
    "Authorization",
    "authorization",
    "Proxy-Authorization",
    "Cookie",
    "Set-Cookie",
    "X-Api-Key",
    "X-Auth-Token",
    "X-CSRFToken",
)
_FIELDS = (
    "password",
    "Password",
    "user_password",
    "token",
    "access_token",
    "api_key",
    "apiKey",
    "client-secret",
    "passwd",
)


def _covered(text: str, spans: list[tuple[int, int]]) -> str:
    for start, end in spans:
        text = text[:start] + "*" * (end - start) + text[end:]
    return text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Authorization: Bearer abc\r\nHost: x", "Authorization: Bearer ***\r\nHost: x"),
        ("authorization:abc", "authorization:***"),
        ("Cookie: a=1; sid=xyz", "Cookie: a=*; sid=***"),
        ("Cookie: nudo", "Cookie: ****"),
        ("Set-Cookie: sid=xyz; Path=/; HttpOnly", "Set-Cookie: sid=***; Path=/; HttpOnly"),
        ("X-Api-Key: k\r\n continua\r\nA: b", "X-Api-Key: ************\r\nA: b".replace("************", "*" * 12)),
        ("GET /?nome=Ada&token=abc HTTP/1.1", "GET /?nome=Ada&token=*** HTTP/1.1"),
        ("GET /?%74oken=abc HTTP/1.1", "GET /?%74oken=*** HTTP/1.1"),
        ('{"nome": "Ada", "password": "a\\"b"}', '{"nome": "Ada", "password": "****"}'),
        ('{"token": 123, "x": 1}', '{"token": ***, "x": 1}'),
        ("{'api_key': 'abc'}", "{'api_key': '***'}"),
        ('{"passwor\\u0064": "abc"}', '{"passwor\\u0064": "***"}'),
        ("postgres://ada:segreta@db/x", "postgres://ada:*******@db/x"),
        ('SECRET_KEY = "abc"  # qui', 'SECRET_KEY = "***"  # qui'),
        ("nome=Ada&eta=36", "nome=Ada&eta=36"),
        ("Host: x\r\nAccept: */*", "Host: x\r\nAccept: */*"),
    ],
)
def test_a_secret_is_found_by_its_name(text: str, shown: str) -> None:
    assert _covered(text, text_spans(text)) == shown


def test_names() -> None:
    for name in (*_HEADERS, *_FIELDS, "HTTP_AUTHORIZATION", "HTTP_COOKIE", "AWS_SECRET_ACCESS_KEY", "GITHUB_TOKEN"):
        assert is_secret(name), name
    for name in ("PWD", "HOME", "Host", "nome", "key", "PATH_INFO", "wsgi.input", "", "author"):
        assert not is_secret(name), name


@_brief
@given(st.text(max_size=200) | st.text(st.sampled_from("token=:&;\"'{}[]\r\n Cookie-%/@\\u"), max_size=120))
def test_spans_are_in_order_inside_the_text_and_never_upon_each_other(text: str) -> None:
    for spans in (
        text_spans(text),
        named_spans("password", text),
        named_spans("cookie", text),
        named_spans("authorization", text),
    ):
        ends = [0, *(edge for span in spans for edge in span), len(text)]
        assert ends == sorted(ends)
        assert all(start < end for start, end in spans)


def _request(place: str, name: str, secret: str) -> tuple[bytes, dict[str, Any]]:
    """A request with a secret in it, and what a server makes of it."""
    head = b"POST /moduli HTTP/1.1\r\nHost: x\r\n"
    if place == "header":
        value = f"a={secret}" if "ookie" in name else secret
        return head + f"{name}: {value}\r\n\r\n".encode(), {"HTTP_" + name.upper().replace("-", "_"): value}
    if place == "query":
        query = f"nome=Ada&{name}={quote(secret)}"
        return f"GET /?{query} HTTP/1.1\r\nHost: x\r\n\r\n".encode(), {"QUERY_STRING": query, "RAW_URI": "/?" + query}
    bodies = {
        "form": ("application/x-www-form-urlencoded", f"nome=Ada&{name}={quote_plus(secret)}"),
        "json": ("application/json", json.dumps({"nome": "Ada", name: secret})),
        "nested": ("application/json", json.dumps({"x": [{name: {"valore": [secret]}}]})),
        "multipart": (
            "multipart/form-data; boundary=q",
            f'--q\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{secret}\r\n--q--\r\n',
        ),
    }
    kind, text = bodies[place.removeprefix("chunked ")]
    body = text.encode()
    if place.startswith("chunked "):
        cut = len(body) // 2
        chunks = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (body[:cut], body[cut:]) if part)
        return head + f"Content-Type: {kind}\r\nTransfer-Encoding: chunked\r\n\r\n".encode() + chunks + b"0\r\n\r\n", {}
    return head + f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body, {"CONTENT_TYPE": kind}


_PLACES = ["query", "form", "json", "nested", "multipart", "chunked form", "chunked json", "chunked multipart"]
_cases = st.one_of(
    st.tuples(st.just("header"), st.sampled_from(_HEADERS)),
    st.tuples(st.sampled_from(_PLACES), st.sampled_from(_FIELDS)),
)


@_brief
@given(_cases, st.lists(st.integers(0, 400), max_size=6), st.integers(1, 60), st.booleans())
def test_nothing_of_a_secret_stays_anywhere(
    tmp_path_factory: pytest.TempPathFactory, case: tuple[str, str], pieces: list[int], batch: int, echoed: bool
) -> None:
    place, name = case
    request, environ = _request(place, name, SECRET)
    body = f"ecco: {SECRET}".encode() if echoed else b"ok"
    response = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s" % (len(body), body)
    captured: dict[str, Any] = {
        "arguments": {"tuple": [{name: SECRET}]},
        "headers": [[{"bytes": name}, {"bytes": SECRET}]],
    }
    if echoed:
        captured["message"] = f"non valido: {SECRET}"
    said = [
        *process(),
        *conversation(request, response, {"REQUEST_METHOD": "POST", **environ}, value=captured, pieces=pieces),
    ]
    path = recorded(tmp_path_factory.mktemp("r") / "a", said, masked=True, batch=batch)
    content = path.read_text("utf-8")
    assert SECRET not in content
    with Recording(path) as recording:
        (journey,) = recording.whole_journeys()
        text = "\n".join(journey_lines(journey, 0))
        assert SECRET not in text
        assert SECRET.encode() not in bytes(journey.request) + bytes(journey.response)
        _same_shape(journeys_of(said)[0].steps, journey.steps)
        assert len(journey.request) == len(request)


def _same_shape(plain: list[Any], masked: list[Any]) -> None:
    """Every offset holds."""
    assert [step.name for step in plain] == [step.name for step in masked]
    for one, other in zip(plain, masked, strict=True):
        if one.bytes is not None:
            assert (one.bytes.start, one.bytes.end, len(one.bytes.data)) == (
                other.bytes.start,
                other.bytes.end,
                len(other.bytes.data),
            )


@_brief
@given(st.binary(max_size=300), st.binary(max_size=300), st.lists(st.integers(0, 300), max_size=6))
def test_lengths_are_kept_whatever_the_bytes(request: bytes, response: bytes, pieces: list[int]) -> None:
    said = conversation(request, response, pieces=pieces)
    for (_pid, before), (_pid2, after) in zip(said, Masker().mask(said), strict=True):
        if isinstance(before, Received | Sent | ClientSent):
            assert isinstance(after, type(before))
            assert len(after.data) == len(before.data)


def test_origins_still_hold(tmp_path: Path) -> None:
    request = f"GET /?token={SECRET} HTTP/1.1\r\nHost: x\r\nCookie: sid={SECRET}\r\n\r\n".encode()
    environ = {
        "REQUEST_METHOD": "GET",
        "QUERY_STRING": f"token={SECRET}",
        "HTTP_COOKIE": f"sid={SECRET}",
        "PATH_INFO": "/",
    }
    said = [*process(), *conversation(request, environ=environ)]
    with Recording(recorded(tmp_path / "a", said, masked=True)) as recording:
        (masked,) = recording.whole_journeys()
        assert masked.origins == journeys_of(said)[0].origins
        assert "HTTP_COOKIE" in masked.origins


def test_a_compressed_body_with_a_secret_is_covered_whole() -> None:
    for text, hidden in ((f"password={SECRET}", True), ("nome=Ada", False)):
        body = gzip.compress(text.encode())
        response = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(body)
        (sent,) = [
            event for _pid, event in Masker().mask(conversation(response=response + body)) if isinstance(event, Sent)
        ]
        assert sent.data.startswith(response.decode())
        assert (sent.data == (response + body).decode("latin-1")) is not hidden


def test_the_password_of_basic_is_not_shown_where_it_is_decoded() -> None:
    login = base64.b64encode(f"ada:{SECRET}".encode()).decode()
    request = f"GET / HTTP/1.1\r\nHost: x\r\nAuthorization: Basic {login}\r\n\r\n".encode()
    said = Masker().mask(conversation(request, value={"result": f"ciao {SECRET}"}))
    assert SECRET not in repr(said)
    assert "Basic ****" in repr(said)


def _frame(text: str, key: bytes = b"\x01\x02\x03\x04") -> bytes:
    data = text.encode()
    covered = bytes(byte ^ key[index % 4] for index, byte in enumerate(data))
    return bytes([0x81, 0x80 | len(data)]) + key + covered


def test_the_frames_of_a_websocket_are_covered_under_their_mask() -> None:
    handshake = b"GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"
    frame = _frame(json.dumps({"token": SECRET}))
    answer = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n"
    said = [*conversation(handshake, answer)]
    closing = said.pop()
    first = next(event for _pid, event in said if isinstance(event, Received))
    later: Event = Received(
        900, 2_000_000, 1, "", first.connection, 0, first.site, len(handshake), len(frame), frame.decode("latin-1")
    )
    masked = Masker().mask([*said, (7, later), closing])
    (data,) = [event.data for _pid, event in masked if isinstance(event, Received) and event.offset]
    shown = bytes(byte ^ b"\x01\x02\x03\x04"[index % 4] for index, byte in enumerate(data.encode("latin-1")[6:]))
    assert shown == json.dumps({"token": "*" * len(SECRET)}).encode()


def test_what_a_program_was_started_with_is_covered() -> None:
    from passerella.events import Hello

    hello = Hello(1, "gettone", 7, 1, "3.11", "python", ["x", "--password=abc", "--token", "abc", "--porta", "80"])
    ((_pid, masked),) = Masker().mask([(7, hello)])
    assert isinstance(masked, Hello)
    assert masked.argv == ["x", "--password=***", "--token", "***", "--porta", "80"]


def said_by_many(count: int) -> list[Said]:
    return [
        each for number in range(1, count) for each in conversation(number=number, peer=f"127.0.0.1:{5000 + number}")
    ]


def test_conversations_do_not_grow_without_end() -> None:
    masker = Masker()
    for number, event in enumerate(said_by_many(1500)):
        masker.mask([event])
        if number % 4000 == 0:
            assert len(masker._conversations) <= 1024
