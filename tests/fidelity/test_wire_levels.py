"""What the client gets is the same however much is recorded, and while nobody looks."""

import time
from collections.abc import Callable
from functools import partial

import pytest

from fidelity.running import APPS, WSGI_SERVERS, Running, command, free_port, plain, traced, wait_until
from fidelity.test_wire import ASGI_REQUESTS, WSGI_REQUESTS, _answers, _difference, _tracebacks
from passerella.session.live import Session

COUNTING = ("closed",)  # they answer with how many came before
LEVELS: dict[str, Callable[[Session], None]] = {
    "summary": lambda session: session.limit(0, 1_000_000),
    "counted": lambda session: session.limit(0, 0),
    "full again": lambda session: session.limit(1_000_000, 1_000_000),
    "nobody looks": lambda session: session.watch(False),
}


@pytest.mark.parametrize("server", ["gunicorn", "waitress", "uvicorn-h11-asyncio", "uvicorn-httptools-uvloop"])
def test_no_response_differs(server: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    app, requests = ("shapes_wsgi:app", WSGI_REQUESTS) if server in WSGI_SERVERS else ("shapes_asgi:app", ASGI_REQUESTS)
    requests = {name: data for name, data in requests.items() if name not in COUNTING and "how-many" not in name}
    with (
        plain(command(server, app, port := free_port()), APPS, port, tmp_path_factory.mktemp("plain") / "log") as alone,
        traced(command(server, app, free_port()), APPS) as running,
    ):
        before = _answers(alone, requests)
        for level, ask_for in LEVELS.items():
            ask_for(running.session)
            time.sleep(0.3)
            said = len(running.words())
            after = _answers(running, requests)
            different = {name: _difference(before[name], answer) for name, answer in after.items()}
            assert not any(different.values()), level + "\n".join(
                f"{name}: {text}" for name, text in different.items() if text
            )
            wait_until(partial(_wrote_the_same, alone, running, said))
            assert _tracebacks(running.words()[said:]) == _tracebacks(alone.words()), level


def _wrote_the_same(alone: Running, running: Running, said: int) -> bool:
    return _tracebacks(running.words()[said:]) == _tracebacks(alone.words())
