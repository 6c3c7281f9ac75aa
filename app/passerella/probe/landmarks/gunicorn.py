"""Gunicorn: the arbiter's workers, its HTTP parser, its response."""

from ..landmark import DETAILS, ENTRY, EXIT, IN, OUT, THROUGH, Landmark, Table
from ..vocabulary import LOOP

_GTHREAD = "gunicorn.workers.gthread:ThreadWorker."

TABLE = Table(
    "gunicorn",
    "server",
    (
        # The Uvicorn worker keeps its ASGI app there, and hands it to Uvicorn: its own rows observe it.
        Landmark(
            "gunicorn.workers.base:Worker.load_wsgi",
            keeps=("self", "wsgi", "wsgi"),
            when="not any(base.__name__ == 'UvicornWorker' for base in type(self).__mro__)",
        ),
        Landmark("gunicorn.workers.sync:SyncWorker.run", ready="gunicorn", beats="self"),
        Landmark("gunicorn.workers.gthread:ThreadWorker.run", ready="gunicorn", hold=LOOP),
        Landmark("gunicorn.workers.ggevent:GeventWorker.run", refuses="gevent"),
        Landmark(_GTHREAD + "handle_http2", refuses="http2"),
        Landmark("gunicorn.workers.sync:SyncWorker.handle", "server", "worker", THROUGH, connection="client"),
        Landmark(_GTHREAD + "enqueue_req", "server", "queue", IN, ENTRY, LOOP, connection="conn.sock"),
        Landmark(_GTHREAD + "handle", "server", "service", THROUGH, ENTRY, connection="conn.sock"),
        Landmark("gunicorn.workers.gthread:TConn.init", "server", "server_step", IN),
        Landmark(_GTHREAD + "handle_request", "server", "handle_request", THROUGH),
        Landmark(_GTHREAD + "finish_request", "server", "keep_alive", OUT, hold=LOOP, connection="conn.sock"),
        Landmark(
            "gunicorn.workers.gthread:TConn.close",
            "server",
            "connection_closed",
            OUT,
            hold=LOOP,
            connection="self.sock",
        ),
        Landmark("gunicorn.http:get_parser", "server", "server_step", IN),
        Landmark("gunicorn.http.message:Request.parse", "server", "headers_read", IN),
        Landmark("gunicorn.http.unreader:SocketUnreader.chunk", "server", "server_step", IN),
        Landmark(
            "gunicorn.http.message:Request.parse_request_line",
            "server",
            "request_line",
            IN,
            ENTRY,
            begins="self",
            takes={"line": "bytes(line_bytes)"},
            gives={"method": "self.method", "target": "self.uri", "version": "self.version"},
        ),
        Landmark(
            "gunicorn.http.message:Message.parse_headers",
            "server",
            "headers",
            IN,
            EXIT,
            gives={"headers": "ret"},
        ),
        Landmark(
            "gunicorn.http.message:Request.set_body_reader",
            "server",
            "body_reader",
            IN,
            gives={"reader": "type(self.body.reader).__name__"},
        ),
        Landmark("gunicorn.workers.sync:SyncWorker.handle_request", "server", "handle_request", THROUGH),
        Landmark("gunicorn.http.wsgi:create", "gateway", "environ", IN, EXIT, mapping="ret[1]"),
        Landmark(
            "gunicorn.http.body:Body.read",
            "server",
            "body",
            IN,
            DETAILS,
            takes={"size": "size"},
            gives={"length": "len(ret)"},
        ),
        Landmark(
            "gunicorn.http.wsgi:Response.start_response",
            "server",
            "response_head",
            OUT,
            takes={"status": "status"},
        ),
        Landmark("gunicorn.http.wsgi:Response.write", "server", "write", OUT),
        Landmark(
            "gunicorn.http.wsgi:Response.send_headers",
            "server",
            "response_head",
            OUT,
            takes={"already_sent": "self.headers_sent"},
        ),
        Landmark("gunicorn.util:write", "server", "write", OUT),
        Landmark("gunicorn.util:write_chunk", "server", "write", OUT),
        Landmark("gunicorn.http.wsgi:Response.write_file", "server", "sendfile", OUT),
        Landmark("gunicorn.http.wsgi:Response.sendfile", "server", "sendfile", OUT),
        Landmark("gunicorn.http.wsgi:Response.close", "server", "finish", OUT),
        Landmark("gunicorn.workers.base:Worker.handle_error", "server", "error_response", OUT, ENTRY),
        Landmark("gunicorn.util:write_error", "server", "error_response", OUT),
        Landmark("gunicorn.util:close_graceful", "server", "connection_closed", OUT, DETAILS),
    ),
)
