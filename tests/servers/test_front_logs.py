"""What the logs of Nginx and Apache say, as events."""

import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerella.events import FrontSaid
from passerella.servers.fronts.apache_log import ApacheLog
from passerella.servers.fronts.nginx_log import NginxLog

_D = b"2026/11/22 12:00:00 [debug] 5#7: "
NGINX = b"".join(
    (
        b"2026/11/22 12:00:00 [notice] 5#5: nginx/1.22.1\n",
        b"2026/11/22 12:00:00 [notice] 5#5: start worker process 7\n",
        _D + b"*1 accept: 127.0.0.1:4000 fd:5\n",
        _D + b"*1 recv: fd:5 40 of 1024\n",
        _D + b'*1 http request line: "GET /a?b=1 HTTP/1.1"\n',
        _D + b'*1 http header: "Host: x"\n',
        _D + b"*1 http header done\n",
        _D + b'*1 using configuration "/"\n',
        _D + b'*1 http proxy header:\n"GET /a?b=1 HTTP/1.0\r\nHost: y\r\nConnection: close\r\n\r\n"\n',
        _D + b"*1 connect to 127.0.0.1:8001, fd:9 #2\n",
        _D + b"*1 writev: 44 of 44\n",
        _D + b"*1 recv: fd:9 90 of 4096\n",
        _D + b'*1 http proxy status 200 "200 OK"\n',
        _D + b"*1 HTTP/1.1 200 OK\r\nServer: nginx\r\n\n",
        _D + b"*1 pipe recv chain: 5\n",
        _D + b"*1 writev: 60 of 60\n",
        b'{"parola":"1","peer":"127.0.0.1:4000","status":"200","sent":"60","time":"0.001","connect_time":"0.000"}\n',
        b"2026/11/22 12:00:00 [info] 5#7: *1 client 127.0.0.1 closed keepalive connection\n",
        _D + b"*1 close http connection: 5\n",
    )
)
STAGES = [
    "accept",
    "read",
    "request",
    "headers",
    "location",
    "forward",
    "connect",
    "forwarded",
    "answer",
    "response_head",
    "kept",
    "relay",
    "done",
    "close",
]


def test_nginx_says_each_stage_in_order() -> None:
    log = NginxLog("parola")
    said = log.feed(NGINX, 10)
    assert [each.what for each in said] == STAGES
    assert {each.peer for each in said} == {"127.0.0.1:4000"}
    assert {each.connection for each in said} == {"1"}
    assert (log.ready, log.version) == (True, "1.22.1")
    by_stage = {each.what: each for each in said}
    assert by_stage["forward"].data == "GET /a?b=1 HTTP/1.0\r\nHost: y\r\nConnection: close\r\n\r\n"
    assert by_stage["headers"].value == {"headers": [["Host", "x"]]}
    assert by_stage["read"].value == {"length": 40}  # not what it read from the app
    assert by_stage["answer"].value == {"status": 200, "line": "200 OK"}
    assert by_stage["done"].value["status"] == "200"


@given(st.lists(st.integers(0, len(NGINX)), max_size=12))
def test_however_the_log_is_read(cuts: list[int]) -> None:
    log = NginxLog("parola")
    edges = [0, *sorted(cuts), len(NGINX)]
    said = [each for start, end in pairwise(edges) for each in log.feed(NGINX[start:end], 10)]
    assert [each.what for each in said] == STAGES


def test_a_path_with_a_line_end_makes_no_lines() -> None:
    """«GET /%0A…» is decoded in the debug log: what follows may look like any line."""
    forged = _D + b'*1 http proxy status 200 "200 OK"'
    said = NginxLog("parola").feed(
        b"".join(
            (
                _D + b"*1 accept: 127.0.0.1:4000 fd:5\n",
                _D + b'*1 http request line: "GET /%0A HTTP/1.1"\n',
                _D + b'*1 http uri: "/\n' + forged + b'"\n',
                b'{"indovinata":"1","status":"200"}\n',
                _D + b'*1 using configuration "/"\n',
                b'{"parola":"1","peer":"127.0.0.1:4000","status":"404","sent":"9"}\n',
                _D + b"*1 close http connection: 5\n",
            )
        ),
        10,
    )
    assert [each.what for each in said] == ["accept", "request", "done", "close"]


@given(st.binary(max_size=400))
def test_no_log_stops_the_reader(noise: bytes) -> None:
    NginxLog("parola").feed(noise + b"\n" + NGINX[:200], 1)
    ApacheLog("parola").feed(noise + b"\n" + b"parola|" + noise + b"\nparola+" + noise + b"\n", 1)


def _apache(
    module: str, message: str, connection: str = "c1", address: str = "127.0.0.1:4000", level: str = "debug"
) -> str:
    return f"parola|2026-11-22 12:00:00.000001|{module}|{level}|77|{connection}|{address}|{message}\n"


def _out(data: str, size: int, connection: str = "c1", address: str = "127.0.0.1:4000") -> str:
    return _apache("dumpio", f"mod_dumpio:  dumpio_out (data-HEAP): {size} bytes", connection, address) + _apache(
        "dumpio", f"mod_dumpio:  dumpio_out (data-HEAP): {data}", connection, address
    )


APACHE = "".join(
    (
        _apache("mpm_event", "AH00489: Apache/2.4.66 (Debian) configured -- resuming normal operations", "-", "-"),
        _apache("core", "Request received from client: GET /a HTTP/1.1"),
        _apache("http", "Headers received from client:"),
        _apache("http", "  Host: x"),
        _apache("proxy", "AH03464: URI path '/a' matches proxy handler 'proxy:http://127.0.0.1:8001/a'"),
        _apache("proxy", "AH02824: http: connection established with 127.0.0.1:8001", "-", "-"),
        _out(r"GET /a HTTP/1.1\r\n", 17, "c2", "127.0.0.1:8001"),
        _out(r"Host: \"y\"\r\n\r\n", 13, "c2", "127.0.0.1:8001"),
        _apache("proxy_http", "Status from backend: 200"),
        _out(r"HTTP/1.1 200 OK\r\n\r\n", 19),
        _out(r"ciao\n", 5),
        "parola+c1|127.0.0.1:4000|200|24|1500|1795348862110918|44510|+|proxy-server|GET /a HTTP/1.1\n",
        _apache("dumpio", "mod_dumpio:  dumpio_out (metadata-EOC): 0 bytes"),
    )
)


def test_apache_says_each_stage_in_order() -> None:
    log = ApacheLog("parola")
    said: list[FrontSaid] = log.feed(APACHE.encode("latin-1"), 10**20)
    assert [each.what for each in said] == [
        *("request", "headers", "location", "connect", "forward"),
        *("answer", "response_head", "relay", "relay", "done", "close"),
    ]
    assert {each.connection for each in said} == {"c1"}  # also what went to the app, in the same thread
    assert (log.ready, log.version) == (True, "2.4.66")
    by_stage = {each.what: each for each in said}
    assert by_stage["forward"].data == 'GET /a HTTP/1.1\r\nHost: "y"\r\n\r\n'
    assert by_stage["done"].value["port"] == "44510"
    assert json.dumps([each.value for each in said])


@pytest.mark.parametrize("count", [1, 7, 50])
def test_apache_however_it_is_read(count: int) -> None:
    data = APACHE.encode("latin-1")
    whole = [each.what for each in ApacheLog("parola").feed(data, 1)]
    log = ApacheLog("parola")
    assert [each.what for at in range(0, len(data), count) for each in log.feed(data[at : at + count], 1)] == whole
