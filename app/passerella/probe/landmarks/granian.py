"""Granian: its core is compiled Rust, a closed box for the probe. Only the boundary with the app can be seen."""

from __future__ import annotations

from ..landmark import Landmark, Table

TABLE = Table(
    "granian",
    "server",
    (
        Landmark("granian.server.common:AbstractServer.startup", refuses="granian"),
        Landmark("granian.wsgi:_callback_wrapper", observes="callback", product="wsgi"),
        Landmark("granian.asgi:_callback_wrapper", observes="callback", product="asgi"),
    ),
)
