"""FastAPI: what it adds to Starlette."""

from __future__ import annotations

from ..landmark import BOTH, DETAILS, EXIT, IN, OUT, THROUGH, Landmark, Table
from ..vocabulary import AWAIT, LOOP, THREAD
from .starlette import builtin

TABLE = Table(
    "fastapi",
    "framework",
    (
        Landmark("fastapi.applications:FastAPI.build_middleware_stack", observes="ret", product="chain"),
        Landmark(
            "fastapi.applications:FastAPI.__call__",
            "framework",
            "framework_call",
            THROUGH,
            DETAILS,
            AWAIT,
            back="framework_return",
            mapping="scope",
            when="scope['type'] != 'lifespan'",
        ),
        builtin("fastapi.middleware.asyncexitstack:AsyncExitStackMiddleware.__call__"),
        Landmark("fastapi.routing:APIRouter.app", "framework", "routing", THROUGH, DETAILS, AWAIT, mapping="scope"),
        Landmark(
            "fastapi.routing:APIRoute.matches",
            "framework",
            "route_match",
            IN,
            DETAILS,
            LOOP,
            takes={"route": "self.path"},
            gives={"match": "ret[0].name"},
        ),
        Landmark("fastapi.routing:APIRoute.handle", "framework", "routing", THROUGH, DETAILS, AWAIT, mapping="scope"),
        Landmark(
            "fastapi.routing:solve_dependencies",
            "framework",
            "dependencies",
            IN,
            EXIT,
            AWAIT,
            gives={"values": "ret.values", "errors": "ret.errors"},
        ),
        Landmark(
            "fastapi.routing:run_endpoint_function",
            "view",
            "view",
            THROUGH,
            BOTH,
            AWAIT,
            back="view_return",
            when="is_coroutine",
            source="dependant.call",
            takes={"arguments": "values"},
            gives={"result": "ret"},
        ),
        Landmark(
            "fastapi.routing:_run_sync_endpoint",
            "view",
            "view",
            THROUGH,
            BOTH,
            THREAD,
            back="view_return",
            source="function",
            takes={"arguments": "arguments"},
            gives={"result": "ret"},
        ),
        Landmark(
            "fastapi.routing:serialize_response",
            "framework",
            "serialization",
            OUT,
            EXIT,
            AWAIT,
        ),
    ),
)
