"""Gunicorn's own ASGI worker: a protocol on an event loop, a parser that calls back, a task for each request.

The server's object for a request cannot be referred to weakly: a request is found as the connection's latest.
"""

from __future__ import annotations

from ..landmark import DETAILS, ENTRY, EXIT, IN, OUT, THROUGH, Landmark, Table
from ..vocabulary import AWAIT, LOOP

_PROTOCOL = "gunicorn.asgi.protocol:ASGIProtocol."
_PARSER = "gunicorn.asgi.parser:PythonProtocol."
_WEBSOCKET = "gunicorn.asgi.websocket:WebSocketProtocol."

TABLE = Table(
    "gunicorn",
    "server",
    (
        Landmark("gunicorn.workers.gasgi:ASGIWorker.load_wsgi", keeps=("self", "asgi", "asgi")),
        Landmark("gunicorn.workers.gasgi:ASGIWorker._serve", ready="gunicorn", hold=LOOP, beats="self"),
        Landmark(_PROTOCOL + "connection_made", "server", "connection", IN, hold=LOOP, connection="transport"),
        Landmark(_PROTOCOL + "data_received", "server", "data_received", IN, hold=LOOP, connection="self.transport"),
        Landmark(_PARSER + "feed", "server", "server_step", IN, hold=LOOP),
        Landmark(
            _PARSER + "_parse_request_line",
            "server",
            "request_line",
            IN,
            EXIT,
            LOOP,
            begins="object() if ret else None",
            point="ret",
            gives={"method": "self.method", "target": "self.path"},
        ),
        Landmark(_PARSER + "_parse_headers", "server", "headers", IN, hold=LOOP),
        Landmark(_PROTOCOL + "_on_headers_complete", "server", "headers", IN, ENTRY, LOOP),
        Landmark(_PROTOCOL + "_on_body", "server", "body", IN, hold=LOOP, takes={"length": "len(chunk)"}),
        Landmark(_PROTOCOL + "_on_message_complete", "server", "message_complete", IN, hold=LOOP),
        Landmark(
            _PROTOCOL + "_serve_http_request",
            "server",
            "task",
            THROUGH,
            ENTRY,
            AWAIT,
            back="finish",
            connection="self.transport",
            binds="request",
        ),
        Landmark(_PROTOCOL + "_handle_http_request", "server", "handle_request", THROUGH, DETAILS, AWAIT),
        Landmark(_PROTOCOL + "_build_http_scope", "gateway", "scope", IN, EXIT, LOOP, mapping="ret"),
        Landmark("gunicorn.asgi.protocol:BodyReceiver.receive", "server", "body", IN, DETAILS, AWAIT),
        Landmark(
            _PROTOCOL + "_send_response_start",
            "server",
            "response_head",
            OUT,
            hold=LOOP,
            takes={"status": "status"},
        ),
        Landmark(_PROTOCOL + "_send_body", "server", "write", OUT, hold=LOOP, takes={"length": "len(body)"}),
        Landmark(_PROTOCOL + "_safe_write", "server", "write", OUT, hold=LOOP),
        Landmark(_PROTOCOL + "_send_error_response", "server", "error_response", OUT, ENTRY, LOOP),
        Landmark(_PROTOCOL + "_arm_keepalive_timer", "server", "keep_alive", OUT, hold=LOOP),
        Landmark(
            _PROTOCOL + "connection_lost", "server", "connection_closed", OUT, hold=LOOP, connection="self.transport"
        ),
        Landmark(
            _PROTOCOL + "_handle_websocket",
            "server",
            "task",
            THROUGH,
            ENTRY,
            AWAIT,
            back="finish",
            connection="self.transport",
            binds="request",
        ),
        Landmark(_PROTOCOL + "_build_websocket_scope", "gateway", "scope", IN, EXIT, LOOP, mapping="ret"),
        Landmark(_WEBSOCKET + "_send_accept", "server", "response_head", OUT, DETAILS, AWAIT),
        Landmark(
            _WEBSOCKET + "_read_frame",
            "server",
            "frame_parsed",
            IN,
            DETAILS,
            AWAIT,
            point="ret",
            gives={"opcode": "ret[0]", "length": "len(ret[1])"},
        ),
        Landmark(
            _WEBSOCKET + "_send_frame",
            "server",
            "frame_built",
            OUT,
            DETAILS,
            AWAIT,
            takes={"opcode": "opcode", "length": "len(payload)"},
        ),
        Landmark(_WEBSOCKET + "_deny", "server", "error_response", OUT, ENTRY, LOOP, takes={"status": "status"}),
    ),
)
