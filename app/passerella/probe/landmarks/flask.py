"""Flask and the pieces of Werkzeug that a Flask request passes."""

from ..landmark import BOTH, ENTRY, EXIT, IN, OUT, THROUGH, Landmark, Table

TABLE = Table(
    "flask",
    "framework",
    (
        Landmark(
            "flask.app:Flask.__call__",
            "framework",
            "framework_call",
            THROUGH,
            back="framework_return",
            mapping="environ",
        ),
        Landmark(
            "flask.app:Flask.wsgi_app",
            "framework",
            "framework_call",
            THROUGH,
            back="framework_return",
            mapping="environ",
        ),
        Landmark("flask.app:Flask.request_context", "framework", "request_object", IN, EXIT),
        Landmark("flask.ctx:RequestContext.push", "framework", "context", IN),
        Landmark(
            "flask.ctx:RequestContext.match_request",
            "framework",
            "routing",
            IN,
            EXIT,
            gives={
                "endpoint": "self.request.url_rule.endpoint",
                "rule": "self.request.url_rule.rule",
                "arguments": "self.request.view_args",
            },
        ),
        Landmark("flask.app:Flask.full_dispatch_request", "framework", "dispatch", THROUGH),
        Landmark("flask.app:Flask.preprocess_request", "framework", "hooks_before", IN),
        Landmark("flask.app:Flask.dispatch_request", "framework", "dispatch", THROUGH),
        Landmark(
            "flask.app:Flask.ensure_sync",
            observes="ret",
            product={
                "flask.app:Flask.dispatch_request": "flask.view",
                "flask.app:Flask.preprocess_request": "flask.hook",
                "flask.app:Flask.process_response": "flask.hook",
                "flask.hook": "flask.hook",
            },
        ),
        Landmark("flask.view", "view", "view", THROUGH, BOTH, back="view_return"),
        Landmark("flask.hook", "framework", "hook", THROUGH),
        Landmark("flask.app:Flask.finalize_request", "framework", "framework_step", OUT),
        Landmark(
            "flask.app:Flask.make_response",
            "framework",
            "response_object",
            OUT,
            EXIT,
            gives={"status": "ret.status", "headers": "list(ret.headers)"},
        ),
        Landmark("flask.app:Flask.process_response", "framework", "hooks_after", OUT),
        Landmark(
            "flask.app:Flask.handle_user_exception",
            "framework",
            "error_handler",
            OUT,
            ENTRY,
            takes={"error": "type(e).__name__"},
        ),
        Landmark(
            "flask.app:Flask.handle_exception",
            "framework",
            "error_handler",
            OUT,
            ENTRY,
            takes={"error": "type(e).__name__"},
        ),
        Landmark("flask.ctx:RequestContext.pop", "framework", "teardown", OUT),
    ),
)

ROUTER = Table(
    "werkzeug",
    "framework",
    (
        Landmark("werkzeug.routing.map:MapAdapter.match", "framework", "route_match", IN),
        Landmark(
            "werkzeug.wrappers.response:Response.__call__",
            "framework",
            "response_call",
            OUT,
            takes={"status": "self.status"},
        ),
        Landmark("werkzeug.wrappers.response:Response.get_wsgi_response", "framework", "framework_step", OUT),
        Landmark("werkzeug.wsgi:ClosingIterator.close", "framework", "teardown", OUT),
    ),
)
