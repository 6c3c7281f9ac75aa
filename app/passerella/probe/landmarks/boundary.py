"""The boundary between server and application, the same for every server, and what is observed beyond it."""

from ..landmark import BOTH, DETAILS, ENTRY, IN, OUT, THROUGH, Landmark, Table
from ..vocabulary import AWAIT, THREAD

TABLE = Table(
    "passerella",
    "standard",
    (
        Landmark("wsgi.call", "gateway", "call", THROUGH, BOTH, THREAD, back="iterable"),
        Landmark("wsgi.start_response", "gateway", "start_response", OUT, ENTRY, THREAD),
        Landmark("wsgi.write", "gateway", "write_callable", OUT, ENTRY, THREAD),
        Landmark("wsgi.chunk", "gateway", "chunk", OUT, DETAILS, THREAD),
        Landmark("wsgi.close", "gateway", "iterable_close", OUT, ENTRY, THREAD),
        Landmark("wsgi.view", "view", "view", THROUGH, BOTH, THREAD, back="view_return", gives={"result": "ret"}),
        Landmark("wsgi.middleware", "middleware", "middleware", THROUGH, BOTH, THREAD, back="middleware_return"),
        Landmark("asgi.call", "gateway", "call", THROUGH, BOTH, AWAIT, back="app_return"),
        Landmark("asgi.receive", "gateway", "receive", IN, ENTRY, AWAIT, back="received_event"),
        Landmark("asgi.send_start", "gateway", "send_start", OUT, ENTRY, AWAIT),
        Landmark("asgi.send_body", "gateway", "send_body", OUT, ENTRY, AWAIT),
        Landmark("asgi.ws_accept", "gateway", "ws_accept", OUT, ENTRY, AWAIT),
        Landmark("asgi.ws_send", "gateway", "ws_send", OUT, ENTRY, AWAIT),
        Landmark("asgi.ws_close", "gateway", "ws_close", OUT, ENTRY, AWAIT),
        Landmark("asgi.ws_denial", "gateway", "ws_denial", OUT, ENTRY, AWAIT),
        Landmark("asgi.send", "gateway", "send", OUT, ENTRY, AWAIT),
        Landmark("asgi.view", "view", "view", THROUGH, BOTH, AWAIT, back="view_return"),
        Landmark("asgi.middleware", "middleware", "middleware", THROUGH, BOTH, AWAIT, back="middleware_return"),
        Landmark(
            "middleware.call",
            "middleware",
            "middleware",
            THROUGH,
            BOTH,
            back="middleware_return",
            takes={"class": "type(self).__qualname__"},
        ),
        Landmark("view.mark", "view", "mark", THROUGH, BOTH, back="mark_return"),
        Landmark("framework.hook", "framework", "hook", THROUGH, DETAILS),
    ),
)
