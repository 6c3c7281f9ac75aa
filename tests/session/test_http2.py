"""HTTP/2 is not followed, and the servers that speak it are told apart: it is said, and nothing else changes."""

import socket
import sys

import h2.config
import h2.connection
import h2.events
import pytest

from passerella.cli.target import of_scenario
from passerella.session.live import Command, Session

FOLDER = of_scenario("gunicorn-flask").command.cwd
GUNICORN = ["-m", "gunicorn", "-b", "127.0.0.1:0", "-k", "gthread", "--no-control-socket"]
SERVERS = {
    "gunicorn": [*GUNICORN, "--http-protocols", "h1,h2", "--http2-cleartext", "prior-knowledge", "app_flask:app"],
    "hypercorn": ["-m", "hypercorn", "-b", "127.0.0.1:0", "-w", "0", "app_asgi:app"],
}


@pytest.mark.parametrize("server", SERVERS)
def test_it_is_answered_and_refused(server: str) -> None:
    with Session(Command([sys.executable, *SERVERS[server]], FOLDER), lambda batch: None) as session:
        session.wait_ready()
        status, body = ask(session.port)
    assert status == b"200"
    assert b"Ciao" in body
    assert {refusal.what for refusal in session.refusals} == {"http2"}


def ask(port: int) -> tuple[bytes, bytes]:
    """GET /ciao as one who knows that the server speaks HTTP/2 (RFC 9113 §3.3)."""
    connection = h2.connection.H2Connection(h2.config.H2Configuration(header_encoding=False))
    connection.initiate_connection()
    fields = [(":method", "GET"), (":path", "/ciao"), (":scheme", "http"), (":authority", "x")]
    connection.send_headers(1, fields, end_stream=True)
    status, body = b"", b""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as client:
        client.sendall(connection.data_to_send())
        while data := client.recv(65536):
            for event in connection.receive_data(data):
                if isinstance(event, h2.events.ResponseReceived):
                    status = dict(event.headers)[b":status"]
                elif isinstance(event, h2.events.DataReceived):
                    body += event.data
                elif isinstance(event, h2.events.StreamEnded):
                    return status, body
            client.sendall(connection.data_to_send())
    return status, body
