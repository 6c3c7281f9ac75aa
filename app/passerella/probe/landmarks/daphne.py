"""Daphne, on Twisted: Twisted reads, parses and writes; Daphne makes the scope and runs the app as an asyncio task."""

from __future__ import annotations

from ..landmark import DETAILS, ENTRY, EXIT, IN, OUT, THROUGH, Landmark, Table
from ..vocabulary import LOOP

_CHANNEL = "twisted.web.http:HTTPChannel."
_REQUEST = "daphne.http_protocol:WebRequest."
_WEBSOCKET = "daphne.ws_protocol:WebSocketProtocol."
_SOCKET = "twisted.internet.tcp:Connection."

TABLE = Table(
    "daphne",
    "server",
    (
        Landmark("daphne.server:Server.__init__", keeps=("self", "application", "asgi")),
        Landmark("daphne.server:Server.run", ready="daphne", hold=LOOP),
        Landmark(_REQUEST + "__init__", "server", "server_step", IN, hold=LOOP, begins="self"),
        Landmark(_REQUEST + "process", "server", "handle_request", THROUGH, DETAILS, LOOP, of="self"),
        Landmark(
            "daphne.server:Server.create_application",
            "gateway",
            "scope",
            IN,
            EXIT,
            LOOP,
            mapping="(ret, scope)[1]",  # at the exit: it adds a key
            of="protocol",
        ),
        Landmark(
            _REQUEST + "handle_reply",
            "server",
            "response_head",
            OUT,
            DETAILS,
            LOOP,
            of="self",
            when="message.get('type') == 'http.response.start'",
            takes={"status": "message.get('status')"},
        ),
        Landmark(
            _REQUEST + "handle_reply",
            "server",
            "write",
            OUT,
            DETAILS,
            LOOP,
            key=_REQUEST + "handle_reply#body",
            of="self",
            when="message.get('type') != 'http.response.start'",
        ),
        Landmark(_REQUEST + "finish", "server", "finish", OUT, DETAILS, LOOP, of="self"),
        Landmark(_REQUEST + "basic_error", "server", "error_response", OUT, ENTRY, LOOP, of="self"),
        Landmark(_REQUEST + "connectionLost", "server", "connection_closed", OUT, DETAILS, LOOP, of="self"),
        Landmark(_WEBSOCKET + "onConnect", "server", "handle_request", IN, DETAILS, LOOP),
        Landmark(_WEBSOCKET + "handle_reply", "server", "write", OUT, DETAILS, LOOP),
        Landmark(
            _WEBSOCKET + "onMessage", "server", "frame_parsed", IN, DETAILS, LOOP, takes={"length": "len(payload)"}
        ),
        Landmark(_WEBSOCKET + "serverSend", "server", "frame_built", OUT, DETAILS, LOOP, takes={"binary": "binary"}),
        Landmark(_WEBSOCKET + "onClose", "server", "connection_closed", OUT, DETAILS, LOOP),
    ),
)

TRANSPORT = Table(
    "twisted",
    "parser",
    (
        Landmark(_SOCKET + "doRead", "server", "data_received", IN, hold=LOOP, connection="self.socket"),
        Landmark(
            _CHANNEL + "lineReceived",
            "server",
            "request_line",
            IN,
            EXIT,
            LOOP,
            point="line and not self._HTTPChannel__header",  # of the other lines, it keeps the latest
            gives={"line": "line"},
        ),
        Landmark(_CHANNEL + "headerReceived", "server", "headers", IN, hold=LOOP, takes={"line": "line"}),
        Landmark(_CHANNEL + "allHeadersReceived", "server", "headers", IN, ENTRY, LOOP),
        Landmark(_CHANNEL + "rawDataReceived", "server", "body", IN, hold=LOOP, takes={"length": "len(data)"}),
        Landmark(_CHANNEL + "allContentReceived", "server", "message_complete", IN, hold=LOOP),
        Landmark(
            "twisted.web.http:Request.requestReceived",
            "server",
            "headers_read",
            IN,
            DETAILS,
            LOOP,
            of="self",
            takes={"method": "command", "target": "path", "version": "version"},
        ),
        Landmark("twisted.web.http:Request.write", "server", "write", OUT, hold=LOOP),
        Landmark(_CHANNEL + "writeHeaders", "server", "response_head", OUT, hold=LOOP, takes={"status": "code"}),
        Landmark(_CHANNEL + "requestDone", "server", "keep_alive", OUT, hold=LOOP, of="request"),
        Landmark(_SOCKET + "writeSomeData", "server", "write", OUT, hold=LOOP, connection="self.socket"),
        Landmark(_SOCKET + "connectionLost", "server", "connection_closed", OUT, hold=LOOP, connection="self.socket"),
    ),
    "Twisted",
)
