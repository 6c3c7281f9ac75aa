"""Werkzeug's development server, which ``flask run`` starts. It is built on http.server and socketserver."""

from ..landmark import BOTH, EXIT, IN, OUT, THROUGH, Landmark, Table

_HANDLER = "werkzeug.serving:WSGIRequestHandler."

TABLE = Table(
    "werkzeug",
    "development server",  # not «server»: Flask imports werkzeug whoever serves
    (
        Landmark("werkzeug.serving:BaseWSGIServer.__init__", observes="app", product="wsgi"),
        Landmark("werkzeug.serving:BaseWSGIServer.serve_forever", ready="werkzeug"),
        Landmark(_HANDLER + "handle", "server", "handle_request", THROUGH),
        Landmark(_HANDLER + "run_wsgi", "server", "handle_request", THROUGH),
        Landmark(_HANDLER + "make_environ", "gateway", "environ", IN, EXIT, mapping="ret"),
        Landmark(_HANDLER + "connection_dropped", "server", "connection_closed", OUT, BOTH),
    ),
)
