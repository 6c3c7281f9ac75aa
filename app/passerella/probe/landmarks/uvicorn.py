"""Uvicorn: its two HTTP protocols, the request-response cycle, the lifespan. h11 is the parser of one of them."""

from __future__ import annotations

from ..landmark import DETAILS, ENTRY, EXIT, IN, OUT, THROUGH, Landmark, Table
from ..vocabulary import AWAIT, LOOP

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def _cycle(module: Any) -> tuple[Landmark, ...]:
    """The request-response cycle has the same shape in both protocols."""
    name = f"uvicorn.protocols.http.{module}:RequestResponseCycle."
    return (
        Landmark(name + "__init__", "gateway", "scope", IN, ENTRY, LOOP, mapping="scope", binds="self"),
        Landmark(name + "run_asgi", "server", "task", THROUGH, ENTRY, AWAIT, back="finish", of="self"),
        Landmark(name + "receive", "server", "body", IN, hold=AWAIT, of="self"),
        Landmark(
            name + "send",
            "server",
            "response_head",
            OUT,
            DETAILS,
            AWAIT,
            of="self",
            when="message.get('type') == 'http.response.start'",
            takes={"status": "message.get('status')"},
        ),
        Landmark(
            name + "send",
            "server",
            "write",
            OUT,
            DETAILS,
            AWAIT,
            key=name + "send#body",
            of="self",
            when="message.get('type') != 'http.response.start'",
        ),
        Landmark(name + "send_500_response", "server", "error_response", OUT, ENTRY, AWAIT, of="self"),
    )


def _keeps_app(module: str, cls: str) -> Landmark:
    """Each connection takes the app from the configuration, which goes on holding the student's own."""
    return Landmark(f"uvicorn.protocols.{module}:{cls}.__init__", keeps=("self", "app", "asgi"))


def _protocol(module: Any, cls: Any) -> tuple[Landmark, ...]:
    name = f"uvicorn.protocols.http.{module}:{cls}."
    return (
        _keeps_app(f"http.{module}", cls),
        Landmark(name + "connection_made", "server", "connection", IN, hold=LOOP, connection="transport", joins="self"),
        Landmark(name + "data_received", "server", "data_received", IN, hold=LOOP, connection="self.transport"),
        Landmark(name + "on_response_complete", "server", "keep_alive", OUT, hold=LOOP),
        Landmark(name + "connection_lost", "server", "connection_closed", OUT, hold=LOOP, connection="self.transport"),
    )


def _websocket(module: str, cls: str, *frames: str) -> tuple[Landmark, ...]:
    """The protocol that takes the connection over after the upgrade; it is given the request's bytes again.

    :param frames: its methods that take a frame of the client's.
    """
    name = f"uvicorn.protocols.websockets.{module}:{cls}."
    return (
        Landmark(name + "data_received", "server", "data_received", IN, hold=LOOP, connection="self.transport"),
        Landmark(
            name + "handle_connect",
            "gateway",
            "scope",
            IN,
            EXIT,
            LOOP,
            connection="self.transport",
            binds="self",
            mapping="self.scope",
        ),
        *(Landmark(name + frame, "server", "frame_parsed", IN, hold=LOOP) for frame in (*frames, "handle_close")),
        Landmark(name + "run_asgi", "server", "task", THROUGH, ENTRY, AWAIT, back="finish"),
        Landmark(name + "send", "server", "frame_built", OUT, DETAILS, AWAIT),
        Landmark(name + "send_500_response", "server", "error_response", OUT, ENTRY, LOOP),
        Landmark(name + "connection_lost", "server", "connection_closed", OUT, hold=LOOP, connection="self.transport"),
    )


_H11 = "uvicorn.protocols.http.h11_impl:H11Protocol."
_HTTPTOOLS = "uvicorn.protocols.http.httptools_impl:HttpToolsProtocol."

TABLE = Table(
    "uvicorn",
    "server",
    (
        Landmark("uvicorn.lifespan.on:LifespanOn.__init__", observes="config", product="config"),
        _keeps_app("http.zttp_impl", "ZttpProtocol"),
        _keeps_app("http.zttp_h2_impl", "ZttpH2Protocol"),
        _keeps_app("websockets.websockets_impl", "WebSocketProtocol"),
        _keeps_app("websockets.websockets_sansio_impl", "WebSocketsSansIOProtocol"),
        _keeps_app("websockets.wsproto_impl", "WSProtocol"),
        Landmark("uvicorn.server:Server.main_loop", ready="uvicorn"),
        *_protocol("h11_impl", "H11Protocol"),
        Landmark(_H11 + "handle_events", "server", "server_step", IN, hold=LOOP),
        Landmark(_H11 + "send_400_response", "server", "error_response", OUT, ENTRY, LOOP),
        *_cycle("h11_impl"),
        *_protocol("httptools_impl", "HttpToolsProtocol"),
        Landmark(_HTTPTOOLS + "on_message_begin", "server", "server_step", IN, hold=LOOP, begins="object()"),
        Landmark(_HTTPTOOLS + "on_url", "server", "request_line", IN, ENTRY, LOOP, takes={"target": "url"}),
        Landmark(
            _HTTPTOOLS + "on_header", "server", "headers", IN, hold=LOOP, takes={"name": "name", "value": "value"}
        ),
        Landmark(_HTTPTOOLS + "on_headers_complete", "server", "headers", IN, ENTRY, LOOP),
        Landmark(_HTTPTOOLS + "on_body", "server", "body", IN, hold=LOOP, takes={"length": "len(body)"}),
        Landmark(_HTTPTOOLS + "on_message_complete", "server", "message_complete", IN, hold=LOOP),
        Landmark(_HTTPTOOLS + "send_400_response", "server", "error_response", OUT, ENTRY, LOOP),
        *_cycle("httptools_impl"),
        Landmark(_H11 + "handle_websocket_upgrade", "server", "server_step", IN, hold=LOOP),
        Landmark(_HTTPTOOLS + "handle_websocket_upgrade", "server", "server_step", IN, hold=LOOP),
        *_websocket("websockets_sansio_impl", "WebSocketsSansIOProtocol", "handle_text", "handle_bytes"),
        *_websocket("wsproto_impl", "WSProtocol", "handle_message"),
        Landmark(
            "uvicorn.protocols.websockets.wsproto_impl:WSProtocol.connection_made",
            "server",
            "connection",
            IN,
            hold=LOOP,
            binds="self.conn.handshake._h11_connection",  # it reads the request again, with a parser of its own
        ),
        Landmark(
            "uvicorn.middleware.proxy_headers:ProxyHeadersMiddleware.__call__",
            "middleware",
            "proxy_headers",
            THROUGH,
            DETAILS,
            AWAIT,
            back="proxy_headers_return",
            mapping="scope",
        ),
    ),
)

PARSER = Table(
    "h11",
    "parser",
    (
        Landmark("h11._connection:Connection.receive_data", "server", "data_received", IN, hold=LOOP),
        Landmark(
            "h11._connection:Connection.next_event",
            "server",
            "headers_read",
            IN,
            EXIT,
            LOOP,
            of="self",
            begins="ret if type(ret).__name__ == 'Request' else None",
            point="type(ret).__name__ == 'Request'",
            gives={"method": "ret.method", "target": "ret.target", "version": "ret.http_version"},
        ),
        Landmark("h11._connection:Connection.send", "server", "response_head", OUT, hold=LOOP),
    ),
)
