"""«Proxy: differenze», the map and the sentences of a journey that came by a web server."""

from passerella.journeys.model import Bytes, Direction, Journey, Station, Step, Upstream
from passerella.views.inspector import bytes_at, proxy_view
from passerella.views.map import map_at
from passerella.views.rows import rows
from passerella.views.sentences import tell

NEAR = b"GET /a HTTP/1.1\r\nHost: x\r\n\r\n"
FAR = b"GET /a HTTP/1.0\r\nHost: y\r\nConnection: close\r\n\r\n"
ANSWER_NEAR = b"HTTP/1.1 200 OK\r\nServer: nginx\r\n\r\n"
ANSWER_FAR = b"HTTP/1.0 200 OK\r\nServer: gunicorn\r\nX-Powered-By: \x1b[31mio\r\n\r\n"
WALK: tuple[tuple[str, Station, Direction, int, bytes], ...] = (
    ("request_sent", "client", "inbound", 1, NEAR),
    ("front_request", "proxy", "inbound", 1, b""),
    ("front_forward", "proxy", "inbound", 2, FAR),
    ("accept", "socket", "inbound", 2, b""),
    ("recv", "socket", "inbound", 2, FAR),
    ("headers_written", "socket", "outbound", 2, ANSWER_FAR),
    ("front_answer", "proxy", "outbound", 2, b""),
    ("front_relay", "proxy", "outbound", 1, b""),
    ("front_done", "proxy", "outbound", 1, b""),
)


def journey() -> Journey:
    steps = [
        Step(
            n=n,
            station=station,
            direction=direction,
            level=2,
            name=name,
            landmark="",
            t=n * 1_000_000,
            pid=2 if station == "proxy" else 1,
            tid=1,
            thread="",
            hop=hop,
            bytes=Bytes(0, len(data), data) if data else None,
        )
        for n, (name, station, direction, hop, data) in enumerate(WALK, 1)
    ]
    made = Journey(1, "127.0.0.1:5#1", 1, steps=steps, front="nginx", complete=True, started=steps[0].t, status=200)
    made.request, made.response = bytearray(NEAR), bytearray(ANSWER_NEAR)
    made.request_length, made.response_length = len(NEAR), len(ANSWER_NEAR)
    made.upstream = Upstream(bytearray(FAR), len(FAR), bytearray(ANSWER_FAR), len(ANSWER_FAR))
    return made


def test_differences_first_both_ways() -> None:
    view = proxy_view(journey())
    assert view is not None
    assert [(line.sign, line.name) for line in view.request[:3]] == [
        ("~", "versione"),
        ("~", "Host"),
        ("+", "Connection"),
    ]
    assert "versione: da «HTTP/1.0» a «HTTP/1.1»" in [line.text for line in view.response]
    assert [line.sign for line in view.response if line.name == "X-Powered-By"] == ["−"]
    assert next(name for name, _took in view.times) == "nel proxy, prima di inoltrare"


def test_what_a_header_holds_stays_text() -> None:
    view = proxy_view(journey())
    assert view is not None
    assert not any("\x1b" in line.text for line in view.response)


def test_uncertain_rebuilt_and_never_reached_are_said() -> None:
    made = journey()
    assert made.upstream is not None
    made.upstream.uncertain = made.rebuilt = True
    view = proxy_view(made)
    assert view is not None
    assert [sentence.split()[0] for sentence in view.about] == ["L'abbinamento", "I"]
    made.upstream, made.rebuilt = None, False
    view = proxy_view(made)
    assert view is not None
    assert (len(view.about), view.request) == (1, ())


def test_no_web_server_no_differences() -> None:
    made = journey()
    made.front = ""
    assert proxy_view(made) is None


def test_the_map_has_the_proxy_and_goes_on_in_order() -> None:
    made = journey()
    shown = map_at(rows(made)[-1], made, frozenset())
    assert [node.station for node in shown.inbound if node.there] == ["client", "proxy", "socket"]
    assert all(node.reached for node in (*shown.inbound, *shown.outbound) if node.there)


def test_the_proxy_is_no_hop_of_thread() -> None:
    assert not any(row.marks.hop for row in rows(journey()))


def test_each_hop_has_its_own_bytes() -> None:
    made = journey()
    shown = {row.step.name: bytes_at(made, row).data for row in rows(made)}
    assert shown["request_sent"] == shown["front_request"] == NEAR
    assert shown["front_forward"] == shown["recv"] == FAR
    assert shown["headers_written"] == ANSWER_FAR
    assert shown["front_relay"] == ANSWER_NEAR


def test_the_sentences_tell_them_where_they_happen() -> None:
    lines = list(tell(journey()))
    forward = next(index for index, line in enumerate(lines) if line.startswith("Proxy 2"))
    assert lines[forward + 1 : forward + 4] == [
        "    ~ versione: da «HTTP/1.1» a «HTTP/1.0»",
        "    ~ Host: da «x» a «y»",
        "    + Connection: aggiunta, «close»",
    ]
