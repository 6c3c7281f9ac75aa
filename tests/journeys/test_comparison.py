"""Journeys side by side: what differs, what only seems to, what is the same written in another way."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerella.events import Changes, Value
from passerella.journeys.comparison import PROCESS_VARIABLES, Aligned, Comparison, Facet, compare
from passerella.journeys.comparison.response import first_difference, read_response
from passerella.journeys.model import Bytes, Direction, Journey, Station, Step

REQUEST = b"GET /ciao HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n"
RESPONSE = b"HTTP/1.1 200 OK\r\nDate: %s\r\nContent-Length: 4\r\n\r\nciao"


def _step(n: int, name: str, station: Station = "gateway", direction: Direction = "inbound", **rest: Any) -> Step:
    rest.setdefault("level", 2)
    return Step(
        n=n, station=station, direction=direction, name=name, landmark="", t=n * 1_000_000, pid=1, tid=1, thread="t", **rest
    )  # fmt: skip


def _journey(*steps: Step, interface: str = "wsgi", port: int = 40001, response: bytes = b"", **rest: Any) -> Journey:
    made = Journey(1, "c", 1, interface=interface, method="GET", steps=list(steps), **rest)
    made.request, made.response = bytearray(REQUEST % port), bytearray(response)
    made.response_length = len(response)
    made.started, made.ended = 0, 1_000_000 * len(steps)
    return made


def _with(mapping: dict[str, Value], **rest: Any) -> Journey:
    return _journey(_step(1, "environ", changes=Changes(mapping)), _step(2, "call"), **rest)


def _answered(response: bytes, **rest: Any) -> Journey:
    return _with({}, response=response, **rest)


def _compared(*journeys: Journey) -> Comparison:
    return compare([(f"viaggio {number}", journey) for number, journey in enumerate(journeys, 1)])


def _of(comparison: Comparison, topic: str) -> Facet:
    [found] = [facet for facet in comparison.facets if facet.topic == topic]
    return found


def _object(kind: str, identity: int) -> Value:
    return {"type": kind, "id": identity}


@pytest.mark.parametrize(
    ("key", "first", "second", "kind", "reason"),
    [
        ("REQUEST_METHOD", "GET", "GET", "equal", ""),
        ("SERVER_NAME", "127.0.0.1", "waitress.invalid", "different", ""),
        ("SERVER_PORT", "40001", "40002", "expected", "port"),
        ("SERVER_PORT", "40001", 40001, "different", ""),
        ("REMOTE_PORT", "51000", 51000, "different", ""),
        ("HTTP_HOST", "127.0.0.1:40001", "127.0.0.1:40002", "expected", "port"),
        ("wsgi.errors", _object("io", 1), _object("io", 2), "expected", "identity"),
        ("wsgi.input", _object("io", 1), _object("altro", 2), "different", ""),
        ("wsgi.run_once", False, 0, "different", ""),
        ("QUERY_STRING", "", None, "different", ""),
        ("server", {"tuple": ["127.0.0.1", 40001]}, {"tuple": ["127.0.0.1", 40002]}, "expected", "port"),
        ("server", {"tuple": ["127.0.0.1", 40001]}, ["127.0.0.1", 40002], "different", ""),
        ("server", {"tuple": ["127.0.0.1", 40001]}, {"tuple": ["127.0.0.1", "40002"]}, "different", ""),
        ("server", {"tuple": ["127.0.0.1", 40001]}, {"tuple": ["10.0.0.1", 40001]}, "different", ""),
    ],
)
def test_a_key_that_both_have(key: str, first: Value, second: Value, kind: str, reason: str) -> None:
    found = _of(_compared(_with({key: first}), _with({key: second}, port=40002)), key)
    assert (found.kind, found.reason) == (kind, reason)


def test_a_key_that_only_one_has_and_what_the_other_calls_it() -> None:
    comparison = _compared(_with({"RAW_URI": "/ciao", "A": "1"}), _with({"REQUEST_URI": "/ciao"}), _with({}))
    assert [cell is not None for cell in _of(comparison, "A").cells] == [True, False, False]
    assert _of(comparison, "A").instead == ()
    assert _of(comparison, "RAW_URI").instead == ("", "REQUEST_URI", "")
    assert _of(comparison, "REQUEST_URI").instead == ("RAW_URI", "", "")


def test_the_variables_of_the_process_stand_together() -> None:
    origins: Any = {"PATH": "process", "HOME": "process", "SERVER_SOFTWARE": "process"}
    first = _with({"PATH": "/bin", "HOME": "/", "SERVER_SOFTWARE": "x", "A": "1"}, origins=origins)
    comparison = _compared(first, _with({"A": "1", "SERVER_SOFTWARE": "y"}))
    found = _of(comparison, PROCESS_VARIABLES)
    assert found.kind == "only"
    assert [cell and cell.value for cell in found.cells] == [2, None]
    assert {facet.topic for facet in comparison.facets if facet.where == "mapping"} == {
        "A", "SERVER_SOFTWARE", PROCESS_VARIABLES,
    }  # fmt: skip


ENVIRON: dict[str, Value] = {
    "REQUEST_METHOD": "GET",
    "SCRIPT_NAME": "/app",
    "PATH_INFO": "/cittÃ\u00a0",
    "QUERY_STRING": "x=1",
    "SERVER_PROTOCOL": "HTTP/1.1",
    "wsgi.url_scheme": "http",
    "SERVER_NAME": "127.0.0.1",
    "SERVER_PORT": "40001",
    "REMOTE_ADDR": "127.0.0.1",
    "REMOTE_PORT": "51000",
    "RAW_URI": "/app/citt%C3%A0?x=1",
    "HTTP_X_DUP": "a,b",
    "CONTENT_TYPE": "text/plain",
    "wsgi.version": {"tuple": [1, 0]},
}
SCOPE: dict[str, Value] = {
    "type": "http",
    "method": "GET",
    "root_path": "/app",
    "path": "/app/città",
    "raw_path": {"bytes": "/app/citt%C3%A0"},
    "query_string": {"bytes": "x=1"},
    "http_version": "1.1",
    "scheme": "http",
    "server": {"tuple": ["127.0.0.1", 40002]},
    "client": {"tuple": ["127.0.0.1", 51001]},
    "headers": [
        {"tuple": [{"bytes": "x-dup"}, {"bytes": "a"}]},
        {"tuple": [{"bytes": "content-type"}, {"bytes": "text/plain"}]},
        {"tuple": [{"bytes": "x-dup"}, {"bytes": "b"}]},
    ],
}


def test_wsgi_beside_asgi_is_the_same_thing_in_other_words() -> None:
    comparison = _compared(_with(ENVIRON), _with(SCOPE, interface="asgi", port=40002))
    assert comparison.mixed
    said = {facet.topic: (facet.kind, facet.cells[1] and facet.cells[1].name) for facet in comparison.facets}
    assert (
        said.items()
        >= {
            "REQUEST_METHOD": ("rewritten", "method"),
            "SCRIPT_NAME": ("rewritten", "root_path"),
            "PATH_INFO": ("rewritten", "path"),
            "QUERY_STRING": ("rewritten", "query_string"),
            "SERVER_PROTOCOL": ("rewritten", "http_version"),
            "wsgi.url_scheme": ("rewritten", "scheme"),
            "SERVER_NAME": ("rewritten", "server[0]"),
            "SERVER_PORT": ("expected", "server[1]"),
            "REMOTE_ADDR": ("rewritten", "client[0]"),
            "REMOTE_PORT": ("expected", "client[1]"),
            "RAW_URI": ("rewritten", "raw_path"),
            "HTTP_X_DUP": ("rewritten", "headers: x-dup"),
            "CONTENT_TYPE": ("rewritten", "headers: content-type"),
        }.items()
    )
    assert _of(comparison, "wsgi.version").interface == "wsgi"
    assert _of(comparison, "type").interface == "asgi"


def test_wsgi_beside_asgi_says_what_really_differs() -> None:
    scope = {**SCOPE, "method": "HEAD", "path": "/app/altro", "server": None}
    comparison = _compared(_with(ENVIRON), _with(scope, interface="asgi", port=40002))
    assert {facet.topic for facet in comparison.of("mapping", "different")} >= {"REQUEST_METHOD", "PATH_INFO"}


def test_headers_of_two_scopes_one_by_one_and_their_order() -> None:
    def scope(*names: str) -> dict[str, Value]:
        return {"headers": [{"tuple": [{"bytes": name}, {"bytes": "1"}]} for name in names]}

    first, second = (_with(scope(*names), interface="asgi") for names in (("a", "b", "c"), ("b", "a")))
    comparison = _compared(first, second)
    assert _of(comparison, "headers: a").kind == "equal"
    assert _of(comparison, "headers: c").kind == "only"
    assert _of(comparison, "order of headers").kind == "different"


def test_what_uvicorns_own_middleware_writes_is_the_servers() -> None:
    def proxied(*more: Step) -> Journey:
        built = Changes({"client": {"tuple": ["127.0.0.1", 5]}, "scheme": "http"})
        return _journey(_step(1, "scope", changes=built), _step(2, "call"), *more, interface="asgi")

    forwarded = Changes(changed={"client": (None, {"tuple": ["6.6.6.6", 0]}), "altro": (None, "x")})
    first = proxied(
        _step(3, "proxy_headers", "middleware", level=3),
        _step(4, "framework_call", "framework", changes=forwarded),
        _step(5, "view", "view"),
    )
    comparison = _compared(first, proxied())
    found = _of(comparison, "client")
    assert (found.where, found.kind) == ("mapping", "different")
    assert next(cell and cell.value for cell in found.cells) == {"tuple": ["6.6.6.6", 0]}
    assert _of(comparison, "altro").where == "beyond"


def test_what_middleware_and_framework_add_is_told_apart() -> None:
    journey = _journey(
        _step(1, "environ", changes=Changes({"A": "1", "B": "1"})),
        _step(2, "call"),
        _step(3, "middleware", "middleware", changes=Changes({"C": "1"}, {"B": ("1", "2")})),
        _step(4, "view", "view"),
        _step(5, "view_return", "view", "outbound", changes=Changes({"D": "1"})),
    )
    comparison = _compared(journey, _with({"A": "1", "B": "1"}))
    assert [(facet.topic, facet.kind) for facet in comparison.facets if facet.where == "beyond"] == [
        ("C", "only"),
        ("B", "only"),
    ]
    assert _of_part(comparison, "mapping", "B").kind == "equal"


def _of_part(comparison: Comparison, where: str, topic: str) -> Facet:
    [found] = [facet for facet in comparison.facets if (facet.where, facet.topic) == (where, topic)]
    return found


# ── the response ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_responses_that_differ_in_what_always_differs() -> None:
    comparison = _compared(_answered(RESPONSE % b"oggi"), _answered(RESPONSE % b"domani"))
    assert _of(comparison, "header: date").kind == "expected"
    assert {facet.kind for facet in comparison.facets if facet.where == "response"} == {"equal", "expected"}


def test_the_names_of_headers_are_the_same_in_any_case() -> None:
    comparison = _compared(_answered(RESPONSE % b"x"), _answered((RESPONSE % b"x").replace(b"Date", b"date")))
    found = _of(comparison, "header: date")
    assert (found.kind, found.reason) == ("rewritten", "case")


@pytest.mark.parametrize(
    ("changed", "topics"),
    [
        ((b"200 OK", b"200 Bene"), {"status"}),
        ((b"HTTP/1.1", b"HTTP/1.0"), {"status"}),
        ((b"Content-Length: 4\r\n", b""), {"header: content-length", "framing"}),
        ((b"ciao", b"ciAo"), {"body"}),
        ((b"Date: x\r\nContent-Length: 4\r\n", b"Content-Length: 4\r\nDate: x\r\n"), {"order"}),
        ((b"Date", b"X-Altro: 1\r\nDate"), {"header: x-altro"}),
    ],
)
def test_each_difference_of_a_response_has_its_own_name(changed: tuple[bytes, bytes], topics: set[str]) -> None:
    first = RESPONSE % b"x"
    comparison = _compared(_answered(first), _answered(first.replace(*changed)))
    assert {each.topic for each in comparison.of("response", "different", "only")} == topics


def test_a_body_is_the_same_however_it_is_framed() -> None:
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nci\r\n2;x=y\r\nao\r\n0\r\n\r\n"
    comparison = _compared(_answered(RESPONSE % b"x"), _answered(chunked))
    assert _of(comparison, "body").kind == "equal"
    assert [cell and cell.value for cell in _of(comparison, "framing").cells] == ["length", "chunked"]
    assert [cell and cell.value for cell in _of(comparison, "chunks").cells] == [None, [2, 2]]


def test_bodies_that_were_not_kept_whole_are_not_called_equal() -> None:
    first, second = _answered(RESPONSE % b"x"), _answered(RESPONSE % b"x")
    second.response_length += 1
    assert _of(_compared(first, second), "body").kind == "different"


def test_the_first_byte_that_differs() -> None:
    comparison = _compared(_answered(RESPONSE % b"x"), _answered((RESPONSE % b"x").replace(b"ciao", b"cibo")))
    assert _of(comparison, "body").at == 2
    assert first_difference([b"ab", b"abc"]) == 2
    assert first_difference([b"ab", b"ab"]) is None
    assert first_difference([]) is None


def test_interim_responses_come_before_the_final_one() -> None:
    found = read_response(b"HTTP/1.1 100 Continue\r\n\r\n" + RESPONSE % b"x", "POST")
    assert found is not None
    assert found.interim == ("HTTP/1.1 100 Continue",)
    assert (found.status, found.body) == ("HTTP/1.1 200 OK", b"ciao")


def test_a_response_without_a_body_has_none() -> None:
    for data, method in ((RESPONSE % b"x", "HEAD"), (b"HTTP/1.1 304 Not Modified\r\n\r\n", "GET")):
        found = read_response(data, method)
        assert found is not None
        assert (found.framing, found.body) == ("none", b"")


def test_no_response_on_one_side() -> None:
    comparison = _compared(_answered(RESPONSE % b"x"), _answered(b""))
    assert {facet.kind for facet in comparison.facets if facet.where == "response"} == {"only"}


@given(st.binary(max_size=200), st.sampled_from([None, "GET", "HEAD"]))
def test_no_bytes_can_stop_the_reading_of_a_response(data: bytes, method: str | None) -> None:
    for start in (b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"):
        read_response(start + data, method)


# ── steps and times ───────────────────────────────────────────────────────────────────────────────────────────────────


def _row(comparison: Comparison, name: str, identity: str = "") -> Aligned:
    [found] = [row for row in comparison.aligned if (row.name, row.identity) == (name, identity)]
    return found


def test_steps_are_aligned_by_place_and_name() -> None:
    first = _journey(_step(1, "recv", "socket"), _step(2, "queue", "server"), _step(3, "environ"), _step(4, "call"))
    second = _journey(_step(1, "recv", "socket"), _step(2, "scope"), _step(3, "call"), interface="asgi")
    comparison = _compared(first, second)
    assert [row.name for row in comparison.aligned] == ["recv", "queue", "environ", "call"]
    assert [len(steps) for steps in _row(comparison, "queue").steps] == [1, 0]
    assert [steps[0].name for steps in _row(comparison, "environ").steps] == ["environ", "scope"]


def test_two_orders_of_middleware_are_seen() -> None:
    def through(*names: str) -> Journey:
        steps = [
            _step(n, "middleware", "middleware", value={"class": name}) for n, name in enumerate(("Base", *names), 1)
        ]
        return _journey(*steps)

    comparison = _compared(through("A", "B"), through("B", "A"), through("A"))
    moved = {row.identity: row.moved for row in comparison.aligned}
    assert moved == {"Base": False, "A": True, "B": True}
    assert not any(row.moved for row in _compared(through("A", "B"), through("A")).aligned)


def test_many_steps_of_one_name_are_one_row() -> None:
    frames = [_step(n, ("chunk", "send")[n % 2]) for n in range(1, 4001)]
    comparison = _compared(_journey(*frames), _journey(*frames))
    assert [(row.name, len(row.steps[0])) for row in comparison.aligned] == [("send", 2000), ("chunk", 2000)]


def test_when_the_first_byte_left() -> None:
    piece = Bytes(0, 1, b"x")
    journey = _journey(
        _step(1, "request_sent", "client", bytes=piece),
        _step(2, "recv", "socket", bytes=piece),
        _step(3, "view", "view", held=500_000),
        _step(4, "start_response", "gateway", "outbound"),
        _step(5, "headers_written", "socket", "outbound", bytes=piece),
        _step(6, "body_written", "socket", "outbound", bytes=piece),
    )
    [timing] = _compared(journey).timings
    assert timing.first_byte == 2_500_000
    assert timing.last_byte == 3_500_000
    assert timing.after is journey.steps[3]
    assert timing.places[("view", "inbound")] == 500_000
    assert ("client", "inbound") not in timing.places


def test_journeys_with_nothing_in_them() -> None:
    comparison = _compared(Journey(1, "", 0), Journey(2, "", 0))
    assert comparison.aligned == ()
    assert comparison.timings[0].first_byte is None
