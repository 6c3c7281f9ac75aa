"""Django: the handler of each interface, the request, the middleware, routing, the view, the response."""

from __future__ import annotations

from ..landmark import BOTH, DETAILS, ENTRY, EXIT, IN, OUT, THROUGH, Landmark, Table
from ..vocabulary import AWAIT, THREAD

_BASE = "django.core.handlers.base:BaseHandler."
_ASGI = "django.core.handlers.asgi:ASGIHandler."
_MIXIN = "django.utils.deprecation:MiddlewareMixin."
_DJANGOS_OWN = "type(self).__module__.startswith('django.')"


def _middleware(method: str, hold: str, when: str) -> tuple[Landmark, Landmark]:
    """Middleware that inherit Django's own class: its own, and the student's."""
    return (
        Landmark(
            _MIXIN + method,
            "middleware",
            "builtin_middleware",
            THROUGH,
            ENTRY,
            hold,
            back="builtin_middleware_return",
            when=f"{_DJANGOS_OWN} and {when}",
            source="type(self).__call__",
            takes={"class": "type(self).__qualname__"},
        ),
        Landmark(
            _MIXIN + method,
            "middleware",
            "middleware",
            THROUGH,
            BOTH,
            hold,
            back="middleware_return",
            key=f"{_MIXIN}{method}#own",
            when=f"not {_DJANGOS_OWN} and {when}",
            source="getattr(type(self), 'process_request', type(self).__call__)",
            takes={"class": "type(self).__qualname__"},
        ),
    )


TABLE = Table(
    "django",
    "framework",
    (
        Landmark(
            "django.core.handlers.exception:convert_exception_to_response", observes="get_response", product="chain"
        ),
        Landmark(
            "django.core.handlers.wsgi:WSGIHandler.__call__",
            "framework",
            "framework_call",
            THROUGH,
            back="framework_return",
            mapping="environ",
        ),
        Landmark("django.core.handlers.wsgi:WSGIRequest.__init__", "framework", "request_object", IN, EXIT),
        Landmark(
            _BASE + "get_response",
            "framework",
            "framework_step",
            THROUGH,
            EXIT,
            back="response_object",
            gives={"status": "ret.status_code"},
        ),
        *_middleware("__call__", THREAD, "not self.async_mode"),
        *_middleware("__acall__", AWAIT, "True"),
        Landmark(_BASE + "_get_response", "framework", "dispatch", THROUGH),
        Landmark(
            _BASE + "resolve_request",
            "framework",
            "routing",
            IN,
            EXIT,
            gives={"route": "ret.route", "view": "ret._func_path", "arguments": "ret.kwargs"},
        ),
        Landmark("django.urls.resolvers:URLPattern.resolve", "framework", "route_match", IN),
        Landmark(_BASE + "make_view_atomic", observes="ret", product="django.view"),
        Landmark("django.view", "view", "view", THROUGH, BOTH, back="view_return"),
        Landmark(_BASE + "check_response", "framework", "framework_step", OUT),
        Landmark(
            "django.core.handlers.exception:response_for_exception",
            "framework",
            "error_handler",
            OUT,
            ENTRY,
            takes={"error": "type(exc).__name__"},
        ),
        Landmark("django.http.response:HttpResponseBase.close", "framework", "teardown", OUT),
        Landmark(
            _ASGI + "__call__",
            "framework",
            "framework_call",
            THROUGH,
            DETAILS,
            AWAIT,
            back="framework_return",
            mapping="scope",
            when="scope['type'] != 'lifespan'",
        ),
        Landmark(_ASGI + "handle", "framework", "framework_step", THROUGH, DETAILS, AWAIT, mapping="scope"),
        Landmark(_ASGI + "read_body", "framework", "body_read", IN, DETAILS, AWAIT),
        Landmark(_ASGI + "create_request", "framework", "request_object", IN, EXIT),
        Landmark(
            _ASGI + "run_get_response",
            "framework",
            "framework_step",
            THROUGH,
            EXIT,
            AWAIT,
            back="response_object",
            gives={"status": "ret.status_code"},
        ),
        Landmark(_BASE + "_get_response_async", "framework", "dispatch", THROUGH, DETAILS, AWAIT),
        Landmark(
            _ASGI + "send_response",
            "framework",
            "response_call",
            OUT,
            ENTRY,
            AWAIT,
            takes={"status": "response.status_code"},
        ),
    ),
    "Django",
)

THREADS = Table(
    "asgiref",
    "parser",
    (
        Landmark(
            "asgiref.sync:SyncToAsync.__call__",
            "framework",
            "thread_pool",
            IN,
            DETAILS,
            AWAIT,
            back="thread_return",
        ),
    ),
)
