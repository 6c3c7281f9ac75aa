"""Granian: its core is compiled Rust, a closed box for the probe. Only the boundary with the app can be seen.

In a scenario its bytes pass a relay of ours, which is a program like any other: the taps see them there.
"""

from __future__ import annotations

from ..landmark import ENTRY, IN, Landmark, Table

TABLE = Table(
    "granian",
    "server",
    (
        Landmark(
            "granian.server.common:AbstractServer._spawn_workers",
            ready="granian",
            listens="(self.bind_addr, self.bind_port)",
        ),
        Landmark("granian.server.common:AbstractServer._spawn_workers", refuses="granian"),
        Landmark("granian.wsgi:_callback_wrapper", observes="callback", product="wsgi"),
        Landmark("granian.asgi:_callback_wrapper", observes="callback", product="asgi"),
    ),
)

RELAY = Table(
    "relay",
    "relay",
    (
        Landmark("passerella_relay:serves", ready="granian"),
        Landmark(
            "passerella_relay:passes_on",
            "server",
            "closed_box",
            IN,
            ENTRY,
            connection="client",
            takes={"upstream": "upstream"},
        ),
    ),
)
