"""The same WebSocket on each of the libraries that Uvicorn can speak it with."""

import pytest

from passerella.client.websocket import Message
from session.test_in_front import watched


@pytest.mark.parametrize("library", ["websockets-sansio", "wsproto"])
@pytest.mark.parametrize("parser", ["h11", "httptools"])
def test_each_frame_is_seen(library: str, parser: str) -> None:
    with watched("uvicorn-websocket", {"ws": library, "http": parser}) as seen:
        [echo] = seen.session.chat("/eco", ["ciao", b"\0\xff"])
        (journey,) = seen.journeys(1)
    assert echo.received == [Message("text", "ciao"), Message("bytes", b"\0\xff")]
    assert (journey.protocol, journey.status, journey.complete) == ("websocket", 101, True)
    walk = iter([step.name for step in journey.steps if step.level == 2])
    said = ["recv", "scope", "call", "view", "ws_connect", "ws_accept", "upgrade", *["ws_receive", "ws_send"] * 2]
    assert all(name in walk for name in said)
    parsed = [step for step in journey.steps if step.name == "frame_parsed"]
    assert parsed[0].source is not None
    assert library.partition("-")[0] in parsed[0].source.file
