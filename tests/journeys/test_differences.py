"""What a web server in front changed of a message."""

from hypothesis import given
from hypothesis import strategies as st

from passerella.journeys.differences import Difference, hop_times, request_differences, response_differences
from passerella.journeys.model import Journey, Step, Upstream


def step(name: str, t: int, hop: int = 1) -> Step:
    return Step(
        n=t,
        station="proxy",
        direction="inbound",
        level=2,
        name=name,
        landmark="",
        t=t,
        pid=1,
        tid=1,
        thread="",
        hop=hop,
    )


def journey(near: bytes, far: bytes, *, response: bool = False) -> Journey:
    made = Journey(1, "127.0.0.1:5#1", 1, front="nginx", upstream=Upstream())
    assert made.upstream is not None
    if response:
        made.response, made.upstream.response = bytearray(near), bytearray(far)
        made.steps = [step("front_answer", 1)]
    else:
        made.request, made.upstream.request = bytearray(near), bytearray(far)
    return made


NEAR = b"POST /a HTTP/1.1\r\nHost: x\r\nTE: trailers\r\nTransfer-Encoding: chunked\r\nAccept: */*\r\n\r\n2\r\nab\r\n0\r\n\r\n"
FAR = b"POST /a HTTP/1.0\r\nAccept: */*\r\nHost: y\r\nConnection: close\r\nContent-Length: 2\r\n\r\nab"


def by_name(found: list[Difference]) -> dict[tuple[str, str], Difference]:
    return {(each.part, each.name.lower()): each for each in found}


def test_what_nginx_changes_of_its_own() -> None:
    found = request_differences(journey(NEAR, FAR))
    kinds = {key: each.kind for key, each in by_name(found).items()}
    assert kinds == {
        ("line", "method"): "same",
        ("line", "target"): "same",
        ("line", "version"): "changed",
        ("field", "host"): "changed",
        ("field", "te"): "removed",
        ("field", "transfer-encoding"): "removed",
        ("field", "accept"): "same",
        ("field", "connection"): "added",
        ("field", "content-length"): "added",
        ("order", ""): "moved",
        ("body", ""): "changed",
    }


def test_differences_come_first() -> None:
    kinds = [each.kind for each in request_differences(journey(NEAR, FAR))]
    assert kinds == sorted(kinds, key=["changed", "added", "removed", "moved", "same"].index)


def test_the_spans_are_those_bytes() -> None:
    host = by_name(request_differences(journey(NEAR, FAR)))["field", "host"]
    assert [NEAR[start:end] for start, end in host.near_spans] == [b"Host: x"]
    assert [FAR[start:end] for start, end in host.far_spans] == [b"Host: y"]


def test_two_fields_made_one() -> None:
    near = b"GET / HTTP/1.1\r\nX-Dup: a\r\nX-Dup: b\r\n\r\n"
    far = b"GET / HTTP/1.1\r\nX-Dup: a, b\r\n\r\n"
    found = by_name(request_differences(journey(near, far)))["field", "x-dup"]
    assert (found.kind, found.near, found.far) == ("changed", "a | b", "a, b")


def test_what_the_web_server_answered_itself_is_compared_with_nothing() -> None:
    made = journey(b"HTTP/1.1 504 X\r\n\r\n", b"HTTP/1.0 200 OK\r\n\r\n", response=True)
    assert response_differences(made)
    made.steps = []
    assert response_differences(made) == []


@given(st.binary(max_size=300), st.binary(max_size=300))
def test_no_bytes_stop_it(near: bytes, far: bytes) -> None:
    request_differences(journey(near, far))
    request_differences(journey(b"GET / HTTP/1.1\r\n" + near + b"\r\n\r\n", b"A\r\n" + far + b"\r\n\r\n"))


@given(st.lists(st.tuples(st.sampled_from("ABC"), st.text("xy z", max_size=4)), max_size=5))
def test_a_message_does_not_differ_from_itself(fields: list[tuple[str, str]]) -> None:
    head = "".join(f"{name}: {value}\r\n" for name, value in fields).encode()
    message = b"GET / HTTP/1.1\r\n" + head + b"\r\nbody"
    assert {each.kind for each in request_differences(journey(message, message))} == {"same"}


def test_the_time_of_each_hop() -> None:
    made = journey(NEAR, FAR)
    names = ("front_request", "front_forward", "front_answer", "front_relay", "front_relay")
    made.steps = [step(name, t) for name, t in zip(names, (10, 15, 40, 41, 60), strict=True)]
    times = hop_times(made)
    assert (times.before, times.app, times.after) == (5, 25, 20)
