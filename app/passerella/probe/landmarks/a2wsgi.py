"""a2wsgi: a WSGI app inside an ASGI one, with the other boundary in it: an ``environ`` made out of the ``scope``."""

from __future__ import annotations

from ..landmark import DETAILS, EXIT, IN, OUT, THROUGH, Landmark, Table
from ..vocabulary import AWAIT, LOOP

TABLE = Table(
    "a2wsgi",
    "bridge",
    (
        Landmark("a2wsgi.wsgi:WSGIResponder.__init__", keeps=("self", "app", "wsgi")),
        Landmark(
            "a2wsgi.wsgi:WSGIResponder.__call__",
            "gateway",
            "adapter",
            THROUGH,
            DETAILS,
            AWAIT,
            back="adapter_return",
            mapping="scope",
        ),
        Landmark("a2wsgi.wsgi:build_environ", "gateway", "environ", IN, EXIT, LOOP, mapping="ret"),
        Landmark("a2wsgi.wsgi:WSGIResponder.wsgi", "gateway", "thread_pool", IN, DETAILS, back="thread_return"),
        Landmark("a2wsgi.wsgi:WSGIResponder.start_response", "gateway", "adapter", OUT, takes={"status": "status"}),
    ),
)
