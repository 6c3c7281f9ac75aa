"""mod_wsgi: a module of Apache, compiled C, a closed box for the probe. Only the boundary with the app can be seen.

Its script hands the app to a function of ours before mod_wsgi finds it.
"""

from __future__ import annotations

from ..landmark import Landmark, Table

TABLE = Table(
    "mod_wsgi",
    "launcher",
    (
        Landmark("passerella_modwsgi:loaded", ready="mod_wsgi"),
        Landmark("passerella_modwsgi:loaded", observes="ret", product="wsgi"),
    ),
)
