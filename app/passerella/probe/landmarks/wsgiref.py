"""wsgiref.simple_server, and the pieces of http.server and socketserver that it is built on."""

from ..landmark import BOTH, DETAILS, ENTRY, EXIT, IN, OUT, THROUGH, Landmark, Table

# Other servers are built on socketserver too (Werkzeug's): they are not wsgiref.
_IS_WSGIREF = "any(base.__module__ == 'wsgiref.simple_server' for base in type(self).__mro__)"

TABLE = Table(
    "wsgiref",
    "standard",
    (
        Landmark("wsgiref.simple_server:WSGIServer.setup_environ", "server", "server_step", IN),
        Landmark("socketserver:BaseServer.serve_forever", ready="wsgiref", when=_IS_WSGIREF),
        Landmark(
            "socketserver:ThreadingMixIn.process_request_thread", "server", "worker", THROUGH, connection="request"
        ),
        Landmark("socketserver:BaseServer.process_request", "server", "worker", THROUGH, connection="request"),
        Landmark("socketserver:BaseServer.finish_request", "server", "connection", THROUGH, connection="request"),
        Landmark("wsgiref.simple_server:WSGIRequestHandler.handle", "server", "handle_request", THROUGH),
        Landmark(
            "http.server:BaseHTTPRequestHandler.parse_request",
            "server",
            "request_line",
            IN,
            BOTH,
            back="headers",
            begins="self if self.raw_requestline else None",  # called even where the client left without a word
            takes={"line": "self.raw_requestline"},
            gives={"method": "self.command", "target": "self.path", "version": "self.request_version"},
        ),
        Landmark("http.client:parse_headers", "server", "headers_read", IN),
        Landmark("wsgiref.simple_server:WSGIRequestHandler.get_environ", "server", "server_step", IN),
        Landmark("wsgiref.handlers:BaseHandler.run", observes="application", product="wsgi"),
        Landmark("wsgiref.handlers:BaseHandler.run", "server", "handle_request", THROUGH, DETAILS),
        Landmark(
            "wsgiref.handlers:BaseHandler.setup_environ",
            "gateway",
            "environ",
            IN,
            EXIT,
            mapping="self.environ",
        ),
        Landmark(
            "wsgiref.handlers:BaseHandler.start_response",
            "server",
            "response_head",
            OUT,
            takes={"status": "status"},
        ),
        Landmark("wsgiref.handlers:BaseHandler.finish_response", "server", "finish", OUT),
        Landmark("wsgiref.handlers:BaseHandler.write", "server", "write", OUT),
        Landmark("wsgiref.handlers:BaseHandler.send_headers", "server", "response_head", OUT),
        Landmark("wsgiref.handlers:BaseHandler.handle_error", "server", "error_response", OUT, ENTRY),
        Landmark("wsgiref.simple_server:ServerHandler.close", "server", "finish", OUT),
        Landmark("socketserver:StreamRequestHandler.finish", "server", "finish", OUT),
        Landmark("socketserver:TCPServer.shutdown_request", "server", "connection_closed", OUT, connection="request"),
    ),
)
