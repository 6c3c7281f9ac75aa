"""When the queue is full moments are lost and counted, but never what later ones refer to."""

from collections.abc import Iterator

import msgspec
import pytest

from passerella.events import Accepted, Counted, Dropped, Event
from passerella.probe import channel, places
from passerella.probe.attribution import Connection, Request
from passerella.probe.notation import encode
from passerella.probe.record import moment, site_of_code
from passerella.probe.vocabulary import QUEUE_LIMIT
from passerella.session.wire import Wire


@pytest.fixture
def queue(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[object]]:
    """The probe's queue, with a writer that never comes."""
    line = channel._Line()
    line.writing, line.asleep = True, False
    monkeypatch.setattr(channel, "_line", line)
    monkeypatch.setattr(places, "_mark", places._local())
    yield line.queue
    line.queue.clear()


def _read(messages: list[object]) -> list[Event]:
    counts: list[object] = []
    channel._add_counts(channel._line, counts)
    return Wire().events(encode([*messages, *counts]).encode())


def test_what_is_told_once_is_never_lost(queue: list[object]) -> None:
    connection = Connection("127.0.0.1:9", "127.0.0.1:8", 0)
    request = Request(connection)
    before = list(queue)
    queue.extend([("counted", 1)] * (QUEUE_LIMIT - len(queue)))
    request.places = request.thread = None  # as in another thread
    site = site_of_code("socket.recv", test_what_is_told_once_is_never_lost.__code__)
    assert moment("recv", request, site, 0, 3, "GET")
    told = [message for message in list(queue)[QUEUE_LIMIT:] if isinstance(message, tuple)]
    assert [message[0] for message in told] == ["site", "place"]
    room = [message for message in queue if message != ("counted", 1)]
    assert room[: len(before)] == before
    queue.clear()
    queue.extend(room)
    assert moment("recv", request, site, 0, 3, "GET")
    events = _read(list(queue))
    assert isinstance(next(event for event in events if isinstance(event, Accepted)), Accepted)
    assert [event for event in events if isinstance(event, Dropped)] == [Dropped(1, *request.id)]
    assert not [event for event in events if isinstance(event, Counted)]
    assert msgspec.structs.asdict(events[-2])["data"] == "GET"
