"""The app that mod_wsgi is about to call, where the probe finds it: the module itself is C, and keeps it to itself.

It stands alone: it runs under the Python that Apache brings, where Passerella is not installed.
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__version__ = ".".join(map(str, getattr(sys.modules.get("mod_wsgi"), "version", ())))


def loaded(app: Any) -> Any:
    """``app`` as it is. The probe says that the server serves, and observes the app."""
    return app
