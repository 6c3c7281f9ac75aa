"""Cheroot: one thread accepts and watches idle connections, others serve them, request by request."""

from ..landmark import DETAILS, ENTRY, EXIT, IN, OUT, THROUGH, Landmark, Table
from ..vocabulary import LOOP

_REQUEST = "cheroot.server:HTTPRequest."

TABLE = Table(
    "cheroot",
    "server",
    (
        Landmark("cheroot.wsgi:Server.__init__", keeps=("self", "wsgi_app", "wsgi")),
        Landmark("cheroot.server:HTTPServer.serve", ready="cheroot", hold=LOOP),
        Landmark(
            "cheroot.server:HTTPServer.process_conn",
            "server",
            "queue",
            IN,
            ENTRY,
            LOOP,
            connection="conn.socket",
            when="not getattr(conn, 'closeable', False)",
        ),
        Landmark(
            "cheroot.server:HTTPConnection.communicate", "server", "service", THROUGH, ENTRY, connection="self.socket"
        ),
        Landmark(_REQUEST + "parse_request", "server", "headers_read", IN),
        Landmark(
            _REQUEST + "read_request_line",
            "server",
            "request_line",
            IN,
            EXIT,
            begins="self if ret else None",
            point="ret",
            gives={"method": "self.method", "target": "self.uri", "version": "self.request_protocol"},
        ),
        Landmark(
            _REQUEST + "read_request_headers",
            "server",
            "headers",
            IN,
            EXIT,
            gives={"headers": "list(self.inheaders.items())"},
        ),
        Landmark("cheroot.server:KnownLengthRFile.read", "server", "body", IN, DETAILS, gives={"length": "len(ret)"}),
        Landmark("cheroot.server:ChunkedRFile.read", "server", "body", IN, DETAILS, gives={"length": "len(ret)"}),
        Landmark(_REQUEST + "respond", "server", "handle_request", THROUGH),
        Landmark("cheroot.wsgi:Gateway_10.get_environ", "gateway", "environ", IN, EXIT, mapping="ret"),
        Landmark("cheroot.wsgi:Gateway.respond", "server", "server_step", THROUGH),
        Landmark("cheroot.wsgi:Gateway.start_response", "server", "response_head", OUT, takes={"status": "status"}),
        Landmark("cheroot.wsgi:Gateway.write", "server", "write", OUT),
        Landmark(_REQUEST + "send_headers", "server", "response_head", OUT, takes={"status": "self.status"}),
        Landmark(_REQUEST + "write", "server", "write", OUT),
        Landmark("cheroot.makefile:StreamWriter.write", "server", "write", OUT),
        Landmark(_REQUEST + "simple_response", "server", "error_response", OUT, ENTRY, takes={"status": "status"}),
        Landmark("cheroot.server:HTTPServer.put_conn", "server", "keep_alive", OUT, connection="conn.socket"),
        Landmark("cheroot.server:HTTPConnection.close", "server", "connection_closed", OUT, connection="self.socket"),
    ),
)
