"""Hypercorn: asyncio streams, a protocol object for each connection, h11 as its parser, a task for each request.

The task that serves a connection begins inside ``connection_made``, so it knows its connection from then on.
"""

from __future__ import annotations

from ..landmark import DETAILS, ENTRY, IN, OUT, THROUGH, Landmark, Table
from ..vocabulary import AWAIT, LOOP

_H11 = "hypercorn.protocol.h11:H11Protocol."
_HTTP = "hypercorn.protocol.http_stream:HTTPStream."
_WEBSOCKET = "hypercorn.protocol.ws_stream:WSStream."
_TRANSPORT = "self.send.__self__.writer.transport"  # H11Protocol sends through a method of its TCPServer

TABLE = Table(
    "hypercorn",
    "server",
    (
        Landmark("hypercorn.app_wrappers:ASGIWrapper.__init__", keeps=("self", "app", "asgi")),
        Landmark("hypercorn.app_wrappers:WSGIWrapper.__init__", keeps=("self", "app", "wsgi")),
        Landmark("hypercorn.asyncio.lifespan:Lifespan.wait_for_startup", ready="hypercorn"),
        Landmark("hypercorn.protocol.h2:H2Protocol.initiate", refuses="http2"),
        Landmark(
            _H11 + "handle",
            "server",
            "data_received",
            IN,
            DETAILS,
            AWAIT,
            connection=_TRANSPORT,
            when="getattr(event, 'data', b'')",
        ),
        Landmark(_H11 + "_handle_events", "server", "server_step", IN, DETAILS, AWAIT),
        Landmark(
            _H11 + "_create_stream",
            "server",
            "handle_request",
            IN,
            DETAILS,
            AWAIT,
            takes={"method": "request.method", "target": "request.target"},
        ),
        Landmark(
            _HTTP + "handle", "server", "server_step", IN, DETAILS, AWAIT, takes={"event": "type(event).__name__"}
        ),
        Landmark(
            "hypercorn.asyncio.task_group:TaskGroup.spawn_app",
            "gateway",
            "scope",
            IN,
            ENTRY,
            AWAIT,
            mapping="scope",
        ),
        Landmark(
            "hypercorn.asyncio.task_group:_handle",
            "server",
            "task",
            THROUGH,
            ENTRY,
            AWAIT,
            back="finish",
            when="scope['type'] != 'lifespan'",
        ),
        Landmark("hypercorn.app_wrappers:WSGIWrapper.handle_http", "server", "server_step", IN, DETAILS, AWAIT),
        Landmark("hypercorn.app_wrappers:_build_environ", "gateway", "environ", IN, ENTRY, LOOP, mapping="ret"),
        Landmark("hypercorn.app_wrappers:WSGIWrapper.run_app", "server", "service", THROUGH, ENTRY),
        Landmark(
            _HTTP + "app_send",
            "server",
            "response_head",
            OUT,
            DETAILS,
            AWAIT,
            when="message is not None and message.get('type') == 'http.response.start'",
            takes={"status": "message.get('status')"},
        ),
        Landmark(
            _HTTP + "app_send",
            "server",
            "write",
            OUT,
            DETAILS,
            AWAIT,
            key=_HTTP + "app_send#body",
            when="message is not None and message.get('type') != 'http.response.start'",
        ),
        Landmark(_HTTP + "_send_error_response", "server", "error_response", OUT, ENTRY, AWAIT),
        Landmark(_H11 + "_send_error_response", "server", "error_response", OUT, ENTRY, AWAIT),
        Landmark(_H11 + "_maybe_recycle", "server", "keep_alive", OUT, DETAILS, AWAIT),
        Landmark(_WEBSOCKET + "handle", "server", "data_received", IN, DETAILS, AWAIT),
        Landmark(_WEBSOCKET + "app_send", "server", "write", OUT, DETAILS, AWAIT, when="message is not None"),
        Landmark(_WEBSOCKET + "_accept", "server", "response_head", OUT, DETAILS, AWAIT),
        Landmark(
            _WEBSOCKET + "_send_wsproto_event",
            "server",
            "frame_built",
            OUT,
            DETAILS,
            AWAIT,
            takes={"event": "type(event).__name__"},
        ),
    ),
)

STREAMS = Table(
    "asyncio",
    "standard",
    (
        Landmark(
            "asyncio.streams:StreamReaderProtocol.connection_made",
            "server",
            "connection",
            IN,
            hold=LOOP,
            connection="transport",
        ),
    ),
)
