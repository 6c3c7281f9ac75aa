"""Small real servers: each connection is served by a function, in order."""

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator

import pytest

Script = Callable[[socket.socket], None]
Serve = Callable[..., int]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Start a server that runs ``scripts[n]`` on its n-th connection and then closes it; gives the port."""
    with contextlib.ExitStack() as cleanup:

        def start(*scripts: Script) -> int:
            listener = socket.create_server(("127.0.0.1", 0))
            listener.settimeout(20)
            thread = threading.Thread(target=_run, args=(listener, scripts))
            thread.start()
            cleanup.callback(thread.join)
            return int(listener.getsockname()[1])

        yield start


def _run(listener: socket.socket, scripts: tuple[Script, ...]) -> None:
    with listener:
        for script in scripts:
            accepted, _peer = listener.accept()
            with accepted:
                accepted.settimeout(20)
                script(accepted)
