"""Starlette: the application, its own middleware, routing, responses."""

from __future__ import annotations

from ..landmark import BOTH, DETAILS, ENTRY, IN, OUT, THROUGH, Landmark, Table
from ..vocabulary import AWAIT, LOOP


def builtin(target: str) -> Landmark:
    """A middleware of the framework's own."""
    return Landmark(
        target,
        "middleware",
        "builtin_middleware",
        THROUGH,
        ENTRY,
        AWAIT,
        back="builtin_middleware_return",
        mapping="scope",
    )


TABLE = Table(
    "starlette",
    "framework",
    (
        Landmark("starlette.applications:Starlette.build_middleware_stack", observes="ret", product="chain"),
        Landmark(
            "starlette.applications:Starlette.__call__",
            "framework",
            "framework_call",
            THROUGH,
            ENTRY,
            AWAIT,
            back="framework_return",
            mapping="scope",
            when="scope['type'] != 'lifespan'",
        ),
        builtin("starlette.middleware.errors:ServerErrorMiddleware.__call__"),
        builtin("starlette.middleware.exceptions:ExceptionMiddleware.__call__"),
        Landmark(
            "starlette.middleware.base:BaseHTTPMiddleware.__call__",
            "middleware",
            "middleware",
            THROUGH,
            BOTH,
            AWAIT,
            back="middleware_return",
            mapping="scope",
            source="self.dispatch_func",
            takes={
                "class": "getattr(self.dispatch_func if type(self) is BaseHTTPMiddleware else type(self), "
                "'__qualname__', type(self).__qualname__)",
            },
        ),
        Landmark("starlette.routing:Router.__call__", "framework", "routing", THROUGH, DETAILS, AWAIT, mapping="scope"),
        Landmark("starlette.routing:Router.app", "framework", "routing", THROUGH, DETAILS, AWAIT, mapping="scope"),
        Landmark(
            "starlette.routing:Route.matches",
            "framework",
            "route_match",
            IN,
            DETAILS,
            LOOP,
            takes={"route": "self.path"},
            gives={"match": "ret[0].name"},
        ),
        Landmark(
            "starlette.routing:Route.handle",
            "framework",
            "routing",
            THROUGH,
            ENTRY,
            AWAIT,
            mapping="scope",
            takes={"route": "self.path", "arguments": "scope.get('path_params')"},
        ),
        Landmark("starlette.routing:request_response", observes="func", product="starlette.view"),
        Landmark("starlette.view", "view", "view", THROUGH, BOTH, AWAIT, back="view_return"),
        Landmark(
            "starlette.concurrency:run_in_threadpool",
            "framework",
            "thread_pool",
            IN,
            DETAILS,
            AWAIT,
            back="thread_return",
        ),
        Landmark("starlette.requests:Request.body", "framework", "body_read", IN, DETAILS, AWAIT),
        Landmark(
            "starlette.responses:Response.__call__",
            "framework",
            "response_call",
            OUT,
            ENTRY,
            AWAIT,
            takes={"status": "self.status_code", "headers": "self.raw_headers"},
        ),
        Landmark("starlette.responses:StreamingResponse.__call__", "framework", "response_call", OUT, ENTRY, AWAIT),
        Landmark(
            "starlette.responses:StreamingResponse.stream_response", "framework", "framework_step", OUT, DETAILS, AWAIT
        ),
    ),
)
